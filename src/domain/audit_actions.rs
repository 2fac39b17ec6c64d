//! What the audit log may hold: every action by its name, `noun.past_tense`.
//!
//! `app::audit::append` writes nothing else, the audit page offers these, and `history-<action>`
//! (full stops and underscores as hyphens) puts each into words in every language.

/// Every action, by its noun.
pub const ALL: &[&str] = &[
    "absence.ended",
    "absence.recorded",
    "authority.made",
    "authority.rotated",
    "call.repeated",
    "certificate.issued",
    "certificate.presented",
    "certificate.revoked",
    "comment.added",
    "comment.struck",
    "consent.given",
    "contact.archived",
    "contact.created",
    "contact.edited",
    "contact.restored",
    "counterparty.archived",
    "counterparty.created",
    "counterparty.edited",
    "counterparty.restored",
    "department.archived",
    "department.created",
    "department.edited",
    "department.restored",
    "document.created",
    "document.drafted",
    "document.edited",
    "document.extended",
    "document.not_started",
    "document.signed",
    "document.withdrawn",
    "edition.discarded",
    "edition.proposed",
    "edition.published",
    "edition.returned",
    "edition.saved",
    "edition.withdrawn",
    "link.code_refused",
    "link.code_sent",
    "link.opened",
    "link.pages_read",
    "link.renewed",
    "link.revoked",
    "link.sent",
    "link.verified",
    "mail.resent",
    "mandate.ended",
    "mandate.recorded",
    "organisation.created",
    "organisation.edited",
    "person.disabled",
    "person.edited",
    "person.enabled",
    "person.invitation_resent",
    "person.invited",
    "person.link_issued",
    "person.password_changed",
    "person.password_reset_requested",
    "person.password_set",
    "person.profile_edited",
    "power.added",
    "power.result_changed",
    "question.answered",
    "question.asked",
    "remark.closed",
    "run.absence_began",
    "run.approver_added",
    "run.approver_dropped",
    "run.calendar_changed",
    "run.cancelled",
    "run.children_counted",
    "run.incident_retried",
    "run.lookup_answered",
    "run.migrated",
    "run.resubmitted",
    "run.resumed",
    "run.started",
    "run.suspended",
    "run.timer_fired",
    "run.version_taken",
    "run.withdrawn",
    "session.closed",
    "session.opened",
    "signature.brought",
    "signature.extended",
    "signature.recheck_asked",
    "signature.verdict_changed",
    "task.claimed",
    "task.decided",
    "task.delegated",
    "task.delegation_ended",
    "task.form_filled",
    "task.reassigned",
    "task.reassigned_from_outside",
    "task.reminded",
    "task.revoked",
    "task.signed",
    "task.unclaimed",
    "token.created",
    "token.revoked",
    "version.added",
];

/// Whether there is such an action.
#[must_use]
pub fn is_known(action: &str) -> bool {
    ALL.binary_search(&action).is_ok()
}

/// The noun of an action: what the audit page groups by.
#[must_use]
pub fn noun(action: &str) -> &str {
    action.split('.').next().unwrap_or(action)
}

/// The key of an action's sentence in the locales.
#[must_use]
pub fn key(action: &str) -> String {
    format!("history-{}", action.replace(['.', '_'], "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_has_nothing_twice() {
        assert!(ALL.is_sorted_by(|one, next| one < next));
        assert!(ALL.iter().all(|action| is_known(action)));
        assert!(!is_known("document.vanished"));
    }

    #[test]
    fn an_action_is_a_noun_and_a_past_participle() {
        for action in ALL {
            let (noun, verb) = action.split_once('.').expect("a full stop");
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(plain(noun) && plain(verb), "{action}");
            assert_eq!(self::noun(action), noun);
        }
        assert_eq!(key("link.code_sent"), "history-link-code-sent");
    }
}

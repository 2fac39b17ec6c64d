//! The links through which a counterparty's contacts reach a signing stage.

use super::StageKind;
use super::Via;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::span::Span;
use crate::yaml::Node;

/// The most views of one link.
pub(super) const VIEWS_MAX: i64 = 10_000;
/// The shortest and the longest life of a link, in seconds.
const LIFE: std::ops::RangeInclusive<i64> = 3_600..=366 * 86_400;

pub(super) const LINK_KEYS: Keys = Keys {
    known: &["expires", "max_views", "otp"],
    later: &[],
};

/// What the links of a stage are; where nothing is said, what the server's settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkTerms {
    /// How long each lives, by the clock.
    pub expires: Option<Span>,
    /// How often each may be opened.
    pub views_max: Option<u32>,
}

/// `link: { expires: 14d, max_views: 50, otp: email }`, only of a stage that is reached by one.
pub(super) fn read_link(
    fields: &Fields<'_>,
    kind: StageKind,
    via: Via,
    findings: &mut Findings,
) -> LinkTerms {
    let Some(node) = fields.get("link") else {
        return LinkTerms::default();
    };
    if kind != StageKind::Sign || via != Via::Link {
        let at = fields.key_at("link");
        findings.push(Diagnostic::error("W121", "terms-of-no-link", at));
    }
    let Some(fields) = Fields::open(node, LINK_KEYS, findings) else {
        return LinkTerms::default();
    };
    if fields.pairs().is_empty() {
        findings.push(Diagnostic::error("W006", "link-empty", node.at));
    }
    if let Some(node) = fields.get("otp") {
        read_code(node, findings);
    }
    let views = fields.get("max_views");
    let views = views.and_then(|node| read::whole(node, 1..=VIEWS_MAX, findings));
    LinkTerms {
        expires: fields
            .get("expires")
            .and_then(|node| read_life(node, findings)),
        views_max: views.and_then(|views| u32::try_from(views).ok()),
    }
}

/// How the code reaches the contact that proves who they are. It goes to their mailbox.
fn read_code(node: &Node, findings: &mut Findings) {
    if read::word(node, &["email", "sms"], findings) == Some("sms") {
        findings.push(Diagnostic::error("W121", "code-by-sms", node.at));
    }
}

/// A span of the clock: the contact has other holidays than we.
fn read_life(node: &Node, findings: &mut Findings) -> Option<Span> {
    let written = read::text(node, findings)?;
    let span = Span::parse(written);
    let found = span.filter(|span| {
        span.clock_seconds()
            .is_some_and(|life| LIFE.contains(&life))
    });
    if found.is_none() {
        findings.push(Diagnostic::error("W405", "bad-life", node.at).arg("text", written));
    }
    found
}

//! What a change of a workflow takes away: controls that were there and are there no more.
//!
//! A weaker workflow is not a wrong one, so these are warnings. Whoever owns the control should see
//! them before the file is used.

use std::collections::BTreeSet;

use crate::definition::{
    Carry, Certify, Definition, Join, LockedForm, Node, OnChildRejected, OnReject, Quorum,
    Resolver, Sealing, SelfStart, Stage, StageKind, Subdocument, is_jumped,
};
use crate::diagnostic::Diagnostic;

/// Every control of `before` that is weaker in `after`, at its place in the file of `after`, in the
/// order of `before`.
#[must_use]
pub fn weakenings(before: &Definition, after: &Definition) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let controls = before.stages().filter(|stage| decides(stage));
    for old in controls {
        match named_as(before, after, old) {
            Some(new) if decides(new) => {
                compare(old, new, &mut found);
                if after.is_passed(&new.path) && !before.is_passed(&old.path) {
                    let finding = Diagnostic::warning("W701", "passed-by", new.at);
                    found.push(finding.arg("stage", &new.id));
                }
            }
            Some(new) => {
                let finding = Diagnostic::warning("W701", "control-removed", new.at);
                found.push(finding.arg("stage", &old.id));
            }
            None => found.push(gone(before, after, old)),
        }
    }
    let rules: BTreeSet<&str> = after.rules().iter().map(|rule| rule.id.as_str()).collect();
    for rule in before.rules() {
        if !rules.contains(rule.id.as_str()) {
            let finding = Diagnostic::warning("W701", "rule-removed", after.stages_at);
            found.push(finding.arg("id", &rule.id));
        }
    }
    let starters: BTreeSet<_> = before.starters().iter().collect();
    let widened = after.starters().iter().any(|one| !starters.contains(one));
    if !starters.is_empty() && (after.starters().is_empty() || widened) {
        let finding = Diagnostic::warning("W701", "start-widened", after.stages_at);
        found.push(finding);
    }
    if after.allows_no_approval() && !before.allows_no_approval() {
        let finding = Diagnostic::warning("W701", "control-waived", after.stages_at);
        found.push(finding);
    }
    found.extend(starts_more(before, after));
    let (old, new) = (before.withdraw(), after.withdraw());
    if new.who.iter().any(|one| !old.who.contains(one))
        || old.until.is_some() && new.until.is_none()
    {
        let finding = Diagnostic::warning("W701", "withdraw-widened", after.stages_at);
        found.push(finding);
    }
    if before.has_material_attachments() && !after.has_material_attachments() {
        let finding = Diagnostic::warning("W701", "attachments-immaterial", after.stages_at);
        found.push(finding);
    }
    compare_waits(before, after, &mut found);
    for field in before.material().difference(after.material()) {
        let finding = Diagnostic::warning("W701", "material-removed", after.stages_at);
        found.push(finding.arg("name", field));
    }
    found
}

/// A run that nobody had to start before, or for documents for which it was not so before.
fn starts_more(before: &Definition, after: &Definition) -> Option<Diagnostic> {
    let new = after.self_start()?;
    let source = |start: &SelfStart| start.when.as_ref().map(|when| when.source().to_owned());
    let key = match before.self_start() {
        None => "self-start-added",
        // Without a condition before, there is none that could be wider.
        Some(old) if source(old).is_some() && source(old) != source(new) => "self-start-changed",
        Some(_) => return None,
    };
    Some(Diagnostic::warning("W701", key, after.stages_at))
}

/// Documents that were waited for before a step, and are no more, or in a weaker way.
fn compare_waits(before: &Definition, after: &Definition, found: &mut Vec<Diagnostic>) {
    for old in before.subdocuments() {
        let mut all = after.subdocuments().iter();
        let new = all.find(|new| new.name == old.name && new.kind == old.kind);
        let Some(new) = new else {
            let finding = Diagnostic::warning("W701", "wait-removed", after.stages_at);
            found.push(finding.arg("name", &old.name).arg("kind", &old.kind));
            continue;
        };
        let lower = match (old.join, new.join) {
            // As many as there are may be fewer than a number, and more.
            (Join::All, Join::All) | (Join::Any, _) => false,
            (Join::Count(old), Join::Count(new)) => new < old,
            (Join::All, _) | (_, Join::Any) => true,
            (Join::Count(old), Join::All) => old > 1,
        };
        let milder = |one: &Subdocument| match one.on_rejected {
            OnChildRejected::Reject => 0,
            OnChildRejected::Incident => 1,
            OnChildRejected::Ignore => 2,
        };
        let narrowed = match (&old.when, &new.when) {
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old.source() != new.source(),
            (_, None) => false,
        };
        let steps = |of: &Definition, id: &str| {
            let mut ids = of.nodes().iter().map(|node| node.id().to_owned());
            ids.position(|one| one == id)
        };
        // A later step may be one that others, which were held before, have gone before.
        let later = old.before != new.before
            && steps(after, &old.before)
                .is_none_or(|before| steps(after, &new.before) > Some(before));
        if lower || narrowed || later || milder(old) < milder(new) {
            let finding = Diagnostic::warning("W701", "wait-loosened", new.at);
            found.push(finding.arg("name", &new.name));
        }
    }
}

/// What is said of a control that no stage of `after` is: perhaps it has another identifier there.
/// One that says the same to people, or asks the same of the same ones, looks like it.
fn gone(before: &Definition, after: &Definition, old: &Stage) -> Diagnostic {
    let is_new = |stage: &&Stage| before.stages().all(|other| other.id != stage.id);
    let is_alike = |stage: &&Stage| {
        let same = stage.title == old.title || stage.assignees == old.assignees;
        same && stage.kind == old.kind && decides(stage)
    };
    let mut alike = after.stages().filter(is_new).filter(is_alike);
    let finding = match (alike.next(), alike.next()) {
        (Some(new), None) => {
            let finding = Diagnostic::warning("W701", "control-renamed", new.at);
            finding.arg("new", &new.id)
        }
        _ => Diagnostic::warning("W701", "control-removed", after.stages_at),
    };
    finding.arg("stage", &old.id)
}

/// The stage that a control of `before` is in `after`: as its map says, else by the identifier.
fn named_as<'d>(before: &Definition, after: &'d Definition, old: &Stage) -> Option<&'d Stage> {
    let by_id = |id: &str| after.stages().find(|stage| stage.id == id);
    let map = &after.succession().map;
    if !after.succession().is_from(before.succession()) {
        return by_id(&old.id);
    }
    match map.get(&old.id) {
        Some(new) => by_id(new),
        // What the text has under this name is another control, renamed to it.
        None if map.values().any(|new| *new == old.id) => None,
        None => by_id(&old.id),
    }
}

impl Definition {
    /// Whether an automatic stage may lead past the stage at this path, or past a block around it.
    fn is_passed(&self, path: &str) -> bool {
        fn within(nodes: &[Node], path: &str) -> bool {
            nodes.iter().enumerate().any(|(index, node)| {
                let is_here = node.stages().iter().any(|stage| stage.path == path);
                is_here && (is_jumped(nodes, index) || within(node.children(), path))
            })
        }
        within(self.nodes(), path)
    }
}

fn decides(stage: &Stage) -> bool {
    stage.is_control()
}

fn compare(old: &Stage, new: &Stage, found: &mut Vec<Diagnostic>) {
    let mut say = |weaker: bool, key: &'static str| {
        if weaker {
            found.push(Diagnostic::warning("W701", key, new.at).arg("stage", &new.id));
        }
    };
    say(
        old.kind == StageKind::Sign && new.kind == StageKind::Approve,
        "signature-removed",
    );
    let narrowed = match (&old.when, &new.when) {
        (None, Some(_)) => true,
        (Some(old), Some(new)) => old.source() != new.source(),
        (_, None) => false,
    };
    say(narrowed, "condition-changed");
    let is_lower = |(old, new): (&Quorum, &Quorum)| lowers(*old, *new);
    let quorums = all(old);
    let lower = all(new)
        .iter()
        .any(|new| quorums.iter().all(|old| is_lower((old, new))));
    say(lower, "quorum-lowered");
    say(
        old.veto.iter().any(|veto| !new.veto.contains(veto)),
        "veto-removed",
    );
    say(
        old.on_reject != new.on_reject && counts(new.on_reject),
        "rejection-weaker",
    );
    let by_register = |stage: &Stage| stage.assignees.iter().all(asks_register);
    say(by_register(old) && !by_register(new), "register-dropped");
    say(!old.skips_if_empty && new.skips_if_empty, "skip-added");
    say(widens(&old.carry, &new.carry), "carry-widened");
    say(!old.absorbs && new.absorbs, "absorb-added");
    let (sealed, seals) = (old.sealing.as_ref(), new.sealing.as_ref());
    let signs = new.kind == StageKind::Sign;
    let kind = |sealing: Option<&Sealing>| sealing.map(|one| one.kind).unwrap_or_default();
    say(
        signs && kind(seals) < kind(sealed),
        "signature-kind-lowered",
    );
    let level = |sealing: Option<&Sealing>| sealing.and_then(|one| one.level);
    say(
        signs && level(seals) < level(sealed),
        "signature-level-lowered",
    );
    say(
        signs
            && opens(
                sealed.and_then(|one| one.certify),
                seals.and_then(|one| one.certify),
            ),
        "certification-weaker",
    );
    say(
        signs
            && unlocks(
                sealed.and_then(|one| one.lock.as_ref()),
                seals.and_then(|one| one.lock.as_ref()),
            ),
        "lock-weaker",
    );
}

/// Whether whoever is found is in the register of mandates.
fn asks_register(resolver: &Resolver) -> bool {
    match resolver {
        Resolver::Signatory { .. } | Resolver::RoleFor { .. } => true,
        Resolver::One { of, .. } | Resolver::Except { of, .. } => asks_register(of),
        _ => false,
    }
}

fn all(stage: &Stage) -> Vec<Quorum> {
    let cases = stage.quorum_cases.iter().map(|(_, quorum)| *quorum);
    cases.chain([stage.quorum]).collect()
}

const fn counts(on_reject: OnReject) -> bool {
    matches!(on_reject, OnReject::Count | OnReject::CountThenRework)
}

/// Whether fewer approvals can be enough. Different sorts of quorum are not compared, but nothing
/// is stricter than everybody, and nothing laxer than anybody.
const fn lowers(old: Quorum, new: Quorum) -> bool {
    match (old, new) {
        (Quorum::All, Quorum::All) | (Quorum::Any, Quorum::Any) => false,
        (Quorum::All, _) | (_, Quorum::Any) => true,
        (Quorum::Count(old), Quorum::Count(new))
        | (Quorum::Weight(old), Quorum::Weight(new))
        | (Quorum::EachGroup(old), Quorum::EachGroup(new)) => new < old,
        (
            Quorum::Percent {
                percent: old,
                min: old_min,
            },
            Quorum::Percent {
                percent: new,
                min: new_min,
            },
        ) => new < old || new_min < old_min,
        _ => false,
    }
}

/// Whether more may be done to the file after the signature.
fn opens(old: Option<Certify>, new: Option<Certify>) -> bool {
    let level = |certify: Option<Certify>| match certify {
        Some(Certify::NoChanges) => 1,
        Some(Certify::FillAndSign) => 2,
        Some(Certify::Annotate) => 3,
        None => 4,
    };
    level(old) < level(new)
}

/// Whether a field that was locked is locked no more.
fn unlocks(old: Option<&LockedForm>, new: Option<&LockedForm>) -> bool {
    match (old, new) {
        (None, _) | (_, Some(LockedForm::All)) => false,
        (Some(LockedForm::Fields(old)), Some(LockedForm::Fields(new))) => !old.is_subset(new),
        (Some(_), _) => true,
    }
}

fn widens(old: &Carry, new: &Carry) -> bool {
    match (old, new) {
        (Carry::Never, Carry::Never) | (Carry::Always, _) | (_, Carry::Never) => false,
        (Carry::When(old), Carry::When(new)) => old.source() != new.source(),
        (Carry::Never | Carry::When(_), _) => true,
    }
}

//! Reading one stage.

use super::allow::{Allowed, read_allow};
use super::asked::{Asked, read_blocking, read_kind};
use super::decisions::{Decisions, Refused, read_decisions, read_on_reject};
use super::document_read::Material;
use super::due::read_due;
use super::form::{read_absorb, read_form};
use super::link::read_link;
use super::lookup_read::Lookups;
use super::quorum;
use super::resolver::{ReadAssignee, Resolvers};
use super::review;
use super::sealing_read::read_sealing;
use super::timing::Timing;
use super::timing_read::{Clock, TimingNodes, read_reminders, read_timing};
use super::{Carry, Mode, Resolver, Stage, StageKind, Via};
use crate::diagnostic::Diagnostic;
use crate::event::Decision;
use crate::expression::{Expression, Scope, compile};
use crate::kind::Kind;
use crate::means::Means;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml::{Node, Value};

pub(super) const STAGE_KEYS: Keys = Keys {
    known: &[
        "id",
        "type",
        "title",
        "when",
        "assignees",
        "quorum",
        "decisions",
        "due",
        "if_empty",
        "blocking",
        "via",
        "carry",
        "mode",
        "weights",
        "dedupe",
        "on_reject",
        "allow",
        "remind",
        "escalate",
        "on_timeout",
        "form",
        "absorb",
        "signature",
        "link",
    ],
    later: &["need", "route", "lookups", "facts", "automatic"],
};

/// What every stage is read against.
pub(super) struct Shared<'a> {
    pub(super) kind: &'a Kind,
    pub(super) material: &'a Material,
    /// What stages have that do not say otherwise.
    pub(super) defaults: Option<&'a Node>,
    pub(super) clock: Clock<'a>,
    pub(super) means: &'a Means,
    pub(super) lookups: &'a Lookups,
    pub(super) vocabulary: &'a Vocabulary,
}

pub(super) const DEFAULTS_KEYS: Keys = Keys {
    known: &["carry", "on_reject", "allow", "remind", "due"],
    later: &[],
};

impl<'a> Shared<'a> {
    /// What the condition of a step may read.
    pub(super) const fn scope(&self) -> Scope<'a> {
        Scope {
            facts: Some(self.lookups),
            ..Scope::of(self.kind, self.vocabulary)
        }
    }

    /// Reports what is wrong with `defaults:` once, and not for every stage that takes them.
    pub(super) fn check_defaults(&self, resolvers: &mut Resolvers<'_>, findings: &mut Findings) {
        let Some(fields) = self
            .defaults
            .and_then(|node| Fields::open(node, DEFAULTS_KEYS, findings))
        else {
            return;
        };
        if let Some(node) = fields.get("carry")
            && let Some(Carry::When(carry)) = read_carry(node, self, findings)
        {
            for name in carry.fields().difference(&self.material.fields) {
                findings.push(super::check::not_material(name, node.at));
            }
        }
        if let Some(node) = fields.get("on_reject") {
            read_on_reject(node, self, resolvers, findings);
        }
        if let Some(node) = fields.get("allow") {
            read_allow(node, self.means, findings);
        }
        self.clock
            .refuse_keys(&fields, &["due", "remind"], findings);
        if matches!(self.clock, Clock::Stopped) {
            return;
        }
        if let Some(node) = fields.get("due") {
            read_due(node, self.kind, self.clock, findings);
        }
        if let Some(node) = fields.get("remind") {
            // Whether there is a due date differs from stage to stage.
            read_reminders(node, true, self.clock, findings);
        }
    }

    /// The value of a key that a stage does not have itself.
    fn default(&self, key: &str) -> Option<&'a Node> {
        let Value::Map(pairs) = &self.defaults?.value else {
            return None;
        };
        let found = pairs.iter().find(|(name, _)| name.name == key);
        found.map(|(_, node)| node)
    }

    /// What a stage has of these three: its own, else the default where it fits the stage. What is
    /// wrong with a default was said already.
    fn carry(
        &self,
        fields: &Fields<'_>,
        kind: Option<StageKind>,
        findings: &mut Findings,
    ) -> Carry {
        let own = fields.get("carry");
        let read = match own {
            Some(node) => read_carry(node, self, findings),
            // A signature is never carried over, whatever the rest of the file does.
            None if kind == Some(StageKind::Sign) => None,
            None => self
                .default("carry")
                .and_then(|node| read_carry(node, self, &mut Findings::default())),
        };
        read.unwrap_or(Carry::Never)
    }

    /// What a stage does as time passes: its own, else the default.
    pub(super) fn timing(
        &self,
        fields: &Fields<'_>,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> Timing {
        const KEYS: [&str; 3] = ["remind", "escalate", "on_timeout"];
        self.clock.refuse_keys(fields, &KEYS, findings);
        let own = TimingNodes {
            due: fields.get("due"),
            remind: fields.get("remind"),
            escalate: fields.get("escalate"),
            on_timeout: fields.get("on_timeout"),
        };
        let default_due = self.default("due");
        let has_due = own.due.or(default_due).is_some();
        let mut timing = read_timing(own, (self.kind, has_due), self.clock, resolvers, findings);
        let unsaid = &mut Findings::default();
        if own.due.is_none() {
            timing.due = default_due.and_then(|node| read_due(node, self.kind, self.clock, unsaid));
        }
        if let (None, Some(node)) = (own.remind, self.default("remind")) {
            timing.reminders = read_reminders(node, has_due, self.clock, unsaid);
        }
        timing
    }

    fn on_reject(
        &self,
        fields: &Fields<'_>,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> Refused {
        let unsaid = &mut Findings::default();
        let read = match fields.get("on_reject") {
            Some(node) => read_on_reject(node, self, resolvers, findings),
            None => self
                .default("on_reject")
                .and_then(|node| read_on_reject(node, self, resolvers, unsaid)),
        };
        read.unwrap_or_default()
    }

    /// What assignees may do beside deciding; a signature is never made among others, nor is
    /// it said there that a document was read.
    fn allowed(
        &self,
        fields: &Fields<'_>,
        asked: Option<Asked>,
        findings: &mut Findings,
    ) -> Allowed {
        let mut allowed = match fields.get("allow") {
            Some(node) => read_allow(node, self.means, findings),
            None => self
                .default("allow")
                .map(|node| read_allow(node, self.means, &mut Findings::default()))
                .unwrap_or_default(),
        };
        let is_bulky = |asked: Asked| asked.kind == StageKind::Approve && !asked.is_review;
        if allowed.bulk && asked.is_some_and(|asked| !is_bulky(asked)) {
            allowed.bulk = false;
            if fields.get("allow").is_some() {
                let at = fields.key_at("allow");
                findings.push(Diagnostic::error("W114", "signs-one-by-one", at));
            }
        }
        allowed
    }

    /// What may be decided.
    fn said(
        &self,
        fields: &Fields<'_>,
        asked: Asked,
        allowed: Allowed,
        findings: &mut Findings,
    ) -> Decisions {
        if asked.is_review {
            review::check(fields, allowed, findings);
            return review::decisions();
        }
        let mut said = read_decisions(fields, asked.kind, self.clock, findings);
        if !allowed.remarks {
            Self::without_remarks(fields, &mut said, findings);
        }
        said
    }

    /// Without remarks nobody agrees with remarks: not offered, where the file does not offer it.
    fn without_remarks(fields: &Fields<'_>, said: &mut Decisions, findings: &mut Findings) {
        let is_offered = said.decisions.remove(&Decision::ApproveWithRemarks);
        if is_offered && fields.get("decisions").is_some() {
            let at = fields.key_at("decisions");
            findings.push(Diagnostic::error("W115", "remarks-not-allowed", at));
        }
    }
}

/// What a stage's file text was, for the checks that point at it.
pub(super) struct StagePlace<'n> {
    pub(super) fields: Fields<'n>,
    pub(super) assignees: Vec<ReadAssignee<'n>>,
    pub(super) if_empty: Vec<(Resolver, &'n Node)>,
    pub(super) rule: quorum::ReadRule<'n>,
    pub(super) weights: Vec<(Resolver, u32, &'n Node)>,
}

impl<'n> StagePlace<'n> {
    fn conditions(&self) -> Vec<Option<Expression>> {
        self.assignees
            .iter()
            .map(|read| read.when.clone())
            .collect()
    }

    fn resolvers(&self) -> Vec<Resolver> {
        self.assignees
            .iter()
            .map(|read| read.resolver.clone())
            .collect()
    }

    fn weights(&self) -> Vec<(Resolver, u32)> {
        let weights = self.weights.iter();
        weights
            .map(|(who, weight, _)| (who.clone(), *weight))
            .collect()
    }

    /// Everybody who may be asked, with their places.
    pub(super) fn people(&self) -> impl Iterator<Item = (&Resolver, &'n Node)> {
        let own = self
            .assignees
            .iter()
            .map(|read| (&read.resolver, read.node));
        own.chain(
            self.if_empty
                .iter()
                .map(|(resolver, node)| (resolver, *node)),
        )
    }

    /// The place of its quorum, else of its identifier.
    fn quorum_at(&self) -> crate::diagnostic::Position {
        match self.fields.get("quorum") {
            Some(_) => self.fields.key_at("quorum"),
            None => self.id_at(),
        }
    }

    /// The place of its identifier.
    pub(super) fn id_at(&self) -> crate::diagnostic::Position {
        self.fields.get("id").map_or(self.fields.at, |node| node.at)
    }
}

/// Reads a stage. `around` is the path of the block around it, with its slash.
pub(super) fn read_stage<'n>(
    node: &'n Node,
    around: &str,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<(Stage, StagePlace<'n>)> {
    let fields = Fields::open(node, STAGE_KEYS, findings)?;
    let id = fields
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let asked = fields
        .require("type", findings)
        .and_then(|node| read_kind(node, findings));
    let when = fields
        .get("when")
        .and_then(|node| compile(node, &shared.scope(), findings));
    let (place, skips_if_empty) = read_people(fields, shared.kind, resolvers, findings);
    let mut timing = shared.timing(&fields, resolvers, findings);
    let carry = shared.carry(&fields, asked.map(|asked| asked.kind), findings);
    let allowed = shared.allowed(&fields, asked, findings);
    let mode = read_mode(&fields, findings);
    let counts_for_each = word_of(&fields, "dedupe", &["same_person"], findings).is_some();
    let refused = shared.on_reject(&fields, resolvers, findings);
    let asked = asked?;
    let (stage_kind, is_review) = (asked.kind, asked.is_review);
    let said = shared.said(&fields, asked, allowed, findings);
    timing.hold_max = said.hold_max;
    let blocking = read_blocking(&fields, asked, findings);
    let via = read_via(&fields, findings);
    let id = id?;
    let stage = Stage {
        path: format!("{around}{id}"),
        id,
        kind: stage_kind,
        is_review,
        title: title?,
        when,
        assignee_conditions: place.conditions(),
        assignees: place.resolvers(),
        if_empty: without_places(&place.if_empty),
        skips_if_empty,
        mode,
        quorum: place.rule.quorum,
        quorum_cases: place.rule.cases(),
        veto: without_places(&place.rule.veto),
        weights: place.weights(),
        counts_for_each,
        timing,
        decisions: said.decisions,
        decision_titles: said.titles,
        on_reject: refused.on_reject,
        rework_to: refused.to,
        rework_note: refused.note,
        carry,
        allows: allowed,
        blocking,
        via,
        link: read_link(&fields, stage_kind, via, findings),
        absorbs: read_absorb(&fields, stage_kind, shared, findings),
        form: read_form(&fields, shared, findings),
        sealing: read_sealing(&fields, stage_kind, findings),
        at: place.id_at(),
        quorum_at: place.quorum_at(),
    };
    Some((stage, place))
}

fn read_mode(fields: &Fields<'_>, findings: &mut Findings) -> Mode {
    match word_of(fields, "mode", &["parallel", "sequential"], findings) {
        Some("sequential") => Mode::Sequential,
        _ => Mode::Parallel,
    }
}

/// Who is asked and how they are counted, with the places; and whether nobody is asked when nobody
/// is found.
fn read_people<'n>(
    fields: Fields<'n>,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> (StagePlace<'n>, bool) {
    let assignees = fields
        .require("assignees", findings)
        .map(|node| resolvers.read_assignees(node, findings))
        .unwrap_or_default();
    let (if_empty, skips_if_empty) = fields
        .get("if_empty")
        .map(|node| read_if_empty(node, resolvers, findings))
        .unwrap_or_default();
    let rule = fields
        .get("quorum")
        .map(|node| quorum::read_rule(node, kind, resolvers, findings))
        .unwrap_or_default();
    let weights = fields
        .get("weights")
        .map(|node| quorum::read_weights(node, resolvers, findings))
        .unwrap_or_default();
    let place = StagePlace {
        fields,
        assignees,
        if_empty,
        rule,
        weights,
    };
    (place, skips_if_empty)
}

/// One of a few words under a key that may be absent.
fn word_of(
    fields: &Fields<'_>,
    key: &str,
    words: &[&'static str],
    findings: &mut Findings,
) -> Option<&'static str> {
    let node = fields.get(key)?;
    read::word(node, words, findings)
}

fn without_places(read: &[(Resolver, &Node)]) -> Vec<Resolver> {
    read.iter().map(|(resolver, _)| resolver.clone()).collect()
}

fn read_via(fields: &Fields<'_>, findings: &mut Findings) -> Via {
    let word = fields
        .get("via")
        .and_then(|node| read::word(node, &["account", "link"], findings));
    if word == Some("link") {
        Via::Link
    } else {
        Via::Account
    }
}

/// `never`, `always`, or a condition on what changed.
fn read_carry(node: &Node, shared: &Shared<'_>, findings: &mut Findings) -> Option<Carry> {
    match read::text(node, findings)? {
        "never" => Some(Carry::Never),
        "always" => Some(Carry::Always),
        _ => {
            let scope = Scope {
                material: Some(&shared.material.fields),
                has_attachments: shared.material.attachments,
                ..Scope::of(shared.kind, shared.vocabulary)
            };
            compile(node, &scope, findings).map(Carry::When)
        }
    }
}

/// Whom to ask instead, and whether to skip.
fn read_if_empty<'n>(
    node: &'n Node,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> (Vec<(Resolver, &'n Node)>, bool) {
    const KEYS: Keys = Keys {
        known: &["use"],
        later: &[],
    };
    if let Value::Scalar(_) = &node.value {
        let word = read::word(node, &["fail", "skip"], findings);
        return (Vec::new(), word == Some("skip"));
    }
    let resolvers = Fields::open(node, KEYS, findings)
        .and_then(|fields| fields.require("use", findings))
        .map(|node| resolvers.read_list(node, findings))
        .unwrap_or_default();
    (resolvers, false)
}

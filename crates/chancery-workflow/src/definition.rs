//! A workflow as read from its file: stages in order, blocks of parallel branches and sequences.

mod afterthoughts;
mod allow;
mod asked;
mod automatic;
mod automatic_read;
mod beside;
mod check;
mod check_lookups;
mod consequence;
mod consequence_read;
mod decisions;
mod document_read;
mod due;
mod entry;
pub(crate) mod examples;
mod extra_round;
mod form;
mod head_read;
mod link;
mod lint;
mod lint_people;
mod lint_time;
mod lookup_read;
mod mandate_read;
mod node;
mod nodes;
mod parse;
mod people;
mod quorum;
mod resolver;
mod review;
mod rework;
mod rework_read;
mod rights;
mod rights_read;
mod schema;
mod sealing;
mod sealing_read;
mod stage;
mod start_read;
mod starting;
mod subdocument;
mod subdocument_read;
mod succession;
mod succession_read;
mod timing;
mod timing_read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chancery_types::field::FieldSchema;
use chancery_types::{Digest, Locale, Localized};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::deed::Occasion;
use crate::diagnostic::{Diagnostic, Position};
use crate::event::Decision;
use crate::expression::Expression;
use crate::parameter::Parameters;
use crate::trial::Example;
use crate::vocabulary::{Journal, LetterTemplate};

pub use allow::Allowed;
pub(crate) use automatic::is_jumped;
pub use automatic::{Arm, Automatic, Lookup, OnError};
use consequence::Named;
pub use consequence::{Consequence, Told};
pub use due::Due;
pub(crate) use due::deadline;
pub use entry::House;
pub use examples::SceneFile;
pub use extra_round::EXTRA_ROUND;
pub use link::LinkTerms;
pub use node::{Join, OnBranchReject, Parallel, Sequence};
pub use people::{DepartmentRef, Pick, Resolver, Rule, Word};
pub use rework::{Carry, OnExhausted, REWORK_ROUNDS_DEFAULT, Resume, Rework, Reworker};
pub use rights::{Owner, Withdraw, Withdrawer};
pub use schema::{schema, schema_plain};
pub use sealing::{Certify, DemandedKind, DemandedLevel, LockedForm, Sealing, SignatureForm};
pub use starting::{SelfStart, StartEvent};
pub use subdocument::{OnChildRejected, Subdocument, subdocument_cycles};
pub(crate) use succession::Place;
pub use succession::Succession;
pub use timing::{Action, OnTimeout, Reminder, Repeat, Rung, Successor, Timing};

/// A checked workflow. Equal sources give equal definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    source: String,
    digest: Digest,
    id: String,
    title: Localized,
    kind: String,
    takes: Option<Expression>,
    effective_from: Option<Date>,
    allows_no_approval: bool,
    fields: BTreeMap<String, FieldSchema>,
    material: document_read::Material,
    nodes: Vec<Node>,
    rules: Vec<Rule>,
    rework: Rework,
    owner: Option<Owner>,
    withdraw: Withdraw,
    starting: starting::Starting,
    consequences: consequence_read::Consequences,
    examples: Vec<Example>,
    lookups: BTreeMap<String, Lookup>,
    subdocuments: Vec<Subdocument>,
    named: Named,
    succession: Succession,
    calendar: Option<Arc<Calendar>>,
    runs_timers: bool,
    parameters: Parameters,
    warnings: Vec<Diagnostic>,
    /// Where `stages` stands in the file.
    pub(crate) stages_at: Position,
    /// Where the calendar is named.
    calendar_at: Position,
}

/// A step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One stage.
    Stage(Box<Stage>),
    /// Several branches at once.
    Parallel(Parallel),
    /// Several steps in order, as one branch.
    Sequence(Sequence),
    /// A stage that asks nobody: it waits for answers from elsewhere and chooses the way on.
    Automatic(Box<Automatic>),
}

/// What a stage asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// A decision.
    Approve,
    /// A signature.
    Sign,
    /// A confirmation of having read.
    Acknowledge,
}

/// How an assignee reaches their task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By logging in.
    Account,
    /// By a link sent to a counterparty's contact.
    Link,
}

/// Whether assignees are asked at once or one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// At once.
    Parallel,
    /// One after another, in the order of the file.
    Sequential,
}

/// What a rejection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReject {
    /// It ends the run.
    Finish,
    /// It sends the document back, as a return does.
    Rework,
    /// It is a vote against: when its quorum can no longer be reached, the stage ends the run.
    Count,
    /// It is a vote against: when its quorum can no longer be reached, the stage sends the document
    /// back.
    CountThenRework,
}

/// How many approvals close a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// Everybody's who does not abstain, and at least one.
    All,
    /// One.
    Any,
    /// This many.
    Count(u32),
    /// A part of all who are asked, whether they vote or not.
    Percent {
        /// From 1 to 100; what is not whole is rounded up.
        percent: u32,
        /// At least this many.
        min: u32,
    },
    /// Approvals of this weight together.
    Weight(u32),
    /// This many in each of the stage's assignees: of the lawyers and of the accountants.
    EachGroup(u32),
}

impl Quorum {
    /// How many approvals are needed of `available` assignees: for [`Quorum::Weight`] the weight,
    /// for [`Quorum::EachGroup`] the approvals of one group.
    #[must_use]
    pub const fn needed(self, available: u32) -> u32 {
        match self {
            Self::All => available,
            Self::Any => 1,
            Self::Count(count) | Self::Weight(count) | Self::EachGroup(count) => count,
            Self::Percent { percent, min } => {
                let part = available.saturating_mul(percent).div_ceil(100);
                if part > min { part } else { min }
            }
        }
    }
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The identifier, unique in the workflow: `legal`.
    pub id: String,
    /// The identifiers of the blocks around it and its own: `expertise/legal`.
    pub path: String,
    /// What it asks for.
    pub kind: StageKind,
    /// Whether it is a review: read with remarks or without, and never refused.
    pub is_review: bool,
    /// The title.
    pub title: Localized,
    /// Whether it applies.
    pub when: Option<Expression>,
    /// Who is asked.
    pub assignees: Vec<Resolver>,
    /// Whether each of `assignees` applies, in the same order.
    pub assignee_conditions: Vec<Option<Expression>>,
    /// Who is asked in place of a resolver that finds nobody.
    pub if_empty: Vec<Resolver>,
    /// Whether it is skipped when nobody is found: only where the file says so.
    pub skips_if_empty: bool,
    /// Whether its assignees are asked at once or one after another.
    pub mode: Mode,
    /// How many approvals close it, where none of `quorum_cases` holds.
    pub quorum: Quorum,
    /// Other quorums under a condition; the first that holds when the stage opens is taken.
    pub quorum_cases: Vec<(Expression, Quorum)>,
    /// Whose agreement is needed whatever the quorum, and whose rejection ends the stage.
    pub veto: Vec<Resolver>,
    /// What the approvals of some weigh; 1 for everybody else.
    pub weights: Vec<(Resolver, u32)>,
    /// Whether somebody who is asked by several of `assignees` counts for each of them.
    pub counts_for_each: bool,
    /// What it does as time passes.
    pub timing: Timing,
    /// What may be decided.
    pub decisions: BTreeSet<Decision>,
    /// Titles of the file's own for some of the decisions.
    pub decision_titles: BTreeMap<Decision, Localized>,
    /// What a rejection does.
    pub on_reject: OnReject,
    /// To whom a document goes that it sends back, where it says that.
    pub rework_to: Option<Reworker>,
    /// What the file says to whoever reworks a document that this stage has rejected.
    pub rework_note: Option<Localized>,
    /// Whether its votes stand for the next version too.
    pub carry: Carry,
    /// What may be done in it beside deciding.
    pub allows: Allowed,
    /// Whether the run waits for it.
    pub blocking: bool,
    /// How its assignees reach it.
    pub via: Via,
    /// What the links are that lead to it, where the file says that.
    pub link: LinkTerms,
    /// Whether whoever signs in it need not approve before.
    pub absorbs: bool,
    /// Where its signatures stand and what they do to the file, where the file says that.
    pub sealing: Option<Sealing>,
    /// The fields of the card that it fills: nobody agrees before each of them is there.
    pub form: BTreeSet<String>,
    /// Where its identifier stands in the file.
    pub at: Position,
    /// Where its quorum stands there; its identifier, if it says none.
    pub quorum_at: Position,
}

impl Stage {
    /// The file's own title of a decision, if it gives one.
    #[must_use]
    pub fn decision_title(&self, decision: Decision, locale: Locale) -> Option<&str> {
        self.decision_titles.get(&decision)?.get(locale)
    }
}

impl Definition {
    /// The identifier: `contract`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        self.title.get(locale).unwrap_or(&self.id)
    }

    /// The kind of documents it is for.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The steps in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The stages in order, branches included.
    pub fn stages(&self) -> impl Iterator<Item = &Stage> {
        self.nodes.iter().flat_map(Node::stages)
    }

    /// The stage at this path: `manager`, `expertise/legal`, [`EXTRA_ROUND`].
    #[must_use]
    pub fn stage(&self, path: &str) -> Option<&Stage> {
        self.every_stage().find(|stage| stage.path == path)
    }

    /// The rules of separation of duties beyond the built-in ones.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The fields of the card whose change makes a new version.
    #[must_use]
    pub const fn material(&self) -> &BTreeSet<String> {
        &self.material.fields
    }

    /// Whether a change of the attachments makes a new version. One of the main file always does.
    #[must_use]
    pub const fn has_material_attachments(&self) -> bool {
        self.material.attachments
    }

    /// The fields of the kind it was checked against.
    #[must_use]
    pub const fn fields(&self) -> &BTreeMap<String, FieldSchema> {
        &self.fields
    }

    /// How often a document may be returned for rework.
    #[must_use]
    pub const fn rework_max(&self) -> u32 {
        self.rework.rounds_max
    }

    /// What happens on a return and after it.
    #[must_use]
    pub const fn rework(&self) -> &Rework {
        &self.rework
    }

    /// Everybody to whom returned documents go, as the file names them.
    pub fn reworkers(&self) -> impl Iterator<Item = &Reworker> {
        let stages = self.stages().filter_map(|stage| stage.rework_to.as_ref());
        std::iter::once(&self.rework.to).chain(stages)
    }

    /// Which documents of the kind the chain takes; without it, all of them.
    #[must_use]
    pub const fn takes(&self) -> Option<&Expression> {
        self.takes.as_ref()
    }

    /// The stages that ask nobody, in order, branches included.
    pub fn automatics(&self) -> impl Iterator<Item = &Automatic> {
        self.nodes.iter().flat_map(Node::automatics)
    }

    /// What is asked elsewhere, by name.
    #[must_use]
    pub const fn lookups(&self) -> &BTreeMap<String, Lookup> {
        &self.lookups
    }

    /// What its runs wait for of documents that belong to theirs, in the order of the file.
    #[must_use]
    pub fn subdocuments(&self) -> &[Subdocument] {
        &self.subdocuments
    }

    /// What is done outside on an occasion, in the order of the file.
    #[must_use]
    pub fn consequences(&self, occasion: Occasion) -> &[Consequence] {
        self.consequences.get(&occasion).map_or(&[], Vec::as_slice)
    }

    /// The parameters that the file names, with the values that were read into it.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// A journal of the vocabulary that its effects name.
    #[must_use]
    pub fn journal(&self, name: &str) -> Option<&Journal> {
        self.named.journals.get(name)
    }

    /// A letter of the vocabulary that its effects name.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&LetterTemplate> {
        self.named.templates.get(name)
    }

    /// The webhooks that its effects name.
    pub fn webhooks(&self) -> impl Iterator<Item = &str> {
        let all = self.consequences.values().flatten();
        all.filter_map(|consequence| match consequence {
            Consequence::CallWebhook(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The kinds of which its effects draft documents.
    pub fn created_kinds(&self) -> impl Iterator<Item = &str> {
        let all = self.consequences.values().flatten();
        all.filter_map(|consequence| match consequence {
            Consequence::CreateDocument { kind, .. } => Some(kind.as_str()),
            _ => None,
        })
    }

    /// The kinds that its effects draft, and those that its runs wait for.
    pub fn related_kinds(&self) -> impl Iterator<Item = &str> {
        let awaited = self.subdocuments.iter().map(|one| one.kind.as_str());
        self.created_kinds().chain(awaited)
    }

    /// The examples of the file, which nothing but a trial reads.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The calendar by which working time is reckoned.
    #[must_use]
    pub fn calendar(&self) -> Option<&Calendar> {
        self.calendar.as_deref()
    }

    /// Whether whoever read it runs timers ([`Definition::parse_in`]): without, no timer is armed.
    #[must_use]
    pub const fn runs_timers(&self) -> bool {
        self.runs_timers
    }

    /// What is odd but accepted.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The file as it was read. A run stores it: parsing it again, with the kind as it was then,
    /// gives the same definition.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What a run is pinned to: SHA-256 of the file without a byte order mark, with LF line ends
    /// and exactly one LF at its end. A comment counts: what people read is what is pinned.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

/// The digest of a source file; see [`Definition::digest`].
pub(crate) fn source_digest(source: &str) -> Digest {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut plain = source.replace("\r\n", "\n");
    plain.truncate(plain.trim_end_matches('\n').len());
    plain.push('\n');
    Digest::of(plain.as_bytes())
}

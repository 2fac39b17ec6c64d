//! A workflow in words: who decides, when, by which threshold, what a refusal does. Everything is
//! taken from the definition; nothing is written by hand.

use std::collections::BTreeMap;

use chancery_types::{FieldType, Locale};
use chancery_workflow::definition::{Node, Resolver, Rule};
use chancery_workflow::expression::{Comparison, Expression, Said, SaidValue};
use chancery_workflow::{
    Action, Decision, Definition, DemandedKind, Kind, OnReject, OnTimeout, ParameterValue, Quorum,
    Reminder, Reworker, Sealing, Stage, Successor, Vocabulary,
};

use crate::i18n::Value;
use crate::web::{Shell, i18n};

/// What words are made from.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The reader.
    pub shell: &'a Shell,
    /// What the workflow carries.
    pub kind: &'a Kind,
    /// The titles of roles and groups.
    pub vocabulary: &'a Vocabulary,
    /// What is told.
    pub definition: &'a Definition,
}

impl Words<'_> {
    pub(super) fn locale(&self) -> Locale {
        self.shell.locale()
    }

    pub(super) fn t(&self, key: &str, args: &[(&str, Value<'_>)]) -> String {
        i18n::t(self.locale(), key, args)
    }

    /// `a, b and c`, by the word for the last join.
    pub(super) fn list(&self, mut parts: Vec<String>, joint: &str) -> String {
        let Some(last) = parts.pop() else {
            return String::new();
        };
        if parts.is_empty() {
            return last;
        }
        let first = parts.join(", ");
        let args = [("first", first.into()), ("last", last.into())];
        self.t(joint, &args)
    }

    /// The label of a card's field.
    pub(super) fn field(&self, name: &str) -> String {
        let field = self.kind.field(name);
        let label = field.and_then(|field| field.label.get(self.locale()));
        label.unwrap_or(name).to_owned()
    }

    /// The title of a stage by its identifier.
    fn stage(&self, id: &str) -> String {
        let mut stages = self.definition.stages();
        let stage = stages.find(|stage| stage.id == id);
        let title = stage.and_then(|stage| stage.title.get(self.locale()));
        title.unwrap_or(id).to_owned()
    }

    /// The value of a parameter.
    pub fn parameter(&self, value: &ParameterValue) -> String {
        match value {
            ParameterValue::Money(money) => self.shell.formats.money(money),
            ParameterValue::Integer(number) => number.to_string(),
            ParameterValue::Span(span) => self.span(*span),
        }
    }
}

/// Conditions.
impl Words<'_> {
    /// The conditions of the whole workflow, by their source, for its drawing.
    pub fn conditions(&self) -> BTreeMap<String, String> {
        let mut said = BTreeMap::new();
        let mut ahead: Vec<&Node> = self.definition.nodes().iter().collect();
        while let Some(node) = ahead.pop() {
            ahead.extend(node.children());
            let ways = match node {
                Node::Automatic(automatic) => automatic.route.as_slice(),
                Node::Stage(_) | Node::Parallel(_) | Node::Sequence(_) => &[],
            };
            for when in node
                .when()
                .into_iter()
                .chain(ways.iter().map(|way| &way.when))
            {
                said.insert(when.source().to_owned(), self.condition(when));
            }
        }
        said
    }

    /// A condition in words; where it has none as it is written, parameters by their titles and
    /// values.
    pub fn condition(&self, when: &Expression) -> String {
        match when.said() {
            Some(said) => self.said(&said, false),
            None => when.source_with(self.definition.parameters(), |parameter| {
                parameter.told(self.locale(), &self.parameter(parameter.value()))
            }),
        }
    }

    fn said(&self, said: &Said, is_within: bool) -> String {
        match said {
            Said::All(parts) => self.join(parts, "template-and", is_within),
            Said::Any(parts) => self.join(parts, "template-or", is_within),
            Said::Given(name, true) => self.about("template-given", name),
            Said::Given(name, false) => self.about("template-given-not", name),
            Said::Yes(name, true) => self.about("template-yes", name),
            Said::Yes(name, false) => self.about("template-yes-not", name),
            Said::Currency(name, is, code) => {
                let key = if *is {
                    "template-currency-is"
                } else {
                    "template-currency-not"
                };
                let args = [
                    ("field", self.field(name).into()),
                    ("code", code.as_str().into()),
                ];
                self.t(key, &args)
            }
            Said::OneOf(name, is, values) => {
                let key = if *is {
                    "template-is"
                } else {
                    "template-is-not"
                };
                let joint = if *is { "template-or" } else { "template-nor" };
                let values = values.iter().map(|value| self.value(name, value)).collect();
                let args = [
                    ("field", self.field(name).into()),
                    ("value", self.list(values, joint).into()),
                ];
                self.t(key, &args)
            }
            Said::Compared(name, how, value) => {
                let key = match how {
                    Comparison::Less => "template-less",
                    Comparison::AtMost => "template-at-most",
                    Comparison::More => "template-more",
                    Comparison::AtLeast => "template-at-least",
                };
                let args = [
                    ("field", self.field(name).into()),
                    ("value", self.value(name, value).into()),
                ];
                self.t(key, &args)
            }
            Said::NotPersonOf(name) => {
                let args = [("field", self.field(name).into())];
                self.t("template-not-person-of", &args)
            }
            Said::NotVoterOf(stage) => {
                let args = [("stage", self.stage(stage).into())];
                self.t("template-not-voter-of", &args)
            }
        }
    }

    /// Within another list it has brackets: not everybody knows that *and* binds more than *or*.
    fn join(&self, parts: &[Said], joint: &str, is_within: bool) -> String {
        let parts = parts.iter().map(|part| self.said(part, true)).collect();
        let list = self.list(parts, joint);
        match is_within {
            true => format!("({list})"),
            false => list,
        }
    }

    fn about(&self, key: &str, name: &str) -> String {
        self.t(key, &[("field", self.field(name).into())])
    }

    fn value(&self, name: &str, value: &SaidValue) -> String {
        match value {
            SaidValue::Text(text) => {
                let field = self.kind.field(name);
                let field = field.filter(|field| field.field_type == FieldType::Choice);
                let mut choices = field.into_iter().flat_map(|field| &field.choices);
                let choice = choices.find(|choice| choice.code == *text);
                let title = choice.and_then(|choice| choice.title.get(self.locale()));
                let args = [("text", title.unwrap_or(text).to_owned().into())];
                self.t("template-quoted", &args)
            }
            SaidValue::Integer(number) => number.to_string(),
            SaidValue::Money(money) => self.shell.formats.money(money),
            SaidValue::Date(date) => self.shell.formats.civil_date(*date),
        }
    }
}

/// People.
impl Words<'_> {
    /// Who is asked in a stage, and how many of them must agree.
    pub fn people(&self, stage: &Stage) -> String {
        let conditions = stage.assignee_conditions.iter();
        let asked = stage.assignees.iter().zip(conditions);
        let asked: Vec<String> = asked
            .map(|(who, when)| match when {
                None => self.who(who),
                Some(when) => {
                    let args = [
                        ("who", self.who(who).into()),
                        ("when", self.condition(when).into()),
                    ];
                    self.t("template-who-if", &args)
                }
            })
            .collect();
        let mut said = self.list(asked, "template-and");
        let may_be_many = |who: &Resolver| {
            matches!(
                who,
                Resolver::Role { .. }
                    | Resolver::RoleFor { .. }
                    | Resolver::Signatory { .. }
                    | Resolver::Group(_)
                    | Resolver::Department(_)
                    | Resolver::Except { .. }
            )
        };
        if stage.assignees.len() > 1 || stage.assignees.iter().any(may_be_many) {
            said = format!("{said} — {}", self.quorum_of(stage));
        }
        if !stage.if_empty.is_empty() {
            let instead = stage.if_empty.iter().map(|who| self.who(who)).collect();
            let args = [("who", self.list(instead, "template-and").into())];
            said = format!("{said}. {}", self.t("template-if-empty", &args));
        }
        said
    }

    fn quorum_of(&self, stage: &Stage) -> String {
        let mut said = self.quorum(stage.quorum);
        for (when, quorum) in stage.quorum_cases.iter().rev() {
            let args = [
                ("when", self.condition(when).into()),
                ("quorum", self.quorum(*quorum).into()),
                ("otherwise", said.into()),
            ];
            said = self.t("template-quorum-if", &args);
        }
        if !stage.veto.is_empty() {
            let veto = stage.veto.iter().map(|who| self.who(who)).collect();
            let args = [("who", self.list(veto, "template-and").into())];
            said = format!("{said}; {}", self.t("template-veto", &args));
        }
        said
    }

    fn quorum(&self, quorum: Quorum) -> String {
        let number = |key: &str, count: u32| self.t(key, &[("count", count.into())]);
        match quorum {
            Quorum::All => self.t("template-quorum-all", &[]),
            Quorum::Any => self.t("template-quorum-any", &[]),
            Quorum::Count(count) => number("template-quorum-count", count),
            Quorum::Weight(weight) => number("template-quorum-weight", weight),
            Quorum::EachGroup(count) => number("template-quorum-each-group", count),
            Quorum::Percent { percent, min } => {
                let args = [("percent", percent.into()), ("min", min.into())];
                self.t("template-quorum-percent", &args)
            }
        }
    }
}

/// Time, decisions, rules.
impl Words<'_> {
    /// How long a task may take, and what happens before and after.
    pub fn time(&self, stage: &Stage) -> Vec<String> {
        let timing = &stage.timing;
        let mut said = Vec::new();
        if let Some(due) = &timing.due {
            said.push(self.due(due));
        }
        for reminder in &timing.reminders {
            said.push(match reminder {
                Reminder::Before(span) => self.t(
                    "template-remind-before",
                    &[("span", self.span(*span).into())],
                ),
                Reminder::After { after, .. } => self.t(
                    "template-remind-after",
                    &[("span", self.span(*after).into())],
                ),
            });
        }
        for rung in &timing.escalation {
            let key = match rung.action {
                Action::Add => "template-escalate-add",
                Action::Replace => "template-escalate-replace",
            };
            let args = [
                ("span", self.span(rung.after).into()),
                ("who", self.successors(&rung.to).into()),
            ];
            said.push(self.t(key, &args));
        }
        match &timing.on_timeout {
            None => {}
            Some(OnTimeout::Escalate(to)) => {
                let args = [("who", self.successors(to).into())];
                said.push(self.t("template-timeout-escalate", &args));
            }
            Some(OnTimeout::Notify {
                whom, then_expires, ..
            }) => {
                let args = [("who", self.successors(whom).into())];
                said.push(self.t("template-timeout-notify", &args));
                if *then_expires {
                    said.push(self.t("template-timeout-expires", &[]));
                }
            }
        }
        said
    }

    fn successors(&self, successors: &[Successor]) -> String {
        let all = successors.iter().map(|successor| match successor {
            Successor::Initiator => self.t("template-initiator", &[]),
            Successor::ManagerOfAssignee => self.t("template-manager-of-assignee", &[]),
            Successor::Resolver(who) => self.who(who),
        });
        self.list(all.collect(), "template-and")
    }

    /// What may be said beside yes, and what it does; nothing where it is what may be said
    /// everywhere, which the general rules tell.
    pub fn refusals(&self, stage: &Stage) -> Vec<String> {
        let mut said = Vec::new();
        if is_usual(stage) {
            return said;
        }
        let reworker = stage.rework_to.as_ref();
        let reworker = reworker.unwrap_or(&self.definition.rework().to);
        let is_initiators = *reworker == Reworker::Initiator;
        for decision in [
            Decision::Return,
            Decision::Reject,
            Decision::Abstain,
            Decision::Hold,
        ] {
            if !stage.decisions.contains(&decision) {
                continue;
            }
            let key = match (decision, stage.on_reject) {
                (Decision::Return, _) if !is_initiators => "template-return-back",
                (Decision::Reject, OnReject::Rework) if !is_initiators => "template-reject-back",
                (Decision::Reject, OnReject::CountThenRework) if !is_initiators => {
                    "template-reject-count-back"
                }
                (Decision::Return, _) => "template-return",
                (Decision::Abstain, _) => "template-abstain",
                (Decision::Hold, _) => "template-hold",
                (_, OnReject::Finish) => "template-reject",
                (_, OnReject::Rework) => "template-reject-rework",
                (_, OnReject::Count) => "template-reject-count",
                (_, OnReject::CountThenRework) => "template-reject-count-rework",
            };
            let usual = self.t(&format!("template-decision-{}", decision.code()), &[]);
            let title = stage.decision_title(decision, self.locale());
            let title = title.map_or(usual, str::to_owned);
            let longest = stage.timing.hold_max.map(|span| self.span(span));
            let args = [
                ("decision", title.into()),
                ("span", longest.unwrap_or_default().into()),
            ];
            let key = match decision == Decision::Hold && stage.timing.hold_max.is_some() {
                true => "template-hold-at-most",
                false => key,
            };
            said.push(self.t(key, &args));
        }
        said.extend(stage.rework_to.as_ref().map(|to| self.reworks(to)));
        said
    }

    /// To whom a returned document goes.
    pub fn reworks(&self, reworker: &Reworker) -> String {
        let who = match reworker {
            Reworker::Initiator => self.t("template-initiator", &[]),
            Reworker::Author => self.t("template-author", &[]),
            Reworker::Found(resolver) => self.who(resolver),
        };
        self.t("template-reworks", &[("who", who.into())])
    }

    /// What its signatures must be, and the links that lead to it.
    fn demands(&self, stage: &Stage) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(sealing) = &stage.sealing {
            match sealing.kind {
                DemandedKind::Qualified => said.push(self.t("template-asks-qualified", &[])),
                DemandedKind::Advanced => said.push(self.t("template-asks-advanced", &[])),
                DemandedKind::Any | DemandedKind::Simple => {}
            }
            if let Some(format) = sealing.format() {
                said.push(self.t("template-asks-format", &[("format", format.into())]));
            }
        }
        if let Some(expires) = stage.link.expires {
            let expires = self.span(expires);
            said.push(self.t("template-link-expires", &[("span", expires.into())]));
        }
        if let Some(views) = stage.link.views_max {
            said.push(self.t("template-link-views", &[("count", i64::from(views).into())]));
        }
        said
    }

    /// What else a stage does: fields that it fills, who may be asked beside, what it holds up.
    pub fn notes(&self, stage: &Stage) -> Vec<String> {
        let mut said = Vec::new();
        if !stage.form.is_empty() {
            let fields = stage.form.iter().map(|name| {
                let text = self.field(name);
                self.t("template-quoted", &[("text", text.into())])
            });
            let fields = self.list(fields.collect(), "template-and");
            said.push(self.t("template-fills", &[("fields", fields.into())]));
        }
        let signs_beside = stage.sealing.as_ref().is_some_and(Sealing::is_detached);
        for (is, key) in [
            (signs_beside, "template-signs-beside"),
            (stage.allows.approvers, "template-may-add"),
            (stage.allows.bulk, "template-may-bulk"),
            (stage.allows.delegation, "template-may-delegate"),
            (!stage.allows.reassignment, "template-not-reassigned"),
            (!stage.allows.remarks, "template-no-remarks"),
            (!stage.allows.comments, "template-no-comments"),
            (!stage.blocking, "template-does-not-block"),
        ] {
            if is {
                said.push(self.t(key, &[]));
            }
        }
        said.extend(self.demands(stage));
        said
    }

    /// A rule of separation of duties.
    pub fn rule(&self, rule: &Rule) -> String {
        let stages = rule.stages.iter().map(|id| {
            let title = self.stage(id);
            self.t("template-quoted", &[("text", title.into())])
        });
        let stages: Vec<String> = stages.collect();
        let args = [
            ("stages", self.list(stages.clone(), "template-and").into()),
            ("rule", self.condition(&rule.rule).into()),
        ];
        let said = match stages.is_empty() {
            true => self.t("template-rule-everywhere", &args),
            false => self.t("template-rule", &args),
        };
        match &rule.replacement {
            None => said,
            Some(who) => {
                let args = [("who", self.who(who).into())];
                format!("{said} {}", self.t("template-rule-instead", &args))
            }
        }
    }
}

/// Whether a stage returns and rejects as most do: by the usual names, a rejection ending the run.
fn is_usual(stage: &Stage) -> bool {
    let others = [Decision::Abstain, Decision::Hold];
    let has = |decision| stage.decisions.contains(&decision);
    has(Decision::Return)
        && has(Decision::Reject)
        && !others.into_iter().any(has)
        && stage.on_reject == OnReject::Finish
        && stage.decision_titles.is_empty()
}

//! Reading a workflow's file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check;
use super::consequence::Named;
use super::consequence_read::{Consequences, Outside};
use super::document_read::{Material, read_kind, read_material, read_takes};
use super::entry::House;
use super::examples::{Context, read_examples};
use super::head_read::{ALLOW_NO_APPROVAL, read_head};
use super::lint;
use super::lookup_read::{Lookups, read_lookups};
use super::nodes::{ReadNode, known_id, read_nodes};
use super::resolver::Resolvers;
use super::rework_read::read_rework;
use super::rights::{Owner, Withdraw};
use super::rights_read::{read_owner, read_withdraw};
use super::stage::Shared;
use super::start_read::read_start;
use super::starting::Starting;
use super::subdocument_read::Family;
use super::succession_read::read_succession;
use super::timing_read::Clock;
use super::{Definition, Resolver, Rework, Rule, Subdocument, Succession, source_digest};
use crate::calendar::Calendar;
use crate::diagnostic::{Diagnostic, Position};
use crate::expression::{Expression, Scope, compile};
use crate::kind::Kind;
use crate::means::{Means, PLAIN};
use crate::parameter::Parameters;
use crate::read::{self, Fields, Findings, Keys};
use crate::trial::Example;
use crate::vocabulary::Vocabulary;
use crate::yaml;

pub(super) const TOP_KEYS: Keys = Keys {
    known: &[
        "apiVersion",
        "id",
        "version",
        "title",
        "document",
        "material",
        "participants",
        "defaults",
        "sod",
        "rework",
        "stages",
        "withdraw",
        "start",
        "calendar",
        "effects",
        "facts",
        "tests",
        "owner",
        "migrate",
        "effective_from",
        "subdocuments",
        ALLOW_NO_APPROVAL,
    ],
    later: &["lookups"],
};
/// A rule with the mapping it was read from.
pub(super) type ReadRule<'n> = (Rule, Fields<'n>);

/// What a file is read against.
pub(super) struct Reading<'a> {
    pub(super) source: &'a str,
    kinds: &'a BTreeMap<String, Kind>,
    vocabulary: &'a Vocabulary,
    /// `None` for whoever runs no timers.
    calendars: Option<&'a BTreeMap<String, Calendar>>,
    means: &'a Means,
    pub(super) scrutiny: lint::Scrutiny,
}

impl<'a> Reading<'a> {
    /// For somebody who runs timers.
    pub(super) const fn of_house(
        source: &'a str,
        house: &House<'a>,
        means: &'a Means,
        scrutiny: lint::Scrutiny,
    ) -> Self {
        Self {
            source,
            kinds: house.kinds,
            vocabulary: house.vocabulary,
            calendars: Some(house.calendars),
            means,
            scrutiny,
        }
    }

    /// For somebody who runs none, and has no other means.
    pub(super) const fn plain(
        source: &'a str,
        kinds: &'a BTreeMap<String, Kind>,
        vocabulary: &'a Vocabulary,
        scrutiny: lint::Scrutiny,
    ) -> Self {
        Self {
            source,
            kinds,
            vocabulary,
            calendars: None,
            means: &PLAIN,
            scrutiny,
        }
    }
}

impl Reading<'_> {
    pub(super) fn definition(
        &self,
        tree: &yaml::Node,
        findings: &mut Findings,
    ) -> Option<Definition> {
        let top = Fields::open(tree, TOP_KEYS, findings)?;
        let head = read_head(&top, findings);
        let (kind, takes) = self.read_document(&top, findings)?;
        let material = read_material(&top, kind, findings);
        let clock = self.read_clock(&top, findings);
        let lookups = read_lookups(&top, kind, self.means, clock, findings);
        let mut resolvers = self.participants(&top, kind, findings);
        let own = (kind, &material, &lookups);
        let shared = self.shared(top.get("defaults"), clock, own);
        let nodes = read_steps(&top, &shared, &mut resolvers, findings);
        let rules = read_sod(&top, kind, &nodes, &mut resolvers, findings);
        let (starting, consequences) = self.read_edges(&top, kind, &mut resolvers, findings);
        let (rework, owner, withdraw, succession) =
            read_returns(&top, &nodes, &shared, &mut resolvers, findings);
        let subdocuments = self.read_subdocuments(&top, kind, &nodes, findings);
        report_unused(&top, &resolvers, findings);
        let read = check::Read {
            top: &top,
            nodes: &nodes,
            rules: &rules,
            kind,
            material: &material.fields,
            lookups: &lookups,
            rework: &rework,
            allows_no_approval: head.allows_no_approval,
            takes: takes.as_ref().map(|(when, at)| (when, *at)),
            subdocuments: &subdocuments,
        };
        // Before the examples: no run depends on what these name.
        let parameters = named_of(self.vocabulary.parameters(), findings);
        let examples = self.examples(&read, clock, findings);
        self.check(&read, withdraw.until.as_deref(), &starting, findings);
        Some(Definition {
            source: self.source.to_owned(),
            digest: source_digest(self.source),
            id: head.id?,
            title: head.title?,
            kind: kind.id().to_owned(),
            takes: takes.map(|(when, _)| when),
            effective_from: head.effective_from,
            allows_no_approval: head.allows_no_approval,
            fields: kind.schema(),
            material,
            nodes: nodes.into_iter().map(|read| read.node).collect(),
            rules: rules.into_iter().map(|(rule, _)| rule).collect(),
            rework,
            owner,
            withdraw,
            starting,
            named: Named::by(consequences.values().flatten(), self.vocabulary),
            consequences,
            succession,
            examples,
            lookups,
            subdocuments,
            calendar: clock.calendar().cloned().map(Arc::new),
            runs_timers: self.calendars.is_some(),
            parameters,
            warnings: Vec::new(),
            stages_at: top.key_at("stages"),
            calendar_at: super::lint_time::calendar_at(&top),
        })
    }
}

impl<'a> Reading<'a> {
    /// What steps are read against.
    const fn shared(
        &self,
        defaults: Option<&'a yaml::Node>,
        clock: Clock<'a>,
        (kind, material, lookups): (&'a Kind, &'a Material, &'a Lookups),
    ) -> Shared<'a> {
        Shared {
            kind,
            material,
            defaults,
            clock,
            means: self.means,
            lookups,
            vocabulary: self.vocabulary,
        }
    }
}

impl<'a> Reading<'a> {
    /// `document`: the kind, and which documents of it the chain takes.
    fn read_document(
        &self,
        top: &Fields<'_>,
        findings: &mut Findings,
    ) -> Option<(&'a Kind, Option<(Expression, Position)>)> {
        let document = top.require("document", findings)?;
        let kind = read_kind(document, self.kinds, findings)?;
        let takes = read_takes(document, kind, self.vocabulary, findings);
        Some((kind, takes))
    }
}

/// `sod`.
fn read_sod<'n>(
    top: &Fields<'n>,
    kind: &Kind,
    nodes: &[ReadNode<'_>],
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<ReadRule<'n>> {
    top.get("sod")
        .map(|node| read_rules(node, kind, nodes, resolvers, findings))
        .unwrap_or_default()
}

fn report_unused(top: &Fields<'_>, resolvers: &Resolvers<'_>, findings: &mut Findings) {
    if let Some(node) = top.get("participants") {
        resolvers.report_unused(node, findings);
    }
}

/// The parameters that what was read names.
fn named_of(known: &Parameters, findings: &Findings) -> Parameters {
    let named = findings.parameters().iter();
    named
        .filter_map(|name| Some((name.clone(), known.get(name)?.clone())))
        .collect()
}

/// `rework`, `owner`, `withdraw` and `migrate`.
fn read_returns(
    top: &Fields<'_>,
    nodes: &[ReadNode<'_>],
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> (Rework, Option<Owner>, Withdraw, Succession) {
    let rework = top
        .get("rework")
        .and_then(|node| read_rework(node, nodes, shared, resolvers, findings))
        .unwrap_or_default();
    let owner = top
        .get("owner")
        .and_then(|node| read_owner(node, resolvers, findings));
    let withdraw = top
        .get("withdraw")
        .and_then(|node| read_withdraw(node, nodes, resolvers, findings))
        .unwrap_or_default();
    let succession = read_succession(top, nodes, findings);
    (rework, owner, withdraw, succession)
}

/// `defaults` and `stages`.
fn read_steps<'n>(
    top: &Fields<'n>,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<ReadNode<'n>> {
    let Some(node) = top.require("stages", findings) else {
        return Vec::new();
    };
    shared.check_defaults(resolvers, findings);
    read_nodes(node, shared, resolvers, findings)
}

impl Reading<'_> {
    /// What the run waits for of documents that belong to its own.
    fn read_subdocuments(
        &self,
        top: &Fields<'_>,
        kind: &Kind,
        nodes: &[ReadNode<'_>],
        findings: &mut Findings,
    ) -> Vec<Subdocument> {
        let family = Family {
            kind,
            kinds: self.kinds,
            means: self.means,
            vocabulary: self.vocabulary,
            nodes,
        };
        family.read(top, findings)
    }

    /// Who may start a run or what does, and what is done outside.
    fn read_edges(
        &self,
        top: &Fields<'_>,
        kind: &Kind,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> (Starting, Consequences) {
        let (kinds, means) = (self.kinds, self.means);
        let scope = Scope::of(kind, self.vocabulary);
        let starting = read_start(top, &scope, means, resolvers, findings);
        let outside = Outside { kind, kinds, means };
        (starting, outside.read(top, resolvers, findings))
    }
}

impl<'a> Reading<'a> {
    /// The calendar that the file names, and whether timers run at all.
    fn read_clock(&self, top: &Fields<'_>, findings: &mut Findings) -> Clock<'a> {
        let Some(calendars) = self.calendars else {
            Clock::Stopped.refuse_keys(top, &["calendar"], findings);
            return Clock::Stopped;
        };
        let node = top.get("calendar");
        let name = node.and_then(|node| read::text(node, findings).map(|name| (name, node)));
        let found = name.and_then(|(name, node)| {
            let found = calendars.get(name);
            if found.is_none() {
                findings.push(
                    Diagnostic::error("W401", "unknown-calendar", node.at)
                        .arg("name", name)
                        .suggest(name, calendars.keys().map(String::as_str)),
                );
            }
            found
        });
        Clock::Running {
            calendar: found,
            is_named: node.is_some(),
            parameters: self.vocabulary.parameters(),
        }
    }
}

impl<'a> Reading<'a> {
    fn participants(
        &self,
        top: &Fields<'_>,
        kind: &'a Kind,
        findings: &mut Findings,
    ) -> Resolvers<'a> {
        let mut resolvers = Resolvers::new(kind, self.vocabulary, self.means);
        if let Some(node) = top.get("participants") {
            resolvers.read_participants(node, findings);
        }
        resolvers
    }
}

impl Reading<'_> {
    /// A run depends on a pinned file, and not on its examples.
    fn examples(
        &self,
        read: &check::Read<'_, '_>,
        clock: Clock<'_>,
        findings: &mut Findings,
    ) -> Vec<Example> {
        if self.scrutiny == lint::Scrutiny::Pinned {
            return Vec::new();
        }
        let context = Context {
            kind: read.kind,
            lookups: read.lookups,
            subdocuments: read.subdocuments,
            parameters: self.vocabulary.parameters(),
            stages: Context::stages_of(read.nodes, read.rework),
            calendar: clock.calendar(),
        };
        read_examples(read.top, &context, findings)
    }

    fn check(
        &self,
        read: &check::Read<'_, '_>,
        withdraw_until: Option<&str>,
        starting: &Starting,
        findings: &mut Findings,
    ) {
        check::check(read, findings);
        // A conclusion from what was not read would be about another file.
        if self.scrutiny != lint::Scrutiny::Pinned && !findings.has_errors() {
            lint::lint(read, withdraw_until, starting, findings);
        }
    }
}

fn read_rules<'n>(
    node: &'n yaml::Node,
    kind: &Kind,
    nodes: &[ReadNode<'_>],
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<ReadRule<'n>> {
    const KEYS: Keys = Keys {
        known: &["id", "stages", "rule", "on_conflict"],
        later: &[],
    };
    let stages: BTreeSet<String> = nodes
        .iter()
        .flat_map(|read| read.node.stages())
        .map(|stage| stage.id.clone())
        .collect();
    let mut rules = Vec::new();
    for node in read::list(node, findings).unwrap_or_default() {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        let id = fields
            .require("id", findings)
            .and_then(|node| read::id(node, findings));
        let scope = Scope {
            kind,
            stages: Some(&stages),
            material: None,
            ..Scope::of(kind, resolvers.vocabulary())
        };
        let rule = fields
            .require("rule", findings)
            .and_then(|node| compile(node, &scope, findings));
        let mut named = BTreeSet::new();
        if let Some(node) = fields.get("stages") {
            for node in read::list(node, findings).unwrap_or_default() {
                named.extend(known_id(node, stages.iter().map(String::as_str), findings));
            }
        }
        let replacement = fields
            .get("on_conflict")
            .and_then(|node| read_on_conflict(node, resolvers, findings));
        if let (Some(id), Some(rule)) = (id, rule) {
            rules.push((
                Rule {
                    id,
                    stages: named,
                    rule,
                    replacement,
                },
                fields,
            ));
        }
    }
    rules
}

/// `{ replace: { manager_of: elector } }`, which is what happens anyway, or another resolver.
fn read_on_conflict(
    node: &yaml::Node,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Resolver> {
    const KEYS: Keys = Keys {
        known: &["replace"],
        later: &[],
    };
    let node = Fields::open(node, KEYS, findings)?.require("replace", findings)?;
    let is_manager = match &node.value {
        yaml::Value::Map(pairs) => pairs.iter().any(|(key, value)| {
            let elector = matches!(&value.value, yaml::Value::Scalar(to) if to.text == "elector");
            key.name == "manager_of" && elector
        }),
        yaml::Value::Scalar(_) | yaml::Value::List(_) => false,
    };
    if is_manager {
        return None;
    }
    let resolver = resolvers.read_one(node, findings)?;
    if matches!(resolver, Resolver::Contact(_)) {
        findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
        return None;
    }
    Some(resolver)
}

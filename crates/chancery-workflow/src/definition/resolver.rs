//! Reading who is asked: `{role: lawyer, department: legal}`, `{field: doc.executor}`, …

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;

use super::beside::{BESIDE, check_beside};
use super::consequence_read::known_or;
use super::people::LEVEL_MAX;
use super::{DepartmentRef, Pick, Resolver, Word};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Scope, compile};
use crate::kind::{Kind, type_name};
use crate::means::{Ability, Means};
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml::{Node, Value};

pub(super) const RESOLVER_KEYS: Keys = Keys {
    known: &[
        "user",
        "role",
        "department",
        "group",
        "head_of",
        "manager_of",
        "field",
        "contact",
        "pick",
        "level",
        "except",
        "signatory",
        "entity",
        "external",
    ],
    later: &["required"],
};
/// How one of several is chosen; `all` chooses nobody.
pub(super) const PICKS: [&str; 4] = ["all", "pool", "least_loaded", "round_robin"];
/// The longest login, in characters.
const LOGIN_CHARS_MAX: usize = 64;
/// What lists of people say beside participants: a participant of that name would be read as the
/// word in one place and as somebody else in another.
const RESERVED: [&str; 3] = ["initiator", "author", "open_tasks"];

/// One of a stage's assignees as read.
pub(super) struct ReadAssignee<'n> {
    pub(super) resolver: Resolver,
    pub(super) node: &'n Node,
    pub(super) when: Option<Expression>,
    pub(super) when_node: Option<&'n Node>,
}

/// Reads resolvers and remembers which participants were used.
pub(super) struct Resolvers<'a> {
    kind: &'a Kind,
    vocabulary: &'a Vocabulary,
    means: &'a Means,
    /// `None` for one that was refused: its name is known, and said once is enough.
    participants: BTreeMap<String, Option<Resolver>>,
    used: BTreeSet<String>,
}

impl<'a> Resolvers<'a> {
    pub(super) const fn new(kind: &'a Kind, vocabulary: &'a Vocabulary, means: &'a Means) -> Self {
        Self {
            kind,
            vocabulary,
            means,
            participants: BTreeMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// The names of the house.
    pub(super) const fn vocabulary(&self) -> &'a Vocabulary {
        self.vocabulary
    }

    /// Reads `participants:`.
    pub(super) fn read_participants(&mut self, node: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::open_any(node, findings) else {
            return;
        };
        for (key, value) in fields.pairs() {
            if !read::is_id(&key.name) {
                findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            }
            if RESERVED.contains(&key.name.as_str()) {
                let finding = Diagnostic::error("W101", "reserved-id", key.at);
                findings.push(finding.arg("id", &key.name));
            }
            let resolver = self.read_resolver(value, findings);
            self.participants.insert(key.name.clone(), resolver);
        }
    }

    /// Warns of participants that no stage uses.
    pub(super) fn report_unused(&self, node: &Node, findings: &mut Findings) {
        let Value::Map(pairs) = &node.value else {
            return;
        };
        for (key, _) in pairs {
            if !self.used.contains(&key.name) {
                findings.push(
                    Diagnostic::warning("W202", "participant-unused", key.at)
                        .arg("name", &key.name),
                );
            }
        }
    }

    /// Reads `if_empty.use:` or `veto:`, with the place of each.
    pub(super) fn read_list<'n>(
        &mut self,
        node: &'n Node,
        findings: &mut Findings,
    ) -> Vec<(Resolver, &'n Node)> {
        let nodes = read::list(node, findings).unwrap_or_default();
        if nodes.is_empty() {
            findings.push(Diagnostic::error("W006", "expected-some", node.at));
        }
        let mut resolvers: Vec<(Resolver, &Node)> = Vec::new();
        for node in nodes {
            let Some(resolver) = self.read_one(node, findings) else {
                continue;
            };
            if resolvers.iter().any(|(other, _)| *other == resolver) {
                findings.push(Diagnostic::error("W201", "assignee-twice", node.at));
                continue;
            }
            resolvers.push((resolver, node));
        }
        resolvers
    }

    /// Reads `assignees:`: resolvers, or `{ who: …, when: … }`.
    pub(super) fn read_assignees<'n>(
        &mut self,
        node: &'n Node,
        findings: &mut Findings,
    ) -> Vec<ReadAssignee<'n>> {
        const KEYS: Keys = Keys {
            known: &["who", "when"],
            later: &["required"],
        };
        let nodes = read::list(node, findings).unwrap_or_default();
        if nodes.is_empty() {
            findings.push(Diagnostic::error("W006", "expected-some", node.at));
        }
        let mut read: Vec<ReadAssignee<'n>> = Vec::new();
        for node in nodes {
            let is_conditional = match &node.value {
                Value::Map(pairs) => pairs.iter().any(|(key, _)| key.name == "who"),
                Value::Scalar(_) | Value::List(_) => false,
            };
            let (who, when) = if is_conditional {
                let Some(fields) = Fields::open(node, KEYS, findings) else {
                    continue;
                };
                let scope = Scope::of(self.kind, self.vocabulary);
                let when = fields
                    .get("when")
                    .map(|node| (compile(node, &scope, findings), node));
                (fields.get("who"), when)
            } else {
                (Some(node), None)
            };
            let Some(resolver) = who.and_then(|node| self.read_one(node, findings)) else {
                continue;
            };
            if read.iter().any(|other| other.resolver == resolver) {
                findings.push(Diagnostic::error("W201", "assignee-twice", node.at));
                continue;
            }
            let (when, when_node) = when.unzip();
            read.push(ReadAssignee {
                resolver,
                node,
                when: when.flatten(),
                when_node,
            });
        }
        read
    }

    /// A participant by name, or a resolver.
    pub(super) fn read_one(&mut self, node: &Node, findings: &mut Findings) -> Option<Resolver> {
        match &node.value {
            Value::Scalar(scalar) => self.participant(&scalar.text, node, findings),
            Value::List(_) | Value::Map(_) => self.read_resolver(node, findings),
        }
    }

    fn participant(
        &mut self,
        name: &str,
        node: &Node,
        findings: &mut Findings,
    ) -> Option<Resolver> {
        let found = self.participants.get(name);
        if found.is_none() {
            findings.push(
                Diagnostic::error("W201", "unknown-participant", node.at)
                    .arg("name", name)
                    .suggest(name, self.participants.keys().map(String::as_str)),
            );
        }
        self.used.insert(name.to_owned());
        found.cloned().flatten()
    }

    /// A resolver, perhaps with a choice of one of those whom it finds.
    fn read_resolver(&mut self, node: &Node, findings: &mut Findings) -> Option<Resolver> {
        let fields = Fields::open(node, RESOLVER_KEYS, findings)?;
        let can = self
            .means
            .admits(Ability::Pools, &fields, &["pick"], findings);
        let resolver = self.read_plain(node, fields, findings)?;
        let resolver = self.but_some(resolver, fields, findings)?;
        let Some(pick) = fields.get("pick").filter(|_| can) else {
            return Some(resolver);
        };
        if resolver.people_max().is_some() {
            findings.push(Diagnostic::error("W125", "pick-of-one", pick.at));
        }
        let pick = match read::word(pick, &PICKS, findings)? {
            "pool" => Pick::Pool,
            "least_loaded" => Pick::LeastLoaded,
            "round_robin" => Pick::RoundRobin,
            _ => return Some(resolver),
        };
        let of = Box::new(resolver);
        Some(Resolver::One { pick, of })
    }

    /// Leaves out whom `except:` names. Of one person there is nobody to leave out.
    fn but_some(
        &mut self,
        of: Resolver,
        fields: Fields<'_>,
        findings: &mut Findings,
    ) -> Option<Resolver> {
        let Some(node) = fields.get("except") else {
            return Some(of);
        };
        if of.people_max().is_some() {
            findings.push(Diagnostic::error("W125", "except-of-one", node.at));
        }
        let nodes = read::list(node, findings)?;
        if nodes.is_empty() {
            findings.push(Diagnostic::error("W006", "expected-some", node.at));
        }
        let mut who = Vec::new();
        for node in nodes {
            let left_out = match &node.value {
                Value::Scalar(scalar) => self.participant(&scalar.text, node, findings),
                Value::List(_) | Value::Map(_) => self.read_resolver(node, findings),
            }?;
            if matches!(left_out, Resolver::Contact(_) | Resolver::One { .. }) {
                findings.push(Diagnostic::error("W125", "except-whom", node.at));
            }
            if left_out == of {
                findings.push(Diagnostic::error("W310", "except-everybody", node.at));
            }
            who.push(left_out);
        }
        let of = Box::new(of);
        Some(Resolver::Except { of, who })
    }

    fn read_plain(
        &self,
        node: &Node,
        fields: Fields<'_>,
        findings: &mut Findings,
    ) -> Option<Resolver> {
        let main: Vec<&str> = fields
            .pairs()
            .iter()
            .map(|(key, _)| key.name.as_str())
            .filter(|name| RESOLVER_KEYS.known.contains(name))
            .filter(|name| *name != "department" || fields.get("role").is_none())
            .filter(|name| !BESIDE.contains(name))
            .collect();
        let [main] = main.as_slice() else {
            // A later key was reported already; then one main key may rightly be missing.
            if fields
                .pairs()
                .iter()
                .all(|(key, _)| RESOLVER_KEYS.known.contains(&key.name.as_str()))
            {
                findings.push(Diagnostic::error("W006", "one-resolver", node.at));
            }
            return None;
        };
        let value = fields.get(main)?;
        check_beside(main, fields, findings);
        match *main {
            "user" => {
                let login = read::text(value, findings)?;
                let proper = !login.is_empty() && login.chars().count() <= LOGIN_CHARS_MAX;
                if !proper {
                    findings.push(Diagnostic::error("W101", "bad-id", value.at).arg("id", login));
                }
                proper.then(|| Resolver::Login(login.to_owned()))
            }
            "role" => self.by_role(value, fields, findings),
            "group" => {
                let groups = self.vocabulary.groups();
                known_word(value, "unknown-group", groups.keys(), findings).map(Resolver::Group)
            }
            "signatory" => self.signatory(value, findings),
            "department" => self.department(value, findings).map(Resolver::Department),
            "head_of" => self.department(value, findings).map(Resolver::HeadOf),
            "manager_of" => {
                read::word(value, &["initiator"], findings)?;
                let level = match fields.get("level") {
                    Some(node) => read::whole(node, 1..=i64::from(LEVEL_MAX), findings)?,
                    None => 1,
                };
                let level = u8::try_from(level).ok()?;
                Some(Resolver::ManagerOfInitiator { level })
            }
            "field" => self
                .field(value, FieldType::Person, findings)
                .map(Resolver::Field),
            _ => self
                .field(value, FieldType::Contact, findings)
                .map(Resolver::Contact),
        }
    }

    /// A role, perhaps in a department, perhaps for one of our entities.
    fn by_role(
        &self,
        value: &Node,
        fields: Fields<'_>,
        findings: &mut Findings,
    ) -> Option<Resolver> {
        let role = self.role(value, findings)?;
        let department = match fields.get("department") {
            Some(node) => Some(self.department(node, findings)?),
            None => None,
        };
        let Some(node) = fields.get("entity") else {
            return Some(Resolver::Role { role, department });
        };
        let entity = self.entity(node, findings)?;
        Some(Resolver::RoleFor {
            role,
            department,
            entity,
        })
    }

    /// A role of the vocabulary.
    pub(super) fn role(&self, node: &Node, findings: &mut Findings) -> Option<String> {
        known_word(
            node,
            "unknown-role",
            self.vocabulary.roles().keys(),
            findings,
        )
    }

    fn department(&self, node: &Node, findings: &mut Findings) -> Option<DepartmentRef> {
        let written = read::text(node, findings)?;
        if written.starts_with("doc.") {
            return self
                .field(node, FieldType::Department, findings)
                .map(DepartmentRef::Field);
        }
        if written == "initiator" {
            return Some(DepartmentRef::Initiator);
        }
        read::id(node, findings).map(DepartmentRef::Key)
    }

    /// What the cards of its documents hold.
    pub(super) const fn kind(&self) -> &'a Kind {
        self.kind
    }

    /// `doc.<field>` of the wanted type.
    pub(super) fn field(
        &self,
        node: &Node,
        wanted: FieldType,
        findings: &mut Findings,
    ) -> Option<String> {
        let written = read::text(node, findings)?;
        let Some(name) = written.strip_prefix("doc.") else {
            findings
                .push(Diagnostic::error("W203", "expected-field", node.at).arg("text", written));
            return None;
        };
        let Some(field) = self.kind.field(name) else {
            let names = self.kind.fields().iter().map(|field| field.name.as_str());
            findings.push(
                Diagnostic::error("W203", "unknown-field", node.at)
                    .arg("name", name)
                    .arg("kind", self.kind.id())
                    .suggest(name, names),
            );
            return None;
        };
        if field.field_type != wanted {
            findings.push(
                Diagnostic::error("W204", "field-of-other-type", node.at)
                    .arg("name", name)
                    .arg("expected", type_name(wanted))
                    .arg("found", type_name(field.field_type)),
            );
            return None;
        }
        Some(name.to_owned())
    }
}

fn known_word<'k>(
    node: &Node,
    key: &'static str,
    known: impl Iterator<Item = &'k String> + Clone,
    findings: &mut Findings,
) -> Option<String> {
    known_or(node, known, findings, || {
        Diagnostic::error("W201", key, node.at)
    })
}

impl Resolver {
    /// How many people it names at most, where the file alone says so.
    pub(super) const fn people_max(&self) -> Option<u32> {
        match self {
            Self::Login(_)
            | Self::HeadOf(_)
            | Self::ManagerOfInitiator { .. }
            | Self::Field(_)
            | Self::Contact(_)
            | Self::One { .. } => Some(1),
            Self::Role { .. }
            | Self::RoleFor { .. }
            | Self::Signatory { .. }
            | Self::Group(_)
            | Self::Department(_)
            | Self::Except { .. } => None,
        }
    }

    /// The fields of the card that it reads.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.field().into_iter().collect();
        match self {
            Self::Except { who, .. } => all.extend(who.iter().flat_map(Self::fields)),
            Self::One { of, .. } => all = of.fields(),
            Self::RoleFor { entity, .. } => {
                all.retain(|name| Some(*name) != entity.field());
                all.extend(entity.field());
            }
            Self::Signatory {
                amount, currency, ..
            } => {
                all.extend(amount.as_deref());
                all.extend(currency.as_ref().and_then(Word::field));
            }
            _ => {}
        }
        all
    }

    /// The field of the card without which it finds nobody.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field(name) | Self::Contact(name) => Some(name),
            Self::One { of, .. } | Self::Except { of, .. } => of.field(),
            Self::Signatory { entity, .. } => entity.field(),
            Self::RoleFor {
                department: Some(DepartmentRef::Field(name)),
                ..
            } => Some(name),
            Self::RoleFor { entity, .. } => entity.field(),
            Self::Role {
                department: Some(DepartmentRef::Field(name)),
                ..
            }
            | Self::Department(DepartmentRef::Field(name))
            | Self::HeadOf(DepartmentRef::Field(name)) => Some(name),
            _ => None,
        }
    }
}

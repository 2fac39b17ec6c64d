//! Who is asked: performers, candidates and lanes, as far as the house knows them.

use chancery_types::{FieldType, Localized};
use chancery_xml::Element;

use super::Known;
use super::source::{BPMN, Model, Node, Tag};
use crate::yaml::Tree;

/// Where engines write who is asked: attributes of their own on a task.
pub(super) const VENDORS: [&str; 3] = [
    "http://camunda.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
];
/// Where Camunda 8 does: elements.
pub(super) const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";

/// The most people and groups that one task names; what comes after them is not known.
const CLAIMS_MAX: usize = 100;

/// Whom a task names.
#[derive(Debug, Default)]
pub(super) struct Performers {
    /// Those whom the house knows, as resolvers.
    pub(super) found: Vec<Tree>,
    /// Those whom it does not, as written.
    pub(super) unknown: Vec<String>,
    /// Whether one of several is enough.
    pub(super) is_any: bool,
    /// Whether the initiator is named: who never decides.
    pub(super) initiator: bool,
}

/// One name with what it is of.
enum Claim {
    Person(String),
    Group(String),
    Lane(String),
}

/// The value of an engine's own attribute.
pub(super) fn vendor<'d>(element: Element<'d>, local: &str) -> Option<&'d str> {
    let mut attributes = element.attributes();
    let found = attributes.find(|one| one.local == local && VENDORS.contains(&one.namespace));
    found
        .map(|one| one.value.trim())
        .filter(|text| !text.is_empty())
}

/// An element of Camunda 8 beside a task, and one of its attributes.
pub(super) fn zeebe<'d>(element: Element<'d>, local: &str, name: &str) -> Option<&'d str> {
    let extensions = element.child(BPMN, "extensionElements")?;
    let value = extensions.child(ZEEBE, local)?.attribute(name)?;
    Some(value.trim()).filter(|text| !text.is_empty())
}

/// Whether a task is the initiator's.
pub(super) fn is_initiator(model: &Model<'_>, node: &Node<'_>) -> bool {
    let claims = claims(model, node);
    let is = |claim: &Claim| match claim {
        Claim::Person(text) => names_initiator(model, text),
        Claim::Lane(name) => is_initiators(model, name),
        Claim::Group(_) => false,
    };
    node.own.is_none() && !claims.is_empty() && claims.iter().all(is)
}

/// Whom a task names, by what the house knows.
pub(super) fn performers(model: &Model<'_>, node: &Node<'_>, known: &Known<'_>) -> Performers {
    let mut all = Performers::default();
    let claims = claims(model, node);
    all.is_any = claims.len() > 1;
    for claim in claims {
        match claim {
            Claim::Person(text) if names_initiator(model, &text) => all.initiator = true,
            Claim::Lane(name) if is_initiators(model, &name) => all.initiator = true,
            Claim::Person(text) => match person(&text, known) {
                Some(tree) => push(&mut all.found, tree),
                None => all.unknown.push(text),
            },
            Claim::Group(text) | Claim::Lane(text) => {
                all.is_any = true;
                match several(&text, known) {
                    Some(tree) => push(&mut all.found, tree),
                    None => all.unknown.push(text),
                }
            }
        }
    }
    all
}

fn push(found: &mut Vec<Tree>, tree: Tree) {
    if !found.contains(&tree) {
        found.push(tree);
    }
}

/// Everybody whom a task names; where it names nobody, its lane.
fn claims(model: &Model<'_>, node: &Node<'_>) -> Vec<Claim> {
    let element = node.element;
    let mut claims = Vec::new();
    let either = |local: &str| {
        vendor(element, local).or_else(|| zeebe(element, "assignmentDefinition", local))
    };
    claims.extend(either("assignee").map(|text| Claim::Person(unquoted(text))));
    let users = either("candidateUsers").map(listed).unwrap_or_default();
    claims.extend(users.into_iter().map(Claim::Person));
    let groups = either("candidateGroups").map(listed).unwrap_or_default();
    claims.extend(groups.into_iter().map(Claim::Group));
    for (local, is_person) in [
        ("humanPerformer", true),
        ("performer", true),
        ("potentialOwner", false),
    ] {
        for role in element.named(BPMN, local).take(CLAIMS_MAX) {
            claims.extend(resource(model, role, is_person));
        }
    }
    if claims.len() > CLAIMS_MAX {
        claims.truncate(CLAIMS_MAX);
        claims.push(Claim::Group("…".to_owned()));
    }
    if claims.is_empty() {
        let lane = model.lanes.get(node.id);
        let name = lane.and_then(|lane| lane.attribute("name"));
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        claims.extend(name.map(|name| Claim::Lane(name.to_owned())));
    }
    claims
}

/// What a role of BPMN itself names: an expression, or a resource of the file.
fn resource(model: &Model<'_>, role: Element<'_>, is_person: bool) -> Vec<Claim> {
    let expression = role
        .child(BPMN, "resourceAssignmentExpression")
        .and_then(|one| {
            one.child(BPMN, "formalExpression")
                .or_else(|| one.child(BPMN, "expression"))
        });
    if let Some(expression) = expression {
        let names = listed(&expression.text());
        return names
            .into_iter()
            .map(|name| typed(name, is_person))
            .collect();
    }
    let Some(named) = role.child(BPMN, "resourceRef").map(Element::text) else {
        return Vec::new();
    };
    let id = named.trim().rsplit(':').next().unwrap_or("");
    let name = model.resources.get(id).copied().unwrap_or(id);
    vec![Claim::Group(name.to_owned())]
}

/// `user(irina)` and `group(legal)` of Activiti; else as the role says.
fn typed(name: String, is_person: bool) -> Claim {
    let inner = |kind: &str| {
        let rest = name.strip_prefix(kind)?.trim_start().strip_prefix('(')?;
        Some(rest.strip_suffix(')')?.trim().to_owned())
    };
    match (inner("user"), inner("group")) {
        (Some(login), _) => Claim::Person(login),
        (None, Some(group)) => Claim::Group(group),
        (None, None) if is_person => Claim::Person(name),
        (None, None) => Claim::Group(name),
    }
}

/// `a, b`, or the list of texts `=["a", "b"]` of FEEL. An expression stays whole.
fn listed(text: &str) -> Vec<String> {
    let text = text.trim();
    if let Some(list) = text.strip_prefix('=') {
        let list = list.trim();
        let inner = list
            .strip_prefix('[')
            .and_then(|list| list.strip_suffix(']'));
        let parts: Vec<&str> = inner.unwrap_or(list).split(',').map(str::trim).collect();
        let texts: Option<Vec<String>> = parts.into_iter().map(quoted).collect();
        return texts.unwrap_or_else(|| vec![text.to_owned()]);
    }
    if is_expression(text) {
        return vec![text.to_owned()];
    }
    let parts = text.split(',').map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"') && !inner.is_empty()).then(|| inner.to_owned())
}

/// The text `="irina"` of FEEL without its marks.
fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('=').and_then(|text| quoted(text.trim()));
    inner.unwrap_or_else(|| text.to_owned())
}

/// Whether an engine would compute it.
pub(super) fn is_expression(text: &str) -> bool {
    text.starts_with('=') || text.contains("${") || text.contains("#{")
}

/// What stands in the braces of an expression, or after its sign.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    let braced = ["${", "#{"].iter().find_map(|mark| {
        let inner = text.strip_prefix(mark)?.strip_suffix('}')?;
        (!inner.contains(['{', '}'])).then_some(inner)
    });
    let text = braced.or_else(|| text.strip_prefix('=')).unwrap_or(text);
    text.trim()
}

fn is_initiators(model: &Model<'_>, name: &str) -> bool {
    model.words.initiators.contains(&name.trim().to_lowercase())
}

/// Whether an expression is the initiator: by the name that the start gives them, or a usual one.
fn names_initiator(model: &Model<'_>, text: &str) -> bool {
    if !is_expression(text) {
        return false;
    }
    let name = bare(text);
    let starts = model.nodes.iter().filter(|node| node.tag == Tag::Start);
    let mut given = starts.filter_map(|node| vendor(node.element, "initiator"));
    is_initiators(model, name) || given.any(|given| given == name)
}

/// A person: a login, or who is in a field of the card.
fn person(text: &str, known: &Known<'_>) -> Option<Tree> {
    if is_expression(text) {
        let name = bare(text);
        let name = name.strip_prefix("doc.").unwrap_or(name);
        let field = known.kind?.field(name)?;
        let is_person = field.field_type == FieldType::Person;
        return is_person.then(|| Tree::map([("field", Tree::word(format!("doc.{name}")))]));
    }
    let mark = |c: char| matches!(c, '.' | '_' | '-' | '@');
    let is_login = text.chars().count() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || mark(c));
    is_login.then(|| Tree::map([("user", Tree::word(text))]))
}

/// People by a word of the vocabulary: its key, or its title in either language.
fn several(text: &str, known: &Known<'_>) -> Option<Tree> {
    if is_expression(text) {
        return None;
    }
    let wanted = text.trim().to_lowercase();
    let find = |all: &std::collections::BTreeMap<String, Localized>| {
        let is = |title: &Option<String>| {
            let title = title.as_deref().map(str::to_lowercase);
            title.as_deref() == Some(wanted.as_str())
        };
        let mut all = all.iter();
        let found = all.find(|(key, title)| **key == wanted || is(&title.ru) || is(&title.en));
        found.map(|(key, _)| key.clone())
    };
    let vocabulary = known.vocabulary;
    match (find(vocabulary.roles()), find(vocabulary.groups())) {
        (Some(role), None) => Some(Tree::map([("role", Tree::word(role))])),
        (None, Some(group)) => Some(Tree::map([("group", Tree::word(group))])),
        // Two words of the house with one title: whoever knows which is meant says so.
        _ => None,
    }
}

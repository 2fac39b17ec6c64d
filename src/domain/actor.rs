//! Who is doing something: in an organisation, in a language, from somewhere.

use chancery_types::Locale;
use chancery_types::id::{ContactId, DepartmentId, LinkId, OrganisationId, PersonId};
use uuid::Uuid;

/// Who acts. Made by `web` from a session, a token or a link, and by `jobs` and `cli` for
/// themselves.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The organisation whose rows the actor may touch.
    pub organisation: OrganisationId,
    /// Who it is.
    pub who: Who,
    /// The language to answer in.
    pub locale: Locale,
    /// Where from.
    pub origin: Origin,
}

/// Where a request came from, for the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address, as text.
    pub address: Option<String>,
    /// The request's identifier, the one in the log lines.
    pub request_id: Option<String>,
    /// What the browser calls itself, cut to 200 bytes.
    pub agent: Option<String>,
    /// The key under which the request may be repeated, if it came with one.
    pub repeat: Option<RepeatKey>,
}

/// The `Idempotency-Key` of a request, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatKey {
    /// The person who is logged in, the token, or the visit through a link.
    pub owner: Uuid,
    /// What the caller drew.
    pub key: String,
    /// When this request began, in microseconds since the epoch: tells it from a later one that
    /// took an abandoned key over.
    pub begun_at: i64,
}

/// The kinds of actors.
#[derive(Clone, Debug)]
pub enum Who {
    /// A person of the organisation.
    Person(PersonActor),
    /// A counterparty's person, through a verified link.
    Contact(ContactActor),
    /// A job or a timer.
    System,
    /// A command on the server's own machine.
    Operator,
}

/// A person who is logged in, or whose token was given.
#[derive(Clone, Debug)]
pub struct PersonActor {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their own department.
    pub department: Option<DepartmentId>,
    /// Their roles, some within one department.
    pub roles: Vec<(String, Option<DepartmentId>)>,
    /// Departments they head.
    pub heads: Vec<DepartmentId>,
    /// What a token is limited to; `None` for a session.
    pub scopes: Option<Vec<String>>,
    /// The token, if it is not a session.
    pub token: Option<Uuid>,
}

/// A counterparty's person with a link.
#[derive(Clone, Debug)]
pub struct ContactActor {
    /// The contact.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// The link they came through.
    pub link: LinkId,
    /// The visit that the cookie stands for.
    pub visit: Uuid,
    /// Whether the mailed code was given in this visit.
    pub verified: bool,
}

impl Actor {
    /// The system itself, in `organisation`.
    #[must_use]
    pub fn system(organisation: OrganisationId) -> Self {
        Self {
            organisation,
            who: Who::System,
            locale: Locale::default(),
            origin: Origin::default(),
        }
    }

    /// A command on the server's own machine, in `organisation`.
    #[must_use]
    pub fn operator(organisation: OrganisationId, locale: Locale) -> Self {
        Self {
            organisation,
            who: Who::Operator,
            locale,
            origin: Origin::default(),
        }
    }

    /// The same, for a transaction that is not the last of its request: only the last one marks
    /// the request as done.
    #[must_use]
    pub fn midway(&self) -> Self {
        let mut actor = self.clone();
        actor.origin.repeat = None;
        actor
    }

    /// The person, if it is one.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonActor> {
        match &self.who {
            Who::Person(person) => Some(person),
            Who::Contact(_) | Who::System | Who::Operator => None,
        }
    }

    /// Whether it is a person with `role` (in any department).
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.person()
            .is_some_and(|person| person.roles.iter().any(|(held, _)| held == role))
    }

    /// The kind, identifier and name for the audit log.
    #[must_use]
    pub fn for_audit(&self) -> (&'static str, Option<Uuid>, String) {
        match &self.who {
            Who::Person(person) => ("person", Some(person.id.uuid()), person.name.clone()),
            Who::Contact(contact) => ("contact", Some(contact.id.uuid()), contact.name.clone()),
            Who::System => ("system", None, "system".to_owned()),
            Who::Operator => ("operator", None, "operator".to_owned()),
        }
    }
}

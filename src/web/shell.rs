//! The frame of every page: whose it is, in which language, and what stands around the content.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use chancery_types::id::PersonId;
use chancery_types::{Instant, Locale};

use super::assets;
use super::edge::RequestFacts;
use super::flash::{self, Flash};
use super::i18n::{self, Formats, Value};
use crate::app::sessions::LoggedIn;
use crate::domain::access::{self, Action, Decision, Resource};

/// The frame of one page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Language and time zone.
    pub formats: Formats,
    /// The present moment, for relative times.
    pub now: Instant,
    /// What every form carries.
    pub csrf_token: String,
    /// The page's own path and query, to come back to after the language was switched.
    pub path: String,
    /// The reader's organisation; empty for outsiders.
    pub organisation_name: String,
    /// The reader; `None` for outsiders.
    pub reader: Option<ReaderBadge>,
    /// How many tasks wait for the reader.
    pub open_tasks: u64,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// What the last action left to say.
    pub flash: Option<Flash>,
    /// The cookie that a new visitor is given with this page.
    pub visitor_cookie: Option<Cookie<'static>>,
}

/// The reader, as the frame shows and needs them.
#[derive(Clone, Debug)]
pub struct ReaderBadge {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Whether the menu offers people and mail.
    pub is_administrator: bool,
    /// Whether the menu offers the audit log.
    pub sees_audit_log: bool,
    /// Whether the menu offers journals.
    pub sees_journals: bool,
    /// Whether the menu offers the list of stored signatures.
    pub sees_signatures: bool,
    /// Whether pages offer to make a document.
    pub creates_documents: bool,
    /// Whether pages offer to write a counterparty down or change one.
    pub manages_counterparties: bool,
}

impl ReaderBadge {
    /// The first letters of the first two words of the name.
    #[must_use]
    pub fn initials(&self) -> String {
        let words = self.name.split_whitespace().take(2);
        words.filter_map(|word| word.chars().next()).collect()
    }
}

impl Shell {
    /// The frame for an outsider.
    #[must_use]
    pub fn plain(facts: &RequestFacts, csrf_token: String) -> Self {
        Self {
            formats: Formats::new(facts.locale, "UTC"),
            now: facts.at,
            csrf_token,
            path: facts.path_and_query.clone(),
            organisation_name: String::new(),
            reader: None,
            open_tasks: 0,
            theme: "system".to_owned(),
            flash: None,
            visitor_cookie: None,
        }
    }

    /// The frame for a person.
    #[must_use]
    pub fn of_person(
        request: &HttpRequest,
        facts: &RequestFacts,
        logged_in: &LoggedIn,
        open_tasks: u64,
    ) -> Self {
        let actor = &logged_in.actor;
        let whole = Resource::Organisation(actor.organisation);
        let may = |action| access::decide(actor, action, &whole) == Decision::Allowed;
        let mut shell = Self::plain(facts, logged_in.csrf_token.clone());
        shell.formats = Formats::new(actor.locale, &logged_in.reader.time_zone);
        shell
            .organisation_name
            .clone_from(&logged_in.reader.organisation_name);
        shell.theme.clone_from(&logged_in.reader.theme);
        shell.open_tasks = open_tasks;
        shell.reader = actor.person().map(|person| ReaderBadge {
            id: person.id,
            name: person.name.clone(),
            is_administrator: may(Action::ManageOrganisation),
            sees_audit_log: may(Action::SeeAuditLog),
            sees_journals: may(Action::SeeJournals),
            sees_signatures: may(Action::SeeSignatures),
            creates_documents: may(Action::CreateDocument),
            manages_counterparties: may(Action::ManageCounterparties),
        });
        shell.read_flash(request);
        shell
    }

    /// Sets language and time zone where they are not a person's own: a link's reader.
    pub fn set_reader_place(&mut self, locale: Locale, zone: &str) {
        self.formats = Formats::new(locale, zone);
    }

    /// Takes what the last action left to say out of its cookie.
    pub fn read_flash(&mut self, request: &HttpRequest) {
        self.flash = flash::read(request, self.locale());
    }

    /// The language.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.formats.locale
    }

    /// Its code, for `lang`.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.formats.locale.code()
    }

    /// A text.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        i18n::t(self.formats.locale, key, &[])
    }

    /// A text with one value.
    #[must_use]
    pub fn t1<'a>(&self, key: &str, name: &str, value: impl Into<Value<'a>>) -> String {
        i18n::t(self.formats.locale, key, &[(name, value.into())])
    }

    /// A text with two values.
    #[must_use]
    pub fn t2<'a>(
        &self,
        key: &str,
        first: &str,
        first_value: impl Into<Value<'a>>,
        second: &str,
        second_value: impl Into<Value<'a>>,
    ) -> String {
        let args = [(first, first_value.into()), (second, second_value.into())];
        i18n::t(self.formats.locale, key, &args)
    }

    /// The address of an asset, with its content's digest in it.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Whether the page stands under `section` of the menu.
    #[must_use]
    pub fn is_in(&self, section: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or("");
        path == section
            || path
                .strip_prefix(section)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether the reader may make documents.
    #[must_use]
    pub fn creates_documents(&self) -> bool {
        self.reader
            .as_ref()
            .is_some_and(|reader| reader.creates_documents)
    }

    /// Whether the reader may see by which templates documents are started.
    #[must_use]
    pub fn sees_templates(&self) -> bool {
        self.creates_documents() || self.is_administrator()
    }

    /// Whether the reader may change counterparties.
    #[must_use]
    pub fn manages_counterparties(&self) -> bool {
        self.reader
            .as_ref()
            .is_some_and(|reader| reader.manages_counterparties)
    }

    /// Whether this is the reader.
    #[must_use]
    pub fn is_reader(&self, person: &PersonId) -> bool {
        self.reader
            .as_ref()
            .is_some_and(|reader| reader.id == *person)
    }

    /// Whether the reader is an administrator.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.reader
            .as_ref()
            .is_some_and(|reader| reader.is_administrator)
    }
}

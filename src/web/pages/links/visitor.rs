//! Who comes through a link: the visit its cookie stands for, and the frame of its pages.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chancery_types::Locale;

use crate::app::AppError;
use crate::app::links::visit::{Entered, LinkState, Visit};
use crate::domain::actor::Actor;
use crate::web::edge::{LANGUAGE_COOKIE, LINK_LANGUAGE_COOKIE, RequestFacts, VISIT};
use crate::web::session::{app_and_facts, cookie_name};
use crate::web::{Answer, Outsider, Problem, Shell, present};

/// A visitor with a link, perhaps not verified yet.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The visit.
    pub visit: Visit,
    /// The visitor as an actor.
    pub actor: Actor,
    /// The frame of their pages.
    pub shell: Shell,
}

impl Visitor {
    /// Whether the link works and only the code from the mailbox stands between.
    #[must_use]
    pub fn must_verify(&self) -> bool {
        self.visit.link_state == LinkState::Active && self.visit.visit.verified_at.is_none()
    }

    /// The title of the document that the link is about.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.visit.subject.document.title
    }

    /// To the code, and from there on to `then`.
    ///
    /// # Errors
    ///
    /// Never; the type is that of handlers.
    pub fn to_code(&self, then: &str) -> Answer {
        let page = format!("/s/document?then={then}");
        present::see_other(&page, "flash-code-first", &[])
    }
}

/// The cookie of a visit: `__Host-` behind TLS, unreadable for scripts.
#[must_use]
pub fn visit_cookie(
    request: &HttpRequest,
    facts: &RequestFacts,
    entered: &Entered,
) -> Cookie<'static> {
    Cookie::build(cookie_name(request, VISIT), entered.cookie_secret.clone())
        .path("/")
        .http_only(true)
        .secure(facts.is_secure)
        // Strict would lose it on the way from a mail program's own browser.
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(
            entered.expires_at.seconds_since(facts.at),
        ))
        .finish()
}

/// How long the language of a letter is remembered, in days: longer than links live.
const LANGUAGE_DAYS: i64 = 180;

/// The cookie of the language that the reader was invited in, for the pages of links alone.
#[must_use]
pub fn language_cookie(facts: &RequestFacts, locale: Locale) -> Cookie<'static> {
    Cookie::build(LINK_LANGUAGE_COOKIE, locale.code())
        .path("/s")
        .http_only(true)
        .secure(facts.is_secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(LANGUAGE_DAYS))
        .finish()
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let outsider = Outsider::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let (app, facts) = app_and_facts(&request)?;
            let ended = || AppError::refused("link-visit-ended");
            let cookie = request
                .cookie(&cookie_name(&request, VISIT))
                .ok_or_else(ended)?;
            let found = app.find_visit(cookie.value()).await;
            let visit = match found {
                Err(AppError::Unauthenticated) => {
                    let why = app.why_visit_ended(cookie.value(), facts.locale).await?;
                    let revoked = |args| AppError::Refused {
                        code: "link-revoked",
                        args,
                    };
                    return Err(why.map_or_else(ended, revoked).into());
                }
                found => found?,
            };
            // The reader's own choice first, then what their inviter stated.
            let locale: Locale = match request.cookie(LANGUAGE_COOKIE) {
                Some(_) => facts.locale,
                None => visit.subject.locale(),
            };
            let actor = visit.actor(facts.origin(), locale);
            let mut shell = outsider.await?.shell;
            shell.set_reader_place(locale, &visit.subject.organisation.time_zone);
            shell
                .organisation_name
                .clone_from(&visit.subject.organisation.name);
            shell.read_flash(&request);
            Ok(Self {
                visit,
                actor,
                shell,
            })
        })
    }
}

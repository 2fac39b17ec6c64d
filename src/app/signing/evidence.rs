//! What is known about the moment of signing, kept beside the signature: who came how, what they
//! were shown and what they agreed to. It says plainly what was proven and what was not.

use chancery_types::Instant;
use sea_orm::QueryOrder as _;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::consent::list_consents;
use super::seat::SigningSeat;
use super::shown::{WHOLE_FILE, viewer_of};
use crate::app::AppError;
use crate::app::links::said_read::SaidRead;
use crate::domain::actor::{Actor, Who};
use crate::store;
use crate::store::entity::{link_codes, link_visits, shown_pages};
use crate::store::pages::PageImage;

/// The form of the object below, for readers in ten years.
pub const EVIDENCE_FORM: &str = "chancery-evidence/1";

/// Where the signer's key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the signer's browser; it never left it.
    Browser,
    /// On the server, for this one signature, and forgotten.
    Server,
    /// Elsewhere: its holder signs with a certificate that is not ours.
    Outside,
}

impl KeyPlace {
    /// As the row keeps it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Server => "server",
            Self::Outside => "outside",
        }
    }
}

/// Gathers the evidence for a signature that is being prepared.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn gather(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    seat: &SigningSeat,
    key_place: KeyPlace,
) -> Result<Value, AppError> {
    let consents = list_consents(connection, seat).await?;
    let consents: Vec<Value> = consents
        .iter()
        .map(|row| {
            json!({
                "kind": row.kind,
                "text_sha256": row.text_digest,
                "locale": row.locale,
                "given_at": Instant::from_micros(row.given_at),
            })
        })
        .collect();
    let attachments: Vec<Value> = seat
        .attachments
        .iter()
        .map(|row| json!({ "name": row.name, "sha256": row.digest }))
        .collect();
    let drawn = drawn_pages(connection, seat).await?;
    let shown = served(connection, actor, seat).await?;
    Ok(json!({
        "form": EVIDENCE_FORM,
        "signer": {
            "name": seat.signer.name,
            "organisation": seat.signer.organisation_name,
            "email": seat.signer.email,
            "identity": identity(actor),
            // Nobody for whoever the sender named: then who named them instead of themselves.
            "named_by": named_by(connection, seat).await?,
        },
        "key_made_in": key_place.code(),
        "origin": { "address": actor.origin.address, "agent": actor.origin.agent },
        "way_in": way_in(connection, actor, seat).await?,
        "consents": consents,
        "shown": {
            "version_number": seat.version.number,
            "version_digest": seat.version.digest,
            "main_sha256": seat.version.main_digest,
            "attachments": attachments,
            // Served as images in this visit, or to this person while they were asked to sign.
            "pages": told_pages(&shown, &drawn),
            // The file itself, for a program of the signer's own.
            "file_given_at": file_given_at(&shown),
        },
        // Drawn and ready, whether or not anybody looked.
        "available": { "pages": available_pages(&drawn) },
    }))
}

/// What is proven about who the signer is. No more than this is ever claimed.
const fn identity(actor: &Actor) -> &'static str {
    match actor.who {
        Who::Contact(_) => "mailbox control only",
        Who::Person(_) => "login to this service",
        Who::System | Who::Operator => "none",
    }
}

/// Whoever was asked to sign before, and named this signer instead.
async fn named_by(
    connection: &impl ConnectionTrait,
    seat: &SigningSeat,
) -> Result<Option<Value>, AppError> {
    let Some(link) = &seat.link else {
        return Ok(None);
    };
    let before = store::links::find_before(connection, link).await?;
    let before = before.filter(|one| one.state == "handed_over");
    Ok(before.map(|one| json!({ "name": one.contact_name, "email": one.contact_email })))
}

async fn way_in(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    seat: &SigningSeat,
) -> Result<Value, AppError> {
    let (Who::Contact(contact), Some(link)) = (&actor.who, &seat.link) else {
        return Ok(match actor.person() {
            Some(person) if person.scopes.is_some() => {
                json!({ "by": "token", "token": { "id": person.token } })
            }
            _ => json!({ "by": "session" }),
        });
    };
    let visit = link_visits::Entity::find_by_id(contact.visit)
        .one(connection)
        .await?;
    let code = link_codes::Entity::find()
        .filter(link_codes::Column::LinkId.eq(link.id))
        .filter(link_codes::Column::UsedAt.is_not_null())
        .order_by_desc(link_codes::Column::UsedAt)
        .one(connection)
        .await?;
    let moment = |at: Option<i64>| at.map(Instant::from_micros);
    Ok(json!({
        "by": "link",
        "link": {
            "id": link.id,
            "mailed_at": Instant::from_micros(link.created_at),
            "opened_at": moment(link.opened_at),
        },
        "visit": visit.map(|visit| json!({
            "began_at": Instant::from_micros(visit.created_at),
            "verified_at": moment(visit.verified_at),
            // Their own word. When each page was sent to them stands under `shown`.
            "pages_said_read": said_read(&visit.pages_read),
        })),
        "code": code.map(|code| json!({
            "sent_at": Instant::from_micros(code.sent_at),
            "given_at": moment(code.used_at),
            "tries": code.tries,
        })),
    }))
}

fn said_read(row: &str) -> Vec<Value> {
    let said = SaidRead::parse(row);
    let told = said.moments();
    told.map(|(page, at)| json!({ "page": page, "said_at": at }))
        .collect()
}

/// The page images that lie ready, by page.
async fn drawn_pages(
    connection: &impl ConnectionTrait,
    seat: &SigningSeat,
) -> Result<Vec<PageImage>, AppError> {
    let (organisation, file) = (seat.organisation.id, &seat.version.main_digest);
    Ok(store::pages::list_images(connection, organisation, file).await?)
}

fn available_pages(drawn: &[PageImage]) -> Vec<Value> {
    let told = drawn.iter().map(|row| {
        json!({ "page": row.page, "image_sha256": row.image_digest, "renderer": row.renderer })
    });
    told.collect()
}

/// What was served to the signer: page images, and the file.
async fn served(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    seat: &SigningSeat,
) -> Result<Vec<shown_pages::Model>, AppError> {
    let Some(viewer) = viewer_of(actor) else {
        return Ok(Vec::new());
    };
    let (organisation, file) = (seat.organisation.id, &seat.version.main_digest);
    Ok(store::pages::list_shown(connection, organisation, viewer, file).await?)
}

fn file_given_at(shown: &[shown_pages::Model]) -> Option<Instant> {
    let given = shown.iter().find(|row| row.page == WHOLE_FILE);
    given.map(|row| Instant::from_micros(row.shown_at))
}

fn told_pages(shown: &[shown_pages::Model], drawn: &[PageImage]) -> Vec<Value> {
    let images = shown.iter().filter(|row| row.page != WHOLE_FILE);
    let told = images.map(|row| {
        let image = drawn
            .iter()
            .find(|one| one.image_digest == row.image_digest);
        json!({
            "page": row.page,
            "image_sha256": row.image_digest,
            "renderer": image.map(|image| &image.renderer),
            "shown_at": Instant::from_micros(row.shown_at),
        })
    });
    told.collect()
}

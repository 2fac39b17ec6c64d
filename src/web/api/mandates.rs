//! `/api/v1/mandates`: the register of who may act for which of our legal entities, for
//! administrators.

use actix_web::web::{self, Data, Json, Path};
use chancery_types::id::{MandateId, PersonId};
use chancery_types::{Instant, Money};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::mandates::{MandateDraft, MandateRow};
use crate::app::{App, AppError};
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_mandates, post_mandate, post_end),
    components(schemas(MandateView, MandateBody))
)]
pub struct Api;

/// A mandate to be entered in the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MandateBody {
    /// Who may act.
    #[schema(value_type = String)]
    person_id: PersonId,
    /// For which of our entities, by the key that workflows name; for each of them without.
    entity: Option<String>,
    /// In which role; to sign without.
    role: Option<String>,
    /// Up to which amount, itself included: `RUB 500000.00`. Any without.
    limit: Option<String>,
    /// From this instant (RFC 3339).
    #[schema(value_type = String)]
    from: Instant,
    /// Until this instant; without, until it is ended.
    #[schema(value_type = Option<String>)]
    until: Option<Instant>,
    /// By what: a charter, a power of attorney with its number and date.
    basis: String,
}

/// A row of the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct MandateView {
    id: String,
    person_id: String,
    /// Their name.
    person_name: String,
    /// For which of our entities; absent for each of them.
    entity: Option<String>,
    /// In which role; absent for signing.
    role: Option<String>,
    /// Up to which amount; absent for any.
    limit: Option<String>,
    /// From when (RFC 3339).
    from: String,
    /// Until when, as it was recorded.
    until: Option<String>,
    /// When it was ended early.
    ended_at: Option<String>,
    /// By what.
    basis: String,
    /// Whether it stands now.
    stands: bool,
}

impl From<MandateRow> for MandateView {
    fn from(row: MandateRow) -> Self {
        Self {
            id: row.id.to_string(),
            person_id: row.draft.person.to_string(),
            person_name: row.name,
            entity: row.draft.entity,
            role: row.draft.role,
            limit: row.draft.limit.map(|limit| limit.to_string()),
            from: row.draft.from.to_string(),
            until: row.draft.until.map(|until| until.to_string()),
            ended_at: row.ended_at.map(|at| at.to_string()),
            basis: row.draft.basis,
            stands: row.stands,
        }
    }
}

/// The register, what was recorded last first; what has ended is in it too.
#[utoipa::path(get, path = "/api/v1/mandates", tag = "people",
    responses((status = 200, description = "All of it", body = ListBody<MandateView>)))]
async fn get_mandates(app: Data<App>, caller: PersonOnly) -> Answer {
    let found = app.list_mandates(&caller.actor).await?;
    present::json(&ListBody {
        rows: found.into_iter().map(MandateView::from).collect(),
        next: None,
    })
}

/// `RUB 500000.00`.
fn limit_of(text: &str) -> Result<Money, AppError> {
    let wrong = || AppError::invalid("limit", "mandate-limit");
    let (currency, amount) = text.split_once(' ').ok_or_else(wrong)?;
    Money::parse(amount, currency).map_err(|_| wrong())
}

/// Enters a mandate in the register.
#[utoipa::path(post, path = "/api/v1/mandates", tag = "people",
    params(("Idempotency-Key" = String, Header)),
    request_body = MandateBody,
    responses((status = 201, description = "Entered", body = ListBody<MandateView>)))]
async fn post_mandate(app: Data<App>, caller: PersonOnly, body: Json<MandateBody>) -> Answer {
    let body = body.into_inner();
    let draft = MandateDraft {
        person: body.person_id,
        entity: body.entity,
        role: body.role,
        limit: body.limit.as_deref().map(limit_of).transpose()?,
        from: body.from,
        until: body.until,
        basis: body.basis,
    };
    let recorded = app.record_mandate(&caller.actor, &draft).await?;
    let found = app.list_mandates(&caller.actor).await?;
    let own = found.into_iter().filter(|row| row.id == recorded);
    let body = ListBody {
        rows: own.map(MandateView::from).collect(),
        next: None,
    };
    present::created("/api/v1/mandates", &body)
}

/// Ends a mandate now: nobody is asked by it any more, and nobody signs by it.
#[utoipa::path(post, path = "/api/v1/mandates/{mandate}/end", tag = "people",
    params(("mandate" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 409, description = "mandate-is-over")))]
async fn post_end(app: Data<App>, caller: PersonOnly, id: Path<MandateId>) -> Answer {
    app.end_mandate(&caller.actor, *id).await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/mandates", Audience::Person, || {
        web::get().to(get_mandates)
    }),
    Route::post("/api/v1/mandates", Audience::Person, || {
        web::post().to(post_mandate)
    }),
    Route::post("/api/v1/mandates/{mandate}/end", Audience::Person, || {
        web::post().to(post_end)
    }),
];

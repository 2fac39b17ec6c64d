//! `/api/v1/people/{person}/absences`: who is away, and who stands in for them.

use std::collections::BTreeSet;

use actix_web::web::{self, Data, Json, Path};
use chancery_types::Instant;
use chancery_types::id::{AbsenceId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::absences::{AbsenceDraft, AbsenceRow, Powers};
use crate::app::{App, AppError};
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_absences, post_absence, post_end),
    components(schemas(AbsenceView, AbsenceBody))
)]
pub struct Api;

/// An absence to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceBody {
    /// From this instant (RFC 3339), a month ago at the earliest.
    #[schema(value_type = String)]
    away_from: Instant,
    /// Until this instant, at which they are back.
    #[schema(value_type = String)]
    away_until: Instant,
    /// Who stands in; nobody without.
    #[schema(value_type = Option<String>)]
    substitute: Option<PersonId>,
    /// For which kinds of documents; for all without any.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    kinds: BTreeSet<String>,
    /// What they may do: `decide` (the default), or `sign` besides.
    powers: Option<String>,
}

/// An absence that lasts or is to come.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbsenceView {
    id: String,
    person_id: String,
    /// From when (RFC 3339).
    away_from: String,
    /// When they are back.
    away_until: String,
    /// Who stands in.
    substitute: Option<String>,
    /// Their name.
    substitute_name: Option<String>,
    /// For which kinds of documents; for all if empty.
    kinds: Vec<String>,
    /// `decide` or `sign`.
    powers: &'static str,
    /// Whether it has begun.
    has_begun: bool,
}

impl From<AbsenceRow> for AbsenceView {
    fn from(row: AbsenceRow) -> Self {
        Self {
            id: row.id.to_string(),
            person_id: row.person.to_string(),
            away_from: row.draft.from.to_string(),
            away_until: row.draft.until.to_string(),
            substitute: row.draft.substitute.map(|id| id.to_string()),
            substitute_name: row.substitute_name,
            kinds: row.draft.kinds.into_iter().collect(),
            powers: row.draft.powers.code(),
            has_begun: row.has_begun,
        }
    }
}

/// Absences of a person that last or are to come, the first first.
#[utoipa::path(get, path = "/api/v1/people/{person}/absences", tag = "people",
    params(("person" = String, Path)),
    responses((status = 200, description = "All of them", body = ListBody<AbsenceView>)))]
async fn get_absences(app: Data<App>, caller: PersonOnly, id: Path<PersonId>) -> Answer {
    let found = app.list_absences(&caller.actor, *id).await?;
    present::json(&ListBody {
        rows: found.into_iter().map(AbsenceView::from).collect(),
        next: None,
    })
}

/// Records that a person is away: they themselves, or an administrator. Whoever stands in sees and
/// decides their tasks meanwhile.
#[utoipa::path(post, path = "/api/v1/people/{person}/absences", tag = "people",
    params(("person" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = AbsenceBody,
    responses((status = 201, description = "Recorded", body = ListBody<AbsenceView>),
        (status = 422, description = "People would stand in for one another in a circle, …")))]
async fn post_absence(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<PersonId>,
    body: Json<AbsenceBody>,
) -> Answer {
    let body = body.into_inner();
    let powers = body.powers.as_deref().unwrap_or(Powers::Decide.code());
    let draft = AbsenceDraft {
        from: body.away_from,
        until: body.away_until,
        substitute: body.substitute,
        kinds: body.kinds,
        powers: Powers::from_code(powers)
            .ok_or_else(|| AppError::invalid("powers", "not-a-choice"))?,
    };
    let recorded = app.record_absence(&caller.actor, *id, &draft).await?;
    let found = app.list_absences(&caller.actor, *id).await?;
    let own = found.into_iter().filter(|row| row.id == recorded);
    let body = ListBody {
        rows: own.map(AbsenceView::from).collect(),
        next: None,
    };
    present::created(&format!("/api/v1/people/{id}/absences"), &body)
}

/// Ends an absence now, or takes back one that is to come.
#[utoipa::path(post, path = "/api/v1/absences/{absence}/end", tag = "people",
    params(("absence" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 409, description = "absence-ended")))]
async fn post_end(app: Data<App>, caller: PersonOnly, id: Path<AbsenceId>) -> Answer {
    app.end_absence(&caller.actor, *id).await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/people/{person}/absences", Audience::Person, || {
        web::get().to(get_absences)
    }),
    Route::post("/api/v1/people/{person}/absences", Audience::Person, || {
        web::post().to(post_absence)
    }),
    Route::post("/api/v1/absences/{absence}/end", Audience::Person, || {
        web::post().to(post_end)
    }),
];

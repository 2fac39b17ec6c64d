//! What happened since the caller's last visit, as JSON.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json};
use chancery_types::Instant;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::documents::views::EventRow;
use crate::app::App;
use crate::app::news::DocumentNews;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_news, post_seen))]
pub struct Api;

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewsView {
    /// Since when it is told, RFC 3339: the caller's mark, or a week ago without one; never more
    /// than thirty days.
    pub since: String,
    /// Until when, RFC 3339: what to send as `until` once it is seen.
    pub until: String,
    /// Whether there are older events since then: sixty are told.
    pub has_more: bool,
    /// By document, the one with the newest event first.
    pub documents: Vec<NewsRow>,
}

/// What happened on one document.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewsRow {
    /// The document.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// What happened, newest first.
    pub events: Vec<EventRow>,
}

impl From<DocumentNews> for NewsRow {
    fn from(news: DocumentNews) -> Self {
        Self {
            id: news.id.to_string(),
            title: news.title,
            registration_number: news.registration_number,
            events: news.events.into_iter().map(EventRow::from).collect(),
        }
    }
}

/// Until when the caller has seen it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenBody {
    /// RFC 3339; now without.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub until: Option<Instant>,
}

/// What others did on documents that concern me, since I last said that I have seen it.
#[utoipa::path(get, path = "/api/v1/news", tag = "tasks",
    responses((status = 200, description = "What happened", body = NewsView)))]
async fn get_news(app: Data<App>, caller: PersonOnly) -> Answer {
    let news = app.list_news(&caller.actor).await?;
    present::json(&NewsView {
        since: news.since.to_string(),
        until: news.until.to_string(),
        has_more: news.has_more,
        documents: news.documents.into_iter().map(NewsRow::from).collect(),
    })
}

/// Say that I have seen it: the mark moves on and never back.
#[utoipa::path(post, path = "/api/v1/news/seen", tag = "tasks", request_body = SeenBody,
    responses((status = 204, description = "Kept")))]
async fn post_seen(app: Data<App>, caller: PersonOnly, body: Json<SeenBody>) -> Answer {
    app.see_news(&caller.actor, body.until).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/news", Audience::Person, || web::get().to(get_news)),
    Route::post("/api/v1/news/seen", Audience::Person, || {
        web::post().to(post_seen)
    }),
];

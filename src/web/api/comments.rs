//! The discussion on a document, as JSON.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path};
use chancery_types::Instant;
use chancery_types::id::{DocumentId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::comments::{CommentDraft, KnownComment, PlaceDraft};
use crate::app::{App, AppError};
use crate::domain::place::Place;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_comments, post_comment, post_strike))]
pub struct Api;

/// A page, or a place on it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceView {
    /// The page, from 1.
    pub page: i64,
    /// From its left edge, in ten-thousandths of its width; with `y`, or neither for the page as a
    /// whole.
    pub x: Option<i64>,
    /// From its upper edge, in ten-thousandths of its height.
    pub y: Option<i64>,
}

impl From<Place> for PlaceView {
    fn from(place: Place) -> Self {
        Self {
            page: place.page,
            x: place.at.map(|(x, _)| x),
            y: place.at.map(|(_, y)| y),
        }
    }
}

/// One comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentView {
    /// The comment.
    pub id: Uuid,
    /// Who says it.
    pub author_name: String,
    /// The version it is about: with a place the one that has it, otherwise the newest then.
    pub version_number: i64,
    /// The page, or the place on it, that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceView>,
    /// What.
    pub text: String,
    /// Whom it tells, by name.
    pub mentioned: Vec<String>,
    /// `inside`, or `counterparty` if the counterparty sees it too.
    pub audience: String,
    /// When, RFC 3339.
    pub created_at: String,
    /// When its author struck it out, RFC 3339.
    pub struck_at: Option<String>,
    /// Whether the caller may strike it out.
    pub can_strike: bool,
}

fn moment(micros: i64) -> String {
    Instant::from_micros(micros).to_string()
}

impl From<KnownComment> for CommentView {
    fn from(comment: KnownComment) -> Self {
        Self {
            id: comment.row.id,
            author_name: comment.author_name,
            version_number: comment.version_number,
            place: comment.place.map(PlaceView::from),
            text: comment.row.text,
            mentioned: comment.mentioned,
            audience: comment.row.audience,
            created_at: moment(comment.row.created_at),
            struck_at: comment.row.struck_at.map(moment),
            can_strike: comment.may_strike,
        }
    }
}

/// What to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommentBody {
    /// The words, at most 4,000 characters; `@` before a whole name or an address tells that
    /// person.
    pub text: String,
    /// Further people to tell; at most 20 with those that the text names.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub people: Vec<Uuid>,
    /// Whether the counterparty sees it too: only the initiator may choose that.
    #[serde(default)]
    pub for_counterparty: bool,
    /// The page, or the place on it, that it is about.
    pub place: Option<PlaceView>,
    /// The number of the version with that place: required with `place`.
    pub version_number: Option<i64>,
}

impl NewCommentBody {
    fn place(&self) -> Result<Option<PlaceDraft>, AppError> {
        let Some(place) = self.place else {
            return Ok(None);
        };
        let number = self.version_number;
        Ok(Some(PlaceDraft {
            version_number: number.ok_or_else(|| AppError::invalid("version_number", "empty"))?,
            place: Place {
                page: place.page,
                at: place.x.zip(place.y),
            },
        }))
    }
}

/// What was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewCommentView {
    /// The comment.
    pub id: Uuid,
}

/// The discussion on a document, oldest first: the newest 200, with the header `X-Has-More` if
/// there are older ones.
#[utoipa::path(get, path = "/api/v1/documents/{document}/comments", tag = "documents",
    params(("document" = String, Path, description = "The document")),
    responses((status = 200, description = "The comments", body = [CommentView])))]
async fn get_comments(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    let found = app.discussion(&caller.actor, *document).await?;
    let views: Vec<CommentView> = found.comments.into_iter().map(Into::into).collect();
    present::json_rows(&views, found.has_more)
}

/// Say something on a document.
#[utoipa::path(post, path = "/api/v1/documents/{document}/comments", tag = "documents",
    params(("document" = String, Path, description = "The document")),
    request_body = NewCommentBody,
    responses((status = 201, description = "Said", body = NewCommentView),
        (status = 409, description = "Refused by name: comment-nobody-outside, comments-full"),
        (status = 422, description = "The text is wrong, or names somebody who may not see it")))]
async fn post_comment(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<NewCommentBody>,
) -> Answer {
    let body = body.into_inner();
    let draft = CommentDraft {
        place: body.place()?,
        text: body.text,
        people: body.people.into_iter().map(PersonId::from).collect(),
        is_for_counterparty: body.for_counterparty,
    };
    let id = app.add_comment(&caller.actor, *document, &draft).await?;
    let view = serde_json::to_string(&NewCommentView { id });
    let view = view.map_err(|error| AppError::internal(error.to_string()))?;
    Ok(HttpResponse::Created()
        .content_type("application/json")
        .body(view))
}

/// Strike out what I said.
#[utoipa::path(post, path = "/api/v1/comments/{comment}/strike", tag = "documents",
    params(("comment" = String, Path, description = "The comment")),
    responses((status = 204, description = "Struck out"),
        (status = 409, description = "Refused by name: comment-struck")))]
async fn post_strike(app: Data<App>, caller: PersonOnly, comment: Path<Uuid>) -> Answer {
    app.strike_comment(&caller.actor, *comment).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/comments",
        Audience::Person,
        || web::get().to(get_comments),
    ),
    Route::post(
        "/api/v1/documents/{document}/comments",
        Audience::Person,
        || web::post().to(post_comment),
    ),
    Route::post(
        "/api/v1/comments/{comment}/strike",
        Audience::Person,
        || web::post().to(post_strike),
    ),
];

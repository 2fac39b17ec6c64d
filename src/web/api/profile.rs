//! `/api/v1/profile`: the caller's own language, look, password, sessions and tokens.

use actix_web::HttpRequest;
use actix_web::web::{self, Data, Json, Path};
use chancery_types::Locale;
use chancery_types::id::{SessionId, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::people::{Letters, OwnProfile, ProfileDraft, Theme};
use crate::app::sessions::SessionRow;
use crate::app::tokens::{Scope, TokenRow};
use crate::app::{App, AppError};
use crate::web::limits::Limiter;
use crate::web::pagination::{IfMatch, ListBody};
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_profile,
        put_profile,
        post_password,
        get_sessions,
        post_close_session,
        get_tokens,
        post_token,
        post_revoke_token
    ),
    components(schemas(
        ProfileBody,
        ProfileView,
        PasswordBody,
        SessionRowView,
        TokenBody,
        TokenView,
        CreatedTokenView
    ))
)]
pub struct Api;

/// What the caller may change of their profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// `ru` or `en`; the browser's without one.
    #[schema(value_type = Option<String>)]
    locale: Option<Locale>,
    /// `system`, `light` or `dark`.
    theme: String,
    /// How tasks are told of: `each` by a letter, or all of them `daily`; as it is without.
    letters: Option<String>,
}

/// The caller's profile.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileView {
    person_id: String,
    name: String,
    email: String,
    position: Option<String>,
    locale: Option<String>,
    theme: String,
    /// `each` or `daily`.
    letters: String,
}

impl From<OwnProfile> for ProfileView {
    fn from(profile: OwnProfile) -> Self {
        Self {
            person_id: profile.id.to_string(),
            name: profile.name,
            email: profile.email,
            position: profile.position,
            locale: profile.locale.map(|locale| locale.code().to_owned()),
            theme: profile.theme.code().to_owned(),
            letters: profile.letters.code().to_owned(),
        }
    }
}

/// A change of the caller's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The present one.
    current_password: String,
    /// The new one.
    password: String,
}

/// One of the caller's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionRowView {
    id: String,
    /// When it was opened, RFC 3339.
    created_at: String,
    /// When it was last used, to the minute.
    last_seen_at: String,
    address: Option<String>,
    /// What the browser called itself.
    agent: Option<String>,
    /// Whether this request came by it.
    is_own: bool,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// What its owner calls it.
    name: String,
    /// `read` or `write`.
    scope: String,
    /// Days it works, 1 to 366.
    days: i64,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    id: String,
    name: String,
    scope: String,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

impl From<TokenRow> for TokenView {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            scope: row.scope.code().to_owned(),
            created_at: row.created_at.to_string(),
            expires_at: row.expires_at.map(|at| at.to_string()),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub struct CreatedTokenView {
    id: String,
    /// What goes into `Authorization: Bearer …`; told once.
    secret: String,
}

/// The caller's profile; its version is the ETag.
#[utoipa::path(get, path = "/api/v1/profile", tag = "profile",
    responses((status = 200, description = "The profile", body = ProfileView)))]
async fn get_profile(app: Data<App>, caller: PersonOnly) -> Answer {
    let profile = app.load_own_profile(&caller.actor).await?;
    present::json_with_tag(profile.row_version, &ProfileView::from(profile))
}

/// Changes the caller's language and look.
#[utoipa::path(put, path = "/api/v1/profile", tag = "profile",
    params(("If-Match" = String, Header)), request_body = ProfileBody,
    responses((status = 200, description = "As it is now", body = ProfileView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_profile(
    app: Data<App>,
    caller: PersonOnly,
    version: IfMatch,
    body: Json<ProfileBody>,
) -> Answer {
    let theme =
        Theme::from_code(&body.theme).ok_or_else(|| AppError::invalid("theme", "not-a-choice"))?;
    let letters = body.letters.as_deref();
    let letters = letters.map(|code| {
        Letters::from_code(code).ok_or_else(|| AppError::invalid("letters", "not-a-choice"))
    });
    let draft = ProfileDraft {
        locale: body.locale,
        theme: Some(theme),
        letters: letters.transpose()?,
    };
    app.edit_own_profile_at(&caller.actor, Some(version.0), draft)
        .await?;
    get_profile(app, caller).await
}

/// Changes the caller's password; their other sessions end.
#[utoipa::path(post, path = "/api/v1/profile/password", tag = "profile",
    params(("Idempotency-Key" = String, Header)), request_body = PasswordBody,
    responses((status = 204, description = "Changed"),
        (status = 422, description = "The present one is wrong, or the new one too easy"),
        (status = 429, description = "Too many tries")))]
async fn post_password(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    caller: PersonOnly,
    body: Json<PasswordBody>,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let per_minute = app.config.rate_limits.login_per_minute;
    limiter.check_password(&caller.actor, &facts, per_minute)?;
    let (current, new) = (&body.current_password, &body.password);
    app.change_own_password(&caller.actor, caller.session, current, new)
        .await?;
    present::no_content()
}

/// The caller's open sessions, the latest first.
#[utoipa::path(get, path = "/api/v1/profile/sessions", tag = "profile",
    responses((status = 200, description = "All of them", body = ListBody<SessionRowView>)))]
async fn get_sessions(app: Data<App>, caller: PersonOnly) -> Answer {
    let found = app.list_sessions(&caller.actor).await?;
    let view = |row: SessionRow| SessionRowView {
        is_own: caller.session == Some(row.id),
        id: row.id.to_string(),
        created_at: row.created_at.to_string(),
        last_seen_at: row.last_seen_at.to_string(),
        address: row.address,
        agent: row.agent,
    };
    present::json(&ListBody {
        rows: found.into_iter().map(view).collect(),
        next: None,
    })
}

/// Ends one of the caller's sessions.
#[utoipa::path(post, path = "/api/v1/profile/sessions/{session}/close", tag = "profile",
    params(("session" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Ended")))]
async fn post_close_session(app: Data<App>, caller: PersonOnly, id: Path<SessionId>) -> Answer {
    app.close_session(&caller.actor, *id).await?;
    present::no_content()
}

/// The caller's tokens that are not revoked.
#[utoipa::path(get, path = "/api/v1/profile/tokens", tag = "profile",
    responses((status = 200, description = "All of them", body = ListBody<TokenView>)))]
async fn get_tokens(app: Data<App>, caller: PersonOnly) -> Answer {
    let found = app.list_tokens(&caller.actor).await?;
    present::json(&ListBody {
        rows: found.into_iter().map(TokenView::from).collect(),
        next: None,
    })
}

/// Makes a token; its secret is told once, here.
#[utoipa::path(post, path = "/api/v1/profile/tokens", tag = "profile",
    params(("Idempotency-Key" = String, Header)), request_body = TokenBody,
    responses((status = 201, description = "Made", body = CreatedTokenView)))]
async fn post_token(app: Data<App>, caller: PersonOnly, body: Json<TokenBody>) -> Answer {
    let scope =
        Scope::from_code(&body.scope).ok_or_else(|| AppError::invalid("scope", "not-a-choice"))?;
    let created = app
        .create_token(&caller.actor, &body.name, scope, body.days)
        .await?;
    let view = CreatedTokenView {
        id: created.id.to_string(),
        secret: created.secret,
    };
    present::created("/api/v1/profile/tokens", &view)
}

/// Revokes one of the caller's tokens.
#[utoipa::path(post, path = "/api/v1/profile/tokens/{token}/revoke", tag = "profile",
    params(("token" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Revoked")))]
async fn post_revoke_token(app: Data<App>, caller: PersonOnly, id: Path<TokenId>) -> Answer {
    app.revoke_token(&caller.actor, *id).await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/profile", Audience::Person, || {
        web::get().to(get_profile)
    }),
    Route::put("/api/v1/profile", Audience::Person, || {
        web::put().to(put_profile)
    }),
    Route::post("/api/v1/profile/password", Audience::Person, || {
        web::post().to(post_password)
    }),
    Route::get("/api/v1/profile/sessions", Audience::Person, || {
        web::get().to(get_sessions)
    }),
    Route::post(
        "/api/v1/profile/sessions/{session}/close",
        Audience::Person,
        || web::post().to(post_close_session),
    ),
    Route::get("/api/v1/profile/tokens", Audience::Person, || {
        web::get().to(get_tokens)
    }),
    Route::post("/api/v1/profile/tokens", Audience::Person, || {
        web::post().to(post_token)
    }),
    Route::post(
        "/api/v1/profile/tokens/{token}/revoke",
        Audience::Person,
        || web::post().to(post_revoke_token),
    ),
];

//! My profile: language and look, password, sessions, API tokens.

use actix_web::HttpRequest;
use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_types::Locale;
use chancery_types::id::{PersonId, SessionId, TokenId};

use super::absences::AbsenceLine;
use crate::app::people::{Letters, ProfileDraft, Theme};
use crate::app::sessions::SessionRow;
use crate::app::tokens::{Scope, TokenRow};
use crate::app::{App, AppError, FieldProblem};
use crate::web::limits::Limiter;
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

#[derive(Template)]
#[template(path = "pages/profile.html")]
struct ProfilePage<'a> {
    shell: &'a Shell,
    form: FormView,
    languages: Vec<(String, String)>,
    themes: Vec<(String, String)>,
    letters: Vec<(String, String)>,
    scopes: Vec<(String, String)>,
    sessions: Vec<SessionRow>,
    own_session: SessionId,
    tokens: Vec<TokenRow>,
    new_token: Option<String>,
    absences: Vec<AbsenceLine>,
    own_id: PersonId,
}

async fn profile<'a>(
    app: &App,
    desk: &'a Desk,
    form: FormView,
    new_token: Option<String>,
) -> Result<ProfilePage<'a>, AppError> {
    let shell = &desk.shell;
    let own_id = desk.actor.person().ok_or(AppError::Denied)?.id;
    let absences = app.list_absences(&desk.actor, own_id).await?;
    let title = |prefix: &str, code: &str| match prefix {
        "theme" => (code.to_owned(), shell.t(&format!("theme-{code}"))),
        "letters" => (code.to_owned(), shell.t(&format!("letters-{code}"))),
        _ => (code.to_owned(), shell.t(&format!("scope-{code}"))),
    };
    Ok(ProfilePage {
        form,
        languages: super::languages(shell),
        themes: Theme::ALL.map(|theme| title("theme", theme.code())).into(),
        letters: Letters::ALL
            .map(|letters| title("letters", letters.code()))
            .into(),
        scopes: [Scope::Read, Scope::Write]
            .map(|scope| title("scope", scope.code()))
            .into(),
        sessions: app.list_sessions(&desk.actor).await?,
        own_session: desk.session,
        tokens: app.list_tokens(&desk.actor).await?,
        new_token,
        absences: super::absences::lines(app, shell, &absences),
        own_id,
        shell,
    })
}

async fn filled(app: &App, desk: &Desk) -> Result<FormView, AppError> {
    let person = desk.actor.person().ok_or(AppError::Denied)?.id;
    let card = app.load_person(&desk.actor, person).await?;
    let locale = card.draft.locale.map_or("", Locale::code);
    let letters = app.load_own_profile(&desk.actor).await?.letters;
    Ok(FormView::of([
        ("locale", locale),
        ("theme", desk.shell.theme.as_str()),
        ("letters", letters.code()),
        ("days", "90"),
        ("scope", Scope::Read.code()),
    ]))
}

/// `GET /profile`
async fn get_profile(app: Data<App>, desk: Desk) -> Answer {
    let form = filled(&app, &desk).await?;
    let page = profile(&app, &desk, form, None).await?;
    present::page(&desk.shell, &page)
}

/// `POST /profile`: language and look.
async fn post_profile(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let theme = Theme::from_code(form.text("theme"))
        .ok_or_else(|| AppError::invalid("theme", "not-a-choice"))?;
    let letters = Letters::from_code(form.text("letters"))
        .ok_or_else(|| AppError::invalid("letters", "not-a-choice"))?;
    let draft = ProfileDraft {
        locale: Locale::from_code(form.text("locale")),
        theme: Some(theme),
        letters: Some(letters),
    };
    app.edit_own_profile(&desk.actor, draft).await?;
    present::see_other("/profile", "flash-saved", &[])
}

async fn show_again(app: &App, desk: &Desk, form: &PostedForm, fields: &[FieldProblem]) -> Answer {
    let page = profile(app, desk, form.view(desk.shell.locale(), fields), None).await?;
    present::page_with_errors(&desk.shell, &page)
}

/// `POST /profile/password`
async fn post_password(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    desk: Desk,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let per_minute = app.config.rate_limits.login_per_minute;
    limiter.check_password(&desk.actor, &facts, per_minute)?;
    let (current, new) = (form.text("current_password"), form.text("password"));
    let session = Some(desk.session);
    match app
        .change_own_password(&desk.actor, session, current, new)
        .await
    {
        Ok(()) => present::see_other("/profile", "flash-password-changed", &[]),
        Err(AppError::Invalid { fields }) => show_again(&app, &desk, &form, &fields).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /profile/sessions/{session}/close`
async fn post_close_session(
    app: Data<App>,
    desk: Desk,
    id: Path<SessionId>,
    _form: PostedForm,
) -> Answer {
    app.close_session(&desk.actor, *id).await?;
    present::see_other("/profile", "flash-session-closed", &[])
}

/// `POST /profile/tokens`: the token is shown on this page, once.
async fn post_token(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let scope = Scope::from_code(form.text("scope"))
        .ok_or_else(|| AppError::invalid("scope", "not-a-choice"))?;
    let days = form.text("days").trim().parse().unwrap_or(0);
    match app
        .create_token(&desk.actor, form.text("name"), scope, days)
        .await
    {
        Ok(created) => {
            let filled = filled(&app, &desk).await?;
            let page = profile(&app, &desk, filled, Some(created.secret)).await?;
            present::page(&desk.shell, &page)
        }
        Err(AppError::Invalid { fields }) => show_again(&app, &desk, &form, &fields).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /profile/tokens/{token}/revoke`
async fn post_revoke_token(
    app: Data<App>,
    desk: Desk,
    id: Path<TokenId>,
    _form: PostedForm,
) -> Answer {
    app.revoke_token(&desk.actor, *id).await?;
    present::see_other("/profile", "flash-token-revoked", &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/profile", Audience::Person, || web::get().to(get_profile)),
    Route::post("/profile", Audience::Person, || {
        web::post().to(post_profile)
    }),
    Route::post("/profile/password", Audience::Person, || {
        web::post().to(post_password)
    }),
    Route::post(
        "/profile/sessions/{session}/close",
        Audience::Person,
        || web::post().to(post_close_session),
    ),
    Route::post("/profile/tokens", Audience::Person, || {
        web::post().to(post_token)
    }),
    Route::post("/profile/tokens/{token}/revoke", Audience::Person, || {
        web::post().to(post_revoke_token)
    }),
];

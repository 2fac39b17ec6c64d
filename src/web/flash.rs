//! One sentence that an action leaves for the next page: a key and values in a short-lived cookie.
//!
//! The cookie holds no text, only a key of the locales that begins with `flash-`, so whoever could
//! set it can say nothing that we do not say ourselves.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_types::Locale;
use serde::{Deserialize, Serialize};

use super::i18n;

const COOKIE: &str = "chancery_flash";
const BYTES_MAX: usize = 2_000;

/// What is said.
#[derive(Clone, Debug)]
pub struct Flash {
    /// The sentence, in the reader's language.
    pub text: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    args: Vec<(String, String)>,
}

/// The cookie that says `key` with `args` on the next page.
#[must_use]
pub fn cookie(key: &str, args: &[(&str, &str)]) -> Cookie<'static> {
    let kept = Kept {
        key: key.to_owned(),
        args: args
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.chars().take(200).collect()))
            .collect(),
    };
    let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&kept).unwrap_or_default());
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(60))
        .finish()
}

/// The cookie that takes it away.
#[must_use]
pub fn no_cookie() -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, "").path("/").finish();
    cookie.make_removal();
    cookie
}

/// What the request's cookie says, if it says something of ours.
#[must_use]
pub fn read(request: &HttpRequest, locale: Locale) -> Option<Flash> {
    let cookie = request.cookie(COOKIE)?;
    let value = Some(cookie.value()).filter(|value| value.len() <= BYTES_MAX)?;
    let kept: Kept = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
    if !kept.key.starts_with("flash-") {
        return None;
    }
    let args: Vec<(&str, i18n::Value<'_>)> = kept
        .args
        .iter()
        .map(|(name, text)| match text.parse::<i64>() {
            Ok(number) => (name.as_str(), i18n::Value::from(number)),
            Err(_) => (name.as_str(), i18n::Value::from(text)),
        })
        .collect();
    let text = i18n::find(locale, &kept.key, &args)?;
    Some(Flash { text })
}

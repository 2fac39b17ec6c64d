//! One sentence that an action leaves for the next page: a key and values in a short-lived cookie.
//!
//! The cookie holds no text, only a key of the locales that begins with `flash-`, so whoever could
//! set it can say nothing that we do not say ourselves.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::{HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_types::Locale;
use serde::{Deserialize, Serialize};

use super::edge::RequestFacts;
use super::i18n;
use super::session::cookie_name_by;

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

/// Behind TLS the cookie is bound to this host and to TLS, as that of the session is: no other host
/// and no plain page puts words into the next one.
pub fn secure(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
    for cookie in cookies {
        let text = cookie.to_str().ok();
        let own = text.filter(|text| text.starts_with(COOKIE));
        let bound = own.map(|text| format!("{}; Secure", cookie_name_by(true, text)));
        let bound = bound.and_then(|text| HeaderValue::from_str(&text).ok());
        headers.append(SET_COOKIE, bound.unwrap_or(cookie));
    }
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
    let is_secure = request
        .extensions()
        .get::<RequestFacts>()
        .is_some_and(|facts| facts.is_secure);
    let cookie = request.cookie(&cookie_name_by(is_secure, COOKIE))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_tls_only_the_own_cookie_is_bound_to_host_and_tls() {
        let mut headers = HeaderMap::new();
        for cookie in [
            cookie("flash-a", &[]).to_string(),
            "other=1; Path=/".to_owned(),
        ] {
            let value = HeaderValue::from_str(&cookie).expect("a cookie");
            headers.append(SET_COOKIE, value);
        }
        secure(&mut headers);
        let after: Vec<&str> = headers
            .get_all(SET_COOKIE)
            .map(|value| value.to_str().expect("text"))
            .collect();
        assert!(after[0].starts_with("__Host-chancery_flash="), "{after:?}");
        assert!(
            after[0].ends_with("; Secure") && after[0].contains("Path=/"),
            "{after:?}"
        );
        assert_eq!(after[1..], ["other=1; Path=/"]);
    }
}

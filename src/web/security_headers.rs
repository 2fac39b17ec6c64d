//! Headers on every answer.

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use super::edge::RequestFacts;

/// What a page may load and do: only what comes from us, no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
     style-src 'self'; script-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Sets what an answer does not already say for itself (a file served into a sandbox has a policy
/// of its own; assets are cached for ever).
pub fn apply(response: &mut ServiceResponse, facts: &RequestFacts) {
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    default(header::REFERRER_POLICY, "same-origin");
    default(header::PERMISSIONS_POLICY, PERMISSIONS);
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    default(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    default(header::CACHE_CONTROL, "no-store");
    if facts.is_secure {
        default(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
    if let Ok(id) = HeaderValue::from_str(&facts.id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

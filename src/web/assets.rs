//! Style, script and icons: compiled in, served under a name that holds their digest, cached for
//! ever.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Path};
use chancery_types::Digest;

use super::Answer;
use super::routes::{Audience, Route};
use crate::app::AppError;

#[derive(rust_embed::Embed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    address: String,
    bytes: Vec<u8>,
    media_type: &'static str,
}

/// By name, read once a process.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let read = |name: String| {
        let bytes = Files::get(&name)?.data.into_owned();
        let (stem, end) = name.rsplit_once('.')?;
        let media_type = match end {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            _ => return None,
        };
        let digest = Digest::of(&bytes).hex();
        let address = format!("/assets/{stem}.{}.{end}", digest.get(..12)?);
        let asset = Asset {
            address,
            bytes,
            media_type,
        };
        Some((name, asset))
    };
    Files::iter()
        .filter_map(|name| read(name.to_string()))
        .collect()
});

/// Where the asset called `name` is served; its bare name if there is none (then it answers 404).
#[must_use]
pub fn address(name: &str) -> String {
    ASSETS
        .get(name)
        .map_or_else(|| format!("/assets/{name}"), |asset| asset.address.clone())
}

/// `GET /assets/{file}`
async fn get_asset(file: Path<String>) -> Answer {
    let address = format!("/assets/{file}");
    let asset = ASSETS
        .values()
        .find(|asset| asset.address == address)
        .ok_or(AppError::Hidden)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes.as_slice()))
}

/// The assets.
pub const ROUTES: &[Route] = &[Route::get("/assets/{file}", Audience::Everyone, || {
    web::get().to(get_asset)
})];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_stay_within_their_budget() {
        let size = |end: &str| -> usize {
            let of_kind = ASSETS.iter().filter(|(name, _)| name.ends_with(end));
            of_kind.map(|(_, asset)| asset.bytes.len()).sum()
        };
        assert!(size(".css") <= 40_000, "{} bytes of style", size(".css"));
        assert!(size(".js") <= 25_000, "{} bytes of script", size(".js"));
        assert!(address("chancery.css").starts_with("/assets/chancery."));
    }
}

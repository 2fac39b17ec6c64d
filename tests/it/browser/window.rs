//! What a browser's window is like: its size, its language, how its pictures are taken.

use chancery_types::Locale;
use fantoccini::wd::Capabilities;
use serde_json::json;

use super::PHONE;
use crate::support::setting;

/// Whether the pictures of the README are renewed.
pub fn is_refreshing() -> bool {
    setting("CHANCERY_TEST_REFRESH").is_some()
}

/// Pixels for one CSS pixel of a phone: as many as a phone has in the pictures that the README
/// shows; else one, since four times as many take four times as long and show nothing more.
pub fn phone_scale() -> u32 {
    if is_refreshing() { 2 } else { 1 }
}

/// What the driver is asked for: a window of this size, language and folder for what is saved.
pub fn capabilities(locale: Locale, size: (u32, u32), downloads: &str) -> Capabilities {
    let language = match locale {
        Locale::Ru => "ru-RU,ru",
        Locale::En => "en-US,en",
    };
    let mut options = json!({
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            format!("--window-size={},{}", size.0, size.1),
            format!("--lang={}", locale.code()),
        ],
        "prefs": {
            "intl.accept_languages": language,
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "plugins.always_open_pdf_externally": true,
        },
    });
    if size == PHONE {
        options["mobileEmulation"] = json!({
            "deviceMetrics": { "width": size.0, "height": size.1, "pixelRatio": phone_scale() },
        });
    }
    let wanted = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    serde_json::from_value(wanted).expect("capabilities")
}

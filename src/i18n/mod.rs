//! Every sentence shown to people: Fluent texts under `locales/{ru,en}`, compiled in.
//!
//! All `*.ftl` files of a language make one bundle; a key belongs to one file. A text is asked for
//! by [`t`]; a number chooses the plural form when it is given as a number. No direction marks are
//! put around values (they would travel into mails and copies).

pub mod authority;
mod format;
pub mod verdict;

use std::sync::LazyLock;

use chancery_types::Locale;
use fluent_templates::fluent_bundle::concurrent::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource};
use fluent_templates::langid;

pub use fluent_templates::fluent_bundle::FluentValue as Value;
pub use format::{Formats, MEGABYTE, Moment};

/// The locale files.
#[derive(rust_embed::Embed)]
#[folder = "locales/"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| Locale::ALL.map(load));

fn load(locale: Locale) -> Bundle {
    let language = match locale {
        Locale::Ru => langid!("ru"),
        Locale::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    let folder = format!("{}/", locale.code());
    for name in Files::iter().filter(|name| name.starts_with(&folder)) {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        // What is wrong with a file fails the test below; a running server shows what it can.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(file = %name, ?errors, "a locale file has errors");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = %name, ?errors, "a locale key is defined twice");
        }
    }
    bundle
}

fn bundle(locale: Locale) -> &'static Bundle {
    let [ru, en] = &*BUNDLES;
    match locale {
        Locale::Ru => ru,
        Locale::En => en,
    }
}

/// A name in the quotation marks of a language.
#[must_use]
pub fn quoted(locale: Locale, name: &str) -> String {
    match locale {
        Locale::Ru => format!("«{name}»"),
        Locale::En => format!("“{name}”"),
    }
}

/// The text `key` in `locale` with its values. A key that does not exist is shown as it is, and
/// logged: tests see to it that none is missing.
#[must_use]
pub fn t(locale: Locale, key: &str, args: &[(&str, Value<'_>)]) -> String {
    find(locale, key, args).unwrap_or_else(|| {
        tracing::error!(key, "no such text in the locales");
        key.to_owned()
    })
}

/// As [`t`], but `None` for a key that does not exist.
#[must_use]
pub fn find(locale: Locale, key: &str, args: &[(&str, Value<'_>)]) -> Option<String> {
    let bundle = bundle(locale);
    let pattern = bundle.get_message(key)?.value()?;
    let values: FluentArgs<'_> = args
        .iter()
        .map(|(name, value)| (*name, value.clone()))
        .collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "a text lacks a value");
    }
    Some(text.into_owned())
}

/// As [`t`], with values as an error carries them: a text of digits counts as a number.
#[must_use]
pub fn t_named<'a>(
    locale: Locale,
    key: &str,
    args: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let args: Vec<(&str, Value<'_>)> = args
        .into_iter()
        .map(|(name, text)| match text.parse::<i64>() {
            Ok(number) => (name, Value::from(number)),
            Err(_) => (name, Value::from(text)),
        })
        .collect();
    t(locale, key, &args)
}

#[cfg(test)]
mod tests;

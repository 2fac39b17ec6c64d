//! The texts that every organisation begins with, and where those of an older one differ from what
//! this release brings: an organisation that was made before keeps what its signatories agreed to
//! until somebody of it takes the new ones.

use chancery_types::Locale;

use super::OrganisationDraft;
use crate::domain::comparison::{Piece, compare};
use crate::i18n;

/// The published texts of a draft, each with its field and what it is called among the locales.
const TEXTS: [(&str, Locale, &str); 4] = [
    ("signing_rules_ru", Locale::Ru, "default-signing-rules"),
    ("signing_rules_en", Locale::En, "default-signing-rules"),
    ("personal_data_ru", Locale::Ru, "default-personal-data"),
    ("personal_data_en", Locale::En, "default-personal-data"),
];

/// A published text for which this release has another one.
#[derive(Clone, Debug)]
pub struct OfferedText {
    /// The field of the organisation.
    pub field: &'static str,
    /// The text of this release.
    pub text: String,
    /// It, with what it adds to the present one and what it leaves out.
    pub pieces: Vec<Piece>,
}

impl OrganisationDraft {
    /// The same with the texts of this release.
    #[must_use]
    pub fn with_own_texts(mut self) -> Self {
        for (field, locale, key) in TEXTS {
            let name = i18n::Value::from(self.name.as_str());
            let text = i18n::t(locale, key, &[("organisation", name)]);
            *self.published_mut(field) = text;
        }
        self
    }

    /// The texts of this release that differ from the published ones in their words.
    #[must_use]
    pub fn offered(&self) -> Vec<OfferedText> {
        let mut own = self.clone().with_own_texts();
        let mut present = self.clone();
        let texts = TEXTS.iter().filter_map(|(field, _, _)| {
            let (text, old) = (own.published_mut(field), present.published_mut(field));
            let pages = compare(std::slice::from_ref(old), std::slice::from_ref(text));
            let page = pages.into_iter().next().filter(|page| page.is_changed())?;
            Some(OfferedText {
                field,
                text: text.clone(),
                pieces: page.pieces,
            })
        });
        texts.collect()
    }

    fn published_mut(&mut self, field: &str) -> &mut String {
        match field {
            "signing_rules_ru" => &mut self.signing_rules_ru,
            "signing_rules_en" => &mut self.signing_rules_en,
            "personal_data_ru" => &mut self.personal_data_ru,
            _ => &mut self.personal_data_en,
        }
    }
}

//! Words by which models say, in either language, what BPMN has no sign for: they stand in the
//! catalogues, where whoever speaks the language finds them.

use std::collections::BTreeMap;

use chancery_types::Locale;

use crate::diagnostic::message;

/// Words of both languages, in lower case.
#[derive(Debug)]
pub(super) struct Words {
    /// Beginnings of words of a rejection.
    pub(super) rejecting: Vec<String>,
    /// A rejection as a whole name: `no`.
    pub(super) no: Vec<String>,
    /// Beginnings of words of a return.
    pub(super) returning: Vec<String>,
    /// What conditions call an agreement.
    pub(super) agreeing: Vec<String>,
    /// What whoever starts a run is called.
    pub(super) initiators: Vec<String>,
    /// Words of a signature; one that ends with `*` is the beginning of several.
    signing: Vec<String>,
}

impl Words {
    pub(super) fn read() -> Self {
        Self {
            rejecting: listed("bpmn-words-rejecting"),
            no: listed("bpmn-words-no"),
            returning: listed("bpmn-words-returning"),
            agreeing: listed("bpmn-words-agreeing"),
            initiators: listed("bpmn-words-initiator"),
            signing: listed("bpmn-words-signing"),
        }
    }

    /// Whether a name speaks of a signature.
    pub(super) fn sounds_signing(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let mut words = name.split(|c: char| !c.is_alphanumeric());
        words.any(|word| {
            self.signing
                .iter()
                .any(|known| match known.strip_suffix('*') {
                    Some(beginning) => word.starts_with(beginning),
                    None => word == known,
                })
        })
    }
}

fn listed(key: &str) -> Vec<String> {
    let texts = Locale::ALL.map(|locale| message(locale, key, &BTreeMap::new()));
    let words = texts.iter().flat_map(|text| text.split(", "));
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_their_words() {
        let words = Words::read();
        for all in [
            &words.rejecting,
            &words.no,
            &words.returning,
            &words.initiators,
        ] {
            assert!(all.iter().any(|word| word.is_ascii()), "{all:?}");
            assert!(all.iter().any(|word| !word.is_ascii()), "{all:?}");
            assert!(all.iter().all(|word| *word == word.to_lowercase()));
            assert!(
                all.iter()
                    .all(|word| !word.is_empty() && !word.starts_with("bpmn"))
            );
        }
        assert!(words.sounds_signing("Sign the act") && !words.sounds_signing("Signal"));
        assert!(words.sounds_signing("Подписание"));
    }
}

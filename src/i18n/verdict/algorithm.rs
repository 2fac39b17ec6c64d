//! Names of algorithms, which the Russian standards have in Russian.

use chancery_types::Locale;

use crate::i18n::t;

/// An algorithm's name as it is written in the reader's language.
pub(super) fn algorithm_text(locale: Locale, name: &str) -> String {
    let say = |key: &str| t(locale, key, &[]);
    name.replace("GOST R", &say("verify-algorithm-gost"))
        .replace(" with ", &format!(" {} ", say("verify-algorithm-with")))
        .replace(" bits)", &format!(" {})", say("verify-algorithm-bits")))
}

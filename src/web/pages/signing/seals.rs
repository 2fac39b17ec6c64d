//! What a signature does to the file beyond standing in it, and what it must be, in the signer's
//! words.

use chancery_types::Locale;
use chancery_workflow::{Certify, DemandedKind, LockedForm, Sealing};

use crate::i18n::{quoted, t};

/// The sentences; none for a plain signature.
pub(super) fn sealing_sentences(locale: Locale, sealing: &Sealing) -> Vec<String> {
    let certify = sealing.certify.map(|certify| {
        let key = match certify {
            Certify::NoChanges => "sign-seals-no-changes",
            Certify::FillAndSign => "sign-seals-fill-and-sign",
            Certify::Annotate => "sign-seals-annotate",
        };
        t(locale, key, &[])
    });
    let lock = sealing.lock.as_ref().map(|lock| match lock {
        LockedForm::All => t(locale, "sign-seals-lock-all", &[]),
        LockedForm::Fields(names) => {
            let names: Vec<String> = names.iter().map(|name| quoted(locale, name)).collect();
            let fields = names.join(", ");
            t(locale, "sign-seals-lock", &[("fields", fields.into())])
        }
    });
    let kind = match sealing.kind {
        DemandedKind::Qualified => Some(t(locale, "sign-asks-qualified", &[])),
        DemandedKind::Advanced => Some(t(locale, "sign-asks-advanced", &[])),
        DemandedKind::Any | DemandedKind::Simple => None,
    };
    let format = sealing
        .format()
        .map(|format| t(locale, "sign-asks-format", &[("format", format.into())]));
    let all = certify.into_iter().chain(lock);
    all.chain(kind).chain(format).collect()
}

//! What a signature is in law, in words.

use chancery_signature::signature_kind::{KindRemark, Law, LegalClass, SignatureKind};

use super::Words;
use crate::i18n::{Value, t};

impl Words<'_> {
    /// The kind, and whether it is only claimed.
    pub(super) fn kind(&self, kind: SignatureKind) -> String {
        let key = match kind.class {
            LegalClass::Advanced if kind.remark == Some(KindRemark::ForSites) => {
                "verify-kind-for-sites"
            }
            LegalClass::Advanced => "verify-kind-advanced",
            LegalClass::AdvancedWithQualifiedCertificate => "verify-kind-qualified-certificate",
            LegalClass::Qualified => "verify-kind-qualified",
        };
        let law = match kind.law {
            Some(Law::Russia) => "russia",
            Some(Law::EuropeanUnion) => "eu",
            Some(Law::Other) | None => "other",
        };
        let yes = |is_so: bool| if is_so { "yes" } else { "no" };
        let args = [
            ("law", Value::from(law)),
            ("seal", Value::from(yes(kind.seal))),
            ("confirmed", Value::from(yes(kind.confirmed))),
            ("remark", Value::from(remark(kind.remark))),
        ];
        t(self.formats.locale, key, &args)
    }
}

/// As the sentences choose by it.
const fn remark(remark: Option<KindRemark>) -> &'static str {
    match remark {
        None => "none",
        Some(KindRemark::Unproven) => "unproven",
        Some(KindRemark::Unlisted) => "unlisted",
        Some(KindRemark::NotGranted) => "not-granted",
        Some(KindRemark::OtherUse) => "other-use",
        Some(KindRemark::TakenBack) => "taken-back",
        Some(KindRemark::Outdated) => "outdated",
        Some(KindRemark::Key) => "key",
        Some(KindRemark::NoDevice) => "no-device",
        Some(KindRemark::ForSites) => "for-sites",
    }
}

//! What a signature is in law, in words.

use chancery_signature::signature_kind::{Law, LegalClass, SignatureKind};

use super::Words;
use crate::i18n::{Value, t};

impl Words<'_> {
    /// The kind, and whether it is only claimed.
    pub(super) fn kind(&self, kind: SignatureKind) -> String {
        let key = match kind.class {
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
        ];
        t(self.formats.locale, key, &args)
    }
}

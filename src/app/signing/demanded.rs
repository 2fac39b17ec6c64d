//! What the chain demands of a signature: what it must be in law, and how far it must carry when it
//! is made or brought. Our own validator's verdict says what it is.

use chancery_signature::report::{SignatureLevel, SignatureReport};
use chancery_signature::signature_kind::LegalClass;
use chancery_workflow::{DemandedKind, DemandedLevel, Sealing, SignatureForm};

use super::outside::is_vouched_for;
use crate::app::AppError;

/// Refuses a key that is certified here where that is never enough: before anybody makes one.
///
/// # Errors
///
/// `signature-not-qualified`.
pub(super) fn require_key_here(sealing: &Sealing) -> Result<(), AppError> {
    match sealing.kind {
        DemandedKind::Qualified => Err(AppError::refused("signature-not-qualified")),
        DemandedKind::Any | DemandedKind::Simple | DemandedKind::Advanced => Ok(()),
    }
}

/// Refuses a signature of a lower kind than is demanded, or that carries less far.
///
/// # Errors
///
/// `signature-not-qualified`; `signature-kind-unproven` if its certificate says that it is what is
/// demanded, and nobody whom this server trusts stands behind that; `signature-format-other`.
pub(super) fn require_demanded(
    sealing: &Sealing,
    form: SignatureForm,
    report: &SignatureReport,
) -> Result<(), AppError> {
    require_kind(sealing.kind, report)?;
    let Some(demanded) = sealing.level else {
        return Ok(());
    };
    let least = match demanded {
        DemandedLevel::B => SignatureLevel::B,
        DemandedLevel::T => SignatureLevel::T,
    };
    if form == sealing.form && report.level.is_some_and(|level| level >= least) {
        return Ok(());
    }
    let family = match form {
        SignatureForm::Embedded => "PAdES",
        SignatureForm::Detached => "CAdES",
    };
    let level = report.level.map(SignatureLevel::name);
    let found = level.and_then(|name| name.strip_prefix("B-").or(Some(name)));
    let found = found.map_or_else(|| family.to_owned(), |name| format!("{family}-{name}"));
    let wanted = sealing.format().unwrap_or_default();
    Err(AppError::refused_with(
        "signature-format-other",
        [("wanted", wanted), ("found", found)],
    ))
}

fn require_kind(demanded: DemandedKind, report: &SignatureReport) -> Result<(), AppError> {
    let unproven = || AppError::refused("signature-kind-unproven");
    match demanded {
        // Whatever has a certificate is more than a simple one.
        DemandedKind::Any | DemandedKind::Simple => Ok(()),
        DemandedKind::Advanced => match is_vouched_for(report) {
            true => Ok(()),
            false => Err(unproven()),
        },
        DemandedKind::Qualified => match report.kind {
            // A seal tells which organisation, and not who signed (eIDAS, article 3, 25).
            Some(kind) if kind.seal => Err(AppError::refused("signature-not-qualified")),
            Some(kind)
                if kind.class == LegalClass::Qualified
                    && kind.confirmed
                    && !report.leaves_revocation_open() =>
            {
                Ok(())
            }
            Some(kind) if kind.class == LegalClass::Qualified => Err(unproven()),
            Some(_) | None => Err(AppError::refused("signature-not-qualified")),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::app::validation::sample;

    /// Goal: a demand for a qualified signature is met by a qualified signature of a person that is
    /// confirmed and of whose certificates all are known to be good, and by nothing else. Method:
    /// each of that taken away.
    #[test]
    fn a_qualified_signature_is_one_of_a_person_that_is_confirmed_and_closed() {
        let refused = |warnings: &[&str], class: &str, seal: bool, confirmed: bool| {
            let law = "european_union";
            let kind = json!({ "class": class, "law": law, "seal": seal, "confirmed": confirmed });
            let report = sample::passed(warnings, &kind);
            match require_kind(DemandedKind::Qualified, &report) {
                Ok(()) => None,
                Err(AppError::Refused { code, .. }) => Some(code),
                Err(other) => panic!("{other:?}"),
            }
        };
        let (lower, unproven) = ("signature-not-qualified", "signature-kind-unproven");
        let warned = ["time_unproven"];
        assert_eq!(refused(&warned, "qualified", false, true), None);
        assert_eq!(refused(&warned, "qualified", true, true), Some(lower));
        assert_eq!(refused(&warned, "qualified", false, false), Some(unproven));
        let open = ["revocation_waived"];
        assert_eq!(refused(&open, "qualified", false, true), Some(unproven));
        let advanced = "advanced_with_qualified_certificate";
        assert_eq!(refused(&warned, advanced, false, true), Some(lower));
        let none = sample::passed(&warned, &serde_json::Value::Null);
        assert!(require_kind(DemandedKind::Qualified, &none).is_err());
    }
}

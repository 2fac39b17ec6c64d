//! For what a certificate may be used: to sign documents, or to state times.
//!
//! RFC 5280, 4.2.1.12: where `ExtKeyUsage` stands, one of its purposes must be that of the use. No
//! purpose is called "signing documents" by everybody, so a policy lists those that are taken for
//! it ([`ValidationPolicy::signing_purposes`]).

use crate::certificate::{Certificate, usage};
use crate::oid;
use crate::policy::ValidationPolicy;
use crate::report::{Code, Reason};
use crate::timestamp::is_timestamping;

/// Purposes that stand for signing documents.
///
/// * `anyExtendedKeyUsage` (RFC 5280, 4.2.1.12) and `id-kp-documentSigning` (RFC 9336);
/// * `emailProtection`, whose key usages are those of signatures (RFC 5280), and `clientAuth`,
///   which issuers of qualified certificates and identity cards write beside it or alone;
/// * the purposes for documents of Microsoft, Adobe (Authentic Documents Trust) and Entrust;
/// * the arc of Russia (`1.2.643.*`): its orders on qualified certificates name by such purposes
///   the relations in which a signature counts.
pub(crate) const SIGNING: [&str; 8] = [
    "2.5.29.37.0",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.2",
    "1.3.6.1.4.1.311.10.3.12",
    "1.2.840.113583.1.1.5",
    "2.16.840.1.114027.40.11",
    "1.2.643.*",
];

/// For what a certificate was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Signature,
    Timestamp,
}

impl Purpose {
    /// The one that a certificate itself is for.
    pub fn of(certificate: &Certificate<'_>) -> Self {
        match is_timestamping(certificate) {
            true => Self::Timestamp,
            false => Self::Signature,
        }
    }
}

/// What stands against a use of a certificate: the key's usage, or its purposes. A purpose that is
/// not critical is told where it is not one of signing; one of times alone is none, however it is
/// marked (RFC 3161, 2.3), nor is one of answers on revocation alone.
pub(crate) fn unfit(
    certificate: &Certificate<'_>,
    purpose: Purpose,
    policy: &ValidationPolicy,
) -> Option<Reason> {
    let signs =
        certificate.allows(usage::DIGITAL_SIGNATURE) || certificate.allows(usage::NON_REPUDIATION);
    if !signs || purpose == Purpose::Timestamp && !is_timestamping(certificate) {
        return Some(Code::KeyUsageWrong.into());
    }
    let purposes = certificate.extensions.purposes.as_ref();
    let purposes = purposes.filter(|_| purpose == Purpose::Signature)?;
    if [oid::TIME_STAMPING, oid::OCSP_SIGNING]
        .map(|one| vec![one])
        .contains(&purposes.oids)
    {
        return Some(Code::KeyUsageWrong.into());
    }
    let texts: Vec<String> = purposes.oids.iter().map(ToString::to_string).collect();
    if texts
        .iter()
        .any(|text| is_of(text, &policy.signing_purposes))
    {
        return None;
    }
    let code = match purposes.critical {
        true => Code::PurposeForbidden,
        false => Code::PurposeOther,
    };
    Some(Reason::new(code, &[("purposes", &texts.join(", "))]))
}

/// Whether an authority may be used only for what this is not (RFC 5280, 4.2.1.12: a purpose that
/// is critical binds every use of the key). Others bind nothing: issuers fill them in carelessly.
pub(crate) fn is_for_other_uses(
    authority: &Certificate<'_>,
    purpose: Purpose,
    policy: &ValidationPolicy,
) -> bool {
    let purposes = authority.extensions.purposes.as_ref();
    let Some(purposes) = purposes.filter(|purposes| purposes.critical) else {
        return false;
    };
    let any = purposes.oids.contains(&oid::ANY_PURPOSE);
    let fits = match purpose {
        Purpose::Timestamp => purposes.oids.contains(&oid::TIME_STAMPING),
        Purpose::Signature => {
            let mut texts = purposes.oids.iter().map(ToString::to_string);
            texts.any(|text| is_of(&text, &policy.signing_purposes))
        }
    };
    !any && !fits
}

/// Whether a list names an identifier, or an arc that it lies beneath (`1.2.643.*`).
fn is_of(text: &str, list: &[String]) -> bool {
    list.iter().any(|one| match one.strip_suffix('*') {
        Some(arc) => arc.ends_with('.') && text.starts_with(arc),
        None => one == text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_holds_what_lies_beneath_it_and_nothing_beside() {
        let list = |one: &str| vec![one.to_owned()];
        assert!(is_of("1.2.643.2.2.34.6", &list("1.2.643.*")));
        assert!(!is_of("1.2.6431", &list("1.2.643.*")));
        assert!(!is_of("1.2.643", &list("1.2.643.*")));
        assert!(!is_of("1.2.643.1", &list("1.2.64*")));
        assert!(is_of("1.2.643", &list("1.2.643")));
    }
}

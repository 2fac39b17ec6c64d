//! A certificate that its holder presents to sign with: read, examined by our rules, and compared
//! with whom the task asks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_signature::{
    Anchors, CertificateFault, Name, OutsideCertificate, OutsideScheme, examine_outside,
    subject_attributes,
};
use chancery_types::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

use super::list::pem;
use crate::app::AppError;
use crate::domain::signer_name;
use crate::store::entity::outside_certificates;

/// Most certificates that may come with a key, its own among them.
const CERTIFICATES_MAX: usize = 10;
/// Most bytes of them all together: they go into the file.
const CERTIFICATES_BYTES_MAX: usize = 64 * 1024;

const SURNAME: &str = "2.5.4.4";
const GIVEN_NAME: &str = "2.5.4.42";

/// What somebody wants to sign with, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Presented {
    /// The signer's certificate and, after it, those of its issuers: each PEM (one or more) or DER
    /// in Base64.
    pub certificates: Vec<String>,
    /// How the key is to sign; the usual way of its kind without.
    pub algorithm: Option<String>,
}

/// A certificate that our rules let sign.
#[derive(Clone, Debug)]
pub struct PresentedCertificate {
    /// DER.
    pub der: Vec<u8>,
    /// Those of its issuers, DER, as far as they were sent.
    pub chain: Vec<Vec<u8>>,
    /// How its key signs.
    pub scheme: OutsideScheme,
    /// What it says.
    pub certificate: OutsideCertificate,
    /// Whom it names.
    pub name: String,
}

impl PresentedCertificate {
    /// Reads and examines what was presented, at `now`.
    ///
    /// # Errors
    ///
    /// `certificates-too-many`, `certificate-unreadable`; what is wrong with the first one:
    /// `certificate-expired`, `certificate-not-yet-valid`, `certificate-not-for-signing`,
    /// `certificate-rule-unknown`, `certificate-key-unsupported`, `certificate-key-weak`;
    /// `algorithm-not-of-key`.
    pub fn read(presented: &Presented, now: Instant) -> Result<Self, AppError> {
        let mut all = ders(&presented.certificates)?.into_iter();
        let der = all.next().ok_or_else(unreadable)?;
        let certificate = examine_outside(&der, now).map_err(|fault| refusal(&fault))?;
        let scheme = chosen(&certificate, presented.algorithm.as_deref())?;
        Ok(Self {
            name: person_named(&der, &certificate.description.subject),
            chain: all.collect(),
            der,
            scheme,
            certificate,
        })
    }

    /// How many bytes it and its issuers' have.
    #[must_use]
    pub fn bytes_count(&self) -> usize {
        let lengths = self.chain.iter().map(Vec::len);
        lengths.fold(self.der.len(), usize::saturating_add)
    }

    /// What events and evidence say of it, beside the one whom the task asks: `stated`.
    #[must_use]
    pub fn told(&self, stated: &str) -> Value {
        let description = &self.certificate.description;
        json!({
            "name": self.name,
            "stated_name": stated,
            "names_agree": signer_name::agree(stated, &self.name),
            "subject": description.subject.text,
            "issuer": description.issuer.text,
            "serial": description.serial,
            "sha256": description.sha256,
            "key_sha256": self.certificate.key_sha256,
            "not_before": description.not_before,
            "not_after": description.not_after,
        })
    }

    /// As it is kept.
    #[must_use]
    pub fn row(
        &self,
        organisation: Uuid,
        signing: Uuid,
        now: Instant,
    ) -> outside_certificates::Model {
        let description = &self.certificate.description;
        outside_certificates::Model {
            signing_id: signing,
            organisation_id: organisation,
            serial: description.serial.clone(),
            name: self.name.clone(),
            subject: description.subject.text.clone(),
            issuer: description.issuer.text.clone(),
            key_digest: self.certificate.key_sha256.clone(),
            der: self.der.clone(),
            chain: self.chain.iter().map(|der| pem(der)).collect(),
            not_before: description.not_before.micros(),
            not_after: description.not_after.micros(),
            presented_at: now.micros(),
        }
    }
}

/// The further certificates of a row, DER.
///
/// # Errors
///
/// [`AppError::Internal`] if what was kept cannot be read.
pub fn chain_of(row: &outside_certificates::Model) -> Result<Vec<Vec<u8>>, AppError> {
    if row.chain.is_empty() {
        return Ok(Vec::new());
    }
    let read = Anchors::from_pem_or_der(row.chain.as_bytes());
    let read = read.map_err(|error| AppError::Internal(error.into()))?;
    Ok(read.certificates().map(<[u8]>::to_vec).collect())
}

fn unreadable() -> AppError {
    AppError::refused("certificate-unreadable")
}

/// The certificates, DER, in the order they were sent.
fn ders(sent: &[String]) -> Result<Vec<Vec<u8>>, AppError> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for text in sent {
        let text = text.trim();
        let bytes = if text.starts_with("-----BEGIN") {
            text.as_bytes().to_vec()
        } else {
            let body: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            STANDARD.decode(body).map_err(|_| unreadable())?
        };
        // One reader for both forms; nothing is trusted by it.
        let read = Anchors::from_pem_or_der(&bytes).map_err(|_| unreadable())?;
        all.extend(read.certificates().map(<[u8]>::to_vec));
        let bytes_count = all.iter().map(Vec::len).fold(0, usize::saturating_add);
        if all.len() > CERTIFICATES_MAX || bytes_count > CERTIFICATES_BYTES_MAX {
            let max = CERTIFICATES_MAX.to_string();
            return Err(AppError::refused_with(
                "certificates-too-many",
                [("max", max)],
            ));
        }
    }
    Ok(all)
}

fn chosen(
    certificate: &OutsideCertificate,
    wished: Option<&str>,
) -> Result<OutsideScheme, AppError> {
    let usual = certificate
        .schemes
        .first()
        .copied()
        .ok_or_else(unreadable)?;
    let Some(wished) = wished else {
        return Ok(usual);
    };
    let known = OutsideScheme::from_code(wished);
    known
        .filter(|scheme| certificate.schemes.contains(scheme))
        .ok_or_else(|| {
            let offered: Vec<&str> = certificate.schemes.iter().map(|one| one.code()).collect();
            AppError::refused_with("algorithm-not-of-key", [("offered", offered.join(", "))])
        })
}

/// The person whom a certificate names: family and given name where it has them (those of
/// organisations do), else the common name, else all of the subject.
pub(super) fn person_named(der: &[u8], subject: &Name) -> String {
    let attributes = subject_attributes(der).unwrap_or_default();
    let find = |kind: &str| {
        let found = attributes.iter().find(|(known, _)| known == kind);
        found.map(|(_, text)| text.trim())
    };
    if let (Some(surname), Some(given)) = (find(SURNAME), find(GIVEN_NAME)) {
        return format!("{surname} {given}");
    }
    subject
        .common_name
        .clone()
        .unwrap_or_else(|| subject.text.clone())
}

fn refusal(fault: &CertificateFault) -> AppError {
    let day = |at: &Instant| at.to_string().chars().take(10).collect::<String>();
    match fault {
        CertificateFault::Unreadable => unreadable(),
        CertificateFault::NotYetValid(from) => {
            AppError::refused_with("certificate-not-yet-valid", [("day", day(from))])
        }
        CertificateFault::Expired(until) => {
            AppError::refused_with("certificate-expired", [("day", day(until))])
        }
        CertificateFault::NotForSigning => AppError::refused("certificate-not-for-signing"),
        CertificateFault::UnknownRule(rule) => {
            AppError::refused_with("certificate-rule-unknown", [("rule", rule.clone())])
        }
        CertificateFault::KeyUnsupported(key) => {
            AppError::refused_with("certificate-key-unsupported", [("key", key.clone())])
        }
        CertificateFault::KeyWeak(bits) => {
            AppError::refused_with("certificate-key-weak", [("bits", bits.to_string())])
        }
    }
}

//! The pen of a signature: by what the key signs, which certificate stands for it, and what is
//! written down of that certificate. Ours is issued, kept and mailed to its subject; an outside one
//! is kept as it was presented.

use chancery_pdf::sheet::Mark;
use chancery_signature::{self as sig, DigestAlgorithm, KeyKind};
use chancery_types::{Instant, Locale};
use chancery_workflow::SignatureForm;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::evidence::KeyPlace;
use super::prepare::Kept;
use super::presented::PresentedCertificate;
use super::seat::SigningSeat;
use crate::app::audit::Happening;
use crate::app::authority::IssuedCertificate;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError};
use crate::entropy;
use crate::i18n::t;
use crate::store;
use crate::store::entity::certificates;

/// Bytes reserved for the signature: our certificates, the token and room to spare.
const CONTENTS_BYTES: usize = 12_288;
/// Beside those of the certificates that were presented, for what an outside program puts into a
/// structure of its own: revocation information, a timestamp.
const OUTSIDE_BYTES: usize = 32 * 1024;

/// What a signature is made with.
#[derive(Clone, Debug)]
pub(super) enum Pen {
    /// A key that we certify for this one signature.
    Here {
        /// What it is.
        kind: KeyKind,
        /// Where it was made.
        key_place: KeyPlace,
        /// What we issued for it.
        certificate: IssuedCertificate,
    },
    /// A key that somebody else certified.
    Outside(Box<PresentedCertificate>),
}

impl Pen {
    /// Of a key that we certify.
    pub const fn here(kind: KeyKind, key_place: KeyPlace, certificate: IssuedCertificate) -> Self {
        Self::Here {
            kind,
            key_place,
            certificate,
        }
    }

    /// Where the key was made.
    pub const fn key_place(&self) -> KeyPlace {
        match self {
            Self::Here { key_place, .. } => *key_place,
            Self::Outside(_) => KeyPlace::Outside,
        }
    }

    /// As rows name it.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Here { kind, .. } => algorithm_code(*kind),
            Self::Outside(presented) => presented.scheme.code(),
        }
    }

    /// By what the content is digested.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        match self {
            Self::Here { kind, .. } => kind.digest_algorithm(),
            Self::Outside(presented) => presented.scheme.digest_algorithm(),
        }
    }

    /// The certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        match self {
            Self::Here { certificate, .. } => &certificate.der,
            Self::Outside(presented) => &presented.der,
        }
    }

    /// Its serial number, hexadecimal.
    pub fn serial(&self) -> &str {
        match self {
            Self::Here { certificate, .. } => &certificate.serial,
            Self::Outside(presented) => &presented.certificate.description.serial,
        }
    }

    /// Bytes to reserve in the file.
    pub fn contents_bytes(&self) -> usize {
        match self {
            Self::Here { .. } => CONTENTS_BYTES,
            Self::Outside(presented) => OUTSIDE_BYTES.saturating_add(presented.bytes_count()),
        }
    }

    /// Says on the visible mark whom an outside certificate names, and whose key it was.
    pub fn write_on(&self, mark: &mut Mark, locale: Locale) {
        if let Self::Outside(presented) = self {
            let name = presented.name.as_str().into();
            let line = t(locale, "mark-certificate-name", &[("name", name)]);
            // What comes last is cut first where there is no room.
            mark.lines.insert(0, line);
            mark.note = t(locale, "mark-note-outside", &[]);
        }
    }

    /// What the key signs: DER of the attributes. A signature in a file of its own says in them
    /// when it is made.
    pub fn attributes(
        &self,
        form: SignatureForm,
        content_digest: &[u8],
        now: Instant,
    ) -> Result<Vec<u8>, AppError> {
        let (algorithm, der) = (self.digest_algorithm(), self.certificate());
        let made = match (self, form) {
            (Self::Here { .. }, SignatureForm::Embedded) => {
                sig::signed_attributes(algorithm, content_digest, der)
            }
            (Self::Here { .. }, SignatureForm::Detached) => {
                sig::detached_attributes(algorithm, content_digest, der, now)
            }
            (Self::Outside(presented), SignatureForm::Embedded) => {
                sig::outside_attributes(presented.scheme, content_digest, der)
            }
            (Self::Outside(presented), SignatureForm::Detached) => {
                sig::outside_detached_attributes(presented.scheme, content_digest, der, now)
            }
        };
        made.map_err(|error| AppError::Internal(error.into()))
    }

    /// Adds to the evidence what the certificate says, where we did not write it.
    pub fn tell(&self, seat: &SigningSeat, evidence: &mut Value) {
        if let (Self::Outside(presented), Value::Object(told)) = (self, evidence) {
            told.insert("algorithm".to_owned(), presented.scheme.code().into());
            told.insert("certificate".to_owned(), presented.told(&seat.signer.name));
        }
    }

    /// Writes our own certificate down, before the signing that names it.
    pub async fn insert_own(
        &self,
        connection: &impl ConnectionTrait,
        seat: &SigningSeat,
        now: Instant,
    ) -> Result<Option<Uuid>, AppError> {
        let Self::Here { certificate, .. } = self else {
            return Ok(None);
        };
        let id = entropy::id(now);
        let row = certificates::ActiveModel {
            id: Set(id),
            organisation_id: Set(seat.organisation.id),
            serial: Set(certificate.serial.clone()),
            subject_name: Set(seat.signer.name.clone()),
            person_id: Set(seat.signer.person_id),
            contact_id: Set(seat.signer.contact_id),
            email: Set(seat.signer.email.clone()),
            key_digest: Set(certificate.key_digest.clone()),
            version_digest: Set(seat.version.digest.clone()),
            der: Set(certificate.der.clone()),
            not_before: Set(certificate.not_before.micros()),
            not_after: Set(certificate.not_after.micros()),
            issued_at: Set(now.micros()),
        };
        row.insert(connection).await?;
        Ok(Some(id))
    }

    /// What the signing that is written down by now entails: an outside certificate's row, or the
    /// letter to the subject of ours; and the event.
    pub async fn announce(
        &self,
        app: &App,
        tx: &DatabaseTransaction,
        seat: &SigningSeat,
        place: &Kept,
        now: Instant,
    ) -> Result<Happening, AppError> {
        let happening = match (self, place.certificate_id) {
            (Self::Here { certificate, .. }, Some(id)) => {
                let letter = self.letter(seat, certificate, id);
                outbox::enqueue(tx, app, seat.organisation.id, now, letter).await?;
                Happening::to("certificate.issued", "certificate", id)
            }
            (Self::Outside(presented), _) => {
                let row = presented.row(seat.organisation.id, place.id, now);
                store::outside_certificates::insert_certificate(tx, row).await?;
                Happening::to("certificate.presented", "signing", place.id)
            }
            (Self::Here { .. }, None) => {
                return Err(AppError::internal("a certificate of ours has no row"));
            }
        };
        Ok(happening
            .on_document(seat.document.id)
            .at_version(&seat.version.digest)
            .with(self.details(seat, place.id)))
    }

    /// What the event tells.
    fn details(&self, seat: &SigningSeat, signing: Uuid) -> Value {
        match self {
            Self::Here { certificate, .. } => json!({
                "serial": certificate.serial,
                "name": seat.signer.name,
                "email": seat.signer.email,
                "key_sha256": certificate.key_digest,
                "key_made_in": self.key_place().code(),
                "signing": signing,
            }),
            Self::Outside(presented) => json!({
                "name": seat.signer.name,
                "key_made_in": self.key_place().code(),
                "certificate": presented.told(&seat.signer.name),
                "signing": signing,
            }),
        }
    }

    /// Tells the subject that a certificate was issued in their name, and for which key and
    /// document.
    fn letter(&self, seat: &SigningSeat, issued: &IssuedCertificate, id: Uuid) -> Letter {
        Letter {
            key: format!("cert:{id}"),
            kind: MailKind::CertificateIssued,
            to: MailTo {
                address: seat.signer.email.clone(),
                name: seat.signer.name.clone(),
                locale: seat.locale(),
                person_id: seat.signer.person_id,
                contact_id: seat.signer.contact_id,
            },
            document_id: Some(seat.document.id),
            payload: json!({
                "organisation_name": seat.organisation.name,
                "document_title": seat.document.title,
                "registration_number": seat.document.registration_number,
                "serial": issued.serial,
                "key_digest": issued.key_digest,
                "document_digest": seat.version.main_digest,
                "not_after": issued.not_after,
                "key_made_in": self.key_place().code(),
                "time_zone": seat.organisation.time_zone,
            }),
            secret: None,
        }
    }
}

const fn algorithm_code(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::EcdsaP256 => "ecdsa_p256",
        KeyKind::Ed25519 => "ed25519",
        KeyKind::Rsa => "rsa_pkcs1",
    }
}

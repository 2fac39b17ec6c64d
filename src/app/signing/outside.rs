//! Keys that stay outside: a desktop program, a mobile application, another service signs what was
//! prepared here, and its holder's own certificate stands beside it.
//!
//! The certificate's name is compared with the person whom the task asks
//! ([`crate::domain::signer_name`]). One rule decides what follows from a difference:
//!
//! * If the path of the certificate leads to somebody whom this installation trusts, the signature
//!   is taken, and the difference is said wherever the signature is shown: in the mark, the
//!   evidence, the event, on the document's page. A seal of an organisation, a maiden name and
//!   another alphabet differ, and are lawful.
//! * If nobody whom we trust vouches for the certificate, its name is all that there is, and
//!   anybody can write any name into one: then a difference is refused.

use bytes::Bytes;
use chancery_pdf::ByteRange;
use chancery_signature::report::{Code, SignatureReport};
use chancery_signature::{
    CmsFault, OutsideCms, OutsideScheme, Parts, SignError, assemble, assemble_outside,
    ecdsa_raw_to_der, outside_value,
};
use chancery_workflow::SignatureForm;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::detached;
use super::ground::form_of;
use super::pen::Pen;
use super::prepare::PreparedSignature;
use super::presented::{Presented, PresentedCertificate, chain_of};
use super::seat::SigningSeat;
use super::verdict::Demand;
use crate::app::authority::Authority;
use crate::app::recheck::indication_code;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::domain::signer_name;
use crate::store;
use crate::store::entity::{certificates, outside_certificates, signings};

/// What the holder of an outside key is to sign.
#[derive(Clone, Debug)]
pub struct PreparedOutside {
    /// What was prepared.
    pub prepared: PreparedSignature,
    /// How the key is to sign it.
    pub scheme: OutsideScheme,
    /// Whom the certificate names.
    pub certificate_name: String,
    /// Whether that is the person whom the task asks, as far as a machine can tell.
    pub names_agree: bool,
}

/// What completes a prepared signature.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// The value over the attributes.
    Value(&'a [u8]),
    /// A whole CMS structure over the prepared file.
    Cms(&'a [u8]),
}

impl App {
    /// Prepares a signature for a key that stays outside.
    ///
    /// # Errors
    ///
    /// As [`PresentedCertificate::read`] and [`App::prepare_signature`].
    pub async fn prepare_outside(
        &self,
        actor: &Actor,
        task_id: Uuid,
        presented: &Presented,
    ) -> Result<PreparedOutside, AppError> {
        let now = self.now();
        let seat = SigningSeat::load(self, self.store.reader(), actor, task_id).await?;
        self.require_ready(actor, &seat).await?;
        self.require_room(self.store.reader(), &seat, now).await?;
        let presented = PresentedCertificate::read(presented, now)?;
        let (scheme, certificate_name) = (presented.scheme, presented.name.clone());
        let names_agree = signer_name::agree(&seat.signer.name, &certificate_name);
        let _turn = self.signing_turn().await?;
        let pen = Pen::Outside(Box::new(presented));
        Ok(PreparedOutside {
            prepared: self.prepare_with(actor, seat, pen, now).await?,
            scheme,
            certificate_name,
            names_agree,
        })
    }

    /// The certificate that stands for the key of a prepared signature.
    pub(super) async fn stand_of(&self, signing: &signings::Model) -> Result<Stand, AppError> {
        let reader = self.store.reader();
        let absent = || AppError::internal("a signing without its certificate");
        if let Some(id) = signing.certificate_id {
            let row = certificates::Entity::find_by_id(id).one(reader).await?;
            return Ok(Stand::Here {
                certificate: row.ok_or_else(absent)?,
            });
        }
        let organisation = signing.organisation_id;
        let row =
            store::outside_certificates::find_of_signing(reader, organisation, signing.id).await?;
        let row = row.ok_or_else(absent)?;
        Ok(Stand::Outside {
            chain: chain_of(&row)?,
            scheme: OutsideScheme::from_code(&signing.algorithm).ok_or_else(absent)?,
            row,
        })
    }
}

/// Which certificate stands for a key.
pub(super) enum Stand {
    /// Ours.
    Here {
        /// As it was issued.
        certificate: certificates::Model,
    },
    /// Somebody else's.
    Outside {
        /// As it was presented.
        row: outside_certificates::Model,
        /// Those of its issuers, DER.
        chain: Vec<Vec<u8>>,
        /// How its key signs.
        scheme: OutsideScheme,
    },
}

/// What came, as CMS keeps it.
pub(super) enum Filled {
    /// A value.
    Value(Vec<u8>),
    /// A structure.
    Cms(OutsideCms),
}

impl Filled {
    /// The signature value: what the timestamp is over.
    pub fn value(&self) -> &[u8] {
        match self {
            Self::Value(value) => value,
            Self::Cms(cms) => cms.value(),
        }
    }
}

impl Stand {
    /// Whether what came belongs to what was prepared.
    pub fn fill(
        &self,
        signing: &signings::Model,
        prepared: &Bytes,
        given: Given<'_>,
    ) -> Result<Filled, AppError> {
        match (self, given) {
            (Self::Here { .. }, Given::Value(value)) => {
                encoded_value(signing, value).map(Filled::Value)
            }
            (Self::Here { .. }, Given::Cms(_)) => Err(AppError::refused("signing-not-outside")),
            (Self::Outside { row, scheme, .. }, Given::Value(value)) => {
                let made = outside_value(*scheme, &row.der, &signing.signed_attributes, value);
                made.map(Filled::Value)
                    .map_err(|_| AppError::refused("signature-wrong"))
            }
            (Self::Outside { row, .. }, Given::Cms(cms)) => {
                let spans = spans(signing, prepared)?;
                let read = OutsideCms::read(cms, &row.der, &spans);
                read.map(Filled::Cms).map_err(|fault| cms_refusal(&fault))
            }
        }
    }

    /// Verifies a value of a key that we certified, before anybody is asked for a timestamp; one
    /// of an outside key was verified when it was filled in.
    pub fn check(
        &self,
        signing: &signings::Model,
        filled: &Filled,
        authority: &Authority,
    ) -> Result<(), AppError> {
        let Self::Here { certificate } = self else {
            return Ok(());
        };
        // The authority's keys were replaced since: this certificate's chain is another one.
        if !authority.issuing.has_issued(&certificate.der) {
            return Err(AppError::refused("signing-stale"));
        }
        let parts = Parts {
            signed_attributes: &signing.signed_attributes,
            value: filled.value(),
            certificate: &certificate.der,
            chain: &[],
            timestamp_token: None,
        };
        assemble(&parts).map(|_| ()).map_err(sign_refusal)
    }

    /// The structure that goes into the file, or stands beside it.
    pub fn cms(
        &self,
        signing: &signings::Model,
        filled: &Filled,
        authority: &Authority,
        token: &[u8],
    ) -> Result<Vec<u8>, AppError> {
        let parts = |value, certificate, chain| Parts {
            signed_attributes: &signing.signed_attributes,
            value,
            certificate,
            chain,
            timestamp_token: Some(token),
        };
        let cms = match (self, filled) {
            (Self::Here { certificate }, filled) => {
                let chain = authority.chain();
                assemble(&parts(filled.value(), &certificate.der, &chain))
            }
            (Self::Outside { row, chain, scheme }, Filled::Value(value)) => {
                assemble_outside(*scheme, &parts(value, &row.der, chain))
            }
            (Self::Outside { row, chain, .. }, Filled::Cms(cms)) => {
                let mut carried = vec![row.der.clone()];
                carried.extend_from_slice(chain);
                cms.stamped(&carried, token)
            }
        };
        let cms = cms.map_err(sign_refusal)?;
        match self {
            Self::Outside { .. } => fitting(signing, cms),
            Self::Here { .. } => Ok(cms),
        }
    }

    /// What our validator is to find.
    pub const fn demand(&self) -> Demand {
        match self {
            Self::Here { .. } => Demand::Passed,
            Self::Outside { .. } => Demand::Sound,
        }
    }

    /// Applies the rule of names, and writes into the evidence how the signature came and what the
    /// validator said of it then.
    pub fn conclude(
        &self,
        signing: &mut signings::Model,
        filled: &Filled,
        report: &SignatureReport,
    ) -> Result<(), AppError> {
        let Self::Outside { row, .. } = self else {
            return Ok(());
        };
        let corrupt = || AppError::internal(format!("signing {} has no evidence", signing.id));
        let mut evidence: Value = serde_json::from_str(&signing.evidence).map_err(|_| corrupt())?;
        let agree = evidence["certificate"]["names_agree"] == true;
        if !agree && !is_vouched_for(report) {
            let name = row.name.clone();
            return Err(AppError::refused_with(
                "certificate-name-differs",
                [("name", name)],
            ));
        }
        let given_as = match filled {
            Filled::Value(_) => "value",
            Filled::Cms(_) => "cms",
        };
        let told = evidence.as_object_mut().ok_or_else(corrupt)?;
        told.insert("given_as".to_owned(), given_as.into());
        told.insert("verdict".to_owned(), verdict(report));
        signing.evidence = evidence.to_string();
        Ok(())
    }
}

/// Assembling verifies the value against the certified key first.
fn sign_refusal(error: SignError) -> AppError {
    match error {
        SignError::Value(_) => AppError::refused("signature-wrong"),
        other => AppError::Internal(other.into()),
    }
}

/// Whether the path of the certificate leads to somebody whom this installation trusts.
#[must_use]
pub fn is_vouched_for(report: &SignatureReport) -> bool {
    let stands_against = |code: Code| report.reasons.iter().any(|one| one.code == code);
    report.signer.is_some()
        && !stands_against(Code::ChainMissing)
        && !stands_against(Code::ChainUnsearched)
        // Who can forge a link of the path leads anywhere.
        && !stands_against(Code::ChainWeak)
        && !stands_against(Code::CertificateMissing)
}

/// What the validator says, for the evidence.
#[must_use]
pub fn verdict(report: &SignatureReport) -> Value {
    let codes = report.reasons.iter().map(|reason| reason.code.key());
    json!({
        "indication": indication_code(report.indication),
        "sub_indication": report.sub_indication,
        "reasons": codes.collect::<Vec<&str>>(),
    })
}

/// What an event tells of the certificate of an outside key; nothing for ours.
#[must_use]
pub fn told_certificate(signing: &signings::Model) -> Option<Value> {
    let evidence: Value = serde_json::from_str(&signing.evidence).ok()?;
    evidence.get("certificate").cloned()
}

/// The value as CMS keeps it. WebCrypto gives ECDSA values as r ‖ s (IEEE P1363), CMS wants DER.
fn encoded_value(signing: &signings::Model, value: &[u8]) -> Result<Vec<u8>, AppError> {
    if signing.algorithm == "ecdsa_p256" && value.len() == 64 {
        return ecdsa_raw_to_der(value).map_err(|_| AppError::refused("signature-wrong"));
    }
    Ok(value.to_vec())
}

/// The parts of the prepared file that are signed.
fn spans<'f>(signing: &signings::Model, prepared: &'f Bytes) -> Result<[&'f [u8]; 2], AppError> {
    if form_of(signing)? == SignatureForm::Detached {
        return Ok([prepared, &[]]);
    }
    let range = byte_range(signing, prepared.len())?;
    let corrupt = || AppError::internal("a prepared file is shorter than it was");
    let gap = range.gap();
    let from = usize::try_from(gap.start).map_err(|_| corrupt())?;
    let to = usize::try_from(gap.end).map_err(|_| corrupt())?;
    Ok([
        prepared.get(..from).ok_or_else(corrupt)?,
        prepared.get(to..).ok_or_else(corrupt)?,
    ])
}

fn byte_range(signing: &signings::Model, length: usize) -> Result<ByteRange, AppError> {
    let corrupt = || AppError::internal(format!("signing {} cannot be read", signing.id));
    let entry: [u64; 4] = serde_json::from_str(&signing.byte_range).map_err(|_| corrupt())?;
    let length = u64::try_from(length).map_err(|_| corrupt())?;
    ByteRange::new(entry, length).map_err(|_| corrupt())
}

/// A structure that the hole has room for: two digits a byte, between angle brackets. One that
/// stands by itself has the room of any that is brought.
fn fitting(signing: &signings::Model, cms: Vec<u8>) -> Result<Vec<u8>, AppError> {
    let entry: [u64; 4] = serde_json::from_str(&signing.byte_range)
        .map_err(|error| AppError::Internal(error.into()))?;
    let [_, before, after, _] = entry;
    let room = match form_of(signing)? {
        SignatureForm::Embedded => after.saturating_sub(before).saturating_sub(2) / 2,
        SignatureForm::Detached => detached::BYTES_MAX,
    };
    match u64::try_from(cms.len()) {
        Ok(length) if length <= room => Ok(cms),
        _ => Err(AppError::refused_with(
            "cms-too-large",
            [("kilobytes", (room / 1024).to_string())],
        )),
    }
}

fn cms_refusal(fault: &CmsFault) -> AppError {
    AppError::refused(match fault {
        CmsFault::Unreadable => "cms-unreadable",
        CmsFault::Signers(_) => "cms-several-signers",
        CmsFault::HoldsContent => "cms-not-detached",
        CmsFault::DigestDiffers => "cms-digest-differs",
        CmsFault::CertificateDiffers => "cms-certificate-differs",
    })
}

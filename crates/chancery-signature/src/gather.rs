//! From bytes to [`Facts`]: CMS structures and what is common to all forms.

use std::borrow::Cow;

use crate::algorithm::DigestAlgorithm;
use crate::armour::{Unarmoured, claims_cms, names_cms, outside_armour, unarmour_within};
use crate::asn1::Asn1Error;
use crate::cms::{SignedData, SignerInfo};
use crate::content::{Content, Digested};
use crate::evidence;
use crate::evidence_given::GivenEvidence;
use crate::facts::{
    CoverageFacts, EvidenceFacts, Facts, FileFormat, InnerContent, SignatureFacts, SignatureForm,
    SignerFacts, Unreadable,
};
use crate::gather_signer::{gather_counter_signer, gather_signer};
use crate::oid;
use crate::opened::Opened;
use crate::other_file;
use crate::work::{COUNTER_SIGNATURES_MAX, VERIFICATION_WORK_MAX, Work};

/// Deepest counter-signature of a counter-signature.
const COUNTER_DEPTH_MAX: u32 = 4;

/// Bounds on what one file may cost. The PDF reader keeps its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// What the PDF reader may spend.
    pub pdf: chancery_pdf::Limits,
    /// What signatures may cost.
    pub signatures: SignatureLimits,
}

/// Bounds on signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLimits {
    /// Largest CMS structure that is parsed, its own content aside, in bytes.
    pub cms_bytes_max: usize,
    /// Most signatures in one file.
    pub signatures_max: usize,
    /// Most revisions after the first signed one that are compared with their predecessors.
    pub compared_revisions_max: usize,
    /// Most of them that are opened anew, because they do not stand in order behind one another. As
    /// many are compared however many objects they read.
    pub reopened_revisions_max: usize,
    /// Most objects that are read to compare the others, over all of them, beside those that the
    /// revisions wrote: where a revision changes the form of the file, tables are made anew.
    pub compared_objects_max: u64,
    /// Most bytes that are parsed and decoded to compare revisions, over all of them; of a small
    /// file less, see [`SignatureLimits::compared_bytes`].
    pub compared_bytes_max: u64,
    /// Most changes that are listed, over all revisions.
    pub changes_max: usize,
    /// Most bytes that are read for all signatures of one file beside one pass over it: what each
    /// covers behind its gap, and everything that a signature covers in no usual way.
    pub covered_bytes_max: u64,
    /// Most work of verifying values: a unit is a quarter of a value of P-256, an eighth of one of
    /// GOST; RSA costs the square of its size, 4 for 2048 bits.
    pub verification_work_max: u64,
}

impl Default for SignatureLimits {
    fn default() -> Self {
        Self {
            cms_bytes_max: 128 * 1024 * 1024,
            signatures_max: 2_000,
            compared_revisions_max: 10_000,
            reopened_revisions_max: 64,
            compared_objects_max: 4_000_000,
            compared_bytes_max: 512 * 1024 * 1024,
            changes_max: 100_000,
            covered_bytes_max: 2 * 1024 * 1024 * 1024,
            verification_work_max: VERIFICATION_WORK_MAX,
        }
    }
}

/// What comparing revisions may cost however small a file is, in bytes, and for each of its bytes.
const COMPARED_BASE: u64 = 128 * 1024 * 1024;
const COMPARED_A_BYTE: u64 = 16;

impl SignatureLimits {
    /// Most bytes that are parsed and decoded to compare the revisions of a file of so many bytes.
    #[must_use]
    pub fn compared_bytes(&self, file: usize) -> u64 {
        let own = (file as u64).saturating_mul(COMPARED_A_BYTE);
        self.compared_bytes_max
            .min(COMPARED_BASE.saturating_add(own))
    }
}

/// Gathers from a CMS file: DER, BER, PEM or Base64; `content` is what it signs if that is not
/// inside it.
#[must_use]
pub fn gather_cms(bytes: &[u8], content: Option<&[u8]>, limits: &Limits) -> Facts {
    gather_cms_with(bytes, content, &GivenEvidence::none(), limits)
}

/// As [`gather_cms`], with what is at hand beside the file: certificates of signers that it brings
/// none of.
#[must_use]
pub fn gather_cms_with(
    bytes: &[u8],
    content: Option<&[u8]>,
    given: &GivenEvidence,
    limits: &Limits,
) -> Facts {
    let mut facts = Facts::of(bytes, FileFormat::Cms);
    let Unarmoured {
        bytes: unarmoured,
        dropped,
        other_kind,
    } = unarmour_within(bytes, limits.signatures.cms_bytes_max);
    if unarmoured.len() > limits.signatures.cms_bytes_max {
        facts.unreadable = Some(Unreadable::new("limit_exceeded", "cms_bytes_max"));
        return facts;
    }
    let outside = match outside_armour(bytes) {
        Ok(outside) => outside,
        Err(what) => {
            facts.claims_signature = true;
            facts.unreadable = Some(Unreadable::new("cms_damaged", what));
            return facts;
        }
    };
    let (structure, rest) = match SignedData::parse(&unarmoured) {
        Ok(parsed) => parsed,
        Err(error) => return without_structure(facts, bytes, &unarmoured, error),
    };
    let around = outside.saturating_add(dropped);
    let excess_bytes = (rest.len() as u64).saturating_add(around);
    if structure.signers.is_empty() {
        facts.unreadable = Some(Unreadable::new("no_signer", "there is no signer"));
        facts.claims_signature = true;
    }
    let (inner, signed) = match (&structure.content, content) {
        (Some(inner), None) => (InnerContent::Signed, Some(inner.as_ref())),
        (None, outer) => (InnerContent::Absent, outer),
        (Some(inner), Some(outer)) if inner.as_ref() == outer => {
            (InnerContent::Signed, Some(outer))
        }
        (Some(inner), Some(outer)) if inner.is_empty() => (InnerContent::Empty, Some(outer)),
        (Some(inner), Some(_)) => (InnerContent::Other, Some(inner.as_ref())),
    };
    facts.evidence = evidence::of_structure(&structure, None);
    let work = Work::new(&limits.signatures);
    let opened = Opened::new(&structure, &work).given(given);
    let form = Form {
        excess_bytes,
        inner,
        signed,
        // Within the structure what is signed is left out. Text and Base64 around it are read as
        // they are too: a mail program takes them off, as we do.
        carries: match &unarmoured {
            Cow::Borrowed(_) => None,
            Cow::Owned(_) if other_kind => Some("message"),
            Cow::Owned(_) => other_file::begun(bytes),
        }
        .or_else(|| other_file::carried(&unarmoured, &structure)),
        fits_gap: signed.is_some_and(other_file::names_gap),
    };
    facts.signatures = gather_signers(&opened, form);
    if let Some((limit, max)) = work.exceeded() {
        let error = chancery_pdf::PdfError::LimitExceeded { limit, max };
        facts.unreadable = Some(Unreadable::new("limit_exceeded", error));
    }
    facts
}

/// A file that is no structure, or one that cannot be read.
fn without_structure(mut facts: Facts, bytes: &[u8], unarmoured: &[u8], error: Asn1Error) -> Facts {
    facts.claims_signature = claims_cms(bytes, unarmoured);
    if !facts.claims_signature {
        facts.format = FileFormat::Unknown;
    }
    let code = match (error, names_cms(bytes, unarmoured)) {
        // Nothing is wrong with it but its size.
        (Asn1Error::Count | Asn1Error::Size, true) => "limit_exceeded",
        (_, true) => "cms_damaged",
        (_, false) => "not_cms",
    };
    facts.unreadable = Some(Unreadable::new(code, error));
    facts
}

/// What all signers of a structure have alike.
#[derive(Clone, Copy)]
struct Form<'c> {
    excess_bytes: u64,
    inner: InnerContent,
    signed: Option<&'c [u8]>,
    carries: Option<&'static str>,
    fits_gap: bool,
}

/// Gathers the signers, each with those who signed its value.
fn gather_signers(opened: &Opened<'_, '_>, form: Form<'_>) -> Vec<SignatureFacts> {
    let mut counted = 0_usize;
    let mut gathered: Vec<SignatureFacts> = Vec::new();
    let digested = Digested::default();
    let parts = form.signed.map(|signed| [signed]);
    let content = parts.as_ref().map(|parts| Content::of(parts));
    let content = content.map(|content| content.remembered(&digested).within(opened.work));
    for signer_info in &opened.structure.signers {
        let mut signature = cms_signature(opened, form.signed);
        signature.excess_bytes = form.excess_bytes;
        signature.inner_content = form.inner;
        signature.carries_other = form.carries.map(str::to_owned);
        signature.other_content = form.fits_gap.then(|| "with_gap".to_owned());
        let signer = gather_signer(opened, signer_info, content);
        take_signer(&mut signature, signer);
        signature.evidence = evidence::of_signer(signer_info);
        let index = gathered.len();
        let room = COUNTER_SIGNATURES_MAX.saturating_sub(counted);
        let counters = Counters::of(opened, signer_info, index, &signature.coverage, room);
        counted = counted.saturating_add(counters.found.len());
        gathered.push(signature);
        gathered.extend(counters.found);
    }
    gathered
}

fn cms_signature(opened: &Opened<'_, '_>, signed: Option<&[u8]>) -> SignatureFacts {
    let mut signature = SignatureFacts::empty(SignatureForm::Cms);
    let length = signed.map_or(0, <[u8]>::len) as u64;
    signature.coverage = match signed {
        Some(_) => Ok(CoverageFacts {
            byte_range: [0, length, length, 0],
            revision: 0,
            whole_file: true,
            revision_sha256: None,
        }),
        None => Err("no_content".to_owned()),
    };
    signature.signers = 1;
    signature.certificates.clone_from(&opened.certificates);
    signature
}

fn take_signer(signature: &mut SignatureFacts, signer: SignerFacts) {
    let claimed = signer
        .attributes
        .as_ref()
        .and_then(|attributes| attributes.signing_time);
    signature.claimed_time = claimed.map(|instant| instant.to_string());
    signature.signer = Some(signer);
}

/// Counter-signatures as signatures of their own, each naming the one it signs (RFC 5652, 11.4).
pub(crate) struct Counters {
    /// The place in the facts that the first one will have.
    first: usize,
    /// How many there may be.
    room: usize,
    pub found: Vec<SignatureFacts>,
}

impl Counters {
    /// Gathers those of `signer_info`, which stands at the place `signs` of the facts and covers
    /// `coverage`; in a PDF they belong to the same revision.
    pub fn of(
        opened: &Opened<'_, '_>,
        signer_info: &SignerInfo<'_>,
        signs: usize,
        coverage: &Result<CoverageFacts, String>,
        room: usize,
    ) -> Self {
        let mut counters = Self {
            first: signs.saturating_add(1),
            room,
            found: Vec::new(),
        };
        counters.take(opened, signer_info, signs, coverage, 0);
        counters
    }

    fn take(
        &mut self,
        opened: &Opened<'_, '_>,
        signer_info: &SignerInfo<'_>,
        signs: usize,
        coverage: &Result<CoverageFacts, String>,
        depth: u32,
    ) {
        let attributes = signer_info.unsigned.iter();
        let values = attributes
            .filter(|attribute| attribute.kind == oid::COUNTER_SIGNATURE)
            .flat_map(|attribute| &attribute.values);
        for node in values {
            if self.found.len() >= self.room || depth >= COUNTER_DEPTH_MAX {
                let max = COUNTER_SIGNATURES_MAX as u64;
                opened.work.exceed("counter_signatures_max", max);
                return;
            }
            let mut signature = cms_signature(opened, Some(&signer_info.value));
            signature.form = SignatureForm::CounterSignature;
            signature.counter_signs = u32::try_from(signs).ok();
            signature.inner_content = InnerContent::Absent;
            if let (Ok(own), Ok(signed)) = (&mut signature.coverage, coverage) {
                own.revision = signed.revision;
            }
            let place = self.first.saturating_add(self.found.len());
            match SignerInfo::parse(*node) {
                Ok(counter) => {
                    let signer = gather_counter_signer(opened, &counter, &signer_info.value);
                    take_signer(&mut signature, signer);
                    signature.evidence = evidence::of_signer(&counter);
                    self.found.push(signature);
                    self.take(opened, &counter, place, coverage, depth.saturating_add(1));
                }
                Err(error) => {
                    signature.malformed = Some(error.to_string());
                    self.found.push(signature);
                }
            }
        }
    }
}

impl Facts {
    /// A file in which nothing was found yet.
    #[must_use]
    pub fn of(bytes: &[u8], format: FileFormat) -> Self {
        Self {
            sha256: hex::encode(DigestAlgorithm::Sha256.digest(&[bytes])),
            ..Self::undigested(bytes, format)
        }
    }

    /// The same without its digest, for who will have it from the digests of its signatures.
    pub(crate) fn undigested(bytes: &[u8], format: FileFormat) -> Self {
        Self {
            sha256: String::new(),
            bytes: bytes.len() as u64,
            format,
            unreadable: None,
            claims_signature: false,
            pdf: None,
            evidence: EvidenceFacts::default(),
            signatures: Vec::new(),
        }
    }
}

impl Unreadable {
    /// With a stable code, and words of the reader.
    #[must_use]
    pub fn new(code: &str, detail: impl std::fmt::Display) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.to_string(),
        }
    }
}

impl SignatureFacts {
    /// A signature of which nothing is known yet.
    #[must_use]
    pub fn empty(form: SignatureForm) -> Self {
        Self {
            form,
            field: None,
            sub_filter: None,
            claimed_time: None,
            certification: None,
            lock_permission: None,
            direct: false,
            locks: Vec::new(),
            counter_signs: None,
            coverage: Err("no_content".to_owned()),
            excess_bytes: 0,
            carries_other: None,
            other_content: None,
            malformed: None,
            certificates: Vec::new(),
            signers: 0,
            inner_content: InnerContent::Absent,
            signer: None,
            token: None,
            evidence: EvidenceFacts::default(),
            xml: None,
        }
    }
}

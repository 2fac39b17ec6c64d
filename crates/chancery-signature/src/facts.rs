//! Everything gathered before judging: what the bytes say, and what arithmetic says of them.
//!
//! Facts hold no opinion, no trust and no date of judgement. They can be stored and judged again in
//! ten years under another policy, without the file.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use crate::algorithm::{DigestAlgorithm, Verification};
pub use crate::beneath::Beneath;
pub use crate::der::Der;
pub use crate::shared::Shared;
use crate::timestamp::TimestampToken;
pub use crate::xml_facts::{
    XmlCoverage, XmlDeclarations, XmlFacts, XmlReference, XmlReferenceState,
};

/// What one file is and holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// What it was read as.
    pub format: FileFormat,
    /// Why it could not be read to its end, if it could not.
    pub unreadable: Option<Unreadable>,
    /// Whether a file that cannot be read speaks of a signature.
    #[serde(default)]
    pub claims_signature: bool,
    /// What a PDF's structure says.
    pub pdf: Option<PdfFacts>,
    /// Certificates and answers about revocation that the file brings, outside its signatures.
    #[serde(default)]
    pub evidence: EvidenceFacts,
    /// The signatures: of a PDF in the order of its form, of CMS in the order of the structure.
    pub signatures: Vec<SignatureFacts>,
}

/// Evidence for later years (ISO 32000-2, 12.8.4.3; EN 319 122-1, 5.4), as it was sent. Nothing in
/// it is judged here: certificates extend the pool of paths, lists and answers say who was revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFacts {
    /// Certificates.
    pub certificates: Vec<Piece>,
    /// Revocation lists.
    pub crls: Vec<Piece>,
    /// OCSP answers, whole or only their basic part.
    pub ocsps: Vec<Piece>,
    /// Whether lists or answers were left out because there are too many, or they are too large.
    pub cut: bool,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Its bytes, DER.
    pub der: Der,
    /// In a document security store, the revision of the PDF that holds it, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Whether it stands among the signed attributes: then it is as old as the signature.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
}

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// PDF with signatures inside.
    Pdf,
    /// CMS, its content inside or beside it.
    Cms,
    /// XML with signatures inside (XMLDSig, XAdES).
    Xml,
    /// Something else: nothing in it is a signature, and it claims none.
    Unknown,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// A stable word for machines.
    pub code: String,
    /// The reader's own words, in English: for the technical part of a report.
    pub detail: String,
}

/// The structure of a PDF.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfFacts {
    /// How many revisions it has.
    pub revisions: u32,
    /// Bytes before the header, where offsets count from it (ISO 32000-2, 7.5.2).
    #[serde(default)]
    pub leading_bytes: u64,
    /// Why readers find different objects in the file, if they do: `leading`, `offsets`,
    /// `places`, `comment`, or a word of [`chancery_pdf::Divided`].
    #[serde(default)]
    pub reads_two_ways: Option<String>,
    /// What depends on the reader, or on screen and paper: words of [`chancery_pdf::Varies`].
    #[serde(default)]
    pub varies: Vec<String>,
    /// Whether what came after the first signature is a file of another kind to some programs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carries_other: bool,
    /// Bytes after the end of the last revision that are not white space.
    pub trailing_bytes: u64,
    /// Whether any revision is encrypted.
    pub encrypted: bool,
    /// Why what an encrypted file says cannot be read, if it cannot: `password`, `handler`,
    /// `unclear`.
    #[serde(default)]
    pub unopened: Option<String>,
    /// Signature dictionaries that no field of the form leads to.
    pub stray_signatures: u32,
    /// Signatures over an earlier revision of this very file that no field leads to any more.
    #[serde(default)]
    pub removed_signatures: u32,
    /// The level in the catalog's `/Perms /DocMDP`.
    pub certification: Option<i64>,
    /// What each revision after the first signed one changed, oldest first.
    pub changes: Vec<RevisionChanges>,
}

/// What one revision changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionChanges {
    /// The revision, from 0.
    pub revision: u32,
    /// The changes; empty if it changed nothing that counts.
    pub changes: Vec<Change>,
}

/// One change that a revision made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A signature was added in a new or an empty field.
    SignatureAdded {
        /// The field's name.
        field: String,
        /// The share of its page that its mark covers, in percent, rounded up; 0 if invisible.
        covers_percent: u8,
        /// The page it stands on, from 1.
        #[serde(default)]
        page: Option<u32>,
        /// Whether the field was there before, empty.
        #[serde(default)]
        existing: bool,
        /// What its mark was put over.
        #[serde(default)]
        beneath: Beneath,
    },
    /// An empty field for a signature to come, which shows nothing.
    SignatureFieldAdded {
        /// The field's name.
        field: String,
        /// The share of its page that the mark to come will cover, as that of a signature.
        #[serde(default)]
        covers_percent: u8,
        /// The page it stands on, from 1.
        page: Option<u32>,
        /// What the mark to come will stand over.
        #[serde(default)]
        beneath: Beneath,
    },
    /// A field of the form was filled in, and shows what it says.
    FieldFilled {
        /// The field's name.
        field: String,
        /// Whether it had another value at signing, which is gone.
        #[serde(default)]
        replaces: bool,
        /// The page it stands on, from 1.
        page: Option<u32>,
        /// What else its place shows than the field itself.
        #[serde(default)]
        beneath: Beneath,
    },
    /// A field of the form was filled in, and shows something in letters of a font that the file
    /// brings: whether that is what it says cannot be told.
    FieldLetters {
        /// The field's name.
        field: String,
        /// The page it stands on, from 1.
        page: Option<u32>,
    },
    /// An annotation that is no widget of a new signature.
    AnnotationAdded {
        /// Its `/Subtype`.
        kind: String,
        /// The page it stands on, from 1.
        page: Option<u32>,
    },
    /// The author's permissions were changed or taken away.
    PermissionsChanged,
    /// Evidence for long-term validation was added.
    EvidenceAdded,
    /// Title, author, dates and the like were rewritten.
    MetadataChanged,
    /// What is shown was changed: a page, its content, or what it draws.
    ContentChanged {
        /// The object.
        object: u32,
        /// The first page that shows it, from 1.
        #[serde(default)]
        page: Option<u32>,
    },
    /// Pages were taken out of the document or put into it. What was written for that is told
    /// beside it.
    PagesChanged {
        /// How many are gone.
        removed: u32,
        /// The first of them, counted from 1 in the document as it was before.
        removed_first: Option<u32>,
        /// How many are new.
        added: u32,
        /// The first of them, counted from 1 in the document as it is afterwards.
        added_first: Option<u32>,
    },
    /// Scripts or actions were added.
    ActionAdded {
        /// The object.
        object: u32,
    },
    /// Bytes that no cross-reference leads to.
    HiddenBytes {
        /// How many.
        bytes: u64,
    },
    /// A bare stream that nothing refers to: a writer's leftover, shown by nobody.
    OrphanAdded {
        /// The object.
        object: u32,
    },
    /// Anything else: not shown to be harmless.
    Unexplained {
        /// The object; 0 if it is not one object.
        object: u32,
        /// In a few English words.
        what: String,
        /// The first page that it belongs to, from 1.
        #[serde(default)]
        page: Option<u32>,
    },
}

/// How a signature is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureForm {
    /// In a PDF, by a person.
    Pdf,
    /// In a PDF, a document timestamp.
    DocumentTimestamp,
    /// CMS by itself.
    Cms,
    /// A signature over the value of another one.
    CounterSignature,
    /// In an XML document.
    Xml,
}

impl SignatureForm {
    /// Whether it covers bytes of a PDF.
    #[must_use]
    pub fn is_in_pdf(self) -> bool {
        matches!(self, Self::Pdf | Self::DocumentTimestamp)
    }
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureFacts {
    /// How it is kept.
    pub form: SignatureForm,
    /// The name of its field in a PDF.
    pub field: Option<String>,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// The time that the signer claims: `/M`, or the attribute signing-time. Proof of nothing.
    pub claimed_time: Option<String>,
    /// `/P` of a `DocMDP` reference.
    pub certification: Option<i64>,
    /// `/P` of a `FieldMDP` reference: what this signature's lock leaves open.
    pub lock_permission: Option<i64>,
    /// Whether the dictionary stands in its field directly, and is no object of its own.
    #[serde(default)]
    pub direct: bool,
    /// The fields that this signature locks.
    #[serde(default)]
    pub locks: Vec<FieldLock>,
    /// For a counter-signature, the index of the signature that it signs.
    #[serde(default)]
    pub counter_signs: Option<u32>,
    /// Which bytes it covers.
    pub coverage: Result<CoverageFacts, String>,
    /// Bytes other than zero that follow the structure in `/Contents` or in the file.
    pub excess_bytes: u64,
    /// What another file stands in CMS outside everything that is signed: `pdf`, `postscript`,
    /// `archive`, `text`, `page`, a `message` that says it is something else, `parameters` of an
    /// algorithm that has none, or `loose` bytes that nobody can read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carries_other: Option<String>,
    /// For which other file the signature may have been made: `without_gap`, `with_gap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_content: Option<String>,
    /// Why the structure cannot be read.
    pub malformed: Option<String>,
    /// The certificates sent along, DER.
    pub certificates: Vec<Der>,
    /// How many signers the structure has; a PDF signature must have one.
    pub signers: u32,
    /// Content inside the structure, where the signed content is outside it.
    pub inner_content: InnerContent,
    /// The signer, if the structure could be read.
    pub signer: Option<SignerFacts>,
    /// For a document timestamp, what the token says.
    pub token: Option<TimestampToken>,
    /// What its structure and its attributes bring beside its certificates.
    #[serde(default)]
    pub evidence: EvidenceFacts,
    /// For a signature in XML, what it refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml: Option<XmlFacts>,
}

/// The fields that a signature locks (ISO 32000-2, 12.8.2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "action", content = "fields", rename_all = "snake_case")]
pub enum FieldLock {
    /// All.
    All,
    /// These, with everything beneath them.
    Include(Vec<String>),
    /// All but these, with everything beneath them.
    Exclude(Vec<String>),
}

impl FieldLock {
    /// Whether the field of this full name is locked.
    #[must_use]
    pub fn locks(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Include(names) => Self::names(names, field),
            Self::Exclude(names) => !Self::names(names, field),
        }
    }

    /// Whether one of the names is that of `field`, or of something above it.
    pub(crate) fn names(names: &[String], field: &str) -> bool {
        names.iter().any(|name| {
            let beneath = field.strip_prefix(name.as_str());
            beneath.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// Content inside a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerContent {
    /// None: detached.
    Absent,
    /// An empty string, which some old programs write instead of none.
    Empty,
    /// There, and it is what is signed.
    Signed,
    /// There, and it is not the content that was given.
    Other,
}

/// Which bytes a signature covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFacts {
    /// `/ByteRange`; for CMS `[0, length, length, 0]`.
    pub byte_range: [u64; 4],
    /// The revision whose end it reaches, from 0.
    pub revision: u32,
    /// Whether every byte but the gap is covered.
    pub whole_file: bool,
    /// SHA-256 of the file up to the end of that revision, hexadecimal; in a PDF alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_sha256: Option<String>,
}

/// One signer of a structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerFacts {
    /// The index of its certificate in the structure's list, chosen by the signer identifier.
    pub certificate: Option<u32>,
    /// The object identifier of the digest algorithm.
    pub digest_oid: String,
    /// The digest algorithm, if we compute it.
    pub digest: Option<DigestAlgorithm>,
    /// The object identifier of the signature algorithm.
    pub signature_oid: String,
    /// The digest that the signature algorithm itself names.
    pub signature_digest: Option<DigestAlgorithm>,
    /// The signed attributes; absent if the signature is over the content itself.
    pub attributes: Option<AttributeFacts>,
    /// Whether content that is signed without attributes reads as attributes itself.
    pub content_reads_as_attributes: bool,
    /// Whether the value fits the key and what it must be over.
    pub value: Verification,
    /// Whether the value is the bare pair of ECDSA and not its DER.
    #[serde(default)]
    pub value_plain: bool,
    /// Whether the attributes were sent in the order of DER.
    pub attributes_in_order: bool,
    /// The timestamp tokens over the content, which were there before it was signed.
    #[serde(default)]
    pub content_tokens: Vec<TokenFacts>,
    /// The timestamp tokens over the value.
    pub tokens: Vec<TokenFacts>,
    /// Timestamps over the signature with everything that hangs on it.
    #[serde(default)]
    pub archives: Vec<ArchiveFacts>,
}

/// What the signed attributes say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeFacts {
    /// Whether there is exactly one content-type with one value, and it names the content's type.
    pub content_type: Agreement,
    /// Whether there is exactly one message-digest with one value, and it is the content's digest.
    pub message_digest: Agreement,
    /// Whether signing-certificate (v1 or v2) names the signer's certificate.
    pub signing_certificate: Agreement,
    /// Whether some attribute stands twice that must stand once.
    pub repeated: bool,
    /// The attribute signing-time.
    pub signing_time: Option<Instant>,
}

/// Whether something that should agree does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// It does.
    Agrees,
    /// It does not.
    Differs,
    /// It is missing.
    Absent,
    /// It cannot be computed: an unknown digest, no certificate, no content.
    Unknown,
}

/// An archive timestamp of CAdES (EN 319 122-1, 5.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveFacts {
    /// The token. Its imprint is compared with what the form says it is over.
    pub token: TokenFacts,
    /// Whether it is of a form that is verified here.
    pub supported: bool,
    /// The digest of its index of hashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_digest: Option<DigestAlgorithm>,
    /// SHA-256, hexadecimal, of each certificate, list, answer and token that it covers beside it.
    pub covers: Vec<String>,
}

/// A timestamp token over a signature value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenFacts {
    /// SHA-256 of its bytes, hexadecimal: what an archive timestamp covers it by.
    #[serde(default)]
    pub sha256: String,
    /// What it says; absent if it cannot be read.
    pub token: Option<TimestampToken>,
    /// Whether its imprint is that of the value.
    pub imprint: Agreement,
    /// The certificates sent along, DER.
    pub certificates: Vec<Der>,
    /// The authority's signature.
    pub signer: Option<Box<SignerFacts>>,
    /// What its structure and its attributes bring beside its certificates.
    #[serde(default)]
    pub evidence: EvidenceFacts,
}

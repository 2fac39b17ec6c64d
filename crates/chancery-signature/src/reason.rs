//! Why: every reason as a code, what it weighs, and the check that it belongs to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::args::Args;
use crate::report::SubIndication;

/// What was checked.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The structure can be read and is complete.
    Format,
    /// The covered bytes are exactly what they seem to be.
    Coverage,
    /// What came after is harmless.
    Changes,
    /// The digest of the content.
    Digest,
    /// The signature value.
    Value,
    /// The signed attributes.
    Attributes,
    /// Digest, scheme and key are strong enough.
    Algorithms,
    /// The path to a trust anchor.
    Chain,
    /// Revocation along the path.
    Revocation,
    /// The proof of time.
    Time,
}

impl Check {
    /// All, in the order they are shown.
    pub const ALL: [Self; 10] = [
        Self::Format,
        Self::Coverage,
        Self::Digest,
        Self::Value,
        Self::Attributes,
        Self::Algorithms,
        Self::Changes,
        Self::Time,
        Self::Chain,
        Self::Revocation,
    ];

    /// The stable word for translations: `coverage`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Coverage => "coverage",
            Self::Changes => "changes",
            Self::Digest => "digest",
            Self::Value => "value",
            Self::Attributes => "attributes",
            Self::Algorithms => "algorithms",
            Self::Chain => "chain",
            Self::Revocation => "revocation",
            Self::Time => "time",
        }
    }
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// Could not be made: what it needs is missing, or an earlier check took its ground away.
    NotMade,
    /// Nothing wrong.
    Passed,
    /// Nothing wrong, something to say.
    Warned,
    /// Not decided.
    Undecided,
    /// Proven wrong.
    Failed,
}

/// One check and what it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedResult {
    /// The check.
    pub check: Check,
    /// What it came to.
    pub result: CheckResult,
}

/// What a reason does to the conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Warns,
    Undecides(SubIndication),
    Fails(SubIndication),
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $key:literal, $check:ident, $weight:expr;)+) => {
        /// A reason, as a code. Its arguments are in [`Reason::args`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(JsonSchema)]
        pub enum Code {$(
            $(#[$doc])*
            #[serde(rename = $key)]
            $name,
        )+}

        impl Code {
            /// Every code, for translations to be complete.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable word for translations: `digest_differs`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {$(Self::$name => $key,)+}
            }

            /// The check that it belongs to.
            #[must_use]
            pub fn check(self) -> Check {
                match self {$(Self::$name => Check::$check,)+}
            }

            /// Whether it alone makes a signature TOTAL-FAILED.
            #[must_use]
            pub fn fails(self) -> bool {
                matches!(self.weight(), Weight::Fails(_))
            }

            /// Whether it is only to be known, and keeps no signature from passing.
            #[must_use]
            pub fn only_warns(self) -> bool {
                self.weight() == Weight::Warns
            }

            pub(crate) fn weight(self) -> Weight {
                use SubIndication as Sub;
                use Weight::{Fails, Undecides, Warns};
                match self {$(Self::$name => $weight,)+}
            }
        }
    };
}

codes! {
    /// The file has no signature.
    NoSignature, "no_signature", Format, Undecides(Sub::SignedDataNotFound);
    /// Nobody signed the file: it has timestamps alone.
    OnlyTimestamps, "only_timestamps", Format, Undecides(Sub::SignedDataNotFound);
    /// The file cannot be read: `why`, `detail`.
    Unreadable, "unreadable", Format, Undecides(Sub::SignedDataNotFound);
    /// A signature dictionary that no field leads to: `count`.
    StraySignature, "stray_signature", Format, Warns;
    /// The signed file itself is written so that readers find different objects in it: `why`.
    ReadsTwoWays, "reads_two_ways", Format, Undecides(Sub::SigConstraintsFailure);
    /// What the signed file shows depends on the reader, or on screen and paper: `how`.
    AppearanceVaries, "appearance_varies", Format, Warns;
    /// The file is enciphered and does not open without a password or a key, so that what it says
    /// is not compared: `why` (`password`, `handler`, `unclear`).
    FileUnopened, "file_unopened", Format, Warns;
    /// An earlier revision of the file was signed, and no field leads to that signature any more:
    /// `count`.
    SignatureRemoved, "signature_removed", Format, Warns;
    /// `/ByteRange` and `/Contents` are not as they must be: `why`.
    CoverageUnsound, "coverage_unsound", Coverage, Fails(Sub::FormatFailure);
    /// Two signatures claim the same gap.
    GapShared, "gap_shared", Coverage, Fails(Sub::FormatFailure);
    /// The signed content was not given.
    ContentMissing, "content_missing", Coverage, Undecides(Sub::SignedDataNotFound);
    /// A kind of signature that is not supported: `sub_filter`.
    KindUnsupported, "kind_unsupported", Format, Undecides(Sub::SigConstraintsFailure);
    /// The structure cannot be read: `why`.
    StructureMalformed, "structure_malformed", Format, Fails(Sub::FormatFailure);
    /// A PDF signature with more than one signer: `count`.
    SeveralSigners, "several_signers", Format, Fails(Sub::FormatFailure);
    /// The signature dictionary stands in its field, and is no object of its own.
    DictionaryDirect, "dictionary_direct", Format, Warns;
    /// White space that nothing covers follows the end of the file: `bytes`.
    TailBlank, "tail_blank", Coverage, Warns;
    /// Bytes follow the structure, or stand around its block of PEM: `bytes`.
    ExcessBytes, "excess_bytes", Format, Warns;
    /// The file is one of another kind too, with something that nobody signed: `what`.
    CarriesOther, "carries_other", Format, Undecides(Sub::SigConstraintsFailure);
    /// The signature fits another file as well, and may have been made for that one: `how`
    /// (`without_gap`, `with_gap`).
    OtherContent, "other_content", Coverage, Undecides(Sub::SigConstraintsFailure);
    /// Content inside the structure is not the content that is signed.
    InnerContentDiffers, "inner_content_differs", Digest, Fails(Sub::HashFailure);
    /// An empty content inside a detached structure.
    InnerContentEmpty, "inner_content_empty", Format, Undecides(Sub::FormatFailure);
    /// No signed attributes.
    AttributesMissing, "attributes_missing", Attributes, Undecides(Sub::SigConstraintsFailure);
    /// An attribute stands twice.
    AttributeRepeated, "attribute_repeated", Attributes, Fails(Sub::FormatFailure);
    /// No signed attributes, in an older form that allows it.
    AttributesAbsent, "attributes_absent", Attributes, Warns;
    /// The attributes are not in DER order.
    AttributesUnordered, "attributes_unordered", Attributes, Warns;
    /// The attribute content-type is missing or names another type.
    ContentTypeWrong, "content_type_wrong", Attributes, Fails(Sub::FormatFailure);
    /// The attribute message-digest is missing.
    DigestMissing, "digest_missing", Attributes, Fails(Sub::FormatFailure);
    /// The content is not what was signed.
    DigestDiffers, "digest_differs", Digest, Fails(Sub::HashFailure);
    /// The digest cannot be computed: `algorithm`.
    DigestUnsupported, "digest_unsupported", Digest, Undecides(Sub::CryptoConstraintsFailure);
    /// The content reads as signed attributes itself.
    ContentReadsAsAttributes, "content_reads_as_attributes", Attributes, Fails(Sub::FormatFailure);
    /// No attribute signing-certificate, where the form demands one.
    SigningCertificateMissing, "signing_certificate_missing", Attributes,
        Undecides(Sub::SigConstraintsFailure);
    /// No attribute signing-certificate, in an older form that has none.
    SigningCertificateUnbound, "signing_certificate_unbound", Attributes, Warns;
    /// The attribute signing-certificate names another certificate.
    SigningCertificateDiffers, "signing_certificate_differs", Attributes,
        Undecides(Sub::NoSigningCertificateFound);
    /// The signer's certificate is not in the structure.
    CertificateMissing, "certificate_missing", Chain, Undecides(Sub::NoSigningCertificateFound);
    /// The value does not fit the key.
    ValueWrong, "value_wrong", Value, Fails(Sub::SigCryptoFailure);
    /// Key and scheme contradict each other.
    ValueInconsistent, "value_inconsistent", Value, Fails(Sub::SigCryptoFailure);
    /// The value cannot be verified: `algorithm`.
    ValueUnsupported, "value_unsupported", Value, Undecides(Sub::CryptoConstraintsFailure);
    /// Digest algorithm and signature algorithm name different digests: `digest`, `signature`.
    DigestsDisagree, "digests_disagree", Algorithms, Fails(Sub::FormatFailure);
    /// A digest too weak by policy: `algorithm`.
    DigestWeak, "digest_weak", Algorithms, Undecides(Sub::CryptoConstraintsFailure);
    /// A weak digest of a time when it was not, and that time is proven: `algorithm`.
    DigestAged, "digest_aged", Algorithms, Warns;
    /// A weak digest that was good enough at the time that the signer claims: `algorithm`.
    DigestAgedUnproven, "digest_aged_unproven", Algorithms,
        Undecides(Sub::CryptoConstraintsFailureNoPoe);
    /// An ECDSA value written as a bare pair of numbers.
    ValuePlain, "value_plain", Value, Warns;
    /// A counter-signature with the attribute content-type, which it must not have.
    ContentTypeForbidden, "content_type_forbidden", Attributes, Fails(Sub::FormatFailure);
    /// A key too short by policy: `algorithm`, `bits`.
    KeyWeak, "key_weak", Algorithms, Undecides(Sub::CryptoConstraintsFailure);
    /// A key too short by now, of a time when it was not, and that time is proven: `algorithm`,
    /// `bits`.
    KeyAged, "key_aged", Algorithms, Warns;
    /// Something was added that is not shown to be harmless: `revision`, `what`, `object`.
    AddedAfterSigning, "added_after_signing", Changes, Undecides(Sub::SigConstraintsFailure);
    /// What is shown was changed: `revision`, `object`, `page`; or, where pages were taken out or
    /// put in, `revision`, `removed`, `removed_first`, `added`, `added_first`.
    ContentChanged, "content_changed", Changes, Fails(Sub::FormatFailure);
    /// Actions or scripts were added: `revision`.
    ActionAdded, "action_added", Changes, Fails(Sub::FormatFailure);
    /// Bytes that no cross-reference leads to: `bytes`.
    HiddenBytes, "hidden_bytes", Changes, Fails(Sub::FormatFailure);
    /// The author's permissions were changed or taken away: `revision`.
    PermissionsChanged, "permissions_changed", Changes, Fails(Sub::FormatFailure);
    /// An annotation, where the author allowed none: `revision`, `kind`, `page`.
    AnnotationForbidden, "annotation_forbidden", Changes, Fails(Sub::FormatFailure);
    /// An annotation that was not there at signing: `revision`, `kind`, `page`.
    AnnotationAdded, "annotation_added", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A field that an earlier signature locks was changed: `revision`, `field`, `page`.
    FieldLocked, "field_locked", Changes, Fails(Sub::FormatFailure);
    /// A field was filled or added in an enciphered file in which a signature locks some by name,
    /// and the key cannot be had: whether this one cannot be told. `field`, `revision`.
    FieldEnciphered, "field_enciphered", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A field of the form was filled in later: `revision`, `field`, `page`.
    FieldFilled, "field_filled", Changes, Warns;
    /// A field was filled in later and shows something in letters of a font that the file brings,
    /// which may draw any letter as another: `revision`, `field`, `page`.
    FieldLetters, "field_letters", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A field that was filled in later stands over what was signed, and may hide it: `field`,
    /// `page`, `what` (`text`, `image`, `drawing`, `unread`).
    FieldHides, "field_hides", Changes, Undecides(Sub::SigConstraintsFailure);
    /// An empty signature field was added later and signed after that: `revision`, `field`.
    SignatureFieldAdded, "signature_field_added", Changes, Warns;
    /// A signature field was added later and nobody signed in it: `revision`, `field`.
    SignatureFieldUnsigned, "signature_field_unsigned", Changes,
        Undecides(Sub::SigConstraintsFailure);
    /// A stream that nothing refers to was added: `revision`, `object`.
    OrphanAdded, "orphan_added", Changes, Warns;
    /// A signature was added although the author allowed no changes: `revision`.
    CertifiedAgainstChanges, "certified_against_changes", Changes, Fails(Sub::FormatFailure);
    /// A later signature that is itself not in order: `field`.
    LaterSignatureUnsound, "later_signature_unsound", Changes,
        Undecides(Sub::SigConstraintsFailure);
    /// A later signature's mark covers much of a page: `field`, `percent`, `over`.
    MarkCoversPage, "mark_covers_page", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A later signature's mark stands over what was signed: `field`, `page`, `what` (`text`,
    /// `image`, `drawing`).
    MarkHides, "mark_hides", Changes, Undecides(Sub::SigConstraintsFailure);
    /// Whether a later signature's mark hides anything could not be read: `field`, `page`.
    MarkUnread, "mark_unread", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A later signature put a visible mark on a page: `field`, `percent`, and what of it stands in
    /// the place that was set aside: `over` (`text`, `drawing`, `image`, `nothing`).
    MarkAdded, "mark_added", Changes, Warns;
    /// A later revision changed only title, dates and the like: `revision`.
    MetadataChanged, "metadata_changed", Changes, Warns;
    /// A later signature allows more than an earlier one left open: `field`.
    LockLoosened, "lock_loosened", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A certification that is not the first signature: `field`.
    CertificationLate, "certification_late", Changes, Undecides(Sub::SigConstraintsFailure);
    /// A timestamp token that is not in order.
    TimestampUnsound, "timestamp_unsound", Time, Warns;
    /// A timestamp token of an authority that is not trusted.
    TimestampUntrusted, "timestamp_untrusted", Time, Warns;
    /// An archive timestamp of an older form, which is not verified.
    ArchiveUnsupported, "archive_unsupported", Time, Warns;
    /// Nothing proves when it was signed.
    TimeUnproven, "time_unproven", Time, Warns;
    /// A timestamp is of an earlier moment than the signer claims to have signed at: `claimed`,
    /// `proven`, `minutes`.
    TimestampBeforeClaim, "timestamp_before_claim", Time, Warns;
    /// A timestamp over the content, which was signed with it, is of a later moment than the
    /// signature is proven to exist at: `content`, `proven`.
    TimestampOrder, "timestamp_order", Time, Undecides(Sub::TimestampOrderFailure);
    /// At the moment of judgement it was not signed yet, as the signer claims: `claimed`, `judged`.
    SignedLater, "signed_later", Time, Warns;
    /// The moment of judgement is to come: nobody knows what will be known by then.
    MomentAhead, "moment_ahead", Time, Undecides(Sub::TryLater);
    /// The claimed time is before the signer's certificate began.
    ClaimBeforeCertificate, "claim_before_certificate", Time, Warns;
    /// The claimed time is after the signer's certificate ended.
    ClaimAfterCertificate, "claim_after_certificate", Time, Warns;
    /// No path to a trust anchor: `self_signed` if the holder vouches for himself.
    ChainMissing, "chain_missing", Chain, Undecides(Sub::NoCertificateChainFound);
    /// Trust in somebody on the path had ended, and nothing proves what rests on them to be older:
    /// `subject`, `until`.
    TrustEnded, "trust_ended", Chain, Undecides(Sub::NoPoe);
    /// No path to a trust anchor among as many certificates as are looked at.
    ChainUnsearched, "chain_unsearched", Chain, Undecides(Sub::NoCertificateChainFound);
    /// The file asks for more work than is done for one, so that not every value was verified that
    /// the verdict rests on: `limit`, `max`.
    WorkExceeded, "work_exceeded", Chain, Undecides(Sub::TryLater);
    /// The certificate has several different names or numbers of a kind, of which nobody knows
    /// which is the signer's: `kinds`, `names`.
    NameAmbiguous, "name_ambiguous", Chain, Warns;
    /// The trusted list that would confirm what the certificate says of itself told what was until
    /// `until`, and the signature is not known to be older.
    ListOutdated, "list_outdated", Chain, Warns;
    /// A rule of the path is broken: `subject`.
    ChainConstraint, "chain_constraint", Chain, Undecides(Sub::ChainConstraintsFailure);
    /// A rule of the path that we cannot apply: `subject`, `rule`.
    ChainRuleUnknown, "chain_rule_unknown", Chain, Undecides(Sub::ChainConstraintsFailure);
    /// The certificate is not for this use.
    KeyUsageWrong, "key_usage_wrong", Chain, Undecides(Sub::ChainConstraintsFailure);
    /// The certificate says, and demands that it be heeded, that it is for other uses: `purposes`.
    PurposeForbidden, "purpose_forbidden", Chain, Undecides(Sub::ChainConstraintsFailure);
    /// The certificate says that it is for other uses, without demanding it: `purposes`.
    PurposeOther, "purpose_other", Chain, Warns;
    /// A certificate of the path was signed with a weak digest: `subject`, `algorithm`.
    ChainWeak, "chain_weak", Chain, Undecides(Sub::CryptoConstraintsFailure);
    /// A certificate had ended, and nothing proves an earlier moment: `subject`.
    CertificateExpired, "certificate_expired", Chain, Undecides(Sub::OutOfBoundsNoPoe);
    /// Signed, by a proven time, before a certificate was valid: `subject`.
    CertificateNotYetValid, "certificate_not_yet_valid", Chain, Fails(Sub::NotYetValid);
    /// A certificate is not valid yet at the moment of judgement: `subject`.
    CertificateInFuture, "certificate_in_future", Chain, Undecides(Sub::OutOfBoundsNoPoe);
    /// The certificate of an authority that is at hand began after the proven time: `subject`.
    AuthorityYounger, "authority_younger", Chain, Undecides(Sub::OutOfBoundsNoPoe);
    /// A reference of an XML signature uses something that is not computed here: `algorithm`.
    TransformUnsupported, "transform_unsupported", Digest, Undecides(Sub::SignedDataNotFound);
    /// A reference of an XML signature leads out of the document or to nothing: `uri`.
    ReferenceUnresolved, "reference_unresolved", Coverage, Undecides(Sub::SignedDataNotFound);
    /// A reference of an XML signature fits two elements: `uri`.
    ReferenceAmbiguous, "reference_ambiguous", Coverage, Fails(Sub::FormatFailure);
    /// The XML document holds something that the signature does not cover: `element`; and what it
    /// does: `covered`.
    ElementUncovered, "element_uncovered", Coverage, Undecides(Sub::SigConstraintsFailure);
    /// Only the name of the element around what is signed is not covered: `element`, `covered`.
    WrapperUncovered, "wrapper_uncovered", Coverage, Warns;
    /// Comments of the XML document are not covered: `count`, `covered`.
    CommentUncovered, "comment_uncovered", Coverage, Warns;
    /// Namespaces are declared that the signature does not cover: `count`, `name` (the first),
    /// `covered`.
    DeclarationUncovered, "declaration_uncovered", Coverage, Warns;
    /// A name beside the key of an XML signature is not that of the certificate: `name`.
    KeyNameDiffers, "key_name_differs", Coverage, Warns;
    /// Nothing at hand says whether a certificate is revoked: `subject`.
    RevocationUnchecked, "revocation_unchecked", Revocation, Undecides(Sub::TryLater);
    /// What says whether a certificate is revoked cannot be used: `subject`, `why`.
    RevocationUnknown, "revocation_unknown", Revocation, Undecides(Sub::TryLater);
    /// The newest word about revocation is of too long ago: `subject`, `until`.
    RevocationStale, "revocation_stale", Revocation, Undecides(Sub::TryLater);
    /// Nothing proves that the word about revocation is old enough to be believed: `subject`.
    RevocationUnproven, "revocation_unproven", Revocation, Undecides(Sub::NoPoe);
    /// A list or an answer that is not simply believed says that a certificate was revoked before
    /// its use: `subject`, `at`, `why`.
    RevocationDoubted, "revocation_doubted", Revocation, Undecides(Sub::TryLater);
    /// Somebody was to be asked on the network whether a certificate is revoked: `subject`, `host`,
    /// `came`, and `code` for an answer of HTTP that is none.
    RevocationAsked, "revocation_asked", Revocation, Undecides(Sub::TryLater);
    /// Nobody knows whether a certificate is revoked, and the policy does not ask: `subject`.
    RevocationWaived, "revocation_waived", Revocation, Warns;
    /// The signer's certificate is revoked, and nothing proves that it signed before: `subject`,
    /// `at`, `why`.
    CertificateRevoked, "certificate_revoked", Revocation, Undecides(Sub::RevokedNoPoe);
    /// The signer's certificate was revoked before it signed: `subject`, `at`, `why`.
    CertificateRevokedBefore, "certificate_revoked_before", Revocation, Fails(Sub::Revoked);
    /// A certificate was revoked after the proven time of signing: `subject`, `at`, `why`.
    CertificateRevokedLater, "certificate_revoked_later", Revocation, Warns;
    /// A certificate was revoked after the proven time of signing, and its issuer holds that it was
    /// good for nothing before that time: `subject`, `at`, `why`, `since`.
    CertificateInvalidSince, "certificate_invalid_since", Revocation, Undecides(Sub::RevokedNoPoe);
    /// A certificate is put on hold: `subject`, `at`, `why`.
    CertificateOnHold, "certificate_on_hold", Revocation, Undecides(Sub::TryLater);
    /// A certificate was on hold when it was used, and came back later: `subject`, `at`.
    CertificateHeldThen, "certificate_held_then", Revocation, Undecides(Sub::RevokedNoPoe);
    /// An authority's certificate is revoked, and nothing proves that all came before: `subject`,
    /// `at`, `why`.
    AuthorityRevoked, "authority_revoked", Revocation, Undecides(Sub::RevokedCaNoPoe);
    /// Nothing proves that a certificate is older than its authority's end: `subject`.
    ProofMissing, "proof_missing", Revocation, Undecides(Sub::NoPoe);
}

impl Code {
    /// Whether it is about trust in certificates and keys, not about the file and its signature.
    #[must_use]
    pub fn concerns_trust(self) -> bool {
        match self.check() {
            Check::Chain => self != Self::CertificateMissing,
            Check::Revocation => true,
            _ => matches!(
                self,
                Self::KeyWeak | Self::KeyAged | Self::DigestAgedUnproven | Self::TimestampOrder
            ),
        }
    }
}

/// A reason with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The code.
    pub code: Code,
    /// Named values for the sentence.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
}

impl Reason {
    pub(crate) fn new(code: Code, args: &[(&str, &str)]) -> Self {
        let args = args.iter().copied().collect();
        Self { code, args }
    }
}

impl From<Code> for Reason {
    fn from(code: Code) -> Self {
        Self::new(code, &[])
    }
}

//! Why authority is confirmed, refused or left open.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outcome::codes;

/// What was checked.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AuthorityCheck {
    /// The file is a power of attorney, complete and of its form.
    Form,
    /// The day lies within its term.
    Term,
    /// It is given for this organisation.
    Principal,
    /// It is given to this person, who may act alone.
    Person,
    /// It allows what was done.
    Powers,
    /// If it was passed on: by one who could.
    Delegation,
    /// It is signed by who gives it.
    Signature,
    /// It was not taken back.
    Registry,
}

impl AuthorityCheck {
    /// All, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Form,
        Self::Signature,
        Self::Term,
        Self::Principal,
        Self::Person,
        Self::Powers,
        Self::Delegation,
        Self::Registry,
    ];

    /// The stable word for translations: `principal`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Term => "term",
            Self::Principal => "principal",
            Self::Person => "person",
            Self::Powers => "powers",
            Self::Delegation => "delegation",
            Self::Signature => "signature",
            Self::Registry => "registry",
        }
    }
}

codes! {
    /// A reason about authority, as a code.
    AuthorityCode:
    /// The file cannot be read: `why`.
    Unreadable, "unreadable", Undecides;
    /// The file is no power of attorney: `element`.
    NotAPower, "not_a_power", Undecides;
    /// A version of the form that is not known here: `version`.
    VersionUnknown, "version_unknown", Undecides;
    /// Something is missing that every power has: `field`.
    FieldMissing, "field_missing", Refuses;
    /// Something is missing that the form asks for and the meaning does not need: `field`.
    FieldOmitted, "field_omitted", Warns;
    /// A value is not of its form: `field`, `value`.
    FieldMalformed, "field_malformed", Refuses;
    /// An element stands twice where the form has one of it: which counts is open: `element`.
    ElementRepeated, "element_repeated", Undecides;
    /// An element stands where the form has none of it: `element`.
    ElementMisplaced, "element_misplaced", Undecides;
    /// An element or attribute that is not known here: what it says was not weighed: `element`.
    ElementUnknown, "element_unknown", Warns;
    /// Control digits do not fit: `field`, `value`.
    ControlDigitWrong, "control_digit_wrong", Refuses;
    /// The identifier of the file has another number in it than the power: `file`, `number`.
    NumberDiffers, "number_differs", Refuses;
    /// A type and what stands beneath it disagree: `field`, `value`.
    TypeDisagrees, "type_disagrees", Warns;
    /// The last day lies before the first.
    TermReversed, "term_reversed", Refuses;
    /// Its first day has not come: `day`.
    NotYet, "not_yet", Refuses;
    /// Its last day has passed: `day`.
    Expired, "expired", Refuses;
    /// Given for another organisation: `principal`, `asked`.
    PrincipalOther, "principal_other", Refuses;
    /// Given by one who has no Russian number to compare: `principal`.
    PrincipalUnnumbered, "principal_unnumbered", Undecides;
    /// For whom it must be was not asked.
    PrincipalUnasked, "principal_unasked", Undecides;
    /// Given to somebody else: `representative`, `signer`.
    PersonOther, "person_other", Refuses;
    /// Only the name is the same: neither ИНН nor СНИЛС can be compared: `signer`.
    PersonByName, "person_by_name", Undecides;
    /// The numbers are the same, the name is another: `representative`, `signer`.
    PersonRenamed, "person_renamed", Warns;
    /// Given to an organisation: who acts for it, the file does not say: `representative`.
    PersonOfOrganisation, "person_of_organisation", Undecides;
    /// To whom it must be given was not asked.
    PersonUnasked, "person_unasked", Undecides;
    /// The representatives act only together, and one of them signed.
    Jointly, "jointly", Undecides;
    /// None of its powers is among those that were asked for.
    PowersOther, "powers_other", Undecides;
    /// A power fits by its words, not by its code: `power`.
    PowersByWords, "powers_by_words", Undecides;
    /// A power that fits is limited, and whether this lies within a person tells: `limit`.
    PowersLimited, "powers_limited", Undecides;
    /// For what it must be was not asked: its powers are to be read by a person.
    PowersUnasked, "powers_unasked", Undecides;
    /// It may be passed on to others.
    DelegationAllowed, "delegation_allowed", Warns;
    /// Passed on, and the power it comes from was not given: `number`.
    ParentMissing, "parent_missing", Undecides;
    /// The power it comes from may not be passed on: `number`.
    ParentForbids, "parent_forbids", Refuses;
    /// Passed on by one who is no representative in the power it comes from: `delegator`.
    ParentOther, "parent_other", Refuses;
    /// The power it comes from is itself refused: `number`, `why`.
    ParentRefused, "parent_refused", Refuses;
    /// The power it comes from is itself undecided: `number`, `why`.
    ParentUndecided, "parent_undecided", Undecides;
    /// Lasts longer than the power it comes from: `day`.
    ParentShorter, "parent_shorter", Refuses;
    /// Issued before the power it comes from was: `day`.
    ParentLater, "parent_later", Refuses;
    /// It names another first power than the one that its chain leads to: `number`.
    FirstOther, "first_other", Refuses;
    /// Its representatives act only together, and not all of them passed it on.
    ParentJoint, "parent_joint", Refuses;
    /// The power it comes from is limited, and this one leaves that out: `limit`.
    ParentLimits, "parent_limits", Refuses;
    /// It names another first principal than its chain leads to: `principal`.
    FirstPrincipalOther, "first_principal_other", Refuses;
    /// Allows what the power it comes from does not name: `power`.
    ParentNarrower, "parent_narrower", Undecides;
    /// Who passed it on has lost it.
    DelegatorLost, "delegator_lost", Warns;
    /// Nobody's signature was given for it.
    SignatureMissing, "signature_missing", Undecides;
    /// Its signature does not fit, or the file was changed.
    SignatureWrong, "signature_wrong", Refuses;
    /// Whether its signature is valid is not decided: `why`.
    SignatureUndecided, "signature_undecided", Undecides;
    /// Its signature is valid now; nothing proves that it was there when the document was signed.
    SignatureUnproven, "signature_unproven", Warns;
    /// Signed by somebody who does not act for the principal: `signer`, `principal`.
    SignerOther, "signer_other", Refuses;
    /// Whether the signer acts for the principal cannot be told from the certificate: `signer`.
    SignerUnproven, "signer_unproven", Undecides;
    /// Signed by a managing company or entrepreneur that the file itself names: `signer`,
    /// `principal`.
    SignerManaging, "signer_managing", Undecides;
    /// The file says that a notary certified it; whether the signer is one is open: `signer`.
    SignerNotary, "signer_notary", Undecides;
    /// Signed by a person's representative by law whom the file itself names: `signer`,
    /// `principal`.
    SignerGuardian, "signer_guardian", Undecides;
    /// The signer has the head's numbers and another name: `signer`, `head`.
    SignerRenamed, "signer_renamed", Warns;
    /// Not all of those signed who act for the principal only together.
    SignerAlone, "signer_alone", Undecides;
    /// Signed after the moment of judgement, by its own claim or by its timestamp: `signed`.
    SignedLater, "signed_later", Undecides;
    /// The register was not asked whether it was taken back.
    RegistryUnasked, "registry_unasked", Warns;
    /// As before, where the policy demands the register.
    RegistryDemanded, "registry_demanded", Undecides;
    /// Taken back: `since`.
    Revoked, "revoked", Refuses;
    /// The register does not know it.
    RegistryUnknown, "registry_unknown", Undecides;
    /// The register was asked before the moment of judgement: `asked`.
    RegistryOld, "registry_old", Warns;
}

impl AuthorityCode {
    /// The check that it belongs to.
    #[must_use]
    pub const fn check(self) -> AuthorityCheck {
        match self {
            Self::Unreadable
            | Self::NotAPower
            | Self::VersionUnknown
            | Self::FieldMissing
            | Self::FieldOmitted
            | Self::FieldMalformed
            | Self::ElementRepeated
            | Self::ElementMisplaced
            | Self::ElementUnknown
            | Self::ControlDigitWrong
            | Self::NumberDiffers
            | Self::TypeDisagrees
            | Self::TermReversed => AuthorityCheck::Form,
            Self::NotYet | Self::Expired => AuthorityCheck::Term,
            Self::PrincipalOther | Self::PrincipalUnnumbered | Self::PrincipalUnasked => {
                AuthorityCheck::Principal
            }
            Self::PersonOther
            | Self::PersonByName
            | Self::PersonRenamed
            | Self::PersonOfOrganisation
            | Self::PersonUnasked
            | Self::Jointly => AuthorityCheck::Person,
            Self::PowersOther | Self::PowersByWords | Self::PowersLimited | Self::PowersUnasked => {
                AuthorityCheck::Powers
            }
            Self::DelegationAllowed
            | Self::ParentMissing
            | Self::ParentForbids
            | Self::ParentOther
            | Self::ParentRefused
            | Self::ParentUndecided
            | Self::ParentShorter
            | Self::ParentLater
            | Self::FirstOther
            | Self::ParentJoint
            | Self::ParentLimits
            | Self::FirstPrincipalOther
            | Self::ParentNarrower
            | Self::DelegatorLost => AuthorityCheck::Delegation,
            Self::SignatureMissing
            | Self::SignatureWrong
            | Self::SignatureUndecided
            | Self::SignatureUnproven
            | Self::SignerOther
            | Self::SignerUnproven
            | Self::SignerManaging
            | Self::SignerNotary
            | Self::SignerGuardian
            | Self::SignerRenamed
            | Self::SignerAlone
            | Self::SignedLater => AuthorityCheck::Signature,
            Self::RegistryUnasked
            | Self::RegistryDemanded
            | Self::Revoked
            | Self::RegistryUnknown
            | Self::RegistryOld => AuthorityCheck::Registry,
        }
    }

    /// Whether a check was not made because nobody asked, as opposed to made without an answer.
    #[must_use]
    pub(crate) const fn is_unasked(self) -> bool {
        matches!(
            self,
            Self::PrincipalUnasked
                | Self::PersonUnasked
                | Self::PowersUnasked
                | Self::SignatureMissing
                | Self::RegistryUnasked
                | Self::RegistryDemanded
        )
    }
}

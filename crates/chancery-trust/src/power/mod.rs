//! Machine-readable powers of attorney (МЧД) in the form of the Russian Federal Tax Service.

mod delegation;
mod form;
mod identifiers;
mod identity;
mod judge;
mod known;
mod known_names;
mod limited;
mod names;
mod own_signature;
mod party;
mod question;
mod read;
mod reasons;
mod signers;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use identifiers::{check_inn, check_ogrn, check_snils};
pub use identity::Identity;
pub use judge::judge_authority;
pub use own_signature::{OwnSignature, is_signed_within, own_facts};
pub use question::{
    AuthorityPolicy, AuthorityReport, CheckedAuthority, CheckedParent, Grant, Organisation,
    PowerSought, Question, RegistryAnswer, RegistryState,
};
pub use read::read_power_of_attorney;
pub use reasons::{AuthorityCheck, AuthorityCode};

/// A power of attorney, as its file has it. What is missing or malformed there is absent here and
/// named among `flaws`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PowerOfAttorney {
    /// The version of the form, `EMCHD_1`.
    pub version: String,
    /// The identifier of the file.
    pub file_id: Option<String>,
    /// The number in the register, a UUID.
    pub number: Option<String>,
    /// The number that the principal gave it.
    pub internal_number: Option<String>,
    /// The first day.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub issued_on: Option<Date>,
    /// The last day.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub expires_on: Option<Date>,
    /// Whether the principal may not take it back.
    pub irrevocable: Option<bool>,
    /// Whether the representative may pass it on.
    pub delegation: Delegation,
    /// The powers it was passed on from; absent in a first one.
    pub parent: Option<ParentPower>,
    /// Who gives the power: of a passed-on one, who passes it on.
    pub principals: Vec<Principal>,
    /// To whom.
    pub representatives: Vec<Representative>,
    /// What for.
    pub powers: Powers,
    /// Whether it says that a notary, or an official in the place of one, certified it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub notarised: bool,
    /// What is missing or not of its form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<crate::Reason<AuthorityCode>>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
pub(crate) const fn is_false(answer: &bool) -> bool {
    !*answer
}

/// Whether a power may be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delegation {
    /// No.
    Forbidden,
    /// Once.
    Once,
    /// On and on.
    Onward,
    /// Not said.
    Unknown,
}

/// The powers that a passed-on one comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ParentPower {
    /// The number of the first one.
    pub first_number: Option<String>,
    /// The number of the one it was passed on from, if that is not the first.
    pub previous_number: Option<String>,
    /// Who gave the first one.
    pub first_principals: Vec<Principal>,
}

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A Russian organisation.
    Organisation,
    /// A branch of one.
    Branch,
    /// An entrepreneur (ИП).
    Entrepreneur,
    /// A person.
    Person,
    /// A foreign organisation.
    Foreign,
    /// Not said.
    Unknown,
}

/// Who gives a power.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Principal {
    /// What it is.
    pub kind: PartyKind,
    /// Its name.
    pub name: Option<String>,
    /// Its ИНН.
    pub inn: Option<String>,
    /// КПП.
    pub kpp: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
    /// Who acts for it without a power; the person itself for persons and entrepreneurs.
    pub heads: Vec<NaturalPerson>,
    /// Whether its heads act only together.
    pub heads_joint: bool,
    /// Organisations and entrepreneurs that manage it, for organisations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managing: Vec<ManagingParty>,
    /// Who represents a person by law: parents, guardians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<NaturalPerson>,
}

/// An organisation or an entrepreneur that is the executive body of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ManagingParty {
    /// Its ИНН.
    pub inn: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
    /// Who acts for it; the entrepreneur themselves.
    pub people: Vec<NaturalPerson>,
}

/// Who gets a power.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Representative {
    /// What it is.
    pub kind: PartyKind,
    /// Its name, for organisations and entrepreneurs.
    pub name: Option<String>,
    /// Its ИНН.
    pub inn: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
    /// The person, for persons and entrepreneurs.
    pub person: Option<NaturalPerson>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NaturalPerson {
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// ИНН, 12 digits.
    pub inn: Option<String>,
    /// СНИЛС, as written.
    pub snils: Option<String>,
    /// Position.
    pub position: Option<String>,
    /// Day of birth.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub born_on: Option<Date>,
}

impl NaturalPerson {
    /// Family name, given name, patronymic.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [
            self.family_name.as_str(),
            self.given_name.as_str(),
            self.patronymic.as_deref().unwrap_or(""),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}

/// What a power allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Powers {
    /// In words.
    pub text: Option<String>,
    /// By codes.
    pub codes: Vec<Power>,
    /// Whether several representatives act each alone.
    pub exercise: Exercise,
    /// Whether who passes the power on loses it. Absent if the file does not say.
    pub lost_by_delegator: Option<bool>,
    /// What bounds all of them, in the file's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

/// A power by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Power {
    /// The code in the register of powers.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// What bounds it, in the file's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

/// How several representatives act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exercise {
    /// Each alone.
    Separately,
    /// Only together.
    Jointly,
    /// Not said.
    Unknown,
}

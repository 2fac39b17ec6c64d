//! Words that other people's models use, in English and in Russian: nobody reads them here.

/// Words of a rejection in the names of ways and ends, and in conditions: their beginnings.
pub(super) const REJECTING: [&str; 15] = [
    "reject",
    "declin",
    "refus",
    "deny",
    "denied",
    "disapprov",
    "not approved",
    "cancel",
    "abort",
    "отклон",
    "отказ",
    "не согласов",
    "не утвержд",
    "не одобр",
    "отмен",
];
/// The same, as a whole name.
pub(super) const REJECTING_WHOLE: [&str; 3] = ["no", "нет", "n"];
/// Words of a return.
pub(super) const RETURNING: [&str; 5] = ["rework", "returned", "доработ", "возврат", "возвращ"];
/// What a condition speaks of that is an agreement, and how it then says that there is none.
pub(super) const AGREEING: [&str; 8] = [
    "approv",
    "accept",
    "agree",
    "confirm",
    "decision",
    "соглас",
    "утвержд",
    "одобр",
];
pub(super) const DENYING: [&str; 5] = ["false", "!", "not(", "'no'", "\"no\""];

/// How models call whoever starts a run.
pub(super) const INITIATORS: [&str; 10] = [
    "initiator",
    "starter",
    "startuserid",
    "requester",
    "requestor",
    "applicant",
    "author",
    "инициатор",
    "заявитель",
    "автор",
];

/// How a word of a signature begins in Russian.
pub(super) const SIGNING: &str = "подпис";

//! What came after signing, in a sentence.

use std::collections::BTreeSet;

use chancery_signature::facts::{Change, SignatureForm};
use chancery_signature::report::{ChangeReport, Code, Reason, SignatureReport, ValidationReport};

use super::{Reader, Words, name_of, shown};
use crate::i18n::{Formats, t_named};

/// Most objects that a sentence lists.
const OBJECTS_MAX: usize = 8;

impl<'a> Words<'a> {
    /// What a report's sentences need to know of all of it.
    pub(super) fn of(report: &'a ValidationReport, formats: &'a Formats, reader: Reader) -> Self {
        let is_stamp = |one: &&SignatureReport| one.form == SignatureForm::DocumentTimestamp;
        let stamps = report.signatures.iter().filter(is_stamp);
        let stamps = stamps.filter_map(|one| one.field.as_deref()).collect();
        Self {
            formats,
            reader,
            stamps,
            signers: signers_of(report),
            seen_at: report.judged_at,
        }
    }
}

/// Who signed in which field: what a signature goes by among people.
fn signers_of(report: &ValidationReport) -> Vec<(&str, &str)> {
    let signed = report.signatures.iter().filter_map(|one| {
        let signer = one.signer.as_ref()?;
        Some((one.field.as_deref()?, name_of(&signer.subject)))
    });
    signed.collect()
}

/// The number at the end of a name that we gave to a field beside others: `Signature1 2`. No other
/// program is known to number with a space.
fn place_number(field: &str) -> Option<u32> {
    field.strip_prefix("Signature1 ")?.parse().ok()
}

/// Whether the digest of the content is not the one that was signed.
pub(super) fn differs(report: &SignatureReport) -> bool {
    let mut reasons = report.reasons.iter();
    reasons.any(|reason| reason.code == Code::DigestDiffers)
}

/// Whether a reason says that a signature is not one of the content that it came with.
pub(super) fn is_of_another(report: &SignatureReport, reason: &Reason) -> bool {
    report.form == SignatureForm::Cms && reason.code == Code::DigestDiffers
}

impl Words<'_> {
    /// Whoever signed in a field; where nobody did whose name is known, its name, or the number of
    /// the place where the field is one that we left for a signature.
    pub(super) fn signer_in(&self, field: &str) -> String {
        let mut signers = self.signers.iter();
        match signers.find(|(of, _)| *of == field) {
            Some((_, name)) => shown(name),
            None => match place_number(field) {
                Some(number) => self.t1("verify-own-place", "number", number),
                None => shown(field),
            },
        }
    }

    /// The sentences of what is said of a signature, each once: two codes may have the same words.
    pub(super) fn sentences(&self, report: &SignatureReport, reasons: &[Reason]) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for reason in reasons {
            let text = self.reason_of(report, reason);
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }

    /// The sentence of a reason of this signature. A file that was handed in beside a signature may
    /// be another one than that which was signed.
    pub(super) fn reason_of(&self, report: &SignatureReport, reason: &Reason) -> String {
        match is_of_another(report, reason) {
            true => self.reason_as(reason, "digest-differs-beside"),
            false if replaces(report, reason) => self.reason_as(reason, "field-replaced"),
            false => self.reason(reason),
        }
    }

    /// The sentences of changes, each once: what is told of objects by their numbers is told of all
    /// of them together.
    pub(super) fn changes(&self, all: &[ChangeReport]) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for (place, report) in all.iter().enumerate() {
            let alike = |one: &&ChangeReport| is_alike(one, report);
            if all
                .get(..place)
                .unwrap_or_default()
                .iter()
                .any(|one| alike(&one))
            {
                continue;
            }
            let objects: Vec<i64> = all
                .iter()
                .filter(alike)
                .filter_map(object_of)
                .collect::<BTreeSet<i64>>()
                .into_iter()
                .collect();
            let text = self.change(report, &objects);
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }

    /// The sentence of a change, and of those that are told by the numbers of their `objects`.
    fn change(&self, report: &ChangeReport, objects: &[i64]) -> String {
        let revision = report.revision.to_string();
        let count = objects.len();
        let object = listed(objects);
        let mut args = vec![("revision", revision)];
        let page = |page: &Option<u32>| page.map_or("none".to_owned(), |page| page.to_string());
        let kind = match &report.change {
            Change::SignatureAdded { field, .. } if self.stamps.contains(&field.as_str()) => {
                "timestamp-added"
            }
            Change::SignatureAdded {
                field, page: at, ..
            } => {
                args.push(("field", self.signer_in(field)));
                args.push(("page", page(at)));
                "signature-added"
            }
            Change::SignatureFieldAdded {
                field, page: at, ..
            }
            | Change::FieldLetters { field, page: at } => {
                args.push(("field", self.signer_in(field)));
                args.push(("page", page(at)));
                of_field(&report.change)
            }
            Change::FieldFilled {
                field,
                replaces,
                page: at,
                ..
            } => {
                args.push(("field", shown(field)));
                args.push(("page", page(at)));
                ["field-filled", "field-replaced"][usize::from(*replaces)]
            }
            Change::AnnotationAdded { kind, page: at } => {
                args.push(("kind", shown(kind)));
                args.push(("page", page(at)));
                "annotation-added"
            }
            Change::PermissionsChanged => "permissions-changed",
            Change::EvidenceAdded => "evidence-added",
            Change::MetadataChanged => "metadata-changed",
            Change::ContentChanged { page: at, .. } => {
                args.push(("page", page(at)));
                "content-changed"
            }
            pages @ Change::PagesChanged { .. } => pages_args(pages, &mut args),
            Change::ActionAdded { .. } => "action-added",
            Change::OrphanAdded { .. } => {
                args.push(("object", object));
                "orphan-added"
            }
            Change::HiddenBytes { bytes } => {
                args.push(("bytes", bytes.to_string()));
                "hidden-bytes"
            }
            Change::Unexplained { page: at, .. } => {
                args.push(("object", object));
                args.push(("page", page(at)));
                "unexplained"
            }
        };
        args.push(("many", if count > 1 { "yes" } else { "no" }.to_owned()));
        let args = args.iter().map(|(name, value)| (*name, value.as_str()));
        t_named(self.formats.locale, &format!("verify-change-{kind}"), args)
    }
}

/// The sentence of a change to a field that has nothing more to say.
fn of_field(change: &Change) -> &'static str {
    match change {
        Change::FieldLetters { .. } => "field-letters",
        _ => "signature-field-added",
    }
}

/// Numbers as a sentence lists them.
fn listed(objects: &[i64]) -> String {
    let shown: Vec<String> = objects
        .iter()
        .take(OBJECTS_MAX)
        .map(i64::to_string)
        .collect();
    let cut = if objects.len() > OBJECTS_MAX {
        ", …"
    } else {
        ""
    };
    format!("{}{cut}", shown.join(", "))
}

/// The number of the object that a change is told by, if it is told by one.
fn object_of(report: &ChangeReport) -> Option<i64> {
    match &report.change {
        Change::OrphanAdded { object } | Change::Unexplained { object, .. } => {
            Some(i64::from(*object))
        }
        _ => None,
    }
}

/// Whether two changes are told in one sentence.
fn is_alike(one: &ChangeReport, other: &ChangeReport) -> bool {
    one.revision == other.revision
        && match (&one.change, &other.change) {
            (Change::OrphanAdded { .. }, Change::OrphanAdded { .. }) => true,
            (Change::Unexplained { page: one, .. }, Change::Unexplained { page: other, .. }) => {
                one == other
            }
            _ => false,
        }
}

/// The sentence of a change of which pages there are, and what it needs.
fn pages_args(change: &Change, args: &mut Vec<(&'static str, String)>) -> &'static str {
    let Change::PagesChanged {
        removed,
        removed_first,
        added,
        added_first,
    } = change
    else {
        return "content-changed";
    };
    let first = |first: &Option<u32>| first.unwrap_or(0).to_string();
    args.extend([
        ("removed", removed.to_string()),
        ("added", added.to_string()),
        ("removed_first", first(removed_first)),
        ("added_first", first(added_first)),
    ]);
    match (*removed, *added) {
        (_, 0) => "pages-removed",
        (0, _) => "pages-added",
        _ => "pages-exchanged",
    }
}

/// The sentence of pages that were taken out or put in, if the reason is of these.
pub(super) fn pages_key(reason: &Reason) -> Option<&'static str> {
    let count = |name: &str| reason.args.get(name);
    match (count("removed")?, count("added")?) {
        (_, "0") => Some("pages-removed"),
        ("0", _) => Some("pages-added"),
        _ => Some("pages-exchanged"),
    }
}

/// Whether what is called filled in had another value when it was signed.
fn replaces(report: &SignatureReport, reason: &Reason) -> bool {
    let says = |name: &str, value: &str| reason.args.get(name) == Some(value);
    let mut changes = report.changes.iter();
    reason.code == Code::FieldFilled
        && changes.any(|one| match &one.change {
            Change::FieldFilled {
                field,
                replaces: true,
                ..
            } => says("field", field) && says("revision", &one.revision.to_string()),
            _ => false,
        })
}

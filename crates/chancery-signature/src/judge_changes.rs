//! What came after a signature: which of it the signature allows (ISO 32000-2, 12.8.2).

use std::collections::HashMap;

use crate::facts::{Beneath, Change, CoverageFacts, SignatureFacts, SignatureForm};
use crate::judge::Judge;
use crate::judged::{Judged, Meaning};
use crate::report::{ChangeReport, Code, Reason};

impl<'a> Judge<'a> {
    /// What came after a signature, as far as it is listed, and how much more there is.
    pub fn changes_after(&self, facts: &SignatureFacts) -> (Vec<ChangeReport>, u32) {
        match coverage_in_pdf(facts) {
            // What came after a counter-signature is the matter of the signature that it signs.
            None => (Vec::new(), 0),
            Some(coverage) => self.ledger.changes_after(coverage.revision),
        }
    }

    /// Every change of the file with what it means, in order.
    pub fn judged_changes(&self) -> Vec<Judged<'a>> {
        let revisions = self.facts.pdf.iter().flat_map(|pdf| &pdf.changes);
        let count = revisions.clone().map(|one| one.changes.len()).sum();
        let mut judged = Vec::with_capacity(count);
        let mut marks = Marks::default();
        for one in revisions {
            let revision = one.revision.saturating_add(1);
            judged.extend(one.changes.iter().map(|change| Judged {
                revision,
                change,
                meaning: self.meaning(revision, change, marks.add(change)),
            }));
        }
        judged
    }

    pub fn change_reasons(&self, facts: &SignatureFacts) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let Some(pdf) = self.facts.pdf.as_ref().filter(|_| facts.form.is_in_pdf()) else {
            return reasons;
        };
        if pdf.trailing_bytes > 0 {
            let bytes = pdf.trailing_bytes.to_string();
            reasons.push(Reason::new(Code::HiddenBytes, &[("bytes", &bytes)]));
        }
        if let Some(bytes) = self.blank_tail(facts) {
            reasons.push(Reason::new(
                Code::TailBlank,
                &[("bytes", &bytes.to_string())],
            ));
        }
        let Some(coverage) = coverage_in_pdf(facts) else {
            return reasons;
        };
        if self.order.shares_gap(coverage.byte_range) {
            reasons.push(Code::GapShared.into());
        }
        reasons.extend(self.ledger.reasons_after(coverage.revision));
        reasons.dedup();
        reasons
    }

    /// How much white space follows a signature that reaches the end of the last revision.
    fn blank_tail(&self, facts: &SignatureFacts) -> Option<u64> {
        let coverage = facts.coverage.as_ref().ok()?;
        let pdf = self.facts.pdf.as_ref()?;
        let last = coverage.revision.saturating_add(1) == pdf.revisions;
        let [_, _, start, length] = coverage.byte_range;
        let after = self
            .facts
            .bytes
            .saturating_sub(pdf.leading_bytes)
            .saturating_sub(start.saturating_add(length));
        (last && pdf.trailing_bytes == 0 && after > 0).then_some(after)
    }

    /// What a change in `revision` means. `together`: how much of its page this mark and those
    /// before it cover, if it is one in a place of its signer's own choice.
    fn meaning(&self, revision: u32, change: &Change, together: Option<u32>) -> Option<Meaning> {
        let code = match change {
            Change::EvidenceAdded => return None,
            Change::MetadataChanged => Code::MetadataChanged,
            Change::PermissionsChanged => Code::PermissionsChanged,
            Change::ContentChanged { .. } | Change::PagesChanged { .. } => Code::ContentChanged,
            Change::OrphanAdded { .. } => Code::OrphanAdded,
            Change::ActionAdded { .. } => Code::ActionAdded,
            Change::HiddenBytes { .. } => Code::HiddenBytes,
            Change::Unexplained { .. } => Code::AddedAfterSigning,
            Change::FieldLetters { .. } => Code::FieldLetters,
            Change::AnnotationAdded { .. } => self.annotation_code(revision),
            Change::SignatureFieldAdded { .. } | Change::FieldFilled { .. }
                if self.forbids_filling(revision) =>
            {
                Code::CertifiedAgainstChanges
            }
            // Empty, it has no value yet; but a place that is seen is a change to what is locked.
            Change::SignatureFieldAdded {
                field,
                covers_percent: 1..,
                ..
            } if self.is_locked(revision, field) => self.lock_code(revision),
            Change::SignatureFieldAdded { field, beneath, .. } => {
                hides(*beneath).unwrap_or_else(|| self.field_code(field))
            }
            Change::FieldFilled { field, .. } if self.is_locked(revision, field) => {
                self.lock_code(revision)
            }
            Change::FieldFilled { beneath, .. } => match *beneath <= Beneath::Nothing {
                true => Code::FieldFilled,
                false => Code::FieldHides,
            },
            Change::SignatureAdded {
                field,
                covers_percent,
                beneath,
                ..
            } => {
                let unsound = self.later_signature(revision, field, *covers_percent);
                return match unsound {
                    Some(code) => Some(code.into()),
                    None => self.mark(*covers_percent, together, hides(*beneath)),
                };
            }
        };
        Some(code.into())
    }

    fn field_code(&self, field: &str) -> Code {
        match self.order.of_field(field).is_some() {
            true => Code::SignatureFieldAdded,
            false => Code::SignatureFieldUnsigned,
        }
    }

    /// P 1 and 2 forbid annotations; under P 3, or without a certification, a comment is allowed
    /// and an overlay over the text is an attack: a person has to look.
    fn annotation_code(&self, revision: u32) -> Code {
        let level = self.level_before(revision);
        match level.is_some_and(|level| level < 3) {
            true => Code::AnnotationForbidden,
            false => Code::AnnotationAdded,
        }
    }

    /// The tightest level that anything signed before `revision` leaves open: `DocMDP` of the first
    /// signature, and what later signatures tightened by `FieldMDP`.
    fn level_before(&self, revision: u32) -> Option<i64> {
        let own = self.order.level_before(revision);
        // A certification that only the catalog speaks of binds as well.
        let pdf = self
            .facts
            .pdf
            .as_ref()
            .filter(|_| !self.order.is_certified());
        own.into_iter()
            .chain(pdf.and_then(|pdf| pdf.certification))
            .min()
    }

    fn forbids_filling(&self, revision: u32) -> bool {
        self.level_before(revision).is_some_and(|level| level < 2)
    }

    /// Whether the field is locked, or may be: where the key of an enciphered file cannot be had,
    /// names are not read, and two strings that say the same are written differently.
    fn is_locked(&self, revision: u32, field: &str) -> bool {
        self.order.is_locked(revision, field) || self.lock_code(revision) == Code::FieldEnciphered
    }

    fn lock_code(&self, revision: u32) -> Code {
        let pdf = self.facts.pdf.as_ref();
        let unopened = pdf.is_some_and(|pdf| pdf.unopened.is_some());
        match unopened && self.order.locks_by_name(revision) {
            true => Code::FieldEnciphered,
            false => Code::FieldLocked,
        }
    }

    /// A later signature is harmless only if it is one: in order, and over the revision it came in.
    fn later_signature(&self, revision: u32, field: &str, covers_percent: u8) -> Option<Code> {
        let later = self.order.of_field(field);
        let later = later.and_then(|place| self.facts.signatures.get(place));
        let Some(later) = later.filter(|later| {
            let ends = later
                .coverage
                .as_ref()
                .map(|one| one.revision.saturating_add(1));
            ends == Ok(revision) && self.is_sound_then(later)
        }) else {
            return Some(Code::LaterSignatureUnsound);
        };
        let stamp = later.form == SignatureForm::DocumentTimestamp;
        // Document timestamps are allowed at every level (ISO 32000-2, 12.8.2.2.2): what proves a
        // time shows nothing.
        let is_silent = stamp && covers_percent == 0;
        if !is_silent && self.forbids_filling(revision) {
            return Some(Code::CertifiedAgainstChanges);
        }
        // A lock speaks of names: a field that comes later is as closed as one that was there. What
        // a timestamp proves is no value of the form, as long as it shows nothing.
        if !is_silent && self.is_locked(revision, field) {
            return Some(self.lock_code(revision));
        }
        let level = self.level_before(revision);
        if matches!((later.lock_permission, level), (Some(allows), Some(level)) if allows > level) {
            return Some(Code::LockLoosened);
        }
        let late = later.certification.is_some();
        late.then_some(Code::CertificationLate)
    }

    /// What a later signature shows may hide what was signed: a large mark has to be looked at, and
    /// one that stands over something.
    fn mark(
        &self,
        covers_percent: u8,
        together: Option<u32>,
        hides: Option<Code>,
    ) -> Option<Meaning> {
        let policy = &self.trust.policy;
        let own = u32::from(covers_percent);
        let (percent, is_too_much) = match together {
            None => (own, own > u32::from(policy.mark_percent_max)),
            Some(_) if own > u32::from(policy.new_mark_percent_max) => (own, true),
            Some(all) if all > u32::from(policy.new_marks_percent_max) => (all, true),
            Some(_) => (own, false),
        };
        let code = match (own, is_too_much) {
            (0, _) => return None,
            (_, true) => Code::MarkCoversPage,
            (_, false) => hides.unwrap_or(Code::MarkAdded),
        };
        Some(Meaning { code, percent })
    }
}

/// Whether a mark may hide something: anything, in a place that nobody had set aside for it; text
/// and drawings, in one that was.
fn hides(beneath: Beneath) -> Option<Code> {
    match beneath {
        Beneath::Agreed
        | Beneath::AgreedOverImage
        | Beneath::AgreedOverDrawing
        | Beneath::AgreedOver
        | Beneath::Nothing => None,
        Beneath::Unread => Some(Code::MarkUnread),
        Beneath::Drawing | Beneath::Image | Beneath::Text => Some(Code::MarkHides),
    }
}

/// How much of each page the marks of later signatures cover that chose their places themselves, in
/// percent, as far as the changes were gone through.
#[derive(Debug, Default)]
struct Marks(HashMap<Option<u32>, u32>);

impl Marks {
    /// Takes a change in; how much of its page is covered by now, if it is such a mark.
    fn add(&mut self, change: &Change) -> Option<u32> {
        let Change::SignatureAdded {
            covers_percent,
            page,
            existing: false,
            ..
        } = change
        else {
            return None;
        };
        let covered = self.0.entry(*page).or_default();
        *covered = covered.saturating_add(u32::from(*covers_percent));
        Some(*covered)
    }
}

/// What a signature covers in the PDF itself.
pub(crate) fn coverage_in_pdf(facts: &SignatureFacts) -> Option<&CoverageFacts> {
    let coverage = facts.coverage.as_ref().ok();
    coverage.filter(|_| facts.form.is_in_pdf())
}

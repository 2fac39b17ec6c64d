//! What came after a signature: which of it the signature allows (ISO 32000-2, 12.8.2).

use std::collections::HashMap;

use crate::facts::{Beneath, Change, CoverageFacts, SignatureFacts, SignatureForm};
use crate::judge::Judge;
use crate::report::{ChangeReport, Code, Reason};

impl Judge<'_> {
    /// What came after a signature, as far as it is listed, and how much more there is.
    pub fn changes_after(&self, facts: &SignatureFacts) -> (Vec<ChangeReport>, u32) {
        match coverage_in_pdf(facts) {
            // What came after a counter-signature is the matter of the signature that it signs.
            None => (Vec::new(), 0),
            Some(coverage) => self.ledger.changes_after(coverage.revision),
        }
    }

    /// Every change of the file with what it means, in order.
    pub fn judged_changes(&self) -> Vec<(ChangeReport, Option<Reason>)> {
        let pdf = self.facts.pdf.iter();
        let revisions = pdf.flat_map(|pdf| &pdf.changes);
        let changes = revisions.flat_map(|one| {
            let revision = one.revision.saturating_add(1);
            one.changes.iter().map(move |change| ChangeReport {
                revision,
                change: change.clone(),
            })
        });
        let mut marks = Marks::default();
        changes
            .map(|change| {
                let together = marks.add(&change.change);
                let reason = self.change_reason(&change, together);
                (change, reason)
            })
            .collect()
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
            .saturating_sub(start.saturating_add(length));
        (last && pdf.trailing_bytes == 0 && after > 0).then_some(after)
    }

    /// `together`: how much of its page this mark and those before it cover, if it is one in a
    /// place of its signer's own choice.
    fn change_reason(&self, after: &ChangeReport, together: Option<u32>) -> Option<Reason> {
        let number = after.revision.to_string();
        let revision = ("revision", number.as_str());
        let with =
            |code, args: &[(&str, &str)]| Some(Reason::new(code, &[&[revision], args].concat()));
        match &after.change {
            Change::EvidenceAdded => None,
            Change::MetadataChanged => with(Code::MetadataChanged, &[]),
            Change::PermissionsChanged => with(Code::PermissionsChanged, &[]),
            Change::ContentChanged { object, page } => {
                let (object, page) = (object.to_string(), page_text(*page));
                let args = [("object", object.as_str()), ("page", &page)];
                with(Code::ContentChanged, &args)
            }
            Change::OrphanAdded { object } => {
                with(Code::OrphanAdded, &[("object", &object.to_string())])
            }
            Change::ActionAdded { .. } => with(Code::ActionAdded, &[]),
            Change::HiddenBytes { bytes } => {
                with(Code::HiddenBytes, &[("bytes", &bytes.to_string())])
            }
            Change::Unexplained { object, what, page } => {
                let (object, page) = (object.to_string(), page_text(*page));
                let args = [("object", object.as_str()), ("what", what), ("page", &page)];
                with(Code::AddedAfterSigning, &args)
            }
            Change::AnnotationAdded { kind, page } => {
                let args = [("kind", kind.as_str()), ("page", &page_text(*page))];
                with(self.annotation_code(after.revision), &args)
            }
            Change::SignatureFieldAdded {
                field,
                page,
                beneath,
            } => {
                if self.forbids_filling(after.revision) {
                    return with(Code::CertifiedAgainstChanges, &[]);
                }
                if let Some(hides) = hides(field, *page, *beneath) {
                    return Some(hides);
                }
                with(self.field_code(field), &[("field", field)])
            }
            Change::FieldFilled { field, page } => {
                if self.forbids_filling(after.revision) {
                    return with(Code::CertifiedAgainstChanges, &[]);
                }
                let code = match self.is_locked(after.revision, field) {
                    true => Code::FieldLocked,
                    false => Code::FieldFilled,
                };
                with(code, &[("field", field), ("page", &page_text(*page))])
            }
            Change::SignatureAdded {
                field,
                covers_percent,
                existing,
                page,
                beneath,
            } => self
                .later_signature(after.revision, field, *existing)
                .or_else(|| {
                    let hides = hides(field, *page, *beneath);
                    self.mark(field, *covers_percent, together, hides)
                }),
        }
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

    fn is_locked(&self, revision: u32, field: &str) -> bool {
        self.order.is_locked(revision, field)
    }

    /// A later signature is harmless only if it is one: in order, and over the revision it came in.
    fn later_signature(&self, revision: u32, field: &str, existing: bool) -> Option<Reason> {
        let named = ("field", field);
        let later = self.order.of_field(field);
        let later = later.and_then(|place| self.facts.signatures.get(place));
        let Some(later) = later.filter(|later| {
            let ends = later
                .coverage
                .as_ref()
                .map(|one| one.revision.saturating_add(1));
            ends == Ok(revision) && self.is_sound_then(later)
        }) else {
            return Some(Reason::new(Code::LaterSignatureUnsound, &[named]));
        };
        let stamp = later.form == SignatureForm::DocumentTimestamp;
        let number = revision.to_string();
        let revision_arg = ("revision", number.as_str());
        // Document timestamps are allowed at every level (ISO 32000-2, 12.8.2.2.2).
        if !stamp && self.forbids_filling(revision) {
            return Some(Reason::new(Code::CertifiedAgainstChanges, &[revision_arg]));
        }
        if existing && !stamp && self.is_locked(revision, field) {
            let args = [revision_arg, named];
            return Some(Reason::new(Code::FieldLocked, &args));
        }
        let level = self.level_before(revision);
        if matches!((later.lock_permission, level), (Some(allows), Some(level)) if allows > level) {
            return Some(Reason::new(Code::LockLoosened, &[named]));
        }
        if later.certification.is_some() {
            return Some(Reason::new(Code::CertificationLate, &[named]));
        }
        None
    }

    /// What a later signature shows may hide what was signed: a large mark has to be looked at, and
    /// one that stands over something.
    fn mark(
        &self,
        field: &str,
        covers_percent: u8,
        together: Option<u32>,
        hides: Option<Reason>,
    ) -> Option<Reason> {
        let policy = &self.trust.policy;
        let own = u32::from(covers_percent);
        let (share, is_too_much) = match together {
            None => (own, own > u32::from(policy.mark_percent_max)),
            Some(_) if own > u32::from(policy.new_mark_percent_max) => (own, true),
            Some(all) if all > u32::from(policy.new_marks_percent_max) => (all, true),
            Some(_) => (own, false),
        };
        let percent = share.to_string();
        let args = [("field", field), ("percent", percent.as_str())];
        match (own, is_too_much) {
            (0, _) => None,
            (_, true) => Some(Reason::new(Code::MarkCoversPage, &args)),
            (_, false) => hides.or_else(|| Some(Reason::new(Code::MarkAdded, &args))),
        }
    }
}

/// What a mark may hide, in a place that nobody had set aside for it.
fn hides(field: &str, page: Option<u32>, beneath: Beneath) -> Option<Reason> {
    let (code, what) = match beneath {
        Beneath::Agreed | Beneath::Nothing => return None,
        Beneath::Unread => (Code::MarkUnread, "unread"),
        Beneath::Drawing => (Code::MarkHides, "drawing"),
        Beneath::Image => (Code::MarkHides, "image"),
        Beneath::Text => (Code::MarkHides, "text"),
    };
    let page = page_text(page);
    let args = [("field", field), ("page", page.as_str()), ("what", what)];
    Some(Reason::new(code, &args))
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

/// The page as an argument: empty where it has none.
fn page_text(page: Option<u32>) -> String {
    page.map(|page| page.to_string()).unwrap_or_default()
}

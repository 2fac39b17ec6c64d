//! Certification, locks and existing fields at every level: what they let in passes.

use crate::support::{packed_pdf, pdf_of, plan, small_pdf, visible_plan};
use crate::town::*;
use chancery_pdf::sign::Certification;
use chancery_pdf::{FieldLock, FieldTarget, LockedFields, MarkPlace, SignaturePlan};
use chancery_signature as sig;
use sig::{GivenEvidence, KeyKind, LongTermLevel};

/// One page with the empty signature fields `First`, `Second` and `Third`; the first one locks
/// itself, the second one everything, at level 2.
pub fn form_pdf() -> Vec<u8> {
    let field = |name: &str, more: &str| {
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/Rect[0 0 0 0]/F 132/P 3 0 R{more}>>")
    };
    pdf_of(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 7 0 R]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>/Annots[5 0 R 6 0 R 7 0 R]>>",
        "<</Length 21>>\nstream\n0 0 m 100 100 l S    \nendstream",
        &field("First", "/Lock 8 0 R"),
        &field("Second", "/Lock 9 0 R"),
        &field("Third", ""),
        "<</Type/SigFieldLock/Action/Include/Fields[(First)]>>",
        "<</Type/SigFieldLock/Action/Exclude/Fields[(Third)]/P 2>>",
    ])
}

pub fn existing(field: &str, name: &str) -> SignaturePlan<'static> {
    SignaturePlan {
        field_name: field.to_owned(),
        target: FieldTarget::Existing,
        ..plan(name)
    }
}

#[test]
fn a_certified_file_of_each_level_takes_evidence_timestamps_and_what_it_allows() {
    let town = Town::new(Stamps::NeverRevoked);
    let none = GivenEvidence::none();
    let author = town.person(KeyKind::EcdsaP256, 10);
    for original in [small_pdf(), packed_pdf()] {
        for certification in [
            Certification::NoChanges,
            Certification::FillAndSign,
            Certification::FillSignAndAnnotate,
        ] {
            let certifying = SignaturePlan {
                certification: Some(certification),
                ..plan(&author.name)
            };
            let mut file = town.sign(&original, &author, &certifying, Some(SIGNED));
            let mut count = 1;
            if certification != Certification::NoChanges {
                let second = town.person(KeyKind::Rsa, 11);
                file = town.sign(&file, &second, &plan(&second.name), Some(SIGNED));
                count = 2;
            }
            let what = format!("{certification:?}");
            let kept = town.extended(&file, LongTermLevel::Lt);
            all_passed(&town.judged(&kept, YEARS_LATER, &none), count, &what);
            let archived = town.extended(&kept, LongTermLevel::Lta);
            let report = town.judged(&archived, YEARS_LATER, &none);
            all_passed(&report, count + 1, &what);
        }
    }
}

/// Goal: in a certified file the marks of those who were expected are seen, those of others are
/// not, and every signature passes at every level. Method: a certification that leaves two fields
/// on its sheet, then three more signers; the same without any field left.
#[test]
fn later_marks_are_seen_in_a_certified_file_where_fields_were_left() {
    let town = Town::new(Stamps::NeverRevoked);
    let author = town.person(KeyKind::EcdsaP256, 10);
    for certification in [
        Certification::FillAndSign,
        Certification::FillSignAndAnnotate,
    ] {
        for kept_fields in [0, 2] {
            let certifying = SignaturePlan {
                certification: Some(certification),
                kept_fields,
                ..visible_plan(&author.name)
            };
            let mut file = town.sign(&packed_pdf(), &author, &certifying, Some(SIGNED));
            let mut seen = Vec::new();
            for number in 11..14 {
                let signer = town.person(KeyKind::EcdsaP256, number);
                let plan = visible_plan(&signer.name);
                let limits = chancery_pdf::Limits::default();
                let prepared = chancery_pdf::prepare_signature(&file, &limits, &plan);
                seen.push(prepared.expect("prepared").mark);
                file = town.sign(&file, &signer, &plan, Some(SIGNED));
            }
            let places: Vec<[f64; 4]> = seen
                .iter()
                .filter_map(|mark| match mark {
                    MarkPlace::Sheet { rect, .. } => Some(*rect),
                    MarkPlace::Invisible => None,
                })
                .collect();
            assert_eq!(places.len(), usize::from(kept_fields));
            assert!(kept_fields == 0 || places[0] != places[1]);
            let report = town.judged(&file, GATHERED, &town.evidence());
            let what = format!("{certification:?} {kept_fields}");
            all_passed(&report, 4, &what);
            let archived = town.extended(&file, LongTermLevel::Lta);
            let report = town.judged(&archived, YEARS_LATER, &GivenEvidence::none());
            all_passed(&report, 5, &what);
            let rights = report.signatures[0].rights.as_ref().expect("rights");
            assert_eq!(rights.certification, Some(certification.level()));
            assert_eq!(report.signatures[1].rights, None);
        }
    }
}

#[test]
fn existing_fields_are_signed_in_order_and_their_locks_hold() {
    let town = Town::new(Stamps::NeverRevoked);
    let mut file = form_pdf();
    for (index, field) in (0_u8..).zip(["First", "Second", "Third"]) {
        let signer = town.person(crate::levels::KINDS[usize::from(index)], 10 + index);
        let plan = existing(field, &signer.name);
        file = town.sign(&file, &signer, &plan, Some(SIGNED));
        let report = town.judged(&file, GATHERED, &town.evidence());
        all_passed(&report, usize::from(index) + 1, field);
    }
    let archived = town.extended(&file, LongTermLevel::Lta);
    let report = town.judged(&archived, YEARS_LATER, &GivenEvidence::none());
    all_passed(&report, 4, "B-LTA");
    let facts = sig::gather_pdf(&archived, &sig::Limits::default());
    let locks: Vec<_> = facts.signatures.iter().map(|one| one.locks.len()).collect();
    assert_eq!(locks, [1, 1, 0, 0]);
    assert_eq!(facts.signatures[1].lock_permission, Some(2));
}

#[test]
fn a_new_field_may_lock_others_and_whoever_is_free_still_signs() {
    let town = Town::new(Stamps::NeverRevoked);
    let first = town.person(KeyKind::EcdsaP256, 10);
    let free = LockedFields::Exclude(vec!["Free".to_owned()]);
    for (fields, permission) in [
        (LockedFields::All, None),
        (LockedFields::All, Some(1)),
        (free.clone(), Some(2)),
        (free, Some(3)),
    ] {
        let what = format!("{fields:?} {permission:?}");
        let takes_more = fields != LockedFields::All;
        let locking = SignaturePlan {
            lock: Some(FieldLock { fields, permission }),
            ..plan(&first.name)
        };
        let mut file = town.sign(&packed_pdf(), &first, &locking, Some(SIGNED));
        let mut count = 1;
        if takes_more {
            let second = town.person(KeyKind::EcdsaP256, 11);
            let free = SignaturePlan {
                field_name: "Free".to_owned(),
                ..plan(&second.name)
            };
            file = town.sign(&file, &second, &free, Some(SIGNED));
            count = 2;
        }
        let archived = town.extended(&file, LongTermLevel::Lta);
        let report = town.judged(&archived, YEARS_LATER, &GivenEvidence::none());
        all_passed(&report, count + 1, &what);
    }
}

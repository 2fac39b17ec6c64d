//! What a chain demands of signatures, and of the links that lead to them.

use chancery_workflow::{DemandedKind, DemandedLevel, SignatureForm, Stage};

use crate::support::*;

fn stage(keys: &str) -> Stage {
    let source = format!(
        "stages:\n  - {{ id: boss, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}] }}\n  \
         - id: seal\n    type: sign\n    title: {{ ru: п, en: s }}\n{keys}"
    );
    let definition = define(&with_stages(&source));
    definition.stage("seal").expect("there").clone()
}

/// Goal: kind, format and place are read in each of the ways to say them, and nothing is demanded
/// where nothing is said.
#[test]
fn a_signature_is_demanded_in_each_way_of_saying_it() {
    use DemandedKind::{Advanced, Any, Qualified, Simple};
    use SignatureForm::{Detached, Embedded};
    for (written, kind, form, format) in [
        ("{ kind: any }", Any, Embedded, None),
        ("{ kind: simple }", Simple, Embedded, None),
        (
            "{ kind: advanced, detached: true }",
            Advanced,
            Detached,
            None,
        ),
        (
            "{ kind: qualified, format: CAdES-T, detached: true }",
            Qualified,
            Detached,
            Some("CAdES-T"),
        ),
        ("{ format: CAdES-B }", Any, Detached, Some("CAdES-B")),
        (
            "{ format: PAdES-T, form: embedded, detached: false }",
            Any,
            Embedded,
            Some("PAdES-T"),
        ),
        ("{ form: detached }", Any, Detached, None),
    ] {
        let keys = format!("    assignees: [{{ user: svetlana }}]\n    signature: {written}\n");
        let sealing = stage(&keys).sealing.expect("said");
        assert_eq!((sealing.kind, sealing.form), (kind, form), "{written}");
        assert_eq!(sealing.format().as_deref(), format, "{written}");
    }
    assert!(Qualified > Advanced && Advanced > Simple && Simple > Any);
    assert!(DemandedLevel::T > DemandedLevel::B);
    let plain = stage("    assignees: [{ user: svetlana }]\n");
    assert_eq!(plain.sealing, None);
}

/// Goal: a link's life and views are those of the chain; a contact may be called external.
#[test]
fn a_link_has_the_terms_of_its_stage() {
    let keys = "    assignees: [{ contact: doc.counterparty_contact, external: true }]\n    via: link\n    \
                link: { expires: 48h, max_views: 3, otp: email }\n";
    let link = stage(keys).link;
    let seconds = link.expires.and_then(|span| span.clock_seconds());
    assert_eq!((seconds, link.views_max), (Some(172_800), Some(3)));
    let keys = "    assignees: [{ contact: doc.counterparty_contact }]\n    via: link\n";
    let link = stage(keys).link;
    assert_eq!((link.expires, link.views_max), (None, None));
}

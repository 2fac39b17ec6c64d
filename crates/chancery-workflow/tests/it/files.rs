//! Every file of `workflows/` is read, and says what it should.

use chancery_types::Locale;
use chancery_workflow::{Assignee, Forecast, preview};

use crate::support::*;
use crate::templates::{all_chains, all_kinds};

pub fn files(folder_name: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder().join(folder_name))
        .expect(folder_name)
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort();
    names
}

#[test]
fn every_kind_and_every_chain_is_accepted_without_a_warning() {
    let (kinds, chains) = (all_kinds(), all_chains());
    for name in files("kinds") {
        let id = name.trim_end_matches(".yaml");
        let kind = kinds.get(id).expect("a file is named after its id");
        let chain = chains.get(kind.workflow()).expect("its workflow");
        assert_eq!(chain.kind(), kind.id());
    }
    for name in files("chains") {
        let id = name.trim_end_matches(".yaml");
        let chain = chains.get(id).expect("a file is named after its id");
        assert_eq!(chain.warnings(), [], "{name}");
    }
}

#[test]
fn the_vocabulary_has_every_role_in_both_languages() {
    let vocabulary = vocabulary();
    let roles: Vec<&str> = vocabulary.roles().keys().map(String::as_str).collect();
    for role in [
        "employee",
        "head_of_department",
        "lawyer",
        "accountant",
        "cfo",
        "signatory",
        "compliance_officer",
        "administrator",
        "auditor",
        "clerk",
    ] {
        assert!(roles.contains(&role), "{role}");
    }
    for title in vocabulary
        .roles()
        .values()
        .chain(vocabulary.groups().values())
    {
        assert!(title.ru.is_some() && title.en.is_some());
    }
}

#[test]
fn a_source_with_other_line_ends_has_the_same_digest_and_another_comment_has_not() {
    let source = read_chain("invoice");
    let digest = define(&source).digest();
    assert_eq!(define(&source.replace('\n', "\r\n")).digest(), digest);
    assert_eq!(define(&format!("{source}\n\n")).digest(), digest);
    assert_ne!(define(&format!("{source}# other\n")).digest(), digest);
    assert_eq!(define(define(&source).source()), define(&source));
}

fn forecast(amount: &str, initiator: &str) -> String {
    let definition = chain("contract");
    let card = contract(amount);
    let stages = preview(
        &definition,
        &card,
        &version(1, initiator),
        person(initiator),
        &directory(),
    );
    let mut out = String::new();
    for stage in stages.expect("a preview") {
        let says = match stage.forecast {
            Forecast::Asks {
                assignees, needed, ..
            } => {
                let names: Vec<String> = assignees
                    .into_iter()
                    .map(|who: Assignee| name(who))
                    .collect();
                format!("{needed} of {}", names.join(", "))
            }
            Forecast::Depends { on } => format!("depends on {on}"),
            Forecast::Skips(reason) => format!("skipped: {reason:?}"),
            Forecast::Blocks(refusal) => format!("blocks: {refusal}"),
        };
        out.push_str(&format!("{}: {says}\n", stage.path));
    }
    out
}

#[test]
fn a_preview_names_the_stages_that_apply_and_who_is_asked() {
    assert_eq!(
        forecast("90000.00", "olga"),
        "manager: 1 of pavel\nexpertise/legal: 1 of irina, lev\n\
         expertise/finance: skipped: Condition\ncfo: skipped: Condition\n\
         sign_internal: 1 of svetlana\nsign_counterparty: 1 of carl\nack: 1 of pavel\n"
    );
    assert_eq!(
        forecast("5000000.00", "olga"),
        "manager: 1 of pavel\nexpertise/legal: 1 of irina, lev\nexpertise/finance: 1 of anna\n\
         cfo: 1 of boris\nsign_internal: 1 of svetlana\nsign_counterparty: 1 of carl\n\
         ack: 1 of pavel\n"
    );
}

#[test]
fn an_initiator_who_would_approve_is_replaced_by_the_manager_above_or_blocks_the_start() {
    // Irina is a lawyer: her slot goes to Lev, who has one already, so to Svetlana above him.
    assert!(forecast("90000.00", "irina").contains("expertise/legal: 1 of lev, svetlana\n"));
    // Svetlana is the only signatory and nobody stands above her.
    let blocked = forecast("90000.00", "svetlana");
    assert!(
        blocked.contains("sign_internal: blocks: stage sign_internal has no assignee\n"),
        "{blocked}"
    );
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    assert_eq!(
        play.line("svetlana starts"),
        "refused: stage sign_internal has no assignee"
    );
    assert_eq!(play.state, chancery_workflow::State::draft());
}

#[test]
fn the_diagram_shows_every_stage_and_every_condition() {
    let diagram = chain("contract").diagram(Locale::Ru);
    for stage in chain("contract").stages() {
        assert!(diagram.contains(&format!("s_{}", stage.id)), "{diagram}");
    }
    assert!(diagram.starts_with("flowchart TD\n"));
    assert!(diagram.contains("Руководитель инициатора"));
    assert!(
        diagram.contains("#gt;= money('RUB', '5000000.00')"),
        "{diagram}"
    );
    assert!(
        !diagram.contains("|| "),
        "a bare bar would end the arrow's label"
    );
}

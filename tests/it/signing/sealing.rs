//! Signatures that certify the file and lock fields of its form, where the chain asks for that.

use chancery::app::spool::{Spool, Upload};
use chancery::store::entity::signings;
use chancery_pdf::{Limits, Pdf};
use chancery_signature::Indication;
use chancery_signature::facts::FieldLock;
use chancery_signature::report::RightsReport;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use super::contract::{Contract, bytes_of, code};
use super::lasting::{round, verdicts};
use crate::browser::others::all_call_it_valid;
use crate::guards::Browser;
use crate::runs::own::house_with;
use crate::support::{Backend, TestApp, pdfs};

/// Both sides sign; `OURS` is what the first signature does, `THEIRS` the second one.
const CHAIN: &str = "  - id: ours
    type: sign
    title: { ru: Мы, en: We }
    assignees: [{ role: signatory }]
    quorum: any
    OURS
  - id: theirs
    type: sign
    title: { ru: Они, en: They }
    assignees: [{ contact: doc.counterparty_contact }]
    via: link
    quorum: any
    THEIRS
";

fn chain(ours: &str, theirs: &str) -> String {
    CHAIN.replace("OURS", ours).replace("THEIRS", theirs)
}

/// A contract whose file has a form with a text field.
async fn with_form(house: &TestApp) -> Contract<'_> {
    let mut contract = Contract::drafted(house).await;
    let form = pdfs::with_text_field("Account");
    contract.brings_file(2, &form).await;
    contract.file = form.into();
    contract
}

async fn started(contract: &Contract<'_>) {
    let initiator = contract.house.actor("initiator");
    let run = contract.house.app.start_run(&initiator, contract.id).await;
    run.expect("started");
}

/// The signed copy of the second version, as its initiator saves it.
async fn copy(contract: &Contract<'_>, version: i64) -> Vec<u8> {
    let (house, id) = (contract.house, contract.id.uuid());
    let initiator = house.actor("initiator");
    let copy = house.app.signed_copy(&initiator, id, version);
    bytes_of(copy.await.expect("a copy")).await.to_vec()
}

/// What each signature does to the file, by our own validator.
fn rights(file: &[u8]) -> Vec<Option<RightsReport>> {
    let facts = chancery_signature::gather_pdf(file, &chancery_signature::Limits::default());
    let report = chancery_signature::judge(
        &facts,
        &chancery_signature::ValidationPolicy::default(),
        chancery_types::Instant::from_micros(0),
        &chancery_signature::Anchors::none(),
    );
    report
        .signatures
        .into_iter()
        .map(|one| one.rights)
        .collect()
}

/// The widgets of signatures that can be seen: with an appearance, on a place that is not empty.
fn seen_marks(file: &[u8]) -> usize {
    let limits = Limits::default();
    let pdf = Pdf::open(file, &limits).expect("a file");
    let fields = pdf.signature_fields().expect("fields");
    let seen = fields.iter().filter(|one| {
        let widget = pdf.get(one.field.id).expect("an object");
        let widget = widget.as_dictionary().expect("a dictionary");
        let rect = pdf.rectangle(widget, b"Rect").expect("a rectangle");
        let is_wide = rect.is_some_and(|[left, _, right, _]| right - left > 100.0);
        is_wide && widget.get(b"AP").is_some()
    });
    seen.count()
}

async fn evidence(contract: &Contract<'_>) -> Vec<Value> {
    let rows = signings::Entity::find()
        .filter(signings::Column::DocumentId.eq(contract.id.uuid()))
        .order_by_asc(signings::Column::Id)
        .all(contract.house.app.store.reader())
        .await
        .expect("rows");
    let told = |row: signings::Model| serde_json::from_str(&row.evidence).expect("JSON");
    rows.into_iter().map(told).collect()
}

/// Goal: the first signature certifies and locks as the chain says, the second one stands beside it
/// and its mark is seen, each signer is told before, and everybody calls the file valid, raised as
/// well. Method: a contract with a form goes both ways on both databases.
#[tokio::test]
async fn the_first_signature_certifies_and_locks_and_the_second_is_seen() {
    let ours = "signature: { certify: fill_and_sign, lock: [Account] }";
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, &chain(ours, "")).await;
        let contract = with_form(&house).await;
        started(&contract).await;
        let served = house.serve();
        let signatory = Browser::of(&house, &served, house.vector.person("signatory")).await;
        let task = contract.task_of("signatory").await;
        let page = signatory.get(&format!("/tasks/{task}/sign")).await;
        for text in ["Ваша подпись заверит файл", "поля формы: «Account»"]
        {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        contract.signatory_signs().await;
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");

        let signed = copy(&contract, 2).await;
        let first = RightsReport {
            certification: Some(2),
            lock_permission: None,
            locks: vec![FieldLock::Include(vec!["Account".to_owned()])],
        };
        assert_eq!(rights(&signed), [Some(first), None]);
        assert_eq!(seen_marks(&signed), 2);
        let told = evidence(&contract).await;
        let seals = json!({ "certifies": "fill_and_sign", "locks": ["Account"] });
        assert_eq!(told[0]["seals"], seals);
        assert_eq!(told[1].get("seals"), None);
        all_call_it_valid(&house, house.vector.organisation, &signed, 2).await;
        round(&house).await;
        let raised = copy(&contract, 2).await;
        assert!(raised.len() > signed.len());
        let passed = vec![Indication::TotalPassed; 3];
        assert_eq!(verdicts(&house, &raised, house.app.now()).await, passed);

        let page = signatory.get(&format!("/documents/{}", contract.id)).await;
        let certified = "Заверяет файл: после неё можно только заполнять форму и подписывать.";
        for text in [certified, "Запирает поля формы: «Account»."] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        served.stop().await;
        house.close().await;
    }
}

/// Goal: the last signature may close the file, and it can still be raised. Method: the
/// counterparty's certifies nothing but locks all; a chain of ours alone allows no change.
#[tokio::test]
async fn the_last_signature_closes_the_file() {
    let (house, _folder) =
        house_with(&Backend::single(), &chain("", "signature: { lock: all }")).await;
    let contract = with_form(&house).await;
    started(&contract).await;
    contract.signatory_signs().await;
    contract.counterparty_signs().await;
    let signed = copy(&contract, 2).await;
    let locked = RightsReport {
        locks: vec![FieldLock::All],
        ..RightsReport::default()
    };
    assert_eq!(rights(&signed), [None, Some(locked)]);
    assert_eq!(seen_marks(&signed), 2);
    all_call_it_valid(&house, house.vector.organisation, &signed, 2).await;
    round(&house).await;
    let raised = copy(&contract, 2).await;
    let passed = vec![Indication::TotalPassed; 3];
    assert_eq!(verdicts(&house, &raised, house.app.now()).await, passed);
    house.close().await;

    let alone = CHAIN.split("  - id: theirs").next().expect("a stage");
    let alone = alone.replace("OURS", "signature: { certify: no_changes }");
    let (house, _folder) = house_with(&Backend::single(), &alone).await;
    let contract = with_form(&house).await;
    started(&contract).await;
    contract.signatory_signs().await;
    let signed = copy(&contract, 2).await;
    let closed = RightsReport {
        certification: Some(1),
        ..RightsReport::default()
    };
    assert_eq!(rights(&signed), [Some(closed)]);
    assert_eq!(seen_marks(&signed), 1);
    all_call_it_valid(&house, house.vector.organisation, &signed, 1).await;
    round(&house).await;
    let raised = copy(&contract, 2).await;
    let passed = vec![Indication::TotalPassed; 2];
    assert_eq!(verdicts(&house, &raised, house.app.now()).await, passed);
    house.close().await;
}

/// Goal: what could only fail on the day of signing is refused before: a file that is signed
/// already where the chain certifies, a detached signature in place of a certifying one. Method:
/// a signed copy as the file of a new draft, and the same under a condition that does not hold.
#[tokio::test]
async fn what_cannot_be_certified_is_refused_at_the_start() {
    let ours = "signature: { certify: fill_and_sign }";
    let (house, _folder) = house_with(&Backend::single(), &chain(ours, "")).await;
    let contract = with_form(&house).await;
    started(&contract).await;
    contract.signatory_may_sign().await;
    let mut spool = Spool::new("signature", "a.p7s", 1_000).expect("a file");
    spool.write(&b"MIIB"[..].into()).expect("written");
    let upload: Upload = spool.finish().expect("a file");
    let signatory = house.actor("signatory");
    let refused = house
        .app
        .take_detached(&signatory, contract.id, Some(upload), Vec::new())
        .await;
    let refused = refused.expect_err("nothing is certified by it");
    assert_eq!(code(&refused), "detached-seals-nothing");
    contract.signatory_signs().await;
    let signed = copy(&contract, 2).await;

    let second = Contract::drafted(&house).await;
    second.brings_file(2, &signed).await;
    let initiator = house.actor("initiator");
    let refused = house.app.start_run(&initiator, second.id).await;
    let refused = refused.expect_err("it is signed already");
    assert_eq!(code(&refused), "file-signed-before");
    assert_eq!(second.state().await, "draft");
    house.close().await;

    let never = format!("when: \"doc.payment_days > 300\"\n    {ours}");
    let (house, _folder) = house_with(&Backend::single(), &chain(&never, "")).await;
    let third = Contract::drafted(&house).await;
    third.brings_file(2, &signed).await;
    started(&third).await;
    house.close().await;
}

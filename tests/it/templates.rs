//! The templates of the house, used: every kind is started in the demo's company, packs switch
//! kinds on and off, parameters change the ways of runs to come.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery::app::App;
use chancery::app::chains::Chains;
use chancery::app::documents::NewDocument;
use chancery::app::intake::Repair;
use chancery::app::tasks::TaskDecision;
use chancery::cli::{self, Migrate};
use chancery::clock::Clock;
use chancery::demo::company::{self, Company};
use chancery::pdf_worker::{PdfWorker, WorkerSettings};
use chancery::store::entity::{definitions, runs, tasks, versions};
use chancery_types::FieldType;
use chancery_types::id::DocumentId;
use chancery_workflow::kind::{Bounds, Field};
use chancery_workflow::{Decision, Forecast, Kind, PreviewStage};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::documents::paper::upload;
use crate::guards::Browser;
use crate::support::{Backend, Configured, START, TestApp, pdfs, workflows_like};

/// A kind, what its card says beside the fields that must be there, and the stage that opens first.
pub type Widest = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Cards that ask as many people as there are to ask.
pub const WIDEST: [Widest; 21] = [
    (
        "contract",
        &[
            ("amount", "31000000.00"),
            ("new_counterparty", "true"),
            ("personal_data", "true"),
        ],
        "manager",
    ),
    (
        "invoice",
        &[
            ("amount", "12000000.00"),
            ("new_bank_details", "true"),
            ("outside_budget", "true"),
        ],
        "budget",
    ),
    ("addendum", &[("total", "31000000.00")], "legal"),
    (
        "nda",
        &[
            ("text_of", "theirs"),
            ("law", "foreign"),
            ("secrecy", "personal"),
        ],
        "expertise/legal",
    ),
    (
        "payment_request",
        &[("amount", "6000000.00"), ("budget", "outside")],
        "budget",
    ),
    (
        "act_upd",
        &[
            ("received", "quality"),
            ("marked", "true"),
            ("imported", "true"),
        ],
        "receipt",
    ),
    (
        "power_of_attorney",
        &[
            ("powers", "contracts"),
            ("term", "over_year"),
            ("redelegation", "true"),
        ],
        "hr",
    ),
    (
        "purchase_request",
        &[("amount", "4000000.00"), ("category", "it")],
        "head",
    ),
    (
        "leave_request",
        &[("schedule", "unplanned"), ("substitute", "keeper")],
        "manager",
    ),
    (
        "employment_contract",
        &[("fork", "above"), ("work", "remote"), ("foreigner", "true")],
        "manager",
    ),
    ("internal_order", &[("area", "safety")], "review/legal"),
    (
        "it_access",
        &[
            ("holder", "initiator"),
            ("system_owner", "engineer"),
            ("holder_is", "contractor"),
            ("level", "privileged"),
            ("holds", "personal"),
        ],
        "manager",
    ),
    (
        "equipment_purchase",
        &[
            ("amount", "4000000.00"),
            ("source", "leasing"),
            ("imported", "true"),
            ("expert", "engineer"),
        ],
        "head",
    ),
    (
        "credit_dossier",
        &[
            ("limit", "60000000.00"),
            ("collateral", "stale"),
            ("related", "true"),
            ("laundering_risk", "official"),
        ],
        "completeness",
    ),
    (
        "insurance_claim",
        &[
            ("claimed", "4000000.00"),
            ("trigger", "repeated"),
            ("fraud_score", "100"),
        ],
        "completeness",
    ),
    (
        "inventory_act",
        &[
            ("occasion", "acceptance"),
            ("result", "shortage"),
            ("difference", "60000.00"),
            ("difference_points", "60"),
        ],
        "director",
    ),
    (
        "raw_material_supply",
        &[
            ("over_index_percent", "9"),
            ("quality", "deviation"),
            ("hazardous", "true"),
        ],
        "procurement",
    ),
    (
        "medical_equipment",
        &[
            ("amount", "700000.00"),
            ("law", "fz44"),
            ("hazard", "laser"),
        ],
        "council",
    ),
    (
        "student_order",
        &[
            ("action", "expulsion"),
            ("funding", "paid"),
            ("foreigner", "true"),
        ],
        "dean",
    ),
    (
        "customer_claim",
        &[("subject", "quality"), ("amount", "2000000.00")],
        "position",
    ),
    ("travel_expense", &[("limits", "over")], "manager"),
];

/// The demo's company in an empty house on `backend`, with these packs and the workflows of
/// `folder`.
struct Demo {
    app: App,
    company: Company,
    place: Configured,
}

impl Demo {
    async fn start(backend: &Backend, packs: &[&str], folder: Option<&Path>) -> Self {
        let place = TestApp::configure(backend).await;
        let mut config = place.config.clone();
        config.workflows.packs = packs.iter().map(|&name| name.to_owned()).collect();
        if let Some(folder) = folder {
            config.workflows.directory = folder.to_owned();
        }
        let start = START.parse().expect("a moment");
        let mut app = cli::start(config, Clock::held(start), Migrate::Always)
            .await
            .expect("an app");
        app.pdf = PdfWorker::new(WorkerSettings {
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_chancery"))),
            ..WorkerSettings::of(&app.config)
        });
        let company = company::seed(&app).await.expect("a company");
        Self {
            app,
            company,
            place,
        }
    }

    async fn close(self) {
        self.app.store.close().await.expect("closed");
        self.place.remove().await;
    }

    /// A person's identifier by the key of the company's file.
    fn person(&self, key: &str) -> String {
        let actor = self.company.person(key).expect(key);
        actor.person().expect("a person").id.to_string()
    }

    /// What a form sends of a field that must be there.
    fn filler(&self, field: &Field) -> String {
        let other = self.company.counterparties.first().expect("a counterparty");
        match field.field_type {
            FieldType::Text | FieldType::LongText => "Так, как договорились на встрече".to_owned(),
            FieldType::Integer => match field.bounds {
                Bounds::Integer { min: Some(min), .. } => min.to_string(),
                _ => "1".to_owned(),
            },
            FieldType::Money => "100.00".to_owned(),
            FieldType::Date => "2026-12-15".to_owned(),
            FieldType::Boolean => "true".to_owned(),
            FieldType::Choice => field.choices.first().expect("a choice").code.clone(),
            FieldType::Person => self.person("second_lawyer"),
            FieldType::Department => self.company.departments["sales"].to_string(),
            FieldType::Counterparty => other.id.to_string(),
            FieldType::Contact => other.contact.to_string(),
        }
    }

    fn card(&self, kind: &Kind, said: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut card = BTreeMap::new();
        for field in kind.fields() {
            let own = said.iter().find(|(name, _)| *name == field.name);
            let value = match own {
                Some((_, key)) if field.field_type == FieldType::Person => self.person(key),
                Some((_, value)) => (*value).to_owned(),
                None if field.required => self.filler(field),
                None => continue,
            };
            if field.field_type == FieldType::Money {
                card.insert(format!("{}.currency", field.name), "RUB".to_owned());
            }
            card.insert(field.name.clone(), value);
        }
        card
    }

    async fn create(&self, kind: &str, said: &[(&str, &str)]) -> DocumentId {
        let known = &self.app.chains.kinds()[kind];
        let mark = format!("{kind} {said:?}");
        let new = NewDocument {
            parent: None,
            kind: kind.to_owned(),
            title: known.title(chancery_types::Locale::Ru).to_owned(),
            card: self.card(known, said),
            main: Some(upload("main", "a.pdf", &pdfs::contract(&mark)).expect("a file")),
            attachments: Vec::new(),
            repair: Repair::Offer,
        };
        let initiator = self.company.person("initiator").expect("the initiator");
        let created = self.app.create_document(initiator, new).await;
        created
            .unwrap_or_else(|error| panic!("{kind}: {error:?}"))
            .id
    }

    async fn preview(&self, document: DocumentId) -> Vec<PreviewStage> {
        let initiator = self.company.person("initiator").expect("the initiator");
        let foreseen = self.app.foresee_run(initiator, document).await;
        foreseen.expect("a forecast").stages
    }

    async fn start_run(&self, kind: &str, document: DocumentId) {
        let initiator = self.company.person("initiator").expect("the initiator");
        let started = self.app.start_run(initiator, document).await;
        started.unwrap_or_else(|error| panic!("{kind}: {error:?}"));
    }

    async fn open_tasks(&self, document: DocumentId) -> Vec<tasks::Model> {
        tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(document.uuid()))
            .filter(tasks::Column::State.eq("open"))
            .all(self.app.store.reader())
            .await
            .expect("tasks")
    }

    /// The text that the document's run is pinned to.
    async fn pinned(&self, document: DocumentId) -> (String, String) {
        let reader = self.app.store.reader();
        let run = runs::Entity::find()
            .filter(runs::Column::DocumentId.eq(document.uuid()))
            .one(reader)
            .await
            .expect("the database")
            .expect("a run");
        let kept = definitions::Entity::find()
            .filter(definitions::Column::Digest.eq(&run.definition_digest))
            .one(reader)
            .await
            .expect("the database")
            .expect("a definition");
        (kept.digest, kept.source)
    }
}

/// Goal: the demo's company has somebody for every stage of every template. Method: one document of
/// each kind, with the card that asks the most people: it is created, previewed without a stage
/// that would block, started, and its first task is open.
#[tokio::test]
async fn the_demo_company_starts_a_document_of_every_kind() {
    for backend in Backend::all() {
        let demo = Demo::start(&backend, &["all"], None).await;
        assert_eq!(demo.app.offered_kinds().count(), WIDEST.len());
        for (kind, said, first) in WIDEST {
            let document = demo.create(kind, said).await;
            for stage in demo.preview(document).await {
                let blocks = matches!(stage.forecast, Forecast::Blocks(_));
                assert!(!blocks, "{kind} {}: {:?}", stage.path, stage.forecast);
            }
            demo.start_run(kind, document).await;
            let open = demo.open_tasks(document).await;
            let opened = open.iter().find(|task| task.path == first);
            let task = opened.unwrap_or_else(|| panic!("{kind}: {open:?}"));
            assert!(task.due_at.is_some(), "{kind}: nobody knows until when");
        }
        demo.close().await;
    }
}

/// Goal: a pack that is off offers its kinds to nobody, and keeps what was begun. Method: a
/// document of a kind that is then switched off is read, decided on and goes on; a new one is
/// refused.
#[tokio::test]
async fn packs_switch_kinds_on_and_off() {
    for backend in Backend::all() {
        let mut demo = Demo::start(&backend, &["base", "it"], None).await;
        let offered = |app: &App| -> Vec<String> {
            app.offered_kinds()
                .map(|kind| kind.id().to_owned())
                .collect()
        };
        assert_eq!(offered(&demo.app), ["contract", "invoice", "it_access"]);
        let document = demo
            .create("it_access", &[("system_owner", "engineer")])
            .await;
        demo.start_run("it_access", document).await;
        let mut config = (*demo.app.config).clone();
        config.workflows.packs = vec!["base".to_owned()];
        demo.app.config = Arc::new(config);
        assert_eq!(offered(&demo.app), ["contract", "invoice"]);
        assert!(demo.app.kind("it_access").is_err());
        let open = demo.open_tasks(document).await;
        let task = open.first().expect("a task");
        let head = demo.company.person("head").expect("the head");
        demo.app
            .document_for(
                head,
                document,
                chancery::domain::access::Action::SeeDocument,
            )
            .await
            .expect("it is still seen");
        let seen = versions::Entity::find_by_id(task.version_id)
            .one(demo.app.store.reader())
            .await
            .expect("the database")
            .expect("a version");
        let agreed = TaskDecision {
            decision: Decision::Approve,
            version_digest: seen.digest.parse().expect("a digest"),
            comment: None,
            remarks: Vec::new(),
            said: Vec::new(),
        };
        let decided = demo.app.decide_task(head, task.id.into(), agreed).await;
        decided.expect("its run goes on");
        let next = demo.open_tasks(document).await;
        assert_eq!(next.first().map(|task| task.path.as_str()), Some("owner"));
        demo.close().await;
    }
}

/// Goal: a changed parameter holds for runs to come alone. Method: one run before the change, one
/// after, with the same card.
#[tokio::test]
async fn a_parameter_changes_the_way_of_runs_to_come() {
    let folder = workflows_like(|_, text| text);
    let path = folder.path().join("parameters.yaml");
    let before = std::fs::read_to_string(&path).expect("parameters");
    let old = "purchase_committee_from: { type: money, value: RUB 3000000.00";
    assert!(before.contains(old));
    let after = before.replace(
        old,
        "purchase_committee_from: { type: money, value: RUB 600000.00",
    );
    let card = &[("amount", "700000.00")];
    let asks_committee = |stages: &[PreviewStage]| {
        let stage = stages.iter().find(|stage| stage.path == "committee");
        matches!(stage.expect("a stage").forecast, Forecast::Asks { .. })
    };
    for backend in Backend::all() {
        std::fs::write(&path, &before).expect("written");
        let mut demo = Demo::start(&backend, &["all"], Some(folder.path())).await;
        let first = demo.create("purchase_request", card).await;
        assert!(!asks_committee(&demo.preview(first).await));
        demo.start_run("purchase_request", first).await;
        std::fs::write(&path, &after).expect("written");
        demo.app.chains = Arc::new(Chains::load(folder.path()).expect("chains"));
        let second = demo
            .create("purchase_request", &[("amount", "700000.01")])
            .await;
        assert!(asks_committee(&demo.preview(second).await));
        demo.start_run("purchase_request", second).await;
        for (document, value) in [(first, "RUB 3000000.00"), (second, "RUB 600000.00")] {
            let (digest, source) = demo.pinned(document).await;
            let definition = demo
                .app
                .chains
                .pinned(&digest, &source)
                .expect("it is read");
            let parameter = &definition.parameters()["purchase_committee_from"];
            assert_eq!(parameter.value().to_string(), value);
        }
        demo.close().await;
    }
}

/// Goal: a name that no pack has is refused before anything is opened, with those that there are.
#[test]
fn an_unknown_pack_is_refused_by_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let chains = Chains::load(&folder).expect("chains");
    let on = |names: &[&str]| -> Vec<String> { names.iter().map(|&it| it.to_owned()).collect() };
    assert!(chains.check_switched_on(&on(&["base", "all"])).is_ok());
    let refused = chains.check_switched_on(&on(&["base", "legl"]));
    let refused = refused.expect_err("a slip").to_string();
    assert!(
        refused.contains("`legl`") && refused.contains("legal"),
        "{refused}"
    );
    assert_eq!(chains.outside_packs().count(), 0);
}

/// Goal: the page lists what is on, by pack, and tells each template in words that come from its
/// definition, to whoever may start documents. Method: the pages of an ordinary house, and of one
/// with every pack; in both languages.
#[tokio::test]
async fn templates_are_told_to_whoever_may_start_them() {
    let backend = Backend::single();
    let base = TestApp::start(&backend).await;
    let served = base.serve();
    let browser = Browser::of(&base, &served, base.vector.person("initiator")).await;
    let list = browser.get("/templates").await;
    assert_eq!(list.status, 200);
    assert!(list.body.contains("/documents/new?kind=contract"));
    assert!(!list.body.contains("it_access"), "a pack that is off");
    assert_eq!(browser.get("/templates/it_access").await.status, 404);
    assert_eq!(browser.get("/templates/none").await.status, 404);
    let chief = Browser::of(&base, &served, base.vector.person("administrator")).await;
    let seen = chief.get("/templates").await.body;
    assert!(
        seen.contains("<code>hr</code>"),
        "what could be switched on"
    );
    served.stop().await;
    base.close().await;
    let all = TestApp::start_with(&backend, |config| {
        config.workflows.packs = vec!["all".to_owned()];
    })
    .await;
    let served = all.serve();
    let browser = Browser::of(&all, &served, all.vector.person("initiator")).await;
    for (kind, _, _) in WIDEST {
        let page = browser.get(&format!("/templates/{kind}")).await;
        assert_eq!(page.status, 200, "{kind}");
        assert!(page.body.contains(&format!("/documents/new?kind={kind}")));
        // Whatever a chain says has words: neither a condition as written nor a key of a text.
        for raw in ["doc.", "param(", "template-", "&amp;&amp;"] {
            let main = page.body.split("<main").nth(1).expect("the page");
            assert!(!main.contains(raw), "{kind} shows {raw}: {main}");
        }
    }
    let page = browser.get("/templates/purchase_request").await.body;
    for words in [
        "«План закупок» — «Вне плана», «Ожидаемая сумма с НДС» не в валюте RUB \
         или «Ожидаемая сумма с НДС» от 500\u{a0}000,00\u{a0}₽",
        "Тендерная комиссия — нужно 60 %, но не меньше 2",
        "голос против; когда согласие уже невозможно, документ возвращается инициатору",
        "«Закупщик»: решает не тот, кто решал на этапе «Руководитель подразделения».",
        "5 рабочих дней на решение",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = browser.get("/templates").await.body;
    assert!(
        list.contains("Создать<span class=\"hidden\"> документ: Договор</span>"),
        "{list}"
    );
    // What binds more has brackets too.
    let page = browser.get("/templates/power_of_attorney").await.body;
    assert!(page.contains("или («"), "{page}");
    let other = Browser::of(&all, &served, all.northwind.person("initiator")).await;
    let page = other.get("/templates/leave_request").await.body;
    assert!(
        page.contains("decided by somebody other than the person in “Who goes on leave”"),
        "{page}"
    );
    served.stop().await;
    all.close().await;
}

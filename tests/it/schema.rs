//! The schema as the databases themselves know it: agreed, the same as the entities, every row in
//! an organisation, what is written once kept from change.

mod catalogue;

use std::collections::{BTreeMap, BTreeSet};

use chancery::app::absences::Powers;
use chancery::app::build::open_store;
use chancery::app::editions::EditionState;
use chancery::app::links::visit::LinkState;
use chancery::app::people::{Letters, PersonState, Theme};
use chancery::app::signing::consent::ConsentKind;
use chancery::app::signing::detached::Covers;
use chancery::app::signing::evidence::KeyPlace;
use chancery::app::signing::powers::{FileRole, RESULTS};
use chancery::app::worklist::VERDICTS;
use chancery::config::SigningAlgorithm;
use chancery::domain::document::DocumentState;
use chancery::store::Store;
use chancery_migrations::{Migrator, MigratorTrait as _};
use chancery_signature::{OutsideScheme, RevocationReason};
use chancery_types::Locale;
use chancery_workflow::{Decision, Phase, SignatureForm, StageKind};
use sea_orm::{ColumnTrait as _, ColumnType, EntityTrait, IdenStatic as _, Iterable as _};
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::guards::world::World;
use crate::support::{Backend, TestApp, on_both, setting};
use catalogue::Column;

/// Tables without `organisation_id`, and why.
const WHOSE: [(&str, &str); 2] = [
    ("organisations", "its own identifier is the organisation's"),
    (
        "seaql_migrations",
        "of the installation: which migrations were run",
    ),
];

/// Tables whose rows are written once: triggers refuse everything else.
const WRITTEN_ONCE: [&str; 13] = [
    "attachments",
    "audit_events",
    "certificates",
    "consents",
    "definitions",
    "detached_signatures",
    "disagreements",
    "outside_certificates",
    "run_events",
    "signature_power_files",
    "signature_powers",
    "signatures",
    "versions",
];

/// An empty database of each kind, with what it is called in names of files.
async fn on_empty(body: impl AsyncFn(&Store, &str)) {
    for backend in Backend::all() {
        let configured = TestApp::configure(&backend).await;
        let store = open_store(&configured.config).await.expect("a store");
        let name = match store.backend() {
            DbBackend::Postgres => "postgres",
            _ => "sqlite",
        };
        body(&store, name).await;
        store.close().await.expect("closed");
        configured.remove().await;
    }
}

/// Goal: the schema changes only on purpose, and every migration can be taken back. Method: all up
/// is the golden sum, all down is nothing, up again is the golden sum.
#[tokio::test]
async fn the_schema_is_as_agreed_and_can_be_taken_back() {
    on_empty(async |store: &Store, name: &str| {
        let file = format!(
            "{}/migrations/schema.{name}.sql",
            env!("CARGO_MANIFEST_DIR")
        );
        Migrator::up(store.writer(), None).await.expect("up");
        let sum = catalogue::sum(store).await;
        if setting("CHANCERY_TEST_REFRESH").is_some() {
            std::fs::write(&file, &sum).expect("written");
        }
        let agreed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            sum == agreed,
            "set CHANCERY_TEST_REFRESH=1, then review the difference of {file}"
        );
        Migrator::down(store.writer(), None).await.expect("down");
        assert_eq!(catalogue::sum(store).await, "", "{name}: something is left");
        Migrator::up(store.writer(), None).await.expect("up again");
        assert_eq!(
            catalogue::sum(store).await,
            agreed,
            "{name}: another schema"
        );
    })
    .await;
}

/// Goal: no row is nobody's. Method: the catalogue's tables; `organisation_id` is there, never
/// null, and refers to an organisation.
#[tokio::test]
async fn every_table_says_whose_its_rows_are() {
    on_empty(async |store: &Store, name: &str| {
        Migrator::up(store.writer(), None).await.expect("up");
        let tables = catalogue::columns(store).await;
        assert!(tables.len() > 30, "{name}: {} tables", tables.len());
        let references = catalogue::references(store).await;
        for (table, columns) in &tables {
            let own = columns
                .iter()
                .find(|column| column.name == "organisation_id");
            if WHOSE.iter().any(|(without, _)| without == table) {
                assert!(own.is_none(), "{name}: {table} has one after all");
                continue;
            }
            let own = own.unwrap_or_else(|| panic!("{name}: whose are the rows of {table}?"));
            assert!(!own.is_null, "{name}: {table}.organisation_id may be null");
            let to = (
                table.clone(),
                "organisation_id".to_owned(),
                "organisations".to_owned(),
            );
            assert!(
                references.contains(&to),
                "{name}: {table} refers to no organisation"
            );
        }
        let known: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
        for (table, _) in WHOSE {
            assert!(known.contains(table), "{name}: {table} is not there");
        }
    })
    .await;
}

/// An entity as the program has it.
fn described<E: EntityTrait>() -> (String, BTreeMap<String, (ColumnType, bool)>) {
    let columns = E::Column::iter().map(|column| {
        let def = column.def();
        let name = column.as_str().to_owned();
        (name, (def.get_column_type().clone(), def.is_null()))
    });
    (E::default().table_name().to_owned(), columns.collect())
}

macro_rules! entities {
    ($($entity:ident)*) => {
        [$(described::<chancery::store::entity::$entity::Entity>()),*]
    };
}

fn entities() -> BTreeMap<String, BTreeMap<String, (ColumnType, bool)>> {
    entities!(absences api_tokens attachments audit_events authority_keys blobs calls certificates
        checked_files comment_mentions comments consents contacts counterparties definitions
        departments
        detached_signatures disagreements document_origins documents editions idempotency_keys jobs
        journal_entries
        journals kept_evidence link_codes
        link_visits links mandates news_marks organisations outbox
        outside_certificates page_images people
        person_groups person_links person_roles power_checks
        questions raised_signatures remarks revocation_lists revoked_certificates reworkers
        run_events runs sessions shown_pages signature_checks signature_power_files signature_powers
        signatures signed_copies signings stand_ins tasks timers
        undrawable_pages versions)
    .into()
}

/// What a column's type is called by a database.
fn type_name(of: &ColumnType, backend: DbBackend) -> &'static str {
    match (of, backend) {
        (ColumnType::Uuid, DbBackend::Postgres) => "uuid",
        (ColumnType::Blob | ColumnType::VarBinary(_), DbBackend::Postgres) => "bytea",
        (ColumnType::Uuid | ColumnType::Blob | ColumnType::VarBinary(_), _) => "blob",
        (ColumnType::BigInteger, _) => "bigint",
        (ColumnType::Text, _) => "text",
        (other, _) => panic!("{other:?} is no type of this schema"),
    }
}

/// Goal: entities and tables are the same, both ways: names, columns, types, what may be null.
#[tokio::test]
async fn every_entity_is_as_its_table() {
    on_empty(async |store: &Store, name: &str| {
        Migrator::up(store.writer(), None).await.expect("up");
        let mut tables = catalogue::columns(store).await;
        tables.remove("seaql_migrations");
        let entities = entities();
        let known: Vec<&String> = entities.keys().collect();
        assert_eq!(tables.keys().collect::<Vec<_>>(), known, "{name}: tables");
        for (table, columns) in &tables {
            let there: BTreeMap<&str, &Column> = columns
                .iter()
                .map(|column| (column.name.as_str(), column))
                .collect();
            let entity = &entities[table];
            let names: Vec<&str> = entity.keys().map(String::as_str).collect();
            assert_eq!(
                there.keys().copied().collect::<Vec<_>>(),
                names,
                "{name}: {table}"
            );
            for (column, (of, is_null)) in entity {
                let row = there[column.as_str()];
                let wanted = (type_name(of, store.backend()), *is_null);
                let found = (row.type_name.as_str(), row.is_null);
                assert_eq!(found, wanted, "{name}: {table}.{column}");
            }
        }
    })
    .await;
}

/// As serde writes an enum's variants.
fn written<T: serde::Serialize>(variants: &[T]) -> Vec<String> {
    let text = |one: &T| {
        serde_json::to_value(one)
            .expect("JSON")
            .as_str()
            .expect("text")
            .to_owned()
    };
    variants.iter().map(text).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The enum of each column that a CHECK restricts. The last ones stand as words in the code.
fn enums() -> BTreeMap<&'static str, Vec<String>> {
    let codes = |codes: &[&'static str]| words(codes);
    let locales = codes(&Locale::ALL.map(Locale::code));
    let states = [
        PersonState::Invited,
        PersonState::Active,
        PersonState::Disabled,
    ];
    let places = [KeyPlace::Browser, KeyPlace::Server, KeyPlace::Outside];
    let places = codes(&places.map(KeyPlace::code));
    // An outside key may sign in more ways than ours; ours are among them.
    let algorithms = codes(&OutsideScheme::ALL.map(OutsideScheme::code));
    let own = [
        SigningAlgorithm::EcdsaP256,
        SigningAlgorithm::Ed25519,
        SigningAlgorithm::RsaPkcs1,
    ];
    for own in own {
        assert!(algorithms.contains(&own.code().to_owned()));
    }
    let decisions = [
        Decision::Approve,
        Decision::ApproveWithRemarks,
        Decision::Return,
        Decision::Reject,
        Decision::Sign,
        Decision::Acknowledge,
        Decision::Abstain,
    ];
    // A hold decides nothing: its task stays open, and no row keeps it.
    // A run's row is written once it runs: `Phase::Draft` never stands in one.
    let phases = [
        Phase::Running,
        Phase::Rework,
        Phase::Completed,
        Phase::Rejected,
        Phase::Withdrawn,
    ];
    BTreeMap::from([
        ("organisations.locale", locales.clone()),
        ("people.locale", locales.clone()),
        ("contacts.locale", locales.clone()),
        ("consents.locale", locales.clone()),
        ("outbox.locale", locales),
        ("people.letters", codes(&Letters::ALL.map(Letters::code))),
        ("people.theme", codes(&Theme::ALL.map(Theme::code))),
        ("people.state", codes(&states.map(PersonState::code))),
        (
            "documents.state",
            // `annulled` is a word that only the schema knows: nothing leads there yet.
            [
                codes(&DocumentState::ALL.map(DocumentState::code)),
                words(&["annulled"]),
            ]
            .concat(),
        ),
        ("runs.phase", written(&phases)),
        (
            "tasks.stage_kind",
            written(&[StageKind::Approve, StageKind::Sign, StageKind::Acknowledge]),
        ),
        ("tasks.decision", written(&decisions)),
        ("links.state", codes(&LinkState::ALL.map(LinkState::code))),
        (
            "consents.kind",
            codes(&ConsentKind::ALL.map(ConsentKind::code)),
        ),
        ("signings.key_place", places.clone()),
        ("signatures.key_place", places),
        ("signings.algorithm", algorithms.clone()),
        ("signatures.algorithm", algorithms),
        (
            "person_links.purpose",
            words(&["invitation", "password_reset"]),
        ),
        ("tasks.state", words(&["open", "done", "closed"])),
        ("absences.powers", codes(&Powers::ALL.map(Powers::code))),
        ("comments.audience", words(&["inside", "counterparty"])),
        ("remarks.state", words(&["open", "closed"])),
        (
            "editions.state",
            codes(&EditionState::ALL.map(EditionState::code)),
        ),
        (
            "authority_keys.purpose",
            words(&["root", "issuing", "timestamp"]),
        ),
        (
            "revoked_certificates.reason",
            codes(&RevocationReason::ALL.map(RevocationReason::code)),
        ),
        (
            "signings.form",
            codes(&[SignatureForm::Embedded, SignatureForm::Detached].map(SignatureForm::code)),
        ),
        (
            "signings.state",
            words(&["prepared", "completed", "abandoned"]),
        ),
        (
            "detached_signatures.covers",
            codes(&Covers::ALL.map(Covers::code)),
        ),
        // What is proven wrong is never kept.
        (
            "detached_signatures.indication",
            words(&["TOTAL-PASSED", "INDETERMINATE"]),
        ),
        ("detached_signatures.revocation", words(&["known", "open"])),
        (
            "signature_power_files.role",
            codes(&FileRole::ALL.map(FileRole::code)),
        ),
        ("power_checks.result", words(&RESULTS)),
        ("power_checks.previous_result", words(&RESULTS)),
        ("signatures.level", words(&["B-B", "B-T"])),
        ("signed_copies.level", words(&["B-T", "B-LT", "B-LTA"])),
        ("raised_signatures.level", words(&["B-LT", "B-LTA"])),
        ("signature_checks.indication", words(&VERDICTS)),
        ("signature_checks.previous_indication", words(&VERDICTS)),
        (
            "checked_files.outcome",
            words(&["judged", "unreadable", "too_large"]),
        ),
        (
            "outbox.state",
            words(&["ready", "sending", "sent", "failed"]),
        ),
        (
            "jobs.kind",
            words(&[
                "render_pages",
                "sweep",
                "recheck",
                "extend",
                "daily_letters",
                "create_document",
                "count_children",
                "start_run",
            ]),
        ),
        ("jobs.state", words(&["ready", "running", "done", "failed"])),
        ("calls.kind", words(&["webhook", "lookup"])),
        (
            "calls.state",
            words(&["ready", "calling", "done", "failed"]),
        ),
        (
            "audit_events.actor_kind",
            words(&["person", "contact", "system", "operator", "visitor"]),
        ),
    ])
}

/// Goal: a database takes exactly the words that the program knows. Method: every CHECK of the
/// catalogue against the enum of its column, both ways.
#[tokio::test]
async fn every_check_is_its_enum() {
    on_empty(async |store: &Store, name: &str| {
        Migrator::up(store.writer(), None).await.expect("up");
        let set = |words: Vec<String>| words.into_iter().collect::<BTreeSet<String>>();
        let checks = catalogue::checks(store).await;
        let checks: BTreeMap<String, BTreeSet<String>> = checks
            .into_iter()
            .map(|(column, words)| (column, set(words)))
            .collect();
        let enums = enums().into_iter();
        let enums: BTreeMap<String, BTreeSet<String>> = enums
            .map(|(column, words)| (column.to_owned(), set(words)))
            .collect();
        assert_eq!(checks, enums, "{name}");
    })
    .await;
}

/// Goal: what is written once stays. Method: the triggers are there, for these tables and no other;
/// in a house with rows in each of them, an update and a deletion are refused and change nothing.
#[tokio::test]
async fn what_is_written_once_stays() {
    on_both(async |house: &TestApp| {
        let store = &house.app.store;
        let guarded = catalogue::guarded(store).await;
        let known: BTreeSet<String> = WRITTEN_ONCE.map(str::to_owned).into();
        assert_eq!(guarded, known);
        World::of(house).await;
        for table in WRITTEN_ONCE {
            let rows = catalogue::count(store, table).await;
            assert!(rows > 0, "{table} is empty: nothing would be refused");
            for change in [
                format!("UPDATE {table} SET organisation_id = organisation_id"),
                format!("DELETE FROM {table}"),
            ] {
                let refused = store.writer().execute_unprepared(&change).await;
                let refused = refused.expect_err("it must be refused").to_string();
                assert!(refused.contains("append-only"), "{change}: {refused}");
            }
            assert_eq!(catalogue::count(store, table).await, rows, "{table}");
        }
    })
    .await;
}

/// Goal: a migration that fails in its middle leaves nothing, on SQLite too. Method: the last table
/// of the first migration is there already.
#[tokio::test]
async fn a_migration_that_fails_in_its_middle_leaves_nothing() {
    on_empty(async |store: &Store, name: &str| {
        let obstacle = "CREATE TABLE idempotency_keys (here bigint)";
        let made = store.writer().execute_unprepared(obstacle).await;
        made.expect("the obstacle");
        let failed = Migrator::up(store.writer(), None).await;
        failed.expect_err("it is in the way");
        let mut left = catalogue::columns(store).await;
        left.remove("seaql_migrations");
        let left: Vec<&String> = left.keys().collect();
        assert_eq!(left, ["idempotency_keys"], "{name}");
        let gone = "DROP TABLE idempotency_keys";
        let done = store.writer().execute_unprepared(gone).await;
        done.expect("gone");
        Migrator::up(store.writer(), None)
            .await
            .expect("up at last");
    })
    .await;
}

//! Starting: what is opened, seeded and refused.

use chancery::app::build::StartError;
use chancery::cli::{self, Migrate};
use sea_orm::EntityTrait as _;

use crate::support::{Backend, TestApp, on_both};

/// Goal: both databases migrate from nothing and hold the two seeded organisations. Method: count.
#[tokio::test]
async fn a_fresh_database_is_migrated_and_seeded_on_both_backends() {
    on_both(async |house: &TestApp| {
        let people = chancery::store::entity::people::Entity::find()
            .all(house.app.store.reader())
            .await
            .expect("people");
        let ours = people
            .iter()
            .filter(|person| person.organisation_id == house.vector.organisation.uuid())
            .count();
        assert_eq!((ours, people.len()), (13, 26));
        assert!(house.actor("lawyer").has_role("lawyer"));
        assert!(!house.actor("lawyer").has_role("administrator"));
    })
    .await;
}

/// Goal: on PostgreSQL a server never changes the schema unasked. Method: an empty database.
#[tokio::test]
async fn an_empty_postgres_is_refused_with_the_command_to_run() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let empty = TestApp::configure(&backend).await;
    let answer = cli::start(
        empty.config.clone(),
        chancery::clock::Clock::System,
        Migrate::EmbeddedOnly,
    )
    .await;
    assert!(matches!(
        answer,
        Err(StartError::SchemaBehind { count: 1.. })
    ));
    empty.remove().await;
}

/// Goal: with another key than the one that sealed the authority's keys nothing starts, and the
/// line says what to do. Method: a house that has signed, opened with a new key.
#[tokio::test]
async fn another_master_key_is_refused_in_one_line() {
    let house = TestApp::single().await;
    let contract = crate::signing::contract::Contract::approved(&house).await;
    contract.signatory_signs().await;
    let mut config = (*house.app.config).clone();
    let key = "ab".repeat(32);
    config.secrets.master_key = chancery::config::Secret::new(key.clone());
    let answer = cli::start(config, chancery::clock::Clock::System, Migrate::Always).await;
    let text = answer.expect_err("another key").to_string();
    assert!(text.contains("secrets.master_key"), "{text}");
    assert!(!text.contains('\n') && !text.contains(&key), "{text}");
    house.close().await;
}

/// Goal: without a key the server says how to make one. Method: a configuration without it.
#[tokio::test]
async fn a_missing_master_key_is_told_in_one_line_with_the_command() {
    let place = TestApp::configure(&Backend::single()).await;
    let mut config = place.config.clone();
    config.secrets.master_key = chancery::config::Secret::default();
    let answer = cli::start(config, chancery::clock::Clock::System, Migrate::Always).await;
    let text = answer.expect_err("no key").to_string();
    assert!(text.contains("chancery config new-key"), "{text}");
    assert!(!text.contains('\n'), "{text}");
}

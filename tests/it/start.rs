//! Starting: what is opened, seeded and refused.

use chancery::app::App;
use chancery::app::build::{Migrate, StartError};
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
    let answer = App::build(
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

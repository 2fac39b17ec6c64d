//! What a change of somebody's address ends, and who hears of it.

use chancery_types::{Instant, Locale};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::passwords;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError, sessions};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{organisations, people};

impl App {
    /// After a change of the address in `known`: what was sent there works no more, whoever is
    /// logged in under it is out, and both addresses are told, so that nobody moves an account away
    /// from its owner in silence. An invitation goes to the new address instead.
    pub(super) async fn move_login(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        now: Instant,
        known: &people::Model,
    ) -> Result<(), AppError> {
        let (organisation, id) = (actor.organisation.uuid(), known.id);
        store::people::update_links_used(connection, organisation, id, now.micros()).await?;
        sessions::end_all(connection, actor.organisation, id.into(), None, now).await?;
        let person = store::people::load(connection, organisation, id).await?;
        if person.state == "invited" {
            return passwords::invite(self, connection, actor, now, &person).await;
        }
        let house = store::organisations::load(connection, organisation).await?;
        for (which, address) in [("old", &known.email), ("new", &person.email)] {
            let letter = told(&house, &person, which, address, now);
            outbox::enqueue(connection, self, organisation, now, letter).await?;
        }
        Ok(())
    }
}

fn told(
    house: &organisations::Model,
    person: &people::Model,
    which: &str,
    address: &str,
    now: Instant,
) -> Letter {
    let spoken = person.locale.as_deref().unwrap_or(&house.locale);
    Letter {
        key: format!("login:{}:{}:{which}", person.id, person.row_version),
        kind: MailKind::LoginChanged,
        to: MailTo {
            address: address.to_owned(),
            name: person.name.clone(),
            locale: Locale::from_code(spoken).unwrap_or_default(),
            person_id: Some(person.id),
            contact_id: None,
        },
        document_id: None,
        payload: json!({
            "organisation_name": house.name,
            "person_name": person.name,
            "changed_at": now,
            "address_after": person.email,
            "time_zone": house.time_zone,
        }),
        secret: None,
    }
}

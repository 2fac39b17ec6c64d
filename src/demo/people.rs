//! Who the demo's front page offers.

use chancery_types::Locale;

use super::company::glosses;
use super::place::Notes;
use crate::app::page::PageRequest;
use crate::app::people::PersonState;
use crate::app::{App, AppError};
use crate::domain::actor::{Actor, Origin, Who};
use crate::store;

const ROWS_MAX: u64 = 100;

/// Somebody on the front page.
#[derive(Clone, Debug)]
pub struct Face {
    /// Their identifier.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they are, or whose.
    pub position: String,
    /// Name and position for a reader of another language than theirs; else empty.
    pub gloss: String,
    /// Their address.
    pub email: String,
}

/// Everybody who can be logged in as, by name.
///
/// # Errors
///
/// If the database fails.
pub async fn list_people(app: &App, reader: Locale) -> Result<Vec<Face>, AppError> {
    let Some(actor) = operator(app) else {
        return Ok(Vec::new());
    };
    let glosses = glosses(reader).map_err(|error| AppError::internal(error.to_string()))?;
    let page = app.list_people(&actor, &whole()).await?;
    let active = page.rows.into_iter();
    let active = active.filter(|person| person.state == PersonState::Active);
    Ok(active
        .map(|person| Face {
            id: person.id.to_string(),
            name: person.draft.name,
            position: person.draft.position.unwrap_or_default(),
            gloss: glosses
                .get(&person.draft.email)
                .cloned()
                .unwrap_or_default(),
            email: person.draft.email,
        })
        .collect())
}

/// How many documents there are so far; `None` once the history is whole.
///
/// # Errors
///
/// If the database fails.
pub async fn count_while_seeding(app: &App) -> Result<Option<u64>, AppError> {
    if Notes::find(&app.config).is_some() {
        return Ok(None);
    }
    let count = store::documents::count_all(app.store.reader()).await?;
    Ok(Some(count))
}

/// The counterparties' people.
///
/// # Errors
///
/// If the database fails.
pub async fn list_outsiders(app: &App) -> Result<Vec<Face>, AppError> {
    let Some(actor) = operator(app) else {
        return Ok(Vec::new());
    };
    let mut outsiders = Vec::new();
    for counterparty in app.list_counterparties(&actor, &whole()).await?.rows {
        let (card, contacts) = app.load_counterparty(&actor, counterparty.id).await?;
        outsiders.extend(contacts.into_iter().map(|contact| Face {
            id: contact.id.to_string(),
            name: contact.draft.name,
            position: card.draft.name.clone(),
            gloss: String::new(),
            email: contact.draft.email,
        }));
    }
    Ok(outsiders)
}

fn whole() -> PageRequest {
    PageRequest {
        after: None,
        rows_max: ROWS_MAX,
    }
}

/// Who owns the machine may see who is there; `None` while nothing is seeded.
fn operator(app: &App) -> Option<Actor> {
    let notes = Notes::find(&app.config)?;
    Some(Actor {
        organisation: notes.organisation,
        who: Who::Operator,
        locale: Locale::default(),
        origin: Origin::default(),
    })
}

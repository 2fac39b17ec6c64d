//! What may be chosen in the fields of a card that refer to something.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;
use chancery_workflow::Kind;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::choices::Wanted;

/// The most choices of one list.
pub const CHOICES_MAX: usize = 500;
/// The longest text that a list is searched by, in characters.
const LETTERS_MAX: usize = 100;

/// One field's list.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Identifier and name, by name.
    pub rows: Vec<(String, String)>,
    /// Whether there are more: the list is to be searched.
    pub is_cut: bool,
    /// Whether another field narrows it: the people of the counterparty that is chosen.
    pub is_narrowed: bool,
}

/// What a form knows before its lists are made.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What the document refers to already: offered even from the archive.
    pub kept: Vec<Uuid>,
    /// What is chosen in the form: it stays in its list whatever is looked for.
    pub chosen: Vec<Uuid>,
    /// The counterparty that is chosen: only its people are offered.
    pub counterparty: Option<Uuid>,
    /// The letters that are looked for in the list of a field, by its name.
    pub letters: BTreeMap<String, String>,
}

impl App {
    /// What may be chosen in a kind's fields that refer to something, by the fields' names.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn card_choices(
        &self,
        actor: &Actor,
        kind: &Kind,
        asked: &Asked,
    ) -> Result<BTreeMap<String, Choices>, AppError> {
        let mut choices = BTreeMap::new();
        for field in kind.fields() {
            let letters = asked.letters.get(&field.name).map_or("", String::as_str);
            let letters: String = letters.trim().chars().take(LETTERS_MAX).collect();
            let wanted = Wanted {
                organisation: actor.organisation.uuid(),
                letters: &letters,
                only: None,
                counterparty: asked.counterparty,
                kept: &asked.kept,
                rows_max: CHOICES_MAX as u64 + 1,
            };
            let Some(mut rows) = self.list_choices(field.field_type, &wanted).await? else {
                continue;
            };
            let is_cut = rows.len() > CHOICES_MAX;
            rows.truncate(CHOICES_MAX);
            if is_cut || !letters.is_empty() {
                let chosen = Wanted {
                    letters: "",
                    only: Some(&asked.chosen),
                    ..wanted
                };
                let chosen = self.list_choices(field.field_type, &chosen).await?;
                let known: BTreeSet<String> = rows.iter().map(|(id, _)| id.clone()).collect();
                let missing = chosen.unwrap_or_default().into_iter();
                rows.extend(missing.filter(|(id, _)| !known.contains(id)));
            }
            let is_narrowed = field.field_type == FieldType::Contact;
            let list = Choices {
                rows,
                is_cut,
                is_narrowed,
            };
            choices.insert(field.name.clone(), list);
        }
        Ok(choices)
    }

    async fn list_choices(
        &self,
        field_type: FieldType,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Vec<(String, String)>>, AppError> {
        let reader = self.store.reader();
        let rows = match field_type {
            FieldType::Person => store::choices::list_people(reader, wanted).await?,
            FieldType::Department => store::choices::list_departments(reader, wanted).await?,
            FieldType::Counterparty => store::choices::list_counterparties(reader, wanted).await?,
            // Contacts stand under their counterparty's name, because many have the same one.
            FieldType::Contact => {
                let rows = store::choices::list_contacts(reader, wanted).await?;
                let under = |(id, owner, name, email)| (id, format!("{owner}: {name}"), email);
                told_apart(rows.into_iter().map(under).collect())
            }
            FieldType::Text
            | FieldType::LongText
            | FieldType::Integer
            | FieldType::Money
            | FieldType::Date
            | FieldType::Boolean
            | FieldType::Choice => return Ok(None),
        };
        let text = |(id, name): (Uuid, String)| (id.to_string(), name);
        Ok(Some(rows.into_iter().map(text).collect()))
    }
}

/// Contacts by their names; those of one name with their addresses, so that a reader sees which is
/// which.
#[must_use]
pub fn told_apart(contacts: Vec<(Uuid, String, String)>) -> Vec<(Uuid, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, name, _) in &contacts {
        let count = counts.entry(name.to_lowercase()).or_default();
        *count = count.saturating_add(1);
    }
    let is_shared = |name: &str| counts.get(&name.to_lowercase()).is_some_and(|n| *n > 1);
    contacts
        .into_iter()
        .map(|(id, name, email)| match is_shared(&name) {
            true => (id, format!("{name} ({email})")),
            false => (id, name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_of_one_name_are_told_apart_by_their_addresses() {
        let one = |name: &str, email: &str| (Uuid::nil(), name.to_owned(), email.to_owned());
        let shown = told_apart(vec![
            one("Пётр Петров", "a@x.example"),
            one("пётр петров", "b@x.example"),
            one("Иван Иванов", "c@x.example"),
        ]);
        let shown: Vec<String> = shown.into_iter().map(|(_, name)| name).collect();
        assert_eq!(
            shown,
            [
                "Пётр Петров (a@x.example)",
                "пётр петров (b@x.example)",
                "Иван Иванов"
            ]
        );
    }
}

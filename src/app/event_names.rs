//! Events name people and things by identifier, so that a later change of name changes no event.
//! Who reads them reads names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store;

/// The most identifiers that are looked up for one page of events.
const IDENTIFIERS_MAX: usize = 2_000;
/// The longest name that is shown, in characters: of a question, its beginning.
const CHARACTERS_MAX: usize = 80;

/// Names by identifier, as they are now.
#[derive(Clone, Debug, Default)]
pub struct EventNames(Arc<BTreeMap<Uuid, String>>);

impl EventNames {
    /// What has this identifier, if it is known here.
    #[must_use]
    pub fn of(&self, id: Uuid) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// The name of the first identifier in a value of an event.
    #[must_use]
    pub fn of_value(&self, value: Option<&Value>) -> Option<&str> {
        let mut found = BTreeSet::new();
        gather(value?, &mut found);
        found.into_iter().find_map(|id| self.of(id))
    }

    /// The names in a list of identifiers, in its order.
    #[must_use]
    pub fn all_of_value(&self, value: Option<&Value>) -> Vec<&str> {
        let ids = value.and_then(Value::as_array).into_iter().flatten();
        let ids = ids.filter_map(|id| id.as_str()?.parse().ok());
        ids.filter_map(|id| self.of(id)).collect()
    }

    /// The values of an event with a name before each identifier that has one.
    #[must_use]
    pub fn told(&self, values: &Value) -> Value {
        match values {
            Value::String(text) => {
                let id = text.parse().ok();
                match id.and_then(|id| self.of(id)) {
                    Some(name) => Value::String(format!("{name} ({text})")),
                    None => values.clone(),
                }
            }
            Value::Array(rows) => rows.iter().map(|row| self.told(row)).collect(),
            Value::Object(fields) => {
                let told = fields.iter();
                Value::Object(
                    told.map(|(key, value)| (key.clone(), self.told(value)))
                        .collect(),
                )
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => values.clone(),
        }
    }
}

fn gather(value: &Value, found: &mut BTreeSet<Uuid>) {
    if found.len() >= IDENTIFIERS_MAX {
        return;
    }
    match value {
        Value::String(text) => found.extend(text.parse::<Uuid>()),
        Value::Array(rows) => rows.iter().for_each(|row| gather(row, found)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl App {
    /// The names of what events are about and of what stands in their values.
    pub(crate) async fn names_of_events<'v>(
        &self,
        organisation: Uuid,
        subjects: impl Iterator<Item = Uuid>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<EventNames, AppError> {
        let mut wanted: BTreeSet<Uuid> = subjects.take(IDENTIFIERS_MAX).collect();
        for value in values {
            gather(value, &mut wanted);
        }
        let found = store::names::list_names(self.store.reader(), organisation, &wanted).await?;
        let short = |name: String| match name.chars().count() > CHARACTERS_MAX {
            true => format!("{}…", name.chars().take(CHARACTERS_MAX).collect::<String>()),
            false => name,
        };
        let names = found.into_iter().map(|(id, name)| (id, short(name)));
        Ok(EventNames(Arc::new(names.collect())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_stand_before_identifiers_wherever_they_are() {
        let id = Uuid::from_u128(7);
        let names = EventNames(Arc::new(BTreeMap::from([(id, "Иван".to_owned())])));
        let values = json!({ "to": { "kind": "person", "id": id }, "count": 2, "list": [id, "x"] });
        let told = names.told(&values);
        let named = format!("Иван ({id})");
        let expected =
            json!({ "to": { "kind": "person", "id": named }, "count": 2, "list": [named, "x"] });
        assert_eq!(told, expected);
        assert_eq!(names.of_value(values.get("to")), Some("Иван"));
        assert_eq!(names.of_value(values.get("count")), None);
    }
}

//! What effects of a workflow do outside the run: entries in journals, letters, calls; and what a
//! run asks elsewhere. All of it is rows in the step's transaction.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Instant, Locale};
use chancery_workflow::{Deed, Effect, Event, Occasion};
use serde_json::{Value, json};
use uuid::Uuid;

use super::effects::Scribe;
use super::{Advanced, document_state, phase_code};
use crate::app::AppError;
use crate::app::calls::{CallKind, LookupBody, WebhookBody, plain_card};
use crate::app::children::order_count;
use crate::app::created::{Order, order};
use crate::app::journals::{NewEntry, enter};
use crate::app::outbox::{MailKind, MailTo};
use crate::entropy;
use crate::i18n::t;
use crate::store;
use crate::store::entity::calls;

/// One thing that is done, with what its key is made of.
struct Wanted<'e> {
    occasion: Occasion,
    key: String,
    deed: &'e Deed,
}

impl Scribe<'_> {
    /// Does what the effects of a step say. Entries first, so that letters and calls tell their
    /// numbers: in the order of the journals' names, so that no two steps wait for each other's.
    pub(super) async fn perform(
        &self,
        last: &Event,
        advanced: &mut Advanced,
    ) -> Result<(), AppError> {
        let effects = std::mem::take(&mut advanced.effects);
        let done = self.perform_all(last.at, &effects).await;
        advanced.effects = effects;
        let entered = done?;
        if let (false, Some(details)) = (
            entered.is_empty(),
            advanced.happening.details.as_object_mut(),
        ) {
            details.insert("entered".to_owned(), json!(entered));
        }
        Ok(())
    }

    async fn perform_all(&self, at: Instant, effects: &[Effect]) -> Result<Vec<Value>, AppError> {
        let wanted: Vec<Wanted<'_>> = effects.iter().filter_map(|it| self.wanted(it)).collect();
        let mut entries: Vec<&Wanted<'_>> = wanted.iter().collect();
        entries.retain(|one| journal_of(one).is_some());
        entries.sort_by_key(|one| journal_of(one));
        let mut entered = Vec::new();
        for one in entries {
            entered.extend(self.enter(at, one).await?);
        }
        for one in &wanted {
            match one.deed {
                Deed::Notify { template, whom } => {
                    self.notify(at, one, template, whom).await?;
                }
                Deed::CallWebhook { webhook } => self.call_webhook(at, one, webhook).await?,
                Deed::CreateDocument { kind, card } => {
                    let run = &self.run.row;
                    let wanted = Order {
                        key: one.key.clone(),
                        run_id: run.id,
                        kind: kind.clone(),
                        card: card.clone(),
                    };
                    order(self.tx, run.organisation_id.into(), at, &wanted).await?;
                }
                // Entered above.
                Deed::Register { .. } => {}
            }
        }
        Ok(entered)
    }

    fn wanted<'e>(&self, effect: &'e Effect) -> Option<Wanted<'e>> {
        let Effect::Perform {
            occasion,
            times,
            position,
            version_digest,
            deed,
        } = effect
        else {
            return None;
        };
        let (run, occasion_code) = (self.run.row.id, occasion.code());
        let digest = version_digest.hex();
        Some(Wanted {
            occasion: *occasion,
            key: format!("{run}:{occasion_code}:{times}:{position}:{}", &digest[..16]),
            deed,
        })
    }

    /// Enters the document; what the audit log says of it.
    async fn enter(&self, at: Instant, wanted: &Wanted<'_>) -> Result<Option<Value>, AppError> {
        let Deed::Register { journal } = wanted.deed else {
            return Ok(None);
        };
        let known = self.run.definition.journal(journal);
        let new = NewEntry {
            key: wanted.key.clone(),
            journal: known.ok_or_else(|| AppError::internal(format!("no journal {journal}")))?,
            document_id: self.run.row.document_id,
            run_id: self.run.row.id,
            version_id: self.version.id,
        };
        let entry = enter(self.tx, &self.post.organisation, new, at).await?;
        Ok(Some(
            json!({ "journal": entry.journal, "number": entry.text }),
        ))
    }

    async fn notify(
        &self,
        at: Instant,
        wanted: &Wanted<'_>,
        template: &str,
        whom: &[chancery_workflow::Assignee],
    ) -> Result<(), AppError> {
        let letter = self.run.definition.template(template);
        let letter = letter.ok_or_else(|| AppError::internal(format!("no template {template}")))?;
        for assignee in whom {
            let Some((reader, id)) = self.reader(*assignee).await? else {
                continue;
            };
            let place = |name: &str| self.place(name);
            let entries = self.entries_told(reader.locale).await?;
            let values = json!({
                "subject": letter.subject(reader.locale, place),
                "text": letter.text(reader.locale, place),
                "entries": entries,
            });
            let key = format!("n:{}:{id}", wanted.key);
            self.post
                .send(at, MailKind::Notice, reader, key, values)
                .await?;
        }
        Ok(())
    }

    /// What stands for a place of a letter's text: `title`, `number`, `counterparty`, `initiator`,
    /// `organisation`. Nothing for what the document does not have.
    fn place(&self, name: &str) -> String {
        let common = &self.post.common;
        let known = match name {
            "title" => common.get("document_title"),
            "number" => common.get("registration_number"),
            "counterparty" => common.get("counterparty_name"),
            "organisation" => common.get("organisation_name"),
            "initiator" => return self.post.initiator_name().to_owned(),
            _ => None,
        };
        known.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The document's numbers in journals, as a letter tells them.
    async fn entries_told(&self, locale: Locale) -> Result<Vec<Value>, AppError> {
        let own = self
            .app
            .own_entries(self.tx, &self.run.document, locale)
            .await?;
        let told = own
            .into_iter()
            .map(|entry| json!({ "journal_title": entry.title, "number": entry.number }));
        Ok(told.collect())
    }

    async fn call_webhook(
        &self,
        at: Instant,
        wanted: &Wanted<'_>,
        webhook: &str,
    ) -> Result<(), AppError> {
        let key = format!("w:{}", wanted.key);
        let subject = self.after.subject.as_ref();
        let card = subject
            .map(|subject| subject.card.clone())
            .unwrap_or_default();
        let document = &self.run.document;
        let own = self
            .app
            .own_entries(self.tx, document, Locale::default())
            .await?;
        let body = WebhookBody {
            key: &key,
            occasion: wanted.occasion.code(),
            at,
            organisation: &self.post.organisation,
            document,
            state: document_state(self.after.phase),
            url: self.app.url(&format!("/documents/{}", document.id)),
            version: self.version,
            card: plain_card(self.tx, document.organisation_id, &card).await?,
            run: &self.run.row,
            phase: phase_code(self.after.phase),
            entries: own
                .into_iter()
                .map(|entry| (entry.journal, entry.number))
                .collect(),
        };
        let payload = body.to_json().to_string();
        let row = self.call(at, CallKind::Webhook, (key, webhook), payload, None);
        Ok(store::calls::insert_once(self.tx, row).await?)
    }

    /// Writes a question down.
    pub(super) async fn ask(&self, at: Instant, effect: &Effect) -> Result<(), AppError> {
        let Effect::AskLookup {
            lookup,
            times,
            call,
            args,
            until,
        } = effect
        else {
            return Ok(());
        };
        let (run, document) = (&self.run.row, &self.run.document);
        let key = format!("l:{}:{lookup}:{times}", run.id);
        let args: &Card = args;
        let args = plain_card(self.tx, run.organisation_id, args).await?;
        let body = LookupBody::new(&key, (lookup, *times), args, document, run);
        let payload =
            serde_json::to_string(&body).map_err(|error| AppError::Internal(error.into()))?;
        let row = self.call(at, CallKind::Lookup, (key, call), payload, Some(*until));
        Ok(store::calls::insert_once(self.tx, row).await?)
    }

    /// Has the documents counted that the run waits for, and tells its initiator, whose move it is
    /// as long as there are none.
    pub(super) async fn await_children(
        &self,
        at: Instant,
        (name, times): (&str, u32),
        kind: &str,
    ) -> Result<(), AppError> {
        let run = &self.run.row;
        let meaning = format!("{}:{name}:{times}", run.id);
        let organisation = run.organisation_id.into();
        order_count(self.tx, organisation, at, run.document_id, &meaning).await?;
        let locale = self.post.initiator_locale();
        let mut all = self.run.definition.subdocuments().iter();
        let title = all.find(|one| one.name == name);
        let title = title.and_then(|one| one.kind_title.get(locale));
        let args = [("kind", title.unwrap_or(kind).into())];
        let document = self.run.document.title.as_str();
        let subject = [("title", document.into())];
        let values = json!({
            "subject": t(locale, "children-letter-subject", &subject),
            "text": t(locale, "children-letter-text", &args),
            "entries": Vec::<Value>::new(),
        });
        let key = format!("n:{meaning}:waits");
        self.post
            .to_initiator(at, MailKind::Notice, key, values)
            .await
    }

    fn call(
        &self,
        at: Instant,
        kind: CallKind,
        (key, name): (String, &str),
        payload: String,
        until: Option<Instant>,
    ) -> calls::Model {
        calls::Model {
            id: entropy::id(at),
            organisation_id: self.run.row.organisation_id,
            key,
            kind: kind.code().to_owned(),
            name: name.to_owned(),
            document_id: self.run.row.document_id,
            run_id: self.run.row.id,
            payload,
            until: until.map(Instant::micros),
            state: "ready".to_owned(),
            attempts: 0,
            next_at: at.micros(),
            lease_until: None,
            fence: 0,
            last_error: None,
            created_at: at.micros(),
            done_at: None,
        }
    }

    /// To those who may let the run try again, which stands still until one of them does: whoever
    /// answers for its workflow, and administrators, who may have to mend what is outside.
    pub(super) async fn tell_of_incident(
        &self,
        at: Instant,
        number: u32,
        path: &str,
        why: &str,
    ) -> Result<(), AppError> {
        let mut readers: BTreeMap<Uuid, (MailTo, bool)> = BTreeMap::new();
        for owner in self.owners() {
            if let Some(reader) = self.post.person(owner).await? {
                readers.insert(owner.uuid(), (reader, true));
            }
        }
        // Their page of calls leads to all of it.
        let administrators = self.post.administrators().await?;
        readers.extend(administrators.into_iter().map(|(id, to)| (id, (to, false))));
        for (id, (reader, is_owner)) in readers {
            let key = format!("n:{}:incident:{number}:{id}", self.run.row.id);
            let automatic = self.run.definition.automatics();
            let mut automatic = automatic.filter(|automatic| automatic.path == path);
            let title = automatic.next();
            let title = title.map(|automatic| &automatic.title);
            let mut steps = self.run.definition.nodes().iter();
            // A wait for documents stands before a step of the top level.
            let step = steps.find(|node| node.id() == path);
            let title = title.or_else(|| step.map(|node| node.title()));
            let title = title.and_then(|title| title.get(reader.locale));
            let place = match is_owner {
                true => format!("/documents/{}", self.run.document.id),
                false => "/calls".to_owned(),
            };
            let values = json!({
                "stage_title": title.unwrap_or(path),
                "why": why,
                "url": self.app.url(&place),
                "is_owner": is_owner,
            });
            self.post
                .send(at, MailKind::Incident, reader, key, values)
                .await?;
        }
        Ok(())
    }
}

impl Scribe<'_> {
    /// Whoever answers for the workflow, as things are now.
    fn owners(&self) -> BTreeSet<PersonId> {
        let directory = &self.run.directory;
        let Some(owner) = self.run.definition.owner() else {
            return BTreeSet::new();
        };
        let department = match &owner.department {
            None => None,
            Some(key) => match directory.department_by_key(key) {
                Some(department) => Some(department.id),
                // Nobody holds the role where there is no such department.
                None => return BTreeSet::new(),
            },
        };
        directory.holders(&owner.role, department)
    }
}

fn journal_of<'e>(wanted: &Wanted<'e>) -> Option<&'e str> {
    match wanted.deed {
        Deed::Register { journal } => Some(journal),
        _ => None,
    }
}

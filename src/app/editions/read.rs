//! What is in force, what is written, and what is to be said of a text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use chancery_workflow::migration::{gone_while_running, successor};
use chancery_workflow::trial::test;
use chancery_workflow::{Definition, Diagnostic, weakenings};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use uuid::Uuid;

use super::{
    Checked, Edition, EditionState, InForce, LISTED_MAX, SOURCE_BYTES_MAX, WorkflowSheet, editor,
};
use crate::app::chains::Chain;
use crate::app::names::names_of;
use crate::app::people::{ADMINISTRATOR, holders_of};
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{editions, organisations};

impl App {
    /// What a run of the workflow `id` that starts now takes.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is no such workflow; [`AppError::Unavailable`].
    pub(crate) async fn workflow_in_force(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        id: &str,
    ) -> Result<InForce, AppError> {
        let file = self.chains.chains().get(id).ok_or(AppError::Hidden)?;
        let (organisation, now) = (organisation.uuid(), self.now().micros());
        let row = store::editions::find_in_force(connection, organisation, id, now).await?;
        Ok(match row {
            None => InForce {
                chain: Ok(file.clone()),
                number: None,
                source: file.definition.source().to_owned(),
            },
            Some(row) => InForce {
                chain: self.chains.read_published(id, &row.source),
                number: Some(row.number),
                source: row.source,
            },
        })
    }

    /// The workflow that a document of `kind` takes when it starts now.
    ///
    /// # Errors
    ///
    /// `no-workflow`; `workflow-not-yet` before the day that its text says; `edition-does-not-fit`
    /// if what is in force was published for another vocabulary or kind than the house has now:
    /// nothing runs by a text that is not checked.
    pub(crate) async fn chain_for(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        kind: &str,
    ) -> Result<Chain, AppError> {
        let of_kind = self.chains.chain_of_kind(kind);
        let file = of_kind
            .ok_or_else(|| AppError::refused_with("no-workflow", [("kind", kind.to_owned())]))?;
        let id = file.definition.id();
        let in_force = self.workflow_in_force(connection, organisation, id).await?;
        let number = in_force.number.unwrap_or_default();
        let chain = in_force.chain.map_err(|found| {
            tracing::error!(workflow = id, number, findings = ?found, "an edition does not fit");
            let args = [("workflow", id.to_owned()), ("number", number.to_string())];
            AppError::refused_with("edition-does-not-fit", args)
        })?;
        if let Some(day) = chain.definition.effective_from()
            && self.begins(connection, organisation, day).await? > self.now()
        {
            let args = [("workflow", id.to_owned()), ("day", day.to_string())];
            return Err(AppError::refused_with("workflow-not-yet", args));
        }
        Ok(chain)
    }

    /// When a day begins in an organisation.
    pub(super) async fn begins(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        day: Date,
    ) -> Result<Instant, AppError> {
        let house = organisations::Entity::find_by_id(organisation.uuid())
            .one(connection)
            .await?
            .ok_or(AppError::Hidden)?;
        let zone = TimeZone::get(&house.time_zone).unwrap_or(TimeZone::UTC);
        let begins = zone.to_ambiguous_zoned_datetime(day.to_datetime(Time::midnight()));
        let begins = begins.compatible();
        Ok(begins.map_or(Instant::from_micros(i64::MAX), |at| at.timestamp().into()))
    }

    /// The same for whoever may see the templates.
    ///
    /// # Errors
    ///
    /// As when a run starts.
    pub async fn chain_in_force(&self, actor: &Actor, kind: &str) -> Result<Chain, AppError> {
        self.chain_for(self.store.reader(), actor.organisation, kind)
            .await
    }

    /// The workflows in force that are not as the files have them, by identifier.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn published_workflows(
        &self,
        actor: &Actor,
    ) -> Result<BTreeMap<String, Chain>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation);
        let published =
            store::editions::list_published_workflows(reader, organisation.uuid()).await?;
        let mut found = BTreeMap::new();
        for id in published {
            // The file of one that was published may be gone.
            if !self.chains.chains().contains_key(&id) {
                continue;
            }
            let in_force = self.workflow_in_force(reader, organisation, &id).await?;
            if let (Ok(chain), Some(_)) = (in_force.chain, in_force.number) {
                found.insert(id, chain);
            }
        }
        Ok(found)
    }

    /// The editions that are written or wait, by workflow.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators.
    pub async fn open_editions(
        &self,
        actor: &Actor,
    ) -> Result<BTreeMap<String, Edition>, AppError> {
        editor(actor)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows = store::editions::list_open(reader, organisation).await?;
        let editions = named(reader, organisation, rows).await?;
        let by_workflow = editions.into_iter();
        Ok(by_workflow
            .map(|edition| (edition.workflow.clone(), edition))
            .collect())
    }

    /// A workflow with its editions.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators, and if there is no such workflow.
    pub async fn load_workflow(&self, actor: &Actor, id: &str) -> Result<WorkflowSheet, AppError> {
        let person = editor(actor)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation);
        let in_force = self.workflow_in_force(reader, organisation, id).await?;
        let file = self.chains.chains().get(id).ok_or(AppError::Hidden)?;
        let rows = store::editions::list_of(reader, organisation.uuid(), id, LISTED_MAX).await?;
        let publishers = holders_of(reader, organisation.uuid(), ADMINISTRATOR).await?;
        let text = in_force.chain.as_ref().ok();
        let today = match text {
            Some(chain) => self.said_today(actor, &chain.definition).await?,
            None => Vec::new(),
        };
        Ok(WorkflowSheet {
            today,
            file: file.clone(),
            in_force,
            editions: named(reader, organisation.uuid(), rows).await?,
            publishers: publishers
                .iter()
                .filter(|one| one.id != person.uuid())
                .count(),
        })
    }

    /// One edition.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators, and if there is none.
    pub async fn load_edition(
        &self,
        actor: &Actor,
        workflow: &str,
        number: i64,
    ) -> Result<Edition, AppError> {
        editor(actor)?;
        let reader = self.store.reader();
        let row = self.edition_row(reader, actor, workflow, number).await?;
        let mut found = named(reader, row.organisation_id, vec![row]).await?;
        found.pop().ok_or(AppError::Hidden)
    }

    /// How many documents are on their way by the workflow `id`, whatever text they started with.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators.
    pub async fn count_running(&self, actor: &Actor, id: &str) -> Result<u64, AppError> {
        editor(actor)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        Ok(store::runs::count_open_of_workflow(reader, organisation, id).await?)
    }

    /// What is to be said of a text for the workflow `id`, beside what is in force.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators, and if there is no such workflow;
    /// [`AppError::TooLarge`].
    pub async fn check_edition(
        &self,
        actor: &Actor,
        id: &str,
        source: &str,
    ) -> Result<Checked, AppError> {
        editor(actor)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation);
        let in_force = self.workflow_in_force(reader, organisation, id).await?;
        let mut checked = self.checked(id, source, in_force).await?;
        if let Some(chain) = &checked.chain {
            let gone = self.stages_gone(organisation, &chain.definition).await?;
            checked.warnings.extend(gone);
            let today = self.said_today(actor, &chain.definition).await?;
            checked.warnings.extend(today);
        }
        Ok(checked)
    }

    /// What is to be said of a text with the people of today.
    async fn said_today(
        &self,
        actor: &Actor,
        text: &Definition,
    ) -> Result<Vec<Diagnostic>, AppError> {
        let directory = self.directory_today(actor).await?;
        Ok(text.warnings_today(&directory, self.now()))
    }

    /// What documents under way stand in and a text has not, not even by another name.
    async fn stages_gone(
        &self,
        organisation: OrganisationId,
        text: &Definition,
    ) -> Result<Vec<Diagnostic>, AppError> {
        let reader = self.store.reader();
        let organisation = organisation.uuid();
        let stands = store::tasks::count_open_by_stage(reader, organisation, text.id()).await?;
        let mut gone: BTreeMap<String, i64> = BTreeMap::new();
        for (digest, path, count) in stands {
            let before = self.definition_of(reader, organisation, &digest).await?;
            if let Some(stage) = before.stage(&path)
                && successor(&before, text, &path).is_none()
            {
                let count_so_far = gone.entry(stage.id.clone()).or_default();
                *count_so_far = count_so_far.saturating_add(count);
            }
        }
        let gone = gone.iter();
        Ok(gone
            .map(|(stage, count)| gone_while_running(text, stage, *count))
            .collect())
    }

    pub(super) async fn checked(
        &self,
        id: &str,
        source: &str,
        in_force: InForce,
    ) -> Result<Checked, AppError> {
        if source.len() > SOURCE_BYTES_MAX {
            let max_bytes = u64::try_from(SOURCE_BYTES_MAX).unwrap_or(u64::MAX);
            return Err(AppError::TooLarge { max_bytes });
        }
        let (chains, id, source) = (Arc::clone(&self.chains), id.to_owned(), source.to_owned());
        blocking(move || check(chains.read_edition(&id, &source), &in_force)).await
    }
}

fn check(read: Result<Chain, Vec<Diagnostic>>, in_force: &InForce) -> Checked {
    let chain = match read {
        Ok(chain) => chain,
        Err(errors) => {
            return Checked {
                errors,
                ..Checked::default()
            };
        }
    };
    let before = in_force.chain.as_ref().ok();
    let weaker = before.map(|before| weakenings(&before.definition, &chain.definition));
    Checked {
        warnings: chain.definition.warnings().to_vec(),
        weaker: weaker.unwrap_or_default(),
        examples: test(&chain.definition),
        errors: Vec::new(),
        chain: Some(chain),
    }
}

async fn named(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    rows: Vec<editions::Model>,
) -> Result<Vec<Edition>, AppError> {
    let people: BTreeSet<Uuid> = rows
        .iter()
        .flat_map(|row| [Some(row.author_id), row.decided_by_id])
        .flatten()
        .collect();
    let names = names_of(connection, organisation, people, BTreeSet::new()).await?;
    let told = rows.into_iter().map(|row| Edition {
        state: EditionState::of(&row),
        author_name: names.either(Some(row.author_id), None),
        decided_by_name: row.decided_by_id.map(|id| names.either(Some(id), None)),
        author: row.author_id.into(),
        workflow: row.workflow_id,
        number: row.number,
        source: row.source,
        note: row.note,
        saved_at: Instant::from_micros(row.saved_at),
        decided_at: row.decided_at.map(Instant::from_micros),
        reason: row.reason,
        effective_at: row.effective_at.map(Instant::from_micros),
        row_version: row.row_version,
    });
    Ok(told.collect())
}

//! The list: each document is tried out, and nothing is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use chancery_types::id::RunId;
use chancery_types::{Instant, Locale};
use chancery_workflow::migration::plan;
use chancery_workflow::{
    Actor as Cause, Assignee, Definition, Effect, Event, EventKind, weakenings,
};
use sea_orm::ConnectionTrait;

use super::fate::of_stages;
use super::{Fate, MOVES_AT_ONCE, MoveLine, MoveSheet, RouteText};
use crate::app::chains::Chain;
use crate::app::directory::load_directory_for;
use crate::app::documents::facts_of;
use crate::app::editions::InForce;
use crate::app::names::names_of_holders;
use crate::app::organisations::allow_whole;
use crate::app::refusal::refuse_in;
use crate::app::runs::{current_version, engine_actor};
use crate::app::transition::{LoadedRun, foresee_step};
use crate::app::{App, AppError};
use crate::domain::access::{Action, Decision, Resource, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{editions, runs};

/// How many editions are looked through for the one that a run goes by.
const EDITIONS_MAX: u64 = 200;

/// What the texts of a workflow are, for the time of one look.
pub(super) struct Texts {
    pub(super) chain: Chain,
    pub(super) in_force: RouteText,
    file: Arc<Definition>,
    editions: Vec<editions::Model>,
}

impl Texts {
    /// Which text this is.
    pub(super) fn of(&self, definition: &Definition) -> RouteText {
        let source = definition.source();
        if self.chain.definition.source() == source {
            return RouteText::Same;
        }
        let published = self.editions.iter().filter(|one| one.state == "published");
        let mut own = published.filter(|one| one.source == source);
        match own.next() {
            Some(edition) => RouteText::Edition(edition.number),
            None if self.file.source() == source => RouteText::File,
            None => RouteText::Earlier,
        }
    }

    /// Whether this person alone would take a control away: they wrote an edition that came into
    /// force after the run began.
    fn is_author(&self, actor: &Actor, run: &runs::Model) -> bool {
        let person = actor.person().map(|person| person.id.uuid());
        let since = |one: &editions::Model| {
            let from = one.effective_at;
            one.state == "published" && from.is_some_and(|from| from >= run.started_at)
        };
        let mut after = self.editions.iter().filter(|one| since(one));
        after.any(|one| Some(one.author_id) == person)
    }
}

impl App {
    /// The documents of a workflow that run by another text than the one in force, and what would
    /// happen to each if it went on by that: those behind the run `after`, at most
    /// [`MOVES_AT_ONCE`].
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators, and if there is no such workflow;
    /// `edition-does-not-fit`.
    pub async fn list_moves(
        &self,
        actor: &Actor,
        workflow: &str,
        after: Option<RunId>,
    ) -> Result<MoveSheet, AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let texts = self.texts(reader, actor, workflow).await?;
        let present = (workflow, texts.chain.digest.as_str());
        let after = after.map(|run| run.uuid());
        let rows_max = MOVES_AT_ONCE.saturating_add(1);
        let mut rows =
            store::runs::list_open_by_others(reader, organisation, present, after, rows_max)
                .await?;
        let has_more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > MOVES_AT_ONCE;
        if has_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| has_more);
        let next = next.map(|row| row.id.into());
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(self.try_move(actor, &texts, row).await?);
        }
        Ok(MoveSheet {
            title: texts.chain.definition.title(actor.locale).to_owned(),
            text: texts.in_force,
            digest: texts.chain.digest,
            lines,
            next,
        })
    }

    /// The same of these documents alone, in the order of their start; those that run by what is in
    /// force already, or no more, are left out.
    ///
    /// # Errors
    ///
    /// As [`App::list_moves`]; [`AppError::Invalid`] for more than [`MOVES_AT_ONCE`].
    pub async fn look_at_moves(
        &self,
        actor: &Actor,
        workflow: &str,
        chosen: &[RunId],
    ) -> Result<MoveSheet, AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        if u64::try_from(chosen.len()).unwrap_or(u64::MAX) > MOVES_AT_ONCE {
            return Err(AppError::invalid("run", "too-many"));
        }
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let texts = self.texts(reader, actor, workflow).await?;
        let chosen: BTreeSet<&RunId> = chosen.iter().collect();
        let mut lines = Vec::with_capacity(chosen.len());
        for id in chosen {
            let row = store::runs::find_run(reader, organisation, id.uuid()).await?;
            let digest = &texts.chain.digest;
            let is_older = |row: &runs::Model| {
                let lives = row.workflow_id == workflow && row.finished_at.is_none();
                lives && row.definition_digest != *digest
            };
            if let Some(row) = row.filter(is_older) {
                lines.push(self.try_move(actor, &texts, row).await?);
            }
        }
        Ok(MoveSheet {
            title: texts.chain.definition.title(actor.locale).to_owned(),
            text: texts.in_force,
            digest: texts.chain.digest,
            lines,
            next: None,
        })
    }

    /// How many documents run by another text than the one in force; none while that does not fit.
    ///
    /// # Errors
    ///
    /// As [`App::list_moves`].
    pub async fn count_moves(
        &self,
        actor: &Actor,
        workflow: &str,
        in_force: &InForce,
    ) -> Result<u64, AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let Ok(chain) = &in_force.chain else {
            return Ok(0);
        };
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let present = (workflow, chain.digest.as_str());
        Ok(store::runs::count_open_by_others(reader, organisation, present).await?)
    }

    pub(super) async fn texts(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        workflow: &str,
    ) -> Result<Texts, AppError> {
        let file = self.chains.chains().get(workflow).ok_or(AppError::Hidden)?;
        let in_force = self
            .workflow_in_force(connection, actor.organisation, workflow)
            .await?;
        let number = in_force.number;
        let chain = in_force.chain.map_err(|_| {
            let number = number.unwrap_or_default().to_string();
            let args = [("workflow", workflow.to_owned()), ("number", number)];
            AppError::refused_with("edition-does-not-fit", args)
        })?;
        let organisation = actor.organisation.uuid();
        Ok(Texts {
            editions: store::editions::list_of(connection, organisation, workflow, EDITIONS_MAX)
                .await?,
            in_force: number.map_or(RouteText::File, RouteText::Edition),
            file: Arc::clone(&file.definition),
            chain,
        })
    }

    /// What would happen to one document.
    pub(super) async fn try_move(
        &self,
        actor: &Actor,
        texts: &Texts,
        row: runs::Model,
    ) -> Result<MoveLine, AppError> {
        let reader = self.store.reader();
        let run = self.complete_run(reader, row).await?;
        let facts = facts_of(reader, &run.document, self.now()).await?;
        let is_seen = decide(actor, Action::SeeDocument, &Resource::Document(facts));
        let about = (is_seen == Decision::Allowed).then(|| {
            let number = run.document.registration_number.clone();
            (run.document.title.clone(), number)
        });
        let weaker = weakenings(&run.definition, &texts.chain.definition);
        let fate = self.fate(actor, texts, &run, !weaker.is_empty()).await;
        if let Err(error @ (AppError::Unavailable { .. } | AppError::Internal(_))) = fate {
            return Err(error);
        }
        let stage = |path: &str| {
            let stage = run.definition.stage(path);
            let title = stage.and_then(|stage| stage.title.get(actor.locale));
            title.unwrap_or(path).to_owned()
        };
        let open = run.state.open_tasks().map(|(_, task)| task.stage.as_str());
        let open: BTreeSet<&str> = open.collect();
        Ok(MoveLine {
            run: run.row.id.into(),
            seq: run.row.seq,
            document: run.row.document_id.into(),
            about,
            started_at: Instant::from_micros(run.row.started_at),
            text: texts.of(&run.definition),
            stands: open.into_iter().map(stage).collect(),
            fate,
            weaker,
        })
    }

    async fn fate(
        &self,
        actor: &Actor,
        texts: &Texts,
        run: &LoadedRun,
        is_weaker: bool,
    ) -> Result<Fate, AppError> {
        if is_weaker {
            self.require_second(actor, texts, run)?;
        }
        self.foretell((engine_actor(actor), actor.locale), &texts.chain, run)
            .await
    }

    /// What would happen to a run that somebody moves to this text.
    pub(super) async fn foretell(
        &self,
        (mover, locale): (Cause, Locale),
        chain: &Chain,
        run: &LoadedRun,
    ) -> Result<Fate, AppError> {
        let reader = self.store.reader();
        let (moved, event) = self.prepare_move(reader, mover, chain, run).await?;
        let seals = |definition: &Definition| -> Vec<_> {
            let stages = definition.stages();
            let sealed = stages.filter(|stage| stage.sealing.is_some());
            sealed
                .map(|one| (one.path.clone(), one.sealing.clone()))
                .collect()
        };
        if seals(&run.definition) != seals(&moved.definition) {
            let version = current_version(reader, &run.document).await?;
            self.require_sealable(&moved.definition, &run.document, &version, &moved.directory)
                .await?;
        }
        let step = foresee_step(&moved, &event)?;
        let mut fate = of_stages(
            (&run.state, &run.definition),
            (&step, &moved.definition),
            &event,
            locale,
        );
        let (mut asked, mut released): (Vec<Assignee>, Vec<Assignee>) = (Vec::new(), Vec::new());
        for effect in &step.effects {
            match effect {
                Effect::OpenTask { assignee, .. } => asked.push(*assignee),
                Effect::CloseTask { task, .. } => {
                    let task = run.state.tasks.get(task);
                    released.extend(task.map(|task| task.assignee));
                }
                _ => {}
            }
        }
        let both = asked.iter().chain(&released).copied();
        let names = names_of_holders(reader, run.row.organisation_id, both).await?;
        let named = |all: Vec<Assignee>| all.into_iter().map(|one| names.of(one)).collect();
        fate.asked = named(asked);
        fate.released = named(released);
        Ok(fate)
    }

    /// Nobody takes a control away from running documents alone.
    fn require_second(
        &self,
        actor: &Actor,
        texts: &Texts,
        run: &LoadedRun,
    ) -> Result<(), AppError> {
        if texts.in_force.number().is_none() {
            return Err(AppError::refused("move-weaker-file"));
        }
        if texts.is_author(actor, &run.row) {
            return Err(AppError::refused("move-own-edition"));
        }
        Ok(())
    }

    /// The run as it goes on, under the definition in force, with the event that moves it.
    pub(super) async fn prepare_move(
        &self,
        connection: &impl ConnectionTrait,
        mover: Cause,
        chain: &Chain,
        run: &LoadedRun,
    ) -> Result<(LoadedRun, Event), AppError> {
        let definition = Arc::clone(&chain.definition);
        let plan = plan(&run.definition, &definition, &run.state)
            .map_err(|refusal| refuse_either(run, &definition, refusal))?;
        let parse = |digest: &str| {
            let read = digest.parse();
            read.map_err(|_| AppError::internal(format!("digest {digest}")))
        };
        let now = self.now();
        let event = Event {
            at: now,
            actor: mover,
            kind: EventKind::Migrated {
                pinned_from: parse(&run.row.definition_digest)?,
                pinned_to: parse(&chain.digest)?,
                plan: Box::new(plan),
            },
        };
        let organisation = run.row.organisation_id.into();
        let directory = load_directory_for(connection, organisation, &definition, now).await?;
        let mut row = run.row.clone();
        row.definition_digest.clone_from(&chain.digest);
        let moved = LoadedRun {
            row,
            state: run.state.clone(),
            definition,
            document: run.document.clone(),
            directory,
        };
        Ok((moved, event))
    }
}

/// A refusal with the title of a stage that only one of the two may have.
fn refuse_either(
    run: &LoadedRun,
    after: &Definition,
    refusal: chancery_workflow::Refusal,
) -> AppError {
    let of_old = matches!(
        &refusal,
        chancery_workflow::Refusal::OpenStageGone { stage } if after.stage(stage).is_none()
    );
    match of_old {
        true => refuse_in(&run.definition, refusal),
        false => refuse_in(after, refusal),
    }
}

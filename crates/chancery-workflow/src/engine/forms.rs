//! Forms: fields of the card that a stage fills while it decides.

use chancery_types::Digest;
use chancery_types::field::Card;

use super::Run;
use super::card::fits;
use crate::definition::Stage;
use crate::event::{Actor, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::TaskNumber;

impl Run<'_> {
    /// Whoever may decide in a task fills fields of its stage's form. They are not material, so the
    /// version stays as it is, and with it every vote.
    pub(super) fn fill_form(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
        filled: &Card,
    ) -> Result<(), Refusal> {
        self.check_vote(actor, number, seen)?;
        let stage = self.stage(&self.task(number)?.stage)?;
        let fields = self.definition.fields();
        for (name, value) in filled {
            let schema = fields.get(name).filter(|_| stage.form.contains(name));
            if !schema.is_some_and(|schema| fits(value, schema.field_type)) {
                let field = name.clone();
                return Err(Refusal::Card { field });
            }
        }
        if filled.is_empty() {
            return Ok(());
        }
        if let Some(subject) = &mut self.state.subject {
            let filled = filled.iter();
            let filled = filled.map(|(name, value)| (name.clone(), value.clone()));
            subject.card.extend(filled);
        }
        self.effects.push(Effect::FillCard {
            task: number,
            fields: filled.clone(),
        });
        Ok(())
    }

    /// Nobody agrees before the form is filled; whoever does not agree need not fill it.
    pub(super) fn check_form(&self, stage: &Stage, decision: Decision) -> Result<(), Refusal> {
        if !decision.is_favourable() {
            return Ok(());
        }
        let card = &self.subject()?.card;
        match stage.form.iter().find(|name| !card.contains_key(*name)) {
            None => Ok(()),
            Some(field) => Err(Refusal::FormIncomplete {
                stage: stage.path.clone(),
                field: field.clone(),
            }),
        }
    }
}

//! What a file lets happen outside, as values: who is told, what is created, with everything known.

use chancery_types::FieldValue;
use chancery_types::id::ContactId;

use super::Run;
use super::assignees::people;
use crate::deed::{Deed, Occasion};
use crate::definition::{Consequence, Resolver, Told};
use crate::event::{CloseReason, Effect};
use crate::state::{Assignee, Subject};

impl Run<'_> {
    /// Says what is done on an occasion that has come, `times` counted from one.
    pub(super) fn perform(&mut self, occasion: Occasion, times: u32) {
        let Some(subject) = self.state.subject.clone() else {
            return;
        };
        let consequences = self.definition.consequences(occasion);
        for (position, consequence) in (0_u32..).zip(consequences) {
            let deed = self.deed(&subject, consequence);
            self.effects.push(Effect::Perform {
                occasion,
                times,
                position,
                version_digest: subject.version.digest,
                deed,
            });
        }
    }

    fn deed(&self, subject: &Subject, consequence: &Consequence) -> Deed {
        match consequence {
            Consequence::Register(journal) => Deed::Register {
                journal: journal.clone(),
            },
            Consequence::CallWebhook(webhook) => Deed::CallWebhook {
                webhook: webhook.clone(),
            },
            Consequence::Notify { to, template } => Deed::Notify {
                template: template.clone(),
                whom: self.whom(subject, to),
            },
            Consequence::CreateDocument { kind, fields } => {
                let known = fields.iter().filter_map(|(name, source)| {
                    let value = subject.card.get(source)?;
                    Some((name.clone(), value.clone()))
                });
                Deed::CreateDocument {
                    kind: kind.clone(),
                    card: known.collect(),
                }
            }
        }
    }

    /// Who is told, in the order of the file, nobody twice and nobody who has left.
    fn whom(&self, subject: &Subject, to: &[Told]) -> Vec<Assignee> {
        let mut whom: Vec<Assignee> = Vec::new();
        for told in to {
            let found: Vec<Assignee> = match told {
                Told::OpenTasks => self.closed_now(),
                Told::Initiator => vec![Assignee::Person(subject.initiator)],
                Told::Resolver(Resolver::Contact(field)) => match subject.card.get(field) {
                    Some(FieldValue::Reference(id)) => vec![Assignee::Contact(ContactId(*id))],
                    _ => Vec::new(),
                },
                Told::Resolver(resolver) => {
                    let people = people(self, subject, resolver).into_iter();
                    people.map(Assignee::Person).collect()
                }
            };
            for who in found {
                let is_here = match who {
                    Assignee::Person(person) => self.directory.active(person).is_some(),
                    Assignee::Contact(_) => true,
                };
                if is_here && !whom.contains(&who) {
                    whom.push(who);
                }
            }
        }
        whom
    }

    /// The holders of the tasks that this step has closed without a decision.
    fn closed_now(&self) -> Vec<Assignee> {
        let closed = self.effects.iter().filter_map(|effect| match effect {
            Effect::CloseTask { task, reason } if !matches!(reason, CloseReason::Decided(_)) => {
                self.state.tasks.get(task).map(|task| task.assignee)
            }
            _ => None,
        });
        closed.collect()
    }
}

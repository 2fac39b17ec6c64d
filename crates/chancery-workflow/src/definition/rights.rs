//! Who may do what to a run from outside its tasks: its owner, and whoever may take it back.

use super::{Definition, DepartmentRef, Resolver, Reworker};

/// Who answers for a workflow: they stop its runs, let them go on, end them, and move their tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The role's key in the vocabulary.
    pub role: String,
    /// The department's key, if the role counts only in one.
    pub department: Option<String>,
}

impl Owner {
    /// Whom that names.
    #[must_use]
    pub fn resolver(&self) -> Resolver {
        Resolver::Role {
            role: self.role.clone(),
            department: self.department.clone().map(DepartmentRef::Key),
        }
    }
}

/// Who may take a document back, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// Who may: one of these.
    pub who: Vec<Withdrawer>,
    /// The step of the top level, by id, that ends the right when it opens.
    pub until: Option<String>,
}

/// Somebody who may take a document back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withdrawer {
    /// Who started the run.
    Initiator,
    /// Whom this finds at that moment.
    Found(Resolver),
}

impl Default for Withdraw {
    fn default() -> Self {
        Self {
            who: vec![Withdrawer::Initiator],
            until: None,
        }
    }
}

impl Withdraw {
    /// Whether nobody but the initiator may.
    #[must_use]
    pub fn is_initiators(&self) -> bool {
        self.who == [Withdrawer::Initiator]
    }
}

impl Definition {
    /// Who answers for the workflow beside administrators, if the file says that.
    #[must_use]
    pub const fn owner(&self) -> Option<&Owner> {
        self.owner.as_ref()
    }

    /// Whether anybody is found by the register of mandates.
    #[must_use]
    pub fn asks_for_mandates(&self) -> bool {
        let stages = self.every_stage().flat_map(|stage| {
            let people = stage.assignees.iter().chain(&stage.if_empty);
            people.chain(&stage.veto)
        });
        let rules = self
            .rules
            .iter()
            .filter_map(|rule| rule.replacement.as_ref());
        let who = self.withdraw.who.iter().filter_map(|one| match one {
            Withdrawer::Initiator => None,
            Withdrawer::Found(resolver) => Some(resolver),
        });
        let reworkers = self.reworkers().filter_map(|one| match one {
            Reworker::Initiator | Reworker::Author => None,
            Reworker::Found(resolver) => Some(resolver),
        });
        let all = stages.chain(rules).chain(who).chain(self.starters());
        let mut all = all.chain(reworkers);
        all.any(Resolver::asks_for_mandate)
    }

    /// Who may take a document back, and until when.
    #[must_use]
    pub const fn withdraw(&self) -> &Withdraw {
        &self.withdraw
    }
}

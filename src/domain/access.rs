//! Who may do what: one pure function. What one may not see does not exist (404, not 403).

use chancery_types::id::{ContactId, DepartmentId, OrganisationId, PersonId, TaskId};

use super::actor::{Actor, PersonActor, Who};

/// What somebody wants to do. One variant a right, not a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See a document, its files, route and history.
    SeeDocument,
    /// Change the card or bring a new version, start or resubmit: the initiator, and whoever else
    /// it was returned to.
    EditDocument,
    /// Make a document that belongs to this one, for which its run may wait.
    AddChild,
    /// Create documents.
    CreateDocument,
    /// Do to a run what its workflow says who may, as the engine decides: take the document back,
    /// drop an approver whom one asked for.
    MoveRun,
    /// Stop a run, let it go on, end it, let it try again, drop an approver whom others asked for.
    KeepRun,
    /// Decide, sign or acknowledge one's own task.
    ActOnTask,
    /// Give an open task to another person.
    ReassignTask,
    /// Give a task back that was handed on, or take it back.
    EndDelegation,
    /// Remind an assignee; send a contact a new link, revoke the one they have.
    RemindTask,
    /// Close a remark.
    CloseRemark,
    /// Say something on a document; strike out what one said.
    Comment,
    /// Answer a counterparty's question, or tell it something.
    AnswerQuestion,
    /// Bring a detached signature that somebody else made elsewhere. One's own goes with
    /// [`Action::ActOnTask`].
    BringSignature,
    /// Put a power of attorney beside a stored signature.
    AddPower,
    /// See people, departments and counterparties.
    SeeDirectory,
    /// Change people, departments, roles; invite.
    ManagePeople,
    /// Change counterparties and contacts.
    ManageCounterparties,
    /// Change the address of a contact that documents of others under way name.
    RedirectContact,
    /// See the outbox.
    SeeMail,
    /// Send a letter of the outbox again.
    ManageMail,
    /// See calls to systems outside, and runs that stand still.
    SeeCalls,
    /// Have a call made again; let a run that stands still try again.
    ManageCalls,
    /// See the journals of the organisation with everything that is entered in them.
    SeeJournals,
    /// See the whole audit log of the organisation.
    SeeAuditLog,
    /// See how every stored signature stands.
    SeeSignatures,
    /// Have every stored signature checked again.
    RecheckSignatures,
    /// Change the organisation itself: name, published rules.
    ManageOrganisation,
    /// Change one's own profile, tokens, sessions.
    ManageOwnProfile,
}

impl Action {
    /// Every action, for the printed matrix.
    pub const ALL: [Self; 29] = [
        Self::SeeDocument,
        Self::EditDocument,
        Self::AddChild,
        Self::CreateDocument,
        Self::MoveRun,
        Self::KeepRun,
        Self::ActOnTask,
        Self::ReassignTask,
        Self::EndDelegation,
        Self::RemindTask,
        Self::CloseRemark,
        Self::Comment,
        Self::AnswerQuestion,
        Self::BringSignature,
        Self::AddPower,
        Self::SeeDirectory,
        Self::ManagePeople,
        Self::ManageCounterparties,
        Self::RedirectContact,
        Self::SeeMail,
        Self::ManageMail,
        Self::SeeCalls,
        Self::ManageCalls,
        Self::SeeJournals,
        Self::SeeAuditLog,
        Self::SeeSignatures,
        Self::RecheckSignatures,
        Self::ManageOrganisation,
        Self::ManageOwnProfile,
    ];

    /// Whether a token with the scope `read` alone may do it.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(
            self,
            Self::SeeDocument
                | Self::SeeDirectory
                | Self::SeeMail
                | Self::SeeCalls
                | Self::SeeJournals
                | Self::SeeAuditLog
                | Self::SeeSignatures
        )
    }
}

/// What it is to be done to.
#[derive(Clone, Debug)]
pub enum Resource {
    /// The organisation and its lists.
    Organisation(OrganisationId),
    /// One document, with what decides about it.
    Document(DocumentFacts),
    /// One task of a document.
    Task(TaskFacts),
    /// One remark on a document.
    Remark(RemarkFacts),
    /// One stored signature of a document.
    Signature(SignatureFacts),
}

/// What decides about a document.
#[derive(Clone, Debug)]
pub struct DocumentFacts {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Who created it.
    pub initiator: PersonId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// Everybody who has or had a task on it.
    pub participants: Vec<PersonId>,
    /// Who answers for the workflow of a run of it.
    pub owners: Vec<PersonId>,
    /// To whom it was returned for rework, if not to its initiator alone; they see it and change
    /// it as the initiator does, as long as it is returned.
    pub reworkers: Vec<PersonId>,
    /// The contacts that have or had a link to it.
    pub contacts: Vec<ContactId>,
    /// Its open tasks that somebody may decide now in their holder's place, each with whom.
    pub stand_ins: Vec<(TaskId, PersonId)>,
}

/// What decides about a remark.
#[derive(Clone, Debug)]
pub struct RemarkFacts {
    /// Its document.
    pub document: DocumentFacts,
    /// Who made it, if one of ours.
    pub author: Option<PersonId>,
}

/// What decides about a stored signature.
#[derive(Clone, Debug)]
pub struct SignatureFacts {
    /// Its document.
    pub document: DocumentFacts,
    /// Who made it or brought it, if one of ours.
    pub by: Option<PersonId>,
    /// Who holds an open task of signing the document, and so may bring a signature to it.
    pub signatories: Vec<PersonId>,
}

/// What decides about a task.
#[derive(Clone, Debug)]
pub struct TaskFacts {
    /// Which.
    pub id: TaskId,
    /// Its document.
    pub document: DocumentFacts,
    /// Who holds it.
    pub assignee: Assignee,
    /// Who handed it on; read only for [`Action::EndDelegation`].
    pub handed_on_by: Vec<PersonId>,
}

/// Who holds a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// A person of the organisation.
    Person(PersonId),
    /// A counterparty's person.
    Contact(ContactId),
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// It is visible, but not for this actor to do (403).
    Denied,
    /// The person might, but came with a token that only reads (403).
    OutOfScope,
    /// It is not for this actor to know of (404).
    Hidden,
}

/// Roles that see every document of their organisation.
pub const SEES_ALL: [&str; 3] = ["auditor", "compliance_officer", "clerk"];

/// Decides whether `actor` may do `action` to `resource`. Deny by default.
#[must_use]
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Decision {
    let organisation = match resource {
        Resource::Organisation(id) => *id,
        Resource::Document(facts) => facts.organisation,
        Resource::Task(facts) => facts.document.organisation,
        Resource::Remark(facts) => facts.document.organisation,
        Resource::Signature(facts) => facts.document.organisation,
    };
    if organisation != actor.organisation {
        return Decision::Hidden;
    }
    match &actor.who {
        Who::System | Who::Operator => Decision::Allowed,
        Who::Contact(contact) => decide_contact(contact.id, contact.verified, action, resource),
        Who::Person(person) => {
            // A token that only reads tells no more of what is there than its person may see.
            match decide_person(person, action, resource) {
                Decision::Allowed | Decision::Denied if !within_scopes(person, action) => {
                    Decision::OutOfScope
                }
                decided => decided,
            }
        }
    }
}

fn within_scopes(person: &PersonActor, action: Action) -> bool {
    let Some(scopes) = &person.scopes else {
        return true;
    };
    let has = |scope: &str| scopes.iter().any(|held| held == scope);
    has("write") || (action.is_read() && has("read"))
}

fn decide_contact(
    contact: ContactId,
    verified: bool,
    action: Action,
    resource: &Resource,
) -> Decision {
    let sees = |facts: &DocumentFacts| verified && facts.contacts.contains(&contact);
    match (action, resource) {
        (Action::SeeDocument, Resource::Document(facts)) if sees(facts) => Decision::Allowed,
        (Action::ActOnTask, Resource::Task(facts)) => {
            if verified && facts.assignee == Assignee::Contact(contact) {
                Decision::Allowed
            } else {
                Decision::Hidden
            }
        }
        _ => Decision::Hidden,
    }
}

fn decide_person(person: &PersonActor, action: Action, resource: &Resource) -> Decision {
    let has = |role: &str| person.roles.iter().any(|(held, _)| held == role);
    let everywhere = |role: &str| {
        let whole =
            |(held, within): &(String, Option<DepartmentId>)| held == role && within.is_none();
        person.roles.iter().any(whole)
    };
    let allowed_if =
        |yes: bool, otherwise: Decision| if yes { Decision::Allowed } else { otherwise };
    match resource {
        Resource::Organisation(_) => match action {
            Action::CreateDocument => allowed_if(has("employee"), Decision::Denied),
            Action::SeeDirectory | Action::ManageOwnProfile => Decision::Allowed,
            Action::ManagePeople
            | Action::SeeMail
            | Action::ManageMail
            | Action::SeeCalls
            | Action::ManageCalls
            | Action::ManageOrganisation => allowed_if(has("administrator"), Decision::Hidden),
            Action::ManageCounterparties => {
                allowed_if(manages_counterparties(&has), Decision::Denied)
            }
            Action::RedirectContact => allowed_if(keeps_counterparties(&has), Decision::Denied),
            // A journal names documents of everybody: whoever sees every document anyway.
            Action::SeeJournals => allowed_if(
                SEES_ALL.iter().any(|role| everywhere(role)),
                Decision::Hidden,
            ),
            // The log is of the whole organisation: a role within one department does not reach.
            Action::SeeAuditLog => allowed_if(
                everywhere("auditor") || everywhere("compliance_officer"),
                Decision::Hidden,
            ),
            Action::SeeSignatures | Action::RecheckSignatures => {
                allowed_if(everywhere("compliance_officer"), Decision::Hidden)
            }
            Action::SeeDocument
            | Action::EditDocument
            | Action::MoveRun
            | Action::KeepRun
            | Action::ActOnTask
            | Action::ReassignTask
            | Action::EndDelegation
            | Action::RemindTask
            | Action::CloseRemark
            | Action::Comment
            | Action::AddChild
            | Action::AnswerQuestion
            | Action::BringSignature
            | Action::AddPower => Decision::Hidden,
        },
        Resource::Document(facts) => decide_document(person, action, facts),
        Resource::Task(facts) => decide_task(person, action, facts),
        Resource::Remark(facts) => decide_remark(person, action, facts),
        Resource::Signature(facts) => decide_signature(person, action, facts),
    }
}

/// Whoever brings documents in or keeps them, and administrators. Who oversees the others changes
/// nothing that they rely on: an address is where links and codes go.
fn manages_counterparties(has: &impl Fn(&str) -> bool) -> bool {
    const OVERSEERS: [&str; 3] = ["auditor", "compliance_officer", "security_officer"];
    keeps_counterparties(has) || (has("employee") && !OVERSEERS.iter().any(|role| has(role)))
}

/// Whose work counterparties are, whoever's document they are in.
fn keeps_counterparties(has: &impl Fn(&str) -> bool) -> bool {
    const KEEPERS: [&str; 4] = ["administrator", "lawyer", "contract_manager", "clerk"];
    KEEPERS.iter().any(|role| has(role))
}

fn sees_document(person: &PersonActor, facts: &DocumentFacts) -> bool {
    facts.initiator == person.id
        || facts.participants.contains(&person.id)
        || facts.owners.contains(&person.id)
        || facts.reworkers.contains(&person.id)
        || facts.stand_ins.iter().any(|(_, other)| *other == person.id)
        || facts
            .department
            .is_some_and(|department| person.heads.contains(&department))
        || person.roles.iter().any(|(role, department)| {
            SEES_ALL.contains(&role.as_str())
                && (department.is_none() || *department == facts.department)
        })
}

fn decide_document(person: &PersonActor, action: Action, facts: &DocumentFacts) -> Decision {
    // As with tasks: what is stuck is put right unread.
    let is_administrator = person.roles.iter().any(|(role, _)| role == "administrator");
    if action == Action::KeepRun && is_administrator {
        return Decision::Allowed;
    }
    if !sees_document(person, facts) {
        return Decision::Hidden;
    }
    let is_initiator = facts.initiator == person.id;
    let yes = match action {
        Action::SeeDocument | Action::Comment | Action::MoveRun => true,
        // Whoever made it, answers for it, or is asked about it: one that is added holds the run
        // up, and one that is rejected may end it. Reading alone is not enough.
        Action::AddChild => {
            is_initiator
                || facts.owners.contains(&person.id)
                || facts.reworkers.contains(&person.id)
                || facts.participants.contains(&person.id)
        }
        Action::KeepRun => facts.owners.contains(&person.id),
        Action::EditDocument => is_initiator || facts.reworkers.contains(&person.id),
        Action::RemindTask | Action::AnswerQuestion | Action::BringSignature => is_initiator,
        Action::CreateDocument
        | Action::AddPower
        | Action::CloseRemark
        | Action::ActOnTask
        | Action::ReassignTask
        | Action::EndDelegation
        | Action::SeeDirectory
        | Action::ManagePeople
        | Action::ManageCounterparties
        | Action::RedirectContact
        | Action::SeeMail
        | Action::ManageMail
        | Action::SeeCalls
        | Action::ManageCalls
        | Action::SeeJournals
        | Action::SeeAuditLog
        | Action::SeeSignatures
        | Action::RecheckSignatures
        | Action::ManageOrganisation
        | Action::ManageOwnProfile => false,
    };
    if yes {
        Decision::Allowed
    } else {
        Decision::Denied
    }
}

/// A remark is answered by who keeps the document, or taken back by who made it; for anybody else
/// to close it would silence its author.
fn decide_remark(person: &PersonActor, action: Action, facts: &RemarkFacts) -> Decision {
    if !sees_document(person, &facts.document) {
        return Decision::Hidden;
    }
    let keeps =
        facts.document.initiator == person.id || facts.document.reworkers.contains(&person.id);
    let may_close = keeps || facts.author == Some(person.id);
    match action {
        Action::SeeDocument => Decision::Allowed,
        Action::CloseRemark if may_close => Decision::Allowed,
        _ => Decision::Denied,
    }
}

/// Whoever may bring a signature to the document may say by what power it was made, and so may who
/// made it: with a signature of their own their task ends, and their power comes after it.
fn decide_signature(person: &PersonActor, action: Action, facts: &SignatureFacts) -> Decision {
    if !sees_document(person, &facts.document) {
        return Decision::Hidden;
    }
    let may_add = facts.document.initiator == person.id
        || facts.by == Some(person.id)
        || facts.signatories.contains(&person.id);
    match action {
        Action::SeeDocument => Decision::Allowed,
        Action::AddPower if may_add => Decision::Allowed,
        _ => Decision::Denied,
    }
}

fn decide_task(person: &PersonActor, action: Action, facts: &TaskFacts) -> Decision {
    // Whoever administers the house moves tasks of people who are ill or gone, without reading what
    // they are about; to themselves only if they may read it (`App::reassign_task`).
    let is_administrator = person.roles.iter().any(|(role, _)| role == "administrator");
    if action == Action::ReassignTask && is_administrator {
        return Decision::Allowed;
    }
    if !sees_document(person, &facts.document) {
        return Decision::Hidden;
    }
    let holds = facts.assignee == Assignee::Person(person.id);
    let is_initiator = facts.document.initiator == person.id;
    let yes = match action {
        Action::SeeDocument => true,
        // The absent holder may decide as well: whoever comes first.
        Action::ActOnTask => holds || facts.document.stand_ins.contains(&(facts.id, person.id)),
        Action::EndDelegation => holds || facts.handed_on_by.contains(&person.id),
        // The initiator invited a contact, and may invite another in their place.
        Action::ReassignTask => {
            holds
                || facts.document.owners.contains(&person.id)
                || (is_initiator && matches!(facts.assignee, Assignee::Contact(_)))
        }
        Action::RemindTask => is_initiator,
        _ => false,
    };
    if yes {
        Decision::Allowed
    } else {
        Decision::Denied
    }
}

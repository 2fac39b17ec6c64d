//! Who a file names: people, departments, and rules of who may not decide.

use std::collections::BTreeSet;

use crate::expression::Expression;

/// Names people when a stage opens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolver {
    /// The person with this login.
    Login(String),
    /// The holders of a role, everywhere or in a department.
    Role {
        /// The role's key.
        role: String,
        /// The department.
        department: Option<DepartmentRef>,
    },
    /// The holders of a role who are in the register of mandates in it, for one of our entities.
    RoleFor {
        /// The role's key.
        role: String,
        /// The department.
        department: Option<DepartmentRef>,
        /// For which entity.
        entity: Word,
    },
    /// Who may sign by the register of mandates.
    Signatory {
        /// For which of our entities.
        entity: Word,
        /// The field of the card that holds the amount.
        amount: Option<String>,
        /// The currency in which mandates are wanted.
        currency: Option<Word>,
    },
    /// The members of a group.
    Group(String),
    /// The members of a department.
    Department(DepartmentRef),
    /// The head of a department, else of the one above it.
    HeadOf(DepartmentRef),
    /// Whom the initiator reports to.
    ManagerOfInitiator {
        /// 1 for the manager, 2 for the manager's manager, up to [`LEVEL_MAX`].
        level: u8,
    },
    /// The person in a field of the card.
    Field(String),
    /// The counterparty's contact in a field of the card.
    Contact(String),
    /// One of those whom another resolver finds.
    One {
        /// Which of them.
        pick: Pick,
        /// Of whom.
        of: Box<Resolver>,
    },
    /// Those whom another resolver finds, but some.
    Except {
        /// Of whom.
        of: Box<Resolver>,
        /// Who is left out.
        who: Vec<Resolver>,
    },
}

/// How far above the initiator a manager may be named.
pub(super) const LEVEL_MAX: u8 = 9;

/// How one of several people is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pick {
    /// Whoever has the fewest open tasks, if possible of those who are not away.
    LeastLoaded,
    /// Whoever takes the task: all of them see it.
    Pool,
    /// Whoever was asked in this way the longest ago, if possible of those who are not away.
    RoundRobin,
}

/// Names a department.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DepartmentRef {
    /// By its key.
    Key(String),
    /// By a field of the card.
    Field(String),
    /// The initiator's.
    Initiator,
}

/// A word, or the field of the card that holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// The word.
    Is(String),
    /// The field's name.
    Of(String),
}

impl Word {
    /// The field of the card, if it is in one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Is(_) => None,
            Self::Of(field) => Some(field),
        }
    }
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Is(word) => f.write_str(word),
            Self::Of(field) => write!(f, "doc.{field}"),
        }
    }
}

/// A rule of separation of duties beyond the built-in ones: for whom it is false may not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The identifier.
    pub id: String,
    /// The stages it applies to, by id; empty for all that approve or sign.
    pub stages: BTreeSet<String>,
    /// The rule, over `actor` and `voters('stage')`.
    pub rule: Expression,
    /// Who is asked in place of whom the rule excludes; without it, their manager.
    pub replacement: Option<Resolver>,
}

impl Resolver {
    /// Whether whom it finds is said by the register of mandates.
    #[must_use]
    pub fn asks_for_mandate(&self) -> bool {
        match self {
            Self::RoleFor { .. } | Self::Signatory { .. } => true,
            Self::One { of, .. } => of.asks_for_mandate(),
            Self::Except { of, who } => {
                of.asks_for_mandate() || who.iter().any(Self::asks_for_mandate)
            }
            _ => false,
        }
    }
}

/// As a file writes it, without its braces: `role: lawyer, department: legal`.
impl std::fmt::Display for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Login(login) => write!(f, "user: {login}"),
            Self::Role {
                role,
                department: None,
            } => write!(f, "role: {role}"),
            Self::Role {
                role,
                department: Some(department),
            } => write!(f, "role: {role}, department: {department}"),
            Self::RoleFor {
                role,
                department: None,
                entity,
            } => write!(f, "role: {role}, entity: {entity}"),
            Self::RoleFor {
                role,
                department: Some(department),
                entity,
            } => write!(
                f,
                "role: {role}, department: {department}, entity: {entity}"
            ),
            Self::Signatory {
                entity,
                amount,
                currency,
            } => {
                write!(f, "signatory: {{entity: {entity}")?;
                if let Some(amount) = amount {
                    write!(f, ", amount: doc.{amount}")?;
                }
                if let Some(currency) = currency {
                    write!(f, ", currency: {currency}")?;
                }
                f.write_str("}")
            }
            Self::Group(group) => write!(f, "group: {group}"),
            Self::Department(department) => write!(f, "department: {department}"),
            Self::HeadOf(department) => write!(f, "head_of: {department}"),
            Self::ManagerOfInitiator { level: 1 } => f.write_str("manager_of: initiator"),
            Self::ManagerOfInitiator { level } => {
                write!(f, "manager_of: initiator, level: {level}")
            }
            Self::Field(field) => write!(f, "field: doc.{field}"),
            Self::Contact(field) => write!(f, "contact: doc.{field}"),
            Self::One { pick, of } => {
                let pick = match pick {
                    Pick::LeastLoaded => "least_loaded",
                    Pick::Pool => "pool",
                    Pick::RoundRobin => "round_robin",
                };
                write!(f, "{of}, pick: {pick}")
            }
            Self::Except { of, who } => {
                let who: Vec<String> = who.iter().map(|who| format!("{{{who}}}")).collect();
                write!(f, "{of}, except: [{}]", who.join(", "))
            }
        }
    }
}

impl std::fmt::Display for DepartmentRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Field(field) => write!(f, "doc.{field}"),
            Self::Initiator => f.write_str("initiator"),
        }
    }
}

//! What our mails tell of.

/// The kinds of mail. Each has its payload in [`super::message`], its parts in [`super::letter`]
/// and its texts in `locales/*/mail.ftl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailKind {
    /// A task was opened for the reader.
    TaskOpened,
    /// The reader may decide a task because its holder is away.
    StandsIn,
    /// Somebody else recorded an absence: to whoever is away and to whoever is to stand in.
    AbsenceRecorded,
    /// A task was handed on to the reader, who decides in another's name.
    TaskDelegated,
    /// A task that the reader handed on comes back.
    DelegationEnded,
    /// A task that was handed on to the reader was taken back.
    DelegationTakenBack,
    /// A task of the reader was closed by somebody else's decision or moved away.
    TaskWithdrawn,
    /// All open tasks of the reader, once a day.
    TaskDigest,
    /// Somebody reminds the reader of an open task.
    Reminder,
    /// The due date of a task comes near or a reminder of its stage is due: to its holder.
    DueReminder,
    /// A task is overdue: to its holder and whom its stage names.
    Overdue,
    /// An overdue task should have gone to somebody, and nobody was found: to administrators.
    EscalationFailed,
    /// What a task waited for has taken as long as it may: to its holder.
    HoldEnded,
    /// The run ended because a stage was overdue for too long: to the initiator.
    RunExpired,
    /// Approved with remarks: to the initiator.
    Remarks,
    /// Returned for rework: to the initiator.
    Returned,
    /// The run was rejected: to the initiator.
    Rejected,
    /// All approvals are there: to the initiator.
    Approved,
    /// Sign through this link: to a counterparty's contact.
    SigningInvitation,
    /// Reminds of a signature, with a new link: to a counterparty's contact.
    SigningReminder,
    /// Another address stands for a counterparty's contact: to both addresses.
    ContactAddressChanged,
    /// Somebody changed the address of a contact that a document of the reader names.
    ContactMoved,
    /// A six-digit code: to a counterparty's contact.
    Code,
    /// A certificate was issued in the reader's name.
    CertificateIssued,
    /// Somebody signed: to the initiator.
    Signed,
    /// The counterparty refused: to the initiator.
    Refused,
    /// What the reader of a link said instead of signing is recorded: to that contact.
    AnswerRecorded,
    /// The counterparty asks: to the initiator.
    QuestionAsked,
    /// The counterparty's contact named somebody else to sign: to the initiator.
    HandedOver,
    /// The initiator answered: to the counterparty's contact.
    QuestionAnswered,
    /// Everything is done: to the initiator and the counterparty, with the signed file or a link.
    Completed,
    /// A new password may be set.
    PasswordReset,
    /// A new person is invited.
    Invitation,
    /// Somebody's address was changed: to the address before and to the one after.
    LoginChanged,
    /// A stored signature is judged otherwise than before: to compliance officers.
    VerdictChanged,
    /// A power of attorney beside a stored signature is judged otherwise than before: to compliance
    /// officers.
    PowerChanged,
    /// What the workflow itself lets people know, in the words of its vocabulary.
    Notice,
    /// Somebody names the reader in a document's discussion.
    Mentioned,
    /// A run stands still: to administrators, and to whoever answers for its workflow.
    Incident,
    /// A run that was to start by itself did not: to the initiator.
    NotStarted,
    /// The route of a document under way was changed: to its initiator.
    RouteChanged,
    /// The route was changed so that the reader's agreement counts no more.
    VoteSetAside,
    /// An edition of a workflow waits for another administrator, was published or came back.
    Edition,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 43] = [
        Self::TaskOpened,
        Self::StandsIn,
        Self::AbsenceRecorded,
        Self::TaskDelegated,
        Self::DelegationEnded,
        Self::DelegationTakenBack,
        Self::TaskWithdrawn,
        Self::TaskDigest,
        Self::Reminder,
        Self::DueReminder,
        Self::Overdue,
        Self::EscalationFailed,
        Self::HoldEnded,
        Self::RunExpired,
        Self::Remarks,
        Self::Returned,
        Self::Rejected,
        Self::Approved,
        Self::SigningInvitation,
        Self::SigningReminder,
        Self::ContactAddressChanged,
        Self::ContactMoved,
        Self::Code,
        Self::CertificateIssued,
        Self::Signed,
        Self::Refused,
        Self::AnswerRecorded,
        Self::QuestionAsked,
        Self::HandedOver,
        Self::QuestionAnswered,
        Self::Completed,
        Self::PasswordReset,
        Self::Invitation,
        Self::LoginChanged,
        Self::VerdictChanged,
        Self::PowerChanged,
        Self::Notice,
        Self::Mentioned,
        Self::Incident,
        Self::NotStarted,
        Self::RouteChanged,
        Self::VoteSetAside,
        Self::Edition,
    ];

    /// As the row, the templates and the locales name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TaskOpened => "task-opened",
            Self::StandsIn => "stands-in",
            Self::AbsenceRecorded => "absence-recorded",
            Self::TaskDelegated => "task-delegated",
            Self::DelegationEnded => "delegation-ended",
            Self::DelegationTakenBack => "delegation-taken-back",
            Self::TaskWithdrawn => "task-withdrawn",
            Self::TaskDigest => "task-digest",
            Self::Reminder => "reminder",
            Self::DueReminder => "due-reminder",
            Self::Overdue => "overdue",
            Self::EscalationFailed => "escalation-failed",
            Self::HoldEnded => "hold-ended",
            Self::RunExpired => "run-expired",
            Self::Remarks => "remarks",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Approved => "approved",
            Self::SigningInvitation => "signing-invitation",
            Self::SigningReminder => "signing-reminder",
            Self::ContactAddressChanged => "contact-address-changed",
            Self::ContactMoved => "contact-moved",
            Self::Code => "code",
            Self::CertificateIssued => "certificate-issued",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::AnswerRecorded => "answer-recorded",
            Self::QuestionAsked => "question-asked",
            Self::HandedOver => "handed-over",
            Self::QuestionAnswered => "question-answered",
            Self::Completed => "completed",
            Self::PasswordReset => "password-reset",
            Self::Invitation => "invitation",
            Self::LoginChanged => "login-changed",
            Self::VerdictChanged => "verdict-changed",
            Self::PowerChanged => "power-changed",
            Self::Notice => "notice",
            Self::Mentioned => "mentioned",
            Self::Incident => "incident",
            Self::NotStarted => "not-started",
            Self::RouteChanged => "route-changed",
            Self::VoteSetAside => "vote-set-aside",
            Self::Edition => "edition",
        }
    }

    /// Whether its words hold a link or a code that only the reader may have.
    #[must_use]
    pub const fn holds_secret(self) -> bool {
        matches!(
            self,
            Self::SigningInvitation
                | Self::SigningReminder
                | Self::Code
                | Self::PasswordReset
                | Self::Invitation
        )
    }

    /// From a row's text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

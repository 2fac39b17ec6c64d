# The audit log: every action in words (`domain::audit_actions`), and its page.
history-absence-recorded = { $to ->
    [none] Absence recorded
   *[other] Absence recorded; stands in: { $to }
}
history-absence-ended = Absence ended early
history-authority-made = Keys of the certificate authority made
history-authority-rotated = Keys of the certificate authority replaced
history-certificate-issued = Certificate for a signature issued
history-certificate-presented = Certificate of an outside key presented for a signature
history-consent-given = Consents given before signing
history-contact-archived = Contact archived
history-contact-created = Contact added
history-contact-edited = Contact edited
history-contact-restored = Contact restored from the archive
history-counterparty-archived = Counterparty archived
history-counterparty-created = Counterparty added
history-counterparty-edited = Counterparty edited
history-counterparty-restored = Counterparty restored from the archive
history-department-archived = Department archived
history-department-created = Department created
history-department-edited = Department edited
history-department-restored = Department restored from the archive
history-document-created = Document created
history-document-drafted = Draft made by the workflow of another document
history-document-edited = Card edited
history-document-extended = Signatures prolonged
history-document-not-started = Approval did not start by itself
history-document-signed = A signature was made
history-document-withdrawn = Draft withdrawn
history-edition-discarded = An edition of a workflow was given up
history-edition-proposed = An edition of a workflow was proposed
history-edition-published = An edition of a workflow was published
history-edition-returned = An edition of a workflow was given back
history-edition-saved = An edition of a workflow was saved
history-edition-withdrawn = An edition of a workflow, published for a later day, was withdrawn
history-link-code-refused = Wrong code from the mail entered
history-link-code-sent = Code mailed to the signatory
audit-actor-of-link = Whoever has the link of { $name }
history-link-opened = Signing link opened
history-link-pages-read = Pages marked as read
history-link-renewed = New link mailed in place of the expired one
history-link-revoked = Signing link revoked
history-link-sent = New signing link mailed
history-link-verified = Signatory’s mailbox confirmed by the code
history-call-repeated = A call given up is made again by hand
history-mail-resent = Mail sent again by hand
history-mandate-ended = Mandate ended: { $what }
history-mandate-recorded = Mandate entered: { $what }
history-organisation-created = Organisation created
history-organisation-edited = Organisation edited
history-person-disabled = Person’s access disabled
history-person-edited = Person and their roles edited
history-person-enabled = Person’s access enabled
history-person-invitation-resent = Invitation mailed again
history-person-invited = Person invited
history-person-link-issued = One-time link for a password issued
history-person-password-changed = Password changed
history-person-password-reset-requested = New password asked for
history-person-password-set = Password set by a link
history-person-profile-edited = Profile edited
history-comment-added = Something was said in the discussion
history-comment-struck = Words of the discussion struck out
history-question-answered = Counterparty’s question answered
history-question-asked = Counterparty asked a question
history-remark-closed = Remark closed
history-run-approver-added = Approver added
history-run-absence-began = { $to ->
    [none] An assignee is away
   *[other] { $from } is away; until they are back may decide too: { $to }
}
history-run-incident-retried = Tried again after a failure
history-run-lookup-answered = { $what ->
    [none] An answer from outside
   *[other] Asked outside: { $what }
}
history-task-claimed = Task taken from its pool
history-task-delegated = { $to ->
    [none] Task handed on; another decides in its holder's name
   *[other] Handed on to decide in another's name: { $from } → { $to }
}
history-task-delegation-ended = { $to ->
    [none] A task that was handed on went back
   *[other] A task that was handed on went back: { $from } → { $to }
}
history-task-form-filled = Fields of the card filled
history-task-unclaimed = Task given back to its pool
history-run-approver-dropped = Added approver dropped
history-run-calendar-changed = Due dates reckoned by a changed calendar
history-run-cancelled = Approval ended by its administrator or owner
history-run-children-counted = The documents that the workflow waits for were counted
history-run-migrated = { $before ->
    [none] Route changed under way
   *[other] Route changed: { $before } → { $after }
}
history-run-resubmitted = Sent again after rework
history-run-resumed = Approval goes on
history-run-started = Approval started
history-run-suspended = Approval suspended
history-run-timer-fired = { $what ->
    [due] Past due: { $to }
    [remind] Reminded of the due date: { $to }
    [escalate] Overdue: { $to }; the next step of the escalation was taken
    [overdue] Still overdue: { $to }
    [hold_end] The wait is over: { $to }
   *[other] A due date, a reminder or an escalation has come
}
history-run-version-taken = New version taken into the approval
history-run-withdrawn = Approval withdrawn
history-session-closed = Session ended
history-session-opened = Logged in
history-signature-brought = Detached signature brought
history-signature-extended = Detached signature prolonged
history-signature-recheck-asked = Check of all signatures asked for
history-signature-verdict-changed = The verdict on a signature changed
history-task-decided = { $decision ->
    [approve] Approved
    [approve_with_remarks] Approved with remarks
    [return] Returned for rework
    [reject] Rejected
    [abstain] Abstained
    [hold] Waits for something
    [acknowledge] Reading confirmed
   *[other] Decision given
}
history-task-reassigned = { $to ->
    [none] Task handed over
   *[other] Task handed over: { $from } → { $to }
}
history-task-reassigned-from-outside = { $to ->
    [none] Task reassigned by an administrator
   *[other] Task reassigned by an administrator: { $from } → { $to }
}
history-task-reminded = Reminder sent
history-task-revoked = Decision taken back
history-task-signed = Signing stage done
history-token-created = Token created
history-token-revoked = Token revoked
history-version-added = { $version ->
    [0] New version uploaded
   *[other] Version { $version } uploaded
}
history-other = Event: { $action }
audit-title = Audit log
audit-lead = Every change in the organisation: who, what, when and from where. Entries cannot be changed or removed.
audit-filters = Choose events
audit-who = Who
audit-what = What happened
audit-document = Document
audit-document-hint = Number or words of the title
audit-from = From
audit-until = To
audit-any = Anything
audit-show = Show
audit-clear = Clear
audit-when = When
audit-none = No events
audit-none-hint = Nothing fits these conditions. Change or clear them.
audit-actor-system = The system
audit-actor-operator = The server’s operator
audit-actor-contact = counterparty
audit-details = Details
audit-event = Event
audit-action = Action code
audit-subject = Subject
audit-version = SHA-256 of the version
audit-address = Network address
audit-request = Request
audit-leaf = Hash of the entry
audit-values = Values
audit-noun-absence = Absences
audit-noun-authority = Certificate authority
audit-noun-call = Calls outside
audit-noun-certificate = Certificates
audit-noun-consent = Consents
audit-noun-contact = Contacts
audit-noun-counterparty = Counterparties
audit-noun-department = Departments
audit-noun-document = Documents
audit-noun-edition = Editions of workflows
audit-noun-link = Signing links
audit-noun-mail = Mail
audit-noun-mandate = Register of mandates
audit-noun-organisation = Organisation
audit-noun-person = People
audit-noun-comment = Discussion
audit-noun-question = Questions
audit-noun-remark = Remarks
audit-noun-run = Runs
audit-noun-session = Sessions
audit-noun-signature = Checks of signatures
audit-noun-task = Tasks
audit-noun-token = Tokens
audit-noun-version = Versions
entered-told = { $told } · entered in journals: { $numbers }
mandates-told = by { $basis }

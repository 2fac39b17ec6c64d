# The desk, decisions, routes and remarks.
desk-title = My tasks
desk-filters = Which tasks to show
desk-all = All
desk-urgent = Urgent
desk-empty = No tasks
desk-empty-text = When a decision is needed from you, the task appears here and a mail comes.
desk-last-done = Last decision: { $when }
desk-documents = My documents
desk-recent = Decided lately
desk-asks-approve = { $stage } · approve version { $version }
desk-asks-sign = { $stage } · sign
desk-asks-acknowledge = { $stage } · acknowledge
desk-changed = changed since you decided on version { $version }
desk-waits = waits for you: { $duration }
task-due = due { $when }
task-overdue = was due { $when }
task-remind = Remind
run-round = round { $count }
run-waits-for = Now: { $names }.
run-next = Then: { $names }.
run-start = Start the approval
run-resubmit = Send again
run-withdraw = Withdraw
route-more = Who decided what
route-title = Route
stage-later-approve = decides later
stage-later-sign = signs later
stage-later-acknowledge = acknowledges later
stage-open = waits for a decision
stage-open-count = { $given } of { $needed } decisions
stage-satisfied = passed
stage-returned = returned for rework
stage-rejected = rejected
stage-cancelled = closed without a decision
stage-skipped-condition = not needed by its condition
stage-skipped-nobody-found = skipped: nobody was found for it
stage-skipped-outer-condition = not needed by its condition
stage-earlier = Earlier rounds
person-in-place-of = in place of { $name }
person-reminded = reminded { $when }
decided-approve = approved
decided-approve-with-remarks = approved with remarks
decided-abstain = abstained
decided-hold = waits for something
decided-return = returned for rework
decided-reject = rejected
decided-acknowledge = acknowledged
decided-sign = signed
decided-nothing = no decision was needed
decision-title = Your decision
decision-stage = Your decision: { $stage }
decide-approve = Approve
decide-approve-with-remarks = With remarks
decide-return = Return for rework
decide-more = Other decisions
decide-reassign = Hand over
decide-reject = Reject
decide-acknowledge = I have read it
decide-sign = Read and sign
remarks-title = Remarks
remarks-none = No remarks.
remark-open = open
remark-closed = closed
remark-version = on version { $number }
remark-close = Close the remark
remark-answer = What was done
words-document = Document
words-cancel = Not now
words-look = See what became of the document
words-comment = Why
words-remarks = Remarks, each on a line of its own
words-person = To whom
words-choose = Choose a person
words-remarks-title = Approve with remarks
words-remarks-text = The approval counts at once. The initiator gets the remarks and answers each.
words-remarks-submit = Approve with remarks
words-return-title = Return for rework
words-return-text = The initiator corrects the document and sends it again. Approvals of a new version begin anew.
words-return-submit = Return for rework
words-reject-title = Reject the document
words-reject-text = The approval ends for good and all open tasks close. If the document can be corrected, return it for rework.
words-reject-submit = Reject
words-reassign-title = Hand the task over
words-reassign-text = Somebody else will decide. Both of you get a mail, and the history keeps it.
words-reassign-submit = Hand over
words-withdraw-title = Withdraw the document
words-withdraw-text = The approval ends and all open tasks close. The document stays in the list as withdrawn.
words-withdraw-submit = Withdraw
words-resubmit-title = Send again
words-resubmit-text = If there is a new version, it is approved anew. If the version is the same, answer the objections: only those who returned it decide again.
words-resubmit-submit = Send again
flash-task-approve = Approved.{ $names ->
    [none] {""}
   *[other] {" "}Next: { $names }.
}
flash-task-approve-with-remarks = Approved with remarks.{ $names ->
    [none] {""}
   *[other] {" "}Next: { $names }.
}
flash-task-return = Returned for rework.{ $names ->
    [none] {""}
   *[other] {" "}Next: { $names }.
}
flash-task-reject = Rejected. The initiator gets a mail.
flash-task-abstain = Noted: you abstain.
flash-task-hold = Noted: you wait for something. The task stays with you.
flash-task-acknowledge = Noted: you have read it.
flash-task-reassigned = Handed over. Now it waits for: { $names }.
flash-task-reminded = The reminder was sent.
flash-remark-closed = The remark is closed.
flash-run-started = The approval has started.
flash-run-withdrawn = The document is withdrawn.
flash-run-resubmitted = The document was sent again.
problem-version-changed-title = The document has changed
problem-version-changed = While the page was open, a new version appeared. The decision was not recorded: look at the new version.
problem-already-decided-title = Decided already
problem-already-decided = This task has its decision already. A second one was not needed.
problem-task-closed-title = The task is closed
problem-task-closed = This task waits for nobody any more: others decided, or the document was returned or withdrawn.
problem-task-unknown = The document has no such task.
problem-not-assignee = This task is with somebody else now.
problem-not-in-this-phase = This is not possible in the document's present state. Open the document and see what became of it.
problem-decision-not-offered = This stage does not offer that decision.
problem-not-a-signing-task = This task does not ask for a signature.
problem-separation-of-duties-title = Nobody approves their own
problem-separation-of-duties = The initiator, the author of the version and whoever a rule of the workflow excludes do not decide in stage “{ $stage }”. Choose another person.
problem-not-initiator = Only the document's initiator may do this.
problem-not-a-person = Only a person of the organisation may do this.
problem-person-not-active = This person does not work here now. Choose another.
problem-author-mismatch = A new version is sent by whoever made it.
problem-version-number = The number of the new version must be greater than the present one.
problem-too-late-to-withdraw-title = Too late to withdraw
problem-too-late-to-withdraw = The document has reached stage “{ $until }”; it cannot be withdrawn after that.
problem-rounds-exhausted-title = No more returns
problem-rounds-exhausted = { $max ->
    [one] The document was returned { $max } time already
   *[other] The document was returned { $max } times already
}: the workflow allows no more. Approve or reject.
problem-may-not-reassign = A task is handed over by its holder, somebody above them or an administrator.
problem-already-takes-part = This person takes part in stage “{ $stage }” already. Choose another.
problem-wrong-sort-of-assignee = A person's task goes to a person, a counterparty's task to one of theirs.
problem-stage-has-no-assignee-title = Nobody to decide
problem-stage-has-no-assignee = Stage “{ $stage }” has nobody who could decide. Ask the administrator to appoint people and try again.
problem-quorum-unreachable-title = Too few people
problem-quorum-unreachable = Stage “{ $stage }” needs { $needed } decisions but has { $available } people. Ask the administrator to appoint people and try again.
problem-veto-holder-absent-title = Nobody with a veto
problem-veto-holder-absent = Nobody who is asked in stage “{ $stage }” has the veto that it needs. Ask the administrator to appoint people and try again.
problem-abstention-leaves-too-few-title = Your vote is needed
problem-abstention-leaves-too-few = Without your vote stage “{ $stage }” could no longer reach its quorum. Approve or refuse.
problem-too-many-assignees = Stage “{ $stage }” has more than { $max } assignees.
problem-condition-not-evaluated = The condition of “{ $subject }” cannot be evaluated: { $why }. Check the document's card.
problem-card-not-accepted = Field “{ $field }” of the card is empty or wrong.
problem-document-not-draft-title = Started already
problem-document-not-draft = Only a draft can be started. Open the document and see what became of it.
problem-registration-number-taken-title = The number is taken
problem-registration-number-taken = Another document bears the number { $number } already. An administrator must correct the pattern of numbers in the kind.
problem-document-without-version = The document has no file. Upload it and try again.
problem-no-workflow = There is no workflow for kind “{ $kind }”. Ask the administrator.
problem-no-live-run = The document is not in approval now.
problem-reminded-lately-title = Reminded already
problem-reminded-lately = { $minutes ->
    [one] You may remind again in { $minutes } minute.
   *[other] You may remind again in { $minutes } minutes.
}
problem-remark-closed = This remark is closed already.
problem-field-not-offered = This decision carries no remarks.
problem-field-too-many = At most { $max }.

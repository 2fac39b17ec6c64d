# Templates: which are switched on, and each in words.
templates-title = Document templates
templates-lead = The ways that documents take here: who decides, when, and what a refusal does.
templates-all = All templates
templates-others = Outside packs
templates-start = Start
templates-start-of = a document: { $kind }
templates-stages = { $count ->
    [one] { $count } stage
   *[other] { $count } stages
}
templates-off = { $count ->
    [one] { $count } pack is switched off
   *[other] { $count } packs are switched off
}
templates-off-hint = A pack is switched on by its name in the setting workflows.packs. Documents of kinds that are off stay, and their runs go on.
shell-templates = Templates

template-start = New document
template-way = Steps
template-when = Only if:
template-who = Who
template-time = Time
template-refusals = Besides yes
template-notes = Also
template-review = review
template-approve = approval
template-sign = signature
template-acknowledge = acknowledgement
template-automatic = asks nobody
template-parallel-all = at the same time, all branches are needed
template-parallel-any = at the same time, one branch is enough
template-parallel-count = { $count ->
    [one] at the same time, { $count } branch is needed
   *[other] at the same time, { $count } branches are needed
}
template-sequence = in order
template-thresholds = Thresholds and times
template-thresholds-hint = An administrator changes them in one place. A document that is on its way keeps those it started with.
template-threshold = What
template-value = Value
template-rules = General rules
template-rule-initiator = The initiator and the author of a version neither approve nor sign their own document: the nearest manager above decides for them.
template-rule-refusals = Whoever approves or signs may return the document to the initiator with remarks, or reject it, which ends the run. Where it is otherwise, the stage says so.
template-rule = { $stages }: decided by { $rule }.
template-rule-everywhere = Every stage: decided by { $rule }.
template-rule-instead = Instead: { $who }.
template-not-person-of = somebody other than the person in “{ $field }”
template-not-voter-of = somebody who did not decide in “{ $stage }”
template-rework = { $count ->
    [one] It may be returned for rework once.
   *[other] It may be returned for rework { $count } times.
}
template-rework-ends = { $count ->
    [one] It may be returned for rework once; one more return ends the run as rejected.
   *[other] It may be returned for rework { $count } times; one more return ends the run as rejected.
}
template-extra-round = { $count ->
    [one] When the rounds are used up, { $who } decides on one more, once at most.
   *[other] When the rounds are used up, { $who } decides on one more, { $count } times at most.
}
template-takes = It takes only documents for which this holds: { $condition }. Others cannot be started.
template-withdraw = The initiator may withdraw the document until “{ $stage }” has begun.
template-withdraw-by = The document may be withdrawn by: { $who }.
template-withdraw-by-until = Until “{ $stage }” has begun, the document may be withdrawn by: { $who }.
template-withdrawer-initiator = the initiator
template-starts-itself = It starts by itself when a document is brought.
template-starts-itself-when = It starts by itself when a document is brought, if this holds: { $condition }. Others somebody starts.
template-owner = Owner of the workflow: { $who }. They may suspend an approval, let it go on, end it, and give its tasks to others.

template-and = { $first } and { $last }
template-or = { $first } or { $last }
template-nor = { $first } nor { $last }
template-quoted = “{ $text }”
template-given = “{ $field }” is filled in
template-given-not = “{ $field }” is empty
template-yes = “{ $field }” is ticked
template-yes-not = “{ $field }” is not ticked
template-is = “{ $field }” is { $value }
template-is-not = “{ $field }” is not { $value }
template-less = “{ $field }” is less than { $value }
template-at-most = “{ $field }” is { $value } at most
template-more = “{ $field }” is more than { $value }
template-at-least = “{ $field }” is { $value } or more
template-currency-is = “{ $field }” is in { $code }
template-currency-not = “{ $field }” is not in { $code }

template-who-if = { $who } (if { $when })
template-if-empty = If there is nobody: { $who }
template-role-in = { $who } of { $place }
template-all-of = everybody in { $place }
template-head-of = head of { $place }
template-place-of = the department in “{ $field }”
template-place-of-initiator = the initiator's department
template-manager-of-initiator = the initiator's manager
template-manager-above-initiator = the initiator's manager at level { $level }
template-all-but = { $who }, except { $but }
template-manager-of-assignee = the assignee's manager
template-initiator = the initiator
template-person-of = the person in “{ $field }”
template-contact-of = the contact in “{ $field }”, by a link in a mail
template-pool = { $who }, one of them takes the task
template-least-loaded = { $who }, whoever has the fewest tasks
template-round-robin = one of { $who }, in turn
template-quorum-all = all are needed
template-quorum-any = one is enough
template-quorum-count = { $count ->
    [one] { $count } is needed
   *[other] at least { $count } are needed
}
template-quorum-percent = { $min ->
    [1] { $percent }% are needed
   *[other] { $percent }% are needed, and at least { $min }
}
template-quorum-weight = a weight of { $count } is needed
template-quorum-each-group = at least { $count } of each are needed
template-quorum-if = if { $when }, { $quorum }; otherwise { $otherwise }
template-veto = nothing passes without { $who }

template-due-by = due by the end of work on “{ $field }”
template-due-before = due { $span } before the end of work on “{ $field }”
template-due = { $span } to decide
template-remind-before = reminder { $span } before it is due
template-remind-after = reminder after { $span }
template-escalate-add = { $span } after it was due, { $who } joins
template-escalate-replace = { $span } after it was due, the task goes to { $who }
template-timeout-escalate = when it is due, the task goes to { $who }
template-timeout-notify = if it is late, this is told to { $who }
template-timeout-expires = then the run ends as expired
template-span-bd = { $count ->
    [one] { $count } working day
   *[other] { $count } working days
}
template-span-bh = { $count ->
    [one] { $count } working hour
   *[other] { $count } working hours
}
template-span-d = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
template-span-h = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
template-span-m = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
template-span-s = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}

template-decision-return = Return for rework
template-decision-reject = Reject
template-decision-abstain = Abstain
template-decision-hold = Put on hold
template-return = “{ $decision }”: the document goes back to the initiator with remarks
template-reject = “{ $decision }”: the run ends as rejected
template-reject-rework = “{ $decision }”: the document goes back to the initiator
template-reject-count = “{ $decision }”: a vote against; when agreement is out of reach, the run ends as rejected
template-reject-count-rework = “{ $decision }”: a vote against; when agreement is out of reach, the document goes back to the initiator
template-return-back = “{ $decision }”: the document goes back for rework with remarks
template-reject-back = “{ $decision }”: the document goes back for rework
template-reject-count-back = “{ $decision }”: a vote against; when agreement is out of reach, the document goes back for rework
template-reworks = A returned document is reworked by { $who }; the initiator may do it too
template-author = the author of the returned version
template-abstain = “{ $decision }”: the vote is not counted
template-hold = “{ $decision }”: the task stays open
template-hold-at-most = “{ $decision }”: the clock stands still for { $span } at most
template-fills = Fills in { $fields }
template-may-add = One more approver may be asked
template-signs-beside = The signature is a file of its own beside the document
template-may-bulk = It may be agreed to among others, without opening the document
template-may-delegate = The task may be handed on
template-not-reassigned = The task is not given to others
template-no-remarks = Decisions carry no remarks
template-no-comments = Whoever is asked takes no part in the discussion before they decide
template-does-not-block = The run does not wait for this

document-other-kinds = choose another of { $count } kinds
document-by-which-way = Who decides on such a document, and when
template-role-for = { $who }, by the register of mandates for { $entity }
template-signatory = who may sign for { $entity } without a limit, by the register of mandates
template-signatory-up-to = who may sign for { $entity } up to { $amount }, by the register of mandates
template-asks-qualified = A qualified signature
template-asks-advanced = An advanced or qualified signature
template-asks-format = The signature is { $format }
template-link-expires = The link works for { $span }
template-link-views = The link opens { $count ->
    [one] once
   *[other] { $count } times
 } at most

# Texts of workflows that an organisation writes and publishes.
workflow-own = published here
workflow-by-file = by the server’s file
workflow-by-edition = by edition { $number }, published here
workflow-edit = Edit the text
workflow-edit-title = { $title }: the text
workflow-edit-hint = The text is checked while you type. When it is ready, propose it: another administrator publishes it, and documents that start from then on go by it. Documents that are on their way keep what they started with.
workflow-no-publisher = There is no other administrator, so nobody could publish a text of yours: whoever writes it does not publish it. Give somebody else the role first.
workflow-another-writes = { $name } is writing edition { $number }: read it
workflow-does-not-fit = The published edition does not fit the server’s files any more: no document can start by it. Publish a text that does.
workflow-editions = Editions
workflow-model = Download it as a model of BPMN 2.0
workflow-line = Line { $line }:
workflow-accepted = Nothing is wrong with the text, and its examples hold.
workflow-examples-fail = The text can be read, but not every example holds: it cannot be proposed.
workflow-weaker = What becomes weaker
workflow-weaker-hint = Beside what is in force now. Whoever owns these controls should agree.
edition-title = Edition { $number }
edition-number = Edition
edition-state = State
edition-state-draft = draft
edition-state-proposed = waits for another administrator
edition-state-published = published
edition-state-ahead = published, in force later
edition-state-discarded = given up
edition-author = Author
edition-note = What is changed and why
edition-when = When
edition-decision = Decision
edition-published-by = published by { $name }, { $at }
edition-returned-by = given back by { $name }, { $at }
edition-discarded-by = given up by { $name }, { $at }
edition-reason = Why it goes back
edition-came-back = { $name } gave the text back
edition-effective = In force from
edition-changes = What changes in the text
edition-changes-none = Nothing: the text is what is in force.
edition-check = Check
edition-save = Save the draft
edition-propose = Propose
edition-discard = Give this edition up
edition-withdraw = Withdraw this edition
edition-publish-title = Your decision
edition-publish-hint = You did not write this text, so you may publish it. From then on new documents go by it.
edition-from = In force from the day
edition-from-hint = From the beginning of that day; at once if nothing is given.
edition-weaker-noted = I took note of what becomes weaker
edition-publish = Publish
edition-return = Give it back
edition-waits = The text waits for another administrator. You may still change it: then it is a draft again.
edition-ahead-first = Edition { $number } comes into force { $at }. Until then nothing else can be published, unless it is withdrawn.
flash-edition-saved = Edition { $number } is saved.
flash-edition-proposed = Proposed. The other administrators were told by e-mail.
flash-edition-proposed-alone = Proposed. There is no other administrator, and another one has to decide: give somebody else the role.
flash-edition-published = Published. New documents go by it from its moment on.
flash-edition-returned = Given back. Its author was told by e-mail.
flash-edition-discarded = The edition is given up.
flash-edition-withdrawn = Withdrawn. What is in force stays; the other administrators were told by e-mail.
flash-edition-withdrawn-alone = Withdrawn. What is in force stays.
problem-edition-open = Another administrator’s edition of this workflow is open. Wait until it is published or given up, or give it up on its page.
problem-edition-closed = This edition is published or given up already. Open the workflow and begin a new one.
problem-edition-own = You wrote this text yourself: another administrator decides on it.
problem-edition-ahead = Edition { $number } is published for a later day and would take this one’s place then. Wait for its day, or withdraw it on its page.
problem-edition-not-proposed = This edition does not wait for a decision any more. Open it again to see how it stands.
problem-edition-not-accepted = The text is not accepted yet: put right what stands beside it, then propose it again.
problem-edition-changes-nothing = The text is what is in force already: there is nothing to propose.
problem-edition-compared-with-another = Another edition came into force while the page was open, so the comparison is not true any more. Open the page again and look at the changes.
problem-workflow-not-yet-title = The workflow is not in force yet
problem-workflow-not-yet = The workflow “{ $workflow }” is in force from { $day }: until then nothing starts by it.
problem-edition-does-not-fit = Edition { $number } of the workflow “{ $workflow }” does not fit the server’s files any more, so nothing starts by it. Ask an administrator to publish a text that does.
problem-field-not-noted = Tick that you took note of what becomes weaker.
edition-running = { $count ->
    [0] No document is on its way by this workflow.
    [one] One document is on its way and keeps the text that it started with.
   *[other] { $count } documents are on their way and keep the text that they started with.
}
workflow-errors = { $count ->
    [one] One error
   *[other] { $count } errors
}

# Documents under way by other texts
moves-link = { $count ->
    [one] One document under way goes by another text. See what would happen if it went by this one.
   *[other] { $count } documents under way go by other texts. See what would happen if they went by this one.
}
moves-title = Documents under way by other texts
moves-lead = In force is { $text }. A document keeps what it started with until it is moved. Below is what would happen to each: what was decided stands, nobody is asked twice, and where somebody would be left behind the document stays.
moves-none = Every document under way goes by the text in force
moves-none-hint = When another text is published, documents that started before appear here.
moves-none-ready = None of these can be moved as things are. Look again when their open stages are over.
moves-none-chosen = Nothing is chosen
moves-none-chosen-hint = Tick documents in the list. Those that were moved meanwhile, or have ended, are left out.
moves-choose = Move
moves-choose-one = Move “{ $title }”
moves-choose-hidden = Move the document started { $at }
moves-document = Document
moves-hidden = A document that is not for you to see
moves-started = started { $at }
moves-text = Goes by
moves-text-edition = edition { $number }
moves-text-file = the server’s file
moves-text-same = the same text, with kinds or parameters of before
moves-text-earlier = an earlier text
moves-stands = Where it stands
moves-returned = Returned for rework
moves-fate = What would happen
moves-goes-on = Goes on by the text in force, from where it stands.
moves-asks = A task gets: { $names }
moves-releases = No longer asked: { $names }
moves-renamed = “{ $before }” is “{ $after }” from then on
moves-reopens = Asked once more: { $stages }
moves-sets-aside = Agreement that counts no more (whoever gave it is told): { $stages }
moves-stays = Stays
moves-changed = The document has changed meanwhile. Look at it again.
moves-look = Look once more and move
moves-next = The next ones
moves-back = Back to the workflow
moves-confirm-title = Move documents to the text in force
moves-confirm-text = These documents go on by { $text }. Their initiators are told by e-mail, and so is everybody who gets or loses a task.
moves-weaker = What becomes weaker for them
moves-weaker-hint = These controls stand in what the documents go by, and not, or less strictly, in the text in force.
moves-staying = These stay as they are
moves-submit = { $count ->
    [one] Move one document
   *[other] Move { $count } documents
}
flash-documents-moved = { $count ->
    [one] One document was moved.
   *[other] { $count } documents were moved.
}
problem-move-to-another = Another text came into force meanwhile. Look at the list again.
problem-move-own-edition = The text in force has a control weaker, and you wrote it. Another administrator must move the document.
problem-move-weaker-file = The server’s file has a control weaker than what the document goes by. Publish it as an edition: then two people stand behind it.

# Letters: mail-<kind>-<part>, and what all of them share.
mail-greeting = Hello { $name },
mail-footer = This letter was sent by Chancery. Please do not answer: nobody reads what arrives here.
mail-footer-organisation = This letter was sent by Chancery, where { $organisation } approves and signs documents. Please do not answer: nobody reads what arrives here.
mail-open-document = Open the document
mail-do-approve = Open and approve
mail-way-approve = Approve at once
mail-way-acknowledge = Confirm that you have read it
mail-way-return = Return for rework
mail-do-sign = Open and sign
mail-do-acknowledge = Open and acknowledge

mail-fact-document = Document
mail-fact-number = Number
mail-fact-date = Date
mail-fact-amount = Amount
mail-fact-counterparty = Counterparty
mail-fact-stage = Stage
mail-fact-initiator = Initiator
mail-fact-due = Due
mail-fact-reason = Reason
mail-fact-decided-by = Decided by
mail-fact-comment = Comment
mail-fact-remarks = Remarks
mail-fact-asks = Asks you to sign
mail-fact-digest-start = Digest begins with
mail-fact-link-until = The link works until
mail-fact-serial = Serial number
mail-fact-key-made-in = The key was made
mail-key-made-in-browser = in the signer's browser
mail-key-made-in-server = on Chancery's server
mail-fact-key-digest = Key digest (SHA-256)
mail-fact-document-digest = Document digest (SHA-256)
mail-fact-valid-until = Valid until
mail-fact-signed-by = Signed by
mail-fact-signed-at = When
mail-fact-tasks = Tasks
mail-fact-late = Late
mail-fact-question = Question
mail-fact-answer = Answer
mail-fact-answer-to-disagreements = The answer to your disagreements

mail-task-opened-subject = Waits for you: { $title }
mail-task-opened-lead = { $kind ->
    [sign] { $initiator } sends you a document. It waits for your signature.
    [acknowledge] { $initiator } sends you a document to read.
   *[other] { $initiator } sends you a document. It waits for your decision.
}
mail-stands-in-subject = You stand in, waits for you: { $title }
mail-stands-in-lead = { $kind ->
    [sign] { $holder } is away and you stand in. The document waits for a signature: either of you may sign.
    [acknowledge] { $holder } is away and you stand in. The document is to be read: either of you may confirm it.
   *[other] { $holder } is away and you stand in. The document waits for a decision: either of you may decide, and whoever comes first counts.
}
mail-task-delegated-subject = You are asked to decide for somebody: { $title }
mail-task-delegated-lead = { $holder } asks you to decide in their name; both names stay in the history. You may give the task back at any time.
mail-delegation-ended-subject = The task is back with you: { $title }
mail-delegation-ended-lead = { $holder } gives the task back that you handed on. It waits for you again.
mail-delegation-taken-back-subject = No longer waits for you: { $title }
mail-delegation-taken-back-lead = { $holder } will decide after all: the task that was handed on to you was taken back. There is nothing to do.
mail-on-behalf = { $name } (for { $names })
mail-task-withdrawn-subject = No longer waits for you: { $title }
mail-task-withdrawn-lead = The task was closed without your decision. There is nothing to do.
mail-closed-quorum-reached = enough others have decided
mail-closed-returned = the document was returned for rework
mail-closed-rejected = the document was rejected
mail-closed-withdrawn = the initiator took the document back
mail-closed-new-version = a new version of the document came
mail-closed-dropped = whoever asked you no longer needs your decision
mail-closed-cancelled = an administrator cancelled the approval
mail-closed-moved = the task went to somebody else
mail-closed-seat-taken = somebody else of those who were asked decided
mail-closed-expired = the time for approval is over
mail-closed-route-changed = the route of the document has changed and does not ask you any more
mail-due-reminder-subject = Due soon: { $title }
mail-due-reminder-lead = { $kind ->
    [sign] The due date comes near, and the document waits for your signature.
    [acknowledge] The due date comes near, and the document waits for you to read it.
   *[other] The due date comes near, and the document waits for your decision.
}
mail-overdue-subject = Overdue: { $title }
mail-overdue-lead = { $holder ->
    [none] The due date has passed, and the document still waits for you.
   *[other] The due date has passed. The document waits for { $holder }.
}
mail-escalation-failed-subject = Nobody to take it: { $title }
mail-escalation-failed-lead = The due date has passed and the task should go to somebody else, but the workflow finds nobody. { $holder } holds it now. Hand it over yourself, or put the roles right.
mail-hold-ended-subject = The wait is over: { $title }
mail-hold-ended-lead = You put your decision off, and the time for that has passed. The due date runs again.
mail-run-expired-subject = Out of time, the workflow stopped: { $title }
mail-run-expired-lead = { $holder } held the document last. The time that the workflow allows has passed, and the approval is stopped. A new document can be made from its card.
mail-reminder-subject = Reminder: { $title }
mail-reminder-lead = { $kind ->
    [sign] { $initiator } reminds you: the document still waits for your signature.
    [acknowledge] { $initiator } reminds you to read the document.
   *[other] { $initiator } reminds you: the document still waits for your decision.
}
mail-remarks-subject = Approved with remarks: { $title }
mail-remarks-lead = { $person } approved the document and left remarks. The approval goes on.
mail-returned-subject = Returned for rework: { $title }
mail-returned-lead = { $person } returned the document. Correct it, upload a new version and send it again.
mail-returned-lead-many = The document was returned by { $person }. Correct it, upload a new version and send it again.
mail-rejected-subject = Rejected: { $title }
mail-rejected-lead = { $person } rejected the document. The approval has ended.
mail-rejected-lead-outside = The document was rejected and will not take effect. The signing link no longer works; there is nothing to do.
mail-approved-subject = Approved: { $title }
mail-approved-lead-over = All approvals are there. Nothing is left to be done.
mail-approved-lead = All approvals are there. The document now goes on by itself.

mail-signing-invitation-subject = { $organisation } asks you to sign: { $title }
mail-signing-invitation-lead = { $initiator }, on behalf of { $organisation }, asks you to read and sign a document for { $counterparty }. You need no account.
mail-signing-reminder-subject = Reminder: { $organisation } waits for your signature: { $title }
mail-signing-reminder-lead = { $initiator }, on behalf of { $organisation }, reminds you: a document for { $counterparty } still waits for your signature.
mail-signing-reminder-replaced = The link in this letter is new. The earlier one does not work any more.
mail-contact-address-changed-subject = { $organisation }: another address for letters to sign
mail-contact-address-changed-lead = { $organisation } changed the address to which { $person } gets links and codes for signing. This letter went to the earlier address and to the new one.
mail-contact-address-changed-links = Links that were sent to the earlier address do not work any more. Whoever asks for a signature will send a new one.
mail-contact-address-changed-warning = If you did not ask for this, tell { $organisation } by a phone or address that you know yourself.
mail-fact-changed-at = When
mail-signing-invitation-button = Read and sign
mail-signing-invitation-typed-code = If the link does not open, go to { $url } and type the code { $code }.
mail-signing-invitation-recorded = What will be recorded: when you opened the document, which pages were loaded and which of them you marked as read, your network address and your browser's name, your two consents and the signature itself. Before you sign we mail a code to this address: it shows control of the mailbox, nothing more.
mail-signing-invitation-personal = The link is yours alone. If somebody else signs, open it and name them: we will send them a new one. You can also refuse or ask a question.
mail-signing-invitation-before = { $person } had this document before; now you are named as the signatory.

mail-code-subject = Code { $code } to sign: { $title }
mail-code-lead = Type this code on the signing page.
mail-code-lead-proof = Type this code on the page of the document: it opens the signed file.
mail-code-subject-proof = Code { $code }: the signed document { $title }
mail-code-lead-answer = Type this code on the page of the link: it shows what you answered.
mail-code-subject-answer = Code { $code }: your answer on { $title }
mail-code-until = { $minutes ->
    [one] The code works for { $minutes } minute, once.
   *[other] The code works for { $minutes } minutes, once.
}
mail-code-warning = Tell it to nobody. If you are not signing anything, simply delete this letter.

mail-certificate-issued-subject = A certificate was issued in your name: { $title }
mail-certificate-issued-lead = To sign this document, a certificate for one signature was issued in your name.
mail-certificate-issued-warning = If signing took more than one try, there may be several such mails: the certificate that counts is the one in the signed file. If you are not signing anything now, tell whoever sent you the document at once.

mail-signed-subject = Signed: { $title }
mail-signed-lead = { $person } signed the document.
mail-refused-subject = Signing refused: { $title }
mail-refused-lead = { $person } refused to sign the document.
mail-answer-recorded-subject-refusal = Your refusal is recorded: { $title }
mail-answer-recorded-lead-refusal = You refused to sign the document. Your refusal is recorded, and whoever sent you the document is told.
mail-answer-recorded-subject-protocol = Your protocol of disagreements has arrived: { $title }
mail-answer-recorded-lead-protocol = You returned the document with a protocol of disagreements. It has arrived, and whoever sent you the document is told.
mail-answer-recorded-subject-hand-over = The document went to another signatory: { $title }
mail-answer-recorded-lead-hand-over = You named who signs in your place. The document went to that person, and your link works no more.
mail-answer-recorded-keep = Keep this letter: it shows what you answered, and when. If it was not you, write at once to whoever sent you the document.
mail-fact-recorded-at = Recorded
mail-fact-protocol-digest = Digest of the protocol (SHA-256)
mail-fact-your-words = Your words
mail-mentioned-subject = You are named in a discussion: { $title }
mail-mentioned-lead = { $person } addresses you in the discussion of a document.
mail-mentioned-answer = Answer on the document's page.
mail-fact-said = Said
mail-question-asked-subject = A question about: { $title }
mail-question-asked-lead = { $person } asks a question before signing and waits for an answer on the document's page.
mail-handed-over-subject = Somebody else signs: { $title }
mail-handed-over-lead = { $person } is not the signatory and named { $named } instead. A letter with a link of its own has gone to the address below.
mail-handed-over-check = The counterparty named this person; we have not checked it. If the name or the address is unknown to you, ask the counterparty by a telephone number or address that you know yourself, and revoke the link on the document's page.
mail-fact-handed-by = Handed over by
mail-fact-signs-now = Signs now
mail-fact-position = Position
mail-fact-address = E-mail
mail-question-answered-subject = An answer to your question: { $title }
mail-question-answered-lead = { $person } answers your question.
mail-question-answered-continue = If you have neither signed nor refused yet, open the link in the invitation: it still works.
mail-completed-subject = Done, signed by everybody: { $title }
mail-completed-lead = The document is signed by all sides.
mail-completed-with-file = The signed file is attached. Keep it: the signatures are inside. Our page “Check a signature” checks them fully; other programs may call a certificate expired or unknown, because it was made for one signature, whose time a timestamp proves.
mail-completed-with-files = The signed file is attached, and so are the signatures of the document that are files of their own. Our page “Check a signature” checks them all fully; other programs may call the certificate of a signature inside the file expired or unknown, because it was made for one signature, whose time a timestamp proves.
mail-completed-with-signatures = The document is attached, and its signatures as files of their own. Our page “Check a signature” checks them.
mail-completed-places = Signatures inside the file: { $inside }. Signatures in files of their own: { $beside }.
mail-completed-keep-together = Keep all the files together: a signature of its own is checked with the file that is named beside it.
mail-completed-beside = { $name } ({ $signer }), over the file { $file }
mail-completed-beside-judged = { $name } ({ $signer }), over the file { $file }. Our check when it came: { $verdict }
mail-completed-without-file = The signed file is not attached to this letter.
mail-completed-too-large = The signed file is too large to be attached to a letter.
mail-completed-on-the-page = Download it on the document's page.
mail-completed-by-link = To download it, open the link of your invitation again, or type the code in it: a new code will be sent.
mail-completed-button = Get the signed file

mail-password-reset-subject = A new password
mail-password-reset-lead = Somebody, probably you, asked to set a new password for Chancery ({ $organisation }).
mail-password-reset-button = Set a new password
mail-password-reset-warning = If it was not you, do nothing: the old password still works.
mail-invitation-subject = { $organisation } invites you to Chancery
mail-invitation-lead = { $inviter } invites you to approve and sign the documents of { $organisation }. Set a password to log in.
mail-invitation-button = Set a password and log in
mail-invitation-warning = The link is yours alone and works once. If you did not expect an invitation, delete this letter.
mail-login-changed-subject = { $organisation }: your address for logging in was changed
mail-login-changed-lead = { $organisation } changed the address with which { $person } logs in and to which letters go. This letter went to the earlier address and to the new one.
mail-login-changed-links = All sessions, tokens and links that were sent to the earlier address do not work any more.
mail-login-changed-warning = If you did not ask for this, tell your administrator and your security officer at once.
mail-verdict-changed-subject = The verdict on a signature has changed: { $title }
mail-verdict-changed-lead = { $worst ->
    [failed] A stored signature is not valid now. Do not rely on the document until you know why.
    [indeterminate] A stored signature cannot be fully checked now. See the reason on the document's page.
   *[passed] A stored signature is valid now.
}
mail-verdict-changed-change = Before: { $before }. Now: { $after }
mail-verdict-changed-revoked = A certificate of this signature was revoked on { $at }.
mail-verdict-changed-list = All signatures of the organisation: { $url }
mail-verdict-changed-last = Many verdicts have changed today. No more letters follow for this day: see the others in the list.
mail-power-changed-subject = The verdict on a power of attorney has changed: { $title }
mail-power-changed-lead = { $worst ->
    [refused] A power of attorney beside a stored signature confirms no authority any more. Do not rely on the document until you know why.
    [undecided] A power of attorney beside a stored signature cannot be fully checked now. See the reason on the document's page.
   *[confirmed] A power of attorney beside a stored signature confirms the authority now, as far as that is seen without the register of powers, which we do not ask.
}
mail-power-changed-power = Power of attorney { $number }, signed by { $name }
mail-power-changed-change = Before: { $before } Now: { $after }
mail-power-changed-last = Many verdicts on powers of attorney have changed today. No more letters follow for this day: see the others on the documents' pages and in the audit log.
mail-fact-detached = Detached signature
mail-fact-version = Version
mail-notice-subject = { $subject }
mail-notice-lead = { $text }
mail-incident-subject = Stands still: { $title }
mail-incident-lead = The document goes no further by itself: an automatic stage of its workflow could not be gone through. Put right what is told below, then let it try again on the page “Calls outside”. It asks anew, and nothing is done twice.
mail-incident-subject-owner = Stands still: { $title }
mail-incident-lead-owner = The document goes no further by itself: an automatic stage of a workflow that you answer for could not be gone through. Administrators are told as well. When what is told below is put right, let it try again on the document’s page. It asks anew, and nothing is done twice.
mail-incident-open = Open calls outside
mail-not-started-subject = Not started: { $title }
mail-not-started-lead = The document was to go on its way by itself, and did not: it stays a draft, and nothing was done. Put right what is told below, then start it on its page.
mail-fact-happened = What happened
mail-task-digest-subject = { $count ->
    [one] { $count } task waits for you
   *[other] { $count } tasks wait for you
}
mail-task-digest-lead = Everything that waits for your decision.
mail-task-digest-button = Open the tasks
mail-task-digest-due = due { $when }
mail-task-digest-more = { $count ->
    [one] And { $count } more task.
   *[other] And { $count } more tasks.
}
mail-task-digest-settings = Your profile has letters about each task.
mail-fact-workflow = Workflow
mail-fact-route-before = Went by
mail-fact-route-after = Goes by now
mail-fact-edition = Edition
mail-fact-effective-at = In force from
mail-route-changed-subject = Another route: { $title }
mail-route-changed-lead = { $person } let the document go on by another text of its workflow. What was decided stands. Whoever is asked from now on, or is asked no more, is told in letters of their own.
mail-route-changed-text-edition = edition { $number }
mail-route-changed-text-file = the server’s file
mail-route-changed-text-same = the same text, with kinds or parameters of before
mail-route-changed-text-earlier = an earlier text
mail-vote-set-aside-subject = Your agreement is asked for no more: { $title }
mail-vote-set-aside-lead = { $person } let the document go on by another text of its workflow, which does not have the stage in which you agreed, or asks there for another thing. Your decision stays in the history of the document and counts for nothing from now on. Whoever is asked in its place is told with their task.
mail-edition-subject-proposed = To be published: { $title }, edition { $number }
mail-edition-lead-proposed = { $person } proposes another text for the workflow “{ $title }”. Look at what it changes and weakens, then publish it or give it back. Until then documents go by the text in force.
mail-edition-subject-published = Published: { $title }, edition { $number }
mail-edition-lead-published = Your text of the workflow “{ $title }” was published by { $person }. Documents that start from then on go by it.
mail-edition-subject-returned = Given back: { $title }, edition { $number }
mail-edition-lead-returned = Your text of the workflow “{ $title }” was given back by { $person }. Change it and propose it again, or give it up.
mail-edition-subject-withdrawn = Withdrawn: { $title }, edition { $number }
mail-edition-lead-withdrawn = { $person } withdrew edition { $number } of the workflow “{ $title }”, which was published for a later day. It will not come into force; documents go on by the text that is in force now.
mail-edition-open = Open the edition

# The counterparty's way through a link: the pages of the document, code, reading and end
link-about = About the document
link-fact-number = Number
link-fact-purpose = About
link-fact-due = Sign by
link-fact-asker = Who asks
link-fact-signer = Who signs
link-fact-file = File
link-fact-file-before = The file before signing
link-pages = { $count ->
    [one] { $count } page
   *[other] { $count } pages
 }
link-step = Step { $step } of 4
link-step-code = Code
link-step-read = Reading
link-step-consents = Consents
link-step-sign = Signature
link-ask-hint = The answer comes by mail. The link goes on working.
link-hand-over-hint = Name who signs: they get a letter of their own.
link-disagree-hint = Attach a protocol: the document goes back for rework.
link-refuse-hint = The approval ends. Whoever asks, and those who approved, see the reason.
link-code-then = After the code comes:
link-code-sent = We mailed a code to { $email }: { $at }.
link-code-until = It works until { $at }.
link-code-absent = No letter? Look into the spam folder.
link-code-again = Send a new code
flash-code-first = First prove your mailbox with a code.
link-read-title = { $many ->
    [0] Page { $from } of { $count }
   *[other] Pages { $from }–{ $to } of { $count }
 }
link-read-next = { $many ->
    [0] Read, on to page { $from }
   *[other] Read, on to pages { $from }–{ $to }
 }
link-questions = Your questions
link-discussion = Questions and answers
link-said = { $person } writes
link-question-waits = { $person } has not answered yet. The answer comes by mail as well.
link-question-answer = { $person } answers
link-ask-text = { $person } gets the question. The answer comes to your mailbox and appears here; the link goes on working.
link-refuse-text = The approval ends and the link stops working. { $person } and those who approved the document read the reason. If only the terms need a change, attach a protocol of disagreements instead.
link-disagree-text = Attach the file and say in a few words what to change. { $person } gets it. The document goes back for rework, and this link stops working; a new mail comes with the answer or a new version.
link-disagree-file = Protocol of disagreements
link-disagree-file-hint = PDF or DOCX, at most { $megabytes } MB
link-disagree-label = The gist in a few words
problem-field-protocol-missing = Attach the protocol: a PDF or DOCX file.
problem-field-protocol-unreadable = The file cannot be read: it is cut off or damaged. Save the protocol again and attach it anew.
problem-field-protocol-not-taken = The file “{ $name }” is not taken: it must be a PDF or DOCX. Save the protocol as one of these and attach it again.
link-signed-at = Signed { $at }.
link-signed-next = The document now goes on its way. When everything is done, we will mail you the signed file.
link-signed-complete = Every party has signed, the document is in force. A letter with the signed file is on its way to you.
link-signed-all = All sides have signed; the document is in force.
link-signed-code = Confirm your mailbox by a new code: the signed file, your certificate and the evidence are here then.
link-proof-title = Your copy
link-proof-inside = The signatures are inside the file.
link-proof-own = Your signature is a file beside the document. Keep both together: one is checked with the other.
link-proof-own-signature = Download your signature
link-proof-own-file = Download the document that it signs
link-proof-own-others = Others signed in a copy of the document:
link-proof-places = The signatures are in two places: { $inside } inside this file, { $beside } in files of their own. Keep them all together: a signature of its own is checked with the file that is named below it.
link-proof-beside = Signatures in files of their own
link-proof-check = Our page checks the signatures fully. Other programs see them too, but may call a certificate expired or unknown: ours is made for one signature, whose time a timestamp proves. Check:
beside-over = It is over the file
link-proof-server = The server made the key for this one signature and forgot it: your browser lacked the means. The evidence says so.
link-proof-state = The document’s state: { $state }.
link-proof-certificate = Your certificate
link-proof-evidence = Download the evidence (JSON)
link-proof-evidence-text = A file for a lawyer or an expert: when the document was opened, which pages were loaded and marked as read, your consents, the key and certificate of the signature, and signatures in files of their own if there are any. Keep it beside the signed document.
link-copies = Earlier copies and their digests
link-copies-why = The signed file only grows: every further signature, and the evidence and timestamps that keep the signatures provable, are added at its end. Each time its digest changes. A copy that you saved earlier stays good: its signatures are the same, and the newest copy begins with every byte of it.
link-copy-signed = { $at }: { $name } signed. { $count ->
    [one] The copy holds { $count } signature.
   *[other] The copy holds { $count } signatures.
}
link-copy-extended = { $at }: { $level ->
    [B-LT] evidence for later checks was added
   *[other] evidence for later checks and a timestamp were added
} ({ $level }), nobody signed anew. { $count ->
    [one] The copy holds the same { $count } signature.
   *[other] The copy holds the same { $count } signatures.
}
link-proof-digest = Digest of the signed file
link-renewed-title = A new link was sent
link-renewed-text = It is in a letter to the same address. You may close this page.
link-ended-document = Document: { $title }
link-ended-words = Your answer:
link-refused-text = Whoever asked you to sign gets the reason. Nothing more is to be done through this link.
link-returned-text = Whoever asked you to sign gets the protocol and your words. When there is an answer or a new version, you get a new mail.
sign-consents-why = The law asks for each of them separately. The texts are short, please read them.
sign-unanswered = { $count ->
    [one] You asked a question and have no answer yet. Sign anyway?
   *[other] You asked { $count } questions and have no answers yet. Sign anyway?
}
sign-unanswered-text = You need not wait, but a signature cannot be taken back. If the answer matters, close this page: it comes by mail, and the link goes on working.
sign-next-title = What happens next
sign-next = The signature goes into the file itself. Right after it the file can be downloaded and checked, and a mail tells you of the certificate that was issued.
sign-next-beside = The signature is kept as a file beside the document (.p7s). Right after it both can be downloaded and checked together, and a mail tells you of the certificate that was issued.
mail-fact-purpose = About
mail-fact-sign-by = Sign by
mail-fact-protocol = Protocol of disagreements
mail-fact-note = What is needed
mail-signing-invitation-why = Why you get this letter: you were named as the signatory of { $counterparty }. If you did not expect this document, open nothing and ask whoever wants it signed, by a phone or address that you know yourself.

# The page of a document: what came from the counterparty
outside-title = Counterparty
outside-nobody-signs = { $name } has no link: nobody can sign the document now.
outside-nobody-signs-do = What can be done
outside-protocol-file = Protocol of disagreements:
outside-protocol = returns the document with a protocol of disagreements
outside-question = asks
outside-asks = A question of the counterparty: { $name }.
outside-asks-answer = Answer
outside-answer = Answer
outside-answer-label = Your answer
outside-answer-hint = It goes by mail to whoever asked, and appears on their page.
outside-answer-submit = Answer
outside-no-answer = There is no answer yet.
outside-no-link = No link works now
outside-send-link = Send a new link
outside-send-link-hint = The letter goes to this person; the earlier link stops working.
outside-send-link-first = A mail with a link goes to this person.
outside-revoke = Revoke the link
outside-revoke-reason = Why
outside-revoke-hint = Only your side sees the reason. The task stays open: a new link can be sent later.
outside-revoke-submit = Revoke
outside-rename = Somebody else signs
outside-rename-label = Who signs
outside-rename-submit = Hand over and send a link
outside-more = The newest { $count } records of each sort are shown.
outside-link = Signing link: { $person }
outside-link-sent = sent
outside-link-opened = opened
outside-link-unopened = not opened yet
outside-link-until = works until
outside-link-closed = ended
outside-link-active = waiting
outside-link-signed = signed
outside-link-refused = refused
outside-link-returned = disagreements
outside-link-handed-over = handed over
outside-link-expired = expired
outside-link-revoked = withdrawn
beside-valid = When this signature was brought, our check confirmed it fully.
beside-open = When this signature was brought, our check confirmed it, but nobody said whether its certificate was revoked: “Check a signature” says more.
beside-undecided = When this signature was brought, it could not be checked to the end: “Check a signature” says why.
beside-not-asked = No task asked for this signature: { $name } laid it beside.

# What the evidence of a signature says of what its signer was sent
evidence-title = How it was signed: who, how they came, what they were shown
evidence-identity-mailbox = Identity: { $name }, { $organisation }. { $by ->
    [none] That is what the sender called the signer.
   *[other] That is what { $by }, whom the sender had asked to sign, called the signer instead of themselves.
} Proven is only access to the mailbox { $email }; nobody looked at papers.
evidence-identity-login = Identity: { $name }, { $organisation }, logged in to this service with their own account ({ $email }).
evidence-link-mailed = The letter with the link was sent on { $at }.
evidence-link-opened = The link was opened on { $at }.
evidence-code-sent = A code was sent to the same mailbox on { $at }.
evidence-code-given = The code was entered on { $at }.
evidence-by-token = A program signed with its access token.
evidence-address = The signer's network address: { $address }.
evidence-brought = The file with the signature was brought not by its signer but by { $name }: this server did not see who signed, and how.
evidence-brought-address = The network address of whoever brought it: { $address }.
evidence-consent-electronic-signature = Consent to sign electronically was given on { $at } (the text has the SHA-256 { $digest }).
evidence-consent-personal-data = Consent to the processing of personal data was given on { $at } (the text has the SHA-256 { $digest }).
evidence-key-browser = The key was made in the signer's browser and never left it.
evidence-key-server = The key was made on the server for this one signature and forgotten at once.
evidence-key-outside = The key is kept by its holder; who that is, their certificate says.
evidence-shown-version = { $name } was asked to sign version { $number } of the document: the file with the SHA-256 digest { $digest }.
evidence-shown-pages = { $same ->
    [yes] { $count ->
        [one] The server sent page { $pages } of it as an image on { $first }.
       *[other] The server sent pages { $pages } of it as images on { $first }.
    }
   *[no] The server sent pages { $pages } of it as images, each for the first time from { $first } to { $last }.
}
evidence-shown-file = The server sent the file itself on { $at }.
evidence-shown-means = That proves what was sent, not that it was read: that a page was read is the signer’s own word.
evidence-shown-nothing = Nothing is recorded as sent to the signer before the signature.

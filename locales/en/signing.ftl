# The mark of a signature and the signature sheet
mark-serial = Certificate { $serial }
mark-note = Key and certificate are for this signature only
sheet-title = Signature sheet
sheet-document = Document
sheet-number = Number
sheet-number-value = { $number } of { $on }
sheet-version = Version
sheet-digest = SHA-256 of the file
sheet-attachments = Attachments
sheet-attachment-name = File name
sheet-attachment-digest = SHA-256
sheet-marks = Signatures
sheet-footer = A mark on this sheet proves nothing. Signatures within this file are shown by any PAdES verifier: who signed, when, and whether the file was changed. A signature in a separate file (.p7s) has no mark: it is checked with the file that it is over, and if it came after this sheet was made it is not named here.
sheet-apart = Signed in separate files
sheet-apart-value = { $name }, { $on }

# The way in by a link
link-entry-title = A document to sign
link-entry-ready = The link from the letter is in place. Press the button to see who asks you to sign, and what.
link-entry-open = Open the document
link-entry-typed = Type the short code from the mail. You need it if the link did not open by itself.
link-over-code = Enter the code of another letter
link-typed-code = Code from the mail
link-typed-code-hint = Twelve characters, such as K7PM-2QXR-9TAB
link-entry-note = Opening the document is not signing it: you will read everything first.
problem-field-link-revoked = This link was revoked. A new one, if needed, comes by mail from whoever asks you to sign.
problem-field-link-handed-over = The document was handed over to another signatory; this link does not work any more.
problem-field-link-over = This link does not work any more.
problem-link-revoked-title = The link was revoked
problem-link-revoked = { $why ->
    [newer] On { $at } you were sent another link to the same document: open the newest mail.
    [other_signatory] Whoever asks has named another signatory since. Nothing more is needed from you.
    [new_version] The document has another version since, and this link led to the earlier one (until { $at }). If your signature is needed, the link is in a newer mail.
    [document_over] The document does not wait for a signature any more: it was withdrawn, or the approval ended ({ $at }).
   *[sender] Whoever asks withdrew the link ({ $at }). A new one, if needed, comes by mail. If that surprises you, ask them.
 }
problem-link-handed-over-title = Handed over to somebody else
problem-link-handed-over = The link does not work any more: since { $at } somebody else signs.
problem-link-over-title = The link does not work any more
problem-link-over = { $why ->
    [refused] You refused to sign by it on { $at }. There is nothing left to do.
   *[returned] You returned the document with your disagreements by it on { $at }. There is nothing left to do.
 }
link-over-known = It was about “{ $title }”, sent by { $organisation }.
link-over-sender = It was sent by { $organisation }.
link-nothing-done = Nothing was done.
flash-link-not-active = Nothing was done: the link had ended before that. Why stands below.
problem-field-link-unknown = There is no such code. Check the characters, or open the link from the mail again.
problem-link-unknown-title = No such link
problem-link-unknown = Check the code, or open the link from the mail again.
problem-link-visit-ended-title = This visit has ended
problem-link-visit-ended = The time is over, or the link was revoked or replaced. Open the link from the newest mail: if it works, what you did is kept.
problem-link-not-active-title = The link does not work any more
problem-link-not-active = The document is signed or withdrawn, or the link's time has passed. Go back to the document's page: it says what can be done.
problem-link-not-verified-title = The code first
problem-link-not-verified = Confirm your mailbox with the six-digit code and go on.
problem-link-not-expired-title = No new link is needed
problem-link-not-expired = This link still works, or the document does not wait for a signature any more.
problem-link-renewed-already-title = A new link is on its way
problem-link-renewed-already = Look into your mail: the new link was sent already.

# The document
link-number = { $number } of { $on }
link-asks = { $organisation } asks you to sign
link-expires = The link works until { $at }.
link-ways = If it is too early to sign
link-ask = Ask a question
link-hand-over = I am not the signatory
link-disagree = We disagree
link-refuse = Refuse
link-to-sign = To the consents and the signature
link-to-read = Read and sign
link-read-again = Read the pages again
link-progress = { $read } of { $count } pages marked as read
link-file = Download the exact file
link-cancel = Back to the document
link-code-title = Show that the mailbox is yours
link-code-why-answer = We will mail a six-digit code to { $email }, the mailbox that the letter came to. It shows the words that you answered with.
link-code-why = We will mail a six-digit code to { $email }, the mailbox that the letter came to. The document is not shown without it.
link-code-send = Send me a code
link-code = Six digits from the letter
link-code-give = Continue
problem-field-code-wrong = That is not the code. Take it from the newest mail: earlier ones do not work. { $left ->
    [0] No tries are left: get a new code.
    [one] { $left } try is left.
   *[other] { $left } tries are left.
 }
problem-field-code-absent = No code is valid now. Get a new one.
problem-field-code-not-six-digits = The code has six digits. Take it from the newest mail.
problem-field-code-exhausted = No tries are left. Get a new code.
problem-field-codes-too-many = Too many requests in a row. { $minutes ->
    [0] Try again in a minute.
    [one] Try again in { $minutes } minute.
   *[other] Try again in { $minutes } minutes.
 } The last code that was sent works until its time is over.
problem-field-code-link-spent = Too many wrong codes were given through this link. Ask for a new link.
problem-code-link-spent-title = Too many wrong codes
problem-code-link-spent = Too many wrong codes were given through this link. Ask for a new link.
problem-link-none-active-title = Nothing to revoke
problem-link-none-active = This task has no link that works now.
problem-task-not-of-contact-title = Not a counterparty’s task
problem-task-not-of-contact = Only tasks that a counterparty signs have links.
problem-field-contact-not-theirs = Choose another person at the same counterparty, not one from the archive.
problem-field-consent-text-changed = The text has changed since. Read the new one and agree to it.
flash-link-sent = The new link was mailed, the earlier one revoked.
flash-link-revoked = The link was revoked. A new one can be sent at any time.
flash-contact-named = The document was handed over. Now to sign: { $names }.
problem-field-link-not-active = The link does not work any more.
link-recorded = What will be recorded
link-recorded-text = When you opened the link, your network address and the program you use; when the code was sent and typed; which pages were loaded and marked as read; your consents; the signature and its certificate. The code proves access to the mailbox only, and the record says so. It is kept, with the signature, by the organisation that asks you to sign.
link-spent-title = Too many wrong codes
link-spent-text = This link takes no more codes. We will mail a new one to { $email }.
link-signed-title = You have signed the document
link-signed-file = Download the signed file
link-expired-title = The link's time has passed
link-expired-at = It worked until { $at }.
link-expired-text = Nothing is lost. We will mail a new one to the same address as before.
link-renew = Send me a new link
link-ended-at = The link ended on { $at }.
link-refused-at = You refused on { $at }.
link-returned-at = You returned the document on { $at }.
link-ended-code = To read your own words here, show by a new code that the mailbox is yours.
link-refused-title = You refused to sign
link-returned-title = Your disagreements were sent
link-handed-title = The document went to another signatory
link-handed-text = That person has been sent a letter with a link of their own. Nothing more is needed from you.
link-revoked-title = The link was withdrawn
link-revoked-text = { $why ->
    [newer] You were sent another link to the same document: it is in the newest mail.
    [other_signatory] Whoever asks has named another signatory. Nothing more is needed from you.
    [new_version] The document has another version since, and this link led to the earlier one. If your signature is needed, the link is in a newer mail.
    [document_over] The document does not wait for a signature any more: it was withdrawn, or the approval ended.
   *[sender] Whoever asks withdrew it. A new one, if needed, comes by mail. If that surprises you, ask them.
 }

# Reading
link-read-progress = How much is read
link-page = Page { $page } of { $count }
link-page-alone = Enlarge
page-absent = Page { $page } cannot be shown
page-absent-text = No image of this page can be drawn: it is too complex or damaged. Open the file in a program of your own, where it may be seen.
link-page-text = Text of the page
link-attachments = Attachments
link-read-finish = All read, on to the consents
link-read-back = Back

# Words
link-ask-title = A question about the document
link-ask-label = Your question
link-ask-submit = Send the question
link-refuse-title = Refuse to sign
link-refuse-label = Reason
link-refuse-submit = Refuse to sign
link-disagree-title = Protocol of disagreements
link-disagree-submit = Return with disagreements
link-hand-over-title = Who signs instead of you
link-hand-over-text = Name the signatory of { $organisation }. They get a link and codes of their own, and this link stops working.
link-hand-over-name = Full name
link-hand-over-email = E-mail
link-hand-over-position = Position
link-hand-over-submit = Hand over
problem-field-holds-address = Write words only, no links or addresses: take out “://” and “@”.
problem-field-address-ours = Somebody of the organisation that sends the documents reads this address. Whoever signs for the counterparty needs an address of their own.
problem-field-hand-over-same = That is your own address. Give somebody else's.

# Signing
sign-pages-here = Show the pages
sign-back = To the document
sign-consents-title = Two consents
sign-consent-electronic-signature = I agree to sign electronically by the organisation's rules
sign-consent-personal-data = I agree to the processing of my personal data
sign-consent-read = Read the text
sign-consents-submit = Give the consents
problem-field-consent-needed = Without this consent you cannot sign.
sign-title = Sign
sign-who = { $person } signs for { $organisation }. This name will stand in the certificate.
sign-submit = Sign the document
sign-submit-number = Sign document No.{ "\u00A0" }{ $number }
sign-note-browser = The key of this signature is made in this browser, for this document only, and never leaves it.
sign-note-server = The server makes the key of this signature, for this document only, and forgets it at once. The evidence will say so.
sign-seals-no-changes = Your signature closes the file: after it nothing in it may be changed, not even another signature added.
sign-seals-fill-and-sign = Your signature certifies the file: after it, only forms may be filled in and signatures added.
sign-seals-annotate = Your signature certifies the file: after it, only forms may be filled in and signatures and comments added.
sign-seals-lock-all = It locks all fields of the form in the file.
sign-seals-lock = It locks these fields of the form in the file: { $fields }.
sign-note-ed25519 = Not every viewer accepts an Ed25519 signature.
sign-preparing = Making the key and preparing the file…
sign-checking = Comparing the file with what you were shown…
sign-sending = Sending the signature…
sign-failed = It was not signed. Check the connection and press again.
sign-unknown = The connection broke, and we do not know whether the signature arrived. Check the connection and press again: if the document is signed already, the page says so; there will be no second signature.
sign-other-file = The file to sign is not the one you were shown. Nothing was signed. Reload the page and tell whoever sent the document.
sign-file-title = The file you sign
sign-file = Download this file
sign-file-main = Exactly these bytes; the signature sheet and your signature are added to them.
sign-file-signed = The copy with the signatures that are there already: yours is added to these bytes.
sign-sheet-to-come = One page is added at the end: see what it says
sign-sheet-to-come-text = The signature sheet comes after the last page of the document. Your mark stands on it: name, organisation, time and number of the certificate. The pages of the document stay as they are.
sign-sheet = Your mark goes on this page, which an earlier signature added at the end
sheet-page = The signature sheet: the page that signing added
sheet-page-text = It follows the last page of the document in the signed file. It is no page of the document that was approved.
sign-file-main-beside = Exactly these bytes, and they stay as they are: your signature is a file of its own beside the document.
sign-file-signed-beside = The copy with the signatures that are there already. It stays as it is: yours is a file of its own beside it.
sign-file-beside = { $count ->
    [one] { $count } more signature of this document is a file of its own:
   *[other] { $count } more signatures of this document are files of their own:
 }
sign-file-other = This copy has signatures and a sheet of signatures already, so it has more pages and another digest than the document in the mail ({ $start }…). The document inside is the same: that is checked.
link-digest = Digest
sign-prepared = The prepared file
sign-prepared-beside = The file that is signed
sign-what = What exactly is signed
sign-what-text = The file you were shown, and a signature sheet at its end. The page itself compares the file's digest before it signs.
sign-what-text-beside = All of this file, byte for byte: nothing is added to it. The page itself compares the file's digest before it signs.
flash-code-sent = The code is sent. Look into your mail.
flash-code-right = The mailbox is confirmed.
flash-link-renewed = A new link is on its way to your mailbox.
flash-read-first = Read every page first.
flash-pages-read = { $to } of { $count } pages read.
flash-all-read = You marked every page as read.
flash-consents-given = The consents are recorded.
flash-signed = The document is signed.
flash-signed-beside = The document is signed. The signature is a file beside it.
flash-question-asked = Your question is sent. The answer comes to your mailbox.
flash-question-answered = Your answer is sent.
flash-refused = “{ $title }”: your refusal is recorded and passed on.
flash-disagreed = “{ $title }”: your disagreements are passed on.
flash-handed-over = “{ $title }”: the document went to the signatory you named.
problem-task-not-open-title = The task is closed already
problem-task-not-open = There is nothing to sign here any more: the task is closed. Open the document to see how it ended.
problem-task-not-sign-title = This is not a task to sign
problem-task-not-sign = Open the document: it shows what can be done with it.
problem-sign-not-asked-title = Somebody else is asked to sign
problem-sign-not-asked = This page is for { $name }: only they sign here. What you can do: see on the document’s page how far it is and since when it waits. If somebody else is to sign, an administrator hands the task over, or the initiator withdraws the document and starts it again.
problem-consents-needed-title = The consents are needed
problem-consents-needed = Give both consents on the signing page.
sign-unopened = You have not been shown these pages yet: { $pages }. You can sign once you have seen every page or have downloaded the file.
sign-unopened-link = See the pages
problem-pages-unopened-title = Not every page was opened
problem-pages-unopened = Not shown yet: pages { $pages }. Scroll down to them and wait for the images, or download the exact file and read it.
problem-pages-unread-title = Not every page is read
problem-pages-unread = Read the document to its end and sign.
problem-key-invalid-title = The key does not fit
problem-key-invalid = The browser sent a key that cannot be read. Reload the page and try again.
problem-key-not-accepted-title = A key of another kind
problem-key-not-accepted = Keys of another algorithm sign here. Reload the page.
problem-name-not-certifiable-title = The name cannot stand in a certificate
problem-name-not-certifiable = Mend the signatory's name or address in the directory: they have characters that a certificate cannot have.
problem-pdf-not-signable-title = This file cannot take a signature
problem-pdf-not-signable = Bring a new version of the file. The reason: { $why }
problem-file-signed-before-title = The file is signed already
problem-file-signed-before = By this document's route a signature is to certify the file, and only the first signature of a file does. Bring a new version: the same document without signatures.
problem-authority-revoked-title = Nobody can sign now
problem-authority-revoked = The key of the organisation's authority is revoked, and nobody would accept a certificate that it issued. An administrator has to replace it: `chancery authority rotate`.
problem-lock-fields-absent-title = The file lacks the fields that are to be locked
problem-lock-fields-absent = By the route a signature locks fields of the form that the file does not have: { $fields }. Bring a file with such a form, or ask for the route to be corrected.
problem-signing-stale-title = Somebody else signed in between
problem-signing-stale = Press “Sign” again: your signature goes onto the new copy.
problem-signing-expired-title = The signing was not completed in time
problem-signing-expired = Press “Sign” again.
problem-signing-abandoned-title = This signing was begun anew
problem-signing-abandoned = Complete it in the tab where you began last.
problem-signing-completed-title = Signed already
problem-signing-completed = This signature is there already.
problem-signature-wrong-title = The signature does not fit
problem-signature-wrong = The value is not that of the key. Reload the page and try again.
problem-question-answered-title = The question is answered already
problem-question-answered = The document shows the answer.
problem-field-codes-too-many-none = No more codes are sent within this hour. { $minutes ->
    [0] Try again in a minute.
    [one] Try again in { $minutes } minute.
   *[other] Try again in { $minutes } minutes.
 } Ask for a new one then.
sign-asks-qualified = A qualified signature is asked for: with a certificate of your own from a trusted issuer.
sign-asks-advanced = An advanced signature is asked for: with the key that is made here, or with a certificate of your own from a trusted issuer.
sign-asks-format = The signature is to be { $format }.
sign-own-key = A key that is made on this page is never enough for a qualified signature. Sign with your own: a program on your computer does it by the API (`/api/reference`); whoever works here may also bring a signature in a file of its own on the document’s page, if the route does not ask for one inside the file.
problem-signature-not-qualified-title = A qualified signature is needed
problem-signature-not-qualified = By the route this document is signed with a qualified signature, and this one is not: its certificate was not issued as a qualified one. Sign with a qualified certificate of your own.
problem-signature-kind-unproven-title = The kind of the signature is not proven
problem-signature-kind-unproven = The certificate says what the route demands, but nobody whom this server trusts stands behind it, or the check did not come to its end. The page /verify says why; the administrator adds trusted lists.
problem-signature-format-other-title = Another form of signature is needed
problem-signature-format-other = By the route the signature is to be { $wanted }; this one is { $found }. Nothing was kept.
problem-link-views-used-up-title = The link was opened as often as it may be
problem-link-views-used-up = It opens { $max ->
    [one] once
   *[other] { $max } times
 } at most. Ask whoever sent it for a new one.
problem-field-link-views-used-up = This link was opened as often as it may be. Ask whoever sent it for a new one.

# People, organisation, counterparties, profile, passwords; the default published texts.
person-name = Name
person-email = E-mail
person-email-consequence = The person logs in with this address. If you change it, all sessions, tokens and password links end at once, and a letter about it goes to both the earlier and the new address.
person-email-invited = The invitation went to this address. If you change it, that invitation ends and a new one goes to the new address.
person-email-hint = The address to log in with; the invitation goes there.
person-position = Position
person-department = Department
person-manager = Manager
person-roles = Roles
person-groups = Groups
person-groups-hint = Workflows name them: whoever is in a group gets its tasks.
person-language = Language
person-state = Access
person-since = Invited
person-invited = Invited
person-active = Active
person-disabled = Disabled
person-invite = Invite a person
person-invite-send = Send the invitation
person-invite-again = Send the invitation again
person-edit = Edit the person
person-enable = Enable access
person-disable = Disable access
person-disable-title = Disable access
person-disable-consequence = The person is logged out everywhere at once and their tokens stop working. Their decisions and signatures stay; open tasks have to be reassigned.
choice-none = — none —
language-ru = Russian
language-en = English
language-browser = As the browser says
form-save = Save
form-cancel = Cancel
tax-country = Country
tax-country-hint = Two Latin letters: RU, DE.
tax-inn = INN
tax-kpp = KPP
tax-vat-id = VAT number
tax-vat-id-hint = For organisations outside Russia.
organisation-name = Name of the organisation
organisation-language = Default language of mails
organisation-time-zone = Time zone
organisation-time-zone-hint = For example, Europe/Berlin.
organisation-offered = This release has other published texts
organisation-offered-hint = { $count ->
    [one] One of your texts differs from the one that new organisations begin with. If you wrote your own, nothing is to be done. Consents that were given stay with the text they were given to.
   *[other] { $count } of your texts differ from those that new organisations begin with. If you wrote your own, nothing is to be done. Consents that were given stay with the texts they were given to.
 }
organisation-offered-take = Take the texts of this release
organisation-published = Published texts
organisation-published-hint = Whoever signs through a link agrees to these. The text's digest goes into the evidence.
organisation-signing-rules-ru = Rules of electronic signing, in Russian
organisation-signing-rules-en = Rules of electronic signing, in English
organisation-personal-data-ru = Consent to processing of personal data, in Russian
organisation-personal-data-en = Consent to processing of personal data, in English
departments-title = Departments
departments-none = No departments yet.
department-new = New department
department-name = Name
department-key = Key
department-key-hint = Workflows find the department by it: legal. Lower-case Latin letters, digits and underscores; it does not change later.
department-head = Head
department-parent = Part of
counterparty-new = New counterparty
counterparty-edit = Edit the counterparty
counterparty-name = Name
counterparty-tax-id = Tax number
counterparty-address = Address
counterparties-none = No counterparties yet
counterparties-none-hint = Add an organisation and its signatory to send a document for signing.
contacts-title = Contacts
contacts-none = No contacts yet. Without one there is nobody to send a signing link to.
contact-new = New contact
contact-title = Contact
contact-name-hint = This name will stand in the signing certificate.
contact-email-hint = The link and the code go here; control of this mailbox is all that confirms identity.
contact-language = Language of mails and pages
profile-look = Language and look
profile-theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
profile-password = Password
profile-password-hint = At least 10 characters. Your other sessions will end.
profile-current-password = Current password
profile-new-password = New password
profile-change-password = Change the password
profile-sessions = Sessions
session-agent = Browser
session-address = Network address
session-seen = Last used
session-this = This session
session-close = End
profile-tokens = Tokens
profile-tokens-hint = With a token a program acts in your name through the API. Each token is shown once.
token-shown-once = Copy the token: it will not be shown again
token-copy = Copy
token-name = Name of the token
token-scope = What it may do
token-used = Last used
token-never = never
token-expires = Works until
token-days = Days it works
token-create = Create a token
token-revoke = Revoke
scope-read = Read only
scope-write = Read and act
reset-title = New password
reset-lead = Enter the e-mail you log in with. If we know it, we will mail a link that works for an hour.
reset-submit = Mail the link
set-title = Set your password
set-code = Code from the mail
set-code-hint = If the field is empty, paste the whole link from the mail here.
set-hint = At least 10 characters. You will be logged in at once.
set-submit = Save the password and log in
contact-email-consequence = With another address the links sent so far stop working, and both addresses get a letter. The initiator sends a new link from the document’s page.
flash-contact-links-revoked = Saved. Links to the earlier address revoked: { $count }. Send new ones from the documents’ pages.
flash-saved = Saved.
flash-person-invited = The invitation was sent: { $name }.
flash-invitation-resent = The invitation was sent again.
flash-person-disabled = Access is disabled.
flash-person-enabled = Access is enabled.
flash-password-changed = The password was changed; your other sessions have ended.
flash-password-set = Your password is saved. Welcome!
flash-session-closed = The session has ended.
flash-token-revoked = The token was revoked.
flash-reset-mailed = If we know this address, a link is on its way.
problem-last-administrator = This is the organisation's last administrator. Give the role to somebody else first.
problem-person-already-disabled = This person's access is disabled already.
problem-person-not-disabled = This person's access is not disabled.
problem-person-not-invited = This person has set a password already. If it is forgotten, the page “New password” helps.
problem-link-not-good = This link was used, replaced by a newer one, or is too old. Ask for a new one.
problem-field-email = Write the address like name@example.org.
problem-field-login-taken = There is a person with this e-mail already.
problem-field-key-form = Only lower-case Latin letters, digits and underscores.
problem-field-key-taken = There is a department with this key already.
problem-field-department-circle = A department cannot be part of itself. Choose another.
problem-field-manager-circle = That makes a circle: this person reports to the one you are editing.
problem-field-country = Two Latin letters, such as RU or DE.
problem-field-time-zone = There is no such time zone. Write, for example, Europe/Berlin.
problem-field-tax-id-format = The wrong length or extra characters. Compare it with the document.
problem-field-tax-id-control-digit = The control digit does not fit: there is a typing error.
problem-field-tax-id-not-of-country = This country has no such number. Leave the field empty.
problem-field-password-short = At least { $min } characters.
problem-field-password-easy = This password is guessed at once. Take another, such as several words.
problem-field-password-wrong = This is not your current password.
default-signing-rules =
    1. These rules are published by { $organisation }.

    2. A document is signed by the person the link was sent to: they open it, enter the code from the mail, read the document and confirm signing. A signatory of the organisation itself logs in with an account of their own, takes the file of the document and confirms signing.

    3. On the signing page the signing key is made for one signature in the signer's browser; if the browser cannot, on the server, which does not keep it after signing. The certificate is issued by this organisation's own authority, and the signature is an advanced electronic signature.

    4. A signatory may also sign with a key of their own, which stays with them: in a program, in a mobile application, in another service. The certificate is then issued not by this organisation's authority but by whoever is named in it; whether the signature is qualified or advanced is told by the certificate.

    5. The signature stands in the file itself. A signature that is made in another program may also be a file of its own beside the document.

    6. Where the key was made, and how the signature came, stands in the evidence.

    7. The parties treat a document signed by these rules as equal to one on paper signed by hand.

    8. Who signs through a link is identified by control of the mailbox, a signatory of the organisation by logging in; with a key of their own, the name in the certificate is compared with the name of whoever is asked to sign. The signer gives the link and the code to nobody.

    9. The time of signing is that of the timestamp.
default-personal-data =
    I allow { $organisation } to process my name, position, e-mail address, network address, browser details and the times of my actions, and, if I sign with a key of my own, what its certificate says, in order to sign the document, to prove the signing and to keep the document for as long as required.

    I can withdraw this consent by writing to the organisation; what is needed to prove a signature already made is kept as long as the document is.
person-tasks = { $count ->
    [one] { $count } open task
   *[other] { $count } open tasks
}
person-tasks-hint = Reassign them if the person is ill or has left. The documents are not opened to you by that; the log shows who did it.
person-task-stage = Stage
person-task-since = Waits since
person-tasks-to = Reassign to
person-tasks-move = Reassign all
person-roles-within = Only within “{ $department }”
flash-tasks-moved = Tasks reassigned: { $moved }.
person-tasks-to-whom = No task was reassigned: choose who takes them.
flash-tasks-stayed = Tasks reassigned: { $moved }. Left: { $stayed }: this person may not take them, being the author, the initiator or already taking part, or because they are you. Choose somebody else.
absences-title = Absence and who stands in
absences-none = No absence is recorded.
absence-now = now
absence-days = { $from } to { $last } inclusive
absence-when = { $from } to { $until }
absence-substitute-is = stands in: { $name }
absence-nobody = nobody stands in
absence-signs-too = signs too
absence-end = End it now
absence-take-back = Take it back
absence-new = Record an absence
absence-hint = Whoever stands in sees the tasks of the person who is away and decides for them; both names stay in the history. The person who is away may decide too: whoever comes first counts.
absence-from = First day
absence-until = Last day
absence-substitute = Who stands in
absence-kinds = For which documents
absence-kinds-hint = For all if nothing is ticked.
absence-signs = Also signs documents (with a signature of their own)
absence-record = Record
flash-absence-recorded = The absence is recorded.
flash-absence-ended = The absence is over.
problem-absence-ended = This absence is over already.
problem-field-absence-over = This day has passed. Say until which day the person will be away.
problem-field-absence-long-ago = An absence is recorded within a month of its beginning.
problem-field-absence-too-long = At most { $max } days in a row.
problem-field-absence-too-many = There are { $max } absences already. End one of them.
problem-field-absence-oneself = Nobody stands in for themselves. Choose somebody else.
problem-field-absence-recorder = Whoever records somebody else's absence does not stand in, neither directly nor through others who are away. Choose somebody else.
problem-field-absence-sign-own = Only whoever is away may let somebody sign in their place. Record it without.
problem-field-absence-circle = This person is away at the same time, and from one to the next the tasks would come back to whoever is away. Choose somebody else.
problem-field-absence-too-far = At most three people stand in one after another, and here there would be more. Choose somebody who is there at that time.
profile-letters = Letters about tasks
profile-letters-hint = The one letter a day comes on weekdays at 8:00. What must be decided before it is told at once; reminders and letters about lateness come as ever.
letters-each = About each task
letters-daily = Once a day about all

# The register of mandates
shell-mandates = Register of mandates
mandates-lead = Who may sign, or act in a role, for which of our legal entities, up to what amount and from when until when. Workflows ask this register; whoever signs by it is asked again at the moment of signing.
mandates-none = Nobody is in the register
mandates-none-hint = Workflows that ask for a signatory of an entity find nobody until somebody is entered here.
mandate-person = Person
mandate-entity = Legal entity
mandate-entity-hint = The key that workflows and cards use: ooo_vektor. Empty: for each of our entities.
mandate-each-entity = each of ours
mandate-role = What they may do
mandate-signs = Sign
mandate-limit = Up to the amount
mandate-limit-hint = With the currency below. Empty: any amount.
mandate-any-amount = any
mandate-currency = Currency
mandate-term = Term
mandate-from = from { $from }
mandate-from-until = { $from } – { $until }
mandate-first-day = From
mandate-last-day = Until, that day included
mandate-basis = By what
mandate-basis-hint = The charter, or the power of attorney with its number and date
mandate-state = State
mandate-stands = stands
mandate-to-come = has not begun
mandate-over = is over
mandate-end = End now
mandate-new = A new mandate
mandate-record = Enter
flash-mandate-recorded = Entered in the register.
flash-mandate-ended = The mandate has ended.
problem-field-mandate-limit = An amount above nothing, like 500000.00, with a currency, like RUB.
problem-field-mandate-limit-of-role = A limit belongs to a mandate to sign. In a role, the workflow says how much.
problem-field-mandate-over = That day is over.
problem-mandates-full-title = The register is full
problem-mandates-full = The register holds five thousand mandates.
problem-mandate-is-over = This mandate is over already.

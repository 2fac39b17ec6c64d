# The list of all stored signatures, for compliance officers.
worklist-title = All signatures
worklist-all = { $count ->
    [0] No signature has been checked yet.
    [one] { $count } signature was checked.
   *[other] { $count } signatures were checked.
}
worklist-failed = Not valid: { $count }.
worklist-indeterminate = Not fully checked: { $count }.
worklist-passed = Valid: { $count }.
worklist-unchecked = { $count ->
    [one] { $count } file has not been checked yet: it will be within an hour.
   *[other] { $count } files have not been checked yet: they will be within an hour.
}
worklist-since = Each was checked { $at } or later.
worklist-how = How signatures are checked again
problem-field-days-out-of-range = Write a whole number of days from 1 to { $max }.
worklist-lead = Signatures are checked again by schedule. A changed verdict is an event of the log and a letter to the compliance officers.
worklist-revoke = A certificate that we issued is revoked by the administrator of the server: chancery authority revoke. Signatures are checked again after that.
worklist-recheck = Check all again
worklist-going-on = All signatures are being checked again. Reload the page later.
worklist-filters = Which signatures to show
worklist-verdict = Verdict
worklist-any-verdict = Any
worklist-concern = What needs a look
worklist-any-concern = Does not matter
worklist-concern-changed = The verdict has changed
worklist-concern-ending = The certificate ends soon, no archive timestamp
worklist-concern-ended = The certificate has ended, no archive timestamp
worklist-concern-proof-ending = The proof ends soon
worklist-concern-not-raised = The copy could not be raised
worklist-concern-revoked = The certificate is revoked
worklist-concern-without-timestamp = No timestamp
worklist-concern-weak = A weak algorithm
worklist-days = Soon: days to the end
worklist-words = Signer or document
worklist-from = Signed from
worklist-until = Signed until
worklist-export = Save as a table
worklist-number = Number
worklist-where = Where
worklist-organisation = Organisation of the signer
worklist-before-head = Verdict before
worklist-reason = Reason
worklist-sha256 = SHA-256 of the file
worklist-show = Show
worklist-clear = Show all
worklist-none = There are no signatures yet
worklist-none-hint = They appear here after the first check of a signed document.
worklist-none-such = There are no such signatures
worklist-none-such-hint = Change the conditions, or look at all signatures.
worklist-document = Document
worklist-signer = Signed by
worklist-signer-unknown = unknown
worklist-signed = When signed
worklist-signed-unproven = the time is not proven
worklist-ends = Provable until
worklist-certificate = Certificate until
worklist-copy = The copy is at level { $level }.
worklist-copy-until = The copy is at level { $level } and proves by itself until { $at }.
worklist-copy-b-t = The copy is at level { $level }: the time of signing is proven, but it holds nothing of revocation, so whoever checks it elsewhere takes the issuer's revocation list. It is raised by itself once nobody is to sign it any more.
worklist-ended = has ended, and nothing proves that the signature came before
worklist-ended-proven = has ended since; signed before, by its timestamp
worklist-checked = Checked
worklist-place-detached = version { $version }, detached signature { $name }
worklist-place = version { $version }, signature { $signature }
worklist-before = Before: { $before }
worklist-mark-revoked = The certificate is revoked
worklist-mark-revoked-later = The certificate was revoked after the signing
worklist-mark-without-timestamp = No timestamp
worklist-mark-weak = A weak algorithm
flash-recheck-asked = The check of all signatures has begun. Reload the page in a minute.
flash-recheck-going-on = All signatures are being checked already.
problem-recheck-going-on = All signatures are being checked already. Wait until that is done.
problem-signatures-too-many = More than { $max } signatures are asked for. Narrow the list: a verdict, a signer, a shorter time.

# Checking a signature: the page, the words of verdicts (page, document, command), reasons.
verify-title = Check a signature
verify-lead = Upload a signed file. We say who signed it, when, and whether it was changed since.
verify-file = Signed file
verify-file-hint = A PDF or XML with its signature inside, or a signature by itself: p7s, sig, sgn, p7m. Up to { $size }.
verify-content = The file that was signed
verify-content-hint = Only if the signature is a file of its own: add the file that it signs.
verify-as = How to give the verdict
verify-as-page = On a page
verify-as-comparison = What was signed beside the present file, page by page
verify-as-revision = The file as it was signed
verify-place-title = If there are several signatures
verify-place = Number of the signature
verify-place-hint = For the comparison and for the signed file: which signature to take, as the report numbers them. Without a number it is the one that was made first.
problem-field-no-revision = This signature covers no whole revision of the PDF, so there is nothing to compare. Check the file: the report says why.
problem-field-no-such-signature = There is no signature with this number in the file. Choose one from 1 to { $count }.
problem-field-comparison-no-pdf = This file is no PDF, and only a PDF holds what was signed beside what was added. Choose a PDF with its signature inside, or the page with the verdict.
problem-field-comparison-beside = This signature is a file of its own and covers the whole of the other file: nothing could be added to that. Choose a PDF with its signature inside, or the page with the verdict.
problem-field-comparison-changed = What this signature covers was changed after signing: the file as it was signed is not in it. Ask the sender for that file.
problem-field-comparison-no-signature = There is no signature in this PDF, so there is nothing to compare. If it was signed by a separate file, choose the page with the verdict and add both files.
verify-as-later = Do you need a comparison with what was signed, or the signed file itself? For that, check the file once more and choose: nothing of it was kept here.
verify-held-title = Go on with this file
verify-held-page = The verdict on all of it
verify-held-text = You need not choose it again: this page holds the file, and the server keeps nothing of it. Once you close the page it is gone.
verify-submit = Check
verify-again = Check another file
verify-kept = Your file is not kept: we forget it as soon as it is checked. We send it nowhere.
verify-trusted-also = We trust the root certificates of this server and those that its administrator chose. Of other signatures we say whether the file was changed; whether to trust their issuer is up to you.
verify-trusted = We trust only the certificate authorities of this server. Of other signatures we say whether the file was changed; whether to trust their issuer is up to you.
verify-file-name = File
verify-swapped = The files were in each other's places: the signature came where the signed file belongs. We exchanged them and checked.
verify-sha256 = SHA-256 digest
verify-covered = It was checked with the file
verify-covered-size = Size of that file
verify-covered-sha256 = SHA-256 digest of that file
verify-judged = Checked
verify-judged-chosen = Judged as of (chosen)
verify-made = Made on
verify-policy = Rules
verify-signature-number = Signature { $number }
verify-timestamp-number = Timestamp { $number }
verify-counter-number = Counter-signature { $number }
verify-who = Who
verify-who-unknown = The signature has no certificate that can be read
verify-issued-by = certified by { $issuer }
verify-when = When
verify-when-proven = timestamp, { $by }
verify-when-claimed = by the signer's own clock, not proven
verify-when-unknown = unknown
verify-key = Key
verify-level = Level
verify-level-by-parts = { $level } by its parts; what it holds of revocation could not be checked
verify-rights = What it allows afterwards
verify-rights-certified-1 = Certifies the file: nothing may be changed after it, not even another signature added.
verify-rights-certified-2 = Certifies the file: after it, only forms may be filled in and signatures added.
verify-rights-certified-3 = Certifies the file: after it, only forms may be filled in and signatures and comments added.
verify-rights-lock-none = Locks no field of the form.
verify-rights-lock-all = Locks all fields of the form.
verify-rights-lock = Locks these fields of the form: { $fields }.
verify-rights-lock-but = Locks all fields of the form but { $fields }.
verify-rights-left-1 = After it, the file takes no change.
verify-rights-left-2 = After it, only forms may be filled in and signatures added.
verify-rights-left-3 = After it, only forms may be filled in and signatures and comments added.
verify-kind = Kind of signature
verify-kind-advanced = Not qualified: the certificate does not say that it is a qualified one (advanced, AdES, where the law's conditions are met)
verify-kind-for-sites = Not qualified: its certificate is a qualified one for web sites, not for signatures or seals (advanced, AdES, where the law's conditions are met)
verify-kind-qualified = { $seal ->
    [yes] A qualified seal
   *[no] Qualified
} { $law ->
    [russia] by Federal Law 63-FZ
    [eu] (QES) by the eIDAS regulation
   *[other] by the law of another country
}: named so by the certificate; { $confirmed ->
    [yes] a trusted list confirms it
   *[no] not confirmed{ $remark ->
        [unlisted] : no trusted list that is at hand here names its issuer
        [not-granted] : the trusted list says that its issuer might not issue such certificates then
        [other-use] : the trusted list names its issuer for something else
        [taken-back] : the trusted list says that this certificate is no such one, or leaves it open
        [outdated] : the trusted list at hand is older than the signature is proven to be
        [key] : the key is not one of GOST, as qualified means by this law have
       *[unproven] , as the signature itself is not
    }
}
verify-kind-qualified-certificate = Advanced with a qualified certificate { $law ->
    [russia] by Federal Law 63-FZ
    [eu] by the eIDAS regulation
   *[other] by the law of another country
}; { $remark ->
    [no-device] a trusted list says that its key is in no secure device.
   *[other] it says nothing of a secure device for the key.
} Named so by the certificate; { $confirmed ->
    [yes] a trusted list confirms it
   *[no] not confirmed{ $remark ->
        [unlisted] : no trusted list that is at hand here names its issuer
        [not-granted] : the trusted list says that its issuer might not issue such certificates then
        [other-use] : the trusted list names its issuer for something else
        [taken-back] : the trusted list says that this certificate is no such one, or leaves it open
        [outdated] : the trusted list at hand is older than the signature is proven to be
        [key] : the key is not one of GOST, as qualified means by this law have
       *[unproven] , as the signature itself is not
    }
}
verify-key-bits = { $algorithm }, { $bits } bits
verify-key-digest = digest { $digest }
verify-algorithm-gost = GOST R
verify-algorithm-with = with
verify-algorithm-bits = bits
verify-algorithm-unknown = unknown algorithm ({ $oid })
verify-algorithm-curve = unknown curve ({ $oid })
verify-covers = What is signed
bytes-count = { $count ->
    [one] { $number } byte
   *[other] { $number } bytes
 }
verify-covers-whole = the whole file: { $bytes } are signed, the signature itself takes another { $own }
verify-covers-content = the whole content, { $bytes }
verify-covers-other = not the content that is here: what was signed has another digest
verify-covers-signature = the value of another signature, { $bytes }
verify-covers-part = the file as it was when it was signed: { $bytes } are signed, the signature itself takes another { $own }
verify-covers-document = the whole document but the signature: { $bytes } in canonical form
verify-covers-elements = only what the signature refers to, { $bytes } in canonical form: { $elements }
verify-covers-unknown = cannot be told
verify-after = After signing
verify-after-altered = what was signed has been changed
verify-after-other = the content here is another one, or was changed
verify-after-nothing = nothing was added or changed
verify-after-elements = what was signed has not changed; something may have been added beside it
verify-element-document = the document itself
verify-after-bytes = added: { $bytes }
verify-warnings = What else to know
verify-why = Why we think so
verify-chain = Chain of trust
verify-chain-none = There is no path to a certificate that we trust.
verify-chain-validity = valid { $from } — { $until }
verify-chain-serial = number { $serial }
verify-ended-proven = Its term has ended since. It counts all the same: a trusted timestamp proves that the signature was made before the end, by { $at }.
verify-ended-judged = Its term has ended since. This verdict is of { $at }, when it had not ended yet; nothing proves that the signature was made by then, so a check of today would not confirm it.
verify-ended-unproven = Its term has ended, and nothing proves that the signature was made before the end: that is why the signature is not confirmed.
verify-ended-before = Its term had ended before { $at }, the time to which the signature is proven: it does not count for this signature.
verify-file-technical = About the file
verify-technical = Technical details
verify-result = Result
verify-own-place = place { $number }
verify-field = Signature field
verify-form = Form
verify-range = Bytes
verify-revision-sha256 = SHA-256 of the copy that ends with it
verify-codes = Reason codes
verify-signature-algorithm = Signature algorithm
verify-advice = What you can do
verify-tally = Files: { $all }. Valid: { $passed }. Could not be checked to the end: { $indeterminate }. Not valid: { $failed }. Without a signature: { $unsigned }. Not read: { $unread }.

verify-summary = { $verdict }; signer by the certificate: { $signers }{ $more ->
    [0] .
   *[other] ; and { $more } more.
}
verify-summary-nobody = { $verdict }.
verify-summary-unknown = nobody who can be read
verify-summary-proven = { $who } ({ $at }, proven by a timestamp)
verify-summary-claimed = { $who } ({ $at } by their own clock, not proven)
verify-summary-timeless = { $who } (at an unknown time)

verify-word-passed = Valid
verify-word-open = Valid, revocation unknown
verify-word-indeterminate = Not fully checked
verify-word-failed = Invalid
verify-word-stamp-passed = Valid
verify-word-stamp-open = Valid, revocation unknown
verify-word-stamp-indeterminate = Not fully checked
verify-word-stamp-failed = Invalid

verify-headline-passed = { $count ->
    [one] The signature is valid.
   *[other] All signatures are valid.
}
verify-headline-open = { $count ->
    [one] The signature is valid, but nobody knows whether the certificate was revoked.
   *[other] All signatures are valid, but nobody knows whether their certificates were revoked.
}
verify-headline-failed = Do not trust this file.
verify-headline-indeterminate = This cannot be checked to the end.
verify-headline-unsigned = The file has no signature.
verify-headline-unreadable = This cannot be checked.
verify-lead-whose-failed = Not valid: { $who }{ $more ->
    [0] .
   *[other] , and { $more } more.
}
verify-lead-whose-indeterminate = Not fully checked: { $who }{ $more ->
    [0] .
   *[other] , and { $more } more.
}
verify-lead-unchanged = The file has not changed since it was signed.
verify-lead-elements = What was signed has not changed. Not everything in the file is signed: see below.
verify-lead-extended = What was added after signing changes nothing in the file.
verify-lead-retitled = What the file says of itself (title, author, dates) was changed after signing; nothing changed on its pages.
verify-lead-replaced = Values of the form that the signer saw were replaced after signing. Which ones stands below: compare with what was signed.
verify-lead-filled = Fields of the form were filled in after signing. The signer did not see these values: compare with what was signed.
verify-lead-claim = The time that the signature names is impossible: see below.
verify-lead-marked = Later signers put marks of their signatures on pages after signing.
verify-lead-removed = An earlier signature was taken out of this file. What was signed then may have been something else: see the revisions of the file.
verify-lead-intact = { $count ->
    [one] The signature was made over this file, and no harmful change came after it.
   *[other] The signatures were made over this file, and no harmful change came after them.
}

verify-check-format = Structure of the file
verify-check-coverage = Which bytes are signed
verify-check-digest = Digest of the content
verify-check-value = Signature value
verify-check-attributes = Signed attributes
verify-check-algorithms = Strength of algorithms
verify-check-changes = Changes after signing
verify-check-time = Proof of time
verify-check-chain = Chain of certificates
verify-check-revocation = Revocation of certificates
verify-result-not-made = not checked
verify-result-passed = in order
verify-result-warned = in order, with a remark
verify-result-unproven = not proven by anything
verify-result-undecided = not decided
verify-result-failed = not in order

verify-revocation-anchor = trusted
verify-revocation-not-needed = no revocation is published, it says so itself
verify-revocation-anchor-until = trusted until { $until }, as a trusted list says
verify-revocation-good = not revoked
verify-revocation-revoked-later = revoked after the signing
verify-revocation-revoked = revoked
verify-revocation-on-hold = suspended
verify-revocation-stale = what we know of its revocation is out of date
verify-revocation-unknown = what we have on its revocation cannot be used
verify-revocation-unchecked = revocation not checked

verify-evidence-crl = revocation list of { $by } as of { $at }, SHA-256 { $sha256 }
verify-evidence-ocsp = OCSP answer { $named ->
    [yes] by { $by }
   *[no] of a responder that it names by its key alone
} as of { $at }, signed on { $produced }, SHA-256 { $sha256 }
verify-stamp-content = Timestamp over the content
verify-stamp-signature = Timestamp over the signature
verify-stamp-archive = Archive timestamp
verify-purpose-any = any purpose
verify-purpose-client = client authentication
verify-purpose-mail = e-mail protection
verify-purpose-documents = document signing
verify-purpose-documents-microsoft = document signing, Microsoft
verify-purpose-documents-adobe = document signing, Adobe
verify-rule-yes = yes
verify-rule-no = no
verify-rule-never = never
verify-rule-as-stated = as the list or the answer says itself
verify-rule-hours = { $count } h
verify-rule-minutes = { $count } min
verify-rule-seconds = { $count } s
verify-rule-rsa-bits-min = Shortest RSA key, bits
verify-rule-rsa-until = Shorter RSA keys are accepted in what existed before
verify-rule-key-day = from { $bits } bits: { $until }
verify-rule-sha1-until = SHA-1 is accepted in what existed before
verify-rule-md5-until = MD5 is accepted in what existed before
verify-rule-gost94-until = GOST R 34.11-94 is accepted in what existed before
verify-rule-no-revocation-seconds-max = Longest life of a certificate that needs no revocation
verify-rule-revocation-required = Revocation must be checked
verify-rule-revocation-seconds-max = How old what is known of revocation may be
verify-rule-revocation-seconds-unstated = The same where it names no date of the next one
verify-rule-mark-percent-max = Largest share of a page that a mark may cover in a field that was there
verify-rule-new-mark-percent-max = The same in a place of the signer's choice
verify-rule-new-marks-percent-max = The same for all such marks together
verify-rule-signing-purposes = Purposes of a certificate that may sign
verify-rule-claim-ahead-seconds-max = How far the signer's clock may be ahead

verify-change-timestamp-added = Revision { $revision }: a timestamp over the whole file was added
verify-change-signature-added = { $page ->
    [none] Revision { $revision }: signature “{ $field }” was added
   *[other] Revision { $revision }: signature “{ $field }” was added, page { $page }
}
verify-change-evidence-added = Revision { $revision }: evidence for long-term checking was added
verify-change-signature-field-added = { $page ->
    [none] Revision { $revision }: an empty field “{ $field }” for a signature was added
   *[other] Revision { $revision }: an empty field “{ $field }” for a signature was added, page { $page }
}
verify-change-field-replaced = { $page ->
    [none] Revision { $revision }: field “{ $field }” got another value in the place of its own
   *[other] Revision { $revision }: field “{ $field }” got another value in the place of its own, page { $page }
}
verify-change-field-filled = { $page ->
    [none] Revision { $revision }: field “{ $field }” was filled in
   *[other] Revision { $revision }: field “{ $field }” was filled in, page { $page }
}
verify-change-field-letters = { $page ->
    [none] Revision { $revision }: field “{ $field }” was filled in, in letters that the file brings
   *[other] Revision { $revision }: field “{ $field }” on page { $page } was filled in, in letters that the file brings
}
verify-change-annotation-added = { $page ->
    [none] Revision { $revision }: an annotation “{ $kind }” was added
   *[other] Revision { $revision }: an annotation “{ $kind }” was added, page { $page }
}
verify-change-permissions-changed = Revision { $revision }: the author's permissions were changed
verify-change-metadata-changed = Revision { $revision }: title, author, dates and the like were changed
verify-change-pages-removed = { $removed ->
    [one] Revision { $revision }: { $removed } page was taken out, page { $removed_first } of what was there before
   *[other] Revision { $revision }: { $removed } pages were taken out, the first of them page { $removed_first } of what was there before
}
verify-change-pages-added = { $added ->
    [one] Revision { $revision }: { $added } page was put in, it is page { $added_first } now
   *[other] Revision { $revision }: { $added } pages were put in, the first of them is page { $added_first } now
}
verify-change-pages-exchanged = Revision { $revision }: pages were exchanged. Taken out: { $removed }, the first of them page { $removed_first }; put in: { $added }, the first of them is page { $added_first } now
verify-change-content-changed = { $page ->
    [none] Revision { $revision }: what the pages show was changed
   *[other] Revision { $revision }: what page { $page } shows was changed
}
verify-change-action-added = Revision { $revision }: scripts or actions were added
verify-change-orphan-added = Revision { $revision }: a leftover that nothing shows was added ({ $many ->
        [yes] objects
       *[no] object
    } { $object })
verify-change-hidden-bytes = Revision { $revision }: bytes that its contents do not lead to were added, { $bytes }
verify-change-unexplained = { $page ->
    [none] Revision { $revision }: something was added that is not shown to be harmless ({ $many ->
        [yes] objects
       *[no] object
    } { $object })
   *[other] Revision { $revision }: something was added to page { $page } that is not shown to be harmless ({ $many ->
        [yes] objects
       *[no] object
    } { $object })
}

verify-unreadable-empty = The file is empty.
verify-unreadable-not-a-pdf = This is neither a PDF nor a signature.
verify-unreadable-not-cms = This is neither a PDF nor a signature.
verify-unreadable-cms-damaged = This looks like a signature, but the file breaks off or is damaged. Ask for it once more.
verify-unreadable-container = This is a container with signatures inside (ASiC, or an office document). Such signatures are not checked here: take the signature and what it signs out of it, and check them.
verify-unreadable-no-signer = The signature has no signer.
verify-unreadable-truncated = The file breaks off: its end is missing. Get it from the sender again.
verify-unreadable-encrypted = The file is encrypted and does not open without a password or a key. Check it where it can be opened, or ask its sender for a copy without a password.
verify-unreadable-table-dishonest = The file's table of contents points to wrong places: programs would show different things.
verify-unreadable-storage = The file is not in storage, or it is not the file that was stored.
verify-unreadable-size = The file is larger than what is checked.
verify-unreadable-too-large = The file is larger than { $max } MB, so its signatures were not checked. Allow more with --max-megabytes, and check again.
verify-unreadable-limit-exceeded = The file is more complex than we are ready to read.
verify-unreadable-loop = The file refers to itself in a circle.
verify-unreadable-damaged = The file is damaged.
verify-unreadable-encoding-unsupported = The file is in an encoding that we do not read.
verify-unreadable-encoding-broken = The file is damaged: it has bytes of another encoding than it declares.
verify-unreadable-doctype = The file has a document type declaration. We do not read such files: content is swapped through them.
verify-unreadable-entity = The file refers to something that it does not declare.
verify-unreadable-not-well-formed = The file is damaged: it is not XML.
verify-unreadable-namespace = The file is damaged: its names are declared wrongly.
verify-unreadable-xml-not-supported = We do not check XML signatures yet.

verify-reason-no-signature = The file has no electronic signature.
verify-reason-only-timestamps = Nobody signed this file: it has a timestamp alone, which anybody can get for any file. It proves that the file existed, and says nothing of who agreed to it.
verify-reason-carries-other = { $what ->
    [parameters] Beside the names of its algorithms the signature has bytes that nobody signed. Some programs may open the file as another document.
    [message] The message around the signature says that it holds a file of another kind and no signature. A mail program may show another document.
    [loose] The signature has many bytes that nobody signed and that are neither a certificate nor anything else about a signature. A file of another kind may stand in them.
    [added] What was added after signing has bytes that begin or end a file of another kind. Under another name this file may show another document.
   *[other] The file has bytes that nobody signed and that begin or end a file of another kind. Some programs may open it as another document.
}
verify-reason-other-content = { $how ->
    [with_gap] The signature fits this file, but it was made for another one: a PDF with a place for the signature, which was taken out here. Programs may show something else than the signer saw.
   *[without_gap] Without the place of the signature, what it covers is a whole file of its own. The signature may have been made for that file, which may show something else.
}
verify-reason-unreadable = The file cannot be read to its end.
verify-reason-stray-signature = The file has a signature that none of its fields leads to. Nobody can tell what it was for.
verify-reason-reads-two-ways = { $why ->
    [leading] Bytes that nobody signed stand before the beginning of this file. Programs may take them for another document.
    [offsets] Something stands before the beginning of this file, and its table of objects counts from there. Many programs count otherwise, and may show another document.
    [search] This file’s table of objects is written so that some programs do not follow it but search the file. They find another object there and may show another document.
    [comment] A comment stands within this file’s table of objects. Programs read such a table differently, and may show different documents.
    [generation] A page refers to an object by an outdated name. Some programs show it and some do not: they may show different documents.
    [hidden] This file has two tables of objects that contradict each other about what the pages show. Programs take one or the other, and may show different documents.
    [doubled] This file says two things where it must say one. Programs take one or the other, and may show different documents.
    [ending] Something that the pages show ends in two places. Programs take one or the other, and may show different documents.
    [external] Part of what the pages show stands outside this file. Nobody signed it.
    [cipher] This file says in two ways how it is encrypted, or something that the pages show is not encrypted as it says. Programs show different documents then, or none.
    [keys] This file is encrypted with two keys, or with one that is not proven. Programs take one or the other, or none, and may show different documents.
    [members] A container of objects in this file holds something twice, or something that does not belong there. Programs take it in different ways, and may show different documents.
    [filters] Something that the pages show is packed in a way that programs unpack differently. They may show different documents.
    [numbers] A page draws by a number that is written wrongly, such as --5 or 7-2. Programs read it differently, and may show different documents.
    [operands] A drawing command of a page has too few, too many or wrong values. Programs carry it out differently, and may show different documents.
    [states] The drawing commands of a page are out of order; more is restored than was saved, for instance. Some programs stop there and show a blank page, and some do not.
    [tokens] Something within the drawing commands of a page does not end, or ends in two places. Programs understand it differently, and may show different documents.
    [names] The pages show text in a font that the file does not name. Some programs leave that text out and others take a font of their own: they may show different documents.
    [boxless] Something that the pages show does not say how large it is. Some programs show it and some do not: they may show different documents.
    [large] The pages have more to read than we look at (64 MB of drawing commands, 256 MB of objects and less in a small file). Whether all programs show the same document is not known. Ask the sender for a simpler copy.
   *[other] This file’s table of objects names two places for one object. Programs take one or the other, and may show different documents.
}
verify-reason-appearance-varies = { $how ->
    [layers] The document has layers. What it shows depends on which are switched on, and may differ on the screen, on paper, when it is enlarged, and from one reader to another.
    [paper] Parts of the pages are shown only on the screen or only on paper. Compare a print with the screen.
    [unpainted] Some annotations have no look of their own: every program draws them in its own way.
    [fields] Every program draws the values of some fields in its own way.
    [values] Some fields show something else than the value that the file keeps for them. Most programs show the one, and programs that let you fill in a form on its page show the other.
    [fonts] Some fonts are not in the file: every program puts its own in their place, and letters may differ.
    [letters] A font of the document has several tables, and they stand for different letters. Each program takes one of them, and may show other letters or digits.
    [colours] Some colours are written so that every program makes its own of them: what is black in one may not be seen in another.
    [scripts] Scripts in the document may change what it shows, for instance by the date or by who opens it.
    [xfa] The document has a form of another kind (XFA). Programs that know it show the form, and others show the pages.
    [media] The document has film, sound or three-dimensional parts, which every program shows in its own way.
    [content] The drawing commands of the pages have words that mean nothing. Programs pass over them, each in its own way.
   *[unread] Part of what the pages show is not written as it should be. Programs mend that, each in its own way.
}
verify-reason-file-unopened = { $why ->
    [password] The file is encrypted and opens with a password only. What it says cannot be compared; fields are named by the numbers of their objects (#12). Save a copy without the password before signing, or check the file where it can be opened.
    [handler] The file is encrypted for certain recipients, or in a way that we do not know. What it says cannot be compared; fields are named by the numbers of their objects (#12). Check the file where it can be opened.
   *[unclear] The file is encrypted, and what it says about its encryption is incomplete or contradictory. What it says cannot be compared; fields are named by the numbers of their objects (#12). Ask its sender for another copy.
}
verify-reason-signature-removed = Signatures over earlier revisions of this file were taken out of it: { $count }.
verify-reason-coverage-unsound = The signature is wrong about which bytes of the file it protects.
verify-reason-gap-shared = Two signatures stand in one place: one of them is forged.
verify-reason-content-missing = The signature is a file of its own. Add the file that was signed.
verify-reason-kind-unsupported = We do not check signatures of the kind “{ $sub_filter }”.
verify-reason-structure-malformed = The signature is broken: it cannot be read.
verify-reason-several-signers = One PDF signature has { $count } signers; there must be one.
verify-reason-excess-bytes = Extra bytes stand before or after the signature: { $bytes }.
verify-reason-dictionary-direct = The signature is written into its field. That is unusual, not forbidden.
verify-reason-tail-blank = Nothing but white space follows the signed bytes: { $bytes }.
verify-reason-inner-content-differs = The signature holds another content, not the one you are checking.
verify-reason-inner-content-empty = The signature holds an empty content, as old programs write it.
verify-reason-attributes-absent = The signature has no signed attributes. Its form does without them, but protects less.
verify-reason-lock-loosened = A later signature allows more than the first. That should not be, and the rest cannot be proven.
verify-reason-attributes-missing = The signature has no signed attributes, and its form requires them: nobody can tell what it is for.
verify-reason-attribute-repeated = Something stands twice in the signature that must stand once.
verify-reason-attributes-unordered = The signature's attributes are out of order. That is a careless program, not a forgery.
verify-reason-content-type-wrong = The signature names another type of content.
verify-reason-digest-missing = The signature lacks the digest of the content.
verify-reason-digest-differs-beside = Another file was signed, or this one was changed after signing: the digest that was signed is not its digest.
verify-reason-digest-differs = The content was changed after signing: its digest is not the one that was signed.
verify-reason-digest-unsupported = The digest is of an algorithm that we do not compute: { $algorithm }.
verify-reason-content-reads-as-attributes = The signature was taken from another file and passed off as one of this file.
verify-reason-signing-certificate-missing = The signature does not name its certificate, which may have been exchanged.
verify-reason-signing-certificate-unbound = An old form of signature: it does not protect its certificate from exchange.
verify-reason-signing-certificate-differs = The signature names another certificate than the one that came with it.
verify-reason-certificate-missing = The signer's certificate is not in the signature.
verify-reason-value-wrong = The signature does not fit the key: another key made it, or it was damaged.
verify-reason-value-inconsistent = Key and signature scheme contradict each other.
verify-reason-value-unsupported = { $algorithm ->
    [limit_exceeded] The signature was not verified: the file asks for too much work.
   *[other] The signature is of an algorithm that we do not check: { $algorithm }.
}
verify-reason-value-plain = The signature value is written as some cards write it, not as the standard asks.
verify-reason-content-type-forbidden = The counter-signature names a type of content, which it must not.
verify-reason-digests-disagree = The signature names two different digest algorithms: { $digest } and { $signature }.
verify-reason-digest-weak = { $algorithm } is outdated: such a signature can be forged by now.
verify-reason-digest-aged = { $algorithm } is outdated by now, but it is proven that the signature was made while it was good.
verify-reason-digest-aged-unproven = { $algorithm } is outdated. By its own date the signature is older than that, but nothing proves the date.
verify-reason-key-weak = An { $algorithm } key of { $bits } bits is too short.
verify-reason-key-aged = An { $algorithm } key of { $bits } bits is too short by now, but it is proven that the signature was made while such keys were accepted.
verify-reason-added-after-signing = { $page ->
    [none] Something was added after signing that is not shown to be harmless (revision { $revision }).
   *[other] Something was added to page { $page } after signing that is not shown to be harmless (revision { $revision }).
}
verify-reason-pages-removed = { $removed ->
    [one] A page was taken out after signing: page { $removed_first } of what was signed (revision { $revision }).
   *[other] { $removed } pages were taken out after signing, the first of them page { $removed_first } of what was signed (revision { $revision }).
}
verify-reason-pages-added = { $added ->
    [one] A page was put in after signing: page { $added_first } (revision { $revision }). The signer did not see it.
   *[other] { $added } pages were put in after signing, the first of them page { $added_first } (revision { $revision }). The signer did not see them.
}
verify-reason-pages-exchanged = Pages were exchanged after signing (revision { $revision }). Taken out: { $removed }, the first of them page { $removed_first } of what was signed; put in: { $added }, the first of them page { $added_first }.
verify-reason-content-changed = { $page ->
    [none] What the pages show was changed after signing (revision { $revision }).
   *[other] What page { $page } shows was changed after signing (revision { $revision }).
}
verify-reason-action-added = A script or action was added after signing (revision { $revision }).
verify-reason-hidden-bytes = The file has bytes that its contents do not lead to: { $bytes }. Some programs show them, others do not.
verify-reason-certified-against-changes = The author forbade changes to the file, and it was changed (revision { $revision }).
verify-reason-permissions-changed = What the author allowed was changed after signing (revision { $revision }).
verify-reason-annotation-forbidden = { $page ->
    [none] The author forbade annotations, and one was added: “{ $kind }” (revision { $revision }).
   *[other] The author forbade annotations, and one was added to page { $page }: “{ $kind }” (revision { $revision }).
}
verify-reason-annotation-added = { $page ->
    [none] An annotation was added after signing: “{ $kind }” (revision { $revision }). Look at the signed revision.
   *[other] An annotation was added to page { $page } after signing: “{ $kind }” (revision { $revision }). Look at the signed revision.
}
verify-reason-field-enciphered = A field was changed in an encrypted file in which a signature locks some fields (revision { $revision }). Whether it is one of them cannot be told without the key.
verify-reason-field-locked = Field “{ $field }” was locked by a signature, and it was changed (revision { $revision }).
verify-reason-field-filled = { $page ->
    [none] Field “{ $field }” was filled in after signing (revision { $revision }).
   *[other] Field “{ $field }” on page { $page } was filled in after signing (revision { $revision }).
}
verify-reason-field-replaced = { $page ->
    [none] The value of field “{ $field }” that was signed was replaced after signing (revision { $revision }).
   *[other] The value of field “{ $field }” on page { $page } that was signed was replaced after signing (revision { $revision }).
}
verify-reason-field-letters = { $page ->
    [none] Field “{ $field }” was filled in after signing, in letters of a font that the file itself brings (revision { $revision }). Such a font can draw any letter as another one, so that nothing in the file proves that the field shows its value. Ask the signer to confirm the value, or to sign the filled document.
   *[other] Field “{ $field }” on page { $page } was filled in after signing, in letters of a font that the file itself brings (revision { $revision }). Such a font can draw any letter as another one, so that nothing in the file proves that the field shows its value. Ask the signer to confirm the value, or to sign the filled document.
}
verify-reason-field-hides = { $page ->
    [none] Field “{ $field }” was filled in after signing and stands over { $what ->
        [text] text
        [image] an image
        [drawing] a drawing
       *[unread] what cannot be read
    } that was signed before, and may hide it. See what was signed before.
   *[other] Field “{ $field }” on page { $page } was filled in after signing and stands over { $what ->
        [text] text
        [image] an image
        [drawing] a drawing
       *[unread] what cannot be read
    } that was signed before, and may hide it. See what was signed before.
}
verify-reason-signature-field-added = An empty field “{ $field }” for a signature was added after signing (revision { $revision }).
verify-reason-signature-field-unsigned = A field “{ $field }” for a signature was added after signing, and nobody signed in it (revision { $revision }).
verify-reason-orphan-added = A leftover that nothing shows was added after signing (revision { $revision }).
verify-reason-later-signature-unsound = The later signature “{ $field }” is itself not in order.
verify-reason-mark-covers-page = The mark of the later signature “{ $field }” covers { $percent }% of a page.
verify-reason-mark-hides = { $page ->
    [none] The mark of the later signature “{ $field }” stands over { $what ->
        [text] text
        [image] an image
       *[drawing] a drawing
    } that was signed before, and may hide it. See what was signed before.
   *[other] The mark of the later signature “{ $field }” stands on page { $page } over { $what ->
        [text] text
        [image] an image
       *[drawing] a drawing
    } that was signed before, and may hide it. See what was signed before.
}
verify-reason-mark-unread = { $page ->
    [none] Whether the mark of the later signature “{ $field }” hides anything cannot be told: its page cannot be read.
   *[other] Whether the mark of the later signature “{ $field }” hides anything on page { $page } cannot be told: the page cannot be read.
}
verify-reason-mark-added = The later signature “{ $field }” put a mark on page { $page }, { $percent }% of it{ $over ->
    [text] , in the place that was set aside for it: over text that was signed before. See what stands there
    [drawing] , in the place that was set aside for it: over a drawing that was signed before. See what stands there
    [image] , in the place that was set aside for it: over an image that was signed before. See what stands there
   *[nothing] {""}
}.
verify-reason-metadata-changed = Title, author or dates were changed after signing (revision { $revision }).
verify-reason-certification-late = Signature “{ $field }” forbids changes but is not the first.
verify-reason-timestamp-unsound = { $why ->
    [imprint] The timestamp was made for something else, or what it is over was changed since: it proves no time.
    [unreadable] The timestamp cannot be read: it proves no time.
   *[other] The signature of the timestamp does not fit: it was forged or damaged, and proves no time.
}
verify-reason-timestamp-untrusted = { $why ->
    [in_future] The timestamp is of a moment after this check: it cannot count yet.
    [weak] The timestamp can be forged by now: its digest is outdated, or a key on the way to its service is too short.
    [key_weak] The timestamp can be forged by now: its digest is outdated, or a key on the way to its service is too short.
    [chain_weak] The timestamp can be forged by now: its digest is outdated, or a key on the way to its service is too short.
    [no_certificate] The certificate of the service that made the timestamp is missing.
    [imprint_unsupported] The timestamp is made in a way that we do not verify.
    [unsupported] The timestamp is made in a way that we do not verify.
    [key_usage_wrong] The timestamp was made with a certificate that is not for timestamps.
    [certificate_expired] The certificate of the service that made the timestamp has ended, and nothing proves that the timestamp was there before.
    [proof_missing] The certificate of the service that made the timestamp has ended, and nothing proves that the timestamp was there before.
    [out_of_bounds] The timestamp was made when the certificate of its service was not in force.
    [certificate_not_yet_valid] The timestamp was made when the certificate of its service was not in force.
    [certificate_in_future] The timestamp was made when the certificate of its service was not in force.
    [certificate_revoked] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [certificate_revoked_before] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [certificate_invalid_since] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [certificate_on_hold] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [certificate_held_then] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [authority_revoked] The certificate of the service that made the timestamp, or of its issuer, is revoked or on hold.
    [revocation_unchecked] Whether the certificate of the service that made the timestamp is revoked cannot be told.
    [revocation_unknown] Whether the certificate of the service that made the timestamp is revoked cannot be told.
    [revocation_stale] Whether the certificate of the service that made the timestamp is revoked cannot be told.
    [revocation_unproven] Whether the certificate of the service that made the timestamp is revoked cannot be told.
    [revocation_doubted] Whether the certificate of the service that made the timestamp is revoked cannot be told.
    [chain_missing] We do not know the service that made the timestamp.
    [trust_ended] Trust in the service that made the timestamp, or in its issuer, has ended, and nothing proves that the timestamp was there before.
   *[other] The certificate of the service that made the timestamp did not pass its checks.
}
verify-reason-archive-unsupported = An archive timestamp is of an old form that we do not verify.
verify-reason-time-unproven = Nothing proves when it was signed.
verify-reason-timestamp-before-claim = The timestamp is of { $proven }, the signer claims to have signed at { $claimed }: that is more than { $minutes } minutes later and cannot be.
verify-reason-timestamp-order = The signature is proven to exist on { $proven }, and it covers a timestamp of { $content }: that is later and cannot be.
verify-reason-moment-ahead = The moment that was chosen has not come. By what is known now the signature would pass, but nobody knows what will have been revoked by then, and which algorithms will be trusted no more.
verify-reason-claim-before-certificate = The signer’s own clock says { $claimed }, but the certificate is valid only since { $since }: nobody could sign with it then. The clock was wrong, or the time was chosen. Ask the signer when they signed.
verify-reason-claim-after-certificate = The signer’s own clock says { $claimed }, but the certificate had ended on { $until }. The clock was wrong, or an ended certificate was used. Ask the signer when they signed.
verify-reason-signed-later = At the moment of this check, { $judged }, it was not signed yet: the signer claims { $claimed }.
verify-reason-chain-missing = { $self_signed ->
    [yes] The signer issued this certificate to themselves: nobody else confirms who that is.
   *[other] We do not know the issuer of the certificate.
}
verify-reason-trust-ended = Trust in “{ $subject }” ended on { $until }, as a trusted list says, and nothing proves that what rests on it is older.
verify-reason-chain-unsearched = The chain of certificates was not searched to its end: too many certificates may belong to it, in the file or among those that are trusted here.
verify-reason-list-outdated = Whether the signature is a qualified one is not confirmed: the trusted list at hand tells what was until { $until }, and the signature is not proven to be older. The present issue of the list is needed.
verify-reason-work-exceeded = Not everything was verified that this result rests on: the file asks for more work than is done for one file ({ $limit }: { $max }).
verify-reason-name-ambiguous = The certificate has several different names or numbers of one kind ({ $kinds }): “{ $names }”. Nobody knows which of them is the signer's.
verify-reason-chain-constraint = Certificate “{ $subject }” breaks a rule of the chain.
verify-reason-chain-rule-unknown = Certificate “{ $subject }” has a mandatory rule, { $rule }, that we do not know.
verify-reason-key-usage-wrong = The certificate was not issued for signing documents.
verify-reason-purpose-forbidden = The certificate may be used for other purposes only ({ $purposes }), not for signing documents.
verify-reason-purpose-other = The certificate names other purposes ({ $purposes }) than signing documents.
verify-reason-chain-weak = Certificate “{ $subject }” is signed with the outdated { $algorithm }.
verify-reason-certificate-expired = Certificate “{ $subject }” has expired, and nothing proves that the signing came before.
verify-reason-certificate-not-yet-valid = It was signed before certificate “{ $subject }” became valid.
verify-reason-certificate-in-future = Certificate “{ $subject }” is not valid yet.
verify-reason-authority-younger = The certificate of the issuer “{ $subject }” that we have began only after the signing: it has an older one, which is not at hand.
verify-reason-revocation-unchecked = Nothing we have says whether certificate “{ $subject }” was revoked.
verify-reason-revocation-unknown = What we have on the revocation of certificate “{ $subject }” cannot be used.
verify-reason-revocation-stale = What we know of the revocation of certificate “{ $subject }” is out of date: it holds until { $until }.
verify-reason-revocation-unproven = Nothing proves that what we know of the revocation of certificate “{ $subject }” is old enough to be believed.
verify-reason-revocation-asked = { $came ->
    [not_listed] { $host } was not asked about certificate “{ $subject }”: it is not on the list of those that may be (trust.online, --online).
    [too_many] { $host } was not asked about certificate “{ $subject }”: too much was asked for one file already.
    [no_address] Nobody was asked about certificate “{ $subject }”: its address for revocation is not a usable one.
    [private] { $host } was not asked about certificate “{ $subject }”: it lies in a private network.
    [silent] { $host } was asked about certificate “{ $subject }” and did not answer.
    [code] { $host } was asked about certificate “{ $subject }” and answered with code { $code }.
    [too_large] { $host } was asked about certificate “{ $subject }”; the answer is too large.
    [unreadable] { $host } was asked about certificate “{ $subject }”; the answer cannot be read.
    [refused] { $host } was asked about certificate “{ $subject }” and refused to answer.
   *[answered] { $host } was asked about certificate “{ $subject }” and answered, which did not settle it.
}
verify-reason-revocation-doubted = { $why ->
    [weak] A list or an answer says that certificate “{ $subject }” was revoked on { $at }. It is signed with something outdated, so nobody knows whether it is genuine.
    [no_proof] A list or an answer says that certificate “{ $subject }” was revoked on { $at }. Nothing proves that it was made while the certificate of its signer was valid.
    [responder] An answer says that certificate “{ $subject }” was revoked on { $at }. Who gave it may be revoked too.
    [signature] A list says that certificate “{ $subject }” was revoked on { $at }. It is signed with another key of the issuer than the one for lists on this certificate.
    [unsearched] A list or an answer says that certificate “{ $subject }”, or its key, was revoked on { $at }. Whether its author may say so is not known: there are too many certificates that may belong to it.
    [in_future] A list or an answer says that certificate “{ $subject }” was revoked on { $at }. It was made after the moment of this check.
   *[other] A list or an answer says that certificate “{ $subject }” was revoked on { $at }. It has something in it that we cannot apply or read.
}
verify-reason-revocation-waived = Nobody knows whether certificate “{ $subject }” was revoked; our rules do not ask.
verify-revoked-for-key = {" "}(the key is in other hands)
verify-revoked-for-affiliation = {" "}(the holder’s details have changed)
verify-revoked-for-superseded = {" "}(replaced by another one)
verify-revoked-for-ended = {" "}(not needed any more)
verify-revoked-for-withdrawn = {" "}(the right to it was withdrawn)
verify-reason-certificate-revoked = Certificate “{ $subject }” was revoked on { $at }{ $revoked_for }, and nothing proves that the signing came before.
verify-reason-certificate-revoked-before = Certificate “{ $subject }” was revoked on { $at }{ $revoked_for }, before it was used to sign.
verify-reason-certificate-revoked-later = Certificate “{ $subject }” was revoked on { $at }{ $revoked_for }, after the signing.
verify-reason-certificate-invalid-since = Certificate “{ $subject }” was revoked on { $at }{ $revoked_for }, after the signing, but its issuer holds that it was not to be trusted from { $since } on: before the signing.
verify-reason-certificate-on-hold = Certificate “{ $subject }” has been suspended since { $at }.
verify-reason-certificate-held-then = Certificate “{ $subject }” was suspended on { $at } and still was when it was used to sign. The suspension was lifted later.
verify-reason-authority-revoked = The issuer's certificate “{ $subject }” was revoked on { $at }{ $revoked_for }, and nothing proves that the signing came before.
verify-reason-proof-missing = Nothing proves that certificate “{ $subject }” was issued before its issuer's certificate was revoked or expired, or trust in it ended.
verify-reason-transform-unsupported = The signature transforms the document in a way that we cannot repeat: { $algorithm }.
verify-reason-reference-unresolved = The signature refers to something that is not in the document: “{ $uri }”.
verify-reason-reference-ambiguous = The signature refers to “{ $uri }”, and the document has two such places. This is how content is swapped.
verify-reason-element-uncovered = The document has something that is not signed: “{ $element }”.
verify-reason-wrapper-uncovered = The content is signed, the element around it, “{ $element }”, is not.
verify-reason-comment-uncovered = The document has comments ({ $count }) that the signature does not cover: anybody may have added them.
verify-reason-declaration-uncovered = The document declares namespaces ({ $count }) that the signature does not cover, the first is “{ $name }”: anybody may have added or changed them.
verify-reason-key-name-differs = Beside the key stands a name that is not that of the certificate: “{ $name }”. Nobody signed it.

verify-advice-chain-missing = The signature may be genuine: we only do not know who vouches for its owner. Ask the sender by phone or in person who issued their certificate, and how that issuer can be checked. If the file matters, ask for a signature with a certificate of an issuer whom you trust.
verify-command-chain-missing = Once you have the issuer's root certificate and have checked it: chancery verify --trust ROOT.pem FILE
verify-advice-content-missing = Upload the signature again together with the file that it signs.
verify-advice-content-missing-command = Give the file that it signs: chancery verify --content FILE SIGNATURE
verify-advice-no-signature-command = Ask the sender for the signed file. If the signature is a file of its own, name that, and give this file by --content.
verify-advice-no-signature = Ask the sender for the signed file. If the signature is a file of its own, upload that, and add this file as the signed one.
verify-advice-digest-differs-beside = See whether the file beside the signature is the right one. If it is, ask the sender for the signed file once more and compare.
verify-advice-digest-differs = Ask the sender for the signed file again, and compare.
verify-advice-added-after-signing = Compare what was signed with the present file, and ask the sender what was added and why; if that is not clear, ask for the file that was signed. Names of fields and numbers of objects are those of the file: whoever made it knows them.
verify-advice-field-hides = { verify-advice-added-after-signing }
verify-advice-field-locked = { verify-advice-added-after-signing }
verify-advice-field-enciphered = { verify-advice-added-after-signing }
verify-advice-annotation-forbidden = { verify-advice-added-after-signing }
verify-advice-mark-hides = { verify-advice-added-after-signing }
verify-advice-mark-unread = { verify-advice-added-after-signing }
verify-advice-mark-covers-page = { verify-advice-added-after-signing }
verify-advice-signature-field-unsigned = { verify-advice-added-after-signing }
verify-advice-action-added = Ask the sender for the file that was signed, without scripts, and compare.
verify-advice-hidden-bytes = Ask the sender for the file that was signed, and compare.
verify-advice-only-timestamps = Ask the sender for the signed file: a timestamp is no signature.
verify-advice-carries-other = Ask the sender for the file that was signed, with nothing added.
verify-advice-other-content = Ask the sender for the file as it was signed, with its signature.
verify-advice-reads-two-ways = Ask the sender to save the document anew, and for signatures of that.
verify-advice-signature-removed = Ask the sender whose signature was taken out, and for the file in which it stands.
verify-advice-content-changed = Ask the sender for the file that was signed, and compare.
verify-advice-revocation-unchecked = Ask the certificate's issuer whether it was valid on the day of signing.
verify-advice-revocation-doubted = Ask the certificate's issuer whether it was revoked, and when.
verify-advice-revocation-stale = Ask the certificate's issuer for a newer revocation list.
verify-advice-certificate-revoked = Ask for a new signature made with a valid certificate.
verify-advice-certificate-revoked-before = Ask for a new signature made with a valid certificate.
verify-advice-certificate-invalid-since = Ask for a new signature made with a valid certificate.
verify-advice-certificate-held-then = Ask for a new signature made with a valid certificate.
verify-advice-certificate-on-hold = Check again later: the issuer either lifts the suspension or revokes the certificate.
verify-advice-authority-revoked = Ask for a new signature made with a certificate of another issuer.
verify-advice-authority-younger = Ask the issuer for its earlier certificate, and check the file with it.
verify-advice-moment-ahead = Check without --at, or as of a moment that has come.
verify-advice-certificate-expired = Ask for a new signature, or for a timestamp.
verify-advice-stamp-expired = By itself this timestamp proves nothing any more. Ask the sender for a file with a later one, made before this one ended.
verify-advice-digest-weak = Ask for a new signature made with a current algorithm.
verify-advice-trust-ended = Ask for a file with a timestamp of before that day, or for a new signature with a certificate of another issuer.
verify-advice-broken = Do not rely on this file. Ask the sender for the file as it was signed, another way than this one came, and check that.
verify-advice-unclear = It can be neither confirmed nor refuted here. Ask the sender for the file once more, as the program that signed it saved it; if it comes out the same, ask for a signature in a usual form (PAdES or CAdES).
verify-advice-times-contradict = Ask the sender which of the times is right, and for a file whose timestamps agree.
verify-advice-certificate-unclear = Ask the certificate's issuer whether it was valid on the day of signing and may be used for signing documents. If the file matters, ask for a signature with another certificate.
verify-advice-certificate-missing = Ask the sender for the signer's certificate, and check the file with it.
verify-advice-certificate-missing-command = Ask the sender for the signer's certificate, and give it: chancery verify --evidence CERTIFICATE FILE
verify-advice-key-usage-wrong = Ask for a new signature with a certificate that was issued for signing documents.
verify-advice-purpose-forbidden = { verify-advice-key-usage-wrong }
verify-advice-kind-unsupported = Check it with the program that it was made with, or ask for a signature in a usual form (PAdES or CAdES).
verify-advice-value-unsupported = { verify-advice-kind-unsupported }
verify-advice-digest-unsupported = { verify-advice-kind-unsupported }
verify-advice-transform-unsupported = { verify-advice-kind-unsupported }
verify-advice-unreadable = Ask the sender for the file once more: it was damaged, or it did not arrive whole.
verify-advice-work-exceeded = Ask the sender for the file without what does not belong to it.
verify-advice-chain-unsearched = Ask the sender for the file without what does not belong to it, and see whether many certificates of one name are trusted here.
verify-advice-certificate-in-future = Check again when the certificate has become valid, and see whether this machine's clock is right.

problem-field-no-file = Choose a file.
problem-field-content-not-compared = The signed file holds what it signs, so this one would be compared with nothing. Remove it; if the signature is a file of its own, add that as the signed file.
problem-upload-slow-title = The file takes too long
problem-upload-slow = The file did not arrive whole in time. Check your connection and upload it again.
protocol-title = Protocol of a signature check
protocol-file = signature check
protocol-footer = Protocol of a signature check. Made by Chancery.
protocol-size = Size
protocol-size-bytes = { $bytes }
protocol-program = Program
protocol-organisation = Organisation
protocol-emails = Addresses in the certificate
protocol-issuer = Certificate
protocol-certificate = Certificate
protocol-rules = What the rules demand
protocol-objection = It proves nothing
protocol-save = Save the protocol:
protocol-too-long = This report is too long for all its protocols to stand on this page. A program gets them by POST /api/v1/verify, and the command chancery verify --report writes them.
protocol-origin = Checked by
protocol-origin-server = The Chancery server at { $address }. It trusted the certificate authorities of this server and the certificates that its administrator chose. The moment of the check is that of its clock.
protocol-origin-command = Whoever ran chancery verify on their own machine. Only the certificates that they gave were trusted. The moment of the check is that of their machine’s clock, or one that they chose.
protocol-copies = Something was added to the file after a signature; what it is, and whether it changes what was signed, is said in the verdict on that signature. Each time the digest of the file changes. A copy that ends with a signature has the digest that is named among its technical details. Where what was added changes nothing, the earlier copy stays good, and this file begins with every byte of it.
protocol-how = How to read this protocol
protocol-making = { $number }: how it was made
protocol-making-apart = This is the record of the server where it was signed. Checking the file neither confirms nor refutes it.
protocol-how-text = The verdict and its indications (TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED) follow ETSI EN 319 102-1. TOTAL-PASSED: every check was made and passed. TOTAL-FAILED: the signature and the file do not belong together, or break a rule. INDETERMINATE: something is missing, and the reason is named; such a verdict does not confirm the signature. The protocol speaks only of the file with the digest above and of the moment above.
protocol-how-authority = The protocol does not confirm the signer's authority to sign.
problem-verdict-later-title = The check goes on
problem-verdict-later = The signatures of this file are still being checked. Try again in a minute.
problem-verdict-too-large-title = The file is too large
problem-verdict-too-large = This file is larger than the server checks. Save it and ask the administrator to check it.

complaint-no-such-file = { $file }: no such file
complaint-not-permitted = { $file }: may not be read or written: check its rights
complaint-not-a-file = { $file }: is not a file, so it is not read
complaint-is-a-folder = { $file }: is a folder, and a file is needed
complaint-other = { $file }: { $why }
complaint-too-large = { $file }: larger than { $megabytes } MB
complaint-too-many-files = { $file }: more than { $max } files
complaint-no-workflows = { $file }: there is no such folder here. Name files or a folder: chancery workflow check DIR
complaint-no-files-here = { $file }: the folder has no file that is read here. Their names end with { $endings }: put them there or name another folder
complaint-list-undated = { $file }: this folder was written from a trusted list by an earlier version, without dates: its certificates are trusted and confirm no qualified signature. Write it anew with chancery trust list --into
complaint-no-end = { $file }: until when its certificate is trusted cannot be read: one certificate, and one line “Trusted-Until: ” with a moment like 2023-12-31T23:59:59Z before it. Write the folder anew with chancery trust list --into
complaint-not-listed = { $file }: this is not what chancery trust list --into writes. Write the folder anew with it
complaint-folder-not-empty = { $file }: the folder is not empty; name a new one
complaint-not-utf8 = { $file }: not a text in UTF-8
complaint-not-a-certificate = { $file }: certificate number { $number } of the file cannot be read. Take the file from who gave it once more; one that another program made can be written anew as PEM
complaint-no-certificate = { $file }: there is no certificate in the file. A certificate is a file in DER, or PEM with “BEGIN CERTIFICATE” in it
complaint-too-many-certificates = { $file }: there are more certificates in the file than are read. Leave those that are to be trusted
complaint-not-evidence = { $file }: neither a revocation list nor an OCSP answer nor a certificate. Name files in DER or PEM
complaint-too-much-evidence = { $file }: with this file there is more evidence than is read. Leave what belongs to the files that are checked
complaint-not-a-moment = { $file }: “{ $value }” is not a moment. Write day, time and zone, as in 2026-11-23T18:40:00Z or 2026-11-23T21:40:00+03:00
complaint-not-toml = { $file }: line { $line }, column { $column }: this is not TOML. Each rule is a line of its own: name = value; texts stand in quotes
complaint-policy-unknown = { $file }: there is no rule “{ $name }”. Check its name; there are { $known }
complaint-policy-value = { $file }: the value of “{ $name }” does not fit. Write one of the same form and within its bounds, as the built-in rules do: { $name } = { $usual }
complaint-policy-seconds = { $file }: the value of “{ $name }” does not fit. Write a whole number of seconds, such as { $name } = 86400
complaint-certificate-of-nobody = { $file }: the certificate names nobody
complaint-policy-key-day = { $file }: rsa_until names { $bits } bits, but keys of { $least } bits and more are taken without an end (rsa_bits_min). Raise rsa_bits_min, or drop that line
complaint-policy-name = { $file }: “{ $name }” is the name of the built-in rules, and these are others; give them a name of their own (name = "…")
complaint-not-compared = { $file }: holds what it signs, so the file of --content would be compared with nothing. Leave --content out; to check a signature that lies beside this file, name the signature and give this file by --content
complaint-check-broke = { $file }: the check broke
complaint-passed-over = passed over: { $what }
workflow-unknown-pack = workflows.packs: there is no pack `{ $name }`; name one of { $known }, or `all` for all of them
workflow-not-text-severity = error
workflow-not-text-text = the file is not text in UTF-8
workflow-not-text-help = help: save it as UTF-8

# A power of attorney beside a signature
authority-apart = This is about the power of attorney alone. The verdict on the signature does not depend on it.
authority-compared-with = Compared with
authority-compared-with-nobody = nobody: no signature of this file verifies and names a person
authority-as-of = As of
authority-not-compared = Of the signers of this file { $count } more were not compared with the power of attorney.
authority-signer-not-proven = The signature that it was compared with is not confirmed: its certificate may name anybody. Read the verdict on it.
authority-result-unasked = The authority is confirmed, except that the register was not asked whether it was taken back.
authority-result-if-signer = The power of attorney fits, but who signed is not confirmed.
authority-fact-number = Number
authority-fact-principals = Given by
authority-fact-representatives = Given to
authority-fact-powers = Allows
authority-fact-term = In force
authority-fact-granted-by = Signed by
authority-inn = INN { $number }
authority-ogrn = OGRN { $number }
authority-more = and { $count } more
authority-term = from { $from } to { $until }
authority-term-from = from { $from }
authority-term-until = to { $until }
verify-power-title = Add a power of attorney
verify-power-lead = If somebody signed for an organisation by a machine-readable power of attorney, we compare it with the signature. The verdict on the signature does not depend on it.
verify-power = Power of attorney
verify-power-hint = A machine-readable one, XML. Up to { $size }.
verify-power-signature = The signature of the power of attorney
verify-power-signature-hint = Only if it is a file of its own: sig, p7s. Up to { $size }.
verify-power-organisation = INN or OGRN of the organisation
verify-power-organisation-hint = For which organisation the file is signed. Without it we do not say whether the power of attorney is its own.
verify-power-code = Code of the power
verify-power-code-hint = As in the power of attorney: BBB_2_001. Without it, read the powers yourself.
problem-field-power-missing = Add the power of attorney itself, XML, or leave these fields empty.
problem-field-power-unreadable = The power of attorney cannot be read: the file is damaged, or it is not XML. Take the file as it came from the register or from who gave the power.
problem-field-power-other = This is not a machine-readable power of attorney: the file begins with the element “{ $element }”. Choose the file of the power of attorney.
problem-field-power-too-large = The file is larger than { $kilobytes } KB. A power of attorney and its signature are smaller: check that you chose the right file.

# The root certificate, for checks elsewhere
roots-title = Check elsewhere: the root certificate
roots-text = Our page needs nothing more. Another program says “unknown issuer” until it knows the root certificate that our signatures come from: save it and add it to those that the program trusts. A file of level B-LTA can then be checked without us; one of level B-T also needs the revocation list, because it holds nothing of that itself.
roots-name = Certificate
roots-pem = Root certificate, PEM
roots-der = Root certificate, DER
roots-list = Revocation list, CRL
roots-compare = Before you trust it, compare its digest with one that you got another way, such as by phone or in the contract: a page can be forged. It is public and holds no key.

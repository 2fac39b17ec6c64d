# Trusted lists and powers of attorney: conclusions, checks, reasons.
list-result-confirmed = The list is valid.
list-result-undecided = The list cannot be checked to the end, so do not trust it.
list-result-refused = Do not trust this list.
authority-title = Authority
authority-result-confirmed = The authority is confirmed.
authority-result-undecided = The authority is not fully checked.
authority-result-refused = There is no authority.

authority-check-form = How it is filled in
authority-check-term = Term
authority-check-principal = Who gives it
authority-check-person = To whom
authority-check-powers = Powers
authority-check-delegation = Passing on
authority-check-signature = Its own signature
authority-check-registry = Taken back or not

list-reason-unreadable = The list cannot be read: the file is damaged, or it is not XML.
list-reason-not-a-list = This is not a trusted list: the file begins with the element “{ $element }”.
list-reason-field-missing = The list lacks something that every list has, or has it in a wrong form: { $field }.
list-reason-unsigned = Nobody signed the list. Take it from where whoever keeps it publishes it.
list-reason-several-signatures = The list has { $count } signatures instead of one. This is how content is swapped.
list-reason-signature-misplaced = The signature of the list is not where it belongs. This is how content is swapped.
list-reason-coverage-wrong = The signature does not cover the whole list.
list-reason-signature-wrong = The signature of the list does not fit: the list was changed, or signed with another key.
list-reason-signature-undecided = The signature of the list cannot be checked to the end.
list-reason-signer-unknown = The list is signed with another certificate than the one you named. It says: { $subject }. If somebody passed the list on to you, take it from where it is published. If its signer has changed, get their new certificate from whoever keeps the list, and not from the list itself.
list-reason-expired = The list is out of date: a new one was due on { $due }.
list-reason-old = The list was issued on { $issued } and is too old; it does not say when the next one comes.
list-reason-in-future = The list was issued after the moment of the check: { $issued }.
list-reason-confirms-nothing = It confirms no qualified signatures: it names nobody who may issue qualified certificates now by the law of Russia or of the European Union.
list-reason-service-unnamed = { $count ->
    [one] { $count } authority is named by no certificate that can be read: “{ $service }”. Nothing is known of its certificates.
   *[other] { $count } authorities are named by no certificate that can be read, the first is “{ $service }”. Nothing is known of their certificates.
}
list-fact-operator = Who keeps the list
list-fact-territory = Country
list-fact-number = Issue number
list-fact-issued = Issued
list-fact-next = Next issue due
list-fact-signer = Who signed it
list-fact-digest = SHA-256 of the list
list-fact-judged = Checked as of
list-service-granted = { $provider }: { $service } ({ $kind }) — granted since { $since }
list-service-national = { $provider }: { $service } ({ $kind }) — not a qualified one, since { $since }
list-service-withdrawn = { $provider }: { $service } ({ $kind }) — withdrawn since { $since }
list-service-unknown = { $provider }: { $service } ({ $kind }) — in a state that is not known here, since { $since }
list-service-none = { $provider }: { $service } ({ $kind }) — not listed yet at this moment
list-taken = { $count ->
    [one] { $count } certificate
   *[other] { $count } certificates
} of granted services written to { $folder }{ $ended ->
    [0] {""}
    [one] , and { $ended } of a service that was granted before, for what is proven to be older
   *[other] , and { $ended } of services that were granted before, for what is proven to be older
}.{ $listed ->
    [yes] {" "}What each may issue, and since when, stands there in listed.json: keep that file.
   *[no] {" "}They confirm no qualified signature: the list is of no country whose law is known here.
}
list-kind-qualified = qualified certificates
list-kind-sites = certificates for web sites
list-kind-other-certificates = certificates
list-kind-qualified-times = qualified timestamps
list-kind-times = timestamps
list-not-taken = Nothing was written to { $folder }: the list is not confirmed.

authority-reason-unreadable = The power of attorney cannot be read: the file is damaged, or it is not XML.
authority-reason-not-a-power = This is not a machine-readable power of attorney: the file begins with the element “{ $element }”.
authority-reason-version-unknown = We do not know version “{ $version }” of the format.
authority-reason-field-missing = The power of attorney lacks: { $field }.
authority-reason-field-omitted = The power of attorney omits: { $field }. It does not change what it says.
authority-reason-field-malformed = In the power of attorney “{ $field }” is written wrongly: { $value }.
authority-reason-element-repeated = The power of attorney has several “{ $element }” where it must have one: which of them counts is not said. Ask for a corrected file.
authority-reason-element-misplaced = In the power of attorney “{ $element }” stands where it cannot: nobody acts for a person or an entrepreneur without a power. Ask for a corrected file.
authority-reason-element-unknown = The power of attorney has “{ $element }”, which we do not know in its format and did not weigh. Read it yourself.
authority-reason-control-digit-wrong = The power of attorney has a typing error in “{ $field }”: { $value }, its control digits do not fit.
authority-reason-number-differs = The file name “{ $file }” is not of this power of attorney: its number is { $number }.
authority-reason-type-disagrees = The field “{ $field }” = { $value } does not agree with what follows it.
authority-reason-term-reversed = The term of the power of attorney ends before it begins.
authority-reason-not-yet = The power of attorney was not in force yet: it is issued on { $day }.
authority-reason-expired = The term of the power of attorney ended on { $day }.
authority-reason-principal-other = The power of attorney is given by another organisation: { $principal }. The one with number { $asked } is needed.
authority-reason-principal-unnumbered = Who gave the power of attorney ({ $principal }) cannot be compared: there is no INN or OGRN in common.
authority-reason-principal-unasked = It was not said for which organisation the document is signed.
authority-reason-person-other = The power of attorney is given to somebody else: { $representative }. Signed by { $signer }.
authority-reason-person-by-name = Only the name is the same ({ $signer }): neither INN nor SNILS can be compared.
authority-reason-person-renamed = The numbers are the same, the name is another: { $representative } in the power of attorney, { $signer } in the certificate.
authority-reason-person-of-organisation = The power of attorney is given to an organisation ({ $representative }). Who signs for it, it does not say.
authority-reason-person-unasked = It was not said who signed the document.
authority-reason-jointly = The representatives act only together, and one of them signed.
authority-reason-powers-other = The power that is needed is not among the powers. Read them yourself.
authority-reason-powers-by-words = A power fits by its words alone: { $power }. Whether they make exceptions a person has to say: read them.
authority-reason-powers-limited = The power is limited: { $limit }. Read whether the document lies within that.
authority-reason-powers-unasked = It was not said which power is needed. Read the powers yourself.
authority-reason-delegation-allowed = The power of attorney may be passed on to others.
authority-reason-parent-missing = The power of attorney was passed on. Add the one that it comes from, number { $number }, with its signature.
authority-reason-parent-forbids = Power of attorney { $number }, which it comes from, may not be passed on.
authority-reason-parent-other = Passed on by somebody to whom the first power of attorney was not given: { $delegator }.
authority-reason-parent-refused = Power of attorney { $number }, which it comes from, is refused.
authority-reason-parent-undecided = Power of attorney { $number }, which it comes from, cannot be checked to the end.
authority-reason-parent-shorter = The power of attorney that it comes from ends earlier: { $day }.
authority-reason-parent-later = The power of attorney that it comes from was issued later: { $day }.
authority-reason-parent-joint = The representatives of the power of attorney that it comes from act only together, and not all of them passed it on.
authority-reason-parent-limits = The power is limited where it comes from, and this one leaves that out: { $limit }.
authority-reason-first-other = The power of attorney says that it goes back to number { $number }, and the ones it comes from go back to another.
authority-reason-first-principal-other = The power of attorney says that { $principal } gave the first one, and the ones it comes from were first given by another.
authority-reason-parent-narrower = The power of attorney that it comes from does not name this power: { $power }.
authority-reason-delegator-lost = Who passed the powers on has lost them.
authority-reason-signature-missing = The signature of who gave the power of attorney is missing.
authority-reason-signature-wrong = The signature of the power of attorney does not fit: the file was changed, or the signature is not its own.
authority-reason-signature-unproven = The power of attorney is signed properly, and nothing proves that it was already signed when the document was.
authority-reason-signature-undecided = The signature of the power of attorney cannot be checked to the end.
authority-reason-signer-other = The power of attorney is signed by somebody who does not act for who gives it: { $signer }. Given by { $principal }.
authority-reason-signer-unproven = The certificate does not tell whether { $signer } acts for who gives the power: it has none of their numbers. An organisation signs its power with a certificate that has its INN or OGRN.
authority-reason-signer-managing = The power of attorney is signed by a manager whom it names itself: { $signer }. Look up in the state register whether they manage { $principal }.
authority-reason-signer-notary = It says that a notary certified it; that { $signer } is a notary the certificate does not tell. Look it up in the register of notarial acts.
authority-reason-signer-guardian = A representative by law, whom the power of attorney names itself, signed for { $principal }: { $signer }. Check their documents.
authority-reason-signer-renamed = Who signed ({ $signer }) has the numbers of the head and another name: { $head } in the power of attorney.
authority-reason-signer-alone = Several act for who gives the power only together, and not all of them signed.
authority-reason-signed-later = The power of attorney was signed on { $signed }, later than the moment it is checked for. That it was in force then is not proven.
authority-reason-registry-unasked = The register of powers was not asked: it may have been taken back.
authority-reason-registry-demanded = Without an answer of the register of powers nothing is confirmed.
authority-reason-revoked = The power of attorney was taken back on { $since }.
authority-reason-registry-unknown = The register does not know this power of attorney.
authority-reason-registry-old = The register was asked before the moment of the check: { $asked }.

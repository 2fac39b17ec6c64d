# Signatures on the document's page.
signatures-title = Signatures
signatures-none = There are no signatures in the file of version { $number }.
signatures-later = The signatures are still being checked. Reload the page in a minute.
signatures-unreadable = The file cannot be read from storage now, so nothing can be said about its signatures. Try later; if that does not help, ask the administrator.
signatures-too-large = The file is too large for its signatures to be checked on this page.
signatures-of-copy = The signed copy of version { $number } was checked.
signatures-of-main = The file of version { $number } was checked as it came in.
signatures-save = Save the signed copy
signatures-evidence = Evidence (JSON)
signatures-also = Version { $number } is signed too
signatures-lasting = Level { $level }. The certificate of its last timestamp is valid until { $date }; the copy gets a new timestamp before.
signatures-not-raised = The time in which it can be checked could not be prolonged; there is another try later. { $reason }
raise-nothing-signed = The signature in the file cannot be read.
raise-not-timestamped = The file has a signature without a timestamp.
raise-path-missing = No chain of certificates leads from one of the signatures to a trusted one.
raise-not-proven = One of the signatures cannot be proven by what is at hand: for example, nobody says whether its certificate is revoked.
raise-timestamp-key = The timestamp that is given now rests on an RSA key that the rules of checking take no more, or soon no more.
raise-no-timestamp = No timestamp could be had.
raise-file-unreadable = The file cannot be read.
raise-file-too-large = The file is too large.

# What was signed, and what is seen now
revision-title = What changed after the signature
revision-about = Signature: { $who }, { $when }. Each page is shown twice: as it was signed, and as it is now.
revision-about-whole = Signature: { $who }, { $when }.
revision-ordinary = That is as it should be: after this signature only further signatures with their marks, timestamps and evidence were added, and the check found them in order.
revision-whole = Nothing was added to the file after this signature: it covers all of it.
revision-fields = Values of form fields were changed after this signature, as listed below. Open the file in a PDF program: it may show them otherwise than here.
revision-same = Nothing visible changed after this signature.
revision-differs = { $count ->
    [one] Page { $pages } looks different from what was signed.
   *[other] Pages { $pages } look different from what was signed.
 }
revision-other-text = { $count ->
    [one] Page { $pages } looks the same, but the text beneath (which is searched, copied and read aloud) is another.
   *[other] Pages { $pages } look the same, but the text beneath (which is searched, copied and read aloud) is another.
 }
revision-unknown = { $count ->
    [one] Page { $pages } could not be compared: nothing is said of it here. Save both revisions and compare them yourself.
   *[other] Pages { $pages } could not be compared: nothing is said of them here. Save both revisions and compare them yourself.
 }
revision-places = { $count ->
    [one] Page { $number } differs: one place is outlined.
   *[other] Page { $number } differs: { $count } places are outlined.
 }
revision-look-same = unchanged
revision-look-differs = looks different
revision-look-other-text = another text
revision-look-added = added
revision-look-removed = removed
revision-look-unknown = not compared
revision-signed = When it was signed
revision-now = Now
revision-no-picture = There is no picture.
revision-text = The text: what was added and removed
revision-rest = { $count ->
    [one] { $count } page is unchanged
   *[other] { $count } pages are unchanged
 }
revision-save = Download the file as it was signed
revision-compare = Compare what was signed with the present file
revision-how = The pages of both revisions are drawn by one program and compared to the pixel, the texts to the word. The first 100 pages are compared.

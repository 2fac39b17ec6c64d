# Powers of attorney beside stored signatures, and powers that were passed on.
power-title = Power of attorney beside the signature
power-add = Add a power of attorney
power-replace = Add another power of attorney
power-whose = The power of attorney of { $name }.
power-of-version = Their signature stands in the file of version { $number }.
power-of-detached = Their signature lies in the file “{ $name }”.
power-lead = If somebody signed for an organisation by a machine-readable power of attorney, it is kept beside the signature and checked now and whenever the signature is checked again. The verdict on the signature does not depend on it. The newest counts; those before it stay, with their files.
power-submit = Check and keep
power-added-by = { $name } added it
power-last-check = { $result } Last check: { $at }.
power-not-judged = The check still goes on, or a file of the power of attorney cannot be read now. Reload the page in a minute.
power-files = { $count ->
    [one] { $count } file of the power of attorney
   *[other] { $count } files of the power of attorney
}
power-earlier = { $count ->
    [one] { $count } power of attorney before it
   *[other] { $count } powers of attorney before it
}
power-file-power = Power of attorney
power-file-signature = Its signature
power-file-parent = Passed on from
power-file-parent-signature = Its signature
flash-power-confirmed = The power of attorney is kept. The authority is confirmed, except that the register was not asked whether it was taken back.
flash-power-undecided = The power of attorney is kept, but the authority is not fully checked: see below what is missing.
flash-power-refused = The power of attorney is kept, but it gives no authority: see below why.
verify-power-parents = Powers of attorney that it was passed on from
verify-power-parents-hint = If it was passed on: choose the first one and each between, with their signatures, all at once. We find out which signature belongs to which. At most { $max } powers.
authority-fact-first-principals = First given by
authority-fact-parent = Passed on from
problem-field-power-none = Choose the file of the power of attorney.
problem-field-power-signature-unreadable = This is not a signature. Choose the file of the power of attorney's own signature (sig, p7s), or leave this field empty if it stands within the power.
problem-field-power-parent-unreadable = The file “{ $name }” is neither a power of attorney nor a signature of one. Choose XML files and their signatures (sig, p7s).
problem-field-power-parent-attached = The signature “{ $name }” holds the power of attorney inside. A detached one is wanted, beside the XML file.
problem-field-power-parent-loose = The signature “{ $name }” belongs to none of the powers that you chose here. Choose it together with the power that it signs.
problem-field-power-parents-too-many = At most { $max } powers of attorney, each with one signature.
problem-power-known-title = This power of attorney is here already
problem-power-known = The same files with the same questions count beside this signature already. Nothing was done a second time.
problem-power-too-many-title = Too many powers of attorney
problem-power-too-many = A document keeps at most { $max } of them.
problem-power-signer-unnamed-title = The signature names nobody
problem-power-signer-unnamed = It holds no certificate of who signed that could be compared with a power of attorney.
history-power-added = Power of attorney added beside a signature
history-power-result-changed = A power of attorney came to another conclusion
audit-noun-power = Powers of attorney

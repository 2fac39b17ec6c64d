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

# Problems of every area: `problem-<code>-title` and `problem-<code>`; fields: `problem-field-<code>`.
# A refusal (409) without a title of its own has `problem-refused-title`.
problem-home = To the main page
problem-to-document = Back to the document
problem-to-task = Back to the task
problem-to-entrance = Come in by the link of the letter
problem-request = Request number for your administrator:
problem-explained = Programs get this code with an answer. The answer's text says what exactly happened and what to do.
problem-refused-title = Not possible now
problem-unreadable-title = The request cannot be read
problem-unreadable = The server could not read what the page or program sent. Reload the page and try again.
problem-unauthenticated-title = Please log in
problem-unauthenticated = You are not logged in, or your session has ended. Log in and try again; what you typed is kept in this browser.
problem-denied-title = Not yours to do
problem-denied = You can see this, but it takes another role to do it. Ask your organisation's administrator.
problem-token-only-reads-title = The token only reads
problem-token-only-reads = This token was made for reading only. To change anything, make a “Read and act” token in your profile (/profile).
problem-not-found-title = Nothing here
problem-not-found = There is no such page, or it is not for you. Check the address.
problem-no-such-method-title = Not asked this way
problem-no-such-method = This address has no such method. The list of calls is on the page /api/reference.
problem-cross-site-title = The request came from another site
problem-cross-site = This did not begin on a page of ours, so it was not done. Open the page here and try again.
problem-csrf-title = The page is out of date
problem-csrf = The page was opened in another session. Reload it and try again; what you typed is kept in this browser.
problem-wrong-host-title = Another address
problem-wrong-host = This server answers only at this computer's own address: localhost or 127.0.0.1.
problem-path-encoded-title = The address is written otherwise
problem-path-encoded = The path encodes characters that are written as they are, or separators. Write it without these percent signs.
problem-invalid-title = Correct the fields
problem-invalid = Some fields are not filled in correctly.
problem-stale-title = Changed meanwhile
problem-stale = While the page was open, this was changed: in another tab or by somebody else. Open it again, look at what it is now, and repeat.
problem-if-match-missing-title = If-Match is needed
problem-if-match-missing = Send If-Match with the row's version from ETag, so that nobody else's change is overwritten.
problem-too-large-title = The file is too large
problem-too-large = The file is larger than { $megabytes } MB. Make it smaller and upload it again.
problem-body-slow-title = The request takes too long
problem-body-slow = The request did not arrive whole in time. Check your connection and send it again.
problem-body-too-large-title = Too much text
problem-body-too-large = What was sent is longer than this page takes. Shorten it.
problem-unsupported-media-title = This file is not taken
problem-unsupported-media = The content is not of a type that is taken here. Upload a PDF.
problem-too-many-title = Too often
problem-too-many = { $minutes ->
    [0] { $seconds ->
        [one] Try again in { $seconds } second.
       *[other] Try again in { $seconds } seconds.
    }
    [one] Try again in { $minutes } minute.
   *[other] Try again in { $minutes } minutes.
}
problem-unavailable-title = Unavailable for a moment
problem-unavailable = A part of the server does not answer now. Nothing has changed; try again in a minute.
problem-timestamps-unavailable-title = The timestamping service does not answer
problem-timestamps-unavailable = No signature is made without a timestamp. Nothing changed: try again in some minutes, and if that does not help, write to whoever sent the document.
problem-internal-title = The server failed
problem-internal = The server could not do this and has written down why. Give your administrator the request number.
problem-idempotency-key-missing-title = Idempotency-Key is needed
problem-idempotency-key-missing = Send an Idempotency-Key (up to 200 characters): then a repeated request does nothing twice.
problem-link-not-live = This person has no live link: it was revoked or is over. If they are to sign after all, send a new link in the counterparty’s block.
problem-idempotency-answer-lost = The request with this key has already been carried out, but its answer was lost when the server stopped. Nothing was done a second time. Look the result up; use a new key only for a new request.
problem-idempotency-key-in-use = The first request with this key is still being done. Try again in a few seconds.
problem-login-failed = The e-mail or password does not match. Check the keyboard layout, or set a new password.
problem-field-empty = Fill in this field.
problem-field-too-long = At most { $max } characters.
problem-field-control-character = Remove line breaks and other control characters.
problem-field-invisible-character = Remove the invisible character { $code }: it makes text look like other text.
problem-field-not-a-choice = Choose from the list.
problem-field-too-many-tasks = Choose fewer tasks at once.
problem-field-out-of-range = From { $min } to { $max }.
problem-field-cursor = This does not begin a page of this list. Start with the first page.
problem-field-json = Cannot be read as the expected JSON: { $why }
problem-field-key-reused = This key was used with another request. Take a new one.
problem-field-before-from = This day is before the first one. Swap the dates.
problem-field-card-changed = The card changed while you edited it: in another tab or by somebody else. These are your values. Check them and save once more.

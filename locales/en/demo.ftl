# The demo's own pages.
demo-title = Demo
demo-lead = All people and documents are invented. No mail leaves: it stays here.
demo-people = Log in by one click
demo-who = Who
demo-enter = Log in
demo-enter-as = Log in: { $name }
demo-outsiders = Counterparties
demo-outsiders-text = They have no accounts: they come by a link in a mail. Open their mail and play them.
demo-their-mail = mail
demo-all-mail = All mail
demo-mail-title = Mail
demo-mail-to = To { $address }.
demo-mail-empty = No mail
demo-mail-empty-text = It will come when something happens to documents.
demo-mail-files = Attachments
demo-mail-html = Show as a mail program shows it

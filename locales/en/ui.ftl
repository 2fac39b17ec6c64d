# The frame of pages, login, pieces that every page has.
shell-skip = Skip to content
shell-house = Chancery
shell-menu = Sections
shell-search = Find a document
shell-tasks = Tasks
shell-documents = Documents
shell-counterparties = Counterparties
shell-people = People
shell-new-document = New document
shell-profile = My profile
shell-verify = Check a signature
shell-organisation = Organisation
shell-mail = Mail
shell-signatures = All signatures
shell-audit = Audit log
shell-logout = Log out
shell-russian = Русский
form-optional = (optional)
form-errors = { $count ->
    [one] Correct { $count } field
   *[other] Correct { $count } fields
}
list-next = Show the next ones
list-pages = Pages of the list
login-title = Log in
login-name = E-mail
login-password = Password
login-submit = Log in
login-forgot = Forgot your password?
flash-logged-out = You have logged out.

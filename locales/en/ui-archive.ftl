# The archive of counterparties, contacts and departments.
archive-title = Archive
archive-here = Archived
archive-current = Current
archive-filters = Current or archived
archive-put = Archive
archive-take = Restore
archive-empty = The archive is empty
archive-empty-hint = Counterparties that are no longer worked with come here.
archive-counterparty-lies = The counterparty is archived: forms offer neither it nor its contacts. Documents that name it stay as they were.
archive-contact-lies = The contact is archived: forms do not offer them. Documents and signatures stay as they were.
archive-counterparty-consequence = Forms will no longer offer the counterparty and its contacts. Documents and links that were sent stay. It can be restored at any time.
archive-contact-consequence = Forms will no longer offer this contact. Documents and links that were sent stay.
archive-department-consequence = Forms will no longer offer the department. Move its people and the departments in it first.
flash-archived = Archived.
flash-restored = Restored from the archive.
problem-already-archived = This is archived already.
problem-not-archived = This is not archived.
problem-counterparty-archived = The counterparty is archived. Restore it first.
problem-department-parent-archived = The department is part of “{ $name }”, which is archived. Restore that one first.
archive-contacts = { $count ->
    [one] { $count } archived contact
   *[other] { $count } archived contacts
}
archive-departments = { $count ->
    [one] { $count } archived department
   *[other] { $count } archived departments
}
problem-department-in-use = People ({ $people }) or departments ({ $departments }) still stand in this department. Move them and take the roles within it away, then archive it.
problem-person-without-access = This person has no access: the invitation is not accepted, or access is disabled.
problem-contact-of-others = Documents of others that are under way name this contact: their links to sign would go to the new address. Ask whoever keeps counterparties (a clerk, a lawyer, a contract manager) to change it, or make a new contact.

# The archive of counterparties, contacts and departments.
archive-title = Архив
archive-here = В архиве
archive-current = Действующие
archive-filters = Действующие или в архиве
archive-put = Убрать в архив
archive-take = Вернуть из архива
archive-empty = Архив пуст
archive-empty-hint = Сюда попадают контрагенты, с которыми больше не работают.
archive-counterparty-lies = Контрагент в архиве: его и его контактных лиц не предлагают формы. Документы с ним остались как были.
archive-contact-lies = Контактное лицо в архиве: формы его не предлагают. Документы и подписи остались как были.
archive-counterparty-consequence = Контрагента и его контактных лиц больше не будут предлагать в формах. Документы и отправленные ссылки останутся. Вернуть можно в любой момент.
archive-contact-consequence = Это контактное лицо больше не будут предлагать в формах. Документы и отправленные ссылки останутся.
archive-department-consequence = Подразделение больше не будут предлагать в формах. Сначала переведите из него людей и вложенные подразделения.
flash-archived = Убрано в архив.
flash-restored = Возвращено из архива.
problem-already-archived = Это уже в архиве.
problem-not-archived = Этого нет в архиве.
problem-counterparty-archived = Контрагент в архиве. Сначала верните его оттуда.
problem-department-parent-archived = Подразделение входит в «{ $name }», которое в архиве. Сначала верните то подразделение.
archive-contacts = { $count ->
    [one] В архиве { $count } контактное лицо
    [few] В архиве { $count } контактных лица
   *[other] В архиве { $count } контактных лиц
}
archive-departments = { $count ->
    [one] В архиве { $count } подразделение
    [few] В архиве { $count } подразделения
   *[other] В архиве { $count } подразделений
}
problem-department-in-use = В подразделении ещё есть люди ({ $people }) или вложенные подразделения ({ $departments }). Переведите их и снимите роли, связанные с подразделением, потом уберите его в архив.
problem-person-without-access = У этого человека нет доступа: приглашение не принято или доступ отключён.

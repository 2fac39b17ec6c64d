# Список всех хранимых подписей для комплаенс-контролёра.
worklist-title = Все подписи
worklist-all = { $count ->
    [0] Проверенных подписей пока нет.
    [one] Проверена { $count } подпись.
    [few] Проверены { $count } подписи.
   *[other] Проверено { $count } подписей.
}
worklist-failed = Недействительны: { $count }.
worklist-indeterminate = Проверены не до конца: { $count }.
worklist-passed = Действительны: { $count }.
worklist-unchecked = { $count ->
    [one] Ещё { $count } файл не проверен: это произойдёт в течение часа.
    [few] Ещё { $count } файла не проверены: это произойдёт в течение часа.
   *[other] Ещё { $count } файлов не проверены: это произойдёт в течение часа.
}
worklist-since = Каждая проверена { $at } или позже.
worklist-how = Как подписи проверяются заново
problem-field-days-out-of-range = Напишите целое число дней от 1 до { $max }.
worklist-lead = Подписи проверяются снова по расписанию. Если вывод изменился, это событие журнала и письмо комплаенс-контролёрам.
worklist-revoke = Сертификат, который выдали мы, отзывает администратор сервера командой chancery authority revoke; после этого подписи проверяются заново.
worklist-recheck = Проверить все снова
worklist-going-on = Идёт новая проверка всех подписей. Обновите страницу позже.
worklist-filters = Какие подписи показать
worklist-verdict = Вывод
worklist-any-verdict = Любой
worklist-concern = На что обратить внимание
worklist-any-concern = Не важно
worklist-concern-changed = Вывод менялся
worklist-concern-ending = Сертификат скоро истечёт, архивного штампа нет
worklist-concern-ended = Сертификат истёк, архивного штампа нет
worklist-concern-proof-ending = Доказательства скоро перестанут действовать
worklist-concern-not-raised = Экземпляр не удалось продлить
worklist-concern-revoked = Сертификат отозван
worklist-concern-without-timestamp = Нет штампа времени
worklist-concern-weak = Слабый алгоритм
worklist-days = Скоро: дней до конца
worklist-words = Подписант или документ
worklist-from = Подписано с
worklist-until = Подписано по
worklist-export = Сохранить таблицей
worklist-number = Номер
worklist-where = Где
worklist-organisation = Организация подписанта
worklist-before-head = Прежний вердикт
worklist-reason = Причина
worklist-sha256 = SHA-256 файла
worklist-show = Показать
worklist-clear = Показать все
worklist-none = Подписей ещё нет
worklist-none-hint = Они появятся здесь после первой проверки подписанного документа.
worklist-none-such = Таких подписей нет
worklist-none-such-hint = Измените условия или посмотрите все подписи.
worklist-document = Документ
worklist-signer = Подписал
worklist-signer-unknown = неизвестно
worklist-signed = Когда подписано
worklist-signed-unproven = время не доказано
worklist-ends = До каких пор проверяется
worklist-certificate = Сертификат до
worklist-copy = Экземпляр уровня { $level }.
worklist-copy-until = Экземпляр уровня { $level }, доказывает сам до { $at }.
worklist-copy-b-t = Экземпляр уровня { $level }: время подписи доказано, а сведений об отзыве в нём нет. Кто проверяет его отдельно, берёт список отзыва у издателя. Когда подписывать будет больше некому, уровень поднимется сам.
worklist-ended = истёк, и ничто не доказывает, что подпись сделана раньше
worklist-ended-proven = с тех пор истёк; подписано раньше, по штампу времени
worklist-checked = Проверено
worklist-place-detached = версия { $version }, отсоединённая подпись { $name }
worklist-place = версия { $version }, подпись { $signature }
worklist-before = Раньше: { $before }
worklist-mark-revoked = Сертификат отозван
worklist-mark-revoked-later = Сертификат отозван уже после подписания
worklist-mark-without-timestamp = Нет штампа времени
worklist-mark-weak = Слабый алгоритм
flash-recheck-asked = Проверка всех подписей начата. Обновите страницу через минуту.
flash-recheck-going-on = Проверка всех подписей уже идёт.
problem-recheck-going-on = Проверка всех подписей уже идёт. Дождитесь её конца.
problem-signatures-too-many = Запрошено больше { $max } подписей. Сузьте список: вердикт, подписант, более короткий срок.

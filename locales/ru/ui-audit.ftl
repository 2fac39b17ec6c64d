# The audit log: every action in words (`domain::audit_actions`), and its page.
history-absence-recorded = { $to ->
    [none] Записано отсутствие
   *[other] Записано отсутствие, замещает: { $to }
}
history-absence-ended = Отсутствие закончено досрочно
history-authority-made = Созданы ключи удостоверяющего центра
history-authority-rotated = Ключи удостоверяющего центра заменены
history-certificate-issued = Выпущен сертификат для подписи
history-certificate-presented = Предъявлен сертификат внешнего ключа для подписи
history-consent-given = Даны согласия перед подписанием
history-contact-archived = Контактное лицо убрано в архив
history-contact-created = Добавлено контактное лицо
history-contact-edited = Контактное лицо изменено
history-contact-restored = Контактное лицо возвращено из архива
history-counterparty-archived = Контрагент убран в архив
history-counterparty-created = Добавлен контрагент
history-counterparty-edited = Контрагент изменён
history-counterparty-restored = Контрагент возвращён из архива
history-department-archived = Подразделение убрано в архив
history-department-created = Создано подразделение
history-department-edited = Подразделение изменено
history-department-restored = Подразделение возвращено из архива
history-document-created = Документ создан
history-document-drafted = Черновик подготовлен маршрутом другого документа
history-document-edited = Карточка изменена
history-document-extended = Подписи продлены
history-document-not-started = Согласование не началось само
history-document-signed = Поставлена подпись
history-document-withdrawn = Черновик отозван
history-edition-discarded = Редакция маршрута отменена
history-edition-proposed = Редакция маршрута предложена
history-edition-published = Редакция маршрута опубликована
history-edition-returned = Редакция маршрута возвращена
history-edition-saved = Редакция маршрута сохранена
history-edition-withdrawn = Редакция маршрута, опубликованная на более поздний день, отозвана
history-link-code-refused = Введён неверный код из письма
history-link-code-sent = Код отправлен на почту подписанта
audit-actor-of-link = Кто-то по ссылке для { $name }
history-link-opened = Открыта ссылка на подписание
history-link-pages-read = Страницы отмечены прочитанными
history-link-renewed = Выслана новая ссылка вместо истёкшей
history-link-revoked = Ссылка на подписание отозвана
history-link-sent = Выслана новая ссылка на подписание
history-link-verified = Почта подписанта подтверждена кодом
history-call-repeated = Внешний вызов повторён вручную
history-mail-resent = Письмо отправлено снова вручную
history-mandate-ended = Полномочие прекращено: { $what }
history-mandate-recorded = Внесено полномочие: { $what }
history-organisation-created = Создана организация
history-organisation-edited = Сведения об организации изменены
history-person-disabled = Доступ человека отключён
history-person-edited = Сведения и роли человека изменены
history-person-enabled = Доступ человека включён
history-person-invitation-resent = Приглашение отправлено снова
history-person-invited = Человек приглашён
history-person-link-issued = Выдана одноразовая ссылка для пароля
history-person-password-changed = Пароль изменён
history-person-password-reset-requested = Запрошен новый пароль
history-person-password-set = Пароль установлен по ссылке
history-person-profile-edited = Профиль изменён
history-comment-added = В обсуждении что-то сказано
history-comment-struck = Сказанное в обсуждении зачёркнуто
history-question-answered = На вопрос контрагента дан ответ
history-question-asked = Контрагент задал вопрос
history-remark-closed = Замечание закрыто
history-run-approver-added = Добавлен согласующий
history-run-absence-began = { $to ->
    [none] Исполнитель отсутствует
   *[other] Отсутствует { $from }, до возвращения решать может и { $to }
}
history-run-incident-retried = Повторено после сбоя
history-run-lookup-answered = { $what ->
    [none] Ответ на внешнюю справку
   *[other] Внешняя справка: { $what }
}
history-task-claimed = Задача взята из общей очереди
history-task-delegated = { $to ->
    [none] Задача передана, решает другой от имени исполнителя
   *[other] Решение поручено: { $from } → { $to }
}
history-task-delegation-ended = { $to ->
    [none] Переданная задача возвращена
   *[other] Порученная задача возвращена: { $from } → { $to }
}
history-task-form-filled = Заполнены поля карточки
history-task-unclaimed = Задача возвращена в общую очередь
history-run-approver-dropped = Добавленный согласующий исключён
history-run-calendar-changed = Сроки пересчитаны по изменённому календарю
history-run-cancelled = Согласование прекращено администратором или владельцем маршрута
history-run-children-counted = Посчитаны документы, которых ждёт маршрут
history-run-migrated = { $before ->
    [none] Маршрут сменён в пути
   *[other] Маршрут сменён: { $before } → { $after }
}
history-run-resubmitted = Отправлено снова после доработки
history-run-resumed = Согласование продолжено
history-run-started = Согласование запущено
history-run-suspended = Согласование приостановлено
history-run-timer-fired = { $what ->
    [due] Срок прошёл: { $to }
    [remind] Напоминание о сроке: { $to }
    [escalate] Просрочено: { $to }; сделан следующий шаг эскалации
    [overdue] Всё ещё просрочено: { $to }
    [hold_end] Ожидание закончилось: { $to }
   *[other] Наступил срок, напоминание или эскалация
}
history-run-version-taken = Новая версия принята в согласование
history-run-withdrawn = Согласование отозвано
history-session-closed = Сеанс завершён
history-session-opened = Вход в систему
history-signature-brought = Принесена отсоединённая подпись
history-signature-extended = Отсоединённая подпись продлена
history-signature-recheck-asked = Начата проверка всех подписей
history-signature-verdict-changed = Изменился вывод о подписи
history-task-decided = { $decision ->
    [approve] Согласовано
    [approve_with_remarks] Согласовано с замечаниями
    [return] Возвращено на доработку
    [reject] Отклонено
    [abstain] Воздержание
    [hold] Ожидание
    [acknowledge] Ознакомление подтверждено
   *[other] Принято решение
}
history-task-reassigned = { $to ->
    [none] Задача передана
   *[other] Задача передана: { $from } → { $to }
}
history-task-reassigned-from-outside = { $to ->
    [none] Задача передана администратором
   *[other] Задача передана администратором: { $from } → { $to }
}
history-task-reminded = Отправлено напоминание
history-task-revoked = Решение отозвано
history-task-signed = Этап подписания пройден
history-token-created = Создан токен
history-token-revoked = Токен отозван
history-version-added = { $version ->
    [0] Загружена новая версия
   *[other] Загружена версия { $version }
}
history-other = Событие: { $action }
audit-title = Журнал аудита
audit-lead = Каждое изменение в организации: кто, что, когда и откуда. Записи нельзя изменить или удалить.
audit-filters = Отбор событий
audit-who = Кто
audit-what = Что произошло
audit-document = Документ
audit-document-hint = Номер, слова из названия
audit-from = С даты
audit-until = По дату
audit-any = Всё
audit-show = Показать
audit-clear = Сбросить
audit-when = Когда
audit-none = Событий нет
audit-none-hint = Под эти условия ничего не подходит. Измените их или сбросьте.
audit-actor-system = Система
audit-actor-operator = Оператор сервера
audit-actor-contact = контрагент
audit-details = Подробности
audit-event = Событие
audit-action = Код действия
audit-subject = Предмет
audit-version = SHA-256 версии
audit-address = Сетевой адрес
audit-request = Запрос
audit-leaf = Хеш записи
audit-values = Значения
audit-noun-absence = Отсутствие
audit-noun-authority = Удостоверяющий центр
audit-noun-call = Внешние вызовы
audit-noun-certificate = Сертификаты
audit-noun-consent = Согласия
audit-noun-contact = Контактные лица
audit-noun-counterparty = Контрагенты
audit-noun-department = Подразделения
audit-noun-document = Документы
audit-noun-edition = Редакции маршрутов
audit-noun-link = Ссылки на подписание
audit-noun-mail = Письма
audit-noun-mandate = Реестр полномочий
audit-noun-organisation = Организация
audit-noun-person = Люди
audit-noun-comment = Обсуждение
audit-noun-question = Вопросы
audit-noun-remark = Замечания
audit-noun-run = Прохождение маршрута
audit-noun-session = Сеансы
audit-noun-signature = Проверки подписей
audit-noun-task = Задачи
audit-noun-token = Токены
audit-noun-version = Версии
entered-told = { $told } · внесено в журналы: { $numbers }
mandates-told = основание: { $basis }

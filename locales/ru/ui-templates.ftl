# Шаблоны: какие включены и каждый словами.
templates-title = Шаблоны документов
templates-lead = По каким маршрутам здесь идут документы: кто решает, когда и что бывает при отказе.
templates-all = Все шаблоны
templates-others = Вне наборов
templates-start = Создать
templates-start-of = документ: { $kind }
templates-stages = { $count ->
    [one] { $count } этап
    [few] { $count } этапа
   *[other] { $count } этапов
}
templates-off = { $count ->
    [one] Выключен { $count } набор
    [few] Выключены { $count } набора
   *[other] Выключены { $count } наборов
}
templates-off-hint = Набор включают его именем в настройке workflows.packs. Документы выключенных видов остаются и идут своим маршрутом.
shell-templates = Шаблоны

template-start = Создать документ
template-way = Маршрут
template-when = Только если:
template-who = Кто
template-time = Срок
template-refusals = Кроме согласия
template-notes = Ещё
template-review = рассмотрение
template-approve = согласование
template-sign = подписание
template-acknowledge = ознакомление
template-automatic = без участия людей
template-parallel-all = одновременно, нужны все ветви
template-parallel-any = одновременно, достаточно одной ветви
template-parallel-count = { $count ->
    [one] одновременно, нужна { $count } ветвь
    [few] одновременно, нужны { $count } ветви
   *[other] одновременно, нужны { $count } ветвей
}
template-sequence = по порядку
template-thresholds = Пороги и сроки
template-thresholds-hint = Администратор меняет их в одном месте. Документ, который уже в пути, идёт по прежним.
template-threshold = Что
template-value = Значение
template-rules = Общие правила
template-rule-initiator = Инициатор и автор версии не согласуют и не подписывают свой документ: за них решает ближайший вышестоящий руководитель.
template-rule-refusals = Кто согласует или подписывает, может вернуть документ инициатору с замечаниями или отклонить его, и тогда маршрут завершается отказом. Где иначе, сказано у этапа.
template-rule = { $stages }: решает { $rule }.
template-rule-everywhere = Каждый этап: решает { $rule }.
template-rule-instead = Взамен: { $who }.
template-not-person-of = не тот, кто указан в поле «{ $field }»
template-not-voter-of = не тот, кто решал на этапе «{ $stage }»
template-rework = { $count ->
    [one] Вернуть на доработку можно { $count } раз.
    [few] Вернуть на доработку можно { $count } раза.
   *[other] Вернуть на доработку можно { $count } раз.
}
template-rework-ends = { $count ->
    [one] Вернуть на доработку можно { $count } раз; следующий возврат завершает маршрут отказом.
    [few] Вернуть на доработку можно { $count } раза; следующий возврат завершает маршрут отказом.
   *[other] Вернуть на доработку можно { $count } раз; следующий возврат завершает маршрут отказом.
}
template-extra-round = { $count ->
    [one] Когда циклы исчерпаны, о дополнительном решает { $who }: не больше { $count } раза.
   *[other] Когда циклы исчерпаны, о дополнительном решает { $who }: не больше { $count } раз.
}
template-takes = Маршрут принимает только документы, для которых верно: { $condition }. Другие начать нельзя.
template-withdraw = Инициатор может отозвать документ, пока не начался этап «{ $stage }».
template-withdraw-by = Отозвать документ может: { $who }.
template-withdraw-by-until = Пока не начался этап «{ $stage }», отозвать документ может: { $who }.
template-withdrawer-initiator = инициатор
template-starts-itself = Согласование начинается само, когда документ принесли.
template-starts-itself-when = Согласование начинается само, когда документ принесли, если верно: { $condition }. Остальные документы отправляет человек.
template-owner = Владелец маршрута: { $who }. Он может приостановить согласование, продолжить его, прекратить и передать его задачи другим.

template-and = { $first } и { $last }
template-or = { $first } или { $last }
template-nor = { $first } и не { $last }
template-quoted = «{ $text }»
template-given = заполнено поле «{ $field }»
template-given-not = не заполнено поле «{ $field }»
template-yes = отмечено «{ $field }»
template-yes-not = не отмечено «{ $field }»
template-is = «{ $field }» — { $value }
template-is-not = «{ $field }» — не { $value }
template-less = «{ $field }» меньше { $value }
template-at-most = «{ $field }» не больше { $value }
template-more = «{ $field }» больше { $value }
template-at-least = «{ $field }» от { $value }
template-currency-is = «{ $field }» в валюте { $code }
template-currency-not = «{ $field }» не в валюте { $code }

template-who-if = { $who } (если { $when })
template-if-empty = Если никого нет: { $who }
template-role-in = { $who } { $place }
template-all-of = все сотрудники { $place }
template-head-of = руководитель { $place }
template-place-of = подразделения из поля «{ $field }»
template-place-of-initiator = подразделения инициатора
template-manager-of-initiator = руководитель инициатора
template-manager-above-initiator = руководитель инициатора { $level }-го уровня
template-all-but = { $who } (кроме: { $but })
template-manager-of-assignee = руководитель исполнителя
template-initiator = инициатор
template-person-of = сотрудник из поля «{ $field }»
template-contact-of = представитель из поля «{ $field }», по ссылке из письма
template-pool = { $who }, задачу берёт один из них
template-least-loaded = { $who }, наименее занятый
template-round-robin = по очереди один из: { $who }
template-quorum-all = нужны все
template-quorum-any = достаточно одного
template-quorum-count = { $count ->
    [one] нужен { $count }
   *[other] нужно не меньше { $count }
}
template-quorum-percent = { $min ->
    [1] нужны { $percent } %
   *[other] нужно { $percent } %, но не меньше { $min }
}
template-quorum-weight = нужен общий вес { $count }
template-quorum-each-group = нужно не меньше { $count } от каждых
template-quorum-if = если { $when }, { $quorum }; иначе { $otherwise }
template-veto = без согласия не пройдёт: { $who }

template-due-by = срок — конец рабочего дня даты «{ $field }»
template-due-before = срок — за { $span } до конца рабочего дня даты «{ $field }»
template-due = { $span } на решение
template-remind-before = напоминание за { $span } до срока
template-remind-after = напоминание через { $span }
template-escalate-add = через { $span } после срока присоединяется { $who }
template-escalate-replace = через { $span } после срока задача переходит: { $who }
template-timeout-escalate = в срок задача переходит: { $who }
template-timeout-notify = об опоздании узнаёт { $who }
template-timeout-expires = после этого маршрут завершается по сроку
template-span-bd = { $count ->
    [one] { $count } рабочий день
    [few] { $count } рабочих дня
   *[other] { $count } рабочих дней
}
template-span-bh = { $count ->
    [one] { $count } рабочий час
    [few] { $count } рабочих часа
   *[other] { $count } рабочих часов
}
template-span-d = { $count ->
    [one] { $count } сутки
   *[other] { $count } суток
}
template-span-h = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[other] { $count } часов
}
template-span-m = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[other] { $count } минут
}
template-span-s = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[other] { $count } секунд
}

template-decision-return = Вернуть на доработку
template-decision-reject = Отклонить
template-decision-abstain = Воздержаться
template-decision-hold = Отложить
template-return = «{ $decision }»: документ возвращается инициатору с замечаниями
template-reject = «{ $decision }»: маршрут завершается отказом
template-reject-rework = «{ $decision }»: документ возвращается инициатору
template-reject-count = «{ $decision }»: голос против; когда согласие уже невозможно, маршрут завершается отказом
template-reject-count-rework = «{ $decision }»: голос против; когда согласие уже невозможно, документ возвращается инициатору
template-return-back = «{ $decision }»: документ возвращается на доработку с замечаниями
template-reject-back = «{ $decision }»: документ возвращается на доработку
template-reject-count-back = «{ $decision }»: голос против; когда согласие уже невозможно, документ возвращается на доработку
template-reworks = После возврата документ дорабатывает { $who }; инициатор тоже может
template-author = автор возвращённой версии
template-abstain = «{ $decision }»: голос не считается
template-hold = «{ $decision }»: задача остаётся открытой
template-hold-at-most = «{ $decision }»: часы стоят, не дольше чем { $span }
template-fills = Заполняет { $fields }
template-may-add = Можно пригласить ещё одного согласующего
template-signs-beside = Подпись — отдельный файл рядом с документом
template-may-bulk = Согласие можно дать списком, не открывая документ
template-may-delegate = Задачу можно передать
template-not-reassigned = Задачу не передают другим
template-no-remarks = Решения не сопровождаются замечаниями
template-no-comments = Кого спрашивают, не участвует в обсуждении, пока не решит
template-does-not-block = Маршрут этого не ждёт

document-other-kinds = выбрать другой вид, всего { $count }
document-by-which-way = Кто и когда решает по такому документу
template-role-for = { $who }, по реестру полномочий за { $entity }
template-signatory = кто вправе подписывать за { $entity } без предела суммы, по реестру полномочий
template-signatory-up-to = кто вправе подписывать за { $entity } на сумму из поля { $amount }, по реестру полномочий
template-asks-qualified = Квалифицированная подпись (УКЭП)
template-asks-advanced = Усиленная подпись: неквалифицированная или квалифицированная
template-asks-format = Формат подписи — { $format }
template-link-expires = Ссылка действует { $span }
template-link-views = Ссылку можно открыть не больше { $count ->
    [one] { $count } раза
   *[other] { $count } раз
 }

# The desk, decisions, routes and remarks.
desk-title = Мои задачи
desk-filters = Какие задачи показать
desk-all = Все
desk-overdue = Просрочено
desk-drafts = Ваши черновики
desk-urgent = Срок сегодня и завтра
desk-marked-urgent = срочно
desk-empty = Задач нет
desk-empty-text = Когда от вас понадобится решение, задача появится здесь и придёт письмо.
desk-last-done = Последнее решение: { $when }
desk-documents = Мои документы
desk-recent = Недавно решено
desk-asks-approve = { $stage } · согласовать версию { $version }
desk-asks-sign = { $stage } · подписать
desk-asks-acknowledge = { $stage } · ознакомиться
desk-changed = изменён после вашего решения по версии { $version }
desk-waits = ждёт вас: { $duration }
desk-handed = Передано вами
desk-handed-to = сейчас у: { $name }
desk-handed-waits = открыта: { $duration }
desk-away = Записано, что вас нет:
desk-away-soon = Записано, что вас не будет:
desk-away-change = Изменить
desk-owed = Ждут вас как инициатора
desk-owed-rework = Вернули на доработку: { $name }
desk-owed-start = Черновик: ещё не отправлен на согласование
desk-owed-answer = Ответьте на вопрос: { $name }
desk-owed-remarks = { $count ->
    [one] Ответьте на { $count } замечание
    [few] Ответьте на { $count } замечания
   *[other] Ответьте на { $count } замечаний
}
task-due = срок { $when }
task-overdue = срок прошёл { $when }
task-remind = Напомнить
run-round = цикл { $count }
run-waits-for = Сейчас: { $names }.
run-next = Затем: { $names }.
run-next-returned = Этап «{ $stage }» вернул документ: когда решат остальные, он придёт инициатору на доработку.
run-next-rejected = Этап «{ $stage }» отклонил документ: когда решат остальные, согласование закончится отказом.
run-your-move = Ваш ход: исправьте документ и отправьте снова.
run-your-move-revised = Ваш ход: новая версия готова, отправьте её снова.
run-you = вы
run-any-of = { $names } или { $last }
run-and-more = { $names } и ещё { $count }
run-start = Запустить согласование
run-resubmit = Отправить снова
run-resubmit-same = Ответить и отправить ту же версию
run-withdraw = Отозвать
run-suspend = Приостановить
run-resume = Продолжить
run-cancel = Прекратить согласование
run-retry = Попробовать снова
run-stopped = Согласование приостановлено { $at } ({ $name }); решения не принимаются, пока оно не продолжено.
run-added = — по просьбе: { $name }, этап «{ $stage }».
run-drop = Исключить
route-shown = Показаны этапы { $from }–{ $to } из { $count }. Все — ниже.
route-more = Кто и что решил
route-title = Маршрут
stage-later-approve = согласует позже
stage-later-sign = подпишет позже
stage-later-acknowledge = ознакомится позже
stage-open = ждёт решения
stage-open-sign = ждёт подписи
stage-open-acknowledge = ждёт ознакомления
stage-open-count = решений { $given } из { $needed }
stage-satisfied = пройден
stage-returned = возвращено на доработку
stage-rejected = отклонено
stage-cancelled = закрыт без решения
stage-unreached = до него не дошло
stage-skipped-condition = не нужен по условию
stage-skipped-nobody-found = пропущен: никого не нашлось
stage-skipped-absorbed = пропущен: подпись заменит согласование
stage-skipped-way-on = пропущен: маршрут пошёл дальше
stage-skipped-outer-condition = не нужен по условию
stage-earlier = Прежние циклы
person-in-place-of = вместо: { $name }
person-on-behalf-of = за: { $names }
person-away = отсутствует, замещает: { $names }
person-mandate = по полномочию: { $basis }
person-mandate-limit = по полномочию: { $basis }, до { $limit }
person-took = взято в работу из общей очереди
person-reminded = напомнили { $when }
decided-approve = согласовано
decided-approve-with-remarks = согласовано с замечаниями
decided-abstain = воздержание
decided-hold = ожидание
decided-return = возвращено на доработку
decided-reject = отклонено
decided-acknowledge = ознакомлен
decided-sign = подписано
decided-claimed = взял другой
decided-nothing = решение не понадобилось
decision-title = Ваше решение
decision-stage = Ваше решение: { $stage }
decide-approve = Согласовать
decide-approve-with-remarks = С замечаниями
decide-return = На доработку
decide-more = Другое решение
decide-reassign = Передать
decide-delegate = Поручить
decide-add-approver = Спросить ещё одного
approver-title = Спросить ещё одного человека
approver-text = Он получит задачу на этом этапе и останется на всех циклах и версиях, пока его не исключите вы, администратор или владелец маршрута. В кворум он не входит.
approver-place = Когда он решает
approver-before = До остальных: они ждут его
approver-beside = Вместе с остальными
approver-after = После того как остальные согласны
approver-required = Без его согласия дальше не пойдёт
approver-submit = Спросить
decide-form = Заполнить поля
decide-form-again = Исправить поля
task-claim = Взять в работу
task-unclaim = Вернуть в общую очередь
task-give-back = Вернуть тому, кто поручил
task-take-back = Забрать обратно
task-handed-on = За вас решает: { $name }.
task-form-title = Заполнить поля
task-form-text = Без этих полей этап не согласует документ. Версию документа они не меняют.
task-form-save = Сохранить
words-delegation-title = Поручить решение
words-delegation-text = Решит другой человек от вашего имени: в истории останутся оба имени. Он получит письмо. Забрать задачу или вернуть её может любой из вас.
words-delegation-submit = Поручить
decide-reject = Отклонить
decide-abstain = Воздержаться
decide-hold = Ждать
decide-acknowledge = Ознакомлен
decide-sign = Перейти к подписанию
remarks-title = Замечания
remarks-none = Замечаний нет.
remarks-open = { $count ->
    [one] Не закрыто { $count } замечание.
    [few] Не закрыто { $count } замечания.
   *[other] Не закрыто { $count } замечаний.
}
remarks-open-answer = Ответить
remarks-open-see = Посмотреть
remarks-open-resubmit = Их авторы увидят, что ответа нет. Ответьте на них, прежде чем отправлять документ снова.
remarks-open-sign = Подпись их не закрывает.
remark-open = открыто
remark-closed = закрыто
remark-version = к версии { $number }
remark-take-back = Снять своё замечание
remark-close = Ответить и закрыть
remark-answer = Что сделано
words-cancel = Не сейчас
words-look = Посмотреть, что стало с документом
words-comment = Почему
words-answer = Ваш ответ
words-remarks = Замечания, каждое с новой строки
words-person = Кому
words-choose = Выберите человека
words-remarks-title = Согласовать с замечаниями
words-remarks-text = Согласование засчитается сразу. Инициатор получит замечания и ответит на каждое.
words-remarks-submit = Согласовать с замечаниями
words-return-title = Вернуть на доработку
words-return-text = Инициатор исправит документ и отправит его снова. Согласования новой версии начнутся заново.
words-return-submit = Вернуть на доработку
words-reject-title = Отклонить документ
words-reject-text = Согласование закончится навсегда, все открытые задачи закроются. Если документ можно исправить, верните его на доработку.
words-reject-submit = Отклонить
words-abstain-title = Воздержаться
words-abstain-text = Ваш голос не будет ни за, ни против. Причину указывать необязательно.
words-abstain-submit = Воздержаться
words-hold-title = Ждать
words-hold-text = Напишите, чего ждёте: этап не закончится, пока вы не решите. Задача остаётся у вас.
words-hold-submit = Ждать
words-reassign-title = Передать задачу
words-reassign-text = Решать будет другой человек. Вы оба получите письма, передача останется в истории.
words-reassign-submit = Передать
words-withdraw-title = Отозвать документ
words-withdraw-text = Согласование закончится, все открытые задачи закроются. Документ останется в списке отозванных.
words-withdraw-submit = Отозвать
words-suspend-title = Приостановить согласование
words-suspend-text = Никто не примет решения, пока вы не продолжите согласование. Причину увидят все, кто видит документ.
words-suspend-submit = Приостановить
words-cancel-run-title = Прекратить согласование
words-cancel-run-text = Согласование закончится насовсем, все открытые задачи закроются. Документ останется в списке отозванных.
words-cancel-run-submit = Прекратить согласование
words-withdraw-draft-title = Отозвать черновик
words-withdraw-draft-text = Черновик никому не отправлялся. Он останется в списке отозванных документов и больше не будет меняться.
words-withdraw-draft-submit = Отозвать черновик
words-resubmit-title = Отправить снова
words-resubmit-text = Новую версию согласуют заново. Напишите, что изменилось: ответ увидят все, кто её получит, и контрагент, если документ вернул он.
words-resubmit-submit = Отправить снова
words-resubmit-same-title = Отправить ту же версию
words-resubmit-same-text = Версия не изменилась. Ответьте на возражения: согласования, которые есть, остаются, решают те этапы, где их не хватило (если на этапе достаточно одного, может решить и другой). Если вернул контрагент, ваш ответ придёт ему в письме.
words-resubmit-same-submit = Ответить и отправить
flash-task-approve = Согласовано: { $title }.{ $names ->
    [none] {""}
   *[other] {" "}Дальше: { $names }.
}
flash-task-approve-with-remarks = Согласовано с замечаниями: { $title }.{ $names ->
    [none] {""}
   *[other] {" "}Дальше: { $names }.
}
flash-task-return = Возвращено на доработку: { $title }.{ $names ->
    [none] {""}
   *[other] {" "}Дальше: { $names }.
}
flash-task-reject = Отклонено: { $title }. Инициатор получит письмо.
flash-task-return-waits = Ваш возврат записан: { $title }. Сначала решат остальные этого этапа: { $names }.
flash-task-reject-waits = Ваш отказ записан: { $title }. Сначала решат остальные этого этапа: { $names }.
flash-task-abstain = Отмечено, вы воздержались: { $title }.
flash-task-hold = Отмечено, вы чего-то ждёте: { $title }. Задача остаётся у вас.
flash-task-acknowledge = Отмечено, вы ознакомлены: { $title }.
flash-task-reassigned = Передано: { $title }. Теперь решает: { $names }.
flash-task-reassigned-unread = Задача передана. Теперь решает: { $names }.
flash-task-went-back-unread = Задача вернулась к тому, чья она.
flash-task-delegated = Поручено: { $title }. За вас решает: { $names }.
flash-task-went-back = Задача вернулась: { $title }.
flash-task-claimed = Вы взяли задачу: { $title }. Другие её больше не видят.
flash-task-claimed-before = Задачу уже взял другой. Кто, видно в маршруте.
flash-task-unclaimed = Задача снова в общей очереди: { $title }.
flash-task-form = Поля заполнены: { $title }. Теперь можно решать.
flash-task-reminded = Напоминание отправлено.
flash-task-reminded-lately = Напоминание уже отправлено меньше часа назад.
flash-task-closed = Задача уже закрыта, напоминать не о чем.
flash-remark-closed = Замечание закрыто.
flash-run-started = Согласование запущено.
flash-run-withdrawn = Документ отозван.
flash-run-suspended = Согласование приостановлено.
flash-run-resumed = Согласование продолжено.
flash-run-cancelled = Согласование прекращено.
flash-approver-dropped = Этого согласующего больше не спрашивают.
flash-approver-added = Спрошен ещё один человек: { $names }. Документ: { $title }.
flash-run-resubmitted = Документ отправлен снова.
problem-version-changed-title = Документ изменился
problem-version-changed = Пока страница была открыта, появилась новая версия документа. Решение не записано: посмотрите новую версию.
problem-already-decided-title = Уже решено
problem-already-decided = По этой задаче решение уже записано. Второе не понадобилось.
problem-task-closed-title = Задача закрыта
problem-task-closed = Эта задача больше не ждёт решения: его приняли другие, или документ вернули или отозвали.
problem-task-unknown = У этого документа нет такой задачи.
problem-not-assignee = Эта задача теперь у другого человека.
problem-not-in-this-phase = В нынешнем состоянии документа это невозможно. Откройте документ и посмотрите, что с ним стало.
problem-decision-not-offered = Этот этап не предусматривает такого решения.
problem-not-a-signing-task = Эта задача не просит подписи.
problem-separation-of-duties-title = Нельзя согласовать своё
problem-separation-of-duties = Инициатор, автор версии и те, кого исключает правило маршрута, на этапе «{ $stage }» не решают. Выберите другого человека.
problem-not-initiator = Это может сделать только инициатор документа.
problem-may-not-withdraw = Маршрут не называет вас среди тех, кто может отозвать этот документ.
problem-not-a-person = Это может сделать только сотрудник организации.
problem-person-not-active = Этот человек сейчас не работает в организации. Выберите другого.
problem-author-mismatch = Новую версию отправляет тот, кто её сделал.
problem-version-number = Номер новой версии должен быть больше нынешнего.
problem-too-late-to-withdraw-title = Отозвать уже нельзя
problem-too-late-to-withdraw = Документ уже дошёл до этапа «{ $stage }», после него отзыв невозможен.
problem-decision-not-here-title = Здесь так решить нельзя
problem-decision-not-here = На этом этапе такого решения нет. Откройте задачу: в ней только те кнопки, которые здесь действуют.
problem-rounds-exhausted-title = Больше нельзя возвращать
problem-rounds-exhausted = { $max ->
    [one] Документ уже возвращали { $max } раз
    [few] Документ уже возвращали { $max } раза
   *[other] Документ уже возвращали { $max } раз
}: больше маршрут не позволяет. Согласуйте или отклоните.
problem-extra-round-asked-title = Решается, будет ли ещё один цикл
problem-extra-round-asked = Документ уже возвращали столько раз, сколько позволяет маршрут. Сначала тот, кого спросили, решит, будет ли ещё один цикл; до этого новую версию загрузить нельзя.
problem-may-not-reassign = Передать задачу может её исполнитель, его руководитель или администратор.
problem-may-not-delegate = На этом этапе задачи не передают другому от своего имени.
problem-delegated-too-often = Задачу передавали уже { $max } раза: дальше её передать нельзя.
problem-not-of-pool = Эту задачу не разбирают из общей очереди: она у одного исполнителя.
problem-not-delegated = Эту задачу никто не передавал, или передавали не вы и не вам.
problem-form-not-here = На этом этапе нет полей, которые нужно заполнить.
problem-form-incomplete = Сначала заполните поле «{ $field }» на этапе «{ $stage }».
problem-no-incident = Повторять нечего: сбоя в прохождении маршрута нет.
problem-already-takes-part = Этот человек уже участвует в этапе «{ $stage }». Выберите другого.
problem-task-to-oneself-title = Себе — нельзя
problem-task-to-oneself = Администратор передаёт задачи, не видя самих документов, поэтому не может взять задачу себе. Выберите другого человека.
problem-wrong-sort-of-assignee = Задачу сотрудника передают сотруднику, задачу контрагента — его представителю.
problem-stage-has-no-assignee-title = Некому решать
problem-stage-has-no-assignee = На этапе «{ $stage }» нет никого, кто мог бы решать. Попросите администратора назначить людей и повторите.
problem-quorum-unreachable-title = Не хватает людей
problem-quorum-unreachable = Этапу «{ $stage }» нужно решений: { $needed }, а людей: { $available }. Попросите администратора назначить людей и повторите.
problem-suspended-title = Согласование приостановлено
problem-suspended = Это согласование приостановлено. Решения не принимаются, пока оно не продолжено.
problem-not-suspended = Это согласование не приостановлено.
problem-not-administrator = Это может сделать только администратор или владелец маршрута.
problem-not-the-service = О наступлении срока сообщает только сама система.
problem-calendar-mismatch = Это не тот календарь, по которому идёт маршрут.
problem-has-incident = В этом согласовании что-то не удалось, и оно ждёт администратора. Сначала повторите неудавшееся, потом переводите документ.
problem-plan-mismatch = Маршрут уже не тот, который смотрели. Откройте список заново.
problem-would-end = По новому маршруту документ сразу оказался бы согласован, хотя никто ничего не решил. Он остаётся на прежнем.
problem-open-stage-gone = Этап «{ $stage }» сейчас открыт, а в новом маршруте его нет. Перевести документ можно, когда этап закончится.
problem-open-stage-changed = Этап «{ $stage }» сейчас открыт, а в новом маршруте он просит о другом. Перевести документ можно, когда этап закончится.
problem-stage-passed = Этап «{ $stage }» нового маршрута лежит раньше того места, где стоит документ: тех, кого он спрашивает, не спросили бы.
problem-approver-lost = В этап «{ $stage }» добавили согласующего, а в новом маршруте такого этапа нет: его не спросили бы.
problem-signature-lost = Подпись этапа «{ $stage }» больше не запрашивалась бы.
problem-votes-would-decide = На этапе «{ $stage }» уже отданные голоса сами решили бы дело по новому маршруту, хотя их отдавали не для этого.
problem-stage-not-open = Этап «{ $stage }» сейчас не открыт.
problem-may-not-change-approvers = На этапе «{ $stage }» вы не можете менять состав согласующих.
problem-may-not-add-approver = На этом этапе никто не может спросить ещё одного человека.
problem-approver-not-added = На этап «{ $stage }» этого человека никто не добавлял, или он уже решил.
problem-waits-for-approver-title = Сначала решает другой
problem-waits-for-approver = На этапе «{ $stage }» добавленный согласующий решает раньше вас. Вы сможете решить после него.
problem-too-late-to-revoke = Это решение уже нельзя отозвать.
problem-veto-holder-absent-title = Нет никого с правом вето
problem-veto-holder-absent = Среди тех, кого спрашивает этап «{ $stage }», нет никого с нужным правом вето. Попросите администратора назначить людей и повторите.
problem-abstention-leaves-too-few-title = Ваш голос нужен
problem-abstention-leaves-too-few = Без вашего голоса этап «{ $stage }» уже не наберёт кворума. Согласуйте или откажите.
problem-too-many-assignees = На этапе «{ $stage }» больше { $max } исполнителей.
problem-mandate-absent-title = Нет полномочия
problem-mandate-absent = Этап «{ $stage }»: в реестре полномочий нет никого или нет вас для этого юридического лица. Попросите администратора внести полномочие или передайте задачу тому, у кого оно есть.
problem-mandate-ended-title = Полномочие не действует
problem-mandate-ended = Этап «{ $stage }»: «{ $basis }» закончилось или не началось. Попросите администратора внести действующее полномочие или передайте задачу тому, у кого оно есть.
problem-mandate-too-small-title = Полномочия не хватает
problem-mandate-too-small = Этап «{ $stage }»: «{ $basis }» действует до { $limit }, а документ на большую сумму или в другой валюте. Передайте задачу тому, у кого полномочие больше.
problem-condition-not-evaluated = Условие «{ $subject }» нельзя вычислить: { $why }. Проверьте карточку документа.
problem-card-not-accepted = В карточке не заполнено или заполнено неверно поле «{ $field }».
problem-document-not-draft-title = Уже запущено
problem-document-not-draft = Запустить можно только черновик. Откройте документ и посмотрите, что с ним стало.
problem-registration-number-taken-title = Номер занят
problem-registration-number-taken = Номер { $number } уже есть у другого документа. Администратору нужно поправить образец номера в виде документа.
problem-document-without-version = У документа нет файла. Загрузите его и повторите.
problem-no-workflow = Для вида «{ $kind }» нет маршрута. Обратитесь к администратору.
problem-no-live-run = Документ сейчас не на согласовании.
problem-reminded-lately-title = Уже напомнили
problem-reminded-lately = { $minutes ->
    [one] Напомнить снова можно через { $minutes } минуту.
    [few] Напомнить снова можно через { $minutes } минуты.
   *[other] Напомнить снова можно через { $minutes } минут.
}
problem-remark-closed = Это замечание уже закрыто.
problem-field-not-offered = К этому решению замечания не прилагаются.
problem-field-too-many = Не больше { $max }.
person-away-alone = отсутствует до { $when }, никто не замещает
history-together = в списке, вместе с другими
stage-people-more = и ещё { $count }
stage-because = Условие выполнено. В карточке: { $values }
stage-because-skipped = Условие не выполнено. В карточке: { $values }
stage-because-filled = заполнено
stage-because-empty = не заполнено
stage-condition = Условие
route-more-ahead = Кто и почему будет решать
drawing-zoom = Увеличить рисунок
route-drawing = Маршрут на рисунке
progress-title = Движение документов
progress-filters = Чьи документы показать
progress-mine = Мои документы
progress-department = Документы подразделения
progress-organisation = Документы организации
progress-all = Все документы в движении
progress-asked = { $stage }, вопрос задал контрагент: { $who }
progress-late = Просрочено
progress-holder = У кого: { $name }
progress-by = инициатор { $name }
progress-rework = Возвращён на доработку
progress-incident = Маршрут остановился из-за ошибки
progress-administrator = администратор
progress-machine = Ждёт ответа другой системы
progress-waits = ждёт { $duration }
progress-none = Ничего не движется
progress-none-hint = Здесь видно, где стоит каждый запущенный документ, чей сейчас ход и что опаздывает.
progress-none-such = Таких документов нет
progress-none-such-hint = Остальные документы в движении — без этого отбора.
progress-holders = У кого сколько
progress-person = Сотрудник
progress-tasks = Задач
progress-oldest = Самая давняя
together-decide = Согласовать отмеченные
together-all = Выбрать все эти
together-hint = Отмечать можно задачи, которые маршрут разрешает решать списком.
together-choose = Отметить: { $title }
together-title = Решить вместе
together-text = Вы согласуете отмеченные документы. Каждое решение записывается отдельно и относится к той версии, которая названа здесь.
together-submit = Подтвердить решения
together-none = Решать вместе нечего
together-none-hint = Ничего не отмечено, или задачи уже решены. Остальные задачи решают на странице документа.
flash-tasks-together = { $count ->
    [one] Решена { $count } задача.
    [few] Решены { $count } задачи.
   *[other] Решено { $count } задач.
}
words-approve-title = Согласовать
words-approve-text = Вы согласуете документ в той версии, о которой вам написали. Если с тех пор пришла новая, решение не будет принято.
words-approve-submit = Согласовать
words-acknowledge-title = Подтвердить ознакомление
words-acknowledge-text = Вы подтверждаете, что прочитали документ в той версии, о которой вам написали.
words-acknowledge-submit = Подтвердить
together-gone = { $count ->
    [one] { $count } отмеченная задача вас больше не ждёт: она уже решена или закрыта. Нового решения по ней не записано.
    [few] { $count } отмеченные задачи вас больше не ждут: они уже решены или закрыты. Новых решений по ним не записано.
   *[other] { $count } отмеченных задач вас больше не ждут: они уже решены или закрыты. Новых решений по ним не записано.
}
desk-group-due = По сроку
desk-group-kind = По видам документов
desk-by-due = Задачи стоят по сроку.
desk-by-kind = Задачи стоят по видам документов.
desk-due-today = Сегодня
desk-due-week = На этой неделе
desk-due-later = Позже
desk-due-never = Без срока
desk-own = Мои собственные
desk-none-such = Таких задач нет
desk-none-such-hint = Остальные задачи — без этого отбора.
# Что произошло, пока человека не было.
news-title = Пока вас не было
news-since = События по вашим документам и задачам с { $when }
news-rest = { $count ->
    [one] Ещё { $count } документ
    [few] Ещё { $count } документа
   *[other] Ещё { $count } документов
}
news-more = { $count ->
    [one] и ещё { $count } событие
    [few] и ещё { $count } события
   *[other] и ещё { $count } событий
}
news-older = Более ранние события — в истории документов.
news-seen = Просмотрено
news-seen-hint = Список начнётся заново с этого момента.
flash-news-seen = Отмечено как просмотренное.
words-said = Ваши реплики об этой версии
words-said-hint = Отмеченные запишутся замечаниями вместе с местами на страницах.
progress-done = Решено за 30 дней
progress-mean = В среднем за
progress-mean-hint = Среднее — календарное время от появления задачи до решения за последние 30 дней.
decision-skip = Перейти к решению
desk-keys = Tab ведёт к задаче, стрелки ↑ и ↓ — от неё к соседней.
desk-keys-bulk = Tab ведёт к задаче, стрелки ↑ и ↓ — от неё к соседней, пробел отмечает.
route-documents = Документы: { $kind }
stage-later-documents = Ждёт всех, хотя бы одного
stage-later-documents-count = Ждёт не меньше { $count }
stage-open-documents = Готово: { $completed }, в пути: { $open }
stage-refused-documents = Один отклонён или отозван
stage-satisfied-documents = Готовы
run-waits-documents = Ждёт документов: «{ $kind }». Готово: { $completed }, в пути: { $open }.

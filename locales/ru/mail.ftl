# Letters: mail-<kind>-<part>, and what all of them share.
mail-greeting = Здравствуйте, { $name }!
mail-footer = Это письмо отправила Канцелярия. Отвечать на него не нужно: ответ никто не прочтёт.
mail-footer-organisation = Это письмо отправила Канцелярия, где { $organisation } согласует и подписывает документы. Отвечать на него не нужно: ответ никто не прочтёт.
mail-open-document = Открыть документ
mail-do-approve = Открыть и согласовать
mail-way-approve = Согласовать сразу
mail-way-acknowledge = Подтвердить, что документ прочитан
mail-way-return = Вернуть на доработку
mail-do-sign = Открыть и подписать
mail-do-acknowledge = Открыть и ознакомиться

mail-fact-document = Документ
mail-fact-number = Номер
mail-fact-date = Дата
mail-fact-amount = Сумма
mail-fact-counterparty = Контрагент
mail-fact-stage = Этап
mail-fact-initiator = Инициатор
mail-fact-due = Срок
mail-fact-reason = Причина
mail-fact-decided-by = Чьё решение
mail-fact-comment = Комментарий
mail-fact-remarks = Замечания
mail-fact-asks = Просит подписать
mail-fact-digest-start = Начало контрольной суммы
mail-fact-link-until = Ссылка действует до
mail-fact-serial = Серийный номер
mail-fact-key-made-in = Ключ создан
mail-key-made-in-browser = в браузере подписанта
mail-key-made-in-server = на сервере Канцелярии
mail-fact-key-digest = Контрольная сумма ключа (SHA-256)
mail-fact-document-digest = Контрольная сумма документа (SHA-256)
mail-fact-valid-until = Действителен до
mail-fact-signed-by = Чья подпись
mail-fact-signed-at = Когда
mail-fact-tasks = Задач
mail-fact-late = Просрочено
mail-fact-question = Вопрос
mail-fact-answer = Ответ
mail-fact-answer-to-disagreements = Ответ на ваши разногласия

mail-task-opened-subject = Ждёт вас: { $title }
mail-task-opened-lead = { $kind ->
    [sign] { $initiator } направляет вам документ. Он ждёт вашей подписи.
    [acknowledge] { $initiator } направляет вам документ для ознакомления.
   *[other] { $initiator } направляет вам документ. Он ждёт вашего решения.
}
mail-stands-in-subject = Вы замещаете, ждёт вас: { $title }
mail-stands-in-lead = { $kind ->
    [sign] { $holder } отсутствует, вы замещаете. Документ ждёт подписи: подписать может любой из вас.
    [acknowledge] { $holder } отсутствует, вы замещаете. С документом нужно ознакомиться: сделать это может любой из вас.
   *[other] { $holder } отсутствует, вы замещаете. Документ ждёт решения: решить может любой из вас, засчитается первый.
}
mail-task-delegated-subject = Вам поручили решить: { $title }
mail-task-delegated-lead = { $holder } поручает вам решение по документу: решайте от имени того, кто поручил; в истории останутся оба имени. Вернуть задачу можно в любой момент.
mail-delegation-ended-subject = Задача вернулась к вам: { $title }
mail-delegation-ended-lead = { $holder } возвращает задачу, которую вы поручали. Она снова ждёт вас.
mail-delegation-taken-back-subject = Больше не ждёт вас: { $title }
mail-delegation-taken-back-lead = { $holder } решает без вас: порученную вам задачу забрали обратно. Делать ничего не нужно.
mail-on-behalf = { $name } (за: { $names })
mail-task-withdrawn-subject = Больше не ждёт вас: { $title }
mail-task-withdrawn-lead = Задача закрыта без вашего решения. Делать ничего не нужно.
mail-closed-quorum-reached = решений других уже достаточно
mail-closed-returned = документ возвращён на доработку
mail-closed-rejected = документ отклонён
mail-closed-withdrawn = инициатор отозвал документ
mail-closed-new-version = появилась новая версия документа
mail-closed-dropped = пригласивший больше не ждёт вашего решения
mail-closed-cancelled = администратор прекратил согласование
mail-closed-moved = задача передана другому
mail-closed-seat-taken = за вас решил другой из тех, кого спросили
mail-closed-expired = срок согласования истёк
mail-closed-route-changed = маршрут документа изменился, и вас больше не спрашивают
mail-due-reminder-subject = Срок близко: { $title }
mail-due-reminder-lead = { $kind ->
    [sign] Срок подходит, а документ ждёт вашей подписи.
    [acknowledge] Срок подходит, а документ ждёт, чтобы вы с ним ознакомились.
   *[other] Срок подходит, а документ ждёт вашего решения.
}
mail-overdue-subject = Просрочено: { $title }
mail-overdue-lead = { $holder ->
    [none] Срок прошёл, а документ всё ещё ждёт вас.
   *[other] Срок прошёл. Документ ждёт, что ответит { $holder }.
}
mail-escalation-failed-subject = Некому передать: { $title }
mail-escalation-failed-lead = Срок прошёл, и задачу пора передать выше, но по правилам маршрута передать её некому. Сейчас её держит { $holder }. Передайте задачу сами или поправьте роли.
mail-hold-ended-subject = Ожидание закончилось: { $title }
mail-hold-ended-lead = Вы отложили решение, и отведённое на это время прошло. Срок снова идёт.
mail-run-expired-subject = Срок истёк, маршрут остановлен: { $title }
mail-run-expired-lead = Последним документ держал { $holder }. Срок, который отвёл маршрут, прошёл, и согласование остановлено. По карточке документа можно создать новый.
mail-reminder-subject = Напоминание: { $title }
mail-reminder-lead = { $kind ->
    [sign] { $initiator } напоминает: документ всё ещё ждёт вашей подписи.
    [acknowledge] { $initiator } напоминает: ознакомьтесь с документом.
   *[other] { $initiator } напоминает: документ всё ещё ждёт вашего решения.
}
mail-remarks-subject = Согласовано с замечаниями: { $title }
mail-remarks-lead = { $person } согласует документ и оставляет замечания. Согласование идёт дальше.
mail-returned-subject = На доработку: { $title }
mail-returned-lead = { $person } возвращает документ. Исправьте его, загрузите новую версию и отправьте снова.
mail-returned-lead-many = Документ возвращают: { $person }. Исправьте его, загрузите новую версию и отправьте снова.
mail-rejected-subject = Отклонено: { $title }
mail-rejected-lead = { $person } отклоняет документ. Согласование закончено.
mail-rejected-lead-outside = Документ отклонён и в силу не вступит. Ссылка для подписания больше не действует, делать ничего не нужно.
mail-approved-subject = Согласовано: { $title }
mail-approved-lead-over = Все согласования получены. Больше ничего делать не нужно.
mail-approved-lead = Все согласования получены. Дальше документ идёт по маршруту сам.

mail-signing-invitation-subject = { $organisation } просит вас подписать: { $title }
mail-signing-invitation-lead = { $initiator } от имени { $organisation } просит вас прочитать и подписать документ за { $counterparty }. Регистрироваться не нужно.
mail-signing-reminder-subject = Напоминание: { $organisation } ждёт вашей подписи: { $title }
mail-signing-reminder-lead = { $initiator } от имени { $organisation } напоминает: документ для { $counterparty } всё ещё ждёт вашей подписи.
mail-signing-reminder-replaced = Ссылка в этом письме новая. Прежняя больше не действует.
mail-contact-address-changed-subject = { $organisation }: изменён адрес для писем на подпись
mail-contact-address-changed-lead = { $organisation } изменила адрес, на который { $person } получает ссылки и коды для подписания. Это письмо ушло на прежний и на новый адрес.
mail-contact-address-changed-links = Ссылки, отправленные на прежний адрес, больше не действуют. Новую пришлёт тот, кто просит подписать.
mail-contact-address-changed-warning = Если вы об этом не просили, сообщите { $organisation } по телефону или почте, которые знаете сами.
mail-fact-changed-at = Когда
mail-signing-invitation-button = Прочитать и подписать
mail-signing-invitation-typed-code = Если ссылка не открывается, зайдите на { $url } и введите код { $code }.
mail-signing-invitation-recorded = Будет записано: когда вы открыли документ, какие страницы загружены и какие из них вы отметили прочитанными, ваш сетевой адрес и название браузера, два ваших согласия и сама подпись. Перед подписанием мы пришлём код на этот адрес: он подтверждает только доступ к почтовому ящику.
mail-signing-invitation-personal = Ссылка личная. Если подписываете не вы, откройте её и назовите подписанта: мы пошлём ему новую. Можно также отказаться или задать вопрос.
mail-signing-invitation-before = Раньше этот документ был у подписанта { $person }; теперь подписантом назвали вас.

mail-code-subject = Код { $code } для подписания: { $title }
mail-code-lead = Введите этот код на странице подписания.
mail-code-lead-proof = Введите этот код на странице документа: откроется подписанный файл.
mail-code-subject-proof = Код { $code }: подписанный документ { $title }
mail-code-lead-answer = Введите этот код на странице ссылки: он покажет ваш ответ.
mail-code-subject-answer = Код { $code }: ваш ответ по документу { $title }
mail-code-until = { $minutes ->
    [one] Код действует { $minutes } минуту и работает один раз.
    [few] Код действует { $minutes } минуты и работает один раз.
   *[other] Код действует { $minutes } минут и работает один раз.
}
mail-code-warning = Никому его не называйте. Если вы ничего не подписываете, просто удалите это письмо.

mail-certificate-issued-subject = На ваше имя выпущен сертификат: { $title }
mail-certificate-issued-lead = Чтобы подписать этот документ, на ваше имя выпущен сертификат для одной подписи.
mail-certificate-issued-warning = Если подпись удалась не с первого раза, таких писем бывает несколько: в силе тот сертификат, который стоит в подписанном файле. Если вы сейчас ничего не подписываете, сразу сообщите об этом тому, кто прислал вам документ.

mail-signed-subject = Подписано: { $title }
mail-signed-lead = { $person } подписывает документ.
mail-refused-subject = Отказ подписать: { $title }
mail-refused-lead = { $person } отказывается подписать документ.
mail-answer-recorded-subject-refusal = Ваш отказ записан: { $title }
mail-answer-recorded-lead-refusal = Вы отказались подписать документ. Отказ записан и передан тому, кто прислал документ.
mail-answer-recorded-subject-protocol = Ваш протокол разногласий получен: { $title }
mail-answer-recorded-lead-protocol = Вы вернули документ с протоколом разногласий. Протокол получен и передан тому, кто прислал документ.
mail-answer-recorded-subject-hand-over = Документ передан другому подписанту: { $title }
mail-answer-recorded-lead-hand-over = Вы назвали того, кто подпишет вместо вас. Документ ушёл этому человеку, ваша ссылка больше не действует.
mail-answer-recorded-keep = Сохраните это письмо: оно подтверждает, что и когда вы ответили. Если это были не вы, сразу напишите тому, кто прислал вам документ.
mail-fact-recorded-at = Записано
mail-fact-protocol-digest = Контрольная сумма протокола (SHA-256)
mail-fact-your-words = Ваши слова
mail-mentioned-subject = Вас упоминают в обсуждении: { $title }
mail-mentioned-lead = { $person } обращается к вам в обсуждении документа.
mail-mentioned-answer = Ответить можно на странице документа.
mail-fact-said = Сказано
mail-question-asked-subject = Вопрос по документу: { $title }
mail-question-asked-lead = { $person } задаёт вопрос перед подписанием и ждёт ответа на странице документа.
mail-handed-over-subject = Подписывает другой человек: { $title }
mail-handed-over-lead = Документ подписывает не { $person }, а другой человек: { $named }. Письмо со своей ссылкой уже отправлено на адрес, который вы видите ниже.
mail-handed-over-check = Этого человека назвал контрагент, мы его не проверяли. Если имя или адрес вам незнакомы, спросите контрагента по телефону или почте, которые знаете сами, и отзовите ссылку на странице документа.
mail-fact-handed-by = Кто передаёт
mail-fact-signs-now = Теперь подписывает
mail-fact-position = Должность
mail-fact-address = Почта
mail-question-answered-subject = Ответ на ваш вопрос: { $title }
mail-question-answered-lead = { $person } отвечает на ваш вопрос.
mail-question-answered-continue = Если вы ещё не подписали и не отказались, откройте ссылку из письма с приглашением: она по-прежнему действует.
mail-completed-subject = Готово, подписано всеми: { $title }
mail-completed-lead = Документ подписан всеми сторонами.
mail-completed-with-file = Подписанный файл приложен. Сохраните его: подписи внутри файла. Полностью их проверит страница «Проверить подпись» у нас; другие программы могут назвать сертификат истёкшим или незнакомым, потому что он выпущен на одну подпись, а её время доказывает штамп времени.
mail-completed-with-files = Приложены подписанный файл и подписи к документу, которые лежат отдельными файлами. Полностью все подписи проверит страница «Проверить подпись» у нас; другие программы могут назвать сертификат подписи внутри файла истёкшим или незнакомым, потому что он выпущен на одну подпись, а её время доказывает штамп времени.
mail-completed-with-signatures = Приложены документ и подписи к нему отдельными файлами. Их проверит страница «Проверить подпись» у нас.
mail-completed-places = Подписей внутри файла: { $inside }. Подписей отдельными файлами: { $beside }.
mail-completed-keep-together = Храните все файлы вместе: отдельную подпись проверяют с тем файлом, который назван рядом с ней.
mail-completed-beside = { $name } ({ $signer }), подписан файл { $file }
mail-completed-beside-judged = { $name } ({ $signer }), подписан файл { $file }. Наша проверка при получении: { $verdict }
mail-completed-without-file = Подписанный файл к этому письму не приложен.
mail-completed-too-large = Подписанный файл слишком велик, чтобы приложить его к письму.
mail-completed-on-the-page = Скачайте его на странице документа.
mail-completed-by-link = Чтобы скачать его, снова откройте ссылку из вашего приглашения или введите код из него: придёт новый код.
mail-completed-button = Получить подписанный файл

mail-password-reset-subject = Новый пароль
mail-password-reset-lead = Кто-то, вероятно вы, просит задать новый пароль для входа в Канцелярию ({ $organisation }).
mail-password-reset-button = Задать новый пароль
mail-password-reset-warning = Если это были не вы, ничего не делайте: старый пароль продолжает работать.
mail-invitation-subject = { $organisation } приглашает вас в Канцелярию
mail-invitation-lead = { $inviter } приглашает вас согласовывать и подписывать документы организации { $organisation }. Задайте пароль, чтобы войти.
mail-invitation-button = Задать пароль и войти
mail-invitation-warning = Ссылка личная и работает один раз. Если вы не ждали приглашения, удалите это письмо.
mail-login-changed-subject = { $organisation }: изменён ваш адрес для входа
mail-login-changed-lead = В { $organisation } изменён адрес, с которым входит { $person } и на который приходят письма. Это письмо ушло на прежний и на новый адрес.
mail-login-changed-links = Все сеансы, токены и ссылки, отправленные на прежний адрес, больше не действуют.
mail-login-changed-warning = Если вы об этом не просили, сразу сообщите администратору и сотруднику безопасности.
mail-verdict-changed-subject = Вывод о подписи изменился: { $title }
mail-verdict-changed-lead = { $worst ->
    [failed] Хранимая подпись теперь недействительна. Не полагайтесь на документ, пока не выясните почему.
    [indeterminate] Хранимая подпись теперь не проверяется до конца. Посмотрите причину на странице документа.
   *[passed] Хранимая подпись теперь действительна.
}
mail-verdict-changed-change = Было: { $before }. Стало: { $after }
mail-verdict-changed-revoked = Сертификат этой подписи отозван: { $at }.
mail-verdict-changed-list = Все подписи организации: { $url }
mail-verdict-changed-last = Сегодня изменилось много выводов. Дальше за этот день писем не будет: остальные смотрите в списке.
mail-power-changed-subject = Вывод о доверенности изменился: { $title }
mail-power-changed-lead = { $worst ->
    [refused] Доверенность при хранимой подписи больше не подтверждает полномочий. Не полагайтесь на документ, пока не выясните почему.
    [undecided] Доверенность при хранимой подписи теперь не проверяется до конца. Посмотрите причину на странице документа.
   *[confirmed] Доверенность при хранимой подписи теперь подтверждает полномочия, насколько это видно без реестра доверенностей: его мы не спрашиваем.
}
mail-power-changed-power = Доверенность { $number }, подписант { $name }
mail-power-changed-change = Было: { $before } Стало: { $after }
mail-power-changed-last = Сегодня изменилось много выводов о доверенностях. Дальше за этот день писем не будет: остальные видны на страницах документов и в журнале аудита.
mail-fact-detached = Отсоединённая подпись
mail-fact-version = Версия
mail-notice-subject = { $subject }
mail-notice-lead = { $text }
mail-incident-subject = Остановилось: { $title }
mail-incident-lead = Документ дальше сам не пойдёт: автоматический этап его маршрута не пройден. Устраните то, о чём сказано ниже, и повторите на странице «Внешние вызовы». Вопрос будет задан заново, дважды ничего не сделается.
mail-incident-subject-owner = Остановилось: { $title }
mail-incident-lead-owner = Документ дальше сам не пойдёт: не пройден автоматический этап маршрута, за который вы отвечаете. Администраторам тоже написано. Когда то, о чём сказано ниже, устранят, повторите на странице документа. Вопрос будет задан заново, дважды ничего не сделается.
mail-incident-open = Открыть внешние вызовы
mail-not-started-subject = Согласование не началось: { $title }
mail-not-started-lead = Документ должен был уйти на согласование сам и не ушёл: он остался черновиком, ничего не сделано. Устраните то, о чём сказано ниже, и отправьте документ с его страницы.
mail-fact-happened = Что случилось
mail-task-digest-subject = { $count ->
    [one] Вас ждёт { $count } задача
    [few] Вас ждут { $count } задачи
   *[other] Вас ждут { $count } задач
}
mail-task-digest-lead = Всё, что ждёт вашего решения.
mail-task-digest-button = Открыть задачи
mail-task-digest-due = срок { $when }
mail-task-digest-more = { $count ->
    [one] И ещё { $count } задача.
    [few] И ещё { $count } задачи.
   *[other] И ещё { $count } задач.
}
mail-task-digest-settings = Письма о каждой задаче включаются в профиле.
mail-fact-workflow = Маршрут
mail-fact-route-before = Шёл по тексту
mail-fact-route-after = Теперь идёт по тексту
mail-fact-edition = Редакция
mail-fact-effective-at = Действует с
mail-route-changed-subject = Другой маршрут: { $title }
mail-route-changed-lead = Документ идёт дальше по другому тексту маршрута, решение: { $person }. Всё, что уже решено, остаётся в силе. Тем, кого спрашивают теперь или больше не спрашивают, ушли отдельные письма.
mail-route-changed-text-edition = редакция { $number }
mail-route-changed-text-file = файл сервера
mail-route-changed-text-same = тот же текст, но с прежними видами документов или параметрами
mail-route-changed-text-earlier = прежний текст
mail-vote-set-aside-subject = Ваше согласование больше не учитывается: { $title }
mail-vote-set-aside-lead = Документ идёт дальше по другому тексту маршрута, решение: { $person }. Этапа, на котором вы согласовали, в нём нет, или он просит о другом. Ваше решение остаётся в истории документа, но больше ни на что не влияет. Кого спрашивают теперь, тот узнает об этом из своей задачи.
mail-edition-subject-proposed = На публикацию: { $title }, редакция { $number }
mail-edition-lead-proposed = { $person } предлагает новый текст маршрута «{ $title }». Посмотрите, что он меняет и ослабляет, и опубликуйте его или верните. До этого документы идут по действующему тексту.
mail-edition-subject-published = Опубликовано: { $title }, редакция { $number }
mail-edition-lead-published = Ваш текст маршрута «{ $title }» опубликован, решение: { $person }. По нему пойдут документы, запущенные после указанного времени.
mail-edition-subject-returned = Возвращено: { $title }, редакция { $number }
mail-edition-lead-returned = Ваш текст маршрута «{ $title }» возвращён, решение: { $person }. Измените его и предложите снова или отмените.
mail-edition-subject-withdrawn = Отозвано: { $title }, редакция { $number }
mail-edition-lead-withdrawn = Редакция { $number } маршрута «{ $title }», опубликованная на более поздний день, отозвана, решение: { $person }. Она не вступит в силу; документы по-прежнему идут по действующему тексту.
mail-edition-open = Открыть редакцию

# Путь контрагента по ссылке: страницы документа, кода, чтения и итога
link-about = О документе
link-fact-number = Номер
link-fact-purpose = О чём
link-fact-due = Подписать до
link-fact-asker = Кто просит
link-fact-signer = Кто подписывает
link-fact-file = Файл
link-fact-file-before = Файл до подписания
link-pages = { $count ->
    [one] { $count } страница
    [few] { $count } страницы
   *[other] { $count } страниц
 }
link-step = Шаг { $step } из 4
link-step-code = Код
link-step-read = Чтение
link-step-consents = Согласия
link-step-sign = Подпись
link-ask-hint = Ответ придёт на почту. Ссылка останется в силе.
link-hand-over-hint = Назовите, кто подписывает: ему придёт своё письмо.
link-disagree-hint = Приложите протокол: документ вернётся на доработку.
link-refuse-hint = Согласование закончится. Причину увидят тот, кто просит, и те, кто согласовывал.
link-code-then = После кода откроется:
link-code-sent = Отправили код на { $email }: { $at }.
link-code-until = Действует до { $at }.
link-code-absent = Письма нет? Загляните в спам.
link-code-again = Прислать новый код
flash-code-first = Сначала подтвердите почту кодом.
link-read-title = { $many ->
    [0] Страница { $from } из { $count }
   *[other] Страницы { $from }–{ $to } из { $count }
 }
link-read-next = { $many ->
    [0] Прочитано, дальше стр. { $from }
   *[other] Прочитано, дальше стр. { $from }–{ $to }
 }
link-questions = Ваши вопросы
link-question-waits = { $person } ещё не ответил(а). Ответ придёт и на почту.
link-question-answer = Отвечает { $person }
link-ask-text = Вопрос получит { $person }. Ответ придёт на вашу почту и появится здесь; ссылка останется в силе.
link-refuse-text = Согласование закончится, ссылка перестанет действовать. Причину прочтут { $person } и те, кто согласовывал документ. Если нужно только поправить условия, лучше приложите протокол разногласий.
link-disagree-text = Приложите файл и в двух словах скажите, что менять. Получит { $person }. Документ вернётся на доработку, эта ссылка перестанет действовать; с ответом или новой версией придёт новое письмо.
link-disagree-file = Протокол разногласий
link-disagree-file-hint = PDF или DOCX, не больше { $megabytes } МБ
link-disagree-label = Главное в двух словах
problem-field-protocol-missing = Приложите протокол: файл PDF или DOCX.
problem-field-protocol-unreadable = Файл не читается: он обрезан или повреждён. Сохраните протокол заново и приложите снова.
problem-field-protocol-not-taken = Файл «{ $name }» не подходит: нужен PDF или DOCX. Сохраните протокол в одном из этих видов и приложите снова.
link-signed-at = Подписано { $at }.
link-signed-next = Дальше документ идёт своим путём. Когда всё завершится, пришлём письмо с подписанным файлом.
link-signed-complete = Подписали все стороны, документ действует. Письмо с подписанным файлом уже идёт к вам.
link-signed-all = Подписали все стороны, документ действует.
link-signed-code = Подтвердите почту новым кодом: здесь появятся подписанный файл, ваш сертификат и доказательства.
link-proof-title = Ваш экземпляр
link-proof-inside = Подписи лежат внутри файла.
link-proof-own = Ваша подпись лежит отдельным файлом рядом с документом. Храните оба вместе: подпись проверяют с этим документом.
link-proof-own-signature = Скачать вашу подпись
link-proof-own-file = Скачать документ, который ею подписан
link-proof-own-others = Другие подписали экземпляр документа внутри файла:
link-proof-places = Подписи лежат в двух местах: внутри этого файла их { $inside }, отдельными файлами — { $beside }. Сохраните всё вместе: отдельную подпись проверяют с тем файлом, который назван под ней.
link-proof-beside = Подписи отдельными файлами
link-proof-check = Полностью подписи проверит наша страница. Другие программы тоже их увидят, но могут назвать сертификат истёкшим или незнакомым: наш выпущен на одну подпись, её время доказывает штамп времени. Проверить:
beside-over = Подписан файл
link-proof-server = Ключ подписи создал и сразу забыл сервер: в вашем браузере не было нужных средств. Так и записано в доказательствах.
link-proof-state = Состояние документа: { $state }.
link-proof-certificate = Ваш сертификат
link-proof-evidence = Скачать доказательства (JSON)
link-proof-evidence-text = Файл для юриста или эксперта: когда открыт документ, какие страницы показаны, ваши согласия, ключ и сертификат подписи, подписи отдельными файлами, если они есть. Храните его рядом с подписанным документом.
link-proof-digest = Контрольная сумма подписанного файла
link-renewed-title = Новая ссылка отправлена
link-renewed-text = Она в письме на тот же адрес. Эту страницу можно закрыть.
link-refused-text = Причину получит тот, кто просил подписать. По этой ссылке больше ничего делать не нужно.
link-returned-text = Протокол и ваши слова получит тот, кто просил подписать. Когда будет ответ или новая версия, вам придёт новое письмо.
sign-consents-why = Закон просит согласиться отдельно с каждым. Тексты короткие, прочтите их.
sign-next-title = Что будет дальше
sign-next = Подпись ложится в сам файл. Сразу после этого файл можно скачать и проверить, а на почту придёт письмо о выпущенном сертификате.
sign-next-beside = Подпись сохранится отдельным файлом рядом с документом (.p7s). Сразу после этого оба файла можно скачать и проверить вместе, а на почту придёт письмо о выпущенном сертификате.
mail-fact-purpose = О чём
mail-fact-sign-by = Подписать до
mail-fact-protocol = Протокол разногласий
mail-signing-invitation-why = Почему письмо пришло вам: вас назвали подписантом { $counterparty }. Если вы не ждали этого документа, ничего не открывайте и спросите того, кто просит подписать, по телефону или почте, которые знаете сами.

# Страница документа: что пришло от контрагента
outside-title = Контрагент
outside-nobody-signs = Ссылки у { $name } нет: подписать документ сейчас никто не может.
outside-nobody-signs-do = Что можно сделать
outside-protocol-file = Протокол разногласий:
outside-protocol = возвращает документ с протоколом разногласий
outside-question = спрашивает
outside-asks = Вопрос контрагента: { $name }.
outside-asks-answer = Ответить
outside-answer = Ответ
outside-answer-label = Ваш ответ
outside-answer-hint = Уйдёт письмом тому, кто спросил, и появится на его странице.
outside-answer-submit = Ответить
outside-no-answer = Ответа ещё нет.
outside-no-link = Действующей ссылки нет
outside-send-link = Послать новую ссылку
outside-send-link-hint = Письмо уйдёт этому человеку, прежняя ссылка перестанет действовать.
outside-send-link-first = Письмо со ссылкой уйдёт этому человеку.
outside-revoke = Отозвать ссылку
outside-revoke-reason = Почему
outside-revoke-hint = Причину увидят только у вас. Задача останется открытой: новую ссылку можно послать позже.
outside-revoke-submit = Отозвать
outside-rename = Подписывает другой человек
outside-rename-label = Кто подписывает
outside-rename-submit = Передать и послать ссылку
outside-more = Показаны последние { $count } записей каждого вида.
outside-link = Ссылка на подпись: { $person }
outside-link-sent = отправлена
outside-link-opened = открыта
outside-link-unopened = ещё не открыта
outside-link-until = действует до
outside-link-closed = закончилась
outside-link-active = ждёт
outside-link-signed = подписано
outside-link-refused = отказ
outside-link-returned = разногласия
outside-link-handed-over = передана другому
outside-link-expired = срок прошёл
outside-link-revoked = отозвана

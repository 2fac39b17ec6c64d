# Знак подписи и лист подписей
mark-serial = Сертификат { $serial }
mark-note = Ключ и сертификат — только для этой подписи
sheet-title = Лист подписей
sheet-document = Документ
sheet-number = Номер
sheet-number-value = { $number } от { $on }
sheet-version = Версия
sheet-digest = SHA-256 файла
sheet-attachments = Приложения
sheet-attachment-name = Имя файла
sheet-attachment-digest = SHA-256
sheet-marks = Подписи
sheet-footer = Знак на листе — не доказательство. Подпись проверяется по файлу: любая программа проверки PAdES покажет, кто и когда подписал и менялся ли файл.

# Вход по ссылке
link-entry-title = Документ на подпись
link-entry-ready = Ссылка из письма на месте. Нажмите кнопку и увидите, кто и что просит подписать.
link-entry-open = Открыть документ
link-entry-typed = Введите короткий код из письма. Он нужен, если ссылка не открылась сама.
link-over-code = Ввести код из другого письма
link-typed-code = Код из письма
link-typed-code-hint = Двенадцать знаков, например K7PM-2QXR-9TAB
link-entry-note = Открыть документ — ещё не значит подписать: сначала вы всё прочитаете.
problem-field-link-revoked = Эта ссылка отозвана. Новая, если нужна, придёт письмом от того, кто просит подписать.
problem-field-link-handed-over = Документ передан другому подписанту, эта ссылка больше не действует.
problem-field-link-over = Эта ссылка больше не действует.
problem-link-revoked-title = Ссылка отозвана
problem-link-revoked = Новая, если нужна, придёт письмом от того, кто просит подписать.
problem-link-handed-over-title = Документ передан другому
problem-link-handed-over = Ссылка больше не действует: подписывает другой человек.
problem-link-over-title = Ссылка больше не действует
problem-link-over = По этой ссылке больше ничего делать не нужно.
problem-field-link-unknown = Такого кода нет. Проверьте знаки или откройте ссылку из письма ещё раз.
problem-link-unknown-title = Ссылка не найдена
problem-link-unknown = Проверьте код или откройте ссылку из письма ещё раз.
problem-link-visit-ended-title = Визит по ссылке закончился
problem-link-visit-ended = Прошло время, или ссылку отозвали или заменили. Откройте ссылку из самого нового письма: если она действует, всё сделанное сохранено.
problem-link-not-active-title = Ссылка больше не действует
problem-link-not-active = Документ уже подписан, отозван или срок ссылки прошёл. Вернитесь на страницу документа: там сказано, что можно сделать.
problem-link-not-verified-title = Сначала код
problem-link-not-verified = Подтвердите почту шестизначным кодом и продолжайте.
problem-link-not-expired-title = Новая ссылка не нужна
problem-link-not-expired = Эта ссылка ещё действует или документ уже не ждёт подписи.
problem-link-renewed-already-title = Новая ссылка уже отправлена
problem-link-renewed-already = Посмотрите почту: письмо с новой ссылкой уже ушло.

# Документ
link-number = { $number } от { $on }
link-asks = { $organisation } просит вас подписать
link-expires = Ссылка действует до { $at }.
link-ways = Если подписывать рано
link-ask = Задать вопрос
link-hand-over = Подписываю не я
link-disagree = Есть разногласия
link-refuse = Отказаться
link-to-sign = К согласиям и подписи
link-to-read = Прочитать и подписать
link-read-again = Перечитать страницы
link-progress = Отмечено прочитанным: { $read } из { $count } стр.
link-file = Скачать точный файл
link-cancel = Вернуться к документу
link-code-title = Подтвердите, что почта ваша
link-code-why = Пришлём шестизначный код на { $email }. Это та же почта, на которую пришло письмо. Без кода документ не показываем.
link-code-send = Получить код
link-code = Шесть цифр из письма
link-code-give = Продолжить
problem-field-code-wrong = Код не подошёл. Возьмите его из самого нового письма: прежние не действуют. { $left ->
    [0] Попытки кончились: получите новый код.
    [one] Осталась { $left } попытка.
    [few] Осталось { $left } попытки.
   *[other] Осталось { $left } попыток.
 }
problem-field-code-absent = Действующего кода нет. Получите новый.
problem-field-code-not-six-digits = В коде шесть цифр. Возьмите его из самого нового письма.
problem-field-code-exhausted = Попытки кончились. Получите новый код.
problem-field-codes-too-many = Слишком много запросов подряд. { $minutes ->
    [0] Повторите через минуту.
    [one] Повторите через { $minutes } минуту.
    [few] Повторите через { $minutes } минуты.
   *[other] Повторите через { $minutes } минут.
 } Последний присланный код подходит, пока не вышло его время.
problem-field-code-link-spent = По этой ссылке введено слишком много неверных кодов. Попросите новую ссылку.
problem-code-link-spent-title = Слишком много неверных кодов
problem-code-link-spent = По этой ссылке введено слишком много неверных кодов. Попросите новую ссылку.
problem-link-none-active-title = Отзывать нечего
problem-link-none-active = У этой задачи сейчас нет действующей ссылки.
problem-task-not-of-contact-title = Это не задача контрагента
problem-task-not-of-contact = Ссылки есть только у задач, которые подписывает контрагент.
problem-field-contact-not-theirs = Выберите другого человека у того же контрагента, не из архива.
problem-field-consent-text-changed = Текст с тех пор изменился. Прочтите новый и согласитесь с ним.
flash-link-sent = Новая ссылка отправлена, прежняя отозвана.
flash-link-revoked = Ссылка отозвана. Новую можно послать в любой момент.
flash-contact-named = Документ передан. Теперь подписывает: { $names }.
problem-field-link-not-active = Ссылка больше не действует.
link-recorded = Что будет записано
link-recorded-text = Время открытия, сетевой адрес и программа, которой вы пользуетесь; когда отправлен и введён код; какие страницы показаны; ваши согласия; подпись и её сертификат. Код подтверждает только доступ к почте: так и записано. Подпись с этими сведениями хранит организация, которая просит подписать.
link-spent-title = Слишком много неверных кодов
link-spent-text = Эта ссылка больше не принимает кодов. Пришлём новую на { $email }.
link-signed-title = Вы подписали документ
link-signed-file = Скачать подписанный файл
link-expired-title = Срок ссылки прошёл
link-expired-text = Ничего не потеряно. Пришлём новую на тот же адрес, что и раньше.
link-renew = Прислать новую ссылку
link-refused-title = Вы отказались подписать
link-returned-title = Разногласия отправлены
link-handed-title = Документ передан другому подписанту
link-handed-text = Этому человеку ушло письмо с его собственной ссылкой. От вас больше ничего не нужно.
link-revoked-title = Ссылка отозвана
link-revoked-text = Документ изменился, больше не ждёт подписи, или вам послали другую ссылку: тогда она в самом новом письме. Если это неожиданно, спросите того, кто прислал письмо.

# Чтение
link-read-progress = Сколько прочитано
link-page = Страница { $page } из { $count }
link-page-alone = Увеличить
page-absent = Страницу { $page } показать не получилось
page-absent-text = Картинку этой страницы нарисовать нельзя: она устроена слишком сложно или повреждена. Откройте файл в своей программе, там она может быть видна.
link-page-text = Текст страницы
link-attachments = Приложения
link-read-finish = Всё прочитано, дальше согласия
link-read-back = Назад

# Слова
link-ask-title = Вопрос о документе
link-ask-label = Ваш вопрос
link-ask-submit = Отправить вопрос
link-refuse-title = Отказ от подписания
link-refuse-label = Причина
link-refuse-submit = Отказаться подписать
link-disagree-title = Протокол разногласий
link-disagree-submit = Вернуть с разногласиями
link-hand-over-title = Кто подписывает вместо вас
link-hand-over-text = Назовите подписанта { $organisation }. Ему придут своя ссылка и свой код, а эта ссылка перестанет действовать.
link-hand-over-name = Имя и фамилия
link-hand-over-email = Почта
link-hand-over-position = Должность
link-hand-over-submit = Передать подписанту
problem-field-holds-address = Напишите здесь только слова, без ссылок и адресов: уберите «://» и «@».
problem-field-hand-over-same = Это ваш адрес. Назовите адрес другого человека.

# Подписание
sign-pages-here = Показать страницы
sign-back = К документу
sign-consents-title = Два согласия
sign-consent-electronic-signature = Согласен подписать электронно по правилам организации
sign-consent-personal-data = Согласен на обработку персональных данных
sign-consent-read = Прочитать текст
sign-consents-submit = Дать согласия
problem-field-consent-needed = Без этого согласия подписать нельзя.
sign-title = Поставить подпись
sign-who = Подписывает { $person }, { $organisation }. Это имя будет в сертификате подписи.
sign-submit = Подписать документ
sign-submit-number = Подписать документ №{ "\u00A0" }{ $number }
sign-note-browser = Ключ подписи создаётся в этом браузере, только для этого документа, и не покидает его.
sign-note-server = Ключ подписи создаст сервер, только для этого документа, и сразу забудет. Так и будет записано в доказательствах.
sign-seals-no-changes = Ваша подпись закроет файл: после неё в нём нельзя будет изменить ничего, даже поставить ещё одну подпись.
sign-seals-fill-and-sign = Ваша подпись заверит файл: после неё в нём можно будет только заполнять форму и ставить подписи.
sign-seals-annotate = Ваша подпись заверит файл: после неё в нём можно будет только заполнять форму, ставить подписи и оставлять комментарии.
sign-seals-lock-all = Она запрёт все поля формы в файле.
sign-seals-lock = Она запрёт в файле поля формы: { $fields }.
sign-note-ed25519 = Подпись Ed25519 понимают не все программы просмотра.
sign-preparing = Создаём ключ и готовим файл…
sign-checking = Сверяем файл с тем, что вы видели…
sign-sending = Отправляем подпись…
sign-failed = Подписать не получилось. Проверьте связь и нажмите ещё раз.
sign-unknown = Связь оборвалась, и мы не знаем, дошла ли подпись. Проверьте связь и нажмите ещё раз: если документ уже подписан, страница скажет об этом, второй подписи не будет.
sign-other-file = Файл для подписи отличается от показанного. Не подписано. Обновите страницу и сообщите тому, кто прислал документ.
sign-file-title = Файл, который вы подписываете
sign-file = Скачать этот файл
sign-file-main = Ровно эти байты, к ним добавится лист подписей и ваша подпись.
sign-file-signed = Экземпляр с подписями, которые уже поставлены: ваша добавится к этим байтам.
sign-file-main-beside = Ровно эти байты, и они не изменятся: ваша подпись ляжет отдельным файлом рядом с документом.
sign-file-signed-beside = Экземпляр с подписями, которые уже поставлены. Он не изменится: ваша подпись ляжет рядом отдельным файлом.
sign-file-beside = { $count ->
    [one] Ещё { $count } подпись этого документа лежит отдельным файлом:
    [few] Ещё { $count } подписи этого документа лежат отдельными файлами:
   *[other] Ещё { $count } подписей этого документа лежат отдельными файлами:
 }
sign-file-other = В этом экземпляре уже есть подписи и лист подписей, поэтому страниц больше и контрольная сумма не та, что у документа в письме ({ $start }…). Сам документ внутри тот же: это проверено.
link-digest = Контрольная сумма
sign-prepared = Подготовленный файл
sign-prepared-beside = Подписываемый файл
sign-what = Что именно подписывается
sign-what-text = Файл, который вы видели, плюс лист подписей в конце. Страница сама сверяет контрольную сумму файла перед подписанием.
sign-what-text-beside = Весь этот файл, байт в байт: в него ничего не добавится. Страница сама сверяет контрольную сумму файла перед подписанием.
flash-code-sent = Код отправлен. Проверьте почту.
flash-code-right = Почта подтверждена.
flash-link-renewed = Новая ссылка отправлена на вашу почту.
flash-read-first = Сначала прочитайте все страницы.
flash-pages-read = Прочитано { $to } из { $count } стр.
flash-all-read = Все страницы прочитаны.
flash-consents-given = Согласия записаны.
flash-signed = Документ подписан.
flash-signed-beside = Документ подписан. Подпись лежит рядом с ним отдельным файлом.
flash-question-asked = Вопрос отправлен. Ответ придёт на вашу почту.
flash-question-answered = Ответ отправлен.
flash-refused = «{ $title }»: отказ записан и передан.
flash-disagreed = «{ $title }»: разногласия переданы.
flash-handed-over = «{ $title }»: документ передан названному подписанту.
problem-task-not-open-title = Задача уже закрыта
problem-task-not-open = Подписывать здесь больше нечего: задача закрыта. Откройте документ, чтобы увидеть, чем она кончилась.
problem-task-not-sign-title = Это не задача на подпись
problem-task-not-sign = Откройте документ: там видно, что с ним можно сделать.
problem-consents-needed-title = Нужны согласия
problem-consents-needed = Дайте оба согласия на странице подписания.
sign-unopened = Вам ещё не показаны страницы: { $pages }. Подписать можно, когда вы просмотрите все страницы или скачаете файл.
sign-unopened-link = Посмотреть страницы
problem-pages-unopened-title = Открыты не все страницы
problem-pages-unopened = Ещё не показаны страницы: { $pages }. Пролистайте до них и дождитесь картинок или скачайте точный файл и прочтите его.
problem-pages-unread-title = Прочитаны не все страницы
problem-pages-unread = Дочитайте документ и подпишите.
problem-key-invalid-title = Ключ не подходит
problem-key-invalid = Браузер прислал ключ, который нельзя прочитать. Обновите страницу и попробуйте ещё раз.
problem-key-not-accepted-title = Ключ другого вида
problem-key-not-accepted = Здесь подписывают ключами другого алгоритма. Обновите страницу.
problem-name-not-certifiable-title = Имя не подходит для сертификата
problem-name-not-certifiable = Исправьте имя или адрес подписанта в справочнике: в них есть знаки, которых в сертификате быть не может.
problem-pdf-not-signable-title = В этот файл нельзя добавить подпись
problem-pdf-not-signable = Загрузите новую версию файла. Причина: { $why }
problem-file-signed-before-title = Файл уже подписан
problem-file-signed-before = По маршруту этого документа подпись должна заверить файл, а заверяет только первая подпись в файле. Загрузите новую версию: тот же документ без подписей.
problem-authority-revoked-title = Подписывать сейчас нельзя
problem-authority-revoked = Ключ удостоверяющего центра организации отозван, и выпущенный им сертификат никто не признал бы. Администратору нужно заменить ключ: `chancery authority rotate`.
problem-lock-fields-absent-title = В файле нет полей, которые нужно запереть
problem-lock-fields-absent = По маршруту подпись запирает поля формы, которых в файле нет: { $fields }. Загрузите файл с такой формой или попросите исправить маршрут.
problem-signing-stale-title = Пока вы подписывали, подписал другой
problem-signing-stale = Нажмите «Подписать» ещё раз: подпись ляжет на новый экземпляр.
problem-signing-expired-title = Подписание не завершено вовремя
problem-signing-expired = Нажмите «Подписать» ещё раз.
problem-signing-abandoned-title = Это подписание начато заново
problem-signing-abandoned = Завершите подписание в той вкладке, где начали последним.
problem-signing-completed-title = Уже подписано
problem-signing-completed = Эта подпись уже поставлена.
problem-signature-wrong-title = Подпись не сошлась
problem-signature-wrong = Значение подписи не подходит к ключу. Обновите страницу и попробуйте ещё раз.
problem-question-answered-title = На вопрос уже ответили
problem-question-answered = Ответ виден в документе.
problem-field-codes-too-many-none = Кодов за этот час больше не пришлём. { $minutes ->
    [0] Повторите через минуту.
    [one] Повторите через { $minutes } минуту.
    [few] Повторите через { $minutes } минуты.
   *[other] Повторите через { $minutes } минут.
 } Тогда запросите новый.

# People, organisation, counterparties, profile, passwords; the default published texts.
person-name = Имя и фамилия
person-email = Электронная почта
person-email-consequence = С этим адресом человек входит. Если его изменить, все сеансы, токены и ссылки для пароля сразу перестанут действовать, а письмо об этом уйдёт и на прежний, и на новый адрес.
person-email-invited = На этот адрес ушло приглашение. Если его изменить, прежнее приглашение перестанет действовать, а новое уйдёт на новый адрес.
person-email-hint = С этим адресом человек входит; сюда придёт приглашение.
person-position = Должность
person-department = Подразделение
person-manager = Руководитель
person-roles = Роли
person-groups = Группы
person-groups-hint = Названы в маршрутах: кто входит в группу, получает её задачи.
person-language = Язык
person-state = Доступ
person-since = Приглашение
person-invited = Приглашение отправлено
person-active = Есть доступ
person-disabled = Доступ закрыт
person-invite = Пригласить человека
person-invite-send = Отправить приглашение
person-invite-again = Отправить приглашение ещё раз
person-edit = Изменить карточку
person-enable = Открыть доступ
person-disable = Закрыть доступ
person-disable-title = Закрыть доступ
person-disable-consequence = Человек сразу выйдет на всех устройствах, его токены перестанут работать. Его решения и подписи останутся; открытые задачи нужно передать.
choice-none = — нет —
language-ru = Русский
language-en = Английский
language-browser = Как в браузере
form-save = Сохранить
form-cancel = Отмена
tax-country = Страна
tax-country-hint = Две латинские буквы: RU, DE.
tax-inn = ИНН
tax-kpp = КПП
tax-vat-id = Номер плательщика НДС
tax-vat-id-hint = Для организаций вне России.
organisation-name = Название организации
organisation-language = Язык писем по умолчанию
organisation-time-zone = Часовой пояс
organisation-time-zone-hint = Например, Europe/Moscow.
organisation-offered = В этой версии программы другие тексты
organisation-offered-hint = { $count ->
    [one] { $count } ваш текст отличается от того, с которым начинают новые организации. Если вы написали свой, делать ничего не нужно. Данные согласия остаются при том тексте, к которому даны.
    [few] { $count } ваших текста отличаются от тех, с которыми начинают новые организации. Если вы написали свои, делать ничего не нужно. Данные согласия остаются при тех текстах, к которым даны.
   *[other] { $count } ваших текстов отличаются от тех, с которыми начинают новые организации. Если вы написали свои, делать ничего не нужно. Данные согласия остаются при тех текстах, к которым даны.
 }
organisation-offered-take = Взять тексты этой версии
organisation-published = Опубликованные тексты
organisation-published-hint = С ними соглашается тот, кто подписывает по ссылке. Контрольная сумма текста попадает в доказательства.
organisation-signing-rules-ru = Правила электронного подписания, по-русски
organisation-signing-rules-en = Правила электронного подписания, по-английски
organisation-personal-data-ru = Согласие на обработку персональных данных, по-русски
organisation-personal-data-en = Согласие на обработку персональных данных, по-английски
departments-title = Подразделения
departments-none = Подразделений ещё нет.
department-new = Новое подразделение
department-name = Название
department-key = Ключ
department-key-hint = По нему подразделение находят маршруты: legal. Строчные латинские буквы, цифры и подчёркивание; потом не меняется.
department-head = Руководитель
department-parent = Входит в
counterparty-new = Новый контрагент
counterparty-edit = Изменить контрагента
counterparty-name = Название
counterparty-tax-id = Налоговый номер
counterparty-address = Адрес
counterparties-none = Контрагентов ещё нет
counterparties-none-hint = Добавьте организацию и её подписанта, чтобы отправить документ на подпись.
contacts-title = Контактные лица
contacts-none = Контактных лиц ещё нет. Без них некому отправить ссылку для подписания.
contact-new = Новое контактное лицо
contact-title = Контактное лицо
contact-name-hint = Это имя будет в сертификате подписи.
contact-email-hint = Сюда придут ссылка и код; контроль над этим ящиком — единственное, что подтверждает личность.
contact-language = Язык писем и страниц
profile-look = Язык и вид
profile-theme = Оформление
theme-system = Как в системе
theme-light = Светлое
theme-dark = Тёмное
profile-password = Пароль
profile-password-hint = Не короче 10 знаков. Остальные сеансы завершатся.
profile-current-password = Нынешний пароль
profile-new-password = Новый пароль
profile-change-password = Сменить пароль
profile-sessions = Сеансы
session-agent = Браузер
session-address = Сетевой адрес
session-seen = Последнее действие
session-this = Этот сеанс
session-close = Завершить
profile-tokens = Токены
profile-tokens-hint = С токеном программа действует от вашего имени через API. Каждый токен показывается один раз.
token-shown-once = Скопируйте токен: больше он не покажется
token-copy = Скопировать
token-name = Название токена
token-scope = Что разрешено
token-used = Использован
token-never = ни разу
token-expires = Действует до
token-days = Срок, дней
token-create = Создать токен
token-revoke = Отозвать
scope-read = Только чтение
scope-write = Чтение и действия
reset-title = Новый пароль
reset-lead = Укажите почту, с которой входите. Если такая есть, мы отправим ссылку; она работает один час.
reset-submit = Отправить ссылку
set-title = Задайте пароль
set-code = Код из письма
set-code-hint = Если поле пустое, вставьте сюда ссылку из письма целиком.
set-hint = Не короче 10 знаков. После этого вы сразу войдёте.
set-submit = Сохранить пароль и войти
contact-email-consequence = С новым адресом прежние ссылки перестанут действовать, оба адреса получат письмо. Новую ссылку инициатор пошлёт со страницы документа.
flash-contact-links-revoked = Сохранено. Отозвано ссылок на прежний адрес: { $count }. Новые пошлите со страниц документов.
flash-saved = Сохранено.
flash-person-invited = Приглашение отправлено: { $name }.
flash-invitation-resent = Приглашение отправлено ещё раз.
flash-person-disabled = Доступ закрыт.
flash-person-enabled = Доступ открыт.
flash-password-changed = Пароль изменён, остальные сеансы завершены.
flash-password-set = Пароль сохранён. Добро пожаловать!
flash-session-closed = Сеанс завершён.
flash-token-revoked = Токен отозван.
flash-reset-mailed = Если такая почта у нас есть, ссылка уже в пути.
problem-last-administrator = Это последний администратор организации. Сначала дайте эту роль другому человеку.
problem-person-already-disabled = Доступ этого человека уже закрыт.
problem-person-not-disabled = Доступ этого человека не закрыт.
problem-person-not-invited = Этот человек уже задал пароль. Если он забыт, помогает страница «Новый пароль».
problem-link-not-good = Эта ссылка уже использована, заменена новой или просрочена. Запросите новую.
problem-field-email = Напишите адрес в виде name@example.org.
problem-field-login-taken = Человек с этой почтой уже есть.
problem-field-key-form = Только строчные латинские буквы, цифры и подчёркивание.
problem-field-key-taken = Подразделение с этим ключом уже есть.
problem-field-department-circle = Подразделение не может входить само в себя. Выберите другое.
problem-field-manager-circle = Получается круг: этот человек сам подчиняется тому, кого вы меняете.
problem-field-country = Две латинские буквы, например RU или DE.
problem-field-time-zone = Такого часового пояса нет. Напишите, например, Europe/Moscow.
problem-field-tax-id-format = Не та длина или лишние знаки. Проверьте по документу.
problem-field-tax-id-control-digit = Контрольная цифра не сходится: в номере опечатка.
problem-field-tax-id-not-of-country = В этой стране такого номера нет. Оставьте поле пустым.
problem-field-password-short = Не короче { $min } знаков.
problem-field-password-easy = Этот пароль подберут сразу. Возьмите другой, например несколько слов.
problem-field-password-wrong = Это не нынешний пароль.
default-signing-rules =
    1. Эти правила опубликовала организация { $organisation }.

    2. Документ подписывает тот, кому отправлена ссылка: он открывает её, вводит код из письма, читает документ и подтверждает подписание. Подписант самой организации входит в систему под своей учётной записью, получает файл документа и подтверждает подписание.

    3. На странице подписания ключ подписи создаётся для одного подписания в браузере подписывающего; если браузер этого не может — на сервере, который после подписания ключ не хранит. Сертификат выдаёт удостоверяющий центр этой организации, подпись — усиленная неквалифицированная.

    4. Подписант может подписать и своим ключом, который остаётся у него: в программе, в мобильном приложении, в другой службе. Тогда сертификат выдал не удостоверяющий центр этой организации, а тот, кто в нём назван; какая это подпись, квалифицированная или неквалифицированная, видно из сертификата.

    5. Подпись ложится в сам файл. Подпись, сделанная в другой программе, может лежать и отдельным файлом рядом с документом.

    6. Где создан ключ и как пришла подпись, записано в доказательствах.

    7. Стороны признают документ, подписанный по этим правилам, равнозначным документу на бумаге с собственноручной подписью.

    8. Личность того, кто подписывает по ссылке, подтверждается контролем над почтовым ящиком, личность подписанта организации — входом в систему; при своём ключе имя в сертификате сверяется с именем того, кого просят подписать. Подписывающий никому не передаёт ссылку и код.

    9. Время подписания указывает штамп времени.
default-personal-data =
    Я разрешаю организации { $organisation } обрабатывать мои имя, должность, адрес электронной почты, сетевой адрес, сведения о браузере и время действий, а если я подписываю своим ключом, то и сведения из его сертификата, чтобы подписать документ, доказать подписание и хранить документ положенный срок.

    Отозвать согласие можно письмом в эту организацию; данные, нужные для доказательства уже поставленной подписи, хранятся до конца срока хранения документа.
person-tasks = { $count ->
    [one] { $count } открытая задача
    [few] { $count } открытые задачи
   *[other] { $count } открытых задач
}
person-tasks-hint = Передайте их, если человек болен или ушёл. Содержание документов при этом не открывается; кто передал, видно в журнале.
person-task-stage = Этап
person-task-since = Ждёт с
person-tasks-to = Кому передать
person-tasks-move = Передать все
person-roles-within = Только в подразделении «{ $department }»
flash-tasks-moved = Передано задач: { $moved }.
person-tasks-to-whom = Задачи не переданы: выберите, кому их передать.
flash-tasks-stayed = Передано задач: { $moved }. Осталось: { $stayed } — этому человеку их передать нельзя: он автор, инициатор, уже участвует или это вы сами. Выберите другого.
absences-title = Отсутствие и замещение
absences-none = Отсутствие не записано.
absence-now = сейчас
absence-when = { $from } — { $until }
absence-substitute-is = замещает: { $name }
absence-nobody = никто не замещает
absence-signs-too = и подписывает
absence-end = Закончить сейчас
absence-take-back = Отменить
absence-new = Записать отсутствие
absence-hint = Тот, кто замещает, видит задачи отсутствующего и решает за него; в истории остаются оба имени. Сам отсутствующий тоже может решить: засчитается тот, кто первый.
absence-from = Первый день
absence-until = Последний день
absence-substitute = Кто замещает
absence-kinds = По каким документам
absence-kinds-hint = Если не отмечено ничего, по всем.
absence-signs = И подписывает документы (подпись будет его собственная)
absence-record = Записать
flash-absence-recorded = Отсутствие записано.
flash-absence-ended = Отсутствие закончено.
problem-absence-ended = Это отсутствие уже закончилось.
problem-field-absence-over = Этот день уже прошёл. Укажите, до какого дня человека ещё не будет.
problem-field-absence-long-ago = Отсутствие записывают не позднее чем через месяц после его начала.
problem-field-absence-too-long = Не больше { $max } дней подряд.
problem-field-absence-too-many = Уже записано отсутствий: { $max }. Закончите лишнее.
problem-field-absence-oneself = Сам себя человек не замещает. Выберите другого.
problem-field-absence-circle = Этот человек в то же время отсутствует, и по цепочке замещений его задачи вернулись бы к отсутствующему. Выберите другого.
problem-field-absence-too-far = Замещают не больше трёх человек подряд, а здесь вышло бы больше. Выберите того, кто в это время на месте.
profile-letters = Письма о задачах
profile-letters-hint = Одно письмо в день приходит по будням в 8:00. О том, что нужно решить до него, напишем сразу; напоминания и письма о просрочке приходят как обычно.
letters-each = О каждой задаче
letters-daily = Раз в день обо всех

# Реестр полномочий
shell-mandates = Реестр полномочий
mandates-lead = Кто вправе подписывать или действовать в роли за какое из наших юридических лиц, до какой суммы и в какой срок. Маршруты спрашивают этот реестр; в момент подписания полномочие проверяется ещё раз.
mandates-none = В реестре никого нет
mandates-none-hint = Маршруты, которым нужен подписант юридического лица, никого не найдут, пока сюда не внесут полномочие.
mandate-person = Человек
mandate-entity = Юридическое лицо
mandate-entity-hint = Ключ, которым пользуются маршруты и карточки: ooo_vektor. Пусто: за каждое из наших.
mandate-each-entity = каждое из наших
mandate-role = Что вправе делать
mandate-signs = Подписывать
mandate-limit = До суммы
mandate-limit-hint = В валюте ниже. Пусто: любая сумма.
mandate-any-amount = любая
mandate-currency = Валюта
mandate-term = Срок
mandate-from = с { $from }
mandate-from-until = { $from } – { $until }
mandate-first-day = С
mandate-last-day = По, этот день включительно
mandate-basis = Основание
mandate-basis-hint = Устав или доверенность с номером и датой
mandate-state = Состояние
mandate-stands = действует
mandate-to-come = не началось
mandate-over = закончилось
mandate-end = Прекратить
mandate-new = Новое полномочие
mandate-record = Внести
flash-mandate-recorded = Внесено в реестр.
flash-mandate-ended = Полномочие прекращено.
problem-field-mandate-limit = Сумма больше нуля, например 500000.00, и валюта, например RUB.
problem-field-mandate-limit-of-role = Предел бывает у права подписи. В роли сумму определяет маршрут.
problem-field-mandate-over = Этот день уже прошёл.
problem-mandates-full-title = Реестр заполнен
problem-mandates-full = В реестре помещается пять тысяч полномочий.
problem-mandate-is-over = Это полномочие уже закончилось.

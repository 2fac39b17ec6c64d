# Problems of every area: `problem-<code>-title` and `problem-<code>`; fields: `problem-field-<code>`.
# A refusal (409) without a title of its own has `problem-refused-title`.
problem-home = На главную
problem-to-document = Вернуться к документу
problem-to-task = Вернуться к задаче
problem-to-entrance = Войти по ссылке из письма
problem-request = Номер запроса для администратора:
problem-explained = Этот код программа получает вместе с ответом. Текст ответа говорит, что именно случилось и что делать.
problem-refused-title = Сейчас это невозможно
problem-unreadable-title = Запрос не читается
problem-unreadable = Сервер не смог прочитать то, что прислала страница или программа. Обновите страницу и повторите.
problem-unauthenticated-title = Нужно войти
problem-unauthenticated = Вы не вошли, или сеанс закончился. Войдите и повторите; набранный текст сохранился в этом браузере.
problem-denied-title = Недостаточно прав
problem-denied = Вы это видите, но сделать может не ваша роль. Обратитесь к администратору организации.
problem-token-only-reads-title = Токен только читает
problem-token-only-reads = Этот токен создан только для чтения. Чтобы менять данные, создайте в своём профиле (/profile) токен «Чтение и действия».
problem-not-found-title = Здесь ничего нет
problem-not-found = Такой страницы нет, или она не для вас. Проверьте адрес.
problem-no-such-method-title = Так сюда не обращаются
problem-no-such-method = У этого адреса нет такого метода. Список вызовов — на странице /api/reference.
problem-cross-site-title = Запрос пришёл с другого сайта
problem-cross-site = Действие началось не на нашей странице, поэтому оно не выполнено. Откройте нужную страницу здесь и повторите.
problem-csrf-title = Страница устарела
problem-csrf = Страница открыта в другом сеансе. Обновите её и повторите; набранный текст сохранился в этом браузере.
problem-wrong-host-title = Другой адрес
problem-wrong-host = Этот сервер отвечает только по адресу этого компьютера: localhost или 127.0.0.1.
problem-path-encoded-title = Адрес записан иначе
problem-path-encoded = В пути закодированы знаки, которые пишут как есть, или разделители. Запишите путь без этих знаков процента.
problem-invalid-title = Исправьте поля
problem-invalid = Некоторые поля заполнены неверно.
problem-stale-title = Уже изменено
problem-stale = Пока страница была открыта, это изменилось: в другой вкладке или другим человеком. Откройте заново, посмотрите, что стало, и повторите.
problem-if-match-missing-title = Нужен заголовок If-Match
problem-if-match-missing = Пришлите If-Match с версией строки из ETag, чтобы не стереть чужое изменение.
problem-too-large-title = Файл слишком большой
problem-too-large = Файл больше { $megabytes } МБ. Уменьшите его и загрузите снова.
problem-body-slow-title = Запрос идёт слишком долго
problem-body-slow = Мы не дождались запроса целиком. Проверьте связь и отправьте снова.
problem-body-too-large-title = Слишком много текста
problem-body-too-large = Присланный текст больше, чем принимает эта страница. Сократите его.
problem-unsupported-media-title = Такой файл не принимается
problem-unsupported-media = Содержимое не того вида, который здесь принимают. Загрузите PDF.
problem-too-many-title = Слишком часто
problem-too-many = { $minutes ->
    [0] { $seconds ->
        [one] Повторите через { $seconds } секунду.
        [few] Повторите через { $seconds } секунды.
       *[other] Повторите через { $seconds } секунд.
    }
    [one] Повторите через { $minutes } минуту.
    [few] Повторите через { $minutes } минуты.
   *[other] Повторите через { $minutes } минут.
}
problem-unavailable-title = Временно недоступно
problem-unavailable = Одна из частей сервера сейчас не отвечает. Ничего не изменилось; повторите через минуту.
problem-timestamps-unavailable-title = Служба штампов времени не отвечает
problem-timestamps-unavailable = Без штампа времени подпись не ставится. Ничего не изменилось: попробуйте через несколько минут, а если не поможет, напишите тому, кто прислал документ.
problem-internal-title = Ошибка сервера
problem-internal = Сервер не справился с запросом и записал почему. Сообщите администратору номер запроса.
problem-idempotency-key-missing-title = Нужен заголовок Idempotency-Key
problem-idempotency-key-missing = Пришлите Idempotency-Key (до 200 знаков): тогда повтор запроса не сделает то же дважды.
problem-link-not-live = Действующей ссылки у этого человека нет: её отозвали или она закрыта. Если подписать всё же должен он, отправьте новую ссылку в блоке «Контрагент».
problem-idempotency-answer-lost = Запрос с этим ключом уже выполнен, но ответ потерян при остановке сервера. Повторно ничего не сделано. Найдите результат; новый ключ нужен только для нового запроса.
problem-idempotency-key-in-use = Первый запрос с этим ключом ещё выполняется. Повторите через несколько секунд.
problem-login-failed = Почта или пароль не подходят. Проверьте раскладку или задайте новый пароль.
problem-field-empty = Заполните это поле.
problem-field-too-long = Не длиннее { $max } знаков.
problem-field-control-character = Уберите переносы строк и другие управляющие знаки.
problem-field-invisible-character = Уберите невидимый знак { $code }: он подменяет вид текста.
problem-field-not-a-choice = Выберите из списка.
problem-field-too-many-tasks = Выберите меньше задач за раз.
problem-field-out-of-range = От { $min } до { $max }.
problem-field-cursor = Это не начало страницы этого списка. Начните с первой страницы.
problem-field-json = Не читается как ожидаемый JSON: { $why }
problem-field-key-reused = Этот ключ уже использован с другим запросом. Возьмите новый.
problem-field-before-from = Этот день раньше первого. Поменяйте даты местами.
problem-field-card-changed = Пока вы правили карточку, она изменилась: в другой вкладке или другим человеком. Ниже — ваши значения. Проверьте их и сохраните ещё раз.

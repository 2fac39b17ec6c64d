# Проверка подписи: страница, слова вердикта (страница, документ, команда), причины.
verify-title = Проверить подпись
verify-lead = Загрузите файл с подписью. Мы скажем, кто его подписал, когда и менялся ли он после этого.
verify-file = Файл с подписью
verify-file-hint = PDF или XML с подписью внутри либо отдельная подпись: p7s, sig, sgn, p7m. До { $size }.
verify-content = Подписанный файл
verify-content-hint = Нужен, только если подпись лежит отдельно: приложите файл, который подписывали.
verify-as = Как показать вывод
verify-as-page = На странице
verify-as-comparison = Сравнение подписанного с нынешним файлом, по страницам
verify-as-revision = Файл, каким его подписали
verify-place-title = Если подписей несколько
verify-place = Номер подписи
verify-place-hint = Для сравнения и для подписанного файла: какую подпись взять, по порядку в отчёте. Без номера берётся та, которую поставили раньше всех.
problem-field-no-revision = Эта подпись не покрывает целой редакции PDF, сравнивать нечего. Проверьте файл: отчёт скажет почему.
problem-field-no-such-signature = Подписи с таким номером в файле нет. Укажите номер от 1 до { $count }.
problem-field-comparison-no-pdf = Это не PDF, а подписанное рядом с добавленным хранит только PDF. Выберите PDF с подписью внутри или показ вывода на странице.
problem-field-comparison-beside = Эта подпись лежит отдельным файлом и покрывает другой файл целиком: к нему ничего нельзя добавить. Выберите PDF с подписью внутри или показ вывода на странице.
problem-field-comparison-no-signature = В этом PDF подписи нет, сравнивать нечего. Если его подписали отдельным файлом, выберите показ вывода на странице и приложите оба файла.
verify-as-later = Нужно сравнение с подписанным или сам подписанный файл? Для этого проверьте файл ещё раз и выберите: у нас ничего не осталось.
verify-held-title = Дальше с этим файлом
verify-held-page = Вывод обо всём файле
verify-held-text = Выбирать его заново не нужно: файл держит сама страница, сервер ничего не хранит. Закроете страницу – его не будет.
verify-submit = Проверить
verify-again = Проверить другой файл
verify-kept = Файл не сохраняется: забываем его сразу после проверки. Никуда его не пересылаем.
verify-trusted-also = Доверяем корневым сертификатам этого сервера и тем, которые выбрал его администратор. О прочих подписях скажем, менялся ли файл, а доверять ли издателю — решать вам.
verify-trusted = Доверяем только корневым сертификатам этого сервера. О чужих подписях скажем, менялся ли файл, а доверять ли издателю — решать вам.
verify-file-name = Файл
verify-swapped = Файлы стояли не на своих местах: подпись лежала в поле для подписанного файла. Мы поменяли их местами и проверили.
verify-sha256 = Контрольная сумма SHA-256
verify-covered = Проверена вместе с файлом
verify-covered-size = Размер этого файла
verify-covered-sha256 = Контрольная сумма SHA-256 этого файла
verify-judged-chosen = На выбранный момент
verify-made = Проверка сделана
verify-judged = Проверено
verify-policy = Правила
verify-signature-number = Подпись { $number }
verify-timestamp-number = Штамп времени { $number }
verify-counter-number = Заверяющая подпись { $number }
verify-who = Кто
verify-who-unknown = В подписи нет сертификата, который можно прочитать
verify-issued-by = удостоверил { $issuer }
verify-when = Когда
verify-when-proven = штамп времени, { $by }
verify-when-claimed = по часам подписавшего, ничем не доказано
verify-when-unknown = неизвестно
verify-key = Ключ
verify-level = Уровень
verify-level-by-parts = { $level } по составу; сведения об отзыве в ней проверить не удалось
verify-rights = Что разрешает после себя
verify-rights-certified-1 = Заверяет файл: после неё ничего менять нельзя, даже подписывать.
verify-rights-certified-2 = Заверяет файл: после неё можно только заполнять форму и подписывать.
verify-rights-certified-3 = Заверяет файл: после неё можно только заполнять форму, подписывать и оставлять комментарии.
verify-rights-lock-all = Запирает все поля формы.
verify-rights-lock = Запирает поля формы: { $fields }.
verify-rights-lock-but = Запирает все поля формы, кроме { $fields }.
verify-rights-left-1 = После неё файл больше не меняют.
verify-rights-left-2 = После неё можно только заполнять форму и подписывать.
verify-rights-left-3 = После неё можно только заполнять форму, подписывать и оставлять комментарии.
verify-kind = Вид подписи
verify-kind-advanced = Неквалифицированная: в сертификате не сказано, что он квалифицированный (НЭП, если выполнены условия статьи 5 закона 63-ФЗ)
verify-kind-qualified = { $seal ->
    [yes] Квалифицированная печать
   *[no] Усиленная квалифицированная (УКЭП)
} { $law ->
    [russia] по закону 63-ФЗ
    [eu] по регламенту eIDAS
   *[other] по праву другой страны
}: так сказано в сертификате, { $confirmed ->
    [yes] и издатель среди тех, кому здесь доверяют
   *[no] но это не подтверждено
}
verify-kind-qualified-certificate = Усиленная с квалифицированным сертификатом { $law ->
    [russia] по закону 63-ФЗ
    [eu] по регламенту eIDAS
   *[other] по праву другой страны
}; о защищённом устройстве для ключа в нём не сказано. Это { $confirmed ->
    [yes] подтверждает издатель, которому здесь доверяют
   *[no] не подтверждено
}
verify-key-bits = { $algorithm }, { $bits } бит
verify-key-digest = контрольная сумма { $digest }
verify-algorithm-gost = ГОСТ Р
verify-algorithm-with = с
verify-algorithm-bits = бит
verify-covers = Что подписано
bytes-count = { $count ->
    [one] { $number } байт
    [few] { $number } байта
   *[other] { $number } байт
 }
verify-covers-whole = весь файл: подписано { $bytes }, ещё { $own } занимает сама подпись
verify-covers-content = всё содержимое, { $bytes }
verify-covers-other = не то содержимое, что здесь: у подписанного другая контрольная сумма
verify-covers-signature = значение другой подписи, { $bytes }
verify-covers-part = файл на момент подписания: подписано { $bytes }, ещё { $own } занимает сама подпись
verify-covers-document = весь документ, кроме самой подписи: { $bytes } в каноническом виде
verify-covers-elements = только то, на что ссылается подпись, { $bytes } в каноническом виде: { $elements }
verify-covers-unknown = нельзя определить
verify-after = После подписания
verify-after-altered = изменено то, что было подписано
verify-after-other = здесь другое содержимое, или его изменили
verify-after-nothing = ничего не добавлено и не изменено
verify-after-bytes = добавлено { $bytes }
verify-warnings = Что ещё важно знать
verify-why = Почему мы так считаем
verify-chain = Цепочка доверия
verify-chain-none = Пути к сертификату, которому мы доверяем, нет.
verify-chain-validity = действует { $from } — { $until }
verify-chain-serial = номер { $serial }
verify-ended-proven = Срок с тех пор истёк. Сертификат всё равно идёт в счёт: доверенный штамп времени доказывает, что подпись сделана до конца срока, не позже { $at }.
verify-ended-judged = Срок с тех пор истёк. Вывод сделан на { $at }, когда срок ещё шёл; ничто не доказывает, что подпись к тому времени была, поэтому сегодняшняя проверка её не подтвердит.
verify-ended-unproven = Срок истёк, и ничто не доказывает, что подпись сделана до его конца: поэтому подпись не подтверждена.
verify-ended-before = Срок истёк раньше { $at }, то есть времени, которое доказано для подписи: для этой подписи сертификат не идёт в счёт.
verify-file-technical = Сведения о файле
verify-technical = Технические сведения
verify-result = Результат
verify-field = Поле подписи
verify-form = Вид
verify-range = Байты
verify-revision-sha256 = SHA-256 экземпляра, который ею кончается
verify-codes = Коды причин
verify-signature-algorithm = Алгоритм подписи
verify-advice = Что можно сделать
verify-tally = Файлов: { $all }. Подписи действительны: { $passed }. Проверить до конца нельзя: { $indeterminate }. Подпись недействительна: { $failed }. Без подписи: { $unsigned }. Не прочитано: { $unread }.

verify-word-passed = Действительна
verify-word-indeterminate = Проверена не до конца
verify-word-failed = Недействительна

verify-headline-passed = { $count ->
    [one] Подпись действительна.
   *[other] Все подписи действительны.
}
verify-headline-failed = Не доверяйте этому файлу.
verify-headline-indeterminate = Проверить до конца нельзя.
verify-headline-unsigned = В файле нет подписи.
verify-headline-unreadable = Проверить нельзя.
verify-lead-whose-failed = Недействительна: { $who }{ $more ->
    [0] .
   *[other] , и ещё { $more }.
}
verify-lead-whose-indeterminate = Не проверена до конца: { $who }{ $more ->
    [0] .
   *[other] , и ещё { $more }.
}
verify-lead-unchanged = Файл не менялся после подписания.
verify-lead-elements = Подписанное не менялось. Подписано не всё, что есть в файле: см. ниже.
verify-lead-extended = После подписания в файл добавили только то, что ничего в нём не меняет.
verify-lead-replaced = После подписания в форме документа заменили значения, которые видел подписавший. Какие — сказано ниже: сравните с тем, что подписано.
verify-lead-filled = После подписания в документе заполнили поля формы. Подписавший этих значений не видел: сравните с тем, что подписано.
verify-lead-marked = После подписания следующие подписавшие поставили на страницы отметки о своих подписях.
verify-lead-removed = Из этого файла убрали более раннюю подпись. Тогда могли подписать другое: посмотрите редакции файла.
verify-lead-intact = { $count ->
    [1] Подпись сделана над этим файлом, вредных изменений после неё нет.
   *[other] Подписи сделаны над этим файлом, вредных изменений после них нет.
}

verify-check-format = Устройство файла
verify-check-coverage = Какие байты подписаны
verify-check-digest = Контрольная сумма содержимого
verify-check-value = Значение подписи
verify-check-attributes = Подписанные атрибуты
verify-check-algorithms = Стойкость алгоритмов
verify-check-changes = Изменения после подписания
verify-check-time = Доказательство времени
verify-check-chain = Цепочка сертификатов
verify-check-revocation = Отзыв сертификатов
verify-result-not-made = не проверялось
verify-result-passed = в порядке
verify-result-warned = в порядке, с оговоркой
verify-result-undecided = не решено
verify-result-failed = не в порядке

verify-revocation-anchor = доверен
verify-revocation-not-needed = отзыв не предусмотрен, так сказано в нём
verify-revocation-good = не отозван
verify-revocation-revoked-later = отозван после подписания
verify-revocation-revoked = отозван
verify-revocation-on-hold = приостановлен
verify-revocation-stale = сведения об отзыве устарели
verify-revocation-unknown = сведения об отзыве не годятся
verify-revocation-unchecked = отзыв не проверен

verify-change-timestamp-added = Редакция { $revision }: добавлен штамп времени на весь файл
verify-change-signature-added = { $page ->
    [none] Редакция { $revision }: добавлена подпись «{ $field }»
   *[other] Редакция { $revision }: добавлена подпись «{ $field }», страница { $page }
}
verify-change-evidence-added = Редакция { $revision }: добавлены доказательства для долгой проверки
verify-change-signature-field-added = { $page ->
    [none] Редакция { $revision }: добавлено пустое поле «{ $field }» для подписи
   *[other] Редакция { $revision }: добавлено пустое поле «{ $field }» для подписи, страница { $page }
}
verify-change-field-replaced = { $page ->
    [none] Редакция { $revision }: прежнее значение поля «{ $field }» заменено другим
   *[other] Редакция { $revision }: прежнее значение поля «{ $field }» заменено другим, страница { $page }
}
verify-change-field-filled = { $page ->
    [none] Редакция { $revision }: заполнено поле «{ $field }»
   *[other] Редакция { $revision }: заполнено поле «{ $field }», страница { $page }
}
verify-change-annotation-added = { $page ->
    [none] Редакция { $revision }: добавлена пометка «{ $kind }»
   *[other] Редакция { $revision }: добавлена пометка «{ $kind }», страница { $page }
}
verify-change-permissions-changed = Редакция { $revision }: изменено то, что разрешил автор
verify-change-metadata-changed = Редакция { $revision }: изменены название, автор, даты и подобное
verify-change-pages-removed = { $removed ->
    [1] Редакция { $revision }: убрана { $removed } страница, прежняя страница { $removed_first }
    [one] Редакция { $revision }: убрана { $removed } страница, первая из них — прежняя страница { $removed_first }
    [few] Редакция { $revision }: убраны { $removed } страницы, первая из них — прежняя страница { $removed_first }
   *[other] Редакция { $revision }: убрано { $removed } страниц, первая из них — прежняя страница { $removed_first }
}
verify-change-pages-added = { $added ->
    [1] Редакция { $revision }: добавлена { $added } страница, теперь это страница { $added_first }
    [one] Редакция { $revision }: добавлена { $added } страница, первая из них теперь страница { $added_first }
    [few] Редакция { $revision }: добавлены { $added } страницы, первая из них теперь страница { $added_first }
   *[other] Редакция { $revision }: добавлено { $added } страниц, первая из них теперь страница { $added_first }
}
verify-change-pages-exchanged = Редакция { $revision }: страницы заменены. Убрано: { $removed }, первая из них — прежняя страница { $removed_first }; вставлено: { $added }, первая из них теперь страница { $added_first }
verify-change-content-changed = { $page ->
    [none] Редакция { $revision }: изменено то, что видно на страницах
   *[other] Редакция { $revision }: изменено то, что видно на странице { $page }
}
verify-change-action-added = Редакция { $revision }: добавлены сценарии или действия
verify-change-orphan-added = Редакция { $revision }: добавлен остаток, который ничто не показывает ({ $many ->
        [yes] объекты
       *[no] объект
    } { $object })
verify-change-hidden-bytes = Редакция { $revision }: добавлены байты, к которым не ведёт её оглавление, { $bytes }
verify-change-unexplained = { $page ->
    [none] Редакция { $revision }: добавлено то, о чём нельзя сказать, что оно безвредно ({ $many ->
        [yes] объекты
       *[no] объект
    } { $object })
   *[other] Редакция { $revision }: на страницу { $page } добавлено то, о чём нельзя сказать, что оно безвредно ({ $many ->
        [yes] объекты
       *[no] объект
    } { $object })
}

verify-unreadable-empty = Файл пустой.
verify-unreadable-not-a-pdf = Это не PDF и не подпись.
verify-unreadable-not-cms = Это не PDF и не подпись.
verify-unreadable-cms-damaged = Похоже на подпись, но файл оборван или повреждён. Попросите прислать его ещё раз.
verify-unreadable-container = Это контейнер с подписями внутри (ASiC или офисный документ). Такие подписи здесь не проверяются: достаньте из него подпись и подписанный файл и проверьте их.
verify-unreadable-no-signer = В подписи нет ни одного подписавшего.
verify-unreadable-truncated = Файл обрывается: конец потерян. Возьмите его у отправителя ещё раз.
verify-unreadable-encrypted = Файл зашифрован и не открывается без пароля или ключа. Проверьте его там, где он открывается, или попросите у отправителя копию без пароля.
verify-unreadable-table-dishonest = Оглавление файла указывает не туда: разные программы покажут в нём разное.
verify-unreadable-storage = Файла нет в хранилище, или это не тот файл, который был сохранён.
verify-unreadable-size = Файл больше того, что проверяется.
verify-unreadable-limit-exceeded = Файл сложнее, чем мы готовы разобрать.
verify-unreadable-loop = Файл ссылается сам на себя по кругу.
verify-unreadable-damaged = Файл повреждён.
verify-unreadable-encoding-unsupported = Файл записан в кодировке, которую мы не читаем.
verify-unreadable-encoding-broken = Файл повреждён: в нём байты не той кодировки, которая указана.
verify-unreadable-doctype = В файле есть объявление типа документа. Такие файлы мы не читаем: через них подменяют содержимое.
verify-unreadable-entity = Файл ссылается на то, что в нём не объявлено.
verify-unreadable-not-well-formed = Файл повреждён: это не XML.
verify-unreadable-namespace = Файл повреждён: в нём неверно объявлены имена.
verify-unreadable-xml-not-supported = Подписи XML пока не проверяем.

verify-reason-no-signature = В файле нет электронной подписи.
verify-reason-unreadable = Файл нельзя прочитать до конца.
verify-reason-stray-signature = В файле есть подпись, к которой не ведёт ни одно его поле. Что она подписывает, сказать нельзя.
verify-reason-reads-two-ways = { $why ->
    [leading] Перед началом файла стоят байты, которых никто не подписывал. Программы могут принять их за другой документ.
    [offsets] Перед началом файла что-то стоит, и его таблица объектов считает места оттуда. Многие программы считают иначе и могут показать другой документ.
    [comment] В таблице объектов файла стоит комментарий. Программы читают такую таблицу по-разному и могут показать разные документы.
    [generation] Страница ссылается на объект по устаревшему имени. Одни программы показывают его, другие нет: они могут показать разные документы.
    [hidden] В файле две таблицы объектов, и они противоречат друг другу в том, что видно на страницах. Программы верят то одной, то другой и могут показать разные документы.
    [doubled] Файл говорит две вещи там, где должна быть одна. Программы берут то одну, то другую и могут показать разные документы.
    [ending] Часть того, что видно на страницах, кончается в двух местах. Программы выбирают то одно, то другое и могут показать разные документы.
    [external] Часть того, что видно на страницах, лежит вне файла. Её никто не подписывал.
   *[other] Таблица объектов файла называет для одного объекта два места. Программы берут то одно, то другое и могут показать разные документы.
}
verify-reason-appearance-varies = { $how ->
    [layers] В документе есть слои. Что видно, зависит от того, какие из них включены, и может отличаться на экране, на бумаге, при увеличении и в разных программах.
    [paper] Часть страниц видна только на экране или только на бумаге. Сравните распечатку с экраном.
    [unpainted] У некоторых пометок нет своего вида: каждая программа рисует их по-своему.
    [fields] Значения некоторых полей каждая программа рисует по-своему.
    [fonts] Некоторых шрифтов в файле нет: каждая программа подставляет свой, и буквы могут отличаться.
    [scripts] Сценарии в документе могут менять то, что он показывает, например по дате или по тому, кто его открыл.
    [xfa] В документе есть форма другого рода (XFA). Программы, которые её знают, показывают форму, остальные — страницы.
    [media] В документе есть видео, звук или объёмные части; каждая программа показывает их по-своему.
   *[unread] Часть того, что видно на страницах, записана не так, как положено. Программы исправляют это каждая по-своему.
}
verify-reason-file-unopened = { $why ->
    [password] Файл зашифрован и открывается только по паролю. Сравнить то, что в нём сказано, нельзя; поля названы номерами их объектов (#12). Перед подписанием сохраните копию без пароля или проверьте файл там, где он открывается.
    [handler] Файл зашифрован для определённых получателей или незнакомым нам способом. Сравнить то, что в нём сказано, нельзя; поля названы номерами их объектов (#12). Проверьте файл там, где он открывается.
   *[unclear] Файл зашифрован, а сведения о шифровании неполны или противоречивы. Сравнить то, что в нём сказано, нельзя; поля названы номерами их объектов (#12). Попросите у отправителя другую копию.
}
verify-reason-signature-removed = Из файла убрали подписи под его более ранними редакциями: { $count }.
verify-reason-coverage-unsound = Подпись неверно указывает, какие байты файла она защищает.
verify-reason-gap-shared = Две подписи стоят на одном месте: одна из них подделана.
verify-reason-content-missing = Подпись лежит отдельно от файла. Приложите файл, который подписывали.
verify-reason-kind-unsupported = Подписи вида «{ $sub_filter }» мы не проверяем.
verify-reason-structure-malformed = Подпись испорчена: её нельзя прочитать.
verify-reason-several-signers = В одной подписи PDF { $count } подписавших, а должен быть один.
verify-reason-excess-bytes = Перед подписью или за ней лежат лишние байты: { $bytes }.
verify-reason-dictionary-direct = Подпись записана прямо в своё поле. Это необычно, но не запрещено.
verify-reason-tail-blank = За подписанными байтами идут только пробелы и переводы строк: { $bytes }.
verify-reason-inner-content-differs = Внутри подписи лежит другое содержимое, не то, что вы проверяете.
verify-reason-inner-content-empty = Внутри подписи пустое содержимое: так пишут старые программы.
verify-reason-attributes-absent = В подписи нет подписанных атрибутов. Её форма обходится без них, но защищает хуже.
verify-reason-lock-loosened = Более поздняя подпись разрешает больше, чем первая. Так быть не должно, и доказать остальное нельзя.
verify-reason-attributes-missing = В подписи нет подписанных атрибутов, а её форма их требует: нельзя сказать, к чему она относится.
verify-reason-attribute-repeated = В подписи дважды стоит то, что должно стоять один раз.
verify-reason-attributes-unordered = Атрибуты подписи записаны не по порядку. Это небрежность программы, не подделка.
verify-reason-content-type-wrong = Подпись называет не тот вид содержимого.
verify-reason-digest-missing = В подписи нет контрольной суммы содержимого.
verify-reason-digest-differs-beside = Подписан другой файл, или этот изменили после подписания: подписанная контрольная сумма не его.
verify-reason-digest-differs = Содержимое изменили после подписания: его контрольная сумма не та, что подписана.
verify-reason-digest-unsupported = Контрольная сумма посчитана алгоритмом { $algorithm }, который мы не вычисляем.
verify-reason-content-reads-as-attributes = Подпись взяли из другого файла и выдают за подпись этого.
verify-reason-signing-certificate-missing = Подпись не называет свой сертификат, и его могли подменить.
verify-reason-signing-certificate-unbound = Подпись старого вида: она не защищает свой сертификат от подмены.
verify-reason-signing-certificate-differs = Подпись называет другой сертификат, не тот, что приложен.
verify-reason-certificate-missing = В подписи нет сертификата подписавшего.
verify-reason-value-wrong = Подпись не подходит к ключу: её сделали не этим ключом или испортили.
verify-reason-value-inconsistent = Ключ и способ подписи противоречат друг другу.
verify-reason-value-unsupported = { $algorithm ->
    [limit_exceeded] Подпись не проверена: файл требует слишком много вычислений.
   *[other] Подпись сделана алгоритмом { $algorithm }, который мы не проверяем.
}
verify-reason-value-plain = Значение подписи записано так, как его пишут некоторые карты, а не как требует стандарт.
verify-reason-content-type-forbidden = Заверяющая подпись называет вид содержимого, чего в ней быть не должно.
verify-reason-digests-disagree = Подпись называет два разных алгоритма контрольной суммы: { $digest } и { $signature }.
verify-reason-digest-weak = Алгоритм { $algorithm } устарел: подделать такую подпись уже возможно.
verify-reason-digest-aged = Алгоритм { $algorithm } сейчас устарел, но доказано, что подпись поставили, пока он был надёжен.
verify-reason-digest-aged-unproven = Алгоритм { $algorithm } устарел. По собственной дате подпись старше этого, но дату ничто не доказывает.
verify-reason-key-weak = Ключ { $algorithm } на { $bits } бит слишком короткий.
verify-reason-added-after-signing = { $page ->
    [none] После подписания в файл добавили то, о чём нельзя сказать, что оно безвредно (редакция { $revision }).
   *[other] После подписания на страницу { $page } добавили то, о чём нельзя сказать, что оно безвредно (редакция { $revision }).
}
verify-reason-pages-removed = { $removed ->
    [1] После подписания убрали { $removed } страницу: страницу { $removed_first } подписанного (редакция { $revision }).
    [one] После подписания убрали { $removed } страницу, первая из них — страница { $removed_first } подписанного (редакция { $revision }).
    [few] После подписания убрали { $removed } страницы, первая из них — страница { $removed_first } подписанного (редакция { $revision }).
   *[other] После подписания убрали { $removed } страниц, первая из них — страница { $removed_first } подписанного (редакция { $revision }).
}
verify-reason-pages-added = { $added ->
    [1] После подписания добавили { $added } страницу: страницу { $added_first } (редакция { $revision }). Подписавший её не видел.
    [one] После подписания добавили { $added } страницу, первая из них — страница { $added_first } (редакция { $revision }). Подписавший их не видел.
    [few] После подписания добавили { $added } страницы, первая из них — страница { $added_first } (редакция { $revision }). Подписавший их не видел.
   *[other] После подписания добавили { $added } страниц, первая из них — страница { $added_first } (редакция { $revision }). Подписавший их не видел.
}
verify-reason-pages-exchanged = После подписания страницы заменили (редакция { $revision }). Убрали: { $removed }, первая из них — страница { $removed_first } подписанного; вставили: { $added }, первая из них — страница { $added_first }.
verify-reason-content-changed = { $page ->
    [none] После подписания изменили то, что видно на страницах (редакция { $revision }).
   *[other] После подписания изменили то, что видно на странице { $page } (редакция { $revision }).
}
verify-reason-action-added = После подписания в файл добавили сценарий или действие (редакция { $revision }).
verify-reason-hidden-bytes = В файле есть байты, к которым не ведёт его оглавление: { $bytes }. Одни программы их покажут, другие — нет.
verify-reason-certified-against-changes = Автор запретил менять файл, а его изменили (редакция { $revision }).
verify-reason-permissions-changed = После подписания изменили то, что разрешил автор (редакция { $revision }).
verify-reason-annotation-forbidden = { $page ->
    [none] Автор запретил пометки, а одну добавили: «{ $kind }» (редакция { $revision }).
   *[other] Автор запретил пометки, а одну добавили на страницу { $page }: «{ $kind }» (редакция { $revision }).
}
verify-reason-annotation-added = { $page ->
    [none] После подписания добавили пометку «{ $kind }» (редакция { $revision }). Посмотрите подписанную редакцию.
   *[other] После подписания на страницу { $page } добавили пометку «{ $kind }» (редакция { $revision }). Посмотрите подписанную редакцию.
}
verify-reason-field-enciphered = Поле изменили в зашифрованном файле, где подпись закрывает некоторые поля (редакция { $revision }). Без ключа не узнать, закрыто ли оно.
verify-reason-field-locked = Подпись закрыла поле «{ $field }», а его изменили (редакция { $revision }).
verify-reason-field-filled = { $page ->
    [none] После подписания заполнили поле «{ $field }» (редакция { $revision }).
   *[other] После подписания заполнили поле «{ $field }» на странице { $page } (редакция { $revision }).
}
verify-reason-field-replaced = { $page ->
    [none] После подписания подписанное значение поля «{ $field }» заменили другим (редакция { $revision }).
   *[other] После подписания подписанное значение поля «{ $field }» на странице { $page } заменили другим (редакция { $revision }).
}
verify-reason-field-hides = { $page ->
    [none] После подписания заполнили поле «{ $field }»; оно стоит поверх { $what ->
        [text] текста
        [image] изображения
        [drawing] рисунка
       *[unread] того, что не читается,
    } и может это скрывать. Посмотрите, что было подписано раньше.
   *[other] После подписания заполнили поле «{ $field }» на странице { $page }; оно стоит поверх { $what ->
        [text] текста
        [image] изображения
        [drawing] рисунка
       *[unread] того, что не читается,
    } и может это скрывать. Посмотрите, что было подписано раньше.
}
verify-reason-signature-field-added = После подписания добавили пустое поле «{ $field }» для подписи (редакция { $revision }).
verify-reason-signature-field-unsigned = После подписания добавили поле «{ $field }» для подписи, и никто в нём не подписал (редакция { $revision }).
verify-reason-orphan-added = После подписания в файл добавили остаток, который ничто не показывает (редакция { $revision }).
verify-reason-later-signature-unsound = Следующая подпись «{ $field }» сама не в порядке.
verify-reason-mark-covers-page = Отметка следующей подписи «{ $field }» закрывает { $percent } % страницы.
verify-reason-mark-hides = { $page ->
    [none] Отметка следующей подписи «{ $field }» стоит поверх { $what ->
        [text] текста
        [image] изображения
       *[drawing] рисунка
    } и может его скрывать. Посмотрите, что было подписано раньше.
   *[other] Отметка следующей подписи «{ $field }» стоит на странице { $page } поверх { $what ->
        [text] текста
        [image] изображения
       *[drawing] рисунка
    } и может его скрывать. Посмотрите, что было подписано раньше.
}
verify-reason-mark-unread = { $page ->
    [none] Закрывает ли отметка следующей подписи «{ $field }» что-нибудь, сказать нельзя: страница не читается.
   *[other] Закрывает ли отметка следующей подписи «{ $field }» что-нибудь на странице { $page }, сказать нельзя: страница не читается.
}
verify-reason-mark-added = Следующая подпись «{ $field }» поставила отметку на страницу { $page }, { $percent } % площади{ $over ->
    [text] , на отведённое для неё место: поверх текста, который был подписан раньше. Посмотрите, что там стоит
    [drawing] , на отведённое для неё место: поверх рисунка, который был подписан раньше. Посмотрите, что там стоит
    [image] , на отведённое для неё место: поверх изображения, которое было подписано раньше. Посмотрите, что там стоит
   *[nothing] {""}
}.
verify-reason-metadata-changed = После подписания изменили название, автора или даты (редакция { $revision }).
verify-reason-certification-late = Подпись «{ $field }» запрещает изменения, но стоит не первой.
verify-reason-timestamp-unsound = Штамп времени не в порядке.
verify-reason-timestamp-untrusted = { $why ->
    [in_future] Штамп времени поставлен позже момента этой проверки: учесть его ещё нельзя.
    [weak] Такой штамп времени уже можно подделать: его хеш устарел или ключ службы либо её издателя слишком короткий.
    [key_weak] Такой штамп времени уже можно подделать: его хеш устарел или ключ службы либо её издателя слишком короткий.
    [chain_weak] Такой штамп времени уже можно подделать: его хеш устарел или ключ службы либо её издателя слишком короткий.
    [no_certificate] Сертификата службы, которая поставила штамп времени, нет.
    [imprint_unsupported] Штамп времени сделан способом, который мы не проверяем.
    [unsupported] Штамп времени сделан способом, который мы не проверяем.
    [key_usage_wrong] Штамп времени поставлен с сертификатом, который выдан не для штампов.
   *[other] Службу, которая поставила штамп времени, мы не знаем.
}
verify-reason-archive-unsupported = Архивный штамп времени старого вида; такие мы не проверяем.
verify-reason-time-unproven = Время подписания ничем не доказано.
verify-reason-timestamp-before-claim = Штамп времени поставлен { $proven }, а подписавший указывает время { $claimed }: оно больше чем на { $minutes } мин позже, так быть не может.
verify-reason-timestamp-order = Подпись, как доказано, существовала { $proven }, а в ней штамп времени от { $content }: он поставлен позже, так быть не может.
verify-reason-claim-before-certificate = По часам подписавшего подпись поставлена { $claimed }, а сертификат действует только с { $since }: подписать им тогда было нельзя. Часы шли неверно, или время выбрано. Спросите подписавшего, когда он подписывал.
verify-reason-claim-after-certificate = По часам подписавшего подпись поставлена { $claimed }, а срок сертификата закончился { $until }. Часы шли неверно, или использован сертификат с истёкшим сроком. Спросите подписавшего, когда он подписывал.
verify-reason-signed-later = На момент этой проверки, { $judged }, подписи ещё не было: подписавший указывает время { $claimed }.
verify-reason-chain-missing = { $self_signed ->
    [yes] Сертификат выдал себе сам подписавший: кто это, никто другой не подтверждает.
   *[other] Издателя сертификата мы не знаем.
}
verify-reason-chain-unsearched = Цепочка сертификатов проверена не до конца: в файле слишком много сертификатов, которые могут к ней относиться.
verify-reason-chain-constraint = Сертификат «{ $subject }» нарушает правила цепочки.
verify-reason-chain-rule-unknown = В сертификате «{ $subject }» есть обязательное правило { $rule }, которого мы не знаем.
verify-reason-key-usage-wrong = Сертификат выдан не для подписания документов.
verify-reason-purpose-forbidden = Сертификат разрешён только для других целей ({ $purposes }), а не для подписания документов.
verify-reason-purpose-other = В сертификате указаны другие цели ({ $purposes }), а не подписание документов.
verify-reason-chain-weak = Сертификат «{ $subject }» подписан устаревшим алгоритмом { $algorithm }.
verify-reason-certificate-expired = Срок сертификата «{ $subject }» истёк, и не доказано, что подписали раньше.
verify-reason-certificate-not-yet-valid = Подписали раньше, чем начал действовать сертификат «{ $subject }».
verify-reason-certificate-in-future = Сертификат «{ $subject }» ещё не действует.
verify-reason-revocation-unchecked = Не отозван ли сертификат «{ $subject }», узнать не по чему.
verify-reason-revocation-unknown = Сведения об отзыве сертификата «{ $subject }» есть, но они не годятся.
verify-reason-revocation-stale = Сведения об отзыве сертификата «{ $subject }» устарели: они действуют до { $until }.
verify-reason-revocation-unproven = Не доказано, что сведения об отзыве сертификата «{ $subject }» появились достаточно рано, чтобы им верить.
verify-reason-revocation-asked = { $came ->
    [not_listed] Узел «{ $host }» про сертификат «{ $subject }» не спрашивали: его нет в списке разрешённых (trust.online, --online).
    [too_many] Узел «{ $host }» про сертификат «{ $subject }» не спрашивали: для одного файла вопросов уже слишком много.
    [no_address] Про сертификат «{ $subject }» не спрашивали: его адрес для проверки отзыва негоден.
    [private] Узел «{ $host }» про сертификат «{ $subject }» не спрашивали: он в закрытой сети.
    [silent] Узел «{ $host }» спросили про сертификат «{ $subject }», ответа нет.
    [code] Узел «{ $host }» спросили про сертификат «{ $subject }», он ответил кодом { $code }.
    [too_large] Узел «{ $host }» спросили про сертификат «{ $subject }», ответ слишком велик.
    [unreadable] Узел «{ $host }» спросили про сертификат «{ $subject }», ответ нельзя прочитать.
    [refused] Узел «{ $host }» спросили про сертификат «{ $subject }», отвечать он отказался.
   *[answered] Узел «{ $host }» спросили про сертификат «{ $subject }», ответ пришёл, но вопроса не решил.
}
verify-reason-revocation-waived = Не отозван ли сертификат «{ $subject }», неизвестно; наши правила этого не требуют.
verify-reason-certificate-revoked = Сертификат «{ $subject }» отозван { $at }, и не доказано, что подписали раньше.
verify-reason-certificate-revoked-before = Сертификат «{ $subject }» отозван { $at }, ещё до подписания.
verify-reason-certificate-revoked-later = Сертификат «{ $subject }» отозван { $at }, уже после подписания.
verify-reason-certificate-invalid-since = Сертификат «{ $subject }» отозван { $at }, после подписания, но издатель считает, что верить ему нельзя было уже с { $since }: раньше, чем подписали.
verify-reason-certificate-on-hold = Сертификат «{ $subject }» приостановлен с { $at }.
verify-reason-authority-revoked = Сертификат издателя «{ $subject }» отозван { $at }, и не доказано, что подписали раньше.
verify-reason-proof-missing = Не доказано, что сертификат «{ $subject }» выдали до отзыва сертификата его издателя.
verify-reason-transform-unsupported = Подпись преобразует документ способом, который мы не умеем повторять: { $algorithm }.
verify-reason-reference-unresolved = Подпись ссылается на то, чего в документе нет: «{ $uri }».
verify-reason-reference-ambiguous = Подпись ссылается на «{ $uri }», а таких мест в документе два. Так подменяют содержимое.
verify-reason-element-uncovered = В документе есть то, что не подписано: «{ $element }».
verify-reason-wrapper-uncovered = Подписано содержимое, но не его обёртка «{ $element }».
verify-reason-comment-uncovered = В документе есть комментарии ({ $count }), которых подпись не касается: их мог добавить кто угодно.
verify-reason-key-name-differs = Рядом с ключом написано имя, которого нет в сертификате: «{ $name }». Его никто не подписывал.

verify-advice-chain-missing = Подпись может быть настоящей: мы лишь не знаем, кто удостоверил её владельца. Спросите отправителя по телефону или лично, кто выдал ему сертификат и как проверить издателя. Если файл важен, попросите подпись с сертификатом издателя, которому вы доверяете.
verify-command-chain-missing = Когда корневой сертификат издателя у вас и проверен: chancery verify --trust КОРЕНЬ.pem ФАЙЛ
verify-advice-content-missing = Загрузите подпись ещё раз вместе с файлом, который подписывали.
verify-advice-content-missing-command = Дайте подписанный файл: chancery verify --content ФАЙЛ ПОДПИСЬ
verify-advice-no-signature-command = Попросите у отправителя подписанный файл. Если подпись лежит отдельно, укажите её, а этот файл дайте в --content.
verify-advice-no-signature = Попросите у отправителя подписанный файл. Если подпись лежит отдельно, загрузите её, а этот файл приложите как подписанный.
verify-advice-digest-differs-beside = Проверьте, тот ли файл приложен к подписи. Если тот, попросите отправителя прислать подписанный файл ещё раз и сравните.
verify-advice-digest-differs = Попросите отправителя прислать подписанный файл ещё раз и сравните.
verify-advice-added-after-signing = Сравните подписанное с нынешним файлом и спросите отправителя, что добавлено и зачем; если ответ неясен, попросите файл, который был подписан. Имена полей и номера объектов взяты из файла: их знает тот, кто его сделал.
verify-advice-field-hides = { verify-advice-added-after-signing }
verify-advice-field-locked = { verify-advice-added-after-signing }
verify-advice-field-enciphered = { verify-advice-added-after-signing }
verify-advice-annotation-forbidden = { verify-advice-added-after-signing }
verify-advice-mark-hides = { verify-advice-added-after-signing }
verify-advice-mark-unread = { verify-advice-added-after-signing }
verify-advice-mark-covers-page = { verify-advice-added-after-signing }
verify-advice-signature-field-unsigned = { verify-advice-added-after-signing }
verify-advice-action-added = Попросите у отправителя файл, который был подписан, без сценариев, и сравните.
verify-advice-hidden-bytes = Попросите у отправителя файл, который был подписан, и сравните.
verify-advice-reads-two-ways = Попросите отправителя сохранить документ заново и подписать его.
verify-advice-signature-removed = Спросите отправителя, чью подпись убрали, и попросите файл, в котором она стоит.
verify-advice-content-changed = Попросите у отправителя файл, который подписывали, и сравните.
verify-advice-revocation-unchecked = Спросите издателя сертификата, действовал ли он в день подписания.
verify-advice-revocation-stale = Попросите у издателя сертификата свежий список отозванных сертификатов.
verify-advice-certificate-revoked = Попросите подписать файл заново действующим сертификатом.
verify-advice-certificate-revoked-before = Попросите подписать файл заново действующим сертификатом.
verify-advice-certificate-invalid-since = Попросите подписать файл заново действующим сертификатом.
verify-advice-certificate-on-hold = Проверьте ещё раз позже: издатель либо снимет приостановку, либо отзовёт сертификат.
verify-advice-authority-revoked = Попросите подписать файл заново сертификатом другого издателя.
verify-advice-certificate-expired = Попросите подписать файл заново или добавить штамп времени.
verify-advice-digest-weak = Попросите подписать файл заново современной подписью.

problem-field-content-not-compared = Подписанное лежит в самом подписанном файле, поэтому этот файл сравнивать не с чем. Уберите его; если подпись лежит отдельно, добавьте как подписанный файл её.
problem-field-no-file = Выберите файл.
problem-upload-slow-title = Файл идёт слишком долго
problem-upload-slow = Мы не дождались файла целиком. Проверьте связь и загрузите снова.
protocol-title = Протокол проверки электронной подписи
protocol-file = проверка подписи
protocol-footer = Протокол проверки электронной подписи. Составлен программой Chancery.
protocol-size = Размер
protocol-size-bytes = { $bytes }
protocol-program = Программа
protocol-organisation = Организация
protocol-emails = Адреса в сертификате
protocol-issuer = Сертификат
protocol-certificate = Сертификат
protocol-save = Сохранить протокол:
protocol-too-long = Отчёт слишком длинный, чтобы все его протоколы уместились на этой странице. Программа получит их запросом POST /api/v1/verify, а команда chancery verify --report запишет в папку.
protocol-copies = После подписи в файл что-то добавлено: ещё одна подпись, штамп времени или данные для проверки. Каждый раз контрольная сумма файла меняется. Контрольная сумма экземпляра, который кончается подписью, названа среди её технических подробностей; меняет ли что-нибудь добавленное, говорит вывод об этой подписи. Если не меняет, прежний экземпляр остаётся годным, и этот файл начинается со всех его байтов.
protocol-how = Как читать этот протокол
protocol-how-text = Вывод и индикаторы (TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED) даны по ETSI EN 319 102-1. TOTAL-PASSED: все проверки выполнены и пройдены. TOTAL-FAILED: подпись или файл не соответствуют друг другу либо правилам. INDETERMINATE: сведений не хватило, причина названа; такой вывод не подтверждает подпись. Протокол относится только к файлу с указанной контрольной суммой и к указанному моменту.
protocol-how-authority = Протокол не подтверждает полномочий подписавшего.
problem-verdict-later-title = Проверка ещё идёт
problem-verdict-later = Подписи этого файла ещё проверяются. Повторите через минуту.
problem-verdict-too-large-title = Файл слишком большой
problem-verdict-too-large = Этот файл больше, чем проверяет сервер. Сохраните его и проверьте командой или у администратора.

complaint-no-such-file = { $file }: такого файла нет
complaint-not-permitted = { $file }: нет прав на чтение или запись; проверьте их
complaint-is-a-folder = { $file }: это папка, а нужен файл
complaint-other = { $file }: { $why }
complaint-too-large = { $file }: больше { $megabytes } МБ
complaint-too-many-files = { $file }: больше { $max } файлов
complaint-no-files-here = { $file }: в папке нет файлов, которые здесь читаются. Их имена оканчиваются на { $endings }: положите их туда или укажите другую папку
complaint-folder-not-empty = { $file }: папка не пуста; укажите новую
complaint-not-utf8 = { $file }: это не текст в UTF-8
complaint-not-a-certificate = { $file }: сертификат номер { $number } в файле не читается. Получите файл ещё раз у того, кто его дал; файл другой программы можно записать заново как PEM
complaint-no-certificate = { $file }: в файле нет сертификата. Сертификат — это файл DER или PEM со строкой «BEGIN CERTIFICATE»
complaint-too-many-certificates = { $file }: в файле больше сертификатов, чем читается. Оставьте те, которым нужно доверять
complaint-not-evidence = { $file }: это не список отозванных, не ответ OCSP и не сертификат. Укажите файлы DER или PEM
complaint-too-much-evidence = { $file }: вместе с этим файлом сведений об отзыве больше, чем читается. Оставьте то, что относится к проверяемым файлам
complaint-not-a-moment = { $file }: «{ $value }» — не момент времени. Напишите день, время и пояс, например 2026-11-23T18:40:00Z или 2026-11-23T21:40:00+03:00
complaint-not-toml = { $file }: строка { $line }, место { $column }: это не TOML. Каждое правило пишется своей строкой: имя = значение; тексты стоят в кавычках
complaint-policy-unknown = { $file }: правила «{ $name }» нет. Проверьте имя; есть { $known }
complaint-policy-value = { $file }: значение «{ $name }» не подходит. Напишите такое же по виду и в допустимых пределах, как во встроенных правилах: { $name } = { $usual }
complaint-policy-seconds = { $file }: значение «{ $name }» не подходит. Напишите целое число секунд, например { $name } = 86400
complaint-certificate-of-nobody = { $file }: сертификат никого не называет
complaint-policy-name = { $file }: «{ $name }» — имя встроенных правил, а эти другие; дайте им своё имя (name = "…")
complaint-not-compared = { $file }: подписанное лежит в самом файле, поэтому файл из --content сравнивать не с чем. Уберите --content; чтобы проверить подпись, лежащую рядом, укажите её саму, а этот файл — в --content
complaint-check-broke = { $file }: проверка прервалась
complaint-passed-over = пропущено: { $what }
workflow-unknown-pack = workflows.packs: нет набора `{ $name }`; назовите один из { $known } или `all` — все сразу
workflow-not-text-severity = ошибка
workflow-not-text-text = файл — не текст в UTF-8
workflow-not-text-help = как исправить: сохраните его в UTF-8

# Доверенность рядом с подписью
authority-apart = Здесь речь только о доверенности. Вывод о подписи от неё не зависит.
authority-compared-with = С кем сверили
authority-compared-with-nobody = ни с кем: в файле нет подписи, которая сходится и называет человека
authority-as-of = На момент
authority-not-compared = Подписавших больше, чем мы сверяем с доверенностью. Не сверили: { $count }.
authority-signer-not-proven = Подпись, с которой сверили доверенность, не подтверждена: в таком сертификате может стоять любое имя. Прочитайте вывод о подписи.
authority-result-unasked = Полномочия подтверждены, кроме одного: в реестре не спросили, не отозвана ли доверенность.
authority-result-if-signer = Доверенность подходит, но кто подписал, не подтверждено.
authority-fact-number = Номер
authority-fact-principals = Кто доверил
authority-fact-representatives = Кому
authority-fact-powers = Что разрешено
authority-fact-term = Действует
authority-fact-granted-by = Кто подписал доверенность
authority-inn = ИНН { $number }
authority-ogrn = ОГРН { $number }
authority-more = и ещё { $count }
authority-term = с { $from } по { $until }
authority-term-from = с { $from }
authority-term-until = по { $until }
verify-power-title = Добавить доверенность (МЧД)
verify-power-lead = Если за организацию подписали по машиночитаемой доверенности, мы сверим её с подписью. Вывод о подписи от неё не зависит.
verify-power = Доверенность
verify-power-hint = Машиночитаемая, XML. До { $size }.
verify-power-signature = Подпись доверенности
verify-power-signature-hint = Только если она лежит отдельным файлом: sig, p7s. До { $size }.
verify-power-organisation = ИНН или ОГРН организации
verify-power-organisation-hint = От имени какой организации подписан файл. Без него мы не скажем, что доверенность от неё.
verify-power-code = Код полномочия
verify-power-code-hint = Как в доверенности: BBB_2_001. Без него прочитайте полномочия сами.
problem-field-power-missing = Добавьте саму доверенность, XML, или оставьте эти поля пустыми.
problem-field-power-unreadable = Доверенность нельзя прочитать: файл повреждён или это не XML. Возьмите файл таким, каким он пришёл из реестра или от доверителя.
problem-field-power-other = Это не машиночитаемая доверенность: файл начинается с элемента «{ $element }». Выберите файл доверенности.
problem-field-power-too-large = Файл больше { $kilobytes } КБ. Доверенность и подпись к ней меньше: проверьте, тот ли файл выбран.

# Корневой сертификат для проверки в других программах
roots-title = Проверить в другой программе: корневой сертификат
roots-text = Нашей странице больше ничего не нужно. Другая программа пишет «издатель неизвестен», пока не знает корневой сертификат, от которого идут наши подписи: сохраните его и добавьте к тем, которым программа доверяет, — тогда файл проверяется и без нас.
roots-name = Сертификат
roots-pem = Корневой сертификат, PEM
roots-der = Корневой сертификат, DER
roots-compare = Прежде чем доверять ему, сравните контрольную сумму с полученной другим путём, например по телефону или из договора: страницу можно подделать. Сертификат открытый, ключа в нём нет.

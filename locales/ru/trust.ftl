# Списки доверия и доверенности: выводы, проверки, причины.
list-result-confirmed = Список действителен.
list-result-undecided = Проверить список до конца нельзя, поэтому не доверяйте ему.
list-result-refused = Не доверяйте этому списку.
authority-title = Полномочия
authority-result-confirmed = Полномочия подтверждены.
authority-result-undecided = Полномочия проверены не до конца.
authority-result-refused = Полномочий нет.

authority-check-form = Заполнение доверенности
authority-check-term = Срок
authority-check-principal = Кто доверил
authority-check-person = Кому доверено
authority-check-powers = Полномочия
authority-check-delegation = Передоверие
authority-check-signature = Подпись доверенности
authority-check-registry = Отзыв

list-reason-unreadable = Список нельзя прочитать: файл повреждён или это не XML.
list-reason-not-a-list = Это не список доверия: файл начинается с элемента «{ $element }».
list-reason-field-missing = В списке нет обязательных сведений или они записаны неверно: { $field }.
list-reason-unsigned = Список никем не подписан. Возьмите его оттуда, где его публикует тот, кто его ведёт.
list-reason-several-signatures = { $count ->
    [few] В списке { $count } подписи вместо одной.
   *[other] В списке { $count } подписей вместо одной.
} Так подменяют содержимое.
list-reason-signature-misplaced = Подпись списка стоит не на своём месте. Так подменяют содержимое.
list-reason-coverage-wrong = Подпись защищает не весь список.
list-reason-signature-wrong = Подпись списка не сходится: список изменили или подписали другим ключом.
list-reason-signature-undecided = Подпись списка нельзя проверить до конца.
list-reason-signer-unknown = Список подписан другим сертификатом, не тем, который вы назвали. В нём написано: { $subject }. Если список вам передали, возьмите его там, где его публикуют. Если сменился подписавший, получите его новый сертификат у того, кто ведёт список, а не из самого списка.
list-reason-expired = Список устарел: новый должен был выйти { $due }.
list-reason-old = Список выпущен { $issued } и слишком стар: когда выйдет новый, в нём не сказано.
list-reason-in-future = Список выпущен позже момента проверки: { $issued }.
list-reason-confirms-nothing = Квалифицированных подписей он не подтверждает: в нём нет никого, кто сейчас вправе выдавать квалифицированные сертификаты по закону России или Европейского союза.
list-reason-service-unnamed = { $count ->
    [one] { $count } удостоверяющий центр назван без сертификата, который можно прочитать: «{ $service }». О его сертификатах ничего не известно.
    [few] { $count } удостоверяющих центра названы без сертификата, который можно прочитать, первый из них «{ $service }». Об их сертификатах ничего не известно.
   *[many] { $count } удостоверяющих центров названы без сертификата, который можно прочитать, первый из них «{ $service }». Об их сертификатах ничего не известно.
}
list-fact-operator = Кто ведёт список
list-fact-territory = Страна
list-fact-number = Номер выпуска
list-fact-issued = Выпущен
list-fact-next = Следующий выпуск
list-fact-signer = Кто подписал
list-fact-digest = SHA-256 списка
list-fact-judged = Проверено на момент
list-service-granted = { $provider }: { $service } ({ $kind }) — действует с { $since }
list-service-national = { $provider }: { $service } ({ $kind }) — без статуса квалифицированной, с { $since }
list-service-withdrawn = { $provider }: { $service } ({ $kind }) — прекращена с { $since }
list-service-unknown = { $provider }: { $service } ({ $kind }) — состояние, которого мы не знаем, с { $since }
list-service-none = { $provider }: { $service } ({ $kind }) — на этот момент ещё не значилась
list-taken = { $count ->
    [one] Записан { $count } сертификат
    [few] Записаны { $count } сертификата
   *[other] Записано { $count } сертификатов
} действующих служб{ $ended ->
    [0] {""}
    [one] {" "}и { $ended } сертификат службы, действовавшей прежде, — для того, что доказанно старше
    [few] {" "}и { $ended } сертификата служб, действовавших прежде, — для того, что доказанно старше
   *[other] {" "}и { $ended } сертификатов служб, действовавших прежде, — для того, что доказанно старше
}. Папка: { $folder }.{ $listed ->
    [yes] {" "}Что и с какого времени разрешено каждой, записано там же, в listed.json: не удаляйте этот файл.
   *[no] {" "}Квалифицированных подписей они не подтверждают: список не той страны, чьё право здесь известно.
}
list-not-taken = В папку { $folder } ничего не записано: список не подтверждён.
list-kind-qualified = квалифицированные сертификаты
list-kind-sites = сертификаты для сайтов
list-kind-other-certificates = сертификаты
list-kind-qualified-times = квалифицированные штампы времени
list-kind-times = штампы времени

authority-reason-unreadable = Доверенность нельзя прочитать: файл повреждён или это не XML.
authority-reason-not-a-power = Это не машиночитаемая доверенность: файл начинается с элемента «{ $element }».
authority-reason-version-unknown = Версию формата «{ $version }» мы не знаем.
authority-reason-field-missing = В доверенности не заполнено: { $field }.
authority-reason-field-omitted = В доверенности пропущено: { $field }. Смысла это не меняет.
authority-reason-field-malformed = В доверенности неверно записано «{ $field }»: { $value }.
authority-reason-element-repeated = В доверенности несколько «{ $element }» там, где должен быть один элемент: какой считать верным, не сказано. Попросите исправленный файл.
authority-reason-element-misplaced = В доверенности «{ $element }» стоит там, где его быть не может: за человека и предпринимателя никто не действует без доверенности. Попросите исправленный файл.
authority-reason-element-unknown = В доверенности есть «{ $element }», чего мы в её формате не знаем и не учли. Прочитайте её сами.
authority-reason-control-digit-wrong = В доверенности опечатка в «{ $field }»: { $value }, контрольные цифры не сходятся.
authority-reason-number-differs = Имя файла «{ $file }» не от этой доверенности: её номер { $number }.
authority-reason-type-disagrees = Поле «{ $field }» = { $value } не соответствует тому, что заполнено дальше.
authority-reason-term-reversed = Срок доверенности кончается раньше, чем начинается.
authority-reason-not-yet = Доверенность ещё не действовала: она выдана { $day }.
authority-reason-expired = Срок доверенности истёк { $day }.
authority-reason-principal-other = Доверенность выдана другой организацией: { $principal }. Нужна организация с номером { $asked }.
authority-reason-principal-unnumbered = Нельзя сверить, кто выдал доверенность ({ $principal }): нет общего ИНН или ОГРН.
authority-reason-principal-unasked = Не указано, от имени какой организации подписан документ.
authority-reason-person-other = Доверенность выдана другому человеку: { $representative }. Подписал { $signer }.
authority-reason-person-by-name = Совпадает только имя ({ $signer }): ни ИНН, ни СНИЛС сверить нельзя.
authority-reason-person-renamed = Номера совпадают, а имя другое: в доверенности { $representative }, в сертификате { $signer }.
authority-reason-person-of-organisation = Доверенность выдана организации ({ $representative }). Кто за неё подписывает, в ней не сказано.
authority-reason-person-unasked = Не указано, кто подписал документ.
authority-reason-jointly = Представители действуют только вместе, а подписал один.
authority-reason-powers-other = Среди полномочий нет нужного. Прочитайте их сами.
authority-reason-powers-by-words = Полномочие подходит только по словам: { $power }. Есть ли в них оговорки, решает человек: прочитайте их.
authority-reason-powers-limited = Полномочие ограничено: { $limit }. Прочитайте, укладывается ли в это документ.
authority-reason-powers-unasked = Не указано, какое полномочие нужно. Прочитайте полномочия сами.
authority-reason-delegation-allowed = Доверенность разрешает передоверие.
authority-reason-parent-missing = Доверенность выдана в порядке передоверия. Добавьте исходную, номер { $number }, вместе с её подписью.
authority-reason-parent-forbids = Исходная доверенность { $number } передоверять не разрешает.
authority-reason-parent-other = Передоверил тот, кому исходную доверенность не выдавали: { $delegator }.
authority-reason-parent-refused = Исходная доверенность { $number } не годится.
authority-reason-parent-undecided = Исходную доверенность { $number } нельзя проверить до конца.
authority-reason-parent-shorter = Исходная доверенность кончается раньше: { $day }.
authority-reason-parent-later = Исходная доверенность выдана позже: { $day }.
authority-reason-parent-joint = По исходной доверенности представители действуют только вместе, а передоверили не все.
authority-reason-parent-limits = В исходной доверенности полномочие ограничено, а в этой ограничения нет: { $limit }.
authority-reason-first-other = В доверенности сказано, что первая в цепочке — { $number }, а приложенные ведут к другой.
authority-reason-first-principal-other = Первым доверителем назван { $principal }, а приложенные доверенности ведут к другому.
authority-reason-parent-narrower = В исходной доверенности нет такого полномочия: { $power }.
authority-reason-delegator-lost = Передоверивший сам эти полномочия утратил.
authority-reason-signature-missing = К доверенности не приложена подпись того, кто её выдал.
authority-reason-signature-wrong = Подпись доверенности не сходится: файл изменили или подпись не от него.
authority-reason-signature-unproven = Доверенность подписана как надо, но не доказано, что её подписали раньше, чем документ.
authority-reason-signature-undecided = Подпись доверенности нельзя проверить до конца.
authority-reason-signer-other = Доверенность подписал тот, кто за доверителя не действует: { $signer }. Доверитель: { $principal }.
authority-reason-signer-unproven = По сертификату нельзя сказать, действует ли { $signer } за доверителя: в нём нет номеров доверителя. Доверенность организации подписывают сертификатом, где есть её ИНН или ОГРН.
authority-reason-signer-managing = Доверенность подписал управляющий, которого называет она сама: { $signer }. Проверьте в ЕГРЮЛ, управляет ли он организацией { $principal }.
authority-reason-signer-notary = Сказано, что доверенность удостоверена нотариусом; нотариус ли { $signer }, по сертификату не видно. Проверьте её в реестре нотариальных действий.
authority-reason-signer-guardian = За доверителя ({ $principal }) подписал законный представитель, которого называет сама доверенность: { $signer }. Проверьте его документы.
authority-reason-signer-renamed = У подписавшего ({ $signer }) номера руководителя, а имя другое: в доверенности { $head }.
authority-reason-signer-alone = За доверителя действуют только вместе, а подписали не все.
authority-reason-signed-later = Доверенность подписана { $signed }, позже момента, на который её проверяют. Действовала ли она тогда, не доказано.
authority-reason-registry-unasked = В реестре доверенностей не спрашивали: вдруг она отозвана.
authority-reason-registry-demanded = Без ответа реестра доверенностей подтвердить нельзя.
authority-reason-revoked = Доверенность отозвана { $since }.
authority-reason-registry-unknown = В реестре такой доверенности нет.
authority-reason-registry-old = Реестр отвечал раньше момента проверки: { $asked }.

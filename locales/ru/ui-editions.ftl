# Тексты маршрутов, которые организация пишет и публикует.
workflow-own = опубликован здесь
workflow-by-file = по файлу сервера
workflow-by-edition = по редакции { $number }, опубликованной здесь
workflow-edit = Изменить текст
workflow-edit-title = { $title }: текст
workflow-edit-hint = Текст проверяется по мере ввода. Готовый предложите: опубликует его другой администратор, и по нему пойдут документы, запущенные после этого. Документы в пути остаются на том, с чего начали.
workflow-no-publisher = Другого администратора нет, и опубликовать ваш текст некому: автор сам его не публикует. Сначала дайте эту роль ещё кому-то.
workflow-another-writes = { $name } готовит редакцию { $number }: посмотреть
workflow-does-not-fit = Опубликованная редакция больше не подходит к файлам сервера: запустить по ней документ нельзя. Опубликуйте текст, который подходит.
workflow-editions = Редакции
workflow-model = Скачать как модель BPMN 2.0
workflow-line = Строка { $line }:
workflow-accepted = Ошибок в тексте нет, примеры выполняются.
workflow-examples-fail = Текст читается, но выполняются не все примеры: предложить его нельзя.
workflow-weaker = Что становится слабее
workflow-weaker-hint = По сравнению с действующим сейчас. Согласовать это должен тот, кто отвечает за эти проверки.
edition-title = Редакция { $number }
edition-number = Редакция
edition-state = Состояние
edition-state-draft = черновик
edition-state-proposed = ждёт другого администратора
edition-state-published = опубликована
edition-state-ahead = опубликована, вступит в силу позже
edition-state-discarded = отменена
edition-author = Автор
edition-note = Что меняется и зачем
edition-when = Когда
edition-decision = Решение
edition-published-by = публикует { $name }, { $at }
edition-returned-by = возвращает { $name }, { $at }
edition-discarded-by = отменяет { $name }, { $at }
edition-reason = Почему возвращается
edition-came-back = { $name } возвращает текст
edition-effective = Действует с
edition-changes = Что меняется в тексте
edition-changes-none = Ничего: текст совпадает с действующим.
edition-check = Проверить
edition-save = Сохранить черновик
edition-propose = Предложить
edition-discard = Отменить эту редакцию
edition-withdraw = Отозвать эту редакцию
edition-publish-title = Ваше решение
edition-publish-hint = Этот текст писали не вы, поэтому вы можете его опубликовать. С этого времени новые документы пойдут по нему.
edition-from = Действует с дня
edition-from-hint = С начала этого дня; если не указан — сразу.
edition-weaker-noted = Мне известно, что становится слабее
edition-publish = Опубликовать
edition-return = Вернуть автору
edition-waits = Текст ждёт другого администратора. Его ещё можно изменить: тогда он снова станет черновиком.
edition-ahead-first = Редакция { $number } вступит в силу { $at }. До этого другую опубликовать нельзя, если эту не отозвать.
flash-edition-saved = Редакция { $number } сохранена.
flash-edition-proposed = Предложено. Другим администраторам отправлены письма.
flash-edition-published = Опубликовано. Новые документы пойдут по этому тексту с указанного времени.
flash-edition-returned = Возвращено. Автору отправлено письмо.
flash-edition-discarded = Редакция отменена.
flash-edition-withdrawn = Редакция отозвана. Действующий текст остаётся; другим администраторам отправлены письма.
problem-edition-open = Открыта редакция этого маршрута, которую готовит другой администратор. Дождитесь публикации или отмены либо отмените её на её странице.
problem-edition-closed = Эта редакция уже опубликована или отменена. Откройте маршрут и начните новую.
problem-edition-own = Этот текст писали вы: решает о нём другой администратор.
problem-edition-ahead = Редакция { $number } опубликована на более поздний день и тогда заняла бы место этой. Дождитесь её дня или отзовите её на её странице.
problem-edition-not-proposed = Эта редакция больше не ждёт решения. Откройте её заново, чтобы увидеть её состояние.
problem-edition-not-accepted = Текст пока не принимается: исправьте то, что указано рядом, и предложите снова.
problem-edition-changes-nothing = Текст совпадает с действующим: предлагать нечего.
problem-edition-compared-with-another = Пока страница была открыта, вступила в силу другая редакция, и сравнение устарело. Откройте страницу заново и посмотрите изменения.
problem-edition-does-not-fit = Редакция { $number } маршрута «{ $workflow }» больше не подходит к файлам сервера, по ней ничего не запускается. Попросите администратора опубликовать текст, который подходит.
problem-field-not-noted = Отметьте, что знаете, что становится слабее.
edition-running = { $count ->
    [0] Документов в пути по этому маршруту нет.
    [one] { $count } документ в пути останется на тексте, с которого начал.
    [few] { $count } документа в пути останутся на тексте, с которого начали.
   *[other] { $count } документов в пути останутся на тексте, с которого начали.
}
workflow-errors = { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[other] { $count } ошибок
}

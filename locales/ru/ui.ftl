# The frame of pages, login, pieces that every page has.
shell-skip = К содержанию
shell-house = Канцелярия
shell-menu = Разделы
shell-search = Найти документ
shell-tasks = Задачи
shell-documents = Документы
shell-counterparties = Контрагенты
shell-people = Люди
shell-new-document = Новый документ
shell-profile = Мой профиль
shell-verify = Проверить подпись
shell-organisation = Организация
shell-mail = Письма
shell-signatures = Все подписи
shell-audit = Журнал аудита
shell-logout = Выйти
shell-russian = Русский
form-optional = (необязательно)
form-errors = { $count ->
    [one] Исправьте { $count } поле
    [few] Исправьте { $count } поля
   *[other] Исправьте { $count } полей
}
list-next = Показать следующие
list-pages = Страницы списка
login-title = Вход
login-name = Электронная почта
login-password = Пароль
login-submit = Войти
login-forgot = Забыли пароль?
flash-logged-out = Вы вышли.

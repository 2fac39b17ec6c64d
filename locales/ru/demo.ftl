# The demo's own pages.
demo-title = Демонстрация
demo-lead = Все люди и документы вымышлены. Письма никуда не уходят: они остаются здесь.
demo-people = Войти одним нажатием
demo-who = Кто
demo-enter = Вход
demo-enter-as = Войти: { $name }
demo-outsiders = Контрагенты
demo-outsiders-text = У них нет учётных записей: они приходят по ссылке из письма. Откройте их почту и сыграйте за них.
demo-their-mail = почта
demo-all-mail = Вся почта
demo-mail-title = Письма
demo-mail-to = Кому: { $address }.
demo-mail-empty = Писем нет
demo-mail-empty-text = Они появятся, когда в документах что-нибудь произойдёт.
demo-mail-files = Вложения
demo-mail-html = Показать так, как письмо видно в почтовой программе

//! Names in the XML of the list of accredited certification centres, as the ministry chose them.

pub(crate) const ROOT: &str = "АккредитованныеУдостоверяющиеЦентры";
pub(crate) const VERSION: &str = "Версия";
pub(crate) const DATE: &str = "Дата";
pub(crate) const CENTRE: &str = "УдостоверяющийЦентр";
pub(crate) const NAME: &str = "Название";
pub(crate) const OGRN: &str = "ОГРН";
pub(crate) const ACCREDITATION: &str = "СтатусАккредитации";
pub(crate) const HISTORY: &str = "ИсторияСтатусовАккредитации";
pub(crate) const STATE: &str = "Статус";
pub(crate) const SINCE: &str = "ДействуетС";
pub(crate) const STATE_VALID: &str = "Действует";
pub(crate) const STATES_ENDED: [&str; 3] = ["Прекращена", "Аннулирована", "Приостановлена"];
pub(crate) const COMPLEXES: &str = "ПрограммноАппаратныеКомплексы";
pub(crate) const COMPLEX: &str = "ПрограммноАппаратныйКомплекс";
pub(crate) const ALIAS: &str = "Псевдоним";
pub(crate) const KEYS: &str = "КлючиУполномоченныхЛиц";
pub(crate) const KEY: &str = "Ключ";
pub(crate) const REVOCATION_LISTS: &str = "АдресаСписковОтзыва";
pub(crate) const ADDRESS: &str = "Адрес";
pub(crate) const CERTIFICATES: &str = "Сертификаты";
pub(crate) const CERTIFICATE: &str = "ДанныеСертификата";
pub(crate) const BYTES: &str = "Данные";

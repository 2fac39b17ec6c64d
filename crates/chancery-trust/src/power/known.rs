//! Elements and attributes of the form `EMCHD_1`. What is not among them may take away what the
//! rest gives, so that it is named.

use chancery_xml::Element;

use crate::power::form::Flaws;
use crate::power::{AuthorityCode, names};
use crate::text::shown;

/// Most unknown names that are told of one file.
const TOLD_MAX: usize = 20;
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

const ELEMENTS: &[&str] = &[
    "АдрИн",
    "АдрИнТекст",
    "АдрМЖ",
    "АдрРег",
    "АдрРФ",
    "Довер",
    "Доверенность",
    "Доверит",
    "ДоверитПерв",
    "ДокПолн",
    "Документ",
    "ДокУдЛичн",
    "ЗначОгр",
    "ИдНом",
    "ИнОргДовер",
    "ИнПерПолн",
    "ИПДовер",
    "ИППерПолн",
    "КодНОДейст",
    "Контакт",
    "ЛицоБезДов",
    "МашПолн",
    "ОгрСвПолн",
    "ПередПолн",
    "Передов",
    "Пред",
    "РосОргДовер",
    "РосОргПерПолн",
    "СВЮЛ",
    "СвВрИспНот",
    "СвДов",
    "СвДоверит",
    "СвДоверПерв",
    "СвЗакПредРук",
    "СвИнОрг",
    "СвИП",
    "СвКонт",
    "СвНотДейств",
    "СвНотУд",
    "СвОрг",
    "СвПереДовер",
    "СвПередов",
    "СвПередПолн",
    "СвПервДовер",
    "СвПолн",
    "СвПолучПолн",
    "СвРосОрг",
    "СвРукОП",
    "СвРукФил",
    "СвУпПред",
    "СвФил",
    "СвФЛ",
    "СвЮЛЕИО",
    "СведИО",
    "СведИП",
    "СведОрг",
    "СведРукоп",
    "СведСист",
    "СведФизЛ",
    "СведФилиал",
    "СведФЛ",
    "СудРеш",
    "ТекстПолн",
    "Тлф",
    "УдЛичн",
    "УдЛичнФЛ",
    "ФИАС",
    "ФИО",
    "ФИОВрИспНот",
    "ФИОНотДейств",
    "ФИОФЛ",
    "ФилПерПолн",
    "ФЛДовер",
    "ФЛПерПолн",
];

const ATTRIBUTES: &[&str] = &[
    "АдрТекст",
    "АдрЭлПочт",
    "ВерсФорм",
    "ВерсПрог",
    "ВидДовер",
    "ВнНомДовер",
    "ВнНомДоверN",
    "ВнНомДоверПерв",
    "ВыдДок",
    "Гражданство",
    "ДатаВнРег",
    "ДатаВнРегДовер",
    "ДатаВыдДовер",
    "ДатаВыдДок",
    "ДатаДок",
    "ДатаДокПолн",
    "ДатаРег",
    "ДатаРожд",
    "Должность",
    "ЕИОИП",
    "ЕИОУК",
    "ЕИОФЛ",
    "ЗначОгр",
    "ИдНом",
    "ИдНомДов",
    "ИдОгр",
    "ИдФайл",
    "Имя",
    "Индекс",
    "ИННФЛ",
    "ИННЮЛ",
    "КодВидДок",
    "КодВыдДок",
    "КодЗначОгр",
    "КодНОДейст",
    "КодОгр",
    "КодПолн",
    "КодСтр",
    "КонтактТлф",
    "КПП",
    "МестоДовер",
    "МестоРожд",
    "МнКод",
    "НаимВидДок",
    "НаимДок",
    "НаимДокПолн",
    "НаимЗначОгр",
    "НаимИО",
    "НаимИП",
    "НаимОгр",
    "НаимОрг",
    "НаимПолн",
    "НаимСтр",
    "НомДовер",
    "НомДоверN",
    "НомДоверПерв",
    "НомРег",
    "НомТлф",
    "ОГРН",
    "ОГРНИП",
    "Отчество",
    "ПолнЮЛ",
    "Пол",
    "ПрГражд",
    "ПрДовер",
    "ПрНалПередов",
    "ПрПередов",
    "ПрСовмПолн",
    "ПрУтрПолн",
    "ПрЭлФорм",
    "РегНом",
    "РегНомНот",
    "Регион",
    "СерНомДок",
    "СНИЛС",
    "СпосНотУд",
    "СрокДейст",
    "СтрРег",
    "ТипДоверит",
    "ТипДоверПерв",
    "ТипОгр",
    "ТипПерПолн",
    "ТипПолн",
    "ТипПред",
    "Тлф",
    "УплНотДейст",
    "УчрДок",
    "Фамилия",
    "ФИАС",
    "ФормДовер",
    "ЭлПочта",
];

/// Notes every name within `root` that is not of the form, each once. Signatures are left out.
pub(crate) fn note_unknown(root: Element<'_>, flaws: &mut Flaws) {
    let mut told: Vec<&str> = Vec::new();
    let mut pending = vec![root];
    while let Some(one) = pending.pop() {
        if one.namespace() == names::SIGNATURES {
            continue;
        }
        let own = one.namespace() == root.namespace();
        let element = (!own || !ELEMENTS.contains(&one.local())).then(|| one.local());
        let attributes = one
            .attributes()
            .filter(|attribute| attribute.namespace != INSTANCE)
            .filter(|attribute| !ATTRIBUTES.contains(&attribute.local))
            .map(|attribute| attribute.local);
        for name in element.into_iter().chain(attributes) {
            if told.len() < TOLD_MAX && !told.contains(&name) {
                told.push(name);
            }
        }
        pending.extend(one.children());
    }
    for name in told {
        let args = [("element", shown(name))];
        let args = args.each_ref().map(|(key, name)| (*key, name.as_str()));
        flaws.note(AuthorityCode::ElementUnknown, &args);
    }
}

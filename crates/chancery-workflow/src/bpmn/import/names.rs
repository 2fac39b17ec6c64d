//! Identifiers and titles for what is named for people only.

use std::collections::BTreeSet;

use chancery_types::name::check_line;

/// The longest title, in graphemes, as files of ours have it.
const TITLE_GRAPHEMES_MAX: usize = 200;
/// The longest identifier that is made from a name: room for a number stays.
const ID_CHARS_MAX: usize = 40;

/// The first letter of the Russian alphabet.
const FIRST: char = '\u{430}';
/// Russian letters as Latin ones, in the order of the alphabet.
const LATIN: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
];

/// Identifiers that were given so far.
#[derive(Debug, Default)]
pub(super) struct Ids {
    given: BTreeSet<String>,
}

impl Ids {
    /// This identifier, or with a number if it is taken.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut number = 2;
        while !self.given.insert(id.clone()) {
            id = format!("{wanted}_{number}");
            number += 1;
        }
        id
    }
}

/// An identifier for an element: its own if a person chose it, else from its name.
pub(super) fn id_of(id: &str, name: &str, otherwise: &str) -> String {
    let own = slug(without_sort(id));
    let from_name = slug(name);
    match (is_made(id) || own.is_empty(), from_name.is_empty()) {
        (false, _) => own,
        (true, false) => from_name,
        (true, true) => otherwise.to_owned(),
    }
}

/// What tools put before an identifier: of which sort an element is.
const SORTS: [&str; 19] = [
    "activity",
    "task",
    "usertask",
    "manualtask",
    "servicetask",
    "subprocess",
    "gateway",
    "exclusivegateway",
    "parallelgateway",
    "inclusivegateway",
    "sid",
    "id",
    "process",
    "flow",
    "sequenceflow",
    "bpmntask",
    "formtask",
    "element",
    "node",
];

/// `Activity_legal` without its sort.
fn without_sort(id: &str) -> &str {
    match id.split_once(['_', '-']) {
        Some((head, tail)) if SORTS.contains(&head.to_lowercase().as_str()) => tail,
        _ => id,
    }
}

/// Whether a tool made up this identifier: `Activity_0x1y2z3`, `sid-8F…`, `Task_1`.
fn is_made(id: &str) -> bool {
    let id = id.to_lowercase();
    let (head, tail) = id.split_once(['_', '-']).unwrap_or((id.as_str(), ""));
    let is_hex = |text: &str| {
        let mut bytes = text.bytes();
        text.len() >= 16 && bytes.all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let head = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_number = tail.chars().any(|c| c.is_ascii_digit()) || tail.is_empty();
    is_hex(&id) || head.is_empty() || (SORTS.contains(&head) && is_number)
}

/// Lower-case Latin letters, digits and `_`; nothing, if none is left.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            // The Russian letters, of which one stands apart.
            '\u{451}' => out.push('e'),
            FIRST..='\u{44f}' => {
                let at = u32::from(c) - u32::from(FIRST);
                let latin = usize::try_from(at).ok().and_then(|at| LATIN.get(at));
                out.push_str(latin.copied().unwrap_or(""));
            }
            _ if out.is_empty() || out.ends_with('_') => {}
            _ => out.push('_'),
        }
        if out.len() >= ID_CHARS_MAX {
            break;
        }
    }
    let out = out.trim_end_matches('_');
    match out.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => out.to_owned(),
        false if out.is_empty() => String::new(),
        false => format!("step_{out}"),
    }
}

/// A name as a title: on one line, without what nobody sees, not too long; nothing, if it is empty.
pub(super) fn title(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let line = words.join(" ");
    if let Ok(title) = check_line(&line, TITLE_GRAPHEMES_MAX) {
        return Some(title);
    }
    // Characters that no title may have are left out; what is too long ends with an ellipsis.
    let kept: String = line
        .chars()
        .filter(|c| check_line(&c.to_string(), 1).is_ok() || *c == ' ')
        .take(TITLE_GRAPHEMES_MAX - 1)
        .collect();
    let kept = match kept.chars().count() < line.chars().count() {
        true if kept.chars().count() == TITLE_GRAPHEMES_MAX - 1 => format!("{}…", kept.trim_end()),
        _ => kept,
    };
    check_line(&kept, TITLE_GRAPHEMES_MAX).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::is_id;

    #[test]
    fn an_identifier_is_the_persons_and_not_the_tools() {
        let all = [
            ("legal_review", "Юристы", "legal_review"),
            ("Activity_0m3k9xz", "Проверка юристом", "proverka_yuristom"),
            (
                "sid-5B0D3C4E-1111-4A5B-9C3D-000000000001",
                "Чтение",
                "chtenie",
            ),
            ("UserTask_1", "", "step"),
            ("approveTask", "Approve", "approvetask"),
            ("Task_0abc123", "1-й этап", "step_1_y_etap"),
            ("formTask3", "日本", "step"),
            ("Activity_legal", "Юристы", "legal"),
            ("Gateway_1", "", "step"),
            ("_6-140", "Щука ёж", "shchuka_ezh"),
        ];
        for (id, name, wanted) in all {
            let made = id_of(id, name, "step");
            assert_eq!(made, wanted, "{id} {name}");
            assert!(is_id(&made));
        }
    }

    #[test]
    fn a_title_is_a_line() {
        assert_eq!(title(" a\n b\u{200b} ").as_deref(), Some("a b"));
        assert_eq!(title(" \n "), None);
        assert_eq!(title("\u{200b}"), None);
        let long = title(&"я".repeat(300)).expect("a title");
        assert_eq!(long.chars().count(), 200);
    }

    #[test]
    fn no_identifier_is_given_twice() {
        let mut ids = Ids::default();
        let given: Vec<String> = (0..3).map(|_| ids.give("a")).collect();
        assert_eq!(given, ["a", "a_2", "a_3"]);
    }
}

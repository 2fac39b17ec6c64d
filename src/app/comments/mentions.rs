//! `@` and a name: whom a text tells.

use std::collections::BTreeSet;

use uuid::Uuid;

/// The longest name or address that is looked for, in characters.
const NAME_MAX: usize = 400;
/// How much of what nobody is called a refusal repeats, in characters.
const SHOWN_MAX: usize = 60;

/// Somebody who can be mentioned.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nobody is called so.
    Unknown(String),
    /// Several are.
    Ambiguous(String),
    /// More than the limit.
    TooMany,
}

/// Whom `text` names after an `@`: by their whole name or their address, in whatever case. An `@`
/// within a word, as in an address, or before a space names nobody.
pub(super) fn mentioned(
    text: &str,
    people: &[Named],
    mentions_max: usize,
) -> Result<BTreeSet<Uuid>, Unread> {
    let mut found = BTreeSet::new();
    let mut before: Option<char> = None;
    let mut count = 0_usize;
    for (at, sign) in text.char_indices() {
        let begins = before.is_none_or(|letter| !is_of_word(letter) && letter != '@');
        before = Some(sign);
        let rest = text.get(at.saturating_add(sign.len_utf8())..);
        let rest = rest.filter(|_| sign == '@' && begins).unwrap_or_default();
        if !rest.starts_with(char::is_alphanumeric) {
            continue;
        }
        count = count.saturating_add(1);
        if count > mentions_max {
            return Err(Unread::TooMany);
        }
        found.insert(named_first(rest, people)?);
    }
    Ok(found)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+')
}

/// Whose name or address `rest` begins with; the longest counts.
fn named_first(rest: &str, people: &[Named]) -> Result<Uuid, Unread> {
    let start: String = rest.chars().take(NAME_MAX).collect();
    let start = start.to_lowercase();
    let mut best: BTreeSet<Uuid> = BTreeSet::new();
    let mut longest = 0;
    for person in people {
        for name in [&person.name, &person.email] {
            let name = name.to_lowercase();
            let length = name.chars().count();
            let after = start.strip_prefix(&name);
            let ends = after.is_some_and(|after| !after.starts_with(char::is_alphanumeric));
            if !ends || length == 0 || length < longest {
                continue;
            }
            if length > longest {
                best.clear();
            }
            longest = length;
            best.insert(person.id);
        }
    }
    let mut found = best.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Unread::Unknown(word_of(rest))),
        (Some(_), Some(_)) => {
            let typed = rest.chars().take(longest.min(SHOWN_MAX));
            Err(Unread::Ambiguous(typed.collect()))
        }
    }
}

/// The first word, without what follows a sentence.
fn word_of(rest: &str) -> String {
    let word = rest.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    word.chars().take(SHOWN_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Named> {
        let named = |id, name: &str, email: &str| Named {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
            email: email.to_owned(),
        };
        vec![
            named(1, "Иван Петров", "petrov@vector.example"),
            named(2, "Иван Петров-Водкин", "vodkin@vector.example"),
            named(3, "Anna Lee", "lee@vector.example"),
            named(4, "Anna Lee", "lee2@vector.example"),
        ]
    }

    fn ids(text: &str) -> Result<Vec<u128>, Unread> {
        let found = mentioned(text, &people(), 3)?;
        Ok(found.iter().map(Uuid::as_u128).collect())
    }

    #[test]
    fn people_are_mentioned_by_their_whole_name_or_address() {
        assert_eq!(ids("«@иван петров», посмотрите").expect("read"), [1]);
        assert_eq!(ids("@Иван Петров-Водкин: срок?").expect("read"), [2]);
        assert_eq!(
            ids("@lee2@vector.example и @Иван Петров.").expect("read"),
            [1, 4]
        );
    }

    #[test]
    fn an_address_and_a_lone_sign_mention_nobody() {
        let text = "Пишите на petrov@vector.example, 3 @ 100, @, x.@y, @@";
        assert_eq!(ids(text).expect("read"), [0_u128; 0]);
    }

    #[test]
    fn whom_nobody_knows_and_whom_two_are_called_is_said() {
        assert_eq!(
            ids("@Сидоров, см."),
            Err(Unread::Unknown("Сидоров".to_owned()))
        );
        assert_eq!(
            ids("@Anna Lee, hi"),
            Err(Unread::Ambiguous("Anna Lee".to_owned()))
        );
        let many = "@Иван Петров ".repeat(4);
        assert_eq!(ids(&many), Err(Unread::TooMany));
    }
}

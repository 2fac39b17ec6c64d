//! What changed between two versions beside the text: their cards and their files.

use chancery_types::FieldValue;
use chancery_types::field::Card;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub name: String,
    /// What the older version has, if it has it.
    pub before: Option<FieldValue>,
    /// What the newer version has, if it has it.
    pub after: Option<FieldValue>,
}

/// The fields in which two cards differ, those of `order` first and in that order.
pub fn compare_cards<'a>(
    older: &'a Card,
    newer: &'a Card,
    order: impl IntoIterator<Item = &'a str>,
) -> Vec<FieldChange> {
    let mut names: Vec<&str> = Vec::new();
    let all = older.keys().chain(newer.keys()).map(String::as_str);
    for name in order.into_iter().chain(all) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let change = |name: &str| FieldChange {
        name: name.to_owned(),
        before: older.get(name).cloned(),
        after: newer.get(name).cloned(),
    };
    let changes = names.into_iter().map(change);
    changes
        .filter(|change| change.before != change.after)
        .collect()
}

/// A file, by what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Its name.
    pub name: String,
    /// SHA-256, 64 hexadecimal digits.
    pub digest: String,
}

/// A file that differs: added without `before`, removed without `after`, else replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its name.
    pub name: String,
    /// The digest in the older version.
    pub before: Option<String>,
    /// The digest in the newer version.
    pub after: Option<String>,
}

impl FileChange {
    /// `added`, `removed` or `replaced`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "added",
            (Some(_), None) => "removed",
            (Some(_), Some(_)) => "replaced",
        }
    }
}

/// The files in which two versions differ: the older one's in its order, then what is new. The same
/// name with another content is replaced; another name is another file.
#[must_use]
pub fn compare_files(older: &[NamedFile], newer: &[NamedFile]) -> Vec<FileChange> {
    let mut left: Vec<&NamedFile> = newer.iter().collect();
    let mut gone: Vec<&NamedFile> = Vec::new();
    for file in older {
        match left.iter().position(|other| *other == file) {
            Some(index) => {
                left.remove(index);
            }
            None => gone.push(file),
        }
    }
    let mut changes = Vec::new();
    for file in gone {
        let same_name = left.iter().position(|other| other.name == file.name);
        let after = same_name.map(|index| left.remove(index).digest.clone());
        changes.push(FileChange {
            name: file.name.clone(),
            before: Some(file.digest.clone()),
            after,
        });
    }
    changes.extend(left.into_iter().map(|file| FileChange {
        name: file.name.clone(),
        before: None,
        after: Some(file.digest.clone()),
    }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> NamedFile {
        let (name, digest) = text.split_once(' ').unwrap_or((text, ""));
        NamedFile {
            name: name.to_owned(),
            digest: digest.to_owned(),
        }
    }

    fn shown(older: &[&str], newer: &[&str]) -> Vec<String> {
        let files = |all: &[&str]| all.iter().map(|text| file(text)).collect::<Vec<_>>();
        let changes = compare_files(&files(older), &files(newer));
        let text = |change: FileChange| format!("{} {}", change.code(), change.name);
        changes.into_iter().map(text).collect()
    }

    #[test]
    fn files_are_told_apart_by_name_and_content() {
        let none: [String; 0] = [];
        assert_eq!(shown(&["a 1", "b 2"], &["b 2", "a 1"]), none);
        assert_eq!(
            shown(&["a 1", "b 2", "c 3"], &["a 9", "c 3", "d 4"]),
            ["replaced a", "removed b", "added d"]
        );
        // Two of one name: the one that stays is no change.
        assert_eq!(shown(&["a 1", "a 2"], &["a 2", "a 3"]), ["replaced a"]);
        assert_eq!(shown(&["a 1"], &["b 1"]), ["removed a", "added b"]);
    }

    #[test]
    fn a_field_that_came_went_or_changed_is_found_in_the_kind_s_order() {
        let card = |pairs: &[(&str, i64)]| -> Card {
            let value =
                |(name, number): &(&str, i64)| ((*name).to_owned(), FieldValue::Integer(*number));
            pairs.iter().map(value).collect()
        };
        let older = card(&[("a", 1), ("b", 2), ("c", 3)]);
        let newer = card(&[("a", 1), ("b", 5), ("d", 4)]);
        let changes = compare_cards(&older, &newer, ["d", "b", "x"]);
        let text = |change: &FieldChange| {
            let side = |value: &Option<FieldValue>| match value {
                Some(FieldValue::Integer(number)) => number.to_string(),
                _ => "-".to_owned(),
            };
            format!(
                "{} {} {}",
                change.name,
                side(&change.before),
                side(&change.after)
            )
        };
        let found: Vec<String> = changes.iter().map(text).collect();
        assert_eq!(found, ["d - 4", "b 2 5", "c 3 -"]);
    }
}

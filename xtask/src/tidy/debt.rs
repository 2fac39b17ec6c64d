//! Known breaches: a list that may only grow shorter.
//!
//! `xtask/tidy-debt.txt` has a line a rule and file, `rule path count`. As many breaches are passed
//! over; one more is an error, and so is one fewer, so that the list is made shorter in the same
//! change. Nothing is added to it by hand to get new code through: it is for what stood when a rule
//! came.

use std::collections::BTreeMap;
use std::path::Path;

use super::Finding;

/// The list, from the project's root.
pub(super) const FILE: &str = "xtask/tidy-debt.txt";

type Counts = BTreeMap<(String, String), usize>;

/// Takes the known breaches out of `findings`.
///
/// # Errors
///
/// If the list cannot be read, has a line of another form, or is longer than what is there.
pub(super) fn settle(root: &Path, findings: Vec<Finding>) -> Result<Vec<Finding>, String> {
    let text = match std::fs::read_to_string(root.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.to_string()),
    };
    subtract(&parse(&text)?, findings)
}

fn parse(text: &str) -> Result<Counts, String> {
    let mut known = Counts::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split(' ').collect();
        let [rule, path, count] = parts[..] else {
            return Err(format!("line {number} is not `rule path count`"));
        };
        let count = count
            .parse()
            .map_err(|_| format!("line {number}: `{count}` is not a number"))?;
        known.insert((rule.to_owned(), path.to_owned()), count);
    }
    Ok(known)
}

fn subtract(known: &Counts, findings: Vec<Finding>) -> Result<Vec<Finding>, String> {
    let mut there = Counts::new();
    for finding in &findings {
        let key = (finding.rule.to_owned(), finding.path.clone());
        *there.entry(key).or_default() += 1;
    }
    for ((rule, path), count) in known {
        let key = (rule.clone(), path.clone());
        let now = there.get(&key).copied().unwrap_or(0);
        if now < *count {
            return Err(format!(
                "{path} breaks `{rule}` {now} times, not {count}: make the list shorter"
            ));
        }
    }
    Ok(findings
        .into_iter()
        .filter(|finding| {
            let key = (finding.rule.to_owned(), finding.path.clone());
            there.get(&key) != known.get(&key)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: usize) -> Finding {
        Finding {
            path: "src/a.rs".to_owned(),
            line,
            rule: "file-length",
            message: String::new(),
            help: "",
        }
    }

    #[test]
    fn known_breaches_pass_and_one_more_does_not() {
        let known = parse("# why\nfile-length src/a.rs 1\n").expect("a list");
        assert_eq!(subtract(&known, vec![finding(1)]).expect("settled"), []);
        let two = vec![finding(1), finding(2)];
        assert_eq!(subtract(&known, two.clone()).expect("settled"), two);
    }

    #[test]
    fn a_list_that_is_too_long_is_an_error() {
        let known = parse("file-length src/a.rs 1\n").expect("a list");
        assert!(subtract(&known, Vec::new()).is_err());
        assert!(parse("file-length src/a.rs\n").is_err());
    }
}

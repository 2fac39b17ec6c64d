//! No two files of a folder have one identifier.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ChainsError;

/// The identifiers of a folder's files, each with its file.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<String, PathBuf>);

impl Seen {
    /// Takes the identifier of one more file.
    ///
    /// # Errors
    ///
    /// [`ChainsError::Twice`].
    pub(super) fn take(&mut self, id: &str, path: &Path) -> Result<(), ChainsError> {
        match self.0.insert(id.to_owned(), path.to_owned()) {
            Some(first) if first != path => Err(ChainsError::Twice {
                id: id.to_owned(),
                first,
                second: path.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_with_one_identifier_are_refused_by_name() {
        let mut seen = Seen::default();
        seen.take("contract", Path::new("a.yaml"))
            .expect("the first");
        seen.take("contract", Path::new("a.yaml"))
            .expect("itself again");
        let twice = seen.take("contract", Path::new("b.yaml"));
        let told = twice.expect_err("twice").to_string();
        assert!(
            told.starts_with("a.yaml and b.yaml have the same id `contract`"),
            "{told}"
        );
    }
}

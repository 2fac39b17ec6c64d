//! The files of `workflows/` as text.

use std::path::{Path, PathBuf};

use chancery_workflow::{Parameters, parse_parameters};

use super::{ChainsError, FILE_BYTES_MAX, refused};

/// A file with its name without the ending.
pub(crate) type NamedSource = (String, PathBuf, String);

/// Reads one file of `workflows/`, at most [`FILE_BYTES_MAX`].
///
/// # Errors
///
/// [`ChainsError::Unreadable`], [`ChainsError::NotText`].
pub fn read(path: &Path) -> Result<String, ChainsError> {
    let unreadable = |why: String| ChainsError::Unreadable {
        path: path.to_owned(),
        why,
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if size.len() > FILE_BYTES_MAX {
        return Err(unreadable(format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| {
        let (sound, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let (line, column) = end_of(&String::from_utf8_lossy(sound));
        ChainsError::NotText {
            path: path.to_owned(),
            line,
            column,
        }
    })
}

/// Line and column, from one, of what follows `text`.
fn end_of(text: &str) -> (u32, u32) {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let last = text.rsplit('\n').next().unwrap_or_default();
    let line = text.matches('\n').count().saturating_add(1);
    let column = last.chars().count().saturating_add(1);
    (number(line), number(column))
}

/// Every YAML file of a folder, by name: the stem, the path, the text.
///
/// # Errors
///
/// [`ChainsError::Unreadable`].
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<NamedSource>, ChainsError> {
    let unreadable = |error: std::io::Error| ChainsError::Unreadable {
        path: folder.to_owned(),
        why: error.to_string(),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.retain(|path| {
        path.extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
    });
    paths.sort();
    let mut sources = Vec::with_capacity(paths.len());
    for path in paths {
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        sources.push((stem.to_owned(), path.clone(), read(&path)?));
    }
    Ok(sources)
}

/// The parameters of a folder; none without their file.
///
/// # Errors
///
/// What cannot be read, and what is wrong with it.
pub(crate) fn load_parameters(folder: &Path) -> Result<Parameters, ChainsError> {
    let path = folder.join("parameters.yaml");
    if !path.exists() {
        return Ok(Parameters::new());
    }
    let source = read(&path)?;
    parse_parameters(&source).map_err(|diagnostics| refused(path, &source, diagnostics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_named_with_its_place() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("bad.yaml");
        std::fs::write(&path, b"a: 1\n\xd1\x8f: \xff\xfe\n").expect("written");
        let error = read(&path).expect_err("no text").to_string();
        assert!(error.contains("bad.yaml:2:4: not text"), "{error}");
    }
}

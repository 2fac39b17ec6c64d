//! A rewritten copy of a file whose cross-reference table lies. Runs in the child only.

use lopdf::{Document, LoadOptions};

use super::WorkerError;

/// The most bytes one stream may decode to while a file is read.
const STREAM_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Finds the objects by searching the file and writes them anew, with an honest table. What the
/// result looks like is for people to see and for the strict reader to examine again: nothing is
/// promised here but that it was read and has as many pages as before.
///
/// # Errors
///
/// [`WorkerError::Damaged`] if nothing readable is found, [`WorkerError::Unsupported`] for an
/// encrypted file.
pub fn rewrite(bytes: &[u8]) -> Result<Vec<u8>, WorkerError> {
    let read = |force_reconstruct| {
        let options = LoadOptions {
            max_decompressed_size: Some(STREAM_BYTES_MAX),
            force_reconstruct,
            ..LoadOptions::default()
        };
        Document::load_mem_with_options(bytes, options)
    };
    // As written first: a search may bring back objects of older revisions.
    let document = match read(false) {
        Ok(document) if !document.get_pages().is_empty() => Ok(document),
        _ => read(true),
    };
    let mut document = document.map_err(|_| WorkerError::Damaged)?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(WorkerError::Unsupported);
    }
    if document.get_pages().is_empty() {
        return Err(WorkerError::Damaged);
    }
    let mut rewritten = Vec::new();
    document
        .save_to(&mut rewritten)
        .map_err(|_| WorkerError::Damaged)?;
    Ok(rewritten)
}

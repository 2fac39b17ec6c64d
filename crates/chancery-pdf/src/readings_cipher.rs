//! Ways in which readers decipher one file to two documents (ISO 32000-2:2020, 7.6).
//!
//! What we cannot open ourselves is looked at all the same, by how it is written: with a password
//! that both sides know it shows two documents too.

use std::collections::HashSet;

use crate::encryption::{Cipher, Unopened};
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::reader::Pdf;
use crate::readings::Divided;

/// Maps whose keys are the author's choice, or the states of an appearance: what they call metadata
/// is drawn.
const MAPS: [&[u8]; 11] = [
    b"XObject",
    b"Pattern",
    b"Shading",
    b"Font",
    b"ExtGState",
    b"ColorSpace",
    b"Properties",
    b"CharProcs",
    b"N",
    b"R",
    b"D",
];

impl Pdf<'_> {
    /// Why readers that open the file do not open the same.
    pub(crate) fn divided_by_keys(&self) -> Option<Divided> {
        if !self.is_encrypted() {
            return None;
        }
        let Ok(said) = self.encryption() else {
            return Some(Divided::Cipher);
        };
        if !said.is_name(b"Filter", b"Standard") {
            return None;
        }
        let Ok(source) = self.key_source(&said) else {
            return Some(Divided::Cipher);
        };
        let unclear = matches!(self.unopened(), Some(Unopened::Handler | Unopened::Unclear));
        if unclear || !agree_on_filters(&said, source.revision) {
            return Some(Divided::Cipher);
        }
        (!source.has_one_key()).then_some(Divided::Keys)
    }

    /// Why readers do not decipher, or decode, a stream that is drawn to the same bytes.
    pub(crate) fn divided_by_cipher(&self, stream: &Stream) -> Option<Divided> {
        // 7.4.10: some readers heed the filter, some decipher all the same, and some show nothing.
        if self.names_crypt(&stream.dictionary) {
            return Some(Divided::Cipher);
        }
        let cipher = self.cipher()?;
        let Ok(kind) = self.value(&stream.dictionary, b"Type") else {
            return Some(Divided::Cipher);
        };
        let kind = kind.as_name().unwrap_or_default();
        let whole = match cipher.as_ref() {
            Cipher::Open(opened) => {
                let raw = self.stream_raw(stream).ok()?;
                let fits = |id| opened.fits(id, raw);
                !opened.is_told_apart(kind) && stream.key_of.is_none_or(fits)
            }
            Cipher::Unopened(_) => !matches!(kind, b"Metadata" | b"EmbeddedFile" | b"XRef"),
        };
        (!whole).then_some(Divided::Cipher)
    }

    /// Whether a stream has a `/Crypt` filter, wherever in its list.
    fn names_crypt(&self, dictionary: &Dictionary) -> bool {
        let is_crypt = |filter: &Object| filter.as_name() == Some(b"Crypt");
        match self.value(dictionary, b"Filter") {
            Ok(Object::Array(filters)) => filters
                .iter()
                .any(|one| self.resolve(one).is_ok_and(|one| is_crypt(&one))),
            Ok(filter) => is_crypt(&filter),
            Err(_) => false,
        }
    }

    /// What a dictionary draws by the name of metadata, which draws nothing elsewhere; `met` are
    /// the maps that were looked at.
    pub(crate) fn drawn_metadata(
        &self,
        dictionary: &Dictionary,
        met: &mut HashSet<u32>,
    ) -> Vec<ObjectId> {
        let mut drawn = Vec::new();
        for map in MAPS.iter().filter_map(|key| dictionary.get(key)) {
            let known = map.as_reference().is_some_and(|id| !met.insert(id.number));
            if !known
                && let Ok(map) = self.resolve(map)
                && let Some(id) = map.as_dictionary().and_then(|map| map.get(b"Metadata"))
            {
                drawn.extend(id.as_reference());
            }
        }
        drawn
    }
}

/// Whether readers take the same filter, and the same key, for everything that is drawn. Some know
/// `/StdCF` alone, and some decipher nothing where strings and streams have two. Each takes the
/// length of the key from another place.
fn agree_on_filters(said: &Dictionary, revision: u8) -> bool {
    let number = |one: &Dictionary, key: &[u8]| one.get(key).map(Object::as_integer);
    let bits = number(said, b"Length");
    let fits = |length: Option<Option<i64>>, known: &[i64]| {
        length.is_none_or(|length| length.is_some_and(|one| known.contains(&one)))
    };
    if revision <= 3 {
        let longer = revision == 3 && number(said, b"V") == Some(Some(2));
        return longer && bits.is_none_or(|bits| bits.is_some()) || fits(bits, &[40]);
    }
    let filter = |key: &[u8]| match said.get(key) {
        None => Some(&b"Identity"[..]),
        Some(name) => name.as_name(),
    };
    let (streams, strings, embedded) = (filter(b"StmF"), filter(b"StrF"), said.get(b"EFF"));
    let embedded = embedded.is_none_or(|name| {
        let name = name.as_name();
        name == Some(b"Identity") || name == streams || streams == Some(b"Identity")
    });
    let filters = said.get(b"CF").and_then(Object::as_dictionary);
    let (Some(filters), true) = (filters, streams == strings && embedded) else {
        return false;
    };
    if streams == Some(b"Identity") {
        return true;
    }
    let own = filters.get(b"StdCF").and_then(Object::as_dictionary);
    let (Some(own), true) = (own, streams == Some(b"StdCF")) else {
        return false;
    };
    let length = number(own, b"Length");
    match revision {
        4 => {
            let said_once = length.is_some() || bits.is_some();
            said_once && fits(length, &[16, 128]) && fits(bits, &[128])
        }
        _ => fits(length, &[32, 256]) && fits(bits, &[256]),
    }
}

//! The part of a revision's changes that trailer and catalog bring: metadata, evidence,
//! permissions.

use std::collections::BTreeSet;

use chancery_pdf::object::{Entry, StringForm};
use chancery_pdf::{Dictionary, Object, PdfError};

use crate::asn1;
use crate::changes::{BARE_KEYS, Comparison};
use crate::changes_walk::{Old, pairs, same_option};
use crate::facts::Change;
use crate::loose;

/// What every trailer says anew: sizes, places, the second half of the identifier, and how a
/// cross-reference stream is packed. `/Info` and `/Root` are looked at by themselves.
const TRAILER_KEYS: &[&[u8]] = &[
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"Info",
    b"Root",
    b"Type",
    b"W",
    b"Index",
    b"Filter",
    b"Length",
    b"DecodeParms",
];

/// Longest authentication code of a file: a CMS value without certificates.
const CODE_BYTES_MAX: usize = 16 * 1024;

/// What the store itself may say (ISO 32000-2, 12.8.4.3).
const STORE_KEYS: &[&[u8]] = &[b"Type", b"VRI", b"Certs", b"CRLs", b"OCSPs"];

/// What one signature's record in the store may say (ISO 32000-2, 12.8.4.4).
const RECORD_KEYS: &[&[u8]] = &[b"Type", b"Cert", b"CRL", b"OCSP", b"TU"];

impl Comparison<'_, '_> {
    pub(crate) fn trailers(&mut self) -> Result<(), PdfError> {
        let (old, new) = (self.before.trailer(), self.after.trailer());
        for (key, (was, is)) in pairs(old, new) {
            if TRAILER_KEYS.contains(&key) {
                continue;
            }
            if key == b"AuthCode" && renews_code(was, is) {
                continue;
            }
            // A key that no reader knows may be left out by the next writer, never changed. Without
            // these two the file cannot be read, or may have been changed by anybody.
            let needed = matches!(key, b"Encrypt" | b"AuthCode");
            let dropped = !needed && is.is_none();
            if !dropped && !self.same_target(was, is)? {
                let what = format!("the trailer's /{}", String::from_utf8_lossy(key));
                self.unexplained(0, &what);
            }
        }
        // The key of an enciphered file is made with the first half (ISO 32000-2, 7.6.4.3).
        let half = |trailer: &Dictionary| -> Option<Object> {
            trailer.get(b"ID")?.as_array()?.first().cloned()
        };
        if self.before.is_encrypted() && !same_option(half(old).as_ref(), half(new).as_ref()) {
            self.unexplained(0, "the identifier of an enciphered file");
        }
        // Nothing that is compared says what is shown, if it is deciphered in another way.
        if let Some(Object::Reference(id)) = new.get(b"Encrypt")
            && self.touched.contains(&id.number)
        {
            self.unexplained(id.number, "how an enciphered file is enciphered");
        }
        if let Some(Object::Reference(id)) = new.get(b"Info") {
            let dictionary = matches!(self.after.get(*id)?, Object::Dictionary(_));
            // What anything but the trailer refers to is more than a note about the file.
            let count = self.mentions(id.number);
            let own = u32::from(same_option(old.get(b"Info"), new.get(b"Info")));
            if self.touched.contains(&id.number) && dictionary && count <= own {
                self.explain(id.number);
                self.note(Change::MetadataChanged);
            }
        }
        Ok(())
    }

    /// Whether a private entry says the same: a writer may copy what it leads to under a new
    /// number, as long as the copy is one.
    fn same_target(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, PdfError> {
        if same_option(old, new) {
            return Ok(true);
        }
        let (Some(old), Some(new)) = (old, new) else {
            return Ok(false);
        };
        match (old, new) {
            (Object::Reference(was), Object::Reference(is)) => {
                let same = self.same(&self.before.get(*was)?, &self.after.get(*is)?)?;
                if same && self.is_new(is.number)? {
                    self.explain(is.number);
                }
                Ok(same)
            }
            (Object::Array(was), Object::Array(is)) if was.len() == is.len() => {
                for (was, is) in was.iter().zip(is.iter()) {
                    if !self.same_target(Some(was), Some(is))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Compares the catalogs by what they say: a writer may give the newest a number of its own.
    pub(crate) fn catalogs(&mut self) -> Result<(), PdfError> {
        let (old, new) = (self.before.catalog()?, self.after.catalog()?);
        let number = self.after.catalog_id()?.number;
        if number == self.before.catalog_id()?.number || self.is_new(number)? {
            self.explain(number);
        }
        for (key, (was, is)) in pairs(&old, &new) {
            match key {
                b"DSS" => self.evidence(was, is)?,
                b"Metadata" => self.metadata(was, is)?,
                b"Extensions" => {
                    if let Some(is) = is.cloned() {
                        self.extensions(was, &is)?;
                    }
                }
                _ if same_option(was, is) => {}
                // What is in it is looked at with the form; a version draws nothing.
                b"AcroForm" if self.is_dictionary(is) => {}
                b"Version" if is.is_none_or(|is| is.as_name().is_some()) => {}
                b"OpenAction" | b"AA" => self.note(Change::ActionAdded { object: number }),
                b"Pages" | b"OCProperties" => self.content_changed(number),
                // A first one comes with a certification, which is judged where it is.
                b"Perms" if was.is_some() => self.note(Change::PermissionsChanged),
                other => {
                    let what = format!("the catalog's /{}", String::from_utf8_lossy(other));
                    self.unexplained(number, &what);
                }
            }
        }
        self.permissions(&old, &new)
    }

    /// The catalog's extensions are dictionaries, which show nothing (ISO 32000-2, 7.12).
    fn extensions(&mut self, was: Option<&Object>, is: &Object) -> Result<(), PdfError> {
        let before = self.explained.clone();
        self.explain_place(was, is, Old::ListsRewritten)?;
        let brought: Vec<u32> = self.explained.difference(&before).copied().collect();
        for number in brought {
            if matches!(self.after.shared(number)?.object, Object::Stream(_)) {
                self.explained.remove(&number);
            }
        }
        if !same_option(was, Some(is)) || self.explained != before {
            self.only_extensions(is)?;
        }
        Ok(())
    }

    /// Whether nothing is there, or a dictionary, or the way to one.
    fn is_dictionary(&self, value: Option<&Object>) -> bool {
        value.is_none_or(|value| matches!(self.after.resolve(value), Ok(Object::Dictionary(_))))
    }

    /// Developers say which version they extended, and nothing else (ISO 32000-2, 7.12.3): no
    /// object is hung up here that could be another catalog.
    fn only_extensions(&mut self, extensions: &Object) -> Result<(), PdfError> {
        let mut waiting = match self.after.resolve(extensions)? {
            Object::Dictionary(all) => {
                let named = all.entries().iter();
                let named = named.filter(|entry| entry.key != b"Type");
                named.map(|entry| entry.value.clone()).collect()
            }
            _ => vec![Object::Null],
        };
        while let Some(one) = waiting.pop() {
            let sound = match self.after.resolve(&one)? {
                Object::Array(several) if matches!(one, Object::Array(_)) => {
                    let plain = several.iter().all(|one| one.as_array().is_none());
                    waiting.extend(several.iter().cloned());
                    plain
                }
                Object::Dictionary(own) => own.entries().iter().all(is_of_an_extension),
                _ => false,
            };
            if !sound {
                self.unexplained(0, "the catalog's /Extensions");
            }
        }
        Ok(())
    }

    /// The object that `/Perms` leads to may not be exchanged beneath it.
    fn permissions(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), PdfError> {
        let was = self.before.value(old, b"Perms")?;
        let is = self.after.value(new, b"Perms")?;
        if let (Some(was), is) = (was.as_dictionary(), is.as_dictionary()) {
            let is = is.cloned().unwrap_or_default();
            if !same_option(was.get(b"DocMDP"), is.get(b"DocMDP")) {
                self.note(Change::PermissionsChanged);
            }
        }
        Ok(())
    }

    /// The description of the file may be written anew, and nothing else may become it: what was an
    /// attachment, a script or an appearance would be another one then.
    fn metadata(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<(), PdfError> {
        let own = u32::from(same_option(old, new));
        let id = match new {
            Some(Object::Reference(id)) if self.touched.contains(&id.number) => *id,
            _ if own > 0 => return Ok(()),
            // A description may be left out, unless something else is shown by that.
            None => {
                let was = old.and_then(Object::as_reference);
                if was.is_some_and(|id| self.is_drawn(id.number)) {
                    self.unexplained(0, "the catalog's /Metadata");
                }
                return Ok(());
            }
            // Some readers decipher all but what is named here.
            Some(_) => {
                self.unexplained(0, "the catalog's /Metadata");
                return Ok(());
            }
        };
        if let Object::Stream(stream) = self.after.get(id)?
            && stream.dictionary.is_name(b"Type", b"Metadata")
            && self.mentions(id.number) <= own
        {
            self.explain(id.number);
            self.note(Change::MetadataChanged);
        } else {
            self.unexplained(id.number, "the catalog's /Metadata");
        }
        Ok(())
    }

    /// The document security store (ISO 32000-2, 12.8.4.3): its lists may be written anew wherever
    /// they stand; the streams in them may only be added.
    fn evidence(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<(), PdfError> {
        let Some(new) = new else {
            self.unexplained(0, "the evidence was removed");
            return Ok(());
        };
        let before: BTreeSet<u32> = self.explained.clone();
        // A store of which nothing was written is the store that was there.
        let around = self.known.around.as_ref();
        let written = around.is_none_or(|around| around.may_store(&self.touched));
        if written || !same_option(old, Some(new)) {
            self.explain_place(old, new, Old::ListsRewritten)?;
        }
        let brought: Vec<u32> = self.explained.difference(&before).copied().collect();
        for number in brought {
            if !self.is_evidence(number)? {
                self.explained.remove(&number);
            }
        }
        self.unlisted_records()?;
        if self.explained != before || !same_option(old, Some(new)) {
            self.note(Change::EvidenceAdded);
        }
        Ok(())
    }

    /// Whether an object is what a store consists of, and could be nothing else: lists and
    /// records, and streams of one piece of evidence each (ISO 32000-2, 12.8.4.3 and 12.8.4.4).
    fn is_evidence(&self, number: u32) -> Result<bool, PdfError> {
        let indirect = self.after.shared(number)?;
        Ok(match &indirect.object {
            Object::Stream(stream) => {
                let mut keys = stream.dictionary.entries().iter();
                let bare = keys.all(|entry| BARE_KEYS.contains(&entry.key.as_slice()));
                // What is enciphered is nobody's to read where the key cannot be had.
                let known = || -> Result<bool, PdfError> {
                    let decoded = self.after.stream_bytes(indirect.id, stream)?;
                    Ok(is_one_piece(&decoded))
                };
                bare && (self.after.unopened().is_some() || known()?)
            }
            Object::Dictionary(dictionary) => is_of_a_store(dictionary),
            _ => true,
        })
    }

    /// Records of the store that it does not list: some writers leave one behind. Only what is
    /// nothing but such a record counts.
    fn unlisted_records(&mut self) -> Result<(), PdfError> {
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        for number in left {
            let Object::Dictionary(record) = self.after.by_number(number)?.object else {
                continue;
            };
            let bare = record.entries().iter().all(|entry| {
                RECORD_KEYS.contains(&entry.key.as_slice())
                    && matches!(
                        entry.value,
                        Object::Name(_) | Object::Array(_) | Object::String(_)
                    )
            });
            if bare && record.is_name(b"Type", b"VRI") && self.is_new(number)? {
                self.explain(number);
            }
        }
        Ok(())
    }
}

/// Whether a store consists of such dictionaries: of its lists, of records by the digests of
/// signatures, of the lists of one. Other entries would lead to whatever is hung up there.
fn is_of_a_store(dictionary: &Dictionary) -> bool {
    let kind = dictionary.get(b"Type");
    let kind = kind.is_none_or(|kind| matches!(kind.as_name(), Some(b"DSS" | b"VRI")));
    let is_digest = |key: &[u8]| key.len() >= 40 && key.iter().all(u8::is_ascii_hexdigit);
    let mut keys = dictionary
        .entries()
        .iter()
        .map(|entry| entry.key.as_slice());
    kind && keys.all(|key| {
        STORE_KEYS.contains(&key) || RECORD_KEYS.contains(&key) || key == b"TS" || is_digest(key)
    })
}

/// An entry of what a developer extended.
fn is_of_an_extension(entry: &Entry) -> bool {
    match entry.key.as_slice() {
        b"Type" | b"BaseVersion" => entry.value.as_name().is_some(),
        b"ExtensionLevel" => entry.value.as_integer().is_some(),
        b"ExtensionRevision" | b"URL" => entry.value.as_string().is_some(),
        _ => false,
    }
}

/// Whether the authentication code of an enciphered file (ISO/TS 32004) was made anew, as every
/// revision must, and says nothing besides: it leads to nothing that is not a signature's.
fn renews_code(was: Option<&Object>, is: Option<&Object>) -> bool {
    let (Some(Object::Dictionary(was)), Some(Object::Dictionary(is))) = (was, is) else {
        return false;
    };
    let sound = is.entries().iter().all(|entry| match entry.key.as_slice() {
        b"MACLocation" => matches!(entry.value, Object::Name(_)),
        // Written in another way it could be the text of an object.
        b"MAC" => matches!(&entry.value, Object::String(code)
            if code.form == StringForm::Hexadecimal && code.bytes.len() <= CODE_BYTES_MAX),
        b"ByteRange" => entry.value.as_array().is_some_and(|range| {
            range.len() == 4 && range.iter().all(|one| one.as_integer().is_some())
        }),
        b"SigObjRef" => entry.value.as_reference().is_some(),
        _ => false,
    });
    sound && !is.has_duplicate_keys() && was.get(b"MACLocation").is_some()
}

/// Whether these bytes are evidence, and white space behind it, as some writers leave it.
fn is_one_piece(bytes: &[u8]) -> bool {
    match asn1::read(bytes) {
        Ok((node, rest)) => rest.trim_ascii().is_empty() && loose::is_evidence(node.raw),
        Err(_) => false,
    }
}

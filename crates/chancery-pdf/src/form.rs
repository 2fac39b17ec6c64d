//! Form fields, and among them the signatures.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId, StringForm};
use crate::reader::{Pdf, Place};

/// A terminal form field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The full name: partial names joined by points (12.7.4.2).
    pub name: String,
    /// The field's object.
    pub id: ObjectId,
    /// `/FT`, own or inherited, without its slash.
    pub kind: Option<Vec<u8>>,
}

/// A signature field, signed or not.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureField {
    /// The field.
    pub field: Field,
    /// The signature; absent while nobody has signed.
    pub signature: Option<SignatureDictionary>,
}

/// A signature dictionary (12.8.1) as it stands in the bytes. Nothing here is verified.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureDictionary {
    /// Its object; absent when it stands directly in the field.
    pub id: Option<ObjectId>,
    /// Where it stands: spans below are meaningful for the file only in [`Place::File`].
    pub place: Place,
    /// The bytes of the dictionary.
    pub span: Range<usize>,
    /// All its entries; the string of `/Contents` stands below, and `null` in its place.
    pub dictionary: Dictionary,
    /// The token of `/Contents`.
    pub contents: Option<Contents>,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/Name`: claimed by whoever wrote the file, never proof of who signed.
    pub name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
    /// `/M`, the claimed time, as it is written.
    pub signing_time: Option<String>,
    /// `/P` of a `DocMDP` reference: this signature certifies the file.
    pub certification: Option<i64>,
}

/// The value of `/Contents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The token with its delimiters.
    pub span: Range<usize>,
    /// The decoded bytes, padding included.
    pub bytes: Vec<u8>,
    /// How the string is written; anything but hexadecimal is unsound.
    pub form: StringForm,
}

/// A field with its value, own or inherited.
type Valued = (Field, Option<Rc<Object>>);

/// A field without fields beneath it, and the value it has if it says none itself.
pub(crate) struct Terminal {
    pub(crate) field: Field,
    pub(crate) inherited: Option<Rc<Object>>,
}

/// An object of the form's tree.
pub(crate) struct Visited<'v> {
    pub(crate) id: ObjectId,
    /// What it is, if it is a field at all.
    pub(crate) dictionary: Option<&'v Dictionary>,
    pub(crate) terminal: Option<Terminal>,
}

/// A field still to be visited. What it inherits is shared, not copied: a value of megabytes may
/// have fifty thousand heirs.
struct Waiting {
    id: ObjectId,
    prefix: Rc<str>,
    kind: Option<Rc<[u8]>>,
    value: Option<Rc<Object>>,
    depth: u32,
}

impl Pdf<'_> {
    /// The interactive form, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn form(&self) -> Result<Option<Dictionary>, PdfError> {
        match self.value(&self.catalog()?, b"AcroForm")? {
            Object::Dictionary(form) => Ok(Some(form)),
            _ => Ok(None),
        }
    }

    /// All terminal fields in the order of the form.
    ///
    /// # Errors
    ///
    /// [`PdfError::FieldLoop`], [`PdfError::LimitExceeded`], and as [`Pdf::indirect`].
    pub fn fields(&self) -> Result<Vec<Field>, PdfError> {
        Ok(self
            .fields_with_values()?
            .into_iter()
            .map(|(field, _)| field)
            .collect())
    }

    fn fields_with_values(&self) -> Result<Vec<Valued>, PdfError> {
        let mut fields = Vec::new();
        let roots = self.field_roots()?;
        self.walk_fields(&roots, &mut HashSet::new(), &mut |visited| {
            if let Some(Terminal { field, inherited }) = visited.terminal {
                let own = visited.dictionary.and_then(|one| one.get(b"V"));
                fields.push((field, own.cloned().map(Rc::new).or(inherited)));
            }
        })?;
        Ok(fields)
    }

    /// What the form's `/Fields` names.
    pub(crate) fn field_roots(&self) -> Result<Vec<ObjectId>, PdfError> {
        let Some(form) = self.form()? else {
            return Ok(Vec::new());
        };
        let roots = self.value(&form, b"Fields")?;
        let roots = roots.as_array().unwrap_or(&[]).iter();
        Ok(roots.filter_map(Object::as_reference).collect())
    }

    /// Visits everything beneath `roots` in the order of the form. `visited` may hold what was
    /// visited before, which may not be met again.
    pub(crate) fn walk_fields(
        &self,
        roots: &[ObjectId],
        visited: &mut HashSet<ObjectId>,
        visit: &mut impl FnMut(Visited<'_>),
    ) -> Result<(), PdfError> {
        let mut waiting = Vec::new();
        for id in roots.iter().rev() {
            waiting.push(Waiting {
                id: *id,
                prefix: Rc::from(""),
                kind: None,
                value: None,
                depth: 0,
            });
        }
        let mut names = 0_u64;
        while let Some(next) = waiting.pop() {
            if !visited.insert(next.id) {
                return Err(PdfError::FieldLoop {
                    number: next.id.number,
                });
            }
            if visited.len() as u64 > u64::from(self.limits.fields_max) {
                return Err(self.limit("fields_max", self.limits.fields_max));
            }
            if next.depth > self.limits.depth_max {
                return Err(self.limit("depth_max", self.limits.depth_max));
            }
            let name = self.visit_field(next, &mut waiting, visit)?;
            // One long name above fifty thousand short ones is long fifty thousand times.
            names = names.saturating_add(name as u64);
            if names > self.limits.field_names_bytes_max {
                return Err(PdfError::LimitExceeded {
                    limit: "field_names_bytes_max",
                    max: self.limits.field_names_bytes_max,
                });
            }
        }
        Ok(())
    }

    /// Visits one field and answers how long its full name is, in bytes.
    fn visit_field(
        &self,
        next: Waiting,
        waiting: &mut Vec<Waiting>,
        visit: &mut impl FnMut(Visited<'_>),
    ) -> Result<usize, PdfError> {
        let id = next.id;
        let Object::Dictionary(dictionary) = self.get(id)? else {
            visit(Visited {
                id,
                dictionary: None,
                terminal: None,
            });
            return Ok(0);
        };
        let partial = self.partial_name(id, &dictionary)?;
        let name: Rc<str> = match (&partial, next.prefix.is_empty()) {
            (None, _) => next.prefix,
            (Some(partial), true) => Rc::from(partial.as_str()),
            (Some(partial), false) => Rc::from(format!("{}.{partial}", next.prefix)),
        };
        if name.len() as u64 > self.limits.field_name_bytes_max {
            return Err(PdfError::LimitExceeded {
                limit: "field_name_bytes_max",
                max: self.limits.field_name_bytes_max,
            });
        }
        let own_kind = self.value(&dictionary, b"FT")?.as_name().map(Rc::from);
        let kind = own_kind.or(next.kind);
        let kids = self.value(&dictionary, b"Kids")?;
        let kids = kids.as_array().unwrap_or(&[]);
        let mut named = Vec::new();
        for id in kids.iter().filter_map(Object::as_reference) {
            let kid = self.get(id)?;
            // 12.7.4.1: a child without a name of its own is a widget, not a field.
            if kid
                .as_dictionary()
                .is_some_and(|kid| kid.get(b"T").is_some())
            {
                named.push(id);
            }
        }
        let terminal = named.is_empty().then(|| Terminal {
            field: Field {
                name: name.to_string(),
                id,
                kind: kind.as_ref().map(|kind| kind.to_vec()),
            },
            inherited: next.value.clone(),
        });
        visit(Visited {
            id,
            dictionary: Some(&dictionary),
            terminal,
        });
        let value = dictionary.get(b"V").cloned().map(Rc::new).or(next.value);
        let depth = next.depth.saturating_add(1);
        for id in named.into_iter().rev() {
            let (prefix, kind, value) = (name.clone(), kind.clone(), value.clone());
            waiting.push(Waiting {
                id,
                prefix,
                kind,
                value,
                depth,
            });
        }
        Ok(name.len())
    }

    /// The signature fields of the form, in its order, with their signatures.
    ///
    /// # Errors
    ///
    /// As [`Pdf::fields`].
    pub fn signature_fields(&self) -> Result<Vec<SignatureField>, PdfError> {
        let mut found = Vec::new();
        self.each_signature_field(&mut |field| {
            found.push(field);
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands over the fields of [`Pdf::signature_fields`] one after another: thousands of
    /// signatures need not be held at once.
    ///
    /// # Errors
    ///
    /// As [`Pdf::signature_fields`], and the first error of `take`.
    pub fn each_signature_field(
        &self,
        take: &mut dyn FnMut(SignatureField) -> Result<(), PdfError>,
    ) -> Result<(), PdfError> {
        let mut bytes_left = self.limits.signatures_bytes_max;
        for (field, value) in self.fields_with_values()? {
            if field.kind.as_deref() != Some(b"Sig") {
                continue;
            }
            let signature = self.signature_of(field.id, value.as_deref())?;
            // Many fields may name one signature: what is kept for each counts again.
            let bytes = signature.as_ref().map_or(0, SignatureDictionary::weight);
            bytes_left = bytes_left
                .checked_sub(bytes)
                .ok_or(PdfError::LimitExceeded {
                    limit: "signatures_bytes_max",
                    max: self.limits.signatures_bytes_max,
                })?;
            take(SignatureField { field, signature })?;
        }
        Ok(())
    }

    /// The signature that is the value of the field `id`.
    pub(crate) fn signature_of(
        &self,
        id: ObjectId,
        value: Option<&Object>,
    ) -> Result<Option<SignatureDictionary>, PdfError> {
        match value {
            None | Some(Object::Null) => Ok(None),
            Some(Object::Reference(id)) => self.signature_dictionary(*id),
            Some(Object::Dictionary(dictionary)) => {
                let place = self.indirect(id)?.place;
                let described = self.describe_signature(None, place, dictionary.clone())?;
                Ok(Some(described))
            }
            Some(_) => Err(PdfError::WrongType {
                what: "a signature",
            }),
        }
    }

    /// Objects that are signature dictionaries by their type or their keys and that no field of the
    /// form leads to: the trace of a form that was taken away, or of a signature being prepared
    /// to deceive.
    ///
    /// # Errors
    ///
    /// As [`Pdf::signature_fields`]. An object that cannot be read is passed over.
    pub fn loose_signatures(&self) -> Result<Vec<ObjectId>, PdfError> {
        let fields = self.signature_fields()?;
        let reached = fields
            .iter()
            .filter_map(|field| field.signature.as_ref()?.id);
        let reached: HashSet<ObjectId> = reached.collect();
        let mut loose = Vec::new();
        for (number, _) in self.numbers() {
            let indirect = match self.by_number(number) {
                Ok(indirect) => indirect,
                Err(limit @ PdfError::LimitExceeded { .. }) => return Err(limit),
                Err(_) => continue,
            };
            let Object::Dictionary(dictionary) = &indirect.object else {
                continue;
            };
            let typed =
                dictionary.is_name(b"Type", b"Sig") || dictionary.is_name(b"Type", b"DocTimeStamp");
            let shaped =
                dictionary.get(b"ByteRange").is_some() && dictionary.get(b"Contents").is_some();
            if (typed || shaped) && !reached.contains(&indirect.id) {
                loose.push(indirect.id);
            }
        }
        Ok(loose)
    }

    /// The signature dictionary that is object `id`; nothing if the object is `null`.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if it is something else.
    pub fn signature_dictionary(
        &self,
        id: ObjectId,
    ) -> Result<Option<SignatureDictionary>, PdfError> {
        let indirect = self.indirect(id)?;
        match indirect.object {
            Object::Null => Ok(None),
            Object::Dictionary(dictionary) => self
                .describe_signature(Some(id), indirect.place, dictionary)
                .map(Some),
            _ => Err(PdfError::WrongType {
                what: "a signature",
            }),
        }
    }

    fn describe_signature(
        &self,
        id: Option<ObjectId>,
        place: Place,
        mut dictionary: Dictionary,
    ) -> Result<SignatureDictionary, PdfError> {
        if count_values(&dictionary) > self.limits.signature_values_max {
            return Err(PdfError::LimitExceeded {
                limit: "signature_values_max",
                max: self.limits.signature_values_max,
            });
        }
        // Kept once: it is most of what a signature weighs.
        let contents = dictionary.take_string(b"Contents");
        let contents = contents.map(|(string, span)| Contents {
            span,
            bytes: string.bytes,
            form: string.form,
        });
        let name_of = |key: &[u8]| -> Result<Option<String>, PdfError> {
            let value = self.value(&dictionary, key)?;
            Ok(value
                .as_name()
                .map(|name| String::from_utf8_lossy(name).into_owned()))
        };
        Ok(SignatureDictionary {
            id,
            place,
            span: dictionary.span(),
            contents,
            sub_filter: name_of(b"SubFilter")?,
            filter: name_of(b"Filter")?,
            name: self.text(&dictionary, b"Name")?,
            reason: self.text(&dictionary, b"Reason")?,
            location: self.text(&dictionary, b"Location")?,
            signing_time: self.text(&dictionary, b"M")?,
            certification: self.certification_of(&dictionary)?,
            dictionary,
        })
    }

    /// The level of the certification that the catalog's `/Perms` names, if any.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn certification(&self) -> Result<Option<i64>, PdfError> {
        let permissions = self.value(&self.catalog()?, b"Perms")?;
        let Some(permissions) = permissions.as_dictionary() else {
            return Ok(None);
        };
        match self.value(permissions, b"DocMDP")? {
            Object::Dictionary(signature) => {
                Ok(Some(self.certification_of(&signature)?.unwrap_or(2)))
            }
            _ => Ok(None),
        }
    }

    /// The text string under `key`, decoded.
    pub(crate) fn text(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
    ) -> Result<Option<String>, PdfError> {
        Ok(self.value(dictionary, key)?.as_text())
    }

    /// The partial name of the field that is object `id`: `/T`. One that cannot be deciphered is
    /// told by its object, `#12`.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn partial_name(
        &self,
        id: ObjectId,
        field: &Dictionary,
    ) -> Result<Option<String>, PdfError> {
        let name = self.value(field, b"T")?;
        Ok(match name.is_enciphered() {
            true => Some(format!("#{}", id.number)),
            false => name.as_text(),
        })
    }
}

impl SignatureDictionary {
    /// About how many bytes it keeps.
    fn weight(&self) -> u64 {
        let texts = [&self.name, &self.reason, &self.location, &self.signing_time];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        self.span.len().saturating_add(texts) as u64
    }
}

fn count_values(dictionary: &Dictionary) -> u64 {
    let mut waiting: Vec<&Object> = dictionary
        .entries()
        .iter()
        .map(|entry| &entry.value)
        .collect();
    let mut count = 0_u64;
    while let Some(object) = waiting.pop() {
        count = count.saturating_add(1);
        match object {
            Object::Array(array) => waiting.extend(array.iter()),
            Object::Dictionary(inner) => {
                waiting.extend(inner.entries().iter().map(|entry| &entry.value));
            }
            _ => {}
        }
    }
    count
}

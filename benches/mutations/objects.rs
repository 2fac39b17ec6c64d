//! Mutations of single values: in place, where they are signed, and in a revision behind.

use std::sync::Arc;

use chancery_pdf::object::{Object, ObjectId, PdfString};
use chancery_pdf::{Dictionary, Limits, Pdf};

use crate::chance::Chance;
use crate::original::Original;
use crate::writer::{Form, Revision, text_of};

/// Which values are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Number,
    String,
    Name,
    Reference,
    /// An entry is taken out, or one comes in.
    Key,
}

const NAMES: [&str; 16] = [
    "Helvetica",
    "Courier",
    "DeviceRGB",
    "WinAnsiEncoding",
    "Off",
    "Yes",
    "Image",
    "Form",
    "Font",
    "Annot",
    "Page",
    "Catalog",
    "Identity-H",
    "FlateDecode",
    "StandardEncoding",
    "None",
];

const ENTRIES: [(&str, &str); 14] = [
    ("Rotate", "90"),
    ("F", "2"),
    ("F", "0"),
    ("Hidden", "true"),
    ("OC", "null"),
    ("AS", "/Off"),
    ("CropBox", "[0 0 200 200]"),
    ("UserUnit", "2"),
    ("Ff", "1"),
    ("Q", "2"),
    ("V", "(77777)"),
    ("Length", "0"),
    ("Matrix", "[1 0 0 1 50 50]"),
    ("Contents", "[]"),
];

/// A value in the bytes that are signed, replaced by another of the same length.
pub fn in_place(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let limits = Limits::default();
    let pdf = Pdf::survey(&original.bytes, &limits).expect("a good file opens");
    let mut mutant = original.bytes.clone();
    for _ in 0..200 {
        let Some((_, object)) = any(&pdf, chance) else {
            continue;
        };
        let Some(dictionary) = object.as_dictionary() else {
            continue;
        };
        let Some(entry) = chance.of(dictionary.entries()) else {
            continue;
        };
        let span = entry.value_span.clone();
        // Spans of objects in object streams speak of other bytes.
        let Some(bytes) = mutant.get_mut(span) else {
            continue;
        };
        let digits: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at].is_ascii_alphanumeric())
            .collect();
        let Some(place) = chance.of(&digits) else {
            continue;
        };
        let old = bytes[*place];
        bytes[*place] = match old {
            b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => old + 1,
            _ => old - 1,
        };
        return mutant;
    }
    crate::plain::flip_signed(original, chance)
}

/// An object of the file with one of its values changed, in a revision behind.
pub fn appended(original: &Original, target: Target, chance: &mut Chance) -> Vec<u8> {
    let limits = Limits::default();
    let pdf = Pdf::survey(&original.bytes, &limits).expect("a good file opens");
    let numbers: Vec<u32> = pdf.numbers().map(|(number, _)| number).collect();
    let form = form(&pdf, chance);
    for attempt in 0..400 {
        let Some((id, mut object)) = any(&pdf, chance) else {
            continue;
        };
        // Where there is none of a kind, as numbers in a file of names, any change is one.
        let target = if attempt < 300 { target } else { Target::Key };
        let mut places = count(&object, target);
        if places == 0 {
            continue;
        }
        places = chance.below(places);
        change(&mut object, target, &mut places, &numbers, chance);
        let mut revision = Revision::new(&pdf, form);
        revision.put(id.number, text_of(&pdf, &object));
        return revision.appended();
    }
    unreachable!("every file has a dictionary")
}

/// The file's own form mostly, any other sometimes.
pub fn form(pdf: &Pdf<'_>, chance: &mut Chance) -> Form {
    match chance.once_in(2) {
        true => Form::of(pdf),
        false => Form::ALL[chance.below(4)],
    }
}

/// Any object; those that say what is shown come more often than their share.
fn any(pdf: &Pdf<'_>, chance: &mut Chance) -> Option<(ObjectId, Object)> {
    let numbers: Vec<u32> = pdf.numbers().map(|(number, _)| number).collect();
    let number = *chance.of(&numbers)?;
    let indirect = pdf.by_number(number).ok()?;
    let dictionary = indirect.object.as_dictionary();
    let is_machinery = dictionary.is_some_and(|dictionary| {
        dictionary.is_name(b"Type", b"XRef") || dictionary.is_name(b"Type", b"ObjStm")
    });
    (!is_machinery).then_some((indirect.id, indirect.object))
}

/// How many values of a kind are within.
fn count(object: &Object, target: Target) -> usize {
    let own = match (object, target) {
        (Object::Integer(_) | Object::Real(_), Target::Number)
        | (Object::String(_), Target::String)
        | (Object::Name(_), Target::Name)
        | (Object::Reference(_), Target::Reference)
        | (Object::Dictionary(_) | Object::Stream(_), Target::Key) => 1,
        _ => 0,
    };
    let within = match object {
        Object::Array(array) => array.iter().map(|one| count(one, target)).sum(),
        Object::Dictionary(dictionary) => within(dictionary, target),
        Object::Stream(stream) => within(&stream.dictionary, target),
        _ => 0,
    };
    own + within
}

fn within(dictionary: &Dictionary, target: Target) -> usize {
    let values = dictionary.entries().iter();
    values.map(|entry| count(&entry.value, target)).sum()
}

/// Changes the value at `place` among those of its kind.
fn change(
    object: &mut Object,
    target: Target,
    place: &mut usize,
    numbers: &[u32],
    chance: &mut Chance,
) {
    if count(object, target) <= *place {
        *place -= count(object, target);
        return;
    }
    let is_own = !matches!(object, Object::Array(_)) && *place == 0;
    let is_leaf = !matches!(object, Object::Dictionary(_) | Object::Stream(_));
    if is_own && (is_leaf || target == Target::Key) {
        *object = other(object, numbers, chance);
        *place = usize::MAX;
        return;
    }
    if target == Target::Key && !is_leaf {
        *place -= 1;
    }
    match object {
        Object::Array(array) => {
            for one in Arc::make_mut(array).iter_mut() {
                if *place == usize::MAX {
                    break;
                }
                change(one, target, place, numbers, chance);
            }
        }
        Object::Dictionary(dictionary) => {
            *dictionary = changed(dictionary, target, place, numbers, chance);
        }
        Object::Stream(stream) => {
            stream.dictionary = changed(&stream.dictionary, target, place, numbers, chance);
        }
        _ => {}
    }
}

fn changed(
    dictionary: &Dictionary,
    target: Target,
    place: &mut usize,
    numbers: &[u32],
    chance: &mut Chance,
) -> Dictionary {
    let mut new = Dictionary::new();
    for entry in dictionary.entries() {
        let mut value = entry.value.clone();
        if *place != usize::MAX {
            change(&mut value, target, place, numbers, chance);
        }
        new.set(&entry.key, value);
    }
    new
}

/// Another value of the same kind.
fn other(object: &Object, numbers: &[u32], chance: &mut Chance) -> Object {
    match object {
        Object::Integer(old) => {
            let near = old.saturating_add(1);
            let values = [
                0,
                1,
                -1,
                near,
                old.saturating_mul(2),
                90,
                4,
                1_000_000,
                2,
                3,
            ];
            let new = values[chance.below(values.len())];
            Object::Integer(if new == *old { near } else { new })
        }
        Object::Real(old) => {
            let values = [0.0, old + 1.5, -old, old * 2.0, old + 40.0];
            Object::Real(values[chance.below(values.len())])
        }
        Object::String(old) => {
            let mut bytes = old.bytes.clone();
            match chance.below(3) {
                0 => bytes = b"77777".to_vec(),
                1 => bytes.clear(),
                _ => bytes.push(b'7'),
            }
            Object::String(PdfString {
                bytes,
                form: old.form,
                enciphered: old.enciphered,
            })
        }
        Object::Name(old) => {
            let new = NAMES[chance.below(NAMES.len())].as_bytes();
            let same = new == old.as_slice();
            Object::Name(if same {
                b"Other".to_vec()
            } else {
                new.to_vec()
            })
        }
        Object::Reference(_) => Object::Reference(ObjectId {
            number: numbers[chance.below(numbers.len())],
            generation: 0,
        }),
        Object::Dictionary(dictionary) => Object::Dictionary(rekeyed(dictionary, chance)),
        Object::Stream(stream) => {
            let mut stream = stream.clone();
            stream.dictionary = rekeyed(&stream.dictionary, chance);
            Object::Stream(stream)
        }
        Object::Null | Object::Boolean(_) | Object::Array(_) => Object::Null,
    }
}

fn rekeyed(dictionary: &Dictionary, chance: &mut Chance) -> Dictionary {
    let mut new = Dictionary::new();
    let gone = chance.below(dictionary.entries().len());
    let takes_out = chance.once_in(2) && !dictionary.entries().is_empty();
    for (index, entry) in dictionary.entries().iter().enumerate() {
        if !takes_out || index != gone {
            new.set(&entry.key, entry.value.clone());
        }
    }
    if !takes_out {
        let (key, value) = ENTRIES[chance.below(ENTRIES.len())];
        new.set(key.as_bytes(), value_of(value));
    }
    new
}

/// The few values that [`ENTRIES`] has.
fn value_of(text: &str) -> Object {
    let numbers = |text: &str| -> Vec<Object> {
        let words = text.trim_matches(['[', ']']).split_whitespace();
        words
            .map(|word| Object::Integer(word.parse().expect("a number")))
            .collect()
    };
    match text.as_bytes()[0] {
        b'/' => Object::name(&text[1..]),
        b'(' => Object::text(text.trim_matches(['(', ')'])),
        b'[' => Object::from(numbers(text)),
        b't' => Object::Boolean(true),
        b'n' => Object::Null,
        _ => Object::Integer(text.parse().expect("a number")),
    }
}

//! Objects written again so that one reader may see what was there and another something else:
//! keys that stand twice, odd numbers, lengths that lie, bodies with something behind.

use chancery_pdf::object::Object;
use chancery_pdf::{Dictionary, Limits, Pdf};

use crate::chance::Chance;
use crate::frame::survey;
use crate::objects;
use crate::original::Original;
use crate::writer::{Revision, entries_of, text_of};

/// An object that shows or leads to something, in a revision behind.
pub fn appended(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let limits = Limits::default();
    let pdf = survey(&original.bytes, &limits);
    let form = objects::form(&pdf, chance);
    let numbers: Vec<u32> = pdf.numbers().map(|(number, _)| number).collect();
    for _ in 0..400 {
        let number = *chance.of(&numbers).expect("objects");
        let Ok(indirect) = pdf.by_number(number) else {
            continue;
        };
        let Some(dictionary) = indirect.object.as_dictionary() else {
            continue;
        };
        let machinery = ["XRef", "ObjStm"]
            .iter()
            .any(|name| dictionary.is_name(b"Type", name.as_bytes()));
        if machinery || dictionary.entries().is_empty() {
            continue;
        }
        let mut revision = Revision::new(&pdf, form);
        let body = match &indirect.object {
            Object::Stream(own) => {
                let bytes = pdf.stream_raw(own).unwrap_or_default();
                stream(&pdf, dictionary, bytes, chance)
            }
            _ => plain(&pdf, dictionary, chance),
        };
        revision.put(number, body);
        return revision.appended();
    }
    unreachable!("every file has a dictionary")
}

/// What may stand in the place of a value.
fn another(value: &Object, chance: &mut Chance) -> Vec<u8> {
    let text: &str = match value {
        Object::Integer(_) | Object::Real(_) => ["0", "777", "-1"][chance.below(3)],
        Object::String(_) => "(77777)",
        Object::Name(_) => "/Other",
        Object::Array(_) => "[0 0 300 300]",
        Object::Dictionary(_) => "<<>>",
        _ => ["null", "1 0 R", "(7)"][chance.below(3)],
    };
    text.as_bytes().to_vec()
}

fn plain(pdf: &Pdf<'_>, dictionary: &Dictionary, chance: &mut Chance) -> Vec<u8> {
    let entries = entries_of(pdf, dictionary, &[]);
    let entry = chance.of(dictionary.entries()).expect("entries");
    let key = String::from_utf8_lossy(&entry.key).into_owned();
    let value = another(&entry.value, chance);
    let value = String::from_utf8_lossy(&value).into_owned();
    let whole = |before: &str, after: &str| {
        [b"<<", before.as_bytes(), &entries, after.as_bytes(), b">>"].concat()
    };
    match chance.below(9) {
        0 => whole(&format!("/{key} {value} "), ""),
        1 => whole("", &format!("/{key} {value}")),
        2 => whole(&format!("/{} {value} ", spelt(&entry.key)), ""),
        3 => whole("", &format!("/{} {value}", spelt(&entry.key))),
        4 => whole("%>>\n", "\0\x0c"),
        5 => [whole("", ""), format!(" {value}").into_bytes()].concat(),
        6 => [
            whole("", ""),
            format!("\nendobj\n<</{key} {value}>>").into_bytes(),
        ]
        .concat(),
        7 => {
            let others = entries_of(pdf, dictionary, &[&entry.key]);
            let own = text_of(pdf, &entry.value);
            let own = String::from_utf8_lossy(&own).into_owned();
            let odd = odd(&entry.value, &own, chance);
            [
                b"<<",
                others.as_slice(),
                format!("/{key} {odd}").as_bytes(),
                b">>",
            ]
            .concat()
        }
        // The closing delimiter comes twice.
        _ => whole("", &format!(">>/{key} {value}")),
    }
}

/// A key with one of its letters written as `#xx`.
fn spelt(key: &[u8]) -> String {
    let (first, rest) = key.split_first().unwrap_or((&b'K', &[]));
    format!("#{first:02x}{}", String::from_utf8_lossy(rest))
}

/// The same value written as few writers do.
fn odd(value: &Object, own: &str, chance: &mut Chance) -> String {
    match value {
        Object::Integer(_) | Object::Real(_) => {
            let forms = ["+", "0", "--", "00", "", ""];
            let ends = ["", ".", ".0", "-3", ".0.5", "e2"];
            format!("{}{own}{}", forms[chance.below(6)], ends[chance.below(6)])
        }
        Object::String(string) => {
            let octal: String = string
                .bytes
                .iter()
                .map(|byte| format!("\\{byte:03o}"))
                .collect();
            let text = String::from_utf8_lossy(&string.bytes);
            match chance.below(3) {
                0 => format!("({octal})"),
                1 => format!("(\\\n{octal})"),
                _ => format!("({}\r\n)", text.replace(['(', ')', '\\'], "")),
            }
        }
        Object::Name(name) => format!("/{}", spelt(name)),
        Object::Reference(id) => {
            let generation = [id.generation, id.generation + 1][chance.below(2)];
            format!("{:05}\n{generation}%\nR", id.number)
        }
        _ => format!("{own} % \n"),
    }
}

fn stream(pdf: &Pdf<'_>, dictionary: &Dictionary, bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let entries = entries_of(pdf, dictionary, &[b"Length"]);
    let longer = [bytes, b"\nendstream\nendobj\n%\n0 g 0 0 900 900 re f"].concat();
    let shorter = bytes.len() / 2;
    let (length, keyword, bytes): (String, &[u8], &[u8]) = match chance.below(8) {
        0 => (format!("/Length {}", longer.len()), b"\nstream\n", &longer),
        1 => (format!("/Length {}", bytes.len()), b"\nstream\n", &longer),
        2 => (format!("/Length {shorter}"), b"\nstream\n", bytes),
        3 => (
            format!("/Length {}", bytes.len() + 500),
            b"\nstream\n",
            bytes,
        ),
        4 => (format!("/Length {}", bytes.len()), b"\nstream\r", bytes),
        5 => (
            format!("/Length 0/Length {}", bytes.len()),
            b"\nstream\n",
            bytes,
        ),
        6 => (
            format!("/Length {}/Filter[]", bytes.len()),
            b"\nstream\n",
            bytes,
        ),
        _ => (
            format!("/Length {}/F(other)", bytes.len()),
            b"\nstream\n",
            bytes,
        ),
    };
    [
        b"<<",
        entries.as_slice(),
        length.as_bytes(),
        b">>",
        keyword,
        bytes,
        b"\nendstream",
    ]
    .concat()
}

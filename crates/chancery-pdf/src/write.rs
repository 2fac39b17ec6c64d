//! Objects to bytes.

use std::io::Write as _;

use crate::object::{Dictionary, Object, ObjectId, StringForm};

/// Writes `object` in its shortest plain form.
///
/// Recursion is bounded: what was read is at most `depth_max` deep, what we make is shallow.
pub(crate) fn object(out: &mut Vec<u8>, value: &Object) {
    match value {
        Object::Null => out.extend(b"null"),
        Object::Boolean(true) => out.extend(b"true"),
        Object::Boolean(false) => out.extend(b"false"),
        Object::Integer(value) => text(out, format_args!("{value}")),
        Object::Real(value) => text(out, format_args!("{value}")),
        Object::String(string) => match string.form {
            StringForm::Literal | StringForm::Folded => literal(out, &string.bytes),
            StringForm::Hexadecimal => hexadecimal(out, &string.bytes),
        },
        Object::Name(bytes) => name(out, bytes),
        Object::Array(array) => {
            out.push(b'[');
            for (index, element) in array.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                object(out, element);
            }
            out.push(b']');
        }
        Object::Dictionary(value) => dictionary(out, value),
        Object::Stream(stream) => {
            let bytes = stream.own_bytes.as_deref().unwrap_or(&[]);
            let mut head = stream.dictionary.clone();
            head.set(
                b"Length",
                Object::Integer(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
            );
            dictionary(out, &head);
            out.extend(b"\nstream\n");
            out.extend(bytes);
            out.extend(b"\nendstream");
        }
        Object::Reference(ObjectId { number, generation }) => {
            text(out, format_args!("{number} {generation} R"));
        }
    }
}

/// Formatted text; writing to a vector cannot fail.
pub(crate) fn text(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a vector takes every byte");
}

pub(crate) fn dictionary(out: &mut Vec<u8>, value: &Dictionary) {
    out.extend(b"<<");
    for entry in value.entries() {
        name(out, &entry.key);
        // A name, string, array or dictionary delimits itself; a number or word does not.
        if !matches!(
            entry.value,
            Object::Name(_) | Object::String(_) | Object::Array(_) | Object::Dictionary(_)
        ) {
            out.push(b' ');
        }
        object(out, &entry.value);
    }
    out.extend(b">>");
}

fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for &byte in bytes {
        let plain = byte.is_ascii_graphic() && !b"#()<>[]{}/%".contains(&byte);
        if plain {
            out.push(byte);
        } else {
            text(out, format_args!("#{byte:02X}"));
        }
    }
}

fn literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            // An end of line would be read back as LF, whatever it was.
            b'\r' => out.extend(b"\\r"),
            b'\n' => out.extend(b"\\n"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

pub(crate) fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'<');
    for byte in bytes {
        text(out, format_args!("{byte:02X}"));
    }
    out.push(b'>');
}

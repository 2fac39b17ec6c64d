//! Reading BER and DER by slices: every node knows the bytes it came from.
//!
//! Digests and signatures are taken over bytes as they were sent, so nothing here is decoded into a
//! structure that could be encoded back differently. DER is expected; BER's indefinite lengths and
//! split strings are understood because older signing programs write them.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

/// Deepest nesting of indefinite lengths and split strings.
const DEPTH_MAX: u32 = 32;

/// Most values within one of indefinite length: each level around it looks at them again. Writers
/// that do not know the length send pieces of a kilobyte and more.
const VALUES_MAX: u32 = 262_144;

/// Universal tags, constructed bit included where the type is constructed.
pub(crate) mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTF8: u8 = 0x0c;
    pub const NUMERIC: u8 = 0x12;
    pub const PRINTABLE: u8 = 0x13;
    pub const T61: u8 = 0x14;
    pub const IA5: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const GRAPHIC: u8 = 0x19;
    pub const VISIBLE: u8 = 0x1a;
    pub const GENERAL: u8 = 0x1b;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// `[n]`, primitive.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }
    /// `[n]`, constructed.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Why bytes are not the ASN.1 that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Asn1Error {
    /// The bytes end before the value does.
    #[error("the value is cut off")]
    Truncated,
    /// A length or tag is written in a form that is not supported.
    #[error("a tag or length cannot be read")]
    Header,
    /// Something else stands where a certain type must be.
    #[error("a value of tag {found:#04x} stands where {expected:#04x} must be")]
    Tag {
        /// The identifier octet that the grammar asks for.
        expected: u8,
        /// The identifier octet that is there.
        found: u8,
    },
    /// Bytes follow after the end of the value.
    #[error("bytes follow after the value")]
    Trailing,
    /// The content is not a value of its type.
    #[error("a value is malformed")]
    Value,
    /// Nested deeper than any real structure.
    #[error("the value is nested too deeply")]
    Depth,
    /// More elements than any real structure has.
    #[error("the value has too many elements")]
    Count,
    /// Larger than any real structure.
    #[error("the value is larger than any real one")]
    Size,
}

/// One value with its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// Header, content and, if the length is indefinite, the end marker.
    pub raw: &'a [u8],
    /// The content only.
    pub content: &'a [u8],
}

struct Header {
    tag: u8,
    len: usize,
    /// Absent when indefinite.
    content_len: Option<usize>,
}

fn header(bytes: &[u8]) -> Result<Header, Asn1Error> {
    let (&tag, rest) = bytes.split_first().ok_or(Asn1Error::Truncated)?;
    if tag & 0x1f == 0x1f {
        return Err(Asn1Error::Header);
    }
    let (&first, rest) = rest.split_first().ok_or(Asn1Error::Truncated)?;
    if first < 0x80 {
        return Ok(Header {
            tag,
            len: 2,
            content_len: Some(usize::from(first)),
        });
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        // Only a constructed value can say where it ends.
        let constructed = tag & 0x20 != 0;
        return if constructed {
            Ok(Header {
                tag,
                len: 2,
                content_len: None,
            })
        } else {
            Err(Asn1Error::Header)
        };
    }
    if count > 4 {
        return Err(Asn1Error::Header);
    }
    let digits = rest.get(..count).ok_or(Asn1Error::Truncated)?;
    let value = digits
        .iter()
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let content_len = usize::try_from(value).map_err(|_| Asn1Error::Header)?;
    Ok(Header {
        tag,
        len: 2 + count,
        content_len: Some(content_len),
    })
}

/// How long the value at the beginning of `bytes` is, end marker included; `left` is how many
/// values within may be looked at for that.
fn total_len(bytes: &[u8], depth: u32, left: &mut u32) -> Result<usize, Asn1Error> {
    *left = left.checked_sub(1).ok_or(Asn1Error::Count)?;
    let header = header(bytes)?;
    if let Some(len) = header.content_len {
        let total = header.len.checked_add(len).ok_or(Asn1Error::Header)?;
        return if total <= bytes.len() {
            Ok(total)
        } else {
            Err(Asn1Error::Truncated)
        };
    }
    let deeper = depth.checked_sub(1).ok_or(Asn1Error::Depth)?;
    let mut at = header.len;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        if rest.starts_with(&[0, 0]) {
            return Ok(at.saturating_add(2));
        }
        at = at.saturating_add(total_len(rest, deeper, left)?);
    }
}

/// Reads the value at the beginning of `bytes`; answers it and what follows.
pub(crate) fn read(bytes: &[u8]) -> Result<(Node<'_>, &[u8]), Asn1Error> {
    let header = header(bytes)?;
    let total = total_len(bytes, DEPTH_MAX, &mut { VALUES_MAX })?;
    let (raw, rest) = bytes.split_at_checked(total).ok_or(Asn1Error::Truncated)?;
    let end = match header.content_len {
        Some(_) => total,
        None => total.saturating_sub(2),
    };
    let content = raw.get(header.len..end).ok_or(Asn1Error::Truncated)?;
    Ok((
        Node {
            tag: header.tag,
            raw,
            content,
        },
        rest,
    ))
}

/// Reads one value of type `tag` that fills `bytes`.
pub(crate) fn read_all(bytes: &[u8], tag: u8) -> Result<Node<'_>, Asn1Error> {
    match read(bytes)? {
        (node, []) => node.expect(tag),
        _ => Err(Asn1Error::Trailing),
    }
}

impl<'a> Node<'a> {
    /// The same node, if it has this tag.
    pub fn expect(self, tag: u8) -> Result<Self, Asn1Error> {
        if self.tag == tag {
            Ok(self)
        } else {
            Err(Asn1Error::Tag {
                expected: tag,
                found: self.tag,
            })
        }
    }

    /// The nodes inside.
    pub fn reader(&self) -> Reader<'a> {
        Reader { rest: self.content }
    }

    /// The only node inside.
    pub fn only(&self) -> Result<Node<'a>, Asn1Error> {
        let mut reader = self.reader();
        let node = reader.next()?;
        reader.finish()?;
        Ok(node)
    }

    /// All nodes inside, at most `count_max`.
    pub fn children(&self, count_max: usize) -> Result<Vec<Node<'a>>, Asn1Error> {
        let mut reader = self.reader();
        let mut found = Vec::new();
        while !reader.is_empty() {
            if found.len() >= count_max {
                return Err(Asn1Error::Count);
            }
            found.push(reader.next()?);
        }
        Ok(found)
    }

    /// An object identifier.
    pub fn oid(&self) -> Result<ObjectIdentifier, Asn1Error> {
        let node = self.expect(tag::OID)?;
        ObjectIdentifier::from_bytes(node.content).map_err(|_| Asn1Error::Value)
    }

    /// The two's complement bytes of an integer.
    pub fn integer(&self) -> Result<&'a [u8], Asn1Error> {
        let node = self.expect(tag::INTEGER)?;
        // X.690, 8.3.2, for BER too: no byte that only repeats the sign.
        match node.content {
            [] => Err(Asn1Error::Value),
            [0, second, ..] if second & 0x80 == 0 => Err(Asn1Error::Value),
            [0xff, second, ..] if second & 0x80 != 0 => Err(Asn1Error::Value),
            content => Ok(content),
        }
    }

    /// A small non-negative integer.
    pub fn small(&self) -> Result<u64, Asn1Error> {
        match self.integer()? {
            [first, ..] if first & 0x80 != 0 => Err(Asn1Error::Value),
            digits if digits.len() <= 8 => Ok(digits
                .iter()
                .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))),
            _ => Err(Asn1Error::Value),
        }
    }

    /// An enumerated value of one byte, as every one we read has.
    pub fn enumerated(&self) -> Result<u8, Asn1Error> {
        match self.expect(tag::ENUMERATED)?.content {
            [value] => Ok(*value),
            _ => Err(Asn1Error::Value),
        }
    }

    /// A boolean; BER allows any non-zero byte for true.
    pub fn boolean(&self) -> Result<bool, Asn1Error> {
        match self.expect(tag::BOOLEAN)?.content {
            [value] => Ok(*value != 0),
            _ => Err(Asn1Error::Value),
        }
    }

    /// The bytes of an octet string, of BER's split form too.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, Asn1Error> {
        if self.tag == tag::OCTET_STRING {
            return Ok(Cow::Borrowed(self.content));
        }
        self.expect(tag::OCTET_STRING | 0x20)?;
        let mut whole = Vec::new();
        gather_octets(self.content, false, DEPTH_MAX, &mut whole)?;
        Ok(Cow::Owned(whole))
    }

    /// The bytes of a bit string that has no unused bits.
    pub fn bits(&self) -> Result<&'a [u8], Asn1Error> {
        match self.expect(tag::BIT_STRING)?.content {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(Asn1Error::Value),
        }
    }

    /// A text of any of the string types that names are written in; unknown bytes become U+FFFD.
    pub fn text(&self) -> Result<String, Asn1Error> {
        match self.tag {
            tag::UTF8 | tag::NUMERIC | tag::PRINTABLE | tag::IA5 => {
                Ok(String::from_utf8_lossy(self.content).into_owned())
            }
            tag::T61 | tag::GRAPHIC | tag::VISIBLE | tag::GENERAL => {
                Ok(self.content.iter().map(|byte| char::from(*byte)).collect())
            }
            tag::BMP => {
                let units = self.content.as_chunks::<2>().0.iter();
                let units = units.map(|pair| u16::from_be_bytes(*pair));
                let chars = char::decode_utf16(units);
                Ok(chars.map(|unit| unit.unwrap_or('\u{fffd}')).collect())
            }
            tag::UNIVERSAL_STRING => {
                let units = self.content.as_chunks::<4>().0.iter();
                let chars = units.map(|four| char::from_u32(u32::from_be_bytes(*four)));
                Ok(chars.map(|unit| unit.unwrap_or('\u{fffd}')).collect())
            }
            found => Err(Asn1Error::Tag {
                expected: tag::UTF8,
                found,
            }),
        }
    }
}

/// Takes the pieces of a split string that stand in `bytes`, up to its end marker if it has one;
/// answers how many bytes those are. Each is looked at once, however deep it is.
fn gather_octets(
    bytes: &[u8],
    is_marked: bool,
    depth: u32,
    whole: &mut Vec<u8>,
) -> Result<usize, Asn1Error> {
    let deeper = depth.checked_sub(1).ok_or(Asn1Error::Depth)?;
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if is_marked && rest.starts_with(&[0, 0]) {
            return Ok(at.saturating_add(2));
        }
        if !is_marked && rest.is_empty() {
            return Ok(at);
        }
        let header = header(rest)?;
        let inside = rest.get(header.len..).ok_or(Asn1Error::Truncated)?;
        let is_split = header.tag == tag::OCTET_STRING | 0x20;
        if !is_split && header.tag != tag::OCTET_STRING {
            return Err(Asn1Error::Tag {
                expected: tag::OCTET_STRING | 0x20,
                found: header.tag,
            });
        }
        let len = match header.content_len {
            None => gather_octets(inside, true, deeper, whole)?,
            Some(len) => {
                let piece = inside.get(..len).ok_or(Asn1Error::Truncated)?;
                if is_split {
                    gather_octets(piece, false, deeper, whole)?;
                } else {
                    whole.extend(piece);
                }
                len
            }
        };
        at = at.saturating_add(header.len).saturating_add(len);
    }
}

/// Values one after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes that are left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The identifier octet of the next value.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value.
    pub fn next(&mut self) -> Result<Node<'a>, Asn1Error> {
        let (node, rest) = read(self.rest)?;
        self.rest = rest;
        Ok(node)
    }

    /// The next value, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Result<Node<'a>, Asn1Error> {
        self.next()?.expect(tag)
    }

    /// The next value, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Node<'a>>, Asn1Error> {
        if self.rest.first() == Some(&tag) {
            self.next().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Fails if something is left.
    pub fn finish(&self) -> Result<(), Asn1Error> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Asn1Error::Trailing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_split_strings_are_understood() {
        let ber = [
            0x24, 0x80, 0x04, 1, 7, 0x24, 0x80, 0x04, 2, 8, 9, 0, 0, 0, 0, 0xff,
        ];
        let (node, rest) = read(&ber).unwrap();
        assert_eq!(rest, [0xff]);
        assert_eq!(node.octets().unwrap().as_ref(), [7, 8, 9]);
    }

    #[test]
    fn check_37_pieces_of_a_split_string_are_read_once_at_each_level() {
        let nested = |levels: usize, pieces: usize| {
            let open = [0x24, 0x80].repeat(levels);
            let close = [0, 0].repeat(levels);
            [open, [4, 1, 7].repeat(pieces), close].concat()
        };
        let deep = nested(30, 100_000);
        let (node, _) = read(&deep).unwrap();
        assert_eq!(node.octets().unwrap().len(), 100_000);
        let many = nested(1, VALUES_MAX as usize);
        assert_eq!(read(&many).unwrap_err(), Asn1Error::Count);
        for split in [
            &[0x24, 4, 4, 1, 7, 0x24][..],
            &[0x24, 3, 4, 9, 7],
            &[0x24, 3, 2, 1, 7],
        ] {
            let node = read(split).and_then(|(node, _)| node.octets().map(|_| ()));
            assert!(node.is_err(), "{split:?}");
        }
    }

    #[test]
    fn integers_are_as_short_as_they_can_be() {
        let read = |content: &[u8]| {
            let bytes = [&[2, u8::try_from(content.len()).unwrap()], content].concat();
            read(&bytes).unwrap().0.integer().map(<[u8]>::to_vec)
        };
        assert_eq!(read(&[0, 0x80]), Ok(vec![0, 0x80]));
        assert_eq!(read(&[0xff, 0x7f]), Ok(vec![0xff, 0x7f]));
        for long in [&[0, 1][..], &[0xff, 0x80], &[]] {
            assert_eq!(read(long), Err(Asn1Error::Value), "{long:?}");
        }
    }

    #[test]
    fn cut_and_bottomless_values_are_refused() {
        assert_eq!(read(&[0x30, 5, 1]).unwrap_err(), Asn1Error::Truncated);
        assert_eq!(
            read(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).unwrap_err(),
            Asn1Error::Truncated
        );
        assert_eq!(
            read(&[0x30, 0x85, 1, 1, 1, 1, 1]).unwrap_err(),
            Asn1Error::Header
        );
        let deep: Vec<u8> = [0x30, 0x80].repeat(1000);
        assert_eq!(read(&deep).unwrap_err(), Asn1Error::Depth);
    }
}

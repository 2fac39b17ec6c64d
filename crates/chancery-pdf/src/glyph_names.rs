//! Names of letters and signs that leave what is beneath them to be read (the Adobe Glyph List of
//! ISO 32000-2, 9.6.5, as far as texts use it). Blocks, shades and boxes are none of them.

/// Signs and letters whose names are no letter with an accent.
const NAMES: &[&[u8]] = &[
    b"AE",
    b"Eth",
    b"Euro",
    b"OE",
    b"Thorn",
    b"ae",
    b"ampersand",
    b"asciicircum",
    b"asciitilde",
    b"asterisk",
    b"at",
    b"backslash",
    b"bar",
    b"braceleft",
    b"braceright",
    b"bracketleft",
    b"bracketright",
    b"brokenbar",
    b"cent",
    b"colon",
    b"comma",
    b"copyright",
    b"currency",
    b"dagger",
    b"daggerdbl",
    b"degree",
    b"divide",
    b"dollar",
    b"dotlessi",
    b"eight",
    b"ellipsis",
    b"emdash",
    b"endash",
    b"equal",
    b"eth",
    b"exclam",
    b"exclamdown",
    b"fi",
    b"five",
    b"fl",
    b"florin",
    b"four",
    b"fraction",
    b"germandbls",
    b"greater",
    b"guillemotleft",
    b"guillemotright",
    b"guilsinglleft",
    b"guilsinglright",
    b"hyphen",
    b"less",
    b"minus",
    b"mu",
    b"multiply",
    b"nbspace",
    b"nine",
    b"nonbreakingspace",
    b"numbersign",
    b"oe",
    b"one",
    b"onehalf",
    b"onequarter",
    b"onesuperior",
    b"ordfeminine",
    b"ordmasculine",
    b"paragraph",
    b"parenleft",
    b"parenright",
    b"percent",
    b"period",
    b"periodcentered",
    b"perthousand",
    b"plus",
    b"plusminus",
    b"question",
    b"questiondown",
    b"quotedbl",
    b"quotedblbase",
    b"quotedblleft",
    b"quotedblright",
    b"quoteleft",
    b"quoteright",
    b"quotesinglbase",
    b"quotesingle",
    b"registered",
    b"section",
    b"semicolon",
    b"seven",
    b"sfthyphen",
    b"six",
    b"slash",
    b"softhyphen",
    b"space",
    b"sterling",
    b"thorn",
    b"three",
    b"threequarters",
    b"threesuperior",
    b"trademark",
    b"two",
    b"twosuperior",
    b"underscore",
    b"yen",
    b"zero",
    // The names of accents that stand alone, and of no letter.
    b".notdef",
    b"acute",
    b"breve",
    b"bullet",
    b"caron",
    b"cedilla",
    b"circumflex",
    b"dieresis",
    b"dotaccent",
    b"grave",
    b"hungarumlaut",
    b"macron",
    b"ogonek",
    b"ring",
    b"tilde",
    b"logicalnot",
];
/// What may follow a letter in the name of the same with an accent.
const ACCENTS: &[&[u8]] = &[
    b"",
    b"acute",
    b"breve",
    b"caron",
    b"cedilla",
    b"circumflex",
    b"commaaccent",
    b"croat",
    b"dieresis",
    b"dotaccent",
    b"grave",
    b"hungarumlaut",
    b"macron",
    b"ogonek",
    b"ring",
    b"slash",
    b"tilde",
];
/// Numbers of Unicode with letters and signs of texts: Latin to Cyrillic, and punctuation.
const SIGNS: [(u32, u32); 5] = [
    (0x20, 0x7e),
    (0xa0, 0x52f),
    (0x2010, 0x2027),
    (0x2030, 0x203a),
    (0x20a0, 0x20bf),
];
/// Numbers of Cyrillic letters in names of the form `afii…`.
const CYRILLIC: [(u32, u32); 3] = [(10_017, 10_110), (10_145, 10_146), (10_193, 10_196)];
/// The number sign of Russian.
const NUMERO: (u32, u32) = (61_352, 0x2116);

/// Whether a glyph of this name is a letter or a sign of texts.
pub(crate) fn is_of_texts(name: &[u8]) -> bool {
    if let Some(number) = name.strip_prefix(b"afii") {
        let number = parsed(number, 10);
        return number.is_some_and(|one| one == NUMERO.0 || within(&CYRILLIC, one));
    }
    let hexadecimal = name.strip_prefix(b"uni").filter(|rest| rest.len() == 4);
    if let Some(number) = hexadecimal.and_then(|rest| parsed(rest, 16)) {
        return number == NUMERO.1 || within(&SIGNS, number);
    }
    let accented = |rest: &[u8]| ACCENTS.contains(&rest);
    let letter = name.split_first();
    let letter = letter.is_some_and(|(first, rest)| first.is_ascii_alphabetic() && accented(rest));
    letter || NAMES.contains(&name)
}

fn within(ranges: &[(u32, u32)], number: u32) -> bool {
    ranges
        .iter()
        .any(|(from, to)| (*from..=*to).contains(&number))
}

fn parsed(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_of_texts_and_blocks_are_not() {
        for name in [
            "A",
            "eacute",
            "afii10065",
            "uni0416",
            "seven",
            "Euro",
            "germandbls",
        ] {
            assert!(is_of_texts(name.as_bytes()), "{name}");
        }
        for name in [
            "block",
            "uni2588",
            "a73",
            "g12",
            "filledbox",
            "H18533",
            "afii61664",
            "",
            "uni25A0",
            "dkshade",
            "afii",
            "bigcircle",
        ] {
            assert!(!is_of_texts(name.as_bytes()), "{name}");
        }
    }
}

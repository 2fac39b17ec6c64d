//! The signs that fonts of text have: their names in encodings, and how wide they are.

/// Signs beyond ASCII by their names, with their codes in PDFDocEncoding where that differs from
/// Latin-1 (ISO 32000-2, annex D.2).
const DOCUMENT: &[(u8, &str, char)] = &[
    (24, "breve", '\u{2d8}'),
    (25, "caron", '\u{2c7}'),
    (26, "circumflex", '\u{2c6}'),
    (27, "dotaccent", '\u{2d9}'),
    (28, "hungarumlaut", '\u{2dd}'),
    (29, "ogonek", '\u{2db}'),
    (30, "ring", '\u{2da}'),
    (31, "tilde", '\u{2dc}'),
    (128, "bullet", '\u{2022}'),
    (129, "dagger", '\u{2020}'),
    (130, "daggerdbl", '\u{2021}'),
    (131, "ellipsis", '\u{2026}'),
    (132, "emdash", '\u{2014}'),
    (133, "endash", '\u{2013}'),
    (134, "florin", '\u{192}'),
    (135, "fraction", '\u{2044}'),
    (136, "guilsinglleft", '\u{2039}'),
    (137, "guilsinglright", '\u{203a}'),
    (138, "minus", '\u{2212}'),
    (139, "perthousand", '\u{2030}'),
    (140, "quotedblbase", '\u{201e}'),
    (141, "quotedblleft", '\u{201c}'),
    (142, "quotedblright", '\u{201d}'),
    (143, "quoteleft", '\u{2018}'),
    (144, "quoteright", '\u{2019}'),
    (145, "quotesinglbase", '\u{201a}'),
    (146, "trademark", '\u{2122}'),
    (147, "fi", '\u{fb01}'),
    (148, "fl", '\u{fb02}'),
    (149, "Lslash", '\u{141}'),
    (150, "OE", '\u{152}'),
    (151, "Scaron", '\u{160}'),
    (152, "Ydieresis", '\u{178}'),
    (153, "Zcaron", '\u{17d}'),
    (154, "dotlessi", '\u{131}'),
    (155, "lslash", '\u{142}'),
    (156, "oe", '\u{153}'),
    (157, "scaron", '\u{161}'),
    (158, "zcaron", '\u{17e}'),
    (160, "Euro", '\u{20ac}'),
];
/// The names of Latin-1 from 161.
const LATIN: &[&str] = &[
    "exclamdown",
    "cent",
    "sterling",
    "currency",
    "yen",
    "brokenbar",
    "section",
    "dieresis",
    "copyright",
    "ordfeminine",
    "guillemotleft",
    "logicalnot",
    "hyphen",
    "registered",
    "macron",
    "degree",
    "plusminus",
    "twosuperior",
    "threesuperior",
    "acute",
    "mu",
    "paragraph",
    "periodcentered",
    "cedilla",
    "onesuperior",
    "ordmasculine",
    "guillemotright",
    "onequarter",
    "onehalf",
    "threequarters",
    "questiondown",
    "Agrave",
    "Aacute",
    "Acircumflex",
    "Atilde",
    "Adieresis",
    "Aring",
    "AE",
    "Ccedilla",
    "Egrave",
    "Eacute",
    "Ecircumflex",
    "Edieresis",
    "Igrave",
    "Iacute",
    "Icircumflex",
    "Idieresis",
    "Eth",
    "Ntilde",
    "Ograve",
    "Oacute",
    "Ocircumflex",
    "Otilde",
    "Odieresis",
    "multiply",
    "Oslash",
    "Ugrave",
    "Uacute",
    "Ucircumflex",
    "Udieresis",
    "Yacute",
    "Thorn",
    "germandbls",
    "agrave",
    "aacute",
    "acircumflex",
    "atilde",
    "adieresis",
    "aring",
    "ae",
    "ccedilla",
    "egrave",
    "eacute",
    "ecircumflex",
    "edieresis",
    "igrave",
    "iacute",
    "icircumflex",
    "idieresis",
    "eth",
    "ntilde",
    "ograve",
    "oacute",
    "ocircumflex",
    "otilde",
    "odieresis",
    "divide",
    "oslash",
    "ugrave",
    "uacute",
    "ucircumflex",
    "udieresis",
    "yacute",
    "thorn",
    "ydieresis",
];
/// WinAnsiEncoding from 128 to 159; NUL where it has nothing.
const WINDOWS: &str = "\u{20ac}\0\u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\
    \u{160}\u{2039}\u{152}\0\u{17d}\0\0\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\u{2014}\
    \u{2dc}\u{2122}\u{161}\u{203a}\u{153}\0\u{17e}\u{178}";
/// Codes beyond ASCII at which the fonts' own encoding has the signs of Latin-1.
const OWN: &[u8] = &[161, 162, 163, 165, 167, 171, 182, 187, 191];
/// How wide the signs of ASCII are in Helvetica and in Times, in thousandths of their size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 500, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];
/// Letters with accents, and the letters that they are as wide as.
const ACCENTED: &[(&str, char)] = &[
    ("ÀÁÂÃÄÅ", 'A'),
    ("Ç", 'C'),
    ("ÐÞ", 'D'),
    ("ÈÉÊË", 'E'),
    ("ÌÍÎÏ", 'I'),
    ("Ñ", 'N'),
    ("ÒÓÔÕÖØ", 'O'),
    ("Š", 'S'),
    ("ÙÚÛÜ", 'U'),
    ("ÝŸ", 'Y'),
    ("Ž", 'Z'),
    ("àáâãäå", 'a'),
    ("ç", 'c'),
    ("ðèéêë", 'e'),
    ("ìíîï", 'i'),
    ("ñ", 'n'),
    ("òóôõöø", 'o'),
    ("š", 's'),
    ("ùúûü", 'u'),
    ("ýÿ", 'y'),
    ("ž", 'z'),
];
/// What any other sign measures.
const ANY: (f64, f64) = (0.15, 1.2);
/// What digits measure in fonts of text, and what letters of one width do.
const DIGITS: (f64, f64) = (0.4, 0.7);
const EVEN: (f64, f64) = (0.54, 0.66);
/// How much narrower and wider than in Helvetica and Times a letter is in other fonts, and by how
/// much it is wider where it is narrow.
const NARROWER: f64 = 0.6;
const WIDER: (f64, f64) = (1.3, 0.2);
/// How much wider letters are that are bold.
const BOLD: f64 = 0.06;

/// The sign of a name beyond ASCII.
pub(crate) fn named(name: &[u8]) -> Option<char> {
    if let Some((_, _, sign)) = DOCUMENT.iter().find(|(_, own, _)| own.as_bytes() == name) {
        return Some(*sign);
    }
    let at = LATIN.iter().position(|own| own.as_bytes() == name)?;
    // What is called a hyphen is drawn as one.
    let sign = char::from(u8::try_from(at.checked_add(161)?).ok()?);
    Some(if sign == '\u{ad}' { '-' } else { sign })
}

/// What a code of a text string says (PDFDocEncoding, 7.9.2.2).
pub(crate) fn said(code: u8) -> char {
    let own = DOCUMENT.iter().find(|(own, _, _)| *own == code);
    own.map_or(char::from(code), |(_, _, sign)| *sign)
}

/// The sign of a code in WinAnsiEncoding.
pub(crate) fn windows(code: u8) -> Option<char> {
    match code {
        128..=159 => WINDOWS
            .chars()
            .nth(usize::from(code.saturating_sub(128)))
            .filter(|sign| *sign != '\0'),
        160 => Some(' '),
        // Seen or not, as each reader takes it.
        173 => None,
        _ => Some(char::from(code)),
    }
}

/// The sign of a code beyond ASCII that all encodings of fonts of text have in common.
pub(crate) fn own(code: u8) -> Option<char> {
    OWN.contains(&code).then(|| char::from(code))
}

fn in_table(table: &[u16; 95], sign: char) -> Option<f64> {
    let place = u32::from(sign).checked_sub(32)?;
    let width = table.get(usize::try_from(place).ok()?)?;
    Some(f64::from(*width) / 1000.0)
}

fn base(sign: char) -> char {
    let mut all = ACCENTED.iter();
    let known = all.find(|(letters, _)| letters.contains(sign));
    known.map_or(sign, |(_, letter)| *letter)
}

fn is_even(font: &[u8]) -> bool {
    let holds = |part: &[u8]| font.windows(part.len()).any(|own| own == part);
    holds(b"Courier") || holds(b"Mono")
}

/// How wide a sign is in a font of this name, of its size: at least and at most.
pub(crate) fn foreseen(font: &[u8], sign: char) -> (f64, f64) {
    if is_even(font) {
        return EVEN;
    }
    let letter = base(sign);
    let (Some(one), Some(other)) = (in_table(&HELVETICA, letter), in_table(&TIMES, letter)) else {
        return ANY;
    };
    if letter.is_ascii_digit() {
        return DIGITS;
    }
    let most = one.max(other);
    (
        one.min(other) * NARROWER,
        (most * WIDER.0).max(most + WIDER.1),
    )
}

/// How wide readers draw a sign where a font that the file does not bring says nothing of it.
pub(crate) fn usual(font: &[u8], sign: char) -> (f64, f64) {
    let letter = base(sign);
    let table = match font {
        _ if is_even(font) => return (0.6, 0.6),
        font if font.starts_with(b"Helvetica") || font.starts_with(b"Arial") => &HELVETICA,
        font if font.starts_with(b"Times") => &TIMES,
        // What readers take instead.
        _ => return foreseen(font, sign),
    };
    let Some(width) = in_table(table, letter) else {
        return ANY;
    };
    let bold = font.windows(4).any(|own| own == b"Bold");
    (width, if bold { width + BOLD } else { width })
}

//! Embedded TrueType fonts with several tables of codes (ISO 32000-2, 9.6.5.4): each reader has an
//! order of its own in which it asks them, so they must say the same.

use skrifa::raw::TableProvider as _;
use skrifa::raw::tables::cmap::{CmapSubtable, PlatformId};
use skrifa::{FontRef, GlyphId};

use crate::object::{Dictionary, Object};
use crate::readings::Varies;
use crate::readings_walk::Walk;

/// Most bytes of programs, profiles and tables that are looked at in one file.
pub(crate) const PROGRAM_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most tables of one font.
const TABLES_MAX: usize = 32;
/// Where symbols begin in tables for them: codes stand behind one of these.
const SYMBOLS: [u32; 3] = [0xf000, 0xf100, 0xf200];
/// What the codes from 128 stand for in tables of the Macintosh (annex D.2).
const MACINTOSH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
/// Those of them that fonts take for one of two letters of Unicode that look alike, such as ohm and
/// omega.
const ALIKE: &str = "ßµπΩƒ∆€¯\u{a0}\u{f8ff}";

/// How a table takes a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it is: (1, 0).
    Plain,
    /// As a symbol: (3, 0).
    Symbol,
    /// As the letter of Unicode that it stands for: (3, 1).
    Letter,
}

impl Walk<'_, '_> {
    /// Looks at the program of a simple TrueType font.
    pub(crate) fn tables_of_codes(&mut self, font: &Dictionary) {
        if !font.is_name(b"Subtype", b"TrueType") {
            return;
        }
        let descriptor = self.value(font, b"FontDescriptor");
        let program = descriptor
            .as_dictionary()
            .and_then(|one| one.get(b"FontFile2"));
        let Some(id) = program.and_then(Object::as_reference) else {
            return;
        };
        if !self.programs.insert(id.number) {
            return;
        }
        let stream = match self.pdf.get(id) {
            Ok(Object::Stream(stream)) => stream,
            // Not a program: readers take a font of their own.
            Ok(_) => return self.varies(Varies::Fonts),
            Err(error) => return self.failed(&error),
        };
        let mut left = self.programs_left;
        let program = self.decode_some(&stream, &mut left);
        self.programs_left = left;
        if !program.is_ok_and(|program| say_the_same(&program)) {
            self.varies(Varies::Letters);
        }
    }
}

/// Whether all tables that know a code find the same letter for it. What the font itself lacks, or
/// cannot be read of it, readers seek in ways that are not told here.
fn say_the_same(program: &[u8]) -> bool {
    let Ok(codes) = FontRef::new(program).and_then(|font| font.cmap()) else {
        return true;
    };
    let records = codes.encoding_records().iter().take(TABLES_MAX);
    let tables = records.filter_map(|record| {
        let way = match (record.platform_id(), record.encoding_id()) {
            (PlatformId::Macintosh, 0) => Way::Plain,
            (PlatformId::Windows, 0) => Way::Symbol,
            (PlatformId::Windows, 1) => Way::Letter,
            _ => return None,
        };
        Some((way, record.subtable(codes.offset_data()).ok()?))
    });
    let tables: Vec<(Way, CmapSubtable<'_>)> = tables.collect();
    let beyond = MACINTOSH
        .chars()
        .map(|letter| match ALIKE.contains(letter) {
            true => None,
            false => Some(u32::from(letter)),
        });
    let ascii = (0..128).map(|code| Some(code).filter(|code| (33..=126).contains(code)));
    let letters = ascii.chain(beyond);
    letters.zip(0..=u8::MAX).all(|(letter, code)| {
        let found = tables.iter();
        let found = found.filter_map(|(way, table)| glyph(*way, table, code, letter));
        let mut found = found.filter(|glyph| *glyph != GlyphId::NOTDEF);
        let first = found.next();
        found.all(|other| Some(other) == first)
    })
}

/// What a table finds for a code of the Macintosh, and for the letter that it stands for there.
/// Codes of other letters, and those that are no letters, only tables of symbols share.
fn glyph(way: Way, table: &CmapSubtable<'_>, code: u8, letter: Option<u32>) -> Option<GlyphId> {
    let code = u32::from(code);
    let symbol = |base: &u32| {
        let glyph = table.map_codepoint(base.saturating_add(code));
        glyph.filter(|glyph| *glyph != GlyphId::NOTDEF)
    };
    match way {
        Way::Plain => table.map_codepoint(code),
        Way::Symbol => {
            let found = SYMBOLS.iter().find_map(symbol);
            found.or_else(|| symbol(&0).filter(|_| letter == Some(code)))
        }
        Way::Letter => table.map_codepoint(letter?),
    }
}

#[cfg(test)]
mod tests {
    use super::MACINTOSH;

    #[test]
    fn the_macintosh_has_as_many_letters_beyond_ascii_as_within() {
        assert_eq!(MACINTOSH.chars().count(), 128);
        assert_eq!(MACINTOSH.chars().nth(0xa5 - 128), Some('•'));
        assert_eq!(MACINTOSH.chars().nth(0xdb - 128), Some('€'));
        assert_eq!(MACINTOSH.chars().last(), Some('ˇ'));
    }
}

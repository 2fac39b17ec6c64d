//! Sets text into PDF and HTML files: the protocol of a check, the demo's papers.
//!
//! ```text
//! blocks ┬─ typeset ──► A4 pages, letters embedded, words with their Unicode ──► PDF
//!        └─ html ─────► one file without scripts and addresses
//! ```
//!
//! The same text gives the same bytes: no clock, no randomness. A reader can search the text and
//! two versions can be compared (`ToUnicode`, ISO 32000-2, 9.10.3). A letter that the typeface does
//! not have is shown as a question mark.

mod face;
mod file;
mod html;
mod typeset;

pub use face::FaceError;
pub use html::html;
pub use typeset::{Block, CHARACTERS_MAX, Paper, Typeface, TypesetError, typeset};

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Paper<'static> {
        Paper {
            lang: "ru",
            title: "Протокол (проба)",
            footer: "Chancery",
            producer: "Chancery) /Evil (",
            typeface: Typeface::Sans,
        }
    }

    fn pages(blocks: &[Block]) -> usize {
        let file = typeset(&paper(), blocks).unwrap();
        assert_eq!(file, typeset(&paper(), blocks).unwrap(), "the same bytes");
        let pdf = chancery_pdf::Pdf::open(&file, &chancery_pdf::Limits::default()).unwrap();
        assert!(pdf.dishonest_entries().is_empty());
        pdf.pages().unwrap().len()
    }

    #[test]
    fn every_block_is_set_and_long_ones_go_on_over_pages() {
        let text = "Слово за слово, ".repeat(40);
        let few = [
            Block::Title("Протокол".to_owned()),
            Block::Margins("Москва".to_owned(), "2026".to_owned()),
            Block::Heading("1. Предмет".to_owned()),
            Block::Section("Подпись 1".to_owned()),
            Block::Row("SHA-256".to_owned(), "0f".repeat(300)),
            Block::Note(text.clone()),
            Block::Columns(vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]),
            Block::Paragraph(text.clone()),
            Block::Row(String::new(), String::new()),
        ];
        assert_eq!(pages(&few), 1);
        let many: Vec<Block> = (0..100)
            .map(|_| Block::Row("Имя".to_owned(), text.clone()))
            .collect();
        assert!(pages(&many) > 10);
    }

    #[test]
    fn nothing_typed_breaks_the_file_out_of_its_strings() {
        let hostile = ") Tj ET endstream endobj \\ << >> \u{202e}\r\n\u{0}".to_owned();
        assert_eq!(pages(&[Block::Row(hostile.clone(), hostile.clone())]), 1);
        let file = typeset(&paper(), &[Block::Note(hostile)]).unwrap();
        let text = String::from_utf8_lossy(&file);
        assert!(
            text.contains("/Producer(Chancery Evil )"),
            "only letters are left of it"
        );
        assert!(!text.contains("Tj ET endstream"));
    }

    #[test]
    fn more_than_anybody_reads_is_refused() {
        let much = "a".repeat(CHARACTERS_MAX + 1);
        let refused = typeset(&paper(), &[Block::Note(much)]);
        assert!(matches!(refused, Err(TypesetError::TooLong)));
    }

    #[test]
    fn html_says_the_same_and_runs_nothing() {
        let hostile = "<script>alert('1')</script> & \"x\"".to_owned();
        let blocks = [
            Block::Title(hostile.clone()),
            Block::Row(hostile.clone(), format!("{hostile}\n{hostile}")),
            Block::Row("b".to_owned(), String::new()),
            Block::Note(hostile),
        ];
        let page = html(&paper(), &blocks);
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("<html lang=\"ru\">") && page.contains("<title>Протокол (проба)"));
        let (rows, notes) = (page.matches("<dl>").count(), page.matches("</dl>").count());
        assert_eq!((rows, notes), (1, 1));
        assert!(page.contains("&quot;x&quot;<br>&lt;script&gt;"), "{page}");
    }
}

//! The demo's papers: contracts and invoices with real text, set into PDFs.

use chancery_docgen::{Block, Paper, Typeface, TypesetError, typeset};
use serde::Deserialize;

/// Every place for a value that a form may have.
#[cfg(test)]
const PLACES: &[&str] = &[
    "title",
    "number",
    "date",
    "subject",
    "amount",
    "payment_days",
    "penalty",
    "valid_until",
    "extra",
    "we",
    "our_inn",
    "our_kpp",
    "our_signatory",
    "they",
    "their_numbers",
    "their_address",
    "their_signatory",
];

/// What papers are about and how they read.
#[derive(Clone, Debug, Deserialize)]
pub struct Wording {
    /// What is bought or sold, in the demo's order.
    pub subjects: Vec<Subject>,
    /// The form of a contract with a Russian counterparty.
    pub contract_ru: Form,
    /// The form of a contract with a foreign one.
    pub contract_en: Form,
    /// The form of an invoice.
    pub invoice: Form,
    /// What people say.
    pub words: Words,
}

/// What people say when they decide.
#[derive(Clone, Debug, Deserialize)]
pub struct Words {
    /// A remark beside an approval.
    pub remark: String,
    /// Why a document goes back.
    pub give_back: String,
    /// Why it is rejected.
    pub reject: String,
    /// Why it is taken back.
    pub withdraw: String,
    /// Why a counterparty does not sign.
    pub refuse: String,
    /// What a counterparty asks.
    pub question: String,
    /// What the initiator answers.
    pub reply: String,
    /// What changed in a new version.
    pub resubmit: String,
    /// A clause that a new version adds, in Russian.
    pub extra_ru: String,
    /// A clause that a new version adds, in English.
    pub extra_en: String,
    /// The title of an invoice, Russian.
    pub invoice_title: String,
    /// The numbers of a Russian counterparty.
    pub numbers: String,
}

/// One thing that is bought or sold.
#[derive(Clone, Debug, Deserialize)]
pub struct Subject {
    /// The document's title in Russian.
    pub title_ru: String,
    /// The document's title in English.
    pub title_en: String,
    /// The subject clause in Russian.
    pub text_ru: String,
    /// The subject clause in English.
    pub text_en: String,
}

/// The text of a paper with `{name}` where a value goes.
#[derive(Clone, Debug, Deserialize)]
pub struct Form {
    /// The language it is written in.
    pub lang: String,
    /// Above everything.
    pub title: String,
    /// The line under the title: left and right.
    pub margins: (String, String),
    /// What comes next; a line that begins with `# ` is a heading.
    pub lines: Vec<String>,
    /// The parties' details, left and right.
    pub parties: (Vec<String>, Vec<String>),
    /// Under every page.
    pub footer: String,
}

/// The built-in wording.
///
/// # Errors
///
/// If the built-in file does not parse: a fault of the build.
pub fn wording() -> Result<Wording, toml::de::Error> {
    toml::from_str(include_str!("wording.toml"))
}

/// A paper by `form` with `values` in their places, as a PDF.
///
/// # Errors
///
/// [`TypesetError`] if the built-in typeface cannot be used.
pub fn fill(form: &Form, values: &[(&str, &str)]) -> Result<Vec<u8>, TypesetError> {
    let filled = |text: &str| {
        values.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    };
    let title = filled(&form.title);
    let mut blocks = vec![
        Block::Title(title.clone()),
        Block::Margins(filled(&form.margins.0), filled(&form.margins.1)),
    ];
    for line in &form.lines {
        let text = filled(line);
        blocks.push(match text.strip_prefix("# ") {
            Some(heading) => Block::Heading(heading.to_owned()),
            // A value may be empty: then there is no such paragraph.
            None if text.is_empty() => continue,
            None => Block::Paragraph(text),
        });
    }
    let side = |lines: &[String]| lines.iter().map(|line| filled(line)).collect();
    blocks.push(Block::Columns(side(&form.parties.0), side(&form.parties.1)));
    let paper = Paper {
        lang: &form.lang,
        title: &title,
        footer: &filled(&form.footer),
        producer: "Chancery demo",
        typeface: Typeface::Serif,
    };
    typeset(&paper, &blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(amount: &str) -> Vec<u8> {
        let wording = wording().expect("the built-in wording");
        let values = [
            ("number", "17"),
            ("amount", amount),
            ("they", "ООО «Ромашка»"),
        ];
        fill(&wording.contract_ru, &values).expect("a paper")
    }

    #[test]
    fn the_same_words_give_the_same_bytes_and_others_do_not() {
        assert_eq!(contract("100,00"), contract("100,00"));
        assert_ne!(contract("100,00"), contract("200,00"));
    }

    #[test]
    fn a_contract_passes_intake_and_has_up_to_three_pages() {
        let file = contract("1 250 000,00 ₽");
        let limits = chancery_pdf::Limits::default();
        let pdf = chancery_pdf::Pdf::open(&file, &limits).expect("it opens");
        assert!(pdf.dishonest_entries().is_empty());
        let pages = pdf.pages().expect("pages").len();
        assert!((1..=3).contains(&pages), "{pages} pages");
    }

    #[test]
    fn every_form_fills_without_a_place_left_open() {
        let wording = wording().expect("the built-in wording");
        assert!(wording.subjects.len() >= 12);
        for form in [&wording.contract_ru, &wording.contract_en, &wording.invoice] {
            let all = [&form.title, &form.footer, &form.margins.0, &form.margins.1];
            let sides = form.parties.0.iter().chain(&form.parties.1);
            let text: String = all
                .into_iter()
                .chain(&form.lines)
                .chain(sides)
                .cloned()
                .collect();
            let mut rest = text.as_str();
            while let Some(at) = rest.find('{') {
                let (name, after) = rest[at + 1..].split_once('}').expect("a closing brace");
                assert!(PLACES.contains(&name), "{name}");
                rest = after;
            }
        }
    }
}

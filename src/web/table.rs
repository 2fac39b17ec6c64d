//! Tables for spreadsheets.

use actix_web::HttpResponse;
use chancery_types::Locale;

/// A table of comma-separated values, with a mark of its encoding: spreadsheets ask for it.
#[derive(Debug)]
pub struct Table {
    text: String,
    locale: Locale,
}

impl Table {
    /// A table with its head.
    #[must_use]
    pub fn new(locale: Locale, head: &[String]) -> Self {
        let text = String::from('\u{feff}');
        let mut table = Self { text, locale };
        table.push(head);
        table
    }

    /// A row as RFC 4180 has it (2), but for what stands between its fields: spreadsheets of
    /// Russian readers expect a semicolon.
    pub fn push(&mut self, fields: &[String]) {
        let between = match self.locale {
            Locale::Ru => ";",
            Locale::En => ",",
        };
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        self.text.push_str(&fields.join(between));
        self.text.push_str("\r\n");
    }

    /// An answer that is saved as `name`.
    #[must_use]
    pub fn saved_as(self, name: &str) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((
                "Content-Disposition",
                format!("attachment; filename=\"{name}.csv\""),
            ))
            .body(self.text)
    }
}

/// A field in quotation marks. What a spreadsheet would take for a formula has an apostrophe before
/// it: titles are typed by people.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_no_formula_and_ends_where_it_ends() {
        assert_eq!(quoted("ООО «Ромашка»"), "\"ООО «Ромашка»\"");
        assert_eq!(quoted("a \"b\"; c"), "\"a \"\"b\"\"; c\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        let row = ["1", "2"].map(str::to_owned);
        let text = |locale| {
            let mut table = Table::new(locale, &row);
            table.push(&row);
            table.text
        };
        let expected = "\u{feff}\"1\";\"2\"\r\n\"1\";\"2\"\r\n";
        assert_eq!(text(Locale::Ru), expected);
        assert_eq!(text(Locale::En), expected.replace(';', ","));
    }
}

//! The same blocks as one HTML file that needs nothing else: no script, no other address.

use crate::{Block, Paper};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;\
    padding:0 1rem;color:#1a1a1a;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;\
    margin:1.75rem 0 .25rem;border-bottom:1px solid #ccc}dl{display:grid;\
    grid-template-columns:minmax(8rem,14rem) 1fr;gap:.15rem 1rem;margin:0;font-size:.9rem}\
    dt{color:#555}dd{margin:0;overflow-wrap:anywhere}.small{font-size:.85rem;color:#444}\
    footer{margin-top:2rem;color:#555;font-size:.85rem}\
    @media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}";

/// `blocks` as an HTML file.
#[must_use]
pub fn html(paper: &Paper<'_>, blocks: &[Block]) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n",
        escape(paper.lang),
        escape(paper.title)
    );
    let mut in_rows = false;
    for block in blocks {
        let is_row = matches!(block, Block::Row(..));
        if is_row != in_rows {
            page.push_str(if is_row { "<dl>\n" } else { "</dl>\n" });
            in_rows = is_row;
        }
        page.push_str(&piece(block));
    }
    if in_rows {
        page.push_str("</dl>\n");
    }
    page.push_str(&format!(
        "<footer>{}</footer>\n</body>\n</html>\n",
        escape(paper.footer)
    ));
    page
}

fn piece(block: &Block) -> String {
    let lines = |lines: &[String]| {
        let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
        lines.join("<br>")
    };
    match block {
        Block::Title(text) => format!("<h1>{}</h1>\n", escape(text)),
        Block::Heading(text) | Block::Section(text) => format!("<h2>{}</h2>\n", escape(text)),
        Block::Margins(left, right) => format!("<p>{} · {}</p>\n", escape(left), escape(right)),
        Block::Paragraph(text) => format!("<p>{}</p>\n", escape(text)),
        Block::Note(text) => format!("<p class=\"small\">{}</p>\n", escape(text)),
        Block::Columns(left, right) => format!("<p>{}</p>\n<p>{}</p>\n", lines(left), lines(right)),
        Block::Row(name, value) => {
            let value: Vec<String> = value.lines().map(escape).collect();
            let value = value.join("<br>");
            format!("<dt>{}</dt><dd>{value}</dd>\n", escape(name))
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

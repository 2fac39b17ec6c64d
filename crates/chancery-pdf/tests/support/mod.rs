//! Makes small PDFs for tests, byte by byte, in every cross-reference form.
#![expect(dead_code, reason = "each test binary uses its own part")]

use std::path::PathBuf;

/// How the cross-references are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Table,
    Stream,
    /// Catalog, page tree and form live in an object stream.
    ObjectStream,
    Hybrid,
}

pub const FORMS: [Form; 4] = [Form::Table, Form::Stream, Form::ObjectStream, Form::Hybrid];

/// A PDF of `pages` pages with the given extra entries of the catalog and objects from 100 on.
pub struct Made {
    pub pages: u32,
    pub catalog: String,
    pub extra: Vec<(u32, String)>,
    pub trailer: String,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            pages: 1,
            catalog: String::new(),
            extra: vec![],
            trailer: String::new(),
        }
    }
}

impl Made {
    fn objects(&self) -> Vec<(u32, String)> {
        let kids: String = (0..self.pages)
            .map(|page| format!("{} 0 R ", 10 + page * 2))
            .collect();
        let mut objects = vec![
            (1, format!("<</Type/Catalog/Pages 2 0 R {}>>", self.catalog)),
            (
                2,
                format!(
                    "<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 595 842]>>",
                    self.pages
                ),
            ),
        ];
        for page in 0..self.pages {
            let (id, content) = (10 + page * 2, 11 + page * 2);
            objects.push((
                id,
                format!("<</Type/Page/Parent 2 0 R/Contents {content} 0 R/Resources<<>>>>"),
            ));
            let text = format!("0 0 m {page} 10 l S");
            objects.push((
                content,
                format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
            ));
        }
        objects.extend(self.extra.iter().cloned());
        objects
    }

    pub fn write(&self, form: Form) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let objects = self.objects();
        let packs = matches!(form, Form::ObjectStream | Form::Hybrid);
        let (packed, plain): (Vec<_>, Vec<_>) = objects
            .into_iter()
            .partition(|(_, text)| packs && !text.contains("\nstream\n"));
        // In a hybrid file what an old reader needs stays plain; only the extras are hidden.
        let (packed, mut plain) = match form {
            Form::Hybrid => {
                let (hidden, open): (Vec<_>, Vec<_>) =
                    packed.into_iter().partition(|(number, _)| *number >= 100);
                (hidden, [open, plain].concat())
            }
            _ => (packed, plain),
        };
        if packs {
            plain.push((90, object_stream(&packed)));
        }
        let mut places = vec![];
        for (number, text) in &plain {
            places.push((*number, out.len()));
            out.extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
        }
        let hidden: Vec<u32> = packed.iter().map(|(number, _)| *number).collect();
        let rest = format!("/Root 1 0 R {}", self.trailer);
        match form {
            Form::Table => table(&mut out, &places, &[], &rest),
            Form::Stream | Form::ObjectStream => {
                let section = out.len();
                places.push((91, section));
                stream(&mut out, &places, &hidden, &rest);
                end(&mut out, section);
            }
            Form::Hybrid => {
                let at = out.len();
                stream(&mut out, &[], &hidden, &rest);
                table(&mut out, &places, &hidden, &format!("{rest} /XRefStm {at}"));
            }
        }
        out
    }
}

fn end(out: &mut Vec<u8>, section: usize) {
    out.extend(format!("startxref\n{section}\n%%EOF\n").into_bytes());
}

fn object_stream(packed: &[(u32, String)]) -> String {
    let (mut head, mut body) = (String::new(), String::new());
    for (number, text) in packed {
        head += &format!("{number} {} ", body.len());
        body += &format!("{text} ");
    }
    let length = head.len() + body.len();
    let (count, first) = (packed.len(), head.len());
    format!(
        "<</Type/ObjStm/N {count}/First {first}/Length {length}>>\nstream\n{head}{body}\nendstream"
    )
}

fn table(out: &mut Vec<u8>, places: &[(u32, usize)], free: &[u32], rest: &str) {
    let section = out.len();
    out.extend(b"xref\n0 1\n0000000000 65535 f\r\n");
    for (number, offset) in places {
        out.extend(format!("{number} 1\n{offset:010} 00000 n\r\n").into_bytes());
    }
    for number in free {
        out.extend(format!("{number} 1\n0000000000 00000 f\r\n").into_bytes());
    }
    out.extend(format!("trailer\n<</Size 1000 {rest}>>\n").into_bytes());
    end(out, section);
}

fn stream(out: &mut Vec<u8>, places: &[(u32, usize)], hidden: &[u32], rest: &str) {
    let mut entries = vec![];
    for (number, offset) in places {
        entries.push((*number, 1, *offset as u32, 0));
    }
    for (position, number) in hidden.iter().enumerate() {
        entries.push((*number, 2, 90, position as u8));
    }
    // 7.5.8.2: the ranges of /Index ascend; some readers insist.
    entries.sort_unstable();
    let (mut index, mut rows) = (String::new(), vec![]);
    for (number, kind, second, third) in entries {
        index += &format!("{number} 1 ");
        rows.push(kind);
        rows.extend(second.to_be_bytes());
        rows.push(third);
    }
    let length = rows.len();
    out.extend(
        format!(
            "91 0 obj\n<</Type/XRef/Size 1000/W[1 4 1]/Index[{index}]/Length {length} {rest}>>\n\
             stream\n"
        )
        .into_bytes(),
    );
    out.extend(rows);
    out.extend(b"\nendstream\nendobj\n");
}

/// Appends a revision that writes `objects` with a table.
pub fn revise(bytes: &[u8], objects: &[(u32, &str)], rest: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let tail = &text[text.rfind("startxref").unwrap() + 9..];
    let previous: u64 = tail.split_whitespace().next().unwrap().parse().unwrap();
    let mut out = bytes.to_vec();
    let mut places = vec![];
    for (number, body) in objects {
        places.push((*number, out.len()));
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    table(
        &mut out,
        &places,
        &[],
        &format!("/Root 1 0 R /Prev {previous} {rest}"),
    );
    out
}

/// The corpus of signed files, or nothing where it is not at hand.
pub fn corpus() -> Option<PathBuf> {
    let near = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root =
        std::env::var_os("CHANCERY_CORPUS").map_or_else(|| PathBuf::from(near), PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
    assert!(
        !required,
        "CHANCERY_REQUIRE=all and there is no corpus at {}",
        root.display()
    );
    eprintln!(
        "skipped: no corpus at {} (set CHANCERY_CORPUS)",
        root.display()
    );
    None
}

/// Every PDF beneath `root`, sorted.
pub fn pdfs(root: &std::path::Path) -> Vec<PathBuf> {
    let (mut found, mut waiting) = (vec![], vec![root.to_path_buf()]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("pdf"))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether a program is at hand; a failure where everything is required.
pub fn tool(name: &str) -> bool {
    let present = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
    assert!(
        present || !required,
        "CHANCERY_REQUIRE=all and there is no {name}"
    );
    if !present {
        eprintln!("skipped: {name} is not installed");
    }
    present
}

/// An empty folder of this test's own beneath the target folder.
pub fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

//! Small PDFs made on the spot: good ones, and each kind of bad one.

use std::fmt::Write as _;

/// Puts numbered objects into a file with an honest table. Object 1 is the catalog.
pub fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in &offsets {
        writeln!(end, "{offset:010} 00000 n ").expect("written");
    }
    write!(
        end,
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    )
    .expect("written");
    file.extend(end.as_bytes());
    file
}

fn stream(content: &[u8]) -> Vec<u8> {
    let mut object = format!("<</Length {}>>\nstream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

/// A4 pages of these lines, in a font that is not embedded but says its Unicode.
pub fn with_lines(pages: &[&[&str]]) -> Vec<u8> {
    let mut letters: Vec<char> = pages
        .iter()
        .flat_map(|page| page.iter())
        .flat_map(|l| l.chars())
        .collect();
    letters.sort_unstable();
    letters.dedup();
    assert!(letters.len() < 256, "one byte a letter");
    let code = |c: char| letters.binary_search(&c).expect("a letter");
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap \
         1 begincodespacerange <00> <ff> endcodespacerange\n",
    );
    for (index, c) in letters.iter().enumerate() {
        writeln!(
            map,
            "1 beginbfchar <{index:02x}> <{:04x}> endbfchar",
            u32::from(*c)
        )
        .expect("written");
    }
    map.push_str("endcmap end end");
    let names: Vec<String> = letters
        .iter()
        .map(|c| format!("/uni{:04X}", u32::from(*c)))
        .collect();
    let widths = vec!["600"; letters.len()].join(" ");
    let last = letters.len().saturating_sub(1);
    let kids: Vec<String> = (0..pages.len())
        .map(|n| format!("{} 0 R", 5 + 2 * n))
        .collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!(
            "<</Type/Pages/Kids[{}]/Count {}>>",
            kids.join(" "),
            pages.len()
        )
        .into_bytes(),
        format!(
            "<</Type/Font/Subtype/Type1/BaseFont/Courier/FirstChar 0/LastChar {last}\
             /Widths[{widths}]/Encoding<</Type/Encoding/Differences[0 {}]>>/ToUnicode 4 0 R>>",
            names.join("")
        )
        .into_bytes(),
        stream(map.as_bytes()),
    ];
    for (index, lines) in pages.iter().enumerate() {
        let mut content = String::from("BT /F1 14 Tf 20 TL 60 760 Td\n");
        for line in *lines {
            let hex: String = line.chars().map(|c| format!("{:02x}", code(c))).collect();
            writeln!(content, "<{hex}> Tj T*").expect("written");
        }
        content.push_str("ET");
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R\
                 /Resources<</Font<</F1 3 0 R>>>>>>",
                6 + 2 * index
            )
            .into_bytes(),
        );
        objects.push(stream(content.as_bytes()));
    }
    assemble(&objects)
}

/// A page with an empty text field of this name.
pub fn with_text_field(name: &str) -> Vec<u8> {
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/Rect[100 600 300 620]/F 4/P 3 0 R\
         /DA(/F1 12 Tf 0 g)>>"
    );
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DA(/F1 12 Tf 0 g)\
         /DR<</Font<</F1 5 0 R>>>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]\
         /Resources<</Font<</F1 5 0 R>>>>>>",
    ];
    let mut all: Vec<Vec<u8>> = objects.iter().map(|one| one.as_bytes().to_vec()).collect();
    all.push(stream(b"BT /F1 24 Tf 72 700 Td (Contract) Tj ET"));
    all.push(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec());
    all.push(field.into_bytes());
    assemble(&all)
}

/// A contract of one page: `mark` makes its bytes, and so its digest, different from others.
pub fn contract(mark: &str) -> Vec<u8> {
    with_lines(&[&[
        "Договор поставки",
        "Поставка бумаги на сумму 1 250 000,00",
        mark,
    ]])
}

/// The same file, whose table points beside its objects: two entries have changed places.
pub fn with_wrong_table(honest: &[u8]) -> Vec<u8> {
    let mut file = honest.to_vec();
    let table = find(&file, b"xref\n0 ");
    let first = table + find(&file[table..], b"65535 f \n") + 9;
    let (second, line) = (first + 20, 20);
    let entry: Vec<u8> = file[first..first + line].to_vec();
    let other: Vec<u8> = file[second..second + line].to_vec();
    file[first..first + line].copy_from_slice(&other);
    file[second..second + line].copy_from_slice(&entry);
    file
}

/// A page whose drawing never ends: forms within forms, each painting the next one ten times,
/// twelve deep. It is small, and nothing of it is wrong.
pub fn painted_without_end() -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 400 400]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>".to_vec(),
        stream(b"/X Do"),
    ];
    for next in 6..18 {
        let painted = "/X Do ".repeat(10);
        let form = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 400 400]/Length {}\
             /Resources<</XObject<</X {next} 0 R>>>>>>\nstream\n{painted}\nendstream",
            painted.len()
        );
        objects.push(form.into_bytes());
    }
    let line = "0 0 m 400 400 l S";
    let last = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 400 400]/Length {}>>\nstream\n{line}\nendstream",
        line.len()
    );
    objects.push(last.into_bytes());
    assemble(&objects)
}

/// A file that says it needs a password.
pub fn encrypted() -> Vec<u8> {
    let file = contract("x");
    let text = "/Encrypt<</Filter/Standard/V 1/R 2/O(01234567890123456789012345678901)\
                /U(01234567890123456789012345678901)/P -4>>/ID[(0123456789012345)(0123456789012345)]";
    insert_after(&file, b"trailer\n<<", text.as_bytes())
}

/// A file whose pages lie inside themselves.
pub fn page_tree_loop() -> Vec<u8> {
    assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>".to_vec(),
    ])
}

/// A file with a script that runs when it is opened.
pub fn with_script() -> Vec<u8> {
    assemble(&[
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_vec(),
    ])
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what)
        .expect("it is there")
}

fn insert_after(bytes: &[u8], what: &[u8], more: &[u8]) -> Vec<u8> {
    let at = find(bytes, what) + what.len();
    [&bytes[..at], more, &bytes[at..]].concat()
}

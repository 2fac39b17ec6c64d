//! A PDF whose table of cross-references is honest (ISO 32000-2, 7.5).

use crate::Paper;
use crate::face::{Face, FaceError};
use crate::typeset::{HEIGHT, WIDTH};

/// Objects: 1 catalog, 2 pages, 3 information, then five a face, then two a page.
pub(crate) fn write(
    paper: &Paper<'_>,
    pages: &[Vec<u8>],
    faces: &[Face],
) -> Result<Vec<u8>, FaceError> {
    let first_page = faces.len().saturating_mul(5).saturating_add(4);
    let page_number = |index: usize| first_page.saturating_add(index.saturating_mul(2));
    let kids: Vec<String> = (0..pages.len())
        .map(|index| format!("{} 0 R", page_number(index)))
        .collect();
    let heading: String = paper
        .title
        .encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/Lang({})>>", plain(paper.lang)).into_bytes(),
        format!(
            "<</Type/Pages/Kids[{}]/Count {}>>",
            kids.join(" "),
            pages.len()
        )
        .into_bytes(),
        format!(
            "<</Title<FEFF{heading}>/Producer({})>>",
            plain(paper.producer)
        )
        .into_bytes(),
    ];
    let mut fonts = String::new();
    for face in faces {
        let first = objects.len().saturating_add(1);
        fonts.push_str(&format!("/{} {first} 0 R", face.key));
        objects.extend(face.objects(first)?);
    }
    for (index, content) in pages.iter().enumerate() {
        let next = page_number(index).saturating_add(1);
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {next} 0 R\
             /Resources<</Font<<{fonts}>>>>>>"
        );
        objects.push(page.into_bytes());
        objects.push(stream("", content));
    }
    Ok(assemble(&objects))
}

/// What of a text can stand in a literal string without ending it.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'))
        .collect()
}

/// A stream with these entries beside its length.
pub(crate) fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{entries}/Length {}>>\nstream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", index.saturating_add(1)).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let count = objects.len().saturating_add(1);
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n\
         <</Size {count}/Root 1 0 R/Info 3 0 R>>\nstartxref\n{}\n%%EOF\n",
        file.len()
    );
    file.extend(end.into_bytes());
    file
}

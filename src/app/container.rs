//! Containers with signatures inside, told apart so that nobody takes "no signature" for an answer
//! about one: ASiC (ETSI EN 319 162-1), OpenDocument and Office Open XML packages. They are ZIP
//! files; nothing of them is unpacked or checked here.

use chancery_signature::report::{Code, Reason};

/// How a ZIP file begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// Names stand in plain bytes before each entry and, all together, at the file's end; the first
/// entry of an ASiC file names its type. So much of each end is looked at.
const LOOKED_AT_BYTES: usize = 256 * 1024;
/// What a container with signatures names.
const NAMES: [&[u8]; 4] = [
    b"META-INF/signature",
    b"META-INF/documentsignatures",
    b"_xmlsignatures/",
    b"application/vnd.etsi.asic-",
];

/// Whether this is a container that names signatures within it.
#[must_use]
pub fn is_signed_container(file: &[u8]) -> bool {
    if !file.starts_with(ZIP) {
        return false;
    }
    let start = file.get(..LOOKED_AT_BYTES).unwrap_or(file);
    let end = file.len().saturating_sub(LOOKED_AT_BYTES);
    let end = file.get(end..).unwrap_or_default();
    NAMES.iter().any(|name| {
        [start, end]
            .iter()
            .any(|part| part.windows(name.len()).any(|window| window == *name))
    })
}

/// Says of a file that could not be read that it is a container.
pub fn name(reason: &mut Reason) {
    if reason.code == Code::Unreadable {
        reason.args.insert("why", "container");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_zip_file_that_names_signatures_is_one() {
        let zip = |name: &str| [ZIP, name.as_bytes()].concat();
        assert!(is_signed_container(&zip("META-INF/signatures0.p7s")));
        assert!(is_signed_container(&zip("x_xmlsignatures/sig1.xml")));
        let long = [zip("word/document.xml"), vec![b'a'; 1_000_000]].concat();
        assert!(!is_signed_container(&long));
        let signed = [long, b"_xmlsignatures/origin.sigs".to_vec()].concat();
        assert!(is_signed_container(&signed));
        assert!(!is_signed_container(b"META-INF/signatures0.p7s"));
    }
}

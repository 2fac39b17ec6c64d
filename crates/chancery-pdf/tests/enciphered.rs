//! Files that are enciphered by the standard handler, written by qpdf 11.3.0 from one plain file
//! (`--static-id --static-aes-iv`), and what is to be read in them (ISO 32000-2:2020, 7.6).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use chancery_pdf::intake::{IntakePolicy, examine};
use chancery_pdf::{IntakeRefusal, Limits, Object, ObjectId, Pdf, PdfError, Unopened};
use proptest::prelude::*;

const FILES: [(&str, &[u8]); 9] = [
    ("RC4, 40 bits", include_bytes!("enciphered/rc4-40.pdf")),
    ("RC4, 128 bits", include_bytes!("enciphered/rc4-128.pdf")),
    (
        "RC4 by crypt filters",
        include_bytes!("enciphered/rc4-128-filters.pdf"),
    ),
    ("AES-128", AES_128),
    (
        "AES-128, metadata in the clear",
        include_bytes!("enciphered/aes-128-metadata.pdf"),
    ),
    (
        "AES-256 of revision 5",
        include_bytes!("enciphered/aes-256-r5.pdf"),
    ),
    ("AES-256", AES_256),
    (
        "AES-256, object streams",
        include_bytes!("enciphered/aes-256-packed.pdf"),
    ),
    (
        "AES-256, linearized",
        include_bytes!("enciphered/aes-256-linear.pdf"),
    ),
];
const RC4: &[u8] = include_bytes!("enciphered/rc4-128.pdf");
const AES_128: &[u8] = include_bytes!("enciphered/aes-128.pdf");
const AES_256: &[u8] = include_bytes!("enciphered/aes-256.pdf");
const METADATA: &[u8] = include_bytes!("enciphered/aes-128-metadata.pdf");

/// Texts of the description, the content of the page, the metadata.
type Said = (Vec<Object>, Vec<u8>, Vec<u8>);

/// What the description of the file says, the stream of its page and its metadata.
fn read(pdf: &Pdf<'_>) -> Result<Said, PdfError> {
    let about = pdf.value(pdf.trailer(), b"Info")?;
    let about = about.as_dictionary().cloned().unwrap_or_default();
    let mut texts = Vec::new();
    for key in [&b"Title"[..], b"Keywords", b"Subject"] {
        texts.push(pdf.value(&about, key)?);
    }
    let bytes = |id: ObjectId| match pdf.get(id)? {
        Object::Stream(stream) => pdf.stream_bytes(id, &stream),
        _ => Err(PdfError::WrongType { what: "a stream" }),
    };
    let catalog = pdf.catalog()?;
    let pages = pdf.value(&catalog, b"Pages")?;
    let kids = pages.as_dictionary().unwrap().get(b"Kids").unwrap();
    let page = pdf.resolve(&kids.as_array().unwrap()[0])?;
    let content = page.as_dictionary().unwrap().get(b"Contents").unwrap();
    let content = bytes(content.as_reference().unwrap())?;
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    // Readers heed that it is metadata where it is metadata, and nowhere else.
    let Object::Stream(metadata) = pdf.get(metadata)? else {
        return Err(PdfError::WrongType { what: "a stream" });
    };
    let metadata = pdf.stream_plain(&metadata)?.into_owned();
    Ok((texts, content, metadata))
}

fn opened(bytes: &[u8]) -> Pdf<'_> {
    Pdf::open(bytes, &Limits::default()).expect("a sound file")
}

/// The file with `from` put in the place of `to` of the same length.
fn patched(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let windows = file.windows(from.len());
    let places: Vec<usize> = windows
        .enumerate()
        .filter(|(_, window)| *window == from.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "{from}");
    let mut file = file.to_vec();
    for at in places {
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    file
}

/// The file with the last byte of a hexadecimal string taken away.
fn shortened(file: &[u8], from: &str) -> Vec<u8> {
    let mut windows = file.windows(from.len());
    let at = windows
        .position(|window| window == from.as_bytes())
        .unwrap();
    let end = at + file[at..].iter().position(|byte| *byte == b'>').unwrap();
    let mut file = file.to_vec();
    file[end - 2..end].fill(b' ');
    file
}

/// Goal: what every viewer reads without being asked for a password is read here.
#[test]
fn every_method_of_the_standard_handler_is_read() {
    for (name, file) in FILES {
        let pdf = opened(file);
        assert!(pdf.is_encrypted(), "{name}");
        assert_eq!(pdf.unopened(), None, "{name}");
        let (texts, content, metadata) = read(&pdf).expect(name);
        let texts: Vec<_> = texts.iter().map(Object::as_text).collect();
        let said = ["A word: 100", "Ё", ""].map(|text| Some(text.to_owned()));
        assert_eq!(texts, said, "{name}");
        assert_eq!(content, b"0 0 m 9 9 l S  %", "{name}");
        assert_eq!(metadata, b"<x>100</x>", "{name}");
    }
}

/// Goal: nothing of a file whose key cannot be had passes for what it says. Method: passwords,
/// and dictionaries that are incomplete, contradictory, of another handler or of another version.
#[test]
fn a_file_whose_key_cannot_be_had_is_known_for_it() {
    let with = |from: &str, to: &str| patched(AES_128, from, to);
    let rc4 = |from: &str, to: &str| patched(RC4, from, to);
    for (name, file, why) in [
        (
            "a password",
            include_bytes!("enciphered/aes-256-password.pdf").to_vec(),
            Unopened::Password,
        ),
        (
            "a password, AES-128",
            include_bytes!("enciphered/aes-128-password.pdf").to_vec(),
            Unopened::Password,
        ),
        (
            "other permissions",
            with("/P -4 ", "/P -8 "),
            Unopened::Password,
        ),
        (
            "other permissions, as a number without a sign",
            with("/P -4 ", "/P 44 "),
            Unopened::Password,
        ),
        (
            "no number of permissions",
            with("/P -4 ", "/P /4 "),
            Unopened::Unclear,
        ),
        (
            "another identifier",
            with("/ID [<0011", "/ID [<1111"),
            Unopened::Password,
        ),
        ("no identifier", with("/ID [", "/IX ["), Unopened::Password),
        (
            "another handler",
            with("/Filter /Standard", "/Filter /Standarx"),
            Unopened::Handler,
        ),
        ("another version", with("/V 4", "/V 3"), Unopened::Handler),
        ("no version", with("/V 4", "/v 4"), Unopened::Unclear),
        ("another revision", with("/R 4", "/R 6"), Unopened::Handler),
        (
            "an unknown method",
            with("/CFM /AESV2", "/CFM /AESV9"),
            Unopened::Handler,
        ),
        (
            "a method of another version",
            with("/CFM /AESV2", "/CFM /AESV3"),
            Unopened::Handler,
        ),
        (
            "a filter that is not there",
            with("/StmF /StdCF", "/StmF /StdCX"),
            Unopened::Unclear,
        ),
        (
            "a key that stands twice",
            with("/AuthEvent /DocOpen", "/CFM /V2 /X /DocOpe"),
            Unopened::Unclear,
        ),
        (
            "a reference within",
            with("/AuthEvent /DocOpen", "/AuthEvent 1 0 R   "),
            Unopened::Unclear,
        ),
        (
            "an odd length",
            rc4("/Length 128", "/Length 127"),
            Unopened::Unclear,
        ),
        (
            "a huge length",
            rc4("/Length 128", "/Length 999"),
            Unopened::Unclear,
        ),
        (
            "another length",
            rc4("/Length 128", "/Length 064"),
            Unopened::Password,
        ),
        ("a short /O", shortened(RC4, "/O <"), Unopened::Unclear),
        ("a short /U", shortened(RC4, "/U <"), Unopened::Unclear),
        (
            "a short /U, AES-256",
            shortened(AES_256, "/U <"),
            Unopened::Unclear,
        ),
        (
            "a short /UE",
            shortened(AES_256, "/UE <"),
            Unopened::Unclear,
        ),
        (
            "no /UE",
            patched(AES_256, "/UE <", "/UF <"),
            Unopened::Unclear,
        ),
        (
            "metadata that is no switch",
            patched(METADATA, "/EncryptMetadata false", "/EncryptMetadata 00000"),
            Unopened::Unclear,
        ),
    ] {
        let Ok(pdf) = Pdf::survey(&file, &Limits::default()) else {
            panic!("{name}");
        };
        assert_eq!(pdf.unopened(), Some(why), "{name}");
        let about = pdf.value(pdf.trailer(), b"Info");
        if let Ok(Object::Dictionary(about)) = about {
            let title = about.get(b"Title").unwrap();
            assert!(title.is_enciphered(), "{name}");
            assert_eq!(title.as_text(), None, "{name}");
        }
        assert!(read(&pdf).is_err(), "{name}");
    }
}

/// Goal: what does not decipher exactly is not guessed at. Method: a string and a stream of AES
/// with a byte less, with another last byte, and in the clear.
#[test]
fn what_the_key_does_not_fit_stays_enciphered() {
    let pdf = opened(AES_128);
    let about = pdf.trailer().get(b"Info").unwrap().as_reference().unwrap();
    let about = pdf.get(about).unwrap();
    let title = about.as_dictionary().unwrap().entry(b"Title").unwrap();
    let text = std::str::from_utf8(&AES_128[title.value_span.clone()]).unwrap();
    assert!(text.starts_with('<') && text.len() == 66, "{text}");
    let mut last = text.to_owned();
    let digit = if text.ends_with("0>") { "1>" } else { "0>" };
    last.replace_range(64.., digit);
    let short = format!("{}>  ", &text[..63]);
    let clear = format!("(A word: 100){}", " ".repeat(53));
    for (name, other) in [
        ("padding", last),
        ("length", short),
        ("in the clear", clear),
    ] {
        let file = patched(AES_128, text, &other);
        let pdf = opened(&file);
        assert_eq!(pdf.unopened(), None, "{name}");
        let (texts, content, _) = read(&pdf).unwrap();
        let left: Vec<_> = texts.iter().map(Object::is_enciphered).collect();
        assert_eq!(left, [true, false, false], "{name}");
        assert_eq!(content, b"0 0 m 9 9 l S  %", "{name}");
    }
}

/// Goal: a stream may choose to be in the clear, and nothing else is chosen for it.
#[test]
fn a_stream_chooses_its_own_filter() {
    let stream = "/Length 48 >>";
    assert!(patched(AES_128, stream, stream).len() == AES_128.len());
    for (entries, plain) in [
        ("/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]", true),
        ("/Filter/Crypt/DecodeParms<</Name/Identity>>", true),
        ("/Filter/Crypt", true),
        ("/Filter/Crypt/DecodeParms<</Name/Unknown>>", false),
        ("/Filter[/ASCIIHexDecode/Crypt]", false),
    ] {
        let mut file = AES_128.to_vec();
        let start = file.len();
        let added =
            format!("4 0 obj\n<</Length 7{entries}>>\nstream\n0 0 m S\nendstream\nendobj\n");
        file.extend(added.as_bytes());
        let table = file.len();
        let pdf = opened(AES_128);
        let previous = pdf.revisions()[0].startxref;
        let text = |key: &[u8]| {
            let entry = pdf.trailer().entry(key).unwrap();
            String::from_utf8(AES_128[entry.value_span.clone()].to_vec()).unwrap()
        };
        let trailer = format!(
            "xref\n4 1\n{start:010} 00000 n\r\ntrailer\n<</Size 9/Root {}/Prev {previous}\
             /Encrypt {}/ID{}>>\nstartxref\n{table}\n%%EOF\n",
            text(b"Root"),
            text(b"Encrypt"),
            text(b"ID"),
        );
        file.extend(trailer.as_bytes());
        let pdf = opened(&file);
        let id = ObjectId {
            number: 4,
            generation: 0,
        };
        let Object::Stream(stream) = pdf.get(id).unwrap() else {
            panic!("{entries}");
        };
        let bytes = pdf.stream_plain(&stream);
        match plain {
            true => assert_eq!(bytes.unwrap().as_ref(), b"0 0 m S", "{entries}"),
            false => assert!(bytes.is_err(), "{entries}"),
        }
        // Some viewers pass over the filter, so that nothing is drawn here by it.
        assert!(pdf.stream_bytes(id, &stream).is_err(), "{entries}");
    }
}

/// Goal: deciphering counts against what may be read. Method: an object under a limit that its
/// bytes keep and its strings pass, a stream likewise.
#[test]
fn deciphering_has_a_limit() {
    let whole = opened(RC4);
    let about = whole
        .trailer()
        .get(b"Info")
        .unwrap()
        .as_reference()
        .unwrap();
    let content = ObjectId {
        number: 6,
        generation: 0,
    };
    let Object::Stream(stream) = whole.get(content).unwrap() else {
        panic!("no stream");
    };
    let spent = |parsed_bytes_max: u64, decoded_bytes_max: u64| {
        let limits = Limits {
            parsed_bytes_max,
            decoded_bytes_max,
            ..Limits::default()
        };
        let pdf = Pdf::open(RC4, &limits).unwrap();
        let string = pdf.get(about).map(|_| ());
        (string, pdf.stream_plain(&stream).map(|_| ()))
    };
    let (string, bytes) = spent(4_096, 4_096);
    assert_eq!((string, bytes), (Ok(()), Ok(())));
    let (string, _) = spent(150, 4_096);
    assert!(
        matches!(
            string,
            Err(PdfError::LimitExceeded {
                limit: "parsed_bytes_max",
                ..
            })
        ),
        "{string:?}"
    );
    let (_, bytes) = spent(4_096, 4);
    assert!(
        matches!(
            bytes,
            Err(PdfError::LimitExceeded {
                limit: "decoded_bytes_max",
                ..
            })
        ),
        "{bytes:?}"
    );
}

/// Goal: we write nothing into enciphered files, and take none in.
#[test]
fn enciphered_files_are_refused_at_intake() {
    for (name, file) in FILES {
        let refused = examine(file, &Limits::default(), &IntakePolicy::default());
        assert_eq!(refused.err(), Some(IntakeRefusal::Encrypted), "{name}");
    }
}

/// Reads every object and every stream.
fn read_all(file: &[u8]) {
    let Ok(pdf) = Pdf::survey(file, &Limits::default()) else {
        return;
    };
    let numbers: Vec<u32> = pdf.numbers().map(|(number, _)| number).collect();
    for number in numbers {
        if let Ok(indirect) = pdf.by_number(number)
            && let Object::Stream(stream) = &indirect.object
        {
            let _ = pdf.stream_bytes(indirect.id, stream);
        }
    }
    let _ = pdf.unopened();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// No change of an enciphered file makes reading it panic or hang.
    #[test]
    fn no_change_makes_reading_panic(
        place in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut file = FILES[place].1.to_vec();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Some(cut) = cut.filter(|_| place % 2 == 0) {
            let at = cut.index(file.len());
            file.remove(at);
        }
        read_all(&file);
    }
}

//! Enciphered files that open without a password, and that readers decipher in two ways.

use chancery_signature::{Answer, ValidationReport};

use crate::enciphered_writer::{KEY, Keys, Method, SOUND, Writer, stream, write};
use crate::forge::{Forge, Plan, codes, form_objects, house, judged, plain, sig1};

const ALL: [Method; 3] = [Method::Rc4, Method::Aes128, Method::Aes256];
const OTHER: [u8; 32] = [0x22; 32];
const NEWEST: &str = "/CF<</StdCF<</CFM/AESV3/Length 32>>>>/StmF/StdCF/StrF/StdCF";

/// Why readers are told to read the file in two ways.
fn why(report: &ValidationReport) -> Vec<String> {
    let reasons = report.reasons.iter();
    let reasons = reasons.filter(|one| one.code.key() == "reads_two_ways");
    let words = reasons.filter_map(|one| Some(one.args.get("why")?.to_owned()));
    words.collect()
}

fn divided(forge: &Forge, word: &str, what: &str) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(why(&report), [word], "{what}: {:?}", codes(&report));
    assert_eq!(report.intact, Answer::Undecided, "{what}");
}

fn passes(forge: &Forge, what: &str) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(report.intact, Answer::Yes, "{what}: {:?}", codes(&report));
    assert!(!codes(&report).contains(&"file_unopened"), "{what}");
}

/// Goal: the files that this writes are sound until something is done to them. Method: each kind,
/// as it is and filled in.
#[test]
fn check_10_a_file_that_is_enciphered_in_the_usual_way_passes() {
    for method in ALL {
        for more in ["", "/EncryptMetadata false", "/EFF/Identity"] {
            let writer = Writer::usual(method, more);
            let mut forge = writer.signed(&[]);
            passes(&forge, &format!("{method:?} {more}"));
            let field = form_objects().into_iter().find(|one| one.0 == 5).unwrap().1;
            let field = field.replace("/FT/Tx", "/FT/Tx/F 4");
            let look = crate::forge::appearance("(250)");
            let filled = [(5, field.replace("(100)", "(250)")), (8, look)];
            let filled = filled.map(|(number, text)| (number, writer.sealed(number, &text)));
            write(&mut forge, &filled);
            passes(&forge, &format!("{method:?} {more}, filled in"));
            let report = judged(&house(), &forge.bytes);
            assert!(codes(&report).contains(&"field_filled"));
        }
    }
}

/// Goal: a file that its user's password opens with one key and its owner's with another shows two
/// documents. Method: both passwords empty, with one key and with two; permissions that are sealed
/// with the other key, or are others than those in the clear.
#[test]
fn check_10_two_keys_of_a_file_are_told() {
    for revision in [5, 6] {
        let file = |keys: Keys<'_>| Writer::newest(&Keys { revision, ..keys }, NEWEST).signed(&[]);
        passes(&file(SOUND), "the owner has a password");
        let owner = Keys {
            owner: b"",
            ..SOUND
        };
        passes(&file(owner), "one key");
        let two = Keys {
            owner_key: OTHER,
            ..owner
        };
        divided(&file(two), "keys", "two keys");
        let sealed_with = OTHER;
        divided(
            &file(Keys { sealed_with, ..two }),
            "keys",
            "two keys, sealed with the other",
        );
        divided(
            &file(Keys {
                sealed_with,
                ..SOUND
            }),
            "keys",
            "sealed with another key",
        );
        divided(
            &file(Keys {
                sealed: -8,
                ..SOUND
            }),
            "keys",
            "other permissions",
        );
        let alone = Keys {
            reader: b"secret",
            ..owner
        };
        divided(&file(alone), "keys", "the owner alone opens it");
        let locked = Keys {
            reader: b"secret",
            ..SOUND
        };
        let report = judged(&house(), &file(locked).bytes);
        assert_eq!((why(&report), report.intact), (Vec::new(), Answer::Yes));
        assert!(codes(&report).contains(&"file_unopened"));
    }
    assert_ne!(KEY, OTHER);
}

/// Goal: nothing that is drawn chooses how it is deciphered: readers differ over who heeds that.
/// Method: a content and an appearance with a `/Crypt` filter, alone, in a list, behind another
/// filter and named elsewhere; in a file that a password opens, and in one that is not enciphered.
#[test]
fn check_10_a_crypt_filter_of_what_is_drawn_is_told() {
    let list = "/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]";
    let filters = [
        list,
        "/Filter/Crypt",
        "/Filter/Crypt/DecodeParms<</Name/StdCF>>",
        "/Filter[/ASCIIHexDecode/Crypt]",
        "/Filter 40 0 R",
        "/Filter[40 0 R]",
    ];
    let name = (40, b"/Crypt".to_vec());
    for (method, number) in ALL.into_iter().zip([4, 8, 4]) {
        let writer = Writer::usual(method, "");
        for filter in filters {
            let entries = format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]{filter}");
            let objects = [(number, stream(&entries, b"0 0 9 9 re f")), name.clone()];
            divided(
                &writer.signed(&objects),
                "cipher",
                &format!("{method:?} {filter}"),
            );
        }
    }
    let locked = Keys {
        reader: b"secret",
        ..SOUND
    };
    let content = (4, stream(list, b"0 0 9 9 re f"));
    let writer = Writer::newest(&locked, NEWEST);
    divided(
        &writer.signed(std::slice::from_ref(&content)),
        "cipher",
        "a password",
    );
    let mut clear = Forge::empty();
    let own = form_objects().into_iter();
    let own = own.map(|(number, text)| (number, text.replace("/FT/Tx", "/FT/Tx/F 4").into_bytes()));
    let mut own: Vec<_> = own.filter(|(number, _)| *number != 4).collect();
    own.push(content);
    write(&mut clear, &own);
    clear.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    divided(&clear, "cipher", "in the clear");
}

/// Goal: of bytes that the key cannot have made readers show what they like. Method: contents of
/// AES with another last byte than padding has, with a byte more, and with some less; a string of
/// a space of colours in the clear.
#[test]
fn check_10_what_the_key_cannot_have_made_is_told() {
    for method in [Method::Aes128, Method::Aes256] {
        let writer = Writer::usual(method, "");
        let with = |bytes: &[u8]| writer.signed(&[(4, stream("", bytes))]);
        passes(&with(&writer.enciphered(4, b"0 0 9 9 re f")), "sound");
        passes(&with(b""), "nothing");
        for last in [b"\x10", b" ", b"\n", b"\0", b"\x02"] {
            let text = [&[b' '; 31][..], last].concat();
            let what = format!("{method:?} {last:?}");
            divided(&with(&writer.unpadded(4, &text)), "cipher", &what);
        }
        let whole = writer.enciphered(4, &[b' '; 40]);
        divided(&with(&[&whole[..], b"x"].concat()), "cipher", "a byte more");
        divided(&with(&whole[..whole.len() - 3]), "cipher", "less");
        divided(&with(&whole[..16]), "cipher", "a vector alone");
        let page = |table: &str| {
            let space = format!("/ColorSpace<</C[/Indexed/DeviceGray 2 {table}]>>");
            let text = format!(
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>{space}>>\
                    /Annots[5 0 R 6 0 R]>>"
            );
            writer.signed(&[(3, text.into_bytes())])
        };
        passes(&page(&writer.strings(3, "(abc)")), "a table");
        divided(&page("(abc)"), "cipher", "a table in the clear");
    }
}

/// Goal: what is drawn is deciphered by all readers alike, whatever it calls itself. Method: a
/// content, and what the resources call metadata, of the types that 7.6 deciphers otherwise, where
/// that makes a difference and where it makes none; metadata of what is drawn.
#[test]
fn check_10_what_is_drawn_and_calls_itself_metadata_is_told() {
    let form = "/Subtype/Form/BBox[0 0 9 9]";
    let page = |resources: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>{resources}>>\
                /Annots[5 0 R 6 0 R]>>"
        )
    };
    for method in ALL {
        for (kind, more, apart) in [
            ("Metadata", "", false),
            ("Metadata", "/EncryptMetadata false", true),
            ("EmbeddedFile", "", false),
            ("EmbeddedFile", "/EFF/Identity", true),
            ("XRef", "", true),
        ] {
            let writer = Writer::usual(method, more);
            let what = format!("{method:?} {kind} {more}");
            let kind = format!("/Type/{kind}{form}");
            let content = |number: u32| stream(&kind, &writer.enciphered(number, b"0 0 9 9 re f"));
            let file = writer.signed(&[(4, content(4))]);
            match apart {
                true => divided(&file, "cipher", &what),
                false => passes(&file, &what),
            }
        }
        let writer = Writer::usual(method, "/EncryptMetadata false");
        let about = (40, stream("/Type/Metadata/Subtype/XML", b"<x>100</x>"));
        let drawn = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Metadata 40 0 R";
        let drawn = (41, stream(drawn, &writer.enciphered(41, b"0 0 9 9 re f")));
        let with = |resources: &str| {
            let map = (42, b"<</Metadata 40 0 R>>".to_vec());
            let page = (3, writer.sealed(3, &page(resources)));
            writer.signed(&[page, about.clone(), drawn.clone(), map])
        };
        passes(&with("/XObject<</X 41 0 R>>"), "metadata of a form");
        passes(
            &with("/Properties<</M<</Metadata 40 0 R>>>>"),
            "metadata of a part",
        );
        divided(&with("/XObject<</Metadata 40 0 R>>"), "cipher", "a name");
        divided(&with("/XObject 42 0 R"), "cipher", "a name elsewhere");
    }
}

/// Goal: a field that is filled in with a look which readers decipher each in its own way shows
/// nothing that counts. Method: a look that says `100` to who takes it for metadata.
#[test]
fn check_08_a_look_that_calls_itself_metadata_is_unread() {
    for method in ALL {
        for (kind, more) in [
            ("Metadata", "/EncryptMetadata false"),
            ("EmbeddedFile", "/EFF/Identity"),
        ] {
            let writer = Writer::usual(method, more);
            let field = form_objects().into_iter().find(|one| one.0 == 5).unwrap().1;
            let field = field
                .replace("/FT/Tx", "/FT/Tx/F 4")
                .replace("(100)", "(250)");
            let look = crate::forge::appearance("(250)");
            let look = look.replace("/Type/XObject", &format!("/Type/{kind}"));
            let mut forge = writer.signed(&[]);
            write(
                &mut forge,
                &[(5, writer.sealed(5, &field)), (8, look.into_bytes())],
            );
            let report = judged(&house(), &forge.bytes);
            assert_ne!(report.intact, Answer::Yes, "{method:?} {kind}");
            let codes = codes(&report);
            assert!(
                codes.contains(&"added_after_signing"),
                "{method:?} {kind}: {codes:?}"
            );
        }
    }
}

/// Goal: how a file is enciphered is said so that every reader opens it, and deciphers the same.
/// Method: filters of strings, streams and embedded files that differ, other names and other
/// lengths than are usual, and what a dictionary says that we do not open.
#[test]
fn check_10_filters_and_keys_that_readers_take_in_two_ways_are_told() {
    let older = |method, kind, more: &str| Writer::older(method, kind, more).signed(&[]);
    for (kind, length, one_way) in [
        ((1, 2, 5), "", true),
        ((1, 2, 5), "/Length 40", true),
        ((1, 2, 5), "/Length 128", false),
        ((2, 2, 5), "/Length 128", false),
        ((1, 3, 5), "/Length 40", true),
        ((1, 3, 16), "/Length 128", false),
        ((2, 3, 5), "", true),
        ((2, 3, 16), "/Length 128", true),
        ((2, 3, 16), "/Length(128)", false),
        ((3, 3, 16), "/Length 128", false),
    ] {
        let (file, what) = (
            older(Method::Rc4, kind, length),
            format!("{kind:?} {length}"),
        );
        match one_way {
            true => passes(&file, &what),
            false => divided(&file, "cipher", &what),
        }
    }
    let chosen = "/StmF/StdCF/StrF/StdCF";
    for (bits, length, one_way) in [
        ("/Length 128", "", true),
        ("/Length 128", "/Length 16", true),
        ("/Length 128", "/Length 128", true),
        ("", "/Length 16", true),
        ("", "", false),
        ("/Length 40", "/Length 16", false),
        ("/Length 128", "/Length 0", false),
        ("/Length 128", "/Length 5", false),
        ("/Length 128", "/Length 40", false),
        ("/Length 128", "/Length 256", false),
        ("/Length 128", "/Length 16.0", false),
    ] {
        for (method, name) in [(Method::Rc4, "V2"), (Method::Aes128, "AESV2")] {
            let more = format!("{bits}/CF<</StdCF<</CFM/{name}{length}>>>>{chosen}");
            let file = older(method, (4, 4, 16), &more);
            match one_way {
                true => passes(&file, &more),
                false => divided(&file, "cipher", &more),
            }
        }
    }
    let own = "<</CFM/AESV3/Length 32>>";
    for (more, one_way) in [
        (format!("/CF<</StdCF{own}/X<</CFM/None>>>>{chosen}"), true),
        (
            format!("/CF<</StdCF<</CFM/AESV3>>>>/Length 256{chosen}"),
            true,
        ),
        (
            format!("/CF<</StdCF<</CFM/AESV3/Length 16>>>>{chosen}"),
            false,
        ),
        (format!("/CF<</StdCF{own}>>/Length 128{chosen}"), false),
        (format!("/CF<</StdCF{own}>>/StmF/StdCF"), false),
        (format!("/CF<</StdCF{own}>>/StrF/StdCF"), false),
        (format!("/CF<</StdCF{own}/X{own}>>{chosen}/EFF/X"), false),
        (
            format!("/CF<</StdCF{own}/X{own}>>/StmF/X/StrF/StdCF"),
            false,
        ),
        (format!("/CF<</X{own}>>/StmF/X/StrF/X"), false),
        (
            format!("/CF<</StdCF{own}/X<</CFM/None>>>>/StmF/X/StrF/X"),
            false,
        ),
        (format!("/CF<</StdCF{own}>>/StmF 7 0 R/StrF/StdCF"), false),
        (format!("/StdCF{own}{chosen}"), false),
        ("/StmF/Identity/StrF/Identity".to_owned(), false),
        (
            format!("/CF<</StdCF<</CFM/AESV9/Length 32>>>>{chosen}"),
            false,
        ),
        (format!("/CF<</StdCF{own}/Identity{own}>>{chosen}"), false),
    ] {
        let file = Writer::newest(&SOUND, &more).signed(&[]);
        match one_way {
            true => passes(&file, &more),
            false => divided(&file, "cipher", &more),
        }
    }
}

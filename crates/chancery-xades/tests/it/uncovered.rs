//! What anybody may put around and into a signed file without a key, and what is said of it.

use chancery_signature::{Answer, Indication, ValidationReport};

use crate::support::{codes, covered, fixture, report};

/// `text` with one piece in the place of another, which must be there.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

/// What the report of the first signature names as not signed.
fn uncovered(report: &ValidationReport) -> Option<String> {
    let reasons = report.signatures[0].reasons.iter();
    let mut found = reasons.filter(|one| one.code.key() == "element_uncovered");
    found.next()?.args.get("element").map(str::to_owned)
}

/// The signed octets stay what they are, the file is not green, and what stands unsigned is named.
fn assert_unsigned(document: &str, original: &str, what: &str) {
    let report = report(document);
    let codes = codes(&report);
    assert_eq!(
        report.indication,
        Indication::Indeterminate,
        "{what}: {codes:?}"
    );
    assert_eq!(report.crypto, Answer::Yes, "{what}");
    assert_eq!(uncovered(&report).as_deref(), Some(what), "{codes:?}");
    assert_eq!(covered(document), covered(original), "{what}");
}

const ROOT: &str =
    "<w:wrap xmlns:w=\"urn:wrap\" xmlns=\"urn:default\" xml:lang=\"en\" xml:space=\"preserve\">";

#[test]
fn texts_and_attributes_around_the_signed_part_are_not_signed() {
    let signed = fixture("part-exclusive");
    let root = |attributes: &str| {
        with(
            &signed,
            ROOT,
            &ROOT.replace('>', &format!(" {attributes}>")),
        )
    };
    for (document, what) in [
        (with(&signed, "<payload", "Draft only. <payload"), "wrap"),
        (with(&signed, "</w:wrap>", "Doubled.</w:wrap>"), "wrap"),
        (with(&signed, "</w:wrap>", "<![CDATA[x]]></w:wrap>"), "wrap"),
        (with(&signed, "</w:wrap>", "&#120;</w:wrap>"), "wrap"),
        // White space of Unicode is none of XML.
        (
            with(&signed, "</w:wrap>", "\u{a0}\u{2003}</w:wrap>"),
            "wrap",
        ),
        (root("amount=\"9000000\""), "wrap/@amount"),
        (root("w:amount=\"9000000\""), "wrap/@amount"),
        (root("Id=\"rejected\""), "wrap/@Id"),
        (root("xml:id=\"rejected\""), "wrap/@id"),
        (root("xml:base=\"http://example.org/\""), "wrap/@base"),
        (
            with(&signed, "xml:lang=\"en\"", "xml:lang=\"not agreed\""),
            "wrap/@lang",
        ),
        (with(&signed, "\"preserve\"", "\"doubled\""), "wrap/@space"),
        (
            with(&signed, "</w:wrap>", "<!-- void --></w:wrap>"),
            "<!-- -->",
        ),
        (with(&signed, "</w:wrap>", "<?void?></w:wrap>"), "<?void?>"),
        (
            format!("<?xml-stylesheet href=\"x.xsl\"?>{signed}"),
            "<?xml-stylesheet?>",
        ),
        (format!("<!-- void -->{signed}"), "<!-- -->"),
        (format!("{signed}<!-- void -->"), "<!-- -->"),
        (format!("{signed}<?void?>"), "<?void?>"),
    ] {
        assert_unsigned(&document, &signed, what);
    }
}

#[test]
fn an_element_around_the_place_of_the_signature_is_not_signed() {
    let signed = fixture("part-exclusive");
    for (start, end, what) in [
        ("<void>", "</void>", "wrap"),
        ("<void>\n ", "\n</void>", "wrap"),
        ("<void note=\"not agreed\">", "</void>", "void/@note"),
        ("<void>Draft. ", " Doubled.</void>", "void"),
        ("<void><more/>", "</void>", "more"),
    ] {
        assert_unsigned(&format!("{start}{signed}{end}"), &signed, what);
    }
    // Around a signature over everything they change what is signed.
    let around = report(&format!("<void>{}</void>", fixture("rsa-sha256")));
    assert_eq!(around.indication, Indication::TotalFailed);
}

/// The root alone may stand around what is signed: it says its name, and the name is told.
#[test]
fn a_root_that_only_holds_the_parts_is_told() {
    let signed = fixture("part-exclusive");
    let renamed = signed.replace("w:wrap", "w:rejected");
    let spaced = with(&signed, "<payload", "\n\t <payload");
    for (document, name) in [(&signed, "wrap"), (&renamed, "rejected"), (&spaced, "wrap")] {
        let report = report(document);
        assert_eq!(report.indication, Indication::TotalPassed, "{name}");
        let warning = report.signatures[0].warnings.iter();
        let warning = warning
            .filter(|one| one.code.key() == "wrapper_uncovered")
            .map(|one| (&one.args["element"], &one.args["covered"]));
        assert_eq!(warning.collect::<Vec<_>>(), [(name, "payload 99")]);
        assert!(!report.signatures[0].covers.as_ref().expect("it").whole_file);
    }
}

#[test]
fn a_prefix_bound_to_something_else_changes_what_is_signed() {
    let signed = fixture("part-exclusive");
    let rebound = with(&signed, "xmlns:w=\"urn:wrap\"", "xmlns:w=\"urn:other\"");
    assert_eq!(report(&rebound).indication, Indication::TotalFailed);
    let rebound = with(&signed, "xmlns=\"urn:default\"", "xmlns=\"urn:other\"");
    assert_eq!(report(&rebound).indication, Indication::TotalFailed);
    // One that nothing uses is no content, and not among the octets that a reader gets.
    let unused = with(&signed, "xmlns:w=", "xmlns:unused=\"urn:unused\" xmlns:w=");
    assert_eq!(report(&unused).indication, Indication::TotalPassed);
    assert_eq!(covered(&unused), covered(&signed));
    let based = with(
        &fixture("part-inclusive11"),
        "xml:lang=\"en\"",
        "xml:lang=\"en\" xml:base=\"http://example.org/\"",
    );
    assert_eq!(report(&based).indication, Indication::TotalFailed);
}

const QUALIFYING: &str = "</xades:QualifyingProperties>";

#[test]
fn content_of_others_inside_the_signature_is_not_signed() {
    let end = "</ds:Signature>";
    let evil = "<ds:Object><QualifyingProperties xmlns=\"urn:evil\"><pay>9000000</pay>\
                </QualifyingProperties></ds:Object></ds:Signature>";
    for name in [
        "rsa-sha256",
        "xpath",
        "filter",
        "enveloping",
        "part-exclusive",
    ] {
        let signed = fixture(name);
        let in_key = |piece: &str| with(&signed, "</ds:KeyInfo>", &format!("{piece}</ds:KeyInfo>"));
        for (document, what) in [
            (with(&signed, end, evil), "Object"),
            (with(&signed, end, &format!("<ds:Object/>{end}")), "Object"),
            (
                with(&signed, end, &format!("<ds:Object>x</ds:Object>{end}")),
                "Object",
            ),
            (with(&signed, end, &format!("<!-- x -->{end}")), "<!-- -->"),
            (with(&signed, end, &format!("<?x?>{end}")), "<?x?>"),
            (
                with(&signed, "Id=\"sig\"", "Id=\"sig\" pay=\"9\""),
                "Signature/@pay",
            ),
            (with(&signed, "Id=\"sig\"", "Id=\"pay 9\""), "Signature/@Id"),
            (
                with(&signed, "<ds:KeyInfo>", "<ds:KeyInfo pay=\"9\">"),
                "KeyInfo/@pay",
            ),
            (
                with(
                    &signed,
                    "</ds:SignatureValue>",
                    "<!-- x --></ds:SignatureValue>",
                ),
                "<!-- -->",
            ),
            (in_key("<pay xmlns=\"urn:evil\">9000000</pay>"), "pay"),
            (in_key("<KeyName xmlns=\"urn:evil\">x</KeyName>"), "KeyName"),
            (
                in_key("<ds:KeyName>RSA signer<b xmlns=\"\">9</b></ds:KeyName>"),
                "b",
            ),
            (in_key("<ds:MgmtData>pay 9000000</ds:MgmtData>"), "MgmtData"),
            (
                in_key("<ds:KeyValue><pay xmlns=\"urn:evil\"/></ds:KeyValue>"),
                "pay",
            ),
            (
                in_key(
                    "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>PayDoubled</ds:Modulus>\
                     </ds:RSAKeyValue></ds:KeyValue>",
                ),
                "Modulus",
            ),
            (in_key("<!-- pay -->"), "<!-- -->"),
            (in_key("<?pay?>"), "<?pay?>"),
            (
                with(
                    &signed,
                    "</ds:X509Data>",
                    "<ds:X509CRL>pay9</ds:X509CRL></ds:X509Data>",
                ),
                "X509CRL",
            ),
        ] {
            assert_unsigned(&document, &signed, what);
        }
    }
}

#[test]
fn content_of_others_among_the_properties_is_not_signed() {
    for name in ["xades-b", "xades-b-v2"] {
        let signed = fixture(name);
        let unsigned = |piece: &str| {
            let all = format!("<xades:UnsignedProperties>{piece}</xades:UnsignedProperties>");
            with(&signed, QUALIFYING, &format!("{all}{QUALIFYING}"))
        };
        let property = |piece: &str| {
            unsigned(&format!(
                "<xades:UnsignedSignatureProperties>{piece}</xades:UnsignedSignatureProperties>"
            ))
        };
        for (document, what) in [
            (
                with(&signed, "</ds:Object>", "DOUBLED</ds:Object>"),
                "Object",
            ),
            (
                with(&signed, "</ds:Object>", "<!-- x --></ds:Object>"),
                "<!-- -->",
            ),
            (
                with(&signed, "<ds:Object>", "<ds:Object pay=\"9\">"),
                "Object/@pay",
            ),
            (
                with(&signed, "</ds:Object>", "<pay xmlns=\"\"/></ds:Object>"),
                "pay",
            ),
            (
                with(&signed, QUALIFYING, &format!("x{QUALIFYING}")),
                "QualifyingProperties",
            ),
            (
                with(
                    &signed,
                    QUALIFYING,
                    &format!("<pay xmlns=\"\"/>{QUALIFYING}"),
                ),
                "pay",
            ),
            (unsigned("<evil xmlns=\"\">text</evil>"), "evil"),
            (unsigned("text"), "UnsignedProperties"),
            (
                unsigned("<xades:UnsignedDataObjectProperties/>"),
                "UnsignedDataObjectProperties",
            ),
            (property("<pay xmlns=\"urn:evil\"/>"), "pay"),
            (
                property("<SignatureTimeStamp xmlns=\"urn:evil\"/>"),
                "SignatureTimeStamp",
            ),
            (property("<!-- pay -->"), "<!-- -->"),
            (
                property(
                    "<xades:CertificateValues><xades:EncapsulatedX509Certificate>PayDoubled\
                     </xades:EncapsulatedX509Certificate></xades:CertificateValues>",
                ),
                "EncapsulatedX509Certificate",
            ),
            (
                property(
                    "<xades:CertificateValues><xades:OtherCertificate>pay</xades:OtherCertificate>\
                     </xades:CertificateValues>",
                ),
                "OtherCertificate",
            ),
            (
                property("<xades:CounterSignature>pay</xades:CounterSignature>"),
                "CounterSignature",
            ),
            (
                property("<e:CertificateValues xmlns:e=\"http://uri.etsi.org/01903/v1.1.1#\"/>"),
                "CertificateValues",
            ),
        ] {
            assert_unsigned(&document, &signed, what);
        }
        // What the list has, in its place, is no content.
        let listed = property(
            "\n<xades:CertificateValues/> <xades:RevocationValues Id=\"r\"><xades:CRLValues/>\
             </xades:RevocationValues>",
        );
        assert_eq!(
            report(&listed).indication,
            Indication::TotalPassed,
            "{name}"
        );
    }
}

/// Properties that were copied from elsewhere claim a time, a role, a place; nobody signed them.
#[test]
fn signed_properties_that_nothing_covers_are_not_signed() {
    let xades = fixture("xades-b");
    let start = xades.find("<ds:Object>").expect("an object");
    let end = xades.find("</ds:Signature>").expect("an end");
    let signed = fixture("rsa-sha256");
    let grafted = format!("{}</ds:Signature>", &xades[start..end]);
    let grafted = with(&signed, "</ds:Signature>", &grafted);
    assert_unsigned(&grafted, &signed, "SignedProperties");
}

#[test]
fn a_name_that_is_not_that_of_the_certificate_is_told() {
    let signed = fixture("rsa-sha256");
    let in_key = |piece: &str| with(&signed, "<ds:KeyInfo>", &format!("<ds:KeyInfo>{piece}"));
    let in_data = |piece: &str| with(&signed, "</ds:X509Data>", &format!("{piece}</ds:X509Data>"));
    for (document, told) in [
        (
            in_key("<ds:KeyName>Somebody Else</ds:KeyName>"),
            Some("Somebody Else"),
        ),
        (
            in_key("<ds:KeyName>RSA signer, pays</ds:KeyName>"),
            Some("RSA signer, pays"),
        ),
        (
            in_data("<ds:X509SubjectName>CN=Other</ds:X509SubjectName>"),
            Some("CN=Other"),
        ),
        (in_key("<ds:KeyName>RSA signer</ds:KeyName>"), None),
        (in_key("<ds:KeyName>CN=RSA signer</ds:KeyName>"), None),
        (
            in_data("<ds:X509SubjectName>cn=RSA signer</ds:X509SubjectName>"),
            None,
        ),
    ] {
        let report = report(&document);
        assert_eq!(report.indication, Indication::TotalPassed, "{told:?}");
        let warnings = report.signatures[0].warnings.iter();
        let names = warnings.filter(|one| one.code.key() == "key_name_differs");
        let names: Vec<&str> = names.map(|one| &one.args["name"]).collect();
        assert_eq!(names, told.into_iter().collect::<Vec<_>>());
    }
}

/// The canonical form leaves them out, so anybody may add them: that is told, and nobody who reads
/// the octets sees them.
#[test]
fn comments_in_what_is_signed_are_told() {
    let signed = fixture("rsa-sha256");
    let count = |document: &str| {
        let report = report(document);
        assert_eq!(report.indication, Indication::TotalPassed);
        assert!(!report.signatures[0].covers.as_ref().expect("it").whole_file);
        let warnings = report.signatures[0].warnings.iter();
        let mut told = warnings.filter(|one| one.code.key() == "comment_uncovered");
        told.next().map(|one| one.args["count"].to_owned())
    };
    assert_eq!(count(&signed).as_deref(), Some("1"));
    let more = with(
        &signed,
        "</a:order>",
        "<!-- doubled --></a:order><!-- void -->",
    );
    let more = with(&more, "<ds:Reference ", "<!-- --><ds:Reference ");
    assert_eq!(count(&more).as_deref(), Some("4"));
    assert_eq!(covered(&more), covered(&signed));
    let none = with(&signed, "<!-- a comment -->", "");
    let none = report(&none);
    assert!(!codes(&none).contains(&"comment_uncovered"));
    let covers = none.signatures[0].covers.as_ref().expect("it");
    assert!(covers.whole_file);
    assert_eq!(covers.bytes, covered(&signed)[0].len() as u64);
    // Elements in canonical form are no range of the file.
    let told = serde_json::to_value(covers).expect("JSON");
    assert_eq!(told.get("byte_range"), None);
}

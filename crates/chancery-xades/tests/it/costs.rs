//! What many references, signatures and elements may cost together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_signature::DigestAlgorithm;
use chancery_signature::facts::{Facts, XmlReferenceState};
use chancery_xades::{Limits, gather_xml};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A reference to `#x` without the signatures in it.
fn reference(last: &str, digest: &str) -> String {
    format!(
        "<ds:Reference URI=\"#x\"><ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
         <ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform><ds:Transform \
         Algorithm=\"{last}\"></ds:Transform></ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>\
         {digest}</ds:DigestValue></ds:Reference>"
    )
}

fn signature(references: &str, more: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
         {references}</ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue>{more}\
         </ds:Signature>"
    )
}

/// Every comparison is a step, and of steps there is a limit: products would come to more.
fn gathered(document: &str) -> Facts {
    gather_xml(document.as_bytes(), &Limits::default())
}

/// Each element was asked for with every signature that is taken out and everything around it.
#[test]
fn check_37_texts_are_gathered_once() {
    let base64 = format!("{DSIG}base64");
    let own = signature(&reference(&base64, "AAAA").repeat(8), "");
    let others = "<ds:Signature></ds:Signature>".repeat(30);
    let (open, close) = ("<b>".repeat(110), "</b>".repeat(110));
    let elements = "<a/>".repeat(60_000);
    let document =
        format!("<r xmlns:ds=\"{DSIG}\">{own}<x Id=\"x\">{others}{open}{elements}{close}</x></r>");
    let facts = gathered(&document);
    assert_eq!(facts.unreadable, None);
    assert_eq!(facts.signatures.len(), 31);
}

/// Each element was asked for with every reference and every signature that is taken out.
#[test]
fn check_37_what_is_covered_is_found_once() {
    let elements = "<a></a>".repeat(20_000);
    let digest =
        DigestAlgorithm::Sha256.digest(&[format!("<x Id=\"x\">{elements}</x>").as_bytes()]);
    let all = reference(EXCLUSIVE, &STANDARD.encode(digest)).repeat(64);
    let others = signature(&reference(EXCLUSIVE, "AAAA").replace("#x", "#y"), "").repeat(30);
    let document = format!(
        "<r>{}<x Id=\"x\">{others}{elements}</x></r>",
        signature(&all, "")
    );
    let facts = gathered(&document);
    assert_eq!(facts.unreadable, None);
    let first = facts.signatures[0].xml.as_ref().expect("references");
    let agrees =
        |one: &&chancery_signature::facts::XmlReference| one.state == XmlReferenceState::Agrees;
    assert_eq!(first.references.iter().filter(agrees).count(), 64);
}

#[test]
fn check_37_all_signatures_of_a_document_have_one_budget() {
    let own = signature(&reference(EXCLUSIVE, "AAAA").repeat(64), "");
    let elements = "<a/>".repeat(1_000);
    let document = format!("<r>{own}{own}<x Id=\"x\">{elements}</x></r>");
    let with = |steps_max: usize| {
        let limits = Limits {
            steps_max,
            ..Limits::default()
        };
        let facts = gather_xml(document.as_bytes(), &limits);
        (facts.unreadable.map(|why| why.code), facts.signatures.len())
    };
    let spent = (Some("limit_exceeded".to_owned()), 0);
    assert_eq!(with(100_000_000), (None, 2));
    // Enough for one of them, and for a part of one.
    assert_eq!(with(1_500_000), spent);
    assert_eq!(with(10_000), spent);
    // A document that would take minutes is said to be one, in time.
    let elements = "<a/>".repeat(200_000);
    let document = format!("<r>{}<x Id=\"x\">{elements}</x></r>", own.repeat(30));
    let facts = gathered(&document);
    let why = facts.unreadable.expect("too dear");
    assert_eq!(why.code, "limit_exceeded");
}

/// What is only named again and again costs nothing again.
#[test]
fn check_37_what_is_repeated_is_done_once() {
    // Filters that take out the same.
    let filter = "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" \
                  Filter=\"subtract\">//ds:Signature</f:XPath>";
    let before = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
                  <ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>";
    let after = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\">{}",
        filter.repeat(10_000)
    );
    let filtered = reference(EXCLUSIVE, "AAAA").replace(before, &after);
    let elements = "<a/>".repeat(50_000);
    let own = signature(&filtered, "");
    let facts = gathered(&format!("<r>{own}<x Id=\"x\">{elements}</x></r>"));
    assert_eq!(facts.unreadable, None);
    // Timestamps without a token over a long value.
    let xades = "http://uri.etsi.org/01903/v1.3.2#";
    let stamps = "<x:SignatureTimeStamp><x:EncapsulatedTimeStamp>AAAA</x:EncapsulatedTimeStamp>\
                  </x:SignatureTimeStamp>"
        .repeat(3_000);
    let object = format!(
        "<ds:Object><x:QualifyingProperties xmlns:x=\"{xades}\"><x:UnsignedProperties>\
         <x:UnsignedSignatureProperties>{stamps}</x:UnsignedSignatureProperties>\
         </x:UnsignedProperties></x:QualifyingProperties></ds:Object>"
    );
    let own = signature(&reference(EXCLUSIVE, "AAAA"), &object);
    let own = own.replace(
        ">AAAA</ds:SignatureValue>",
        &format!(">{}</ds:SignatureValue>", "AAAA".repeat(60_000)),
    );
    let facts = gathered(&format!("<r>{own}<x Id=\"x\"></x></r>"));
    assert_eq!(facts.unreadable, None);
    // Prefixes that are listed without end.
    let list = format!(
        "<ds:KeyInfo><ds:X509Data></ds:X509Data></ds:KeyInfo><ds:Object><x:QualifyingProperties \
         xmlns:x=\"{xades}\"><x:UnsignedProperties><x:UnsignedSignatureProperties>\
         <x:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">\
         <e:InclusiveNamespaces xmlns:e=\"{EXCLUSIVE}\" PrefixList=\"{}\"></e:InclusiveNamespaces>\
         </ds:CanonicalizationMethod></x:SignatureTimeStamp></x:UnsignedSignatureProperties>\
         </x:UnsignedProperties></x:QualifyingProperties></ds:Object>",
        "ds ".repeat(65)
    );
    let own = signature(&reference(EXCLUSIVE, "AAAA"), &list);
    let facts = gathered(&format!("<r Id=\"x\">{own}</r>"));
    let xml = facts.signatures[0].xml.as_ref().expect("references");
    assert_ne!(xml.coverage, chancery_signature::facts::XmlCoverage::Whole);
}

//! A signer in the tests: a key from a fixed seed, a certificate of its own, signatures over
//! whatever a test refers to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_signature::{
    AuthorityRequest, DigestAlgorithm, IssuingAuthority, KeyKind, LeafRequest, SigningKey,
    issue_leaf, make_root,
};
use chancery_xml::{Canonical, Document, Element, Limits, NodeId, Subset, canonicalize};

pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A reference: its attributes, its transforms and what they select.
pub struct Part {
    pub attributes: &'static str,
    pub transforms: &'static [&'static str],
    /// The identifier of the element; nothing for the document.
    pub id: Option<&'static str>,
}

pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const PLAIN: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const COMMENTS: &str = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
pub const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";

/// A signature to be: with its identifier, what stands in `KeyInfo` beside the certificate, and its
/// objects.
pub fn unsigned(id: &str, beside: &str, objects: &str) -> String {
    let certificate = STANDARD.encode(certificate());
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\" Id=\"{id}\">[info]<ds:SignatureValue Id=\"{id}-value\">\
         [value]</ds:SignatureValue><ds:KeyInfo Id=\"{id}-key\"><ds:X509Data><ds:X509Certificate>\
         {certificate}</ds:X509Certificate></ds:X509Data>{beside}</ds:KeyInfo>{objects}\
         </ds:Signature>"
    )
}

fn key() -> SigningKey {
    SigningKey::from_seed(KeyKind::EcdsaP256, &[7; 32]).expect("a key")
}

fn certificate() -> Vec<u8> {
    let moment = |text: &str| text.parse().expect("a moment");
    let authority = SigningKey::from_seed(KeyKind::EcdsaP256, &[8; 32]).expect("a key");
    let request = AuthorityRequest {
        common_name: "Authority here".to_owned(),
        organisation: None,
        serial: [4; 16],
        not_before: moment("2026-01-01T00:00:00Z"),
        not_after: moment("2030-01-01T00:00:00Z"),
    };
    let root = make_root(&authority, &request).expect("a root");
    let issuer = IssuingAuthority::new(authority, root).expect("its own key");
    let request = LeafRequest {
        spki_der: key().spki_der(),
        common_name: "Signer here".to_owned(),
        organisation: None,
        email: None,
        serial: [5; 16],
        not_before: moment("2026-06-30T12:00:00Z"),
        not_after: moment("2026-07-01T11:00:00Z"),
        policy: None,
    };
    issue_leaf(&issuer, &request).expect("a certificate")
}

fn read(text: &str) -> Document {
    Document::parse(text.as_bytes(), &Limits::default()).expect("a document")
}

/// The signature of a document that has no value yet.
fn open(document: &Document) -> Element<'_> {
    let mut all = document.root().descendants();
    let is_open = |one: &Element<'_>| {
        let value = one.child(DSIG, "SignatureValue");
        value.is_some_and(|value| value.text().is_empty())
    };
    all.find(is_open).expect("an open signature")
}

fn octets(document: &Document, part: &Part) -> Vec<u8> {
    let apex = part.id.map_or(NodeId::DOCUMENT, |id| {
        let mut all = document.root().descendants();
        let found = all.find(|one| one.attribute("Id") == Some(id));
        found.expect("the element").id()
    });
    let mut subset = Subset::of(apex);
    let mut form = Canonical::inclusive();
    // URI="" and "#id" select no comments; the pointers do.
    subset.drops_comments = !part.attributes.contains("xpointer");
    for transform in part.transforms {
        match *transform {
            ENVELOPED => subset.without.push(open(document).id()),
            BASE64 => {
                let text = document.element(apex).expect("an element").text();
                return STANDARD.decode(text).expect("Base64");
            }
            other => form = Canonical::of_algorithm(other).expect("a form"),
        }
    }
    canonicalize(document, &subset, &form, 1 << 20).expect("octets")
}

/// Signs the parts of a document with the one signature in it that is open.
pub fn sign(document: &str, parts: &[Part]) -> String {
    let bare = read(&document.replace("[info]", "").replace("[value]", ""));
    let mut references = String::new();
    for part in parts {
        let transforms = part.transforms.iter();
        let transforms: String = transforms
            .map(|one| format!("<ds:Transform Algorithm=\"{one}\"/>"))
            .collect();
        let digest = DigestAlgorithm::Sha256.digest(&[&octets(&bare, part)]);
        references.push_str(&format!(
            "<ds:Reference {}><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod \
             Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>{}\
             </ds:DigestValue></ds:Reference>",
            part.attributes,
            STANDARD.encode(digest)
        ));
    }
    let signed_info = format!(
        "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>{references}\
         </ds:SignedInfo>"
    );
    let document = document.replace("[info]", &signed_info);
    let read = read(&document.replace("[value]", ""));
    let signed = open(&read)
        .child(DSIG, "SignedInfo")
        .expect("what is signed");
    let form = Canonical::exclusive();
    let message = canonicalize(&read, &Subset::of(signed.id()), &form, 1 << 20).expect("octets");
    let value = pair(&key().sign(&message).expect("a value"));
    document.replace("[value]", &STANDARD.encode(value))
}

/// An ECDSA value as XML has it, out of its DER.
fn pair(der: &[u8]) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut pair = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        pair.extend(std::iter::repeat_n(0, 32 - number.len()));
        pair.extend_from_slice(number);
        rest = &rest[2 + length..];
    }
    pair
}

//! Signed PDFs and CMS written by hand, so that any rule can be broken alone.

use crate::support::{House, at, key, signing_moment};
use chancery_signature as sig;
use sig::{Anchors, Facts, KeyKind, Limits, SigningKey, ValidationPolicy, ValidationReport};

/// A PDF in the making: whole objects, revisions with classic tables.
#[derive(Clone)]
pub struct Forge {
    pub bytes: Vec<u8>,
    pub table: usize,
    pub size: u32,
    pub root: u32,
    pub trailer_extra: String,
}

/// How a signature dictionary is written.
pub struct Plan {
    pub number: u32,
    pub sub_filter: &'static str,
    /// More entries of the dictionary.
    pub extra: String,
    /// Bytes of `/Contents`.
    pub room: usize,
    /// Other objects of the revision.
    pub objects: Vec<(u32, String)>,
}

impl Plan {
    pub fn new(number: u32, objects: Vec<(u32, String)>) -> Self {
        Self {
            number,
            sub_filter: "ETSI.CAdES.detached",
            extra: String::new(),
            room: 6000,
            objects,
        }
    }
}

pub const CONTENT: &str =
    "<</Length 46>>\nstream\nBT /F1 12 Tf 40 700 Td (Price: 100) Tj ET     \nendstream";

/// A revocation list that names nobody, as hexadecimal digits in a stream.
pub const EVIDENCE: &str = "<</Length 134/Filter/ASCIIHexDecode>>\nstream\n\
    3041302f020101300a06082a8648ce3d0403023000170d3236303130313030303030305a\
    170d3237303130313030303030305a300a06082a8648ce3d04030203020000\nendstream";

impl Forge {
    pub fn empty() -> Self {
        Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            table: 0,
            size: 1,
            root: 1,
            trailer_extra: String::new(),
        }
    }

    /// One page with a text field, an empty signature field, and what `catalog` adds.
    pub fn form() -> Self {
        let mut forge = Self::empty();
        forge.update(&form_objects());
        forge
    }

    /// Appends a revision with these objects.
    pub fn update(&mut self, objects: &[(u32, String)]) {
        let mut places = Vec::new();
        for (number, text) in objects {
            places.push((*number, self.bytes.len()));
            self.bytes
                .extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
        }
        self.finish(&places);
    }

    /// Writes the table and the end of a revision.
    pub fn finish(&mut self, places: &[(u32, usize)]) {
        let table = self.bytes.len();
        let mut text = "xref\n".to_owned();
        if self.table == 0 {
            text += "0 1\n0000000000 65535 f\r\n";
        }
        for (number, place) in places {
            text += &format!("{number} 1\n{place:010} 00000 n\r\n");
            self.size = self.size.max(number + 1);
        }
        let previous = match self.table {
            0 => String::new(),
            table => format!("/Prev {table}"),
        };
        text += &format!(
            "trailer\n<</Size {}/Root {} 0 R{}{previous}>>\nstartxref\n{table}\n%%EOF\n",
            self.size, self.root, self.trailer_extra
        );
        self.bytes.extend(text.into_bytes());
        self.table = table;
    }

    /// Appends a revision with a signature dictionary, whose value `make` answers for the spans.
    pub fn sign(&mut self, plan: &Plan, make: impl FnOnce(&[&[u8]]) -> Vec<u8>) {
        let mut places = Vec::new();
        for (number, text) in &plan.objects {
            places.push((*number, self.bytes.len()));
            self.bytes
                .extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
        }
        places.push((plan.number, self.bytes.len()));
        let kind = match plan.sub_filter {
            "ETSI.RFC3161" => "DocTimeStamp",
            _ => "Sig",
        };
        let head = format!(
            "{} 0 obj\n<</Type/{kind}/Filter/Adobe.PPKLite/SubFilter/{}{}/ByteRange[",
            plan.number, plan.sub_filter, plan.extra
        );
        self.bytes.extend(head.into_bytes());
        let range = self.bytes.len();
        self.bytes.extend([b' '; 40]);
        self.bytes.extend(b"]/Contents");
        let gap = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes.extend(vec![b'0'; plan.room * 2]);
        self.bytes.push(b'>');
        let resume = self.bytes.len();
        self.bytes.extend(b">>\nendobj\n");
        self.finish(&places);
        let numbers = format!("0 {gap} {resume} {}", self.bytes.len() - resume);
        self.bytes[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
        let value = make(&[&self.bytes[..gap], &self.bytes[resume..]]);
        assert!(value.len() <= plan.room, "{} bytes", value.len());
        let digits = hex::encode(value);
        self.bytes[gap + 1..gap + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    }
}

/// Page, form, a text field `Amount` (5), an empty signature field `Sig1` (6) on the page.
pub fn form_objects() -> Vec<(u32, String)> {
    let own = |number: u32, text: &str| (number, text.to_owned());
    vec![
        own(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>>>",
        ),
        own(
            2,
            "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>",
        ),
        own(
            3,
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                /Annots[5 0 R 6 0 R]>>",
        ),
        own(4, CONTENT),
        own(
            5,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(100)/Rect[10 10 110 30]/P 3 0 R/AP\
                <</N 8 0 R>>>>",
        ),
        own(
            6,
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/Rect[0 0 0 0]/F 132/P 3 0 R>>",
        ),
        own(7, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        own(8, &appearance("(100)")),
    ]
}

pub fn appearance(text: &str) -> String {
    let content = format!("/Tx BMC q BT /F1 12 Tf 2 2 Td {text} Tj ET Q EMC");
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 7 0 R>>>>\
            /Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// The field `Sig1`, signed by object `number`.
pub fn sig1(number: u32) -> (u32, String) {
    let text = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/Rect[0 0 0 0]/F 132/P 3 0 R/V {number} 0 R>>"
    );
    (6, text)
}

/// `/Reference` with a certification of this level.
pub fn certification(level: u8) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type\
            /TransformParams/V/1.2/P {level}>>>>]"
    )
}

pub fn house() -> House {
    House::new(KeyKind::EcdsaP256)
}

pub fn signer() -> SigningKey {
    key(KeyKind::EcdsaP256, 5)
}

/// The form with `Sig1` signed as object 9, plainly.
pub fn signed(house: &House) -> Forge {
    signed_with(house, String::new())
}

/// The same with more entries in the signature dictionary.
pub fn signed_with(house: &House, extra: String) -> Forge {
    let mut forge = Forge::form();
    let mut plan = Plan::new(9, vec![sig1(9)]);
    plan.extra = extra;
    forge.sign(&plan, |spans| plain(house, spans));
    forge
}

/// Adds a second signature, in a new field `Sig2` with this rectangle, as object 11.
pub fn countersign(
    forge: &mut Forge,
    house: &House,
    rect: &str,
    extra: &str,
    make: fn(&House, &[&[u8]]) -> Vec<u8>,
) {
    let own = |number: u32, text: String| (number, text);
    let mut plan = Plan::new(
        11,
        vec![
            own(
                1,
                "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]\
                /SigFlags 3>>>>"
                    .to_owned(),
            ),
            own(
                3,
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                /Annots[5 0 R 6 0 R 10 0 R]>>"
                    .to_owned(),
            ),
            own(
                10,
                format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/F 132\
                /P 3 0 R/V 11 0 R>>"
                ),
            ),
        ],
    );
    plan.extra = extra.to_owned();
    forge.sign(&plan, |spans| make(house, spans));
}

pub fn plain(house: &House, spans: &[&[u8]]) -> Vec<u8> {
    house.sign_spans(&signer(), "Анна", spans, None)
}

pub fn facts(file: &[u8]) -> Facts {
    sig::gather(file, None, &Limits::default())
}

/// Judged with every certificate that the house has trusted.
pub fn judged(house: &House, file: &[u8]) -> ValidationReport {
    judge_facts(house, &facts(file))
}

pub fn judge_facts(house: &House, facts: &Facts) -> ValidationReport {
    let anchors = Anchors::from_pem_or_der(house.pem().as_bytes()).expect("anchors");
    let policy = ValidationPolicy::default();
    sig::judge(
        facts,
        &policy,
        signing_moment().plus_seconds(3600),
        &anchors,
    )
}

/// Every code of a report, warnings included.
pub fn codes(report: &ValidationReport) -> Vec<&'static str> {
    let own = report.reasons.iter();
    let signatures = report.signatures.iter();
    let all = own.chain(signatures.flat_map(|one| one.reasons.iter().chain(&one.warnings)));
    all.map(|reason| reason.code.key()).collect()
}

/// DER, small: one value.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match content.len() {
        len @ 0..0x80 => out.push(u8::try_from(len).unwrap()),
        len @ 0x80..0x100 => out.extend([0x81, u8::try_from(len).unwrap()]),
        len @ 0x100..0x1_0000 => {
            out.extend([&[0x82][..], &u16::try_from(len).unwrap().to_be_bytes()].concat());
        }
        len => {
            assert!(len < 0x100_0000, "a small value");
            let octets = u32::try_from(len).unwrap().to_be_bytes();
            out.extend([&[0x83][..], &octets[1..]].concat());
        }
    }
    out.extend(content);
    out
}

pub fn oid(text: &str) -> Vec<u8> {
    let oid = sig::ObjectIdentifier::new_unwrap(text);
    der(6, &[oid.as_bytes()])
}

pub fn algorithm(text: &str) -> Vec<u8> {
    der(0x30, &[&oid(text)])
}

/// A revocation list of nobody's whose issuer has these bytes for a name, none beyond ASCII of its
/// own.
pub fn list_of(words: &[u8]) -> Vec<u8> {
    let scheme = algorithm("1.2.3.5");
    let name = der(0x30, &[&oid("2.5.4.3"), &der(0x0c, &[words])]);
    let issuer = der(0x30, &[&der(0x31, &[&name])]);
    let times = [&b"260101000000Z"[..], b"270101000000Z"].map(|time| der(0x17, &[time]));
    let list = der(0x30, &[&[2, 1, 1], &scheme, &issuer, &times.concat()]);
    der(0x30, &[&list, &scheme, &der(3, &[&[0, 0]])])
}

pub fn attribute(kind: &str, values: &[&[u8]]) -> Vec<u8> {
    der(0x30, &[&oid(kind), &der(0x31, values)])
}

pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
pub const DATA: &str = "1.2.840.113549.1.7.1";
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

/// A CMS in the making: each part can be replaced.
#[derive(Clone)]
pub struct Cms {
    pub certificate: Vec<u8>,
    pub content: Option<Vec<u8>>,
    /// The type of the content, an object identifier.
    pub content_type: &'static str,
    pub digest: Vec<u8>,
    /// More algorithms in the list of digests, which nobody reads.
    pub more_digests: Vec<u8>,
    pub scheme: Vec<u8>,
    /// In this order, signed in this order; `None`: no attributes at all.
    pub attributes: Option<Vec<Vec<u8>>>,
    pub unsigned: Vec<Vec<u8>>,
    pub key: SigningKey,
}

impl Cms {
    pub fn over(house: &House, spans: &[&[u8]]) -> Self {
        let leaf = house.leaf(&signer(), "Анна");
        let digest = sig::DigestAlgorithm::Sha256;
        let named = der(
            0x30,
            &[&der(
                0x30,
                &[&der(0x30, &[&der(4, &[&digest.digest(&[&leaf])])])],
            )],
        );
        let mut attributes = vec![
            attribute(CONTENT_TYPE, &[&oid(DATA)]),
            attribute(MESSAGE_DIGEST, &[&der(4, &[&digest.digest(spans)])]),
            attribute(SIGNING_CERTIFICATE_V2, &[&named]),
        ];
        attributes.sort();
        Self {
            certificate: leaf,
            content: None,
            content_type: DATA,
            digest: algorithm(SHA256),
            more_digests: vec![],
            scheme: algorithm(ECDSA_SHA256),
            attributes: Some(attributes),
            unsigned: vec![],
            key: signer(),
        }
    }

    /// Replaces the attribute of one kind by these.
    pub fn replace(&mut self, kind: &str, by: &[Vec<u8>]) {
        let prefix = oid(kind);
        let attributes = self.attributes.as_mut().unwrap();
        attributes.retain(|one| {
            one.get(2..2 + prefix.len()) != Some(prefix.as_slice())
                && one.get(3..3 + prefix.len()) != Some(prefix.as_slice())
        });
        attributes.extend(by.iter().cloned());
        attributes.sort();
    }

    pub fn signer_info(&self, content: &[&[u8]]) -> Vec<u8> {
        let (signed, message) = match &self.attributes {
            Some(attributes) => {
                let parts: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
                (der(0xa0, &parts), der(0x31, &parts))
            }
            None => (vec![], content.concat()),
        };
        let value = self.key.sign(&message).unwrap();
        let unsigned: Vec<&[u8]> = self.unsigned.iter().map(Vec::as_slice).collect();
        let unsigned = if unsigned.is_empty() {
            vec![]
        } else {
            der(0xa1, &unsigned)
        };
        der(
            0x30,
            &[
                &[2, 1, 1],
                &issuer_and_serial(&self.certificate),
                &self.digest,
                &signed,
                &self.scheme,
                &der(4, &[&value]),
                &unsigned,
            ],
        )
    }

    pub fn build(&self, content: &[&[u8]]) -> Vec<u8> {
        self.with_signers(&[self.signer_info(content)])
    }

    pub fn with_signers(&self, signers: &[Vec<u8>]) -> Vec<u8> {
        let inner = match &self.content {
            Some(content) => der(0xa0, &[&der(4, &[content])]),
            None => vec![],
        };
        let signers: Vec<&[u8]> = signers.iter().map(Vec::as_slice).collect();
        let signed_data = der(
            0x30,
            &[
                &[2, 1, 1],
                &der(0x31, &[&self.digest, &self.more_digests]),
                &der(0x30, &[&oid(self.content_type), &inner]),
                &der(0xa0, &[&self.certificate]),
                &der(0x31, &signers),
            ],
        );
        der(
            0x30,
            &[&oid("1.2.840.113549.1.7.2"), &der(0xa0, &[&signed_data])],
        )
    }
}

/// One value and what follows it: tag, whole, content, rest.
pub fn split(bytes: &[u8]) -> (u8, &[u8], &[u8], &[u8]) {
    let (head, len) = match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
        0x83 => {
            let len = u32::from_be_bytes([0, bytes[2], bytes[3], bytes[4]]);
            (5, usize::try_from(len).unwrap())
        }
        short => (2, usize::from(short)),
    };
    let (whole, rest) = bytes.split_at(head + len);
    (bytes[0], whole, &whole[head..], rest)
}

fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let (_, _, outer, _) = split(certificate);
    issuer_and_serial_of(outer)
}

/// `IssuerAndSerialNumber` out of the content of a certificate.
pub fn issuer_and_serial_of(outer: &[u8]) -> Vec<u8> {
    let (_, _, tbs, _) = split(outer);
    let (_, _, _, rest) = split(tbs);
    let (_, serial, _, rest) = split(rest);
    let (_, _, _, rest) = split(rest);
    let (_, issuer, _, _) = split(rest);
    der(0x30, &[issuer, serial])
}

/// The place of `needle` in `file`.
pub fn place(file: &[u8], needle: &[u8]) -> usize {
    let mut windows = file.windows(needle.len());
    windows
        .position(|window| window == needle)
        .expect("the place")
}

/// `file` with one run of bytes replaced by another of the same length.
pub fn patched(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = place(file, from.as_bytes());
    let mut copy = file.to_vec();
    copy[at..at + to.len()].copy_from_slice(to.as_bytes());
    copy
}

pub fn late() -> chancery_types::Instant {
    at("2028-07-31T12:00:00Z")
}

//! Signed files from fixed seeds, and the authority that certified their signer.

use chancery_pdf::sign::SubFilter;
use chancery_pdf::{Limits, SignaturePlan, prepare_signature};
use chancery_signature as sig;
use chancery_types::{Digest, Instant};
use sig::{AuthorityRequest, IssuingAuthority, KeyKind, LeafRequest, SigningKey};

const POLICY: sig::ObjectIdentifier = sig::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");
/// What the small PDF draws; tests change it to tamper.
pub const DRAWN: &str = "0 0 m 100 100 l S    ";

/// An authority with its time service.
pub struct Authority {
    /// The root certificate (DER).
    pub root: Vec<u8>,
    pub issuing: IssuingAuthority,
    stamping: sig::TimestampAuthority,
}

/// When everything is signed: ten minutes before the tests begin.
pub fn moment() -> Instant {
    let start: Instant = crate::support::START.parse().expect("a moment");
    start.plus_seconds(-600)
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key")
}

fn request(name: &str, serial: u8) -> AuthorityRequest {
    AuthorityRequest {
        common_name: name.to_owned(),
        organisation: Some("ООО «Ромашка»".to_owned()),
        serial: [serial; 16],
        not_before: moment().plus_seconds(-86_400),
        not_after: moment().plus_seconds(20 * 31_557_600),
    }
}

impl Authority {
    pub fn new() -> Self {
        let root = sig::make_root(&key(1), &request("Корень", 1)).expect("a root");
        let above = IssuingAuthority::new(key(1), root.clone()).expect("its own key");
        let issuing = sig::make_issuing(&above, &key(2).spki_der(), &request("Центр", 2));
        let stamping = sig::make_timestamping(&above, &key(3).spki_der(), &request("Время", 3));
        let stamping =
            sig::TimestampAuthority::new(key(3), stamping.expect("a certificate"), vec![]);
        Self {
            root,
            issuing: IssuingAuthority::new(key(2), issuing.expect("one")).expect("its own key"),
            stamping: stamping.expect("its own key"),
        }
    }

    /// The root and the issuing certificate as text.
    pub fn root_pem(&self) -> String {
        use base64::Engine as _;
        let pem = |der: &[u8]| {
            let text = base64::engine::general_purpose::STANDARD.encode(der);
            format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
        };
        pem(&self.root) + &pem(self.issuing.certificate())
    }

    /// A detached signature over `spans`, with a timestamp.
    pub fn sign(&self, spans: &[&[u8]]) -> Vec<u8> {
        self.sign_with(spans, true)
    }

    /// As [`Self::sign`], without a timestamp.
    pub fn sign_unproven(&self, spans: &[&[u8]]) -> Vec<u8> {
        self.sign_with(spans, false)
    }

    fn sign_with(&self, spans: &[&[u8]], is_proven: bool) -> Vec<u8> {
        let request = LeafRequest {
            spki_der: key(4).spki_der(),
            common_name: "Иван Иванов".to_owned(),
            organisation: Some("ООО «Вектор»".to_owned()),
            email: Some("ivanov@vector.example".to_owned()),
            serial: [7; 16],
            not_before: moment().plus_seconds(-60),
            not_after: moment().plus_seconds(23 * 3600),
            policy: None,
        };
        let leaf = sig::issue_leaf(&self.issuing, &request).expect("a leaf");
        let algorithm = KeyKind::EcdsaP256.digest_algorithm();
        let digest = algorithm.digest(spans);
        let attributes = sig::signed_attributes(algorithm, &digest, &leaf).expect("attributes");
        let value = key(4).sign(&attributes).expect("a value");
        let stamp = sig::TimestampRequest {
            imprint: *Digest::of(&value).as_bytes(),
            gen_time: moment(),
            serial: [9; 16],
            policy: POLICY,
            nonce: None,
        };
        let token = self.stamping.timestamp(&stamp).expect("a token");
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &leaf,
            chain: &[self.issuing.certificate().to_vec()],
            timestamp_token: is_proven.then_some(&token[..]),
        };
        sig::assemble(&parts).expect("a CMS")
    }

    /// `pdf` with one more signature.
    pub fn sign_pdf(&self, pdf: &[u8]) -> Vec<u8> {
        signed_by(pdf, |spans| self.sign(spans))
    }
}

/// `pdf` with one more signature, which `sign` makes.
pub fn signed_by(pdf: &[u8], sign: impl Fn(&[&[u8]]) -> Vec<u8>) -> Vec<u8> {
    let plan = SignaturePlan {
        field_name: "Chancery".to_owned(),
        target: chancery_pdf::FieldTarget::New,
        contents_bytes: 8192,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20261123065000Z".to_owned(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    };
    let mut prepared = prepare_signature(pdf, &Limits::default(), &plan).expect("prepared");
    let cms = sign(&prepared.signed_spans(pdf));
    prepared.embed(&cms).expect("room");
    [pdf, &prepared.tail].concat()
}

/// A one-page PDF without a signature.
pub fn small_pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{DRAWN}\nendstream", DRAWN.len()),
    ];
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = vec![];
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = out.len();
    let size = objects.len() + 1;
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f\r\n").into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n\r\n").into_bytes());
    }
    let end = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    out.extend(end.into_bytes());
    out
}

/// The same bytes with another line drawn on the page.
pub fn tampered(signed: &[u8]) -> Vec<u8> {
    let at = signed
        .windows(DRAWN.len())
        .position(|window| window == DRAWN.as_bytes())
        .expect("the drawing");
    let mut bytes = signed.to_vec();
    bytes[at..at + DRAWN.len()].copy_from_slice(b"0 0 m 900 100 l S    ");
    bytes
}

//! A small certification authority and small signed PDFs, made anew from fixed seeds.

use chancery_pdf::sheet::{FontFile, Mark, MarkPlan, Row, Sheet};
use chancery_pdf::sign::{FieldTarget, SubFilter};
use chancery_pdf::{Limits, SignaturePlan, prepare_signature};
use chancery_signature as sig;
use chancery_types::Instant;
use sig::{AuthorityRequest, IssuingAuthority, KeyKind, LeafRequest, SigningKey};

pub const POLICY: sig::ObjectIdentifier = sig::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

pub fn at(text: &str) -> Instant {
    text.parse().expect("a moment")
}

/// When everything in the tests is signed.
pub fn signing_moment() -> Instant {
    at("2026-07-31T12:00:00Z")
}

/// A key from its seed; of RSA there is one for all.
pub fn key(kind: KeyKind, seed: u8) -> SigningKey {
    use base64::Engine as _;
    if kind == KeyKind::Rsa {
        let text: String = include_str!("rsa-2048.b64").split_whitespace().collect();
        let der = base64::engine::general_purpose::STANDARD.decode(text);
        return SigningKey::from_pkcs8_der(&der.expect("Base64")).expect("an RSA key");
    }
    SigningKey::from_seed(kind, &[seed; 32]).expect("a key")
}

pub struct House {
    pub root: Vec<u8>,
    pub issuing: IssuingAuthority,
    pub tsa: sig::TimestampAuthority,
}

fn authority(name: &str, serial: u8, years: i64) -> AuthorityRequest {
    AuthorityRequest {
        common_name: name.to_owned(),
        organisation: Some("ООО «Ромашка»".to_owned()),
        serial: [serial; 16],
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2026-01-01T00:00:00Z").plus_seconds(years * 31_557_600),
    }
}

impl House {
    pub fn new(kind: KeyKind) -> Self {
        let root_key = key(kind, 1);
        let root = sig::make_root(&root_key, &authority("Корень", 1, 20)).expect("a root");
        let root_authority = IssuingAuthority::new(root_key, root.clone()).expect("its own key");
        let issuing_key = key(kind, 2);
        let request = authority("Издающий центр", 2, 10);
        let issuing = sig::make_issuing(&root_authority, &issuing_key.spki_der(), &request);
        let issuing = IssuingAuthority::new(issuing_key, issuing.expect("an issuing certificate"));
        let tsa_key = key(kind, 3);
        let request = authority("Служба времени", 3, 10);
        let tsa = sig::make_timestamping(&root_authority, &tsa_key.spki_der(), &request);
        let tsa = sig::TimestampAuthority::new(tsa_key, tsa.expect("a certificate"), vec![]);
        Self {
            root,
            issuing: issuing.expect("its own key"),
            tsa: tsa.expect("its own key"),
        }
    }

    /// What `ca.pem` holds: the root and the issuing authority, both trusted by name.
    pub fn pem(&self) -> String {
        [self.root.as_slice(), self.issuing.certificate()]
            .map(pem)
            .concat()
    }

    pub fn leaf(&self, key: &SigningKey, name: &str) -> Vec<u8> {
        let request = LeafRequest {
            spki_der: key.spki_der(),
            common_name: name.to_owned(),
            organisation: Some("ООО «Вектор»".to_owned()),
            email: Some("signer@example.org".to_owned()),
            serial: [7; 16],
            not_before: signing_moment().plus_seconds(-60),
            not_after: signing_moment().plus_seconds(23 * 3600),
            policy: Some(POLICY),
        };
        sig::issue_leaf(&self.issuing, &request).expect("a leaf")
    }

    pub fn token(&self, value: &[u8], moment: Instant) -> Vec<u8> {
        let request = sig::TimestampRequest {
            imprint: *chancery_types::Digest::of(value).as_bytes(),
            gen_time: moment,
            serial: [9; 16],
            policy: POLICY,
            nonce: Some([1, 2, 3, 4, 5, 6, 7, 8]),
        };
        self.tsa.timestamp(&request).expect("a token")
    }

    /// A detached CMS over `spans`, with a token if `moment` is given.
    pub fn sign_spans(
        &self,
        key: &SigningKey,
        name: &str,
        spans: &[&[u8]],
        moment: Option<Instant>,
    ) -> Vec<u8> {
        let leaf = self.leaf(key, name);
        let algorithm = key.kind().digest_algorithm();
        let digest = algorithm.digest(spans);
        let attributes = sig::signed_attributes(algorithm, &digest, &leaf).expect("attributes");
        let value = key.sign(&attributes).expect("a value");
        let token = moment.map(|moment| self.token(&value, moment));
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &leaf,
            chain: &[self.issuing.certificate().to_vec()],
            timestamp_token: token.as_deref(),
        };
        sig::assemble(&parts).expect("a CMS")
    }

    /// `pdf` with one more signature.
    pub fn sign_pdf(
        &self,
        pdf: &[u8],
        key: &SigningKey,
        name: &str,
        moment: Option<Instant>,
    ) -> Vec<u8> {
        self.sign_plan(pdf, key, &plan(name), moment)
    }

    /// As [`House::sign_pdf`], by a plan of the test's own.
    pub fn sign_plan(
        &self,
        pdf: &[u8],
        key: &SigningKey,
        plan: &SignaturePlan<'_>,
        moment: Option<Instant>,
    ) -> Vec<u8> {
        let name = plan.name.as_deref().unwrap();
        let mut prepared =
            prepare_signature(pdf, &Limits::default(), plan).expect("a prepared signature");
        let cms = self.sign_spans(key, name, &prepared.signed_spans(pdf), moment);
        prepared.embed(&cms).expect("room");
        [pdf, &prepared.tail].concat()
    }
}

pub fn plan(name: &str) -> SignaturePlan<'static> {
    SignaturePlan {
        field_name: "Chancery".to_owned(),
        target: FieldTarget::New,
        contents_bytes: 8192,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000Z".to_owned(),
        name: Some(name.to_owned()),
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    }
}

/// A plan with a visible mark on the signature sheet.
pub fn visible_plan(name: &str) -> SignaturePlan<'static> {
    let row = |label: &str, value: &str| Row {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    let sheet = Sheet {
        title: "Лист подписей".to_owned(),
        subject: vec![row("Договор", "№ 77-2026/114")],
        attachments: None,
        apart: None,
        marks_heading: "Подписи".to_owned(),
        slots: 3,
        footer: "ООО «Ромашка»".to_owned(),
    };
    let mark = Mark {
        name: name.to_owned(),
        lines: vec![
            "ООО «Вектор»".to_owned(),
            "31 июля 2026 г., 12:00:00 UTC".to_owned(),
        ],
        note: "Сертификат выдан только для этой подписи".to_owned(),
    };
    let (regular, bold) = (dejavu::sans::regular(), dejavu::sans::bold());
    let mark = MarkPlan {
        regular: FontFile(regular),
        bold: FontFile(bold),
        sheet,
        mark,
    };
    SignaturePlan {
        mark: Some(mark),
        ..plan(name)
    }
}

/// The same page with everything but the content in an object stream.
pub fn packed_pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>",
    ];
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let content = out.len();
    out.extend(b"4 0 obj\n<</Length 15>>\nstream\n0 0 m 100 1 l S\nendstream\nendobj\n");
    let (mut head, mut body) = (String::new(), String::new());
    for (index, object) in objects.iter().enumerate() {
        head += &format!("{} {} ", index + 1, body.len());
        body += &format!("{object} ");
    }
    let packed = out.len();
    let (first, length) = (head.len(), head.len() + body.len());
    let container = format!(
        "5 0 obj\n<</Type/ObjStm/N 3/First {first}/Length {length}>>\n\
         stream\n{head}{body}\nendstream\nendobj\n"
    );
    out.extend(container.into_bytes());
    let section = out.len();
    let mut rows = vec![0_u8, 0, 0, 0];
    rows.extend([2, 0, 5, 0, 2, 0, 5, 1, 2, 0, 5, 2]);
    for place in [content, packed, section] {
        rows.push(1);
        rows.extend(u16::try_from(place).unwrap().to_be_bytes());
        rows.push(0);
    }
    let head = format!(
        "6 0 obj\n<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length {}>>\nstream\n",
        rows.len()
    );
    out.extend(head.into_bytes());
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{section}\n%%EOF\n").into_bytes());
    out
}

pub fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

/// A one-page PDF with a classic table.
pub fn small_pdf() -> Vec<u8> {
    pdf_of(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>",
        "<</Length 21>>\nstream\n0 0 m 100 100 l S    \nendstream",
    ])
}

/// Objects from 1 on with a classic table; the first is the catalog.
pub fn pdf_of(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = vec![];
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n\r\n").into_bytes());
    }
    let end = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(end.into_bytes());
    out
}

/// Runs a program of the system; `None`, with a clear word, if it is not installed.
pub fn run(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    match std::process::Command::new(program).args(arguments).output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Some((
                output.status.success(),
                String::from_utf8_lossy(&text).into_owned(),
            ))
        }
        Err(error) => {
            let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
            assert!(!required, "{program} is required here: {error}");
            eprintln!("SKIPPED: {program} is not installed ({error})");
            None
        }
    }
}

/// A folder of its own beneath the build's temporary folder.
pub fn folder(name: &str) -> std::path::PathBuf {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

//! From a PDF to [`Facts`]: where signatures stand, what they cover, what came after.

use std::collections::HashSet;

use chancery_pdf::form::Field;
use chancery_pdf::{
    Coverage, CoverageFailure, Dictionary, Object, Pdf, PdfError, SignatureDictionary,
    signature_coverage,
};

use crate::algorithm::DigestAlgorithm;
use crate::bare_value;
use crate::changes;
use crate::cms::SignedData;
use crate::evidence;
use crate::facts::{
    Change, CoverageFacts, Der, Facts, FileFormat, InnerContent, PdfFacts, RevisionChanges,
    SignatureFacts, SignatureForm, Unreadable,
};
use crate::gather::Limits;
use crate::gather_signer::{TokenDepth, gather_signer};
use crate::locks;
use crate::oid;
use crate::timestamp::TimestampToken;

/// Most spans of one `/ByteRange` that are read.
const SPANS_MAX: usize = 16;
/// Most ends of revisions that are tried when the end of the file cannot be read.
const PREFIXES_MAX: usize = 8;

/// Gathers from a file: a PDF, or CMS with its content inside, told by its first bytes.
#[must_use]
pub fn gather(bytes: &[u8], content: Option<&[u8]>, limits: &Limits) -> Facts {
    let window = bytes.get(..bytes.len().min(1024)).unwrap_or(&[]);
    // CMS may hold a PDF whose header is near its beginning.
    let asn1 = bytes.first() == Some(&crate::asn1::tag::SEQUENCE);
    if !asn1 && window.windows(5).any(|window| window == b"%PDF-") {
        return gather_pdf(bytes, limits);
    }
    if is_xml(window) {
        let mut facts = Facts::of(bytes, FileFormat::Xml);
        facts.unreadable = Some(Unreadable::new("xml_not_supported", "XML"));
        return facts;
    }
    crate::gather::gather_cms(bytes, content, limits)
}

/// Whether it begins as XML does, in UTF-8 or UTF-16.
fn is_xml(window: &[u8]) -> bool {
    let plain = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    let plain = plain.trim_ascii_start();
    let tagged = matches!(plain, [b'<', next, ..]
        if next.is_ascii_alphabetic() || !next.is_ascii() || matches!(next, b'?' | b'!' | b'_'));
    tagged || window.starts_with(b"\xff\xfe<\0") || window.starts_with(b"\xfe\xff\0<")
}

/// Gathers from a PDF. Any bytes give facts; see [`Facts::unreadable`].
#[must_use]
pub fn gather_pdf(bytes: &[u8], limits: &Limits) -> Facts {
    let mut facts = Facts::of(bytes, FileFormat::Pdf);
    match Pdf::survey(bytes, &limits.pdf) {
        Ok(pdf) => {
            if let Err(error) = read_pdf(&pdf, limits, &mut facts) {
                facts.unreadable = Some(unreadable(&error));
            }
        }
        Err(error) => {
            facts.unreadable = Some(unreadable(&error));
            read_prefix(bytes, limits, &mut facts);
        }
    }
    let limited = matches!(&facts.unreadable, Some(why) if why.code == "limit_exceeded");
    if !limited && (facts.unreadable.is_some() || facts.signatures.is_empty()) {
        read_salvaged(bytes, limits, &mut facts);
    }
    facts
}

/// Signatures that the structure of the file does not lead to. What their values say is told, and
/// they can never pass: a reader that repairs files shows them, and shows anything else as well.
fn read_salvaged(bytes: &[u8], limits: &Limits, facts: &mut Facts) {
    let gap = |one: &SignatureFacts| Some(one.coverage.as_ref().ok()?.byte_range[1]);
    let known: HashSet<u64> = facts.signatures.iter().filter_map(gap).collect();
    let most = limits.signatures.signatures_max;
    for signature in chancery_pdf::salvage_signatures(bytes, &limits.pdf) {
        let start = signature.contents.as_ref().map(|one| one.span.start as u64);
        if facts.signatures.len() >= most || start.is_some_and(|start| known.contains(&start)) {
            continue;
        }
        let mut gathered = describe(&signature);
        gathered.coverage = Err("not_reachable".to_owned());
        take_contents(bytes, &signature, limits, &mut gathered);
        facts.signatures.push(gathered);
    }
}

/// A file whose end cannot be read may be a signed file with something behind it: the longest
/// readable beginning tells which, and the rest counts as hidden.
fn read_prefix(bytes: &[u8], limits: &Limits, facts: &mut Facts) {
    let markers = bytes
        .windows(5)
        .enumerate()
        .rev()
        .filter(|(_, window)| *window == b"%%EOF");
    for (at, _) in markers.take(PREFIXES_MAX) {
        // A marker ends with its line, and signatures cover the end of the line too.
        let marker = at.saturating_add(5);
        let end = match bytes.get(marker..) {
            Some([b'\r', b'\n', ..]) => marker.saturating_add(2),
            Some([b'\r' | b'\n', ..]) => marker.saturating_add(1),
            _ => marker,
        };
        let Some(prefix) = bytes.get(..end) else {
            continue;
        };
        let Ok(pdf) = Pdf::survey(prefix, &limits.pdf) else {
            continue;
        };
        let mut found = Facts::of(b"", FileFormat::Pdf);
        if read_pdf(&pdf, limits, &mut found).is_err() || found.signatures.is_empty() {
            continue;
        }
        let rest = bytes.get(end..).unwrap_or(&[]);
        let hidden = rest.iter().filter(|byte| !is_blank(**byte)).count() as u64;
        for coverage in found
            .signatures
            .iter_mut()
            .filter_map(|one| one.coverage.as_mut().ok())
        {
            coverage.whole_file = false;
        }
        if let Some(pdf) = &mut found.pdf {
            pdf.trailing_bytes = pdf.trailing_bytes.saturating_add(hidden);
        }
        facts.evidence = found.evidence;
        (facts.pdf, facts.signatures) = (found.pdf, found.signatures);
        return;
    }
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

fn unreadable(error: &PdfError) -> Unreadable {
    let code = match error {
        PdfError::Empty => "empty",
        PdfError::NotAPdf => "not_a_pdf",
        PdfError::Truncated => "truncated",
        PdfError::TableDishonest { .. } => "table_dishonest",
        PdfError::LimitExceeded { .. } => "limit_exceeded",
        PdfError::RevisionLoop { .. } | PdfError::PageTreeLoop { .. } => "loop",
        PdfError::FieldLoop { .. } => "loop",
        _ => "damaged",
    };
    Unreadable::new(code, error)
}

/// What is known of a file before its signatures are looked for.
fn shape(pdf: &Pdf<'_>) -> PdfFacts {
    let trailing = pdf.bytes().get(pdf.trailing()).unwrap_or(&[]);
    let trailing = trailing.iter().filter(|byte| !is_blank(**byte)).count();
    PdfFacts {
        revisions: u32::try_from(pdf.revisions().len()).unwrap_or(u32::MAX),
        trailing_bytes: trailing as u64,
        encrypted: pdf.is_encrypted(),
        ..PdfFacts::default()
    }
}

fn read_pdf(pdf: &Pdf<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), PdfError> {
    let revisions = pdf.revisions();
    facts.pdf = Some(shape(pdf));
    let mut known = HashSet::new();
    let mut first_signed = None;
    let mut covered = 0_u64;
    for field in pdf.signature_fields()? {
        let Some(signature) = &field.signature else {
            continue;
        };
        if facts.signatures.len() >= limits.signatures.signatures_max {
            let max = limits.signatures.signatures_max as u64;
            return Err(PdfError::LimitExceeded {
                limit: "signatures_max",
                max,
            });
        }
        // Two fields with one signature are one signature, and a sign of tampering.
        if let Some(id) = signature.id
            && !known.insert(id.number)
        {
            continue;
        }
        // Told before anything is hashed: many signatures over one large file cost as much as many
        // files.
        covered = covered.saturating_add(pdf.bytes().len() as u64);
        if covered > limits.signatures.covered_bytes_max && !facts.signatures.is_empty() {
            return Err(PdfError::LimitExceeded {
                limit: "covered_bytes_max",
                max: limits.signatures.covered_bytes_max,
            });
        }
        let gathered = gather_signature(pdf, signature, &field.field, limits);
        if let Ok(coverage) = &gathered.coverage {
            let earlier = first_signed.unwrap_or(coverage.revision);
            first_signed = Some(earlier.min(coverage.revision));
        }
        facts.signatures.push(gathered);
    }
    facts.evidence = evidence::of_store(pdf);
    let strays = stray_signatures(pdf, &known);
    let certification = pdf.certification()?;
    let mut compared = Vec::new();
    if let Some(first) = first_signed {
        for index in (first as usize).saturating_add(1)..revisions.len() {
            let changes = if compared.len() < limits.signatures.compared_revisions_max {
                changes::compare(pdf.bytes(), &limits.pdf, revisions, index)
            } else {
                let what = "too many revisions to compare".to_owned();
                vec![Change::Unexplained {
                    object: 0,
                    what,
                    page: None,
                }]
            };
            let revision = u32::try_from(index).unwrap_or(u32::MAX);
            compared.push(RevisionChanges { revision, changes });
        }
    }
    if let Some(facts) = &mut facts.pdf {
        facts.stray_signatures = strays;
        facts.certification = certification;
        facts.changes = compared;
    }
    Ok(())
}

/// Signature dictionaries that no field leads to.
fn stray_signatures(pdf: &Pdf<'_>, known: &HashSet<u32>) -> u32 {
    let mut count = 0_u32;
    for (number, _) in pdf.numbers() {
        if known.contains(&number) {
            continue;
        }
        let Ok(indirect) = pdf.by_number(number) else {
            continue;
        };
        if let Object::Dictionary(dictionary) = indirect.object {
            let signs =
                dictionary.get(b"ByteRange").is_some() && dictionary.get(b"Contents").is_some();
            count = count.saturating_add(u32::from(signs));
        }
    }
    count
}

/// A stable word for each failure.
fn coverage_code(failure: CoverageFailure) -> &'static str {
    match failure {
        CoverageFailure::NotInFile => "not_in_file",
        CoverageFailure::DuplicateKeys => "duplicate_keys",
        CoverageFailure::NoByteRange => "no_byte_range",
        CoverageFailure::MalformedByteRange => "malformed_byte_range",
        CoverageFailure::ByteRange(_) => "byte_range_outside_file",
        CoverageFailure::NotFromStart => "not_from_start",
        CoverageFailure::NoContents => "no_contents",
        CoverageFailure::EmptyContents => "empty_contents",
        CoverageFailure::ContentsNotHexadecimal => "contents_not_hexadecimal",
        CoverageFailure::GapIsNotContents => "gap_is_not_contents",
        CoverageFailure::NotARevisionEnd => "not_a_revision_end",
    }
}

fn gather_signature(
    pdf: &Pdf<'_>,
    signature: &SignatureDictionary,
    field: &Field,
    limits: &Limits,
) -> SignatureFacts {
    let mut facts = describe(signature);
    facts.field = Some(field.name.clone());
    facts.direct = signature.id.is_none();
    let locks = locks::of(pdf, signature, field).unwrap_or_default();
    (facts.lock_permission, facts.locks) = (locks.permission, locks.locks);
    let coverage = signature_coverage(pdf, signature);
    let inside = coverage.is_ok_and(|coverage| {
        let gap = coverage.byte_range.gap();
        signature.span.start as u64 <= gap.start
            && gap.end <= signature.span.end as u64
            && signature.span.end as u64 <= coverage.byte_range.end()
    });
    facts.coverage = match coverage {
        Ok(coverage) if inside => Ok(covered(&coverage)),
        Ok(_) => Err("dictionary_not_covered".to_owned()),
        Err(failure) => Err(coverage_code(failure).to_owned()),
    };
    take_contents(pdf.bytes(), signature, limits, &mut facts);
    facts
}

/// What the dictionary says of itself.
fn describe(signature: &SignatureDictionary) -> SignatureFacts {
    let timestamp = signature.sub_filter.as_deref() == Some("ETSI.RFC3161");
    let form = if timestamp {
        SignatureForm::DocumentTimestamp
    } else {
        SignatureForm::Pdf
    };
    let mut facts = SignatureFacts::empty(form);
    facts.sub_filter.clone_from(&signature.sub_filter);
    facts.claimed_time.clone_from(&signature.signing_time);
    facts.certification = signature.certification;
    facts
}

fn take_contents(
    bytes: &[u8],
    signature: &SignatureDictionary,
    limits: &Limits,
    facts: &mut SignatureFacts,
) {
    let Some(contents) = &signature.contents else {
        facts.malformed = Some("no_contents".to_owned());
        return;
    };
    if contents.bytes.len() > limits.signatures.cms_bytes_max {
        facts.malformed = Some("limit_exceeded".to_owned());
        return;
    }
    // The digest is taken over whatever the numbers name, sound or not: a forged placement must
    // not hide that the arithmetic holds.
    let parts = named_parts(bytes, &signature.dictionary);
    if facts.sub_filter.as_deref() == Some("adbe.x509.rsa_sha1") {
        bare_value::read(
            &signature.dictionary,
            &contents.bytes,
            parts.as_deref(),
            facts,
        );
    } else {
        read_contents(&contents.bytes, parts.as_deref(), facts);
    }
}

/// The bytes that `/ByteRange` names, be they two spans or not (ISO 32000-2, 12.8.1, table 255:
/// "an array of pairs of integers").
fn named_parts<'a>(bytes: &'a [u8], dictionary: &Dictionary) -> Option<Vec<&'a [u8]>> {
    let numbers = dictionary.get(b"ByteRange")?.as_array()?;
    let (pairs, rest) = numbers.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() || pairs.len() > SPANS_MAX {
        return None;
    }
    let part = |[start, length]: &[Object; 2]| {
        let start = usize::try_from(start.as_integer()?).ok()?;
        let length = usize::try_from(length.as_integer()?).ok()?;
        bytes.get(start..start.checked_add(length)?)
    };
    pairs.iter().map(part).collect()
}

fn covered(coverage: &Coverage) -> CoverageFacts {
    CoverageFacts {
        byte_range: coverage.byte_range.entry(),
        revision: u32::try_from(coverage.revision).unwrap_or(u32::MAX),
        whole_file: coverage.whole_file,
    }
}

fn read_contents(contents: &[u8], parts: Option<&[&[u8]]>, facts: &mut SignatureFacts) {
    let supported = [
        "ETSI.CAdES.detached",
        "adbe.pkcs7.detached",
        "adbe.pkcs7.sha1",
        "ETSI.RFC3161",
    ];
    let sub_filter = facts.sub_filter.clone().unwrap_or_default();
    if !supported.contains(&sub_filter.as_str()) {
        facts.malformed = Some("sub_filter_unsupported".to_owned());
        return;
    }
    let (structure, rest) = match SignedData::parse(contents) {
        Ok(parsed) => parsed,
        Err(error) => {
            facts.malformed = Some(error.to_string());
            return;
        }
    };
    let zeros = rest.iter().rev().take_while(|byte| **byte == 0).count();
    facts.excess_bytes = rest.len().saturating_sub(zeros) as u64;
    facts.signers = u32::try_from(structure.signers.len()).unwrap_or(u32::MAX);
    facts.certificates = structure
        .certificates
        .iter()
        .map(|raw| Der(raw.to_vec()))
        .collect();
    let Some(signer_info) = structure.signers.first() else {
        facts.malformed = Some("no_signer".to_owned());
        return;
    };
    let Some((state, signed)) = signed_content(&structure, &sub_filter, parts, facts) else {
        facts.malformed = Some("not_a_timestamp".to_owned());
        return;
    };
    facts.inner_content = state;
    facts.signer = Some(gather_signer(
        &structure,
        signer_info,
        signed.as_deref(),
        TokenDepth::Outer,
    ));
}

/// What the structure signs, and how that stands to the bytes that the range names.
fn signed_content<'a>(
    structure: &'a SignedData<'_>,
    sub_filter: &str,
    parts: Option<&[&'a [u8]]>,
    facts: &mut SignatureFacts,
) -> Option<(InnerContent, Option<Vec<&'a [u8]>>)> {
    let inner = structure.content.as_deref();
    let stands = |over: bool| match over {
        true => InnerContent::Signed,
        false => InnerContent::Other,
    };
    let outside = parts.map(|parts| parts.to_vec());
    match (sub_filter, inner) {
        ("ETSI.RFC3161", Some(inner)) if structure.content_type == oid::TST_INFO => {
            facts.token = TimestampToken::from_tst_info(inner).ok();
            let token = facts.token.as_ref().zip(parts);
            let over = token.is_some_and(|(token, parts)| token.is_over(parts));
            Some((stands(over), Some(vec![inner])))
        }
        ("ETSI.RFC3161", _) => None,
        ("adbe.pkcs7.sha1", Some(inner)) => {
            let digest = parts.map(|parts| DigestAlgorithm::Sha1.digest(parts));
            let over = digest.as_deref() == Some(inner);
            Some((stands(over), Some(vec![inner])))
        }
        (_, None) => Some((InnerContent::Absent, outside)),
        (_, Some([])) => Some((InnerContent::Empty, outside)),
        (_, Some(_)) => Some((InnerContent::Other, outside)),
    }
}

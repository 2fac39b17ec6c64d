//! From a PDF to [`Facts`]: where signatures stand, what they cover, what came after.

use std::collections::HashSet;

use chancery_pdf::form::SignatureField;
use chancery_pdf::{
    Coverage, CoverageFailure, Object, Pdf, PdfError, SignatureDictionary, signature_coverage,
};

use crate::algorithm::DigestAlgorithm;
use crate::changes;
use crate::changes_spent::ComparisonLimits;
use crate::claimed::claimed_time;
use crate::content::{Beginnings, Content};
use crate::evidence::Stores;
use crate::facts::{
    CoverageFacts, EvidenceFacts, Facts, FileFormat, PdfFacts, SignatureFacts, SignatureForm,
    Unreadable,
};
use crate::gather::Limits;
use crate::gather_value::{File, named_parts, take_contents};
use crate::locks;
use crate::other_file;
use crate::shared::Met;
use crate::work::Work;

/// Most ends of revisions that are tried when the end of the file cannot be read.
const PREFIXES_MAX: usize = 8;

/// Gathers from a PDF. Any bytes give facts; see [`Facts::unreadable`].
#[must_use]
pub fn gather_pdf(bytes: &[u8], limits: &Limits) -> Facts {
    let mut facts = Facts::undigested(bytes, FileFormat::Pdf);
    // Where something stands before the header, offsets count from there; some readers count from
    // the first byte all the same.
    let leading = chancery_pdf::header_offset(bytes).unwrap_or(0);
    let shifted = bytes.get(leading..).filter(|_| leading > 0);
    let shifted = shifted.filter(|rest| Pdf::survey(rest, &limits.pdf).is_ok());
    if let Some(rest) = shifted {
        let mut facts = gather_pdf(rest, limits);
        facts.sha256 = hex::encode(DigestAlgorithm::Sha256.digest(&[bytes]));
        facts.bytes = bytes.len() as u64;
        if let Some(pdf) = &mut facts.pdf {
            pdf.leading_bytes = leading as u64;
            // Nobody signed them: a byte order mark and white space alone are as good as nothing.
            let before = bytes.get(..leading).unwrap_or(&[]);
            let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
            if !before.iter().all(|byte| is_blank(*byte)) {
                pdf.reads_two_ways = Some("leading".to_owned());
            }
        }
        return facts;
    }
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
    if facts.unreadable.is_some() && facts.signatures.is_empty() {
        let entry = b"/ByteRange";
        facts.claims_signature = bytes.windows(entry.len()).any(|window| window == entry);
    }
    if facts.sha256.is_empty() {
        facts.sha256 = hex::encode(DigestAlgorithm::Sha256.digest(&[bytes]));
    }
    facts
}

/// Signatures that the structure of the file does not lead to. What their values say is told, and
/// they can never pass: a reader that repairs files shows them, and shows anything else as well.
fn read_salvaged(bytes: &[u8], limits: &Limits, facts: &mut Facts) {
    let gap = |one: &SignatureFacts| Some(one.coverage.as_ref().ok()?.byte_range[1]);
    let known: HashSet<u64> = facts.signatures.iter().filter_map(gap).collect();
    let most = limits.signatures.signatures_max;
    let beginnings = Beginnings::new(bytes, Vec::new());
    let work = Work::new(&limits.signatures);
    let file = File {
        bytes,
        beginnings: &beginnings,
        work: &work,
    };
    for signature in chancery_pdf::salvage_signatures(bytes, &limits.pdf) {
        let start = signature.contents.as_ref().map(|one| one.span.start as u64);
        if facts.signatures.len() >= most || start.is_some_and(|start| known.contains(&start)) {
            continue;
        }
        let mut gathered = describe(&signature);
        gathered.coverage = Err("not_reachable".to_owned());
        // Nobody knows here whether the file is enciphered: what reads as no time may be noise.
        let time = gathered.claimed_time.take();
        gathered.claimed_time = time.filter(|text| claimed_time(text).is_some());
        let place = facts.signatures.len();
        let counters = take_contents(file, &signature, limits, &mut gathered, place);
        facts.signatures.push(gathered);
        facts.signatures.extend(counters);
        // It is told itself.
        if let Some(pdf) = &mut facts.pdf {
            pdf.removed_signatures = 0;
        }
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
        PdfError::Encrypted => "encrypted",
        PdfError::LimitExceeded { .. } => "limit_exceeded",
        PdfError::RevisionLoop { .. } | PdfError::PageTreeLoop { .. } => "loop",
        PdfError::FieldLoop { .. } => "loop",
        _ => "damaged",
    };
    Unreadable::new(code, error)
}

/// Whether two places are given for one object, beside the description of the file: some writers
/// leave its old place in the table.
fn has_two_places(pdf: &Pdf<'_>) -> bool {
    let described = pdf.trailer().get(b"Info").and_then(Object::as_reference);
    let mut doubled = pdf.sections().flat_map(|one| one.entries.conflicting());
    doubled.any(|number| described.is_none_or(|id| id.number != *number))
}

/// What is known of a file before its signatures are looked for.
fn shape(pdf: &Pdf<'_>) -> PdfFacts {
    let trailing = pdf.bytes().get(pdf.trailing()).unwrap_or(&[]);
    let trailing = trailing.iter().filter(|byte| !is_blank(**byte)).count();
    let why = match chancery_pdf::header_offset(pdf.bytes()) {
        Some(1..) => Some("offsets"),
        _ if has_two_places(pdf) => Some("places"),
        _ if pdf.sections().any(|one| one.is_commented) => Some("comment"),
        _ if pdf.is_searched_in_vain() => Some("search"),
        _ => None,
    };
    PdfFacts {
        reads_two_ways: why.map(str::to_owned),
        revisions: u32::try_from(pdf.revisions().len()).unwrap_or(u32::MAX),
        trailing_bytes: trailing as u64,
        encrypted: pdf.is_encrypted(),
        unopened: pdf.unopened().map(|why| why.code().to_owned()),
        ..PdfFacts::default()
    }
}

fn read_pdf(pdf: &Pdf<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), PdfError> {
    facts.pdf = Some(shape(pdf));
    let known = read_fields(pdf, limits, facts)?;
    let mut stores = Stores::of(pdf);
    let (strays, removed) = stray_signatures(pdf, &known, &facts.signatures)?;
    let certification = pdf.certification()?;
    let signed = facts.signatures.iter();
    let signed = signed.filter_map(|one| Some(one.coverage.as_ref().ok()?.revision));
    let first = signed.min();
    let compared = match first {
        Some(first) => {
            let most = ComparisonLimits {
                revisions_max: limits.signatures.compared_revisions_max,
                reopened_max: limits.signatures.reopened_revisions_max,
                objects_max: limits.signatures.compared_objects_max,
                bytes_max: limits.signatures.compared_bytes(pdf.bytes().len()),
                changes_max: limits.signatures.changes_max,
            };
            changes::compare_all(pdf, &limits.pdf, (first as usize, most), &mut stores)
        }
        None => Vec::new(),
    };
    facts.evidence = stores.finish();
    let carries_other = first_covered_end(&facts.signatures).is_some_and(|end| {
        let EvidenceFacts {
            certificates,
            crls,
            ocsps,
            ..
        } = &facts.evidence;
        let pieces = certificates.iter().chain(crls).chain(ocsps);
        let later = pieces.filter(|piece| piece.revision > first);
        other_file::added_to_pdf(pdf.bytes(), end, later.map(|piece| piece.der.0.as_slice()))
    });
    if let Some(facts) = &mut facts.pdf {
        facts.stray_signatures = strays;
        facts.removed_signatures = removed;
        facts.certification = certification;
        facts.carries_other = carries_other;
        facts.changes = compared;
    }
    if !facts.signatures.is_empty() {
        read_twice(pdf, facts);
    }
    Ok(())
}

/// Where the bytes end that the first signature covers.
fn first_covered_end(signatures: &[SignatureFacts]) -> Option<usize> {
    let ends = signatures.iter().filter_map(|one| {
        let [_, _, resume, after] = one.coverage.as_ref().ok()?.byte_range;
        usize::try_from(resume.checked_add(after)?).ok()
    });
    ends.min()
}

/// What else than the bytes decides what is shown.
fn read_twice(pdf: &Pdf<'_>, facts: &mut Facts) {
    let readings = pdf.readings();
    if let Some(facts) = &mut facts.pdf {
        let divided = readings.divided.map(|why| why.word().to_owned());
        facts.reads_two_ways = facts.reads_two_ways.take().or(divided);
        facts.varies = readings
            .varies
            .iter()
            .map(|one| one.word().to_owned())
            .collect();
    }
}

/// Gathers the signatures that fields lead to; answers the numbers of their dictionaries.
fn read_fields(
    pdf: &Pdf<'_>,
    limits: &Limits,
    facts: &mut Facts,
) -> Result<HashSet<u32>, PdfError> {
    let (mut known, mut met) = (HashSet::new(), Met::default());
    let mut covered = 0_u64;
    let beginnings = beginnings_of(pdf)?;
    let work = Work::new(&limits.signatures);
    let file = File {
        bytes: pdf.bytes(),
        beginnings: &beginnings,
        work: &work,
    };
    pdf.each_signature_field(&mut |field| {
        let Some(signature) = &field.signature else {
            return Ok(());
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
            return Ok(());
        }
        // Told before anything is hashed: many signatures over one large file could cost as much
        // as many files.
        let parts = named_parts(pdf.bytes(), &signature.dictionary).unwrap_or_default();
        let content = Content::of_file(&parts, &beginnings);
        covered = covered.saturating_add(content.bytes_anew());
        if covered > limits.signatures.covered_bytes_max && !facts.signatures.is_empty() {
            return Err(PdfError::LimitExceeded {
                limit: "covered_bytes_max",
                max: limits.signatures.covered_bytes_max,
            });
        }
        let place = facts.signatures.len();
        let (gathered, counters) = gather_signature(pdf, signature, &field, file, limits, place);
        // A value over the content itself reads all of it.
        let signer = gathered.signer.as_ref();
        if signer.is_some_and(|signer| signer.attributes.is_none()) {
            let all = parts.iter().map(|part| part.len() as u64);
            covered = all.fold(covered, u64::saturating_add);
        }
        for mut one in std::iter::once(gathered).chain(counters) {
            one.share(&mut met);
            facts.signatures.push(one);
        }
        if let Some((limit, max)) = work.exceeded() {
            return Err(PdfError::LimitExceeded { limit, max });
        }
        Ok(())
    })?;
    // The signatures have digested most of the file already.
    facts.sha256 = hex::encode(beginnings.of_whole(DigestAlgorithm::Sha256));
    Ok(known)
}

/// Where the gaps of signatures begin that cover the file from its first byte. Each signature is
/// read and let go: to read them again costs less than to hold thousands.
fn beginnings_of<'f>(pdf: &Pdf<'f>) -> Result<Beginnings<'f>, PdfError> {
    let bytes = pdf.bytes();
    let mut ends = Vec::new();
    pdf.each_signature_field(&mut |field| {
        let signature = field.signature.as_ref();
        let parts = signature.and_then(|one| named_parts(bytes, &one.dictionary));
        if let Some([first, _]) = parts.as_deref()
            && std::ptr::eq(first.as_ptr(), bytes.as_ptr())
        {
            ends.push(first.len());
        }
        Ok(())
    })?;
    Ok(Beginnings::new(bytes, ends))
}

/// Signature dictionaries that no field leads to: of what is not known, and those that were over an
/// earlier revision of this file, wherever they stand in it.
fn stray_signatures(
    pdf: &Pdf<'_>,
    known: &HashSet<u32>,
    reached: &[SignatureFacts],
) -> Result<(u32, u32), PdfError> {
    let gap = |one: &SignatureFacts| Some(one.coverage.as_ref().ok()?.byte_range[1]);
    let reached: HashSet<u64> = reached.iter().filter_map(gap).collect();
    let was_signed = |signature: &SignatureDictionary| {
        let coverage = signature_coverage(pdf, signature).ok();
        coverage.is_some_and(|one| !reached.contains(&one.byte_range.gap().start))
    };
    let (mut strays, mut removed) = (0_u32, 0_u32);
    for (number, _) in pdf.numbers() {
        if known.contains(&number) {
            continue;
        }
        let indirect = match pdf.by_number(number) {
            Ok(indirect) => indirect,
            Err(error) if error.is_spent() => return Err(error),
            Err(_) => continue,
        };
        let Object::Dictionary(dictionary) = &indirect.object else {
            continue;
        };
        if dictionary.get(b"ByteRange").is_none() || dictionary.get(b"Contents").is_none() {
            continue;
        }
        match pdf.signature_dictionary(indirect.id) {
            Ok(Some(signature)) if was_signed(&signature) => removed = removed.saturating_add(1),
            _ => strays = strays.saturating_add(1),
        }
    }
    let earlier = pdf.earlier_signatures()?;
    let earlier = earlier.iter().filter(|one| was_signed(one)).count();
    let earlier = u32::try_from(earlier).unwrap_or(u32::MAX);
    Ok((strays, removed.saturating_add(earlier)))
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
    field: &SignatureField,
    file: File<'_>,
    limits: &Limits,
    place: usize,
) -> (SignatureFacts, Vec<SignatureFacts>) {
    let mut facts = describe(signature);
    facts.field = Some(field.field.name.clone());
    facts.direct = signature.id.is_none();
    let locks = locks::of(pdf, signature, &field.field).unwrap_or_default();
    (facts.lock_permission, facts.locks) = (locks.permission, locks.locks);
    let coverage = signature_coverage(pdf, signature);
    let inside = coverage.is_ok_and(|coverage| {
        let gap = coverage.byte_range.gap();
        signature.span.start as u64 <= gap.start
            && gap.end <= signature.span.end as u64
            && signature.span.end as u64 <= coverage.byte_range.end()
    });
    if let Some([first, second]) = named_parts(file.bytes, &signature.dictionary).as_deref()
        && other_file::is_file_without_gap(first, second, (&limits.pdf, file.work))
    {
        facts.other_content = Some("without_gap".to_owned());
    }
    facts.coverage = match coverage {
        Ok(coverage) if inside => Ok(covered(&coverage, file.beginnings)),
        Ok(_) => Err("dictionary_not_covered".to_owned()),
        Err(failure) => Err(coverage_code(failure).to_owned()),
    };
    let counters = take_contents(file, signature, limits, &mut facts, place);
    (facts, counters)
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

fn covered(coverage: &Coverage, beginnings: &Beginnings<'_>) -> CoverageFacts {
    let (gap, end) = (coverage.byte_range.gap().start, coverage.byte_range.end());
    let digest = beginnings.up_to(DigestAlgorithm::Sha256, gap, end);
    CoverageFacts {
        revision_sha256: digest.map(hex::encode),
        byte_range: coverage.byte_range.entry(),
        revision: u32::try_from(coverage.revision).unwrap_or(u32::MAX),
        whole_file: coverage.whole_file,
    }
}

//! From `/Contents` of a signature dictionary to facts: the structure, its signer, what it is over.

use chancery_pdf::{Dictionary, Object, SignatureDictionary};

use crate::algorithm::DigestAlgorithm;
use crate::bare_value;
use crate::cms::SignedData;
use crate::content::{Beginnings, Content, Digested};
use crate::evidence;
use crate::facts::{InnerContent, SignatureFacts};
use crate::gather::{Counters, Limits};
use crate::gather_signer::gather_signer;
use crate::oid;
use crate::opened::Opened;
use crate::timestamp::TimestampToken;
use crate::work::{COUNTER_SIGNATURES_MAX, Work};

/// Most spans of one `/ByteRange` that are read.
const SPANS_MAX: usize = 16;

/// The bytes of a file with what is known of their digests.
#[derive(Clone, Copy)]
pub(crate) struct File<'c> {
    pub bytes: &'c [u8],
    pub beginnings: &'c Beginnings<'c>,
    /// What all its signatures may cost.
    pub work: &'c Work,
}

/// Reads the value of the signature that will stand at `place`; answers its counter-signatures.
pub(crate) fn take_contents(
    file: File<'_>,
    signature: &SignatureDictionary,
    limits: &Limits,
    facts: &mut SignatureFacts,
    place: usize,
) -> Vec<SignatureFacts> {
    let Some(contents) = &signature.contents else {
        facts.malformed = Some("no_contents".to_owned());
        return Vec::new();
    };
    if contents.bytes.len() > limits.signatures.cms_bytes_max {
        facts.malformed = Some("limit_exceeded".to_owned());
        return Vec::new();
    }
    // The digest is taken over whatever the numbers name, sound or not: a forged placement must
    // not hide that the arithmetic holds.
    let parts = named_parts(file.bytes, &signature.dictionary);
    if facts.sub_filter.as_deref() == Some("adbe.x509.rsa_sha1") {
        bare_value::read(
            &signature.dictionary,
            &contents.bytes,
            parts.as_deref(),
            facts,
        );
        return Vec::new();
    }
    let content = parts
        .as_deref()
        .map(|parts| Content::of_file(parts, file.beginnings).within(file.work));
    read_contents(&contents.bytes, content, facts, place, file.work)
}

/// The bytes that `/ByteRange` names, be they two spans or not (ISO 32000-2, 12.8.1, table 255:
/// "an array of pairs of integers").
pub(crate) fn named_parts<'a>(bytes: &'a [u8], dictionary: &Dictionary) -> Option<Vec<&'a [u8]>> {
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

fn read_contents(
    contents: &[u8],
    content: Option<Content<'_>>,
    facts: &mut SignatureFacts,
    place: usize,
    work: &Work,
) -> Vec<SignatureFacts> {
    let supported = [
        "ETSI.CAdES.detached",
        "adbe.pkcs7.detached",
        "adbe.pkcs7.sha1",
        "ETSI.RFC3161",
    ];
    let sub_filter = facts.sub_filter.clone().unwrap_or_default();
    if !supported.contains(&sub_filter.as_str()) {
        facts.malformed = Some("sub_filter_unsupported".to_owned());
        return Vec::new();
    }
    let (structure, rest) = match SignedData::parse(contents) {
        Ok(parsed) => parsed,
        Err(error) => {
            facts.malformed = Some(error.to_string());
            return Vec::new();
        }
    };
    let zeros = rest.iter().rev().take_while(|byte| **byte == 0).count();
    facts.excess_bytes = rest.len().saturating_sub(zeros) as u64;
    facts.signers = u32::try_from(structure.signers.len()).unwrap_or(u32::MAX);
    let opened = Opened::new(&structure, work);
    facts.certificates.clone_from(&opened.certificates);
    let Some(signer_info) = structure.signers.first() else {
        facts.malformed = Some("no_signer".to_owned());
        return Vec::new();
    };
    let Some((state, inner)) = signed_content(&structure, &sub_filter, content, facts) else {
        facts.malformed = Some("not_a_timestamp".to_owned());
        return Vec::new();
    };
    facts.inner_content = state;
    facts.evidence = evidence::of_structure(&structure, Some(signer_info));
    let inner = inner.as_ref().map(|inner| [*inner]);
    let signed = inner.as_ref().map(|inner| Content::of(inner)).or(content);
    let digested = Digested::default();
    let signed = signed.map(|signed| signed.remembered(&digested));
    facts.signer = Some(gather_signer(&opened, signer_info, signed));
    let room = COUNTER_SIGNATURES_MAX;
    Counters::of(&opened, signer_info, place, &facts.coverage, room).found
}

/// How the content inside the structure stands to the bytes that the range names; and that content,
/// if it is what is signed.
fn signed_content<'a>(
    structure: &'a SignedData<'_>,
    sub_filter: &str,
    content: Option<Content<'_>>,
    facts: &mut SignatureFacts,
) -> Option<(InnerContent, Option<&'a [u8]>)> {
    let inner = structure.content.as_deref();
    let stands = |over: bool| match over {
        true => InnerContent::Signed,
        false => InnerContent::Other,
    };
    match (sub_filter, inner) {
        ("ETSI.RFC3161", Some(inner)) if structure.content_type == oid::TST_INFO => {
            facts.token = Some(TimestampToken::from_tst_info(inner).ok()?);
            let token = facts.token.as_ref().zip(content);
            let over =
                token.is_some_and(|(token, content)| token.is_over_content(&content) == Some(true));
            Some((stands(over), Some(inner)))
        }
        ("ETSI.RFC3161", _) => None,
        ("adbe.pkcs7.sha1", Some(inner)) => {
            let digest = content.and_then(|content| content.digest(DigestAlgorithm::Sha1));
            let over = digest.as_deref() == Some(inner);
            Some((stands(over), Some(inner)))
        }
        (_, None) => Some((InnerContent::Absent, None)),
        (_, Some([])) => Some((InnerContent::Empty, None)),
        (_, Some(_)) => Some((InnerContent::Other, None)),
    }
}

//! Signs as the page's script does: the key is made here and gone with this call, and what is asked
//! to be signed is compared with what was shown before anything is signed.

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Digest;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey as _;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::browser::Browser;
use super::html::Form;
use crate::entropy;

/// What was signed and how.
#[derive(Debug)]
pub struct Signed {
    /// Where the page goes next.
    pub location: String,
    /// The digest of the signed ranges, hexadecimal.
    pub content_digest: String,
    /// SHA-256 of the new signed copy, hexadecimal.
    pub copy_digest: String,
    /// Bytes of the prepared file that the two ranges cover.
    pub covered_bytes: u64,
}

#[derive(Serialize)]
struct PrepareBody {
    spki: String,
}

#[derive(Deserialize)]
struct Prepared {
    signing_id: String,
    file_url: String,
    byte_range: [u64; 4],
    content_digest: String,
    signed_attributes: String,
}

#[derive(Serialize)]
struct CompleteBody {
    signing_id: String,
    signature: String,
}

#[derive(Deserialize)]
struct Completed {
    location: String,
    copy_sha256: String,
}

/// Signs by the form that the signing page shows (`form[data-sign]`); `original` is the file that
/// was read.
///
/// # Errors
///
/// If the prepared file is not the original with something appended, the attributes are not about
/// it, or the server refuses.
pub async fn sign(browser: &Browser, form: &Form, original: &[u8]) -> anyhow::Result<Signed> {
    let shown = form.attribute("data-main-digest");
    ensure!(
        shown == Digest::of(original).hex(),
        "the signing page speaks of another file than the one that was read"
    );
    ensure!(
        form.attribute("data-algorithm") == "ecdsa_p256",
        "the page asks for a key this walk does not make"
    );
    let token = form.value("_csrf");
    let key = SigningKey::from_slice(&private_number()).context("a private key")?;
    let spki = key.verifying_key().to_public_key_der()?;
    let body = PrepareBody {
        spki: STANDARD.encode(spki.as_bytes()),
    };
    let address = form.attribute("data-prepare-url");
    let prepared: Prepared = browser.call(address, token, &body).await?;
    let file = browser.save(&prepared.file_url).await?;
    let attributes = STANDARD.decode(&prepared.signed_attributes)?;
    let digest = check(&file, original, &prepared, &attributes)?;
    let signature: Signature = key.sign(&attributes);
    let body = CompleteBody {
        signing_id: prepared.signing_id,
        signature: STANDARD.encode(signature.to_bytes()),
    };
    let address = form.attribute("data-complete-url");
    let completed: Completed = browser.call(address, token, &body).await?;
    let [_, before, _, after] = prepared.byte_range;
    Ok(Signed {
        location: completed.location,
        content_digest: digest,
        copy_digest: completed.copy_sha256,
        covered_bytes: before.saturating_add(after),
    })
}

/// A number below the order of the curve, as the key's bytes: drawn until it is one.
fn private_number() -> [u8; 32] {
    loop {
        let drawn = entropy::bytes();
        if SigningKey::from_slice(&drawn).is_ok() {
            return drawn;
        }
    }
}

/// What the page's script checks; answers the digest of the signed ranges.
fn check(
    file: &[u8],
    original: &[u8],
    prepared: &Prepared,
    attributes: &[u8],
) -> anyhow::Result<String> {
    ensure!(
        file.starts_with(original),
        "the prepared file does not begin with the original bytes"
    );
    let [start, before, from, after] = prepared.byte_range;
    let size = u64::try_from(file.len())?;
    ensure!(
        start == 0 && before < from && from.checked_add(after) == Some(size),
        "the byte range does not cover the prepared file"
    );
    let range = |from: u64, to: u64| -> anyhow::Result<&[u8]> {
        file.get(usize::try_from(from)?..usize::try_from(to)?)
            .context("a range outside the file")
    };
    let mut hasher = sha2::Sha256::new();
    hasher.update(range(0, before)?);
    hasher.update(range(from, size)?);
    let digest = hasher.finalize();
    ensure!(
        hex::encode(digest) == prepared.content_digest,
        "the server states another digest of the signed ranges"
    );
    // OCTET STRING of 32 bytes: the message-digest attribute (RFC 5652, 11.2).
    let wanted = [&[0x04, 32], digest.as_slice()].concat();
    ensure!(
        attributes
            .windows(wanted.len())
            .any(|window| window == wanted),
        "the attributes to sign are not about the prepared file"
    );
    Ok(hex::encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(file: &[u8], range: [u64; 4]) -> (Prepared, Vec<u8>) {
        let [_, before, from, _] = range.map(|at| usize::try_from(at).expect("small"));
        let covered = [&file[..before], &file[from..]].concat();
        let digest = sha2::Sha256::digest(covered);
        let prepared = Prepared {
            signing_id: String::new(),
            file_url: String::new(),
            byte_range: range,
            content_digest: hex::encode(digest),
            signed_attributes: String::new(),
        };
        (prepared, [&[0x31, 0x04, 32], digest.as_slice()].concat())
    }

    #[test]
    fn nothing_is_signed_but_the_original_with_something_appended() {
        let (original, file) = (b"original", b"original+tail<gap>end");
        let (good, attributes) = prepared(file, [0, 13, 18, 3]);
        assert!(check(file, original, &good, &attributes).is_ok());
        assert!(check(b"origin4l+tail<gap>end", original, &good, &attributes).is_err());
        assert!(check(file, original, &good, &attributes[..20]).is_err());
        let (short, about) = prepared(file, [0, 13, 18, 3]);
        let cut = Prepared {
            byte_range: [0, 13, 18, 2],
            ..short
        };
        assert!(check(file, original, &cut, &about).is_err());
    }
}

//! Algorithm identifiers of XML (XML Signature 1.1, 6; RFC 9231; draft-chudov-cryptopro-cpxmldsig).

use chancery_signature::{DigestAlgorithm, Scheme};
use chancery_xml::Element;

use crate::names::{DSIG, PSS};

/// The most salt that an RSA-PSS signature may name, in bytes.
const SALT_BYTES_MAX: usize = 512;

/// The digest of an identifier.
pub(crate) fn digest_of(identifier: &str) -> Option<DigestAlgorithm> {
    Some(match identifier {
        "http://www.w3.org/2001/04/xmldsig-more#md5" => DigestAlgorithm::Md5,
        "http://www.w3.org/2000/09/xmldsig#sha1" => DigestAlgorithm::Sha1,
        "http://www.w3.org/2001/04/xmldsig-more#sha224" => DigestAlgorithm::Sha224,
        "http://www.w3.org/2001/04/xmlenc#sha256" => DigestAlgorithm::Sha256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => DigestAlgorithm::Sha384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => DigestAlgorithm::Sha512,
        "http://www.w3.org/2007/05/xmldsig-more#sha3-224" => DigestAlgorithm::Sha3_224,
        "http://www.w3.org/2007/05/xmldsig-more#sha3-256" => DigestAlgorithm::Sha3_256,
        "http://www.w3.org/2007/05/xmldsig-more#sha3-384" => DigestAlgorithm::Sha3_384,
        "http://www.w3.org/2007/05/xmldsig-more#sha3-512" => DigestAlgorithm::Sha3_512,
        other => match gost_name(other)? {
            "gostr34112012-256" => DigestAlgorithm::Streebog256,
            "gostr34112012-512" => DigestAlgorithm::Streebog512,
            "gostr3411" => DigestAlgorithm::Gost94,
            _ => return None,
        },
    })
}

/// The name of a GOST algorithm: programs write it under one of two prefixes.
fn gost_name(identifier: &str) -> Option<&str> {
    identifier
        .strip_prefix("urn:ietf:params:xml:ns:cpxmlsec:algorithms:")
        .or_else(|| identifier.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#"))
        .filter(|name| name.starts_with("gost"))
}

/// The digest that the name of a scheme has in it, `sha256`.
fn named_digest(name: &str) -> Option<DigestAlgorithm> {
    Some(match name {
        "md5" => DigestAlgorithm::Md5,
        "sha1" => DigestAlgorithm::Sha1,
        "sha224" => DigestAlgorithm::Sha224,
        "sha256" => DigestAlgorithm::Sha256,
        "sha384" => DigestAlgorithm::Sha384,
        "sha512" => DigestAlgorithm::Sha512,
        "sha3-224" => DigestAlgorithm::Sha3_224,
        "sha3-256" => DigestAlgorithm::Sha3_256,
        "sha3-384" => DigestAlgorithm::Sha3_384,
        "sha3-512" => DigestAlgorithm::Sha3_512,
        _ => return None,
    })
}

fn digest_bytes(digest: DigestAlgorithm) -> usize {
    digest.digest(&[]).len()
}

/// The scheme of a `SignatureMethod`; nothing if it is not one we compute.
pub(crate) fn scheme_of(method: Element<'_>) -> Option<Scheme> {
    let identifier = method.attribute("Algorithm")?;
    if let Some(name) = gost_name(identifier) {
        return Some(match name {
            "gostr34102012-gostr34112012-256" => Scheme::Gost {
                digest: DigestAlgorithm::Streebog256,
            },
            "gostr34102012-gostr34112012-512" => Scheme::Gost {
                digest: DigestAlgorithm::Streebog512,
            },
            "gostr34102001-gostr3411" => Scheme::Gost2001,
            _ => return None,
        });
    }
    let (base, name) = identifier.split_once('#')?;
    match (base, name) {
        ("http://www.w3.org/2000/09/xmldsig", "rsa-sha1") => Some(Scheme::RsaPkcs1 {
            digest: DigestAlgorithm::Sha1,
        }),
        ("http://www.w3.org/2007/05/xmldsig-more", "rsa-pss") => pss_scheme(method),
        ("http://www.w3.org/2021/04/xmldsig-more", "eddsa-ed25519") => Some(Scheme::Ed25519),
        ("http://www.w3.org/2021/04/xmldsig-more", "eddsa-ed448") => Some(Scheme::Ed448),
        ("http://www.w3.org/2007/05/xmldsig-more", name) => {
            // RFC 6931, 2.3.10: the salt is as long as the digest.
            let digest = named_digest(name.strip_suffix("-rsa-MGF1")?)?;
            let salt_bytes = digest_bytes(digest);
            Some(Scheme::RsaPss { digest, salt_bytes })
        }
        ("http://www.w3.org/2001/04/xmldsig-more", name) => match name.split_once('-')? {
            ("rsa", digest) => named_digest(digest).map(|digest| Scheme::RsaPkcs1 { digest }),
            ("ecdsa", digest) => named_digest(digest).map(|digest| Scheme::Ecdsa { digest }),
            _ => None,
        },
        ("http://www.w3.org/2021/04/xmldsig-more", name) => {
            let digest = named_digest(name.strip_prefix("ecdsa-")?)?;
            Some(Scheme::Ecdsa { digest })
        }
        _ => None,
    }
}

/// `RSAPSSParams` (RFC 6931, 2.3.9): SHA-256, a mask over the same digest, a salt as long.
fn pss_scheme(method: Element<'_>) -> Option<Scheme> {
    let Some(parameters) = method.child(PSS, "RSAPSSParams") else {
        let digest = DigestAlgorithm::Sha256;
        let salt_bytes = digest_bytes(digest);
        return Some(Scheme::RsaPss { digest, salt_bytes });
    };
    let digest = match parameters.child(DSIG, "DigestMethod") {
        Some(named) => digest_of(named.attribute("Algorithm")?)?,
        None => DigestAlgorithm::Sha256,
    };
    if let Some(mask) = parameters.child(PSS, "MaskGenerationFunction") {
        let identifier = mask.attribute("Algorithm")?;
        if identifier != "http://www.w3.org/2007/05/xmldsig-more#MGF1" {
            return None;
        }
        // A mask over another digest is legal there and not computed here.
        if let Some(named) = mask.child(DSIG, "DigestMethod")
            && digest_of(named.attribute("Algorithm")?)? != digest
        {
            return None;
        }
    }
    let salt_bytes = match parameters.child(PSS, "SaltLength") {
        Some(length) => length.text().trim().parse().ok()?,
        None => digest_bytes(digest),
    };
    let trailer = parameters.child(PSS, "TrailerField");
    let usual = trailer.is_none_or(|trailer| trailer.text().trim() == "1");
    (usual && salt_bytes <= SALT_BYTES_MAX).then_some(Scheme::RsaPss { digest, salt_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_xml::{Document, Limits};

    fn scheme(identifier: &str) -> Option<Scheme> {
        let text = format!("<SignatureMethod Algorithm='{identifier}'/>");
        let document = Document::parse(text.as_bytes(), &Limits::default()).expect("a document");
        scheme_of(document.root())
    }

    #[test]
    fn identifiers_mean_their_schemes() {
        let (sha1, sha256) = (DigestAlgorithm::Sha1, DigestAlgorithm::Sha256);
        let more = "http://www.w3.org/2001/04/xmldsig-more";
        let more7 = "http://www.w3.org/2007/05/xmldsig-more";
        let cp = "urn:ietf:params:xml:ns:cpxmlsec:algorithms";
        let rsa = |digest| Some(Scheme::RsaPkcs1 { digest });
        assert_eq!(
            scheme("http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            rsa(sha1)
        );
        assert_eq!(scheme(&format!("{more}#rsa-sha256")), rsa(sha256));
        let digest = DigestAlgorithm::Sha512;
        assert_eq!(
            scheme(&format!("{more}#ecdsa-sha512")),
            Some(Scheme::Ecdsa { digest })
        );
        let pss = Scheme::RsaPss {
            digest: DigestAlgorithm::Sha384,
            salt_bytes: 48,
        };
        assert_eq!(scheme(&format!("{more7}#sha384-rsa-MGF1")), Some(pss));
        let digest = DigestAlgorithm::Streebog512;
        let gost = format!("{cp}:gostr34102012-gostr34112012-512");
        assert_eq!(scheme(&gost), Some(Scheme::Gost { digest }));
        assert_eq!(
            scheme(&format!("{cp}:gostr34102001-gostr3411")),
            Some(Scheme::Gost2001)
        );
        for other in [
            "",
            "#",
            &format!("{more}#hmac-sha256"),
            &format!("{more}#rsa-x"),
            "sha256-rsa-MGF1",
        ] {
            assert_eq!(scheme(other), None, "{other}");
        }
    }
}

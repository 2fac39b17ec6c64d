//! Certificates, a request and a revocation list out of the standards.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_gost::{Curve, Identifier, KeyError, PublicKey, SignatureError, Size, verify};
use const_oid::ObjectIdentifier;

use crate::support::{Node, Signed};

/// RFC 9215, D.2.1: a certificate request on `id-tc26-gost-3410-2012-256-paramSetA`.
pub const REQUEST_256_A: &str = "MIHKMHkCAQAwEjEQMA4GA1UEAxMHRXhhbXBsZTBeMBcGCCqFAwcBAQEBMAsGCSqF\
     AwcBAgEBAQNDAARAdCeV1L7ohN3yhQ/sA+o/rxhE4B2dpgtkUJOlXibfw5l49ZbP\
     TU0MbPHRiUPZRJPRa57AoW1RLS4SfMRpGmMY4qAAMAoGCCqFAwcBAQMCA0EAG9wq\
     Exdnm2YjL2PqFv98ZMyqua2FX8bhgJFmHbedSBIdDh2lvjR8bxtSVseurCAK1krH\
     em9bOg4Jcxjnrm7naQ==";

/// RFC 9215, D.2.2: a certificate.
pub const CERTIFICATE_256_A: &str = "MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUw\
     IBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4\
     YW1wbGUwXjAXBggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP\
     7APqP68YROAdnaYLZFCTpV4m38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzE\
     aRpjGOKjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoUDBwEBAwIDQQAUC02pEksJ\
     yw1c6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6\
     DglzGOeubudp";

/// RFC 9215, D.2.3: a revocation list.
pub const LIST_256_A: &str = "MIGSMEECAQEwCgYIKoUDBwEBAwIwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAx\
     MDAwMDAwWhcNMTQwMTAyMDAwMDAwWjAKBggqhQMHAQEDAgNBABS9aAh8O5A8eqKL\
     B/6y571v4JY/VjJnNZ9c2Oq0UFmtHQ4dpb40fG8bUlbHrqwgCtZKx3pvWzoOCXMY\
     565u52k=";

/// TC 26, profile of certificates and revocation lists (2014): 256 bits, `CryptoPro-XchA`.
pub const CERTIFICATE_XCH_A: &str = "MIICYjCCAg+gAwIBAgIBATAKBggqhQMHAQEDAjBWMSkwJwYJKoZIhvcNAQkBFhpH\
     b3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UEAxMgR29zdFIzNDEwLTIw\
     MTIgKDI1NiBiaXQpIGV4YW1wbGUwHhcNMTMxMTA1MTQwMjM3WhcNMzAxMTAxMTQw\
     MjM3WjBWMSkwJwYJKoZIhvcNAQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNv\
     bTEpMCcGA1UEAxMgR29zdFIzNDEwLTIwMTIgKDI1NiBiaXQpIGV4YW1wbGUwZjAf\
     BggqhQMHAQEBATATBgcqhQMCAiQABggqhQMHAQECAgNDAARAut/Qw1MUq9KPqkdH\
     C2xAF3K7TugHfo9n525D2s5mFZdD5pwf90/i4vF0mFmr9nfRwMYP4o0Pg1mOn5Rl\
     aXNYraOBwDCBvTAdBgNVHQ4EFgQU1fIeN1HaPbw+XWUzbkJ+kHJUT0AwCwYDVR0P\
     BAQDAgHGMA8GA1UdEwQIMAYBAf8CAQEwfgYDVR0BBHcwdYAU1fIeN1HaPbw+XWUz\
     bkJ+kHJUT0ChWqRYMFYxKTAnBgkqhkiG9w0BCQEWGkdvc3RSMzQxMC0yMDEyQGV4\
     YW1wbGUuY29tMSkwJwYDVQQDEyBHb3N0UjM0MTAtMjAxMiAoMjU2IGJpdCkgZXhh\
     bXBsZYIBATAKBggqhQMHAQEDAgNBAF5bm4BbARR6hJLEoWJkOsYV3Hd7kXQQjz3C\
     dqQfmHrz6TI6Xojdh/t8ckODv/587NS5/6KsM77vc6Wh90NAT2s=";

/// The same, 512 bits, `id-tc26-gost-3410-12-512-paramSetB`.
pub const CERTIFICATE_512_B: &str = "MIIC6DCCAlSgAwIBAgIBATAKBggqhQMHAQEDAzBWMSkwJwYJKoZIhvcNAQkBFhpH\
     b3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UEAxMgR29zdFIzNDEwLTIw\
     MTIgKDUxMiBiaXQpIGV4YW1wbGUwHhcNMTMxMDA0MDczNjA0WhcNMzAxMDAxMDcz\
     NjA0WjBWMSkwJwYJKoZIhvcNAQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNv\
     bTEpMCcGA1UEAxMgR29zdFIzNDEwLTIwMTIgKDUxMiBiaXQpIGV4YW1wbGUwgaow\
     IQYIKoUDBwEBAQIwFQYJKoUDBwECAQICBggqhQMHAQECAwOBhAAEgYATGQ9VCiM5\
     FRGCQ8MEz2F1dANqhaEuywa8CbxOnTvaGJpFQVXQwkwvLFAKh7hk542vOEtxpKtT\
     CXfGf84nRhMH/Q9bZeAc2eO/yhxrsQhTBufa1Fuou2oe/jUOaG6RAtUUvRzhNTpp\
     RGGl1+EIY2vzzUua9j9Ol/gAoy/LNKQIfqOBwDCBvTAdBgNVHQ4EFgQUPcbTRXJZ\
     nHtjj+eBP7b5lcTMekIwCwYDVR0PBAQDAgHGMA8GA1UdEwQIMAYBAf8CAQEwfgYD\
     VR0BBHcwdYAUPcbTRXJZnHtjj+eBP7b5lcTMekKhWqRYMFYxKTAnBgkqhkiG9w0B\
     CQEWGkdvc3RSMzQxMC0yMDEyQGV4YW1wbGUuY29tMSkwJwYDVQQDEyBHb3N0UjM0\
     MTAtMjAxMiAoNTEyIGJpdCkgZXhhbXBsZYIBATAKBggqhQMHAQEDAwOBgQBObS7o\
     ppPTXzHyVR1DtPa8b57nudJzI4czhsfeX5HDntOq45t9B/qSs8dC6eGxbhHZ9zCO\
     SFtxWYdmg0au8XI9Xb8vTC1qdwWID7FFjMWDNQZb6lYh/J+8F2xKylvB5nIlRZqO\
     o3eUNFkNyHJwQCk2WoOlO16zwGk2tdKH4KmD5w==";

/// RFC 9215, D.1.2: a certificate on the test curve of 256 bits.
pub const TEST_256: &str = "MIIBLTCB26ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUw\
     IBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4\
     YW1wbGUwZjAfBggqhQMHAQEBATATBgcqhQMCAiMABggqhQMHAQECAgNDAARAC9hv\
     5djbiWaPeJtOHbqFhcVQi0XsW1nYkG3bcOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7\
     lzpByIXRHXDWibTxJqMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAgNB\
     AE1T8BL+CBd2UH1Nm7gfAO/bTu/Uq4O6xLrPc1Fzz6gcQaoo0vGrFIKAzZ7Vb+2k\
     GXQFNVSkJ2e4OtBD/TncBJM=";

/// RFC 9215, D.3.2: a certificate on the test curve of 512 bits.
pub const TEST_512: &str = "MIIBqjCCARagAwIBAgIBCzAKBggqhQMHAQEDAzASMRAwDgYDVQQDEwdFeGFtcGxl\
     MCAXDTAxMDEwMTAwMDAwMFoYDzIwNTAxMjMxMDAwMDAwWjASMRAwDgYDVQQDEwdF\
     eGFtcGxlMIGgMBcGCCqFAwcBAQECMAsGCSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz\
     3dmdHVxBRVz3302LTJJbvGmvFDPRVlhRWt0hRoUMMlxbgcEzvmVaqMTUQOe5io1Z\
     SHsMdpa8xV0R7L53NqnsNX/y/TmTH04RTLjNo1knCsfw5/9D2UGUGeph/Sq3f12f\
     Y1I9O1CgT2PioM9Rt8E63CFWDwvUDMnHN6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAK\
     BggqhQMHAQEDAwOBgQBBVwPYkvGl8/aMQ1MYmn7iB7gLVjHvnUlSmk1rVCws+hWq\
     LqzxH0cP3n2VSFaQPDX9j5Ve8wDZXHdTSnJKDu5wL4b6YKCBCRoj3XleHjxonuUS\
     o8gu4NzCZDx47qj8rNNUklWEhrIPHJ7Bl8kGmYUCYMk7y82cXDMX4ZNE4XOuNg==";

pub fn der(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64).expect("base64")
}

/// Asserts that the key of the certificate `issuer` is on `curve` and signed `file`.
fn check(issuer: &str, curve: Curve, file: &str) {
    let (issuer, file) = (der(issuer), der(file));
    let signed = Signed::read(&file);
    let key = PublicKey::from_spki(Signed::read(&issuer).spki().raw).expect("a key");
    assert_eq!(key.curve(), curve);
    assert_eq!(
        Identifier::of(signed.algorithm),
        Some(Identifier::Signature(key.size()))
    );
    let digest = key.size().digest(&[signed.to_be_signed.raw]);
    assert_eq!(verify(&key, &digest, signed.signature), Ok(()));
    let other = key.size().digest(&[signed.to_be_signed.content]);
    let mismatch = Err(SignatureError::Mismatch);
    assert_eq!(verify(&key, &other, signed.signature), mismatch);
}

#[test]
fn the_files_of_rfc_9215_verify() {
    for file in [REQUEST_256_A, CERTIFICATE_256_A, LIST_256_A] {
        check(CERTIFICATE_256_A, Curve::Tc26A256, file);
    }
    let (request, certificate) = (der(REQUEST_256_A), der(CERTIFICATE_256_A));
    let same = Signed::read(&request).spki().raw;
    assert_eq!(same, Signed::read(&certificate).spki().raw);
}

#[test]
fn the_certificates_of_technical_committee_26_verify() {
    check(CERTIFICATE_XCH_A, Curve::CryptoProXchA, CERTIFICATE_XCH_A);
    check(CERTIFICATE_512_B, Curve::Tc26B512, CERTIFICATE_512_B);
}

/// Whoever knows the standard knows the private keys of its examples.
#[test]
fn keys_on_curves_for_tests_are_refused_by_name() {
    for (file, curve, name) in [
        (
            TEST_256,
            "1.2.643.2.2.35.0",
            "id-GostR3410-2001-TestParamSet",
        ),
        (
            TEST_512,
            "1.2.643.7.1.2.1.2.0",
            "id-tc26-gost-3410-2012-512-paramSetTest",
        ),
    ] {
        let curve = ObjectIdentifier::new_unwrap(curve);
        let file = der(file);
        let found = PublicKey::from_spki(Signed::read(&file).spki().raw);
        assert_eq!(found, Err(KeyError::Curve(curve)));
        assert_eq!(Identifier::of(curve), Some(Identifier::TestCurve(name)));
    }
}

/// The key of one certificate under every other name of its curve is the same point.
#[test]
fn second_names_of_a_curve_mean_the_same() {
    let file = der(CERTIFICATE_XCH_A);
    let signed = Signed::read(&file);
    let spki = signed.spki();
    let coordinates = Node::whole(&spki.children()[1].content[1..]).content;
    let digest = Size::Bits256.digest(&[signed.to_be_signed.raw]);
    for curve in [Curve::CryptoProA, Curve::CryptoProXchA, Curve::Tc26B256] {
        let key = PublicKey::from_raw(curve, coordinates).expect("a key");
        assert_eq!(verify(&key, &digest, signed.signature), Ok(()));
    }
    for curve in [Curve::CryptoProB, Curve::CryptoProC, Curve::Tc26A256] {
        let found = PublicKey::from_raw(curve, coordinates);
        assert!(matches!(found, Err(KeyError::OffCurve | KeyError::Range)));
    }
}

//! Signatures on the curves that are for tests only, and numbers at the edge of their range.

use super::*;
use crate::parameters::{Short, Wide};
use crate::size::Size;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

/// RFC 7091, 7.1; `id-GostR3410-2001-TestParamSet`.
static TEST_256: Short = Domain::new(&Printed {
    p: "8000000000000000000000000000000000000000000000000000000000000431",
    a: "0000000000000000000000000000000000000000000000000000000000000007",
    b: "5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7e",
    q: "8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3",
    x: "0000000000000000000000000000000000000000000000000000000000000002",
    y: "08e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8",
    cofactor: 1,
});

/// RFC 7091, 7.2; RFC 9215, appendix E; `id-tc26-gost-3410-2012-512-paramSetTest`.
static TEST_512: Wide = Domain::new(&Printed {
    p: "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d\
        f1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373",
    a: "0000000000000000000000000000000000000000000000000000000000000000\
        0000000000000000000000000000000000000000000000000000000000000007",
    b: "1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac43\
        61834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adc",
    q: "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15d\
        a82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6df",
    x: "24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762\
        fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9a",
    y: "2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c\
        83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371e",
    cofactor: 1,
});

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).expect("hexadecimal")
}

/// The same bytes, last first.
fn reversed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.reverse();
    bytes
}

/// One example of RFC 7091, 7, as printed: numbers, most significant digit first.
struct Example<'a> {
    private: &'a str,
    key: [&'a str; 2],
    e: &'a str,
    r: &'a str,
    s: &'a str,
}

fn check_example<const LIMBS: usize>(domain: &Domain<LIMBS>, example: &Example<'_>) {
    let private = Uint::from_be_hex(example.private);
    let public = sum_of_products([(private, domain.generator)], &domain.a);
    let [x, y] = example.key.map(bytes);
    assert_eq!(public.x(), Some(Uint::from_be_slice(&x)));
    assert_eq!(public.y(), Some(Uint::from_be_slice(&y)));

    let key = [reversed(x), reversed(y)].concat();
    let key = domain.key(&key).expect("the key of the example");
    let digest = reversed(bytes(example.e));
    let signature = [bytes(example.s), bytes(example.r)].concat();
    assert_eq!(domain.verify(key, &digest, &signature), Ok(()));

    let exchanged = [bytes(example.r), bytes(example.s)].concat();
    let mismatch = Err(SignatureError::Mismatch);
    assert_eq!(domain.verify(key, &digest, &exchanged), mismatch);
    assert_eq!(domain.verify(key, &bytes(example.e), &signature), mismatch);
}

#[test]
fn the_example_of_rfc_7091_with_256_bits_verifies() {
    let example = Example {
        private: "7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28",
        key: [
            "7f2b49e270db6d90d8595bec458b50c58585ba1d4e9b788f6689dbd8e56fd80b",
            "26f1b489d6701dd185c8413a977b3cbbaf64d1c593d26627dffb101a87ff77da",
        ],
        e: "2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5",
        r: "41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493",
        s: "01456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40",
    };
    check_example(&TEST_256, &example);
}

#[test]
fn the_example_of_rfc_7091_with_512_bits_verifies() {
    let example = Example {
        private: "0ba6048aadae241ba40936d47756d7c93091a0e8514669700ee7508e508b1020\
                  72e8123b2200a0563322dad2827e2714a2636b7bfd18aadfc62967821fa18dd4",
        key: [
            "115dc5bc96760c7b48598d8ab9e740d4c4a85a65be33c1815b5c320c854621dd\
             5a515856d13314af69bc5b924c8b4ddff75c45415c1d9dd9dd33612cd530efe1",
            "37c7c90cd40b0f5621dc3ac1b751cfa0e2634fa0503b3d52639f5d7fb72afd61\
             ea199441d943ffe7f0c70a2759a3cdb84c114e1f9339fdf27f35eca93677beec",
        ],
        e: "3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c591\
            7184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
        r: "2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd3\
            5492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36",
        s: "1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5\
            823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4a",
    };
    check_example(&TEST_512, &example);
}

/// A file of RFC 9215, D.1 or D.3: base64, and where in it the signed part begins and ends. The
/// signature is at the end.
type Signed<'a> = (&'a str, std::ops::Range<usize>);

fn check_files<const LIMBS: usize>(
    domain: &Domain<LIMBS>,
    size: Size,
    key: &str,
    files: &[Signed<'_>],
) {
    let key = domain.key(&bytes(key)).expect("the key of the example");
    for (base64, signed) in files {
        let file = STANDARD.decode(base64).expect("base64");
        let digest = size.digest(&[&file[signed.clone()]]);
        let signature = &file[file.len() - 2 * digest.len()..];
        assert_eq!(domain.verify(key, &digest, signature), Ok(()));
        let wider = size.digest(&[&file[..signed.end]]);
        let mismatch = Err(SignatureError::Mismatch);
        assert_eq!(domain.verify(key, &wider, signature), mismatch);
    }
}

/// RFC 9215, D.1: a certificate request, a certificate, a revocation list.
#[test]
fn the_files_of_rfc_9215_on_the_test_curve_of_256_bits_verify() {
    let key = "0bd86fe5d8db89668f789b4e1dba8585c5508b45ec5b59d8906ddb70e2492b7f\
         da77ff871a10fbdf2766d293c5d164afbb3c7b973a41c885d11d70d689b4f126";
    let files = [
        (
            "MIHTMIGBAgEAMBIxEDAOBgNVBAMTB0V4YW1wbGUwZjAfBggqhQMHAQEBATATBgcq\
             hQMCAiMABggqhQMHAQECAgNDAARAC9hv5djbiWaPeJtOHbqFhcVQi0XsW1nYkG3b\
             cOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7lzpByIXRHXDWibTxJqAAMAoGCCqFAwcB\
             AQMCA0EAaqqzjjXUqqUXlAMBeZEi2FVIT1efTLuW1jzf3zrMQypBqijS8asUgoDN\
             ntVv7aQZdAU1VKQnZ7g60EP9OdwEkw==",
            3..135,
        ),
        (
            "MIIBLTCB26ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUw\
             IBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4\
             YW1wbGUwZjAfBggqhQMHAQEBATATBgcqhQMCAiMABggqhQMHAQECAgNDAARAC9hv\
             5djbiWaPeJtOHbqFhcVQi0XsW1nYkG3bcOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7\
             lzpByIXRHXDWibTxJqMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAgNB\
             AE1T8BL+CBd2UH1Nm7gfAO/bTu/Uq4O6xLrPc1Fzz6gcQaoo0vGrFIKAzZ7Vb+2k\
             GXQFNVSkJ2e4OtBD/TncBJM=",
            4..226,
        ),
        (
            "MIGSMEECAQEwCgYIKoUDBwEBAwIwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAx\
             MDAwMDAwWhcNMTQwMTAyMDAwMDAwWjAKBggqhQMHAQEDAgNBAEK/OSoU0+vpV68+\
             RstQv19CIaADrT0XJ1PJSpw3ox0gQaoo0vGrFIKAzZ7Vb+2kGXQFNVSkJ2e4OtBD\
             /TncBJM=",
            3..70,
        ),
    ];
    check_files(&TEST_256, Size::Bits256, key, &files);
}

/// RFC 9215, D.3: a certificate request, a certificate, a revocation list.
#[test]
fn the_files_of_rfc_9215_on_the_test_curve_of_512_bits_verify() {
    let key = "e1ef30d52c6133ddd99d1d5c41455cf7df4d8b4c925bbc69af1433d15658515a\
         dd2146850c325c5b81c133be655aa8c4d440e7b98a8d59487b0c7696bcc55d11\
         ecbe7736a9ec357ff2fd39931f4e114cb8cda359270ac7f0e7ff43d9419419ea\
         61fd2ab77f5d9f63523d3b50a04f63e2a0cf51b7c13adc21560f0bd40cc9c737";
    let files = [
        (
            "MIIBTzCBvAIBADASMRAwDgYDVQQDEwdFeGFtcGxlMIGgMBcGCCqFAwcBAQECMAsG\
             CSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz3dmdHVxBRVz3302LTJJbvGmvFDPRVlhR\
             Wt0hRoUMMlxbgcEzvmVaqMTUQOe5io1ZSHsMdpa8xV0R7L53NqnsNX/y/TmTH04R\
             TLjNo1knCsfw5/9D2UGUGeph/Sq3f12fY1I9O1CgT2PioM9Rt8E63CFWDwvUDMnH\
             N6AAMAoGCCqFAwcBAQMDA4GBAEM7HWzkClHx5XN+sWqixoOCmkBbnZEn4hJg/J1q\
             wF2HvyTibEUnilwhkqdbqUmTq9YHTn/xvwP9L1OXr6HZRVgvhvpgoIEJGiPdeV4e\
             PGie5RKjyC7g3MJkPHjuqPys01SSVYSGsg8cnsGXyQaZhQJgyTvLzZxcMxfhk0Th\
             c642",
            4..195,
        ),
        (
            "MIIBqjCCARagAwIBAgIBCzAKBggqhQMHAQEDAzASMRAwDgYDVQQDEwdFeGFtcGxl\
             MCAXDTAxMDEwMTAwMDAwMFoYDzIwNTAxMjMxMDAwMDAwWjASMRAwDgYDVQQDEwdF\
             eGFtcGxlMIGgMBcGCCqFAwcBAQECMAsGCSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz\
             3dmdHVxBRVz3302LTJJbvGmvFDPRVlhRWt0hRoUMMlxbgcEzvmVaqMTUQOe5io1Z\
             SHsMdpa8xV0R7L53NqnsNX/y/TmTH04RTLjNo1knCsfw5/9D2UGUGeph/Sq3f12f\
             Y1I9O1CgT2PioM9Rt8E63CFWDwvUDMnHN6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAK\
             BggqhQMHAQEDAwOBgQBBVwPYkvGl8/aMQ1MYmn7iB7gLVjHvnUlSmk1rVCws+hWq\
             LqzxH0cP3n2VSFaQPDX9j5Ve8wDZXHdTSnJKDu5wL4b6YKCBCRoj3XleHjxonuUS\
             o8gu4NzCZDx47qj8rNNUklWEhrIPHJ7Bl8kGmYUCYMk7y82cXDMX4ZNE4XOuNg==",
            4..286,
        ),
        (
            "MIHTMEECAQEwCgYIKoUDBwEBAwMwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAx\
             MDAwMDAwWhcNMTQwMTAyMDAwMDAwWjAKBggqhQMHAQEDAwOBgQA6E/t67NtVYO72\
             E3z8XdZGkXMuv7NpCh/Ax+ik7uoIMH1kjU3AmGxGqHs/vkx69C6jQ1nHlZVMo5/z\
             q77ZBR9NL4b6YKCBCRoj3XleHjxonuUSo8gu4NzCZDx47qj8rNNUklWEhrIPHJ7B\
             l8kGmYUCYMk7y82cXDMX4ZNE4XOuNg==",
            3..70,
        ),
    ];
    check_files(&TEST_512, Size::Bits512, key, &files);
}

/// A key pair and a signer for tests: RFC 7091, 6.1, with the random number given. Nothing of the
/// kind exists outside them.
struct Signer<const LIMBS: usize> {
    domain: &'static Domain<LIMBS>,
    private: Uint<LIMBS>,
    key: Coordinates<LIMBS>,
}

impl<const LIMBS: usize> Signer<LIMBS> {
    fn new(domain: &'static Domain<LIMBS>, private: &[u8]) -> Self {
        let private = Self::scalar(domain, private);
        let point = sum_of_products([(private, domain.generator)], &domain.a);
        let (x, y) = point.x().zip(point.y()).expect("not infinity");
        let mut key = x.to_le_bytes().as_slice().to_vec();
        key.extend(y.to_le_bytes().as_slice());
        let key = domain.key(&key).expect("a multiple of the generator");
        Self {
            domain,
            private,
            key,
        }
    }

    /// A number above zero and below the order, from bytes.
    fn scalar(domain: &Domain<LIMBS>, bytes: &[u8]) -> Uint<LIMBS> {
        let order = domain.order.modulus().as_nz_ref();
        let number = Uint::<LIMBS>::from_le_slice(bytes).rem_vartime(order);
        if number.is_zero_vartime() {
            Uint::ONE
        } else {
            number
        }
    }

    fn sign(&self, digest: &[u8], random: &[u8]) -> Vec<u8> {
        let number = |value: &Uint<LIMBS>| Element::new(value, &self.domain.order);
        let random = Self::scalar(self.domain, random);
        let point = sum_of_products([(random, self.domain.generator)], &self.domain.a);
        let r = number(&point.x().expect("not infinity"));
        let e = number(&self.domain.digest_number(digest).expect("the right size"));
        let s = r * number(&self.private) + number(&random) * e;
        pair(&s.retrieve(), &r.retrieve())
    }

    fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        self.domain.verify(self.key, digest, signature)
    }
}

/// `s ‖ r`, as signatures carry them.
fn pair<const LIMBS: usize>(s: &Uint<LIMBS>, r: &Uint<LIMBS>) -> Vec<u8> {
    [s.to_be_bytes().as_slice(), r.to_be_bytes().as_slice()].concat()
}

/// A digest that is zero modulo the order is read as one: zero itself, and the order.
fn digest_of_zero_is_one<const LIMBS: usize>(domain: &'static Domain<LIMBS>) {
    let signer = Signer::new(domain, &vec![5; Uint::<LIMBS>::BYTES]);
    let random = vec![7; Uint::<LIMBS>::BYTES];
    let digest = |number: &Uint<LIMBS>| number.to_le_bytes().as_slice().to_vec();
    let order = domain.order.modulus().as_ref();
    let one = digest(&Uint::ONE);
    let signature = signer.sign(&one, &random);
    for same in [
        Uint::ZERO,
        *order,
        Uint::ONE,
        order.wrapping_add(&Uint::ONE),
    ] {
        assert_eq!(signer.verify(&digest(&same), &signature), Ok(()));
    }
    let two = digest(&Uint::from_u8(2));
    assert_eq!(
        signer.verify(&two, &signature),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn a_digest_that_is_zero_modulo_the_order_is_read_as_one() {
    digest_of_zero_is_one(&TEST_256);
    digest_of_zero_is_one(&crate::parameters::TC26_A_256);
    digest_of_zero_is_one(&TEST_512);
    digest_of_zero_is_one(&crate::parameters::TC26_C_512);
}

/// `s = r·d` makes both products cancel: the sum is infinity, which has no `x` to compare.
/// `s = -r·d` makes them equal, so that they are doubled where distinct points are added.
#[test]
fn products_that_cancel_or_coincide_are_a_mismatch() {
    let signer = Signer::new(&TEST_256, &[9; 32]);
    let digest = [3; 32];
    let number = |value: &Uint<4>| Element::new(value, &TEST_256.order);
    for r in [1_u8, 2, 77] {
        let r = Uint::from_u8(r);
        let s = number(&r) * number(&signer.private);
        for s in [s, -s] {
            let signature = pair(&s.retrieve(), &r);
            let found = signer.verify(&digest, &signature);
            assert_eq!(found, Err(SignatureError::Mismatch));
        }
    }
}

/// Goal: what one key signs, it verifies, and no other key or digest does.
fn signs_and_verifies<const LIMBS: usize>(domain: &'static Domain<LIMBS>, seeds: &[[u8; 64]; 4]) {
    let size = Uint::<LIMBS>::BYTES;
    let [private, other, digest, random] = seeds.each_ref().map(|seed| &seed[..size]);
    let (signer, stranger) = (Signer::new(domain, private), Signer::new(domain, other));
    let signature = signer.sign(digest, random);
    assert_eq!(signer.verify(digest, &signature), Ok(()));
    let mismatch = Err(SignatureError::Mismatch);
    if signer.key != stranger.key {
        assert_eq!(stranger.verify(digest, &signature), mismatch);
    }
    if other != digest {
        assert_eq!(signer.verify(other, &signature), mismatch);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_curve_verifies_what_it_signs(seeds in any::<[[u8; 32]; 8]>()) {
        let mut wide = [[0; 64]; 4];
        for (whole, halves) in wide.iter_mut().zip(seeds.chunks(2)) {
            whole.copy_from_slice(&halves.concat());
        }
        for curve in crate::Curve::ALL {
            match curve.numbers() {
                crate::curve::Numbers::Short(domain) => signs_and_verifies(domain, &wide),
                crate::curve::Numbers::Wide(domain) => signs_and_verifies(domain, &wide),
            }
        }
    }
}

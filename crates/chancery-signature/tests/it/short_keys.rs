//! RSA keys of any size, which the signing side refuses to make.

use crate::forge::{der, oid};
use chancery_signature as sig;
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};
use sig::{DigestAlgorithm, KeyError, KeyHolder, KeyKind, SigningKey};
use std::sync::Arc;

/// The two primes of a key of 1024 bits.
const SHORT: [&str; 2] = [
    "ef7b3bcbcb356a03acbdbfa462f62a9d2ab59a50cfa3643a8546feb7e715afed\
     25acc8af5b0f7579e0cb7f0630aa42ce2dc145d6360fd890dd9fd184f5fbcd97",
    "d767e4066712ac76ddf318ca016e5eeacb03dd55b8385920426a13ad97dcdba3\
     5b94f14da814721ee4e7a9ade41cdb77876b20b11e975cd73a90f74c11baae09",
];

struct Short(PrivateKey);

impl std::fmt::Debug for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Short")
    }
}

impl KeyHolder for Short {
    fn spki_der(&self) -> Vec<u8> {
        use rsa::traits::PublicKeyParts as _;
        let number = |number: &BoxedUint| {
            let bytes = number.to_be_bytes_trimmed_vartime();
            match bytes.first() {
                Some(0x80..) => der(2, &[&[0], &bytes]),
                _ => der(2, &[&bytes]),
            }
        };
        let key = der(0x30, &[&number(self.0.n()), &number(self.0.e())]);
        let kind = der(0x30, &[&oid("1.2.840.113549.1.1.1"), &[5, 0]]);
        der(0x30, &[&kind, &der(3, &[&[0], &key])])
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let hashed = DigestAlgorithm::Sha256.digest(&[message]);
        let value = self.0.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &hashed);
        value.map_err(|_| KeyError::StoreSilent)
    }
}

/// An RSA key of 1024 bits.
pub fn short_key() -> SigningKey {
    let [p, q] = SHORT.map(|digits| {
        let bytes = hex::decode(digits).expect("hexadecimal");
        BoxedUint::from_be_slice_vartime(&bytes)
    });
    let key = PrivateKey::from_p_q(p, q, BoxedUint::from(65_537_u32));
    SigningKey::Held {
        kind: KeyKind::Rsa,
        holder: Arc::new(Short(key.expect("a key"))),
    }
}

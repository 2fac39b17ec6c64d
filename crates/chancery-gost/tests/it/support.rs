//! A walk over DER, as much as tests need, and signatures on every curve.

use chancery_gost::{Curve, PublicKey};
use const_oid::ObjectIdentifier;

/// One value: its identifier octet, all its bytes, and its content.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub tag: u8,
    pub raw: &'a [u8],
    pub content: &'a [u8],
}

impl<'a> Node<'a> {
    /// The value at the beginning of `bytes`, and what follows it.
    pub fn read(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let (header, length) = match bytes[1] {
            short @ ..0x80 => (2, usize::from(short)),
            long => {
                let digits = usize::from(long & 0x7f);
                assert!(digits > 0, "a definite length");
                let value = bytes[2..2 + digits].iter();
                (
                    2 + digits,
                    value.fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
                )
            }
        };
        let (raw, rest) = bytes.split_at(header + length);
        let (tag, content) = (bytes[0], &raw[header..]);
        (Self { tag, raw, content }, rest)
    }

    /// The one value that fills `bytes`.
    pub fn whole(bytes: &'a [u8]) -> Self {
        let (node, rest) = Self::read(bytes);
        assert!(rest.is_empty(), "bytes follow");
        node
    }

    /// The values inside.
    pub fn children(&self) -> Vec<Self> {
        let (mut found, mut rest) = (Vec::new(), self.content);
        while !rest.is_empty() {
            let (node, after) = Self::read(rest);
            found.push(node);
            rest = after;
        }
        found
    }

    pub fn oid(&self) -> ObjectIdentifier {
        assert_eq!(self.tag, 6, "an object identifier");
        ObjectIdentifier::from_bytes(self.content).expect("an object identifier")
    }
}

/// A certificate, a certificate request or a revocation list: three values in a sequence, the first
/// of them signed (RFC 5280, 4.1 and 5.1; RFC 2986, 4.2).
pub struct Signed<'a> {
    pub to_be_signed: Node<'a>,
    pub algorithm: ObjectIdentifier,
    pub signature: &'a [u8],
}

impl<'a> Signed<'a> {
    pub fn read(der: &'a [u8]) -> Self {
        let parts = Node::whole(der).children();
        let [to_be_signed, algorithm, signature] = parts[..] else {
            panic!("three values, not {}", parts.len());
        };
        Self {
            to_be_signed,
            algorithm: algorithm.children()[0].oid(),
            signature: signature.content.strip_prefix(&[0]).expect("whole bytes"),
        }
    }

    /// The `SubjectPublicKeyInfo`: the sequence that begins with a sequence that begins with an
    /// object identifier and goes on with a bit string.
    pub fn spki(&self) -> Node<'a> {
        let parts = self.to_be_signed.children();
        let found = parts.into_iter().find(|part| {
            part.tag == 0x30
                && matches!(
                    part.children()[..],
                    [Node { tag: 0x30, .. }, Node { tag: 3, .. }]
                )
        });
        found.expect("a key")
    }
}

/// A signature that verifies: what the key signed is the digest itself.
#[derive(Clone, Debug)]
pub struct Vector {
    pub curve: Curve,
    pub coordinates: Vec<u8>,
    pub digest: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Vector {
    pub fn key(&self) -> PublicKey {
        PublicKey::from_raw(self.curve, &self.coordinates).expect("a key")
    }
}

fn vector(curve: Curve, coordinates: &str, digest: &str, signature: &str) -> Vector {
    let bytes = |text: &str| hex::decode(text).expect("hexadecimal");
    Vector {
        curve,
        coordinates: bytes(coordinates),
        digest: bytes(digest),
        signature: bytes(signature),
    }
}

/// One signature on each of the seven different curves, made from random numbers with another
/// implementation, PyGOST 4.4.
pub fn vectors() -> Vec<Vector> {
    vec![
        vector(
            Curve::CryptoProA,
            "0d217b9a0d03a01cb578248719c0a0a5f54f3bbe0a7e54187f29cd6a32021459\
             96a34e6149059af2787eec4b7a14b0d587c7d9ecd8b74b1b85dee66e5a00d982",
            "7ec27378a661c935187c07e4d5636e9bc3c400b27244b8cd3a97f11ae6510705",
            "0b31a1aa2c2383c9bf4073f38dfca776668e9e9b1c72c17a8f66b478aa5facf8\
             27b86e0e9aea8016f6e2afd0ad351bef7c93d18b2a09b7cb70e70b3c3c8b05e2",
        ),
        vector(
            Curve::CryptoProB,
            "f5f290f737b4d64010d5bbd60c9029d41bae9a55580338c1d1c9f9f13cfe8d79\
             a8a57fd9f27e2857f014141acc67a89eecec266fd89cdfbdb9ac4c45171bf520",
            "37f86cb9078738c370f07e8d3b583bad38c275f34aed056ad6ea8eeca4192fa1",
            "25de8fc57a46a70df9d8a6602a8219236db834fc8eaaf4f5f9a4b8978f70bc34\
             646c55512610c764872a883fc550b8cb148ea2334cdbdfeb7e8f68a387d9258e",
        ),
        vector(
            Curve::CryptoProC,
            "ad74ba37b1cad22ebf40fb54c66269a1aa9b90b5d4ae8c7b8444e6279d448558\
             677d655df4a4b8d2c9d9932dbd49b430a90cc91df127d83654cd28d42cc88014",
            "b8f9b680eff76c81d4e9ab304d4896f9e17fd8f0816496da087a3ebecc676aaa",
            "4db6654222fcf95aebe4aa37d4d506b1b04b4e2c093a18d94ced3194b1855734\
             5bb23bdbcb7772d00b67d689ca11234ecee4e34c79715c762406899a5c1db124",
        ),
        vector(
            Curve::Tc26A256,
            "52656cbb64db86b695541b56227f02bfa70d0d57b7163bfd4b7ab59a9e52502d\
             22b79e7d2e145ab2e4c93708be489355e8caa8a8abf38d57f34fc03b3f80ad5e",
            "5f1670a9821bc72985d7645e7dbb07780b4eb4d9fb9d979464a52b2b803afb03",
            "2a138b9bade4fc2c9114fdce9a82938f597c736f57f7c502c5220743cb4a9053\
             02c3b2fcff527926a2cdbe3931bc59326fd13aaf4e2966844b3ba192b82f2c29",
        ),
        vector(
            Curve::Tc26A512,
            "8794d4a65aaf4794fa2ffdea044a3be208a8557402fbab49eb47f90558944d1a\
             d79af8152ace10c09a9e2ac8fd0426305955cb15c78710af238dc3a1a5e753a7\
             cf0433a5ad96e73562c191fa43d7263677a3bdf2e687b133399c9e52603f7d2c\
             b53a3064f7eb9618a5f93b2c66303930f341ac9765fa34f233900cc6a281d991",
            "44a88c9bf5ba0162c8dbd2f4e2f0bd83cf2184c78f346df30e7bde5d918d33f0\
             81697cd05b6a5800898a9fc99c54759907cd3aa22d8c952edc17cc8dccd9d1ee",
            "b15f673a70d5fb54a1b4e0dac5a5da6fa23b730030c256f6fadc7f91854c472d\
             44f63fba5f3cfaf138b0ff9647826887b1027ec1be5e4652410458ee085d0f52\
             a761d89124ad87421bc662b8208db3d6df90d23f38f6ba7ff11389326d9654c1\
             8a7b0ce05334110bcd325d0c0228b0c58d8d6025d02d07ec0e71493c97411447",
        ),
        vector(
            Curve::Tc26B512,
            "c4ab1973dd756148a4b7b82dcd68ae47d333e09b11df4aab75e41c0f0e34f9c3\
             c4bdbd682c3ef712290e0e17beca6852397fbb506dbd0702ee56207e90bcf665\
             8c178d4009710820f3b83a2972fd56132db1cbeb739df2f08bf49a6a50524c5c\
             5438344edcd793408c5c091afca9201691a0d94986d3d98b79053af5d7f3a13b",
            "1ccc9f2f584a112a284187f32ba845a5b64b74b3527f791d064f62576bcb3042\
             1b40e6ba82fa35f79b6ed1f9053904652509b8f52972b481ad6d8bd538faf9a1",
            "327e95abb040b51a7c1d676d6196f34e930c88fd99d8c9c95ef1d2f830a4d2d0\
             1dea251f004204d2deb2f84d53c5d653b35e75ed7a556060d47b1df1dbef3bed\
             1810453ba053c89696fa874b97f63f927b3a7d92c4ed33c01a79f764b022d8ba\
             72f6e6f9abf352a015d036edaf0dd89b3e0ba036cf5bf9d1e130996ccde7f8aa",
        ),
        vector(
            Curve::Tc26C512,
            "894166702152e7968ef6d86d3384496e018b13077c93e9e2204f3da06f7d2fbc\
             9ab91f0753a1dc6dff0c00491f8238ddfca9058dffe65c0608a2ed489b0fcef9\
             73075d520810bd1ae778d37b9fb3dd8fe55de942e054e9fdfbceefcee06cc871\
             990034c6cffba5ffa8fba2d97577b78400d90f76a7c05e454e02530d4cd8423e",
            "0fbc4c20f736e00c4e12db134feaf04cbe286a904021028fe0d90997d137f6e6\
             91752bd3dedef9c7b49f8209603358193492ace56e97317e1af0aa634b817f04",
            "27e1b4cc42e46f6eed0e3361b6a6da46c324d97f4f0fa37a7edb74241b87de3a\
             71cefc791b59cc0620f4c49a3e6e57d79e0f0cda08b3038ccb8456962df1f04a\
             13151ef58506266ac93dd6264c0ab67980fed60a76cd5a0f7f3fefc1c7ff2b54\
             f3de77e037a989c5ca1504baf325e0ea828a75dc689acdafd5474bd14f092377",
        ),
    ]
}

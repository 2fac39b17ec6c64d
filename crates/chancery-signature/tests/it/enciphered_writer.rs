//! Enciphered files written by hand, in every way that a writer may choose (ISO 32000-2:2020, 7.6),
//! and in ways that none should.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use md5::{Digest, Md5};
use rc4::{KeyInit, Rc4, StreamCipher};
use sha2::{Sha256, Sha384, Sha512};

use crate::forge::{Forge, Plan, form_objects, house, plain, sig1};

/// What stands for an empty password (7.6.4.3.2).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
const VECTOR: [u8; 16] = *b"0123456789abcdef";
const IDENTIFIER: [u8; 16] = *b"0123456789ABCDEF";
const PERMISSIONS: i32 = -4;
/// The object that says how the file is enciphered.
const SAYS: u32 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Rc4,
    Aes128,
    Aes256,
}

/// How a file is enciphered.
#[derive(Clone)]
pub struct Writer {
    pub method: Method,
    /// That of the user, who has no password.
    pub key: Vec<u8>,
    /// The dictionary that says it.
    pub says: String,
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    Rc4::new_from_slice(key)
        .unwrap()
        .apply_keystream(&mut bytes);
    bytes
}

fn aes(key: &[u8], vector: &[u8; 16], bytes: &[u8]) -> Vec<u8> {
    let (mut bytes, len) = (bytes.to_vec(), bytes.len());
    if key.len() == 16 {
        let cipher = cbc::Encryptor::<Aes128>::new_from_slices(key, vector).unwrap();
        cipher.encrypt_padded::<NoPadding>(&mut bytes, len).unwrap();
    } else {
        let cipher = cbc::Encryptor::<Aes256>::new_from_slices(key, vector).unwrap();
        cipher.encrypt_padded::<NoPadding>(&mut bytes, len).unwrap();
    }
    bytes
}

/// Algorithm 2.B (7.6.4.3.4); revision 5 digests once.
fn hash(revision: u8, password: &[u8], salt: &[u8], reader: &[u8]) -> Vec<u8> {
    let mut key = Sha256::digest([password, salt, reader].concat()).to_vec();
    let most = if revision == 6 { 64 + 256 } else { 0 };
    for round in 1..=most {
        let text = [password, &key, reader].concat().repeat(64);
        let text = aes(&key[..16], key[16..32].try_into().unwrap(), &text);
        let sum: u32 = text[..16].iter().map(|byte| u32::from(*byte)).sum();
        key = match sum % 3 {
            0 => Sha256::digest(&text).to_vec(),
            1 => Sha384::digest(&text).to_vec(),
            _ => Sha512::digest(&text).to_vec(),
        };
        if round >= 64 && i32::from(*text.last().unwrap()) <= round - 32 {
            break;
        }
    }
    key.truncate(32);
    key
}

/// What an AES-256 file says of its keys.
#[derive(Clone, Copy)]
pub struct Keys<'k> {
    pub revision: u8,
    pub reader: &'k [u8],
    pub owner: &'k [u8],
    /// What the owner's password opens, and what the permissions are sealed with.
    pub owner_key: [u8; 32],
    pub sealed_with: [u8; 32],
    pub sealed: i32,
}

pub const KEY: [u8; 32] = [0x11; 32];
pub const SOUND: Keys<'static> = Keys {
    revision: 6,
    reader: b"",
    owner: b"owner",
    owner_key: KEY,
    sealed_with: KEY,
    sealed: PERMISSIONS,
};

impl Writer {
    /// AES-256, `more` in the dictionary, the filters among it.
    pub fn newest(keys: &Keys<'_>, more: &str) -> Self {
        let (validation, wrapping) = (b"12345678", b"abcdefgh");
        let user_hash = |salt: &[u8]| hash(keys.revision, keys.reader, salt, b"");
        let reader = [&user_hash(validation)[..], validation, wrapping].concat();
        let user_key = aes(&user_hash(wrapping), &[0; 16], &KEY);
        let owner_hash = |salt: &[u8]| hash(keys.revision, keys.owner, salt, &reader);
        let owner = [&owner_hash(validation)[..], validation, wrapping].concat();
        let owner_key = aes(&owner_hash(wrapping), &[0; 16], &keys.owner_key);
        let metadata = match more.contains("/EncryptMetadata false") {
            true => b'F',
            false => b'T',
        };
        let sealed = keys.sealed.to_le_bytes();
        let sealed = [&sealed[..], &[0xFF; 4], &[metadata], b"adbabcd"].concat();
        let sealed = aes(&keys.sealed_with, &[0; 16], &sealed);
        let [reader, user_key, owner, owner_key, sealed] =
            [reader, user_key, owner, owner_key, sealed].map(hex::encode);
        let revision = keys.revision;
        Self {
            method: Method::Aes256,
            key: KEY.to_vec(),
            says: format!(
                "<</Filter/Standard/V 5/R {revision}/P {PERMISSIONS}/U<{reader}>/UE<{user_key}>\
                    /O<{owner}>/OE<{owner_key}>/Perms<{sealed}>{more}>>"
            ),
        }
    }

    /// RC4 or AES-128 of this version and revision, with a key of `len` bytes.
    pub fn older(method: Method, (version, revision, len): (u8, u8, usize), more: &str) -> Self {
        let owner = [b'o'; 32];
        let mut digest = Md5::new();
        digest.update(PADDING);
        digest.update(owner);
        digest.update(PERMISSIONS.to_le_bytes());
        digest.update(IDENTIFIER);
        if revision >= 4 && more.contains("/EncryptMetadata false") {
            digest.update([0xFF; 4]);
        }
        let mut key = digest.finalize().to_vec();
        for _ in 0..if revision >= 3 { 50 } else { 0 } {
            key = Md5::digest(&key[..len]).to_vec();
        }
        key.truncate(len);
        let mut reader = match revision {
            2 => rc4(&key, &PADDING),
            _ => Md5::digest([&PADDING[..], &IDENTIFIER].concat()).to_vec(),
        };
        for round in 0..if revision >= 3 { 20 } else { 0 } {
            let turned: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
            reader = rc4(&turned, &reader);
        }
        reader.resize(32, 0);
        let (reader, owner) = (hex::encode(reader), hex::encode(owner));
        Self {
            method,
            key,
            says: format!(
                "<</Filter/Standard/V {version}/R {revision}/P {PERMISSIONS}/U<{reader}>/O<{owner}>\
                    {more}>>"
            ),
        }
    }

    /// With the filters that a writer of this method names.
    pub fn usual(method: Method, more: &str) -> Self {
        let with = |filters: &str| format!("{filters}/StmF/StdCF/StrF/StdCF{more}");
        match method {
            Method::Rc4 => {
                let filters = with("/Length 128/CF<</StdCF<</CFM/V2/Length 16>>>>");
                Self::older(method, (4, 4, 16), &filters)
            }
            Method::Aes128 => {
                let filters = with("/Length 128/CF<</StdCF<</CFM/AESV2/Length 16>>>>");
                Self::older(method, (4, 4, 16), &filters)
            }
            Method::Aes256 => {
                let filters = with("/Length 256/CF<</StdCF<</CFM/AESV3/Length 32>>>>");
                Self::newest(&SOUND, &filters)
            }
        }
    }

    /// The key of the object `number`.
    pub fn key_of(&self, number: u32) -> Vec<u8> {
        if self.method == Method::Aes256 {
            return self.key.clone();
        }
        let mut digest = Md5::new();
        digest.update(&self.key);
        digest.update(&number.to_le_bytes()[..3]);
        digest.update([0, 0]);
        if self.method == Method::Aes128 {
            digest.update(b"sAlT");
        }
        let mut key = digest.finalize().to_vec();
        key.truncate((self.key.len() + 5).min(16));
        key
    }

    /// These bytes as object `number` has them.
    pub fn enciphered(&self, number: u32, bytes: &[u8]) -> Vec<u8> {
        if self.method == Method::Rc4 {
            return rc4(&self.key_of(number), bytes);
        }
        let padding = 16 - bytes.len() % 16;
        let padding = vec![u8::try_from(padding).unwrap(); padding];
        self.unpadded(number, &[bytes, &padding].concat())
    }

    /// Whole blocks of AES, the padding among them if there is one.
    pub fn unpadded(&self, number: u32, bytes: &[u8]) -> Vec<u8> {
        let blocks = aes(&self.key_of(number), &VECTOR, bytes);
        [&VECTOR[..], &blocks].concat()
    }

    /// The strings of an object, enciphered; none of them holds a parenthesis.
    pub fn strings(&self, number: u32, text: &str) -> String {
        let mut parts = text.split('(');
        let mut out = parts.next().unwrap().to_owned();
        for part in parts {
            let (string, rest) = part.split_once(')').unwrap();
            let digits = hex::encode(self.enciphered(number, string.as_bytes()));
            out += &format!("<{digits}>{rest}");
        }
        out
    }

    /// An object of the forged form as it stands in the file.
    pub fn sealed(&self, number: u32, text: &str) -> Vec<u8> {
        let Some((head, body)) = text.split_once("\nstream\n") else {
            return self.strings(number, text).into_bytes();
        };
        let body = body.strip_suffix("\nendstream").unwrap();
        let (before, behind) = head.split_once("/Length ").unwrap();
        let behind = behind.trim_start_matches(|one: char| one.is_ascii_digit());
        let head = self.strings(number, &format!("{before}{behind}"));
        let entries = head.strip_prefix("<<").unwrap().strip_suffix(">>").unwrap();
        stream(entries, &self.enciphered(number, body.as_bytes()))
    }

    /// The form, enciphered, with these objects in the place of its own, signed.
    pub fn signed(&self, objects: &[(u32, Vec<u8>)]) -> Forge {
        let mut forge = Forge::empty();
        let half = hex::encode(IDENTIFIER);
        forge.trailer_extra = format!("/Encrypt {SAYS} 0 R/ID[<{half}><{half}>]");
        let own = form_objects().into_iter();
        let own = own.map(|(number, text)| {
            let text = text.replace("/FT/Tx", "/FT/Tx/F 4");
            (number, self.sealed(number, &text))
        });
        let mut own: Vec<_> = own.collect();
        own.retain(|(number, _)| !objects.iter().any(|(other, _)| other == number));
        own.extend(objects.iter().cloned());
        own.push((SAYS, self.says.clone().into_bytes()));
        write(&mut forge, &own);
        let (number, field) = sig1(9);
        let plan = Plan::new(9, vec![(number, self.strings(number, &field))]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        forge
    }
}

/// A stream of these entries and bytes, as they are.
pub fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// Appends a revision with these objects, as they are.
pub fn write(forge: &mut Forge, objects: &[(u32, Vec<u8>)]) {
    let mut places = Vec::new();
    for (number, bytes) in objects {
        places.push((*number, forge.bytes.len()));
        forge.bytes.extend(format!("{number} 0 obj\n").as_bytes());
        forge.bytes.extend(bytes);
        forge.bytes.extend(b"\nendobj\n");
    }
    forge.finish(&places);
}

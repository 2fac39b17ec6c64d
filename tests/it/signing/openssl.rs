//! OpenSSL as a signer of its own: keys of every kind, certificates that are valid when the tests
//! play, values over what it is given.

use std::path::PathBuf;
use std::process::Command;

use crate::support::has_openssl;

/// A folder with an authority's files; its keys never leave it.
pub struct OpenSsl {
    folder: tempfile::TempDir,
}

const SETTINGS: &str = "[ca]
default_ca = house
[house]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = anybody
unique_subject = no
[anybody]
commonName = supplied
[req]
distinguished_name = subject
string_mask = utf8only
[subject]
commonName = Name
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[qualified]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.3.6.1.5.5.7.1.3 = DER:30:14:30:08:06:06:04:00:8e:46:01:01:30:08:06:06:04:00:8e:46:01:04
0.4.0.194121.2.1 = ASN1:NULL
[seal]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.3.6.1.5.5.7.1.3 = DER:30:29:30:08:06:06:04:00:8e:46:01:01:30:08:06:06:04:00:8e:46:01:04:30:13:06:06:04:00:8e:46:01:06:30:09:06:07:04:00:8e:46:01:06:02
0.4.0.194121.2.1 = ASN1:NULL
[stranger]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
1.2.3.4.5 = critical,ASN1:NULL
[encrypting]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
";

/// Keys: a name, and how it is made.
pub const KEYS: [(&str, &[&str]); 5] = [
    (
        "rsa",
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    ),
    (
        "p256",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ),
    (
        "p384",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ),
    (
        "p521",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    ),
    ("ed25519", &["-algorithm", "ED25519"]),
];

impl OpenSsl {
    /// With a root that lasts from 2026 to 2036; nothing, and said so, where there is no OpenSSL.
    pub fn new() -> Option<Self> {
        if !has_openssl() {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let made = Self { folder };
        made.write("ca.cnf", SETTINGS.as_bytes());
        made.write("index.txt", b"");
        made.write("serial", b"1000");
        made.key("root", KEYS[1].1);
        made.request("root", "Корень по соседству");
        made.certify("root", "root", ("20260101000000Z", "20360101000000Z"));
        Some(made)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    /// Reads a file of the folder.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file")
    }

    fn run(&self, arguments: &[&str]) {
        let run = Command::new("openssl")
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "openssl {arguments:?}: {said}");
    }

    /// Makes a key.
    pub fn key(&self, name: &str, how: &[&str]) {
        let file = format!("{name}.key");
        let mut arguments = vec!["genpkey", "-out", &file];
        arguments.extend(how);
        self.run(&arguments);
    }

    fn request(&self, name: &str, subject: &str) {
        let (key, file) = (format!("{name}.key"), format!("{name}.csr"));
        let subject = format!("/CN={subject}");
        self.run(&[
            "req", "-new", "-utf8", "-config", "ca.cnf", "-key", &key, "-subj", &subject, "-out",
            &file,
        ]);
    }

    fn certify(&self, name: &str, kind: &str, valid: (&str, &str)) {
        let (request, out) = (format!("{name}.csr"), format!("{name}.pem"));
        let mut arguments = vec![
            "ca",
            "-batch",
            "-utf8",
            "-notext",
            "-config",
            "ca.cnf",
            "-keyfile",
            "root.key",
            "-extensions",
            kind,
            "-startdate",
            valid.0,
            "-enddate",
            valid.1,
            "-in",
            &request,
            "-out",
            &out,
        ];
        match name {
            "root" => arguments.push("-selfsign"),
            _ => arguments.extend(["-cert", "root.pem"]),
        }
        self.run(&arguments);
    }

    /// A certificate of `kind` for the key `name`, PEM.
    pub fn certificate(
        &self,
        name: &str,
        subject: &str,
        kind: &str,
        valid: (&str, &str),
    ) -> String {
        self.request(name, subject);
        self.certify(name, kind, valid);
        String::from_utf8(self.read(&format!("{name}.pem"))).expect("PEM")
    }

    /// The root, PEM.
    pub fn root(&self) -> String {
        String::from_utf8(self.read("root.pem")).expect("PEM")
    }

    /// The value of the key `name` over a message, by the words that OpenSSL takes.
    pub fn signs(&self, name: &str, message: &[u8], how: &[&str]) -> Vec<u8> {
        self.write("message", message);
        let key = format!("{name}.key");
        let mut arguments = match how {
            ["whole"] => vec![
                "pkeyutl", "-sign", "-rawin", "-inkey", &key, "-in", "message",
            ],
            ["digest", options @ ..] => {
                let mut all = vec!["pkeyutl", "-sign", "-inkey", &key, "-in", "message"];
                all.extend(options);
                all
            }
            [digest, options @ ..] => {
                let mut all = vec!["dgst", digest, "-sign", &key];
                all.extend(options);
                all
            }
            [] => panic!("how?"),
        };
        arguments.extend(["-out", "value"]);
        if arguments[0] == "dgst" {
            arguments.push("message");
        }
        self.run(&arguments);
        self.read("value")
    }

    /// A whole detached CMS structure over a message, DER.
    pub fn cms(&self, name: &str, message: &[u8]) -> Vec<u8> {
        self.write("message", message);
        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        self.run(&[
            "cms",
            "-sign",
            "-binary",
            "-cades",
            "-md",
            "sha256",
            "-in",
            "message",
            "-signer",
            &certificate,
            "-inkey",
            &key,
            "-certfile",
            "root.pem",
            "-outform",
            "DER",
            "-out",
            "value",
        ]);
        self.read("value")
    }
}

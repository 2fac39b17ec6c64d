//! Revocation asked of OpenSSL: its responder answers by HTTP, its server gives lists by HTTPS.
//! Both go by their own clock, so the house does too.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use chancery::app::online::Online;
use chancery::clock::Clock;
use tempfile::TempDir;

use super::codes;
use super::{Part, ask};
use crate::support::{Backend, TestApp, is_required};

const CONTENT: &[u8] = b"what is signed";

const SETTINGS: &str = "[ca]
default_ca = house
[house]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
default_md = sha256
default_days = 30
default_crl_days = 1
policy = anybody
unique_subject = no
[anybody]
commonName = supplied
[req]
distinguished_name = subject
[subject]
commonName = Name
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier = hash
[answered]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
authorityInfoAccess = OCSP;URI:$ENV::ADDRESS
[listed]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
crlDistributionPoints = URI:$ENV::ADDRESS
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1
";

/// An authority that OpenSSL keeps in a folder.
struct House {
    folder: TempDir,
}

/// A program that serves until it is dropped.
struct Serving {
    child: Child,
    /// `127.0.0.1:PORT`.
    host: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl House {
    /// Nothing, and said so, where there is no OpenSSL and none is demanded.
    fn open() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            is_required("openssl");
            return None;
        }
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let house = Self { folder };
        house.write("ca.cnf", SETTINGS.as_bytes());
        house.write("index.txt", b"");
        house.write("serial", b"1000");
        house.write("crlnumber", b"01");
        house.key("root");
        house.run(
            "",
            &[
                "req",
                "-x509",
                "-new",
                "-config",
                "ca.cnf",
                "-extensions",
                "root",
                "-key",
                "root.key",
                "-subj",
                "/CN=Root",
                "-days",
                "30",
                "-out",
                "root.pem",
            ],
        );
        Some(house)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file")
    }

    fn command(&self, address: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments);
        // The settings ask for it whatever the command does.
        command.env("ADDRESS", address);
        command
    }

    fn run(&self, address: &str, arguments: &[&str]) {
        let run = self.command(address, arguments).output().expect("it runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "openssl {arguments:?}: {said}");
    }

    fn key(&self, name: &str) {
        let file = format!("{name}.key");
        let curve = "ec_paramgen_curve:P-256";
        self.run(
            "",
            &[
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                curve,
                "-out",
                &file,
            ],
        );
    }

    /// A key and a certificate of this kind, which names `address`.
    fn certify(&self, name: &str, kind: &str, address: &str) {
        self.key(name);
        let (key, request) = (format!("{name}.key"), format!("{name}.csr"));
        let (subject, out) = (format!("/CN={name}"), format!("{name}.pem"));
        self.run(
            address,
            &[
                "req", "-new", "-config", "ca.cnf", "-key", &key, "-subj", &subject, "-out",
                &request,
            ],
        );
        self.run(
            address,
            &[
                "ca",
                "-batch",
                "-notext",
                "-config",
                "ca.cnf",
                "-keyfile",
                "root.key",
                "-cert",
                "root.pem",
                "-extensions",
                kind,
                "-in",
                &request,
                "-out",
                &out,
            ],
        );
    }

    fn revoke(&self, name: &str) {
        let certificate = format!("{name}.pem");
        self.run(
            "",
            &[
                "ca",
                "-config",
                "ca.cnf",
                "-keyfile",
                "root.key",
                "-cert",
                "root.pem",
                "-revoke",
                &certificate,
            ],
        );
    }

    /// Writes the present list as an answer of HTTP, which the server gives as it is.
    fn publish_list(&self) {
        self.run(
            "",
            &[
                "ca", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-gencrl",
                "-out", "crl.pem",
            ],
        );
        self.run(
            "",
            &[
                "crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der",
            ],
        );
        let head = b"HTTP/1.0 200 OK\r\nContent-Type: application/pkix-crl\r\n\r\n";
        self.write(
            "list.crl",
            &[head.as_slice(), &self.read("crl.der")].concat(),
        );
    }

    /// A detached signature over the content.
    fn sign(&self, name: &str) -> Vec<u8> {
        self.write("content", CONTENT);
        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        self.run(
            "",
            &[
                "cms",
                "-sign",
                "-binary",
                "-cades",
                "-in",
                "content",
                "-signer",
                &certificate,
                "-inkey",
                &key,
                "-outform",
                "DER",
                "-out",
                "content.p7s",
            ],
        );
        self.read("content.p7s")
    }

    /// Starts a program that says `ACCEPT …:PORT` once it serves.
    fn serve(&self, arguments: &[&str]) -> Serving {
        let mut command = self.command("", arguments);
        let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.expect("it starts");
        let out = child.stdout.take().expect("its words");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("ACCEPT"));
        let line = line.expect("it serves");
        let address = line.split_whitespace().nth(1).expect("an address");
        let port = address.rsplit(':').next().expect("a port");
        Serving {
            host: format!("127.0.0.1:{port}"),
            child,
        }
    }
}

/// The responder at `port` (`0`: any that is free), with the certificates that are known now: it
/// reads them once.
fn responder(openssl: &House, port: &str) -> Serving {
    openssl.serve(&[
        "ocsp",
        "-index",
        "index.txt",
        "-port",
        port,
        "-rsigner",
        "root.pem",
        "-rkey",
        "root.key",
        "-CA",
        "root.pem",
        "-nmin",
        "5",
    ])
}

/// A house of ours by the clock of the world, which trusts OpenSSL's root and asks at `host`.
async fn asking(openssl: &House, host: &str, https_ca_file: &str) -> TestApp {
    let (root, host) = (openssl.path("root.pem"), host.to_owned());
    let https_ca_file = https_ca_file.to_owned();
    let mut house = TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = vec![root];
        config.trust.online = vec![host];
        config.trust.online_may_be_private = true;
        config.trust.https_ca_file = https_ca_file;
    })
    .await;
    house.app.clock = Clock::System;
    house
}

/// Conclusion, reasons, and what is said of the signer's certificate and by what; nothing that was
/// learnt before is remembered.
async fn told(house: &mut TestApp, signature: &[u8]) -> String {
    let trust = house.app.config.trust.clone();
    house.app.online = Online::open(&trust).expect("hosts");
    let parts: [Part<'_>; 2] = [
        ("file", Some("c.p7s"), signature),
        ("content", Some("c.txt"), CONTENT),
    ];
    let (_, report) = ask(&house.app, &parts).await;
    let link = &report["signatures"][0]["chain"][0];
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let came = report["signatures"][0]["reasons"].as_array();
    let came = came.into_iter().flatten();
    let came = came.filter(|one| one["code"] == "revocation_asked");
    let came: Vec<String> = came.map(|one| word(&one["args"]["came"])).collect();
    format!(
        "{} [{}] {} {} {}",
        word(&report["indication"]),
        codes(&report).join(" "),
        word(&link["revocation"]),
        word(&link["revocation_source"]),
        came.join(" ")
    )
    .trim_end()
    .to_owned()
}

/// Goal: the responder of OpenSSL and we understand one another, from the question to the verdict.
/// Method: one certificate that it knows as good, then as revoked; one that it does not know.
#[actix_web::test]
async fn the_responder_of_openssl_is_asked_and_believed() {
    let Some(openssl) = House::open() else { return };
    let first = responder(&openssl, "0");
    let host = first.host.clone();
    let port = host.rsplit(':').next().expect("a port").to_owned();
    let address = format!("http://{host}/");
    openssl.certify("known", "answered", &address);
    openssl.certify("forgotten", "answered", &address);
    let index = String::from_utf8(openssl.read("index.txt")).expect("lines");
    let kept: Vec<&str> = index
        .lines()
        .filter(|line| !line.contains("forgotten"))
        .collect();
    openssl.write("index.txt", format!("{}\n", kept.join("\n")).as_bytes());
    let (known, forgotten) = (openssl.sign("known"), openssl.sign("forgotten"));
    drop(first);
    let second = responder(&openssl, &port);
    let mut house = asking(&openssl, &host, "").await;
    assert_eq!(told(&mut house, &known).await, "TOTAL-PASSED [] good ocsp");
    assert_eq!(
        told(&mut house, &forgotten).await,
        "INDETERMINATE [revocation_unknown revocation_asked] unknown - answered"
    );
    drop(second);
    openssl.revoke("known");
    let _third = responder(&openssl, &port);
    assert_eq!(
        told(&mut house, &known).await,
        "INDETERMINATE [certificate_revoked] revoked ocsp"
    );
    house.close().await;
}

/// Goal: a list is fetched by https from a server whose authority the administrator names, and from
/// no other. Method: OpenSSL's server with a certificate of its root, without that root among the
/// believed ones and with it; the list before a revocation and after it.
#[actix_web::test]
async fn a_list_is_fetched_by_https_from_whom_the_administrator_believes() {
    let Some(openssl) = House::open() else { return };
    openssl.certify("server", "server", "");
    let server = openssl.serve(&[
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-cert",
        "server.pem",
        "-key",
        "server.key",
        "-HTTP",
    ]);
    let address = format!("https://{}/list.crl", server.host);
    openssl.certify("listed", "listed", &address);
    openssl.publish_list();
    let signature = openssl.sign("listed");
    let mut stranger = asking(&openssl, &server.host, "").await;
    assert_eq!(
        told(&mut stranger, &signature).await,
        "INDETERMINATE [revocation_unchecked revocation_asked] unchecked - silent"
    );
    stranger.close().await;
    let root = openssl.path("root.pem").display().to_string();
    let mut house = asking(&openssl, &server.host, &root).await;
    assert_eq!(
        told(&mut house, &signature).await,
        "TOTAL-PASSED [] good crl"
    );
    openssl.revoke("listed");
    openssl.publish_list();
    assert_eq!(
        told(&mut house, &signature).await,
        "INDETERMINATE [certificate_revoked] revoked crl"
    );
    for (file, content) in [("none.pem", None), ("empty.pem", Some("no certificate"))] {
        if let Some(content) = content {
            openssl.write(file, content.as_bytes());
        }
        let mut trust = house.app.config.trust.clone();
        trust.https_ca_file = openssl.path(file).display().to_string();
        let refused = Online::open(&trust)
            .expect_err("no certificate")
            .to_string();
        assert!(refused.contains("trust.https_ca_file"), "{refused}");
    }
    house.close().await;
}

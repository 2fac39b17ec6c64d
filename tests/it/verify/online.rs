//! Revocation asked for on the network: only of hosts on the list, within bounds, judged like any
//! other evidence, and told.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Output;

use actix_web::http::StatusCode;
use bytes::Bytes;
use chancery::app::online::Online;
use chancery::app::validation::{Judgement, Stored};
use chancery::blob::BlobSource;
use chancery::config::Trust;
use chancery_signature::ValidationReport;
use chancery_types::Digest;
use serde_json::Value;
use tempfile::TempDir;

use super::ca::Holder;
use super::responder::{Manner, Responder, held};
use super::signed::{signed_by, small_pdf};
use super::{Part, ask, ask_page, chancery as command, codes, text};
use crate::support::{Backend, START, TestApp};

const CONTENT: &[u8] = b"what is signed";

/// A house that trusts the authority of a responder and may ask it.
struct Asking {
    house: TestApp,
    responder: Responder,
    root: PathBuf,
    folder: TempDir,
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

impl Asking {
    async fn open() -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let root = folder.path().join("root.pem");
        let clock = held();
        let responder = Responder::open(&clock);
        std::fs::write(&root, pem(&responder.ca.certificate)).expect("kept");
        let (anchors, host) = (vec![root.clone()], responder.host.clone());
        let mut house = TestApp::start_with(&Backend::single(), |config| {
            config.trust.anchors = anchors;
            config.trust.online = vec![host];
            config.trust.online_may_be_private = true;
            config.trust.online_seconds_max = 1;
            config.rate_limits.verify_per_minute = 1_000;
            config.limits.verify_parallel_max = 4;
            config.trust.online_bytes_max = 1024 * 1024;
        })
        .await;
        house.app.clock = clock;
        Self {
            house,
            responder,
            root,
            folder,
        }
    }

    /// Asks from now on as these settings say, and forgets what came before.
    fn ask_by(&mut self, change: impl FnOnce(&mut Trust)) {
        let mut trust = self.house.app.config.trust.clone();
        change(&mut trust);
        self.house.app.online = Online::open(&trust).expect("hosts");
    }

    /// The report on a signature of `holder`.
    async fn report(&self, holder: &Holder) -> Value {
        let signature = holder.signs(&[CONTENT]);
        let parts: [Part<'_>; 2] = [
            ("file", Some("c.p7s"), &signature),
            ("content", Some("c.txt"), CONTENT),
        ];
        let (status, report) = ask(&self.house.app, &parts).await;
        assert_eq!(status, StatusCode::OK, "{report:#}");
        report
    }

    async fn close(self) {
        self.responder.stop().await;
        self.house.close().await;
    }
}

/// Conclusion, its reason by the standard, the reasons, and what came of each question.
fn verdict(report: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let signature = &report["signatures"][0];
    let reasons = signature["reasons"].as_array().expect("reasons").iter();
    let came = reasons.filter(|one| one["code"] == "revocation_asked");
    let came = came.map(|one| {
        let code = one["args"]["code"].as_str().unwrap_or_default();
        format!(" {}{code}", word(&one["args"]["came"]))
    });
    let link = &signature["chain"][0];
    format!(
        "{} {} [{}] {} {}{}",
        word(&report["indication"]),
        word(&report["sub_indication"]),
        codes(report).join(" "),
        word(&link["revocation"]),
        word(&link["revocation_source"]),
        came.collect::<String>()
    )
}

/// Goal: whatever a responder or the place of a list does, the verdict is exactly what it proves,
/// and what was asked and came stands in the report. Method: one certificate that names a responder
/// alone, one that names a list alone, every manner of a real server.
#[actix_web::test]
async fn every_answer_has_its_verdict() {
    let mut asking = Asking::open().await;
    let elsewhere = format!("http://{}/private", asking.responder.host);
    let answered = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let listed = asking
        .responder
        .person(51, &[], &[asking.responder.list_url()]);
    let open = "INDETERMINATE TRY_LATER";
    let unchecked = format!("{open} [revocation_unchecked revocation_asked] unchecked -");
    let unknown = format!("{open} [revocation_unknown revocation_asked] unknown -");
    let revoked = "INDETERMINATE REVOKED_NO_POE [certificate_revoked] revoked";
    let cases = [
        (Manner::Good, "TOTAL-PASSED - [] good SOURCE".to_owned()),
        (Manner::Revoked, format!("{revoked} SOURCE")),
        (
            Manner::Stale,
            format!("{open} [revocation_stale revocation_asked] stale SOURCE answered"),
        ),
        (Manner::Stranger, format!("{unknown} answered")),
        (Manner::Garbage, format!("{unchecked} unreadable")),
        (Manner::Heap, format!("{unchecked} too_large")),
        (Manner::Never, format!("{unchecked} silent")),
        (Manner::Redirect(elsewhere), format!("{unchecked} code302")),
        (
            Manner::Redirect("http://169.254.169.254/latest".to_owned()),
            format!("{unchecked} code302"),
        ),
        (Manner::Fails, format!("{unchecked} code500")),
    ];
    for (manner, expected) in cases {
        for (holder, source) in [(&answered, "ocsp"), (&listed, "crl")] {
            asking.responder.behave(manner.clone(), manner.clone());
            asking.ask_by(|_| {});
            let report = asking.report(holder).await;
            let expected = expected.replace("SOURCE", source);
            assert_eq!(
                verdict(&report),
                expected,
                "{manner:?} {source}: {report:#}"
            );
        }
    }
    for (manner, expected) in [
        (Manner::Unknown, format!("{unknown} answered")),
        (Manner::Refuses, format!("{unchecked} refused")),
    ] {
        asking.responder.behave(manner.clone(), Manner::Good);
        asking.ask_by(|_| {});
        let report = asking.report(&answered).await;
        assert_eq!(verdict(&report), expected, "{manner:?}: {report:#}");
    }
    let [answers, lists, others] = asking.responder.asked();
    assert_eq!(
        (answers, lists, others),
        (12, 10, 0),
        "no redirect is followed"
    );
    asking.close().await;
}

/// Goal: nobody is asked who is not on the list, no other port, and nobody in our own network
/// unless that is allowed; and it is said. Method: each list and address, a server that counts.
#[actix_web::test]
async fn only_hosts_on_the_list_are_asked_and_none_of_ours() {
    let mut asking = Asking::open().await;
    let host = asking.responder.host.clone();
    let port = host.rsplit(':').next().expect("a port").to_owned();
    let own = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let named = format!("http://localhost:{port}/ocsp");
    let named = asking.responder.person(52, &[named], &[]);
    let with_name = format!("http://user:secret@{host}/ocsp");
    let with_name = asking.responder.person(53, &[with_name], &[]);
    let directory = "ldap://127.0.0.1/cn=x".to_owned();
    let directory = asking.responder.person(54, &[directory], &[]);
    let open = "INDETERMINATE TRY_LATER";
    let asked = format!("{open} [revocation_unchecked revocation_asked] unchecked -");
    let silent = format!("{open} [revocation_unchecked] unchecked -");
    let local = format!("localhost:{port}");
    for (hosts, may_be_private, holder, expected) in [
        (vec![], true, &own, silent.clone()),
        (
            vec!["ocsp.example.org"],
            true,
            &own,
            format!("{asked} not_listed"),
        ),
        // Without its port a host is asked at the usual one alone.
        (vec!["127.0.0.1"], true, &own, format!("{asked} not_listed")),
        (vec![host.as_str()], false, &own, format!("{asked} private")),
        (
            vec![local.as_str()],
            false,
            &named,
            format!("{asked} private"),
        ),
        (
            vec![host.as_str()],
            true,
            &with_name,
            format!("{asked} no_address"),
        ),
        (vec![host.as_str()], true, &directory, silent),
    ] {
        asking.ask_by(|trust| {
            trust.online = hosts.iter().map(|&host| host.to_owned()).collect();
            trust.online_may_be_private = may_be_private;
        });
        let report = asking.report(holder).await;
        assert_eq!(verdict(&report), expected, "{hosts:?}: {report:#}");
    }
    assert_eq!(asking.responder.asked(), [0, 0, 0]);
    // Nobody is asked for a stranger's authority either.
    std::fs::remove_file(&asking.root).expect("gone");
    asking.house.advance_seconds(61);
    asking.ask_by(|_| {});
    let report = asking.report(&own).await;
    assert!(codes(&report).contains(&"chain_missing"), "{report:#}");
    assert_eq!(asking.responder.asked(), [0, 0, 0]);
    asking.close().await;
}

/// Goal: what one does not settle the next may: responders in their order, then lists. Method: a
/// responder that fails in each way beside a list, two responders, a dead port.
#[actix_web::test]
async fn where_a_responder_fails_the_list_is_asked() {
    let mut asking = Asking::open().await;
    let dead = TcpListener::bind("127.0.0.1:0").expect("a port");
    let dead = dead.local_addr().expect("an address").to_string();
    let (responder, list) = (
        asking.responder.responder_url(),
        asking.responder.list_url(),
    );
    let both = asking
        .responder
        .person(50, std::slice::from_ref(&responder), &[list]);
    for answers in [
        Manner::Unknown,
        Manner::Stale,
        Manner::Stranger,
        Manner::Garbage,
        Manner::Never,
        Manner::Fails,
    ] {
        for (lists, expected) in [
            (Manner::Good, "TOTAL-PASSED - [] good crl"),
            (
                Manner::Revoked,
                "INDETERMINATE REVOKED_NO_POE [certificate_revoked] revoked crl",
            ),
        ] {
            asking.responder.behave(answers.clone(), lists);
            asking.ask_by(|_| {});
            let report = asking.report(&both).await;
            assert_eq!(verdict(&report), expected, "{answers:?}: {report:#}");
        }
    }
    let hosts = vec![asking.responder.host.clone(), dead.clone()];
    asking.ask_by(|trust| trust.online = hosts);
    asking.responder.behave(Manner::Good, Manner::Good);
    let second = [format!("http://{dead}/ocsp"), responder];
    let second = asking.responder.person(55, &second, &[]);
    let report = asking.report(&second).await;
    assert_eq!(
        verdict(&report),
        "TOTAL-PASSED - [] good ocsp",
        "{report:#}"
    );
    asking.close().await;
}

/// Goal: an answer is asked for once, however many signatures need it and however many checks run,
/// until its next one is due; a host that fails is left alone for a minute. Method: a hundred
/// signatures by one certificate and by many of one list, and a clock.
#[actix_web::test]
async fn a_hundred_signatures_ask_once() {
    let mut asking = Asking::open().await;
    let one = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let checks = (0..10).map(|_| asking.report(&one));
    for report in futures::future::join_all(checks).await {
        assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
    }
    for seed in 60..100 {
        let list = asking.responder.list_url();
        let many = asking.responder.person(seed, &[], &[list]);
        let report = asking.report(&many).await;
        assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
    }
    assert_eq!(asking.responder.asked(), [1, 1, 0]);
    asking.house.advance_seconds(3_601);
    asking.report(&one).await;
    assert_eq!(asking.responder.asked(), [2, 1, 0]);
    asking.ask_by(|_| {});
    asking.responder.behave(Manner::Fails, Manner::Fails);
    for _ in 0..5 {
        let report = asking.report(&one).await;
        assert_eq!(report["indication"], "INDETERMINATE", "{report:#}");
    }
    assert_eq!(asking.responder.asked(), [3, 1, 0]);
    asking.responder.behave(Manner::Good, Manner::Good);
    asking.house.advance_seconds(61);
    let report = asking.report(&one).await;
    assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
    assert_eq!(asking.responder.asked(), [4, 1, 0]);
    asking.close().await;
}

/// Goal: the page says whom was asked and what came, in both languages, and stays yellow. Method: a
/// host that is not on the list, and one that does not answer.
#[actix_web::test]
async fn the_page_tells_who_was_asked() {
    let mut asking = Asking::open().await;
    let own = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let signature = own.signs(&[CONTENT]);
    let parts: [Part<'_>; 2] = [
        ("file", Some("c.p7s"), &signature),
        ("content", Some("c.txt"), CONTENT),
    ];
    asking.ask_by(|trust| trust.online = vec!["ocsp.example.org".to_owned()]);
    let (_, html) = ask_page(&asking.house.app, "ru", &parts).await;
    assert!(html.contains("не спрашивали: его нет в списке"), "{html}");
    assert!(html.contains("trust.online"), "{html}");
    asking.ask_by(|_| {});
    asking.responder.behave(Manner::Fails, Manner::Fails);
    let (_, html) = ask_page(&asking.house.app, "en", &parts).await;
    assert!(
        html.contains("127.0.0.1 was asked about certificate"),
        "{html}"
    );
    assert!(html.contains("answered with code 500"), "{html}");
    asking.close().await;
}

/// Goal: a stored copy's page and its rechecks ask too. Method: a copy in storage, a certificate
/// that is good and later revoked.
#[actix_web::test]
async fn stored_copies_are_asked_about_when_they_are_judged() {
    let asking = Asking::open().await;
    let own = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let copy = Bytes::from(signed_by(&small_pdf(), |spans| own.signs(spans)));
    let (digest, home) = (Digest::of(&copy), asking.house.vector.organisation);
    let app = &asking.house.app;
    let put = app
        .blobs
        .put(home, &digest, BlobSource::Bytes(copy), "application/pdf");
    put.await.expect("kept");
    let told =
        |report: &ValidationReport| format!("{:?}", report.signatures[0].chain[0].revocation);
    let Judgement::Done(page) = app
        .judge_stored(home, Stored::File(digest))
        .await
        .expect("judged")
    else {
        panic!("it goes on");
    };
    assert_eq!(told(&page), "Good");
    asking.responder.behave(Manner::Revoked, Manner::Revoked);
    asking.house.advance_seconds(7 * 86_400);
    let again = app
        .judge_afresh(home, Stored::File(digest))
        .await
        .expect("judged");
    assert_eq!(told(&again.expect("a file")), "Revoked");
    assert_eq!(asking.responder.asked()[0], 2);
    asking.close().await;
}

/// Goal: the command asks nobody by itself, and those that it is told. Method: the same signature
/// each way, by a server that counts.
#[actix_web::test]
async fn the_command_asks_only_whom_it_is_told() {
    let asking = Asking::open().await;
    let own = asking
        .responder
        .person(50, &[asking.responder.responder_url()], &[]);
    let folder = asking.folder.path();
    let [signature, content] = [
        ("c.p7s", own.signs(&[CONTENT])),
        ("c.txt", CONTENT.to_vec()),
    ]
    .map(|(name, bytes)| {
        std::fs::write(folder.join(name), bytes).expect("kept");
        folder.join(name).display().to_string()
    });
    let root = asking.root.display().to_string();
    let verify = async |more: &[&str]| -> Output {
        let usual = ["--trust", &root, "--at", START, "--content", &content];
        let all = [&usual[..], more, &["--json", &signature]].concat();
        let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let run = tokio::task::spawn_blocking(move || {
            command(&all.iter().map(String::as_str).collect::<Vec<_>>())
        });
        run.await.expect("run")
    };
    let host = asking.responder.host.as_str();
    for (more, code, expected) in [
        (&[][..], 3, "[revocation_unchecked] unchecked -"),
        (
            &["--online", "ocsp.example.org"],
            3,
            "[revocation_unchecked revocation_asked] unchecked - not_listed",
        ),
        (
            &["--online", host],
            3,
            "[revocation_unchecked revocation_asked] unchecked - private",
        ),
    ] {
        let done = verify(more).await;
        assert_eq!(done.status.code(), Some(code), "{done:?}");
        let report: Value = serde_json::from_slice(&done.stdout).expect("JSON");
        let expected = format!("INDETERMINATE TRY_LATER {expected}");
        assert_eq!(verdict(&report[0]), expected, "{more:?}");
    }
    assert_eq!(asking.responder.asked(), [0, 0, 0]);
    let done = verify(&["--online", host, "--online-may-be-private"]).await;
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(asking.responder.asked(), [1, 0, 0]);
    let done = verify(&["--online", "*"]).await;
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).contains("`*` is no host"), "{done:?}");
    asking.close().await;
}

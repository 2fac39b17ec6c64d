//! Timestamps of an authority that the administrator chose: asked for, verified, trusted only by
//! the settings, and never asked for in our own network unless that is allowed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App as Site, HttpResponse, HttpServer};
use chancery::app::AppError;
use chancery::app::build::StartError;
use chancery::app::stamps::Stamps;
use chancery::clock::Clock;
use chancery::config::Config;
use chancery::store::entity::signed_copies;
use chancery_signature as sig;
use chancery_types::Instant;

use sea_orm::EntityTrait as _;

use super::contract::{Contract, bytes_of};
use super::lasting::signed;
use crate::support::{Backend, TestApp};

const POLICY: sig::ObjectIdentifier = sig::ObjectIdentifier::new_unwrap("2.25.7");

/// What the authority does with a question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Answers,
    /// Its clock is a little ahead.
    IsAhead,
    /// Its clock is an hour ahead.
    IsFarAhead,
    AnswersAnother,
    Refuses,
    Fails,
    Talks,
}

/// An authority of its own with a server on this machine.
pub struct Other {
    root_pem: String,
    pub url: String,
    pub asked: Arc<AtomicUsize>,
    desk: Data<Desk>,
    pub handle: ServerHandle,
}

struct Desk {
    authority: sig::TimestampAuthority,
    manner: Mutex<Manner>,
    clock: Clock,
    asked: Arc<AtomicUsize>,
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// An authority's own key.
fn own_key() -> sig::SigningKey {
    sig::SigningKey::from_seed(sig::KeyKind::EcdsaP256, &[12; 32]).expect("a key")
}

/// A key of 2,048 bits.
fn rsa_key() -> sig::SigningKey {
    use base64::Engine as _;
    let text = include_str!("../../../crates/chancery-signature/tests/it/rsa-2048.b64");
    let text: String = text.split_whitespace().collect();
    let der = base64::prelude::BASE64_STANDARD.decode(text);
    sig::SigningKey::from_pkcs8_der(&der.expect("Base64")).expect("an RSA key")
}

fn authority(now: Instant, own: sig::SigningKey) -> (sig::TimestampAuthority, Vec<u8>) {
    let key =
        |seed| sig::SigningKey::from_seed(sig::KeyKind::EcdsaP256, &[seed; 32]).expect("a key");
    let request = |name: &str, number: u8| sig::AuthorityRequest {
        common_name: name.to_owned(),
        organisation: None,
        serial: [number; 16],
        not_before: now.plus_seconds(-86_400),
        not_after: now.plus_seconds(5 * 366 * 86_400),
    };
    let root = sig::make_root(&key(11), &request("Other Root", 1)).expect("a root");
    let issuing = sig::IssuingAuthority::new(key(11), root.clone()).expect("an authority");
    let stamps = request("Other Stamps", 2);
    let certificate = sig::make_timestamping(&issuing, &own.spki_der(), &stamps).expect("it");
    let authority = sig::TimestampAuthority::new(own, certificate, vec![root.clone()]);
    (authority.expect("an authority"), root)
}

/// The imprint and the nonce of a question (RFC 3161, 2.4.1), by where they stand in it.
fn read(query: &[u8]) -> ([u8; 32], [u8; 8]) {
    let mut windows = query.windows(2);
    let at = windows
        .position(|pair| pair == [0x04, 0x20])
        .expect("an imprint")
        + 2;
    let imprint = query[at..at + 32].try_into().expect("32 bytes");
    let nonce = &query[at + 32..];
    assert_eq!(nonce[0], 0x02, "a nonce");
    let digits = &nonce[2..2 + usize::from(nonce[1])];
    let mut whole = [0; 8];
    let digits = &digits[digits.len().saturating_sub(8)..];
    whole[8 - digits.len()..].copy_from_slice(digits);
    (imprint, whole)
}

async fn stamp(desk: Data<Desk>, query: Bytes) -> HttpResponse {
    desk.asked.fetch_add(1, Ordering::Relaxed);
    let (mut imprint, nonce) = read(&query);
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/timestamp-reply");
    let manner = *desk.manner.lock().expect("nobody broke it");
    match manner {
        Manner::Answers | Manner::IsAhead | Manner::IsFarAhead => {}
        Manner::AnswersAnother => imprint[0] ^= 1,
        // PKIStatusInfo: rejection.
        Manner::Refuses => return answer.body(vec![0x30, 5, 0x30, 3, 2, 1, 2]),
        Manner::Fails => return HttpResponse::ServiceUnavailable().finish(),
        Manner::Talks => return answer.content_type("text/html").body("<p>Hello</p>"),
    }
    let token = desk.authority.timestamp(&sig::TimestampRequest {
        imprint,
        gen_time: desk.clock.now().plus_seconds(match manner {
            Manner::IsAhead => 2,
            Manner::IsFarAhead => 3600,
            _ => 0,
        }),
        serial: chancery::entropy::bytes(),
        policy: POLICY,
        nonce: Some(nonce),
    });
    let token = token.expect("a token");
    let mut whole = vec![0x30, 3, 2, 1, 0];
    whole.extend(token);
    let length = u16::try_from(whole.len()).expect("short").to_be_bytes();
    answer.body([vec![0x30, 0x82, length[0], length[1]], whole].concat())
}

impl Other {
    /// Its clock is the house's.
    fn open(clock: &Clock, manner: Manner) -> Self {
        let (stamps, root) = authority(clock.now(), own_key());
        Self::of(stamps, &root, clock, manner)
    }

    /// One of this authority's own, beneath `root`.
    pub fn of(stamps: sig::TimestampAuthority, root: &[u8], clock: &Clock, manner: Manner) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let desk = Data::new(Desk {
            authority: stamps,
            manner: Mutex::new(manner),
            clock: clock.clone(),
            asked: Arc::clone(&asked),
        });
        let served = desk.clone();
        let site = move || {
            Site::new()
                .app_data(served.clone())
                .route("/tsa", web::post().to(stamp))
        };
        let server = HttpServer::new(site).workers(1).disable_signals();
        let server = server.bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/tsa", server.addrs()[0]);
        let running = server.run();
        let handle = running.handle();
        tokio::spawn(running);
        Self {
            root_pem: pem(root),
            url,
            asked,
            desk,
            handle,
        }
    }
}

impl Other {
    fn behave(&self, manner: Manner) {
        *self.desk.manner.lock().expect("nobody broke it") = manner;
    }
}

/// A house whose timestamps come from `other`; whether it trusts it.
async fn house_with(manner: Manner, is_trusted: bool) -> (TestApp, Other, tempfile::TempDir) {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let root = folder.path().join("tsa.pem");
    let trusted = root.clone();
    let mut house = TestApp::start_with(&Backend::single(), |config| {
        if is_trusted {
            let now = crate::support::START.parse().expect("a moment");
            std::fs::write(&root, pem(&authority(now, own_key()).1)).expect("kept");
            config.trust.anchors = vec![trusted];
        }
    })
    .await;
    let other = Other::open(&house.app.clock, manner);
    assert!(!is_trusted || std::fs::read_to_string(&root).is_ok_and(|it| it == other.root_pem));
    let mut config: Config = (*house.app.config).clone();
    config.signing.tsa_url.clone_from(&other.url);
    config.signing.tsa_may_be_private = true;
    house.app.stamps = Stamps::open(&config.signing, &config.trust).expect("an address");
    (house, other, folder)
}

/// Goal: the chosen authority's timestamp stands in the signature, which passes because the
/// settings trust it, also if its clock is a little ahead of ours; our own authority gives none.
/// Method: a contract that our signatory signs.
#[tokio::test]
async fn the_timestamp_of_the_chosen_authority_stands_in_the_signature() {
    for manner in [Manner::Answers, Manner::IsAhead] {
        it_stands_in_the_signature(manner).await;
    }
}

async fn it_stands_in_the_signature(manner: Manner) {
    let (house, other, _folder) = house_with(manner, true).await;
    let contract = Contract::approved(&house).await;
    contract.signatory_signs().await;
    assert_eq!(other.asked.load(Ordering::Relaxed), 1);
    let initiator = house.actor("initiator");
    let copy = house
        .app
        .signed_copy(&initiator, contract.id.uuid(), 1)
        .await;
    let file = bytes_of(copy.expect("a copy")).await;
    let facts = sig::gather_pdf(&file, &sig::Limits::default());
    let signer = facts.signatures[0].signer.as_ref().expect("a signer");
    let token = signer.tokens[0].token.as_ref().expect("a token");
    assert_eq!(token.policy, POLICY.to_string());
    let verdict = house
        .app
        .version_verdict(&initiator, contract.id, None)
        .await;
    let known = format!("{:?}", verdict.expect("a verdict").known);
    assert!(known.contains("TotalPassed"), "{known}");
    other.handle.stop(false).await;
    house.close().await;
}

/// Goal: without a timestamp that is over this signature and trusted, nothing is signed, and it is
/// said to be for now. Method: an authority that answers wrongly in each way.
#[tokio::test]
async fn without_a_good_timestamp_nothing_is_signed() {
    for (manner, is_trusted) in [
        (Manner::AnswersAnother, true),
        (Manner::Refuses, true),
        (Manner::Fails, true),
        (Manner::Talks, true),
        (Manner::IsFarAhead, true),
        (Manner::Answers, false),
    ] {
        let (house, other, _folder) = house_with(manner, is_trusted).await;
        let contract = Contract::approved(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let refused = contract
            .signs(&actor, task)
            .await
            .expect_err("no signature");
        match refused {
            AppError::Unavailable { what, .. } => assert_eq!(what, "timestamps"),
            other => panic!("{other:?}"),
        }
        assert_eq!(other.asked.load(Ordering::Relaxed), 1);
        let initiator = house.actor("initiator");
        let copy = house
            .app
            .signed_copy(&initiator, contract.id.uuid(), 1)
            .await;
        assert!(copy.is_err(), "nothing is signed");
        other.handle.stop(false).await;
        house.close().await;
    }
}

/// Goal: a copy is raised by the chosen authority too, until its own certificate's end; while it
/// gives nothing one copy is tried and no more, an hour later all of them. Method: two contracts,
/// an authority that fails, and one that answers in its place.
#[tokio::test]
async fn a_copy_is_raised_by_the_chosen_authority() {
    let (mut house, failing, folder) = house_with(Manner::Fails, true).await;
    let organisation = house.vector.organisation;
    // Signed by our own authority, before the other one was chosen.
    let chosen = std::mem::replace(&mut house.app.stamps, Stamps::Own);
    signed(&house).await;
    signed(&house).await;
    house.app.stamps = chosen;
    let done = house.app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (0, 1));
    assert!(done.is_halted && done.is_over());
    assert_eq!(failing.asked.load(Ordering::Relaxed), 1);
    let problems = async || {
        let rows = signed_copies::Entity::find().all(house.app.store.reader());
        let rows = rows.await.expect("rows").into_iter();
        let mut all: Vec<_> = rows.map(|row| row.raise_problem).collect();
        all.sort();
        all
    };
    assert_eq!(problems().await, [None, Some("no-timestamp".to_owned())]);

    let other = Other::open(&house.app.clock, Manner::Answers);
    std::fs::write(folder.path().join("tsa.pem"), &other.root_pem).expect("kept");
    let mut app = house.app.clone();
    let mut config: Config = (*app.config).clone();
    config.signing.tsa_url.clone_from(&other.url);
    config.signing.tsa_may_be_private = true;
    app.stamps = Stamps::open(&config.signing, &config.trust).expect("an address");
    let done = app.extend_some(organisation).await.expect("done");
    assert_eq!(
        (done.raised.len(), done.refused.len()),
        (1, 0),
        "the hour is not over"
    );
    house.advance_seconds(3601);
    let done = app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (1, 0));
    assert_eq!(problems().await, [None, None]);
    let ends = crate::support::START.parse::<Instant>().expect("a moment");
    let ends = ends.plus_seconds(5 * 366 * 86_400).micros();
    let rows = signed_copies::Entity::find().all(app.store.reader()).await;
    for row in rows.expect("rows") {
        assert_eq!((row.level.as_str(), row.lasts_until), ("B-LTA", Some(ends)));
    }
    for one in [failing, other] {
        one.handle.stop(false).await;
    }
    house.close().await;
}

/// Goal: a timestamp by a key that the policy soon takes no more is due for another, but not for
/// one by such a key: that is noted with its reason, and nothing grows; one by another key is
/// taken. Method: a policy by which RSA keys of 2,048 bits end in four hundred days, an authority
/// with one, and another authority beneath the same root in its place.
#[tokio::test]
async fn a_renewal_by_a_key_that_ends_is_none() {
    const DAY: i64 = 86_400;
    let start = crate::support::START.parse::<Instant>().expect("a moment");
    let until = start.plus_seconds(400 * DAY);
    let rules =
        format!("rsa_bits_min = 4096\nrsa_until = [{{ bits = 2048, until = \"{until}\" }}]\n");
    let folder = tempfile::tempdir().expect("a folder");
    let (policy, root) = (
        folder.path().join("ours.toml"),
        folder.path().join("tsa.pem"),
    );
    std::fs::write(&policy, rules).expect("written");
    std::fs::write(&root, pem(&authority(start, own_key()).1)).expect("kept");
    for backend in Backend::all() {
        let mut house = TestApp::start_with(&backend, |config| {
            config.trust.policy.clone_from(&policy);
            config.trust.anchors = vec![root.clone()];
        })
        .await;
        signed(&house).await;
        let organisation = house.vector.organisation;
        let chosen = |house: &mut TestApp, own| {
            let (stamps, root) = authority(start, own);
            let other = Other::of(stamps, &root, &house.app.clock, Manner::Answers);
            let mut config: Config = (*house.app.config).clone();
            config.signing.tsa_url.clone_from(&other.url);
            config.signing.tsa_may_be_private = true;
            house.app.stamps = Stamps::open(&config.signing, &config.trust).expect("an address");
            other
        };
        let tried = async |house: &TestApp| {
            let done = house.app.extend_some(organisation).await.expect("done");
            (done.raised.len(), done.refused.len())
        };
        let row = async |house: &TestApp| {
            let row = signed_copies::Entity::find().one(house.app.store.reader());
            row.await.expect("read").expect("a copy")
        };
        let aging = chosen(&mut house, rsa_key());
        assert_eq!(tried(&house).await, (1, 0), "{backend:?}");
        let raised = row(&house).await;
        assert_eq!(raised.rests_on_rsa_bits, Some(2048));
        assert_eq!(raised.lasts_until, Some(until.micros()));
        house.advance_seconds(30 * DAY);
        assert_eq!(tried(&house).await, (0, 0), "a year and five days before");
        house.advance_seconds(10 * DAY);
        assert_eq!(tried(&house).await, (0, 1), "{backend:?}");
        let refused = row(&house).await;
        assert_eq!(refused.raise_problem.as_deref(), Some("timestamp-key"));
        assert_eq!(refused.digest, raised.digest);
        assert_eq!(tried(&house).await, (0, 0), "not before a week");

        let other = chosen(&mut house, own_key());
        house.advance_seconds(8 * DAY);
        assert_eq!(tried(&house).await, (1, 0), "{backend:?}");
        let renewed = row(&house).await;
        assert_eq!(
            (renewed.rests_on_rsa_bits, renewed.raise_problem),
            (Some(0), None)
        );
        assert!(renewed.lasts_until > Some(until.micros()));
        assert_eq!(tried(&house).await, (0, 0));
        for one in [aging, other] {
            one.handle.stop(false).await;
        }
        house.close().await;
    }
}

/// Goal: an address that leads into our own network is not asked unless the settings say so, and a
/// wrong one stops the start. Method: literal addresses, a name of this machine, no addresses.
#[tokio::test]
async fn our_own_network_is_asked_for_nothing() {
    let house = TestApp::single().await;
    let open = |url: &str| {
        let mut config: Config = (*house.app.config).clone();
        config.signing.tsa_url = url.to_owned();
        Stamps::open(&config.signing, &config.trust)
    };
    for url in [
        "http://127.0.0.1:1/tsa",
        "http://[::1]:1/tsa",
        "http://169.254.169.254/latest",
        "http://10.0.0.7/tsa",
        "http://0x7f000001/tsa",
        "http://user:secret@tsa.example/",
        "ftp://tsa.example/",
        "tsa.example",
    ] {
        let refused = open(url).err().map(|error| error.to_string());
        let refused = refused.unwrap_or_else(|| panic!("{url} is taken"));
        assert!(refused.starts_with("signing.tsa_url: "), "{refused}");
    }
    assert!(open("https://tsa.example/stamp").is_ok());
    // A name is looked up when it is asked: what it leads to counts then.
    let mut named = house.app.clone();
    named.stamps = open("http://localhost:1/tsa").expect("a name");
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let (signing, value) = contract.prepared(&actor, task).await.expect("prepared");
    let refused = named.complete_signature(&actor, signing, &value).await;
    let Err(AppError::Unavailable { source, .. }) = refused else {
        panic!("{refused:?}");
    };
    let why = chancery::app::error::in_full(&source);
    assert!(why.contains("private network"), "{why}");
    house.close().await;
}

/// A start says it in one line.
#[test]
fn a_wrong_address_is_told_in_one_line() {
    let address = chancery::outbound::OutboundError::Address("`x` is not an address".to_owned());
    let told = StartError::Timestamps(address).to_string();
    assert_eq!(told, "signing.tsa_url: `x` is not an address");
}

/// Goal: an authority that gave nothing lately shows in `/readyz`, which stays 200, since one can
/// still read; and no longer once it gives. Method: a signature that is refused twice, and made.
#[tokio::test]
async fn an_authority_that_gives_nothing_shows_in_readyz() {
    let (house, other, _folder) = house_with(Manner::Fails, true).await;
    let served = house.serve();
    let ready = async || {
        let answer = reqwest::get(served.url("/readyz"))
            .await
            .expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        let told = answer.json::<serde_json::Value>().await.expect("JSON");
        assert_eq!(told["ready"], true, "{told}");
        let part = told["parts"]["timestamps"]
            .as_str()
            .expect("a part")
            .to_owned();
        (told["degraded"].as_bool().expect("a word"), part)
    };
    assert_eq!(ready().await, (false, "ready".to_owned()));
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    for count in 1..=2 {
        let refused = contract.signs(&actor, task).await;
        refused.expect_err("no signature");
        let expected = format!(
            "127.0.0.1 gave no timestamp {count} time(s) in a row, since {}: 127.0.0.1 answers 503",
            house.app.now()
        );
        assert_eq!(ready().await, (true, expected));
    }
    other.behave(Manner::Answers);
    contract.signs(&actor, task).await.expect("signed");
    assert_eq!(ready().await, (false, "ready".to_owned()));
    served.stop().await;
    other.handle.stop(false).await;
    house.close().await;
}

/// Goal: `chancery config check --probe` asks the authority for one timestamp and says what came.
/// Method: one that answers, and one in each other way; the command's clock is the machine's.
#[tokio::test]
async fn the_configuration_is_probed_with_one_timestamp() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    for (manner, is_good, said) in [
        (Manner::Answers, true, "127.0.0.1 gave one of 20"),
        (Manner::Fails, false, "127.0.0.1 answers 503"),
        (Manner::AnswersAnother, false, "127.0.0.1"),
        (Manner::IsFarAhead, false, "the clock of 127.0.0.1 says"),
    ] {
        let other = Other::open(&Clock::System, manner);
        let root = folder.path().join("tsa.pem");
        std::fs::write(&root, &other.root_pem).expect("kept");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_chancery"));
        command
            .current_dir(folder.path())
            .args(["config", "check", "--probe"])
            .env("CHANCERY__SECRETS__MASTER_KEY", "0".repeat(64))
            .env("CHANCERY__TRUST__ANCHORS", format!("[{root:?}]"))
            .env("CHANCERY__SIGNING__TSA_URL", &other.url)
            .env("CHANCERY__SIGNING__TSA_MAY_BE_PRIVATE", "true");
        let done = tokio::task::spawn_blocking(move || command.output());
        let done = done.await.expect("run").expect("the program");
        let lines = String::from_utf8(done.stdout).expect("UTF-8");
        let line = lines.lines().find(|line| line.contains("… timestamps"));
        let line = line.unwrap_or_else(|| panic!("{lines}"));
        assert_eq!(line.contains(" ok "), is_good, "{line}");
        assert!(line.contains(said), "{line}");
        assert_eq!(other.asked.load(Ordering::Relaxed), 1);
        other.handle.stop(false).await;
    }
}

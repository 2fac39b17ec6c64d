//! What a chain demands of a signature, and what it says of the links that lead to one.

use std::path::{Path, PathBuf};

use chancery::app::AppError;
use chancery::app::links::visit::LinkKey;
use chancery::app::signing::CompletedSignature;
use chancery::app::signing::outside::Given;
use chancery::app::signing::presented::Presented;
use chancery::domain::actor::Actor;
use chancery::store::entity::{links, signatures};
use chancery::trust_files::write_listed;
use chancery_signature::Anchors;
use chancery_signature::facts::Der;
use chancery_signature::listed::{ListedAuthority, ListedIssue, ListedSpan};
use chancery_signature::signature_kind::Law;
use chancery_types::Locale;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use super::contract::{Contract, code, origin};
use super::elsewhere::Elsewhere;
use super::links::asked;
use super::openssl::{KEYS, OpenSsl};
use super::visitor::Visitor;
use crate::guards::Browser;
use crate::runs::own::{house_like, house_with};
use crate::support::{Backend, TestApp};

const SIGNATORY: &str = "Егоров Виктор";

/// Our signature, which is to be as `demand` says.
fn ours(demand: &str) -> String {
    format!(
        "  - id: ours\n    type: sign\n    title: {{ ru: Мы, en: We }}\n    assignees: [{{ role: signatory }}]\n    \
         quorum: any\n    signature: {{ {demand} }}\n"
    )
}

/// The counterparty's signature through a link.
fn theirs(link: &str) -> String {
    format!(
        "  - id: theirs\n    type: sign\n    title: {{ ru: Они, en: They }}\n    \
         assignees: [{{ contact: doc.counterparty_contact, external: true }}]\n    via: link\n    quorum: any\n    \
         link: {{ {link} }}\n"
    )
}

async fn started(house: &TestApp) -> Contract<'_> {
    let contract = Contract::drafted(house).await;
    let initiator = house.actor("initiator");
    let run = house.app.start_run(&initiator, contract.id).await;
    run.expect("started");
    contract
}

/// Signs with a key of OpenSSL's.
async fn signs_outside(
    (house, openssl): (&TestApp, &OpenSsl),
    (actor, task): (&Actor, Uuid),
    kind: &str,
) -> Result<CompletedSignature, AppError> {
    openssl.key("p256", KEYS[1].1);
    // So short a life that nobody asks whether it was revoked.
    let shown = |seconds: i64| {
        let at = house.app.now().plus_seconds(seconds).to_string();
        let digits = at.chars().filter(char::is_ascii_digit).take(14);
        format!("{}Z", digits.collect::<String>())
    };
    let valid = (shown(-3_600), shown(20 * 3_600));
    let valid = (valid.0.as_str(), valid.1.as_str());
    let certificate = openssl.certificate("p256", SIGNATORY, kind, valid);
    let presented = Presented {
        certificates: vec![certificate, openssl.root()],
        algorithm: None,
    };
    let made = house.app.prepare_outside(actor, task, &presented).await?;
    let prepared = made.prepared;
    let value = openssl.signs("p256", &prepared.signed_attributes, &["-sha256"]);
    let given = Given::Value(&value);
    house
        .app
        .complete_with(actor, prepared.id.uuid(), given)
        .await
}

async fn kept(contract: &Contract<'_>) -> u64 {
    let found = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(contract.id.uuid()))
        .count(contract.house.app.store.reader());
    found.await.expect("counted")
}

/// What a trusted list says of the authority of [`OpenSsl`], as `chancery trust list --into` writes
/// it, beside its certificate: since when, and whether for signatures and for seals.
fn listed(folder: &Path, openssl: &OpenSsl, since: &str, uses: (bool, bool)) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("0001.pem"), openssl.root()).expect("written");
    let root = Anchors::from_pem_or_der(openssl.root().as_bytes()).expect("a root");
    let span = ListedSpan {
        since: since.parse().expect("a moment"),
        until: None,
        signatures: uses.0,
        seals: uses.1,
        qualifications: vec![],
    };
    let authority = ListedAuthority {
        certificates: vec![Der::from(root.certificates().next().expect("one").to_vec())],
        spans: vec![span],
    };
    let issue = ListedIssue {
        law: Law::EuropeanUnion,
        territory: Some("DE".to_owned()),
        sequence: None,
        issued: "2020-01-01T00:00:00Z".parse().expect("a moment"),
        due: "2100-01-01T00:00:00Z".parse().expect("a moment"),
        authorities: vec![authority],
    };
    write_listed(folder, &issue).expect("written");
    folder.to_owned()
}

/// Goal: where a qualified signature is demanded, a key that is certified here, a certificate that
/// is not a qualified one, an organisation's seal, one that nobody vouches for, and one of an
/// issuer who is trusted but not listed, or listed for seals alone, as ended, later than the
/// certificate or without a date, are refused by their reasons, nothing is kept and the run
/// stands; a qualified one of an issuer who is listed for signatures completes it. Method: OpenSSL
/// as the issuer, unknown, trusted, and in folders as lists leave them; a file that is brought;
/// both databases.
#[tokio::test]
async fn a_qualified_signature_is_demanded_and_lower_ones_are_refused() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let trusted = at("root.pem");
    std::fs::write(&trusted, openssl.root()).expect("written");
    let undated = at("undated");
    std::fs::create_dir_all(undated.join("qualified-eu")).expect("a folder");
    std::fs::copy(&trusted, undated.join("qualified-eu/root.pem")).expect("written");
    let long = "2020-01-01T00:00:00Z";
    let good = listed(&at("good"), &openssl, long, (true, true));
    let vouching = [
        (None, false),
        (Some(trusted), false),
        (Some(undated), false),
        (
            Some(listed(&at("seals"), &openssl, long, (false, true))),
            false,
        ),
        (
            Some(listed(&at("ended"), &openssl, long, (false, false))),
            false,
        ),
        (
            Some(listed(
                &at("later"),
                &openssl,
                "2099-01-01T00:00:00Z",
                (true, true),
            )),
            false,
        ),
        (Some(good), true),
    ];
    for backend in Backend::all() {
        for (anchors, is_accredited) in vouching.clone() {
            let said = format!("{anchors:?}");
            let (house, _folder) = house_like(&backend, &ours("kind: qualified"), |config| {
                config.trust.anchors = anchors.into_iter().collect();
            })
            .await;
            let contract = started(&house).await;
            let (actor, task) = contract.signatory_may_sign().await;
            let here = contract.signs(&actor, task).await;
            assert_eq!(code(&here.expect_err("here")), "signature-not-qualified");
            let server = house.app.sign_with_server_key(&actor, task).await;
            assert_eq!(code(&server.expect_err("here")), "signature-not-qualified");
            for kind in ["signer", "seal"] {
                let lower = signs_outside((&house, &openssl), (&actor, task), kind).await;
                assert_eq!(
                    code(&lower.expect_err(kind)),
                    "signature-not-qualified",
                    "{kind} {said}"
                );
            }
            let signer = Elsewhere::named(SIGNATORY, house.app.now());
            let file = signer.detached(&contract.file, house.app.now());
            let brought = contract.brings_signature(&actor, &file).await;
            assert_eq!(
                code(&brought.expect_err("brought")),
                "signature-not-qualified"
            );
            assert_eq!(
                (kept(&contract).await, contract.state().await.as_str()),
                (0, "in_run")
            );
            let qualified = signs_outside((&house, &openssl), (&actor, task), "qualified").await;
            if is_accredited {
                qualified.expect("taken");
                assert_eq!(contract.state().await, "effective");
            } else {
                let refused = qualified.expect_err(&said);
                assert_eq!(code(&refused), "signature-kind-unproven", "{said}");
                assert_eq!(
                    (kept(&contract).await, contract.state().await.as_str()),
                    (0, "in_run")
                );
            }
            house.close().await;
        }
    }
}

/// Goal: rules that do not ask whether a certificate was revoked take no qualified signature of
/// which nobody knows that. Method: a certificate of a listed issuer that lasts for a year, without
/// any list of revoked ones, under such rules.
#[tokio::test]
async fn a_qualified_signature_whose_revocation_is_open_is_refused() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let long = "2020-01-01T00:00:00Z";
    let good = listed(&folder.path().join("good"), &openssl, long, (true, true));
    let rules = folder.path().join("lenient.toml");
    std::fs::write(
        &rules,
        "revocation_required = false\nno_revocation_seconds_max = 1\n",
    )
    .expect("written");
    for backend in Backend::all() {
        let (house, _folder) = house_like(&backend, &ours("kind: qualified"), |config| {
            config.trust.anchors = vec![good.clone()];
            config.trust.policy = rules.clone();
        })
        .await;
        let contract = started(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let signed = signs_outside((&house, &openssl), (&actor, task), "qualified").await;
        assert_eq!(code(&signed.expect_err("open")), "signature-kind-unproven");
        assert_eq!(kept(&contract).await, 0);
        house.close().await;
    }
}

/// Goal: an advanced signature is one of a key that is certified here, or of an issuer whom the
/// house trusts. Method: a stranger's certificate is refused, the house's own key signs.
#[tokio::test]
async fn an_advanced_signature_needs_somebody_who_vouches_for_it() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, &ours("kind: advanced")).await;
        let contract = started(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let signer = Elsewhere::named(SIGNATORY, house.app.now());
        let presented = signer.presented();
        let made = house.app.prepare_outside(&actor, task, &presented);
        let prepared = made.await.expect("prepared").prepared;
        let value = signer
            .key
            .sign(&prepared.signed_attributes)
            .expect("a value");
        let id = prepared.id.uuid();
        let given = house
            .app
            .complete_with(&actor, id, Given::Value(&value))
            .await;
        assert_eq!(
            code(&given.expect_err("a stranger")),
            "signature-kind-unproven"
        );
        let file = signer.detached(&contract.file, house.app.now());
        let brought = contract.brings_signature(&actor, &file).await;
        assert_eq!(
            code(&brought.expect_err("brought")),
            "signature-kind-unproven"
        );
        assert_eq!(kept(&contract).await, 0);
        contract.signs(&actor, task).await.expect("by our key");
        assert_eq!(contract.state().await, "effective");
        house.close().await;
    }
}

/// Goal: a form that is demanded is the one that is made, and another one that is brought is
/// refused with both names. Method: PAdES-T with a detached file brought; CAdES-T made here.
#[tokio::test]
async fn a_form_is_demanded_and_another_one_is_refused() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, &ours("format: PAdES-T")).await;
        let contract = started(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let signer = Elsewhere::named(SIGNATORY, house.app.now());
        let file = signer.detached(&contract.file, house.app.now());
        let brought = contract.brings_signature(&actor, &file).await;
        let Err(AppError::Refused { code, args }) = brought else {
            panic!("{brought:?}");
        };
        assert_eq!(code, "signature-format-other");
        assert_eq!(args["wanted"].as_str(), "PAdES-T");
        assert!(args["found"].as_str().starts_with("CAdES-"), "{args:?}");
        contract.signs(&actor, task).await.expect("in the file");
        assert_eq!(kept(&contract).await, 1);
        house.close().await;

        let (house, _folder) = house_with(&backend, &ours("format: CAdES-T")).await;
        let contract = started(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let made = contract.signs(&actor, task).await.expect("beside");
        assert_eq!(made.form, chancery_workflow::SignatureForm::Detached);
        assert_eq!(contract.state().await, "effective");
        house.close().await;
    }
}

/// Goal: whoever is to sign sees what is demanded, and no way that is never enough; the page of the
/// template says the same. Method: both languages.
#[tokio::test]
async fn the_pages_say_what_is_demanded() {
    let stages = format!(
        "{}{}",
        ours("kind: qualified, format: PAdES-T"),
        theirs("expires: 48h, max_views: 2")
    );
    let (house, _folder) = house_with(&Backend::single(), &stages).await;
    let contract = started(&house).await;
    let (_, task) = contract.signatory_may_sign().await;
    let served = house.serve();
    let signatory = Browser::of(&house, &served, house.vector.person("signatory")).await;
    let page = signatory.get(&format!("/tasks/{task}/sign")).await.body;
    for text in [
        "Нужна квалифицированная подпись (УКЭП)",
        "Подпись должна быть в формате PAdES-T.",
        "для квалифицированной подписи не бывает достаточно",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("data-prepare-url"), "{page}");
    let template = signatory.get("/templates/contract").await.body;
    let template = template.replace('\u{a0}', " ");
    for text in [
        "Квалифицированная подпись (УКЭП)",
        "Формат подписи — PAdES-T",
        "Ссылку можно открыть не больше 2 раз",
    ] {
        assert!(template.contains(text), "{text}: {template}");
    }
    served.stop().await;
    house.close().await;
}

async fn newest(contract: &Contract<'_>) -> links::Model {
    let found = links::Entity::find()
        .filter(links::Column::DocumentId.eq(contract.id.uuid()))
        .order_by_desc(links::Column::Id)
        .one(contract.house.app.store.reader());
    found.await.expect("asked").expect("a link")
}

async fn enters(contract: &Contract<'_>) -> Result<(), AppError> {
    let (_, secret) = contract.letter("signing-invitation").await;
    let url = secret["link_url"].as_str().expect("a link").to_owned();
    let (_, fragment) = url.split_once('#').expect("a fragment");
    let key = LinkKey::Secret(fragment.to_owned());
    let app = &contract.house.app;
    app.enter_link(&key, &origin(), Locale::Ru)
        .await
        .map(|_| ())
}

/// Goal: a link works as long and opens as often as the chain says: a visit counts once its mailbox
/// is proven, one that is under way goes on, a link that was let end and asked for anew has no more
/// views, and one that the initiator sends has all. Method: both databases; the page says so.
#[tokio::test]
async fn a_link_works_as_long_and_opens_as_often_as_its_chain_says() {
    for backend in Backend::all() {
        let stages = format!(
            "{}{}",
            ours("kind: any"),
            theirs("expires: 48h, max_views: 2")
        );
        let (house, _folder) = house_with(&backend, &stages).await;
        let contract = started(&house).await;
        contract.signatory_signs().await;
        let first = newest(&contract).await;
        assert_eq!(first.expires_at - first.created_at, 48 * 3_600 * 1_000_000);
        for _ in 0..3 {
            enters(&contract).await.expect("knocking is free");
        }
        let (visit, actor) = contract.comes_with_code().await;
        house.advance_seconds(49 * 3_600);
        let (late, _) = contract.enters().await;
        house.app.renew_link(&actor, &late).await.expect("renewed");
        drop(visit);
        let second = newest(&contract).await;
        assert_eq!(second.replaces_id, Some(first.id));
        let (visit, actor) = contract.comes_verified().await;
        let refused = enters(&contract).await.expect_err("used up");
        let AppError::Refused { code, args } = &refused else {
            panic!("{refused:?}");
        };
        assert_eq!((*code, args["max"].as_str()), ("link-views-used-up", "2"));
        let served = house.serve();
        let visitor = Visitor::new(&served, Locale::Ru);
        let page = visitor.comes_in(&contract).await;
        page.see("Её можно открыть не больше 2 раз");
        served.stop().await;
        let asked_again = house.app.renew_link(&actor, &visit).await;
        let refused = asked_again.expect_err("it still works");
        assert_eq!(super::contract::code(&refused), "link-not-expired");
        let may = house.app.link_file(&actor, &visit).await;
        may.expect("a visit under way goes on");

        let initiator = house.actor("initiator");
        let task = asked(&contract).await;
        house
            .app
            .send_new_link(&initiator, task)
            .await
            .expect("sent");
        enters(&contract).await.expect("a new one has all");
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");
        house.close().await;
    }
}

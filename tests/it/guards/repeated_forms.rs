//! Forms with files under an `Idempotency-Key`: compared by their parts, whatever boundary a client
//! draws.

use chancery::store::entity::versions;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::browser::{Answer, MULTIPART, multipart};
use super::{Browser, world};
use crate::signing::contract::small_pdf;
use crate::support::{TestApp, on_both};

const PATH: &str = "/api/v1/documents";

fn form(house: &TestApp, title: &str, page: &str) -> String {
    let file = String::from_utf8(small_pdf()).expect("Latin letters");
    let file = file.replace("(Contract)", page);
    let [counterparty, contact, department] = [
        house.vector.counterparty.to_string(),
        house.vector.contact.to_string(),
        house.vector.departments["sales"].to_string(),
    ];
    multipart(&[
        ("kind", None, "contract"),
        ("title", None, title),
        ("card.counterparty", None, &counterparty),
        ("card.counterparty_contact", None, &contact),
        ("card.subject", None, "Paper"),
        ("card.amount", None, "50000.00"),
        ("card.amount.currency", None, "RUB"),
        ("card.payment_days", None, "10"),
        ("card.department", None, &department),
        ("main", Some("c.pdf"), &file),
    ])
}

async fn upload(who: &Browser<'_>, key: &str, media_type: &str, body: String) -> Answer {
    let headers = [
        ("content-type", media_type),
        ("x-csrf-token", who.token.as_str()),
        ("idempotency-key", key),
    ];
    who.send("POST", PATH, &headers, body).await
}

/// Goal: the answer to one file is never given for another, were they of one length; the same parts
/// with another boundary are the same request.
#[tokio::test]
async fn a_repeated_upload_is_told_from_another_of_its_length() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let first = form(house, "Title", "(Contract)");
        let made = upload(&initiator, "k", MULTIPART, first.clone()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let events = world::events(house).await;
        let redrawn = first.replace("parts-of-a-test", "other-boundary");
        let other_type = MULTIPART.replace("parts-of-a-test", "other-boundary");
        for (media_type, body) in [(MULTIPART, first.clone()), (&other_type, redrawn)] {
            let again = upload(&initiator, "k", media_type, body).await;
            assert_eq!((again.status, &again.body), (201, &made.body));
            assert_eq!(again.headers["idempotent-replayed"], "true");
        }
        for other in [
            form(house, "Title", "(Contrary)"),
            form(house, "Titel", "(Contract)"),
            first.replace("filename=\"c.pdf\"", "filename=\"d.pdf\""),
        ] {
            assert_eq!(other.len(), first.len());
            let refused = upload(&initiator, "k", MULTIPART, other).await;
            assert_eq!(refused.status, 422);
            assert!(refused.body.contains("key-reused"), "{}", refused.body);
        }
        let cut = first[..first.len() / 2].to_owned();
        assert_eq!(upload(&initiator, "k", MULTIPART, cut).await.status, 422);
        assert_eq!(world::events(house).await, events, "nothing was done twice");
        served.stop().await;
    })
    .await;
}

/// `file` behind `script`, with a table that says where everything is then.
fn behind(script: &str, file: &str) -> String {
    let moved = |at: &str| at.parse::<usize>().expect("a place") + script.len();
    let mut is_start = false;
    let mut whole = script.to_owned();
    for line in file.split_inclusive('\n') {
        match line.strip_suffix(" 00000 n \n") {
            Some(at) => whole.push_str(&format!("{:010} 00000 n \n", moved(at))),
            None if is_start => whole.push_str(&format!("{}\n", moved(line.trim()))),
            None => whole.push_str(line),
        }
        is_start = line == "startxref\n";
    }
    whole
}

/// Goal: what is given on as a PDF is called one and begins as one, so that nobody's computer runs
/// it. Method: a main file under names of programs, and with a script before its header and
/// a right table.
#[tokio::test]
async fn a_main_file_is_called_and_begins_as_a_pdf() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let good = form(house, "Title", "(Contract)");
        for (n, (name, kept)) in [
            ("run.sh", "run.sh.pdf"),
            ("x.pdf.exe", "x.pdf.exe.pdf"),
            ("Paper.PDF", "Paper.PDF"),
            ("paper", "paper.pdf"),
        ]
        .into_iter()
        .enumerate()
        {
            let named = good.replace("filename=\"c.pdf\"", &format!("filename=\"{name}\""));
            let made = upload(&initiator, &format!("n{n}"), MULTIPART, named).await;
            assert_eq!(made.status, 201, "{name}: {}", made.body);
            let versions = versions::Entity::find()
                .filter(versions::Column::MainName.eq(kept))
                .all(house.app.store.reader())
                .await;
            assert_eq!(versions.expect("rows").len(), 1, "{name}");
        }
        let file = String::from_utf8(small_pdf()).expect("Latin letters");
        assert!(good.contains(&file));
        let script = good.replace(&file, &behind("#!/bin/sh\necho pwned; exit\n", &file));
        let refused = upload(&initiator, "s", MULTIPART, script).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(
            refused.body.contains("file-starts-otherwise"),
            "{}",
            refused.body
        );
        served.stop().await;
    })
    .await;
}

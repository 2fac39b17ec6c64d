//! Whom and what an event is about, by name: nobody knows people by identifiers.

use chancery::app::audit::{self, Happening};
use chancery::domain::audit_actions;
use chancery::store::entity::{certificates, links};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guards::Browser;
use crate::guards::world::World;
use crate::support::TestApp;

/// What an event of a kind is about, what stands in its values, and the names that must be read.
struct Told {
    subject: (&'static str, Uuid),
    values: Value,
    names: Vec<String>,
}

/// What the house has, by what events call it.
struct Known {
    world: World,
    person: Uuid,
    other: Uuid,
    contact: Uuid,
    counterparty: Uuid,
    department: Uuid,
    organisation: Uuid,
    link: Uuid,
    certificate: Uuid,
    subject: String,
}

fn told(action: &str, known: &Known) -> Told {
    let about = |subject, values: Value, names: &[&str]| Told {
        subject,
        values,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let (person, contact) = (("person", known.person), ("contact", known.contact));
    let document = ("document", known.world.sent.uuid());
    let link = ("link", known.link);
    let task = ("task", known.world.approval);
    match audit_actions::noun(action) {
        "absence" => about(
            person,
            json!({ "to": known.other }),
            &["Степан Лосев", "Андрей Зимин"],
        ),
        "mandate" => about(
            person,
            json!({ "mandate": known.world.mandate, "what": "Charter" }),
            &["Степан Лосев", "Charter ("],
        ),
        "person" | "session" => about(person, json!({}), &["Степан Лосев"]),
        "contact" => {
            let values =
                json!({ "counterparty": known.counterparty, "links_revoked": [known.link] });
            about(contact, values, &["Иван Иванов", "ООО «Ромашка»"])
        }
        "counterparty" => about(
            ("counterparty", known.counterparty),
            json!({}),
            &["ООО «Ромашка»"],
        ),
        "department" => {
            let values = json!({ "head": known.other, "parent": known.department });
            about(
                ("department", known.department),
                values,
                &["Финансовый отдел", "Андрей Зимин"],
            )
        }
        "edition" => about(("edition", known.world.edition), json!({}), &["contract"]),
        "organisation" => about(
            ("organisation", known.organisation),
            json!({}),
            &["ООО «Вектор»"],
        ),
        "call" => {
            let values = json!({ "document": known.world.sent });
            about(document, values, &["Договор поставки бумаги"])
        }
        "document" | "version" | "run" | "signature" | "power" => {
            about(document, json!({}), &["Договор поставки бумаги"])
        }
        "link" => about(link, json!({ "replaces": known.link }), &["Иван Иванов"]),
        "mail" => {
            let values = json!({ "document": known.world.sent });
            about(
                ("mail", known.world.letter),
                values,
                &["Иван Иванов", "Договор поставки"],
            )
        }
        "question" => about(("question", known.world.question), json!({}), &["Когда?"]),
        "comment" => about(
            ("comment", known.world.comment),
            json!({}),
            &["Ждём подписи"],
        ),
        "remark" => about(
            ("remark", known.world.remark),
            json!({}),
            &["Уточнить срок"],
        ),
        "token" => about(
            person,
            json!({ "token": known.world.token }),
            &["Степан Лосев", "t ("],
        ),
        "certificate" => about(
            ("certificate", known.certificate),
            json!({}),
            &[&known.subject],
        ),
        "authority" | "consent" => about(task, json!({}), &[]),
        "task" => match action {
            "task.reassigned" | "task.reassigned_from_outside" => {
                let from = json!({ "kind": "person", "id": known.person });
                let to = json!({ "kind": "contact", "id": known.contact });
                let values = json!({ "from": from, "to": to });
                about(task, values, &["Степан Лосев → Иван Иванов"])
            }
            _ => about(task, json!({ "link": known.link }), &["Иван Иванов"]),
        },
        noun => panic!("{noun}: say what its events are about"),
    }
}

/// The identifiers in a text.
fn identifiers(text: &str) -> Vec<(usize, &str)> {
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_hexdigit());
    let found = starts.filter_map(|(at, _)| {
        let part = text.get(at..at.checked_add(36)?)?;
        (part.as_bytes()[8] == b'-' && part.parse::<Uuid>().is_ok()).then_some((at, part))
    });
    found.collect()
}

/// Goal: whoever reads the log reads names. Method: an event of every kind of action, with the
/// values that such events have, on the page; each identifier beneath has its name before it.
#[tokio::test]
async fn every_action_is_read_with_names() {
    let house = TestApp::single().await;
    let world = World::of(&house).await;
    let reader = house.app.store.reader();
    let link = links::Entity::find().one(reader).await.expect("rows");
    let certificate = certificates::Entity::find()
        .one(reader)
        .await
        .expect("rows");
    let certificate = certificate.expect("a certificate");
    let known = Known {
        person: house.vector.person("second_lawyer").uuid(),
        other: house.vector.person("cfo").uuid(),
        contact: house.vector.contact.uuid(),
        counterparty: house.vector.counterparty.uuid(),
        department: house.vector.departments["finance"].uuid(),
        organisation: house.vector.organisation.uuid(),
        link: link.expect("a link").id,
        certificate: certificate.id,
        subject: certificate.subject_name,
        world,
    };
    let served = house.serve();
    let auditor = Browser::of(&house, &served, house.vector.person("auditor")).await;
    for action in audit_actions::ALL {
        let told = told(action, &known);
        house.advance_seconds(1);
        let tx = house.app.store.begin().await.expect("a transaction");
        let happening = Happening::to(action, told.subject.0, told.subject.1).with(told.values);
        let actor = house.actor("lawyer");
        let appended = audit::append(&tx, &actor, house.app.now(), happening).await;
        appended.expect("appended");
        tx.commit().await.expect("committed");
        let page = auditor.get(&format!("/audit?action={action}")).await.body;
        let page = page
            .replace('\u{a0}', " ")
            .replace("&quot;", "\"")
            .replace("&#34;", "\"");
        let rows = page.split("<tbody>").nth(1).expect("rows");
        let newest = rows.split("</tr>").next().expect("a row");
        for name in &told.names {
            assert!(
                newest.contains(name.as_str()),
                "{action}: no {name} in {newest}"
            );
        }
        let (sentence, beneath) = newest.split_once("<details").expect("details");
        assert_eq!(identifiers(sentence), [], "{action}");
        let values = beneath
            .split("<pre class=\"mono\">")
            .nth(1)
            .unwrap_or_default();
        for (at, id) in identifiers(values) {
            assert!(
                values[..at].ends_with('('),
                "{action}: {id} has no name in {values}"
            );
        }
    }
    served.stop().await;
    house.close().await;
}

//! A protocol of disagreements: a file that returns the run, or is refused and leaves nothing.

use chancery::app::links::visit::LinkState;
use chancery::store::entity::{audit_events, disagreements, sessions};
use chancery_types::id::PersonId;
use chancery_types::{Digest, Locale};
use reqwest::header::COOKIE;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::contract::{Contract, small_pdf};
use super::visitor::{Page, Visitor};
use crate::documents::paper::rows;
use crate::support::{Backend, Served, TestApp};

const WORDS: &str = "П. 4.2: срок оплаты 30 дней";
const BYTES_MAX: u64 = 4_000;

/// A house that takes small files only.
async fn strict(backend: &Backend) -> TestApp {
    TestApp::start_with(backend, |config| {
        config.limits.upload_bytes_max = BYTES_MAX;
    })
    .await
}

/// The smallest file that opens as a Word document: a ZIP of two empty entries.
fn word_file() -> Vec<u8> {
    let (mut file, mut table) = (Vec::new(), Vec::new());
    for name in ["[Content_Types].xml", "word/document.xml"] {
        let length = u16::try_from(name.len()).expect("short").to_le_bytes();
        let at = u32::try_from(file.len()).expect("small").to_le_bytes();
        file.extend([b"PK\x03\x04".as_slice(), &[0; 22], &length, &[0; 2]].concat());
        file.extend(name.as_bytes());
        table.extend([b"PK\x01\x02".as_slice(), &[0; 24], &length, &[0; 12], &at].concat());
        table.extend(name.as_bytes());
    }
    let size = u32::try_from(table.len()).expect("small").to_le_bytes();
    let at = u32::try_from(file.len()).expect("small").to_le_bytes();
    file.extend(table);
    file.extend([b"PK\x05\x06".as_slice(), &[0; 4], &[2, 0, 2, 0], &size, &at].concat());
    file.extend([0; 2]);
    file
}

async fn count(house: &TestApp) -> u64 {
    disagreements::Entity::find()
        .count(house.app.store.reader())
        .await
        .expect("a count")
}

/// What a person of the house gets.
pub async fn as_person(house: &TestApp, served: &Served, person: PersonId, path: &str) -> Page {
    let origin = super::contract::origin();
    let opened = house.app.open_session(person, origin).await;
    let opened = opened.expect("a session");
    let answer = reqwest::Client::new()
        .get(served.url(path))
        .header(COOKIE, format!("chancery_session={}", opened.secret))
        .send()
        .await
        .expect("an answer");
    let found = sessions::Entity::find_by_id(opened.session.uuid())
        .one(house.app.store.reader())
        .await;
    assert!(found.expect("rows").is_some());
    Page {
        status: answer.status().as_u16(),
        path: answer.url().path().to_owned(),
        headers: answer.headers().clone(),
        bytes: answer.bytes().await.expect("a body").to_vec(),
    }
}

/// A file's name and bytes, if one is sent.
type Sent = Option<(&'static str, Vec<u8>)>;

/// Goal: what is not a protocol is refused at its field, in both languages, and leaves nothing.
#[tokio::test]
async fn a_bad_protocol_is_refused_at_its_field_and_leaves_nothing() {
    for backend in Backend::all() {
        let house = strict(&backend).await;
        let contract = Contract::at_counterparty(&house).await;
        let served = house.serve();
        let visitor = Visitor::new(&served, Locale::Ru);
        visitor.comes_verified(&contract).await;
        let form = visitor.get("/s/disagree").await;
        form.see("PDF или DOCX, не больше");
        let token = form.token();
        let before = rows(&house).await;
        let large = [small_pdf(), vec![b' '; 5_000]].concat();
        let cases: [(&str, Sent, &str); 11] = [
            (WORDS, None, "Приложите протокол"),
            (WORDS, Some(("p.pdf", Vec::new())), "Файл «p.pdf» пуст"),
            (
                WORDS,
                Some(("p.pdf", b"<html><script>alert(1)</script>".to_vec())),
                "Файл «p.pdf» не подходит: нужен PDF или DOCX.",
            ),
            (
                WORDS,
                Some(("p.txt", "разногласия".as_bytes().to_vec())),
                "Файл «p.txt» не подходит",
            ),
            (
                WORDS,
                Some(("p.docx", b"MZ\x90\0".to_vec())),
                "Файл «p.docx» не подходит",
            ),
            (
                WORDS,
                Some(("p.pdf", b"%PDF-1.7\n".to_vec())),
                "Файл обрезан: его конца нет.",
            ),
            (
                WORDS,
                Some((
                    "p.pdf",
                    [b"%PDF-1.7\n".as_slice(), &[b'x'; 300], b"\n%%EOF"].concat(),
                )),
                "Файл обрезан: его конца нет.",
            ),
            (
                WORDS,
                Some(("p.docx", b"PK\x03\x04....word/document.xml".to_vec())),
                "Файл не читается: он обрезан или повреждён.",
            ),
            (WORDS, Some(("p.pdf", large)), "Файл больше"),
            (
                WORDS,
                Some(("p\u{202e}fdp.exe", small_pdf())),
                "Уберите невидимый знак U+202E",
            ),
            ("  ", Some(("p.pdf", small_pdf())), "Заполните это поле."),
        ];
        for (words, file, said) in cases {
            let answer = visitor.disagree(Some(&token), words, file).await;
            assert_eq!(answer.status, 422, "{said}");
            answer
                .see(said)
                .see("<form method=\"post\" action=\"/s/disagree\"");
            assert_eq!(rows(&house).await, before, "{said}");
            assert_eq!(count(&house).await, 0, "{said}");
        }
        assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
        served.stop().await;
        house.close().await;
    }
}

/// Goal: the same refusal speaks English, and what was typed stays typed.
#[tokio::test]
async fn a_refused_protocol_speaks_english_and_keeps_the_words() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::En);
    let seat = visitor.comes_verified(&contract).await;
    let english = [("language", "en"), ("back", "/s/disagree")];
    let form = visitor.post(&seat, "/language", &english).await;
    let file = Some(("p.txt", b"words".to_vec()));
    let answer = visitor
        .disagree(Some(&form.token()), "Clause 4.2", file)
        .await;
    answer
        .see("The file “p.txt” is not taken: it must be a PDF or DOCX.")
        .see(">Clause 4.2</textarea>");
    served.stop().await;
    house.close().await;
}

/// Goal: a protocol returns the run in one step: one event, a letter, the closed link; it is there
/// for whoever may see the document, as a download that cannot run, and for nobody else.
#[tokio::test]
async fn a_protocol_returns_the_run_and_is_kept_with_its_version() {
    for backend in Backend::all() {
        let house = strict(&backend).await;
        let contract = Contract::at_counterparty(&house).await;
        let served = house.serve();
        let visitor = Visitor::new(&served, Locale::Ru);
        visitor.comes_verified(&contract).await;
        let token = visitor.get("/s/disagree").await.token();
        let before = rows(&house).await;
        let name = "Протокол разногласий.docx";
        let file = Some((name, word_file()));
        let answer = visitor.disagree(Some(&token), WORDS, file).await;
        assert_eq!((answer.status, answer.path.as_str()), (200, "/s/document"));
        answer.see("Разногласия отправлены");
        assert_eq!(contract.state().await, "rework");
        assert_eq!(contract.enters().await.0.link_state, LinkState::Returned);

        let kept = disagreements::Entity::find()
            .one(house.app.store.reader())
            .await;
        let kept = kept.expect("rows").expect("a protocol");
        assert_eq!((kept.name.as_str(), kept.comment.as_str()), (name, WORDS));
        assert_eq!(kept.digest, Digest::of(&word_file()).hex());
        let told = audit_events::Entity::find()
            .filter(audit_events::Column::Details.contains(&kept.digest))
            .all(house.app.store.reader())
            .await
            .expect("events");
        assert_eq!(told.len(), 1, "one event tells of the file");
        assert_eq!(told[0].action, "task.decided");
        let after = rows(&house).await;
        // One blob more; one event of the return and one of the visit that looked.
        assert_eq!((after[3] - before[3], after[5] - before[5]), (1, 2));
        let (letter, _) = contract.letter("returned").await;
        assert_eq!(letter.to_address, "initiator@vector.example");
        assert!(letter.payload.contains(name), "{}", letter.payload);
        let (receipt, _) = contract.letter("answer-recorded").await;
        assert_eq!(receipt.contact_id, Some(kept.contact_id));
        for kept in [name, WORDS, &kept.digest] {
            assert!(receipt.payload.contains(kept), "{}", receipt.payload);
        }

        let path = format!("/documents/{}/disagreements/{}", contract.id, kept.id);
        let page = format!("/documents/{}", contract.id);
        for key in ["initiator", "lawyer", "auditor"] {
            let person = house.vector.person(key);
            let shown = as_person(&house, &served, person, &page).await;
            shown.see(name).see(WORDS).see(&path);
            // Where they are told that it came back, too.
            shown.see("Протокол разногласий:");
            let file = as_person(&house, &served, person, &path).await;
            assert_eq!(file.bytes, word_file(), "{key}");
            let header = |name: &str| file.headers[name].to_str().expect("text").to_owned();
            assert!(header("content-disposition").starts_with("attachment"));
            assert!(header("content-security-policy").starts_with("sandbox"));
            assert_eq!(header("x-content-type-options"), "nosniff");
        }
        let call = format!("/api/v1{path}/file");
        let stranger = house.northwind.person("administrator");
        for hidden in [&path, &call] {
            let file = as_person(&house, &served, stranger, hidden).await;
            assert_eq!(file.status, 404, "{hidden}");
            let file = as_person(&house, &served, house.vector.person("finance"), hidden).await;
            assert_eq!(file.status, 404, "{hidden}");
        }
        let list = format!("/api/v1{page}/disagreements");
        let list = as_person(&house, &served, house.vector.person("initiator"), &list).await;
        list.see(&kept.digest);
        served.stop().await;
        house.close().await;
    }
}

//! The desk, a task's page and the pages where decisions get their words, as a browser meets them.

use chancery::domain::actor::{Actor, Origin};
use chancery_workflow::Decision;
use reqwest::header::LOCATION;

use super::paper::Paper;
use crate::signing::contract::Contract;
use crate::support::{Backend, Served, TestApp, on_both, workflows_like};

/// A browser that is logged in as somebody.
struct Browser<'h> {
    served: &'h Served,
    client: reqwest::Client,
}

impl<'h> Browser<'h> {
    async fn of(house: &TestApp, served: &'h Served, actor: &Actor) -> Self {
        let person = actor.person().expect("a person").id;
        let opened = house
            .app
            .open_session(person, Origin::default())
            .await
            .expect("a session");
        let jar = std::sync::Arc::new(reqwest::cookie::Jar::default());
        let url = served.base_url.parse().expect("an address");
        jar.add_cookie_str(&format!("chancery_session={}", opened.secret), &url);
        let client = reqwest::Client::builder()
            .cookie_provider(jar)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { served, client }
    }

    /// Status and text of a page.
    async fn get(&self, path: &str) -> (u16, String) {
        let answer = self
            .client
            .get(self.served.url(path))
            .send()
            .await
            .expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a page"),
        )
    }

    /// Sends the form on the page `on` to `path`; answers the status, where it leads, and the page.
    async fn post(&self, on: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        let (_, page) = self.get(on).await;
        let token = between(&page, "name=\"_csrf\" value=\"", "\"");
        let mut form = vec![("_csrf", token)];
        form.extend_from_slice(fields);
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        let answer = self
            .client
            .post(self.served.url(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
            .send()
            .await
            .expect("an answer");
        let leads = answer
            .headers()
            .get(LOCATION)
            .and_then(|to| to.to_str().ok());
        let leads = leads.unwrap_or_default().to_owned();
        (
            answer.status().as_u16(),
            leads,
            answer.text().await.expect("a page"),
        )
    }
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, after) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start} in {text}"));
    after.split_once(end).expect("its end").0
}

/// Goal: the lawyer sees the task on the desk, opens it, forgets the remark, finds the form filled
/// with what was typed, and approves with a remark; a second press says what is true. Method: plain
/// HTTP with cookies and forms, in Russian.
#[tokio::test]
async fn a_lawyer_approves_with_remarks_by_pages_and_loses_no_word() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        paper.decides("head", Decision::Approve, "").await;
        let served = house.serve();
        let lawyer = Browser::of(house, &served, &house.actor("lawyer")).await;
        let (status, desk) = lawyer.get("/tasks").await;
        assert_eq!(status, 200, "{desk}");
        let title = "Договор поставки <span class=\"nowrap\">· Д-2026-00001</span>";
        assert!(desk.contains(title), "{desk}");
        assert!(
            desk.contains("ООО «Ромашка»") && desk.contains("50\u{a0}000,00"),
            "{desk}"
        );
        let task = paper.task_of("lawyer").await;
        let (status, sheet) = lawyer.get(&format!("/tasks/{task}")).await;
        assert_eq!(status, 200, "{sheet}");
        assert!(
            sheet.contains("Маршрут") && sheet.contains("С замечаниями"),
            "{sheet}"
        );
        let digest = paper.digest().await.hex();

        let words = format!("/tasks/{task}/remarks?version={digest}");
        let path = format!("/tasks/{task}/remarks");
        let (status, _, page) = lawyer
            .post(
                &words,
                &path,
                &[("version_digest", &digest), ("remarks", " ")],
            )
            .await;
        assert_eq!(status, 422, "{page}");
        let long = "я".repeat(4001);
        let (status, _, page) = lawyer
            .post(
                &words,
                &path,
                &[("version_digest", &digest), ("remarks", &long)],
            )
            .await;
        assert_eq!(status, 422, "{page}");
        assert!(page.contains(&long), "what was typed is there");
        let remarks = [
            ("version_digest", digest.as_str()),
            ("remarks", "Пункт 4.2\r\nСрок"),
        ];
        let (status, leads, page) = lawyer.post(&words, &path, &remarks).await;
        assert_eq!((status, leads.as_str()), (303, "/tasks"), "{page}");
        let (_, desk) = lawyer.get("/tasks").await;
        assert!(
            desk.contains("Согласовано с замечаниями: Договор поставки."),
            "{desk}"
        );
        assert!(desk.contains("Виктор Егоров"), "whose move it is: {desk}");
        // Out of a page that was open before: the decision is not offered any more.
        assert_eq!(lawyer.get(&words).await.0, 409);
        let (status, _, page) = lawyer.post("/tasks", &path, &remarks).await;
        assert_eq!(status, 409, "{page}");
        assert!(
            page.contains("решение уже записано") && page.contains("Пункт 4.2"),
            "{page}"
        );

        let stranger = Browser::of(house, &served, &house.northwind.actor("lawyer")).await;
        assert_eq!(stranger.get(&format!("/tasks/{task}")).await.0, 404);
        let initiator = Browser::of(house, &served, &house.actor("initiator")).await;
        let (status, sheet) = initiator.get(&format!("/tasks/{task}")).await;
        assert_eq!(status, 200);
        assert!(
            sheet.contains("Срок") && !sheet.contains("Ваше решение"),
            "{sheet}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: an English reader finds the same words in English, and an empty desk says what to do.
/// Method: read both pages.
#[tokio::test]
async fn an_empty_desk_in_english_says_what_to_do() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let reader = Browser::of(house, &served, &house.northwind.actor("lawyer")).await;
        let (status, desk) = reader.get("/tasks").await;
        assert_eq!(status, 200);
        assert!(
            desk.contains("No tasks") && desk.contains("My documents"),
            "{desk}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: nobody has to unfold anything to learn why a document came back, what its initiator
/// answered, and why it was rejected in the end. Method: the document's page after each step.
#[tokio::test]
async fn the_last_words_stand_above_the_route() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let served = house.serve();
        let initiator = Browser::of(house, &served, &house.actor("initiator")).await;
        let head = Browser::of(house, &served, &house.actor("head")).await;
        let path = format!("/documents/{}", paper.id);
        let above = async |browser: &Browser<'_>| {
            let (status, page) = browser.get(&path).await;
            assert_eq!(status, 200, "{page}");
            let (above, _) = page.split_once("class=\"route-box\"").expect("a route");
            above.to_owned()
        };
        assert!(!above(&initiator).await.contains("<blockquote>"));
        paper
            .decides("head", Decision::Return, "Слишком <дорого>")
            .await;
        let page = above(&initiator).await;
        assert!(
            page.contains("<blockquote>Слишком &#60;дорого&#62;</blockquote>"),
            "{page}"
        );
        assert!(page.contains("Возвращено на доработку"), "{page}");
        let (_, page) = initiator.get(&path).await;
        assert!(page.contains(&format!("{path}/versions/new")), "{page}");
        assert!(page.contains("Ответить и отправить ту же версию"), "{page}");
        let answered = house
            .app
            .resubmit_run(&house.actor("initiator"), paper.id, Some("Цена рыночная"))
            .await;
        answered.expect("resubmitted");
        let page = above(&head).await;
        assert!(
            page.contains("<blockquote>Цена рыночная</blockquote>"),
            "{page}"
        );
        assert!(
            !page.contains("дорого"),
            "the older words stay in the history"
        );
        paper.decides("head", Decision::Reject, "Нет денег").await;
        let page = above(&initiator).await;
        assert!(
            page.contains("<blockquote>Нет денег</blockquote>"),
            "{page}"
        );
        let (_, page) = initiator.get(&path).await;
        let again = format!("/documents/new?from={}", paper.id);
        assert!(page.contains(&again), "{page}");
        let (status, form) = initiator.get(&again).await;
        assert_eq!(status, 200, "{form}");
        assert!(form.contains("value=\"50000.00\""), "{form}");
        let stranger = Browser::of(house, &served, &house.northwind.actor("lawyer")).await;
        assert_eq!(stranger.get(&again).await.0, 404);
        served.stop().await;
    })
    .await;
}

/// Goal: a refusal that leaves nothing to fill in takes nobody away from the page: a second
/// reminder, tasks handed to nobody; and it names the stage by its title. Method: forms.
#[tokio::test]
async fn small_refusals_are_said_where_one_stands() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let served = house.serve();
        let initiator = Browser::of(house, &served, &house.actor("initiator")).await;
        let path = format!("/documents/{}", paper.id);
        let remind = format!("/tasks/{}/remind", paper.task_of("head").await);
        for said in ["Напоминание отправлено.", "меньше часа назад"]
        {
            let (status, leads, page) = initiator.post(&path, &remind, &[]).await;
            assert_eq!((status, leads.as_str()), (303, path.as_str()), "{page}");
            let (_, page) = initiator.get(&path).await;
            assert!(page.contains(said), "{page}");
        }
        paper.decides("head", Decision::Approve, "").await;
        let (_, _, page) = initiator.post(&path, &remind, &[]).await;
        assert!(page.is_empty(), "{page}");
        let (_, page) = initiator.get(&path).await;
        assert!(page.contains("Задача уже закрыта"), "{page}");

        let administrator = Browser::of(house, &served, &house.actor("administrator")).await;
        let person = format!("/people/{}", house.vector.person("lawyer"));
        let (_, page) = administrator.get(&person).await;
        assert!(page.contains("Юристы"), "{page}");
        assert!(!page.contains("expertise/legal"), "{page}");
        let tasks = format!("{person}/tasks");
        let (status, _, page) = administrator.post(&person, &tasks, &[("person", "")]).await;
        assert_eq!(status, 422, "{page}");
        assert!(page.contains("выберите, кому их передать"), "{page}");
        served.stop().await;
    })
    .await;
}

/// Goal: whatever a workflow offers has its button, by the name that the workflow gives it: waiting
/// leaves the task where it is, and the only voter is told that abstaining decides nothing. Method:
/// a house whose manager stage offers both.
#[tokio::test]
async fn waiting_and_abstaining_have_their_buttons() {
    let folder = workflows_like(|path, text| {
        if path != "chains/contract.yaml" {
            return text;
        }
        let offered = "assignees: [initiator_manager]\n    decisions:\n\
            \x20     - approve\n      - reject\n      - abstain\n\
            \x20     - { id: hold, title: { ru: Ждём закрывающие, en: Waiting for papers } }\n";
        assert!(text.contains("assignees: [initiator_manager]\n"));
        // Its examples send back what cannot be sent back here.
        let (text, _) = text.split_once("\ntests:\n").expect("examples");
        let text = format!("{text}\n");
        text.replacen("assignees: [initiator_manager]\n", offered, 1)
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.workflows.directory = directory;
    })
    .await;
    let paper = Paper::started(&house, "50000.00").await;
    let served = house.serve();
    let head = Browser::of(&house, &served, &house.actor("head")).await;
    let task = paper.task_of("head").await;
    let path = format!("/tasks/{task}");
    let (_, page) = head.get(&path).await;
    assert!(
        page.contains("Ждём закрывающие") && page.contains("Воздержаться"),
        "{page}"
    );
    assert!(
        !page.contains("На доработку"),
        "what is not offered has no button: {page}"
    );
    let digest = paper.digest().await.hex();
    let (hold, abstain) = (format!("{path}/hold"), format!("{path}/abstain"));
    let silent = [("version_digest", digest.as_str()), ("comment", "")];
    let (status, _, page) = head.post(&hold, &hold, &silent).await;
    assert_eq!(status, 422, "what for? {page}");
    let waits = [("version_digest", digest.as_str()), ("comment", "Нет акта")];
    let (status, _, page) = head.post(&hold, &hold, &waits).await;
    assert_eq!(status, 303, "{page}");
    let (status, page) = head.get(&path).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("Воздержаться"),
        "the task is still there: {page}"
    );
    let (status, _, page) = head.post(&abstain, &abstain, &silent).await;
    assert_eq!(status, 409, "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: who sends a document again is told of remarks that have no answer, and the number of what
/// waits is the same on every page; drafts wait for nobody. Method: a contract returned with two
/// remarks, and a draft beside it.
#[tokio::test]
async fn open_remarks_are_told_before_a_document_is_sent_again() {
    let house = TestApp::single().await;
    let contract = Contract::started(&house).await;
    let remarks = ["Исправить цену", "Назвать срок"];
    contract
        .decides_with("head", Decision::Return, &remarks)
        .await;
    Contract::drafted(&house).await;
    let served = house.serve();
    let initiator = house.actor("initiator");
    let browser = Browser::of(&house, &served, &initiator).await;
    let page = format!("/documents/{}/run/resubmit", contract.id);
    let (_, page) = browser.get(&page).await;
    let told = "Ответьте на них, прежде чем отправлять документ снова.";
    assert!(page.contains(told), "{page}");
    let waits = house.app.count_own_work(&initiator).await.expect("counted");
    let (_, desk) = browser.get("/tasks").await;
    let title = format!("Мои задачи <span class=\"muted\">{waits}</span>");
    assert!(desk.contains(&title), "{waits}: {desk}");
    assert!(desk.contains("Ваши черновики"), "{desk}");
    served.stop().await;
    house.close().await;
}

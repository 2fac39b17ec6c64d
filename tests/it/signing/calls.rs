//! A contract's end by calls alone: what the pages of a link do, a program does too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::contract::Contract;
use super::elsewhere::Elsewhere;
use crate::guards::world::secret_of;
use crate::support::{Served, TestApp, on_both};

/// A program with a visit, or none yet.
struct Program<'a> {
    served: &'a Served,
    visit: Option<String>,
    calls: std::cell::Cell<u32>,
}

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    fn code(&self) -> String {
        let problem = self.json();
        format!(
            "{} {}",
            self.status,
            problem["code"].as_str().expect("a code")
        )
    }
}

impl<'a> Program<'a> {
    fn new(served: &'a Served) -> Self {
        let calls = std::cell::Cell::new(0);
        Self {
            served,
            visit: None,
            calls,
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = match &self.visit {
            Some(visit) => request.header("authorization", format!("Bearer {visit}")),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            bytes: answer.bytes().await.expect("a body").to_vec(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        let url = self.served.url(&format!("/api/v1/link{path}"));
        self.send(reqwest::Client::new().get(url)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.calls.set(self.calls.get() + 1);
        let key = format!("call {}", self.calls.get());
        self.post_with(path, &key, body).await
    }

    /// Sends a protocol of disagreements, as multipart/form-data.
    async fn disagrees(&self, words: &str) -> Answer {
        let url = self.served.url("/api/v1/link/disagreements");
        let file = reqwest::multipart::Part::bytes(super::contract::small_pdf());
        let form = reqwest::multipart::Form::new()
            .text("disagreements", words.to_owned())
            .part("protocol", file.file_name("protocol.pdf"));
        let request = reqwest::Client::new().post(url).multipart(form);
        self.calls.set(self.calls.get() + 1);
        let key = format!("call {}", self.calls.get());
        self.send(request.header("idempotency-key", key)).await
    }

    async fn post_with(&self, path: &str, key: &str, body: &Value) -> Answer {
        let url = self.served.url(&format!("/api/v1/link{path}"));
        let request = reqwest::Client::new().post(url).json(body);
        self.send(request.header("idempotency-key", key)).await
    }

    /// Comes in by the mailed secret and proves the mailbox.
    async fn verified(served: &'a Served, contract: &Contract<'_>) -> Self {
        let mut program = Self::new(served);
        let secret = secret_of(contract).await;
        let entered = program.post("/visits", &json!({ "secret": secret })).await;
        assert_eq!(entered.status, 201);
        assert!(!entered.headers.contains_key("set-cookie"));
        program.visit = entered.json()["visit"].as_str().map(str::to_owned);
        assert_eq!(
            program.post("/code/sending", &Value::Null).await.status,
            204
        );
        let (_, sealed) = contract.letter("code").await;
        let body = json!({ "code": sealed["code"] });
        assert_eq!(program.post("/code", &body).await.status, 204);
        program
    }
}

/// Goal: from the mail to the signed file by calls alone, with the caller's own key. Method: every
/// step, and before each what it needs.
#[tokio::test]
async fn a_program_signs_through_a_link() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let served = house.serve();
        let mut program = Program::new(&served);
        assert_eq!(program.get("/document").await.code(), "401 unauthenticated");
        for body in [json!({}), json!({ "secret": "a", "code": "b" })] {
            assert_eq!(program.post("/visits", &body).await.code(), "422 invalid");
        }
        let unknown = json!({ "code": "AAAA-BBBB-CCCC" });
        assert_eq!(
            program.post("/visits", &unknown).await.code(),
            "409 link-unknown"
        );
        let (_, sealed) = contract.letter("signing-invitation").await;
        let entered = program
            .post("/visits", &json!({ "code": sealed["typed_code"] }))
            .await;
        assert_eq!(entered.status, 201);
        program.visit = entered.json()["visit"].as_str().map(str::to_owned);

        let gist = program.get("/document").await.json();
        assert_eq!(
            (&gist["state"], &gist["is_verified"]),
            (&"active".into(), &false.into())
        );
        assert_eq!(gist["address"], "i•••@romashka.example");
        for early in [
            "/pages",
            "/pages/1.png",
            "/file",
            "/attachments/1",
            "/consents",
        ] {
            assert_eq!(
                program.get(early).await.code(),
                "409 link-not-verified",
                "{early}"
            );
        }
        let reading = json!({ "from": 1, "to": 1 });
        assert_eq!(
            program.post("/reading", &reading).await.code(),
            "409 link-not-verified"
        );
        assert_eq!(program.get("/signed").await.status, 404);
        let none = json!({ "code": "123456" });
        assert_eq!(program.post("/code", &none).await.code(), "409 code-absent");
        assert_eq!(
            program.post("/code/sending", &Value::Null).await.status,
            204
        );
        let (_, sealed) = contract.letter("code").await;
        let right = sealed["code"].as_str().expect("a code");
        let wrong = if right == "000000" {
            "000001"
        } else {
            "000000"
        };
        let refused = program.post("/code", &json!({ "code": wrong })).await;
        assert_eq!(refused.code(), "409 code-wrong");
        assert!(
            refused.json()["detail"]
                .as_str()
                .expect("words")
                .contains('4')
        );
        assert_eq!(
            program
                .post("/code", &json!({ "code": right }))
                .await
                .status,
            204
        );

        sign(&program, &contract).await;
        assert_eq!(contract.state().await, "effective");
        assert_eq!(program.get("/document").await.json()["state"], "signed");
        let signed = program.get("/signed").await;
        assert_eq!(
            (signed.status, &signed.headers["content-type"]),
            (200, &"application/pdf".parse().expect("a type"))
        );
        assert!(signed.bytes.starts_with(&contract.file));
        served.stop().await;
    })
    .await;
}

/// Both consents to the texts that were given.
fn both(texts: &Value) -> Value {
    json!({
        "electronic_signature": true, "personal_data": true,
        "electronic_signature_sha256": texts["electronic_signature_sha256"],
        "personal_data_sha256": texts["personal_data_sha256"],
    })
}

/// Reads, consents and signs, each when it is time.
async fn sign(program: &Program<'_>, contract: &Contract<'_>) {
    let file = program.get("/file").await;
    assert_eq!(file.bytes, contract.file);
    let pages = program.get("/pages").await.json();
    assert_eq!(pages.as_array().expect("pages").len(), 1);
    let image = program.get("/pages/1.png").await;
    assert!(image.bytes.starts_with(b"\x89PNG"), "{}", image.status);
    let key = chancery::app::authority::fresh_key(contract.house.app.key_kind());
    let spki = json!({ "spki": STANDARD.encode(key.spki_der()) });
    assert_eq!(
        program.post("/signing", &spki).await.code(),
        "409 consents-needed"
    );
    let texts = program.get("/consents").await.json();
    assert_eq!(texts["is_given"], false);
    assert_eq!(texts["electronic_signature"], "Правила подписания");
    let agree = |rules: bool, personal: bool| {
        json!({
            "electronic_signature": rules, "personal_data": personal,
            "electronic_signature_sha256": texts["electronic_signature_sha256"],
            "personal_data_sha256": texts["personal_data_sha256"],
        })
    };
    let one = agree(true, false);
    assert_eq!(program.post("/consents", &one).await.code(), "422 invalid");
    let both = agree(true, true);
    assert_eq!(program.post("/consents", &both).await.status, 204);
    assert_eq!(
        program.post("/signing", &spki).await.code(),
        "409 pages-unread"
    );
    for body in [json!({ "from": 0, "to": 1 }), json!({ "from": 1, "to": 6 })] {
        assert_eq!(program.post("/reading", &body).await.code(), "422 invalid");
    }
    let read = program
        .post("/reading", &json!({ "from": 1, "to": 1 }))
        .await;
    assert_eq!(
        read.json(),
        json!({ "pages_read": [1], "is_all_read": true })
    );

    let prepared = program.post("/signing", &spki).await;
    assert_eq!(prepared.status, 200);
    let prepared = prepared.json();
    let path = prepared["file_url"].as_str().expect("a path");
    let path = path.strip_prefix("/api/v1/link").expect("a path of a link");
    let file = program.get(path).await;
    assert!(file.bytes.starts_with(&contract.file));
    let attributes = prepared["signed_attributes"].as_str().expect("base64");
    let attributes = STANDARD.decode(attributes).expect("base64");
    let value = STANDARD.encode(key.sign(&attributes).expect("signed"));
    let body = json!({ "signing_id": prepared["signing_id"], "signature": value });
    let first = program
        .post_with("/signings/completion", "sign", &body)
        .await;
    assert_eq!(
        first.status,
        200,
        "{}",
        String::from_utf8_lossy(&first.bytes)
    );
    let again = program
        .post_with("/signings/completion", "sign", &body)
        .await;
    assert_eq!(
        (again.status, &again.bytes),
        (200, &first.bytes),
        "answered as the first time"
    );
    assert_eq!(again.headers["idempotent-replayed"], "true");
}

/// Goal: a program of a link's reader signs with a key and a certificate of its reader's own, once
/// the mailbox is proven.
#[tokio::test]
async fn a_program_signs_through_a_link_with_a_certificate_of_its_own() {
    let house = TestApp::single().await;
    let served = house.serve();
    let contract = Contract::at_counterparty(&house).await;
    let signer = Elsewhere::named("Иван Иванов", house.app.now());
    let body = json!({ "certificates": [signer.base64()] });
    let mut early = Program::new(&served);
    let secret = json!({ "secret": secret_of(&contract).await });
    let entered = early.post("/visits", &secret).await.json();
    early.visit = entered["visit"].as_str().map(str::to_owned);
    let unproven = early.post("/remote-signing", &body).await;
    assert_eq!(unproven.code(), "409 link-not-verified");
    let program = Program::verified(&served, &contract).await;
    assert_eq!(program.get("/file").await.status, 200);
    let read = json!({ "from": 1, "to": 1 });
    assert_eq!(program.post("/reading", &read).await.status, 200);
    let texts = program.get("/consents").await.json();
    assert_eq!(program.post("/consents", &both(&texts)).await.status, 204);
    let made = program.post("/remote-signing", &body).await.json();
    let path = made["file_url"].as_str().expect("a path");
    let path = path.strip_prefix("/api/v1/link").expect("a path of a link");
    assert_eq!(program.get(path).await.status, 200);
    let attributes = made["signed_attributes"].as_str().expect("Base64");
    let attributes = STANDARD.decode(attributes).expect("Base64");
    let value = STANDARD.encode(signer.key.sign(&attributes).expect("a value"));
    let wrong = json!({ "signing_id": made["signing_id"], "signature": "AAAA" });
    let complete = "/remote-signings/completion";
    let refused = program.post(complete, &wrong).await;
    assert_eq!(refused.code(), "409 signature-wrong");
    let right = json!({ "signing_id": made["signing_id"], "signature": value });
    assert_eq!(program.post(complete, &right).await.status, 200);
    assert_eq!(contract.state().await, "effective");
    let evidence = program.get("/evidence").await.json();
    assert_eq!(evidence["evidence"]["key_made_in"], "outside");
    served.stop().await;
    house.close().await;
}

/// Goal: the other ways out are calls too, each with its own end.
#[tokio::test]
async fn a_program_goes_every_other_way_out_of_a_link() {
    let house = TestApp::single().await;
    let served = house.serve();
    let ways: [(&str, Value, &str); 4] = [
        ("/refusal", json!({ "reason": "Не наша цена" }), "refused"),
        (
            "/disagreements",
            json!({ "disagreements": "П. 4.2: 30 дней" }),
            "returned",
        ),
        (
            "/handover",
            json!({ "name": "Пётр Петров", "email": "petrov@romashka.example" }),
            "handed_over",
        ),
        ("/signature", Value::Null, "signed"),
    ];
    for (path, body, state) in ways {
        house.advance_seconds(120);
        let contract = Contract::at_counterparty(&house).await;
        let program = Program::verified(&served, &contract).await;
        let send = async |body: &Value| match path {
            "/disagreements" => {
                let words = body["disagreements"].as_str().unwrap_or_default();
                program.disagrees(words).await
            }
            _ => program.post(path, body).await,
        };
        let asked = program
            .post("/questions", &json!({ "question": "Когда?" }))
            .await;
        assert_eq!(asked.status, 204);
        if state == "signed" {
            let texts = program.get("/consents").await.json();
            assert_eq!(program.post("/consents", &both(&texts)).await.status, 204);
            let said = json!({ "from": 1, "to": 1 });
            let unseen = program.post("/reading", &said).await;
            assert_eq!(unseen.code(), "409 pages-unopened");
            assert_eq!(program.get("/file").await.status, 200);
            let read = program.post("/reading", &said).await;
            assert_eq!(read.status, 200);
        } else {
            let empty = body.as_object().expect("a body").keys();
            let empty: Value = empty.map(|name| (name.clone(), Value::from(""))).collect();
            assert_eq!(send(&empty).await.code(), "422 invalid", "{path}");
        }
        let done = send(&body).await;
        assert!(
            done.status < 300,
            "{path}: {}",
            String::from_utf8_lossy(&done.bytes)
        );
        assert_eq!(
            program.get("/document").await.json()["state"],
            state,
            "{path}"
        );
        let late = program
            .post("/questions", &json!({ "question": "Ещё?" }))
            .await;
        assert_eq!(late.code(), "409 link-not-active", "{path}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: an expired link is renewed by a call, and a visit that has ended is nobody's.
#[tokio::test]
async fn a_program_renews_a_link_and_its_visit_ends() {
    let house = TestApp::single().await;
    let served = house.serve();
    let contract = Contract::at_counterparty(&house).await;
    let program = Program::verified(&served, &contract).await;
    let early = program.post("/renewal", &Value::Null).await;
    assert_eq!(early.code(), "409 link-not-expired");
    house.advance_seconds(40 * 86_400);
    assert_eq!(program.get("/document").await.code(), "401 unauthenticated");
    assert_eq!(
        program.post("/renewal", &Value::Null).await.code(),
        "401 unauthenticated"
    );
    let mut late = Program::new(&served);
    let entered = late
        .post("/visits", &json!({ "secret": secret_of(&contract).await }))
        .await;
    late.visit = entered.json()["visit"].as_str().map(str::to_owned);
    assert_eq!(late.get("/document").await.json()["state"], "expired");
    assert_eq!(
        late.post("/code/sending", &Value::Null).await.code(),
        "409 link-not-active"
    );
    assert_eq!(late.post("/renewal", &Value::Null).await.status, 204);
    assert_eq!(
        late.post("/renewal", &Value::Null).await.code(),
        "409 link-renewed-already"
    );
    let fresh = Program::verified(&served, &contract).await;
    assert_eq!(fresh.get("/document").await.json()["state"], "active");
    served.stop().await;
    house.close().await;
}

/// Goal: our own signatory signs by calls too, with a key of the server, and the initiator sees
/// links and questions.
#[tokio::test]
async fn our_signatory_signs_by_calls_and_the_initiator_sees_it() {
    use crate::guards::Browser;
    let house = TestApp::single().await;
    let served = house.serve();
    let contract = Contract::approved(&house).await;
    let task = contract.task_of("signatory").await;
    let call = async |key: &str, verb: &str, path: String, body: Value| {
        let who = Browser::of(&house, &served, house.vector.person(key)).await;
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", path.as_str()),
            ("x-csrf-token", who.token.as_str()),
        ];
        let body = if verb == "GET" {
            String::new()
        } else {
            body.to_string()
        };
        let answer = who.send(verb, &path, &headers, body).await;
        let read = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
        (answer.status, read)
    };
    let consents = format!("/api/v1/tasks/{task}/consents");
    let texts = call("signatory", "GET", consents.clone(), Value::Null).await;
    assert_eq!((texts.0, &texts.1["is_given"]), (200, &false.into()));
    assert_eq!(
        call("lawyer", "GET", consents.clone(), Value::Null).await.0,
        403
    );
    assert_eq!(
        call("accountant", "GET", consents.clone(), Value::Null)
            .await
            .0,
        404
    );
    let both = both(&texts.1);
    assert_eq!(call("signatory", "POST", consents, both).await.0, 204);
    let signature = format!("/api/v1/tasks/{task}/signature");
    let (status, unseen) = call("signatory", "POST", signature.clone(), Value::Null).await;
    assert_eq!((status, &unseen["code"]), (409, &"pages-unopened".into()));
    let file = format!("/api/v1/documents/{}/versions/1/file", contract.id);
    assert_eq!(call("signatory", "GET", file, Value::Null).await.0, 200);
    let (status, signed) = call("signatory", "POST", signature, Value::Null).await;
    assert_eq!(status, 200, "{signed}");

    let program = Program::verified(&served, &contract).await;
    let question = json!({ "question": "Когда поставка?" });
    assert_eq!(program.post("/questions", &question).await.status, 204);
    let document = format!("/api/v1/documents/{}", contract.id);
    let (_, links) = call("initiator", "GET", format!("{document}/links"), Value::Null).await;
    assert_eq!(
        (&links[0]["state"], &links[0]["contact_name"]),
        (&"active".into(), &"Иван Иванов".into())
    );
    let (_, asked) = call(
        "initiator",
        "GET",
        format!("{document}/questions"),
        Value::Null,
    )
    .await;
    assert_eq!(
        (&asked[0]["text"], &asked[0]["can_answer"]),
        (&"Когда поставка?".into(), &true.into())
    );
    let answer = format!(
        "/api/v1/questions/{}/answer",
        asked[0]["id"].as_str().expect("one")
    );
    let body = json!({ "answer": "В марте" });
    assert_eq!(call("initiator", "POST", answer, body).await.0, 204);
    let (_, asked) = call(
        "initiator",
        "GET",
        format!("{document}/questions"),
        Value::Null,
    )
    .await;
    assert_eq!(
        (&asked[0]["answer"], &asked[0]["can_answer"]),
        (&"В марте".into(), &false.into())
    );
    served.stop().await;
    house.close().await;
}

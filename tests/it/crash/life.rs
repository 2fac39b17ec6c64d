//! One contract's way, step by step, by somebody who looks what is there before doing anything: so
//! it can go on after any interruption, as people do.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery::app::authority::fresh_key;
use chancery::demo::mailbox;
use chancery::entropy;
use chancery_signature::KeyKind;
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Value, json};

use crate::support::{TestApp, pdfs};

/// A step that was acknowledged.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A document with its first version.
    Created {
        document: String,
        main_digest: String,
    },
    /// Its run.
    Started { run: String },
    /// A decision on a task.
    Decided {
        task: String,
        decision: &'static str,
    },
    /// A remark's answer.
    RemarkClosed { remark: String },
    /// Both consents of a task.
    Consented { task: String },
    /// A signature, and the digest of the copy that has it.
    Signed {
        signature: String,
        copy_digest: String,
    },
    /// So many visits of a document's link were begun, proved, read to the end.
    Visited { document: String, step: Visited },
}

/// How far a visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visited {
    /// The link was opened.
    Entered,
    /// The mailed code was right.
    Proved,
    /// Every page was read.
    Read,
}

/// The server cannot be reached, or did not answer to the end.
#[derive(Debug)]
pub struct Broken;

impl From<reqwest::Error> for Broken {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

type Step = Result<(), Broken>;

/// A server and what its clients know.
pub struct World {
    base_url: String,
    client: Client,
    tokens: BTreeMap<&'static str, String>,
    mails: PathBuf,
    ledger: Arc<Mutex<Vec<Fact>>>,
}

impl World {
    pub fn new(
        base_url: &str,
        tokens: &BTreeMap<&'static str, String>,
        mails: PathBuf,
        ledger: &Arc<Mutex<Vec<Fact>>>,
    ) -> Self {
        Self {
            base_url: base_url.to_owned(),
            client: Client::new(),
            tokens: tokens.clone(),
            mails,
            ledger: ledger.clone(),
        }
    }

    fn acknowledge(&self, fact: Fact) {
        self.ledger.lock().expect("the ledger").push(fact);
    }

    async fn get(&self, person: &str, path: &str) -> Result<Value, Broken> {
        let request = self.client.get(format!("{}{path}", self.base_url));
        answered(path, request.bearer_auth(&self.tokens[person])).await
    }

    /// A file, to its end.
    async fn fetch(&self, person: &str, path: &str) -> Step {
        let request = self.client.get(format!("{}{path}", self.base_url));
        let answer = request.bearer_auth(&self.tokens[person]).send().await?;
        let status = answer.status();
        answer.bytes().await?;
        assert!(status.is_success(), "{path} answered {status}");
        Ok(())
    }

    async fn post(&self, person: &str, path: &str, body: &Value) -> Result<Value, Broken> {
        let request = self.client.post(format!("{}{path}", self.base_url));
        let request = request
            .bearer_auth(&self.tokens[person])
            .header("Idempotency-Key", entropy::secret());
        answered(path, request.json(body)).await
    }

    /// The letters whose text has all these words, the newest first.
    fn letters(&self, words: &[&str]) -> Vec<String> {
        let names = mailbox::list(&self.mails).unwrap_or_default();
        let read = |name: &String| mailbox::read(&self.mails, name).ok().flatten();
        let letters = names.iter().filter_map(read);
        let texts = letters.map(|mail| format!("{}\n{}", mail.subject, mail.text));
        texts
            .filter(|text| words.iter().all(|word| text.contains(word)))
            .collect()
    }
}

/// The JSON of a good answer; a bad one is a failure of the test.
async fn answered(path: &str, request: RequestBuilder) -> Result<Value, Broken> {
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    assert!(
        status.is_success(),
        "{path} answered {status}: {}",
        String::from_utf8_lossy(&body)
    );
    if body.is_empty() {
        return Ok(Value::Null);
    }
    Ok(serde_json::from_slice(&body).expect("JSON"))
}

/// The counterparty's browser.
struct Visitor {
    client: Client,
    csrf: String,
    /// How many codes had come when another was asked for.
    codes_before: Option<usize>,
}

/// One contract after another.
pub struct Life {
    number: usize,
    count: usize,
    card: Vec<(String, String)>,
    key_kind: KeyKind,
    document: Option<String>,
    may_be_created: bool,
    is_over: bool,
    visitor: Option<Visitor>,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {value}"))
}

impl Life {
    pub fn new(number: usize, house: &TestApp) -> Self {
        let card = crate::documents::paper::card(&house.vector)
            .into_iter()
            .map(|(name, value)| match name.as_str() {
                "amount" => (name, "50 000,00".to_owned()),
                _ => (name, value),
            });
        Self {
            number,
            count: 0,
            card: card.collect(),
            key_kind: house.app.key_kind(),
            document: None,
            may_be_created: false,
            is_over: false,
            visitor: None,
        }
    }

    pub const fn number(&self) -> usize {
        self.number
    }

    /// Whether the present contract has reached its end.
    pub const fn is_over(&self) -> bool {
        self.is_over
    }

    /// A word that is in the title of the present contract alone.
    fn mark(&self) -> String {
        format!("обрыв{}x{}к", self.number, self.count)
    }

    /// What was asked last may have been done or not.
    pub const fn interrupted(&mut self) {
        if let Some(visitor) = &mut self.visitor {
            visitor.codes_before = None;
        }
    }

    /// Does what is to be done next.
    pub async fn advance(&mut self, world: &World) -> Step {
        if self.is_over {
            self.count += 1;
            self.document = None;
            self.may_be_created = false;
            self.visitor = None;
            self.is_over = false;
        }
        let Some(document) = self.document.clone() else {
            return self.create(world).await;
        };
        let path = format!("/api/v1/documents/{document}");
        let seen = world.get("initiator", &path).await?;
        if text(&seen, "state") == "draft" {
            let run = world
                .post("initiator", &format!("{path}/run"), &Value::Null)
                .await?;
            let run = text(&run, "run_id").to_owned();
            world.acknowledge(Fact::Started { run });
            return Ok(());
        }
        let route = world.get("initiator", &format!("{path}/route")).await?;
        let stages = route["stages"].as_array().expect("stages");
        let open = stages.iter().find_map(|stage| {
            let people = stage["people"].as_array().expect("people");
            let person = people.iter().find(|person| person["is_open"] == true)?;
            Some((stage, person))
        });
        let Some((stage, person)) = open else {
            assert_eq!(text(&seen, "state"), "effective", "{seen} {route}");
            self.is_over = true;
            return Ok(());
        };
        let digest = text(&seen["version"], "digest");
        let task = text(person, "task_id");
        match (text(stage, "kind"), text(person, "name")) {
            ("acknowledge", _) => decide(world, "head", task, digest, "acknowledge").await,
            ("approve", "Павел Громов") => {
                decide(world, "head", task, digest, "approve").await
            }
            ("approve", name) => {
                let lawyer = match name {
                    "Степан Лосев" => "second_lawyer",
                    _ => "lawyer",
                };
                decide(world, lawyer, task, digest, "approve_with_remarks").await
            }
            ("sign", "Виктор Егоров") => self.sign(world, &path, task).await,
            ("sign", _) => self.visit(world, &document).await,
            other => panic!("nobody for {other:?}: {route}"),
        }
    }

    async fn create(&mut self, world: &World) -> Step {
        let mark = self.mark();
        if self.may_be_created {
            let path = format!("/api/v1/documents?q={mark}");
            let found = world.get("initiator", &path).await?;
            let rows = found["rows"].as_array().expect("rows");
            assert!(rows.len() <= 1, "created twice: {found}");
            if let Some(row) = rows.first() {
                self.document = Some(text(row, "id").to_owned());
                return Ok(());
            }
        }
        self.may_be_created = true;
        let file = pdfs::contract(&mark);
        let main_digest = chancery_types::Digest::of(&file).hex();
        let part = reqwest::multipart::Part::bytes(file).file_name("Договор.pdf");
        let mut form = reqwest::multipart::Form::new()
            .text("kind", "contract")
            .text("title", format!("Договор {mark}"));
        for (name, value) in &self.card {
            form = form.text(format!("card.{name}"), value.clone());
        }
        let request = world
            .client
            .post(format!("{}/api/v1/documents", world.base_url))
            .bearer_auth(&world.tokens["initiator"])
            .header("Idempotency-Key", entropy::secret())
            .multipart(form.part("main", part));
        let created = answered("/api/v1/documents", request).await?;
        let document = text(&created, "id").to_owned();
        self.document = Some(document.clone());
        world.acknowledge(Fact::Created {
            document,
            main_digest,
        });
        Ok(())
    }

    /// Our signatory's step; the initiator answers open remarks first.
    async fn sign(&self, world: &World, document: &str, task: &str) -> Step {
        let remarks = world
            .get("initiator", &format!("{document}/remarks"))
            .await?;
        let remarks = remarks.as_array().expect("remarks");
        if let Some(open) = remarks.iter().find(|remark| remark["state"] == "open") {
            let remark = text(open, "id").to_owned();
            let body = json!({ "answer": "Исправим в следующей редакции" });
            let path = format!("/api/v1/remarks/{remark}/answer");
            world.post("initiator", &path, &body).await?;
            world.acknowledge(Fact::RemarkClosed { remark });
            return Ok(());
        }
        let path = format!("/api/v1/tasks/{task}");
        let texts = world.get("signatory", &format!("{path}/consents")).await?;
        let both = json!({
            "electronic_signature": true, "personal_data": true,
            "electronic_signature_sha256": texts["electronic_signature_sha256"],
            "personal_data_sha256": texts["personal_data_sha256"],
        });
        world
            .post("signatory", &format!("{path}/consents"), &both)
            .await?;
        world.acknowledge(Fact::Consented {
            task: task.to_owned(),
        });
        // Nobody signs what they never had before them.
        world
            .fetch("signatory", &format!("{path}/signing/file"))
            .await?;
        let key = fresh_key(self.key_kind);
        let body = json!({ "spki": STANDARD.encode(key.spki_der()) });
        let prepared = world
            .post("signatory", &format!("{path}/signing"), &body)
            .await?;
        let body = completion(&prepared, &key);
        let path = "/api/v1/signings/completion";
        let done = world.post("signatory", path, &body).await?;
        world.acknowledge(signed(&done));
        Ok(())
    }

    /// The counterparty's steps, one at a time, by what the page offers.
    async fn visit(&mut self, world: &World, document: &str) -> Step {
        let mark = self.mark();
        let visited = |step| Fact::Visited {
            document: document.to_owned(),
            step,
        };
        let Some(visitor) = &mut self.visitor else {
            let invitations = world.letters(&[&mark, "/s#"]);
            let Some(letter) = invitations.first() else {
                return wait(world).await;
            };
            let (_, secret) = letter.split_once("/s#").expect("a link");
            let secret = secret.split_whitespace().next().expect("a secret");
            self.visitor = Some(enter(world, secret).await?);
            world.acknowledge(visited(Visited::Entered));
            return Ok(());
        };
        let page = visitor.page(world, "/s/document").await?;
        if page.contains("action=\"/s/code/send\"") {
            let codes = world.letters(&[&mark, "Введите этот код"]);
            let Some(before) = visitor.codes_before else {
                visitor.codes_before = Some(codes.len());
                return visitor.post(world, "/s/code/send", &[]).await;
            };
            let Some(code) = codes.first().filter(|_| codes.len() > before) else {
                return wait(world).await;
            };
            let is_code =
                |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
            let code = code.lines().map(str::trim).find(is_code).expect("a code");
            visitor.post(world, "/s/code", &[("code", code)]).await?;
            world.acknowledge(visited(Visited::Proved));
            return Ok(());
        }
        if !page.contains("href=\"/s/sign\"") {
            visitor.fetch(world, "/s/file").await?;
            let pages = [("from", "1"), ("to", "1")];
            visitor.post(world, "/s/read", &pages).await?;
            world.acknowledge(visited(Visited::Read));
            return Ok(());
        }
        let page = visitor.page(world, "/s/sign").await?;
        if page.contains("action=\"/s/consents\"") {
            let digest = |name: &str| {
                let field = format!("name=\"{name}\" value=\"");
                let (_, rest) = page.split_once(&field).expect("a digest");
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            let (rules, personal) = (
                digest("electronic_signature_sha256"),
                digest("personal_data_sha256"),
            );
            let both = [
                ("electronic_signature", "yes"),
                ("electronic_signature_sha256", rules.as_str()),
                ("personal_data", "yes"),
                ("personal_data_sha256", personal.as_str()),
            ];
            return visitor.post(world, "/s/consents", &both).await;
        }
        let key = fresh_key(self.key_kind);
        let body = json!({ "spki": STANDARD.encode(key.spki_der()) });
        let prepared = visitor.call(world, "/s/sign/prepare", &body).await?;
        let body = completion(&prepared, &key);
        let done = visitor.call(world, "/s/sign/complete", &body).await?;
        world.acknowledge(signed(&done));
        Ok(())
    }
}

/// Looks again later: the letter is on its way. The question is asked so that time passes.
async fn wait(world: &World) -> Step {
    let asked = world.client.get(format!("{}/readyz", world.base_url));
    asked.send().await?.bytes().await?;
    Ok(())
}

async fn decide(
    world: &World,
    person: &str,
    task: &str,
    digest: &str,
    decision: &'static str,
) -> Step {
    let mut body = json!({ "decision": decision, "version_digest": digest });
    if decision == "approve_with_remarks" {
        body["remarks"] = json!(["п. 4.2: срок оплаты"]);
    }
    let path = format!("/api/v1/tasks/{task}/decision");
    world.post(person, &path, &body).await?;
    let task = task.to_owned();
    world.acknowledge(Fact::Decided { task, decision });
    Ok(())
}

fn completion(prepared: &Value, key: &chancery_signature::SigningKey) -> Value {
    let attributes = STANDARD.decode(text(prepared, "signed_attributes"));
    let value = key.sign(&attributes.expect("base64")).expect("signed");
    json!({ "signing_id": prepared["signing_id"], "signature": STANDARD.encode(value) })
}

fn signed(done: &Value) -> Fact {
    Fact::Signed {
        signature: text(done, "signature_id").to_owned(),
        copy_digest: text(done, "copy_sha256").to_owned(),
    }
}

async fn enter(world: &World, secret: &str) -> Result<Visitor, Broken> {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(redirect::Policy::none())
        .build()?;
    let mut visitor = Visitor {
        client,
        csrf: String::new(),
        codes_before: None,
    };
    let page = visitor.page(world, "/s").await?;
    let (_, token) = page.split_once("name=\"_csrf\" value=\"").expect("a token");
    token
        .split('"')
        .next()
        .expect("its end")
        .clone_into(&mut visitor.csrf);
    visitor.post(world, "/s", &[("secret", secret)]).await?;
    Ok(visitor)
}

impl Visitor {
    async fn page(&self, world: &World, path: &str) -> Result<String, Broken> {
        let asked = self.client.get(format!("{}{path}", world.base_url));
        let answer = asked.send().await?;
        let (status, page) = (answer.status(), answer.text().await?);
        assert_eq!(status.as_u16(), 200, "{path}: {page}");
        Ok(page)
    }

    /// A file, to its end.
    async fn fetch(&self, world: &World, path: &str) -> Step {
        let asked = self.client.get(format!("{}{path}", world.base_url));
        let answer = asked.send().await?;
        let status = answer.status();
        answer.bytes().await?;
        assert!(status.is_success(), "{path} answered {status}");
        Ok(())
    }

    async fn post(&self, world: &World, path: &str, fields: &[(&str, &str)]) -> Step {
        let mut form = vec![("_csrf", self.csrf.as_str())];
        form.extend(fields);
        let request = self.client.post(format!("{}{path}", world.base_url));
        let answer: Response = request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(encoded(&form))
            .send()
            .await?;
        let status = answer.status();
        let page = answer.text().await?;
        assert_eq!(status.as_u16(), 303, "{path}: {page}");
        Ok(())
    }

    async fn call(&self, world: &World, path: &str, body: &Value) -> Result<Value, Broken> {
        let request = self.client.post(format!("{}{path}", world.base_url));
        answered(path, request.header("X-CSRF-Token", &self.csrf).json(body)).await
    }
}

/// Names and values here need no escaping: base64 of the URL alphabet, digits, words.
fn encoded(form: &[(&str, &str)]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    assert!(
        form.iter().all(|(_, value)| value.chars().all(plain)),
        "{form:?}"
    );
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

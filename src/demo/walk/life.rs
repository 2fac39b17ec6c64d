//! The life of one contract, step by step. Every step says what it saw and fails if that is wrong.

mod outsider;
mod verdict;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use chancery_types::Digest;
use serde::Deserialize;

use super::browser::{Browser, Page};
use super::html::Form;
use super::post::Postbox;
use super::sign::sign;
use super::transcript::Transcript;
use crate::clock::Clock;

/// Where the life is played.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The server's address.
    pub origin: String,
    /// The mailbox's folder.
    pub mails: PathBuf,
    /// The time, for the verdict.
    pub clock: Clock,
}

/// What came of it.
pub struct Played {
    /// What was done and seen, as far as it went.
    pub transcript: String,
    /// Whether every step did what it should.
    pub outcome: anyhow::Result<()>,
}

const INITIATOR: &str = "sokolova@vector.example";
const HEAD: &str = "gromov@vector.example";
const LAWYER: &str = "orlova@vector.example";
const ACCOUNTANT: &str = "karpova@vector.example";
const CFO: &str = "zimin@vector.example";
const SIGNATORY: &str = "egorov@vector.example";
const THEIR_SIGNATORY: &str = "lugov@romashka.example";

/// Plays the life of the file called `name` and writes what came of it into `folder`.
pub async fn play(stage: &Stage, name: &str, file: Vec<u8>, folder: &Path) -> Played {
    let mut transcript = Transcript::new(name);
    let outcome = match Life::begin(stage, name, &mut transcript).await {
        Ok(mut life) => life.play(file, folder).await,
        Err(error) => Err(error),
    };
    if let Err(error) = &outcome {
        transcript.saw(&format!("**{error:#}**"));
    }
    Played {
        transcript: transcript.text().to_owned(),
        outcome,
    }
}

/// What is looked for on pages and written into them: the demo company speaks Russian.
#[derive(Debug, Deserialize)]
struct Words {
    counterparty: String,
    contact: String,
    department: String,
    remark: String,
    answer: String,
    route: Vec<String>,
}

struct Life<'s> {
    words: Words,
    stage: &'s Stage,
    transcript: &'s mut Transcript,
    postbox: Postbox,
    initiator: Browser,
    name: String,
    title: String,
    /// The document's page.
    path: String,
    /// The main file as it is kept: the one that is read and signed.
    kept: Vec<u8>,
}

impl<'s> Life<'s> {
    async fn begin(
        stage: &'s Stage,
        name: &str,
        transcript: &'s mut Transcript,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            words: toml::from_str(include_str!("words.toml"))?,
            stage,
            postbox: Postbox::open(stage.mails.clone())?,
            initiator: enter(stage, transcript, INITIATOR).await?,
            transcript,
            name: name.to_owned(),
            title: name.trim_end_matches(".pdf").to_owned(),
            path: String::new(),
            kept: Vec::new(),
        })
    }

    async fn play(&mut self, file: Vec<u8>, folder: &Path) -> anyhow::Result<()> {
        self.create(file).await?;
        self.start().await?;
        self.approve(HEAD).await?;
        self.approve_with_remark(LAWYER).await?;
        self.approve(ACCOUNTANT).await?;
        self.approve(CFO).await?;
        self.close_remark().await?;
        self.sign_internally().await?;
        let theirs = self.sign_as_counterparty().await?;
        self.finish(&theirs, folder).await
    }

    async fn create(&mut self, file: Vec<u8>) -> anyhow::Result<()> {
        self.transcript
            .step(INITIATOR, "creates a contract with the file");
        let page = self.initiator.open("/documents/new?kind=contract").await?;
        let mut form = page.form("/documents")?;
        self.fill(&mut form)?;
        let upload = |bytes: &[u8]| vec![("main".to_owned(), self.name.clone(), bytes.to_vec())];
        let mut shown = self.initiator.post_files(&form, upload(&file)).await?;
        let mut is_repaired = false;
        if shown.status.as_u16() == 422 {
            let mut again = shown.form("/documents")?;
            if !again.has("repair") {
                bail!("refused: {}", problems(&shown));
            }
            self.transcript
                .saw(&format!("its table is wrong: {}", problems(&shown)));
            self.transcript
                .saw("a repaired copy is offered, and accepted before approval");
            again.set("repair", "accept");
            shown = self.initiator.post_files(&again, upload(&file)).await?;
            if shown.status.as_u16() == 422 {
                bail!("refused: {}", problems(&shown));
            }
            is_repaired = true;
        }
        let shown = shown.expect_shown()?;
        let path = shown.path.split(['?', '#']).next().unwrap_or_default();
        path.clone_into(&mut self.path);
        self.kept = self
            .initiator
            .save(&format!("{}/versions/1/file", self.path))
            .await?;
        ensure!(
            is_repaired || self.kept == file,
            "the file that was kept is not the file that was sent"
        );
        let digest = Digest::of(&self.kept).hex();
        self.transcript.saw(&format!("document page {}", self.path));
        self.transcript.saw(&format!(
            "kept file: {} bytes, SHA-256 {digest}",
            self.kept.len()
        ));
        Ok(())
    }

    /// The card: an amount that the accountant and the CFO must see.
    fn fill(&self, form: &mut Form) -> anyhow::Result<()> {
        form.set("title", &self.title);
        let choices = [
            ("card.counterparty", &self.words.counterparty),
            ("card.counterparty_contact", &self.words.contact),
            ("card.department", &self.words.department),
        ];
        for (field, shown) in choices {
            let value = form.choice(field, shown).map(str::to_owned);
            let value = value.with_context(|| format!("{field}: no choice {shown}"))?;
            form.set(field, &value);
        }
        form.set("card.subject", &self.title);
        form.set("card.amount", "6400000.00");
        form.set("card.amount.currency", "RUB");
        form.set("card.payment_days", "30");
        Ok(())
    }

    async fn start(&mut self) -> anyhow::Result<()> {
        self.transcript
            .step(INITIATOR, "sees who will be asked, and starts");
        let page = self.initiator.open(&self.path).await?;
        let text = page.text();
        for name in &self.words.route {
            ensure!(
                text.contains(name.as_str()),
                "the route before the start lacks {name}"
            );
        }
        let form = page.form(&format!("{}/run", self.path))?;
        let shown = self.initiator.post(&form).await?.expect_shown()?;
        self.transcript.saw(&cut(&shown.text()));
        Ok(())
    }

    /// Opens the document as somebody who got a mail about it.
    async fn come(&mut self, address: &str) -> anyhow::Result<(Browser, Page)> {
        let title = self.title.clone();
        let mail = self
            .postbox
            .expect("a mail about the task", address, |mail| {
                mail.text.contains(&title)
            });
        let mail = mail.await?;
        self.transcript.saw(&format!("mail: {}", mail.subject));
        let browser = enter(self.stage, self.transcript, address).await?;
        let page = browser.open(&self.path).await?;
        Ok((browser, page))
    }

    async fn approve(&mut self, address: &str) -> anyhow::Result<()> {
        self.transcript.step(address, "approves");
        let (browser, page) = self.come(address).await?;
        let form = page.form_where("approves", |form| {
            form.action.starts_with("/tasks/") && form.action.ends_with("/approve")
        })?;
        let shown = browser.post(&form).await?.expect_shown()?;
        self.transcript.saw(&cut(&shown.text()));
        Ok(())
    }

    async fn approve_with_remark(&mut self, address: &str) -> anyhow::Result<()> {
        self.transcript.step(address, "approves with a remark");
        let (browser, page) = self.come(address).await?;
        let link = href(&page.html, "/remarks?version=")?;
        let words = browser.open(&link).await?;
        let mut form = words.form_where("takes remarks", |form| {
            form.action.starts_with("/tasks/") && form.action.ends_with("/remarks")
        })?;
        form.set("remarks", &self.words.remark);
        let shown = browser.post(&form).await?.expect_shown()?;
        self.transcript.saw(&cut(&shown.text()));
        Ok(())
    }

    async fn close_remark(&mut self) -> anyhow::Result<()> {
        self.transcript
            .step(INITIATOR, "answers the remark and closes it");
        let page = self.initiator.open(&self.path).await?;
        let is_close =
            |form: &Form| form.action.starts_with("/remarks/") && form.action.ends_with("/close");
        let mut form = page.form_where("closes a remark", is_close)?;
        form.set("answer", &self.words.answer);
        let shown = self.initiator.post(&form).await?.expect_shown()?;
        ensure!(
            shown.form_where("closes a remark", is_close).is_err(),
            "the remark is still open"
        );
        Ok(())
    }

    async fn sign_internally(&mut self) -> anyhow::Result<()> {
        self.transcript
            .step(SIGNATORY, "reads, gives two consents and signs");
        let (browser, page) = self.come(SIGNATORY).await?;
        let link = page_link(&page.html, |address| {
            address.starts_with("/tasks/") && address.ends_with("/sign")
        })?;
        let original = page_link(&page.html, |address| {
            address.starts_with("/documents/") && address.ends_with("/file")
        })?;
        let read = browser.save(&original).await?;
        ensure!(
            read == self.kept,
            "the file on offer is not the one that was approved"
        );
        let form = consent(&browser, &link).await?;
        let signed = sign(&browser, &form, &self.kept).await?;
        self.note_signature(&signed);
        browser.open(&signed.location).await?;
        Ok(())
    }

    fn note_signature(&mut self, signed: &super::sign::Signed) {
        self.transcript
            .saw("key: ECDSA P-256, made by this client and gone");
        self.transcript.saw(&format!(
            "prepared file begins with the kept file; {} bytes covered, SHA-256 {}",
            signed.covered_bytes, signed.content_digest
        ));
        self.transcript
            .saw(&format!("signed copy: SHA-256 {}", signed.copy_digest));
    }
}

/// Logs in by one click.
async fn enter(
    stage: &Stage,
    transcript: &mut Transcript,
    address: &str,
) -> anyhow::Result<Browser> {
    let browser = Browser::new(&stage.origin)?;
    let front = browser.open("/demo").await?;
    let form = front.form_where(&format!("logs in as {address}"), |form| {
        form.action == "/demo/login" && form.attribute("data-email") == address
    })?;
    let desk = browser.post(&form).await?.expect_shown()?;
    transcript.saw(&format!("{address} is logged in and sees {}", desk.path));
    Ok(browser)
}

/// Gives both consents on the signing page at `path`, and answers the form that signs.
async fn consent(browser: &Browser, path: &str) -> anyhow::Result<Form> {
    let page = browser.open(path).await?;
    let mut form = page.form_where("takes consents", |form| form.action.ends_with("/consents"))?;
    for kind in ["electronic_signature", "personal_data"] {
        ensure!(form.has(kind), "the page does not ask for {kind}");
        form.set(kind, "yes");
    }
    let shown = browser.post(&form).await?.expect_shown()?;
    shown.form_where("signs", |form| {
        form.attributes.iter().any(|(name, _)| name == "data-sign")
    })
}

/// What a form says is wrong.
fn problems(page: &Page) -> String {
    let mut words = Vec::new();
    let mut rest = page.html.as_str();
    while let Some((_, from)) = rest.split_once("class=\"field-error\"") {
        let (text, after) = from.split_once("</p>").unwrap_or((from, ""));
        words.push(super::html::text(&format!("<p{text}</p>")));
        rest = after;
    }
    if words.is_empty() {
        return cut(&page.text());
    }
    words.join(" ")
}

/// The first link that `wanted` picks.
fn page_link(html: &str, wanted: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    let mut rest = html;
    while let Some((_, from)) = rest.split_once("href=\"") {
        let (address, after) = from.split_once('"').unwrap_or((from, ""));
        if wanted(address) {
            return Ok(address.replace("&amp;", "&").replace("&#38;", "&"));
        }
        rest = after;
    }
    bail!("the page lacks a link that it should have")
}

fn href(html: &str, part: &str) -> anyhow::Result<String> {
    page_link(html, |address| address.contains(part)).with_context(|| format!("…{part}…"))
}

fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

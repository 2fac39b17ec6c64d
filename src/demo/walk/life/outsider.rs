//! The counterparty's way: mail, link, code, pages, consents, signature, proof.

use anyhow::{Context as _, ensure};

use super::{Life, THEIR_SIGNATORY, consent};
use crate::demo::walk::browser::Browser;
use crate::demo::walk::sign::sign;

/// More than a file may have.
const STEPS_MAX: u32 = 10_000;

impl Life<'_> {
    /// Signs as the counterparty; answers the signed copy that they keep.
    pub(super) async fn sign_as_counterparty(&mut self) -> anyhow::Result<Vec<u8>> {
        let browser = self.come_by_link().await?;
        self.prove_mailbox(&browser).await?;
        self.read_pages(&browser).await?;
        self.transcript
            .step(THEIR_SIGNATORY, "gives two consents and signs");
        let form = consent(&browser, "/s/sign").await?;
        let signed = sign(&browser, &form, &self.kept).await?;
        self.note_signature(&signed);
        self.transcript
            .step(THEIR_SIGNATORY, "downloads the signed file");
        browser.open("/s/document").await?;
        let copy = browser.save("/s/signed.pdf").await?;
        ensure!(
            copy.starts_with(&self.kept),
            "the signed copy does not begin with the file that was read"
        );
        self.transcript
            .saw(&format!("signed.pdf: {} bytes", copy.len()));
        Ok(copy)
    }

    async fn come_by_link(&mut self) -> anyhow::Result<Browser> {
        self.transcript
            .step(THEIR_SIGNATORY, "opens the link of the mail");
        let start = format!("{}/s#", self.stage.origin);
        let mail = self
            .postbox
            .expect("the invitation", THEIR_SIGNATORY, |mail| {
                mail.link(&start).is_some()
            });
        let mail = mail.await?;
        self.transcript.saw(&format!("mail: {}", mail.subject));
        ensure!(
            mail.text.contains(&self.title),
            "the invitation does not name the document"
        );
        let secret = mail.link(&start).and_then(|link| link.split_once('#'));
        let (_, secret) = secret.context("a link with a secret")?;
        let browser = Browser::new(&self.stage.origin)?;
        let entry = browser.open("/s").await?;
        let mut form = entry.form_where("takes the secret", |form| form.has("secret"))?;
        form.set("secret", secret);
        let front = browser.post(&form).await?.expect_shown()?;
        self.transcript.saw(&super::cut(&front.text()));
        Ok(browser)
    }

    async fn prove_mailbox(&mut self, browser: &Browser) -> anyhow::Result<()> {
        self.transcript
            .step(THEIR_SIGNATORY, "asks for the code and types it");
        let front = browser.open("/s/document").await?;
        let form = front.form("/s/code/send")?;
        let asked = browser.post(&form).await?.expect_shown()?;
        let mail = self
            .postbox
            .expect("the code", THEIR_SIGNATORY, |mail| mail.code().is_some());
        let mail = mail.await?;
        let code = mail.code().context("six digits")?.to_owned();
        let mut form = asked.form("/s/code")?;
        form.set("code", &code);
        browser.post(&form).await?.expect_shown()?;
        self.transcript.saw("the code was right");
        Ok(())
    }

    async fn read_pages(&mut self, browser: &Browser) -> anyhow::Result<()> {
        self.transcript.step(THEIR_SIGNATORY, "reads every page");
        let file = browser.save("/s/file").await?;
        ensure!(
            file == self.kept,
            "the file on offer is not the one that was approved"
        );
        let mut shown = browser.open("/s/read").await?;
        let mut pages: u64 = 0;
        for _ in 0..STEPS_MAX {
            let Ok(form) = shown.form("/s/read") else {
                break;
            };
            let (from, to): (u64, u64) = (form.value("from").parse()?, form.value("to").parse()?);
            for page in from..=to {
                let image = browser.save(&format!("/s/pages/{page}.png")).await?;
                ensure!(
                    image.starts_with(b"\x89PNG\r\n\x1a\n"),
                    "page {page} is not an image"
                );
                pages = pages.saturating_add(1);
            }
            shown = browser.post(&form).await?.expect_shown()?;
        }
        ensure!(
            shown.path.starts_with("/s/sign"),
            "after the last page comes {} and not the signature",
            shown.path
        );
        self.transcript.saw(&format!("{pages} page(s), each shown"));
        Ok(())
    }
}

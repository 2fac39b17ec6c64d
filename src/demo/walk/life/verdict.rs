//! The end: the completed file, the root it is trusted by, and the verdict over both signatures.

use std::path::Path;

use anyhow::{Context as _, ensure};
use chancery_signature::{
    Anchors, Indication, Limits, ValidationPolicy, ValidationReport, gather, judge,
};

use super::{INITIATOR, Life};

const TWO_YEARS_SECONDS: i64 = 2 * 365 * 86_400;

impl Life<'_> {
    /// Downloads, judges and writes down what came of the life.
    pub(super) async fn finish(&mut self, theirs: &[u8], folder: &Path) -> anyhow::Result<()> {
        self.transcript
            .step(INITIATOR, "downloads the completed document");
        let title = self.title.clone();
        let mail = self.postbox.expect("the end", INITIATOR, |mail| {
            mail.text.contains(&title) && !mail.files.is_empty()
        });
        let mail = mail.await?;
        self.transcript.saw(&format!("mail: {}", mail.subject));
        let copy = format!("{}/versions/1/signed.pdf", self.path);
        let signed = self.initiator.save(&copy).await?;
        ensure!(
            signed == theirs,
            "the initiator and the counterparty have different copies"
        );
        ensure!(
            mail.files.iter().any(|file| file.content == signed),
            "the mail carries another file"
        );
        let pem = self.initiator.save("/ca.pem").await?;
        self.transcript.step(INITIATOR, "checks both signatures");
        let report = self.judge(&signed, &pem)?;
        self.check_page(&signed).await?;
        let json = serde_json::to_vec_pretty(&[&report])?;
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.join(name), bytes).with_context(|| name.to_owned())
        };
        write("signed.pdf", &signed)?;
        write("ca.pem", &pem)?;
        write("verdict.json", &json)?;
        let more = folder.join("more");
        std::fs::create_dir_all(&more)?;
        std::fs::write(more.join("original.pdf"), &self.kept)?;
        Ok(())
    }

    /// Both signatures of this life pass, now and two years on; those that the file came with are
    /// what they were.
    fn judge(&mut self, signed: &[u8], pem: &[u8]) -> anyhow::Result<ValidationReport> {
        let anchors = Anchors::from_pem_or_der(pem)?;
        let policy = ValidationPolicy::default();
        let now = self.stage.clock.now();
        let judged = |file: &[u8], at| {
            judge(
                &gather(file, None, &Limits::default()),
                &policy,
                at,
                &anchors,
            )
        };
        let came_with = judged(&self.kept, now).signatures;
        let later = judged(signed, now.plus_seconds(TWO_YEARS_SECONDS));
        let mut report = judged(signed, now);
        report.file = Some("signed.pdf".to_owned());
        let count = report.signatures.len().saturating_sub(came_with.len());
        ensure!(count == 2, "this life made {count} signatures, not two");
        if !came_with.is_empty() {
            let count = came_with.len();
            self.transcript
                .saw(&format!("{count} signature(s) of others were in the file"));
        }
        for (before, after) in came_with.iter().zip(&report.signatures) {
            let name = after.field.as_deref().unwrap_or("?");
            ensure!(
                (before.crypto, before.intact) == (after.crypto, after.intact),
                "the signature {name} that the file came with was harmed: {:?}",
                after.reasons
            );
        }
        for (when, report) in [("now", &report), ("two years on", &later)] {
            for signature in report.signatures.iter().skip(came_with.len()) {
                let name = signature.field.as_deref().unwrap_or("?");
                self.transcript
                    .saw(&format!("{name} {when}: {:?}", signature.indication));
                ensure!(
                    signature.indication == Indication::TotalPassed,
                    "{when} the verdict on {name} is {:?}: {:?}",
                    signature.indication,
                    signature.reasons
                );
            }
        }
        Ok(report)
    }

    /// The public page takes the same file and shows a verdict.
    async fn check_page(&mut self, signed: &[u8]) -> anyhow::Result<()> {
        let page = self.initiator.open("/verify").await?;
        let form = page.form("/verify")?;
        let file = ("file".to_owned(), "signed.pdf".to_owned(), signed.to_vec());
        let shown = self.initiator.post_files(&form, vec![file]).await?;
        let text = shown.expect_shown()?.text();
        self.transcript.saw(&super::cut(&text));
        Ok(())
    }
}

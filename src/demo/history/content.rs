//! What the history's documents say: cards and papers.

use std::collections::BTreeMap;

use anyhow::Context as _;
use bytes::Bytes;
use chancery_types::Instant;
use chancery_types::id::DocumentId;

use super::{DAY_SECONDS, Life};
use crate::app::App;
use crate::app::documents::NewDocument;
use crate::app::intake::Repair;
use crate::app::spool::{Spool, Upload};
use crate::app::versions::VersionUpload;
use crate::demo::company::{Company, Counterparty};
use crate::demo::paper::{self, Subject, Wording};
use crate::domain::access::Action;

/// A paper of the demo is far smaller, in bytes.
const PAPER_BYTES_MAX: u64 = 4 * 1024 * 1024;

impl Life {
    /// Creates the document with its first version.
    pub(super) async fn create(
        &mut self,
        app: &App,
        company: &Company,
        wording: &Wording,
    ) -> anyhow::Result<()> {
        let counterparty = self.counterparty(company)?;
        let index = usize::try_from(self.number)?;
        let subject = wording.subjects.iter().cycle().nth(index);
        let subject = subject.context("a subject")?;
        self.describe(app.now(), company, wording, subject)?;
        let kind = if self.is_invoice {
            "invoice"
        } else {
            "contract"
        };
        let new = NewDocument {
            parent: None,
            kind: kind.to_owned(),
            title: self.value("title").to_owned(),
            card: self.card(app.now(), company, counterparty)?,
            main: Some(self.paper(company, wording)?),
            attachments: Vec::new(),
            repair: Repair::Offer,
        };
        let initiator = company.person("initiator")?;
        self.document = Some(app.create_document(initiator, new).await?.id);
        Ok(())
    }

    /// A new version with another penalty and one clause more, and round again.
    pub(super) async fn resubmit(
        &mut self,
        app: &App,
        company: &Company,
        wording: &Wording,
        document: DocumentId,
    ) -> anyhow::Result<()> {
        let initiator = company.person("initiator")?;
        let row = app
            .document_for(initiator, document, Action::EditDocument)
            .await?;
        if row.state != "rework" {
            return Ok(());
        }
        let extra = if self.is_foreign(company)? {
            &wording.words.extra_en
        } else {
            &wording.words.extra_ru
        };
        self.values.insert("penalty", "0,1".to_owned());
        self.values.insert("extra", extra.clone());
        let upload = VersionUpload {
            main: Some(self.paper(company, wording)?),
            attachments: Vec::new(),
            comment: wording.words.resubmit.clone(),
            keep: Vec::new(),
            repair: Repair::Offer,
        };
        app.add_version(initiator, document, row.row_version, upload)
            .await?;
        let comment = Some(wording.words.resubmit.as_str());
        app.resubmit_run(initiator, document, comment).await?;
        Ok(())
    }

    /// Two thirds of the documents are with the first counterparty.
    fn counterparty<'c>(&self, company: &'c Company) -> anyhow::Result<&'c Counterparty> {
        let index = usize::from(self.number % 3 == 2);
        company.counterparties.get(index).context("a counterparty")
    }

    fn is_foreign(&self, company: &Company) -> anyhow::Result<bool> {
        Ok(self.counterparty(company)?.plan.vat_id.is_some())
    }

    fn amount(&self) -> i64 {
        let spread = [18_000, 64_500, 240_000, 1_250_000, 780_300, 6_400_000];
        let base = spread.iter().cycle().nth(self.number as usize % 6);
        let base: i64 = base.copied().unwrap_or(10_000);
        base.saturating_add(i64::from(self.number) * 125)
    }

    fn describe(
        &mut self,
        now: Instant,
        company: &Company,
        wording: &Wording,
        subject: &Subject,
    ) -> anyhow::Result<()> {
        let plan = self.counterparty(company)?.plan.clone();
        let is_foreign = self.is_foreign(company)?;
        let signatory = company.person("signatory")?.person();
        let number = (1000 + self.number * 7).to_string();
        let quantity = (5 + (self.number * 13) % 90).to_string();
        let (title, text, currency) = if is_foreign {
            (&subject.title_en, &subject.text_en, "EUR")
        } else {
            (&subject.title_ru, &subject.text_ru, "RUB")
        };
        let title = if self.is_invoice {
            let title = wording.words.invoice_title.replace("{number}", &number);
            title.replace("{they}", &plan.name)
        } else {
            title.clone()
        };
        let numbers = match (&plan.inn, &plan.kpp, &plan.vat_id) {
            (Some(inn), Some(kpp), _) => {
                let numbers = wording.words.numbers.replace("{inn}", inn);
                numbers.replace("{kpp}", kpp)
            }
            (_, _, Some(vat_id)) => format!("VAT {vat_id}"),
            _ => String::new(),
        };
        let contact = plan.contacts.first().map(|contact| contact.name.clone());
        let values = [
            ("title", title),
            ("number", number),
            ("date", day(now)),
            ("subject", text.replace("{quantity}", &quantity)),
            ("amount", format!("{},00 {currency}", self.amount())),
            ("payment_days", (10 + self.number % 5 * 10).to_string()),
            ("penalty", "0,5".to_owned()),
            ("valid_until", day(now.plus_seconds(365 * DAY_SECONDS))),
            ("extra", String::new()),
            ("we", company.plan.name.clone()),
            ("our_inn", company.plan.inn.clone()),
            ("our_kpp", company.plan.kpp.clone()),
            (
                "our_signatory",
                signatory
                    .map(|person| person.name.clone())
                    .unwrap_or_default(),
            ),
            ("they", plan.name),
            ("their_numbers", numbers),
            ("their_address", plan.address),
            ("their_signatory", contact.unwrap_or_default()),
        ];
        self.values = BTreeMap::from(values);
        Ok(())
    }

    fn card(
        &self,
        now: Instant,
        company: &Company,
        counterparty: &Counterparty,
    ) -> anyhow::Result<BTreeMap<String, String>> {
        let department = company.departments.get("sales").context("a department")?;
        let currency = if self.is_foreign(company)? {
            "EUR"
        } else {
            "RUB"
        };
        let mut card = vec![
            ("counterparty", counterparty.id.to_string()),
            ("amount", format!("{}.00 {currency}", self.amount())),
            ("department", department.to_string()),
        ];
        if self.is_invoice {
            card.extend([
                ("invoice_number", self.value("number").to_owned()),
                ("invoice_date", date(now)),
                ("due_date", date(now.plus_seconds(14 * DAY_SECONDS))),
            ]);
        } else {
            card.extend([
                ("counterparty_contact", counterparty.contact.to_string()),
                ("subject", self.value("subject").to_owned()),
                ("payment_days", self.value("payment_days").to_owned()),
                ("valid_until", date(now.plus_seconds(365 * DAY_SECONDS))),
            ]);
        }
        let owned = card.into_iter();
        Ok(owned
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    fn paper(&self, company: &Company, wording: &Wording) -> anyhow::Result<Upload> {
        let form = match (self.is_invoice, self.is_foreign(company)?) {
            (true, _) => &wording.invoice,
            (false, true) => &wording.contract_en,
            (false, false) => &wording.contract_ru,
        };
        let values: Vec<(&str, &str)> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let file = paper::fill(form, &values)?;
        let name = format!("{}.pdf", self.value("title").replace([':', '/'], " "));
        let mut spool = Spool::new("main", &name, PAPER_BYTES_MAX)?;
        spool.write(&Bytes::from(file))?;
        Ok(spool.finish()?)
    }
}

/// `2026-11-23`, in UTC: nothing is made at night.
fn date(at: Instant) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

/// `23.11.2026`
fn day(at: Instant) -> String {
    at.timestamp().strftime("%d.%m.%Y").to_string()
}

//! How these tests bring documents in, and how they look for what was left behind.

use std::collections::BTreeMap;

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::documents::{Created, NewDocument};
use chancery::app::intake::Repair;
use chancery::app::spool::{Spool, Upload};
use chancery::i18n;
use chancery::store::entity::{attachments, audit_events, blobs, documents, jobs, versions};
use chancery_types::Locale;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::support::{House, TestApp};

/// A good card of a contract with `house`'s counterparty.
pub fn card(house: &House) -> BTreeMap<String, String> {
    [
        ("counterparty", house.counterparty.to_string()),
        ("counterparty_contact", house.contact.to_string()),
        ("subject", "Поставка бумаги".to_owned()),
        ("amount", "1 250 000,00".to_owned()),
        ("amount.currency", "RUB".to_owned()),
        ("payment_days", "10".to_owned()),
        ("department", house.departments["sales"].to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// A file on the disk, as a form brings it.
pub fn upload(field: &str, name: &str, bytes: &[u8]) -> Result<Upload, AppError> {
    let mut spool = Spool::new(field, name, 1_000_000)?;
    spool.write(&Bytes::copy_from_slice(bytes))?;
    spool.finish()
}

/// A new contract of these bytes.
pub fn contract(house: &House, bytes: &[u8]) -> Result<NewDocument, AppError> {
    Ok(NewDocument {
        parent: None,
        kind: "contract".to_owned(),
        title: "Договор поставки".to_owned(),
        card: card(house),
        main: Some(upload("main", "Договор.pdf", bytes)?),
        attachments: Vec::new(),
        repair: Repair::Offer,
    })
}

/// Brings a contract in as «Вектор»'s initiator.
pub async fn create(house: &TestApp, bytes: &[u8]) -> Result<Created, AppError> {
    let new = contract(&house.vector, bytes)?;
    house
        .app
        .create_document(&house.actor("initiator"), new)
        .await
}

/// How many rows of each table that a document touches.
pub async fn rows(house: &TestApp) -> [u64; 6] {
    let reader = house.app.store.reader();
    [
        documents::Entity::find()
            .count(reader)
            .await
            .expect("a count"),
        versions::Entity::find()
            .count(reader)
            .await
            .expect("a count"),
        attachments::Entity::find()
            .count(reader)
            .await
            .expect("a count"),
        blobs::Entity::find().count(reader).await.expect("a count"),
        jobs::Entity::find().count(reader).await.expect("a count"),
        audit_events::Entity::find()
            .count(reader)
            .await
            .expect("a count"),
    ]
}

/// The problems of an invalid input as `field: text`, in a language.
pub fn told(error: &AppError, locale: Locale) -> Vec<String> {
    let AppError::Invalid { fields } = error else {
        return vec![format!("{error}")];
    };
    let text = |problem: &chancery::app::FieldProblem| {
        let args = problem
            .args
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let text = i18n::t_named(locale, &format!("problem-field-{}", problem.code), args);
        format!("{}: {text}", problem.field)
    };
    fields.iter().map(text).collect()
}

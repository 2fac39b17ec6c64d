//! Signatures of the history: our signatory's and the counterparty's, by the same use cases as the
//! pages. The counterparty comes through the link and the code of the mailbox, as anybody must.

use anyhow::Context as _;
use chancery_types::Locale;
use chancery_workflow::Decision;
use uuid::Uuid;

use super::{Company, DocumentId, Runner, Wording};
use crate::app::App;
use crate::app::authority::fresh_key;
use crate::app::links::visit::{LinkKey, LinkState, Visit};
use crate::app::signing::ShownConsent;
use crate::app::signing::SignerKey;
use crate::demo::mailbox::{self, Mail};
use crate::domain::access::Action;
use crate::domain::actor::{Actor, Origin};

/// What a counterparty does with its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Reads, consents and signs.
    Sign,
    /// Asks something first; the initiator answers another day.
    Ask,
    /// Refuses, with a reason.
    Refuse,
}

/// Lets our signatory sign, if that is what the document waits for.
///
/// # Errors
///
/// What a use case refused.
pub async fn sign_ours(app: &App, company: &Company, document: DocumentId) -> anyhow::Result<()> {
    let signatory = company.person("signatory")?;
    // Who has no task yet may not even see the document.
    let Ok(route) = app.document_route(signatory, document).await else {
        return Ok(());
    };
    let Some(task) = route.my_task else {
        return Ok(());
    };
    if task.decisions.contains(&Decision::Sign) {
        // Whoever signs has had the file before them.
        app.base_file(signatory, task.id.uuid()).await?;
        sign(app, signatory, task.id.uuid()).await?;
    }
    Ok(())
}

/// Lets the counterparty come through its link, if the document has an open one.
///
/// # Errors
///
/// What a use case refused.
pub async fn answer_link(
    app: &App,
    company: &Company,
    wording: &Wording,
    document: DocumentId,
    answer: Answer,
) -> anyhow::Result<()> {
    let initiator = company.person("initiator")?;
    let row = app
        .document_for(initiator, document, Action::SeeDocument)
        .await?;
    let number = row.registration_number.context("a registration number")?;
    let start = app.url("/s#");
    let invitation = newest(app, |mail| {
        mail.text.contains(&number) && mail.link(&start).is_some()
    })?;
    let secret = invitation.as_ref().and_then(|mail| mail.link(&start));
    let Some((_, secret)) = secret.and_then(|link| link.split_once('#')) else {
        return Ok(());
    };
    let origin = Origin::default();
    let entered = app
        .enter_link(&LinkKey::Secret(secret.to_owned()), &origin, Locale::Ru)
        .await?;
    let come = async || -> anyhow::Result<(Visit, Actor)> {
        let visit = app.find_visit(&entered.cookie_secret).await?;
        let actor = visit.actor(origin.clone(), entered.locale);
        Ok((visit, actor))
    };
    let (visit, actor) = come().await?;
    if visit.link_state != LinkState::Active {
        return Ok(());
    }
    app.send_code(&actor, &visit).await?;
    Runner::new(app.clone()).drain().await?;
    let mail = newest(app, |mail| mail.code().is_some())?;
    let code = mail
        .as_ref()
        .and_then(Mail::code)
        .context("a mailed code")?;
    app.give_code(&actor, &visit, code).await?;
    let (visit, actor) = come().await?;
    let words = &wording.words;
    match answer {
        Answer::Ask => app.ask_question(&actor, &visit, &words.question).await?,
        Answer::Refuse => app.refuse_to_sign(&actor, &visit, &words.refuse).await?,
        Answer::Sign => {
            let pages = visit.subject.version.pages_count;
            for page in 1..=pages {
                app.link_page_image(&actor, &visit, page).await?;
            }
            app.read_pages(&actor, &visit, 1..=pages).await?;
            let (visit, actor) = come().await?;
            sign(app, &actor, visit.link.task_id).await?;
        }
    }
    Ok(())
}

/// Lets the initiator answer the counterparty's open questions.
///
/// # Errors
///
/// What a use case refused.
pub async fn reply(
    app: &App,
    company: &Company,
    wording: &Wording,
    document: DocumentId,
) -> anyhow::Result<()> {
    let initiator = company.person("initiator")?;
    let asked = app.document_signatures(initiator, document.uuid()).await?;
    for row in asked.questions.iter().filter(|row| row.can_answer) {
        app.answer_question(initiator, row.question.id, &wording.words.reply)
            .await?;
    }
    Ok(())
}

/// What a browser does: make a key, prepare, sign, complete.
async fn sign(app: &App, actor: &Actor, task: Uuid) -> anyhow::Result<()> {
    let seat = app.signing_seat(actor, task).await?;
    let consents = ShownConsent::both(&seat.organisation, actor.locale);
    app.give_consents(actor, task, &consents).await?;
    let key = fresh_key(app.key_kind());
    let spki_der = key.spki_der();
    let signer = SignerKey::Browser { spki_der };
    let prepared = app.prepare_signature(actor, task, &signer).await?;
    let value = key.sign(&prepared.signed_attributes)?;
    app.complete_signature(actor, prepared.id.uuid(), &value)
        .await?;
    Ok(())
}

/// The latest mail that `wanted` knows.
fn newest(app: &App, wanted: impl Fn(&Mail) -> bool) -> anyhow::Result<Option<Mail>> {
    let folder = &app.config.mail.directory;
    for name in mailbox::list(folder)? {
        if let Some(mail) = mailbox::read(folder, &name)?.filter(&wanted) {
            return Ok(Some(mail));
        }
    }
    Ok(None)
}

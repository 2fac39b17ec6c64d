//! Signatures: our people's with a key of their browser, and those of contacts, who come through
//! the letter with their link and the letter with its code.

use chancery::app::authority::fresh_key;
use chancery::app::links::visit::{LinkKey, Visit};
use chancery::app::signing::{ShownConsent, SignerKey};
use chancery::domain::actor::{Actor, Origin};
use chancery::store::entity::{links, tasks};
use chancery_types::Locale;
use mail_parser::MessageParser;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::Month;

impl Month {
    /// Reads, consents and signs.
    pub(super) async fn sign(&self, actor: &Actor, task: Uuid) {
        let app = &self.app;
        if actor.person().is_some() {
            app.base_file(actor, task).await.expect("the file");
        }
        let consents = ShownConsent::both(&self.company.organisation, actor.locale);
        let given = app.give_consents(actor, task, &consents).await;
        given.expect("consents");
        let key = fresh_key(app.key_kind());
        let spki_der = key.spki_der();
        let signer = SignerKey::Browser { spki_der };
        let prepared = app.prepare_signature(actor, task, &signer).await;
        let prepared = prepared.expect("prepared");
        let value = key.sign(&prepared.signed_attributes).expect("a value");
        let done = app.complete_signature(actor, prepared.id.uuid(), &value);
        done.await.expect("signed");
    }

    /// A contact comes by the newest letter with the link of the task, and signs or refuses.
    pub(super) async fn answer_link(&mut self, task: &tasks::Model) {
        let link = links::Entity::find()
            .filter(links::Column::TaskId.eq(task.id))
            .filter(links::Column::State.eq("active"))
            .one(self.app.store.reader())
            .await
            .expect("asked")
            .expect("a link that works");
        let secret = self.secrets[&task.document_id].clone();
        let app = self.app.clone();
        let origin = Origin::default();
        let entered = app
            .enter_link(&LinkKey::Secret(secret), &origin, Locale::En)
            .await
            .expect("entered");
        let come = async || -> (Visit, Actor) {
            let visit = app.find_visit(&entered.cookie_secret).await;
            let visit = visit.expect("a visit");
            let actor = visit.actor(origin.clone(), entered.locale);
            (visit, actor)
        };
        let (visit, actor) = come().await;
        app.send_code(&actor, &visit).await.expect("a code");
        self.settle_letters().await;
        let text = words_of(&self.newest[&link.contact_email]);
        let code = text
            .lines()
            .map(str::trim)
            .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
        let given = app.give_code(&actor, &visit, code.expect("a code"));
        given.await.expect("the right code");
        let (visit, actor) = come().await;
        let who = task.contact_id.expect("a contact");
        if self.drawn.falls(10) {
            let refused = app.refuse_to_sign(&actor, &visit, "Не согласны").await;
            refused.expect("refused");
            return self.note(task, who, "reject");
        }
        app.link_file(&actor, &visit).await.expect("the file");
        app.read_pages(&actor, &visit, 1..=1).await.expect("read");
        let (_, actor) = come().await;
        self.sign(&actor, task.id).await;
        self.note(task, who, "sign");
    }
}

/// The text of a letter as a mail program shows it.
pub(super) fn words_of(letter: &str) -> String {
    let parsed = MessageParser::default().parse(letter.as_bytes());
    let parsed = parsed.expect("a letter");
    parsed.body_text(0).expect("a text").into_owned()
}

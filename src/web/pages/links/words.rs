//! The other ways out in words: ask, refuse with a reason, name who signs instead.

use actix_web::web::Data;
use askama::Template;

use super::gist::Gist;
use super::visitor::Visitor;
use crate::app::links::ending::NewSignatory;
use crate::app::{App, AppError};
use crate::web::{Answer, FormView, PostedForm, Shell, present};

/// A page with one text to write. `topic` names its sentences and its address.
#[derive(Template)]
#[template(path = "pages/link/words.html")]
struct WordsPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    topic: &'static str,
    field: &'static str,
    is_grave: bool,
    form: FormView,
}

impl WordsPage<'_> {
    fn title_key(&self) -> &'static str {
        match self.topic {
            "ask" => "link-ask-title",
            _ => "link-refuse-title",
        }
    }

    fn text_key(&self) -> &'static str {
        match self.topic {
            "ask" => "link-ask-text",
            _ => "link-refuse-text",
        }
    }

    fn label_key(&self) -> &'static str {
        match self.topic {
            "ask" => "link-ask-label",
            _ => "link-refuse-label",
        }
    }

    fn submit_key(&self) -> &'static str {
        match self.topic {
            "ask" => "link-ask-submit",
            _ => "link-refuse-submit",
        }
    }
}

const ASK: (&str, &str) = ("ask", "question");
const REFUSE: (&str, &str) = ("refuse", "reason");

fn words<'a>(
    visitor: &'a Visitor,
    (topic, field): (&'static str, &'static str),
    form: FormView,
) -> WordsPage<'a> {
    WordsPage {
        shell: &visitor.shell,
        gist: Gist::of(visitor),
        topic,
        field,
        is_grave: topic != ASK.0,
        form,
    }
}

fn show(visitor: &Visitor, topic: (&'static str, &'static str)) -> Answer {
    if visitor.must_verify() {
        return visitor.to_code(topic.0);
    }
    visitor.visit.require_verified()?;
    present::page(&visitor.shell, &words(visitor, topic, FormView::default()))
}

fn finish(
    visitor: &Visitor,
    topic: (&'static str, &'static str),
    form: &PostedForm,
    outcome: Result<(), AppError>,
    flash: &str,
) -> Answer {
    match outcome {
        Ok(()) => present::see_other("/s/document", flash, &[("title", visitor.title())]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(visitor.shell.locale(), &fields);
            present::page_with_errors(&visitor.shell, &words(visitor, topic, form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /s/ask`
pub async fn get_ask(visitor: Visitor) -> Answer {
    show(&visitor, ASK)
}

/// `POST /s/ask`
pub async fn post_ask(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    let done = app
        .ask_question(&visitor.actor, &visitor.visit, form.text(ASK.1))
        .await;
    finish(&visitor, ASK, &form, done, "flash-question-asked")
}

/// `GET /s/refuse`
pub async fn get_refuse(visitor: Visitor) -> Answer {
    show(&visitor, REFUSE)
}

/// `POST /s/refuse`
pub async fn post_refuse(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    let done = app
        .refuse_to_sign(&visitor.actor, &visitor.visit, form.text(REFUSE.1))
        .await;
    finish(&visitor, REFUSE, &form, done, "flash-refused")
}

#[derive(Template)]
#[template(path = "pages/link/hand-over.html")]
struct HandOverPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    form: FormView,
}

/// `GET /s/hand-over`
pub async fn get_hand_over(visitor: Visitor) -> Answer {
    if visitor.must_verify() {
        return visitor.to_code("hand-over");
    }
    visitor.visit.require_verified()?;
    let form = FormView::default();
    let page = HandOverPage {
        shell: &visitor.shell,
        gist: Gist::of(&visitor),
        form,
    };
    present::page(&visitor.shell, &page)
}

/// `POST /s/hand-over`: a new person, a new link, a new code; and it is logged.
pub async fn post_hand_over(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    let named = NewSignatory {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        position: form.optional("position").map(str::to_owned),
    };
    match app.hand_over(&visitor.actor, &visitor.visit, &named).await {
        Ok(()) => {
            let title = [("title", visitor.title())];
            present::see_other("/s/document", "flash-handed-over", &title)
        }
        Err(AppError::Invalid { fields }) => {
            let form = form.view(visitor.shell.locale(), &fields);
            let page = HandOverPage {
                shell: &visitor.shell,
                gist: Gist::of(&visitor),
                form,
            };
            present::page_with_errors(&visitor.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

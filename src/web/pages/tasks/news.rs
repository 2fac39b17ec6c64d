//! What happened since the reader's last visit, above their tasks: `partials/news.html`.

use actix_web::web::Data;
use chancery_types::Instant;

use crate::app::App;
use crate::app::news::{DocumentNews, News};
use crate::app::reading::HistoryEvent;
use crate::web::pages::documents::view::When;
use crate::web::{Answer, Desk, PostedForm, Shell, history, present};

/// The most events of one document that are told; its page has all.
const OF_DOCUMENT_MAX: usize = 3;
/// How many documents are told of before the rest is unfolded.
const DOCUMENTS_FIRST: usize = 3;
/// The most characters of somebody's words.
const WORDS_MAX: usize = 160;

/// What happened: `partials/news.html` takes it as `news`.
pub(super) struct NewsView {
    /// Since when, in words.
    pub since: String,
    /// What the form sends back: until when it is told, in microseconds.
    pub until: i64,
    /// How many events; with a plus if there are more.
    pub count: String,
    /// The documents with the newest events …
    pub first: Vec<NewsLine>,
    /// … and the others, folded.
    pub rest: Vec<NewsLine>,
    /// Whether there are older events.
    pub has_more: bool,
}

/// One document.
pub(super) struct NewsLine {
    pub id: String,
    pub title: String,
    /// May be empty.
    pub number: String,
    pub events: Vec<NewsEvent>,
    /// How many more events there are, in words; empty if none.
    pub more: String,
}

/// One event.
pub(super) struct NewsEvent {
    pub actor: String,
    pub text: String,
    /// What was said with it; may be empty.
    pub words: String,
    pub at: When,
}

impl NewsEvent {
    fn new(shell: &Shell, event: &HistoryEvent) -> Self {
        let words = history::words(&event.details).join("; ");
        let mut cut: String = words.chars().take(WORDS_MAX).collect();
        if cut.len() < words.len() {
            cut.push('…');
        }
        Self {
            actor: history::actor(shell, &event.action, &event.actor_kind, &event.actor_name),
            text: history::sentence(shell, &event.action, &event.details, &event.names),
            words: cut,
            at: When::new(shell, event.at.micros()),
        }
    }
}

impl NewsLine {
    fn new(shell: &Shell, news: &DocumentNews) -> Self {
        let more = news.events.len().saturating_sub(OF_DOCUMENT_MAX);
        let events = news.events.iter().take(OF_DOCUMENT_MAX);
        Self {
            id: news.id.to_string(),
            title: news.title.clone(),
            number: news.registration_number.clone().unwrap_or_default(),
            events: events.map(|event| NewsEvent::new(shell, event)).collect(),
            more: match more {
                0 => String::new(),
                more => shell.t1("news-more", "count", more),
            },
        }
    }
}

impl NewsView {
    /// In the reader's words; `None` if nothing happened.
    pub(super) fn of(shell: &Shell, news: &News) -> Option<Self> {
        if news.events_count == 0 {
            return None;
        }
        let lines = news.documents.iter().map(|one| NewsLine::new(shell, one));
        let mut first: Vec<NewsLine> = lines.collect();
        let rest = first.split_off(first.len().min(DOCUMENTS_FIRST));
        Some(Self {
            since: shell.formats.moment(news.since),
            until: news.until.micros(),
            count: match news.has_more {
                true => format!("{}+", news.events_count),
                false => news.events_count.to_string(),
            },
            first,
            rest,
            has_more: news.has_more,
        })
    }
}

/// `POST /tasks/news/seen`: the reader has seen what the page told, and no more than that.
pub(super) async fn post_seen(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let until = form.parse_optional("seen_until")?;
    let until = until.map(Instant::from_micros);
    app.see_news(&desk.actor, until).await?;
    present::see_other("/tasks", "flash-news-seen", &[])
}

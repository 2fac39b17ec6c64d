//! The pages, a few at a time, as images with their text beneath; progress is kept.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::gist::Gist;
use super::visitor::Visitor;
use crate::app::comments::SaidOutside;
use crate::app::pages::PagePlace;
use crate::app::signing::shown::UNOPENED;
use crate::app::{App, AppError};
use crate::domain::place::Place;
use crate::web::pages::documents::files;
use crate::web::pages::documents::place::MarkView;
use crate::web::{Answer, PostedForm, Problem, Shell, i18n, present};

/// How many pages are shown at once.
const PAGES_AT_ONCE: i64 = 5;

/// One page as it is shown.
#[derive(Clone, Debug)]
pub struct PageView {
    /// From 1.
    pub number: i64,
    /// Width of its image in pixels.
    pub width: i64,
    /// Height of its image in pixels.
    pub height: i64,
    /// Its text, for search, copy and screen readers.
    pub text: String,
    /// Whether it cannot be shown as an image.
    pub is_undrawable: bool,
    /// What the house says of it, in the order of their numbers.
    pub said: Vec<SaidView>,
}

/// What the house says of a page or a place on it.
#[derive(Clone, Debug)]
pub struct SaidView {
    /// Its number, from 1 among what is said of this document.
    pub number: usize,
    /// Its mark, if it is about a place.
    pub mark: Option<MarkView>,
    /// Who says it.
    pub author: String,
    /// What.
    pub text: String,
}

impl SaidView {
    /// What of `said` is about `page`.
    fn of_page(shell: &Shell, said: &[SaidOutside], page: i64) -> Vec<Self> {
        let placed = said.iter().filter_map(|one| Some((one.place?, one)));
        let numbered = placed.zip(1..).filter(|((place, _), _)| place.page == page);
        let view = |((place, one), number): ((Place, &SaidOutside), usize)| Self {
            number,
            mark: MarkView::new(shell, place, number, &one.author_name, &number.to_string()),
            author: one.author_name.clone(),
            text: one.text.clone(),
        };
        numbered.map(view).collect()
    }
}

impl PageView {
    fn of(shell: &Shell, said: &[SaidOutside], page: PagePlace) -> Self {
        Self {
            said: SaidView::of_page(shell, said, page.number),
            number: page.number,
            width: page.width,
            height: page.height,
            text: page.text.unwrap_or_default(),
            is_undrawable: page.is_undrawable,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/link/read.html")]
struct ReadPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    pages: Vec<PageView>,
    attachments: Vec<(i64, String)>,
    from: i64,
    to: i64,
    next_to: i64,
    earlier: Option<i64>,
    is_last: bool,
    /// Why pages are not taken for read; empty if nothing was said of them.
    refused: String,
}

impl ReadPage<'_> {
    fn title(&self) -> String {
        self.range("link-read-title", self.from, self.to)
    }

    fn submit(&self) -> String {
        if self.is_last {
            return self.shell.t("link-read-finish");
        }
        self.range("link-read-next", self.to.saturating_add(1), self.next_to)
    }

    /// A sentence about pages `from` to `to`; `many` says which of its forms.
    fn range(&self, key: &str, from: i64, to: i64) -> String {
        let many = i64::from(from != to);
        let args = [
            ("from", from),
            ("to", to),
            ("count", self.gist.pages_count),
            ("many", many),
        ];
        let args = args.map(|(name, number)| (name, i18n::Value::from(number)));
        i18n::t(self.shell.locale(), key, &args)
    }
}

/// Where to begin reading.
#[derive(Debug, Deserialize)]
pub struct ReadQuery {
    from: Option<i64>,
}

/// `GET /s/read?from=6`
pub async fn get_read(app: Data<App>, visitor: Visitor, query: Query<ReadQuery>) -> Answer {
    if visitor.must_verify() {
        return visitor.to_code("");
    }
    visitor.visit.require_verified()?;
    let page = read_page(&app, &visitor, query.from).await?;
    present::page(&visitor.shell, &page)
}

async fn read_page<'a>(
    app: &App,
    visitor: &'a Visitor,
    from: Option<i64>,
) -> Result<ReadPage<'a>, AppError> {
    let count = visitor.visit.subject.version.pages_count;
    let read = visitor.visit.said_read();
    let unread = (1..=count).find(|page| !read.has(*page)).unwrap_or(1);
    let from = from.unwrap_or(unread).clamp(1, count.max(1));
    let last = |from: i64| from.saturating_add(PAGES_AT_ONCE).saturating_sub(1);
    let to = last(from).min(count);
    let shown = app.link_pages(&visitor.visit, from..=to).await?;
    let said = app.said_outside(&visitor.visit).await?;
    Ok(ReadPage {
        shell: &visitor.shell,
        gist: Gist::of(visitor),
        pages: shown
            .into_iter()
            .map(|page| PageView::of(&visitor.shell, &said, page))
            .collect(),
        attachments: app.link_attachments(&visitor.visit).await?,
        from,
        to,
        next_to: last(to.saturating_add(1)).min(count),
        earlier: (from > 1).then(|| from.saturating_sub(PAGES_AT_ONCE).max(1)),
        is_last: to >= count,
        refused: String::new(),
    })
}

/// `POST /s/read`: "I have read these".
pub async fn post_read(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    let (from, to): (i64, i64) = (form.parse("from")?, form.parse("to")?);
    let to = to.min(from.saturating_add(PAGES_AT_ONCE).saturating_sub(1));
    let said = app.read_pages(&visitor.actor, &visitor.visit, from..=to);
    match said.await {
        Ok(()) => {}
        // The reader is where the pages are that they have not seen.
        Err(error @ AppError::Refused { code: UNOPENED, .. }) => {
            let mut page = read_page(&app, &visitor, Some(from)).await?;
            page.refused = Problem::from(error).facts().detail(visitor.shell.locale());
            return present::page_with(HttpResponse::Conflict(), &visitor.shell, &page);
        }
        Err(error) => return Err(error.into()),
    }
    let count = visitor.visit.subject.version.pages_count;
    if to >= count {
        return present::see_other("/s/sign", "flash-all-read", &[]);
    }
    let next = format!("/s/read?from={}", to.saturating_add(1));
    let (to, count) = (to.to_string(), count.to_string());
    present::see_other(&next, "flash-pages-read", &[("to", &to), ("count", &count)])
}

/// `GET /s/pages/{page}.png`: the address is the same for every link, so that a browser asks each
/// time before it shows what it has; who has no verified visit any more is shown nothing.
pub async fn get_page(
    app: Data<App>,
    visitor: Visitor,
    page: Path<i64>,
    request: HttpRequest,
) -> Answer {
    visitor.visit.require_verified()?;
    let shown = app
        .link_page_image(&visitor.actor, &visitor.visit, *page)
        .await?;
    Ok(files::image(&request, shown))
}

/// `GET /s/file`: the exact file.
pub async fn get_file(app: Data<App>, visitor: Visitor) -> Answer {
    Ok(files::download(
        app.link_file(&visitor.actor, &visitor.visit).await?,
    ))
}

/// `GET /s/attachments/{position}`
pub async fn get_attachment(app: Data<App>, visitor: Visitor, position: Path<i64>) -> Answer {
    let file = app.link_attachment(&visitor.visit, *position).await?;
    Ok(files::download(file))
}

//! A place on a page: chosen by pressing the page's image, marked on it, said something of.
//!
//! Nothing here needs a script: the image is a button of a form, which sends where it was pressed.
//! That is in pixels as the image is shown, and nobody says how large that is; so it is shown in
//! one of two sizes that the form knows, a narrow and a wide one.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use chancery_types::id::DocumentId;
use serde::Deserialize;

use super::discussion::CommentForm;
use crate::app::comments::{Discussion, KnownComment, PlaceDraft};
use crate::app::pages::PagePlace;
use crate::app::{App, AppError};
use crate::domain::place::Place;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// How wide a page is shown to be pressed, in CSS pixels: on a phone, on a desk.
const WIDTHS: [i64; 2] = [320, 720];

/// A mark on a page's image.
#[derive(Clone, Debug)]
pub struct MarkView {
    /// The page.
    pub page: i64,
    /// What stands in it.
    pub number: usize,
    /// From the left edge: `45.20%`.
    pub x: String,
    /// From the upper edge.
    pub y: String,
    /// Its own anchor.
    pub anchor: String,
    /// Where it leads.
    pub href: String,
    /// What it is, for those who do not see it.
    pub label: String,
}

/// A share of a page as SVG writes it.
fn percent(share: i64) -> String {
    format!("{}.{:02}%", share / 100, share % 100)
}

impl MarkView {
    /// The mark of what was said of a place; `None` if it is of a page as a whole.
    #[must_use]
    pub fn new(
        shell: &Shell,
        place: Place,
        number: usize,
        author: &str,
        key: &str,
    ) -> Option<Self> {
        let (x, y) = place.at?;
        Some(Self {
            page: place.page,
            number,
            x: percent(x),
            y: percent(y),
            anchor: format!("mark-{key}"),
            href: format!("#comment-{key}"),
            label: shell.t2("place-mark", "number", number, "name", author),
        })
    }
}

/// What is said of places on the pages of a version.
#[derive(Clone, Debug, Default)]
pub struct PlacesView {
    /// The marks: of what was said and is not struck out.
    pub marks: Vec<MarkView>,
    /// Whether the reader may say something of a place.
    pub may_say: bool,
}

impl PlacesView {
    /// Those of the version with this number.
    #[must_use]
    pub fn new(shell: &Shell, version: i64, talk: &Discussion) -> Self {
        let said = talk.comments.iter();
        let shown = said.filter(|one| one.version_number == version && one.row.struck_at.is_none());
        let mark = |one: &KnownComment| {
            let (author, key) = (one.author_name.as_str(), one.row.id.to_string());
            MarkView::new(shell, one.place?, one.mark, author, &key)
        };
        Self {
            marks: shown.filter_map(mark).collect(),
            may_say: talk.may_comment,
        }
    }
}

/// Where a place is, in words: "page 3, mark 2"; empty without one. And the address of it.
#[must_use]
pub fn place_words(
    shell: &Shell,
    document: DocumentId,
    version: i64,
    (place, mark, key): (Option<Place>, usize, &str),
) -> (String, String) {
    let Some(place) = place else {
        return (String::new(), String::new());
    };
    let start = format!("/documents/{document}?version={version}");
    match place.at {
        Some(_) => (
            shell.t2("place-at", "page", place.page, "number", mark),
            format!("{start}#mark-{key}"),
        ),
        None => (
            shell.t1("place-on", "page", place.page),
            format!("{start}#p{}", place.page),
        ),
    }
}

/// What the address asks for: `?version=2&page=3`, then with where the image was pressed.
#[derive(Debug, Deserialize)]
pub(super) struct PlaceAddress {
    version: Option<i64>,
    page: Option<i64>,
    /// How wide the image was, in CSS pixels.
    shown: Option<i64>,
    #[serde(rename = "at.x")]
    x: Option<i64>,
    #[serde(rename = "at.y")]
    y: Option<i64>,
    /// The page as a whole.
    whole: Option<String>,
}

/// An image to press.
struct Press {
    class: &'static str,
    width: i64,
    height: i64,
}

#[derive(Template)]
#[template(path = "pages/documents/place.html")]
struct PlacePage<'a> {
    shell: &'a Shell,
    document: DocumentId,
    version: i64,
    page: i64,
    title: String,
    /// What the image is, for those who do not see it.
    image: String,
    presses: Vec<Press>,
    /// Where it was pressed.
    chosen: Option<(String, String)>,
    /// What to say of it, once it is chosen.
    form: Option<CommentForm>,
}

/// How high an image is shown that is `width` wide.
fn height_of(width: i64, (page_width, page_height): (i64, i64)) -> i64 {
    let height = width.saturating_mul(page_height);
    height.checked_div(page_width.max(1)).unwrap_or(0).max(1)
}

impl PlaceAddress {
    /// What was chosen, on a page of this size; `None` before anything was.
    fn chosen(&self, page: i64, size: (i64, i64)) -> Option<Place> {
        if self.whole.is_some() {
            return Some(Place::on(page));
        }
        let shown = self.shown.filter(|width| WIDTHS.contains(width))?;
        let pressed = (self.x?, self.y?);
        Some(Place::of_press(
            page,
            pressed,
            (shown, height_of(shown, size)),
        ))
    }
}

/// `GET /documents/{document}/place?version=2&page=3`
pub(super) async fn get_place(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    address: Query<PlaceAddress>,
) -> Answer {
    let actor = &desk.actor;
    let version = app.see_version(actor, *document, address.version).await?;
    let number = address.page.unwrap_or(1);
    let pages = app.page_places_in(&version, number..=number).await?;
    let page = pages.into_iter().next().ok_or(AppError::Hidden)?;
    let found: Discussion = app.discussion(actor, *document).await?;
    if !found.may_comment {
        return Err(AppError::refused("comment-not-in-stage").into());
    }
    let view = place_page(
        &desk.shell,
        &found,
        (*document, version.number),
        &page,
        &address,
    );
    present::page(&desk.shell, &view)
}

/// The page with what was pressed on it so far.
fn place_page<'a>(
    shell: &'a Shell,
    found: &Discussion,
    (document, version): (DocumentId, i64),
    page: &PagePlace,
    address: &PlaceAddress,
) -> PlacePage<'a> {
    let size = (page.width, page.height);
    let chosen = address.chosen(page.number, size).map(|place| PlaceDraft {
        version_number: version,
        place,
    });
    let classes = ["press-narrow", "press-wide"].into_iter();
    let presses = classes.zip(WIDTHS).filter(|_| !page.is_undrawable);
    let at = chosen.and_then(|draft| draft.place.at);
    PlacePage {
        shell,
        document,
        version,
        page: page.number,
        title: shell.t1("place-title", "page", page.number),
        image: shell.t1("place-image", "page", page.number),
        presses: presses
            .map(|(class, width)| Press {
                class,
                width,
                height: height_of(width, size),
            })
            .collect(),
        chosen: at.map(|(x, y)| (percent(x), percent(y))),
        form: chosen.map(|draft| {
            let form = FormView::of(fields_of(draft));
            CommentForm::new(shell, document, found, form)
        }),
    }
}

/// The names of the hidden fields of a place.
pub(super) const FIELDS: [&str; 4] = ["at_version", "at_page", "at_x", "at_y"];

/// A place as the hidden fields of a form.
fn fields_of(draft: PlaceDraft) -> Vec<(&'static str, String)> {
    let at = draft.place.at;
    let values = [
        Some(draft.version_number),
        Some(draft.place.page),
        at.map(|(x, _)| x),
        at.map(|(_, y)| y),
    ];
    let filled = FIELDS.into_iter().zip(values);
    filled
        .filter_map(|(name, value)| Some((name, value?.to_string())))
        .collect()
}

/// The place that a form is about, if it has one.
pub(super) fn posted_place(form: &PostedForm) -> Result<Option<PlaceDraft>, AppError> {
    let Some(version_number) = form.parse_optional("at_version")? else {
        return Ok(None);
    };
    let (x, y) = (form.parse_optional("at_x")?, form.parse_optional("at_y")?);
    Ok(Some(PlaceDraft {
        version_number,
        place: Place {
            page: form.parse("at_page")?,
            at: x.zip(y),
        },
    }))
}

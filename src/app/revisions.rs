//! The file as a signature found it, and what is seen otherwise in it now.
//!
//! Both states are drawn by the worker, page by page, and nothing of it is kept. That nothing
//! visible changed is said only where every page of both was drawn, and the pictures and the texts
//! are the same: what takes too long, is too large or cannot be drawn is told by its pages.
//!
//! A page of two states takes ten seconds at most and a file twenty, by the clock on the wall: the
//! process that overruns is ended. Files of strangers are drawn apart, one at a time, and each of
//! those who bring them has one turn after the other.

use std::time::Duration;

use bytes::Bytes;
use chancery_types::Digest;
use uuid::Uuid;

use crate::app::pages::not_drawable;
use crate::app::{App, AppError};
use crate::clock::Stopwatch;
use crate::domain::comparison::looks::{Drawn, Look, SeenPage, State, compare_looks};
use crate::domain::comparison::marks::{Grid, Mark, differing};
use crate::pdf_worker::{DPI, PageImage, TILE_PIXELS, Whose, WorkerError};

/// Most pages of one state that are drawn.
const PAGES_MAX: usize = 100;
/// Most pages that are counted, drawn or not.
const COUNTED_MAX: usize = 5_000;
/// Most bytes of pictures of one state: they are in memory, and go into one answer.
const PICTURES_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most characters of one state's text.
const TEXT_CHARS_MAX: usize = 4_000_000;
/// How long one page of one state may take, to be read and to be drawn …
const PAGE_TIME_MAX: Duration = Duration::from_secs(5);
/// … and all pages of one state.
const STATE_TIME_MAX: Duration = Duration::from_secs(10);

/// Whose share of the workers a comparison takes.
#[derive(Clone, Debug)]
pub enum Share {
    /// Of somebody whom the house knows, by who they are.
    Person(Uuid),
    /// Of a stranger, by the network that they come from.
    Stranger(String),
}

impl Share {
    /// By what they are told apart: of a stranger a number that nothing else has.
    fn owner(&self) -> Uuid {
        match self {
            Self::Person(id) => *id,
            Self::Stranger(network) => {
                let digest = Digest::of(network.as_bytes());
                let mut id = [0; 16];
                id.iter_mut()
                    .zip(digest.as_bytes())
                    .for_each(|(to, from)| *to = *from);
                Uuid::from_bytes(id)
            }
        }
    }
}

/// The two states of a file.
#[derive(Clone, Debug)]
pub struct States {
    /// What the signature covers.
    pub signed: Bytes,
    /// The file as it is now.
    pub now: Bytes,
}

/// A page in both states.
#[derive(Clone, Debug)]
pub struct PairedPage {
    /// How the two stand.
    pub seen: SeenPage,
    /// The signed one, if it was drawn.
    pub signed: Option<Picture>,
    /// The present one.
    pub now: Option<Picture>,
    /// Where the two differ, if both were drawn and do: in pixels of the present one.
    pub marks: Vec<Mark>,
}

/// A page as it was drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The image, PNG.
    pub png: Bytes,
    /// Its squares, by which two are compared.
    pub grid: Grid,
}

impl Picture {
    fn of(image: PageImage) -> Self {
        Self {
            png: Bytes::from(image.png),
            grid: Grid {
                width: image.width,
                height: image.height,
                side: TILE_PIXELS,
                squares: image.tiles,
            },
        }
    }
}

impl PairedPage {
    fn of(seen: SeenPage, signed: Option<Picture>, now: Option<Picture>) -> Self {
        let marks = match (&signed, &now) {
            (Some(signed), Some(now)) if seen.look == Look::Differs => {
                differing(&signed.grid, &now.grid)
            }
            _ => Vec::new(),
        };
        Self {
            seen,
            signed,
            now,
            marks,
        }
    }
}

/// What is seen otherwise.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Whether the signature covers the whole file: then there is nothing to compare.
    pub is_whole: bool,
    /// The pages, in order.
    pub pages: Vec<PairedPage>,
}

impl Seen {
    /// The numbers of pages that stand so.
    #[must_use]
    pub fn numbers(&self, looks: &[Look]) -> Vec<i64> {
        let all = self.pages.iter();
        let found = all.filter(|page| looks.contains(&page.seen.look));
        found
            .map(|page| i64::try_from(page.seen.number).unwrap_or(i64::MAX))
            .collect()
    }

    /// Whether nothing visible differs, which is known of every page.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.pages.iter().all(|page| page.seen.look == Look::Same)
    }
}

/// One state, as far as it was drawn.
struct DrawnState {
    /// Of each page, if it could be drawn.
    pictures: Vec<Option<Picture>>,
    /// Of each page that was tried.
    texts: Vec<String>,
    /// How many pages there are.
    count: usize,
}

impl DrawnState {
    /// Every page, those that were not tried too.
    fn looks(&mut self) -> State {
        let drawn = |picture: &Option<Picture>| match picture {
            Some(picture) => Drawn::As(Digest::of(&picture.png)),
            None => Drawn::Not,
        };
        let mut all: Vec<Drawn> = self.pictures.iter().map(drawn).collect();
        all.resize(self.count, Drawn::Not);
        State {
            drawn: all,
            texts: std::mem::take(&mut self.texts),
        }
    }
}

impl App {
    /// Compares two states of a file, page by page. Keeps nothing.
    ///
    /// # Errors
    ///
    /// `page-not-drawable` if one of them has no pages that can be drawn; [`AppError::Unavailable`]
    /// while all workers are busy.
    pub async fn see_changes(&self, share: &Share, states: States) -> Result<Seen, AppError> {
        if states.signed == states.now {
            return Ok(Seen {
                is_whole: true,
                pages: Vec::new(),
            });
        }
        let mut older = self.draw_state(share, states.signed).await?;
        let mut newer = self.draw_state(share, states.now).await?;
        let (before, after) = (older.looks(), newer.looks());
        let seen = tokio::task::spawn_blocking(move || compare_looks(&before, &after));
        let seen = seen
            .await
            .map_err(|error| AppError::Internal(error.into()))?;
        let mut signed = older.pictures.into_iter();
        let mut now = newer.pictures.into_iter();
        let pages = seen.into_iter().map(|seen| {
            let (signed, now) = (signed.next().flatten(), now.next().flatten());
            PairedPage::of(seen, signed, now)
        });
        Ok(Seen {
            is_whole: false,
            pages: pages.collect(),
        })
    }

    async fn draw_state(&self, share: &Share, bytes: Bytes) -> Result<DrawnState, AppError> {
        let file = Digest::of(&bytes);
        let owner = share.owner();
        let whose = Whose { owner, file };
        let place = match share {
            // A place is left to those who read a document.
            Share::Person(_) => self.pdf.place_behind_readers(whose).await,
            Share::Stranger(_) => self.pdf.place_of_stranger(whose).await,
        };
        let mut file = place
            .and_then(|place| place.open(bytes))
            .map_err(not_drawable)?;
        let watch = Stopwatch::start();
        file.allow(PAGE_TIME_MAX);
        let count = file.pages_count().await.map_err(not_drawable)?;
        let mut state = DrawnState {
            pictures: Vec::new(),
            texts: Vec::new(),
            count: usize::try_from(count).map_or(COUNTED_MAX, |count| count.min(COUNTED_MAX)),
        };
        let (mut room, mut letters) = (PICTURES_BYTES_MAX, TEXT_CHARS_MAX);
        for page in 0..count {
            let left = STATE_TIME_MAX.saturating_sub(watch.elapsed());
            let is_over = state.texts.len() >= PAGES_MAX || left.is_zero();
            if is_over || room == 0 || letters == 0 {
                break;
            }
            file.allow(left.min(PAGE_TIME_MAX));
            let text = answered(file.text(page).await)?;
            let picture = match text {
                Some(_) => answered(file.render(page, DPI).await)?,
                None => None,
            };
            let text = text.map(|text| text.text).unwrap_or_default();
            let picture = picture.map(Picture::of);
            room = room.saturating_sub(picture.as_ref().map_or(0, |one| one.png.len()));
            letters = letters.saturating_sub(text.chars().count());
            state.pictures.push(picture);
            state.texts.push(text);
        }
        Ok(state)
    }
}

/// What the worker answered; nothing for a page that it cannot draw.
fn answered<T>(answer: Result<T, WorkerError>) -> Result<Option<T>, AppError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(why @ (WorkerError::Busy | WorkerError::NotStarted)) => Err(not_drawable(why)),
        Err(_) => Ok(None),
    }
}

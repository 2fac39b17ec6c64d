//! Pages as images and as text: drawn once by the worker, kept by the file's digest.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use chancery_types::Digest;
use chancery_types::id::{DocumentId, OrganisationId};
use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

use crate::app::intake::unavailable;
use crate::app::versions::parse_digest;
use crate::app::work::Progress;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::clock::Stopwatch;
use crate::domain::actor::Actor;
use crate::pdf_worker::{DPI, OpenFile, RENDERER, Whose, WorkerError};
use crate::store;
use crate::store::entity::{blobs, page_images, undrawable_pages, versions};
use crate::store::pages::PageSize;

/// A page ready to be shown.
#[derive(Clone, Debug)]
pub struct ShownPage {
    /// The image, PNG.
    pub png: Bytes,
    /// Its digest, 64 hexadecimal digits.
    pub digest: String,
    /// Width, pixels.
    pub width: i64,
    /// Height, pixels.
    pub height: i64,
}

/// A page's place in a document's page: what is known before its image is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePlace {
    /// The page, from 1.
    pub number: i64,
    /// Width, pixels.
    pub width: i64,
    /// Height, pixels.
    pub height: i64,
    /// The text; `None` until the page is drawn, and if it is left out.
    pub text: Option<String>,
    /// Whether the text is known and left out, because with it there would be too much.
    pub is_text_left_out: bool,
    /// Whether it was tried lately and could not be drawn.
    pub is_undrawable: bool,
}

/// The size of an A4 page at [`DPI`], for pages that are not drawn yet.
const A4: (i64, i64) = (909, 1286);

/// The most characters of one page's text that are kept: ten dense pages' worth.
const PAGE_CHARS_MAX: usize = 20_000;
/// The most that are kept of a file: those of 2000 full pages.
const FILE_CHARS_MAX: i64 = 10_000_000;
/// The most that one answer shows of a file.
const SHOWN_CHARS_MAX: i64 = 1_000_000;
/// The most that are compared of one version.
const COMPARED_CHARS_MAX: usize = 20_000_000;
/// Stands where a kept text was cut.
const CUT_MARK: &str = "\n[…]";

/// The code of a page that cannot be drawn.
const NOT_DRAWABLE: &str = "page-not-drawable";
/// How long a page that could not be drawn is not tried again: the failure may have been the
/// machine's and not the page's.
const TRIED_AGAIN_SECONDS: i64 = 86_400;

/// The most pages that one claim of a job draws …
const DRAWN_AT_ONCE_MAX: usize = 10;
/// … and after how long it draws no further one. The page in hand may take as long as the worker
/// lets it, which together is still within the lease.
const DRAWING_SECONDS_MAX: Duration = Duration::from_secs(20);
/// How long a reader waits for a page. It is drawn to its end all the same, so that it is there, or
/// known to be undrawable, when they come again.
const READER_WAITS: Duration = Duration::from_secs(20);

impl App {
    /// A page of a version that the actor may see. Pages count from 1.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], also for a page that is not there; [`AppError::Refused`]
    /// `page-not-drawable`; [`AppError::Unavailable`].
    pub async fn see_page(
        &self,
        actor: &Actor,
        id: DocumentId,
        version: Option<i64>,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        let version = self.see_version(actor, id, version).await?;
        self.page_of_version(&version, page).await
    }

    /// A page of a version; who may see it was decided by the caller.
    ///
    /// # Errors
    ///
    /// As [`App::see_page`].
    pub async fn page_of_version(
        &self,
        version: &versions::Model,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        if !(1..=version.pages_count).contains(&page) {
            return Err(AppError::Hidden);
        }
        let (organisation, file) = (version.organisation_id.into(), &version.main_digest);
        self.page_of_file(organisation, file, page).await
    }

    /// A page of a stored file; who may see it was decided by the caller. It fails as a page of a
    /// version does.
    pub(crate) async fn page_of_file(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        let row = self.drawn_page(organisation, file_digest, page).await?;
        let digest = parse_digest(&row.image_digest)?;
        Ok(ShownPage {
            png: self.blobs.get(organisation, &digest).await?,
            digest: row.image_digest,
            width: row.width,
            height: row.height,
        })
    }

    /// The places of a version's pages, with the text of those that are drawn, as far as the texts
    /// of all are no more than [`SHOWN_CHARS_MAX`].
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn page_places(&self, version: &versions::Model) -> Result<Vec<PagePlace>, AppError> {
        self.page_places_in(version, 1..=version.pages_count).await
    }

    /// As [`App::page_places`], of some of the pages only: the texts of others are not read.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn page_places_in(
        &self,
        version: &versions::Model,
        pages: RangeInclusive<i64>,
    ) -> Result<Vec<PagePlace>, AppError> {
        let (reader, organisation) = (self.store.reader(), version.organisation_id);
        let pages = *pages.start().max(&1)..=*pages.end().min(&version.pages_count);
        let file = version.main_digest.as_str();
        let sizes = store::pages::list_sizes(reader, organisation, file, pages.clone()).await?;
        let mut left = SHOWN_CHARS_MAX;
        let fitting = sizes.iter().take_while(|size| {
            left = left.saturating_sub(size.characters_count);
            left > 0
        });
        let last = fitting.last().map_or(0, |size| size.page);
        let shown = *pages.start()..=last;
        let mut texts = store::pages::list_texts(reader, organisation, file, shown).await?;
        let undrawable = self.undrawable_pages(version.organisation_id, file, pages.clone());
        let undrawable = undrawable.await?;
        let sizes: BTreeMap<i64, PageSize> =
            sizes.into_iter().map(|size| (size.page, size)).collect();
        let place = |number: i64| {
            let size = sizes.get(&number);
            PagePlace {
                number,
                width: size.map_or(A4.0, |size| size.width),
                height: size.map_or(A4.1, |size| size.height),
                text: texts.remove(&number),
                is_text_left_out: size.is_some() && number > last,
                is_undrawable: size.is_none() && undrawable.contains(&number),
            }
        };
        Ok(pages.map(place).collect())
    }

    /// The texts of all pages of a version, whole: kept ones, and the others read now.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `page-not-drawable`, or `too-much-text` for more than
    /// [`COMPARED_CHARS_MAX`]: what cannot be compared whole is not called the same;
    /// [`AppError::Unavailable`].
    pub async fn texts_of_version(
        &self,
        version: &versions::Model,
    ) -> Result<Vec<String>, AppError> {
        let organisation = OrganisationId::from(version.organisation_id);
        let (reader, all) = (self.store.reader(), 1..=version.pages_count);
        let kept = store::pages::list_texts(reader, organisation.uuid(), &version.main_digest, all);
        let mut kept = kept.await?;
        kept.retain(|_, text| !text.ends_with(CUT_MARK));
        let mut file: Option<OpenFile> = None;
        let (mut texts, mut left) = (Vec::new(), COMPARED_CHARS_MAX);
        for page in 1..=version.pages_count {
            let text = match kept.remove(&page) {
                Some(text) => text,
                None => {
                    let mut open = match file.take() {
                        Some(open) => open,
                        None => {
                            let digest = &version.main_digest;
                            self.open_in_worker(organisation, digest).await?
                        }
                    };
                    let text = open.text(index(page)?).await.map_err(not_drawable)?;
                    file = Some(open);
                    text.text
                }
            };
            left = left
                .checked_sub(text.chars().count())
                .ok_or_else(|| AppError::refused("too-much-text"))?;
            texts.push(text);
        }
        Ok(texts)
    }

    /// Draws pages of a file that are not drawn yet, a few at a time: the job `render_pages`. A
    /// long file makes way for others (and for its own lease) after [`DRAWN_AT_ONCE_MAX`] pages or
    /// [`DRAWING_SECONDS_MAX`], whichever comes first, and for its own readers after any. A page
    /// that the worker does not survive is noted and passed over.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn draw_pages(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let asked = || {
            let digest = payload.get("file_digest")?.as_str()?;
            Some((digest, payload.get("pages_count")?.as_i64()?))
        };
        let (file_digest, pages_count) =
            asked().ok_or_else(|| AppError::internal("a job of another shape"))?;
        let reader = self.store.reader();
        let drawn = store::pages::list_drawn(reader, organisation.uuid(), file_digest).await?;
        let all = 1..=pages_count;
        let undrawable = self.undrawable_pages(organisation.uuid(), file_digest, all.clone());
        let undrawable = undrawable.await?;
        let mut missing = all
            .filter(|page| !drawn.contains(page) && !undrawable.contains(page))
            .peekable();
        if missing.peek().is_none() {
            return Ok(Progress::Finished);
        }
        let whose = self.whose(organisation, file_digest).await?;
        let place = self.pdf.place_behind_readers(whose).await;
        let place = place.map_err(not_drawable)?;
        let bytes = self.bytes_of(organisation, file_digest).await?;
        let mut file = place.open(bytes).map_err(not_drawable)?;
        let watch = Stopwatch::start();
        for page in missing.by_ref().take(DRAWN_AT_ONCE_MAX) {
            match self.draw(organisation, file_digest, page, &mut file).await {
                // Noted; the pages after it may be sound.
                Err(AppError::Refused { .. }) => {}
                drawn => drop(drawn?),
            }
            // Readers of the same owner have no other place than this one.
            if watch.elapsed() >= DRAWING_SECONDS_MAX || file.is_awaited() {
                break;
            }
        }
        Ok(match missing.peek() {
            None => Progress::Finished,
            Some(_) => Progress::Unfinished,
        })
    }

    /// A page's text as it is kept: no more than a page and a file may have together.
    async fn kept_text(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        text: &str,
    ) -> Result<String, AppError> {
        let reader = self.store.reader();
        let kept = store::pages::count_characters(reader, organisation.uuid(), file_digest).await?;
        let of_file = FILE_CHARS_MAX.saturating_sub(kept);
        let left = usize::try_from(of_file).unwrap_or(0).min(PAGE_CHARS_MAX);
        Ok(cut(text, left))
    }

    /// A page's row, drawn now if it is not there.
    async fn drawn_page(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
    ) -> Result<page_images::Model, AppError> {
        if let Some(row) = self.known_page(organisation, file_digest, page).await? {
            return Ok(row);
        }
        let (app, digest) = (self.clone(), file_digest.to_owned());
        let drawing = tokio::spawn(async move { app.draw_page(organisation, &digest, page).await });
        match timeout(READER_WAITS, drawing).await {
            Ok(drawn) => drawn.map_err(|error| AppError::Internal(error.into()))?,
            Err(_) => Err(unavailable(WorkerError::Busy)),
        }
    }

    /// A page's row if it was drawn; `None` if it was not tried.
    async fn known_page(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
    ) -> Result<Option<page_images::Model>, AppError> {
        let reader = self.store.reader();
        let found = store::pages::find_page(reader, organisation.uuid(), file_digest, page).await?;
        if found.is_some() {
            return Ok(found);
        }
        let undrawable = self.undrawable_pages(organisation.uuid(), file_digest, page..=page);
        if undrawable.await?.is_empty() {
            return Ok(None);
        }
        Err(AppError::refused(NOT_DRAWABLE))
    }

    async fn draw_page(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
    ) -> Result<page_images::Model, AppError> {
        let whose = self.whose(organisation, file_digest).await?;
        let place = self.pdf.place(whose).await.map_err(not_drawable)?;
        // Whoever had the place before may have drawn it.
        if let Some(row) = self.known_page(organisation, file_digest, page).await? {
            return Ok(row);
        }
        let bytes = self.bytes_of(organisation, file_digest).await?;
        let mut file = place.open(bytes).map_err(not_drawable)?;
        self.draw(organisation, file_digest, page, &mut file).await
    }

    async fn open_in_worker(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
    ) -> Result<OpenFile, AppError> {
        let whose = self.whose(organisation, file_digest).await?;
        let place = self.pdf.place(whose).await.map_err(not_drawable)?;
        let bytes = self.bytes_of(organisation, file_digest).await?;
        place.open(bytes).map_err(not_drawable)
    }

    /// Whose share of the places work on a file takes: its author's, whoever reads it.
    async fn whose(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
    ) -> Result<Whose, AppError> {
        let (reader, whole) = (self.store.reader(), organisation.uuid());
        let author = store::versions::find_author_of_main(reader, whole, file_digest).await?;
        Ok(Whose {
            owner: author.unwrap_or(whole),
            file: parse_digest(file_digest)?,
        })
    }

    async fn bytes_of(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
    ) -> Result<Bytes, AppError> {
        let digest = parse_digest(file_digest)?;
        Ok(self.blobs.get(organisation, &digest).await?)
    }

    /// Draws a page; that it cannot be drawn is noted.
    async fn draw(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
        file: &mut OpenFile,
    ) -> Result<page_images::Model, AppError> {
        let drawn = self.draw_now(organisation, file_digest, page, file).await;
        if let Err(AppError::Refused { .. }) = &drawn {
            let row = undrawable_pages::Model {
                organisation_id: organisation.uuid(),
                file_digest: file_digest.to_owned(),
                page,
                renderer: RENDERER.to_owned(),
                failed_at: self.now().micros(),
            };
            store::pages::insert_undrawable(self.store.writer(), row).await?;
        }
        drawn
    }

    /// The pages among `pages` of a file that this renderer could not draw lately.
    async fn undrawable_pages(
        &self,
        organisation: Uuid,
        file_digest: &str,
        pages: RangeInclusive<i64>,
    ) -> Result<BTreeSet<i64>, AppError> {
        let reader = self.store.reader();
        let since = self.now().plus_seconds(-TRIED_AGAIN_SECONDS).micros();
        let tried = (RENDERER, since);
        let found =
            store::pages::list_undrawable(reader, organisation, file_digest, pages, tried).await?;
        Ok(found)
    }

    async fn draw_now(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
        file: &mut OpenFile,
    ) -> Result<page_images::Model, AppError> {
        let now = self.now();
        let text = file.text(index(page)?).await.map_err(not_drawable)?;
        let image = file.render(index(page)?, DPI).await.map_err(not_drawable)?;
        let png = Bytes::from(image.png);
        let digest = Digest::of(&png);
        let size_bytes = i64::try_from(png.len()).unwrap_or(i64::MAX);
        let row = page_images::Model {
            organisation_id: organisation.uuid(),
            file_digest: file_digest.to_owned(),
            page,
            image_digest: digest.hex(),
            width: i64::from(image.width),
            height: i64::from(image.height),
            renderer: RENDERER.to_owned(),
            text: self
                .kept_text(organisation, file_digest, &text.text)
                .await?,
            created_at: now.micros(),
        };
        let blob = blobs::Model {
            organisation_id: organisation.uuid(),
            digest: digest.hex(),
            size_bytes,
            media_type: "image/png".to_owned(),
            created_at: now.micros(),
        };
        // As with an upload: written down before it is put.
        store::blobs::claim_blob(self.store.writer(), blob).await?;
        let source = BlobSource::Bytes(png);
        self.blobs
            .put(organisation, &digest, source, "image/png")
            .await?;
        store::pages::insert_page(self.store.writer(), row.clone()).await?;
        // Another process may have been first: then its row is the one that counts.
        let kept =
            store::pages::find_page(self.store.reader(), organisation.uuid(), file_digest, page);
        Ok(kept.await?.unwrap_or(row))
    }
}

/// At most `characters_max` of a text, and then the mark that there was more. PostgreSQL keeps no
/// zero character, and neither does any text that people read.
fn cut(text: &str, characters_max: usize) -> String {
    let mut characters = text.chars().filter(|c| *c != '\0');
    let mut kept: String = characters.by_ref().take(characters_max).collect();
    if characters.next().is_some() {
        kept.push_str(CUT_MARK);
    }
    kept
}

/// The worker's number of a page.
fn index(page: i64) -> Result<u32, AppError> {
    u32::try_from(page.saturating_sub(1)).map_err(|_| AppError::Hidden)
}

/// What a reader is told of what a worker did not do.
pub(crate) fn not_drawable(why: WorkerError) -> AppError {
    match why {
        WorkerError::Busy | WorkerError::NotStarted => unavailable(why),
        WorkerError::NoSuchPage => AppError::Hidden,
        WorkerError::Damaged
        | WorkerError::TooLarge
        | WorkerError::TimedOut
        | WorkerError::Crashed
        | WorkerError::GivenUp
        | WorkerError::Unsupported => AppError::refused(NOT_DRAWABLE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_text_says_where_it_was_cut() {
        assert_eq!(cut("аб\0в", 3), "абв");
        assert_eq!(cut("абвг", 3), format!("абв{CUT_MARK}"));
        assert_eq!(cut("", 0), "");
    }
}

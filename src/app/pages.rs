//! Pages as images and as text: drawn once by the worker, kept by the file's digest.

use bytes::Bytes;
use chancery_types::Digest;
use chancery_types::id::{DocumentId, OrganisationId};
use serde_json::Value;

use crate::app::intake::unavailable;
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::pdf_worker::{DPI, OpenFile, RENDERER, WorkerError};
use crate::store;
use crate::store::entity::{blobs, page_images, versions};

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
    /// The text; `None` until the page is drawn.
    pub text: Option<String>,
}

/// The size of an A4 page at [`DPI`], for pages that are not drawn yet.
const A4: (i64, i64) = (909, 1286);

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
        let organisation = OrganisationId::from(version.organisation_id);
        let row = self
            .drawn_page(organisation, &version.main_digest, page)
            .await?;
        let digest = parse_digest(&row.image_digest)?;
        Ok(ShownPage {
            png: self.blobs.get(organisation, &digest).await?,
            digest: row.image_digest,
            width: row.width,
            height: row.height,
        })
    }

    /// The places of a version's pages, with the text of those that are drawn.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn page_places(&self, version: &versions::Model) -> Result<Vec<PagePlace>, AppError> {
        let reader = self.store.reader();
        let drawn =
            store::pages::list_pages(reader, version.organisation_id, &version.main_digest).await?;
        let mut drawn = drawn.into_iter().peekable();
        let place = |number| match drawn.next_if(|row| row.page == number) {
            Some(row) => PagePlace {
                number,
                width: row.width,
                height: row.height,
                text: Some(row.text),
            },
            None => PagePlace {
                number,
                width: A4.0,
                height: A4.1,
                text: None,
            },
        };
        Ok((1..=version.pages_count).map(place).collect())
    }

    /// The texts of all pages of a version: kept ones, and the others read now.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `page-not-drawable`; [`AppError::Unavailable`].
    pub async fn texts_of_version(
        &self,
        version: &versions::Model,
    ) -> Result<Vec<String>, AppError> {
        let organisation = OrganisationId::from(version.organisation_id);
        let mut file: Option<OpenFile> = None;
        let mut texts = Vec::new();
        for place in self.page_places(version).await? {
            if let Some(text) = place.text {
                texts.push(text);
                continue;
            }
            if file.is_none() {
                file = Some(
                    self.open_in_worker(organisation, &version.main_digest)
                        .await?,
                );
            }
            if let Some(file) = &mut file {
                let text = file
                    .text(index(place.number)?)
                    .await
                    .map_err(not_drawable)?;
                texts.push(text.text);
            }
        }
        Ok(texts)
    }

    /// Draws every page of a file that is not drawn yet: the job `render_pages`.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `page-not-drawable` for a page that the worker does not survive;
    /// the pages before it are kept. [`AppError::Unavailable`].
    pub async fn draw_pages(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<(), AppError> {
        let asked = || {
            let digest = payload.get("file_digest")?.as_str()?;
            Some((digest, payload.get("pages_count")?.as_i64()?))
        };
        let (file_digest, pages_count) =
            asked().ok_or_else(|| AppError::internal("a job of another shape"))?;
        let mut file: Option<OpenFile> = None;
        for page in 1..=pages_count {
            let reader = self.store.reader();
            let found =
                store::pages::find_page(reader, organisation.uuid(), file_digest, page).await?;
            if found.is_some() {
                continue;
            }
            if file.is_none() {
                file = Some(self.open_in_worker(organisation, file_digest).await?);
            }
            if let Some(file) = &mut file {
                self.draw(organisation, file_digest, page, file).await?;
            }
        }
        Ok(())
    }

    /// A page's row, drawn now if it is not there.
    async fn drawn_page(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
        page: i64,
    ) -> Result<page_images::Model, AppError> {
        let reader = self.store.reader();
        let found = store::pages::find_page(reader, organisation.uuid(), file_digest, page).await?;
        if let Some(row) = found {
            return Ok(row);
        }
        let mut file = self.open_in_worker(organisation, file_digest).await?;
        self.draw(organisation, file_digest, page, &mut file).await
    }

    async fn open_in_worker(
        &self,
        organisation: OrganisationId,
        file_digest: &str,
    ) -> Result<OpenFile, AppError> {
        let bytes = self
            .blobs
            .get(organisation, &parse_digest(file_digest)?)
            .await?;
        self.pdf.open(bytes).await.map_err(not_drawable)
    }

    async fn draw(
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
        let source = BlobSource::Bytes(png);
        self.blobs
            .put(organisation, &digest, source, "image/png")
            .await?;
        let row = page_images::Model {
            organisation_id: organisation.uuid(),
            file_digest: file_digest.to_owned(),
            page,
            image_digest: digest.hex(),
            width: i64::from(image.width),
            height: i64::from(image.height),
            renderer: RENDERER.to_owned(),
            // PostgreSQL keeps no zero character, and neither does any text that people read.
            text: text.text.replace('\0', ""),
            created_at: now.micros(),
        };
        let blob = blobs::Model {
            organisation_id: organisation.uuid(),
            digest: digest.hex(),
            size_bytes,
            media_type: "image/png".to_owned(),
            created_at: now.micros(),
        };
        let tx = self.store.begin().await?;
        store::blobs::insert_blob(&tx, blob).await?;
        store::pages::insert_page(&tx, row.clone()).await?;
        tx.commit().await?;
        // Another process may have been first: then its row is the one that counts.
        let kept =
            store::pages::find_page(self.store.reader(), organisation.uuid(), file_digest, page);
        Ok(kept.await?.unwrap_or(row))
    }
}

/// The worker's number of a page.
fn index(page: i64) -> Result<u32, AppError> {
    u32::try_from(page.saturating_sub(1)).map_err(|_| AppError::Hidden)
}

fn not_drawable(why: WorkerError) -> AppError {
    match why {
        WorkerError::Busy | WorkerError::NotStarted => unavailable(why),
        WorkerError::NoSuchPage => AppError::Hidden,
        WorkerError::Damaged
        | WorkerError::TooLarge
        | WorkerError::TimedOut
        | WorkerError::Crashed
        | WorkerError::Unsupported => AppError::refused("page-not-drawable"),
    }
}

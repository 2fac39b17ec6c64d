//! Which page images were really served to whom, and who was given the file itself: nobody signs
//! what was never sent to them, and the evidence of a signature tells what was shown from what lay
//! ready.

use std::collections::BTreeSet;

use chancery_types::id::DocumentId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use crate::app::pages::ShownPage;
use crate::app::{App, AppError};
use crate::domain::actor::{Actor, Who};
use crate::store;
use crate::store::entity::{shown_pages, tasks, versions};

/// The number under which `shown_pages` has the file itself, which holds every page.
pub const WHOLE_FILE: i64 = 0;

/// Who looks, as `shown_pages` names them: a visit through a link, or a person. `None` for who
/// signs nothing.
#[must_use]
pub fn viewer_of(actor: &Actor) -> Option<Uuid> {
    match &actor.who {
        Who::Contact(contact) => Some(contact.visit),
        Who::Person(person) => Some(person.id.uuid()),
        Who::System | Who::Operator => None,
    }
}

/// The pages of a version that were never sent to `viewer`, neither as images nor within the file.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn unopened_pages(
    connection: &impl ConnectionTrait,
    viewer: Uuid,
    version: &versions::Model,
) -> Result<Vec<i64>, AppError> {
    let (organisation, file) = (version.organisation_id, &version.main_digest);
    let shown = store::pages::list_shown(connection, organisation, viewer, file).await?;
    let shown: BTreeSet<i64> = shown.into_iter().map(|row| row.page).collect();
    if shown.contains(&WHOLE_FILE) {
        return Ok(Vec::new());
    }
    let all = 1..=version.pages_count;
    Ok(all.filter(|page| !shown.contains(page)).collect())
}

/// The code of pages that were never sent.
pub const UNOPENED: &str = "pages-unopened";

/// Refuses to take pages for read that were never sent.
///
/// # Errors
///
/// `pages-unopened` with the pages.
pub fn require_opened(unopened: &[i64]) -> Result<(), AppError> {
    if unopened.is_empty() {
        return Ok(());
    }
    let pages = in_ranges(unopened);
    Err(AppError::refused_with(UNOPENED, [("pages", pages)]))
}

/// The most ranges that are told.
const RANGES_MAX: usize = 8;

/// Numbers in ascending order as people write them: `2, 4–7`.
#[must_use]
pub fn in_ranges(numbers: &[i64]) -> String {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.saturating_add(1) == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let cut = if ranges.len() > RANGES_MAX {
        ", …"
    } else {
        ""
    };
    let told = ranges.iter().take(RANGES_MAX);
    let told: Vec<String> = told
        .map(|(first, last)| match last.saturating_sub(*first) {
            0 => first.to_string(),
            _ => format!("{first}–{last}"),
        })
        .collect();
    format!("{}{cut}", told.join(", "))
}

impl App {
    /// As [`App::see_page`], noted if the actor is asked to sign that version.
    ///
    /// # Errors
    ///
    /// As [`App::see_page`].
    pub async fn show_page(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: Option<i64>,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        let version = self.see_version(actor, id, number).await?;
        let shown = self.page_of_version(&version, page).await?;
        if self.signs(actor, &version).await? {
            self.note_shown(actor, &version, page, &shown.digest)
                .await?;
        }
        Ok(shown)
    }

    /// Whether a person is asked to sign this version now.
    async fn signs(&self, actor: &Actor, version: &versions::Model) -> Result<bool, AppError> {
        let Some(person) = actor.person() else {
            return Ok(false);
        };
        let asked = tasks::Entity::find()
            .filter(tasks::Column::OrganisationId.eq(version.organisation_id))
            .filter(tasks::Column::PersonId.eq(person.id.uuid()))
            .filter(tasks::Column::VersionId.eq(version.id))
            .filter(tasks::Column::StageKind.eq("sign"))
            .filter(tasks::Column::State.eq("open"))
            .count(self.store.reader())
            .await?;
        Ok(asked > 0)
    }

    /// Notes that a person who is asked to sign was given the file.
    pub(crate) async fn note_file_of_signer(
        &self,
        actor: &Actor,
        version: &versions::Model,
    ) -> Result<(), AppError> {
        if self.signs(actor, version).await? {
            self.note_file(actor, version).await?;
        }
        Ok(())
    }

    /// Notes that the actor was given the file, whether or not with signatures behind it.
    pub(crate) async fn note_file(
        &self,
        actor: &Actor,
        version: &versions::Model,
    ) -> Result<(), AppError> {
        self.note_shown(actor, version, WHOLE_FILE, &version.main_digest)
            .await
    }

    /// Notes that a page's image was served to the actor.
    pub(crate) async fn note_shown(
        &self,
        actor: &Actor,
        version: &versions::Model,
        page: i64,
        image_digest: &str,
    ) -> Result<(), AppError> {
        let Some(viewer_id) = viewer_of(actor) else {
            return Ok(());
        };
        let row = shown_pages::Model {
            organisation_id: version.organisation_id,
            viewer_id,
            file_digest: version.main_digest.clone(),
            page,
            image_digest: image_digest.to_owned(),
            shown_at: self.now().micros(),
        };
        Ok(store::pages::insert_shown(self.store.writer(), row).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_as_people_write_them() {
        assert_eq!(in_ranges(&[]), "");
        assert_eq!(in_ranges(&[2, 4, 5, 6, 9]), "2, 4–6, 9");
        let odd: Vec<i64> = (1..100).step_by(2).collect();
        assert_eq!(in_ranges(&odd), "1, 3, 5, 7, 9, 11, 13, 15, …");
    }
}

//! What documents of one's own want of their initiator.

use std::collections::BTreeMap;

use chancery_types::Instant;
use chancery_types::id::DocumentId;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::documents;

/// How many of each sort of [`OwedWork`] are shown.
const OWED_MAX: u64 = 50;

/// What a document of one's own wants of its initiator. No task of a run: the run itself waits.
#[derive(Clone, Debug)]
pub struct OwedWork {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its registration number.
    pub registration_number: Option<String>,
    /// What.
    pub want: Want,
    /// Since when it waits.
    pub since: Instant,
}

/// What an initiator has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Revise what was returned, or refused with a way back.
    Rework {
        /// Who returned or refused it last.
        by: String,
        /// Why.
        comment: String,
    },
    /// Send a draft for approval.
    Start,
    /// Answer a counterparty's question.
    Answer {
        /// The question.
        question_id: Uuid,
        /// Who asks.
        contact_name: String,
        /// What.
        text: String,
    },
    /// Answer the remarks of those who decided.
    Remarks {
        /// How many are open.
        count: i64,
    },
}

impl App {
    /// What documents that `person` started, or is to rework, want of them.
    pub(super) async fn list_owed(
        &self,
        organisation: Uuid,
        person: Uuid,
    ) -> Result<Vec<OwedWork>, AppError> {
        let reader = self.store.reader();
        let questions =
            store::owed::list_open_questions(reader, organisation, person, OWED_MAX).await?;
        let mut owed: Vec<OwedWork> = Vec::new();
        let own = async |state| {
            store::owed::list_own_documents(reader, organisation, person, state, OWED_MAX).await
        };
        let returned = store::owed::list_to_rework(reader, organisation, person, OWED_MAX).await?;
        let ids: Vec<Uuid> = returned.iter().map(|row| row.id).collect();
        let returns = store::owed::list_returns(reader, organisation, &ids).await?;
        let mut why: BTreeMap<Uuid, Want> = returns
            .into_iter()
            .map(|row| {
                let by = row.person_name.or(row.contact_name).unwrap_or_default();
                let comment = row.comment.unwrap_or_default();
                (row.document_id, Want::Rework { by, comment })
            })
            .collect();
        let work = |row: documents::Model, want| OwedWork {
            document_id: row.id.into(),
            title: row.title,
            registration_number: row.registration_number,
            want,
            since: Instant::from_micros(row.updated_at),
        };
        owed.extend(returned.into_iter().map(|row| {
            let (by, comment) = (String::new(), String::new());
            let want = why.remove(&row.id).unwrap_or(Want::Rework { by, comment });
            work(row, want)
        }));
        let drafts = own("draft").await?;
        owed.extend(drafts.into_iter().map(|row| work(row, Want::Start)));
        owed.extend(questions.into_iter().map(|row| OwedWork {
            document_id: row.document_id.into(),
            title: row.title,
            registration_number: row.registration_number,
            want: Want::Answer {
                question_id: row.id,
                contact_name: row.contact_name,
                text: row.text,
            },
            since: Instant::from_micros(row.asked_at),
        }));
        let remarked = store::owed::list_remarked(reader, organisation, person, OWED_MAX).await?;
        owed.extend(remarked.into_iter().map(|row| OwedWork {
            document_id: row.document_id.into(),
            title: row.title,
            registration_number: row.registration_number,
            want: Want::Remarks {
                count: row.remarks_count,
            },
            since: Instant::from_micros(row.since),
        }));
        // Drafts last: nobody else waits for them.
        owed.sort_by_key(|work| (work.want == Want::Start, work.since));
        Ok(owed)
    }
}

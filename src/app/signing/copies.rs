//! The states that a version's signed copy went through: each signature, and each raising to a level
//! that lasts, is appended to it. So each state has a digest of its own, and begins with every byte
//! of the one before: whoever kept an earlier one has a good file.

use chancery_types::Instant;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::Value;

use crate::app::AppError;
use crate::store;
use crate::store::entity::{signatures, versions};

/// Most states of each sort that are told: more signatures than a version may get, and more than
/// are renewed in a lifetime.
const ROWS_MAX: u64 = 1000;

/// Why a copy has another digest than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyCause {
    /// Somebody signed in it.
    Signed {
        /// Who.
        signer: String,
    },
    /// It got evidence and, from B-LTA on, a timestamp; its signatures are the same.
    Extended {
        /// Its level since: `B-LT`, `B-LTA`.
        level: String,
    },
}

/// One state of a signed copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyState {
    /// Its SHA-256, hexadecimal.
    pub digest: String,
    /// Since when.
    pub at: Instant,
    /// Why.
    pub cause: CopyCause,
    /// How many signatures made here it holds.
    pub signatures_count: usize,
}

/// The states of a version's signed copy, oldest first; none if nobody signed in the file.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn states_of(
    connection: &impl ConnectionTrait,
    version: &versions::Model,
) -> Result<Vec<CopyState>, AppError> {
    let organisation = version.organisation_id;
    let signed = signatures::Entity::find()
        .filter(signatures::Column::OrganisationId.eq(organisation))
        .filter(signatures::Column::VersionId.eq(version.id))
        .order_by_asc(signatures::Column::SignedAt)
        .limit(ROWS_MAX)
        .all(connection)
        .await?;
    let mut states: Vec<CopyState> = signed
        .into_iter()
        .map(|row| CopyState {
            digest: row.copy_digest,
            at: Instant::from_micros(row.signed_at),
            cause: CopyCause::Signed {
                signer: row.signer_name,
            },
            signatures_count: 0,
        })
        .collect();
    let extended = store::audit::list_of_subject(
        connection,
        organisation,
        version.document_id,
        ("document.extended", version.id),
        ROWS_MAX,
    );
    for event in extended.await? {
        let told: Value = serde_json::from_str(&event.details).unwrap_or_default();
        let word = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        states.push(CopyState {
            digest: word("copy_sha256"),
            at: Instant::from_micros(event.at),
            cause: CopyCause::Extended {
                level: word("level"),
            },
            signatures_count: 0,
        });
    }
    states.sort_by_key(|state| state.at);
    let mut count = 0_usize;
    for state in &mut states {
        if matches!(state.cause, CopyCause::Signed { .. }) {
            count = count.saturating_add(1);
        }
        state.signatures_count = count;
    }
    Ok(states)
}

//! The states that a version's signed copy went through: each signature, and each raising to a
//! level that lasts, is appended to it. So each state has a digest of its own, and begins with
//! every byte of the one before: whoever kept an earlier one has a good file.

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
    let mut all: Vec<(String, CopyState)> = signed
        .into_iter()
        .map(|row| {
            let signer = row.signer_name;
            let (digest, at) = (row.copy_digest, Instant::from_micros(row.signed_at));
            (
                row.base_digest,
                state(digest, at, CopyCause::Signed { signer }),
            )
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
        let (digest, at) = (word("copy_sha256"), Instant::from_micros(event.at));
        let level = word("level");
        let extended = state(digest, at, CopyCause::Extended { level });
        all.push((word("base_sha256"), extended));
    }
    let mut states = in_order(&version.main_digest, all);
    let mut count = 0_usize;
    for state in &mut states {
        if matches!(state.cause, CopyCause::Signed { .. }) {
            count = count.saturating_add(1);
        }
        state.signatures_count = count;
    }
    Ok(states)
}

fn state(digest: String, at: Instant, cause: CopyCause) -> CopyState {
    CopyState {
        digest,
        at,
        cause,
        signatures_count: 0,
    }
}

/// States, each with the digest that it grew out of, from the version's main file on: two may have
/// been made at one moment.
fn in_order(main_digest: &str, mut left: Vec<(String, CopyState)>) -> Vec<CopyState> {
    let mut states: Vec<CopyState> = Vec::with_capacity(left.len());
    let next = |states: &[CopyState], left: &[(String, CopyState)]| {
        let last = states.last().map_or(main_digest, |last| &last.digest);
        left.iter().position(|(base, _)| base == last)
    };
    while let Some(place) = next(&states, &left) {
        states.push(left.swap_remove(place).1);
    }
    states
}

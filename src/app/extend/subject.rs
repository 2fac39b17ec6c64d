//! What is raised: a signed copy, or a detached signature with what it covers.

use bytes::{Bytes, BytesMut};
use chancery_signature::{
    ExtendError, Extension, Facts, Ground, LongTermLevel, extend_cms, extend_pdf, gather_cms,
    gather_pdf,
};
use chancery_types::Instant;

use crate::app::validation::{Basis, limits_for};

/// The bytes.
#[derive(Clone)]
pub(super) enum Subject {
    /// A signed copy: what is added stands behind it.
    Copy(Bytes),
    /// A detached signature: its structure is made anew.
    Detached {
        /// The structure.
        cms: Bytes,
        /// What it covers.
        content: Bytes,
    },
}

/// One that was raised.
pub(super) struct Grown {
    /// The whole file.
    pub file: Bytes,
    /// What it was raised to.
    pub level: LongTermLevel,
    /// What it rests on, and how long.
    pub ground: Ground,
    /// From when on the policy takes its shortest key no more.
    pub key_ends: Option<Instant>,
    /// Until when it carried before.
    pub ended: Option<Instant>,
}

impl Subject {
    /// What is in it.
    pub fn gather(&self) -> Facts {
        match self {
            Self::Copy(file) => gather_pdf(file, &limits_for(file.len())),
            Self::Detached { cms, content } => {
                gather_cms(cms, Some(content), &limits_for(content.len()))
            }
        }
    }

    /// Raises it by what is at hand; `stamp` gives a timestamp over a digest.
    pub fn extend(
        &self,
        basis: &Basis,
        level: LongTermLevel,
        at: Instant,
        stamp: impl FnMut(&[u8; 32]) -> Result<Vec<u8>, String>,
    ) -> Result<Grown, ExtendError> {
        let bytes_max = match self {
            Self::Copy(file) => file.len().saturating_mul(2),
            Self::Detached { cms, content } => content.len().max(cms.len().saturating_mul(2)),
        };
        let limits = limits_for(bytes_max);
        let wanted = Extension {
            level,
            evidence: &basis.evidence,
            anchors: &basis.anchors,
            policy: &basis.policy,
            at,
            limits: &limits,
        };
        let (file, ground, ended) = match self {
            Self::Copy(file) => {
                let added = extend_pdf(file, &wanted, stamp)?;
                let length = file.len().saturating_add(added.bytes.len());
                let mut whole = BytesMut::with_capacity(length);
                whole.extend_from_slice(file);
                whole.extend_from_slice(&added.bytes);
                (whole.freeze(), added.ground, added.ended)
            }
            Self::Detached { cms, content } => {
                let made = extend_cms(cms, content, &wanted, stamp)?;
                (Bytes::from(made.bytes), made.ground, made.ended)
            }
        };
        Ok(Grown {
            file,
            level,
            key_ends: ground.key_ends(&basis.policy),
            ended,
            ground,
        })
    }
}

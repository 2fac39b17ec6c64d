//! What is told apart between what is raised: a signed copy, and a detached signature.

use bytes::Bytes;
use chancery_types::Instant;
use serde_json::json;
use uuid::Uuid;

use super::subject::Subject;
use crate::app::audit::Happening;
use crate::app::signing::detached::MEDIA_TYPE;
use crate::store::raised::{Due, Raised};
use crate::store::raised_signatures::DueDetached;
use crate::store::signed_copies::DueCopy;

/// A row that is raised.
pub(super) trait Raising: Due {
    /// The media type of its file.
    const MEDIA_TYPE: &'static str;

    /// The digests of the files that it is raised from.
    fn files(&self) -> Vec<&str>;

    /// The same files, read; nothing if they are not those.
    fn subject(files: &[Bytes]) -> Option<Subject>;

    /// What it was raised to before, if it was.
    fn raised_to(&self) -> Option<&str>;

    /// The version whose copy it is, for which evidence may be kept; nothing of a detached one,
    /// which never waits for others.
    fn copy_of(&self) -> Option<Uuid>;

    /// The event of its being raised.
    fn happening(&self, raised: &Raised, ends: Option<Instant>) -> Happening;
}

impl Raising for DueCopy {
    const MEDIA_TYPE: &'static str = "application/pdf";

    fn files(&self) -> Vec<&str> {
        vec![&self.digest]
    }

    fn subject(files: &[Bytes]) -> Option<Subject> {
        match files {
            [file] => Some(Subject::Copy(file.clone())),
            _ => None,
        }
    }

    fn raised_to(&self) -> Option<&str> {
        Some(self.level.as_str()).filter(|level| *level != "B-T")
    }

    fn copy_of(&self) -> Option<Uuid> {
        Some(self.version_id)
    }

    fn happening(&self, raised: &Raised, ends: Option<Instant>) -> Happening {
        Happening::to("document.extended", "version", self.version_id)
            .on_document(self.document_id)
            .at_version(&self.version_digest)
            .with(json!({
                "level": raised.level,
                "lasts_until": ends,
                "base_sha256": self.digest,
                "copy_sha256": raised.digest,
            }))
    }
}

impl Raising for DueDetached {
    const MEDIA_TYPE: &'static str = MEDIA_TYPE;

    fn files(&self) -> Vec<&str> {
        vec![&self.digest, &self.covered_digest]
    }

    fn subject(files: &[Bytes]) -> Option<Subject> {
        match files {
            [cms, content] => Some(Subject::Detached {
                cms: cms.clone(),
                content: content.clone(),
            }),
            _ => None,
        }
    }

    fn raised_to(&self) -> Option<&str> {
        self.level.as_deref()
    }

    fn copy_of(&self) -> Option<Uuid> {
        None
    }

    fn happening(&self, raised: &Raised, ends: Option<Instant>) -> Happening {
        Happening::to("signature.extended", "signature", self.detached_id)
            .on_document(self.document_id)
            .at_version(&self.version_digest)
            .with(json!({
                "level": raised.level,
                "lasts_until": ends,
                "base_sha256": self.digest,
                "sha256": raised.digest,
            }))
    }
}

//! Files at the door: what a PDF must be, what an attachment may be, what is kept and how.

use bytes::Bytes;
use chancery_pdf::Limits;
use chancery_pdf::intake::{ActiveContentRule, IntakePolicy, IntakeRefusal, examine};
use chancery_types::Digest;
use chancery_workflow::Kind;
use chancery_workflow::kind::ActiveContent;

use crate::app::error::both;
use crate::app::spool::{NAME_GRAPHEMES_MAX, Upload};
use crate::app::{App, AppError, FieldProblem};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::domain::media;
use crate::pdf_worker::{Whose, WorkerError};
use crate::store;
use crate::store::entity::blobs;

/// What to do with a main file that is readable but whose table lies, or before which something
/// else stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repair {
    /// Refuse it, and say that a repaired copy can be made.
    #[default]
    Offer,
    /// Keep a repaired copy in its place: the person chose so.
    Accept,
}

/// A file that is kept: its bytes are in storage, its row is not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size.
    pub size_bytes: u64,
    /// What it is.
    pub media_type: &'static str,
}

/// A main file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMain {
    /// The file.
    pub file: KeptFile,
    /// Its pages.
    pub pages_count: u32,
    /// The digest of what was sent, when a repaired copy was kept instead.
    pub repaired_from: Option<Digest>,
}

/// Files that may be kept.
#[derive(Debug)]
pub(crate) struct ExaminedFiles {
    main: Upload,
    pages_count: u32,
    repaired_from: Option<Digest>,
    attachments: Vec<(Upload, &'static str)>,
}

const PDF: &str = "application/pdf";

/// The most attachments' problems that are told at once.
const PROBLEMS_MAX: usize = 20;

impl App {
    /// Examines a main file and its attachments; nothing is kept yet.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with each attachment that is not taken, and on the main file's field:
    /// `file-missing`, `file-not-a-pdf`, `file-encrypted`, …; `file-table-dishonest` and
    /// `file-starts-otherwise` when [`Repair::Accept`] would help.
    pub(crate) async fn examine_files(
        &self,
        actor: &Actor,
        kind: &Kind,
        main: Option<Upload>,
        attachments: Vec<Upload>,
        repair: Repair,
    ) -> Result<ExaminedFiles, AppError> {
        let main = match main {
            Some(main) => self.examine_main(actor, kind, main, repair).await,
            None => Err(AppError::invalid("main", "file-missing")),
        };
        let media_types = self.examine_attachments(&attachments).await;
        let ((main, pages_count, repaired_from), media_types) = both(main, media_types)?;
        Ok(ExaminedFiles {
            main,
            pages_count,
            repaired_from,
            attachments: attachments.into_iter().zip(media_types).collect(),
        })
    }

    /// Puts examined files into storage. Nothing is refused any more, so nothing is kept that no
    /// row names.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn keep_files(
        &self,
        actor: &Actor,
        files: ExaminedFiles,
    ) -> Result<(KeptMain, Vec<KeptFile>), AppError> {
        let main = KeptMain {
            file: self.keep(actor, files.main, PDF).await?,
            pages_count: files.pages_count,
            repaired_from: files.repaired_from,
        };
        let mut kept = Vec::with_capacity(files.attachments.len());
        for (upload, media_type) in files.attachments {
            kept.push(self.keep(actor, upload, media_type).await?);
        }
        Ok((main, kept))
    }

    /// The main file as it is to be kept, its pages, and what it was repaired from.
    async fn examine_main(
        &self,
        actor: &Actor,
        kind: &Kind,
        mut upload: Upload,
        repair: Repair,
    ) -> Result<(Upload, u32, Option<Digest>), AppError> {
        let head = upload.head().await?;
        if !media::is_pdf(&head) {
            return Err(AppError::invalid(&upload.field, "file-not-a-pdf"));
        }
        // It is given on as a file that was examined here: under no name and with no beginning by
        // which a system would run it.
        upload.name = media::pdf_name(&upload.name, NAME_GRAPHEMES_MAX);
        let starts = media::starts_as_pdf(&head);
        let policy = self.policy_of(kind);
        let bytes = upload.bytes().await?;
        let examined = self.examine(bytes.clone(), policy.clone()).await?;
        match examined {
            Ok(pages_count) if starts => Ok((upload, pages_count, None)),
            Ok(_) | Err(IntakeRefusal::TableDishonest { .. }) if repair == Repair::Accept => {
                let before = upload.digest;
                let (upload, pages_count) = self.repaired(actor, &upload, bytes, policy).await?;
                Ok((upload, pages_count, Some(before)))
            }
            Ok(_) => Err(AppError::invalid(&upload.field, "file-starts-otherwise")),
            Err(refusal) => Err(refused(&upload.field, &refusal)),
        }
    }

    /// The pages of a file that we made ourselves, read as strictly as one that was sent.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on `main` with what is wrong with it.
    pub(crate) async fn count_pages(&self, bytes: Bytes, kind: &Kind) -> Result<u32, AppError> {
        let examined = self.examine(bytes, self.policy_of(kind)).await?;
        examined.map_err(|refusal| refused("main", &refusal))
    }

    fn policy_of(&self, kind: &Kind) -> IntakePolicy {
        IntakePolicy {
            active_content: match kind.active_content() {
                ActiveContent::Refuse => ActiveContentRule::Refuse,
                ActiveContent::Accept => ActiveContentRule::Report,
            },
            pages_max: u32::try_from(self.config.limits.pages_max).unwrap_or(u32::MAX),
        }
    }

    /// What a protocol of disagreements is: it must be as readable as a main file.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on the upload's field: `protocol-not-taken`, or what is wrong with a
    /// PDF.
    pub(crate) async fn examine_protocol(&self, upload: &Upload) -> Result<&'static str, AppError> {
        let not_taken = || AppError::Invalid {
            fields: vec![
                FieldProblem::new(&upload.field, "protocol-not-taken").with("name", &upload.name),
            ],
        };
        let known = media::protocol_type(&upload.head().await?, &upload.name);
        let media_type = known.ok_or_else(not_taken)?;
        let bytes = upload.bytes().await?;
        if media_type != PDF {
            let is_whole = tokio::task::spawn_blocking(move || media::is_word_document(&bytes));
            let is_whole = is_whole
                .await
                .map_err(|error| AppError::Internal(error.into()))?;
            return match is_whole {
                true => Ok(media_type),
                false => Err(AppError::invalid(&upload.field, "protocol-unreadable")),
            };
        }
        let policy = IntakePolicy {
            active_content: ActiveContentRule::Refuse,
            pages_max: u32::try_from(self.config.limits.pages_max).unwrap_or(u32::MAX),
        };
        match self.examine(bytes, policy).await? {
            Ok(_) => Ok(media_type),
            // There is no choice of a repaired copy here.
            Err(IntakeRefusal::TableDishonest { .. }) => {
                Err(AppError::invalid(&upload.field, "file-damaged"))
            }
            Err(refusal) => Err(refused(&upload.field, &refusal)),
        }
    }

    /// Examines in a thread that may compute; the reader is bounded.
    async fn examine(
        &self,
        bytes: Bytes,
        policy: IntakePolicy,
    ) -> Result<Result<u32, IntakeRefusal>, AppError> {
        let limits = Limits {
            bytes_max: self.config.limits.upload_bytes_max,
            ..Limits::default()
        };
        let examining = move || examine(&bytes, &limits, &policy).map(|intake| intake.pages);
        tokio::task::spawn_blocking(examining)
            .await
            .map_err(|error| AppError::Internal(error.into()))
    }

    async fn repaired(
        &self,
        actor: &Actor,
        upload: &Upload,
        bytes: Bytes,
        policy: IntakePolicy,
    ) -> Result<(Upload, u32), AppError> {
        let not_repairable = || AppError::invalid(&upload.field, "file-not-repairable");
        let whose = Whose {
            owner: actor
                .person()
                .map_or(actor.organisation.uuid(), |person| person.id.uuid()),
            file: upload.digest,
        };
        let place = match self.pdf.place(whose).await {
            Err(WorkerError::GivenUp) => return Err(not_repairable()),
            place => place.map_err(unavailable)?,
        };
        let mut file = place.open(bytes).map_err(|_| not_repairable())?;
        let rewritten = match file.repair().await {
            Ok(rewritten) => Bytes::from(rewritten),
            Err(why @ (WorkerError::Busy | WorkerError::NotStarted)) => {
                return Err(unavailable(why));
            }
            Err(_) => return Err(not_repairable()),
        };
        let pages_count = self
            .examine(rewritten.clone(), policy)
            .await?
            .map_err(|_| not_repairable())?;
        let upload = upload.replaced_by(rewritten, self.config.limits.upload_bytes_max)?;
        Ok((upload, pages_count))
    }

    /// What each attachment is.
    async fn examine_attachments(&self, uploads: &[Upload]) -> Result<Vec<&'static str>, AppError> {
        let max = self.config.limits.attachments_max;
        let mut fields = Vec::new();
        if uploads.len() > max {
            fields.push(FieldProblem::new("attachments", "attachments-too-many").with("max", max));
        }
        let mut known = Vec::new();
        for upload in uploads {
            match media::media_type(&upload.head().await?, &upload.name) {
                Some(media_type) => known.push(media_type),
                None => fields.push(
                    FieldProblem::new("attachments", "file-not-taken").with("name", &upload.name),
                ),
            }
        }
        if !fields.is_empty() {
            fields.truncate(PROBLEMS_MAX);
            return Err(AppError::Invalid { fields });
        }
        Ok(known)
    }

    /// Puts a file into storage; the spooled one goes with `upload`.
    pub(crate) async fn keep(
        &self,
        actor: &Actor,
        upload: Upload,
        media_type: &'static str,
    ) -> Result<KeptFile, AppError> {
        let row = blobs::Model {
            organisation_id: actor.organisation.uuid(),
            digest: upload.digest.hex(),
            size_bytes: i64::try_from(upload.size_bytes).unwrap_or(i64::MAX),
            media_type: media_type.to_owned(),
            created_at: self.now().micros(),
        };
        // First of all, so that no sweep removes the same bytes of an earlier upload meanwhile.
        store::blobs::claim_blob(self.store.writer(), row).await?;
        let source = BlobSource::File(upload.path());
        self.blobs
            .put(actor.organisation, &upload.digest, source, media_type)
            .await?;
        Ok(KeptFile {
            name: upload.name,
            digest: upload.digest,
            size_bytes: upload.size_bytes,
            media_type,
        })
    }
}

/// A worker that cannot serve now.
pub(crate) fn unavailable(why: WorkerError) -> AppError {
    AppError::Unavailable {
        what: "pdf worker",
        source: why.into(),
    }
}

fn refused(field: &str, refusal: &IntakeRefusal) -> AppError {
    let code = match refusal {
        IntakeRefusal::Empty => "file-empty",
        IntakeRefusal::NotAPdf => "file-not-a-pdf",
        IntakeRefusal::TooLarge { bytes_max } => {
            return AppError::TooLarge {
                max_bytes: *bytes_max,
            };
        }
        IntakeRefusal::Truncated => "file-truncated",
        IntakeRefusal::Damaged { .. } => "file-damaged",
        IntakeRefusal::TableDishonest { .. } => "file-table-dishonest",
        IntakeRefusal::Encrypted => "file-encrypted",
        IntakeRefusal::ActiveContent { .. } => "file-active-content",
        IntakeRefusal::CertifiedAgainstChanges => "file-certified",
        IntakeRefusal::PageTreeLoop => "file-page-tree-loop",
        IntakeRefusal::NoPages => "file-no-pages",
        IntakeRefusal::TooManyPages { pages_max } => {
            return AppError::Invalid {
                fields: vec![
                    FieldProblem::new(field, "file-too-many-pages").with("max", pages_max),
                ],
            };
        }
        IntakeRefusal::LimitExceeded { .. } => "file-limit-exceeded",
    };
    AppError::invalid(field, code)
}

//! The parent's side: starts processes, asks them, kills what overruns.

use std::future::pending;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep, timeout};

use super::child::{ChildLimits, wall_time};
use super::shares::{Share, Shares, Whose};
use super::wire::{Reply, Request, length};
use crate::config::Config;

use super::{PageImage, PageText, SUBCOMMAND, WorkerError};

/// What a signed copy may add to the largest upload, bytes.
const GROWTH_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// What a reply may be longer than the largest file, bytes (an image, a rewritten file).
const REPLY_GROWTH_BYTES: u64 = 64 * 1024 * 1024;
/// How a Unix process ends when it takes more CPU time than its limit.
const SIGXCPU: i32 = 24;
/// … when an allocation fails, a stack is used up or a panic panics.
const SIGABRT: i32 = 6;
/// What Rust's runtime says before it aborts for want of memory; of the other causes it says
/// something else.
const NO_MEMORY: &str = "memory allocation of ";
/// How much is kept of the last that a worker says.
const LAST_WORDS_BYTES: usize = 1024;
/// Processes for the files of strangers, beside those of the house.
const STRANGERS_PROCESSES: usize = 1;
/// How long a stranger waits for theirs: longer than a stranger's file may take
/// (`app::revisions`), so that whoever stands behind one other gets their turn.
const STRANGERS_WAIT: Duration = Duration::from_secs(30);

/// How worker processes are started and bounded.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// The program to start; `None` is this one.
    pub program: Option<PathBuf>,
    /// Address space of one process, bytes.
    pub memory_bytes_max: u64,
    /// CPU seconds of one request.
    pub cpu_seconds_max: u64,
    /// Processes at once.
    pub processes_max: usize,
    /// The largest upload, bytes.
    pub upload_bytes_max: u64,
}

impl WorkerSettings {
    /// As the configuration has it, with this program.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            program: None,
            memory_bytes_max: config.worker.memory_bytes_max,
            cpu_seconds_max: config.worker.cpu_seconds_max,
            processes_max: config.worker.processes_max,
            upload_bytes_max: config.limits.upload_bytes_max,
        }
    }
}

/// Renders, reads and repairs PDFs in processes of their own. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PdfWorker {
    settings: Arc<WorkerSettings>,
    places: Arc<Semaphore>,
    /// The places that work without a waiting reader may have: all but one, so that a reader finds
    /// one however many files are being drawn. (Of a single place the reader has no share to keep.)
    behind: Arc<Semaphore>,
    /// What one owner may have of them.
    shares: Arc<Shares>,
    /// The places of strangers, who have none of the others: whatever they bring, the house's own
    /// files are drawn.
    strangers: Arc<Semaphore>,
    /// What one stranger may have of those.
    strangers_shares: Arc<Shares>,
}

/// A place for one file of one owner, until it is dropped.
#[derive(Debug)]
pub struct Place {
    worker: PdfWorker,
    whose: Whose,
    share: Share,
    _places: Vec<OwnedSemaphorePermit>,
}

/// A file given to a worker. Holds its place until it is dropped; the process ends with it.
#[derive(Debug)]
pub struct OpenFile {
    bytes: Bytes,
    // Before the place, which must not be free while the process still runs.
    process: Option<Process>,
    place: Place,
    /// Ends when it may be asked no more; without, each question has its own time.
    allowed: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    last_words: JoinHandle<Vec<u8>>,
}

impl PdfWorker {
    /// With these bounds. Starts nothing yet.
    #[must_use]
    pub fn new(settings: WorkerSettings) -> Self {
        let places = settings.processes_max.max(1);
        let behind = places.saturating_sub(1).max(1);
        Self {
            settings: Arc::new(settings),
            places: Arc::new(Semaphore::new(places)),
            behind: Arc::new(Semaphore::new(behind)),
            shares: Arc::new(Shares::of(places)),
            strangers: Arc::new(Semaphore::new(STRANGERS_PROCESSES)),
            strangers_shares: Arc::new(Shares::of(STRANGERS_PROCESSES)),
        }
    }

    fn limits(&self) -> ChildLimits {
        ChildLimits {
            memory_bytes_max: self.settings.memory_bytes_max,
            cpu_seconds_max: self.settings.cpu_seconds_max,
            file_bytes_max: self
                .settings
                .upload_bytes_max
                .saturating_add(GROWTH_BYTES_MAX),
        }
    }

    /// Waits for a free place within its owner's share. The file is read afterwards, so that those
    /// who wait hold no files in memory.
    ///
    /// # Errors
    ///
    /// [`WorkerError::Busy`] if no place is free in the time that one request may take;
    /// [`WorkerError::GivenUp`].
    pub async fn place(&self, whose: Whose) -> Result<Place, WorkerError> {
        self.place_with(whose, None).await
    }

    /// As [`PdfWorker::place`], for work that nobody waits for: it leaves a place to readers, and
    /// does not mind that a file was given up (each question then says so).
    ///
    /// # Errors
    ///
    /// [`WorkerError::Busy`].
    pub async fn place_behind_readers(&self, whose: Whose) -> Result<Place, WorkerError> {
        self.place_with(whose, Some(&self.behind)).await
    }

    /// As [`PdfWorker::place_behind_readers`], in a process apart, for a file that a stranger
    /// brought. `whose.owner` is where they come from: each of them stands in the queue once, so
    /// that whoever brings many files waits for their own.
    ///
    /// # Errors
    ///
    /// [`WorkerError::Busy`].
    pub async fn place_of_stranger(&self, whose: Whose) -> Result<Place, WorkerError> {
        let waiting = async {
            let share = self.strangers_shares.take(whose.owner).await?;
            let place = Arc::clone(&self.strangers).acquire_owned().await.ok()?;
            Some((share, vec![place]))
        };
        let waited = timeout(STRANGERS_WAIT, waiting).await;
        let (share, held) = waited.ok().flatten().ok_or(WorkerError::Busy)?;
        Ok(Place {
            worker: self.clone(),
            whose,
            share,
            _places: held,
        })
    }

    async fn place_with(
        &self,
        whose: Whose,
        behind: Option<&Arc<Semaphore>>,
    ) -> Result<Place, WorkerError> {
        if behind.is_none() && self.shares.is_given_up(&whose.file) {
            return Err(WorkerError::GivenUp);
        }
        let free = async |places: &Arc<Semaphore>| Arc::clone(places).acquire_owned().await.ok();
        let waiting = async {
            let mut held = Vec::new();
            // Before the share, which must not lie idle while other owners' files are drawn.
            if let Some(behind) = behind {
                held.push(free(behind).await?);
            }
            let share = self.shares.take(whose.owner).await?;
            held.push(free(&self.places).await?);
            Some((share, held))
        };
        let waited = timeout(wall_time(self.limits()), waiting).await;
        let (share, held) = waited.ok().flatten().ok_or(WorkerError::Busy)?;
        Ok(Place {
            worker: self.clone(),
            whose,
            share,
            _places: held,
        })
    }

    fn start(&self) -> Result<Process, WorkerError> {
        let program = match &self.settings.program {
            Some(program) => program.clone(),
            None => own_program().map_err(|_| WorkerError::NotStarted)?,
        };
        let mut child = Command::new(program)
            .arg(SUBCOMMAND)
            .args(self.limits().to_arguments())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| WorkerError::NotStarted)?;
        let stdin = child.stdin.take().ok_or(WorkerError::NotStarted)?;
        let stdout = child.stdout.take().ok_or(WorkerError::NotStarted)?;
        let stderr = child.stderr.take().ok_or(WorkerError::NotStarted)?;
        Ok(Process {
            child,
            stdin,
            stdout,
            last_words: tokio::spawn(last_words(stderr)),
        })
    }
}

/// This very program. By its link in `/proc` it is found even after an upgrade has put another file
/// in its place: a server goes on with workers of its own release until it is restarted.
fn own_program() -> std::io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return Ok(running);
    }
    std::env::current_exe()
}

impl Place {
    /// Takes `bytes` here. The process starts with the first question.
    ///
    /// # Errors
    ///
    /// [`WorkerError::TooLarge`].
    pub fn open(self, bytes: Bytes) -> Result<OpenFile, WorkerError> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > self.worker.limits().file_bytes_max {
            return Err(WorkerError::TooLarge);
        }
        Ok(OpenFile {
            place: self,
            bytes,
            process: None,
            allowed: None,
        })
    }
}

impl OpenFile {
    /// Whether another question of the same owner waits for this place.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.place.share.is_awaited()
    }

    /// Lets all further questions together, until the next call, take `time` at most, whatever each
    /// of them may take for itself. What is not answered by then is ended.
    pub fn allow(&mut self, time: Duration) {
        self.allowed = Some(Box::pin(sleep(time)));
    }

    /// How many pages there are.
    ///
    /// # Errors
    ///
    /// Any [`WorkerError`]; the next question starts a new process.
    pub async fn pages_count(&mut self) -> Result<u32, WorkerError> {
        match self.ask(&Request::Pages).await? {
            Reply::Pages(count) => Ok(count),
            _ => Err(self.distrust()),
        }
    }

    /// Page `page` (from 0) as an image of `dpi` dots an inch.
    ///
    /// # Errors
    ///
    /// As [`OpenFile::pages_count`].
    pub async fn render(&mut self, page: u32, dpi: u32) -> Result<PageImage, WorkerError> {
        match self.ask(&Request::Render { page, dpi }).await? {
            Reply::Image(image) => Ok(image),
            _ => Err(self.distrust()),
        }
    }

    /// The text of page `page` (from 0).
    ///
    /// # Errors
    ///
    /// As [`OpenFile::pages_count`].
    pub async fn text(&mut self, page: u32) -> Result<PageText, WorkerError> {
        match self.ask(&Request::Text { page }).await? {
            Reply::Text(text) => Ok(text),
            _ => Err(self.distrust()),
        }
    }

    /// The file rewritten with an honest cross-reference table.
    ///
    /// # Errors
    ///
    /// As [`OpenFile::pages_count`].
    pub async fn repair(&mut self) -> Result<Vec<u8>, WorkerError> {
        match self.ask(&Request::Repair).await? {
            Reply::Repaired(file) => Ok(file),
            _ => Err(self.distrust()),
        }
    }

    /// The process that serves now, for the tests that look at it from outside.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(|process| process.child.id())
    }

    /// An answer to another question: the process is not ours any more.
    fn distrust(&mut self) -> WorkerError {
        self.process = None;
        WorkerError::Crashed
    }

    async fn ask(&mut self, request: &Request) -> Result<Reply, WorkerError> {
        let Place { worker, whose, .. } = &self.place;
        if worker.shares.is_given_up(&whose.file) {
            return Err(WorkerError::GivenUp);
        }
        let limits = worker.limits();
        if self.allowed.as_ref().is_some_and(|over| over.is_elapsed()) {
            return Err(WorkerError::TimedOut);
        }
        let reply_max = limits.file_bytes_max.saturating_add(REPLY_GROWTH_BYTES);
        // The file goes first into a new process; later questions find it there.
        let (mut process, file) = match self.process.take() {
            Some(process) => (process, None),
            None => (worker.start()?, Some(self.bytes.clone())),
        };
        let over = async {
            match &mut self.allowed {
                Some(over) => over.as_mut().await,
                None => pending().await,
            }
        };
        let exchange = timeout(
            wall_time(limits),
            process.exchange(file, request, reply_max),
        );
        let answered = tokio::select! {
            biased;
            answered = exchange => answered.ok(),
            () = over => {
                process.end().await;
                // It had less than a question's own time, so nothing is known of the file: its
                // readers have theirs.
                return Err(WorkerError::TimedOut);
            }
        };
        let ended = match answered {
            Some(Ok(reply)) => {
                self.process = Some(process);
                return match reply {
                    Reply::Refused(why) => Err(why),
                    reply => Ok(reply),
                };
            }
            Some(Err(_)) => process.end().await,
            None => {
                process.end().await;
                WorkerError::TimedOut
            }
        };
        self.place.worker.shares.note_ended(self.place.whose.file);
        Err(ended)
    }
}

impl Process {
    async fn exchange(
        &mut self,
        file: Option<Bytes>,
        request: &Request,
        reply_max: u64,
    ) -> std::io::Result<Reply> {
        if let Some(file) = file {
            self.write(&file).await?;
        }
        self.write(&request.encode()).await?;
        let length = u64::from(self.stdout.read_u32_le().await?);
        if length > reply_max {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        // The buffer grows with what arrives, not with what is announced.
        let mut content = Vec::new();
        let read = (&mut self.stdout)
            .take(length)
            .read_to_end(&mut content)
            .await?;
        if u64::try_from(read).unwrap_or(0) != length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Reply::decode(content).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
    }

    async fn write(&mut self, content: &[u8]) -> std::io::Result<()> {
        let length = length(content).ok_or(std::io::ErrorKind::InvalidData)?;
        self.stdin.write_all(&length).await?;
        self.stdin.write_all(content).await?;
        self.stdin.flush().await
    }

    /// Kills what still runs and says how it ended.
    async fn end(mut self) -> WorkerError {
        drop(self.stdin);
        // A process that died by itself keeps its own exit status; killing it again does nothing.
        let _ = self.child.start_kill();
        let Ok(ended) = self.child.wait().await else {
            return WorkerError::Crashed;
        };
        let said = self.last_words.await.unwrap_or_default();
        how_it_ended(ended, &String::from_utf8_lossy(&said))
    }
}

/// Reads what a worker says to its end, so that it never waits for us, and keeps the last of it.
/// The words may hold pieces of the file: they go into no log.
async fn last_words(mut stderr: ChildStderr) -> Vec<u8> {
    let (mut kept, mut chunk) = (Vec::new(), [0; LAST_WORDS_BYTES]);
    while let Ok(length @ 1..) = stderr.read(&mut chunk).await {
        kept.extend_from_slice(chunk.get(..length).unwrap_or_default());
        let surplus = kept.len().saturating_sub(LAST_WORDS_BYTES);
        kept.drain(..surplus);
    }
    kept
}

fn how_it_ended(ended: ExitStatus, said: &str) -> WorkerError {
    match ended.signal() {
        Some(SIGXCPU) => WorkerError::TimedOut,
        Some(SIGABRT) if said.contains(NO_MEMORY) => WorkerError::TooLarge,
        _ => WorkerError::Crashed,
    }
}

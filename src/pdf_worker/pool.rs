//! The parent's side: starts processes, asks them, kills what overruns.

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::child::{ChildLimits, wall_time};
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
}

/// A file given to a worker. Holds one of the places until it is dropped; the process ends with it.
#[derive(Debug)]
pub struct OpenFile {
    worker: PdfWorker,
    bytes: Bytes,
    process: Option<Process>,
    _places: Vec<OwnedSemaphorePermit>,
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

    /// Waits for a free place and takes `bytes` there. The process starts with the first question.
    ///
    /// # Errors
    ///
    /// [`WorkerError::Busy`] if no place is free in the time that one request may take,
    /// [`WorkerError::TooLarge`].
    pub async fn open(&self, bytes: Bytes) -> Result<OpenFile, WorkerError> {
        self.open_with(bytes, Vec::new()).await
    }

    /// As [`PdfWorker::open`], for work that nobody waits for: it leaves a place to readers.
    ///
    /// # Errors
    ///
    /// As [`PdfWorker::open`].
    pub async fn open_behind_readers(&self, bytes: Bytes) -> Result<OpenFile, WorkerError> {
        let behind = self.wait_for(&self.behind).await?;
        self.open_with(bytes, vec![behind]).await
    }

    async fn open_with(
        &self,
        bytes: Bytes,
        mut held: Vec<OwnedSemaphorePermit>,
    ) -> Result<OpenFile, WorkerError> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > self.limits().file_bytes_max {
            return Err(WorkerError::TooLarge);
        }
        held.push(self.wait_for(&self.places).await?);
        Ok(OpenFile {
            worker: self.clone(),
            bytes,
            process: None,
            _places: held,
        })
    }

    async fn wait_for(&self, places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, WorkerError> {
        let place = timeout(wall_time(self.limits()), places.clone().acquire_owned());
        let place = place.await.map_err(|_| WorkerError::Busy)?;
        place.map_err(|_| WorkerError::Busy)
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

impl OpenFile {
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
        let limits = self.worker.limits();
        let reply_max = limits.file_bytes_max.saturating_add(REPLY_GROWTH_BYTES);
        // The file goes first into a new process; later questions find it there.
        let (mut process, file) = match self.process.take() {
            Some(process) => (process, None),
            None => (self.worker.start()?, Some(self.bytes.clone())),
        };
        let exchange = process.exchange(file, request, reply_max);
        match timeout(wall_time(limits), exchange).await {
            Ok(Ok(Reply::Refused(why))) => {
                self.process = Some(process);
                Err(why)
            }
            Ok(Ok(reply)) => {
                self.process = Some(process);
                Ok(reply)
            }
            Ok(Err(_)) => Err(process.end().await),
            Err(_) => {
                process.end().await;
                Err(WorkerError::TimedOut)
            }
        }
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

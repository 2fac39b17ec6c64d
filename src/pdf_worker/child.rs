//! The child's side: takes its limits, reads one file, answers about it until the pipe closes.

use std::cell::OnceCell;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use hayro::hayro_syntax::{LoadPdfError, Pdf};
use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};

use super::render::Renderer;
use super::wire::{Reply, Request, read_frame, write_frame};
use super::{WorkerError, repair};

/// The limits a child takes, as its arguments carry them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildLimits {
    /// Address space, bytes.
    pub memory_bytes_max: u64,
    /// CPU seconds of one request.
    pub cpu_seconds_max: u64,
    /// The largest file, bytes.
    pub file_bytes_max: u64,
}

/// Descriptors that a child may have open: its three, and what reading its own state needs.
const DESCRIPTORS_MAX: u64 = 16;
/// A request that is not the file itself is short.
const REQUEST_BYTES_MAX: usize = 64;

impl ChildLimits {
    /// As arguments of the subcommand.
    #[must_use]
    pub fn to_arguments(self) -> [String; 3] {
        [
            self.memory_bytes_max.to_string(),
            self.cpu_seconds_max.to_string(),
            self.file_bytes_max.to_string(),
        ]
    }

    /// From the arguments after the subcommand.
    #[must_use]
    pub fn from_arguments(arguments: &[String]) -> Option<Self> {
        let [memory, cpu, file] = arguments else {
            return None;
        };
        Some(Self {
            memory_bytes_max: memory.parse().ok()?,
            cpu_seconds_max: cpu.parse().ok()?,
            file_bytes_max: file.parse().ok()?,
        })
    }
}

/// Serves one file over standard input and output. `arguments` are those after the subcommand.
///
/// Exit code 0 when the parent has closed the pipe; 2 for wrong arguments; 3 if a limit cannot be
/// taken (then nothing is read at all); 4 if the pipe breaks.
#[must_use]
pub fn run(arguments: &[String]) -> ExitCode {
    let Some(limits) = ChildLimits::from_arguments(arguments) else {
        return ExitCode::from(2);
    };
    if close_inherited().is_none() || take_limits(limits).is_none() {
        return ExitCode::from(3);
    }
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match serve(limits, &mut input, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(4),
    }
}

/// Closes every descriptor above the three: the parent opens its own so that they close by
/// themselves, but the parent's parent may have left some.
fn close_inherited() -> Option<()> {
    let entries = std::fs::read_dir("/proc/self/fd").ok()?;
    let names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    for name in names {
        let descriptor: i32 = name.parse().ok()?;
        if descriptor > 2 {
            // The listing's own descriptor is closed already: that error is no error.
            let _ = nix::unistd::close(descriptor);
        }
    }
    Some(())
}

fn take_limits(limits: ChildLimits) -> Option<()> {
    let take = |resource, max: u64| setrlimit(resource, max, max).ok();
    take(Resource::RLIMIT_AS, limits.memory_bytes_max)?;
    take(Resource::RLIMIT_CORE, 0)?;
    take(Resource::RLIMIT_FSIZE, 0)?;
    take(Resource::RLIMIT_NOFILE, DESCRIPTORS_MAX)?;
    allow_cpu(limits)
}

/// Lets the next request compute so long, beyond what was used so far.
fn allow_cpu(limits: ChildLimits) -> Option<()> {
    let used = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let seconds = used
        .user_time()
        .tv_sec()
        .saturating_add(used.system_time().tv_sec())
        .saturating_add(1);
    let (_, hard) = getrlimit(Resource::RLIMIT_CPU).ok()?;
    let soft = u64::try_from(seconds)
        .ok()?
        .checked_add(limits.cpu_seconds_max)?;
    setrlimit(Resource::RLIMIT_CPU, soft.min(hard), hard).ok()
}

fn serve(
    limits: ChildLimits,
    input: &mut impl Read,
    output: &mut impl Write,
) -> std::io::Result<()> {
    let file_max = usize::try_from(limits.file_bytes_max).unwrap_or(usize::MAX);
    let Some(bytes) = read_frame(input, file_max)? else {
        return Ok(());
    };
    let bytes = Arc::new(bytes);
    // Opened on the first request that needs it: a repair must not depend on the renderer.
    let opened = OnceCell::new();
    let renderer = OnceCell::new();
    while let Some(frame) = read_frame(input, REQUEST_BYTES_MAX)? {
        allow_cpu(limits).ok_or(std::io::ErrorKind::PermissionDenied)?;
        let reply = match Request::decode(&frame) {
            None => Reply::Refused(WorkerError::Unsupported),
            Some(Request::Repair) => match repair::rewrite(&bytes) {
                Ok(repaired) => Reply::Repaired(repaired),
                Err(why) => Reply::Refused(why),
            },
            Some(request) => match opened.get_or_init(|| open(&bytes)) {
                Err(why) => Reply::Refused(*why),
                Ok(pdf) => answer(renderer.get_or_init(|| Renderer::new(pdf)), &request),
            },
        };
        write_frame(output, &reply.encode())?;
    }
    Ok(())
}

fn open(bytes: &Arc<Vec<u8>>) -> Result<Pdf, WorkerError> {
    Pdf::new(bytes.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => WorkerError::Unsupported,
        LoadPdfError::Invalid => WorkerError::Damaged,
    })
}

fn answer(renderer: &Renderer<'_>, request: &Request) -> Reply {
    let answered = match *request {
        Request::Render { page, dpi } => renderer.image(page, dpi).map(Reply::Image),
        Request::Text { page } => renderer.text(page).map(Reply::Text),
        Request::Pages | Request::Repair => Ok(Reply::Pages(renderer.pages_count())),
    };
    answered.unwrap_or_else(Reply::Refused)
}

/// The wall-clock time that a request may take: twice its CPU time and a little, because the
/// machine has others to serve.
#[must_use]
pub fn wall_time(limits: ChildLimits) -> Duration {
    Duration::from_secs(limits.cpu_seconds_max.saturating_mul(2).saturating_add(5))
}

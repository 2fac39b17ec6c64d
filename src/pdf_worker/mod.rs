//! Third-party PDF code in a process of its own: rendering, text, repair.
//!
//! A PDF from outside is hostile, and a 58-kB file makes a parser abort its whole process. So no
//! third-party parser ever runs in the server: [`PdfWorker`] starts this same program as
//! `chancery worker-pdf` with an empty environment and no descriptor but its three, which takes its
//! own limits on memory and CPU first ([`child`]) and then serves one file. A process never sees a
//! second file, so nothing of one document can reach another through it.
//!
//! ```text
//! let place = worker.place(whose).await?;       // waits for a place in the owner's share
//! let file = place.open(bytes)?;
//! let image = file.render(0, DPI).await?;       // a crash is an error, then a new process
//! ```

pub mod child;
mod pool;
mod render;
mod repair;
mod shares;
mod text;
mod wire;

pub use pool::{OpenFile, PdfWorker, Place, WorkerSettings};
pub use render::DPI;
pub use shares::Whose;
pub use text::{PageText, Word};
pub use wire::{PageImage, TILE_PIXELS};

/// Names the renderer and its version in evidence and beside cached images.
pub const RENDERER: &str = "hayro 0.9.0";

/// The hidden subcommand that [`child::run`] serves.
pub const SUBCOMMAND: &str = "worker-pdf";

/// Why the worker gave no answer. The server goes on in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The file cannot be read.
    #[error("the file is damaged")]
    Damaged,
    /// There is no such page.
    #[error("the file has no such page")]
    NoSuchPage,
    /// It takes more memory than a worker has, or is larger than a file may be.
    #[error("the file needs more memory than a worker has")]
    TooLarge,
    /// It takes longer than a worker may compute.
    #[error("the file takes too long")]
    TimedOut,
    /// The worker's process ended by a fault.
    #[error("the worker crashed on the file")]
    Crashed,
    /// It is encrypted, or asks for something that is not done.
    #[error("the file uses what is not supported")]
    Unsupported,
    /// The file ended so many workers that it gets no more.
    #[error("the file ended too many workers")]
    GivenUp,
    /// No place was free in time.
    #[error("all workers are busy")]
    Busy,
    /// The worker's process cannot be started.
    #[error("a worker cannot be started")]
    NotStarted,
}

//! The demo: a whole house on loopback with an invented company, and a walk through it.
//!
//! [`run`] starts everything in a folder, seeds it by the use cases on a moved clock, and serves a
//! page where anybody is logged in as anybody by one click and where the captured mail is read.
//! Those pages are [`pages::ROUTES`]; no other command serves them.

pub mod company;
mod history;
mod house;
pub mod mailbox;
pub mod pages;
pub mod paper;
mod people;
mod place;
pub mod walk;

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use tokio::signal::unix::{SignalKind, signal};

use house::House;
use place::Notes;

/// How to start the demo.
#[derive(Clone, Debug)]
pub struct Options {
    /// A folder to keep; a temporary one when absent.
    pub kept: Option<PathBuf>,
    /// A loopback address and port; port 0 takes a free one.
    pub listen: String,
    /// A folder of chains and kinds over those of this program.
    pub workflows: Option<PathBuf>,
}

/// Runs the demo until SIGINT or SIGTERM.
///
/// # Errors
///
/// Why it did not start, in one line.
pub fn run(options: &Options) -> anyhow::Result<()> {
    house::in_system(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut house = House::open(options).await?;
        if house.notes().is_none() {
            tell("seeding the demo company");
            house.app.is_seeding.store(true, Ordering::Relaxed);
            let seeded = tokio::select! {
                _ = terminate.recv() => None,
                _ = interrupt.recv() => None,
                seeded = history::seed(&house) => Some(seeded?),
            };
            let Some(organisation) = seeded else {
                tell("stopping; the next start begins anew");
                return house.close().await;
            };
            house.write_notes(Notes { organisation })?;
            house.app.is_seeding.store(false, Ordering::Relaxed);
        }
        house.begin_work();
        tell(&format!("open {}/demo", house.url()));
        tell("stop with Ctrl-C");
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            ended = house.ended() => return Err(ended),
        }
        tell("stopping");
        house.close().await
    })
}

/// A line on standard output. A closed pipe is the reader's decision, not an error.
fn tell(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

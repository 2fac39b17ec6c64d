//! `chancery demo`: arguments of the demo and of its walk.

use std::path::PathBuf;

use clap::Args;

use crate::demo::walk::{self, WalkOptions};
use crate::demo::{self, Options};

/// The demo's arguments.
#[derive(Debug, Args)]
pub struct Demo {
    /// A folder to keep everything in; without one it is temporary and removed at the end.
    #[arg(long = "data", value_name = "DIR")]
    kept: Option<PathBuf>,
    /// A loopback address and port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,
    /// A folder of your own chains and kinds, laid out as `workflows/`: they lie over ours.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// Play a contract's whole life on each `--file`, without a person, and end.
    #[arg(long, requires_all = ["file", "out"], conflicts_with_all = ["kept", "listen"])]
    walk: bool,
    /// A PDF to play the life of; may be repeated.
    #[arg(long, value_name = "PDF", requires = "walk")]
    file: Vec<PathBuf>,
    /// Where the walk writes: one folder a file.
    #[arg(long, value_name = "DIR", requires = "walk")]
    out: Option<PathBuf>,
}

/// Runs the demo, or the walk.
///
/// # Errors
///
/// Why it did not start or what went wrong, in one line.
pub fn run(arguments: &Demo) -> anyhow::Result<()> {
    if let Some(out) = arguments.out.clone().filter(|_| arguments.walk) {
        return walk::run(&WalkOptions {
            files: arguments.file.clone(),
            out,
            workflows: arguments.workflows.clone(),
        });
    }
    demo::run(&Options {
        kept: arguments.kept.clone(),
        listen: arguments.listen.clone(),
        workflows: arguments.workflows.clone(),
    })
}

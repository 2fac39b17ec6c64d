//! Plays a contract's whole life as a client: HTTP and the mailbox, nothing else.
//!
//! Only [`run`] touches the house, to start, seed and stop it. The life itself ([`life`]) is given
//! an address and a folder of mails.

mod browser;
mod html;
mod life;
mod post;
mod sign;
mod transcript;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use tokio::signal::unix::{SignalKind, signal};

use super::house::{House, in_system};
use super::place::Notes;
use super::{Options, company, tell};
use life::Stage;

/// What to play and where to write.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// The contracts.
    pub files: Vec<PathBuf>,
    /// Where results go: one folder a file.
    pub out: PathBuf,
    /// A folder of chains and kinds over those of this program.
    pub workflows: Option<PathBuf>,
}

/// Plays the life of every file.
///
/// # Errors
///
/// Which files were refused or went wrong and why, in one line.
pub fn run(options: &WalkOptions) -> anyhow::Result<()> {
    in_system(async {
        let mut house = House::open(&Options {
            kept: None,
            listen: "127.0.0.1:0".to_owned(),
            workflows: options.workflows.clone(),
        })
        .await?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        // However it ends, the temporary folder goes with the house.
        let played = tokio::select! {
            _ = terminate.recv() => Err(anyhow!("the walk was stopped")),
            _ = interrupt.recv() => Err(anyhow!("the walk was stopped")),
            played = play(&mut house, options) => played,
        };
        house.close().await?;
        played
    })
}

async fn play(house: &mut House, options: &WalkOptions) -> anyhow::Result<()> {
    let organisation = company::seed(&house.app).await?.organisation;
    house.write_notes(Notes { organisation })?;
    house.begin_work();
    let mut failures = Vec::new();
    for (index, file) in options.files.iter().enumerate() {
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        let stem = stem.unwrap_or("file");
        let number = index.saturating_add(1);
        let folder = options.out.join(format!("{number}-{stem}"));
        tell(&format!("{}", file.display()));
        let stage = Stage {
            origin: house.url().to_owned(),
            mails: house.app.config.mail.directory.clone(),
            clock: house.app.clock.clone(),
        };
        match one(&stage, file, &folder).await {
            Ok(()) => tell(&format!("  done: {}", folder.display())),
            Err(error) => failures.push(format!("{}: {error:#}", file.display())),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    bail!("{}", failures.join("; "))
}

async fn one(stage: &Stage, file: &Path, folder: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).context("cannot be read")?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or("contract.pdf");
    let played = life::play(stage, name, bytes, folder).await;
    // What was seen until something went wrong is worth reading too.
    let written = std::fs::write(folder.join("transcript.md"), &played.transcript);
    written.context("the transcript cannot be written")?;
    played.outcome
}

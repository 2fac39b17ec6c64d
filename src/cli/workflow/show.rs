//! `chancery workflow diagram FILE` and `chancery workflow schema`: a chain as a picture, and what
//! an editor checks one by while it is written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::{Definition, Drawing};
use clap::{Args, ValueEnum};

use super::{Checked, House, known_of, load_house, locale, print_line, print_text, root_of, say};
use crate::app::chains::{ChainsError, read};
use crate::config;

/// The chain to show, and what it is read with.
#[derive(Debug, Args)]
struct Shown {
    /// A chain: a file of workflows/chains.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder with the vocabulary and the kinds; by default the one above the file's own, else
    /// `workflows`.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The language of the titles: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// The configuration of the server, for the names of its webhooks and lookups.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
}

/// The arguments of `diagram`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Diagram {
    #[command(flatten)]
    shown: Shown,
    /// What is drawn: a Mermaid flow chart, or a picture that every browser shows.
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,
}

/// The arguments of `bpmn export`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    #[command(flatten)]
    shown: Shown,
}

/// How a chain is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A flow chart as text.
    Mermaid,
    /// A picture.
    Svg,
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Schema {
    /// The folder with the vocabulary, the kinds and the calendars.
    #[arg(long, value_name = "DIR", default_value = "workflows")]
    workflows: PathBuf,
    /// The configuration of the server, for the names of its webhooks and lookups.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
}

/// Prints the chain as a picture. 1: it is refused, or cannot be read.
pub(in crate::cli) fn draw(arguments: &Diagram) -> ExitCode {
    show(&arguments.shown, |definition, locale| {
        match arguments.format {
            Format::Mermaid => definition.diagram(locale),
            Format::Svg => {
                let drawing = Drawing {
                    prefix: "chain".to_owned(),
                    is_file: true,
                    ..Drawing::default()
                };
                definition.drawing(&drawing, locale)
            }
        }
    })
}

/// Prints the chain as a model of BPMN 2.0. 1: it is refused, or cannot be read.
pub(in crate::cli) fn export(arguments: &Export) -> ExitCode {
    show(&arguments.shown, Definition::bpmn)
}

fn show(shown: &Shown, with: impl Fn(&Definition, Locale) -> String) -> ExitCode {
    let locale = shown.lang.unwrap_or_else(config::terminal_locale);
    let folder = shown.file.parent().unwrap_or(Path::new(""));
    let root = root_of(folder, shown.workflows.as_deref());
    let drawn = in_house(&root, shown.config.as_deref(), locale, |house| {
        let source = read(&shown.file)?;
        let parsed = Definition::parse_with(&source, &house.files(), &house.means);
        Ok(parsed
            .map(|definition| with(&definition, locale))
            .map_err(|findings| Checked::of(&shown.file, source, findings)))
    });
    print(drawn, locale)
}

/// Prints the JSON Schema of the chains that this house accepts. 1: the house is refused.
pub(in crate::cli) fn schema(arguments: &Schema) -> ExitCode {
    let locale = config::terminal_locale();
    let config = arguments.config.as_deref();
    let drawn = in_house(&arguments.workflows, config, locale, |house| {
        Ok(Ok(chancery_workflow::schema(&house.files(), &house.means)))
    });
    print(drawn, locale)
}

pub(super) type Drawn = Result<Result<String, Checked>, ChainsError>;

/// What is shown of a house, or the words of what keeps it from being read.
pub(super) fn in_house(
    root: &Path,
    config: Option<&Path>,
    locale: Locale,
    show: impl FnOnce(&House) -> Drawn,
) -> Result<Result<String, Checked>, String> {
    let known = known_of(config).map_err(|complaint| complaint.text(locale))?;
    let shown = match load_house(root, &known) {
        Ok(Ok(house)) => show(&house),
        Ok(Err(broken)) => Ok(Err(broken)),
        Err(error) => Err(error),
    };
    shown.map_err(|error| error.to_string())
}

pub(super) fn print(shown: Result<Result<String, Checked>, String>, locale: Locale) -> ExitCode {
    match shown {
        Ok(Ok(text)) => {
            print_line(text.trim_end());
            return ExitCode::SUCCESS;
        }
        Ok(Err(refused)) => print_text(&[refused], locale),
        Err(error) => say(&format!("chancery: {error}")),
    }
    ExitCode::FAILURE
}

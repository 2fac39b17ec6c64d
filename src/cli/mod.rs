//! The entrance: arguments, configuration, start. Every failure is one line that says what to do.

mod authority;
mod configuration;
mod demo;
mod extend;
mod help;
mod mandates;
mod people;
mod probe;
mod rows;
pub mod schema;
mod serve;
mod tokens;
mod trust;
mod verify;
mod workflow;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::app::App;
use crate::app::build::{StartError, open_vault};
use crate::app::calls::Peers;
use crate::app::chains::{Chains, Known};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::outbound::choose_ciphers;
pub use schema::Migrate;

/// Documents, approval chains, signatures, links, evidence.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and the API, and do background work.
    Serve(Serve),
    /// Try everything on this machine: an invented company, one-click logins, captured mail.
    Demo(demo::Demo),
    /// Bring the database's schema up to date.
    Migrate(Settings),
    /// Check the configuration, make a master key.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The first organisation and its administrator; people and their access.
    #[command(subcommand, name = "user")]
    People(people::PeopleCommand),
    /// Personal API tokens.
    #[command(subcommand)]
    Token(tokens::TokenCommand),
    /// Check workflows, draw them, and what an editor checks them by.
    #[command(subcommand)]
    Workflow(WorkflowCommand),
    Verify(verify::Verify),
    /// Raise the signed copies that are due to the level of the settings, now: a worker does it
    /// every hour.
    Extend(Settings),
    /// The keys of an organisation's own certificate authority.
    #[command(subcommand)]
    Authority(authority::AuthorityCommand),
    /// Trusted lists and powers of attorney, without a server.
    #[command(subcommand)]
    Trust(trust::TrustCommand),
    /// Exit with 0 if a GET of this address answers 200: for container health checks.
    Probe {
        /// An http:// address, such as http://127.0.0.1:8080/readyz.
        url: String,
    },
}

/// Where settings come from, beside `CHANCERY__SECTION__KEY` variables.
#[derive(Clone, Debug, Args)]
struct Settings {
    /// A file of settings over the built-in defaults.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    settings: Settings,
    /// What this process does.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["web", "worker"])]
    roles: Vec<Role>,
    /// Bring the database's schema up to date first (SQLite is always brought up to date).
    #[arg(long)]
    migrate: bool,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Answers requests.
    Web,
    /// Sends mail and does jobs.
    Worker,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say what is wrong with the configuration, and what each part would use.
    Check {
        #[command(flatten)]
        settings: Settings,
        /// Also reach out: the database, what the bucket honours, the mail server.
        #[arg(long)]
        probe: bool,
    },
    /// Print every setting that would be used, without secrets.
    Show(Settings),
    /// Print a new master key.
    NewKey,
}

#[derive(Debug, Subcommand)]
enum BpmnCommand {
    /// Print the model, valid against OMG's BPMN20.xsd, with its diagram.
    Export(workflow::Export),
    /// Print the chain that a model in blocks is, with what it leaves open; else name the first
    /// element that is in no block.
    Import(workflow::Import),
}

#[derive(Debug, Subcommand)]
enum WorkflowCommand {
    /// Say what is wrong with workflow files, with line and column. Needs no database.
    Check(workflow::Check),
    /// Play the examples inside chains: documents, scripts, and what is expected of them. Needs no
    /// database.
    Test(workflow::Test),
    /// Try every decision on documents that stand for all: ends, lengths, ways without approval.
    Explore(workflow::Explore),
    /// Say who would decide on a document, and why. Without people of a file or of the server
    /// somebody is invented for every role, group and field.
    Explain(workflow::Explain),
    /// Play a script against a clock that jumps, and print what follows from each event.
    Simulate(workflow::Simulate),
    /// Draw a chain: a Mermaid flow chart, or SVG. Needs no database.
    Diagram(workflow::Diagram),
    /// A chain as a model of BPMN 2.0, for other tools. Needs no database.
    #[command(subcommand)]
    Bpmn(BpmnCommand),
    /// Say what would happen to the documents under way if they went on by another text.
    Migrate(workflow::Rehearse),
    /// Print the JSON Schema of the chains that this program accepts, for editors.
    Schema(workflow::Schema),
    /// List the roles, groups, kinds, calendars, parameters, journals and letters that chains may
    /// name, and the fields of a kind. Needs no database.
    Names(workflow::Names),
}

impl Settings {
    fn load(&self) -> Result<Config, config::ConfigError> {
        config::from_environment(self.config.as_deref())
    }
}

/// Reads the arguments, does what they say, and answers the exit code: 0 done, 1 not done, 2 wrong
/// arguments.
#[must_use]
pub fn main() -> ExitCode {
    choose_ciphers();
    let command = match understood(std::env::args_os().collect()) {
        Ok(command) => command,
        Err(code) => return code,
    };
    let done = match command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Migrate(settings) => migrate(&settings),
        Command::Config(ConfigCommand::Check { settings, probe }) => {
            configuration::check(&settings, probe)
        }
        Command::Config(ConfigCommand::Show(settings)) => configuration::show(&settings),
        Command::Config(ConfigCommand::NewKey) => {
            print_line(&configuration::new_key());
            Ok(())
        }
        Command::People(command) => people::run(command),
        Command::Token(command) => tokens::run(command),
        Command::Extend(settings) => extend::run(&settings),
        Command::Authority(command) => authority::run(&command),
        Command::Workflow(WorkflowCommand::Check(check)) => return workflow::run(&check),
        Command::Workflow(WorkflowCommand::Test(tried)) => return workflow::test(&tried),
        Command::Workflow(WorkflowCommand::Explore(asked)) => return workflow::explore(&asked),
        Command::Workflow(WorkflowCommand::Explain(asked)) => return workflow::explain(&asked),
        Command::Workflow(WorkflowCommand::Simulate(played)) => return workflow::simulate(&played),
        Command::Workflow(WorkflowCommand::Diagram(drawn)) => return workflow::draw(&drawn),
        Command::Workflow(WorkflowCommand::Bpmn(BpmnCommand::Export(exported))) => {
            return workflow::export(&exported);
        }
        Command::Workflow(WorkflowCommand::Bpmn(BpmnCommand::Import(imported))) => {
            return workflow::import(&imported);
        }
        Command::Workflow(WorkflowCommand::Migrate(asked)) => workflow::rehearse(&asked),
        Command::Workflow(WorkflowCommand::Schema(asked)) => return workflow::schema(&asked),
        Command::Workflow(WorkflowCommand::Names(asked)) => return workflow::names(&asked),
        Command::Verify(arguments) => return verify::run(&arguments),
        Command::Trust(command) => return trust::run(&command),
        Command::Probe { url } => probe::run(&url),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("chancery: {}", in_one_line(&error)));
            ExitCode::FAILURE
        }
    }
}

/// The command that the arguments ask for. What is asked of the program itself, and what is wrong
/// with the arguments, is said in the reader's language.
fn understood(arguments: Vec<OsString>) -> Result<Command, ExitCode> {
    let locale = help::language(&arguments);
    let mut command = help::told(Arguments::command(), locale);
    let name = help::named(&command, &arguments);
    let read = command.try_get_matches_from_mut(arguments);
    let read = read.and_then(|matches| Arguments::from_arg_matches(&matches));
    read.map(|arguments| arguments.command).map_err(|error| {
        match help::complaint(&error, &name, locale) {
            Some(text) => {
                use std::io::Write as _;
                let _ = write!(std::io::stderr(), "{text}");
            }
            // A closed pipe is the reader's decision.
            None => drop(error.print()),
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// Opens the database (see [`schema::prepare`]) and everything else: an [`App`] ready for use.
///
/// # Errors
///
/// The first [`StartError`] found.
pub async fn start(config: Config, clock: Clock, migrate: Migrate) -> Result<App, StartError> {
    // Before the database: a missing key is the most likely thing to be missing.
    open_vault(&config)?;
    // And before it too: on workflows that are refused nothing is made.
    Peers::open(&config)?;
    Chains::load_knowing(&config.workflows.directory, Known::of(&config))?
        .check_switched_on(&config.workflows.packs)?;
    let store = schema::prepare(&config, migrate).await?;
    App::build(config, clock, store).await
}

fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let config = settings.load()?;
    let count = in_runtime(async {
        let store = crate::app::build::open_store(&config).await?;
        schema::run(&store).await
    })??;
    print_line(&match count {
        0 => "the database is up to date".to_owned(),
        count => format!("{count} migration(s) done"),
    });
    Ok(())
}

/// Runs one asynchronous command to its end.
fn in_runtime<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(work))
}

/// A line on standard output. A closed pipe is the reader's decision, not an error.
fn print_line(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// An error with its causes; a cause that was told already is not told twice.
fn in_one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let said = cause.to_string();
        if line.contains(&said) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&said);
    }
    line
}

/// A line on standard error, in one line whatever it says.
fn say(line: &str) {
    use std::io::Write as _;
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(std::io::stderr(), "{line}");
}

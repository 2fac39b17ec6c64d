//! Chores of this project: `cargo xtask tidy`, `cargo xtask test`. Standard library only, so that
//! it builds in a second.

mod moved;
mod rust;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, [])) if command == "tidy" => tidy::run(&root()),
        Some((command, rest)) if command == "test" => test::run(&root(), rest),
        _ => {
            eprintln!("usage: cargo xtask <command>\n");
            eprintln!("  tidy   check what a program can check of the house rules");
            eprintln!("{}", test::USAGE);
            ExitCode::from(2)
        }
    }
}

/// The project's root: the folder above this crate.
fn root() -> PathBuf {
    // What cargo says as it runs us is where we are now; it may have been another place when we
    // were built.
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().unwrap_or(&own).to_path_buf()
}

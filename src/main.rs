//! The entrance: reads arguments, starts what they name.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    // Before anything else runs: the worker's process must not even read a configuration.
    if arguments.next().as_deref() == Some(chancery::pdf_worker::SUBCOMMAND) {
        let rest: Vec<String> = arguments.collect();
        return chancery::pdf_worker::child::run(&rest);
    }
    chancery::cli::main()
}

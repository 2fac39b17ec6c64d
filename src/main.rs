//! The entrance: reads arguments, starts what they name.

use std::process::ExitCode;

fn main() -> ExitCode {
    chancery::cli::main()
}

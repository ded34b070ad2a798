//! The assignment service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    cchc_kit::service::main("assignment", cchc_assignment::startup::build)
}

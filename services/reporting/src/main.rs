//! The reporting service as a process of its own.

fn main() -> std::process::ExitCode {
    cchc_kit::service::main("reporting", cchc_reporting::startup::build)
}

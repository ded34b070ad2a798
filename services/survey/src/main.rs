//! The survey service as a process of its own.

fn main() -> std::process::ExitCode {
    cchc_kit::service::main("survey", cchc_survey::startup::build)
}

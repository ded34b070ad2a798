//! The registry as a process of its own.

fn main() -> std::process::ExitCode {
    cchc_kit::service::main("registry", cchc_registry::startup::build)
}

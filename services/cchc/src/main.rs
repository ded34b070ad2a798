//! The command line of CCHC. See `cli` for the commands and `README.md` for a walk through them.

fn main() -> std::process::ExitCode {
    cchc::cli::main()
}

//! `cchc bench`: how fast this machine takes responses in, beside what it could do at best, and how soon
//! and how fast they are seen.
//!
//! A rate alone says more of the machine than of us. So each figure stands beside a limit measured in
//! the same run on the same servers: the bare statement, the bare stream, the bare call. The service
//! runs in a process of its own, since its memory and its share of the processor are part of the answer.

mod asked;
mod children;
mod installation;
mod kill;
mod limits;
mod load;
mod meter;
mod replay;
mod report;
mod rollup;
mod skeleton;
mod stage;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::{
    children::Part,
    load::{Calls, Streams},
    meter::Measured,
    stage::Stage,
};
use crate::{error::CliError, output::Output};

/// What `cchc bench` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure how fast survey responses are taken in, beside the limits of this machine
    ///
    /// Needs servers whose data nobody needs: `cchc servers -- cchc bench ingest` lends private ones.
    Ingest(Ingest),
    /// Kill clients, services, PostgreSQL and NATS at random under load, and show that nothing is lost
    ///
    /// Runs on private servers of its own. Ends with 1 when anything acknowledged is missing, counts twice,
    /// or a sum is not what the stored answers give.
    Kill(kill::Arguments),
    /// Measure how soon a push is seen in the rollup, and how fast it is read and explained
    ///
    /// Starts an installation of its own (`cchc up`) in a process of its own, fills the plan's first survey, and
    /// measures while more responses keep coming.
    Rollup(rollup::Arguments),
    /// Measure how fast an empty reporting service hears again what was told before
    ///
    /// Starts an installation of its own, has its units report and correct, and starts a second reporting service
    /// beside the first, on an empty database. Ends with 1 when the two do not come to the same rollup.
    Replay(replay::Arguments),
    /// One of the processes that are measured
    #[command(hide = true)]
    Serve {
        #[arg(value_enum)]
        part: Part,
    },
}

#[derive(Debug, Clone, Args)]
struct Ingest {
    /// Responses to stream
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    responses: u64,
    /// Streams at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    streams: u64,
    /// Responses of a chunk
    #[arg(long, value_name = "COUNT", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=4000))]
    chunk: u64,
    /// Responses to send in calls of their own
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    calls: u64,
    /// Calls at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=256))]
    concurrency: u64,
    /// A program that counts the stored responses, too: it finds the database in `CCHC_BENCH_ROWS`, such as
    /// "python3 tests/python/recount.py"
    #[arg(long, value_name = "COMMAND")]
    beside: Option<String>,
    /// PostgreSQL, as somebody who may make databases
    #[arg(long, value_name = "URL", env = "CCHC_TEST_POSTGRES_URL", hide_env_values = true)]
    postgres: String,
    /// NATS
    #[arg(long, value_name = "URL", env = "CCHC_TEST_NATS_URL", hide_env_values = true)]
    nats: String,
}

/// Runs `cchc bench`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Serve { part } => children::serve(part).await,
        Command::Kill(arguments) => kill::run(&arguments, output).await,
        Command::Replay(arguments) => replay::run(&arguments, output).await,
        Command::Rollup(arguments) => rollup::run(&arguments, output).await,
        Command::Ingest(ingest) => {
            output.note(output.t(
                "Đang chuẩn bị máy chủ và các giới hạn để so sánh…",
                "Setting up the service and the limits to compare with…",
            ))?;
            let stage = Stage::set(&ingest.postgres, &ingest.nats).await?;
            let measured = measure(&stage, &ingest).await;
            stage.strike().await?;
            report::print(&measured?, output)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Measures the limits first and the service after them, each beside what it is compared with.
async fn measure(stage: &Stage, asked: &Ingest) -> Result<Vec<Measured>, CliError> {
    let streams = Streams { count: asked.streams, chunk: asked.chunk, rows: asked.responses };
    let calls = Calls { at_once: asked.concurrency, count: asked.calls };
    let (bare, service) = (&stage.skeleton, &stage.survey);
    let copy = meter::during("copy", stage, bare, limits::copy(stage.bare_url(), streams)).await?;
    let skeleton =
        meter::during("skeleton-stream", stage, bare, load::stream(bare, streams, 0)).await?;
    let first = meter::during("stream", stage, service, load::stream(service, streams, 0)).await?;
    let again = meter::during("stream-again", stage, service, load::stream(service, streams, 0));
    let again = again.await?;
    let reading = meter::during("bare-read", stage, bare, limits::read(stage.bare_url())).await?;
    let recount = meter::during("recount", stage, service, load::recount(service)).await?;
    let outside = match &asked.beside {
        Some(command) => {
            let counting = limits::outside(command, stage.own_url());
            Some(meter::during("outside", stage, bare, counting).await?)
        }
        None => None,
    };
    let commit = limits::commits(stage.bare_url(), calls);
    let commit = meter::during("single-commit", stage, bare, commit).await?;
    let echo = meter::during("echo", stage, bare, load::submit(bare, calls, 0)).await?;
    // Numbers after those of the streams: responses that are new.
    let fresh = load::submit(service, calls, asked.responses);
    let single = meter::during("single", stage, service, fresh).await?;
    let known = load::submit(service, calls, asked.responses);
    let single_again = meter::during("single-again", stage, service, known).await?;
    let recount = recount.beside(outside.as_ref().unwrap_or(&reading));
    let mut measured = vec![
        first.clone().beside(&skeleton),
        again.beside(&first),
        skeleton.beside(&copy),
        copy,
        recount,
        reading,
        single.clone().beside(&commit),
        single_again.beside(&single),
        commit,
        echo,
    ];
    measured.extend(outside);
    Ok(measured)
}

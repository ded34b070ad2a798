//! `cchc rollup`: where the province stands, why, what changes, and whether it is right.

mod alerts;
mod contribution;
mod estimates;
mod explain;
mod forecast;
mod marks;
mod movement;
mod promise;
mod publication;
mod show;
mod table;
mod undelivered;
mod units;
mod verify;
mod watch;
mod what_if;
pub(crate) mod wording;

use std::process::ExitCode;

use cchc_core::{NodeId, PlanCode, QuestionCode, SurveyCode, UnitCode};
use cchc_proto::reporting::v1::rollup_service_client::RollupServiceClient;
use clap::{Args, Subcommand};
use time::{Duration, OffsetDateTime};
use tonic::transport::Channel;

use crate::{
    connect::{Server, TokenFile},
    error::CliError,
    output::Output,
    push,
};

/// What `cchc rollup` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show every score against its baseline and target
    ///
    /// Columns in which nothing is known are left out. ( ) marks a baseline that follows from target
    /// and increase, [ ] one as published; ≠ a stated total beside the sum of its parts.
    ///
    /// With --as-of it is recomputed from what had been recorded by then: the same for ever, whatever was
    /// corrected since.
    Show {
        #[command(flatten)]
        of: Of,
        /// Look back to this instant, such as 2018-11-05T09:00 (Vietnamese time) or 2018-11-05T02:00:00Z
        #[arg(long, value_name = "TIME", value_parser = instant)]
        as_of: Option<OffsetDateTime>,
    },
    /// Explain a score down to the stored facts, and what its gap is made of
    ///
    /// With --as-of it explains the score that `show --as-of` shows: the same for ever.
    Explain {
        #[command(flatten)]
        of: Of,
        /// The node, such as PAR-2018/3
        node: NodeId,
        /// Look back to this instant, as `show` does
        #[arg(long, value_name = "TIME", value_parser = instant)]
        as_of: Option<OffsetDateTime>,
    },
    /// Show how every score moved between two states, split exactly by what moved it
    ///
    /// By corrections of what had been said, by what was newly said, by other definitions: the three add up
    /// to the change. Both states are recomputed.
    Movement {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        between: movement::Between,
    },
    /// Show what a survey says so far, with standard errors and intervals, by node and district
    ///
    /// Few answers are withheld, with whatever would give them away.
    Estimates {
        #[command(flatten)]
        of: Of,
        /// The survey, such as SIPAS-QN-2018
        survey: SurveyCode,
        /// Every district by the answers to this domain of the survey, too, such as SEX
        #[arg(long, value_name = "QUESTION")]
        by: Option<QuestionCode>,
    },
    /// Show what scores may come to by the year's end, and how likely targets are reached
    ///
    /// Never a figure without its interval; where the data allow none, the reason. Methods and how often
    /// they hold: services/scoring/src/forecast/README.md.
    Forecast {
        #[command(flatten)]
        of: Of,
        /// From what was known at the end of this day in Viet Nam, such as 2018-09-30
        #[arg(long, value_name = "DAY", value_parser = end_of_day)]
        as_of_day: Option<OffsetDateTime>,
    },
    /// Print what changes, as it changes
    Watch {
        #[command(flatten)]
        of: Of,
        /// End after so many changes; the rollup as it is at the start is none
        #[arg(long)]
        count: Option<u32>,
    },
    /// Find what to lift to reach a target at the least effort, or how far an effort goes
    ///
    /// Citizens' answers cannot be lifted, only supposed (--assume). Of several scenarios the command
    /// prints a comparison. Ends with 1 when a target is out of reach.
    WhatIf {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        supposing: what_if::Supposing,
    },
    /// Publish what was read: frozen, numbered, signed (role rollup.publisher)
    ///
    /// Reads the rollup and publishes that; if it moved meanwhile, nothing is published.
    Publish {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        publishing: publication::Publishing,
    },
    /// List the publications of a plan, the newest first
    Publications {
        #[command(flatten)]
        of: Of,
    },
    /// Show, verify or withdraw a publication
    Publication(publication::Arguments),
    /// Print the public keys that publications are checked with
    Keys(publication::Keys),
    /// Show what stands against each unit: tasks, and periodic reports in time, late and missing
    ///
    /// Those with the most against them come first. A unit sees itself and those below it.
    Units {
        #[command(flatten)]
        of: Of,
        /// This unit and those below it, such as 22
        unit: UnitCode,
    },
    /// Show what somebody should look at, the newest first: targets crossed, units that fall behind
    Alerts {
        #[command(flatten)]
        of: Of,
        /// Print alerts as they are noticed, until interrupted
        #[arg(long)]
        watch: bool,
    },
    /// Compare the live rollup with its recomputation from the stored facts (role operator)
    ///
    /// Ends with 1 when they differ in anything.
    Verify {
        #[command(flatten)]
        of: Of,
    },
}

/// Which rollup, and of which service.
#[derive(Debug, Args)]
struct Of {
    /// The plan, such as QN-2018
    plan: PlanCode,
    /// Address of the reporting service
    #[arg(long, value_name = "URL")]
    reporting: String,
    #[command(flatten)]
    token: TokenFile,
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    push::instant(text).ok_or_else(|| "is no time such as 2018-11-05T09:00".to_owned())
}

/// The last microsecond of a day in Viet Nam.
fn end_of_day(text: &str) -> Result<OffsetDateTime, String> {
    let last_minute = push::instant(&format!("{text} 23:59"));
    let end = last_minute.map(|at| at + Duration::microseconds(59_999_999));
    end.ok_or_else(|| "is no day such as 2018-09-30".to_owned())
}

impl Of {
    fn open(&self) -> Result<Asked, CliError> {
        let server = Server::open(&self.reporting, &self.token)?;
        let client = RollupServiceClient::new(server.channel());
        Ok(Asked { plan_code: self.plan.to_string(), server, client })
    }
}

/// A plan at a reporting service.
struct Asked {
    plan_code: String,
    server: Server,
    client: RollupServiceClient<Channel>,
}

/// Runs `cchc rollup`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Show { of, as_of } => show::run(of.open()?, as_of, output).await,
        Command::Explain { of, node, as_of } => {
            explain::run(of.open()?, &node, as_of, output).await
        }
        Command::Movement { of, between } => movement::run(of.open()?, between, output).await,
        Command::Estimates { of, survey, by } => {
            estimates::run(of.open()?, &survey, by.as_ref(), output).await
        }
        Command::Forecast { of, as_of_day } => forecast::run(of.open()?, as_of_day, output).await,
        Command::Watch { of, count } => watch::run(of.open()?, count, output).await,
        Command::WhatIf { of, supposing } => what_if::run(of.open()?, supposing, output).await,
        Command::Publish { of, publishing } => {
            publication::publish(of.open()?, publishing, output).await
        }
        Command::Publications { of } => publication::list(&of, output).await,
        Command::Publication(arguments) => publication::run(arguments, output).await,
        Command::Keys(asked) => publication::keys(asked, output).await,
        Command::Units { of, unit } => units::run(of.open()?, &unit, output).await,
        Command::Alerts { of, watch } => alerts::run(of.open()?, watch, output).await,
        Command::Verify { of } => verify::run(of.open()?, output).await,
    }
}

#[cfg(test)]
mod tests;

//! `cchc campaign`: loads campaigns, shows where one stands, a unit's form, and how far self-scores and
//! appraisals lie apart.

mod bulk;
mod file;
mod form;
mod gaps;
pub(crate) mod step;

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::assignment::v1::{
    Campaign, GetCampaignRequest, GetCampaignStatisticsRequest, GetFormRequest, GetFormResponse,
    LoadCampaignRequest, MoveEntryRequest, campaign::Stage,
    campaign_service_client::CampaignServiceClient,
};
use clap::{Args, Subcommand};
use serde_json::json;
use time::Date;
use tonic::{Code, transport::Channel};

use self::step::Of;
pub(crate) use self::step::day;
use crate::{
    bulk::{Blank, Import, import},
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    output::Output,
    plan_files,
    push::derived_id,
    say::Lang,
};

/// What `cchc campaign` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Which service, and who calls it.
#[derive(Debug, Args)]
struct At {
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    assignment: String,
    #[command(flatten)]
    token: TokenFile,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load a campaign, such as deploy/campaigns/cchc-2018.toml, or move its windows (role appraiser)
    Load {
        /// The campaign
        file: PathBuf,
        #[command(flatten)]
        at: At,
    },
    /// Show where a campaign stands
    Show {
        /// Such as CCHC-2018
        code: String,
        #[command(flatten)]
        at: At,
    },
    /// Show the form of a unit: every node, what was said of it, and who may do what next
    Form {
        /// Such as CCHC-2018
        code: String,
        /// The unit, such as 193
        unit: String,
        #[command(flatten)]
        at: At,
    },
    /// Write a workbook in which a unit fills in its self-assessment
    Template {
        /// Such as CCHC-2018
        code: String,
        /// The unit, such as 193
        unit: String,
        #[command(flatten)]
        to: Blank,
    },
    /// Send a workbook or CSV file of self-scores; every row is answered (role agency.reporter)
    Import(Import),
    /// Score a unit for a node; again, it corrects that (role agency.reporter)
    Score {
        #[command(flatten)]
        of: Of,
        /// Points, such as 8.5
        #[arg(long)]
        points: String,
        /// A document that shows it, as officials cite it; several times for several
        #[arg(long, value_name = "DOCUMENT")]
        evidence: Vec<String>,
        /// Why the points are right
        #[arg(long, value_name = "TEXT", default_value = "")]
        explanation: String,
    },
    /// Take a self-score back (role agency.reporter)
    Withdraw {
        #[command(flatten)]
        of: Of,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Explain to the appraisers what they found otherwise (role agency.reporter)
    Explain {
        #[command(flatten)]
        of: Of,
        /// What is to be said
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// A document that was not cited before; several times for several
        #[arg(long, value_name = "DOCUMENT")]
        evidence: Vec<String>,
    },
    /// Judge what a unit gave itself (role appraiser)
    Judge {
        #[command(flatten)]
        of: Of,
        /// Points found right
        #[arg(long)]
        points: String,
        /// One of the campaign's reasons, where the points differ
        #[arg(long, value_name = "CODE", default_value = "")]
        reason_code: String,
        /// Why, in words
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Give an entry back to its unit until a day (role appraiser)
    Reopen {
        #[command(flatten)]
        of: Of,
        /// The last day on which the unit may submit, such as 2018-12-20
        #[arg(long, value_name = "DAY", value_parser = day)]
        until: Date,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Show how far self-scores and appraisals lie apart: who inflates, which node is unclear
    Gaps {
        /// Such as CCHC-2018
        code: String,
        /// This unit and those below it, such as 22
        unit: String,
        #[command(flatten)]
        at: At,
    },
}

/// Runs `cchc campaign`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Load { file, at } => load(&file, &at, output).await?,
        Command::Show { code, at } => {
            let server = Server::open(&at.assignment, &at.token)?;
            let campaign = get(&server, &code).await?.ok_or_else(|| unknown(&code))?;
            show(&campaign, output)?;
        }
        Command::Form { code, unit, at } => {
            let server = Server::open(&at.assignment, &at.token)?;
            form::show(&form_of(&server, code, unit).await?, output)?;
        }
        Command::Template { code, unit, to } => {
            let form = bulk::form(&form_of(&to.server()?, code, unit).await?);
            return to.write::<MoveEntryRequest>(&form, "cchc campaign import", output);
        }
        Command::Score { of, points, evidence, explanation } => {
            let step = step::Unit::Score { points, evidence, explanation };
            return step::unit(of, step, output).await;
        }
        Command::Withdraw { of, note } => {
            return step::unit(of, step::Unit::Withdraw { note }, output).await;
        }
        Command::Explain { of, text, evidence } => {
            return step::unit(of, step::Unit::Explain { text, evidence }, output).await;
        }
        Command::Judge { of, points, reason_code: code, reason } => {
            let step = step::Appraiser::Judge { points, code, reason };
            return step::appraiser(of, step, output).await;
        }
        Command::Reopen { of, until, reason } => {
            return step::appraiser(of, step::Appraiser::Reopen { reason, until }, output).await;
        }
        Command::Import(arguments) => {
            return import::<MoveEntryRequest>(arguments, output).await;
        }
        Command::Gaps { code, unit, at } => {
            let server = Server::open(&at.assignment, &at.token)?;
            let ask = GetCampaignStatisticsRequest { campaign_code: code, unit_code: unit };
            let ask = server.request(ask, QUESTION);
            let answer = client(&server).get_campaign_statistics(ask).await;
            gaps::show(&answer.map_err(|status| server.refused(&status))?.into_inner(), output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn client(server: &Server) -> CampaignServiceClient<Channel> {
    CampaignServiceClient::new(server.channel())
}

async fn form_of(server: &Server, code: String, unit: String) -> Result<GetFormResponse, CliError> {
    let ask = GetFormRequest { campaign_code: code, unit_code: unit };
    let answer = client(server).get_form(server.request(ask, QUESTION)).await;
    Ok(answer.map_err(|status| server.refused(&status))?.into_inner())
}

async fn get(server: &Server, code: &str) -> Result<Option<Campaign>, CliError> {
    let ask = server.request(GetCampaignRequest { code: code.to_owned() }, QUESTION);
    match client(server).get_campaign(ask).await {
        Ok(answer) => Ok(answer.into_inner().campaign),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(server.refused(&status)),
    }
}

fn unknown(code: &str) -> CliError {
    CliError::said(
        format!("Không có đợt đánh giá {code}: hãy nạp bằng `cchc campaign load`."),
        format!("There is no campaign {code}: load it with `cchc campaign load`."),
    )
}

async fn load(file: &std::path::Path, at: &At, output: &Output) -> Result<(), CliError> {
    let read = plan_files::read::<file::CampaignFile>(file);
    let campaign = Campaign::from(read.map_err(|problem| CliError::Files(vec![problem]))?);
    let server = Server::open(&at.assignment, &at.token)?;
    // What is changed is what stands now: an operator has seen the file, not the service.
    let etag = get(&server, &campaign.code).await?.map(|known| known.etag).unwrap_or_default();
    let mut ask = LoadCampaignRequest { request_id: String::new(), campaign: Some(campaign), etag };
    ask.request_id = derived_id("campaign", "", &ask);
    let answer = client(&server).load_campaign(server.request(ask, QUESTION)).await;
    let loaded = answer.map_err(|status| server.refused(&status))?.into_inner().campaign;
    show(&loaded.unwrap_or_default(), output)
}

const fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::Unspecified => lang.t("chưa rõ", "unknown"),
        Stage::Waiting => lang.t("chờ bước tiếp theo", "waiting for the next window"),
        Stage::SelfAssessment => lang.t("tự đánh giá", "self-assessment"),
        Stage::Appraisal => lang.t("thẩm định lần 1", "first appraisal"),
        Stage::Explanation => lang.t("giải trình", "explanation"),
        Stage::SecondAppraisal => lang.t("thẩm định lần 2", "second appraisal"),
        Stage::Over => lang.t("đã hết thời gian", "over"),
        Stage::Locked => lang.t("đã khóa", "locked"),
    }
}

fn show(campaign: &Campaign, output: &Output) -> Result<(), CliError> {
    let units = campaign.bound_unit_codes.len();
    if output.is_json() {
        return output.json(&json!({
            "code": campaign.code,
            "etag": campaign.etag,
            "stage": campaign.stage().as_str_name(),
            "units": units,
        }));
    }
    let (code, title) = (&campaign.code, &campaign.title);
    let stage = stage(campaign.stage(), output.lang());
    output.line(match output.lang() {
        Lang::Vi => format!("{code}: {title}. {units} đơn vị; {stage}; lần {}.", campaign.etag),
        Lang::En => format!("{code}: {title}. {units} units; {stage}; version {}.", campaign.etag),
    })
}

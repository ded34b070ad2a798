//! `cchc reminder`: how a province reminds, where digests go, and what could not be delivered.

mod file;

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::assignment::v1::{
    Audience, Channel, Delivery, GetRecipientsRequest, GetReminderPolicyRequest,
    ListDeliveriesRequest, LoadRecipientsRequest, LoadReminderPolicyRequest, Recipient,
    ReminderPolicy, ReplayDeliveryRequest, delivery::State,
    delivery_service_client::DeliveryServiceClient, reminder_service_client::ReminderServiceClient,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use tonic::Code;
use uuid::Uuid;

use self::file::{PolicyFile, RecipientsFile};
use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    output::Output,
    plan_files,
    push::derived_id,
    say::Lang,
};

/// What `cchc reminder` is called with.
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

impl At {
    fn server(&self) -> Result<Server, CliError> {
        Server::open(&self.assignment, &self.token)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How a province reminds and escalates
    #[command(subcommand)]
    Policy(Policy),
    /// Where digests go: e-mail addresses and webhooks by unit, audience and officer
    #[command(subcommand)]
    Recipients(Recipients),
    /// List digests on their way, the newest first (role operator)
    Deliveries {
        /// Only those that were given up
        #[arg(long)]
        given_up: bool,
        #[command(flatten)]
        at: At,
    },
    /// Try digests anew that were given up, as `DIGEST` of the list (role operator)
    Replay {
        /// Ids of digests
        #[arg(required = true)]
        digests: Vec<Uuid>,
        /// Over which channel
        #[arg(long, value_enum)]
        channel: Over,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
enum Policy {
    /// Load a policy, such as deploy/reminders/quang-ninh.toml (role operator)
    Load {
        /// The policy
        file: PathBuf,
        #[command(flatten)]
        at: At,
    },
    /// Show the policy of a province
    Show {
        /// Such as 22
        province: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
enum Recipients {
    /// Load the whole directory of a province (role operator)
    ///
    /// A TOML file: province = "22", and for each recipient [[recipients]] with unit, audience ("officer",
    /// "head", "steering", "chairman"), officer, emails, webhook, `secret_file`. A secret that is left out
    /// stays as it is.
    Load {
        /// The directory
        file: PathBuf,
        #[command(flatten)]
        at: At,
    },
    /// Show the directory of a province, without secrets (role operator)
    Show {
        /// Such as 22
        province: String,
        #[command(flatten)]
        at: At,
    },
}

/// A channel, as it is named on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Over {
    Email,
    Webhook,
}

impl From<Over> for Channel {
    fn from(over: Over) -> Self {
        match over {
            Over::Email => Self::Email,
            Over::Webhook => Self::Webhook,
        }
    }
}

/// Runs `cchc reminder`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Policy(Policy::Load { file, at }) => {
            let version = load_policy(&at.server()?, &file).await?;
            loaded(version, output)?;
        }
        Command::Policy(Policy::Show { province, at }) => {
            let found = policy(&at.server()?, &province).await?;
            let found = found.ok_or_else(|| no_policy(&province))?;
            output.json(&file::policy_json(&found))?;
        }
        Command::Recipients(Recipients::Load { file, at }) => {
            let read = plan_files::read::<RecipientsFile>(&file);
            let read = read.map_err(|problem| CliError::Files(vec![problem]))?;
            let (province_code, recipients) = read.recipients(&file)?;
            let mut ask =
                LoadRecipientsRequest { request_id: String::new(), province_code, recipients };
            // Loading the same directory again after another stood is another intent.
            ask.request_id = Uuid::new_v4().to_string();
            let server = at.server()?;
            let mut client = DeliveryServiceClient::new(server.channel());
            let answer = client.load_recipients(server.request(ask, QUESTION)).await;
            let version = answer.map_err(|status| server.refused(&status))?.into_inner().version;
            loaded(version, output)?;
        }
        Command::Recipients(Recipients::Show { province, at }) => {
            let server = at.server()?;
            let ask = server.request(GetRecipientsRequest { province_code: province }, QUESTION);
            let answer = DeliveryServiceClient::new(server.channel()).get_recipients(ask).await;
            let found = answer.map_err(|status| server.refused(&status))?.into_inner();
            show_recipients(found.version, &found.recipients, output)?;
        }
        Command::Deliveries { given_up, at } => {
            let state = if given_up { State::GivenUp } else { State::Unspecified };
            show(&deliveries(&at.server()?, state).await?, output)?;
        }
        Command::Replay { digests, channel, at } => {
            let server = at.server()?;
            let mut replayed = Vec::new();
            for digest in digests {
                replayed.push(replay(&server, digest, channel.into()).await?);
            }
            show(&replayed, output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Loads a policy from a file; says which version it is now.
pub(crate) async fn load_policy(server: &Server, file: &std::path::Path) -> Result<i64, CliError> {
    let read = plan_files::read::<PolicyFile>(file);
    let policy = read.map_err(|problem| CliError::Files(vec![problem]))?.policy(file)?;
    let mut ask = LoadReminderPolicyRequest { request_id: String::new(), policy: Some(policy) };
    ask.request_id = derived_id("reminder-policy", &Uuid::new_v4().to_string(), &ask);
    let mut client = ReminderServiceClient::new(server.channel());
    let answer = client.load_reminder_policy(server.request(ask, QUESTION)).await;
    Ok(answer.map_err(|status| server.refused(&status))?.into_inner().version)
}

/// Reads how a province reminds; nothing where nobody has said so.
pub(crate) async fn policy(
    server: &Server,
    province: &str,
) -> Result<Option<ReminderPolicy>, CliError> {
    let ask = GetReminderPolicyRequest { province_code: province.to_owned() };
    let mut client = ReminderServiceClient::new(server.channel());
    match client.get_reminder_policy(server.request(ask, QUESTION)).await {
        Ok(answer) => Ok(answer.into_inner().policy),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(server.refused(&status)),
    }
}

/// Whether a file holds the policy of a province.
pub(crate) fn is_of(file: &std::path::Path, province: &str) -> bool {
    plan_files::read::<PolicyFile>(file).is_ok_and(|policy| policy.is_of(province))
}

fn no_policy(province: &str) -> CliError {
    CliError::said(
        format!(
            "Tỉnh {province} chưa có quy định nhắc việc: hãy nạp bằng `cchc reminder policy load`."
        ),
        format!(
            "Province {province} has no reminder policy: load one with `cchc reminder policy load`."
        ),
    )
}

fn loaded(version: i64, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&json!({ "version": version }));
    }
    output.line(match output.lang() {
        Lang::Vi => format!("Đã nạp, lần {version}."),
        Lang::En => format!("Loaded, version {version}."),
    })
}

async fn deliveries(server: &Server, state: State) -> Result<Vec<Delivery>, CliError> {
    let mut ask =
        ListDeliveriesRequest { page_size: 200, page_token: String::new(), state: state.into() };
    let (mut client, mut all) = (DeliveryServiceClient::new(server.channel()), Vec::new());
    loop {
        let answer = client.list_deliveries(server.request(ask.clone(), QUESTION)).await;
        let page = answer.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(page.deliveries);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        ask.page_token = page.next_page_token;
    }
}

async fn replay(server: &Server, digest: Uuid, channel: Channel) -> Result<Delivery, CliError> {
    let ask = ReplayDeliveryRequest {
        request_id: Uuid::new_v4().to_string(),
        digest_id: digest.to_string(),
        channel: channel.into(),
    };
    let mut client = DeliveryServiceClient::new(server.channel());
    let answer = client.replay_delivery(server.request(ask, QUESTION)).await;
    let delivery = answer.map_err(|status| server.refused(&status))?.into_inner().delivery;
    Ok(delivery.unwrap_or_default())
}

const fn over(channel: Channel) -> &'static str {
    match channel {
        Channel::Unspecified => "?",
        Channel::Email => "email",
        Channel::Webhook => "webhook",
    }
}

const fn state(state: State, lang: Lang) -> &'static str {
    match state {
        State::Unspecified => lang.t("chưa rõ", "unknown"),
        State::Pending => lang.t("chờ gửi", "pending"),
        State::Sent => lang.t("đã gửi", "sent"),
        State::GivenUp => lang.t("đã thôi gửi", "given up"),
    }
}

fn to(unit: &str, audience: Audience, officer: &str) -> String {
    let whom = file::word(audience);
    if officer.is_empty() { format!("{unit} ({whom})") } else { format!("{unit} ({officer})") }
}

fn show(all: &[Delivery], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let all: Vec<Value> = all.iter().map(crate::contract_json::json).collect();
        return output.json(&json!({ "deliveries": all }));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Bản tổng hợp", "Kênh", "Người nhận", "Trạng thái", "Lần thử", "Lỗi"],
        Lang::En => ["Digest", "Channel", "Recipient", "State", "Attempts", "Error"],
    });
    for of in all {
        table.add_row([
            of.digest_id.clone(),
            over(of.channel()).to_owned(),
            to(&of.recipient_unit_code, of.audience(), &of.officer),
            state(of.state(), lang).to_owned(),
            of.attempt_count.to_string(),
            of.last_error.clone(),
        ]);
    }
    output.line(table)
}

fn show_recipients(version: i64, all: &[Recipient], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let all: Vec<Value> = all.iter().map(crate::contract_json::json).collect();
        return output.json(&json!({ "version": version, "recipients": all }));
    }
    let mut table = output.table(match output.lang() {
        Lang::Vi => ["Người nhận", "Thư điện tử", "Webhook"],
        Lang::En => ["Recipient", "E-mail", "Webhook"],
    });
    for of in all {
        table.add_row([
            to(&of.unit_code, of.audience(), &of.officer),
            of.email_addresses.join(", "),
            of.webhook_url.clone(),
        ]);
    }
    output.line(table)
}

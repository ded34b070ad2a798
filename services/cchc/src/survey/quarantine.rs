//! `cchc survey quarantine`: what was refused, why, and what becomes of it.

mod correct;
mod print;

use std::process::ExitCode;

use cchc_core::{QuarantinedRowId, SurveyCode};
use cchc_proto::survey::v1::{
    DropQuarantinedRowRequest, GetQuarantinedRowRequest, GetQuarantinedRowResponse,
    ListQuarantinedRowsRequest, QuarantinedRow, ReplayQuarantinedRowRequest,
    quarantine_service_client::QuarantineServiceClient, quarantined_row::State,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use self::correct::Correction;
use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    push::derived_id,
    say::Lang,
};

/// What `cchc survey quarantine` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List refused rows, the oldest first, without what they said
    List(List),
    /// Show one refused row with what it said and everything that was wrong with it
    Show(Of),
    /// Send a refused row again, corrected or as it was; what is not corrected stays as it came
    Replay(Replay),
    /// Give refused rows up: what they said is deleted for good, who gave them up and why stays
    Drop(Dropping),
}

/// Which service.
#[derive(Debug, Args)]
struct At {
    /// Address of the survey service
    #[arg(long, value_name = "URL")]
    survey: String,
    #[command(flatten)]
    token: TokenFile,
}

#[derive(Debug, Args)]
struct List {
    /// The survey; without it, rows that named no survey there is
    code: Option<SurveyCode>,
    /// Only rows in this state
    #[arg(long, value_enum, default_value = "waiting")]
    state: Which,
    /// Only rows that this collector sent
    #[arg(long, value_name = "NAME", default_value = "")]
    collector: String,
    /// Only rows refused for this reason: the word that the list shows
    #[arg(long, value_name = "REASON", default_value = "")]
    reason: String,
    /// Only rows received at this instant or later, such as 2018-10-05 08:30
    #[arg(long, value_name = "TIME", value_parser = correct::instant)]
    from: Option<prost_types::Timestamp>,
    /// Only rows received before this instant
    #[arg(long, value_name = "TIME", value_parser = correct::instant)]
    to: Option<prost_types::Timestamp>,
    /// Most rows to list
    #[arg(long, default_value_t = 200)]
    most: usize,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
struct Of {
    /// The row's id, as listed
    row: QuarantinedRowId,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
struct Replay {
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    correction: Box<Correction>,
}

#[derive(Debug, Args)]
struct Dropping {
    /// The rows' ids, as listed
    #[arg(required = true)]
    rows: Vec<QuarantinedRowId>,
    /// Why, in Vietnamese; kept for good
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    at: At,
}

/// A state to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Nobody has looked at it yet
    Waiting,
    /// Sent again and stored
    Replayed,
    /// A good one came under the same id
    Superseded,
    /// Given up by somebody
    Dropped,
    /// Kept for long enough
    Expired,
    /// All of them
    All,
}

impl From<Which> for State {
    fn from(which: Which) -> Self {
        match which {
            Which::Waiting => Self::Waiting,
            Which::Replayed => Self::Replayed,
            Which::Superseded => Self::Superseded,
            Which::Dropped => Self::Dropped,
            Which::Expired => Self::Expired,
            Which::All => Self::Unspecified,
        }
    }
}

/// A survey service whose quarantine is looked at.
struct Asked {
    server: Server,
    client: QuarantineServiceClient<tonic::transport::Channel>,
}

/// Runs `cchc survey quarantine`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let at = match &arguments.command {
        Command::List(List { at, .. }) | Command::Drop(Dropping { at, .. }) => at,
        Command::Show(of) | Command::Replay(Replay { of, .. }) => &of.at,
    };
    let server = Server::open(&at.survey, &at.token)?;
    let client = QuarantineServiceClient::new(server.channel());
    let mut asked = Asked { server, client };
    match &arguments.command {
        Command::List(list) => asked.list(list, output).await?,
        Command::Show(of) => print::shown(&asked.get(of.row).await?, output)?,
        Command::Replay(replay) => asked.replay(replay, output).await?,
        Command::Drop(dropping) => asked.drop_rows(dropping, output).await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Asked {
    async fn list(&mut self, list: &List, output: &Output) -> Result<(), CliError> {
        let (mut rows, mut page_token) = (Vec::new(), String::new());
        let code = list.code.as_ref().map_or_else(String::new, ToString::to_string);
        loop {
            let ask = ListQuarantinedRowsRequest {
                survey_code: code.clone(),
                state: State::from(list.state).into(),
                collector: list.collector.clone(),
                reason: list.reason.clone(),
                from_time: list.from,
                to_time: list.to,
                page_size: 200,
                page_token,
            };
            let answer =
                self.client.list_quarantined_rows(self.server.request(ask, QUESTION)).await;
            let answer = answer.map_err(|status| self.server.refused(&status))?.into_inner();
            rows.extend(answer.rows);
            page_token = answer.next_page_token;
            if page_token.is_empty() || rows.len() >= list.most {
                break;
            }
        }
        let has_more = !page_token.is_empty() || rows.len() > list.most;
        rows.truncate(list.most);
        if output.is_json() {
            return output.json(&json!({
                "rows": rows.iter().map(contract_json::json).collect::<Vec<Value>>(),
                "has_more": has_more,
            }));
        }
        print::listed(&rows, has_more, output)
    }

    async fn get(&mut self, row: QuarantinedRowId) -> Result<GetQuarantinedRowResponse, CliError> {
        let ask = GetQuarantinedRowRequest { row_id: row.to_string() };
        let answer = self.client.get_quarantined_row(self.server.request(ask, QUESTION)).await;
        Ok(answer.map_err(|status| self.server.refused(&status))?.into_inner())
    }

    async fn replay(
        &mut self,
        Replay { of, correction }: &Replay,
        output: &Output,
    ) -> Result<(), CliError> {
        let row_id = of.row.to_string();
        // A row that waits no more is refused by the service, which says what became of it.
        let received = if correction.is_any() { self.get(of.row).await?.received } else { None };
        let mut ask = match received {
            Some(received) => correction.ask(row_id, received)?,
            None => ReplayQuarantinedRowRequest { row_id, ..Default::default() },
        };
        ask.request_id = intent(&ask);
        let answer = self.client.replay_quarantined_row(self.server.request(ask, QUESTION)).await;
        let answer = answer.map_err(|status| self.server.refused(&status))?.into_inner();
        settled(&answer.row.unwrap_or_default(), output)
    }

    async fn drop_rows(
        &mut self,
        Dropping { rows, reason, .. }: &Dropping,
        output: &Output,
    ) -> Result<(), CliError> {
        for row in rows {
            let etag = self.get(*row).await?.etag;
            let mut ask = DropQuarantinedRowRequest {
                request_id: String::new(),
                row_id: row.to_string(),
                // Of a row that waits no more nothing can be read; the service says what became of it.
                etag: if etag.is_empty() { "-".to_owned() } else { etag },
                reason: reason.clone(),
            };
            ask.request_id = derived_id("drop-row", "", &ask);
            let answer = self.client.drop_quarantined_row(self.server.request(ask, QUESTION)).await;
            let answer = answer.map_err(|status| self.server.refused(&status))?.into_inner();
            settled(&answer.row.unwrap_or_default(), output)?;
        }
        Ok(())
    }
}

/// Names a replay by what it asks for, but for who answered and in which words: an id is kept, and nobody should try to
/// find them in it.
fn intent(ask: &ReplayQuarantinedRowRequest) -> String {
    let mut impersonal = ask.clone();
    if let Some(row) = &mut impersonal.corrected {
        row.respondent_key.clear();
        row.texts.clear();
    }
    derived_id("replay-row", "", &impersonal)
}

/// Says what became of a row.
fn settled(row: &QuarantinedRow, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(row));
    }
    let (id, state) = (&row.row_id, print::state(row.state(), output.lang()));
    output.line(match output.lang() {
        Lang::Vi => format!("Hàng {id}: {state}."),
        Lang::En => format!("Row {id}: {state}."),
    })
}

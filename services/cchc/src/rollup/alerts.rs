//! `cchc rollup alerts`: what somebody should look at, the newest first, or as it is noticed.

use std::{process::ExitCode, time::Duration};

use cchc_proto::reporting::v1::{
    Alert, ListAlertsRequest, WatchAlertsRequest, alert_service_client::AlertServiceClient,
};
use tokio::time::{sleep, timeout};
use tonic::{Status, transport::Channel};

use super::{Asked, wording};
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::{CliError, Refused},
    output::Output,
};

/// Alerts listed at a time.
const LISTED: i32 = 200;
/// The service speaks at least twice in this time, unless it was told to be more silent.
const SILENCE: Duration = Duration::from_mins(5);
/// How long to wait before taking up a broken stream.
const PAUSE: Duration = Duration::from_secs(1);
/// Times in a row that a stream is taken up in vain.
const ATTEMPTS: u32 = 30;

pub(super) async fn run(
    asked: Asked,
    is_watched: bool,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, .. } = asked;
    let client = AlertServiceClient::new(server.channel());
    if is_watched {
        watch(plan_code, &server, client, output).await?;
    } else {
        list(plan_code, &server, client, output).await?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(
    plan_code: String,
    server: &Server,
    mut client: AlertServiceClient<Channel>,
    output: &Output,
) -> Result<(), CliError> {
    let ask = ListAlertsRequest { plan_code, page_size: LISTED, ..ListAlertsRequest::default() };
    let answer = client.list_alerts(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        return output.json(&contract_json::json(&answer));
    }
    if answer.alerts.is_empty() {
        return output.line(output.t("Chưa có cảnh báo nào.", "There are no alerts."));
    }
    answer.alerts.iter().try_for_each(|alert| tell(alert, output))
}

/// Watches until interrupted; a stream that breaks is taken up where it was.
async fn watch(
    plan_code: String,
    server: &Server,
    mut client: AlertServiceClient<Channel>,
    output: &Output,
) -> Result<(), CliError> {
    let mut ask = WatchAlertsRequest { plan_code, ..WatchAlertsRequest::default() };
    let mut failures = 0;
    loop {
        let before = ask.resume_token.clone();
        let status = follow(&mut ask, server, &mut client, output).await?;
        if !Refused::new("", &status).is_passing() || failures >= ATTEMPTS {
            return Err(server.refused(&status));
        }
        failures = if ask.resume_token == before { failures + 1 } else { 0 };
        output.note(output.t("Mất kết nối, đang nối lại…", "Connection lost, joining again…"))?;
        sleep(PAUSE).await;
    }
}

/// Follows one stream until it breaks; says how.
async fn follow(
    ask: &mut WatchAlertsRequest,
    server: &Server,
    client: &mut AlertServiceClient<Channel>,
    output: &Output,
) -> Result<Status, CliError> {
    let mut stream = match client.watch_alerts(server.watch(ask.clone())).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(status),
    };
    loop {
        let message = match timeout(SILENCE, stream.message()).await {
            Ok(Ok(Some(message))) => message,
            Ok(Err(status)) => return Ok(status),
            Ok(Ok(None)) | Err(_) => return Ok(Status::unavailable("the stream ended")),
        };
        if message.is_reset {
            output.note(output.t(
                "Dữ liệu tổng hợp đã được nạp lại: các cảnh báo được nêu lại từ đầu.",
                "Reporting has heard everything again: alerts are told from the first.",
            ))?;
        }
        if let Some(alert) = &message.alert {
            tell(alert, output)?;
        }
        ask.resume_token = message.resume_token;
    }
}

fn tell(alert: &Alert, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        // A line each, for programs that read line by line.
        return output.line(contract_json::json(alert));
    }
    let moment = wording::moment(alert.notice_time.as_ref());
    let message = output.t(&alert.message, &alert.message_en);
    output.line(format_args!("{moment} {:>4}  {message}", alert.number))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::{output::Memory, say::Lang};

    #[test]
    fn an_alert_is_a_line_in_the_readers_language() {
        let alert = Alert {
            number: 7,
            message: "PAR-2018/3 Hài lòng: đã đạt chỉ tiêu".to_owned(),
            message_en: "PAR-2018/3 has reached its target".to_owned(),
            ..Alert::default()
        };
        let told = |lang, is_json| {
            let memory = Memory::default();
            tell(&alert, &Output::to(lang, is_json, memory.clone())).unwrap();
            memory.text()
        };

        assert!(told(Lang::Vi, false).contains("7  PAR-2018/3 Hài lòng: đã đạt chỉ tiêu"));
        assert!(told(Lang::En, false).contains("has reached its target"));
        assert!(told(Lang::En, true).contains("\"number\":7"));
    }
}

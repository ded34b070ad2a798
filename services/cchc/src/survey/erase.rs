//! `cchc survey erase`: everything of one respondent, for good.

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::survey::v1::{
    EraseRespondentRequest, EraseRespondentResponse, GetRespondentRequest, GetRespondentResponse,
    privacy_service_client::PrivacyServiceClient,
};
use clap::Args;

use super::Of;
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    push::derived_id,
    say::Lang,
};

/// What `cchc survey erase` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Of,
    /// File with the respondent's key in hexadecimal digits, as the collector sent it: on the command line
    /// others could read it
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// Why, in Vietnamese; kept for good, so nothing of the person
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Only say how much there is, and erase nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs `cchc survey erase`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let Arguments { of, key_file, reason, dry_run } = arguments;
    let respondent_key = key(&std::fs::read_to_string(key_file)?)?;
    let survey_code = of.code.to_string();
    let server = Server::open(&of.survey, &of.token)?;
    let mut client = PrivacyServiceClient::new(server.channel());
    let ask = GetRespondentRequest {
        survey_code: survey_code.clone(),
        respondent_key: respondent_key.clone(),
    };
    let found = client.get_respondent(server.request(ask, QUESTION)).await;
    let found = found.map_err(|status| server.refused(&status))?.into_inner();
    if *dry_run {
        let GetRespondentResponse { response_count, row_count, .. } = found;
        if output.is_json() {
            output.json(&contract_json::json(&found))?;
        } else {
            output.line(there_is(response_count, row_count, output.lang()))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut request = EraseRespondentRequest {
        request_id: String::new(),
        survey_code,
        respondent_key,
        etag: found.etag,
        reason: reason.clone(),
    };
    request.request_id = derived_id("erase-respondent", "", &request);
    let erased = client.erase_respondent(server.request(request, QUESTION)).await;
    let erased = erased.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        output.json(&contract_json::json(&erased))?;
    } else {
        output.line(was_erased(erased, output.lang()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn there_is(responses: i32, rows: i32, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("Có {responses} phiếu và {rows} hàng bị từ chối; chưa xóa gì."),
        Lang::En => {
            format!("There are {responses} responses and {rows} refused rows; nothing was erased.")
        }
    }
}

fn was_erased(erased: EraseRespondentResponse, lang: Lang) -> String {
    let EraseRespondentResponse { response_count: responses, row_count: rows } = erased;
    match lang {
        Lang::Vi => format!(
            "Đã xóa vĩnh viễn {responses} phiếu và nội dung của {rows} hàng bị từ chối. Số liệu đã công bố giữ nguyên."
        ),
        Lang::En => format!(
            "Erased for good: {responses} responses and what {rows} refused rows said. Published figures stay."
        ),
    }
}

/// Reads a key in hexadecimal digits.
fn key(text: &str) -> Result<Vec<u8>, CliError> {
    let bytes = hex::decode(text.trim()).ok().filter(|bytes| !bytes.is_empty());
    bytes.ok_or_else(|| {
        CliError::unusable(
            "tệp khóa phải chứa các chữ số thập lục phân",
            "the key file must hold hexadecimal digits",
        )
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_key_is_read_from_digits_and_nothing_else() {
        assert_eq!(key("00ff1A\n").unwrap(), [0, 255, 26]);
        for wrong in ["", "0", "0g", "+f", "khóa"] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }
}

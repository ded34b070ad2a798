//! What an installation needs before it can remind anybody: the holidays of each year, and how the province
//! reminds. What is shipped is loaded where nothing is there; what an operator has loaded stays.

use std::path::{Path, PathBuf};

use cchc_proto::assignment::v1::{
    ListCalendarYearsRequest, calendar_service_client::CalendarServiceClient,
};

use super::{place::Place, said};
use crate::{
    calendar,
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    output::Output,
    plan_files::PlanFolder,
    reminder,
};

/// The holidays that are shipped, a file a year.
const CALENDARS: &str = "deploy/calendars";
/// The policies that are shipped, a file a province.
const POLICIES: &str = "deploy/reminders";

/// Loads the shipped holidays of years that are not known, and a policy where the province has none.
pub(super) async fn load(
    place: &Place,
    folder: &PlanFolder,
    output: &Output,
) -> Result<(), CliError> {
    let (url, token_file) = (place.grpc("assignment"), place.token("operator"));
    let server = Server::open(&url, &TokenFile { token_file: token_file.clone() })?;
    let unknown = unknown_years(&server).await?;
    if !unknown.is_empty() {
        let files: Vec<String> = unknown.iter().map(|file| file.display().to_string()).collect();
        let mut words = vec!["calendar", "load"];
        words.extend(files.iter().map(String::as_str));
        let token = token_file.display().to_string();
        words.extend(["--assignment", &url, "--token-file", &token]);
        calendar::run(said(&words)?, output).await?;
    }
    let province = folder.plan.province.to_string();
    if reminder::policy(&server, &province).await?.is_none() {
        for file in files_of(Path::new(POLICIES)) {
            if reminder::is_of(&file, &province) {
                reminder::load_policy(&server, &file).await?;
                output.note(output.t(
                    "Đã nạp quy định nhắc việc minh họa; hãy thay bằng quy định của tỉnh: `cchc reminder policy load`.",
                    "Loaded an illustrative reminder policy; put the province's own in its place: `cchc reminder policy load`.",
                ))?;
                break;
            }
        }
    }
    Ok(())
}

/// The shipped years that the service does not know.
async fn unknown_years(server: &Server) -> Result<Vec<PathBuf>, CliError> {
    let mut client = CalendarServiceClient::new(server.channel());
    let ask = server.request(ListCalendarYearsRequest {}, QUESTION);
    let answer = client.list_calendar_years(ask).await;
    let known = answer.map_err(|status| server.refused(&status))?.into_inner().calendar_years;
    let is_known = |file: &PathBuf| {
        let year = file.file_stem().and_then(|year| year.to_str()?.parse::<i32>().ok());
        known.iter().any(|of| Some(of.year) == year)
    };
    Ok(files_of(Path::new(CALENDARS)).into_iter().filter(|file| !is_known(file)).collect())
}

/// The files of a folder by name; none where there is no such folder.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

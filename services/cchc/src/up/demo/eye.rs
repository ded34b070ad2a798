//! The rollup while it moves: at most a line a second, or the words before a progress bar.

use std::time::{Duration, Instant};

use cchc_proto::reporting::v1::{
    GetRollupRequest, IndexRollup, Rollup, rollup_service_client::RollupServiceClient,
};
use indicatif::ProgressBar;
use tokio::time::sleep;

use super::tenths;
use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::{CliError, Refused},
    output::Output,
    plan_files::PlanFolder,
    say::Lang,
    up::place::Place,
};

/// How often the eye blinks.
const BLINK: Duration = Duration::from_secs(1);

/// Watches for ever; ends only when there is nothing to be seen.
pub(super) async fn watch(
    place: &Place,
    folder: &PlanFolder,
    bar: &ProgressBar,
    output: &Output,
) -> CliError {
    let start = Instant::now();
    loop {
        match look(place, folder).await {
            Ok(rollup) => {
                let line = line(&rollup, output.lang());
                bar.set_message(line.clone());
                let told = if bar.is_hidden() { tell(&line, bar, start, output) } else { Ok(()) };
                if let Err(error) = told {
                    return error;
                }
            }
            Err(CliError::Refused(refused)) if Refused::is_passing(&refused) => {}
            Err(error) => return error,
        }
        sleep(BLINK).await;
    }
}

async fn look(place: &Place, folder: &PlanFolder) -> Result<Rollup, CliError> {
    let token = TokenFile { token_file: place.token("viewer") };
    let server = Server::open(&place.grpc("reporting"), &token)?;
    let plan_code = folder.plan.code.to_string();
    let request = server.request(GetRollupRequest { plan_code, as_of_time: None }, QUESTION);
    let answer = RollupServiceClient::new(server.channel()).get_rollup(request).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    Ok(answer.rollup.unwrap_or_default())
}

fn tell(line: &str, bar: &ProgressBar, start: Instant, output: &Output) -> Result<(), CliError> {
    let seconds = output.lang().figure(&tenths(start.elapsed().as_millis()));
    let (sent, all) = (bar.position(), bar.length().unwrap_or_default());
    output.note(format_args!("{seconds:>6} s  {sent:>3}/{all}  {line}"))
}

/// The whole of every index of which something is known, and how many tasks are done.
fn line(rollup: &Rollup, lang: Lang) -> String {
    let known = rollup.indices.iter().filter_map(|index| Some((index, so_far(index)?)));
    let scores = known.map(|(index, so_far)| format!("{} {}", index.family, lang.figure(&so_far)));
    let tasks = rollup.tasks.as_ref().map(|tasks| {
        let (done, all) = (tasks.submitted_count, tasks.assignment_count);
        format!("{} {done}/{all}", lang.t("việc xong", "tasks done"))
    });
    scores.chain(tasks).collect::<Vec<_>>().join(" · ")
}

fn so_far(index: &IndexRollup) -> Option<String> {
    let estimate = index.nodes.first()?.estimate.as_ref()?;
    let points = estimate.points.as_ref().or(estimate.so_far.as_ref())?;
    let shown: cchc_core::Decimal = points.value.parse().ok()?;
    Some(shown.round_dp(2).normalize().to_string())
}

#[cfg(test)]
mod tests {
    use cchc_proto::{
        common::v1::Decimal,
        reporting::v1::{Estimate, NodeRollup, TaskSummary},
    };

    use super::*;

    #[test]
    fn only_indices_of_which_something_is_known_are_told() {
        let index = |family: &str, so_far: Option<&str>| IndexRollup {
            family: family.to_owned(),
            nodes: vec![NodeRollup {
                estimate: so_far.map(|value| Estimate {
                    so_far: Some(Decimal { value: value.to_owned() }),
                    ..Estimate::default()
                }),
                ..NodeRollup::default()
            }],
            ..IndexRollup::default()
        };
        let indices = vec![index("PAR INDEX", Some("45.123456")), index("PAPI", None)];
        let tasks =
            TaskSummary { submitted_count: 3, assignment_count: 9, ..TaskSummary::default() };
        let rollup = Rollup { indices, tasks: Some(tasks), ..Rollup::default() };

        assert_eq!(line(&rollup, Lang::Vi), "PAR INDEX 45,12 · việc xong 3/9");
    }
}

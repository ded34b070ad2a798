//! `cchc rollup watch`: one line for every node that changes, as it changes.
//!
//! The service sends the whole rollup; what changed is found here by comparing it with the one before.
//! A stream that breaks is taken up again with the last token, so no change is missed.

use std::{collections::BTreeMap, process::ExitCode, time::Duration};

use cchc_proto::reporting::v1::{
    NodeRollup, Rollup, WatchRollupRequest, WatchRollupResponse, watch_rollup_response::Cause,
};
use serde_json::json;
use tokio::time::{sleep, timeout};
use tonic::Status;

use super::{Asked, wording};
use crate::{
    contract_json,
    error::{CliError, Refused},
    output::Output,
    say::Lang,
};

/// How long a service may be silent that has not said yet how long it is; one from before that said it speaks
/// every 30 seconds.
const SILENCE: Duration = Duration::from_secs(65);
/// How long to wait before taking up a broken stream.
const PAUSE: Duration = Duration::from_secs(1);
/// Times in a row that a stream is taken up in vain.
const ATTEMPTS: u32 = 30;

pub(super) async fn run(
    mut asked: Asked,
    count: Option<u32>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let mut seen = Seen { left: count, ..Seen::default() };
    let mut failures = 0;
    while !seen.is_done() {
        let revision = seen.revision;
        match follow(&mut asked, &mut seen, output).await? {
            None => {}
            Some(status) if Refused::new("", &status).is_passing() && failures < ATTEMPTS => {
                failures = if seen.revision > revision { 0 } else { failures + 1 };
                output.note(
                    output.t("Mất kết nối, đang nối lại…", "Connection lost, joining again…"),
                )?;
                sleep(PAUSE).await;
            }
            Some(status) => return Err(asked.server.refused(&status)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Follows one stream until enough was seen, or it breaks.
async fn follow(
    asked: &mut Asked,
    seen: &mut Seen,
    output: &Output,
) -> Result<Option<Status>, CliError> {
    let plan_code = asked.plan_code.clone();
    let resume_token = seen.token.clone();
    let request = WatchRollupRequest { plan_code, resume_token, ..WatchRollupRequest::default() };
    let mut stream = match asked.client.watch_rollup(asked.server.watch(request)).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(Some(status)),
    };
    while !seen.is_done() {
        match timeout(seen.silence(), stream.message()).await {
            Ok(Ok(Some(message))) => seen.hear(message, output)?,
            Ok(Err(status)) => return Ok(Some(status)),
            Ok(Ok(None)) | Err(_) => return Ok(Some(Status::unavailable("the stream ended"))),
        }
    }
    Ok(None)
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    revision: i64,
    /// Where the stream goes on.
    token: String,
    /// Longest that the service is silent, in seconds; 0 until it says so.
    heartbeat: u64,
    nodes: BTreeMap<String, NodeRollup>,
    left: Option<u32>,
}

impl Seen {
    fn is_done(&self) -> bool {
        self.left == Some(0)
    }

    /// Twice a heartbeat without a word is a broken stream.
    fn silence(&self) -> Duration {
        if self.heartbeat == 0 { SILENCE } else { Duration::from_secs(2 * self.heartbeat + 5) }
    }

    fn hear(&mut self, message: WatchRollupResponse, output: &Output) -> Result<(), CliError> {
        if message.cause() == Cause::Reset {
            // Revisions count anew: whatever comes is newer.
            self.revision = 0;
        }
        self.heartbeat = message.heartbeat_seconds.try_into().unwrap_or_default();
        self.token.clone_from(&message.resume_token);
        self.take(message.rollup.unwrap_or_default(), output)
    }

    /// Prints what a rollup changes over the one before.
    pub(super) fn take(&mut self, rollup: Rollup, output: &Output) -> Result<(), CliError> {
        let is_first = self.nodes.is_empty();
        if !is_first && rollup.revision <= self.revision {
            return Ok(());
        }
        self.revision = rollup.revision;
        let moment = wording::moment(rollup.update_time.as_ref());
        if is_first && !output.is_json() {
            let plan = &rollup.plan_code;
            output.line(match output.lang() {
                Lang::Vi => format!("{moment} {plan}: phiên bản {}; đang theo dõi…", self.revision),
                Lang::En => format!("{moment} {plan}: revision {}; watching…", self.revision),
            })?;
        }
        for node in rollup.indices.into_iter().flat_map(|index| index.nodes) {
            let before = self.nodes.insert(node.node_id.clone(), node.clone());
            match before {
                Some(before) if before != node => {
                    self.tell(&moment, &before, &node, output)?;
                }
                _ => {}
            }
        }
        if !is_first {
            self.left = self.left.map(|left| left.saturating_sub(1));
        }
        Ok(())
    }

    fn tell(
        &self,
        moment: &str,
        before: &NodeRollup,
        node: &NodeRollup,
        output: &Output,
    ) -> Result<(), CliError> {
        if output.is_json() {
            // A line each, for programs that read line by line.
            let node = contract_json::json(node);
            return output.line(json!({ "revision": self.revision, "node": node }));
        }
        let lang = output.lang();
        let (from, to) = (estimate(before, lang), estimate(node, lang));
        let gap = match wording::score(node.gap.as_ref(), lang) {
            gap if gap.is_empty() => gap,
            gap => format!("{} {gap}  ", lang.t("còn thiếu", "gap")),
        };
        let (word, _) = wording::verdict(node.points_verdict(), lang);
        let NodeRollup { node_id, title, .. } = node;
        output.line(format_args!("{moment} {node_id:<14} {from} → {to}  {gap}{word}  {title}"))
    }
}

fn estimate(node: &NodeRollup, lang: Lang) -> String {
    let known = node.estimate.as_ref().map(|estimate| {
        wording::score_or_bound(estimate.points.as_ref(), estimate.so_far.as_ref(), lang)
    });
    known.filter(|text| !text.is_empty()).unwrap_or_else(|| "–".to_owned())
}

//! `cchc bench rollup`: how soon a push is seen, and how fast the rollup is read and explained, while citizens
//! keep answering.
//!
//! ```text
//!   cchc up (a process of its own) ─► fill the survey ─► answers at a steady rate ┬─► push, look until seen
//!                                                                                ├─► read
//!                                                                                └─► explain
//! ```

mod background;

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use cchc_core::{Decimal, NodeId};
use cchc_proto::{
    assignment::v1::{PushAssessmentsRequest, assessment_service_client::AssessmentServiceClient},
    common::v1 as common,
    reporting::v1::{
        ExplainScoreRequest, GetRollupRequest, Layer, Rollup,
        rollup_service_client::RollupServiceClient,
    },
};
use clap::Args;
use futures::future::try_join_all;
use tokio::time::sleep;
use uuid::Uuid;

use self::background::Background;
use super::{
    asked::Asked,
    installation::Installation,
    load::{Done, Streams, latencies, micros, refuse_refusals, stream_made},
    meter::{self, Measured},
    report,
};
use crate::{
    connect::{QUESTION, Server},
    error::CliError,
    output::Output,
    up::{USUAL_PLAN, servers::Places},
};

/// Streams that fill, and responses of a chunk.
const FILLING: (u64, u64) = (4, 2000);
/// Between two pushes, so that each is seen alone.
const PAUSE: Duration = Duration::from_millis(20);
/// Who reads at the same time.
const READERS: u64 = 4;
/// After so long a push counts as never seen.
const PATIENCE: Duration = Duration::from_secs(30);

/// What `cchc bench rollup` is called with.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Responses that are there already
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    responses: u64,
    /// Responses a second that keep coming
    #[arg(long, value_name = "COUNT", default_value_t = 5000, value_parser = clap::value_parser!(u64).range(20..=100_000))]
    rate: u64,
    /// Pushes that are looked for
    #[arg(long, value_name = "COUNT", default_value_t = 300)]
    pushes: u64,
    /// Reads, and explanations
    #[arg(long, value_name = "COUNT", default_value_t = 4000)]
    reads: u64,
    /// The plan's folder
    #[arg(long, value_name = "FOLDER", default_value = USUAL_PLAN)]
    plan: PathBuf,
    #[command(flatten)]
    places: Places,
}

/// Runs `cchc bench rollup`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    output.note(output.t("Đang khởi động…", "Starting…"))?;
    let asked = Asked::read(&arguments.plan)?;
    let installation = Installation::start(&arguments.plan, &arguments.places, &asked).await?;
    let measured = measure(&installation, &asked, arguments, output).await;
    installation.end().await?;
    report::print(&measured?, output)?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(
    of: &Installation,
    asked: &Asked,
    arguments: &Arguments,
    output: &Output,
) -> Result<Vec<Measured>, CliError> {
    let processes = (of.id(), of.postmaster());
    let made = asked.responses();
    let (count, chunk) = FILLING;
    let streams = Streams { count, chunk, rows: arguments.responses };
    output.note(output.t("Đang nạp phiếu…", "Filling the survey…"))?;
    let filling = stream_made(&of.survey, streams, 0, &made);
    let fill = meter::during_of("fill", processes, filling).await?;
    let more = (arguments.responses, arguments.rate);
    let background = Background::start(&of.survey, more, Arc::clone(&made));
    output.note(output.t("Đang đo…", "Measuring…"))?;
    let visible = meter::during_of("visible", processes, see(of, asked, arguments.pushes)).await?;
    let reading = timed(arguments.reads, async || read(&of.reporting, asked).await.map(|_| ()));
    let read = meter::during_of("read", processes, reading).await?;
    let explaining = timed(arguments.reads, async || explain(of, asked).await);
    let explain = meter::during_of("explain", processes, explaining).await?;
    background.end().await?;
    Ok(vec![fill, visible, read, explain])
}

/// Pushes self-assessments one after the other, and looks from each acknowledgement on until the rollup shows it.
async fn see(of: &Installation, asked: &Asked, pushes: u64) -> Result<Done, CliError> {
    let mut taken = Vec::new();
    for push in 0..pushes {
        let points = Decimal::new(100 + i64::try_from(push % 100).unwrap_or_default(), 2);
        assess(of, asked, points).await?;
        let start = Instant::now();
        while shown(&read(&of.reporting, asked).await?, &asked.node) != Some(points) {
            if start.elapsed() > PATIENCE {
                return Err(never_seen());
            }
        }
        taken.push(micros(start.elapsed()));
        sleep(PAUSE).await;
    }
    Ok(Done { rows: pushes, latencies: latencies(vec![taken]) })
}

async fn assess(of: &Installation, asked: &Asked, points: Decimal) -> Result<(), CliError> {
    let server = &of.assignment;
    let row = PushAssessmentsRequest {
        request_id: Uuid::new_v4().to_string(),
        plan_code: asked.plan.to_string(),
        node_id: asked.node.to_string(),
        unit_code: asked.lead.to_string(),
        points: Some(common::Decimal { value: points.to_string() }),
        evidence: vec!["Phép đo tốc độ".to_owned()],
        explanation: String::new(),
    };
    let mut client = AssessmentServiceClient::new(server.channel());
    let pushed = client.push_assessments(server.request(tokio_stream::iter([row]), QUESTION)).await;
    let receipt = pushed.map_err(|status| server.refused(&status))?.into_inner().receipt;
    refuse_refusals(receipt.map_or(0, |receipt| receipt.refused_count))
}

pub(super) async fn read(server: &Server, asked: &Asked) -> Result<Rollup, CliError> {
    let request = GetRollupRequest { plan_code: asked.plan.to_string(), as_of_time: None };
    let mut client = RollupServiceClient::new(server.channel());
    let answer = client.get_rollup(server.request(request, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    Ok(answer.into_inner().rollup.unwrap_or_default())
}

async fn explain(of: &Installation, asked: &Asked) -> Result<(), CliError> {
    let server = &of.reporting;
    let (plan_code, node_id) = (asked.plan.to_string(), asked.surveyed.to_string());
    let request = ExplainScoreRequest { plan_code, node_id, as_of_time: None };
    let mut client = RollupServiceClient::new(server.channel());
    let answer = client.explain_score(server.request(request, QUESTION)).await;
    answer.map(|_| ()).map_err(|status| server.refused(&status))
}

/// What a node's lead gave itself, as the rollup has it.
fn shown(rollup: &Rollup, node: &NodeId) -> Option<Decimal> {
    let id = node.to_string();
    let nodes = rollup.indices.iter().flat_map(|index| &index.nodes);
    let mut layers = nodes.filter(|node| node.node_id == id).flat_map(|node| &node.layers);
    layers.find(|layer| layer.layer() == Layer::Self_)?.points.as_ref()?.value.parse().ok()
}

/// Times a call made so often, by several at the same time.
async fn timed(count: u64, call: impl AsyncFn() -> Result<(), CliError>) -> Result<Done, CliError> {
    let each = count / READERS;
    let reader = async || {
        let mut taken = Vec::new();
        for _ in 0..each {
            let start = Instant::now();
            call().await?;
            taken.push(micros(start.elapsed()));
        }
        Ok::<_, CliError>(taken)
    };
    let taken = try_join_all((0..READERS).map(|_| reader())).await?;
    Ok(Done { rows: each * READERS, latencies: latencies(taken) })
}

fn never_seen() -> CliError {
    let seconds = PATIENCE.as_secs();
    CliError::said(
        format!("Sau {seconds} giây vẫn chưa thấy điểm vừa gửi trong bảng tổng hợp."),
        format!("After {seconds} seconds the rollup did not show what was pushed."),
    )
}

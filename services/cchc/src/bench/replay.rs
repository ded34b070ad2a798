//! `cchc bench replay`: how fast an empty reporting service hears again all that was told before.
//!
//! ```text
//!   cchc up (a process of its own) ─► units report and correct ─► a second reporting service, empty, hears it all
//! ```
//!
//! The second has no bus: what it hears are the producers' own events, read again. Beside it stands how fast these
//! are read by somebody who does nothing with them.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use cchc_core::{Decimal, Period, Year};
use cchc_proto::{
    assignment::v1::{
        PushMeasurementsRequest, list_expected_measurements_response::Item,
        measurement_service_client::MeasurementServiceClient,
    },
    common::v1 as common,
    registry::v1::variable::Measure,
    source::v1::{ReplayEventsRequest, source_service_client::SourceServiceClient},
};
use clap::Args;
use futures::future::try_join_all;
use sqlx::{Connection as _, PgConnection};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    asked::Asked,
    children::{Part, Served, failed},
    installation::Installation,
    load::{Done, refuse_refusals},
    meter::{self, Measured},
    report, rollup, stage,
};
use crate::{
    connect::{DELIVERY, Server, TokenFile},
    error::CliError,
    measurement,
    output::Output,
    up::{
        USUAL_PLAN, hearing,
        place::{Place, SERVICES},
        servers::Places,
    },
};

/// Streams at the same time, and rows of each push.
const PUSHING: (u64, u64) = (2, 20_000);
/// The database of the second service.
const DATABASE: &str = "reporting_again";
/// After so long it counts as never done.
const PATIENCE: Duration = Duration::from_mins(30);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// What `cchc bench replay` is called with.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Reports and corrections of units: an event each
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    events: u64,
    /// The plan's folder
    #[arg(long, value_name = "FOLDER", default_value = USUAL_PLAN)]
    plan: PathBuf,
    #[command(flatten)]
    places: Places,
}

/// Runs `cchc bench replay`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    output.note(output.t("Đang khởi động…", "Starting…"))?;
    let asked = Asked::read(&arguments.plan)?;
    let installation = Installation::start(&arguments.plan, &arguments.places, &asked).await?;
    let measured = measure(&installation, &asked, arguments.events, output).await;
    installation.end().await?;
    report::print(&measured?, output)?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(
    of: &Installation,
    asked: &Asked,
    events: u64,
    output: &Output,
) -> Result<Vec<Measured>, CliError> {
    output.note(output.t("Đang gửi báo cáo…", "Units report…"))?;
    let telling = meter::during_of("told", (of.id(), of.postmaster()), tell(of, asked, events));
    let told = telling.await?;
    hearing::settled(&of.place).await?;
    output.note(output.t("Đang đọc lại…", "Reading again…"))?;
    let reading = meter::during_of("bare-replay", (of.id(), of.postmaster()), read(&of.place));
    let bare = reading.await?;
    let again = second(of).await?;
    let hearing = hear(&again, bare.rows);
    let heard = meter::during_of("replay", (again.id(), of.postmaster()), hearing).await;
    let same = is_same(of, &again, asked).await;
    again.end().await?;
    if !same? {
        return Err(other());
    }
    Ok(vec![told, heard?.beside(&bare), bare])
}

/// Units report what is expected of them, over and over: each report another figure than the one before.
async fn tell(of: &Installation, asked: &Asked, events: u64) -> Result<Done, CliError> {
    let expected = expected(of, asked).await?;
    let (streams, rows) = PUSHING;
    let pushes: Vec<(u64, u64)> = (0..events.div_ceil(rows))
        .map(|push| (push * rows, ((push + 1) * rows).min(events)))
        .collect();
    let sent = (0..streams).map(|stream| {
        let mine = pushes.iter().skip(usize::try_from(stream).unwrap_or_default());
        let mine = mine.step_by(usize::try_from(streams).unwrap_or(1));
        let expected = &expected;
        async move {
            for (first, last) in mine {
                let rows: Vec<_> = (*first..*last).map(|n| report_of(expected, n)).collect();
                push(&of.assignment, rows).await?;
            }
            Ok::<_, CliError>(())
        }
    });
    try_join_all(sent).await?;
    Ok(Done { rows: events, latencies: Vec::new() })
}

async fn push(to: &Server, rows: Vec<PushMeasurementsRequest>) -> Result<(), CliError> {
    let mut client = MeasurementServiceClient::new(to.channel());
    let pushed = client.push_measurements(to.request(tokio_stream::iter(rows), DELIVERY)).await;
    let receipt = pushed.map_err(|status| to.refused(&status))?.into_inner().receipt;
    refuse_refusals(receipt.map_or(0, |receipt| receipt.refused_count))
}

async fn expected(of: &Installation, asked: &Asked) -> Result<Vec<(Item, Period)>, CliError> {
    let (unit, mut all) = (asked.province.to_string(), Vec::new());
    for period in periods(asked.year) {
        let items = measurement::expected(&of.assignment, &unit, period).await?;
        all.extend(items.into_iter().map(|item| (item, period)));
    }
    if all.is_empty() { Err(nothing_expected()) } else { Ok(all) }
}

fn periods(year: Year) -> impl Iterator<Item = Period> {
    ["", "-Q1", "-Q2", "-Q3", "-Q4"]
        .into_iter()
        .filter_map(move |part| format!("{year}{part}").parse().ok())
}

/// The report of a number: who reports what follows from it, and a figure nobody gave for that before.
fn report_of(expected: &[(Item, Period)], n: u64) -> PushMeasurementsRequest {
    let count = u64::try_from(expected.len()).unwrap_or(u64::MAX).max(1);
    let place = usize::try_from(n % count).unwrap_or_default();
    let Some((item, period)) = expected.get(place).cloned() else {
        return PushMeasurementsRequest::default();
    };
    let variable = item.variable.unwrap_or_default();
    let part = i64::try_from(n / count).unwrap_or_default() + 1;
    let whole = (variable.measure() != Measure::Count).then_some(part + 1000);
    let decimal = |figure: i64| common::Decimal { value: Decimal::from(figure).to_string() };
    PushMeasurementsRequest {
        request_id: Uuid::now_v7().to_string(),
        unit_code: item.unit_code,
        variable_code: variable.code,
        period: period.to_string(),
        numerator: Some(decimal(part)),
        denominator: whole.map(decimal),
        is_retracted: false,
        evidence: "Phép đo tốc độ".to_owned(),
    }
}

/// Reads every producer's events again and does nothing with them.
async fn read(place: &Place) -> Result<Done, CliError> {
    let read = producers().map(async |producer| {
        let token = TokenFile { token_file: place.token("service") };
        let server = Server::open(&place.grpc(producer), &token)?;
        let mut client =
            SourceServiceClient::new(server.channel()).max_decoding_message_size(1 << 26);
        let request = ReplayEventsRequest { from_sequence: 1, to_sequence: 0 };
        let events = client.replay_events(server.request(request, DELIVERY)).await;
        let mut events = events.map_err(|status| server.refused(&status))?.into_inner();
        let mut count = 0;
        while events.message().await.map_err(|status| server.refused(&status))?.is_some() {
            count += 1;
        }
        Ok::<u64, CliError>(count)
    });
    let counts = try_join_all(read).await?;
    Ok(Done { rows: counts.iter().sum(), latencies: Vec::new() })
}

fn producers() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().filter(|name| *name != "reporting")
}

/// Starts a reporting service on an empty database of the installation's server.
async fn second(of: &Installation) -> Result<Served, CliError> {
    let url = of.database("postgres")?;
    let mut conn = PgConnection::connect(&url).await.map_err(|error| failed(&error))?;
    stage::run(&mut conn, format!("create database {DATABASE}")).await?;
    let key = |name: &str| of.place.key(name).display().to_string();
    let producer = |name: &str| of.place.grpc(name);
    let settings = [
        ("CCHC_REPORTING__DATABASE__URL", of.database(DATABASE)?),
        ("CCHC_REPORTING__BUS__URL", "nats://127.0.0.1:1".to_owned()),
        ("CCHC_REPORTING__BUS__CATCH_UP_MILLISECONDS", "50".to_owned()),
        ("CCHC_REPORTING__SERVER__HTTP_LISTEN", "127.0.0.1:0".to_owned()),
        ("CCHC_REPORTING__AUTH__PUBLIC_KEY_FILE", key("public.pem")),
        (
            "CCHC_REPORTING__AUTH__SERVICE_TOKEN_FILE",
            of.place.token("service").display().to_string(),
        ),
        ("CCHC_REPORTING__PRODUCERS__REGISTRY", producer("registry")),
        ("CCHC_REPORTING__PRODUCERS__ASSIGNMENT", producer("assignment")),
        ("CCHC_REPORTING__PRODUCERS__SURVEY", producer("survey")),
        ("CCHC_REPORTING__TELEMETRY__LOGS", "off".to_owned()),
    ];
    let mut served = Served::start(Part::Reporting, &of.token, &settings)?;
    served.listens().await?;
    Ok(served)
}

/// Waits until it has heard so many events.
async fn hear(again: &Served, events: u64) -> Result<Done, CliError> {
    let (server, start) = (&again.server, Instant::now());
    while hearing::heard(server).await? < events {
        if start.elapsed() > PATIENCE {
            return Err(never_done());
        }
        sleep(PAUSE).await;
    }
    Ok(Done { rows: events, latencies: Vec::new() })
}

/// Whether both come to the same rollup.
async fn is_same(of: &Installation, again: &Served, asked: &Asked) -> Result<bool, CliError> {
    let (first, second) = (&of.reporting, &again.server);
    let (first, second) = (rollup::read(first, asked).await?, rollup::read(second, asked).await?);
    Ok(first.checksum == second.checksum)
}

fn nothing_expected() -> CliError {
    CliError::unusable(
        "Theo kế hoạch này không đơn vị nào phải báo cáo số liệu nên không có gì để đo.",
        "By this plan no unit reports figures: there is nothing to measure.",
    )
}

fn never_done() -> CliError {
    let minutes = PATIENCE.as_secs() / 60;
    CliError::said(
        format!("Sau {minutes} phút dịch vụ tổng hợp thứ hai vẫn chưa nghe xong."),
        format!("After {minutes} minutes the second reporting service has not heard everything."),
    )
}

fn other() -> CliError {
    CliError::said(
        "Hai dịch vụ tổng hợp cho kết quả khác nhau từ cùng các sự kiện.",
        "The two reporting services come to different rollups from the same events.",
    )
}

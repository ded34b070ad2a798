//! How far the services have come with each other's events: what is pushed right after a plan was
//! loaded must find it everywhere, and a rollup is shown only when it has heard everything.

use std::time::Duration;

use cchc_proto::source::v1::{
    GetHeadRequest, ListWatermarksRequest, inbox_service_client::InboxServiceClient,
    source_service_client::SourceServiceClient,
};
use futures::future::try_join_all;
use tokio::time::{Instant, sleep};

use super::place::Place;
use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
};

const PRODUCERS: [&str; 3] = ["registry", "assignment", "survey"];
/// Who hears whom.
const CONSUMERS: [(&str, &[&str]); 3] =
    [("assignment", &["registry"]), ("survey", &["registry"]), ("reporting", &PRODUCERS)];
/// How long a service may take to answer, or to hear what is left.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(100);

/// Waits until every service answers.
pub(crate) async fn ready(place: &Place) -> Result<(), CliError> {
    wait(async || all_heard(place).await.map(|_| true)).await
}

/// Waits until every service has heard everything that was told so far.
pub(crate) async fn settled(place: &Place) -> Result<(), CliError> {
    wait(async || all_heard(place).await).await
}

async fn wait(mut is_so: impl AsyncFnMut() -> Result<bool, CliError>) -> Result<(), CliError> {
    let until = Instant::now() + PATIENCE;
    loop {
        match is_so().await {
            Ok(true) => return Ok(()),
            Err(error) if Instant::now() > until => return Err(error),
            Ok(false) if Instant::now() > until => return Err(too_slow()),
            Ok(false) | Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn all_heard(place: &Place) -> Result<bool, CliError> {
    let heads = try_join_all(PRODUCERS.map(|producer| head(place, producer))).await?;
    let heard = CONSUMERS.map(|(consumer, producers)| {
        let wanted = PRODUCERS.iter().zip(&heads).filter(|(name, _)| producers.contains(name));
        has_heard(place, consumer, wanted.map(|(name, head)| (*name, *head)).collect())
    });
    Ok(try_join_all(heard).await?.into_iter().all(|is_so| is_so))
}

/// The number of a producer's newest event; nothing while some have no number yet.
async fn head(place: &Place, producer: &str) -> Result<Option<i64>, CliError> {
    let server = server(place, producer)?;
    let mut client = SourceServiceClient::new(server.channel());
    let asked = client.get_head(server.request(GetHeadRequest {}, QUESTION)).await;
    let head = asked.map_err(|status| server.refused(&status))?.into_inner();
    Ok((head.pending_count == 0).then_some(head.head_sequence))
}

async fn has_heard(
    place: &Place,
    consumer: &str,
    heads: Vec<(&str, Option<i64>)>,
) -> Result<bool, CliError> {
    let server = server(place, consumer)?;
    let mut client = InboxServiceClient::new(server.channel());
    let asked = client.list_watermarks(server.request(ListWatermarksRequest {}, QUESTION)).await;
    let marks = asked.map_err(|status| server.refused(&status))?.into_inner().watermarks;
    Ok(heads.into_iter().all(|(producer, head)| {
        let mark = marks.iter().find(|mark| mark.producer == producer);
        let mark = mark.map_or(0, |mark| mark.sequence);
        head.is_some_and(|head| mark >= head)
    }))
}

/// How many events a service has heard, of all producers.
pub(crate) async fn heard(server: &Server) -> Result<u64, CliError> {
    let mut client = InboxServiceClient::new(server.channel());
    let asked = client.list_watermarks(server.request(ListWatermarksRequest {}, QUESTION)).await;
    let marks = asked.map_err(|status| server.refused(&status))?.into_inner().watermarks;
    Ok(marks.iter().filter_map(|mark| u64::try_from(mark.sequence).ok()).sum())
}

fn server(place: &Place, service: &str) -> Result<Server, CliError> {
    Server::open(&place.grpc(service), &TokenFile { token_file: place.token("operator") })
}

fn too_slow() -> CliError {
    let seconds = PATIENCE.as_secs();
    CliError::said(
        format!(
            "Sau {seconds} giây các dịch vụ vẫn chưa nhận hết thông tin của nhau; hãy xem nhật ký hoặc chạy lại với --logs info."
        ),
        format!(
            "After {seconds} seconds the services have not heard everything from each other; see the log, or run again with --logs info."
        ),
    )
}

//! The clients: made-up responses, streamed or one a call. A response is made of its number alone, so
//! that the same ones can be sent again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cchc_proto::survey::v1::{
    IngestResponsesRequest, StreamResponsesRequest, SubmitResponsesRequest, VerifySurveyRequest,
    ingestion_service_client::IngestionServiceClient, survey_service_client::SurveyServiceClient,
};
use futures::future::try_join_all;
use prost_types::Timestamp;
use uuid::Builder;

use super::{children::Served, skeleton::QUESTIONS, stage};
use crate::{
    connect::{DELIVERY, QUESTION, Server},
    error::CliError,
};

/// Streams at the same time, and what they carry together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Streams {
    pub(super) count: u64,
    pub(super) chunk: u64,
    pub(super) rows: u64,
}

/// Calls at the same time, and how many in all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calls {
    pub(super) at_once: u64,
    pub(super) count: u64,
}

/// What was done.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) rows: u64,
    /// Microseconds of each call, in order of length; empty where chunks are sent.
    pub(super) latencies: Vec<u64>,
}

impl Streams {
    pub(super) fn shares(self) -> impl Iterator<Item = (u64, u64)> {
        shares(self.rows, self.count)
    }
}

impl Calls {
    pub(super) fn shares(self) -> impl Iterator<Item = (u64, u64)> {
        shares(self.count, self.at_once)
    }
}

/// Cuts so many things into parts that differ by one at most.
fn shares(things: u64, parts: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..parts).map(move |part| (things * part / parts, things * (part + 1) / parts))
}

/// The response of a number.
pub(super) fn response(n: u64) -> IngestResponsesRequest {
    let bits = mixed(n);
    let answer = |place: usize| {
        let digit = mixed(bits ^ u64::try_from(place / 16).unwrap_or(0)) >> (place % 16 * 4);
        i32::try_from(digit % 5).unwrap_or(0) + 1
    };
    IngestResponsesRequest {
        response_id: id(n),
        survey_code: stage::SURVEY.to_owned(),
        cluster_code: stage::commune(n % stage::COMMUNES),
        answers: (0..QUESTIONS).map(answer).collect(),
        answer_time: Some(Timestamp { seconds: stage::NOON, nanos: 0 }),
        ..IngestResponsesRequest::default()
    }
}

/// The id of a response's number.
pub(super) fn id(n: u64) -> String {
    let mut id = [0; 16];
    id.iter_mut()
        .zip(mixed(n).to_be_bytes().into_iter().chain(mixed(!n).to_be_bytes()))
        .for_each(|(to, from)| *to = from);
    Builder::from_random_bytes(id).into_uuid().to_string()
}

/// Spreads a number over all its bits (the finaliser of splitmix64).
pub(super) const fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Responses by number: the same number is the same response.
pub(super) trait Responses: Send + Sync {
    /// The response of a number.
    fn response(&self, n: u64) -> IngestResponsesRequest;
}

/// Those to the survey of a stage.
struct Staged;

impl Responses for Staged {
    fn response(&self, n: u64) -> IngestResponsesRequest {
        response(n)
    }
}

/// Chunks of responses from a number to before another. An iterator by name, since closures that hold the maker
/// are more than the compiler follows through a stream that is sent.
pub(super) struct Chunks {
    pub(super) made: Arc<dyn Responses>,
    pub(super) next: u64,
    pub(super) last: u64,
    pub(super) size: u64,
    /// That of the chunk before.
    pub(super) sequence: i64,
}

impl Iterator for Chunks {
    type Item = StreamResponsesRequest;

    fn next(&mut self) -> Option<StreamResponsesRequest> {
        let numbers = self.next..self.last.min(self.next.saturating_add(self.size));
        self.next = numbers.end;
        self.sequence += 1;
        let responses: Vec<_> = numbers.map(|n| self.made.response(n)).collect();
        let sequence = self.sequence;
        (!responses.is_empty()).then_some(StreamResponsesRequest {
            sequence,
            responses,
            validate_only: false,
        })
    }
}

/// Streams responses from a number on and waits for the last acknowledgement.
pub(super) async fn stream(to: &Served, streams: Streams, from: u64) -> Result<Done, CliError> {
    stream_made(&to.server, streams, from, &(Arc::new(Staged) as Arc<dyn Responses>)).await
}

/// Streams responses that somebody else makes.
pub(super) async fn stream_made(
    to: &Server,
    streams: Streams,
    from: u64,
    made: &Arc<dyn Responses>,
) -> Result<Done, CliError> {
    let sent = streams.shares().map(|(first, last)| {
        let (server, chunk, made) = (to.clone(), streams.chunk, Arc::clone(made));
        spawned(
            async move { stream_share(&server, (from + first, from + last), chunk, made).await },
        )
    });
    try_join_all(sent).await?;
    Ok(Done { rows: streams.rows, latencies: Vec::new() })
}

/// Has the service count the survey again, and compare with what it keeps.
pub(super) async fn recount(to: &Served) -> Result<Done, CliError> {
    let server = &to.server;
    let mut client = SurveyServiceClient::new(server.channel());
    let asked = VerifySurveyRequest { survey_code: stage::SURVEY.to_owned() };
    let counted = client.verify_survey(server.request(asked, DELIVERY)).await;
    let counted = counted.map_err(|status| server.refused(&status))?.into_inner();
    if !counted.differences.is_empty() {
        return Err(miscounted());
    }
    let rows = u64::try_from(counted.version_count).unwrap_or_default();
    Ok(Done { rows, latencies: Vec::new() })
}

async fn stream_share(
    server: &Server,
    (first, last): (u64, u64),
    chunk: u64,
    made: Arc<dyn Responses>,
) -> Result<Vec<u64>, CliError> {
    let count = (last - first).div_ceil(chunk);
    let chunks = Chunks { made, next: first, last, size: chunk, sequence: 0 };
    let mut client = IngestionServiceClient::new(server.channel());
    let request = server.request(tokio_stream::iter(chunks), DELIVERY);
    let answers = client.stream_responses(request).await;
    let mut answers = answers.map_err(|status| server.refused(&status))?.into_inner();
    let mut acknowledged = 0;
    while let Some(answer) = answers.message().await.map_err(|status| server.refused(&status))? {
        acknowledged += 1;
        refuse_refusals(answer.receipt.map_or(0, |receipt| receipt.refused_count))?;
    }
    if acknowledged == count { Ok(Vec::new()) } else { Err(lost()) }
}

/// Sends responses from a number on, each in a call of its own.
pub(super) async fn submit(to: &Served, calls: Calls, from: u64) -> Result<Done, CliError> {
    let sent = calls.shares().map(|(first, last)| {
        let server = to.server.clone();
        spawned(async move { submit_share(&server, from + first, from + last).await })
    });
    let latencies = latencies(try_join_all(sent).await?);
    Ok(Done { rows: calls.count, latencies })
}

async fn submit_share(server: &Server, first: u64, last: u64) -> Result<Vec<u64>, CliError> {
    let mut client = IngestionServiceClient::new(server.channel());
    let mut taken = Vec::new();
    for n in first..last {
        let start = Instant::now();
        let request = SubmitResponsesRequest { responses: vec![response(n)] };
        let answer = client.submit_responses(server.request(request, QUESTION)).await;
        let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
        taken.push(micros(start.elapsed()));
        refuse_refusals(answer.receipt.map_or(0, |receipt| receipt.refused_count))?;
    }
    Ok(taken)
}

/// Runs a client on a thread of its own choosing.
pub(super) async fn spawned(
    client: impl Future<Output = Result<Vec<u64>, CliError>> + Send + 'static,
) -> Result<Vec<u64>, CliError> {
    tokio::spawn(client).await.map_err(|_| lost())?
}

/// Puts the latencies of all clients in order of length.
pub(super) fn latencies(of: Vec<Vec<u64>>) -> Vec<u64> {
    let mut all: Vec<u64> = of.into_iter().flatten().collect();
    all.sort_unstable();
    all
}

/// A time in whole microseconds.
pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

pub(super) fn refuse_refusals(count: i64) -> Result<(), CliError> {
    if count == 0 {
        return Ok(());
    }
    Err(CliError::said(
        format!("Phép đo không đúng: {count} phiếu bị từ chối."),
        format!("The measurement is not right: {count} responses were refused."),
    ))
}

fn miscounted() -> CliError {
    CliError::said(
        "Số liệu dịch vụ giữ không bằng số đếm lại từ các phiếu.",
        "The sums that the service keeps are not what its responses give.",
    )
}

fn lost() -> CliError {
    CliError::said(
        "Phép đo không đúng: thiếu xác nhận.",
        "The measurement is not right: acknowledgements are missing.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_response_for_ever_and_no_other_number_has_its_id() {
        let ids: std::collections::HashSet<String> =
            (0..5000).map(|n| response(n).response_id).collect();

        assert_eq!(ids.len(), 5000);
        assert_eq!(response(7), response(7));
        assert!((0..500).flat_map(|n| response(n).answers).all(|answer| (1..=5).contains(&answer)));
    }

    #[test]
    fn shares_leave_nothing_out_and_nothing_twice() {
        for (things, parts) in [(10, 3), (1, 4), (0, 2), (64, 64)] {
            let mut next = 0;
            for (first, last) in shares(things, parts) {
                assert_eq!(first, next);
                next = last;
            }
            assert_eq!(next, things);
        }
    }
}

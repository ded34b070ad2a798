//! A hostile stream: thousands of generated rows, every field wrong in every way, and bytes that are no
//! message at all. The good rows between them are stored, and each bad one gets its own answer.

use std::collections::BTreeMap;

use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{IngestResponsesRequest, ingestion_service_client::IngestionServiceClient},
};
use cchc_testkit::{assert_refused, request};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use prost_types::Timestamp;
use tonic::{
    Code, Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

use crate::field::{Field, NOON, counts, row};

/// Rows that are generated.
const CASES: usize = 10_000;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\u{0}\u{202E}'; drop table survey.responses; --".to_owned()),
        any::<String>(),
        "[a-z0-9-]{36}",
        Just("Ộ".repeat(5_000)),
        Just("SIPAS-QN-2018".to_owned()),
        Just("06649".to_owned()),
    ]
}

fn spoiled() -> impl Strategy<Value = IngestResponsesRequest> {
    let whole = any::<Spoiler>().prop_map(|fields| fields.0);
    // One or more fields of a good row replaced by anything; the answers always by wrong ones, so that
    // no row is good by accident.
    (whole, any::<[bool; 8]>()).prop_map(|(bad, takes)| {
        let mut spoiled = row("06649", [5, 1]);
        spoiled.answers.clone_from(&bad.answers);
        if takes[0] {
            spoiled.response_id = bad.response_id;
        }
        if takes[1] {
            spoiled.survey_code = bad.survey_code;
        }
        if takes[2] {
            spoiled.cluster_code = bad.cluster_code;
        }
        if takes[3] {
            spoiled.answer_time = bad.answer_time;
        }
        if takes[4] {
            spoiled.revision = bad.revision;
        }
        spoiled.is_retracted = takes[5];
        if takes[6] {
            spoiled.respondent_key = bad.respondent_key;
            spoiled.interviewer.clone_from(&bad.slip_code);
            spoiled.slip_code = bad.slip_code;
        }
        if takes[7] {
            spoiled.texts = bad.texts;
        }
        spoiled
    })
}

/// A row of arbitrary fields, none of whose answers can stand in the survey.
#[derive(Debug)]
struct Spoiler(IngestResponsesRequest);

impl Arbitrary for Spoiler {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let bad = prop_oneof![6..=i32::MAX, i32::MIN..=-1];
        let answers = prop_oneof![
            proptest::collection::vec(bad, 2),
            proptest::collection::vec(1..=2, 3..300),
            Just(vec![1]),
        ];
        let time = prop_oneof![
            Just(None),
            (any::<i64>(), any::<i32>())
                .prop_map(|(seconds, nanos)| Some(Timestamp { seconds, nanos })),
            Just(Some(Timestamp { seconds: 253_000_000_000, nanos: 0 })),
        ];
        let names = (text(), text(), text());
        let key = proptest::collection::vec(any::<u8>(), 0..70);
        let texts = proptest::collection::vec(text(), 0..3);
        (names, answers, time, any::<i32>(), (key, text(), texts))
            .prop_map(|(names, answers, answer_time, revision, more)| {
                let (response_id, survey_code, cluster_code) = names;
                let (respondent_key, slip_code, texts) = more;
                Self(IngestResponsesRequest {
                    response_id,
                    survey_code,
                    cluster_code,
                    answers,
                    answer_time,
                    revision,
                    respondent_key,
                    slip_code,
                    texts,
                    ..IngestResponsesRequest::default()
                })
            })
            .boxed()
    }
}

#[tokio::test]
async fn ten_thousand_hostile_rows_stop_no_good_one() {
    let field = Field::open().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[18; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let hostile = spoiled();
    let stream: Vec<IngestResponsesRequest> = (0..CASES)
        .flat_map(|n| {
            let bad = hostile.new_tree(&mut runner).unwrap().current();
            let good = (n % 4 == 0).then(|| row("06709", [4, 2]));
            good.into_iter().chain([bad])
        })
        .collect();

    let receipt = field.push(stream).await;

    let (good, bad) = (i64::try_from(CASES / 4).unwrap(), i64::try_from(CASES).unwrap());
    assert_eq!(counts(&receipt), (good, 0, bad));
    let progress = field.progress().await;
    assert_eq!(progress.response_count, good);
    // What names no survey of ours is kept as well, but counts against none.
    let kept = sqlx::query_scalar!(
        r#"select max(octet_length(received)) as "most!" from survey.quarantine"#
    );
    assert!(kept.fetch_one(&field.pool).await.unwrap() <= 8192);
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

/// Sends bytes as they are: what no honest client's library would write.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = cchc_proto::survey::v1::IngestResponsesResponse;
    type Encoder = Self;
    type Decoder = Read;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Read {
        Read
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        prost::bytes::BufMut::put_slice(to, &item);
        Ok(())
    }
}

/// Reads the answer.
#[derive(Debug)]
struct Read;

impl Decoder for Read {
    type Item = cchc_proto::survey::v1::IngestResponsesResponse;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Self::Item>, Status> {
        prost::Message::decode(from).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}

async fn push_bytes(field: &Field, messages: Vec<Vec<u8>>) -> Result<Receipt, Status> {
    let mut client = tonic::client::Grpc::new(field.running.channel());
    client.ready().await.unwrap();
    let path = "/cchc.survey.v1.IngestionService/IngestResponses".parse().unwrap();
    let stream = request(tokio_stream::iter(messages), &field.collector);
    let answer = client.client_streaming(stream, path, Raw).await?;
    Ok(answer.into_inner().receipt.unwrap())
}

#[tokio::test]
async fn bytes_that_are_no_message_end_their_stream_and_nothing_else() {
    let field = Field::open().await;
    let good = || prost::Message::encode_to_vec(&row("06649", [5, 1]));
    let mut not_utf8 = good();
    not_utf8[4] = 0xFF;
    let broken: BTreeMap<&str, Vec<u8>> = BTreeMap::from([
        ("not UTF-8", not_utf8),
        ("cut in a field", good()[..20].to_vec()),
        ("length beyond the end", vec![0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
        ("group that never ends", vec![0x0B; 64]),
        ("field number zero", vec![0x00, 0x01]),
    ]);

    for (what, bytes) in broken {
        let refusal = push_bytes(&field, vec![good(), bytes]).await.unwrap_err();

        assert_refused(&refusal, Code::InvalidArgument, "MALFORMED");
        let after = push_bytes(&field, vec![good()]).await.unwrap();
        assert_eq!(counts(&after), (1, 0, 0), "{what}");
    }
    let unknown = [good(), vec![0xFA, 0x3F, 0x03, b'a', b'b', b'c']].concat();
    assert_eq!(counts(&push_bytes(&field, vec![unknown]).await.unwrap()), (1, 0, 0));
    field.running.stop().await;
}

#[tokio::test]
async fn a_future_answer_and_a_giant_message_are_refused_alone() {
    let field = Field::open().await;
    let mut early = row("06649", [5, 1]);
    early.answer_time = Some(Timestamp { seconds: NOON + 100 * 365 * 86_400, nanos: 0 });
    let giant = IngestResponsesRequest { survey_code: "x".repeat(2 << 20), ..row("06649", [1, 1]) };

    let receipt = field.push(vec![early, row("06649", [5, 1])]).await;
    let mut client = IngestionServiceClient::new(field.running.channel());
    let pushed = client.ingest_responses(request(tokio_stream::iter([giant]), &field.collector));
    let refusal = pushed.await.unwrap_err();

    assert_eq!(counts(&receipt), (1, 0, 1));
    assert_refused(&refusal, Code::ResourceExhausted, "TOO_LARGE");
    field.running.stop().await;
}

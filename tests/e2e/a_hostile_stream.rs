//! A survey service under streams of nonsense: every field wrong in every way, texts of a megabyte, bytes
//! that are no text, a survey that is closed. The good rows between are stored, and the process does not
//! grow with what it refuses.

use cchc_core::Role;
use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{
        CloseSurveyRequest, GetSurveyRequest, IngestResponsesRequest,
        survey_service_client::SurveyServiceClient,
    },
};
use cchc_testkit::request;
use harness::World;
use prost_types::Timestamp;

const SURVEY: &str = "SIPAS-QN-2018";
/// Hostile rows of a stream.
const CASES: u32 = 10_000;
/// What the process may grow by while it refuses four streams more, in kilobytes.
const MOST_GROWTH: u64 = 48 * 1024;

/// The one of a list that a case has, as the others before it have gone round.
fn pick<'a, T: ?Sized>(case: &mut usize, of: &[&'a T]) -> &'a T {
    let picked = of[*case % of.len()];
    *case /= of.len();
    picked
}

/// A row in which the commune is always wrong, and whatever else the case says.
fn hostile(case: usize, round: usize) -> IngestResponsesRequest {
    let (giant, many) = ("Ộ".repeat(3_000), vec![9; 2_000]);
    let id = format!("{round:08x}-0000-4000-9000-{case:012x}");
    let mut rest = case;
    let seconds = |at| Some(Timestamp { seconds: at, nanos: 0 });
    let times = [
        &None,
        &seconds(i64::MAX),
        &seconds(i64::MIN),
        &seconds(0),
        &seconds(253_402_300_799),
        &Some(Timestamp { seconds: 1_540_000_000, nanos: -7 }),
    ];
    let answers: [&[i32]; 5] = [&[], &[i32::MIN], &[i32::MAX; 3], &many, &[1, 2]];
    let unknown = format!("KHAO-SAT-{case}-{round}");
    IngestResponsesRequest {
        response_id: pick(
            &mut rest,
            &[&*id, "", "khong-phai-uuid", "\u{0}\u{202E}'; drop", &giant],
        )
        .to_owned(),
        survey_code: pick(&mut rest, &[SURVEY, "", &unknown, "\u{FEFF}", &giant]).to_owned(),
        cluster_code: pick(&mut rest, &["", "99999", "22", "-1", "06649\n", &giant]).to_owned(),
        answer_time: *pick(&mut rest, &times),
        answers: pick(&mut rest, &answers).to_vec(),
        revision: *pick(&mut rest, &[&0, &-1, &i32::MIN, &i32::MAX]),
        is_retracted: case % 7 == 3,
        numbers: if case % 11 == 5 { vec![i64::MIN; 500] } else { Vec::new() },
        respondent_key: if case % 5 == 2 { giant.clone().into_bytes() } else { Vec::new() },
        start_time: *pick(&mut rest, &times),
        interviewer: pick(&mut rest, &["", "\u{0}", &giant]).to_owned(),
        channel: *pick(&mut rest, &[&0, &-1, &i32::MAX]),
        slip_code: pick(&mut rest, &["", "\u{202E}", &giant]).to_owned(),
        texts: if case % 13 == 4 { vec![giant.clone(); 3] } else { Vec::new() },
    }
}

/// Everything there is at the service's address.
struct Field {
    world: World,
    collector: String,
    manager: String,
    good: IngestResponsesRequest,
}

impl Field {
    async fn open() -> Self {
        let world = World::start().await;
        world.calls().load_plan().await;
        world.calls().settle().await;
        let collector = world.people.token("buu-dien", "22", &[Role::SurveyCollector]);
        let manager = world.people.token("so-noi-vu", "22", &[Role::SurveyManager]);
        let ask = GetSurveyRequest { survey_code: SURVEY.to_owned() };
        let mut client = SurveyServiceClient::new(world.channel("survey"));
        let survey = client.get_survey(request(ask, &manager)).await.unwrap().into_inner().survey;
        let survey = survey.unwrap();
        let open = survey.open_date.unwrap();
        let good = IngestResponsesRequest {
            survey_code: SURVEY.to_owned(),
            cluster_code: survey.clusters[0].cluster_code.clone(),
            answers: vec![1; survey.questions.len()],
            answer_time: Some(noon(open.year, open.month, open.day)),
            ..IngestResponsesRequest::default()
        };
        Self { world, collector, manager, good }
    }

    /// Sends a round of hostile rows, every tenth followed by a good one.
    async fn round(&self, round: usize) -> Receipt {
        let rows = (0..usize::try_from(CASES).unwrap()).flat_map(|case| {
            let id = format!("{round:08x}-0000-4000-8000-{case:012x}");
            let good = IngestResponsesRequest { response_id: id, ..self.good.clone() };
            let good = (case % 10 == 0).then_some(good);
            std::iter::once(hostile(case, round)).chain(good)
        });
        self.world.calls().ingest(&self.collector, rows.collect()).await.unwrap()
    }

    async fn stored(&self) -> i64 {
        let ask = GetSurveyRequest { survey_code: SURVEY.to_owned() };
        let mut client = SurveyServiceClient::new(self.world.channel("survey"));
        client.get_survey(request(ask, &self.manager)).await.unwrap().into_inner().response_count
    }
}

fn noon(year: i32, month: i32, day: i32) -> Timestamp {
    format!("{year:04}-{month:02}-{day:02}T05:00:00Z").parse().unwrap()
}

#[tokio::test]
async fn hostile_streams_stop_no_good_row_and_leave_no_memory_behind() {
    let field = Field::open().await;
    let (good, bad) = (i64::from(CASES / 10), i64::from(CASES));
    let counts = |receipt: &Receipt| (receipt.accepted_count, receipt.refused_count);

    // Pools, buffers and plans of statements are made once.
    let first = field.round(0).await;
    let before = field.world.memory("survey");
    let mut others = Vec::new();
    for round in 1..=4 {
        others.push(counts(&field.round(round).await));
    }
    let after = field.world.memory("survey");

    assert_eq!(counts(&first), (good, bad));
    assert_eq!(others, vec![(good, bad); 4]);
    assert_eq!(field.stored().await, 5 * good);
    assert!(
        after < before + MOST_GROWTH,
        "the service grew from {before} to {after} kB over {} refused rows",
        4 * bad
    );
}

#[tokio::test]
async fn a_closed_survey_refuses_the_good_rows_of_a_hostile_stream_too() {
    let field = Field::open().await;
    field.round(0).await;
    let request_id = "00000000-0000-4000-8000-000000000001".to_owned();
    let close = CloseSurveyRequest { request_id, survey_code: SURVEY.to_owned() };
    let mut client = SurveyServiceClient::new(field.world.channel("survey"));
    client.close_survey(request(close, &field.manager)).await.unwrap();

    let again = field.round(0).await;
    let later = field.round(1).await;

    let (good, bad) = (i64::from(CASES / 10), i64::from(CASES));
    // What was stored before is a repeat for ever.
    assert_eq!((again.repeat_count, again.refused_count), (good, bad));
    assert_eq!((later.accepted_count, later.refused_count), (0, good + bad));
    assert_eq!(field.stored().await, good);
}

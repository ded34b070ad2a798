//! A province with two districts and three communes, an index, a plan, and people who ask citizens.

use std::{collections::BTreeMap, sync::Arc};

use cchc_core::{Role, SystemClock};
use cchc_kit::{db::Db, units::Units};
use cchc_proto::{
    common::v1::{Date, Receipt},
    fact::Fact,
    registry::events::v1::{IndexPublished, PlanPublished, UnitsChanged},
    source::v1::{
        Event, ExportFactsRequest, GetHeadRequest, ReplayEventsRequest,
        source_service_client::SourceServiceClient,
    },
    survey::{
        events::v1::{
            QuarantineTallied, ResponsesTallied, StratumOutlookChanged, SurveyClosed, SurveyOpened,
        },
        v1::{
            CloseSurveyRequest, GetSurveyRequest, GetSurveyResponse, IngestResponsesRequest,
            OpenSurveyRequest, Survey, VerifySurveyRequest, VerifySurveyResponse,
            ingestion_service_client::IngestionServiceClient,
            quarantine_service_client::QuarantineServiceClient,
            survey_service_client::SurveyServiceClient,
        },
    },
};
use cchc_scoring::catalogue::{Index, Plan, Unit};
use cchc_survey::startup;
use cchc_testkit::{Bench, Running, event_of, feed, request};
use prost::{Message as _, Name as _};
use prost_types::Timestamp;
use serde_json::{Value, json};
use sqlx::PgPool;
use tonic::{Status, transport::Channel};
use uuid::Uuid;

pub(crate) const SURVEY: &str = "SIPAS-QN-2018";
/// Noon of 1 June 2018 in Viet Nam.
pub(crate) const NOON: i64 = 1_527_829_200;

/// A survey service that has heard the registry, and those who use it.
pub(crate) struct Field {
    pub(crate) bench: Bench,
    pub(crate) running: Running,
    pub(crate) pool: PgPool,
    /// Opens and closes surveys of the province.
    pub(crate) manager: String,
    /// Collects in the whole province.
    pub(crate) collector: String,
}

pub(crate) fn id() -> String {
    Uuid::new_v4().to_string()
}

fn read<T: serde::de::DeserializeOwned>(document: Value) -> T {
    serde_json::from_value(document).unwrap()
}

fn units() -> Vec<Unit> {
    read(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "06652", "parent": "193", "kind": "commune", "name": "Phường Hà Phong" },
        { "code": "06709", "parent": "194", "kind": "commune", "name": "Phường Ka Long" },
    ]))
}

fn index() -> Index {
    read(json!({
        "code": "SIPAS-2018", "year": 2018, "family": "SIPAS", "unit": "%",
        "title": "Chỉ số hài lòng", "title_en": "SIPAS",
        "provenance": "own", "reference": "mẫu thử",
        "nodes": [
            { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "composition": "own", "source": "survey" },
            { "code": "1", "title": "Tiếp cận dịch vụ", "title_en": "Access", "source": "survey" },
        ],
    }))
}

fn plan() -> Plan {
    read(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "mẫu thử",
    }))
}

impl Field {
    /// Starts the service and lets it hear the registry.
    pub(crate) async fn new() -> Self {
        let bench = Bench::new("survey").await;
        let running = bench.start(startup::build).await;
        let pool = bench.pool().await;
        let db = Db::from_pool(pool.clone());
        let hear = startup::hear(Units::new(db.clone(), Arc::new(SystemClock)));
        let events = vec![
            event_of(&UnitsChanged {
                province_code: "22".to_owned(),
                units: units().iter().map(Into::into).collect(),
            }),
            event_of(&IndexPublished { index: Some((&index()).into()) }),
            event_of(&PlanPublished { plan: Some((&plan()).into()), findings: Vec::new() }),
        ];
        feed(&db, &*hear, "registry", events).await;
        let manager = bench.token("so-noi-vu", "22", &[Role::SurveyManager, Role::Operator]);
        let collector = bench.token("buu-dien", "22", &[Role::SurveyCollector]);
        Self { bench, running, pool, manager, collector }
    }

    /// The same, with the survey opened.
    pub(crate) async fn open() -> Self {
        let field = Self::new().await;
        field.open_survey(survey()).await.unwrap();
        field
    }

    /// The same after the service was stopped, something was done to its database, and it started again.
    pub(crate) async fn restarted<F: Future>(self, meanwhile: impl FnOnce(PgPool) -> F) -> Self {
        self.running.stop().await;
        meanwhile(self.pool.clone()).await;
        let running = self.bench.start(startup::build).await;
        Self { running, ..self }
    }

    pub(crate) fn surveys(&self) -> SurveyServiceClient<Channel> {
        SurveyServiceClient::new(self.running.channel())
    }

    pub(crate) fn quarantine(&self) -> QuarantineServiceClient<Channel> {
        QuarantineServiceClient::new(self.running.channel())
    }

    pub(crate) async fn open_survey(&self, survey: Survey) -> Result<Survey, Status> {
        let open = OpenSurveyRequest { request_id: id(), survey: Some(survey) };
        let opened = self.surveys().open_survey(request(open, &self.manager)).await?;
        Ok(opened.into_inner().survey.unwrap())
    }

    pub(crate) async fn close_survey(&self) -> Survey {
        let close = CloseSurveyRequest { request_id: id(), survey_code: SURVEY.to_owned() };
        let closed = self.surveys().close_survey(request(close, &self.manager)).await.unwrap();
        closed.into_inner().survey.unwrap()
    }

    /// Pushes rows as the province's collector.
    pub(crate) async fn push(&self, rows: Vec<IngestResponsesRequest>) -> Receipt {
        self.push_as(&self.collector, rows).await.unwrap()
    }

    pub(crate) async fn push_as(
        &self,
        token: &str,
        rows: Vec<IngestResponsesRequest>,
    ) -> Result<Receipt, Status> {
        let mut client = IngestionServiceClient::new(self.running.channel());
        let pushed = client.ingest_responses(request(tokio_stream::iter(rows), token)).await?;
        Ok(pushed.into_inner().receipt.unwrap())
    }

    pub(crate) async fn verify(&self) -> VerifySurveyResponse {
        let verify = VerifySurveyRequest { survey_code: SURVEY.to_owned() };
        let verified = self.surveys().verify_survey(request(verify, &self.manager)).await;
        verified.unwrap().into_inner()
    }

    pub(crate) async fn progress(&self) -> GetSurveyResponse {
        let get = GetSurveyRequest { survey_code: SURVEY.to_owned() };
        self.surveys().get_survey(request(get, &self.collector)).await.unwrap().into_inner()
    }

    /// Everything told so far, once all of it is numbered.
    pub(crate) async fn told(&self) -> Vec<Told> {
        let mut source = SourceServiceClient::new(self.running.channel());
        loop {
            let head = source.get_head(request(GetHeadRequest {}, &self.manager)).await.unwrap();
            if head.into_inner().pending_count == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        let ask = ReplayEventsRequest { from_sequence: 1, to_sequence: 0 };
        let mut replies =
            source.replay_events(request(ask, &self.manager)).await.unwrap().into_inner();
        let mut told = Vec::new();
        while let Some(reply) = replies.message().await.unwrap() {
            told.push(Told::of(&reply.event.unwrap()));
        }
        told
    }

    /// Everything told so far, once as many refused rows are told as there are.
    pub(crate) async fn told_with_quarantine(&self) -> Vec<Told> {
        loop {
            let progress = self.progress().await;
            let told = self.told().await;
            if parked(&told) == (progress.quarantined_count, progress.given_up_count) {
                return told;
            }
        }
    }

    /// The stored facts as they stood at a number.
    pub(crate) async fn exported(&self, as_of_sequence: i64) -> Vec<Told> {
        let mut source = SourceServiceClient::new(self.running.channel());
        let ask = ExportFactsRequest { as_of_sequence };
        let mut replies =
            source.export_facts(request(ask, &self.manager)).await.unwrap().into_inner();
        let mut facts = Vec::new();
        while let Some(reply) = replies.message().await.unwrap() {
            facts.push(Told::of(&reply.event.unwrap()));
        }
        facts
    }
}

/// A fact of this service.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Opened(String),
    Tallied(ResponsesTallied),
    Quarantined(QuarantineTallied),
    Foreseen(StratumOutlookChanged),
    Closed(String),
}

impl Told {
    fn of(event: &Event) -> Self {
        let payload = event.payload.as_ref().unwrap();
        let bytes = payload.value.as_slice();
        let name = payload.type_url.rsplit('/').next().unwrap();
        if name == SurveyOpened::full_name() {
            let opened = SurveyOpened::decode(bytes).unwrap();
            assert_eq!(event.subject, opened.subject());
            Self::Opened(opened.survey.unwrap().code)
        } else if name == ResponsesTallied::full_name() {
            Self::Tallied(ResponsesTallied::decode(bytes).unwrap())
        } else if name == QuarantineTallied::full_name() {
            Self::Quarantined(QuarantineTallied::decode(bytes).unwrap())
        } else if name == StratumOutlookChanged::full_name() {
            Self::Foreseen(StratumOutlookChanged::decode(bytes).unwrap())
        } else {
            assert_eq!(name, SurveyClosed::full_name());
            Self::Closed(SurveyClosed::decode(bytes).unwrap().survey_code)
        }
    }
}

/// The numbers of responses told, in the order of telling.
pub(crate) fn groups(told: &[Told]) -> Vec<i64> {
    told.iter()
        .filter_map(|told| match told {
            Told::Tallied(tallied) => Some(tallied.response_count),
            _ => None,
        })
        .collect()
}

/// Refused rows that wait, and that were given up, as told.
pub(crate) fn parked(told: &[Told]) -> (i64, i64) {
    told.iter().fold((0, 0), |(waiting, given_up), told| match told {
        Told::Quarantined(moved) => {
            (waiting + moved.waiting_count, given_up + moved.given_up_count)
        }
        _ => (waiting, given_up),
    })
}

/// The last thing told of the survey itself: rows may be refused after its closing, and are told.
pub(crate) fn last_of_survey(told: &[Told]) -> Option<&Told> {
    told.iter().rfind(|told| !matches!(told, Told::Quarantined(_)))
}

/// Responses, and counts by question and cluster: satisfied, valid, not answered.
pub(crate) type Sums = (i64, BTreeMap<(String, String), [i64; 3]>);

/// Adds up everything told.
pub(crate) fn sums(told: &[Told]) -> Sums {
    let mut sums = Sums::default();
    for told in told {
        let Told::Tallied(tallied) = told else { continue };
        assert_eq!(tallied.survey_code, SURVEY);
        sums.0 += tallied.response_count;
        for tally in &tallied.tallies {
            let cell = sums
                .1
                .entry((tally.question_code.clone(), tally.cluster_code.clone()))
                .or_default();
            cell[0] += tally.satisfied_count;
            cell[1] += tally.valid_count;
            cell[2] += tally.not_answered_count;
        }
    }
    sums
}

/// How many gave each answer, by question and cluster, of everything told.
pub(crate) fn by_answer(told: &[Told]) -> BTreeMap<(String, String), Vec<i64>> {
    let mut counts = BTreeMap::<_, Vec<i64>>::new();
    for told in told {
        let Told::Tallied(tallied) = told else { continue };
        for tally in &tallied.tallies {
            let key = (tally.question_code.clone(), tally.cluster_code.clone());
            cchc_scoring::survey::counts::add(counts.entry(key).or_default(), &tally.counts);
        }
    }
    counts
}

/// Two questions, three communes, released by tens.
pub(crate) fn survey() -> Survey {
    use cchc_proto::survey::v1::{Cluster, Question, question::Kind, survey::Instrument};

    let question = |code: &str, kind: Kind| Question {
        code: code.to_owned(),
        text: "Ông/bà có hài lòng không?".to_owned(),
        kind: kind.into(),
        node_id: "SIPAS-2018/1".to_owned(),
        ..Question::default()
    };
    let cluster = |stratum: &str, cluster: &str| Cluster {
        stratum_code: stratum.to_owned(),
        cluster_code: cluster.to_owned(),
        wanted_count: 50,
        ..Cluster::default()
    };
    Survey {
        code: SURVEY.to_owned(),
        plan_code: "QN-2018".to_owned(),
        province_code: "22".to_owned(),
        title: "Khảo sát sự hài lòng của người dân năm 2018".to_owned(),
        instrument: Instrument::Provincial.into(),
        state: 0,
        open_date: Some(Date { year: 2018, month: 6, day: 1 }),
        close_date: Some(Date { year: 2018, month: 6, day: 30 }),
        minimum_cell: 10,
        release_after: 10,
        quarantine_days: 90,
        questions: vec![question("Q1", Kind::Likert5), question("Q2", Kind::YesNo)],
        clusters: vec![cluster("193", "06649"), cluster("193", "06652"), cluster("194", "06709")],
        ..Survey::default()
    }
}

/// A good row.
pub(crate) fn row(cluster: &str, answers: [i32; 2]) -> IngestResponsesRequest {
    IngestResponsesRequest {
        response_id: id(),
        survey_code: SURVEY.to_owned(),
        cluster_code: cluster.to_owned(),
        answers: answers.to_vec(),
        answer_time: Some(Timestamp { seconds: NOON, nanos: 0 }),
        revision: 0,
        is_retracted: false,
        numbers: Vec::new(),
        ..IngestResponsesRequest::default()
    }
}

/// Good rows, with every answer there is, over all communes.
pub(crate) fn rows(count: usize) -> Vec<IngestResponsesRequest> {
    let answer = |n: usize, of: usize| i32::try_from(n % of).unwrap();
    let clusters = ["06649", "06652", "06709"].into_iter().cycle();
    (0..count).zip(clusters).map(|(n, at)| row(at, [answer(n, 6), answer(n / 2, 3)])).collect()
}

/// What was wrong with each refused row: its number and the reasons.
pub(crate) fn refusals(receipt: &Receipt) -> Vec<(i64, Vec<&str>)> {
    receipt
        .refusals
        .iter()
        .map(|refusal| {
            let reasons = refusal.violations.iter().map(|v| v.reason.as_str()).collect();
            (refusal.row_number, reasons)
        })
        .collect()
}

/// Accepted, repeated and refused rows of a receipt.
pub(crate) const fn counts(receipt: &Receipt) -> (i64, i64, i64) {
    (receipt.accepted_count, receipt.repeat_count, receipt.refused_count)
}

//! The calls that every test makes.

use std::process::Output;

use cchc_kit::client::Peer;
use cchc_kit::config::Secret;
use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest,
        assessment_service_client::AssessmentServiceClient,
        measurement_service_client::MeasurementServiceClient,
    },
    common::v1::{Decimal, Receipt},
    reporting::v1::{
        GetRollupRequest, IndexRollup, NodeRollup, Rollup, VerifyRollupRequest,
        VerifyRollupResponse, rollup_service_client::RollupServiceClient,
    },
    source::v1::{
        GetHeadRequest, ListWatermarksRequest, inbox_service_client::InboxServiceClient,
        source_service_client::SourceServiceClient,
    },
    survey::v1::{IngestResponsesRequest, ingestion_service_client::IngestionServiceClient},
};
use cchc_testkit::request;
use prost_types::Timestamp;
use tonic::Status;
use uuid::Uuid;

use crate::{
    World,
    process::{binary, repository},
    wait::until,
};

/// The plan that the tests run.
pub const PLAN: &str = "QN-2018";

/// Calls to an installation.
#[derive(Debug, Clone, Copy)]
pub struct Calls<'a> {
    world: &'a World,
}

impl<'a> Calls<'a> {
    pub(crate) const fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// Runs our command line as an operator would.
    #[must_use]
    pub fn cchc(&self, arguments: &[&str]) -> Output {
        let output = std::process::Command::new(binary("cchc"))
            .args(arguments)
            .current_dir(repository())
            .output()
            .expect("cchc can be started");
        assert!(
            output.status.success(),
            "cchc {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// Loads and publishes the 2018 plan, opens its surveys, and waits until everybody has heard.
    pub async fn load_plan(&self) {
        let token = self.world.token_file("editor", &self.world.people.editor());
        let (registry, survey) = (self.world.address("registry"), self.world.address("survey"));
        let folder = "deploy/plans/quang-ninh-2018";
        let _ = self.cchc(&[
            "plan",
            "load",
            folder,
            "--registry",
            &registry,
            "--survey",
            &survey,
            "--token-file",
            &token,
        ]);
        self.settle().await;
    }

    /// Pushes measurements as a caller.
    pub async fn measure(
        &self,
        token: &str,
        rows: Vec<PushMeasurementsRequest>,
    ) -> Result<Receipt, Status> {
        let mut client = MeasurementServiceClient::new(self.world.channel("assignment"));
        let stream = request(tokio_stream::iter(rows), token);
        let response = client.push_measurements(stream).await?.into_inner();
        Ok(response.receipt.unwrap_or_default())
    }

    /// Pushes self-assessments as a caller.
    pub async fn assess(
        &self,
        token: &str,
        rows: Vec<PushAssessmentsRequest>,
    ) -> Result<Receipt, Status> {
        let mut client = AssessmentServiceClient::new(self.world.channel("assignment"));
        let stream = request(tokio_stream::iter(rows), token);
        Ok(client.push_assessments(stream).await?.into_inner().receipt.unwrap_or_default())
    }

    /// Pushes appraisals as a caller.
    pub async fn appraise(
        &self,
        token: &str,
        rows: Vec<PushAppraisalsRequest>,
    ) -> Result<Receipt, Status> {
        let mut client = AssessmentServiceClient::new(self.world.channel("assignment"));
        let stream = request(tokio_stream::iter(rows), token);
        Ok(client.push_appraisals(stream).await?.into_inner().receipt.unwrap_or_default())
    }

    /// Pushes survey responses as a caller.
    pub async fn ingest(
        &self,
        token: &str,
        rows: Vec<IngestResponsesRequest>,
    ) -> Result<Receipt, Status> {
        let mut client = IngestionServiceClient::new(self.world.channel("survey"));
        let stream = request(tokio_stream::iter(rows), token);
        Ok(client.ingest_responses(stream).await?.into_inner().receipt.unwrap_or_default())
    }

    /// Closes the plan's survey, as an operator would.
    pub fn close_survey(&self) {
        let token = self.world.token_file("manager", &self.world.people.editor());
        let address = self.world.address("survey");
        let close = ["survey", "close", SURVEY, "--survey", &address, "--token-file", &token];
        let _ = self.cchc(&close);
    }

    /// The rollup as a leader sees it.
    pub async fn rollup(&self) -> Rollup {
        self.rollup_as_of(None).await.expect("the rollup is there")
    }

    /// The rollup as a leader sees it who looks back to an instant, or does not.
    pub async fn rollup_as_of(&self, as_of_time: Option<Timestamp>) -> Result<Rollup, Status> {
        let ask = GetRollupRequest { plan_code: PLAN.to_owned(), as_of_time };
        let response = self.rollups().get_rollup(request(ask, &self.world.people.leader())).await?;
        Ok(response.into_inner().rollup.expect("a rollup"))
    }

    /// A client of the rollup service.
    #[must_use]
    pub fn rollups(&self) -> RollupServiceClient<tonic::transport::Channel> {
        RollupServiceClient::new(self.world.channel("reporting"))
            .max_decoding_message_size(16 * 1024 * 1024)
    }

    /// Compares the live rollup with its recomputation, by call and by command line; fails with every
    /// difference.
    pub async fn verify(&self) -> VerifyRollupResponse {
        let ask = VerifyRollupRequest { plan_code: PLAN.to_owned() };
        let verified =
            self.rollups().verify_rollup(request(ask, &self.world.people.leader())).await;
        let verified = verified.expect("the rollup can be verified").into_inner();
        assert_eq!(verified.differences, [], "live and recomputed differ");
        assert_eq!(verified.live_checksum, verified.recomputed_checksum);
        let token = self.world.token_file("leader", &self.world.people.leader());
        let reporting = self.world.address("reporting");
        let said = self.cchc(&[
            "--json",
            "rollup",
            "verify",
            PLAN,
            "--reporting",
            &reporting,
            "--token-file",
            &token,
        ]);
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.contains(&verified.live_checksum), "the command line says otherwise: {said}");
        verified
    }

    /// Waits until every consumer has come to its producers' heads.
    pub async fn settle(&self) {
        let consumers = [
            ("assignment", &["registry"][..]),
            ("survey", &["registry"]),
            ("reporting", &["registry", "assignment", "survey"]),
        ];
        until("every consumer is at its producers' heads", || async move {
            for (consumer, producers) in consumers {
                let heard = self.watermarks(consumer).await?;
                for producer in producers {
                    let newest = self.head(producer).await?;
                    let at =
                        heard.iter().find(|(name, _)| name == producer).map_or(0, |(_, at)| *at);
                    if newest != at {
                        return Err(format!("{consumer} heard {at} of {newest} of {producer}"));
                    }
                }
            }
            Ok(())
        })
        .await;
    }

    /// How far a producer's numbers go, once everything has one.
    async fn head(&self, producer: &'static str) -> Result<i64, String> {
        let mut client = SourceServiceClient::new(self.world.channel(producer));
        let head = client.get_head(self.as_service(GetHeadRequest {})).await;
        let head = head.map_err(|status| format!("{producer}: {status}"))?.into_inner();
        match head.pending_count {
            0 => Ok(head.head_sequence),
            pending => Err(format!("{pending} facts of {producer} have no number yet")),
        }
    }

    async fn watermarks(&self, consumer: &'static str) -> Result<Vec<(String, i64)>, String> {
        let mut client = InboxServiceClient::new(self.world.channel(consumer));
        let response = client.list_watermarks(self.as_service(ListWatermarksRequest {})).await;
        let response = response.map_err(|status| format!("{consumer}: {status}"))?.into_inner();
        let parked: i64 = response.watermarks.iter().map(|w| w.parked_count).sum();
        assert_eq!(parked, 0, "{consumer} parked events");
        Ok(response.watermarks.into_iter().map(|w| (w.producer, w.sequence)).collect())
    }

    fn as_service<T>(self, message: T) -> tonic::Request<T> {
        let token = std::fs::read_to_string(self.world.path("service.token")).expect("a token");
        let peer = Peer::new("http://127.0.0.1:1", &Secret::new(token)).expect("a peer");
        peer.request(message)
    }
}

/// An exact number for a contract.
#[must_use]
pub fn decimal(text: &str) -> Option<Decimal> {
    Some(Decimal { value: text.to_owned() })
}

/// An index of a rollup.
#[must_use]
pub fn index_of<'r>(rollup: &'r Rollup, code: &str) -> &'r IndexRollup {
    rollup
        .indices
        .iter()
        .find(|index| index.index_code == code)
        .expect("the index is in the rollup")
}

/// A node of a rollup.
#[must_use]
pub fn node_of<'r>(rollup: &'r Rollup, id: &str) -> &'r NodeRollup {
    let nodes = rollup.indices.iter().flat_map(|index| &index.nodes);
    nodes.into_iter().find(|node| node.node_id == id).expect("the node is in the rollup")
}

/// The value of a number; `—` when there is none.
#[must_use]
pub fn value(number: Option<&Decimal>) -> &str {
    number.map_or("—", |number| number.value.as_str())
}

/// A measurement of a unit for the year.
#[must_use]
pub fn measurement(
    unit: &str,
    variable: &str,
    numerator: &str,
    denominator: &str,
) -> PushMeasurementsRequest {
    PushMeasurementsRequest {
        request_id: Uuid::new_v4().to_string(),
        unit_code: unit.to_owned(),
        variable_code: variable.to_owned(),
        period: "2018".to_owned(),
        numerator: decimal(numerator),
        denominator: if denominator.is_empty() { None } else { decimal(denominator) },
        is_retracted: false,
        evidence: "Báo cáo minh họa".to_owned(),
    }
}

/// A self-assessment of a lead.
#[must_use]
pub fn assessment(node: &str, unit: &str, points: &str) -> PushAssessmentsRequest {
    PushAssessmentsRequest {
        request_id: Uuid::new_v4().to_string(),
        plan_code: PLAN.to_owned(),
        node_id: node.to_owned(),
        unit_code: unit.to_owned(),
        points: decimal(points),
        evidence: vec!["Báo cáo minh họa".to_owned()],
        explanation: String::new(),
    }
}

/// An appraisal of a lead's first self-assessment.
#[must_use]
pub fn appraisal(node: &str, points: &str) -> PushAppraisalsRequest {
    PushAppraisalsRequest {
        request_id: Uuid::new_v4().to_string(),
        plan_code: PLAN.to_owned(),
        node_id: node.to_owned(),
        assessment_version: 1,
        points: decimal(points),
        reason: "Minh họa: thiếu tài liệu kiểm chứng".to_owned(),
    }
}

/// The survey that the tests ask.
pub const SURVEY: &str = "SIPAS-QN-2018";

/// Where the plan's survey is asked: every district with its communes.
#[must_use]
pub fn clusters() -> Vec<(String, Vec<String>)> {
    let path = crate::repository().join("deploy/plans/quang-ninh-2018/surveys/sipas.toml");
    let text = std::fs::read_to_string(path).expect("the survey is in the repository");
    let survey: toml::Table = text.parse().expect("the survey is TOML");
    let strata = survey.get("strata").and_then(toml::Value::as_array).expect("strata");
    let word = |value: &toml::Value, key: &str| {
        value.get(key).and_then(toml::Value::as_str).expect("a code").to_owned()
    };
    strata
        .iter()
        .map(|stratum| {
            let clusters =
                stratum.get("clusters").and_then(toml::Value::as_array).expect("clusters");
            (word(stratum, "code"), clusters.iter().map(|cluster| word(cluster, "code")).collect())
        })
        .collect()
}

/// Responses of citizens of a commune: most of them satisfied, some questions not answered.
#[must_use]
pub fn responses(cluster: &str, count: usize) -> Vec<IngestResponsesRequest> {
    const QUESTIONS: usize = 19;
    // 15 October 2018, noon in Viet Nam: within the fieldwork.
    let noon = prost_types::Timestamp { seconds: 1_539_579_600, nanos: 0 };
    (0..count)
        .map(|person| IngestResponsesRequest {
            response_id: Uuid::new_v4().to_string(),
            survey_code: SURVEY.to_owned(),
            cluster_code: cluster.to_owned(),
            answers: (0..QUESTIONS).map(|q| [5, 4, 4, 3, 5, 0, 4][(person + q) % 7]).collect(),
            answer_time: Some(noon),
            ..IngestResponsesRequest::default()
        })
        .collect()
}

//! A small province whose registry has published an index and a plan.

use std::sync::Arc;

use cchc_assignment::{HearRegistry, startup};
use cchc_core::{Role, SystemClock, SystemIds};
use cchc_kit::{db::Db, units::Units};
use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest,
        PushProgressRequest, assessment_service_client::AssessmentServiceClient,
        assignment_service_client::AssignmentServiceClient,
        measurement_service_client::MeasurementServiceClient,
    },
    common::v1::{Date, Decimal, Receipt},
    fact::Fact,
    registry::events::v1::{IndexPublished, PlanPublished, UnitsChanged},
    source::v1::{
        Event, GetHeadRequest, ReplayEventsRequest, source_service_client::SourceServiceClient,
    },
};
use cchc_scoring::catalogue::{Index, Plan, Unit};
use cchc_testkit::{Bench, Running, event_of, feed, request};
use serde_json::json;
use tonic::transport::Channel;
use uuid::Uuid;

/// The service, and those who use it.
pub(crate) struct Office {
    pub(crate) bench: Bench,
    pub(crate) running: Running,
    db: Db,
    hear: HearRegistry,
    /// Reports for the province and everything below it.
    pub(crate) reporter: String,
    /// Appraises for the province.
    pub(crate) appraiser: String,
    /// Sees events and what is parked.
    pub(crate) operator: String,
}

impl Office {
    /// Starts a service that has heard nothing.
    pub(crate) async fn open_empty() -> Self {
        let bench = Bench::new("assignment").await;
        let running = bench.start(startup::build).await;
        let db = Db::from_pool(bench.pool().await);
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let units = Units::new(db.clone(), Arc::new(SystemClock));
        let hear = HearRegistry::new(units, clock, ids);
        let reporter = bench.token("can-bo", "22", &[Role::AgencyReporter]);
        let appraiser = bench.token("hoi-dong", "22", &[Role::Appraiser]);
        let operator = bench.token("van-hanh", "22", &[Role::Operator]);
        Self { bench, running, db, hear, reporter, appraiser, operator }
    }

    /// Starts a service that has heard units, index and plan.
    pub(crate) async fn open() -> Self {
        let office = Self::open_empty().await;
        office.hear(units_changed()).await;
        office.hear(IndexPublished { index: Some((&index()).into()) }).await;
        office.hear(plan_published(&plan())).await;
        office
    }

    /// Lets the service hear a fact of the registry.
    pub(crate) async fn hear(&self, fact: impl Fact) {
        feed(&self.db, &self.hear, "registry", vec![event_of(&fact)]).await;
    }

    pub(crate) fn assignments(&self) -> AssignmentServiceClient<Channel> {
        AssignmentServiceClient::new(self.running.channel())
    }

    pub(crate) fn measurements(&self) -> MeasurementServiceClient<Channel> {
        MeasurementServiceClient::new(self.running.channel())
    }

    pub(crate) fn assessments(&self) -> AssessmentServiceClient<Channel> {
        AssessmentServiceClient::new(self.running.channel())
    }

    pub(crate) fn source(&self) -> SourceServiceClient<Channel> {
        SourceServiceClient::new(self.running.channel())
    }

    /// A token of somebody who reports for a unit.
    pub(crate) fn reporter_of(&self, unit: &str) -> String {
        self.bench.token(&format!("can-bo-{unit}"), unit, &[Role::AgencyReporter])
    }

    pub(crate) async fn report(&self, rows: Vec<PushProgressRequest>, token: &str) -> Receipt {
        let rows = request(tokio_stream::iter(rows), token);
        self.assignments().push_progress(rows).await.unwrap().into_inner().receipt.unwrap()
    }

    pub(crate) async fn measure(&self, rows: Vec<PushMeasurementsRequest>, token: &str) -> Receipt {
        let rows = request(tokio_stream::iter(rows), token);
        self.measurements().push_measurements(rows).await.unwrap().into_inner().receipt.unwrap()
    }

    pub(crate) async fn assess(&self, rows: Vec<PushAssessmentsRequest>, token: &str) -> Receipt {
        let rows = request(tokio_stream::iter(rows), token);
        self.assessments().push_assessments(rows).await.unwrap().into_inner().receipt.unwrap()
    }

    pub(crate) async fn appraise(&self, rows: Vec<PushAppraisalsRequest>, token: &str) -> Receipt {
        let rows = request(tokio_stream::iter(rows), token);
        self.assessments().push_appraisals(rows).await.unwrap().into_inner().receipt.unwrap()
    }

    /// The number of the newest event, once every fact has one.
    pub(crate) async fn head(&self) -> i64 {
        loop {
            let head = request(GetHeadRequest {}, &self.operator);
            let head = self.source().get_head(head).await.unwrap().into_inner();
            if head.pending_count == 0 {
                return head.head_sequence;
            }
            tokio::task::yield_now().await;
        }
    }

    /// What was told after a number.
    pub(crate) async fn told_after(&self, sequence: i64) -> Vec<Event> {
        let to_sequence = self.head().await;
        if to_sequence == sequence {
            return Vec::new();
        }
        let ask = ReplayEventsRequest { from_sequence: sequence + 1, to_sequence };
        let replies = self.source().replay_events(request(ask, &self.operator)).await;
        let mut replies = replies.unwrap().into_inner();
        let mut events = Vec::new();
        while let Some(reply) = replies.message().await.unwrap() {
            events.push(reply.event.unwrap());
        }
        events
    }
}

/// Reads the message of an event that carries one of this kind.
pub(crate) fn fact<F: Fact + Default>(event: &Event) -> Option<F> {
    let payload = event.payload.as_ref().unwrap();
    payload
        .type_url
        .ends_with(&format!("/{}", F::full_name()))
        .then(|| F::decode(payload.value.as_slice()).unwrap())
}

/// How many rows were accepted, corrected, repeated and refused.
pub(crate) fn counts(receipt: &Receipt) -> [i64; 4] {
    let counts = [
        receipt.accepted_count,
        receipt.corrected_count,
        receipt.repeat_count,
        receipt.refused_count,
    ];
    assert_eq!(counts.iter().sum::<i64>(), receipt.row_count);
    counts
}

/// Where and why rows were refused; every violation must speak both languages.
pub(crate) fn refusals(receipt: &Receipt) -> Vec<(i64, &str, &str)> {
    let mut all = Vec::new();
    for refusal in &receipt.refusals {
        for violation in &refusal.violations {
            assert!(!violation.message.is_empty() && !violation.message_vi.is_empty());
            all.push((refusal.row_number, violation.path.as_str(), violation.reason.as_str()));
        }
    }
    all
}

pub(crate) fn id() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn number(text: &str) -> Decimal {
    Decimal { value: text.to_owned() }
}

pub(crate) fn day(day: time::Date) -> Date {
    day.into()
}

/// A commune's share of qualified officials for 2018.
pub(crate) fn share(unit: &str, numerator: &str) -> PushMeasurementsRequest {
    PushMeasurementsRequest {
        request_id: id(),
        unit_code: unit.to_owned(),
        variable_code: "COMMUNE-OFFICIALS".to_owned(),
        period: "2018".to_owned(),
        numerator: Some(number(numerator)),
        denominator: Some(number("20")),
        is_retracted: false,
        evidence: "Báo cáo 12/BC-UBND".to_owned(),
    }
}

/// The report of [`share`] taken back.
pub(crate) fn retraction(unit: &str) -> PushMeasurementsRequest {
    PushMeasurementsRequest {
        numerator: None,
        denominator: None,
        is_retracted: true,
        ..share(unit, "0")
    }
}

pub(crate) fn progress(task: &str, unit: &str, percent_done: i32) -> PushProgressRequest {
    PushProgressRequest {
        request_id: id(),
        plan_code: "QN-2018".to_owned(),
        task_number: task.to_owned(),
        unit_code: unit.to_owned(),
        percent_done,
        done_date: None,
        note: String::new(),
    }
}

/// What the lead of node 1 gives itself.
pub(crate) fn assessment(points: &str) -> PushAssessmentsRequest {
    PushAssessmentsRequest {
        request_id: id(),
        plan_code: "QN-2018".to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        unit_code: "22-SNV".to_owned(),
        points: Some(number(points)),
        evidence: vec!["Báo cáo 15/BC-SNV".to_owned()],
        explanation: String::new(),
    }
}

pub(crate) fn appraisal(version: i64, points: &str, reason: &str) -> PushAppraisalsRequest {
    PushAppraisalsRequest {
        request_id: id(),
        plan_code: "QN-2018".to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        assessment_version: version,
        points: Some(number(points)),
        reason: reason.to_owned(),
    }
}

pub(crate) fn units_changed() -> UnitsChanged {
    let units: Vec<Unit> = serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
        { "code": "22-STP", "parent": "22", "kind": "department", "name": "Sở Tư pháp" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "06652", "parent": "193", "kind": "commune", "name": "Phường Hà Phong" },
        { "code": "06709", "parent": "194", "kind": "commune", "name": "Phường Ka Long" },
    ]))
    .unwrap();
    UnitsChanged { province_code: "22".to_owned(), units: units.iter().map(Into::into).collect() }
}

pub(crate) fn index() -> Index {
    serde_json::from_value(json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "unit": "điểm",
        "title": "Chỉ số cải cách hành chính", "title_en": "PAR INDEX",
        "provenance": "own", "reference": "mẫu thử",
        "nodes": [
            { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "max": "100", "source": "children" },
            { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10", "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV" },
            { "code": "2", "title": "Văn bản", "title_en": "Documents", "max": "10", "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-STP" },
            { "code": "10", "title": "Cán bộ", "title_en": "Officials", "max": "10", "source": "administrative", "rule": { "kind": "share" }, "variable": "COMMUNE-OFFICIALS", "lead": "22-SNV" },
        ],
        "variables": [
            { "code": "COMMUNE-OFFICIALS", "title": "Cán bộ đạt chuẩn", "title_en": "Qualified officials", "measure": "share", "numerator": "Số đạt chuẩn", "denominator": "Số hiện có", "reporters": { "kinds": ["commune"] }, "collection": "latest" },
            { "code": "INITIATIVES", "title": "Sáng kiến", "title_en": "Initiatives", "measure": "count", "numerator": "Số sáng kiến", "reporters": { "kinds": ["commune"] } },
            { "code": "NEW-ENTERPRISES", "title": "Doanh nghiệp mới", "title_en": "New enterprises", "measure": "growth", "numerator": "Năm nay", "denominator": "Năm trước", "reporters": { "units": ["22-SNV"] } },
        ],
    }))
    .unwrap()
}

pub(crate) fn plan() -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "mẫu thử",
        "targets": [{ "node": "PAR-2018/1", "points": "9", "reference": "A" }],
        "tasks": [
            { "number": "1.10", "title": "Chỉ đạo", "reference": "III.1.10", "binds": { "units": ["22-SNV"] } },
            { "number": "1.9", "title": "Kiểm tra", "reference": "III.1.9", "binds": { "kinds": ["district", "department"] }, "due": { "date": "2018-06-30", "inclusive": false } },
            { "number": "20.1", "title": "Tiếp dân", "reference": "III.20.1", "binds": { "kinds": ["commune"] }, "mode": "requested" },
        ],
    }))
    .unwrap()
}

pub(crate) fn plan_published(plan: &Plan) -> PlanPublished {
    PlanPublished { plan: Some(plan.into()), findings: Vec::new() }
}

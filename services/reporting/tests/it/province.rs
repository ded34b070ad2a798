//! A small province: what its registry, its units and its citizens tell.

use cchc_proto::{
    assignment::{
        events::v1::{
            AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, MeasurementRecorded,
            PlanExpanded,
        },
        v1::{self as assignment, assignment::State},
    },
    common::v1::{Date, Decimal},
    registry::{
        events::v1::{FindingAcknowledged, IndexPublished, PlanPublished, UnitsChanged},
        v1 as registry,
    },
    source::v1::Event,
    survey::{
        events::v1::{ResponsesTallied, SurveyClosed, SurveyOpened, responses_tallied},
        v1 as survey,
    },
};
use cchc_scoring::{
    catalogue::{Index, Plan, Unit},
    plan::{FindingKind, check},
};
use cchc_testkit::event_of;
use serde_json::{Value, json};
use uuid::Uuid;

pub const PLAN: &str = "QN-2018";

fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "06652", "parent": "193", "kind": "commune", "name": "Phường Hà Phong" },
        { "code": "06655", "parent": "193", "kind": "commune", "name": "Phường Hà Khẩu" }
    ]))
    .unwrap()
}

pub fn index() -> Index {
    serde_json::from_value(json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "title": "Chỉ số", "title_en": "Index",
        "unit": "điểm", "provenance": "stated-in-plan", "reference": "r",
        "nodes": [
            { "code": "0", "title": "Toàn bộ", "title_en": "Whole", "max": "25", "source": "children",
              "lead": "22-SNV" },
            { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10",
              "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV" },
            { "code": "2", "title": "Bảo hiểm", "title_en": "Insurance", "max": "10",
              "source": "administrative", "rule": { "kind": "linear", "target": "95" },
              "variable": "HEALTH-INSURANCE", "lead": "22-SNV" },
            { "code": "3", "title": "Hài lòng", "title_en": "Satisfaction", "max": "5",
              "source": "survey", "rule": { "kind": "share" }, "lead": "22-SNV" }
        ],
        "variables": [
            { "code": "HEALTH-INSURANCE", "title": "t", "title_en": "t", "measure": "share",
              "numerator": "a", "denominator": "b", "reporters": { "kinds": ["district"] } }
        ]
    }))
    .unwrap()
}

fn plan() -> Plan {
    serde_json::from_value(json!({
        "code": PLAN, "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "r",
        "targets": [
            { "node": "PAR-2018/0", "points": "23", "rank": { "exact": 1 }, "reference": "r" },
            { "node": "PAR-2018/1", "points": "9", "increase": "1.5", "reference": "r" },
            { "node": "PAR-2018/2", "points": "9", "reference": "r" },
            { "node": "PAR-2018/3", "points": "4", "reference": "r" }
        ],
        "tasks": [
            { "number": "1.1", "title": "Việc", "reference": "r", "binds": { "kinds": ["district"] } }
        ]
    }))
    .unwrap()
}

/// Units, index and plan, as the registry tells them.
pub fn registry() -> Vec<Event> {
    registry_of(&index())
}

/// The same with another index.
pub fn registry_of(index: &Index) -> Vec<Event> {
    told(&plan(), std::slice::from_ref(index))
}

/// The same, of a plan with these tasks.
pub fn registry_with_tasks(tasks: &Value) -> Vec<Event> {
    let mut plan = plan();
    plan.tasks = serde_json::from_value(tasks.clone()).unwrap();
    told(&plan, &[index()])
}

/// The same with an index beside it, of which the plan promises something too.
pub fn registry_beside(index: &Index, other: &Index, promise: &Value) -> Vec<Event> {
    let mut plan = plan();
    plan.targets.push(serde_json::from_value(promise.clone()).unwrap());
    told(&plan, &[index.clone(), other.clone()])
}

/// The same, of a plan with more targets.
pub fn registry_promising(more: &[Value]) -> Vec<Event> {
    let mut plan = plan();
    let more = more.iter().map(|target| serde_json::from_value(target.clone()).unwrap());
    plan.targets.extend(more);
    told(&plan, &[index()])
}

fn told(plan: &Plan, indices: &[Index]) -> Vec<Event> {
    let units = units();
    let findings = check(plan, indices, &units);
    let told_units = units.iter().map(Into::into).collect();
    let units = UnitsChanged { province_code: "22".to_owned(), units: told_units };
    let published =
        indices.iter().map(|index| IndexPublished { index: Some(registry::Index::from(index)) });
    let findings = findings.iter().map(Into::into).collect();
    let plan = PlanPublished { plan: Some(plan.into()), findings };
    std::iter::once(event_of(&units))
        .chain(published.map(|index| event_of(&index)))
        .chain([event_of(&plan)])
        .collect()
}

/// The finding that the targets do not add up to the whole.
pub fn finding_id() -> String {
    let found = check(&plan(), &[index()], &units());
    let sum = found.iter().find(|finding| finding.kind == FindingKind::SumOfTargets).unwrap();
    sum.id().to_string()
}

/// Somebody acknowledges that finding, or takes it back.
pub fn acknowledged(version: i64, reason: &str, is_revoked: bool) -> Event {
    event_of(&FindingAcknowledged {
        acknowledgement: Some(registry::Acknowledgement {
            plan_code: PLAN.to_owned(),
            finding_id: finding_id(),
            version,
            reason: reason.to_owned(),
            is_revoked,
            actor: "lanh-dao".to_owned(),
            unit_code: "22".to_owned(),
            decide_time: Some(cchc_proto::convert::timestamp(time::OffsetDateTime::UNIX_EPOCH)),
        }),
    })
}

/// A new district is heard of that must report too, and a new name.
pub fn registry_later() -> Vec<Event> {
    let units: Vec<Unit> = serde_json::from_value(json!([
        { "code": "195", "parent": "22", "kind": "district", "name": "Thành phố Cẩm Phả" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ tỉnh" }
    ]))
    .unwrap();
    let units = units.iter().map(Into::into).collect();
    vec![event_of(&UnitsChanged { province_code: "22".to_owned(), units })]
}

fn decimal(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

fn id(of: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, of.as_bytes()).to_string()
}

/// A report on health insurance for the year; `None` when taken back.
pub fn measured(unit: &str, version: i64, share: Option<(&str, &str)>) -> Event {
    measured_of("HEALTH-INSURANCE", unit, version, share)
}

/// A report on any share for the year.
pub fn measured_of(variable: &str, unit: &str, version: i64, share: Option<(&str, &str)>) -> Event {
    measured_in("2018", variable, unit, version, share)
}

/// A report on any share for a period.
pub fn measured_in(
    period: &str,
    variable: &str,
    unit: &str,
    version: i64,
    share: Option<(&str, &str)>,
) -> Event {
    let of = match (variable, period) {
        ("HEALTH-INSURANCE", "2018") => format!("{unit} {version}"),
        (variable, "2018") => format!("{variable} {unit} {version}"),
        _ => format!("{variable} {unit} {period} {version}"),
    };
    event_of(&MeasurementRecorded {
        measurement: Some(assignment::Measurement {
            measurement_id: id(&of),
            unit_code: unit.to_owned(),
            variable_code: variable.to_owned(),
            period: period.to_owned(),
            version,
            numerator: share.map(|(part, _)| decimal(part)),
            denominator: share.map(|(_, whole)| decimal(whole)),
            is_retracted: share.is_none(),
            evidence: "Báo cáo số 7/BC-UBND".to_owned(),
            reporter: "ha-long".to_owned(),
            record_time: None,
        }),
    })
}

/// What the department gave itself.
pub fn assessed(version: i64, points: &str) -> Event {
    event_of(&AssessmentSubmitted { assessment: Some(assessment_of(version, points)) })
}

/// The same, to say more of it.
pub fn assessment_of(version: i64, points: &str) -> assignment::Assessment {
    assignment::Assessment {
        assessment_id: id(&format!("assessment {version}")),
        plan_code: PLAN.to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        unit_code: "22-SNV".to_owned(),
        version,
        points: Some(decimal(points)),
        evidence: vec!["Báo cáo số 12/BC-SNV".to_owned()],
        explanation: String::new(),
        assessor: "snv".to_owned(),
        submit_time: None,
        appraisal: None,
        documents: vec![],
    }
}

/// What the appraisers made of it.
pub fn appraised(version: i64, of: i64, points: &str) -> Event {
    event_of(&AppraisalDecided {
        plan_code: PLAN.to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        appraisal: Some(appraisal_of(version, of, points)),
    })
}

/// The same, to say more of it.
pub fn appraisal_of(version: i64, of: i64, points: &str) -> assignment::Appraisal {
    assignment::Appraisal {
        appraisal_id: id(&format!("appraisal {version}")),
        assessment_version: of,
        points: Some(decimal(points)),
        reason: "thiếu tài liệu kiểm chứng".to_owned(),
        appraiser: "hoi-dong".to_owned(),
        decide_time: None,
        version,
        documents: vec![],
    }
}

/// The plan's task given to a unit.
pub fn assignment_of(unit: &str) -> assignment::Assignment {
    assignment::Assignment {
        assignment_id: id(&format!("task {unit}")),
        plan_code: PLAN.to_owned(),
        task_number: "1.1".to_owned(),
        unit_code: unit.to_owned(),
        state: State::Assigned.into(),
        last_date: Some(Date { year: 2018, month: 6, day: 14 }),
        version: 1,
        ..assignment::Assignment::default()
    }
}

/// The plan's task given to both districts.
pub fn expanded() -> Event {
    let assignments = vec![assignment_of("193"), assignment_of("194")];
    event_of(&PlanExpanded { plan_code: PLAN.to_owned(), assignments })
}

/// A district says that the task is done.
pub fn done(unit: &str, day: i32) -> Event {
    event_of(&AssignmentProgressed {
        assignment: Some(assignment::Assignment {
            state: State::Submitted.into(),
            percent_done: 100,
            done_date: Some(Date { year: 2018, month: 6, day }),
            version: 2,
            ..assignment_of(unit)
        }),
    })
}

/// The survey opens, with two questions about the same node.
pub fn opened() -> Event {
    let question = |code: &str| survey::Question {
        code: code.to_owned(),
        text: "Ông/bà có hài lòng không?".to_owned(),
        kind: survey::question::Kind::Likert5.into(),
        node_id: "PAR-2018/3".to_owned(),
        ..survey::Question::default()
    };
    event_of(&SurveyOpened {
        survey: Some(survey::Survey {
            code: "S-2018".to_owned(),
            plan_code: PLAN.to_owned(),
            province_code: "22".to_owned(),
            title: "Khảo sát".to_owned(),
            instrument: survey::survey::Instrument::Provincial.into(),
            state: survey::survey::State::Open.into(),
            open_date: None,
            close_date: None,
            minimum_cell: 10,
            release_after: 10,
            questions: vec![question("Q1"), question("Q2")],
            ..survey::Survey::default()
        }),
    })
}

/// Answers released: question, cluster, satisfied, valid.
pub fn tallied(counts: &[(&str, &str, i64, i64)]) -> Event {
    let tally =
        |(question, cluster, satisfied, valid): &(&str, &str, i64, i64)| responses_tallied::Tally {
            question_code: (*question).to_owned(),
            stratum_code: "193".to_owned(),
            cluster_code: (*cluster).to_owned(),
            satisfied_count: *satisfied,
            valid_count: *valid,
            not_answered_count: 0,
            counts: Vec::new(),
        };
    event_of(&ResponsesTallied {
        survey_code: "S-2018".to_owned(),
        response_count: 10,
        tallies: counts.iter().map(tally).collect(),
        ..ResponsesTallied::default()
    })
}

/// The survey closes.
pub fn closed() -> Event {
    event_of(&SurveyClosed { survey_code: "S-2018".to_owned() })
}

/// What the units tell in the course of the year.
pub fn assignment() -> Vec<Event> {
    vec![
        expanded(),
        measured("193", 1, Some(("90", "100"))),
        assessed(1, "9.5"),
        measured("194", 1, Some(("45", "50"))),
        appraised(1, 1, "8.75"),
        measured("193", 2, Some(("95", "100"))),
        done("193", 20),
        assessed(2, "9.25"),
    ]
}

/// What citizens answer.
pub fn survey() -> Vec<Event> {
    vec![
        opened(),
        tallied(&[("Q1", "06649", 9, 12), ("Q2", "06649", 8, 12)]),
        tallied(&[("Q1", "06652", 20, 25), ("Q2", "06655", 2, 3)]),
        closed(),
    ]
}

//! A small province with one plan and one index that has every kind of leaf.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, sync::Arc};

use cchc_scoring::{
    catalogue::{Index, Plan, Unit},
    plan::check,
    survey::{Tally, drawn::Drawn},
    variable::Reported,
};
use serde_json::json;
use uuid::Uuid;

use crate::domain::{
    answers::Answers,
    catalogue::{Catalogue, PublishedPlan, Scope},
    fact::{Appraisal, Asked, Assessment, Fact, Measurement, MeasurementKey, NodeKey, Survey},
    facts::Facts,
    flagged::Flagged,
    rollup::{self, IndexRollup, NodeRollup},
};

pub(super) fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái" },
        { "code": "195", "parent": "22", "kind": "district", "name": "Thành phố Cẩm Phả" },
        { "code": "199", "parent": "22", "kind": "district", "name": "Huyện đã sáp nhập",
          "valid_to": "2018-07-01", "successors": [{ "code": "193" }],
          "end_reference": "Nghị quyết (ví dụ)" },
        { "code": "24", "kind": "province", "name": "Tỉnh Bắc Giang" },
        { "code": "213", "parent": "24", "kind": "district", "name": "Thành phố Bắc Giang" }
    ]))
    .unwrap()
}

pub(super) fn index() -> Index {
    serde_json::from_value(json!({
        "code": "T-2018", "year": 2018, "family": "T", "title": "Chỉ số", "title_en": "Index",
        "unit": "điểm", "provenance": "own", "reference": "r",
        "nodes": [
            { "code": "0", "title": "Toàn bộ", "title_en": "Whole", "max": "30", "source": "children",
              "lead": "22-SNV" },
            { "code": "1", "title": "Tự đánh giá", "title_en": "Assessed", "max": "10",
              "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV" },
            { "code": "2", "title": "Báo cáo", "title_en": "Reported", "max": "15", "source": "children" },
            { "code": "2.1", "title": "Tỷ lệ", "title_en": "Share", "max": "10", "source": "administrative",
              "rule": { "kind": "linear", "target": "95" }, "variable": "SHARE" },
            { "code": "2.2", "title": "Số lượng", "title_en": "Count", "max": "5", "source": "administrative",
              "rule": { "kind": "count-steps", "steps": [
                  { "at_least": "2", "points": "2" }, { "at_least": "5", "points": "5" }] },
              "variable": "COUNT" },
            { "code": "3", "title": "Khảo sát", "title_en": "Surveyed", "max": "5", "source": "survey",
              "rule": { "kind": "share" } },
            { "code": "4", "title": "Bên ngoài", "title_en": "External", "source": "external" },
            { "code": "5", "title": "Từng quý", "title_en": "Quarterly", "max": "5",
              "source": "administrative", "rule": { "kind": "count-steps", "steps": [
                  { "at_least": "2", "points": "2" }, { "at_least": "500", "points": "5" }] },
              "variable": "QUARTERLY" },
            { "code": "6", "title": "Hiện có", "title_en": "Stock", "max": "5",
              "source": "administrative", "rule": { "kind": "count-steps", "steps": [
                  { "at_least": "2", "points": "2" }, { "at_least": "200", "points": "5" }] },
              "variable": "STOCK" },
            { "code": "7", "title": "Lũy kế", "title_en": "Growing", "max": "5",
              "source": "administrative", "rule": { "kind": "linear", "target": "95" },
              "variable": "GROWING" },
            { "code": "8", "title": "Phương án", "title_en": "Options", "max": "5",
              "source": "survey", "rule": { "kind": "options", "options": [
                  { "option": "A", "title": "Tốt", "title_en": "Good", "percent": "100" },
                  { "option": "B", "title": "Khá", "title_en": "Fair", "percent": "60" },
                  { "option": "C", "title": "Trung bình", "title_en": "Middling", "percent": "20" },
                  { "option": "D", "title": "Kém", "title_en": "Poor", "percent": "0" }] } }
        ],
        "variables": [
            { "code": "SHARE", "title": "t", "title_en": "t", "measure": "share", "numerator": "a",
              "denominator": "b", "reporters": { "kinds": ["district"] } },
            { "code": "COUNT", "title": "t", "title_en": "t", "measure": "count", "numerator": "a",
              "reporters": { "kinds": ["department", "district"] } },
            { "code": "QUARTERLY", "title": "t", "title_en": "t", "measure": "count", "numerator": "a",
              "reporters": { "kinds": ["district"] }, "collection": "periodic" },
            { "code": "STOCK", "title": "t", "title_en": "t", "measure": "count", "numerator": "a",
              "reporters": { "kinds": ["district"] }, "collection": "latest" },
            { "code": "GROWING", "title": "t", "title_en": "t", "measure": "share", "numerator": "a",
              "denominator": "b", "reporters": { "kinds": ["district"] },
              "collection": "cumulative", "window_start_day": 15, "missing": "withheld" }
        ]
    }))
    .unwrap()
}

pub(super) fn plan() -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "r",
        "baselines": [
            { "node": "T-2018/1", "year": 2017, "published": "7.1", "rank": 3, "reference": "r" },
            { "node": "T-2018/3", "year": 2017, "published": "4", "reference": "r" }
        ],
        "targets": [
            { "node": "T-2018/0", "points": "25", "rank": { "exact": 1 }, "reference": "r" },
            { "node": "T-2018/1", "points": "9", "increase": "1.5", "reference": "r" },
            { "node": "T-2018/2", "points": "14", "reference": "r" },
            { "node": "T-2018/3", "points": "4", "reference": "r" },
            { "node": "T-2018/4", "points": "1", "reference": "r" },
            { "node": "T-2018/5", "points": "0", "reference": "r" },
            { "node": "T-2018/6", "points": "0", "reference": "r" },
            { "node": "T-2018/7", "points": "0", "reference": "r" },
            { "node": "T-2018/8", "points": "0", "reference": "r" }
        ]
    }))
    .unwrap()
}

pub(super) fn scope() -> Arc<Scope> {
    scope_of(|_| {})
}

/// The same with another plan.
pub(super) fn scope_of(change: impl FnOnce(&mut Plan)) -> Arc<Scope> {
    let (mut plan, index, units) = (plan(), index(), units());
    change(&mut plan);
    let findings = check(&plan, std::slice::from_ref(&index), &units);
    let code = plan.code.clone();
    let published = PublishedPlan { plan, findings };
    let indices = BTreeMap::from([(index.code.clone(), index)]);
    Arc::clone(
        Catalogue::new(&units, &indices, [published], &BTreeMap::new()).scope(&code).unwrap(),
    )
}

fn id(of: &str, version: i64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{of} {version}").as_bytes())
}

/// A report `part/whole` or a count; `retracted` when taken back.
pub(super) fn measured(
    unit: &str,
    variable: &str,
    period: &str,
    (version, value): (i64, &str),
) -> Fact {
    let reported = (value != "retracted").then(|| {
        let (numerator, denominator) = match value.split_once('/') {
            Some((part, whole)) => (part, Some(whole.parse().unwrap())),
            None => (value, None),
        };
        Reported { numerator: numerator.parse().unwrap(), denominator }
    });
    Fact::Measured(Measurement {
        id: id(&format!("{unit} {variable} {period}"), version).into(),
        key: MeasurementKey {
            unit: unit.parse().unwrap(),
            variable: variable.parse().unwrap(),
            period: period.parse().unwrap(),
        },
        version,
        reported,
        evidence: String::new(),
    })
}

pub(super) fn key(node: &str) -> NodeKey {
    NodeKey { plan: "QN-2018".parse().unwrap(), node: node.parse().unwrap() }
}

pub(super) fn assessed(node: &str, (version, points): (i64, &str)) -> Fact {
    Fact::Assessed(Assessment {
        id: id(node, version).into(),
        key: key(node),
        unit: "22-SNV".parse().unwrap(),
        version,
        points: points.parse().unwrap(),
        evidence: vec!["Báo cáo số 12/BC-SNV".to_owned()],
        explanation: String::new(),
        documents: Vec::new(),
    })
}

pub(super) fn appraised(node: &str, of: i64, (version, points): (i64, &str)) -> Fact {
    Fact::Appraised(Appraisal {
        id: id(&format!("appraisal {node}"), version).into(),
        key: key(node),
        version,
        assessment_version: of,
        points: points.parse().unwrap(),
        reason: String::new(),
        documents: Vec::new(),
    })
}

pub(super) fn opened() -> Fact {
    let asked = |node: &str, answers: &[&str]| Asked {
        node: node.parse().unwrap(),
        answers: answers.iter().map(|name| (*name).to_owned()).collect(),
    };
    let yes_no = || asked("T-2018/3", &["yes", "no"]);
    Fact::SurveyOpened(Survey {
        code: "S-2018".parse().unwrap(),
        plan: "QN-2018".parse().unwrap(),
        title: "Khảo sát".to_owned(),
        minimum_cell: 10,
        questions: BTreeMap::from([
            ("Q1".parse().unwrap(), yes_no()),
            ("Q2".parse().unwrap(), yes_no()),
            ("Q3".parse().unwrap(), asked("T-2018/8", &["A", "B", "C", "D"])),
        ]),
        numbers: Vec::new(),
        drawn: Drawn::default(),
        domains: Vec::new(),
    })
}

pub(super) fn tallied(counts: &[(&str, &str, i64, i64)]) -> Fact {
    let count = |(question, cluster, satisfied, valid): &(&str, &str, i64, i64)| {
        let tally = Tally { satisfied: *satisfied, valid: *valid, not_answered: 0 };
        // Not answered, yes, no, not applicable, not known.
        let counts = vec![0, *satisfied, valid - satisfied, 0, 0];
        let answers = Answers { tally, counts };
        (question.parse().unwrap(), cluster.parse().unwrap(), answers)
    };
    Fact::Tallied {
        survey: "S-2018".parse().unwrap(),
        counts: counts.iter().map(count).collect(),
        by_domain: Vec::new(),
        flagged: Flagged::default(),
    }
}

/// How many gave each of the four answers to the question whose options are weighed.
pub(super) fn chosen(cluster: &str, [a, b, c, d]: [i64; 4]) -> Fact {
    let tally = Tally { satisfied: 0, valid: a + b + c + d, not_answered: 3 };
    let answers = Answers { tally, counts: vec![1, a, b, c, d, 2, 0] };
    Fact::Tallied {
        survey: "S-2018".parse().unwrap(),
        counts: vec![("Q3".parse().unwrap(), cluster.parse().unwrap(), answers)],
        by_domain: Vec::new(),
        flagged: Flagged::default(),
    }
}

pub(super) fn closed() -> Fact {
    Fact::SurveyClosed("S-2018".parse().unwrap())
}

/// The facts that a history leaves.
pub(super) fn facts(history: impl IntoIterator<Item = Fact>) -> Facts {
    let mut facts = Facts::default();
    history.into_iter().for_each(|fact| facts.learn(fact));
    facts
}

/// The rollup recomputed from facts.
pub(super) fn rollup(scope: &Scope, facts: &Facts) -> Vec<IndexRollup> {
    rollup::indices(scope, &facts.sheets(scope, &facts.sums(scope)), &facts.beside(scope))
}

/// One node of the rollup that a history leaves.
pub(super) fn node(history: impl IntoIterator<Item = Fact>, id: &str) -> NodeRollup {
    let indices = rollup(&scope(), &facts(history));
    let nodes = indices.into_iter().flat_map(|index| index.nodes);
    nodes.into_iter().find(|node| node.id.to_string() == id).unwrap()
}

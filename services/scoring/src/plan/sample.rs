//! A small consistent plan for tests, to be upset in one place at a time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::NodeId;
use serde_json::json;

use super::{Case, Finding, FindingKind, check};
use crate::catalogue::{Baseline, Index, Node, Plan, Target, Unit};

fn index() -> Index {
    serde_json::from_value(json!({
        "code": "T-2018", "year": 2018, "family": "T", "title": "Thử", "title_en": "Trial",
        "unit": "điểm", "provenance": "own", "reference": "",
        "nodes": [
            { "code": "0", "title": "Tổng", "title_en": "Total", "max": "10",
              "source": "children" },
            { "code": "1", "title": "Một", "title_en": "One", "max": "6",
              "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV" },
            { "code": "2", "title": "Hai", "title_en": "Two", "max": "4",
              "source": "administrative", "variable": "DOSSIERS", "lead": "22-SNV",
              "rule": { "kind": "linear", "target": "80", "floor": "50" } }
        ],
        "variables": [
            { "code": "DOSSIERS", "title": "Hồ sơ", "title_en": "Dossiers", "measure": "share",
              "numerator": "đúng hạn", "denominator": "tất cả",
              "reporters": { "kinds": ["district"] } }
        ]
    }))
    .unwrap()
}

fn plan() -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
        "reference": "",
        "baselines": [
            { "node": "T-2018/0", "year": 2017, "stated": "7", "published": "7.0049",
              "reference": "A.1" },
            { "node": "T-2018/1", "year": 2017, "published": "4.0001", "reference": "A.1.1" }
        ],
        "targets": [
            { "node": "T-2018/0", "points": "8", "increase": "1", "reference": "A.2",
              "rank": { "top": 5 } },
            { "node": "T-2018/1", "points": "4.5", "increase": "0.5", "reference": "A.2.1",
              "ratio": { "percent": "75" }, "rank": { "group-of": { "group": 2, "size": 16 } } },
            { "node": "T-2018/2", "points": "3.5", "increase": "0.50", "reference": "A.2.2",
              "ratio": { "percent": "87.50" } }
        ],
        "tasks": [
            { "number": "1.1", "title": "", "reference": "", "binds": { "units": ["22-SNV"] },
              "nodes": ["T-2018/1"] },
            { "number": "1.2", "title": "", "reference": "", "binds": { "units": ["22-SNV"] } },
            { "number": "2", "title": "", "reference": "", "binds": { "kinds": ["district"] },
              "nodes": ["T-2018/2"] },
            { "number": "4", "title": "", "reference": "", "binds": { "units": ["193"] } }
        ],
        "deadlines": [
            { "duty": "lap-ke-hoach", "title": "", "binds": { "kinds": ["department"] },
              "due": { "date": "2018-06-15" }, "reference": "B.1" },
            { "duty": "lap-ke-hoach", "title": "", "binds": { "kinds": ["district"] },
              "due": { "date": "2018-06-30" }, "reference": "B.2" }
        ],
        "numbers_left_out": [3]
    }))
    .unwrap()
}

fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Huyện" },
        { "code": "204", "parent": "22", "kind": "district", "name": "Huyện đã nhập",
          "valid_to": "2018-01-01" },
        { "code": "22-MOI", "parent": "22", "kind": "department", "name": "Sở sẽ lập",
          "valid_from": "2019-03-01" }
    ]))
    .unwrap()
}

/// What a case of the plan says after a change.
pub(super) fn case_of<T>(
    change: impl FnOnce(&mut Plan, &mut Index),
    says: impl FnOnce(&Case) -> T,
) -> T {
    let (mut plan, mut index) = (plan(), index());
    change(&mut plan, &mut index);
    says(&Case { plan: &plan, indices: &[index], units: &units() })
}

/// What is found in the plan after a change.
pub(super) fn found(change: impl FnOnce(&mut Plan, &mut Index)) -> Vec<Finding> {
    let (mut plan, mut index) = (plan(), index());
    change(&mut plan, &mut index);
    check(&plan, &[index], &units())
}

/// What is found of one kind after a change.
pub(super) fn found_of(
    kind: FindingKind,
    change: impl FnOnce(&mut Plan, &mut Index),
) -> Vec<Finding> {
    found(change).into_iter().filter(|finding| finding.kind == kind).collect()
}

/// Subject, stated and computed of the only finding of a kind after a change.
pub(super) fn only(
    kind: FindingKind,
    change: impl FnOnce(&mut Plan, &mut Index),
) -> (String, String, String) {
    let findings = found_of(kind, change);
    let [finding] = findings.as_slice() else { panic!("not one finding: {findings:?}") };
    (
        finding.subject.clone(),
        finding.stated.clone().unwrap_or_default(),
        finding.computed.clone().unwrap_or_default(),
    )
}

pub(super) fn target<'a>(plan: &'a mut Plan, node: &str) -> &'a mut Target {
    let id: NodeId = node.parse().unwrap();
    plan.targets.iter_mut().find(|target| target.node == id).unwrap()
}

pub(super) fn baseline<'a>(plan: &'a mut Plan, node: &str) -> &'a mut Baseline {
    let id: NodeId = node.parse().unwrap();
    plan.baselines.iter_mut().find(|baseline| baseline.node == id).unwrap()
}

pub(super) fn node<'a>(index: &'a mut Index, code: &str) -> &'a mut Node {
    index.nodes.iter_mut().find(|node| node.code.as_str() == code).unwrap()
}

/// What an expected finding looks like.
pub(super) fn says(subject: &str, stated: &str, computed: &str) -> (String, String, String) {
    (subject.to_owned(), stated.to_owned(), computed.to_owned())
}

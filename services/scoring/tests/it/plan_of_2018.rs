//! The figures of a real plan: everything that is wrong with their arithmetic, and nothing else.

use std::collections::BTreeMap;

use cchc_core::NodeId;
use cchc_scoring::{
    catalogue::{Index, Plan},
    plan::{Finding, FindingKind, check},
};
use serde_json::{Value, json};

const FIGURES: &str = include_str!("../data/plan_2018_figures.csv");

struct Row {
    node: NodeId,
    max: &'static str,
    stated: Option<&'static str>,
    published: Option<&'static str>,
    target: &'static str,
    increase: Option<&'static str>,
    increase_unit: &'static str,
    percent: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    let given = |text: &'static str| (!text.is_empty()).then_some(text);
    let row = |line: &'static str| {
        let cells: Vec<&'static str> = line.split(',').collect();
        let [node, max, stated, published, target, increase, increase_unit, percent] =
            cells.try_into().unwrap();
        Row {
            node: node.parse().unwrap(),
            max,
            stated: given(stated),
            published: given(published),
            target,
            increase: given(increase),
            increase_unit,
            percent: given(percent),
        }
    };
    FIGURES.lines().skip(1).map(row).collect()
}

fn indices(rows: &[Row]) -> Vec<Index> {
    let mut nodes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows {
        let own = row.node.index.as_str() == "SIPAS-2018";
        nodes.entry(row.node.index.to_string()).or_default().push(json!({
            "code": row.node.node, "title": "", "title_en": "", "max": row.max,
            "composition": if own { "own" } else { "sum" }, "source": "external"
        }));
    }
    let index = |(code, nodes): (String, Vec<Value>)| {
        let unit = if code.starts_with("SIPAS") { "%" } else { "điểm" };
        serde_json::from_value(json!({
            "code": code, "year": 2018, "family": "", "title": "", "title_en": "", "unit": unit,
            "provenance": "stated-in-plan", "reference": "", "nodes": nodes
        }))
        .unwrap()
    };
    nodes.into_iter().map(index).collect()
}

fn plan(rows: &[Row]) -> Plan {
    let baseline = |row: &Row| {
        json!({ "node": row.node, "year": 2017, "stated": row.stated,
                "published": row.published, "reference": "" })
    };
    let target = |row: &Row| {
        let ratio = row.percent.map(|percent| json!({ "percent": percent }));
        json!({ "node": row.node, "points": row.target, "increase": row.increase,
                "increase_unit": row.increase_unit, "ratio": ratio, "reference": "" })
    };
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
        "reference": "",
        "baselines": rows.iter().map(baseline).collect::<Vec<_>>(),
        "targets": rows.iter().map(target).collect::<Vec<_>>()
    }))
    .unwrap()
}

/// Kind, subject, stated and computed of what the figures are found to say.
fn found() -> Vec<(FindingKind, String, String, String)> {
    let rows = rows();
    let findings = check(&plan(&rows), &indices(&rows), &[]);
    let is_about_figures = |finding: &Finding| {
        !matches!(
            finding.kind,
            FindingKind::UnknownReference
                | FindingKind::OwnerMissing
                | FindingKind::TargetWithoutTask
        )
    };
    let figures = findings.into_iter().filter(is_about_figures);
    figures
        .map(|finding| {
            let stated = finding.stated.unwrap_or_default();
            (finding.kind, finding.subject, stated, finding.computed.unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_disagreement_of_the_figures_is_found_and_no_other() {
    let expected = [
        (FindingKind::SumOfTargets, "PAPI-2018/0", "39", "40.1"),
        (FindingKind::SumOfIncreases, "PAPI-2018/0", "2.28", "3.42"),
        (FindingKind::SumOfBaselines, "PAPI-2018/0", "36.72", "36.68"),
        (FindingKind::MeanOfTargets, "SIPAS-2018/0", "95", "96.7"),
        (FindingKind::BaselineNotPublished, "PAPI-2018/1", "5.92", "5.91"),
        (FindingKind::BaselineNotPublished, "PAPI-2018/2", "5.86", "5.85"),
        (FindingKind::BaselineNotPublished, "PAPI-2018/6", "6.77", "6.83"),
        (FindingKind::RatioMismatch, "PAR-2018/6", "94.28", "94.29"),
        (FindingKind::MeanOfBaselines, "SIPAS-2018/0", "92.88", "93.10"),
        (FindingKind::AmbiguousIncrease, "SIPAS-2018/1", "3.4%", ""),
        (FindingKind::AmbiguousIncrease, "SIPAS-2018/2", "3.25%", ""),
        (FindingKind::AmbiguousIncrease, "SIPAS-2018/3", "4.74%", ""),
        (FindingKind::AmbiguousIncrease, "SIPAS-2018/4", "3.3%", ""),
        (FindingKind::AmbiguousIncrease, "SIPAS-2018/5", "3.3%", ""),
    ];
    let mut found = found();
    found.sort();

    let mut expected = expected
        .map(|(kind, subject, stated, computed)| {
            (kind, subject.to_owned(), stated.to_owned(), computed.to_owned())
        })
        .to_vec();
    expected.sort();

    assert_eq!(found, expected);
}

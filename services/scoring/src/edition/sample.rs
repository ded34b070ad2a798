//! Editions of one family and crosswalks between them, as the tests of crosswalks and series want them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use crate::catalogue::{Crosswalk, Index};

/// The edition `T-<year>`, of nodes with their maxima.
pub(crate) fn edition(year: i32, nodes: &[(&str, &str)]) -> Index {
    let nodes: Vec<Value> = nodes
        .iter()
        .map(|(code, max)| {
            json!({ "code": code, "title": "Mục", "title_en": "Node", "max": max, "source": "external" })
        })
        .collect();
    serde_json::from_value(json!({
        "code": format!("T-{year}"), "year": year, "family": "T", "title": "T", "title_en": "T",
        "unit": "điểm", "provenance": "own", "reference": "mẫu thử", "nodes": nodes,
    }))
    .unwrap()
}

/// The crosswalk from the edition of a year to the next year's.
pub(crate) fn crosswalk(from: i32, links: &Value) -> Crosswalk {
    let to = from + 1;
    serde_json::from_value(json!({
        "code": format!("T-{from}-{to}"), "from": format!("T-{from}"), "to": format!("T-{to}"),
        "title": "T", "title_en": "T", "reference": "mẫu thử", "links": links,
    }))
    .unwrap()
}

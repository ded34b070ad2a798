//! Why a score is what it is, as a page: what its gap is made of, its rule step by step, and the facts under it. It
//! needs no script, and prints as it looks.

mod contribution;

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use cchc_core::{Decimal, NodeId, Points, VIETNAM};
use cchc_scoring::figure::vietnamese;
use serde::Deserialize;
use time::{OffsetDateTime, macros::format_description};

use super::{
    Opened, Refusal, Web, instant, refuse, render,
    view::{UNKNOWN, number},
};
use crate::domain::{
    document::CitedDocument,
    explanation::{CitedFact, Explanation, LayerExplanation},
};
use contribution::{VariableView, WaterfallView};

/// Which score, and as of when.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    plan: String,
    #[serde(default)]
    node: String,
    /// The instant to look back to, as a browser's field writes it; empty for now.
    #[serde(default)]
    as_of: String,
}

/// Shows why a score is what it is, to those who may see every unit of the province.
pub(super) async fn show(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.explanation(&headers, &asked).await {
        Ok(page) => render(&page),
        Err(refusal) => refuse(refusal),
    }
}

impl Web {
    async fn explanation(&self, headers: &HeaderMap, asked: &Asked) -> Result<Page, Refusal> {
        let Opened { plan, province, guest } = self.open(headers, &asked.plan).await?;
        guest.sees_all_of(&self.units, &province).await?;
        let node: NodeId = asked.node.parse().map_err(|_| Refusal::NoNode)?;
        let as_of = match asked.as_of.as_str() {
            "" => None,
            text => Some(instant(text).ok_or(Refusal::NoTime)?),
        };
        let explained = self.app.explain(&plan, &node, as_of).await?;
        let view = View::of(plan.as_str(), &asked.as_of, explained);
        Ok(Page { view, notice: Arc::clone(&self.notice) })
    }
}

#[derive(Template)]
#[template(path = "explanation.html")]
struct Page {
    view: View,
    notice: Arc<str>,
}

struct View {
    plan: String,
    node: String,
    title: String,
    as_of: String,
    /// What a link adds to look back to the same instant; empty for now.
    look_back: String,
    is_reproduced: bool,
    waterfall: Option<WaterfallView>,
    variables: Vec<VariableView>,
    layers: Vec<LayerView>,
    parts: Vec<PartView>,
    findings: Vec<String>,
}

struct LayerView {
    label: &'static str,
    points: String,
    rule: String,
    steps: Vec<(String, String)>,
    count: String,
    facts: Vec<FactView>,
}

struct FactView {
    unit: String,
    name: String,
    value: String,
    version: String,
    evidence: String,
    documents: Vec<String>,
    event: String,
}

struct PartView {
    node: String,
    title: String,
    points: String,
    basis: &'static str,
}

impl View {
    fn of(plan: &str, asked: &str, of: Explanation) -> Self {
        let parts = of.parts.into_iter().map(|part| PartView {
            node: part.node.to_string(),
            title: part.title,
            points: number(part.points),
            basis: part.basis.filter(|_| part.points.is_some()).map_or("", |basis| basis.label()),
        });
        Self {
            plan: plan.to_owned(),
            node: of.node.to_string(),
            title: of.title,
            as_of: of.as_of.map_or_else(String::new, moment),
            // What was read as a time of a browser's field has nothing in it to escape.
            look_back: of.as_of.map_or_else(String::new, |_| format!("&as_of={asked}")),
            is_reproduced: of.is_reproduced,
            waterfall: of.waterfall.map(contribution::waterfall),
            variables: of.variables.into_iter().map(contribution::variable).collect(),
            layers: of.layers.into_iter().map(layer).collect(),
            parts: parts.collect(),
            findings: of.findings.into_iter().map(|(finding, _)| finding.message).collect(),
        }
    }
}

fn layer(of: LayerExplanation) -> LayerView {
    let excluded = (of.excluded != Points::ZERO)
        .then(|| ("Không tính vào tổng điểm tối đa".to_owned(), vietnamese(of.excluded)));
    let steps = of.steps.into_iter().map(|step| (step.what.into_owned(), exact(step.value)));
    let (shown, count) = (of.basis.facts.len(), of.basis.count);
    let is_all = i64::try_from(shown).is_ok_and(|shown| shown >= count);
    LayerView {
        label: of.layer.label(),
        points: of.points.map_or_else(|| UNKNOWN.to_owned(), vietnamese),
        rule: of.rule.0,
        steps: steps.chain(excluded).collect(),
        count: if is_all {
            format!("{count} dữ kiện")
        } else {
            format!("{shown} dữ kiện đầu trong {count} dữ kiện")
        },
        facts: of.basis.facts.into_iter().map(fact).collect(),
    }
}

fn fact(of: CitedFact) -> FactView {
    let number = of.origin.sequence;
    let number = if number > 0 { format!(" {number}") } else { String::new() };
    FactView {
        unit: of.unit,
        name: of.unit_name,
        value: of.value,
        version: if of.version > 0 { of.version.to_string() } else { String::new() },
        evidence: of.evidence,
        documents: of.documents.iter().map(document).collect(),
        event: format!("{}{number} {}", of.producer, of.origin.event_id),
    }
}

/// A document with what names its bytes.
fn document(of: &CitedDocument) -> String {
    let (number, name, version) = (&of.number, &of.name, of.version);
    format!("{number} {name}, bản {version}, SHA-256 {}", of.sha256)
}

/// A figure without trailing zeros.
fn exact(value: Decimal) -> String {
    vietnamese(value.normalize())
}

fn moment(instant: OffsetDateTime) -> String {
    let form = format_description!("[hour]:[minute]:[second] [day]/[month]/[year]");
    instant.to_offset(VIETNAM).format(form).unwrap_or_default()
}

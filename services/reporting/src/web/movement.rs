//! How scores moved between two states, as a page: each change with its three parts, and what brought them about.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use cchc_core::{Decimal, VIETNAM};
use cchc_scoring::{catalogue::Rounding, figure::vietnamese, tree::display};
use serde::Deserialize;
use time::macros::format_description;

use super::{
    Opened, Refusal, Web, instant, refuse, render,
    view::{Figure, UNKNOWN, given},
};
use crate::{
    app::{Compared, End, Since},
    domain::{
        movement::{Change, Corrected, NodeMovement},
        publication::Given,
        rollup::Moment,
    },
};

/// Which states are compared.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    plan: String,
    /// The earlier instant, as a browser's field writes it.
    #[serde(default)]
    from: String,
    /// The number of a publication in its place.
    #[serde(default)]
    publication: String,
    /// The later instant; empty for now.
    #[serde(default)]
    to: String,
}

/// Shows how scores moved, to those who may see every unit of the province.
pub(super) async fn show(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.movement(&headers, &asked).await {
        Ok(page) => render(&page),
        Err(refusal) => refuse(refusal),
    }
}

impl Web {
    async fn movement(&self, headers: &HeaderMap, asked: &Asked) -> Result<Page, Refusal> {
        let Opened { plan, province, guest } = self.open(headers, &asked.plan).await?;
        guest.sees_all_of(&self.units, &province).await?;
        let since = if asked.publication.is_empty() {
            Since::Instant(instant(&asked.from).ok_or(Refusal::NoTime)?)
        } else {
            let reader = self.app.reader(guest.actor(), &province);
            // What is no number is the number of no publication.
            Since::Publication(asked.publication.parse().unwrap_or_default(), reader)
        };
        let until = match asked.to.as_str() {
            "" => None,
            text => Some(instant(text).ok_or(Refusal::NoTime)?),
        };
        let compared = self.app.compare(&plan, since, until).await?;
        Ok(Page { view: View::of(compared), notice: Arc::clone(&self.notice) })
    }
}

#[derive(Template)]
#[template(path = "movement.html")]
struct Page {
    view: View,
    notice: Arc<str>,
}

struct View {
    plan: String,
    title: String,
    from: String,
    to: String,
    from_checksum: String,
    to_checksum: String,
    rows: Vec<Row>,
    new_count: usize,
    corrected_count: usize,
    corrected: Vec<String>,
    /// Definitions that are others, one behind the other; empty when none is.
    defined: String,
}

struct Row {
    id: String,
    title: String,
    depth: usize,
    note: &'static str,
    before: Figure,
    after: Figure,
    whole: String,
    correction: String,
    measured: String,
    definition: String,
}

impl View {
    fn of(compared: Compared) -> Self {
        let Compared { plan, from, to, movement } = compared;
        let changes = movement.changes;
        let defined = changes.defined.iter().map(|of| format!("{} {}", kind(of.kind), of.code));
        Self {
            plan: plan.to_string(),
            title: movement.title,
            from: end(&from),
            to: end(&to),
            from_checksum: from.checksum,
            to_checksum: to.checksum,
            rows: movement.nodes.into_iter().map(row).collect(),
            new_count: changes.new_count,
            corrected_count: changes.corrected_count,
            corrected: changes.corrected.iter().map(corrected).collect(),
            defined: defined.collect::<Vec<_>>().join(", "),
        }
    }
}

fn row(of: NodeMovement) -> Row {
    let figure = |estimate: Option<cchc_scoring::tree::Estimate>| {
        given(estimate.map(|estimate| Given::from(estimate.score)))
    };
    let is_bound = of.points.is_none() && of.certain.is_some_and(|of| !of.whole.is_zero());
    let note = match of.is_there {
        (false, _) => "mục mới",
        (_, false) => "mục không còn",
        (true, true) if is_bound => "so phần điểm đã chắc chắn, vì có lúc chưa biết điểm",
        (true, true) => "",
    };
    let change = of.points.or(of.certain);
    let part =
        |value: fn(Change) -> Decimal| change.map_or_else(String::new, |of| signed(value(of)));
    Row {
        id: of.id.to_string(),
        title: of.title,
        depth: of.depth,
        note,
        before: figure(of.from),
        after: figure(of.to),
        whole: if change.is_none() { UNKNOWN.to_owned() } else { part(|of| of.whole) },
        correction: part(|of| of.correction),
        measured: part(|of| of.measured),
        definition: part(|of| of.definition),
    }
}

/// A change with its sign; nothing where nothing moved.
fn signed(value: Decimal) -> String {
    let shown = vietnamese(display(value, 2, Rounding::HalfUp).normalize());
    match value {
        _ if value.is_zero() => String::new(),
        _ if value.is_sign_negative() => shown,
        _ => format!("+{shown}"),
    }
}

fn end(of: &End) -> String {
    let form = format_description!("[hour]:[minute]:[second] [day]/[month]/[year]");
    let local = of.moment.time().to_offset(VIETNAM).format(form).unwrap_or_default();
    match (of.publication, of.moment) {
        (Some(number), _) => format!("bản công bố số {number}"),
        (None, Moment::Live { .. }) => format!("hiện nay ({local})"),
        (None, Moment::Past(_)) => local,
    }
}

/// Such as `báo cáo 193 HEALTH-INSURANCE 2018: 90/100 → 95/100`.
fn corrected(Corrected { kind: of, about, from, to }: &Corrected) -> String {
    let word = |text: &str| {
        if text.is_empty() { "(rút lại)".to_owned() } else { text.to_owned() }
    };
    format!("{} {about}: {} → {}", kind(of), word(from), word(to))
}

/// The word for an official.
fn kind(of: &str) -> &str {
    match of {
        "measurement" => "số liệu báo cáo",
        "assessment" => "tự đánh giá",
        "appraisal" => "thẩm định",
        "results" => "kết quả công bố",
        "plan" => "kế hoạch",
        "index" => "bộ chỉ số",
        "unit" => "đơn vị",
        "survey" => "khảo sát",
        other => other,
    }
}

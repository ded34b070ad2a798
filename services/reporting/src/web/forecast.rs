//! What scores may come to, in the words and figures of a page: never a figure without its interval.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use cchc_core::{Decimal, VIETNAM};
use cchc_scoring::{
    catalogue::Rounding,
    figure::vietnamese,
    forecast::{Distribution, Level, chance::Chance, place::Places},
    tree::display,
};
use time::macros::format_description;

use super::{
    Asked, Opened, Refusal, Web, instant, refuse, render,
    view::{UNKNOWN, number},
};
use crate::{
    app::checksum,
    domain::forecast::{Forecast, NodeForecast},
};

#[derive(Template)]
#[template(path = "forecast.html")]
struct Page {
    view: ForecastView,
    notice: Arc<str>,
}

/// Shows what scores may come to by the year's end.
pub(super) async fn show(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.forecast(&headers, &asked).await {
        Ok(view) => render(&Page { view, notice: Arc::clone(&web.notice) }),
        Err(refusal) => refuse(refusal),
    }
}

impl Web {
    async fn forecast(&self, headers: &HeaderMap, asked: &Asked) -> Result<ForecastView, Refusal> {
        let Opened { plan, .. } = self.open(headers, &asked.plan).await?;
        if asked.as_of.is_empty() {
            return Ok(ForecastView::of(&self.app.forecast(&plan).await?));
        }
        let instant = instant(&asked.as_of).ok_or(Refusal::NoTime)?;
        Ok(ForecastView::of(&self.app.forecast_as_of(&plan, instant).await?))
    }
}

/// The page of forecasts.
struct ForecastView {
    plan: String,
    title: String,
    year: i32,
    updated: String,
    /// Whether it is made from what was known at `updated`.
    is_past: bool,
    checksum: String,
    rows: Vec<RowView>,
}

struct RowView {
    id: String,
    depth: usize,
    title: String,
    /// How it was forecast, or why not.
    note: String,
    now: String,
    middle: String,
    eighty: String,
    wide: String,
    wanted: String,
    chance: String,
    ratio: String,
    place: String,
    places: String,
}

impl ForecastView {
    fn of(forecast: &Forecast) -> Self {
        let local = forecast.moment.time().to_offset(VIETNAM);
        let form = format_description!("[hour]:[minute]:[second] [day]/[month]/[year]");
        Self {
            plan: forecast.plan.to_string(),
            title: forecast.title.clone(),
            year: forecast.year.get(),
            updated: local.format(&form).unwrap_or_default(),
            is_past: forecast.moment.as_of().is_some(),
            checksum: checksum::of_lines(&forecast.lines()),
            rows: forecast.nodes.iter().map(row).collect(),
        }
    }
}

fn row(node: &NodeForecast) -> RowView {
    let points = node.outcome.as_ref().ok().map(|outcome| &outcome.points);
    let bounds = |level| points.map_or_else(unknown, |points| interval(points, level));
    let is_certain = points.is_some_and(Distribution::is_certain);
    let said =
        |chance: Option<Chance>| chance.map_or_else(String::new, |of| percent(of, is_certain));
    RowView {
        id: node.id.to_string(),
        depth: node.depth,
        title: node.title.clone(),
        note: node.note(),
        now: node.points.map_or_else(unknown, |points| short(points.get())),
        middle: points.map_or_else(unknown, |points| short(points.middle())),
        eighty: bounds(Level::Eighty),
        wide: bounds(Level::NinetyFive),
        wanted: number(node.wanted.map(|wanted| wanted.normalize())),
        chance: said(node.chances.points),
        ratio: said(node.chances.ratio),
        place: said(node.chances.rank),
        places: node.places.as_ref().map_or_else(String::new, places),
    }
}

fn unknown() -> String {
    UNKNOWN.to_owned()
}

fn interval(points: &Distribution, level: Level) -> String {
    let (low, high) = points.interval(level);
    if low == high { short(low) } else { format!("{} – {}", short(low), short(high)) }
}

fn places(of: &Places) -> String {
    let (best, worst) = of.interval();
    format!("hạng {best} – {worst}/{}", of.of())
}

/// Whole per cent; what is not certain is never told as 0 or 100.
fn percent(chance: Chance, is_certain: bool) -> String {
    let Chance::Likely(probability) = chance else {
        return "chưa đủ căn cứ".to_owned();
    };
    let percent = probability * Decimal::ONE_HUNDRED;
    match percent {
        least if !is_certain && least < Decimal::ONE => "< 1%".to_owned(),
        most if !is_certain && most > Decimal::from(99) => "> 99%".to_owned(),
        percent => format!("{}%", display(percent, 0, Rounding::HalfUp)),
    }
}

fn short(value: Decimal) -> String {
    vietnamese(display(value, 2, Rounding::HalfUp).normalize())
}

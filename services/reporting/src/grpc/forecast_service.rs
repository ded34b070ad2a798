//! `ForecastService`.

use std::sync::Arc;

use cchc_core::{Decimal, PlanCode};
use cchc_kit::{server, to_status};
use cchc_proto::{
    convert::{self, timestamp},
    reporting::v1::{
        self as pb, ForecastRollupRequest, ForecastRollupResponse,
        forecast_service_server::ForecastService,
        node_forecast::{self, Interval, Method as PbMethod},
    },
};
use cchc_scoring::forecast::{Distribution, Level, Method, Unknown, chance::Chance, place::Places};
use tonic::{Request, Response, Status};

use super::render::{small, watermark};
use crate::{
    app::{App, checksum},
    domain::forecast::{Forecast, NodeForecast},
};

/// Serves `ForecastService`.
pub(super) struct ForecastGrpc {
    pub(super) app: Arc<App>,
}

#[tonic::async_trait]
impl ForecastService for ForecastGrpc {
    async fn forecast_rollup(
        &self,
        request: Request<ForecastRollupRequest>,
    ) -> Result<Response<ForecastRollupResponse>, Status> {
        let caller = server::caller(&request)?;
        let ForecastRollupRequest { plan_code, as_of_time } = request.into_inner();
        let asked = convert::read(as_of_time, |c, at| {
            let plan = c.parse::<PlanCode>("plan_code", &plan_code);
            plan.zip(convert::optional_time(c, "as_of_time", at))
        });
        let (plan, instant) = asked.map_err(|refused| to_status(&refused))?;
        super::reach(&self.app, &caller, &plan).await?;
        let found = match instant {
            None => self.app.forecast(&plan).await,
            Some(instant) => self.app.forecast_as_of(&plan, instant).await,
        };
        let found = found.map_err(|error| to_status(&error))?;
        Ok(Response::new(ForecastRollupResponse { forecast: Some(forecast(&found)) }))
    }
}

fn forecast(of: &Forecast) -> pb::Forecast {
    pb::Forecast {
        plan_code: of.plan.to_string(),
        year: of.year.get(),
        title: of.title.clone(),
        revision: of.moment.revision(),
        update_time: Some(timestamp(of.moment.time())),
        as_of_time: of.moment.as_of().map(timestamp),
        nodes: of.nodes.iter().map(node).collect(),
        watermarks: of.watermarks.iter().map(watermark).collect(),
        checksum: checksum::of_lines(&of.lines()),
    }
}

fn node(of: &NodeForecast) -> pb::NodeForecast {
    let outcome = of.outcome.as_ref().ok();
    let points = outcome.map(|outcome| &outcome.points);
    let unknown = of.outcome.as_ref().err().copied();
    let places = of.places.as_ref();
    let (best, worst) = places.map_or((0, 0), Places::interval);
    pb::NodeForecast {
        node_id: of.id.to_string(),
        title: of.title.clone(),
        max: of.max.map(Into::into),
        points: of.points.map(Into::into),
        method: outcome.map_or(PbMethod::Unspecified, |of| method(of.method)).into(),
        unknown: unknown.map_or(node_forecast::Unknown::Unspecified, reason).into(),
        note: of.note(),
        note_en: of.note_en(),
        middle: points.map(|points| points.middle().into()),
        eighty: points.map(|points| interval(points, Level::Eighty)),
        ninety_five: points.map(|points| interval(points, Level::NinetyFive)),
        wanted: of.wanted.map(|wanted| wanted.normalize().into()),
        points_chance: of.chances.points.map(chance),
        ratio_chance: of.chances.ratio.map(chance),
        rank_chance: of.chances.rank.map(chance),
        best_rank: small(best),
        worst_rank: small(worst),
        of_count: small(places.map_or(0, Places::of)),
    }
}

const fn method(of: Method) -> PbMethod {
    match of {
        Method::Certain => PbMethod::Certain,
        Method::Fieldwork => PbMethod::Fieldwork,
        Method::Reports => PbMethod::Reports,
        Method::Appraisals => PbMethod::Appraisals,
        Method::Series => PbMethod::Series,
        Method::Parts => PbMethod::Parts,
    }
}

const fn reason(of: Unknown) -> node_forecast::Unknown {
    use node_forecast::Unknown as Pb;
    match of {
        Unknown::NothingYet => Pb::NothingYet,
        Unknown::TooFewYears { .. } => Pb::TooFewYears,
        Unknown::NeverMoved => Pb::NeverMoved,
        Unknown::NoError => Pb::NoError,
        Unknown::TooFewUnits { .. } => Pb::TooFewUnits,
        Unknown::TooFewWindows { .. } => Pb::TooFewWindows,
        Unknown::SeveralVariables => Pb::SeveralVariables,
        Unknown::TooFewAppraisals { .. } => Pb::TooFewAppraisals,
        Unknown::NoMaximum => Pb::NoMaximum,
        Unknown::Parts { .. } => Pb::Parts,
    }
}

fn interval(points: &Distribution, level: Level) -> Interval {
    let (low, high) = points.interval(level);
    Interval { low: Some(low.into()), high: Some(high.into()) }
}

fn chance(of: Chance) -> node_forecast::Chance {
    let probability: Option<Decimal> = match of {
        Chance::Likely(probability) => Some(probability),
        Chance::NotAssessable => None,
    };
    node_forecast::Chance { probability: probability.map(Into::into) }
}

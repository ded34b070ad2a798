//! Forecasts to the year's end, over the contract: what the facts allow, and why otherwise not.

use cchc_core::Role;
use cchc_proto::{
    common::v1::Decimal,
    convert::timestamp,
    reporting::v1::{
        Forecast, ForecastRollupRequest, NodeForecast,
        forecast_service_client::ForecastServiceClient,
        node_forecast::{Interval, Method, Unknown},
    },
};
use cchc_testkit::{assert_refused, request};
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};

use crate::{
    province::{PLAN, appraised, assessed, assignment, measured, registry, survey},
    verify::world_with,
    world::World,
};

impl World {
    async fn ask(
        &self,
        token: &str,
        plan: &str,
        instant: Option<OffsetDateTime>,
    ) -> Result<Forecast, Status> {
        let as_of_time = instant.map(timestamp);
        let asked = ForecastRollupRequest { plan_code: plan.to_owned(), as_of_time };
        let mut client = ForecastServiceClient::new(self.running.channel());
        let reply = client.forecast_rollup(request(asked, token)).await?;
        Ok(reply.into_inner().forecast.unwrap())
    }

    /// What the plan is forecast to come to.
    pub async fn forecast(&self) -> Forecast {
        self.ask(&self.viewer(), PLAN, None).await.unwrap()
    }
}

pub fn of<'a>(forecast: &'a Forecast, node: &str) -> &'a NodeForecast {
    forecast.nodes.iter().find(|of| of.node_id == node).unwrap()
}

pub fn number(decimal: Option<&Decimal>) -> f64 {
    decimal.unwrap().value.parse().unwrap()
}

pub fn bounds(interval: Option<&Interval>) -> (f64, f64) {
    let interval = interval.unwrap();
    (number(interval.low.as_ref()), number(interval.high.as_ref()))
}

pub fn likely(chance: Option<&cchc_proto::reporting::v1::node_forecast::Chance>) -> Option<String> {
    chance.unwrap().probability.as_ref().map(|of| of.value.clone())
}

#[tokio::test]
async fn a_year_that_is_over_forecasts_its_own_scores_with_no_width() {
    let world = World::full().await;
    world.hear("assignment", vec![appraised(2, 2, "8.75")]).await;

    let forecast = world.forecast().await;

    for node in &world.rollup().await.indices[0].nodes {
        let told = of(&forecast, &node.node_id);
        let points = node.estimate.as_ref().unwrap().points.clone();
        let eighty = Interval { low: points.clone(), high: points.clone() };
        assert_eq!(told.method(), Method::Certain, "{}", told.node_id);
        assert_eq!((&told.middle, &told.points), (&points, &points));
        assert_eq!((&told.eighty, &told.ninety_five), (&Some(eighty.clone()), &Some(eighty)));
    }
    let chances: Vec<_> =
        forecast.nodes.iter().map(|of| likely(of.points_chance.as_ref())).collect();
    assert_eq!(chances, ["0", "0", "1", "0"].map(|of| Some(of.to_owned())));
    let whole = of(&forecast, "PAR-2018/0");
    assert_eq!(likely(whole.rank_chance.as_ref()), None, "no other province is known");
    assert_eq!(whole.ratio_chance, None, "no share is promised");
    assert_eq!(world.forecast().await, forecast, "the same facts give the same bytes");
}

#[tokio::test]
async fn what_is_not_known_is_never_a_number_and_says_why() {
    use Unknown::{NothingYet, Parts, TooFewAppraisals, TooFewUnits};

    let world = World::new().await;
    world.hear("registry", registry()).await;
    let nothing = world.forecast().await;
    world.hear("assignment", vec![assessed(1, "9.5"), measured("193", 1, Some(("9", "10")))]).await;

    let little = world.forecast().await;

    let told = |forecast: &Forecast| -> Vec<Unknown> {
        forecast.nodes.iter().map(NodeForecast::unknown).collect()
    };
    assert_eq!(told(&nothing), [Parts, NothingYet, NothingYet, NothingYet]);
    assert_eq!(told(&little), [Parts, TooFewAppraisals, TooFewUnits, NothingYet]);
    for node in nothing.nodes.iter().chain(&little.nodes) {
        assert_eq!((&node.middle, &node.eighty, &node.ninety_five), (&None, &None, &None));
        assert_eq!(likely(node.points_chance.as_ref()), None);
        assert!(node.note.ends_with('.') && node.note_en.ends_with('.'), "{}", node.note);
    }
}

#[tokio::test]
async fn a_forecast_as_of_an_instant_is_what_the_live_one_was() {
    let stored = [("registry", registry()), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear_all().await;
    let now = OffsetDateTime::now_utc();

    let past = world.ask(&world.viewer(), PLAN, Some(now)).await.unwrap();

    let live = world.forecast().await;
    assert_eq!((&past.nodes, &past.checksum), (&live.nodes, &live.checksum));
    assert_eq!((past.revision, past.as_of_time), (0, past.update_time));
    assert_eq!(live.revision, world.rollup().await.revision);
    assert_eq!(world.ask(&world.viewer(), PLAN, Some(now)).await.unwrap(), past);
    let ahead = world.ask(&world.viewer(), PLAN, Some(now + Duration::HOUR)).await;
    assert_refused(&ahead.unwrap_err(), Code::FailedPrecondition, "TIME_IN_FUTURE");
}

#[tokio::test]
async fn only_who_reaches_the_province_sees_its_forecast() {
    let world = World::full().await;
    let stranger = world.bench.token("stranger", "24", &[Role::RollupViewer]);
    let reporter = world.bench.token("ha-long", "193", &[Role::AgencyReporter]);

    let strange = world.ask(&stranger, PLAN, None).await.unwrap_err();
    let reporter = world.ask(&reporter, PLAN, None).await.unwrap_err();
    let missing = world.ask(&world.viewer(), "QN-2030", None).await.unwrap_err();

    assert_eq!((strange.code(), reporter.code()), (Code::PermissionDenied, Code::PermissionDenied));
    assert_refused(&missing, Code::NotFound, "PLAN_NOT_FOUND");
}

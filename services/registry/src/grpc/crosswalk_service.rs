//! `CrosswalkService`.

use std::sync::Arc;

use cchc_core::{Collector, CrosswalkCode, NodeId, UnitCode};
use cchc_kit::{server::caller, to_status};
use cchc_proto::{
    convert,
    registry::v1::{
        GetCrosswalkRequest, GetCrosswalkResponse, GetSeriesRequest, GetSeriesResponse,
        LoadCrosswalkRequest, LoadCrosswalkResponse, PublishCrosswalkRequest,
        PublishCrosswalkResponse, State, crosswalk_service_server::CrosswalkService,
        get_series_request::Value,
    },
};
use cchc_scoring::series::{Basis, Known};
use tonic::{Request, Response, Status};

use super::{asked, state};
use crate::app::Registry;

/// Values that a caller may add to a series.
const MOST_VALUES: usize = 1_000;

pub(super) struct Crosswalks(pub(super) Arc<Registry>);

#[tonic::async_trait]
impl CrosswalkService for Crosswalks {
    async fn load_crosswalk(
        &self,
        request: Request<LoadCrosswalkRequest>,
    ) -> Result<Response<LoadCrosswalkResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.CrosswalkService/LoadCrosswalk";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let crosswalk = convert::read(request, |c, request| {
            convert::part(c, "crosswalk", request.crosswalk, convert::crosswalk)
        })
        .map_err(|e| to_status(&e))?;
        let standing = self.0.load_crosswalk(&asked, crosswalk).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(LoadCrosswalkResponse {
            state: state(standing.state).into(),
            etag: standing.etag,
        }))
    }

    async fn publish_crosswalk(
        &self,
        request: Request<PublishCrosswalkRequest>,
    ) -> Result<Response<PublishCrosswalkResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.CrosswalkService/PublishCrosswalk";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let code = code(&request.crosswalk_code)?;
        let published = self.0.publish_crosswalk(&asked, &code, &request.etag).await;
        published.map_err(|e| to_status(&e))?;
        Ok(Response::new(PublishCrosswalkResponse { state: State::Published.into() }))
    }

    async fn get_crosswalk(
        &self,
        request: Request<GetCrosswalkRequest>,
    ) -> Result<Response<GetCrosswalkResponse>, Status> {
        let code = code(&request.into_inner().crosswalk_code)?;
        let stored = self.0.crosswalk(&code).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetCrosswalkResponse {
            crosswalk: Some((&stored.document).into()),
            state: state(stored.standing.state).into(),
            etag: stored.standing.etag,
        }))
    }

    async fn get_series(
        &self,
        request: Request<GetSeriesRequest>,
    ) -> Result<Response<GetSeriesResponse>, Status> {
        let caller = caller(&request)?;
        let read = convert::read(request.into_inner(), |c, request| {
            let node = c.parse::<NodeId>("node_id", &request.node_id);
            let province = c.parse::<UnitCode>("province_code", &request.province_code);
            let values = convert::list(c, "values", MOST_VALUES, request.values, value);
            Some((node?, province?, values?))
        });
        let (node, province, values) = read.map_err(|e| to_status(&e))?;
        caller.reach(&province).await.map_err(|e| to_status(&e))?;
        let series = self.0.series(&node, &province, values).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetSeriesResponse { series: Some((&series).into()) }))
    }
}

fn code(code: &str) -> Result<CrosswalkCode, Status> {
    convert::read(code, |c, code: &str| c.parse("crosswalk_code", code)).map_err(|e| to_status(&e))
}

fn value(c: &mut Collector, message: Value) -> Option<Known> {
    let Value { node_id, year, points } = message;
    let node = c.parse("node_id", &node_id);
    let year = convert::year(c, "year", year);
    let points = convert::optional_points(c, "points", points);
    let (basis, reference) = (Basis::Given, String::new());
    Some(Known { node: node?, year: year?, points: points?, basis, reference })
}

//! `UnitService`.

use std::sync::Arc;

use cchc_core::UnitCode;
use cchc_kit::{page, server::caller, to_status};
use cchc_proto::{
    convert,
    registry::v1::{
        ListUnitsRequest, ListUnitsResponse, LoadUnitsRequest, LoadUnitsResponse,
        unit_service_server::UnitService,
    },
};
use tonic::{Request, Response, Status};

use super::asked;
use crate::app::Registry;

/// Units of one call; more than any province has.
const MOST_UNITS: usize = 2000;

pub(super) struct Units(pub(super) Arc<Registry>);

#[tonic::async_trait]
impl UnitService for Units {
    async fn load_units(
        &self,
        request: Request<LoadUnitsRequest>,
    ) -> Result<Response<LoadUnitsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.UnitService/LoadUnits";
        let asked = asked(caller.actor(), method, &request.request_id, &request);
        let read = convert::read(request, |c, request| {
            let province = c.parse::<UnitCode>("province_code", &request.province_code);
            let units = convert::list(c, "units", MOST_UNITS, request.units, convert::unit);
            province.zip(units)
        });
        let (asked, (province, units)) = match (asked, read) {
            (Ok(asked), Ok(read)) => (asked, read),
            (Err(fault), _) | (_, Err(fault)) => return Err(to_status(&fault)),
        };
        caller.reach(&province).await.map_err(|e| to_status(&e))?;
        let loaded =
            self.0.load_units(&asked, &province, units).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(LoadUnitsResponse {
            changed_count: i64::try_from(loaded.changed).unwrap_or(i64::MAX),
            unit_count: i64::try_from(loaded.known).unwrap_or(i64::MAX),
        }))
    }

    async fn list_units(
        &self,
        request: Request<ListUnitsRequest>,
    ) -> Result<Response<ListUnitsResponse>, Status> {
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let question = format!("units within {}", request.ancestor_code);
        let after = page::after(&question, &request.page_token).map_err(|e| to_status(&e))?;
        let within = convert::read(request.ancestor_code, |c, code| {
            c.parse_optional::<UnitCode>("ancestor_code", &code)
        })
        .map_err(|e| to_status(&e))?;
        let mut units =
            self.0.units(within.as_ref(), &after, size).await.map_err(|e| to_status(&e))?;
        let has_more = units.len() > size;
        units.truncate(size);
        let next_page_token = match units.last() {
            Some(last) if has_more => page::token(&question, last.code.as_str()),
            _ => String::new(),
        };
        Ok(Response::new(ListUnitsResponse {
            units: units.iter().map(Into::into).collect(),
            next_page_token,
        }))
    }
}

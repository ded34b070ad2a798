//! `UnitService`.

use std::sync::Arc;

use cchc_core::UnitCode;
use cchc_kit::{page, server::caller, to_status};
use cchc_proto::{
    convert,
    registry::v1::{
        ListUnitsRequest, ListUnitsResponse, LoadUnitsRequest, LoadUnitsResponse,
        RecordUnitChangeRequest, RecordUnitChangeResponse, unit_service_server::UnitService,
    },
};
use tonic::{Request, Response, Status};

use super::asked;
use crate::{
    app::{AskedUnits, Registry, UnitsRecorded},
    domain::hierarchy::Load,
};

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
            let withdraws_history = request.withdraws_history;
            Some((province?, Load { units: units?, withdraws_history }))
        });
        let (asked, (province, load)) = match (asked, read) {
            (Ok(asked), Ok(read)) => (asked, read),
            (Err(fault), _) | (_, Err(fault)) => return Err(to_status(&fault)),
        };
        caller.reach(&province).await.map_err(|e| to_status(&e))?;
        let loaded = self.0.load_units(&asked, &province, load).await.map_err(|e| to_status(&e))?;
        let UnitsRecorded { changed, known, etag } = loaded;
        Ok(Response::new(LoadUnitsResponse {
            changed_count: count(changed),
            unit_count: count(known),
            etag,
        }))
    }

    async fn record_unit_change(
        &self,
        request: Request<RecordUnitChangeRequest>,
    ) -> Result<Response<RecordUnitChangeResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.UnitService/RecordUnitChange";
        let asked = asked(caller.actor(), method, &request.request_id, &request);
        let etag = request.etag.clone();
        let read = convert::read(request, |c, request| {
            let province = c.parse::<UnitCode>("province_code", &request.province_code);
            let change = convert::part(c, "change", request.change, convert::unit_change);
            if change.as_ref().is_some_and(|change| change.changing.ends_units()) {
                c.require("etag", Some(()).filter(|()| !request.etag.is_empty()));
            }
            province.zip(change)
        });
        let (asked, (province, change)) = match (asked, read) {
            (Ok(asked), Ok(read)) => (asked, read),
            (Err(fault), _) | (_, Err(fault)) => return Err(to_status(&fault)),
        };
        caller.reach(&province).await.map_err(|e| to_status(&e))?;
        let recorded = self.0.record_unit_change(&asked, &province, &change, &etag).await;
        let UnitsRecorded { changed, known, etag } = recorded.map_err(|e| to_status(&e))?;
        Ok(Response::new(RecordUnitChangeResponse {
            changed_count: count(changed),
            unit_count: count(known),
            etag,
        }))
    }

    async fn list_units(
        &self,
        request: Request<ListUnitsRequest>,
    ) -> Result<Response<ListUnitsResponse>, Status> {
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let asked = convert::read(&request, |c, request| {
            let within = c.parse_optional::<UnitCode>("ancestor_code", &request.ancestor_code);
            let as_of = convert::optional_date(c, "as_of_date", request.as_of_date);
            Some(AskedUnits { within: within?, as_of: as_of? })
        })
        .map_err(|e| to_status(&e))?;
        let day = asked.as_of.map(|day| day.to_string()).unwrap_or_default();
        let question = format!("units within {} on {day}", request.ancestor_code);
        let after = page::after(&question, &request.page_token).map_err(|e| to_status(&e))?;
        let (mut units, etag) =
            self.0.units(&asked, &after, size).await.map_err(|e| to_status(&e))?;
        let has_more = units.len() > size;
        units.truncate(size);
        let next_page_token = match units.last() {
            Some(last) if has_more => page::token(&question, last.code.as_str()),
            _ => String::new(),
        };
        Ok(Response::new(ListUnitsResponse {
            units: units.iter().map(Into::into).collect(),
            next_page_token,
            etag,
        }))
    }
}

fn count(units: usize) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

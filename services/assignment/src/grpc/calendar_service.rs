//! `CalendarService`.

use std::sync::Arc;

use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        ListCalendarYearsRequest, ListCalendarYearsResponse, LoadCalendarYearRequest,
        LoadCalendarYearResponse, calendar_service_server::CalendarService,
    },
    convert,
};
use tonic::{Request, Response, Status};

use super::{command, status};
use crate::app::App;

pub(super) struct Calendars(pub(super) Arc<App>);

#[tonic::async_trait]
impl CalendarService for Calendars {
    async fn load_calendar_year(
        &self,
        request: Request<LoadCalendarYearRequest>,
    ) -> Result<Response<LoadCalendarYearResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.CalendarService/LoadCalendarYear";
        let (command, year) =
            command(caller.actor(), method, &request.request_id.clone(), request, |c, request| {
                convert::part(c, "calendar_year", request.calendar_year, convert::calendar_year)
            })
            .map_err(|e| status(&e))?;
        let version = self.0.load_calendar_year(&command, &year).await.map_err(|e| status(&e))?;
        Ok(Response::new(LoadCalendarYearResponse { version }))
    }

    async fn list_calendar_years(
        &self,
        _: Request<ListCalendarYearsRequest>,
    ) -> Result<Response<ListCalendarYearsResponse>, Status> {
        let years = self.0.calendar_years().await.map_err(|e| status(&e))?;
        let calendar_years = years.iter().map(Into::into).collect();
        Ok(Response::new(ListCalendarYearsResponse { calendar_years }))
    }
}

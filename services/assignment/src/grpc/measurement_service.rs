//! `MeasurementService`.

use std::sync::Arc;

use cchc_core::{Collector, Period, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        BatchPushMeasurementsRequest, BatchPushMeasurementsResponse,
        ListExpectedMeasurementsRequest, ListExpectedMeasurementsResponse, ListMeasurementsRequest,
        ListMeasurementsResponse, PushMeasurementsRequest, PushMeasurementsResponse,
        list_expected_measurements_response::Item, measurement_service_server::MeasurementService,
    },
    common::v1::Decimal,
    convert,
};
use tonic::{Request, Response, Status, Streaming};

use super::{Asking, batch, ingest::ingest, rows, status};
use crate::{
    app::{App, Expected, Purpose},
    domain::measurement::{Content, Key, MeasurementReport},
};

pub(super) struct Measurements(pub(super) Arc<App>);

fn measurement_report(
    c: &mut Collector,
    message: PushMeasurementsRequest,
) -> Option<MeasurementReport> {
    let PushMeasurementsRequest {
        request_id: _,
        unit_code,
        variable_code,
        period,
        numerator,
        denominator,
        is_retracted,
        evidence,
    } = message;
    let unit = c.parse("unit_code", &unit_code);
    let variable = c.parse("variable_code", &variable_code);
    let period = c.parse("period", &period);
    let content = if is_retracted {
        check_absent(c, [("numerator", numerator), ("denominator", denominator)]);
        Some(Content::Retracted)
    } else {
        report(c, numerator, denominator)
    };
    let evidence = c.text("evidence", &evidence);
    let key = Key { variable: variable?, unit: unit?, period: period? };
    Some(MeasurementReport { key, content: content?, evidence: evidence? })
}

fn report(
    c: &mut Collector,
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
) -> Option<Content> {
    let numerator = convert::quantity(c, "numerator", numerator);
    let denominator = convert::optional_quantity(c, "denominator", denominator);
    Some(Content::Reported { numerator: numerator?, denominator: denominator? })
}

/// Numbers beside a retraction leave open which of the two was meant.
fn check_absent(c: &mut Collector, numbers: [(&str, Option<Decimal>); 2]) {
    for (field, _) in numbers.into_iter().filter(|(_, number)| number.is_some()) {
        let english = "must be absent when the report is taken back";
        c.refuse(field, "NUMBER_INVALID", english, "khi rút lại số liệu thì không ghi số");
    }
}

fn key([variable, unit, period]: [&str; 3]) -> Option<Key> {
    Some(Key {
        variable: variable.parse().ok()?,
        unit: unit.parse().ok()?,
        period: period.parse().ok()?,
    })
}

fn expected(of: &Expected) -> Item {
    Item {
        unit_code: of.unit.to_string(),
        unit_name: of.unit_name.clone(),
        variable: Some((&of.variable).into()),
        present: of.present.as_ref().map(Into::into),
    }
}

#[tonic::async_trait]
impl MeasurementService for Measurements {
    async fn push_measurements(
        &self,
        request: Request<Streaming<PushMeasurementsRequest>>,
    ) -> Result<Response<PushMeasurementsResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            let rows = rows::parse(messages, measurement_report);
            rows::take(&self.0, &caller, rows, Purpose::Store)
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushMeasurementsResponse { receipt: Some(receipt) }))
    }

    async fn batch_push_measurements(
        &self,
        request: Request<BatchPushMeasurementsRequest>,
    ) -> Result<Response<BatchPushMeasurementsResponse>, Status> {
        let caller = caller(&request)?;
        let BatchPushMeasurementsRequest { requests, validate_only } = request.into_inner();
        batch::check_size(&caller, requests.len())?;
        let rows = rows::parse(requests, measurement_report);
        let taken = rows::take(&self.0, &caller, rows, Purpose::of(validate_only)).await;
        let outcomes = batch::outcomes(&caller, &taken.map_err(|e| status(&e))?);
        Ok(Response::new(BatchPushMeasurementsResponse { outcomes }))
    }

    async fn list_expected_measurements(
        &self,
        request: Request<ListExpectedMeasurementsRequest>,
    ) -> Result<Response<ListExpectedMeasurementsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let read = |c: &mut Collector, request: &ListExpectedMeasurementsRequest| {
            let within = c.parse::<UnitCode>("unit_code", &request.unit_code);
            within.zip(c.parse::<Period>("period", &request.period))
        };
        let (within, period) = convert::read(&request, read).map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("measurements expected within {within} for {period}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking
            .after(|[unit, variable]| unit.parse().ok().zip(variable.parse().ok()))
            .map_err(|e| status(&e))?;
        let listed =
            self.0.expected_measurements(&within, period, after.as_ref(), asking.size).await;
        let listed = listed.map_err(|e| status(&e))?;
        Ok(Response::new(ListExpectedMeasurementsResponse {
            next_page_token: asking
                .next(&listed, |last| format!("{} {}", last.unit, last.variable.code)),
            items: listed.items.iter().map(expected).collect(),
        }))
    }

    async fn list_measurements(
        &self,
        request: Request<ListMeasurementsRequest>,
    ) -> Result<Response<ListMeasurementsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let within = convert::read(&request, |c, request: &ListMeasurementsRequest| {
            c.parse::<UnitCode>("unit_code", &request.unit_code)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("measurements within {within}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(key).map_err(|e| status(&e))?;
        let listed =
            self.0.list_measurements(&within, after, asking.size).await.map_err(|e| status(&e))?;
        Ok(Response::new(ListMeasurementsResponse {
            next_page_token: asking.next(&listed, |last| {
                format!("{} {} {}", last.key.variable, last.key.unit, last.key.period)
            }),
            measurements: listed.items.iter().map(Into::into).collect(),
        }))
    }
}

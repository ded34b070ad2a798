//! `MeasurementService`.

use std::sync::Arc;

use cchc_core::{Collector, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        ListMeasurementsRequest, ListMeasurementsResponse, PushMeasurementsRequest,
        PushMeasurementsResponse, measurement_service_server::MeasurementService,
    },
    common::v1::Decimal,
    convert,
};
use tonic::{Request, Response, Status, Streaming};

use super::{Asking, ingest::ingest, rows, status};
use crate::{
    app::App,
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

#[tonic::async_trait]
impl MeasurementService for Measurements {
    async fn push_measurements(
        &self,
        request: Request<Streaming<PushMeasurementsRequest>>,
    ) -> Result<Response<PushMeasurementsResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            rows::take(&self.0, &caller, rows::parse(messages, measurement_report))
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushMeasurementsResponse { receipt: Some(receipt) }))
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

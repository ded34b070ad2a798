//! What units measured, one report of a variable for a period a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{
        PushMeasurementsRequest, measurement_service_client::MeasurementServiceClient,
    },
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushMeasurementsRequest {
    const WORD: &'static str = "measurements";
    const COLUMNS: &'static [Column] = &[
        Column::required("unit"),
        Column::required("variable"),
        Column::required("period"),
        Column::required("numerator"),
        Column::required("denominator"),
        Column::optional("retracted"),
        Column::optional("evidence"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            request_id: String::new(),
            unit_code: row.required("unit"),
            variable_code: row.required("variable"),
            period: row.required("period"),
            numerator: row.number("numerator"),
            denominator: row.number("denominator"),
            is_retracted: row.flag("retracted"),
            evidence: row.text("evidence"),
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit_code)
    }

    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = MeasurementServiceClient::new(server.channel());
        async move {
            Ok(client.push_measurements(request).await?.into_inner().receipt.unwrap_or_default())
        }
    }
}

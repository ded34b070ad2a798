//! What units measured, one report of a variable for a period a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{
        PushMeasurementsRequest, measurement_service_client::MeasurementServiceClient,
    },
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushMeasurementsRequest {
    const WORD: &'static str = "measurements";
    const COLUMNS: &'static [Column] = &[
        Column::required("unit").called("Mã đơn vị", "unit_code"),
        Column::aside("Tên đơn vị"),
        Column::required("variable").called("Mã chỉ tiêu", "variable_code"),
        Column::aside("Tên chỉ tiêu"),
        Column::required("period").called("Kỳ báo cáo", "period"),
        Column::aside("Đã báo cáo"),
        Column::aside("Tử số là"),
        Column::required("numerator").called("Tử số", "numerator"),
        Column::aside("Mẫu số là"),
        Column::required("denominator").called("Mẫu số", "denominator"),
        Column::optional("retracted").called("Rút lại", "is_retracted"),
        Column::optional("evidence").called("Tài liệu kiểm chứng", "evidence"),
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
}

impl Pushed for PushMeasurementsRequest {
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

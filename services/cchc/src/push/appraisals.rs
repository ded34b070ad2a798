//! What the appraisers found right, one node a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{PushAppraisalsRequest, assessment_service_client::AssessmentServiceClient},
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushAppraisalsRequest {
    const WORD: &'static str = "appraisals";
    const COLUMNS: &'static [Column] = &[
        Column::required("plan"),
        Column::required("node"),
        Column::required("assessment_version"),
        Column::required("points"),
        Column::optional("reason"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            request_id: String::new(),
            plan_code: row.required("plan"),
            node_id: row.required("node"),
            assessment_version: row.whole("assessment_version"),
            points: row.number("points"),
            reason: row.text("reason"),
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        None
    }
}

impl Pushed for PushAppraisalsRequest {
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = AssessmentServiceClient::new(server.channel());
        async move {
            Ok(client.push_appraisals(request).await?.into_inner().receipt.unwrap_or_default())
        }
    }
}

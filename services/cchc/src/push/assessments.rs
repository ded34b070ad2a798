//! What units gave themselves, one node a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{PushAssessmentsRequest, assessment_service_client::AssessmentServiceClient},
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushAssessmentsRequest {
    const WORD: &'static str = "assessments";
    const COLUMNS: &'static [Column] = &[
        Column::required("plan"),
        Column::required("node"),
        Column::required("unit"),
        Column::required("points"),
        Column::optional("evidence"),
        Column::optional("explanation"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            request_id: String::new(),
            plan_code: row.required("plan"),
            node_id: row.required("node"),
            unit_code: row.required("unit"),
            points: row.number("points"),
            evidence: row.texts("evidence"),
            explanation: row.text("explanation"),
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit_code)
    }
}

impl Pushed for PushAssessmentsRequest {
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = AssessmentServiceClient::new(server.channel());
        async move {
            Ok(client.push_assessments(request).await?.into_inner().receipt.unwrap_or_default())
        }
    }
}

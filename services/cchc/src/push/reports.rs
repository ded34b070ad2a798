//! Periodic reports that units file, correct and withdraw, one a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{PushReportsRequest, obligation_service_client::ObligationServiceClient},
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushReportsRequest {
    const WORD: &'static str = "reports";
    const COLUMNS: &'static [Column] = &[
        Column::required("plan"),
        Column::required("period"),
        Column::required("unit"),
        Column::optional("document_number"),
        Column::optional("document_date"),
        Column::optional("evidence_id"),
        Column::optional("note"),
        Column::optional("withdrawn"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            request_id: String::new(),
            plan_code: row.required("plan"),
            period: row.required("period"),
            unit_code: row.required("unit"),
            document_number: row.text("document_number"),
            document_date: row.day("document_date"),
            evidence_id: row.text("evidence_id"),
            note: row.text("note"),
            is_withdrawn: row.flag("withdrawn"),
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit_code)
    }
}

impl Pushed for PushReportsRequest {
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = ObligationServiceClient::new(server.channel());
        async move { Ok(client.push_reports(request).await?.into_inner().receipt.unwrap_or_default()) }
    }
}

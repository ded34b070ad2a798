//! What citizens answered, one response a row. There is no column for who they are, and a file that has
//! one is refused as having a column nobody knows.

use std::future::Future;

use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{IngestResponsesRequest, ingestion_service_client::IngestionServiceClient},
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for IngestResponsesRequest {
    const WORD: &'static str = "responses";
    const COLUMNS: &'static [Column] = &[
        Column::required("response_id"),
        Column::required("survey"),
        Column::required("cluster"),
        Column::required("answered_at"),
        Column::optional("revision"),
        Column::optional("retracted"),
    ];
    const LIST: Option<char> = Some('Q');

    fn read(row: &mut Row<'_>) -> Self {
        let is_retracted = row.flag("retracted");
        let answers = row.answers();
        Self {
            response_id: row.required("response_id"),
            survey_code: row.required("survey"),
            cluster_code: row.required("cluster"),
            // Whoever takes a response back may leave its line as it was.
            answers: if is_retracted { Vec::new() } else { answers },
            answer_time: row.instant("answered_at"),
            revision: if row.text("revision").is_empty() { 0 } else { row.whole("revision") },
            is_retracted,
            ..Self::default()
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.response_id
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.cluster_code)
    }
}

impl Pushed for IngestResponsesRequest {
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = IngestionServiceClient::new(server.channel());
        async move {
            Ok(client.ingest_responses(request).await?.into_inner().receipt.unwrap_or_default())
        }
    }
}

//! What citizens answered, one response a row. There is no column for who they are, and a file that has
//! one is refused as having a column nobody knows.

use std::future::Future;

use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{IngestResponsesRequest, ingestion_service_client::IngestionServiceClient},
};
use tonic::Status;

use super::{Answers, Column, Pushed, Record, Row, Rows};
use crate::{
    channel,
    connect::{DELIVERY, Server},
};

/// How a response came about, as a row says it.
struct Paradata {
    respondent_key: Vec<u8>,
    start_time: Option<prost_types::Timestamp>,
    interviewer: String,
    channel: i32,
    slip_code: String,
}

fn paradata(row: &mut Row<'_>) -> Paradata {
    Paradata {
        respondent_key: row.bytes("respondent_key"),
        start_time: row.optional_instant("started_at"),
        interviewer: row.text("interviewer"),
        channel: row.word("channel", channel::read).into(),
        slip_code: row.text("slip_code"),
    }
}

impl Paradata {
    fn given(self, row: IngestResponsesRequest) -> IngestResponsesRequest {
        let Self { respondent_key, start_time, interviewer, channel, slip_code } = self;
        IngestResponsesRequest {
            respondent_key,
            start_time,
            interviewer,
            channel,
            slip_code,
            ..row
        }
    }
}

impl Record for IngestResponsesRequest {
    const WORD: &'static str = "responses";
    const COLUMNS: &'static [Column] = &[
        Column::required("response_id"),
        Column::required("survey"),
        Column::required("cluster"),
        Column::required("answered_at"),
        Column::optional("revision"),
        Column::optional("retracted"),
        Column::optional("respondent_key"),
        Column::optional("started_at"),
        Column::optional("interviewer"),
        Column::optional("channel"),
        Column::optional("slip_code"),
    ];
    const LIST: Option<char> = Some('Q');

    fn read(row: &mut Row<'_>) -> Self {
        let is_retracted = row.flag("retracted");
        let answered = row.answers();
        let how = paradata(row);
        let row = Self {
            response_id: row.required("response_id"),
            survey_code: row.required("survey"),
            cluster_code: row.required("cluster"),
            answer_time: row.instant("answered_at"),
            revision: if row.text("revision").is_empty() { 0 } else { row.whole("revision") },
            is_retracted,
            ..Self::default()
        };
        if is_retracted {
            // Whoever takes a response back may leave its line as it was.
            return row;
        }
        let Answers { answers, numbers, texts } = answered;
        Self { answers, numbers, texts, ..how.given(row) }
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

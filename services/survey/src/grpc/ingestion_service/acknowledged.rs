//! `StreamResponses`: chunk in, commit, acknowledgement out, then the next chunk. One chunk of a stream
//! is in memory at a time; what the client sends meanwhile waits in the flow control of HTTP/2.

use std::sync::Arc;

use cchc_core::{Collector, Violations};
use cchc_kit::{
    push::Ledger,
    server::{Caller, next_row},
    to_status,
};
use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{StreamResponsesRequest, StreamResponsesResponse},
};
use futures::{StreamExt as _, stream, stream::BoxStream};
use tonic::{Status, Streaming};

use super::{MOST_ROWS, Touched, has_rows, receipt_of, release, store, validate};
use crate::app::Surveys;

/// Acknowledgements, in the order of the chunks.
pub(super) type Acknowledgements = BoxStream<'static, Result<StreamResponsesResponse, Status>>;

/// A stream of chunks that is being taken.
struct Taking {
    surveys: Arc<Surveys>,
    caller: Caller,
    chunks: Streaming<StreamResponsesRequest>,
    /// The sequence acknowledged last.
    sequence: i64,
    touched: Touched,
}

/// Takes chunks one after the other, for as long as acknowledgements are taken.
pub(super) fn acknowledged(
    surveys: Arc<Surveys>,
    caller: Caller,
    chunks: Streaming<StreamResponsesRequest>,
) -> Acknowledgements {
    let taking = Taking { surveys, caller, chunks, sequence: 0, touched: Touched::new() };
    stream::try_unfold(taking, Taking::next).boxed()
}

impl Taking {
    /// Stores the next chunk. At the end of the stream what was stored is released; a stream that was
    /// cut leaves that to the look that is made every second.
    async fn next(mut self) -> Result<Option<(StreamResponsesResponse, Self)>, Status> {
        let Some(chunk) = next_row(&mut self.chunks).await? else {
            release(&self.surveys, &mut self.touched).await?;
            return Ok(None);
        };
        self.check(&chunk).map_err(|e| to_status(&e))?;
        let mut ledger = Ledger::new(receipt_of(&chunk));
        let Self { surveys, caller, touched, .. } = &mut self;
        let receipt = if chunk.validate_only {
            validate(surveys, caller, &chunk.responses, &mut ledger).await?;
            // Nothing was stored, so there is nothing to show for it.
            Receipt { receipt_id: String::new(), ..ledger.close() }
        } else {
            store(surveys, caller, &chunk.responses, &mut ledger, touched).await?;
            ledger.close()
        };
        let StreamResponsesRequest { sequence, .. } = chunk;
        self.sequence = sequence;
        Ok(Some((StreamResponsesResponse { sequence, receipt: Some(receipt) }, self)))
    }

    fn check(&self, chunk: &StreamResponsesRequest) -> Result<(), Violations> {
        let mut c = Collector::new();
        if chunk.sequence <= self.sequence {
            let last = self.sequence;
            c.refuse(
                "sequence",
                "SEQUENCE_NOT_RISING",
                format!("must be above {last}, the last one acknowledged"),
                format!("phải lớn hơn {last}, số thứ tự đã được xác nhận gần nhất"),
            );
        }
        if let Err(violations) = has_rows(&chunk.responses, MOST_ROWS) {
            for violation in violations.as_slice() {
                let (english, vietnamese) = (&violation.english, &violation.vietnamese);
                c.refuse(&violation.path, violation.reason, english.clone(), vietnamese.clone());
            }
        }
        c.finish(Some(()))
    }
}

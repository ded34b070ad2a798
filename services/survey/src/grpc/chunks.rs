//! A stream of rows, taken in chunks that fit themselves to the load: whatever has arrived while the
//! last chunk was being stored is the next one. A slow stream is stored as it comes, a fast one in
//! large pieces, and a hostile one cannot fill the memory.

use cchc_kit::server::next_row;
use cchc_proto::survey::v1::IngestResponsesRequest;
use futures::FutureExt as _;
use tonic::{Status, Streaming};

/// Most rows of a chunk.
const MOST_ROWS: usize = 4000;
/// Most bytes of a chunk, about; a single row may have more.
const MOST_BYTES: usize = 8 << 20;

pub(super) struct Chunks {
    rows: Streaming<IngestResponsesRequest>,
    is_over: bool,
}

impl Chunks {
    pub(super) const fn new(rows: Streaming<IngestResponsesRequest>) -> Self {
        Self { rows, is_over: false }
    }

    /// Waits for a row and takes it with all that are there already; nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Vec<IngestResponsesRequest>, Status> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        if self.is_over {
            return Ok(chunk);
        }
        let mut next = next_row(&mut self.rows).await?;
        while let Some(row) = next {
            bytes += weight(&row);
            chunk.push(row);
            if chunk.len() >= MOST_ROWS || bytes >= MOST_BYTES {
                return Ok(chunk);
            }
            next = match next_row(&mut self.rows).now_or_never() {
                Some(row) => row?,
                None => return Ok(chunk),
            };
        }
        self.is_over = true;
        Ok(chunk)
    }
}

/// About the memory of a row.
fn weight(row: &IngestResponsesRequest) -> usize {
    let IngestResponsesRequest { response_id, survey_code, cluster_code, answers, .. } = row;
    let texts = response_id.len() + survey_code.len() + cluster_code.len();
    size_of::<IngestResponsesRequest>() + texts + answers.len() * size_of::<i32>()
}

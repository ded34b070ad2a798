//! A stream of rows, taken in chunks that fit themselves to the load: whatever has arrived while the
//! last chunk was being stored is the next one. A slow stream is stored as it comes, a fast one in
//! large pieces, and a hostile one cannot fill the memory.

use futures::FutureExt as _;
use tonic::{Status, Streaming};

use crate::server::next_row;

/// Most bytes of a chunk, encoded; a single row may have more. Rows may grow tenfold when decoded.
const MOST_BYTES: usize = 2 << 20;

/// The rows of a client stream.
#[derive(Debug)]
pub struct Chunks<T> {
    rows: Streaming<T>,
    most_rows: usize,
    is_over: bool,
}

impl<T: prost::Message> Chunks<T> {
    /// Takes rows, at most so many at a time.
    #[must_use]
    pub const fn new(rows: Streaming<T>, most_rows: usize) -> Self {
        Self { rows, most_rows, is_over: false }
    }

    /// Waits for a row and takes it with all that are there already; nothing at the end.
    pub async fn next(&mut self) -> Result<Vec<T>, Status> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        if self.is_over {
            return Ok(chunk);
        }
        let mut next = next_row(&mut self.rows).await?;
        while let Some(row) = next {
            bytes += row.encoded_len();
            chunk.push(row);
            if chunk.len() >= self.most_rows || bytes >= MOST_BYTES {
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

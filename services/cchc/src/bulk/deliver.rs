//! Sending rows in batches, several under way at once, each sent again while the service is away. A row is
//! named by what it says, so a batch whose answer was lost comes back as known.

use cchc_proto::common::v1::receipt::Violation;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tonic::Status;

use super::{Became, Bulk};
use crate::{connect::Server, error::CliError, output::Output, push::Patience};

/// Rows of a batch: what the service takes in one transaction.
pub(super) const MOST_ROWS: usize = 500;
/// Bytes of a batch: half of what the service takes in one message.
const MOST_BYTES: usize = 512 * 1024;
/// Batches under way at once. Rows of one unit take turns at the service, those of different units do not.
const AT_ONCE: usize = 4;

/// Sends rows until each is answered; answers in their order.
pub(super) async fn deliver<R: Bulk>(
    server: &Server,
    rows: &[R],
    validate_only: bool,
    output: &Output,
) -> Result<Vec<Became>, CliError> {
    let bar = output.progress(u64::try_from(rows.len()).unwrap_or_default(), R::WORD);
    let batches = batches(rows).into_iter().map(|batch| {
        let bar = bar.clone();
        async move {
            let outcomes = one(server, batch, validate_only, output).await?;
            bar.inc(u64::try_from(batch.len()).unwrap_or_default());
            Ok::<_, CliError>(outcomes)
        }
    });
    let all: Result<Vec<Vec<Became>>, CliError> =
        stream::iter(batches).buffered(AT_ONCE).try_collect().await;
    bar.finish_and_clear();
    Ok(all?.concat())
}

async fn one<R: Bulk>(
    server: &Server,
    batch: &[R],
    validate_only: bool,
    output: &Output,
) -> Result<Vec<Became>, CliError> {
    let mut patience = Patience::default();
    loop {
        match R::send(server, batch.to_vec(), validate_only).await {
            Ok(outcomes) if outcomes.len() == batch.len() => return Ok(outcomes),
            Ok(_) => return Err(server.refused(&Status::internal("not one outcome a row"))),
            Err(status) => patience.wait(server, &status, output).await?,
        }
    }
}

/// Cuts rows into batches that the service takes.
fn batches<R: Bulk>(rows: &[R]) -> Vec<&[R]> {
    let (mut batches, mut rest) = (Vec::new(), rows);
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |row: &&R| {
            bytes += prost::Message::encoded_len(*row);
            bytes <= MOST_BYTES
        };
        // A row that is too long alone is for the service to refuse.
        let count = rest.iter().take(MOST_ROWS).take_while(fits).count().max(1);
        let (batch, later) = rest.split_at(count);
        batches.push(batch);
        rest = later;
    }
    batches
}

/// A refusal that concerns a row as a whole.
pub(crate) fn whole(reason: String, english: String, vietnamese: String) -> Violation {
    Violation { path: String::new(), reason, message: english, message_vi: vietnamese }
}

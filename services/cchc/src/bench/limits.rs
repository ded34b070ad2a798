//! What the database does at best, without any service: `COPY`, and commits of single rows.

use futures::{TryStreamExt as _, future::try_join_all};
use sqlx::{Connection as _, PgConnection};
use tokio::process::Command;

use super::{
    children::failed,
    load::{Calls, Done, Streams, latencies, response},
};
use crate::error::CliError;

/// Copies rows straight into a table, each chunk committed.
pub(super) async fn copy(url: String, streams: Streams) -> Result<Done, CliError> {
    let copied =
        streams.shares().map(|(first, last)| copy_share(url.clone(), first, last, streams));
    try_join_all(copied).await?;
    Ok(Done { rows: streams.rows, latencies: Vec::new() })
}

async fn copy_share(url: String, first: u64, last: u64, streams: Streams) -> Result<(), CliError> {
    let mut conn = PgConnection::connect(&url).await.map_err(|error| failed(&error))?;
    let mut at = first;
    while at < last {
        let until = (at + streams.chunk).min(last);
        let text: String = (at..until).map(|n| line(n + streams.rows)).collect();
        let mut copy =
            conn.copy_in_raw("copy copied from stdin").await.map_err(|error| failed(&error))?;
        copy.send(text.as_bytes()).await.map_err(|error| failed(&error))?;
        copy.finish().await.map_err(|error| failed(&error))?;
        at = until;
    }
    Ok(())
}

/// A response as a line of `COPY`; every answer is one digit.
fn line(n: u64) -> String {
    let row = response(n);
    let digit = |answer: &i32| char::from_digit(u32::try_from(*answer).unwrap_or(0), 16);
    let answers: String =
        row.answers.iter().flat_map(|answer| ['0', digit(answer).unwrap_or('0')]).collect();
    format!("{0}\t{0}\t2018-06-01 05:00:00+00\t0\t\\\\x{answers}\n", row.response_id)
}

/// Reads the rows that were copied, what counting needs of them, and does nothing with it.
pub(super) async fn read(url: String) -> Result<Done, CliError> {
    const ROWS: &str = "copy (select cluster_place, answers from copied) to stdout (format binary)";
    let mut conn = PgConnection::connect(&url).await.map_err(|error| failed(&error))?;
    let mut rows = conn.copy_out_raw(ROWS).await.map_err(|error| failed(&error))?;
    // The server sends a message for each row; the header comes with the first, and the end in one of its own.
    let mut messages = 0_u64;
    while rows.try_next().await.map_err(|error| failed(&error))?.is_some() {
        messages += 1;
    }
    Ok(Done { rows: messages.saturating_sub(1), latencies: Vec::new() })
}

/// Has somebody else's program count the responses of a database; it prints how many they are.
pub(super) async fn outside(command: &str, url: String) -> Result<Done, CliError> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let counted = Command::new(program).args(words).env("CCHC_BENCH_ROWS", url).output().await?;
    let said = String::from_utf8_lossy(&counted.stdout);
    let rows = said.trim().parse().ok().filter(|_| counted.status.success());
    let rows = rows.ok_or_else(|| uncounted(command))?;
    Ok(Done { rows, latencies: Vec::new() })
}

fn uncounted(command: &str) -> CliError {
    CliError::said(
        format!("“{command}” không đếm được: chương trình phải in ra số phiếu đã đếm."),
        format!("{command:?} does not count: it must print how many responses it counted."),
    )
}

/// Commits rows one by one, over as many connections as there are calls at the same time.
pub(super) async fn commits(url: String, calls: Calls) -> Result<Done, CliError> {
    let committed = calls.shares().map(|(first, last)| commit_share(url.clone(), first, last));
    let latencies = latencies(try_join_all(committed).await?);
    Ok(Done { rows: calls.count, latencies })
}

#[expect(clippy::disallowed_methods, reason = "tables of this measurement alone, made by it")]
async fn commit_share(url: String, first: u64, last: u64) -> Result<Vec<u64>, CliError> {
    let mut conn = PgConnection::connect(&url).await.map_err(|error| failed(&error))?;
    let mut taken = Vec::new();
    for n in first..last {
        let start = std::time::Instant::now();
        sqlx::query("insert into outbox (payload) values ($1)")
            .bind(&n.to_be_bytes()[..])
            .execute(&mut conn)
            .await
            .map_err(|error| failed(&error))?;
        taken.push(super::load::micros(start.elapsed()));
    }
    Ok(taken)
}

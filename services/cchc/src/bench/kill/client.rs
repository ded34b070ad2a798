//! A client that pushes until it is killed, and goes on behind what was acknowledged when it is started
//! again.
//!
//! What it pushes follows from its number alone: chunk by chunk new responses, a correction of one of the
//! chunk before, and one row that must be refused. So whoever counts afterwards knows what there must be.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::process::parent_id,
    path::{Path, PathBuf},
    time::Duration,
};

use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{
        IngestResponsesRequest, StreamResponsesRequest, SubmitResponsesRequest,
        ingestion_service_client::IngestionServiceClient,
    },
};
use futures::{Stream, stream};
use tokio::{sync::mpsc, time::sleep};

use super::super::{children::failed, load};
use crate::{
    connect::{DELIVERY, QUESTION, Server},
    error::CliError,
};

/// New responses of a chunk.
pub(super) const ROWS: u64 = 100;
/// Chunks sent ahead of the last acknowledgement: more than these was never sent.
pub(super) const AHEAD: u64 = 4;
/// Before another try, when the service is away.
const PAUSE: Duration = Duration::from_millis(20);

/// Where a client stands.
#[derive(Debug, Clone)]
pub(super) struct Share {
    /// Its number: even ones stream, odd ones send calls.
    pub(super) number: u64,
    /// The folder with what every client notes.
    pub(super) folder: PathBuf,
}

/// Environment variables of a client.
pub(super) const SERVER: &str = "CCHC_BENCH_SERVER";
pub(super) const TOKEN: &str = "CCHC_BENCH_TOKEN";
pub(super) const SHARE: &str = "CCHC_BENCH_SHARE";
pub(super) const FOLDER: &str = "CCHC_BENCH_FOLDER";

/// Pushes until it is ended.
pub(in super::super) async fn push() -> Result<(), CliError> {
    let setting = |name: &str| std::env::var(name).map_err(|error| failed(&error));
    let number = setting(SHARE)?.parse::<u64>().map_err(|error| failed(&error))?;
    let share = Share { number, folder: setting(FOLDER)?.into() };
    let server = Server::new(&setting(SERVER)?, &setting(TOKEN)?)?;
    let parent = parent_id();
    // Without whoever torments it, a client has no reason to be.
    while parent_id() == parent {
        // Whatever failed, what was not acknowledged is sent again.
        let _ = share.push(&server, u64::MAX).await;
        sleep(PAUSE).await;
    }
    Ok(())
}

impl Share {
    /// Pushes the chunks behind what was acknowledged, up to one.
    pub(super) async fn push(&self, server: &Server, last: u64) -> Result<(), CliError> {
        let next = self.acknowledged()? + 1;
        if next > last {
            return Ok(());
        }
        if self.number.is_multiple_of(2) {
            self.stream(server, next, last).await
        } else {
            self.submit(server, next, last).await
        }
    }

    async fn stream(&self, server: &Server, next: u64, last: u64) -> Result<(), CliError> {
        let (allow, allowed) = mpsc::unbounded_channel();
        for _ in 0..AHEAD {
            let _ = allow.send(());
        }
        let request = server.request(self.chunks(next, last, allowed), DELIVERY);
        let mut client = IngestionServiceClient::new(server.channel());
        let answers = client.stream_responses(request).await;
        let mut answers = answers.map_err(|status| server.refused(&status))?.into_inner();
        while let Some(answer) = answers.message().await.map_err(|s| server.refused(&s))? {
            self.note(u64::try_from(answer.sequence).unwrap_or_default(), answer.receipt.as_ref())?;
            let _ = allow.send(());
        }
        Ok(())
    }

    /// Chunks from one to another, each when it is allowed.
    fn chunks(
        &self,
        next: u64,
        last: u64,
        allowed: mpsc::UnboundedReceiver<()>,
    ) -> impl Stream<Item = StreamResponsesRequest> + Send + use<> {
        let number = self.number;
        stream::unfold((next, allowed), move |(chunk, mut allowed)| async move {
            if chunk > last {
                return None;
            }
            allowed.recv().await?;
            let message = StreamResponsesRequest {
                sequence: i64::try_from(chunk).unwrap_or(i64::MAX),
                responses: rows(number, chunk),
                validate_only: false,
            };
            Some((message, (chunk + 1, allowed)))
        })
    }

    async fn submit(&self, server: &Server, next: u64, last: u64) -> Result<(), CliError> {
        let mut client = IngestionServiceClient::new(server.channel());
        for chunk in next..=last {
            let request = SubmitResponsesRequest { responses: rows(self.number, chunk) };
            let answer = client.submit_responses(server.request(request, QUESTION)).await;
            let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
            self.note(chunk, answer.receipt.as_ref())?;
        }
        Ok(())
    }

    /// Notes that a chunk was acknowledged; and where its receipt is not as it must be.
    fn note(&self, chunk: u64, receipt: Option<&Receipt>) -> Result<(), CliError> {
        let counts = receipt.map(|of| (of.row_count, of.refused_count));
        let rows = i64::try_from(rows(self.number, chunk).len()).unwrap_or(i64::MAX);
        if counts != Some((rows, 1)) {
            append(&self.file("wrong"), &format!("chunk {chunk}: {counts:?}\n"))?;
        }
        append(&self.file("acknowledged"), &format!("{chunk}\n"))
    }

    /// The chunk that was acknowledged last; 0 before the first.
    pub(super) fn acknowledged(&self) -> Result<u64, CliError> {
        let text = read(&self.file("acknowledged"))?;
        // A line that was cut off by a kill is none: the chunk counts as not acknowledged.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        Ok(whole.lines().last().and_then(|line| line.parse().ok()).unwrap_or_default())
    }

    /// Receipts that were not as they must be.
    pub(super) fn wrong(&self) -> Result<String, CliError> {
        read(&self.file("wrong"))
    }

    fn file(&self, what: &str) -> PathBuf {
        self.folder.join(format!("client-{}.{what}", self.number))
    }
}

/// The number of a response: those of a client and of its refused rows lie apart.
const fn numbered(client: u64, chunk: u64, row: u64) -> u64 {
    (client << 40) + chunk * (ROWS + 1) + row
}

/// The rows of a chunk of a client: new ones, a correction, and one that must be refused.
pub(super) fn rows(client: u64, chunk: u64) -> Vec<IngestResponsesRequest> {
    let mut rows: Vec<_> =
        (0..ROWS).map(|row| load::response(numbered(client, chunk, row))).collect();
    if chunk > 1 {
        rows.push(corrected(client, chunk - 1));
    }
    let mut bad = load::response(numbered(client, chunk, ROWS));
    bad.answers = vec![9; bad.answers.len()];
    rows.push(bad);
    rows
}

/// What the first response of a chunk is corrected to: every answer turned round.
fn corrected(client: u64, chunk: u64) -> IngestResponsesRequest {
    let mut row = load::response(numbered(client, chunk, 0));
    row.revision = 1;
    row.answers.iter_mut().for_each(|answer| *answer = 6 - *answer);
    row
}

/// The responses of a client that hold after so many chunks.
pub(super) fn holding(client: u64, chunks: u64) -> impl Iterator<Item = IngestResponsesRequest> {
    (1..=chunks).flat_map(move |chunk| {
        let first = if chunk < chunks {
            corrected(client, chunk)
        } else {
            load::response(numbered(client, chunk, 0))
        };
        let others = (1..ROWS).map(move |row| load::response(numbered(client, chunk, row)));
        std::iter::once(first).chain(others)
    })
}

fn append(path: &Path, text: &str) -> Result<(), CliError> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

fn read(path: &Path) -> Result<String, CliError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => Ok(read?),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_holds_is_what_was_sent_with_its_corrections() {
        let sent: Vec<_> = (1..=3).flat_map(|chunk| rows(1, chunk)).collect();

        let holding: Vec<_> = holding(1, 3).collect();

        let good = |row: &&IngestResponsesRequest| row.answers.iter().all(|answer| *answer <= 5);
        let ids: HashSet<&str> =
            sent.iter().filter(good).map(|row| row.response_id.as_str()).collect();
        assert_eq!((holding.len(), ids.len()), (300, 300));
        assert_eq!(holding.iter().filter(|row| row.revision == 1).count(), 2);
        assert!(holding.iter().all(|row| sent.contains(row)));
    }

    #[test]
    fn a_line_that_was_cut_off_is_no_acknowledgement() {
        let folder = std::env::temp_dir().join(format!("cchc-{}", uuid::Uuid::new_v4().simple()));
        let share = Share { number: 3, folder: folder.clone() };

        let before = share.acknowledged();
        let made = fs::create_dir(&folder);
        let noted = fs::write(share.file("acknowledged"), "1\n2\n3");
        let after = share.acknowledged();

        assert!(made.is_ok() && noted.is_ok());
        assert_eq!((before.ok(), after.ok()), (Some(0), Some(2)));
        let _ = fs::remove_dir_all(folder);
    }
}

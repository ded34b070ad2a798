//! Sending rows: one client stream, sent again whole while the service is away. What was stored the
//! first time comes back as a repeat, so sending again is always safe.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use cchc_proto::common::v1::Receipt;
use futures::Stream;
use indicatif::ProgressBar;
use tokio::time::sleep;
use tonic::Status;

use super::Pushed;
use crate::{
    connect::Server,
    error::{CliError, Refused},
    output::Output,
    say::Lang,
};

/// Attempts before giving up; with the pauses between them about half a minute.
const ATTEMPTS: u32 = 9;
/// The pause before the second attempt; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// Rows on their way, counted as they leave.
#[derive(Debug)]
pub struct Rows<R> {
    all: Arc<Vec<R>>,
    next: usize,
    bar: ProgressBar,
}

impl<R: Clone> Stream for Rows<R> {
    type Item = R;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<R>> {
        let row = self.all.get(self.next).cloned();
        self.next = self.next.saturating_add(1);
        if row.is_some() {
            self.bar.inc(1);
        }
        Poll::Ready(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.all.len().saturating_sub(self.next);
        (left, Some(left))
    }
}

/// Sends rows until the service has given a receipt for them all.
pub async fn deliver<R: Pushed>(
    server: &Server,
    rows: Vec<R>,
    output: &Output,
) -> Result<Receipt, CliError> {
    let rows = Arc::new(rows);
    let bar = output.progress(u64::try_from(rows.len()).unwrap_or_default(), R::WORD);
    let mut patience = Patience::default();
    loop {
        bar.set_position(0);
        let stream = Rows { all: Arc::clone(&rows), next: 0, bar: bar.clone() };
        let status = match R::send(server, stream).await {
            Ok(receipt) => {
                bar.finish_and_clear();
                return Ok(receipt);
            }
            Err(status) => status,
        };
        if let Err(error) = patience.wait(server, &status, output).await {
            bar.finish_and_clear();
            return Err(error);
        }
    }
}

/// How often a service that is away was asked again.
#[derive(Debug)]
pub(crate) struct Patience {
    attempt: u32,
    pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempt: 1, pause: FIRST_PAUSE }
    }
}

impl Patience {
    /// Waits before the next attempt, longer each time.
    ///
    /// # Errors
    ///
    /// With the failure itself, when it will not pass or there were attempts enough.
    pub(crate) async fn wait(
        &mut self,
        server: &Server,
        status: &Status,
        output: &Output,
    ) -> Result<(), CliError> {
        let is_passing = Refused::new(server.url(), status).is_passing();
        if !is_passing || self.attempt >= ATTEMPTS {
            return Err(server.refused(status));
        }
        output.note(waiting(output.lang(), server.url(), self.attempt))?;
        sleep(self.pause).await;
        self.attempt += 1;
        self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
        Ok(())
    }
}

fn waiting(lang: Lang, url: &str, attempt: u32) -> String {
    match lang {
        Lang::Vi => format!(
            "{url} chưa nhận được (lần {attempt}/{ATTEMPTS}), sẽ gửi lại những gì chưa được xác nhận…"
        ),
        Lang::En => {
            format!(
                "{url} cannot take it yet ({attempt} of {ATTEMPTS}), sending again what is not acknowledged…"
            )
        }
    }
}

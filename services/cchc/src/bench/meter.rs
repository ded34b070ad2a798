//! What a measurement costs: time, and of the service and the database the processor's time and the
//! memory, as the system counts them.

use std::{
    fs,
    time::{Duration, Instant},
};

use super::{children::Served, load::Done, stage::Stage};
use crate::error::CliError;

/// Ticks of the processor's clock a second; the same on every Linux that runs today.
const TICKS: u64 = 100;

/// One line of the report.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// A word for programs; the report has the sentence for it.
    pub(super) what: &'static str,
    pub(super) rows: u64,
    pub(super) elapsed: Duration,
    /// Microseconds: half of the calls were no longer, and ninety-nine of a hundred.
    pub(super) latency: Option<(u64, u64)>,
    /// Milliseconds of the processor that the process measured and the database took.
    pub(super) service_cpu: u64,
    pub(super) database_cpu: u64,
    /// Kilobytes the process had in memory at most, since it was started.
    pub(super) peak_memory: u64,
    /// What it is compared with, and its share of that rate in thousandths.
    pub(super) beside: Option<(&'static str, u64)>,
}

impl Measured {
    /// Rows a second.
    pub(super) fn rate(&self) -> u64 {
        let nanos = self.elapsed.as_nanos().max(1);
        u64::try_from(u128::from(self.rows) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
    }

    /// Sets it beside a limit of the same run.
    pub(super) fn beside(mut self, limit: &Self) -> Self {
        self.beside = Some((limit.what, self.rate() * 1000 / limit.rate().max(1)));
        self
    }
}

/// Measures some work.
pub(super) async fn during(
    what: &'static str,
    stage: &Stage,
    of: &Served,
    work: impl Future<Output = Result<Done, CliError>>,
) -> Result<Measured, CliError> {
    during_of(what, (of.id(), stage.postmaster), work).await
}

/// Measures some work of a process, on a PostgreSQL of this machine.
pub(super) async fn during_of(
    what: &'static str,
    (of, postmaster): (Option<u32>, u32),
    work: impl Future<Output = Result<Done, CliError>>,
) -> Result<Measured, CliError> {
    let cpu = || (of.map_or(0, |id| ticks(id).0), database_ticks(postmaster));
    let (before, start) = (cpu(), Instant::now());
    let done = work.await?;
    let (elapsed, after) = (start.elapsed(), cpu());
    let at = |hundredths: usize| {
        let place = done.latencies.len().saturating_sub(1) * hundredths / 100;
        done.latencies.get(place).copied()
    };
    Ok(Measured {
        what,
        rows: done.rows,
        elapsed,
        latency: at(50).zip(at(99)),
        service_cpu: after.0.saturating_sub(before.0) * 1000 / TICKS,
        database_cpu: after.1.saturating_sub(before.1) * 1000 / TICKS,
        peak_memory: of.map_or(0, peak),
        beside: None,
    })
}

/// Ticks of a process: its own, and those of its children that have ended.
fn ticks(process: u32) -> (u64, u64) {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The second field is a name in brackets that may itself hold spaces.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let fields: Vec<u64> = after.split_whitespace().map(|f| f.parse().unwrap_or(0)).collect();
    let sum = |first: usize| fields.iter().skip(first).take(2).sum();
    (sum(11), sum(13))
}

/// Ticks of a PostgreSQL on this machine with all its children, the ended ones included.
fn database_ticks(postmaster: u32) -> u64 {
    let (own, ended) = ticks(postmaster);
    let path = format!("/proc/{postmaster}/task/{postmaster}/children");
    let children = fs::read_to_string(path).unwrap_or_default();
    let running = children.split_whitespace().filter_map(|id| id.parse().ok());
    own + ended + running.map(|child: u32| ticks(child).0).sum::<u64>()
}

fn peak(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_compared_with_another() {
        let measured = |rows, seconds| Measured {
            what: "copy",
            rows,
            elapsed: Duration::from_secs(seconds),
            latency: None,
            service_cpu: 0,
            database_cpu: 0,
            peak_memory: 0,
            beside: None,
        };

        let half = measured(1000, 4).beside(&measured(1000, 2));

        assert_eq!((half.rate(), half.beside), (250, Some(("copy", 500))));
    }

    #[test]
    fn this_process_has_memory() {
        assert!(peak(std::process::id()) > 0);
    }
}

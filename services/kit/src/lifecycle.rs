//! Stopping: the first signal asks everything to finish in order, the second ends it at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Gives a token that is cancelled by the first SIGTERM or SIGINT; a second one ends the process.
pub fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let asked = stop.clone();
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if first {
                tracing::info!("stopping: finishing what runs; a second signal ends it at once");
                asked.cancel();
            } else {
                std::process::exit(130);
            }
        }
    });
    Ok(stop)
}

//! Waiting for something to become true. Tests never sleep for a guessed time: they look again until
//! it is so, and fail with what they saw when it never is.

use std::{fmt::Debug, future::Future, time::Duration};

use tokio::time::Instant;

/// Longest any test waits; far beyond what a slow machine needs.
const LONGEST: Duration = Duration::from_secs(90);
const LOOK: Duration = Duration::from_millis(30);

/// Looks until the answer is there.
pub async fn until<T, S: Debug, F: Future<Output = Result<T, S>>>(
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + LONGEST;
    loop {
        match look().await {
            Ok(answer) => return answer,
            Err(seen) => {
                assert!(Instant::now() < deadline, "{what}: last seen {seen:?}");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

//! The reporting service as it runs in production, on a database of its own, fed what it would hear.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod acknowledgements;
mod alerts;
mod as_of;
mod contribution;
mod crossed;
mod delivery;
mod domains;
mod explain;
mod explain_past;
mod external;
mod flagged;
mod forecast;
mod forecast_published;
mod histories;
mod mergers;
mod movement;
mod numbers;
mod options;
mod order;
mod parts;
mod past;
mod press;
mod producer;
mod promises;
mod province;
mod publication_page;
mod publication_proof;
mod publications;
mod published;
mod quarantined;
mod read;
mod reassigned;
mod scenario;
mod scoreboard;
mod several;
mod shortfalls;
mod verify;
mod watch;
mod weights;
mod world;

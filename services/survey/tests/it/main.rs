//! The survey service against a real PostgreSQL and a real bus, started as production starts it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod change;
mod close;
mod domains;
mod erase;
mod every_fault;
mod export;
mod field;
mod fieldwork;
mod hostile;
mod ingest;
mod numbers;
mod open;
mod quality;
mod quality_rules;
mod quarantine;
mod questionnaire;
mod questionnaires;
mod rebuild;
mod release;
mod retention;
mod settle;
mod share;
mod stream;
mod text_readers;
mod texts;
mod validate;
mod weights;

//! The command line: check and load a plan, push a file, look at the rollup, issue a token, run it all.
//!
//! A library beside the binary, so that the sample year and the tests of the whole read plan folders
//! and push rows with the very code that officials use.
//!
//! ```text
//!   cli ─► plan ───► plan_files       (folder → catalogue types)
//!                ───► workbook         (the same folder ⇄ one XLSX that officials edit)
//!       ─► index ──► plan_files, connect (an edition from a file or the registry)
//!       ─► push ───► files, problem   (CSV → rows → receipt)
//!       ─► measurement, task, campaign ─► bulk, template (workbook ⇄ rows, each with its outcome)
//!       ─► rollup ─► connect          (channel + token → contracts)
//!       ─► results ─► files, connect (printed table → results → ranks)
//!       ─► units ──► plan_files, connect (who existed on a day, from a file or the registry)
//!       ─► token
//!       ─► up, sample                 (everything on one machine, a year of made-up reports)
//!       ─► bench                        (how fast, beside the limits of the machine)
//!   all of them ─► output, say, error
//! ```

#[cfg(feature = "up")]
pub mod bench;
mod bulk;
pub mod calendar;
pub mod campaign;
mod channel;
pub mod cli;
pub mod connect;
pub mod contract_json;
pub mod error;
pub mod evidence;
pub mod files;
pub mod index;
mod lines;
mod marks;
pub mod measurement;
mod names;
pub mod obligation;
pub mod output;
pub mod plan;
pub mod plan_files;
pub mod problem;
pub mod push;
pub mod reminder;
mod report;
pub mod results;
pub mod rollup;
pub mod sample;
pub mod say;
pub mod survey;
pub mod task;
mod template;
pub mod token;
pub mod units;
#[cfg(feature = "up")]
pub mod up;
mod workbook;

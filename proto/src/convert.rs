//! Between the contracts and the types the science computes with.
//!
//! Towards a contract nothing can go wrong, so there it is `From`:
//! `registry::v1::Plan::from(&plan)`. From a contract everything can, so there it is a function that
//! takes a [`Collector`] and goes on after each fault: whoever sent a plan with nine faults learns of
//! nine. Every such function takes its message apart field by field, so that a field added to a
//! contract does not compile until somebody has said what it means.
//!
//! ```
//! use cchc_proto::{convert, registry::v1 as pb};
//!
//! let refused = convert::read(pb::Unit::default(), convert::unit).map_err(|all| all.to_string());
//!
//! assert_eq!(refused, Err("code: is required (and 2 more)".to_owned()));
//! ```

use cchc_core::{Collector, Violations};

pub mod acknowledgement;
pub mod calendar;
pub mod crosswalk;
pub mod domain;
pub mod finding;
pub mod index;
pub mod limits;
pub mod parts;
pub mod plan;
pub mod questionnaire;
pub mod results;
pub mod rule;
pub mod sample_plan;
pub mod unit;
pub mod unit_change;
pub mod values;

#[cfg(test)]
mod tests;

pub use acknowledgement::acknowledgement;
pub use calendar::calendar_year;
pub use crosswalk::crosswalk;
pub use domain::domain;
pub use finding::finding;
pub use index::{index, node, variable};
pub use parts::{choice, codes, list, optional_part, optional_text, part, text};
pub use plan::{
    baseline, deadline, due, plan, quoted_share, rank_target, report_cycle, report_terms, target,
    task,
};
pub use questionnaire::{languages, question, questionnaire, section};
pub use results::results;
pub use rule::rule;
pub use sample_plan::{base_weight, population, sample_plan, stratum_outlook};
pub use unit::{unit, unit_kind, unit_selector};
pub use unit_change::unit_change;
pub use values::{
    date, decimal, instant, optional_date, optional_decimal, optional_points, optional_quantity,
    optional_time, points, quantity, time, timestamp, whole, year,
};

/// Reads a whole message, or says everything that is wrong with it.
pub fn read<M, T>(
    message: M,
    reader: impl FnOnce(&mut Collector, M) -> Option<T>,
) -> Result<T, Violations> {
    let mut collector = Collector::new();
    let value = reader(&mut collector, message);
    collector.finish(value)
}

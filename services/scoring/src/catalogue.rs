//! What is measured, by whom it is owned, what is promised: the vocabulary of plans and indices.
//!
//! These types are at once the form of the plan files that a person edits (`deploy/plans`), the
//! documents that services store, and the input of rules and checks. One vocabulary, so that a plan
//! is checked offline exactly as the registry checks it.

mod crosswalk;
mod index;
mod plan;
mod target;
mod unit;

pub use crosswalk::{Crosswalk, Link, LinkKind};
pub use index::{
    Composition, Index, LetterBand, Measure, Node, NodePeriod, Provenance, Source, Variable,
};
pub use plan::{
    Baseline, Deadline, Due, ExpectedPoints, Mode, Plan, Recurrence, ReportCycle, ReportTerms,
    Task, Weekday,
};
pub use target::{Direction, IncreaseUnit, QuotedShare, RankTarget, Rounding, StatedRatio, Target};
pub use unit::{Standing, Stood, Successor, Unit, UnitKind, UnitSelector};

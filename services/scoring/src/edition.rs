//! An edition of an index as a whole: whether it may be published ([`check`]), what it changes against
//! another ([`diff`]), how next year's form starts from it ([`copy`]), and whether a crosswalk to
//! another edition holds ([`check_crosswalk`]).
//!
//! A draft may be half written. A published edition cannot be corrected any more, so everything that
//! would make it impossible to score, or its maximum impossible to reach, is said before.

mod check;
mod copy;
mod crosswalk;
mod diff;
mod fault;
#[cfg(test)]
pub(crate) mod sample;

use cchc_core::{Fault, Violation};

pub use check::check;
pub use copy::{Copying, copy};
pub use crosswalk::{CrosswalkFault, check_crosswalk};
pub use diff::{EditionDiff, IndexField, NodeDiff, NodeField, VariableDiff, VariableField, diff};
pub use fault::EditionFault;

fn fault_at(path: String, fault: &dyn Fault) -> Violation {
    Violation {
        path,
        reason: fault.reason(),
        english: fault.to_string(),
        vietnamese: fault.vietnamese(),
    }
}

//! Responses that come twice, change, or are withdrawn.

use std::collections::BTreeMap;

use super::{OutOfRange, PartOfWhole, Place, Sums};

/// Sums that a response enters once, however often it is delivered; a later version takes the place of an
/// earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger<Id: Ord> {
    sums: Sums,
    told: BTreeMap<Id, (u64, Vec<(Place, PartOfWhole)>)>,
}

impl<Id: Ord> Ledger<Id> {
    /// An empty ledger of this many statistics.
    #[must_use]
    pub const fn new(width: usize) -> Self {
        Self { sums: Sums::new(width), told: BTreeMap::new() }
    }

    /// Counts a version of a response; an empty one withdraws it. Says whether anything changed: a version
    /// that is known, or older than what is known, changes nothing.
    ///
    /// # Errors
    ///
    /// When a sum leaves its range; the ledger is then no longer to be used.
    pub fn tell(
        &mut self,
        id: Id,
        version: u64,
        answers: Vec<(Place, PartOfWhole)>,
    ) -> Result<bool, OutOfRange> {
        if let Some((known, earlier)) = self.told.get(&id) {
            if *known >= version {
                return Ok(false);
            }
            for (place, value) in earlier {
                self.sums.add(*place, value.checked_neg().ok_or(OutOfRange)?)?;
            }
        }
        for (place, value) in &answers {
            self.sums.add(*place, *value)?;
        }
        self.told.insert(id, (version, answers));
        Ok(true)
    }

    /// The sums of everything told.
    #[must_use]
    pub const fn sums(&self) -> &Sums {
        &self.sums
    }
}

//! How many responses bear each flag and do not count: sums of differences, as all others.

use std::collections::BTreeMap;

use super::quality::{Flag, Flags};

/// Responses that bear flags, or by how many there are more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Flagged {
    /// By flag: how many bear it, and how many of them do not count. None that is nothing.
    by_flag: BTreeMap<Flag, (i64, i64)>,
    /// Responses that do not count, each once.
    pub(crate) excluded: i64,
}

impl Flagged {
    /// Adds so many responses that bear flags, and count or do not.
    pub(crate) fn add(&mut self, flags: Flags, is_excluded: bool, times: i64) {
        let excluded = if is_excluded { times } else { 0 };
        self.excluded += excluded;
        for flag in Flag::ALL {
            if flags.has_any(flag.alone()) {
                self.add_flag(flag, times, excluded);
            }
        }
    }

    /// Adds so many that bear a flag, of whom so many do not count.
    pub(crate) fn add_flag(&mut self, flag: Flag, flagged: i64, excluded: i64) {
        let of = self.by_flag.entry(flag).or_default();
        *of = (of.0 + flagged, of.1 + excluded);
        if *of == (0, 0) {
            self.by_flag.remove(&flag);
        }
    }

    /// Adds what others count, so many times.
    pub(crate) fn add_all(&mut self, other: &Self, times: i64) {
        self.excluded += other.excluded * times;
        for (flag, flagged, excluded) in other.flags() {
            self.add_flag(flag, flagged * times, excluded * times);
        }
    }

    /// By flag, in their order: how many bear it, and how many of them do not count.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (Flag, i64, i64)> {
        self.by_flag.iter().map(|(flag, (flagged, excluded))| (*flag, *flagged, *excluded))
    }

    /// How many bear a flag, and how many of them do not count.
    pub(crate) fn of(&self, flag: Flag) -> (i64, i64) {
        self.by_flag.get(&flag).copied().unwrap_or_default()
    }
}

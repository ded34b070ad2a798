//! Chance that is the same everywhere: a cipher of eight rounds with a stream for each thing made up,
//! and whole numbers only, drawn by our own few lines, so that a new version of a library does not
//! change the year.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use uuid::{Builder, Uuid};

/// A source of chance for one thing.
#[derive(Debug)]
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// Starts the stream of a thing, by its name.
    pub(super) fn new(seed: u64, what: &str) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(fnv(what));
        Self(source)
    }

    /// A number below a limit, 0 where the limit is. The tiny preference for some numbers that
    /// multiplying leaves does not matter to a sample.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let spread = u128::from(self.0.next_u64()) * u128::from(limit);
        u64::try_from(spread >> 64).unwrap_or_default()
    }

    /// A number from one to another, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Whether something happens that does so this many times in a thousand.
    pub(super) fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// How many of so many turn out well, each with the same chance.
    pub(super) fn of(&mut self, number: u64, per_mille: u64) -> u64 {
        let well = (0..number).filter(|_| self.happens(per_mille)).count();
        u64::try_from(well).unwrap_or(number)
    }

    /// One of several; nothing of none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(u64::try_from(from.len()).unwrap_or_default());
        usize::try_from(at).ok().and_then(|at| from.get(at))
    }

    /// An id.
    pub(super) fn id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// FNV-1a: spreads names over streams; nothing here needs to be hard to guess.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_seed_give_the_same_numbers_and_another_name_others() {
        let numbers = |seed, what| {
            let mut draw = Draw::new(seed, what);
            [draw.below(1000), draw.between(5, 9), draw.below(1), draw.below(0)]
        };

        assert_eq!(numbers(2018, "a"), numbers(2018, "a"));
        assert_ne!(numbers(2018, "a")[0], numbers(2018, "b")[0]);
        assert_ne!(numbers(2018, "a")[0], numbers(2019, "a")[0]);
        assert!((5..=9).contains(&numbers(2018, "a")[1]));
        assert_eq!(numbers(2018, "a")[2..], [0, 0]);
    }
}

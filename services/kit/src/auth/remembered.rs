//! Tokens that were found good, so that a caller's ten-thousandth call costs a look instead of a
//! signature's verification: forty microseconds each, a third of what a single pushed row may take.
//!
//! Only what was verified is remembered, so nobody without our key can fill it or find anything in
//! it; and never longer than the token itself is good. Bounded, since an installation that issues a
//! token a minute must not grow by one a minute: when it is full, everything is forgotten and the next
//! call of each caller is verified again.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cchc_core::Actor;

/// Many times the callers of a province, and less than a megabyte.
const MOST: usize = 2048;

/// Tokens that were found good, each with who acts and when it is over (seconds since 1970).
#[derive(Default)]
pub(super) struct Remembered(RwLock<HashMap<String, (Arc<Actor>, i64)>>);

impl Remembered {
    /// Who acts, if the token was found good before and is not over at `now`.
    pub(super) fn find(&self, token: &str, now: i64) -> Option<Arc<Actor>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(token).filter(|(_, until)| now < *until).map(|(actor, _)| Arc::clone(actor))
    }

    /// Remembers a token that was found good.
    pub(super) fn keep(&self, token: &str, actor: &Arc<Actor>, until: i64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(token.to_owned(), (Arc::clone(actor), until));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn actor() -> Arc<Actor> {
        Arc::new(Actor { subject: "s".to_owned(), unit: "22".parse().unwrap(), roles: [].into() })
    }

    #[test]
    fn a_token_is_known_until_the_second_in_which_it_is_over() {
        let remembered = Remembered::default();
        remembered.keep("good", &actor(), 100);

        assert_eq!(remembered.find("good", 99), Some(actor()));
        assert_eq!(remembered.find("good", 100), None);
        assert_eq!(remembered.find("goo", 99), None);
    }

    #[test]
    fn however_many_tokens_come_memory_is_bounded() {
        let remembered = Remembered::default();

        for n in 0..3 * MOST {
            remembered.keep(&n.to_string(), &actor(), 100);
            assert!(remembered.find(&n.to_string(), 0).is_some());
        }

        assert!(remembered.0.read().unwrap().len() <= MOST);
    }
}

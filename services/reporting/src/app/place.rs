//! Where somebody stands in a stream: which copies they saw, and up to which number. Copies that were dropped and
//! heard again count from the beginning, so that a number says nothing without them.

use cchc_kit::page;
use uuid::Uuid;

use super::read::ReadError;

/// A place in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) copies: Uuid,
    pub(super) number: i64,
}

impl Place {
    /// Writes it down, bound to what is watched.
    pub(super) fn token(self, watched: &str) -> String {
        page::token(watched, &format!("{} {}", self.copies, self.number))
    }

    /// Reads it back; refused when it was given out for something else.
    pub(super) fn read(watched: &str, token: &str) -> Result<Self, ReadError> {
        let text = page::after(watched, token).map_err(|_| ReadError::TokenForeign)?;
        let place = text.split_once(' ').and_then(|(copies, number)| {
            Some(Self { copies: copies.parse().ok()?, number: number.parse().ok()? })
        });
        place.ok_or(ReadError::TokenForeign)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Fault as _;

    use super::*;

    #[test]
    fn a_token_is_of_what_it_was_given_out_for_and_of_nothing_else() {
        let place = Place { copies: Uuid::now_v7(), number: 42 };
        let token = place.token("rollup QN-2018");

        assert_eq!(Place::read("rollup QN-2018", &token).unwrap(), place);
        let foreign =
            [("rollup BG-2018", token.as_str()), ("rollup QN-2018", "42"), ("rollup QN-2018", "")];
        for (watched, token) in foreign {
            let refused = Place::read(watched, token).unwrap_err();
            assert_eq!(refused.reason(), "RESUME_TOKEN_INVALID");
        }
    }
}

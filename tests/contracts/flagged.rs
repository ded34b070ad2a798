//! A sample of what quality rules add to the sums of responses.

use cchc_proto::survey::events::v1::{ResponsesTallied, responses_tallied::Flagged};

use crate::samples;

/// Sums with responses that quality rules flag and exclude.
pub(crate) fn responses_flagged() -> ResponsesTallied {
    let flagged = |flag: i32, flagged_count: i64, excluded_count: i64| Flagged {
        flag,
        flagged_count,
        excluded_count,
    };
    ResponsesTallied {
        flags: vec![flagged(1, 3, 3), flagged(5, -1, 0)],
        excluded_count: 3,
        ..samples::responses_tallied()
    }
}

//! Which part of a quota should have come by when, and what that foretells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

/// A point of the pace: so much of every quota by the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PacePoint {
    /// The day, within the fieldwork.
    #[schemars(with = "cchc_core::DayForm")]
    pub date: Date,
    /// Per cent of the quota, 0 to 100.
    pub percent: i32,
}

/// The fieldwork: its first and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub open: Date,
    /// Last day.
    pub close: Date,
}

/// How a stratum stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// Responses wanted.
    pub quota: i64,
    /// Responses that have come.
    pub stored: i64,
    /// Responses that should have come by the end of the day before, rounded up.
    pub due: i64,
    /// Responses there will be at the end at the present pace, rounded down; nothing before any are due.
    pub foreseen: Option<i64>,
    /// Days left, with the day itself.
    pub days_left: i64,
}

impl Outlook {
    /// Responses still to come.
    #[must_use]
    pub fn needed(&self) -> i64 {
        (self.quota - self.stored).max(0)
    }

    /// Whether the quota will be missed at the present pace.
    #[must_use]
    pub fn will_miss(&self) -> bool {
        self.stored < self.due
    }

    /// Responses a day from now on that still reach the quota, rounded up; nothing when no day is left.
    #[must_use]
    pub fn needed_a_day(&self) -> Option<i64> {
        let days = Some(self.days_left).filter(|days| *days > 0)?;
        Some((self.needed() + days - 1) / days)
    }
}

impl Window {
    /// How a stratum stands on a day, of whose responses none is expected yet on the day itself.
    #[must_use]
    pub fn outlook(
        self,
        points: &[PacePoint],
        (quota, stored): (i64, i64),
        today: Date,
    ) -> Outlook {
        let (part, whole) = self.share(points, today);
        let due = (i128::from(quota) * part + whole - 1) / whole;
        let foreseen = (i128::from(stored) * whole).checked_div(part);
        let days_left = self.days_before(self.close) + 1 - self.days_before(today);
        Outlook {
            quota,
            stored,
            due: i64::try_from(due).unwrap_or(i64::MAX),
            foreseen: foreseen.map(|all| i64::try_from(all).unwrap_or(i64::MAX)),
            days_left: days_left.clamp(0, self.days_before(self.close) + 1),
        }
    }

    /// The part of a quota that should have come before a day, as part and whole: on straight lines from
    /// nothing before the first day through the points to everything at the end of the last.
    fn share(self, points: &[PacePoint], day: Date) -> (i128, i128) {
        let at = self.days_before(day);
        let last = PacePoint { date: self.close, percent: 100 };
        let (mut from, mut reached) = (0, 0);
        for PacePoint { date, percent } in points.iter().chain([&last]) {
            let (until, percent) = (self.days_before(*date) + 1, i64::from(*percent));
            if at < until && until > from {
                let risen = reached * (until - from) + (percent - reached) * (at - from).max(0);
                return (risen.into(), (100 * (until - from)).into());
            }
            (from, reached) = (until, percent);
        }
        (1, 1)
    }

    /// Days of fieldwork before a day; negative before it begins.
    fn days_before(self, day: Date) -> i64 {
        (day - self.open).whole_days()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Duration, macros::date};

    use super::*;

    const JUNE: Window = Window { open: date!(2018 - 06 - 01), close: date!(2018 - 06 - 30) };

    fn on(day: Date, stored: i64) -> Outlook {
        JUNE.outlook(&[], (300, stored), day)
    }

    #[test]
    fn a_straight_pace_wants_as_much_every_day() {
        let third = on(date!(2018 - 06 - 11), 99);

        assert_eq!((third.due, third.foreseen, third.days_left), (100, Some(297), 20));
        assert_eq!((third.needed(), third.needed_a_day()), (201, Some(11)));
        assert!(third.will_miss());
        assert!(!on(date!(2018 - 06 - 11), 100).will_miss());
        // 200 over 20 days are ten a day; one more is begun by nobody on a part of a day.
        assert_eq!(on(date!(2018 - 06 - 11), 100).needed_a_day(), Some(10));
        assert_eq!(on(date!(2018 - 06 - 11), 98).needed_a_day(), Some(11));
        assert_eq!(on(date!(2018 - 06 - 11), 300).needed_a_day(), Some(0));
    }

    #[test]
    fn nothing_is_foreseen_on_the_first_day_and_everything_known_after_the_last() {
        let first = on(date!(2018 - 06 - 01), 0);
        let last = on(date!(2018 - 06 - 30), 289);
        let after = on(date!(2018 - 07 - 01), 299);

        assert_eq!((first.due, first.foreseen, first.will_miss()), (0, None, false));
        assert_eq!((last.due, last.days_left, last.will_miss()), (290, 1, true));
        assert_eq!((after.due, after.days_left, after.needed_a_day()), (300, 0, None));
        assert_eq!((after.foreseen, after.will_miss()), (Some(299), true));
        assert_eq!(on(date!(2018 - 05 - 01), 0).days_left, 30);
    }

    #[test]
    fn a_declared_pace_bends_at_its_points() {
        let slow = [
            PacePoint { date: date!(2018 - 06 - 10), percent: 10 },
            PacePoint { date: date!(2018 - 06 - 20), percent: 50 },
        ];
        let due = |day| JUNE.outlook(&slow, (100, 0), day).due;

        assert_eq!(due(date!(2018 - 06 - 06)), 5);
        assert_eq!(due(date!(2018 - 06 - 11)), 10);
        assert_eq!(due(date!(2018 - 06 - 16)), 30);
        assert_eq!(due(date!(2018 - 06 - 26)), 75);
        assert_eq!(due(date!(2018 - 07 - 01)), 100);
    }

    proptest! {
        #[test]
        fn what_is_due_never_falls_and_ends_at_the_quota(
            percents in proptest::collection::vec(0..=100_i32, 0..4), quota in 1..10_000_i64
        ) {
            let mut percents = percents;
            percents.sort_unstable();
            let days = [5, 11, 17, 29].into_iter();
            let points: Vec<PacePoint> = percents
                .into_iter()
                .zip(days)
                .map(|(percent, day)| PacePoint { date: JUNE.open + Duration::days(day), percent })
                .collect();

            let due: Vec<i64> = (-2..35)
                .map(|day| JUNE.outlook(&points, (quota, 0), JUNE.open + Duration::days(day)).due)
                .collect();

            prop_assert!(due.is_sorted());
            prop_assert_eq!((due[0], due[36]), (0, quota));
        }

        #[test]
        fn a_stratum_misses_when_what_is_foreseen_is_too_little(
            quota in 1..10_000_i64, stored in 0..10_000_i64, day in 1..40_i64
        ) {
            let outlook = JUNE.outlook(&[], (quota, stored), JUNE.open + Duration::days(day));

            prop_assert_eq!(outlook.will_miss(), outlook.foreseen.is_some_and(|all| all < quota));
        }
    }
}

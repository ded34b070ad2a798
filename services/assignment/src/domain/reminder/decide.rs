//! Which notices are raised now, to whom, and on which day each recipient hears of them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::UnitCode;
use cchc_scoring::calendar::{Calendar, OccurrenceName};
use time::{Date, OffsetDateTime};

use super::{Audience, NoticeKey, Policy, Recipient, Ripe, Subject};
use crate::domain::assignment::State;

/// An assignment or a periodic report as far as reminding goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) subject: Subject,
    pub(crate) unit: UnitCode,
    /// The present version, and when it became so.
    pub(crate) version: i64,
    pub(crate) changed: OffsetDateTime,
    pub(crate) state: State,
    /// When it was the unit's, the first stretch first; never nothing.
    pub(crate) held: Vec<Held>,
    /// The day on which the unit got it from another one; absent where the plan gave it.
    pub(crate) received: Option<Date>,
    /// Empty while nobody was named.
    pub(crate) officer: String,
    /// Every day on which the unit said that it was done.
    pub(crate) done_dates: Vec<Date>,
}

/// A stretch of days over which something was a unit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// The day on which it was given.
    pub(crate) from: Date,
    /// The day on which it was moved to another unit; absent while it was not.
    pub(crate) until: Option<Date>,
}

impl Held {
    /// From a day on.
    pub(crate) const fn since(from: Date) -> Self {
        Self { from, until: None }
    }
}

impl Watched {
    /// Whether a time it falls due is the unit's at all: what is done once while the unit has it, and of what
    /// recurs the times whose last day fell while it had it. So a time is one unit's, however often it moves.
    pub(crate) fn owes(&self, window: Option<(Date, Date)>, last: Date) -> bool {
        match window {
            None => self.held.last().is_some_and(|held| held.until.is_none()),
            Some(_) => self
                .held
                .iter()
                .any(|held| held.from <= last && held.until.is_none_or(|until| last < until)),
        }
    }

    /// Whether a step is news to those it is meant for. Who watches over the plan, and the Chairman, were told
    /// under the name of the unit that had it before; the unit's own people were not.
    fn is_news(&self, of: &Ripe) -> bool {
        match of.step.audience {
            Audience::Officer | Audience::Head => true,
            Audience::Steering | Audience::Chairman => {
                self.received.is_none_or(|received| of.since >= received)
            }
        }
    }

    /// Whether nothing is owed any more for a time it falls due.
    ///
    /// What is done once is done when the unit has said so and nobody has returned it. What recurs is
    /// done by a report on a day of its window: a reception that was missed is not made up for by the
    /// next one. What was returned is not done by its newest report.
    pub(crate) fn is_done(&self, window: Option<(Date, Date)>) -> bool {
        let Some((first, end)) = window else { return self.state.is_done() };
        let returned = if self.state == State::Returned { self.done_dates.last() } else { None };
        let within = |day: &&Date| (first..=end).contains(*day);
        self.done_dates.iter().filter(within).any(|day| Some(day) != returned)
    }
}

/// What was raised and acknowledged before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) raised: BTreeSet<NoticeKey>,
    /// The newest day on which somebody acknowledged a notice about a time.
    pub(crate) acknowledged: BTreeMap<(Subject, OccurrenceName), Date>,
}

/// A notice that is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) key: NoticeKey,
    pub(crate) unit: UnitCode,
    pub(crate) last: Date,
    pub(crate) recipient: Recipient,
}

/// Decides which ripe notices about what a unit owes are raised.
pub(crate) fn decide(
    watched: &Watched,
    ripe: &[Ripe],
    known: &Known,
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Vec<Due> {
    let is_open = |of: &&Ripe| {
        let time = (watched.subject.clone(), of.occurrence.clone());
        let held_back = known
            .acknowledged
            .get(&time)
            .is_some_and(|on| is_held_back(*on, policy, calendar, today));
        let is_owed = watched.owes(of.window, of.last) && !watched.is_done(of.window);
        !held_back && is_owed && watched.is_news(of)
    };
    ripe.iter()
        .filter(is_open)
        .map(|of| {
            let audience = of.step.audience;
            let key = NoticeKey {
                subject: watched.subject.clone(),
                occurrence: of.occurrence.clone(),
                working_days: of.step.working_days,
                audience,
            };
            let recipient = recipient(audience, watched, policy);
            Due { key, unit: watched.unit.clone(), last: of.last, recipient }
        })
        .filter(|due| !known.raised.contains(&due.key))
        .collect()
}

/// Whether an acknowledgement still holds back what would follow. Where the calendar does not say how many
/// working days have passed, it does: what is not known is not held against anybody.
fn is_held_back(on: Date, policy: &Policy, calendar: &Calendar, today: Date) -> bool {
    match policy.acknowledgement_working_days {
        None => true,
        Some(days) => {
            calendar.working_days(on, today).map_or(true, |passed| passed < u32::from(days))
        }
    }
}

fn recipient(audience: Audience, watched: &Watched, policy: &Policy) -> Recipient {
    let (unit, officer) = match audience {
        Audience::Officer => (&watched.unit, watched.officer.clone()),
        Audience::Head => (&watched.unit, String::new()),
        Audience::Steering => (&policy.steering, String::new()),
        Audience::Chairman => (&policy.province, String::new()),
    };
    Recipient { unit: unit.clone(), audience, officer }
}

/// On which day a recipient hears of what is raised now.
#[derive(Debug)]
pub(crate) struct Sending<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) calendar: &'a Calendar,
    pub(crate) now: OffsetDateTime,
    pub(crate) today: Date,
}

impl Sending<'_> {
    /// The day of the digest: today while it can still be sent, otherwise the next day that is worked.
    ///
    /// `is_sent` says whether today's digest of the recipient is on its way already: there is one for each
    /// recipient and day. Where a year is not known its days count as worked, since a notice is better a
    /// day early than lost.
    pub(crate) fn day(&self, is_sent: bool) -> Date {
        if !is_sent && self.may_send(self.today) && !self.policy.is_quiet(self.now, self.today) {
            return self.today;
        }
        let mut day = self.today;
        loop {
            day = match day.next_day() {
                Some(next) if self.may_send(next) => return next,
                Some(next) => next,
                None => return day,
            };
        }
    }

    /// When a digest of a day may be sent at the earliest.
    pub(crate) fn time(&self, day: Date) -> OffsetDateTime {
        self.policy.send_time(day).max(self.now)
    }

    fn may_send(&self, day: Date) -> bool {
        self.policy.sends_on_days_off || self.calendar.is_working_day(day).unwrap_or(true)
    }
}

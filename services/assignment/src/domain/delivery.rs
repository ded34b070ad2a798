//! Digests on their way to people: whom they reach where, and when what failed is tried again.
//!
//! A digest is delivered over each channel of its recipient, at least once. Each channel has a state of its
//! own, so that a dead mail server holds up no webhook. Decision 0040.

mod letter;

use cchc_core::UnitCode;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

pub(crate) use letter::{Letter, Line, letter};

use super::reminder::{Audience, Recipient};

/// Recipients of a directory.
pub(crate) const MOST_CONTACTS: usize = 2_000;
/// Addresses of a recipient.
pub(crate) const MOST_EMAILS: usize = 10;
/// Attempts of a round: with the pauses between them about a working day.
pub(crate) const MOST_ATTEMPTS: i32 = 14;
/// How long an attempt may be under way before another may begin.
pub(crate) const UNDER_WAY: Duration = Duration::minutes(2);
/// Digests that were complete longer ago are not sent any more when somebody gets an address at last.
pub(crate) const STALE: Duration = Duration::days(3);
/// The pause after the first failure; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::seconds(30);
const LONGEST_PAUSE: Duration = Duration::hours(1);

/// How a digest reaches its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    Email,
    Webhook,
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Email, Self::Webhook];

    /// The word in the database, and in metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// Reads the word in the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Sent,
    GivenUp,
}

impl State {
    const ALL: [Self; 3] = [Self::Pending, Self::Sent, Self::GivenUp];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
        }
    }

    /// Reads the word in the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A secret as it is kept: the name of the key that wraps it, and what is wrapped, in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    pub(crate) key: String,
    pub(crate) sealed: String,
}

/// Where a webhook is received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Sealed,
}

/// Where digests to a recipient go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    pub(crate) unit: UnitCode,
    pub(crate) audience: Audience,
    /// Empty for the unit itself.
    pub(crate) officer: String,
    pub(crate) emails: Vec<String>,
    pub(crate) webhook: Option<Webhook>,
}

impl Contact {
    /// Whether it is reached over a channel.
    pub(crate) const fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => !self.emails.is_empty(),
            Channel::Webhook => self.webhook.is_some(),
        }
    }

    /// What its secret is sealed about: moved to another recipient it does not open.
    pub(crate) fn about(&self) -> String {
        format!("webhook {} {} {}", self.unit, self.audience.as_str(), self.officer)
    }

    fn is_of(&self, unit: &UnitCode, audience: Audience, officer: &str) -> bool {
        (&self.unit, self.audience, self.officer.as_str()) == (unit, audience, officer)
    }
}

/// Where the digests of a province go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Directory(pub(crate) Vec<Contact>);

impl Directory {
    /// Finds where a recipient's digests go over a channel: to the one named exactly, or else to the unit's
    /// for that audience, or else to the unit's own. Better read by the office than by nobody.
    pub(crate) fn contact(&self, to: &Recipient, channel: Channel) -> Option<&Contact> {
        let find = |audience, officer: &str| {
            let mut all = self.0.iter().filter(|contact| contact.has(channel));
            all.find(|contact| contact.is_of(&to.unit, audience, officer))
        };
        find(to.audience, &to.officer)
            .or_else(|| find(to.audience, ""))
            .or_else(|| find(Audience::Officer, ""))
    }

    /// Finds a recipient as it is named.
    pub(crate) fn named(&self, of: &Contact) -> Option<&Contact> {
        self.0.iter().find(|contact| contact.is_of(&of.unit, of.audience, &of.officer))
    }
}

/// A delivery as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) digest: Uuid,
    pub(crate) channel: Channel,
    pub(crate) state: State,
    pub(crate) recipient: Recipient,
    pub(crate) send_date: Date,
    pub(crate) notice_count: i64,
    pub(crate) attempt_count: i64,
    pub(crate) next_time: OffsetDateTime,
    pub(crate) last_error: String,
    pub(crate) change_time: OffsetDateTime,
}

/// An attempt that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) digest: Uuid,
    pub(crate) channel: Channel,
    /// Numbers the attempts of all rounds, from 1.
    pub(crate) number: i64,
    /// Numbers those of this round, from 1.
    pub(crate) tried: i32,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The receiving side has taken it.
    Taken,
    /// It may go well another time.
    Failed(String),
    /// It will not go well another time.
    Refused(String),
}

impl Attempt {
    /// How far the delivery is after it, and when it is tried again.
    pub(crate) fn settle(&self, ended: &Ended, now: OffsetDateTime) -> (State, OffsetDateTime) {
        match ended {
            Ended::Taken => (State::Sent, now),
            Ended::Refused(_) => (State::GivenUp, now),
            Ended::Failed(_) if self.tried >= MOST_ATTEMPTS => (State::GivenUp, now),
            Ended::Failed(_) => (State::Pending, now + self.pause()),
        }
    }

    /// The pause after a failure: doubled each time, and for each digest a little another, from four fifths
    /// to six fifths, so that a server that comes back does not get everything at once.
    fn pause(&self) -> Duration {
        let doubled = u32::try_from(self.tried.saturating_sub(1)).unwrap_or(0).min(20);
        let seconds = FIRST_PAUSE.whole_seconds().saturating_mul(1 << doubled);
        let seconds = seconds.min(LONGEST_PAUSE.whole_seconds());
        let [.., last] = *self.digest.as_bytes();
        let spread = (i64::from(last) + self.number.saturating_mul(17)).rem_euclid(41);
        Duration::seconds(seconds.saturating_mul(80 + spread) / 100)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2018-06-14 07:30 +7);

    fn attempt(digest: u128, tried: i32) -> Attempt {
        let number = i64::from(tried);
        Attempt { digest: Uuid::from_u128(digest), channel: Channel::Email, number, tried }
    }

    proptest! {
        #[test]
        fn a_pause_is_never_shorter_than_half_a_minute_less_a_fifth_nor_longer_than_an_hour_and_a_fifth(
            digest: u128, tried in 1..MOST_ATTEMPTS,
        ) {
            let failed = Ended::Failed("away".to_owned());
            let (state, next) = attempt(digest, tried).settle(&failed, NOW);

            prop_assert_eq!(state, State::Pending);
            prop_assert!((24..=4320).contains(&(next - NOW).whole_seconds()));
        }
    }

    #[test]
    fn what_failed_often_enough_or_was_refused_is_given_up() {
        let failed = Ended::Failed("away".to_owned());
        let refused = Ended::Refused("no such mailbox".to_owned());

        assert_eq!(attempt(1, MOST_ATTEMPTS).settle(&failed, NOW).0, State::GivenUp);
        assert_eq!(attempt(1, 1).settle(&refused, NOW).0, State::GivenUp);
        assert_eq!(attempt(1, 1).settle(&Ended::Taken, NOW).0, State::Sent);
    }

    fn contact(unit: &str, audience: Audience, officer: &str, email: &str) -> Contact {
        Contact {
            unit: unit.parse().unwrap(),
            audience,
            officer: officer.to_owned(),
            emails: vec![email.to_owned()],
            webhook: None,
        }
    }

    #[test]
    fn a_digest_goes_to_whom_it_names_or_to_the_office() {
        let directory = Directory(vec![
            contact("193", Audience::Officer, "", "office"),
            contact("193", Audience::Officer, "an", "an"),
            contact("193", Audience::Head, "", "head"),
        ]);
        let to = |unit: &str, audience, officer: &str| {
            let (unit, officer) = (unit.parse().unwrap(), officer.to_owned());
            let found = directory.contact(&Recipient { unit, audience, officer }, Channel::Email);
            found.map(|contact| contact.emails[0].clone())
        };

        assert_eq!(to("193", Audience::Officer, "an").as_deref(), Some("an"));
        assert_eq!(to("193", Audience::Officer, "binh").as_deref(), Some("office"));
        assert_eq!(to("193", Audience::Head, "").as_deref(), Some("head"));
        assert_eq!(to("193", Audience::Steering, "").as_deref(), Some("office"));
        assert_eq!(to("194", Audience::Head, ""), None);
    }
}

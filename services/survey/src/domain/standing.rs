//! Where a response stands beside others: whether the same person answered before, whether its printed code
//! was used up.
//!
//! Both are functions of the *set* of responses that hold, not of the order in which they came: of the
//! responses under one respondent key the earliest counts (by the time of answering, then by id; those that
//! their own flags exclude come last, so that a spoiled first attempt does not cost a person their
//! answer). So a resend, another order or two collectors at once give the same figures, and a retraction, a
//! correction or an erasure moves them to what they would be had it never come: when the response that
//! counted is taken back, the next of the same person counts.

use std::{cmp::Ordering, collections::HashMap};

use cchc_core::ResponseId;
use time::OffsetDateTime;

use super::quality::{Flag, Flags, Quality};

/// A response beside which others may stand.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: ResponseId,
    /// The revision that holds.
    pub(crate) revision: i32,
    /// Nothing where that takes the response back.
    pub(crate) time: Option<OffsetDateTime>,
    /// The flags that follow from it alone.
    pub(crate) own: Flags,
    /// Who answered: the generation of the secret and the hash.
    pub(crate) person: Option<(i16, Vec<u8>)>,
    pub(crate) slip_code: Option<String>,
    /// Whether every response of the same person is among those looked at, and every one under the same code.
    pub(crate) is_person_whole: bool,
    pub(crate) is_slip_whole: bool,
    /// As it was judged before.
    pub(crate) known: Standing,
}

/// How a response is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    pub(crate) flags: Flags,
    /// The revision that does not count.
    pub(crate) excluded: Option<i32>,
}

/// Judges responses, in their order. Of a person or a code of which not every response is there, what was found
/// before holds.
pub(crate) fn judge(quality: &Quality, members: &[Member]) -> Vec<Standing> {
    let persons =
        ranks(quality, members, |one| one.person.as_ref().filter(|_| one.is_person_whole));
    let slips = ranks(quality, members, |one| one.slip_code.as_ref().filter(|_| one.is_slip_whole));
    let limit = quality.limit(Flag::CodeReused).and_then(|limit| usize::try_from(limit).ok());
    let ranked = members.iter().zip(persons).zip(slips);
    ranked
        .map(|((member, person), slip)| {
            if member.time.is_none() {
                return Standing::default();
            }
            let had = |flag: Flag| member.known.flags.has_any(flag.alone());
            let is_again = match person {
                Some(rank) => quality.limit(Flag::SameRespondent).is_some() && rank > 0,
                None => member.person.is_some() && had(Flag::SameRespondent),
            };
            let is_used_up = match slip {
                Some(rank) => limit.is_some_and(|limit| rank >= limit),
                None => member.slip_code.is_some() && had(Flag::CodeReused),
            };
            let mut flags = member.own;
            for (flag, holds) in [(Flag::SameRespondent, is_again), (Flag::CodeReused, is_used_up)]
            {
                flags = if holds { flags.with(flag.alone()) } else { flags };
            }
            let excluded = quality.excludes(flags).then_some(member.revision);
            Standing { flags, excluded }
        })
        .collect()
}

/// The place of each response among those that share something, from 0; nothing for one that shares nothing.
fn ranks<'a, K: std::hash::Hash + Eq + 'a>(
    quality: &Quality,
    members: &'a [Member],
    key: impl Fn(&'a Member) -> Option<K>,
) -> Vec<Option<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (place, member) in members.iter().enumerate() {
        if let (Some(_), Some(key)) = (member.time, key(member)) {
            groups.entry(key).or_default().push(place);
        }
    }
    let mut ranks = vec![None; members.len()];
    for mut places in groups.into_values() {
        places.sort_by(|a, b| match (members.get(*a), members.get(*b)) {
            (Some(a), Some(b)) => order(quality, a).cmp(&order(quality, b)),
            _ => Ordering::Equal,
        });
        for (rank, place) in places.into_iter().enumerate() {
            if let Some(at) = ranks.get_mut(place) {
                *at = Some(rank);
            }
        }
    }
    ranks
}

/// What comes first among responses that share something.
const fn order(quality: &Quality, member: &Member) -> (bool, Option<OffsetDateTime>, ResponseId) {
    (quality.excludes(member.own), member.time, member.id)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;
    use serde_json::json;
    use time::{Duration, macros::datetime};

    use super::*;
    use crate::domain::quality::Rule;

    const NOON: OffsetDateTime = datetime!(2018-06-01 12:00 +7);

    fn quality() -> Quality {
        let rules = json!([
            { "flag": "same-respondent", "policy": "exclude" },
            { "flag": "speeder", "policy": "exclude", "limit": 60 },
            { "flag": "code-reused", "policy": "flag", "limit": 2 },
        ]);
        Quality::new(&serde_json::from_value::<Vec<Rule>>(rules).unwrap(), &[])
    }

    fn id(n: usize) -> ResponseId {
        format!("00000000-0000-4000-8000-0000000000{n:02}").parse().unwrap()
    }

    fn member(n: usize, person: u8, minute: i64, own: Flags) -> Member {
        Member {
            id: id(n),
            revision: 0,
            time: Some(NOON + Duration::minutes(minute)),
            own,
            person: Some((1, vec![person; 32])),
            slip_code: Some(format!("S{person}")),
            is_person_whole: true,
            is_slip_whole: true,
            known: Standing::default(),
        }
    }

    fn members() -> impl Strategy<Value = Vec<Member>> {
        let one = (0..4_u8, 0..5_i64, any::<bool>(), any::<bool>());
        proptest::collection::vec(one, 0..12).prop_map(|drawn| {
            let members = drawn.into_iter().enumerate();
            members
                .map(|(n, (person, minute, is_fast, is_retracted))| {
                    let own = if is_fast { Flag::Speeder.alone() } else { Flags::NONE };
                    let member = member(n, person, minute, own);
                    Member { time: member.time.filter(|_| !is_retracted), ..member }
                })
                .collect()
        })
    }

    #[test]
    fn the_earliest_of_a_person_counts_and_a_spoiled_attempt_costs_nothing() {
        let fast = Flag::Speeder.alone();
        let members =
            [member(1, 1, 0, fast), member(2, 1, 9, Flags::NONE), member(3, 1, 5, Flags::NONE)];

        let judged = judge(&quality(), &members);

        let again = Flag::SameRespondent.alone();
        assert_eq!(
            judged[0],
            Standing { flags: fast.with(again).with(Flag::CodeReused.alone()), excluded: Some(0) }
        );
        assert_eq!(judged[1], Standing { flags: again, excluded: Some(0) });
        assert_eq!(judged[2], Standing::default());
    }

    proptest! {
        #[test]
        fn any_order_judges_each_response_the_same(
            (members, shuffled) in members()
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        ) {
            let by_id = |members: &[Member]| {
                let judged = judge(&quality(), members);
                members.iter().map(|one| one.id).zip(judged).collect::<HashMap<_, _>>()
            };

            prop_assert_eq!(by_id(&members), by_id(&shuffled));
        }

        #[test]
        fn of_every_person_at_most_one_response_counts(members in members()) {
            let judged = judge(&quality(), &members);

            for person in 0..4_u8 {
                let own = members.iter().zip(&judged).filter(|(one, _)| {
                    one.time.is_some() && one.person == Some((1, vec![person; 32]))
                });
                let (counting, usable) = own.fold((0, 0), |(counting, usable), (one, judged)| {
                    let is_usable = one.own == Flags::NONE;
                    (counting + u8::from(judged.excluded.is_none()), usable + u8::from(is_usable))
                });
                prop_assert_eq!(counting, usable.min(1));
            }
        }
    }
}

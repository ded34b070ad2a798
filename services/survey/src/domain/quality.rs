//! Rules about responses that were answered correctly and are doubtful all the same, and the flags that
//! follow from one response alone. Those that follow from a response beside others are `standing`.
//!
//! A flag is data: it says what is amiss, not that the response is wrong. What becomes of it is the
//! survey's to declare before the first response comes, so that nobody excludes what they do not like.

use cchc_core::Collector;
use cchc_scoring::questionnaire::{Question, QuestionKind};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Longest a rule may measure: a week, in seconds.
const WEEK: i32 = 604_800;

/// What may be amiss. The number is the contract's and the bit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Flag {
    SameRespondent = 1,
    Speeder = 2,
    StraightLining = 3,
    ImpossibleTime = 4,
    CodeReused = 5,
    InterviewerShare = 6,
}

impl Flag {
    /// Every flag, in the order of their numbers.
    pub(crate) const ALL: [Self; 6] = [
        Self::SameRespondent,
        Self::Speeder,
        Self::StraightLining,
        Self::ImpossibleTime,
        Self::CodeReused,
        Self::InterviewerShare,
    ];

    /// The flag alone.
    pub(crate) const fn alone(self) -> Flags {
        Flags(1 << self as i16)
    }
}

/// What becomes of a response that bears a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Policy {
    /// The flag is not raised; what it needs is kept.
    Ignore,
    /// It counts, and bears the flag.
    Flag,
    /// It does not count.
    Exclude,
}

/// What a survey does about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) flag: Flag,
    pub(crate) policy: Policy,
    /// What the flag measures against; what it means is the flag's.
    #[serde(default)]
    pub(crate) limit: i32,
}

/// Flags of a response: bit n is the flag with the number n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) i16);

impl Flags {
    /// None.
    pub(crate) const NONE: Self = Self(0);

    /// Whether any of some flags is among them.
    pub(crate) const fn has_any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// These and others.
    #[must_use]
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// A flag, where something holds.
    const fn when(flag: Flag, holds: bool) -> Self {
        if holds { flag.alone() } else { Self::NONE }
    }
}

/// The rules of a survey, prepared for its responses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quality {
    rules: Vec<Rule>,
    /// Flags for which a response does not count.
    excluding: Flags,
    /// Places of the questions on each kind of scale.
    scales: Vec<Vec<usize>>,
}

impl Quality {
    /// Prepares the rules of a survey that asks these questions.
    pub(crate) fn new(rules: &[Rule], questions: &[Question]) -> Self {
        let excluding = rules.iter().filter(|rule| rule.policy == Policy::Exclude);
        Self {
            excluding: excluding.fold(Flags::NONE, |flags, rule| flags.with(rule.flag.alone())),
            scales: scales(questions),
            rules: rules.to_vec(),
        }
    }

    /// Whether there is any rule, so that paradata are kept.
    pub(crate) const fn is_any(&self) -> bool {
        !self.rules.is_empty()
    }

    /// The rule for a flag.
    pub(crate) fn rule(&self, flag: Flag) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.flag == flag)
    }

    /// What a flag measures against, where it is raised.
    pub(crate) fn limit(&self, flag: Flag) -> Option<i32> {
        self.rule(flag).filter(|rule| rule.policy != Policy::Ignore).map(|rule| rule.limit)
    }

    /// Flags for which a response does not count.
    pub(crate) const fn excluding(&self) -> Flags {
        self.excluding
    }

    /// Whether a response that bears these does not count.
    pub(crate) const fn excludes(&self, flags: Flags) -> bool {
        flags.has_any(self.excluding)
    }

    /// The flags that follow from one version of a response, whatever others there are. What is not known
    /// raises none.
    pub(crate) fn own(
        &self,
        answers: &[u8],
        time: OffsetDateTime,
        start: Option<OffsetDateTime>,
    ) -> Flags {
        let took = start.map(|start| time - start);
        let is_fast =
            |limit: i32| took.is_some_and(|took| !took.is_negative() && took < whole(limit));
        let is_impossible = |limit: i32| {
            took.is_some_and(|took| took.is_negative() || (limit > 0 && took > whole(limit)))
        };
        let raised = |flag: Flag, holds: &dyn Fn(i32) -> bool| {
            Flags::when(flag, self.limit(flag).is_some_and(holds))
        };
        raised(Flag::Speeder, &is_fast)
            .with(raised(Flag::ImpossibleTime, &is_impossible))
            .with(raised(Flag::StraightLining, &|limit| self.is_straight(answers, limit)))
    }

    /// Whether all answers on one kind of scale are the same, over at least so many questions. What was not
    /// answered on the scale is passed over.
    fn is_straight(&self, answers: &[u8], least: i32) -> bool {
        let least = usize::try_from(least).unwrap_or(usize::MAX);
        self.scales.iter().any(|places| {
            let given = places.iter().filter_map(|place| answers.get(*place).copied());
            let mut given = given.filter(|answer| (1..=5).contains(answer)).peekable();
            let first = given.peek().copied();
            let (mut count, mut is_same) = (0, true);
            for answer in given {
                count += 1;
                is_same &= Some(answer) == first;
            }
            is_same && count >= least
        })
    }
}

const fn whole(seconds: i32) -> time::Duration {
    time::Duration::seconds(seconds as i64)
}

/// The places of the questions on each kind of scale.
fn scales(questions: &[Question]) -> Vec<Vec<usize>> {
    let of = |kind: QuestionKind| {
        let places = questions.iter().enumerate().filter(move |(_, one)| one.kind == kind);
        places.map(|(place, _)| place).collect::<Vec<_>>()
    };
    [QuestionKind::Likert5, QuestionKind::Likert4, QuestionKind::Likert3]
        .into_iter()
        .map(of)
        .filter(|places| !places.is_empty())
        .collect()
}

/// Refuses everything that is wrong with the rules of a survey. Whether the service can keep what they need
/// is not asked here.
pub(crate) fn check(c: &mut Collector, rules: &[Option<Rule>], questions: &[Option<Question>]) {
    let known: Vec<Question> = questions.iter().flatten().cloned().collect();
    let on_one_scale = scales(&known).iter().map(Vec::len).max().unwrap_or_default();
    let on_one_scale = i32::try_from(on_one_scale).unwrap_or(i32::MAX);
    let mut seen = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        let Some(rule) = rule else { continue };
        c.at(format!("quality_rules[{place}]"), |c| {
            if seen.contains(&rule.flag) {
                c.refuse("flag", "DUPLICATE", "stands in the list before", "đã có trong danh sách");
            }
            seen.push(rule.flag);
            check_rule(c, *rule, on_one_scale);
        });
    }
}

fn check_rule(c: &mut Collector, rule: Rule, on_one_scale: i32) {
    let (least, most) = match rule.flag {
        Flag::SameRespondent => (0, 0),
        Flag::Speeder => (1, 86_400),
        Flag::StraightLining => (2, on_one_scale.max(2)),
        Flag::ImpossibleTime => (0, WEEK),
        Flag::CodeReused => (1, 1_000_000),
        Flag::InterviewerShare => (1, 99),
    };
    if !(least..=most).contains(&rule.limit) {
        let english = format!("must be {least} to {most}");
        c.refuse("limit", "OUT_OF_RANGE", english, format!("phải từ {least} đến {most}"));
    }
    if rule.flag == Flag::StraightLining && on_one_scale < 2 {
        c.refuse(
            "flag",
            "SCALES_MISSING",
            "the survey has no two questions on one kind of scale",
            "phiếu không có hai câu hỏi nào cùng một loại thang điểm",
        );
    }
    if rule.flag == Flag::InterviewerShare && rule.policy == Policy::Exclude {
        c.refuse(
            "policy",
            "FLAG_ONLY",
            "is found when asked for, and excludes nobody",
            "chỉ dùng để cảnh báo khi xem, không dùng để loại phiếu",
        );
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;
    use time::{Duration, macros::datetime};

    use super::*;

    const NOON: OffsetDateTime = datetime!(2018-06-01 12:00 +7);

    fn quality(rules: serde_json::Value) -> Quality {
        let question =
            |n: i32, kind: &str| json!({ "code": format!("Q{n}"), "text": "?", "kind": kind });
        let questions: Vec<Question> = serde_json::from_value(json!([
            question(1, "likert5"),
            question(2, "yes-no"),
            question(3, "likert5"),
            question(4, "likert5"),
        ]))
        .unwrap();
        Quality::new(&serde_json::from_value::<Vec<Rule>>(rules).unwrap(), &questions)
    }

    #[test]
    fn time_is_judged_at_its_limits_and_unknown_time_is_not() {
        let quality = quality(json!([
            { "flag": "speeder", "policy": "flag", "limit": 60 },
            { "flag": "impossible-time", "policy": "exclude", "limit": 3600 },
        ]));
        let own = |took: Option<i64>| {
            quality.own(&[5, 1, 4, 0], NOON, took.map(|took| NOON - Duration::milliseconds(took)))
        };

        assert_eq!(own(None), Flags::NONE);
        assert_eq!(own(Some(0)), Flag::Speeder.alone());
        assert_eq!(own(Some(59_999)), Flag::Speeder.alone());
        assert_eq!(own(Some(60_000)), Flags::NONE);
        assert_eq!(own(Some(3_600_000)), Flags::NONE);
        assert_eq!(own(Some(3_600_001)), Flag::ImpossibleTime.alone());
        assert_eq!(own(Some(-1)), Flag::ImpossibleTime.alone());
        assert!(quality.excludes(own(Some(-1))) && !quality.excludes(own(Some(0))));
    }

    #[test]
    fn a_straight_line_is_the_same_answer_on_one_scale_over_enough_questions() {
        let quality = quality(json!([{ "flag": "straight-lining", "policy": "flag", "limit": 3 }]));
        let is_straight = |answers: [u8; 4]| quality.own(&answers, NOON, None) != Flags::NONE;

        assert!(is_straight([4, 1, 4, 4]));
        assert!(is_straight([1, 2, 1, 1]));
        assert!(!is_straight([4, 4, 4, 3]));
        assert!(!is_straight([4, 4, 4, 0]), "two answers are too few");
        assert!(!is_straight([255, 1, 255, 255]), "\"don't know\" is no answer on the scale");
    }

    #[test]
    fn a_rule_that_ignores_raises_nothing() {
        let quality = quality(json!([{ "flag": "speeder", "policy": "ignore", "limit": 60 }]));

        assert_eq!(quality.own(&[5, 1, 4, 0], NOON, Some(NOON)), Flags::NONE);
        assert!(quality.is_any());
    }
}

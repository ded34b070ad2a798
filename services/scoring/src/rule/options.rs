//! The maximum by what each answer is worth, weighted by how many gave it.
//!
//! A province's own index maps answers A, B, C, D to 100, 60, 20 and 0 % of the maximum: half A and half
//! B is four fifths of it. Counts are added up as they are and divided once.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, Points, Quantity};

use super::{AnswerOption, Input, RuleFault, fault};
use crate::derivation::Steps;

pub(super) fn evaluate(
    options: &[AnswerOption],
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let Input::Options(counts) = input else {
        steps.no_input(input);
        return None;
    };
    let max = max?;
    if let Some(count) = stranger(options, counts) {
        steps.add(
            "Có câu trả lời ngoài các phương án của quy tắc",
            "answers that the rule does not know",
            count,
        );
        return None;
    }
    let (mut worth, mut valid) = (Decimal::ZERO, Decimal::ZERO);
    for option in options {
        let count = counts.get(&option.option).copied().unwrap_or_default().get();
        let (title, title_en) = (&option.title, &option.title_en);
        steps.add(
            format!("Số câu trả lời {} – {title}", option.option),
            format!("answers {} – {title_en}", option.option),
            count,
        );
        valid = valid.checked_add(count)?;
        worth = worth.checked_add(count.checked_mul(option.percent)?)?;
    }
    if valid.is_zero() {
        steps.add("Chưa có câu trả lời hợp lệ", "no valid answer", valid);
        return None;
    }
    let share = worth.checked_div(valid)?;
    steps.add(
        "Giá trị bình quân (% điểm tối đa)",
        "worth in per cent",
        Points::nearest(share).get(),
    );
    let whole = valid.checked_mul(Decimal::ONE_HUNDRED)?;
    let points = Points::nearest(worth.checked_mul(max.get())?.checked_div(whole)?);
    steps.add("Giá trị bình quân × điểm tối đa", "worth × maximum", points.get());
    Some(points)
}

/// How many gave an answer that the rule does not know.
fn stranger(options: &[AnswerOption], counts: &BTreeMap<String, Quantity>) -> Option<Decimal> {
    let is_known = |name: &str| options.iter().any(|option| option.option == name);
    let mut given = counts.iter().filter(|(_, count)| **count > Quantity::ZERO);
    given.find(|(name, _)| !is_known(name)).map(|(_, count)| count.get())
}

pub(super) fn check(options: &[AnswerOption], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = fault::needs_maximum(max).collect();
    if options.is_empty() {
        faults.push(RuleFault::Empty);
        return faults;
    }
    let mut seen = BTreeSet::new();
    for option in options {
        if !seen.insert(&option.option) {
            faults.push(RuleFault::OptionTwice { option: option.option.clone() });
        }
        if option.percent < Decimal::ZERO || option.percent > Decimal::ONE_HUNDRED {
            let (option, percent) = (option.option.clone(), option.percent);
            faults.push(RuleFault::OptionOutOfRange { option, percent });
        }
    }
    let best = options.iter().map(|option| option.percent).max().unwrap_or_default();
    if best < Decimal::ONE_HUNDRED {
        faults.push(RuleFault::NoOptionGivesAll { best });
    }
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn option(name: &str, percent: i64) -> AnswerOption {
        AnswerOption {
            option: name.to_owned(),
            title: name.to_owned(),
            title_en: name.to_owned(),
            percent: Decimal::from(percent),
        }
    }

    fn points(counts: &[(&str, u64)]) -> Option<String> {
        let options = [("A", 100), ("B", 60), ("C", 20), ("D", 0)];
        let rule =
            Rule::Options { options: options.map(|(name, worth)| option(name, worth)).into() };
        let max = Some("2".parse().unwrap());
        assert_eq!(rule.check(max), []);
        let quantity = |count: u64| Quantity::new(count.into()).unwrap();
        let counts =
            counts.iter().map(|(name, count)| ((*name).to_owned(), quantity(*count))).collect();
        rule.evaluate(max, &Input::Options(counts)).points.map(|points| points.to_string())
    }

    #[test]
    fn answers_are_worth_100_60_20_and_0_per_cent() {
        assert_eq!(points(&[("A", 40)]).as_deref(), Some("2"));
        assert_eq!(points(&[("A", 20), ("B", 20)]).as_deref(), Some("1.6"));
        assert_eq!(points(&[("B", 3)]).as_deref(), Some("1.2"));
        assert_eq!(points(&[("C", 1), ("D", 2)]).as_deref(), Some("0.133333333"));
        assert_eq!(points(&[("D", 7)]).as_deref(), Some("0"));
    }

    #[test]
    fn no_answers_and_unknown_answers_give_nothing() {
        assert_eq!(points(&[]), None);
        assert_eq!(points(&[("A", 0)]), None);
        assert_eq!(points(&[("A", 9), ("E", 1)]), None);
        assert_eq!(points(&[("A", 9), ("E", 0)]).as_deref(), Some("2"));
    }

    #[test]
    fn every_fault_of_the_options_is_listed_at_once() {
        let faults = check(&[option("A", 90), option("A", -1), option("B", 101)], None);
        let short = check(&[option("A", 99)], Some("1".parse().unwrap()));

        assert_eq!(
            faults,
            [
                RuleFault::MaximumUnknown,
                RuleFault::OptionTwice { option: "A".to_owned() },
                RuleFault::OptionOutOfRange { option: "A".to_owned(), percent: (-1).into() },
                RuleFault::OptionOutOfRange { option: "B".to_owned(), percent: 101.into() },
            ]
        );
        assert_eq!(short, [RuleFault::NoOptionGivesAll { best: 99.into() }]);
        assert_eq!(check(&[], Some("1".parse().unwrap())), [RuleFault::Empty]);
    }
}

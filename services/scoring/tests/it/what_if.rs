//! What-if against brute force: every choice of every node tried, on a thousand random small trees.

use cchc_core::{Decimal, Points};
use cchc_scoring::what_if::{Attainable, Candidate, Effort, Goal, Proposal, solve, worth};
use proptest::prelude::*;

fn hundredths(n: i64) -> Decimal {
    Decimal::new(n, 2)
}

fn points(n: i64) -> Points {
    Points::new(hundredths(n)).unwrap()
}

/// A node with up to three steps, none of which need lie above where it stands.
fn stepped() -> impl Strategy<Value = (i64, Vec<i64>, (i64, i64))> {
    (0_i64..150, proptest::collection::vec(0_i64..300, 0..4), (0_i64..400, 0_i64..300))
}

fn candidate((place, (from, mut steps, (fixed, per_point))): (usize, Stepped)) -> Candidate {
    steps.sort_unstable();
    Candidate {
        node: (place + 1).to_string().parse().unwrap(),
        from: points(from),
        attainable: Attainable::Only(steps.into_iter().map(points).collect()),
        effort: Effort { fixed: hundredths(fixed), per_point: hundredths(per_point) },
    }
}

type Stepped = (i64, Vec<i64>, (i64, i64));

/// Gain and effort of every way to lift some nodes.
fn every_way(candidates: &[Candidate]) -> Vec<(Decimal, Decimal)> {
    let mut ways = vec![(Decimal::ZERO, Decimal::ZERO)];
    for candidate in candidates {
        let Attainable::Only(steps) = &candidate.attainable else { unreachable!() };
        let stay = ways.clone();
        for step in steps.iter().filter(|step| **step > candidate.from) {
            let gain = step.get() - candidate.from.get();
            let effort = candidate.effort.fixed + candidate.effort.per_point * gain;
            ways.extend(stay.iter().map(|way| (way.0 + gain, way.1 + effort)));
        }
    }
    ways
}

/// The best of them, as `solve` promises it: the goal first, then the other respect.
fn best(ways: &[(Decimal, Decimal)], goal: Goal) -> Option<(Decimal, Decimal)> {
    match goal {
        Goal::Gain(wanted) if wanted <= Decimal::ZERO => Some((Decimal::ZERO, Decimal::ZERO)),
        Goal::Gain(wanted) => {
            let enough = ways.iter().filter(|way| way.0 >= wanted);
            enough.copied().min_by_key(|(gain, effort)| (*effort, -*gain))
        }
        Goal::Within(most) => {
            let kept = ways.iter().filter(|way| way.1 <= most);
            kept.copied().max_by_key(|(gain, effort)| (*gain, -*effort))
        }
    }
}

fn sums(proposal: &Proposal) -> (Decimal, Decimal) {
    let gain = proposal.lifts.iter().map(|lift| lift.to.get() - lift.from.get()).sum();
    (gain, proposal.lifts.iter().map(|lift| lift.effort).sum())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_least_effort_is_the_least_of_all_ways(
        nodes in proptest::collection::vec(stepped(), 0..7),
        wanted in 0_i64..900,
    ) {
        let candidates: Vec<Candidate> = nodes.into_iter().enumerate().map(candidate).collect();
        let goal = Goal::Gain(hundredths(wanted));

        let found = solve(&candidates, goal).unwrap();

        let expected = best(&every_way(&candidates), goal);
        prop_assert_eq!(found.as_ref().map(sums), expected);
        prop_assert_eq!(found.map(|found| (found.gain, found.effort)), expected);
    }

    #[test]
    fn a_budget_buys_the_most_of_all_ways(
        nodes in proptest::collection::vec(stepped(), 0..7),
        budget in 0_i64..1500,
    ) {
        let candidates: Vec<Candidate> = nodes.into_iter().enumerate().map(candidate).collect();
        let goal = Goal::Within(hundredths(budget));

        let found = solve(&candidates, goal).unwrap();

        let expected = best(&every_way(&candidates), goal);
        prop_assert_eq!(found.as_ref().map(sums), expected);
    }
}

fn free(code: &str, from: i64, to: i64, effort: (i64, i64)) -> Candidate {
    Candidate {
        node: code.parse().unwrap(),
        from: points(from),
        attainable: Attainable::UpTo(points(to)),
        effort: Effort { fixed: hundredths(effort.0), per_point: hundredths(effort.1) },
    }
}

fn lifted(proposal: &Proposal) -> Vec<(String, String)> {
    let lift = |lift: &cchc_scoring::what_if::Lift| (lift.node.to_string(), lift.to.to_string());
    proposal.lifts.iter().map(lift).collect()
}

fn lift(code: &str, to: &str) -> (String, String) {
    (code.to_owned(), to.to_owned())
}

#[test]
fn ranking_by_points_for_effort_would_be_wrong_and_is_not_done() {
    // 1 gives most for its effort; but 2 alone reaches the goal and costs less than 1 and 3 together.
    let step = |code: &str, gain: i64, effort: i64| Candidate {
        attainable: Attainable::Only(vec![points(gain)]),
        ..free(code, 0, gain, (effort, 0))
    };
    let candidates = [step("1", 60, 100), step("2", 70, 150), step("3", 30, 100)];

    let found = solve(&candidates, Goal::Gain(hundredths(70))).unwrap().unwrap();

    assert_eq!(lifted(&found), [lift("2", "0.7")]);
}

#[test]
fn of_equal_efforts_the_one_that_gains_most_is_taken() {
    let candidates = [free("1", 100, 120, (100, 0)), free("2", 800, 1000, (100, 0))];

    let found = solve(&candidates, Goal::Gain(hundredths(18))).unwrap().unwrap();

    assert_eq!(lifted(&found), [lift("2", "10")]);
    assert_eq!((found.gain, found.effort), (Decimal::from(2), Decimal::ONE));
}

#[test]
fn of_equal_gains_the_one_at_the_least_effort_is_taken() {
    let (dear, cheap) = (free("1", 0, 100, (200, 0)), free("2", 0, 100, (100, 0)));
    let apart = [free("3", 0, 100, (210, 0)), free("4", 0, 100, (220, 0))];

    for candidates in [
        [&[dear.clone(), cheap.clone()][..], &apart[..]].concat(),
        [&apart[..], &[cheap, dear][..]].concat(),
    ] {
        let found = solve(&candidates, Goal::Within(hundredths(250))).unwrap().unwrap();

        assert_eq!(lifted(&found), [lift("2", "1")]);
        assert_eq!((found.gain, found.effort), (Decimal::ONE, Decimal::ONE));
    }
}

#[test]
fn a_free_node_is_lifted_as_far_as_it_takes_and_no_further() {
    let candidates = [free("1", 0, 100, (0, 300)), free("2", 0, 50, (0, 100))];

    let gained = solve(&candidates, Goal::Gain(hundredths(80))).unwrap().unwrap();
    let bought = solve(&candidates, Goal::Within(hundredths(100))).unwrap().unwrap();

    assert_eq!(lifted(&gained), [lift("1", "0.3"), lift("2", "0.5")]);
    assert_eq!(gained.effort, hundredths(140));
    // 0.5 for the half, and what is left of the budget over three, cut to nine places.
    assert_eq!(lifted(&bought), [lift("1", "0.166666666"), lift("2", "0.5")]);
    assert!(bought.effort <= Decimal::ONE);
}

#[test]
fn out_of_reach_is_said_and_nothing_wanted_takes_nothing() {
    let candidates = [free("1", 0, 100, (100, 0))];

    let all = solve(&candidates, Goal::Gain(hundredths(100))).unwrap().unwrap();
    assert_eq!(lifted(&all), [lift("1", "1")], "all that there is can be had");
    assert_eq!(solve(&candidates, Goal::Gain(hundredths(101))).unwrap(), None);
    assert_eq!(solve(&candidates, Goal::Gain(Decimal::ZERO)).unwrap(), Some(Proposal::default()));
    assert_eq!(solve(&[], Goal::Within(Decimal::ONE)).unwrap(), Some(Proposal::default()));
}

#[test]
fn what_a_lift_is_worth_is_what_doing_without_it_costs() {
    let candidates =
        [free("1", 0, 100, (100, 0)), free("2", 0, 60, (100, 0)), free("3", 0, 60, (100, 0))];
    let goal = Goal::Gain(hundredths(90));
    let found = solve(&candidates, goal).unwrap().unwrap();
    let code = |text: &str| text.parse().unwrap();

    assert_eq!(lifted(&found), [lift("1", "1")]);
    assert_eq!(worth(&candidates, goal, &found, &code("1")).unwrap(), Some(Decimal::ONE));
    assert_eq!(worth(&candidates, goal, &found, &code("2")).unwrap(), Some(Decimal::ZERO));
    assert_eq!(worth(&candidates[..1], goal, &found, &code("1")).unwrap(), None);

    let budget = Goal::Within(Decimal::ONE);
    let bought = solve(&candidates, budget).unwrap().unwrap();
    assert_eq!(lifted(&bought), [lift("1", "1")]);
    let without = worth(&candidates, budget, &bought, &code("1")).unwrap();
    assert_eq!(without, Some(hundredths(40)), "1 point less 0.6");
}

//! However a year went, the three parts of a movement add up to it, and what happened alone has all of it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, PlanCode};
use cchc_scoring::catalogue::{Index, Unit};
use proptest::prelude::*;
use time::macros::date;

use super::{
    histories::history,
    sample::{appraised, assessed, index, measured, opened, plan, tallied, units},
};
use crate::domain::{
    catalogue::PublishedPlan,
    fact::Fact,
    movement::{self, Change, Movement, NodeMovement},
    recorded::Recorded,
};

fn code() -> PlanCode {
    plan().code
}

fn recorded(history: &[Fact]) -> Recorded {
    let mut recorded = Recorded::default();
    let index = index();
    recorded.learn(Fact::UnitsChanged(units()));
    recorded.learn(Fact::IndexPublished(Box::new(index)));
    let published = PublishedPlan { plan: plan(), findings: Vec::new() };
    recorded.plans = BTreeMap::from([(code(), published)]);
    history.iter().cloned().for_each(|fact| recorded.learn(fact));
    recorded
}

/// Ways in which definitions become others.
#[derive(Debug, Clone, Copy)]
enum Redefined {
    Maximum,
    Rule,
    Node,
    Unit,
    Survey,
}

impl Redefined {
    fn in_place(self, recorded: &mut Recorded) {
        match self {
            Self::Maximum => edit(recorded, |index| node(index, "2.1").max = "7".parse().ok()),
            Self::Rule => edit(recorded, |index| {
                node(index, "2.1").rule = Some(cchc_scoring::rule::Rule::Share);
            }),
            Self::Node => edit(recorded, |index| {
                index.nodes.retain(|node| node.code.as_str() != "4");
            }),
            Self::Unit => {
                let ended = |unit: &mut Unit| unit.valid_to = Some(date!(2018 - 07 - 01));
                recorded.units.get_mut(&"195".parse().unwrap()).into_iter().for_each(ended);
            }
            Self::Survey => {
                let surveys = recorded.facts.surveys.values_mut();
                surveys.for_each(|survey| survey.minimum_cell = 2);
            }
        }
    }
}

fn edit(recorded: &mut Recorded, change: impl FnOnce(&mut Index)) {
    change(recorded.indices.get_mut(&index().code).unwrap());
}

fn node<'a>(index: &'a mut Index, code: &str) -> &'a mut cchc_scoring::catalogue::Node {
    index.nodes.iter_mut().find(|node| node.code.as_str() == code).unwrap()
}

fn redefined() -> impl Strategy<Value = Redefined> {
    use Redefined::{Maximum, Node, Rule, Survey, Unit};
    prop::sample::select(vec![Maximum, Rule, Node, Unit, Survey])
}

/// What a fact is about, where another one may take its place.
fn about(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Measured(said) => Some(format!("{:?}", said.key)),
        Fact::Assessed(said) => Some(format!("assessment {:?}", said.key)),
        Fact::Appraised(said) => Some(format!("appraisal {:?}", said.key)),
        _ => None,
    }
}

/// A history cut in two, and of what came later either only what was said before, or only what was not.
fn cut() -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>, Vec<Fact>)> {
    (history(), 0_usize..100).prop_map(|(mut before, percent)| {
        let after = before.split_off(before.len() * percent / 100);
        let said: BTreeSet<String> = before.iter().filter_map(about).collect();
        let is_said = |fact: &Fact| about(fact).is_some_and(|about| said.contains(&about));
        let (again, new) = after.into_iter().partition(is_said);
        (before, again, new)
    })
}

fn compared(before: &Recorded, after: &Recorded) -> Movement {
    movement::between(&code(), before, after).unwrap()
}

fn changes(movement: &Movement) -> impl Iterator<Item = (&NodeMovement, Change)> {
    let nodes = movement.nodes.iter();
    nodes.flat_map(|node| node.points.into_iter().chain(node.certain).map(move |of| (node, of)))
}

fn is_sum(of: &Change) -> bool {
    of.correction + of.measured + of.definition == of.whole
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_movement(
        (before, again, new) in cut(),
        redefinitions in proptest::collection::vec(redefined(), 0..3),
    ) {
        let then = recorded(&before);
        let mut now = recorded(&[before, again, new].concat());
        for of in redefinitions {
            of.in_place(&mut now);
        }

        let movement = compared(&then, &now);

        for (node, change) in changes(&movement) {
            prop_assert!(is_sum(&change), "{}: {:?}", node.id, change);
        }
        for node in &movement.nodes {
            let points = |of: Option<cchc_scoring::tree::Estimate>| Some(of?.score.points?.get());
            let both = points(node.from).zip(points(node.to)).map(|(from, to)| to - from);
            prop_assert_eq!(node.points.map(|of| of.whole), both.map(|of| of.normalize()));
        }
    }

    #[test]
    fn what_is_only_corrected_is_a_correction((before, again, _) in cut()) {
        let movement = compared(&recorded(&before), &recorded(&[before.clone(), again].concat()));

        for (node, change) in changes(&movement) {
            let rest = (change.measured, change.definition);
            prop_assert_eq!(rest, (Decimal::ZERO, Decimal::ZERO), "{}", &node.id);
        }
        prop_assert_eq!(movement.changes.new_count, 0);
        prop_assert_eq!(&movement.changes.defined, &[]);
    }

    #[test]
    fn what_is_only_new_is_measured((before, _, new) in cut()) {
        let movement = compared(&recorded(&before), &recorded(&[before.clone(), new].concat()));

        for (node, change) in changes(&movement) {
            let rest = (change.correction, change.definition);
            prop_assert_eq!(rest, (Decimal::ZERO, Decimal::ZERO), "{}", &node.id);
        }
        prop_assert_eq!(movement.changes.corrected_count, 0);
        prop_assert_eq!(&movement.changes.defined, &[]);
    }

    #[test]
    fn what_is_only_defined_otherwise_is_a_definition(
        (before, _, _) in cut(),
        redefined in redefined(),
    ) {
        let then = recorded(&before);
        let mut now = then.clone();
        redefined.in_place(&mut now);

        let movement = compared(&then, &now);

        for (node, change) in changes(&movement) {
            let rest = (change.correction, change.measured);
            prop_assert_eq!(rest, (Decimal::ZERO, Decimal::ZERO), "{}", &node.id);
        }
        prop_assert_eq!(movement.changes.corrected_count + movement.changes.new_count, 0);
    }
}

fn of<'a>(movement: &'a Movement, id: &str) -> &'a NodeMovement {
    movement.nodes.iter().find(|node| node.id.to_string() == id).unwrap()
}

fn parts(change: Option<Change>) -> [String; 4] {
    let of = change.unwrap();
    [of.whole, of.correction, of.measured, of.definition].map(|part| part.to_string())
}

fn share(unit: &str, of: (i64, &str)) -> Fact {
    measured(unit, "SHARE", "2018", of)
}

#[test]
fn a_year_in_which_everything_happened_is_taken_apart() {
    let before =
        [share("193", (1, "50/100")), share("194", (1, "45/50")), assessed("T-2018/1", (1, "8"))];
    let since = [
        share("193", (2, "70/100")),
        share("195", (1, "50/50")),
        appraised("T-2018/1", 1, (1, "7.5")),
    ];
    let mut now = recorded(&[before.as_slice(), since.as_slice()].concat());
    Redefined::Maximum.in_place(&mut now);

    let movement = compared(&recorded(&before), &now);

    // 95 of 150, then 115 of 150, then 165 of 200 of the 95 % that ten points take; seven in the end.
    let expected = ["-0.587719299", "1.403508772", "0.614035087", "-2.605263158"];
    assert_eq!(parts(of(&movement, "T-2018/2.1").points), expected);
    assert_eq!(parts(of(&movement, "T-2018/1").points), ["-0.5", "0", "-0.5", "0"]);
    let changes = &movement.changes;
    let named: Vec<_> = changes
        .corrected
        .iter()
        .map(|of| (of.about.as_str(), of.from.as_str(), of.to.as_str()))
        .collect();
    assert_eq!(named, [("193 SHARE 2018", "50/100", "70/100")]);
    assert_eq!((changes.new_count, changes.corrected_count), (2, 1));
    let defined: Vec<_> = changes.defined.iter().map(|of| (of.kind, of.code.as_str())).collect();
    assert_eq!(defined, [("index", "T-2018")]);
}

#[test]
fn from_the_unknown_nothing_is_a_number_but_what_is_certain() {
    let answers = tallied(&[("Q1", "06649", 15, 20)]);
    let counted = measured("193", "COUNT", "2018", (1, "3"));

    let movement = compared(&recorded(&[]), &recorded(&[opened(), answers, counted]));

    let asked = of(&movement, "T-2018/3");
    assert_eq!((asked.points, asked.from), (None, None));
    assert_eq!(parts(of(&movement, "T-2018/2.2").certain), ["2", "0", "2", "0"]);
}

#[test]
fn a_figure_that_is_unknown_on_the_way_moves_with_the_step_that_makes_it_known_again() {
    let before = [share("193", (1, "50/100"))];
    let since = [share("193", (2, "retracted")), share("194", (1, "60/100"))];

    let movement =
        compared(&recorded(&before), &recorded(&[before.as_slice(), since.as_slice()].concat()));

    let expected = ["1.052631579", "0", "1.052631579", "0"];
    assert_eq!(parts(of(&movement, "T-2018/2.1").points), expected);
}

#[test]
fn a_node_that_is_no_more_is_named_and_does_not_move() {
    let before = recorded(&[]);
    let mut now = before.clone();
    Redefined::Node.in_place(&mut now);

    let movement = compared(&before, &now);

    let gone = movement.nodes.last().unwrap();
    assert_eq!((gone.id.to_string().as_str(), gone.is_there), ("T-2018/4", (true, false)));
    assert_eq!((gone.points, gone.certain), (None, None));
}

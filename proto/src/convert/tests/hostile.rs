//! Input that nobody honest sends, and the whole list of what is wrong with it.

use std::fmt::Debug;

use cchc_core::Collector;

use super::super::{crosswalk, finding, index, limits, plan, read, target, unit, unit_selector};
use super::samples;
use crate::{common::v1::Decimal, registry::v1 as pb};

/// Compares every violation, `path REASON` each, in the order of the message.
pub(super) fn refuses<M, T: Debug>(
    message: M,
    reader: impl FnOnce(&mut Collector, M) -> Option<T>,
    expected: &[&str],
) {
    let refused = read(message, reader).unwrap_err();
    let found: Vec<String> = refused
        .as_slice()
        .iter()
        .map(|violation| format!("{} {}", violation.path, violation.reason))
        .collect();
    assert_eq!(found, expected);
}

fn digits(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

#[test]
fn an_empty_index_lacks_everything() {
    let expected = [
        "code REQUIRED",
        "year YEAR_INVALID",
        "family REQUIRED",
        "title REQUIRED",
        "title_en REQUIRED",
        "unit REQUIRED",
        "provenance ENUM_UNKNOWN",
        "reference REQUIRED",
        "nodes ROOT_MISSING",
    ];
    refuses(pb::Index::default(), index, &expected);
}

#[test]
fn letters_that_do_not_fall_to_nothing_are_refused() {
    let of = |bands: &[(&str, &str)]| {
        let band = |(letter, percent): &(&str, &str)| pb::LetterBand {
            letter: (*letter).to_owned(),
            at_least_percent: Some(digits(percent)),
        };
        let letters = bands.iter().map(band).collect();
        pb::Index { letters, ..pb::Index::from(&samples::index()) }
    };

    for bands in [
        [("A", "70"), ("B", "80"), ("C", "0")],
        [("A", "80"), ("B", "80"), ("C", "0")],
        [("A", "80"), ("B", "70"), ("C", "60")],
    ] {
        refuses(of(&bands), index, &["letters LETTERS_INVALID"]);
    }
    refuses(of(&[("A", "80"), ("A", "0")]), index, &["letters[1].letter DUPLICATE"]);
    assert!(read(of(&[("A", "80"), ("B", "0")]), index).is_ok());
}

#[test]
fn an_empty_plan_lacks_everything() {
    let expected = [
        "code REQUIRED",
        "province_code REQUIRED",
        "year YEAR_INVALID",
        "title REQUIRED",
        "title_en REQUIRED",
        "reference REQUIRED",
    ];
    refuses(pb::Plan::default(), plan, &expected);
}

#[test]
fn empty_parts_of_a_plan_lack_everything_too() {
    let sent = pb::Plan {
        baselines: vec![pb::Baseline::default()],
        targets: vec![pb::Target { rank: Some(pb::RankTarget::default()), ..Default::default() }],
        tasks: vec![pb::Task::default()],
        deadlines: vec![pb::Deadline { due: Some(pb::Due::default()), ..Default::default() }],
        report_cycle: Some(pb::ReportCycle {
            terms: Some(pb::ReportTerms::default()),
            ..Default::default()
        }),
        ..pb::Plan::from(&samples::plan())
    };
    let expected = [
        "baselines[0].node_id REQUIRED",
        "baselines[0].year YEAR_INVALID",
        "baselines[0].reference REQUIRED",
        "targets[0].node_id REQUIRED",
        "targets[0].increase_unit ENUM_UNKNOWN",
        "targets[0].rank.kind REQUIRED",
        "targets[0].reference REQUIRED",
        "tasks[0].number REQUIRED",
        "tasks[0].title REQUIRED",
        "tasks[0].reference REQUIRED",
        "tasks[0].binds REQUIRED",
        "tasks[0].mode ENUM_UNKNOWN",
        "deadlines[0].duty REQUIRED",
        "deadlines[0].title REQUIRED",
        "deadlines[0].binds REQUIRED",
        "deadlines[0].due.due_date REQUIRED",
        "deadlines[0].reference REQUIRED",
        "report_cycle.periods REQUIRED",
        "report_cycle.reference REQUIRED",
        "report_cycle.terms.binds REQUIRED",
        "report_cycle.terms.mode ENUM_UNKNOWN",
        "report_cycle.terms.window_start_day OUT_OF_RANGE",
        "report_cycle.terms.due_day OUT_OF_RANGE",
        "report_cycle.terms.reference REQUIRED",
    ];
    refuses(sent, plan, &expected);
}

#[test]
fn numbers_that_are_not_plain_are_refused() {
    let sent = pb::Target {
        points: Some(digits("-1")),
        increase: Some(digits("1e3")),
        ratio_percent: Some(digits("94,28")),
        ..pb::Target::from(&samples::target())
    };
    let expected =
        ["points NUMBER_INVALID", "increase NUMBER_INVALID", "ratio_percent NUMBER_INVALID"];
    refuses(sent, target, &expected);
}

#[test]
fn a_ratio_and_its_rounding_come_together() {
    let honest = pb::Target::from(&samples::target());
    let alone = pb::Target { ratio_percent: None, ..honest.clone() };
    refuses(alone, target, &["ratio_percent REQUIRED"]);

    refuses(pb::Target { ratio_rounding: 0, ..honest }, target, &["ratio_rounding ENUM_UNKNOWN"]);
}

#[test]
fn places_and_values_that_do_not_exist_are_refused() {
    use pb::rank_target::{GroupOf, Kind};

    let place = |kind| Some(pb::RankTarget { kind: Some(kind) });
    let mut sent = pb::Plan::from(&samples::plan());
    sent.left_out_numbers = vec![3, -1, 70_000];
    sent.baselines.iter_mut().for_each(|baseline| baseline.rank = -5);
    for target in &mut sent.targets {
        target.increase_unit = 99;
        target.rank = place(Kind::Exact(0));
        target.heading_rank = place(Kind::GroupOf(GroupOf { group: 5, size: i32::MAX }));
    }
    for task in &mut sent.tasks {
        (task.mode, task.recurrence) = (-1, 99);
        task.node_ids = vec!["PAR-2018/3".to_owned(), "par/3".to_owned(), "PAR-2018/3".to_owned()];
    }
    let expected = [
        "baselines[0].rank OUT_OF_RANGE",
        "targets[0].increase_unit ENUM_UNKNOWN",
        "targets[0].rank.exact OUT_OF_RANGE",
        "targets[0].heading_rank.group_of.group OUT_OF_RANGE",
        "targets[0].heading_rank.group_of.size OUT_OF_RANGE",
        "tasks[0].mode ENUM_UNKNOWN",
        "tasks[0].recurrence ENUM_UNKNOWN",
        "tasks[0].node_ids[1] CODE_INVALID",
        "tasks[0].node_ids[2] DUPLICATE",
        "left_out_numbers[1] OUT_OF_RANGE",
        "left_out_numbers[2] OUT_OF_RANGE",
    ];
    refuses(sent, plan, &expected);
}

#[test]
fn nodes_that_are_no_tree_are_refused() {
    let mut sent = pb::Index::from(&samples::index());
    let mut orphan = sent.nodes.remove(1);
    orphan.code = "2.1".to_owned();
    orphan.variable_code = "NOBODY-COUNTS".to_owned();
    let twin = pb::Node { code: "2.1".to_owned(), ..sent.nodes.swap_remove(0) };
    let variable = sent.variables.swap_remove(0);
    sent.nodes = vec![orphan, twin, pb::Node { code: "one".to_owned(), ..Default::default() }];
    sent.variables = vec![variable.clone(), variable];
    let expected = [
        "nodes ROOT_MISSING",
        "nodes[0].code PARENT_MISSING",
        "nodes[0].variable_code VARIABLE_UNKNOWN",
        "nodes[1].code DUPLICATE",
        "nodes[1].code PARENT_MISSING",
        "nodes[2].code CODE_INVALID",
        "nodes[2].title REQUIRED",
        "nodes[2].title_en REQUIRED",
        "nodes[2].composition ENUM_UNKNOWN",
        "nodes[2].source ENUM_UNKNOWN",
        "variables[1].code DUPLICATE",
    ];
    refuses(sent, index, &expected);
}

#[test]
fn rules_without_content_are_refused() {
    use pb::rule::{Band, Bands, Bound, Kind, Linear, Step, Steps};

    let band = Band { from: Some(Bound::default()), to: None, points: Some(digits("")) };
    let kinds = [
        None,
        Some(Kind::Linear(Linear { floor_percent: Some(digits("-2")), ..Linear::default() })),
        Some(Kind::Bands(Bands { bands: vec![band] })),
        Some(Kind::CountSteps(Steps { steps: Vec::new() })),
        Some(Kind::GrowthSteps(Steps { steps: vec![Step::default(); limits::STEPS + 1] })),
    ];
    let mut sent = pb::Index::from(&samples::index());
    sent.nodes.truncate(kinds.len());
    for (node, kind) in sent.nodes.iter_mut().zip(kinds) {
        node.rule = Some(pb::Rule { kind });
    }
    let expected = [
        "nodes[0].rule.kind REQUIRED",
        "nodes[1].rule.linear.target_percent REQUIRED",
        "nodes[1].rule.linear.floor_percent NUMBER_INVALID",
        "nodes[2].rule.bands.bands[0].from.percent REQUIRED",
        "nodes[2].rule.bands.bands[0].points REQUIRED",
        "nodes[3].rule.count_steps.steps REQUIRED",
        "nodes[4].rule.growth_steps.steps TOO_MANY",
    ];
    refuses(sent, index, &expected);
}

#[test]
fn an_expression_that_cannot_be_read_is_refused_at_its_place() {
    use pb::rule::{Condition, Conjunction, Deduction, Formula, FormulaCase, Kind, State, States};

    let (title, title_en) = ("Đủ".to_owned(), "All".to_owned());
    let when = "a >= ".to_owned();
    let conditions = vec![Condition { title, title_en, when }];
    let case = FormulaCase { points: "2 ? 3".to_owned(), ..FormulaCase::default() };
    let kinds = [
        Kind::Conjunction(Conjunction { variables: Vec::new(), conditions }),
        Kind::Formula(Formula { variables: Vec::new(), cases: vec![case] }),
        Kind::States(States { states: vec![State::default()] }),
        Kind::Deduction(Deduction::default()),
    ];
    let mut sent = pb::Index::from(&samples::index());
    sent.nodes.truncate(kinds.len());
    for (node, kind) in sent.nodes.iter_mut().zip(kinds) {
        (node.not_applicable, node.survey_not_held) = (3, 3);
        node.rule = Some(pb::Rule { kind: Some(kind) });
    }
    let expected = [
        "nodes[0].rule.conjunction.conditions[0].when EXPRESSION_INVALID",
        "nodes[0].not_applicable ENUM_UNKNOWN",
        "nodes[0].survey_not_held ENUM_UNKNOWN",
        "nodes[1].rule.formula.variables REQUIRED",
        "nodes[1].rule.formula.cases[0].text REQUIRED",
        "nodes[1].rule.formula.cases[0].text_en REQUIRED",
        "nodes[1].rule.formula.cases[0].points EXPRESSION_INVALID",
        "nodes[1].not_applicable ENUM_UNKNOWN",
        "nodes[1].survey_not_held ENUM_UNKNOWN",
        "nodes[2].rule.states.states[0].title REQUIRED",
        "nodes[2].rule.states.states[0].title_en REQUIRED",
        "nodes[2].rule.states.states[0].points REQUIRED",
        "nodes[2].not_applicable ENUM_UNKNOWN",
        "nodes[2].survey_not_held ENUM_UNKNOWN",
        "nodes[3].rule.deduction.each REQUIRED",
        "nodes[3].not_applicable ENUM_UNKNOWN",
        "nodes[3].survey_not_held ENUM_UNKNOWN",
    ];
    refuses(sent, index, &expected);
}

#[test]
fn shares_and_growths_have_a_denominator_and_counts_have_none() {
    let mut sent = pb::Index::from(&samples::index());
    for variable in &mut sent.variables {
        let denominator = std::mem::take(&mut variable.denominator);
        variable.denominator = if denominator.is_empty() { "x".to_owned() } else { String::new() };
        variable.reporters = Some(pb::UnitSelector::default());
        (variable.collection, variable.window_start_day, variable.missing) = (9, 29, 9);
    }
    let expected = [
        "variables[0].denominator REQUIRED",
        "variables[0].reporters EXACTLY_ONE",
        "variables[0].collection ENUM_UNKNOWN",
        "variables[0].window_start_day OUT_OF_RANGE",
        "variables[0].missing ENUM_UNKNOWN",
        "variables[1].denominator DENOMINATOR_UNEXPECTED",
        "variables[1].reporters EXACTLY_ONE",
        "variables[1].collection ENUM_UNKNOWN",
        "variables[1].window_start_day OUT_OF_RANGE",
        "variables[1].missing ENUM_UNKNOWN",
        "variables[2].denominator REQUIRED",
        "variables[2].reporters EXACTLY_ONE",
        "variables[2].collection ENUM_UNKNOWN",
        "variables[2].window_start_day OUT_OF_RANGE",
        "variables[2].missing ENUM_UNKNOWN",
    ];
    refuses(sent, index, &expected);
}

#[test]
fn a_list_that_is_too_long_is_not_looked_into() {
    let sent = pb::Index {
        nodes: vec![pb::Node::default(); limits::NODES + 1],
        ..pb::Index::from(&samples::index())
    };

    refuses(sent, index, &["nodes ROOT_MISSING", "nodes TOO_MANY"]);
}

#[test]
fn a_selector_names_units_or_kinds() {
    let both = pb::UnitSelector { unit_codes: vec!["193".to_owned()], kinds: vec![6] };
    refuses(both, unit_selector, &[" EXACTLY_ONE"]);

    let bad = pb::UnitSelector { unit_codes: Vec::new(), kinds: vec![0, 7, 8, 7] };
    let expected = ["kinds[0] ENUM_UNKNOWN", "kinds[2] ENUM_UNKNOWN", "kinds[3] DUPLICATE"];
    refuses(bad, unit_selector, &expected);
}

#[test]
fn only_a_province_has_nothing_above_it() {
    let orphan = pb::Unit { parent_code: String::new(), ..pb::Unit::from(&samples::unit()) };

    refuses(orphan, unit, &["parent_code REQUIRED"]);
}

#[test]
fn text_is_composed_trimmed_and_bounded() {
    let decomposed = " So\u{31b}\u{309} No\u{323}\u{302}i vu\u{323}\n".to_owned();
    let honest = pb::Unit::from(&samples::unit());

    let arrived = read(pb::Unit { name: decomposed, ..honest.clone() }, unit);

    assert_eq!(arrived, Ok(samples::unit()));
    for name in ["ộ".repeat(limits::NAME + 1), "a\u{202E}b".to_owned(), "a\u{0}".to_owned()] {
        refuses(pb::Unit { name, ..honest.clone() }, unit, &["name TEXT_INVALID"]);
    }
    refuses(pb::Unit { name: " \n".to_owned(), ..honest }, unit, &["name REQUIRED"]);
}

#[test]
fn a_finding_of_an_unknown_kind_is_refused() {
    let sent = pb::Finding { kind: "rumour".to_owned(), severity: 4, ..Default::default() };
    let expected = [
        "kind ENUM_UNKNOWN",
        "severity ENUM_UNKNOWN",
        "subject REQUIRED",
        "message REQUIRED",
        "message_en REQUIRED",
    ];
    refuses(sent, finding, &expected);
}

#[test]
fn a_crosswalk_lacks_everything_and_takes_no_node_twice() {
    let link = pb::crosswalk::Link {
        kind: 7,
        from_node_codes: vec!["1".to_owned(), "1".to_owned(), "02".to_owned()],
        to_node_codes: Vec::new(),
        reason: "a\u{202E}".to_owned(),
    };
    let sent = pb::Crosswalk { links: vec![link], ..Default::default() };
    let expected = [
        "code REQUIRED",
        "from_index_code REQUIRED",
        "to_index_code REQUIRED",
        "title REQUIRED",
        "title_en REQUIRED",
        "reference REQUIRED",
        "links[0].kind ENUM_UNKNOWN",
        "links[0].from_node_codes[1] DUPLICATE",
        "links[0].from_node_codes[2] CODE_INVALID",
        "links[0].reason TEXT_INVALID",
    ];
    refuses(sent, crosswalk, &expected);
}

#[test]
fn a_node_is_assessed_once_in_each_period() {
    let mut sent = pb::Index::from(&samples::index());
    sent.nodes[0].periods = vec![1, 4, 1, 5, 0];

    let expected = [
        "nodes[0].periods[2] DUPLICATE",
        "nodes[0].periods[3] ENUM_UNKNOWN",
        "nodes[0].periods[4] ENUM_UNKNOWN",
    ];
    refuses(sent, index, &expected);
}

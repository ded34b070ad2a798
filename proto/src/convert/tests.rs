//! What is written reads back as it was, over the wire and in every variant; what is hostile is
//! refused whole, fault by fault.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Debug;

use cchc_core::Collector;
use cchc_scoring::{
    catalogue::{
        Composition, IncreaseUnit, Mode, Provenance, RankTarget, Recurrence, Rounding, Source,
        StatedRatio, UnitKind, UnitSelector,
    },
    plan::{FindingKind, Severity},
};
use prost::Message;

use super::{
    calendar_year, crosswalk, finding, index, plan, rank_target, read, rule, target, task, unit,
    unit_change, unit_selector,
};
use crate::{assignment::v1 as assignment, registry::v1 as pb};

mod histories;
mod hostile;
mod samples;

/// Sends a value over the wire and compares what arrives.
fn survives<'a, T, M>(value: &'a T, reader: impl FnOnce(&mut Collector, M) -> Option<T>)
where
    T: PartialEq + Debug,
    M: Message + Default + From<&'a T>,
{
    let wire = M::from(value).encode_to_vec();

    let arrived = read(M::decode(wire.as_slice()).unwrap(), reader);

    assert_eq!(arrived.as_ref(), Ok(value));
}

#[test]
fn a_unit_of_every_kind_reads_back() {
    for kind in UnitKind::ALL {
        let mut sent = samples::unit();
        sent.kind = kind;

        survives(&sent, unit);
    }
    survives(&samples::province(), unit);
    for change in samples::unit_changes() {
        survives(&change, unit_change);
    }
    survives(&UnitSelector::Kinds(UnitKind::ALL.to_vec()), unit_selector);
}

#[test]
fn every_rule_reads_back() {
    for sent in samples::rules() {
        survives(&sent, rule);
    }
}

#[test]
fn an_index_reads_back_in_every_variant() {
    let sources = [
        Source::SelfAssessed,
        Source::Administrative,
        Source::Survey,
        Source::External,
        Source::Children,
    ];
    for provenance in [Provenance::Official, Provenance::StatedInPlan, Provenance::Own] {
        for composition in [Composition::Sum, Composition::Own] {
            for source in sources {
                let mut sent = samples::index();
                sent.provenance = provenance;
                for node in &mut sent.nodes {
                    (node.composition, node.source) = (composition, source);
                }

                survives(&sent, index);
            }
        }
    }
}

#[test]
fn a_crosswalk_with_every_kind_of_link_reads_back() {
    survives(&samples::crosswalk(), crosswalk);
}

#[test]
fn an_index_comes_out_in_the_order_of_its_codes() {
    let sent = samples::index();
    let mut shuffled = pb::Index::from(&sent);
    shuffled.nodes.reverse();

    assert_eq!(read(shuffled, index), Ok(sent));
}

#[test]
fn a_plan_reads_back() {
    survives(&samples::plan(), plan);

    let mut bare = samples::plan();
    (bare.baselines, bare.targets, bare.tasks) = (Vec::new(), Vec::new(), Vec::new());
    (bare.deadlines, bare.report_cycle) = (Vec::new(), None);
    (bare.issued_from, bare.quoted_shares) = (None, Vec::new());
    survives(&bare, plan);
}

#[test]
fn a_target_of_before_there_were_scopes_is_the_provinces_in_the_plans_year_and_upward() {
    let mut sent = samples::target();
    (sent.unit, sent.year, sent.direction) = (None, None, cchc_scoring::catalogue::Direction::Up);
    let message = pb::Target { direction: 0, ..pb::Target::from(&sent) };

    assert_eq!(read(message, target), Ok(sent));
}

#[test]
fn targets_and_tasks_read_back_in_every_variant() {
    for unit in [
        IncreaseUnit::Points,
        IncreaseUnit::PercentagePoints,
        IncreaseUnit::Percent,
        IncreaseUnit::Relative,
    ] {
        for ratio in samples::ratios() {
            let mut sent = samples::target();
            (sent.increase_unit, sent.ratio) = (unit, ratio);

            survives(&sent, target);
        }
    }
    for recurrence in [
        None,
        Some(Recurrence::Weekly),
        Some(Recurrence::Monthly),
        Some(Recurrence::Quarterly),
        Some(Recurrence::Yearly),
    ] {
        for mode in [Mode::Ordered, Mode::Requested] {
            let mut sent = samples::task();
            (sent.recurrence, sent.mode) = (recurrence, mode);
            sent.weekday = sent.weekday.filter(|_| recurrence == Some(Recurrence::Weekly));

            survives(&sent, task);
        }
    }
}

#[test]
fn a_stated_ratio_keeps_its_trailing_zeros() {
    let mut sent = samples::target();
    let percent = cchc_core::parse_decimal("94.20").unwrap();
    sent.ratio = Some(StatedRatio { percent, rounding: Rounding::HalfUp });

    let arrived = read(pb::Target::from(&sent), target).unwrap();

    assert_eq!(arrived.ratio.unwrap().percent.to_string(), "94.20");
}

#[test]
fn every_place_to_reach_reads_back() {
    let places = [
        RankTarget::Exact(1),
        RankTarget::Top(63),
        RankTarget::Group(4),
        RankTarget::GroupOf { group: 2, size: 15 },
        RankTarget::Leading,
    ];
    for place in places {
        assert_eq!(read(pb::RankTarget::from(place), rank_target), Ok(place));
    }
}

#[test]
fn a_finding_of_every_kind_reads_back() {
    for kind in FindingKind::ALL {
        for severity in Severity::ALL {
            let mut sent = samples::finding();
            (sent.kind, sent.severity) = (kind, severity);

            survives(&sent, finding);
        }
    }
    let mut bare = samples::finding();
    (bare.stated, bare.computed, bare.nodes) = (None, None, Vec::new());
    survives(&bare, finding);
}

#[test]
fn an_acknowledgement_reads_back_and_a_faulty_one_is_refused_whole() {
    let sent = samples::acknowledgement();

    survives(&sent, super::acknowledgement);

    let refused = read(pb::Acknowledgement::default(), super::acknowledgement).unwrap_err();
    let faults: Vec<String> =
        cchc_core::Fault::violations(&refused).iter().map(|fault| fault.path.clone()).collect();
    assert_eq!(
        faults,
        ["plan_code", "finding_id", "version", "reason", "actor", "unit_code", "decide_time"]
    );
}

#[test]
fn only_a_weekly_task_falls_due_on_a_day_of_the_week() {
    let mut sent = pb::Task::from(&samples::task());
    sent.recurrence = pb::task::Recurrence::Monthly.into();

    let refusal = read(sent, task).unwrap_err();

    let found: Vec<_> = refusal.as_slice().iter().map(|v| (v.path.as_str(), v.reason)).collect();
    assert_eq!(found, [("weekday", "WEEKDAY_UNEXPECTED")]);
}

#[test]
fn a_calendar_year_survives_and_is_refused_with_all_its_faults() {
    let sent = samples::calendar_year();
    survives(&sent, calendar_year);

    let mut wrong = assignment::CalendarYear::from(&sent);
    wrong.source = String::new();
    wrong.days_off[0].kind = 9;
    wrong.worked_days[0].replaced_date = None;
    let refusal = read(wrong, calendar_year).unwrap_err();

    let found: Vec<_> = refusal.as_slice().iter().map(|v| (v.path.as_str(), v.reason)).collect();
    let expected = [
        ("source", "REQUIRED"),
        ("days_off[0].kind", "ENUM_UNKNOWN"),
        ("worked_days[0].replaced_date", "REQUIRED"),
    ];
    assert_eq!(found, expected);
}

//! Where a plan disagrees with itself, with what was published, or with the catalogue.
//!
//! Nothing is ever corrected: the stated figure and the computed one stand side by side, with the place
//! where the plan says so, and a person decides. One kind of finding a file.

mod acknowledgement;
mod ambiguous_increase;
mod ambiguous_rank;
mod baseline_above_maximum;
mod baseline_missing;
mod baseline_not_published;
mod baseline_year;
mod binds_nobody;
mod case;
mod child_due_later;
mod day;
mod dont_know_ignored;
mod due_before_plan;
mod due_on_weekend;
mod expected_points;
mod faulty_rule;
mod finding;
mod finding_id;
mod heading_rank;
mod increase_mismatch;
mod lead_beside;
mod mean_of_baselines;
mod mean_of_targets;
mod numbering_gap;
mod owner_missing;
mod place;
mod rank_beyond;
mod rank_looser_than_parts;
mod ratio_mismatch;
mod rule_missing;
#[cfg(test)]
mod sample;
mod stated_twice;
mod sum_of_baselines;
mod sum_of_increases;
mod sum_of_maxima;
mod sum_of_targets;
mod survey_self_scored;
mod target_above_maximum;
mod target_below_baseline;
mod target_without_task;
mod targets_of_years;
mod two_deadlines;
mod undefined_variable;
mod unit_not_there;
mod unit_targets_short;
mod unknown_reference;

pub use acknowledgement::Acknowledgement;
pub use finding::{Finding, FindingKind, Severity, UnknownFindingKind};
pub use finding_id::{FindingId, FindingIdError};

use self::case::Case;
use crate::catalogue::{Index, Plan, Unit};

/// One check: everything of one kind that it finds.
type Check = for<'a> fn(&Case<'a>) -> Vec<Finding>;

const CHECKS: [Check; 42] = [
    unknown_reference::find,
    undefined_variable::find,
    rule_missing::find,
    faulty_rule::find,
    stated_twice::find,
    target_above_maximum::find,
    baseline_above_maximum::find,
    sum_of_maxima::find,
    sum_of_targets::find,
    sum_of_increases::find,
    sum_of_baselines::find,
    mean_of_targets::find,
    increase_mismatch::find,
    baseline_not_published::find,
    baseline_missing::find,
    baseline_year::find,
    target_below_baseline::find,
    targets_of_years::find_past,
    targets_of_years::find_backward,
    unit_targets_short::find,
    ratio_mismatch::find,
    heading_rank::find,
    rank_looser_than_parts::find,
    rank_beyond::find,
    two_deadlines::find,
    child_due_later::find,
    due_before_plan::find,
    unit_not_there::find,
    binds_nobody::find,
    lead_beside::find,
    owner_missing::find,
    target_without_task::find,
    expected_points::find_elsewhere,
    expected_points::find_above_gain,
    expected_points::find_short,
    survey_self_scored::find,
    numbering_gap::find,
    mean_of_baselines::find,
    ambiguous_rank::find,
    ambiguous_increase::find,
    dont_know_ignored::find,
    due_on_weekend::find,
];

/// Lists what is wrong or unclear in a plan, the gravest first, then by kind and subject: the same
/// plan always gives the same list.
#[must_use]
pub fn check(plan: &Plan, indices: &[Index], units: &[Unit]) -> Vec<Finding> {
    let case = Case { plan, indices, units };
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|find| find(&case)).collect();
    findings.sort_by(|a, b| a.place().cmp(&b.place()));
    // Two targets of a node that are unclear in the same way are one finding.
    findings.dedup_by(|a, b| a.message_en == b.message_en && a.id() == b.id());
    findings
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Year;
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::RankTarget;

    #[test]
    fn a_consistent_plan_has_no_findings() {
        assert_eq!(sample::found(|_, _| {}), []);
    }

    #[test]
    fn every_kind_has_one_check_and_its_word_reads_back() {
        assert_eq!(CHECKS.len(), FindingKind::ALL.len());
        for kind in FindingKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn what_may_be_acknowledged_has_a_name_of_its_own() {
        let findings = sample::found(|plan, index| {
            for target in &mut plan.targets {
                target.points = Some("99".parse().unwrap());
                target.rank = Some(RankTarget::Leading);
            }
            plan.deadlines.extend(plan.deadlines.clone());
            plan.tasks.clear();
            for node in &mut index.nodes {
                node.lead = None;
            }
        });

        let open: Vec<&Finding> =
            findings.iter().filter(|finding| finding.severity != Severity::Error).collect();
        let names: std::collections::BTreeSet<FindingId> =
            open.iter().map(|finding| finding.id()).collect();
        assert!(open.len() > 15, "{}", open.len());
        assert_eq!(names.len(), open.len());
    }

    #[test]
    fn targets_of_a_node_that_are_unclear_alike_are_one_finding_and_otherwise_two() {
        let ambiguous = |later: RankTarget| {
            let found = sample::found_of(FindingKind::AmbiguousRank, |plan, _| {
                let first = sample::target(plan, "T-2018/0");
                first.rank = Some(RankTarget::Leading);
                let mut second = first.clone();
                (second.year, second.rank) = (Some(Year::new(2020).unwrap()), Some(later));
                plan.targets.push(second);
            });
            found.len()
        };

        assert_eq!(ambiguous(RankTarget::Leading), 1);
        assert_eq!(ambiguous(RankTarget::Group(5)), 2);
    }

    #[test]
    fn a_finding_reads_back_as_it_was_stored() {
        let findings = sample::found(|plan, _| plan.targets.clear());
        let findings = [findings, sample::found(|_, index| index.nodes.clear())].concat();

        let stored = serde_json::to_string(&findings).unwrap();

        assert!(!findings.is_empty());
        assert_eq!(serde_json::from_str::<Vec<Finding>>(&stored).unwrap(), findings);
    }

    proptest! {
        #[test]
        fn the_order_in_which_a_plan_lists_things_does_not_matter(
            order in Just(vec![0_usize, 1, 2]).prop_shuffle()
        ) {
            let upset = |plan: &mut Plan| {
                for target in &mut plan.targets {
                    target.points = Some("99".parse().unwrap());
                }
            };
            let expected = sample::found(|plan, _| upset(plan));

            let found = sample::found(|plan, _| {
                upset(plan);
                let targets = std::mem::take(&mut plan.targets);
                plan.targets =
                    order.iter().filter_map(|at| targets.get(*at).cloned()).collect();
            });

            prop_assert!(!expected.is_empty());
            prop_assert_eq!(found, expected);
        }
    }
}

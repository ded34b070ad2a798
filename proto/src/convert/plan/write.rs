//! A plan on its way to the contract.

use cchc_scoring::catalogue::{
    Baseline, Deadline, Due, ExpectedPoints, Plan, QuotedShare, RankTarget, ReportCycle,
    ReportTerms, Target, Task,
};

use crate::registry::v1 as pb;

impl From<&Plan> for pb::Plan {
    fn from(plan: &Plan) -> Self {
        Self {
            code: plan.code.to_string(),
            province_code: plan.province.to_string(),
            year: plan.year.get(),
            title: plan.title.clone(),
            title_en: plan.title_en.clone(),
            reference: plan.reference.clone(),
            baselines: plan.baselines.iter().map(Into::into).collect(),
            targets: plan.targets.iter().map(Into::into).collect(),
            tasks: plan.tasks.iter().map(Into::into).collect(),
            deadlines: plan.deadlines.iter().map(Into::into).collect(),
            report_cycle: plan.report_cycle.as_ref().map(Into::into),
            left_out_numbers: plan.numbers_left_out.iter().map(|number| (*number).into()).collect(),
            issued_from_date: plan.issued_from.map(Into::into),
            quoted_shares: plan.quoted_shares.iter().map(Into::into).collect(),
        }
    }
}

impl From<&QuotedShare> for pb::QuotedShare {
    fn from(share: &QuotedShare) -> Self {
        Self {
            node_id: share.node.to_string(),
            percent: Some(share.percent.into()),
            rest_percent: Some(share.rest_percent.into()),
            rest_reading: share.rest_reading.clone(),
            unanswered_percent: share.unanswered_percent.map(Into::into),
            reference: share.reference.clone(),
        }
    }
}

impl From<&Baseline> for pb::Baseline {
    fn from(baseline: &Baseline) -> Self {
        Self {
            node_id: baseline.node.to_string(),
            year: baseline.year.get(),
            stated: baseline.stated.map(Into::into),
            published: baseline.published.map(Into::into),
            rank: baseline.rank.map_or(0, Into::into),
            reference: baseline.reference.clone(),
        }
    }
}

impl From<&Target> for pb::Target {
    fn from(target: &Target) -> Self {
        let rounding = target.ratio.as_ref().map(|ratio| ratio.rounding.into());
        Self {
            node_id: target.node.to_string(),
            points: target.points.map(Into::into),
            increase: target.increase.map(Into::into),
            increase_unit: pb::target::IncreaseUnit::from(target.increase_unit).into(),
            ratio_percent: target.ratio.as_ref().map(|ratio| ratio.percent.into()),
            ratio_rounding: rounding.unwrap_or(pb::target::Rounding::Unspecified).into(),
            rank: target.rank.map(Into::into),
            heading_rank: target.heading_rank.map(Into::into),
            reference: target.reference.clone(),
            unit_code: target.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
            year: target.year.map_or(0, cchc_core::Year::get),
            direction: pb::target::Direction::from(target.direction).into(),
        }
    }
}

impl From<RankTarget> for pb::RankTarget {
    fn from(rank: RankTarget) -> Self {
        use pb::rank_target::{GroupOf, Kind, Leading};

        let kind = match rank {
            RankTarget::Exact(place) => Kind::Exact(place.into()),
            RankTarget::Top(place) => Kind::Top(place.into()),
            RankTarget::Group(group) => Kind::Group(group.into()),
            RankTarget::GroupOf { group, size } => {
                Kind::GroupOf(GroupOf { group: group.into(), size: size.into() })
            }
            RankTarget::Leading => Kind::Leading(Leading {}),
        };
        Self { kind: Some(kind) }
    }
}

impl From<&Task> for pb::Task {
    fn from(task: &Task) -> Self {
        let recurrence = task.recurrence.map(Into::into);
        let weekday = task.weekday.map(Into::into);
        Self {
            number: task.number.to_string(),
            title: task.title.clone(),
            reference: task.reference.clone(),
            binds: Some((&task.binds).into()),
            mode: pb::task::Mode::from(task.mode).into(),
            due: task.due.map(Into::into),
            recurrence: recurrence.unwrap_or(pb::task::Recurrence::Unspecified).into(),
            node_ids: task.nodes.iter().map(ToString::to_string).collect(),
            weekday: weekday.unwrap_or(pb::task::Weekday::Unspecified).into(),
            coordinating: task.coordinating.as_ref().map(Into::into),
            advising: task.advising.as_ref().map(Into::into),
            requested: task.requested.as_ref().map(Into::into),
            product: task.product.clone(),
            responsible_post: task.responsible_post.clone(),
            expected_points: task.expected_points.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ExpectedPoints> for pb::ExpectedPoints {
    fn from(expected: &ExpectedPoints) -> Self {
        Self { node_id: expected.node.to_string(), points: Some(expected.points.into()) }
    }
}

impl From<Due> for pb::Due {
    fn from(due: Due) -> Self {
        Self { due_date: Some(due.date.into()), is_inclusive: due.inclusive }
    }
}

impl From<&Deadline> for pb::Deadline {
    fn from(deadline: &Deadline) -> Self {
        Self {
            duty: deadline.duty.clone(),
            title: deadline.title.clone(),
            binds: Some((&deadline.binds).into()),
            due: Some(deadline.due.into()),
            reference: deadline.reference.clone(),
        }
    }
}

impl From<&ReportCycle> for pb::ReportCycle {
    fn from(cycle: &ReportCycle) -> Self {
        Self {
            periods: cycle.periods.iter().map(ToString::to_string).collect(),
            reference: cycle.reference.clone(),
            terms: cycle.terms.as_ref().map(Into::into),
        }
    }
}

impl From<&ReportTerms> for pb::ReportTerms {
    fn from(terms: &ReportTerms) -> Self {
        Self {
            binds: Some((&terms.binds).into()),
            mode: pb::task::Mode::from(terms.mode).into(),
            window_start_day: terms.window_start_day.get().into(),
            due_day: terms.due_day.into(),
            earlier_days: terms.earlier_days.into(),
            is_inclusive: terms.inclusive,
            grace_working_days: terms.grace_working_days.into(),
            reference: terms.reference.clone(),
        }
    }
}

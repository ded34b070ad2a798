//! Units that are promised less than the province, all of them: then the province cannot get there.
//!
//! The province's figure is the sum of parts over the sum of wholes, so it lies between the least and the
//! greatest of its units'. Only where every unit that reports has a target of its own can that be said.

use cchc_core::{NodeId, Points};

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Direction, Target},
    figure::vietnamese,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.targets().filter_map(|target| short(case, target)).collect()
}

fn short(case: &Case, target: &Target) -> Option<Finding> {
    let wanted = target.points?;
    let index = case.index(&target.node.index)?;
    let variable = index.variable(case.node(&target.node)?.variable.as_ref()?)?;
    let units = case.bound(&variable.reporters, case.year());
    let own: Option<Vec<Points>> = units.map(|unit| own(case, &target.node, unit)).collect();
    let own = own?;
    let best = match target.direction {
        Direction::Up => own.iter().max(),
        Direction::Down => own.iter().min(),
    };
    let best = best.filter(|best| !target.direction.keeps(best.get(), wanted.get()))?;
    let (title, title_en) = case.titles(&target.node);
    let message = format!(
        "{title}: toàn tỉnh đặt {} nhưng chỉ tiêu riêng cao nhất của các đơn vị chỉ là {}",
        vietnamese(wanted),
        vietnamese(best),
    );
    let message_en =
        format!("{title_en}: the province is to reach {wanted}, and its units at best {best}");
    let finding = Finding::new(FindingKind::UnitTargetsShort, &target.node, message, message_en)
        .at([target.node.clone()])
        .figures(wanted, best)
        .stated_in(&target.reference);
    Some(finding)
}

fn own(case: &Case, node: &NodeId, unit: &crate::catalogue::Unit) -> Option<Points> {
    let mut targets = case.plan.targets.iter().filter(|target| target.node == *node);
    let own = targets
        .find(|target| target.unit.as_ref() == Some(&unit.code) && target.is_for(case.plan.year));
    own?.points
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says, target};
    use super::*;
    use crate::catalogue::Plan;

    fn promise(plan: &mut Plan, points: &str) {
        let mut own = target(plan, "T-2018/2").clone();
        own.unit = Some("193".parse().unwrap());
        own.points = Some(points.parse().unwrap());
        plan.targets.push(own);
    }

    #[test]
    fn units_that_are_all_promised_less_are_found() {
        let found = only(FindingKind::UnitTargetsShort, |plan, _| promise(plan, "3.4"));

        assert_eq!(found, says("T-2018/2", "3.5", "3.4"));
    }

    #[test]
    fn one_unit_promised_enough_may_make_up_for_the_others() {
        let found = found_of(FindingKind::UnitTargetsShort, |plan, _| promise(plan, "3.6"));

        assert_eq!(found, []);
    }
}

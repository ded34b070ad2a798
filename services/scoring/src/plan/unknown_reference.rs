//! Codes that name nothing: a node, an edition or a unit that does not exist.

use std::fmt::Display;

use cchc_core::{NodeId, UnitCode};

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::UnitSelector;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let mut findings = of_plan(case);
    findings.extend(of_indices(case));
    findings
}

fn of_plan(case: &Case) -> Vec<Finding> {
    let plan = case.plan;
    let mut findings: Vec<Finding> =
        unit(case, &plan.code, &plan.province, &plan.reference).into_iter().collect();
    for target in &plan.targets {
        findings.extend(node(case, &target.node, &target.node, &target.reference));
        let own = target.unit.iter();
        findings.extend(own.filter_map(|code| unit(case, &target.node, code, &target.reference)));
    }
    for share in &plan.quoted_shares {
        findings.extend(node(case, &share.node, &share.node, &share.reference));
    }
    for baseline in &plan.baselines {
        findings.extend(node(case, &baseline.node, &baseline.node, &baseline.reference));
    }
    for task in &plan.tasks {
        let nodes = task.nodes.iter();
        findings.extend(nodes.filter_map(|id| node(case, &task.number, id, &task.reference)));
        findings.extend(selected(case, &task.number, &task.binds, &task.reference));
        for beside in [&task.coordinating, &task.advising, &task.requested].into_iter().flatten() {
            findings.extend(selected(case, &task.number, beside, &task.reference));
        }
    }
    for deadline in &plan.deadlines {
        findings.extend(selected(case, &deadline.duty, &deadline.binds, &deadline.reference));
    }
    findings
}

fn of_indices(case: &Case) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, at) in case.nodes() {
        let id = index.id(&at.code);
        findings.extend(id.parent().and_then(|above| node(case, &id, &above, &at.reference)));
        let units = at.lead.iter().chain(&at.coordinating);
        findings.extend(units.filter_map(|code| unit(case, &id, code, &at.reference)));
    }
    for index in case.indices {
        for variable in &index.variables {
            findings.extend(selected(case, &variable.code, &variable.reporters, &index.reference));
        }
    }
    findings
}

fn selected(
    case: &Case,
    subject: &impl Display,
    selector: &UnitSelector,
    reference: &str,
) -> Vec<Finding> {
    let UnitSelector::Units(codes) = selector else {
        return Vec::new();
    };
    codes.iter().filter_map(|code| unit(case, subject, code, reference)).collect()
}

fn unit(case: &Case, subject: &impl Display, code: &UnitCode, reference: &str) -> Option<Finding> {
    let finding = || {
        Finding::new(
            FindingKind::UnknownReference,
            subject,
            format!("{subject}: không có đơn vị {code}"),
            format!("{subject}: there is no unit {code}"),
        )
        .stated_in(reference)
    };
    (!case.has_unit(code)).then(finding)
}

fn node(case: &Case, subject: &impl Display, id: &NodeId, reference: &str) -> Option<Finding> {
    let finding = || {
        Finding::new(
            FindingKind::UnknownReference,
            subject,
            format!("{subject}: không có mục {id} trong bộ chỉ số"),
            format!("{subject}: there is no node {id}"),
        )
        .at([id.clone()])
        .stated_in(reference)
    };
    case.node(id).is_none().then(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, found_of, node as node_of, target};
    use super::*;

    fn subjects(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.subject.as_str()).collect()
    }

    #[test]
    fn nodes_that_do_not_exist_are_found() {
        let found = found_of(FindingKind::UnknownReference, |plan, index| {
            target(plan, "T-2018/1").node = "T-2018/9".parse().unwrap();
            baseline(plan, "T-2018/1").node = "X-2018/0".parse().unwrap();
            for task in plan.tasks.iter_mut().take(1) {
                task.nodes = vec!["T-2018/7".parse().unwrap()];
            }
            node_of(index, "1").code = "5.1".parse().unwrap();
        });

        assert_eq!(subjects(&found), ["1.1", "T-2018/5.1", "T-2018/9", "X-2018/0"]);
    }

    #[test]
    fn units_beside_the_lead_that_do_not_exist_are_found() {
        let found = found_of(FindingKind::UnknownReference, |plan, _| {
            let nobody = |code: &str| Some(UnitSelector::Units(vec![code.parse().unwrap()]));
            let task = plan.tasks.first_mut().unwrap();
            task.coordinating = nobody("997");
            task.advising = nobody("998");
            task.requested = nobody("999");
        });

        let messages: Vec<&str> = found.iter().map(|finding| finding.message_en.as_str()).collect();
        let expected = ["997", "998", "999"].map(|code| format!("1.1: there is no unit {code}"));
        assert_eq!(messages, expected);
    }

    #[test]
    fn units_that_do_not_exist_are_found() {
        let nobody = || UnitSelector::Units(vec!["999".parse().unwrap()]);
        let found = found_of(FindingKind::UnknownReference, |plan, index| {
            plan.province = "23".parse().unwrap();
            for task in plan.tasks.iter_mut().take(1) {
                task.binds = nobody();
            }
            for deadline in plan.deadlines.iter_mut().take(1) {
                deadline.binds = nobody();
            }
            for variable in &mut index.variables {
                variable.reporters = nobody();
            }
            node_of(index, "1").lead = Some("22-XYZ".parse().unwrap());
        });

        assert_eq!(subjects(&found), ["1.1", "DOSSIERS", "QN-2018", "T-2018/1", "lap-ke-hoach"]);
    }
}

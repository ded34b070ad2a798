//! A task, a deadline or a report that binds no unit at all: it is nobody's business.

use super::{Finding, FindingKind, case::Case, day::duties};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let year = case.year();
    let duties = duties(case).filter(|duty| case.bound(duty.binds, year).next().is_none());
    let duties = duties.map(|duty| say(duty.subject, duty.title, duty.reference));
    let variables = case.indices.iter().flat_map(|index| {
        index.variables.iter().map(move |variable| (index.reference.as_str(), variable))
    });
    let unreported =
        variables.filter(|(_, variable)| case.bound(&variable.reporters, year).next().is_none());
    let unreported = unreported
        .map(|(reference, variable)| say(variable.code.as_str(), &variable.title, reference));
    duties.chain(unreported).collect()
}

fn say(subject: &str, title: &str, reference: &str) -> Finding {
    let message = format!("“{title}” ({subject}): không có đơn vị nào trong năm phải thực hiện");
    let message_en = format!("{subject}: binds no unit that exists in the year");
    Finding::new(FindingKind::BindsNobody, subject, message, message_en).stated_in(reference)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::found_of;
    use super::*;
    use crate::catalogue::{UnitKind, UnitSelector};

    #[test]
    fn tasks_deadlines_and_reports_that_bind_nobody_are_found() {
        let found = found_of(FindingKind::BindsNobody, |plan, index| {
            plan.tasks.first_mut().unwrap().binds = UnitSelector::Units(Vec::new());
            plan.deadlines.first_mut().unwrap().binds =
                UnitSelector::Units(vec!["204".parse().unwrap()]);
            index.variables.first_mut().unwrap().reporters =
                UnitSelector::Kinds(vec![UnitKind::Commune]);
        });

        let subjects: Vec<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
        assert_eq!(subjects, ["1.1", "DOSSIERS", "lap-ke-hoach"]);
    }
}

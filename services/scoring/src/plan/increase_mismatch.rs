//! The stated baseline and the stated increase must give the stated target.

use cchc_core::Points;

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Baseline, figure::vietnamese};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.baselines.iter().filter_map(|baseline| mismatch(case, baseline)).collect()
}

fn mismatch(case: &Case, baseline: &Baseline) -> Option<Finding> {
    let id = &baseline.node;
    let from = baseline.stated.map(Points::get)?;
    let (increase, promised) = (case.increase(id)?, case.promised(id)?);
    let reached = (from + increase).normalize();
    if reached == promised {
        return None;
    }
    let (title, title_en) = case.titles(id);
    let message = format!(
        "{title}: điểm xuất phát {} cộng mức tăng {} là {}, không phải chỉ tiêu {}",
        vietnamese(from),
        vietnamese(increase),
        vietnamese(reached),
        vietnamese(promised),
    );
    let message_en = format!(
        "{title_en}: the baseline {from} and the increase {increase} give {reached}, not the target {promised}",
    );
    let finding = Finding::new(FindingKind::IncreaseMismatch, id, message, message_en)
        .at([id.clone()])
        .figures(promised, reached)
        .stated_in(case.reference(id));
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{only, says, target};
    use super::*;

    #[test]
    fn a_target_that_baseline_and_increase_do_not_give_is_found() {
        let found = only(FindingKind::IncreaseMismatch, |plan, _| {
            target(plan, "T-2018/0").increase = Some("1.2".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "8", "8.2"));
    }
}

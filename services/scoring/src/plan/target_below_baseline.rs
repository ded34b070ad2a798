//! A promise of less than there was: a slip of the pen, or a retreat that somebody should decide.

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Target, figure::vietnamese};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.targets().filter_map(|target| retreat(case, target)).collect()
}

fn retreat(case: &Case, target: &Target) -> Option<Finding> {
    let promised = case.promised(&target.node)?;
    let from = case.start(&target.node).or_else(|| case.published(&target.node))?;
    if target.direction.keeps(promised, from) {
        return None;
    }
    let (title, title_en) = case.titles(&target.node);
    let message = format!(
        "{title}: chỉ tiêu {} kém hơn điểm xuất phát {}",
        vietnamese(promised),
        vietnamese(from),
    );
    let message_en = format!("{title_en}: the target {promised} is worse than the baseline {from}");
    let finding = Finding::new(FindingKind::TargetBelowBaseline, &target.node, message, message_en)
        .at([target.node.clone()])
        .figures(promised, from)
        .stated_in(&target.reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says, target};
    use super::*;
    use crate::catalogue::Direction;

    #[test]
    fn a_promise_of_less_than_there_was_is_found() {
        let found = only(FindingKind::TargetBelowBaseline, |plan, _| {
            target(plan, "T-2018/0").points = Some("6.9".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "6.9", "7"));
    }

    #[test]
    fn where_less_is_better_less_is_no_retreat() {
        let found = found_of(FindingKind::TargetBelowBaseline, |plan, _| {
            let whole = target(plan, "T-2018/0");
            (whole.points, whole.direction) = (Some("6".parse().unwrap()), Direction::Down);
        });

        assert_eq!(found, []);
    }
}

//! A quoted share whose rest was read as the opposite answer, with no room for those who did not know.
//!
//! The plan of 2018 quotes 34.15 % who paid nothing extra and concludes that 65.85 % paid: whoever did not
//! know or did not answer is counted among them.

use cchc_core::Decimal;

use super::{Finding, FindingKind, Severity, case::Case};
use crate::{catalogue::QuotedShare, figure::vietnamese};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.quoted_shares.iter().filter_map(|share| without_room(case, share)).collect()
}

fn without_room(case: &Case, share: &QuotedShare) -> Option<Finding> {
    let QuotedShare { percent, rest_percent: rest, unanswered_percent: unanswered, .. } = share;
    let room = Decimal::ONE_HUNDRED - percent - unanswered.unwrap_or_default();
    let is_contradicted = *rest > room;
    let is_all_there_is = unanswered.is_none() && *rest == room;
    if !is_contradicted && !is_all_there_is {
        return None;
    }
    let (title, title_en) = case.titles(&share.node);
    let (said, said_en) = if is_contradicted {
        let most = room.normalize();
        (format!("nhiều nhất chỉ có thể là {}%", vietnamese(most)), format!("at most {most} % can"))
    } else {
        (
            "người trả lời “không biết” bị tính gộp vào số này".to_owned(),
            "those who do not know are counted among them".to_owned(),
        )
    };
    let (percent, reading) = (percent.normalize(), &share.rest_reading);
    let message = format!(
        "{title}: từ {}% trả lời như vậy, kế hoạch suy ra {}% {reading}; {said}",
        vietnamese(percent),
        vietnamese(rest),
    );
    let message_en = format!(
        "{title_en}: from {percent} % who said so the plan concludes {rest} % to be “{reading}”; {said_en}",
    );
    let mut finding = Finding::new(FindingKind::DontKnowIgnored, &share.node, message, message_en)
        .at([share.node.clone()])
        .stated_in(&share.reference);
    finding.stated = Some(format!("{}; {rest}", share.percent));
    if is_contradicted {
        finding.computed = Some(room.normalize().to_string());
        finding = finding.with_severity(Severity::Warning);
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::Plan;

    fn quote(plan: &mut Plan, rest: &str, unanswered: Option<&str>) {
        plan.quoted_shares.push(QuotedShare {
            node: "T-2018/1".parse().unwrap(),
            percent: "34.15".parse().unwrap(),
            rest_percent: rest.parse().unwrap(),
            rest_reading: "phải chi thêm".to_owned(),
            unanswered_percent: unanswered.map(|share| share.parse().unwrap()),
            reference: String::new(),
        });
    }

    #[test]
    fn a_rest_that_leaves_no_room_for_those_who_do_not_know_is_noted() {
        let found = only(FindingKind::DontKnowIgnored, |plan, _| quote(plan, "65.85", None));

        assert_eq!(found, says("T-2018/1", "34.15; 65.85", ""));
    }

    #[test]
    fn a_rest_larger_than_there_is_room_for_is_a_warning() {
        let found = found_of(FindingKind::DontKnowIgnored, |plan, _| {
            quote(plan, "65.85", Some("5.85"));
        });

        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.computed.as_deref(), Some("60"));
        assert_eq!(finding.severity, Severity::Warning);
    }

    #[test]
    fn a_rest_beside_those_who_did_not_know_is_no_finding() {
        let found = found_of(FindingKind::DontKnowIgnored, |plan, _| {
            quote(plan, "60", Some("5.85"));
            quote(plan, "60", None);
        });

        assert_eq!(found, []);
    }
}

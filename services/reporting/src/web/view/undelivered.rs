//! Work that is not delivered, in the words of a page.

use cchc_core::Points;
use cchc_scoring::{figure::vietnamese, undelivered::Undelivered};

/// Such as `Nhiệm vụ chưa xong: 2 có nguy cơ (0,25 điểm dự kiến), 3 chưa đến hạn; 4 chưa nêu điểm dự kiến`; empty where
/// everything is delivered.
pub(crate) fn undelivered(of: &Undelivered) -> String {
    if of.is_nothing() {
        return String::new();
    }
    let part = |count: u32, word: &str, points: Option<Points>| {
        let points = points.filter(|points| *points != Points::ZERO);
        let points = points
            .map_or_else(String::new, |of| format!(" ({} điểm dự kiến)", vietnamese(of.get())));
        (count > 0).then(|| format!("{count} {word}{points}"))
    };
    let parts = [
        part(of.at_risk_tasks, "có nguy cơ", of.at_risk),
        part(of.outstanding_tasks, "chưa đến hạn", of.outstanding),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let unstated = match of.unstated_tasks {
        0 => String::new(),
        count => format!("; {count} chưa nêu điểm dự kiến"),
    };
    format!("Nhiệm vụ chưa xong: {}{unstated}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn what_is_not_known_is_counted_and_not_written_as_zero() {
        let at_risk = Some("0.25".parse().unwrap());
        let some = Undelivered {
            at_risk_tasks: 2,
            outstanding_tasks: 3,
            unstated_tasks: 4,
            at_risk,
            outstanding: Some(Points::ZERO),
        };
        let unknown =
            Undelivered { outstanding_tasks: 1, unstated_tasks: 1, ..Undelivered::default() };

        assert_eq!(
            undelivered(&some),
            "Nhiệm vụ chưa xong: 2 có nguy cơ (0,25 điểm dự kiến), 3 chưa đến hạn; 4 chưa nêu điểm dự kiến"
        );
        assert_eq!(
            undelivered(&unknown),
            "Nhiệm vụ chưa xong: 1 chưa đến hạn; 1 chưa nêu điểm dự kiến"
        );
        assert_eq!(undelivered(&Undelivered::default()), "");
    }
}

//! One scenario: what to lift and what it takes, then what stays and why.

use cchc_proto::reporting::v1::{Kept, Lift, Solution, kept::Reason};

use crate::{
    error::CliError,
    output::{Output, align_right},
    rollup::wording::{score, stated},
    say::Lang,
};

/// Prints what a scenario comes to.
pub(in crate::rollup) fn print(solution: &Solution, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    output.line(format_args!("{} – {}", solution.node_id, solution.title))?;
    output.line(headline(solution, lang))?;
    if !solution.lifts.is_empty() {
        let header = match lang {
            Lang::Vi => ["Mục", "Nội dung", "Đơn vị chủ trì", "Từ", "Lên", "Công sức", "Nếu bỏ"],
            Lang::En => ["Node", "Title", "Lead unit", "From", "To", "Effort", "Without"],
        };
        let mut table = output.table(header);
        let is_effort = solution.wanted_points.is_none();
        table.add_rows(solution.lifts.iter().map(|lift| row(lift, is_effort, lang)));
        align_right(&mut table, [3, 4, 5, 6]);
        output.line(table)?;
    }
    if !solution.kept.is_empty() {
        output.line(lang.t("Giữ nguyên:", "Stay as they are:"))?;
    }
    for kept in &solution.kept {
        let points = match &kept.points {
            Some(_) => score(kept.points.as_ref(), lang),
            None => lang.t("chưa biết", "unknown").to_owned(),
        };
        let why = why(kept, lang);
        output.line(format_args!(" • {} {} ({points}): {why}", kept.node_id, kept.title))?;
    }
    output.line(format_args!("{} {}", lang.t("Phiên bản", "Revision"), solution.revision))
}

fn headline(solution: &Solution, lang: Lang) -> String {
    let from = stated(solution.from_points.as_ref(), lang);
    let most = stated(solution.most_points.as_ref(), lang);
    let wanted = stated(solution.wanted_points.as_ref(), lang);
    if !solution.is_reachable {
        return match lang {
            Lang::Vi => format!(
                "✗ Không thể đạt {wanted}: hiện có {from}, nâng hết mọi mục cũng chỉ được {most}."
            ),
            Lang::En => format!(
                "✗ {wanted} is out of reach: {from} now, and {most} with everything lifted."
            ),
        };
    }
    let to = stated(solution.to_points.as_ref(), lang);
    let effort = stated(solution.effort.as_ref(), lang);
    match (solution.wanted_points.is_some(), lang) {
        (true, Lang::Vi) => {
            format!(
                "{from} → {to} (cần {wanted}), công sức ít nhất {effort}; tối đa có thể {most}."
            )
        }
        (true, Lang::En) => {
            format!(
                "{from} → {to} (wanted {wanted}) at the least effort, {effort}; {most} at most."
            )
        }
        (false, Lang::Vi) => {
            format!("{from} → {to}, điểm cao nhất với công sức {effort}; tối đa có thể {most}.")
        }
        (false, Lang::En) => {
            format!("{from} → {to}, the most for the effort, {effort}; {most} at most.")
        }
    }
}

fn row(lift: &Lift, is_effort: bool, lang: Lang) -> [String; 7] {
    let from = score(lift.from_points.as_ref(), lang);
    let worth = match &lift.worth {
        Some(_) if is_effort => format!("−{}", score(lift.worth.as_ref(), lang)),
        Some(_) => format!("+{}", score(lift.worth.as_ref(), lang)),
        None => lang.t("không đạt", "out of reach").to_owned(),
    };
    [
        lift.node_id.clone(),
        lift.title.clone(),
        lift.lead_unit_name.clone(),
        if lift.is_unknown { format!("≥ {from}") } else { from },
        score(lift.to_points.as_ref(), lang),
        score(lift.effort.as_ref(), lang),
        worth,
    ]
}

fn why(kept: &Kept, lang: Lang) -> &'static str {
    match kept.reason() {
        Reason::NotChosen => lang.t("mục khác lợi hơn", "others are the better choice"),
        Reason::Survey => lang.t("do người dân chấm qua khảo sát", "citizens score it"),
        Reason::External => {
            lang.t("do cơ quan chủ trì bộ chỉ số công bố", "the owner of the index scores it")
        }
        Reason::AtMaximum => lang.t("đã đạt mức cao nhất", "it has all it can have"),
        Reason::MaximumUnknown => {
            lang.t("chưa biết điểm tối đa hoặc cách chấm", "its maximum or rule is unknown")
        }
        Reason::Excluded => {
            lang.t("không tính vào tổng điểm tối đa", "it is out of the denominator")
        }
        Reason::TooLate => lang.t("xong sau hạn", "it would be ready too late"),
        Reason::Locked => lang.t("kịch bản giữ nguyên", "the scenario keeps it"),
        Reason::Assumed => lang.t("kịch bản giả định số điểm này", "the scenario supposes it"),
        Reason::Unspecified => "",
    }
}

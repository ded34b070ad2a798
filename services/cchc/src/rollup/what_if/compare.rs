//! Several scenarios side by side: one column each, one line a node that any of them lifts.

use std::collections::BTreeMap;

use cchc_proto::reporting::v1::{Lift, Solution};

use super::Solved;
use crate::{
    error::CliError,
    output::{Output, align_right},
    rollup::wording::{score, stated},
    say::Lang,
};

/// Prints scenarios side by side.
pub(in crate::rollup) fn print(solved: &[Solved], output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let mut header = vec![lang.t("Mục", "Node").to_owned()];
    header.extend(solved.iter().map(|one| one.title.clone()));
    let mut table = output.table(header);
    table.add_row(line(lang.t("Hiện có", "Now"), solved, |solution| {
        stated(solution.from_points.as_ref(), lang)
    }));
    table.add_row(line(lang.t("Cần đạt", "Wanted"), solved, |solution| {
        stated(solution.wanted_points.as_ref(), lang)
    }));
    table.add_row(line(lang.t("Đạt được", "Reached"), solved, |solution| {
        if solution.is_reachable {
            stated(solution.to_points.as_ref(), lang)
        } else {
            let most = stated(solution.most_points.as_ref(), lang);
            match lang {
                Lang::Vi => format!("✗ chỉ {most}"),
                Lang::En => format!("✗ only {most}"),
            }
        }
    }));
    table.add_row(line(lang.t("Công sức", "Effort"), solved, |solution| {
        score(solution.effort.as_ref(), lang)
    }));
    for (node, title) in lifted(solved) {
        table.add_row(line(&format!("{node} {title}"), solved, |solution| {
            let lift = solution.lifts.iter().find(|lift| lift.node_id == node);
            lift.map_or_else(String::new, |lift| moved(lift, lang))
        }));
    }
    align_right(&mut table, 1..=solved.len());
    output.line(table)
}

fn line(head: &str, solved: &[Solved], cell: impl Fn(&Solution) -> String) -> Vec<String> {
    std::iter::once(head.to_owned()).chain(solved.iter().map(|one| cell(&one.solution))).collect()
}

fn lifted(solved: &[Solved]) -> BTreeMap<&str, &str> {
    let lifts = solved.iter().flat_map(|one| &one.solution.lifts);
    lifts.map(|lift| (lift.node_id.as_str(), lift.title.as_str())).collect()
}

fn moved(lift: &Lift, lang: Lang) -> String {
    let (from, to) = (score(lift.from_points.as_ref(), lang), score(lift.to_points.as_ref(), lang));
    format!("{from} → {to}")
}

//! Where a published table disagrees with itself. Nothing is corrected: both figures are named.

use std::fmt;

use cchc_core::{Decimal, NodeCode, UnitCode};

use super::{Figures, ProvinceResult, Results};
use crate::{
    catalogue::{Index, Node, Rounding},
    figure::vietnamese,
    province,
    tree::display,
};

/// A sort of disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultsFindingKind {
    /// A printed sum is not what its parts add up to, to the last place it is printed with.
    SumOfParts,
    /// A sum is printed although one of its parts is withheld; it is not used.
    TotalOverWithheld,
    /// A figure above the most a node can give.
    AboveMaximum,
    /// A province of the country has no row.
    ProvinceMissing,
}

impl ResultsFindingKind {
    /// The stable word of contracts and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SumOfParts => "sum-of-parts",
            Self::TotalOverWithheld => "total-over-withheld",
            Self::AboveMaximum => "above-maximum",
            Self::ProvinceMissing => "province-missing",
        }
    }
}

impl fmt::Display for ResultsFindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One disagreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsFinding {
    /// What sort.
    pub kind: ResultsFindingKind,
    /// Whose row.
    pub province: UnitCode,
    /// At which node; absent when the whole row is meant.
    pub node: Option<NodeCode>,
    /// As printed.
    pub stated: Option<Decimal>,
    /// As computed, or the maximum.
    pub computed: Option<Decimal>,
    /// In Vietnamese.
    pub message: String,
    /// In English.
    pub message_en: String,
}

/// Finds every disagreement: by province, then by node, missing provinces last.
#[must_use]
pub fn check(index: &Index, results: &Results) -> Vec<ResultsFinding> {
    let mut found = Vec::new();
    let places: Vec<(&Node, u32)> =
        index.nodes.iter().map(|node| (node, results.places(&node.code))).collect();
    for row in &results.provinces {
        for (node, places) in &places {
            found.extend(of_node(index, row, node, *places));
        }
    }
    let missing = province::all().iter().filter(|of| results.province(&of.code).is_none());
    found.extend(missing.map(|of| ResultsFinding {
        kind: ResultsFindingKind::ProvinceMissing,
        province: of.code.clone(),
        node: None,
        stated: None,
        computed: None,
        message: format!("{} ({}): không có trong bảng", of.name, of.code),
        message_en: format!("{} ({}) is not in the table", of.name_en, of.code),
    }));
    found
}

fn of_node(index: &Index, row: &ProvinceResult, node: &Node, places: u32) -> Vec<ResultsFinding> {
    let Some(stated) = row.values.get(&node.code).copied().flatten() else { return Vec::new() };
    let figures = Figures::new(index, row);
    let sum = figures.sum_of_parts(&node.code, Figures::finest);
    let sum = sum.map(|sum| display(sum.get(), places, Rounding::HalfUp));
    let at = |kind, computed: Option<Decimal>, vi: String, en: String| {
        let (name, name_en) = names(&row.province);
        ResultsFinding {
            kind,
            province: row.province.clone(),
            node: Some(node.code.clone()),
            stated: Some(stated.get()),
            computed,
            message: format!("{name}, mục {} {}: {vi}", node.code, node.title),
            message_en: format!("{name_en}, node {} {}: {en}", node.code, node.title_en),
        }
    };
    let mut found = Vec::new();
    let shown = vietnamese(stated);
    if figures.is_withheld(&node.code) {
        let vi =
            format!("bảng ghi {shown} nhưng mục thành phần không công bố nên không dùng số này");
        let en = format!("{stated} is printed although a part is withheld, so it is not used");
        found.push(at(ResultsFindingKind::TotalOverWithheld, None, vi, en));
    } else if let Some(sum) = sum.filter(|sum| *sum != stated.get()) {
        let vi = format!("bảng ghi {shown}, cộng các mục thành phần được {}", vietnamese(sum));
        let en = format!("{stated} is printed, its parts add up to {sum}");
        found.push(at(ResultsFindingKind::SumOfParts, Some(sum), vi, en));
    }
    if let Some(max) = node.max.filter(|max| stated > *max) {
        let vi = format!("bảng ghi {shown}, cao hơn điểm tối đa {}", vietnamese(max));
        let en = format!("{stated} is printed, more than the maximum {max}");
        found.push(at(ResultsFindingKind::AboveMaximum, Some(max.get()), vi, en));
    }
    found
}

fn names(code: &UnitCode) -> (String, String) {
    province::of_code(code).map_or_else(
        || (code.to_string(), code.to_string()),
        |of| (of.name.clone(), of.name_en.clone()),
    )
}

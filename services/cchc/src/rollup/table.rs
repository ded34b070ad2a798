//! One index of a rollup as a table. A column in which nothing is known takes no room.

use cchc_proto::reporting::v1::{IndexRollup, Layer, NodeRollup};
use comfy_table::{Cell, CellAlignment, Color, Row, Table};

use super::{marks::Marks, promise, wording};
use crate::{output::Output, say::Lang};

/// A column: its title, its text for a node, its colour there, whether it holds figures.
struct Column<'a> {
    title: &'static str,
    text: Box<dyn Fn(&NodeRollup) -> String + 'a>,
    color: fn(&NodeRollup) -> Color,
    is_figure: bool,
}

impl<'a> Column<'a> {
    fn text(title: &'static str, text: impl Fn(&NodeRollup) -> String + 'a) -> Self {
        Self { title, text: Box::new(text), color: |_| Color::Reset, is_figure: false }
    }

    fn figure(title: &'static str, text: impl Fn(&NodeRollup) -> String + 'a) -> Self {
        Self { is_figure: true, ..Self::text(title, text) }
    }

    fn layer(layer: Layer, lang: Lang) -> Self {
        Self::figure(wording::layer(layer, lang), move |node| {
            let scores = &node.layers;
            let score = scores.iter().find(|score| score.layer() == layer);
            score.map_or_else(String::new, |score| {
                let shown =
                    wording::score_or_bound(score.points.as_ref(), score.so_far.as_ref(), lang);
                wording::without(shown, score.excluded_max.as_ref(), lang)
            })
        })
    }

    fn cell(&self, node: &NodeRollup) -> Cell {
        let cell = Cell::new((self.text)(node));
        let cell = if self.is_figure { cell.set_alignment(CellAlignment::Right) } else { cell };
        match (self.color)(node) {
            Color::Reset => cell,
            color => cell.fg(color),
        }
    }
}

fn columns<'a>(marks: &'a Marks<'a>, lang: Lang) -> Vec<Column<'a>> {
    let title = move |node: &NodeRollup| {
        let depth = usize::try_from(node.depth).unwrap_or_default();
        let indent = "  ".repeat(depth.saturating_sub(1));
        format!("{indent}{} {}", node.title, marks.of(node)).trim_end().to_owned()
    };
    let estimate = move |node: &NodeRollup| {
        let estimate = node.estimate.as_ref();
        estimate.map_or_else(String::new, |estimate| {
            let shown =
                wording::score_or_bound(estimate.points.as_ref(), estimate.so_far.as_ref(), lang);
            wording::without(shown, estimate.excluded_max.as_ref(), lang)
        })
    };
    let mut verdict = Column::text(lang.t("Kết quả", "Verdict"), move |node| {
        wording::verdict(node.points_verdict(), lang).0.to_owned()
    });
    verdict.color = |node| wording::verdict(node.points_verdict(), Lang::En).1;
    vec![
        Column::text(lang.t("Mục", "Node"), |node| {
            node.node_id.rsplit('/').next().unwrap_or_default().to_owned()
        }),
        Column::text(lang.t("Nội dung", "Title"), title),
        Column::figure(lang.t("Xuất phát", "Baseline"), move |node| {
            wording::baseline(node, lang)
        }),
        Column::figure(lang.t("Chỉ tiêu", "Target"), move |node| promise::target(node, lang)),
        Column::layer(Layer::Self_, lang),
        Column::layer(Layer::Appraised, lang),
        Column::layer(Layer::Survey, lang),
        Column::layer(Layer::Published, lang),
        Column::figure(lang.t("Ước tính", "Estimate"), estimate),
        Column::figure(lang.t("Còn thiếu", "Gap"), move |node| {
            wording::score(node.gap.as_ref(), lang)
        }),
        verdict,
        Column::text(lang.t("Thứ hạng", "Rank"), move |node| wording::rank(node, lang)),
        Column::text(lang.t("Chủ trì", "Lead"), |node| node.lead_unit_name.clone()),
    ]
}

/// Lays an index out.
pub(super) fn lay_out(index: &IndexRollup, marks: &Marks<'_>, output: &Output) -> Table {
    let is_known =
        |column: &Column<'_>| index.nodes.iter().any(|node| !(column.text)(node).is_empty());
    let columns: Vec<Column<'_>> =
        columns(marks, output.lang()).into_iter().filter(is_known).collect();
    let mut table = output.table(columns.iter().map(|column| column.title));
    for node in &index.nodes {
        table
            .add_row(Row::from(columns.iter().map(|column| column.cell(node)).collect::<Vec<_>>()));
    }
    table
}

/// The heading over an index.
pub(super) fn heading(index: &IndexRollup, lang: Lang) -> String {
    let own = match (index.is_own, lang) {
        (false, _) => "",
        (true, Lang::Vi) => " – chỉ số nội bộ, không phải chỉ số chính thức",
        (true, Lang::En) => " – the province's own, not an official index",
    };
    format!("{} ({}) – {} [{}]{own}", index.family, index.index_code, index.title, index.unit)
}

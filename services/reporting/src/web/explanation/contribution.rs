//! What a gap and the figure of a variable are made of, in the words and bars of a page.

use cchc_core::Decimal;
use cchc_scoring::{catalogue::Rounding, tree::display};

use super::{super::view::number, exact};
use crate::domain::{
    unit_parts::{UnitPart, VariableParts},
    waterfall::{Cause, GapPart, Reference, Share, Waterfall},
};

pub(super) struct WaterfallView {
    pub(super) heading: String,
    pub(super) wanted: String,
    pub(super) has: String,
    pub(super) gap: String,
    pub(super) parts: Vec<GapView>,
}

pub(super) struct GapView {
    pub(super) node: String,
    pub(super) title: String,
    pub(super) note: &'static str,
    pub(super) wanted: String,
    pub(super) has: String,
    pub(super) gap: String,
    pub(super) class: &'static str,
    /// Where its bar begins and how wide it is, in hundredths of the chart.
    pub(super) from: Decimal,
    pub(super) width: Decimal,
}

pub(super) struct VariableView {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) wanted: String,
    pub(super) numerator: String,
    pub(super) denominator: String,
    pub(super) missing: String,
    pub(super) units: Vec<UnitView>,
}

pub(super) struct UnitView {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) note: &'static str,
    pub(super) numerator: String,
    pub(super) denominator: String,
    pub(super) missing: String,
}

/// What a gap is made of, with a bar for each part.
pub(super) fn waterfall(of: Waterfall) -> WaterfallView {
    let gap = exact(of.gap);
    let heading = match (of.is_known, of.gap > Decimal::ZERO) {
        (false, _) => format!("Còn thiếu nhiều nhất {gap}, vì có mục chưa biết điểm"),
        (true, true) => format!("Còn thiếu {gap} so với chỉ tiêu"),
        (true, false) if of.gap.is_zero() => "Vừa đạt chỉ tiêu".to_owned(),
        (true, false) => format!("Đạt chỉ tiêu, vượt {}", exact(-of.gap)),
    };
    let scale = Scale::of(&of.parts);
    let mut at = Decimal::ZERO;
    let parts = of.parts.into_iter().map(|part| {
        let before = at;
        at += part.gap;
        gap_view(part, scale.bar(before, at))
    });
    WaterfallView {
        heading,
        wanted: exact(of.wanted),
        has: exact(of.has),
        gap,
        parts: parts.collect(),
    }
}

/// From figures to hundredths of a chart.
struct Scale {
    lowest: Decimal,
    span: Decimal,
}

impl Scale {
    fn of(parts: &[GapPart]) -> Self {
        let mut at = Decimal::ZERO;
        let ends = parts.iter().map(|part| {
            at += part.gap;
            at
        });
        let ends: Vec<Decimal> = std::iter::once(Decimal::ZERO).chain(ends).collect();
        let lowest = ends.iter().min().copied().unwrap_or_default();
        let highest = ends.iter().max().copied().unwrap_or_default();
        Self { lowest, span: highest - lowest }
    }

    /// Where a bar between two figures begins, and how wide it is.
    fn bar(&self, one: Decimal, other: Decimal) -> (Decimal, Decimal) {
        let hundredths = |figure: Decimal| {
            let share = (figure * Decimal::ONE_HUNDRED).checked_div(self.span);
            display(share.unwrap_or_default(), 2, Rounding::HalfUp)
        };
        (hundredths(one.min(other) - self.lowest), hundredths((one - other).abs()))
    }
}

fn gap_view(GapPart { cause, gap }: GapPart, (from, width): (Decimal, Decimal)) -> GapView {
    let beside = |title: &str, note: &'static str| GapView {
        node: String::new(),
        title: title.to_owned(),
        note,
        wanted: String::new(),
        has: String::new(),
        gap: exact(gap),
        class: if gap > Decimal::ZERO { "missing" } else { "over" },
        from,
        width,
    };
    match cause {
        Cause::Child(share) => child(*share, beside("", "")),
        Cause::NotAllotted => beside(
            "Chênh lệch trong chính kế hoạch",
            "chỉ tiêu chung khác tổng chỉ tiêu của các mục",
        ),
        Cause::OtherFigure => beside(
            "Số công bố chung khác tổng các mục",
            "cơ quan chủ trì công bố riêng số của toàn bộ",
        ),
        Cause::Scaled => beside(
            "Quy đổi theo điểm tối đa",
            "phần không phát sinh, không khảo sát được quy đổi trước khi so với chỉ tiêu",
        ),
    }
}

fn child(share: Share, row: GapView) -> GapView {
    let note = match (share.is_known, share.reference) {
        (false, _) => "chưa biết điểm: đang tính là thiếu nhiều nhất có thể",
        (true, Some((Reference::Baseline, _))) => "không có chỉ tiêu riêng: so với mức xuất phát",
        (true, None) => "không có chỉ tiêu riêng",
        (true, Some((Reference::Target, _))) => "",
    };
    let class = if share.is_known { row.class } else { "unknown" };
    GapView {
        node: share.node.to_string(),
        title: share.title,
        note,
        wanted: number(share.reference.map(|(_, wanted)| wanted.normalize())),
        has: exact(share.has),
        class,
        ..row
    }
}

/// What units bring to a variable.
pub(super) fn variable(of: VariableParts) -> VariableView {
    let wanted = of.level.zip(of.missing).map(|(level, missing)| {
        let level = exact(level);
        if missing > Decimal::ZERO {
            format!("Để đạt chỉ tiêu cần {level} %: tử số còn thiếu {}.", exact(missing))
        } else {
            format!("Đã đạt mức {level} % cần cho chỉ tiêu, vượt {}.", exact(-missing))
        }
    });
    VariableView {
        code: of.variable.to_string(),
        title: of.title,
        wanted: wanted.unwrap_or_default(),
        numerator: exact(of.numerator),
        denominator: of.denominator.map_or_else(String::new, exact),
        missing: of.missing.map_or_else(String::new, exact),
        units: of.units.into_iter().map(unit).collect(),
    }
}

fn unit(of: UnitPart) -> UnitView {
    let figure = of.figure;
    let note = match figure {
        None => "chưa báo cáo",
        Some(figure) if !figure.is_whole => "chưa đủ cả năm",
        Some(_) => "",
    };
    let shown = |value: Option<Decimal>| value.map_or_else(String::new, exact);
    UnitView {
        code: of.unit.to_string(),
        name: of.name,
        note,
        numerator: number(figure.map(|figure| figure.numerator.normalize())),
        denominator: shown(figure.and_then(|figure| figure.denominator)),
        missing: shown(figure.and_then(|figure| figure.missing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(thousandths: i64) -> GapPart {
        GapPart { cause: Cause::NotAllotted, gap: Decimal::new(thousandths, 3) }
    }

    #[test]
    fn each_bar_begins_where_the_one_before_ended() {
        let parts = vec![part(500), part(-1000), part(1500)];
        let gap = parts.iter().map(|part| part.gap).sum();
        let of = Waterfall { wanted: gap, has: Decimal::ZERO, gap, is_known: true, parts };

        let shown = waterfall(of);

        let bars: Vec<_> =
            shown.parts.iter().map(|bar| format!("{} {}", bar.from, bar.width)).collect();
        assert_eq!(bars, ["33.33 33.33", "0.00 66.67", "0.00 100.00"]);
        assert_eq!(shown.heading, "Còn thiếu 1 so với chỉ tiêu");
        assert_eq!(
            shown.parts.iter().map(|bar| bar.class).collect::<Vec<_>>(),
            ["missing", "over", "missing"]
        );
    }
}

//! A district index in the manner of PAPI: indicators of any scale brought to 1 to 10, averaged, added up.
//!
//! ```text
//!   z   = (value − least) / (most − least)        of the declared range; 1 − z where less is better
//!   s10 = 1 + 9 z                                 from 1, the worst, to 10, the best
//!   sub-dimension = mean of its s10 / k           k sub-dimensions share a dimension's 10 points
//!   dimension     = sum of its sub-dimensions     total = sum of the dimensions, without weights
//! ```
//!
//! Which range an indicator has is declared and never guessed. The *theoretical* one is what the
//! question allows: figures compare over the years. The *observed* one is the worst and the best of the
//! units that reported: it spreads them, and it moves with every report. PAPI's form is public, that its
//! range is the theoretical one is not certain; provincial indices of districts (DDCI) document the
//! observed one. So this is the province's own index and never shown as PAPI.
//!
//! One rounding, to nine places, at the sub-dimension; what lies above is exact. A unit without a figure
//! has no sub-dimension, hence no dimension and no total: unknown, not 1.

mod definition;

use std::{borrow::Cow, collections::BTreeMap};

use cchc_core::{Decimal, NodeCode, Points, Quantity, UnitCode, VariableCode};

pub use definition::{Direction, DistrictIndex, DistrictNode, Indicator, Range, RescaleFault};

use crate::{derivation::DerivationStep, figure::vietnamese};

/// What units reported: by unit and indicator.
pub type Reported = BTreeMap<UnitCode, BTreeMap<VariableCode, Quantity>>;

/// The scores of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DistrictScores {
    /// Points of every node; absent while a figure under it is unknown.
    pub points: BTreeMap<NodeCode, Option<Points>>,
    /// How the points of each sub-dimension come about.
    pub steps: BTreeMap<NodeCode, Vec<DerivationStep>>,
}

/// The ends of an indicator's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    least: Decimal,
    most: Decimal,
}

/// Scores every unit.
///
/// # Errors
///
/// Everything that is wrong with the definition, or every figure outside of its theoretical range.
pub fn score(
    index: &DistrictIndex,
    reported: &Reported,
) -> Result<BTreeMap<UnitCode, DistrictScores>, Vec<RescaleFault>> {
    let faults = index.check();
    if !faults.is_empty() {
        return Err(faults);
    }
    let faults: Vec<RescaleFault> =
        index.indicators.iter().flat_map(|indicator| outside(indicator, reported)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let ends: BTreeMap<&VariableCode, Option<Ends>> = index
        .indicators
        .iter()
        .map(|indicator| (&indicator.code, ends_of(indicator, reported)))
        .collect();
    let scores =
        reported.iter().map(|(unit, figures)| (unit.clone(), of_unit(index, &ends, figures)));
    Ok(scores.collect())
}

fn outside(indicator: &Indicator, reported: &Reported) -> Vec<RescaleFault> {
    let Range::Theoretical { min, max } = &indicator.range else { return Vec::new() };
    let all = reported.iter().filter_map(|(unit, of)| Some((unit, *of.get(&indicator.code)?)));
    let outside = all.filter(|(_, value)| value < min || value > max);
    outside
        .map(|(unit, value)| RescaleFault::OutOfRange {
            unit: unit.clone(),
            indicator: indicator.code.clone(),
            value,
            min: *min,
            max: *max,
        })
        .collect()
}

/// The ends of the declared range; nothing when nobody reported.
fn ends_of(indicator: &Indicator, reported: &Reported) -> Option<Ends> {
    match &indicator.range {
        Range::Theoretical { min, max } => Some(Ends { least: min.get(), most: max.get() }),
        Range::Observed => {
            let values = || reported.values().filter_map(|of| of.get(&indicator.code));
            let (least, most) = (values().min()?.get(), values().max()?.get());
            Some(Ends { least, most })
        }
    }
}

fn of_unit(
    index: &DistrictIndex,
    ends: &BTreeMap<&VariableCode, Option<Ends>>,
    figures: &BTreeMap<VariableCode, Quantity>,
) -> DistrictScores {
    let mut scores = DistrictScores::default();
    for node in index.nodes.iter().filter(|node| node.code.depth() == 2) {
        let mut steps = Vec::new();
        let points = sub_dimension(index, &node.code, (ends, figures), &mut steps);
        scores.points.insert(node.code.clone(), points);
        scores.steps.insert(node.code.clone(), steps);
    }
    for depth in [1, 0] {
        for node in index.nodes.iter().filter(|node| node.code.depth() == depth) {
            let parts = index.children(&node.code);
            let parts: Option<Vec<Points>> =
                parts.map(|part| scores.points.get(&part.code).copied().flatten()).collect();
            scores.points.insert(node.code.clone(), parts.map(|all| all.into_iter().sum()));
        }
    }
    scores
}

fn sub_dimension(
    index: &DistrictIndex,
    node: &NodeCode,
    (ends, figures): (&BTreeMap<&VariableCode, Option<Ends>>, &BTreeMap<VariableCode, Quantity>),
    steps: &mut Vec<DerivationStep>,
) -> Option<Points> {
    let mut sum = Some(Decimal::ZERO);
    let mut count = Decimal::ZERO;
    for indicator in index.indicators.iter().filter(|indicator| indicator.node == *node) {
        count += Decimal::ONE;
        let value = figures.get(&indicator.code).copied();
        let ends = ends.get(&indicator.code).copied().flatten();
        let scaled = value.zip(ends).and_then(|(value, ends)| rescaled(indicator, value, ends));
        steps.extend(value.zip(ends).map(|(value, ends)| step_of(indicator, value, ends, scaled)));
        sum = sum.zip(scaled).map(|(sum, scaled)| sum + scaled);
    }
    let mean = sum?.checked_div(count)?;
    let siblings = node.parent().map_or(1, |above| index.children(&above).count());
    let points = Points::nearest(mean.checked_div(Decimal::from(siblings))?);
    steps.push(step("Trung bình các chỉ báo, thang 1–10", "mean of the indicators, 1 to 10", mean));
    steps.push(step(
        format!("Chia cho {siblings} nội dung thành phần của trục"),
        format!("shared by {siblings} sub-dimensions"),
        points.get(),
    ));
    Some(points)
}

/// A figure on the scale from 1 to 10; nothing when the range has no width, since then nothing tells
/// the units apart.
fn rescaled(indicator: &Indicator, value: Quantity, ends: Ends) -> Option<Decimal> {
    let from_worst = match indicator.direction {
        Direction::Positive => value.get() - ends.least,
        Direction::Negative => ends.most - value.get(),
    };
    let nine_parts = from_worst.checked_mul(Decimal::from(9))?;
    Some(Decimal::ONE + nine_parts.checked_div(ends.most - ends.least)?)
}

fn step_of(
    indicator: &Indicator,
    value: Quantity,
    Ends { least, most }: Ends,
    scaled: Option<Decimal>,
) -> DerivationStep {
    let (value_vi, least_vi, most_vi) = (vietnamese(value), vietnamese(least), vietnamese(most));
    let (code, title, title_en) = (&indicator.code, &indicator.title, &indicator.title_en);
    let (less, less_en) = match indicator.direction {
        Direction::Positive => ("", ""),
        Direction::Negative => (", càng thấp càng tốt", ", less is better"),
    };
    let (flat, flat_en) = match scaled {
        Some(_) => ("", ""),
        None => (": mọi đơn vị bằng nhau nên không có thang", ": all alike, so there is no scale"),
    };
    step(
        format!("{code} {title}: {value_vi} trong khoảng {least_vi}–{most_vi}{less}{flat}"),
        format!("{code} {title_en}: {value} within {least} to {most}{less_en}{flat_en}"),
        scaled.unwrap_or_default(),
    )
}

fn step(
    what: impl Into<Cow<'static, str>>,
    what_en: impl Into<Cow<'static, str>>,
    value: Decimal,
) -> DerivationStep {
    let value = value.round_dp(9).normalize();
    DerivationStep { what: what.into(), what_en: what_en.into(), value }
}

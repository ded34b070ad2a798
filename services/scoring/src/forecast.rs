//! What a score may come to at the year's end, from what is known of it today.
//!
//! In September a leader asks whether 92.28 will be reached. An estimate alone cannot say; what can be said is
//! what the score *may* come to, and how likely it is that a promise is kept. So a forecast is a whole
//! [`Distribution`], never a single number: an interval and a probability are read off it, and where the data
//! do not allow one, there is none, with its reason ([`Unknown`]).
//!
//! | what is known of a node | how it is forecast | file |
//! | --- | --- | --- |
//! | everything: the score is complete or published | as it is, width zero | [`Method::Certain`] |
//! | answers of a survey that is still asked | its design-based error, less what the fieldwork has done already | [`fieldwork`] |
//! | reports of some of the units, or of a part of the year | units that have not reported are like those that have; the rest of the year is like that of earlier years | [`reports`] |
//! | a self-assessment without an appraisal | what appraisals did to the other self-assessments of the plan | [`appraisal`] |
//! | what its owner published in earlier years | a random walk, its steps from all provinces | [`walk`] |
//! | its parts | their distributions added up as if all were lucky or unlucky together | [`Distribution::sum`] |
//!
//! **Parts move together.** The same citizens answer about all of PAPI, the same appraisers read all of PAR
//! INDEX, and how strongly parts depend on one another is not known. Among all ways in which they could, the
//! sum spreads most when they rise and fall together (comonotonicity; Dhaene et al. 2002), so it is this that
//! is assumed: never more certain than the parts allow. Taken as independent, the back-test's total is missed
//! far too often. Where a sum has a published series of its own, that is used instead: how its parts moved
//! together stands in it.
//!
//! **What is forecast** is the score as the rollup will show it once everything of the year has come: for a
//! survey the figure of its last day, not the truth about all citizens; for an index that others publish, what
//! they will publish.
//!
//! Real numbers are fenced in here as in [`survey`](crate::survey): they start from exact figures and end as
//! whole billionths, so that the same facts give the same bytes. How well it works is measured, not
//! believed: `README.md` beside this file.

pub mod appraisal;
pub mod chance;
mod distribution;
pub mod fieldwork;
pub mod place;
pub mod reports;
mod spread;
mod unknown;
pub mod walk;

pub use distribution::{Distribution, Level, PARTS};
pub use spread::Spread;
pub use unknown::Unknown;

use cchc_core::{Decimal, Quantity};
use num_traits::ToPrimitive as _;

use crate::rule::{AnswerOption, Input, Rule, Terms};

/// Degrees of freedom below which an error is not known well enough to be told: the t distribution has no
/// variance there, and its intervals mean nothing to anybody.
pub const LEAST_DEGREES: f64 = 2.0;

/// One, in the parts that shares are told with.
const WHOLE: i64 = 1_000_000_000;

/// How a node was forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Nothing can change it any more.
    Certain,
    /// From a survey that is still asked.
    Fieldwork,
    /// From the reports of the year so far.
    Reports,
    /// From a self-assessment that will be appraised.
    Appraisals,
    /// From what was published in earlier years.
    Series,
    /// From its parts.
    Parts,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::Certain,
        Self::Fieldwork,
        Self::Reports,
        Self::Appraisals,
        Self::Series,
        Self::Parts,
    ];

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Certain => "đã đủ số liệu của năm",
            Self::Fieldwork => "khảo sát đang tiến hành: sai số chọn mẫu của phần chưa thu",
            Self::Reports => "báo cáo trong năm: đơn vị và thời gian còn lại",
            Self::Appraisals => "tự đánh giá chưa thẩm định: chênh lệch thẩm định của các mục khác",
            Self::Series => "kết quả công bố các năm trước: bước ngẫu nhiên",
            Self::Parts => "cộng các mục thành phần, coi như cùng tăng cùng giảm",
        }
    }

    /// The English label.
    #[must_use]
    pub const fn label_en(self) -> &'static str {
        match self {
            Self::Certain => "everything of the year has come",
            Self::Fieldwork => "survey under way: sampling error of what is still to come",
            Self::Reports => "reports of the year: units and months still to come",
            Self::Appraisals => "self-assessed: what appraisals did to the other nodes",
            Self::Series => "published in earlier years: random walk",
            Self::Parts => "sum of the parts, moving together",
        }
    }
}

/// Puts figures that may come through a node's rule: what points may come. Nothing where the rule makes no
/// points of one of them.
pub fn through(
    rule: &Rule,
    terms: Terms,
    figures: &Distribution,
    input: impl Fn(Decimal) -> Option<Input>,
) -> Option<Distribution> {
    figures.map(|figure| Some(rule.evaluate(terms, &input(figure)?).points?.get()))
}

/// A share from 0 to 1 as reported: a part out of a whole.
#[must_use]
pub fn as_reported(share: Decimal) -> Option<Input> {
    let numerator = Quantity::new(parts(share)).ok()?;
    Some(Input::Ratio { numerator, denominator: Quantity::new(WHOLE.into()).ok()? })
}

/// A share from 0 to 1 as answered: the satisfied of all who said something.
#[must_use]
pub fn as_answered(share: Decimal) -> Option<Input> {
    let satisfied = Quantity::new(parts(share.clamp(Decimal::ZERO, Decimal::ONE))).ok()?;
    Some(Input::Answers { satisfied, valid: Quantity::new(WHOLE.into()).ok()? })
}

/// A number of things, which has no parts.
#[must_use]
pub fn as_counted(count: Decimal) -> Option<Input> {
    Quantity::new(count.round().max(Decimal::ZERO)).ok().map(Input::Count)
}

/// A mean worth in per cent as answered: of the best and of the worst answer so many that they are worth it.
#[must_use]
pub fn as_worth(options: &[AnswerOption], worth: Decimal) -> Option<Input> {
    let best = options.iter().max_by_key(|option| option.percent)?;
    let worst = options.iter().min_by_key(|option| option.percent)?;
    let span = best.percent - worst.percent;
    let share = (worth - worst.percent).checked_div(span)?.clamp(Decimal::ZERO, Decimal::ONE);
    let of_best = parts(share);
    let rest = Decimal::from(WHOLE) - of_best;
    let counts = [(&best.option, of_best), (&worst.option, rest)];
    let counts = counts.map(|(name, count)| Some((name.clone(), Quantity::new(count).ok()?)));
    counts.into_iter().collect::<Option<_>>().map(Input::Options)
}

fn parts(share: Decimal) -> Decimal {
    (share * Decimal::from(WHOLE)).round().max(Decimal::ZERO)
}

/// An exact figure as the nearest real number.
#[must_use]
pub fn real(figure: Decimal) -> f64 {
    figure.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests;

//! What is estimated, as a combination of ratios of totals: Σ a · Σ(numerators) / Σ(denominators).
//!
//! Means, shares, ratios, pooled components, means of item rates and PAPI scores are all of this form, so
//! that there is one linearisation for all of them (Woodruff 1971): the derivative by each total.
#![expect(clippy::float_arithmetic, reason = "estimates of ratios are real-valued")]

/// One ratio of a combination, or one total.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Term {
    /// What the ratio counts for.
    pub coefficient: f64,
    /// Variables whose totals are added up above the line.
    pub numerators: Vec<usize>,
    /// Variables whose totals are added up below the line; none for a plain total.
    pub denominators: Vec<usize>,
}

/// A sum of ratios and totals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Combination {
    /// The ratios and totals.
    pub terms: Vec<Term>,
}

impl Combination {
    /// A total of one variable.
    #[must_use]
    pub fn total(variable: usize) -> Self {
        let term = Term { coefficient: 1.0, numerators: vec![variable], denominators: Vec::new() };
        Self { terms: vec![term] }
    }

    /// A ratio of two variables' totals; a mean when the second is one for everybody who answered.
    #[must_use]
    pub fn ratio(numerator: usize, denominator: usize) -> Self {
        Self::pooled(vec![numerator], vec![denominator])
    }

    /// Several variables taken together, over several taken together.
    #[must_use]
    pub fn pooled(numerators: Vec<usize>, denominators: Vec<usize>) -> Self {
        Self { terms: vec![Term { coefficient: 1.0, numerators, denominators }] }
    }

    /// The plain mean of combinations; empty of none.
    #[must_use]
    pub fn mean(parts: Vec<Self>) -> Self {
        let share = 1.0 / super::special::real(parts.len().max(1));
        let scaled = |term: Term| Term { coefficient: term.coefficient * share, ..term };
        Self { terms: parts.into_iter().flat_map(|part| part.terms).map(scaled).collect() }
    }

    /// Every term counted `factor` times.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.terms.iter_mut().for_each(|term| term.coefficient *= factor);
        self
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.terms.extend(other.terms);
        self
    }

    /// The figure, given every variable's total; nothing when a denominator is zero.
    #[must_use]
    pub fn estimate(&self, totals: &[f64]) -> Option<f64> {
        self.terms.iter().try_fold(0.0, |sum, term| {
            let above = sum_of(&term.numerators, totals);
            if term.denominators.is_empty() {
                return Some(sum + term.coefficient * above);
            }
            let below = sum_of(&term.denominators, totals);
            (below != 0.0).then(|| sum + term.coefficient * above / below)
        })
    }

    /// The derivative of the figure by the variables' totals, as variables with slopes; those of a variable
    /// that stands twice add up. Nothing when a denominator is zero.
    #[must_use]
    pub fn gradient(&self, totals: &[f64]) -> Option<Vec<(usize, f64)>> {
        let mut gradient = Vec::new();
        for term in &self.terms {
            if term.denominators.is_empty() {
                gradient
                    .extend(term.numerators.iter().map(|variable| (*variable, term.coefficient)));
                continue;
            }
            let below = sum_of(&term.denominators, totals);
            if below == 0.0 {
                return None;
            }
            let ratio = sum_of(&term.numerators, totals) / below;
            let slope = term.coefficient / below;
            gradient.extend(term.numerators.iter().map(|variable| (*variable, slope)));
            gradient.extend(term.denominators.iter().map(|variable| (*variable, -ratio * slope)));
        }
        Some(gradient)
    }
}

fn sum_of(variables: &[usize], totals: &[f64]) -> f64 {
    variables.iter().filter_map(|variable| totals.get(*variable)).sum()
}

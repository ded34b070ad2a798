//! How figures stand in Vietnamese sentences.

use std::fmt::Display;

/// Writes a figure as a Vietnamese reader expects it, with a comma: `92,28`.
#[must_use]
pub fn vietnamese(figure: impl Display) -> String {
    figure.to_string().replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_a_comma_and_keeps_its_zeros() {
        assert_eq!(vietnamese(cchc_core::Decimal::new(9310, 2)), "93,10");
        assert_eq!(vietnamese(-2), "-2");
    }
}

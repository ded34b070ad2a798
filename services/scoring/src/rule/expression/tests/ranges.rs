//! What an expression can come to, whatever the figures.

use super::*;

#[test]
fn a_range_holds_whatever_the_expression_can_come_to() {
    for (text, least, most) in [
        ("maximum * r", "0", "2"),
        ("maximum - r", "1", "2"),
        ("r - maximum", "-2", "-1"),
        ("-r", "-1", "0"),
        ("(r - 50%) * 4", "-2", "2"),
        ("a + 1", "1", ""),
        ("a * r", "0", ""),
        ("r * 3 * r", "0", "3"),
        ("1 / (a + 2)", "0", "1/2"),
        ("1 / (r + 1)", "1/2", "1"),
        ("1 / r", "1", ""),
        ("1 / (r - 50%)", "", ""),
        ("a * (r - 50%)", "", ""),
        ("min(a, 5)", "0", "5"),
        ("min(r, maximum)", "0", "1"),
        ("max(a, 5)", "5", ""),
        ("max(r, 50%)", "1/2", "1"),
        ("max(r, b)", "0", ""),
        ("b", "", ""),
    ] {
        let range = range(read(text).tree(), &of_name);
        let end = |end: Option<BigRational>| end.map(|end| end.to_string()).unwrap_or_default();

        assert_eq!((end(range.least), end(range.most)), (least.into(), most.into()), "{text}");
    }
}

#[test]
fn a_condition_that_no_figures_change_is_certain() {
    for (text, certain) in [
        ("r >= 0%", Some(true)),
        ("r > 0%", None),
        ("r > 100%", Some(false)),
        ("r >= 100%", None),
        ("r <= 100%", Some(true)),
        ("r < 100%", None),
        ("r < 0%", Some(false)),
        ("r <= 0%", None),
        ("a < 0", Some(false)),
        ("a >= 0", Some(true)),
        ("0 <= a", Some(true)),
        ("r = 120%", Some(false)),
        ("r != 120%", Some(true)),
        ("r = 100%", None),
        ("not r > 100%", Some(true)),
        ("r > 50% and r > 100%", Some(false)),
        ("r > 50% or r <= 100%", Some(true)),
        ("r <= 100% and a >= 0", Some(true)),
        ("r > 100% or a < 0", Some(false)),
        ("r > 50% and a >= 0", None),
        ("r > 50% or a < 0", None),
        ("a > 1", None),
    ] {
        assert_eq!(is_certain(read(text).tree(), &of_name), certain, "{text}");
    }
}

//! The language itself: what is read, what is refused and where, what it comes to.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod ranges;

use cchc_core::Refusal;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::rule::values::Values;

/// `a` is 3, `b` is 4, `zero` is 0, `r` is 75 %, `maximum` is 2 points.
struct Figures;

impl Values for Figures {
    fn value(&self, name: &str) -> Result<BigRational, Undefined> {
        let of = |n: i64, d: i64| Ok(BigRational::new(n.into(), d.into()));
        match name {
            "a" => of(3, 1),
            "b" => of(4, 1),
            "zero" => of(0, 1),
            "r" => of(3, 4),
            "maximum" => of(2, 1),
            _ => Err(Undefined::Missing { at: 0 }),
        }
    }
}

impl Names for Figures {
    fn kind(&self, name: &str) -> Option<ValueKind> {
        match name {
            "a" | "b" | "zero" => Some(ValueKind::Count),
            "r" => Some(ValueKind::Ratio),
            "maximum" => Some(ValueKind::Points),
            _ => None,
        }
    }
}

fn read(text: &str) -> Expression {
    text.parse().unwrap()
}

fn comes_to(text: &str) -> String {
    number(read(text).tree(), &Figures).unwrap().to_string()
}

fn holds(text: &str) -> bool {
    truth(read(text).tree(), &Figures).unwrap()
}

fn refused(text: &str) -> (usize, usize, &'static str) {
    let error = text.parse::<Expression>().unwrap_err();
    (error.start, error.end, error.reason())
}

fn kind(text: &str) -> Result<ValueKind, (usize, usize, &'static str)> {
    let expression = read(text);
    let kind = kind_of(expression.tree(), &Figures);
    kind.map_err(|error| (error.start, error.end, error.reason()))
}

#[test]
fn an_expression_is_kept_as_it_was_written() {
    assert_eq!(read("a  +  1 >= b").as_str(), "a  +  1 >= b");
}

#[test]
fn operators_bind_as_in_school_and_from_the_left() {
    for (text, value) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("12 / 2 / 3", "2"),
        ("-2 * -3", "6"),
        ("2 - -3", "5"),
        ("--3", "3"),
        ("50%", "1/2"),
        ("a / b", "3/4"),
        ("min(a, b, 2)", "2"),
        ("max(a, b, 2)", "4"),
        ("max(min(a, 1), 0.5)", "1"),
        ("maximum * r", "3/2"),
        ("1/3 + 1/3 + 1/3", "1"),
    ] {
        assert_eq!(comes_to(text), value, "{text}");
    }
}

#[test]
fn conditions_compare_exactly_and_stop_where_they_are_decided() {
    for text in [
        "a < b",
        "a <= 3",
        "a = 3",
        "a != b",
        "b >= 4",
        "b > a",
        "not a > b",
        "not not a < b",
        "a > b or b > a",
        "a < b and b > a",
        "a > b and zero > 1 or a = 3",
        "zero = 0 or a / zero > 1",
        "not (zero != 0 and a / zero > 1)",
        "a / 9 * 9 = a",
        "r >= 75%",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["a < 3", "a > 3", "a <= 2", "a >= 4", "a != 3", "a = b", "r > 75%", "not a = 3"] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn nothing_is_divided_by_zero_and_the_place_is_told() {
    let division = |text: &str| number(read(text).tree(), &Figures).unwrap_err();

    assert_eq!(division("1 + a / zero"), Undefined::Division { at: 8 });
    assert_eq!(division("a / (b - 4)"), Undefined::Division { at: 4 });
    assert_eq!(division("2 * other"), Undefined::Missing { at: 4 });
    assert_eq!(truth(read("a / zero > 1").tree(), &Figures), Err(Undefined::Division { at: 4 }));
    assert_eq!(truth(read("a").tree(), &Figures), Err(Undefined::Sort));
    assert_eq!(number(read("a > 1").tree(), &Figures), Err(Undefined::Sort));
}

#[test]
fn what_is_no_expression_is_refused_at_its_place() {
    let invalid = "EXPRESSION_INVALID";
    for (text, start, end) in [
        ("", 0, 0),
        ("1 +", 3, 3),
        ("1 2", 2, 3),
        ("a < b < 3", 6, 7),
        ("(a", 2, 2),
        ("a)", 1, 2),
        ("min()", 4, 5),
        ("min(a b)", 6, 7),
        ("min(a,)", 6, 7),
        ("a(1)", 1, 2),
        ("tỷ", 1, 2),
        ("a & b", 2, 3),
        ("1e3", 0, 3),
        ("1.", 0, 2),
        ("1.2.3", 0, 5),
        ("0.1234567891", 0, 12),
        ("a ! b", 2, 3),
        ("and", 0, 3),
        ("a or", 4, 4),
        ("not", 3, 3),
        ("A", 0, 1),
        ("a %", 2, 3),
        ("1 % %", 4, 5),
    ] {
        assert_eq!(refused(text), (start, end, invalid), "{text}");
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let long = |n: usize| "1".to_owned() + &"+1".repeat(n);
    let deep = |n: usize| "(".repeat(n) + "a" + &")".repeat(n);

    assert!((long(249) + " ").parse::<Expression>().is_ok());
    assert_eq!(refused(&(long(249) + "  ")), (0, 500, "EXPRESSION_INVALID"));
    assert!(deep(32).parse::<Expression>().is_ok());
    assert_eq!(refused(&deep(33)), (33, 34, "EXPRESSION_INVALID"));
    assert_eq!(refused(&("-".repeat(33) + "a")), (33, 34, "EXPRESSION_INVALID"));
    assert_eq!(refused(&("not ".repeat(33) + "a")).2, "EXPRESSION_INVALID");
    assert!(("(a)+".repeat(60) + "a").parse::<Expression>().is_ok());
}

#[test]
fn a_share_is_neither_added_to_a_count_nor_compared_with_a_plain_number() {
    use ValueKind::{Condition, Count, Number, Points, Ratio};
    for (text, expected) in [
        ("1 + 2", Number),
        ("2 / 3", Number),
        ("a + 1", Count),
        ("1 + a", Count),
        ("a * 2", Count),
        ("a / 2", Count),
        ("a / b", Ratio),
        ("r / 80%", Ratio),
        ("r * r", Ratio),
        ("100% - r", Ratio),
        ("a * r", Count),
        ("r * a", Count),
        ("a / r", Count),
        ("maximum * r", Points),
        ("r * maximum", Points),
        ("maximum * a", Points),
        ("a * maximum", Points),
        ("maximum / b * a", Points),
        ("maximum / maximum", Ratio),
        ("maximum - 0.5", Points),
        ("-maximum", Points),
        ("min(maximum, 1)", Points),
        ("max(1, a)", Count),
        ("a >= 2", Condition),
        ("r >= 80%", Condition),
        ("not a > b", Condition),
        ("a > b and b > a or r = r", Condition),
    ] {
        assert_eq!(kind(text), Ok(expected), "{text}");
    }
    for (text, start, end) in [
        ("r + a", 0, 5),
        ("a - r", 0, 5),
        ("r >= 80", 0, 7),
        ("1 - r", 0, 5),
        ("a * b", 0, 5),
        ("maximum * maximum", 0, 17),
        ("maximum + a", 0, 11),
        ("2 / a", 0, 5),
        ("r / a", 0, 5),
        ("a / maximum", 0, 11),
        ("a > r", 0, 5),
        ("a > maximum", 0, 11),
        ("min(a, r)", 7, 8),
        ("2 * (a > b)", 5, 10),
        ("-(a > b)", 2, 7),
        ("not a", 4, 5),
        ("a and a > b", 0, 1),
        ("a > b or b", 9, 10),
        ("(a > b) = (b > a)", 1, 6),
    ] {
        let found = kind(text);
        let (from, to, reason) = found.unwrap_err();

        // Brackets belong to the part they hold.
        assert_eq!(reason, "EXPRESSION_UNITS", "{text}");
        assert!(from <= start && end <= to.max(end), "{text}: {from} to {to}");
    }
    assert_eq!(kind("2 * c"), Err((4, 5, "EXPRESSION_NAME_UNKNOWN")));
}

#[test]
fn what_cannot_stand_together_is_told_with_the_sign_between() {
    let signs = ["+", "-", "<", "<=", "=", "!=", ">=", ">"].map(|sign| ("a", sign, "r"));

    for (left, sign, right) in signs.into_iter().chain([("a", "*", "b"), ("2", "/", "a")]) {
        let expression = read(&format!("{left} {sign} {right}"));
        let said = kind_of(expression.tree(), &Figures).unwrap_err().vietnamese();

        assert!(said.contains(&format!(" {sign} ")), "{sign}: {said}");
    }
}

#[test]
fn an_error_says_where_in_both_languages() {
    let error = "a & b".parse::<Expression>().unwrap_err();

    assert_eq!(error.to_string(), "at character 3: '&' is no part of an expression");
    assert_eq!(error.vietnamese(), "tại ký tự 3: ký tự '&' không dùng được trong biểu thức");
}

#[test]
fn an_expression_is_stored_as_it_is_written() {
    let expression = read("a  /b >= 80%");

    let stored = serde_json::to_string(&expression).unwrap();

    assert_eq!(stored, "\"a  /b >= 80%\"");
    assert_eq!(serde_json::from_str::<Expression>(&stored).unwrap(), expression);
    assert!(serde_json::from_str::<Expression>("\"a /\"").is_err());
}

/// `a` from 0 on, `r` from 0 to 1, `maximum` exactly 2.
fn of_name(name: &str) -> Option<Range> {
    let integer = |n: i64| BigRational::from_integer(BigInt::from(n));
    match name {
        "a" => Some(Range::from_zero(None)),
        "r" => Some(Range::from_zero(Some(integer(1)))),
        "maximum" => Some(Range::only(integer(2))),
        _ => None,
    }
}

/// Texts that are expressions more often than not.
fn text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["a", "r", "maximum", "2", "0.5", "80%", "0"]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 2, |inner| {
        let signs = prop::sample::select(vec!["+", "-", "*", "/"]);
        prop_oneof![
            (inner.clone(), signs, inner.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("max({a}, -{b})")),
        ]
    })
}

/// Figures within the ranges of [`of_name`].
struct Any {
    a: BigRational,
    r: BigRational,
}

impl Values for Any {
    fn value(&self, name: &str) -> Result<BigRational, Undefined> {
        match name {
            "a" => Ok(self.a.clone()),
            "r" => Ok(self.r.clone()),
            "maximum" => Ok(BigRational::from_integer(2.into())),
            _ => Err(Undefined::Missing { at: 0 }),
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_within_its_own_length(text in ".{0,80}") {
        if let Err(error) = text.parse::<Expression>() {
            prop_assert!(error.start <= error.end && error.end <= text.chars().count());
        }
    }

    #[test]
    fn no_figures_leave_the_range_of_an_expression(
        text in text(), a in 0_i64..1000, part in 0_i64..=60, more in 0_i64..60
    ) {
        let expression = read(&text);
        let r = BigRational::new(part.into(), (part + more).max(1).into());
        let figures = Any { a: BigRational::from_integer(a.into()), r };

        let range = range(expression.tree(), &of_name);

        if let Ok(value) = number(expression.tree(), &figures) {
            prop_assert!(range.least.is_none_or(|least| least <= value));
            prop_assert!(range.most.is_none_or(|most| value <= most));
        }
    }

    #[test]
    fn a_certain_condition_holds_for_all_figures(
        (one, other) in (text(), text()), sign in prop::sample::select(vec!["<", "<=", "=", "!=", ">=", ">"]),
        a in 0_i64..1000, part in 0_i64..=60, more in 0_i64..60
    ) {
        let expression = read(&format!("{one} {sign} {other}"));
        let r = BigRational::new(part.into(), (part + more).max(1).into());
        let figures = Any { a: BigRational::from_integer(a.into()), r };

        if let (Some(certain), Ok(found)) =
            (is_certain(expression.tree(), &of_name), truth(expression.tree(), &figures))
        {
            prop_assert_eq!(certain, found);
        }
    }
}

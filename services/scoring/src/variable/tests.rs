//! Which reports of a year count, and what they come to.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

const ALL: [&str; 7] = ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018-6M", "2018-9M", "2018"];

fn variable(collection: Collection, missing: Missing) -> Variable {
    let mut variable: Variable = serde_json::from_str(
        r#"{ "code": "V", "title": "t", "title_en": "t", "measure": "share", "numerator": "a",
             "denominator": "b", "reporters": { "kinds": ["commune"] } }"#,
    )
    .unwrap();
    (variable.collection, variable.missing) = (collection, missing);
    variable
}

fn reports(said: &[(&str, i64)]) -> BTreeMap<Period, Reported> {
    let quantity = |n: i64| Quantity::new(Decimal::from(n)).unwrap();
    said.iter()
        .map(|(period, n)| {
            let whole = Some(quantity(n * 2));
            (period.parse().unwrap(), Reported { numerator: quantity(*n), denominator: whole })
        })
        .collect()
}

/// Used, superseded, the sum's numerator, whole units and units in part.
fn collected(collection: Collection, said: &[(&str, i64)]) -> (String, String, i64, (i64, i64)) {
    let of =
        collect(&variable(collection, Missing::Partial), Year::new(2018).unwrap(), &reports(said));
    assert_eq!(of.sum.denominator, of.sum.numerator * Decimal::TWO);
    let words =
        |periods: &[Period]| periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let numerator = i64::try_from(of.sum.numerator).unwrap();
    (words(&of.used), words(&of.superseded), numerator, (of.sum.reported, of.sum.partial))
}

fn is(
    used: &str,
    superseded: &str,
    sum: i64,
    units: (i64, i64),
) -> (String, String, i64, (i64, i64)) {
    (used.to_owned(), superseded.to_owned(), sum, units)
}

#[test]
fn by_default_only_the_report_of_the_whole_year_counts() {
    let parts = [("2018-Q1", 1), ("2018-6M", 3), ("2018-9M", 6), ("2017", 9)];

    assert_eq!(collected(Collection::WholeYear, &parts), is("", "", 0, (0, 0)));
    let all = [("2018-Q1", 1), ("2018", 10)];
    assert_eq!(collected(Collection::WholeYear, &all), is("2018", "", 10, (1, 0)));
}

#[test]
fn a_stock_is_what_was_reported_last() {
    let by_june = [("2018-Q1", 7), ("2018-Q2", 5), ("2018-6M", 4)];

    let early = collected(Collection::Latest, &by_june);
    let whole = collected(Collection::Latest, &[("2018-Q1", 7), ("2018-Q4", 3)]);

    assert_eq!(early, is("2018-6M", "2018-Q1 2018-Q2", 4, (0, 1)));
    assert_eq!(whole, is("2018-Q4", "2018-Q1", 3, (1, 0)));
}

#[test]
fn a_cumulative_report_contains_the_earlier_ones() {
    let nine = [("2018-Q1", 1), ("2018-6M", 3), ("2018-9M", 6), ("2018-Q4", 9)];

    let so_far = collected(Collection::Cumulative, &nine);
    let year = collected(Collection::Cumulative, &[("2018-6M", 3), ("2018", 10)]);

    assert_eq!(so_far, is("2018-9M", "2018-Q1 2018-6M 2018-Q4", 6, (0, 1)));
    assert_eq!(year, is("2018", "2018-6M", 10, (1, 0)));
}

#[test]
fn quarters_add_up_and_longer_reports_take_their_place() {
    let quarters = [("2018-Q1", 1), ("2018-Q2", 2), ("2018-Q3", 3), ("2018-Q4", 4)];
    let half = [("2018-6M", 30), ("2018-Q1", 1), ("2018-Q2", 2), ("2018-Q3", 3)];
    let gap = [("2018-Q1", 1), ("2018-Q3", 3), ("2018-Q4", 4)];

    assert_eq!(
        collected(Collection::Periodic, &quarters),
        is("2018-Q1 2018-Q2 2018-Q3 2018-Q4", "", 10, (1, 0))
    );
    assert_eq!(
        collected(Collection::Periodic, &half),
        is("2018-6M 2018-Q3", "2018-Q1 2018-Q2", 33, (0, 1))
    );
    // What lies behind a gap waits for what is missing: unknown is not zero.
    assert_eq!(collected(Collection::Periodic, &gap), is("2018-Q1", "2018-Q3 2018-Q4", 1, (0, 1)));
}

#[test]
fn the_longest_beginning_counts_and_the_rest_joins_on() {
    let said = [("2018-Q1", 1), ("2018-Q2", 2), ("2018-Q3", 3), ("2018-Q4", 4), ("2018-6M", 5)];

    let all = collected(Collection::Periodic, &said);

    assert_eq!(all, is("2018-6M 2018-Q3 2018-Q4", "2018-Q1 2018-Q2", 12, (1, 0)));
}

#[test]
fn a_unit_in_part_is_withheld_where_the_variable_says_so() {
    let withheld = variable(Collection::Periodic, Missing::Withheld);
    let year = Year::new(2018).unwrap();

    let part = collect(&withheld, year, &reports(&[("2018-Q1", 1)]));
    let whole = collect(&withheld, year, &reports(&[("2018-Q1", 1), ("2018", 5)]));

    assert_eq!((part.sum, part.reaches_the_end), (Sum::default(), false));
    assert_eq!((whole.sum.reported, whole.sum.numerator), (1, Decimal::from(5)));
}

fn any_collection() -> impl Strategy<Value = Collection> {
    prop::sample::select(vec![
        Collection::WholeYear,
        Collection::Latest,
        Collection::Cumulative,
        Collection::Periodic,
    ])
}

proptest! {
    /// Used windows join without gap or overlap (save a stock's), used and superseded are apart, and a
    /// report that cannot count is never used.
    #[test]
    fn no_stretch_of_the_year_counts_twice(
        collection in any_collection(),
        said in prop::sample::subsequence(ALL.to_vec(), 0..=7),
    ) {
        let said: Vec<(&str, i64)> = said.into_iter().map(|period| (period, 1)).collect();

        let of = collect(
            &variable(collection, Missing::Partial), Year::new(2018).unwrap(), &reports(&said));

        for pair in of.used.windows(2) {
            prop_assert_eq!(pair[0].quarters().1 + 1, pair[1].quarters().0);
        }
        prop_assert!(of.used.iter().all(|used| can_count(collection, *used)));
        prop_assert!(of.superseded.iter().all(|period| !of.used.contains(period)));
        if said.iter().any(|(period, _)| *period == "2018") {
            prop_assert_eq!(&of.used, &vec!["2018".parse::<Period>().unwrap()]);
        }
    }
}

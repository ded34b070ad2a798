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

fn of_year(collection: Collection, owed: Owed, said: &[(&str, i64)]) -> Collected {
    let variable = variable(collection, Missing::Partial);
    collect(&variable, Year::new(2018).unwrap(), owed, &reports(said))
}

/// Used, superseded, the sum's numerator, whole units and units in part.
fn collected(collection: Collection, said: &[(&str, i64)]) -> (String, String, i64, (i64, i64)) {
    let of = of_year(collection, Owed::YEAR, said);
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

    let part = collect(&withheld, year, Owed::YEAR, &reports(&[("2018-Q1", 1)]));
    let whole = collect(&withheld, year, Owed::YEAR, &reports(&[("2018-Q1", 1), ("2018", 5)]));

    assert_eq!((part.sum, part.reaches_the_end), (Sum::default(), false));
    assert_eq!((whole.sum.reported, whole.sum.numerator), (1, Decimal::from(5)));
}

fn commune(from: &str, to: &str) -> Unit {
    let mut unit: Unit = serde_json::from_str(
        r#"{ "code": "07030", "parent": "204", "kind": "commune", "name": "Trới" }"#,
    )
    .unwrap();
    let day = |text: &str| serde_json::from_value(serde_json::Value::String(text.to_owned())).ok();
    (unit.valid_from, unit.valid_to) = (day(from), day(to));
    unit
}

#[test]
fn a_window_is_owed_by_who_exists_on_its_last_day() {
    let owed = |collection, from: &str, to: &str| {
        let variable = variable(collection, Missing::Partial);
        let owed = Owed::of(&variable, Year::new(2018).unwrap(), &commune(from, to));
        owed.map(|owed| (owed.first, owed.last))
    };

    let periodic = |from, to| owed(Collection::Periodic, from, to);
    assert_eq!(periodic("", ""), Some((1, 4)));
    assert_eq!(periodic("", "2018-07-01"), Some((1, 2)));
    assert_eq!(periodic("", "2018-06-30"), Some((1, 1)), "gone on the last day of June");
    assert_eq!(periodic("2018-07-01", ""), Some((3, 4)));
    assert_eq!(periodic("2018-02-01", "2018-03-01"), None);
    assert_eq!(owed(Collection::WholeYear, "2018-07-01", ""), Some((1, 4)));
    assert_eq!(owed(Collection::WholeYear, "", "2018-07-01"), None);
}

#[test]
fn a_unit_that_begins_or_ends_within_the_year_is_whole_with_its_own_quarters() {
    let (early, late) = (Owed { first: 1, last: 2 }, Owed { first: 3, last: 4 });

    let ended = of_year(Collection::Periodic, early, &[("2018-Q1", 1), ("2018-Q2", 2)]);
    let half = of_year(Collection::Periodic, early, &[("2018-Q1", 1)]);
    let begun = of_year(Collection::Periodic, late, &[("2018-Q3", 3), ("2018-Q4", 4)]);
    let year = of_year(Collection::Periodic, late, &[("2018", 10), ("2018-Q3", 3)]);

    let beyond = [("2018-Q1", 1), ("2018-Q2", 2), ("2018-Q3", 9)];
    let gone = of_year(Collection::Periodic, early, &beyond);
    assert_eq!(gone.sum, ended.sum, "a window that ends after the unit is not its to report");
    assert_eq!(gone.superseded, ["2018-Q3".parse().unwrap()]);
    let sums = [&ended, &half, &begun, &year].map(|of| (of.sum.reported, of.sum.partial));
    assert_eq!(sums, [(1, 0), (0, 1), (1, 0), (1, 0)]);
    assert_eq!(year.sum.numerator, Decimal::from(10), "the year as whoever is there at its end");
}

#[test]
fn a_successors_report_that_spans_the_merger_stands_for_the_merged_unit() {
    let early = Owed { first: 1, last: 2 };
    let merged = || of_year(Collection::Periodic, early, &[("2018-Q1", 1), ("2018-Q2", 2)]);
    let quarters = [("2018-Q1", 5), ("2018-Q2", 5), ("2018-Q3", 8), ("2018-Q4", 8)];
    let apart = of_year(Collection::Periodic, Owed::YEAR, &quarters);
    let whole = of_year(Collection::Periodic, Owed::YEAR, &[("2018", 29)]);

    let beside = merged().unless_stood_for(early, [&apart]);
    let within = merged().unless_stood_for(early, [&whole]);

    assert_eq!(beside.sum.numerator + apart.sum.numerator, Decimal::from(29));
    assert_eq!(within.sum.numerator + whole.sum.numerator, Decimal::from(29), "and not twice");
    assert_eq!((within.used.len(), within.superseded.len(), within.sum.reported), (0, 2, 1));
}

#[test]
fn which_periods_can_count_is_the_collections_to_say() {
    let counting = |collection| {
        let of = ALL.into_iter().filter(|period| can_count(collection, period.parse().unwrap()));
        of.collect::<Vec<_>>()
    };

    assert_eq!(counting(Collection::WholeYear), ["2018"]);
    assert_eq!(counting(Collection::Cumulative), ["2018-Q1", "2018-6M", "2018-9M", "2018"]);
    assert_eq!(counting(Collection::Latest), ALL);
    assert_eq!(counting(Collection::Periodic), ALL);
}

fn sum(numerator: i64, denominator: i64, (reported, partial): (i64, i64)) -> Sum {
    let (numerator, denominator) = (Decimal::from(numerator), Decimal::from(denominator));
    Sum { numerator, denominator, reported, partial }
}

#[test]
fn sums_of_units_add_up_in_figures_and_in_heads() {
    let both = sum(46, 67, (3, 2)) + sum(4, 10, (2, 1));

    assert_eq!(both, sum(50, 77, (5, 3)));
}

#[test]
fn what_a_correction_takes_away_is_gone_in_figures_and_in_heads() {
    let less = sum(46, 67, (3, 2)) - sum(50, 70, (1, 4));

    assert_eq!(less, sum(-4, -3, (2, -2)));
    assert_eq!(less + sum(50, 70, (1, 4)), sum(46, 67, (3, 2)));
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

        let of = of_year(collection, Owed::YEAR, &said);

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

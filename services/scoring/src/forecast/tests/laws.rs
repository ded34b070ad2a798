//! Laws that hold whatever the figures are.

use proptest::prelude::*;

use super::*;

fn points() -> impl Strategy<Value = Distribution> {
    (0_i64..10_000, 0_i64..3_000, 2_i64..40).prop_map(|(middle, scale, degrees)| {
        let of = |n: i64| crate::survey::special::nearest(n) / 100.0;
        let degrees_of_freedom = of(degrees * 100);
        let spread = Spread { middle: of(middle), scale: of(scale), degrees_of_freedom };
        spread.distribution().within(Decimal::ZERO, Some(Decimal::ONE_HUNDRED))
    })
}

fn wanted(points: &str, wanted: i64) -> (Target, Ground) {
    let wanted = Decimal::new(wanted, 2);
    let target = target(&json!({ "points": wanted.to_string() }));
    (target, Ground { max: Some(points.parse().unwrap()), wanted: Some(wanted) })
}

fn likely(points: &Distribution, at: i64) -> Decimal {
    let (target, ground) = wanted("100", at);
    match chances((&target, ground), (Some(points), Points::ZERO), None).points {
        Some(Chance::Likely(probability)) => probability,
        other => panic!("{other:?}"),
    }
}

fn width(points: &Distribution) -> Decimal {
    let (low, high) = points.interval(Level::NinetyFive);
    high - low
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_probability_is_one_and_falls_as_more_is_promised(
        points in points(), at in 0_i64..10_000, more in 0_i64..5_000,
    ) {
        let (less, harder) = (likely(&points, at), likely(&points, at + more));

        prop_assert!(harder <= less);
        prop_assert!((Decimal::ZERO..=Decimal::ONE).contains(&less));
        prop_assert!((Decimal::ZERO..=Decimal::ONE).contains(&harder));
    }

    #[test]
    fn the_eighty_lies_within_the_ninety_five_around_the_middle(points in points()) {
        let ((low, high), (lower, higher)) =
            (points.interval(Level::Eighty), points.interval(Level::NinetyFive));

        prop_assert!(lower <= low && low <= points.middle());
        prop_assert!(points.middle() <= high && high <= higher);
    }

    #[test]
    fn a_better_part_makes_no_sum_worse_and_order_does_not_matter(
        parts in proptest::collection::vec(points(), 1..6), by in 0_i64..500,
    ) {
        let sum = Distribution::sum(&parts);
        let mut turned = parts.clone();
        turned.reverse();
        let better = parts[0].map(|points| Some(points + Decimal::new(by, 2))).unwrap();
        let raised = Distribution::sum(std::iter::once(&better).chain(&parts[1..]));

        prop_assert_eq!(&Distribution::sum(&turned), &sum);
        prop_assert!(raised.values().zip(sum.values()).all(|(up, was)| up >= was));
        let certain: Decimal = parts.iter().map(Distribution::middle).sum();
        prop_assert_eq!(sum.middle(), certain.normalize());
    }

    #[test]
    fn a_walk_goes_where_its_figures_go(
        figures in proptest::collection::vec(1_000_i64..5_000, 3..9), by in 0_i64..500,
    ) {
        let real = |n: i64| crate::survey::special::nearest(n) / 64.0;
        let own: Vec<f64> = figures.iter().map(|n| real(*n)).collect();
        let moved: Vec<f64> = figures.iter().map(|n| real(*n + by)).collect();
        prop_assume!(figures.iter().any(|n| *n != figures[0]));

        let one = walk::fit(&series(2010, &own), &[], false).unwrap().at(2020);
        let other = walk::fit(&series(2010, &moved), &[], false).unwrap().at(2020);

        prop_assert!((other.middle - one.middle - real(by)).abs() < 1e-9);
        prop_assert!((other.scale - one.scale).abs() < 1e-9);
    }

    #[test]
    fn more_years_of_the_same_steps_never_widen_and_fewer_years_ahead_neither(
        step in 1_i64..500, years in 3_usize..12, ahead in 1_i32..4,
    ) {
        let step = crate::survey::special::nearest(step) / 64.0;
        let figures: Vec<f64> = (0..=years)
            .map(|n| if n % 2 == 0 { 30.0 } else { 30.0 + step })
            .collect();
        let of = |count: usize, ahead: i32| {
            let last = 2000 + i32::try_from(count).unwrap() - 1;
            let walk = walk::fit(&series(2000, &figures[..count]), &[], false).unwrap();
            walk.at(last + ahead).quantile(0.975) - walk.at(last + ahead).middle
        };

        prop_assert!(of(years + 1, ahead) <= of(years, ahead));
        prop_assert!(of(years, ahead) <= of(years, ahead + 1));
    }

    #[test]
    fn more_fieldwork_done_never_widens(
        percent in 1_i64..100, error in 1_i64..100, one in 0_i64..=100, other in 0_i64..=100,
    ) {
        let real = crate::survey::special::nearest;
        let of = |done: i64| {
            let so_far = fieldwork::SoFar {
                value: real(percent) / 100.0,
                error: Some(real(error) / 1000.0),
                degrees_of_freedom: 20.0,
                answers: 500,
                done: real(done) / 100.0,
            };
            fieldwork::forecast(&[so_far], Kind::Share).unwrap()
        };
        let (less, more) = (of(one.min(other)), of(one.max(other)));

        prop_assert!(width(&more) <= width(&less));
        prop_assert!(of(100).is_certain());
    }

    #[test]
    fn more_units_of_the_same_kind_never_widen(
        shares in proptest::collection::vec(0_i64..=100, 3..8), times in 1_usize..5,
    ) {
        prop_assume!(shares.iter().any(|share| *share != shares[0]));
        let unit = |share: &i64| (crate::survey::special::nearest(*share), 100.0);
        let once: Vec<(f64, f64)> = shares.iter().map(unit).collect();
        let of = |times: usize| {
            let units: Vec<(f64, f64)> =
                (0..times).flat_map(|_| once.iter().copied()).collect();
            let so_far = reports::SoFar {
                units, expected: 60, is_whole_year: true, ..reports::SoFar::default()
            };
            reports::forecast(&so_far, reports::Moves::Around).unwrap()
        };
        let reach = |spread: Spread| spread.quantile(0.975) - spread.middle;

        prop_assert!(reach(of(times + 1)) <= reach(of(times)) + 1e-12);
    }

    #[test]
    fn the_score_of_a_forecast_is_least_near_what_came(points in points()) {
        let middle = points.middle();
        let (low, high) = points.interval(Level::NinetyFive);

        let at = points.score(middle);

        prop_assert!(at <= points.score(low) + 1e-9);
        prop_assert!(at <= points.score(high) + 1e-9);
        prop_assert!(at >= 0.0);
        let certain = Distribution::certain(middle);
        prop_assert!((certain.score(middle + Decimal::TWO) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn places_are_likely_in_all_once_and_better_figures_never_lose_one(
        others in proptest::collection::vec(0_i64..400, 4..12), own in 0_i64..400, by in 0_i64..200,
    ) {
        let real = |n: i64| crate::survey::special::nearest(n) / 10.0;
        let others: Vec<f64> = others.into_iter().map(real).collect();
        let (worse, better) = (places(real(own), &others), places(real(own + by), &others));
        let of = u16::try_from(worse.of()).unwrap();

        prop_assert_eq!(worse.keeps(RankTarget::Top(of)), Some(Decimal::ONE));
        for rank in 1..of {
            let kept = |places: &Places| places.keeps(RankTarget::Top(rank)).unwrap();
            prop_assert!(kept(&better) >= kept(&worse));
            prop_assert!(kept(&worse) <= worse.keeps(RankTarget::Top(rank + 1)).unwrap());
        }
    }
}

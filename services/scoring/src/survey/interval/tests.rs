//! Intervals against forty-digit arithmetic, and what holds of all of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

const ALL: [Interval; 7] = [
    Interval::Normal,
    Interval::T,
    Interval::Logit,
    Interval::Asin,
    Interval::Beta,
    Interval::Wilson,
    Interval::Likelihood,
];
/// Those that are of rates and stay among them.
const OF_RATES: [Interval; 5] =
    [Interval::Logit, Interval::Asin, Interval::Beta, Interval::Wilson, Interval::Likelihood];

fn assert_near(found: (f64, f64), known: (f64, f64)) {
    let is_near = |found: f64, known: f64| (found - known).abs() < 1e-11;
    assert!(is_near(found.0, known.0) && is_near(found.1, known.1), "{found:?} is not {known:?}");
}

/// Three of ten in a simple random sample.
fn three_of_ten(degrees_of_freedom: f64, row_count: usize) -> Basis {
    let standard_error = (0.3_f64 * 0.7 / 10.0).sqrt();
    Basis { estimate: 0.3, standard_error, degrees_of_freedom, row_count, level: 0.95 }
}

#[test]
fn three_of_ten_with_a_normal_quantile() {
    let basis = three_of_ten(f64::INFINITY, 10);

    for (kind, known) in [
        (Interval::Normal, (0.015_974_234_910_674_6, 0.584_025_765_089_325_4)),
        (Interval::T, (0.015_974_234_910_674_6, 0.584_025_765_089_325_4)),
        (Interval::Logit, (0.099_768_315_571_677_3, 0.623_681_927_345_122_3)),
        (Interval::Asin, (0.071_013_184_506_606_5, 0.603_387_802_292_076_5)),
        (Interval::Wilson, (0.107_791_267_406_301, 0.603_221_852_538_854_7)),
        (Interval::Likelihood, (0.084_558_654_981_509_8, 0.606_539_030_904_485_3)),
    ] {
        assert_near(interval(kind, &basis).unwrap(), known);
    }
}

#[test]
fn three_of_ten_with_nine_degrees_of_freedom() {
    let basis = three_of_ten(9.0, 10);

    for (kind, known) in [
        (Interval::Normal, (0.015_974_234_910_674_6, 0.584_025_765_089_325_4)),
        (Interval::T, (-0.027_817_717_051_997_9, 0.627_817_717_051_997_9)),
        (Interval::Logit, (0.082_539_344_937_528_2, 0.671_226_790_285_935_3)),
        (Interval::Asin, (0.048_463_036_201_380_9, 0.649_593_284_057_245_2)),
        // As many degrees of freedom as a simple sample has: Clopper and Pearson's interval.
        (Interval::Beta, (0.066_739_511_177_734_5, 0.652_452_850_059_997_3)),
        (Interval::Wilson, (0.092_619_310_947_943_1, 0.642_784_138_116_130_2)),
        (Interval::Likelihood, (0.065_083_979_927_901_4, 0.651_698_062_950_241_9)),
    ] {
        assert_near(interval(kind, &basis).unwrap(), known);
    }
    let clustered = interval(Interval::Beta, &three_of_ten(9.0, 20)).unwrap();
    assert_near(clustered, (0.055_452_660_463_219_8, 0.681_552_018_547_045_1));
}

#[test]
fn without_a_degree_of_freedom_or_a_standard_error_there_is_none() {
    let basis = three_of_ten(9.0, 10);
    let none = |basis: &Basis, kinds: &[Interval]| {
        kinds.iter().all(|kind| interval(*kind, basis).is_none())
    };

    assert!(none(&Basis { degrees_of_freedom: 0.0, ..basis }, &ALL));
    assert!(none(&Basis { standard_error: f64::INFINITY, ..basis }, &ALL));
    assert!(none(&Basis { standard_error: f64::NAN, ..basis }, &ALL));
    assert!(none(&Basis { degrees_of_freedom: 0.0, standard_error: f64::NAN, ..basis }, &ALL));
    for end in [0.0, 1.0] {
        assert!(none(&Basis { estimate: end, ..basis }, &OF_RATES), "{end}");
        assert!(interval(Interval::T, &Basis { estimate: end, ..basis }).is_some());
    }
    assert!(none(&Basis { estimate: 1.5, ..basis }, &OF_RATES));
    assert!(none(&Basis { standard_error: 0.0, ..basis }, &OF_RATES));
    let sure = interval(Interval::T, &Basis { standard_error: 0.0, ..basis }).unwrap();
    assert_near(sure, (0.3, 0.3));
    // Finite on one side only is no interval either.
    let huge = Basis { estimate: f64::MAX, standard_error: f64::MAX / 2.0, ..basis };
    assert_eq!(interval(Interval::Normal, &huge), None);
    assert_eq!(interval(Interval::Normal, &Basis { estimate: -f64::MAX, ..huge }), None);
}

#[test]
fn nobody_or_everybody_has_the_exact_interval() {
    // 0 of 20 and 20 of 20: one less the twentieth root of 0.025.
    let width = 0.168_433_470_983_085_3;

    assert_near(exact_at_end(0.0, 20.0, 0.95).unwrap(), (0.0, width));
    assert_near(exact_at_end(1.0, 20.0, 0.95).unwrap(), (1.0 - width, 1.0));
    assert_eq!(exact_at_end(0.5, 20.0, 0.95), None);
    assert_eq!(exact_at_end(0.0, 0.0, 0.95), None);
}

fn bases() -> impl Strategy<Value = Basis> {
    let of = (0.05_f64..0.95, 0.005_f64..0.1, 2.0_f64..60.0, 20_usize..200, 0.5_f64..0.99);
    of.prop_map(|(estimate, standard_error, degrees_of_freedom, row_count, level)| Basis {
        estimate,
        standard_error,
        degrees_of_freedom,
        row_count,
        level,
    })
}

proptest! {
    #[test]
    fn an_interval_of_a_rate_holds_it_and_lies_among_rates(basis in bases()) {
        for kind in [Interval::Logit, Interval::Beta, Interval::Wilson, Interval::Likelihood] {
            let (low, high) = interval(kind, &basis).unwrap();

            prop_assert!(0.0 <= low && low <= basis.estimate, "{kind:?} {low}");
            prop_assert!(basis.estimate <= high && high <= 1.0, "{kind:?} {high}");
        }
    }

    #[test]
    fn of_those_who_did_not_it_is_the_mirror_image(basis in bases()) {
        let mirrored = Basis { estimate: 1.0 - basis.estimate, ..basis };

        for kind in OF_RATES {
            let (low, high) = interval(kind, &basis).unwrap();
            let (other_low, other_high) = interval(kind, &mirrored).unwrap();

            prop_assert!((low - (1.0 - other_high)).abs() < 1e-8, "{kind:?}");
            prop_assert!((high - (1.0 - other_low)).abs() < 1e-8, "{kind:?}");
        }
    }

    #[test]
    fn to_be_surer_takes_a_wider_one(basis in bases()) {
        let surer = Basis { level: f64::midpoint(basis.level, 1.0), ..basis };

        for kind in [Interval::T, Interval::Logit, Interval::Wilson] {
            let (low, high) = interval(kind, &basis).unwrap();
            let (wide_low, wide_high) = interval(kind, &surer).unwrap();

            prop_assert!(wide_low < low && high < wide_high, "{kind:?}");
        }
    }
}

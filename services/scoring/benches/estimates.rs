//! Standard errors of a national survey from its sums: 28 statistics for the nation, 63 provinces and 705
//! districts. A dashboard may do it on every batch when it stays under 10 ms.

use cchc_scoring::survey::{
    combination::Combination,
    sums::{Frame, PartOfWhole, Place, Sums},
    variance::Policy,
};
use criterion::{Criterion, criterion_group, criterion_main};

const STATISTICS: usize = 28;
const PROVINCES: usize = 63;
const DISTRICTS: usize = 705;
const UNITS: usize = 10_599;

fn sums() -> Sums {
    let mut sums = Sums::new(STATISTICS);
    for unit in 0..UNITS {
        for statistic in 0..STATISTICS {
            // Any figures will do that differ from unit to unit.
            let spread = i64::try_from((unit * 7_919 + statistic * 104_729) % 4_001).unwrap_or(0);
            let value =
                PartOfWhole { part: 30_000_000 + spread * 1_009, whole: 40_000_000 + spread };
            let place = Place { unit, statistic };
            sums.add(place, value).unwrap_or_else(|error| panic!("{error}"));
        }
    }
    sums
}

fn standard_errors(criterion: &mut Criterion) {
    let strata: Vec<usize> = (0..UNITS).map(|unit| unit * DISTRICTS / UNITS).collect();
    let (frame, sums) = (Frame::new(&strata, &[]), sums());
    let rates: Vec<Combination> = (0..STATISTICS)
        .map(|statistic| Combination::ratio(Sums::part(statistic), Sums::whole(statistic)))
        .collect();
    let mut levels: Vec<Vec<usize>> = vec![(0..DISTRICTS).collect()];
    levels.extend((0..PROVINCES).map(|province| {
        (0..DISTRICTS).filter(|district| district * PROVINCES / DISTRICTS == province).collect()
    }));
    levels.extend((0..DISTRICTS).map(|district| vec![district]));
    criterion.bench_function("28 statistics, nation, 63 provinces, 705 districts", |bencher| {
        bencher.iter(|| {
            for level in &levels {
                let found = sums.estimate_each(&frame, level, &rates, Policy::default());
                std::hint::black_box(found.unwrap_or_else(|error| panic!("{error}")));
            }
        });
    });
}

criterion_group!(benches, standard_errors);
criterion_main!(benches);

//! Districts by the answers to a domain: each estimated within its district, and withheld so that no small group can
//! be worked out from all that is shown.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::{
    reporting::v1::{SurveyFigure, survey_figure::Remark},
    source::v1::Event,
};
use cchc_testkit::assert_refused;
use tonic::Code;

use crate::{
    domains::{NAMES, cluster, of_age, opened, tallied, tally},
    province::registry,
    weights::{SURVEY, assert_near, crossed, estimates},
    world::World,
};

/// A commune: its district and code, what a response weighs, and of each age the satisfied and the others; last, of
/// those who said none.
type Commune<'a> = ((&'a str, &'a str), &'a str, [(i64, i64); 5]);

fn told(communes: &[Commune<'_>]) -> Vec<Event> {
    let clusters =
        communes.iter().map(|((district, commune), weight, _)| cluster(district, commune, weight));
    let of =
        |at, (satisfied, others): (i64, i64)| tally("Q01", at, [0, others, 0, 0, satisfied, 0]);
    let whole = communes.iter().map(|(at, _, ages)| {
        let all = ages.iter().fold((0, 0), |sum, age| (sum.0 + age.0, sum.1 + age.1));
        of(*at, all)
    });
    let parts = communes.iter().flat_map(|(at, _, ages)| {
        NAMES.into_iter().zip(ages).map(|(name, age)| of_age(name, of(*at, *age)))
    });
    vec![opened(clusters.collect(), &["Q01"]), tallied(whole.collect(), parts.collect())]
}

async fn world_of(communes: &[Commune<'_>]) -> World {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("survey", told(communes)).await;
    world
}

/// The figures of parts of districts, by district and answer.
async fn by_both(world: &World) -> BTreeMap<(String, String), SurveyFigure> {
    let found = crossed(world, SURVEY, "AGE").await.unwrap();
    let figures = found.statistics[0].figures.clone().into_iter();
    let of_both = figures
        .filter(|figure| !figure.stratum_code.is_empty() && !figure.domain_answer.is_empty())
        .map(|figure| ((figure.stratum_code.clone(), figure.domain_answer.clone()), figure));
    of_both.collect()
}

/// Three communes of one district, in the last of which nobody is young; and one of another.
const COMMUNES: [Commune<'static>; 4] = [
    (("193", "06649"), "30", [(12, 8), (20, 10), (10, 10), (15, 5), (0, 0)]),
    (("193", "06652"), "10", [(15, 5), (20, 10), (10, 10), (15, 5), (0, 0)]),
    (("193", "06655"), "20", [(0, 0), (20, 10), (10, 10), (15, 5), (0, 0)]),
    (("194", "06709"), "10", [(10, 10), (10, 10), (10, 10), (10, 10), (0, 0)]),
];

#[tokio::test]
async fn a_part_of_a_district_is_estimated_with_the_communes_that_have_nobody_of_it() {
    let world = world_of(&COMMUNES).await;

    let found = by_both(&world).await;

    let young = &found[&("193".to_owned(), "A18".to_owned())];
    // (30 · 12 + 10 · 15) / (30 · 20 + 10 · 20); totals of ∓9/320 and 0 around it, in three communes.
    assert_near(young.value.as_ref(), 510.0 / 800.0);
    assert_near(young.standard_error.as_ref(), 9.0 / 320.0 * 3.0_f64.sqrt());
    assert_eq!((young.answer_count, young.cluster_count), (Some(40), Some(2)));
    let place = (&young.stratum_name[..], &young.domain_title[..]);
    assert_eq!(place, ("Thành phố Hạ Long", "Nhóm tuổi – 18-34"));
    assert_eq!(found.len(), 2 * NAMES.len());
    let alone = &found[&("194".to_owned(), "A65".to_owned())];
    assert_eq!(alone.remarks, [Remark::FewAnswers, Remark::NoStandardError].map(i32::from));
}

#[tokio::test]
async fn a_small_cell_is_withheld_with_others_of_its_row_and_its_column() {
    let mut communes = COMMUNES;
    communes[3].2 = [(2, 2), (30, 10), (20, 20), (25, 25), (0, 0)];

    let found = by_both(&world_of(&communes).await).await;

    let withheld: Vec<(&str, &str)> = found
        .iter()
        .filter(|(_, figure)| figure.answer_count.is_none())
        .map(|((district, age), _)| (&**district, &**age))
        .collect();
    // Four of the young, with the fewest people who hide them: forty in each row, sixty between.
    let hidden = [("193", "A18"), ("193", "A50"), ("194", "A18"), ("194", "A50")];
    assert_eq!(withheld, hidden);
    for figure in found.values().filter(|figure| figure.answer_count.is_none()) {
        assert_eq!(figure.remarks, [i32::from(Remark::Withheld)]);
        assert_eq!((&figure.value, &figure.low, &figure.standard_error), (&None, &None, &None));
    }
}

#[tokio::test]
async fn nothing_of_a_withheld_district_is_shown_and_those_of_no_age_are_hidden_too() {
    let mut communes = COMMUNES.to_vec();
    communes[3].2 = [(10, 5), (10, 5), (10, 5), (10, 5), (0, 0)];
    communes.push((("195", "06800"), "10", [(2, 2), (1, 1), (1, 1), (0, 0), (0, 0)]));
    // Three who said no age: what a district and its ages leave.
    communes[0].2[4] = (2, 1);

    let world = world_of(&communes).await;
    let found = by_both(&world).await;

    let is_shown = |district: &str, age: &str| {
        found[&(district.to_owned(), age.to_owned())].answer_count.is_some()
    };
    let districts = estimates(&world, SURVEY).await.unwrap().statistics[0].figures.clone();
    let withheld: Vec<&str> = districts
        .iter()
        .filter(|figure| !figure.stratum_code.is_empty() && figure.answer_count.is_none())
        .map(|figure| &figure.stratum_code[..])
        .collect();
    assert_eq!(withheld, ["194", "195"]);
    for district in withheld {
        assert!(NAMES.iter().all(|age| !is_shown(district, age)), "{district}");
    }
    // The three of no age would be what is left.
    assert_eq!(NAMES.map(|age| is_shown("193", age)), [false, true, true, true]);
}

#[tokio::test]
async fn a_domain_that_the_survey_does_not_have_is_not_found() {
    let world = world_of(&COMMUNES).await;

    let other = crossed(&world, SURVEY, "SEX").await.unwrap_err();
    let unread = crossed(&world, SURVEY, "không").await.unwrap_err();
    let none = estimates(&world, SURVEY).await.unwrap();

    assert_refused(&other, Code::NotFound, "DOMAIN_NOT_FOUND");
    assert_eq!(unread.code(), Code::InvalidArgument);
    let is_both = |figure: &&SurveyFigure| {
        !figure.stratum_code.is_empty() && !figure.domain_answer.is_empty()
    };
    assert_eq!(none.statistics[0].figures.iter().filter(is_both).count(), 0);
}

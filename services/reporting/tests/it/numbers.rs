//! Means of the numbers that citizens gave: those of R's `svymean` over the synthetic samples, at one stage and at
//! two, over the province, by district and by domain; withheld where few answered, and found out when they
//! are tampered with.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{SurveyFigure, SurveyNumber, survey_figure::Remark},
    source::v1::Event,
    survey::{
        events::v1::{
            ResponsesTallied, SurveyOpened,
            responses_tallied::{DomainTally, Tally},
        },
        v1::{
            Cluster, Domain, NumberRange, Question, SamplePlan, Survey, question::Kind,
            sample_plan::Stratum,
        },
    },
};
use cchc_scoring::survey::moments::{self, LIMBS};
use cchc_testkit::event_of;
use serde_json::Value;

use crate::{
    province::{PLAN, registry},
    verify::{verify, world_with},
    weights::{SURVEY, assert_near, estimates, reference},
    world::World,
};

/// A commune that was drawn: its district, a response's weight, its people where they are known.
#[derive(Debug, Clone, Default)]
struct Drawn {
    district: String,
    weight: Option<String>,
    people: Option<i64>,
    /// The numbers given in units of the last place, or that none was, with the part of the people.
    given: Vec<(Option<i64>, &'static str)>,
}

type Sample = BTreeMap<String, Drawn>;

fn decimal(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

fn opened(sample: &Sample, places: i32, communes: &BTreeMap<String, i32>) -> Event {
    let number = Question {
        code: "Q7".to_owned(),
        text: "Mất bao nhiêu giờ?".to_owned(),
        kind: Kind::Number.into(),
        range: Some(NumberRange {
            least: Some(decimal("-1000000000000")),
            most: Some(decimal("1000000000000")),
            places,
        }),
        number_unit: "giờ".to_owned(),
        ..Question::default()
    };
    let paid = Question {
        code: "PAID".to_owned(),
        text: "Có trả phí không?".to_owned(),
        kind: Kind::YesNo.into(),
        ..Question::default()
    };
    let clusters = sample.iter().map(|(code, of)| Cluster {
        stratum_code: of.district.clone(),
        cluster_code: code.clone(),
        wanted_count: 1,
        base_weight: of.weight.as_deref().map(decimal),
        population_count: of.people,
    });
    let strata = communes.iter().map(|(code, count)| Stratum {
        stratum_code: code.clone(),
        commune_count: *count,
        ..Stratum::default()
    });
    event_of(&SurveyOpened {
        survey: Some(Survey {
            code: SURVEY.to_owned(),
            plan_code: PLAN.to_owned(),
            province_code: "22".to_owned(),
            title: "Khảo sát có câu hỏi dạng số".to_owned(),
            minimum_cell: 10,
            release_after: 10,
            questions: vec![number, paid],
            clusters: clusters.collect(),
            sample_plan: (!communes.is_empty())
                .then(|| SamplePlan { strata: strata.collect(), ..SamplePlan::default() }),
            domains: vec![Domain { question_code: "PAID".to_owned(), ..Domain::default() }],
            ..Survey::default()
        }),
    })
}

/// What numbers of a commune come to, as the survey service tells it.
fn tally<'a>(code: &str, of: &Drawn, given: impl Iterator<Item = &'a Option<i64>>) -> Tally {
    let (mut silent, mut said, mut limbs) = (0, 0, [0; LIMBS]);
    for number in given {
        match number {
            Some(number) => moments::count(&mut limbs, *number, 1),
            None => silent += 1,
        }
        said += i64::from(number.is_some());
    }
    Tally {
        question_code: "Q7".to_owned(),
        stratum_code: of.district.clone(),
        cluster_code: code.to_owned(),
        satisfied_count: 0,
        valid_count: said,
        not_answered_count: silent,
        counts: [silent, said, 0, 0].into_iter().chain(limbs).collect(),
    }
}

fn told(sample: &Sample) -> Event {
    let whole = sample.iter().map(|(code, of)| tally(code, of, of.given.iter().map(|(n, _)| n)));
    let parts = sample.iter().flat_map(|(code, of)| {
        ["yes", "no"].map(|answer| {
            let alone = of.given.iter().filter(|(_, part)| *part == answer).map(|(n, _)| n);
            DomainTally {
                domain_question_code: "PAID".to_owned(),
                domain_answer: answer.to_owned(),
                tally: Some(tally(code, of, alone)),
            }
        })
    });
    event_of(&ResponsesTallied {
        survey_code: SURVEY.to_owned(),
        tallies: whole.collect(),
        domain_tallies: parts.collect(),
        ..ResponsesTallied::default()
    })
}

fn events(sample: &Sample, places: i32, communes: &BTreeMap<String, i32>) -> Vec<Event> {
    vec![opened(sample, places, communes), told(sample)]
}

async fn number_of(told: Vec<Event>) -> SurveyNumber {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("survey", told).await;
    let found = estimates(&world, SURVEY).await.unwrap();
    assert_eq!(found.statistics, []);
    found.numbers[0].clone()
}

/// The rows of a synthetic sample, each by column.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let text = reference(file);
    let mut lines = text.lines().map(|line| line.split(','));
    let header: Vec<&str> = lines.next().unwrap().collect();
    let row = |line: std::str::Split<'_, char>| {
        header.iter().map(|name| (*name).to_owned()).zip(line.map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

/// What R found, by the name of the case.
fn case(file: &str, id: &str) -> Value {
    let read: Value = serde_json::from_str(&reference(file)).unwrap();
    let cases = read["cases"].as_array().unwrap();
    cases.iter().find(|case| case["id"] == id).unwrap()["result"].clone()
}

fn assert_figure(found: &SurveyFigure, expected: &Value) {
    let of = |value: &Value| value.as_f64().unwrap();
    assert_near(found.value.as_ref(), of(&expected["estimate"]));
    assert_near(found.standard_error.as_ref(), of(&expected["se"]));
}

/// A column of the sample of villages, each number as it is.
fn villages(column: &str) -> Sample {
    let mut sample = Sample::new();
    for row in rows("papi_a.csv") {
        let of = sample.entry(row["village"].clone()).or_default();
        of.district.clone_from(&row["district"]);
        of.weight = Some(row["w_base"].clone());
        let part = if row["sex"] == "F" { "yes" } else { "no" };
        of.given.push((row[column].parse().ok(), part));
    }
    sample
}

/// What a column of the sample of communes says of each answer; weighed or with populations.
fn communes(said: fn(i64) -> i64, has_people: bool) -> (Sample, BTreeMap<String, i32>) {
    let (mut sample, mut sizes) = (Sample::new(), BTreeMap::new());
    for row in rows("sipas_a.csv") {
        let of = sample.entry(row["commune"].clone()).or_default();
        of.district.clone_from(&row["district"]);
        of.weight = Some(row["weight"].clone()).filter(|_| !has_people);
        of.people = row["fpc_adult"].parse().ok().filter(|_| has_people);
        of.given.push((row["q01"].parse().ok().map(said), ""));
        sizes.insert(row["district"].clone(), row["fpc_commune"].parse().unwrap());
    }
    if !has_people {
        sizes.clear();
    }
    (sample, sizes)
}

#[tokio::test]
async fn a_mean_with_its_error_and_interval_is_that_of_r() {
    for (column, id) in [("i06", "papi_a_mean_i06"), ("i10", "papi_a_mean_i10")] {
        let sample = villages(column);
        let found = number_of(events(&sample, 0, &BTreeMap::new())).await;

        let expected = &case("papi_a_shared.json", id)[0];
        let province = &found.figures[0];
        assert_figure(province, expected);
        assert_eq!(province.degrees_of_freedom, 18);
        let bound = |at: usize| expected["ci95_t"][at].as_f64().unwrap();
        assert_near(province.low.as_ref(), bound(0));
        assert_near(province.high.as_ref(), bound(1));
        let given = sample.values().flat_map(|of| &of.given);
        let answered = given.filter(|(number, _)| number.is_some()).count();
        assert_eq!(province.answer_count, i64::try_from(answered).ok());
        assert_eq!((&found.question_code[..], &found.number_unit[..]), ("Q7", "giờ"));
    }
}

#[tokio::test]
async fn districts_and_both_stages_are_those_of_r() {
    let (graded, none) = communes(|answer| answer, false);
    let (satisfied, _) = communes(|answer| i64::from(answer >= 4), false);
    let (drawn, sizes) = communes(|answer| i64::from(answer >= 4), true);

    let graded = number_of(events(&graded, 0, &none)).await;
    let satisfied = number_of(events(&satisfied, 0, &none)).await;
    let drawn = number_of(events(&drawn, 0, &sizes)).await;

    let likert = case("sipas_a_shared.json", "sipas_a_likert_mean_q01");
    assert_figure(&graded.figures[0], &likert[0]);
    let by_district = case("sipas_a_shared.json", "sipas_a_by_district_q01");
    let districts = satisfied.figures.iter().filter(|figure| !figure.stratum_code.is_empty());
    for (district, expected) in districts.clone().zip(by_district.as_array().unwrap()) {
        assert_eq!(Some(&*district.stratum_code), expected["name"].as_str());
        assert_figure(district, expected);
    }
    assert_eq!(districts.count(), 14);
    assert_figure(&drawn.figures[0], &case("sipas_a_shared.json", "sipas_a_item_fpc2_q01")[0]);
}

/// Communes of districts, in which so many gave a number and said whether they paid.
fn few(given: &[(&str, &str, usize, usize)]) -> Sample {
    let commune = |(district, code, paid, not): &(&str, &str, usize, usize)| {
        let yes = std::iter::repeat_n((Some(25), "yes"), *paid);
        let no = std::iter::repeat_n((Some(35), "no"), *not);
        let district = (*district).to_owned();
        ((*code).to_owned(), Drawn { district, given: yes.chain(no).collect(), ..Drawn::default() })
    };
    given.iter().map(commune).collect()
}

async fn shown(sample: &Sample) -> Vec<Option<i64>> {
    let found = number_of(events(sample, 1, &BTreeMap::new())).await;
    for figure in found.figures.iter().filter(|figure| figure.answer_count.is_none()) {
        assert_eq!(figure.remarks, [i32::from(Remark::Withheld)]);
        let told = (&figure.value, &figure.low, &figure.standard_error, &figure.cluster_count);
        assert_eq!(told, (&None, &None, &None, &None));
    }
    found.figures.into_iter().map(|figure| figure.answer_count).collect()
}

#[tokio::test]
async fn a_small_district_or_part_is_withheld_with_one_that_hides_it() {
    // A mean times its answers is a total: of three districts the small one would be what is left.
    let districts = [("193", "06649", 20, 20), ("194", "06709", 3, 3), ("195", "06655", 10, 15)];

    let found = shown(&few(&districts)).await;

    // The province, three districts, those who paid and those who did not.
    assert_eq!(found, [Some(71), Some(40), None, None, Some(33), Some(38)]);
    let parts = [("193", "06649", 20, 3), ("193", "06652", 20, 4)];
    assert_eq!(shown(&few(&parts)).await, [Some(47), Some(47), None, None]);
    assert_eq!(shown(&few(&[("193", "06649", 4, 5)])).await, [None; 4]);
}

#[tokio::test]
async fn thousands_of_millions_keep_the_error_of_hundredths() {
    // 999,999,999,999.98 and .99 and a million million, in a commune each.
    let most = 100_000_000_000_000;
    let amounts = |code: &str, away: i64| {
        let given = std::iter::repeat_n((Some(most - away), ""), 10).collect();
        (code.to_owned(), Drawn { district: "193".to_owned(), given, ..Drawn::default() })
    };
    let sample = [("06649", 2), ("06652", 1), ("06655", 0)].map(|(code, away)| amounts(code, away));

    let found = number_of(events(&sample.into(), 2, &BTreeMap::new())).await;

    // Σ z² n/(n − 1), z = ±0.01/3: the root is 0.01/√3.
    assert_near(found.figures[0].standard_error.as_ref(), 0.01 / 3.0_f64.sqrt());
    let value: f64 = found.figures[0].value.as_ref().unwrap().value.parse().unwrap();
    assert!((value - 999_999_999_999.99).abs() < 0.001, "{value}");
}

#[tokio::test]
async fn a_recomputation_adds_numbers_up_too_and_finds_what_was_tampered_with() {
    let told =
        events(&few(&[("193", "06649", 20, 20), ("193", "06652", 10, 15)]), 1, &BTreeMap::new());
    let stored = [("registry", registry()), ("assignment", vec![]), ("survey", told.clone())];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("survey", told).await;

    let equal = verify(&world).await.unwrap();
    let tamper =
        "update reporting.tallies set counts[5] = counts[5] + 1 where cluster_code = '06652';
                  update reporting.surveys set numbers = jsonb_set(numbers, '{0,places}', '2')";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert_eq!(found, ["survey S-5", "tally S-5/Q7/06652"]);
}

//! Figures by the domains that a survey declares: those of R's `svyby` over the synthetic sample, withheld where few
//! answered together with what would give them away, and found out when they are tampered with.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{SurveyFigure, survey_figure::Remark},
    source::v1::Event,
    survey::{
        events::v1::{
            ResponsesTallied, SurveyOpened,
            responses_tallied::{DomainTally, Tally},
        },
        v1::{Choice, Cluster, Domain, Question, Survey, question::Kind},
    },
};
use cchc_testkit::event_of;

use crate::{
    province::{PLAN, registry},
    verify::{verify, world_with},
    weights::{NODE, SURVEY, assert_near, case, estimates, reference},
    world::World,
};

/// The columns of the synthetic sample that are taken as questions of the node.
const ITEMS: [&str; 3] = ["Q01", "Q02", "Q03"];
const AGES: [&str; 4] = ["18-34", "35-49", "50-64", "65+"];
/// What the ages are called here: names of answers have no plus.
pub(crate) const NAMES: [&str; 4] = ["A18", "A35", "A50", "A65"];

pub(crate) fn opened(clusters: Vec<Cluster>, items: &[&str]) -> Event {
    let item = |code: &&str| Question {
        code: (*code).to_owned(),
        text: "Ông/bà có hài lòng không?".to_owned(),
        kind: Kind::Likert5.into(),
        node_id: NODE.to_owned(),
        ..Question::default()
    };
    let option = |(name, text): (&str, &str)| Choice {
        code: name.to_owned(),
        text: text.to_owned(),
        ..Choice::default()
    };
    let age = Question {
        code: "AGE".to_owned(),
        text: "Nhóm tuổi".to_owned(),
        kind: Kind::SingleChoice.into(),
        options: NAMES.into_iter().zip(AGES).map(option).collect(),
        ..Question::default()
    };
    event_of(&SurveyOpened {
        survey: Some(Survey {
            code: SURVEY.to_owned(),
            plan_code: PLAN.to_owned(),
            province_code: "22".to_owned(),
            title: "Khảo sát theo nhóm tuổi".to_owned(),
            minimum_cell: 10,
            release_after: 10,
            questions: items.iter().map(item).chain([age]).collect(),
            clusters,
            domains: vec![Domain { question_code: "AGE".to_owned(), ..Domain::default() }],
            ..Survey::default()
        }),
    })
}

pub(crate) fn cluster(district: &str, commune: &str, weight: &str) -> Cluster {
    Cluster {
        stratum_code: district.to_owned(),
        cluster_code: commune.to_owned(),
        wanted_count: 1,
        base_weight: Some(Decimal { value: weight.to_owned() }),
        ..Cluster::default()
    }
}

/// Counts of an item in a commune, from not answered to 5.
pub(crate) fn tally(item: &str, (district, commune): (&str, &str), counts: [i64; 6]) -> Tally {
    Tally {
        question_code: item.to_owned(),
        stratum_code: district.to_owned(),
        cluster_code: commune.to_owned(),
        satisfied_count: counts[4] + counts[5],
        valid_count: counts[1..].iter().sum(),
        not_answered_count: counts[0],
        counts: counts.into_iter().chain([0, 0]).collect(),
    }
}

pub(crate) fn of_age(name: &str, tally: Tally) -> DomainTally {
    let (domain_question_code, domain_answer) = ("AGE".to_owned(), name.to_owned());
    DomainTally { domain_question_code, domain_answer, tally: Some(tally) }
}

pub(crate) fn tallied(tallies: Vec<Tally>, domain_tallies: Vec<DomainTally>) -> Event {
    let survey_code = SURVEY.to_owned();
    event_of(&ResponsesTallied {
        survey_code,
        tallies,
        domain_tallies,
        ..ResponsesTallied::default()
    })
}

/// The synthetic sample as the survey service tells it.
fn synthetic() -> Vec<Event> {
    let text = reference("sipas_a.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let mut clusters = BTreeMap::new();
    let mut whole = BTreeMap::<(usize, String, String), [i64; 6]>::new();
    let mut parts = BTreeMap::<(usize, usize, String, String), [i64; 6]>::new();
    for row in lines {
        let cell = |name: &str| row[place(name)].to_owned();
        let (district, commune) = (cell("district"), cell("commune"));
        let drawn = cluster(&district, &commune, &cell("weight"));
        clusters.insert(commune.clone(), drawn);
        let age = AGES.iter().position(|age| *age == cell("age")).unwrap();
        for (item, name) in ITEMS.iter().enumerate() {
            let answer = cell(&name.to_lowercase()).parse::<usize>().unwrap_or(0);
            let at = (district.clone(), commune.clone());
            whole.entry((item, at.0.clone(), at.1.clone())).or_default()[answer] += 1;
            parts.entry((age, item, at.0, at.1)).or_default()[answer] += 1;
        }
    }
    let tallies = whole.iter().map(|((item, district, commune), counts)| {
        tally(ITEMS[*item], (district, commune), *counts)
    });
    let parts = parts.iter().map(|((age, item, district, commune), counts)| {
        of_age(NAMES[*age], tally(ITEMS[*item], (district, commune), *counts))
    });
    vec![
        opened(clusters.into_values().collect(), &ITEMS),
        tallied(tallies.collect(), parts.collect()),
    ]
}

/// The figures by age of the only statistic.
async fn by_age(world: &World) -> Vec<SurveyFigure> {
    let found = estimates(world, SURVEY).await.unwrap();
    let figures = found.statistics[0].figures.clone();
    figures.into_iter().filter(|figure| figure.domain_question_code == "AGE").collect()
}

#[tokio::test]
async fn figures_by_domain_are_those_of_r() {
    let world = World::new().await;
    world.hear("registry", registry()).await;

    world.hear("survey", synthetic()).await;

    let found = by_age(&world).await;
    let expected = case("sipas_a_by_age_C1");
    let names: Vec<&str> = found.iter().map(|figure| &figure.domain_answer[..]).collect();
    assert_eq!(names, NAMES);
    for ((figure, expected), age) in found.iter().zip(expected.as_array().unwrap()).zip(AGES) {
        assert_eq!(expected["name"].as_str(), Some(age));
        assert_near(figure.value.as_ref(), expected["estimate"].as_f64().unwrap());
        assert_near(figure.standard_error.as_ref(), expected["se"].as_f64().unwrap());
        assert_eq!((figure.degrees_of_freedom, figure.cluster_count), (28, Some(42)));
        assert_eq!(figure.domain_title, format!("Nhóm tuổi – {age}"));
    }
}

/// Two communes of a district in which so many of each age answered, and some said none.
fn ages(counts: [i64; 4], silent: i64) -> Vec<Event> {
    let communes = [("193", "06649"), ("193", "06652")];
    let clusters = communes.map(|(district, commune)| cluster(district, commune, "10")).to_vec();
    let valid: i64 = counts.iter().sum::<i64>() + silent;
    let of = |at, count| tally("Q01", at, [0, 0, 0, 0, count, 0]);
    let tallies = communes.map(|at| of(at, valid)).to_vec();
    let parts = communes.into_iter().flat_map(|at| {
        NAMES.into_iter().zip(counts).map(move |(name, count)| of_age(name, of(at, count)))
    });
    vec![opened(clusters, &["Q01"]), tallied(tallies, parts.collect())]
}

async fn answers_shown(counts: [i64; 4], silent: i64) -> Vec<Option<i64>> {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("survey", ages(counts, silent)).await;
    let figures = by_age(&world).await;
    for figure in figures.iter().filter(|figure| figure.answer_count.is_none()) {
        assert_eq!(figure.remarks, [i32::from(Remark::Withheld)]);
        let told = (&figure.value, &figure.low, &figure.standard_error, &figure.cluster_count);
        assert_eq!(told, (&None, &None, &None, &None));
    }
    figures.into_iter().map(|figure| figure.answer_count).collect()
}

#[tokio::test]
async fn a_small_part_is_withheld_with_one_that_hides_it() {
    // Minimum ten; twice as many in two communes.
    assert_eq!(answers_shown([20, 4, 10, 15], 0).await, [Some(40), None, None, Some(30)]);
    assert_eq!(answers_shown([20, 12, 10, 15], 0).await.iter().flatten().count(), 4);
}

#[tokio::test]
async fn those_in_no_part_are_not_found_as_what_is_left() {
    // The total less four shown parts would be the six who gave no age.
    assert_eq!(answers_shown([20, 12, 10, 15], 3).await, [Some(40), Some(24), None, Some(30)]);
}

#[tokio::test]
async fn a_recomputation_counts_parts_too_and_finds_what_was_tampered_with() {
    let stored =
        [("registry", registry()), ("assignment", vec![]), ("survey", ages([20, 12, 10, 15], 0))];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("survey", ages([20, 12, 10, 15], 0)).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.domain_tallies set valid_count = valid_count + 1
                  where domain_answer = 'A35' and cluster_code = '06652'";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert_eq!(found, ["tally S-5/Q01/06652 of AGE A35"]);
}

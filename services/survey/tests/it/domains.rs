//! Counts by the domains that a survey declares: told, exported, verified and mended like all others, and refused
//! where they would tell too much or be too many.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::survey::v1::{
    Choice, Domain, IngestResponsesRequest, Question, Survey, question::Kind,
};
use cchc_scoring::survey::counts;
use cchc_testkit::violations_of;

use crate::field::{Field, Told, row, survey};

fn choice(code: &str, options: usize) -> Question {
    let option = |n: usize| Choice {
        code: format!("{code}{n}"),
        text: format!("Nhóm {n}"),
        ..Choice::default()
    };
    Question {
        code: code.to_owned(),
        text: "Ông/bà thuộc nhóm nào?".to_owned(),
        kind: Kind::SingleChoice.into(),
        options: (1..=options).map(option).collect(),
        ..Question::default()
    }
}

fn domain(code: &str) -> Domain {
    Domain { question_code: code.to_owned(), ..Domain::default() }
}

/// Two questions that count for a node, and one by which their answers are told apart.
fn by_group() -> Survey {
    let mut survey = survey();
    survey.questions.push(choice("G", 2));
    survey.domains = vec![domain("G")];
    survey
}

/// An answer by group: 0 is neither.
fn of_group(cluster: &str, [first, second, group]: [i32; 3]) -> IngestResponsesRequest {
    IngestResponsesRequest { answers: vec![first, second, group], ..row(cluster, [0, 0]) }
}

fn rows(count: usize) -> Vec<IngestResponsesRequest> {
    let answer = |n: usize, of: usize| i32::try_from(n % of).unwrap();
    let clusters = ["06649", "06652", "06709"].into_iter().cycle();
    let answers = |n| [answer(n, 6), answer(n / 2, 3), answer(n / 3, 3)];
    (0..count).zip(clusters).map(|(n, at)| of_group(at, answers(n))).collect()
}

/// Group, question and commune.
type Key = (String, String, String);

/// Everything told of the groups, added up; what comes to nothing is left out.
fn by_domain(told: &[Told]) -> BTreeMap<Key, Vec<i64>> {
    let mut sums = BTreeMap::<_, Vec<i64>>::new();
    for told in told {
        let Told::Tallied(tallied) = told else { continue };
        for told in &tallied.domain_tallies {
            assert_eq!(told.domain_question_code, "G");
            let tally = told.tally.as_ref().unwrap();
            let (question, cluster) = (tally.question_code.clone(), tally.cluster_code.clone());
            let key = (told.domain_answer.clone(), question, cluster);
            counts::add(sums.entry(key).or_default(), &tally.counts);
        }
    }
    sums.retain(|_, counts| counts.iter().any(|count| *count != 0));
    sums
}

/// The same, counted from the responses that hold.
fn counted(rows: &[IngestResponsesRequest]) -> BTreeMap<Key, Vec<i64>> {
    let mut sums = BTreeMap::new();
    for row in rows.iter().filter(|row| row.answers[2] > 0) {
        for (question, place, width) in [("Q1", 0, 8), ("Q2", 1, 5)] {
            let group = format!("G{}", row.answers[2]);
            let key = (group, question.to_owned(), row.cluster_code.clone());
            let cell = sums.entry(key).or_insert_with(|| vec![0; width]);
            cell[usize::try_from(row.answers[place]).unwrap()] += 1;
        }
    }
    sums
}

/// A closed survey in which some have moved to another group and one has gone, with what holds.
async fn filled() -> (Field, Vec<IngestResponsesRequest>) {
    let field = Field::new().await;
    field.open_survey(by_group()).await.unwrap();
    let mut rows = rows(40);
    field.push(rows.clone()).await;
    for row in rows.iter_mut().take(12) {
        (row.revision, row.answers[2]) = (1, (row.answers[2] + 1) % 3);
    }
    field.push(rows[..12].to_vec()).await;
    let gone = rows.pop().unwrap();
    let retracted =
        IngestResponsesRequest { revision: 1, is_retracted: true, answers: vec![], ..gone };
    field.push(vec![retracted]).await;
    field.close_survey().await;
    (field, rows)
}

#[tokio::test]
async fn a_group_is_told_by_its_own_answers_whatever_moved() {
    let (field, rows) = filled().await;

    let told = field.told().await;
    let head = i64::try_from(told.len()).unwrap();

    assert_eq!(by_domain(&told), counted(&rows));
    assert_eq!(by_domain(&field.exported(head).await), counted(&rows));
    assert_eq!(field.verify().await.differences, []);
    let found = field.rebuild().await;
    assert_eq!((found.differences, found.told_differences), (vec![], vec![]));
    field.running.stop().await;
}

#[tokio::test]
async fn a_count_of_a_group_that_was_spoiled_is_found_and_mended() {
    let (field, _) = filled().await;
    // Eighteen counts of all responses, then those of the first group: not answered, 1, 2 and so on of Q1.
    let spoil = "update survey.sums set counts[20] = counts[20] + 7 where cluster_place = 1";
    sqlx::raw_sql(spoil).execute(&field.pool).await.unwrap();

    let found = field.verify().await.differences;
    let mended = field.rebuild().await;

    assert_eq!(found.len(), 1);
    let found = &found[0];
    let of = (&found.question_code[..], &found.cluster_code[..]);
    assert_eq!(of, ("Q1", "06652"));
    assert_eq!((&found.domain_question_code[..], &found.domain_answer[..]), ("G", "G1"));
    assert_eq!(mended.differences.len(), 1);
    assert_eq!(field.verify().await.differences, []);
    field.running.stop().await;
}

#[tokio::test]
async fn a_domain_that_would_tell_too_much_is_refused() {
    let field = Field::new().await;
    let mut survey = survey();
    survey.questions.extend([choice("A", 13), choice("B", 5)]);
    let sensitive = Domain { is_sensitive: true, ..domain("B") };
    survey.domains = vec![domain("A"), sensitive, domain("NONE"), domain("A"), domain("B")];

    let many = field.open_survey(survey.clone()).await.unwrap_err();
    survey.domains.pop();
    let refusal = field.open_survey(survey).await.unwrap_err();

    let expect = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs.map(|(path, reason)| (format!("survey.{path}"), (*reason).to_owned())).collect()
    };
    assert_eq!(violations_of(&many)[0], expect(&[("domains", "TOO_MANY")])[0]);
    assert_eq!(
        violations_of(&refusal),
        expect(&[
            ("domains[0].question_code", "TOO_MANY_ANSWERS"),
            ("domains[1].question_code", "TOO_MANY_ANSWERS"),
            ("domains[1].is_consented", "CONSENT_MISSING"),
            ("domains[2].question_code", "QUESTION_NOT_FOUND"),
            ("domains[3].question_code", "DUPLICATE"),
            ("domains[3].question_code", "TOO_MANY_ANSWERS"),
        ])
    );
    field.running.stop().await;
}

#[tokio::test]
async fn domains_count_towards_the_size_of_a_survey() {
    let field = Field::new().await;
    let mut large = survey();
    let asked = large.questions[0].clone();
    large.questions =
        (0..150).map(|n| Question { code: format!("Q{n}"), ..asked.clone() }).collect();
    large.questions.extend(["A", "B", "C", "D"].map(|code| choice(code, 12)));
    let mut split = Survey { code: "OTHER".to_owned(), ..large.clone() };
    split.domains = ["A", "B", "C", "D"].map(domain).to_vec();

    let refusal = field.open_survey(split).await.unwrap_err();
    let opened = field.open_survey(large).await;

    let expected = ("survey.clusters".to_owned(), "SURVEY_TOO_LARGE".to_owned());
    assert_eq!(violations_of(&refusal), [expected]);
    assert!(opened.is_ok());
    field.running.stop().await;
}

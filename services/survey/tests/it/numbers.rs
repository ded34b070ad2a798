//! What numbers come to is told like counts: over everybody and by the answers to a domain, whatever was corrected
//! or taken back meanwhile; exported, verified and mended.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::{
    common::v1::Decimal,
    survey::v1::{Domain, IngestResponsesRequest, NumberRange, Question, Survey, question::Kind},
};
use cchc_scoring::survey::{counts, moments};
use cchc_testkit::violations_of;

use crate::field::{Field, Told, row, survey};

/// Two questions that count for a node, a number, and a domain.
fn with_hours() -> Survey {
    let number = |value: &str| Some(Decimal { value: value.to_owned() });
    let mut survey = survey();
    survey.questions.extend([
        Question {
            code: "HOURS".to_owned(),
            text: "Mất bao nhiêu giờ?".to_owned(),
            kind: Kind::Number.into(),
            range: Some(NumberRange { least: number("-100"), most: number("100"), places: 1 }),
            number_unit: "giờ".to_owned(),
            ..Question::default()
        },
        Question {
            code: "PAID".to_owned(),
            text: "Có trả phí không?".to_owned(),
            kind: Kind::YesNo.into(),
            ..Question::default()
        },
    ]);
    survey.domains = vec![Domain { question_code: "PAID".to_owned(), ..Domain::default() }];
    survey
}

/// Hours in tenths, none where nobody said; 1 who paid, 2 who did not, 0 who did not say.
fn answered(cluster: &str, hours: Option<i64>, paid: i32) -> IngestResponsesRequest {
    let answers = vec![5, 1, i32::from(hours.is_some()), paid];
    IngestResponsesRequest { answers, numbers: hours.into_iter().collect(), ..row(cluster, [0, 0]) }
}

/// Part and commune; the part is empty for everybody.
type Key = (String, String);

/// Everything told of hours, added up; what comes to nothing is left out.
fn told_of_hours(told: &[Told]) -> BTreeMap<Key, Vec<i64>> {
    let mut sums = BTreeMap::<Key, Vec<i64>>::new();
    for told in told {
        let Told::Tallied(tallied) = told else { continue };
        let whole = tallied.tallies.iter().map(|tally| (String::new(), tally));
        let parts = tallied.domain_tallies.iter();
        let parts = parts.map(|told| (told.domain_answer.clone(), told.tally.as_ref().unwrap()));
        for (part, tally) in whole.chain(parts).filter(|(_, tally)| tally.question_code == "HOURS")
        {
            counts::add(sums.entry((part, tally.cluster_code.clone())).or_default(), &tally.counts);
        }
    }
    sums.retain(|_, counts| counts.iter().any(|count| *count != 0));
    sums
}

/// The same, counted from the responses that hold.
fn counted(rows: &[IngestResponsesRequest]) -> BTreeMap<Key, Vec<i64>> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let part = ["", "yes", "no"].get(usize::try_from(row.answers[3]).unwrap()).unwrap();
        let parts = [""].into_iter().chain(Some(*part).filter(|part| !part.is_empty()));
        for part in parts {
            let key = (part.to_owned(), row.cluster_code.clone());
            let cell = sums.entry(key).or_insert_with(|| vec![0; 4 + moments::LIMBS]);
            cell[usize::try_from(row.answers[2]).unwrap()] += 1;
            for number in &row.numbers {
                moments::count(&mut cell[4..], *number, 1);
            }
        }
    }
    sums
}

fn rows() -> Vec<IngestResponsesRequest> {
    let clusters = ["06649", "06652", "06709"].into_iter().cycle();
    let hours = |n: i64| Some(n * 37 % 1000 - 400).filter(|_| n % 4 > 0);
    let paid = |n: i64| i32::try_from(n / 2 % 3).unwrap();
    (0..40).zip(clusters).map(|(n, cluster)| answered(cluster, hours(n), paid(n))).collect()
}

#[tokio::test]
async fn hours_are_told_by_who_paid_whatever_moved() {
    let field = Field::new().await;
    field.open_survey(with_hours()).await.unwrap();
    let mut rows = rows();
    field.push(rows.clone()).await;
    for row in rows.iter_mut().take(12) {
        row.revision = 1;
        (row.answers[2], row.answers[3], row.numbers) = (1, (row.answers[3] + 1) % 3, vec![-999]);
    }
    field.push(rows[..12].to_vec()).await;
    let gone = rows.pop().unwrap();
    let retracted = IngestResponsesRequest {
        revision: 1,
        is_retracted: true,
        answers: vec![],
        numbers: vec![],
        ..gone
    };
    field.push(vec![retracted]).await;
    field.close_survey().await;

    let told = field.told().await;
    let head = i64::try_from(told.len()).unwrap();

    assert_eq!(told_of_hours(&told), counted(&rows));
    assert_eq!(told_of_hours(&field.exported(head).await), counted(&rows));
    assert_eq!(field.verify().await.differences, []);
    field.running.stop().await;
}

#[tokio::test]
async fn rows_from_before_numbers_were_counted_by_part_are_found_and_mended() {
    let field = Field::new().await;
    field.open_survey(with_hours()).await.unwrap();
    let rows = rows();
    field.push(rows.clone()).await;
    field.close_survey().await;
    // Four questions, and by who paid the two that count for a node.
    let before = "update survey.sums set counts = counts[1 : 54]";
    sqlx::raw_sql(before).execute(&field.pool).await.unwrap();

    let found = field.verify().await.differences;
    let mended = field.rebuild().await;

    assert!(found.iter().all(|one| one.question_code == "HOURS" && !one.domain_answer.is_empty()));
    // In two communes somebody paid, in two somebody did not.
    assert_eq!((found.len(), mended.differences.len()), (4, 4));
    assert_eq!(field.verify().await.differences, []);
    assert_eq!(told_of_hours(&field.told().await), counted(&rows));
    field.running.stop().await;
}

#[tokio::test]
async fn a_unit_of_what_is_no_number_is_refused() {
    let field = Field::new().await;
    let mut faulty = with_hours();
    faulty.questions[0].number_unit = "giờ".to_owned();
    faulty.questions[2].number_unit = "g".repeat(41);

    let unread = field.open_survey(faulty.clone()).await.unwrap_err();
    faulty.questions[2].number_unit = "giờ".to_owned();
    let refusal = field.open_survey(faulty).await.unwrap_err();

    let at = |path: &str, reason: &str| (format!("survey.{path}"), reason.to_owned());
    assert!(
        violations_of(&unread).iter().any(|(path, _)| path == "survey.questions[2].number_unit")
    );
    assert_eq!(violations_of(&refusal), [at("questions[0].number_unit", "UNIT_UNEXPECTED")]);
    field.running.stop().await;
}

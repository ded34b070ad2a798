//! Every answer has a count of its own: silence of every sort, options, corrections and retractions, and the
//! sums of a survey from before that was so.

use cchc_proto::survey::{
    events::v1::ResponsesTallied,
    v1::{Choice, IngestResponsesRequest, Question, Survey, question::Kind},
};
use prost::Message as _;
use sqlx::PgPool;

use crate::field::{Field, SURVEY, Told, by_answer, row, rows, sums, survey};

/// A question of three options that also takes "don't know" and "not applicable", beside one of yes or no.
fn choosing() -> Survey {
    let choice = |code: &str| Choice {
        code: code.to_owned(),
        text: format!("Phương án {code}"),
        counts: Some(code != "C"),
        ..Choice::default()
    };
    let mut survey = survey();
    let question: &mut Question = survey.questions.first_mut().unwrap();
    question.kind = Kind::SingleChoice.into();
    question.options = ["A", "B", "C"].map(choice).into();
    question.offers_dont_know = true;
    question.offers_not_applicable = true;
    survey
}

fn cell(told: &[Told], question: &str) -> Vec<i64> {
    by_answer(told).remove(&(question.to_owned(), "06649".to_owned())).unwrap()
}

#[tokio::test]
async fn each_answer_is_counted_and_each_sort_of_silence_apart() {
    let field = Field::new().await;
    field.open_survey(choosing()).await.unwrap();
    let given = [0, 1, 1, 2, 3, 3, 3, -1, -1, -2, 1].map(|answer| row("06649", [answer, 1]));

    field.push(given.to_vec()).await;

    let told = field.told().await;
    assert_eq!(cell(&told, "Q1"), [1, 3, 1, 3, 1, 2]);
    assert_eq!(cell(&told, "Q2"), [0, 11, 0, 0, 0]);
    let key = |question: &str| (question.to_owned(), "06649".to_owned());
    assert_eq!(sums(&told).1[&key("Q1")], [4, 7, 4], "A and B count; silence is no answer");
    assert_eq!(by_answer(&field.exported(2).await), by_answer(&told));
    field.running.stop().await;
}

#[tokio::test]
async fn corrections_and_retractions_move_the_counts_of_what_was_answered() {
    let field = Field::new().await;
    field.open_survey(choosing()).await.unwrap();
    let given: Vec<_> = (0..10).map(|_| row("06649", [1, 1])).collect();
    field.push(given.clone()).await;
    let changed = given.iter().enumerate().map(|(n, row)| IngestResponsesRequest {
        revision: 1,
        is_retracted: n < 2,
        answers: if n < 2 { vec![] } else { vec![if n < 5 { -1 } else { 3 }, 2] },
        ..row.clone()
    });

    field.push(changed.collect()).await;

    let told = field.told().await;
    assert_eq!(cell(&told, "Q1"), [0, 0, 0, 5, 0, 3]);
    assert_eq!(cell(&told, "Q2"), [0, 0, 8, 0, 0]);
    assert_eq!(by_answer(&field.exported(3).await), by_answer(&told));
    assert_eq!(field.verify().await.differences, []);
    field.running.stop().await;
}

/// Makes the database of a survey what it was before every answer was counted: sums and events without.
async fn as_before(pool: PgPool) {
    let subject = format!("responses.tallied.{SURVEY}");
    let told = sqlx::query!("select event_id, payload from kit.outbox where subject = $1", subject)
        .fetch_all(&pool)
        .await
        .unwrap();
    for event in told {
        let mut old = ResponsesTallied::decode(event.payload.as_slice()).unwrap();
        for tally in &mut old.tallies {
            tally.counts.clear();
        }
        sqlx::query!(
            "update kit.outbox set payload = $2 where event_id = $1",
            event.event_id,
            old.encode_to_vec(),
        )
        .execute(&pool)
        .await
        .unwrap();
    }
    for table in ["update survey.sums set counts = null", "update survey.held set counts = null"] {
        sqlx::raw_sql(table).execute(&pool).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_counted_before_is_counted_again_when_the_service_starts_and_told_once() {
    let field = Field::open().await;
    field.push(rows(30)).await;
    field.push(vec![row("06649", [5, 1])]).await;
    let (wanted, known) = (by_answer(&field.told().await), sums(&field.told().await));

    let field = field.restarted(as_before).await;
    while !field.verify().await.differences.is_empty() {
        tokio::task::yield_now().await;
    }

    let told = field.told().await;
    assert_eq!(sums(&told), known, "the three sums were told before and are not told again");
    assert_eq!(by_answer(&told), wanted);
    let head = i64::try_from(told.len()).unwrap();
    assert_eq!(by_answer(&field.exported(head).await), wanted);
    let found = field.rebuild().await;
    assert_eq!((found.differences, found.told_differences), (vec![], vec![]));
    assert_eq!(field.progress().await.response_count, 31);
    field.running.stop().await;
}

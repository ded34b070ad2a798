//! When what was answered has been kept for as long as the survey says, only its sums are left, and they are the
//! same.

use cchc_proto::survey::v1::{QualityFlag, Survey, quality_rule::Policy};

use crate::{
    field::{Field, refusals, row, rows, survey},
    quality::of,
    quality_rules::{refused, rule, with_rules},
};

#[tokio::test]
async fn a_survey_that_was_kept_for_long_enough_is_its_sums() {
    let field = Field::new().await;
    let same = rule(QualityFlag::SameRespondent, Policy::Exclude, 0);
    let survey = Survey { retention_days: 30, ..with_rules(vec![same]) };
    field.open_survey(survey).await.unwrap();
    let stored: Vec<_> =
        rows(25).into_iter().chain((0..9).map(|n| of(n / 2, 100, [5, 1]))).collect();
    field.push(stored.clone()).await;
    field.push(rows(3)).await;
    let before = (field.progress().await.response_count, field.progress().await.excluded_count);

    field.close_survey().await;
    let told = field.told().await;
    while !is_reduced(&field).await {
        tokio::task::yield_now().await;
    }

    assert_eq!(before, (33, 4));
    assert_eq!(field.told().await, told, "no figure moves");
    let left = sqlx::query_scalar!(
        r#"select (select count(*) from survey.responses) + (select count(*) from survey.paradata)
                + (select count(*) from survey.flags) + (select count(*) from survey.secrets) as "left!""#
    );
    assert_eq!(left.fetch_one(&field.pool).await.unwrap(), 0);
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.excluded_count), before);
    let resent = field.push(vec![stored[0].clone()]).await;
    assert_eq!(refusals(&resent), [(1, vec!["SURVEY_CLOSED"])]);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_that_does_not_say_is_kept() {
    let field = Field::open().await;
    field.push(vec![row("06649", [5, 1])]).await;

    let short = Survey { retention_days: 29, ..survey() };
    let refusal = field.open_survey(short).await.unwrap_err();
    field.close_survey().await;

    let out_of_range = ("survey.retention_days".to_owned(), "OUT_OF_RANGE".to_owned());
    assert_eq!(refused(&refusal), [out_of_range]);
    assert!(!is_reduced(&field).await);
    assert_eq!(field.verify().await.version_count, 1);
    field.running.stop().await;
}

async fn is_reduced(field: &Field) -> bool {
    let reduced = sqlx::query_scalar!(r#"select exists (select from survey.reductions) as "is!""#);
    reduced.fetch_one(&field.pool).await.unwrap()
}

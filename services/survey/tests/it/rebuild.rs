//! Sums that are not what the answers give are found and put right, kept and told ones alike; right ones are
//! left alone.

use cchc_core::Role;
use cchc_proto::survey::v1::{IngestResponsesRequest, RebuildSurveyRequest, RebuildSurveyResponse};
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use tonic::Code;

use crate::field::{Field, SURVEY, groups, id, row, rows, sums};

impl Field {
    pub(crate) async fn rebuild(&self) -> RebuildSurveyResponse {
        let ask = RebuildSurveyRequest { request_id: id(), survey_code: SURVEY.to_owned() };
        self.surveys().rebuild_survey(request(ask, &self.manager)).await.unwrap().into_inner()
    }

    /// Spoils what the service keeps.
    async fn spoil(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.pool).await.unwrap();
    }
}

/// A survey with released and held responses, some of them corrected.
async fn filled() -> Field {
    let field = Field::open().await;
    let stored = rows(30);
    field.push(stored.clone()).await;
    let corrected = stored.iter().take(12).map(|row| IngestResponsesRequest {
        revision: 1,
        answers: vec![1, 2],
        ..row.clone()
    });
    field.push(corrected.collect()).await;
    field.push(vec![row("06649", [5, 1]), row("06709", [4, 0])]).await;
    field
}

#[tokio::test]
async fn what_is_right_is_left_alone() {
    let field = filled().await;
    let before = field.told().await;

    let found = field.rebuild().await;

    assert_eq!((found.response_count, found.version_count), (32, 44));
    assert_eq!((found.differences, found.told_differences), (vec![], vec![]));
    assert_eq!(field.told().await, before);
    field.running.stop().await;
}

#[tokio::test]
async fn spoiled_sums_are_put_right_and_nothing_is_told_anew() {
    let field = filled().await;
    let before = field.told().await;
    field.spoil("update survey.sums set counts[6] = counts[6] + 7 where cluster_place = 1").await;
    field.spoil("delete from survey.held").await;
    assert!(!field.verify().await.differences.is_empty());

    let found = field.rebuild().await;

    let communes: Vec<_> = found.differences.iter().map(|one| &one.cluster_code[..]).collect();
    assert_eq!(communes, ["", "06649", "06649", "06652", "06709", "06709"]);
    assert_eq!(found.told_differences, []);
    assert_eq!(field.verify().await.differences, []);
    assert_eq!(field.told().await, before);
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.released_count), (32, 30));
    field.close_survey().await;
    assert_eq!(groups(&field.told().await).iter().sum::<i64>(), 32);
    field.running.stop().await;
}

#[tokio::test]
async fn what_was_told_wrong_is_told_right_after_it() {
    let field = filled().await;
    field.spoil("update survey.held set counts = set_byte(set_byte(counts, 5, 8), 1, 5)").await;
    field.push((0..9).map(|_| row("06652", [2, 2])).collect()).await;
    let wrong = sums(&field.told().await);

    let found = field.rebuild().await;

    assert!(!found.told_differences.is_empty());
    assert_eq!(found.told_differences, found.differences);
    let told = field.told().await;
    let head = i64::try_from(told.len()).unwrap();
    assert_ne!(sums(&told), wrong);
    let (responses, cells) = sums(&told);
    let (counted, again) = sums(&field.exported(head).await);
    let some = |cells: std::collections::BTreeMap<_, [i64; 3]>| {
        cells.into_iter().filter(|(_, cell)| *cell != [0; 3]).collect::<Vec<_>>()
    };
    assert_eq!((responses, some(cells)), (counted, some(again)));
    let after = field.rebuild().await;
    assert_eq!((after.differences, after.told_differences), (vec![], vec![]));
    field.running.stop().await;
}

#[tokio::test]
async fn pushes_go_on_around_a_rebuild() {
    let field = filled().await;
    field.spoil("update survey.sums set counts[2] = counts[2] + 1").await;

    let pushes = join_all((0..8).map(|_| field.push(rows(25))));
    let rebuilds = join_all((0..3).map(|_| field.rebuild()));
    tokio::join!(pushes, rebuilds);

    assert_eq!(field.verify().await.differences, []);
    assert_eq!(field.progress().await.response_count, 32 + 8 * 25);
    field.running.stop().await;
}

#[tokio::test]
async fn only_an_operator_of_the_province_rebuilds() {
    let field = Field::open().await;
    let ask = || RebuildSurveyRequest { request_id: id(), survey_code: SURVEY.to_owned() };
    let other = field.bench.token("van-hanh", "24", &[Role::Operator]);

    let collector = field.surveys().rebuild_survey(request(ask(), &field.collector)).await;
    let stranger = field.surveys().rebuild_survey(request(ask(), &other)).await;
    let unknown = RebuildSurveyRequest { survey_code: "KHONG-CO".to_owned(), ..ask() };
    let unknown = field.surveys().rebuild_survey(request(unknown, &field.manager)).await;

    assert_refused(&collector.unwrap_err(), Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&stranger.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&unknown.unwrap_err(), Code::NotFound, "SURVEY_NOT_FOUND");
    field.running.stop().await;
}

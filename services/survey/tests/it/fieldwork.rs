//! A survey with a sample plan: everything wrong with the plan at once, how its strata stand, and what is told
//! when one will miss its quota, once and again only after it was on its way.

use cchc_core::civil_date;
use cchc_proto::{
    common::v1::{Date, Decimal},
    survey::v1::{
        GetFieldworkRequest, GetFieldworkResponse, IngestResponsesRequest, SamplePlan, Survey,
        sample_plan::{Allocation, PacePoint, Stratum},
    },
};
use cchc_testkit::{assert_refused, request};
use prost_types::Timestamp;
use time::{Duration, OffsetDateTime};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::field::{Field, SURVEY, Told, row, survey};

fn stratum(code: &str, quota: i32) -> Stratum {
    let quota = Some(quota);
    Stratum { stratum_code: code.to_owned(), population: 5000, commune_count: 20, quota }
}

/// Ten of twenty days are over: half of each quota is due.
fn half_over() -> Survey {
    let today = civil_date(OffsetDateTime::now_utc());
    Survey {
        open_date: Some((today - Duration::days(10)).into()),
        close_date: Some((today + Duration::days(9)).into()),
        sample_plan: Some(SamplePlan {
            allocation: Allocation::Given.into(),
            strata: vec![stratum("194", 40), stratum("193", 60)],
            ..SamplePlan::default()
        }),
        ..survey()
    }
}

/// Answers given three days ago.
fn answers(commune: &str, count: usize) -> Vec<IngestResponsesRequest> {
    let seconds = (OffsetDateTime::now_utc() - Duration::days(3)).unix_timestamp();
    let row = || IngestResponsesRequest {
        answer_time: Some(Timestamp { seconds, nanos: 0 }),
        ..row(commune, [4, 1])
    };
    (0..count).map(|_| row()).collect()
}

impl Field {
    async fn fieldwork(&self) -> GetFieldworkResponse {
        let ask = GetFieldworkRequest { survey_code: SURVEY.to_owned() };
        self.surveys().get_fieldwork(request(ask, &self.collector)).await.unwrap().into_inner()
    }
}

/// Stratum, version, responses, and whether it will miss.
fn foreseen(told: &[Told]) -> Vec<(String, i64, i64, bool)> {
    let changes = told.iter().filter_map(|told| match told {
        Told::Foreseen(changed) => Some(changed),
        _ => None,
    });
    changes
        .map(|changed| {
            let of = changed.outlook.clone().unwrap();
            (of.stratum_code, changed.version, of.stored_count, of.will_miss)
        })
        .collect()
}

#[tokio::test]
async fn a_shortfall_is_told_with_the_figures_once_and_again_after_it_was_over() {
    let field = Field::new().await;
    let opened = field.open_survey(half_over()).await.unwrap();

    field.push(answers("06709", 19)).await;
    field.push(answers("06649", 30)).await;
    field.push(answers("06709", 10)).await;
    let standing = field.fieldwork().await;

    assert_eq!(Survey { state: 0, ..opened }, half_over());
    let told = field.told().await;
    let mut changes = foreseen(&told);
    // Whether a look of its own came before the first responses depends on the second they came in.
    changes.retain(|(.., stored, _)| *stored > 0);
    let of = |code: &str, version: i64| {
        let all = foreseen(&told);
        let found = all.iter().find(|change| change.0 == code && change.1 == version).cloned();
        found.map(|(.., will_miss)| will_miss)
    };
    assert_eq!((of("194", 1), of("194", 2), of("194", 3)), (Some(true), Some(false), None));
    assert_eq!((of("193", 1), of("193", 2), of("193", 3)), (Some(true), Some(false), None));
    assert!(changes.contains(&("194".to_owned(), 2, 29, false)), "{changes:?}");
    assert!(changes.contains(&("193".to_owned(), 2, 30, false)), "{changes:?}");
    let strata = standing.strata.iter().map(|at| {
        (at.stratum_code.as_str(), at.quota_count, at.stored_count, at.needed_count, at.will_miss)
    });
    let strata: Vec<_> = strata.collect();
    assert_eq!(strata, [("194", 40, 29, 11, false), ("193", 60, 30, 30, false)]);
    assert_eq!(standing.required_count, None);
    let head = i64::try_from(told.len()).unwrap();
    let mut last = foreseen(&field.exported(head).await);
    last.sort();
    assert_eq!(
        last,
        [("193".to_owned(), 2, 30, false), ("194".to_owned(), 2, 29, false)],
        "an export has what was told last"
    );
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_without_a_plan_says_how_it_stands_and_foresees_nothing() {
    let field = Field::new().await;
    field.open_survey(Survey { sample_plan: None, ..half_over() }).await.unwrap();
    field.push(answers("06709", 12)).await;

    let standing = field.fieldwork().await;

    let strata: Vec<_> =
        standing.strata.iter().map(|at| (at.quota_count, at.stored_count, at.due_count)).collect();
    assert_eq!(strata, [(100, 0, 50), (50, 12, 25)]);
    assert_eq!(foreseen(&field.told().await), []);
    field.running.stop().await;
}

#[tokio::test]
async fn quotas_follow_from_the_margin() {
    let field = Field::new().await;
    let mut planned = half_over();
    let plan = planned.sample_plan.as_mut().unwrap();
    plan.margin = Some(Decimal { value: "0.1".to_owned() });
    plan.allocation = Allocation::Proportional.into();
    for stratum in &mut plan.strata {
        stratum.quota = None;
    }
    for cluster in &mut planned.clusters {
        cluster.wanted_count = 50;
    }
    field.open_survey(planned).await.unwrap();

    let standing = field.fieldwork().await;

    // 10,000 / (1 + 10,000 × 0.01) is 99.0099…
    assert_eq!(standing.required_count, Some(100));
    assert!(standing.strata.iter().all(|at| at.quota_count == 50));
    field.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_plan_is_refused_at_once() {
    let field = Field::new().await;
    let mut faulty = half_over();
    let plan = faulty.sample_plan.as_mut().unwrap();
    plan.design_effect = Some(Decimal { value: "50".to_owned() });
    plan.strata = vec![stratum("193", 900), stratum("193", 10)];
    plan.pace = vec![PacePoint { date: Some(Date { year: 2001, month: 1, day: 1 }), percent: 5 }];
    let mut unread = half_over();
    unread.sample_plan = Some(SamplePlan {
        allocation: 0,
        strata: vec![Stratum { population: 0, ..stratum("193", 0) }],
        pace: vec![PacePoint { date: None, percent: 101 }],
        ..SamplePlan::default()
    });

    let faulty = field.open_survey(faulty).await.unwrap_err();
    let unread = field.open_survey(unread).await.unwrap_err();

    let reasons = |status: &tonic::Status| {
        let details = status.get_error_details();
        let violations = details.bad_request().unwrap().field_violations.iter();
        violations
            .map(|v| {
                let path = v.field.strip_prefix("survey.sample_plan.").unwrap().to_owned();
                (path, v.reason.clone())
            })
            .collect::<Vec<_>>()
    };
    let of = |path: &str, reason: &str| (path.to_owned(), reason.to_owned());
    assert_refused(&faulty, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(
        reasons(&faulty),
        [
            of("design_effect", "OUT_OF_RANGE"),
            of("strata[0].quota", "SAMPLE_BELOW_QUOTA"),
            of("strata[1].stratum_code", "DUPLICATE"),
            of("strata", "STRATUM_UNPLANNED"),
            of("pace[0]", "PACE_NOT_RISING"),
        ]
    );
    assert_eq!(
        reasons(&unread),
        [
            of("allocation", "ENUM_UNKNOWN"),
            of("strata[0].population", "OUT_OF_RANGE"),
            of("strata[0].quota", "OUT_OF_RANGE"),
            of("pace[0].date", "REQUIRED"),
            of("pace[0].percent", "OUT_OF_RANGE"),
        ]
    );
    field.running.stop().await;
}

//! Which rules a survey may have, and what a response may say of how it came about.

use cchc_proto::survey::v1::{
    IngestResponsesRequest, QualityFlag, QualityRule, Survey, ingest_responses_request::Channel,
    quality_rule::Policy,
};
use cchc_survey::startup;
use prost_types::Timestamp;
use tonic_types::StatusExt as _;

use crate::field::{Field, NOON, refusals, row, survey};

/// A rule.
pub(crate) fn rule(flag: QualityFlag, policy: Policy, limit: i32) -> QualityRule {
    QualityRule { flag: flag.into(), policy: policy.into(), limit }
}

/// The survey with rules.
pub(crate) fn with_rules(quality_rules: Vec<QualityRule>) -> Survey {
    Survey { quality_rules, ..survey() }
}

/// Why a survey is refused: path and reason of everything.
pub(crate) fn refused(status: &tonic::Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|one| (one.field.clone(), one.reason.clone())).collect()
}

#[tokio::test]
async fn a_survey_is_told_everything_that_is_wrong_with_its_rules() {
    let field = Field::new().await;
    let rules = vec![
        rule(QualityFlag::Speeder, Policy::Flag, 0),
        rule(QualityFlag::Speeder, Policy::Flag, 60),
        rule(QualityFlag::InterviewerShare, Policy::Exclude, 40),
        rule(QualityFlag::StraightLining, Policy::Flag, 2),
        rule(QualityFlag::SameRespondent, Policy::Exclude, 1),
        QualityRule { flag: 99, policy: 0, limit: 1 },
    ];

    let status = field.open_survey(with_rules(rules)).await.unwrap_err();

    let at = |path: &str, reason: &str| (format!("survey.quality_rules{path}"), reason.to_owned());
    assert_eq!(
        refused(&status),
        [
            at("[5].flag", "ENUM_UNKNOWN"),
            at("[5].policy", "ENUM_UNKNOWN"),
            at("[0].limit", "OUT_OF_RANGE"),
            at("[1].flag", "DUPLICATE"),
            at("[2].policy", "FLAG_ONLY"),
            at("[3].flag", "SCALES_MISSING"),
            at("[4].limit", "OUT_OF_RANGE"),
        ]
    );
    field.running.stop().await;
}

#[tokio::test]
async fn without_a_wrapping_key_nobody_may_be_recognised() {
    let mut field = Field::new().await;
    let mut config = field.bench.config();
    config.keys.wrapping_file = None;
    field.running.stop().await;
    field.running = cchc_testkit::Running::start(startup::build(config).await.unwrap());
    let same = rule(QualityFlag::SameRespondent, Policy::Flag, 0);

    let refusal = field.open_survey(with_rules(vec![same])).await.unwrap_err();
    let taken = with_rules(vec![rule(QualityFlag::Speeder, Policy::Flag, 60)]);
    let taken = field.open_survey(taken).await;

    let missing = ("survey.quality_rules[0].flag".to_owned(), "KEY_FILE_MISSING".to_owned());
    assert_eq!(refused(&refusal), [missing]);
    assert!(taken.is_ok(), "what names nobody needs no key");
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_without_rules_takes_no_paradata() {
    let field = Field::open().await;
    let said = IngestResponsesRequest {
        respondent_key: vec![7; 16],
        start_time: Some(Timestamp { seconds: NOON, nanos: 0 }),
        interviewer: "PV-1".to_owned(),
        channel: Channel::Qr.into(),
        slip_code: "HK-1".to_owned(),
        ..row("06649", [5, 1])
    };

    let receipt = field.push(vec![said]).await;

    assert_eq!(refusals(&receipt), [(1, vec!["NOT_TAKEN"; 5])]);
    field.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_paradata_is_named() {
    let field = Field::new().await;
    let rules = vec![
        rule(QualityFlag::SameRespondent, Policy::Flag, 0),
        rule(QualityFlag::Speeder, Policy::Flag, 60),
        rule(QualityFlag::CodeReused, Policy::Flag, 1),
    ];
    field.open_survey(with_rules(rules)).await.unwrap();
    let said = IngestResponsesRequest {
        respondent_key: vec![7; 15],
        start_time: Some(Timestamp { seconds: 4_000_000_000, nanos: 0 }),
        interviewer: "PV-1".to_owned(),
        channel: 99,
        slip_code: "phiếu số 1".to_owned(),
        ..row("06649", [5, 1])
    };

    let receipt = field.push(vec![said]).await;

    let mut reasons = refusals(&receipt).remove(0).1;
    reasons.sort_unstable();
    let all = ["CODE_INVALID", "ENUM_UNKNOWN", "KEY_LENGTH_OFF", "NOT_TAKEN", "TIME_IN_FUTURE"];
    assert_eq!(reasons, all);
    field.running.stop().await;
}

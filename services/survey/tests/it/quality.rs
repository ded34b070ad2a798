//! Responses of doubtful quality: flagged and excluded as the survey has declared, whatever is resent, in
//! parallel, late or taken back.

use std::collections::{BTreeMap, HashMap};

use cchc_proto::survey::v1::{
    GetQuarantinedRowRequest, GetSurveyQualityRequest, GetSurveyQualityResponse,
    IngestResponsesRequest, ListQuarantinedRowsRequest, QualityFlag, ReplayQuarantinedRowRequest,
    RotateRespondentKeyRequest, quality_rule::Policy,
};
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use prost_types::Timestamp;
use tonic::Code;

use crate::{
    field::{Field, NOON, SURVEY, Told, counts, id, refusals, row, rows, sums},
    quality_rules::{rule, with_rules},
};

/// A survey in which a person counts once, nobody fast counts, and a code is good for two.
async fn field() -> Field {
    let field = Field::new().await;
    let rules = vec![
        rule(QualityFlag::SameRespondent, Policy::Exclude, 0),
        rule(QualityFlag::Speeder, Policy::Exclude, 60),
        rule(QualityFlag::ImpossibleTime, Policy::Flag, 3600),
        rule(QualityFlag::CodeReused, Policy::Flag, 2),
        rule(QualityFlag::InterviewerShare, Policy::Flag, 50),
    ];
    field.open_survey(with_rules(rules)).await.unwrap();
    field
}

const fn at(seconds: i64) -> Timestamp {
    Timestamp { seconds: NOON + seconds, nanos: 0 }
}

/// A response of a person, given so many seconds after noon.
pub(crate) fn of(person: u8, seconds: i64, answers: [i32; 2]) -> IngestResponsesRequest {
    IngestResponsesRequest {
        respondent_key: vec![person; 32],
        answer_time: Some(at(seconds)),
        ..row("06649", answers)
    }
}

fn retracted(of: &IngestResponsesRequest, revision: i32) -> IngestResponsesRequest {
    let response_id = of.response_id.clone();
    IngestResponsesRequest {
        revision,
        is_retracted: true,
        response_id,
        answers: Vec::new(),
        ..row("06649", [0, 0])
    }
}

impl Field {
    async fn quality(&self) -> GetSurveyQualityResponse {
        let ask = GetSurveyQualityRequest { survey_code: SURVEY.to_owned(), median_percent: 0 };
        self.surveys().get_survey_quality(request(ask, &self.manager)).await.unwrap().into_inner()
    }

    async fn rotate(&self) -> i32 {
        let ask = RotateRespondentKeyRequest { request_id: id(), survey_code: SURVEY.to_owned() };
        let rotated = self.surveys().rotate_respondent_key(request(ask, &self.manager)).await;
        rotated.unwrap().into_inner().generation
    }

    /// Says that everything there is agrees: kept sums, told ones, flags, and the export at every number.
    pub(crate) async fn is_right(&self) {
        let verified = self.verify().await;
        assert_eq!((verified.differences, verified.misjudged_count), (Vec::new(), 0));
        let rebuilt = self.rebuild().await;
        assert_eq!((rebuilt.differences, rebuilt.told_differences), (Vec::new(), Vec::new()));
        let told = self.told().await;
        for as_of in 0..=told.len() {
            let exported = self.exported(i64::try_from(as_of).unwrap()).await;
            let (before, _) = told.split_at(as_of);
            assert_eq!(some(&sums(before)), some(&sums(&exported)), "as of {as_of}");
            assert_eq!(flags(before), flags(&exported), "as of {as_of}");
        }
    }
}

type Cells = BTreeMap<(String, String), [i64; 3]>;

/// Sums without cells of nothing.
fn some((responses, cells): &(i64, Cells)) -> (i64, Cells) {
    let cells = cells.iter().filter(|(_, cell)| **cell != [0; 3]);
    (*responses, cells.map(|(at, cell)| (at.clone(), *cell)).collect())
}

/// Flagged and excluded responses by flag, and all that are excluded, as told.
pub(crate) fn flags(told: &[Told]) -> (BTreeMap<i32, (i64, i64)>, i64) {
    let (mut by_flag, mut excluded) = (BTreeMap::<i32, (i64, i64)>::new(), 0);
    for told in told {
        let Told::Tallied(tallied) = told else { continue };
        excluded += tallied.excluded_count;
        for one in &tallied.flags {
            let of = by_flag.entry(one.flag).or_default();
            *of = (of.0 + one.flagged_count, of.1 + one.excluded_count);
        }
    }
    by_flag.retain(|_, of| *of != (0, 0));
    (by_flag, excluded)
}

const SAME: i32 = QualityFlag::SameRespondent as i32;
const SPEEDER: i32 = QualityFlag::Speeder as i32;

#[tokio::test]
async fn what_is_excluded_is_stored_acknowledged_counted_and_not_in_the_sums() {
    let field = field().await;
    let people = (0..12).map(|person| of(person, 100, [5, 1]));
    let again = (0..5).map(|person| of(person, 200, [1, 2]));

    let receipt = field.push(people.chain(again).collect()).await;

    assert_eq!(counts(&receipt), (17, 0, 0));
    let told = field.told().await;
    assert_eq!(sums(&told).0, 12);
    assert!(sums(&told).1.values().all(|cell| *cell == [12, 12, 0]));
    assert_eq!(flags(&told), (BTreeMap::from([(SAME, (5, 5))]), 5));
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.excluded_count), (12, 5));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn the_earliest_of_a_person_counts_in_any_order_and_in_parallel() {
    let field = field().await;
    // Of each person three, the earliest satisfied; they come backwards, forwards, at once and again.
    let all: Vec<_> = (0..20_u8)
        .flat_map(|person| {
            [(300, [1, 2]), (100, [5, 1]), (200, [2, 2])]
                .map(|(seconds, answers)| of(person, seconds, answers))
        })
        .collect();
    let pushes = (0..6).map(|n| {
        let mut some = all.clone();
        some.rotate_left(n * 11);
        if n % 2 == 0 {
            some.reverse();
        }
        field.push(some)
    });

    join_all(pushes).await;
    let last = field.push(all).await;
    field.close_survey().await;

    assert_eq!(counts(&last), (0, 60, 0));
    let told = field.told().await;
    assert_eq!(sums(&told).0, 20);
    assert!(sums(&told).1.values().all(|cell| *cell == [20, 20, 0]), "{:?}", sums(&told));
    assert_eq!(flags(&told), (BTreeMap::from([(SAME, (40, 40))]), 40));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn when_what_counted_is_taken_back_the_next_of_the_person_counts() {
    let field = field().await;
    let (first, second) = (of(1, 100, [5, 1]), of(1, 200, [1, 2]));
    field.push(vec![second.clone(), first.clone()]).await;
    field.push(rows(9)).await;

    field.push(vec![retracted(&first, 1)]).await;
    field.push(rows(10)).await;

    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.excluded_count), (20, 0));
    field.is_right().await;
    // It comes back later than the other: now the other stays.
    let back = IngestResponsesRequest { revision: 2, answer_time: Some(at(300)), ..first.clone() };
    field.push(vec![back]).await;
    field.close_survey().await;
    assert_eq!(flags(&field.told().await), (BTreeMap::from([(SAME, (1, 1))]), 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn corrections_of_who_answered_and_when_move_the_figures() {
    let field = field().await;
    let all: Vec<_> = (0..10_u8).map(|n| of(n / 2, i64::from(n) + 100, [5, 1])).collect();
    field.push(all.clone()).await;
    assert_eq!(field.progress().await.excluded_count, 5);

    // Every second one was another's after all; one of them was much too fast.
    let corrected = all.iter().enumerate().filter(|(n, _)| n % 2 == 1).map(|(n, row)| {
        let start_time = (n == 1).then_some(at(90));
        IngestResponsesRequest {
            revision: 1,
            respondent_key: vec![u8::try_from(100 + n).unwrap(); 32],
            start_time,
            ..row.clone()
        }
    });
    let receipt = field.push(corrected.collect()).await;
    field.close_survey().await;

    assert_eq!(receipt.corrected_count, 5);
    let told = field.told().await;
    assert_eq!(sums(&told).0, 9);
    assert_eq!(flags(&told), (BTreeMap::from([(SPEEDER, (1, 1))]), 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_used_up_code_and_an_impossible_time_are_flagged_and_count() {
    let field = field().await;
    let under = |code: &str, seconds: i64| IngestResponsesRequest {
        slip_code: code.to_owned(),
        start_time: Some(at(seconds - 100)),
        answer_time: Some(at(seconds)),
        ..row("06652", [4, 1])
    };
    let mut all: Vec<_> = (0..5).map(|n| under("HP-1", 500 - n)).collect();
    all.extend((0..2).map(|n| under("HP-2", n)));
    all.push(IngestResponsesRequest { start_time: Some(at(900)), ..under("HP-3", 800) });
    all.push(IngestResponsesRequest { start_time: Some(at(-9000)), ..under("HP-4", 800) });
    all.push(IngestResponsesRequest { start_time: Some(at(770)), ..under("HP-5", 800) });

    field.push(all).await;

    let told = field.told().await;
    assert_eq!(sums(&told).0, 9, "only the fast one does not count");
    let code = QualityFlag::CodeReused as i32;
    let time = QualityFlag::ImpossibleTime as i32;
    let by_flag = BTreeMap::from([(SPEEDER, (1, 1)), (time, (2, 0)), (code, (3, 0))]);
    assert_eq!(flags(&told), (by_flag, 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_person_is_recognised_over_a_rotation_and_a_resend_is_still_a_repeat() {
    let field = field().await;
    let before: Vec<_> = (0..6).map(|person| of(person, 100, [5, 1])).collect();
    field.push(before.clone()).await;

    let generations = (field.rotate().await, field.rotate().await);
    let receipt = field.push(before).await;
    let after = (0..9).map(|person| of(person, 200, [1, 2])).chain([of(8, 300, [1, 2])]);
    field.push(after.collect()).await;

    assert_eq!(generations, (2, 3));
    assert_eq!(counts(&receipt), (0, 6, 0));
    assert_eq!(flags(&field.told().await), (BTreeMap::from([(SAME, (7, 7))]), 7));
    let generations = sqlx::query_scalar!(
        r#"select key_generation as "generation!" from survey.paradata
           where key_hash is not null group by 1 order by 1"#
    );
    assert_eq!(generations.fetch_all(&field.pool).await.unwrap(), [1, 3]);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn only_a_survey_with_respondent_keys_rotates_them() {
    let field = Field::open().await;
    let ask = RotateRespondentKeyRequest { request_id: id(), survey_code: SURVEY.to_owned() };

    let refusal = field.surveys().rotate_respondent_key(request(ask, &field.manager)).await;

    assert_refused(&refusal.unwrap_err(), Code::FailedPrecondition, "NO_RESPONDENT_KEYS");
    field.running.stop().await;
}

#[tokio::test]
async fn an_id_names_its_paradata_too() {
    let field = field().await;
    let sent = IngestResponsesRequest { interviewer: "PV-1".to_owned(), ..of(1, 100, [5, 1]) };
    let corrected = IngestResponsesRequest { revision: 1, answers: vec![4, 1], ..sent.clone() };
    field.push(vec![sent.clone(), corrected.clone()]).await;
    let other = |row: &IngestResponsesRequest| {
        [
            IngestResponsesRequest { respondent_key: vec![2; 32], ..row.clone() },
            IngestResponsesRequest { respondent_key: Vec::new(), ..row.clone() },
            IngestResponsesRequest { interviewer: "PV-2".to_owned(), ..row.clone() },
            IngestResponsesRequest { start_time: Some(at(1)), ..row.clone() },
        ]
    };

    let same = field.push(vec![sent.clone(), corrected.clone()]).await;
    let others = field.push(other(&sent).into_iter().chain(other(&corrected)).collect()).await;

    assert_eq!(counts(&same), (0, 2, 0));
    let reasons: Vec<_> = refusals(&others).into_iter().map(|(_, reasons)| reasons[0]).collect();
    assert_eq!(reasons, [["RESPONSE_ID_REUSED"; 4], ["REVISION_REUSED"; 4]].concat());
    field.is_right().await;
    field.running.stop().await;
}

/// Whether any table of the service holds these bytes.
async fn is_kept_anywhere(field: &Field, bytes: &[u8]) -> bool {
    let found = sqlx::query_scalar!(
        r#"select exists (select from survey.paradata where position($1::bytea in key_hash) > 0)
               or exists (select from survey.quarantine where position($1::bytea in received) > 0)
               or exists (select from kit.outbox where position($1::bytea in payload) > 0)
                  as "found!""#,
        bytes,
    );
    found.fetch_one(&field.pool).await.unwrap()
}

#[tokio::test]
async fn a_refused_row_keeps_its_person_unseen_and_is_compared_when_replayed() {
    let field = field().await;
    field.push(vec![of(1, 100, [5, 1])]).await;
    let bad = of(1, 200, [9, 1]);
    field.push(vec![bad.clone()]).await;
    let ask = ListQuarantinedRowsRequest { survey_code: SURVEY.to_owned(), ..Default::default() };
    let listed = field.quarantine().list_quarantined_rows(request(ask, &field.manager)).await;
    let row_id = listed.unwrap().into_inner().rows.remove(0).row_id;

    let ask = GetQuarantinedRowRequest { row_id: row_id.clone() };
    let got = field.quarantine().get_quarantined_row(request(ask, &field.manager)).await;
    let shown = got.unwrap().into_inner().received.unwrap();
    let is_kept = is_kept_anywhere(&field, &bad.respondent_key).await;
    let corrected = Some(IngestResponsesRequest { answers: vec![1, 1], ..shown.clone() });
    let replay = ReplayQuarantinedRowRequest {
        request_id: id(),
        row_id,
        corrected,
        ..ReplayQuarantinedRowRequest::default()
    };
    let replayed = field.quarantine().replay_quarantined_row(request(replay, &field.manager)).await;

    assert_eq!((shown.respondent_key, shown.answers), (Vec::<u8>::new(), vec![9, 1]));
    assert!(!is_kept, "the key stands nowhere as it came");
    assert!(replayed.is_ok(), "{replayed:?}");
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.excluded_count), (1, 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn flags_that_are_not_what_the_paradata_give_are_found_and_put_right() {
    let field = field().await;
    let people = (0..10).map(|n| of(n % 6, 100 + i64::from(n), [5, 1]));
    field.push(people.collect()).await;
    let spoil = "update survey.paradata set key_hash = sha256(key_hash) where response_id in (
                     select response_id from survey.flags order by number limit 2)";
    sqlx::raw_sql(spoil).execute(&field.pool).await.unwrap();

    let found = field.verify().await.misjudged_count;
    let rebuilt = field.rebuild().await.misjudged_count;

    assert_eq!((found, rebuilt), (2, 2));
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.excluded_count), (8, 2));
    field.is_right().await;
    field.close_survey().await;
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn the_report_says_who_brought_an_unusual_share_and_who_was_fast() {
    let field = field().await;
    let timed = |interviewer: &str, took: i64| IngestResponsesRequest {
        interviewer: interviewer.to_owned(),
        start_time: Some(at(1000 - took)),
        answer_time: Some(at(1000)),
        ..row("06649", [5, 1])
    };
    let mut all: Vec<_> = (0..6).map(|_| timed("PV-1", 300)).collect();
    all.extend([timed("PV-2", 99), timed("PV-2", 98), timed("PV-3", 400), timed("PV-3", 20)]);
    field.push(all).await;

    let report = field.quality().await;

    assert_eq!((report.response_count, report.timed_count), (10, 10));
    assert_eq!((report.median_seconds, report.fast_count), (Some(300), 2));
    let by_name: HashMap<_, _> = report
        .interviewers
        .iter()
        .map(|one| {
            (&one.interviewer[..], (one.response_count, one.flagged_count, one.is_over_limit))
        })
        .collect();
    assert_eq!(by_name["PV-1"], (6, 0, true));
    assert_eq!((by_name["PV-2"], by_name["PV-3"]), ((2, 0, false), (2, 1, false)));
    let raised: Vec<_> = report.flags.iter().map(|one| (one.flag, one.flagged_count)).collect();
    assert_eq!(raised, [(SAME, 0), (SPEEDER, 1), (4, 0), (5, 0)]);
    assert_eq!(report.excluded_count, 1);
    field.running.stop().await;
}

//! A refused row is settled once: sent again and counted, replaced by a good one, or given up.

use cchc_proto::survey::v1::{
    DropQuarantinedRowRequest, IngestResponsesRequest, QuarantinedRow, ReplayQuarantinedRowRequest,
    quarantined_row::State,
};
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use tonic::{Code, Status};

use crate::{
    field::{Field, counts, groups, id, parked, row, rows},
    quarantine::bad,
};

impl Field {
    /// Sends a row again under an id of its own.
    pub(crate) async fn replay(
        &self,
        row_id: &str,
        corrected: Option<IngestResponsesRequest>,
    ) -> Result<QuarantinedRow, Status> {
        self.replay_as(&id(), row_id, corrected).await
    }

    async fn replay_as(
        &self,
        request_id: &str,
        row_id: &str,
        corrected: Option<IngestResponsesRequest>,
    ) -> Result<QuarantinedRow, Status> {
        let (request_id, row_id) = (request_id.to_owned(), row_id.to_owned());
        let ask = ReplayQuarantinedRowRequest {
            request_id,
            row_id,
            corrected,
            ..ReplayQuarantinedRowRequest::default()
        };
        let replayed =
            self.quarantine().replay_quarantined_row(request(ask, &self.manager)).await?;
        Ok(replayed.into_inner().row.unwrap())
    }

    async fn drop_row(&self, ask: DropQuarantinedRowRequest) -> Result<QuarantinedRow, Status> {
        let dropped = self.quarantine().drop_quarantined_row(request(ask, &self.manager)).await?;
        Ok(dropped.into_inner().row.unwrap())
    }

    /// Pushes rows of which one is refused; gives its id.
    async fn refused(&self, row: IngestResponsesRequest) -> String {
        let response_id = row.response_id.clone();
        assert_eq!(self.push(vec![row]).await.refused_count, 1);
        let rows = self.quarantined().await;
        rows.into_iter().rfind(|row| row.response_id == response_id).unwrap().row_id
    }
}

fn mended(bad: &IngestResponsesRequest) -> IngestResponsesRequest {
    IngestResponsesRequest { answers: vec![5, 1], ..bad.clone() }
}

#[tokio::test]
async fn a_corrected_row_counts_and_the_refused_one_says_so() {
    let field = Field::open().await;
    let sent = bad();
    field.push(rows(9)).await;
    let row_id = field.refused(sent.clone()).await;

    let replayed = field.replay(&row_id, Some(mended(&sent))).await.unwrap();

    assert_eq!(replayed.state(), State::Replayed);
    assert_eq!((&replayed.settler[..], &replayed.settler_unit_code[..]), ("so-noi-vu", "22"));
    assert_eq!(replayed.settled_response_id, sent.response_id);
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (10, 0));
    assert_eq!(field.get(&row_id).await.received, None);
    let again = field.push(vec![mended(&sent), sent]).await;
    assert_eq!(counts(&again), (0, 1, 1), "what was settled is not parked again");
    assert_eq!(field.progress().await.quarantined_count, 0);
    assert_eq!(parked(&field.told_with_quarantine().await), (0, 0));
    assert_eq!(field.verify().await.differences, []);
    field.running.stop().await;
}

#[tokio::test]
async fn a_row_refused_again_goes_on_waiting() {
    let field = Field::open().await;
    let sent = bad();
    let row_id = field.refused(sent.clone()).await;
    let worse = IngestResponsesRequest { cluster_code: "99999".to_owned(), ..sent.clone() };

    let as_it_was = field.replay(&row_id, None).await.unwrap_err();
    let corrected = field.replay(&row_id, Some(worse)).await.unwrap_err();

    assert_refused(&as_it_was, Code::InvalidArgument, "INVALID_REQUEST");
    let shown = tonic_types::StatusExt::get_error_details(&corrected);
    let paths: Vec<_> =
        shown.bad_request().unwrap().field_violations.iter().map(|v| &v.field[..]).collect();
    assert_eq!(paths, ["corrected.cluster_code", "corrected.answers[0]"]);
    let rows = field.quarantined().await;
    assert_eq!((rows.len(), rows[0].state()), (1, State::Waiting));
    assert_eq!(field.replay(&row_id, Some(mended(&sent))).await.unwrap().state(), State::Replayed);
    field.running.stop().await;
}

/// Whether the same call may be made again: what it asked for was carried out once or not at all.
fn is_to_be_retried(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded)
}

#[tokio::test]
async fn a_hundred_replays_at_once_count_once() {
    let field = Field::open().await;
    let sent = bad();
    let row_id = field.refused(sent.clone()).await;
    let shared = id();

    let replays = (0..100).map(|n| {
        let (field, row_id, shared, sent) = (&field, &row_id, &shared, &sent);
        async move {
            let request_id = if n % 2 == 0 { shared.clone() } else { id() };
            loop {
                // So many at once may have to wait too long for the database: they ask again.
                match field.replay_as(&request_id, row_id, Some(mended(sent))).await {
                    Err(status) if is_to_be_retried(&status) => {}
                    answer => break answer,
                }
            }
        }
    });
    let answers = join_all(replays).await;

    for refusal in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_refused(refusal, Code::FailedPrecondition, "QUARANTINED_ROW_SETTLED");
    }
    let settled = answers.iter().flatten().count();
    assert!(settled == 1 || settled == 50, "one intent was carried out: {settled}");
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (1, 0));
    assert_eq!(field.verify().await.differences, []);
    field.running.stop().await;
}

#[tokio::test]
async fn a_replay_that_meets_the_closing_counts_or_is_refused() {
    let field = Field::open().await;
    let mut refused = Vec::new();
    for _ in 0..12 {
        let sent = bad();
        refused.push((field.refused(sent.clone()).await, sent));
    }

    let replays =
        join_all(refused.iter().map(|(row_id, sent)| field.replay(row_id, Some(mended(sent)))));
    let (replayed, _) = tokio::join!(replays, field.close_survey());

    let stored = i64::try_from(replayed.iter().flatten().count()).unwrap();
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (stored, 12 - stored));
    let told = field.told_with_quarantine().await;
    assert_eq!(groups(&told).iter().sum::<i64>(), stored);
    assert_eq!(parked(&told), (12 - stored, 0));
    field.running.stop().await;
}

#[tokio::test]
async fn a_good_row_takes_the_place_of_the_refused_one() {
    let field = Field::open().await;
    let (first, second) = (bad(), row("06649", [5, 1]));
    field.push(vec![first.clone(), second.clone()]).await;
    let spoiled = IngestResponsesRequest { revision: 1, answers: vec![9, 9], ..second.clone() };
    field.push(vec![spoiled.clone()]).await;
    assert_eq!(field.progress().await.quarantined_count, 2);

    field.push(vec![mended(&first)]).await;
    let of_first: Vec<_> = field.quarantined().await.iter().map(QuarantinedRow::state).collect();
    field.push(vec![mended(&spoiled)]).await;

    assert_eq!(of_first, [State::Superseded, State::Waiting]);
    let rows = field.quarantined().await;
    assert_eq!(rows[1].state(), State::Superseded);
    assert_eq!(rows[1].settled_response_id, second.response_id);
    assert_eq!(field.progress().await.quarantined_count, 0);
    field.running.stop().await;
}

#[tokio::test]
async fn a_dropped_row_says_who_and_why_and_no_more_what() {
    let field = Field::open().await;
    let sent = bad();
    let row_id = field.refused(sent.clone()).await;
    let etag = field.get(&row_id).await.etag;
    let ask = DropQuarantinedRowRequest {
        request_id: id(),
        row_id: row_id.clone(),
        etag,
        reason: "phiếu nhập thử".to_owned(),
    };
    let bare = DropQuarantinedRowRequest {
        request_id: id(),
        etag: String::new(),
        reason: String::new(),
        ..ask.clone()
    };
    let stale = DropQuarantinedRowRequest { request_id: id(), etag: "0".to_owned(), ..ask.clone() };

    let bare = field.drop_row(bare).await.unwrap_err();
    let stale = field.drop_row(stale).await.unwrap_err();
    let dropped = field.drop_row(ask.clone()).await.unwrap();
    let repeat = field.drop_row(ask.clone()).await.unwrap();
    let late = DropQuarantinedRowRequest { request_id: id(), ..ask };
    let late = field.drop_row(late).await.unwrap_err();
    let replay = field.replay(&row_id, Some(mended(&sent))).await.unwrap_err();

    let shown = tonic_types::StatusExt::get_error_details(&bare);
    assert_eq!(shown.bad_request().unwrap().field_violations.len(), 2);
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");
    assert_eq!(dropped, repeat);
    assert_eq!((dropped.state(), &dropped.settle_reason[..]), (State::Dropped, "phiếu nhập thử"));
    assert_refused(&late, Code::FailedPrecondition, "QUARANTINED_ROW_SETTLED");
    assert_refused(&replay, Code::FailedPrecondition, "QUARANTINED_ROW_SETTLED");
    field.push(vec![sent]).await;
    let progress = field.progress().await;
    assert_eq!((progress.quarantined_count, progress.given_up_count), (0, 1));
    let kept = sqlx::query_scalar!(r#"select count(received) as "kept!" from survey.quarantine"#);
    assert_eq!(kept.fetch_one(&field.pool).await.unwrap(), 0);
    let rewrite = sqlx::query!("update survey.quarantine set settle_reason = 'khác'");
    assert!(rewrite.execute(&field.pool).await.is_err(), "the audit is not rewritten");
    field.running.stop().await;
}

#[tokio::test]
async fn the_export_counts_the_quarantine_again_at_every_number() {
    let field = Field::open().await;
    let sent: Vec<_> = (0..4).map(|_| bad()).collect();
    let mut row_ids = Vec::new();
    for row in &sent {
        row_ids.push(field.refused(row.clone()).await);
        field.told_with_quarantine().await;
    }
    field.replay(&row_ids[0], Some(mended(&sent[0]))).await.unwrap();
    field.told_with_quarantine().await;
    field.push(vec![mended(&sent[1]), bad()]).await;
    let (row_id, etag) = (row_ids[2].clone(), field.get(&row_ids[2]).await.etag);
    let reason = "trùng".to_owned();
    let ask = DropQuarantinedRowRequest { request_id: id(), row_id, etag, reason };
    field.drop_row(ask).await.unwrap();
    field.close_survey().await;
    let told = field.told_with_quarantine().await;
    assert_eq!(parked(&told), (2, 1));

    for as_of in 0..=told.len() {
        let exported = field.exported(i64::try_from(as_of).unwrap()).await;

        assert_eq!(parked(&exported), parked(&told[..as_of]), "as of {as_of}");
    }
    field.running.stop().await;
}

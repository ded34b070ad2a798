//! What was refused can be found and read, is told as a number, and is kept for so long.

use cchc_core::Role;
use cchc_proto::survey::v1::{
    GetQuarantinedRowRequest, GetQuarantinedRowResponse, IngestResponsesRequest,
    ListQuarantinedRowsRequest, QuarantinedRow, quarantined_row::State,
};
use cchc_testkit::{assert_refused, request};
use prost_types::Timestamp;
use tonic::{Code, Status};

use crate::field::{Field, SURVEY, parked, refusals, row, rows, survey};

/// A row that is refused for its answers.
pub(crate) fn bad() -> IngestResponsesRequest {
    row("06649", [9, 1])
}

impl Field {
    /// The rows of one page, and the token of the next.
    pub(crate) async fn page(
        &self,
        ask: ListQuarantinedRowsRequest,
    ) -> Result<(Vec<QuarantinedRow>, String), Status> {
        let listed = self.quarantine().list_quarantined_rows(request(ask, &self.manager)).await?;
        let listed = listed.into_inner();
        Ok((listed.rows, listed.next_page_token))
    }

    /// The refused rows that named the survey.
    pub(crate) async fn quarantined(&self) -> Vec<QuarantinedRow> {
        self.page(of_survey()).await.unwrap().0
    }

    /// One refused row.
    pub(crate) async fn get(&self, row_id: &str) -> GetQuarantinedRowResponse {
        let ask = GetQuarantinedRowRequest { row_id: row_id.to_owned() };
        let got = self.quarantine().get_quarantined_row(request(ask, &self.manager)).await;
        got.unwrap().into_inner()
    }
}

pub(crate) fn of_survey() -> ListQuarantinedRowsRequest {
    ListQuarantinedRowsRequest { survey_code: SURVEY.to_owned(), ..Default::default() }
}

fn responses(rows: &[QuarantinedRow]) -> Vec<&str> {
    rows.iter().map(|row| row.response_id.as_str()).collect()
}

#[tokio::test]
async fn refused_rows_are_found_by_what_is_known_of_them() {
    let field = Field::open().await;
    let other = field.bench.token("van-phong", "22", &[Role::SurveyCollector]);
    let (answers, commune, nameless) = (
        bad(),
        row("99999", [5, 1]),
        IngestResponsesRequest { survey_code: "SIPAS-QN-2081".to_owned(), ..row("06649", [5, 1]) },
    );
    field.push(vec![answers.clone(), nameless.clone()]).await;
    field.push_as(&other, vec![commune.clone()]).await.unwrap();

    let found = async |change: fn(&mut ListQuarantinedRowsRequest)| {
        let mut ask = of_survey();
        change(&mut ask);
        let (rows, _) = field.page(ask).await.unwrap();
        rows.into_iter().map(|row| row.response_id).collect::<Vec<_>>()
    };
    let both = [answers.response_id.clone(), commune.response_id.clone()];
    assert_eq!(found(|_| {}).await, both);
    assert_eq!(found(|ask| ask.state = State::Waiting.into()).await, both);
    assert_eq!(found(|ask| ask.state = State::Dropped.into()).await, [""; 0]);
    assert_eq!(found(|ask| ask.collector = "van-phong".to_owned()).await, [&both[1][..]]);
    assert_eq!(found(|ask| ask.reason = "ANSWER_OUT_OF_RANGE".to_owned()).await, [&both[0][..]]);
    let year_2000 = Some(Timestamp { seconds: 946_684_800, nanos: 0 });
    assert_eq!(found(|ask| ask.from_time = Some(Timestamp::default())).await, both);
    let before = ListQuarantinedRowsRequest { to_time: year_2000, ..of_survey() };
    assert_eq!(responses(&field.page(before).await.unwrap().0), [""; 0]);
    let (of_none, _) = field.page(ListQuarantinedRowsRequest::default()).await.unwrap();
    assert_eq!(responses(&of_none), [&nameless.response_id]);
    assert_eq!(
        (&of_none[0].survey_code[..], &of_none[0].collector[..]),
        ("SIPAS-QN-2081", "buu-dien")
    );
    field.running.stop().await;
}

#[tokio::test]
async fn a_list_comes_in_pages_each_for_its_own_question() {
    let field = Field::open().await;
    let stream: Vec<_> = (0..5).map(|_| bad()).collect();
    field.push(stream.clone()).await;

    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let ask = ListQuarantinedRowsRequest { page_size: 2, page_token, ..of_survey() };
        let (rows, next) = field.page(ask).await.unwrap();
        assert!(rows.len() <= 2);
        seen.extend(rows.into_iter().map(|row| row.response_id));
        page_token = next;
        if page_token.is_empty() {
            break;
        }
    }
    let ask = ListQuarantinedRowsRequest { page_size: 2, ..of_survey() };
    let (_, page_token) = field.page(ask).await.unwrap();
    let foreign =
        ListQuarantinedRowsRequest { collector: "x".to_owned(), page_token, ..of_survey() };
    let refusal = field.page(foreign).await.unwrap_err();

    let sent: Vec<_> = stream.into_iter().map(|row| row.response_id).collect();
    assert_eq!(seen, sent);
    assert_refused(&refusal, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    field.running.stop().await;
}

#[tokio::test]
async fn a_waiting_row_shows_what_it_said_and_all_that_was_wrong() {
    let field = Field::open().await;
    let sent = IngestResponsesRequest { answers: vec![9, 7], ..row("99999", [0, 0]) };
    field.push(vec![sent.clone()]).await;
    let row_id = field.quarantined().await[0].row_id.clone();

    let got = field.get(&row_id).await;

    assert_eq!(got.received, Some(sent));
    assert!(!got.etag.is_empty());
    let row = got.row.unwrap();
    let faults: Vec<_> =
        row.violations.iter().map(|fault| (&fault.path[..], &fault.reason[..])).collect();
    assert_eq!(
        faults,
        [
            ("cluster_code", "CLUSTER_NOT_IN_SAMPLE"),
            ("answers[0]", "ANSWER_OUT_OF_RANGE"),
            ("answers[1]", "ANSWER_OUT_OF_RANGE"),
        ]
    );
    assert!(row.violations.iter().all(|fault| !fault.message_vi.is_empty()));
    assert_eq!((row.state(), &row.collector_unit_code[..]), (State::Waiting, "22"));
    field.running.stop().await;
}

#[tokio::test]
async fn refused_rows_are_their_provinces_alone() {
    let field = Field::open().await;
    field.push(vec![bad()]).await;
    let row_id = field.quarantined().await[0].row_id.clone();
    let district = field.bench.token("ubnd-ha-long", "193", &[Role::SurveyManager]);
    let mut client = field.quarantine();
    let get = |row_id: &str| GetQuarantinedRowRequest { row_id: row_id.to_owned() };

    let listed = client.list_quarantined_rows(request(of_survey(), &district)).await.unwrap_err();
    let got = client.get_quarantined_row(request(get(&row_id), &district)).await.unwrap_err();
    let none = client
        .list_quarantined_rows(request(ListQuarantinedRowsRequest::default(), &district))
        .await
        .unwrap();
    let collector = client.get_quarantined_row(request(get(&row_id), &field.collector)).await;
    let unknown = get("0190a5c8-6f6e-7c3a-9d8e-1f2a3b4c5d6e");
    let unknown = client.get_quarantined_row(request(unknown, &field.manager)).await.unwrap_err();
    let survey = ListQuarantinedRowsRequest { survey_code: "X".to_owned(), ..Default::default() };
    let survey = field.page(survey).await.unwrap_err();

    assert_refused(&listed, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&got, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_eq!(none.into_inner().rows, []);
    assert_refused(&collector.unwrap_err(), Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&unknown, Code::NotFound, "QUARANTINED_ROW_NOT_FOUND");
    assert_refused(&survey, Code::NotFound, "SURVEY_NOT_FOUND");
    field.running.stop().await;
}

#[tokio::test]
async fn rows_that_came_before_their_survey_are_its_own_once_it_opens() {
    let field = Field::new().await;
    let receipt = field.push(vec![row("06649", [5, 1])]).await;
    assert_eq!(refusals(&receipt), [(1, vec!["SURVEY_NOT_FOUND"])]);

    field.open_survey(survey()).await.unwrap();

    let rows = field.quarantined().await;
    field.replay(&rows[0].row_id, None).await.unwrap();
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (1, 0));
    field.running.stop().await;
}

#[tokio::test]
async fn rows_are_kept_for_the_days_of_their_survey_and_then_expire() {
    let field = Field::new().await;
    field
        .open_survey(cchc_proto::survey::v1::Survey { quarantine_days: 7, ..survey() })
        .await
        .unwrap();
    let nameless = IngestResponsesRequest { survey_code: "X".to_owned(), ..bad() };
    field.push(vec![bad(), nameless]).await;
    field.push(rows(3)).await;
    let row_id = field.quarantined().await[0].row_id.clone();
    let kept = sqlx::query_scalar!(
        r#"select extract(day from expire_time - receive_time)::int as "days!"
           from survey.quarantine order by 1"#
    );
    assert_eq!(kept.fetch_all(&field.pool).await.unwrap(), [7, 90]);

    // As if the days had passed.
    let past = sqlx::query!("update survey.quarantine set expire_time = receive_time");
    past.execute(&field.pool).await.unwrap();
    let told = loop {
        let told = field.told_with_quarantine().await;
        if field.progress().await.given_up_count == 1 {
            break told;
        }
    };

    assert_eq!(parked(&told).0 + parked(&told).1, 1);
    let got = field.get(&row_id).await;
    let row = got.row.unwrap();
    assert_eq!((row.state(), &row.response_id[..], got.received), (State::Expired, "", None));
    let (of_none, _) = field.page(ListQuarantinedRowsRequest::default()).await.unwrap();
    assert_eq!(of_none, []);
    field.running.stop().await;
}

//! Erasing a respondent: everything of theirs goes, the figures that were told stay, and nothing brings a
//! response back.

use cchc_core::Role;
use cchc_proto::survey::v1::{
    EraseRespondentRequest, EraseRespondentResponse, GetRespondentRequest, GetRespondentResponse,
    IngestResponsesRequest, QualityFlag, privacy_service_client::PrivacyServiceClient,
    quality_rule::Policy,
};
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use tonic::{Code, Status, transport::Channel};

use crate::{
    field::{Field, SURVEY, counts, id, refusals, rows, sums},
    quality::{flags, of},
    quality_rules::{refused, rule, with_rules},
};

/// A survey that knows its respondents, in which a person counts once and a code is good for two.
async fn field() -> Field {
    let field = Field::new().await;
    let rules = vec![
        rule(QualityFlag::SameRespondent, Policy::Exclude, 0),
        rule(QualityFlag::CodeReused, Policy::Exclude, 2),
    ];
    field.open_survey(with_rules(rules)).await.unwrap();
    field
}

const fn key(person: u8) -> [u8; 32] {
    [person; 32]
}

impl Field {
    fn privacy(&self) -> PrivacyServiceClient<Channel> {
        PrivacyServiceClient::new(self.running.channel())
    }

    async fn respondent(&self, person: u8) -> GetRespondentResponse {
        let survey_code = SURVEY.to_owned();
        let ask = GetRespondentRequest { survey_code, respondent_key: key(person).to_vec() };
        self.privacy().get_respondent(request(ask, &self.manager)).await.unwrap().into_inner()
    }

    async fn erasing(&self, person: u8) -> EraseRespondentRequest {
        EraseRespondentRequest {
            request_id: id(),
            survey_code: SURVEY.to_owned(),
            respondent_key: key(person).to_vec(),
            etag: self.respondent(person).await.etag,
            reason: "theo đề nghị của người trả lời".to_owned(),
        }
    }

    async fn erase_by(
        &self,
        ask: EraseRespondentRequest,
    ) -> Result<EraseRespondentResponse, Status> {
        let erased = self.privacy().erase_respondent(request(ask, &self.manager)).await?;
        Ok(erased.into_inner())
    }

    pub(crate) async fn erase(&self, person: u8) -> (i32, i32) {
        let erased = self.erase_by(self.erasing(person).await).await.unwrap();
        (erased.response_count, erased.row_count)
    }

    /// Whether anything of a response is kept.
    async fn keeps(&self, row: &IngestResponsesRequest) -> bool {
        let id: uuid::Uuid = row.response_id.parse().unwrap();
        let kept = sqlx::query_scalar!(
            r#"select exists (select from survey.responses where response_id = $1)
                   or exists (select from survey.changes where response_id = $1)
                   or exists (select from survey.paradata where response_id = $1)
                   or exists (select from survey.flags where response_id = $1)
                   or exists (select from survey.quarantine
                              where response_uuid = $1 and received is not null)
                      as "kept!""#,
            id,
        );
        kept.fetch_one(&self.pool).await.unwrap()
    }
}

#[tokio::test]
async fn what_was_told_stays_as_a_sum_and_everything_of_the_person_goes() {
    let field = field().await;
    let theirs = of(1, 100, [5, 1]);
    let again = of(1, 200, [1, 2]);
    let others = (2..14).map(|person| of(person, 100, [2, 2]));
    field.push(others.chain([theirs.clone(), again.clone()]).collect()).await;
    let corrected = IngestResponsesRequest { revision: 1, answers: vec![3, 1], ..theirs.clone() };
    field.push(vec![corrected]).await;
    let before = field.told().await;

    let found = field.respondent(1).await;
    let erased = field.erase(1).await;

    assert_eq!((found.response_count, found.row_count), (2, 0));
    assert_eq!(erased, (2, 0));
    assert_eq!(field.told().await, before, "no figure moves by one person");
    assert!(!field.keeps(&theirs).await && !field.keeps(&again).await);
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.released_count), (13, 13));
    assert_eq!(field.respondent(1).await.response_count, 0);
    field.is_right().await;
    field.close_survey().await;
    field.is_right().await;
    assert_eq!(sums(&field.told().await), sums(&before), "nor at the closing");
    assert_eq!(flags(&field.told().await), flags(&before));
    field.running.stop().await;
}

#[tokio::test]
async fn what_was_not_told_yet_never_will_be() {
    let field = field().await;
    field.push(vec![of(1, 100, [5, 1]), of(2, 100, [5, 1]), of(2, 200, [1, 1])]).await;

    assert_eq!(field.erase(2).await, (2, 0));
    field.close_survey().await;

    assert_eq!(sums(&field.told().await).0, 1);
    assert_eq!(flags(&field.told().await).1, 0);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_resend_does_not_bring_a_response_back_and_is_kept_nowhere() {
    let field = field().await;
    let theirs = of(1, 100, [5, 1]);
    field.push(vec![theirs.clone()]).await;
    field.push((2..14).map(|person| of(person, 100, [5, 1])).collect()).await;
    field.erase(1).await;
    let spoiled = IngestResponsesRequest { answers: vec![9, 9], ..theirs.clone() };
    let corrected = IngestResponsesRequest { revision: 1, ..theirs.clone() };

    let receipt = field.push(vec![theirs.clone(), spoiled, corrected, of(99, 100, [4, 1])]).await;
    field.close_survey().await;
    let closed = field.push(vec![theirs.clone()]).await;

    assert_eq!((receipt.accepted_count, receipt.refused_count), (1, 3));
    let reasons: Vec<_> = refusals(&receipt).into_iter().map(|(_, reasons)| reasons[0]).collect();
    assert_eq!(reasons, ["RESPONSE_ERASED", "ANSWER_OUT_OF_RANGE", "RESPONSE_ERASED"]);
    assert_eq!(refusals(&closed), [(1, vec!["RESPONSE_ERASED"])]);
    assert!(!field.keeps(&theirs).await);
    assert_eq!(field.progress().await.quarantined_count, 0);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn erasing_twice_erases_once_and_a_repeat_is_answered_as_before() {
    let field = field().await;
    field.push(vec![of(1, 100, [5, 1]), of(1, 100, [9, 1])]).await;
    let ask = field.erasing(1).await;

    let first = field.erase_by(ask.clone()).await.unwrap();
    let repeat = field.erase_by(ask.clone()).await.unwrap();
    let other = EraseRespondentRequest { respondent_key: key(2).to_vec(), ..ask.clone() };
    let reused = field.erase_by(other).await.unwrap_err();
    let stale = EraseRespondentRequest { request_id: id(), ..ask };
    let stale = field.erase_by(stale).await.unwrap_err();
    let nothing = field.erase(1).await;

    assert_eq!((first.response_count, first.row_count), (1, 1));
    assert_eq!(repeat, first);
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");
    assert_eq!(nothing, (0, 0));
    let kept = sqlx::query!("select reason, response_count from survey.erasures order by 2 desc");
    let kept = kept.fetch_all(&field.pool).await.unwrap();
    assert_eq!((kept.len(), kept[0].response_count), (2, 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_refused_row_of_theirs_is_given_up_with_nothing_left_of_it() {
    let field = field().await;
    let bad = of(1, 100, [9, 1]);
    field.push(vec![bad.clone(), of(2, 100, [9, 1])]).await;

    let erased = field.erase(1).await;
    let again = field.push(vec![bad.clone()]).await;

    assert_eq!(erased, (0, 1));
    assert_eq!(counts(&again), (0, 0, 1));
    assert!(!field.keeps(&bad).await);
    let progress = field.progress().await;
    assert_eq!((progress.quarantined_count, progress.given_up_count), (1, 1));
    field.running.stop().await;
}

#[tokio::test]
async fn people_are_erased_while_their_responses_come() {
    let field = field().await;
    let all: Vec<_> = (0..24).map(|n| of(n % 8, 100 + i64::from(n), [5, 1])).collect();

    let pushes = join_all(all.chunks(4).map(|some| field.push(some.to_vec())));
    let shared = &field;
    let erasures = join_all((0..4).map(|person| async move {
        // What comes between the reading and the erasing makes the etag stale: read again.
        while shared.erase_by(shared.erasing(person).await).await.is_err() {}
    }));
    tokio::join!(pushes, erasures);
    field.is_right().await;
    for person in 0..4 {
        field.erase(person).await;
    }
    let resent = field.push(all.clone()).await;
    field.close_survey().await;

    let theirs = |n: usize| n % 8 < 4;
    for (n, row) in all.iter().enumerate() {
        assert_eq!(field.keeps(row).await, !theirs(n), "{n}");
    }
    assert_eq!(counts(&resent), (0, 12, 12));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn whoever_stood_behind_them_under_a_code_takes_their_place() {
    let field = field().await;
    let under = |person: u8, seconds: i64| IngestResponsesRequest {
        slip_code: "HK-1".to_owned(),
        ..of(person, seconds, [5, 1])
    };
    field.push((1..4).map(|person| under(person, i64::from(person))).collect()).await;
    field.push(rows(10)).await;
    assert_eq!(field.progress().await.excluded_count, 1);
    field.close_survey().await;

    field.erase(1).await;

    assert_eq!(field.progress().await.excluded_count, 0);
    assert_eq!(sums(&field.told().await).0, 13);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn only_a_manager_of_the_province_erases_and_only_where_respondents_are_known() {
    let field = field().await;
    let ask = field.erasing(1).await;
    let other = field.bench.token("so-noi-vu", "24", &[Role::SurveyManager]);

    let collector = field.privacy().erase_respondent(request(ask.clone(), &field.collector)).await;
    let stranger = field.privacy().erase_respondent(request(ask.clone(), &other)).await;
    let short = EraseRespondentRequest { respondent_key: vec![1; 15], ..ask.clone() };
    let short = field.erase_by(short).await.unwrap_err();
    field.running.stop().await;
    let plain = Field::open().await;
    let unknown = plain.erase_by(ask).await.unwrap_err();

    assert_refused(&collector.unwrap_err(), Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&stranger.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    let length_off = ("respondent_key".to_owned(), "KEY_LENGTH_OFF".to_owned());
    assert_eq!(refused(&short), [length_off]);
    assert_refused(&unknown, Code::FailedPrecondition, "NO_RESPONDENT_KEYS");
    plain.running.stop().await;
}

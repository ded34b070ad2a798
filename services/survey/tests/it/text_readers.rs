//! Who may read what was written: somebody of the province, remembered before they have it.

use cchc_core::Role;
use cchc_proto::survey::v1::{
    IngestResponsesRequest, ListTextViewsRequest, ListTextsRequest, ListTextsResponse, TextView,
    text_service_client::TextServiceClient,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status, transport::Channel};

use crate::{
    field::{Field, SURVEY},
    quality_rules::refused,
    texts::{WORDS, written},
};

fn of(question_code: &str) -> ListTextsRequest {
    let (survey_code, question_code) = (SURVEY.to_owned(), question_code.to_owned());
    ListTextsRequest { survey_code, question_code, ..ListTextsRequest::default() }
}

impl Field {
    fn text_service(&self) -> TextServiceClient<Channel> {
        TextServiceClient::new(self.running.channel())
    }

    async fn list(&self, ask: ListTextsRequest, by: &str) -> Result<ListTextsResponse, Status> {
        Ok(self.text_service().list_texts(request(ask, by)).await?.into_inner())
    }

    /// What was written to a question, or to all, in the order in which it is listed.
    pub(crate) async fn texts_of(&self, question: &str) -> Vec<String> {
        let listed = self.list(of(question), &self.manager).await.unwrap();
        listed.texts.into_iter().map(|written| written.text).collect()
    }

    async fn views(&self, page_size: i32, page_token: &str) -> (Vec<TextView>, String) {
        let (survey_code, page_token) = (SURVEY.to_owned(), page_token.to_owned());
        let ask = ListTextViewsRequest { survey_code, page_size, page_token };
        let listed = self.text_service().list_text_views(request(ask, &self.manager)).await;
        let listed = listed.unwrap().into_inner();
        (listed.views, listed.next_page_token)
    }
}

#[tokio::test]
async fn texts_come_in_pages_with_what_they_belong_to() {
    let field = Field::with_texts().await;
    let mut sent: Vec<_> = (0..5).map(|n| written(&format!("Góp ý thứ {n}"))).collect();
    sent[0].answers = vec![5, 1, 1, 1];
    sent[0].texts.push("Vì đông".to_owned());
    field.push(sent.clone()).await;

    let (mut pages, mut ask) = (Vec::new(), ListTextsRequest { page_size: 4, ..of("") });
    loop {
        let page = field.list(ask.clone(), &field.manager).await.unwrap();
        pages.push(page.texts);
        ask.page_token = page.next_page_token;
        if ask.page_token.is_empty() {
            break;
        }
    }
    let other_question = ListTextsRequest { question_code: "Q4".to_owned(), ..ask.clone() };
    let own = field.list(other_question, &field.manager).await.unwrap().texts;

    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
    let all: Vec<_> = pages.concat();
    assert!(all.is_sorted_by_key(|text| (text.response_id.clone(), text.question_code.clone())));
    let [text] = own.as_slice() else { panic!("{own:?}") };
    assert_eq!((&text.response_id, text.text.as_str()), (&sent[0].response_id, "Vì đông"));
    assert_eq!((text.question_code.as_str(), text.cluster_code.as_str()), ("Q4", "06649"));
    field.running.stop().await;
}

#[tokio::test]
async fn whoever_reads_is_remembered_page_by_page() {
    let field = Field::with_texts().await;
    field.push(vec![written(WORDS), written("Chậm")]).await;
    let reader = field.bench.token("nguyen-van-a", "22", &[Role::SurveyManager]);

    field.list(of("Q3"), &reader).await.unwrap();
    field.texts_of("").await;
    let (first, token) = field.views(1, "").await;
    let (second, end) = field.views(1, &token).await;

    let who = |view: &TextView| {
        (
            view.viewer.clone(),
            view.viewer_unit_code.clone(),
            view.question_code.clone(),
            view.text_count,
        )
    };
    let expected =
        |who: &str, question: &str| (who.to_owned(), "22".to_owned(), question.to_owned(), 2);
    assert_eq!(first.iter().map(who).collect::<Vec<_>>(), [expected("so-noi-vu", "")]);
    assert_eq!(second.iter().map(who).collect::<Vec<_>>(), [expected("nguyen-van-a", "Q3")]);
    assert!(end.is_empty() && first[0].view_time.is_some());
    let changed = sqlx::query!("delete from survey.text_views").execute(&field.pool).await;
    assert!(changed.unwrap_err().to_string().contains("kept for good"));
    field.running.stop().await;
}

#[tokio::test]
async fn nobody_else_reads() {
    let field = Field::with_texts().await;
    field.push(vec![written(WORDS)]).await;
    let district = field.bench.token("ha-long", "193", &[Role::SurveyManager]);

    let by_collector = field.list(of(""), &field.collector).await.unwrap_err();
    let by_district = field.list(of(""), &district).await.unwrap_err();
    let of_no_text = field.list(of("Q1"), &field.manager).await.unwrap_err();
    let nowhere = ListTextsRequest { survey_code: "SIPAS-QN-2081".to_owned(), ..of("") };
    let nowhere = field.list(nowhere, &field.manager).await.unwrap_err();

    assert_eq!(by_collector.code(), Code::PermissionDenied);
    assert_refused(&by_district, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_eq!(field.views(0, "").await.0, []);
    assert_eq!(
        refused(&of_no_text),
        [("question_code".to_owned(), "QUESTION_NOT_TEXT".to_owned())]
    );
    assert_refused(&nowhere, Code::NotFound, "SURVEY_NOT_FOUND");
    field.running.stop().await;
}

#[tokio::test]
async fn words_that_were_moved_to_another_response_do_not_open_there() {
    let field = Field::with_texts().await;
    let (one, other) = (written(WORDS), written("Chậm"));
    field.push(vec![one, other]).await;
    sqlx::raw_sql(
        "update survey.texts set sealed = (select sealed from survey.texts as other
                                           where other.response_id <> texts.response_id)",
    )
    .execute(&field.pool)
    .await
    .unwrap();

    let refused = field.list(of(""), &field.manager).await.unwrap_err();

    assert_refused(&refused, Code::Internal, "INTERNAL");
    assert_eq!(field.views(0, "").await.0, [], "nothing was read");
    let silent = IngestResponsesRequest { answers: vec![5, 1, 0, 0], texts: vec![], ..written("") };
    assert_eq!(field.push(vec![silent]).await.accepted_count, 1);
    field.running.stop().await;
}

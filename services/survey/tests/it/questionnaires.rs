//! Versions of questionnaires: kept for good, and surveys that ask by them.

use cchc_proto::survey::v1::{
    GetQuestionnaireRequest, ListQuestionnairesRequest, Questionnaire,
    RegisterQuestionnaireRequest, RegisteredQuestionnaire, Survey,
    questionnaire_service_client::QuestionnaireServiceClient,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::field::{Field, counts, id, row, survey};

fn client(field: &Field) -> QuestionnaireServiceClient<Channel> {
    QuestionnaireServiceClient::new(field.running.channel())
}

/// The questions of the survey, as a version of a questionnaire.
fn form(version: &str) -> Questionnaire {
    Questionnaire {
        code: "SIPAS-FORM".to_owned(),
        version: version.to_owned(),
        title: "Phiếu khảo sát".to_owned(),
        questions: survey().questions,
        ..Questionnaire::default()
    }
}

async fn register(field: &Field, form: Questionnaire) -> Result<RegisteredQuestionnaire, Status> {
    let ask = RegisterQuestionnaireRequest { request_id: id(), questionnaire: Some(form) };
    let answer = client(field).register_questionnaire(request(ask, &field.manager)).await?;
    Ok(answer.into_inner().registered.unwrap())
}

async fn get(field: &Field, version: &str) -> Result<Questionnaire, Status> {
    let ask =
        GetQuestionnaireRequest { code: "SIPAS-FORM".to_owned(), version: version.to_owned() };
    let answer = client(field).get_questionnaire(request(ask, &field.collector)).await?;
    Ok(answer.into_inner().questionnaire.unwrap())
}

/// Paths and reasons of what was refused.
fn reasons(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|v| (v.field.clone(), v.reason.clone())).collect()
}

/// The survey, asking by a registered version and not by questions of its own.
fn by_reference(version: &str) -> Survey {
    Survey {
        questionnaire_code: "SIPAS-FORM".to_owned(),
        questionnaire_version: version.to_owned(),
        questions: Vec::new(),
        ..survey()
    }
}

#[tokio::test]
async fn a_version_is_registered_once_and_never_changes() {
    let field = Field::new().await;
    let first = register(&field, form("2018.1")).await.unwrap();
    let mut other = form("2018.1");
    other.questions.pop();

    let again = register(&field, form("2018.1")).await.unwrap();
    let refusal = register(&field, other).await.unwrap_err();
    let overwritten = sqlx::query!("update survey.questionnaires set version = version");
    let overwritten = overwritten.execute(&field.pool).await;

    assert_eq!(first, again);
    assert_eq!((first.question_count, first.registrar.as_str()), (2, "so-noi-vu"));
    assert_refused(&refusal, Code::AlreadyExists, "QUESTIONNAIRE_EXISTS");
    assert!(overwritten.unwrap_err().to_string().contains("for good"));
    assert_eq!(get(&field, "2018.1").await.unwrap(), form("2018.1"));
    let missing = get(&field, "2018.9").await.unwrap_err();
    assert_refused(&missing, Code::NotFound, "QUESTIONNAIRE_NOT_FOUND");
    field.running.stop().await;
}

#[tokio::test]
async fn versions_are_listed_page_by_page_in_the_order_of_their_registration() {
    let field = Field::new().await;
    for version in ["2018.2", "2018.1", "2019.1"] {
        register(&field, form(version)).await.unwrap();
    }
    register(&field, Questionnaire { code: "KHAC".to_owned(), ..form("1") }).await.unwrap();

    let (mut listed, mut token) = (Vec::new(), String::new());
    loop {
        let ask = ListQuestionnairesRequest {
            code: "SIPAS-FORM".to_owned(),
            page_size: 2,
            page_token: token,
        };
        let page = client(&field).list_questionnaires(request(ask, &field.collector)).await;
        let page = page.unwrap().into_inner();
        listed.extend(page.questionnaires.into_iter().map(|one| one.version));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }

    assert_eq!(listed, ["2018.2", "2018.1", "2019.1"]);
    field.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_version_is_refused_at_once() {
    let field = Field::new().await;
    let mut faulty = form("2018 1");
    faulty.title.clear();
    let mut double = form("2018.1");
    double.questions[1].code = "Q1".to_owned();
    double.questions[0].relevance = "${Q9} = 1".to_owned();

    let unread = register(&field, faulty).await.unwrap_err();
    let refused = register(&field, double).await.unwrap_err();

    let pair = |path: &str, reason: &str| (format!("questionnaire.{path}"), reason.to_owned());
    assert_eq!(reasons(&unread), [pair("version", "NAME_INVALID"), pair("title", "REQUIRED")]);
    assert_eq!(
        reasons(&refused),
        [
            pair("questions[1].code", "DUPLICATE"),
            pair("questions[0].relevance", "CONDITION_QUESTION_UNKNOWN"),
        ]
    );
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_asks_by_a_registered_version_as_by_questions_of_its_own() {
    let field = Field::new().await;
    register(&field, form("2018.1")).await.unwrap();

    let opened = field.open_survey(by_reference("2018.1")).await.unwrap();
    let as_it_is_told = field.open_survey(Survey { state: 0, ..opened.clone() }).await.unwrap();
    let receipt = field.push(vec![row("06649", [5, 1])]).await;

    assert_eq!(opened.questions, survey().questions);
    assert_eq!(opened.questionnaire_version, "2018.1");
    assert_eq!(as_it_is_told, opened);
    assert_eq!(counts(&receipt), (1, 0, 0));
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_that_names_no_registered_version_or_differs_from_it_is_refused() {
    let field = Field::new().await;
    register(&field, form("2018.1")).await.unwrap();
    let mut other = Survey { questions: survey().questions, ..by_reference("2018.1") };
    other.questions[0].text = "Câu khác?".to_owned();
    let half = Survey { questionnaire_version: String::new(), ..by_reference("") };

    let unknown = field.open_survey(by_reference("2018.2")).await.unwrap_err();
    let differs = field.open_survey(other).await.unwrap_err();
    let half = field.open_survey(half).await.unwrap_err();

    let pair = |path: &str, reason: &str| (format!("survey.{path}"), reason.to_owned());
    assert_eq!(reasons(&unknown), [pair("questionnaire_version", "QUESTIONNAIRE_NOT_FOUND")]);
    assert_eq!(reasons(&differs), [pair("questions", "QUESTIONNAIRE_DIFFERS")]);
    assert_eq!(reasons(&half), [pair("questionnaire_version", "REQUIRED")]);
    field.running.stop().await;
}

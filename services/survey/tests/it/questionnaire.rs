//! A survey whose questions depend on each other: what may be opened, and which answers it takes.

use cchc_proto::{
    common::v1::Decimal,
    survey::v1::{
        Choice, IngestResponsesRequest, NumberRange, Question, Section, Survey, Translation,
        question::{Aspect, Kind},
    },
};
use cchc_testkit::assert_refused;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::field::{Field, Told, counts, refusals, row, survey};

fn english(text: &str) -> Vec<Translation> {
    vec![Translation { language: "en".to_owned(), text: text.to_owned() }]
}

fn question(code: &str, kind: Kind) -> Question {
    Question {
        code: code.to_owned(),
        text: "Câu hỏi".to_owned(),
        kind: kind.into(),
        translations: english("Question"),
        ..Question::default()
    }
}

fn choice(code: &str, counts: bool) -> Choice {
    let (text, translations) = ("Phương án".to_owned(), english("Option"));
    Choice { code: code.to_owned(), text, translations, counts: Some(counts) }
}

fn number(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

/// Did you do a procedure; how satisfied were you; how was it paid; how many hours did it take?
fn branching() -> Survey {
    let of_section = |question: Question| Question { section_code: "DV".to_owned(), ..question };
    let node_id = "SIPAS-2018/1".to_owned();
    Survey {
        languages: vec!["en".to_owned()],
        sections: vec![Section {
            code: "DV".to_owned(),
            title: "Dịch vụ".to_owned(),
            translations: english("Service"),
            relevance: "${Q1} = 'yes'".to_owned(),
        }],
        questions: vec![
            Question { is_required: true, ..question("Q1", Kind::YesNo) },
            of_section(Question {
                node_id: node_id.clone(),
                offers_dont_know: true,
                ..question("Q2", Kind::Likert4)
            }),
            of_section(Question {
                node_id,
                options: vec![choice("web", true), choice("quay", false)],
                ..question("Q3", Kind::SingleChoice)
            }),
            of_section(Question {
                range: Some(NumberRange {
                    least: Some(number("-1")),
                    most: Some(number("24")),
                    places: 1,
                }),
                number_unit: "giờ".to_owned(),
                constraint: ". >= 0".to_owned(),
                constraint_message: "Không thể âm.".to_owned(),
                ..question("Q4", Kind::Number)
            }),
        ],
        ..survey()
    }
}

fn answered(answers: &[i32], numbers: &[i64]) -> IngestResponsesRequest {
    let (answers, numbers) = (answers.to_vec(), numbers.to_vec());
    IngestResponsesRequest { answers, numbers, ..row("06649", [0, 0]) }
}

fn reasons(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|v| (v.field.clone(), v.reason.clone())).collect()
}

#[tokio::test]
async fn a_questionnaire_is_kept_as_it_was_sent() {
    let field = Field::new().await;

    let opened = field.open_survey(branching()).await.unwrap();
    let read = field.progress().await.survey;
    let again = field.open_survey(branching()).await.unwrap();

    assert_eq!(Survey { state: 0, ..opened.clone() }, branching());
    assert_eq!(read, Some(opened.clone()));
    assert_eq!(again, opened);
    field.running.stop().await;
}

#[tokio::test]
async fn answers_follow_the_form_or_are_refused_with_path_and_reason() {
    let field = Field::new().await;
    field.open_survey(branching()).await.unwrap();

    let receipt = field
        .push(vec![
            answered(&[2, 0, 0, 0], &[]),
            answered(&[1, 4, 1, 1], &[25]),
            answered(&[1, -1, 2, 0], &[]),
            answered(&[0, 0, 0, 0], &[]),
            answered(&[2, 4, 0, 0], &[]),
            answered(&[1, -2, 3, 1], &[-5]),
            answered(&[1, 5, 0, 1], &[241]),
            answered(&[1, 0, 0, 0], &[25]),
        ])
        .await;

    assert_eq!(counts(&receipt), (3, 0, 5));
    assert_eq!(
        refusals(&receipt),
        [
            (4, vec!["ANSWER_REQUIRED"]),
            (5, vec!["ANSWER_NOT_ASKED"]),
            (6, vec!["ANSWER_NOT_OFFERED", "ANSWER_OUT_OF_RANGE", "CONSTRAINT_BROKEN"]),
            (7, vec!["ANSWER_OUT_OF_RANGE", "NUMBER_OUT_OF_RANGE"]),
            (8, vec!["NUMBER_COUNT_OFF"]),
        ]
    );
    let broken = &receipt.refusals[2].violations[2];
    assert_eq!((&*broken.path, &*broken.message_vi), ("answers[3]", "Không thể âm."));
    assert_eq!(field.progress().await.response_count, 3);
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

#[tokio::test]
async fn numbers_are_part_of_what_a_response_says() {
    let field = Field::new().await;
    field.open_survey(branching()).await.unwrap();
    let first = answered(&[1, 4, 1, 1], &[25]);
    let other = IngestResponsesRequest { numbers: vec![26], ..first.clone() };
    let corrected = IngestResponsesRequest { revision: 1, ..other.clone() };
    let retracted = IngestResponsesRequest {
        revision: 2,
        is_retracted: true,
        answers: Vec::new(),
        ..first.clone()
    };

    let taken = field.push(vec![first.clone()]).await;
    let again = field.push(vec![first, other]).await;
    let changes = field.push(vec![corrected.clone(), corrected, retracted]).await;

    assert_eq!(counts(&taken), (1, 0, 0));
    assert_eq!(
        (counts(&again), refusals(&again)),
        ((0, 1, 1), vec![(2, vec!["RESPONSE_ID_REUSED"])])
    );
    assert_eq!((changes.corrected_count, changes.repeat_count), (1, 1));
    assert_eq!(refusals(&changes), [(3, vec!["NOT_EMPTY"])]);
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

#[tokio::test]
async fn only_questions_that_count_for_a_node_and_numbers_are_told() {
    let field = Field::new().await;
    field.open_survey(branching()).await.unwrap();
    let rows = (0..10).map(|n| match n % 5 {
        0 => answered(&[2, 0, 0, 0], &[]),
        1 => answered(&[1, -1, 2, 0], &[]),
        _ => answered(&[1, 3, 1, 1], &[25]),
    });

    field.push(rows.collect()).await;

    let told = field.told().await;
    let tallies = told.iter().find_map(|told| match told {
        Told::Tallied(tallied) => Some(tallied.tallies.clone()),
        _ => None,
    });
    let counted: Vec<_> = tallies
        .as_ref()
        .unwrap()
        .iter()
        .map(|t| (t.question_code.clone(), t.satisfied_count, t.valid_count, t.not_answered_count))
        .collect();
    let expected = [("Q2", 6, 6, 4), ("Q3", 6, 8, 2), ("Q4", 0, 6, 4)];
    assert_eq!(counted, expected.map(|(code, a, b, c)| (code.to_owned(), a, b, c)));
    // Six times 2.5: their sum and that of their squares, in tenths.
    assert_eq!(tallies.unwrap()[2].counts, [4, 6, 0, 0, 150, 0, 3_750, 0, 0, 0]);
    let head = i64::try_from(told.len()).unwrap();
    assert_eq!(field.exported(head).await, told);
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_questionnaire_is_refused_at_once() {
    let field = Field::new().await;
    let mut faulty = branching();
    faulty.sections[0].relevance = "${Q9} = 1".to_owned();
    faulty.questions[0].relevance = "${Q4} > 1".to_owned();
    faulty.questions[1].constraint = ". == 1".to_owned();
    faulty.questions[2].options[1].counts = None;
    faulty.questions[2].translations.clear();
    faulty.questions[3].range = None;
    faulty.questions.push(Question {
        node_id: "SIPAS-2018/1".to_owned(),
        aspect: Aspect::Expectation.into(),
        ..question("Q5", Kind::Likert5)
    });

    let unread = field.open_survey(faulty.clone()).await.unwrap_err();
    faulty.questions[1].constraint.clear();
    let refusal = field.open_survey(faulty).await.unwrap_err();

    let pair = |path: &str, reason: &str| (format!("survey.{path}"), reason.to_owned());
    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(reasons(&unread).contains(&pair("questions[1].constraint", "CONDITION_INVALID")));
    assert_eq!(
        reasons(&refusal),
        [
            pair("questions[2].options[1]", "OPTION_WITHOUT_WEIGHT"),
            pair("questions[2].translations[en]", "LABEL_MISSING"),
            pair("questions[3].range", "RANGE_MISSING"),
            pair("questions[4].aspect", "ASPECTS_MIXED"),
            pair("questions[4].kind", "SCALES_MIXED"),
            pair("sections[0].relevance", "CONDITION_QUESTION_UNKNOWN"),
            pair("questions[0].relevance", "CONDITION_FORWARD"),
        ]
    );
    field.running.stop().await;
}

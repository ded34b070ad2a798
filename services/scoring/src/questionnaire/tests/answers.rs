//! Which answers follow a form.

use super::*;

fn answered(answers: &[i32], numbers: &[i64]) -> Vec<(String, &'static str)> {
    let mut c = Collector::new();
    compiled(form()).check(&mut c, Given { answers, numbers });
    let refused = c.finish(Some(())).err().unwrap_or_default();
    refused.violations().iter().map(|v| (v.path.clone(), v.reason)).collect()
}

#[test]
fn answers_follow_the_form() {
    for (answers, numbers, refused) in [
        // Nothing but the first question is asked.
        (vec![2, 0, 0, 0, 0], vec![], vec![]),
        (vec![1, 1, 3, 1, 1], vec![25, 2], vec![]),
        (vec![1, -1, -2, 0, 1], vec![7], vec![]),
        (vec![1, 1, 0, 0, 0], vec![], vec![]),
        (vec![0, 0, 0, 0, 0], vec![], vec![("answers[0]", "ANSWER_REQUIRED")]),
        (vec![2, 1, 0, 0, 0], vec![], vec![("answers[1]", "ANSWER_NOT_ASKED")]),
        (vec![1, -1, 3, 1, 0], vec![10], vec![("answers[3]", "ANSWER_NOT_ASKED")]),
        (vec![1, 1, 4, 1, 0], vec![10], vec![("answers[3]", "ANSWER_NOT_ASKED")]),
        (vec![-1, 0, 0, 0, 0], vec![], vec![("answers[0]", "ANSWER_NOT_OFFERED")]),
        (vec![1, -2, 0, 0, 0], vec![], vec![("answers[1]", "ANSWER_NOT_OFFERED")]),
        (
            vec![1, 3, 6, 0, 0],
            vec![],
            vec![("answers[1]", "ANSWER_OUT_OF_RANGE"), ("answers[2]", "ANSWER_OUT_OF_RANGE")],
        ),
        (vec![1, 1, 1, 1, 0], vec![241], vec![("answers[3]", "NUMBER_OUT_OF_RANGE")]),
        (vec![1, 1, 1, 1, 0], vec![-1], vec![("answers[3]", "NUMBER_OUT_OF_RANGE")]),
        (vec![1, 1, 1, 2, 0], vec![], vec![("answers[3]", "ANSWER_OUT_OF_RANGE")]),
        // Three hours expected where two and a half were needed.
        (vec![1, 1, 1, 1, 1], vec![25, 3], vec![("answers[4]", "CONSTRAINT_BROKEN")]),
        (vec![1, 1, 1, 1, 1], vec![25], vec![("numbers", "NUMBER_COUNT_OFF")]),
        (vec![1, 1, 1, 0, 0], vec![25], vec![("numbers", "NUMBER_COUNT_OFF")]),
        (vec![1, 1, 1, 0], vec![], vec![("answers", "ANSWER_COUNT_OFF")]),
    ] {
        assert_eq!(answered(&answers, &numbers), at(&refused), "{answers:?} {numbers:?}");
    }
}

#[test]
fn a_form_tells_what_a_response_to_it_holds() {
    let form = compiled(form());
    let asked = |answers: &[i32], numbers: &[i64]| -> Vec<usize> {
        let given = Given { answers, numbers };
        (0..6).filter(|place| form.is_asked(*place, &given)).collect()
    };

    let highest: Vec<u8> = form.scales().iter().map(|scale| scale.highest()).collect();
    assert_eq!((highest, form.number_count()), (vec![2, 2, 5, 1, 1], 2));
    // One number a question of a number, whatever where none was given.
    assert_eq!(asked(&[2, 0, 0, 0, 0], &[0, 0]), [0, 4]);
    assert_eq!(asked(&[1, 1, 3, 0, 0], &[0, 0]), [0, 1, 2, 3, 4]);
    assert_eq!(asked(&[1, -1, 3, 0, 0], &[0, 0]), [0, 1, 2, 4]);
}

#[test]
fn a_plain_form_is_checked_no_less() {
    let question = |code: &str, kind: &str| json!({ "code": code, "text": "?", "kind": kind });
    let form = compiled(json!({
        "code": "F", "version": "1", "title": "Phiếu",
        "questions": [question("Q1", "likert5"), question("Q2", "yes-no")],
    }));
    let refused = |answers: &[i32], numbers: &[i64]| {
        let mut c = Collector::new();
        form.check(&mut c, Given { answers, numbers });
        let refused = c.finish(Some(())).err().unwrap_or_default();
        refused.violations().iter().map(|v| (v.path.clone(), v.reason)).collect::<Vec<_>>()
    };

    for answers in [[0, 0], [1, 1], [5, 2]] {
        assert_eq!(refused(&answers, &[]), [], "{answers:?}");
    }
    assert_eq!(refused(&[6, 2], &[]), at(&[("answers[0]", "ANSWER_OUT_OF_RANGE")]));
    assert_eq!(refused(&[5, 3], &[]), at(&[("answers[1]", "ANSWER_OUT_OF_RANGE")]));
    assert_eq!(refused(&[5, -1], &[]), at(&[("answers[1]", "ANSWER_NOT_OFFERED")]));
    assert_eq!(refused(&[5, 2], &[7]), at(&[("numbers", "NUMBER_COUNT_OFF")]));
}

#[test]
fn the_name_of_an_answer_stands_for_its_place() {
    let form: Questionnaire = serde_json::from_value(form()).unwrap();
    let names = |place: usize| form.questions[place].answer_names();

    assert_eq!(names(0), ["yes", "no"]);
    assert_eq!(names(1), ["xa", "huyen"]);
    assert_eq!(names(2), ["1", "2", "3", "4", "5"]);
    assert_eq!(names(3), [""; 0]);
    for question in &form.questions {
        for (answer, name) in (1..).zip(question.answer_names()) {
            assert_eq!(question.answer_named(&name), Some(answer), "{name}");
        }
        assert_eq!(question.answer_named("0"), None);
        assert_eq!(question.answer_named("dk"), question.offers_dont_know.then_some(-1));
        assert_eq!(question.answer_named("na"), question.offers_not_applicable.then_some(-2));
    }
}

#[test]
fn what_a_broken_constraint_says_is_the_forms_to_choose() {
    let mut c = Collector::new();
    compiled(form()).check(&mut c, Given { answers: &[1, 1, 1, 1, 1], numbers: &[25, 3] });

    let refused = c.finish(Some(())).unwrap_err();

    assert_eq!(refused.as_slice()[0].vietnamese, "Không thể hơn thực tế.");
}

//! Questions that are answered in one's own words.

use super::*;

/// The form with a question of a text at its end.
fn open() -> Value {
    let mut form = form();
    let questions = form["questions"].as_array_mut().unwrap();
    questions.push(json!({
        "code": "Q6", "text": "Góp ý của ông/bà?", "kind": "text", "most_characters": 20,
        "relevance": "${Q1} = 'yes'", "translations": { "en": "What else?" },
    }));
    questions.push(json!({
        "code": "Q7", "text": "Vì sao?", "kind": "text", "relevance": "${Q6} != ''",
        "translations": { "en": "Why?" },
    }));
    form
}

fn with(field: &str, value: Value) -> Vec<(String, &'static str)> {
    let mut form = open();
    form["questions"][5][field] = value;
    refusals(form)
}

#[test]
fn a_text_is_optional_unbound_and_counts_for_nothing() {
    let at = |field: &str, reason| vec![(format!("questions[5].{field}"), reason)];

    assert_eq!(refusals(open()), []);
    assert_eq!(with("is_required", json!(true)), at("is_required", "TEXT_REQUIRED"));
    assert_eq!(with("constraint", json!(". != ''")), at("constraint", "TEXT_UNBOUND"));
    assert_eq!(with("node", json!("SIPAS-2018/1")), at("node_id", "NODE_UNEXPECTED"));
    let silent = "SILENCE_UNEXPECTED";
    assert_eq!(with("offers_dont_know", json!(true)), at("offers_dont_know", silent));
    assert_eq!(with("offers_not_applicable", json!(true)), at("offers_not_applicable", silent));
    assert_eq!(with("most_characters", json!(0)), at("most_characters", "OUT_OF_RANGE"));
    assert_eq!(with("most_characters", json!(2001)), at("most_characters", "OUT_OF_RANGE"));
    let option = json!([{ "code": "a", "text": "x", "translations": { "en": "x" } }]);
    assert_eq!(with("options", option), at("options", "OPTIONS_UNEXPECTED"));
    assert_eq!(with("kind", json!("yes-no")), at("most_characters", "LENGTH_UNEXPECTED"));
}

#[test]
fn a_form_has_few_questions_of_a_text() {
    let question = |n: usize| json!({ "code": format!("Q{n}"), "text": "?", "kind": "text" });
    let form = |count: usize| {
        let questions: Vec<Value> = (0..count).map(question).collect();
        json!({ "code": "F", "version": "1", "title": "Phiếu", "questions": questions })
    };

    assert_eq!(refusals(form(10)), []);
    assert_eq!(refusals(form(11)), at(&[("questions", "TEXTS_TOO_MANY")]));
}

#[test]
fn one_text_stands_for_each_answer_to_a_question_of_a_text() {
    let form = compiled(open());
    let read = |last: [i32; 2], texts: &[&str]| {
        let (mut c, texts) = (Collector::new(), texts.iter().map(ToString::to_string));
        let [sixth, seventh] = last;
        let answers = [1, 1, 3, 0, 0, sixth, seventh];
        form.check(&mut c, Given { answers: &answers, numbers: &[] });
        let read = form.read_texts(&mut c, &answers, &texts.collect::<Vec<_>>());
        c.finish(Some(read)).map_err(|refused| {
            let refused = refused.as_slice().iter();
            refused.map(|v| (v.path.clone(), v.reason)).collect::<Vec<_>>()
        })
    };
    let text = |place: usize, text: &str| (place, text.to_owned());

    assert_eq!(read([0, 0], &[]), Ok(vec![]));
    assert_eq!(read([1, 1], &["Chờ lâu", "Đông"]), Ok(vec![text(5, "Chờ lâu"), text(6, "Đông")]));
    assert_eq!(read([1, 0], &["Chờ lâu"]), Ok(vec![text(5, "Chờ lâu")]));
    assert_eq!(read([1, 1], &["Chờ lâu"]), Err(at(&[("texts", "TEXT_COUNT_OFF")])));
    assert_eq!(read([0, 0], &["Chờ lâu"]), Err(at(&[("texts", "TEXT_COUNT_OFF")])));
    let unasked = at(&[("answers[6]", "ANSWER_NOT_ASKED")]);
    assert_eq!(read([0, 1], &["Đông"]), Err(unasked));
    let long = "Chờ lâu quá, xin sớm hơn.";
    assert_eq!(read([1, 0], &[long]), Err(at(&[("answers[5]", "TEXT_TOO_LONG")])));
    assert_eq!(
        read([1, 1], &["x", "0912 345 678"]),
        Err(at(&[("answers[6]", "TEXT_NAMES_SOMEBODY")]))
    );
}

#[test]
fn a_plain_form_takes_no_texts() {
    let plain = compiled(form());
    let mut c = Collector::new();

    let read = plain.read_texts(&mut c, &[2, 0, 0, 0, 0], &["Chờ lâu".to_owned()]);

    assert!(!plain.takes_texts() && compiled(open()).takes_texts());
    assert_eq!(read, []);
    let refused = c.finish(Some(())).unwrap_err();
    assert_eq!(refused.as_slice()[0].reason, "TEXT_COUNT_OFF");
}

//! A questionnaire of every kind of question, everything that can be wrong with one, and the law that
//! conditions keep.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::{Collector, Fault as _};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Compiled, Given, Questionnaire};

/// Did you do a procedure; where; how satisfied; how many hours; what did you pay, more than agreed?
fn form() -> Value {
    json!({
        "code": "SIPAS-FORM", "version": "2018.1", "title": "Phiếu khảo sát", "languages": ["en"],
        "sections": [
            { "code": "DICH-VU", "title": "Dịch vụ", "translations": { "en": "Service" },
              "relevance": "${Q1} = 'yes'" },
        ],
        "questions": [
            { "code": "Q1", "text": "Ông/bà có làm thủ tục trong năm không?", "kind": "yes-no",
              "is_required": true, "translations": { "en": "Did you do a procedure?" } },
            { "code": "Q2", "text": "Ở đâu?", "kind": "single-choice", "section": "DICH-VU",
              "offers_dont_know": true, "translations": { "en": "Where?" },
              "options": [
                { "code": "xa", "text": "Cấp xã", "translations": { "en": "Commune" } },
                { "code": "huyen", "text": "Cấp huyện", "translations": { "en": "District" } },
              ] },
            { "code": "Q3", "text": "Hài lòng đến mức nào?", "kind": "likert5", "section": "DICH-VU",
              "node": "SIPAS-2018/1", "offers_not_applicable": true,
              "translations": { "en": "How satisfied?" } },
            { "code": "Q4", "text": "Mất bao nhiêu giờ?", "kind": "number", "section": "DICH-VU",
              "range": { "least": "0", "most": "24", "places": 1 },
              "relevance": "${Q2} != 'dk' and not(${Q3} >= 4)",
              "translations": { "en": "How many hours?" } },
            { "code": "Q5", "text": "Mong đợi nhiều nhất bao nhiêu giờ?", "kind": "number",
              "range": { "least": "0", "most": "24", "places": 0 },
              "constraint": ". <= ${Q4} or ${Q4} = ''", "constraint_message": "Không thể hơn thực tế.",
              "translations": { "en": "How many did you expect?" } },
        ],
    })
}

fn refusals(form: Value) -> Vec<(String, &'static str)> {
    let form: Questionnaire = serde_json::from_value(form).unwrap();
    let mut c = Collector::new();
    form.check(&mut c);
    let refused = c.finish(Some(())).err().unwrap_or_default();
    refused.violations().iter().map(|v| (v.path.clone(), v.reason)).collect()
}

/// The form with one value of it replaced.
fn with(path: &str, value: Value) -> Value {
    let mut form = form();
    let (parent, field) = path.rsplit_once('/').unwrap();
    form.pointer_mut(parent).unwrap()[field] = value;
    form
}

fn compiled(form: Value) -> Compiled {
    serde_json::from_value::<Questionnaire>(form).unwrap().parts().compile().unwrap()
}

fn answered(answers: &[i32], numbers: &[i64]) -> Vec<(String, &'static str)> {
    let mut c = Collector::new();
    compiled(form()).check(&mut c, Given { answers, numbers });
    let refused = c.finish(Some(())).err().unwrap_or_default();
    refused.violations().iter().map(|v| (v.path.clone(), v.reason)).collect()
}

fn at(pairs: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    pairs.iter().map(|(path, reason)| ((*path).to_owned(), *reason)).collect()
}

#[test]
fn a_sound_form_is_not_refused_and_reads_back_as_it_was() {
    let read: Questionnaire = serde_json::from_value(form()).unwrap();

    assert_eq!(refusals(form()), []);
    let again = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(read, again);
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
fn what_a_broken_constraint_says_is_the_forms_to_choose() {
    let mut c = Collector::new();
    compiled(form()).check(&mut c, Given { answers: &[1, 1, 1, 1, 1], numbers: &[25, 3] });

    let refused = c.finish(Some(())).unwrap_err();

    assert_eq!(refused.as_slice()[0].vietnamese, "Không thể hơn thực tế.");
}

/// Where in the form what is put, and which path is then refused for which reason.
const FAULTS: &str = r#"
/languages | ["en", "en"] | languages[1] | DUPLICATE
/languages | ["vi", "en"] | languages[0] | DUPLICATE
/questions/0/translations | {} | questions[0].translations[en] | LABEL_MISSING
/sections/0/translations | {} | sections[0].translations[en] | LABEL_MISSING
/questions/1/options/0/translations | {} | questions[1].options[0].translations[en] | LABEL_MISSING
/questions/0/translations | { "en": "x", "tay": "x" } | questions[0].translations[tay] | LANGUAGE_UNDECLARED
/questions/4/code | "Q3" | questions[4].code | DUPLICATE
/questions/4/section | "KHAC" | questions[4].section_code | SECTION_UNKNOWN
/questions/2/section | null | questions[3].section_code | SECTION_SPLIT
/sections/0/code | "KHAC" | sections[0].code | SECTION_EMPTY
/questions/1/options | [] | questions[1].options | OPTIONS_MISSING
/questions/1/options/1/code | "xa" | questions[1].options[1].code | DUPLICATE
/questions/1/options/1/code | "dk" | questions[1].options[1].code | OPTION_RESERVED
/questions/2/options | [{ "code": "1", "text": "x" }] | questions[2].options | OPTIONS_UNEXPECTED
/questions/4/options | [{ "code": "1", "text": "x" }] | questions[4].options | OPTIONS_UNEXPECTED
/questions/4/range | null | questions[4].range | RANGE_MISSING
/questions/4/range | { "least": "2", "most": "1" } | questions[4].range | RANGE_INVALID
/questions/4/range | { "least": "0", "most": "0.5" } | questions[4].range | RANGE_INVALID
/questions/4/range | { "least": "0", "most": "1000000000001" } | questions[4].range | RANGE_INVALID
/questions/2/range | { "least": "0", "most": "5" } | questions[2].range | RANGE_UNEXPECTED
/questions/4/node | "SIPAS-2018/1" | questions[4].node_id | NODE_UNEXPECTED
/questions/0/aspect | "statement" | questions[0].aspect | ASPECT_UNEXPECTED
/questions/0/constraint_message | "Sai." | questions[0].constraint_message | MESSAGE_UNEXPECTED
/questions/0/relevance | "${Q3} > 2" | questions[0].relevance | CONDITION_CIRCULAR
/questions/0/relevance | "${Q5} > 2" | questions[0].relevance | CONDITION_FORWARD
/questions/1/relevance | "${Q2} = 'xa'" | questions[1].relevance | CONDITION_CIRCULAR
/questions/1/relevance | ". = 'xa'" | questions[1].relevance | CONDITION_INVALID
/questions/1/relevance | "1 = 1" | questions[1].relevance | CONDITION_INVALID
/sections/0/relevance | "${Q9} = 1" | sections[0].relevance | CONDITION_QUESTION_UNKNOWN
/questions/4/constraint | "${Q2} = 'tinh'" | questions[4].constraint | CONDITION_ANSWER_UNKNOWN
/questions/4/constraint | "${Q3} = 6" | questions[4].constraint | CONDITION_ANSWER_UNKNOWN
/questions/4/constraint | "${Q2} < 'xa'" | questions[4].constraint | CONDITION_INCOMPARABLE
/questions/4/constraint | "${Q2} = ${Q3}" | questions[4].constraint | CONDITION_INCOMPARABLE
"#;

#[test]
fn every_fault_of_a_form_has_its_reason() {
    for line in FAULTS.trim().lines() {
        let [pointer, value, path, reason] = line.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };

        let refused = refusals(with(pointer, serde_json::from_str(value).unwrap()));

        assert!(
            refused.iter().any(|(at, why)| at == path && *why == reason),
            "{line}: {refused:?}"
        );
    }
}

#[test]
fn sections_stand_in_the_order_of_their_questions_and_texts_fit_a_message() {
    let section = |code: &str| json!({ "code": code, "title": "Phần" });
    let question = |code: &str, section: &str, text: String| json!({ "code": code, "text": text, "kind": "yes-no", "section": section });
    let of = |first: &str, text: &str| {
        json!({
            "code": "F", "version": "1", "title": "Phiếu", "sections": [section("A"), section("B")],
            "questions": [
                question("Q1", first, text.to_owned()),
                question("Q2", if first == "A" { "B" } else { "A" }, text.to_owned()),
            ],
        })
    };

    assert_eq!(refusals(of("A", "?")), []);
    assert_eq!(refusals(of("B", "?")), at(&[("sections", "SECTIONS_UNORDERED")]));
    let long = "x".repeat(200_001);
    assert_eq!(refusals(of("A", &long)), at(&[("questions", "QUESTIONNAIRE_TOO_LARGE")]));
}

#[test]
fn a_form_of_many_faults_tells_all_of_them() {
    let mut faulty = form();
    faulty["questions"][0]["translations"] = json!({});
    faulty["questions"][1]["options"] = json!([]);
    faulty["questions"][4]["range"] = json!(null);
    faulty["sections"][0]["relevance"] = json!("${Q8} = 'yes'");

    let reasons: Vec<_> = refusals(faulty).into_iter().map(|(_, reason)| reason).collect();

    assert_eq!(
        reasons,
        ["LABEL_MISSING", "OPTIONS_MISSING", "RANGE_MISSING", "CONDITION_QUESTION_UNKNOWN",]
    );
}

#[test]
fn what_is_pooled_is_of_one_sort() {
    let scale = |code: &str, kind: &str, aspect: &str| json!({ "code": code, "text": "?", "kind": kind, "aspect": aspect, "node": "SIPAS-2018/1" });
    let of = |questions: Value| json!({ "code": "F", "version": "1", "title": "Phiếu", "questions": questions });

    let mixed = of(json!([
        scale("Q1", "likert5", "satisfaction"),
        scale("Q2", "likert5", "expectation"),
        scale("Q3", "likert3", "satisfaction"),
    ]));

    assert_eq!(
        refusals(mixed),
        at(&[("questions[1].aspect", "ASPECTS_MIXED"), ("questions[2].kind", "SCALES_MIXED")])
    );
}

#[test]
fn a_scale_in_a_third_language_needs_its_own_words() {
    let mut form = json!({
        "code": "F", "version": "1", "title": "Phiếu", "languages": ["tay"],
        "questions": [{
            "code": "Q1", "text": "?", "kind": "likert3", "translations": { "tay": "?" },
        }],
    });
    let without = refusals(form.clone());
    form["questions"][0]["options"] = ["1", "2", "3"]
        .map(|code| json!({ "code": code, "text": "…", "translations": { "tay": "…" } }))
        .into();

    assert_eq!(without, at(&[("questions[0].options", "LABEL_MISSING")]));
    assert_eq!(refusals(form), []);
}

#[test]
fn a_condition_that_cannot_be_read_says_where() {
    for (text, message) in [
        ("${Q1} =", "at character 8: expected a value, found the end"),
        ("${Q1} == 1", "at character 8: expected a value, found ="),
        ("${q1} = 1", "at character 1: \"q1\" is no code of a question"),
        ("count(${Q1}) = 1", "at character 1: the function count is not available"),
        ("${Q1} + 1 = 2", "at character 7: '+' is no part of a condition"),
        ("${Q1} = 'a", "at character 9: the text has no end"),
        ("(${Q1} = 1", "at character 11: expected ), found the end"),
        ("${Q1} = 1e3", "at character 9: \"1e3\" is no number"),
    ] {
        let error = text.parse::<super::Condition>().unwrap_err().to_string();

        assert!(error.starts_with(message), "{text}: {error}");
    }
    let deep = format!("{}${{Q1}} = 1{}", "(".repeat(99), ")".repeat(99));
    assert!(deep.parse::<super::Condition>().is_err());
    assert!("x".repeat(501).parse::<super::Condition>().is_err());
}

/// The value of a condition's text as XPath would have it, on questions that are all numbers.
#[derive(Debug, Clone)]
enum Node {
    Compare(usize, &'static str, i64),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

impl Node {
    fn text(&self) -> String {
        match self {
            Self::Compare(question, sign, number) => format!("${{N{question}}} {sign} {number}"),
            Self::Not(of) => format!("not({})", of.text()),
            Self::And(one, other) => format!("({} and {})", one.text(), other.text()),
            Self::Or(one, other) => format!("({} or {})", one.text(), other.text()),
        }
    }

    fn holds(&self, given: &[Option<i64>]) -> bool {
        match self {
            Self::Compare(question, sign, number) => match (given[*question], *sign) {
                (None, sign) => sign == "!=",
                (Some(value), "=") => value == *number,
                (Some(value), "!=") => value != *number,
                (Some(value), "<") => value < *number,
                (Some(value), "<=") => value <= *number,
                (Some(value), ">") => value > *number,
                (Some(value), _) => value >= *number,
            },
            Self::Not(of) => !of.holds(given),
            Self::And(one, other) => one.holds(given) && other.holds(given),
            Self::Or(one, other) => one.holds(given) || other.holds(given),
        }
    }
}

fn condition() -> impl Strategy<Value = Node> {
    let sign = prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    let leaf = (0..3_usize, sign, -3..4_i64).prop_map(|(q, sign, n)| Node::Compare(q, sign, n));
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|of| Node::Not(Box::new(of))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Node::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Node::Or(Box::new(a), Box::new(b))),
        ]
    })
}

proptest! {
    #[test]
    fn a_question_is_asked_exactly_when_its_condition_holds(
        condition in condition(),
        given in proptest::array::uniform3(proptest::option::of(-3..4_i64)),
    ) {
        let number = |code: String| json!({
            "code": code, "text": "?", "kind": "number", "range": { "least": "-9", "most": "9" },
        });
        let mut questions: Vec<Value> = (0..3).map(|n| number(format!("N{n}"))).collect();
        questions.push(json!({
            "code": "LAST", "text": "?", "kind": "yes-no", "relevance": condition.text(),
        }));
        let form = compiled(json!({
            "code": "F", "version": "1", "title": "Phiếu", "questions": questions,
        }));
        let mut answers: Vec<i32> = given.iter().map(|n| i32::from(n.is_some())).collect();
        answers.push(1);
        let numbers: Vec<i64> = given.iter().copied().flatten().collect();

        let mut c = Collector::new();
        form.check(&mut c, Given { answers: &answers, numbers: &numbers });

        prop_assert_eq!(c.is_clean(), condition.holds(&given), "{}", condition.text());
    }
}

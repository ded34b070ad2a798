//! A questionnaire of every kind of question, and everything that can be wrong with one.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod conditions;
mod own_words;

use cchc_core::{Collector, Fault as _, Refusal as _};
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

fn at(pairs: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    pairs.iter().map(|(path, reason)| ((*path).to_owned(), *reason)).collect()
}

#[test]
fn a_sound_form_is_not_refused_and_reads_back_as_it_was() {
    let read: Questionnaire = serde_json::from_value(form()).unwrap();

    assert_eq!(refusals(form()), []);
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written["questions"][0], form()["questions"][0], "what it does not say is left out");
    assert_eq!(serde_json::from_value::<Questionnaire>(written).unwrap(), read);
}

/// What is refused of a form of which a section or a question could not be read.
fn refused_without(section: bool, question: bool) -> Vec<(String, &'static str)> {
    let mut form: Questionnaire = serde_json::from_value(form()).unwrap();
    form.questions[0].code = "Q9".parse().unwrap();
    form.questions[1].section = Some("KHAC".parse().unwrap());
    let mut parts = form.parts();
    if section {
        parts.sections[0] = None;
    }
    if question {
        parts.questions[0] = None;
    }
    let mut c = Collector::new();

    parts.check(&mut c);

    let refused = c.finish(Some(())).err().unwrap_or_default();
    refused.violations().iter().map(|v| (v.path.clone(), v.reason)).collect()
}

#[test]
fn what_points_at_something_unread_is_not_called_wrong() {
    let whole = refused_without(false, false);

    assert!(whole.contains(&("questions[1].section_code".to_owned(), "SECTION_UNKNOWN")));
    assert!(whole.contains(&("sections[0].relevance".to_owned(), "CONDITION_QUESTION_UNKNOWN")));
    assert_eq!(refused_without(true, false), []);
    assert_eq!(refused_without(false, true), []);
    assert_eq!(refused_without(true, true), []);
}

#[test]
fn all_texts_of_a_form_together_are_as_long_as_travels_and_no_longer() {
    let of = |bytes: [usize; 9]| {
        let [title, title_en, text, text_en, message, one, one_en, two, two_en] =
            bytes.map(|bytes| "x".repeat(bytes));
        let option = |code: &str, text: String, en: String| json!({ "code": code, "text": text, "translations": { "en": en } });
        json!({
            "code": "F", "version": "1", "title": "Phiếu", "languages": ["en"],
            "sections": [{ "code": "A", "title": title, "translations": { "en": title_en } }],
            "questions": [{
                "code": "Q1", "text": text, "kind": "single-choice", "section": "A",
                "translations": { "en": text_en }, "constraint": ". = 'a'",
                "constraint_message": message,
                "options": [option("a", one, one_en), option("b", two, two_en)],
            }],
        })
    };
    let whole = [10_000, 20_000, 30_000, 40_000, 50_000, 55_000, 60_000, 65_000, 70_000];

    assert_eq!(whole.iter().sum::<usize>(), 400_000);
    assert_eq!(refusals(of(whole)), []);
    for place in 0..whole.len() {
        let mut longer = whole;
        longer[place] += 1;
        assert_eq!(
            refusals(of(longer)),
            at(&[("questions", "QUESTIONNAIRE_TOO_LARGE")]),
            "{place}"
        );
    }
}

#[test]
fn a_choice_offers_as_many_options_as_can_be_told_apart_and_no_more() {
    let of = |count: usize| {
        let option = |n: usize| json!({ "code": format!("o{n}"), "text": "…" });
        let options: Vec<Value> = (0..count).map(option).collect();
        refusals(json!({
            "code": "F", "version": "1", "title": "Phiếu",
            "questions": [
                { "code": "Q1", "text": "?", "kind": "single-choice", "options": options },
            ],
        }))
    };

    assert_eq!(of(1), at(&[("questions[0].options", "OPTIONS_MISSING")]));
    assert_eq!(of(2), []);
    assert_eq!(of(60), []);
    assert_eq!(of(61), at(&[("questions[0].options", "TOO_MANY")]));
}

#[test]
fn a_number_needs_no_words_in_any_language() {
    let form = json!({
        "code": "F", "version": "1", "title": "Phiếu", "languages": ["tay"],
        "questions": [{
            "code": "Q1", "text": "?", "kind": "number", "translations": { "tay": "?" },
            "range": { "least": "0", "most": "9" },
        }],
    });

    assert_eq!(refusals(form), []);
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
/questions/2/number_unit | "giờ" | questions[2].number_unit | UNIT_UNEXPECTED
/questions/4/number_unit | "giờ " | questions[4].number_unit | UNIT_INVALID
/questions/4/number_unit | "một đơn vị tính dài quá bốn mươi ký tự mới" | questions[4].number_unit | UNIT_INVALID
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

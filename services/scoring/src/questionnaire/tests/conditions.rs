//! How conditions are read, and the law that they keep.

use proptest::prelude::*;

use super::{super::Condition, *};

/// A text, and what is said of it in English and in Vietnamese.
const UNREADABLE: &str = r#"
${Q1} = | at character 8: expected a value, found the end | ký tự thứ 8: ở đây cần một giá trị, không phải hết điều kiện
${Q1} == 1 | at character 8: expected a value, found = | ký tự thứ 8: ở đây cần một giá trị, không phải “=”
${Q1} 1 | at character 7: expected a comparison, found 1 | ký tự thứ 7: ở đây cần phép so sánh, không phải “1”
${Q1} = 1 ${Q2} | at character 11: expected 'and', 'or' or the end, found ${Q2} | ký tự thứ 11: ở đây cần “and”, “or” hoặc hết điều kiện, không phải “${Q2}”
(${Q1} = 1 | at character 11: expected ), found the end | ký tự thứ 11: ở đây cần “)”, không phải hết điều kiện
not ${Q1} = 1 | at character 5: expected (, found ${Q1} | ký tự thứ 5: ở đây cần “(”, không phải “${Q1}”
selected(${Q1} 'a') | at character 16: expected ,, found a | ký tự thứ 16: ở đây cần “,”, không phải “a”
${Q1} = and | at character 9: expected a value, found and | ký tự thứ 9: ở đây cần một giá trị, không phải “and”
${Q1} = today() | at character 9: the function today is not available; use and, or, not(), selected() and comparisons | ký tự thứ 9: chưa dùng được hàm today; hãy dùng and, or, not(), selected() và phép so sánh
count(${Q1}) = 1 | at character 1: the function count is not available; use and, or, not(), selected() and comparisons | ký tự thứ 1: chưa dùng được hàm count; hãy dùng and, or, not(), selected() và phép so sánh
${q1} = 1 | at character 1: "q1" is no code of a question | ký tự thứ 1: “q1” không phải là mã câu hỏi
${Q1 = 1 | at character 1: "Q1 = 1" is no code of a question | ký tự thứ 1: “Q1 = 1” không phải là mã câu hỏi
${Q1} + 1 = 2 | at character 7: '+' is no part of a condition | ký tự thứ 7: ký tự “+” không dùng được trong điều kiện
${Q1} = 'a | at character 9: the text has no end | ký tự thứ 9: chuỗi ký tự thiếu dấu nháy đóng
${Q1} = .5 | at character 9: ".5" is no number; write 12.25 with a point, without grouping | ký tự thứ 9: “.5” không phải là số; viết 12.25, không phân nhóm hàng nghìn
${Q1} = 1e3 | at character 9: "1e3" is no number; write 12.25 with a point, without grouping | ký tự thứ 9: “1e3” không phải là số; viết 12.25, không phân nhóm hàng nghìn
"#;

#[test]
fn a_condition_that_cannot_be_read_says_where_in_both_languages() {
    for line in UNREADABLE.trim().lines() {
        let [text, english, vietnamese] = line.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };

        let error = text.parse::<Condition>().unwrap_err();

        assert_eq!(
            (error.to_string().as_str(), error.vietnamese().as_str()),
            (english, vietnamese)
        );
        assert_eq!(error.reason(), "CONDITION_INVALID");
    }
}

#[test]
fn a_condition_that_makes_no_sense_in_its_form_says_why() {
    let said = |condition: &str| {
        let form: Questionnaire = serde_json::from_value(asking(condition)).unwrap();
        let mut c = Collector::new();
        form.check(&mut c);
        c.finish(Some(())).unwrap_err().as_slice()[0].vietnamese.clone()
    };

    for (condition, vietnamese) in [
        ("${Q9} = 1", "ký tự thứ 1: không có câu hỏi Q9"),
        ("${LAST} = 'yes'", "ký tự thứ 1: câu hỏi LAST lại phụ thuộc vào chính câu này"),
        ("${S1} = 6", "ký tự thứ 9: “6” không phải là phương án trả lời của câu hỏi S1"),
        ("${S1} = ${T}", "ký tự thứ 1: không so sánh câu hỏi S1 như vậy được"),
        ("1 = 1", "ký tự thứ 1: phép so sánh phải có một vế là câu hỏi"),
        (
            ". = 1",
            "ký tự thứ 1: dấu '.' chỉ dùng trong ràng buộc của câu trả lời; ở đây hãy ghi mã câu hỏi",
        ),
    ] {
        assert_eq!(said(condition), vietnamese, "{condition}");
    }
}

#[test]
fn a_condition_is_as_long_and_as_deep_as_is_read_and_no_more() {
    let error = |text: String| text.parse::<Condition>().err().map(|error| error.to_string());
    let long = |characters: usize| {
        let (one, other) = ("${Q1} = 1", "or ${Q2} = 1");
        format!("{one}{}{other}", " ".repeat(characters - one.len() - other.len()))
    };
    let deep = |levels: usize| format!("{}${{Q1}} = 1{}", "(".repeat(levels), ")".repeat(levels));

    assert_eq!(error(long(500)), None);
    let too_long = "at character 1: at most 500 characters are allowed";
    assert_eq!(error(long(501)).as_deref(), Some(too_long));
    assert_eq!(error(deep(32)), None);
    let too_deep = "at character 34: at most 32 levels of brackets and 'not' are allowed";
    assert_eq!(error(deep(33)).as_deref(), Some(too_deep));
    let wide = ["(${Q1}=1)"; 35].join(" or ");
    assert_eq!(error(wide), None, "brackets beside one another are not deep");
}

#[test]
fn of_a_single_choice_selected_is_what_equals_is() {
    for condition in ["selected(${C1}, 'b')", "${C1} = 'b'", "'b'=${C1}", "selected(${C1},\"b\")"] {
        let held = (0..=2).filter(|answer| holds(condition, &[(5, *answer)], [0, 0]));

        assert_eq!(held.collect::<Vec<_>>(), [2], "{condition}");
    }
}

#[test]
fn a_condition_is_shown_as_it_was_written() {
    let condition: Condition = " ${Q1} = 'yes'  and ${Q2}>2 ".parse().unwrap();

    assert_eq!(condition.as_str(), "${Q1} = 'yes'  and ${Q2}>2");
    assert_eq!(condition.to_string(), condition.as_str());
}

/// Questions of every kind, and a last one that is asked when a condition holds.
fn asking(condition: &str) -> Value {
    let of = |code: &str, kind: &str| json!({ "code": code, "text": "?", "kind": kind });
    let yes_no = |code: &str| json!({ "code": code, "text": "?", "kind": "yes-no", "offers_dont_know": true });
    let choice = |code: &str, options: [&str; 2]| {
        let options = options.map(|option| json!({ "code": option, "text": "…" }));
        json!({ "code": code, "text": "?", "kind": "single-choice", "options": options })
    };
    let number = |code: &str, places: u32| {
        let range = json!({ "least": "-9", "most": "9", "places": places });
        json!({ "code": code, "text": "?", "kind": "number", "range": range })
    };
    json!({
        "code": "F", "version": "1", "title": "Phiếu",
        "questions": [
            of("S1", "likert5"), of("S2", "likert5"), of("T", "likert3"), yes_no("Y1"), yes_no("Y2"),
            choice("C1", ["a", "b"]), choice("C2", ["a", "b"]), choice("D", ["a", "c"]),
            number("N1", 0), number("N2", 2),
            { "code": "LAST", "text": "?", "kind": "yes-no", "relevance": condition },
        ],
    })
}

const LAST: usize = 10;

/// Whether the last question is asked after some answers, by place, and the two numbers.
fn holds(condition: &str, given: &[(usize, i32)], numbers: [i64; 2]) -> bool {
    let mut answers = [0; LAST + 1];
    for (place, answer) in given {
        answers[*place] = *answer;
    }
    compiled(asking(condition)).is_asked(LAST, &Given { answers: &answers, numbers: &numbers })
}

#[test]
fn two_scales_are_compared_level_by_level_and_what_is_missing_is_neither_less_nor_more() {
    for (sign, less, equal, more, unequal_missing, equal_missing) in [
        ("=", false, true, false, false, true),
        ("!=", true, false, true, true, false),
        ("<", true, false, false, false, false),
        ("<=", true, true, false, false, false),
        (">", false, false, true, false, false),
        (">=", false, true, true, false, false),
    ] {
        let of = |one: i32, other: i32| {
            holds(&format!("${{S1}} {sign} ${{S2}}"), &[(0, one), (1, other)], [0, 0])
        };

        assert_eq!([of(2, 3), of(3, 3), of(4, 3)], [less, equal, more], "{sign}");
        assert_eq!([of(0, 3), of(3, 0)], [unequal_missing; 2], "{sign}");
        assert_eq!(of(0, 0), equal_missing, "{sign}");
    }
}

#[test]
fn answers_of_one_sort_are_alike_or_not() {
    let alike = |one: &str, other: &str, places: [usize; 2], answers: [i32; 2]| {
        let given = [(places[0], answers[0]), (places[1], answers[1])];
        holds(&format!("${{{one}}} = ${{{other}}}"), &given, [0, 0])
    };

    for (answers, expected) in [([1, 1], true), ([1, 2], false), ([-1, -1], true), ([-1, 1], false)]
    {
        assert_eq!(alike("Y1", "Y2", [3, 4], answers), expected, "{answers:?}");
    }
    assert!(alike("C1", "C2", [5, 6], [2, 2]));
    assert!(!alike("C1", "C2", [5, 6], [2, 1]));
}

#[test]
fn numbers_are_compared_as_numbers_whatever_their_places() {
    let both = [(8, 1), (9, 1)];

    for (condition, numbers, expected) in [
        ("${N1} = ${N2}", [3, 300], true),
        ("${N1} > ${N2}", [3, 299], true),
        ("${N1} > ${N2}", [3, 300], false),
        ("${N2} < ${N1}", [3, 299], true),
        ("${N1} = 2.5", [2, 0], false),
        ("${N1} = 2.5", [3, 0], false),
        ("${N1} != 2.5", [2, 0], true),
        ("${N1} > 2.5", [2, 0], false),
        ("${N1} > 2.5", [3, 0], true),
        ("${N1} >= 2.5", [2, 0], false),
        ("${N1} < 2.5", [2, 0], true),
        ("${N1} <= 2.5", [3, 0], false),
        ("${N2} = 2.5", [0, 250], true),
        ("2.5 <= ${N2}", [0, 250], true),
        ("2.5 <= ${N2}", [0, 249], false),
    ] {
        assert_eq!(holds(condition, &both, numbers), expected, "{condition} {numbers:?}");
    }
}

#[test]
fn a_level_is_compared_with_any_number_and_equals_only_one_that_there_is() {
    for (condition, levels) in [
        ("${S1} = 4", vec![4]),
        ("${S1} != 4", vec![0, 1, 2, 3, 5]),
        ("${S1} >= 3.5", vec![4, 5]),
        ("${S1} < 2.5", vec![1, 2]),
        ("${S1} < 9", vec![1, 2, 3, 4, 5]),
        ("${S1} > 9", vec![]),
        ("${S1} = ''", vec![0]),
    ] {
        let held = (0..=5).filter(|level| holds(condition, &[(0, *level)], [0, 0]));

        assert_eq!(held.collect::<Vec<_>>(), levels, "{condition}");
    }
}

#[test]
fn only_what_is_of_one_sort_is_compared() {
    for condition in
        ["${S1} = ${S2}", "${Y1} != ${Y2}", "${C1} = ${C2}", "${N1} < ${N2}", "${S1} < ${S2}"]
    {
        assert_eq!(refusals(asking(condition)), [], "{condition}");
    }
    for condition in [
        "${S1} = ${T}",
        "${Y1} < ${Y2}",
        "${C1} < ${C2}",
        "${C1} = ${D}",
        "${Y1} = ${C1}",
        "${Y1} = ${S1}",
        "${N1} = ${S1}",
    ] {
        let refused = at(&[("questions[10].relevance", "CONDITION_INCOMPARABLE")]);
        assert_eq!(refusals(asking(condition)), refused, "{condition}");
    }
}

#[test]
fn a_constraint_speaks_of_its_own_answer_by_name_or_point_and_of_none_that_comes_later() {
    let constrained = |constraint: &str| {
        let mut form = asking("${Y1} = 'yes'");
        form["questions"][1]["constraint"] = json!(constraint);
        refusals(form)
    };
    let refused = |reason| at(&[("questions[1].constraint", reason)]);

    for constraint in [". >= 2", "${S2} >= 2", "${S1} <= ${S2}"] {
        assert_eq!(constrained(constraint), [], "{constraint}");
    }
    assert_eq!(constrained("${T} >= 2"), refused("CONDITION_FORWARD"));
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

//! How conditions are read, and the law that they keep.

use proptest::prelude::*;

use super::{super::Condition, *};

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
        let error = text.parse::<Condition>().unwrap_err().to_string();

        assert!(error.starts_with(message), "{text}: {error}");
    }
    let deep = format!("{}${{Q1}} = 1{}", "(".repeat(99), ")".repeat(99));
    assert!(deep.parse::<Condition>().is_err());
    assert!("x".repeat(501).parse::<Condition>().is_err());
}

#[test]
fn a_condition_is_shown_as_it_was_written() {
    let condition: Condition = " ${Q1} = 'yes'  and ${Q2}>2 ".parse().unwrap();

    assert_eq!(condition.as_str(), "${Q1} = 'yes'  and ${Q2}>2");
    assert_eq!(condition.to_string(), condition.as_str());
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

//! Two versions of a questionnaire side by side: what became of each question, and whether the figures of a
//! node that both feed may be set beside each other.
//!
//! A figure moves when opinions do, and when the question does. What decides who answers, or which answers
//! there are, breaks a series; what may only lean on the answer (its words, its place, a "don't know" beside
//! it) is told, so that whoever reads the change knows of it. That is a rule of this house: surveys of
//! record break their series for the first and footnote the second.

use std::collections::BTreeMap;

use cchc_core::{NodeId, QuestionCode};

use super::{Question, Questionnaire};

/// How alike two versions are in what they measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// The same.
    Same,
    /// The same but for what may lean on the answers.
    WithCare,
    /// Not the same: figures of one are no figures of the other.
    Broken,
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// It was not asked before.
    Added,
    /// It is not asked any more.
    Removed,
    /// It counts for another node, or for none.
    Node,
    /// It is answered otherwise: another scale, a number, options.
    Kind,
    /// Its scale measures something else.
    Aspect,
    /// Its options are others, stand in another order or count otherwise.
    Options,
    /// The bounds, places or unit of its number are others, or the length of its text.
    Range,
    /// Others are asked: its condition, or that of its section, is another.
    Relevance,
    /// It stands elsewhere among the questions of both versions.
    Moved,
    /// Its words are others.
    Text,
    /// Its words in another language are others.
    Translations,
    /// The words of its answers are others.
    OptionTexts,
    /// "Don't know" or "not applicable" is offered, or no longer.
    Silent,
    /// It must be answered, or need not any longer.
    Required,
    /// What its answers must satisfy is something else.
    Constraint,
}

impl What {
    /// How far it bears on what is measured.
    #[must_use]
    pub const fn likeness(self) -> Likeness {
        match self {
            Self::Added
            | Self::Removed
            | Self::Node
            | Self::Kind
            | Self::Aspect
            | Self::Options
            | Self::Range
            | Self::Relevance => Likeness::Broken,
            Self::Moved
            | Self::Text
            | Self::Translations
            | Self::OptionTexts
            | Self::Silent
            | Self::Required
            | Self::Constraint => Likeness::WithCare,
        }
    }

    /// What it is called, in Vietnamese and English.
    #[must_use]
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Added => ("câu hỏi mới", "is new"),
            Self::Removed => ("không còn hỏi", "is not asked any more"),
            Self::Node => ("tính cho mục khác", "counts for another node"),
            Self::Kind => ("cách trả lời khác", "is answered otherwise"),
            Self::Aspect => ("thang đo nội dung khác", "has a scale of something else"),
            Self::Options => ("các phương án khác", "has other options"),
            Self::Range => ("giới hạn khác", "has other bounds"),
            Self::Relevance => ("hỏi những người khác", "is asked of others"),
            Self::Moved => ("đổi vị trí", "stands elsewhere"),
            Self::Text => ("lời hỏi khác", "has other words"),
            Self::Translations => ("bản dịch khác", "has another translation"),
            Self::OptionTexts => ("lời của phương án khác", "has answers in other words"),
            Self::Silent => (
                "thêm hoặc bỏ “không biết”, “không thuộc trường hợp này”",
                "offers \"don't know\" or \"not applicable\", or no longer",
            ),
            Self::Required => ("bắt buộc hoặc thôi bắt buộc", "must be answered, or need not now"),
            Self::Constraint => ("ràng buộc khác", "has another constraint"),
        }
    }
}

/// Two versions side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What became of the questions, in the order of the later version; those it lacks at the end.
    pub changes: Vec<(QuestionCode, What)>,
    /// For each node that either version feeds how alike its figures are.
    pub nodes: BTreeMap<NodeId, Likeness>,
}

/// Compares two versions, the earlier one first. Questions are the same by their code.
#[must_use]
pub fn compare(earlier: &Questionnaire, later: &Questionnaire) -> Comparison {
    let mut comparison = Comparison { changes: Vec::new(), nodes: BTreeMap::new() };
    let moved = moved(earlier, later);
    for question in &later.questions {
        let before = earlier.questions.iter().find(|before| before.code == question.code);
        let mut changes = match before {
            None => vec![What::Added],
            Some(before) => changes((earlier, before), (later, question)),
        };
        if moved.contains(&&question.code) {
            changes.push(What::Moved);
        }
        comparison.note(&question.code, [before, Some(question)], &changes);
    }
    let is_gone = |q: &&Question| !later.questions.iter().any(|after| after.code == q.code);
    for question in earlier.questions.iter().filter(is_gone) {
        comparison.note(&question.code, [Some(question), None], &[What::Removed]);
    }
    comparison
}

impl Comparison {
    fn note(&mut self, code: &QuestionCode, of: [Option<&Question>; 2], changes: &[What]) {
        self.changes.extend(changes.iter().map(|what| (code.clone(), *what)));
        let worst = changes.iter().map(|what| what.likeness()).max().unwrap_or(Likeness::Same);
        for node in of.into_iter().flatten().filter_map(|question| question.node.clone()) {
            let known = self.nodes.entry(node).or_insert(worst);
            *known = worst.max(*known);
        }
    }
}

/// What differs between a question of one version and that of the other.
fn changes(
    (earlier, before): (&Questionnaire, &Question),
    (later, after): (&Questionnaire, &Question),
) -> Vec<What> {
    let codes = |question: &Question| -> Vec<_> {
        question.options.iter().map(|option| (option.code.clone(), option.counts)).collect()
    };
    let texts = |question: &Question| -> Vec<_> {
        let options = question.options.iter();
        options.map(|option| (option.text.clone(), option.translations.clone())).collect()
    };
    let length = |question: &Question| {
        (question.range, question.number_unit.clone(), question.text_length())
    };
    let silent = |question: &Question| (question.offers_dont_know, question.offers_not_applicable);
    // Words of a scale's own are words; options are only those of a choice.
    let is_choice = before.answer_names() != after.answer_names() || before.kind != after.kind;
    let differs = [
        (What::Node, before.node != after.node),
        (What::Kind, before.kind != after.kind),
        (What::Aspect, before.aspect != after.aspect),
        (
            What::Options,
            (is_choice || before.options.len() == after.options.len())
                && codes(before) != codes(after),
        ),
        (What::Range, length(before) != length(after)),
        (What::Relevance, asked_of(earlier, before) != asked_of(later, after)),
        (What::Text, before.text != after.text),
        (What::Translations, before.translations != after.translations),
        (What::OptionTexts, texts(before) != texts(after)),
        (What::Silent, silent(before) != silent(after)),
        (What::Required, before.is_required != after.is_required),
        (What::Constraint, before.constraint != after.constraint),
    ];
    differs.into_iter().filter_map(|(what, is)| is.then_some(what)).collect()
}

/// The conditions that decide of whom a question is asked: its section's and its own.
fn asked_of(form: &Questionnaire, question: &Question) -> [Option<String>; 2] {
    let section =
        form.sections.iter().find(|section| Some(&section.code) == question.section.as_ref());
    let section = section.and_then(|section| section.relevance.as_ref());
    [section, question.relevance.as_ref()].map(|condition| condition.map(ToString::to_string))
}

/// Questions of both versions that do not stand in the order of the earlier one: the fewest that had to be
/// moved, the rest being the longest run that kept its order.
fn moved<'a>(earlier: &Questionnaire, later: &'a Questionnaire) -> Vec<&'a QuestionCode> {
    let place = |code: &QuestionCode| earlier.questions.iter().position(|q| q.code == *code);
    let both: Vec<(usize, &QuestionCode)> = later
        .questions
        .iter()
        .filter_map(|question| Some((place(&question.code)?, &question.code)))
        .collect();
    // The longest rising run that ends at each, and the one before it there; 200 questions at most.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, (place, _)) in both.iter().enumerate() {
        let before = both.iter().zip(&runs).enumerate().take(at);
        let longest = before.filter(|(_, ((other, _), _))| other < place);
        let longest = longest.max_by_key(|(_, (_, (length, _)))| *length);
        runs.push(longest.map_or((1, None), |(from, (_, (length, _)))| (length + 1, Some(from))));
    }
    let mut kept = vec![false; both.len()];
    let mut at = (0..runs.len()).max_by_key(|at| runs.get(*at).map(|(length, _)| *length));
    while let Some(place) = at {
        if let Some(kept) = kept.get_mut(place) {
            *kept = true;
        }
        at = runs.get(place).and_then(|(_, before)| *before);
    }
    both.into_iter().zip(kept).filter(|(_, kept)| !kept).map(|((_, code), _)| code).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn question(code: &str, more: &Value) -> Value {
        let mut question =
            json!({ "code": code, "text": "?", "kind": "likert5", "node": "SIPAS-2018/1" });
        for (name, value) in more.as_object().unwrap() {
            question[name] = value.clone();
        }
        question
    }

    fn form(questions: &[Value]) -> Questionnaire {
        let sections = json!([{ "code": "S", "title": "S", "relevance": "${Q0} = 'yes'" }]);
        let form = json!({ "code": "F", "version": "1", "title": "F", "sections": sections, "questions": questions });
        serde_json::from_value(form).unwrap()
    }

    fn told(earlier: &[Value], later: &[Value]) -> (Vec<(String, What)>, Vec<Likeness>) {
        let Comparison { changes, nodes } = compare(&form(earlier), &form(later));
        let changes = changes.into_iter().map(|(code, what)| (code.to_string(), what));
        (changes.collect(), nodes.into_values().collect())
    }

    #[test]
    fn what_differs_is_told_and_how_far_it_bears_on_the_node() {
        let options = |first: &str, text: &str, counts: bool| {
            json!({ "kind": "single-choice", "options": [
                { "code": first, "text": text, "counts": counts }, { "code": "b", "text": "B", "counts": false },
            ] })
        };
        let range =
            |most: &str| json!({ "kind": "number", "range": { "least": "0", "most": most } });
        let more = |codes: &[&str]| {
            let options =
                codes.iter().map(|code| json!({ "code": code, "text": code, "counts": true }));
            json!({ "kind": "single-choice", "options": options.collect::<Vec<_>>() })
        };
        let (changes, _) =
            told(&[question("Q1", &more(&["a", "b"]))], &[question("Q1", &more(&["a", "b", "c"]))]);
        assert!(changes.contains(&("Q1".to_owned(), What::Options)), "{changes:?}");
        for (before, after, what) in [
            (json!({}), json!({ "node": "SIPAS-2018/2" }), What::Node),
            (json!({}), json!({ "kind": "likert4" }), What::Kind),
            (json!({}), json!({ "aspect": "statement" }), What::Aspect),
            (options("a", "A", true), options("c", "A", true), What::Options),
            (options("a", "A", true), options("a", "A", false), What::Options),
            (range("9"), range("10"), What::Range),
            (json!({}), json!({ "relevance": "${Q0} = 1" }), What::Relevance),
            (json!({}), json!({ "section": "S" }), What::Relevance),
            (json!({}), json!({ "text": "Khác?" }), What::Text),
            (json!({}), json!({ "translations": { "en": "?" } }), What::Translations),
            (options("a", "A", true), options("a", "Ă", true), What::OptionTexts),
            (json!({}), json!({ "offers_dont_know": true }), What::Silent),
            (json!({}), json!({ "is_required": true }), What::Required),
            (json!({}), json!({ "constraint": ". > 1" }), What::Constraint),
        ] {
            let (changes, nodes) = told(&[question("Q1", &before)], &[question("Q1", &after)]);

            assert_eq!(changes, [("Q1".to_owned(), what)], "{after}");
            assert!(nodes.iter().all(|likeness| *likeness == what.likeness()), "{after}");
        }
    }

    #[test]
    fn other_words_for_a_scale_are_words() {
        let words = json!({ "options": (1..=5).map(|n| json!({ "code": n.to_string(), "text": "x" })).collect::<Vec<_>>() });

        let (changes, nodes) = told(&[question("Q1", &json!({}))], &[question("Q1", &words)]);

        assert_eq!(changes, [("Q1".to_owned(), What::OptionTexts)]);
        assert_eq!(nodes, [Likeness::WithCare]);
    }

    #[test]
    fn a_question_more_or_less_breaks_its_node_and_no_other() {
        let [one, two] = ["SIPAS-2018/1", "SIPAS-2018/2"].map(|node| json!({ "node": node }));
        let (q1, q2, q3) = (question("Q1", &one), question("Q2", &two), question("Q3", &two));

        let (changes, nodes) = told(&[q1.clone(), q2.clone()], &[q1, q3]);

        assert_eq!(changes, [("Q3".to_owned(), What::Added), ("Q2".to_owned(), What::Removed)]);
        assert_eq!(nodes, [Likeness::Same, Likeness::Broken]);
    }

    #[test]
    fn the_fewest_questions_are_said_to_have_moved() {
        let codes = |codes: &[&str]| {
            codes.iter().map(|code| question(code, &json!({}))).collect::<Vec<_>>()
        };

        let (changes, nodes) = told(&codes(&["A", "B", "C", "D"]), &codes(&["D", "A", "B", "C"]));

        assert_eq!(changes, [("D".to_owned(), What::Moved)]);
        assert_eq!(nodes, [Likeness::WithCare]);
        assert_eq!(told(&codes(&["A", "B"]), &codes(&["A", "B"])).0, []);
        let (changes, _) = told(&codes(&["A", "B", "C", "D"]), &codes(&["B", "C", "D", "A"]));
        assert_eq!(changes, [("A".to_owned(), What::Moved)]);
    }

    #[test]
    fn every_difference_has_words_of_its_own_in_both_languages() {
        let all = [
            What::Added,
            What::Removed,
            What::Moved,
            What::Node,
            What::Kind,
            What::Aspect,
            What::Options,
            What::Range,
            What::Relevance,
            What::Text,
            What::Translations,
            What::OptionTexts,
            What::Silent,
            What::Required,
            What::Constraint,
        ];

        let words: std::collections::BTreeSet<&str> =
            all.iter().flat_map(|what| <[&str; 2]>::from(what.label())).collect();

        assert_eq!(words.len(), 2 * all.len(), "{words:?}");
        assert!(words.iter().all(|word| word.contains(' ')), "{words:?}");
    }

    #[test]
    fn a_question_is_asked_of_those_whom_its_own_section_asks() {
        let with = |first: &str| {
            let sections = json!([
                { "code": "S", "title": "S", "relevance": first },
                { "code": "T", "title": "T", "relevance": "${Q0} = 'no'" },
            ]);
            let questions = [("Q1", "S"), ("Q2", "T")]
                .map(|(code, section)| question(code, &json!({ "section": section })));
            let form = json!({ "code": "F", "version": "1", "title": "F", "sections": sections, "questions": questions });
            serde_json::from_value::<Questionnaire>(form).unwrap()
        };

        let Comparison { changes, .. } = compare(&with("${Q0} = 'yes'"), &with("${Q0} != 'no'"));

        let changes: Vec<_> = changes.iter().map(|(code, what)| (code.as_str(), *what)).collect();
        assert_eq!(changes, [("Q1", What::Relevance)]);
    }
}

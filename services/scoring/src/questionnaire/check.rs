//! What must hold of a questionnaire. Everything wrong with it is said at once, with its path: whoever
//! edits a form of eighty questions does so once.

mod number;
mod options;
mod own_words;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, NodeId, QuestionCode, SectionCode};

use super::{
    Aspect, Compiled, Condition, Language, Question, QuestionKind, Questionnaire, Section,
    compiled::{Asked, Bounds},
    condition::{ConditionError, Scope, Test, compile},
};

/// Bytes of all texts together: the whole form travels in one message of the bus.
const MOST_BYTES: usize = 400_000;

/// The parts of a questionnaire as far as they could be read; what could not is absent and was refused
/// already.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// Languages beside Vietnamese.
    pub languages: &'a [Language],
    /// Sections, in order.
    pub sections: Vec<Option<&'a Section>>,
    /// Questions, in order.
    pub questions: Vec<Option<&'a Question>>,
}

impl Questionnaire {
    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        Parts::of(&self.languages, &self.sections, &self.questions)
    }

    /// Refuses everything that is wrong with it.
    pub fn check(&self, c: &mut Collector) {
        if self.questions.is_empty() {
            c.refuse("questions", "REQUIRED", "is required", "là trường bắt buộc");
        }
        self.parts().check(c);
    }
}

impl<'a> Parts<'a> {
    /// The parts of what was read whole.
    #[must_use]
    pub fn of(
        languages: &'a [Language],
        sections: &'a [Section],
        questions: &'a [Question],
    ) -> Self {
        Self {
            languages,
            sections: sections.iter().map(Some).collect(),
            questions: questions.iter().map(Some).collect(),
        }
    }

    /// Refuses everything that is wrong with them.
    ///
    /// Paths are `languages[…]`, `sections[…].…` and `questions[…].…`. Reasons: `DUPLICATE`,
    /// `LABEL_MISSING`, `LANGUAGE_UNDECLARED`, `SECTION_UNKNOWN`, `SECTION_SPLIT`, `SECTION_EMPTY`,
    /// `SECTIONS_UNORDERED`, `OPTIONS_MISSING`, `OPTIONS_UNEXPECTED`, `OPTION_RESERVED`, `TOO_MANY`,
    /// `RANGE_MISSING`, `RANGE_UNEXPECTED`, `RANGE_INVALID`, `UNIT_UNEXPECTED`, `UNIT_INVALID`,
    /// `NODE_UNEXPECTED`, `ASPECT_UNEXPECTED`, `ASPECTS_MIXED`, `SCALES_MIXED`, `MESSAGE_UNEXPECTED`, `TEXT_REQUIRED`, `TEXT_UNBOUND`, `TEXTS_TOO_MANY`,
    /// `SILENCE_UNEXPECTED`, `LENGTH_UNEXPECTED`, `OUT_OF_RANGE`, `QUESTIONNAIRE_TOO_LARGE`, and those of a
    /// [`ConditionError`].
    pub fn check(&self, c: &mut Collector) {
        texts::check_languages(c, self.languages);
        self.check_sections(c);
        let mut seen = BTreeSet::new();
        let mut mixing = Mixing::default();
        for (place, question) in self.questions.iter().enumerate() {
            let Some(question) = question else { continue };
            c.at(format!("questions[{place}]"), |c| {
                if !seen.insert(&question.code) {
                    duplicate(c, "code");
                }
                texts::check_question(c, question, self.languages);
                options::check(c, question, self.languages);
                number::check(c, question);
                check_kind(c, question);
                own_words::check(c, question);
                mixing.check(c, question);
            });
        }
        own_words::check_count(c, &self.questions);
        self.check_conditions(c);
        self.check_size(c);
    }

    /// Prepares a questionnaire for its answers.
    ///
    /// # Errors
    ///
    /// When a condition cannot be used, which [`Parts::check`] would have refused.
    pub fn compile(&self) -> Result<Compiled, ConditionError> {
        let depends = self.depends();
        let (mut questions, mut scales, mut slots) = (Vec::new(), Vec::new(), 0..);
        for (here, question) in self.questions.iter().enumerate() {
            let Some(question) = question else { continue };
            let relevance = self.relevance(here, question, &depends);
            let scope = self.scope(here, true, &depends);
            let constraint =
                question.constraint.as_ref().map(|c| compile(c, &scope)).transpose()?;
            let is_number = question.kind == QuestionKind::Number;
            scales.push(question.scale());
            questions.push(Asked {
                code: question.code.to_string(),
                offers_dont_know: question.offers_dont_know,
                offers_not_applicable: question.offers_not_applicable,
                is_required: question.is_required,
                relevance: relevance.into_iter().collect::<Result<_, _>>()?,
                constraint,
                constraint_message: question.constraint_message.clone(),
                text: question.text_length(),
                number: is_number
                    .then(|| slots.next().and_then(|slot| Bounds::of(question, slot)))
                    .flatten(),
            });
        }
        Ok(Compiled::new(questions, scales))
    }

    /// The tests of which all must hold for a question to be asked.
    fn relevance(
        &self,
        here: usize,
        question: &Question,
        depends: &[Vec<usize>],
    ) -> Vec<Result<Test, ConditionError>> {
        let section = question.section.as_ref();
        let of_section = section.and_then(|code| {
            let condition = self.section(code)?.relevance.as_ref()?;
            Some(compile(condition, &self.scope(self.first_of(code)?, false, depends)))
        });
        let own = question.relevance.as_ref();
        let own = own.map(|condition| compile(condition, &self.scope(here, false, depends)));
        of_section.into_iter().chain(own).collect()
    }

    fn scope(&'a self, here: usize, is_constraint: bool, depends: &'a [Vec<usize>]) -> Scope<'a> {
        Scope { questions: &self.questions, here, is_constraint, depends }
    }

    fn section(&self, code: &SectionCode) -> Option<&'a Section> {
        self.sections.iter().flatten().find(|section| section.code == *code).copied()
    }

    fn first_of(&self, code: &SectionCode) -> Option<usize> {
        let is_of = |question: Option<&Question>| {
            question.is_some_and(|question| question.section.as_ref() == Some(code))
        };
        self.questions.iter().copied().position(is_of)
    }

    /// The places that whether a question is asked depends on, by the question's place.
    fn depends(&self) -> Vec<Vec<usize>> {
        let places: BTreeMap<&QuestionCode, usize> = (0..)
            .zip(&self.questions)
            .filter_map(|(place, question)| Some((&question.as_ref()?.code, place)))
            .collect();
        let named = |condition: Option<&Condition>| -> Vec<usize> {
            let codes = condition.map(Condition::questions).unwrap_or_default();
            codes.into_iter().filter_map(|code| places.get(code).copied()).collect()
        };
        let of = |question: Option<&Question>| {
            let Some(question) = question else { return Vec::new() };
            let section = question.section.as_ref().and_then(|code| self.section(code));
            let mut of = named(question.relevance.as_ref());
            of.extend(named(section.and_then(|section| section.relevance.as_ref())));
            of
        };
        self.questions.iter().copied().map(of).collect()
    }

    /// Where something could not be read, what points at it is not called wrong.
    fn is_whole(&self) -> bool {
        self.questions.iter().all(Option::is_some) && self.sections.iter().all(Option::is_some)
    }

    fn check_conditions(&self, c: &mut Collector) {
        if !self.is_whole() {
            return;
        }
        let depends = self.depends();
        let mut check = |path: String, condition: Option<&Condition>, scope: &Scope<'_>| {
            if let Some(Err(error)) = condition.map(|condition| compile(condition, scope)) {
                c.refuse_because(&path, &error);
            }
        };
        for (place, section) in self.sections.iter().enumerate() {
            let Some((section, first)) = section.and_then(|s| Some((s, self.first_of(&s.code)?)))
            else {
                continue;
            };
            let scope = self.scope(first, false, &depends);
            check(format!("sections[{place}].relevance"), section.relevance.as_ref(), &scope);
        }
        for (place, question) in self.questions.iter().enumerate() {
            let Some(question) = question else { continue };
            let (asks, answers) =
                (self.scope(place, false, &depends), self.scope(place, true, &depends));
            let path = |field: &str| format!("questions[{place}].{field}");
            check(path("relevance"), question.relevance.as_ref(), &asks);
            check(path("constraint"), question.constraint.as_ref(), &answers);
        }
    }

    fn check_sections(&self, c: &mut Collector) {
        let mut seen = BTreeSet::new();
        for (place, section) in self.sections.iter().enumerate() {
            let Some(section) = section else { continue };
            c.at(format!("sections[{place}]"), |c| {
                if !seen.insert(&section.code) {
                    duplicate(c, "code");
                }
                texts::check_texts(c, "translations", &section.translations, self.languages, true);
                if self.is_whole() && self.first_of(&section.code).is_none() {
                    c.refuse("code", "SECTION_EMPTY", "has no question", "chưa có câu hỏi nào");
                }
            });
        }
        if self.is_whole() {
            self.check_order(c);
        }
    }

    /// Questions of a section stand together, and sections in the order of their questions.
    fn check_order(&self, c: &mut Collector) {
        let mut met: Vec<&SectionCode> = Vec::new();
        for (place, question) in self.questions.iter().enumerate() {
            let Some(code) = question.as_ref().and_then(|question| question.section.as_ref())
            else {
                continue;
            };
            let path = format!("questions[{place}].section_code");
            if self.section(code).is_none() {
                c.refuse(
                    &path,
                    "SECTION_UNKNOWN",
                    format!("there is no section {code}"),
                    format!("không có phần {code}"),
                );
            }
            let before = place.checked_sub(1).and_then(|before| self.questions.get(before));
            let before = before.copied().flatten().and_then(|question| question.section.as_ref());
            if before == Some(code) {
                continue;
            }
            if met.contains(&code) {
                c.refuse(
                    &path,
                    "SECTION_SPLIT",
                    format!("the questions of section {code} must stand together"),
                    format!("các câu hỏi của phần {code} phải đứng liền nhau"),
                );
            } else {
                met.push(code);
            }
        }
        let listed: Vec<&SectionCode> = self.sections.iter().flatten().map(|s| &s.code).collect();
        met.retain(|code| listed.contains(code));
        let in_order: Vec<&&SectionCode> =
            listed.iter().filter(|code| met.contains(code)).collect();
        if in_order.into_iter().ne(&met) {
            c.refuse(
                "sections",
                "SECTIONS_UNORDERED",
                "must stand in the order of their questions",
                "phải xếp theo thứ tự câu hỏi của các phần",
            );
        }
    }

    fn check_size(&self, c: &mut Collector) {
        let sections: usize = self.sections.iter().flatten().map(|s| texts::of_section(s)).sum();
        let questions: usize = self.questions.iter().flatten().map(|q| texts::of_question(q)).sum();
        if sections + questions > MOST_BYTES {
            c.refuse(
                "questions",
                "QUESTIONNAIRE_TOO_LARGE",
                format!("all texts together must have at most {MOST_BYTES} bytes"),
                format!("toàn bộ nội dung phiếu có tối đa {MOST_BYTES} byte"),
            );
        }
    }
}

/// What belongs to one kind of question only.
fn check_kind(c: &mut Collector, question: &Question) {
    if question.kind.levels().is_none() && !question.aspect.is_satisfaction() {
        c.refuse(
            "aspect",
            "ASPECT_UNEXPECTED",
            "only a scale says what it measures",
            "chỉ thang đo mới nêu nội dung đo",
        );
    }
    if question.constraint.is_none() && !question.constraint_message.is_empty() {
        c.refuse(
            "constraint_message",
            "MESSAGE_UNEXPECTED",
            "there is no constraint that it could explain",
            "không có ràng buộc nào để giải thích",
        );
    }
}

/// What was met of the scales of each node so far: they are pooled, so they must be of one sort.
#[derive(Default)]
struct Mixing<'a>(BTreeMap<&'a NodeId, (Aspect, QuestionKind)>);

impl<'a> Mixing<'a> {
    fn check(&mut self, c: &mut Collector, question: &'a Question) {
        let Some(node) = question.node.as_ref().filter(|_| question.kind.levels().is_some()) else {
            return;
        };
        let (aspect, kind) = *self.0.entry(node).or_insert((question.aspect, question.kind));
        if aspect != question.aspect {
            c.refuse(
                "aspect",
                "ASPECTS_MIXED",
                format!(
                    "satisfaction, statements and expectations are never put together in {node}"
                ),
                format!("không gộp mức hài lòng, mức đồng ý và mức mong đợi trong cùng mục {node}"),
            );
        }
        if kind != question.kind {
            c.refuse(
                "kind",
                "SCALES_MIXED",
                format!("scales of different lengths are not put together in {node}"),
                format!("không gộp các thang đo có số mức khác nhau trong cùng mục {node}"),
            );
        }
    }
}

fn duplicate(c: &mut Collector, path: &str) {
    c.refuse(path, "DUPLICATE", "stands in the list before", "đã có trong danh sách");
}

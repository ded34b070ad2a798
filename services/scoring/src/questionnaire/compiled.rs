//! A questionnaire prepared for its answers: compiled once a survey, asked for every response.
//!
//! Most surveys are plain: every question always asked, none required, no numbers. For them the whole
//! check is one comparison an answer, and nothing is allocated; only an answer that fails it is looked at
//! closely.

use cchc_core::Collector;

use super::{DONT_KNOW, NOT_APPLICABLE, Question, Range, Scale, condition::Test, free_text};

/// What somebody answered.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// One a question, in order.
    pub answers: &'a [i32],
    /// In a response as it comes the numbers that were given, in order; while it is checked one a number
    /// question, whatever where none was given.
    pub numbers: &'a [i64],
}

impl Given<'_> {
    pub(super) fn answer(&self, place: usize) -> i32 {
        self.answers.get(place).copied().unwrap_or_default()
    }

    pub(super) fn number(&self, slot: usize) -> i64 {
        self.numbers.get(slot).copied().unwrap_or_default()
    }
}

/// A questionnaire as answers are checked against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    questions: Vec<Asked>,
    scales: Vec<Scale>,
    /// The questions of a text by their places, with the characters each may have.
    texts: Vec<(usize, u32)>,
    is_plain: bool,
}

/// One question of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) code: String,
    pub(super) offers_dont_know: bool,
    pub(super) offers_not_applicable: bool,
    pub(super) is_required: bool,
    /// All of them must hold for it to be asked: its section's and its own.
    pub(super) relevance: Vec<Test>,
    pub(super) constraint: Option<Test>,
    pub(super) constraint_message: String,
    pub(super) number: Option<Bounds>,
    /// Characters that its text may have.
    pub(super) text: Option<u32>,
}

/// Bounds of a number in units of its last place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) slot: usize,
    pub(super) least: i64,
    pub(super) most: i64,
    pub(super) range: Range,
}

impl Asked {
    /// Whether nothing but the range of its answers matters.
    const fn is_plain(&self) -> bool {
        !self.is_required
            && self.relevance.is_empty()
            && self.constraint.is_none()
            && self.number.is_none()
    }
}

impl Compiled {
    pub(super) fn new(questions: Vec<Asked>, scales: Vec<Scale>) -> Self {
        let is_plain = questions.iter().all(Asked::is_plain);
        let texts = (0..).zip(&questions).filter_map(|(place, asked)| Some((place, asked.text?)));
        let texts = texts.collect();
        Self { questions, scales, texts, is_plain }
    }

    /// How each question's answers count.
    #[must_use]
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// Numbers that a response may hold beside its answers.
    #[must_use]
    pub fn number_count(&self) -> usize {
        self.questions.iter().filter(|asked| asked.number.is_some()).count()
    }

    /// Whether a question is asked after the answers before it.
    #[must_use]
    pub fn is_asked(&self, place: usize, given: &Given<'_>) -> bool {
        self.questions.get(place).is_some_and(|asked| asked.is_asked(given))
    }

    /// Whether somebody may answer in their own words.
    #[must_use]
    pub const fn takes_texts(&self) -> bool {
        !self.texts.is_empty()
    }

    /// The questions of a text that were answered, with the characters each may have.
    pub fn texts_of(&self, answers: &[i32]) -> impl Iterator<Item = (usize, u32)> {
        let was_answered = |(place, _): &(usize, u32)| answers.get(*place) == Some(&1);
        self.texts.iter().copied().filter(was_answered)
    }

    /// Reads the texts of a response, in the order of their questions, each by its question's place.
    ///
    /// Refuses what is wrong with them: path `texts`, reason `TEXT_COUNT_OFF`, and those of
    /// [`free_text::read`] under `answers[…]`, as those of numbers are.
    pub fn read_texts(
        &self,
        c: &mut Collector,
        answers: &[i32],
        texts: &[String],
    ) -> Vec<(usize, String)> {
        if self.texts.is_empty() && texts.is_empty() {
            return Vec::new();
        }
        if self.texts_of(answers).count() != texts.len() {
            c.refuse(
                "texts",
                "TEXT_COUNT_OFF",
                "must hold one text for each answer 1 to a question of a text, and no other",
                "phải có đúng một nội dung cho mỗi câu hỏi tự do có câu trả lời là 1, không thừa không thiếu",
            );
            return Vec::new();
        }
        let read = self.texts_of(answers).zip(texts).filter_map(|((place, most), text)| {
            Some((place, free_text::read(c, &format!("answers[{place}]"), text, most)?))
        });
        read.collect()
    }

    /// Brings the numbers given to the places of their questions; nothing when they are not as many as
    /// answers say.
    #[must_use]
    pub fn spread(&self, given: Given<'_>) -> Option<Vec<i64>> {
        let mut numbers = given.numbers.iter();
        let mut spread = Vec::new();
        for (asked, answer) in self.questions.iter().zip(given.answers) {
            if asked.number.is_some() {
                spread.push(if *answer == 1 { *numbers.next()? } else { 0 });
            }
        }
        numbers.next().is_none().then_some(spread)
    }

    /// Refuses everything that is wrong with the answers of a response.
    ///
    /// Paths are `answers[…]` and `numbers`. Reasons: `ANSWER_COUNT_OFF`, `ANSWER_OUT_OF_RANGE`,
    /// `ANSWER_REQUIRED`, `ANSWER_NOT_ASKED`, `ANSWER_NOT_OFFERED`, `CONSTRAINT_BROKEN`,
    /// `NUMBER_COUNT_OFF`, `NUMBER_OUT_OF_RANGE`.
    pub fn check(&self, c: &mut Collector, given: Given<'_>) {
        let (count, asked) = (given.answers.len(), self.scales.len());
        if count != asked {
            c.refuse(
                "answers",
                "ANSWER_COUNT_OFF",
                format!("has {count} answers where the survey asks {asked} questions"),
                format!("có {count} câu trả lời trong khi phiếu có {asked} câu hỏi"),
            );
            return;
        }
        if self.is_plain && given.numbers.is_empty() && self.all_within(given.answers) {
            return;
        }
        let Some(numbers) = self.spread(given) else {
            c.refuse(
                "numbers",
                "NUMBER_COUNT_OFF",
                "must hold one number for each answer 1 to a question of a number, and no other",
                "phải có đúng một số cho mỗi câu hỏi dạng số có câu trả lời là 1, không thừa không thiếu",
            );
            return;
        };
        let given = Given { answers: given.answers, numbers: &numbers };
        for (place, (asked, scale)) in self.questions.iter().zip(&self.scales).enumerate() {
            asked.check(c, place, scale.highest(), &given);
        }
    }

    fn all_within(&self, answers: &[i32]) -> bool {
        let mut pairs = answers.iter().zip(&self.scales);
        pairs.all(|(answer, scale)| (0..=i32::from(scale.highest())).contains(answer))
    }
}

impl Asked {
    fn is_asked(&self, given: &Given<'_>) -> bool {
        self.relevance.iter().all(|test| test.holds(given))
    }

    fn check(&self, c: &mut Collector, place: usize, highest: u8, given: &Given<'_>) {
        let (answer, path) = (given.answer(place), || format!("answers[{place}]"));
        let code = &self.code;
        let is_asked = self.is_asked(given);
        match answer {
            0 if is_asked && self.is_required => c.refuse(
                &path(),
                "ANSWER_REQUIRED",
                format!("the question {code} must be answered"),
                format!("câu hỏi {code} bắt buộc trả lời"),
            ),
            0 => {}
            _ if !is_asked => c.refuse(
                &path(),
                "ANSWER_NOT_ASKED",
                format!("the question {code} is not asked after these answers; must be 0"),
                format!("câu hỏi {code} không được hỏi theo các câu trả lời trước; phải là 0"),
            ),
            DONT_KNOW if self.offers_dont_know => {}
            NOT_APPLICABLE if self.offers_not_applicable => {}
            DONT_KNOW | NOT_APPLICABLE => c.refuse(
                &path(),
                "ANSWER_NOT_OFFERED",
                format!("the question {code} does not offer \"don't know\" or \"not applicable\" so"),
                format!("câu hỏi {code} không có phương án “không biết” hoặc “không thuộc trường hợp này” tương ứng"),
            ),
            _ if !(1..=i32::from(highest)).contains(&answer) => c.refuse(
                &path(),
                "ANSWER_OUT_OF_RANGE",
                format!("must be 1 to {highest}, or 0 when not answered"),
                format!("phải từ 1 đến {highest}, hoặc 0 nếu không trả lời"),
            ),
            _ => self.check_value(c, &path(), given),
        }
    }

    /// Checks an answer that the question offers.
    fn check_value(&self, c: &mut Collector, path: &str, given: &Given<'_>) {
        if let Some(Bounds { slot, least, most, range }) = &self.number
            && !(*least..=*most).contains(&given.number(*slot))
        {
            let Range { least, most, .. } = range;
            return c.refuse(
                path,
                "NUMBER_OUT_OF_RANGE",
                format!("its number must lie from {least} to {most}"),
                format!("số phải từ {least} đến {most}"),
            );
        }
        let is_broken = self.constraint.as_ref().is_some_and(|test| !test.holds(given));
        if is_broken {
            let code = &self.code;
            let said = match self.constraint_message.as_str() {
                "" => format!("câu trả lời của câu hỏi {code} không thỏa ràng buộc của phiếu"),
                message => message.to_owned(),
            };
            let english = format!("the answer to {code} breaks the constraint of the form");
            c.refuse(path, "CONSTRAINT_BROKEN", english, said);
        }
    }
}

impl Bounds {
    /// The bounds of a question of a number; nothing of any other.
    pub(super) fn of(question: &Question, slot: usize) -> Option<Self> {
        let range = question.range?;
        Some(Self { slot, least: range.unit(range.least)?, most: range.unit(range.most)?, range })
    }
}

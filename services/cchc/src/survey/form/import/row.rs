//! Rows of the sheet `survey`, one after another, become sections and questions.

mod number;
mod own_words;

use cchc_core::{Collector, Fault as _, SectionCode};
use cchc_scoring::questionnaire::{
    Aspect, Condition, Parts, Question, QuestionKind, Range, Section,
};

use super::{
    super::{
        export,
        names::{self, Codes, Unnamed},
    },
    Labels, Lists, Row, Sheet, Told,
    bounds::PARAMETERS,
    kinds::{self, Kind},
    plain,
};

/// Columns that are read of a question.
const USED: [&str; 12] = [
    "type",
    "name",
    "required",
    "relevant",
    "constraint",
    "node",
    "least",
    "most",
    "places",
    "dont_know",
    "not_applicable",
    "number_unit",
];

/// A group that is open.
#[derive(Debug)]
struct Group {
    /// Of a group within another: its questions are asked only when this holds too.
    relevance: Option<Condition>,
    /// Whether it had a condition that could not be kept: more people are asked than were meant.
    is_loose: bool,
}

/// A form while it is read.
pub(super) struct Building<'a> {
    sheet: &'a Sheet,
    labels: &'a Labels,
    lists: &'a Lists,
    told: &'a mut Told,
    codes: Codes,
    section_codes: Codes,
    groups: Vec<Group>,
    repeats: usize,
    sections: Vec<(&'a Row, Section)>,
    questions: Vec<(&'a Row, Question)>,
}

impl<'a> Building<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        labels: &'a Labels,
        lists: &'a Lists,
        told: &'a mut Told,
    ) -> Self {
        let (codes, section_codes) = (Codes::default(), Codes::default());
        let (groups, sections, questions) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            sheet,
            labels,
            lists,
            told,
            codes,
            section_codes,
            groups,
            repeats: 0,
            sections,
            questions,
        }
    }

    pub(super) fn read(&mut self) {
        for row in &self.sheet.rows {
            let kind = kinds::of(self.sheet.cell(row, "type"));
            match kind {
                Kind::BeginRepeat => {
                    self.repeats += 1;
                    self.tell(
                        row,
                        "type",
                        "không có nhóm lặp lại: mọi dòng trong nhóm này bị bỏ",
                        "groups do not repeat here: all its rows are left out",
                    );
                }
                Kind::EndRepeat => self.repeats = self.repeats.saturating_sub(1),
                _ if self.repeats > 0 => {
                    self.tell(
                        row,
                        "type",
                        "nằm trong nhóm lặp lại",
                        "stands in a group that repeats",
                    );
                }
                Kind::BeginGroup => self.begin_group(row),
                Kind::EndGroup => drop(self.groups.pop()),
                Kind::LeftOut(vi, en) => self.tell(row, "type", vi, en),
                Kind::Text if self.asks_who(row) => self.tell(
                    row,
                    "type",
                    "hỏi thông tin nhận biết người trả lời: không nhận",
                    "asks who the respondent is, which is not taken",
                ),
                Kind::SelectOne { .. }
                | Kind::Integer
                | Kind::UpTo(_)
                | Kind::Decimal
                | Kind::Range
                | Kind::Text => self.question(row, &kind),
            }
        }
    }

    fn tell(&mut self, row: &Row, column: &str, vi: &str, en: &str) {
        self.told.cell(self.sheet, row, column, vi, en);
    }

    fn begin_group(&mut self, row: &'a Row) {
        let relevance = self.condition(row, "relevant");
        let is_loose = relevance.is_none() && !self.sheet.cell(row, "relevant").is_empty();
        if !self.groups.is_empty() {
            self.tell(row, "label", "không có nhóm trong nhóm: câu hỏi thuộc nhóm ngoài, điều kiện được giữ", "there are no groups in groups: its questions stand in the outer one, its condition is kept");
            return self.groups.push(Group { relevance, is_loose });
        }
        let name = self.sheet.cell(row, "name");
        let code = self.section_codes.take(name);
        let code = code.unwrap_or_else(|| self.section_codes.put(name, format!("S{}", row.number)));
        let (mut title, translations) = self.labels.texts(self.sheet, row, "label");
        if title.is_empty() {
            name.clone_into(&mut title);
        }
        self.unused(row);
        if let Ok(code) = code.parse::<SectionCode>() {
            self.sections.push((row, Section { code, title, translations, relevance }));
        }
        self.groups.push(Group { relevance: None, is_loose });
    }

    fn question(&mut self, row: &'a Row, kind: &Kind<'_>) {
        let Some(mut question) = self.begun(row) else { return };
        match kind {
            Kind::SelectOne { list, has_other } => {
                if let Err((vi, en)) = self.lists.give(list, &mut question) {
                    return self.tell(row, "type", vi, en);
                }
                if *has_other {
                    self.tell(
                        row,
                        "type",
                        "không giữ phương án “khác” tự ghi",
                        "the free answer \"other\" is not kept",
                    );
                }
                for name in self.lists.renamed(list) {
                    self.tell(
                        row,
                        "type",
                        &format!("tên phương án “{name}” được thay bằng số thứ tự"),
                        &format!("the option's name {name:?} is replaced by its place"),
                    );
                }
            }
            Kind::Text => self.text(row, &mut question),
            kind => self.number(row, kind, &mut question),
        }
        if question.kind != QuestionKind::Text {
            question.constraint = self.constraint(row, question.range.as_ref());
        }
        let (message, _) = self.labels.texts(self.sheet, row, "constraint_message");
        if question.constraint.is_some() {
            question.constraint_message = message;
        }
        self.unused(row);
        self.questions.push((row, question));
    }

    /// A question with all that does not depend on its kind.
    fn begun(&mut self, row: &Row) -> Option<Question> {
        let name = self.sheet.cell(row, "name");
        let code = self.codes.take(name).unwrap_or_else(|| {
            let code = self.codes.put(name, format!("Q-{}", row.number));
            let (vi, en) = (
                format!("“{name}” không dùng được làm mã; mã là {code}"),
                format!("{name:?} cannot be a code; it is {code}"),
            );
            self.told.cell(self.sheet, row, "name", &vi, &en);
            code
        });
        let (mut text, translations) = self.labels.texts(self.sheet, row, "label");
        if text.is_empty() {
            name.clone_into(&mut text);
        }
        let node = match self.sheet.cell(row, "node") {
            "" => None,
            written => {
                let node = written.parse().ok();
                if node.is_none() {
                    self.tell(
                        row,
                        "node",
                        "không phải mã mục, ví dụ SIPAS-2018/1",
                        "is no node, such as SIPAS-2018/1",
                    );
                }
                node
            }
        };
        let section = self.sections.last().filter(|_| !self.groups.is_empty());
        let section = section.map(|(_, section)| section.code.clone());
        let own = self.condition(row, "relevant");
        let is_loose = (own.is_none() && !self.sheet.cell(row, "relevant").is_empty())
            || self.groups.iter().any(|group| group.is_loose);
        Some(Question {
            code: code.parse().ok()?,
            text,
            kind: QuestionKind::Number,
            node,
            aspect: Aspect::default(),
            options: Vec::new(),
            range: None,
            number_unit: String::new(),
            most_characters: None,
            offers_dont_know: self.flag(row, "dont_know"),
            offers_not_applicable: self.flag(row, "not_applicable"),
            // Whoever is asked beyond what was meant need not answer.
            is_required: self.flag(row, "required") && !is_loose,
            section,
            relevance: self.relevance(own),
            constraint: None,
            constraint_message: String::new(),
            translations,
        })
    }

    /// The constraint, without the bounds that the export has put before it.
    fn constraint(&mut self, row: &Row, range: Option<&Range>) -> Option<Condition> {
        let written = self.sheet.cell(row, "constraint");
        let bounds = range.map(export::bounds).unwrap_or_default();
        let own = written.strip_prefix(&format!("({bounds}) and ("));
        let own = own.and_then(|rest| rest.strip_suffix(')')).filter(|_| range.is_some());
        let written =
            if range.is_some() && written == bounds { "" } else { own.unwrap_or(written) };
        self.read_condition(row, "constraint", written)
    }

    /// Its own condition, and those of the groups that are no sections.
    fn relevance(&self, own: Option<Condition>) -> Option<Condition> {
        let outer = self.groups.iter().filter_map(|group| group.relevance.clone());
        let mut all: Vec<Condition> = outer.chain(own).collect();
        match all.len() {
            0 | 1 => all.pop(),
            _ => {
                let bracketed: Vec<String> = all.iter().map(|one| format!("({one})")).collect();
                bracketed.join(" and ").parse().ok()
            }
        }
    }

    fn condition(&mut self, row: &Row, column: &str) -> Option<Condition> {
        self.read_condition(row, column, self.sheet.cell(row, column))
    }

    fn read_condition(&mut self, row: &Row, column: &str, written: &str) -> Option<Condition> {
        if written.is_empty() {
            return None;
        }
        let read = match names::renamed(written, |name| self.codes.code(name)) {
            Ok(renamed) => renamed
                .parse::<Condition>()
                .map_err(|error| (cchc_core::Refusal::vietnamese(&error), error.to_string())),
            Err(Unnamed(name)) => Err((
                format!("câu hỏi “{name}” đứng sau, bị bỏ hoặc không có"),
                format!("the question {name:?} comes later, is left out or not there"),
            )),
        };
        read.map_err(|(vi, en)| self.tell(row, column, &vi, &en)).ok()
    }

    fn flag(&mut self, row: &Row, column: &str) -> bool {
        match self.sheet.cell(row, column).to_lowercase().as_str() {
            "" | "no" | "false" | "false()" | "0" | "không" => false,
            "yes" | "true" | "true()" | "1" | "có" => true,
            _ => {
                self.tell(
                    row,
                    column,
                    "phải là yes hoặc no; điều kiện không được giữ",
                    "must be yes or no; a condition is not kept",
                );
                false
            }
        }
    }

    /// Tells of every cell that nothing was made of.
    fn unused(&mut self, row: &Row) {
        for (place, header) in &self.sheet.header {
            let is_text =
                ["label", "constraint_message"].iter().any(|b| self.labels.is_kept(header, b));
            let is_range = plain(header) == PARAMETERS
                && kinds::of(self.sheet.cell(row, "type")) == Kind::Range;
            let is_used = is_text
                || is_range
                || USED.contains(&&*plain(header))
                || own_words::is_warning(row.at(*place));
            if !is_used && !row.at(*place).is_empty() {
                self.tell(row, header, "không dùng cột này", "this column is not used");
            }
        }
    }

    /// What was read, without sections that nothing stands in and conditions that make no sense here.
    pub(super) fn finish(mut self) -> (Vec<Section>, Vec<Question>) {
        let used: Vec<_> = self.questions.iter().filter_map(|(_, q)| q.section.clone()).collect();
        let (kept, empty): (Vec<_>, Vec<_>) = std::mem::take(&mut self.sections)
            .into_iter()
            .partition(|(_, s)| used.contains(&s.code));
        for (row, _) in empty {
            self.tell(
                row,
                "name",
                "nhóm không còn câu hỏi nào",
                "no question is left in the group",
            );
        }
        self.sections = kept;
        while self.drop_condition() {}
        let sections = self.sections.into_iter().map(|(_, section)| section).collect();
        (sections, self.questions.into_iter().map(|(_, question)| question).collect())
    }

    /// Takes the first condition away that cannot be used where it stands; says whether there was one. A
    /// question that is asked of more people than meant need not be answered by all of them.
    fn drop_condition(&mut self) -> bool {
        let parts = Parts {
            languages: &self.labels.languages,
            sections: self.sections.iter().map(|(_, section)| Some(section)).collect(),
            questions: self.questions.iter().map(|(_, question)| Some(question)).collect(),
        };
        let mut c = Collector::new();
        parts.check(&mut c);
        let refused = c.finish(Some(())).err().unwrap_or_default();
        let faulty = refused.violations().iter().find(|v| v.reason.starts_with("CONDITION_"));
        let Some(faulty) = faulty else { return false };
        let (list, rest) = faulty.path.split_once('[').unwrap_or_default();
        let (place, field) = rest.split_once("].").unwrap_or_default();
        let Ok(place) = place.parse::<usize>() else { return false };
        let row = match (list, field) {
            ("sections", _) => self.sections.get_mut(place).map(|(row, section)| {
                section.relevance = None;
                let of = |q: &&mut (&Row, Question)| q.1.section.as_ref() == Some(&section.code);
                self.questions.iter_mut().filter(of).for_each(|(_, q)| q.is_required = false);
                *row
            }),
            (_, "constraint") => self.questions.get_mut(place).map(|(row, question)| {
                question.constraint = None;
                question.constraint_message.clear();
                *row
            }),
            _ => self.questions.get_mut(place).map(|(row, question)| {
                question.relevance = None;
                question.is_required = false;
                *row
            }),
        };
        let Some(row) = row else { return false };
        let column = if field == "constraint" { "constraint" } else { "relevant" };
        self.tell(row, column, &faulty.vietnamese.clone(), &faulty.english.clone());
        true
    }
}

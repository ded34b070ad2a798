//! Which column of a file is what, told by its heading. A file whose headings leave anything open is not
//! read: what is missing, named twice or not known is told all at once, with the nearest name that is.
//!
//! A question is named by its code, its text in any language, both (`Q11: Ông/bà …`), or its number
//! (`Câu 3`). A column that nobody asked for is refused rather than passed over: it may be a misspelt
//! question, and it may say who the respondent is.

use std::{collections::BTreeMap, path::Path};

use cchc_scoring::{province::bare, questionnaire::Question};

use super::{
    Naming,
    fixed::{FIXED, Holds},
    form::Form,
};
use crate::{
    lines::Line,
    names::{folded, nearest},
    problem::Problem,
    say::Words,
};

/// Columns that a file must have beside its questions.
const REQUIRED: [Holds; 2] = [Holds::Commune, Holds::Time];

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    /// The line of the headings.
    pub(super) line: usize,
    /// What each holds.
    pub(super) all: Vec<Holds>,
    /// Their headings as they stand.
    pub(super) headings: Vec<String>,
    /// How its responses are named.
    pub(super) naming: Naming,
    places: BTreeMap<Holds, usize>,
}

/// What the caller says of the columns.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Columns that together name a response.
    pub(super) keys: Vec<String>,
    /// Columns that are to be left aside.
    pub(super) aside: Vec<String>,
}

impl Columns {
    /// Finds the columns by the headings of a file.
    ///
    /// # Errors
    ///
    /// With everything that is wrong with them.
    pub(super) fn find(
        path: &Path,
        header: &Line,
        form: &Form,
        said: &Said,
    ) -> Result<Self, Vec<Problem>> {
        let mut finding = Finding { path, line: header.number, form, problems: Vec::new() };
        let headings: Vec<String> = header.cells.iter().map(crate::lines::Cell::text).collect();
        let keys = finding.keys(&headings, said);
        let mut columns = Self {
            line: header.number,
            all: Vec::new(),
            naming: Naming::Content,
            places: BTreeMap::new(),
            headings,
        };
        for (at, heading) in columns.headings.iter().enumerate() {
            let is_aside = said.aside.iter().any(|name| folded(name) == folded(heading));
            let holds = if is_aside || heading.is_empty() {
                Holds::Aside
            } else {
                finding.holds(heading, keys.contains(&at))
            };
            let first = columns.places.get(&holds).copied();
            match first.and_then(|first| columns.headings.get(first)) {
                Some(first) if holds != Holds::Aside => finding.twice(heading, first),
                _ => drop(columns.places.insert(holds, at)),
            }
            columns.all.push(holds);
        }
        finding.missing(&columns.places);
        columns.naming = finding.naming(&columns.places, keys);
        let Finding { problems, .. } = finding;
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// The place of what a column holds.
    pub(super) fn place(&self, holds: Holds) -> Option<usize> {
        self.places.get(&holds).copied()
    }

    /// The heading of what a column holds; empty where there is no such column.
    pub(super) fn heading(&self, holds: Holds) -> &str {
        self.place(holds).and_then(|at| self.headings.get(at)).map_or("", String::as_str)
    }

    /// The heading under which stands what a path of the contract speaks of.
    pub(super) fn of_path(&self, path: &str) -> String {
        let answer = path.strip_prefix("answers[").and_then(|rest| rest.strip_suffix(']'));
        let holds = match (path, answer.and_then(|place| place.parse().ok())) {
            (_, Some(place)) => Holds::Question(place),
            ("response_id", _) => match &self.naming {
                Naming::Column(at) => return self.headings.get(*at).cloned().unwrap_or_default(),
                Naming::Key(keys) => {
                    let names = keys.iter().filter_map(|at| self.headings.get(*at));
                    return names.cloned().collect::<Vec<_>>().join(", ");
                }
                Naming::Content => return String::new(),
            },
            ("survey_code", _) => Holds::Survey,
            ("cluster_code", _) => Holds::Commune,
            ("answer_time", _) => Holds::Time,
            ("revision", _) => Holds::Revision,
            ("is_retracted", _) => Holds::Retracted,
            ("start_time", _) => Holds::Start,
            ("interviewer", _) => Holds::Interviewer,
            ("channel", _) => Holds::Channel,
            ("slip_code", _) => Holds::SlipCode,
            ("respondent_key", _) => Holds::RespondentKey,
            _ => return String::new(),
        };
        self.heading(holds).to_owned()
    }
}

struct Finding<'a> {
    path: &'a Path,
    line: usize,
    form: &'a Form,
    problems: Vec<Problem>,
}

impl Finding<'_> {
    fn refuse(&mut self, heading: &str, words: Words) {
        self.problems.push(Problem::at_line(self.path, self.line, heading, words));
    }

    /// The places of the columns that the caller names as keys; those left aside must be there too.
    fn keys(&mut self, headings: &[String], said: &Said) -> Vec<usize> {
        let find = |name: &String| headings.iter().position(|h| folded(h) == folded(name));
        let mut keys = Vec::new();
        for name in said.keys.iter().chain(&said.aside) {
            match find(name) {
                Some(at) if said.keys.contains(name) => keys.push(at),
                Some(_) => {}
                None => self.refuse(
                    name,
                    Words::new("không có cột này trong tệp", "the file has no such column"),
                ),
            }
        }
        keys
    }

    fn holds(&mut self, heading: &str, is_key: bool) -> Holds {
        let letters = bare(heading);
        let fixed = FIXED.iter().find(|(_, name, others)| {
            folded(heading) == folded(name) || others.contains(&letters.as_str())
        });
        if let Some((holds, ..)) = fixed {
            if holds.is_paradata() && !self.form.takes.contains(holds) {
                self.refuse(heading, not_taken());
            }
            return *holds;
        }
        match questions(&self.form.questions, heading).as_slice() {
            [place] => Holds::Question(*place),
            [] if is_key => Holds::Aside,
            [] => {
                self.unknown(heading);
                Holds::Aside
            }
            several => {
                let codes: Vec<String> = several
                    .iter()
                    .filter_map(|place| self.form.questions.get(*place))
                    .map(|question| question.code.to_string())
                    .collect();
                let codes = codes.join(", ");
                self.refuse(
                    heading,
                    Words::new(
                        format!("nhiều câu hỏi có nội dung này ({codes}); hãy ghi mã câu hỏi"),
                        format!("several questions have this text ({codes}); write the code"),
                    ),
                );
                Holds::Aside
            }
        }
    }

    fn unknown(&mut self, heading: &str) {
        let fixed = FIXED.iter().map(|(_, name, _)| *name);
        let asked = self.form.questions.iter();
        let asked = asked.flat_map(|question| [question.code.as_str(), question.text.as_str()]);
        let (vi, en) = match nearest(heading, fixed.chain(asked)) {
            Some(near) => (format!("có phải “{near}”?"), format!("did you mean {near:?}?")),
            None => (
                "nếu không cần, hãy nêu --ignore; nếu có thể nhận biết người trả lời, hãy xóa"
                    .to_owned(),
                "name it with --ignore if it is not needed; delete it if it may say who answered"
                    .to_owned(),
            ),
        };
        self.refuse(
            heading,
            Words::new(
                format!("không phải cột hay câu hỏi của cuộc khảo sát; {vi}"),
                format!("is no column and no question of the survey; {en}"),
            ),
        );
    }

    fn twice(&mut self, heading: &str, first: &str) {
        self.refuse(
            heading,
            Words::new(
                format!("trùng nội dung với cột “{first}” đứng trước"),
                format!("says the same as the column {first:?} before it"),
            ),
        );
    }

    fn missing(&mut self, places: &BTreeMap<Holds, usize>) {
        for holds in REQUIRED.iter().filter(|holds| !places.contains_key(holds)) {
            self.refuse(holds.heading(), missing());
        }
        let form = self.form;
        for (place, question) in form.questions.iter().enumerate() {
            if !places.contains_key(&Holds::Question(place)) {
                self.refuse(question.code.as_str(), missing());
            }
        }
    }

    fn naming(&mut self, places: &BTreeMap<Holds, usize>, keys: Vec<usize>) -> Naming {
        let own = places.get(&Holds::ResponseId).copied();
        let number = places.get(&Holds::FormNumber).copied();
        let naming = match (own, number) {
            (Some(_), _) if !keys.is_empty() => {
                self.refuse(
                    "--key",
                    Words::new(
                        "tệp đã có cột response_id; không dùng thêm --key",
                        "the file has a column response_id; do without --key",
                    ),
                );
                Naming::Content
            }
            (Some(at), _) => Naming::Column(at),
            (None, _) if !keys.is_empty() => Naming::Key(keys),
            (None, Some(at)) => Naming::Key(vec![at]),
            (None, None) => Naming::Content,
        };
        let changes = [Holds::Revision, Holds::Retracted];
        for holds in changes.iter().filter(|holds| places.contains_key(holds)) {
            if naming == Naming::Content && own.is_none() {
                self.refuse(
                    holds.heading(),
                    Words::new(
                        "muốn điều chỉnh hoặc rút phiếu, tệp phải có response_id, Số phiếu hoặc --key",
                        "to correct or retract, the file needs response_id, a form number or --key",
                    ),
                );
            }
        }
        if naming == Naming::Content {
            self.needs_names(places);
        }
        naming
    }

    /// An id that is made of what a row says could be tried: not where it says words, or who answered.
    fn needs_names(&mut self, places: &BTreeMap<Holds, usize>) {
        let form = self.form;
        let texts = form.questions.iter().enumerate().filter(|(place, question)| {
            question.text_length().is_some() && places.contains_key(&Holds::Question(*place))
        });
        for (_, question) in texts {
            self.refuse(question.code.as_str(), named_rows());
        }
        if places.contains_key(&Holds::RespondentKey) {
            self.refuse(Holds::RespondentKey.heading(), named_rows());
        }
    }
}

fn named_rows() -> Words {
    Words::new(
        "cột này chỉ nhận khi mỗi phiếu có tên riêng: cần response_id, Số phiếu hoặc --key",
        "is taken only where rows have names of their own: the file needs response_id, a form number or --key",
    )
}

fn not_taken() -> Words {
    Words::new(
        "cuộc khảo sát không có quy tắc chất lượng nào cần cột này; hãy xóa cột hoặc nêu --ignore",
        "no quality rule of the survey needs it; delete the column, or name it with --ignore",
    )
}

fn missing() -> Words {
    Words::new("thiếu cột này", "the column is missing")
}

/// The questions that a heading names.
fn questions(questions: &[Question], heading: &str) -> Vec<usize> {
    let places = |is: &dyn Fn(&Question) -> bool| -> Vec<usize> {
        questions.iter().enumerate().filter(|(_, q)| is(q)).map(|(place, _)| place).collect()
    };
    let whole = folded(heading);
    let code = |name: &str| places(&|question| folded(question.code.as_str()) == name);
    let by_code = code(&whole);
    if !by_code.is_empty() {
        return by_code;
    }
    let by_text = places(&|question| {
        let texts = std::iter::once(&question.text).chain(question.translations.values());
        texts.into_iter().any(|text| folded(text) == whole)
    });
    if !by_text.is_empty() {
        return by_text;
    }
    let before = whole.split([':', '.', ')']).next().unwrap_or_default().trim();
    let by_code = code(before);
    if before != whole && !by_code.is_empty() {
        return by_code;
    }
    let number =
        ["câu hỏi ", "câu ", "question "].iter().find_map(|word| before.strip_prefix(word));
    let number: Option<usize> = number.unwrap_or(before).trim().parse().ok();
    let place = number.and_then(|number| number.checked_sub(1));
    place.filter(|place| *place < questions.len()).into_iter().collect()
}

//! A row that is answered in one's own words: optional, bound by its length alone, and never one that asks who
//! somebody is.

use cchc_scoring::questionnaire::{
    Question, QuestionKind,
    free_text::{MOST_CHARACTERS, USUAL_CHARACTERS, WARNING},
};

use super::{super::Row, Building};

/// Words in the name of a row that asks who somebody is.
const WHO: [&str; 24] = [
    "name",
    "names",
    "fullname",
    "firstname",
    "lastname",
    "surname",
    "who",
    "phone",
    "phonenumber",
    "telephone",
    "mobile",
    "email",
    "mail",
    "address",
    "passport",
    "ssn",
    "signature",
    "hoten",
    "ten",
    "sdt",
    "dienthoai",
    "diachi",
    "cccd",
    "cmnd",
];
/// What a question says that asks who somebody is.
const ASKING_WHO: [&str; 14] = [
    "your name",
    "full name",
    "first name",
    "last name",
    "name of the respondent",
    "phone",
    "e-mail",
    "email",
    "address",
    "họ tên",
    "họ và tên",
    "điện thoại",
    "địa chỉ",
    "căn cước",
];

/// Whether a cell is the warning that the export puts beside such a question.
pub(super) fn is_warning(cell: &str) -> bool {
    [WARNING.0, WARNING.1].contains(&cell)
}

impl Building<'_> {
    /// Whether a row asks who somebody is, by its name or by what it says.
    pub(super) fn asks_who(&self, row: &Row) -> bool {
        let name = self.sheet.cell(row, "name").to_lowercase();
        let mut words = name.split(|character: char| !character.is_alphanumeric());
        let (text, others) = self.labels.texts(self.sheet, row, "label");
        let mut texts = others.values().chain([&text]);
        words.any(|word| WHO.contains(&word))
            || texts.any(|text| {
                let text = text.to_lowercase();
                ASKING_WHO.iter().any(|asking| text.contains(asking))
            })
    }

    pub(super) fn text(&mut self, row: &Row, question: &mut Question) {
        question.kind = QuestionKind::Text;
        let length = most_characters(self.sheet.cell(row, "constraint"));
        match length {
            Length::Is(most) if most > MOST_CHARACTERS => {
                let (vi, en) = (
                    format!("câu trả lời tự do có tối đa {MOST_CHARACTERS} ký tự"),
                    format!("a text has at most {MOST_CHARACTERS} characters"),
                );
                self.tell(row, "constraint", &vi, &en);
                question.most_characters = Some(MOST_CHARACTERS);
            }
            Length::Is(most) => {
                question.most_characters = Some(most).filter(|most| *most != USUAL_CHARACTERS);
            }
            Length::None => {}
            Length::Other => self.tell(
                row,
                "constraint",
                "câu hỏi tự do chỉ giới hạn bằng độ dài, ví dụ string-length(.) <= 500",
                "a text is bound by its length alone, such as string-length(.) <= 500",
            ),
        }
        if std::mem::take(&mut question.is_required) {
            self.tell(
                row,
                "required",
                "câu hỏi tự do không bắt buộc trả lời",
                "nobody can be made to write something",
            );
        }
        if question.node.take().is_some() {
            self.tell(
                row,
                "node",
                "câu hỏi tự do không tính cho mục nào",
                "a text counts for no node",
            );
        }
        (question.offers_dont_know, question.offers_not_applicable) = (false, false);
    }
}

/// What a constraint says of the length of a text.
enum Length {
    None,
    Is(u32),
    Other,
}

/// Reads `string-length(.) <= 500` and `string-length(.) < 501`.
fn most_characters(constraint: &str) -> Length {
    let bare: String = constraint.chars().filter(|character| !character.is_whitespace()).collect();
    if bare.is_empty() {
        return Length::None;
    }
    let bound = bare.strip_prefix("string-length(.)<");
    let most = bound.and_then(|bound| match bound.strip_prefix('=') {
        Some(most) => most.parse().ok(),
        None => bound.parse::<u32>().ok()?.checked_sub(1),
    });
    most.filter(|most| *most > 0).map_or(Length::Other, Length::Is)
}

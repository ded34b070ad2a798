//! The words of the workbook: headings, notes and choices in Vietnamese, and what is said of a cell.
//!
//! A field that has no words here yet is shown under its own name with the documentation of its type:
//! readable, never missing. The order of the list is the order of the columns.

mod choices;
mod columns;

use self::{choices::CHOICES, columns::COLUMNS};
use super::shape::Word;
use crate::say::Words;

/// Table, name of its sheet, what it is for.
const TABLES: &[(&str, &str, &str)] = &[
    ("", "Kế hoạch", "Những điều chung của kế hoạch"),
    ("plan.targets", "Chỉ tiêu", "Mức phải đạt, đúng như kế hoạch nêu"),
    ("plan.baselines", "Điểm xuất phát", "Kết quả năm trước"),
    (
        "plan.quoted_shares",
        "Tỷ lệ được dẫn",
        "Tỷ lệ trả lời mà kế hoạch dẫn, và cách hiểu phần còn lại",
    ),
    ("plan.tasks", "Nhiệm vụ", "Việc phải làm, ai làm, khi nào"),
    (
        "plan.tasks.expected_points",
        "Điểm dự kiến",
        "Kế hoạch dự kiến nhiệm vụ mang lại bao nhiêu điểm ở mỗi mục; không nêu thì không có dòng",
    ),
    ("plan.deadlines", "Thời hạn", "Các mốc chung cho nhiều đơn vị"),
    ("units", "Đơn vị", "Mọi đơn vị của tỉnh, cấp trên trước cấp dưới"),
    ("units.earlier", "Giai đoạn trước", "Trước khi đổi cấp trên, tên hoặc loại"),
    ("units.successors", "Kế thừa", "Đơn vị nhận khi sáp nhập, chia tách"),
    ("indices", "Bộ chỉ số", "Mỗi bộ chỉ số một dòng; các mục nằm ở trang mang mã của nó"),
    ("indices.nodes", "Mục", "Các mục của bộ chỉ số"),
    (
        "indices.nodes.rule.bands",
        "Khoảng điểm",
        "Cách tính theo khoảng: mỗi khoảng một dòng, từ thấp đến cao",
    ),
    (
        "indices.nodes.rule.steps",
        "Bậc điểm",
        "Cách tính theo bậc: mỗi bậc một dòng, từ thấp đến cao",
    ),
    (
        "indices.nodes.rule.states",
        "Mức đánh giá",
        "Cách tính theo mức (kịp thời, không kịp thời…): mỗi mức một dòng",
    ),
    (
        "indices.nodes.rule.conditions",
        "Điều kiện",
        "Cách tính đòi đủ mọi điều kiện: mỗi điều kiện một dòng",
    ),
    ("indices.nodes.rule.variables", "Biến của công thức", "Tên ngắn của số liệu trong biểu thức"),
    (
        "indices.nodes.rule.cases",
        "Trường hợp",
        "Cách tính theo công thức: trường hợp đầu tiên đúng được dùng",
    ),
    (
        "indices.nodes.rule.options",
        "Giá trị trả lời",
        "Mỗi phương án trả lời đáng bao nhiêu phần trăm",
    ),
    ("indices.variables", "Số liệu báo cáo", "Những số liệu mà đơn vị báo cáo"),
    ("surveys", "Khảo sát", "Mỗi cuộc khảo sát một dòng"),
    ("surveys.sections", "Phần của phiếu", "Theo thứ tự câu hỏi"),
    ("surveys.questions", "Câu hỏi", "Theo thứ tự trong phiếu"),
    ("surveys.questions.options", "Phương án trả lời", "Theo thứ tự trong câu hỏi"),
    ("surveys.pace", "Tiến độ khảo sát", "Khi tiến độ không đều: mỗi mốc một dòng"),
    ("surveys.strata", "Mẫu cấp huyện", "Các huyện có khảo sát"),
    ("surveys.strata.clusters", "Mẫu cấp xã", "Các xã được chọn trong mỗi huyện"),
];

fn entry<'a, T>(
    of: &str,
    name: &str,
    all: &'a [T],
    key: impl Fn(&T) -> &str,
) -> Option<(usize, &'a T)> {
    let own = format!("{of}:{name}");
    let find = |wanted: &str| all.iter().enumerate().find(|(_, entry)| key(entry) == wanted);
    find(&own).or_else(|| find(name))
}

/// Where a column stands among those of its table.
pub(super) fn rank(table: &str, column: &str) -> usize {
    entry(table, column, COLUMNS, |entry| entry.0).map_or(COLUMNS.len(), |(at, _)| at)
}

/// A column's heading and its note in Vietnamese.
pub(super) fn heading(table: &str, column: &str) -> (String, &'static str) {
    entry(table, column, COLUMNS, |entry| entry.0).map_or_else(
        || (column.to_owned(), ""),
        |(_, (_, heading, note))| ((*heading).to_owned(), note),
    )
}

/// The name of a table's sheet and what it is for.
pub(super) fn sheet(table: &str) -> (String, &'static str) {
    TABLES.iter().find(|entry| entry.0 == table).map_or_else(
        || (table.rsplit('.').next().unwrap_or(table).to_owned(), ""),
        |(_, name, about)| ((*name).to_owned(), *about),
    )
}

/// Where a table's sheet stands in the workbook.
pub(super) fn sheet_rank(table: &str) -> usize {
    TABLES.iter().position(|entry| entry.0 == table).unwrap_or(TABLES.len())
}

/// How a word is shown.
pub(super) fn choice_label(column: &str, word: &str) -> String {
    entry(column, word, CHOICES, |entry| entry.0)
        .map_or_else(|| word.to_owned(), |(_, (_, label))| (*label).to_owned())
}

/// The word that a cell means: by its label or by itself.
pub(super) fn word_of(column: &str, known: &[Word], text: &str) -> Result<String, Words> {
    let lower = text.to_lowercase();
    let means = |word: &&Word| {
        word.word == lower || choice_label(column, &word.word).to_lowercase() == lower
    };
    known.iter().find(means).map(|word| word.word.clone()).ok_or_else(|| {
        let labels: Vec<String> =
            known.iter().map(|word| choice_label(column, &word.word)).collect();
        let words: Vec<&str> = known.iter().map(|word| word.word.as_str()).collect();
        Words::new(
            format!("“{text}” không có trong danh sách; dùng được: {}", labels.join("; ")),
            format!("{text:?} is none of the choices: {}", words.join(", ")),
        )
    })
}

/// A text that is not of its type's form.
pub(super) fn not_of_form(of: &str, text: &str) -> Words {
    let (vi, en) = match of {
        "NodeId" => ("mã mục như PAR-2018/3", "a node such as PAR-2018/3"),
        "NodeCode" | "TaskNumber" => ("số như 10.4", "a number such as 10.4"),
        "Period" => ("kỳ như 2018-Q1, 2018-6M, 2018-9M, 2018", "a period such as 2018-Q1 or 2018"),
        _ => ("mã gồm chữ hoa A-Z, chữ số và dấu “-”", "a code of A-Z, 0-9 and `-`"),
    };
    Words::new(format!("“{text}” không hợp lệ: cần {vi}"), format!("{text:?} is not {en}"))
}

pub(super) fn missing() -> Words {
    Words::new("ô này không được để trống", "must not be empty")
}

pub(super) fn not_with(label: &str) -> Words {
    Words::new(
        format!("cách “{label}” không dùng cột này: hãy để trống"),
        format!("is not used with {label:?}: leave it empty"),
    )
}

pub(super) fn one_of_several() -> Words {
    Words::new(
        "phải điền đúng một trong các cột cùng nhóm này",
        "exactly one of the columns of this group must be filled",
    )
}

pub(super) fn twice() -> Words {
    Words::new(
        "mã này đã nêu ở trên: không biết các dòng ở trang khác thuộc về dòng nào",
        "stands above already: rows of other sheets could belong to either",
    )
}

pub(super) fn belongs_nowhere(keys: &[String]) -> Words {
    let keys = keys.join("/");
    Words::new(
        format!(
            "không có “{keys}” nào dùng dòng này: hãy kiểm tra mã, hoặc cách tính điểm của mục"
        ),
        format!("there is no {keys:?} that uses this row: check the code, or the kind of its rule"),
    )
}

pub(super) fn unknown(code: &str) -> Words {
    Words::new(
        format!("mã “{code}” không có trong bảng tính: hãy kiểm tra lại"),
        format!("the code {code:?} is nowhere in the workbook: check it"),
    )
}

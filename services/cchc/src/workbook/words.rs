//! The words of the workbook: headings, notes and choices in Vietnamese, and what is said of a cell.
//!
//! A field that has no words here yet is shown under its own name with the documentation of its type:
//! readable, never missing. The order of the list is the order of the columns.

mod choices;

use self::choices::CHOICES;
use super::shape::Word;
use crate::say::Words;

/// Column, heading, note. A column may be named with its table (`plan.targets:points`), which wins.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("plan.code", "Mã kế hoạch", "Chữ hoa, số và dấu “-”, ví dụ QN-2018."),
    ("plan.province", "Mã tỉnh", "Mã đơn vị hành chính của tỉnh."),
    ("plan.year", "Năm kế hoạch", ""),
    ("plan.title", "Tên kế hoạch", ""),
    ("plan.title_en", "Tên kế hoạch (tiếng Anh)", ""),
    (
        "plan.issued_from",
        "Ban hành sớm nhất ngày",
        "Ngày sớm nhất mà kế hoạch có thể được ban hành; chưa biết thì để trống.",
    ),
    ("plan.reference", "Văn bản ban hành", "Số, ngày, cơ quan ban hành; nêu rõ điều chưa biết."),
    (
        "plan.report_cycle.periods",
        "Các kỳ báo cáo",
        "Ngăn cách bằng dấu phẩy: 2018-Q1, 2018-6M, 2018-9M, 2018.",
    ),
    ("plan.report_cycle.reference", "Căn cứ của kỳ báo cáo", ""),
    (
        "plan.report_cycle.terms.binds.units",
        "Đơn vị phải báo cáo",
        "Mã đơn vị, ngăn cách bằng dấu phẩy.",
    ),
    ("plan.report_cycle.terms.binds.kinds", "Loại đơn vị phải báo cáo", ""),
    ("plan.report_cycle.terms.mode", "Báo cáo: giao hay đề nghị", ""),
    (
        "plan.report_cycle.terms.window_start_day",
        "Ngày bắt đầu kỳ số liệu",
        "15 nghĩa là từ ngày 15 tháng trước; 1 là theo tháng dương lịch.",
    ),
    (
        "plan.report_cycle.terms.due_day",
        "Hạn báo cáo Bộ (ngày)",
        "Ngày trong tháng cuối kỳ, 1 đến 28.",
    ),
    (
        "plan.report_cycle.terms.earlier_days",
        "Hạn nội bộ sớm hơn (ngày)",
        "Số ngày lịch đơn vị phải gửi trước hạn báo cáo Bộ.",
    ),
    ("plan.report_cycle.terms.inclusive", "Tính cả ngày hạn", ""),
    (
        "plan.report_cycle.terms.grace_working_days",
        "Số ngày làm việc được châm chước",
        "Gửi muộn trong số ngày này vẫn là đúng hạn.",
    ),
    ("plan.report_cycle.terms.reference", "Căn cứ của hạn báo cáo", "Nêu rõ điều là giả định."),
    (
        "plan.numbers_left_out",
        "Số thứ tự bỏ trống có chủ ý",
        "Các số của khối nhiệm vụ mà kế hoạch cố ý không dùng.",
    ),
    ("in:units", "Đơn vị", "Mã của đơn vị mà dòng này thuộc về."),
    ("in:indices", "Bộ chỉ số", "Mã của bộ chỉ số mà dòng này thuộc về."),
    ("in:indices.nodes", "Mục", "Mã của mục trong bộ chỉ số mà dòng này thuộc về."),
    ("in:surveys", "Khảo sát", "Mã của cuộc khảo sát mà dòng này thuộc về."),
    ("in:surveys.strata", "Huyện", "Mã cấp huyện mà xã này được chọn cho."),
    (
        "number",
        "Số nhiệm vụ",
        "Như kế hoạch đánh số, ví dụ 10.4. Ô dạng văn bản, để 1.10 không thành 1.1.",
    ),
    ("surveys.questions:code", "Mã câu hỏi", "Ví dụ Q11; không trùng trong một cuộc khảo sát."),
    ("surveys.strata:code", "Mã cấp huyện", ""),
    ("surveys.strata.clusters:code", "Mã cấp xã", ""),
    (
        "units:code",
        "Mã đơn vị",
        "Tỉnh, huyện, xã theo mã chính thức (giữ số 0 ở đầu); cơ quan như 22-SNV.",
    ),
    ("indices:code", "Mã bộ chỉ số", "Ví dụ PAR-2018: tên bộ chỉ số kèm năm."),
    ("indices.nodes:code", "Mã mục", "0 là toàn bộ chỉ số; 3.1 nằm dưới 3."),
    ("code", "Mã", "Chữ hoa, số và dấu “-”."),
    ("surveys.questions:node", "Mục được tính", "Câu trả lời tính cho mục này."),
    ("node", "Mục (mã)", "Mã bộ chỉ số, gạch chéo, mã mục: PAR-2018/3; PAR-2018/0 là toàn bộ."),
    ("duty", "Việc phải làm (khóa)", "Hai thời hạn của cùng một việc dùng chung khóa này."),
    ("parent", "Đơn vị cấp trên", "Chỉ cấp tỉnh được để trống. Cấp trên đứng trước cấp dưới."),
    ("surveys.questions:kind", "Cách trả lời", ""),
    ("allocation", "Cách phân bổ mẫu", "Để trống khi mỗi huyện cần đúng số phiếu của các xã."),
    ("margin", "Sai số cho phép", "Dạng phần: 0,05 là 5 %."),
    ("design_effect", "Hệ số thiết kế", "Từ 1; để trống là 1."),
    ("surveys.pace:date", "Đến hết ngày", ""),
    ("surveys.pace:percent", "Phải đạt (% chỉ tiêu)", "0 đến 100, tăng dần."),
    ("population", "Dân số", "Người thuộc diện khảo sát."),
    ("communes", "Số xã của huyện", ""),
    ("quota", "Chỉ tiêu phiếu", "Chỉ khi cách phân bổ là nêu sẵn."),
    ("surveys.questions:aspect", "Nội dung đo", "Không gộp nội dung khác nhau trong một mục."),
    ("most_characters", "Số ký tự tối đa", "Của câu trả lời tự do: 1 đến 2000; để trống là 1000."),
    ("range.least", "Số nhỏ nhất", ""),
    ("range.most", "Số lớn nhất", ""),
    ("range.places", "Số chữ số thập phân", "0 đến 4."),
    ("offers_dont_know", "Có phương án “không biết”", ""),
    ("offers_not_applicable", "Có phương án “không áp dụng”", ""),
    ("is_required", "Bắt buộc trả lời", "Khi câu hỏi được hỏi."),
    ("relevance", "Điều kiện hỏi", "Như cột relevant của XLSForm."),
    ("constraint", "Ràng buộc", "Như cột constraint của XLSForm."),
    ("constraint_message", "Thông báo khi sai ràng buộc", ""),
    ("translations", "Bản dịch", "Theo mã ngôn ngữ."),
    ("languages", "Ngôn ngữ khác", "Ví dụ en."),
    ("counts", "Được tính", "Như “có” và “hài lòng”."),
    ("kind", "Loại đơn vị", ""),
    ("name", "Tên đơn vị", ""),
    ("plan.targets:unit", "Đơn vị phải đạt", "Để trống khi là chỉ tiêu của cả tỉnh."),
    ("plan.targets:year", "Năm phải đạt", "Để trống khi là năm của kế hoạch."),
    ("direction", "Chiều tốt hơn", ""),
    ("year", "Năm", "Năm của số liệu."),
    ("family", "Tên qua các năm", "Ví dụ PAR INDEX."),
    ("title", "Tên", "Ngắn gọn, bằng lời của người nhập."),
    ("title_en", "Tên (tiếng Anh)", ""),
    ("text", "Nội dung câu hỏi", ""),
    ("unit", "Đơn vị tính", "điểm hoặc %."),
    (
        "stated",
        "Kế hoạch nêu",
        "Đúng như kế hoạch viết, không sửa. Không nêu thì để trống, không ghi 0.",
    ),
    ("published", "Đã công bố", "Số do cơ quan chủ quản chỉ số công bố."),
    ("rank", "Thứ hạng", "Trong 63 tỉnh, thành phố."),
    ("max", "Điểm tối đa", "Chưa biết thì để trống, không ghi 0."),
    ("points", "Điểm", ""),
    ("plan.targets:points", "Mức phải đạt", "Đúng như kế hoạch viết, không sửa."),
    ("increase", "Mức tăng", "Đúng như kế hoạch viết."),
    ("increase_unit", "Đơn vị của mức tăng", ""),
    ("ratio.percent", "Tỷ lệ nêu (%)", "Ghi con số 94,28, không kèm dấu %."),
    ("ratio.rounding", "Cách làm tròn", ""),
    ("rank.exact", "Hạng đúng", "Chỉ điền một trong các cột thứ hạng."),
    ("rank.top", "Trong nhóm đầu", "Hạng này hoặc tốt hơn."),
    ("rank.group", "Nhóm PAPI", "1 là nhóm cao nhất."),
    ("rank.group-of.group", "Nhóm PAPI (kèm cỡ)", "Nhóm, khi kế hoạch nêu cả cỡ của nhóm."),
    ("rank.group-of.size", "Cỡ nhóm được nêu", ""),
    ("rank.leading", "Nhóm dẫn đầu", "“có” khi kế hoạch chỉ nói “nhóm dẫn đầu”."),
    ("heading_rank.exact", "Đề mục: hạng đúng", "Thứ hạng mà đề mục nêu, nếu khác."),
    ("heading_rank.top", "Đề mục: trong nhóm đầu", ""),
    ("heading_rank.group", "Đề mục: nhóm PAPI", ""),
    ("heading_rank.group-of.group", "Đề mục: nhóm (kèm cỡ)", ""),
    ("heading_rank.group-of.size", "Đề mục: cỡ nhóm", ""),
    ("heading_rank.leading", "Đề mục: nhóm dẫn đầu", ""),
    ("composition", "Điểm của mục có mục con", ""),
    (
        "not_applicable",
        "Khi không phát sinh",
        "Mục tính thế nào khi việc được hỏi không phát sinh.",
    ),
    ("survey_not_held", "Khi không khảo sát", "Mục tính thế nào khi không tổ chức khảo sát."),
    ("source", "Nguồn điểm", ""),
    ("provenance", "Tính chính thức", ""),
    ("rule.kind", "Cách tính điểm", "Các khoảng và bậc điểm nằm ở trang riêng."),
    ("rule.target", "Tỷ lệ đạt điểm tối đa (%)", "Ghi con số 95, không kèm dấu %."),
    ("rule.floor", "Tỷ lệ sàn (%)", "Dưới mức này không có điểm."),
    ("rule.ceiling", "Tỷ lệ trần (%)", ""),
    ("rule.index", "Theo chỉ số khác", "Mục của chỉ số khác mà điểm được tính theo."),
    ("rule.each", "Điểm mỗi lần", "Cộng hoặc trừ chừng này điểm cho mỗi lần."),
    ("rule.cap", "Mức cộng/trừ tối đa", ""),
    ("from.percent", "Từ (%)", "Để trống ở khoảng thấp nhất."),
    ("from.inclusive", "Kể cả mức “từ”", ""),
    ("to.percent", "Đến (%)", "Để trống ở khoảng cao nhất."),
    ("to.inclusive", "Kể cả mức “đến”", ""),
    ("at_least", "Từ mức", "Số lượng, hoặc mức tăng tính bằng %."),
    ("plan.quoted_shares:percent", "Tỷ lệ được dẫn (%)", "Như kế hoạch viết."),
    ("rest_percent", "Tỷ lệ còn lại (%)", "Như kế hoạch viết về những người khác."),
    ("rest_reading", "Kế hoạch nói gì về phần còn lại", ""),
    ("unanswered_percent", "Không trả lời (%)", "Chưa biết thì để trống."),
    ("option", "Phương án trả lời", ""),
    ("percent", "Giá trị của phương án (%)", "100 là trọn điểm."),
    (
        "when",
        "Điều kiện",
        "Biểu thức trên các biến của cách tính; để trống nếu do người chấm xác định.",
    ),
    ("text_en", "Nội dung (tiếng Anh)", ""),
    ("variable", "Số liệu dùng để tính", "Mã ở trang Số liệu báo cáo."),
    ("measure", "Loại số liệu", ""),
    ("numerator", "Tử số", "Đếm cái gì."),
    ("denominator", "Mẫu số", "Đếm cái gì; để trống nếu chỉ đếm số lượng."),
    (
        "reporters.units",
        "Đơn vị phải báo cáo (mã)",
        "Các mã, ngăn cách bằng dấu phẩy. Điền cột này hoặc cột loại đơn vị.",
    ),
    ("reporters.kinds", "Loại đơn vị phải báo cáo", "Mọi đơn vị thuộc các loại này."),
    ("lead", "Đơn vị chủ trì", "Chịu trách nhiệm về điểm và thứ hạng của mục."),
    ("coordinating", "Đơn vị phối hợp", "Các mã, ngăn cách bằng dấu phẩy."),
    (
        "binds.units",
        "Đơn vị thực hiện (mã)",
        "Các mã, ngăn cách bằng dấu phẩy. Điền cột này hoặc cột loại đơn vị.",
    ),
    ("binds.kinds", "Loại đơn vị thực hiện", "Mọi đơn vị thuộc các loại này, cách bằng dấu phẩy."),
    ("mode", "Hình thức giao", ""),
    ("due.date", "Thời hạn", "Ô ngày."),
    ("due.inclusive", "Kể cả ngày đó", "“Trước ngày” là không kể ngày đó."),
    ("recurrence", "Định kỳ", ""),
    ("weekday", "Vào thứ", "Chỉ dùng cho việc hằng tuần."),
    ("nodes", "Phục vụ các mục", "Mã các mục, ngăn cách bằng dấu phẩy."),
    ("instrument", "Khảo sát của ai", ""),
    ("surveys:index", "Bộ chỉ số", "Các câu hỏi tính cho bộ chỉ số này."),
    ("minimum_cell", "Số trả lời tối thiểu", "Từ 5 đến 100: ít hơn thì không công bố số liệu."),
    ("release_after", "Cập nhật sau số phiếu", "Từ 5 đến 10.000."),
    ("quality_rules", "Quy tắc chất lượng phiếu", "Phiếu nào bị gắn cờ hoặc không được tính."),
    ("flag", "Cờ chất lượng", ""),
    ("policy", "Cách xử lý", "Bỏ qua, gắn cờ hoặc không tính."),
    ("limit", "Ngưỡng", "Giây, số câu hỏi, số phiếu hoặc phần trăm, tùy cờ chất lượng."),
    ("quarantine_days", "Giữ phiếu bị từ chối (ngày)", "Từ 1 đến 365; để trống là 90."),
    (
        "retention_days",
        "Giữ câu trả lời sau khảo sát (ngày)",
        "Từ 30 đến 3650, tính từ ngày kết thúc; để trống là giữ đến khi người vận hành xóa.",
    ),
    ("questionnaire_code", "Mã phiếu hỏi đã đăng ký", "Ví dụ SIPAS-FORM; kèm phiên bản."),
    (
        "questionnaire_version",
        "Phiên bản phiếu hỏi",
        "Ví dụ 2018.1; đăng ký trước khi nạp kế hoạch.",
    ),
    ("opens", "Ngày bắt đầu", ""),
    ("closes", "Ngày kết thúc", ""),
    ("respondents", "Số phiếu cần có", ""),
    (
        "base_weight",
        "Trọng số cơ sở",
        "Một phiếu đại diện cho bao nhiêu người; nêu cho mọi địa bàn hoặc bỏ trống hết.",
    ),
    ("valid_from", "Có từ ngày", "Để trống nếu có từ trước."),
    ("valid_to", "Hết từ ngày", "Ngày đầu tiên không còn; để trống nếu còn."),
    ("until", "Đến hết trước ngày", "Ngày đầu tiên không còn như vậy."),
    ("share", "Tỷ lệ kế thừa", "Ví dụ 0,6; các tỷ lệ cộng lại bằng 1. Chưa rõ thì để trống."),
    ("end_reference", "Căn cứ kết thúc", "Văn bản quyết định sáp nhập, chia tách, giải thể."),
    ("reference", "Căn cứ", "Chỗ trong kế hoạch hay văn bản, ví dụ A.II.1.2.a(2)."),
];

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

//! What the rows of a form are, and why some of them cannot be kept. A type has several names: that of
//! the standard, and older ones that its converter still takes (`add integer prompt`, `q int`).

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,
    /// A choice of one out of a list; whether a free answer was offered besides.
    SelectOne {
        list: &'a str,
        has_other: bool,
    },
    Integer,
    /// A whole number from 0 to this.
    UpTo(i64),
    Decimal,
    /// A number whose bounds stand among its parameters.
    Range,
    /// In the respondent's own words.
    Text,
    /// Nothing that is kept: why, in Vietnamese and English.
    LeftOut(&'static str, &'static str),
}

impl Kind<'_> {
    /// Whether the row asks something that is kept.
    pub(super) const fn is_asked(&self) -> bool {
        matches!(
            self,
            Self::SelectOne { .. }
                | Self::Integer
                | Self::UpTo(_)
                | Self::Decimal
                | Self::Range
                | Self::Text
        )
    }
}

/// Reads the type of a row.
pub(super) fn of(written: &str) -> Kind<'_> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let plain = written.to_lowercase().replace('_', " ");
    let plain: Vec<&str> = plain.split_whitespace().collect();
    // "q int" and "add integer prompt" are "int" and "integer", "get today" is "today".
    let bare: Vec<&str> = match plain.as_slice() {
        ["q" | "get", rest @ ..] => rest.to_vec(),
        ["add", rest @ ..] => rest.iter().copied().filter(|word| *word != "prompt").collect(),
        all => all.to_vec(),
    };
    match bare.as_slice() {
        ["begin", "group", ..] => Kind::BeginGroup,
        ["end", "group", ..] => Kind::EndGroup,
        ["begin", "repeat" | "loop" | "lgroup" | "looped", ..] => Kind::BeginRepeat,
        ["end", "repeat" | "loop" | "lgroup" | "looped", ..] => Kind::EndRepeat,
        ["select", "one", "external", ..] | ["select", "one" | "multiple", "from", "file", ..] => {
            left_out("external")
        }
        ["select", "one", ..] | ["select1", ..] => select(&words),
        ["integer" | "int"] => Kind::Integer,
        ["percentage"] => Kind::UpTo(100),
        ["number", "of", "days", "in", "last", "month"] => Kind::UpTo(31),
        ["number", "of", "days", "in", "last", "six", "months"] => Kind::UpTo(183),
        ["number", "of", "days", "in", "last", "year"] => Kind::UpTo(365),
        ["decimal"] => Kind::Decimal,
        ["range"] => Kind::Range,
        ["text" | "string"] => Kind::Text,
        ["end" | "start", "time"] => left_out("start"),
        ["date", "time"] => left_out("date"),
        ["device" | "sim" | "subscriber" | "phone", ..] => left_out("deviceid"),
        [first, ..] => left_out(first.strip_prefix("uri:").unwrap_or(first)),
        [] => left_out(""),
    }
}

/// `select_one LIST`, `select one from LIST`, `add select one prompt using LIST`, `… LIST or_other`.
fn select<'a>(words: &[&'a str]) -> Kind<'a> {
    const AROUND: [&str; 10] = [
        "add",
        "q",
        "select",
        "one",
        "select_one",
        "select1",
        "prompt",
        "from",
        "using",
        "or_other",
    ];
    let has_other = words.contains(&"or_other");
    let is_list = |word: &&&str| !AROUND.contains(&word.to_lowercase().as_str());
    let list = words.iter().find(is_list);
    list.map_or_else(|| left_out("select_one"), |list| Kind::SelectOne { list, has_other })
}

fn left_out(word: &str) -> Kind<'static> {
    let (vi, en) = match word {
        "barcode" => (
            "không nhận mã vạch: có thể nhận biết người trả lời",
            "bar codes are not taken: they may say who the respondent is",
        ),
        "note" => ("ghi chú không phải là câu hỏi", "a note is no question"),
        "acknowledge" | "trigger" => {
            ("xác nhận đã đọc không phải là câu trả lời", "an acknowledgement is no answer")
        }
        "image" | "photo" | "picture" | "audio" | "video" | "file" | "background-audio"
        | "signature" => (
            "không nhận ảnh, âm thanh, video, tệp",
            "pictures, sound, video and files are not taken",
        ),
        "geopoint"
        | "geotrace"
        | "geoshape"
        | "start-geopoint"
        | "background-geopoint"
        | "gps"
        | "location"
        | "osm" => (
            "không nhận tọa độ: nơi trả lời chỉ là đơn vị cấp xã của mẫu",
            "positions are not taken: the place is the commune of the sample",
        ),
        "start" | "end" | "today" | "deviceid" | "username" | "phonenumber" | "email" | "imei"
        | "subscriberid" | "simserial" | "audit" => (
            "không giữ thông tin máy và người thu thập; thời điểm trả lời đi cùng phiếu",
            "who and which device is not kept; a response has a time of its own",
        ),
        "select" | "rank" => (
            "chưa có câu hỏi chọn nhiều phương án hoặc xếp hạng: hãy tách thành các câu có/không",
            "several answers at once or an order are not taken: ask yes/no questions instead",
        ),
        "external" | "csv-external" | "xml-external" | "cascading" => (
            "danh sách phương án phải nằm trong trang choices",
            "what is offered must stand in the sheet choices",
        ),
        "calculate" | "hidden" => ("không giữ giá trị tính sẵn", "computed values are not kept"),
        "date" | "time" | "datetime" => (
            "chưa có câu hỏi ngày, giờ: hãy hỏi bằng số hoặc phương án",
            "days and times are not taken: ask for a number or an option",
        ),
        _ => ("loại câu hỏi này chưa dùng được", "this type is not known here"),
    };
    Kind::LeftOut(vi, en)
}

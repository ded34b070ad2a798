//! What the rows of a form are, and why some of them cannot be kept.

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
    Decimal,
    /// Nothing that is kept: why, in Vietnamese and English.
    LeftOut(&'static str, &'static str),
}

/// Reads the type of a row.
pub(super) fn of(written: &str) -> Kind<'_> {
    let mut words = written.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let rest: Vec<&str> = words.collect();
    let second = rest.first().map(|word| word.to_lowercase());
    match (first.as_str(), second.as_deref()) {
        ("begin_group", _) | ("begin", Some("group")) => Kind::BeginGroup,
        ("end_group", _) | ("end", Some("group")) => Kind::EndGroup,
        ("begin_repeat" | "begin_loop", _) | ("begin", Some("repeat" | "loop")) => {
            Kind::BeginRepeat
        }
        ("end_repeat" | "end_loop", _) | ("end", Some("repeat" | "loop")) => Kind::EndRepeat,
        ("select_one", Some(_)) => select(&rest),
        ("select", Some("one")) => select(rest.get(1..).unwrap_or_default()),
        ("integer" | "int", None) => Kind::Integer,
        ("decimal", None) => Kind::Decimal,
        (first, _) => left_out(first),
    }
}

/// `LIST`, `from LIST`, `LIST or_other`.
fn select<'a>(words: &[&'a str]) -> Kind<'a> {
    let has_other = words.contains(&"or_other");
    let list = words.iter().find(|word| !["from", "or_other"].contains(*word));
    list.map_or_else(|| left_out("select_one"), |list| Kind::SelectOne { list, has_other })
}

fn left_out(word: &str) -> Kind<'static> {
    let (vi, en) = match word {
        "text" | "string" => (
            "không nhận câu trả lời tự do: có thể chứa thông tin nhận biết người trả lời",
            "free text is not taken: it may say who the respondent is",
        ),
        "note" => ("ghi chú không phải là câu hỏi", "a note is no question"),
        "image" | "photo" | "audio" | "video" | "file" | "background-audio" | "signature" => (
            "không nhận ảnh, âm thanh, video, tệp",
            "pictures, sound, video and files are not taken",
        ),
        "geopoint" | "geotrace" | "geoshape" | "start-geopoint" | "gps" => (
            "không nhận tọa độ: nơi trả lời chỉ là đơn vị cấp xã của mẫu",
            "positions are not taken: the place is the commune of the sample",
        ),
        "start" | "end" | "today" | "deviceid" | "username" | "phonenumber" | "email"
        | "subscriberid" | "simserial" | "audit" => (
            "không giữ thông tin máy và người thu thập; thời điểm trả lời đi cùng phiếu",
            "who and which device is not kept; a response has a time of its own",
        ),
        "select_multiple" | "select" | "rank" => (
            "chưa có câu hỏi chọn nhiều phương án hoặc xếp hạng: hãy tách thành các câu có/không",
            "several answers at once or an order are not taken: ask yes/no questions instead",
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

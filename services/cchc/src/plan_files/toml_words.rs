//! What a TOML parser says, in words for whoever edits a plan.

use crate::say::Words;

/// Turns a parser's message into a sentence that says what to do; keeps what is not known.
pub(super) fn friendly(message: &str) -> Words {
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let known = known.join(", ");
        return Words::new(
            format!("trường “{}” không có trong mẫu; dùng được: {known}", quoted()),
            format!("there is no field `{}`; there are: {known}", quoted()),
        );
    }
    if message.starts_with("unknown variant") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let known = known.join(", ");
        return Words::new(
            format!("không có giá trị “{}”; dùng được: {known}", quoted()),
            format!("there is no `{}`; there are: {known}", quoted()),
        );
    }
    if message.starts_with("missing field") {
        return Words::new(
            format!("thiếu trường “{}”: hãy bổ sung vào mục bắt đầu ở đây", quoted()),
            format!("the field `{}` is missing: add it to the part that starts here", quoted()),
        );
    }
    if message.starts_with("duplicate key") || message.starts_with("duplicate field") {
        return Words::new(
            format!("nêu hai lần: hãy bỏ bớt một ({message})"),
            format!("stands twice: take one out ({message})"),
        );
    }
    if message.starts_with("invalid type: floating point")
        || message.starts_with("invalid type: integer")
    {
        return Words::new(
            format!("con số phải viết trong dấu nháy kép, ví dụ \"94.28\" ({message})"),
            format!("a number stands in quotes here, such as \"94.28\" ({message})"),
        );
    }
    if message.contains("ambiguous; write 12.25") {
        return Words::new(
            format!(
                "số viết không rõ ràng: hãy dùng dấu chấm thập phân, ví dụ \"94.28\" ({message})"
            ),
            message,
        );
    }
    Words::new(format!("không đúng mẫu: {message}"), message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_scoring::catalogue::{Composition, UnitKind};
    use serde::de::DeserializeOwned;

    use super::*;

    /// What the parser itself says of a word, in our words.
    fn said_of<T: DeserializeOwned + std::fmt::Debug>(word: &str) -> Words {
        let read: Result<std::collections::BTreeMap<String, T>, _> =
            toml::from_str(&format!("kind = {word:?}"));
        friendly(read.unwrap_err().message())
    }

    #[test]
    fn a_misspelt_field_is_answered_with_those_there_are() {
        let said = friendly("unknown field `pionts`, expected one of `node`, `points`");

        assert_eq!(said.en, "there is no field `pionts`; there are: node, points");
    }

    #[test]
    fn a_word_of_no_list_is_answered_with_the_words_of_the_list() {
        let of_two = said_of::<Composition>("mean");
        let of_many = said_of::<UnitKind>("xã");

        assert_eq!(of_two.vi, "không có giá trị “mean”; dùng được: sum, own");
        assert_eq!(of_two.en, "there is no `mean`; there are: sum, own");
        assert!(of_many.vi.starts_with("không có giá trị “xã”; dùng được: province, department, "));
        assert!(!of_many.vi.contains("expected"), "{}", of_many.vi);
    }
}

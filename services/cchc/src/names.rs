//! Names as people write them: of columns, of answers. They are compared without regard to case, spaces
//! and the mark at the end, and where none fits the nearest one is suggested.

use cchc_scoring::province::bare;

/// Of five letters, how many may be wrong for one name to be suggested for the other.
const WRONG_OF_FIVE: usize = 2;

/// A name as it is compared: lower case, one space between words, nothing at its end that ends a sentence.
pub(crate) fn folded(text: &str) -> String {
    let text = crate::files::composed(text).to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['?', ':', '.', '*', ' ']).to_owned()
}

/// The name that comes nearest, unless none is near.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = bare(written);
    let rated = names.into_iter().map(|name| {
        let bare = bare(name);
        let longest = written.chars().count().max(bare.chars().count());
        (strsim::osa_distance(&written, &bare), longest, name)
    });
    let near = rated.filter(|(wrong, longest, _)| wrong * 5 <= longest * WRONG_OF_FIVE);
    near.min_by_key(|(wrong, ..)| *wrong).map(|(.., name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_spaces_and_the_mark_at_the_end() {
        assert_eq!(folded("  Ông/Bà  có\nHÀI LÒNG không? "), "ông/bà có hài lòng không");
        assert_eq!(folded("So\u{31b}\u{309}"), folded("Sở"));
    }

    #[test]
    fn the_nearest_name_is_suggested_and_none_that_is_far() {
        let names = ["answered_at", "cluster", "Q11", "Thời điểm trả lời"];

        assert_eq!(nearest("answerd at", names), Some("answered_at"));
        assert_eq!(nearest("Thoi diem tra loi", names), Some("Thời điểm trả lời"));
        assert_eq!(nearest("Họ và tên", names), None);
    }
}

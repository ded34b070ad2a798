//! An answer in one's own words. It is read by people who may, counted by nobody, and must not say who wrote
//! it: whatever looks like a telephone number, a number of a paper or an address of mail is refused, since no
//! rule about respondents' names is worth anything where their numbers are taken.
//!
//! Names cannot be told from other words; [`WARNING`] stands beside the question wherever it is asked.

use cchc_core::{Collector, Text};

/// Characters of a text where its question does not say.
pub const USUAL_CHARACTERS: u32 = 1000;
/// Characters of the longest text.
pub const MOST_CHARACTERS: u32 = 2000;
/// Questions of a text that a form may have.
pub const MOST_TEXTS: usize = 10;
/// What is said to whoever writes, in Vietnamese and English.
pub const WARNING: super::labels::Words = (
    "Không ghi họ tên, địa chỉ, số điện thoại hay số giấy tờ của bất kỳ ai.",
    "Write no names, addresses, telephone numbers or numbers of papers, neither yours nor another's.",
);

/// Digits of the shortest number that names a person: the old identity card has nine, a telephone ten or
/// eleven, the new card twelve. Longer ones are accounts and cards.
const NAMING_DIGITS: usize = 9;
/// Marks between two groups of a number.
const JOINING: [char; 5] = [' ', '\u{a0}', '.', ',', '-'];

/// Reads a text: composed (NFC) and trimmed, of at most so many characters.
///
/// Reasons: `REQUIRED` (who has nothing to say answers 0), `TEXT_INVALID` (control characters, or longer than any
/// text may be), `TEXT_TOO_LONG`, `TEXT_NAMES_SOMEBODY`.
/// What it says is in no message.
pub fn read(c: &mut Collector, field: &str, text: &str, most: u32) -> Option<String> {
    c.require(field, Some(text).filter(|text| !text.trim().is_empty()))?;
    let text: Text<0, { MOST_CHARACTERS as usize }> = c.text(field, text)?;
    let text = text.as_str();
    if u32::try_from(text.chars().count()).is_ok_and(|count| count > most) {
        c.refuse(
            field,
            "TEXT_TOO_LONG",
            format!("must have at most {most} characters"),
            format!("có tối đa {most} ký tự"),
        );
        return None;
    }
    if names_somebody(text) {
        c.refuse(
            field,
            "TEXT_NAMES_SOMEBODY",
            "holds what looks like a telephone number, a number of a paper or an address of mail; take it out",
            "có nội dung giống số điện thoại, số giấy tờ hoặc địa chỉ thư điện tử; hãy bỏ đi",
        );
        return None;
    }
    Some(text.to_owned())
}

/// Whether a text holds what looks like a number that people have, or an address of mail.
///
/// A number may be written in groups (`0912 345 678`, `(0203) 3825 123`, `+84-912-345-678`). Sums of money, written
/// in threes with points or commas (`1.200.000.000`), are none, unless they begin as a telephone does.
#[must_use]
pub fn names_somebody(text: &str) -> bool {
    text.split_whitespace().any(is_mail) || runs(text).iter().any(is_naming)
}

fn is_mail(word: &str) -> bool {
    let parts = word.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.trim_matches('.').contains('.'))
}

/// Groups of digits that stand together, each with the mark before it.
type Run = Vec<(char, String)>;

fn runs(text: &str) -> Vec<Run> {
    let (mut runs, mut run, mut mark) = (Vec::new(), Run::new(), None);
    let mut is_within = false;
    for character in text.chars() {
        match (character.to_digit(10).map(|_| character).or_else(|| narrow(character)), mark) {
            (Some(digit), _) if is_within => {
                if let Some((_, group)) = run.last_mut() {
                    group.push(digit);
                }
            }
            (Some(digit), before) => {
                if before.is_none() {
                    runs.push(std::mem::take(&mut run));
                }
                run.push((before.unwrap_or_default(), digit.to_string()));
                is_within = true;
            }
            // A code of a district in brackets may have a space behind it.
            (None, Some(')')) if character == ' ' => {}
            // One mark between two groups; anything else ends the number.
            (None, _) => {
                let is_joining = is_within && joins(character, &run);
                (mark, is_within) = (is_joining.then_some(character), false);
            }
        }
    }
    runs.push(run);
    runs
}

/// Whether a mark joins what comes after it to a run: a bracket does behind the code of a district (`(0203)`), and
/// not behind a number of a list (`1)`).
fn joins(mark: char, run: &Run) -> bool {
    let is_long = || run.last().is_some_and(|(_, group)| group.len() >= 3);
    JOINING.contains(&mark) || (mark == ')' && is_long())
}

/// The plain digit of a full-width one.
fn narrow(character: char) -> Option<char> {
    let place = u32::from(character).checked_sub(u32::from('０'))?;
    char::from_digit(place, 10)
}

fn is_naming(run: &Run) -> bool {
    let digits: String = run.iter().map(|(_, group)| group.as_str()).collect();
    if digits.len() < NAMING_DIGITS {
        return false;
    }
    let is_telephone = digits.starts_with('0') || (digits.len() == 11 && digits.starts_with("84"));
    let (first, rest) =
        run.split_first().map_or((0, run.as_slice()), |(of, rest)| (of.1.len(), rest));
    let is_sum = (1..=3).contains(&first)
        && rest.iter().all(|(mark, group)| matches!(mark, '.' | ',') && group.len() == 3);
    is_telephone || !is_sum
}

#[cfg(test)]
mod tests {
    use cchc_core::Violations;

    use super::*;

    fn refused(text: &str, most: u32) -> Vec<&'static str> {
        let mut c = Collector::new();
        let read = read(&mut c, "answers[0]", text, most);
        let refused = c.finish(read).err();
        refused.iter().flat_map(Violations::as_slice).map(|violation| violation.reason).collect()
    }

    #[test]
    fn what_looks_like_somebodys_number_is_found_however_it_is_written() {
        for text in [
            "gọi 0912345678 nhé",
            "0912 345 678",
            "091.234.5678",
            "012.345.678",
            "+84-912-345-678",
            "84.912.345.678",
            "gọi (0203) 3825 123",
            "(0203)3825123",
            "CMND 101234567",
            "căn cước 022090001234",
            "thẻ 9704 3612 3456 7890",
            "０９１２３４５６７８",
            "viết cho toi.ten@thu.vn.",
        ] {
            assert!(names_somebody(text), "{text}");
        }
    }

    #[test]
    fn sums_days_hours_and_codes_are_nobodys_numbers() {
        for text in [
            "",
            "nộp 1.200.000.000 đồng",
            "mất 212,345,678 đồng, 3 lần",
            "từ 01-06-2018 đến 30/06/2018, 8h00 - 17h30",
            "quyết định 1199/QĐ-UBND, điều 12, khoản 3",
            "năm 2016, 2017, 2018",
            "chờ @ quầy số 12",
            "có hai việc: 1) 12 ngày 2) 345 678 ngày 3) 45",
            "12345678",
        ] {
            assert!(!names_somebody(text), "{text}");
        }
    }

    #[test]
    fn a_text_is_composed_trimmed_and_as_long_as_its_question_lets_it_be() {
        let mut c = Collector::new();

        let text = read(&mut c, "answers[0]", " Chờ la\u{302}u\n qua\u{301} ", 12);

        assert_eq!(text.as_deref(), Some("Chờ lâu\n quá"));
        assert_eq!(refused("Chờ lâu\n quá", 11), ["TEXT_TOO_LONG"]);
        assert_eq!(refused(" \n", 11), ["REQUIRED"]);
        assert_eq!(refused("a\u{0}b", 11), ["TEXT_INVALID"]);
        assert_eq!(refused("0912345678", 20), ["TEXT_NAMES_SOMEBODY"]);
        assert_eq!(refused(&"ộ".repeat(2001), 2000), ["TEXT_INVALID"]);
    }
}

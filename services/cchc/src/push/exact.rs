//! Exact numbers that have one meaning only.

use cchc_core::{Quantity, QuantityError, Refusal as _};

use crate::say::Words;

/// Reads an exact number that has one meaning only.
///
/// `1.234` is one thousand and more in Ha Noi and one and a quarter in London, and `12,5` is the other
/// way round: both are refused, with both readings, since a guess would be wrong by a thousandfold.
pub(crate) fn exact(text: &str) -> Result<Quantity, Words> {
    if let Some((whole, fraction)) = text.split_once('.')
        && may_group(whole, fraction)
    {
        return Err(two_readings(text, &format!("{text}0"), &format!("{whole}{fraction}")));
    }
    let fault = match text.parse() {
        Ok(number) => return Ok(number),
        Err(fault) => fault,
    };
    let parts: Vec<&str> = text.split([',', '.']).collect();
    let is_digits =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_digits) {
        return Err(not_a_number(text, &fault));
    }
    Err(match parts.as_slice() {
        [whole, fraction] if fraction.len() == 3 => {
            two_readings(text, &format!("{whole}.{fraction}0"), &format!("{whole}{fraction}"))
        }
        [whole, fraction] if text.contains(',') => {
            two_readings(text, &format!("{whole}.{fraction}"), &format!("{whole}{fraction}"))
        }
        [first @ .., last] if parts.len() > 2 => {
            let whole = first.concat();
            two_readings(text, &format!("{whole}.{last}"), &format!("{whole}{last}"))
        }
        _ => not_a_number(text, &fault),
    })
}

/// Whether `whole.fraction` may as well be a whole number with its thousands set apart.
fn may_group(whole: &str, fraction: &str) -> bool {
    (1..=3).contains(&whole.len()) && !whole.starts_with(['0', '-']) && fraction.len() == 3
}

fn two_readings(text: &str, decimal: &str, whole: &str) -> Words {
    Words::new(
        format!(
            "“{text}” có hai cách hiểu: hãy viết {decimal} (số thập phân) hoặc {whole} (số nguyên)"
        ),
        format!("{text:?} reads two ways: write {decimal} (with a fraction) or {whole} (whole)"),
    )
}

pub(super) fn not_a_number(text: &str, fault: &QuantityError) -> Words {
    Words::new(format!("“{text}”: {}", fault.vietnamese()), format!("{text:?} {fault}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_number_with_one_meaning_is_read() {
        for (text, number) in [
            ("0", "0"),
            ("12.50", "12.5"),
            ("0.125", "0.125"),
            ("1.2340", "1.234"),
            ("1234.567", "1234.567"),
            ("92.28", "92.28"),
        ] {
            assert_eq!(exact(text).unwrap().to_string(), number);
        }
    }

    #[test]
    fn a_number_with_two_is_refused_with_both() {
        for (text, decimal, whole) in [
            ("12,5", "12.5", "125"),
            ("1,234", "1.2340", "1234"),
            ("1.234", "1.2340", "1234"),
            ("1.234,5", "1234.5", "12345"),
            ("1.234.567", "1234.567", "1234567"),
        ] {
            let said = exact(text).unwrap_err();

            assert!(said.en.contains(&format!("write {decimal} ")), "{said:?}");
            assert!(said.vi.contains(&format!("hoặc {whole} ")), "{said:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_as_such() {
        for text in ["-1", "1e3", "mười", ",5", "1 000", "12%"] {
            assert!(!exact(text).unwrap_err().en.contains("two ways"), "{text}");
        }
    }
}

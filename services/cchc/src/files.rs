//! Reading text that people made with whatever they have: with or without a byte-order mark, with
//! Vietnamese composed or decomposed. What cannot be read as UTF-8 is refused and never guessed at.

use std::{fs, io, path::Path};

use unicode_normalization::UnicodeNormalization as _;

use crate::{problem::Problem, say::Words};

/// Reads a text file whole: UTF-8, without the mark, composed (NFC).
pub fn text(path: &Path) -> Result<String, Problem> {
    let bytes = fs::read(path).map_err(|error| Problem::of_file(path, unreadable(&error)))?;
    if is_utf16(&bytes) {
        return Err(Problem::of_file(path, utf16()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).nfc().collect()),
        Err(error) => {
            let read = error.as_bytes().get(..error.utf8_error().valid_up_to());
            let line = read.unwrap_or_default().split(|byte| *byte == b'\n').count();
            let words = Words::new(
                "có ký tự không phải UTF-8 (có thể là bảng mã cũ TCVN3, VNI): hãy lưu lại tệp dạng UTF-8",
                "has characters that are not UTF-8: save the file again as UTF-8",
            );
            Err(Problem::at_line(path, line, "", words))
        }
    }
}

/// Whether bytes begin as a text in UTF-16 does.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// What is said of such a file.
pub(crate) fn utf16() -> Words {
    Words::new(
        "tệp được lưu dạng UTF-16: hãy lưu lại với lựa chọn “CSV UTF-8”",
        "the file is UTF-16: save it again as “CSV UTF-8”",
    )
}

/// A text composed (NFC), as everything that is read from a file.
pub(crate) fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// A number as its workbook shows it: 15 digits, which is what spreadsheets keep. So 0.1 + 0.2 is 0.3.
pub(crate) fn as_shown(number: f64) -> String {
    let kept = format!("{number:.14e}").parse::<f64>();
    kept.unwrap_or(number).to_string()
}

/// Spreadsheets set to Vietnamese separate by semicolons, since the comma is their decimal mark.
pub(crate) fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let of_header = |mark: &u8| header.bytes().filter(|byte| byte == mark).count();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(of_header)
        .filter(|mark| of_header(mark) > 0)
        .unwrap_or(b',')
}

/// The line on which a record of a CSV file begins, from 1.
pub(crate) fn line(position: Option<&csv::Position>) -> usize {
    position.and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1)
}

/// Why a file could not be read.
pub(crate) fn unreadable(error: &io::Error) -> Words {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Words::new("không tìm thấy: hãy kiểm tra lại đường dẫn", "is not there: check the path")
        }
        io::ErrorKind::PermissionDenied => Words::new(
            "không có quyền đọc: hãy cấp quyền đọc cho người đang chạy lệnh",
            "may not be read: give whoever runs the command the right to read it",
        ),
        _ => Words::new(format!("không đọc được ({error})"), format!("cannot be read ({error})")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, bytes).unwrap();
        text(&path)
    }

    #[test]
    fn both_forms_of_vietnamese_and_the_mark_read_as_one_text() {
        let composed = read("Sở Nội vụ".as_bytes()).unwrap();

        let marked = "\u{feff}So\u{31b}\u{309} No\u{323}\u{302}i vu\u{323}";

        assert_eq!(read(marked.as_bytes()).unwrap(), composed);
    }

    #[test]
    fn another_encoding_is_refused_at_its_line() {
        assert_eq!(read(b"a\nb\n\xd0").unwrap_err().line, Some(3));
        assert!(read(b"\xff\xfea\0").unwrap_err().words.en.contains("UTF-16"));
    }

    #[test]
    fn numbers_of_a_workbook_are_what_it_shows() {
        for (number, shown) in [
            (5.250_952_602, "5.250952602"),
            (0.300_000_000_000_000_04, "0.3"),
            (36.0, "36"),
            (34.6313, "34.6313"),
        ] {
            assert_eq!(as_shown(number), shown);
        }
    }
}

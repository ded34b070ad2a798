//! Files as they come, before anything is sent.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use cchc_proto::assignment::v1::{PushMeasurementsRequest, PushProgressRequest};
use clap::Parser as _;

use super::{Bulk, Import, read::read};
use crate::say::Lang;

#[derive(Debug, clap::Parser)]
struct Called {
    #[command(flatten)]
    import: Import,
}

/// Lines that are sent, and lines that are not with the reason.
type Read = (Vec<usize>, Vec<(usize, String)>);

/// What is read of a text: rows by line, and the reasons of those that cannot be sent; or what is wrong with
/// the file.
fn of<R: Bulk>(text: &str, words: &[&str]) -> Result<Read, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    fs::write(&path, text).unwrap();
    let own = ["cchc", path.to_str().unwrap(), "--assignment", "http://a:1", "--token-file", "t"];
    let called = Called::try_parse_from(own.iter().chain(words)).unwrap();
    let reading = read::<R>(&called.import).map_err(|problems| {
        problems
            .iter()
            .map(|problem| problem.words.in_lang(Lang::En).to_owned())
            .collect::<String>()
    })?;
    let unread = reading.unread.into_iter().flat_map(|(line, faults)| {
        faults.into_iter().map(move |fault| (line, format!("{} {}", fault.column, fault.reason)))
    });
    Ok((reading.lines, unread.collect()))
}

const HEADER: &str = "Mã đơn vị;Mã chỉ tiêu;Kỳ báo cáo;Tử số;Mẫu số;Tên đơn vị\n";

#[test]
fn a_line_in_which_nothing_is_filled_in_says_nothing() {
    let text = format!("{HEADER}06649;V;2018;;;Hà Khánh\n06652;V;2018;1;;Hà Phong\n");

    let (lines, unread) = of::<PushMeasurementsRequest>(&text, &[]).unwrap();

    assert_eq!((lines, unread), (vec![3], vec![]));
    let empty = of::<PushMeasurementsRequest>(HEADER, &[]).unwrap_err();
    assert_eq!(empty, "there is no row to send");
}

#[test]
fn two_rows_about_the_same_thing_are_one_too_many() {
    let text = format!("{HEADER}06649;V;2018;1;;\n06649;W;2018;1;;\n06649;V;2018;2;;\n");

    let (lines, unread) = of::<PushMeasurementsRequest>(&text, &[]).unwrap();

    assert_eq!((lines, unread), (vec![2, 3], vec![(4, " DUPLICATE".to_owned())]));
}

#[test]
fn the_decimal_mark_of_a_column_is_found_out_or_said() {
    let text = format!("{HEADER}06649;V;2018;12,5;1.234;\n06652;V;2018;1,234;2;\n");

    let found = of::<PushMeasurementsRequest>(&text, &[]).unwrap();
    let said = of::<PushMeasurementsRequest>(&text, &["--decimal", "comma"]).unwrap();

    // Among commas of the numerators 1,234 has one meaning; no cell tells of the denominators.
    let unread = vec![(2, "Mẫu số CELL_UNREADABLE".to_owned())];
    assert_eq!(found, (vec![3], unread.clone()));
    assert_eq!(said, (vec![3], unread));
}

#[test]
fn headings_that_leave_anything_open_stop_the_file() {
    let text = "Mã kế hoạch;Số nhiệm vụ;Mã đơn vị;Điện thoại\nQN;1;193;09\n";

    let refused = of::<PushProgressRequest>(text, &[]).unwrap_err();

    assert!(refused.contains("there is no such column; there are: plan, task, unit"), "{refused}");
    assert!(refused.contains("the column is missing"), "{refused}");
}

#[test]
fn a_file_that_is_too_long_is_sent_in_parts() {
    let text = "06649;V;2018;1;;\n".repeat(100_000);

    let refused = of::<PushMeasurementsRequest>(&format!("{HEADER}{text}"), &[]).unwrap_err();

    assert!(refused.contains("send it in parts"), "{refused}");
}

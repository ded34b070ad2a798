//! A workbook of ten thousand responses, as an office types them up.

use super::*;

const ROWS: u32 = 10_000;

fn workbook(desk: &Desk) -> String {
    let (mut book, path) = (rust_xlsxwriter::Workbook::new(), desk.path("phieu.xlsx"));
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADER.trim().split(';')).unwrap();
    for row in 1..=ROWS {
        let commune = if row % 2 == 0 { "06649" } else { "06652" };
        let answer = if row % 3 == 0 { "Hài lòng" } else { "5" };
        let cells = [&row.to_string(), commune, "5/10/2018 08:30", answer, "4"];
        sheet.write_row(row, 0, cells).unwrap();
    }
    book.save(&path).unwrap();
    path
}

#[tokio::test]
async fn ten_thousand_responses_are_tried_stored_and_known_again() {
    let desk = open().await;
    let file = workbook(&desk);

    let dry = desk.send(&file, &["--dry-run"]).await;
    let real = desk.send(&file, &[]).await;
    let again = desk.send(&file, &[]).await;

    let rows = i64::from(ROWS);
    assert_eq!(counts(&dry), [rows, 0, 0, 0, 0]);
    assert_eq!(counts(&real), counts(&dry));
    assert_eq!(counts(&again), [0, 0, rows, 0, 0]);
    assert_eq!(desk.progress().await.response_count, rows);
    assert!(desk.is_equal_to_its_recount().await);
    desk.running.stop().await;
}

//! A workbook of ten thousand rows, as a province sends it once a year.

use cchc_scoring::catalogue::Unit;

use super::*;

const COMMUNES: u32 = 720;
const PERIODS: [&str; 7] =
    ["2018", "2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018-6M", "2018-9M"];

fn commune(place: u32) -> String {
    format!("{:05}", 10_000 + place)
}

impl Desk {
    /// Lets the service hear of so many communes that they have ten thousand figures to report.
    async fn hears_of_communes(&self) {
        let commune = |place| json!({ "code": commune(place), "parent": "193", "kind": "commune", "name": format!("Xã {place}") });
        let units: Vec<Unit> = read((0..COMMUNES).map(commune).collect());
        hears_of_units(&self.bench, &hearing(&self.bench).await, &units).await;
    }

    /// A workbook with both figures of every commune for every period.
    fn workbook_of_the_year(&self) -> (String, u32) {
        let (mut book, path, mut row) = (Workbook::new(), self.path("ca-nam.xlsx"), 0);
        let sheet = book.add_worksheet();
        let headings = ["Mã đơn vị", "Mã chỉ tiêu", "Kỳ báo cáo", "Tử số", "Mẫu số"];
        sheet.write_row(row, 0, headings).unwrap();
        for place in 0..COMMUNES {
            for period in PERIODS {
                for variable in ["COMMUNE-OFFICIALS", "INITIATIVES"] {
                    row += 1;
                    sheet.write_row(row, 0, [&commune(place), variable, period]).unwrap();
                    sheet.write_number(row, 3, f64::from(place % 20)).unwrap();
                    if variable == "COMMUNE-OFFICIALS" {
                        sheet.write_number(row, 4, 20.0).unwrap();
                    }
                }
            }
        }
        book.save(&path).unwrap();
        (path, row)
    }
}

#[tokio::test]
async fn ten_thousand_measurements_are_tried_stored_and_known_again() {
    let (desk, _evidence) = open().await;
    desk.hears_of_communes().await;
    let (file, rows) = desk.workbook_of_the_year();

    let dry = desk.import("measurement", &file, &["--dry-run"]).await;
    let real = desk.import("measurement", &file, &[]).await;
    let again = desk.import("measurement", &file, &[]).await;

    let rows = i64::from(rows);
    assert!(rows > 10_000, "{rows}");
    assert_eq!(counts(&dry), [rows, 0, 0, 0, 0, 0]);
    assert_eq!(counts(&real), counts(&dry));
    assert_eq!(counts(&again), [0, 0, rows, 0, 0, 0]);
    desk.running.stop().await;
}

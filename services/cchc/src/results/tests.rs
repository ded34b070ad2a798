//! Tables as people publish them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use cchc_core::{NodeCode, Points};
use cchc_scoring::{catalogue::Index, results::check};

use super::{
    grid,
    marks::Mark,
    table::{self, Reading, Table},
};
use crate::{plan_files, problem::Problem, say::Lang};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/results/papi-2017")
}

fn index() -> Index {
    plan_files::read(&folder().join("index.toml")).unwrap()
}

fn read_as(text: &str, reading: &Reading) -> Result<Table, Vec<Problem>> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("table.csv");
    fs::write(&path, text).unwrap();
    table::read(&grid::read(&path, None)?, &index(), reading)
}

fn read(text: &str) -> Result<Table, Vec<Problem>> {
    read_as(text, &Reading::default())
}

fn refusals(text: &str) -> Vec<String> {
    let problems = read(text).unwrap_err();
    problems.iter().map(|problem| problem.say(Lang::En)).collect()
}

fn of(table: &Table, province: &str, node: &str) -> Option<Points> {
    let row = table.provinces.iter().find(|row| row.province.as_str() == province).unwrap();
    row.values[&node.parse::<NodeCode>().unwrap()]
}

fn points(text: &str) -> Option<Points> {
    text.parse().ok()
}

#[test]
fn the_table_of_2017_reads_whole_and_agrees_with_itself() {
    let grid = grid::read(&folder().join("table.csv"), None).unwrap();

    let table = table::read(&grid, &index(), &Reading::default()).unwrap();

    assert_eq!((table.provinces.len(), table.ranks.len(), table.ignored.len()), (63, 63, 0));
    assert!(table.provinces.iter().all(|row| row.values.len() == 29));
    assert_eq!(of(&table, "22", "0"), points("36.7198"));
    let results = cchc_scoring::results::Results {
        index: index().code,
        source: cchc_scoring::results::ResultsSource {
            publisher: String::new(),
            published: time::Date::MIN,
            document: String::new(),
        },
        provinces: table.provinces,
    };
    assert_eq!(check(&index(), &results), []);
}

#[test]
fn names_in_any_spelling_commas_and_semicolons_read_as_one_table() {
    let text = "Tỉnh/Thành phố;Tổng điểm;Công khai, minh bạch;D5\n\
                Thanh Hoá;36,7198;5,2651;7,03\n\
                Đăk Lăk;33,97;-;6,79\n\
                Ba\u{300} Ri\u{323}a–Vu\u{303}ng Ta\u{300}u;34,1;5;6,9\n\
                Quang Ninh*;;;\n";

    let table = read(text).unwrap();

    let codes: Vec<&str> = table.provinces.iter().map(|row| row.province.as_str()).collect();
    assert_eq!(codes, ["22", "38", "66", "77"]);
    assert_eq!(of(&table, "38", "2"), points("5.2651"));
    assert_eq!((of(&table, "66", "2"), of(&table, "66", "5")), (None, points("6.79")));
    assert_eq!(of(&table, "77", "2"), points("5"));
    assert!(["0", "2", "5"].iter().all(|node| of(&table, "22", node).is_none()));
}

#[test]
fn titles_above_the_heading_and_other_columns_are_left_aside_and_named() {
    let text = "PAPI 2017,,,\n,,,\ncode,D1,note,rank\n1,5.2510,x,56\n22,5.9089,y,9\n";

    let table = read(text).unwrap();

    assert_eq!(table.ignored, ["note"]);
    assert_eq!(table.ranks.values().copied().collect::<Vec<_>>(), [56, 9]);
    assert_eq!(of(&table, "01", "1"), points("5.251"));
}

#[test]
fn everything_that_would_be_guessed_is_refused_at_its_line() {
    let text = "gso_code,province_vi,D1,D2\n\
                22,Hà Nội,1.234,5.2\n\
                99,Nowhere,12.345,5.2\n\
                24,Bắc Giang,5,5.2\n\
                24,Bắc Giang,5,abc\n\
                ,,5,5\n";

    let said = refusals(text);

    let wanted = [
        (2, "1.234 or 1234"),
        (2, "code and name disagree"),
        (3, "12.345 or 12345"),
        (3, "\"99\" is none of the 63"),
        (3, "\"Nowhere\" is none of the 63"),
        (5, "\"abc\" is no number"),
        (5, "stands in line 4 already"),
        (6, "names no province"),
    ];
    assert_eq!(said.len(), wanted.len(), "{said:#?}");
    for (said, (line, words)) in said.iter().zip(wanted) {
        assert!(said.contains(&format!(".csv:{line}:")) && said.contains(words), "{said}");
    }
}

#[test]
fn whoever_knows_the_mark_may_say_it() {
    let text = "code;D1;D2\n22;1.234;x\n24;5;5\n";
    let reading = Reading { decimal: Some(Mark::Point), withheld: vec!["X".to_owned()] };

    let table = read_as(text, &reading).unwrap();

    assert_eq!((of(&table, "22", "1"), of(&table, "22", "2")), (points("1.234"), None));
}

#[test]
fn a_table_of_another_year_or_without_a_heading_is_refused() {
    assert!(refusals("code,year,D1\n22,2016,5.1\n")[0].contains("2016"));
    assert!(refusals("a,b\n22,5.1\n")[0].contains("has no heading"));
    assert!(refusals("code,D1,1\n22,5.1,5.1\n")[0].contains("hold the same"));
}

#[test]
fn a_node_is_named_as_people_write_it() {
    for (text, code) in [("D5", "5"), ("5.1", "5.1"), ("PAPI-2017/5", "5"), ("SC5.1", "5.1")] {
        assert_eq!(super::node(text).unwrap().as_str(), code);
    }
    assert!(super::node("D").is_err());
}

fn of_file(path: &Path) -> Vec<(String, Vec<Option<Points>>)> {
    let table = table::read(&grid::read(path, None).unwrap(), &index(), &Reading::default());
    let rows = table.unwrap().provinces.into_iter();
    rows.map(|row| (row.province.to_string(), row.values.into_values().collect())).collect()
}

#[test]
fn a_workbook_reads_to_the_digit_as_the_csv_that_it_was_written_from() {
    let csv = folder().join("table.csv");
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("table.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (2..).zip(fs::read_to_string(&csv).unwrap().lines()) {
        for (column, cell) in (1..).zip(row.split(',')) {
            // Codes stay text, as in every table that keeps their zeros; figures are numbers.
            match cell.parse::<f64>() {
                Ok(number) if column > 1 => sheet.write_number(line, column, number).unwrap(),
                _ => sheet.write_string(line, column, cell).unwrap(),
            };
        }
    }
    book.save(&path).unwrap();

    let read = of_file(&path);

    assert_eq!(read.len(), 63);
    assert_eq!(read, of_file(&csv));
}

#[test]
fn a_workbook_that_an_office_program_saved_reads_as_it_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/results/office.xlsx");

    let read = table::read(&grid::read(&path, None).unwrap(), &index(), &Reading::default());

    let table = read.unwrap();
    assert_eq!(of(&table, "22", "0"), points("36.7198"));
    assert_eq!(of(&table, "22", "1"), points("5.9089"));
    assert_eq!(of(&table, "01", "1.1"), points("1.038989067"));
    assert_eq!(of(&table, "87", "2"), None, "a dash withholds");
    assert!(grid::read(&path, Some("Bảng khác")).is_err());
}

//! Files as they come: what is read of them, and what is said of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod paradata;

use std::{fs, path::PathBuf};

use cchc_proto::{
    common::v1::{Date, Decimal},
    survey::v1::{
        Choice, Cluster, IngestResponsesRequest, NumberRange, Question, Survey, Translation,
        question::Kind,
    },
};
use prost_types::Timestamp;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;

use super::*;
use crate::report::Fault;
use crate::survey::template;

/// Half past eight on 5 October 2018 in Viet Nam.
const MORNING: i64 = 1_538_703_000;

fn question(code: &str, text: &str, kind: Kind) -> Question {
    Question {
        code: code.to_owned(),
        text: text.to_owned(),
        kind: kind.into(),
        ..Question::default()
    }
}

fn choice(code: &str, vi: &str, en: &str) -> Choice {
    let translations = vec![Translation { language: "en".to_owned(), text: en.to_owned() }];
    Choice { code: code.to_owned(), text: vi.to_owned(), translations, counts: None }
}

/// One question of each kind.
pub(crate) fn survey() -> Survey {
    let decimal = |value: &str| Some(Decimal { value: value.to_owned() });
    let range = NumberRange { least: decimal("0"), most: decimal("100"), places: 1 };
    let options = vec![choice("xa", "Cấp xã", "Commune"), choice("web", "Trực tuyến", "Online")];
    let cluster = |code: &str| Cluster {
        stratum_code: "193".to_owned(),
        cluster_code: code.to_owned(),
        wanted_count: 10,
        ..Cluster::default()
    };
    Survey {
        code: "SIPAS-QN-2018".to_owned(),
        title: "Khảo sát".to_owned(),
        open_date: Some(Date { year: 2018, month: 10, day: 1 }),
        close_date: Some(Date { year: 2018, month: 10, day: 31 }),
        questions: vec![
            question("Q1", "Ông/bà có làm thủ tục không?", Kind::YesNo),
            question("Q2", "Ông/bà hài lòng đến mức nào?", Kind::Likert5),
            Question {
                options,
                offers_dont_know: true,
                ..question("Q3", "Nộp hồ sơ ở đâu?", Kind::SingleChoice)
            },
            Question { range: Some(range), ..question("Q4", "Mất mấy giờ?", Kind::Number) },
        ],
        clusters: vec![cluster("06649"), cluster("06652")],
        ..Survey::default()
    }
}

fn form() -> Form {
    Form::of(survey()).unwrap()
}

/// A file in a folder of its own.
struct Made {
    path: PathBuf,
    _folder: TempDir,
}

fn made(name: &str, bytes: &[u8]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Made { path, _folder: folder }
}

type Read = Vec<(usize, Result<IngestResponsesRequest, Vec<Fault>>)>;

fn read_as(file: &Made, said: &Said) -> Result<Read, Vec<Problem>> {
    read_of(&form(), file, said)
}

fn read_of(form: &Form, file: &Made, said: &Said) -> Result<Read, Vec<Problem>> {
    let source = Source { path: file.path.clone(), sheet: None };
    let layout = Layout::of(&source, form, said, None)?;
    let mut rows = Rows::new(form, &layout.columns, &layout.marks, "");
    let mut read = Vec::new();
    source
        .read(&mut |line| {
            if line.number > layout.columns.line {
                read.push((line.number, rows.read(&line)));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(layout.rows, read.len());
    Ok(read)
}

fn read(name: &str, bytes: &[u8]) -> Result<Read, Vec<Problem>> {
    read_as(&made(name, bytes), &Said::default())
}

fn said(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.field.as_str(), problem.words.en.as_str())).collect()
}

/// What is wrong with each row: its line, and columns with reasons.
fn faults(read: &Read) -> Vec<(usize, Vec<(&str, &str)>)> {
    let faulty = read.iter().filter_map(|(line, row)| Some((*line, row.as_ref().err()?)));
    faulty
        .map(|(line, faults)| {
            let each = faults.iter().map(|fault| (fault.column.as_str(), fault.reason.as_str()));
            (line, each.collect())
        })
        .collect()
}

#[test]
fn a_file_is_read_with_any_separator_mark_form_of_vietnamese_and_order() {
    let plain = "Số phiếu,Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4\n\
                 1,06649,5/10/2018 08:30,Có,Hài lòng,Trực tuyến,12.5\n";
    let marked = "\u{feff}\n;;\nMất mấy giờ?;Câu 3;q2: gì đó;Ông/bà có làm thủ tục không?;\
                  answered_at;cluster;sophieu\n\
                  12,5;web;4;yes;2018-10-05T01:30:00Z;06649;1\n;;;;;;\n";
    let tabbed = "Q1\tQ2\tQ3\tQ4\tMa\u{303} xa\u{303}\tNgày trả lời\tMã phiếu\n\
                  1\tsatisfied\tOnline\t12.5\t6649\t05/10/2018 8:30\t1";

    let [first, second, third] =
        [plain, marked, tabbed].map(|text| read("a.csv", text.as_bytes()).unwrap());

    let row = first[0].1.clone().unwrap();
    assert_eq!((row.answers.as_slice(), row.numbers.as_slice()), (&[1, 4, 2, 1][..], &[125][..]));
    assert_eq!(row.answer_time, Some(Timestamp { seconds: MORNING, nanos: 0 }));
    assert_eq!((row.cluster_code.as_str(), row.survey_code.as_str()), ("06649", "SIPAS-QN-2018"));
    assert_eq!(second, [(4, Ok(row.clone()))]);
    assert_eq!(third, [(2, Ok(row))]);
}

#[test]
fn everything_wrong_with_the_headings_is_said_at_once_with_the_nearest_name() {
    let text = "Số phiếu,Ma xaa,Q1,q1,Q3,Họ và tên,Thoi diem tra lơi,Q4\n1,2,3,4,5,6,7,8\n";

    let problems = read("a.csv", text.as_bytes()).unwrap_err();

    let said = said(&problems);
    assert_eq!(
        said.iter().map(|(field, _)| *field).collect::<Vec<_>>(),
        ["Ma xaa", "q1", "Họ và tên", "Mã xã", "Q2"]
    );
    assert!(said[0].1.contains("did you mean \"Mã xã\""), "{said:?}");
    assert!(said[1].1.contains("the same as the column \"Q1\""), "{said:?}");
    assert!(said[2].1.contains("--ignore"), "{said:?}");
    assert!(said[3].1.contains("missing") && said[4].1.contains("missing"), "{said:?}");
}

#[test]
fn a_column_is_left_aside_only_when_it_is_named_and_there() {
    let text = "Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4,Ghi chú\n06649,5/10/2018,1,1,1,1,abc\n";
    let aside = |name: &str| Said { aside: vec![name.to_owned()], ..Said::default() };
    let file = made("a.csv", text.as_bytes());

    assert!(read_as(&file, &aside("ghi chú")).unwrap()[0].1.is_ok());
    let problems = read_as(&file, &aside("Khác")).unwrap_err();
    assert_eq!(
        said(&problems).iter().map(|(field, _)| *field).collect::<Vec<_>>(),
        ["Khác", "Ghi chú"]
    );
}

#[test]
fn a_correction_needs_a_name_for_its_response() {
    let text =
        "Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4,revision,retracted\n06649,5/10/2018,1,1,1,1,1,\n";
    let keyed = Said { keys: vec!["Mã xã".to_owned()], ..Said::default() };
    let file = made("a.csv", text.as_bytes());

    let problems = read_as(&file, &Said::default()).unwrap_err();
    let row = read_as(&file, &keyed).unwrap()[0].1.clone().unwrap();

    assert_eq!(said(&problems).len(), 2);
    assert_eq!(row.revision, 1);
    let both = "response_id,Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4\nx,06649,5/10/2018,1,1,1,1\n";
    let problems = read_as(&made("a.csv", both.as_bytes()), &keyed).unwrap_err();
    assert_eq!(said(&problems)[0].0, "--key");
}

#[test]
fn words_are_taken_of_rows_that_have_names_and_of_no_others() {
    let mut survey = survey();
    survey.questions.push(question("Q5", "Ông/bà góp ý gì?", Kind::Text));
    let form = Form::of(survey).unwrap();
    let text = "Số phiếu,Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4,Ông/bà góp ý gì?\n\
                1,06649,5/10/2018,1,1,1,1,\"Chờ lâu, ở quầy 4\"\n\
                2,06649,5/10/2018,1,1,1,1,\n";
    let unnamed = text.replace("Số phiếu", "Ghi chú");
    let aside = Said { aside: vec!["Ghi chú".to_owned()], ..Said::default() };

    let rows = read_of(&form, &made("a.csv", text.as_bytes()), &Said::default()).unwrap();
    let problems = read_of(&form, &made("a.csv", unnamed.as_bytes()), &aside).unwrap_err();

    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row.unwrap()).collect();
    assert_eq!(
        (rows[0].answers[4], &rows[0].texts[..]),
        (1, &["Chờ lâu, ở quầy 4".to_owned()][..])
    );
    assert_eq!((rows[1].answers[4], rows[1].texts.len()), (0, 0));
    assert_eq!(said(&problems)[0].0, "Q5");
}

#[test]
fn every_cell_that_has_no_one_meaning_is_told_with_its_line_and_column() {
    let text = "response_id,Mã khảo sát,Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4,revision,retracted\n\
                x,KHAC,,32/10/2018,Có thể,4,tàu hỏa,nhiều,hai,chắc\n\
                00000000-0000-4000-8000-000000000001,,06649,5/10/2018,1,4,1,1,,\n\
                00000000-0000-4000-8000-000000000001,,06649,5/10/2018,1,4,1,1,,\n\
                00000000-0000-4000-8000-000000000002,,06649,5/10/2018,1,4,1,1,5,,\n\
                00000000-0000-4000-8000-000000000003,,06649,5/10/2018,1,4,1,1,5,,x\n\
                khong-phai,,06649,5/10/2018,1,4,1,1,,\n\
                00000000-0000-4000-8000-000000000004,,06649,5/10/2018,1,4,1\n\
                00000000-0000-4000-8000-000000000005,,06649,lúc nào đó,Có thể,,,,1,x\n";
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend(b"\xd0\xd1,,06649,5/10/2018,1,\xff,1,1,,\n");

    let read = read("a.csv", &bytes).unwrap();

    assert_eq!(
        faults(&read),
        [
            (
                2,
                vec![
                    ("Mã khảo sát", "SURVEY_OTHER"),
                    ("Mã xã", "REQUIRED"),
                    ("retracted", "VALUE_INVALID"),
                    ("revision", "NUMBER_INVALID"),
                    ("Thời điểm trả lời", "TIME_INVALID"),
                    ("Q1", "ANSWER_UNKNOWN"),
                    ("Q3", "ANSWER_UNKNOWN"),
                    ("Q4", "NUMBER_INVALID"),
                ]
            ),
            (4, vec![("response_id", "DUPLICATE")]),
            (6, vec![("", "ROW_WIDTH_OFF")]),
            (7, vec![("response_id", "ID_INVALID")]),
            (8, vec![("", "ROW_WIDTH_OFF")]),
            (10, vec![("Q2", "TEXT_INVALID"), ("response_id", "REQUIRED")]),
        ]
    );
    let retracted = read[7].1.clone().unwrap();
    assert_eq!((retracted.is_retracted, retracted.answers.len()), (true, 0));
}

#[test]
fn a_workbook_is_read_with_its_dates_numbers_and_lost_zeros() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let names = ["Mã xã", "Thời điểm trả lời", "Q1", "Q2", "Q3", "Q4"];
    sheet.write_row(1, 2, names).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let morning = ExcelDateTime::parse_from_str("2018-10-05 08:30").unwrap();
    for row in [2, 4] {
        sheet.write_number(row, 2, 6649).unwrap();
        sheet.write_datetime_with_format(row, 3, &morning, &date).unwrap();
        sheet.write_boolean(row, 4, true).unwrap();
        sheet.write_number(row, 5, 4).unwrap();
        sheet.write_string(row, 6, "Không biết").unwrap();
        sheet.write_number(row, 7, 2.5).unwrap();
    }

    let read = read("a.xlsx", &book.save_to_buffer().unwrap()).unwrap();

    let [(3, Ok(first)), (5, Ok(second))] = &read[..] else { panic!("{read:?}") };
    assert_eq!(
        (first.answers.as_slice(), first.numbers.as_slice()),
        (&[1, 4, -1, 1][..], &[25][..])
    );
    assert_eq!(first.answer_time, Some(Timestamp { seconds: MORNING, nanos: 0 }));
    assert_eq!(first.cluster_code, "06649");
    // Two citizens may say the same.
    assert_ne!(first.response_id, second.response_id);
}

#[test]
fn files_that_cannot_be_read_are_refused_whole() {
    for (name, bytes, expected) in [
        ("a.csv", &b"\xff\xfea\0"[..], "UTF-16"),
        ("a.xls", b"\xd0\xcf\x11\xe0", ".xlsx"),
        ("a.xlsx", b"PK", "cannot be read"),
        ("a.csv", b"", "no row"),
        ("a.csv", "Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4\n".as_bytes(), "no row"),
    ] {
        let problems = read(name, bytes).unwrap_err();

        assert!(problems[0].words.en.contains(expected), "{problems:?}");
    }
}

#[test]
fn the_template_reads_back_when_it_is_filled_in() {
    let mut book = template::workbook(&form(), 10).unwrap();
    let sheet = book.worksheet_from_name("Phiếu").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let morning = ExcelDateTime::parse_from_str("2018-10-05 08:30").unwrap();
    sheet.write_row(1, 0, ["7", "06649"]).unwrap();
    sheet.write_datetime_with_format(1, 2, &morning, &date).unwrap();
    sheet.write_row(1, 3, ["Có", "Hài lòng", "Không biết"]).unwrap();
    sheet.write_number(1, 6, 2.5).unwrap();

    let read = read("a.xlsx", &book.save_to_buffer().unwrap()).unwrap();

    let [(2, Ok(row))] = &read[..] else { panic!("{read:?}") };
    assert_eq!((row.answers.as_slice(), row.numbers.as_slice()), (&[1, 4, -1, 1][..], &[25][..]));
    assert_eq!(row.answer_time, Some(Timestamp { seconds: MORNING, nanos: 0 }));
}

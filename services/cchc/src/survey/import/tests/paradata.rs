//! Columns that say how a response came about.

use cchc_proto::survey::v1::{
    QualityFlag, QualityRule, ingest_responses_request::Channel, quality_rule::Policy,
};

use super::*;

/// The survey with a question of words and every rule that asks how a response came about.
fn watched() -> Form {
    let mut survey = survey();
    survey.questions.push(question("Q5", "Ông/bà góp ý gì?", Kind::Text));
    let flags = [
        QualityFlag::SameRespondent,
        QualityFlag::Speeder,
        QualityFlag::CodeReused,
        QualityFlag::InterviewerShare,
    ];
    let rule = |flag: QualityFlag| QualityRule {
        flag: flag.into(),
        policy: Policy::Flag.into(),
        ..QualityRule::default()
    };
    survey.quality_rules = flags.map(rule).to_vec();
    Form::of(survey).unwrap()
}

#[test]
fn how_a_response_came_about_is_read_where_the_survey_takes_it() {
    let text = "Số phiếu,Mã xã,Thời điểm trả lời,Q1,Q2,Q3,Q4,Q5,started_at,interviewer,channel,slip_code,\
                respondent_key\n\
                1,06649,5/10/2018 08:30,1,1,1,1,,2018-10-05 08:12,DTV-07,qr,HK-0412,00ffA1\n\
                2,06649,5/10/2018,1,1,1,1,,,,Phiếu giấy,,\n\
                3,06649,5/10/2018,1,1,1,1,,hôm qua,,thư,,0912345678x\n";
    let unnamed = text.replace("Số phiếu", "Ghi chú");
    let aside = Said { aside: vec!["Ghi chú".to_owned()], ..Said::default() };

    let read = read_of(&watched(), &made("a.csv", text.as_bytes()), &Said::default()).unwrap();
    let unnamed = read_of(&watched(), &made("a.csv", unnamed.as_bytes()), &aside).unwrap_err();
    let plain = text.replace(",Q5", "").replace(",1,,", ",1,");
    let untaken = read_as(&made("a.csv", plain.as_bytes()), &Said::default()).unwrap_err();

    let first = read[0].1.clone().unwrap();
    assert_eq!(first.respondent_key, [0, 255, 161]);
    assert_eq!(first.start_time, Some(Timestamp { seconds: MORNING - 18 * 60, nanos: 0 }));
    assert_eq!((first.interviewer.as_str(), first.slip_code.as_str()), ("DTV-07", "HK-0412"));
    let channels = [first, read[1].1.clone().unwrap()].map(|row| row.channel());
    assert_eq!(channels, [Channel::Qr, Channel::Paper]);
    let why = [
        ("started_at", "TIME_INVALID"),
        ("channel", "VALUE_INVALID"),
        ("respondent_key", "KEY_INVALID"),
    ];
    assert_eq!(faults(&read), [(4, why.to_vec())]);
    assert!(!format!("{read:?}").contains("0912345678"), "who it may be is in no message");
    let fields = |problems: &[Problem]| -> Vec<String> {
        problems.iter().map(|problem| problem.field.clone()).collect()
    };
    assert_eq!(fields(&unnamed), ["Q5", "respondent_key"]);
    let paradata = ["started_at", "interviewer", "channel", "slip_code", "respondent_key"];
    assert_eq!(fields(&untaken)[..5], paradata);
}

#[test]
fn the_template_asks_how_a_response_came_about_where_the_survey_takes_it() {
    let mut book = template::workbook(&watched(), 10).unwrap();
    let sheet = book.worksheet_from_name("Phiếu").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let [start, end] = ["2018-10-05 08:12", "2018-10-05 08:30"]
        .map(|text| ExcelDateTime::parse_from_str(text).unwrap());
    sheet.write_row(1, 0, ["7", "06649"]).unwrap();
    sheet.write_datetime_with_format(1, 2, &end, &date).unwrap();
    sheet.write_datetime_with_format(1, 3, &start, &date).unwrap();
    sheet.write_row(1, 4, ["DTV-07", "Mã QR", "HK-0412", "Có", "Hài lòng", "Không biết"]).unwrap();
    sheet.write_number(1, 10, 2.5).unwrap();
    sheet.write_string(1, 11, "Chờ lâu").unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let read = read_of(&watched(), &made("a.xlsx", &bytes), &Said::default()).unwrap();

    let [(2, Ok(row))] = &read[..] else { panic!("{read:?}") };
    assert_eq!(
        (row.answers.as_slice(), row.numbers.as_slice()),
        (&[1, 4, -1, 1, 1][..], &[25][..])
    );
    assert_eq!(row.texts, ["Chờ lâu"]);
    assert_eq!((row.channel(), row.slip_code.as_str()), (Channel::Qr, "HK-0412"));
    assert_eq!(row.start_time, Some(Timestamp { seconds: MORNING - 18 * 60, nanos: 0 }));
}

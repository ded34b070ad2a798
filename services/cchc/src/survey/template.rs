//! `cchc survey template`: a workbook in which responses on paper are typed up, made of the questionnaire.
//! What it asks for is offered in lists, and it is read back by `cchc survey import` as it is.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, process::ExitCode};

use cchc_core::SurveyCode;
use cchc_scoring::questionnaire::{Question, QuestionKind, free_text, labels};
use clap::Args;
use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Workbook, Worksheet, XlsxError};
use time::Date;

use super::import::{Form, Holds};
use crate::{
    channel::CHANNELS,
    connect::{Server, TokenFile},
    error::CliError,
    output::Output,
    say::Words,
    template::{self, HELP, Lists, heading, told},
};

/// The sheet that is filled in.
const SHEET: &str = "Phiếu";
/// Columns before the questions, which every survey has.
const BEFORE: [Holds; 3] = [Holds::FormNumber, Holds::Commune, Holds::Time];

/// Characters of an interviewer's name and of a printed code.
const MOST_CODE: u32 = 64;
/// What is said beside them.
const CODE_HINT: &str =
    "Chữ cái không dấu, chữ số, “.”, “_” hoặc “-”; không ghi họ tên. Để trống nếu không có.";

/// What `cchc survey template` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The survey, such as SIPAS-QN-2018
    code: SurveyCode,
    /// Address of the survey service
    #[arg(long, value_name = "URL")]
    survey: String,
    #[command(flatten)]
    token: TokenFile,
    /// The workbook to write
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
    /// Responses that it has room for
    #[arg(long, value_name = "COUNT", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rows: u32,
}

/// Runs `cchc survey template`.
pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&arguments.survey, &arguments.token)?;
    let form = Form::fetch(&server, arguments.code.as_str()).await?;
    let path = arguments.out.display();
    let written = workbook(&form, arguments.rows).and_then(|mut book| book.save(&arguments.out));
    written.map_err(|error| template::cannot_write(&arguments.out, &error))?;
    let words = Words::new(
        format!(
            "Đã ghi {path}: {} câu hỏi. Điền trang “{SHEET}” rồi nạp bằng `cchc survey import`.",
            form.questions.len()
        ),
        format!(
            "Wrote {path}: {} questions. Fill in the sheet {SHEET:?}, then send it with `cchc survey import`.",
            form.questions.len()
        ),
    );
    output.line(words.in_lang(output.lang()))?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the workbook.
pub(super) fn workbook(form: &Form, rows: u32) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let (mut sheet, mut lists) = (Worksheet::new(), Lists::new()?);
    sheet.set_name(SHEET)?.set_freeze_panes(1, 1)?;
    sheet.set_row_height(0, 66)?;
    // A respondent's key is made by a program, not typed.
    let own = form.takes.iter().copied().filter(|holds| *holds != Holds::RespondentKey);
    let (mut next, before) = (0_u16, BEFORE.into_iter().chain(own));
    for (at, holds) in (0_u16..).zip(before) {
        next = at + 1;
        sheet.write_string_with_format(0, at, holds.heading(), &heading())?;
        sheet.set_column_width(at, 20)?;
        let (format, rule) = fixed(holds, form, &mut lists)?;
        sheet.set_column_format(at, &format)?;
        if let Some(rule) = rule {
            sheet.add_data_validation(1, at, rows, at, &rule)?;
        }
    }
    for (at, question) in (next..).zip(&form.questions) {
        let name = format!("{}: {}", question.code, question.text);
        sheet.write_string_with_format(0, at, &name, &heading())?;
        sheet.set_column_width(at, 26)?;
        sheet.set_column_format(at, &cells(question))?;
        sheet.add_data_validation(1, at, rows, at, &rule(question, &mut lists)?)?;
    }
    book.push_worksheet(sheet);
    book.push_worksheet(help(form)?);
    book.push_worksheet(lists.into_sheet());
    Ok(book)
}

/// How a column before the questions looks, and what it takes.
fn fixed(
    holds: Holds,
    form: &Form,
    lists: &mut Lists,
) -> Result<(Format, Option<DataValidation>), XlsxError> {
    let text = || Format::new().set_num_format("@");
    Ok(match holds {
        Holds::Commune => {
            let list = lists.add("Mã xã", form.communes.iter().map(String::as_str))?;
            let hint = "Chọn mã đơn vị cấp xã nơi thu thập phiếu, theo mẫu của cuộc khảo sát.";
            (text(), Some(told(DataValidation::new().allow_list_formula(list), "Mã xã", hint)?))
        }
        Holds::Time | Holds::Start => {
            let [(open, first), (close, last)] = form.days.map(|day| (formula(day), written(day)));
            let range = DataValidationRule::Between(
                open.as_str().into(),
                format!("{close}+1").as_str().into(),
            );
            let hint = format!("Ngày, giờ theo giờ Việt Nam, từ {first} đến hết {last}.");
            let rule =
                told(DataValidation::new().allow_date_formula(range), holds.heading(), &hint)?;
            (Format::new().set_num_format("dd/mm/yyyy hh:mm"), Some(rule))
        }
        Holds::Channel => {
            let list = lists.add(holds.heading(), CHANNELS.iter().map(|(_, _, name)| *name))?;
            let rule = DataValidation::new().allow_list_formula(list);
            (text(), Some(told(rule, holds.heading(), "Người trả lời đã trả lời bằng cách nào.")?))
        }
        Holds::Interviewer | Holds::SlipCode => {
            let rule = DataValidation::new()
                .allow_text_length(DataValidationRule::LessThanOrEqualTo(MOST_CODE));
            (text(), Some(told(rule, holds.heading(), CODE_HINT)?))
        }
        _ => (text(), None),
    })
}

/// What the cells under a question take.
fn rule(question: &Question, lists: &mut Lists) -> Result<DataValidation, XlsxError> {
    let rule = match &question.range {
        _ if question.kind == QuestionKind::Text => {
            let most = question.text_length().unwrap_or_default();
            DataValidation::new().allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
        }
        Some(range) if !offers_words(question) => {
            let [least, most] = [range.least, range.most].map(|n| format!("={n}").as_str().into());
            DataValidation::new()
                .allow_decimal_number_formula(DataValidationRule::Between(least, most))
        }
        // A cell takes numbers or words of a list, not both.
        Some(_) => DataValidation::new().allow_any_value(),
        None => {
            let offered = offered(question);
            let list = lists.add(question.code.as_str(), offered.iter().map(String::as_str))?;
            DataValidation::new().allow_list_formula(list)
        }
    };
    told(rule, question.code.as_str(), &hint(question))
}

const fn offers_words(question: &Question) -> bool {
    question.offers_dont_know || question.offers_not_applicable
}

/// The answers as they are shown: labels, or codes where two labels are alike.
fn offered(question: &Question) -> Vec<String> {
    let mut offered: Vec<String> = if question.options.is_empty() {
        labels::of(question).into_iter().map(|(vi, _)| vi.to_owned()).collect()
    } else {
        question.options.iter().map(|option| option.text.clone()).collect()
    };
    let distinct: BTreeSet<String> = offered.iter().map(|text| text.to_lowercase()).collect();
    if distinct.len() < offered.len() {
        offered = question.answer_names();
    }
    for (words, is_offered) in silent(question) {
        offered.extend(is_offered.then(|| words.to_owned()));
    }
    offered
}

const fn silent(question: &Question) -> [(&'static str, bool); 2] {
    [
        (labels::DONT_KNOW.0, question.offers_dont_know),
        (labels::NOT_APPLICABLE.0, question.offers_not_applicable),
    ]
}

/// What is said beside a cell.
fn hint(question: &Question) -> String {
    let mut hint = question.text.clone();
    if let Some(range) = &question.range {
        let (least, most, places) = (range.least, range.most, range.places);
        let unit = &question.number_unit;
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let _ =
            write!(hint, "\nSố từ {least} đến {most}{unit}, nhiều nhất {places} chữ số thập phân.");
        for (words, _) in silent(question).iter().filter(|(_, is_offered)| *is_offered) {
            let _ = write!(hint, "\nHoặc ghi: {words}.");
        }
    }
    if let Some(most) = question.text_length() {
        // The warning is what must be read where there is no room for both.
        hint = format!("{}\n{hint}\nNhiều nhất {most} ký tự.", free_text::WARNING.0);
    }
    hint.push_str(if question.is_required {
        "\nBắt buộc trả lời khi được hỏi."
    } else {
        "\nĐể trống nếu không trả lời."
    });
    hint
}

/// Answers stay texts, so that codes keep their zeros; numbers are numbers.
fn cells(question: &Question) -> Format {
    match question.kind {
        QuestionKind::Number => Format::new().set_num_format("General"),
        _ => Format::new().set_num_format("@"),
    }
}

/// The sheet that explains: how to fill in, and when each question is asked.
fn help(form: &Form) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    let bold = Format::new().set_bold();
    sheet.set_name(HELP)?.set_column_width(0, 14)?.set_column_width(1, 70)?;
    sheet.set_column_width(2, 50)?.set_column_width(3, 50)?;
    sheet.write_string_with_format(0, 0, format!("{} – {}", form.code, form.title), &bold)?;
    let lines = [
        format!("Mỗi dòng của trang “{SHEET}” là một phiếu; không ghi tên, điện thoại hay số giấy tờ của người trả lời."),
        "Số phiếu là số ghi trên phiếu giấy, khác nhau trong cả cuộc khảo sát: nạp lại tệp không ghi trùng.".to_owned(),
        "Câu không được hỏi theo các câu trước thì để trống. Không sửa dòng tiêu đề.".to_owned(),
        format!("Kiểm tra trước: cchc survey import {} TỆP --dry-run", form.code),
    ];
    for (row, line) in (1_u32..).zip(&lines) {
        sheet.write_string(row, 0, line)?;
    }
    for (at, name) in (0_u16..).zip(["Câu", "Nội dung", "Phương án", "Chỉ hỏi khi"]) {
        sheet.write_string_with_format(6, at, name, &bold)?;
    }
    for (row, question) in (7_u32..).zip(&form.questions) {
        sheet.write_string(row, 0, question.code.as_str())?;
        sheet.write_string(row, 1, &question.text)?;
        let answers = match (&question.range, question.text_length()) {
            (Some(range), _) => format!("số từ {} đến {}", range.least, range.most),
            (None, Some(most)) => {
                format!("tự do, tối đa {most} ký tự. {}", free_text::WARNING.0)
            }
            (None, None) => offered(question).join("; "),
        };
        sheet.write_string(row, 2, answers)?;
        let condition = question.relevance.as_ref().map(ToString::to_string);
        sheet.write_string(row, 3, condition.unwrap_or_default())?;
    }
    Ok(sheet)
}

/// A day as a formula.
fn formula(day: Date) -> String {
    format!("=DATE({},{},{})", day.year(), u8::from(day.month()), day.day())
}

/// A day as it is written in Vietnamese.
fn written(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

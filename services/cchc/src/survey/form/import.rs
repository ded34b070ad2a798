//! An XLSForm workbook as a questionnaire. Whatever a questionnaire cannot hold is told with its sheet,
//! row, column and reason: who answered on purpose, media, places and repetitions because
//! there is nothing here that they could become.

mod bounds;
mod choices;
mod kinds;
mod labels;
mod row;

use std::path::Path;

use cchc_core::QuestionnaireCode;
use cchc_scoring::questionnaire::{FormVersion, Questionnaire};
use unicode_normalization::UnicodeNormalization as _;

use self::{choices::Lists, labels::Labels, row::Building};
use super::{
    left_out::LeftOut,
    names,
    sheet::{self, Row, Sheet, plain},
};
use crate::{problem::Problem, say::Words};

/// A questionnaire that was read, and what of its form it does not hold.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) form: Questionnaire,
    pub(super) left_out: Vec<LeftOut>,
}

/// What was left out so far.
#[derive(Debug, Default)]
struct Told(Vec<LeftOut>);

impl Told {
    /// Tells of a cell.
    fn cell(&mut self, sheet: &Sheet, row: &Row, column: &str, vi: &str, en: &str) {
        self.0.push(LeftOut {
            sheet: sheet.name.clone(),
            row: row.number,
            column: column.to_owned(),
            words: Words::new(vi, en),
        });
    }

    /// Tells of a sheet as a whole.
    fn sheet(&mut self, sheet: &str, vi: impl Into<String>, en: impl Into<String>) {
        let (column, words) = (String::new(), Words::new(vi, en));
        self.0.push(LeftOut { sheet: sheet.to_owned(), row: 0, column, words });
    }
}

/// Reads a workbook, or says why nothing can be made of it.
pub(super) fn questionnaire(bytes: &[u8], path: &Path) -> Result<Imported, Vec<Problem>> {
    let whole = |words| vec![Problem::of_file(path, words)];
    let sheets = sheet::read(bytes).map_err(whole)?;
    let find = |name: &str| sheets.iter().find(|sheet| plain(&sheet.name) == name);
    let Some(survey) = find("survey") else {
        let words = Words::new("không có trang tính survey", "there is no sheet survey");
        return Err(whole(words));
    };
    let (empty, mut told) = (Sheet::default(), Told::default());
    let (choices, settings) =
        (find("choices").unwrap_or(&empty), find("settings").unwrap_or(&empty));
    for other in &sheets {
        if !["survey", "choices", "settings"].contains(&plain(&other.name).as_str()) {
            told.sheet(&other.name, "không dùng trang tính này", "this sheet is not used");
        }
    }
    let default = settings.rows.first().map_or("", |row| settings.cell(row, "default_language"));
    let labels = Labels::of(survey, choices, default, &mut told);
    let lists = Lists::of(choices, &labels, &mut told);
    let mut building = Building::new(survey, &labels, &lists, &mut told);
    building.read();
    let (sections, questions) = building.finish();
    let named = self::settings(settings, path, &mut told);
    let (code, version, title) = named.map_err(whole)?;
    if questions.is_empty() {
        return Err(nothing_left(told.0, path));
    }
    let languages = labels.languages;
    let form = Questionnaire { code, version, title, languages, sections, questions };
    let problems = super::problems(&form, path);
    told.0.sort_by(|one, other| (&one.sheet, one.row).cmp(&(&other.sheet, other.row)));
    if problems.is_empty() { Ok(Imported { form, left_out: told.0 }) } else { Err(problems) }
}

/// Why a form of which no question is left cannot be used: everything that was left out of it.
fn nothing_left(mut left_out: Vec<LeftOut>, path: &Path) -> Vec<Problem> {
    left_out.sort_by(|one, other| (&one.sheet, one.row).cmp(&(&other.sheet, other.row)));
    let words = Words::new("không còn câu hỏi nào dùng được", "no question of it can be used");
    let first = Problem::of_file(path, words);
    let each = left_out.into_iter().map(|one| {
        let field = format!("{} {}", one.sheet, one.column).trim_end().to_owned();
        Problem {
            line: (one.row > 0).then_some(one.row),
            field,
            ..Problem::of_file(path, one.words)
        }
    });
    std::iter::once(first).chain(each).collect()
}

/// The code, version and title; what the settings do not say is made of the file's name.
fn settings(
    sheet: &Sheet,
    path: &Path,
    told: &mut Told,
) -> Result<(QuestionnaireCode, FormVersion, String), Words> {
    const USED: [&str; 4] = ["form_title", "form_id", "version", "default_language"];
    for (place, name) in sheet.header.iter().filter(|(_, name)| !USED.contains(&&*plain(name))) {
        for row in sheet.rows.iter().filter(|row| !row.at(*place).is_empty()) {
            told.cell(sheet, row, name, "không dùng thiết lập này", "this setting is not used");
        }
    }
    let of = |column: &str| sheet.rows.first().map_or("", |row| sheet.cell(row, column));
    let (id, title, version) = (of("form_id"), of("form_title"), of("version"));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let code = code_of(id).or_else(|| code_of(&stem)).ok_or_else(|| {
        Words::new(
            "hãy ghi form_id trong trang settings bằng chữ không dấu và số",
            "write a form_id of letters and digits into the sheet settings",
        )
    })?;
    if code.as_str() != id {
        told.sheet(
            "settings",
            format!("mã phiếu là {code}, viết lại từ form_id “{id}” hoặc tên tệp"),
            format!("the form's code is {code}, made of the form_id {id:?} or the file's name"),
        );
    }
    let read = version.parse::<FormVersion>();
    if read.is_err() {
        told.sheet(
            "settings",
            format!("“{version}” không dùng được làm phiên bản; phiên bản được lấy là 1"),
            format!("{version:?} cannot be used as a version; 1 stands in its place"),
        );
    }
    let version = read.or_else(|_| "1".parse());
    let version = version
        .map_err(|error| Words::new(cchc_core::Refusal::vietnamese(&error), error.to_string()))?;
    Ok((code, version, if title.is_empty() { stem } else { title.to_owned() }))
}

/// A text as a code, without the marks of Vietnamese; nothing where nothing is left of it.
fn code_of(text: &str) -> Option<QuestionnaireCode> {
    let bare = text.replace(['đ', 'Đ'], "d").nfd().filter(char::is_ascii).collect::<String>();
    let code = names::to_code(&bare.replace(' ', "-"));
    code.chars().take(32).collect::<String>().trim_end_matches('-').parse().ok()
}

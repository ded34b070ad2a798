//! Lists of units as an official reads them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use time::macros::date;

use super::*;
use crate::output::Memory;

const MERGED: &str = "code,parent,kind,name,valid_from,valid_to,reference,successors\n\
    22,,province,Tỉnh Quảng Ninh,,,,\n\
    193,22,district,Thành phố Hạ Long,,,,\n\
    204,22,district,Huyện Hoành Bồ,,2020-01-01,Nghị quyết (ví dụ),193\n\
    07030,204,commune,Thị trấn Trới,,2020-01-01,Nghị quyết (ví dụ),\n\
    07030,193,commune,Thị trấn Trới,2020-01-01,,,\n";

fn file(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("units.csv"), text).unwrap();
    folder
}

fn said(lang: Lang, json: bool, run: impl FnOnce(&Output) -> Result<(), CliError>) -> String {
    let memory = Memory::default();
    run(&Output::to(lang, json, memory.clone())).unwrap();
    memory.text()
}

#[test]
fn each_day_has_its_own_list() {
    let folder = file(MERGED);
    let all: Hierarchy = read(folder.path()).unwrap().into_iter().collect();
    let list = |day| said(Lang::Vi, false, |output| show(&all, Some(day), None, output));

    let (before, since) = (list(date!(2019 - 12 - 31)), list(date!(2020 - 01 - 01)));

    assert!(before.contains("Huyện Hoành Bồ") && before.contains("4 đơn vị vào ngày 31/12/2019"));
    assert!(!since.contains("Huyện Hoành Bồ") && since.contains("3 đơn vị vào ngày 01/01/2020"));
}

#[test]
fn a_program_reads_the_units_of_a_day_below_another() {
    let folder = file(MERGED);
    let all: Hierarchy = read(folder.path()).unwrap().into_iter().collect();
    let within = "193".parse().unwrap();
    let day = Some(date!(2020 - 01 - 01));

    let text = said(Lang::Vi, true, |output| show(&all, day, Some(&within), output));

    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    let codes: Vec<&str> = read["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| unit["code"].as_str().unwrap())
        .collect();
    assert_eq!((read["as_of_date"].as_str(), codes), (Some("2020-01-01"), vec!["07030", "193"]));
}

#[test]
fn all_that_ever_existed_are_listed_with_their_successors() {
    let folder = file(MERGED);
    let all: Hierarchy = read(folder.path()).unwrap().into_iter().collect();

    let text = said(Lang::En, false, |output| show(&all, None, None, output));

    let ended = text.lines().find(|line| line.contains("Hoành Bồ")).unwrap();
    assert!(ended.contains("2020-01-01") && ended.trim_end().ends_with("193"), "{ended}");
    assert!(text.contains("4 units that ever existed"), "{text}");
}

#[test]
fn a_list_that_holds_is_counted_and_one_that_does_not_is_refused_whole() {
    let holds = file(MERGED);
    let broken =
        file(&MERGED.replace("07030,193", "07030,204").replace("ví dụ),193", "ví dụ),999"));

    let counted = said(Lang::Vi, false, |output| check(holds.path(), output));
    let json = said(Lang::Vi, true, |output| check(holds.path(), output));
    let refusal = check(broken.path(), &Output::to(Lang::Vi, false, Memory::default()));

    assert!(
        counted.contains("4 đơn vị, 1 đơn vị đã hoặc sẽ kết thúc, 1 lần thay đổi"),
        "{counted}"
    );
    assert!(json.contains("\"unit_count\": 4"), "{json}");
    let Err(CliError::Files(problems)) = refusal else { unreachable!("it does not hold") };
    let said: Vec<String> = problems.iter().map(|problem| problem.say(Lang::Vi)).collect();
    assert!(said.iter().any(|line| line.contains("vẫn thuộc 204")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("999, đơn vị kế thừa 204")), "{said:?}");
}

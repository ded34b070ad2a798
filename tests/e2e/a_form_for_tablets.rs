//! A questionnaire goes to tablets: the workbook that `cchc` writes is an XLSForm to the standard's own
//! converter, and reads back as the questionnaire it was.

use std::process::{Command, Output};

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
    said
}

#[test]
fn every_type_of_question_that_the_converter_knows_is_read_or_left_out_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!("CCHC_TEST_PYTHON must name a Python with pyxform: run tests/run")
    });
    let script = |name: &str, workbook: &std::path::Path| {
        let script = harness::repository().join("tests/python").join(name);
        run(Command::new(&python).arg(script).arg(workbook))
    };
    let form = |words: &[&std::ffi::OsStr]| {
        let mut command = Command::new(harness::binary("cchc"));
        command.args(["--json", "--lang", "en", "survey", "form"]).args(words);
        serde_json::from_str::<serde_json::Value>(&run(&mut command)).unwrap()
    };
    let (workbook, questionnaire, again) = (path("a.xlsx"), path("a.toml"), path("b.xlsx"));

    script("vocabulary.py", &workbook);
    let read =
        form(&["import".as_ref(), workbook.as_ref(), "--out".as_ref(), questionnaire.as_ref()]);
    form(&["export".as_ref(), questionnaire.as_ref(), "--xlsx".as_ref(), again.as_ref()]);
    let converted = script("form.py", &again);

    let left_out = read["left_out"].as_array().unwrap();
    let rows = left_out.iter().filter(|one| one["column"] == "type").map(|one| &one["row"]);
    let unknown = left_out.iter().find(|one| one["reason"] == "this type is not known here");
    let questions = read["question_count"].as_u64().unwrap();
    assert_eq!(unknown, None);
    assert_eq!(questions, 22);
    assert!(rows.count() >= 56, "{left_out:#?}");
    let asked =
        converted.lines().filter(|line| line.contains("/data/") && !line.contains("/meta/"));
    assert_eq!(asked.count() as u64, questions);
}

#[test]
fn the_standards_own_converter_takes_the_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let (workbook, again) = (folder.path().join("phieu.xlsx"), folder.path().join("phieu.toml"));
    let form = harness::repository().join("services/cchc/tests/data/survey/form.toml");
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!("CCHC_TEST_PYTHON must name a Python with pyxform: run tests/run")
    });
    let cchc = || {
        let mut command = Command::new(harness::binary("cchc"));
        command.args(["--json", "survey", "form"]);
        command
    };

    let exported = run(cchc().arg("export").arg(&form).arg("--xlsx").arg(&workbook));
    let converted = run(Command::new(python)
        .arg(harness::repository().join("tests/python/form.py"))
        .arg(&workbook));
    let imported =
        run(cchc().arg("import").arg(&workbook).arg("--out").arg(&again).arg("--strict"));

    let lines = converted.lines().filter(|line| !line.contains("/meta/"));
    // The converter puts spaces around what it makes of a reference.
    let lines: Vec<String> =
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let group = "/data/section_GIAO-DICH";
    assert_eq!(
        lines,
        [
            "/data/Q1 | string | true() | |".to_owned(),
            format!("{group}/Q2 | string | | |"),
            format!("{group}/Q3 | string | | |"),
            format!(
                "{group}/Q4 | int | | {group}/Q2 != 'truc-tuyen' and not( {group}/Q3 >= 4) | \
                 (. >= 0 and . <= 50) and (. != 13)"
            ),
            format!("/data/_5A | decimal | | {group}/Q4 > 1 | . >= 0 and . <= 999.5"),
            "/data/Q6 | string | | |".to_owned(),
            // A message has no translations here.
            "warning Language 'English (en)' is missing the survey constraint_message column."
                .to_owned(),
        ]
    );
    assert_eq!(exported, imported);
    let read =
        |path| toml::from_str::<toml::Table>(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (before, after) = (read(form), read(again));
    assert_eq!(before["questions"][2]["node"], after["questions"][2]["node"]);
}

//! A unit fills in its form in a spreadsheet program that is not ours, and sends it back: `openpyxl` finds the
//! lists, types and saves; the rollup has the figure.

use std::process::{Command, Output};

use harness::World;
use serde_json::Value;

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
    said
}

#[tokio::test]
async fn a_form_that_another_program_filled_in_and_saved_is_read_back() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!("CCHC_TEST_PYTHON must name a Python with openpyxl: run tests/run")
    });
    let token = world.token_file("193", &world.people.agency("193"));
    let (address, form, filled) =
        (world.address("assignment"), world.path("mau.xlsx"), world.path("193.xlsx"));
    let cchc = |words: &[&str]| {
        let mut command = Command::new(harness::binary("cchc"));
        command.args(["--json", "measurement"]).args(words);
        run(command.args(["--assignment", &address, "--token-file", &token]))
    };

    cchc(&["template", "193", "2018", "--out", &form]);
    let offered = run(Command::new(python)
        .arg(harness::repository().join("tests/python/fill.py"))
        .args([&form, &filled])
        .args([
            "2",
            "Tử số",
            "18",
            "2",
            "Mẫu số",
            "20",
            "2",
            "Tài liệu kiểm chứng",
            "BC 5/BC-UBND",
        ]));
    let tried: Value = serde_json::from_str(&cchc(&["import", &filled, "--dry-run"])).unwrap();
    let stored: Value = serde_json::from_str(&cchc(&["import", &filled])).unwrap();
    let again: Value = serde_json::from_str(&cchc(&["import", &filled])).unwrap();

    let lists = offered.lines().filter(|line| line.starts_with("list"));
    let units = lists.clone().find(|line| line.contains("Mã đơn vị")).unwrap();
    assert!(units.contains(" | 06649") && lists.count() >= 4, "{offered}");
    let counts = |told: &Value| [&told["accepted"], &told["repeats"]].map(|n| n.as_i64().unwrap());
    assert_eq!([tried, stored, again].map(|told| counts(&told)), [[1, 0], [1, 0], [0, 1]]);
    world.calls().settle().await;
}

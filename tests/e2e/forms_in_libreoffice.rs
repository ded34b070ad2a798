//! The forms are opened and saved by LibreOffice, where it is installed: every heading is there, and what was
//! filled in is read back from the file that LibreOffice saved.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output},
};

use cchc_core::Role;
use harness::World;
use serde_json::Value;

/// The forms, and some of what stands in each as officials read it.
const FORMS: [(&str, &[&str]); 4] = [
    ("so-lieu", &["Mã đơn vị", "Tên chỉ tiêu", "Đã báo cáo", "Tử số", "Mẫu số", "Phường Hà Khánh"]),
    ("tien-do", &["Số nhiệm vụ", "Tên nhiệm vụ", "Hạn hoàn thành", "Tỷ lệ hoàn thành (%)"]),
    ("tu-cham", &["Mã mục", "Điểm tối đa", "Điểm tự chấm", "Giải trình", "CCHC-2018"]),
    ("phieu", &["Mã xã", "Thời điểm trả lời"]),
];

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
    said
}

/// Lets LibreOffice open files and save them in another form, into a folder.
fn convert(world: &World, form: &str, into: &str, files: &[String]) {
    run(Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", world.path("libreoffice")))
        .args(["--headless", "--convert-to", form, "--outdir", into])
        .args(files));
}

/// Writes the four forms.
fn write_forms(world: &World) {
    let viewer = world.people.token("chuyen-vien", "193", &[Role::AgencyReporter, Role::Appraiser]);
    let officer = world.token_file("193", &viewer);
    let organiser = world.people.token("so-noi-vu", "22-SNV", &[Role::Appraiser]);
    let organiser = world.token_file("22-SNV", &organiser);
    let manager = world.token_file("manager", &world.people.editor());
    let (assignment, survey) = (world.address("assignment"), world.address("survey"));
    let file = |name: &str| world.path(&format!("{name}.xlsx"));
    let at = |token: &str| {
        ["--assignment", assignment.as_str(), "--token-file", token].map(str::to_owned)
    };
    let cchc = |words: &[&str], at: &[String]| {
        let words: Vec<&str> = words.iter().copied().chain(at.iter().map(String::as_str)).collect();
        let _ = world.calls().cchc(&words);
    };
    let campaign = ["campaign", "load", "deploy/campaigns/cchc-2018.toml"];
    cchc(&campaign, &at(&organiser));
    let measurement = ["measurement", "template", "193", "2018", "--out", &file("so-lieu")];
    cchc(&measurement, &at(&officer));
    cchc(&["task", "template", "QN-2018", "193", "--out", &file("tien-do")], &at(&officer));
    cchc(&["campaign", "template", "CCHC-2018", "193", "--out", &file("tu-cham")], &at(&officer));
    let survey = ["--survey", &survey, "--token-file", &manager].map(str::to_owned);
    let template = ["survey", "template", harness::calls::SURVEY, "--out", &file("phieu")];
    cchc(&template, &survey);
}

#[tokio::test]
async fn every_form_is_opened_by_libreoffice_and_what_it_saves_is_read_back() {
    if Command::new("soffice").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "LibreOffice (soffice) is not installed: skipped");
        return;
    }
    let world = World::start().await;
    world.calls().load_plan().await;
    write_forms(&world);
    let [read, saved] = ["read", "saved"].map(|name| world.path(name));

    let forms = FORMS.map(|(name, _)| world.path(&format!("{name}.xlsx")));
    convert(&world, "csv:Text - txt - csv (StarCalc):44,34,76", &read, &forms);
    let python = std::env::var("CCHC_TEST_PYTHON").expect("run tests/run");
    let (form, filled) = (&forms[0], world.path("193.xlsx"));
    run(Command::new(python).arg(harness::repository().join("tests/python/fill.py")).args([
        form.as_str(),
        &filled,
        "2",
        "Tử số",
        "18",
        "2",
        "Mẫu số",
        "20",
    ]));
    convert(&world, "xlsx", &saved, &[filled]);
    let (file, token) = (format!("{saved}/193.xlsx"), world.path("193.token"));
    let address = world.address("assignment");
    let at = ["--assignment", &address, "--token-file", &token];
    let import = ["--json", "measurement", "import", &file, "--dry-run"];
    let tried = world.calls().cchc(&[&import[..], &at].concat());

    for (name, words) in FORMS {
        let text = fs::read_to_string(Path::new(&read).join(format!("{name}.csv"))).unwrap();
        for word in words {
            assert!(text.contains(word), "{name}: {word}: {text}");
        }
    }
    let tried: Value = serde_json::from_slice(&tried.stdout).unwrap();
    assert_eq!(
        (&tried["accepted"], &tried["refused"], &tried["unread"]),
        (&1.into(), &0.into(), &0.into())
    );
}

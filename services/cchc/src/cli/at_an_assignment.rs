//! Forms that units fill in and send back, at an assignment service that runs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{fs, ops::ControlFlow, path::Path, sync::Arc};

use cchc_assignment::{HearRegistry, startup};
use cchc_core::{Role, SystemClock, SystemIds, civil_date};
use cchc_kit::{db::Db, units::Units};
use cchc_proto::{
    assignment::v1::{
        Campaign, GetFormRequest, LoadCampaignRequest, campaign::Window,
        campaign_service_client::CampaignServiceClient,
    },
    registry::v1::UnitSelector,
};
use cchc_testkit::{Bench, request};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

mod many;
mod people;

use super::desk::{Desk, hears, hears_of_units, read};
use crate::lines::{self, Cell};

/// How the service hears.
async fn hearing(bench: &Bench) -> HearRegistry {
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let units = Units::new(Db::from_pool(bench.pool().await), clock.clone());
    HearRegistry::new(units, clock, ids)
}

async fn hears_the_registry(bench: &Bench) {
    let index = json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "unit": "điểm", "title": "Bộ chỉ số mẫu",
        "title_en": "Sample", "provenance": "own", "reference": "mẫu thử",
        "nodes": [
            { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "max": "15", "source": "children" },
            { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10", "source": "self-assessed", "rule": { "kind": "assessed" }, "evidence": "Văn bản chỉ đạo" },
            { "code": "2", "title": "Kế hoạch", "title_en": "Planning", "max": "5", "source": "self-assessed", "rule": { "kind": "yes-no" } },
        ],
        "variables": [
            { "code": "COMMUNE-OFFICIALS", "title": "Cán bộ đạt chuẩn", "title_en": "Qualified officials", "measure": "share", "numerator": "Số đạt chuẩn", "denominator": "Số hiện có", "reporters": { "kinds": ["commune"] }, "collection": "latest" },
            { "code": "INITIATIVES", "title": "Sáng kiến", "title_en": "Initiatives", "measure": "count", "numerator": "Số sáng kiến", "reporters": { "kinds": ["commune"] }, "collection": "latest" },
        ],
    });
    let plan = json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "mẫu thử",
        "tasks": [
            { "number": "1.1", "title": "Kiểm tra", "reference": "III.1.1", "binds": { "kinds": ["district"] }, "due": { "date": "2018-06-30", "inclusive": false }, "coordinating": { "units": ["06652"] } },
            { "number": "1.10", "title": "Tiếp dân", "reference": "III.1.10", "binds": { "kinds": ["district", "commune"] } },
        ],
    });
    hears(bench, &hearing(bench).await, index, plan).await;
}

/// An officer of a district with an assignment service, and the folder of its evidence.
async fn open() -> (Desk, TempDir) {
    let (bench, evidence) = (Bench::new("assignment").await, tempfile::tempdir().unwrap());
    let folder = evidence.path().to_owned();
    let start = |mut config: cchc_kit::config::Config| {
        config.evidence.folder = Some(folder);
        startup::build(config)
    };
    let running = bench.start(start).await;
    hears_the_registry(&bench).await;
    let token = bench.token("can-bo-193", "193", &[Role::AgencyReporter]);
    (Desk::new("--assignment", bench, running, token), evidence)
}

impl Desk {
    /// Sends a file; gives what is told of it.
    async fn import(&self, what: &str, file: &str, words: &[&str]) -> Value {
        self.json(&[&[what, "import", file], words].concat()).await
    }

    /// Fills cells of a form in, each by its line and heading, and saves it under another name.
    fn fill(&self, form: &str, name: &str, cells: &[(usize, &str, &str)]) -> String {
        let lines = grid(Path::new(form));
        let (mut book, path) = (Workbook::new(), self.path(name));
        let sheet = book.add_worksheet();
        for (row, line) in (0_u32..).zip(&lines) {
            for (at, text) in (0_u16..).zip(line) {
                sheet.write_string(row, at, text).unwrap();
            }
        }
        for (line, heading, text) in cells {
            let at = lines[0].iter().position(|of| of == heading).unwrap();
            let (row, at) = (u32::try_from(*line).unwrap() - 1, u16::try_from(at).unwrap());
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, at, number).unwrap(),
                Err(_) => sheet.write_string(row, at, *text).unwrap(),
            };
        }
        book.save(&path).unwrap();
        path
    }
}

/// What stands in the first sheet.
fn grid(path: &Path) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let read = lines::read(path, None, &mut |line| {
        all.push(line.cells.iter().map(Cell::text).collect());
        ControlFlow::Continue(())
    });
    read.unwrap();
    all
}

/// Counts of what became of the rows: new, corrected, known, superseded, refused, not read.
fn counts(told: &Value) -> [i64; 6] {
    ["accepted", "corrected", "repeats", "superseded", "refused", "unread"]
        .map(|name| told[name].as_i64().unwrap())
}

/// Lines and reasons of a report.
fn reasons(path: &str) -> Vec<(u64, String)> {
    let told: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let of =
        |one: &Value| (one["line"].as_u64().unwrap(), one["reason"].as_str().unwrap().to_owned());
    told.iter().map(of).collect()
}

#[tokio::test]
async fn measurements_are_filled_in_tried_and_stored_and_the_same_file_changes_nothing() {
    let (desk, _evidence) = open().await;
    let form = desk.path("mau.xlsx");
    desk.says(&["measurement", "template", "193", "2018-Q1", "--out", &form]).await;
    let filled = desk.fill(
        &form,
        "q1.xlsx",
        &[
            (2, "Tử số", "18.5"),
            (2, "Mẫu số", "20"),
            (3, "Tử số", "không rõ"),
            (4, "Tử số", "21"),
            (4, "Mẫu số", "20"),
        ],
    );
    let [tried, stored, again] = ["thu.json", "that.json", "lai.json"].map(|name| desk.path(name));

    let dry = desk.import("measurement", &filled, &["--dry-run", "--report", &tried]).await;
    let real = desk.import("measurement", &filled, &["--report", &stored]).await;
    let twice = desk.import("measurement", &filled, &["--report", &again]).await;

    let told = |first: &str| {
        let rest = [(3, "CELL_UNREADABLE"), (4, "NUMERATOR_ABOVE_DENOMINATOR")];
        let all = [(2, first)].into_iter().chain(rest);
        all.map(|(line, reason)| (line, reason.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(counts(&dry), [1, 0, 0, 0, 1, 1]);
    assert_eq!(counts(&real), counts(&dry));
    assert_eq!(counts(&twice), [0, 0, 1, 0, 1, 1]);
    assert_eq!(reasons(&tried), told("ACCEPTED"));
    assert_eq!(reasons(&stored), reasons(&tried));
    assert_eq!(reasons(&again), told("REPEAT"));
    assert_eq!(real["faults"][1]["column"], "Tử số");
    desk.running.stop().await;
}

#[tokio::test]
async fn a_form_shows_what_was_reported_beside_the_cells_and_not_in_them() {
    let (desk, _evidence) = open().await;
    let rows = "Mã đơn vị;Mã chỉ tiêu;Kỳ báo cáo;Tử số;Mẫu số\n\
                06649;COMMUNE-OFFICIALS;2018-Q1;18,5;20\n06652;INITIATIVES;2018-Q1;3;\n";
    let file = desk.file("so-lieu.csv", rows);
    let form = desk.path("mau.xlsx");

    let sent = desk.import("measurement", &file, &[]).await;
    desk.says(&["measurement", "template", "193", "2018-Q1", "--out", &form]).await;

    assert_eq!(counts(&sent), [2, 0, 0, 0, 0, 0]);
    let lines = grid(Path::new(&form));
    let column = |heading: &str| lines[0].iter().position(|of| of == heading).unwrap();
    let cells = |heading: &str| -> Vec<&str> {
        let at = column(heading);
        lines[1..].iter().map(|line| line.get(at).map_or("", String::as_str)).collect()
    };
    assert_eq!(cells("Mã đơn vị"), ["06649", "06649", "06652", "06652"]);
    assert_eq!(cells("Đã báo cáo"), ["18,5 / 20", "", "", "3"]);
    assert_eq!(cells("Tử số"), ["", "", "", ""]);
    assert_eq!(cells("Mẫu số là")[1], "(không có mẫu số)");
    desk.running.stop().await;
}

#[tokio::test]
async fn a_figure_that_was_replaced_since_is_not_put_back_in_silence() {
    let (desk, _evidence) = open().await;
    let file = |name: &str, count: u32| {
        let head = "unit,variable,period,numerator,denominator\n";
        desk.file(name, &format!("{head}06649,INITIATIVES,2018,{count},\n"))
    };
    let (three, four) = (file("ba.csv", 3), file("bon.csv", 4));

    let first = desk.import("measurement", &three, &[]).await;
    let second = desk.import("measurement", &four, &[]).await;
    let back = desk.import("measurement", &three, &[]).await;
    let meant = desk.import("measurement", &three, &["--batch", "dinh-chinh"]).await;

    assert_eq!(counts(&first), [1, 0, 0, 0, 0, 0]);
    assert_eq!(counts(&second), [0, 1, 0, 0, 0, 0]);
    assert_eq!(counts(&back), [0, 0, 0, 1, 0, 0]);
    assert_eq!(back["faults"][0]["reason"], "SUPERSEDED");
    assert_eq!(counts(&meant), [0, 1, 0, 0, 0, 0]);
    desk.running.stop().await;
}

#[tokio::test]
async fn progress_is_filled_in_and_a_number_that_lost_its_zero_is_refused() {
    let (desk, _evidence) = open().await;
    let form = desk.path("mau.xlsx");
    desk.says(&["task", "template", "QN-2018", "193", "--out", &form]).await;
    let lines = grid(Path::new(&form));
    let percent = "Tỷ lệ hoàn thành (%)";
    let cells = [
        (2, percent, "100"),
        (2, "Ngày hoàn thành", "14/6/2018"),
        (3, percent, "40"),
        (4, percent, "7"),
        (4, "Số nhiệm vụ", "1.1"),
    ];
    let filled = desk.fill(&form, "tien-do.xlsx", &cells);
    let report = desk.path("bao-cao.json");

    let told = desk.import("task", &filled, &["--report", &report]).await;

    assert_eq!(lines.len(), 1 + 4);
    assert_eq!((lines[1][1].as_str(), lines[1][2].as_str()), ("1.1", "Kiểm tra"));
    assert_eq!(lines[1][4], "29/06/2018");
    assert_eq!(counts(&told), [2, 0, 0, 0, 0, 1]);
    assert_eq!(reasons(&report)[2], (4, "CELL_UNREADABLE".to_owned()));
    desk.running.stop().await;
}

impl Desk {
    /// Loads a campaign whose self-assessment is today.
    async fn load_campaign(&self) {
        let today = civil_date(OffsetDateTime::now_utc());
        let window = |first: i64, last: i64| {
            let day = |of: i64| Some((today + Duration::days(of)).into());
            Some(Window { first_date: day(first), last_date: day(last) })
        };
        let campaign = Campaign {
            code: "CCHC-2018".to_owned(),
            title: "Đánh giá cải cách hành chính".to_owned(),
            plan_code: "QN-2018".to_owned(),
            index_code: "PAR-2018".to_owned(),
            organiser_unit_code: "22".to_owned(),
            units: Some(UnitSelector { unit_codes: vec!["193".to_owned()], kinds: Vec::new() }),
            self_assessment: window(-2, 2),
            appraisal: window(3, 4),
            explanation: window(5, 6),
            second_appraisal: window(7, 8),
            ..Campaign::default()
        };
        let ask = LoadCampaignRequest {
            request_id: "00000000-0000-4000-8000-000000000001".to_owned(),
            campaign: Some(campaign),
            etag: String::new(),
        };
        let token = self.bench.token("hoi-dong", "22", &[Role::Appraiser]);
        let mut client = CampaignServiceClient::new(self.running.channel());
        client.load_campaign(request(ask, &token)).await.unwrap();
    }
}

#[tokio::test]
async fn a_self_assessment_is_filled_in_and_nobody_writes_over_a_colleague() {
    let (desk, _evidence) = open().await;
    desk.load_campaign().await;
    let (form, points) = (desk.path("mau.xlsx"), "Điểm tự chấm");
    desk.says(&["campaign", "template", "CCHC-2018", "193", "--out", &form]).await;
    let mine = desk.fill(
        &form,
        "toi.xlsx",
        &[(2, points, "8.5"), (2, "Tài liệu kiểm chứng", "KH 2/KH-UBND | BC 5"), (3, points, "3")],
    );
    let theirs = desk.fill(&form, "ban.xlsx", &[(2, points, "9"), (2, "Giải trình", "Đủ")]);
    let report = desk.path("ban.json");

    let dry = desk.import("campaign", &mine, &["--dry-run"]).await;
    let first = desk.import("campaign", &mine, &[]).await;
    let again = desk.import("campaign", &mine, &[]).await;
    let second = desk.import("campaign", &theirs, &["--report", &report]).await;

    assert_eq!(counts(&dry), [1, 0, 0, 0, 1, 0]);
    assert_eq!(counts(&first), counts(&dry));
    assert_eq!(first["faults"][0]["reason"], "POINTS_OF_NO_STATE");
    assert_eq!(first["faults"][0]["column"], points);
    assert_eq!(counts(&again), [0, 0, 1, 0, 1, 0]);
    assert_eq!(reasons(&report), [(2, "ENTRY_CHANGED".to_owned())]);
    assert_eq!(counts(&second), [0, 0, 0, 0, 1, 0]);
    let ask = GetFormRequest { campaign_code: "CCHC-2018".to_owned(), unit_code: "193".to_owned() };
    let mut client = CampaignServiceClient::new(desk.running.channel());
    let form = client.get_form(request(ask, &desk.token)).await.unwrap().into_inner();
    let score = form.items[0].entry.clone().unwrap().self_score.unwrap();
    assert_eq!(score.points.unwrap().value, "8.5");
    assert_eq!(score.evidence, ["KH 2/KH-UBND", "BC 5"]);
    desk.running.stop().await;
}

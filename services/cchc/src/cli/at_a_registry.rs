//! The commands as an operator types them, at a registry that runs, and what it keeps afterwards.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use cchc_core::Role;
use cchc_testkit::Bench;
use serde_json::{Value, json};

use super::desk::Desk;

/// Somebody of the province with a registry.
async fn open() -> Desk {
    let bench = Bench::new("registry").await;
    let running = bench.start(cchc_registry::startup::build).await;
    let roles = [Role::RegistryViewer, Role::RegistryEditor, Role::RegistryPublisher];
    let token = bench.token("so-noi-vu", "22", &roles);
    Desk::new("--registry", bench, running, token)
}

/// Writes a document as a plan file; gives its path.
fn plan_file(desk: &Desk, name: &str, document: &Value) -> String {
    desk.file(name, &toml::to_string(document).unwrap())
}

fn deployed(path: &str) -> String {
    let deploy = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    deploy.join(path).to_str().unwrap().to_owned()
}

/// A small index, of a year.
fn edition(year: i32, max: &str) -> Value {
    let node = |code: &str| json!({ "code": code, "title": "Mục", "title_en": "Node", "max": max, "source": "external" });
    json!({ "code": format!("T-{year}"), "year": year, "family": "T", "title": "T", "title_en": "T",
            "unit": "điểm", "provenance": "own", "reference": "mẫu thử",
            "nodes": [node("0"), node("1")] })
}

#[tokio::test]
async fn an_edition_is_published_from_its_file_then_shown_and_compared_by_its_code() {
    let desk = open().await;
    let file = deployed("plans/quang-ninh-2018/indices/par-2018.toml");

    let published = desk.says(&["index", "publish", &file]).await;
    let again = desk.says(&["index", "publish", &file]).await;
    let shown = desk.says(&["index", "show", "PAR-2018"]).await;
    let english = desk.says(&["index", "show", "PAR-2018", "--lang", "en"]).await;
    let difference = desk.says(&["index", "diff", &file, "PAR-2018"]).await;
    let unknown = desk.run(&["index", "show", "PAR-2017"]).await.unwrap_err();

    assert_eq!(published, "PAR-2018: đã ban hành, từ nay không thay đổi.\n");
    assert_eq!(again, published);
    assert!(shown.contains("Trạng thái: đã ban hành; etag "), "{shown}");
    assert!(shown.contains("Điểm do đơn vị tự đánh giá"), "{shown}");
    assert!(english.contains("Points given by the unit itself"), "{english}");
    assert_eq!(difference, "PAR-2018 → PAR-2018\nKhông có khác biệt.\n");
    assert!(format!("{unknown:?}").contains("INDEX_NOT_FOUND"), "{unknown:?}");
    desk.running.stop().await;
}

#[tokio::test]
async fn a_published_table_is_recorded_once_and_ranks_the_provinces() {
    let desk = open().await;
    let (table, index) =
        (deployed("results/papi-2017/table.csv"), deployed("results/papi-2017/index.toml"));
    let import = ["results", "import", &table, "--index", "PAPI-2017", "--definition", &index];
    let source = ["--publisher", "CECODES", "--published", "2018-04-04", "--document", "PAPI 2017"];

    let first = desk.says(&[&import[..], &source].concat()).await;
    let second = desk.says(&[&import[..], &source].concat()).await;
    let ranked = desk.json(&["results", "rank", "PAPI-2017"]).await;
    let dimension = desk.json(&["results", "rank", "PAPI-2017", "--node", "D5"]).await;

    assert_eq!(first, second, "the same table is no other revision");
    let of = |ranked: &Value| {
        let provinces = ranked["provinces"].as_array().unwrap();
        let own = provinces.iter().find(|of| of["province_code"] == "22").unwrap();
        (own["rank"].as_i64(), own["group"].as_i64(), own["points"].clone())
    };
    assert_eq!(ranked["ranked_count"], 63);
    assert_eq!(of(&ranked), (Some(32), Some(2), json!("36.7198")));
    assert_eq!(of(&dimension).0, Some(45));
    desk.running.stop().await;
}

#[tokio::test]
async fn a_node_is_followed_over_a_crosswalk_that_was_put_in_force_here() {
    let desk = open().await;
    for (name, edition) in [("a.toml", edition(2017, "10")), ("b.toml", edition(2018, "20"))] {
        desk.says(&["index", "publish", &plan_file(&desk, name, &edition)]).await;
    }
    for (year, points) in [("2017", "6"), ("2018", "13")] {
        let table = desk.file(&format!("{year}.csv"), &format!("gso_code,D1\n22,{points}\n"));
        let (code, day) = (format!("T-{year}"), format!("{year}-12-31"));
        let import = ["results", "import", &table, "--index", &code];
        let source = ["--publisher", "B", "--published", &day, "--document", "Báo cáo"];
        desk.says(&[&import[..], &source].concat()).await;
    }
    let links = json!([{ "kind": "rescaled", "from": ["0"], "to": ["0"] },
                       { "kind": "rescaled", "from": ["1"], "to": ["1"] }]);
    let crosswalk = plan_file(
        &desk,
        "c.toml",
        &json!({ "code": "T-2017-2018", "from": "T-2017", "to": "T-2018", "title": "Bảng",
                 "title_en": "Table", "reference": "mẫu thử", "links": links }),
    );

    let series = ["index", "series", "T-2018/1", "--province", "22"];
    let before = desk.says(&series).await;
    let read = desk.says(&["index", "crosswalk", &crosswalk]).await;
    let published = desk.says(&["index", "crosswalk", &crosswalk, "--publish"]).await;
    let shown = desk.says(&["index", "crosswalk", "T-2017-2018"]).await;
    let after = desk.says(&series).await;
    let data = desk.json(&series).await;

    assert!(before.contains("đứt đoạn: chưa có bảng chuyển đổi"), "{before}");
    assert!(read.contains("đổi thang điểm") && !read.contains("Trạng thái"), "{read}");
    assert!(published.contains("Trạng thái: đã ban hành"), "{published}");
    assert_eq!(shown, published);
    assert!(after.contains("nối tiếp (đổi thang điểm): +5 điểm %"), "{after}");
    assert!(after.contains("công bố: Báo cáo; B công bố ngày 31/12/2018"), "{after}");
    assert_eq!(data["entries"][1]["points"], "13");
    desk.running.stop().await;
}

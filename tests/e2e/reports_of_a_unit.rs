//! A periodic report goes its way: the document is uploaded, the report is filed with it, the command line says
//! how it stands, and the page of the units shows it to the unit's own people.

use std::fs;

use cchc_core::Role;
use harness::World;
use serde_json::Value;

use crate::the_page::browse;

/// Somebody of a unit who may look.
fn viewer(world: &World, unit: &str) -> String {
    let token = world.people.token(&format!("lanh-dao-{unit}"), unit, &[Role::RollupViewer]);
    format!("cchc_token={token}")
}

/// A world that knows the holidays, from which working days are counted.
async fn world() -> World {
    let world = World::start().await;
    world.calls().load_plan().await;
    let token = world.token_file("operator", &world.people.leader());
    let address = world.address("assignment");
    let at = ["--assignment", &address, "--token-file", &token];
    let years = ["calendar", "load", "deploy/calendars/2018.toml", "deploy/calendars/2019.toml"];
    let _ = world.calls().cchc(&[&years[..], &at].concat());
    world
}

/// What the command line says at the assignment service, as an officer of a unit.
fn says(world: &World, unit: &str, words: &[&str]) -> String {
    let token = world.token_file(unit, &world.people.agency(unit));
    let address = world.address("assignment");
    let at = ["--assignment", &address, "--token-file", &token];
    let said = world.calls().cchc(&[words, &at].concat());
    String::from_utf8(said.stdout).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_report_is_filed_with_its_document_and_stands_as_it_should_wherever_it_is_looked_at() {
    let world = world().await;
    let (document, rows) = (world.path("Báo cáo năm.pdf"), world.path("bao-cao.csv"));
    fs::write(&document, b"%PDF-1.7\nB\xC3\xA1o c\xC3\xA1o\n%%EOF\n").unwrap();

    let upload = ["--json", "evidence", "upload", &document, "--unit", "193"];
    let upload = json(&says(&world, "193", &upload));
    let id = upload["evidence"][0]["evidence_id"].as_str().unwrap();
    let head = "plan,period,unit,document_number,document_date,evidence_id\n";
    // The six months are reported by 15 June, a Friday; the nine months by 15 September, a
    // Saturday: no policy says here that it moves to Monday.
    let six = format!("QN-2018,2018-6M,193,15/BC-UBND,15/06/2018,{id}\n");
    let nine = "QN-2018,2018-9M,193,21/BC-UBND,20/09/2018,\n";
    fs::write(&rows, format!("{head}{six}{nine}")).unwrap();
    let token = world.token_file("193", &world.people.agency("193"));
    let address = world.address("assignment");
    let push = ["push", "reports", &rows, "--to", &address, "--token-file", &token];
    let _ = world.calls().cchc(&push);
    world.calls().settle().await;

    let listed = json(&says(&world, "193", &["--json", "report", "list", "QN-2018", "193"]));
    let table = says(&world, "193", &["report", "list", "QN-2018", "193"]);
    let amiss =
        says(&world, "193", &["--lang", "en", "report", "list", "QN-2018", "193", "--amiss"]);
    let page = browse(&world, "/units", &viewer(&world, "193"), "</html>").await;

    let all = listed["obligations"].as_array().unwrap();
    let of = |period: &str| all.iter().find(|of| of["obligation"]["period"] == period).unwrap();
    let (six, nine) = (of("2018-6M"), of("2018-9M"));
    let filed = &six["obligation"]["filed"];
    assert_eq!((&filed["evidence_id"], &filed["evidence_version"]), (&id.into(), &1.into()));
    assert_eq!(six["standing"]["state"], "STATE_IN_TIME");
    assert_eq!(nine["standing"]["state"], "STATE_LATE");
    assert_eq!(nine["standing"]["late_working_day_count"], 4, "Monday to Thursday");
    assert_eq!((nine["standing"]["last_date"].as_str(), all.len()), (Some("2018-09-15"), 4));
    for words in ["Tình trạng", "15/BC-UBND", "15/06/2018", "đúng hạn", "15/09/2018", "muộn"]
    {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(!amiss.contains("15/BC-UBND") && amiss.contains("21/BC-UBND"), "{amiss}");
    let late = "2018-9M: muộn 4 ngày làm việc, 21/BC-UBND ngày 20/09/2018 (hạn 15/09/2018)";
    assert!(page.contains(late), "{page}");
}

#[tokio::test]
async fn the_page_of_the_units_shows_each_visitor_the_own_unit_and_those_below_it() {
    let world = world().await;
    let row = |unit: &str| format!("<tr id=\"{unit}\">");
    let stranger = world.people.token("tinh-khac", "24", &[Role::RollupViewer]);
    let reporter = world.people.agency("193");

    let nobody = browse(&world, "/units", "", "").await;
    let foreign = browse(&world, "/units", &format!("cchc_token={stranger}"), "").await;
    let unentitled = browse(&world, "/units", &format!("cchc_token={reporter}"), "").await;
    let district = browse(&world, "/units", &viewer(&world, "193"), "</html>").await;
    let commune = browse(&world, "/units", &viewer(&world, "06649"), "</html>").await;
    let province = browse(&world, "/units", &viewer(&world, "22"), "</html>").await;

    assert!(nobody.starts_with("HTTP/1.1 401"), "{nobody}");
    for refused in [foreign, unentitled] {
        assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
        assert!(!refused.contains("<tr id="), "{refused}");
    }
    assert!(district.starts_with("HTTP/1.1 200") && district.contains("<html lang=\"vi\">"));
    let said = ["Bảng theo dõi đơn vị: ", "Hạ Long", "Quá hạn", "Báo cáo phải gửi", "Kịp thời (%)"];
    for words in said {
        assert!(district.contains(words), "{words}: {district}");
    }
    let sees = |page: &str| ["22", "193", "06649", "194"].map(|unit| page.contains(&row(unit)));
    assert_eq!(sees(&district), [false, true, true, false]);
    assert_eq!(sees(&commune), [false, false, true, false]);
    assert_eq!(&sees(&province)[1..], [true, true, true]);
    assert_eq!(commune.matches("<tr id=").count(), 1);
}

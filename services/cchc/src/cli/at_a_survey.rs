//! Files of responses as an office sends them, to a survey service that runs, and what it keeps
//! afterwards.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod mending;

use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cchc_core::{Role, SystemClock};
use cchc_kit::{db::Db, units::Units};
use cchc_proto::{
    common::v1::Date,
    survey::v1::{
        Cluster, GetSurveyRequest, GetSurveyResponse, OpenSurveyRequest, Question, Survey,
        VerifySurveyRequest, question::Kind, survey::Instrument,
        survey_service_client::SurveyServiceClient,
    },
};
use cchc_testkit::{Bench, request};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

mod many;

use super::desk::{Desk, hears};

const SURVEY: &str = "SIPAS-QN-2018";

async fn hears_the_registry(bench: &Bench) {
    let index = json!({
        "code": "SIPAS-2018", "year": 2018, "family": "SIPAS", "unit": "%", "title": "Hài lòng",
        "title_en": "SIPAS", "provenance": "own", "reference": "mẫu thử",
        "nodes": [{ "code": "0", "title": "Cả", "title_en": "Whole", "composition": "own", "source": "survey" }],
    });
    let plan = json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "mẫu thử",
    });
    let db = Db::from_pool(bench.pool().await);
    let hear = cchc_survey::startup::hear(Units::new(db, Arc::new(SystemClock)));
    hears(bench, &*hear, index, plan).await;
}

fn survey() -> Survey {
    let question = |code: &str, text: &str, kind: Kind| Question {
        code: code.to_owned(),
        text: text.to_owned(),
        kind: kind.into(),
        node_id: "SIPAS-2018/0".to_owned(),
        ..Question::default()
    };
    let cluster = |code: &str| Cluster {
        stratum_code: "193".to_owned(),
        cluster_code: code.to_owned(),
        wanted_count: 50,
        ..Cluster::default()
    };
    Survey {
        code: SURVEY.to_owned(),
        plan_code: "QN-2018".to_owned(),
        province_code: "22".to_owned(),
        title: "Khảo sát".to_owned(),
        instrument: Instrument::Provincial.into(),
        open_date: Some(Date { year: 2018, month: 10, day: 1 }),
        close_date: Some(Date { year: 2018, month: 10, day: 31 }),
        minimum_cell: 10,
        release_after: 10,
        questions: vec![
            question("Q1", "Ông/bà hài lòng đến mức nào?", Kind::Likert5),
            question("Q2", "Thủ tục có rõ không?", Kind::Likert5),
        ],
        clusters: vec![cluster("06649"), cluster("06652")],
        ..Survey::default()
    }
}

/// Somebody of the province with a survey service that has a survey open.
async fn open() -> Desk {
    let bench = Bench::new("survey").await;
    let running = bench.start(cchc_survey::startup::build).await;
    hears_the_registry(&bench).await;
    let token = bench.token("so-noi-vu", "22", &[Role::SurveyManager, Role::SurveyCollector]);
    let ask = OpenSurveyRequest {
        request_id: "00000000-0000-4000-8000-000000000001".to_owned(),
        survey: Some(survey()),
    };
    let mut client = SurveyServiceClient::new(running.channel());
    client.open_survey(request(ask, &token)).await.unwrap();
    Desk::new("--survey", bench, running, token)
}

impl Desk {
    /// Sends a file of responses; gives what is told of it.
    async fn send(&self, file: &str, words: &[&str]) -> Value {
        self.json(&[&["survey", "import", SURVEY, file], words].concat()).await
    }

    /// The same at another address.
    async fn send_at(&self, at: SocketAddr, file: &str) -> Value {
        let import = ["survey", "import", SURVEY, file, "--json"];
        let told = self.run_at(at, &self.token_file, &import).await.unwrap();
        serde_json::from_str(&told).unwrap()
    }

    async fn progress(&self) -> GetSurveyResponse {
        let mut client = SurveyServiceClient::new(self.running.channel());
        let ask = GetSurveyRequest { survey_code: SURVEY.to_owned() };
        client.get_survey(request(ask, &self.token)).await.unwrap().into_inner()
    }

    async fn is_equal_to_its_recount(&self) -> bool {
        let mut client = SurveyServiceClient::new(self.running.channel());
        let ask = VerifySurveyRequest { survey_code: SURVEY.to_owned() };
        let verified = client.verify_survey(request(ask, &self.token)).await.unwrap();
        verified.into_inner().differences.is_empty()
    }
}

/// Counts of what became of the rows: new, corrected, known, refused, not read.
fn counts(told: &Value) -> [i64; 5] {
    ["accepted", "corrected", "repeats", "refused", "unread"]
        .map(|name| told[name].as_i64().unwrap())
}

const HEADER: &str = "Số phiếu;Mã xã;Thời điểm trả lời;Q1;Q2\n";

/// A file of good rows, of rows that the service refuses and of rows that cannot be read.
fn mixed(rows: usize) -> String {
    (1..=rows).fold(HEADER.to_owned(), |mut text, n| {
        let (commune, answer) = match n % 4 {
            0 => ("06649", "Hài lòng"),
            1 => ("00001", "5"),
            2 => ("06652", "không rõ lắm"),
            _ => ("06649", "9"),
        };
        writeln!(text, "{n};{commune};5/10/2018 08:30;{answer};1").unwrap();
        text
    })
}

#[tokio::test]
async fn a_dry_run_tells_what_the_import_does_and_an_import_again_changes_nothing() {
    let desk = open().await;
    let file = desk.file("phieu.csv", &mixed(2_400));
    let reports = ["thu.csv", "that.csv", "lai.csv"].map(|name| desk.path(name));

    let dry = desk.send(&file, &["--dry-run", "--report", &reports[0]]).await;
    let empty = desk.progress().await;
    let real = desk.send(&file, &["--report", &reports[1]]).await;
    let again = desk.send(&file, &["--report", &reports[2]]).await;

    assert_eq!(counts(&dry), [600, 0, 0, 1200, 600]);
    assert_eq!(counts(&real), counts(&dry));
    assert_eq!(counts(&again), [0, 0, 600, 1200, 600]);
    assert_eq!((empty.response_count, empty.quarantined_count), (0, 0));
    let progress = desk.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (600, 1200));
    let [first, second, third] = reports.map(|path| fs::read_to_string(path).unwrap());
    assert_eq!(first, second);
    assert_eq!(first, third);
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 1 + 1800);
    assert_eq!(
        lines[1].split(',').take(3).collect::<Vec<_>>(),
        ["2", "Mã xã", "CLUSTER_NOT_IN_SAMPLE"]
    );
    assert_eq!(lines[2].split(',').take(3).collect::<Vec<_>>(), ["3", "Q1", "ANSWER_UNKNOWN"]);
    assert_eq!(lines[3].split(',').take(3).collect::<Vec<_>>(), ["4", "Q1", "ANSWER_OUT_OF_RANGE"]);
    assert!(desk.is_equal_to_its_recount().await);
    desk.running.stop().await;
}

#[tokio::test]
async fn a_row_with_a_key_is_corrected_under_it_and_refused_when_it_merely_differs() {
    let desk = open().await;
    let row = |rest: &str| {
        format!(
            "{},revision,retracted\n1,06649,5/10/2018,{rest}\n",
            HEADER.trim().replace(';', ",")
        )
    };
    let first = desk.file("a.csv", &row("5,5,,"));
    let other = desk.file("b.csv", &row("4,5,,"));
    let corrected = desk.file("c.csv", &row("4,5,1,"));
    let retracted = desk.file("d.csv", &row("4,5,2,x"));
    let elsewhere = desk.file("e.csv", &row("4,5,,"));

    let told = [
        counts(&desk.send(&first, &[]).await),
        counts(&desk.send(&other, &[]).await),
        counts(&desk.send(&corrected, &[]).await),
        counts(&desk.send(&retracted, &[]).await),
        counts(&desk.send(&elsewhere, &["--batch", "lan-2"]).await),
    ];

    assert_eq!(
        told,
        [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]
    );
    assert!(desk.is_equal_to_its_recount().await);
    desk.running.stop().await;
}

#[tokio::test]
async fn a_report_is_written_as_a_workbook_or_as_json_too() {
    use calamine::Reader as _;

    let desk = open().await;
    let file = desk.file("phieu.csv", &mixed(8));
    let [workbook, document] = ["loi.xlsx", "loi.json"].map(|name| desk.path(name));

    desk.send(&file, &["--dry-run", "--report", &workbook]).await;
    let told = desk.send(&file, &["--dry-run", "--report", &document]).await;

    let listed: Value = serde_json::from_str(&fs::read_to_string(document).unwrap()).unwrap();
    assert_eq!(listed, told["faults"]);
    let mut book = calamine::open_workbook_auto(workbook).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.height(), 1 + listed.as_array().unwrap().len());
    assert_eq!(sheet.get_value((1, 1)).unwrap().to_string(), "Mã xã");
    desk.running.stop().await;
}

/// Stands before a service; the first connection that brings so many bytes is cut.
async fn cutting(service: SocketAddr, after: usize) -> (SocketAddr, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, was_cut) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
    let cut = Arc::clone(&was_cut);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(service).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let back = tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
            let cut = Arc::clone(&cut);
            tokio::spawn(async move {
                let (mut bytes, mut brought) = (vec![0; 8192], 0);
                while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
                    brought += count;
                    if brought > after && !cut.swap(true, Ordering::Relaxed) {
                        break;
                    }
                    to_server.write_all(bytes.get(..count).unwrap()).await.unwrap();
                }
                back.abort();
            });
        }
    });
    (at, was_cut)
}

#[tokio::test]
async fn an_import_that_is_cut_goes_on_and_stores_every_row_once() {
    let desk = open().await;
    let text = (1..=6_000).fold(HEADER.to_owned(), |mut text, n| {
        writeln!(text, "{n};06649;5/10/2018;{};1", n % 6).unwrap();
        text
    });
    let file = desk.file("phieu.csv", &text);
    let (proxy, was_cut) = cutting(desk.running.grpc_addr, 150_000).await;

    let told = desk.send_at(proxy, &file).await;

    assert!(was_cut.load(Ordering::Relaxed));
    let [accepted, _, repeats, refused, unread] = counts(&told);
    assert_eq!((accepted + repeats, refused, unread), (6_000, 0, 0));
    assert_eq!(desk.progress().await.response_count, 6_000);
    assert!(desk.is_equal_to_its_recount().await);
    desk.running.stop().await;
}

#[tokio::test]
async fn the_template_of_a_survey_is_written() {
    use calamine::Reader as _;

    let desk = open().await;
    let out = desk.path("mau.xlsx");

    let said = desk.says(&["survey", "template", SURVEY, "--out", &out]).await;

    assert!(said.contains("2 câu hỏi"), "{said}");
    let mut book = calamine::open_workbook_auto(out).unwrap();
    assert_eq!(book.sheet_names(), ["Phiếu", "Hướng dẫn", "Danh mục"]);
    let lists = book.worksheet_range("Danh mục").unwrap();
    assert_eq!(lists.get_value((2, 1)).unwrap().to_string(), "Không hài lòng");
    desk.running.stop().await;
}

#[tokio::test]
async fn versions_of_a_questionnaire_are_registered_listed_shown_and_compared() {
    let desk = open().await;
    let shipped = format!("{}/tests/data/survey/form.toml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&shipped).unwrap();
    let later = text.replace("\"2018.1\"", "\"2019.1\"").replace(
        "Ông/bà hài lòng đến mức nào với sự phục vụ?",
        "Ông/bà hài lòng đến mức nào với công chức?",
    );
    let later = desk.file("sau.toml", &later);

    let registered = desk.says(&["survey", "form", "register", &shipped]).await;
    let again = desk.says(&["survey", "form", "register", &shipped]).await;
    desk.says(&["survey", "form", "register", &later]).await;
    let listed = desk.says(&["survey", "form", "list"]).await;
    let shown = desk.says(&["survey", "form", "show", "PHIEU-MAU@2018.1"]).await;
    let same = desk.says(&["survey", "form", "diff", &shipped, "PHIEU-MAU@2018.1"]).await;
    let differs =
        desk.says(&["survey", "form", "diff", "PHIEU-MAU@2018.1", "PHIEU-MAU@2019.1"]).await;

    assert!(registered.contains("PHIEU-MAU@2018.1"), "{registered}");
    assert_eq!(registered, again);
    assert!(listed.contains("2018.1") && listed.contains("2019.1"), "{listed}");
    let read =
        |text: &str| toml::from_str::<cchc_scoring::questionnaire::Questionnaire>(text).unwrap();
    assert_eq!(read(&shown), read(&text));
    assert_eq!(same, "Hai phiên bản hỏi như nhau.\nSIPAS-2018/0: so sánh được\n");
    assert_eq!(
        differs,
        "Q3: lời hỏi khác\nSIPAS-2018/0: so sánh được, kèm ghi chú về thay đổi nêu trên\n"
    );
    desk.running.stop().await;
}

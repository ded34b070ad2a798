//! Single steps, documents, and how people are reminded: what is typed at a desk.

use std::fs;

use cchc_core::Role;
use cchc_proto::assignment::v1::{
    Campaign, GetCampaignRequest, LoadCampaignRequest, campaign::Window,
    campaign_service_client::CampaignServiceClient,
};
use cchc_testkit::request;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::error::CliError;

impl Desk {
    /// A file with the token of somebody of a unit.
    fn token_of(&self, unit: &str, role: Role) -> String {
        let token = self.bench.token(&format!("nguoi-{unit}"), unit, &[role]);
        self.file(&format!("token-{unit}"), &token)
    }

    /// Runs a command as somebody; gives what it prints, or why it ends.
    async fn as_one(&self, token: &str, words: &[&str]) -> Result<Value, CliError> {
        let words = [words, &["--json"]].concat();
        let said = self.run_at(self.running.grpc_addr, token, &words).await?;
        Ok(serde_json::from_str(&said).unwrap_or_default())
    }

    /// Moves the windows of the campaign so that one of the four is today's.
    async fn move_windows(&self, open: i64) {
        let today = cchc_core::civil_date(OffsetDateTime::now_utc());
        let window = |place: i64| {
            let day = |of: i64| Some((today + Duration::days(of)).into());
            let first = (place - open) * 4 - 1;
            Some(Window { first_date: day(first), last_date: day(first + 3) })
        };
        let token = self.bench.token("hoi-dong", "22", &[Role::Appraiser]);
        let mut client = CampaignServiceClient::new(self.running.channel());
        let ask = GetCampaignRequest { code: "CCHC-2018".to_owned() };
        let known = client.get_campaign(request(ask, &token)).await.unwrap().into_inner();
        let known = known.campaign.unwrap();
        let campaign = Campaign {
            self_assessment: window(0),
            appraisal: window(1),
            explanation: window(2),
            second_appraisal: window(3),
            bound_unit_codes: Vec::new(),
            etag: String::new(),
            stage: 0,
            ..known.clone()
        };
        let ask = LoadCampaignRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            campaign: Some(campaign),
            etag: known.etag,
        };
        client.load_campaign(request(ask, &token)).await.unwrap();
    }
}

/// The reason for which a service refused.
fn refused(ended: Result<Value, CliError>) -> String {
    match ended {
        Err(error) => error.to_json(crate::say::Lang::En).to_string(),
        Ok(told) => panic!("{told}"),
    }
}

#[tokio::test]
async fn an_entry_goes_its_way_step_by_step_from_the_command_line() {
    let (desk, _evidence) = open().await;
    desk.load_campaign().await;
    let (unit, council) = (desk.token_file.clone(), desk.token_of("22", Role::Appraiser));
    let of = ["CCHC-2018", "193", "PAR-2018/1"];
    let step = |verb: &'static str, rest: &[&'static str]| -> Vec<&'static str> {
        ["campaign", verb].iter().chain(&of).chain(rest).copied().collect()
    };

    let scored = step("score", &["--points", "8.5", "--evidence", "KH 2/KH-UBND"]);
    let scored = desk.as_one(&unit, &scored).await.unwrap();
    let withdrawn = desk.as_one(&unit, &step("withdraw", &["--note", "Nhầm"])).await.unwrap();
    let stale = step("score", &["--points", "9", "--explanation", "Đủ", "--etag", "1"]);
    let stale = refused(desk.as_one(&unit, &stale).await);
    let again = step("score", &["--points", "9", "--explanation", "Đủ"]);
    let again = desk.as_one(&unit, &again).await.unwrap();
    let early = refused(desk.as_one(&council, &step("judge", &["--points", "7"])).await);
    desk.move_windows(1).await;
    let judge = step("judge", &["--points", "7", "--reason", "Thiếu văn bản"]);
    let judged = desk.as_one(&council, &judge).await.unwrap();
    desk.move_windows(2).await;
    let explained = step("explain", &["--text", "Đã có văn bản", "--evidence", "CV 7"]);
    let explained = desk.as_one(&unit, &explained).await.unwrap();
    let reopen = step("reopen", &["--until", "2099-01-01", "--reason", "Bổ sung"]);
    let reopened = desk.as_one(&council, &reopen).await.unwrap();

    let stands = |entry: &Value| (entry["state"].clone(), entry["etag"].clone());
    let of = |state: &str, etag: &str| (Value::from(format!("STATE_{state}")), Value::from(etag));
    assert_eq!(stands(&scored), of("SUBMITTED", "1"));
    assert_eq!(stands(&withdrawn), of("WITHDRAWN", "2"));
    assert!(stale.contains("ENTRY_CHANGED"), "{stale}");
    assert_eq!(stands(&again), of("SUBMITTED", "3"));
    assert!(early.contains("STEP_NOT_NOW"), "{early}");
    assert_eq!(stands(&judged), of("APPRAISED", "4"));
    assert_eq!(stands(&explained), of("EXPLAINED", "5"));
    assert_eq!(stands(&reopened), of("REOPENED", "6"));
    desk.running.stop().await;
}

#[tokio::test]
async fn a_document_is_uploaded_once_listed_and_comes_back_as_it_was() {
    let (desk, _evidence) = open().await;
    let bytes = [b"%PDF-1.4\n".to_vec(), vec![b'x'; 700_000], b"\n%%EOF\n".to_vec()].concat();
    let (document, out) = (desk.path("Báo cáo.pdf"), desk.path("tải về.pdf"));
    fs::write(&document, &bytes).unwrap();
    let token = desk.token_file.clone();
    let upload = ["evidence", "upload", &document, "--unit", "193", "--number", "15/BC-UBND"];

    let first = desk.as_one(&token, &upload).await.unwrap();
    let again = desk.as_one(&token, &upload).await.unwrap();
    let listed = desk.as_one(&token, &["evidence", "list", "193"]).await.unwrap();
    let id = first["evidence"][0]["evidence_id"].as_str().unwrap();
    desk.as_one(&token, &["evidence", "download", id, "--out", &out]).await.unwrap();
    let over = desk.as_one(&token, &["evidence", "download", id, "--out", &out]).await;

    assert_eq!(first, again);
    assert_eq!(listed["evidence"].as_array().unwrap().len(), 1);
    assert_eq!(listed["evidence"][0]["name"], "Báo cáo.pdf");
    assert_eq!(fs::read(&out).unwrap(), bytes);
    assert!(matches!(over, Err(CliError::Unusable(_))));
    desk.running.stop().await;
}

#[tokio::test]
async fn a_policy_and_a_directory_are_loaded_and_shown_and_secrets_are_not() {
    let (desk, _evidence) = open().await;
    let operator = desk.token_of("22", Role::Operator);
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/reminders/quang-ninh.toml");
    desk.file("khoa", "whsec_Y2hpYS1raG9hLWNodW5nLWdpdWEtaGFpLWJlbg==\n");
    let directory = desk.file(
        "noi-nhan.toml",
        "province = \"22\"\n[[recipients]]\nunit = \"193\"\naudience = \"officer\"\n\
         emails = [\"halong@quangninh.test\"]\nwebhook = \"https://nhan.test/a\"\nsecret_file = \"khoa\"\n",
    );

    let none = desk.as_one(&operator, &["reminder", "policy", "show", "22"]).await;
    desk.as_one(&operator, &["reminder", "policy", "load", policy]).await.unwrap();
    let shown = desk.as_one(&operator, &["reminder", "policy", "show", "22"]).await.unwrap();
    desk.as_one(&operator, &["reminder", "recipients", "load", &directory]).await.unwrap();
    let recipients = ["reminder", "recipients", "show", "22"];
    let recipients = desk.as_one(&operator, &recipients).await.unwrap();
    let deliveries = desk.as_one(&operator, &["reminder", "deliveries", "--given-up"]).await;
    let unknown = uuid::Uuid::new_v4().to_string();
    let replay = ["reminder", "replay", &unknown, "--channel", "email"];
    let replayed = refused(desk.as_one(&operator, &replay).await);

    assert!(matches!(none, Err(CliError::Said(_))));
    assert_eq!((&shown["send_from"], &shown["quiet_from"]), (&"07:30".into(), &"17:00".into()));
    assert_eq!(shown["ordered"].as_array().unwrap().len(), 6);
    assert_eq!(recipients["recipients"][0]["webhook_url"], "https://nhan.test/a");
    assert_eq!(recipients["recipients"][0]["webhook_secret"], "");
    assert_eq!(deliveries.unwrap()["deliveries"], serde_json::json!([]));
    assert!(replayed.contains("DELIVERY_NOT_FOUND"), "{replayed}");
    desk.running.stop().await;
}

#[tokio::test]
async fn an_assignment_is_moved_by_a_document_and_those_beside_it_see_where_it_is() {
    let (desk, _evidence) = open().await;
    let (district, council) = (desk.token_file.clone(), desk.token_of("22", Role::Appraiser));
    let moving = |from, to| {
        let words = ["task", "reassign", "QN-2018", "1.1", from, to, "--document", "12/QĐ-UBND"];
        [&words[..], &["--date", "2018-06-12", "--reason", "Chuyển chức năng"]].concat()
    };

    let moved = desk.as_one(&council, &moving("193", "06649")).await.unwrap();
    let again = refused(desk.as_one(&council, &moving("193", "06652")).await);
    let nothing = refused(desk.as_one(&council, &moving("06652", "193")).await);
    let beside = ["task", "beside", "QN-2018", "193", "--role", "coordinating"];
    let beside = desk.as_one(&district, &beside).await.unwrap();

    assert_eq!((&moved["from"]["version"], &moved["to"]["version"]), (&2.into(), &1.into()));
    assert!(again.contains("STEP_NOT_NOW"), "{again}");
    assert!(nothing.contains("does not assign task 1.1"), "{nothing}");
    let assignments = beside["assignments"].as_array().unwrap();
    let units: Vec<&str> = assignments.iter().filter_map(|of| of["unit_code"].as_str()).collect();
    assert_eq!(units, ["06649", "193"]);
    assert_eq!(beside["titles"][0]["participants"][0]["unit_code"], "06652");
}

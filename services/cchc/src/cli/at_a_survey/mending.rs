//! Rows that were refused for their numbers, words and how they came about, mended from the command line.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_proto::survey::v1::{NumberRange, QualityFlag, QualityRule, quality_rule::Policy};
use clap::Parser as _;

use super::{
    super::{Cli, run},
    *,
};
use crate::output::{Memory, Output};

/// Answered by a level, a number and words; with respondents' keys and interviewers.
fn asking_for_more() -> Survey {
    let decimal = |value: &str| Some(cchc_proto::common::v1::Decimal { value: value.to_owned() });
    let mut survey = survey();
    "MORE".clone_into(&mut survey.code);
    survey.questions.truncate(1);
    survey.questions.extend([
        Question {
            code: "HOURS".to_owned(),
            text: "Mất bao nhiêu giờ?".to_owned(),
            kind: Kind::Number.into(),
            range: Some(NumberRange { least: decimal("0"), most: decimal("24"), places: 1 }),
            ..Question::default()
        },
        Question {
            code: "WHY".to_owned(),
            text: "Vì sao?".to_owned(),
            kind: Kind::Text.into(),
            ..Question::default()
        },
    ]);
    let rule = |flag: QualityFlag, limit| QualityRule {
        flag: flag.into(),
        policy: Policy::Flag.into(),
        limit,
    };
    survey.quality_rules = vec![
        rule(QualityFlag::SameRespondent, 0),
        rule(QualityFlag::Speeder, 60),
        rule(QualityFlag::InterviewerShare, 50),
    ];
    survey
}

const COLUMNS: &str = "response_id,survey,cluster,answered_at,Q1,Q2.number,Q3.text,\
                       respondent_key,started_at,interviewer,channel";

/// A row of the file: which response, hours in tenths, words, key, beginning and interviewer.
fn line(n: usize, [hours, words, key, start, interviewer]: [&str; 5]) -> String {
    let id = response(n);
    format!(
        "{id},MORE,06649,2018-10-05 08:30,5,{hours},{words},{key},{start},{interviewer},paper\n"
    )
}

fn response(n: usize) -> String {
    format!("0190a5c8-6f6e-7c3a-9d8e-1f2a3b4c5d{n:02}")
}

impl Desk {
    async fn ask_for_more(&self) {
        let open = OpenSurveyRequest {
            request_id: "00000000-0000-4000-8000-000000000002".to_owned(),
            survey: Some(asking_for_more()),
        };
        let mut client = SurveyServiceClient::new(self.running.channel());
        client.open_survey(request(open, &self.token)).await.unwrap();
    }

    async fn push(&self, file: &str) {
        let url = format!("http://{}", self.running.grpc_addr);
        let words = ["cchc", "push", "responses", file, "--to", &url];
        let token = ["--token-file", &self.token_file];
        let cli = Cli::try_parse_from(words.iter().chain(&token)).unwrap();
        let output = Output::to(cli.lang, cli.json, Memory::default());
        Box::pin(run(cli.command, &output)).await.unwrap();
    }

    /// The rows that wait, by their responses.
    async fn waiting(&self) -> BTreeMap<String, String> {
        let listed = self.says(&["survey", "quarantine", "list", "MORE", "--json"]).await;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let text = |of: &Value| of.as_str().unwrap().to_owned();
        let rows = listed["rows"].as_array().unwrap().iter();
        rows.map(|row| (text(&row["response_id"]), text(&row["row_id"]))).collect()
    }
}

#[tokio::test]
async fn rows_of_every_kind_are_mended_by_what_is_named_or_stands_in_a_file() {
    let desk = open().await;
    desk.ask_for_more().await;
    let (good, key) = ("25", "00ff00ff00ff00ff00ff00ff00ff00ff");
    let late = "2030-01-01 00:00";
    let wrong = [
        line(1, ["250", "Xa", key, "", "DTV-07"]),
        line(2, [good, "gọi 0912 345 678", key, "", "DTV-07"]),
        line(3, [good, "Xa", "00ff", "", "DTV-07"]),
        line(4, [good, "Xa", "00ff", "", "DTV-07"]),
        line(5, [good, "Xa", key, late, "DTV-07"]),
        line(6, [good, "Xa", key, "", "Chị Lan"]),
    ];
    let right = [2, 3].map(|n| line(n, [good, "Chờ lâu", key, "", "DTV-07"]));
    let sent = desk.file("sai.csv", &format!("{COLUMNS}\n{}", wrong.concat()));
    let mended = desk.file("dung.csv", &format!("{COLUMNS}\n{}", right.concat()));
    desk.push(&sent).await;
    let waiting = desk.waiting().await;
    assert_eq!(waiting.len(), wrong.len());

    let shown = desk.says(&["survey", "quarantine", "show", &waiting[&response(6)]]).await;
    for (n, words) in [
        (1, ["--numbers", "24"]),
        (2, ["--row", &mended]),
        (3, ["--row", &mended]),
        (4, ["--without-respondent-key", "--retracted=false"]),
        (5, ["--started-at", ""]),
        (6, ["--interviewer", "DTV-08"]),
    ] {
        let row = &waiting[&response(n)];
        let said =
            desk.says(&[&["survey", "quarantine", "replay", row][..], &words].concat()).await;
        assert!(said.contains("đã gửi lại"), "{n}: {said}");
    }

    assert!(shown.contains("các số 25; người phỏng vấn Chị Lan; hình thức Phiếu giấy"), "{shown}");
    assert_eq!(desk.waiting().await, BTreeMap::new());
    let texts = desk.says(&["survey", "texts", "MORE", "--json"]).await;
    assert_eq!((texts.matches("Chờ lâu").count(), texts.matches("Xa").count()), (2, 4));
    desk.running.stop().await;
}

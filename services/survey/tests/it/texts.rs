//! What people write in their own words is sealed before it is stored, stands nowhere else, and holds as long as
//! its response does.

use cchc_proto::survey::v1::{
    IngestResponsesRequest, QualityFlag, Question, Survey, quality_rule::Policy, question::Kind,
};
use cchc_survey::startup;

use crate::{
    field::{Field, counts, refusals, row, rows, survey},
    quality_rules::{refused, rule},
};

/// Words that stand nowhere by chance.
pub(crate) const WORDS: &str = "Chờ quá lâu ở quầy số bốn";

/// Two questions that count, one about what else, and one about why.
pub(crate) fn open_survey() -> Survey {
    let question = |code: &str, most_characters: i32| Question {
        code: code.to_owned(),
        text: "Ông/bà góp ý gì?".to_owned(),
        kind: Kind::Text.into(),
        most_characters,
        ..Question::default()
    };
    let mut survey = survey();
    survey.questions.extend([question("Q3", 40), question("Q4", 0)]);
    survey
}

/// A good row in which something was written to the third question.
pub(crate) fn written(text: &str) -> IngestResponsesRequest {
    let texts = vec![text.to_owned()];
    IngestResponsesRequest { answers: vec![5, 1, 1, 0], texts, ..row("06649", [0, 0]) }
}

/// A later version of a row, in which something else is written.
fn corrected(row: &IngestResponsesRequest, revision: i32, text: &str) -> IngestResponsesRequest {
    IngestResponsesRequest { revision, texts: vec![text.to_owned()], ..row.clone() }
}

fn retracted(row: &IngestResponsesRequest, revision: i32) -> IngestResponsesRequest {
    let (answers, texts) = (Vec::new(), Vec::new());
    IngestResponsesRequest { revision, is_retracted: true, answers, texts, ..row.clone() }
}

impl Field {
    /// The same, with a survey opened that asks for texts.
    pub(crate) async fn with_texts() -> Self {
        let field = Self::new().await;
        field.open_survey(open_survey()).await.unwrap();
        field
    }

    /// Starts again without the operator's key file.
    pub(crate) async fn without_keys(mut self) -> Self {
        let mut config = self.bench.config();
        config.keys.wrapping_file = None;
        self.running.stop().await;
        self.running = cchc_testkit::Running::start(startup::build(config).await.unwrap());
        self
    }

    /// In how many rows of any table words stand, as text or as bytes.
    pub(crate) async fn places_of(&self, words: &str) -> i64 {
        let found = sqlx::query_scalar!(
            r#"select sum((xpath('/row/c/text()', query_to_xml(format(
                   'select count(*) as c from %I.%I as t where t::text like %L or t::text like %L',
                   table_schema, table_name, '%' || $1 || '%',
                   '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'), false, true, '')
                   ))[1]::text::bigint)::bigint as "found!"
               from information_schema.tables
               where table_schema in ('survey', 'kit') and table_type = 'BASE TABLE'"#,
            words,
        );
        found.fetch_one(&self.pool).await.unwrap()
    }

    /// Rows of texts, and how many of them still have their words.
    async fn kept(&self) -> (i64, i64) {
        let kept = sqlx::query!(
            r#"select count(*) as "texts!", count(sealed) as "sealed!" from survey.texts"#
        );
        let kept = kept.fetch_one(&self.pool).await.unwrap();
        (kept.texts, kept.sealed)
    }
}

#[tokio::test]
async fn what_was_written_is_sealed_and_stands_nowhere_else() {
    let field = Field::with_texts().await;
    let mut sent: Vec<_> = (0..12).map(|_| written(WORDS)).collect();
    sent[0].answers = vec![5, 1, 1, 1];
    sent[0].texts.push("Vì đông người".to_owned());

    let receipt = field.push(sent).await;

    assert_eq!(counts(&receipt), (12, 0, 0));
    assert_eq!(field.kept().await, (13, 13));
    assert!(field.places_of("SIPAS-QN-2018").await > 0, "it is looked for everywhere");
    assert_eq!(field.places_of(WORDS).await, 0);
    let told = field.told().await;
    let exported = field.exported(i64::try_from(told.len()).unwrap()).await;
    assert!(!format!("{told:?}{exported:?}").contains(WORDS));
    // Who wrote something is not told either: nothing counts for a node.
    assert!(!format!("{told:?}").contains("\"Q3\""));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn the_same_words_again_are_a_repeat_and_others_are_not() {
    let field = Field::with_texts().await;
    let (first, second) = (written(WORDS), written(WORDS));
    field.push(vec![first.clone(), second.clone()]).await;
    let other = corrected(&first, 0, "Chờ quá lâu ở quầy số năm");
    let decomposed =
        corrected(&first, 0, "  Cho\u{31b}\u{300} qua\u{301} la\u{302}u ở quầy số bốn ");

    let again = field.push(vec![first.clone(), other.clone(), decomposed]).await;
    let third = written(WORDS);
    let at_once =
        field.push(vec![third.clone(), third.clone(), corrected(&third, 0, "Khác")]).await;

    assert_eq!(counts(&again), (0, 2, 1));
    assert_eq!(refusals(&again), [(2, vec!["RESPONSE_ID_REUSED"])]);
    assert_eq!(counts(&at_once), (1, 1, 1));
    assert_eq!(refusals(&at_once), [(3, vec!["RESPONSE_ID_REUSED"])]);
    let hashes =
        sqlx::query_scalar!(r#"select count(distinct text_hash) as "hashes!" from survey.texts"#);
    assert_eq!(hashes.fetch_one(&field.pool).await.unwrap(), 3, "alike only where they are one");
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn a_correction_takes_the_words_away_and_a_retraction_all_of_them() {
    let field = Field::with_texts().await;
    let (kept, silenced, gone) = (written("Chậm"), written("Xa"), written("Đắt"));
    field.push(vec![kept.clone(), silenced.clone(), gone.clone()]).await;
    let silent = IngestResponsesRequest {
        revision: 1,
        answers: vec![5, 1, 0, 0],
        texts: Vec::new(),
        ..silenced.clone()
    };
    let changes = vec![
        corrected(&kept, 1, "Rất chậm"),
        corrected(&kept, 2, "Không chậm lắm"),
        silent.clone(),
        retracted(&gone, 1),
    ];

    let receipt = field.push(changes.clone()).await;
    let left = field.texts_of("").await;
    let again = field.push([vec![kept.clone(), silenced, gone.clone()], changes].concat()).await;
    let reused = field.push(vec![corrected(&kept, 1, "Khác"), corrected(&gone, 0, "Khác")]).await;

    assert_eq!((receipt.corrected_count, receipt.refused_count), (4, 0));
    assert_eq!(left, ["Không chậm lắm"]);
    assert_eq!(counts(&again), (0, 7, 0), "versions without their words are known by them");
    let why = [(1, vec!["REVISION_REUSED"]), (2, vec!["RESPONSE_ID_REUSED"])];
    assert_eq!(refusals(&reused), why);
    assert_eq!(field.kept().await, (5, 1));
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_text_has_its_reason_and_stops_nobody() {
    let field = Field::with_texts().await;
    let with = |answers: [i32; 4], texts: &[&str]| IngestResponsesRequest {
        answers: answers.to_vec(),
        texts: texts.iter().map(ToString::to_string).collect(),
        ..written("")
    };
    let gone = written("Chậm");

    let receipt = field
        .push(vec![
            with([5, 1, 1, 1], &["Chậm"]),
            with([5, 1, 0, 0], &["Chậm"]),
            with([5, 1, 1, 0], &[" "]),
            with([5, 1, 1, 0], &["a\u{1b}[2J"]),
            with([5, 1, 1, 0], &[&"ậ".repeat(41)]),
            with([5, 1, 1, 1], &["gọi 0912 345 678", "viết cho a@b.vn"]),
            IngestResponsesRequest { texts: gone.texts.clone(), ..retracted(&gone, 1) },
            with([5, 1, 1, 1], &[&"ậ".repeat(40), &"ậ".repeat(1000)]),
        ])
        .await;

    let why = refusals(&receipt).into_iter().map(|(_, why)| why.join(" ")).collect::<Vec<_>>();
    assert_eq!(
        why,
        [
            "TEXT_COUNT_OFF",
            "TEXT_COUNT_OFF",
            "REQUIRED",
            "TEXT_INVALID",
            "TEXT_TOO_LONG",
            "TEXT_NAMES_SOMEBODY TEXT_NAMES_SOMEBODY",
            "NOT_EMPTY",
        ]
    );
    assert_eq!(receipt.accepted_count, 1);
    assert!(!format!("{receipt:?}").contains("0912"), "what it said is in no message");
    field.running.stop().await;
}

#[tokio::test]
async fn a_refused_row_keeps_its_words_unseen_until_it_is_replayed() {
    let field = Field::with_texts().await;
    let bad = IngestResponsesRequest { answers: vec![9, 1, 1, 0], ..written(WORDS) };
    let worse = written("gọi 0912345678");
    field.push(vec![bad.clone(), worse.clone(), bad.clone()]).await;
    let waiting = field.quarantined().await;
    let row_of = |sent: &IngestResponsesRequest| {
        let mut found = waiting.iter().filter(|row| row.response_id == sent.response_id);
        (found.next().unwrap().row_id.clone(), found.count())
    };
    let ((first, others), (second, _)) = (row_of(&bad), row_of(&worse));

    let shown = field.get(&first).await.received.unwrap();
    let places = field.places_of(WORDS).await + field.places_of("0912345678").await;
    let mended = IngestResponsesRequest { answers: vec![5, 1, 1, 0], ..shown.clone() };
    field.replay(&first, Some(mended)).await.unwrap();
    let still_bad = field.replay(&second, None).await.unwrap_err();
    let shortened = IngestResponsesRequest { answers: vec![5, 1, 0, 0], ..worse };
    let shortened = IngestResponsesRequest { texts: Vec::new(), ..shortened };
    field.replay(&second, Some(shortened)).await.unwrap();

    assert_eq!((shown.answers, shown.texts), (vec![9, 1, 1, 0], Vec::<String>::new()));
    assert_eq!((places, others), (0, 0));
    assert_eq!(refused(&still_bad), [("answers[2]".to_owned(), "TEXT_NAMES_SOMEBODY".to_owned())]);
    assert_eq!(field.texts_of("").await, [WORDS], "whoever mends a row need not read it");
    assert_eq!(field.progress().await.response_count, 2);
    field.is_right().await;
    field.running.stop().await;
}

#[tokio::test]
async fn without_a_key_nothing_is_asked_for_and_nothing_written_is_taken() {
    let field = Field::with_texts().await.without_keys().await;
    let (spoken, silent) = (written(WORDS), rows(1).remove(0));
    let silent = IngestResponsesRequest { answers: vec![5, 1, 0, 0], ..silent };

    let other = Survey { code: "SIPAS-QN-2019".to_owned(), ..open_survey() };
    let refusal = field.open_survey(other).await.unwrap_err();
    let receipt = field.push(vec![spoken.clone(), silent]).await;
    let places = field.places_of(WORDS).await;
    let field = field.restarted(|_| async {}).await;
    let again = field.push(vec![spoken.clone()]).await;
    sqlx::query!("delete from survey.secrets").execute(&field.pool).await.unwrap();
    let destroyed = field.push(vec![written("Chậm")]).await;

    let missing = |n: usize| (format!("survey.questions[{n}].kind"), "KEY_FILE_MISSING".to_owned());
    assert_eq!(refused(&refusal), [missing(2), missing(3)]);
    assert_eq!(refusals(&receipt), [(1, vec!["TEXT_NOT_KEPT"])]);
    assert_eq!((receipt.accepted_count, places), (1, 0), "the others go on");
    assert_eq!(counts(&again), (1, 0, 0));
    assert_eq!(refusals(&destroyed), [(1, vec!["TEXT_NOT_KEPT"])]);
    field.running.stop().await;
}

#[tokio::test]
async fn what_was_written_goes_with_its_writer_and_with_its_survey() {
    let field = Field::new().await;
    let same = rule(QualityFlag::SameRespondent, Policy::Flag, 0);
    let survey = Survey { quality_rules: vec![same], retention_days: 30, ..open_survey() };
    field.open_survey(survey).await.unwrap();
    let of = |person: u8| IngestResponsesRequest {
        respondent_key: vec![person; 32],
        ..written(&format!("Người thứ {person}"))
    };
    field.push((1..=12).map(of).collect()).await;
    field
        .push(vec![corrected(&of(1), 0, "x"), IngestResponsesRequest { answers: vec![9], ..of(2) }])
        .await;

    field.erase(2).await;
    let left = field.texts_of("").await;
    field.close_survey().await;
    while field.kept().await != (0, 0) {
        tokio::task::yield_now().await;
    }

    assert_eq!(left.len(), 12);
    assert!(!left.contains(&"Người thứ 2".to_owned()));
    assert_eq!(field.texts_of("").await, [""; 0]);
    field.is_right().await;
    field.running.stop().await;
}

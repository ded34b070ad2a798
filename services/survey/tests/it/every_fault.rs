//! Ten thousand generated rows of a survey that asks for everything: numbers, texts, how a response came about, and a
//! domain; each wrong in one way, with anything in its place. Each is refused for what is wrong with it, the good
//! rows between them are stored, and one of every kind is mended and sent again.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use cchc_proto::{
    common::v1::Decimal,
    survey::v1::{
        Domain, IngestResponsesRequest, ListQuarantinedRowsRequest, NumberRange, QualityFlag,
        QuarantinedRow, Question, ReplayQuarantinedRowRequest, Survey, quality_rule::Policy,
        quarantined_row::State, question::Kind,
    },
};
use cchc_testkit::{request, violations_of};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use prost_types::Timestamp;

use crate::{
    field::{Field, NOON, counts, id, row, survey},
    quality_rules::rule,
    quarantine::of_survey,
};

/// Rows that are generated.
const CASES: usize = 10_000;
/// Places of the number, the text and the domain among the questions.
const HOURS: usize = 2;
const WHY: usize = 3;
const PAID: usize = 4;

/// Two questions that count for a node, a number, a text and a domain, with every rule about how a response came about.
fn everything() -> Survey {
    let number = |value: &str| Some(Decimal { value: value.to_owned() });
    let question = |code: &str, kind: Kind| Question {
        code: code.to_owned(),
        text: "Ông/bà cho biết?".to_owned(),
        kind: kind.into(),
        ..Question::default()
    };
    let mut survey = survey();
    survey.questions.extend([
        Question {
            range: Some(NumberRange { least: number("-10"), most: number("100"), places: 1 }),
            ..question("HOURS", Kind::Number)
        },
        Question { most_characters: 40, ..question("WHY", Kind::Text) },
        Question { is_required: true, ..question("PAID", Kind::YesNo) },
    ]);
    survey.domains = vec![Domain { question_code: "PAID".to_owned(), ..Domain::default() }];
    survey.quality_rules = vec![
        rule(QualityFlag::SameRespondent, Policy::Flag, 0),
        rule(QualityFlag::Speeder, Policy::Flag, 60),
        rule(QualityFlag::CodeReused, Policy::Flag, 2),
        rule(QualityFlag::InterviewerShare, Policy::Flag, 50),
    ];
    survey
}

fn good(cluster: &str) -> IngestResponsesRequest {
    IngestResponsesRequest {
        answers: vec![5, 1, 1, 1, 2],
        numbers: vec![25],
        texts: vec!["Chờ quá lâu".to_owned()],
        respondent_key: id().into_bytes(),
        start_time: Some(Timestamp { seconds: NOON - 600, nanos: 0 }),
        interviewer: "DTV-07".to_owned(),
        channel: 1,
        // A code of its own: what is used twice is looked at.
        slip_code: id(),
        ..row(cluster, [0, 0])
    }
}

/// What a row is spoiled by, with why it is refused then.
type Spoil = BoxedStrategy<(&'static str, Spoiled)>;

/// The one thing that is otherwise than in a good row.
#[derive(Debug, Clone)]
enum Spoiled {
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    /// Place, and what stands there, without the number or text that an answer of 1 would have.
    Answer(usize, i32),
    /// Place that says it was not answered, beside the number or text that was.
    Unsaid(usize),
    Key(Vec<u8>),
    Start(Timestamp),
    Interviewer(String),
    Channel(i32),
    Slip(String),
}

impl Spoiled {
    fn of(self, row: &mut IngestResponsesRequest) {
        match self {
            Self::Numbers(numbers) => row.numbers = numbers,
            Self::Texts(texts) => row.texts = texts,
            Self::Answer(place, answer) => {
                row.answers[place] = answer;
                match place {
                    HOURS => row.numbers.clear(),
                    WHY => row.texts.clear(),
                    _ => {}
                }
            }
            Self::Unsaid(place) => row.answers[place] = 0,
            Self::Key(key) => row.respondent_key = key,
            Self::Start(at) => row.start_time = Some(at),
            Self::Interviewer(code) => row.interviewer = code,
            Self::Channel(channel) => row.channel = channel,
            Self::Slip(code) => row.slip_code = code,
        }
    }
}

fn spoil<T: std::fmt::Debug + Clone + 'static>(
    reason: &'static str,
    of: fn(T) -> Spoiled,
    what: impl Strategy<Value = T> + 'static,
) -> Spoil {
    what.prop_map(move |what| (reason, of(what))).boxed()
}

/// Codes that nobody prints: too long, or with what is no plain letter.
fn no_code() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9._-]{65,200}",
        "[A-Za-z0-9]{0,9}[ /\u{0}\u{202E}Ộệ'\\\\][A-Za-z0-9]{0,9}",
        Just("Ộ".repeat(5_000)),
    ]
}

/// Answers that a question of so many levels does not have.
fn beyond(place: usize, top: i32) -> Spoil {
    let answers = prop_oneof![top + 1..=i32::MAX, i32::MIN..=-3];
    spoil("ANSWER_OUT_OF_RANGE", answered, answers.prop_map(move |answer| (place, answer)))
}

/// "Don't know" and "not applicable", which no question offers.
fn silent(place: usize) -> Spoil {
    spoil("ANSWER_NOT_OFFERED", answered, (-2..=-1).prop_map(move |answer| (place, answer)))
}

const fn answered((place, answer): (usize, i32)) -> Spoiled {
    Spoiled::Answer(place, answer)
}

/// Too many numbers or none, out of bounds, one where none was given, and answers that are none.
fn of_numbers() -> Vec<Spoil> {
    let many = proptest::collection::vec(any::<i64>(), 2..300);
    let beyond_bounds = prop_oneof![1_001..=i64::MAX, i64::MIN..=-101];
    vec![
        spoil("NUMBER_COUNT_OFF", Spoiled::Numbers, Just(Vec::new())),
        spoil("NUMBER_COUNT_OFF", Spoiled::Numbers, many),
        spoil("NUMBER_COUNT_OFF", Spoiled::Unsaid, Just(HOURS)),
        spoil("NUMBER_OUT_OF_RANGE", |number| Spoiled::Numbers(vec![number]), beyond_bounds),
        beyond(HOURS, 1),
        silent(HOURS),
    ]
}

/// Too many texts or none, empty, with what is no text, too long, with who it is.
fn of_texts() -> Vec<Spoil> {
    let many = proptest::collection::vec("[a-zạảãâấầệộờư]{1,9}", 2..40);
    let one = |text: String| Spoiled::Texts(vec![text]);
    let naming =
        prop_oneof!["gọi 09[0-9]{2} [0-9]{3} [0-9]{3}", "[a-z]{3,9}@[a-z]{3,9}\\.vn", "[0-9]{12}"];
    vec![
        spoil("TEXT_COUNT_OFF", Spoiled::Texts, Just(Vec::new())),
        spoil("TEXT_COUNT_OFF", Spoiled::Texts, many),
        spoil("TEXT_COUNT_OFF", Spoiled::Unsaid, Just(WHY)),
        spoil("REQUIRED", one, "[ \t\n]{0,20}"),
        spoil("TEXT_INVALID", one, "[a-zộ]{1,9}[\u{0}\u{7}\u{1b}][a-z]{1,9}"),
        spoil("TEXT_INVALID", one, Just("Ộ".repeat(5_000))),
        spoil("TEXT_TOO_LONG", one, "[a-zạảãâấầệộờư]{41,300}"),
        spoil("TEXT_NAMES_SOMEBODY", one, naming),
        beyond(WHY, 1),
    ]
}

/// None of a domain's answers, or none at all.
fn of_domains() -> Vec<Spoil> {
    vec![beyond(PAID, 2), silent(PAID), spoil("ANSWER_REQUIRED", answered, Just((PAID, 0)))]
}

/// Keys that are none, beginnings that never were, codes that nobody prints, and channels that there are not.
fn of_paradata() -> Vec<Spoil> {
    let key = |length| proptest::collection::vec(any::<u8>(), length);
    let at = |(seconds, nanos)| Spoiled::Start(Timestamp { seconds, nanos });
    let no_second = prop_oneof![253_402_300_800..=i64::MAX, i64::MIN..=-62_135_596_801];
    let no_nano = prop_oneof![1_000_000_000..=i32::MAX, i32::MIN..=-1];
    vec![
        spoil("KEY_LENGTH_OFF", Spoiled::Key, key(1..16)),
        spoil("KEY_LENGTH_OFF", Spoiled::Key, key(65..300)),
        spoil("TIME_IN_FUTURE", at, (10_000_000_000..253_402_300_799_i64, Just(0))),
        spoil("TIME_INVALID", at, (no_second, any::<i32>())),
        spoil("TIME_INVALID", at, (Just(NOON), no_nano)),
        spoil("CODE_INVALID", Spoiled::Interviewer, no_code()),
        spoil("CODE_INVALID", Spoiled::Slip, no_code()),
        spoil("ENUM_UNKNOWN", Spoiled::Channel, prop_oneof![7..=i32::MAX, i32::MIN..=-1]),
    ]
}

fn faults() -> Vec<Spoil> {
    [of_numbers(), of_texts(), of_domains(), of_paradata()].concat()
}

impl Field {
    async fn of_everything() -> Self {
        let field = Self::new().await;
        field.open_survey(everything()).await.unwrap();
        field
    }

    /// Every refused row of the survey, by its response.
    async fn parked(&self) -> BTreeMap<String, QuarantinedRow> {
        let (mut parked, mut page_token) = (BTreeMap::new(), String::new());
        loop {
            let ask = ListQuarantinedRowsRequest { page_size: 200, page_token, ..of_survey() };
            let (rows, next) = self.page(ask).await.unwrap();
            parked.extend(rows.into_iter().map(|row| (row.response_id.clone(), row)));
            if next.is_empty() {
                return parked;
            }
            page_token = next;
        }
    }
}

#[tokio::test]
async fn every_fault_is_refused_by_name_and_one_of_each_kind_is_mended() {
    let field = Field::of_everything().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[49; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let kinds = faults();
    let (mut stream, mut why) = (Vec::new(), BTreeMap::new());
    for n in 0..CASES {
        let fault = kinds[n % kinds.len()].new_tree(&mut runner).unwrap().current();
        let mut bad = good("06649");
        let (reason, spoiled) = fault;
        spoiled.of(&mut bad);
        why.insert(bad.response_id.clone(), (n % kinds.len(), reason));
        stream.extend((n % 4 == 0).then(|| good("06709")));
        stream.push(bad);
    }

    let receipt = field.push(stream.clone()).await;

    let (stored, bad) = (i64::try_from(CASES / 4).unwrap(), i64::try_from(CASES).unwrap());
    assert_eq!(counts(&receipt), (stored, 0, bad));
    let parked = field.parked().await;
    assert_eq!(parked.len(), CASES);
    let mut others = BTreeSet::new();
    for (response, (kind, reason)) in &why {
        let found: BTreeSet<&str> =
            parked[response].violations.iter().map(|one| &one.reason[..]).collect();
        if !found.contains(reason) {
            others.insert((*kind, *reason, found));
        }
    }
    assert_eq!(others, BTreeSet::new());
    let one_of_each: BTreeMap<usize, &String> =
        why.iter().map(|(response, (kind, _))| (*kind, response)).collect();
    assert_eq!(one_of_each.len(), kinds.len());
    for response in one_of_each.into_values() {
        let mended = IngestResponsesRequest { response_id: response.clone(), ..good("06652") };
        let settled = field.replay(&parked[response].row_id, Some(mended)).await.unwrap();
        assert_eq!(settled.state(), State::Replayed);
    }
    let mended = i64::try_from(kinds.len()).unwrap();
    let progress = field.progress().await;
    assert_eq!(
        (progress.response_count, progress.quarantined_count),
        (stored + mended, bad - mended)
    );
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

#[tokio::test]
async fn rows_wrong_in_several_ways_are_told_of_all_of_them() {
    let field = Field::of_everything().await;
    let mut wrong = good("06649");
    for spoiled in [
        Spoiled::Numbers(vec![i64::MAX]),
        Spoiled::Texts(vec!["gọi 0912 345 678".to_owned()]),
        Spoiled::Answer(PAID, 7),
        Spoiled::Key(vec![1]),
        Spoiled::Interviewer("Chị Lan".to_owned()),
        Spoiled::Channel(99),
    ] {
        spoiled.of(&mut wrong);
    }

    let receipt = field.push(vec![wrong]).await;

    let mut paths: Vec<&str> =
        receipt.refusals[0].violations.iter().map(|one| &one.path[..]).collect();
    paths.sort_unstable();
    let all =
        ["answers[2]", "answers[3]", "answers[4]", "channel", "interviewer", "respondent_key"];
    assert_eq!(paths, all);
    field.running.stop().await;
}

#[tokio::test]
async fn a_key_that_is_none_is_left_out_only_when_that_is_asked_for() {
    let field = Field::of_everything().await;
    let mut wrong = good("06649");
    wrong.respondent_key = vec![1; 7];
    field.push(vec![wrong.clone()]).await;
    let row_id = field.quarantined().await.remove(0).row_id;
    let seen = field.get(&row_id).await.received.unwrap();
    let ask = |without_respondent_key| ReplayQuarantinedRowRequest {
        request_id: id(),
        row_id: row_id.clone(),
        corrected: Some(seen.clone()),
        without_respondent_key,
    };

    let kept = field.quarantine().replay_quarantined_row(request(ask(false), &field.manager)).await;
    let left_out =
        field.quarantine().replay_quarantined_row(request(ask(true), &field.manager)).await;

    let why = violations_of(&kept.unwrap_err());
    assert_eq!(why, [("corrected.respondent_key".to_owned(), "KEY_LENGTH_OFF".to_owned())]);
    assert_eq!(left_out.unwrap().into_inner().row.unwrap().state(), State::Replayed);
    // Whoever mended it read neither words nor key; the words are there.
    assert_eq!(field.texts_of("").await, wrong.texts);
    field.running.stop().await;
}

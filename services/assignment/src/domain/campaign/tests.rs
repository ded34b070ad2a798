//! Which step is possible when: every state on every kind of day, against every step.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::Text;
use serde_json::json;
use time::{Date, macros::date};

use super::{
    entry::{Content, Entry, Key, SelfScore, State},
    step::{Place, Step},
    *,
};
use crate::domain::change::Stamp;

fn standing() -> Standing {
    let window = |first, last| Window { first, last };
    Standing {
        campaign: Campaign {
            code: "CCHC-SO-2018".parse().unwrap(),
            title: "Đợt đánh giá".to_owned(),
            plan: "QN-2018".parse().unwrap(),
            province: "22".parse().unwrap(),
            index: "PAR-2018".parse().unwrap(),
            organiser: "22-SNV".parse().unwrap(),
            selector: UnitSelector::Units(vec!["193".parse().unwrap()]),
            units: BTreeSet::from(["193".parse().unwrap()]),
            windows: Windows {
                self_assessment: window(date!(2018 - 11 - 01), date!(2018 - 11 - 10)),
                appraisal: window(date!(2018 - 11 - 12), date!(2018 - 11 - 20)),
                explanation: window(date!(2018 - 11 - 22), date!(2018 - 11 - 26)),
                second_appraisal: window(date!(2018 - 11 - 28), date!(2018 - 12 - 05)),
            },
            reasons: Vec::new(),
        },
        version: 1,
        locked_at: None,
    }
}

fn node() -> Node {
    serde_json::from_value(json!({
        "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10",
        "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV",
    }))
    .unwrap()
}

/// Before, within and after each window.
const DAYS: [Date; 9] = [
    date!(2018 - 10 - 31),
    date!(2018 - 11 - 10),
    date!(2018 - 11 - 11),
    date!(2018 - 11 - 12),
    date!(2018 - 11 - 21),
    date!(2018 - 11 - 26),
    date!(2018 - 11 - 27),
    date!(2018 - 11 - 28),
    date!(2018 - 12 - 06),
];

fn key() -> Key {
    Key {
        campaign: "CCHC-SO-2018".parse().unwrap(),
        unit: "193".parse().unwrap(),
        node: "PAR-2018/1".parse().unwrap(),
    }
}

fn entry(state: State, open_until: Option<Date>) -> Entry {
    let points = Some("9".parse().unwrap());
    let score = SelfScore { points, evidence: vec![], explanation: String::new(), version: 1 };
    let content = Content { score: Some(score), open_until, ..Content::default() };
    let at = OffsetDateTime::UNIX_EPOCH;
    Entry { key: key(), version: 3, state, content, by: "can-bo".to_owned(), at }
}

/// Every step under its letter.
fn steps(today: Date) -> [(char, Step); 5] {
    let points = "9".parse().unwrap();
    let text = |text: &str| Text::new(text).unwrap();
    [
        ('S', Step::Score { points, evidence: vec![], explanation: Text::new("").unwrap() }),
        ('W', Step::Withdraw { note: Text::new("").unwrap() }),
        ('J', Step::Judge { points, code: None, reason: Text::new("").unwrap() }),
        ('E', Step::Explain { text: text("Đã bổ sung"), evidence: vec![] }),
        ('R', Step::Reopen { reason: Text::new("Nộp nhầm").unwrap(), until: today }),
    ]
}

/// The letters of the steps that are taken, and a check that every other is refused with what is possible.
fn possible(present: Option<&Entry>, today: Date) -> String {
    let (standing, node) = (standing(), node());
    let place = Place { standing: &standing, node: &node, today };
    let stamp = Stamp::of("ai-do", today);
    let seen = present.map_or(0, |entry| entry.version);
    let mut taken = String::new();
    for (letter, step) in steps(today) {
        match step.decide(&key(), seen, place, present, &stamp) {
            Ok(next) => {
                assert_eq!(next.version, seen + 1);
                taken.push(letter);
            }
            Err(CampaignError::NotNow { state, stage, next }) => {
                assert_eq!(state, present.map(|entry| entry.state));
                assert_eq!(stage, standing.stage(today));
                assert!(
                    next.iter().all(|next| next.kind != step.kind() || !next.span.contains(today))
                );
                assert!(next.iter().all(|next| !next.span.is_over(today)));
            }
            Err(other) => panic!("{letter} on {today}: {other}"),
        }
    }
    taken
}

#[test]
fn every_step_is_possible_in_its_state_and_window_and_in_no_other() {
    let late = Some(date!(2018 - 12 - 31));
    let over = Some(date!(2018 - 10 - 01));
    let empty = ["", "S", "R", "R", "R", "R", "R", "R", "R"];
    let table: [(Option<State>, Option<Date>, [&str; 9]); 10] = [
        (None, None, empty),
        (Some(State::Draft), None, empty),
        (Some(State::Submitted), None, ["", "SW", "R", "JR", "R", "R", "R", "R", "R"]),
        (Some(State::Withdrawn), None, empty),
        (Some(State::Appraised), None, ["", "", "R", "JR", "R", "ER", "R", "R", "R"]),
        (Some(State::Explained), None, ["", "", "R", "R", "R", "ER", "R", "JR", "R"]),
        (Some(State::Reappraised), None, ["", "", "R", "R", "R", "R", "R", "JR", "R"]),
        (Some(State::Reopened), late, ["S", "S", "SR", "SR", "SR", "SR", "SR", "SR", "SR"]),
        (
            Some(State::Submitted),
            late,
            ["SWJ", "SWJ", "SWJR", "SWJR", "SWJR", "SWJR", "SWJR", "SWJR", "SWJR"],
        ),
        (Some(State::Reopened), over, ["", "", "R", "R", "R", "R", "R", "R", "R"]),
    ];

    for (state, open_until, expected) in table {
        let present = state.map(|state| entry(state, open_until));
        for (today, expected) in DAYS.into_iter().zip(expected) {
            assert_eq!(possible(present.as_ref(), today), expected, "{state:?} on {today}");
        }
    }
}

#[test]
fn a_refusal_says_where_things_stand_and_who_may_do_what_until_when() {
    let (standing, node, today) = (standing(), node(), date!(2018 - 11 - 26));
    let place = Place { standing: &standing, node: &node, today };
    let present = entry(State::Appraised, None);
    let [_, _, (_, judge), ..] = steps(today);

    let refused = judge.decide(&key(), 3, place, Some(&present), &Stamp::of("ai-do", today));

    let refused = refused.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the entry is appraised and the campaign in explanation; next: the unit explains from 2018-11-22 \
         to 2018-11-26; or the appraiser gives it back to the unit with a reason from 2018-11-11"
    );
    assert_eq!(
        cchc_core::Fault::vietnamese(&refused),
        "mục này ở trạng thái “đã thẩm định lần 1”, đợt đánh giá ở giai đoạn “giải trình”; bước tiếp theo: \
         đơn vị giải trình từ ngày 22/11/2018 đến hết ngày 26/11/2018; hoặc đơn vị thẩm định mở lại, nêu \
         lý do từ ngày 11/11/2018"
    );
}

#[test]
fn nobody_appraises_themselves() {
    let campaign = standing().campaign;
    let of = |lead: Option<&str>, unit: &str| {
        let node = Node { lead: lead.map(|lead| lead.parse().unwrap()), ..node() };
        campaign.appraiser(&node, &unit.parse().unwrap()).to_string()
    };

    assert_eq!(of(Some("22-STP"), "193"), "22-STP");
    assert_eq!(of(Some("22-STP"), "22-STP"), "22-SNV");
    assert_eq!(of(None, "193"), "22-SNV");
    assert_eq!(of(Some("22-SNV"), "22-SNV"), "22");
}

#[test]
fn a_campaign_is_locked_after_its_own_last_day() {
    let open = standing();
    let locked = Standing { locked_at: Some(OffsetDateTime::UNIX_EPOCH), ..standing() };

    assert!(!open.is_to_lock(date!(2018 - 12 - 05)));
    assert!(open.is_to_lock(date!(2018 - 12 - 06)));
    assert!(!locked.is_to_lock(date!(2018 - 12 - 06)));
    assert_eq!(open.stage(date!(2018 - 12 - 06)), Stage::Over);
    assert_eq!(locked.stage(date!(2018 - 12 - 06)), Stage::Locked);
}

#[test]
fn what_an_appraisal_rests_on_moves_it() {
    let mut appraised = entry(State::Appraised, None);
    let judged = |score_version| entry::Judged {
        points: "8".parse().unwrap(),
        reason_code: String::new(),
        reason: "Thiếu".to_owned(),
        by: "hoi-dong".to_owned(),
        at: OffsetDateTime::UNIX_EPOCH,
        score_version,
    };
    assert!(!appraised.is_changed(Some(OffsetDateTime::UNIX_EPOCH)));

    appraised.content.first = Some(judged(1));
    assert!(!appraised.is_changed(None));
    assert!(!appraised.is_changed(Some(OffsetDateTime::UNIX_EPOCH)));
    assert!(appraised.is_changed(Some(OffsetDateTime::UNIX_EPOCH + time::Duration::SECOND)));

    appraised.content.first = Some(judged(0));
    assert!(appraised.is_changed(None));
}

//! A whole campaign through gRPC: 228 units score themselves, are appraised, explain, are appraised again, and
//! the campaign is locked while another stays open.

use cchc_proto::assignment::v1::{
    BatchJudgeEntriesRequest, BatchMoveEntriesRequest, Campaign, JudgeEntryRequest,
    MoveEntryRequest, campaign::Stage, entry::State, step_outcome::Outcome,
};
use cchc_testkit::request;

use crate::hall::{
    AGAIN, APPRAISING, EXPLAINING, Hall, OVER, SCORING, campaign, explain, judge, score,
};

impl Hall {
    async fn batch(&self, requests: Vec<MoveEntryRequest>, token: &str) {
        let ask = BatchMoveEntriesRequest { requests, validate_only: false };
        let reply = self.client().batch_move_entries(request(ask, token)).await.unwrap();
        for outcome in reply.into_inner().outcomes {
            assert!(matches!(outcome.outcome, Some(Outcome::Entry(_))), "{outcome:?}");
        }
    }

    async fn batch_judge(&self, requests: &[JudgeEntryRequest], token: &str) {
        for requests in requests.chunks(500) {
            let ask =
                BatchJudgeEntriesRequest { requests: requests.to_vec(), validate_only: false };
            let reply = self.client().batch_judge_entries(request(ask, token)).await.unwrap();
            for outcome in reply.into_inner().outcomes {
                assert!(matches!(outcome.outcome, Some(Outcome::Entry(_))), "{outcome:?}");
            }
        }
    }

    /// Judges node 1 of every unit, each by who appraises it: its lead, and the province for the lead itself.
    async fn judge_all(&self, judged: impl Fn(usize, &str) -> Option<JudgeEntryRequest>) {
        let of = |(place, unit): (usize, &String)| judged(place, unit);
        let all: Vec<_> = self.units.iter().enumerate().filter_map(of).collect();
        let (own, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|ask| ask.step.as_ref().unwrap().unit_code == "22-SNV");
        self.batch_judge(&others, &self.appraiser("22-SNV")).await;
        self.batch_judge(&own, &self.appraiser("22")).await;
    }
}

/// Half of the units are found to have given themselves a point too many.
fn is_disputed(place: usize) -> bool {
    place % 2 == 1
}

/// Half of these are then believed.
fn is_believed(place: usize) -> bool {
    place % 4 == 1
}

#[tokio::test]
async fn two_hundred_and_twenty_eight_units_are_scored_from_the_first_day_to_the_lock() {
    let hall = Hall::open().await;
    assert_eq!(hall.units.len(), 228);
    let later = Campaign {
        code: "CCHC-2018-B".to_owned(),
        second_appraisal: campaign().second_appraisal.map(|mut window| {
            window.last_date.as_mut().unwrap().day = 20;
            window
        }),
        ..campaign()
    };
    hall.load(later, "").await.unwrap();

    hall.at(SCORING);
    for unit in &hall.units {
        let all =
            vec![score(unit, "1", "", "9"), score(unit, "2", "", "5"), score(unit, "3", "", "4")];
        hall.batch(all, &hall.reporter(unit)).await;
    }
    hall.at(APPRAISING);
    hall.judge_all(|place, unit| {
        let (points, code) = if is_disputed(place) { ("8", "NO-EVIDENCE") } else { ("9", "") };
        Some(judge(unit, "1", "1", points, code))
    })
    .await;
    hall.at(EXPLAINING);
    for (_, unit) in hall.units.iter().enumerate().filter(|(place, _)| is_disputed(*place)) {
        hall.step(explain(unit, "1", "2"), &hall.reporter(unit)).await.unwrap();
    }
    hall.at(AGAIN);
    hall.judge_all(|place, unit| {
        let (points, code) = if is_believed(place) { ("9", "") } else { ("8", "NO-EVIDENCE") };
        is_disputed(place).then(|| judge(unit, "1", "3", points, code))
    })
    .await;
    hall.at(OVER);
    let instance = hall.desk.instance().await;
    let locked: Vec<String> =
        instance.lock().await.unwrap().iter().map(ToString::to_string).collect();

    assert_eq!(locked, ["CCHC-2018"]);
    assert!(instance.lock().await.unwrap().is_empty(), "locked once");
    assert_eq!(hall.campaign("CCHC-2018").await.stage(), Stage::Locked);
    assert_eq!(hall.campaign("CCHC-2018-B").await.stage(), Stage::SecondAppraisal);
    let found = hall.statistics("22").await;
    let total = found.total.unwrap();
    assert_eq!((total.entry_count, total.scored_count, total.appraised_count), (684, 684, 228));
    assert_eq!((total.inflated_count, total.deflated_count), (57, 0));
    assert_eq!(total.difference.unwrap().value, "57");
    let [first, second, _] = found.nodes.try_into().unwrap();
    assert_eq!((first.of.as_str(), first.inflated_count), ("PAR-2018/1", 57));
    assert_eq!(first.mean_difference.unwrap().value, "0.25");
    assert_eq!((second.appraised_count, second.mean_difference), (0, None));
    let inflating = found.units.iter().filter(|unit| unit.inflated_count == 1).count();
    assert_eq!((found.units.len(), inflating), (228, 57));
    let form = hall.form("CCHC-2018", &hall.units[1]).await;
    let entry = form.items[0].entry.clone().unwrap();
    assert_eq!((entry.state(), entry.etag.as_str()), (State::Reappraised, "4"));
    assert_eq!(entry.next_steps.len(), 1, "only the organiser may still do something");
    hall.desk.close().await;
}

//! What the days that passed say of tasks: told by the clock, once, and otherwise once the work is done.

use cchc_proto::assignment::{
    events::v1::ScorecardChanged,
    v1::{PushProgressRequest, TaskStanding, task_standing::State},
};
use cchc_testkit::request;
use time::{Date, macros::date};

use crate::{
    reminding::{Desk, tasks_only},
    reports::exported_facts,
    sample::{day, plan_published, progress},
};

async fn card(desk: &Desk, unit: &str) -> ScorecardChanged {
    let cards: Vec<ScorecardChanged> = exported_facts(desk).await;
    cards.into_iter().find(|card| card.unit_code == unit).unwrap()
}

async fn done(desk: &Desk, task: &str, unit: &str, on: Date) {
    let row = PushProgressRequest { done_date: Some(day(on)), ..progress(task, unit, 100) };
    let rows = request(tokio_stream::iter([row]), &desk.reporter);
    desk.assignments().push_progress(rows).await.unwrap();
}

fn stands(card: &ScorecardChanged) -> Vec<(&str, State, i32)> {
    let stands = |of: &TaskStanding| (of.state(), of.missed_count);
    card.tasks
        .iter()
        .map(|of| (of.task_number.as_str(), stands(of)))
        .map(|(task, (state, missed))| (task, state, missed))
        .collect()
}

#[tokio::test]
async fn a_task_that_lapsed_stands_against_its_unit_until_it_is_done_and_a_missed_time_for_good() {
    let desk = Desk::open(date!(2018 - 06 - 25)).await;
    desk.hear(plan_published(&tasks_only())).await;
    let instance = desk.instance().await;

    let before = instance.tell_scorecards().await.unwrap();
    // Friday 29 June was the last day of 19.1; the receptions of Thursday 28 June were not held.
    desk.clock.set(date!(2018 - 06 - 30), 0, 10);
    let lapsed = instance.tell_scorecards().await.unwrap();
    let same = instance.tell_scorecards().await.unwrap();
    let (district, commune) = (card(&desk, "194").await, card(&desk, "06649").await);
    done(&desk, "19.1", "193", date!(2018 - 06 - 30)).await;
    done(&desk, "20.3", "06649", date!(2018 - 06 - 30)).await;
    let settled = instance.tell_scorecards().await.unwrap();

    // Fourteen districts and 186 communes.
    assert_eq!((before, lapsed, same, settled), (0, 200, 0, 2));
    assert_eq!(stands(&district), [("19.1", State::Overdue, 0)]);
    assert_eq!(district.tasks[0].since_date, Some(day(date!(2018 - 06 - 29))));
    assert_eq!(stands(&commune), [("20.3", State::Missed, 1)]);
    let (none, held) = (card(&desk, "193").await, card(&desk, "06649").await);
    assert_eq!((none.version, stands(&none)), (2, Vec::new()));
    assert_eq!((held.version, stands(&held)), (2, Vec::new()), "within its week");
    desk.clock.set(date!(2018 - 07 - 07), 0, 10);
    instance.tell_scorecards().await.unwrap();
    assert_eq!(stands(&card(&desk, "06652").await), [("20.3", State::Missed, 2)]);
    desk.close().await;
}

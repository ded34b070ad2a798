//! Two years of periodic reports on a virtual clock, day by day, with two instances, restarts, ticks that are cut off
//! and six days without any: exactly the notices of the reviewed list; and what is told to stand against each
//! unit is what stands against it. What happens on which day stands in `data/README.md`, in words.

use std::collections::BTreeMap;

use cchc_proto::{
    assignment::{
        events::v1::ScorecardChanged,
        v1::{PushReportsRequest, ReportStanding, report_standing::State},
    },
    registry::events::v1::PlanPublished,
};
use cchc_scoring::{
    calendar::obligations,
    catalogue::{Plan, UnitKind},
};
use time::{Date, Duration, macros::date};

use crate::{
    reminding::{Desk, province},
    reports::{exported_facts, filed, owed, push, withdrawn},
    reviewed,
    two_years::cut_off,
};

const REVIEWED: &str = include_str!("../data/two_years_of_reports.csv");

/// The plan of 2018 without its tasks, and the same a year later.
fn plans() -> [Plan; 2] {
    let mut plan = province().0;
    plan.tasks.clear();
    let mut next = plan.clone();
    next.code = "QN-2019".parse().unwrap();
    next.year = cchc_core::Year::new(2019).unwrap();
    next.issued_from = None;
    let cycle = next.report_cycle.as_mut().unwrap();
    cycle.periods =
        ["2019-Q1", "2019-6M", "2019-9M", "2019"].map(|period| period.parse().unwrap()).to_vec();
    [plan, next]
}

struct Story {
    desk: Desk,
    units: Vec<String>,
    plans: [Plan; 2],
}

impl Story {
    async fn open() -> Self {
        let reports = |kind| matches!(kind, UnitKind::Department | UnitKind::District);
        let units = province().1.into_iter().filter(|unit| reports(unit.kind));
        let mut units: Vec<String> = units.map(|unit| unit.code.to_string()).collect();
        units.sort();
        Self { desk: Desk::open(date!(2018 - 01 - 01)).await, units, plans: plans() }
    }

    async fn hears(&self, today: Date) {
        let [first, next] = &self.plans;
        let plan = match today {
            _ if today == date!(2018 - 05 - 25) => first,
            _ if today == date!(2019 - 01 - 02) => next,
            _ => return,
        };
        self.desk.hear(PlanPublished { plan: Some(plan.into()), findings: Vec::new() }).await;
    }

    /// What units file and withdraw today, each by its place in the order of codes.
    async fn files(&self, today: Date) {
        let mut rows: Vec<PushReportsRequest> = Vec::new();
        for plan in &self.plans {
            let cycle = plan.report_cycle.as_ref().unwrap();
            for report in obligations(&cycle.periods, cycle.terms.as_ref().unwrap()) {
                let stated = report.last_due;
                // The first quarter of 2018 was due before the plan was told.
                if stated < date!(2018 - 06 - 01) {
                    continue;
                }
                let last = self.desk.calendar.on_or_after(stated).unwrap();
                let (code, period) = (plan.code.as_str(), report.period.to_string());
                for (place, unit) in self.units.iter().enumerate() {
                    let day = match place % 7 {
                        0 | 5 => stated - Duration::days(10),
                        1 => stated - Duration::days(3),
                        2 => last,
                        3 => last + Duration::days(3),
                        4 => last + Duration::days(30),
                        _ => last + Duration::days(20),
                    };
                    if day == today {
                        rows.push(filed(code, &period, unit, today));
                    }
                    if place % 7 == 5 && last + Duration::days(1) == today {
                        rows.push(withdrawn(code, &period, unit));
                    }
                }
            }
        }
        if !rows.is_empty() {
            let count = i64::try_from(rows.len()).unwrap();
            let receipt = push(&self.desk, rows, &self.desk.reporter).await;
            assert_eq!(receipt.accepted_count + receipt.corrected_count, count, "{receipt:?}");
        }
    }

    /// The seventh of every seven acknowledges the first notice that it is overdue.
    async fn acknowledges(&self, today: Date) {
        let is_today = |plan: &&Plan| {
            let cycle = plan.report_cycle.as_ref().unwrap();
            let dues = obligations(&cycle.periods, cycle.terms.as_ref().unwrap()).into_iter();
            let mut lasts = dues.map(|report| self.desk.calendar.on_or_after(report.last_due));
            lasts.any(|last| self.desk.calendar.add(last.unwrap(), 1) == Ok(today))
        };
        if !self.plans.iter().any(|plan| is_today(&plan)) {
            return;
        }
        for unit in self.units.iter().skip(6).step_by(7) {
            let notices = self.desk.notices(unit).await;
            let todays = |raised: cchc_proto::common::v1::Date| raised == today.into();
            let first =
                notices.iter().find(|n| n.working_days == 1 && n.raise_date.is_some_and(todays));
            if let Some(notice) = first {
                self.desk.acknowledge(&notice.notice_id, &self.desk.reporter).await.unwrap();
            }
        }
    }
}

/// How the reports of a plan stand, by unit and in order.
async fn standings(story: &Story, plan: &str) -> BTreeMap<String, Vec<ReportStanding>> {
    let mut all: BTreeMap<String, Vec<ReportStanding>> = BTreeMap::new();
    for (obligation, standing) in owed(&story.desk, plan, "22", &story.desk.reporter).await {
        all.entry(obligation.unit_code).or_default().push(standing);
    }
    all
}

/// Compares how reports stand at the end with the story, and with what was told.
async fn check_standings(story: &Story) {
    let mut told: BTreeMap<(String, String), Vec<ReportStanding>> = BTreeMap::new();
    for card in exported_facts::<ScorecardChanged>(&story.desk).await {
        told.insert((card.plan_code, card.unit_code), card.reports);
    }
    for plan in ["QN-2018", "QN-2019"] {
        let derived = standings(story, plan).await;
        assert_eq!(derived.len(), 29);
        for (place, (unit, reports)) in derived.into_iter().enumerate() {
            let states: Vec<State> = reports.iter().map(ReportStanding::state).collect();
            let usual = match place % 7 {
                0..=2 => State::InTime,
                5 => State::Missing,
                _ => State::Late,
            };
            let is_2018 = plan == "QN-2018";
            let first = if is_2018 { State::NotOwed } else { usual };
            // What the last of them file in January 2020 is missing still.
            let last = if place % 7 >= 4 && !is_2018 { State::Missing } else { usual };
            assert_eq!(states, [first, usual, usual, last], "{plan} {unit}");
            assert_eq!(told.get(&(plan.to_owned(), unit)), Some(&reports), "told as it stands");
        }
    }
}

#[tokio::test]
async fn two_years_of_reports_give_exactly_the_notices_of_the_reviewed_list() {
    let mut story = Story::open().await;
    let mut instances = [story.desk.instance().await, story.desk.instance().await];
    let mut today = date!(2018 - 01 - 01);

    while today <= date!(2019 - 12 - 31) {
        let is_down = (date!(2018 - 07 - 04)..=date!(2018 - 07 - 09)).contains(&today);
        if today.ordinal() % 61 == 0 {
            story.desk.restart().await;
            instances = [story.desk.instance().await, story.desk.instance().await];
        }
        story.desk.clock.set(today, 0, 10);
        if !is_down {
            let day = today.ordinal();
            if day % 7 == 0 {
                cut_off(instances[0].tick(), i64::from(day % 12)).await;
                cut_off(instances[1].tell_scorecards(), i64::from(day % 12)).await;
            }
            let (one, other) = tokio::join!(instances[0].tick(), instances[1].tick());
            assert!(one.unwrap().0 == 0 || other.unwrap().0 == 0, "one raises, on {today}");
            let told = tokio::join!(instances[0].tell_scorecards(), instances[1].tell_scorecards());
            assert!(told.0.unwrap() == 0 || told.1.unwrap() == 0, "one tells, on {today}");
        }
        story.desk.clock.set(today, 16, 0);
        story.hears(today).await;
        story.files(today).await;
        story.acknowledges(today).await;
        today += Duration::days(1);
    }

    let notices = story.desk.notices("22").await;
    reviewed::check(&notices, REVIEWED, "two_years_of_reports.csv");
    check_standings(&story).await;
    story.desk.close().await;
}

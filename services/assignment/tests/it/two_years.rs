//! Two years of Quảng Ninh's plan on a virtual clock, day by day, with two instances that take turns and
//! every fifth day tick at once, restarts, ticks that are cut off and six days without any: exactly the notices of the reviewed list, none missing and none
//! twice. What happens on which day stands in `data/README.md`, in words.

use std::{collections::BTreeSet, pin::pin, task::Poll};

use cchc_proto::{
    assignment::v1::{
        Assignment, DelegateAssignmentRequest, ListAssignmentsRequest, PushProgressRequest,
        ReturnAssignmentRequest,
    },
    registry::events::v1::PlanPublished,
};
use cchc_scoring::catalogue::{Plan, UnitKind};
use cchc_testkit::request;
use time::{Date, Duration, Weekday, macros::date};

use crate::{
    reminding::{Desk, province, tasks_only},
    reviewed::{self, day_of},
    sample::{day, id, progress},
};

const REVIEWED: &str = include_str!("../data/two_years.csv");

/// The plan of 2018 without its periodic reports, which have a story of their own, and the same a year later.
fn plans() -> [Plan; 2] {
    let plan = tasks_only();
    let mut next = plan.clone();
    next.code = "QN-2019".parse().unwrap();
    next.year = cchc_core::Year::new(2019).unwrap();
    next.issued_from = None;
    for task in &mut next.tasks {
        if let Some(due) = &mut task.due {
            due.date = due.date.replace_year(2019).unwrap();
        }
    }
    [plan, next]
}

/// One unit says that a task is done today.
fn done(plan: &str, task: &str, unit: &str, today: Date) -> PushProgressRequest {
    let done_date = Some(day(today));
    PushProgressRequest { plan_code: plan.to_owned(), done_date, ..progress(task, unit, 100) }
}

struct Story {
    desk: Desk,
    districts: Vec<String>,
    communes: Vec<String>,
}

impl Story {
    async fn open() -> Self {
        let (_, units) = province();
        let of = |kind: UnitKind| -> Vec<String> {
            let mut codes: Vec<String> = units
                .iter()
                .filter(|unit| unit.kind == kind)
                .map(|unit| unit.code.to_string())
                .collect();
            codes.sort();
            codes
        };
        let (districts, communes) = (of(UnitKind::District), of(UnitKind::Commune));
        Self { desk: Desk::open(date!(2018 - 01 - 01)).await, districts, communes }
    }

    /// A district by its place in the order of codes, from 0.
    fn district(&self, n: usize) -> &str {
        self.districts.get(n).unwrap()
    }

    async fn push(&self, rows: Vec<PushProgressRequest>) {
        if rows.is_empty() {
            return;
        }
        let count = i64::try_from(rows.len()).unwrap();
        let rows = request(tokio_stream::iter(rows), &self.desk.reporter);
        let reply = self.desk.assignments().push_progress(rows).await.unwrap().into_inner();
        let receipt = reply.receipt.unwrap();
        assert_eq!(receipt.accepted_count + receipt.corrected_count, count, "{receipt:?}");
    }

    /// Weekly receptions: every commune holds them on Thursday, or on the next working day, but for the
    /// one in 31 whose turn it is to miss.
    async fn receptions(&self, today: Date) {
        let thursday = (0..7)
            .map(|back| today - Duration::days(back))
            .find(|day| day.weekday() == Weekday::Thursday)
            .unwrap();
        let plan = if thursday.year() == 2018 { "QN-2018" } else { "QN-2019" };
        let is_told = thursday >= date!(2018 - 05 - 25);
        if !is_told || self.desk.calendar.on_or_after(thursday) != Ok(today) {
            return;
        }
        let week = usize::from(thursday.iso_week());
        let holds = |(index, _): &(usize, &String)| !(index + week).is_multiple_of(31);
        let communes = self.communes.iter().enumerate().filter(holds);
        self.push(communes.map(|(_, unit)| done(plan, "20.3", unit, today)).collect()).await;
    }

    /// What single units do.
    async fn units(&self, today: Date) {
        let d = |n: usize| self.district(n);
        let rows = match (today.year(), u8::from(today.month()), today.day()) {
            (year, 6, 20) => {
                let plan = format!("QN-{year}");
                let mut rows: Vec<PushProgressRequest> =
                    (0..5).map(|n| done(&plan, "19.1", d(n), today)).collect();
                rows.push(done(&plan, "15.2", "22-BQLKKT", today));
                rows
            }
            (2018, 7, 3) => {
                vec![done("QN-2018", "19.1", d(5), today), done("QN-2018", "19.1", d(6), today)]
            }
            (2018, 7, 12) => {
                vec![done("QN-2018", "19.1", d(7), today), done("QN-2018", "19.1", d(8), today)]
            }
            (2018, 7, 25) => vec![done("QN-2018", "19.1", d(9), today)],
            (2018, 6, 25) | (2018, 7, 20) => vec![done("QN-2018", "19.1", d(10), today)],
            (2018, 8, 31) => vec![done("QN-2018", "1.2", "22-SNV", today)],
            (2018, 12, 20) => vec![done("QN-2018", "15.2", "22-BQLKKT", today)],
            (2019, 7, 15) => vec![done("QN-2019", "7.1", "22-STTTT", today)],
            (2019, 12, 20) => vec![done("QN-2019", "1.7", "22-SNV", today)],
            _ => Vec::new(),
        };
        self.push(rows).await;
    }

    async fn assignment(&self, unit: &str) -> Assignment {
        let ask = ListAssignmentsRequest {
            plan_code: "QN-2018".to_owned(),
            unit_code: unit.to_owned(),
            page_size: 200,
            ..ListAssignmentsRequest::default()
        };
        let mut client = self.desk.assignments();
        let listed = client.list_assignments(request(ask, &self.desk.reporter)).await;
        let listed = listed.unwrap().into_inner().assignments;
        listed.into_iter().find(|a| a.task_number == "19.1" && a.unit_code == unit).unwrap()
    }

    /// A district delegates and acknowledges, another is sent back.
    async fn steps(&self, today: Date) {
        if today == date!(2018 - 06 - 01) {
            let assignment_id = self.assignment(self.district(9)).await.assignment_id;
            let officer = "chuyen-vien".to_owned();
            let ask = DelegateAssignmentRequest {
                request_id: id(),
                assignment_id,
                officer,
                note: String::new(),
            };
            let ask = request(ask, &self.desk.reporter);
            self.desk.assignments().delegate_assignment(ask).await.unwrap();
        } else if today == date!(2018 - 07 - 02) {
            let notices = self.desk.notices(self.district(9)).await;
            let first = notices.iter().find(|n| n.working_days == 1 && n.task_number == "19.1");
            let notice = &first.unwrap().notice_id;
            self.desk.acknowledge(notice, &self.desk.reporter).await.unwrap();
        } else if today == date!(2018 - 07 - 10) {
            let present = self.assignment(self.district(10)).await;
            let ask = ReturnAssignmentRequest {
                request_id: id(),
                assignment_id: present.assignment_id,
                version: present.version,
                reason: "Chưa kèm kết quả hội nghị".to_owned(),
            };
            let ask = request(ask, &self.desk.appraiser);
            self.desk.assignments().return_assignment(ask).await.unwrap();
        }
    }

    async fn hears(&self, today: Date) {
        let [first, next] = plans();
        let plan = match today {
            _ if today == date!(2018 - 05 - 25) => first,
            _ if today == date!(2019 - 01 - 02) => next,
            _ => return,
        };
        let told = PlanPublished { plan: Some((&plan).into()), findings: Vec::new() };
        self.desk.hear(told).await;
    }
}

/// Begins something and drops it after so many turns, as a process that dies in the midst.
pub(crate) async fn cut_off<F: Future>(work: F, turns: i64) {
    let mut work = pin!(work);
    let mut left = turns;
    std::future::poll_fn(|cx| {
        left -= 1;
        match work.as_mut().poll(cx) {
            Poll::Pending if left > 0 => Poll::Pending,
            Poll::Pending | Poll::Ready(_) => Poll::Ready(()),
        }
    })
    .await;
}

#[tokio::test]
async fn two_years_give_exactly_the_notices_of_the_reviewed_list() {
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
            }
            if day % 5 == 0 {
                let (one, other) = tokio::join!(instances[0].tick(), instances[1].tick());
                assert!(one.unwrap().0 == 0 || other.unwrap().0 == 0, "one raises, on {today}");
            } else {
                let (_, unknown_years) = instances[usize::from(day % 2)].tick().await.unwrap();
                assert_eq!(unknown_years, [] as [i32; 0]);
            }
        }
        story.desk.clock.set(today, 16, 0);
        story.hears(today).await;
        story.receptions(today).await;
        story.units(today).await;
        story.steps(today).await;
        today += Duration::days(1);
    }

    let notices = story.desk.notices("22").await;
    reviewed::check(&notices, REVIEWED, "two_years.csv");
    let digests: BTreeSet<(&str, i32, &str, String)> = notices
        .iter()
        .map(|n| {
            (n.recipient_unit_code.as_str(), n.audience, n.officer.as_str(), day_of(n.send_date))
        })
        .collect();
    let ids: BTreeSet<&str> = notices.iter().map(|n| n.digest_id.as_str()).collect();
    assert_eq!(digests.len(), ids.len(), "one digest for each recipient and day");
    story.desk.close().await;
}

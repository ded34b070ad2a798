//! A service whose clock is the test's, with the policy and the holidays of Quảng Ninh.

use std::{fs, path::PathBuf, sync::Arc};

use cchc_assignment::{HearRegistry, Reminders, startup};
use cchc_core::{Role, SystemIds};
use cchc_kit::{config::Config, db::Db, units::Units};
use cchc_proto::{
    assignment::v1::{
        AcknowledgeNoticeRequest, Audience, ListNoticesRequest, LoadCalendarYearRequest,
        LoadReminderPolicyRequest, Notice, ReminderPolicy,
        assignment_service_client::AssignmentServiceClient,
        calendar_service_client::CalendarServiceClient, reminder_policy::Step,
        reminder_service_client::ReminderServiceClient,
    },
    fact::Fact,
};
use cchc_scoring::{
    calendar::{Calendar, CalendarYear},
    catalogue::{Plan, Task, Unit},
};
use cchc_testkit::{Bench, Running, event_of, feed, request};
use serde::Deserialize;
use time::Date;
use tonic::{Status, transport::Channel};

use crate::{clock::VirtualClock, sample::id};

fn deployed(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(name)
}

/// The holidays that are deployed for 2018 and 2019.
pub(crate) fn years() -> Vec<CalendarYear> {
    [2018, 2019]
        .map(|year| fs::read_to_string(deployed(&format!("calendars/{year}.toml"))).unwrap())
        .iter()
        .map(|text| toml::from_str(text).unwrap())
        .collect()
}

#[derive(Deserialize)]
struct Tasks {
    tasks: Vec<Task>,
}

/// The plan and the units that are deployed.
pub(crate) fn province() -> (Plan, Vec<Unit>) {
    let folder = deployed("plans/quang-ninh-2018");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut plan: Plan = toml::from_str(&read("plan.toml")).unwrap();
    plan.tasks = toml::from_str::<Tasks>(&read("tasks.toml")).unwrap().tasks;
    let units = csv::Reader::from_path(folder.join("units.csv")).unwrap();
    (plan, units.into_deserialize().collect::<Result<_, _>>().unwrap())
}

/// The plan that is deployed without its periodic reports.
pub(crate) fn tasks_only() -> Plan {
    Plan { report_cycle: None, ..province().0 }
}

fn step(working_days: i32, audience: Audience) -> Step {
    Step { audience: audience.into(), working_days }
}

/// Officer five working days before, on the day and one after; head after 5, steering unit after 10,
/// Chairman after 20. Requests and weekly tasks climb no higher than the officer.
pub(crate) fn policy() -> ReminderPolicy {
    use Audience::{Chairman, Head, Officer, Steering};
    ReminderPolicy {
        province_code: "22".to_owned(),
        steering_unit_code: "22-SNV".to_owned(),
        grace_working_days: 0,
        moves_to_working_day: true,
        send_from_minute: 7 * 60 + 30,
        quiet_from_minute: 17 * 60,
        sends_on_days_off: false,
        catch_up_days: 60,
        acknowledgement_working_days: 10,
        ordered_steps: vec![
            step(-5, Officer),
            step(0, Officer),
            step(1, Officer),
            step(5, Head),
            step(10, Steering),
            step(20, Chairman),
        ],
        requested_steps: vec![step(-5, Officer)],
        weekly_steps: vec![step(1, Officer)],
    }
}

/// The service and those who use it, at a time of the test's choice.
pub(crate) struct Desk {
    pub(crate) bench: Bench,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) calendar: Calendar,
    running: Running,
    pub(crate) reporter: String,
    pub(crate) appraiser: String,
    pub(crate) operator: String,
}

impl Desk {
    /// Starts a service that has heard the province's units and knows holidays and policy.
    pub(crate) async fn open(day: Date) -> Self {
        let desk = Self::open_without_policy(day).await;
        for year in &years() {
            let ask =
                LoadCalendarYearRequest { request_id: id(), calendar_year: Some(year.into()) };
            let mut client = CalendarServiceClient::new(desk.running.channel());
            client.load_calendar_year(request(ask, &desk.operator)).await.unwrap();
        }
        desk.load(policy()).await.unwrap();
        desk
    }

    /// Starts a service that has heard the province's units.
    pub(crate) async fn open_without_policy(day: Date) -> Self {
        let bench = Bench::new("assignment").await;
        let clock = Arc::new(VirtualClock::at(day, 6, 0));
        let running = start(&bench, &clock).await;
        let reporter = bench.token("can-bo", "22", &[Role::AgencyReporter]);
        let appraiser = bench.token("hoi-dong", "22", &[Role::Appraiser]);
        let operator = bench.token("van-hanh", "22", &[Role::Operator]);
        let calendar = Calendar::new(&years());
        let desk = Self { bench, clock, calendar, running, reporter, appraiser, operator };
        let units = province().1.iter().map(Into::into).collect();
        let province_code = "22".to_owned();
        desk.hear(cchc_proto::registry::events::v1::UnitsChanged { province_code, units }).await;
        desk
    }

    /// Stops the service in order and starts it anew on the same database.
    pub(crate) async fn restart(&mut self) {
        let anew = start(&self.bench, &self.clock).await;
        std::mem::replace(&mut self.running, anew).stop().await;
    }

    /// The same with settings changed.
    pub(crate) async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        let clock = Arc::clone(&self.clock);
        let anew = self.bench.start(|mut config| {
            change(&mut config);
            startup::build_at(config, clock)
        });
        let anew = anew.await;
        std::mem::replace(&mut self.running, anew).stop().await;
    }

    pub(crate) const fn running(&self) -> &Running {
        &self.running
    }

    pub(crate) async fn close(self) {
        self.running.stop().await;
    }

    pub(crate) async fn db(&self) -> Db {
        Db::from_pool(self.bench.pool().await)
    }

    /// Lets the service hear a fact of the registry.
    pub(crate) async fn hear(&self, fact: impl Fact) {
        let db = self.db().await;
        let hear = HearRegistry::new(
            Units::new(db.clone(), self.clock.clone()),
            self.clock.clone(),
            Arc::new(SystemIds),
        );
        feed(&db, &hear, "registry", vec![event_of(&fact)]).await;
    }

    /// One more instance that raises reminders when it is told to.
    pub(crate) async fn instance(&self) -> Reminders {
        Reminders::new(self.db().await, self.clock.clone(), Arc::new(SystemIds))
    }

    pub(crate) fn assignments(&self) -> AssignmentServiceClient<Channel> {
        AssignmentServiceClient::new(self.running.channel())
    }

    pub(crate) fn reminders(&self) -> ReminderServiceClient<Channel> {
        ReminderServiceClient::new(self.running.channel())
    }

    pub(crate) async fn load(&self, policy: ReminderPolicy) -> Result<i64, Status> {
        let ask = LoadReminderPolicyRequest { request_id: id(), policy: Some(policy) };
        let loaded = self.reminders().load_reminder_policy(request(ask, &self.operator)).await;
        loaded.map(|reply| reply.into_inner().version)
    }

    /// Every notice to a unit and those below it, the oldest first.
    pub(crate) async fn notices(&self, to: &str) -> Vec<Notice> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let recipient_unit_code = to.to_owned();
            let ask = ListNoticesRequest { page_size: 200, page_token, recipient_unit_code };
            let page = self.reminders().list_notices(request(ask, &self.reporter)).await;
            let page = page.unwrap().into_inner();
            all.extend(page.notices);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                all.reverse();
                return all;
            }
        }
    }

    pub(crate) async fn acknowledge(&self, notice: &str, token: &str) -> Result<Notice, Status> {
        let (notice_id, note) = (notice.to_owned(), "Đang hoàn thiện".to_owned());
        let ask = AcknowledgeNoticeRequest { request_id: id(), notice_id, note };
        let said = self.reminders().acknowledge_notice(request(ask, token)).await;
        said.map(|reply| reply.into_inner().notice.unwrap())
    }
}

async fn start(bench: &Bench, clock: &Arc<VirtualClock>) -> Running {
    let clock = Arc::clone(clock);
    bench.start(|config| startup::build_at(config, clock)).await
}

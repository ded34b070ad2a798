//! A tick of the clock: raises every notice that is due and was not raised, in one transaction.
//!
//! Whoever ticks has the turn until it commits, so that two instances raise nothing twice; the unique key
//! of the table is the second guard. A tick that is missed is made up for by the next: what is due is found
//! by the day it is, never by the day of the last tick.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Period, civil_date};
use cchc_kit::{
    db::{DbError, Tx},
    outbox,
};
use cchc_scoring::{calendar::Calendar, catalogue::Plan};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::App;
use crate::{
    domain::reminder::{
        Due, Matter, Notice, Policy, Recipient, Ripe, Sending, Timetable, Watched, decide,
        report_times, report_timetable, timetable,
    },
    events::tell,
    store::{calendar, notices, obligations, reminders, turns},
};

/// Notices told in one event.
const TOLD_AT_ONCE: usize = 500;

/// What a tick did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tick {
    /// Notices that were raised.
    pub(crate) raised: usize,
    /// Years without whose holidays something could not be decided.
    pub(crate) unknown_years: BTreeSet<i32>,
}

/// Digests by recipient and day, with their ids and from when they may be sent.
type Digests = BTreeMap<(Recipient, Date), (Uuid, OffsetDateTime)>;

impl App {
    /// Raises what is due now.
    #[tracing::instrument(name = "app.remind", skip_all)]
    pub(crate) async fn remind(&self) -> Result<Tick, DbError> {
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, "reminders").await?;
        let policies = reminders::policies(&mut tx).await?;
        let mut tick = Tick::default();
        if policies.is_empty() {
            return Ok(tick);
        }
        let now = self.clock.now();
        let calendar = Calendar::new(&calendar::years(&mut tx).await?);
        let digests = notices::digests_from(&mut tx, civil_date(now)).await?;
        let mut round = Round { app: self, tx, calendar, digests, now, today: civil_date(now) };
        for policy in &policies {
            for plan in reminders::plans_of(&mut round.tx, &policy.province).await? {
                round.remind_of(&plan, policy, &mut tick).await?;
            }
        }
        round.tx.commit().await?;
        if !tick.unknown_years.is_empty() {
            tracing::warn!(years = ?tick.unknown_years, "holidays are not known: load them");
        }
        Ok(tick)
    }
}

/// A tick under way.
struct Round<'a> {
    app: &'a App,
    tx: Tx,
    calendar: Calendar,
    digests: Digests,
    now: OffsetDateTime,
    today: Date,
}

impl Round<'_> {
    async fn remind_of(
        &mut self,
        plan: &Plan,
        policy: &Policy,
        tick: &mut Tick,
    ) -> Result<(), DbError> {
        let ripe = self.ripe(plan, policy, tick);
        if ripe.is_empty() {
            return Ok(());
        }
        let watched = self.watched(plan, &ripe).await?;
        // The furthest a step reaches before a day, and all that is caught up with after it.
        let since = self.today - Duration::days(i64::from(policy.catch_up_days) + 400);
        let known = reminders::known(&mut self.tx, &plan.code, since).await?;
        let of = |watched: &Watched| {
            let ripe = ripe.get(&watched.subject.matter()).map_or(&[] as &[Ripe], Vec::as_slice);
            decide(watched, ripe, &known, policy, &self.calendar, self.today)
        };
        let due: Vec<Due> = watched.iter().flat_map(of).collect();
        let raised = self.address(plan, policy, due).await?;
        for told in raised.chunks(TOLD_AT_ONCE) {
            let event_id = self.app.ids.next().into();
            notices::insert(&mut self.tx, told, event_id).await?;
            let fact = tell::notices_raised(&plan.code, told);
            outbox::record(&mut self.tx, event_id, &fact, self.now).await?;
        }
        tick.raised += raised.len();
        Ok(())
    }

    /// Everybody who owes something that is ripe.
    async fn watched(
        &mut self,
        plan: &Plan,
        ripe: &BTreeMap<Matter, Vec<Ripe>>,
    ) -> Result<Vec<Watched>, DbError> {
        let (mut tasks, mut periods): (Vec<String>, Vec<Period>) = (Vec::new(), Vec::new());
        for matter in ripe.keys() {
            match matter {
                Matter::Task(number) => tasks.push(number.to_string()),
                Matter::Report(period) => periods.push(*period),
            }
        }
        let mut watched = reminders::watched(&mut self.tx, &plan.code, &tasks, None).await?;
        watched.extend(obligations::watched(&mut self.tx, &plan.code, periods, None).await?);
        Ok(watched)
    }

    fn ripe(&self, plan: &Plan, policy: &Policy, tick: &mut Tick) -> BTreeMap<Matter, Vec<Ripe>> {
        let mut all = BTreeMap::new();
        let mut take = |matter: Matter, table: Timetable| {
            tick.unknown_years.extend(table.unknown_years);
            if !table.ripe.is_empty() {
                all.insert(matter, table.ripe);
            }
        };
        for task in &plan.tasks {
            let table = timetable(plan, task, policy, &self.calendar, self.today);
            take(Matter::Task(task.number.clone()), table);
        }
        for (period, time) in report_times(plan, policy.moves_to_working_day, &self.calendar) {
            let table = report_timetable((plan, &time), policy, &self.calendar, self.today);
            take(Matter::Report(period), table);
        }
        all
    }

    /// Puts each notice into a digest of its recipient.
    async fn address(
        &mut self,
        plan: &Plan,
        policy: &Policy,
        due: Vec<Due>,
    ) -> Result<Vec<Notice>, DbError> {
        let mut raised = Vec::with_capacity(due.len());
        for due in due {
            let (digest, send_date) = self.digest(policy, &due.recipient).await?;
            raised.push(Notice {
                id: self.app.ids.next(),
                key: due.key,
                plan: plan.code.clone(),
                unit: due.unit,
                last_date: due.last,
                recipient: due.recipient,
                raise_date: self.today,
                digest,
                send_date,
                acknowledgement: None,
            });
        }
        Ok(raised)
    }

    async fn digest(
        &mut self,
        policy: &Policy,
        recipient: &Recipient,
    ) -> Result<(Uuid, Date), DbError> {
        let sending =
            Sending { policy, calendar: &self.calendar, now: self.now, today: self.today };
        let todays = self.digests.get(&(recipient.clone(), self.today));
        // A digest made by this very tick can still be joined.
        let is_sent = todays.is_some_and(|(_, time)| *time < self.now);
        let day = sending.day(is_sent);
        let key = (recipient.clone(), day);
        if let Some((id, _)) = self.digests.get(&key) {
            return Ok((*id, day));
        }
        let (id, time) = (self.app.ids.next(), sending.time(day));
        notices::insert_digest(&mut self.tx, id, recipient, day, time).await?;
        self.digests.insert(key, (id, time));
        Ok((id, day))
    }
}

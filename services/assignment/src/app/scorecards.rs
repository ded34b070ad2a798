//! Tells what stands against units whenever it comes out otherwise than it was told last: when a unit files a
//! periodic report, and by the clock, since a day that passes changes it too.

use std::collections::BTreeMap;

use cchc_core::{EventId, UnitCode, civil_date};
use cchc_kit::{db::DbError, outbox, units};
use cchc_scoring::{
    calendar::Calendar,
    catalogue::{Plan, Unit},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{App, feed::dated};
use crate::{
    domain::{
        obligation::standing::Rules,
        scorecard::{Scorecard, Told, derive},
    },
    events::tell,
    store::{calendar, catalogue, obligations, reminders, scorecards, turns},
};

impl App {
    /// Tells every scorecard that is not what was told last; says how many those were.
    #[tracing::instrument(name = "app.scorecards.tell", skip_all)]
    pub(crate) async fn tell_scorecards(&self) -> Result<usize, DbError> {
        let mut tx = self.db.begin().await?;
        let mut told = 0;
        for plan in catalogue::all_plans(&mut tx).await? {
            told +=
                renew(&mut tx, || self.ids.next().into(), (&plan, None), self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(told)
    }
}

/// Tells the scorecards of a plan that are not what was told last; of one unit, or of all.
pub(super) async fn renew(
    tx: &mut PgConnection,
    mut next_id: impl FnMut() -> EventId,
    (plan, unit): (&Plan, Option<&UnitCode>),
    now: OffsetDateTime,
) -> Result<usize, DbError> {
    // Taken after every other turn, so that nobody waits for each other.
    turns::alone(tx, "scorecards").await?;
    let known = scorecards::present(tx, &plan.code, unit).await?;
    let mut derived = derived(tx, plan, unit, now).await?;
    for unit in known.keys().filter(|unit| !derived.contains_key(unit)).cloned().collect::<Vec<_>>()
    {
        // Nothing stands against it any more.
        derived.insert(unit, Scorecard::default());
    }
    let mut count = 0;
    for (unit, scorecard) in derived {
        let was = known.get(&unit);
        if was.is_some_and(|(_, told)| *told == scorecard) {
            continue;
        }
        let version = was.map_or(1, |(version, _)| version + 1);
        let told = Told { plan: plan.code.clone(), unit, version, scorecard };
        let event_id = next_id();
        scorecards::insert(tx, &told, event_id, now).await?;
        outbox::record(tx, event_id, &tell::scorecard_changed(&told), now).await?;
        count += 1;
    }
    Ok(count)
}

/// Derives the scorecards as they are now.
async fn derived(
    tx: &mut PgConnection,
    plan: &Plan,
    unit: Option<&UnitCode>,
    now: OffsetDateTime,
) -> Result<BTreeMap<UnitCode, Scorecard>, DbError> {
    let ground = Ground::read(tx, plan).await?;
    let owed = obligations::of_plan(tx, &plan.code, unit).await?;
    let assigned = reminders::watched(tx, &plan.code, &dated(plan), unit).await?;
    Ok(derive(&ground.rules(plan, now), &owed, &assigned, &ground.units))
}

/// What reports are judged against beside themselves.
pub(super) struct Ground {
    calendar: Calendar,
    moves: bool,
    pub(super) units: BTreeMap<UnitCode, Unit>,
}

impl Ground {
    pub(super) async fn read(tx: &mut PgConnection, plan: &Plan) -> Result<Self, DbError> {
        let calendar = Calendar::new(&calendar::years(tx).await?);
        let policy = reminders::policy(tx, &plan.province).await?;
        let units = units::list(tx, Some(&plan.province)).await?;
        Ok(Self {
            calendar,
            moves: policy.is_some_and(|(_, policy)| policy.moves_to_working_day),
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
        })
    }

    pub(super) fn rules<'a>(&'a self, plan: &'a Plan, now: OffsetDateTime) -> Rules<'a> {
        Rules { plan, calendar: &self.calendar, moves: self.moves, today: civil_date(now) }
    }
}

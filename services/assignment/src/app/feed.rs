//! What stands in the calendar of a unit or of one of its officers.

use cchc_core::{UnitCode, civil_date};
use cchc_kit::db::DbError;
use cchc_scoring::{
    calendar::Calendar,
    catalogue::{Plan, Task},
};

use super::App;
use crate::{
    domain::{
        feed::{Entry, Rules, entries, report_entry},
        reminder::{Matter, report_times},
    },
    store::{calendar, obligations, reminders},
};

impl App {
    /// Lists the entries of a unit's feed by day, those of one officer or, without a name, of all.
    #[tracing::instrument(name = "app.feed", skip_all, fields(unit.code = %unit))]
    pub(crate) async fn feed(&self, unit: &UnitCode, officer: &str) -> Result<Vec<Entry>, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let today = civil_date(self.clock.now());
        let holidays = Calendar::new(&calendar::years(&mut tx).await?);
        let loaded = calendar::times_loaded(&mut tx).await?;
        let mut all = Vec::new();
        for plan in reminders::plans_binding(&mut tx, unit).await? {
            let policy = reminders::policy(&mut tx, &plan.province).await?;
            let (version, policy) = policy.map_or((0, None), |(version, of)| (version, Some(of)));
            let revision = loaded + version;
            let policy = policy.as_ref();
            let rules = Rules { policy, calendar: &holidays, revision, today };
            let watched =
                reminders::watched(&mut tx, &plan.code, &dated(&plan), Some(unit)).await?;
            let reports =
                report_times(&plan, policy.is_some_and(|of| of.moves_to_working_day), &holidays);
            let periods = reports.iter().map(|(period, _)| *period);
            let owed = obligations::watched(&mut tx, &plan.code, periods, Some(unit)).await?;
            for of in owed.iter().filter(|_| officer.is_empty()) {
                let time = reports
                    .iter()
                    .find(|(period, _)| Matter::Report(*period) == of.subject.matter());
                all.extend(
                    time.and_then(|(period, time)| {
                        report_entry((&plan, *period, time), of, &rules)
                    }),
                );
            }
            for of in watched.iter().filter(|of| officer.is_empty() || of.officer == officer) {
                let matter = of.subject.matter();
                let task =
                    plan.tasks.iter().find(|task| Matter::Task(task.number.clone()) == matter);
                all.extend(task.into_iter().flat_map(|task| entries(&plan, task, of, &rules)));
            }
        }
        all.sort_by(|one, other| (one.last, &one.uid).cmp(&(other.last, &other.uid)));
        Ok(all)
    }
}

/// The tasks of a plan that fall due on a day at all.
pub(super) fn dated(plan: &Plan) -> Vec<String> {
    let is_dated = |task: &&Task| task.due.is_some() || task.recurrence.is_some();
    plan.tasks.iter().filter(is_dated).map(|task| task.number.to_string()).collect()
}

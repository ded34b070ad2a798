//! From a plan's report cycle to what each unit owes.

use cchc_core::{ObligationId, Period, PlanCode, UnitCode};
use cchc_scoring::{
    calendar::{self, obligations},
    catalogue::{Mode, Plan, ReportTerms, Unit},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Key, Obligation};

/// The namespace of obligation ids. Changing it would make every known obligation another one.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0a_61d4_27c3_5b19_b6e1_2018_0320_51cc);

fn obligation_id(plan: &PlanCode, period: Period, unit: &UnitCode) -> ObligationId {
    Uuid::new_v5(&NAMESPACE, format!("{plan}/{period}/{unit}").as_bytes()).into()
}

/// Gives every report of a plan's cycle to every unit that owes it, by last day and then by unit.
///
/// Owing are units of the province that exist on the last day: what falls due after a body is merged is its
/// successor's. Never the province itself, to which they report. A cycle whose terms nobody has set
/// gives nothing.
pub(crate) fn open(plan: &Plan, units: &[Unit], at: OffsetDateTime) -> Vec<Obligation> {
    let Some((cycle, terms)) =
        plan.report_cycle.as_ref().and_then(|cycle| Some((cycle, cycle.terms.as_ref()?)))
    else {
        return Vec::new();
    };
    let mut bodies: Vec<&Unit> = units.iter().filter(|unit| unit.code != plan.province).collect();
    bodies.sort_by(|a, b| a.code.cmp(&b.code));
    let mut all = Vec::new();
    for report in obligations(&cycle.periods, terms) {
        let window = (report.last_due, report.last_due);
        let owing = bodies.iter().filter(|unit| terms.binds.selects_within(unit, window));
        all.extend(owing.map(|unit| owed((plan, terms, at), report, &unit.code)));
    }
    all
}

fn owed(
    (plan, terms, at): (&Plan, &ReportTerms, OffsetDateTime),
    report: calendar::Obligation,
    unit: &UnitCode,
) -> Obligation {
    Obligation {
        id: obligation_id(&plan.code, report.period, unit),
        key: Key { plan: plan.code.clone(), period: report.period, unit: unit.clone() },
        data: (report.first, report.last),
        last_date: report.last_due,
        ministry_last_date: report.ministry_due,
        is_requested: terms.mode == Mode::Requested,
        opened: at,
        filing: None,
    }
}

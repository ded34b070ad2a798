//! Who takes part in a task, and as what: the units that lead it, and those beside them.
//!
//! A task binds its leads, each by an assignment of its own. Beside them a plan may name units that coordinate
//! ("phối hợp"), advise ("tham mưu") or are asked to take part ("đề nghị"). They owe nothing by themselves: they see
//! the task and are shown beside it. Who they are follows from the plan and the units, and is never stored.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Period, UnitCode, WindowStart};
use time::Date;

use crate::{
    catalogue::{Due, Mode, Plan, Task, UnitSelector},
    hierarchy::Hierarchy,
};

/// As what a unit takes part in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// "Chủ trì": it is ordered to do it, and answers for it.
    Lead,
    /// "Phối hợp": it works on it with the lead.
    Coordinating,
    /// "Tham mưu": it advises on it.
    Advising,
    /// "Đề nghị": it is asked, not ordered, to do it or to take part.
    Requested,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Lead, Self::Coordinating, Self::Advising, Self::Requested];

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Lead => "chủ trì",
            Self::Coordinating => "phối hợp",
            Self::Advising => "tham mưu",
            Self::Requested => "được đề nghị",
        }
    }

    /// The role of the units that a task binds.
    #[must_use]
    pub const fn of_bound(mode: Mode) -> Self {
        match mode {
            Mode::Ordered => Self::Lead,
            Mode::Requested => Self::Requested,
        }
    }
}

/// The days that decide whom a task means: its last day, or, where it has none, the year of its plan.
#[must_use]
pub fn days(plan: &Plan, task: &Task) -> (Date, Date) {
    let whole_year = || Period::whole(plan.year).days(WindowStart::CALENDAR);
    task.due.map(Due::last_day).map_or_else(whole_year, |last| (last, last))
}

/// The units that a selector of a plan means over some days, by code: those that exist then, and whoever
/// stands on the last of the days in the place of a body that is named and has ended by then. Never the province,
/// which gives the orders. `all` are the units of the province.
#[must_use]
pub fn meant<'a>(
    plan: &Plan,
    selector: &UnitSelector,
    days: (Date, Date),
    all: &'a Hierarchy,
) -> BTreeSet<&'a UnitCode> {
    let selected = all.units().filter(|unit| selector.selects_within(unit, days));
    let mut meant: BTreeSet<&UnitCode> = selected.map(|unit| &unit.code).collect();
    if let UnitSelector::Units(named) = selector {
        meant.extend(heirs(named, days.1, all));
    }
    meant.remove(&plan.province);
    meant
}

/// Who stands on a day in the place of bodies that have ended by then.
pub fn heirs<'a, 'b>(
    ended: impl IntoIterator<Item = &'b UnitCode>,
    day: Date,
    all: &'a Hierarchy,
) -> BTreeSet<&'a UnitCode> {
    let is_over = |code: &&UnitCode| {
        all.unit(code).and_then(|unit| unit.valid_to).is_some_and(|end| end <= day)
    };
    let over = ended.into_iter().filter(is_over).filter_map(|code| all.unit(code));
    over.flat_map(|unit| all.stand_in(&unit.code, day)).collect()
}

/// The units beside those that a task binds, by code, each with its roles. A unit that is bound is not named
/// again: the lead answers for all of it.
#[must_use]
pub fn beside<'a>(
    plan: &Plan,
    task: &Task,
    all: &'a Hierarchy,
) -> BTreeMap<&'a UnitCode, BTreeSet<Role>> {
    let days = days(plan, task);
    let named = [
        (Role::Coordinating, &task.coordinating),
        (Role::Advising, &task.advising),
        (Role::Requested, &task.requested),
    ];
    let mut beside: BTreeMap<&UnitCode, BTreeSet<Role>> = BTreeMap::new();
    for (role, selector) in named {
        for unit in selector.iter().flat_map(|selector| meant(plan, selector, days, all)) {
            beside.entry(unit).or_default().insert(role);
        }
    }
    if !beside.is_empty() {
        for bound in meant(plan, &task.binds, days, all) {
            beside.remove(bound);
        }
    }
    beside
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn units() -> Hierarchy {
        let units: Vec<crate::catalogue::Unit> = serde_json::from_value(json!([
            { "code": "22", "kind": "province", "name": "Tỉnh" },
            { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
            { "code": "22-STTTT", "parent": "22", "kind": "department", "name": "Sở TTTT" },
            { "code": "193", "parent": "22", "kind": "district", "name": "Hạ Long" },
            { "code": "204", "parent": "22", "kind": "district", "name": "Hoành Bồ",
              "valid_to": "2018-07-01", "successors": [{ "code": "193" }] }
        ]))
        .unwrap();
        units.into_iter().collect()
    }

    fn plan(task: &Value) -> Plan {
        serde_json::from_value(json!({
            "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
            "reference": "", "tasks": [task],
        }))
        .unwrap()
    }

    fn roles(task: &Value) -> Vec<(String, Vec<Role>)> {
        let plan = plan(task);
        let all = units();
        let beside = beside(&plan, plan.tasks.first().unwrap(), &all);
        let named = beside.into_iter();
        named.map(|(unit, roles)| (unit.to_string(), roles.into_iter().collect())).collect()
    }

    #[test]
    fn units_beside_the_lead_have_every_role_that_names_them_and_the_lead_none() {
        let task = json!({
            "number": "7.6", "title": "", "reference": "", "binds": { "units": ["22-STTTT"] },
            "coordinating": { "kinds": ["district", "department", "province"] },
            "advising": { "units": ["22-SNV"] }, "requested": { "units": ["193"] },
        });

        let found = roles(&task);

        let expected = [
            ("193", vec![Role::Coordinating, Role::Requested]),
            ("204", vec![Role::Coordinating]),
            ("22-SNV", vec![Role::Coordinating, Role::Advising]),
        ];
        assert_eq!(found, expected.map(|(unit, roles)| (unit.to_owned(), roles)));
    }

    #[test]
    fn whoever_stands_in_the_place_of_a_body_that_has_ended_takes_its_role() {
        let of = |due: &str| {
            roles(&json!({
                "number": "1", "title": "", "reference": "", "binds": { "units": ["22-SNV"] },
                "coordinating": { "units": ["204"] }, "due": { "date": due, "inclusive": true },
            }))
        };

        assert_eq!(of("2018-06-30"), [("204".to_owned(), vec![Role::Coordinating])]);
        assert_eq!(of("2018-07-01"), [("193".to_owned(), vec![Role::Coordinating])]);
    }

    #[test]
    fn those_who_are_bound_by_a_request_are_asked_and_all_others_lead() {
        assert_eq!(Role::of_bound(Mode::Requested), Role::Requested);
        assert_eq!(Role::of_bound(Mode::Ordered), Role::Lead);
    }
}

//! Units that are loaded or changed, beside those that are recorded: every unit below its province on every
//! day, nothing taken from another province, and no history forgotten unawares.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, UnitCode};
use cchc_scoring::{
    catalogue::{Unit, UnitKind},
    hierarchy::{Hierarchy, UnitChange, UnitFault, Wrong, check},
};

/// Units as they are stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<'a> {
    /// Those of every province.
    pub(crate) everywhere: &'a [Unit],
    /// Those of the province that is loaded.
    pub(crate) known: &'a [Unit],
}

/// Units that are to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// Each as it should be recorded.
    pub(crate) units: Vec<Unit>,
    /// Whether history that they no longer tell is withdrawn.
    pub(crate) withdraws_history: bool,
}

/// Checks units that are to be added or changed against those that are known; refuses everything
/// wrong at once. Gives those that are new or differ from what is known.
pub(crate) fn changed(
    collector: &mut Collector,
    province: &UnitCode,
    stored: Stored<'_>,
    load: Load,
) -> Vec<Unit> {
    let Load { units: loaded, withdraws_history } = load;
    refuse_foreign(collector, province, stored, &loaded);
    let before: Hierarchy = stored.known.iter().cloned().collect();
    let mut after = before.clone();
    let mut places = BTreeMap::new();
    for (at, unit) in loaded.iter().enumerate() {
        if places.contains_key(&unit.code) {
            refuse(collector, &format!("units[{at}].code"), &Wrong::Twice(unit.code.clone()));
        }
        places.entry(unit.code.clone()).or_insert(at);
        if let Some(recorded) = before.unit(&unit.code) {
            refuse_rewritten(collector, at, recorded, unit, withdraws_history);
        }
        after.put(unit.clone());
    }
    let was_wrong = check(&before, province);
    let mut faults = check(&after, province);
    faults.sort_by_key(|fault| places.get(&fault.unit).copied());
    for fault in faults {
        if let Some(path) = path(&fault, &places, was_wrong.contains(&fault)) {
            refuse(collector, &path, &fault.wrong);
        }
    }
    loaded.into_iter().filter(|unit| before.unit(&unit.code) != Some(unit)).collect()
}

/// Makes a change of the units of a province; refuses everything for which it cannot be made. Gives those
/// that begin, end or stand otherwise.
pub(crate) fn make(
    collector: &mut Collector,
    province: &UnitCode,
    stored: Stored<'_>,
    change: &UnitChange,
) -> Vec<Unit> {
    let known: Hierarchy = stored.known.iter().cloned().collect();
    let changed = change.apply(&known, province).unwrap_or_else(|faults| {
        for fault in faults {
            refuse(collector, &format!("change.{}", fault.path), &fault.wrong);
        }
        Vec::new()
    });
    let is_known = |unit: &Unit| known.unit(&unit.code).is_some();
    let elsewhere: BTreeSet<&UnitCode> = stored.everywhere.iter().map(|unit| &unit.code).collect();
    for unit in changed.iter().filter(|unit| !is_known(unit) && elsewhere.contains(&unit.code)) {
        refuse(collector, "change", &Wrong::CodeReused(unit.code.clone()));
    }
    changed
}

fn refuse(collector: &mut Collector, path: &str, wrong: &Wrong) {
    collector.refuse_because(path, wrong);
}

/// Where in the load a fault stands: with its unit, or with the other one it concerns. What was wrong before
/// and is not touched is not this load's fault.
fn path(fault: &UnitFault, places: &BTreeMap<UnitCode, usize>, was_wrong: bool) -> Option<String> {
    let of_unit = places.get(&fault.unit).map(|at| format!("units[{at}].{}", fault.path()));
    let of_other = || {
        let (other, field) = fault.other()?;
        Some(format!("units[{}].{field}", places.get(other)?))
    };
    let of_all = || (!was_wrong).then(|| "units".to_owned());
    of_unit.or_else(of_other).or_else(of_all)
}

/// A code stays with its body, and what was recorded of that is not forgotten unawares.
fn refuse_rewritten(
    collector: &mut Collector,
    at: usize,
    recorded: &Unit,
    loaded: &Unit,
    withdraws_history: bool,
) {
    let after = |from: Option<time::Date>, to: Option<time::Date>| {
        from.zip(to).is_some_and(|(from, to)| from >= to)
    };
    if after(loaded.valid_from, recorded.valid_to) || after(recorded.valid_from, loaded.valid_to) {
        let wrong = Wrong::CodeReused(loaded.code.clone());
        refuse(collector, &format!("units[{at}].code"), &wrong);
    }
    let days: BTreeSet<_> = loaded.earlier.iter().map(|earlier| earlier.until).collect();
    let heirs: BTreeSet<_> = loaded.successors.iter().map(|heir| &heir.code).collect();
    let dropped = [
        ("earlier", recorded.earlier.iter().any(|earlier| !days.contains(&earlier.until))),
        ("valid_to_date", recorded.valid_to.is_some() && loaded.valid_to.is_none()),
        ("successors", recorded.successors.iter().any(|heir| !heirs.contains(&heir.code))),
    ];
    for (field, is_dropped) in dropped {
        if is_dropped && !withdraws_history {
            collector.refuse(
                &format!("units[{at}].{field}"),
                "HISTORY_DROPPED",
                format!("says less of {} than is recorded; set withdraws_history to withdraw it", loaded.code),
                format!(
                    "thông tin về {} ít hơn lịch sử đã ghi; nếu muốn hủy phần đã ghi, đặt withdraws_history",
                    loaded.code
                ),
            );
        }
    }
}

/// Nobody loads what is no province, nor takes units that stand elsewhere: the caller's reach was
/// checked for this province, and for nothing outside it.
fn refuse_foreign(
    collector: &mut Collector,
    province: &UnitCode,
    stored: Stored<'_>,
    loaded: &[Unit],
) {
    let is_of = |unit: &Unit, code: &UnitCode| unit.code == *code;
    let root = stored.everywhere.iter().find(|unit| is_of(unit, province));
    if root.is_some_and(|root| root.kind != UnitKind::Province || root.parent.is_some()) {
        collector.refuse(
            "province_code",
            "NOT_A_PROVINCE",
            format!("{province} is not a province"),
            format!("{province} không phải là đơn vị cấp tỉnh"),
        );
    }
    for (index, unit) in loaded.iter().enumerate() {
        let is_here = stored.known.iter().any(|known| is_of(known, &unit.code));
        let is_stored = stored.everywhere.iter().any(|stored| is_of(stored, &unit.code));
        if is_stored && !is_here {
            collector.refuse(
                &format!("units[{index}].code"),
                "UNIT_ELSEWHERE",
                format!("{} belongs to another province", unit.code),
                format!("mã {} thuộc một tỉnh khác", unit.code),
            );
        }
    }
}

#[cfg(test)]
mod tests;

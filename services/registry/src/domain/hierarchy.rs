//! The hierarchy of units: every unit below its province, no unit above itself.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, UnitCode};
use cchc_scoring::catalogue::{Unit, UnitKind};

/// Units as they are stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<'a> {
    /// Those of every province.
    pub(crate) everywhere: &'a [Unit],
    /// Those of the province that is loaded.
    pub(crate) known: &'a [Unit],
}

/// Checks units that are to be added or changed against those that are known; refuses everything
/// wrong at once. Gives those that are new or differ from what is known.
pub(crate) fn changed(
    collector: &mut Collector,
    province: &UnitCode,
    stored: Stored<'_>,
    loaded: Vec<Unit>,
) -> Vec<Unit> {
    let known = stored.known;
    refuse_foreign(collector, province, stored, &loaded);
    let mut after: BTreeMap<UnitCode, Unit> =
        known.iter().map(|unit| (unit.code.clone(), unit.clone())).collect();
    let mut seen = BTreeSet::new();
    for (index, unit) in loaded.iter().enumerate() {
        if !seen.insert(unit.code.clone()) {
            collector.refuse(
                &format!("units[{index}].code"),
                "DUPLICATE",
                format!("{} stands twice", unit.code),
                format!("mã {} bị lặp", unit.code),
            );
        }
        after.insert(unit.code.clone(), unit.clone());
    }
    refuse_impossible_days(collector, &after, &loaded);
    for (index, unit) in loaded.iter().enumerate() {
        if let Some((reason, english, vietnamese)) = misplaced(province, &after, unit) {
            collector.refuse(&format!("units[{index}].parent_code"), reason, english, vietnamese);
        }
    }
    let known: BTreeMap<&UnitCode, &Unit> = known.iter().map(|unit| (&unit.code, unit)).collect();
    loaded.into_iter().filter(|unit| known.get(&unit.code) != Some(&unit)).collect()
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

/// Nobody ends before it begins, and nobody outlives the unit above: when that ends, those below it move
/// or end with it, in the same load.
fn refuse_impossible_days(
    collector: &mut Collector,
    after: &BTreeMap<UnitCode, Unit>,
    loaded: &[Unit],
) {
    for (index, unit) in loaded.iter().enumerate() {
        if unit.valid_to.zip(unit.valid_from).is_some_and(|(to, from)| to <= from) {
            collector.refuse(
                &format!("units[{index}].valid_to_date"),
                "VALIDITY_EMPTY",
                format!("{} ends before it begins", unit.code),
                format!("đơn vị {} kết thúc trước khi bắt đầu", unit.code),
            );
        }
    }
    let place = |code: &UnitCode| loaded.iter().position(|unit| unit.code == *code);
    for below in after.values() {
        let Some(above) = below.parent.as_ref().and_then(|code| after.get(code)) else { continue };
        if above.valid_to.is_none_or(|end| below.valid_to.is_some_and(|to| to <= end)) {
            continue;
        }
        // What neither side of this load has touched is not this load's fault.
        let path = place(&below.code).map(|at| format!("units[{at}].parent_code"));
        let path =
            path.or_else(|| place(&above.code).map(|at| format!("units[{at}].valid_to_date")));
        let Some(path) = path else { continue };
        collector.refuse(
            &path,
            "OUTLIVES_PARENT",
            format!("{} still stands under {} after that has ended", below.code, above.code),
            format!("{} vẫn thuộc {} sau khi đơn vị này đã kết thúc", below.code, above.code),
        );
    }
}

/// Says why a unit cannot stand where it is put.
fn misplaced(
    province: &UnitCode,
    units: &BTreeMap<UnitCode, Unit>,
    unit: &Unit,
) -> Option<(&'static str, String, String)> {
    let mut at = unit;
    // As many steps as there are units: more means a circle.
    for _ in 0..=units.len() {
        match &at.parent {
            None if at.code == *province && at.kind == UnitKind::Province => return None,
            None => {
                return Some((
                    "NOT_IN_PROVINCE",
                    format!("does not lead up to the province {province}"),
                    format!("không thuộc tỉnh {province}"),
                ));
            }
            Some(parent) => match units.get(parent) {
                Some(above) => at = above,
                None => {
                    return Some((
                        "PARENT_UNKNOWN",
                        format!("the unit {parent} is not known"),
                        format!("không có đơn vị cấp trên {parent}"),
                    ));
                }
            },
        }
    }
    Some((
        "CYCLE",
        format!("{} lies above itself", unit.code),
        format!("đơn vị {} tự nằm trên chính mình", unit.code),
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn unit(code: &str, parent: Option<&str>, kind: UnitKind) -> Unit {
        Unit {
            code: code.parse().unwrap(),
            parent: parent.map(|p| p.parse().unwrap()),
            kind,
            name: code.to_owned(),
            valid_from: None,
            valid_to: None,
        }
    }

    fn province() -> Unit {
        unit("22", None, UnitKind::Province)
    }

    #[test]
    fn only_what_is_new_or_differs_is_a_change() {
        let mut renamed = unit("193", Some("22"), UnitKind::District);
        "Thành phố Hạ Long".clone_into(&mut renamed.name);
        let known = [province(), unit("193", Some("22"), UnitKind::District)];
        let mut collector = Collector::new();

        let changed = changed(
            &mut collector,
            &"22".parse().unwrap(),
            Stored { everywhere: &known, known: &known },
            vec![province(), renamed.clone()],
        );

        assert!(collector.is_clean());
        assert_eq!(changed, [renamed]);
    }

    /// Hoành Bồ (204) was merged into Hạ Long (193) on 1 January 2020.
    fn ended(mut unit: Unit) -> Unit {
        unit.valid_to = Some(time::macros::date!(2020 - 01 - 01));
        unit
    }

    fn refused(known: &[Unit], loaded: Vec<Unit>) -> Vec<(String, &'static str)> {
        let mut collector = Collector::new();
        let stored = Stored { everywhere: known, known };
        changed(&mut collector, &"22".parse().unwrap(), stored, loaded);
        let Err(refusal) = collector.finish(Some(())) else { return Vec::new() };
        refusal.as_slice().iter().map(|v| (v.path.clone(), v.reason)).collect()
    }

    #[test]
    fn when_a_district_is_merged_its_communes_move_in_the_same_load() {
        let district = |code| unit(code, Some("22"), UnitKind::District);
        let commune = |code, parent| unit(code, Some(parent), UnitKind::Commune);
        let known = [
            province(),
            district("193"),
            district("204"),
            commune("07030", "204"),
            commune("07033", "204"),
        ];
        let merged = || ended(district("204"));

        let stranded = refused(&known, vec![merged(), commune("07030", "193")]);
        let sent_so =
            refused(&known, vec![commune("07033", "204"), merged(), commune("07030", "193")]);
        let moved = vec![merged(), commune("07030", "193"), commune("07033", "193")];
        let ended_too = vec![merged(), commune("07030", "193"), ended(commune("07033", "204"))];

        assert_eq!(stranded, [("units[0].valid_to_date".to_owned(), "OUTLIVES_PARENT")]);
        assert_eq!(sent_so, [("units[0].parent_code".to_owned(), "OUTLIVES_PARENT")]);
        assert_eq!(refused(&known, moved), []);
        assert_eq!(refused(&known, ended_too), []);
    }

    #[test]
    fn a_unit_does_not_end_before_it_begins() {
        let mut never = ended(unit("204", Some("22"), UnitKind::District));
        never.valid_from = never.valid_to;

        let reasons = refused(&[province()], vec![never]);

        assert_eq!(reasons, [("units[0].valid_to_date".to_owned(), "VALIDITY_EMPTY")]);
    }

    #[test]
    fn units_that_stand_elsewhere_are_not_taken() {
        let everywhere = [
            province(),
            unit("193", Some("22"), UnitKind::District),
            unit("06649", Some("193"), UnitKind::Commune),
            unit("06652", Some("193"), UnitKind::Commune),
        ];
        let itself = [everywhere[2].clone()];
        let loaded = vec![
            unit("06649", None, UnitKind::Province),
            unit("06652", Some("06649"), UnitKind::Commune),
        ];
        let mut collector = Collector::new();

        let stored = Stored { everywhere: &everywhere, known: &itself };
        changed(&mut collector, &"06649".parse().unwrap(), stored, loaded);
        let refusal = collector.finish(Some(())).unwrap_err();

        let reasons: Vec<_> = refusal.as_slice().iter().map(|v| v.reason).collect();
        assert_eq!(reasons, ["NOT_A_PROVINCE", "UNIT_ELSEWHERE"]);
    }

    #[test]
    fn circles_orphans_and_strangers_are_refused_together() {
        let loaded = vec![
            province(),
            unit("1", Some("2"), UnitKind::District),
            unit("2", Some("1"), UnitKind::District),
            unit("3", Some("99"), UnitKind::Commune),
            unit("24", None, UnitKind::Province),
            unit("24", None, UnitKind::Province),
        ];
        let mut collector = Collector::new();

        let nothing = Stored { everywhere: &[], known: &[] };
        changed(&mut collector, &"22".parse().unwrap(), nothing, loaded);
        let refusal = collector.finish(Some(())).unwrap_err();

        let reasons: Vec<_> = refusal.as_slice().iter().map(|v| v.reason).collect();
        assert_eq!(
            reasons,
            ["DUPLICATE", "CYCLE", "CYCLE", "PARENT_UNKNOWN", "NOT_IN_PROVINCE", "NOT_IN_PROVINCE"]
        );
    }
}

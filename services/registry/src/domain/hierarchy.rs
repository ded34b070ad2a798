//! The hierarchy of units: every unit below its province, no unit above itself.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, UnitCode};
use cchc_scoring::catalogue::{Unit, UnitKind};

/// Checks units that are to be added or changed against those that are known; refuses everything
/// wrong at once. Gives those that are new or differ from what is known.
pub(crate) fn changed(
    collector: &mut Collector,
    province: &UnitCode,
    known: &[Unit],
    loaded: Vec<Unit>,
) -> Vec<Unit> {
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
    for (index, unit) in loaded.iter().enumerate() {
        if let Some((reason, english, vietnamese)) = misplaced(province, &after, unit) {
            collector.refuse(&format!("units[{index}].parent_code"), reason, english, vietnamese);
        }
    }
    let known: BTreeMap<&UnitCode, &Unit> = known.iter().map(|unit| (&unit.code, unit)).collect();
    loaded.into_iter().filter(|unit| known.get(&unit.code) != Some(&unit)).collect()
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
            &known,
            vec![province(), renamed.clone()],
        );

        assert!(collector.is_clean());
        assert_eq!(changed, [renamed]);
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

        changed(&mut collector, &"22".parse().unwrap(), &[], loaded);
        let refusal = collector.finish(Some(())).unwrap_err();

        let reasons: Vec<_> = refusal.as_slice().iter().map(|v| v.reason).collect();
        assert_eq!(
            reasons,
            ["DUPLICATE", "CYCLE", "CYCLE", "PARENT_UNKNOWN", "NOT_IN_PROVINCE", "NOT_IN_PROVINCE"]
        );
    }
}

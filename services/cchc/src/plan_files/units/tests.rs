//! Rows of units, with and without history.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_scoring::hierarchy::{Changing, Heir, UnitChange};
use time::macros::date;

use super::*;
use crate::{
    plan_files::{PlanFolder, apply, changes},
    say::Lang,
};

const HEADER: &str = "code,parent,kind,name,valid_from,valid_to,reference,successors\n\
    22,,province,Tỉnh Quảng Ninh,,,,\n\
    193,22,district,Thành phố Hạ Long,,,,\n";

/// The merger of Hoành Bồ into Hạ Long, as a file tells it.
const MERGED: &str = "204,22,district,Huyện Hoành Bồ,,2020-01-01,Nghị quyết (ví dụ),193\n\
    07030,204,commune,Thị trấn Trới,,2020-01-01,Nghị quyết (ví dụ),\n\
    07030,193,commune,Phường Hoành Bồ (ví dụ),2020-01-01,,,\n";

fn units(rows: &str) -> (Vec<Unit>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("units.csv");
    std::fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let mut problems = Vec::new();
    let units = read(&path, &mut problems);
    let place = format!("{}:", path.display());
    let said = problems.iter().map(|problem| problem.say(Lang::En).replace(&place, ""));
    (units, said.collect())
}

#[test]
fn a_unit_that_changed_has_a_row_for_each_way_it_stood() {
    let (all, problems) = units(MERGED);

    assert_eq!(problems, Vec::<String>::new());
    let commune = all.last().unwrap();
    assert_eq!(commune.earlier.len(), 1);
    let stood: Vec<(Option<&str>, &str)> =
        commune.standings().map(|stood| (stood.parent.map(UnitCode::as_str), stood.name)).collect();
    let expected = [(Some("204"), "Thị trấn Trới"), (Some("193"), "Phường Hoành Bồ (ví dụ)")];
    assert_eq!(stood, expected);
    assert_eq!(all[2].sole_successor(), Some(&"193".parse().unwrap()));
    let written: String = rows(&all).iter().map(|row| row.join(",") + "\n").collect();
    assert_eq!(written, format!("{HEADER}{MERGED}"));
}

#[test]
fn gaps_overlaps_and_repeats_are_told_at_their_line() {
    let said = |from: &str| {
        let again = format!("{MERGED}07030,193,commune,Trới,{from},,,\n");
        units(&again.replace("2020-01-01,,,\n07030", "2020-01-01,2021-01-01,Quyết định,\n07030")).1
    };

    let gap = said("2021-02-01");
    let overlap = said("2020-06-01");
    let twice = said("");

    assert!(gap[0].starts_with("7: valid_from: nothing says how 07030 stood"), "{gap:?}");
    assert!(
        overlap[0].starts_with("7: valid_from: 07030 stands so until 2021-01-01"),
        "{overlap:?}"
    );
    assert!(twice[0].starts_with("7: code: unit \"07030\" stands above already"), "{twice:?}");
}

#[test]
fn what_units_are_wrong_in_together_is_told_at_the_row_that_says_it() {
    let of = |from: &str, to: &str| units(&MERGED.replace(from, to)).1;

    let stays =
        of("204,commune,Thị trấn Trới,,2020-01-01,", "204,commune,Thị trấn Trới,,2020-02-01,");
    let outlives = of(
        "07030,193,commune,Phường Hoành Bồ (ví dụ),2020-01-01",
        "07030,204,commune,Trới,2020-01-01",
    );
    let nowhere = of("ví dụ),193\n", "ví dụ),999\n");
    let shares = of("ví dụ),193\n", "ví dụ),193:0.5 22:0.4\n");
    let unsaid = of("2020-01-01,Nghị quyết (ví dụ),\n", "2020-01-01,,\n");
    let garbled = of("ví dụ),193\n", "ví dụ),193:một\n");

    assert!(stays[0].starts_with("6: valid_from:"), "{stays:?}");
    assert!(outlives[0].starts_with("6: parent: 07030 still stands under 204"), "{outlives:?}");
    assert!(nowhere[0].starts_with("4: successors: 999, which should take"), "{nowhere:?}");
    assert!(shares[0].starts_with("4: successors: the shares of 204 add up to 0.9"), "{shares:?}");
    assert!(unsaid[0].starts_with("5: reference: names no decision"), "{unsaid:?}");
    assert!(garbled[0].starts_with("4: successors: \"một\" is not valid"), "{garbled:?}");
}

/// All 229 units of the plan of 2018, through what happened in 2020 and 2025.
#[test]
fn the_shipped_units_live_through_the_merger_and_the_end_of_the_districts() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018");
    let mut folder = PlanFolder::load(&shipped).unwrap();
    let province = folder.plan.province.clone();
    let mut known: Hierarchy = folder.units.iter().cloned().collect();
    let kinds = |known: &Hierarchy, day, kind, above: &str| {
        let above: UnitCode = above.parse().unwrap();
        let is_asked = |stood: &cchc_scoring::catalogue::Stood<'_>| {
            stood.kind == kind && stood.parent == Some(&above)
        };
        known.as_of(day).filter(|(_, stood)| is_asked(stood)).count()
    };
    let into = Heir::Known("193".parse().unwrap());
    let merge = Changing::Merge { units: vec!["204".parse().unwrap()], into };
    let districts = folder.units.iter().filter(|unit| unit.kind == UnitKind::District);
    let districts: Vec<UnitCode> = districts.map(|unit| unit.code.clone()).collect();
    let standing = districts.iter().filter(|code| code.as_str() != "204").cloned().collect();
    let abolish = Changing::Abolish { units: standing, children_to: Some(province.clone()) };
    for (date, changing) in [(date!(2020 - 01 - 01), merge), (date!(2025 - 07 - 01), abolish)] {
        let change =
            UnitChange { date, reference: "Nghị quyết (ví dụ)".to_owned(), changing };
        for unit in change.apply(&known, &province).unwrap() {
            known.put(unit);
        }
    }

    // Which of the thirteen communes were merged with one another is not known here: they all move.
    let (before, since, now) =
        (date!(2019 - 12 - 31), date!(2020 - 01 - 01), date!(2025 - 07 - 01));
    let communes = |day, above| kinds(&known, day, UnitKind::Commune, above);
    assert_eq!([before, since].map(|day| communes(day, "193")), [20, 33]);
    assert_eq!([before, since].map(|day| communes(day, "204")), [13, 0]);
    let districts = |day| kinds(&known, day, UnitKind::District, "22");
    assert_eq!([before, since, now].map(districts), [14, 13, 0]);
    assert_eq!(communes(now, "22"), 186);
    // And all of it is a file that reads back.
    let place = |unit: &Unit| folder.units.iter().position(|known| known.code == unit.code);
    let mut units: Vec<Unit> = known.units().cloned().collect();
    units.sort_by_key(place);
    folder.units = units;
    let copy = tempfile::tempdir().unwrap();
    apply(&changes(&folder, copy.path()).unwrap(), copy.path()).unwrap();
    assert_eq!(PlanFolder::load(copy.path()).unwrap().in_order(), folder.in_order());
}

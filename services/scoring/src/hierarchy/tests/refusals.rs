//! Everything for which units or a change of them are refused.

use cchc_core::Refusal as _;

use super::*;

fn refused(units: &Hierarchy) -> Vec<(String, &'static str)> {
    let faults = check(units, &code("22"));
    assert!(faults.iter().all(|fault| !fault.wrong.vietnamese().is_empty()));
    faults.iter().map(|fault| (fault.path(), fault.wrong.reason())).collect()
}

fn with(alter: impl FnOnce(&mut Unit)) -> Vec<(String, &'static str)> {
    let mut units = province();
    let mut unit = units.unit(&code("204")).unwrap().clone();
    alter(&mut unit);
    units.put(unit);
    refused(&units)
}

fn standing(until: Date, parent: &str) -> Standing {
    Standing {
        until,
        parent: Some(code(parent)),
        kind: UnitKind::District,
        name: "Cũ".to_owned(),
        reference: "Nghị quyết (ví dụ)".to_owned(),
    }
}

fn says(path: &str, reason: &'static str) -> (String, &'static str) {
    (path.to_owned(), reason)
}

#[test]
fn standings_follow_one_another_within_the_life_of_the_unit() {
    let (one, two) = (date!(2019 - 01 - 01), date!(2019 - 06 - 01));

    let swapped = with(|unit| unit.earlier = vec![standing(two, "22"), standing(one, "22")]);
    let before = with(|unit| {
        (unit.valid_from, unit.earlier) = (Some(two), vec![standing(one, "22")]);
    });

    assert_eq!(swapped, [says("earlier[1].until_date", "STANDINGS_OVERLAP")]);
    assert!(before.contains(&says("earlier[0].until_date", "STANDINGS_OVERLAP")), "{before:?}");
}

#[test]
fn a_life_ends_after_it_begins_and_names_its_decisions() {
    let day = date!(2019 - 01 - 01);

    let empty = with(|unit| (unit.valid_from, unit.valid_to) = (Some(day), Some(day)));
    let unsaid = with(|unit| {
        unit.earlier = vec![Standing { reference: " ".to_owned(), ..standing(day, "22") }];
    });
    let endless = with(|unit| {
        let mut long = standing(day, "22");
        long.reference = "x".repeat(MOST_REFERENCE + 1);
        unit.earlier = vec![long];
    });

    assert!(empty.contains(&says("valid_to_date", "VALIDITY_EMPTY")));
    assert_eq!(unsaid, [says("earlier[0].reference", "REFERENCE_MISSING")]);
    assert_eq!(endless, [says("earlier", "HISTORY_TOO_LONG")]);
}

#[test]
fn a_child_neither_outlives_the_unit_above_nor_precedes_it() {
    let day = date!(2020 - 01 - 01);

    let ended = with(|unit| unit.valid_to = Some(day));
    let begun = with(|unit| unit.valid_from = Some(day));

    let both = |reason| [says("parent_code", reason), says("parent_code", reason)];
    assert_eq!(ended, both("OUTLIVES_PARENT"));
    assert_eq!(begun, both("PRECEDES_PARENT"));
}

#[test]
fn circles_are_found_on_whatever_day_they_close() {
    let (early, late) = (date!(2019 - 01 - 01), date!(2020 - 01 - 01));
    let mut units = province();
    let mut one = units.unit(&code("204")).unwrap().clone();
    (one.earlier, one.parent) = (vec![standing(early, "22")], Some(code("193")));
    let mut two = units.unit(&code("193")).unwrap().clone();
    // Under Hoành Bồ for a year from the day on which that stands under it: a circle of a year.
    (two.earlier, two.parent) =
        (vec![standing(early, "22"), standing(late, "204")], Some(code("22")));
    units.put(one);
    units.put(two);

    let found = refused(&units);

    assert!(found.contains(&says("parent_code", "CYCLE")), "{found:?}");
    assert!(found.contains(&says("earlier[1].parent_code", "CYCLE")), "{found:?}");
}

#[test]
fn units_lead_up_to_the_province_on_every_day() {
    let mut units = province();
    units.put(unit("24", None, UnitKind::Province));
    units.put(unit("3", Some("99"), UnitKind::Commune));
    units.put(Unit {
        earlier: vec![standing(date!(2019 - 01 - 01), "24")],
        ..unit("205", Some("22"), UnitKind::District)
    });

    let found = refused(&units);

    assert_eq!(
        found,
        [
            says("earlier[0].parent_code", "NOT_IN_PROVINCE"),
            says("parent_code", "NOT_IN_PROVINCE"),
            says("parent_code", "PARENT_UNKNOWN"),
        ]
    );
}

#[test]
fn a_standing_ends_within_the_life_of_its_unit() {
    let until = |day: Date| {
        let mut units = province();
        units.put(Unit {
            valid_from: Some(date!(2018 - 01 - 01)),
            valid_to: Some(date!(2020 - 01 - 01)),
            earlier: vec![standing(day, "22")],
            ..unit("205", Some("22"), UnitKind::District)
        });
        refused(&units)
    };
    let overlap = [says("earlier[0].until_date", "STANDINGS_OVERLAP")];

    assert_eq!(until(date!(2018 - 01 - 01)), overlap, "it never stood so");
    assert_eq!(until(date!(2018 - 01 - 02)), []);
    assert_eq!(until(date!(2019 - 12 - 31)), []);
    assert_eq!(until(date!(2020 - 01 - 01)), overlap, "it never stood otherwise");
}

#[test]
fn a_history_is_as_long_as_travels_with_a_unit_and_no_longer() {
    let standings = |count: usize| -> Vec<Standing> {
        let first = date!(2018 - 01 - 01);
        let days = (0..).map(time::Duration::days).take(count);
        days.map(|days| standing(first + days, "22")).collect()
    };
    let referring = |count: usize| {
        let reference = "ộ".repeat(count);
        vec![Standing { reference, ..standing(date!(2018 - 01 - 01), "22") }]
    };
    let too_long = [says("earlier", "HISTORY_TOO_LONG")];

    assert_eq!(with(|unit| unit.earlier = standings(MOST_STANDINGS)), []);
    assert_eq!(with(|unit| unit.earlier = standings(MOST_STANDINGS + 1)), too_long);
    assert_eq!(with(|unit| unit.earlier = referring(MOST_REFERENCE)), []);
    assert_eq!(with(|unit| unit.earlier = referring(MOST_REFERENCE + 1)), too_long);
    assert_eq!(with(|unit| unit.end_reference = "x".repeat(MOST_REFERENCE + 1)), too_long);
}

#[test]
fn a_commune_may_begin_and_end_with_its_district_and_not_a_day_beyond() {
    let of = |from: Date, to: Date| {
        let mut units = province();
        for (of, parent, kind, from, to) in [
            ("205", "22", UnitKind::District, date!(2018 - 01 - 01), date!(2020 - 01 - 01)),
            ("3", "205", UnitKind::Commune, from, to),
        ] {
            let (valid_from, valid_to) = (Some(from), Some(to));
            units.put(Unit { valid_from, valid_to, ..unit(of, Some(parent), kind) });
        }
        refused(&units)
    };
    let (first, last) = (date!(2018 - 01 - 01), date!(2020 - 01 - 01));

    assert_eq!(of(first, last), []);
    assert_eq!(of(date!(2018 - 01 - 02), date!(2019 - 12 - 31)), []);
    assert_eq!(of(first, date!(2020 - 01 - 02)), [says("parent_code", "OUTLIVES_PARENT")]);
    assert_eq!(of(date!(2017 - 12 - 31), last), [says("parent_code", "PRECEDES_PARENT")]);
}

fn ended(heirs: &[(&str, Option<&str>)]) -> Vec<(String, &'static str)> {
    let mut units: Hierarchy =
        province().units().filter(|unit| unit.parent != Some(code("204"))).cloned().collect();
    let mut unit = units.unit(&code("204")).unwrap().clone();
    unit.valid_to = Some(date!(2020 - 01 - 01));
    unit.end_reference = "Nghị quyết (ví dụ)".to_owned();
    let heir = |(heir, share): &(&str, Option<&str>)| Successor {
        code: code(heir),
        share: share.map(|share| share.parse().unwrap()),
    };
    unit.successors = heirs.iter().map(heir).collect();
    units.put(unit);
    refused(&units)
}

#[test]
fn shares_are_all_known_or_none_and_add_up_to_one() {
    let of = |reason| [says("successors", reason)];

    assert_eq!(ended(&[("193", None), ("22", None)]), []);
    assert_eq!(ended(&[("193", Some("0.6")), ("22", Some("0.4"))]), []);
    assert_eq!(ended(&[("193", Some("0.6")), ("22", Some("0.3"))]), of("SHARES_NOT_ONE"));
    assert_eq!(ended(&[("193", Some("0.6")), ("22", None)]), of("SHARE_MISSING"));
    assert_eq!(ended(&[("193", Some("0")), ("22", Some("1"))]), of("SHARE_OUT_OF_RANGE"));
}

#[test]
fn successors_are_there_once_and_only_of_what_ends_by_a_decision() {
    let missing = ended(&[("999", None)]);
    let itself = ended(&[("204", None)]);
    let twice = ended(&[("193", None), ("193", None)]);
    let lasting = with(|unit| {
        unit.successors = vec![Successor { code: code("193"), share: None }];
    });

    assert_eq!(missing, [says("successors", "SUCCESSOR_NOT_THERE")]);
    assert_eq!(itself, [says("successors", "SUCCESSOR_NOT_THERE")]);
    assert_eq!(twice, [says("successors", "DUPLICATE")]);
    assert_eq!(
        lasting,
        [says("end_reference", "REFERENCE_MISSING"), says("successors", "SUCCESSORS_WITHOUT_END")]
    );
}

fn cannot(units: &Hierarchy, change: &UnitChange) -> Vec<(String, &'static str)> {
    let faults = change.apply(units, &code("22")).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.wrong.vietnamese().is_empty()));
    faults.into_iter().map(|fault| (fault.path, fault.wrong.reason())).collect()
}

fn move_of(units: &[&str], parent: &str, date: Date) -> UnitChange {
    change(date, Changing::Move { units: codes(units), parent: code(parent) })
}

#[test]
fn a_change_is_of_units_that_exist_on_the_day_and_comes_after_what_is_recorded() {
    let merged = make(&province(), &merger());
    let (early, late) = (date!(2019 - 06 - 01), date!(2020 - 06 - 01));

    let gone = cannot(&merged, &move_of(&["204", "999", "999"], "22", late));
    let earlier = cannot(&merged, &move_of(&["07030"], "22", early));
    let again = cannot(&merged, &merger());
    let mut begun = province();
    begun.put(Unit { valid_from: Some(late), ..unit("205", Some("22"), UnitKind::District) });
    let unborn = cannot(&begun, &move_of(&["205"], "193", early));

    assert_eq!(
        gone,
        [
            says("move.unit_codes[0]", "UNIT_ENDED"),
            says("move.unit_codes[1]", "UNIT_UNKNOWN"),
            says("move.unit_codes[2]", "DUPLICATE"),
        ]
    );
    assert_eq!(earlier, [says("move.unit_codes[0]", "CHANGE_OUT_OF_ORDER")]);
    assert_eq!(again, [says("merge.unit_codes[0]", "UNIT_ENDED")]);
    assert_eq!(unborn, [says("move.unit_codes[0]", "BEFORE_BEGINNING")]);
}

#[test]
fn a_unit_named_alone_is_refused_where_it_is_named() {
    let day = date!(2021 - 01 - 01);
    let rename = Changing::Rename { unit: code("999"), name: "Mới".to_owned(), kind: None };
    let part = |heir: &str| Part { heir: Heir::Known(code(heir)), share: None, children: vec![] };
    let split = Changing::Split { unit: code("999"), parts: vec![part("193"), part("204")] };

    assert_eq!(
        cannot(&province(), &change(day, rename)),
        [says("rename.unit_code", "UNIT_UNKNOWN")]
    );
    assert_eq!(cannot(&province(), &change(day, split)), [says("split.unit_code", "UNIT_UNKNOWN")]);
}

#[test]
fn a_unit_cannot_end_before_what_is_recorded_of_those_under_it() {
    let mut moved = make(&province(), &move_of(&["07030"], "193", date!(2020 - 06 - 01)));
    let mut founded = moved.unit(&code("07030")).unwrap().clone();
    let late = cannot(&moved, &merger());
    // Neither does it help that the commune began on the very day.
    founded.valid_from = Some(date!(2020 - 01 - 01));
    moved.put(founded);

    let out_of_order = [says("merge.unit_codes", "CHANGE_OUT_OF_ORDER")];
    assert_eq!(late, out_of_order);
    assert_eq!(cannot(&moved, &merger()), out_of_order);
}

#[test]
fn nothing_is_merged_into_what_is_not_there_nor_under_a_code_that_is_taken() {
    let day = date!(2021 - 01 - 01);
    let merged = make(&province(), &merger());
    let merge = |heir| change(day, Changing::Merge { units: codes(&["06649"]), into: heir });
    let new = |of: &str, parent: &str| {
        let (code, parent) = (code(of), code(parent));
        Heir::New(NewUnit { code, parent, kind: UnitKind::Commune, name: "Mới".to_owned() })
    };

    let gone = cannot(&merged, &merge(Heir::Known(code("204"))));
    let itself = cannot(&merged, &merge(Heir::Known(code("06649"))));
    let taken = cannot(&merged, &merge(new("06652", "193")));
    let reused = cannot(&merged, &merge(new("204", "193")));
    let below = cannot(&merged, &merge(new("06999", "204")));

    assert_eq!(gone, [says("merge.into.unit_code", "SUCCESSOR_NOT_THERE")]);
    assert_eq!(itself, [says("merge.into.unit_code", "SUCCESSOR_NOT_THERE")]);
    assert_eq!(taken, [says("merge.into.new_unit.code", "CODE_REUSED")]);
    assert_eq!(reused, [says("merge.into.new_unit.code", "CODE_REUSED")]);
    assert_eq!(below, [says("merge.into.new_unit.parent_code", "PARENT_NOT_THERE")]);
}

#[test]
fn a_split_places_every_child_once_and_divides_the_whole() {
    let part = |heir: &str, share: Option<&str>, children: &[&str]| Part {
        heir: Heir::Known(code(heir)),
        share: share.map(|share| share.parse().unwrap()),
        children: codes(children),
    };
    let parts =
        vec![part("193", Some("0.5"), &["07030", "06649"]), part("22", Some("0.4"), &["07030"])];
    let split = |parts| change(date!(2021 - 01 - 01), Changing::Split { unit: code("204"), parts });

    let unfair = cannot(&province(), &split(parts));
    let alone = cannot(&province(), &split(vec![part("193", None, &["07030", "07033"])]));
    let twice = [part("193", None, &["07030"]), part("193", None, &["07033"])];
    let twice = cannot(&province(), &split(twice.to_vec()));

    assert_eq!(
        unfair,
        [
            says("split.parts[0].child_codes[1]", "NOT_A_CHILD"),
            says("split.parts[1].child_codes[0]", "DUPLICATE"),
            says("split.parts", "CHILD_NOT_PLACED"),
            says("split.parts", "SHARES_NOT_ONE"),
        ]
    );
    assert_eq!(alone, [says("split.parts", "TOO_FEW")]);
    assert_eq!(twice, [says("split.parts[1]", "DUPLICATE")]);
}

#[test]
fn what_stands_under_an_abolished_unit_goes_somewhere_that_lasts() {
    let abolish = |to: Option<&str>| {
        let children_to = to.map(code);
        let units = codes(&["193", "204"]);
        change(date!(2025 - 07 - 01), Changing::Abolish { units, children_to })
    };

    let nowhere = cannot(&province(), &abolish(None));
    let there = cannot(&province(), &abolish(Some("204")));

    let path = "abolish.children_parent_code";
    assert_eq!(nowhere, vec![says(path, "CHILD_NOT_PLACED"); 4]);
    assert_eq!(there, [says(path, "PARENT_NOT_THERE")]);
}

#[test]
fn a_change_names_its_decision_and_makes_no_circle() {
    let mut unsaid = merger();
    unsaid.reference = String::new();
    let circle = move_of(&["193"], "06649", date!(2020 - 01 - 01));
    let nobody = move_of(&[], "22", date!(2020 - 01 - 01));

    assert_eq!(cannot(&province(), &unsaid), [says("reference", "REFERENCE_MISSING")]);
    assert!(cannot(&province(), &circle).contains(&says("move", "CYCLE")));
    assert_eq!(cannot(&province(), &nobody), [says("move.unit_codes", "TOO_FEW")]);
}

#[test]
fn a_unit_whose_end_is_known_may_be_renamed_before_it_and_not_ended_again() {
    let (day, end) = (date!(2021 - 01 - 01), date!(2022 - 01 - 01));
    let mut units = province();
    let mut unit = units.unit(&code("06649")).unwrap().clone();
    unit.valid_to = Some(end);
    units.put(unit);
    let refused = |changing| {
        let refused = change(day, changing).apply(&units, &code("22")).err().unwrap_or_default();
        refused.into_iter().map(|fault| fault.wrong).collect::<Vec<_>>()
    };

    let rename = Changing::Rename { unit: code("06649"), name: "Mới".to_owned(), kind: None };
    let abolish = Changing::Abolish { units: codes(&["06649"]), children_to: None };

    assert_eq!(refused(rename), []);
    assert_eq!(refused(abolish), [Wrong::Ended { unit: code("06649"), to: end }]);
}

//! What really happened, and a split that is made up.

use super::*;

#[test]
fn hoanh_bo_joins_ha_long_and_its_communes_move() {
    let after = make(&province(), &merger());

    let before =
        ["06649 < 193", "06652 < 193", "07030 < 204", "07033 < 204", "193 < 22", "204 < 22", "22"];
    let since = ["06649 < 193", "06652 < 193", "07030 < 193", "07033 < 193", "193 < 22", "22"];
    assert_eq!(stand(&after, date!(2019 - 12 - 31)), before);
    assert_eq!(stand(&after, date!(2020 - 01 - 01)), since);
    let ended = after.unit(&code("204")).unwrap();
    assert_eq!(ended.sole_successor(), Some(&code("193")));
    assert_eq!(ended.valid_to, Some(date!(2020 - 01 - 01)));
    let successor = code("193");
    let merged: Vec<_> = after.predecessors(&successor).map(|unit| unit.code.as_str()).collect();
    assert_eq!(merged, ["204"]);
}

#[test]
fn a_unit_is_stood_in_for_by_whoever_took_its_place() {
    let merged = make(&province(), &merger());
    let into = Heir::Known(code("204"));
    let other = Changing::Merge { units: codes(&["193"]), into };
    let two = make(&province(), &change(date!(2019 - 01 - 01), other));
    let stand_in = |units: &Hierarchy, day| -> Vec<String> {
        units.stand_in(&code("193"), day).into_iter().map(ToString::to_string).collect()
    };
    let (early, late) = (date!(2018 - 12 - 31), date!(2019 - 01 - 01));

    assert_eq!([early, late].map(|day| stand_in(&two, day)), [["193"], ["204"]]);
    assert_eq!(stand_in(&merged, late), ["193"]);
    let abolished = make(&merged, &abolition(&["193"]));
    assert_eq!(stand_in(&abolished, date!(2025 - 07 - 01)), Vec::<String>::new());
}

#[test]
fn who_answers_for_a_unit_depends_on_the_day() {
    let after = make(&province(), &merger());
    let is_within = |unit: &str, above: &str, day| after.is_within(&code(unit), &code(above), day);
    let (last, first) = (date!(2019 - 12 - 31), date!(2020 - 01 - 01));

    assert_eq!(is_within("07030", "204", last), Some(true));
    assert_eq!(is_within("07030", "204", first), Some(false), "it has moved");
    assert_eq!(is_within("07030", "193", last), Some(false));
    assert_eq!(is_within("07030", "193", first), Some(true));
    // What Hoành Bồ itself left behind is Hạ Long's business, and the province's as before.
    assert_eq!(is_within("204", "193", last), Some(false));
    assert_eq!(is_within("204", "193", first), Some(true));
    assert_eq!(is_within("204", "22", first), Some(true));
    assert_eq!(is_within("204", "204", first), Some(true));
    assert_eq!(is_within("999", "22", first), None);
}

#[test]
fn districts_are_abolished_and_communes_stand_under_the_province() {
    let merged = make(&province(), &merger());

    let after = make(&merged, &abolition(&["193"]));

    let day = date!(2025 - 07 - 01);
    assert_eq!(stand(&after, day), ["06649 < 22", "06652 < 22", "07030 < 22", "07033 < 22", "22"]);
    assert_eq!(after.is_within(&code("07030"), &code("193"), day), Some(false));
    // Whoever followed both changes finds the province: nothing took the place of a district.
    assert_eq!(after.is_within(&code("204"), &code("22"), day), Some(true));
    let commune = after.unit(&code("07030")).unwrap();
    let above = |stood: crate::catalogue::Stood<'_>| stood.parent.map(ToString::to_string);
    let parents: Vec<_> = commune.standings().filter_map(above).collect();
    assert_eq!(parents, ["204", "193", "22"]);
}

#[test]
fn two_decisions_of_one_day_make_one_change() {
    let day = date!(2021 - 01 - 01);
    let rename = |name: &str, reference: &str| {
        let (unit, name, reference) = (code("204"), name.to_owned(), reference.to_owned());
        UnitChange { date: day, reference, changing: Changing::Rename { unit, name, kind: None } }
    };

    let once = make(&province(), &rename("Tên một", "Nghị quyết 1"));
    let twice = make(&once, &rename("Tên hai", "Nghị quyết 2"));
    let again = make(&twice, &rename("Tên ba", "Nghị quyết 2"));

    let unit = again.unit(&code("204")).unwrap();
    let [earlier] = unit.earlier.as_slice() else { panic!("{unit:?}") };
    assert_eq!((earlier.name.as_str(), unit.name.as_str()), ("204", "Tên ba"));
    assert_eq!((earlier.until, earlier.reference.as_str()), (day, "Nghị quyết 1; Nghị quyết 2"));
}

#[test]
fn who_moves_on_the_day_of_a_merger_or_begins_on_it_goes_over_too() {
    let day = date!(2020 - 01 - 01);
    let moving = Changing::Move { units: codes(&["06652"]), parent: code("204") };
    let mut units = make(&province(), &change(day, moving));
    units.put(Unit { valid_from: Some(day), ..unit("07040", Some("204"), UnitKind::Commune) });

    let after = make(&units, &merger());

    let (moved, begun) = (after.unit(&code("06652")), after.unit(&code("07040")));
    let parent = |unit: Option<&Unit>| unit.unwrap().parent.clone();
    assert_eq!((parent(moved), parent(begun)), (Some(code("193")), Some(code("193"))));
    assert_eq!(begun.unwrap().earlier, [], "it never stood under what had ended");
}

/// Made up: no commune of Quảng Ninh was split so.
#[test]
fn a_split_says_what_goes_where_and_how_much_of_it() {
    let new = |code_of: &str, name: &str| {
        Heir::New(NewUnit {
            code: code(code_of),
            parent: code("22"),
            kind: UnitKind::District,
            name: name.to_owned(),
        })
    };
    let part = |heir, share: &str, children: &[&str]| Part {
        heir,
        share: Some(share.parse().unwrap()),
        children: codes(children),
    };
    let parts = vec![
        part(new("998", "Đông"), "0.6", &["06649"]),
        part(new("999", "Tây"), "0.4", &["06652"]),
    ];
    let split = Changing::Split { unit: code("193"), parts };

    let after = make(&province(), &change(date!(2021 - 03 - 01), split));

    let day = date!(2021 - 03 - 01);
    assert!(stand(&after, day).contains(&"06649 < 998".to_owned()));
    assert!(stand(&after, day).contains(&"06652 < 999".to_owned()));
    assert_eq!(after.unit(&code("193")).unwrap().sole_successor(), None);
    // Of two successors neither answers for what was there before: the one above both does.
    assert_eq!(after.above(&code("193"), day), Some(&code("22")));
    assert_eq!(after.unit(&code("998")).unwrap().valid_from, Some(day));
}

#[test]
fn a_name_and_a_kind_are_kept_with_their_days() {
    let rename = Changing::Rename { unit: code("204"), name: "Thị xã".to_owned(), kind: None };

    let after = make(&province(), &change(date!(2019 - 05 - 01), rename));

    let name = |day| after.standing_on(&code("204"), day).unwrap().name.to_owned();
    assert_eq!(name(date!(2019 - 04 - 30)), "204");
    assert_eq!(name(date!(2019 - 05 - 01)), "Thị xã");
}

#[test]
fn decisions_of_one_day_leave_no_standing_without_a_day() {
    let day = date!(2025 - 07 - 01);
    let moved = make(&province(), &abolition(&["193", "204"]));
    let into = Heir::Known(code("06649"));
    let merge = Changing::Merge { units: codes(&["06652"]), into };
    let second = UnitChange { reference: "Nghị quyết khác".to_owned(), ..change(day, merge) };

    let after = make(&moved, &second);

    let ended = after.unit(&code("06652")).unwrap();
    assert_eq!((ended.earlier.len(), ended.parent.as_ref()), (0, Some(&code("193"))));
    assert_eq!(ended.end_reference, "Nghị quyết (ví dụ); Nghị quyết khác");
    assert_eq!(check(&after, &code("22")), []);
}

#[test]
fn a_unit_is_bound_by_what_it_was_on_the_day() {
    use crate::catalogue::UnitSelector;
    let kinds = UnitSelector::Kinds(vec![UnitKind::District]);
    let named = UnitSelector::Units(codes(&["204"]));
    let after = make(&province(), &merger());
    let unit = after.unit(&code("204")).unwrap();
    let (last, first) = (date!(2019 - 12 - 31), date!(2020 - 01 - 01));

    assert!(kinds.selects_within(unit, (last, last)) && named.selects_within(unit, (last, first)));
    assert!(!kinds.selects_within(unit, (first, first)));
    assert!(!named.selects_within(unit, (first, first)));
}

#[test]
fn a_unit_exists_in_the_windows_its_days_touch() {
    use cchc_core::{Period, WindowStart, Year};
    let mut commune = unit("06649", Some("193"), UnitKind::Commune);
    commune.valid_from = Some(date!(2018 - 12 - 31));
    commune.valid_to = Some(date!(2020 - 01 - 01));

    let years = |start: i32| -> Vec<i32> {
        let start = WindowStart::new(start).unwrap();
        let window = |year| Period::whole(Year::new(year).unwrap()).days(start);
        (2016..=2022).filter(|year| commune.exists_within(window(*year))).collect()
    };

    assert_eq!(years(1), [2018, 2019]);
    assert_eq!(years(15), [2019, 2020], "the year 2020 starts on 15 December 2019");
}

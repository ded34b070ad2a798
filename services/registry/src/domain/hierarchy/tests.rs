//! Loads and changes beside what is recorded.
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
        earlier: Vec::new(),
        successors: Vec::new(),
        end_reference: String::new(),
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
        Load { units: vec![province(), renamed.clone()], withdraws_history: false },
    );

    assert!(collector.is_clean());
    assert_eq!(changed, [renamed]);
}

/// Hoành Bồ (204) was merged into Hạ Long (193) on 1 January 2020.
fn ended(mut unit: Unit) -> Unit {
    unit.valid_to = Some(time::macros::date!(2020 - 01 - 01));
    unit
}

fn refused(known: &[Unit], units: Vec<Unit>) -> Vec<(String, &'static str)> {
    let mut collector = Collector::new();
    let stored = Stored { everywhere: known, known };
    let load = Load { units, withdraws_history: false };
    changed(&mut collector, &"22".parse().unwrap(), stored, load);
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
    let sent_so = refused(&known, vec![commune("07033", "204"), merged(), commune("07030", "193")]);
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
    let load = Load { units: loaded, withdraws_history: false };
    changed(&mut collector, &"06649".parse().unwrap(), stored, load);
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
    let load = Load { units: loaded, withdraws_history: false };
    changed(&mut collector, &"22".parse().unwrap(), nothing, load);
    let refusal = collector.finish(Some(())).unwrap_err();

    let reasons: Vec<_> = refusal.as_slice().iter().map(|v| v.reason).collect();
    assert_eq!(reasons, ["DUPLICATE", "CYCLE", "CYCLE", "PARENT_UNKNOWN", "NOT_IN_PROVINCE"]);
}

/// Hoành Bồ as it is recorded after the merger.
fn merged() -> Unit {
    Unit {
        successors: vec![cchc_scoring::catalogue::Successor {
            code: "193".parse().unwrap(),
            share: None,
        }],
        end_reference: "Nghị quyết (ví dụ)".to_owned(),
        earlier: vec![cchc_scoring::catalogue::Standing {
            until: time::macros::date!(2015 - 01 - 01),
            parent: Some("22".parse().unwrap()),
            kind: UnitKind::District,
            name: "Cũ".to_owned(),
            reference: "Quyết định (ví dụ)".to_owned(),
        }],
        ..ended(unit("204", Some("22"), UnitKind::District))
    }
}

#[test]
fn a_load_that_knows_less_than_is_recorded_withdraws_it_only_when_it_says_so() {
    let known = [province(), unit("193", Some("22"), UnitKind::District), merged()];
    let stale = unit("204", Some("22"), UnitKind::District);

    let reasons = refused(&known, vec![stale.clone()]);
    let mut collector = Collector::new();
    let stored = Stored { everywhere: &known, known: &known };
    let load = Load { units: vec![stale.clone()], withdraws_history: true };
    let withdrawn = changed(&mut collector, &"22".parse().unwrap(), stored, load);

    let fields = ["earlier", "valid_to_date", "successors"];
    assert_eq!(reasons, fields.map(|field| (format!("units[0].{field}"), "HISTORY_DROPPED")));
    assert!(collector.is_clean());
    assert_eq!(withdrawn, [stale]);
    assert_eq!(refused(&known, vec![merged()]), []);
}

#[test]
fn a_code_stays_with_the_body_it_was_given_to() {
    let known = [province(), unit("193", Some("22"), UnitKind::District), merged()];
    let mut other = unit("204", Some("22"), UnitKind::District);
    other.valid_from = Some(time::macros::date!(2021 - 01 - 01));

    let reasons = refused(&known, vec![other]);

    assert!(reasons.contains(&("units[0].code".to_owned(), "CODE_REUSED")), "{reasons:?}");
}

#[test]
fn a_circle_through_units_that_are_not_loaded_is_found() {
    let day = time::macros::date!(2019 - 01 - 01);
    let mut below = unit("205", Some("22"), UnitKind::District);
    below.valid_from = Some(day);
    let known = [
        province(),
        unit("193", Some("22"), UnitKind::District),
        Unit { parent: Some("193".parse().unwrap()), ..below },
    ];
    let mut loaded = known[1].clone();
    loaded.parent = Some("205".parse().unwrap());
    loaded.valid_from = Some(day);

    let reasons = refused(&known, vec![loaded]);

    assert!(reasons.iter().any(|(_, reason)| *reason == "CYCLE"), "{reasons:?}");
}

#[test]
fn a_new_unit_does_not_take_a_code_of_another_province() {
    use cchc_scoring::hierarchy::{Changing, Heir, NewUnit};
    let known = [province(), unit("204", Some("22"), UnitKind::District)];
    let everywhere = [known.to_vec(), vec![unit("24", None, UnitKind::Province)]].concat();
    let into = Heir::New(NewUnit {
        code: "24".parse().unwrap(),
        parent: "22".parse().unwrap(),
        kind: UnitKind::District,
        name: "Mới".to_owned(),
    });
    let changing = Changing::Merge { units: vec!["204".parse().unwrap()], into };
    let date = time::macros::date!(2020 - 01 - 01);
    let change = UnitChange { date, reference: "Nghị quyết (ví dụ)".to_owned(), changing };
    let mut collector = Collector::new();

    let stored = Stored { everywhere: &everywhere, known: &known };
    make(&mut collector, &"22".parse().unwrap(), stored, &change);
    let refusal = collector.finish(Some(())).unwrap_err();

    let reasons: Vec<_> = refusal.as_slice().iter().map(|v| v.reason).collect();
    assert_eq!(reasons, ["CODE_REUSED"]);
}

//! Histories of units and decisions that change them, as nobody honest sends them.

use super::{
    super::{limits, unit, unit_change},
    hostile::refuses,
    samples,
};
use crate::registry::v1::{
    self as pb,
    unit_change::{Changing, Heir, Merge, Rename, Split, split},
};

#[test]
fn a_history_lacks_nothing_and_is_not_endless() {
    let mut sent = pb::Unit::from(&samples::unit());
    sent.earlier = vec![pb::unit::Standing::default()];
    sent.successors = vec![pb::unit::Successor::default()];
    let expected = [
        "earlier[0].until_date REQUIRED",
        "earlier[0].kind ENUM_UNKNOWN",
        "earlier[0].name REQUIRED",
        "earlier[0].reference REQUIRED",
        "successors[0].unit_code REQUIRED",
    ];
    refuses(sent.clone(), unit, &expected);

    sent.earlier = vec![pb::unit::Standing::default(); limits::STANDINGS + 1];
    sent.successors = vec![pb::unit::Successor::default(); limits::SUCCESSORS + 1];
    refuses(sent, unit, &["earlier TOO_MANY", "successors TOO_MANY"]);
}

#[test]
fn a_change_says_what_it_changes_when_and_by_which_decision() {
    let nothing = ["date REQUIRED", "reference REQUIRED", "changing REQUIRED"];
    refuses(pb::UnitChange::default(), unit_change, &nothing);

    let of = |changing| pb::UnitChange { changing: Some(changing), ..Default::default() };
    let merge = of(Changing::Merge(Merge { unit_codes: vec!["x".to_owned()], into: None }));
    let nobody =
        [nothing[0], nothing[1], "merge.unit_codes[0] CODE_INVALID", "merge.into REQUIRED"];
    refuses(merge, unit_change, &nobody);
    let part = split::Part { heir: Some(Heir::default()), ..split::Part::default() };
    let split = of(Changing::Split(Split { unit_code: String::new(), parts: vec![part] }));
    let parts =
        [nothing[0], nothing[1], "split.unit_code REQUIRED", "split.parts[0].heir REQUIRED"];
    refuses(split, unit_change, &parts);
    let rename = of(Changing::Rename(Rename { kind: 99, ..Default::default() }));
    let unnamed = [
        nothing[0],
        nothing[1],
        "rename.unit_code REQUIRED",
        "rename.name REQUIRED",
        "rename.kind ENUM_UNKNOWN",
    ];
    refuses(rename, unit_change, &unnamed);
}

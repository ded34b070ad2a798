//! What is written is read again, a change comes back as that change only, and what is wrong is told with
//! its cell.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod arbitrary;

use std::path::PathBuf;

use cchc_core::{Decimal, UnitCode};
use cchc_scoring::{
    catalogue::{Due, RankTarget, Standing, StatedRatio, Successor, UnitKind, UnitSelector},
    rule::{Band, Bound, Rule, Step},
};
use proptest::prelude::*;
use serde_json::json;
use time::Date;

use super::{
    cell::{Cell, parse, render},
    layout::Column,
    rows::split,
    shape::{Scalar, Shape},
    *,
};
use crate::say::Lang;

fn shipped() -> PlanFolder {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018");
    PlanFolder::load(&folder).unwrap()
}

fn name() -> PathBuf {
    PathBuf::from("plan.xlsx")
}

fn column(scalar: Scalar) -> Column {
    Column::new("x", scalar, false)
}

fn exact() -> Column {
    column(Scalar::Exact { pattern: "^-?[0-9]{1,15}([.][0-9]{1,9})?$".into() })
}

#[test]
fn the_plan_of_2018_comes_back_as_it_was() {
    let folder = shipped();

    let bytes = write(&folder, &name()).unwrap();

    assert_eq!(read(&bytes, &name()).unwrap(), folder);
    assert!(differences(&folder, &folder).is_empty());
}

/// Every property of the schema, by the path under which a value of it would stand.
fn properties(schema: &Value, root: &Value, open: &mut Vec<String>, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        if !open.contains(&name.to_owned()) {
            open.push(name.to_owned());
            let definition = &root["$defs"][name.rsplit('/').next().unwrap()];
            properties(definition, root, open, found);
            open.pop();
        }
        return;
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for member in schema[key].as_array().into_iter().flatten() {
            properties(member, root, open, found);
        }
    }
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        found.push(name.clone());
        properties(of, root, open, found);
    }
    if schema["items"].is_object() {
        properties(&schema["items"], root, open, found);
    }
}

#[test]
fn every_property_of_the_schema_has_a_column_or_a_sheet() {
    let schema: Value = schema_for!(PlanFolder).into();
    let mut wanted = Vec::new();
    properties(&schema, &schema, &mut Vec::new(), &mut wanted);
    let tables = layout();

    let mut steps: Vec<&str> = Vec::new();
    for table in &tables {
        steps.extend(table.path.split('.'));
        steps.extend(table.columns.iter().flat_map(|column| column.name.split('.')));
    }

    for property in wanted {
        assert!(steps.contains(&property.as_str()), "{property} has no column");
    }
}

#[test]
fn a_record_without_a_tabular_form_stands_in_one_cell() {
    let schema = json!({ "type": "object", "properties": {
        "rows": { "type": "array", "items": { "type": "object", "properties": {
            "name": { "type": "string" },
            "inner": { "type": "array", "items": { "type": "object", "properties": {
                "a": { "type": "string" } } } } } } } } });
    let tables = tables(&shape::of_schema(&schema));

    let rows = split(&tables, &json!({ "rows": [{ "name": "n", "inner": [{ "a": "1" }] }] }));

    assert_eq!(rows[1][0]["inner"], json!([{ "a": "1" }]));
    assert!(matches!(tables[0].shape, Shape::Record(_)));
}

#[test]
fn a_number_that_a_person_typed_is_exactly_that_number() {
    for (typed, number) in [
        (92.28, "92.28"),
        ("0.28999999999999998".parse().unwrap(), "0.29"),
        (0.300_000_000_000_000_04, "0.3"),
        (39.0, "39"),
        (36.7198, "36.7198"),
        (-3.4, "-3.4"),
        (0.000_000_001, "0.000000001"),
        (0.0, "0"),
        (123_456_789_012_345.0, "123456789012345"),
    ] {
        assert_eq!(parse(&exact(), &Cell::Number(typed)).unwrap(), Some(number.into()));
    }
}

#[test]
fn zeros_that_the_plan_states_are_kept() {
    for number in ["51.80", "0.10", "-3.400", "39.0"] {
        let cell = render(&exact(), &number.into());

        assert!(matches!(cell, Cell::Fixed(..)), "{cell:?}");
        assert_eq!(parse(&exact(), &cell).unwrap(), Some(number.into()));
    }
    assert_eq!(parse(&exact(), &Cell::Fixed(51.855, 2)).unwrap(), Some("51.855".into()));
}

#[test]
fn what_has_two_meanings_is_refused_with_both() {
    for (text, one, other) in [("1.234", "1.2340", "1234"), ("92,28", "92.28", "9228")] {
        let said = parse(&exact(), &Cell::Text(text.into())).unwrap_err();

        assert!(said.vi.contains(one) && said.vi.contains(other), "{said:?}");
        assert!(said.en.contains(one) && said.en.contains(other), "{said:?}");
    }
    let said = parse(&exact(), &Cell::Percent(0.95)).unwrap_err();
    assert!(said.vi.contains("95, không phải 95%"), "{said:?}");
    let text = column(Scalar::Text);
    assert!(parse(&text, &Cell::Number(1.1)).unwrap_err().en.contains("1.10"));
    assert_eq!(parse(&text, &Cell::Number(193.0)).unwrap(), Some("193".into()));
}

#[test]
fn days_flags_and_choices_are_read_as_people_write_them() {
    let day = column(Scalar::Day);
    for text in ["15/6/2018", "2018-06-15", "15/06/2018"] {
        assert_eq!(parse(&day, &Cell::Text(text.into())).unwrap(), Some("2018-06-15".into()));
    }
    assert!(parse(&day, &Cell::Number(43266.0)).is_err());
    let flag = column(Scalar::Flag);
    for (text, said) in [("Có", true), ("x", true), ("khôNG", false)] {
        assert_eq!(parse(&flag, &Cell::Text(text.into())).unwrap(), Some(said.into()));
    }
    let decomposed = Cell::Text("So\u{31b}\u{309} No\u{323}\u{302}i".into());
    assert_eq!(parse(&column(Scalar::Text), &decomposed).unwrap(), Some("Sở Nội".into()));
}

/// What is said of the shipped plan once cells of its workbook hold something else.
fn said_after(changes: &[(&str, u32, u16, &str)]) -> Vec<String> {
    let folder = shipped();
    let tables = layout();
    let typed: Vec<_> =
        changes.iter().map(|(s, r, c, t)| ((*s).to_owned(), *r, *c, (*t).to_owned())).collect();
    let bytes = write::workbook_with(&folder, &tables, &typed).unwrap();
    match read(&bytes, &name()) {
        Ok(read) => differences(&folder, &read).iter().map(|one| format!("{one:?}")).collect(),
        Err(problems) => problems.iter().map(|problem| problem.say(Lang::En)).collect(),
    }
}

#[test]
fn every_problem_is_told_with_its_cell_and_all_at_once() {
    let said = said_after(&[
        ("Nhiệm vụ", 2, 1, " "),
        ("Nhiệm vụ", 3, 3, "22-XYZ"),
        ("Đơn vị", 4, 3, "ministry"),
        ("Khoảng điểm", 2, 2, "99"),
    ]);

    assert!(
        said.iter().any(|line| line == "plan.xlsx: Nhiệm vụ!B3: must not be empty"),
        "{said:?}"
    );
    assert!(said.iter().any(|line| line.contains("\"22-XYZ\" is nowhere")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("Đơn vị!D5: \"ministry\" is none")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("Khoảng điểm!C3: there is no")), "{said:?}");
}

#[test]
fn a_sheet_or_a_column_that_is_gone_is_not_read_as_empty() {
    let said = said_after(&[("Nhiệm vụ", 1, 0, " "), ("Đơn vị", 1, 4, " ")]);

    assert!(
        said.iter().any(|line| line.contains("no sheet whose cell A2 says \"plan.tasks\"")),
        "{said:?}"
    );
    assert!(said.iter().any(|line| line.contains("is missing: export anew")), "{said:?}");
}

fn points() -> impl Strategy<Value = String> {
    "[1-9][0-9]{0,8}([.][0-9]{1,8}[1-9])?"
}

fn line() -> impl Strategy<Value = String> {
    "[A-ZĐa-zđáàảãạăâêôơưộủ][A-ZĐa-zđáàảãạ0-9,;.|=+\"'<&(-]{0,30}"
}

fn bound() -> impl Strategy<Value = Option<Bound>> {
    let bound = ("-?[1-9][0-9]{0,2}([.][0-9]{0,3}[1-9])?", any::<bool>());
    proptest::option::of(bound.prop_map(|(percent, inclusive)| Bound {
        percent: percent.parse::<Decimal>().unwrap(),
        inclusive,
    }))
}

fn rule() -> impl Strategy<Value = Rule> {
    let band = (bound(), bound(), points()).prop_map(|(from, to, points)| Band {
        from,
        to,
        points: points.parse().unwrap(),
    });
    let step = (points(), points()).prop_map(|(at_least, points)| Step {
        at_least: at_least.parse().unwrap(),
        points: points.parse().unwrap(),
    });
    let steps = proptest::collection::vec(step, 0..3).boxed();
    prop_oneof![
        Just(Rule::Assessed),
        Just(Rule::Share),
        points().prop_map(|target| Rule::Linear {
            target: target.parse().unwrap(),
            floor: None,
            ceiling: None
        }),
        proptest::collection::vec(band, 0..4).prop_map(|bands| Rule::Bands { bands }),
        steps.clone().prop_map(|steps| Rule::CountSteps { steps }),
        steps.prop_map(|steps| Rule::GrowthSteps { steps }),
    ]
}

fn rank() -> impl Strategy<Value = Option<RankTarget>> {
    proptest::option::of(prop_oneof![
        any::<u16>().prop_map(RankTarget::Exact),
        any::<u16>().prop_map(RankTarget::Top),
        any::<u8>().prop_map(RankTarget::Group),
        any::<(u8, u16)>().prop_map(|(group, size)| RankTarget::GroupOf { group, size }),
        Just(RankTarget::Leading),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever stands in a plan comes back from its workbook.
    #[test]
    fn a_generated_plan_comes_back_as_it_was(
        rules in proptest::collection::vec(rule(), 1..6),
        (rank, heading) in (rank(), rank()),
        (score, ratio) in (proptest::option::of(points()), proptest::option::of(points())),
        (title, duty) in (line(), line()),
        (day, inclusive) in (-20_000_i32..20_000, any::<bool>()),
        kinds in proptest::sample::subsequence(UnitKind::ALL.to_vec(), 1..4),
    ) {
        let mut folder = shipped();
        folder.units.truncate(12);
        folder.surveys.clear();
        folder.plan.tasks.truncate(0);
        let nodes = folder.indices.iter_mut().flat_map(|index| &mut index.nodes);
        for (node, rule) in nodes.skip(1).zip(rules) {
            node.rule = Some(rule);
            node.title.clone_from(&title);
        }
        let date = Date::from_julian_day(2_458_285 + day).unwrap();
        let units: Vec<_> = folder.units.iter().map(|unit| unit.code.clone()).collect();
        let unit = folder.units.last_mut().unwrap();
        let earlier = |name: &String| Standing {
            until: date,
            parent: unit.parent.clone(),
            kind: unit.kind,
            name: name.clone(),
            reference: duty.clone(),
        };
        (unit.earlier, unit.end_reference) = ([&title, &duty].map(earlier).to_vec(), title.clone());
        let heir = |(share, code): (Option<&str>, &UnitCode)| Successor {
            code: code.clone(),
            share: share.map(|share| share.parse().unwrap()),
        };
        unit.successors = [Some("0.25"), None].into_iter().zip(&units).map(heir).collect();
        for node in folder.indices.iter_mut().flat_map(|index| &mut index.nodes) {
            node.lead = None;
            node.coordinating = units.iter().take(2).cloned().collect();
        }
        for variable in folder.indices.iter_mut().flat_map(|index| &mut index.variables) {
            variable.reporters = UnitSelector::Kinds(kinds.clone());
        }
        let target = folder.plan.targets.first_mut().unwrap();
        (target.rank, target.heading_rank) = (rank, heading);
        target.points = score.map(|text| text.parse().unwrap());
        target.ratio = ratio.map(|text| StatedRatio {
            percent: text.parse().unwrap(),
            rounding: cchc_scoring::catalogue::Rounding::Truncate,
        });
        let deadline = folder.plan.deadlines.first_mut().unwrap();
        deadline.duty = duty;
        deadline.binds = UnitSelector::Kinds(kinds);
        deadline.due = Due { date, inclusive };

        let bytes = write(&folder, &name()).unwrap();

        prop_assert_eq!(read(&bytes, &name()).unwrap(), folder);
    }

    /// A decimal is the same after a cell, as a number or as text.
    #[test]
    fn a_decimal_survives_its_cell(whole in "-?[1-9][0-9]{0,14}", fraction in "([.][0-9]{0,8}[1-9])?") {
        let number = format!("{whole}{fraction}");
        let read = parse(&exact(), &render(&exact(), &number.clone().into())).unwrap();

        prop_assert_eq!(read, Some(number.into()));
    }
}

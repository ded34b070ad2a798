//! What gaps and figures are made of.

use cchc_proto::reporting::v1::{
    VariableParts, Waterfall,
    gap_part::{Kind, Reference},
};

use crate::{
    province::{measured, opened, registry, registry_later, tallied},
    world::World,
};

fn gaps(of: &Waterfall) -> Vec<(Kind, &str, &str, bool)> {
    let parts = of.parts.iter();
    parts
        .map(|part| {
            let gap = part.gap.as_ref().unwrap().value.as_str();
            (part.kind(), part.node_id.as_str(), gap, part.is_known)
        })
        .collect()
}

#[tokio::test]
async fn the_parts_of_a_gap_add_up_to_the_gap_of_the_rollup() {
    let world = World::full().await;

    let of = world.explain("PAR-2018/0").await.unwrap().waterfall.unwrap();

    // The children are promised 22 of the 23: that one point is the plan's own.
    let expected = [
        (Kind::Child, "PAR-2018/1", "0.25", true),
        (Kind::Child, "PAR-2018/2", "-0.824561404", true),
        (Kind::Child, "PAR-2018/3", "0.25", true),
        (Kind::NotAllotted, "", "1", true),
    ];
    assert_eq!(gaps(&of), expected);
    assert_eq!(of.gap, world.node("PAR-2018/0").await.gap);
    assert_eq!(of.gap.unwrap().value, "0.675438596");
    assert!(of.is_known && of.parts[..3].iter().all(|part| part.reference() == Reference::Target));
}

#[tokio::test]
async fn what_is_not_known_is_named_and_counts_as_the_most_it_can_be() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("assignment", vec![measured("193", 1, Some(("95", "100")))]).await;

    let of = world.explain("PAR-2018/0").await.unwrap().waterfall.unwrap();

    assert!(!of.is_known);
    let expected = [
        (Kind::Child, "PAR-2018/1", "9", false),
        // Ten points that may still fall: none of them is certain.
        (Kind::Child, "PAR-2018/2", "9", true),
        (Kind::Child, "PAR-2018/3", "4", false),
        (Kind::NotAllotted, "", "1", true),
    ];
    assert_eq!(gaps(&of), expected);
    assert_eq!(of.gap.unwrap().value, "23");
}

#[tokio::test]
async fn a_node_that_is_no_sum_has_no_parts_and_a_surveyed_one_no_units() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("survey", vec![opened(), tallied(&[("Q1", "06649", 9, 12)])]).await;

    let asked = world.explain("PAR-2018/3").await.unwrap();

    assert_eq!((asked.waterfall, asked.variables), (None, Vec::<VariableParts>::new()));
}

#[tokio::test]
async fn the_figures_of_units_add_up_to_the_variable_and_who_has_not_reported_is_named() {
    let world = World::full().await;
    world.hear("registry", registry_later()).await;

    let explained = world.explain("PAR-2018/2").await.unwrap();

    let [of] = explained.variables.as_slice() else { panic!("one: {explained:?}") };
    let value = |of: &Option<cchc_proto::common::v1::Decimal>| {
        of.as_ref().map_or("", |of| of.value.as_str()).to_owned()
    };
    // Nine of ten points at 95 % for all of them: 85.5 %.
    assert_eq!(
        (value(&of.level_percent), value(&of.missing)),
        ("85.5".to_owned(), "-11.75".to_owned())
    );
    assert_eq!(
        (value(&of.numerator), value(&of.denominator)),
        ("140".to_owned(), "150".to_owned())
    );
    let units: Vec<_> = of
        .units
        .iter()
        .map(|unit| (unit.unit_code.as_str(), value(&unit.numerator), value(&unit.missing)))
        .collect();
    let expected = [("194", "45", "-2.25"), ("193", "95", "-9.5"), ("195", "", "")];
    assert_eq!(units, expected.map(|(unit, has, lacks)| (unit, has.to_owned(), lacks.to_owned())));
}

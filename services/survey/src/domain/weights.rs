//! Whether a sample says consistently how many people its responses stand for.
//!
//! Weights of some communes and not of others would mix figures of people with figures of responses, so
//! that each is of all or of none.

use std::collections::BTreeMap;

use cchc_core::{Collector, UnitCode};
use cchc_scoring::survey::plan::SamplePlan;

use super::survey::Cluster;

/// Refuses everything about weights and populations that does not hold together, as far as the communes
/// could be read.
///
/// Reasons: `WEIGHT_MISSING`, `POPULATION_MISSING`, `POPULATION_WITHOUT_PLAN`, `WANTED_ABOVE_POPULATION`,
/// `POPULATION_ABOVE_STRATUM`.
pub(super) fn check(c: &mut Collector, clusters: &[Option<Cluster>], plan: Option<&SamplePlan>) {
    let has_weights = clusters.iter().flatten().any(|of| of.base_weight.is_some());
    let has_populations = clusters.iter().flatten().any(|of| of.population.is_some());
    for (place, cluster) in clusters.iter().enumerate() {
        let Some(cluster) = cluster else { continue };
        c.at(format!("clusters[{place}]"), |c| {
            check_cluster(c, cluster, (has_weights, has_populations));
        });
    }
    match plan {
        None if has_populations => c.refuse(
            "sample_plan",
            "POPULATION_WITHOUT_PLAN",
            "is required beside populations of communes: it says how many communes a district has",
            "phải có khi nêu dân số của địa bàn, để biết mỗi tầng có bao nhiêu đơn vị cấp xã",
        ),
        Some(plan) => check_strata(c, clusters, plan),
        None => {}
    }
}

fn check_cluster(
    c: &mut Collector,
    cluster: &Cluster,
    (has_weights, has_populations): (bool, bool),
) {
    if has_weights && cluster.base_weight.is_none() {
        c.refuse(
            "base_weight",
            "WEIGHT_MISSING",
            "is required, since other communes have one",
            "phải có, vì các địa bàn khác đã nêu trọng số",
        );
    }
    match cluster.population {
        None if has_populations => c.refuse(
            "population_count",
            "POPULATION_MISSING",
            "is required, since other communes have one",
            "phải có, vì các địa bàn khác đã nêu dân số",
        ),
        Some(people) if i64::from(cluster.wanted_count) > people => c.refuse(
            "wanted_count",
            "WANTED_ABOVE_POPULATION",
            format!("is more than the {people} people of the commune"),
            format!("nhiều hơn {people} người của địa bàn"),
        ),
        _ => {}
    }
}

/// Communes of a district cannot have more people than it has.
fn check_strata(c: &mut Collector, clusters: &[Option<Cluster>], plan: &SamplePlan) {
    let mut people: BTreeMap<&UnitCode, i64> = BTreeMap::new();
    for cluster in clusters.iter().flatten() {
        *people.entry(&cluster.stratum).or_default() += cluster.population.unwrap_or_default();
    }
    for (place, stratum) in plan.strata.iter().enumerate() {
        let drawn = people.get(&stratum.code).copied().unwrap_or_default();
        if drawn > stratum.population {
            c.refuse(
                &format!("sample_plan.strata[{place}].population"),
                "POPULATION_ABOVE_STRATUM",
                format!("is less than the {drawn} people of its communes that are drawn"),
                format!("ít hơn {drawn} người của các địa bàn được chọn trong tầng"),
            );
        }
    }
}

//! Plans of samples, and how their strata stand. Whether a plan holds together is the science's to say
//! ([`SamplePlan::check`]); here each part is only read.

use cchc_core::{Collector, Decimal};
use cchc_scoring::survey::plan::{Allocation, Outlook, PacePoint, PlannedStratum, SamplePlan};

use super::{
    parts::{choices, list},
    values::{date, optional_decimal, whole},
};
use crate::survey::v1 as pb;

/// Strata of a plan; a province has fewer districts.
const STRATA: usize = 200;
/// Points of a pace.
const POINTS: usize = 50;
/// People of a stratum.
const PEOPLE: i64 = 1_000_000_000;
/// Communes of a stratum.
const COMMUNES: i32 = 2_000;
/// Responses of a quota.
const QUOTA: i32 = 1_000_000;
/// People that a response may stand for: from a ten-thousandth to a million.
const WEIGHTS: (Decimal, Decimal) =
    (Decimal::from_parts(1, 0, 0, false, 4), Decimal::from_parts(1_000_000, 0, 0, false, 0));

choices! {
    /// Reads how a sample is shared.
    allocation: pb::sample_plan::Allocation => Allocation {
            Equal, Proportional, Given
    }
}

impl From<&SamplePlan> for pb::SamplePlan {
    fn from(plan: &SamplePlan) -> Self {
        let SamplePlan { margin, design_effect, allocation, strata, pace } = plan;
        Self {
            margin: margin.map(Into::into),
            design_effect: design_effect.map(Into::into),
            allocation: pb::sample_plan::Allocation::from(*allocation).into(),
            strata: strata.iter().map(Into::into).collect(),
            pace: pace.iter().map(Into::into).collect(),
        }
    }
}

impl From<&PlannedStratum> for pb::sample_plan::Stratum {
    fn from(stratum: &PlannedStratum) -> Self {
        let PlannedStratum { code, population, communes, quota } = stratum;
        Self {
            stratum_code: code.to_string(),
            population: *population,
            commune_count: *communes,
            quota: *quota,
        }
    }
}

impl From<&PacePoint> for pb::sample_plan::PacePoint {
    fn from(PacePoint { date, percent }: &PacePoint) -> Self {
        Self { date: Some((*date).into()), percent: *percent }
    }
}

/// Reads a plan.
pub fn sample_plan(c: &mut Collector, plan: pb::SamplePlan) -> Option<SamplePlan> {
    let pb::SamplePlan { margin, design_effect, allocation, strata, pace } = plan;
    let margin = optional_decimal(c, "margin", margin);
    let design_effect = optional_decimal(c, "design_effect", design_effect);
    let allocation = self::allocation(c, "allocation", allocation);
    if strata.is_empty() {
        c.refuse("strata", "REQUIRED", "is required", "là trường bắt buộc");
    }
    let strata = list(c, "strata", STRATA, strata, stratum);
    let pace = list(c, "pace", POINTS, pace, |c, point| {
        let date = date(c, "date", point.date);
        let percent = whole(c, "percent", point.percent, 0..=100);
        Some(PacePoint { date: date?, percent: percent? })
    });
    Some(SamplePlan {
        margin: margin?,
        design_effect: design_effect?,
        allocation: allocation?,
        strata: strata?,
        pace: pace?,
    })
}

fn stratum(c: &mut Collector, stratum: pb::sample_plan::Stratum) -> Option<PlannedStratum> {
    let pb::sample_plan::Stratum { stratum_code, population, commune_count, quota } = stratum;
    let code = c.parse("stratum_code", &stratum_code);
    let people = i32::try_from(population).unwrap_or(-1);
    let population = whole(c, "population", people, 1..=PEOPLE);
    let communes = whole(c, "commune_count", commune_count, 1..=COMMUNES);
    let quota = match quota {
        None => Some(None),
        Some(quota) => whole(c, "quota", quota, 1..=QUOTA).map(Some),
    };
    Some(PlannedStratum {
        code: code?,
        population: population?,
        communes: communes?,
        quota: quota?,
    })
}

/// Reads how many people a response stands for; it may be absent.
pub fn base_weight(
    c: &mut Collector,
    field: &str,
    weight: Option<crate::common::v1::Decimal>,
) -> Option<Option<Decimal>> {
    let weight = optional_decimal(c, field, weight)?;
    let (least, most) = WEIGHTS;
    if weight.is_some_and(|weight| weight < least || weight > most) {
        c.refuse(
            field,
            "OUT_OF_RANGE",
            format!("must be {least} to {most}"),
            format!("phải từ {} đến {most}", least.to_string().replace('.', ",")),
        );
        return None;
    }
    Some(weight)
}

/// Reads how many people a place has; it may be absent.
pub fn population(c: &mut Collector, field: &str, people: Option<i64>) -> Option<Option<i64>> {
    let Some(people) = people else { return Some(None) };
    let people = i32::try_from(people).unwrap_or(-1);
    whole(c, field, people, 1..=PEOPLE).map(Some)
}

/// How a stratum stands, in the words of the contract.
#[must_use]
pub fn stratum_outlook(stratum: &cchc_core::UnitCode, outlook: &Outlook) -> pb::StratumOutlook {
    pb::StratumOutlook {
        stratum_code: stratum.to_string(),
        quota_count: outlook.quota,
        stored_count: outlook.stored,
        needed_count: outlook.needed(),
        due_count: outlook.due,
        foreseen_count: outlook.foreseen,
        will_miss: outlook.will_miss(),
        needed_a_day_count: outlook.needed_a_day(),
    }
}

//! Everything that is wrong with the plan of a sample, at once: in itself, and beside the communes drawn.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, Decimal, UnitCode};

use super::{Allocation, PacePoint, PlannedStratum, SamplePlan, Window};

/// The largest margin and design effect: beyond them somebody wrote per cent for a part.
const MARGIN: (Decimal, Decimal) =
    (Decimal::from_parts(1, 0, 0, false, 3), Decimal::from_parts(5, 0, 0, false, 1));
const LARGEST_EFFECT: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// A commune drawn into the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampled<'a> {
    /// Its district.
    pub stratum: &'a UnitCode,
    /// Responses wanted there.
    pub wanted: i64,
}

impl SamplePlan {
    /// Refuses everything that is wrong with it, beside the communes drawn and the days of fieldwork as far as
    /// they are known.
    ///
    /// Paths are `margin`, `design_effect`, `strata[…]`, `pace[…]`. Reasons: `REQUIRED`, `OUT_OF_RANGE`,
    /// `DUPLICATE`, `QUOTA_MISSING`, `QUOTA_UNEXPECTED`, `QUOTA_ABOVE_POPULATION`, `SAMPLE_BELOW_QUOTA`,
    /// `STRATUM_WITHOUT_CLUSTERS`, `STRATUM_UNPLANNED`, `CLUSTERS_ABOVE_FRAME`, `PACE_NOT_RISING`.
    pub fn check(&self, c: &mut Collector, sampled: &[Sampled<'_>], window: Option<Window>) {
        self.check_size(c);
        let quotas = self.quotas().unwrap_or_default();
        let mut drawn: BTreeMap<&UnitCode, (i32, i64)> = BTreeMap::new();
        for Sampled { stratum, wanted } in sampled {
            let of = drawn.entry(stratum).or_default();
            *of = (of.0 + 1, of.1 + wanted);
        }
        let mut seen = BTreeSet::new();
        for (place, stratum) in self.strata.iter().enumerate() {
            c.at(format!("strata[{place}]"), |c| {
                if !seen.insert(&stratum.code) {
                    c.refuse(
                        "stratum_code",
                        "DUPLICATE",
                        "stands in the list before",
                        "đã có trong danh sách",
                    );
                }
                self.check_given(c, stratum);
                let drawn = drawn.get(&stratum.code).copied();
                check_drawn(c, stratum, drawn, quotas.get(place).copied());
            });
        }
        for stratum in drawn.keys().filter(|stratum| !seen.contains(**stratum)) {
            c.refuse(
                "strata",
                "STRATUM_UNPLANNED",
                format!("the plan has no stratum {stratum}, where communes are drawn"),
                format!("phương án mẫu thiếu tầng {stratum} có địa bàn được chọn"),
            );
        }
        check_pace(c, &self.pace, window);
    }

    fn check_size(&self, c: &mut Collector) {
        let needs_margin = self.allocation != Allocation::Given;
        if self.margin.is_none() && needs_margin {
            c.refuse("margin", "REQUIRED", "is required", "là trường bắt buộc");
        }
        let bounds = [
            ("margin", self.margin, MARGIN),
            ("design_effect", self.design_effect, (Decimal::ONE, LARGEST_EFFECT)),
        ];
        for (field, value, (least, most)) in bounds {
            if value.is_some_and(|value| value < least || value > most) {
                out_of_range(c, field, least, most);
            }
        }
    }

    fn check_given(&self, c: &mut Collector, stratum: &PlannedStratum) {
        match (self.allocation, stratum.quota) {
            (Allocation::Given, None) => c.refuse(
                "quota",
                "QUOTA_MISSING",
                "is required where quotas are given",
                "phải có khi phương án nêu sẵn chỉ tiêu từng tầng",
            ),
            (Allocation::Equal | Allocation::Proportional, Some(_)) => c.refuse(
                "quota",
                "QUOTA_UNEXPECTED",
                "follows from the allocation and is not given",
                "được tính theo cách phân bổ nên không nêu riêng",
            ),
            _ => {}
        }
    }
}

fn check_drawn(
    c: &mut Collector,
    stratum: &PlannedStratum,
    drawn: Option<(i32, i64)>,
    quota: Option<i64>,
) {
    let PlannedStratum { code, population, communes, .. } = stratum;
    if let Some(quota) = quota.filter(|quota| quota > population) {
        c.refuse(
            "population",
            "QUOTA_ABOVE_POPULATION",
            format!("its quota of {quota} is more than its {population} people"),
            format!("chỉ tiêu {quota} phiếu lớn hơn {population} người của tầng"),
        );
    }
    let Some((clusters, wanted)) = drawn else {
        return c.refuse(
            "stratum_code",
            "STRATUM_WITHOUT_CLUSTERS",
            format!("no commune of {code} is drawn"),
            format!("không có địa bàn nào của tầng {code} được chọn"),
        );
    };
    if clusters > *communes {
        c.refuse(
            "commune_count",
            "CLUSTERS_ABOVE_FRAME",
            format!("{clusters} communes are drawn of {communes}"),
            format!("chọn {clusters} địa bàn trong khi tầng chỉ có {communes}"),
        );
    }
    if let Some(quota) = quota.filter(|quota| *quota > wanted) {
        c.refuse(
            "quota",
            "SAMPLE_BELOW_QUOTA",
            format!("its communes want {wanted} responses, fewer than its quota of {quota}"),
            format!("các địa bàn chỉ cần {wanted} phiếu, ít hơn chỉ tiêu {quota} phiếu"),
        );
    }
}

/// Points rise, in time and in per cent, within the fieldwork and before its last day.
fn check_pace(c: &mut Collector, pace: &[PacePoint], window: Option<Window>) {
    let mut before: Option<PacePoint> = None;
    for (place, point) in pace.iter().enumerate() {
        let is_within = window.is_none_or(|of| of.open <= point.date && point.date < of.close);
        let rises = before.is_none_or(|of| of.date < point.date && of.percent <= point.percent);
        if !is_within || !rises || !(0..=100).contains(&point.percent) {
            c.refuse(
                &format!("pace[{place}]"),
                "PACE_NOT_RISING",
                "must rise from day to day, 0 to 100 per cent, before the last day of fieldwork",
                "phải tăng dần theo ngày, từ 0 đến 100 %, trước ngày cuối thu thập phiếu",
            );
        }
        before = Some(*point);
    }
}

fn out_of_range(c: &mut Collector, field: &str, least: Decimal, most: Decimal) {
    c.refuse(
        field,
        "OUT_OF_RANGE",
        format!("must be {least} to {most}"),
        format!("phải từ {} đến {}", comma(least), comma(most)),
    );
}

/// A figure as it is written in Vietnamese.
fn comma(figure: Decimal) -> String {
    figure.to_string().replace('.', ",")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;
    use time::macros::date;

    use super::*;

    fn refused(plan: serde_json::Value, sampled: &[(&str, i64)]) -> Vec<(String, &'static str)> {
        let plan: SamplePlan = serde_json::from_value(plan).unwrap();
        let codes: Vec<(UnitCode, i64)> =
            sampled.iter().map(|(code, wanted)| (code.parse().unwrap(), *wanted)).collect();
        let sampled: Vec<Sampled<'_>> =
            codes.iter().map(|(stratum, wanted)| Sampled { stratum, wanted: *wanted }).collect();
        let window = Window { open: date!(2018 - 06 - 01), close: date!(2018 - 06 - 30) };
        let mut c = Collector::new();
        plan.check(&mut c, &sampled, Some(window));
        let refused = c.finish(Some(())).err().unwrap_or_default();
        refused.as_slice().iter().map(|v| (v.path.clone(), v.reason)).collect()
    }

    #[test]
    fn a_sound_plan_has_its_quotas() {
        let plan = json!({
            "margin": "0.05", "design_effect": "1.5", "allocation": "proportional",
            "strata": [
                { "code": "193", "population": 3000, "communes": 20 },
                { "code": "194", "population": 1000, "communes": 17 }
            ],
            "pace": [{ "date": "2018-06-10", "percent": 20 }]
        });

        let read: SamplePlan = serde_json::from_value(plan.clone()).unwrap();

        // 4000 × 1.5 / (1 + 4000 × 0.0025) = 545.45…, three quarters of 546 and one.
        assert_eq!((read.required(), read.quotas()), (Some(546), Some(vec![410, 136])));
        assert_eq!(refused(plan, &[("193", 300), ("193", 110), ("194", 136)]), []);
    }

    #[test]
    fn what_lies_on_a_bound_is_sound() {
        let at = |margin: Decimal, effect: Decimal| {
            json!({
                "margin": margin.to_string(), "design_effect": effect.to_string(),
                "allocation": "proportional",
                "strata": [{ "code": "193", "population": 3000, "communes": 20 }],
                "pace": [
                    { "date": "2018-06-10", "percent": 20 }, { "date": "2018-06-11", "percent": 20 },
                ]
            })
        };
        let all_drawn = json!({
            "allocation": "given",
            "strata": [{ "code": "193", "population": 40, "communes": 1, "quota": 40 }]
        });

        assert_eq!(refused(at(MARGIN.0, Decimal::ONE), &[("193", 3000)]), []);
        assert_eq!(refused(at(MARGIN.1, LARGEST_EFFECT), &[("193", 3000)]), []);
        assert_eq!(refused(all_drawn, &[("193", 40)]), []);
    }

    #[test]
    fn a_pace_neither_stands_still_in_time_nor_falls() {
        let pace = |points: [(&str, i32); 2]| {
            let points = points.map(|(date, percent)| json!({ "date": date, "percent": percent }));
            let plan = json!({
                "margin": "0.05", "allocation": "equal", "pace": points,
                "strata": [{ "code": "193", "population": 3000, "communes": 20 }]
            });
            refused(plan, &[("193", 3000)])
        };
        let second = [("pace[1]".to_owned(), "PACE_NOT_RISING")];

        assert_eq!(pace([("2018-06-10", 20), ("2018-06-10", 30)]), second);
        assert_eq!(pace([("2018-06-10", 30), ("2018-06-12", 20)]), second);
        assert_eq!(pace([("2018-06-10", 20), ("2018-06-12", 30)]), []);
    }

    #[test]
    fn bounds_are_written_with_a_comma_in_vietnamese() {
        assert_eq!(comma(Decimal::new(15, 1)), "1,5");
    }

    #[test]
    fn every_fault_of_a_plan_is_named_at_once() {
        let plan = json!({
            "design_effect": "0.5", "allocation": "given",
            "strata": [
                { "code": "193", "population": 10, "communes": 1, "quota": 40 },
                { "code": "193", "population": 100, "communes": 9 },
                { "code": "195", "population": 100, "communes": 9, "quota": 5 }
            ],
            "pace": [
                { "date": "2018-06-10", "percent": 20 },
                { "date": "2018-06-09", "percent": 30 },
                { "date": "2018-06-30", "percent": 90 }
            ]
        });
        let unsized_plan = json!({
            "margin": "5", "allocation": "equal",
            "strata": [{ "code": "193", "population": 100, "communes": 9, "quota": 5 }]
        });

        let of = |path: &str, reason: &'static str| (path.to_owned(), reason);
        assert_eq!(
            refused(plan, &[("193", 10), ("193", 20), ("194", 5)]),
            [
                of("design_effect", "OUT_OF_RANGE"),
                of("strata[0].commune_count", "CLUSTERS_ABOVE_FRAME"),
                of("strata[1].stratum_code", "DUPLICATE"),
                of("strata[1].quota", "QUOTA_MISSING"),
                of("strata[2].stratum_code", "STRATUM_WITHOUT_CLUSTERS"),
                of("strata", "STRATUM_UNPLANNED"),
                of("pace[1]", "PACE_NOT_RISING"),
                of("pace[2]", "PACE_NOT_RISING"),
            ]
        );
        assert_eq!(
            refused(unsized_plan, &[("193", 10)]),
            [of("margin", "OUT_OF_RANGE"), of("strata[0].quota", "QUOTA_UNEXPECTED")]
        );
        let small = json!({
            "allocation": "given",
            "strata": [{ "code": "193", "population": 10, "communes": 2, "quota": 40 }]
        });
        let missing = json!({ "allocation": "proportional", "strata": [] });
        assert_eq!(
            refused(small, &[("193", 20)]),
            [
                of("strata[0].population", "QUOTA_ABOVE_POPULATION"),
                of("strata[0].quota", "SAMPLE_BELOW_QUOTA"),
            ]
        );
        assert_eq!(refused(missing, &[]), [of("margin", "REQUIRED")]);
    }
}

//! What a survey file points at: nodes of its edition, districts, and communes within them.

use std::collections::BTreeSet;

use cchc_core::{Collector, Fault as _, UnitCode, Violation};
use cchc_scoring::{
    catalogue::{Index, Unit, UnitKind},
    questionnaire::check_node,
    survey::{
        domains::{self, MOST_DOMAINS},
        plan::{Sampled, Window},
    },
};

use super::{Sheet, Stratum, Survey, twice, unknown};
use crate::{problem::Problem, say::Words};

/// Lists everything that a survey file points at in vain.
pub(super) fn check(sheet: &Sheet<Survey>, indices: &[Index], units: &[Unit]) -> Vec<Problem> {
    let mut check = Check { sheet, units, problems: Vec::new() };
    check.numbers();
    check.questions(indices);
    check.questionnaire(indices);
    check.sample();
    check.sample_plan();
    check.domains();
    check.problems
}

struct Check<'a> {
    sheet: &'a Sheet<Survey>,
    units: &'a [Unit],
    problems: Vec<Problem>,
}

impl Check<'_> {
    /// Refuses what is first written as `written`.
    fn refuse(&mut self, written: &str, field: &str, words: Words) {
        let line = self.sheet.line_of(written);
        let problem = Problem { line, ..Problem::at_line(&self.sheet.path, 1, field, words) };
        self.problems.push(problem);
    }

    fn numbers(&mut self) {
        let survey = &self.sheet.content;
        if survey.opens > survey.closes {
            self.refuse(
                "closes",
                "closes",
                Words::new(
                    "ngày kết thúc trước ngày bắt đầu khảo sát",
                    "fieldwork ends before it begins",
                ),
            );
        }
        for (field, days, least, most) in [
            ("quarantine_days", survey.quarantine_days, 1, 365),
            ("retention_days", survey.retention_days, 30, 3650),
        ] {
            if days.is_some_and(|days| !(least..=most).contains(&days)) {
                let vi = format!("phải từ {least} đến {most} ngày");
                self.refuse(
                    field,
                    field,
                    Words::new(vi, format!("must be {least} to {most} days")),
                );
            }
        }
        if survey.questionnaire_code.is_some() != survey.questionnaire_version.is_some() {
            let words = Words::new(
                "phải nêu cả mã phiếu hỏi (questionnaire_code) và phiên bản (questionnaire_version)",
                "say both questionnaire_code and questionnaire_version",
            );
            self.refuse("questionnaire_", "questionnaire_version", words);
        }
        for (field, number, most) in [
            ("minimum_cell", survey.minimum_cell, 100),
            ("release_after", survey.release_after, 10_000),
        ] {
            if !(5..=most).contains(&number) {
                self.refuse(
                    field,
                    field,
                    Words::new(
                        format!("phải từ 5 đến {most}, để không ai bị nhận ra qua số liệu"),
                        format!("must be 5 to {most}, so that nobody can be told from the figures"),
                    ),
                );
            }
        }
    }

    fn questions(&mut self, indices: &[Index]) {
        let survey = &self.sheet.content;
        let Some(index) = indices.iter().find(|index| index.code == survey.index) else {
            let code = survey.index.as_str();
            return self.refuse("index", "index", unknown("bộ chỉ số", "the index", code));
        };
        for question in &survey.questions {
            let code = question.code.as_str();
            let written = format!("\"{code}\"");
            let Some(node) = &question.node else { continue };
            if node.index != survey.index || index.node(&node.node).is_none() {
                let node = node.to_string();
                self.refuse(&written, "node", unknown("mục của bộ chỉ số", "the node", &node));
            }
        }
    }

    /// What the survey service would refuse of the questionnaire, by the very same function.
    fn questionnaire(&mut self, indices: &[Index]) {
        let (survey, mut c) = (&self.sheet.content, Collector::new());
        survey.questionnaire().check(&mut c);
        let index = indices.iter().find(|index| index.code == survey.index);
        for (place, question) in survey.questions.iter().enumerate() {
            let node = question.node.as_ref().and_then(|id| index?.node(&id.node));
            if let Some(node) = node {
                c.at(format!("questions[{place}]"), |c| check_node(c, question, node));
            }
        }
        let refused = c.finish(Some(())).err().unwrap_or_default();
        for Violation { path, english, vietnamese, .. } in refused.violations() {
            let place = path.split(['[', ']']).nth(1).and_then(|place| place.parse::<usize>().ok());
            let question = place.filter(|_| path.starts_with("questions"));
            let question = question.and_then(|place| survey.questions.get(place));
            let written = question.map_or("questions".to_owned(), |of| format!("\"{}\"", of.code));
            self.refuse(&written, path, Words::new(vietnamese.as_str(), english.as_str()));
        }
    }

    fn sample(&mut self) {
        let mut seen = BTreeSet::new();
        for stratum in &self.sheet.content.strata {
            let district = stratum.code.as_str();
            if !self.is(district, UnitKind::District, None) {
                let written = format!("\"{district}\"");
                self.refuse(&written, "code", unknown("cấp huyện", "the district", district));
            }
            for cluster in &stratum.clusters {
                let commune = cluster.code.as_str();
                let written = format!("\"{commune}\"");
                if !seen.insert(commune) {
                    self.refuse(&written, "code", twice("cấp xã", "commune", commune));
                }
                if !self.is(commune, UnitKind::Commune, Some(district)) {
                    self.refuse(&written, "code", Words::new(
                        format!("“{commune}” không phải cấp xã thuộc {district}: hãy kiểm tra lại mã"),
                        format!("{commune:?} is no commune of {district}: check the code"),
                    ));
                }
            }
        }
    }

    /// What the survey service would refuse of the domains, by the very same function.
    fn domains(&mut self) {
        let (survey, mut c) = (&self.sheet.content, Collector::new());
        if survey.domains.len() > MOST_DOMAINS {
            let words = Words::new(
                format!("nhiều nhất {MOST_DOMAINS} phân tổ"),
                format!("must have at most {MOST_DOMAINS} domains"),
            );
            self.refuse("domains", "domains", words);
        }
        let all: Vec<_> = survey.domains.iter().map(Some).collect();
        domains::check(&mut c, &all, &survey.questions.iter().map(Some).collect::<Vec<_>>());
        let refused = c.finish(Some(())).err().unwrap_or_default();
        for Violation { path, english, vietnamese, .. } in refused.violations() {
            self.refuse("domains", path, Words::new(vietnamese.as_str(), english.as_str()));
        }
    }

    /// What the survey service would refuse of the plan of the sample, by the very same function.
    fn sample_plan(&mut self) {
        let survey = &self.sheet.content;
        let Some(plan) = survey.sample() else { return self.unshared() };
        let drawn: Vec<(UnitCode, i64)> = survey
            .strata
            .iter()
            .filter_map(|of| Some((of.code.as_str().parse::<UnitCode>().ok()?, of)))
            .flat_map(|(code, of)| of.clusters.iter().map(move |at| (code.clone(), at)))
            .map(|(code, cluster)| (code, cluster.respondents.into()))
            .collect();
        let sampled = drawn.iter().map(|(stratum, wanted)| Sampled { stratum, wanted: *wanted });
        let sampled: Vec<Sampled<'_>> = sampled.collect();
        let mut c = Collector::new();
        plan.check(&mut c, &sampled, Some(Window { open: survey.opens, close: survey.closes }));
        for (stratum, planned) in survey.strata.iter().zip(&plan.strata) {
            if planned.population < 1 || planned.communes < 1 {
                let words = Words::new(
                    "phải nêu dân số (population) và số xã (communes) của huyện",
                    "must say its population and its communes",
                );
                self.refuse(&format!("\"{}\"", stratum.code), "population", words);
            }
        }
        let refused = c.finish(Some(())).err().unwrap_or_default();
        for Violation { path, english, vietnamese, .. } in refused.violations() {
            let place = path.split(['[', ']']).nth(1).and_then(|place| place.parse::<usize>().ok());
            let stratum = place.filter(|_| path.starts_with("strata"));
            let stratum = stratum.and_then(|place| survey.strata.get(place));
            let written = stratum.map_or("allocation".to_owned(), |of| format!("\"{}\"", of.code));
            self.refuse(&written, path, Words::new(vietnamese.as_str(), english.as_str()));
        }
    }

    /// Something is said of a sample that is not shared in any way.
    fn unshared(&mut self) {
        let survey = &self.sheet.content;
        let says =
            |of: &Stratum| of.quota.is_some() || of.population.is_some() || of.communes.is_some();
        if survey.margin.is_some()
            || survey.design_effect.is_some()
            || !survey.pace.is_empty()
            || survey.strata.iter().any(says)
        {
            let words = Words::new(
                "phải nêu cách phân bổ mẫu (equal, proportional hoặc given)",
                "say how the sample is shared: equal, proportional or given",
            );
            self.refuse("strata", "allocation", words);
        }
    }

    /// Whether a code is such a unit on the first day of fieldwork.
    fn is(&self, code: &str, kind: UnitKind, within: Option<&str>) -> bool {
        let unit = self.units.iter().find(|unit| unit.code.as_str() == code);
        let stood = unit.and_then(|unit| unit.standing_on(self.sheet.content.opens));
        stood.is_some_and(|stood| {
            let parent = stood.parent.map(cchc_core::UnitCode::as_str);
            stood.kind == kind && within.is_none_or(|above| parent == Some(above))
        })
    }
}

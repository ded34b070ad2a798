//! What must hold before a survey opens. Everything is checked that can be read, so that whoever
//! sends a survey with nine faults learns of nine, whether a fault lies in the survey itself or in
//! what it points at.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, NodeId, PlanCode, SurveyCode, UnitCode};
use cchc_scoring::{
    catalogue::{Index, Unit, UnitKind},
    questionnaire::{Language, Parts, Question, Questionnaire, Section, check_node},
    survey::{
        domains::{self, Domain},
        plan::{SamplePlan, Sampled, Window},
    },
};
use time::Date;

use super::{
    quality::{self, Flag, Rule},
    survey::{AsksBy, Cluster, Instrument, Survey},
    weights,
};

/// Bytes of the largest event a survey may cause: the bus takes a megabyte by default, and an event
/// it does not take would stop every later one.
const LARGEST_EVENT: usize = 900_000;
/// Bytes of one tally in an event beside its codes and counts: tags, lengths and three sums of counts.
const TALLY_OVERHEAD: usize = 15 + 3 * COUNT_BYTES;
/// Bytes of a tally by domain beside a tally and the names of the domain: tags and lengths.
const DOMAIN_OVERHEAD: usize = 12;
/// Bytes of a count below 2^20, or of as large a difference: more people than a province has.
const COUNT_BYTES: usize = 3;

/// Bytes of a limb of a number's sums below 2^54: four million people of a commune.
const LIMB_BYTES: usize = 8;

/// A survey as far as it could be read; what could not is absent and was refused already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub(crate) code: Option<SurveyCode>,
    pub(crate) plan: Option<PlanCode>,
    pub(crate) province: Option<UnitCode>,
    pub(crate) title: Option<String>,
    pub(crate) instrument: Option<Instrument>,
    pub(crate) open_date: Option<Date>,
    pub(crate) close_date: Option<Date>,
    pub(crate) minimum_cell: Option<i32>,
    pub(crate) release_after: Option<i32>,
    pub(crate) quarantine_days: Option<i32>,
    pub(crate) retention_days: Option<i32>,
    pub(crate) quality_rules: Vec<Option<Rule>>,
    /// The registered version it is to ask by.
    pub(crate) asks_by: Option<AsksBy>,
    pub(crate) languages: Vec<Language>,
    pub(crate) sections: Vec<Option<Section>>,
    pub(crate) questions: Vec<Option<Question>>,
    pub(crate) clusters: Vec<Option<Cluster>>,
    pub(crate) sample: Option<SamplePlan>,
    pub(crate) domains: Vec<Option<Domain>>,
}

/// What a survey may point at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The province and everything below it.
    pub(crate) units: Vec<Unit>,
    /// The indices that questions name, as far as they are published.
    pub(crate) indices: Vec<Index>,
    /// The province of the plan, when the plan is in force.
    pub(crate) plan_province: Option<UnitCode>,
    /// Whether the service has a key to keep secrets with.
    pub(crate) has_vault: bool,
}

impl Draft {
    /// The survey, when every part of it could be read.
    pub(crate) fn survey(&self) -> Option<Survey> {
        let draft = self.clone();
        Some(Survey {
            code: draft.code?,
            plan: draft.plan?,
            province: draft.province?,
            title: draft.title?,
            instrument: draft.instrument?,
            open_date: draft.open_date?,
            close_date: draft.close_date?,
            minimum_cell: draft.minimum_cell?,
            release_after: draft.release_after?,
            quarantine_days: draft.quarantine_days?,
            retention_days: draft.retention_days?,
            quality_rules: draft.quality_rules.into_iter().collect::<Option<_>>()?,
            asks_by: draft.asks_by,
            languages: draft.languages,
            sections: draft.sections.into_iter().collect::<Option<_>>()?,
            questions: draft.questions.into_iter().collect::<Option<_>>()?,
            clusters: draft.clusters.into_iter().collect::<Option<_>>()?,
            sample: draft.sample,
            domains: draft.domains.into_iter().collect::<Option<_>>()?,
        })
    }

    /// Takes over what the registered version asks that it names; nothing when there is no such version.
    /// Questions of its own must be those of that version.
    pub(crate) fn adopt(&mut self, c: &mut Collector, form: Option<&Questionnaire>) {
        let Some(AsksBy { questionnaire, version }) = &self.asks_by else { return };
        let Some(form) = form else {
            return c.refuse(
                "questionnaire_version",
                "QUESTIONNAIRE_NOT_FOUND",
                format!("there is no version {version} of the questionnaire {questionnaire}"),
                format!("không có phiên bản {version} của phiếu hỏi {questionnaire}"),
            );
        };
        let sections: Vec<_> = form.sections.iter().cloned().map(Some).collect();
        let questions: Vec<_> = form.questions.iter().cloned().map(Some).collect();
        let is_empty =
            self.languages.is_empty() && self.sections.is_empty() && self.questions.is_empty();
        let is_same = self.languages == form.languages
            && self.sections == sections
            && self.questions == questions;
        if !is_empty && !is_same {
            c.refuse(
                "questions",
                "QUESTIONNAIRE_DIFFERS",
                format!("are not those of version {version} of {questionnaire}; leave them out"),
                format!("khác với phiên bản {version} của {questionnaire}; hãy bỏ trống"),
            );
        }
        self.languages.clone_from(&form.languages);
        (self.sections, self.questions) = (sections, questions);
    }

    /// The nodes its questions count for.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &NodeId> {
        self.questions.iter().flatten().filter_map(|question| question.node.as_ref())
    }

    /// Refuses everything that is wrong with it.
    pub(crate) fn check(&self, c: &mut Collector, known: &Known) {
        self.check_dates(c);
        self.check_plan(c, known);
        self.check_size(c);
        self.check_nodes(c, known);
        self.questionnaire().check(c);
        quality::check(c, &self.quality_rules, &self.questions);
        self.check_secrets(c, known);
        self.check_clusters(c, known);
        self.check_sample(c);
        weights::check(c, &self.clusters, self.sample.as_ref());
        domains::check(c, &refs(&self.domains), &refs(&self.questions));
    }

    /// What identifies a person, or may, is not taken where it cannot be kept well.
    fn check_secrets(&self, c: &mut Collector, known: &Known) {
        let mut rules = self.quality_rules.iter();
        let place =
            rules.position(|rule| rule.is_some_and(|rule| rule.flag == Flag::SameRespondent));
        if let Some(place) = place.filter(|_| !known.has_vault) {
            c.refuse(
                &format!("quality_rules[{place}].flag"),
                "KEY_FILE_MISSING",
                "the service has no wrapping key (keys.wrapping_file) to keep respondents' secrets with",
                "dịch vụ chưa có tệp khóa (keys.wrapping_file) để bảo vệ khóa của người trả lời",
            );
        }
        let texts = self.questions.iter().enumerate().filter(|(_, question)| {
            question.as_ref().is_some_and(|question| question.text_length().is_some())
        });
        for (place, _) in texts.filter(|_| !known.has_vault) {
            c.refuse(
                &format!("questions[{place}].kind"),
                "KEY_FILE_MISSING",
                "the service has no wrapping key (keys.wrapping_file) to seal texts with",
                "dịch vụ chưa có tệp khóa (keys.wrapping_file) để niêm phong câu trả lời tự do",
            );
        }
    }

    fn check_dates(&self, c: &mut Collector) {
        if let (Some(open), Some(close)) = (self.open_date, self.close_date)
            && close < open
        {
            c.refuse(
                "close_date",
                "DATES_REVERSED",
                "must not be before open_date",
                "không được trước ngày bắt đầu thu thập phiếu",
            );
        }
    }

    fn check_plan(&self, c: &mut Collector, known: &Known) {
        let Some(plan) = &self.plan else { return };
        match (&known.plan_province, &self.province) {
            (None, _) => c.refuse(
                "plan_code",
                "PLAN_NOT_FOUND",
                format!("the plan {plan} is not in force"),
                format!("không có kế hoạch {plan} đang có hiệu lực"),
            ),
            (Some(of), Some(province)) if of != province => c.refuse(
                "plan_code",
                "PLAN_OF_OTHER_PROVINCE",
                format!("the plan {plan} belongs to the province {of}"),
                format!("kế hoạch {plan} thuộc tỉnh {of}"),
            ),
            (Some(_), _) => {}
        }
    }

    /// What it asks, as far as it could be read.
    fn questionnaire(&self) -> Parts<'_> {
        Parts {
            languages: &self.languages,
            sections: self.sections.iter().map(Option::as_ref).collect(),
            questions: refs(&self.questions),
        }
    }

    fn check_nodes(&self, c: &mut Collector, known: &Known) {
        for (place, question) in self.questions.iter().enumerate() {
            let Some((question, id)) = question.as_ref().and_then(|q| Some((q, q.node.as_ref()?)))
            else {
                continue;
            };
            let NodeId { index, node } = id;
            let edition = known.indices.iter().find(|known| known.code == *index);
            match edition.and_then(|edition| edition.node(node)) {
                Some(node) => {
                    c.at(format!("questions[{place}]"), |c| check_node(c, question, node));
                }
                None => c.refuse(
                    &format!("questions[{place}].node_id"),
                    "NODE_NOT_FOUND",
                    format!("no published index has the node {id}"),
                    format!("không có mục {id} trong bộ chỉ số nào đã ban hành"),
                ),
            }
        }
    }

    fn check_clusters(&self, c: &mut Collector, known: &Known) {
        let Some(province) = &self.province else { return };
        // As they stand on the first day of fieldwork: a commune is drawn in the district it is then in.
        let units: Vec<Unit> = match self.open_date {
            None => known.units.clone(),
            Some(day) => {
                let there = known.units.iter().filter(|unit| unit.exists_on(day));
                there.map(|unit| unit.as_of(day)).collect()
            }
        };
        let units: BTreeMap<&UnitCode, &Unit> =
            units.iter().map(|unit| (&unit.code, unit)).collect();
        if !units.contains_key(province) {
            c.refuse(
                "province_code",
                "UNIT_NOT_FOUND",
                format!("the province {province} is not known"),
                format!("không có tỉnh {province}"),
            );
            return;
        }
        let mut seen = BTreeSet::new();
        for (place, cluster) in self.clusters.iter().enumerate() {
            let Some(cluster) = cluster else { continue };
            c.at(format!("clusters[{place}]"), |c| {
                if !seen.insert(&cluster.commune) {
                    duplicate(c, "cluster_code");
                }
                check_cluster(c, province, &units, cluster);
            });
        }
    }

    /// The plan of the sample, beside the communes drawn once all of them could be read.
    fn check_sample(&self, c: &mut Collector) {
        let clusters: Option<Vec<&Cluster>> = self.clusters.iter().map(Option::as_ref).collect();
        let (Some(plan), Some(clusters)) = (&self.sample, clusters) else { return };
        let sampled: Vec<Sampled<'_>> = clusters
            .iter()
            .map(|of| Sampled { stratum: &of.stratum, wanted: of.wanted_count.into() })
            .collect();
        let days = self.open_date.zip(self.close_date);
        let window = days.map(|(open, close)| Window { open, close });
        c.at("sample_plan", |c| plan.check(c, &sampled, window));
    }

    /// One event may carry every question that counts for a node and every number, of every cluster, and once more
    /// for every answer to each domain.
    fn check_size(&self, c: &mut Collector) {
        let told = self.questions.iter().flatten().filter(|question| question.is_told());
        let (questions, cells) = told.fold((0, 0), |(questions, cells), question| {
            let (counts, width) = (question.scale().first_limb(), question.scale().width());
            let counts = counts * COUNT_BYTES + (width - counts) * LIMB_BYTES;
            (questions + 1, cells + TALLY_OVERHEAD + question.code.as_str().len() + counts)
        });
        let clusters: usize = self
            .clusters
            .iter()
            .flatten()
            .map(|cluster| cluster.stratum.as_str().len() + cluster.commune.as_str().len())
            .sum();
        let all = cells * self.clusters.len() + clusters * questions;
        let tallies = questions * self.clusters.len();
        let by_domain: usize = self.domain_answers().map(|names| all + names * tallies).sum();
        let bytes = all + by_domain;
        if bytes > LARGEST_EVENT {
            let cells = tallies * (1 + self.domain_answers().count());
            c.refuse(
                "clusters",
                "SURVEY_TOO_LARGE",
                format!("{cells} cells (questions told × clusters × parts by domain) may take {bytes} bytes where an event has {LARGEST_EVENT} at most; have fewer domains or open two surveys"),
                format!("{cells} ô số liệu (câu hỏi được tính × địa bàn × nhóm phân tổ) có thể cần {bytes} byte, mỗi lần gửi nhiều nhất {LARGEST_EVENT} byte; hãy bớt phân tổ hoặc tách thành hai cuộc khảo sát"),
            );
        }
    }

    /// For every answer to each domain, the bytes of its names in a tally.
    fn domain_answers(&self) -> impl Iterator<Item = usize> {
        let domains = self.domains.iter().flatten().filter_map(|domain| {
            let mut questions = self.questions.iter().flatten();
            questions.find(|question| question.code == domain.question)
        });
        domains.flat_map(|question| {
            let code = question.code.as_str().len() + DOMAIN_OVERHEAD;
            question.answer_names().into_iter().map(move |name| code + name.len())
        })
    }
}

/// The parts that could be read, each at its place.
fn refs<T>(parts: &[Option<T>]) -> Vec<Option<&T>> {
    parts.iter().map(Option::as_ref).collect()
}

/// A cluster is a commune of its district, and both exist.
fn check_cluster(
    c: &mut Collector,
    province: &UnitCode,
    units: &BTreeMap<&UnitCode, &Unit>,
    Cluster { stratum, commune, .. }: &Cluster,
) {
    let find =
        |code: &UnitCode, kind: UnitKind| units.get(code).filter(|unit| unit.kind == kind).copied();
    let has_district = find(stratum, UnitKind::District).is_some();
    if !has_district {
        c.refuse(
            "stratum_code",
            "STRATUM_NOT_FOUND",
            format!("the province {province} has no district {stratum}"),
            format!("tỉnh {province} không có đơn vị cấp huyện {stratum}"),
        );
    }
    match find(commune, UnitKind::Commune) {
        None => c.refuse(
            "cluster_code",
            "CLUSTER_NOT_FOUND",
            format!("the province {province} has no commune {commune}"),
            format!("tỉnh {province} không có đơn vị cấp xã {commune}"),
        ),
        Some(unit) if has_district && unit.parent.as_ref() != Some(stratum) => c.refuse(
            "cluster_code",
            "CLUSTER_NOT_IN_STRATUM",
            format!("the commune {commune} does not lie in the district {stratum}"),
            format!("đơn vị cấp xã {commune} không thuộc đơn vị cấp huyện {stratum}"),
        ),
        Some(_) => {}
    }
}

fn duplicate(c: &mut Collector, path: &str) {
    c.refuse(path, "DUPLICATE", "stands in the list before", "đã có trong danh sách");
}

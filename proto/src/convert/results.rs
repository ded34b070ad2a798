//! What the owner of an index published for all provinces.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Collector, NodeCode, Points};
use cchc_scoring::{
    catalogue::LetterBand,
    province,
    results::{ProvinceResult, Ranked, Results, ResultsFinding, ResultsSource},
};

use super::{
    limits,
    parts::{distinct, list, part, text},
    values::{date, optional_points, points},
};
use crate::registry::v1 as pb;

impl From<&Results> for pb::Results {
    fn from(results: &Results) -> Self {
        Self {
            index_code: results.index.to_string(),
            source: Some((&results.source).into()),
            provinces: results.provinces.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ResultsSource> for pb::ResultsSource {
    fn from(source: &ResultsSource) -> Self {
        Self {
            publisher: source.publisher.clone(),
            publish_date: Some(source.published.into()),
            document: source.document.clone(),
        }
    }
}

impl From<&ProvinceResult> for pb::ProvinceResult {
    fn from(row: &ProvinceResult) -> Self {
        let value = |(node, points): (&NodeCode, &Option<Points>)| pb::NodeResult {
            node_code: node.to_string(),
            points: points.map(Into::into),
        };
        Self {
            province_code: row.province.to_string(),
            values: row.values.iter().map(value).collect(),
        }
    }
}

impl From<&ResultsFinding> for pb::ResultsFinding {
    fn from(finding: &ResultsFinding) -> Self {
        let figure =
            |of: &Option<cchc_core::Decimal>| of.map(|of| of.to_string()).unwrap_or_default();
        Self {
            kind: finding.kind.to_string(),
            province_code: finding.province.to_string(),
            node_code: finding.node.as_ref().map(ToString::to_string).unwrap_or_default(),
            stated: figure(&finding.stated),
            computed: figure(&finding.computed),
            message: finding.message.clone(),
            message_en: finding.message_en.clone(),
        }
    }
}

impl From<&Ranked> for pb::RankedProvince {
    fn from(ranked: &Ranked) -> Self {
        let name = province::of_code(&ranked.province).map(|of| of.name.clone());
        let standing = ranked.standing;
        Self {
            province_code: ranked.province.to_string(),
            province_name: name.unwrap_or_default(),
            points: ranked.figure.map(Into::into),
            rank: standing.map_or(0, |at| at.rank.into()),
            group: standing.and_then(|at| at.group).map_or(0, Into::into),
            letter: ranked.letter.clone().unwrap_or_default(),
        }
    }
}

impl From<&LetterBand> for pb::LetterBand {
    fn from(band: &LetterBand) -> Self {
        Self { letter: band.letter.clone(), at_least_percent: Some(band.at_least.into()) }
    }
}

/// Reads published results: provinces of the country, each once, in the order of their numbers. Whether
/// the nodes are the edition's is for whoever has it to say.
pub fn results(c: &mut Collector, message: pb::Results) -> Option<Results> {
    let pb::Results { index_code, source, provinces } = message;
    let index = c.parse("index_code", &index_code);
    let source = part(c, "source", source, results_source);
    if provinces.is_empty() {
        c.refuse("provinces", "REQUIRED", "is required", "là trường bắt buộc");
    }
    let mut seen = BTreeSet::new();
    let provinces = list(c, "provinces", limits::PROVINCES, provinces, |c, row| {
        distinct(c, "province_code", &mut seen, &row.province_code);
        province_result(c, row)
    });
    let mut provinces = provinces?;
    provinces.sort_by(|one, other| one.province.cmp(&other.province));
    Some(Results { index: index?, source: source?, provinces })
}

fn results_source(c: &mut Collector, message: pb::ResultsSource) -> Option<ResultsSource> {
    let pb::ResultsSource { publisher, publish_date, document } = message;
    let publisher = text::<{ limits::NAME }>(c, "publisher", &publisher);
    let day = date(c, "publish_date", publish_date);
    let document = text::<{ limits::REFERENCE }>(c, "document", &document);
    Some(ResultsSource { publisher: publisher?, published: day?, document: document? })
}

fn province_result(c: &mut Collector, message: pb::ProvinceResult) -> Option<ProvinceResult> {
    let pb::ProvinceResult { province_code, values } = message;
    let province = c.parse("province_code", &province_code);
    if let Some(code) = &province
        && province::of_code(code).is_none()
    {
        let english = "must be the official number of a province, such as 22";
        let vietnamese = "phải là mã số chính thức của một tỉnh, như 22";
        c.refuse("province_code", "PROVINCE_UNKNOWN", english, vietnamese);
    }
    let mut seen = BTreeSet::new();
    let values = list(c, "values", limits::RESULTS, values, |c, value| {
        let pb::NodeResult { node_code, points } = value;
        distinct(c, "node_code", &mut seen, &node_code);
        let node = c.parse("node_code", &node_code);
        let points = optional_points(c, "points", points);
        Some((node?, points?))
    });
    let values: BTreeMap<NodeCode, Option<Points>> = values?.into_iter().collect();
    Some(ProvinceResult { province: province?, values })
}

/// Reads the letters of an edition: they fall, and the last one takes everything below.
pub(super) fn letters(c: &mut Collector, messages: Vec<pb::LetterBand>) -> Option<Vec<LetterBand>> {
    let mut seen = BTreeSet::new();
    let bands = list(c, "letters", limits::STEPS, messages, |c, band| {
        let pb::LetterBand { letter, at_least_percent } = band;
        distinct(c, "letter", &mut seen, &letter);
        let letter = text::<{ limits::WORD }>(c, "letter", &letter);
        let at_least = points(c, "at_least_percent", at_least_percent);
        Some(LetterBand { letter: letter?, at_least: at_least? })
    })?;
    let falls = bands.is_sorted_by(|one, next| one.at_least > next.at_least);
    let ends = bands.last().is_none_or(|last| last.at_least == Points::ZERO);
    if !falls || !ends {
        let english = "must fall from letter to letter and end at 0";
        c.refuse("letters", "LETTERS_INVALID", english, "phải giảm dần và kết thúc ở 0");
        return None;
    }
    Some(bands)
}

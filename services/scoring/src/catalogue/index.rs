//! One edition of an index: a tree of nodes whose leaves carry rules.

use cchc_core::{IndexCode, NodeCode, NodeId, Points, UnitCode, VariableCode, WindowStart, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::UnitSelector;
use crate::{
    results::reaches,
    rule::{NotApplicable, Rule, SurveyNotHeld},
    variable::{Collection, Missing},
};

/// One edition of an index; immutable once published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Names the edition, such as `PAR-2018`.
    pub code: IndexCode,
    /// The year assessed.
    pub year: Year,
    /// Short name of the index over the years, such as `PAR INDEX`.
    pub family: String,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// What scores are counted in: `điểm` or `%`.
    pub unit: String,
    /// Where the definition comes from.
    pub provenance: Provenance,
    /// The decision, method or paper it follows, or why there is none.
    pub reference: String,
    /// The whole index (`0`) and everything below it, in the order of their codes.
    pub nodes: Vec<Node>,
    /// What units report towards these nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
    /// The letters by which its owner groups provinces, highest first; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<LetterBand>,
}

/// A letter by which the owner of an index groups provinces, as for 2018: A from 80 %, B from 75 %, C
/// from 70 %, D below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterBand {
    /// The letter or word.
    pub letter: String,
    /// Least share of the index's maximum in per cent that has it; `0` for the last letter.
    pub at_least: Points,
}

impl Index {
    /// Finds a node by its code.
    #[must_use]
    pub fn node(&self, code: &NodeCode) -> Option<&Node> {
        self.nodes.iter().find(|node| node.code == *code)
    }

    /// The node of the whole index.
    #[must_use]
    pub fn whole(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| node.code.is_root())
    }

    /// The nodes directly below a node, as the edition lists them.
    pub fn children<'a>(&'a self, code: &'a NodeCode) -> impl Iterator<Item = &'a Node> + 'a {
        self.nodes.iter().filter(|node| is_child(&node.code, code))
    }

    /// Whether anything stands below a node.
    #[must_use]
    pub fn has_children(&self, code: &NodeCode) -> bool {
        self.nodes.iter().any(|node| is_child(&node.code, code))
    }

    /// Finds what units report under a code.
    #[must_use]
    pub fn variable(&self, code: &VariableCode) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.code == *code)
    }

    /// Names a node of this edition.
    #[must_use]
    pub fn id(&self, code: &NodeCode) -> NodeId {
        NodeId::new(self.code.clone(), code.clone())
    }

    /// The letter that points of the whole index have; nothing where the edition has no letters or no
    /// maximum.
    #[must_use]
    pub fn letter(&self, points: Points) -> Option<String> {
        let max = self.whole()?.max?;
        let band = self.letters.iter().find(|band| reaches(points, max, band.at_least.get()))?;
        Some(band.letter.clone())
    }

    /// Whether scores are percentages, so that one more "%" may mean two things.
    #[must_use]
    pub fn is_in_percent(&self) -> bool {
        self.unit == "%"
    }
}

/// Whether a node stands directly below another; told from the codes, without building a parent's
/// code for every node of every question.
fn is_child(code: &NodeCode, above: &NodeCode) -> bool {
    if above.is_root() {
        return code.depth() == 1;
    }
    let below = code.as_str().strip_prefix(above.as_str()).and_then(|rest| rest.strip_prefix('.'));
    below.is_some_and(|rest| !rest.contains('.'))
}

/// How far a definition may be shown as official.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// As published by the body that owns the index.
    Official,
    /// Figures stated in the province's plan; what lies below them is not known to us.
    StatedInPlan,
    /// The province's own, or ours for illustration; never shown as official.
    Own,
}

/// A place in an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Place in the index; `0` is the whole.
    pub code: NodeCode,
    /// Vietnamese title, in our own short wording where the official one is a sentence.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Most points it can give; absent when unknown, which is not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Points>,
    /// Where its score comes from when it has children.
    #[serde(default)]
    pub composition: Composition,
    /// Who scores it.
    pub source: Source,
    /// How it is scored; required unless it is the sum of its children or published by others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// What is measured for the rule; absent for rules on assessed points and survey questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<VariableCode>,
    /// The unit answerable to the Chairman for score and rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<UnitCode>,
    /// Units that work with the lead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coordinating: Vec<UnitCode>,
    /// Where the plan or decision speaks of it, such as `A.II.1.2.a(2)`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// What must be shown for its points, in Vietnamese: documents, extracts, links; empty when the
    /// edition asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// The parts of the year it is assessed in, in their order; empty for the whole year alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<NodePeriod>,
    /// What it is worth when what its share is taken of did not arise; unknown where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<NotApplicable>,
    /// What it is worth while no survey has asked about it.
    #[serde(default, skip_serializing_if = "SurveyNotHeld::is_default")]
    pub survey_not_held: SurveyNotHeld,
}

impl Node {
    /// What units report towards the node: its own variable, or those its rule names.
    pub fn variables(&self) -> impl Iterator<Item = &VariableCode> {
        let named = self.rule.iter().flat_map(Rule::terms).map(|term| &term.variable);
        self.variable.iter().chain(named)
    }
}

/// A part of the year in which a node is assessed: the reporting cycle's four, without the year, so
/// that next year's edition assesses it in the same ones.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NodePeriod {
    /// Every quarter.
    Quarter,
    /// The first six months.
    SixMonths,
    /// The first nine months.
    NineMonths,
    /// The year.
    Year,
}

/// Where the score of a node with children comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Composition {
    /// The sum of its children (PAR INDEX, PAPI).
    #[default]
    Sum,
    /// Its own figure, which is not the mean of its children (SIPAS).
    Own,
}

/// Who scores a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The lead unit assesses itself and is then appraised.
    SelfAssessed,
    /// What units report, aggregated.
    Administrative,
    /// What citizens answer.
    Survey,
    /// Published by others only; nothing in the province can compute it in the year.
    External,
    /// Nothing of its own: the sum of its children.
    Children,
}

/// Something units count and report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its code.
    pub code: VariableCode,
    /// Vietnamese title: what is counted.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// What is reported.
    pub measure: Measure,
    /// What the numerator counts, in Vietnamese.
    pub numerator: String,
    /// What the denominator counts, in Vietnamese; absent for a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Who must report it: until all have, the value is incomplete.
    pub reporters: UnitSelector,
    /// How a unit's reports of a year make its figure of the year.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collection: Collection,
    /// The day of the month on which its reporting windows start: 1 for calendar quarters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub window_start_day: WindowStart,
    /// What becomes of a unit whose reports do not reach the end of the year.
    #[serde(default, skip_serializing_if = "is_default")]
    pub missing: Missing,
}

/// What is left out of files and documents: editions from before these words existed stay the same text.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a unit reports for a variable. Over units, numerators and denominators are added up; a mean
/// of percentages is never taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// A numerator out of a denominator: numerator at most the denominator.
    Share,
    /// A number of things; no denominator.
    Count,
    /// This year's number over last year's.
    Growth,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn index(unit: &str) -> Index {
        serde_json::from_value(json!({
            "code": "T-2018", "year": 2018, "family": "T", "title": "", "title_en": "",
            "unit": unit, "provenance": "own", "reference": "", "nodes": [],
        }))
        .unwrap()
    }

    fn variable() -> Value {
        json!({ "code": "DOSSIERS", "title": "Hồ sơ", "title_en": "Dossiers", "measure": "count",
                "numerator": "Số hồ sơ", "reporters": { "kinds": ["commune"] } })
    }

    #[test]
    fn only_an_index_counted_in_per_cent_is_a_percentage() {
        assert!(index("%").is_in_percent());
        assert!(!index("điểm").is_in_percent());
    }

    #[test]
    fn a_variable_is_written_as_it_was_before_its_newer_words_existed() {
        let read: Variable = serde_json::from_value(variable()).unwrap();
        let mut said = variable();
        said["collection"] = json!("latest");
        said["window_start_day"] = json!(15);
        said["missing"] = json!("withheld");

        let again: Variable = serde_json::from_value(said.clone()).unwrap();

        assert_eq!(serde_json::to_value(&read).unwrap(), variable());
        assert_eq!(serde_json::to_value(&again).unwrap(), said);
    }
}

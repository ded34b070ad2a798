//! What a survey says so far of each node it asks about, with the error of its sample (P9: and without what
//! would tell of single people).
//!
//! A district is shown exactly where an explanation shows every commune of it: its counts are then sums of counts that
//! are shown anyway, and no two looks tell more than one. The same is why cells are withheld over all surveys
//! about a node, and within each.

mod crossed;
mod numbers;
mod parts;

use std::collections::BTreeMap;

use cchc_core::{ClusterCode, Decimal, NodeId, PlanCode, QuestionCode, StratumCode, SurveyCode};
use cchc_scoring::{
    catalogue::Node,
    rule::{AnswerOption, Rule},
    survey::{
        Tally,
        drawn::{Drawn, Weights},
        means::{Commune, Figure, Kind, Said, estimate},
        released,
    },
};

use self::crossed::Crossed;
pub(crate) use self::numbers::NumberStatistic;
use super::{
    answers::Answers,
    by_domain::{ByDomain, Domain, Part},
    catalogue::Scope,
    disclosure,
    fact::{Survey, TallyKey},
    facts::Facts,
    weighed,
};

/// Answers below which a figure is to be read with care.
const FEW: i64 = 30;

/// What a survey says so far.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SurveyEstimates {
    pub(crate) survey: SurveyCode,
    pub(crate) title: String,
    pub(crate) is_closed: bool,
    pub(crate) weighting: Weighting,
    /// Whether the sizes of districts and communes are known.
    pub(crate) is_finite: bool,
    /// The questions by whose answers it tells people apart, with their words.
    pub(crate) domains: Vec<(QuestionCode, String)>,
    /// Communes drawn in which nobody has answered.
    pub(crate) silent: usize,
    pub(crate) statistics: Vec<Statistic>,
    /// By question of a number, in their order.
    pub(crate) numbers: Vec<NumberStatistic>,
}

/// What responses weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weighting {
    /// Every one counts as one.
    Equal,
    /// The base weight of the commune.
    Base,
    /// What follows from the sizes of district and commune.
    Population,
}

/// What a survey says of one node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statistic {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    /// A share of satisfied answers, or the mean worth of answers in per cent.
    pub(crate) kind: Kind,
    pub(crate) questions: Vec<QuestionCode>,
    /// The province, its districts, then parts of its people, then parts of districts.
    pub(crate) figures: Vec<Estimated>,
}

/// What an estimate is over: the province or a district of it, and everybody there or a part of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Of {
    /// A district and its name.
    pub(crate) district: Option<(StratumCode, String)>,
    /// Those who gave an answer to a domain, with question and answer in Vietnamese.
    pub(crate) part: Option<(Part, String)>,
}

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Estimated {
    pub(crate) of: Of,
    /// How many answered and what they say; nothing where that is withheld.
    pub(crate) shown: Option<(i64, Option<Figure>)>,
}

/// What is to be known about a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caution {
    /// It would tell of single people.
    Withheld,
    /// It rests on few answers.
    FewAnswers,
    /// The sample does not say how far off it may be.
    NoError,
}

impl Estimated {
    /// What is to be known about it.
    pub(crate) fn cautions(&self) -> Vec<Caution> {
        let Some((answers, figure)) = &self.shown else { return vec![Caution::Withheld] };
        let is_few = *answers > 0 && *answers < FEW;
        let has_no_error = figure.is_some_and(|figure| figure.error.is_none());
        let few = is_few.then_some(Caution::FewAnswers);
        few.into_iter().chain(has_no_error.then_some(Caution::NoError)).collect()
    }
}

impl Facts {
    /// Estimates a survey of a plan, and every district by the answers to a domain where one is named and the survey
    /// has it; nothing when the plan has no such survey.
    pub(crate) fn estimates(
        &self,
        scope: &Scope,
        code: &SurveyCode,
        crossed: Option<&QuestionCode>,
    ) -> Option<SurveyEstimates> {
        let survey = self.surveys.get(code)?;
        // Every one counts in every question that is told, whatever it counts for.
        let told = self.tallies.iter().filter(|(key, _)| key.survey == *code);
        let responses = weighed::responses(told.map(|(key, answers)| (&key.cluster, answers)));
        let answering = responses.values().filter(|count| **count > 0).count();
        let drawn = &survey.drawn;
        let base = drawn.clusters.values().any(|cluster| cluster.base_weight.is_some());
        let weights = drawn.weights(&responses);
        let (tallies, by_domain) = (&self.tallies, &self.by_domain);
        let crossed = crossed.and_then(|domain| survey.domain(domain));
        let sample = Sample { scope, survey, crossed, weights, responses, tallies, by_domain };
        let statistic = |node| {
            let cells = self.told(&survey.plan, node);
            sample.statistic(node, &cells)
        };
        Some(SurveyEstimates {
            survey: code.clone(),
            title: survey.title.clone(),
            is_closed: self.closed.contains(code),
            domains: survey
                .domains
                .iter()
                .map(|of| (of.question.clone(), of.text.clone()))
                .collect(),
            weighting: match drawn.is_weighted() {
                false => Weighting::Equal,
                true if base => Weighting::Base,
                true => Weighting::Population,
            },
            is_finite: drawn.is_finite(),
            silent: drawn.clusters.len().saturating_sub(answering),
            statistics: survey.nodes().into_iter().filter_map(statistic).collect(),
            numbers: survey.numbers.iter().map(|asked| sample.number(asked)).collect(),
        })
    }

    /// Every cell that was told about a node, of all surveys of a plan, with whether it may be shown.
    fn told(&self, plan: &PlanCode, node: &NodeId) -> Vec<Told<'_>> {
        let asks = |survey: &&Survey| {
            survey.plan == *plan && survey.questions.values().any(|asked| asked.node == *node)
        };
        let surveys = self.surveys.values().filter(asks);
        let minimum = surveys.clone().map(|survey| survey.minimum_cell).max().unwrap_or_default();
        let of_node = self.tallies.iter().filter(|(key, _)| {
            let survey = self.surveys.get(&key.survey).filter(|survey| survey.plan == *plan);
            let asked = survey.and_then(|survey| survey.questions.get(&key.question));
            asked.is_some_and(|asked| asked.node == *node)
        });
        let told: Vec<(&TallyKey, &Answers)> = of_node.collect();
        let cells: Vec<(&SurveyCode, Tally)> =
            told.iter().map(|(key, answers)| (&key.survey, answers.tally)).collect();
        let shown = disclosure::shown_within(&cells, minimum);
        told.into_iter()
            .zip(shown)
            .map(|((key, answers), is_shown)| Told { key, answers, is_shown })
            .collect()
    }
}

/// Answers to a question in a commune.
struct Told<'a> {
    key: &'a TallyKey,
    answers: &'a Answers,
    is_shown: bool,
}

/// A survey as it stands.
struct Sample<'a> {
    scope: &'a Scope,
    survey: &'a Survey,
    /// The domain by whose answers districts are told apart.
    crossed: Option<&'a Domain>,
    weights: Weights,
    responses: BTreeMap<ClusterCode, i64>,
    tallies: &'a BTreeMap<TallyKey, Answers>,
    by_domain: &'a ByDomain,
}

/// What is known of communes, by commune.
type ByCommune = BTreeMap<ClusterCode, Known>;

/// What is known of a commune about a node.
#[derive(Default)]
struct Known {
    tally: Tally,
    said: Option<Said>,
    is_hidden: bool,
}

impl Sample<'_> {
    fn statistic(&self, id: &NodeId, cells: &[Told<'_>]) -> Option<Statistic> {
        let (_, node) = self.scope.node(id)?;
        let asked = self.survey.questions.iter().filter(|(_, asked)| asked.node == *id);
        let questions: Vec<QuestionCode> = asked.map(|(code, _)| code.clone()).collect();
        let known = self.known(node, cells);
        let whole = Tally::total(known.values().map(|known| known.tally));
        let is_shown =
            whole.is_some_and(|whole| released(whole, self.survey.minimum_cell).is_some());
        let kind = kind(node);
        let mut figures = vec![self.estimated(kind, &known, Of::default(), is_shown)];
        for stratum in self.survey.drawn.strata() {
            let is_open = self.within(&known, Some(stratum)).all(|(_, known)| !known.is_hidden);
            figures.push(self.estimated(kind, &known, self.district(stratum), is_shown && is_open));
        }
        figures.extend(self.parts(id, node, is_shown));
        if let Some(domain) = self.crossed {
            let questions: Vec<&QuestionCode> = questions.iter().collect();
            let known: Vec<ByCommune> =
                domain.answers.iter().map(|of| self.known_of(id, node, domain, of)).collect();
            let crossed = Crossed { domain, questions: &questions, figures: &figures };
            let estimate =
                |known: &ByCommune, of, is_shown| self.estimated(kind, known, of, is_shown);
            figures.extend(self.cross(&crossed, &known, estimate));
        }
        Some(Statistic { node: id.clone(), title: node.title.clone(), kind, questions, figures })
    }

    /// What is known of each commune, over the questions about a node.
    fn known(&self, node: &Node, cells: &[Told<'_>]) -> ByCommune {
        let mut known: ByCommune = BTreeMap::new();
        for Told { key, answers, is_shown } in cells {
            if key.survey != self.survey.code {
                continue;
            }
            let names = self.survey.questions.get(&key.question).map(|asked| &asked.answers[..]);
            let of = known.entry(key.cluster.clone()).or_default();
            of.tally = of.tally.checked_add(answers.tally).unwrap_or(of.tally);
            let said = said(node, answers, names.unwrap_or_default());
            of.said = Some(of.said.map_or(said, |before| before.pooled(said)));
            of.is_hidden |= !is_shown;
        }
        known
    }

    /// The communes of a district, or all.
    fn within<'k>(
        &'k self,
        known: &'k ByCommune,
        stratum: Option<&'k StratumCode>,
    ) -> impl Iterator<Item = (&'k ClusterCode, &'k Known)> {
        known.iter().filter(move |(cluster, _)| {
            let at = self.survey.drawn.clusters.get(*cluster);
            stratum.is_none_or(|of| at.is_some_and(|at| at.stratum == *of))
        })
    }

    fn estimated(&self, kind: Kind, known: &ByCommune, of: Of, is_shown: bool) -> Estimated {
        let stratum = of.district.as_ref().map(|(stratum, _)| stratum);
        let drawn = &self.survey.drawn;
        let strata: Vec<&StratumCode> = drawn.strata().into_iter().collect();
        let (mut communes, mut answers) = (Vec::new(), 0);
        for (cluster, known) in self.within(known, stratum) {
            answers += known.tally.valid;
            communes.extend(self.commune(&strata, cluster, known));
        }
        let populations: Vec<Option<i64>> = strata.iter().map(|of| size(drawn, of)).collect();
        let figure = || estimate(&communes, &populations, kind);
        let shown = is_shown.then(|| (answers, figure()));
        Estimated { of, shown }
    }

    /// A district with its name.
    fn district(&self, stratum: &StratumCode) -> Of {
        let unit = stratum.as_str().parse().ok();
        let name = unit.map_or_else(String::new, |unit| self.scope.name_of(&unit).to_owned());
        Of { district: Some((stratum.clone(), name)), part: None }
    }

    fn commune(
        &self,
        strata: &[&StratumCode],
        cluster: &ClusterCode,
        known: &Known,
    ) -> Option<Commune> {
        let drawn = &self.survey.drawn;
        let at = drawn.clusters.get(cluster)?;
        let stratum = strata.iter().position(|of| **of == at.stratum)?;
        let weight: Decimal = *self.weights.get(cluster)?;
        let responses = *self.responses.get(cluster)?;
        let people = at.population.filter(|_| drawn.is_finite());
        Some(Commune::new(stratum, weight, responses, known.said?).among(people))
    }
}

/// Communes of a district, where those of all are known.
fn size(drawn: &Drawn, stratum: &StratumCode) -> Option<i64> {
    drawn.communes.get(stratum).copied().filter(|_| drawn.is_finite())
}

const fn kind(node: &Node) -> Kind {
    match &node.rule {
        Some(Rule::Options { .. }) => Kind::Mean,
        _ => Kind::Share,
    }
}

/// What answers say of a node: how many are satisfied, or what each is worth.
fn said(node: &Node, answers: &Answers, names: &[String]) -> Said {
    let Some(Rule::Options { options }) = &node.rule else {
        return Said::satisfied(answers.tally);
    };
    let by_name = answers.by_name(names).unwrap_or_default();
    let worth = |option: &AnswerOption| {
        (by_name.get(&option.option).copied().unwrap_or_default(), option.percent)
    };
    Said::worth(&options.iter().map(worth).collect::<Vec<_>>())
}

//! Means of the numbers that citizens gave: over the province, by district, by the answers to each domain, and by both
//! where that is asked for.
//!
//! They are estimated as shares are, from the exact sums that each commune told. Nothing else of a number is shown
//! anywhere, no commune of an explanation either; but a mean times its answers is a total, and totals give
//! away what is left of them. So districts and parts are withheld among themselves, each with another.

use cchc_core::{ClusterCode, StratumCode};
use cchc_scoring::survey::{
    Tally, counts,
    means::{Kind, Said},
    moments::{Centre, Moments},
    released,
};

use super::{ByCommune, Estimated, Known, Of, Sample, crossed::Crossed, parts::part};
use crate::domain::{answers::Answers, disclosure, numbers::AskedNumber};

/// What a survey says of a question of a number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NumberStatistic {
    pub(crate) asked: AskedNumber,
    /// The province, its districts, then parts of its people, then parts of districts; in the question's unit.
    pub(crate) figures: Vec<Estimated>,
}

impl Sample<'_> {
    /// The means of a question.
    pub(super) fn number(&self, asked: &AskedNumber) -> NumberStatistic {
        let told = |cluster: &ClusterCode| self.told_of(&asked.question, cluster);
        let all: Vec<Moments> = self.communes().filter_map(told).filter_map(moments).collect();
        let numbers = Numbers { sample: self, asked, centre: Moments::total(&all).centre() };
        let whole = numbers.by_commune(told);
        let minimum = self.survey.minimum_cell;
        let is_shown = released(total(whole.values()), minimum).is_some();
        let mut figures = vec![numbers.mean(&whole, Of::default(), is_shown)];
        let strata: Vec<&StratumCode> = self.survey.drawn.strata().into_iter().collect();
        let within = |stratum: &&StratumCode| {
            total(self.within(&whole, Some(*stratum)).map(|(_, known)| known))
        };
        let cells: Vec<Tally> = strata.iter().map(within).collect();
        for (stratum, is_open) in strata.iter().zip(disclosure::shown(&cells, minimum)) {
            figures.push(numbers.mean(&whole, self.district(stratum), is_shown && is_open));
        }
        for domain in &self.survey.domains {
            let shown = self.parts_shown(&asked.question, domain);
            for (answer, is_open) in domain.answers.iter().zip(shown) {
                let known =
                    numbers.by_commune(|at| self.answers(domain, answer, (&asked.question, at)));
                figures.push(numbers.mean(&known, part(domain, answer), is_shown && is_open));
            }
        }
        if let Some(domain) = self.crossed {
            let known = |answer| {
                numbers.by_commune(|at| self.answers(domain, answer, (&asked.question, at)))
            };
            let known: Vec<ByCommune> = domain.answers.iter().map(known).collect();
            let crossed = Crossed { domain, questions: &[&asked.question], figures: &figures };
            let mean = |known: &ByCommune, of, is_shown| numbers.mean(known, of, is_shown);
            figures.extend(self.cross(&crossed, &known, mean));
        }
        NumberStatistic { asked: asked.clone(), figures }
    }

    fn communes(&self) -> impl Iterator<Item = &ClusterCode> {
        self.survey.drawn.clusters.keys()
    }
}

/// The numbers given to a question, taken as distances from a number in their middle.
struct Numbers<'a> {
    sample: &'a Sample<'a>,
    asked: &'a AskedNumber,
    centre: Centre,
}

impl Numbers<'_> {
    /// What is known of each commune, also where nobody has answered.
    fn by_commune<'a>(&self, told: impl Fn(&ClusterCode) -> Option<&'a Answers>) -> ByCommune {
        let known = |cluster: &ClusterCode| {
            let answers = told(cluster);
            let given = answers.and_then(moments).unwrap_or_else(|| Moments::total([]));
            let said = Said::numbers(&given.around(&self.centre), self.asked.places);
            let tally = answers.map(|answers| answers.tally).unwrap_or_default();
            (cluster.clone(), Known { tally, said: Some(said), is_hidden: false })
        };
        self.sample.communes().map(known).collect()
    }

    fn mean(&self, known: &ByCommune, of: Of, is_shown: bool) -> Estimated {
        let near = self.sample.estimated(Kind::Mean, known, of, is_shown);
        let centre = self.centre.real(self.asked.places);
        let shown =
            near.shown.map(|(answers, figure)| (answers, figure.map(|of| of.moved(centre))));
        Estimated { shown, ..near }
    }
}

fn moments(answers: &Answers) -> Option<Moments> {
    counts::moments(&answers.counts)
}

fn total<'a>(known: impl Iterator<Item = &'a Known>) -> Tally {
    Tally::total(known.map(|known| known.tally)).unwrap_or_default()
}

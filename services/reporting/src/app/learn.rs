//! Learning a fact: store it, score again the leaves it bears on, add up again what lies above them,
//! and count one revision; all in the transaction that advances the watermark.
//!
//! | fact | what is scored again |
//! | --- | --- |
//! | units, an index, a plan, published results | every plan it concerns, whole, from the stored facts |
//! | a measurement | the nodes on its variable, from the sum moved by the difference |
//! | an assessment, an appraisal | its node |
//! | a survey opened or closed, answers | the nodes its questions count for |
//! | refused rows of a survey, what is foreseen of its strata | nothing; they stand beside its nodes |
//! | assignments, scorecards | nothing; the task summary and the scoreboard are others |
//! | an acknowledgement | nothing; the finding has it beside it |
//!
//! Facts of different producers come in any order. A fact on something not heard of yet is stored and
//! waits for the plan that makes it count; nothing is parked for having come early. Whoever learns
//! holds the catalogue's row, so that no fact slips between a new plan and its first scores.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{
    Clock, ClusterCode, IndexCode, NodeId, Period, PlanCode, QuestionCode, SurveyCode, UnitCode,
    VariableCode,
};
use cchc_kit::{db::DbError, units};
use cchc_scoring::{
    catalogue::{Index, Node, Plan, Source, Unit},
    plan::{Acknowledgement, Finding},
    rule::Rule,
    variable::Sum,
};
use sqlx::PgConnection;

use super::{Catalogues, known};
use crate::{
    domain::{
        answers::Answers,
        catalogue::{Catalogue, Edition, Scope},
        fact::{Fact, Measurement, MeasurementKey, NodeKey, Origin, Survey, supersedes},
        facts::{Reports, reported},
        flagged::Flagged,
        leaf::Known,
        own,
        published::PublishedResults,
        quarantined::Quarantined,
        scorecard::Scorecard,
        shortfall::Outlook,
    },
    store::{
        acknowledgements, assessments, assignments, by_domain, catalogue as copies, facts, flagged,
        measurements, outlooks, quarantined, rollups, scorecards, scores, surveys,
    },
};

/// The plans whose rollups a fact has changed.
type Changed = BTreeSet<PlanCode>;

/// Learns facts.
#[derive(Debug)]
pub(crate) struct Learning {
    catalogues: Arc<Catalogues>,
    clock: Arc<dyn Clock>,
}

impl Learning {
    pub(super) fn new(catalogues: Arc<Catalogues>, clock: Arc<dyn Clock>) -> Self {
        Self { catalogues, clock }
    }

    /// Learns one fact in the caller's transaction.
    #[tracing::instrument(name = "app.fact.learn", skip_all, fields(event.id = %origin.event_id))]
    pub(crate) async fn learn(
        &self,
        tx: &mut PgConnection,
        fact: Fact,
        origin: Origin,
    ) -> Result<(), DbError> {
        let catalogue = self.catalogues.lock(tx).await?;
        let mut facts = Step { tx, catalogue: &catalogue, origin };
        let changed = match fact {
            Fact::UnitsChanged(units) => self.learn_units(facts.tx, &catalogue, &units).await?,
            Fact::IndexPublished(index) => self.learn_index(facts.tx, &index, origin).await?,
            Fact::PlanPublished { plan, findings } => {
                self.learn_plan(facts.tx, &plan, &findings, origin).await?
            }
            Fact::Acknowledged(said) => facts.acknowledged(&said).await?,
            Fact::ResultsPublished(heard) => self.learn_results(facts.tx, &heard, origin).await?,
            Fact::Assigned(all) => assignments::save(facts.tx, &all, origin).await?,
            Fact::Measured(measurement) => facts.measured(&measurement).await?,
            Fact::Assessed(said) => {
                let is_newer = assessments::save_assessment(facts.tx, &said, origin).await?;
                facts.said(&said.key, is_newer).await?
            }
            Fact::Appraised(said) => {
                let is_newer = assessments::save_appraisal(facts.tx, &said, origin).await?;
                facts.said(&said.key, is_newer).await?
            }
            Fact::Carded(card) => facts.carded(&card).await?,
            Fact::SurveyOpened(survey) => facts.opened(&survey).await?,
            Fact::Tallied { survey, counts, by_domain: parts, flagged } => {
                by_domain::add(facts.tx, &survey, &parts).await?;
                facts.tallied(&survey, &counts, &flagged).await?
            }
            Fact::Quarantined { survey, rows } => facts.quarantined(&survey, rows).await?,
            Fact::Foreseen { survey, stratum, outlook } => {
                facts.foreseen((&survey, &stratum), outlook).await?
            }
            Fact::SurveyClosed(survey) => facts.closed(&survey).await?,
        };
        for plan in changed {
            rollups::advance(tx, &plan, self.clock.now()).await?;
        }
        Ok(())
    }

    async fn learn_units(
        &self,
        tx: &mut PgConnection,
        before: &Catalogue,
        changed: &[Unit],
    ) -> Result<Changed, DbError> {
        units::save(tx, changed).await?;
        let after = self.catalogues.renew(tx).await?;
        let has_changed =
            |scope: &Scope| changed.iter().any(|unit| scope.units.contains_key(&unit.code));
        // A unit may leave one province for another: that concerns the plans of both.
        score_all(tx, &after, |scope| {
            has_changed(scope) || before.scope(&scope.plan.code).is_some_and(|was| has_changed(was))
        })
        .await
    }

    async fn learn_index(
        &self,
        tx: &mut PgConnection,
        index: &Index,
        origin: Origin,
    ) -> Result<Changed, DbError> {
        copies::save_index(tx, index, origin).await?;
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.edition(&index.code).is_some()).await
    }

    async fn learn_plan(
        &self,
        tx: &mut PgConnection,
        plan: &Plan,
        findings: &[Finding],
        origin: Origin,
    ) -> Result<Changed, DbError> {
        copies::save_plan(tx, plan, findings, origin).await?;
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.plan.code == plan.code).await
    }

    async fn learn_results(
        &self,
        tx: &mut PgConnection,
        heard: &PublishedResults,
        origin: Origin,
    ) -> Result<Changed, DbError> {
        if !copies::save_results(tx, heard, origin).await? {
            return Ok(Changed::new());
        }
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.edition(&heard.results.index).is_some()).await
    }
}

/// Scores plans whole, from the stored facts.
async fn score_all(
    tx: &mut PgConnection,
    catalogue: &Catalogue,
    is_concerned: impl Fn(&Scope) -> bool,
) -> Result<Changed, DbError> {
    let mut changed = Changed::new();
    for scope in catalogue.scopes().filter(|scope| is_concerned(scope)) {
        let facts = facts::scored(tx, scope).await?;
        let sums = facts.sums(scope);
        let sheets = facts.sheets(scope, &sums);
        scores::replace(tx, &scope.plan.code, &sheets, &sums).await?;
        changed.insert(scope.plan.code.clone());
    }
    Ok(changed)
}

/// One fact being learnt beside an unchanging catalogue.
struct Step<'a> {
    tx: &'a mut PgConnection,
    catalogue: &'a Catalogue,
    origin: Origin,
}

impl Step<'_> {
    async fn acknowledged(&mut self, said: &Acknowledgement) -> Result<Changed, DbError> {
        let is_newer = acknowledgements::save(self.tx, said, self.origin).await?;
        // Before its plan is published it waits; the plan's publication makes a revision of its own.
        let is_shown = is_newer && self.catalogue.scope(&said.plan).is_some();
        Ok(is_shown.then(|| said.plan.clone()).into_iter().collect())
    }

    async fn carded(&mut self, card: &Scorecard) -> Result<Changed, DbError> {
        let is_newer = scorecards::save(self.tx, card, self.origin).await?;
        let is_shown = is_newer && self.catalogue.scope(&card.plan).is_some();
        Ok(is_shown.then(|| card.plan.clone()).into_iter().collect())
    }

    async fn measured(&mut self, new: &Measurement) -> Result<Changed, DbError> {
        let MeasurementKey { unit, variable: code, period } = &new.key;
        let versions = measurements::of_unit(self.tx, unit, code).await?;
        if !supersedes(new.version, versions.get(period).map(|old| old.version)) {
            return Ok(Changed::new());
        }
        measurements::save(self.tx, new, self.origin).await?;
        let mut before = self.reports_of_kin(unit, code).await?;
        before.insert(unit.clone(), present(versions));
        let mut after = before.clone();
        let own = after.entry(unit.clone()).or_default();
        match new.reported {
            Some(reported) => own.insert(*period, reported),
            None => own.remove(period),
        };
        let of = |known: &BTreeMap<UnitCode, Reports>, unit: &UnitCode| {
            known.get(unit).cloned().unwrap_or_default()
        };
        let mut changed = Changed::new();
        for (scope, edition, variable) in self.catalogue.counting(unit, code) {
            let index = &edition.index;
            let (was, is) = (|unit: &_| of(&before, unit), |unit: &_| of(&after, unit));
            let difference = scope.moved((index, variable), unit, was, is);
            if difference == Sum::default() {
                continue;
            }
            let of = (&index.code, code);
            let sum = measurements::shift(self.tx, &scope.plan.code, of, difference).await?;
            let mut leaves = Vec::new();
            for node in measured_nodes(edition, new) {
                let known = match node.rule.as_ref().map(Rule::terms) {
                    // The rule rests on other sums than the one that moved, too.
                    Some([_, ..]) => known::read(self.tx, scope, (index, node)).await?,
                    _ => reported(scope, index, node, |_| sum),
                };
                leaves.push((node, known));
            }
            let is_moved = rescore(self.tx, scope, edition, leaves).await?;
            // A unit may move by itself where the province does not.
            if is_moved
                || own::asked(scope).any(|asked| asked.reports().any(|of| of == (unit, code)))
            {
                changed.insert(scope.plan.code.clone());
            }
        }
        Ok(changed)
    }

    /// What the units have reported on whose reports the worth of a unit's own depends: those it took the
    /// place of, and who took its place. There are none but in a year of mergers and splits.
    async fn reports_of_kin(
        &mut self,
        unit: &UnitCode,
        code: &VariableCode,
    ) -> Result<BTreeMap<UnitCode, Reports>, DbError> {
        let counting = self.catalogue.counting(unit, code);
        let kin: BTreeSet<&UnitCode> = counting.flat_map(|(scope, ..)| scope.kin(unit)).collect();
        let mut reports = BTreeMap::new();
        for kin in kin {
            let versions = measurements::of_unit(self.tx, kin, code).await?;
            reports.insert(kin.clone(), present(versions));
        }
        Ok(reports)
    }

    async fn said(&mut self, key: &NodeKey, is_newer: bool) -> Result<Changed, DbError> {
        if !is_newer {
            return Ok(Changed::new());
        }
        self.rescore_nodes(&[(key.plan.clone(), key.node.clone())]).await
    }

    async fn opened(&mut self, survey: &Survey) -> Result<Changed, DbError> {
        let mut nodes = surveys::nodes_asked(self.tx, &survey.code, None).await?;
        surveys::save(self.tx, survey, self.origin).await?;
        nodes.extend(surveys::nodes_asked(self.tx, &survey.code, None).await?);
        self.rescore_nodes(&nodes).await
    }

    async fn tallied(
        &mut self,
        survey: &SurveyCode,
        counts: &[(QuestionCode, ClusterCode, Answers)],
        flagged: &Flagged,
    ) -> Result<Changed, DbError> {
        surveys::add(self.tx, survey, counts, self.origin).await?;
        let questions: Vec<String> =
            counts.iter().map(|(question, _, _)| question.to_string()).collect();
        let nodes = surveys::nodes_asked(self.tx, survey, Some(&questions)).await?;
        let mut changed = self.rescore_nodes(&nodes).await?;
        if *flagged != Flagged::default() {
            flagged::add(self.tx, survey, flagged, self.origin).await?;
            changed.extend(self.shown_beside(survey).await?);
        }
        Ok(changed)
    }

    async fn quarantined(
        &mut self,
        survey: &SurveyCode,
        rows: Quarantined,
    ) -> Result<Changed, DbError> {
        quarantined::add(self.tx, survey, rows, self.origin).await?;
        self.shown_beside(survey).await
    }

    async fn foreseen(
        &mut self,
        of: (&SurveyCode, &UnitCode),
        outlook: Outlook,
    ) -> Result<Changed, DbError> {
        if !outlooks::save(self.tx, of, outlook, self.origin).await? {
            return Ok(Changed::new());
        }
        self.shown_beside(of.0).await
    }

    /// The plans beside whose nodes something about a survey is shown.
    async fn shown_beside(&mut self, survey: &SurveyCode) -> Result<Changed, DbError> {
        let nodes = surveys::nodes_asked(self.tx, survey, None).await?;
        let plans = nodes.into_iter().map(|(plan, _)| plan);
        Ok(plans.filter(|plan| self.catalogue.scope(plan).is_some()).collect())
    }

    async fn closed(&mut self, survey: &SurveyCode) -> Result<Changed, DbError> {
        surveys::close(self.tx, survey, self.origin).await?;
        let nodes = surveys::nodes_asked(self.tx, survey, None).await?;
        self.rescore_nodes(&nodes).await
    }

    /// Scores nodes again from what the database knows of them; nodes that no plan scores are passed
    /// over.
    async fn rescore_nodes(&mut self, nodes: &[(PlanCode, NodeId)]) -> Result<Changed, DbError> {
        let mut changed = Changed::new();
        let indices: BTreeSet<(&PlanCode, &IndexCode)> =
            nodes.iter().map(|(plan, node)| (plan, &node.index)).collect();
        for (plan, index) in indices {
            let Some(scope) = self.catalogue.scope(plan) else { continue };
            let Some(edition) = scope.edition(index) else { continue };
            let index = &edition.index;
            let asked: BTreeSet<&NodeId> =
                nodes.iter().filter(|(of, _)| of == plan).map(|(_, node)| node).collect();
            let mut leaves = Vec::new();
            for node in edition.scored().filter(|node| asked.contains(&index.id(&node.code))) {
                leaves.push((node, known::read(self.tx, scope, (index, node)).await?));
            }
            if rescore(self.tx, scope, edition, leaves).await? {
                changed.insert(plan.clone());
            }
        }
        Ok(changed)
    }
}

/// The reports of a unit without those that were taken back.
fn present(versions: BTreeMap<Period, Measurement>) -> Reports {
    let reports = versions.into_iter();
    reports.filter_map(|(period, measurement)| Some((period, measurement.reported?))).collect()
}

fn measured_nodes<'a>(edition: &'a Edition, new: &Measurement) -> impl Iterator<Item = &'a Node> {
    edition.scored().filter(|node| {
        node.source == Source::Administrative
            && node.variables().any(|variable| *variable == new.key.variable)
    })
}

/// Scores leaves of an index and what lies above them again; says whether anything came out otherwise.
async fn rescore(
    tx: &mut PgConnection,
    scope: &Scope,
    Edition { index, tree }: &Edition,
    leaves: Vec<(&Node, Known)>,
) -> Result<bool, DbError> {
    if leaves.is_empty() {
        return Ok(false);
    }
    let plan = &scope.plan.code;
    let mut sheet = scores::sheet(tx, plan, &index.code).await?;
    let mut changed = BTreeSet::new();
    for (node, known) in leaves {
        let leaf = known.leaf(node).published(scope.published(index, node));
        changed.extend(sheet.rescore(tree, &node.code, leaf));
    }
    if changed.is_empty() {
        return Ok(false);
    }
    scores::save(tx, plan, &index.code, (&sheet, &changed)).await?;
    Ok(true)
}

//! Learning what does not change the catalogue: store everything of a batch, then score what it bears on.

use std::collections::BTreeSet;

use cchc_core::{NodeId, PlanCode, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::{Changed, measured, score::Touched};
use crate::{
    domain::{
        batch::{Batch, Given},
        catalogue::Catalogue,
        fact::Told,
    },
    store::{
        acknowledgements, assessments, assignments, by_domain, flagged, outlooks, quarantined,
        scorecards, surveys,
    },
};

/// A batch being learnt beside an unchanging catalogue.
pub(super) struct Together<'a> {
    tx: &'a mut PgConnection,
    catalogue: &'a Catalogue,
    touched: Touched,
    changed: Changed,
}

impl<'a> Together<'a> {
    pub(super) fn new(tx: &'a mut PgConnection, catalogue: &'a Catalogue) -> Self {
        Self { tx, catalogue, touched: Touched::default(), changed: Changed::new() }
    }

    /// Learns a batch, and names the plans whose rollups it has changed.
    pub(super) async fn learn(mut self, batch: &Batch) -> Result<Changed, DbError> {
        self.acknowledged(batch).await?;
        self.carded(batch).await?;
        self.changed.extend(assignments::save(self.tx, &batch.assignments).await?);
        let (touched, changed) = (&mut self.touched, &mut self.changed);
        measured::learn(self.tx, self.catalogue, &batch.measurements, (touched, changed)).await?;
        self.said(batch).await?;
        self.opened(batch).await?;
        self.closed(batch).await?;
        for (survey, given) in &batch.answers {
            self.answered(survey, given).await?;
        }
        self.beside(batch).await?;
        self.changed.extend(self.touched.score(self.tx, self.catalogue).await?);
        Ok(self.changed)
    }

    /// Notes that a plan shows something else; before it is published nothing of it is shown, and its
    /// publication makes a revision of its own.
    fn shown(&mut self, plan: &PlanCode) {
        if self.catalogue.scope(plan).is_some() {
            self.changed.insert(plan.clone());
        }
    }

    async fn acknowledged(&mut self, batch: &Batch) -> Result<(), DbError> {
        for ((plan, _), said) in &batch.acknowledgements {
            if acknowledgements::save(self.tx, &said.fact, said.origin).await? {
                self.shown(plan);
            }
        }
        Ok(())
    }

    async fn carded(&mut self, batch: &Batch) -> Result<(), DbError> {
        for ((plan, _), card) in &batch.scorecards {
            if scorecards::save(self.tx, &card.fact, card.origin).await? {
                self.shown(plan);
            }
        }
        Ok(())
    }

    async fn said(&mut self, batch: &Batch) -> Result<(), DbError> {
        for (key, said) in &batch.assessments {
            if assessments::save_assessment(self.tx, &said.fact, said.origin).await? {
                self.touched.touch(&key.plan, key.node.clone());
            }
        }
        for (key, said) in &batch.appraisals {
            if assessments::save_appraisal(self.tx, &said.fact, said.origin).await? {
                self.touched.touch(&key.plan, key.node.clone());
            }
        }
        Ok(())
    }

    async fn opened(&mut self, batch: &Batch) -> Result<(), DbError> {
        for (code, survey) in &batch.opened {
            // Nodes that it asks about no more are scored again as well.
            self.asked(code, None).await?;
            surveys::save(self.tx, &survey.fact, survey.origin).await?;
            self.asked(code, None).await?;
        }
        Ok(())
    }

    async fn closed(&mut self, batch: &Batch) -> Result<(), DbError> {
        for (code, closed) in &batch.closed {
            surveys::close(self.tx, code, closed.origin).await?;
            self.asked(code, None).await?;
        }
        Ok(())
    }

    async fn answered(
        &mut self,
        survey: &SurveyCode,
        Told { fact: given, origin }: &Told<Given>,
    ) -> Result<(), DbError> {
        by_domain::add(self.tx, survey, &given.by_domain).await?;
        surveys::add(self.tx, survey, &given.counts, *origin).await?;
        flagged::add(self.tx, survey, &given.flagged, *origin).await?;
        let questions: BTreeSet<String> =
            given.counts.keys().map(|(question, _)| question.to_string()).collect();
        self.asked(survey, Some(&questions.into_iter().collect::<Vec<_>>())).await
    }

    /// What stands beside the nodes of a survey, and scores none of them.
    async fn beside(&mut self, batch: &Batch) -> Result<(), DbError> {
        let mut surveys = batch.surveys_beside();
        for (survey, rows) in &batch.quarantined {
            quarantined::add(self.tx, survey, rows.fact, rows.origin).await?;
        }
        for ((survey, stratum), outlook) in &batch.outlooks {
            if outlooks::save(self.tx, (survey, stratum), outlook.fact, outlook.origin).await? {
                surveys.insert(survey);
            }
        }
        for survey in surveys {
            for (plan, _) in surveys::nodes_asked(self.tx, survey, None).await? {
                self.shown(&plan);
            }
        }
        Ok(())
    }

    /// Notes the nodes a survey asks about; of some questions only, when they are named.
    async fn asked(
        &mut self,
        survey: &SurveyCode,
        questions: Option<&[String]>,
    ) -> Result<(), DbError> {
        let nodes: Vec<(PlanCode, NodeId)> =
            surveys::nodes_asked(self.tx, survey, questions).await?;
        for (plan, node) in nodes {
            self.touched.touch(&plan, node);
        }
        Ok(())
    }
}

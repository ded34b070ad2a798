//! Lists: a page of what is present, and whether more follows.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeId, PlanCode, TaskNumber, UnitCode};
use cchc_kit::db::DbError;

use super::App;
use crate::{
    domain::{
        appraisal::Appraisal,
        assessment::{Assessment, Subject},
        assignment::Assignment,
        measurement::{Key, Measurement},
    },
    store::{Page, appraisals, assessments, assignments, catalogue, measurements},
};

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    pub(crate) has_more: bool,
}

impl<T> Listed<T> {
    /// Cuts off the one item that was read to see whether more follows.
    pub(super) fn cut(mut items: Vec<T>, size: i64) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_more = items.len() > size;
        items.truncate(size);
        Self { items, has_more }
    }
}

const fn page<K>(after: Option<K>, size: i64) -> Page<K> {
    Page { after, limit: size + 1 }
}

impl App {
    /// Lists the assignments of a unit and those below it under a plan.
    pub(crate) async fn list_assignments(
        &self,
        plan: &PlanCode,
        within: &UnitCode,
        after: Option<(TaskNumber, UnitCode)>,
        size: i64,
    ) -> Result<Listed<Assignment>, DbError> {
        let mut tx = self.db.begin().await?;
        let items = assignments::list(&mut tx, plan, within, page(after, size)).await?;
        Ok(Listed::cut(items, size))
    }

    /// Says what these tasks of a plan are called, in the order of the plan.
    pub(crate) async fn task_titles(
        &self,
        plan: &PlanCode,
        tasks: &BTreeSet<&TaskNumber>,
    ) -> Result<Vec<(TaskNumber, String)>, DbError> {
        let mut tx = self.db.begin().await?;
        let plan = catalogue::plans(&mut tx, [plan]).await?.into_iter().next();
        let all = plan.into_iter().flat_map(|plan| plan.tasks);
        let asked = all.filter(|task| tasks.contains(&task.number));
        Ok(asked.map(|task| (task.number, task.title)).collect())
    }

    /// Lists the measurements of a unit and those below it.
    pub(crate) async fn list_measurements(
        &self,
        within: &UnitCode,
        after: Option<Key>,
        size: i64,
    ) -> Result<Listed<Measurement>, DbError> {
        let mut tx = self.db.begin().await?;
        let items = measurements::list(&mut tx, within, page(after, size)).await?;
        Ok(Listed::cut(items, size))
    }

    /// Lists the self-assessments of a unit and those below it under a plan, each with the newest
    /// appraisal.
    pub(crate) async fn list_assessments(
        &self,
        plan: &PlanCode,
        within: &UnitCode,
        after: Option<NodeId>,
        size: i64,
    ) -> Result<Listed<(Assessment, Option<Appraisal>)>, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let items = assessments::list(&mut tx, plan, within, page(after, size)).await?;
        let subjects: Vec<Subject> = items.iter().map(Assessment::subject).collect();
        let appraisals = appraisals::present(&mut tx, &subjects).await?;
        let mut appraisals: BTreeMap<Subject, Appraisal> =
            appraisals.into_iter().map(|of| (of.subject(), of)).collect();
        let with_appraisal = |assessment: Assessment| {
            let appraisal = appraisals.remove(&assessment.subject());
            (assessment, appraisal)
        };
        Ok(Listed::cut(items.into_iter().map(with_appraisal).collect(), size))
    }
}

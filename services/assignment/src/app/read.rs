//! Lists: a page of what is present, and whether more follows.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeId, PlanCode, TaskNumber, UnitCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::{hierarchy::Hierarchy, role::Role};

use super::App;
use crate::{
    domain::{
        appraisal::Appraisal,
        assessment::{Assessment, Subject},
        assignment::Assignment,
        measurement::{Key, Measurement},
        participants::{About, tasks_of},
    },
    store::{
        Page, appraisals, assessments,
        assignments::{self, Shown},
        catalogue, measurements,
    },
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
    /// Lists the assignments of a unit and those below it under a plan, or those of tasks in which they have
    /// one of some roles; and says what the plan says of their tasks, in its order.
    pub(crate) async fn list_assignments(
        &self,
        (plan, within): (&PlanCode, &UnitCode),
        roles: &BTreeSet<Role>,
        after: Option<(TaskNumber, UnitCode)>,
        size: i64,
    ) -> Result<(Listed<Assignment>, Vec<About>), DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let known = catalogue::plans(&mut tx, [plan]).await?.into_iter().next();
        let below = units::list(&mut tx, Some(within)).await?;
        let below: BTreeSet<UnitCode> = below.into_iter().map(|unit| unit.code).collect();
        let province = known.as_ref().map(|plan| &plan.province);
        let all: Hierarchy = units::list(&mut tx, province).await?.into_iter().collect();
        let tasks = known.as_ref().map(|plan| tasks_of(plan, &all, &below, roles));
        let own = [(true, Role::Requested), (false, Role::Lead)];
        let own = own.iter().filter(|(_, role)| roles.is_empty() || roles.contains(role));
        let own = own.map(|(is_requested, _)| *is_requested).collect();
        let shown = Shown { own, tasks: tasks.unwrap_or_default() };
        let items = assignments::list(&mut tx, (plan, within), &shown, page(after, size)).await?;
        let listed = Listed::cut(items, size);
        let of_page: BTreeSet<&TaskNumber> = listed.items.iter().map(|of| &of.task).collect();
        let tasks = known.iter().flat_map(|plan| plan.tasks.iter().map(move |task| (plan, task)));
        let asked = tasks.filter(|(_, task)| of_page.contains(&task.number));
        let about = asked.map(|of| About::of(of, &all, |unit| below.contains(unit))).collect();
        Ok((listed, about))
    }

    /// What the plan says of the task of an assignment; nothing only where the plan is not known.
    pub(crate) async fn about_task(
        &self,
        plan: &PlanCode,
        task: &TaskNumber,
    ) -> Result<Option<About>, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let Some(plan) = catalogue::plans(&mut tx, [plan]).await?.into_iter().next() else {
            return Ok(None);
        };
        let all = units::list(&mut tx, Some(&plan.province)).await?.into_iter().collect();
        let found = plan.tasks.iter().find(|of| of.number == *task);
        Ok(found.map(|task| About::of((&plan, task), &all, |_| true)))
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

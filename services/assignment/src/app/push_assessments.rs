//! Takes what units gave themselves.

use std::collections::BTreeMap;

use cchc_core::{UnitCode, Violations};
use cchc_kit::{db::DbError, outbox};
use sqlx::PgConnection;

use super::intake::{Intake, Made};
use crate::{
    domain::{
        assessment::{Assessment, SelfAssessment, Subject, check_free},
        campaign::Standing,
        catalogue::Catalogue,
        change::{Change, Stamp},
    },
    events::tell,
    store::{assessments, campaigns, catalogue},
};

/// What self-assessments are decided against.
#[derive(Debug)]
pub(crate) struct Known {
    catalogue: Catalogue,
    campaigns: Vec<Standing>,
    present: BTreeMap<Subject, Assessment>,
}

/// Reads the plans and indices that these nodes stand in.
pub(super) async fn catalogue_of(
    tx: &mut PgConnection,
    subjects: &[Subject],
) -> Result<Catalogue, DbError> {
    let plans = catalogue::plans(tx, subjects.iter().map(|(plan, _)| plan)).await?;
    let indices = catalogue::indices(tx, subjects.iter().map(|(_, node)| &node.index)).await?;
    Ok(Catalogue::new(plans, indices))
}

impl Intake for SelfAssessment {
    const METHOD: &'static str = "cchc.assignment.v1.AssessmentService/PushAssessments";
    type Known = Known;
    type Version = Assessment;

    fn unit(&self) -> &UnitCode {
        &self.unit
    }

    async fn load(tx: &mut PgConnection, rows: &[&Self]) -> Result<Known, DbError> {
        let subjects: Vec<Subject> = rows.iter().map(|row| row.subject()).collect();
        let catalogue = catalogue_of(tx, &subjects).await?;
        let present = assessments::present(tx, &subjects).await?;
        let present = present.into_iter().map(|version| (version.subject(), version)).collect();
        let campaigns = campaigns::of_plans(tx, subjects.iter().map(|(plan, _)| plan)).await?;
        Ok(Known { catalogue, campaigns, present })
    }

    fn decide(&self, known: &Known, stamp: &Stamp) -> Result<Change<Assessment>, Violations> {
        check_free(&known.campaigns, &self.subject(), &self.unit)?;
        let node = known.catalogue.node(&self.plan, &self.node);
        self.decide(node, known.present.get(&self.subject()), stamp)
    }

    async fn save(tx: &mut PgConnection, made: &[Made<Assessment>]) -> Result<(), DbError> {
        for (version, stamp) in made {
            assessments::insert(tx, version, stamp.event_id).await?;
        }
        let fact = |(version, stamp): &Made<Assessment>| {
            (stamp.event_id, tell::assessment_submitted(version), stamp.at)
        };
        outbox::record_all(tx, &made.iter().map(fact).collect::<Vec<_>>()).await
    }

    fn learn(known: &mut Known, version: Assessment) {
        known.present.insert(version.subject(), version);
    }
}

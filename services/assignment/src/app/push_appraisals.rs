//! Takes what the appraisers decided.

use std::collections::BTreeMap;

use cchc_core::{UnitCode, Violations};
use cchc_kit::{db::DbError, outbox};
use sqlx::PgConnection;

use super::{
    App,
    intake::{Intake, Made},
    push_assessments::catalogue_of,
};
use crate::{
    domain::{
        appraisal::{Appraisal, Judgement},
        assessment::{Assessment, Subject, check_free},
        campaign::Standing,
        catalogue::Catalogue,
        change::{Change, Stamp},
    },
    events::tell,
    store::{appraisals, assessments, campaigns},
};

/// What appraisals are decided against.
#[derive(Debug)]
pub(crate) struct Known {
    catalogue: Catalogue,
    campaigns: Vec<Standing>,
    assessments: BTreeMap<Subject, Assessment>,
    present: BTreeMap<Subject, Appraisal>,
}

impl App {
    /// Says which units assessed themselves for these nodes. A node's unit never changes, since what
    /// is published does not.
    pub(crate) async fn units_of(
        &self,
        subjects: &[Subject],
    ) -> Result<BTreeMap<Subject, UnitCode>, DbError> {
        let mut tx = self.db.begin().await?;
        let present = assessments::present(&mut tx, subjects).await?;
        Ok(present.into_iter().map(|version| (version.subject(), version.unit)).collect())
    }
}

impl Intake for Judgement {
    const METHOD: &'static str = "cchc.assignment.v1.AssessmentService/PushAppraisals";
    type Known = Known;
    type Version = Appraisal;

    fn unit(&self) -> &UnitCode {
        &self.unit
    }

    async fn load(tx: &mut PgConnection, rows: &[&Self]) -> Result<Known, DbError> {
        let subjects: Vec<Subject> = rows.iter().map(|row| row.subject()).collect();
        let catalogue = catalogue_of(tx, &subjects).await?;
        let assessments = assessments::present(tx, &subjects).await?;
        let present = appraisals::present(tx, &subjects).await?;
        let campaigns = campaigns::of_plans(tx, subjects.iter().map(|(plan, _)| plan)).await?;
        Ok(Known {
            catalogue,
            campaigns,
            assessments: assessments.into_iter().map(|of| (of.subject(), of)).collect(),
            present: present.into_iter().map(|of| (of.subject(), of)).collect(),
        })
    }

    fn decide(&self, known: &Known, stamp: &Stamp) -> Result<Change<Appraisal>, Violations> {
        let subject = self.subject();
        check_free(&known.campaigns, &subject, &self.unit)?;
        let node = known.catalogue.node(&self.plan, &self.node);
        let assessment = known.assessments.get(&subject);
        self.decide(assessment, node, known.present.get(&subject), stamp)
    }

    async fn save(tx: &mut PgConnection, made: &[Made<Appraisal>]) -> Result<(), DbError> {
        for (version, stamp) in made {
            appraisals::insert(tx, version, stamp.event_id).await?;
        }
        let fact = |(version, stamp): &Made<Appraisal>| {
            (stamp.event_id, tell::appraisal_decided(version), stamp.at)
        };
        outbox::record_all(tx, &made.iter().map(fact).collect::<Vec<_>>()).await
    }

    fn learn(known: &mut Known, version: Appraisal) {
        known.present.insert(version.subject(), version);
    }
}

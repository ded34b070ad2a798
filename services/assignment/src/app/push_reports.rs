//! Takes the periodic reports that units file, correct and withdraw.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, UnitCode, Violations};
use cchc_kit::{db::DbError, outbox};
use cchc_scoring::catalogue::Plan;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    intake::{Intake, Made},
    scorecards,
};
use crate::{
    domain::{
        change::{Change, Stamp},
        evidence::Document,
        obligation::{Key, Obligation, ReportRow},
    },
    events::tell,
    store::{catalogue, evidence, obligations},
};

/// What reports are decided against.
#[derive(Debug)]
pub(crate) struct Known {
    owed: BTreeMap<Key, Obligation>,
    documents: BTreeMap<Uuid, Document>,
}

impl Intake for ReportRow {
    const METHOD: &'static str = "cchc.assignment.v1.ObligationService/PushReports";
    type Known = Known;
    type Version = Obligation;

    fn unit(&self) -> &UnitCode {
        &self.key.unit
    }

    async fn load(tx: &mut PgConnection, rows: &[&Self]) -> Result<Known, DbError> {
        let owed = obligations::present(tx, rows.iter().map(|row| &row.key)).await?;
        let mut documents = BTreeMap::new();
        for id in rows.iter().filter_map(|row| row.evidence()) {
            let versions = evidence::versions(tx, id).await?;
            documents.extend(versions.into_iter().next_back().map(|document| (id, document)));
        }
        let owed = owed.into_iter().map(|owed| (owed.key.clone(), owed)).collect();
        Ok(Known { owed, documents })
    }

    fn decide(&self, known: &Known, stamp: &Stamp) -> Result<Change<Obligation>, Violations> {
        let document = self.evidence().and_then(|id| known.documents.get(&id));
        self.decide(known.owed.get(&self.key), document, stamp)
    }

    async fn save(tx: &mut PgConnection, made: &[Made<Obligation>]) -> Result<(), DbError> {
        let mut concerned = BTreeMap::new();
        for (version, stamp) in made {
            if let Some(filing) = &version.filing {
                obligations::insert_filing(tx, version.id, filing, stamp.event_id).await?;
            }
            outbox::record(tx, stamp.event_id, &tell::report_filed(version), stamp.at).await?;
            concerned.insert((&version.key.plan, &version.key.unit), stamp);
        }
        for ((plan, unit), stamp) in concerned {
            let Some(plan) = plan_of(tx, plan).await? else { continue };
            // A filing has no id of its own: that of the unit's last one names the event of its scorecard.
            scorecards::renew(tx, || stamp.id.into(), (&plan, Some(unit)), stamp.at).await?;
        }
        Ok(())
    }

    fn learn(known: &mut Known, version: Obligation) {
        known.owed.insert(version.key.clone(), version);
    }
}

async fn plan_of(tx: &mut PgConnection, code: &PlanCode) -> Result<Option<Plan>, DbError> {
    Ok(catalogue::plans(tx, [code]).await?.into_iter().next())
}

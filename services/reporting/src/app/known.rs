//! What the database knows of one node that is scored by itself.

use std::collections::BTreeMap;

use cchc_kit::db::DbError;
use cchc_scoring::catalogue::{Index, Node, Source};
use sqlx::PgConnection;

use crate::{
    domain::{
        catalogue::Scope,
        fact::NodeKey,
        facts::{external, reported},
        leaf::Known,
    },
    store::{assessments, measurements, surveys},
};

/// Reads what is known of a node.
pub(super) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
) -> Result<Known, DbError> {
    let key = NodeKey { plan: scope.plan.code.clone(), node: index.id(&node.code) };
    Ok(match node.source {
        Source::SelfAssessed => Known::Assessed {
            assessment: assessments::assessment(conn, &key)
                .await?
                .map(|said| (said.version, said.points)),
            appraisal: assessments::appraisal(conn, &key)
                .await?
                .map(|said| (said.assessment_version, said.points)),
        },
        Source::Administrative => {
            let mut sums = BTreeMap::new();
            for variable in node.variables() {
                let of = (&index.code, variable);
                let sum = measurements::sum_of(conn, &scope.plan.code, of).await?;
                sums.insert(variable, sum);
            }
            reported(scope, index, node, |variable| sums.get(variable).copied().unwrap_or_default())
        }
        Source::Survey => Known::Surveyed(surveys::samples(conn, &key).await?),
        Source::External => external(scope, index, node),
        Source::Children => Known::Nothing,
    })
}

//! Verifying: the live rollup beside a recomputation from what the producers have stored (P2).
//!
//! The producers' facts are asked for as they stood at the very watermarks that the live state has, so
//! that nothing needs to stand still. Both sides are written down by the same functions and compared
//! line by line: catalogue, facts, sums, and everything scored.

use std::collections::BTreeMap;

use cchc_core::{IndexCode, PlanCode};

use super::{
    App, checksum,
    read::{ReadError, delivery},
};
use crate::{
    domain::{
        canon::{self, Difference, Lines},
        catalogue::{Edition, Scope},
        facts::{Facts, Sums},
        rollup::{self, Beside, Watermark},
        sheet::Sheet,
    },
    events::recall::Recalled,
    store,
};

/// What a comparison found.
#[derive(Debug)]
pub(crate) struct Verification {
    pub(crate) watermarks: Vec<Watermark>,
    /// Facts read from the producers.
    pub(crate) facts: i64,
    pub(crate) live_checksum: String,
    pub(crate) recomputed_checksum: String,
    pub(crate) differences: Vec<Difference>,
}

/// A state written down.
#[derive(Debug, Default)]
struct Written {
    scored: Lines,
    /// What the scores rest on.
    ground: Lines,
}

impl App {
    /// Compares the live rollup with a recomputation.
    #[tracing::instrument(name = "app.rollup.verify", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn verify(&self, plan: &PlanCode) -> Result<Verification, ReadError> {
        let (watermarks, live) = self.live(plan).await?;
        let recalled = self.sources.recall(&watermarks).await?;
        let facts = recalled.count;
        let recomputed = recompute(plan, recalled);
        let live_checksum = checksum::of_lines(&live.scored);
        let recomputed_checksum = checksum::of_lines(&recomputed.scored);
        let mut differences = canon::differences(&live.scored, &recomputed.scored);
        differences.extend(canon::differences(&live.ground, &recomputed.ground));
        if !differences.is_empty() {
            tracing::error!(plan.code = %plan, differences = differences.len(), "the rollup is not its recomputation");
        }
        Ok(Verification { watermarks, facts, live_checksum, recomputed_checksum, differences })
    }

    /// The live state and how far it has come, in one snapshot.
    async fn live(&self, plan: &PlanCode) -> Result<(Vec<Watermark>, Written), ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let watermarks = store::watermarks::list(&mut snapshot).await?;
        let facts = store::facts::all(&mut snapshot, &scope).await?;
        let sums = store::scores::sums(&mut snapshot, plan).await?;
        let sheets = store::scores::sheets(&mut snapshot, plan).await?;
        let beside = Beside {
            quarantined: store::quarantined::by_node(&mut snapshot, plan).await?,
            flagged: store::flagged::by_node(&mut snapshot, plan).await?,
            shortfalls: store::outlooks::by_node(&mut snapshot, plan).await?,
            delivery: delivery(&mut snapshot, &scope).await?,
            ..facts.beside(&scope)
        };
        Ok((watermarks, write(&scope, &facts, &sums, (&sheets, &beside))))
    }
}

fn recompute(plan: &PlanCode, recalled: Recalled) -> Written {
    let catalogue = recalled.recorded.catalogue();
    let mut written = catalogue.scope(plan).map_or_else(Written::default, |scope| {
        let facts = recalled.recorded.facts.within(scope);
        let sums = facts.sums(scope);
        let sheets = facts.sheets(scope, &sums);
        write(scope, &facts, &sums, (&sheets, &facts.beside(scope)))
    });
    written.ground.extend(recalled.unreadable);
    written
}

fn write(
    scope: &Scope,
    facts: &Facts,
    sums: &Sums,
    (sheets, beside): (&BTreeMap<IndexCode, Sheet>, &Beside),
) -> Written {
    let mut ground = canon::facts(facts);
    ground.extend(canon::sums(sums));
    ground.extend(catalogue(scope));
    let indices = rollup::indices(scope, sheets, beside);
    ground.extend(canon::undelivered(&indices));
    Written { scored: canon::scored(&indices), ground }
}

/// Documents are too long to be shown side by side: their checksums stand for them.
fn catalogue(scope: &Scope) -> Lines {
    let named = |what: String, written: String| (what, checksum::of_text(&written));
    let plan =
        (format!("plan {}", scope.plan.code), format!("{:?} {:?}", scope.plan, scope.findings));
    let indices = scope
        .indices
        .iter()
        .map(|Edition { index, .. }| (format!("index {}", index.code), format!("{index:?}")));
    let units =
        scope.units.iter().map(|(code, unit)| (format!("unit {code}"), format!("{unit:?}")));
    let results = scope
        .published
        .iter()
        .map(|(index, published)| (format!("results {index}"), format!("{published:?}")));
    let crosswalks = scope.past.crosswalks().iter();
    let crosswalks =
        crosswalks.map(|said| (format!("crosswalk {}", said.code), format!("{said:?}")));
    std::iter::once(plan)
        .chain(indices)
        .chain(crosswalks)
        .chain(results)
        .chain(units)
        .map(|(what, text)| named(what, text))
        .collect()
}

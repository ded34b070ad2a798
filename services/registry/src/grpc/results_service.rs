//! `ResultsService`.

use std::sync::Arc;

use cchc_core::{Collector, IndexCode, NodeCode, Violations};
use cchc_kit::{server::caller, to_status};
use cchc_proto::{
    convert::{self, optional_time, timestamp},
    registry::v1::{
        GetResultsRequest, GetResultsResponse, ImportResultsRequest, ImportResultsResponse,
        RankResultsRequest, RankResultsResponse, ResultsRevision,
        results_service_server::ResultsService,
    },
};
use prost_types::Timestamp;
use tonic::{Request, Response, Status};

use super::asked;
use crate::{
    app::Registry,
    store::results::{At, Revision},
};

pub(super) struct PublishedResults(pub(super) Arc<Registry>);

#[tonic::async_trait]
impl ResultsService for PublishedResults {
    async fn import_results(
        &self,
        request: Request<ImportResultsRequest>,
    ) -> Result<Response<ImportResultsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.ResultsService/ImportResults";
        let asked = asked(caller.actor(), method, &request.request_id, &request);
        let after = request.after_revision;
        let table = convert::read(request, |c, request| {
            convert::part(c, "results", request.results, convert::results)
        });
        let (asked, table) = both(asked, table).map_err(|e| to_status(&e))?;
        let imported = self.0.import_results(&asked, table, after).await;
        let (revision, findings) = imported.map_err(|e| to_status(&e))?;
        Ok(Response::new(ImportResultsResponse {
            revision,
            findings: findings.iter().map(Into::into).collect(),
        }))
    }

    async fn get_results(
        &self,
        request: Request<GetResultsRequest>,
    ) -> Result<Response<GetResultsResponse>, Status> {
        let (code, at) = convert::read(request.into_inner(), |c, request| {
            let code = c.parse::<IndexCode>("index_code", &request.index_code);
            let at = at(c, request.revision, request.as_of_time);
            Some((code?, at?))
        })
        .map_err(|e| to_status(&e))?;
        let (recorded, findings, revisions) =
            self.0.results(&code, at).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetResultsResponse {
            results: Some((&recorded.results).into()),
            revision: recorded.revision,
            findings: findings.iter().map(Into::into).collect(),
            revisions: revisions.iter().map(revision).collect(),
        }))
    }

    async fn rank_results(
        &self,
        request: Request<RankResultsRequest>,
    ) -> Result<Response<RankResultsResponse>, Status> {
        let (code, node, at) = convert::read(request.into_inner(), |c, mut request| {
            let code = c.parse::<IndexCode>("index_code", &request.index_code);
            if request.node_code.is_empty() {
                NodeCode::ROOT.clone_into(&mut request.node_code);
            }
            let node = c.parse::<NodeCode>("node_code", &request.node_code);
            let at = at(c, request.revision, request.as_of_time);
            Some((code?, node?, at?))
        })
        .map_err(|e| to_status(&e))?;
        let ranked = self.0.rank_results(&code, &node, at).await;
        let (ranked, revision) = ranked.map_err(|e| to_status(&e))?;
        let count = ranked.iter().filter(|at| at.standing.is_some()).count();
        Ok(Response::new(RankResultsResponse {
            provinces: ranked.iter().map(Into::into).collect(),
            ranked_count: i32::try_from(count).unwrap_or(i32::MAX),
            revision,
        }))
    }
}

/// Two parts of a request, or everything that is wrong with the first that is refused.
fn both<A, B>(
    one: Result<A, Violations>,
    other: Result<B, Violations>,
) -> Result<(A, B), Violations> {
    Ok((one?, other?))
}

/// Which revision is asked for: by its number, by an instant, or the newest.
fn at(c: &mut Collector, revision: i64, as_of: Option<Timestamp>) -> Option<At> {
    let instant = optional_time(c, "as_of_time", as_of);
    match (revision, instant?) {
        (0, None) => Some(At::Newest),
        (0, Some(instant)) => Some(At::Instant(instant)),
        (1.., None) => Some(At::Revision(revision)),
        (1.., Some(_)) => {
            let english = "must name a revision or an instant, not both";
            c.refuse("", "EXACTLY_ONE", english, "chỉ nêu số lần hoặc thời điểm, không nêu cả hai");
            None
        }
        (..0, _) => {
            c.refuse("revision", "OUT_OF_RANGE", "must not be negative", "không được âm");
            None
        }
    }
}

fn revision(of: &Revision) -> ResultsRevision {
    ResultsRevision {
        revision: of.number,
        record_time: Some(timestamp(of.record_time)),
        source: Some((&of.source).into()),
    }
}

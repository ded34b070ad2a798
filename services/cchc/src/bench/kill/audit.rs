//! Counting afterwards. Everything a client sends follows from its number, so what there must be is known
//! without asking the service; what there is, is asked of the databases.

use std::time::Duration;

use cchc_proto::survey::v1::{
    CloseSurveyRequest, RebuildSurveyRequest, survey_service_client::SurveyServiceClient,
};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    super::{children::failed, stage},
    client::{self, AHEAD, Share},
    world::World,
};
use crate::{connect::DELIVERY, error::CliError, say::Words};

/// Times to look whether reporting has heard everything, a tenth of a second apart.
const PATIENCE: u32 = 600;
/// Ids that are looked up at once.
const AT_ONCE: usize = 5000;

/// Something that is not as it must be.
#[derive(Debug)]
pub(super) struct Finding(pub(super) Words);

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Audit {
    /// Responses that clients were told are stored.
    pub(super) acknowledged: i64,
    /// Responses that are.
    pub(super) stored: i64,
    /// Refused rows that are kept.
    pub(super) refused: i64,
    /// Responses in what reporting heard.
    pub(super) told: i64,
    pub(super) findings: Vec<Finding>,
}

/// What there is or must be: responses, satisfied answers, answers, refused rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    responses: i64,
    satisfied: i64,
    valid: i64,
    refused: i64,
}

/// Lets the clients finish what they had begun, closes the survey, and counts.
pub(super) async fn of(world: &mut World) -> Result<Audit, CliError> {
    world.quieten().await?;
    let mut audit = Audit::default();
    let mut wanted = Counts::default();
    for share in world.shares() {
        let acknowledged = share.acknowledged()?;
        audit.acknowledged += responses(acknowledged);
        // A killed client may have sent so many more: with them there is nothing unknown.
        finish(world, &share, acknowledged + AHEAD).await?;
        let wrong = share.wrong()?;
        audit.expect(wrong.is_empty(), || format!("client {}: {wrong}", share.number));
        for row in client::holding(share.number, acknowledged + AHEAD) {
            let answers = row.answers.iter().filter(|answer| **answer > 0).count();
            let satisfied = row.answers.iter().filter(|answer| **answer >= 4).count();
            wanted.responses += 1;
            wanted.valid += i64::try_from(answers).unwrap_or(i64::MAX);
            wanted.satisfied += i64::try_from(satisfied).unwrap_or(i64::MAX);
        }
        wanted.refused += i64::try_from(acknowledged + AHEAD).unwrap_or(i64::MAX);
        let missing = missing(world, &share, acknowledged + AHEAD).await?;
        audit.expect(missing == 0, || {
            format!("client {}: {missing} responses missing", share.number)
        });
    }
    recount(world, &mut audit).await?;
    let kept = kept(&mut world.database("survey").await?).await?;
    (audit.stored, audit.refused) = (kept.responses, kept.refused);
    audit.expect(kept == wanted, || format!("survey has {kept:?} where there must be {wanted:?}"));
    let heard = heard(world, kept).await?;
    audit.told = heard.valid / i64::try_from(stage::survey().questions.len()).unwrap_or(1);
    audit.expect(heard == Counts { responses: heard.responses, ..kept }, || {
        format!("reporting heard {heard:?} where survey has {kept:?}")
    });
    Ok(audit)
}

impl Audit {
    fn expect(&mut self, is_so: bool, otherwise: impl FnOnce() -> String) {
        if !is_so {
            let found = otherwise();
            self.findings.push(Finding(Words::new(format!("Sai lệch: {found}"), found)));
        }
    }
}

fn responses(chunks: u64) -> i64 {
    i64::try_from(chunks * client::ROWS).unwrap_or(i64::MAX)
}

/// Sends what a client may have sent without an answer, until it is acknowledged.
async fn finish(world: &World, share: &Share, last: u64) -> Result<(), CliError> {
    let server = &world.survey.server;
    for _ in 0..PATIENCE {
        if share.push(server, last).await.is_ok() && share.acknowledged()? >= last {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
    share.push(server, last).await
}

/// Counts the responses of a client that are not stored.
#[expect(clippy::disallowed_methods, reason = "a question to another service's tables, for a test")]
async fn missing(world: &World, share: &Share, chunks: u64) -> Result<i64, CliError> {
    let mut conn = world.database("survey").await?;
    let ids: Vec<Uuid> = client::holding(share.number, chunks)
        .filter_map(|row| row.response_id.parse().ok())
        .collect();
    let mut missing = 0;
    for ids in ids.chunks(AT_ONCE) {
        let found: i64 =
            sqlx::query_scalar("select count(*) from survey.responses where response_id = any($1)")
                .bind(ids)
                .fetch_one(&mut conn)
                .await
                .map_err(|error| failed(&error))?;
        missing += i64::try_from(ids.len()).unwrap_or(i64::MAX) - found;
    }
    Ok(missing)
}

/// Lets the service rebuild its sums, before and after it closes the survey.
async fn recount(world: &World, audit: &mut Audit) -> Result<(), CliError> {
    let server = &world.survey.server;
    let mut client = SurveyServiceClient::new(server.channel());
    for is_closed in [false, true] {
        if is_closed {
            let (request_id, survey_code) = (Uuid::new_v4().to_string(), stage::SURVEY.to_owned());
            let close = CloseSurveyRequest { request_id, survey_code };
            let closed = client.close_survey(server.request(close, DELIVERY)).await;
            closed.map_err(|status| server.refused(&status))?;
        }
        let (request_id, survey_code) = (Uuid::new_v4().to_string(), stage::SURVEY.to_owned());
        let ask = RebuildSurveyRequest { request_id, survey_code };
        let found = client.rebuild_survey(server.request(ask, DELIVERY)).await;
        let found = found.map_err(|status| server.refused(&status))?.into_inner();
        let (kept, told) = (found.differences, found.told_differences);
        audit.expect(kept.is_empty() && told.is_empty(), || {
            format!("the rebuild differs from what was kept: {kept:?}, and told: {told:?}")
        });
    }
    Ok(())
}

/// What the survey service has, by its sums and its rows.
async fn kept(conn: &mut PgConnection) -> Result<Counts, CliError> {
    // Every question is a scale of five levels: eight counts each, of which 1 to 5 are answers.
    let sql = "select (select count(*) from survey.responses)::bigint as responses,
                      coalesce(sum(n) filter (where (place - 1) % 8 in (4, 5)), 0)::bigint as satisfied,
                      coalesce(sum(n) filter (where (place - 1) % 8 between 1 and 5), 0)::bigint as valid,
                      (select count(*) from survey.quarantine where state = 'waiting')::bigint as refused
               from survey.sums
               left join lateral unnest(counts) with ordinality as told (n, place) on true";
    counts(conn, sql).await
}

/// What reporting has heard, once it has heard as much as there is, or no more comes.
async fn heard(world: &World, kept: Counts) -> Result<Counts, CliError> {
    let sql = "select 0::bigint as responses,
                      coalesce(sum(satisfied_count), 0)::bigint as satisfied,
                      coalesce(sum(valid_count), 0)::bigint as valid,
                      (select coalesce(sum(waiting_count), 0) from reporting.quarantined)::bigint as refused
               from reporting.tallies";
    let mut conn = world.database("reporting").await?;
    let mut heard = Counts::default();
    for _ in 0..PATIENCE {
        heard = counts(&mut conn, sql).await?;
        if heard == (Counts { responses: heard.responses, ..kept }) {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok(heard)
}

async fn counts(conn: &mut PgConnection, sql: &str) -> Result<Counts, CliError> {
    let row = conn.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
    let row = row.map_err(|error| failed(&error))?;
    let count = |column: &str| row.try_get::<i64, _>(column).map_err(|error| failed(&error));
    Ok(Counts {
        responses: count("responses")?,
        satisfied: count("satisfied")?,
        valid: count("valid")?,
        refused: count("refused")?,
    })
}

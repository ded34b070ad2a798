//! Answers by the domains of surveys: added up as they are told, read for estimates.

use cchc_core::{PlanCode, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::{parse, surveys};
use crate::domain::{
    answers::Answers,
    by_domain::{ByDomain, Domain, Part, PartCount, PartKey},
    fact::TallyKey,
};

/// Adds answers to those known.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    told: &[PartCount],
) -> Result<(), DbError> {
    if told.is_empty() {
        return Ok(());
    }
    let mut sums = ByDomain::new();
    for PartCount { part, question, cluster, answers } in told {
        let (survey, question) = (survey.clone(), question.clone());
        let of = TallyKey { survey, question, cluster: cluster.clone() };
        sums.entry(PartKey { part: part.clone(), of }).or_default().add(answers);
    }
    let Columns { domains, parts, of: columns } = Columns::of(&sums);
    sqlx::query!(
        r#"insert into reporting.domain_tallies as present (survey_code, domain_question_code,
               domain_answer, question_code, cluster_code, satisfied_count, valid_count,
               not_answered_count, counts)
           select $1, domain_question_code, domain_answer, question_code, cluster_code,
                  satisfied, valid, not_answered, ($9::bigint[])[first : last]
           from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
                       $8::bigint[], $10::integer[], $11::integer[])
               as told (domain_question_code, domain_answer, question_code, cluster_code,
                        satisfied, valid, not_answered, first, last)
           on conflict (survey_code, domain_question_code, domain_answer, question_code, cluster_code)
           do update set
               satisfied_count = present.satisfied_count + excluded.satisfied_count,
               valid_count = present.valid_count + excluded.valid_count,
               not_answered_count = present.not_answered_count + excluded.not_answered_count,
               counts = reporting.add(present.counts, excluded.counts)"#,
        survey.as_str(),
        &domains,
        &parts,
        &columns.questions,
        &columns.clusters,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
        &columns.counts,
        &columns.first,
        &columns.last,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads what was told by domain in the surveys of a plan.
pub(crate) async fn of_plan(conn: &mut PgConnection, plan: &PlanCode) -> Result<ByDomain, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, domain_question_code, domain_answer, question_code, cluster_code,
                  satisfied_count, valid_count, not_answered_count, counts
           from reporting.domain_tallies join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    );
    let mut sums = ByDomain::new();
    for row in rows.fetch_all(conn).await? {
        let question = parse("domain_tallies", "domain_question_code", &row.domain_question_code)?;
        let part = Part { question, answer: row.domain_answer };
        let of = TallyKey {
            survey: parse("domain_tallies", "survey_code", &row.survey_code)?,
            question: parse("domain_tallies", "question_code", &row.question_code)?,
            cluster: parse("domain_tallies", "cluster_code", &row.cluster_code)?,
        };
        let tally = surveys::tally(row.satisfied_count, row.valid_count, row.not_answered_count);
        sums.insert(PartKey { part, of }, Answers { tally, counts: row.counts });
    }
    Ok(sums)
}

/// Reads the domains of a survey.
pub(super) fn domains(document: serde_json::Value) -> Result<Vec<Domain>, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent("surveys", "domains", &error))
}

/// Answers by column, with the part of the domain that each is of.
#[derive(Default)]
struct Columns {
    domains: Vec<String>,
    parts: Vec<String>,
    of: surveys::Columns,
}

impl Columns {
    fn of(sums: &ByDomain) -> Self {
        let mut columns = Self::default();
        for (PartKey { part, of }, answers) in sums {
            columns.domains.push(part.question.to_string());
            columns.parts.push(part.answer.clone());
            columns.of.push(&of.question, of.cluster.as_str(), answers);
        }
        columns
    }
}

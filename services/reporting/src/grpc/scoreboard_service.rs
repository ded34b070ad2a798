//! `ScoreboardService`.

use std::sync::Arc;

use cchc_core::{NodeId, PlanCode, Points, UnitCode};
use cchc_kit::{server, to_status};
use cchc_proto::{
    assignment::v1::{ReportStanding as PbStanding, report_standing::State},
    convert::{self, timestamp},
    reporting::v1::{
        self as pb, GetScoreboardRequest, GetScoreboardResponse,
        scoreboard_service_server::ScoreboardService,
    },
};
use tonic::{Request, Response, Status};

use super::render::{small, undelivered, watermark};
use crate::{
    app::App,
    domain::{
        scoreboard::{Scoreboard, UnitRow},
        scorecard::{Punctuality, ReportStanding, ReportState},
    },
};

/// Serves `ScoreboardService`.
pub(super) struct ScoreboardGrpc {
    pub(super) app: Arc<App>,
}

#[tonic::async_trait]
impl ScoreboardService for ScoreboardGrpc {
    async fn get_scoreboard(
        &self,
        request: Request<GetScoreboardRequest>,
    ) -> Result<Response<GetScoreboardResponse>, Status> {
        let caller = server::caller(&request)?;
        let GetScoreboardRequest { plan_code, unit_code } = request.into_inner();
        let named = convert::read((), |c, ()| {
            let plan = c.parse::<PlanCode>("plan_code", &plan_code);
            plan.zip(c.parse::<UnitCode>("unit_code", &unit_code))
        });
        let (plan, unit) = named.map_err(|refused| to_status(&refused))?;
        caller.reach(&unit).await.map_err(|error| to_status(&error))?;
        let board = self.app.scoreboard(&plan, &unit).await.map_err(|error| to_status(&error))?;
        Ok(Response::new(GetScoreboardResponse { scoreboard: Some(scoreboard(&board)) }))
    }
}

fn scoreboard(board: &Scoreboard) -> pb::Scoreboard {
    pb::Scoreboard {
        plan_code: board.plan.to_string(),
        unit_code: board.unit.to_string(),
        revision: board.revision,
        update_time: Some(timestamp(board.update_time)),
        rows: board.rows.iter().map(row).collect(),
        watermarks: board.watermarks.iter().map(watermark).collect(),
    }
}

fn row(row: &UnitRow) -> pb::UnitRow {
    pb::UnitRow {
        unit_code: row.unit.to_string(),
        unit_name: row.name.clone(),
        assignment_count: small(row.tasks.assignments),
        submitted_count: small(row.tasks.submitted),
        late_count: small(row.tasks.late),
        overdue_count: small(row.tasks.overdue),
        punctuality: Some(punctuality(row.punctuality, &row.content.reports)),
        undelivered: Some(&row.work.undelivered).filter(|of| !of.is_nothing()).map(undelivered),
        expected_at_nodes: row.work.at_nodes.iter().map(expected).collect(),
        beside_task_count: small(row.beside),
    }
}

fn expected((node, (at_risk, outstanding)): (&NodeId, &(Points, Points))) -> pb::ExpectedAtNode {
    pb::ExpectedAtNode {
        node_id: node.to_string(),
        at_risk_points: Some((*at_risk).into()),
        outstanding_points: Some((*outstanding).into()),
    }
}

fn punctuality(of: Punctuality, reports: &[ReportStanding]) -> pb::Punctuality {
    pb::Punctuality {
        owed_count: of.owed(),
        in_time_count: of.in_time,
        late_count: of.late,
        late_working_day_count: of.late_days,
        missing_count: of.missing,
        open_count: of.open,
        undecided_count: of.undecided,
        completeness_percent: of.completeness().map(Into::into),
        timeliness_percent: of.timeliness().map(Into::into),
        reports: reports.iter().map(standing).collect(),
    }
}

fn standing(of: &ReportStanding) -> PbStanding {
    let state = match of.state {
        ReportState::Open => State::Open,
        ReportState::InTime => State::InTime,
        ReportState::Late => State::Late,
        ReportState::Missing => State::Missing,
        ReportState::NotOwed => State::NotOwed,
        ReportState::Undecided => State::Undecided,
    };
    PbStanding {
        period: of.period.to_string(),
        state: state.into(),
        last_date: of.last_date.map(Into::into),
        late_working_day_count: of.late_days,
        document_date: of.document.as_ref().map(|(date, _)| (*date).into()),
        document_number: of.document.as_ref().map(|(_, number)| number.clone()).unwrap_or_default(),
    }
}

//! Tasks with all who take part and what they should bring, and assignments that move from one unit to another.

use cchc_proto::{
    assignment::{
        events::v1::{AssignmentReassigned, ScorecardChanged},
        v1::{Assignment, Reassignment, TaskStanding, assignment::State, task_standing},
    },
    common::v1::{Date, Decimal},
    registry::{
        events::v1::PlanPublished,
        v1::{ExpectedPoints, UnitSelector, unit::Kind},
    },
};
use prost_types::Timestamp;

use crate::samples;

fn named(unit: &str) -> UnitSelector {
    UnitSelector { unit_codes: vec![unit.to_owned()], kinds: Vec::new() }
}

pub(crate) fn plan_with_roles() -> PlanPublished {
    let mut told = samples::plan_published();
    for task in told.plan.iter_mut().flat_map(|plan| &mut plan.tasks) {
        let kinds = vec![Kind::District.into(), Kind::Commune.into()];
        task.coordinating = Some(UnitSelector { unit_codes: Vec::new(), kinds });
        task.advising = Some(named("22-SKHCN"));
        task.requested = Some(named("22-MTTQ"));
        task.product = "Kiến trúc chính quyền điện tử tỉnh".into();
        task.responsible_post = "Giám đốc Sở".into();
        let points = Some(Decimal { value: "0.25".to_owned() });
        task.expected_points = vec![ExpectedPoints { node_id: "PAR-2018/7".to_owned(), points }];
    }
    told
}

pub(crate) fn scorecard_with_tasks() -> ScorecardChanged {
    let standing = |task: &str, state: task_standing::State, missed_count| TaskStanding {
        task_number: task.to_owned(),
        state: state.into(),
        missed_count,
        since_date: Some(Date { year: 2018, month: 6, day: 29 }),
    };
    ScorecardChanged {
        plan_code: "QN-2018".to_owned(),
        unit_code: "193".to_owned(),
        version: 4,
        reports: Vec::new(),
        tasks: vec![
            standing("19.1", task_standing::State::Overdue, 0),
            standing("20.3", task_standing::State::Missed, 2),
            standing("15.2", task_standing::State::Completed, 0),
        ],
    }
}

fn side(unit: &str, id: u8, state: State, version: i64) -> Assignment {
    let date = |month, day| Some(Date { year: 2018, month, day });
    Assignment {
        assignment_id: format!("01903f6e-0000-7000-8000-00000000000{id}"),
        plan_code: "QN-2018".to_owned(),
        task_number: "19.1".to_owned(),
        unit_code: unit.to_owned(),
        state: state.into(),
        last_date: date(6, 29),
        version,
        update_time: Some(Timestamp { seconds: 1_529_020_800, nanos: 0 }),
        reassignment: Some(Reassignment {
            from_unit_code: "204".to_owned(),
            to_unit_code: "193".to_owned(),
            document_number: "12/QĐ-UBND".to_owned(),
            document_date: date(6, 12),
        }),
        ..Assignment::default()
    }
}

pub(crate) fn assignment_reassigned() -> AssignmentReassigned {
    AssignmentReassigned {
        plan_code: "QN-2018".to_owned(),
        from: Some(side("204", 1, State::Reassigned, 3)),
        to: Some(side("193", 2, State::Assigned, 1)),
    }
}

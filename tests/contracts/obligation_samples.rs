//! One of each event of periodic reports, with every field that a consumer reads.

use cchc_proto::{
    assignment::{
        events::v1::{NoticesRaised, ObligationsOpened, ReportFiled, ScorecardChanged},
        v1::{FiledReport, Notice, Obligation, ReportStanding, report_standing::State},
    },
    common::v1::Date,
};

use crate::samples::{self, day, noon, text};

fn obligation() -> Obligation {
    Obligation {
        obligation_id: text("8d1c54f0-3f6a-5b0e-8a52-0d2f0c8d9e11"),
        plan_code: text("QN-2018"),
        period: text("2018-6M"),
        unit_code: text("193"),
        first_date: Some(Date { year: 2017, month: 12, day: 15 }),
        end_date: day(6, 14),
        last_date: day(6, 15),
        ministry_last_date: day(6, 20),
        is_requested: true,
        ..Obligation::default()
    }
}

pub(crate) fn obligations_opened() -> ObligationsOpened {
    ObligationsOpened { plan_code: text("QN-2018"), obligations: vec![obligation()] }
}

pub(crate) fn report_filed() -> ReportFiled {
    let filed = FiledReport {
        document_number: text("15/BC-UBND"),
        document_date: day(6, 18),
        evidence_id: text("01903f6e-0000-7000-8000-000000000009"),
        evidence_version: 2,
        note: text("Kèm phụ lục"),
    };
    let obligation = Obligation {
        filed: Some(filed),
        version: 1,
        actor: text("van-phong"),
        update_time: noon(),
        ..obligation()
    };
    ReportFiled { obligation: Some(obligation) }
}

pub(crate) fn report_withdrawn() -> ReportFiled {
    let obligation = Obligation {
        version: 2,
        actor: text("van-phong"),
        update_time: noon(),
        withdrawal_reason: text("Gửi nhầm"),
        ..obligation()
    };
    ReportFiled { obligation: Some(obligation) }
}

pub(crate) fn scorecard_changed() -> ScorecardChanged {
    let report = ReportStanding {
        period: text("2018-6M"),
        state: State::Late.into(),
        last_date: day(6, 15),
        late_working_day_count: 1,
        document_date: day(6, 18),
        document_number: text("15/BC-UBND"),
    };
    ScorecardChanged {
        tasks: Vec::new(),
        plan_code: text("QN-2018"),
        unit_code: text("193"),
        version: 2,
        reports: vec![report],
    }
}

/// A notice about a periodic report.
pub(crate) fn notices_of_reports() -> NoticesRaised {
    let NoticesRaised { plan_code, notices } = samples::notices_raised();
    let about_report = |notice: Notice| Notice {
        assignment_id: String::new(),
        task_number: String::new(),
        occurrence: text("2018-6M"),
        obligation_id: obligation().obligation_id,
        ..notice
    };
    NoticesRaised { plan_code, notices: notices.into_iter().map(about_report).collect() }
}

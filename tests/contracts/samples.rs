//! One of each event, with every field that a consumer reads.

#![expect(clippy::unnecessary_wraps, reason = "the fields of messages are optional")]

use cchc_proto::{
    assignment::{
        events::v1::{
            AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, MeasurementRecorded,
            NoticeAcknowledged, NoticesRaised, PlanExpanded,
        },
        v1::{Appraisal, Assessment, Assignment, Audience, Measurement, Notice, assignment::State},
    },
    common::v1::{Date, Decimal},
    registry::{
        events::v1::{
            FindingAcknowledged, IndexPublished, PlanPublished, ResultsPublished, UnitsChanged,
        },
        v1::{
            Acknowledgement, Baseline, Due, Finding, Index, Node, NodeResult, Plan, ProvinceResult,
            RankTarget, Results, ResultsSource, Rule, Target, Task, Unit, UnitSelector, Variable,
            rank_target, rule,
            unit::{Kind, Standing, Successor},
        },
    },
    survey::{
        events::v1::{
            QuarantineTallied, ResponsesTallied, SurveyClosed, SurveyOpened,
            responses_tallied::Tally,
        },
        v1::{Cluster, Question, Survey},
    },
};

pub(crate) fn number(text: &str) -> Option<Decimal> {
    Some(Decimal { value: text.to_owned() })
}

pub(crate) const fn day(month: i32, day: i32) -> Option<Date> {
    Some(Date { year: 2018, month, day })
}

pub(crate) const fn noon() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: 1_539_579_600, nanos: 5000 })
}

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn units_changed() -> UnitsChanged {
    let district = Unit {
        code: text("204"),
        parent_code: text("22"),
        kind: Kind::District.into(),
        name: text("Huyện Hoành Bồ"),
        valid_from_date: None,
        valid_to_date: Some(Date { year: 2020, month: 1, day: 1 }),
        earlier: vec![],
        successors: vec![],
        end_reference: String::new(),
    };
    UnitsChanged { province_code: text("22"), units: vec![district] }
}

/// The same merger as it is told since units have a history.
pub(crate) fn units_succeeded() -> UnitsChanged {
    let reference = "Nghị quyết (ví dụ)";
    let mut told = units_changed();
    for district in &mut told.units {
        district.successors = vec![Successor { unit_code: text("193"), share: number("1") }];
        district.end_reference = text(reference);
    }
    told.units.push(Unit {
        code: text("07030"),
        parent_code: text("193"),
        kind: Kind::Commune.into(),
        name: text("Thị trấn Trới"),
        valid_from_date: None,
        valid_to_date: None,
        earlier: vec![Standing {
            until_date: Some(Date { year: 2020, month: 1, day: 1 }),
            parent_code: text("204"),
            kind: Kind::Commune.into(),
            name: text("Thị trấn Trới"),
            reference: text(reference),
        }],
        successors: vec![],
        end_reference: String::new(),
    });
    told
}

pub(crate) fn index_published() -> IndexPublished {
    let linear = rule::Linear {
        target_percent: number("95"),
        floor_percent: number("80"),
        ceiling_percent: None,
    };
    let node = Node {
        code: text("1"),
        title: text("Bao phủ bảo hiểm y tế"),
        title_en: text("Health insurance"),
        max: number("1"),
        composition: 1,
        source: 2,
        rule: Some(Rule { kind: Some(rule::Kind::Linear(linear)) }),
        variable_code: text("HEALTH-INSURANCE"),
        lead_unit_code: text("22-BHXH"),
        coordinating_unit_codes: vec![text("22-SYT")],
        reference: text("III.17.2"),
        evidence: String::new(),
        periods: vec![],
        not_applicable: 0,
        survey_not_held: 0,
    };
    let variable = Variable {
        code: text("HEALTH-INSURANCE"),
        title: text("Người có thẻ"),
        title_en: text("Insured"),
        measure: 1,
        numerator: text("người có thẻ"),
        denominator: text("dân số"),
        reporters: Some(UnitSelector { unit_codes: vec![], kinds: vec![Kind::District.into()] }),
        collection: 0,
        window_start_day: 0,
        missing: 0,
    };
    let index = Index {
        code: text("QN-2018"),
        year: 2018,
        family: text("QN"),
        title: text("Cam kết"),
        title_en: text("Promises"),
        unit: text("điểm"),
        provenance: 3,
        reference: text("minh họa"),
        nodes: vec![node],
        variables: vec![variable],
        letters: vec![],
    };
    IndexPublished { index: Some(index) }
}

pub(crate) fn results_published() -> ResultsPublished {
    let value = |node: &str, points| NodeResult { node_code: text(node), points };
    let source = ResultsSource {
        publisher: text("PAPI"),
        publish_date: day(4, 4),
        document: text("Báo cáo PAPI 2017"),
    };
    let province = ProvinceResult {
        province_code: text("22"),
        values: vec![value("0", number("36.7198")), value("2", None)],
    };
    let results =
        Results { index_code: text("PAPI-2017"), source: Some(source), provinces: vec![province] };
    ResultsPublished { results: Some(results), revision: 2 }
}

pub(crate) fn plan_published() -> PlanPublished {
    let baseline = Baseline {
        node_id: text("PAR-2018/0"),
        year: 2017,
        stated: number("89.45"),
        published: number("89.45"),
        rank: 1,
        reference: text("A.II.1.1"),
    };
    let target = Target {
        node_id: text("PAR-2018/0"),
        points: number("92.28"),
        increase: number("2.83"),
        increase_unit: 1,
        ratio_percent: number("92.28"),
        ratio_rounding: 2,
        rank: Some(RankTarget { kind: Some(rank_target::Kind::Exact(1)) }),
        heading_rank: Some(RankTarget { kind: Some(rank_target::Kind::Top(16)) }),
        reference: text("A.II.1.1"),
        ..Target::default()
    };
    let task = Task {
        number: text("7.1"),
        title: text("Kiến trúc chính quyền điện tử"),
        reference: text("III.7.1"),
        binds: Some(UnitSelector { unit_codes: vec![text("22-STTTT")], kinds: vec![] }),
        mode: 1,
        due: Some(Due { due_date: day(8, 1), is_inclusive: false }),
        recurrence: 3,
        node_ids: vec![text("PAR-2018/7")],
        ..Task::default()
    };
    let finding = Finding {
        kind: text("sum-of-targets"),
        severity: 2,
        subject: text("PAPI-2018/0"),
        node_ids: vec![text("PAPI-2018/0")],
        stated: text("39"),
        computed: text("40.1"),
        reference: text("A.II.3.1"),
        message: text("không khớp"),
        message_en: text("does not add up"),
        ..Finding::default()
    };
    let plan = Plan {
        code: text("QN-2018"),
        province_code: text("22"),
        year: 2018,
        title: text("Kế hoạch"),
        title_en: text("Plan"),
        reference: text("minh họa"),
        baselines: vec![baseline],
        targets: vec![target],
        tasks: vec![task],
        left_out_numbers: vec![3],
        ..Plan::default()
    };
    PlanPublished { plan: Some(plan), findings: vec![finding] }
}

pub(crate) fn finding_acknowledged() -> FindingAcknowledged {
    let acknowledgement = Acknowledgement {
        plan_code: text("QN-2018"),
        finding_id: text("sum-of-targets.5554fb4118e961e4"),
        version: 2,
        reason: text("giữ theo văn bản"),
        is_revoked: true,
        actor: text("lanh-dao-so-noi-vu"),
        unit_code: text("22"),
        decide_time: noon(),
    };
    FindingAcknowledged { acknowledgement: Some(acknowledgement) }
}

fn assignment() -> Assignment {
    Assignment {
        assignment_id: text("01903f6e-0000-7000-8000-000000000001"),
        plan_code: text("QN-2018"),
        task_number: text("19.1"),
        unit_code: text("193"),
        state: State::Submitted.into(),
        percent_done: 100,
        last_date: day(6, 29),
        done_date: day(6, 28),
        is_requested: false,
        version: 2,
        update_time: noon(),
        ..Assignment::default()
    }
}

pub(crate) fn plan_expanded() -> PlanExpanded {
    PlanExpanded { plan_code: text("QN-2018"), assignments: vec![assignment()] }
}

pub(crate) fn assignment_progressed() -> AssignmentProgressed {
    AssignmentProgressed { assignment: Some(assignment()) }
}

pub(crate) fn measurement_recorded() -> MeasurementRecorded {
    let measurement = Measurement {
        measurement_id: text("01903f6e-0000-7000-8000-000000000002"),
        unit_code: text("193"),
        variable_code: text("HEALTH-INSURANCE"),
        period: text("2018"),
        version: 3,
        numerator: number("930"),
        denominator: number("1000"),
        is_retracted: false,
        evidence: text("Báo cáo minh họa"),
        reporter: text("he-thong-193"),
        record_time: noon(),
    };
    MeasurementRecorded { measurement: Some(measurement) }
}

fn appraisal() -> Appraisal {
    Appraisal {
        appraisal_id: text("01903f6e-0000-7000-8000-000000000003"),
        assessment_version: 1,
        points: number("9.5"),
        reason: text("thiếu tài liệu"),
        appraiser: text("to-tham-dinh"),
        decide_time: noon(),
        version: 1,
        documents: vec![],
    }
}

pub(crate) fn assessment_submitted() -> AssessmentSubmitted {
    let assessment = Assessment {
        assessment_id: text("01903f6e-0000-7000-8000-000000000004"),
        plan_code: text("QN-2018"),
        node_id: text("PAR-2018/1"),
        unit_code: text("22-SNV"),
        version: 1,
        points: number("10"),
        evidence: vec![text("Báo cáo minh họa")],
        explanation: text("giải trình"),
        assessor: text("he-thong-22-SNV"),
        submit_time: noon(),
        appraisal: None,
        documents: vec![],
    };
    AssessmentSubmitted { assessment: Some(assessment) }
}

pub(crate) fn appraisal_decided() -> AppraisalDecided {
    AppraisalDecided {
        plan_code: text("QN-2018"),
        node_id: text("PAR-2018/1"),
        appraisal: Some(appraisal()),
    }
}

fn notice() -> Notice {
    Notice {
        notice_id: text("01645f0a-9b7c-7000-8000-000000000001"),
        assignment_id: text("c2739d31-a8f4-5105-84f9-7c66512bd01a"),
        plan_code: text("QN-2018"),
        task_number: text("19.1"),
        unit_code: text("193"),
        occurrence: text("once"),
        last_date: day(6, 29),
        audience: Audience::Head.into(),
        working_days: 5,
        recipient_unit_code: text("193"),
        officer: String::new(),
        raise_date: day(7, 6),
        digest_id: text("01645f0a-9b7c-7000-8000-000000000002"),
        send_date: day(7, 6),
        acknowledge_time: None,
        acknowledger: String::new(),
        note: String::new(),
        obligation_id: String::new(),
    }
}

pub(crate) fn notices_raised() -> NoticesRaised {
    NoticesRaised { plan_code: text("QN-2018"), notices: vec![notice()] }
}

pub(crate) fn notice_acknowledged() -> NoticeAcknowledged {
    let (acknowledger, note) = (text("chanh-van-phong"), text("Đang hoàn thiện"));
    let notice = Notice { acknowledge_time: noon(), acknowledger, note, ..notice() };
    NoticeAcknowledged { notice: Some(notice) }
}

pub(crate) fn survey_opened() -> SurveyOpened {
    let question = Question {
        code: text("Q00"),
        text: text("Nhìn chung, ông/bà hài lòng đến mức nào?"),
        kind: 1,
        node_id: text("SIPAS-2018/0"),
        ..Question::default()
    };
    let (stratum_code, cluster_code) = (text("193"), text("06649"));
    let cluster = Cluster { stratum_code, cluster_code, wanted_count: 40, ..Cluster::default() };
    let survey = Survey {
        code: text("SIPAS-QN-2018"),
        plan_code: text("QN-2018"),
        province_code: text("22"),
        title: text("Khảo sát"),
        instrument: 2,
        state: 1,
        open_date: day(10, 1),
        close_date: day(11, 30),
        minimum_cell: 10,
        release_after: 10,
        questions: vec![question],
        clusters: vec![cluster],
        ..Survey::default()
    };
    SurveyOpened { survey: Some(survey) }
}

pub(crate) fn responses_tallied() -> ResponsesTallied {
    let tally = Tally {
        question_code: text("Q00"),
        stratum_code: text("193"),
        cluster_code: text("06649"),
        satisfied_count: 29,
        valid_count: 35,
        not_answered_count: 5,
        counts: Vec::new(),
    };
    ResponsesTallied {
        survey_code: text("SIPAS-QN-2018"),
        response_count: 40,
        tallies: vec![tally],
        ..ResponsesTallied::default()
    }
}

pub(crate) fn quarantine_tallied() -> QuarantineTallied {
    QuarantineTallied { survey_code: text("SIPAS-QN-2018"), waiting_count: -3, given_up_count: 2 }
}

pub(crate) fn survey_closed() -> SurveyClosed {
    SurveyClosed { survey_code: text("SIPAS-QN-2018") }
}

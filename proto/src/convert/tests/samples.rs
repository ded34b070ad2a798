//! Values with every field filled, small enough to read.

use std::{fmt::Debug, str::FromStr};

use cchc_core::{WindowStart, Year, parse_decimal};
use cchc_scoring::{
    calendar::{CalendarYear, DayOff, DayOffKind, WorkedDay},
    catalogue::{
        Baseline, Composition, Crosswalk, Deadline, Direction, Due, ExpectedPoints, IncreaseUnit,
        Index, LetterBand, Link, LinkKind, Measure, Mode, Node, NodePeriod, Plan, Provenance,
        QuotedShare, RankTarget, Recurrence, ReportCycle, ReportTerms, Rounding, Source, Standing,
        StatedRatio, Successor, Target, Task, Unit, UnitKind, UnitSelector, Variable, Weekday,
    },
    hierarchy::{Changing, Heir, NewUnit, Part, UnitChange},
    plan::{Acknowledgement, Finding, FindingKind, Severity},
    rule::{Band, Bound, NotApplicable, Rule, Step, SurveyNotHeld},
    variable::{Collection, Missing},
};
use serde_json::json;
use time::macros::{date, datetime};

/// Shortens `"…".parse().unwrap()`, which is most of a sample.
fn p<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn all<T: FromStr<Err: Debug>>(texts: &[&str]) -> Vec<T> {
    texts.iter().map(|text| p(text)).collect()
}

pub(super) fn unit() -> Unit {
    Unit {
        code: p("22-SNV"),
        parent: Some(p("22")),
        kind: UnitKind::Department,
        name: "Sở Nội vụ".to_owned(),
        valid_from: Some(date!(2008 - 03 - 14)),
        valid_to: Some(date!(2025 - 03 - 01)),
        earlier: vec![Standing {
            until: date!(2016 - 01 - 01),
            parent: Some(p("22")),
            kind: UnitKind::Department,
            name: "Ban Tổ chức chính quyền (ví dụ)".to_owned(),
            reference: "Quyết định (ví dụ)".to_owned(),
        }],
        successors: vec![
            Successor { code: p("22-SNV-1"), share: Some(p("0.6")) },
            Successor { code: p("22-SNV-2"), share: None },
        ],
        end_reference: "Nghị quyết (ví dụ)".to_owned(),
    }
}

pub(super) fn province() -> Unit {
    let name = "Tỉnh Quảng Ninh".to_owned();
    Unit {
        code: p("22"),
        parent: None,
        kind: UnitKind::Province,
        name,
        valid_from: None,
        valid_to: None,
        earlier: Vec::new(),
        successors: Vec::new(),
        end_reference: String::new(),
    }
}

/// One decision of each sort.
pub(super) fn unit_changes() -> Vec<UnitChange> {
    let new = NewUnit {
        code: p("998"),
        parent: p("22"),
        kind: UnitKind::District,
        name: "Thành phố mới (ví dụ)".to_owned(),
    };
    let part = |heir, share| Part { heir, share, children: all(&["06649", "06652"]) };
    let parts =
        vec![part(Heir::New(new.clone()), Some(p("0.6"))), part(Heir::Known(p("193")), None)];
    let kind = Some(UnitKind::Commune);
    let changes = [
        Changing::Merge { units: all(&["204"]), into: Heir::Known(p("193")) },
        Changing::Merge { units: all(&["204", "205"]), into: Heir::New(new) },
        Changing::Split { unit: p("204"), parts },
        Changing::Move { units: all(&["07030"]), parent: p("193") },
        Changing::Rename { unit: p("193"), name: "Hạ Long".to_owned(), kind },
        Changing::Rename { unit: p("193"), name: "Hạ Long".to_owned(), kind: None },
        Changing::Abolish { units: all(&["193"]), children_to: Some(p("22")) },
        Changing::Abolish { units: all(&["193"]), children_to: None },
    ];
    let of = |changing| UnitChange {
        date: date!(2020 - 01 - 01),
        reference: "Nghị quyết (ví dụ)".to_owned(),
        changing,
    };
    changes.into_iter().map(of).collect()
}

pub(super) fn rules() -> Vec<Rule> {
    let percent = |text| parse_decimal(text).unwrap();
    let bound = |text, inclusive| Some(Bound { percent: percent(text), inclusive });
    let steps = || {
        let step = |at_least, points| Step { at_least: percent(at_least), points: p(points) };
        vec![step("1", "0.25"), step("2", "0.5")]
    };
    let bands = vec![
        Band { from: None, to: bound("80", false), points: p("0") },
        Band { from: bound("80", true), to: bound("95.5", false), points: p("0.5") },
        Band { from: bound("95.5", true), to: None, points: p("1") },
    ];
    vec![
        Rule::Assessed,
        Rule::Share,
        Rule::Linear { target: percent("95"), floor: Some(percent("50")), ceiling: None },
        Rule::Linear { target: percent("100"), floor: None, ceiling: Some(percent("95")) },
        Rule::Bands { bands },
        Rule::CountSteps { steps: steps() },
        Rule::GrowthSteps { steps: steps() },
        Rule::YesNo,
        Rule::Satisfaction,
        Rule::External { index: "SIPAS".to_owned(), bands: Vec::new() },
        Rule::Bonus { each: p("0.1"), cap: Some(p("0.5")) },
        Rule::Deduction { each: p("0.1"), cap: None },
    ]
    .into_iter()
    .chain(written_rules())
    .collect()
}

/// Rules as they stand in a file, with words of an edition in them.
fn written_rules() -> Vec<Rule> {
    let term = json!({ "name": "r", "variable": "OFFICIALS", "measure": "share",
                       "title": "Tỷ lệ đạt chuẩn", "title_en": "Share qualified" });
    let state = |title: &str, points: &str| json!({ "title": title, "title_en": "state", "points": points });
    let rules = json!([
        { "kind": "states", "states": [state("kịp thời", "1"), state("không ban hành", "0")] },
        { "kind": "conjunction",
          "conditions": [{ "title": "Đủ báo cáo", "title_en": "All reports" }] },
        { "kind": "conjunction", "variables": [term],
          "conditions": [{ "title": "Đủ", "title_en": "All", "when": "r >= 100%" }] },
        { "kind": "formula", "variables": [term], "cases": [
            { "text": "từ 80%", "text_en": "from 80 %", "when": "r >= 80%", "points": "r * maximum" },
            { "text": "còn lại", "text_en": "otherwise", "points": "0" }] },
        { "kind": "options", "options": [
            { "option": "A", "title": "Tốt", "title_en": "Good", "percent": "100" },
            { "option": "B", "title": "Kém", "title_en": "Bad", "percent": "0" }] },
        { "kind": "external", "index": "SIPAS", "bands": [{ "points": "1" }] }
    ]);
    serde_json::from_value(rules).unwrap()
}

/// A node for every rule, below one node below the whole.
pub(super) fn index() -> Index {
    let mut nodes = vec![node("0"), node("1")];
    for (place, rule) in (1..).zip(rules()) {
        nodes.push(Node {
            max: Some(p("0.5")),
            rule: Some(rule),
            variable: Some(p("OFFICIALS")),
            lead: Some(p("22-SNV")),
            coordinating: all(&["22-STC", "22-STP"]),
            reference: "III.1.6".to_owned(),
            not_applicable: Some(NotApplicable::OutOfDenominator),
            survey_not_held: SurveyNotHeld::Renormalise,
            evidence: "Báo cáo kèm danh sách".to_owned(),
            periods: vec![NodePeriod::SixMonths, NodePeriod::Year],
            ..node(&format!("1.{place}"))
        });
    }
    let (title, title_en) = ("Chỉ số cải cách hành chính".to_owned(), "PAR INDEX".to_owned());
    Index {
        code: p("PAR-2018"),
        year: Year::new(2018).unwrap(),
        family: "PAR INDEX".to_owned(),
        title,
        title_en,
        unit: "điểm".to_owned(),
        provenance: Provenance::StatedInPlan,
        reference: "Theo kế hoạch".to_owned(),
        nodes,
        letters: vec![
            LetterBand { letter: "A".to_owned(), at_least: p("80") },
            LetterBand { letter: "B".to_owned(), at_least: p("0") },
        ],
        variables: vec![
            variable("OFFICIALS", Measure::Share, Some("Tổng số công chức cấp xã")),
            variable("INITIATIVES", Measure::Count, None),
            variable("ENTERPRISES", Measure::Growth, Some("Số doanh nghiệp năm trước")),
        ],
    }
}

fn node(code: &str) -> Node {
    Node {
        code: p(code),
        title: format!("Tiêu chí {code}"),
        title_en: format!("Criterion {code}"),
        max: None,
        composition: Composition::Sum,
        source: Source::Children,
        rule: None,
        variable: None,
        lead: None,
        coordinating: Vec::new(),
        reference: String::new(),
        not_applicable: None,
        survey_not_held: SurveyNotHeld::Pending,
        evidence: String::new(),
        periods: Vec::new(),
    }
}

fn variable(code: &str, measure: Measure, denominator: Option<&str>) -> Variable {
    Variable {
        code: p(code),
        title: "Công chức đạt chuẩn".to_owned(),
        title_en: "Qualified officials".to_owned(),
        measure,
        numerator: "Số công chức đạt chuẩn".to_owned(),
        denominator: denominator.map(str::to_owned),
        reporters: UnitSelector::Kinds(vec![UnitKind::District, UnitKind::Commune]),
        collection: Collection::Cumulative,
        window_start_day: WindowStart::new(15).unwrap(),
        missing: Missing::Withheld,
    }
}

pub(super) fn plan() -> Plan {
    Plan {
        code: p("QN-2018"),
        province: p("22"),
        year: Year::new(2018).unwrap(),
        title: "Kế hoạch nâng cao chỉ số".to_owned(),
        title_en: "Plan to raise the indices".to_owned(),
        reference: "UBND tỉnh Quảng Ninh".to_owned(),
        baselines: vec![Baseline {
            node: p("PAR-2018/3"),
            year: Year::new(2017).unwrap(),
            stated: Some(p("14.5")),
            published: Some(p("14.4987")),
            rank: Some(1),
            reference: "A.II.1".to_owned(),
        }],
        targets: vec![target()],
        tasks: vec![task()],
        deadlines: vec![Deadline {
            duty: "trien-khai-ke-hoach".to_owned(),
            title: "Gửi kế hoạch triển khai".to_owned(),
            binds: UnitSelector::Units(all(&["193", "22-SNV"])),
            due: Due { date: date!(2018 - 06 - 15), inclusive: false },
            reference: "III, đoạn kết".to_owned(),
        }],
        report_cycle: Some(ReportCycle {
            periods: all(&["2018-Q1", "2018-6M", "2018-9M", "2018"]),
            reference: "III.1.1".to_owned(),
            terms: Some(ReportTerms {
                binds: UnitSelector::Kinds(vec![UnitKind::Department, UnitKind::District]),
                mode: Mode::Requested,
                window_start_day: WindowStart::new(15).unwrap(),
                due_day: 20,
                earlier_days: 5,
                inclusive: true,
                grace_working_days: 1,
                reference: "giả định".to_owned(),
            }),
        }),
        numbers_left_out: vec![3],
        issued_from: Some(date!(2018 - 05 - 23)),
        quoted_shares: vec![QuotedShare {
            node: p("QN-2018/10"),
            percent: parse_decimal("34.15").unwrap(),
            rest_percent: parse_decimal("60").unwrap(),
            rest_reading: "phải chi thêm".to_owned(),
            unanswered_percent: Some(parse_decimal("5.85").unwrap()),
            reference: "III.9.2".to_owned(),
        }],
    }
}

pub(super) fn target() -> Target {
    Target {
        node: p("PAR-2018/3"),
        unit: Some(p("193")),
        year: Some(Year::new(2020).unwrap()),
        direction: Direction::Down,
        points: Some(p("15.25")),
        increase: Some(p("0.75")),
        increase_unit: IncreaseUnit::Points,
        ratio: ratios().pop().unwrap(),
        rank: Some(RankTarget::Exact(1)),
        heading_rank: Some(RankTarget::Top(5)),
        reference: "A.II.1.2".to_owned(),
    }
}

pub(super) fn ratios() -> Vec<Option<StatedRatio>> {
    let percent = parse_decimal("94.28").unwrap();
    let rounded = |rounding| Some(StatedRatio { percent, rounding });
    vec![None, rounded(Rounding::HalfUp), rounded(Rounding::Truncate)]
}

pub(super) fn task() -> Task {
    Task {
        number: p("10.4"),
        title: "Công khai quy hoạch sử dụng đất".to_owned(),
        reference: "III.10.4".to_owned(),
        binds: UnitSelector::Kinds(vec![UnitKind::Commune]),
        mode: Mode::Ordered,
        due: Some(Due { date: date!(2018 - 08 - 31), inclusive: true }),
        recurrence: Some(Recurrence::Weekly),
        weekday: Some(Weekday::Thursday),
        nodes: all(&["PAPI-2018/2", "QN-2018/9"]),
        coordinating: Some(UnitSelector::Units(all(&["22-STTTT", "22-SNV"]))),
        advising: Some(UnitSelector::Kinds(vec![UnitKind::Department])),
        requested: Some(UnitSelector::Kinds(vec![UnitKind::MassOrganisation])),
        product: "Bản đồ quy hoạch được niêm yết".to_owned(),
        responsible_post: "Giám đốc Sở".to_owned(),
        expected_points: vec![ExpectedPoints { node: p("PAPI-2018/2"), points: p("0.05") }],
    }
}

pub(super) fn calendar_year() -> CalendarYear {
    CalendarYear {
        year: Year::new(2019).unwrap(),
        source: "Công văn 6519/VPCP-KGVX".to_owned(),
        off: vec![DayOff {
            date: date!(2019 - 04 - 29),
            name: "Nghỉ hoán đổi".to_owned(),
            kind: DayOffKind::Swapped,
        }],
        worked: vec![WorkedDay { date: date!(2019 - 05 - 04), in_place_of: date!(2019 - 04 - 29) }],
    }
}

pub(super) fn finding() -> Finding {
    Finding {
        kind: FindingKind::SumOfTargets,
        severity: Severity::Warning,
        subject: "PAPI-2018/0".to_owned(),
        nodes: all(&["PAPI-2018/0", "PAPI-2018/1"]),
        stated: Some("39".to_owned()),
        computed: Some("40.1".to_owned()),
        reference: "A.II.3.1".to_owned(),
        message: "Tổng chỉ tiêu các nội dung là 40.1".to_owned(),
        message_en: "The dimensions' targets add up to 40.1".to_owned(),
    }
}

pub(super) fn acknowledgement() -> Acknowledgement {
    Acknowledgement {
        plan: p("QN-2018"),
        finding: finding().id(),
        version: 2,
        reason: "Giữ nguyên theo văn bản đã ban hành".to_owned(),
        is_revoked: true,
        actor: "lanh-dao-so-noi-vu".to_owned(),
        unit: p("22"),
        decide_time: datetime!(2018-10-15 5:00:00.000005 UTC),
    }
}

/// A link of every kind.
pub(super) fn crosswalk() -> Crosswalk {
    let links = LinkKind::ALL.into_iter().map(|kind| Link {
        kind,
        from: all(&["1", "2.1"]),
        to: all(&["3"]),
        reason: "Bộ Nội vụ sửa đổi".to_owned(),
    });
    Crosswalk {
        code: p("PAR-2017-2018"),
        from: p("PAR-2017"),
        to: p("PAR-2018"),
        title: "Bảng chuyển đổi".to_owned(),
        title_en: "Crosswalk".to_owned(),
        reference: "Theo cách hiểu của tỉnh".to_owned(),
        links: links.collect(),
    }
}

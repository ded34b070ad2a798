//! What people see of a rollup.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_proto::{
    common::v1::Decimal,
    registry::v1::{Acknowledgement, Finding, RankTarget, rank_target::Kind},
    reporting::v1::{
        BaselineBasis, Estimate, Explanation, IndexRollup, Kept, Layer, LayerExplanation,
        LayerScore, Lift, NodeRollup, Rollup, ShortStratum, Solution, Step, SurveyEstimates,
        SurveyFigure, SurveyNumber, SurveyStatistic, Verdict, VerifyRollupResponse, kept::Reason,
        survey_estimates::Weighting, survey_figure::Remark, survey_statistic,
        verify_rollup_response::Difference,
    },
    source::v1::Watermark,
};

use super::*;
use crate::{output::Memory, say::Lang};

fn number(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

const FINDING: &str = "sum-of-targets.5554fb4118e961e4";

fn acknowledgement() -> Acknowledgement {
    Acknowledgement {
        finding_id: FINDING.to_owned(),
        reason: "giữ theo văn bản".to_owned(),
        actor: "lanh-dao".to_owned(),
        unit_code: "22".to_owned(),
        ..Acknowledgement::default()
    }
}

fn finding() -> Finding {
    Finding {
        kind: "sum-of-targets".to_owned(),
        subject: "PAPI-2018/0".to_owned(),
        reference: "A.II.3.1".to_owned(),
        message: "tổng là 40,1".to_owned(),
        message_en: "adds up to 40.1".to_owned(),
        finding_id: FINDING.to_owned(),
        ..Finding::default()
    }
}

fn papi() -> Rollup {
    let whole = NodeRollup {
        node_id: "PAPI-2018/0".to_owned(),
        title: "Tổng điểm sáu trục nội dung".to_owned(),
        baseline: Some(number("36.72")),
        baseline_basis: BaselineBasis::Stated.into(),
        target: Some(number("39")),
        computed_target: Some(number("40.1")),
        estimate: Some(Estimate { so_far: Some(number("5.123456")), ..Estimate::default() }),
        points_verdict: Verdict::NotAssessable.into(),
        rank_target: Some(RankTarget { kind: Some(Kind::Group(1)) }),
        baseline_rank: 32,
        lead_unit_name: "Sở Nội vụ".to_owned(),
        ..NodeRollup::default()
    };
    let first = NodeRollup {
        node_id: "PAPI-2018/1".to_owned(),
        title: "Tham gia của người dân ở cấp cơ sở".to_owned(),
        depth: 1,
        baseline: Some(number("5.92")),
        baseline_basis: BaselineBasis::Implied.into(),
        target: Some(number("6.4")),
        layers: vec![LayerScore {
            layer: Layer::Survey.into(),
            points: Some(number("6.455")),
            is_complete: true,
            so_far: Some(number("6.455")),
            excluded_max: None,
        }],
        estimate: Some(Estimate { points: Some(number("6.455")), ..Estimate::default() }),
        gap: Some(number("-0.055")),
        points_verdict: Verdict::Met.into(),
        waiting_row_count: 3,
        short_strata: vec![ShortStratum {
            stratum_name: "Thành phố Hạ Long".to_owned(),
            quota_count: 90,
            stored_count: 12,
            ..ShortStratum::default()
        }],
        ..NodeRollup::default()
    };
    Rollup {
        plan_code: "QN-2018".to_owned(),
        revision: 7,
        checksum: "abc".to_owned(),
        indices: vec![IndexRollup {
            index_code: "PAPI-2018".to_owned(),
            family: "PAPI".to_owned(),
            nodes: vec![whole, first],
            ..IndexRollup::default()
        }],
        findings: vec![finding()],
        acknowledgements: vec![acknowledgement()],
        watermarks: vec![Watermark {
            producer: "registry".to_owned(),
            sequence: 12,
            ..Watermark::default()
        }],
        ..Rollup::default()
    }
}

fn printed(lang: Lang, json: bool, print: impl FnOnce(&Output) -> Result<(), CliError>) -> String {
    let memory = Memory::default();
    print(&Output::to(lang, json, memory.clone())).unwrap();
    memory.text()
}

#[test]
fn a_table_shows_stated_beside_computed_and_the_finding_below() {
    let text = printed(Lang::Vi, false, |output| show::print(&papi(), output));

    for part in [
        "39 ≠ 40,1",
        "Tổng điểm sáu trục nội dung ¹",
        " ¹ tổng là 40,1 [A.II.3.1] ✓ Đã ghi nhận: giữ theo văn bản (lanh-dao, 22)",
        "(5,92)",
        "≥ 5,12",
        "6,46",
        "-0,06",
        "32 → nhóm 1",
        "✓ đạt",
        "… chưa rõ",
        "PAPI-2018/1: 3 hàng đang chờ xử lý, 0 hàng đã loại bỏ hoặc hết hạn lưu",
        "PAPI-2018/1: dự báo không đủ mẫu khảo sát ở Thành phố Hạ Long 12/90",
        "registry 12",
        "Phiên bản 7",
        "SHA-256 abc",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("Thẩm định"), "nothing is appraised:\n{text}");
}

#[test]
fn english_has_points_and_json_has_everything() {
    let text = printed(Lang::En, false, |output| show::print(&papi(), output));
    let json = printed(Lang::En, true, |output| show::print(&papi(), output));

    assert!(text.contains("39 ≠ 40.1") && text.contains("adds up to 40.1"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["indices"][0]["nodes"][1]["layers"][0]["points"], "6.455");
    assert_eq!(json["indices"][0]["nodes"][0]["computed_target"], "40.1");
}

#[test]
fn what_is_out_of_the_denominator_stands_beside_the_score_and_the_steps() {
    let mut rollup = papi();
    rollup.indices[0].nodes[1].estimate = Some(Estimate {
        points: Some(number("6.455")),
        excluded_max: Some(number("3.5")),
        ..Estimate::default()
    });
    let (what, what_en) = ("Không phát sinh".to_owned(), "did not arise".to_owned());
    let step = Step { what, what_en, value: "3.5".to_owned() };
    let layer = LayerExplanation {
        layer: Layer::Self_.into(),
        points: Some(number("0")),
        steps: vec![step],
        excluded_max: Some(number("3.5")),
        ..LayerExplanation::default()
    };
    let explanation = Explanation { layers: vec![layer], ..Explanation::default() };

    let shown = printed(Lang::Vi, false, |output| show::print(&rollup, output));
    let why = |lang| printed(lang, false, |output| explain::print(&explanation, output));

    assert!(shown.contains("6,46 (−3,5)"), "{shown}");
    assert!(
        why(Lang::Vi).contains("Không phát sinh = 3,5\n  Không tính vào tổng điểm tối đa: 3,5")
    );
    assert!(why(Lang::En).contains("did not arise = 3.5\n  Out of the denominator: 3.5"));
}

#[test]
fn only_what_changed_is_told_and_a_repeat_is_no_change() {
    let mut later = papi();
    later.revision = 8;
    later.indices[0].nodes[1].estimate =
        Some(Estimate { points: Some(number("6.3")), ..Estimate::default() });
    later.indices[0].nodes[1].points_verdict = Verdict::Missed.into();

    let text = printed(Lang::Vi, false, |output| {
        let mut seen = watch::Seen::default();
        seen.take(papi(), output)?;
        seen.take(papi(), output)?;
        seen.take(later, output)
    });

    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[1].contains("6,46 → 6,3") && lines[1].contains("✗ chưa đạt"), "{text}");
}

#[test]
fn a_rollup_is_right_only_when_both_checksums_are_there_and_equal() {
    let answer = |live: &str, again: &str| VerifyRollupResponse {
        live_checksum: live.to_owned(),
        recomputed_checksum: again.to_owned(),
        ..VerifyRollupResponse::default()
    };
    let mut differing = answer("a", "b");
    differing.differences.push(Difference {
        what: "score PAR-2018/3 self".to_owned(),
        live: "14.5".to_owned(),
        recomputed: String::new(),
    });

    assert!(verify::is_equal(&answer("a", "a")));
    assert!(!verify::is_equal(&answer("", "")) && !verify::is_equal(&differing));
    let text = printed(Lang::En, false, |output| verify::print(&differing, output));
    assert!(text.contains("score PAR-2018/3 self") && text.contains("✗"), "{text}");
}

fn solution() -> Solution {
    let lift = Lift {
        node_id: "PAR-2018/3".to_owned(),
        title: "Cải cách thủ tục hành chính".to_owned(),
        lead_unit_name: "Văn phòng UBND tỉnh".to_owned(),
        from_points: Some(number("14.25")),
        to_points: Some(number("14.5")),
        effort: Some(number("2")),
        worth: Some(number("0.5")),
        ..Lift::default()
    };
    let kept = Kept {
        node_id: "PAR-2018/8".to_owned(),
        title: "Tác động".to_owned(),
        reason: Reason::Survey.into(),
        points: None,
    };
    Solution {
        node_id: "PAR-2018/0".to_owned(),
        title: "Chỉ số cải cách hành chính".to_owned(),
        revision: 7,
        from_points: Some(number("92.1")),
        wanted_points: Some(number("92.28")),
        most_points: Some(number("97.4")),
        is_reachable: true,
        lifts: vec![lift],
        effort: Some(number("2")),
        to_points: Some(number("92.35")),
        kept: vec![kept],
    }
}

#[test]
fn a_scenario_says_what_to_lift_what_it_takes_and_what_stays() {
    let text = printed(Lang::Vi, false, |output| what_if::show::print(&solution(), output));
    let beyond = Solution { is_reachable: false, lifts: Vec::new(), ..solution() };
    let beyond = printed(Lang::En, false, |output| what_if::show::print(&beyond, output));

    for part in [
        "92,1 → 92,35 (cần 92,28), công sức ít nhất 2; tối đa có thể 97,4.",
        "Văn phòng UBND tỉnh",
        "14,25",
        "+0,5",
        "PAR-2018/8 Tác động (chưa biết): do người dân chấm qua khảo sát",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(
        beyond.contains("✗ 92.28 is out of reach: 92.1 now, and 97.4 with everything lifted."),
        "{beyond}"
    );
}

#[test]
fn scenarios_are_compared_side_by_side() {
    let other = Solution { is_reachable: false, lifts: Vec::new(), effort: None, ..solution() };
    let solved = [("ít việc", solution()), ("khoá mục 3", other)]
        .map(|(title, solution)| what_if::Solved { title: title.to_owned(), solution });

    let text = printed(Lang::Vi, false, |output| what_if::compare::print(&solved, output));

    for part in ["ít việc", "khoá mục 3", "14,25 → 14,5", "✗ chỉ 97,4", "92,35"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

fn hours() -> SurveyNumber {
    SurveyNumber {
        question_code: "Q07".to_owned(),
        text: "Mất bao nhiêu giờ?".to_owned(),
        number_unit: "giờ".to_owned(),
        places: 1,
        figures: vec![SurveyFigure {
            answer_count: Some(359),
            value: Some(number("268.81031714")),
            standard_error: Some(number("10.456480362")),
            low: Some(number("246.842066974")),
            high: Some(number("290.778567195")),
            ..SurveyFigure::default()
        }],
    }
}

#[test]
fn estimates_stand_with_their_errors_and_what_is_withheld_says_so() {
    let province = SurveyFigure {
        answer_count: Some(412),
        value: Some(number("0.797402137")),
        standard_error: Some(number("0.020513233")),
        low: Some(number("0.752136082")),
        high: Some(number("0.836201794")),
        degrees_of_freedom: 28,
        ..SurveyFigure::default()
    };
    let withheld = SurveyFigure {
        stratum_code: "193".to_owned(),
        stratum_name: "Thành phố Hạ Long".to_owned(),
        remarks: vec![Remark::Withheld.into()],
        ..SurveyFigure::default()
    };
    let women = SurveyFigure {
        domain_question_code: "SEX".to_owned(),
        domain_answer: "female".to_owned(),
        domain_title: "Giới tính – Nữ".to_owned(),
        answer_count: Some(231),
        value: Some(number("0.838091058")),
        ..SurveyFigure::default()
    };
    let statistic = SurveyStatistic {
        node_id: "SIPAS-2018/1".to_owned(),
        title: "Tiếp cận dịch vụ".to_owned(),
        kind: survey_statistic::Kind::Share.into(),
        question_codes: vec!["Q01".to_owned()],
        figures: vec![province, withheld, women],
    };
    let estimates = SurveyEstimates {
        survey_code: "SIPAS-QN-2018".to_owned(),
        title: "Khảo sát".to_owned(),
        weighting: Weighting::Population.into(),
        is_finite: true,
        silent_cluster_count: 3,
        statistics: vec![statistic],
        numbers: vec![hours()],
        ..SurveyEstimates::default()
    };

    let text = printed(Lang::Vi, false, |output| estimates::print(&estimates, output));
    let english = printed(Lang::En, false, |output| estimates::print(&estimates, output));

    for part in [
        "Theo dân số địa bàn. Sai số đã xét quy mô tổng thể. 3 địa bàn chưa có phiếu.",
        "SIPAS-2018/1 Tiếp cận dịch vụ (Q01): tỷ lệ hài lòng, %",
        "79,74",
        "2,05",
        "75,21 – 83,62",
        "193 Thành phố Hạ Long",
        "không hiển thị",
        "Giới tính – Nữ",
        "83,81",
        "Q07 Mất bao nhiêu giờ?: bình quân, giờ",
        "268,810",
        "246,842 – 290,779",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(english.contains("3 communes are silent so far."), "{english}");
    assert!(english.contains("Q07 Mất bao nhiêu giờ?: mean, giờ"), "{english}");
}

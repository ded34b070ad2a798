//! Each kind of leaf by itself, and what stands beside a score.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::Points;
use cchc_scoring::{plan::FindingKind, tree::Score, verdict::Verdict};

use super::sample::{appraised, assessed, chosen, closed, measured, node, opened, tallied};
use crate::domain::{fact::Fact, rollup::BaselineBasis};

fn points(text: &str) -> Points {
    text.parse().unwrap()
}

fn share(unit: &str, of: (i64, &str)) -> Fact {
    measured(unit, "SHARE", "2018", of)
}

#[test]
fn nothing_known_is_not_zero_and_says_what_is_missing() {
    let cases = [
        ("T-2018/0", "Còn 9/9 mục thành phần chưa có điểm."),
        ("T-2018/1", "Đơn vị chủ trì chưa tự đánh giá."),
        ("T-2018/2.1", "Còn 3/3 đơn vị chưa báo cáo."),
        ("T-2018/3", "Chưa có khảo sát cho mục này."),
        ("T-2018/4", "Chỉ có điểm khi cơ quan chủ trì bộ chỉ số công bố kết quả."),
    ];
    for (id, note) in cases {
        let node = node([], id);

        assert_eq!((node.estimate, node.note.as_str()), (None, note));
    }
}

#[test]
fn numerators_and_denominators_are_added_up_before_they_are_divided() {
    let some = [share("193", (1, "90/100")), share("194", (1, "1/10"))];

    let partly = node(some.clone(), "T-2018/2.1");
    let whole = node(some.into_iter().chain([share("195", (1, "80/90"))]), "T-2018/2.1");

    // 91 of 110 are 82.72 %, of 95 % for ten points; the mean of the shares would be 50 %.
    assert_eq!(partly.layers.self_assessed, Some(Score::provisional(points("8.708133971"))));
    assert_eq!(
        (partly.note.as_str(), partly.coverage),
        ("Còn 1/3 đơn vị chưa báo cáo.", Some((2, 3)))
    );
    assert_eq!(whole.layers.self_assessed, Some(Score::complete(points("9"))));
    assert_eq!(whole.note, "");
}

#[test]
fn quarters_other_provinces_and_merged_units_do_not_count() {
    let nothing = [
        measured("193", "SHARE", "2018-Q1", (1, "90/100")),
        measured("193", "SHARE", "2017", (1, "90/100")),
        share("199", (1, "90/100")),
        share("213", (1, "90/100")),
        share("22-SNV", (1, "90/100")),
    ];

    let node = node(nothing, "T-2018/2.1");

    assert_eq!((node.estimate, node.coverage), (None, Some((0, 3))));
}

#[test]
fn quarters_add_up_and_leave_the_score_a_lower_bound_until_the_year_is_whole() {
    let quarter =
        |unit: &str, period: &str, value: &str| measured(unit, "QUARTERLY", period, (1, value));
    let some = vec![quarter("193", "2018-Q1", "1"), quarter("193", "2018-Q2", "1")];
    let others = ["194", "195"].map(|unit| quarter(unit, "2018", "300"));
    let rest = [quarter("193", "2018-Q3", "1"), quarter("193", "2018-Q4", "1")];
    // Merged into 193 in July: the half year was its own to report.
    let merged = [quarter("199", "2018-6M", "7")];

    let early = node(some.clone(), "T-2018/5");
    let whole = node(some.into_iter().chain(others).chain(rest).chain(merged), "T-2018/5");

    assert_eq!(early.layers.self_assessed, Some(Score::at_least(points("2"))));
    assert_eq!(early.note, "Còn 3/4 đơn vị chưa báo cáo. Có 1/4 số liệu chưa đủ cả năm.");
    assert_eq!(early.coverage, Some((0, 4)));
    assert_eq!(whole.layers.self_assessed, Some(Score::complete(points("5"))));
    assert_eq!((whole.note.as_str(), whole.coverage), ("", Some((4, 4))));
}

#[test]
fn the_report_of_a_year_by_the_successor_stands_for_the_merged_unit_and_does_not_count_it_twice() {
    let quarter =
        |unit: &str, period: &str, value: &str| measured(unit, "QUARTERLY", period, (1, value));
    let years = ["193", "194", "195"].map(|unit| quarter(unit, "2018", "100"));
    let merged = quarter("199", "2018-6M", "250");

    let alone = node(years.clone(), "T-2018/5");
    let beside = node(years.into_iter().chain([merged]), "T-2018/5");

    // 300 of the 500 that five points take: with the half year of the merged unit they would be 550.
    assert_eq!(alone.layers.self_assessed, Some(Score::complete(points("2"))));
    assert_eq!(beside.layers.self_assessed, alone.layers.self_assessed);
    assert_eq!((alone.coverage, beside.coverage), (Some((4, 4)), Some((4, 4))));
}

#[test]
fn a_stock_of_june_may_still_fall() {
    let stock = |period: &str, value: &str| measured("193", "STOCK", period, (1, value));

    let june = node([stock("2018-Q1", "9"), stock("2018-6M", "3")], "T-2018/6");

    assert_eq!(june.layers.self_assessed, Some(Score::provisional(points("2"))));
}

#[test]
fn a_withheld_part_of_a_year_is_as_if_nothing_had_been_reported() {
    let growing = |period: &str| measured("193", "GROWING", period, (1, "9/10"));

    let nine = node([growing("2018-9M")], "T-2018/7");
    let year = node([growing("2018-9M"), growing("2018")], "T-2018/7");

    assert_eq!((nine.estimate, nine.note.as_str()), (None, "Còn 3/3 đơn vị chưa báo cáo."));
    assert_eq!(year.coverage, Some((1, 3)));
}

#[test]
fn a_report_taken_back_is_missing_again() {
    let node = node([share("193", (1, "1/1")), share("193", (2, "retracted"))], "T-2018/2.1");

    assert_eq!((node.estimate, node.coverage), (None, Some((0, 3))));
}

#[test]
fn a_share_of_nothing_is_unknown_and_says_so() {
    let all = ["193", "194", "195"].map(|unit| share(unit, (1, "0/0")));

    let node = node(all, "T-2018/2.1");

    assert_eq!(node.layers.self_assessed, Some(Score::UNKNOWN));
    assert_eq!(node.note, "Mẫu số bằng 0 nên chưa tính được tỷ lệ.");
}

#[test]
fn a_count_is_a_lower_bound_until_all_have_reported() {
    let count = |unit: &str, value: &str| measured(unit, "COUNT", "2018", (1, value));

    let node = node([count("193", "1"), count("22-SNV", "1.5")], "T-2018/2.2");

    assert_eq!(node.layers.self_assessed, Some(Score::at_least(points("2"))));
    assert_eq!(node.coverage, Some((2, 4)));
}

#[test]
fn an_appraisal_stands_beside_the_assessment_even_when_that_has_changed_since() {
    let history = [
        assessed("T-2018/1", (1, "9")),
        appraised("T-2018/1", 1, (1, "8.5")),
        assessed("T-2018/1", (2, "9.5")),
    ];

    let node = node(history, "T-2018/1");

    assert_eq!(node.layers.self_assessed, Some(Score::complete(points("9.5"))));
    assert_eq!(node.layers.appraised, Some(Score::complete(points("8.5"))));
    assert_eq!(node.estimate.unwrap().score, Score::complete(points("8.5")));
    let earlier = "Kết quả thẩm định ứng với bản tự đánh giá lần 1; bản hiện tại là lần 2.";
    assert_eq!(node.note, earlier);
    assert_eq!(node.verdicts.points.unwrap().verdict, Verdict::Missed);
}

#[test]
fn answers_to_all_questions_of_a_node_are_pooled_and_final_once_the_survey_is_closed() {
    let open = vec![opened(), tallied(&[("Q1", "06649", 9, 10), ("Q2", "06652", 6, 10)])];
    let over = open.iter().cloned().chain([closed()]).collect::<Vec<_>>();

    let live = node(open, "T-2018/3");
    let last = node(over, "T-2018/3");

    assert_eq!(live.layers.survey, Some(Score::provisional(points("3.75"))));
    assert_eq!(live.note, "Khảo sát chưa kết thúc, kết quả còn thay đổi.");
    assert_eq!(last.layers.survey, Some(Score::complete(points("3.75"))));
    assert_eq!(last.note, "");
}

#[test]
fn options_are_weighed_by_how_many_gave_each() {
    let open = vec![opened(), chosen("06649", [10, 4, 0, 1]), chosen("06652", [2, 6, 5, 2])];
    let over = open.iter().cloned().chain([closed()]).collect::<Vec<_>>();

    let live = node(open, "T-2018/8");
    let last = node(over, "T-2018/8");

    // 12 × 100 + 10 × 60 + 5 × 20 of 30 × 100, of five points.
    assert_eq!(live.layers.survey, Some(Score::provisional(points("3.166666667"))));
    assert_eq!(live.note, "Khảo sát chưa kết thúc, kết quả còn thay đổi.");
    assert_eq!(last.layers.survey, Some(Score::complete(points("3.166666667"))));
    assert_eq!(last.note, "");
}

#[test]
fn options_are_not_weighed_while_any_answer_is_known_only_as_a_sum() {
    let mut before = chosen("06652", [9, 9, 9, 9]);
    if let Fact::Tallied { counts, .. } = &mut before {
        counts[0].2.counts.clear();
    }

    let node = node([opened(), chosen("06649", [10, 4, 0, 1]), before, closed()], "T-2018/8");

    assert_eq!((node.layers.survey, node.estimate), (None, None));
    assert_eq!(node.note, "Khảo sát chưa cung cấp số đếm theo từng phương án trả lời.");
}

#[test]
fn answers_that_the_rule_does_not_weigh_leave_the_points_unknown() {
    let mut asked = opened();
    if let Fact::SurveyOpened(survey) = &mut asked {
        let question = survey.questions.values_mut().last().unwrap();
        question.answers[3] = "E".to_owned();
    }

    let node = node([asked, chosen("06649", [10, 4, 0, 1]), closed()], "T-2018/8");

    assert_eq!(node.layers.survey.and_then(|score| score.points), None);
    let why = "Có câu trả lời ngoài các phương án của quy tắc nên chưa tính được điểm.";
    assert_eq!(node.note, why);
}

#[test]
fn few_answers_are_withheld_and_nothing_can_be_told_from_the_score() {
    let node = node([opened(), tallied(&[("Q1", "06649", 9, 9)]), closed()], "T-2018/3");

    assert_eq!((node.estimate, node.layers.survey), (None, None));
    assert_eq!(node.note, "Có dưới 10 câu trả lời nên chưa hiển thị kết quả khảo sát.");
}

#[test]
fn a_baseline_is_what_the_plan_says_before_what_was_published() {
    let implied = node([], "T-2018/1");
    let published = node([], "T-2018/3");

    assert_eq!(implied.baseline, Some((points("7.5"), BaselineBasis::Implied)));
    assert_eq!(implied.baseline_rank, Some(3));
    assert_eq!(published.baseline, Some((points("4"), BaselineBasis::Published)));
    assert_eq!(node([], "T-2018/2").baseline, None);
}

#[test]
fn a_stated_total_stands_beside_what_its_parts_add_up_to() {
    let whole = node([], "T-2018/0");

    assert_eq!(whole.target, Some(points("25")));
    assert_eq!(whole.computed_target, Some("28".parse().unwrap()));
    assert!(whole.findings.iter().any(|finding| finding.kind == FindingKind::SumOfTargets));
    assert_eq!(whole.lead_name, "Sở Nội vụ");
    assert_eq!(whole.verdicts.rank.unwrap().verdict, Verdict::NotAssessable);
}

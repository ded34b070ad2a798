//! Every kind of rule, said in both languages.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
use serde_json::{Value, json};

use super::*;

fn said(rule: Value) -> [String; 2] {
    let read: Rule = serde_json::from_value(rule).unwrap();
    [super::rule(&read), rule_en(&read)]
}

#[test]
fn what_a_person_finds_is_said_with_its_points() {
    let states = json!({ "kind": "states", "states": [
        { "title": "Đúng hạn", "title_en": "In time", "points": "1" },
        { "title": "Trễ", "title_en": "Late", "points": "0.5" }] });
    let judged = json!({ "kind": "conjunction", "conditions": [
        { "title": "Đủ báo cáo", "title_en": "All reports" },
        { "title": "Đúng hạn", "title_en": "In time" }] });

    assert_eq!(
        said(json!({ "kind": "assessed" })),
        [
            "Điểm do đơn vị tự đánh giá hoặc cơ quan thẩm định xác định, có tài liệu kiểm chứng",
            "Points given by the unit itself or by the appraisers, with evidence"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "yes-no" })),
        ["Đạt: điểm tối đa; không đạt: 0 điểm", "Met: the maximum; not met: 0 points"]
    );
    assert_eq!(
        said(states),
        [
            "Điểm theo kết quả xác định: Đúng hạn: 1 điểm; Trễ: 0,5 điểm",
            "Points by what is found: In time: 1 point; Late: 0.5 points"
        ]
    );
    assert_eq!(
        said(judged),
        [
            "Điểm tối đa khi đạt tất cả các điều kiện, nếu không 0 điểm: Đủ báo cáo; Đúng hạn",
            "The maximum when every condition holds, otherwise 0 points: All reports; In time"
        ]
    );
}

#[test]
fn expressions_stand_in_brackets_behind_their_words() {
    let term = json!({ "name": "r", "variable": "SHARE", "measure": "share", "title": "tỷ lệ",
                       "title_en": "the share" });
    let formula = json!({ "kind": "formula", "variables": [term], "cases": [
        { "text": "đạt", "text_en": "met", "when": "r >= 90%", "points": "maximum" },
        { "text": "còn lại", "text_en": "otherwise", "points": "r * maximum" }] });
    let conditions = json!({ "kind": "conjunction", "variables": [term], "conditions": [
        { "title": "đạt", "title_en": "met", "when": "r >= 90%" }] });

    assert_eq!(
        said(formula),
        [
            "Điểm theo công thức: đạt [r >= 90%: maximum]; còn lại [r * maximum]; trong đó r = tỷ lệ",
            "Points by formula: met [r >= 90%: maximum]; otherwise [r * maximum]; where r = the share"
        ]
    );
    let [vi, en] = said(conditions);
    assert!(vi.ends_with(": đạt [r >= 90%]") && en.ends_with(": met [r >= 90%]"), "{vi} {en}");
}

#[test]
fn a_proportion_names_its_target_its_floor_and_where_points_are_full() {
    let linear = |more: &[(&str, &str)]| {
        let mut rule = json!({ "kind": "linear", "target": "95" });
        for (field, percent) in more {
            rule[*field] = json!(percent);
        }
        said(rule)
    };

    assert_eq!(
        linear(&[]),
        [
            "Từ 95% trở lên: điểm tối đa; thấp hơn: tính theo tỷ lệ",
            "From 95% on: the maximum; less: in proportion"
        ]
    );
    assert_eq!(
        linear(&[("floor", "50"), ("ceiling", "92.5")]),
        [
            "Từ 92,5% trở lên: điểm tối đa; thấp hơn: tính theo tỷ lệ so với 95%; dưới 50%: 0 điểm",
            "From 92.5% on: the maximum; less: in proportion to 95%; under 50%: 0 points"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "share" })),
        [
            "Điểm bằng tỷ lệ phần trăm đạt được nhân với điểm tối đa",
            "The share in per cent of the maximum"
        ]
    );
}

#[test]
fn bands_say_which_end_is_theirs() {
    let bands = json!([
        { "to": { "percent": "70", "inclusive": false }, "points": "0" },
        { "from": { "percent": "70", "inclusive": true },
          "to": { "percent": "90", "inclusive": true }, "points": "1" },
        { "from": { "percent": "90", "inclusive": false }, "points": "2" }]);
    let last = |to: Value| said(json!({ "kind": "bands", "bands": [to] }));

    let [vi, en] = said(json!({ "kind": "bands", "bands": bands }));
    let [other, other_en] = said(json!({ "kind": "external", "index": "SIPAS", "bands": bands }));

    let said_of = "dưới 70%: 0 điểm; từ 70% đến 90%: 1 điểm; trên 90%: 2 điểm";
    assert_eq!(vi, format!("Điểm theo mức tỷ lệ: {said_of}"));
    assert_eq!(other, format!("Điểm theo giá trị SIPAS đã công bố: {said_of}"));
    let said_of = "under 70%: 0 points; from 70% up to 90%: 1 point; over 90%: 2 points";
    assert_eq!(en, format!("Points by the band of the share: {said_of}"));
    assert_eq!(other_en, format!("Points by SIPAS as published: {said_of}"));
    let most = json!({ "to": { "percent": "90", "inclusive": true }, "points": "2" });
    assert!(last(most)[0].ends_with(": không quá 90%: 2 điểm"));
    assert!(last(json!({ "points": "2" }))[1].ends_with(": any share: 2 points"));
}

#[test]
fn ladders_end_with_what_less_gives() {
    let steps = json!([{ "at_least": "2", "points": "1" }, { "at_least": "5.5", "points": "3" }]);

    assert_eq!(
        said(json!({ "kind": "count-steps", "steps": steps })),
        [
            "Điểm theo số lượng: từ 2: 1 điểm; từ 5,5: 3 điểm; thấp hơn: 0 điểm",
            "Points by count: from 2: 1 point; from 5.5: 3 points; less: 0 points"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "growth-steps", "steps": steps })),
        [
            "Điểm theo mức tăng so với năm trước: tăng từ 2%: 1 điểm; tăng từ 5,5%: 3 điểm; thấp hơn: 0 điểm",
            "Points by growth over last year: up by 2%: 1 point; up by 5.5%: 3 points; less: 0 points"
        ]
    );
}

#[test]
fn answers_other_indices_and_what_is_added_or_taken_are_said_with_their_worth() {
    let options = json!({ "kind": "options", "options": [
        { "option": "A", "title": "Tốt", "title_en": "Good", "percent": "100" }] });
    let [vi, en] = said(options);
    assert!(vi.ends_with(": A (Tốt): 100%") && en.ends_with(": A (Good): 100%"), "{vi} {en}");
    assert_eq!(
        said(json!({ "kind": "satisfaction" })),
        [
            "Tỷ lệ câu trả lời hài lòng và rất hài lòng nhân với điểm tối đa",
            "The share of satisfied and very satisfied answers of the maximum"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "external", "index": "SIPAS" })),
        [
            "Giá trị SIPAS đã công bố (%) nhân với điểm tối đa",
            "SIPAS as published (%), of the maximum"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "bonus", "each": "0.5", "cap": "2" })),
        [
            "Cộng 0,5 điểm cho mỗi đơn vị đếm, tối đa 2",
            "0.5 points for each one counted, at most 2 points"
        ]
    );
    assert_eq!(
        said(json!({ "kind": "deduction", "each": "1", "cap": "2" })),
        [
            "Điểm tối đa, trừ 1 điểm cho mỗi đơn vị đếm, trừ tối đa 2",
            "The maximum less 1 point for each one counted, at most 2 points"
        ]
    );
}

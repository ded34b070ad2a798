//! What is said of everything that is refused.

use cchc_core::Refusal as _;

use super::*;

fn all_say<const N: usize>(said: [(Wrong, &str); N]) {
    for (wrong, vietnamese) in said {
        assert_eq!(wrong.vietnamese(), vietnamese);
    }
}

#[test]
fn what_is_wrong_with_a_life_names_the_unit_and_the_days() {
    let (unit, other) = (code("204"), code("193"));
    let (from, to) = (date!(2019 - 01 - 01), date!(2020 - 01 - 01));

    all_say([
        (Wrong::ValidityEmpty(unit.clone()), "đơn vị 204 kết thúc trước khi bắt đầu"),
        (
            Wrong::StandingsOverlap { unit: unit.clone(), until: to },
            "giai đoạn đến 2020-01-01 của 204 chồng lên giai đoạn trước hoặc sau",
        ),
        (
            Wrong::StandingsGap { unit: unit.clone(), from, to },
            "từ 2019-01-01 đến trước 2020-01-01 chưa rõ 204 thuộc đâu, tên gì",
        ),
        (
            Wrong::HistoryTooLong { unit: unit.clone() },
            "lịch sử của 204 quá dài: tối đa 50 giai đoạn, căn cứ tối đa 1000 ký tự",
        ),
        (Wrong::ReferenceMissing(unit.clone()), "thay đổi của 204 chưa nêu văn bản quyết định"),
        (
            Wrong::SuccessorsWithoutEnd(unit.clone()),
            "204 có đơn vị kế thừa nhưng không có ngày kết thúc",
        ),
        (
            Wrong::SuccessorNotThere { unit: unit.clone(), successor: other, day: to },
            "193, đơn vị kế thừa 204, không tồn tại vào ngày 2020-01-01",
        ),
        (Wrong::Twice(unit.clone()), "mã 204 bị lặp"),
        (
            Wrong::ShareMissing(unit.clone()),
            "mới nêu tỷ lệ của một số đơn vị kế thừa 204, chưa nêu của đơn vị khác",
        ),
        (Wrong::ShareOutOfRange(unit.clone()), "tỷ lệ kế thừa 204 phải lớn hơn 0 và không quá 1"),
        (
            Wrong::SharesNotOne { unit: unit.clone(), sum: "0.9".parse().unwrap() },
            "các tỷ lệ kế thừa 204 cộng lại là 0,9, không phải 1",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_a_place_names_the_unit_and_the_one_above() {
    let (unit, other) = (code("204"), code("193"));

    all_say([
        (Wrong::ParentUnknown(unit.clone()), "không có đơn vị cấp trên 204"),
        (
            Wrong::PrecedesParent { unit: unit.clone(), parent: other.clone() },
            "204 thuộc 193 khi đơn vị này chưa được thành lập",
        ),
        (
            Wrong::OutlivesParent { unit: unit.clone(), parent: other.clone() },
            "204 vẫn thuộc 193 sau khi đơn vị này đã kết thúc",
        ),
        (Wrong::Cycle(unit.clone()), "đơn vị 204 tự nằm trên chính mình"),
        (Wrong::NotInProvince(code("22")), "không thuộc tỉnh 22"),
    ]);
}

#[test]
fn what_is_wrong_with_a_change_names_the_unit_and_the_day() {
    let (unit, other) = (code("204"), code("193"));
    let (from, to) = (date!(2019 - 01 - 01), date!(2020 - 01 - 01));

    all_say([
        (Wrong::Unknown(unit.clone()), "không có đơn vị 204"),
        (
            Wrong::BeforeBeginning { unit: unit.clone(), from },
            "204 bắt đầu ngày 2019-01-01, thay đổi phải sau ngày đó",
        ),
        (Wrong::Ended { unit: unit.clone(), to }, "204 kết thúc từ ngày 2020-01-01"),
        (
            Wrong::OutOfOrder { unit: unit.clone(), last: to },
            "204 đã thay đổi ngày 2020-01-01; muốn sửa trước đó phải nạp lại đơn vị",
        ),
        (Wrong::CodeReused(unit.clone()), "mã 204 là của một đơn vị khác"),
        (
            Wrong::ParentNotThere { parent: other, day: to },
            "193 không tồn tại vào ngày 2020-01-01 nên không thể là đơn vị cấp trên",
        ),
        (
            Wrong::ChildNotPlaced(unit.clone()),
            "204 thuộc đơn vị kết thúc nhưng chưa nêu chuyển về đâu",
        ),
        (Wrong::NotAChild { child: code("06649"), unit }, "06649 không trực thuộc 204"),
        (Wrong::TooFew(2), "phải nêu ít nhất 2 đơn vị"),
    ]);
}

#[test]
fn the_unit_beside_the_one_at_fault_is_named_with_the_field_that_matters() {
    let (unit, other) = (code("204"), code("193"));
    let day = date!(2019 - 01 - 01);
    let at = province().unit(&unit).unwrap().clone();
    let named = |wrong: Wrong| {
        let fault = UnitFault::new(&at, "parent_code", wrong);
        fault.other().map(|(unit, field)| (unit.clone(), field))
    };

    let (child, parent) = (|| unit.clone(), || other.clone());
    let outlives = Wrong::OutlivesParent { unit: child(), parent: parent() };
    let precedes = Wrong::PrecedesParent { unit: child(), parent: parent() };
    let gone = Wrong::SuccessorNotThere { unit: child(), successor: parent(), day };
    assert_eq!(named(outlives), Some((parent(), "valid_to_date")));
    assert_eq!(named(precedes), Some((parent(), "valid_from_date")));
    assert_eq!(named(gone), Some((parent(), "valid_to_date")));
    assert_eq!(named(Wrong::Cycle(child())), None);
}

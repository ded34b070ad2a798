//! What reports do to what is known of a variable, unit and period.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::WindowStart;
use cchc_scoring::{
    catalogue::{UnitKind, UnitSelector},
    variable::{Collection, Missing},
};
use time::macros::date;

use super::*;

fn variable(measure: Measure) -> Variable {
    Variable {
        code: "COMMUNE-OFFICIALS".parse().unwrap(),
        title: String::new(),
        title_en: String::new(),
        measure,
        numerator: String::new(),
        denominator: None,
        reporters: UnitSelector::Kinds(vec![UnitKind::Commune]),
        collection: Collection::default(),
        window_start_day: WindowStart::CALENDAR,
        missing: Missing::default(),
    }
}

fn unit(kind: UnitKind) -> Unit {
    Unit {
        code: "06649".parse().unwrap(),
        parent: None,
        kind,
        name: String::new(),
        valid_from: None,
        valid_to: Some(date!(2020 - 01 - 01)),
        earlier: Vec::new(),
        successors: Vec::new(),
        end_reference: String::new(),
    }
}

fn report(content: Content) -> MeasurementReport {
    let key = Key {
        variable: "COMMUNE-OFFICIALS".parse().unwrap(),
        unit: "06649".parse().unwrap(),
        period: "2018".parse().unwrap(),
    };
    MeasurementReport { key, content, evidence: Text::new("").unwrap() }
}

fn reported(numerator: &str, denominator: Option<&str>) -> Content {
    Content::Reported {
        numerator: numerator.parse().unwrap(),
        denominator: denominator.map(|text| text.parse().unwrap()),
    }
}

fn stamp() -> Stamp {
    Stamp::of("cán bộ", date!(2018 - 12 - 15))
}

/// Decides with everything right but the numbers.
fn decide(
    measure: Measure,
    content: Content,
    present: Option<&Measurement>,
) -> Result<Change<Measurement>, Violations> {
    let commune = unit(UnitKind::Commune);
    report(content).decide(Some(&variable(measure)), Some(&commune), present, &stamp())
}

fn reasons<T: std::fmt::Debug>(refused: Result<T, Violations>) -> Vec<&'static str> {
    refused.unwrap_err().as_slice().iter().map(|violation| violation.reason).collect()
}

#[test]
fn a_report_is_corrected_taken_back_and_given_anew() {
    let steps = [
        reported("19", Some("20")),
        reported("18", Some("20")),
        Content::Retracted,
        reported("18", Some("20")),
    ];
    let mut present: Option<Measurement> = None;

    for content in steps {
        let change = decide(Measure::Share, content, present.as_ref()).unwrap();
        assert_eq!(matches!(change, Change::First(_)), present.is_none());
        let (Change::First(next) | Change::Next(next)) = change else { panic!("{change:?}") };
        assert_eq!(decide(Measure::Share, content, Some(&next)), Ok(Change::Same));
        present = Some(next);
    }

    assert_eq!(present.unwrap().version, 4);
}

#[test]
fn numbers_written_differently_are_the_same_numbers() {
    let Ok(Change::First(present)) = decide(Measure::Share, reported("1.50", Some("2")), None)
    else {
        panic!("it is new")
    };

    let again = decide(Measure::Share, reported("1.5", Some("2.000")), Some(&present));

    assert_eq!(again, Ok(Change::Same));
}

#[test]
fn each_measure_has_its_numbers() {
    let refused = |measure, content| reasons(decide(measure, content, None));

    assert_eq!(refused(Measure::Share, reported("1", None)), ["DENOMINATOR_MISSING"]);
    assert_eq!(refused(Measure::Growth, reported("1", None)), ["DENOMINATOR_MISSING"]);
    assert_eq!(refused(Measure::Count, reported("1", Some("2"))), ["DENOMINATOR_UNEXPECTED"]);
    assert_eq!(refused(Measure::Share, reported("2", Some("1"))), ["NUMERATOR_ABOVE_DENOMINATOR"]);
    for (measure, content) in [
        (Measure::Growth, reported("2", Some("1"))),
        (Measure::Share, reported("0", Some("0"))),
        (Measure::Share, reported("2", Some("2"))),
        (Measure::Count, reported("0", None)),
    ] {
        assert!(decide(measure, content, None).is_ok(), "{content:?}");
    }
}

#[test]
fn only_those_report_who_are_asked_in_a_year_they_exist() {
    let (variable, content) = (variable(Measure::Count), reported("1", None));
    let refused = |report: &MeasurementReport, unit: Option<&Unit>| {
        reasons(report.decide(Some(&variable), unit, None, &stamp()))
    };
    let mut later = report(content);
    later.key.period = "2020".parse().unwrap();

    assert_eq!(refused(&report(content), None), ["UNIT_DOES_NOT_REPORT"]);
    let district = unit(UnitKind::District);
    assert_eq!(refused(&report(content), Some(&district)), ["UNIT_DOES_NOT_REPORT"]);
    let gone = unit(UnitKind::Commune);
    assert_eq!(refused(&later, Some(&gone)), ["UNIT_DOES_NOT_REPORT"]);
    assert_eq!(
        reasons(report(content).decide(None, Some(&gone), None, &stamp())),
        ["VARIABLE_NOT_FOUND"]
    );
}

#[test]
fn nothing_is_taken_back_that_is_not_there() {
    let Ok(Change::First(first)) = decide(Measure::Count, reported("1", None), None) else {
        panic!("it is new")
    };
    let Ok(Change::Next(taken_back)) = decide(Measure::Count, Content::Retracted, Some(&first))
    else {
        panic!("it is taken back")
    };
    let mut otherwise = report(Content::Retracted);
    otherwise.evidence = Text::new("Công văn 12").unwrap();
    let (variable, commune) = (variable(Measure::Count), unit(UnitKind::Commune));

    let never = decide(Measure::Count, Content::Retracted, None);
    let twice = otherwise.decide(Some(&variable), Some(&commune), Some(&taken_back), &stamp());

    assert_eq!(reasons(never), ["NOTHING_TO_RETRACT"]);
    assert_eq!(reasons(twice), ["NOTHING_TO_RETRACT"]);
}

#[test]
fn a_period_that_can_never_count_is_refused_and_what_was_taken_in_before_may_be_taken_back() {
    let commune = unit(UnitKind::Commune);
    let pushed = |collection, period: &str, content| {
        let variable = Variable { collection, ..variable(Measure::Count) };
        let mut report = report(content);
        report.key.period = period.parse().unwrap();
        report.decide(Some(&variable), Some(&commune), None, &stamp())
    };
    let count = || reported("3", None);
    let said = |refused: Result<Change<Measurement>, Violations>| {
        let refused = refused.unwrap_err();
        let [one] = refused.as_slice() else { panic!("one: {refused:?}") };
        (one.path.clone(), one.reason, one.vietnamese.clone())
    };

    let (path, reason, message) = said(pushed(Collection::WholeYear, "2018-Q1", count()));
    assert_eq!((path.as_str(), reason), ("period", "PERIOD_NEVER_COUNTS"));
    assert_eq!(
        message,
        "số liệu kỳ 2018-Q1 không được tính cho chỉ tiêu COMMUNE-OFFICIALS: chỉ lấy báo cáo cả năm"
    );
    let (_, _, message) = said(pushed(Collection::Cumulative, "2018-Q2", count()));
    assert!(message.ends_with("chỉ lấy báo cáo lũy kế từ đầu năm"), "{message}");
    for (collection, period) in [
        (Collection::Cumulative, "2018-6M"),
        (Collection::Latest, "2018-Q2"),
        (Collection::Periodic, "2018-Q3"),
        (Collection::WholeYear, "2018"),
    ] {
        assert!(pushed(collection, period, count()).is_ok(), "{period}");
    }
    assert_eq!(
        reasons(pushed(Collection::WholeYear, "2018-Q1", Content::Retracted)),
        ["NOTHING_TO_RETRACT"]
    );
}

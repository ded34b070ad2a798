//! PAPI from 2017 to 2018, and an index that is re-issued every year.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use super::*;
use crate::edition::sample::{crosswalk, edition};

fn known(node: &str, year: i32, points: &str, basis: Basis) -> Known {
    Known {
        node: node.parse().unwrap(),
        year: Year::new(year).unwrap(),
        points: Some(points).filter(|p| !p.is_empty()).map(|p| p.parse().unwrap()),
        basis,
        reference: String::new(),
    }
}

/// Six dimensions of ten points, then eight.
fn papi() -> (Vec<Index>, Crosswalk) {
    let six =
        [("0", "60"), ("1", "10"), ("2", "10"), ("3", "10"), ("4", "10"), ("5", "10"), ("6", "10")];
    let mut eight = six.to_vec();
    eight[0] = ("0", "80");
    eight.extend([("7", "10"), ("8", "10")]);
    let mut links: Vec<Value> = (1..=6)
        .map(|n| json!({ "kind": "same", "from": [n.to_string()], "to": [n.to_string()] }))
        .collect();
    links.push(json!({ "kind": "dropped", "from": ["0"], "reason": "thang 60 điểm" }));
    let why = "thêm hai trục nội dung: không so sánh tổng điểm";
    links.extend(["0", "7", "8"].map(|n| json!({ "kind": "new", "to": [n], "reason": why })));
    (vec![edition(2018, &eight), edition(2017, &six)], crosswalk(2017, &json!(links)))
}

/// Node, points and step of each entry, in short.
fn shown(series: &Series) -> Vec<String> {
    let step = |step: &Step| match step {
        Step::First => "first".to_owned(),
        Step::Chained(chain) => {
            let change = |change: Option<Decimal>| change.map_or("?".to_owned(), |c| c.to_string());
            let parts = if chain.parts_changed { " parts changed" } else { "" };
            let (points, ratio) = (change(chain.points_change), change(chain.ratio_change));
            format!("{:?} {points} {ratio}%{parts}", chain.link)
        }
        Step::Break(why) => {
            let nodes: Vec<String> = why.nodes.iter().map(ToString::to_string).collect();
            format!("break {:?} {}", why.kind, nodes.join(","))
        }
    };
    let points = |entry: &Entry| entry.points().map_or("?".to_owned(), |points| points.to_string());
    let entries = series.entries.iter();
    entries.map(|e| format!("{} {} {} {}", e.node, e.year, points(e), step(&e.step))).collect()
}

fn follow(node: &str, editions: &[Index], crosswalks: &[Crosswalk], values: &[Known]) -> Series {
    series(&node.parse().unwrap(), editions, crosswalks, values).unwrap()
}

#[test]
fn papis_totals_of_2017_and_2018_stand_beside_each_other_and_are_not_compared() {
    let (editions, crosswalk) = papi();
    let values = [
        known("T-2017/0", 2017, "36.7198", Basis::Published),
        known("T-2018/0", 2018, "46", Basis::Published),
    ];

    for anchor in ["T-2017/0", "T-2018/0"] {
        let total = follow(anchor, &editions, std::slice::from_ref(&crosswalk), &values);

        let expected =
            if anchor == "T-2017/0" { "break New T-2018/0" } else { "break New T-2017/0" };
        assert_eq!(
            shown(&total),
            ["T-2017/0 2017 36.7198 first".to_owned(), format!("T-2018/0 2018 46 {expected}")]
        );
        let Step::Break(why) = &total.entries[1].step else { panic!("{total:?}") };
        assert_eq!(why.reason, "thêm hai trục nội dung: không so sánh tổng điểm");
        assert_eq!(total.entries[0].ratio.unwrap().to_string(), "61.199666667");
    }
}

#[test]
fn a_dimension_that_was_declared_the_same_is_chained() {
    let (editions, crosswalk) = papi();
    let values = [
        known("T-2017/1", 2017, "5.9089", Basis::Published),
        known("T-2018/1", 2018, "5.86", Basis::Published),
    ];

    let first = follow("T-2018/1", &editions, &[crosswalk], &values);

    let expected = ["T-2017/1 2017 5.9089 first", "T-2018/1 2018 5.86 Same -0.0489 -0.489%"];
    assert_eq!(shown(&first), expected);
    assert_eq!(first.ended, None);
}

#[test]
fn a_new_dimension_has_no_past_and_says_so() {
    let (editions, crosswalk) = papi();

    let seventh = follow("T-2018/7", &editions, &[crosswalk], &[]);

    assert_eq!(shown(&seventh), ["T-2018/7 2018 ? break New "]);
}

#[test]
fn without_a_crosswalk_nothing_is_compared_and_nothing_below_a_dimension_is_shown() {
    let editions = [
        edition(2017, &[("0", "2"), ("1", "2"), ("1.1", "2")]),
        edition(2018, &[("0", "2"), ("1", "2"), ("1.1", "2")]),
    ];
    let values = [
        known("T-2017/1", 2017, "1", Basis::Published),
        known("T-2018/1", 2018, "2", Basis::Published),
    ];

    let dimension = follow("T-2018/1", &editions, &[], &values);
    let criterion = follow("T-2017/1.1", &editions, &[], &values);

    let expected = ["T-2017/1 2017 1 first", "T-2018/1 2018 2 break Unmapped T-2017/1"];
    assert_eq!(shown(&dimension), expected);
    let earlier = follow("T-2017/1", &editions, &[], &values);
    let expected = ["T-2017/1 2017 1 first", "T-2018/1 2018 2 break Unmapped T-2018/1"];
    assert_eq!(shown(&earlier), expected);
    assert_eq!(shown(&criterion), ["T-2017/1.1 2017 ? first"]);
    assert_eq!(criterion.ended.unwrap().kind, BreakKind::Unmapped);
}

/// A node that is rescaled, then merged, then split.
fn reissued() -> (Vec<Index>, Vec<Crosswalk>) {
    let editions = vec![
        edition(2016, &[("0", "10"), ("1", "4"), ("2", "6")]),
        edition(2017, &[("0", "10"), ("1", "5"), ("2", "5")]),
        edition(2018, &[("0", "10"), ("1", "10")]),
        edition(2019, &[("0", "10"), ("1", "5"), ("2", "5")]),
    ];
    let crosswalks = vec![
        crosswalk(
            2016,
            &json!([
                { "kind": "same", "from": ["0"], "to": ["0"] },
                { "kind": "rescaled", "from": ["1"], "to": ["1"] },
                { "kind": "rescaled", "from": ["2"], "to": ["2"] },
            ]),
        ),
        crosswalk(
            2017,
            &json!([
                { "kind": "same", "from": ["0"], "to": ["0"] },
                { "kind": "merged", "from": ["1", "2"], "to": ["1"] },
            ]),
        ),
        crosswalk(
            2018,
            &json!([
                { "kind": "same", "from": ["0"], "to": ["0"] },
                { "kind": "split", "from": ["1"], "to": ["1", "2"] },
            ]),
        ),
    ];
    (editions, crosswalks)
}

#[test]
fn another_scale_is_compared_by_ratio_only_and_a_merger_and_a_split_break() {
    let (editions, crosswalks) = reissued();
    let values = [
        known("T-2016/1", 2016, "3", Basis::Published),
        known("T-2017/1", 2017, "4", Basis::Published),
        known("T-2018/1", 2018, "8", Basis::Published),
    ];

    let early = follow("T-2016/1", &editions, &crosswalks, &values);
    let late = follow("T-2019/2", &editions, &crosswalks, &values);

    let expected = [
        "T-2016/1 2016 3 first",
        "T-2017/1 2017 4 Rescaled ? 5%",
        "T-2018/1 2018 8 break Merged T-2018/1",
    ];
    assert_eq!(shown(&early), expected);
    let ended = early.ended.unwrap();
    assert_eq!((ended.kind, ended.nodes.len()), (BreakKind::Split, 2));
    let expected =
        ["T-2018/1 2018 8 break Merged T-2017/1,T-2017/2", "T-2019/2 2019 ? break Split T-2018/1"];
    assert_eq!(shown(&late), expected);
}

#[test]
fn a_whole_whose_parts_changed_is_compared_with_a_warning() {
    let (editions, crosswalks) = reissued();
    let values = [
        known("T-2016/0", 2016, "7", Basis::Published),
        known("T-2017/0", 2017, "8", Basis::Published),
    ];

    let whole = follow("T-2016/0", &editions, &crosswalks, &values);

    assert_eq!(shown(&whole)[1], "T-2017/0 2017 8 Same 1 10% parts changed");
}

/// Two dimensions that changed places; of what lay below them, links between the parts.
fn renumbered(parts: &[Value]) -> (Vec<Index>, Vec<Crosswalk>) {
    let editions = vec![
        edition(2017, &[("0", "2"), ("1", "1"), ("1.1", "1"), ("1.2", "1"), ("2", "1")]),
        edition(2018, &[("0", "2"), ("1", "1"), ("2", "1"), ("2.1", "1")]),
    ];
    let mut links = vec![
        json!({ "kind": "same", "from": ["0"], "to": ["0"] }),
        json!({ "kind": "same", "from": ["1"], "to": ["2"] }),
        json!({ "kind": "same", "from": ["2"], "to": ["1"] }),
    ];
    links.extend(parts.iter().cloned());
    (editions, vec![crosswalk(2017, &json!(links))])
}

#[test]
fn a_node_that_moved_and_lost_a_part_says_so_from_wherever_it_is_looked_at() {
    let (editions, crosswalks) = renumbered(&[
        json!({ "kind": "same", "from": ["1.1"], "to": ["2.1"] }),
        json!({ "kind": "dropped", "from": ["1.2"] }),
    ]);

    for anchor in ["T-2017/1", "T-2018/2"] {
        let moved = follow(anchor, &editions, &crosswalks, &[]);

        assert_eq!(shown(&moved)[1], "T-2018/2 2018 ? Same ? ?% parts changed", "{anchor}");
    }
    let other = follow("T-2018/1", &editions, &crosswalks, &[]);
    assert_eq!(shown(&other)[1], "T-2018/1 2018 ? Same ? ?%");
}

#[test]
fn a_part_that_went_to_another_node_changes_both() {
    let editions = [
        edition(2017, &[("0", "2"), ("1", "1"), ("1.1", "1"), ("1.2", "1"), ("2", "1")]),
        edition(2018, &[("0", "2"), ("1", "1"), ("1.1", "1"), ("2", "1"), ("2.1", "1")]),
    ];
    let same = |from: &str, to: &str| json!({ "kind": "same", "from": [from], "to": [to] });
    let links = [("0", "0"), ("1", "1"), ("2", "2"), ("1.1", "1.1"), ("1.2", "2.1")];
    let links: Vec<Value> = links.iter().map(|(from, to)| same(from, to)).collect();
    let crosswalks = [crosswalk(2017, &json!(links))];

    let steps = ["T-2017/0", "T-2017/1", "T-2018/2"]
        .map(|node| shown(&follow(node, &editions, &crosswalks, &[]))[1].clone());

    assert_eq!(
        steps,
        [
            "T-2018/0 2018 ? Same ? ?%",
            "T-2018/1 2018 ? Same ? ?% parts changed",
            "T-2018/2 2018 ? Same ? ?% parts changed",
        ]
    );
}

#[test]
fn a_crosswalk_to_a_node_that_is_not_there_leads_nowhere() {
    let editions = [edition(2017, &[("0", "1"), ("1", "1")]), edition(2018, &[("0", "1")])];
    let links = json!([{ "kind": "same", "from": ["1"], "to": ["7"] }]);

    let lost = follow("T-2017/1", &editions, &[crosswalk(2017, &links)], &[]);

    assert_eq!(shown(&lost), ["T-2017/1 2017 ? first"]);
}

#[test]
fn of_two_figures_the_better_one_counts_and_of_equally_good_ones_the_first() {
    let editions = [edition(2017, &[("0", "10")])];
    let of = |said: &[(&str, Basis)]| {
        let values: Vec<Known> =
            said.iter().map(|(points, basis)| known("T-2017/0", 2017, points, *basis)).collect();
        shown(&follow("T-2017/0", &editions, &[], &values)).remove(0)
    };

    let better = [("5", Basis::Stated), ("6", Basis::Published), ("7", Basis::Stated)];
    assert_eq!(of(&better), "T-2017/0 2017 6 first");
    let alike = [("5", Basis::Published), ("6", Basis::Published)];
    assert_eq!(of(&alike), "T-2017/0 2017 5 first");
}

#[test]
fn what_is_withheld_or_unknown_makes_no_movement_and_no_zero() {
    let (editions, crosswalk) = papi();
    let values = [
        known("T-2017/2", 2017, "5.85", Basis::Published),
        known("T-2018/2", 2018, "", Basis::Published),
    ];

    let second = follow("T-2017/2", &editions, &[crosswalk], &values);

    assert_eq!(shown(&second), ["T-2017/2 2017 5.85 first", "T-2018/2 2018 ? Same ? ?%"]);
}

#[test]
fn a_baseline_on_the_new_scale_is_followed_within_its_edition() {
    let (editions, crosswalk) = papi();
    let values = [
        known("T-2017/1", 2017, "5.9089", Basis::Published),
        known("T-2018/1", 2017, "5.92", Basis::Stated),
        known("T-2018/1", 2017, "5.91", Basis::Published),
        known("T-2018/1", 2018, "6.4", Basis::Given),
    ];

    let first = follow("T-2018/1", &editions, &[crosswalk], &values);

    let expected = [
        "T-2017/1 2017 5.9089 first",
        "T-2018/1 2017 5.91 Same ? ?%",
        "T-2018/1 2018 6.4 SameEdition 0.49 4.9%",
    ];
    assert_eq!(shown(&first), expected);
}

#[test]
fn of_two_crosswalks_the_one_published_later_counts() {
    let (editions, mut crosswalk) = papi();
    let first = crosswalk.clone();
    crosswalk.code = "T-2017-2018-B".parse().unwrap();
    crosswalk.links[0] =
        serde_json::from_value(json!({ "kind": "dropped", "from": ["1"] })).unwrap();
    crosswalk.links.push(serde_json::from_value(json!({ "kind": "new", "to": ["1"] })).unwrap());

    let corrected = follow("T-2018/1", &editions, &[first, crosswalk], &[]);

    assert_eq!(shown(&corrected), ["T-2018/1 2018 ? break New "]);
}

#[test]
fn a_node_that_no_edition_has_makes_no_series() {
    let (editions, _) = papi();

    assert_eq!(series(&"T-2018/9".parse().unwrap(), &editions, &[], &[]), None);
}

#[test]
fn crosswalks_that_lead_round_in_a_circle_end() {
    let editions = [edition(2017, &[("0", "1")]), edition(2018, &[("0", "1")])];
    let links = json!([{ "kind": "same", "from": ["0"], "to": ["0"] }]);
    let mut back = crosswalk(2017, &links);
    std::mem::swap(&mut back.from, &mut back.to);

    let whole = follow("T-2017/0", &editions, &[crosswalk(2017, &links), back], &[]);

    assert_eq!(whole.entries.len(), 2);
}

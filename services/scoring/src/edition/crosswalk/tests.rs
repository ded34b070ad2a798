//! A sound crosswalk, and each way of spoiling it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use super::*;
use crate::edition::sample::{crosswalk, edition};

fn before() -> Index {
    edition(2017, &[("0", "14"), ("1", "5"), ("2", "4"), ("3", "2"), ("4", "2"), ("5", "1")])
}

fn after() -> Index {
    edition(2018, &[("0", "14"), ("1", "5"), ("2", "3"), ("3", "4"), ("6", "1"), ("7", "1")])
}

fn sound() -> Value {
    json!([
        { "kind": "same", "from": ["0"], "to": ["0"] },
        { "kind": "same", "from": ["1"], "to": ["1"] },
        { "kind": "rescaled", "from": ["2"], "to": ["2"] },
        { "kind": "merged", "from": ["3", "4"], "to": ["3"] },
        { "kind": "split", "from": ["5"], "to": ["6", "7"] },
    ])
}

fn faults_between(from: &Index, to: &Index, links: &Value) -> Vec<String> {
    let found = check_crosswalk(&crosswalk(2017, links), from, to);
    found.into_iter().map(|fault| format!("{} {}", fault.path, fault.reason)).collect()
}

fn faults(links: &Value) -> Vec<String> {
    faults_between(&before(), &after(), links)
}

#[test]
fn a_crosswalk_that_speaks_of_every_node_once_can_be_published() {
    assert_eq!(faults(&sound()), [] as [&str; 0]);
}

#[test]
fn what_is_left_out_twice_said_or_unknown_is_refused_together() {
    let mut links = sound();
    links[1] = json!({ "kind": "same", "from": ["9"], "to": ["0"] });

    let expected = [
        "links[1].from_node_codes[0] NODE_UNKNOWN",
        "links NODE_LEFT_OUT",
        "links[1].to_node_codes[0] DUPLICATE",
        "links NODE_LEFT_OUT",
    ];
    assert_eq!(faults(&links), expected);
}

#[test]
fn each_kind_takes_its_own_number_of_nodes() {
    for kind in LinkKind::ALL {
        let kind = serde_json::to_value(kind).unwrap();
        let links = json!([{ "kind": kind, "from": ["1", "2"], "to": ["1", "2"] }]);

        assert!(faults(&links).contains(&"links[0] LINK_SIDES".to_owned()), "{kind}");
    }
}

#[test]
fn of_all_numbers_of_nodes_a_kind_takes_its_own_and_no_other() {
    let codes = |count: usize| -> Vec<String> { (1..=count).map(|n| n.to_string()).collect() };
    let taken = |kind: LinkKind| {
        let all = (0..=3).flat_map(|from| (0..=3).map(move |to| (from, to)));
        let link = |(from, to): &(usize, usize)| -> Link {
            let link = json!({ "kind": kind, "from": codes(*from), "to": codes(*to) });
            serde_json::from_value(link).unwrap()
        };
        all.filter(|counts| sides(&link(counts)).is_none()).collect::<Vec<_>>()
    };

    assert_eq!(taken(LinkKind::Same), [(1, 1)]);
    assert_eq!(taken(LinkKind::Rescaled), [(1, 1)]);
    assert_eq!(taken(LinkKind::Split), [(1, 2), (1, 3)]);
    assert_eq!(taken(LinkKind::Merged), [(2, 1), (3, 1)]);
    assert_eq!(taken(LinkKind::Dropped), [(1, 0)]);
    assert_eq!(taken(LinkKind::New), [(0, 1)]);
}

#[test]
fn each_kind_says_in_both_languages_what_it_takes() {
    let links = json!([
        { "kind": "same" }, { "kind": "rescaled" }, { "kind": "split" }, { "kind": "merged" },
        { "kind": "dropped" }, { "kind": "new" },
    ]);

    let found = check_crosswalk(&crosswalk(2017, &links), &before(), &after());

    let said: Vec<_> = found
        .iter()
        .filter(|fault| fault.reason == "LINK_SIDES")
        .map(|fault| (fault.english.as_str(), fault.vietnamese.as_str()))
        .collect();
    let one = ("takes one node on either side", "phải có đúng một mục ở mỗi bên");
    assert_eq!(
        said,
        [
            one,
            one,
            (
                "takes one earlier node and at least two later ones",
                "tách thì phải có một mục cũ và ít nhất hai mục mới"
            ),
            (
                "takes at least two earlier nodes and one later one",
                "gộp thì phải có ít nhất hai mục cũ và một mục mới"
            ),
            ("takes one earlier node and no later one", "bỏ thì chỉ có một mục cũ"),
            ("takes one later node and no earlier one", "mới thì chỉ có một mục mới"),
        ]
    );
}

#[test]
fn a_fault_names_the_editions_and_the_nodes() {
    let (from, to) = (before().code, after().code);
    let node = before().id(&"2".parse().unwrap());
    let (above, below) = ("2".parse().unwrap(), "2.1".parse().unwrap());

    for (fault, vietnamese) in [
        (
            CrosswalkFault::FamiliesDiffer { from: from.clone(), to: to.clone() },
            "T-2017 và T-2018 không phải phiên bản của cùng một bộ chỉ số",
        ),
        (CrosswalkFault::NotLater { from: to, to: from }, "T-2018 không có trước T-2017"),
        (CrosswalkFault::NodeUnknown { node: node.clone() }, "không có mục T-2017/2"),
        (
            CrosswalkFault::NodeLeftOut { node: node.clone() },
            "chưa nêu mục T-2017/2 ứng với mục nào",
        ),
        (CrosswalkFault::NodeTwice { node }, "mục T-2017/2 đã nêu ở một dòng khác"),
        (
            CrosswalkFault::Nested { above, below },
            "mục 2.1 nằm trong mục 2 nên không được nêu cùng một bên",
        ),
        (
            CrosswalkFault::ScaleChanged,
            "nêu là giữ nguyên nhưng thang điểm đã đổi: hãy nêu là đổi thang điểm",
        ),
        (CrosswalkFault::ScaleUnchanged, "nêu là đổi thang điểm nhưng thang điểm không đổi"),
        (
            CrosswalkFault::ScaleUnknown,
            "nêu là đổi thang điểm thì cả hai mục phải có điểm tối đa lớn hơn 0",
        ),
    ] {
        assert_eq!(fault.vietnamese(), vietnamese);
    }
}

#[test]
fn a_scale_that_changed_is_not_the_same_and_one_that_did_not_is_not_rescaled() {
    let mut links = sound();
    links[1]["kind"] = json!("rescaled");
    links[2]["kind"] = json!("same");

    assert_eq!(faults(&links), ["links[1] LINK_SCALE_UNCHANGED", "links[2] LINK_SCALE_CHANGED"]);
}

#[test]
fn rescaling_takes_two_known_maxima() {
    let mut from = before();
    from.nodes[2].max = None;

    assert_eq!(faults_between(&from, &after(), &sound()), ["links[2] LINK_SCALE_UNKNOWN"]);
    from.nodes[2].max = Some(cchc_core::Points::ZERO);
    assert_eq!(faults_between(&from, &after(), &sound()), ["links[2] LINK_SCALE_UNKNOWN"]);
    let mut to = after();
    to.nodes[2].max = None;
    assert_eq!(faults_between(&before(), &to, &sound()), ["links[2] LINK_SCALE_UNKNOWN"]);
}

#[test]
fn nodes_on_one_side_do_not_lie_above_each_other() {
    let to = edition(2018, &[("0", "1"), ("1", "1"), ("1.1", "1")]);
    let from = edition(2017, &[("0", "1"), ("1", "1")]);
    let links = json!([
        { "kind": "same", "from": ["0"], "to": ["0"] },
        { "kind": "split", "from": ["1"], "to": ["1", "1.1"] },
    ]);

    assert_eq!(faults_between(&from, &to, &links), ["links[1] LINK_NESTED"]);
}

#[test]
fn editions_of_other_indices_and_of_other_times_are_not_connected() {
    let mut other = before();
    "PAPI".clone_into(&mut other.family);

    let found = faults_between(&after(), &other, &json!([]));

    assert_eq!(found[..2], ["to_index_code FAMILIES_DIFFER", "to_index_code EDITION_NOT_LATER"]);
}

#[test]
fn an_edition_that_was_issued_again_in_its_year_comes_later_and_none_comes_before_itself() {
    let mut again = after();
    (again.code, again.year) = ("T-2017-B".parse().unwrap(), before().year);

    assert_eq!(faults_between(&before(), &again, &sound()), [] as [&str; 0]);
    let itself = faults_between(&before(), &before(), &json!([]));
    assert_eq!(itself[0], "to_index_code EDITION_NOT_LATER");
}

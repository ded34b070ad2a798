//! The published table of PAPI 2017: 63 provinces, 29 figures each.

use std::collections::BTreeMap;

use cchc_core::{NodeCode, Points, UnitCode};
use cchc_scoring::{
    catalogue::Index,
    rank::Standing,
    results::{
        Figures, ProvinceResult, Ranked, Results, ResultsFindingKind, ResultsSource, check, ranking,
    },
};
use time::macros::date;

const INDEX: &str = include_str!("../../../../deploy/results/papi-2017/index.toml");
const TABLE: &str = include_str!("../../../../deploy/results/papi-2017/table.csv");

fn index() -> Index {
    toml::from_str(INDEX).unwrap()
}

fn code(text: &str) -> NodeCode {
    text.parse().unwrap()
}

fn unit(text: &str) -> UnitCode {
    text.parse().unwrap()
}

/// `D1` is node 1, `SC11` node 1.1.
fn node_of(column: &str) -> Option<NodeCode> {
    let (dimension, part) = column.strip_prefix("SC").unwrap_or_default().split_at_checked(1)?;
    Some(code(&format!("{dimension}.{part}"))).or_else(|| column.strip_prefix('D').map(code))
}

/// The table and the place that it prints for each province.
fn table() -> (Results, BTreeMap<UnitCode, u16>) {
    let mut lines = TABLE.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let (mut provinces, mut places) = (Vec::new(), BTreeMap::new());
    for cells in lines {
        let province = unit(cells.first().unwrap());
        places.insert(province.clone(), cells.last().unwrap().parse().unwrap());
        let columns = header.iter().zip(cells);
        let values = columns.filter_map(|(column, cell)| {
            let node = match *column {
                "total" => Some(code("0")),
                column if column.starts_with('D') => Some(code(column.trim_start_matches('D'))),
                column => node_of(column),
            }?;
            Some((node, Some(cell.parse().unwrap())))
        });
        provinces.push(ProvinceResult { province, values: values.collect() });
    }
    let source = ResultsSource {
        publisher: "PAPI".to_owned(),
        published: date!(2018 - 04 - 01),
        document: "PAPI 2017".to_owned(),
    };
    (Results { index: index().code, source, provinces }, places)
}

fn withhold(results: &mut Results, province: &str, nodes: &[&str]) {
    let row = results.provinces.iter_mut().find(|row| row.province == unit(province)).unwrap();
    for node in nodes {
        row.values.insert(code(node), None);
    }
}

fn of<'a>(ranked: &'a [Ranked], province: &str) -> &'a Ranked {
    ranked.iter().find(|at| at.province == unit(province)).unwrap()
}

#[test]
fn every_sum_of_the_table_is_the_rounded_sum_of_its_finest_parts() {
    let (results, _) = table();

    assert_eq!(results.provinces.iter().map(|row| row.values.len()).sum::<usize>(), 63 * 29);
    assert_eq!(check(&index(), &results), []);
}

#[test]
fn the_table_is_cited_by_document_publisher_and_day() {
    let (results, _) = table();

    assert_eq!(results.source.citation(), "PAPI 2017; PAPI công bố ngày 01/04/2018");
}

#[test]
fn every_place_is_the_published_one() {
    let (results, places) = table();

    let ranked = ranking(&index(), &results, &code("0"));

    let computed = ranked.iter().map(|at| (at.province.clone(), at.standing.unwrap().rank));
    assert_eq!(computed.collect::<BTreeMap<_, _>>(), places);
}

#[test]
fn the_province_that_is_the_median_stands_at_32_in_the_second_group() {
    let (results, _) = table();

    let ranked = ranking(&index(), &results, &code("0"));

    let quang_ninh = of(&ranked, "22");
    assert_eq!(quang_ninh.figure, Some("36.7198".parse().unwrap()));
    assert_eq!(quang_ninh.standing, Some(Standing { rank: 32, of: 63, group: Some(2) }));
    let size = |group| ranked.iter().filter(|at| at.standing.unwrap().group == Some(group)).count();
    assert_eq!([1, 2, 3, 4].map(size), [16, 16, 15, 16]);
}

#[test]
fn each_dimension_is_ranked_and_grouped_for_itself() {
    let (results, _) = table();

    let place = |node: &str| of(&ranking(&index(), &results, &code(node)), "22").standing.unwrap();

    // As published of the province for 2017: 9th, 43rd, 45th and 51st.
    assert_eq!(["1", "3", "5", "6"].map(|node| place(node).rank), [9, 43, 45, 51]);
    assert_eq!(
        ["1", "3", "5", "6"].map(|node| place(node).group),
        [Some(1), Some(3), Some(3), Some(4)]
    );
}

#[test]
fn two_provinces_with_withheld_dimensions_have_no_total_and_61_are_ranked() {
    let (mut results, _) = table();
    withhold(&mut results, "22", &["2", "4", "0"]);
    // Here the table prints what is left as a total, which is a partial sum.
    withhold(&mut results, "87", &["2", "4"]);

    let ranked = ranking(&index(), &results, &code("0"));

    for province in ["22", "87"] {
        assert_eq!((of(&ranked, province).figure, of(&ranked, province).standing), (None, None));
    }
    assert_eq!(ranked.iter().filter(|at| at.standing.is_some_and(|at| at.of == 61)).count(), 61);
    let kinds: Vec<_> = check(&index(), &results).into_iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [ResultsFindingKind::TotalOverWithheld]);
    let first = of(&ranking(&index(), &results, &code("1")), "22").standing.unwrap();
    assert_eq!((first.rank, first.of), (9, 63), "what is not withheld is ranked as before");
}

#[test]
fn a_table_without_totals_gives_them_and_a_withheld_part_takes_them_away() {
    let (mut results, _) = table();
    for row in &mut results.provinces {
        row.values.retain(|node, _| node.depth() == 1);
    }
    withhold(&mut results, "22", &["4"]);

    let total = |province: &str| {
        Figures::new(&index(), results.province(&unit(province)).unwrap()).of(&code("0"))
    };

    assert_eq!(total("01"), Some("34.6314".parse().unwrap()), "the sum of rounded dimensions");
    assert_eq!(total("22"), None);
}

#[test]
fn a_wrong_digit_is_found_and_both_figures_are_named() {
    let (mut results, _) = table();
    let row = results.provinces.iter_mut().find(|row| row.province == unit("22")).unwrap();
    row.values.insert(code("3"), Some("4.8172".parse().unwrap()));
    row.values.insert(code("5.1"), Some("11".parse().unwrap()));
    results.provinces.retain(|row| row.province != unit("01"));

    let found = check(&index(), &results);

    let told: Vec<_> = found
        .iter()
        .map(|found| {
            let node = found.node.as_ref().map_or("", NodeCode::as_str);
            (found.kind, found.province.as_str(), node)
        })
        .collect();
    assert_eq!(
        told,
        [
            (ResultsFindingKind::SumOfParts, "22", "0"),
            (ResultsFindingKind::SumOfParts, "22", "3"),
            (ResultsFindingKind::SumOfParts, "22", "5"),
            (ResultsFindingKind::ProvinceMissing, "01", ""),
        ]
    );
    let third = &found[1];
    assert_eq!(third.stated.unwrap().to_string(), "4.8172");
    assert_eq!(third.computed.unwrap().to_string(), "4.8171");
    assert!(third.message.contains("4,8172") && third.message.contains("Quảng Ninh"));
}

#[test]
fn a_figure_above_the_maximum_is_found() {
    let (mut results, _) = table();
    for row in &mut results.provinces {
        row.values.retain(|node, _| node.as_str() == "1");
    }
    results.provinces[0].values.insert(code("1"), Some("10.1".parse().unwrap()));
    // All the points there are is no more than there are.
    results.provinces[1].values.insert(code("1"), Some("10".parse().unwrap()));

    let found = check(&index(), &results);

    let [only] = found.as_slice() else { panic!("one: {found:?}") };
    assert_eq!(only.kind, ResultsFindingKind::AboveMaximum);
    assert_eq!(only.province, results.provinces[0].province);
}

#[test]
fn each_disagreement_has_a_word_that_stays() {
    use ResultsFindingKind as Kind;
    let kinds =
        [Kind::SumOfParts, Kind::TotalOverWithheld, Kind::AboveMaximum, Kind::ProvinceMissing];

    let words = ["sum-of-parts", "total-over-withheld", "above-maximum", "province-missing"];
    assert_eq!(kinds.map(Kind::as_str), words);
    assert_eq!(kinds.map(|kind| kind.to_string()), words);
}

#[test]
fn the_letters_of_an_edition_are_data() {
    let mut par: Index = index();
    par.nodes.iter_mut().find(|node| node.code.is_root()).unwrap().max =
        Some("100".parse().unwrap());
    par.letters = serde_json::from_value(serde_json::json!([
        { "letter": "A", "at_least": "80" },
        { "letter": "B", "at_least": "75" },
        { "letter": "C", "at_least": "70" },
        { "letter": "D", "at_least": "0" }
    ]))
    .unwrap();

    let letter = |points: &str| par.letter(points.parse::<Points>().unwrap()).unwrap();

    assert_eq!(
        ["80", "79.99", "75", "74.999999999", "70", "69.99", "0"].map(letter),
        ["A", "B", "B", "C", "C", "D", "D"]
    );
    assert_eq!(index().letter("40".parse().unwrap()), None, "PAPI has no letters");
}

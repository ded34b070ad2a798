//! The editions of the plan of 2018, as an official reads them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use cchc_proto::registry::v1 as pb;
use cchc_scoring::catalogue::Index;
use prost::Message as _;

use super::{Format, diff, show, source};
use crate::{
    output::{Memory, Output},
    say::Lang,
};

fn edition(name: &str) -> source::Edition {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy/plans/quang-ninh-2018/indices")
        .join(name);
    source::Edition { index: source::read_file(folder.to_str().unwrap()).unwrap(), standing: None }
}

fn shown(edition: &source::Edition, format: Format) -> String {
    let memory = Memory::default();
    let output = Output::to(Lang::Vi, false, memory.clone());
    show::run(edition, format, None, &output).unwrap();
    memory.text()
}

fn compared(from: &Index, to: &Index, json: bool) -> String {
    let memory = Memory::default();
    diff::run(from, to, &Output::to(Lang::Vi, json, memory.clone())).unwrap();
    memory.text()
}

#[test]
fn a_tree_is_shown_with_points_sources_and_rules_in_words() {
    let text = shown(&edition("qn-2018.toml"), Format::Text);

    assert!(text.contains("nội bộ, không chính thức"), "{text}");
    assert!(text.contains("số liệu báo cáo") && text.contains("Điểm theo số lượng"), "{text}");
    assert!(text.ends_with("Có thể ban hành.\n"), "{text}");
}

#[test]
fn every_edition_of_the_plan_can_be_published() {
    for name in ["par-2018.toml", "papi-2018.toml", "sipas-2018.toml", "qn-2018.toml"] {
        assert!(shown(&edition(name), Format::Text).contains("Có thể ban hành."), "{name}");
    }
}

#[test]
fn what_keeps_an_edition_from_publication_is_listed() {
    let mut faulty = edition("par-2018.toml");
    faulty.index.nodes[1].max = Some("11".parse().unwrap());

    let text = shown(&faulty, Format::Text);

    assert!(text.contains("Chưa thể ban hành, có 1 lỗi:"), "{text}");
    assert!(text.contains("cộng lại 101 điểm, vượt điểm tối đa 100 [nodes[0].max]"), "{text}");
}

#[test]
fn an_edition_reads_back_from_every_format() {
    for name in ["par-2018.toml", "papi-2018.toml", "sipas-2018.toml", "qn-2018.toml"] {
        let edition = edition(name);
        let memory = tempfile::tempdir().unwrap();
        let file = memory.path().join("index");
        let output = Output::to(Lang::Vi, false, std::io::sink());

        show::run(&edition, Format::Proto, Some(&file), &output).unwrap();
        let message = pb::Index::decode(std::fs::read(&file).unwrap().as_slice()).unwrap();
        let toml: Index = toml::from_str(&shown(&edition, Format::Toml)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&shown(&edition, Format::Json)).unwrap();

        assert_eq!(message, pb::Index::from(&edition.index), "{name}");
        assert_eq!(toml, edition.index, "{name}");
        assert_eq!(json["code"], edition.index.code.as_str(), "{name}");
        assert_eq!(json["nodes"].as_array().unwrap().len(), edition.index.nodes.len(), "{name}");
    }
}

#[test]
fn a_difference_is_a_table_of_before_and_after() {
    let before = edition("par-2018.toml").index;
    let mut after = before.clone();
    after.nodes[1].max = Some("9.5".parse().unwrap());
    after.nodes.pop();

    let text = compared(&before, &after, false);
    let json: serde_json::Value = serde_json::from_str(&compared(&before, &after, true)).unwrap();

    assert!(text.contains("Điểm tối đa") && text.contains("9,5"), "{text}");
    assert!(text.contains("Bỏ"), "{text}");
    assert_eq!(json["nodes"].as_array().unwrap().len(), 2);
    assert!(compared(&before, &before, false).contains("Không có khác biệt."));
}

//! Next year's form: an edition as the start of another, without claims it cannot make.
//!
//! Whoever decided last year's edition has decided nothing about next year's. So a copy is never
//! official, says what it was copied from, and each reference says which edition it belongs to.

use cchc_core::{IndexCode, Year};

use crate::catalogue::{Index, Node, Provenance};

/// Characters that a reference may have in the contracts.
const REFERENCE: usize = 1_000;
/// How a reference begins that speaks of another edition.
const ACCORDING_TO: &str = "theo ";

/// What the new edition is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copying {
    /// Its code.
    pub code: IndexCode,
    /// The year it will assess.
    pub year: Year,
}

/// Makes a draft of another edition with the same nodes and variables.
///
/// The year in the titles follows; the provenance is the province's own until its author compared it
/// with the decision of the new year and says otherwise.
#[must_use]
pub fn copy(from: &Index, Copying { code, year }: Copying) -> Index {
    let retitled = |title: &str| title.replace(&from.year.to_string(), &year.to_string());
    let nodes = from
        .nodes
        .iter()
        .map(|node| Node { reference: carried(&node.reference, &from.code), ..node.clone() });
    Index {
        title: retitled(&from.title),
        title_en: retitled(&from.title_en),
        provenance: Provenance::Own,
        reference: format!(
            "Chép từ {} làm bản dự thảo; chưa đối chiếu với văn bản ban hành cho năm {year}",
            from.code
        ),
        nodes: nodes.collect(),
        code,
        year,
        ..from.clone()
    }
}

/// A reference with the edition it belongs to; where that does not fit, the edition alone.
fn carried(reference: &str, from: &IndexCode) -> String {
    if reference.is_empty() || reference.starts_with(ACCORDING_TO) {
        return reference.to_owned();
    }
    let carried = format!("{ACCORDING_TO}{from}: {reference}");
    if carried.chars().count() > REFERENCE { format!("{ACCORDING_TO}{from}") } else { carried }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn edition() -> Index {
        serde_json::from_value(serde_json::json!({
            "code": "PAR-2018", "year": 2018, "family": "PAR INDEX",
            "title": "Chỉ số cải cách hành chính năm 2018", "title_en": "PAR INDEX 2018",
            "unit": "điểm", "provenance": "official", "reference": "Quyết định của năm 2018",
            "nodes": [
                { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "source": "external" },
                { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "source": "external",
                  "reference": "A.II.1" },
            ],
        }))
        .unwrap()
    }

    fn next(from: &Index, year: i32) -> Index {
        let code = format!("PAR-{year}").parse().unwrap();
        copy(from, Copying { code, year: Year::new(year).unwrap() })
    }

    #[test]
    fn a_copy_claims_nothing_that_its_original_was_granted() {
        let copied = next(&edition(), 2019);

        assert_eq!(copied.provenance, Provenance::Own);
        assert!(copied.reference.starts_with("Chép từ PAR-2018"));
        let references: Vec<&str> = copied.nodes.iter().map(|n| n.reference.as_str()).collect();
        assert_eq!(references, ["", "theo PAR-2018: A.II.1"]);
    }

    #[test]
    fn the_titles_follow_the_year_and_the_family_stays() {
        let copied = next(&edition(), 2019);

        assert_eq!(copied.title, "Chỉ số cải cách hành chính năm 2019");
        assert_eq!((copied.title_en.as_str(), copied.year.get()), ("PAR INDEX 2019", 2019));
        assert_eq!(copied.family, "PAR INDEX");
    }

    #[test]
    fn a_copy_of_a_copy_still_names_the_edition_that_said_it() {
        let copied = next(&next(&edition(), 2019), 2020);

        assert_eq!(copied.nodes.last().unwrap().reference, "theo PAR-2018: A.II.1");
    }

    #[test]
    fn a_reference_that_grows_too_long_keeps_the_edition() {
        let mut long = edition();
        long.nodes.last_mut().unwrap().reference = "ộ".repeat(REFERENCE);

        assert_eq!(next(&long, 2019).nodes.last().unwrap().reference, "theo PAR-2018");
    }

    #[test]
    fn a_reference_that_just_fits_is_carried_whole() {
        let of = |spare: usize| {
            let mut edition = edition();
            let own = REFERENCE - "theo PAR-2018: ".len() + 1 - spare;
            edition.nodes.last_mut().unwrap().reference = "ộ".repeat(own);
            next(&edition, 2019).nodes.last().unwrap().reference.chars().count()
        };

        assert_eq!(of(1), REFERENCE);
        assert_eq!(of(0), "theo PAR-2018".len(), "one character more does not fit");
    }
}

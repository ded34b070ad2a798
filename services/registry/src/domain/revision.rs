//! The life of published results: each import is a revision, none takes another's place.

use cchc_core::{Collector, Fault, IndexCode, Kind, Violations};
use cchc_scoring::{catalogue::Index, results::Results};

/// What an import comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Import {
    /// The present revision says the same: nothing is recorded.
    Same(i64),
    /// A new revision of this number.
    Next(i64),
}

/// Results cannot be recorded or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResultsError {
    #[error("there are no such results of {0}")]
    NotFound(IndexCode),
    #[error("the index {0} is not published, so nothing can be recorded for it")]
    IndexNotPublished(IndexCode),
    #[error("the results of {index} were revised meanwhile; the present revision is {present}")]
    Revised { index: IndexCode, present: i64 },
}

impl Fault for ResultsError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::IndexNotPublished(_) => Kind::Precondition,
            Self::Revised { .. } => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RESULTS_NOT_FOUND",
            Self::IndexNotPublished(_) => "RESULTS_INDEX_NOT_PUBLISHED",
            Self::Revised { .. } => "RESULTS_REVISED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotFound(index) => format!("chưa có kết quả công bố như vậy của {index}"),
            Self::IndexNotPublished(index) => {
                format!("bộ chỉ số {index} chưa được ban hành nên chưa ghi nhận được kết quả")
            }
            Self::Revised { index, present } => {
                format!("kết quả của {index} đã có bản mới (lần {present}); hãy xem lại rồi nhập")
            }
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Revised { present, .. } => vec![("revision", present.to_string())],
            Self::NotFound(_) | Self::IndexNotPublished(_) => Vec::new(),
        }
    }
}

/// Decides on recording a table after the revision that its importer has read.
pub(crate) fn import(
    present: Option<(i64, &Results)>,
    after: i64,
    table: &Results,
) -> Result<Import, ResultsError> {
    match present {
        Some((revision, known)) if known == table => Ok(Import::Same(revision)),
        Some((revision, _)) if revision != after => {
            Err(ResultsError::Revised { index: table.index.clone(), present: revision })
        }
        None if after != 0 => Err(ResultsError::Revised { index: table.index.clone(), present: 0 }),
        Some(_) | None => Ok(Import::Next(after.saturating_add(1))),
    }
}

/// Refuses every node that the edition does not have.
pub(crate) fn check_nodes(index: &Index, table: &Results) -> Result<(), Violations> {
    let mut collector = Collector::new();
    for (row, province) in table.provinces.iter().enumerate() {
        for (place, node) in province.values.keys().enumerate() {
            if index.node(node).is_none() {
                refuse_node(
                    &mut collector,
                    &format!("results.provinces[{row}].values[{place}].node_code"),
                    &index.code,
                );
            }
        }
    }
    collector.finish(Some(()))
}

/// Refuses a node that an edition does not have.
pub(crate) fn refuse_node(collector: &mut Collector, field: &str, index: &IndexCode) {
    let english = format!("must be a node of {index}");
    collector.refuse(field, "NODE_UNKNOWN", english, format!("phải là một mục của {index}"));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn table(points: &str) -> Results {
        serde_json::from_value(serde_json::json!({
            "index": "PAPI-2017",
            "source": { "publisher": "p", "published": "2018-04-01", "document": "d" },
            "provinces": [{ "province": "22", "values": { "0": points } }]
        }))
        .unwrap()
    }

    #[test]
    fn a_table_follows_the_revision_that_was_read_and_no_other() {
        let (first, second) = (table("36.7198"), table("36.72"));

        assert_eq!(import(None, 0, &first).unwrap(), Import::Next(1));
        assert_eq!(import(Some((1, &first)), 1, &second).unwrap(), Import::Next(2));
        assert_eq!(import(Some((1, &first)), 0, &first).unwrap(), Import::Same(1));
        assert_eq!(import(Some((2, &second)), 1, &first).unwrap_err().reason(), "RESULTS_REVISED");
        assert_eq!(import(None, 3, &first).unwrap_err().reason(), "RESULTS_REVISED");
    }
}

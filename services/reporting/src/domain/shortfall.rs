//! Strata of surveys that will miss their quotas at the present pace, as they stand beside a figure: it may
//! come to rest on fewer answers than were planned. They are shown and never scored.

use std::collections::BTreeMap;

use cchc_core::{NodeId, SurveyCode, UnitCode};
use time::Date;

use super::fact::Survey;

/// What was foreseen of a stratum, each time otherwise than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outlook {
    pub(crate) version: i64,
    pub(crate) will_miss: bool,
    /// Responses wanted, that had come, and that there will be at the end at the pace of that day.
    pub(crate) quota: i64,
    pub(crate) stored: i64,
    pub(crate) foreseen: Option<i64>,
    /// The day on which it was foreseen.
    pub(crate) day: Date,
}

/// What was foreseen of each stratum last.
pub(crate) type Outlooks = BTreeMap<(SurveyCode, UnitCode), Outlook>;

/// A stratum that will miss its quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shortfall {
    pub(crate) survey: SurveyCode,
    pub(crate) stratum: UnitCode,
    pub(crate) outlook: Outlook,
}

/// Such strata by the node about which their surveys ask, by survey and stratum.
pub(crate) type ByNode = BTreeMap<NodeId, Vec<Shortfall>>;

/// Puts the strata of each survey beside every node it asks about, once a survey.
pub(crate) fn by_node<'a>(
    surveys: impl Iterator<Item = &'a Survey>,
    outlooks: &Outlooks,
) -> ByNode {
    let mut by_node = ByNode::new();
    for survey in surveys {
        let nodes = survey.nodes();
        let short =
            outlooks.iter().filter(|((of, _), outlook)| *of == survey.code && outlook.will_miss);
        for ((survey, stratum), outlook) in short {
            for node in &nodes {
                let (survey, stratum) = (survey.clone(), stratum.clone());
                let shortfall = Shortfall { survey, stratum, outlook: *outlook };
                by_node.entry((*node).clone()).or_default().push(shortfall);
            }
        }
    }
    by_node
}

/// The sentence for a reader, of strata and their names; empty when none is short.
pub(crate) fn note(short: &[(Shortfall, String)]) -> String {
    if short.is_empty() {
        return String::new();
    }
    let strata = short.iter().map(|(Shortfall { outlook, .. }, name)| {
        let Outlook { stored, quota, .. } = outlook;
        format!("{name} ({stored}/{quota} phiếu)")
    });
    let strata: Vec<String> = strata.collect();
    format!("Dự báo không đủ mẫu khảo sát: {}.", strata.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::macros::date;

    use super::*;

    #[test]
    fn the_note_names_every_stratum_that_is_short() {
        let day = date!(2018 - 06 - 11);
        let of = |stratum: &str, name: &str, stored| {
            let outlook =
                Outlook { version: 1, will_miss: true, quota: 90, stored, foreseen: None, day };
            let (survey, stratum) = ("S-2018".parse().unwrap(), stratum.parse().unwrap());
            (Shortfall { survey, stratum, outlook }, name.to_owned())
        };

        assert_eq!(note(&[]), "");
        assert_eq!(
            note(&[of("193", "Hạ Long", 4), of("194", "Móng Cái", 0)]),
            "Dự báo không đủ mẫu khảo sát: Hạ Long (4/90 phiếu), Móng Cái (0/90 phiếu)."
        );
    }
}

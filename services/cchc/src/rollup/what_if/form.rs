//! A scenario as a file.
//!
//! ```toml
//! title = "Ít công nhất"
//! reach = "92.28"                  # or within = "20"; neither: the plan's target
//! by = "2018-12-15"
//! lock = ["PAR-2018/4"]
//! default_effort = { fixed = "1" }
//!
//! [[effort]]
//! node = "PAR-2018/3"
//! fixed = "2"
//! per_point = "10"
//! ready = "2018-11-30"
//!
//! [[assume]]
//! node = "PAR-2018/8"
//! points = "9.5"
//! ```

use std::str::FromStr;

use cchc_proto::{
    common::v1::{Date, Decimal},
    reporting::v1::{self as pb, scenario::Goal},
};
use serde::{Deserialize, Serialize};

use crate::error::CliError;

/// A scenario as a file. Numbers and days are text, checked by the service that takes them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Form {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reach: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lock: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_effort: Option<Amount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) effort: Vec<NodeAmount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) assume: Vec<Assumed>,
}

/// What lifting takes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Amount {
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_point: Option<String>,
}

/// What lifting one node takes, and when it is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeAmount {
    node: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_point: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ready: Option<String>,
}

/// Points that a node is supposed to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assumed {
    node: String,
    points: String,
}

impl FromStr for Assumed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (node, points) = text.split_once('=').ok_or("must be NODE=POINTS")?;
        Ok(Self { node: node.to_owned(), points: points.to_owned() })
    }
}

impl Form {
    /// As the contract has it.
    pub(super) fn into_scenario(self) -> Result<pb::Scenario, CliError> {
        let goal = match (self.reach, self.within) {
            (Some(_), Some(_)) => {
                return Err(CliError::unusable(
                    "Kịch bản chỉ nêu một trong hai: `reach` (mức cần đạt) hoặc `within` (nguồn lực).",
                    "A scenario says either `reach` or `within`, not both.",
                ));
            }
            (Some(points), None) => Some(Goal::ReachPoints(decimal(points))),
            (None, Some(effort)) => Some(Goal::WithinEffort(decimal(effort))),
            (None, None) => None,
        };
        let node_effort = |said: NodeAmount| {
            let is_said = said.fixed.is_some() || said.per_point.is_some();
            Ok(pb::NodeEffort {
                node_id: said.node,
                effort: is_said.then(|| effort(said.fixed, said.per_point)),
                ready_date: said.ready.as_deref().map(date).transpose()?,
            })
        };
        let assumption = |said: Assumed| pb::Assumption {
            node_id: said.node,
            points: Some(decimal(said.points)),
        };
        Ok(pb::Scenario {
            goal,
            default_effort: self.default_effort.map(|said| effort(said.fixed, said.per_point)),
            efforts: self.effort.into_iter().map(node_effort).collect::<Result<_, CliError>>()?,
            locked_node_ids: self.lock,
            assumptions: self.assume.into_iter().map(assumption).collect(),
            last_date: self.by.as_deref().map(date).transpose()?,
        })
    }
}

fn effort(fixed: Option<String>, per_point: Option<String>) -> pb::Effort {
    pb::Effort { fixed: fixed.map(decimal), per_point: per_point.map(decimal) }
}

fn decimal(value: String) -> Decimal {
    Decimal { value }
}

/// Reads a day written `2018-12-15`.
fn date(text: &str) -> Result<Date, CliError> {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(text, form).map(Date::from).map_err(|_| {
        CliError::unusable(
            format!("Ngày “{text}” không đọc được: hãy viết theo dạng 2018-12-15."),
            format!("The day “{text}” cannot be read: write it as 2018-12-15."),
        )
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const FULL: &str = r#"
        title = "Ít công nhất"
        reach = "92.28"
        by = "2018-12-15"
        lock = ["PAR-2018/4"]
        default_effort = { fixed = "1" }
        [[effort]]
        node = "PAR-2018/3"
        per_point = "10"
        ready = "2018-11-30"
        [[assume]]
        node = "PAR-2018/8"
        points = "9.5"
    "#;

    #[test]
    fn a_scenario_reads_and_is_saved_as_it_was() {
        let form: Form = toml::from_str(FULL).unwrap();

        let again: Form = toml::from_str(&toml::to_string_pretty(&form).unwrap()).unwrap();

        assert_eq!(again, form);
        let scenario = form.into_scenario().unwrap();
        assert_eq!(scenario.goal, Some(Goal::ReachPoints(decimal("92.28".to_owned()))));
        assert_eq!(scenario.last_date, Some(Date { year: 2018, month: 12, day: 15 }));
        assert_eq!(scenario.efforts[0].effort.as_ref().unwrap().fixed, None);
        assert_eq!(scenario.assumptions[0].node_id, "PAR-2018/8");
        assert_eq!(scenario.locked_node_ids, ["PAR-2018/4"]);
    }

    #[test]
    fn two_goals_or_a_day_that_is_none_are_refused() {
        let both =
            Form { reach: Some("1".to_owned()), within: Some("1".to_owned()), ..Form::default() };
        let day = Form { by: Some("15/12/2018".to_owned()), ..Form::default() };

        assert!(both.into_scenario().is_err());
        assert!(day.into_scenario().is_err());
        assert!("PAR-2018/8".parse::<Assumed>().is_err());
    }
}

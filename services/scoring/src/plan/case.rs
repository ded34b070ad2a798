//! A plan together with what it speaks of, and the few questions that most checks ask.

use cchc_core::{Decimal, IndexCode, NodeId, Points, UnitCode};
use time::{Date, Month};

use super::{Finding, FindingKind};
use crate::{
    catalogue::{Baseline, Composition, Index, Node, Plan, Target, Unit, UnitSelector},
    figure::vietnamese,
    target::{by_own_word, movement},
};

/// What is being checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) plan: &'a Plan,
    pub(super) indices: &'a [Index],
    pub(super) units: &'a [Unit],
}

/// A figure of a node and the same figure of each of its children.
#[derive(Debug)]
pub(super) struct Total {
    pub(super) id: NodeId,
    pub(super) children: Vec<NodeId>,
    pub(super) whole: Decimal,
    pub(super) parts: Vec<Decimal>,
}

impl Total {
    pub(super) fn sum(&self) -> Decimal {
        self.parts.iter().copied().sum()
    }

    /// The plain mean; zero of no parts, which [`Case::totals`] never gives.
    pub(super) fn mean(&self) -> Decimal {
        self.sum().checked_div(Decimal::from(self.parts.len())).unwrap_or_default()
    }

    /// The node and its children.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::once(&self.id).chain(&self.children).cloned()
    }
}

impl<'a> Case<'a> {
    pub(super) fn index(&self, code: &IndexCode) -> Option<&'a Index> {
        self.indices.iter().find(|index| index.code == *code)
    }

    pub(super) fn node(&self, id: &NodeId) -> Option<&'a Node> {
        self.index(&id.index)?.node(&id.node)
    }

    /// Every node of every edition, with its edition.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (&'a Index, &'a Node)> {
        self.indices.iter().flat_map(|index| index.nodes.iter().map(move |node| (index, node)))
    }

    pub(super) fn has_unit(&self, code: &UnitCode) -> bool {
        self.units.iter().any(|unit| unit.code == *code)
    }

    /// What is promised of a node for the whole province in the year planned for.
    pub(super) fn target(&self, id: &NodeId) -> Option<&'a Target> {
        self.plan.target(id)
    }

    pub(super) fn baseline(&self, id: &NodeId) -> Option<&'a Baseline> {
        self.plan.baseline(id)
    }

    /// Every target for the whole province in the year planned for.
    pub(super) fn targets(&self) -> impl Iterator<Item = &'a Target> {
        let year = self.plan.year;
        self.plan.targets.iter().filter(move |target| target.is_for_all(year))
    }

    /// Whether scores of an edition are percentages.
    pub(super) fn is_in_percent(&self, edition: &IndexCode) -> bool {
        self.index(edition).is_some_and(Index::is_in_percent)
    }

    /// The promised points.
    pub(super) fn promised(&self, id: &NodeId) -> Option<Decimal> {
        self.target(id)?.points.map(Points::get)
    }

    /// The increase as stated, in units of the index; below zero where less is better. What does not
    /// say of what it is some per cent counts for nothing here.
    pub(super) fn increase(&self, id: &NodeId) -> Option<Decimal> {
        let target = self.target(id)?;
        let stated = self.baseline(id).and_then(|baseline| baseline.stated).map(Points::get);
        let by = movement(target, stated, self.is_in_percent(&id.index))?;
        Some(target.direction.improve(Decimal::ZERO, by))
    }

    /// Where the node started from, by the plan's own words: as stated, or the target less the
    /// increase.
    pub(super) fn start(&self, id: &NodeId) -> Option<Decimal> {
        let in_percent = self.is_in_percent(&id.index);
        let (points, _) = by_own_word(self.baseline(id), self.target(id), in_percent)?;
        Some(points.get())
    }

    /// The first and the last day of the year planned for.
    pub(super) fn year(&self) -> (Date, Date) {
        let year = self.plan.year.get();
        let day = |month, day| Date::from_calendar_date(year, month, day);
        (day(Month::January, 1).unwrap_or(Date::MIN), day(Month::December, 31).unwrap_or(Date::MAX))
    }

    /// The units that a plan or edition points at and that exist, as such, on some day of those given.
    pub(super) fn bound(
        &self,
        selector: &'a UnitSelector,
        days: (Date, Date),
    ) -> impl Iterator<Item = &'a Unit> {
        self.units.iter().filter(move |unit| selector.selects_within(unit, days))
    }

    /// Where the node started from, as published.
    pub(super) fn published(&self, id: &NodeId) -> Option<Decimal> {
        self.baseline(id)?.published.map(Points::get)
    }

    /// The most decimals with which the plan writes points of an edition.
    pub(super) fn places(&self, edition: &IndexCode) -> u32 {
        let targets = self.plan.targets.iter().filter(|target| target.node.index == *edition);
        let baselines = self.plan.baselines.iter().filter(|from| from.node.index == *edition);
        let figures = targets.flat_map(|target| [target.points, target.increase]);
        let figures = figures.chain(baselines.map(|baseline| baseline.stated));
        figures.flatten().map(|points| points.get().scale()).max().unwrap_or_default()
    }

    /// The nodes with children of a composition for which a figure is known of all concerned.
    pub(super) fn totals(
        &self,
        composition: Composition,
        whole: impl Fn(&NodeId) -> Option<Decimal>,
        part: impl Fn(&NodeId) -> Option<Decimal>,
    ) -> Vec<Total> {
        self.nodes()
            .filter(|(_, node)| node.composition == composition)
            .filter_map(|(index, node)| {
                let id = index.id(&node.code);
                let children: Vec<NodeId> =
                    index.children(&node.code).map(|child| index.id(&child.code)).collect();
                if children.is_empty() {
                    return None;
                }
                let parts = children.iter().map(&part).collect::<Option<Vec<Decimal>>>()?;
                Some(Total { whole: whole(&id)?, parts, id, children })
            })
            .collect()
    }

    /// The sums that come out otherwise than stated; `what` is the figure in Vietnamese and English.
    pub(super) fn unequal_sums(
        &self,
        kind: FindingKind,
        figure: impl Fn(&NodeId) -> Option<Decimal>,
        (what, what_en): (&str, &str),
    ) -> Vec<Finding> {
        let totals = self.totals(Composition::Sum, &figure, &figure);
        let unequal = totals.into_iter().filter(|total| total.whole != total.sum());
        unequal
            .map(|total| {
                let (whole, sum) = (total.whole.normalize(), total.sum().normalize());
                let (title, title_en) = self.titles(&total.id);
                let message = format!(
                    "Tổng {what} của các mục con thuộc {title} là {}, không khớp với {} đã nêu (chênh lệch {})",
                    vietnamese(sum), vietnamese(whole), vietnamese((sum - whole).normalize()),
                );
                let message_en = format!(
                    "the {what_en} below {title_en} add up to {sum}, not to the stated {whole} (difference {})",
                    (sum - whole).normalize(),
                );
                Finding::new(kind, &total.id, message, message_en)
                    .at(total.nodes())
                    .figures(whole, sum)
                    .stated_in(self.reference(&total.id))
            })
            .collect()
    }

    /// The title of a node in quotes, in Vietnamese and English; its id where it has none.
    pub(super) fn titles(&self, id: &NodeId) -> (String, String) {
        self.node(id).map_or_else(
            || (id.to_string(), id.to_string()),
            |node| (format!("“{}” ({id})", node.title), format!("“{}” ({id})", node.title_en)),
        )
    }

    /// Where the plan, or failing that the index, speaks of a node.
    pub(super) fn reference(&self, id: &NodeId) -> &'a str {
        let target = self.target(id).map(|target| target.reference.as_str());
        let baseline = || self.baseline(id).map(|baseline| baseline.reference.as_str());
        let node = || self.node(id).map(|node| node.reference.as_str());
        target.or_else(baseline).or_else(node).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, case_of, node, target};
    use super::*;
    use crate::catalogue::IncreaseUnit;

    fn id(text: &str) -> NodeId {
        text.parse().unwrap()
    }

    #[test]
    fn a_node_is_called_by_its_title_and_an_unknown_one_by_its_name() {
        let titles = |of: &str| case_of(|_, _| {}, |case| case.titles(&id(of)));

        let (title, title_en) = titles("T-2018/1");
        assert_eq!((title.as_str(), title_en.as_str()), ("“Một” (T-2018/1)", "“One” (T-2018/1)"));
        let (title, title_en) = titles("T-2018/9");
        assert_eq!((title.as_str(), title_en.as_str()), ("T-2018/9", "T-2018/9"));
    }

    #[test]
    fn a_plan_speaks_of_a_node_where_it_promises_then_where_it_starts_then_in_the_index() {
        let reference = |of: &str, without: &[&str]| {
            case_of(
                |plan, index| {
                    node(index, "1").reference = "QĐ.1".to_owned();
                    if without.contains(&"target") {
                        plan.targets.retain(|target| target.node != id(of));
                    }
                    if without.contains(&"baseline") {
                        plan.baselines.retain(|baseline| baseline.node != id(of));
                    }
                },
                |case| case.reference(&id(of)).to_owned(),
            )
        };

        assert_eq!(reference("T-2018/1", &[]), "A.2.1");
        assert_eq!(reference("T-2018/1", &["target"]), "A.1.1");
        assert_eq!(reference("T-2018/1", &["target", "baseline"]), "QĐ.1");
        assert_eq!(reference("T-2018/9", &[]), "");
    }

    #[test]
    fn per_cent_more_of_points_counts_for_nothing_and_of_a_percentage_it_is_points_of_it() {
        let increase = |unit: &str| {
            case_of(
                |plan, index| {
                    unit.clone_into(&mut index.unit);
                    baseline(plan, "T-2018/0").stated = None;
                    target(plan, "T-2018/0").increase_unit = IncreaseUnit::Percent;
                },
                |case| (case.increase(&id("T-2018/0")), case.start(&id("T-2018/0"))),
            )
        };

        assert_eq!(increase("điểm"), (None, None));
        assert_eq!(increase("%"), (Some(Decimal::ONE), Some(Decimal::from(7))));
    }
}

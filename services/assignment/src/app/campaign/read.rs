//! Reads campaigns, forms, entries and how far self-scores and appraisals lie apart.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{CampaignCode, NodeId, UnitCode, VariableCode, civil_date};
use cchc_kit::units;
use cchc_scoring::catalogue::{Index, Node};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::{
    super::{App, CommandError, Listed},
    check_bound, node_for,
};
use crate::{
    domain::campaign::{
        CampaignError, Next, Standing,
        entry::{Entry, Key},
        form,
        gap::{Count, Of},
        next,
    },
    store::{
        Page, campaigns,
        entries::{self, Whose},
        evidence, measurements,
    },
};

/// Whose entries are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Those of a unit and the units below it.
    Within(UnitCode),
    /// Those that a unit appraises.
    AppraisedBy(UnitCode),
}

impl Listing {
    /// The unit on whose behalf they are listed.
    pub(crate) const fn unit(&self) -> &UnitCode {
        let (Self::Within(unit) | Self::AppraisedBy(unit)) = self;
        unit
    }
}

/// An entry with what follows from other facts.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) key: Key,
    /// Absent where nothing was said.
    pub(crate) entry: Option<Entry>,
    pub(crate) appraiser: UnitCode,
    pub(crate) is_changed: bool,
    pub(crate) next: Vec<Next>,
}

/// A node of a form.
#[derive(Debug)]
pub(crate) struct FormItem {
    pub(crate) node: Node,
    pub(crate) shown: Shown,
}

/// Gaps of units and nodes, each with how many entries there could be.
#[derive(Debug)]
pub(crate) struct Statistics {
    pub(crate) total: (i64, Count),
    pub(crate) units: Vec<(UnitCode, i64, Count)>,
    pub(crate) nodes: Vec<(NodeId, i64, Count)>,
}

impl App {
    /// Today in Viet Nam, by this service's clock.
    pub(crate) fn today(&self) -> Date {
        civil_date(self.clock.now())
    }

    /// Reads a campaign.
    pub(crate) async fn campaign(
        &self,
        code: &CampaignCode,
    ) -> Result<Arc<Standing>, CommandError> {
        let mut tx = self.db.begin().await?;
        self.standing_of(&mut tx, code).await
    }

    /// Lists campaigns by code.
    pub(crate) async fn list_campaigns(
        &self,
        after: Option<CampaignCode>,
        size: i64,
    ) -> Result<Listed<Standing>, CommandError> {
        let mut tx = self.db.begin().await?;
        let items = campaigns::list(&mut tx, Page { after, limit: size + 1 }).await?;
        Ok(Listed::cut(items, size))
    }

    /// Reads a unit's form.
    pub(crate) async fn form(
        &self,
        code: &CampaignCode,
        unit: &UnitCode,
    ) -> Result<(Arc<Standing>, Vec<FormItem>), CommandError> {
        let mut tx = self.db.begin_snapshot().await?;
        let view = View::open(self, &mut tx, code, self.today()).await?;
        check_bound(&view.standing.campaign, unit)?;
        let said = entries::of_unit(&mut tx, code, unit).await?;
        let moved = view.moved(&mut tx, BTreeSet::from([unit])).await?;
        let mut said: BTreeMap<NodeId, Entry> =
            said.into_iter().map(|entry| (entry.key.node.clone(), entry)).collect();
        let campaign = &view.standing.campaign;
        let item = |node: &Node| {
            let node_id = form::node_id(campaign, &node.code);
            let entry = said.remove(&node_id);
            let key = Key { campaign: code.clone(), unit: unit.clone(), node: node_id };
            FormItem { node: node.clone(), shown: view.show(key, node, entry, &moved) }
        };
        let items = form::nodes(&view.index).map(item).collect();
        Ok((view.standing, items))
    }

    /// Lists entries, by unit and node.
    pub(crate) async fn list_entries(
        &self,
        code: &CampaignCode,
        listing: &Listing,
        after: Option<(UnitCode, NodeId)>,
        size: i64,
    ) -> Result<Listed<Shown>, CommandError> {
        let mut tx = self.db.begin_snapshot().await?;
        let view = View::open(self, &mut tx, code, self.today()).await?;
        let whose = match listing {
            Listing::Within(unit) => Whose::Units(view.units_within(&mut tx, unit).await?),
            Listing::AppraisedBy(appraiser) => Whose::Appraiser(appraiser.clone()),
        };
        let page = Page { after, limit: size + 1 };
        let said = entries::list(&mut tx, code, &whose, page).await?;
        let units = said.iter().map(|entry| &entry.key.unit).collect();
        let moved = view.moved(&mut tx, units).await?;
        let show = |entry: Entry| {
            let node = view.index.node(&entry.key.node.node)?;
            Some(view.show(entry.key.clone(), node, Some(entry), &moved))
        };
        Ok(Listed::cut(said.into_iter().filter_map(show).collect(), size))
    }

    /// Reads every version of an entry, and who appraises it.
    pub(crate) async fn entry_history(
        &self,
        key: &Key,
    ) -> Result<(UnitCode, Vec<Entry>), CommandError> {
        let mut tx = self.db.begin().await?;
        let view = View::open(self, &mut tx, &key.campaign, self.today()).await?;
        let campaign = &view.standing.campaign;
        let node = node_for(campaign, &view.index, &key.unit, &key.node)?;
        let appraiser = campaign.appraiser(node, &key.unit).clone();
        let versions = entries::history(&mut tx, key).await?;
        if versions.is_empty() {
            return Err(CampaignError::EntryNotFound(Box::new(key.clone())).into());
        }
        Ok((appraiser, versions))
    }

    /// Says how far self-scores and appraisals of a unit and those below it lie apart.
    pub(crate) async fn statistics(
        &self,
        code: &CampaignCode,
        within: &UnitCode,
    ) -> Result<Statistics, CommandError> {
        let mut tx = self.db.begin_snapshot().await?;
        let view = View::open(self, &mut tx, code, self.today()).await?;
        let units = view.units_within(&mut tx, within).await?;
        let gaps = entries::gaps(&mut tx, code, &units).await?;
        let nodes: Vec<&Node> = form::nodes(&view.index).collect();
        let of = |wanted: &Of| {
            gaps.iter().find(|gap| gap.of == *wanted).map(|gap| gap.count).unwrap_or_default()
        };
        let (of_unit, of_node) = (count(nodes.len()), count(units.len()));
        let id = |node: &&Node| form::node_id(&view.standing.campaign, &node.code);
        Ok(Statistics {
            total: (of_unit * of_node, of(&Of::All)),
            nodes: nodes.iter().map(|node| (id(node), of_node, of(&Of::Node(id(node))))).collect(),
            units: units
                .into_iter()
                .map(|unit| (unit.clone(), of_unit, of(&Of::Unit(unit))))
                .collect(),
        })
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// When what appraisals rest on last moved.
struct Moved {
    /// Reports of units on variables.
    measured: BTreeMap<(UnitCode, VariableCode), OffsetDateTime>,
    /// Documents attached to entries.
    shown: BTreeMap<(UnitCode, NodeId), OffsetDateTime>,
}

/// A campaign as it is looked at on a day.
struct View {
    standing: Arc<Standing>,
    index: Arc<Index>,
    today: Date,
}

impl View {
    async fn open(
        app: &App,
        tx: &mut PgConnection,
        code: &CampaignCode,
        today: Date,
    ) -> Result<Self, CommandError> {
        let standing = app.standing_of(tx, code).await?;
        let index = app.index_of(tx, &standing.campaign.index).await?;
        Ok(Self { standing, index, today })
    }

    /// The units of the campaign that are a unit or lie below it.
    async fn units_within(
        &self,
        tx: &mut PgConnection,
        within: &UnitCode,
    ) -> Result<BTreeSet<UnitCode>, CommandError> {
        let below = units::list(tx, Some(within)).await?.into_iter().map(|unit| unit.code);
        Ok(below.filter(|code| self.standing.campaign.units.contains(code)).collect())
    }

    async fn moved(
        &self,
        tx: &mut PgConnection,
        units: BTreeSet<&UnitCode>,
    ) -> Result<Moved, CommandError> {
        let variables = form::nodes(&self.index).flat_map(Node::variables).collect();
        let measured = measurements::last_reported(tx, &units, &variables, self.index.year).await?;
        let shown = evidence::last_moved(tx, &self.standing.campaign.code, &units).await?;
        Ok(Moved { measured, shown })
    }

    fn show(&self, key: Key, node: &Node, entry: Option<Entry>, moved: &Moved) -> Shown {
        let last = node
            .variables()
            .filter_map(|variable| moved.measured.get(&(key.unit.clone(), variable.clone())))
            .chain(moved.shown.get(&(key.unit.clone(), key.node.clone())))
            .max()
            .copied();
        Shown {
            appraiser: self.standing.campaign.appraiser(node, &key.unit).clone(),
            is_changed: entry.as_ref().is_some_and(|entry| entry.is_changed(last)),
            next: next(&self.standing, entry.as_ref(), self.today),
            key,
            entry,
        }
    }
}

//! What can be read of editions beside each other: lists, differences, a node over the years.

use cchc_core::{CrosswalkCode, IndexCode, NodeId, UnitCode};
use cchc_kit::db::DbError;
use cchc_scoring::{
    catalogue::{Crosswalk, Index, Plan},
    edition::{EditionDiff, diff},
    results::{Figures, Results},
    series::{Basis, Known, Series, series},
};

use super::{Registry, RegistryError};
use crate::{
    domain::document::{DocumentError, DocumentKind, State},
    store::{
        documents::{self, Stored},
        editions::{self, Summary, Wanted},
        results,
    },
};

impl Registry {
    /// Lists editions by code after a place, at most so many and one more to tell whether there are.
    pub(crate) async fn indices(
        &self,
        wanted: &Wanted,
        after: &str,
        most: i64,
    ) -> Result<Vec<Summary>, RegistryError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(editions::list(&mut conn, wanted, after, most.saturating_add(1)).await?)
    }

    pub(crate) async fn retire_reason(
        &self,
        code: &IndexCode,
    ) -> Result<Option<String>, RegistryError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(editions::retire_reason(&mut conn, code.as_str()).await?)
    }

    pub(crate) async fn diff_indices(
        &self,
        from: &IndexCode,
        to: &IndexCode,
    ) -> Result<EditionDiff, RegistryError> {
        Ok(diff(&self.index(from).await?.document, &self.index(to).await?.document))
    }

    pub(crate) async fn crosswalk(
        &self,
        code: &CrosswalkCode,
    ) -> Result<Stored<Crosswalk>, RegistryError> {
        let kind = DocumentKind::Crosswalk;
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let found = documents::find(&mut conn, kind, code.as_str()).await?;
        Ok(found.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?)
    }

    /// Follows a node over the editions of its family, with what the caller gives, what was published
    /// for the province, and what its plans in force say of it.
    pub(crate) async fn series(
        &self,
        node: &NodeId,
        province: &UnitCode,
        given: Vec<Known>,
    ) -> Result<Series, RegistryError> {
        let anchor = self.index(&node.index).await?;
        if anchor.standing.state == State::Draft {
            return Err(DocumentError::NotPublished { code: anchor.standing.code }.into());
        }
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let family = editions::family(&mut conn, &anchor.document.family).await?;
        let codes: Vec<String> = family.iter().map(|index| index.code.to_string()).collect();
        let crosswalks = editions::crosswalks(&mut conn, &codes).await?;
        let tables = results::newest(&mut conn, &codes).await?;
        let plans = editions::plans(&mut conn, province).await?;
        let published = family.iter().flat_map(|index| published(index, &tables, province));
        // Of two figures of one rank the first counts: the table before a plan that quotes it.
        let known: Vec<Known> =
            given.into_iter().chain(published).chain(plans.iter().flat_map(baselines)).collect();
        let found = series(node, &family, &crosswalks, &known);
        found.ok_or_else(|| RegistryError::NodeNotFound(node.to_string()))
    }
}

/// What the newest table of an edition says of a province; withheld figures are said to be withheld.
fn published(index: &Index, tables: &[Results], province: &UnitCode) -> Vec<Known> {
    let table = tables.iter().find(|table| table.index == index.code);
    let Some((table, row)) = table.and_then(|table| Some((table, table.province(province)?)))
    else {
        return Vec::new();
    };
    let figures = Figures::new(index, row);
    let said = index.nodes.iter().filter_map(|node| {
        let points = figures.of(&node.code);
        (points.is_some() || figures.is_withheld(&node.code)).then(|| Known {
            node: index.id(&node.code),
            year: index.year,
            points,
            basis: Basis::Published,
            reference: table.source.citation(),
        })
    });
    said.collect()
}

/// Where a plan says that its nodes started from.
fn baselines(plan: &Plan) -> impl Iterator<Item = Known> + '_ {
    plan.baselines.iter().flat_map(move |baseline| {
        let figures = [(Basis::Published, baseline.published), (Basis::Stated, baseline.stated)];
        figures.into_iter().filter_map(move |(basis, points)| {
            Some(Known {
                node: baseline.node.clone(),
                year: baseline.year,
                points: Some(points?),
                basis,
                reference: format!("{}: {}", plan.code, baseline.reference),
            })
        })
    })
}

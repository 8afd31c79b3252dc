//! The way from the parents of a relationship to its targets.

use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, equate};
use orm_query::schema::{ForeignKeyDef, Name};
use orm_query::tree::{self, ColumnRef, From, SelectItem, SourceRef, TableRef};
use orm_query::typed::LoadPath;

use super::columns;

/// The way from the parents of a relationship to its targets: columns of theirs that are equal to others, of the targets
/// or of a link table.
pub(super) struct Route<'p> {
    pub(super) path: &'p LoadPath,
    pub(super) relationship: &'static RelationshipDef,
    pub(super) target: &'static EntityDef,
    /// The columns of the parents.
    pub(super) near: &'static [Name],
    pub(super) link: Option<Link>,
    key: &'static ForeignKeyDef,
}

/// A link table and its keys.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) entity: &'static EntityDef,
    pub(super) source: &'static ForeignKeyDef,
    pub(super) target: &'static ForeignKeyDef,
}

impl<'p> Route<'p> {
    /// `None` where the relationship names a key that is not there.
    pub(super) fn new(path: &'p LoadPath) -> Option<Self> {
        let relationship = path.relationship;
        let target = (relationship.target)();
        Some(match relationship.join {
            JoinOn::Secondary { link, source_key, target_key } => {
                let entity = link();
                let keys = &entity.table.foreign_keys;
                let link = Link { entity, source: keys.get(source_key)?, target: keys.get(target_key)? };
                let near = &link.source.target_columns;
                Route { path, relationship, target, near, link: Some(link), key: link.source }
            }
            JoinOn::TargetKey(_) => {
                let key = relationship.foreign_key()?;
                Route { path, relationship, target, near: &key.target_columns, link: None, key }
            }
            JoinOn::SourceKey(_) => {
                let key = relationship.foreign_key()?;
                Route { path, relationship, target, near: &key.columns, link: None, key }
            }
        })
    }

    /// Whether the parents have the foreign key.
    pub(super) fn is_to_parent(&self) -> bool {
        matches!(self.relationship.join, JoinOn::SourceKey(_))
    }

    /// Whether the target is known by the very columns of the key.
    pub(super) fn is_to_primary_key(&self) -> bool {
        let primary = self.target.table.primary_key().map(|(_, column)| &column.name);
        primary.eq(self.key.target_columns.iter())
    }

    /// The order of the target's primary key.
    pub(super) fn key_order(&self) -> Vec<tree::OrderBy> {
        let column = |(_, column): (usize, &orm_query::schema::ColumnDef)| {
            tree::Expr::Column(self.target.column_ref(&self.path.target, &column.name)).into()
        };
        self.target.table.primary_key().map(column).collect()
    }

    /// The target's table as the path names it.
    pub(super) fn target_table(&self) -> TableRef {
        named(self.target, &self.path.target)
    }

    /// The link table, under a name of its own.
    pub(super) fn link_source(&self) -> Option<SourceRef> {
        self.link.map(|link| SourceRef::named(format!("{}_1", link.entity.table.name)))
    }

    /// What is equal to the parents' columns.
    pub(super) fn far(&self) -> Vec<ColumnRef> {
        match (self.link, self.link_source()) {
            (Some(link), Some(source)) => {
                link.source.columns.iter().map(|c| link.entity.column_ref(&source, c)).collect()
            }
            _ => {
                let columns = if self.is_to_parent() { &self.key.target_columns } else { &self.key.columns };
                columns.iter().map(|c| self.target.column_ref(&self.path.target, c)).collect()
            }
        }
    }

    /// The target's columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = SelectItem> {
        columns::items(self.target, &self.path.target, &self.path.columns).into_iter()
    }

    /// The order of each collection: the path's, or else the relationship's.
    pub(super) fn order_by(&self) -> Vec<tree::OrderBy> {
        if self.path.order_by.is_empty() {
            order_by(self.relationship, &self.path.target)
        } else {
            self.path.order_by.clone()
        }
    }

    /// The joins from the parents, as `near` names them, to targets under another name.
    pub(super) fn joins(
        &self,
        kind: tree::JoinKind,
        near: &SourceRef,
        link: &SourceRef,
        target: &SourceRef,
    ) -> Vec<tree::Join> {
        let source = (self.relationship.source)();
        let join = |to: TableRef, on: tree::Expr| tree::Join { kind, to: From::Table(to), on: Some(on) };
        let mut joins = Vec::new();
        let on = match self.link {
            Some(Link { entity, source: key, target: other }) => {
                joins.push(join(named(entity, link), equate(entity, link, key, source, near)));
                equate(entity, link, other, self.target, target)
            }
            None if self.is_to_parent() => equate(source, near, self.key, self.target, target),
            None => equate(self.target, target, self.key, source, near),
        };
        let on = match self.path.filter.clone() {
            Some(mut filter) => {
                filter.read_from(&self.path.target, target);
                on.and(filter)
            }
            None => on,
        };
        joins.push(join(named(self.target, target), on));
        joins
    }
}

/// The entity's table under that name.
fn named(entity: &EntityDef, source: &SourceRef) -> TableRef {
    let own = TableRef::new(entity.table);
    if own.source() == *source { own } else { own.alias(source.name.clone()) }
}

/// The order of a collection: what the relationship says.
pub(in crate::session::load) fn order_by(
    relationship: &RelationshipDef,
    source: &SourceRef,
) -> Vec<tree::OrderBy> {
    let target = (relationship.target)();
    let order = |order: &orm_query::mapping::OrderDef| tree::OrderBy {
        expr: tree::Expr::Column(target.column_ref(source, order.column)),
        descending: order.descending,
        nulls: None,
    };
    relationship.order_by.iter().map(order).collect()
}

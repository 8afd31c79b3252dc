use std::marker::PhantomData;

use super::delete::{Delete, delete};
use super::expression::Expr;
use super::insert::{Insert, insert};
use super::record::Entities;
use super::scope::{Inner, Nil};
use super::select::{Select, select};
use super::source::Source;
use super::table::Table;
use super::update::{Filtered, Update, update};
use crate::mapping::{EntityDef, JoinOn, RelationshipDef, equate};
use crate::schema::{ForeignKeyDef, Name};
use crate::tree::{self, InsertSource, SourceRef, TableRef};
use crate::{Bind, Mapped, Value, ValueError};

/// Statements on what a relationship of one parent leads to.
#[derive(Debug, Clone)]
pub struct Members<B> {
    relationship: &'static RelationshipDef,
    key: Vec<Value>,
    target: PhantomData<fn() -> B>,
}

/// A link table with its keys to both sides.
struct Link {
    entity: &'static EntityDef,
    source: &'static ForeignKeyDef,
    target: &'static ForeignKeyDef,
}

impl<B: Mapped> Members<B> {
    /// Those of the parent that has `key` in the relationship's [`near_columns`](RelationshipDef::near_columns).
    pub fn new(relationship: &'static RelationshipDef, key: Vec<Value>) -> Self {
        Members { relationship, key, target: PhantomData }
    }

    /// A query for them, in the order of the relationship.
    pub fn select(&self) -> Select<Table<B>, (Inner<B>, Nil)>
    where
        B: Source<Kind = Entities>,
    {
        let target = TableRef::new(B::TABLE).source();
        let mut query = select(Table::<B>::new());
        let tree = query.tree_mut();
        match self.link() {
            None => tree.and_filter(self.by_key(&target)),
            Some(link) => {
                let alias = SourceRef::named(format!("{}_1", link.entity.table.name));
                let table = TableRef::new(link.entity.table).alias(alias.name.clone());
                tree.join(tree::Join {
                    kind: tree::JoinKind::Inner,
                    to: tree::From::Table(table),
                    on: Some(equate(link.entity, &alias, link.target, B::ENTITY, &target)),
                });
                tree.and_filter(self.equal(link.entity, &alias, &link.source.columns));
            }
        }
        tree.order_by.extend(self.relationship.order_by.iter().map(|order| tree::OrderBy {
            expr: tree::Expr::Column(B::ENTITY.column_ref(&target, order.column)),
            descending: order.descending,
            nulls: None,
        }));
        query
    }

    /// An UPDATE of them.
    pub fn update(&self) -> Update<B, Filtered> {
        update(Table::<B>::new()).filter(self.condition())
    }

    /// A DELETE of them.
    pub fn delete(&self) -> Delete<B, Filtered> {
        delete(Table::<B>::new()).filter(self.condition())
    }

    /// An INSERT of rows that get the parent's key; `None` where a link table stands between.
    ///
    /// # Errors
    /// Where a part of the key does not fit its column.
    pub fn insert(&self, rows: impl IntoIterator<Item = B>) -> Option<Result<Insert<B>, ValueError>> {
        let JoinOn::TargetKey(_) = self.relationship.join else { return None };
        let key = self.relationship.foreign_key()?;
        let positions: Vec<usize> = key.columns.iter().filter_map(|name| B::TABLE.position(name)).collect();
        let mut rows: Vec<B> = rows.into_iter().collect();
        for row in &mut rows {
            for (&position, value) in positions.iter().zip(&self.key) {
                if let Err(error) = row.put(position, value.clone()) {
                    return Some(Err(error));
                }
            }
        }
        Some(Ok(insert(Table::<B>::new()).values(&rows)))
    }

    /// An INSERT into the link table, for targets by the values of the columns that it references; `None` where there is no link
    /// table.
    pub fn link_rows(&self, targets: Vec<Vec<Value>>) -> Option<tree::Insert> {
        let link = self.link()?;
        let columns: Vec<Name> =
            link.source.columns.iter().chain(link.target.columns.iter()).cloned().collect();
        let bind = |(name, value): (&Name, Value)| {
            let data_type =
                link.entity.table.position(name).map(|at| link.entity.table.columns[at].data_type.clone());
            tree::Expr::Bind(Bind::new(value, data_type.unwrap_or(crate::DataType::Text)))
        };
        let row = |target: Vec<Value>| {
            columns.iter().zip(self.key.iter().cloned().chain(target)).map(bind).collect()
        };
        let rows = InsertSource::Values(targets.into_iter().map(row).collect());
        Some(tree::Insert::new(TableRef::new(link.entity.table), columns.clone(), rows))
    }

    fn link(&self) -> Option<Link> {
        let JoinOn::Secondary { link, source_key, target_key } = self.relationship.join else { return None };
        let keys = &link().table.foreign_keys;
        Some(Link { entity: link(), source: &keys[source_key], target: &keys[target_key] })
    }

    /// Which rows of the target's table they are.
    fn condition(&self) -> Expr<bool, Nil> {
        let target = TableRef::new(B::TABLE).source();
        let Some(link) = self.link() else { return Expr::from_tree(self.by_key(&target)) };
        let alias = SourceRef::named(format!("{}_1", link.entity.table.name));
        let near = self.equal(link.entity, &alias, &link.source.columns);
        let far = equate(link.entity, &alias, link.target, B::ENTITY, &target);
        let first = link.source.columns.first().map(AsRef::as_ref).unwrap_or_default();
        let rows = tree::Select {
            columns: vec![tree::Expr::Column(link.entity.column_ref(&alias, first)).into()],
            from: vec![tree::From::Table(TableRef::new(link.entity.table).alias(alias.name.clone()))],
            filter: Some(near.and(far)),
            ..tree::Select::default()
        };
        let query = tree::Query::from(rows);
        Expr::from_tree(tree::Expr::Exists(Box::new(tree::Exists { query })))
    }

    fn by_key(&self, target: &SourceRef) -> tree::Expr {
        match self.relationship.foreign_key() {
            Some(key) => {
                let is_target = matches!(self.relationship.join, JoinOn::TargetKey(_));
                self.equal(B::ENTITY, target, if is_target { &key.columns } else { &key.target_columns })
            }
            None => tree::Expr::And(Vec::new()),
        }
    }

    /// `column = value AND …` for the parent's key.
    fn equal(&self, entity: &EntityDef, source: &SourceRef, columns: &[Name]) -> tree::Expr {
        let equal = |(name, value): (&Name, &Value)| {
            let column = entity.column_ref(source, name);
            let bind = tree::Expr::Bind(Bind::new(value.clone(), column.data_type.clone()));
            tree::Expr::Column(column).binary(tree::BinaryOperator::Eq, bind)
        };
        let mut parts: Vec<tree::Expr> = columns.iter().zip(&self.key).map(equal).collect();
        if parts.len() == 1 { parts.remove(0) } else { tree::Expr::And(parts) }
    }
}

//! Which joins a query gets, and where they stand.
//!
//! An outer join stands behind all others. An inner join behind an inner one too, and one behind an outer join is spliced
//! into it, `LEFT JOIN (a JOIN b ON …) ON …`, so that what `b` lacks takes no row away but that of `a`.

use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, equate};
use orm_query::tree::{self, Criteria, Expr, From, JoinKind, Joined, Select, SourceRef, TableRef};
use orm_query::typed::{ColumnOption, EntityAt, LoadPath, Strategy};

use super::names::Names;
use super::wrap::wrap;
use super::{Joins, Node, Parent};
use crate::session::load::columns;
use crate::session::load::route::order_by;
use crate::{Result, SessionError};

/// What a query can take.
#[derive(Clone, Copy)]
struct Room {
    /// Joins at all.
    joins: bool,
    /// Joins that multiply its rows.
    many: bool,
}

/// Where the table stands whose relationship is joined.
#[derive(Clone, Copy)]
enum Place {
    /// Among what every row has.
    Top,
    /// In an outer join that was added.
    In(usize),
    /// In an outer join of the query's own, into which nothing is spliced.
    Outer,
}

/// A join that is added.
struct Item {
    kind: JoinKind,
    table: TableRef,
    spliced: Vec<tree::Join>,
    on: Expr,
}

struct Planner<'s> {
    select: &'s mut Select,
    entities: &'s [EntityAt],
    criteria: &'s [Criteria],
    names: Names,
    room: Room,
    items: Vec<Item>,
    nodes: Vec<Node>,
}

/// An object of the query whose relationships are joined.
struct Near {
    parent: Parent,
    source: SourceRef,
    place: Place,
}

/// Adds what the paths ask for and takes them out of `load`, with all that lies behind them.
///
/// A collection multiplies rows. Where the query counts them, it becomes a subquery; where several things are selected,
/// it is left to `selectin`, which gives the same objects.
pub(super) fn plan(
    select: &mut Select,
    entities: &[EntityAt],
    load: &mut Vec<LoadPath>,
    criteria: &[Criteria],
    only_one: bool,
) -> Result<Joins> {
    let root = |path: &LoadPath| {
        let is_of = |at: &EntityAt| at.source == path.source && at.entity == (path.relationship.source)();
        entities.iter().position(is_of)
    };
    let mut own: Vec<Vec<LoadPath>> = vec![Vec::new(); entities.len()];
    let mut rest = Vec::new();
    for path in load.drain(..) {
        match root(&path) {
            Some(position) => own[position].push(path),
            None => rest.push(left(path)),
        }
    }
    let roots = || own.iter().flatten();
    if !roots().any(|path| is_joined(path) || is_contained(path)) {
        rest.extend(own.into_iter().flatten().map(left));
        *load = rest;
        return Ok(Joins::default());
    }
    let is_rows = select.group_by.is_empty() && select.having.is_none() && select.lock.is_none();
    let is_counted = select.distinct.is_some() || (select.limit.is_some() && roots().any(is_to_many));
    let mut names = Names::of(select, &mut own, criteria);
    let mut room = Room { joins: is_rows, many: is_rows && only_one };
    let nullable = entities.iter().map(|at| is_nullable(&select.from, &select.joins, &at.source));
    let nullable: Vec<bool> = nullable.collect();
    let mut anon = None;
    let roots = || own.iter().flatten();
    if room.joins && is_counted && roots().any(has_join) {
        if only_one && !roots().any(is_contained) {
            anon = wrap(select, &mut names);
        }
        room = Room { joins: anon.is_some() || select.distinct.is_none(), many: anon.is_some() };
    }
    let (items, nodes) = (Vec::new(), Vec::new());
    let mut planner = Planner { select, entities, criteria, names, room, items, nodes };
    for (position, paths) in own.into_iter().enumerate() {
        let source = anon.as_ref().unwrap_or(&entities[position].source).clone();
        let place = if nullable[position] { Place::Outer } else { Place::Top };
        rest.extend(planner.add_all(&Near { parent: Parent::Root(position), source, place }, paths)?);
    }
    *load = rest;
    let Planner { select, items, nodes, .. } = planner;
    items.into_iter().for_each(|item| select.join(item.into_join()));
    Ok(Joins::new(nodes, only_one))
}

/// Whether a path is one of those that are joined. A part for each parent is counted, which a join cannot.
fn is_joined(path: &LoadPath) -> bool {
    matches!(path.strategy, Strategy::Joined { .. }) && path.limit.is_none() && path.depth != Some(0)
}

fn is_contained(path: &LoadPath) -> bool {
    path.strategy == Strategy::ContainsEager
}

/// Whether a path that is joined, or one behind it, leads to many.
fn is_to_many(path: &LoadPath) -> bool {
    match is_contained(path) {
        true => path.then.iter().any(is_to_many),
        false => is_joined(path) && (path.relationship.to_many || path.then.iter().any(is_to_many)),
    }
}

/// What is not joined is left to `selectin`.
fn left(mut path: LoadPath) -> LoadPath {
    if let Strategy::Joined { .. } = path.strategy {
        path.strategy = Strategy::Selectin;
    }
    path
}

/// Whether something is joined for a path.
fn has_join(path: &LoadPath) -> bool {
    is_joined(path) || (is_contained(path) && path.then.iter().any(has_join))
}

/// Makes one path of several that join the same.
fn merge(paths: Vec<LoadPath>) -> Vec<LoadPath> {
    let mut merged: Vec<LoadPath> = Vec::with_capacity(paths.len());
    for path in paths {
        let same = merged.iter_mut().find(|other| {
            other.relationship.name == path.relationship.name
                && other.strategy == path.strategy
                && other.target == path.target
                && other.filter == path.filter
                && other.order_by == path.order_by
                && other.limit == path.limit
                && other.depth == path.depth
        });
        match same {
            Some(other) => {
                other.then.extend(path.then);
                other.columns.extend(path.columns);
            }
            None => merged.push(path),
        }
    }
    merged
}

impl Planner<'_> {
    /// Adds those of the paths from one object that are joined; the others.
    fn add_all(&mut self, near: &Near, paths: Vec<LoadPath>) -> Result<Vec<LoadPath>> {
        let mut rest = Vec::new();
        for path in merge(paths) {
            if is_contained(&path) {
                self.contained(near, path)?;
            } else if is_joined(&path) && self.room.joins && (self.room.many || !path.relationship.to_many) {
                self.joined(near, path)?;
            } else {
                rest.push(left(path));
            }
        }
        Ok(rest)
    }

    /// Reads a relationship from the columns of a join that is there.
    fn contained(&mut self, near: &Near, mut path: LoadPath) -> Result<()> {
        let relationship = path.relationship;
        let (entity, target) = ((relationship.source)(), (relationship.target)());
        let source = path.target.clone();
        let is_there = self.sources().any(|from| from.has_source(&source));
        if !is_there || source == near.source {
            let what = format!("`contains_eager({}::{})`", entity.name, relationship.name);
            let why = match is_there {
                true => format!(
                    "reads its targets from `{source}`, which is where their parents come from; join an alias, and say `.to(alias)`"
                ),
                false => format!(
                    "reads its targets from `{source}`, which is not in FROM; join it, or say `.to(alias)`"
                ),
            };
            return Err(SessionError::Misuse(format!("{what} {why}")).into());
        }
        let selected = self.entities.iter().find(|at| at.source == source && at.entity == target);
        let at = match selected {
            Some(selected) => selected.at,
            None => self.add_columns(target, &source, &path.columns),
        };
        let is_nullable = is_nullable(&self.select.from, &self.select.joins, &source);
        let place = if is_nullable { Place::Outer } else { Place::Top };
        let then = std::mem::take(&mut path.then);
        self.node(near, &path, at, false, Near { parent: near.parent, source, place }, then)
    }

    /// Joins a relationship.
    fn joined(&mut self, near: &Near, mut path: LoadPath) -> Result<()> {
        let relationship = path.relationship;
        let target = (relationship.target)();
        let alias = SourceRef::named(self.names.fresh(&target.table.name));
        let read = |mut expr: Expr| {
            expr.read_from(&path.target, &alias);
            expr
        };
        let filter = path.filter.clone().map(read);
        let orders = match path.order_by.is_empty() {
            true => order_by(relationship, &alias),
            false => path
                .order_by
                .iter()
                .map(|order| tree::OrderBy { expr: read(order.expr.clone()), ..order.clone() })
                .collect(),
        };
        let inner = path.strategy == Strategy::Joined { inner: true };
        let is_inner = inner && !matches!(near.place, Place::Outer);
        let place = self.join(near, relationship, &alias, filter, is_inner);
        let at = self.add_columns(target, &alias, &path.columns);
        self.select.order_by.extend(orders);
        let mut then = std::mem::take(&mut path.then);
        if let Some(levels @ 2..) = path.depth {
            let next = LoadPath { depth: Some(levels - 1), then: then.clone(), ..path.clone() };
            then.push(next);
        }
        self.node(near, &path, at, is_inner, Near { parent: near.parent, source: alias, place }, then)
    }

    /// Adds a node, and what is joined behind it.
    fn node(
        &mut self,
        near: &Near,
        path: &LoadPath,
        at: usize,
        is_inner: bool,
        far: Near,
        then: Vec<LoadPath>,
    ) -> Result<()> {
        let relationship = path.relationship;
        let Some(index) = (relationship.source)().relationship(relationship.name) else { return Ok(()) };
        let target = (relationship.target)();
        let key = target.table.primary_key().next().map_or(0, |(position, _)| position);
        let is_contained = is_contained(path);
        let is_part = is_contained || path.is_partial() || self.is_hidden(relationship);
        // An inner join takes those out of sight that lead nowhere.
        if is_inner && (is_part || relationship.to_many || relationship.optional) {
            self.leave_out(near.parent);
        }
        let node = self.nodes.len();
        self.nodes.push(Node {
            relationship,
            index,
            parent: near.parent,
            at,
            key,
            is_part,
            is_inner,
            is_contained,
            behind: Vec::new(),
        });
        let behind = self.add_all(&Near { parent: Parent::Node(node), ..far }, then)?;
        self.nodes[node].behind = behind;
        Ok(())
    }

    /// Whether conditions of the query may hide a target, or the way to it.
    fn is_hidden(&self, relationship: &RelationshipDef) -> bool {
        let target = TableRef::new((relationship.target)().table);
        let link = match relationship.join {
            JoinOn::Secondary { link, .. } => Some(TableRef::new(link().table)),
            JoinOn::TargetKey(_) | JoinOn::SourceKey(_) => None,
        };
        self.criteria.iter().any(|criteria| {
            [Some(&target), link.as_ref()].into_iter().flatten().any(|table| criteria.is_on(table))
        })
    }

    /// Notes that rows of a node are left out, and with them those that they are joined to.
    fn leave_out(&mut self, parent: Parent) {
        let mut parent = parent;
        while let Parent::Node(node) = parent {
            let node = &mut self.nodes[node];
            node.is_part = true;
            if !node.is_inner {
                break;
            }
            parent = node.parent;
        }
    }

    fn sources(&self) -> impl Iterator<Item = &From> {
        self.select.from.iter().chain(self.select.joins.iter().map(|join| &join.to))
    }

    /// Adds the columns of an entity to the select list; the position of the first.
    fn add_columns(
        &mut self,
        entity: &'static EntityDef,
        source: &SourceRef,
        options: &[ColumnOption],
    ) -> usize {
        let at = self.select.columns.len();
        // An ordering by a label must not find two columns of that name.
        let labels: Vec<String> =
            self.select.columns.iter().filter_map(|item| Some(item.label.as_ref()?.to_lowercase())).collect();
        self.select.columns.extend(columns::items(entity, source, options).into_iter().map(|mut item| {
            let name = match (&item.label, &item.expr) {
                (Some(name), _) => name.clone(),
                (None, Expr::Column(column)) => column.name.clone(),
                (None, _) => return item,
            };
            if labels.contains(&name.to_lowercase()) {
                item.label = Some(format!("{}_{name}", source.name).into());
            }
            item
        }));
        at
    }

    /// Adds the join of a relationship, an inner one where its source is always there; where its target stands then.
    fn join(
        &mut self,
        near: &Near,
        relationship: &RelationshipDef,
        alias: &SourceRef,
        filter: Option<Expr>,
        inner: bool,
    ) -> Place {
        let (entity, target) = ((relationship.source)(), (relationship.target)());
        let table = TableRef::new(target.table).alias(alias.name.clone());
        let mut place = inner.then_some(near.place);
        let on = if let JoinOn::Secondary { link, source_key, target_key } = relationship.join {
            let link = link();
            let keys = &link.table.foreign_keys;
            let link_alias = SourceRef::named(self.names.fresh(&link.table.name));
            let on = equate(link, &link_alias, &keys[source_key], entity, &near.source);
            // A link without a target is a row without one, and there is no need to keep it out: for joins between
            // parentheses a database may read all links.
            let at = self.place(place, TableRef::new(link.table).alias(link_alias.name.clone()), on);
            place = place.map(|_| at);
            Some(equate(link, &link_alias, &keys[target_key], target, alias))
        } else {
            relationship.on(&near.source, alias)
        };
        let on = match (on, filter) {
            (Some(on), Some(filter)) => on.and(filter),
            (on, filter) => on.or(filter).unwrap_or(Expr::Bool(true)),
        };
        self.place(place, table, on)
    }

    /// Adds an inner join at that place, or an outer one; where its table stands then.
    fn place(&mut self, place: Option<Place>, table: TableRef, on: Expr) -> Place {
        let kind = if place.is_some() { JoinKind::Inner } else { JoinKind::Left };
        match place {
            Some(Place::In(item)) => {
                let to = From::Table(table);
                self.items[item].spliced.push(tree::Join { kind, to, on: Some(on) });
                Place::In(item)
            }
            Some(Place::Top | Place::Outer) => {
                self.items.push(Item { kind, table, spliced: Vec::new(), on });
                Place::Top
            }
            None => {
                self.items.push(Item { kind, table, spliced: Vec::new(), on });
                Place::In(self.items.len() - 1)
            }
        }
    }
}

impl Item {
    fn into_join(self) -> tree::Join {
        let table = From::Table(self.table);
        let to = match self.spliced.is_empty() {
            true => table,
            false => From::Joined(Box::new(Joined { from: table, joins: self.spliced })),
        };
        tree::Join { kind: self.kind, to, on: Some(self.on) }
    }
}

/// Whether an outer join may leave a source out.
fn is_nullable(from: &[From], joins: &[tree::Join], source: &SourceRef) -> bool {
    let within = |from: &From| match from {
        From::Joined(joined) => {
            from.has_source(source) && is_nullable(std::slice::from_ref(&joined.from), &joined.joins, source)
        }
        From::Table(_) | From::Query { .. } | From::Cte { .. } | From::Function(_) | From::Sample(_) => false,
    };
    from.iter().any(within)
        || joins.iter().any(|join| match join.kind {
            JoinKind::Full => true,
            JoinKind::Left => join.to.has_source(source),
            JoinKind::Inner | JoinKind::Cross => within(&join.to),
        })
}

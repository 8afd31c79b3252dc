//! One further SELECT for all parents at once, by a list of their keys.

use orm_query::Value;
use orm_query::mapping::{JoinOn, RelationshipDef, equate};
use orm_query::tree::{self, Statement, TableRef};
use orm_query::typed::{LoadPath, PerParent, Strategy};

use super::super::events::Purpose;
use super::super::graph::{Graph, Id, reverse};
use super::super::key::Key;
use super::along::{self, Along};
use super::by_key::read_expired;
use super::in_keys::{in_rows, keys_per_statement};
use super::owners::{Layout, Owners};
use super::per_parent::first_of_each;
use super::route::Route;
use super::subquery::Chain;
use super::{Existing, Reading, add_defaults_behind, dedupe, load_path, subquery};
use crate::Result;
use crate::connection::{Connection, Flow};

/// Loads all of a relationship of those of `parents` that have not loaded all of it; the objects that all of them lead to.
pub(crate) async fn load_relationship(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    relationship: &'static RelationshipDef,
) -> Result<Vec<Id>> {
    let path = whole(relationship);
    let (mut reading, mut along) = (Reading::new(Existing::Keep), Along::default());
    load(graph, connection, parents, &path, None, &mut reading, &mut along).await?;
    Ok(children(graph, parents, relationship))
}

/// As [`load_relationship`], with what the mapping wants loaded of the objects that it brings in.
pub(crate) async fn load_with_defaults(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    relationship: &'static RelationshipDef,
) -> Result<()> {
    let mut path = whole(relationship);
    add_defaults_behind(&mut path, &[]);
    load_path(graph, connection, parents, &path, &mut Reading::new(Existing::Keep)).await
}

/// All of a relationship.
pub(super) fn whole(relationship: &'static RelationshipDef) -> LoadPath {
    let [source, target] =
        [relationship.source, relationship.target].map(|entity| TableRef::new(entity().table).source());
    LoadPath::new(source, relationship, target, Strategy::Immediate)
}

/// The objects that a relationship leads to, as far as it is loaded.
pub(super) fn children(graph: &mut Graph, parents: &[Id], relationship: &'static RelationshipDef) -> Vec<Id> {
    let Some(index) = (relationship.source)().relationship(relationship.name) else { return Vec::new() };
    let target = graph.kind((relationship.target)());
    let mut children = Vec::new();
    for &parent in parents {
        let slots = graph.links(parent, index).unwrap_or_default();
        children.extend(slots.iter().map(|&slot| Id { kind: target, slot }));
    }
    dedupe(&mut children);
    children
}

/// Loads a relationship of those of `parents` that are not as the path wants them; through the subquery of `chain`, where
/// there is one.
pub(super) async fn load(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    path: &LoadPath,
    chain: Option<&Chain<'_>>,
    reading: &mut Reading,
    along: &mut Along,
) -> Result<()> {
    let relationship = path.relationship;
    let Some(index) = (relationship.source)().relationship(relationship.name) else { return Ok(()) };
    let Some(route) = Route::new(path) else { return Ok(()) };
    let is_partial = path.is_partial() || reading.hides(&route);
    let mut parents = parents.to_vec();
    if path.strategy == Strategy::ContainsEager {
        // What the query's own rows brought is what was asked for.
        parents.retain(|&id| graph.links(id, index).is_none());
    }
    let missing = graph.begin_load(&parents, index, is_partial);
    if missing.is_empty() {
        return Ok(());
    }
    if !graph.expiry.is_empty() {
        read_expired(graph, connection, &missing, relationship).await?;
    }
    let mut owners = owners(graph, &missing, &route, is_partial, reading);
    if !owners.is_empty() {
        if let Some(chain) = chain
            && let Some(query) = subquery::query(chain, &route, reading)
        {
            let repeats = query.repeats;
            read(graph, connection, query.select, &route, &query.layout, &mut owners, reading, along).await?;
            if repeats {
                owners.dedupe();
            }
        }
        by_keys(graph, connection, &route, &mut owners, reading, along).await?;
    }
    finish(graph, index, relationship, owners, is_partial);
    graph.edit_loaded(&missing, index);
    Ok(())
}

/// Those who wait for a row. A to-one relationship to an object that is here needs none, unless it must match a condition.
fn owners(
    graph: &mut Graph,
    objects: &[Id],
    route: &Route<'_>,
    is_partial: bool,
    reading: &Reading,
) -> Owners {
    let kind = graph.kind(route.target);
    let in_session = route.is_to_parent() && !is_partial && route.is_to_primary_key();
    let mut owners = Owners::default();
    for &id in objects {
        let values = match route.is_to_parent() {
            true => graph.values(id, route.near),
            false => graph.stored_by_name(id, route.near),
        };
        let values = values.unwrap_or_default();
        let Some(key) = Key::new(values.clone()) else {
            owners.add_lost(id);
            continue;
        };
        let known = if in_session { graph.lookup(kind, &key) } else { None };
        match known.filter(|&known| reading.has(graph, known)) {
            Some(known) => owners.add_found(id, known.slot),
            None => owners.add(id, key, values),
        }
    }
    owners
}

/// Asks for the targets of the keys that are left.
async fn by_keys(
    graph: &mut Graph,
    connection: &mut Connection,
    route: &Route<'_>,
    owners: &mut Owners,
    reading: &mut Reading,
    along: &mut Along,
) -> Result<()> {
    let limit = match route.path.limit {
        // There is one target at most.
        Some(limit) if route.is_to_parent() => {
            if limit.offset > 0 || limit.count == 0 {
                return Ok(());
            }
            None
        }
        limit => limit.filter(|limit| limit.offset > 0 || limit.count < u64::MAX),
    };
    let keys = owners.keys();
    let most = keys_per_statement(connection.dialect().features(), route.near.len());
    for keys in keys.chunks(most) {
        let (select, layout) = select(route, keys, limit);
        read(graph, connection, select, route, &layout, owners, reading, along).await?;
    }
    Ok(())
}

/// `SELECT target FROM target WHERE key IN (…)`; through a link table, its key stands before the target's columns.
fn select(route: &Route<'_>, keys: &[Vec<Value>], limit: Option<PerParent>) -> (tree::Select, Layout) {
    let far = route.far();
    let types = far.iter().map(|column| column.data_type.clone());
    let target = tree::From::Table(route.target_table());
    let mut select = tree::Select { columns: route.columns().collect(), ..tree::Select::default() };
    let layout = if let (Some(link), Some(source)) = (route.link, route.link_source()) {
        let on = equate(link.entity, &source, link.target, route.target, &route.path.target);
        select.from = vec![tree::From::Table(TableRef::new(link.entity.table).alias(source.name))];
        select.joins = vec![tree::Join { kind: tree::JoinKind::Inner, to: target, on: Some(on) }];
        select.columns.splice(0..0, far.iter().cloned().map(|c| tree::Expr::Column(c).into()));
        Layout { key: types.enumerate().collect(), target: far.len(), present: None }
    } else {
        select.from = vec![target];
        let position = |column: &tree::ColumnRef| route.target.table.position(&column.name).unwrap_or(0);
        Layout { key: far.iter().map(position).zip(types).collect(), target: 0, present: None }
    };
    let mut filter = in_rows(far.clone(), keys);
    if let Some(condition) = route.path.filter.clone() {
        filter = filter.and(condition);
    }
    select.filter = Some(filter);
    let order_by = if route.is_to_parent() { Vec::new() } else { route.order_by() };
    match limit {
        None => select.order_by = order_by,
        Some(limit) => {
            let order_by = if order_by.is_empty() { route.key_order() } else { order_by };
            select = first_of_each(select, far, order_by, limit);
        }
    }
    (select, layout)
}

/// Reads the rows with what is joined to their targets.
#[expect(clippy::too_many_arguments, reason = "all that is being loaded")]
async fn read(
    graph: &mut Graph,
    connection: &mut Connection,
    mut select: tree::Select,
    route: &Route<'_>,
    layout: &Layout,
    owners: &mut Owners,
    reading: &mut Reading,
    along: &mut Along,
) -> Result<()> {
    let mut joins = along::plan(&mut select, route, layout, reading)?;
    let purpose = Purpose::Relationship(route.relationship);
    let statement = reading.asked(graph, Statement::Select(select), purpose)?;
    connection
        .for_each(&statement, &mut |row| {
            let target = owners.read(graph, route, layout, row, reading)?;
            if let Some(target) = target
                && !joins.is_empty()
            {
                joins.read(graph, row, &[Some(target)], reading)?;
                along.add(target);
            }
            Ok(Flow::More)
        })
        .await?;
    if !joins.is_empty() {
        joins.finish(graph);
        owners.dedupe();
    }
    Ok(())
}

/// Sets the relationship of those who waited, and the way back of what was found.
fn finish(
    graph: &mut Graph,
    index: usize,
    relationship: &'static RelationshipDef,
    owners: Owners,
    is_partial: bool,
) {
    let target = (relationship.target)();
    let kind = graph.kind(target);
    let back = reverse(relationship).filter(|&back| {
        !target.relationships[back].to_many && matches!(relationship.join, JoinOn::TargetKey(_))
    });
    for (owner, slots) in owners.finish() {
        if let Some(back) = back {
            for &slot in &slots {
                graph.load_back(Id { kind, slot }, back, owner);
            }
        }
        if is_partial {
            graph.load_part(owner, index, slots);
        } else {
            graph.load_links(owner, index, slots);
        }
    }
}

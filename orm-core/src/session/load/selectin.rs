//! One further SELECT for all parents at once.

use hashbrown::HashMap;
use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, equate};
use orm_query::schema::ForeignKeyDef;
use orm_query::tree::{self, SelectItem, SourceRef, Statement, TableRef};
use orm_query::typed::{LoadPath, Strategy};
use orm_query::{Value, read_value};

use super::super::events::Purpose;
use super::super::graph::{Graph, Id, reverse};
use super::super::key::Key;
use super::by_key::read_expired;
use super::{CHUNK, Existing, Reading, dedupe, in_keys};
use crate::Result;
use crate::connection::{Connection, Flow};

/// Loads a relationship of those of `parents` that have not loaded it; the objects that all of them lead to.
pub(crate) async fn load_relationship(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    relationship: &'static RelationshipDef,
) -> Result<Vec<Id>> {
    let [source, target] = [relationship.source, relationship.target].map(|entity| source_ref(entity()));
    let path = LoadPath::new(source, relationship, target, Strategy::Immediate);
    load(graph, connection, parents, &path, &mut Reading::new(Existing::Keep)).await
}

/// As [`load_relationship`], as a part of a query.
pub(super) async fn load(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    path: &LoadPath,
    reading: &mut Reading,
) -> Result<Vec<Id>> {
    let relationship = path.relationship;
    let Some(index) = (relationship.source)().relationship(relationship.name) else { return Ok(Vec::new()) };
    let missing = graph.begin_load(parents, index, path);
    if !missing.is_empty() {
        if !graph.expiry.is_empty() {
            read_expired(graph, connection, &missing, relationship).await?;
        }
        match relationship.join {
            JoinOn::TargetKey(_) => {
                by_target_key(graph, connection, &missing, index, relationship, reading).await?
            }
            JoinOn::SourceKey(_) => {
                by_source_key(graph, connection, &missing, index, relationship, reading).await?
            }
            JoinOn::Secondary { link, source_key, target_key } => {
                let keys = &link().table.foreign_keys;
                let link = Link { entity: link(), source: &keys[source_key], target: &keys[target_key] };
                by_link(graph, connection, &missing, index, relationship, link, reading).await?;
            }
        }
        graph.edit_loaded(&missing, index);
    }
    let target = graph.kind((relationship.target)());
    let mut children = Vec::new();
    for &parent in parents {
        let slots = graph.links(parent, index).unwrap_or_default();
        children.extend(slots.iter().map(|&slot| Id { kind: target, slot }));
    }
    dedupe(&mut children);
    Ok(children)
}

struct Link {
    entity: &'static EntityDef,
    source: &'static ForeignKeyDef,
    target: &'static ForeignKeyDef,
}

fn source_ref(entity: &EntityDef) -> SourceRef {
    TableRef::new(entity.table).source()
}

fn columns(entity: &EntityDef, source: &SourceRef) -> Vec<SelectItem> {
    let column =
        |c: &orm_query::schema::ColumnDef| tree::Expr::Column(entity.column_ref(source, &c.name)).into();
    entity.table.columns.iter().map(column).collect()
}

/// The order of a collection: what the relationship says.
pub(super) fn order_by(relationship: &RelationshipDef, source: &SourceRef) -> Vec<tree::OrderBy> {
    let target = (relationship.target)();
    let order = |order: &orm_query::mapping::OrderDef| tree::OrderBy {
        expr: tree::Expr::Column(target.column_ref(source, order.column)),
        descending: order.descending,
        nulls: None,
    };
    relationship.order_by.iter().map(order).collect()
}

/// Children by the foreign key that they have.
async fn by_target_key(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    index: usize,
    relationship: &'static RelationshipDef,
    reading: &mut Reading,
) -> Result<()> {
    let Some(key) = relationship.foreign_key() else { return Ok(()) };
    let (parent_keys, owners) = keyed(graph, parents, &key.target_columns);
    let target = (relationship.target)();
    let source = source_ref(target);
    let positions: Vec<usize> = key.columns.iter().filter_map(|c| target.table.position(c)).collect();
    let back = reverse(relationship).filter(|&back| !target.relationships[back].to_many);
    let mut collections: HashMap<Id, Vec<u32>> = HashMap::new();
    for chunk in parent_keys.chunks(CHUNK) {
        let select = tree::Select {
            columns: columns(target, &source),
            from: vec![tree::From::Table(TableRef::new(target.table))],
            filter: Some(in_keys(target.table, &source, &key.columns, chunk)),
            order_by: order_by(relationship, &source),
            ..tree::Select::default()
        };
        let statement =
            reading.asked(graph, Statement::Select(select), Purpose::Relationship(relationship))?;
        connection
            .for_each(&statement, &mut |row| {
                let mut values = Vec::with_capacity(positions.len());
                for &position in &positions {
                    values.push(read_value(row, position, &target.table.columns[position].data_type)?);
                }
                let child = reading.read_related(graph, target, row, 0)?;
                let parents = Key::new(values).and_then(|key| owners.get(&key));
                for &parent in parents.into_iter().flatten() {
                    collections.entry(parent).or_default().push(child.slot);
                    if let Some(back) = back {
                        graph.load_back(child, back, parent);
                    }
                }
                Ok(Flow::More)
            })
            .await?;
    }
    for &parent in parents {
        graph.load_links(parent, index, collections.remove(&parent).unwrap_or_default());
    }
    Ok(())
}

/// Parents by the foreign key of the children: those that are in the identity map need no SQL.
async fn by_source_key(
    graph: &mut Graph,
    connection: &mut Connection,
    children: &[Id],
    index: usize,
    relationship: &'static RelationshipDef,
    reading: &mut Reading,
) -> Result<()> {
    let Some(key) = relationship.foreign_key() else { return Ok(()) };
    let target = (relationship.target)();
    let kind = graph.kind(target);
    let by_primary_key = {
        let primary: Vec<&str> = target.table.primary_key().map(|(_, c)| c.name.as_ref()).collect();
        primary == key.target_columns.iter().map(AsRef::as_ref).collect::<Vec<&str>>()
    };
    let mut wanted: Vec<Vec<Value>> = Vec::new();
    let mut waiting: HashMap<Key, Vec<Id>> = HashMap::new();
    for &child in children {
        let values = graph.values(child, &key.columns).unwrap_or_default();
        let Some(found) = Key::new(values.clone()) else {
            graph.load_links(child, index, Vec::new());
            continue;
        };
        let known = if by_primary_key { graph.lookup(kind, &found) } else { None };
        if let Some(known) = known.filter(|&known| reading.has(graph, known)) {
            graph.load_links(child, index, vec![known.slot]);
            continue;
        }
        let list = waiting.entry(found).or_default();
        if list.is_empty() {
            wanted.push(values);
        }
        list.push(child);
    }
    let source = source_ref(target);
    let positions: Vec<usize> = key.target_columns.iter().filter_map(|c| target.table.position(c)).collect();
    for chunk in wanted.chunks(CHUNK) {
        let select = tree::Select {
            columns: columns(target, &source),
            from: vec![tree::From::Table(TableRef::new(target.table))],
            filter: Some(in_keys(target.table, &source, &key.target_columns, chunk)),
            ..tree::Select::default()
        };
        let statement =
            reading.asked(graph, Statement::Select(select), Purpose::Relationship(relationship))?;
        connection
            .for_each(&statement, &mut |row| {
                let mut values = Vec::with_capacity(positions.len());
                for &position in &positions {
                    values.push(read_value(row, position, &target.table.columns[position].data_type)?);
                }
                let parent = reading.read_related(graph, target, row, 0)?;
                let children = Key::new(values).and_then(|key| waiting.remove(&key));
                for child in children.into_iter().flatten() {
                    graph.load_links(child, index, vec![parent.slot]);
                }
                Ok(Flow::More)
            })
            .await?;
    }
    // A key that leads nowhere, where the database does not check keys.
    for child in waiting.into_values().flatten() {
        graph.load_links(child, index, Vec::new());
    }
    Ok(())
}

/// Targets through the rows of a link table.
async fn by_link(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    index: usize,
    relationship: &'static RelationshipDef,
    link: Link,
    reading: &mut Reading,
) -> Result<()> {
    let (parent_keys, owners) = keyed(graph, parents, &link.source.target_columns);
    let target = (relationship.target)();
    let source = source_ref(target);
    let link_source = SourceRef::named(format!("{}_1", link.entity.table.name));
    let on = equate(link.entity, &link_source, link.target, target, &source);
    let key_columns: Vec<tree::ColumnRef> =
        link.source.columns.iter().map(|c| link.entity.column_ref(&link_source, c)).collect();
    let width = key_columns.len();
    let mut items: Vec<SelectItem> =
        key_columns.iter().cloned().map(|c| tree::Expr::Column(c).into()).collect();
    items.extend(columns(target, &source));
    let mut collections: HashMap<Id, Vec<u32>> = HashMap::new();
    for chunk in parent_keys.chunks(CHUNK) {
        let select = tree::Select {
            columns: items.clone(),
            from: vec![tree::From::Table(TableRef::new(link.entity.table).alias(link_source.name.clone()))],
            joins: vec![tree::Join {
                kind: tree::JoinKind::Inner,
                to: tree::From::Table(TableRef::new(target.table)),
                on: Some(on.clone()),
            }],
            filter: Some(in_keys(link.entity.table, &link_source, &link.source.columns, chunk)),
            order_by: order_by(relationship, &source),
            ..tree::Select::default()
        };
        let statement =
            reading.asked(graph, Statement::Select(select), Purpose::Relationship(relationship))?;
        connection
            .for_each(&statement, &mut |row| {
                let mut values = Vec::with_capacity(width);
                for (position, column) in key_columns.iter().enumerate() {
                    values.push(read_value(row, position, &column.data_type)?);
                }
                let child = reading.read_related(graph, target, row, width)?;
                let parents = Key::new(values).and_then(|key| owners.get(&key));
                for &parent in parents.into_iter().flatten() {
                    collections.entry(parent).or_default().push(child.slot);
                }
                Ok(Flow::More)
            })
            .await?;
    }
    for &parent in parents {
        graph.load_links(parent, index, collections.remove(&parent).unwrap_or_default());
    }
    Ok(())
}

/// The distinct values that parents are referenced by, and who has them.
fn keyed(
    graph: &Graph,
    parents: &[Id],
    columns: &[orm_query::schema::Name],
) -> (Vec<Vec<Value>>, HashMap<Key, Vec<Id>>) {
    let mut keys = Vec::new();
    let mut owners: HashMap<Key, Vec<Id>> = HashMap::new();
    for &parent in parents {
        let Some(values) = graph.stored_by_name(parent, columns) else { continue };
        let Some(key) = Key::new(values.clone()) else { continue };
        let list = owners.entry(key).or_default();
        if list.is_empty() {
            keys.push(values);
        }
        list.push(parent);
    }
    (keys, owners)
}

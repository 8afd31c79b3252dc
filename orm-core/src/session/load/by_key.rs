//! One row, or some, by their keys.

use hashbrown::HashSet;
use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef};
use orm_query::schema::Name;
use orm_query::tree::{self, SelectItem, Statement, TableRef};
use orm_query::typed::{EntityAt, Known, LoadOptions};
use orm_query::{Bind, Value, read_value};

use super::columns::{self, LeftOut};
use super::{Existing, Joins, Marks, Reading, add_defaults, in_keys, keys_per_statement, load_path};
use crate::connection::{Connection, Flow};
use crate::session::events::{ObjectEvent, Purpose};
use crate::session::graph::{Graph, Id, describe_key, put_stored};
use crate::{Error, Result};

/// How a row is read by its key.
#[derive(Debug, Default)]
pub(crate) struct ByKey {
    pub(crate) options: LoadOptions,
    pub(crate) lock: Option<tree::Lock>,
}

impl ByKey {
    /// Locks the row; how to wait for it stays as it was said.
    pub(crate) fn lock(&mut self, strength: tree::LockStrength) {
        let wait = self.lock.as_ref().map_or(tree::LockWait::Wait, |lock| lock.wait);
        self.lock = Some(tree::Lock { strength, of: Vec::new(), wait });
    }

    /// Does not wait for the lock, which is FOR UPDATE unless something else was said.
    pub(crate) fn wait(&mut self, wait: tree::LockWait) {
        let strength = self.lock.as_ref().map_or(tree::LockStrength::Update, |lock| lock.strength);
        self.lock = Some(tree::Lock { strength, of: Vec::new(), wait });
    }

    /// Whether the row itself must be read, whatever the session holds.
    pub(crate) fn must_read(&self) -> bool {
        self.lock.is_some() || self.options.populate_existing
    }

    fn existing(&self) -> Existing {
        match (self.options.populate_existing, &self.lock) {
            (true, _) => Existing::Populate,
            (false, Some(_)) => Existing::Overwrite,
            (false, None) => Existing::Keep,
        }
    }
}

/// Reads the row of `entity` with that key, and what is to be loaded with it.
pub(crate) async fn one_entity(
    graph: &mut Graph,
    connection: &mut Connection,
    entity: &'static EntityDef,
    key: Vec<Value>,
    by: ByKey,
    purpose: Purpose,
) -> Result<Option<Id>> {
    let mut reading = Reading::new(by.existing());
    let LoadOptions { paths: mut load, columns, criteria, raise, populate_existing: _ } = by.options;
    (reading.criteria, reading.raise) = (criteria, raise);
    reading.refusals = columns::refusals(&columns, &load);
    let entities = [entity_at(entity)];
    let items = columns::items(entity, &entities[0].source, &columns);
    let mut select = select(entity, items, key);
    add_defaults(&entities, &mut load, &reading.raise);
    let marks = Marks::of(graph, &load, &reading.raise);
    select.lock = by.lock;
    let left_out = LeftOut::of(&select);
    let mut joins = Joins::plan(&mut select, &entities, &mut load, &reading.criteria)?;
    left_out.say_again(&mut select);
    let statement = reading.asked(graph, Statement::Select(select), purpose)?;
    let mut found = None;
    connection
        .for_each(&statement, &mut |row| {
            let id = reading.read(graph, entity, row, 0)?;
            joins.read(graph, row, &[Some(id)], &mut reading)?;
            found = Some(id);
            Ok(Flow::More)
        })
        .await?;
    joins.finish(graph);
    if let Some(id) = found {
        for path in &load {
            load_path(graph, connection, &[id], path, &mut reading).await?;
        }
        for (parents, path) in joins.behind(graph, &[vec![id]]) {
            load_path(graph, connection, &parents, path, &mut reading).await?;
        }
        if let Some(marks) = marks {
            marks.set(graph, &entities[0], &[id]);
        }
    }
    Ok(found)
}

/// Reads columns of an object anew; whether its row is there.
pub(crate) async fn columns_of(
    graph: &mut Graph,
    connection: &mut Connection,
    id: Id,
    columns: &[usize],
    lock: Option<tree::Lock>,
) -> Result<bool> {
    let entity = graph.entity(id);
    let source = TableRef::new(entity.table).source();
    let items = columns
        .iter()
        .map(|&column| SelectItem { left_out: false, ..entity.item(&source, column) })
        .collect();
    let mut select = select(entity, items, graph.stored_key_values(id));
    select.lock = lock;
    let statement = graph.asked(Statement::Select(select), Purpose::Refresh)?;
    let mut found = false;
    connection
        .for_each(&statement, &mut |row| {
            for (at, &position) in columns.iter().enumerate() {
                let value = read_value(row, at, &entity.table.columns[position].data_type)?;
                put_stored(graph, id, position, value)?;
            }
            found = true;
            Ok(Flow::Enough)
        })
        .await?;
    if found {
        graph.columns_are_read(id, columns);
        graph.tell_objects(ObjectEvent::Refresh, id.kind, &[id.slot])?;
    }
    Ok(found)
}

/// Reads objects anew of which columns are expired that a relationship is loaded by.
///
/// # Errors
/// [`Error::NoResultFound`] where the row of one of them is gone.
pub(crate) async fn read_expired(
    graph: &mut Graph,
    connection: &mut Connection,
    objects: &[Id],
    relationship: &RelationshipDef,
) -> Result<()> {
    let entity = (relationship.source)();
    let names: &[Name] = match (relationship.join, relationship.foreign_key()) {
        (JoinOn::Secondary { link, source_key, .. }, _) => {
            &link().table.foreign_keys[source_key].target_columns
        }
        (JoinOn::TargetKey(_), Some(key)) => &key.target_columns,
        (JoinOn::SourceKey(_), Some(key)) => &key.columns,
        (JoinOn::TargetKey(_) | JoinOn::SourceKey(_), None) => return Ok(()),
    };
    // An object is known by its key: that does not expire.
    let is_key = |position: &usize| entity.table.columns[*position].primary_key;
    let mut near: Vec<usize> = names.iter().filter_map(|name| entity.table.position(name)).collect();
    near.retain(|position| !is_key(position));
    let mut expired = objects.to_vec();
    expired.retain(|&id| near.iter().any(|&column| graph.is_column_expired(id, column)));
    match read_again(graph, connection, &expired).await? {
        Some(lost) => Err(gone(connection, entity, &graph.stored_key_values(lost))),
        None => Ok(()),
    }
}

/// Reads the rows of objects of one kind, over what is expired of them; one of those whose rows are gone.
pub(crate) async fn read_again(
    graph: &mut Graph,
    connection: &mut Connection,
    objects: &[Id],
) -> Result<Option<Id>> {
    let Some(&first) = objects.first() else { return Ok(None) };
    let keys: Vec<Vec<Value>> = objects.iter().map(|&id| graph.stored_key_values(id)).collect();
    let found = rows(graph, connection, graph.entity(first), &keys, Purpose::Refresh).await?;
    let found: HashSet<Id> = found.into_iter().collect();
    Ok(objects.iter().copied().find(|id| !found.contains(id)))
}

/// Reads the entities with these keys, with what the mapping wants loaded of them.
pub(crate) async fn by_keys(
    graph: &mut Graph,
    connection: &mut Connection,
    entity: &'static EntityDef,
    mut keys: Vec<Vec<Value>>,
) -> Result<()> {
    if keys.len() == 1 {
        one_entity(graph, connection, entity, keys.remove(0), ByKey::default(), Purpose::Statement).await?;
        return Ok(());
    }
    let found = rows(graph, connection, entity, &keys, Purpose::Statement).await?;
    let mut load = Vec::new();
    add_defaults(&[entity_at(entity)], &mut load, &[]);
    for path in &load {
        load_path(graph, connection, &found, path, &mut Reading::new(Existing::Keep)).await?;
    }
    Ok(())
}

/// Reads the rows with these keys.
async fn rows(
    graph: &mut Graph,
    connection: &mut Connection,
    entity: &'static EntityDef,
    keys: &[Vec<Value>],
    purpose: Purpose,
) -> Result<Vec<Id>> {
    let names: Vec<Name> = entity.table.primary_key().map(|(_, column)| column.name.clone()).collect();
    let source = TableRef::new(entity.table).source();
    let mut found = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(keys_per_statement(connection.dialect().features(), names.len())) {
        let select = tree::Select {
            columns: columns::items(entity, &source, &[]),
            from: vec![tree::From::Table(TableRef::new(entity.table))],
            filter: Some(in_keys(entity.table, &source, &names, chunk)),
            ..tree::Select::default()
        };
        let statement = graph.asked(Statement::Select(select), purpose)?;
        connection
            .for_each(&statement, &mut |row| {
                found.push(graph.read(entity, row, 0, false)?);
                Ok(Flow::More)
            })
            .await?;
    }
    Ok(found)
}

/// The error for an object whose row is gone.
pub(crate) fn gone(connection: &Connection, entity: &'static EntityDef, key: &[Value]) -> Error {
    let object = describe_key(entity, key, connection.engine().hide_parameters);
    Error::NoResultFound { object: Some(object.into()), statement: None }
}

/// An entity that is read by its key, as a query has it.
pub(crate) fn entity_at(entity: &'static EntityDef) -> EntityAt {
    EntityAt { entity, source: TableRef::new(entity.table).source(), at: 0, known: &Known::End }
}

/// `SELECT columns FROM entity WHERE key = …`
fn select(entity: &'static EntityDef, columns: Vec<SelectItem>, key: Vec<Value>) -> tree::Select {
    tree::Select {
        columns,
        from: vec![tree::From::Table(TableRef::new(entity.table))],
        filter: key_equals(entity, key),
        ..tree::Select::default()
    }
}

/// `key = … AND key = …`
pub(super) fn key_equals(entity: &'static EntityDef, key: Vec<Value>) -> Option<tree::Expr> {
    let source = TableRef::new(entity.table).source();
    let filter = entity.table.primary_key().zip(key).map(|((_, column), value)| {
        let column = entity.column_ref(&source, &column.name);
        let bind = tree::Expr::Bind(Bind::new(value, column.data_type.clone()));
        tree::Expr::Column(column).binary(tree::BinaryOperator::Eq, bind)
    });
    filter.reduce(tree::Expr::and)
}

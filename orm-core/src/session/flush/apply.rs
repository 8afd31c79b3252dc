//! Sends the steps of a plan, and takes back what the database generates: the only I/O of a flush.

use hashbrown::HashMap;
use orm_query::mapping::{EntityDef, SlotState};
use orm_query::schema::{ColumnDef, ForeignKeyDef, Name, TableDef};
use orm_query::tree::{self, InsertSource, SelectItem, Statement, TableRef};
use orm_query::{Bind, Features, Value, read_value};

use super::collect::{Carry, LinkRow};
use super::order::Circle;
use super::plan::{Plan, Step, has_server_value};
use crate::connection::{Connection, Flow};
use crate::session::graph::{Graph, Id, put};
use crate::session::key::Key;
use crate::session::load::in_keys;
use crate::{Error, Result, SessionError};

/// Runs the plan inside the connection's transaction.
pub(crate) async fn apply(graph: &mut Graph, connection: &mut Connection, plan: &Plan) -> Result<()> {
    let features = connection.engine().driver.dialect().features().clone();
    graph.note_write();
    let hide = connection.engine().hide_parameters;
    let mut are_circles_open = false;
    for step in &plan.steps {
        match step {
            Step::Insert { kind, columns, slots } => {
                let rows = features.max_binds / columns.len().max(1);
                for chunk in slots.chunks(rows.min(features.max_rows).max(1)) {
                    let batch = Batch { kind: *kind, columns, slots: chunk };
                    insert(graph, connection, &features, plan, batch)
                        .await
                        .map_err(|error| name_object(error, graph, *kind, chunk, hide))?;
                }
            }
            Step::Update { id, columns } => update(graph, connection, plan, *id, columns)
                .await
                .map_err(|error| name_object(error, graph, id.kind, &[id.slot], hide))?,
            Step::Switch { id, old, columns } => switch(graph, connection, plan, *id, *old, columns)
                .await
                .map_err(|error| name_object(error, graph, id.kind, &[id.slot], hide))?,
            Step::PostUpdate { id, carries } => post_update(graph, connection, *id, carries)
                .await
                .map_err(|error| name_object(error, graph, id.kind, &[id.slot], hide))?,
            Step::Delete { kind, slots, depths } => {
                if !std::mem::replace(&mut are_circles_open, true) {
                    // Rows of one table that go in one statement need none of it, unless each is checked on its own.
                    let is_needed = |circle: &&Circle| features.row_checks || !circle.is_one_statement;
                    cut_circles(graph, connection, plan.circles.iter().filter(is_needed)).await?;
                }
                let most = chunk_of_keys(graph.entry(*kind).key.len(), &features);
                // Rows that reference each other go in one statement, unless each of them is checked on its own.
                let same_statement = |a: usize, b: usize| !features.row_checks || depths[a] == depths[b];
                let mut start = 0;
                while start < slots.len() {
                    let mut end = start + 1;
                    while end < slots.len() && end - start < most && same_statement(start, end) {
                        end += 1;
                    }
                    let chunk = &slots[start..end];
                    delete(graph, connection, *kind, chunk)
                        .await
                        .map_err(|error| name_object(error, graph, *kind, chunk, hide))?;
                    start = end;
                }
            }
            Step::LinkInsert { link, rows } => {
                for chunk in rows.chunks((features.max_binds / row_width(rows)).min(features.max_rows).max(1))
                {
                    link_insert(graph, connection, link, chunk).await?;
                }
            }
            Step::LinkDelete { link, rows } => {
                for chunk in rows.chunks(chunk_of_keys(row_width(rows), &features)) {
                    link_delete(graph, connection, link, chunk).await?;
                }
            }
            Step::LinkClear { link, key, objects } => {
                for chunk in
                    objects.chunks(chunk_of_keys(link.table.foreign_keys[*key].columns.len(), &features))
                {
                    link_clear(graph, connection, link, *key, chunk).await?;
                }
            }
        }
    }
    Ok(())
}

/// Takes out the keys by which doomed rows reference each other in a circle.
async fn cut_circles<'p>(
    graph: &Graph,
    connection: &mut Connection,
    circles: impl Iterator<Item = &'p Circle>,
) -> Result<()> {
    for Circle { id, columns, .. } in circles {
        let entity = graph.entity(*id);
        let column = |name: &Name| entity.table.position(name).map(|at| &entity.table.columns[at]);
        let source = TableRef::new(entity.table).source();
        let (names, keys) = stored_keys(graph, id.kind, &[id.slot]);
        let statement = tree::Update {
            table: TableRef::new(entity.table),
            set: columns.iter().filter_map(column).map(|c| (c.name.clone(), bind(None, c))).collect(),
            filter: Some(equal_key(entity.table, &source, &names, &keys[0])),
            returning: Vec::new(),
        };
        connection.run(&Statement::Update(statement)).await?;
    }
    Ok(())
}

/// Longer lists gain nothing.
const KEYS: usize = 1_000;

/// Keys of several columns are a disjunction, and parsers limit its depth: one of them to 1,000.
const WIDE_KEYS: usize = 400;

/// Short lists keep the database's parser and its plans happy; long ones would also pass the limit of binds.
fn chunk_of_keys(columns: usize, features: &Features) -> usize {
    let most = if columns > 1 { WIDE_KEYS } else { KEYS };
    (features.max_binds / columns.max(1)).clamp(1, most)
}

/// How many columns the keys of a link row have.
fn row_width(rows: &[LinkRow]) -> usize {
    let keys = |row: &LinkRow| row.ends.map(|(key, _)| row.link.0.table.foreign_keys[key].columns.len());
    rows.first().map_or(2, |row| keys(row).iter().sum())
}

/// Which pending object an error is about.
fn name_object(error: Error, graph: &Graph, kind: u32, slots: &[u32], hide: bool) -> Error {
    match error {
        Error::Integrity { kind: what, constraint, table, column, message, object: None, statement } => {
            let object = match slots {
                [slot] => graph.describe(Id { kind, slot: *slot }, hide),
                slots => format!("one of {} `{}` objects", slots.len(), graph.entry(kind).entity.name),
            };
            Error::Integrity {
                kind: what,
                constraint,
                table,
                column,
                message,
                object: Some(object.into()),
                statement,
            }
        }
        error => error,
    }
}

/// Gives an object the keys of its parents.
fn carry_keys(graph: &mut Graph, id: Id, carries: &[Carry]) -> Result<()> {
    if !carries.is_empty() {
        graph.touch(id);
    }
    // Cut keys first: another key may share a column with one.
    for carry in carries.iter().filter(|carry| carry.parent.is_none()) {
        for position in cut_columns(graph.entity(id).table, carry.key) {
            put(graph, id, position, Value::Null)?;
        }
    }
    for carry in carries {
        let Some(parent) = carry.parent else { continue };
        let values = graph.values(parent, &carry.key.target_columns).ok_or_else(|| {
            Error::from(SessionError::Misuse(format!(
                "`{}` has no key to carry to `{}` yet",
                graph.entity(parent).name,
                graph.entity(id).name
            )))
        })?;
        let table = graph.entity(id).table;
        for (name, value) in carry.key.columns.iter().zip(values) {
            let Some(position) = table.position(name) else { continue };
            put(graph, id, position, value)?;
        }
    }
    Ok(())
}

/// The columns of a key that are set to NULL to cut it: those that may be NULL, and of them rather those that no
/// other key shares.
fn cut_columns(table: &TableDef, key: &ForeignKeyDef) -> Vec<usize> {
    let positions = key.columns.iter().filter_map(|name| table.position(name));
    let nullable: Vec<usize> =
        positions.filter(|&c| table.columns[c].nullable && !table.columns[c].primary_key).collect();
    let is_shared = |c: usize| {
        let name = &table.columns[c].name;
        table.foreign_keys.iter().any(|other| other != key && other.columns.contains(name))
    };
    let own: Vec<usize> = nullable.iter().copied().filter(|&c| !is_shared(c)).collect();
    if own.is_empty() { nullable } else { own }
}

/// The carries of a step; those of `post_update` have one of their own.
fn early_carries(plan: &Plan, id: Id) -> Vec<Carry> {
    let carries = plan.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
    carries.iter().copied().filter(|carry| !carry.post_update).collect()
}

/// Fills in the values that functions in Rust give.
fn fill_defaults(graph: &mut Graph, id: Id, columns: &[usize]) -> Result<()> {
    let table = graph.entity(id).table;
    for &position in columns {
        if let Some(default) = table.columns[position].default
            && graph.store(id).value(id.slot, position).is_none()
        {
            put(graph, id, position, (default.0)())?;
        }
    }
    Ok(())
}

struct Batch<'p> {
    kind: u32,
    columns: &'p [usize],
    slots: &'p [u32],
}

fn bind(value: Option<Value>, column: &ColumnDef) -> tree::Expr {
    tree::Expr::Bind(Bind::new(value.unwrap_or(Value::Null), column.data_type.clone()))
}

fn column_item(entity: &EntityDef, position: usize) -> SelectItem {
    let source = TableRef::new(entity.table).source();
    tree::Expr::Column(entity.column_ref(&source, &entity.table.columns[position].name)).into()
}

async fn insert(
    graph: &mut Graph,
    connection: &mut Connection,
    features: &Features,
    plan: &Plan,
    batch: Batch<'_>,
) -> Result<()> {
    let Batch { kind, columns, slots } = batch;
    for &slot in slots {
        let id = Id { kind, slot };
        carry_keys(graph, id, &early_carries(plan, id))?;
        fill_defaults(graph, id, columns)?;
    }
    let entity = graph.entry(kind).entity;
    let generated: Vec<usize> = entity
        .table
        .columns
        .iter()
        .enumerate()
        .filter(|(position, c)| !columns.contains(position) && (c.autoincrement || has_server_value(c)))
        .map(|(position, _)| position)
        .collect();
    let order = Match::of(graph, kind, columns, &generated);
    let chunks = match order {
        Match::Single => slots.chunks(1),
        Match::Nothing | Match::ByKey | Match::Ascending(_) => slots.chunks(slots.len().max(1)),
    };
    for slots in chunks {
        let row = |&slot: &u32| {
            let store = &graph.entry(kind).store;
            columns.iter().map(|&c| bind(store.value(slot, c), &entity.table.columns[c])).collect()
        };
        let mut returning = generated.clone();
        if matches!(order, Match::ByKey) {
            returning.extend(graph.entry(kind).key.iter().copied());
        }
        let statement = tree::Insert {
            table: TableRef::new(entity.table),
            columns: columns.iter().map(|&c| entity.table.columns[c].name.clone()).collect(),
            source: InsertSource::Values(slots.iter().map(row).collect()),
            returning: if features.insert_returning {
                returning.iter().map(|&c| column_item(entity, c)).collect()
            } else {
                Vec::new()
            },
        };
        let statement = Statement::Insert(statement);
        if returning.is_empty() || matches!(order, Match::Nothing) {
            connection.run(&statement).await?;
        } else if !features.insert_returning {
            connection.run(&statement).await?;
            read_back(graph, connection, features, kind, slots, &generated, &order).await?;
        } else {
            let mut rows: Vec<Vec<Value>> = Vec::with_capacity(slots.len());
            connection
                .for_each(&statement, &mut |row| {
                    let mut values = Vec::with_capacity(returning.len());
                    for (at, &position) in returning.iter().enumerate() {
                        values.push(read_value(row, at, &entity.table.columns[position].data_type)?);
                    }
                    rows.push(values);
                    Ok(Flow::More)
                })
                .await?;
            if rows.len() != slots.len() {
                return Err(stale("INSERT", entity.table, slots.len() as u64, rows.len() as u64));
            }
            give_back(graph, kind, slots, &generated, rows, &order)?;
        }
        for &slot in slots {
            let id = Id { kind, slot };
            graph.store_mut(id).set_state(slot, SlotState::Persistent);
            graph.store_mut(id).settle(slot);
            let key = graph.stored_key(id);
            if let Some(key) = key
                && graph.lookup(kind, &key).is_some_and(|other| other != id)
            {
                let key = key.to_string();
                return Err(SessionError::DuplicateKey { entity: entity.name, key }.into());
            }
            graph.enter_identity(id);
        }
    }
    Ok(())
}

/// Where an INSERT returns nothing: generated keys are what the database has counted, and other generated values are
/// selected by key.
async fn read_back(
    graph: &mut Graph,
    connection: &mut Connection,
    features: &Features,
    kind: u32,
    slots: &[u32],
    generated: &[usize],
    order: &Match,
) -> Result<()> {
    let entity = graph.entry(kind).entity;
    let is_counted = |position: usize| entity.table.columns[position].autoincrement;
    if !matches!(order, Match::ByKey)
        && let Some(counted) = generated.iter().copied().find(|&position| is_counted(position))
    {
        let Some(keys) = connection.generated_keys() else {
            return Err(Error::Unsupported {
                dialect: connection.dialect().name(),
                feature: "way to tell generated keys",
                hint: Some("give the objects their keys in Rust"),
            });
        };
        for (slot, number) in slots.iter().zip(0..) {
            let key = keys.first + number * keys.step;
            let key = i64::try_from(key).map_or(Value::U64(key), Value::I64);
            put(graph, Id { kind, slot: *slot }, counted, key)?;
        }
    }
    let left: Vec<usize> = generated.iter().copied().filter(|&position| !is_counted(position)).collect();
    if left.is_empty() {
        return Ok(());
    }
    let key = graph.entry(kind).key.clone();
    let names: Vec<Name> = key.iter().map(|&c| entity.table.columns[c].name.clone()).collect();
    let most = (features.max_binds / names.len().max(1)).max(1);
    for slots in slots.chunks(most) {
        let mut keys = Vec::with_capacity(slots.len());
        for &slot in slots {
            let store = &graph.entry(kind).store;
            keys.push(key.iter().map(|&c| store.value(slot, c).unwrap_or(Value::Null)).collect());
        }
        let source = TableRef::new(entity.table).source();
        let columns = left.iter().chain(&key).map(|&c| column_item(entity, c)).collect();
        let select = tree::Select {
            columns,
            from: vec![tree::From::Table(TableRef::new(entity.table))],
            filter: Some(in_keys(entity.table, &source, &names, &keys)),
            ..tree::Select::default()
        };
        let mut rows = Vec::with_capacity(slots.len());
        connection
            .for_each(&Statement::Select(select), &mut |row| {
                let mut values = Vec::with_capacity(left.len() + key.len());
                for (at, &position) in left.iter().chain(&key).enumerate() {
                    values.push(read_value(row, at, &entity.table.columns[position].data_type)?);
                }
                rows.push(values);
                Ok(Flow::More)
            })
            .await?;
        give_back(graph, kind, slots, &left, rows, &Match::ByKey)?;
    }
    Ok(())
}

/// How the rows that an INSERT returns are told apart: never by the order in which they come.
enum Match {
    /// Nothing is generated.
    Nothing,
    /// One row at a time.
    Single,
    /// By the key, which was given.
    ByKey,
    /// By the generated key at this place, which counts up with the rows of VALUES.
    Ascending(usize),
}

impl Match {
    fn of(graph: &Graph, kind: u32, columns: &[usize], generated: &[usize]) -> Match {
        let entry = graph.entry(kind);
        if generated.is_empty() {
            return Match::Nothing;
        }
        if entry.key.iter().all(|position| columns.contains(position)) {
            return Match::ByKey;
        }
        let counted = |&position: &usize| entry.entity.table.columns[position].autoincrement;
        match generated.iter().position(counted) {
            // A row without any column cannot stand with others in VALUES.
            Some(at) if !columns.is_empty() => Match::Ascending(at),
            _ => Match::Single,
        }
    }
}

fn give_back(
    graph: &mut Graph,
    kind: u32,
    slots: &[u32],
    generated: &[usize],
    mut rows: Vec<Vec<Value>>,
    order: &Match,
) -> Result<()> {
    match order {
        Match::Ascending(at) => rows.sort_by_key(|row| match row.get(*at) {
            Some(Value::U64(v)) => i128::from(*v),
            Some(Value::I64(v)) => (*v).into(),
            Some(Value::I32(v)) => (*v).into(),
            Some(Value::I16(v)) => (*v).into(),
            _ => 0,
        }),
        Match::ByKey => {
            let mut by_key: HashMap<Key, Vec<Value>> = HashMap::with_capacity(rows.len());
            for mut row in rows.drain(..) {
                let key = row.split_off(generated.len());
                by_key.extend(Key::new(key).map(|key| (key, row)));
            }
            for &slot in slots {
                let row = graph.key(Id { kind, slot }).and_then(|key| by_key.remove(&key));
                let entity = graph.entry(kind).entity;
                rows.push(row.ok_or_else(|| stale("INSERT", entity.table, slots.len() as u64, 0))?);
            }
        }
        Match::Nothing | Match::Single => {}
    }
    for (&slot, row) in slots.iter().zip(rows) {
        for (&position, value) in generated.iter().zip(row) {
            put(graph, Id { kind, slot }, position, value)?;
        }
    }
    Ok(())
}

fn stale(action: &'static str, table: &TableDef, expected: u64, matched: u64) -> Error {
    Error::StaleData { action, table: table.full_name(), expected, matched }
}

fn stored_keys(graph: &Graph, kind: u32, slots: &[u32]) -> (Vec<Name>, Vec<Vec<Value>>) {
    let entry = graph.entry(kind);
    let names = entry.key.iter().map(|&c| entry.entity.table.columns[c].name.clone()).collect();
    let key = |&slot: &u32| {
        entry.key.iter().map(|&c| entry.store.stored_value(slot, c).unwrap_or(Value::Null)).collect()
    };
    (names, slots.iter().map(key).collect())
}

async fn update(
    graph: &mut Graph,
    connection: &mut Connection,
    plan: &Plan,
    id: Id,
    columns: &[usize],
) -> Result<()> {
    carry_keys(graph, id, &early_carries(plan, id))?;
    let changed = |graph: &Graph, c: usize| {
        graph.store(id).value(id.slot, c) != graph.store(id).stored_value(id.slot, c)
    };
    let table = graph.entity(id).table;
    // A carried key may be what it was: then nothing else is computed either.
    if columns.iter().any(|&c| changed(graph, c)) {
        graph.touch(id);
        for &position in columns {
            if let Some(on_update) = table.columns[position].on_update
                && !changed(graph, position)
            {
                put(graph, id, position, (on_update.0)())?;
            }
        }
    }
    let changed: Vec<usize> = columns.iter().copied().filter(|&c| changed(graph, c)).collect();
    write_columns(graph, connection, id, &changed).await?;
    if changed.iter().any(|&c| table.columns[c].primary_key) {
        graph.change_identity(id);
    }
    Ok(())
}

/// The new object `id` takes the row of the deleted object `old`.
async fn switch(
    graph: &mut Graph,
    connection: &mut Connection,
    plan: &Plan,
    id: Id,
    old: Id,
    columns: &[usize],
) -> Result<()> {
    carry_keys(graph, id, &early_carries(plan, id))?;
    fill_defaults(graph, id, columns)?;
    let table = graph.entity(id).table;
    // What is not given stays as the row has it.
    for position in (0..table.columns.len()).filter(|position| !columns.contains(position)) {
        if let Some(value) = graph.store(old).stored_value(old.slot, position) {
            put(graph, id, position, value)?;
        }
    }
    let written: Vec<usize> =
        columns.iter().copied().filter(|&position| !table.columns[position].primary_key).collect();
    write_columns(graph, connection, id, &written).await?;
    graph.log(old);
    graph.leave_identity(old);
    graph.store_mut(old).set_state(old.slot, SlotState::Deleted);
    graph.store_mut(id).set_state(id.slot, SlotState::Persistent);
    graph.store_mut(id).settle(id.slot);
    graph.enter_identity(id);
    Ok(())
}

async fn post_update(
    graph: &mut Graph,
    connection: &mut Connection,
    id: Id,
    carries: &[Carry],
) -> Result<()> {
    carry_keys(graph, id, carries)?;
    let table = graph.entity(id).table;
    let mut columns: Vec<usize> =
        carries.iter().flat_map(|c| c.key.columns.iter()).filter_map(|name| table.position(name)).collect();
    columns.sort_unstable();
    columns.dedup();
    write_columns(graph, connection, id, &columns).await
}

async fn write_columns(
    graph: &mut Graph,
    connection: &mut Connection,
    id: Id,
    columns: &[usize],
) -> Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    let entity = graph.entity(id);
    let source = TableRef::new(entity.table).source();
    let (names, keys) = stored_keys(graph, id.kind, &[id.slot]);
    let set = columns
        .iter()
        .map(|&c| {
            let column = &entity.table.columns[c];
            (column.name.clone(), bind(graph.store(id).value(id.slot, c), column))
        })
        .collect();
    let statement = tree::Update {
        table: TableRef::new(entity.table),
        set,
        filter: Some(equal_key(entity.table, &source, &names, &keys[0])),
        returning: Vec::new(),
    };
    match connection.run(&Statement::Update(statement)).await? {
        1 => Ok(()),
        matched => Err(stale("UPDATE", entity.table, 1, matched)),
    }
}

/// `column = value AND …`
fn equal_key(table: &TableDef, source: &tree::SourceRef, names: &[Name], key: &[Value]) -> tree::Expr {
    let mut parts: Vec<tree::Expr> = names
        .iter()
        .zip(key)
        .filter_map(|(name, value)| {
            let column = &table.columns[table.position(name)?];
            let reference = tree::ColumnRef {
                source: source.clone(),
                name: name.clone(),
                data_type: column.data_type.clone(),
            };
            let right = bind(Some(value.clone()), column);
            Some(tree::Expr::Column(reference).binary(tree::BinaryOperator::Eq, right))
        })
        .collect();
    if parts.len() == 1 { parts.remove(0) } else { tree::Expr::And(parts) }
}

async fn delete(graph: &mut Graph, connection: &mut Connection, kind: u32, slots: &[u32]) -> Result<()> {
    let entity = graph.entry(kind).entity;
    let source = TableRef::new(entity.table).source();
    let (names, keys) = stored_keys(graph, kind, slots);
    let filter = match keys.as_slice() {
        [key] => equal_key(entity.table, &source, &names, key),
        keys => in_keys(entity.table, &source, &names, keys),
    };
    let statement =
        tree::Delete { table: TableRef::new(entity.table), filter: Some(filter), returning: Vec::new() };
    let matched = connection.run(&Statement::Delete(statement)).await?;
    if matched != slots.len() as u64 {
        return Err(stale("DELETE", entity.table, slots.len() as u64, matched));
    }
    for &slot in slots {
        let id = Id { kind, slot };
        graph.log(id);
        graph.leave_identity(id);
        graph.store_mut(id).set_state(slot, SlotState::Deleted);
    }
    Ok(())
}

/// The columns of a link table and the values of a row, by both foreign keys.
fn link_values(graph: &Graph, row: &LinkRow) -> Result<(Vec<Name>, Vec<Value>)> {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (key, id) in row.ends {
        let key = &row.link.0.table.foreign_keys[key];
        let found = graph.values(id, &key.target_columns).ok_or_else(|| {
            Error::from(SessionError::Misuse(format!("`{}` has no key to link yet", graph.entity(id).name)))
        })?;
        names.extend(key.columns.iter().cloned());
        values.extend(found);
    }
    Ok((names, values))
}

async fn link_insert(
    graph: &Graph,
    connection: &mut Connection,
    link: &'static EntityDef,
    rows: &[LinkRow],
) -> Result<()> {
    let mut columns = Vec::new();
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        let (names, row) = link_values(graph, row)?;
        let binds = names.iter().zip(row).filter_map(|(name, value)| {
            Some(bind(Some(value), &link.table.columns[link.table.position(name)?]))
        });
        values.push(binds.collect());
        columns = names;
    }
    let statement = tree::Insert {
        table: TableRef::new(link.table),
        columns,
        source: InsertSource::Values(values),
        returning: Vec::new(),
    };
    connection.run(&Statement::Insert(statement)).await.map(drop)
}

async fn link_delete(
    graph: &Graph,
    connection: &mut Connection,
    link: &'static EntityDef,
    rows: &[LinkRow],
) -> Result<()> {
    let mut names = Vec::new();
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let (columns, values) = link_values(graph, row)?;
        names = columns;
        keys.push(values);
    }
    let matched = run_link_delete(connection, link, &names, &keys).await?;
    if matched < rows.len() as u64 {
        return Err(stale("DELETE", link.table, rows.len() as u64, matched));
    }
    Ok(())
}

async fn link_clear(
    graph: &Graph,
    connection: &mut Connection,
    link: &'static EntityDef,
    key: usize,
    objects: &[Id],
) -> Result<()> {
    let key = &link.table.foreign_keys[key];
    let keys: Vec<Vec<Value>> =
        objects.iter().filter_map(|&id| graph.values(id, &key.target_columns)).collect();
    run_link_delete(connection, link, &key.columns, &keys).await.map(drop)
}

async fn run_link_delete(
    connection: &mut Connection,
    link: &'static EntityDef,
    names: &[Name],
    keys: &[Vec<Value>],
) -> Result<u64> {
    let source = TableRef::new(link.table).source();
    let statement = tree::Delete {
        table: TableRef::new(link.table),
        filter: Some(in_keys(link.table, &source, names, keys)),
        returning: Vec::new(),
    };
    connection.run(&Statement::Delete(statement)).await
}

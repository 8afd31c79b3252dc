//! Which columns of its entities a query reads, and those that are read later.

use hashbrown::HashMap;
use orm_query::mapping::{EntityDef, SlotState};
use orm_query::schema::Name;
use orm_query::tree::{self, SelectItem, SourceRef, Statement, TableRef};
use orm_query::typed::{ColumnChoice, ColumnOption, EntityAt, LoadPath};
use orm_query::{Value, read_value};

use super::{in_keys, keys_per_statement};
use crate::connection::{Connection, Flow};
use crate::session::events::{ObjectEvent, Purpose};
use crate::session::graph::{Graph, Id, put_stored};
use crate::session::key::Key;
use crate::{Result, SessionError};

/// What a row of `entity` consists of, read from `source`, as the mapping and the options of its path say.
pub(crate) fn items(
    entity: &'static EntityDef,
    source: &SourceRef,
    options: &[ColumnOption],
) -> Vec<SelectItem> {
    let mut items: Vec<SelectItem> = entity.items(source).collect();
    choose(entity, source, &mut items, options);
    items
}

/// Says which of the items of an entity are left out; a later option overrides an earlier one.
fn choose(
    entity: &EntityDef,
    source: &SourceRef,
    items: &mut [SelectItem],
    options: impl IntoIterator<Item = impl std::borrow::Borrow<ColumnOption>>,
) {
    for option in options {
        let option: &ColumnOption = option.borrow();
        let mut set = |name: &str, left_out: bool| {
            if let Some(place) = entity.place(name)
                && entity.deferral(place).is_some()
            {
                items[place].left_out = left_out;
            }
        };
        match &option.choice {
            ColumnChoice::Defer { column, .. } => set(column, true),
            ColumnChoice::Undefer(column) => set(column, false),
            ColumnChoice::UndeferGroup(group) => {
                for (place, item) in items.iter_mut().enumerate() {
                    if entity.deferral(place).is_some_and(|deferral| deferral.group == Some(group)) {
                        item.left_out = false;
                    }
                }
            }
            ColumnChoice::LoadOnly { columns, .. } => {
                let named: Vec<usize> = columns.iter().filter_map(|name| entity.place(name)).collect();
                for (place, item) in items.iter_mut().enumerate() {
                    if entity.deferral(place).is_some() && !is_unsaid(entity, place) {
                        item.left_out = !named.contains(&place);
                    }
                }
            }
            ColumnChoice::Expression(name, expr) => {
                if let Some(place) = entity.place(name) {
                    let mut expr = (**expr).clone();
                    expr.read_from(&option.source, source);
                    items[place] = SelectItem { expr, label: Some((*name).into()), left_out: false };
                }
            }
        }
    }
}

/// Whether it is a query expression, which only `with_expression` can say.
fn is_unsaid(entity: &EntityDef, place: usize) -> bool {
    let property = place.checked_sub(entity.table.columns.len()).and_then(|at| entity.properties.get(at));
    property.is_some_and(|property| property.expr.is_none())
}

/// Applies the options of a query to the entities of its select list.
///
/// # Errors
/// For an option of an entity that the query does not select, and for a statement whose columns are not its own.
pub(super) fn choose_all(
    statement: &mut Statement,
    entities: &[EntityAt],
    options: &[ColumnOption],
) -> Result<()> {
    if options.is_empty() {
        return Ok(());
    }
    let Statement::Select(select) = statement else {
        return Err(SessionError::Misuse(
            "the columns of this statement are what it says itself: give `load_only`, `defer`, `undefer` and `with_expression` to a `select(…)`"
                .into(),
        )
        .into());
    };
    let is_of =
        |option: &&ColumnOption, at: &EntityAt| option.source == at.source && option.entity == at.entity;
    for option in options {
        if !entities.iter().any(|at| is_of(&option, at)) {
            return Err(SessionError::Misuse(format!(
                "the query does not select `{}` as `{}`, so there are no columns of it to choose",
                option.entity.name, option.source
            ))
            .into());
        }
    }
    for at in entities {
        let end = at.at + at.entity.width();
        if let Some(items) = select.columns.get_mut(at.at..end) {
            let options = options.iter().filter(|option| is_of(option, at));
            choose(at.entity, &at.source, items, options);
        }
    }
    Ok(())
}

/// What of a select list is left out, to be said again of another one that begins with the same items.
pub(super) struct LeftOut(Vec<bool>);

impl LeftOut {
    pub(super) fn of(select: &tree::Select) -> LeftOut {
        LeftOut(select.columns.iter().map(|item| item.left_out).collect())
    }

    pub(super) fn say_again(self, select: &mut tree::Select) {
        for (item, left_out) in select.columns.iter_mut().zip(self.0) {
            item.left_out = left_out;
        }
    }
}

/// A column that a query leaves out of its objects for good.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) entity: &'static EntityDef,
    pub(crate) place: usize,
}

/// The columns of which the options of a query, and of what it loads along, say that they must not be read later.
pub(crate) fn refusals(options: &[ColumnOption], paths: &[LoadPath]) -> Vec<Refusal> {
    let mut found: Vec<Refusal> = paths.iter().flat_map(|path| refusals(&path.columns, &path.then)).collect();
    for option in options {
        let entity = option.entity;
        match &option.choice {
            ColumnChoice::Defer { column, raise: true } => {
                found.extend(entity.place(column).map(|place| Refusal { entity, place }));
            }
            ColumnChoice::LoadOnly { columns, raise: true } => {
                let is_left_out = |place: &usize| {
                    entity.deferral(*place).is_some()
                        && !is_unsaid(entity, *place)
                        && !columns.iter().any(|name| entity.place(name) == Some(*place))
                };
                found.extend((0..entity.width()).filter(is_left_out).map(|place| Refusal { entity, place }));
            }
            _ => {}
        }
    }
    found
}

/// Of an object that is here, the columns that the options ask for and that are absent.
pub(crate) fn missing(graph: &Graph, id: Id, options: &[ColumnOption]) -> Vec<usize> {
    let entity = graph.entity(id);
    if options.is_empty() {
        return Vec::new();
    }
    let items = items(entity, &TableRef::new(entity.table).source(), options);
    let is_asked = |place: &usize| !items[*place].left_out && is_absent(graph, id, *place);
    (0..entity.width()).filter(is_asked).collect()
}

/// Whether the object has a place that is absent.
fn is_absent(graph: &Graph, id: Id, place: usize) -> bool {
    let store = graph.store(id);
    graph.entity(id).deferral(place).is_some()
        && store.value(id.slot, place).is_none()
        && store.stored_value(id.slot, place).is_none()
}

/// Whether any of these columns is absent in any of the objects.
pub(crate) fn is_absent_in(graph: &Graph, objects: &[Id], places: &[usize]) -> bool {
    objects.iter().any(|&id| places.iter().any(|&place| is_absent(graph, id, place)))
}

/// Reads the columns at these places of objects of one kind, where they are absent, in as few SELECTs as their keys
/// take; the first whose row is gone.
///
/// # Errors
/// For a query expression, and for what was left out by an option with `raise`.
pub(crate) async fn fill(
    graph: &mut Graph,
    connection: &mut Connection,
    objects: &[Id],
    places: &[usize],
) -> Result<Option<Id>> {
    let absent = |id: Id| places.iter().any(|&place| is_absent(graph, id, place));
    let missing: Vec<Id> = objects
        .iter()
        .copied()
        .filter(|&id| graph.state(id) == SlotState::Persistent && absent(id))
        .collect();
    let Some(&first) = missing.first() else { return Ok(None) };
    let entity = graph.entity(first);
    let mut places: Vec<usize> = places.to_vec();
    places.retain(|&place| missing.iter().any(|&id| is_absent(graph, id, place)));
    for &place in &places {
        let name = name(entity, place);
        if is_unsaid(entity, place) {
            return Err(SessionError::Misuse(format!(
                "`{}::{name}` is a query expression: say what it is by `with_expression` in a query",
                entity.name
            ))
            .into());
        }
        if missing.iter().any(|&id| graph.is_refused(id, place) && is_absent(graph, id, place)) {
            return Err(SessionError::ColumnRefused { entity: entity.name, column: name.to_string() }.into());
        }
    }
    let source = TableRef::new(entity.table).source();
    let key: Vec<usize> = graph.entry(first.kind).key.clone();
    let names: Vec<Name> = key.iter().map(|&position| entity.table.columns[position].name.clone()).collect();
    let mut found = HashMap::with_capacity(missing.len());
    let most = keys_per_statement(connection.dialect().features(), key.len());
    for chunk in missing.chunks(most) {
        // One object needs no key in its row.
        let with_key: &[usize] = if chunk.len() == 1 { &[] } else { &key };
        let read: Vec<usize> = with_key.iter().chain(&places).copied().collect();
        let keys: Vec<Vec<Value>> = chunk.iter().map(|&id| graph.stored_key_values(id)).collect();
        let filter = match keys.as_slice() {
            [key] => super::by_key::key_equals(entity, key.clone()),
            keys => Some(in_keys(entity.table, &source, &names, keys)),
        };
        let columns = read.iter().map(|&place| SelectItem { left_out: false, ..entity.item(&source, place) });
        let select = tree::Select {
            columns: columns.collect(),
            from: vec![tree::From::Table(TableRef::new(entity.table))],
            filter,
            ..tree::Select::default()
        };
        let statement = graph.asked(Statement::Select(select), Purpose::Refresh)?;
        connection
            .for_each(&statement, &mut |row| {
                let mut values = Vec::with_capacity(read.len());
                for (at, &place) in read.iter().enumerate() {
                    values.push(read_value(row, at, &data_type(entity, place))?);
                }
                let rest = values.split_off(with_key.len());
                let id = match chunk {
                    [id] => Some(*id),
                    _ => Key::new(values).and_then(|key| graph.lookup(first.kind, &key)),
                };
                if let Some(id) = id {
                    found.insert(id, rest);
                }
                Ok(Flow::More)
            })
            .await?;
    }
    let mut lost = None;
    for id in missing {
        let Some(values) = found.remove(&id) else {
            lost = lost.or(Some(id));
            continue;
        };
        for (&place, value) in places.iter().zip(values) {
            if is_absent(graph, id, place) {
                graph.log_read(id);
                put_stored(graph, id, place, value)?;
            }
        }
        graph.columns_are_read(id, &places);
        graph.tell_objects(ObjectEvent::Refresh, id.kind, &[id.slot])?;
    }
    Ok(lost)
}

/// The name of what stands at a place.
pub(crate) fn name(entity: &EntityDef, place: usize) -> Name {
    match entity.table.columns.get(place) {
        Some(column) => column.name.clone(),
        None => entity.properties[place - entity.table.columns.len()].name.into(),
    }
}

fn data_type(entity: &EntityDef, place: usize) -> orm_query::DataType {
    match entity.table.columns.get(place) {
        Some(column) => column.data_type.clone(),
        None => (entity.properties[place - entity.table.columns.len()].data_type)(),
    }
}

//! The steps of a flush as plain data.

use std::fmt;

use hashbrown::{HashMap, HashSet};
use orm_query::Value;
use orm_query::mapping::{EntityDef, SlotState};
use orm_query::schema::{ColumnDef, Version};

use super::bulk::Bulk;
use super::collect::{Carry, Changes, LinkRow};
use super::order::{Circle, delete_order, levels, rank_tables};
use crate::session::graph::{Graph, Id};
use crate::session::key::Key;
use crate::{Result, SessionError};

/// What a flush will do, in order.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// The keys by which deleted rows reference each other in a circle.
    pub(crate) circles: Vec<Circle>,
    /// The keys that each object gets from its parents just before it is written.
    pub(crate) carries: HashMap<Id, Vec<Carry>>,
}

/// One kind of write to one table.
pub(crate) enum Step {
    /// Objects that set the same columns.
    Insert { kind: u32, columns: Vec<usize>, slots: Vec<u32> },
    /// Objects that change the same columns, as far as it is known: a key that is carried may be what it was.
    Update { kind: u32, columns: Vec<usize>, slots: Vec<u32> },
    /// A new object takes the row of a deleted one that has its key.
    Switch { id: Id, old: Id, columns: Vec<usize> },
    /// Keys that are written when all rows are there.
    PostUpdate { kind: u32, slots: Vec<u32> },
    /// Objects by their key.
    Delete { kind: u32, slots: Vec<u32>, depths: Vec<usize> },
    /// Rows of a link table.
    LinkInsert { link: &'static EntityDef, rows: Vec<LinkRow> },
    /// Rows of a link table, by both keys.
    LinkDelete { link: &'static EntityDef, rows: Vec<LinkRow> },
    /// All rows of a link table that lead to these objects.
    LinkClear { link: &'static EntityDef, key: usize, objects: Vec<Id> },
    /// The rows of a child table that lead to these deleted objects, loaded or not.
    Bulk(Bulk),
    /// Rows of a link table get the new key of this object.
    LinkRekey { link: &'static EntityDef, key: usize, object: Id },
}

/// Orders what was collected into steps.
pub(crate) fn plan(graph: &Graph, changes: Changes) -> Result<Plan> {
    let ranks = rank_tables(graph);
    let levels = levels(&changes, &ranks)?;
    let rank = |id: Id| ranks.get(&id.kind).copied().unwrap_or_default();
    let mut steps = Vec::new();

    let mut inserts: Vec<(usize, usize, u32, Vec<usize>, u32)> = Vec::with_capacity(changes.inserts.len());
    let mut switched = HashSet::new();
    let mut switches = Vec::new();
    for &id in &changes.inserts {
        let carries = changes.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
        let columns = match insert_columns(graph, id, carries) {
            // A listener may still give the value that is missing.
            Err(_) if graph.hears_inserts(id.kind) => Vec::new(),
            columns => columns?,
        };
        if let Some(old) = doomed_of_key(graph, &changes, id) {
            switched.insert(old);
            switches.push((rank(id), id, old, columns));
            continue;
        }
        let level = levels.get(&id).copied().unwrap_or_default();
        inserts.push((rank(id), level, id.kind, columns, id.slot));
    }
    // Stable: within a level, objects keep the order in which they were added.
    inserts.sort_by_key(|(rank, level, kind, ..)| (*rank, *level, *kind));
    let pending: HashSet<Id> = changes.inserts.iter().copied().collect();
    let mut updates: Vec<(usize, bool, Id, Vec<usize>)> = Vec::new();
    for &id in &changes.updates {
        let carries = changes.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
        let columns = update_columns(graph, id, carries)?;
        if !columns.is_empty() || graph.hears_updates(id.kind) {
            // An UPDATE may free a value that a new row takes; but one that gets the key of a new row waits for it.
            let parents = carries.iter().filter(|carry| !carry.post_update).filter_map(|carry| carry.parent);
            let waits = parents.into_iter().any(|p| rank(p) == rank(id) && pending.contains(&p));
            updates.push((rank(id), waits, id, columns));
        }
    }
    // By key, so that two sessions lock rows in one order.
    updates.sort_by(|(rank, waits, id, columns), (other_rank, other_waits, other, other_columns)| {
        let place =
            (rank, waits, id.kind, columns).cmp(&(other_rank, other_waits, other.kind, other_columns));
        let keys = || graph.stored_key(*id).cmp(&graph.stored_key(*other));
        place.then_with(keys).then(id.slot.cmp(&other.slot))
    });
    switches.sort_by_key(|(rank, ..)| *rank);

    let mut updates = updates.into_iter().peekable();
    let mut switches = switches.into_iter().peekable();
    let mut inserts = inserts.into_iter().peekable();
    let last = ranks.values().copied().max().unwrap_or_default();
    for current in 0..=last {
        let mut last_level = None;
        while let Some((_, id, old, columns)) = switches.next_if(|(rank, ..)| *rank == current) {
            steps.push(Step::Switch { id, old, columns });
        }
        while let Some((_, _, id, columns)) = updates.next_if(|(rank, waits, ..)| *rank == current && !waits)
        {
            push_update(graph, &mut steps, id, columns);
        }
        while let Some((_, level, kind, columns, slot)) = inserts.next_if(|(rank, ..)| *rank == current) {
            // A row waits for the generated key of the row above it, so each level is a statement of its own.
            let same_level = last_level.replace(level) == Some(level);
            match steps.last_mut() {
                Some(Step::Insert { kind: k, columns: c, slots })
                    if same_level && *k == kind && (*c == columns || graph.hears_inserts(kind)) =>
                {
                    add_columns(c, columns);
                    slots.push(slot);
                }
                _ => steps.push(Step::Insert { kind, columns, slots: vec![slot] }),
            }
        }
        while let Some((_, _, id, columns)) = updates.next_if(|(rank, ..)| *rank == current) {
            push_update(graph, &mut steps, id, columns);
        }
    }
    let mut carried: Vec<(&Id, &Vec<Carry>)> = changes.carries.iter().collect();
    carried.sort_by_key(|(id, _)| **id);
    for (&id, carries) in carried {
        if graph.is_doomed(id) || !carries.iter().any(|carry| carry.post_update) {
            continue;
        }
        match steps.last_mut() {
            Some(Step::PostUpdate { kind, slots }) if *kind == id.kind => slots.push(id.slot),
            _ => steps.push(Step::PostUpdate { kind: id.kind, slots: vec![id.slot] }),
        }
    }
    for (link, key, object) in changes.links_rekeyed {
        steps.push(Step::LinkRekey { link, key, object });
    }
    // Those of deleted objects first: a new object may have the key of one.
    for clear in changes.links_cleared {
        steps.push(Step::LinkClear { link: clear.link, key: clear.key, objects: clear.objects });
    }
    group_links(changes.links_removed, |link, rows| steps.push(Step::LinkDelete { link, rows }));
    group_links(changes.links_added, |link, rows| steps.push(Step::LinkInsert { link, rows }));
    let mut deletes = changes.deletes;
    let (depths, circles) = delete_order(graph, &deletes, &ranks);
    deletes.retain(|id| !switched.contains(id));
    // Whoever references comes first.
    deletes.sort_by_key(|id| std::cmp::Reverse((rank(*id), depths.get(id).copied(), id.kind)));
    let mut bulks = changes.bulks;
    for id in deletes {
        // Behind the children that are objects, and before the parents.
        for at in (0..bulks.len()).rev() {
            if bulks[at].parents.contains(&id) {
                steps.push(Step::Bulk(bulks.remove(at)));
            }
        }
        let depth = depths.get(&id).copied().unwrap_or_default();
        match steps.last_mut() {
            Some(Step::Delete { kind, slots, depths }) if *kind == id.kind => {
                slots.push(id.slot);
                depths.push(depth);
            }
            _ => steps.push(Step::Delete { kind: id.kind, slots: vec![id.slot], depths: vec![depth] }),
        }
    }
    Ok(Plan { steps, circles, carries: changes.carries })
}

fn push_update(graph: &Graph, steps: &mut Vec<Step>, id: Id, columns: Vec<usize>) {
    match steps.last_mut() {
        Some(Step::Update { kind, columns: c, slots })
            if *kind == id.kind && (*c == columns || graph.hears_updates(*kind)) =>
        {
            add_columns(c, columns);
            slots.push(id.slot);
        }
        _ => steps.push(Step::Update { kind: id.kind, columns, slots: vec![id.slot] }),
    }
}

fn add_columns(list: &mut Vec<usize>, columns: Vec<usize>) {
    if *list != columns {
        let new: Vec<usize> = columns.into_iter().filter(|column| !list.contains(column)).collect();
        list.extend(new);
    }
}

fn group_links(rows: Vec<LinkRow>, mut emit: impl FnMut(&'static EntityDef, Vec<LinkRow>)) {
    let mut groups: Vec<(&'static EntityDef, Vec<LinkRow>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(link, _)| *link == row.link.0) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((row.link.0, vec![row])),
        }
    }
    for (link, rows) in groups {
        emit(link, rows);
    }
}

/// The object that is deleted by this flush and has the key that a new one gets.
fn doomed_of_key(graph: &Graph, changes: &Changes, id: Id) -> Option<Id> {
    if changes.deletes.is_empty() {
        return None;
    }
    let key = &graph.entry(id.kind).key;
    let values = key.iter().map(|&position| value_to_be(graph, changes, id, position));
    let old = graph.lookup(id.kind, &Key::new(values.collect::<Option<Vec<_>>>()?)?)?;
    (old != id && graph.is_doomed(old) && graph.state(old) == SlotState::Persistent).then_some(old)
}

/// The value that a column of a new object will have; `None` where the database generates it.
fn value_to_be(graph: &Graph, changes: &Changes, id: Id, position: usize) -> Option<Value> {
    let table = graph.entity(id).table;
    let column = &table.columns[position];
    let carries = changes.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
    for carry in carries.iter().filter(|carry| !carry.post_update) {
        let at = carry.key.columns.iter().position(|name| *name == column.name);
        if let (Some(at), Some(parent)) = (at, carry.parent) {
            let target = graph.entity(parent).table.position(&carry.key.target_columns[at])?;
            return match graph.state(parent) {
                SlotState::Pending => value_to_be(graph, changes, parent, target),
                _ => graph.store(parent).value(parent.slot, target),
            };
        }
    }
    graph.store(id).value(id.slot, position).filter(|value| !(column.autoincrement && value.is_zero()))
}

/// The columns that an INSERT gives; defaults of Rust count as given.
fn insert_columns(graph: &Graph, id: Id, carries: &[Carry]) -> Result<Vec<usize>> {
    let entity = graph.entity(id);
    let mut columns = Vec::with_capacity(entity.table.columns.len());
    for (position, column) in entity.table.columns.iter().enumerate() {
        let carried =
            carries.iter().any(|carry| !carry.post_update && carry.key.columns.contains(&column.name));
        let value = graph.store(id).value(id.slot, position);
        let unset = value.as_ref().is_none_or(|value| column.autoincrement && value.is_zero());
        let made = column.default.is_some() && value.is_none();
        let made = made || matches!(column.version, Some(Version::Next(_)));
        if !unset || carried || made || graph.expression(id, position).is_some() {
            columns.push(position);
        } else if column.primary_key && !column.autoincrement && !has_server_value(column) {
            return Err(SessionError::NoKey { entity: entity.name, column: column.name.to_string() }.into());
        }
        if !carried && !column.nullable && value.as_ref().is_some_and(Value::is_zero) {
            check_parent(graph, id, column)?;
        }
    }
    Ok(columns)
}

pub(crate) fn has_server_value(column: &ColumnDef) -> bool {
    column.server_default.is_some() || column.sequence.is_some() || column.computed.is_some() || column.auto
}

/// A key column that is still 0 and belongs to a to-one relationship without a target.
fn check_parent(graph: &Graph, id: Id, column: &ColumnDef) -> Result<()> {
    let entity = graph.entity(id);
    for (index, relationship) in entity.relationships.iter().enumerate() {
        let Some(key) = relationship.foreign_key() else { continue };
        let own = matches!(relationship.join, orm_query::mapping::JoinOn::SourceKey(_));
        let generated = (relationship.target)().autoincrement().is_some();
        if own && generated && key.columns.contains(&column.name) && graph.first_link(id, index).is_none() {
            return Err(SessionError::NoParent {
                entity: entity.name,
                relationship: format!("{}::{}", entity.name, relationship.name),
                column: column.name.to_string(),
            }
            .into());
        }
    }
    Ok(())
}

/// The columns that an UPDATE changes; those that Rust computes for it are among them.
fn update_columns(graph: &Graph, id: Id, carries: &[Carry]) -> Result<Vec<usize>> {
    let entity = graph.entity(id);
    let store = graph.store(id);
    let mut columns = Vec::new();
    for (position, column) in entity.table.columns.iter().enumerate() {
        if column.computed.is_some() {
            continue;
        }
        let carried =
            carries.iter().any(|carry| !carry.post_update && carry.key.columns.contains(&column.name));
        let changed = store.is_changed(id.slot, position);
        let unset = || store.value(id.slot, position).is_none_or(|v| column.autoincrement && v.is_zero());
        if changed && !carried && column.primary_key && unset() {
            let from = graph.stored_key(id).map_or_else(|| "nothing".to_owned(), |key| key.to_string());
            return Err(SessionError::KeyUnset { entity: entity.name, from }.into());
        }
        if carried || changed || graph.expression(id, position).is_some() {
            columns.push(position);
        }
    }
    if !columns.is_empty() {
        let is_computed =
            |c: &ColumnDef| c.on_update.is_some() || matches!(c.version, Some(Version::Next(_)));
        let computed = entity.table.columns.iter().enumerate().filter(|(_, c)| is_computed(c));
        let computed = computed.map(|(position, _)| position).filter(|c| !columns.contains(c));
        columns.extend(computed.collect::<Vec<_>>());
    }
    Ok(columns)
}

impl Plan {
    /// The columns that an INSERT of an object gives now: a listener may have changed some.
    pub(crate) fn insert_columns(&self, graph: &Graph, id: Id) -> Result<Vec<usize>> {
        insert_columns(graph, id, self.carries.get(&id).map(Vec::as_slice).unwrap_or_default())
    }

    /// The steps in words, one a line: `INSERT user_account (name) × 3`.
    pub(crate) fn describe(&self, graph: &Graph) -> String {
        self.steps.iter().map(|step| Line { step, graph }.to_string() + "\n").collect()
    }
}

struct Line<'p> {
    step: &'p Step,
    graph: &'p Graph,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |entity: &'static EntityDef, columns: &[usize]| {
            columns.iter().map(|&c| entity.table.columns[c].name.as_ref()).collect::<Vec<_>>().join(", ")
        };
        match self.step {
            Step::Insert { kind, columns, slots } => {
                let entity = self.graph.entry(*kind).entity;
                write!(f, "INSERT {} ({}) × {}", entity.table.name, names(entity, columns), slots.len())
            }
            Step::Update { kind, columns, slots } => {
                let entity = self.graph.entry(*kind).entity;
                write!(f, "UPDATE {} ({}) × {}", entity.table.name, names(entity, columns), slots.len())
            }
            Step::Switch { id, columns, .. } => {
                let entity = self.graph.entity(*id);
                let columns = names(entity, columns);
                write!(f, "UPDATE {} ({columns}) of a deleted row", entity.table.name)
            }
            Step::PostUpdate { kind, slots } => {
                let entity = self.graph.entry(*kind).entity;
                write!(f, "UPDATE {} afterwards × {}", entity.table.name, slots.len())
            }
            Step::Delete { kind, slots, .. } => {
                write!(f, "DELETE {} × {}", self.graph.entry(*kind).entity.table.name, slots.len())
            }
            Step::Bulk(Bulk { child, key, deletes, parents }) => {
                let (table, columns) = (&child.table.name, key.columns.join(", "));
                let verb = if *deletes { "DELETE" } else { "UPDATE" };
                write!(f, "{verb} {table} by {columns} of {}", parents.len())
            }
            Step::LinkInsert { link, rows } => write!(f, "INSERT {} × {}", link.table.name, rows.len()),
            Step::LinkDelete { link, rows } => write!(f, "DELETE {} × {}", link.table.name, rows.len()),
            Step::LinkRekey { link, key, object } => {
                let columns = link.table.foreign_keys[*key].columns.join(", ");
                write!(f, "UPDATE {} ({columns}) of one {}", link.table.name, self.graph.entity(*object).name)
            }
            Step::LinkClear { link, key, objects } => {
                let columns = link.table.foreign_keys[*key].columns.join(", ");
                write!(f, "DELETE {} by {columns} of {}", link.table.name, objects.len())
            }
        }
    }
}

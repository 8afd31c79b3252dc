//! INSERTs of a flush: many rows in one statement, and the values that the database generates for them.

use hashbrown::HashMap;
use orm_query::Value;
use orm_query::mapping::SlotState;
use orm_query::schema::Version;
use orm_query::tree::{self, InsertSource, Statement, TableRef};

use super::{Apply, bind, column_item, names, stale};
use crate::session::events::ObjectEvent;
use crate::session::flush::carry::{carry_keys, early};
use crate::session::flush::plan::has_server_value;
use crate::session::graph::{Graph, Id, put};
use crate::session::key::Key;
use crate::{Error, Result, SessionError};

impl Apply<'_> {
    /// Inserts objects that set the same columns; those of a kind that has listeners set them as these leave them.
    pub(super) async fn insert(&mut self, kind: u32, columns: &[usize], slots: &[u32]) -> Result<()> {
        if !self.graph.hears_inserts(kind) {
            return self.insert_alike(kind, columns, slots).await;
        }
        for &slot in slots {
            let id = Id { kind, slot };
            carry_keys(self.graph, id, &early(self.plan, id))?;
        }
        self.graph.tell_objects(ObjectEvent::BeforeInsert, kind, slots)?;
        let columns = slots
            .iter()
            .map(|&slot| self.plan.insert_columns(self.graph, Id { kind, slot }))
            .collect::<Result<Vec<_>>>()?;
        let mut start = 0;
        for alike in columns.chunk_by(PartialEq::eq) {
            let end = start + alike.len();
            self.insert_alike(kind, &alike[0], &slots[start..end]).await?;
            start = end;
        }
        self.graph.tell_objects(ObjectEvent::AfterInsert, kind, slots)
    }

    async fn insert_alike(&mut self, kind: u32, columns: &[usize], slots: &[u32]) -> Result<()> {
        for slots in slots.chunks(self.rows_of(columns.len())) {
            let result = self.insert_rows(kind, columns, slots).await;
            self.named(result, kind, slots)?;
        }
        Ok(())
    }

    async fn insert_rows(&mut self, kind: u32, columns: &[usize], slots: &[u32]) -> Result<()> {
        for &slot in slots {
            let id = Id { kind, slot };
            carry_keys(self.graph, id, &early(self.plan, id))?;
            self.fill_defaults(id, columns)?;
        }
        let table = self.graph.entry(kind).entity.table;
        let is_expression =
            |c: usize| slots.iter().any(|&slot| self.graph.expression(Id { kind, slot }, c).is_some());
        let is_generated = |&position: &usize| {
            let column = &table.columns[position];
            let given = columns.contains(&position);
            (!given && (column.autoincrement || has_server_value(column)))
                || (given && is_expression(position))
        };
        let generated: Vec<usize> = (0..table.columns.len()).filter(is_generated).collect();
        let order = Match::of(self.graph, kind, columns, &generated);
        let most = if matches!(order, Match::Single) { 1 } else { slots.len().max(1) };
        for slots in slots.chunks(most) {
            self.send_rows(kind, columns, slots, &generated, &order).await?;
            for &slot in slots {
                self.inserted(Id { kind, slot })?;
            }
        }
        Ok(())
    }

    /// One INSERT, and what comes back of it.
    async fn send_rows(
        &mut self,
        kind: u32,
        columns: &[usize],
        slots: &[u32],
        generated: &[usize],
        order: &Match,
    ) -> Result<()> {
        let entity = self.graph.entry(kind).entity;
        let source = if self.graph.expressions.is_empty() && slots.len() > 1 && !columns.is_empty() {
            let types = columns.iter().map(|&c| entity.table.columns[c].data_type.clone());
            let values = |&slot: &u32| self.graph.values_now(Id { kind, slot }, columns);
            InsertSource::Rows(tree::Rows::new(types.collect(), slots.iter().map(values).collect()))
        } else {
            let row = |&slot: &u32| {
                let id = Id { kind, slot };
                let value = |&c: &usize| match self.graph.expression(id, c) {
                    Some(expression) => expression.clone(),
                    None => bind(self.graph.store(id).value(slot, c), &entity.table.columns[c]),
                };
                columns.iter().map(value).collect()
            };
            InsertSource::Values(slots.iter().map(row).collect())
        };
        let mut returning = generated.to_vec();
        if matches!(order, Match::ByKey) {
            returning.extend(self.graph.entry(kind).key.iter().copied());
        }
        let has_returning = self.features.insert_returning && !generated.is_empty();
        let items = returning.iter().map(|&c| column_item(entity, c));
        let statement = Statement::Insert(tree::Insert {
            returning: if has_returning { items.collect() } else { Vec::new() },
            ..tree::Insert::new(TableRef::new(entity.table), names(entity.table, columns), source)
        });
        if !has_returning {
            self.connection.run(&statement).await?;
            return self.read_back(kind, slots, generated, order).await;
        }
        let rows = self.values(entity, &returning, &statement).await?;
        if rows.len() != slots.len() {
            return Err(stale("INSERT", entity.table, slots.len(), rows.len() as u64));
        }
        give_back(self.graph, kind, slots, generated, rows, order)
    }

    /// Where an INSERT returns nothing: generated keys are what the database has counted, and other generated values are
    /// selected by key.
    async fn read_back(
        &mut self,
        kind: u32,
        slots: &[u32],
        generated: &[usize],
        order: &Match,
    ) -> Result<()> {
        let table = self.graph.entry(kind).entity.table;
        let is_counted = |position: &usize| table.columns[*position].autoincrement;
        if !matches!(order, Match::ByKey)
            && let Some(counted) = generated.iter().copied().find(is_counted)
        {
            let Some(keys) = self.connection.generated_keys() else {
                return Err(Error::Unsupported {
                    dialect: self.connection.dialect().name(),
                    feature: "way to tell generated keys",
                    hint: Some("give the objects their keys in Rust"),
                });
            };
            for (slot, number) in slots.iter().zip(0..) {
                let key = keys.first + number * keys.step;
                let key = i64::try_from(key).map_or(Value::U64(key), Value::I64);
                put(self.graph, Id { kind, slot: *slot }, counted, key)?;
            }
        }
        let left: Vec<usize> = generated.iter().copied().filter(|position| !is_counted(position)).collect();
        if left.is_empty() { Ok(()) } else { self.read_columns(kind, slots, &left).await }
    }

    /// A pending object has its row now.
    fn inserted(&mut self, id: Id) -> Result<()> {
        let graph = &mut *self.graph;
        graph.store_mut(id).set_state(id.slot, SlotState::Persistent);
        graph.store_mut(id).settle(id.slot);
        let other = graph.stored_key(id).filter(|key| graph.lookup(id.kind, key).is_some_and(|o| o != id));
        if let Some(key) = other {
            let (entity, key) = (graph.entity(id).name, key.to_string());
            return Err(SessionError::DuplicateKey { entity, key }.into());
        }
        graph.enter_identity(id);
        Ok(())
    }

    /// Fills in the values that functions in Rust give, the first version among them.
    pub(super) fn fill_defaults(&mut self, id: Id, columns: &[usize]) -> Result<()> {
        let table = self.graph.entity(id).table;
        for &position in columns {
            let column = &table.columns[position];
            if let Some(Version::Next(next)) = column.version {
                put(self.graph, id, position, next(None))?;
            } else if let Some(default) = column.default
                && self.graph.store(id).value(id.slot, position).is_none()
            {
                put(self.graph, id, position, (default.0)())?;
            }
        }
        Ok(())
    }
}

/// How the rows that an INSERT returns are told apart: never by the order in which they come.
pub(super) enum Match {
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

pub(super) fn give_back(
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
                rows.push(row.ok_or_else(|| stale("INSERT", entity.table, slots.len(), 0))?);
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

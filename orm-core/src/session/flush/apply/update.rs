//! UPDATEs of a flush: objects that change the same columns go in one statement.

use hashbrown::HashMap;
use orm_query::Value;
use orm_query::mapping::SlotState;
use orm_query::schema::Version;
use orm_query::tree::{self, Statement, TableRef};

use super::{Apply, bind, column_item, equal_key, names, stale};
use crate::Result;
use crate::session::events::ObjectEvent;
use crate::session::flush::carry::{carry_keys, early, late};
use crate::session::flush::rekey;
use crate::session::graph::{Id, put};

/// An object to be written, and the key and version by which its row is found.
struct Row {
    slot: u32,
    key: Vec<Value>,
}

/// Objects that change the same columns.
#[derive(Default)]
struct Groups {
    groups: Vec<(Vec<usize>, Vec<Row>)>,
    by_columns: HashMap<Vec<usize>, usize>,
}

impl Groups {
    fn push(&mut self, columns: Vec<usize>, row: Row) {
        if let Some(&group) = self.by_columns.get(&columns) {
            self.groups[group].1.push(row);
        } else {
            self.by_columns.insert(columns.clone(), self.groups.len());
            self.groups.push((columns, vec![row]));
        }
    }
}

impl Apply<'_> {
    /// Writes what changed in objects of a kind.
    pub(super) async fn update(&mut self, kind: u32, slots: &[u32]) -> Result<()> {
        for &slot in slots {
            let id = Id { kind, slot };
            carry_keys(self.graph, id, &early(self.plan, id))?;
        }
        self.graph.tell_objects(ObjectEvent::BeforeUpdate, kind, slots)?;
        let row_key = self.graph.row_key(kind);
        let mut groups = Groups::default();
        for &slot in slots {
            let id = Id { kind, slot };
            let mut columns = self.changed(id);
            if columns.is_empty() {
                continue;
            }
            self.computed_in_rust(id, &mut columns)?;
            let key = self.graph.stored_values(id, &row_key);
            groups.push(columns, Row { slot, key });
        }
        self.write_groups(kind, groups).await?;
        self.graph.tell_objects(ObjectEvent::AfterUpdate, kind, slots)
    }

    /// Writes keys that had to wait until all rows were there.
    pub(super) async fn post_update(&mut self, kind: u32, slots: &[u32]) -> Result<()> {
        let row_key = self.graph.row_key(kind);
        let mut groups = Groups::default();
        for &slot in slots {
            let id = Id { kind, slot };
            // What an earlier step wrote is how the row is found now.
            let key = self.graph.values_now(id, &row_key);
            let carries = late(self.plan, id);
            let table = self.graph.entity(id).table;
            let positions =
                carries.iter().flat_map(|c| c.key.columns.iter()).filter_map(|c| table.position(c));
            let mut columns: Vec<usize> = positions.collect();
            columns.sort_unstable();
            columns.dedup();
            let before = self.graph.values_now(id, &columns);
            carry_keys(self.graph, id, &carries)?;
            let now = self.graph.values_now(id, &columns);
            let is_change = before.iter().zip(&now).map(|(before, now)| before != now);
            let mut columns: Vec<usize> =
                columns.iter().zip(is_change).filter(|(_, change)| *change).map(|(&c, _)| c).collect();
            if !columns.is_empty() {
                self.next_version(id, &key, &mut columns)?;
                groups.push(columns, Row { slot, key });
            }
        }
        self.write_groups(kind, groups).await
    }

    /// The new object `id` takes the row of the deleted object `old`.
    pub(super) async fn switch(&mut self, id: Id, old: Id, columns: &[usize]) -> Result<()> {
        carry_keys(self.graph, id, &early(self.plan, id))?;
        let heard = self.graph.hears_inserts(id.kind);
        self.graph.tell_objects(ObjectEvent::BeforeInsert, id.kind, &[id.slot])?;
        let columns = if heard { &self.plan.insert_columns(self.graph, id)? } else { columns };
        self.fill_defaults(id, columns)?;
        let row_key = self.graph.row_key(id.kind);
        let table = self.graph.entity(id).table;
        // What is not given stays as the row has it.
        for position in (0..table.columns.len()).filter(|position| !columns.contains(position)) {
            if let Some(value) = self.graph.store(old).stored_value(old.slot, position) {
                put(self.graph, id, position, value)?;
            }
        }
        let key = self.graph.stored_values(old, &row_key);
        let mut written: Vec<usize> =
            columns.iter().copied().filter(|&position| !table.columns[position].primary_key).collect();
        self.next_version(id, &key, &mut written)?;
        if !written.is_empty() {
            self.write_one(id.kind, &written, &Row { slot: id.slot, key }).await?;
        }
        self.graph.log(old);
        self.graph.leave_identity(old);
        self.graph.store_mut(old).set_state(old.slot, SlotState::Deleted);
        self.graph.store_mut(id).set_state(id.slot, SlotState::Persistent);
        self.graph.store_mut(id).settle(id.slot);
        self.graph.enter_identity(id);
        self.graph.tell_objects(ObjectEvent::AfterInsert, id.kind, &[id.slot])
    }

    /// The columns of an object that are not what its row has.
    fn changed(&self, id: Id) -> Vec<usize> {
        let (table, store) = (self.graph.entity(id).table, self.graph.store(id));
        let is_written = |&c: &usize| {
            table.columns[c].computed.is_none()
                && (store.is_changed(id.slot, c) || self.graph.expression(id, c).is_some())
        };
        (0..table.columns.len()).filter(is_written).collect()
    }

    /// Adds the columns that functions in Rust compute for an UPDATE, the version among them.
    fn computed_in_rust(&mut self, id: Id, columns: &mut Vec<usize>) -> Result<()> {
        self.graph.touch(id);
        let table = self.graph.entity(id).table;
        for (position, column) in table.columns.iter().enumerate() {
            if let Some(on_update) = column.on_update
                && !columns.contains(&position)
            {
                put(self.graph, id, position, (on_update.0)())?;
                columns.push(position);
            }
        }
        let row_key = self.graph.row_key(id.kind);
        let key = self.graph.stored_values(id, &row_key);
        self.next_version(id, &key, columns)
    }

    /// Gives an object the version behind the one in `key`.
    fn next_version(&mut self, id: Id, key: &[Value], columns: &mut Vec<usize>) -> Result<()> {
        let entry = self.graph.entry(id.kind);
        let Some(position) = entry.version else { return Ok(()) };
        columns.retain(|&column| column != position);
        if let Some(Version::Next(next)) = entry.entity.table.columns[position].version {
            let before = key.last().filter(|version| !version.is_null()).cloned();
            put(self.graph, id, position, next(before))?;
            columns.push(position);
        }
        Ok(())
    }

    async fn write_groups(&mut self, kind: u32, groups: Groups) -> Result<()> {
        let most = if self.features.update_rows { usize::MAX } else { 1 };
        for (columns, mut rows) in groups.groups {
            let is_computed = |row: &Row| {
                columns.iter().any(|&c| self.graph.expression(Id { kind, slot: row.slot }, c).is_some())
            };
            let singly: Vec<Row> = rows.extract_if(.., |row| is_computed(row)).collect();
            for rows in rows.chunks(most).chain(singly.chunks(1)) {
                let slots: Vec<u32> = rows.iter().map(|row| row.slot).collect();
                let result = match rows {
                    [row] => self.write_one(kind, &columns, row).await,
                    rows => self.write_many(kind, &columns, rows, &slots).await,
                };
                self.named(result, kind, &slots)?;
                self.written(kind, &columns, rows);
            }
        }
        Ok(())
    }

    async fn write_one(&mut self, kind: u32, columns: &[usize], row: &Row) -> Result<()> {
        let id = Id { kind, slot: row.slot };
        let entity = self.graph.entity(id);
        let value = |c: usize| match self.graph.expression(id, c) {
            Some(expression) => expression.clone(),
            None => bind(self.graph.store(id).value(id.slot, c), &entity.table.columns[c]),
        };
        let given_by_database = self.given_by_database(kind, columns, &[row.slot]);
        let returning = self.features.update_returning && !given_by_database.is_empty();
        let items = given_by_database.iter().map(|&c| column_item(entity, c));
        let statement = Statement::Update(tree::Update {
            set: columns.iter().map(|&c| (entity.table.columns[c].name.clone().into(), value(c))).collect(),
            filter: Some(equal_key(entity, &self.graph.row_key(kind), &row.key)),
            returning: if returning { items.collect() } else { Vec::new() },
            ..tree::Update::new(TableRef::new(entity.table))
        });
        if returning {
            let rows = self.values(entity, &given_by_database, &statement).await?;
            let [values] = <[_; 1]>::try_from(rows)
                .map_err(|rows| stale("UPDATE", entity.table, 1, rows.len() as u64))?;
            for (&position, value) in given_by_database.iter().zip(values) {
                put(self.graph, id, position, value)?;
            }
            return Ok(());
        }
        match self.connection.run(&statement).await? {
            1 => self.read_given(kind, &[row.slot], &given_by_database).await,
            matched => Err(stale("UPDATE", entity.table, 1, matched)),
        }
    }

    async fn write_many(&mut self, kind: u32, columns: &[usize], rows: &[Row], slots: &[u32]) -> Result<()> {
        let entity = self.graph.entry(kind).entity;
        let values = |row: &Row| {
            let set = self.graph.values_now(Id { kind, slot: row.slot }, columns);
            row.key.iter().cloned().chain(set).collect()
        };
        let key = self.graph.row_key(kind);
        let types = key.iter().chain(columns).map(|&c| entity.table.columns[c].data_type.clone());
        let statement = Statement::UpdateRows(tree::UpdateRows {
            table: TableRef::new(entity.table),
            key: names(entity.table, &key),
            set: names(entity.table, columns),
            rows: tree::Rows::new(types.collect(), rows.iter().map(values).collect()),
        });
        let matched = self.connection.run(&statement).await?;
        if matched != rows.len() as u64 {
            return Err(stale("UPDATE", entity.table, rows.len(), matched));
        }
        let given_by_database = self.given_by_database(kind, columns, slots);
        self.read_given(kind, slots, &given_by_database).await
    }

    /// The columns whose values only the database knows after an UPDATE.
    fn given_by_database(&self, kind: u32, columns: &[usize], slots: &[u32]) -> Vec<usize> {
        let table = self.graph.entry(kind).entity.table;
        let is_given = |&c: &usize| {
            let column = &table.columns[c];
            let is_expression = || {
                let expression = |&slot: &u32| self.graph.expression(Id { kind, slot }, c).is_some();
                columns.contains(&c) && slots.iter().any(expression)
            };
            column.computed.is_some() || column.version == Some(Version::Server) || is_expression()
        };
        (0..table.columns.len()).filter(is_given).collect()
    }

    async fn read_given(&mut self, kind: u32, slots: &[u32], columns: &[usize]) -> Result<()> {
        if columns.is_empty() { Ok(()) } else { self.read_columns(kind, slots, columns).await }
    }

    /// Rows have new values: those that other rows reference them by may be among them.
    fn written(&mut self, kind: u32, columns: &[usize], rows: &[Row]) {
        let table = self.graph.entry(kind).entity.table;
        let is_key = columns.iter().any(|&c| table.columns[c].primary_key);
        let references = rekey::references(self.graph, self.graph.entry(kind).entity);
        let is_referenced = references.iter().any(|r| rekey::is_written(table, r.key, columns));
        if !is_key && !is_referenced {
            return;
        }
        for row in rows {
            let id = Id { kind, slot: row.slot };
            if is_key {
                self.graph.change_identity(id);
            }
            rekey::follow(self.graph, id, columns);
        }
    }
}

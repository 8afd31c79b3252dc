//! DELETEs of a flush: by lists of keys, the row that references before the row that is referenced.

use orm_query::Value;
use orm_query::mapping::SlotState;
use orm_query::schema::ColumnDef;
use orm_query::tree::{self, Statement, TableRef};

use super::{Apply, bind, equal_key, names, stale};
use crate::Result;
use crate::session::events::ObjectEvent;
use crate::session::flush::bulk::Bulk;
use crate::session::flush::order::Circle;
use crate::session::graph::Id;
use crate::session::load::in_keys;

impl Apply<'_> {
    /// Deletes objects of a kind, which stand by their depths.
    pub(super) async fn delete(&mut self, kind: u32, slots: &[u32], depths: &[usize]) -> Result<()> {
        self.graph.tell_objects(ObjectEvent::BeforeDelete, kind, slots)?;
        if !std::mem::replace(&mut self.are_circles_open, true) {
            self.open_circles().await?;
        }
        let most = self.keys_of(self.graph.row_key(kind).len());
        // Rows that reference each other go in one statement, unless each of them is checked on its own.
        let row_checks = self.features.row_checks;
        let same_statement = |a: usize, b: usize| !row_checks || depths[a] == depths[b];
        let mut start = 0;
        while start < slots.len() {
            let mut end = start + 1;
            while end < slots.len() && end - start < most && same_statement(start, end) {
                end += 1;
            }
            let chunk = &slots[start..end];
            let result = self.delete_rows(kind, chunk).await;
            self.named(result, kind, chunk)?;
            start = end;
        }
        self.graph.tell_objects(ObjectEvent::AfterDelete, kind, slots)
    }

    async fn delete_rows(&mut self, kind: u32, slots: &[u32]) -> Result<()> {
        let entity = self.graph.entry(kind).entity;
        let source = TableRef::new(entity.table).source();
        let columns = self.graph.row_key(kind);
        let keys: Vec<_> =
            slots.iter().map(|&slot| self.graph.stored_values(Id { kind, slot }, &columns)).collect();
        let filter = match keys.as_slice() {
            [key] => equal_key(entity, &columns, key),
            keys => in_keys(entity.table, &source, &names(entity.table, &columns), keys),
        };
        let table = TableRef::new(entity.table);
        let statement = tree::Delete { filter: Some(filter), ..tree::Delete::new(table) };
        let matched = self.connection.run(&Statement::Delete(statement)).await?;
        if matched != slots.len() as u64 {
            return Err(stale("DELETE", entity.table, slots.len(), matched));
        }
        for &slot in slots {
            let id = Id { kind, slot };
            self.graph.log(id);
            self.graph.leave_identity(id);
            self.graph.store_mut(id).set_state(slot, SlotState::Deleted);
        }
        Ok(())
    }

    /// Deletes all children of deleted parents, or sets their keys to NULL.
    pub(super) async fn bulk(&mut self, bulk: &Bulk) -> Result<()> {
        let Bulk { child, key, deletes, parents } = bulk;
        let source = TableRef::new(child.table).source();
        for parents in parents.chunks(self.keys_of(key.columns.len())) {
            let key_of = |&id: &Id| self.graph.stored_by_name(id, &key.target_columns);
            let keys: Vec<Vec<Value>> = parents.iter().filter_map(key_of).collect();
            let filter = Some(in_keys(child.table, &source, &key.columns, &keys));
            let table = TableRef::new(child.table);
            let statement = if *deletes {
                Statement::Delete(tree::Delete { filter, ..tree::Delete::new(table) })
            } else {
                let columns = key.columns.iter().filter_map(|name| child.table.position(name));
                let set = columns.map(|at| {
                    let column = &child.table.columns[at];
                    (column.name.clone().into(), bind(None, column))
                });
                Statement::Update(tree::Update { set: set.collect(), filter, ..tree::Update::new(table) })
            };
            self.connection.run(&statement).await?;
        }
        Ok(())
    }

    /// Takes out the keys by which doomed rows reference each other in a circle, where they may be NULL.
    async fn open_circles(&mut self) -> Result<()> {
        for Circle { id, columns, in_one_statement } in &self.plan.circles {
            if *in_one_statement && !self.features.row_checks {
                continue;
            }
            let entity = self.graph.entity(*id);
            let column = |name| entity.table.position(name).map(|at| &entity.table.columns[at]);
            let columns: Vec<&ColumnDef> =
                columns.iter().filter_map(|name| column(name)).filter(|c| c.nullable).collect();
            if columns.is_empty() {
                continue;
            }
            let key = &self.graph.entry(id.kind).key;
            let filter = equal_key(entity, key, &self.graph.stored_values(*id, key));
            let statement = tree::Update {
                set: columns.into_iter().map(|c| (c.name.clone().into(), bind(None, c))).collect(),
                filter: Some(filter),
                ..tree::Update::new(TableRef::new(entity.table))
            };
            self.connection.run(&Statement::Update(statement)).await?;
        }
        Ok(())
    }
}

//! The identity map: one object for each row.

use orm_query::mapping::{EntityDef, SlotState};
use orm_query::schema::ForeignKeyDef;
use orm_query::{Row, read_value};

use super::{Graph, Id};
use crate::Result;
use crate::session::events::ObjectEvent;
use crate::session::expire::Expired;
use crate::session::key::Key;

impl Graph {
    pub(crate) fn lookup(&self, kind: u32, key: &Key) -> Option<Id> {
        self.entry(kind).identity.get(key).map(|&slot| Id { kind, slot })
    }

    pub(crate) fn enter_identity(&mut self, id: Id) {
        if let Some(key) = self.stored_key(id) {
            self.entry_mut(id.kind).identity.insert(key, id.slot);
        }
    }

    pub(crate) fn leave_identity(&mut self, id: Id) {
        if self.state(id) == SlotState::Vacant {
            return;
        }
        // Both, since a flush that failed may have changed the key.
        for key in [self.stored_key(id), self.key(id)].into_iter().flatten() {
            let identity = &mut self.entry_mut(id.kind).identity;
            if identity.get(&key) == Some(&id.slot) {
                identity.remove(&key);
            }
        }
    }

    /// An UPDATE gave the row another key.
    pub(crate) fn change_identity(&mut self, id: Id) {
        self.log(id);
        self.leave_identity(id);
        if let Some(key) = self.key(id) {
            self.entry_mut(id.kind).identity.insert(key, id.slot);
        }
    }

    /// The object that a row stands for: the one that is here already, or a new one.
    pub(crate) fn read(
        &mut self,
        entity: &'static EntityDef,
        row: &dyn Row,
        at: usize,
        overwrite: bool,
    ) -> Result<Id> {
        let kind = self.kind(entity);
        let entry = &mut self.entries[kind as usize];
        let mut values = Vec::with_capacity(entry.key.len());
        for &position in &entry.key {
            values.push(read_value(row, at + position, &entity.table.columns[position].data_type)?);
        }
        let key = Key::new(values);
        if let Some(&slot) = key.as_ref().and_then(|key| entry.identity.get(key)) {
            let id = Id { kind, slot };
            if overwrite {
                self.log(id);
                self.store_mut(id).overwrite(slot, row, at)?;
                self.expiry.clear(id);
                self.tell_objects(ObjectEvent::Refresh, kind, &[slot])?;
            } else if let Some(expired) = self.expiry.of(id).cloned() {
                self.read_expired(id, &expired, row, at)?;
                self.fill_absent(id, row, at)?;
                self.tell_objects(ObjectEvent::Refresh, kind, &[slot])?;
            } else {
                self.fill_absent(id, row, at)?;
            }
            return Ok(id);
        }
        let slot = entry.store.push_row(row, at)?;
        if let Some(key) = key {
            entry.identity.insert(key, slot);
        }
        self.tell_objects(ObjectEvent::Load, kind, &[slot])?;
        Ok(Id { kind, slot })
    }

    /// Reads a row over what is expired of an object.
    pub(super) fn read_expired(&mut self, id: Id, expired: &Expired, row: &dyn Row, at: usize) -> Result<()> {
        self.log_read(id);
        let columns = match expired {
            Expired::All => None,
            Expired::Columns(columns) => Some(columns.as_slice()),
        };
        self.store_mut(id).overwrite_unchanged(id.slot, columns, row, at)?;
        self.expiry.clear(id);
        Ok(())
    }

    /// The object of `kind` that a foreign key of a row references by its primary key.
    pub(crate) fn referenced(
        &self,
        id: Id,
        key: &ForeignKeyDef,
        kind: u32,
        target: &EntityDef,
    ) -> Option<Id> {
        let is_target = key.target == target.table.name && key.target_schema == target.table.schema;
        if !is_target || !self.references_primary_key(key, kind) {
            return None;
        }
        let table = self.entity(id).table;
        let values = key.columns.iter().map(|c| self.store(id).stored_value(id.slot, table.position(c)?));
        self.lookup(kind, &Key::new(values.collect::<Option<Vec<_>>>()?)?)
    }

    pub(super) fn references_primary_key(&self, key: &ForeignKeyDef, kind: u32) -> bool {
        let primary = self.entry(kind).entity.table.primary_key().map(|(_, column)| &column.name);
        primary.eq(key.target_columns.iter())
    }
}

//! What needs no SQL: relationships that are loaded, to-one relationships to objects that the session holds, and those
//! whose key is NULL.

use orm_query::mapping::{JoinOn, SlotState};
use orm_query::typed::{LoadPath, Strategy};

use super::leave_empty;
use crate::session::graph::{Graph, Id, Permission};
use crate::session::key::Key;
use crate::{Result, SessionError};

impl Graph {
    /// Whether all that a path asks for is here; to-one relationships that are found without SQL are set on the way.
    /// `lifts`: what is marked `raise` is loaded all the same.
    ///
    /// # Errors
    /// [`SessionError::LoadRefused`] for what is not here and must not be loaded.
    pub(crate) fn find_here(&mut self, objects: &[Id], path: &LoadPath, lifts: bool) -> Result<bool> {
        let relationship = path.relationship;
        let Some(index) = (relationship.source)().relationship(relationship.name) else { return Ok(true) };
        match path.strategy {
            Strategy::Raise { .. } => return Ok(true),
            Strategy::NoLoad => {
                leave_empty(self, objects, path);
                return Ok(true);
            }
            // These load nothing themselves.
            Strategy::Default | Strategy::Select => return self.is_here_behind(objects, index, path),
            _ => {}
        }
        if path.depth == Some(0) {
            return Ok(true);
        }
        let is_any_enough = matches!(path.strategy, Strategy::Joined { .. } | Strategy::ContainsEager);
        let mut all_here = true;
        for &id in objects {
            let is_loaded = self.is_whole(id, index) && !path.is_partial();
            if is_loaded || (is_any_enough && self.links(id, index).is_some()) {
                continue;
            }
            let permission = if lifts { Permission::Granted } else { self.permission(id, index) };
            let is_known =
                permission != Permission::Refused && !path.is_partial() && self.find_one(id, index);
            if !is_known && permission != Permission::Granted {
                let (entity, relationship) = (self.entity(id).name, relationship.name);
                let sql_only = permission == Permission::WithoutSql;
                return Err(SessionError::LoadRefused { entity, relationship, sql_only }.into());
            }
            all_here &= is_known;
        }
        if !all_here || path.depth.is_some_and(|depth| depth > 1) {
            return Ok(false);
        }
        self.is_here_behind(objects, index, path)
    }

    /// Whether all that a path asks for behind its relationship is here.
    fn is_here_behind(&mut self, objects: &[Id], index: usize, path: &LoadPath) -> Result<bool> {
        if !path.columns.is_empty() {
            return Ok(false);
        }
        let Some(kind) = self.find_kind((path.relationship.target)()) else { return Ok(true) };
        let mut children = Vec::new();
        for &id in objects {
            children.extend(self.links(id, index).unwrap_or_default().iter().map(|&slot| Id { kind, slot }));
        }
        super::dedupe(&mut children);
        let mut all_here = true;
        for then in &path.then {
            all_here &= self.find_here(&children, then, true)?;
        }
        Ok(all_here)
    }

    /// Sets a to-one relationship by the key that an object has, where that takes no SQL.
    fn find_one(&mut self, id: Id, index: usize) -> bool {
        let entity = self.entity(id);
        let relationship = &entity.relationships[index];
        let (JoinOn::SourceKey(_), Some(key)) = (relationship.join, relationship.foreign_key()) else {
            return false;
        };
        let mut columns = key.columns.iter().filter_map(|name| entity.table.position(name));
        // What was changed and not flushed is the flush's to follow.
        if self.state(id) != SlotState::Persistent
            || self.store(id).is_touched(id.slot)
            || columns.any(|column| self.is_column_expired(id, column))
        {
            return false;
        }
        let Some(values) = self.values(id, &key.columns) else { return false };
        let target = (relationship.target)();
        let slots = match Key::new(values) {
            None => Vec::new(),
            Some(wanted) => {
                let kind = self.kind(target);
                let primary = target.table.primary_key().map(|(_, column)| &column.name);
                if !primary.eq(key.target_columns.iter()) {
                    return false;
                }
                match self.lookup(kind, &wanted).filter(|&known| !self.is_expired(known)) {
                    Some(known) => vec![known.slot],
                    None => return false,
                }
            }
        };
        self.forget_part(id, index);
        self.load_links(id, index, slots);
        self.edit_loaded(&[id], index);
        true
    }
}

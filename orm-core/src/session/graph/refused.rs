//! Relationships that `session.load` refuses to load of an object, or loads although the mapping refuses: what the
//! options of the query said that read it.

use orm_query::mapping::{Lazy, RelationshipDef};
use orm_query::typed::Strategy;

use super::{Graph, Id};

/// Whether `session.load` may load a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    Granted,
    /// Where it takes no SQL.
    WithoutSql,
    Refused,
}

impl Permission {
    pub(crate) fn refused(sql_only: bool) -> Self {
        if sql_only { Permission::WithoutSql } else { Permission::Refused }
    }

    /// What the mapping says.
    fn of(relationship: &RelationshipDef) -> Self {
        match relationship.lazy {
            Lazy::Raise => Permission::Refused,
            Lazy::RaiseOnSql => Permission::WithoutSql,
            _ => Permission::Granted,
        }
    }
}

impl Graph {
    /// Whether `session.load` may load a relationship of an object.
    pub(crate) fn permission(&self, id: Id, index: usize) -> Permission {
        match self.permissions.get(&(id, index)) {
            Some(&permission) => permission,
            None => Permission::of(&self.entity(id).relationships[index]),
        }
    }

    /// What a query's option for a relationship of these objects says of later loads.
    pub(crate) fn permit(&mut self, objects: &[Id], index: usize, strategy: Strategy) {
        match strategy {
            Strategy::Raise { sql_only } => {
                objects.iter().for_each(|&id| self.set_permission(id, index, Permission::refused(sql_only)));
            }
            Strategy::Select => {
                objects.iter().for_each(|&id| self.set_permission(id, index, Permission::Granted));
            }
            Strategy::Selectin
            | Strategy::Joined { .. }
            | Strategy::Subquery
            | Strategy::Immediate
            | Strategy::ContainsEager
            | Strategy::NoLoad => {
                for id in objects {
                    self.permissions.remove(&(*id, index));
                }
            }
            Strategy::Default => {}
        }
    }

    /// Whether anything was said of any object.
    pub(crate) fn has_permissions(&self) -> bool {
        !self.permissions.is_empty()
    }

    pub(crate) fn set_permission(&mut self, id: Id, index: usize, permission: Permission) {
        if Permission::of(&self.entity(id).relationships[index]) == permission {
            // Most sessions have none.
            if !self.permissions.is_empty() {
                self.permissions.remove(&(id, index));
            }
        } else {
            self.permissions.insert((id, index), permission);
        }
    }

    /// What was said of an object counts no more: it was read anew.
    pub(crate) fn forget_permissions(&mut self, id: Id) {
        if !self.permissions.is_empty() {
            self.permissions.retain(|(of, _), _| *of != id);
        }
    }
}

use std::any::TypeId;
use std::fmt;

use super::{Mapped, RelationshipDef, Slots, Store};
use crate::DataType;
use crate::schema::{ColumnDef, TableDef};
use crate::tree;

/// A mapped struct as data: what the untyped half of the session works with.
pub struct EntityDef {
    /// The struct's name.
    pub name: &'static str,
    /// Its table.
    pub table: &'static TableDef,
    /// Its relationships, in the order of its fields.
    pub relationships: &'static [RelationshipDef],
    /// The struct's type.
    pub type_id: fn() -> TypeId,
    /// An empty store for a session.
    pub store: fn() -> Box<dyn Store>,
}

impl EntityDef {
    /// The definition of `E`.
    pub const fn of<E: Mapped>() -> Self {
        EntityDef {
            name: E::RUST_NAME,
            table: E::TABLE,
            relationships: E::RELATIONSHIPS,
            type_id: TypeId::of::<E>,
            store: || Box::new(Slots::<E>::default()),
        }
    }

    /// An empty list of owned children.
    pub fn no_children(&self) -> Box<dyn super::Children> {
        (self.store)().copy_out(&[])
    }

    /// The position of the relationship of that name.
    pub fn relationship(&self, name: &str) -> Option<usize> {
        self.relationships.iter().position(|r| r.name == name)
    }

    /// The column that the database counts up, with its position.
    pub fn autoincrement(&self) -> Option<(usize, &'static ColumnDef)> {
        self.table.columns.iter().enumerate().find(|(_, c)| c.autoincrement)
    }

    /// A reference to `column` through `source`.
    pub fn column_ref(&self, source: &tree::SourceRef, column: &str) -> tree::ColumnRef {
        match self.table.columns.iter().find(|c| c.name == column) {
            Some(c) => tree::ColumnRef {
                source: source.clone(),
                name: c.name.clone(),
                data_type: c.data_type.clone(),
            },
            None => tree::ColumnRef {
                source: source.clone(),
                name: column.to_owned().into(),
                data_type: DataType::Text,
            },
        }
    }
}

impl PartialEq for EntityDef {
    fn eq(&self, other: &Self) -> bool {
        (self.type_id)() == (other.type_id)()
    }
}

impl Eq for EntityDef {}

impl fmt::Debug for EntityDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

use std::any::TypeId;
use std::fmt;

use super::{Deferral, Mapped, PropertyDef, RelationshipDef, Slots, Store};
use crate::schema::{ColumnDef, TableDef};
use crate::{Bind, DataType, Value, tree};

/// A mapped struct as data: what the untyped half of the session works with.
pub struct EntityDef {
    /// The struct's name.
    pub name: &'static str,
    /// Its table.
    pub table: &'static TableDef,
    /// What is read behind its columns and is none, in the order of its fields.
    pub properties: &'static [PropertyDef],
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
            properties: E::PROPERTIES,
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

    /// How many places a row of it takes: its columns, and its properties behind them.
    pub fn width(&self) -> usize {
        self.table.columns.len() + self.properties.len()
    }

    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&'static PropertyDef> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The place of the column or of the property of that name in a row.
    pub fn place(&self, name: &str) -> Option<usize> {
        let property = || self.properties.iter().position(|property| property.name == name);
        self.table.position(name).or_else(|| property().map(|at| self.table.columns.len() + at))
    }

    /// Whether, and when, a query leaves out what stands at that place of a row.
    pub fn deferral(&self, place: usize) -> Option<Deferral> {
        match self.table.columns.get(place) {
            Some(column) => column.deferral,
            None => self.properties.get(place - self.table.columns.len()).map(|property| property.deferral),
        }
    }

    /// Whether a query may leave out anything of it.
    pub fn is_deferrable(&self) -> bool {
        !self.properties.is_empty() || self.table.columns.iter().any(|column| column.deferral.is_some())
    }

    /// The expression of a property over the columns of `source`; NULL for a query expression.
    pub fn property_expr(&self, property: &PropertyDef, source: &tree::SourceRef) -> tree::Expr {
        let Some(expr) = property.expr else {
            return tree::Expr::Bind(Bind::new(Value::Null, (property.data_type)()));
        };
        let mut expr = expr();
        expr.read_from(&tree::TableRef::new(self.table).source(), source);
        expr
    }

    /// What stands at that place of a row, read from `source`, as an item of a select list: left out where that is the
    /// default.
    pub fn item(&self, source: &tree::SourceRef, place: usize) -> tree::SelectItem {
        let columns = &self.table.columns;
        match columns.get(place) {
            Some(column) => tree::SelectItem {
                left_out: column.deferral.is_some_and(|deferral| deferral.by_default),
                ..tree::Expr::Column(tree::ColumnRef {
                    source: source.clone(),
                    name: column.name.clone(),
                    data_type: column.data_type.clone(),
                })
                .into()
            },
            None => {
                let property = &self.properties[place - columns.len()];
                tree::SelectItem {
                    expr: self.property_expr(property, source),
                    label: Some(property.name.into()),
                    left_out: property.deferral.by_default || property.expr.is_none(),
                }
            }
        }
    }

    /// All that a row of it consists of, read from `source`: what is left out by default is marked so.
    pub fn items(&self, source: &tree::SourceRef) -> impl Iterator<Item = tree::SelectItem> {
        (0..self.width()).map(|place| self.item(source, place))
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

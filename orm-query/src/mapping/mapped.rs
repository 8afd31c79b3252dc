use super::{EntityDef, EntityKey, PropertyDef, Relation, RelationshipDef};
use crate::schema::TableDef;
use crate::typed::Source;
use crate::{DecodeError, Row, Value, ValueError};

/// A struct that stands for a row of a table. `#[derive(Mapped)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a mapped struct",
    label = "no table stands behind `{Self}`",
    note = "a struct becomes one by `#[derive(Mapped, Clone)]`; an alias of one is for queries only"
)]
pub trait Mapped: Source<Record = Self> + Clone + Send + Sync + 'static {
    /// The primary key: a type, or a tuple of types.
    type Key: EntityKey;
    /// The struct's name.
    const RUST_NAME: &'static str;
    /// The table's name. Apart from [`TABLE`](Mapped::TABLE), so that tables may reference each other in a circle.
    const NAME: &'static str;
    /// The table's schema.
    const SCHEMA: Option<&'static str>;
    /// The table.
    const TABLE: &'static TableDef;
    /// The relationships, in the order of their fields.
    const RELATIONSHIPS: &'static [RelationshipDef];
    /// What is read like a column and is none, in the order of its fields. Their positions come behind those of the columns.
    const PROPERTIES: &'static [PropertyDef] = &[];
    /// All of it as data.
    const ENTITY: &'static EntityDef = &EntityDef::of::<Self>();

    /// Reads all columns and properties from position `at` on; relationships are unloaded.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn decode(row: &dyn Row, at: usize) -> Result<Self, DecodeError>;
    /// The value of the column at `position`; `None` while it is unset.
    fn value(&self, position: usize) -> Option<Value>;
    /// Overwrites the column at `position`.
    ///
    /// # Errors
    /// When the value is of another type.
    fn put(&mut self, position: usize, value: Value) -> Result<(), ValueError>;
    /// Makes the column at `position` absent, where its field is a [`Deferred`](crate::Deferred).
    fn leave_out(&mut self, position: usize) {
        _ = position;
    }
    /// The relationship field at `index`.
    fn relation(&self, index: usize) -> &Relation;
    /// The relationship field at `index`, to change.
    fn relation_mut(&mut self, index: usize) -> &mut Relation;
}

/// What generated code calls for an index that it did not hand out.
///
/// # Panics
/// Always.
#[cold]
pub fn no_such_relation(entity: &str, index: usize) -> ! {
    panic!("`{entity}` has no relationship of the index {index}")
}

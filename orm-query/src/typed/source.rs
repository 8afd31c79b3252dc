use crate::mapping::EntityDef;
use crate::schema::ColumnDef;
use crate::{Mapped, tree};

/// What can stand in FROM: a mapped struct, a record, or an alias of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a FROM clause",
    label = "not a mapped struct, not a record and not an alias",
    note = "derive `Mapped` or `Record` on the struct, or declare an alias with `alias!(Name = Struct)`"
)]
pub trait Source: Sized + 'static {
    /// What its rows are.
    type Record: Sized + 'static;
    /// Whether they are entities or plain structs: [`Entities`](super::Entities) or [`Records`](super::Records).
    type Kind;
    /// How it stands in FROM.
    fn from() -> tree::From;
    /// How its columns are qualified.
    fn source_ref() -> tree::SourceRef;
    /// The mapped struct whose table it is, if it is one.
    fn entity() -> Option<&'static EntityDef> {
        None
    }
    /// Its columns as they are defined, where it is a table: with the lengths and digits that no Rust type has.
    fn column_defs() -> &'static [ColumnDef] {
        Self::entity().map_or(&[], |entity| &entity.table.columns)
    }
}

/// The table of a mapped struct, as it stands in FROM.
pub fn mapped_from<E: Mapped>() -> tree::From {
    tree::From::Table(tree::TableRef::new(E::TABLE))
}

/// The name of a mapped struct's table.
pub fn mapped_source<E: Mapped>() -> tree::SourceRef {
    tree::SourceRef { schema: E::SCHEMA.map(Into::into), name: E::NAME.into() }
}

use crate::SqlType;

/// The one foreign key of a mapped struct to `T`; not implemented where there is none, or more than one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no single foreign key to `{T}`",
    label = "which column joins `{Self}` to `{T}`?",
    note = "give `{Self}` a column with `#[column(foreign_key = {T}::…)]`",
    note = "of several such columns, name one: `#[relationship(foreign_key = {Self}::…)]`, or `source_key` and `target_key` where `{Self}` is a link table"
)]
pub trait ForeignKeyTo<T> {
    /// Its position among the table's foreign keys.
    const KEY: usize;
}

/// A column of this type may reference a column of type `T`.
#[diagnostic::on_unimplemented(
    message = "a foreign key column of type `{Self}` cannot reference a column of type `{T}`",
    label = "the types of both columns must be the same; the foreign key's may be an `Option` of it"
)]
pub trait References<T> {}

impl<T: SqlType> References<T> for T {}
impl<T: SqlType<Base = T>> References<T> for Option<T> {}
impl<T: SqlType<Base = T>> References<Option<T>> for T {}

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

/// The one foreign key of a mapped struct to `T`, where `T` has none to it: what a to-one relationship goes by that
/// is not many-to-one.
#[diagnostic::on_unimplemented(
    message = "no single foreign key joins `{T}` and `{Self}`",
    label = "which column joins `{T}` and `{Self}`?",
    note = "for a many-to-one relationship, give `{T}` a column with `#[column(foreign_key = {Self}::…)]`",
    note = "for a one-to-one relationship, `{Self}` may have the column, `#[column(foreign_key = {T}::…)]`; of several, name one: `#[relationship(foreign_key = {Self}::…)]`"
)]
pub trait OppositeKey<T> {
    /// Its position among the table's foreign keys.
    const KEY: usize;
}

// Else the message would know of this direction only.
#[diagnostic::do_not_recommend]
impl<C: ForeignKeyTo<P>, P> OppositeKey<P> for C {
    const KEY: usize = C::KEY;
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

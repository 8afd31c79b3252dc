//! What stands behind a column's constant, as a type: the third parameter of [`Column`](super::Column).

/// Where the value of a [`Column`](super::Column) comes from, and whether a query may leave it out.
pub trait Presence: 'static {
    /// Whether it is an expression, and no column of the table.
    const IS_PROPERTY: bool;
}

/// A column that is read with every row: its field is a plain one.
#[derive(Debug)]
pub enum Always {}

/// A column that a query may leave out: its field is a [`Deferred`](crate::Deferred).
#[derive(Debug)]
pub enum MayBeAbsent {}

/// A `#[column_property(…)]`: an SQL expression that is read with the entity.
#[derive(Debug)]
pub enum Property {}

impl Presence for Always {
    const IS_PROPERTY: bool = false;
}

impl Presence for MayBeAbsent {
    const IS_PROPERTY: bool = false;
}

impl Presence for Property {
    const IS_PROPERTY: bool = true;
}

/// A column of the table, which can be written.
#[diagnostic::on_unimplemented(
    message = "a `column_property` is an expression, and no column of the table",
    label = "nothing can be written into it",
    note = "write the columns that the expression is made of"
)]
pub trait Stored: Presence {}

impl Stored for Always {}
impl Stored for MayBeAbsent {}

/// What a query may leave out.
#[diagnostic::on_unimplemented(
    message = "this column is read with every row: its field has no way to say that it is absent",
    label = "not the column of a `Deferred` field",
    note = "make the field a `Deferred<T>`, with `#[column(deferred = false)]` where it is read by default",
    note = "for a few columns of a plain struct select just these: `select((User::id, User::name))`, or a `Record`"
)]
pub trait CanBeDeferred: Presence {}

impl CanBeDeferred for MayBeAbsent {}
impl CanBeDeferred for Property {}

use super::{Auto, Deferred};
use crate::schema::ColumnDef;
use crate::typed::{Always, MayBeAbsent, Presence};
use crate::{DecodeError, Row, SqlType, Value, ValueError};

/// The type of a column's field: a SQL type, or [`Auto`] of one.
// The message is that of `SqlType` to the letter: the compiler says it once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a SQL type",
    label = "no column can have this type",
    note = "a newtype or an enum becomes one by `#[derive(SqlType)]`; `usize` and `isize` are stored as `u64` and `i64`",
    note = "a relationship field is a `Many<T>`, a `One<T>` or a `One<Option<T>>` under `#[relationship]`"
)]
pub trait Field: Sized + Clone + Send + Sync + 'static {
    /// The SQL type.
    type Sql: SqlType;
    /// Whether the field can be unset.
    const AUTO: bool;
    /// Whether a query may leave the column out.
    const DEFERRABLE: bool = false;
    /// The same as a type, for the column's constant.
    type Presence: Presence;
    /// Its column, still without a name.
    const COLUMN: ColumnDef = ColumnDef::of::<Self>("");

    /// The value; `None` while it is unset.
    fn value(&self) -> Option<Value>;
    /// Overwrites the value with one that was carried or generated.
    ///
    /// # Errors
    /// When the value is of another type.
    fn put(&mut self, value: Value) -> Result<(), ValueError>;
    /// Makes the value absent, where it can be.
    fn leave_out(&mut self) {}
    /// Reads the field at `position` of a row.
    ///
    /// # Errors
    /// When the value does not fit.
    fn read(row: &dyn Row, position: usize) -> Result<Self, DecodeError>;
}

impl<T: SqlType> Field for T {
    type Sql = T;
    type Presence = Always;
    const AUTO: bool = false;

    fn value(&self) -> Option<Value> {
        Some(self.to_value())
    }

    fn put(&mut self, value: Value) -> Result<(), ValueError> {
        *self = T::from_value(value)?;
        Ok(())
    }

    fn read(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        T::decode(row, position)
    }
}

impl<T: SqlType> Field for Auto<T> {
    type Sql = T;
    type Presence = Always;
    const AUTO: bool = true;

    fn value(&self) -> Option<Value> {
        self.get().map(T::to_value)
    }

    fn put(&mut self, value: Value) -> Result<(), ValueError> {
        *self = Auto::Set(T::from_value(value)?);
        Ok(())
    }

    fn read(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        T::decode(row, position).map(Auto::Set)
    }
}

impl<T: SqlType> Field for Deferred<T> {
    type Sql = T;
    type Presence = MayBeAbsent;
    const AUTO: bool = false;
    const DEFERRABLE: bool = true;

    fn value(&self) -> Option<Value> {
        self.get().map(T::to_value)
    }

    fn put(&mut self, value: Value) -> Result<(), ValueError> {
        *self = Deferred::Loaded(T::from_value(value)?);
        Ok(())
    }

    fn leave_out(&mut self) {
        *self = Deferred::Absent;
    }

    fn read(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        if row.is_absent(position) {
            return Ok(Deferred::Absent);
        }
        T::decode(row, position).map(Deferred::Loaded)
    }
}

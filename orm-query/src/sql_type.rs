//! Rust types as SQL types.

use crate::{DataType, DecodeError, Row, Value, ValueError};

/// A Rust type that a column or an expression can have.
///
/// `Option<T>` is the nullable form of `T`. Implement it for a type of your own with `#[derive(SqlType)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a SQL type",
    label = "no column can have this type",
    note = "a newtype or an enum becomes one by `#[derive(SqlType)]`; `usize` and `isize` are stored as `u64` and `i64`",
    note = "a relationship field is a `Many<T>`, a `One<T>` or a `One<Option<T>>` under `#[relationship]`"
)]
pub trait SqlType: Sized + Clone + Send + Sync + 'static {
    /// The type without NULL: `T` for `T` and for `Option<T>`.
    type Base: SqlType<Base = Self::Base>;
    /// `U` made nullable where `Self` is.
    type Lift<U: SqlType>: SqlType<Base = U::Base>;
    /// The SQL type.
    const DATA_TYPE: DataType;
    /// Whether the type has a place for NULL.
    const NULLABLE: bool;

    /// The value as it is sent.
    fn to_value(&self) -> Value;
    /// The value out of one that was sent, or generated, for another object.
    ///
    /// # Errors
    /// When the value is of another type, out of range, or NULL where this type is not nullable.
    fn from_value(value: Value) -> Result<Self, ValueError>;
    /// Reads the value at `position` of a row.
    ///
    /// # Errors
    /// When it does not fit, or is NULL where this type is not nullable.
    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError>;
    /// Reads the value at `position`, giving `None` for NULL.
    ///
    /// # Errors
    /// When it does not fit.
    fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
        if row.is_null(position)? { Ok(None) } else { Self::decode(row, position).map(Some) }
    }
}

impl<T: SqlType<Base = T>> SqlType for Option<T> {
    type Base = T;
    type Lift<U: SqlType> = Option<U::Base>;
    const DATA_TYPE: DataType = T::DATA_TYPE;
    const NULLABLE: bool = true;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        T::decode_nullable(row, position)
    }
}

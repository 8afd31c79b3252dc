//! Arrays.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Inet, Interval, Jsonb};
use crate::{DataType, DecodeError, ElementType, Row, SqlType, Value, ValueError};

/// What an array may consist of; `Option<T>` for elements that may be NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the element of an array",
    label = "no array column has this element",
    note = "bytes are a `Vec<u8>` by themselves; arrays have one dimension",
    note = "a newtype or an enum becomes one by `#[derive(SqlType)]`; objects are a `Many<T>` under `#[relationship]`"
)]
pub trait ArrayElement: SqlType {
    /// The type of an element.
    const ELEMENT: &'static DataType;
}

macro_rules! elements {
    ($($rust:ty),* $(,)?) => { $(
        impl ArrayElement for $rust {
            const ELEMENT: &'static DataType = &<$rust as SqlType>::DATA_TYPE;
        }
    )* };
}

elements! {
    bool, i16, i32, i64, f32, f64, Decimal, String, NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>, Uuid,
    serde_json::Value, Jsonb, Interval, Inet,
}

impl<T: ArrayElement + SqlType<Base = T>> ArrayElement for Option<T> {
    const ELEMENT: &'static DataType = T::ELEMENT;
}

impl<T: ArrayElement> SqlType for Vec<T> {
    type Base = Vec<T>;
    type Lift<U: SqlType> = U;
    const DATA_TYPE: DataType = DataType::Array(ElementType::Borrowed(T::ELEMENT.plain()));
    const NULLABLE: bool = false;

    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Array(elements) => elements.into_iter().map(T::from_value).collect(),
            other => Err(ValueError { expected: "Vec", value: format!("{other:?}") }),
        }
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        Self::decode_nullable(row, position)?.ok_or_else(|| DecodeError::null(row, position, "Vec"))
    }

    fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
        let Some(elements) = row.array(position, T::ELEMENT.plain())? else { return Ok(None) };
        let read: Result<Vec<T>, ValueError> = elements.into_iter().map(T::from_value).collect();
        let misfit = |error: ValueError| {
            let hint = if T::NULLABLE { "" } else { "; an element that may be NULL is an `Option`" };
            DecodeError::new(row, position, format!("array of {}", T::ELEMENT), format!("{error}{hint}"))
        };
        read.map(Some).map_err(misfit)
    }
}

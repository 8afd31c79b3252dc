//! JSON documents that the database compares and indexes by their content.

use std::ops::{Deref, DerefMut};

use crate::{DataType, DecodeError, Row, SqlType, Value, ValueError};

/// A JSON document in a `JSONB` column; in plain JSON where the database has no such form.
///
/// Such a column keeps what a document says and not how it was written: the order of keys and doubled keys are lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jsonb(pub serde_json::Value);

impl Deref for Jsonb {
    type Target = serde_json::Value;

    fn deref(&self) -> &serde_json::Value {
        &self.0
    }
}

impl DerefMut for Jsonb {
    fn deref_mut(&mut self) -> &mut serde_json::Value {
        &mut self.0
    }
}

impl From<serde_json::Value> for Jsonb {
    fn from(document: serde_json::Value) -> Self {
        Jsonb(document)
    }
}

impl SqlType for Jsonb {
    type Base = Jsonb;
    type Lift<U: SqlType> = U;
    const DATA_TYPE: DataType = DataType::Jsonb;
    const NULLABLE: bool = false;

    fn to_value(&self) -> Value {
        Value::Json(self.0.clone())
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        serde_json::Value::from_value(value).map(Jsonb)
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        serde_json::Value::decode(row, position).map(Jsonb)
    }
}

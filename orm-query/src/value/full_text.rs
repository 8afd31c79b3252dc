//! The types of PostgreSQL's full-text search.

use std::borrow::Cow;

use crate::{DataType, DecodeError, Row, SqlType, Value, ValueError};

macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident $sql:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(text.to_owned())
            }
        }

        impl SqlType for $name {
            type Base = $name;
            type Lift<U: SqlType> = U;
            const DATA_TYPE: DataType = DataType::Other(Cow::Borrowed($sql));
            const NULLABLE: bool = false;

            fn to_value(&self) -> Value {
                Value::Text(self.0.clone())
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                String::from_value(value).map($name)
            }

            fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
                String::decode(row, position).map($name)
            }
        }
    )* };
}

texts! {
    /// The words of a text with their places, in PostgreSQL's form: `'fox':4 'quick':2`. A column of it is selected by
    /// `.cast::<String>()`.
    TsVector "TSVECTOR";
    /// What is looked for by full-text search, in PostgreSQL's form: `'fox' & 'quick'`.
    TsQuery "TSQUERY";
    /// The name of a configuration of full-text search: `english`.
    RegConfig "REGCONFIG";
}

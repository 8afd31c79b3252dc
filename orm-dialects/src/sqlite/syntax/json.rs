//! Parts of JSON documents.

use orm_query::tree::JsonPart;
use orm_query::{Bind, DataType, Value};

use crate::sqlite::Sqlite;
use crate::syntax::{Level, Place, Result, Writer, bound, expr, json_path, operand, unsupported};

/// `->` for a document: `JSON_EXTRACT` would make 1 of `true`, and NULL of `null`. A scalar is what `JSON_EXTRACT` makes of it.
pub(super) fn json(s: &Sqlite, w: &mut Writer, e: &JsonPart) -> Result {
    let path = Bind::new(Value::Text(json_path(e.path.steps())), DataType::Text);
    match e.scalar {
        None => {
            operand(s, w, &e.document, Level::Unary)?;
            w.push(" -> ");
            bound(s, w, path, Place::Operand)
        }
        Some(
            DataType::Text
            | DataType::SmallInt
            | DataType::Integer
            | DataType::BigInt
            | DataType::Double
            | DataType::Boolean
            | DataType::Numeric { .. },
        ) => {
            w.push("JSON_EXTRACT(");
            expr(s, w, &e.document)?;
            w.push(", ");
            bound(s, w, path, Place::Operand)?;
            w.push(")");
            Ok(())
        }
        Some(_) => Err(unsupported(s, "part of JSON of such a type", Some("take it as a text"))),
    }
}

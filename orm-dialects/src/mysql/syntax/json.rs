//! Parts of JSON documents.

use orm_query::tree::JsonPart;
use orm_query::{Bind, DataType, Value};

use crate::mysql::{MySql, types};
use crate::syntax::{Place, Result, Writer, bound, expr, json_path, unsupported};

/// JSON's own null is no NULL to `JSON_UNQUOTE` and CAST, so it is made one before.
pub(super) fn json(s: &MySql, w: &mut Writer, e: &JsonPart) -> Result {
    let Some(scalar) = &e.scalar else { return extract(s, w, e) };
    let (before, after) = match scalar {
        DataType::Boolean => {
            // As a document it would be equal to no text.
            w.push("CASE CAST(");
            extract(s, w, e)?;
            w.push(" AS CHAR) WHEN 'true' THEN true WHEN 'false' THEN false END");
            return Ok(());
        }
        DataType::Text => ("JSON_UNQUOTE(", ")".to_owned()),
        DataType::SmallInt | DataType::Integer | DataType::BigInt => {
            ("CAST(", " AS SIGNED INTEGER)".to_owned())
        }
        DataType::Double => ("(", " + 0e0)".to_owned()),
        DataType::Numeric { precision, scale } => {
            ("CAST(", format!(" AS {})", types::decimal(s, *precision, *scale)?))
        }
        _ => return Err(unsupported(s, "part of JSON of such a type", Some("take it as a text"))),
    };
    w.push("CASE ");
    extract(s, w, e)?;
    w.push(" WHEN 'null' THEN NULL ELSE ");
    w.push(before);
    extract(s, w, e)?;
    w.push(&after);
    w.push(" END");
    Ok(())
}

fn extract(s: &MySql, w: &mut Writer, e: &JsonPart) -> Result {
    w.push("JSON_EXTRACT(");
    expr(s, w, &e.document)?;
    w.push(", ");
    bound(s, w, Bind::new(Value::Text(json_path(e.path.steps())), DataType::Text), Place::Operand)?;
    w.push(")");
    Ok(())
}

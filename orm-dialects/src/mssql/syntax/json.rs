//! Parts of JSON documents, which are text.

use orm_query::tree::{JsonPart, JsonStep};
use orm_query::{Bind, DataType, Value};

use crate::mssql::MsSql;
use crate::syntax::{Place, Result, Syntax, Writer, bound, expr, json_path, unsupported};

/// `JSON_VALUE` gives scalars as text, and NULL for the rest. What is no scalar is `JSON_QUERY`, which gives NULL for scalars; so a
/// part that may be either is looked up in the rows of `OPENJSON`, with quotes around what is a text.
pub(super) fn json(s: &MsSql, w: &mut Writer, e: &JsonPart) -> Result {
    match &e.scalar {
        None => part(s, w, e),
        Some(DataType::Text) => value(s, w, e),
        Some(DataType::Boolean) => {
            w.push("CASE ");
            value(s, w, e)?;
            w.push(" WHEN 'true' THEN 1 WHEN 'false' THEN 0 END");
            Ok(())
        }
        Some(
            number @ (DataType::SmallInt
            | DataType::Integer
            | DataType::BigInt
            | DataType::Real
            | DataType::Double
            | DataType::Numeric { .. }),
        ) => {
            w.push("CAST(");
            value(s, w, e)?;
            w.push(" AS ");
            s.data_type(w, number)?;
            w.push(")");
            Ok(())
        }
        Some(_) => Err(unsupported(s, "part of JSON of such a type", Some("take it as a text"))),
    }
}

fn path(s: &MsSql, w: &mut Writer, steps: &[JsonStep]) -> Result {
    bound(s, w, Bind::new(Value::Text(json_path(steps)), DataType::Text), Place::Operand)
}

/// `JSON_VALUE(document, path)`
fn value(s: &MsSql, w: &mut Writer, e: &JsonPart) -> Result {
    w.push("JSON_VALUE(");
    expr(s, w, &e.document)?;
    w.push(", ");
    path(s, w, e.path.steps())?;
    w.push(")");
    Ok(())
}

/// `(SELECT … FROM OPENJSON(document, path) WHERE [key] = step)`
fn part(s: &MsSql, w: &mut Writer, e: &JsonPart) -> Result {
    let Some((last, before)) = e.path.steps().split_last() else { return expr(s, w, &e.document) };
    let key = match last {
        JsonStep::Key(key) => key.clone(),
        JsonStep::Index(index) => index.to_string(),
    };
    w.parenthesized(|w| {
        w.push("SELECT TOP 1 CASE type WHEN 0 THEN 'null' WHEN 1 THEN '\"' + STRING_ESCAPE(value, 'json') + '\"' ");
        w.push("ELSE value END FROM OPENJSON(");
        expr(s, w, &e.document)?;
        w.push(", ");
        path(s, w, before)?;
        w.push(") WHERE [key] = ");
        bound(s, w, Bind::new(Value::Text(key), DataType::Text), Place::Operand)
    })
}

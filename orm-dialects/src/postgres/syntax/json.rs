//! Parts of JSON documents.

use orm_query::tree::{JsonPart, JsonPath, JsonStep};
use orm_query::{Bind, DataType, Value};

use super::cast_to;
use crate::postgres::Postgres;
use crate::syntax::{Level, Place, Result, Writer, bound, operand};

/// `->`, `#>` for a document; `->>`, `#>>` for a text, and a CAST for anything else.
pub(super) fn json(s: &Postgres, w: &mut Writer, e: &JsonPart) -> Result {
    match &e.scalar {
        None => part(s, w, e, ["->", "#>"]),
        Some(DataType::Text) => part(s, w, e, ["->>", "#>>"]),
        Some(scalar) => cast_to(s, w, scalar, |w| part(s, w, e, ["->>", "#>>"])),
    }
}

fn part(s: &Postgres, w: &mut Writer, e: &JsonPart, [step, steps]: [&str; 2]) -> Result {
    operand(s, w, &e.document, Level::Unary)?;
    w.push(" ");
    let path = match &e.path {
        JsonPath::Step(JsonStep::Key(key)) => Bind::new(Value::Text(key.clone()), DataType::Text),
        JsonPath::Step(JsonStep::Index(index)) => Bind::new(Value::I32(*index), DataType::Integer),
        JsonPath::Steps(list) => {
            let list = list.iter().map(|step| match step {
                JsonStep::Key(key) => Value::Text(key.clone()),
                JsonStep::Index(index) => Value::Text(index.to_string()),
            });
            Bind::new(Value::Array(list.collect()), DataType::Array(DataType::Text.into()))
        }
    };
    w.push(if matches!(e.path, JsonPath::Step(_)) { step } else { steps });
    w.push(" ");
    bound(s, w, path, Place::Operand)
}

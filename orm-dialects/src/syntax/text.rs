use orm_query::CompileError;
use orm_query::tree::{Text, TextPart};

use super::{Place, Result, Syntax, Writer, bind, invalid};

/// SQL of the user's own, with a placeholder for each of its parameters.
///
/// # Errors
/// Where a parameter has no value, or a value no parameter.
pub fn text<S: Syntax + ?Sized>(s: &S, w: &mut Writer, t: &Text) -> Result {
    for (name, _) in &t.binds {
        if !t.parts.iter().any(|part| matches!(part, TextPart::Parameter(p) if p == name)) {
            return Err(CompileError::UnknownParameter(name.to_string()));
        }
    }
    for part in &t.parts {
        match part {
            TextPart::Sql(sql) => s.raw(w, sql)?,
            TextPart::Parameter(name) => {
                let (_, value) = t
                    .binds
                    .iter()
                    .find(|(bound, _)| bound == name)
                    .ok_or_else(|| CompileError::UnboundParameter(name.to_string()))?;
                bind(s, w, value, Place::Operand)?;
            }
            TextPart::Values(values) if values.is_empty() => {
                return Err(invalid("a list of values in a text is empty, and `IN ()` is no SQL"));
            }
            TextPart::Values(values) => {
                w.parenthesized(|w| w.list(values, ", ", |w, value| bind(s, w, value, Place::Operand)))?;
            }
        }
    }
    Ok(())
}

/// SQL as it is.
///
/// # Errors
/// None here.
pub fn raw(w: &mut Writer, sql: &str) -> Result {
    w.push(sql);
    Ok(())
}

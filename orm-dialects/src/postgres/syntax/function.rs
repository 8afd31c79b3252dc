//! Functions whose result would be of another type in PostgreSQL than the tree promises.

use orm_query::DataType;
use orm_query::tree::{Expr, Function, NullTreatment};

use super::{cast_to, is_number};
use crate::postgres::Postgres;
use crate::syntax::{self, Result, Writer, call, expr, unsupported};

pub(super) fn function(s: &Postgres, w: &mut Writer, f: &Function) -> Result {
    match f.nulls {
        Some(NullTreatment::Ignore) => return Err(unsupported(s, "IGNORE NULLS", None)),
        // It is the habit, and has no words here.
        Some(NullTreatment::Respect) => return function(s, w, &Function { nulls: None, ..f.clone() }),
        None => {}
    }
    let name = f.name.to_ascii_lowercase();
    let argument = f.arguments.first().and_then(Expr::data_type);
    match (name.as_str(), argument) {
        ("now" | "current_timestamp" | "localtimestamp", None)
            if f.arguments.is_empty() && f.over.is_none() =>
        {
            w.push(match f.data_type {
                DataType::TimestampTz => "CURRENT_TIMESTAMP",
                DataType::Timestamp => "LOCALTIMESTAMP",
                _ => return syntax::function(s, w, f),
            });
            Ok(())
        }
        ("current_time" | "localtime", None) if f.arguments.is_empty() && f.data_type == DataType::Time => {
            w.push("LOCALTIME");
            Ok(())
        }
        ("sum", argument) => as_promised(s, w, f, argument.and_then(|t| summed(&t)), call),
        ("avg", argument) => as_promised(s, w, f, argument.and_then(|t| averaged(&t)), call),
        ("round", Some(number)) if f.arguments.len() == 2 => round(s, w, f, &number),
        // There is no `min(boolean)`: false is less than true.
        ("min", Some(DataType::Boolean)) => call(s, w, "bool_and", f),
        ("max", Some(DataType::Boolean)) => call(s, w, "bool_or", f),
        ("min" | "max", Some(DataType::Uuid)) => {
            let hint = "order by it and take the first row";
            Err(unsupported(s, "min and max of UUID", Some(hint)))
        }
        ("json_object", _) => call(s, w, "json_build_object", f),
        ("json_array", _) => call(s, w, "json_build_array", f),
        _ => syntax::function(s, w, f),
    }
}

/// The sum of 32-bit floats is promised in 64 bits, and so is taken in them.
pub(super) fn argument(s: &Postgres, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
    let is_sum = f.name.eq_ignore_ascii_case("sum") || f.name.eq_ignore_ascii_case("avg");
    if is_sum && f.data_type == DataType::Double && argument.data_type() == Some(DataType::Real) {
        return cast_to(s, w, &DataType::Double, |w| expr(s, w, argument));
    }
    syntax::argument(s, w, f, argument)
}

/// The call, in a cast where PostgreSQL gives another kind of number than the tree says.
fn as_promised(
    s: &Postgres,
    w: &mut Writer,
    f: &Function,
    given: Option<DataType>,
    call: fn(&Postgres, &mut Writer, &str, &Function) -> Result,
) -> Result {
    let is_same = |given: &DataType| match (given, &f.data_type) {
        (DataType::Numeric { .. }, DataType::Numeric { .. }) => true,
        (given, promised) => given == promised,
    };
    if !is_number(&f.data_type) || given.as_ref().is_some_and(is_same) {
        return call(s, w, &f.name, f);
    }
    let promised = match &f.data_type {
        // Its digits are not limited by those of what is summed.
        DataType::Numeric { .. } => &DataType::NUMERIC,
        other => other,
    };
    cast_to(s, w, promised, |w| call(s, w, &f.name, f))
}

/// What `sum` gives.
fn summed(argument: &DataType) -> Option<DataType> {
    match argument {
        DataType::SmallInt | DataType::Integer | DataType::UnsignedSmallInt => Some(DataType::BigInt),
        DataType::BigInt
        | DataType::UnsignedInteger
        | DataType::UnsignedBigInt
        | DataType::Numeric { .. } => Some(DataType::NUMERIC),
        // See `argument`.
        DataType::Real | DataType::Double => Some(DataType::Double),
        _ => None,
    }
}

/// What `avg` gives.
fn averaged(argument: &DataType) -> Option<DataType> {
    match argument {
        DataType::Real | DataType::Double => Some(DataType::Double),
        argument if is_number(argument) => Some(DataType::NUMERIC),
        _ => None,
    }
}

/// Only decimals are rounded to a digit. A float becomes the decimal that it is printed as, which its own cast would
/// first cut to 15 digits (6 for a `REAL`).
fn round(s: &Postgres, w: &mut Writer, f: &Function, number: &DataType) -> Result {
    let [argument, digits] = &*f.arguments else { return call(s, w, &f.name, f) };
    match number {
        DataType::Real | DataType::Double => cast_to(s, w, &f.data_type, |w| {
            w.push("round(");
            cast_to(s, w, &DataType::NUMERIC, |w| cast_to(s, w, &DataType::Text, |w| expr(s, w, argument)))?;
            w.push(", ");
            expr(s, w, digits)?;
            w.push(")");
            Ok(())
        }),
        number if number.is_integer() => as_promised(s, w, f, Some(DataType::NUMERIC), call),
        _ => call(s, w, &f.name, f),
    }
}

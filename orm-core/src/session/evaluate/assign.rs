//! What a column holds after a value was assigned to it.

use orm_query::schema::ColumnDef;
use orm_query::tree::Expr;
use orm_query::{DataType, Value};

use super::class::{Class, Form};
use super::compare::{decimal, integer};
use super::node::Node;
use super::{Evaluated, Scope, compile, number, refuse};

/// # Errors
/// For what the database would convert in a way of its own.
pub(super) fn compile(scope: Scope<'_>, column: &ColumnDef, expr: &Expr) -> Evaluated<Node> {
    // A value for a column is sent as one of its type, and refused where it would not stay the same.
    if let Expr::Bind(bind) = expr
        && (bind.data_type == column.data_type || bind.value.is_null())
    {
        return Ok(Node::Constant(bind.value.clone()));
    }
    let typed = compile::compile(scope, expr)?;
    let to = Class::of(&column.data_type);
    let is_same = typed.class == to
        && match to {
            Class::Opaque | Class::Enum => typed.data_type == column.data_type,
            Class::Decimal => scope.features.exact_decimals || typed.form != Form::Computed,
            _ => true,
        };
    if !is_same {
        return refuse(format!("{} as the value of a column of {}", typed.data_type, column.data_type));
    }
    Ok(typed.node)
}

/// # Errors
/// Where the column does not hold the value as it is.
pub(super) fn stored(value: Value, column: &ColumnDef) -> Evaluated<Value> {
    if value.is_null() {
        return if column.nullable { Ok(value) } else { refuse("NULL for a column that allows none") };
    }
    match &column.data_type {
        DataType::Varchar(length) => match &value {
            Value::Text(text) if text.chars().count() > *length as usize => {
                refuse("a text that is longer than its column")
            }
            _ => Ok(value),
        },
        DataType::Numeric { precision, scale } => {
            let fits = decimal(&value).and_then(|v| digits(v, *precision, *scale));
            fits.map_or_else(|| refuse("a decimal that its column rounds"), |v| Ok(Value::Decimal(v)))
        }
        // Not every database keeps its sign.
        DataType::Double if value == Value::F64(-0.0) => refuse("a zero with a sign"),
        to if to.is_integer() => match integer(&value) {
            Some(v) => number::in_range(v, to),
            None => Ok(value),
        },
        _ => Ok(value),
    }
}

/// A decimal in the scale of its column.
fn digits(
    v: rust_decimal::Decimal,
    precision: Option<u8>,
    scale: Option<u8>,
) -> Option<rust_decimal::Decimal> {
    let Some(scale) = scale else { return Some(v) };
    let mut stored = v;
    stored.rescale(scale.into());
    let precision = u32::from(precision.unwrap_or(u8::MAX));
    let has_room = stored.mantissa().unsigned_abs().checked_ilog10().is_none_or(|log| log < precision);
    (stored == v && stored.scale() == u32::from(scale) && has_room).then_some(stored)
}

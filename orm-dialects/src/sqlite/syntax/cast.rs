//! `CAST`, which in SQLite changes how a value is stored and knows nothing of dates, JSON or scales.

use orm_query::DataType;
use orm_query::tree::{Cast, Expr};

use crate::sqlite::{Sqlite, types};
use crate::syntax::{Level, Result, Writer, expr, operand, unsupported};

/// The conversion that other databases make of it, or an error where there is none.
pub(super) fn cast(s: &Sqlite, w: &mut Writer, e: &Cast) -> Result {
    let from = e.operand.data_type();
    let surround = |w: &mut Writer, before: &str, after: &str| {
        w.push(before);
        expr(s, w, &e.operand)?;
        w.push(after);
        Ok(())
    };
    match &e.data_type {
        DataType::Boolean => match from {
            Some(DataType::Boolean) => surround(w, "(", ")"),
            Some(DataType::UnsignedBigInt) => surround(w, "(CAST(", " AS NUMERIC) != 0)"),
            Some(from) if from.is_integer() => {
                w.push("(");
                operand(s, w, &e.operand, Level::Concat)?;
                w.push(" != 0)");
                Ok(())
            }
            _ => Err(unsupported(s, "CAST of anything but an integer to BOOLEAN", None)),
        },
        // Kept exactly, a decimal would be text without a collation, and not be ordered as a number.
        DataType::Numeric { scale: Some(scale), .. } => {
            surround(w, "round(CAST(", &format!(" AS NUMERIC), {scale})"))
        }
        DataType::Numeric { .. } => surround(w, "CAST(", " AS NUMERIC)"),
        DataType::Varchar(length) => {
            surround(w, "substr(CAST(", &format!(" AS {}), 1, {length})", types::declared(&e.data_type)?))
        }
        DataType::Json | DataType::Jsonb => surround(w, "json(", ")"),
        DataType::UnsignedBigInt => match from {
            Some(from) if from.is_integer() => surround(w, "CAST(", " AS TEXT)"),
            _ => Err(unsupported(s, "CAST of anything but an integer to BIGINT UNSIGNED", None)),
        },
        // SQLite would make the greatest integer of a greater one.
        to if to.is_integer() && from == Some(DataType::UnsignedBigInt) => Err(unsupported(
            s,
            "CAST of BIGINT UNSIGNED to another type of integers",
            Some("convert the value in Rust"),
        )),
        DataType::Interval | DataType::Bit(_) | DataType::BitVarying(_) => same(s, w, e, from),
        DataType::Uuid => match from {
            Some(DataType::Text | DataType::Varchar(_)) => surround(w, "replace(lower(", "), '-', '')"),
            _ => same(s, w, e, from),
        },
        DataType::Date => match from {
            Some(DataType::Timestamp | DataType::TimestampTz | DataType::Text | DataType::Varchar(_)) => {
                surround(w, "date(", ")")
            }
            _ => same(s, w, e, from),
        },
        DataType::Time => match from {
            Some(DataType::Timestamp) => surround(w, "substr(", ", 12)"),
            _ => same(s, w, e, from),
        },
        DataType::Timestamp => match from {
            Some(DataType::Date) => append(s, w, &e.operand, " 00:00:00.000000"),
            Some(DataType::TimestampTz) => surround(w, "substr(", ", 1, 26)"),
            _ => same(s, w, e, from),
        },
        DataType::TimestampTz => match from {
            Some(DataType::Timestamp) => append(s, w, &e.operand, "+00:00"),
            _ => same(s, w, e, from),
        },
        other => surround(w, "CAST(", &format!(" AS {})", types::declared(other)?)),
    }
}

fn append(s: &Sqlite, w: &mut Writer, e: &Expr, end: &str) -> Result {
    w.push("(");
    operand(s, w, e, Level::Unary)?;
    w.push(&format!(" || '{end}')"));
    Ok(())
}

/// The operand itself where it has the type already: nothing in SQLite makes the type's text of just anything.
fn same(s: &Sqlite, w: &mut Writer, e: &Cast, from: Option<DataType>) -> Result {
    if from.as_ref() == Some(&e.data_type) {
        return w.parenthesized(|w| expr(s, w, &e.operand));
    }
    Err(unsupported(
        s,
        "CAST between these types",
        Some("convert the value in Rust, or use SQLite's own functions"),
    ))
}

//! `CAST`, which has types of its own in MySQL.

use orm_query::DataType;
use orm_query::tree::Cast;

use crate::mysql::{MySql, types};
use crate::syntax::{Level, Result, Writer, expr, operand, unsupported};

/// The conversion that other databases make of it, or an error where there is none.
pub(super) fn cast(s: &MySql, w: &mut Writer, e: &Cast) -> Result {
    let from = e.operand.data_type();
    let surround = |w: &mut Writer, before: &str, after: &str| {
        w.push(before);
        expr(s, w, &e.operand)?;
        w.push(after);
        Ok(())
    };
    let to = |w: &mut Writer, name: &str| surround(w, "CAST(", &format!(" AS {name})"));
    let same = from.as_ref() == Some(&e.data_type);
    match &e.data_type {
        DataType::Boolean if same => surround(w, "(", ")"),
        DataType::Boolean => match from {
            Some(t) if t.is_integer() => {
                w.push("(");
                operand(s, w, &e.operand, Level::Concat)?;
                w.push(" != 0)");
                Ok(())
            }
            _ => Err(unsupported(s, "CAST of anything but an integer to BOOLEAN", None)),
        },
        DataType::SmallInt | DataType::Integer | DataType::BigInt => to(w, "SIGNED INTEGER"),
        DataType::UnsignedSmallInt | DataType::UnsignedInteger | DataType::UnsignedBigInt => {
            to(w, "UNSIGNED INTEGER")
        }
        DataType::Real if types::casts_to_float(s) => to(w, "FLOAT"),
        DataType::Double if types::casts_to_float(s) => to(w, "DOUBLE"),
        DataType::Real | DataType::Double => {
            w.push("(");
            operand(s, w, &e.operand, Level::Sum)?;
            w.push(" + 0e0)");
            Ok(())
        }
        DataType::Numeric { precision, scale } => to(w, &types::decimal(s, *precision, *scale)?),
        DataType::Text | DataType::Enum(_) => to(w, "CHAR"),
        DataType::Varchar(n) => to(w, &format!("CHAR({n})")),
        DataType::Bytes => to(w, "BINARY"),
        DataType::Date => to(w, "DATE"),
        DataType::Time => to(w, "TIME(6)"),
        DataType::Timestamp | DataType::TimestampTz => to(w, "DATETIME(6)"),
        DataType::Uuid if same => surround(w, "(", ")"),
        DataType::Uuid if types::has_uuid(s) => to(w, "UUID"),
        // Both refuse what is no UUID, and together they give it in its one form.
        DataType::Uuid if !s.is_mariadb() => surround(w, "bin_to_uuid(uuid_to_bin(", "))"),
        DataType::Json | DataType::Jsonb if s.is_mariadb() => to(w, "CHAR"),
        DataType::Json | DataType::Jsonb => to(w, "JSON"),
        DataType::Interval | DataType::Bit(_) if same => surround(w, "(", ")"),
        DataType::Other(name) => to(w, name),
        _ => Err(unsupported(s, "CAST to such a type", Some("convert the value in Rust"))),
    }
}

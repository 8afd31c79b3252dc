//! Values as PostgreSQL reads them, by the type they are bound for.

use orm_query::{DataType, Value};

use super::{Write, array, hstore, moment, network, numeric, range};

const OUT_OF_RANGE: &str = "the number is out of range";
const OTHER_TYPE: &str = "the value is of another type";

/// Writes a value that is not NULL as one of `data_type`.
///
/// # Errors
/// When it is of another type, or PostgreSQL cannot hold it.
pub(in super::super) fn encode(value: &Value, data_type: &DataType, out: &mut Vec<u8>) -> Write {
    use DataType as T;
    match (value, data_type) {
        (Value::Bool(v), T::Boolean) => out.push((*v).into()),
        (Value::I16(v), to) => integer((*v).into(), to, out)?,
        (Value::I32(v), to) => integer((*v).into(), to, out)?,
        (Value::I64(v), to) => integer((*v).into(), to, out)?,
        (Value::U64(v), to) => integer((*v).into(), to, out)?,
        (Value::F32(v), T::Real) => out.extend(v.to_be_bytes()),
        (Value::F32(v), T::Double) => out.extend(f64::from(*v).to_be_bytes()),
        (Value::F64(v), T::Double) => out.extend(v.to_be_bytes()),
        (Value::F64(v), T::Real) => {
            let narrow = *v as f32;
            if f64::from(narrow) != *v && !v.is_nan() {
                return Err("a 32-bit float would lose digits");
            }
            out.extend(narrow.to_be_bytes());
        }
        (Value::Decimal(v), T::Numeric { .. } | T::UnsignedBigInt) => numeric::write(*v, out),
        (Value::Text(v), T::Text | T::Varchar(_) | T::Enum(_) | T::Other(_)) => {
            no_nul(v)?;
            out.extend(v.as_bytes());
        }
        (Value::Bytes(v), T::Bytes) => out.extend(v),
        (Value::Date(v), T::Date) => moment::write_date(*v, out)?,
        (Value::Time(v), T::Time) => moment::write_time(*v, out)?,
        (Value::DateTime(v), T::Timestamp) => moment::write_datetime(*v, out)?,
        (Value::TimestampTz(v), T::TimestampTz) => moment::write_timestamp_tz(*v, out)?,
        (Value::Uuid(v), T::Uuid) => out.extend(v.as_bytes()),
        (Value::Json(v), T::Json) => json(v, out)?,
        (Value::Json(v), T::Jsonb) => {
            // The version of the format.
            out.push(1);
            json(v, out)?;
        }
        (Value::Interval(v), T::Interval) => moment::write_interval(*v, out)?,
        (Value::Array(v), T::Array(of)) => array::write(v, of, out)?,
        (Value::Range(v), T::Range(of)) => range::write(v, &of.element(), out)?,
        (Value::Hstore(v), T::Hstore) => hstore::write(v, out)?,
        (Value::Inet(v), T::Inet) => network::write(*v, false, out)?,
        (Value::Inet(v), T::Cidr) => network::write(*v, true, out)?,
        (Value::Bits(v), T::Bit(_) | T::BitVarying(_)) => {
            let len = i32::try_from(v.len()).map_err(|_| "it has too many bits")?;
            out.extend(len.to_be_bytes());
            out.extend(v.to_bytes());
        }
        _ => return Err(OTHER_TYPE),
    }
    Ok(())
}

fn integer(v: i128, to: &DataType, out: &mut Vec<u8>) -> Write {
    fn within<T: TryFrom<i128>>(v: i128) -> Result<T, &'static str> {
        T::try_from(v).map_err(|_| OUT_OF_RANGE)
    }
    match to {
        DataType::SmallInt => out.extend(within::<i16>(v)?.to_be_bytes()),
        // Where it is stored, the sign was looked at when the statement was compiled; a comparison may have one.
        DataType::Integer | DataType::UnsignedSmallInt => out.extend(within::<i32>(v)?.to_be_bytes()),
        DataType::BigInt | DataType::UnsignedInteger => out.extend(within::<i64>(v)?.to_be_bytes()),
        DataType::Numeric { .. } | DataType::UnsignedBigInt => numeric::write_integer(v, out),
        DataType::Double => {
            let double = v as f64;
            if double as i128 != v {
                return Err("a double has only 53 bits");
            }
            out.extend(double.to_be_bytes());
        }
        DataType::Real => {
            let float = v as f32;
            if float as i128 != v {
                return Err("a 32-bit float has only 24 bits");
            }
            out.extend(float.to_be_bytes());
        }
        _ => return Err(OTHER_TYPE),
    }
    Ok(())
}

fn json(document: &serde_json::Value, out: &mut Vec<u8>) -> Write {
    serde_json::to_writer(out, document).map_err(|_| "it cannot be written as JSON")
}

/// PostgreSQL's texts have no NUL characters.
pub(super) fn no_nul(text: &str) -> Write {
    if text.contains('\0') { Err("PostgreSQL has no text with a NUL character") } else { Ok(()) }
}

/// What `write` writes, behind its length.
pub(super) fn counted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Write) -> Write {
    let start = out.len();
    out.extend([0; 4]);
    write(out)?;
    let len = i32::try_from(out.len() - start - 4).map_err(|_| "it is too long")?;
    out[start..start + 4].copy_from_slice(&len.to_be_bytes());
    Ok(())
}

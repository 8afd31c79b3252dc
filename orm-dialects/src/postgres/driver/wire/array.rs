//! Arrays: dimensions, the type of the elements, then the elements, each behind its length.

use orm_query::{DataType, Value};

use super::bytes::Bytes;
use super::datum::{Datum, Kind};
use super::encode::{counted, encode};
use super::{Read, TRUNCATED, Write, oid};

pub(super) fn write(elements: &[Value], of: &DataType, out: &mut Vec<u8>) -> Write {
    let element = oid::element(of);
    if element == oid::INFERRED {
        return Err("the driver has no arrays of this type");
    }
    if matches!(of, DataType::Array(_)) {
        return Err("arrays have one dimension");
    }
    let len = i32::try_from(elements.len()).map_err(|_| "the array is too long")?;
    if len == 0 {
        out.extend([0; 8]);
        out.extend(element.to_be_bytes());
        return Ok(());
    }
    let nulls = elements.iter().any(Value::is_null);
    out.extend(1i32.to_be_bytes());
    out.extend(i32::from(nulls).to_be_bytes());
    out.extend(element.to_be_bytes());
    out.extend(len.to_be_bytes());
    // Indexes count from 1.
    out.extend(1i32.to_be_bytes());
    for value in elements {
        match value {
            Value::Null => out.extend((-1i32).to_be_bytes()),
            value => counted(out, |out| encode(value, of, out))?,
        }
    }
    Ok(())
}

/// Reads an array whose elements the server's catalog says to be of `own`, where their number does not tell.
pub(super) fn read(bytes: &[u8], own: Kind, element: &DataType) -> Read<Vec<Value>> {
    let mut bytes = Bytes(bytes);
    let (dimensions, _nulls, number) = (bytes.i32()?, bytes.i32()?, bytes.u32()?);
    let kind = match Kind::of_number(number) {
        Kind::Unknown => own,
        kind => kind,
    };
    match dimensions {
        0 => return bytes.end().map(|()| Vec::new()),
        1 => {}
        _ => return Err("it has more than one dimension".into()),
    }
    let (len, lower) = (bytes.i32()?, bytes.i32()?);
    if lower != 1 && !matches!(own, Kind::Vector) {
        return Err(format!("its first index is {lower}, not 1").into());
    }
    let len = usize::try_from(len).map_err(|_| TRUNCATED)?;
    // Each takes at least its length; a wrong number must not take memory.
    let mut values = Vec::with_capacity(len.min(bytes.0.len() / 4));
    for _ in 0..len {
        values.push(match bytes.counted()? {
            None => Value::Null,
            Some(bytes) => Datum { kind, bytes }.value(element)?,
        });
    }
    bytes.end()?;
    Ok(values)
}

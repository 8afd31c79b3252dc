//! Ranges: a byte of flags, then the bounds that there are, each behind its length.

use std::ops::Bound;

use orm_query::{DataType, Range, Value};

use super::bytes::Bytes;
use super::datum::{Datum, Kind};
use super::encode::{counted, encode};
use super::{Read, TRUNCATED, Write};

const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const NO_LOWER: u8 = 0x08;
const NO_UPPER: u8 = 0x10;

pub(super) fn write(range: &Range<Value>, of: &DataType, out: &mut Vec<u8>) -> Write {
    let Range::Bounds(lower, upper) = range else {
        out.push(EMPTY);
        return Ok(());
    };
    let flags = |bound: &Bound<Value>, included, missing| match bound {
        Bound::Included(_) => included,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => missing,
    };
    out.push(flags(lower, LOWER_INCLUDED, NO_LOWER) | flags(upper, UPPER_INCLUDED, NO_UPPER));
    for bound in [lower, upper] {
        match bound {
            Bound::Included(Value::Null) | Bound::Excluded(Value::Null) => {
                return Err("a bound of a range is not NULL");
            }
            Bound::Included(value) | Bound::Excluded(value) => counted(out, |out| encode(value, of, out))?,
            Bound::Unbounded => {}
        }
    }
    Ok(())
}

pub(super) fn read(bytes: &[u8], kind: Kind, element: &DataType) -> Read<Range<Value>> {
    let mut bytes = Bytes(bytes);
    let flags = bytes.u8()?;
    if flags & EMPTY != 0 {
        return bytes.end().map(|()| Range::Empty);
    }
    let mut bound = |included, missing| -> Read<Bound<Value>> {
        if flags & missing != 0 {
            return Ok(Bound::Unbounded);
        }
        let bytes = bytes.counted()?.ok_or(TRUNCATED)?;
        let value = Datum { kind, bytes }.value(element)?;
        Ok(if flags & included != 0 { Bound::Included(value) } else { Bound::Excluded(value) })
    };
    let lower = bound(LOWER_INCLUDED, NO_LOWER)?;
    let upper = bound(UPPER_INCLUDED, NO_UPPER)?;
    bytes.end()?;
    Ok(Range::Bounds(lower, upper))
}

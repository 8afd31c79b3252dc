//! `EXTRACT`, as whole numbers.

use orm_query::DataType;
use orm_query::tree::{DateField, Extract};

use super::cast_to;
use crate::postgres::Postgres;
use crate::syntax::{self, Result, Writer};

pub(super) fn extract(s: &Postgres, w: &mut Writer, e: &Extract) -> Result {
    let whole = |w: &mut Writer| match e.field {
        DateField::Second => cut(s, w, e, "trunc("),
        DateField::Epoch => cut(s, w, e, "floor("),
        _ => syntax::extract(s, w, e),
    };
    // Before version 14 it is a double.
    if s.version() < 14 { cast_to(s, w, &DataType::BigInt, whole) } else { whole(w) }
}

/// Without the fraction, which other databases do not give.
fn cut(s: &Postgres, w: &mut Writer, e: &Extract, function: &str) -> Result {
    w.push(function);
    syntax::extract(s, w, e)?;
    w.push(")");
    Ok(())
}

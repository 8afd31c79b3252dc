//! Values in the text, in the form in which SQLite stores them.

use orm_query::Bind;

use crate::sqlite::Sqlite;
use crate::sqlite::types::{self, Stored};
use crate::syntax::{Result, Syntax, Writer, hex, negative};

pub(super) fn inline(s: &Sqlite, w: &mut Writer, bind: &Bind) -> Result {
    match types::encode(bind)? {
        Stored::Null => w.push("NULL"),
        Stored::Integer(v) => negative(w, v < 0, v),
        // What is beyond a double is infinite.
        Stored::Real(v) if v.is_infinite() => negative(w, v < 0.0, if v < 0.0 { "-9e999" } else { "9e999" }),
        Stored::Real(v) => negative(w, v.is_sign_negative(), float(v)),
        Stored::Text(v) => return s.literal(w, &v),
        Stored::Blob(v) => w.push(&format!("x'{}'", hex(v))),
    }
    Ok(())
}

/// The digits of a float, where SQLite reads them as this float: far from 1 it is off by the last bit. There it is computed
/// by steps without any rounding, as a whole number by powers of two.
fn float(v: f64) -> String {
    let digits = format!("{v:?}");
    if v == 0.0 || (1e-22..1e22).contains(&v.abs()) && digits.len() < 18 {
        return digits;
    }
    let bits = v.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    let (mut whole, mut power) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let zeros = whole.trailing_zeros();
    (whole, power) = (whole >> zeros, power + zeros.cast_signed());
    let mut text = format!("{}{whole}.0", if v < 0.0 { "-" } else { "" });
    let operator = if power < 0 { '/' } else { '*' };
    let mut left = power.unsigned_abs();
    while left > 0 {
        let step = left.min(32);
        text.push_str(&format!(" {operator} {}.0", 1_u64 << step));
        left -= step;
    }
    format!("({text})")
}

use orm_query::tree::{Array, Index, QuantifiedArray, Slice};

use super::{Result, Syntax, Writer, unsupported};

const HINT: Option<&str> = Some("keep a table of the elements, or JSON");

/// `ARRAY[a, b, …]`
///
/// # Errors
/// Where the database has no arrays.
pub fn array<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &Array) -> Result {
    Err(unsupported(s, "ARRAY", HINT))
}

/// `operand[a][b]…`
///
/// # Errors
/// Where the database has no arrays.
pub fn index<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &Index) -> Result {
    Err(unsupported(s, "element of an array", HINT))
}

/// `operand[lower:upper]`
///
/// # Errors
/// Where the database has no arrays.
pub fn slice<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &Slice) -> Result {
    Err(unsupported(s, "slice of an array", HINT))
}

/// `ANY (array)`, `ALL (array)`
///
/// # Errors
/// Where the database has no arrays.
pub fn quantified_array<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &QuantifiedArray) -> Result {
    Err(unsupported(s, "ANY (array) and ALL (array)", HINT))
}

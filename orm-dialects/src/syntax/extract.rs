use orm_query::DataType;
use orm_query::tree::{DateField, Extract};

use super::{Result, Syntax, Writer, expr, invalid};

/// `EXTRACT(field FROM operand)`
///
/// # Errors
/// Where the operand cannot be said.
pub fn extract<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Extract) -> Result {
    w.push("EXTRACT(");
    w.push(e.field.name());
    w.push(" FROM ");
    expr(s, w, &e.operand)?;
    w.push(")");
    Ok(())
}

/// The same, of an operand that has such a field: some databases would make one up.
pub(super) fn checked_extract<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Extract) -> Result {
    let is_time = matches!(e.field, DateField::Hour | DateField::Minute | DateField::Second);
    match e.operand.data_type() {
        Some(DataType::Date) if is_time => Err(invalid(format!("a date has no {}", e.field.name()))),
        Some(DataType::Time) if !is_time && e.field != DateField::Epoch => {
            Err(invalid(format!("a time of day has no {}", e.field.name())))
        }
        _ => s.extract(w, e),
    }
}

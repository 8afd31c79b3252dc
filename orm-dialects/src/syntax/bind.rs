use orm_query::Bind;
use orm_query::tree::Expr;

use super::{Result, Syntax, Writer, expr, invalid};

/// What happens to a bind's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is written into a column, whose limits it must keep.
    Stored,
    /// It is compared or computed with: a longer text than a column can hold is a fair question.
    Operand,
}

/// A placeholder, and the bind behind it. No value ever stands in the text.
///
/// # Errors
/// Where the database cannot hold the value.
pub fn bind<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bind: &Bind, place: Place) -> Result {
    bound(s, w, bind.clone(), place)
}

/// As [`bind()`], of a bind that nobody else needs.
///
/// # Errors
/// Where the database cannot hold the value.
pub fn bound<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bind: Bind, place: Place) -> Result {
    s.fits(&bind, place)?;
    w.push_bind(bind);
    s.placeholder(w);
    Ok(())
}

/// `?`
pub fn placeholder(w: &mut Writer) {
    w.push("?");
}

/// A value as it goes into a column.
///
/// # Errors
/// Where the database cannot hold it, or the expression cannot be said.
pub fn stored<S: Syntax + ?Sized>(s: &S, w: &mut Writer, value: &Expr) -> Result {
    match value {
        Expr::Bind(b) => bind(s, w, b, Place::Stored),
        value => expr(s, w, value),
    }
}

/// `'text'` with doubled quotes. Only for what SQL takes no bind for: enum values in DDL, the character of ESCAPE.
///
/// # Errors
/// Where the text has a NUL character.
pub fn literal(w: &mut Writer, text: &str) -> Result {
    if text.contains('\0') {
        return Err(invalid(format!("the literal {text:?} has a NUL character")));
    }
    w.push("'");
    w.push(&text.replace('\'', "''"));
    w.push("'");
    Ok(())
}

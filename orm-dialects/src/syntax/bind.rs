use orm_query::tree::{Expr, Param, ParamState};
use orm_query::{Bind, CompileError, DataType};

use super::{Result, Syntax, Writer, converted, expr, invalid};

/// What happens to a bind's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is written into a column, whose limits it must keep.
    Stored,
    /// It is compared or computed with: a longer text than a column can hold is a fair question.
    Operand,
}

/// A placeholder, and the bind behind it.
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
pub fn bound<S: Syntax + ?Sized>(s: &S, w: &mut Writer, mut bind: Bind, place: Place) -> Result {
    if let DataType::Converted(converted) = bind.data_type {
        bind.data_type = converted.data_type.clone();
        return match converted.bind {
            None => bound(s, w, bind, place),
            Some(function) => {
                s.fits(&bind, place)?;
                converted::call(s, w, function, Expr::Bind(bind))
            }
        };
    }
    s.fits(&bind, place)?;
    sent(s, w, bind)
}

/// A bind that is known to fit: a placeholder, or its value where the statement is written with its values.
pub(crate) fn sent<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bind: Bind) -> Result {
    if w.is_inlining() {
        return s.inline(w, &bind);
    }
    w.push_bind(bind);
    s.placeholder(w);
    Ok(())
}

/// A value in the text of the statement.
///
/// # Errors
/// Where the database cannot hold it, or has no literal for it.
pub fn inlined<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bind: &Bind) -> Result {
    if let DataType::Converted(converted) = bind.data_type {
        let bind = Bind::new(bind.value.clone(), converted.data_type.clone());
        return match converted.bind {
            None => inlined(s, w, &bind),
            Some(function) => converted::call(s, w, function, Expr::Literal(Box::new(bind))),
        };
    }
    s.fits(bind, Place::Operand)?;
    s.inline(w, bind)
}

/// A parameter by its name: its default, where no value was given.
///
/// # Errors
/// Where it has no value, or one that the database cannot hold.
pub fn param<S: Syntax + ?Sized>(s: &S, w: &mut Writer, p: &Param) -> Result {
    match &p.state {
        ParamState::Missing => Err(CompileError::UnboundParameter(p.name.to_string())),
        ParamState::Default(value) => {
            bound(s, w, Bind::new(value.clone(), p.data_type.clone()), Place::Operand)
        }
        ParamState::Mismatched(given) => Err(CompileError::ParameterType {
            name: p.name.to_string(),
            expected: format!("{}{}", if p.is_list { "a list of " } else { "" }, p.data_type),
            given: format!("{:?} ({})", given.value, given.data_type),
        }),
        ParamState::Unknown => Err(CompileError::UnknownParameter(p.name.to_string())),
    }
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

//! `CAST`, where PostgreSQL has none of its own or one that means something else.

use std::borrow::Cow;

use orm_query::DataType;
use orm_query::tree::{Case, Cast, Expr};

use super::{cast_to, is_number};
use crate::postgres::{Postgres, types};
use crate::syntax::{Level, Result, Writer, expr, operand};

pub(super) fn cast(s: &Postgres, w: &mut Writer, e: &Cast) -> Result {
    let from = e.operand.data_type();
    let is_text = |t: &DataType| matches!(t, DataType::Text | DataType::Varchar(_));
    match (from, &e.data_type) {
        // Only INTEGER is cast to BOOLEAN and back.
        (Some(from), DataType::Boolean) if is_number(&from) && from != DataType::Integer => {
            w.push("(");
            operand(s, w, &e.operand, Level::Concat)?;
            w.push(" != 0)");
            Ok(())
        }
        (Some(DataType::Boolean), to) if is_number(to) && *to != DataType::Integer => {
            cast_to(s, w, to, |w| cast_to(s, w, &DataType::Integer, |w| expr(s, w, &e.operand)))
        }
        // Its own casts go through the form in which bytes are printed.
        (Some(DataType::Bytes), to) if is_text(to) => cast_to(s, w, to, |w| {
            w.push("convert_from(");
            expr(s, w, &e.operand)?;
            w.push(", 'UTF8')");
            Ok(())
        }),
        (Some(from), DataType::Bytes) if is_text(&from) => {
            w.push("convert_to(");
            expr(s, w, &e.operand)?;
            w.push(", 'UTF8')");
            Ok(())
        }
        (_, to) => cast_to(s, w, to, |w| expr(s, w, &e.operand)),
    }
}

/// The results of a CASE, each bind whose type PostgreSQL is to find with a cast: among themselves they would all be texts.
pub(super) fn typed_results(e: &Case) -> Cow<'_, Case> {
    let is_inferred = |e: &Expr| match e {
        Expr::Bind(bind) => types::is_inferred(&bind.data_type),
        _ => false,
    };
    let results = || e.branches.iter().map(|(_, then)| then).chain(&e.otherwise);
    if !results().all(is_inferred) {
        // Another result says the type, and the binds follow.
        return Cow::Borrowed(e);
    }
    let mut typed = e.clone();
    for result in typed.branches.iter_mut().map(|(_, then)| then).chain(&mut typed.otherwise) {
        if let Some(data_type) = result.data_type() {
            let operand = std::mem::replace(result, Expr::Star);
            *result = Expr::Cast(Box::new(Cast { operand, data_type }));
        }
    }
    Cow::Owned(typed)
}

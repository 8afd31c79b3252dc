//! `CAST`, where PostgreSQL has none of its own or one that means something else.

use std::borrow::Cow;

use orm_query::DataType;
use orm_query::tree::{Case, Cast, Expr};

use super::{cast_to, is_number};
use crate::postgres::Postgres;
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

/// The results of a CASE, each bind of a type that is sent as unknown with a cast: among themselves they would all be
/// texts.
pub(super) fn typed_results(e: &Case) -> Cow<'_, Case> {
    let is_unknown = |e: &Expr| match e {
        Expr::Bind(bind) => is_sent_as_unknown(&bind.data_type),
        _ => false,
    };
    let results = || e.branches.iter().map(|(_, then)| then).chain(&e.otherwise);
    if !results().all(is_unknown) {
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

/// Whether the driver leaves it to PostgreSQL to find the type of a bind.
fn is_sent_as_unknown(data_type: &DataType) -> bool {
    match data_type {
        DataType::Enum(e) => e.native,
        DataType::Array(element) => is_sent_as_unknown(element),
        DataType::Hstore | DataType::Other(_) => true,
        _ => false,
    }
}

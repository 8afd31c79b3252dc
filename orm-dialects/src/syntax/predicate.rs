use orm_query::tree::{Between, Exists, Expr, InList, InQuery, Like, Quantified, Quantifier};

use super::expr::{FALSE, TRUE};
use super::{Level, Result, Syntax, Writer, compared, expr, operand, subquery};

/// `operand [NOT] BETWEEN low AND high`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn between<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Between) -> Result {
    let how = s.comparable(w, &[&e.operand], &[&e.operand, &e.low, &e.high]);
    compared(s, w, &e.operand, how)?;
    w.push(if e.negated { " NOT BETWEEN " } else { " BETWEEN " });
    compared(s, w, &e.low, how)?;
    w.push(" AND ");
    compared(s, w, &e.high, how)
}

/// `operand [NOT] IN (a, b, …)`; nothing is in an empty list, not even NULL.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn in_list<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &InList) -> Result {
    if e.list.is_empty() {
        w.push(if e.negated { TRUE } else { FALSE });
        return Ok(());
    }
    let sides: Vec<&Expr> = std::iter::once(&e.operand).chain(&e.list).collect();
    let how = s.comparable(w, &sides[..1], &sides);
    compared(s, w, &e.operand, how)?;
    w.push(if e.negated { " NOT IN " } else { " IN " });
    w.parenthesized(|w| w.list(&e.list, ", ", |w, item| compared(s, w, item, how)))
}

/// `operand [NOT] IN (SELECT …)`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn in_query<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &InQuery) -> Result {
    let how = s.comparable(w, &[&e.operand], &[&e.operand]);
    compared(s, w, &e.operand, how)?;
    w.push(if e.negated { " NOT IN " } else { " IN " });
    subquery(s, w, &e.query)
}

/// `operand [NOT] LIKE pattern [ESCAPE escape]`, through `lower()` where case is ignored
///
/// # Errors
/// Where a part of it cannot be said.
pub fn like<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Like) -> Result {
    let side = |w: &mut Writer, e: &Expr, lower: bool| {
        if !lower {
            return operand(s, w, e, Level::Concat);
        }
        w.push("lower(");
        expr(s, w, e)?;
        w.push(")");
        Ok(())
    };
    side(w, &e.operand, e.ignore_case)?;
    w.push(if e.negated { " NOT LIKE " } else { " LIKE " });
    side(w, &e.pattern, e.ignore_case)?;
    if let Some(escape) = e.escape {
        w.push(" ESCAPE ");
        s.literal(w, escape.encode_utf8(&mut [0; 4]))?;
    }
    Ok(())
}

/// `EXISTS (SELECT …)`
///
/// # Errors
/// Where the query cannot be said.
pub fn exists<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Exists) -> Result {
    w.push("EXISTS ");
    subquery(s, w, &e.query)
}

/// `ANY (SELECT …)`, `ALL (SELECT …)`
///
/// # Errors
/// Where the query cannot be said.
pub fn quantified<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Quantified) -> Result {
    w.push(match e.quantifier {
        Quantifier::Any => "ANY ",
        Quantifier::All => "ALL ",
    });
    subquery(s, w, &e.query)
}

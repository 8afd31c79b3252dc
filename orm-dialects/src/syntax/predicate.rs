use orm_query::tree::{
    Between, BinaryOperator, Exists, Expr, InList, InQuery, InRows, Like, Quantified, Quantifier,
};
use orm_query::{Bind, Value};

use super::{Level, Result, Syntax, Writer, compared, condition, expr, invalid, operand, subquery};

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
        return s.in_empty(w, e);
    }
    let sides: Vec<&Expr> = std::iter::once(&e.operand).chain(&e.list).collect();
    let how = s.comparable(w, &sides[..1], &sides);
    compared(s, w, &e.operand, how)?;
    w.push(if e.negated { " NOT IN " } else { " IN " });
    w.parenthesized(|w| w.list(&e.list, ", ", |w, item| compared(s, w, item, how)))
}

/// An empty list, which SQL has no form for: `(operand IN (NULL) AND (1 != 1))`, false whatever the operand is.
///
/// # Errors
/// Where the operand cannot be said.
pub fn in_empty<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &InList) -> Result {
    w.push("(");
    operand(s, w, &e.operand, Level::Concat)?;
    w.push(if e.negated { " NOT IN (" } else { " IN (" });
    match &e.operand {
        Expr::Tuple(items) => w.push(&format!("({})", vec!["NULL"; items.len()].join(", "))),
        _ => w.push("NULL"),
    }
    w.push(if e.negated { ") OR (1 = 1))" } else { ") AND (1 != 1))" });
    Ok(())
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

/// `operand IN (a, b, …)`, of several operands `(a, b) IN ((1, 2), …)`, or a disjunction where there is no such list.
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or the rows are not as wide as the operands.
pub fn in_rows<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &InRows) -> Result {
    rows_fit(e)?;
    let bind = |row: &[Value], at: usize| Expr::Bind(Bind::new(row[at].clone(), e.rows.types[at].clone()));
    let in_list = |operand: Expr, list: Vec<Expr>| InList { operand, list, negated: false };
    match e.operands.as_slice() {
        [operand] => {
            let list = e.rows.rows.iter().map(|row| bind(row, 0)).collect();
            s.in_list(w, &in_list(operand.clone(), list))
        }
        operands if s.features().tuple_in || e.rows.is_empty() => {
            let tuple = |row: &Vec<Value>| Expr::Tuple((0..row.len()).map(|at| bind(row, at)).collect());
            let list = e.rows.rows.iter().map(tuple).collect();
            s.in_list(w, &in_list(Expr::Tuple(operands.to_vec()), list))
        }
        operands => {
            let equal = |row: &Vec<Value>| {
                let equal =
                    |(at, operand): (usize, &Expr)| operand.clone().binary(BinaryOperator::Eq, bind(row, at));
                Expr::And(operands.iter().enumerate().map(equal).collect())
            };
            let any = Expr::Or(e.rows.rows.iter().map(equal).collect());
            w.parenthesized(|w| condition(s, w, &any))
        }
    }
}

/// # Errors
/// Where the rows are not as wide as the operands.
pub(crate) fn rows_fit(e: &InRows) -> Result {
    let width = e.operands.len();
    match e.rows.rows.iter().map(Vec::len).chain([e.rows.types.len()]).find(|len| *len != width) {
        None => Ok(()),
        Some(other) => {
            Err(invalid(format!("IN looks for {width} value(s) together in rows of {other} value(s)")))
        }
    }
}

/// `operand [NOT] LIKE pattern [ESCAPE escape]`, through `lower()` where case is ignored
///
/// # Errors
/// Where a part of it cannot be said.
pub fn like<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Like) -> Result {
    let lowered = |w: &mut Writer, e: &Expr| {
        w.push("lower(");
        expr(s, w, e)?;
        w.push(")");
        Ok(())
    };
    if e.ignore_case {
        lowered(w, &e.operand)?
    } else {
        operand(s, w, &e.operand, Level::Concat)?
    }
    w.push(if e.negated { " NOT LIKE " } else { " LIKE " });
    if e.before || e.after {
        s.like_pattern(w, e)?;
    } else if e.ignore_case {
        lowered(w, &e.pattern)?;
    } else {
        operand(s, w, &e.pattern, Level::Concat)?;
    }
    if let Some(escape) = e.escape {
        w.push(" ESCAPE ");
        s.literal(w, escape.encode_utf8(&mut [0; 4]))?;
    }
    Ok(())
}

/// `'%' || pattern || '%'`
///
/// # Errors
/// Where the pattern cannot be said.
pub fn like_pattern<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Like) -> Result {
    like_pattern_by(s, w, e, " || ")
}

/// The same with another operator between texts.
///
/// # Errors
/// Where the pattern cannot be said.
pub fn like_pattern_by<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Like, concat: &str) -> Result {
    if e.before {
        w.push("'%'");
        w.push(concat);
    }
    like_text(s, w, e)?;
    if e.after {
        w.push(concat);
        w.push("'%'");
    }
    Ok(())
}

/// The text of a pattern, without the wildcards around it.
///
/// # Errors
/// Where it cannot be said.
pub fn like_text<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Like) -> Result {
    if e.ignore_case && s.lowers_patterns() {
        w.push("lower(");
        expr(s, w, &e.pattern)?;
        w.push(")");
        return Ok(());
    }
    operand(s, w, &e.pattern, Level::Unary)
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

use orm_query::DataType;
use orm_query::tree::{Binary, BinaryOperator, Expr};

use super::{Level, Result, Syntax, Writer, expr, operand};

/// How the sides of a comparison are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparable {
    /// As they are: the database compares them by their types.
    AsTheyAre,
    /// As numbers, because the database would compare what it stores and not the numbers that it means.
    AsNumbers,
}

/// One side of a comparison.
///
/// # Errors
/// Where it cannot be said.
pub fn compared<S: Syntax + ?Sized>(s: &S, w: &mut Writer, side: &Expr, how: Comparable) -> Result {
    match how {
        Comparable::AsTheyAre => operand(s, w, side, Level::Concat),
        Comparable::AsNumbers => s.number(w, side, Level::Concat),
    }
}

/// `CAST(e AS DOUBLE PRECISION)`
///
/// # Errors
/// Where it cannot be said.
pub fn as_double<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    w.push("CAST(");
    expr(s, w, e)?;
    w.push(" AS ");
    s.data_type(w, &DataType::Double)?;
    w.push(")");
    Ok(())
}

/// `left operator right`
///
/// # Errors
/// Where the database has no such operator, or an operand cannot be said.
pub fn binary<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    match b.operator {
        BinaryOperator::Eq => s.comparison(w, b, "="),
        BinaryOperator::Ne => s.comparison(w, b, "!="),
        BinaryOperator::Lt => s.comparison(w, b, "<"),
        BinaryOperator::Le => s.comparison(w, b, "<="),
        BinaryOperator::Gt => s.comparison(w, b, ">"),
        BinaryOperator::Ge => s.comparison(w, b, ">="),
        BinaryOperator::IsDistinctFrom => s.distinct_from(w, b, false),
        BinaryOperator::IsNotDistinctFrom => s.distinct_from(w, b, true),
        BinaryOperator::Regexp => s.regexp(w, b, false),
        BinaryOperator::NotRegexp => s.regexp(w, b, true),
        BinaryOperator::Add => s.arithmetic(w, b, "+"),
        BinaryOperator::Subtract => s.arithmetic(w, b, "-"),
        BinaryOperator::Multiply => s.arithmetic(w, b, "*"),
        BinaryOperator::Divide => s.divide(w, b),
        BinaryOperator::Modulo => s.modulo(w, b),
        BinaryOperator::Concat => s.concat(w, b),
    }
}

/// `left operator right` for an operator that reads from the left: a right operand of its own level needs parentheses.
///
/// # Errors
/// Where an operand cannot be said.
pub fn infix<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary, operator: &str) -> Result {
    let level = Level::of_operator(b.operator);
    operand(s, w, &b.left, level)?;
    w.push(" ");
    w.push(operator);
    w.push(" ");
    let tighter = if level == Level::Sum { Level::Product } else { Level::Unary };
    operand(s, w, &b.right, tighter)
}

/// `left operator right` for an operator that is true, false or unknown.
///
/// # Errors
/// Where an operand cannot be said.
pub fn comparison<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary, operator: &str) -> Result {
    let sides = [&b.left, &b.right];
    let how = s.comparable(w, &sides, &sides);
    compared(s, w, &b.left, how)?;
    w.push(" ");
    w.push(operator);
    w.push(" ");
    compared(s, w, &b.right, how)
}

/// `left IS [NOT] DISTINCT FROM right`
///
/// # Errors
/// Where an operand cannot be said.
pub fn distinct_from<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary, negated: bool) -> Result {
    s.comparison(w, b, if negated { "IS NOT DISTINCT FROM" } else { "IS DISTINCT FROM" })
}

/// `[NOT] regexp_like(left, right)`, as SQL:2008 has it
///
/// # Errors
/// Where an operand cannot be said.
pub fn regexp<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary, negated: bool) -> Result {
    w.push(if negated { "(NOT regexp_like(" } else { "regexp_like(" });
    expr(s, w, &b.left)?;
    w.push(", ");
    expr(s, w, &b.right)?;
    w.push(if negated { "))" } else { ")" });
    Ok(())
}

/// `left / right`, which keeps its fraction between integers too.
///
/// # Errors
/// Where an operand cannot be said.
pub fn divide<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    let is_integer = |e: &Expr| e.data_type().is_some_and(|t| t.is_integer());
    if is_integer(&b.left) && is_integer(&b.right) { divide_fractions(s, w, b) } else { infix(s, w, b, "/") }
}

/// `left / (right + 0.0)`, where the database would divide integers and drop the rest.
///
/// # Errors
/// Where an operand cannot be said.
pub fn divide_fractions<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    operand(s, w, &b.left, Level::Product)?;
    w.push(" / (");
    operand(s, w, &b.right, Level::Sum)?;
    w.push(" + 0.0)");
    Ok(())
}

/// `left % right`
///
/// # Errors
/// Where an operand cannot be said.
pub fn modulo<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    infix(s, w, b, "%")
}

/// `left || right`
///
/// # Errors
/// Where an operand cannot be said.
pub fn concat<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    let side = |w: &mut Writer, e: &Expr| {
        // Databases do not agree whether `||` or `+` comes first, so only its own kind goes without parentheses.
        let level = if Level::of(e) == Level::Concat { Level::Concat } else { Level::Unary };
        operand(s, w, e, level)
    };
    side(w, &b.left)?;
    w.push(" || ");
    side(w, &b.right)
}

use orm_query::DataType;
use orm_query::tree::{Binary, BinaryOperator, Expr};

use super::{Level, Result, Syntax, Writer, expr, operand, unsupported};

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
        BinaryOperator::Add => s.arithmetic(w, b, "+"),
        BinaryOperator::Subtract => s.arithmetic(w, b, "-"),
        BinaryOperator::Multiply => s.arithmetic(w, b, "*"),
        BinaryOperator::Divide => s.divide(w, b),
        BinaryOperator::Modulo => s.modulo(w, b),
        BinaryOperator::Concat => s.concat(w, b),
        BinaryOperator::FloorDivide => s.floor_divide(w, b),
        BinaryOperator::BitAnd => s.bitwise(w, b, "&"),
        BinaryOperator::BitOr => s.bitwise(w, b, "|"),
        BinaryOperator::BitXor => s.bitwise(w, b, "^"),
        BinaryOperator::ShiftLeft => s.bitwise(w, b, "<<"),
        BinaryOperator::ShiftRight => s.bitwise(w, b, ">>"),
        BinaryOperator::Contains => s.container(w, b, "@>"),
        BinaryOperator::ContainedBy => s.container(w, b, "<@"),
        BinaryOperator::Overlaps => s.container(w, b, "&&"),
        BinaryOperator::HasKey => s.container(w, b, "?"),
        BinaryOperator::HasAnyKey => s.container(w, b, "?|"),
        BinaryOperator::HasAllKeys => s.container(w, b, "?&"),
        BinaryOperator::ValueOf => s.container(w, b, "->"),
        BinaryOperator::DeleteKey => s.container(w, b, "-"),
        BinaryOperator::DeletePath => s.container(w, b, "#-"),
        BinaryOperator::PathExists => s.container(w, b, "@?"),
        BinaryOperator::PathMatches => s.container(w, b, "@@"),
        BinaryOperator::LeftOf => s.container(w, b, "<<"),
        BinaryOperator::RightOf => s.container(w, b, ">>"),
        BinaryOperator::NotExtendRightOf => s.container(w, b, "&<"),
        BinaryOperator::NotExtendLeftOf => s.container(w, b, "&>"),
        BinaryOperator::AdjacentTo => s.container(w, b, "-|-"),
    }
}

/// `left operator right` with parentheses around whatever is no single operand: databases do not agree how tightly the
/// operator binds.
///
/// # Errors
/// Where an operand cannot be said.
pub fn loose<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary, operator: &str) -> Result {
    operand(s, w, &b.left, Level::Unary)?;
    w.push(" ");
    w.push(operator);
    w.push(" ");
    operand(s, w, &b.right, Level::Unary)
}

/// An operator of arrays, ranges, maps and documents, which most databases have not.
///
/// # Errors
/// Always.
pub fn container<S: Syntax + ?Sized>(s: &S, _: &mut Writer, b: &Binary, operator: &str) -> Result {
    _ = operator;
    let feature = match b.operator {
        BinaryOperator::Contains => "operator `@>`, contains",
        BinaryOperator::ContainedBy => "operator `<@`, is contained by",
        BinaryOperator::Overlaps => "operator `&&`, overlaps",
        BinaryOperator::HasKey | BinaryOperator::HasAnyKey | BinaryOperator::HasAllKeys => {
            "operators `?`, `?|`, `?&` for keys"
        }
        BinaryOperator::PathExists | BinaryOperator::PathMatches => "operators `@?`, `@@` for JSON paths",
        BinaryOperator::DeleteKey | BinaryOperator::DeletePath => "operators `-`, `#-` for parts of JSON",
        _ => "operators of ranges and maps",
    };
    Err(unsupported(s, feature, None))
}

/// `FLOOR(left / right)`
///
/// # Errors
/// Where an operand cannot be said.
pub fn floor_divide<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &Binary) -> Result {
    w.push("FLOOR(");
    operand(s, w, &b.left, Level::Product)?;
    w.push(" / ");
    operand(s, w, &b.right, Level::Unary)?;
    w.push(")");
    Ok(())
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
        let is_concat = matches!(e, Expr::Binary(b) if b.operator == BinaryOperator::Concat);
        let level = if is_concat { Level::Concat } else { Level::Unary };
        operand(s, w, e, level)
    };
    side(w, &b.left)?;
    w.push(" || ");
    side(w, &b.right)
}

use orm_query::tree::{Case, Cast, Collate, Expr, Unary, UnaryOperator};

use super::{
    Level, Place, Result, Syntax, Writer, binary, bind, compared, exists, invalid, operand, subquery, text,
};

/// How many operands of AND or OR stand in one row: databases read a row of them as so many levels, and refuse a
/// thousand.
const ROW: usize = 100;

/// An expression, without parentheses around it.
///
/// # Errors
/// Where the database has no such construct, cannot hold a value, or the tree makes no sense.
pub fn expr<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    w.nested(|w| match e {
        Expr::Column(c) => s.column(w, c),
        Expr::Excluded(e) => s.excluded(w, e),
        Expr::Bind(b) => bind(s, w, b, Place::Operand),
        Expr::Text(t) => text(s, w, t),
        Expr::Unary(u) => unary(s, w, u),
        Expr::Binary(b) => binary(s, w, b),
        Expr::And(list) => junction(s, w, list, &AND),
        Expr::Or(list) => junction(s, w, list, &OR),
        Expr::Between(b) => s.between(w, b),
        Expr::InList(i) => s.in_list(w, i),
        Expr::InQuery(i) => s.in_query(w, i),
        Expr::Like(l) => s.like(w, l),
        Expr::Case(c) => s.case(w, c),
        Expr::Cast(c) => s.cast(w, c),
        Expr::Collate(c) => s.collate(w, c),
        Expr::Function(f) => s.function(w, f),
        Expr::Exists(e) => exists(s, w, e),
        Expr::Subquery(q) => subquery(s, w, &q.query),
        Expr::Quantified(q) => s.quantified(w, q),
        Expr::Tuple(items) => tuple(s, w, items),
        Expr::Label(name) => s.identifier(w, name),
        Expr::Star => Err(invalid("`*` stands for the rows inside `count(*)`, and nowhere else")),
        Expr::Ordered(_) => Err(invalid(
            "an expression with `asc()` or `desc()` stands in ORDER BY or among the arguments of an aggregate",
        )),
    })
}

fn unary<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &Unary) -> Result {
    match u.operator {
        UnaryOperator::Not => {
            w.push("NOT ");
            operand(s, w, &u.operand, Level::Not)
        }
        UnaryOperator::Negate => {
            w.push("-");
            // Not even `--a`, which would be a comment.
            operand(s, w, &u.operand, Level::Primary)
        }
        UnaryOperator::IsNull => {
            operand(s, w, &u.operand, Level::Concat)?;
            w.push(" IS NULL");
            Ok(())
        }
        UnaryOperator::IsNotNull => {
            operand(s, w, &u.operand, Level::Concat)?;
            w.push(" IS NOT NULL");
            Ok(())
        }
    }
}

/// `AND` or `OR`.
struct Junction {
    word: &'static str,
    level: Level,
    empty: &'static str,
}

const AND: Junction = Junction { word: " AND ", level: Level::And, empty: TRUE };
const OR: Junction = Junction { word: " OR ", level: Level::Or, empty: FALSE };

/// True in every database; some have no word for it.
pub(super) const TRUE: &str = "1 = 1";
/// False in every database.
pub(super) const FALSE: &str = "1 != 1";

fn junction<S: Syntax + ?Sized>(s: &S, w: &mut Writer, list: &[Expr], junction: &Junction) -> Result {
    match list {
        [] => {
            w.push(junction.empty);
            Ok(())
        }
        [one] => expr(s, w, one),
        list if list.len() <= ROW => w.list(list, junction.word, |w, e| operand(s, w, e, junction.level)),
        list => {
            let size = list.len().div_ceil(ROW).max(ROW);
            w.list(list.chunks(size), junction.word, |w, part| {
                w.parenthesized(|w| self::junction(s, w, part, junction))
            })
        }
    }
}

fn tuple<S: Syntax + ?Sized>(s: &S, w: &mut Writer, items: &[Expr]) -> Result {
    if items.is_empty() {
        return Err(invalid("a tuple has at least one element"));
    }
    w.parenthesized(|w| w.list(items, ", ", |w, e| expr(s, w, e)))
}

/// `CASE [operand] WHEN … THEN … [ELSE …] END`
///
/// # Errors
/// Where a part of it cannot be said, or it has no branch.
pub fn case<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Case) -> Result {
    if e.branches.is_empty() {
        return Err(invalid("CASE has at least one branch"));
    }
    w.push("CASE");
    let sides: Vec<&Expr> = e.operand.iter().chain(e.branches.iter().map(|(when, _)| when)).collect();
    let how = s.comparable(w, &sides[..1], &sides);
    if let Some(base) = &e.operand {
        w.push(" ");
        compared(s, w, base, how)?;
    }
    for (when, then) in &e.branches {
        w.push(" WHEN ");
        if e.operand.is_some() {
            compared(s, w, when, how)?;
        } else {
            expr(s, w, when)?;
        }
        w.push(" THEN ");
        expr(s, w, then)?;
    }
    if let Some(otherwise) = &e.otherwise {
        w.push(" ELSE ");
        expr(s, w, otherwise)?;
    }
    w.push(" END");
    Ok(())
}

/// `CAST(operand AS type)`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn cast<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Cast) -> Result {
    w.push("CAST(");
    expr(s, w, &e.operand)?;
    w.push(" AS ");
    s.data_type(w, &e.data_type)?;
    w.push(")");
    Ok(())
}

/// `operand COLLATE collation`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn collate<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Collate) -> Result {
    operand(s, w, &e.operand, Level::Primary)?;
    w.push(" COLLATE ");
    s.identifier(w, &e.collation)
}

use orm_query::tree::{Case, Cast, Collate, Expr, Field, Unary, UnaryOperator};

use super::extract::checked_extract;
use super::{
    Level, Place, Result, Syntax, Writer, binary, bind, compared, condition, condition_operand, custom,
    exists, inlined, invalid, is_compared, is_predicate, operand, param, subquery, text, truth_value,
    unsupported,
};

/// How many operands of AND or OR stand in one row: databases read a row of them as so many levels, and refuse a
/// thousand.
const ROW: usize = 100;

/// An expression as a value, without parentheses around it; where it must be true or false it is a [`condition`].
///
/// # Errors
/// Where the database has no such construct, cannot hold a value, or the tree makes no sense.
pub fn expr<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    if !s.has_booleans() && is_predicate(e) { truth_value(s, w, e) } else { node(s, w, e) }
}

/// An expression as it stands in the tree.
pub(super) fn node<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    w.nested(|w| match e {
        Expr::Column(c) => {
            w.in_scope(c)?;
            s.column(w, c)
        }
        Expr::Excluded(e) => s.excluded(w, e),
        Expr::Bind(b) => bind(s, w, b, Place::Operand),
        Expr::Literal(b) => inlined(s, w, b),
        Expr::Param(p) => param(s, w, p),
        Expr::Text(t) => text(s, w, t),
        Expr::Unary(u) => unary(s, w, u),
        Expr::Binary(b) => binary(s, w, b),
        Expr::And(list) => junction(s, w, list, &AND),
        Expr::Or(list) => junction(s, w, list, &OR),
        Expr::Between(b) => s.between(w, b),
        Expr::InList(i) => s.in_list(w, i),
        Expr::InQuery(i) => s.in_query(w, i),
        Expr::InRows(i) => s.in_rows(w, i),
        Expr::Like(l) => s.like(w, l),
        Expr::Case(c) => s.case(w, c),
        Expr::Cast(c) => s.cast(w, c),
        Expr::TryCast(c) => s.try_cast(w, c),
        Expr::TypedAs(t) => node(s, w, &t.operand),
        Expr::Extract(e) => checked_extract(s, w, e),
        Expr::Grouping(_) => Err(invalid("ROLLUP, CUBE and GROUPING SETS stand in GROUP BY only")),
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
        Expr::Bool(value) => {
            s.boolean(w, *value);
            Ok(())
        }
        Expr::Regexp(r) => s.regexp(w, r),
        Expr::RegexpReplace(r) => s.regexp_replace(w, r),
        Expr::FullText(t) => s.full_text(w, t),
        Expr::Json(j) => s.json(w, j),
        Expr::Array(a) => s.array(w, a),
        Expr::Index(i) => s.index(w, i),
        Expr::Slice(i) => s.slice(w, i),
        Expr::QuantifiedArray(q) => s.quantified_array(w, q),
        Expr::Field(f) => field(s, w, f),
        Expr::Custom(c) => custom(s, w, c),
    })
}

/// Whether an expression binds something.
///
/// # Errors
/// As [`expr`].
pub fn has_binds<S: Syntax + ?Sized>(s: &S, e: &Expr) -> Result<bool> {
    if matches!(e, Expr::Column(_)) {
        return Ok(false);
    }
    let mut apart = Writer::apart();
    expr(s, &mut apart, e)?;
    Ok(!apart.binds().is_empty())
}

fn unary<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &Unary) -> Result {
    match u.operator {
        UnaryOperator::Not if is_compared(s, &u.operand) => {
            operand(s, w, &u.operand, Level::Concat)?;
            w.push(" = 0");
            Ok(())
        }
        UnaryOperator::Not => {
            w.push("NOT ");
            condition_operand(s, w, &u.operand, Level::Not)
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
        UnaryOperator::BitNot => s.bit_not(w, &u.operand),
        UnaryOperator::IsTrue => s.truth_test(w, &u.operand, true, false),
        UnaryOperator::IsNotTrue => s.truth_test(w, &u.operand, true, true),
        UnaryOperator::IsFalse => s.truth_test(w, &u.operand, false, false),
        UnaryOperator::IsNotFalse => s.truth_test(w, &u.operand, false, true),
    }
}

/// `~operand`
///
/// # Errors
/// Where the operand cannot be said.
pub fn bit_not<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    w.push("~");
    operand(s, w, e, Level::Primary)
}

/// `operand IS [NOT] TRUE`, `operand IS [NOT] FALSE`; a CASE where the database has no booleans.
///
/// # Errors
/// Where the operand cannot be said.
pub fn truth_test<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr, value: bool, negated: bool) -> Result {
    if s.has_booleans() {
        operand(s, w, e, Level::Concat)?;
        w.push(if negated { " IS NOT " } else { " IS " });
        s.boolean(w, value);
        return Ok(());
    }
    w.push("CASE WHEN ");
    if value {
        condition(s, w, e)?;
    } else {
        unary(s, w, &Unary { operator: UnaryOperator::Not, operand: e.clone() })?;
    }
    w.push(if negated { " THEN 1 ELSE 0 END = 0" } else { " THEN 1 ELSE 0 END = 1" });
    Ok(())
}

/// `true`, `false`; 1 and 0 where the database has no booleans.
pub fn boolean<S: Syntax + ?Sized>(s: &S, w: &mut Writer, value: bool) {
    w.push(match (s.has_booleans(), value) {
        (true, true) => "true",
        (true, false) => "false",
        (false, true) => "1",
        (false, false) => "0",
    });
}

/// `AND` or `OR`.
struct Junction {
    word: &'static str,
    level: Level,
    empty: bool,
}

const AND: Junction = Junction { word: " AND ", level: Level::And, empty: true };
const OR: Junction = Junction { word: " OR ", level: Level::Or, empty: false };

fn junction<S: Syntax + ?Sized>(s: &S, w: &mut Writer, list: &[Expr], junction: &Junction) -> Result {
    match list {
        [] => {
            s.boolean(w, junction.empty);
            Ok(())
        }
        [one] => expr(s, w, one),
        list if list.len() <= ROW => {
            w.list(list, junction.word, |w, e| condition_operand(s, w, e, junction.level))
        }
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
    if !s.features().tuple_in {
        return Err(unsupported(s, "comparison of tuples", Some("compare their parts, or use EXISTS")));
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
            condition(s, w, when)?;
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

/// `TRY_CAST`, which no standard knows.
///
/// # Errors
/// Always.
pub fn try_cast<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &Cast) -> Result {
    let hint = "cast where CASE has shown that the value can be converted";
    Err(unsupported(s, "TRY_CAST", Some(hint)))
}

/// `(operand).name`
fn field<S: Syntax + ?Sized>(s: &S, w: &mut Writer, f: &Field) -> Result {
    if !s.features().composite_fields {
        return Err(unsupported(s, "fields of composite values", None));
    }
    w.nested(|w| w.parenthesized(|w| expr(s, w, &f.operand)))?;
    w.push(".");
    s.identifier(w, &f.name)
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

use orm_query::tree::{
    Expr, From, Join, JoinKind, Lock, LockStrength, LockWait, NullsOrder, OrderBy, Select, SelectItem,
};
use orm_query::{Bind, DataType, Value};

use super::{Place, Result, Syntax, Writer, bind, expr, invalid, source};

/// `SELECT [DISTINCT] … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT … OFFSET … FOR UPDATE`
///
/// # Errors
/// Where the database has no such construct, cannot hold a value, or the tree makes no sense.
pub fn select<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    if q.columns.is_empty() {
        return Err(invalid("SELECT names at least one column"));
    }
    let sources = q.from.iter().chain(q.joins.iter().map(|join| &join.to));
    w.scope(sources, |w| w.qualified(true, |w| body(s, w, q)))
}

/// `(SELECT …)`
///
/// # Errors
/// As [`select`].
pub fn subquery<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    w.nested(|w| w.parenthesized(|w| s.select(w, q)))
}

fn body<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    w.push(if q.distinct { "SELECT DISTINCT " } else { "SELECT " });
    w.list(&q.columns, ", ", |w, item| select_item(s, w, item))?;
    from_clause(s, w, q)?;
    if let Some(filter) = &q.filter {
        w.push(" WHERE ");
        expr(s, w, filter)?;
    }
    if !q.group_by.is_empty() {
        w.push(" GROUP BY ");
        w.list(&q.group_by, ", ", |w, e| s.key(w, e))?;
    }
    if let Some(having) = &q.having {
        w.push(" HAVING ");
        expr(s, w, having)?;
    }
    if !q.order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, &q.order_by)?;
    }
    s.limit(w, q)?;
    q.lock.as_ref().map_or(Ok(()), |lock| s.lock(w, lock))
}

pub(super) fn select_item<S: Syntax + ?Sized>(s: &S, w: &mut Writer, item: &SelectItem) -> Result {
    expr(s, w, &item.expr)?;
    if let Some(label) = &item.label {
        // Every database has AS here, even those that have none behind tables.
        w.push(" AS ");
        s.identifier(w, label)?;
    }
    Ok(())
}

fn from_clause<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    if q.from.is_empty() {
        return if q.joins.is_empty() { Ok(()) } else { Err(invalid("a join needs a table before it")) };
    }
    w.push(" FROM ");
    w.list(&q.from, ", ", |w, from| from_item(s, w, from))?;
    q.joins.iter().try_for_each(|j| join(s, w, j))
}

fn from_item<S: Syntax + ?Sized>(s: &S, w: &mut Writer, from: &From) -> Result {
    match from {
        From::Table(table) => s.table_ref(w, table),
        From::Query { query, alias } => {
            subquery(s, w, query)?;
            s.alias(w, alias)
        }
    }
}

fn join<S: Syntax + ?Sized>(s: &S, w: &mut Writer, join: &Join) -> Result {
    s.join_kind(w, join.kind)?;
    from_item(s, w, &join.to)?;
    match (&join.on, join.kind) {
        (None, JoinKind::Cross) => Ok(()),
        (Some(on), JoinKind::Inner | JoinKind::Left | JoinKind::Full) => {
            w.push(" ON ");
            expr(s, w, on)
        }
        (None, _) => Err(invalid("a join other than a cross join needs a condition")),
        (Some(_), JoinKind::Cross) => Err(invalid("a cross join takes no condition")),
    }
}

/// The words between two tables.
///
/// # Errors
/// None here.
pub fn join_kind(w: &mut Writer, kind: JoinKind) -> Result {
    w.push(match kind {
        JoinKind::Inner => " JOIN ",
        JoinKind::Left => " LEFT OUTER JOIN ",
        JoinKind::Full => " FULL OUTER JOIN ",
        JoinKind::Cross => " CROSS JOIN ",
    });
    Ok(())
}

/// What stands after ORDER BY.
///
/// # Errors
/// Where an expression cannot be said.
pub fn order_list<S: Syntax + ?Sized>(s: &S, w: &mut Writer, list: &[OrderBy]) -> Result {
    w.list(list, ", ", |w, o| s.order_by(w, o))
}

/// `expr [DESC] [NULLS FIRST | NULLS LAST]`
///
/// # Errors
/// Where the expression cannot be said, or has two places in the ordering.
pub fn order_by<S: Syntax + ?Sized>(s: &S, w: &mut Writer, o: &OrderBy) -> Result {
    if let Expr::Ordered(inner) = &o.expr {
        if o.descending || o.nulls.is_some() {
            return Err(invalid("an expression is ordered twice"));
        }
        return w.nested(|w| s.order_by(w, inner));
    }
    s.key(w, &o.expr)?;
    if o.descending {
        w.push(" DESC");
    }
    o.nulls.map_or(Ok(()), |nulls| s.nulls(w, o, nulls))
}

/// An expression of ORDER BY, GROUP BY or PARTITION BY.
///
/// # Errors
/// Where it cannot be said.
pub fn key<S: Syntax + ?Sized>(s: &S, w: &mut Writer, key: &Expr) -> Result {
    expr(s, w, key)
}

/// ` NULLS FIRST`, ` NULLS LAST`
///
/// # Errors
/// None here.
pub fn nulls(w: &mut Writer, _order: &OrderBy, nulls: NullsOrder) -> Result {
    w.push(match nulls {
        NullsOrder::First => " NULLS FIRST",
        NullsOrder::Last => " NULLS LAST",
    });
    Ok(())
}

/// ` LIMIT … OFFSET …`, both as binds, so that every page has the same text.
///
/// # Errors
/// None here.
pub fn limit<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    if let Some(limit) = q.limit {
        w.push(" LIMIT ");
        bind(s, w, &count(limit), Place::Operand)?;
    }
    if let Some(offset) = q.offset {
        w.push(" OFFSET ");
        bind(s, w, &count(offset), Place::Operand)?;
    }
    Ok(())
}

/// No table has more rows than a BIGINT can count.
fn count(rows: u64) -> Bind {
    Bind::new(Value::I64(rows.try_into().unwrap_or(i64::MAX)), DataType::BigInt)
}

/// ` FOR UPDATE [OF …] [NOWAIT | SKIP LOCKED]`
///
/// # Errors
/// Where a table cannot be named.
pub fn lock<S: Syntax + ?Sized>(s: &S, w: &mut Writer, lock: &Lock) -> Result {
    w.push(match lock.strength {
        LockStrength::Update => " FOR UPDATE",
        LockStrength::Share => " FOR SHARE",
    });
    if !lock.of.is_empty() {
        w.push(" OF ");
        w.list(&lock.of, ", ", |w, table| source(s, w, table))?;
    }
    w.push(match lock.wait {
        LockWait::Wait => "",
        LockWait::NoWait => " NOWAIT",
        LockWait::SkipLocked => " SKIP LOCKED",
    });
    Ok(())
}

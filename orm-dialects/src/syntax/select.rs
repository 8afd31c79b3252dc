use orm_query::tree::{
    Distinct, Expr, Limit, Lock, LockStrength, LockWait, NullsOrder, OrderBy, Phrase, Select, SelectItem,
};

use super::{Result, Syntax, Writer, condition, expr, invalid, source, unsupported, with};

/// `[WITH …] SELECT [DISTINCT] … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT … OFFSET … FOR UPDATE`
///
/// # Errors
/// Where the database has no such construct, cannot hold a value, or the tree makes no sense.
pub fn select<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    if q.columns.is_empty() {
        return Err(invalid("SELECT names at least one column"));
    }
    if q.from.is_empty() && !q.joins.is_empty() {
        return Err(invalid("a join needs a table before it"));
    }
    let sources = q.from.iter().chain(q.joins.iter().map(|join| &join.to));
    with(s, w, &q.with, |w| w.scope(sources, |w| w.qualified(true, |w| body(s, w, q))))
}

fn body<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    w.push("SELECT ");
    s.select_words(w, q)?;
    phrases(s, w, &q.prefixes, |w, sql| {
        s.raw(w, sql)?;
        w.push(" ");
        Ok(())
    })?;
    match &q.distinct {
        None => {}
        Some(Distinct::Rows) => w.push("DISTINCT "),
        Some(Distinct::On(list)) => {
            if !s.features().distinct_on {
                let hint = "number the rows of each group by `row_number()`, and take the first";
                return Err(unsupported(s, "DISTINCT ON", Some(hint)));
            }
            w.push("DISTINCT ON ");
            w.parenthesized(|w| w.list(list, ", ", |w, e| s.key(w, e)))?;
            w.push(" ");
        }
    }
    s.top(w, q)?;
    w.list(&q.columns, ", ", |w, item| select_item(s, w, item))?;
    s.from_clause(w, q)?;
    if let Some(filter) = &q.filter {
        w.push(" WHERE ");
        condition(s, w, filter)?;
    }
    if !q.group_by.is_empty() {
        w.push(" GROUP BY ");
        s.group_by(w, &q.group_by)?;
    }
    if let Some(having) = &q.having {
        w.push(" HAVING ");
        condition(s, w, having)?;
    }
    if !q.order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, &q.order_by)?;
    }
    if let Some(limit) = &q.limit {
        s.limit(w, limit)?;
    }
    if let Some(lock) = &q.lock {
        s.lock(w, lock)?;
    }
    phrases(s, w, &q.suffixes, |w, sql| {
        w.push(" ");
        s.raw(w, sql)
    })?;
    q.hints.iter().filter(|hint| hint.source.is_none() && *hint.dialect == *s.name()).try_for_each(|hint| {
        w.push(" ");
        s.raw(w, &hint.sql)
    })
}

/// Those of the phrases that are for this database.
///
/// # Errors
/// What `write` gives.
pub fn phrases<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    list: &[Phrase],
    mut write: impl FnMut(&mut Writer, &str) -> Result,
) -> Result {
    list.iter().filter(|phrase| phrase.is_for(s.name())).try_for_each(|phrase| write(w, &phrase.sql))
}

/// `expr [AS label]`
///
/// # Errors
/// Where the expression cannot be said.
pub fn select_item<S: Syntax + ?Sized>(s: &S, w: &mut Writer, item: &SelectItem) -> Result {
    expr(s, w, &item.expr)?;
    if let Some(label) = &item.label {
        // Every database has AS here, even those that have none behind tables.
        w.push(" AS ");
        s.identifier(w, label)?;
    }
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

/// ` LIMIT … OFFSET …`, both as binds, so that every page has the same text; or ` OFFSET … ROWS FETCH FIRST … ROWS ONLY`.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn limit<S: Syntax + ?Sized>(s: &S, w: &mut Writer, l: &Limit) -> Result {
    if l.fetch || l.percent || l.with_ties {
        return s.fetch(w, l);
    }
    if let Some(count) = &l.count {
        w.push(" LIMIT ");
        expr(s, w, count)?;
    }
    if let Some(offset) = &l.offset {
        w.push(" OFFSET ");
        expr(s, w, offset)?;
    }
    Ok(())
}

/// ` OFFSET … ROWS FETCH FIRST … [PERCENT] ROWS ONLY | WITH TIES`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn fetch<S: Syntax + ?Sized>(s: &S, w: &mut Writer, l: &Limit) -> Result {
    if l.with_ties && !s.features().with_ties {
        return Err(unsupported(
            s,
            "FETCH FIRST … WITH TIES",
            Some("compare `rank()` with the number of rows"),
        ));
    }
    if l.percent && !s.features().fetch_percent {
        return Err(unsupported(s, "FETCH FIRST … PERCENT", Some("compare `percent_rank()` with the part")));
    }
    if let Some(offset) = &l.offset {
        w.push(" OFFSET ");
        count(s, w, offset)?;
        w.push(" ROWS");
    }
    if let Some(rows) = &l.count {
        w.push(" FETCH FIRST ");
        count(s, w, rows)?;
        w.push(if l.percent { " PERCENT" } else { "" });
        w.push(if l.with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
    }
    Ok(())
}

/// What is no plain number stands between parentheses there.
fn count<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    match e {
        Expr::Bind(_) | Expr::Param(_) => expr(s, w, e),
        e => w.parenthesized(|w| expr(s, w, e)),
    }
}

/// ` FOR UPDATE [OF …] [NOWAIT | SKIP LOCKED]`
///
/// # Errors
/// Where a table cannot be named.
pub fn lock<S: Syntax + ?Sized>(s: &S, w: &mut Writer, lock: &Lock) -> Result {
    w.push(match lock.strength {
        LockStrength::Update => " FOR UPDATE",
        LockStrength::NoKeyUpdate => " FOR NO KEY UPDATE",
        LockStrength::Share => " FOR SHARE",
        LockStrength::KeyShare => " FOR KEY SHARE",
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

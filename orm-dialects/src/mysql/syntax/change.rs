//! `UPDATE` and `DELETE`.

use std::borrow::Cow;

use orm_query::tree::{Delete, Expr, From, OrderBy, Query, SetTarget, TableRef, Update, With};

use super::derived;
use super::reads::Reads;
use crate::mysql::MySql;
use crate::syntax::{self, Result, Syntax, Writer, assigned, condition, invalid, unsupported};

/// Assignments take effect one after the other, and a later one sees what the earlier ones did: so a column is read
/// before it is assigned.
pub(super) fn update(s: &MySql, w: &mut Writer, u: &Update) -> Result {
    if !u.returning.is_empty() && !s.features.update_returning {
        return Err(unsupported(s, "UPDATE … RETURNING", Some("select the rows by their keys")));
    }
    has_with(s, &u.with)?;
    let mut u = Cow::Borrowed(u);
    if !u.from.is_empty() {
        in_any_order(s, &u)?;
    } else if let Some(set) = in_order(s, &u.table, &u.set)? {
        u.to_mut().set = set;
    }
    if reads_itself(s, &u.table, u.set.iter().map(|(_, value)| value).chain(&u.filter)) {
        let u = u.to_mut();
        for value in u.set.iter_mut().map(|(_, value)| value).chain(&mut u.filter) {
            compute_before(s, value, &u.table)?;
        }
    }
    if u.from.is_empty() {
        return syntax::update(s, w, &u);
    }
    update_joined(s, w, &u)
}

/// `UPDATE table, a, b SET table.column = value WHERE …`
fn update_joined(s: &MySql, w: &mut Writer, u: &Update) -> Result {
    if u.set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", u.table.name)));
    }
    if !u.returning.is_empty() {
        let hint = "select the rows by their keys";
        return Err(unsupported(s, "RETURNING of an UPDATE of several tables", Some(hint)));
    }
    only_one_table(s, &u.order_by, u.limit)?;
    syntax::with(s, w, &u.with, |w| {
        w.push("UPDATE ");
        syntax::prefixes(s, w, &u.prefixes)?;
        let own = From::Table(u.table.clone());
        let tables = || std::iter::once(&own).chain(&u.from);
        w.scope(tables(), |w| {
            w.list(tables(), ", ", |w, from| s.from_item(w, from))?;
            w.push(" SET ");
            w.list(&u.set, ", ", |w, (target, value)| {
                if let SetTarget::Column(_) = target {
                    syntax::source(s, w, &u.table.source())?;
                    w.push(".");
                }
                s.set_target(w, target)?;
                w.push(" = ");
                assigned(s, w, &u.table, target, value)
            })?;
            filter_clause(s, w, u.filter.as_ref())
        })
    })
}

/// # Errors
/// Where MariaDB has no WITH.
fn has_with(s: &MySql, with: &With) -> Result {
    if with.is_empty() || !s.is_mariadb() {
        return Ok(());
    }
    let hint = "give it to a query inside: `.filter(key.in_(select(…).with(cte)))`";
    Err(unsupported(s, "WITH before UPDATE or DELETE", Some(hint)))
}

fn filter_clause(s: &MySql, w: &mut Writer, filter: Option<&Expr>) -> Result {
    let Some(filter) = filter else { return Ok(()) };
    w.push(" WHERE ");
    condition(s, w, filter)
}

/// # Errors
/// For ORDER BY and LIMIT, which an UPDATE or DELETE of several tables has not.
fn only_one_table(s: &MySql, order_by: &[OrderBy], limit: Option<u64>) -> Result {
    if order_by.is_empty() && limit.is_none() {
        return Ok(());
    }
    let hint = "read the other tables by subqueries";
    Err(unsupported(s, "ORDER BY and LIMIT of an UPDATE or DELETE with several tables", Some(hint)))
}

/// The columns of the table that each assignment reads.
fn own_reads<'e>(table: &TableRef, set: &'e [(SetTarget, Expr)]) -> Vec<Vec<&'e str>> {
    let source = table.source();
    let own = |(_, value): &'e (SetTarget, Expr)| {
        let columns = Reads::of(value).columns;
        columns.into_iter().filter(|column| column.source == source).map(|column| &*column.name).collect()
    };
    set.iter().map(own).collect()
}

/// # Errors
/// Where a column is set and read by another assignment: of several tables, nobody knows which comes first.
fn in_any_order(s: &MySql, u: &Update) -> Result {
    for (reader, reads) in own_reads(&u.table, &u.set).iter().enumerate() {
        let others = u.set.iter().enumerate().filter(|(other, _)| *other != reader);
        let mut set = others.flat_map(|(_, (target, _))| target.columns());
        if set.any(|name| reads.iter().any(|read| read.eq_ignore_ascii_case(name))) {
            let hint = "use two statements";
            return Err(unsupported(
                s,
                "UPDATE of several tables that reads a column which it sets too",
                Some(hint),
            ));
        }
    }
    Ok(())
}

/// `table`; `table USING table, a, b`; `alias USING table AS alias`
pub(super) fn delete_tables(s: &MySql, w: &mut Writer, d: &Delete) -> Result {
    if d.using.is_empty() && d.table.alias.is_none() {
        return s.table_ref(w, &d.table);
    }
    only_one_table(s, &d.order_by, d.limit)?;
    syntax::source(s, w, &d.table.source())?;
    w.push(" USING ");
    let own = From::Table(d.table.clone());
    w.list(std::iter::once(&own).chain(&d.using), ", ", |w, from| s.from_item(w, from))
}

/// The assignments with each column read before it is assigned; `None` where they are so already.
pub(super) fn in_order(
    s: &MySql,
    table: &TableRef,
    set: &[(SetTarget, Expr)],
) -> Result<Option<Vec<(SetTarget, Expr)>>> {
    let reads = own_reads(table, set);
    let is_read =
        |name: &str, by: &[usize]| by.iter().any(|i| reads[*i].iter().any(|r| r.eq_ignore_ascii_case(name)));
    let mut left: Vec<usize> = (0..set.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = left.iter().position(|i| {
            let others: Vec<usize> = left.iter().copied().filter(|other| other != i).collect();
            !set[*i].0.columns().iter().any(|column| is_read(column, &others))
        });
        let Some(next) = next else {
            let hint = "read the row first, or use two statements";
            return Err(unsupported(
                s,
                "UPDATE of columns that are each computed from the other",
                Some(hint),
            ));
        };
        order.push(left.remove(next));
    }
    if order.is_sorted() {
        return Ok(None);
    }
    Ok(Some(order.into_iter().map(|i| set[i].clone()).collect()))
}

pub(super) fn delete(s: &MySql, w: &mut Writer, d: &Delete) -> Result {
    if !d.returning.is_empty() && !s.features.delete_returning {
        return Err(unsupported(s, "DELETE … RETURNING", Some("select the rows first")));
    }
    has_with(s, &d.with)?;
    let mut d = Cow::Borrowed(d);
    if reads_itself(s, &d.table, &d.filter) {
        let d = d.to_mut();
        if let Some(filter) = &mut d.filter {
            compute_before(s, filter, &d.table)?;
        }
    }
    if d.table.alias.is_some() && !d.returning.is_empty() {
        return Err(unsupported(s, "RETURNING of DELETE under an alias", None));
    }
    syntax::delete(s, w, &d)
}

/// Whether a subquery reads the table that is changed, which MySQL does not allow and MariaDB does.
fn reads_itself<'e>(s: &MySql, table: &TableRef, list: impl IntoIterator<Item = &'e Expr>) -> bool {
    !s.is_mariadb() && list.into_iter().any(|e| Reads::of(e).has_table(table))
}

/// Has the subqueries that read the table computed before it is changed.
fn compute_before(s: &MySql, e: &mut Expr, table: &TableRef) -> Result {
    let each = |list: &mut [Expr]| list.iter_mut().try_for_each(|e| compute_before(s, e, table));
    match e {
        Expr::Column(_)
        | Expr::Excluded(_)
        | Expr::Bind(_)
        | Expr::Literal(_)
        | Expr::Param(_)
        | Expr::Text(_)
        | Expr::Label(_)
        | Expr::Star => Ok(()),
        Expr::Unary(u) => compute_before(s, &mut u.operand, table),
        Expr::Binary(b) => {
            compute_before(s, &mut b.left, table)?;
            compute_before(s, &mut b.right, table)
        }
        Expr::And(list) | Expr::Or(list) | Expr::Tuple(list) => each(list),
        Expr::Between(b) => {
            compute_before(s, &mut b.operand, table)?;
            compute_before(s, &mut b.low, table)?;
            compute_before(s, &mut b.high, table)
        }
        Expr::InList(i) => {
            each(&mut i.list)?;
            compute_before(s, &mut i.operand, table)
        }
        Expr::InRows(i) => each(&mut i.operands),
        Expr::InQuery(i) => {
            compute_before(s, &mut i.operand, table)?;
            query(s, &mut i.query, table)
        }
        Expr::Like(l) => {
            compute_before(s, &mut l.operand, table)?;
            compute_before(s, &mut l.pattern, table)
        }
        Expr::Case(c) => {
            for e in c.operand.iter_mut().chain(&mut c.otherwise) {
                compute_before(s, e, table)?;
            }
            c.branches.iter_mut().try_for_each(|(when, then)| {
                compute_before(s, when, table)?;
                compute_before(s, then, table)
            })
        }
        Expr::Cast(c) | Expr::TryCast(c) => compute_before(s, &mut c.operand, table),
        Expr::TypedAs(t) => compute_before(s, &mut t.operand, table),
        Expr::Extract(e) => compute_before(s, &mut e.operand, table),
        Expr::Grouping(g) => each(&mut g.list),
        Expr::Collate(c) => compute_before(s, &mut c.operand, table),
        Expr::Field(f) => compute_before(s, &mut f.operand, table),
        Expr::Function(f) => each(&mut f.arguments),
        Expr::Exists(e) => query(s, &mut e.query, table),
        Expr::Subquery(q) => query(s, &mut q.query, table),
        Expr::Quantified(q) => query(s, &mut q.query, table),
        Expr::Bool(_) => Ok(()),
        Expr::Regexp(r) => {
            compute_before(s, &mut r.operand, table)?;
            compute_before(s, &mut r.pattern, table)
        }
        Expr::RegexpReplace(r) => {
            compute_before(s, &mut r.operand, table)?;
            compute_before(s, &mut r.pattern, table)?;
            compute_before(s, &mut r.replacement, table)
        }
        Expr::FullText(t) => {
            compute_before(s, &mut t.operand, table)?;
            compute_before(s, &mut t.query, table)
        }
        Expr::Json(j) => compute_before(s, &mut j.document, table),
        Expr::Custom(c) => {
            compute_before(s, &mut c.left, table)?;
            compute_before(s, &mut c.right, table)
        }
        // There are none, and the walk says so.
        Expr::Array(_) | Expr::Index(_) | Expr::Slice(_) | Expr::QuantifiedArray(_) => Ok(()),
        Expr::Ordered(_) => Err(invalid("an ordered expression is no value and no condition")),
    }
}

fn query(s: &MySql, q: &mut Query, table: &TableRef) -> Result {
    let reads = Reads::of_query(q);
    if !reads.has_table(table) {
        return Ok(());
    }
    if reads.is_correlated() {
        let hint = "select the keys first, and change the rows of those keys";
        return Err(unsupported(s, "subquery that reads the table and the row that are changed", Some(hint)));
    }
    *q = derived::computed_before(q);
    Ok(())
}

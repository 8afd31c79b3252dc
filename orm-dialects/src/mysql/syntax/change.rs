//! `UPDATE` and `DELETE`.

use std::borrow::Cow;

use orm_query::schema::Name;
use orm_query::tree::{Delete, Expr, Select, TableRef, Update};

use super::derived;
use super::reads::Reads;
use crate::mysql::MySql;
use crate::syntax::{self, Result, Syntax, Writer, expr, invalid, unsupported};

/// Assignments take effect one after the other, and a later one sees what the earlier ones did: so a column is read
/// before it is assigned.
pub(super) fn update(s: &MySql, w: &mut Writer, u: &Update) -> Result {
    if !u.returning.is_empty() && !s.features.update_returning {
        return Err(unsupported(s, "UPDATE … RETURNING", Some("select the rows by their keys")));
    }
    let mut u = Cow::Borrowed(u);
    if let Some(set) = in_order(s, &u.table, &u.set)? {
        u.to_mut().set = set;
    }
    if reads_itself(s, &u.table, u.set.iter().map(|(_, value)| value).chain(&u.filter)) {
        let u = u.to_mut();
        for value in u.set.iter_mut().map(|(_, value)| value).chain(&mut u.filter) {
            compute_before(s, value, &u.table)?;
        }
    }
    syntax::update(s, w, &u)
}

/// The assignments with each column read before it is assigned; `None` where they are so already.
pub(super) fn in_order(
    s: &MySql,
    table: &TableRef,
    set: &[(Name, Expr)],
) -> Result<Option<Vec<(Name, Expr)>>> {
    let source = table.source();
    let reads: Vec<Vec<&str>> = set
        .iter()
        .map(|(_, value)| {
            let columns = Reads::of(value).columns;
            columns.into_iter().filter(|column| column.source == source).map(|column| &*column.name).collect()
        })
        .collect();
    let is_read =
        |name: &str, by: &[usize]| by.iter().any(|i| reads[*i].iter().any(|r| r.eq_ignore_ascii_case(name)));
    let mut left: Vec<usize> = (0..set.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = left.iter().position(|i| {
            let others: Vec<usize> = left.iter().copied().filter(|other| other != i).collect();
            !is_read(&set[*i].0, &others)
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

/// An alias stands only where several tables may.
pub(super) fn delete(s: &MySql, w: &mut Writer, d: &Delete) -> Result {
    if !d.returning.is_empty() && !s.features.delete_returning {
        return Err(unsupported(s, "DELETE … RETURNING", Some("select the rows first")));
    }
    let mut d = Cow::Borrowed(d);
    if reads_itself(s, &d.table, &d.filter) {
        let d = d.to_mut();
        if let Some(filter) = &mut d.filter {
            compute_before(s, filter, &d.table)?;
        }
    }
    let Some(alias) = &d.table.alias else { return syntax::delete(s, w, &d) };
    if !d.returning.is_empty() {
        return Err(unsupported(s, "RETURNING of DELETE under an alias", None));
    }
    w.push("DELETE ");
    s.identifier(w, alias)?;
    w.push(" FROM ");
    s.table_ref(w, &d.table)?;
    match &d.filter {
        Some(filter) => {
            w.push(" WHERE ");
            expr(s, w, filter)
        }
        None => Ok(()),
    }
}

/// Whether a subquery reads the table that is changed, which MySQL does not allow and MariaDB does.
fn reads_itself<'e>(s: &MySql, table: &TableRef, list: impl IntoIterator<Item = &'e Expr>) -> bool {
    !s.is_mariadb() && list.into_iter().any(|e| Reads::of(e).has_table(table))
}

/// Has the subqueries that read the table computed before it is changed.
fn compute_before(s: &MySql, e: &mut Expr, table: &TableRef) -> Result {
    let each = |list: &mut [Expr]| list.iter_mut().try_for_each(|e| compute_before(s, e, table));
    match e {
        Expr::Column(_) | Expr::Excluded(_) | Expr::Bind(_) | Expr::Text(_) | Expr::Label(_) | Expr::Star => {
            Ok(())
        }
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
        Expr::Cast(c) => compute_before(s, &mut c.operand, table),
        Expr::Collate(c) => compute_before(s, &mut c.operand, table),
        Expr::Function(f) => each(&mut f.arguments),
        Expr::Exists(e) => query(s, &mut e.query, table),
        Expr::Subquery(q) => query(s, &mut q.query, table),
        Expr::Quantified(q) => query(s, &mut q.query, table),
        Expr::Ordered(_) => Err(invalid("an ordered expression is no value and no condition")),
    }
}

fn query(s: &MySql, q: &mut Select, table: &TableRef) -> Result {
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

//! How many rows a query has, and whether it has any.

use hashbrown::HashSet;
use orm_query::tree::{Expr, From, Function, Query, Select, SelectItem, Statement};
use orm_query::{Bind, DataType, Value};

use super::PagingError;
use crate::Result;
use crate::connection::{Connection, Flow};

/// The query for the number of rows of a query.
pub(crate) fn count(statement: Statement) -> Result<Statement, PagingError> {
    let all = Expr::Function(Box::new(Function::new("count", vec![Expr::Star], DataType::BigInt)));
    let counted = match statement {
        Statement::Select(mut select) if is_plain(&select) => {
            select.order_by.clear();
            select.columns = vec![all.into()];
            select
        }
        statement => over(statement, all.into())?,
    };
    Ok(Statement::Select(counted))
}

/// A query that has a row where a query has some.
pub(crate) fn exists(statement: Statement) -> Result<Statement, PagingError> {
    let one = Expr::Literal(Box::new(Bind::new(Value::I32(1), DataType::Integer)));
    let mut found = match statement {
        Statement::Select(mut select) if is_plain(&select) => {
            select.order_by.clear();
            select.columns = vec![one.into()];
            select
        }
        statement => over(statement, one.into())?,
    };
    found.take_at_most(1);
    Ok(Statement::Select(found))
}

/// Whether the query has one row for each row of what stands in FROM that its condition lets through.
fn is_plain(select: &Select) -> bool {
    select.distinct.is_none()
        && select.group_by.is_empty()
        && select.having.is_none()
        && select.limit.is_none()
        && select.lock.is_none()
        && select.prefixes.is_empty()
        && select.suffixes.is_empty()
        && select.columns.iter().all(|item| matches!(item.expr, Expr::Column(_)))
}

fn over(statement: Statement, item: SelectItem) -> Result<Select, PagingError> {
    let query = match statement {
        Statement::Select(mut select) => {
            // A lock holds no row of an aggregate.
            select.lock = None;
            name_apart(&mut select.columns);
            if select.limit.is_none() {
                select.order_by.clear();
            }
            Query::from(select)
        }
        Statement::Compound(mut compound) => {
            if let Some(Query::Select(first)) = compound.queries.first_mut() {
                name_apart(&mut first.columns);
            }
            if compound.limit.is_none() {
                compound.order_by.clear();
            }
            Query::from(compound)
        }
        Statement::Text(text) => Query::from(text),
        Statement::Insert(_) => return Err(PagingError::NoQuery { what: "an INSERT" }),
        Statement::Update(_) | Statement::UpdateRows(_) => {
            return Err(PagingError::NoQuery { what: "an UPDATE" });
        }
        Statement::Delete(_) => return Err(PagingError::NoQuery { what: "a DELETE" }),
        Statement::Merge(_) => return Err(PagingError::NoQuery { what: "a MERGE" }),
        Statement::Ddl(_) => return Err(PagingError::NoQuery { what: "DDL" }),
    };
    Ok(Select { columns: vec![item], from: vec![From::query(query, "counted")], ..Select::default() })
}

/// Each column of a subquery needs a name of its own.
fn name_apart(columns: &mut [SelectItem]) {
    let mut names = HashSet::new();
    for (number, item) in columns.iter_mut().enumerate() {
        let name = match (&item.label, &item.expr) {
            (Some(label), _) => Some(label.clone()),
            (None, Expr::Column(column)) => Some(column.name.clone()),
            (None, _) => None,
        };
        if name.is_none_or(|name| !names.insert(name)) {
            item.label = Some(format!("counted_{number}").into());
        }
    }
}

/// Runs the query for a number of rows.
pub(crate) async fn ask(connection: &mut Connection, statement: &Statement) -> Result<u64> {
    let mut rows = 0;
    connection
        .for_each(statement, &mut |row| {
            rows = u64::try_from(row.i64(0)?.unwrap_or(0)).unwrap_or(0);
            Ok(Flow::Enough)
        })
        .await?;
    Ok(rows)
}

/// Whether a query has a row.
pub(crate) async fn any(connection: &mut Connection, statement: &Statement) -> Result<bool> {
    let mut found = false;
    connection
        .for_each(statement, &mut |_| {
            found = true;
            Ok(Flow::Enough)
        })
        .await?;
    Ok(found)
}

//! Values that go through a function of the database on their way: [`DataType::Converted`].

use std::borrow::Cow;

use orm_query::DataType;
use orm_query::schema::{ColumnDef, TableDef};
use orm_query::tree::{Ddl, Expr, Function, Query, SelectItem, Statement, TableChange};

use super::{Result, Syntax, Writer};

/// The function of a value.
pub(super) fn call<S: Syntax + ?Sized>(s: &S, w: &mut Writer, function: &'static str, of: Expr) -> Result {
    let data_type = of.data_type().unwrap_or(DataType::Text);
    s.function(w, &Function::new(function, vec![of], data_type))
}

/// The statement whose outermost select lists read through the functions of their columns, and whose DDL defines columns of
/// the types of the values. Binds are written through theirs wherever they stand.
pub(super) fn outermost(statement: &Statement) -> Cow<'_, Statement> {
    let is_read = match statement {
        Statement::Select(q) => is_converted(&q.columns),
        Statement::Compound(c) => c.queries.iter().any(reads),
        Statement::Insert(i) => is_converted(&i.returning),
        Statement::Update(u) => is_converted(&u.returning),
        Statement::Delete(d) => is_converted(&d.returning),
        Statement::Merge(m) => is_converted(&m.returning),
        Statement::Ddl(Ddl::CreateTable(c)) => c.table.columns.iter().any(is_defined),
        Statement::Ddl(Ddl::AlterTable(a)) => match &a.change {
            TableChange::AddColumn(column) => is_defined(column),
            _ => false,
        },
        Statement::Ddl(Ddl::SetComment(c)) => c.definition.as_ref().is_some_and(|c| is_defined(c)),
        Statement::UpdateRows(_) | Statement::Text(_) | Statement::Ddl(_) => false,
    };
    if !is_read {
        return Cow::Borrowed(statement);
    }
    let mut statement = statement.clone();
    match &mut statement {
        Statement::Select(q) => read(&mut q.columns),
        Statement::Compound(c) => c.queries.iter_mut().for_each(read_query),
        Statement::Insert(i) => read(&mut i.returning),
        Statement::Update(u) => read(&mut u.returning),
        Statement::Delete(d) => read(&mut d.returning),
        Statement::Merge(m) => read(&mut m.returning),
        Statement::Ddl(Ddl::CreateTable(c)) => define(c.table.to_mut()),
        Statement::Ddl(Ddl::AlterTable(a)) => {
            if let TableChange::AddColumn(column) = &mut a.change {
                column.data_type = column.data_type.plain().clone();
            }
        }
        Statement::Ddl(Ddl::SetComment(c)) => {
            if let Some(column) = &mut c.definition {
                column.data_type = column.data_type.plain().clone();
            }
        }
        Statement::UpdateRows(_) | Statement::Text(_) | Statement::Ddl(_) => {}
    }
    Cow::Owned(statement)
}

fn is_defined(column: &ColumnDef) -> bool {
    matches!(column.data_type, DataType::Converted(_))
}

fn define(table: &mut TableDef) {
    for column in table.columns.to_mut() {
        column.data_type = column.data_type.plain().clone();
    }
}

fn is_converted(items: &[SelectItem]) -> bool {
    items.iter().any(|item| item.expr.converted().is_some_and(|converted| converted.column.is_some()))
}

fn reads(query: &Query) -> bool {
    match query {
        Query::Select(q) => is_converted(&q.columns),
        Query::Compound(c) => c.queries.iter().any(reads),
        Query::Values(_) | Query::Text(_) => false,
    }
}

fn read_query(query: &mut Query) {
    match query {
        Query::Select(q) => read(&mut q.columns),
        Query::Compound(c) => c.queries.iter_mut().for_each(read_query),
        Query::Values(_) | Query::Text(_) => {}
    }
}

fn read(items: &mut [SelectItem]) {
    for item in items {
        let Some(converted) = item.expr.converted() else { continue };
        let Some(function) = converted.column else { continue };
        if let Expr::Column(column) = &item.expr {
            item.label.get_or_insert_with(|| column.name.clone());
        }
        let of = std::mem::replace(&mut item.expr, Expr::Star);
        let call = Function::new(function, vec![of], converted.data_type.clone());
        item.expr = Expr::Function(Box::new(call));
    }
}

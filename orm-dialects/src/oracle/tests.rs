//! The whole SQL of every node, compared as text. One door: [`check`].

use expect_test::Expect;
use orm_query::schema::{ColumnDef, List, Name, TableDef};
use orm_query::tree::{
    BinaryOperator, Case, Cast, ColumnRef, Ddl, Expr, From, Function, InList, Insert, InsertSource, Limit,
    OrderBy, Query, Rows, Select, SelectItem, SourceRef, Statement, TableRef, Text, TextPart, UnaryOperator,
    Update, UpdateRows, Values,
};
use orm_query::{Bind, DataType, Dialect, Value};

use super::{Oracle, Release};

mod ddl;
mod expr;
mod function;
mod merge;
mod query;
mod write;

/// The statement in the SQL of 19c with its binds behind it, or why it cannot be said.
#[track_caller]
fn check(statement: impl Into<Said>, expected: Expect) {
    expected.assert_eq(&said(Release::R19, &statement.into().0));
}

/// As [`check`], in the SQL of 23ai.
#[track_caller]
fn check_23(statement: impl Into<Said>, expected: Expect) {
    expected.assert_eq(&said(Release::R23, &statement.into().0));
}

/// As [`check`], for `SELECT` of one expression out of `t`.
#[track_caller]
fn check_expr(e: Expr, expected: Expect) {
    let said = said(Release::R19, &Statement::Select(select([e])));
    let (sql, binds) = said.split_at(said.find('\n').unwrap_or(said.len()));
    let sql = sql.strip_prefix("SELECT ").unwrap_or(sql);
    expected.assert_eq(&format!("{}{binds}", sql.strip_suffix(" FROM t").unwrap_or(sql)));
}

/// As [`check`], for a condition on `t`.
#[track_caller]
fn check_filter(e: Expr, expected: Expect) {
    let said = said(Release::R19, &Statement::Select(Select { filter: Some(e), ..select([col("a")]) }));
    expected.assert_eq(said.trim_start_matches("SELECT t.a FROM t WHERE "));
}

fn said(release: Release, statement: &Statement) -> String {
    match Oracle::new(release).compile(statement) {
        Ok(compiled) => {
            if compiled.binds.is_empty() {
                return compiled.sql.to_string();
            }
            let binds: Vec<String> =
                compiled.binds.iter().map(|bind| format!("{:?}: {}", bind.value, bind.data_type)).collect();
            format!("{}\n{}", compiled.sql, binds.join(", "))
        }
        Err(error) => format!("error: {error}"),
    }
}

struct Said(Statement);

macro_rules! said {
    (ddl $($variant:ident)*) => { $(
        impl std::convert::From<orm_query::tree::$variant> for Said {
            fn from(statement: orm_query::tree::$variant) -> Self {
                Said(Statement::Ddl(Ddl::$variant(statement)))
            }
        }
    )* };
    ($($variant:ident)*) => { $(
        impl std::convert::From<orm_query::tree::$variant> for Said {
            fn from(statement: orm_query::tree::$variant) -> Self {
                Said(Statement::$variant(statement))
            }
        }
    )* };
}

said!(Select Compound Insert Update UpdateRows Delete Merge Text);
said!(ddl CreateTable DropTable CreateIndex DropIndex AlterTable CreateSequence DropSequence CreateSchema SetComment
    CreateEnum);

/// `t.name`, an integer.
fn col(name: &'static str) -> Expr {
    typed(name, DataType::Integer)
}

/// `t.name` of a type.
fn typed(name: &'static str, data_type: DataType) -> Expr {
    column_of("t", name, data_type)
}

fn column_of(source: &'static str, name: &'static str, data_type: DataType) -> Expr {
    Expr::Column(ColumnRef { source: SourceRef::named(source), name: name.into(), data_type })
}

fn int(value: i32) -> Expr {
    bind(Value::I32(value), DataType::Integer)
}

fn string(value: &str) -> Expr {
    bind(Value::Text(value.into()), DataType::Varchar(20))
}

fn bind(value: Value, data_type: DataType) -> Expr {
    Expr::Bind(Bind::new(value, data_type))
}

fn named(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

fn table(name: &'static str) -> From {
    From::Table(named(name))
}

/// `SELECT <columns> FROM t`
fn select(columns: impl IntoIterator<Item = Expr>) -> Select {
    let columns = columns.into_iter().map(SelectItem::from).collect();
    Select { columns, from: vec![table("t")], ..Select::default() }
}

fn call(name: &'static str, arguments: impl IntoIterator<Item = Expr>, data_type: DataType) -> Expr {
    Expr::Function(Box::new(Function::new(name, arguments.into_iter().collect(), data_type)))
}

fn label(expr: Expr, label: &'static str) -> SelectItem {
    SelectItem { expr, label: Some(label.into()), left_out: false }
}

fn names(names: &[&'static str]) -> List<Name> {
    names.iter().map(|name| Name::Borrowed(name)).collect()
}

fn sql(text: &str) -> Expr {
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(text.into())], binds: Vec::new() }))
}

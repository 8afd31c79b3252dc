//! The whole SQL of every node, compared as text. One door: [`check`].

use expect_test::Expect;
use orm_query::schema::{ColumnDef, Name, TableDef};
use orm_query::tree::{
    BinaryOperator, Case, Cast, ColumnRef, Expr, From, Function, Join, JoinKind, OrderBy, Select, SelectItem,
    SourceRef, Statement, TableRef, Text, TextPart, UnaryOperator,
};
use orm_query::{Bind, DataType, Dialect, EnumType, Value};

use super::Postgres;

mod ddl;
mod expr;
mod function;
mod insert;
mod normalized;
mod on_conflict;
mod predicate;
mod select;
mod text;
mod types;
mod update_rows;

/// The statement in PostgreSQL's SQL with its binds behind it, or why it cannot be said.
#[track_caller]
fn check(statement: impl Into<Said>, expected: Expect) {
    expected.assert_eq(&said(&statement.into().0));
}

/// As [`check`], for `SELECT` of one expression out of `t` and `u`.
#[track_caller]
fn check_expr(e: Expr, expected: Expect) {
    let select = Select { columns: vec![e.into()], from: vec![table("t"), table("u")], ..Select::default() };
    let said = said(&Statement::Select(select));
    expected.assert_eq(&said.replacen("SELECT ", "", 1).replace(" FROM t, u", ""));
}

fn said(statement: &Statement) -> String {
    match Postgres::default().compile(statement) {
        Ok(compiled) if compiled.binds.is_empty() => compiled.sql.to_string(),
        Ok(compiled) => {
            let binds: Vec<String> =
                compiled.binds.iter().map(|bind| format!("{:?}: {}", bind.value, bind.data_type)).collect();
            format!("{}\n{}", compiled.sql, binds.join(", "))
        }
        Err(error) => format!("error: {error}"),
    }
}

struct Said(Statement);

macro_rules! said {
    ($($variant:ident)*) => { $(
        impl std::convert::From<orm_query::tree::$variant> for Said {
            fn from(statement: orm_query::tree::$variant) -> Self {
                Said(Statement::$variant(statement))
            }
        }
    )* };
}

said!(Select Insert Update UpdateRows Delete Text);

macro_rules! said_ddl {
    ($($variant:ident)*) => { $(
        impl std::convert::From<orm_query::tree::$variant> for Said {
            fn from(statement: orm_query::tree::$variant) -> Self {
                Said(Statement::Ddl(orm_query::tree::Ddl::$variant(statement)))
            }
        }
    )* };
}

said_ddl!(CreateTable DropTable AlterTable CreateIndex DropIndex CreateEnum CreateSequence CreateSchema SetComment);

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
    bind(Value::Text(value.into()), DataType::Text)
}

fn bind(value: Value, data_type: DataType) -> Expr {
    Expr::Bind(Bind::new(value, data_type))
}

fn raw(sql: &str) -> Expr {
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(sql.into())], binds: Vec::new() }))
}

fn named(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

fn table(name: &'static str) -> From {
    From::Table(named(name))
}

/// `SELECT <columns of t> FROM t`
fn select(columns: impl IntoIterator<Item = Expr>) -> Select {
    let columns = columns.into_iter().map(SelectItem::from).collect();
    Select { columns, from: vec![table("t")], ..Select::default() }
}

fn call(name: &'static str, arguments: impl IntoIterator<Item = Expr>, data_type: DataType) -> Expr {
    Expr::Function(Box::new(Function::new(name, arguments.into_iter().collect(), data_type)))
}

fn enum_of(values: &[&'static str]) -> DataType {
    let values: Vec<Name> = values.iter().map(|value| Name::Borrowed(value)).collect();
    DataType::Enum(EnumType::new("color".into(), values.into()))
}

fn label(expr: Expr, label: &'static str) -> SelectItem {
    SelectItem { expr, label: Some(label.into()), left_out: false }
}

//! The whole SQL of every node, compared as text, in both flavors. One door: [`check`].

use expect_test::Expect;
use orm_query::schema::{ColumnDef, List, Name, TableDef};
use orm_query::tree::{
    BinaryOperator, Case, Cast, ColumnRef, Ddl, Expr, From, Function, Join, JoinKind, OrderBy, Select,
    SelectItem, SourceRef, Statement, TableRef, Text, TextPart,
};
use orm_query::{Bind, DataType, Dialect, EnumType, Value};

use super::{Flavor, MySql};

mod ddl;
mod delete;
mod expr;
mod function;
mod insert;
mod on_conflict;
mod operator;
mod select;
mod table;
mod text;
mod update;
mod update_rows;
mod version;

/// The statement in the SQL of MySQL and of MariaDB, one line where it is the same, with its binds behind it; or why it
/// cannot be said.
#[track_caller]
fn check(statement: impl Into<Said>, expected: Expect) {
    let Said(statement) = statement.into();
    let (mysql, mariadb) = (said(&MySql::mysql(), &statement), said(&MySql::mariadb(), &statement));
    if mysql == mariadb {
        expected.assert_eq(&mysql);
    } else {
        expected.assert_eq(&format!("mysql:   {mysql}\nmariadb: {mariadb}"));
    }
}

/// As [`check`], for `SELECT` of one expression out of `t` and `u`.
#[track_caller]
fn check_expr(e: Expr, expected: Expect) {
    check(
        Select { columns: vec![e.into()], from: vec![table("t"), table("u")], ..Select::default() },
        expected,
    );
}

fn said(dialect: &MySql, statement: &Statement) -> String {
    match dialect.compile(statement) {
        Ok(compiled) if compiled.binds.is_empty() => compiled.sql.to_string(),
        Ok(compiled) => {
            let binds: Vec<String> =
                compiled.binds.iter().map(|bind| format!("{:?}: {}", bind.value, bind.data_type)).collect();
            format!("{}\n{}", compiled.sql, binds.join(", "))
        }
        Err(error) => format!("error: {}", error.to_string().replace(dialect.name(), "the database")),
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

said!(Select Insert Update UpdateRows Delete Text);
said!(ddl CreateTable CreateIndex DropIndex AlterTable CreateSequence DropSequence CreateSchema DropSchema SetComment
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
    bind(Value::Text(value.into()), DataType::Text)
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

/// `SELECT <columns of t> FROM t`
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

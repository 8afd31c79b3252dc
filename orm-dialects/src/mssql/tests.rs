//! The whole SQL of every node, compared as text. One door: [`check`].

use expect_test::{Expect, expect};
use orm_query::schema::Name;
use orm_query::tree::{
    BinaryOperator, Case, ColumnRef, Expr, From, Function, Join, JoinKind, Limit, OrderBy, Query, Select,
    SelectItem, SourceRef, Statement, TableRef, Text, TextPart, UnaryOperator, With,
};
use orm_query::{Bind, DataType, Dialect, Value};

use super::MsSql;

mod change;
mod ddl;
mod expr;
mod function;
mod merge;
mod query;
mod select;

/// The statement in SQL Server's SQL with its binds behind it, or why it cannot be said.
#[track_caller]
fn check(statement: impl Into<Said>, expected: Expect) {
    expected.assert_eq(&said(MsSql::default(), &statement.into().0));
}

/// As [`check`], for `SELECT` of one expression out of `t`.
#[track_caller]
fn check_expr(e: Expr, expected: Expect) {
    check(select([e]), expected);
}

/// As [`check`], for one condition.
#[track_caller]
fn check_where(e: Expr, expected: Expect) {
    check(Select { filter: Some(e), ..select([col("id")]) }, expected);
}

fn said(dialect: MsSql, statement: &Statement) -> String {
    match dialect.compile(statement) {
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

said!(Select Compound Insert Update UpdateRows Delete Merge Text);

macro_rules! said_ddl {
    ($($variant:ident)*) => { $(
        impl std::convert::From<orm_query::tree::$variant> for Said {
            fn from(statement: orm_query::tree::$variant) -> Self {
                Said(Statement::Ddl(orm_query::tree::Ddl::$variant(statement)))
            }
        }
    )* };
}

said_ddl!(CreateTable DropTable AlterTable CreateIndex DropIndex CreateSequence DropSequence CreateSchema DropSchema SetComment CreateEnum);

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

/// `t.active`, a boolean.
fn active() -> Expr {
    typed("active", DataType::Boolean)
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
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(sql.into())], binds: vec![] }))
}

fn named(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

fn table(name: &'static str) -> From {
    From::Table(named(name))
}

/// `SELECT columns FROM t`
fn select(columns: impl IntoIterator<Item = Expr>) -> Select {
    let columns = columns.into_iter().map(SelectItem::from).collect();
    Select { columns, from: vec![table("t")], ..Select::default() }
}

fn call(name: &'static str, arguments: impl IntoIterator<Item = Expr>, data_type: DataType) -> Expr {
    Expr::Function(Box::new(function(name, arguments, data_type)))
}

fn function(name: &'static str, arguments: impl IntoIterator<Item = Expr>, data_type: DataType) -> Function {
    Function::new(name, arguments.into_iter().collect(), data_type)
}

fn label(expr: Expr, label: &'static str) -> SelectItem {
    SelectItem { expr, label: Some(label.into()), left_out: false }
}

fn is(left: Expr, operator: BinaryOperator, right: Expr) -> Expr {
    left.binary(operator, right)
}

/// `t.id = 1`
fn one() -> Expr {
    is(col("id"), BinaryOperator::Eq, int(1))
}

fn rows(count: Option<u64>, offset: Option<u64>) -> Option<Limit> {
    Some(Limit { count: count.map(Limit::rows), offset: offset.map(Limit::rows), ..Limit::default() })
}

#[test]
fn names() {
    let columns = ["plain", "select", "Mixed", "a]b", "9lives", "naïve", "#t", "top", "lower"];
    check(
        select(columns.map(col)),
        expect![
            "SELECT t.plain, t.[select], t.[Mixed], t.[a]]b], t.[9lives], t.[naïve], t.[#t], t.[top], t.lower FROM t"
        ],
    );
    check(select([col("")]), expect!["error: `` cannot be an identifier: it is empty"]);
    check(
        select([typed(Box::leak("x".repeat(129).into_boxed_str()), DataType::Text)]),
        expect![
            "error: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` cannot be an identifier: it is longer than 128 characters"
        ],
    );
    let schema = TableRef { schema: Some("App".into()), name: "order".into(), alias: Some("o".into()) };
    check(
        Select { from: vec![From::Table(schema)], ..select([column_of("o", "id", DataType::Integer)]) },
        expect!["SELECT o.id FROM [App].[order] AS o"],
    );
}

#[test]
fn text_of_the_users_own() {
    let text = |parts: Vec<TextPart>| Text {
        parts,
        binds: vec![("n".into(), Bind::new(Value::I32(1), DataType::Integer))],
    };
    let n = || TextPart::Parameter("n".into());
    let sql = |sql: &str| TextPart::Sql(sql.into());
    check(
        text(vec![sql("SELECT '@P1' WHERE a = "), n(), sql(" OR b = "), n()]),
        expect![[r#"
        SELECT '@P1' WHERE a = @P1 OR b = @P2
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        text(vec![sql("SELECT @P1 WHERE a = "), n()]),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT @P1 WHERE a = ` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check(
        text(vec![sql("SELECT "), n(), sql(" -- end")]),
        expect![[r#"
        SELECT @P1 -- end

        I32(1): INTEGER"#]],
    );
    check(
        text(vec![sql("SELECT "), n(), sql(" /* /* end")]),
        expect![[r#"
        SELECT @P1 /* /* end*/*/
        I32(1): INTEGER"#]],
    );
}

#[test]
fn versions() {
    let distinct = Statement::Select(Select {
        filter: Some(is(col("a"), BinaryOperator::IsDistinctFrom, int(1))),
        ..select([col("id")])
    });
    expect![[r#"
        SELECT t.id FROM t WHERE t.a IS DISTINCT FROM @P1
        I32(1): INTEGER"#]]
    .assert_eq(&said(MsSql::new(2022), &distinct));
    expect![[r#"
        SELECT t.id FROM t WHERE (NOT EXISTS (SELECT t.a INTERSECT SELECT @P1))
        I32(1): INTEGER"#]]
    .assert_eq(&said(MsSql::new(2019), &distinct));
    let greatest = Statement::Select(select([call("greatest", [col("a"), col("b")], DataType::Integer)]));
    expect!["SELECT greatest(t.a, t.b) FROM t"].assert_eq(&said(MsSql::new(2022), &greatest));
    expect!["error: mssql has no greatest() and least(); they came with SQL Server 2022; use CASE"]
        .assert_eq(&said(MsSql::new(2019), &greatest));
    let pairs = || vec![string("id"), col("id")];
    for name in ["json_object", "json_array"] {
        let json = Statement::Select(select([call(name, pairs(), DataType::Json)]));
        let said = said(MsSql::new(2022), &json);
        assert!(
            said.contains("JSON_OBJECT(@P1: t.id)") || said.contains("JSON_ARRAY(@P1, t.id NULL ON NULL)"),
            "{said}"
        );
        assert!(MsSql::new(2019).compile(&json).is_err());
    }
    assert_eq!(MsSql::new(2022).version(), 2022);
    let numeric = DataType::Numeric { precision: Some(38), scale: Some(18) };
    assert_eq!(MsSql::default().reflected_type(&DataType::NUMERIC), numeric);
}

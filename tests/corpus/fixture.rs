//! The tables and rows of the corpus on a database, and what the statements need besides.

use orm::driver::DriverConnection;
use orm::schema::TableDef;
use orm::{Bind, Compiled, DataType, ExecutionOptions, Mapped, Value};
use serde_json::Value as Json;

use crate::schema::{Address, Employee, Item, ItemKeyword, Keyword, Order, OrderItem, User};
use crate::{binds, core};

/// Each table after those that it references.
pub(crate) const TABLES: &[&TableDef] = &[
    Employee::TABLE,
    Item::TABLE,
    Keyword::TABLE,
    User::TABLE,
    Address::TABLE,
    ItemKeyword::TABLE,
    Order::TABLE,
    OrderItem::TABLE,
];

/// Runs SQL.
pub(crate) async fn run(
    connection: &mut dyn DriverConnection,
    sql: &str,
    binds: Vec<Bind>,
) -> Result<u64, String> {
    let compiled = Compiled { sql: sql.into(), binds };
    let done = connection.execute(&compiled, &ExecutionOptions::new()).await;
    done.map_err(|error| format!("{error}: {sql}"))
}

/// Creates the tables, by the corpus' own text, and fills them, by our binds.
pub(crate) async fn create(connection: &mut dyn DriverConnection, dialect: &str) {
    let fixture = core::fixture();
    for sql in &fixture.create_table[dialect] {
        run(connection, sql, Vec::new()).await.unwrap();
    }
    for table in TABLES {
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        let rows = &fixture.rows[&*table.name];
        let mut values = Vec::new();
        let mut binds = Vec::new();
        for row in rows {
            let mut places = Vec::new();
            for column in table.columns.iter() {
                let json = row.get(&*column.name).unwrap_or(&Json::Null);
                binds.push(Bind::new(value(json, &column.data_type), column.data_type.clone()));
                places.push(if dialect == "postgresql" {
                    format!("${}", binds.len())
                } else {
                    "?".to_owned()
                });
            }
            values.push(format!("({})", places.join(", ")));
        }
        let sql = format!("INSERT INTO {} ({}) VALUES {}", table.name, names.join(", "), values.join(", "));
        run(connection, &sql, binds).await.unwrap();
    }
}

/// A value of the corpus, for a column.
pub(crate) fn value(json: &Json, data_type: &DataType) -> Value {
    // SQLAlchemy writes None into a JSON column as JSON's own null.
    if let DataType::Json = data_type {
        return Value::Json(json.clone());
    }
    let text = json.as_object().and_then(|tagged| tagged.values().next()).unwrap_or(json).as_str();
    match (json, data_type) {
        (Json::Null, _) => Value::Null,
        (Json::Bool(v), _) => Value::Bool(*v),
        (Json::Number(v), DataType::Double) => Value::F64(v.as_f64().unwrap()),
        (Json::Number(v), _) => Value::I32(v.as_i64().unwrap().try_into().unwrap()),
        (_, DataType::Numeric { .. }) => Value::Decimal(text.unwrap().parse().unwrap()),
        (_, DataType::Date) => Value::Date(binds::date(text.unwrap()).unwrap()),
        (_, DataType::Timestamp) => Value::DateTime(binds::moment(text.unwrap()).unwrap()),
        _ => Value::Text(text.unwrap().to_owned()),
    }
}

/// The rows of a table, as the corpus writes them, in the order of the table's columns.
pub(crate) fn rows(table: &TableDef) -> Vec<Vec<Json>> {
    let rows = core::fixture().rows[&*table.name].iter();
    rows.map(|row| table.columns.iter().map(|c| row.get(&*c.name).cloned().unwrap_or_default()).collect())
        .collect()
}

/// Tables that DDL of that name alters, indexes or references; they are there before it.
pub(crate) fn before_ddl(name: &str, dialect: &str) -> Vec<&'static str> {
    const PARENT: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (a, b))";
    let (named_fk, check) = match name {
        "ddl_drop_foreign_key" => (", CONSTRAINT fk_alter FOREIGN KEY (a) REFERENCES parent (id)", ""),
        "ddl_drop_unique" => (", CONSTRAINT uq_a UNIQUE (a)", ""),
        "ddl_drop_check_cascade" | "ddl_drop_check" => ("", ", CONSTRAINT ck_a CHECK (a > 1)"),
        _ => ("", ""),
    };
    let leak = |sql: String| -> &'static str { Box::leak(sql.into_boxed_str()) };
    match name {
        "ddl_foreign_key_self_referential" => vec![],
        "ddl_primary_key_is_foreign_key" => vec!["CREATE TABLE t (id INTEGER PRIMARY KEY)"],
        _ if name.starts_with("ddl_foreign_key") => vec![PARENT],
        _ if name.starts_with("ddl_add_")
            || name.starts_with("ddl_drop_foreign")
            || name.starts_with("ddl_drop_unique")
            || name.starts_with("ddl_drop_check") =>
        {
            vec![PARENT, leak(format!("CREATE TABLE alter_t (a INTEGER{named_fk}{check})"))]
        }
        "ddl_index_text_expression" => vec!["CREATE TABLE t (a VARCHAR(20), b INTEGER)"],
        "ddl_index_quoted" if dialect == "mariadb" => vec!["CREATE TABLE t (`Mixed` INTEGER)"],
        "ddl_index_quoted" => vec!["CREATE TABLE t (\"Mixed\" INTEGER)"],
        "ddl_index_pg_using_ops" => vec!["CREATE TABLE t (j JSONB)"],
        "ddl_index_mysql_length_prefix" => vec!["CREATE TABLE t (a VARCHAR(100), b VARCHAR(100))"],
        "ddl_drop_index" if dialect == "mariadb" => {
            vec!["CREATE TABLE t (a INTEGER)", "CREATE INDEX ix_drop ON t (a)"]
        }
        "ddl_drop_index" => vec!["CREATE TABLE t (a INTEGER)", "CREATE INDEX ix_drop ON t (a)"],
        _ if name.starts_with("ddl_index") => vec!["CREATE TABLE t (a INTEGER, b INTEGER)"],
        "ddl_comments" | "ddl_drop_column_comment" => vec!["CREATE TABLE commented (a INTEGER)"],
        "ddl_pg_inherits_unlogged" => vec!["CREATE TABLE base_t (z INTEGER)"],
        "ddl_type_enum_python_class" if dialect == "postgresql" => {
            vec!["CREATE TYPE status AS ENUM ('ACTIVE', 'PENDING', 'DISABLED')"]
        }
        "ddl_type_postgresql" => vec!["CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public"],
        "ddl_exclude_constraint" => vec!["CREATE EXTENSION IF NOT EXISTS btree_gist"],
        _ => vec![],
    }
}

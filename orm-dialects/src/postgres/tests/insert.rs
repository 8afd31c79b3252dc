use expect_test::expect;
use orm_query::tree::{Delete, Insert, InsertSource, Rows, Update};

use super::*;

fn insert(columns: &[&'static str], rows: Vec<Vec<Expr>>) -> Insert {
    let columns = columns.iter().map(|c| Name::Borrowed(c)).collect();
    Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: named("t"),
        columns,
        source: InsertSource::Values(rows),
        on_conflict: None,
        returning: Vec::new(),
    }
}

fn red() -> Expr {
    bind(Value::Text("red".into()), enum_of(&["red"]))
}

#[test]
fn values() {
    let rows = vec![vec![int(1), red()], vec![int(2), bind(Value::Null, enum_of(&["red"]))]];
    check(
        Insert {
            returning: vec![col("id").into(), typed("color", enum_of(&["red"])).into()],
            ..insert(&["a", "color"], rows)
        },
        expect![[r#"
            INSERT INTO t (a, color) VALUES ($1, $2), ($3, $4) RETURNING t.id, t.color
            I32(1): INTEGER, Text("red"): ENUM color, I32(2): INTEGER, Null: ENUM color"#]],
    );
    check(insert(&[], vec![vec![]]), expect!["INSERT INTO t DEFAULT VALUES"]);
    check(
        insert(&[], vec![vec![], vec![]]),
        expect![
            "error: postgres has no DEFAULT VALUES of several rows; insert them one by one, or name a column"
        ],
    );
    let long = bind(Value::Text("long".into()), DataType::Varchar(3));
    check(
        insert(&["a"], vec![vec![long]]),
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.a` as VARCHAR(3) in postgres: the text is longer than the column"#
        ]],
    );
}

#[test]
fn from_a_query() {
    let query = Select { from: vec![table("u")], ..select([column_of("u", "b", DataType::Integer), red()]) };
    check(
        Insert { source: InsertSource::Query(query.into()), ..insert(&["a", "color"], vec![]) },
        expect![[r#"
            INSERT INTO t (a, color) SELECT u.b, $1 FROM u
            Text("red"): ENUM color"#]],
    );
}

#[test]
fn updates_and_deletes() {
    let filter = || Some(col("id").binary(BinaryOperator::Eq, int(3)));
    let set = vec![("a".into(), col("b").binary(BinaryOperator::Add, int(2))), ("color".into(), red())];
    check(
        Update {
            from: Vec::new(),
            prefixes: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            set,
            filter: filter(),
            returning: vec![col("a").into()],
        },
        expect![[r#"
            UPDATE t SET a = t.b + $1, color = $2 WHERE t.id = $3 RETURNING t.a
            I32(2): INTEGER, Text("red"): ENUM color, I32(3): INTEGER"#]],
    );
    check(
        Delete {
            using: Vec::new(),
            prefixes: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            filter: filter(),
            returning: vec![col("id").into()],
        },
        expect![[r#"
            DELETE FROM t WHERE t.id = $1 RETURNING t.id
            I32(3): INTEGER"#]],
    );
}

#[test]
fn rows_of_plain_values() {
    let text = |text: &str| Value::Text(text.into());
    let rows = |rows| Insert {
        source: InsertSource::Rows(Rows::new(vec![DataType::Integer, DataType::Varchar(3)], rows)),
        ..insert(&["a", "Order"], vec![])
    };
    check(
        rows(vec![vec![Value::I32(1), text("x")]]),
        expect![[r#"
        INSERT INTO t (a, "Order") VALUES ($1, $2)
        I32(1): INTEGER, Text("x"): VARCHAR(3)"#]],
    );
    let two = vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), Value::Null]];
    check(
        Insert { returning: vec![col("id").into()], ..rows(two) },
        expect![[r#"
            INSERT INTO t (a, "Order") SELECT * FROM UNNEST($1, $2) RETURNING t.id
            Array([I32(1), I32(2)]): INTEGER ARRAY, Array([Text("x"), Null]): VARCHAR(3) ARRAY"#]],
    );
    check(
        rows(vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), text("long")]]),
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.Order` as VARCHAR(3) in postgres: the text is longer than the column"#
        ]],
    );
    check(
        rows(vec![vec![Value::I32(1), text("x")], vec![Value::I32(2)]]),
        expect![
            "error: this statement cannot be compiled: INSERT into `t` names 2 column(s) and gives 1 value(s)"
        ],
    );
    check(rows(vec![]), expect!["error: this statement cannot be compiled: INSERT has at least one row"]);
}

#[test]
fn rows_of_types_without_arrays() {
    let array = DataType::Array(DataType::Integer.into());
    let rows = vec![vec![Value::Array(vec![Value::I32(1)])], vec![Value::Null]];
    let source = InsertSource::Rows(Rows::new(vec![array], rows));
    check(
        Insert { source, ..insert(&["a"], vec![]) },
        expect![[r#"
        INSERT INTO t (a) VALUES ($1), ($2)
        Array([I32(1)]): INTEGER ARRAY, Null: INTEGER ARRAY"#]],
    );
    let rows = vec![vec![Value::Text("red".into())], vec![Value::Null]];
    let source = InsertSource::Rows(Rows::new(vec![enum_of(&["red"])], rows));
    check(
        Insert { source, ..insert(&["a"], vec![]) },
        expect![[r#"
        INSERT INTO t (a) SELECT * FROM UNNEST(CAST($1 AS color[]))
        Array([Text("red"), Null]): ENUM color ARRAY"#]],
    );
}

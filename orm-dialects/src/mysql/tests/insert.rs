use expect_test::expect;
use orm_query::tree::{Insert, InsertSource, Rows};

use super::*;

fn insert(columns: &[&'static str], rows: Vec<Vec<Expr>>) -> Insert {
    Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: named("t"),
        columns: names(columns).into_owned(),
        source: InsertSource::Values(rows),
        on_conflict: None,
        returning: Vec::new(),
    }
}

#[test]
fn rows() {
    check(
        insert(&["a", "rank"], vec![vec![int(1), string("x")], vec![int(2), string("y")]]),
        expect![[r#"
        INSERT INTO t (a, `rank`) VALUES (?, ?), (?, ?)
        I32(1): INTEGER, Text("x"): TEXT, I32(2): INTEGER, Text("y"): TEXT"#]],
    );
    let returning =
        vec![col("id").into(), label(call("length", [typed("a", DataType::Text)], DataType::BigInt), "n")];
    check(
        Insert { returning, ..insert(&["a"], vec![vec![int(1)]]) },
        expect![[r#"
            mysql:   error: the database has no INSERT … RETURNING; select the rows by their keys
            mariadb: INSERT INTO t (a) VALUES (?) RETURNING t.id, char_length(t.a) AS n
            I32(1): INTEGER"#]],
    );
}

#[test]
fn from_a_query() {
    let source = InsertSource::Query((select([col("a")])).into());
    check(Insert { source, ..insert(&["a"], vec![]) }, expect!["INSERT INTO t (a) SELECT t.a FROM t"]);
}

#[test]
fn without_columns() {
    check(insert(&[], vec![vec![], vec![]]), expect!["INSERT INTO t () VALUES (), ()"]);
}

#[test]
fn documents() {
    let json = bind(Value::Json(serde_json::json!({"a": 1})), DataType::Json);
    check(
        insert(&["a"], vec![vec![json]]),
        expect![[r#"
            INSERT INTO t (a) VALUES (?)
            Json(Object {"a": Number(1)}): JSON"#]],
    );
}

#[test]
fn values_that_do_not_fit() {
    let value = |value, data_type| insert(&["a"], vec![vec![bind(value, data_type)]]);
    check(
        value(Value::F64(f64::NAN), DataType::Double),
        expect![
            "error: the value F64(NaN) cannot be stored in `t.a` as DOUBLE PRECISION in the database: there is no NaN and no infinity"
        ],
    );
    check(
        value(Value::Text("a\0".into()), DataType::Text),
        expect![[
            r#"error: the value Text("a\0") cannot be stored in `t.a` as TEXT in the database: a text has no NUL character"#
        ]],
    );
    check(
        value(Value::Text("abc ".into()), DataType::Varchar(3)),
        expect![[
            r#"error: the value Text("abc ") cannot be stored in `t.a` as VARCHAR(3) in the database: the text is longer than the column"#
        ]],
    );
    check(
        value(Value::Null, DataType::Hstore),
        expect![
            "error: the value Null cannot be stored in `t.a` as HSTORE in the database: the database has no such type"
        ],
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
        INSERT INTO t (a, `Order`) VALUES (?, ?)
        I32(1): INTEGER, Text("x"): VARCHAR(3)"#]],
    );
    let two = vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), Value::Null]];
    check(
        Insert { returning: vec![col("id").into()], ..rows(two) },
        expect![[r#"
            mysql:   error: the database has no INSERT … RETURNING; select the rows by their keys
            mariadb: INSERT INTO t (a, `Order`) VALUES (?, ?), (?, ?) RETURNING t.id
            I32(1): INTEGER, Text("x"): VARCHAR(3), I32(2): INTEGER, Null: VARCHAR(3)"#]],
    );
    check(
        rows(vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), text("long")]]),
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.Order` as VARCHAR(3) in the database: the text is longer than the column"#
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

use expect_test::expect;
use orm_query::tree::{Insert, InsertSource, Rows};

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

#[test]
fn rows() {
    check(
        insert(&["a"], vec![vec![int(1)]]),
        expect![[r#"
        INSERT INTO t (a) VALUES (?)
        I32(1): INTEGER"#]],
    );
    let null = || bind(Value::Null, DataType::Text);
    check(
        insert(
            &["a", "Order"],
            vec![vec![int(1), null()], vec![int(2), call("lower", [string("X")], DataType::Text)]],
        ),
        expect![[r#"
            INSERT INTO t (a, "Order") VALUES (?, ?), (?, lower(?))
            I32(1): INTEGER, Null: TEXT, I32(2): INTEGER, Text("X"): TEXT"#]],
    );
    check(
        Insert {
            returning: vec![
                col("id").into(),
                label(call("length", [typed("a", DataType::Text)], DataType::BigInt), "n"),
            ],
            ..insert(&["a"], vec![vec![int(1)]])
        },
        expect![[r#"
            INSERT INTO t (a) VALUES (?) RETURNING id, length(a) AS n
            I32(1): INTEGER"#]],
    );
}

#[test]
fn from_a_query() {
    let query = Select {
        columns: vec![column_of("u", "a", DataType::Integer).into()],
        from: vec![table("u")],
        ..Select::default()
    };
    check(
        Insert { source: InsertSource::Query(query.into()), ..insert(&["a"], vec![]) },
        expect!["INSERT INTO t (a) SELECT u.a FROM u"],
    );
    check(
        Insert {
            source: InsertSource::Query((select([col("a"), col("b")])).into()),
            ..insert(&["a"], vec![])
        },
        expect![
            "error: this statement cannot be compiled: INSERT into `t` names 1 column(s) and gives 2 value(s)"
        ],
    );
}

#[test]
fn without_columns() {
    check(
        Insert { returning: vec![col("id").into()], ..insert(&[], vec![vec![]]) },
        expect!["INSERT INTO t DEFAULT VALUES RETURNING id"],
    );
    check(
        insert(&[], vec![vec![], vec![]]),
        expect![
            "error: sqlite has no DEFAULT VALUES of several rows; insert them one by one, or name a column"
        ],
    );
}

#[test]
fn what_makes_no_sense() {
    check(
        insert(&["a"], vec![]),
        expect!["error: this statement cannot be compiled: INSERT has at least one row"],
    );
    check(
        insert(&["a", "b"], vec![vec![int(1), int(2)], vec![int(1)]]),
        expect![
            "error: this statement cannot be compiled: INSERT into `t` names 2 column(s) and gives 1 value(s)"
        ],
    );
    check(
        insert(&[], vec![vec![int(1)]]),
        expect![
            "error: this statement cannot be compiled: INSERT into `t` names 0 column(s) and gives 1 value(s)"
        ],
    );
    check(
        insert(&["a"], vec![vec![int(1)]; 32_767]),
        expect![
            "error: this statement cannot be compiled: INSERT has 32767 rows, and sqlite takes at most 32766"
        ],
    );
}

#[test]
fn values_that_do_not_fit() {
    let value = |value, data_type| insert(&["a"], vec![vec![bind(value, data_type)]]);
    let text = |text: &str| Value::Text(text.into());
    check(
        value(text("äöü"), DataType::Varchar(3)),
        expect![[r#"
        INSERT INTO t (a) VALUES (?)
        Text("äöü"): VARCHAR(3)"#]],
    );
    check(
        value(text("äöüß"), DataType::Varchar(3)),
        expect![[
            r#"error: the value Text("äöüß") cannot be stored in `t.a` as VARCHAR(3) in sqlite: the text is longer than the column"#
        ]],
    );
    check(
        value(Value::F64(f64::NAN), DataType::Double),
        expect![
            "error: the value F64(NaN) cannot be stored in `t.a` as DOUBLE PRECISION in sqlite: SQLite stores NaN as NULL"
        ],
    );
    check(
        value(Value::I64(1 << 40), DataType::Integer),
        expect![
            "error: the value I64(1099511627776) cannot be stored in `t.a` as INTEGER in sqlite: the number is out of range"
        ],
    );
    check(
        value(text("x"), DataType::Integer),
        expect![[
            r#"error: the value Text("x") cannot be stored in `t.a` as INTEGER in sqlite: the value is of another type"#
        ]],
    );
    let color = enum_of(&["red", "blue"]);
    check(
        value(text("red"), color.clone()),
        expect![[r#"
        INSERT INTO t (a) VALUES (?)
        Text("red"): ENUM color"#]],
    );
    check(
        value(text("green"), color),
        expect![[
            r#"error: the value Text("green") cannot be stored in `t.a` as ENUM color in sqlite: the enum has no such value"#
        ]],
    );
    let price = DataType::Numeric { precision: Some(5), scale: Some(2) };
    check(
        value(Value::Decimal(rust_decimal::Decimal::new(1005, 3)), price),
        expect![
            "error: the value Decimal(1.005) cannot be stored in `t.a` as NUMERIC(5, 2) in sqlite: it has more digits after the point than the column"
        ],
    );
    let year = chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    check(
        value(Value::Date(year), DataType::Date),
        expect![
            "error: the value Date(+10000-01-01) cannot be stored in `t.a` as DATE in sqlite: the year is not between 0 and 9999"
        ],
    );
    let nanos = chrono::NaiveTime::from_hms_nano_opt(1, 2, 3, 4).unwrap();
    check(
        value(Value::Time(nanos), DataType::Time),
        expect![
            "error: the value Time(01:02:03.000000004) cannot be stored in `t.a` as TIME in sqlite: it is finer than a microsecond"
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
        INSERT INTO t (a, "Order") VALUES (?, ?)
        I32(1): INTEGER, Text("x"): VARCHAR(3)"#]],
    );
    let two = vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), Value::Null]];
    check(
        Insert { returning: vec![col("id").into()], ..rows(two) },
        expect![[r#"
        INSERT INTO t (a, "Order") VALUES (?, ?), (?, ?) RETURNING id
        I32(1): INTEGER, Text("x"): VARCHAR(3), I32(2): INTEGER, Null: VARCHAR(3)"#]],
    );
    check(
        rows(vec![vec![Value::I32(1), text("x")], vec![Value::I32(2), text("long")]]),
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.Order` as VARCHAR(3) in sqlite: the text is longer than the column"#
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

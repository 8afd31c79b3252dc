use expect_test::expect;
use orm_query::tree::{Rows, UpdateRows};

use super::*;

/// `key`s, then columns that are set, all of them integers; the rows count up from 1.
fn update(key: &[&'static str], set: &[&'static str], rows: i32) -> UpdateRows {
    let width = (key.len() + set.len()) as i32;
    let row = |row: i32| (1..=width).map(|at| Value::I32(row * 10 + at)).collect();
    UpdateRows {
        table: named("t"),
        key: key.iter().map(|name| Name::Borrowed(name)).collect(),
        set: set.iter().map(|name| Name::Borrowed(name)).collect(),
        rows: Rows::new(vec![DataType::Integer; width as usize], (1..=rows).map(row).collect()),
    }
}

#[test]
fn rows_by_their_keys() {
    check(
        update(&["id"], &["a", "Order"], 2),
        expect![[r#"
        UPDATE t SET a = v.column2, "Order" = v.column3 FROM UNNEST($1, $2, $3) AS v (column1, column2, column3) WHERE t.id = v.column1
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY, Array([I32(13), I32(23)]): INTEGER ARRAY"#]],
    );
    check(
        update(&["shop", "number"], &["a"], 2),
        expect![[r#"
        UPDATE t SET a = v.column3 FROM UNNEST($1, $2, $3) AS v (column1, column2, column3) WHERE t.shop = v.column1 AND t.number = v.column2
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY, Array([I32(13), I32(23)]): INTEGER ARRAY"#]],
    );
}

#[test]
fn a_column_of_the_key_gets_another_value() {
    check(
        update(&["id", "version"], &["version", "title"], 2),
        expect![[r#"
        UPDATE t SET version = v.column3, title = v.column4 FROM UNNEST($1, $2, $3, $4) AS v (column1, column2, column3, column4) WHERE t.id = v.column1 AND t.version = v.column2
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY, Array([I32(13), I32(23)]): INTEGER ARRAY, Array([I32(14), I32(24)]): INTEGER ARRAY"#]],
    );
    check(
        update(&["shop", "number"], &["shop", "number"], 2),
        expect![[r#"
        UPDATE t SET shop = v.column3, number = v.column4 FROM UNNEST($1, $2, $3, $4) AS v (column1, column2, column3, column4) WHERE t.shop = v.column1 AND t.number = v.column2
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY, Array([I32(13), I32(23)]): INTEGER ARRAY, Array([I32(14), I32(24)]): INTEGER ARRAY"#]],
    );
}

#[test]
fn one_row_is_a_plain_update() {
    check(
        update(&["shop", "number"], &["a"], 1),
        expect![[r#"
        UPDATE t SET a = $1 WHERE t.shop = $2 AND t.number = $3
        I32(13): INTEGER, I32(11): INTEGER, I32(12): INTEGER"#]],
    );
}

#[test]
fn names_do_not_clash() {
    check(
        UpdateRows { table: named("v"), ..update(&["column1"], &["v"], 2) },
        expect![[r#"
        UPDATE v SET v = w.column2 FROM UNNEST($1, $2) AS w (column1, column2) WHERE v.column1 = w.column1
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY"#]],
    );
    let table = TableRef { schema: Some("app".into()), ..named("V") };
    check(
        UpdateRows { table, ..update(&["id"], &["a"], 2) },
        expect![[r#"
        UPDATE app."V" SET a = w.column2 FROM UNNEST($1, $2) AS w (column1, column2) WHERE app."V".id = w.column1
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY"#]],
    );
    check(
        UpdateRows { table: named("t").alias("x"), ..update(&["id"], &["a"], 2) },
        expect![[r#"
        UPDATE t AS x SET a = v.column2 FROM UNNEST($1, $2) AS v (column1, column2) WHERE x.id = v.column1
        Array([I32(11), I32(21)]): INTEGER ARRAY, Array([I32(12), I32(22)]): INTEGER ARRAY"#]],
    );
}

#[test]
fn values_that_do_not_fit() {
    let text = |text: &str| Value::Text(text.into());
    let rows = |second: Value| {
        Rows::new(
            vec![DataType::Varchar(3), DataType::Varchar(3)],
            vec![vec![text("longer"), text("abc")], vec![text("b"), second]],
        )
    };
    check(
        UpdateRows { rows: rows(Value::Null), ..update(&["id"], &["a"], 0) },
        expect![[r#"
        UPDATE t SET a = v.column2 FROM UNNEST($1, $2) AS v (column1, column2) WHERE t.id = v.column1
        Array([Text("longer"), Text("b")]): VARCHAR(3) ARRAY, Array([Text("abc"), Null]): VARCHAR(3) ARRAY"#]],
    );
    check(
        UpdateRows { rows: rows(text("long")), ..update(&["id"], &["a"], 0) },
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.a` as VARCHAR(3) in postgres: the text is longer than the column"#
        ]],
    );
}

#[test]
fn what_makes_no_sense() {
    check(
        update(&["id"], &["a"], 0),
        expect!["error: this statement cannot be compiled: UPDATE of rows of `t` has at least one row"],
    );
    check(
        update(&[], &["a"], 2),
        expect![
            "error: this statement cannot be compiled: UPDATE of rows of `t` names at least one key and one column"
        ],
    );
    check(
        update(&["id"], &[], 2),
        expect![
            "error: this statement cannot be compiled: UPDATE of rows of `t` names at least one key and one column"
        ],
    );
    let mut uneven = update(&["id"], &["a"], 2);
    uneven.rows.rows[1].pop();
    check(
        uneven,
        expect![
            "error: this statement cannot be compiled: UPDATE of rows of `t` names 2 column(s) and gives 1 value(s)"
        ],
    );
}

#[test]
fn types_without_a_number() {
    let rows = |data_type: DataType, value: Value| {
        let row = |id, value| vec![Value::I32(id), value];
        let rows = vec![row(1, value), row(2, Value::Null)];
        UpdateRows { rows: Rows::new(vec![DataType::Integer, data_type], rows), ..update(&["id"], &["a"], 0) }
    };
    check(
        rows(enum_of(&["red"]), Value::Text("red".into())),
        expect![[r#"
        UPDATE t SET a = v.column2 FROM UNNEST($1, CAST($2 AS color[])) AS v (column1, column2) WHERE t.id = v.column1
        Array([I32(1), I32(2)]): INTEGER ARRAY, Array([Text("red"), Null]): ENUM color ARRAY"#]],
    );
    check(
        rows(DataType::Array(DataType::Integer.into()), Value::Array(vec![Value::I32(1)])),
        expect![[r#"
        UPDATE t SET a = v.column2 FROM (VALUES ($1, $2), ($3, $4)) AS v WHERE t.id = v.column1
        I32(1): INTEGER, Array([I32(1)]): INTEGER ARRAY, I32(2): INTEGER, Null: INTEGER ARRAY"#]],
    );
    check(
        rows(DataType::Hstore, Value::Hstore(orm_query::Hstore::default())),
        expect![[r#"
        UPDATE t SET a = v.column2 FROM (VALUES ($1, CAST($2 AS HSTORE)), ($3, CAST($4 AS HSTORE))) AS v WHERE t.id = v.column1
        I32(1): INTEGER, Hstore(Hstore({})): HSTORE, I32(2): INTEGER, Null: HSTORE"#]],
    );
    check(
        rows(DataType::Other("geometry".into()), Value::Text("POINT(1 2)".into())),
        expect![[r#"
        UPDATE t SET a = v.column2 FROM (VALUES ($1, CAST($2 AS geometry)), ($3, CAST($4 AS geometry))) AS v WHERE t.id = v.column1
        I32(1): INTEGER, Text("POINT(1 2)"): geometry, I32(2): INTEGER, Null: geometry"#]],
    );
}

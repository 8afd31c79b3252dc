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
        UPDATE t SET a = v.column2, "Order" = v.column3 FROM (VALUES (?, ?, ?), (?, ?, ?)) AS v WHERE t.id = v.column1
        I32(11): INTEGER, I32(12): INTEGER, I32(13): INTEGER, I32(21): INTEGER, I32(22): INTEGER, I32(23): INTEGER"#]],
    );
    check(
        update(&["shop", "number"], &["a"], 2),
        expect![[r#"
        UPDATE t SET a = v.column3 FROM (VALUES (?, ?, ?), (?, ?, ?)) AS v WHERE t.shop = v.column1 AND t.number = v.column2
        I32(11): INTEGER, I32(12): INTEGER, I32(13): INTEGER, I32(21): INTEGER, I32(22): INTEGER, I32(23): INTEGER"#]],
    );
}

#[test]
fn a_column_of_the_key_gets_another_value() {
    check(
        update(&["id", "version"], &["version", "title"], 2),
        expect![[r#"
        UPDATE t SET version = v.column3, title = v.column4 FROM (VALUES (?, ?, ?, ?), (?, ?, ?, ?)) AS v WHERE t.id = v.column1 AND t.version = v.column2
        I32(11): INTEGER, I32(12): INTEGER, I32(13): INTEGER, I32(14): INTEGER, I32(21): INTEGER, I32(22): INTEGER, I32(23): INTEGER, I32(24): INTEGER"#]],
    );
    check(
        update(&["shop", "number"], &["shop", "number"], 2),
        expect![[r#"
        UPDATE t SET shop = v.column3, number = v.column4 FROM (VALUES (?, ?, ?, ?), (?, ?, ?, ?)) AS v WHERE t.shop = v.column1 AND t.number = v.column2
        I32(11): INTEGER, I32(12): INTEGER, I32(13): INTEGER, I32(14): INTEGER, I32(21): INTEGER, I32(22): INTEGER, I32(23): INTEGER, I32(24): INTEGER"#]],
    );
}

#[test]
fn one_row_is_a_plain_update() {
    check(
        update(&["shop", "number"], &["a"], 1),
        expect![[r#"
        UPDATE t SET a = ? WHERE t.shop = ? AND t.number = ?
        I32(13): INTEGER, I32(11): INTEGER, I32(12): INTEGER"#]],
    );
}

#[test]
fn names_do_not_clash() {
    check(
        UpdateRows { table: named("v"), ..update(&["column1"], &["v"], 2) },
        expect![[r#"
        UPDATE v SET v = w.column2 FROM (VALUES (?, ?), (?, ?)) AS w WHERE v.column1 = w.column1
        I32(11): INTEGER, I32(12): INTEGER, I32(21): INTEGER, I32(22): INTEGER"#]],
    );
    let table = TableRef { schema: Some("app".into()), ..named("V") };
    check(
        UpdateRows { table, ..update(&["id"], &["a"], 2) },
        expect![[r#"
        UPDATE app."V" SET a = w.column2 FROM (VALUES (?, ?), (?, ?)) AS w WHERE app."V".id = w.column1
        I32(11): INTEGER, I32(12): INTEGER, I32(21): INTEGER, I32(22): INTEGER"#]],
    );
    check(
        UpdateRows { table: named("t").alias("x"), ..update(&["id"], &["a"], 2) },
        expect![[r#"
        UPDATE t AS x SET a = v.column2 FROM (VALUES (?, ?), (?, ?)) AS v WHERE x.id = v.column1
        I32(11): INTEGER, I32(12): INTEGER, I32(21): INTEGER, I32(22): INTEGER"#]],
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
        UPDATE t SET a = v.column2 FROM (VALUES (?, ?), (?, ?)) AS v WHERE t.id = v.column1
        Text("longer"): VARCHAR(3), Text("abc"): VARCHAR(3), Text("b"): VARCHAR(3), Null: VARCHAR(3)"#]],
    );
    check(
        UpdateRows { rows: rows(text("long")), ..update(&["id"], &["a"], 0) },
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.a` as VARCHAR(3) in sqlite: the text is longer than the column"#
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

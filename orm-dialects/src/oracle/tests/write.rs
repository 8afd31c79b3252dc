use expect_test::expect;
use orm_query::tree::{ConflictAction, ConflictTarget, Delete, OnConflict};

use super::*;

fn insert(columns: &[&'static str], source: InsertSource) -> Insert {
    Insert::new(named("t"), columns.iter().map(|name| Name::Borrowed(name)).collect(), source)
}

#[test]
fn inserts() {
    let one = || InsertSource::Values(vec![vec![int(1), string("x")]]);
    check(
        insert(&["a", "b"], one()),
        expect![[r#"
        INSERT INTO t (a, b) VALUES (:1, :2)
        I32(1): INTEGER, Text("x"): VARCHAR(20)"#]],
    );
    let returning: Vec<SelectItem> = vec![col("id").into(), label(typed("b", DataType::Varchar(20)), "c")];
    check(
        Insert { returning: returning.clone(), ..insert(&["a", "b"], one()) },
        expect![[r#"
        INSERT INTO t (a, b) VALUES (:1, :2) RETURNING id, b INTO :3, :4
        I32(1): INTEGER, Text("x"): VARCHAR(20), Null: INTEGER, Null: VARCHAR(20)"#]],
    );
    let two = || InsertSource::Values(vec![vec![int(1), string("x")], vec![sql("DEFAULT_A"), string("y")]]);
    check(
        insert(&["a", "b"], two()),
        expect![[r#"
        INSERT INTO t (a, b) SELECT :1, :2 FROM DUAL UNION ALL SELECT DEFAULT_A, :3 FROM DUAL
        I32(1): INTEGER, Text("x"): VARCHAR(20), Text("y"): VARCHAR(20)"#]],
    );
    check(
        Insert { returning: returning.clone(), ..insert(&["a", "b"], two()) },
        expect!["error: oracle has no INSERT of several rows with RETURNING; insert the rows one by one"],
    );
    let none = || InsertSource::Values(vec![Vec::new()]);
    check(
        insert(&[], none()),
        expect!["error: oracle has no INSERT without columns; name a column, and give it the text DEFAULT"],
    );
    check(
        Insert { returning, ..insert(&[], none()) },
        expect![[r#"
        INSERT INTO t (id) VALUES (DEFAULT) RETURNING id, b INTO :1, :2
        Null: INTEGER, Null: VARCHAR(20)"#]],
    );
    check(
        insert(&["a"], InsertSource::Values(vec![vec![string("")]])),
        expect![[
            r#"error: the value Text("") cannot be stored in `t.a` as VARCHAR(20) in oracle: Oracle keeps the empty text as NULL"#
        ]],
    );
    let rows = |rows: Vec<Vec<Value>>| {
        InsertSource::Rows(Rows::new(vec![DataType::Integer, DataType::Varchar(5)], rows))
    };
    let row = |a, b: &str| vec![Value::I32(a), Value::Text(b.into())];
    check(
        insert(&["a", "b"], rows(vec![row(1, "x")])),
        expect![[r#"
        INSERT INTO t (a, b) VALUES (:1, :2)
        I32(1): INTEGER, Text("x"): VARCHAR(5)"#]],
    );
    check(
        insert(&["a", "b"], rows(vec![row(1, "x"), row(2, "y")])),
        expect![[r#"
        INSERT INTO t (a, b) SELECT :1, :2 FROM DUAL UNION ALL SELECT :3, :4 FROM DUAL
        I32(1): INTEGER, Text("x"): VARCHAR(5), I32(2): INTEGER, Text("y"): VARCHAR(5)"#]],
    );
    check(
        insert(&["a", "b"], rows(vec![row(1, "x"), row(2, "too long")])),
        expect![[
            r#"error: the value Text("too long") cannot be stored in `t.b` as VARCHAR(5) in oracle: the text is longer than the column"#
        ]],
    );
    check(
        insert(&["a"], rows(vec![row(1, "x"), row(2, "y")])),
        expect![
            "error: this statement cannot be compiled: INSERT into `t` names 1 column(s) and gives 2 value(s)"
        ],
    );
    check(
        insert(&["a"], InsertSource::Query(select([col("a")]).into())),
        expect!["INSERT INTO t (a) SELECT t.a FROM t"],
    );
    let target = ConflictTarget::Any;
    let on_conflict = Some(OnConflict { target, action: ConflictAction::Nothing });
    check(
        Insert { on_conflict, ..insert(&["a", "b"], one()) },
        expect!["error: oracle has no ON CONFLICT; use MERGE"],
    );
}

#[test]
fn updates() {
    let mut update = Update::new(named("t").alias("x"));
    update.set = vec![
        ("a".into(), int(1)),
        ("ok".into(), column_of("x", "b", DataType::Integer).binary(BinaryOperator::Gt, int(2))),
    ];
    update.filter = Some(column_of("x", "active", DataType::Boolean));
    update.returning = vec![column_of("x", "a", DataType::Integer).into()];
    check(
        update.clone(),
        expect![[r#"
        UPDATE t x SET a = :1, ok = CASE WHEN x.b > :2 THEN 1 WHEN NOT x.b > :3 THEN 0 END WHERE x.active = 1 RETURNING a INTO :4
        I32(1): INTEGER, I32(2): INTEGER, I32(2): INTEGER, Null: INTEGER"#]],
    );
    update.from = vec![table("u")];
    check(update, expect!["error: oracle has no UPDATE that reads other tables; use MERGE, or subqueries"]);
    let mut delete = Delete::new(named("t"));
    delete.filter = Some(col("a").unary(UnaryOperator::IsNull));
    check(delete.clone(), expect!["DELETE FROM t WHERE t.a IS NULL"]);
    delete.using = vec![table("u")];
    check(delete, expect!["error: oracle has no DELETE that reads other tables; use EXISTS"]);
}

#[test]
fn many_rows_are_merged() {
    let types = vec![DataType::Integer, DataType::Varchar(5)];
    let row = |a, b: &str| vec![Value::I32(a), Value::Text(b.into())];
    let update = |set: &'static str, rows| UpdateRows {
        table: named("v"),
        key: vec!["id".into()],
        set: vec![set.into()],
        rows: Rows::new(types.clone(), rows),
    };
    check(
        update("b", vec![row(1, "x")]),
        expect![[r#"
        UPDATE v SET b = :1 WHERE v.id = :2
        Text("x"): VARCHAR(5), I32(1): INTEGER"#]],
    );
    check(
        update("b", vec![row(1, "x"), row(2, "y")]),
        expect![[r#"
        MERGE INTO v USING (SELECT :1 AS column1, :2 AS column2 FROM DUAL UNION ALL SELECT :3, :4 FROM DUAL) w ON (v.id = w.column1) WHEN MATCHED THEN UPDATE SET b = w.column2
        I32(1): INTEGER, Text("x"): VARCHAR(5), I32(2): INTEGER, Text("y"): VARCHAR(5)"#]],
    );
    check(
        update("id", vec![row(1, "x"), row(2, "y")]),
        expect![
            "error: oracle has no UPDATE of many rows that changes their keys; update the rows one by one"
        ],
    );
}

#[test]
fn texts_have_no_placeholders_of_their_own() {
    let text = |sql: &str| Text { parts: vec![TextPart::Sql(sql.into())], binds: Vec::new() };
    check(text("SELECT ':1' FROM DUAL"), expect!["SELECT ':1' FROM DUAL"]);
    check(
        text("SELECT :1 FROM DUAL"),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT :1 FROM DUAL` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check(
        text("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN :new.a := 1; END;"),
        expect!["CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN :new.a := 1; END;"],
    );
}

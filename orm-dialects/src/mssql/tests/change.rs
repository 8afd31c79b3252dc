use orm_query::tree::{
    ConflictAction, ConflictTarget, Cte, Delete, Insert, InsertSource, OnConflict, Rows, Update, UpdateRows,
};

use super::*;

fn insert(rows: Vec<Vec<Expr>>) -> Insert {
    Insert::new(named("t"), vec!["a".into(), "b".into()], InsertSource::Values(rows))
}

fn row() -> Vec<Expr> {
    vec![int(1), int(2)]
}

#[test]
fn inserts() {
    check(
        insert(vec![row(), row()]),
        expect![[r#"
        INSERT INTO t (a, b) VALUES (@P1, @P2), (@P3, @P4)
        I32(1): INTEGER, I32(2): INTEGER, I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    let returning = vec![col("id").into(), label(is(col("a"), BinaryOperator::Add, col("b")), "n")];
    check(
        Insert { returning: returning.clone(), ..insert(vec![row()]) },
        expect![[r#"
        INSERT INTO t (a, b) OUTPUT inserted.id, inserted.a + inserted.b AS n VALUES (@P1, @P2)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check(
        Insert { returning, ..Insert::new(named("t"), vec![], InsertSource::Values(vec![vec![]])) },
        expect!["INSERT INTO t OUTPUT inserted.id, inserted.a + inserted.b AS n DEFAULT VALUES"],
    );
    check(
        Insert::new(named("t"), vec![], InsertSource::Values(vec![vec![], vec![]])),
        expect![
            "error: mssql has no DEFAULT VALUES of several rows; insert them one by one, or name a column"
        ],
    );
    check(
        insert(vec![vec![one(), active()]]),
        expect![[r#"
        INSERT INTO t (a, b) VALUES (CASE WHEN t.id = @P1 THEN 1 WHEN NOT t.id = @P2 THEN 0 END, t.active)
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        insert((0..1001).map(|_| row()).collect()),
        expect![
            "error: this statement cannot be compiled: INSERT has 1001 rows, and mssql takes at most 1000"
        ],
    );
    let many = Rows::new(vec![DataType::Integer; 2], vec![vec![Value::I32(1), Value::Null]; 2]);
    check(
        Insert { source: InsertSource::Rows(many), ..insert(vec![]) },
        expect![[r#"
        INSERT INTO t (a, b) VALUES (@P1, @P2), (@P3, @P4)
        I32(1): INTEGER, Null: INTEGER, I32(1): INTEGER, Null: INTEGER"#]],
    );
    let on_conflict = Some(OnConflict { target: ConflictTarget::Any, action: ConflictAction::Nothing });
    check(
        Insert { on_conflict, ..insert(vec![row()]) },
        expect!["error: mssql has no ON CONFLICT; use MERGE"],
    );
    check(
        Insert { table: named("t").alias("x"), ..insert(vec![row()]) },
        expect!["error: mssql has no alias of the table that rows are inserted into"],
    );
}

#[test]
fn inserts_of_queries() {
    let query = |query: Select| Insert::new(named("t"), vec!["a".into()], InsertSource::Query(query.into()));
    let from = |name| Select { from: vec![table(name)], ..select([column_of(name, "a", DataType::Integer)]) };
    let order_by = vec![column_of("u", "a", DataType::Integer).into()];
    check(
        Insert { returning: vec![col("a").into()], ..query(Select { order_by, ..from("u") }) },
        expect!["INSERT INTO t (a) OUTPUT inserted.a SELECT u.a FROM u ORDER BY u.a"],
    );
    let cte = |name: &'static str| Cte {
        name: name.into(),
        columns: vec![],
        statement: Box::new(Statement::Select(from("u"))),
        recursive: false,
        materialized: None,
    };
    let reads = Select {
        with: With { ctes: vec![cte("w")] },
        from: vec![From::Cte { name: "w".into(), alias: None }],
        ..from("w")
    };
    check(query(reads.clone()), expect!["WITH w AS (SELECT u.a FROM u) INSERT INTO t (a) SELECT w.a FROM w"]);
    check(
        Insert { with: With { ctes: vec![cte("x")] }, ..query(reads.clone()) },
        expect![
            "WITH x AS (SELECT u.a FROM u), w AS (SELECT u.a FROM u) INSERT INTO t (a) SELECT w.a FROM w"
        ],
    );
    check(
        Insert { with: With { ctes: vec![cte("w")] }, ..query(reads) },
        expect!["error: this statement cannot be compiled: two queries of WITH have the name `w`"],
    );
}

#[test]
fn updates() {
    let update =
        || Update { set: vec![("a".into(), int(5))], filter: Some(one()), ..Update::new(named("t")) };
    check(
        update(),
        expect![[r#"
        UPDATE t SET a = @P1 WHERE t.id = @P2
        I32(5): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        Update { filter: None, set: vec![("active".into(), one())], ..update() },
        expect![[r#"
        UPDATE t SET active = CASE WHEN t.id = @P1 THEN 1 WHEN NOT t.id = @P2 THEN 0 END
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        Update { returning: vec![col("id").into(), col("a").into()], ..update() },
        expect![[r#"
        UPDATE t SET a = @P1 OUTPUT inserted.id, inserted.a WHERE t.id = @P2
        I32(5): INTEGER, I32(1): INTEGER"#]],
    );
    let other = column_of("u", "b", DataType::Integer);
    let set = vec![("a".into(), other.clone())];
    check(
        Update { set, from: vec![table("u")], returning: vec![col("id").into(), other.into()], ..update() },
        expect![[r#"
            UPDATE t SET a = u.b OUTPUT inserted.id, u.b FROM t, u WHERE t.id = @P1
            I32(1): INTEGER"#]],
    );
    let aliased = Update {
        set: vec![("a".into(), int(5))],
        filter: Some(is(column_of("x", "id", DataType::Integer), BinaryOperator::Eq, int(1))),
        returning: vec![column_of("x", "id", DataType::Integer).into()],
        ..Update::new(named("t").alias("x"))
    };
    check(
        aliased,
        expect![[r#"
        UPDATE x SET a = @P1 OUTPUT inserted.id FROM t AS x WHERE x.id = @P2
        I32(5): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        Update::new(named("t")),
        expect!["error: this statement cannot be compiled: UPDATE of `t` sets no column"],
    );
}

#[test]
fn updates_of_rows() {
    let rows = |rows| Rows::new(vec![DataType::Integer; 2], rows);
    let update =
        |of| UpdateRows { table: named("t"), key: vec!["id".into()], set: vec!["a".into()], rows: rows(of) };
    check(
        update(vec![vec![Value::I32(1), Value::I32(2)], vec![Value::I32(3), Value::I32(4)]]),
        expect![[r#"
        UPDATE t SET a = v.column2 FROM (VALUES (@P1, @P2), (@P3, @P4)) AS v (column1, column2) WHERE t.id = v.column1
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check(
        update(vec![vec![Value::I32(1), Value::I32(2)]]),
        expect![[r#"
        UPDATE t SET a = @P1 WHERE t.id = @P2
        I32(2): INTEGER, I32(1): INTEGER"#]],
    );
}

#[test]
fn deletes() {
    let delete = || Delete { filter: Some(one()), ..Delete::new(named("t")) };
    check(Delete::new(named("t")), expect!["DELETE FROM t"]);
    check(
        Delete { returning: vec![col("id").into()], ..delete() },
        expect![[r#"
        DELETE FROM t OUTPUT deleted.id WHERE t.id = @P1
        I32(1): INTEGER"#]],
    );
    check(
        Delete { using: vec![table("u"), table("v")], returning: vec![col("id").into()], ..delete() },
        expect![[r#"
            DELETE FROM t OUTPUT deleted.id FROM t, u, v WHERE t.id = @P1
            I32(1): INTEGER"#]],
    );
    let aliased = Delete {
        filter: Some(is(column_of("x", "id", DataType::Integer), BinaryOperator::Eq, int(1))),
        returning: vec![column_of("x", "id", DataType::Integer).into()],
        ..Delete::new(TableRef { schema: Some("app".into()), ..named("t").alias("x") })
    };
    check(
        aliased,
        expect![[r#"
        DELETE FROM x OUTPUT deleted.id FROM app.t AS x WHERE x.id = @P1
        I32(1): INTEGER"#]],
    );
}

#[test]
fn values_that_do_not_fit() {
    let value = |value, data_type| {
        Insert::new(named("t"), vec!["a".into()], InsertSource::Values(vec![vec![bind(value, data_type)]]))
    };
    check(
        value(Value::Text("ä".into()), DataType::Varchar(9)),
        expect![[
            r#"error: the value Text("ä") cannot be stored in `t.a` as VARCHAR(9) in mssql: a VARCHAR keeps other letters than those of ASCII only under a UTF-8 collation (`MsSql::utf8`)"#
        ]],
    );
    check(
        value(Value::F64(f64::NAN), DataType::Double),
        expect![
            "error: the value F64(NaN) cannot be stored in `t.a` as DOUBLE PRECISION in mssql: there is no NaN and no infinity"
        ],
    );
    check(
        value(Value::Text("ä".into()), DataType::Other("NVARCHAR(9)".into())),
        expect![[r#"
        INSERT INTO t (a) VALUES (@P1)
        Text("ä"): NVARCHAR(9)"#]],
    );
}

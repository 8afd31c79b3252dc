use orm_query::tree::{Cte, Merge, MergeAction, MergeBranch, MergeRows, Values};

use super::*;

fn of(source: &'static str, name: &'static str) -> Expr {
    column_of(source, name, DataType::Integer)
}

fn merge(branches: Vec<MergeBranch>) -> Merge {
    let on = is(col("id"), BinaryOperator::Eq, of("u", "id"));
    Merge { branches, ..Merge::new(named("t"), table("u"), on) }
}

fn branch(rows: MergeRows, action: MergeAction) -> MergeBranch {
    MergeBranch { rows, condition: None, action }
}

fn when(condition: Expr, rows: MergeRows, action: MergeAction) -> MergeBranch {
    MergeBranch { condition: Some(condition), ..branch(rows, action) }
}

/// `UPDATE SET a = u.a`
fn set() -> MergeAction {
    MergeAction::Update(vec![("a".into(), of("u", "a"))])
}

/// `INSERT (id, a) VALUES (u.id, 1)`
fn add() -> MergeAction {
    MergeAction::Insert { columns: vec!["id".into(), "a".into()], values: vec![of("u", "id"), int(1)] }
}

fn is_zero(e: Expr) -> Expr {
    is(e, BinaryOperator::Eq, int(0))
}

#[test]
fn branches() {
    use MergeRows::{Matched, NotMatched, NotMatchedBySource};
    check(
        merge(vec![branch(Matched, set()), branch(NotMatched, add())]),
        expect![[r#"
        MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, @P1);
        I32(1): INTEGER"#]],
    );
    check(
        merge(vec![
            when(is_zero(of("u", "a")), Matched, MergeAction::Delete),
            branch(Matched, set()),
            when(is_zero(of("u", "b")), NotMatched, add()),
            when(is_zero(col("a")), NotMatchedBySource, MergeAction::Update(vec![("a".into(), int(2))])),
            branch(NotMatchedBySource, MergeAction::Delete),
        ]),
        expect![[r#"
            MERGE INTO t USING u ON t.id = u.id WHEN MATCHED AND u.a = @P1 THEN DELETE WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED AND u.b = @P2 THEN INSERT (id, a) VALUES (u.id, @P3) WHEN NOT MATCHED BY SOURCE AND t.a = @P4 THEN UPDATE SET a = @P5 WHEN NOT MATCHED BY SOURCE THEN DELETE;
            I32(0): INTEGER, I32(0): INTEGER, I32(1): INTEGER, I32(0): INTEGER, I32(2): INTEGER"#]],
    );
    let nothing = MergeAction::Insert { columns: vec![], values: vec![] };
    check(
        merge(vec![branch(NotMatched, nothing)]),
        expect!["MERGE INTO t USING u ON t.id = u.id WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;"],
    );
    check(
        merge(vec![when(is_zero(of("u", "a")), Matched, MergeAction::Nothing), branch(Matched, set())]),
        expect![
            "error: mssql has no DO NOTHING of a MERGE; leave the rows out by the conditions of the other branches"
        ],
    );
    check(
        merge(vec![]),
        expect![
            "error: this statement cannot be compiled: MERGE into `t` says nothing of what is to be done"
        ],
    );
    check(
        merge(vec![branch(NotMatched, set())]),
        expect![
            "error: this statement cannot be compiled: rows that are not matched are not in the table, and can only be inserted"
        ],
    );
    check(
        merge(vec![branch(Matched, add())]),
        expect![
            "error: this statement cannot be compiled: rows that are in the table already cannot be inserted by MERGE"
        ],
    );
}

/// Of rows that are there one branch may update and one delete, the first with a condition; and one branch inserts.
#[test]
fn branches_of_a_kind() {
    use MergeRows::{Matched, NotMatched};
    let cond = || is_zero(of("u", "a"));
    check(
        merge(vec![when(cond(), Matched, set()), branch(Matched, set())]),
        expect![
            "error: mssql has no MERGE with such branches of one kind; have one that updates and one that deletes, the first with a condition; or say it in the values of one: `case().when(condition, …)`"
        ],
    );
    check(
        merge(vec![branch(Matched, set()), branch(Matched, MergeAction::Delete)]),
        expect![
            "error: mssql has no MERGE with such branches of one kind; have one that updates and one that deletes, the first with a condition; or say it in the values of one: `case().when(condition, …)`"
        ],
    );
    check(
        merge(vec![
            when(cond(), Matched, set()),
            when(cond(), Matched, MergeAction::Delete),
            branch(Matched, set()),
        ]),
        expect![
            "error: mssql has no MERGE with such branches of one kind; have one that updates and one that deletes, the first with a condition; or say it in the values of one: `case().when(condition, …)`"
        ],
    );
    check(
        merge(vec![when(cond(), NotMatched, add()), branch(NotMatched, add())]),
        expect![
            "error: mssql has no MERGE with such branches of one kind; have one that updates and one that deletes, the first with a condition; or say it in the values of one: `case().when(condition, …)`"
        ],
    );
}

#[test]
fn sources_and_output() {
    use MergeRows::{Matched, NotMatched};
    let returning = vec![col("id").into(), label(of("u", "a"), "was")];
    let both = || vec![branch(Matched, set()), branch(NotMatched, add())];
    check(
        Merge { returning: returning.clone(), ..merge(both()) },
        expect![[r#"
        MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, @P1) OUTPUT inserted.id, u.a AS was;
        I32(1): INTEGER"#]],
    );
    check(
        Merge { returning, ..merge(vec![branch(Matched, MergeAction::Delete)]) },
        expect![
            "error: mssql has no RETURNING of a MERGE that deletes; delete the rows by a statement of its own"
        ],
    );
    let values = Values { rows: vec![vec![int(1), int(2)], vec![int(3), int(4)]] };
    let using = From::Query {
        query: Box::new(Query::Values(values)),
        alias: "u".into(),
        columns: vec!["id".into(), "a".into()],
        lateral: false,
    };
    check(
        Merge { using, ..merge(both()) },
        expect![[r#"
        MERGE INTO t USING (VALUES (@P1, @P2), (@P3, @P4)) AS u (id, a) ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, @P5);
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER, I32(1): INTEGER"#]],
    );
    let cte = Cte {
        name: "u".into(),
        columns: vec![],
        statement: Box::new(Statement::Select(select([col("id"), col("a")]))),
        recursive: false,
        materialized: None,
    };
    let using = From::Cte { name: "u".into(), alias: None };
    check(
        Merge { with: With { ctes: vec![cte] }, using, ..merge(both()) },
        expect![[r#"
        WITH u AS (SELECT t.id, t.a FROM t) MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, @P1);
        I32(1): INTEGER"#]],
    );
    let aliased = TableRef { schema: Some("app".into()), ..named("t").alias("x") };
    let on = is(of("x", "id"), BinaryOperator::Eq, of("u", "id"));
    let aliased = Merge { branches: both(), ..Merge::new(aliased, table("u"), on) };
    check(
        aliased,
        expect![[r#"
        MERGE INTO app.t AS x USING u ON x.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, @P1);
        I32(1): INTEGER"#]],
    );
}

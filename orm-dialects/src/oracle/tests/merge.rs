use expect_test::expect;
use orm_query::tree::{Merge, MergeAction, MergeBranch, MergeRows};

use super::*;

fn of(source: &'static str, name: &'static str) -> Expr {
    column_of(source, name, DataType::Integer)
}

fn merge(branches: Vec<MergeBranch>) -> Merge {
    let on = col("id").binary(BinaryOperator::Eq, of("u", "id"));
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
    e.binary(BinaryOperator::Eq, int(0))
}

#[test]
fn branches() {
    use MergeRows::{Matched, NotMatched, NotMatchedBySource};
    check(
        merge(vec![branch(Matched, set()), branch(NotMatched, add())]),
        expect![[r#"
        MERGE INTO t USING u ON (t.id = u.id) WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, :1)
        I32(1): INTEGER"#]],
    );
    check(
        merge(vec![
            when(is_zero(of("u", "a")), Matched, set()),
            when(is_zero(of("u", "b")), NotMatched, add()),
        ]),
        expect![[r#"
            MERGE INTO t USING u ON (t.id = u.id) WHEN MATCHED THEN UPDATE SET a = u.a WHERE u.a = :1 WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, :2) WHERE u.b = :3
            I32(0): INTEGER, I32(1): INTEGER, I32(0): INTEGER"#]],
    );
    check(
        merge(vec![when(typed("ok", DataType::Boolean), Matched, set())]),
        expect!["MERGE INTO t USING u ON (t.id = u.id) WHEN MATCHED THEN UPDATE SET a = u.a WHERE t.ok = 1"],
    );
    check(
        merge(vec![]),
        expect![
            "error: this statement cannot be compiled: MERGE into `t` says nothing of what is to be done"
        ],
    );
    check(
        merge(vec![when(is_zero(of("u", "a")), Matched, set()), branch(Matched, set())]),
        expect![
            "error: oracle has no several branches of a kind in a MERGE; say it in the values of one branch: `case().when(condition, …)`"
        ],
    );
    check(
        merge(vec![branch(Matched, MergeAction::Delete)]),
        expect!["error: oracle has no DELETE of a MERGE; use a statement of its own"],
    );
    check(
        merge(vec![branch(Matched, MergeAction::Nothing)]),
        expect!["error: oracle has no DO NOTHING of a MERGE; use a statement of its own"],
    );
    check(
        merge(vec![branch(NotMatchedBySource, MergeAction::Delete)]),
        expect!["error: oracle has no WHEN NOT MATCHED BY SOURCE; use a statement of its own"],
    );
    let nothing = MergeAction::Insert { columns: vec![], values: vec![] };
    check(
        merge(vec![branch(NotMatched, nothing)]),
        expect!["error: oracle has no INSERT DEFAULT VALUES; use a statement of its own"],
    );
    let id = MergeAction::Update(vec![("id".into(), int(2))]);
    check(
        merge(vec![branch(Matched, id)]),
        expect![
            "error: oracle has no MERGE that sets a column of its condition; match the rows by other columns than those that are set"
        ],
    );
    check(
        Merge { returning: vec![col("id").into()], ..merge(vec![branch(Matched, set())]) },
        expect!["error: oracle has no MERGE … RETURNING; select the rows by their keys"],
    );
}

#[test]
fn sources() {
    use MergeRows::{Matched, NotMatched};
    let both = || vec![branch(Matched, set()), branch(NotMatched, add())];
    let using = From::Query {
        query: Box::new(Query::from(Select {
            from: vec![table("v")],
            ..select([of("v", "id"), of("v", "a")])
        })),
        alias: "u".into(),
        columns: vec![],
        lateral: false,
    };
    check(
        Merge { using, ..merge(both()) },
        expect![[r#"
        MERGE INTO t USING (SELECT v.id, v.a FROM v) u ON (t.id = u.id) WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, :1)
        I32(1): INTEGER"#]],
    );
    let aliased = TableRef { schema: Some("app".into()), ..named("t").alias("x") };
    let on = of("x", "id").binary(BinaryOperator::Eq, of("u", "id"));
    check(
        Merge { branches: both(), ..Merge::new(aliased, table("u"), on) },
        expect![[r#"
        MERGE INTO app.t x USING u ON (x.id = u.id) WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (u.id, :1)
        I32(1): INTEGER"#]],
    );
}

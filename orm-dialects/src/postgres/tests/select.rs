use expect_test::expect;
use orm_query::tree::{Distinct, Limit, Lock, LockStrength, LockWait, NullsOrder};

use super::*;

#[test]
fn every_clause() {
    let count = || call("count", [Expr::Star], DataType::BigInt);
    let on = col("id").binary(BinaryOperator::Eq, column_of("u", "t_id", DataType::Integer));
    check(
        Select {
            distinct: Some(Distinct::Rows),
            columns: vec![col("a").into(), label(count(), "n")],
            from: vec![table("t")],
            joins: vec![Join { kind: JoinKind::Full, to: table("u"), on: Some(on) }],
            filter: Some(col("a").binary(BinaryOperator::Gt, int(1))),
            group_by: vec![col("a")],
            having: Some(count().binary(BinaryOperator::Gt, int(3))),
            order_by: vec![OrderBy {
                descending: true,
                nulls: Some(NullsOrder::Last),
                ..Expr::Label("n".into()).into()
            }],
            limit: Some(Limit {
                count: Some(Limit::rows(10)),
                offset: Some(Limit::rows(20)),
                ..Limit::default()
            }),
            lock: None,
            ..Select::default()
        },
        expect![[r#"
            SELECT DISTINCT t.a, count(*) AS n FROM t FULL OUTER JOIN u ON t.id = u.t_id WHERE t.a > $1 GROUP BY t.a HAVING count(*) > $2 ORDER BY n DESC NULLS LAST LIMIT $3 OFFSET $4
            I32(1): INTEGER, I32(3): INTEGER, I64(10): BIGINT, I64(20): BIGINT"#]],
    );
    check(
        Select {
            limit: Some(Limit { offset: Some(Limit::rows(u64::MAX)), ..Limit::default() }),
            ..select([col("a")])
        },
        expect![[r#"
        SELECT t.a FROM t OFFSET $1
        I64(9223372036854775807): BIGINT"#]],
    );
    check(
        Select { from: vec![], ..select([int(1)]) },
        expect![[r#"
        SELECT $1
        I32(1): INTEGER"#]],
    );
}

#[test]
fn groups_of_expressions_with_binds() {
    let next = || col("a").binary(BinaryOperator::Add, int(1));
    check(
        Select {
            group_by: vec![next(), col("b")],
            order_by: vec![OrderBy { descending: true, ..next().into() }, col("b").into()],
            ..select([col("b"), next(), call("count", [Expr::Star], DataType::BigInt)])
        },
        expect![[r#"
            SELECT t.b, t.a + $1, count(*) FROM t GROUP BY 2, t.b ORDER BY 2 DESC, t.b
            I32(1): INTEGER"#]],
    );
    let ordered = Expr::Ordered(Box::new(OrderBy { descending: true, ..next().into() }));
    check(
        Select { distinct: Some(Distinct::Rows), order_by: vec![ordered.into()], ..select([next()]) },
        expect![[r#"
            SELECT DISTINCT t.a + $1 FROM t ORDER BY 1 DESC
            I32(1): INTEGER"#]],
    );
    check(
        Select { group_by: vec![next()], ..select([call("count", [Expr::Star], DataType::BigInt)]) },
        expect![[r#"
        SELECT count(*) FROM t GROUP BY t.a + $1
        I32(1): INTEGER"#]],
    );
    check(
        Select { order_by: vec![next().into()], ..select([next()]) },
        expect![[r#"
        SELECT t.a + $1 FROM t ORDER BY t.a + $2
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
}

#[test]
fn locks() {
    let lock = |strength, of, wait| Select { lock: Some(Lock { strength, of, wait }), ..select([col("a")]) };
    check(
        lock(LockStrength::Update, vec![], LockWait::SkipLocked),
        expect!["SELECT t.a FROM t FOR UPDATE SKIP LOCKED"],
    );
    let of = SourceRef { schema: Some("app".into()), name: "t".into() };
    check(
        lock(LockStrength::Share, vec![of], LockWait::NoWait),
        expect!["SELECT t.a FROM t FOR SHARE OF t NOWAIT"],
    );
}

#[test]
fn identifiers() {
    for (name, sql) in [
        ("a", "a"),
        ("user", "\"user\""),
        ("between", "\"between\""),
        ("name", "name"),
        ("Name", "\"Name\""),
        ("a\"b", "\"a\"\"b\""),
        ("json_table", "\"json_table\""),
    ] {
        assert_eq!(said(&Statement::Select(select([col(name)]))), format!("SELECT t.{sql} FROM t"));
    }
}

#[test]
fn reserved_words_are_sorted() {
    use crate::syntax::Syntax;
    for word in ["all", "json_value", "system_user", "xmltable", "returning"] {
        assert!(Postgres::default().is_reserved(word), "{word}");
    }
    assert!(!Postgres::default().is_reserved("id"));
}

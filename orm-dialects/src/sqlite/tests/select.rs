use expect_test::expect;
use orm_query::tree::{Distinct, Limit, Lock, LockStrength, LockWait, NullsOrder};

use super::*;

fn join(kind: JoinKind, to: From, on: Option<Expr>) -> Join {
    Join { kind, to, on }
}

fn on() -> Option<Expr> {
    Some(col("id").binary(BinaryOperator::Eq, column_of("u", "t_id", DataType::Integer)))
}

#[test]
fn every_clause() {
    let count = || call("count", [Expr::Star], DataType::BigInt);
    check(
        Select {
            distinct: Some(Distinct::Rows),
            columns: vec![col("a").into(), label(count(), "n")],
            from: vec![table("t")],
            joins: vec![join(JoinKind::Left, table("u"), on())],
            filter: Some(col("a").binary(BinaryOperator::Gt, int(1))),
            group_by: vec![col("a"), col("b").binary(BinaryOperator::Add, int(2))],
            having: Some(count().binary(BinaryOperator::Gt, int(3))),
            order_by: vec![OrderBy { descending: true, ..Expr::Label("n".into()).into() }, col("a").into()],
            limit: Some(Limit {
                count: Some(Limit::rows(10)),
                offset: Some(Limit::rows(20)),
                ..Limit::default()
            }),
            lock: None,
            ..Select::default()
        },
        expect![[r#"
            SELECT DISTINCT t.a, count(*) AS n FROM t LEFT OUTER JOIN u ON t.id = u.t_id WHERE t.a > ? GROUP BY t.a, t.b + ? HAVING count(*) > ? ORDER BY n DESC, t.a LIMIT ? OFFSET ?
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I64(10): BIGINT, I64(20): BIGINT"#]],
    );
}

#[test]
fn joins() {
    let with = |joins| Select { joins, ..select([col("a")]) };
    check(
        with(vec![join(JoinKind::Inner, table("u"), on())]),
        expect!["SELECT t.a FROM t JOIN u ON t.id = u.t_id"],
    );
    check(
        with(vec![join(JoinKind::Full, table("u"), on())]),
        expect!["SELECT t.a FROM t FULL OUTER JOIN u ON t.id = u.t_id"],
    );
    let alias = From::Table(named("u").alias("v"));
    check(
        with(vec![join(JoinKind::Cross, table("u"), None), join(JoinKind::Left, alias, Some(raw("a OR b")))]),
        expect!["SELECT t.a FROM t CROSS JOIN u LEFT OUTER JOIN u AS v ON a OR b"],
    );
    check(
        with(vec![join(JoinKind::Cross, table("u"), on())]),
        expect!["error: this statement cannot be compiled: a cross join takes no condition"],
    );
    check(
        with(vec![join(JoinKind::Inner, table("u"), None)]),
        expect!["error: this statement cannot be compiled: a join other than a cross join needs a condition"],
    );
    check(
        Select { from: vec![], ..with(vec![join(JoinKind::Inner, table("u"), on())]) },
        expect!["error: this statement cannot be compiled: a join needs a table before it"],
    );
}

#[test]
fn derived_tables() {
    let query = || {
        let limit = Some(Limit { count: Some(Limit::rows(1)), ..Limit::default() });
        Select { limit, ..select([col("a")]) }
    };
    let from = From::query(query(), "x");
    let columns = vec![column_of("x", "a", DataType::Integer).into()];
    let joins = vec![join(JoinKind::Inner, From::query(query(), "Y"), Some(raw("true")))];
    check(
        Select { columns, from: vec![from, table("u")], joins, ..Select::default() },
        expect![[r#"
        SELECT x.a FROM (SELECT t.a FROM t LIMIT ?) AS x, u JOIN (SELECT t.a FROM t LIMIT ?) AS "Y" ON true
        I64(1): BIGINT, I64(1): BIGINT"#]],
    );
}

#[test]
fn without_a_table() {
    check(
        Select { from: vec![], ..select([int(1)]) },
        expect![[r#"
        SELECT ?
        I32(1): INTEGER"#]],
    );
    check(select([]), expect!["error: this statement cannot be compiled: SELECT names at least one column"]);
}

#[test]
fn pages() {
    let page = |count: Option<u64>, offset: Option<u64>| {
        let limit =
            Limit { count: count.map(Limit::rows), offset: offset.map(Limit::rows), ..Limit::default() };
        Select { limit: Some(limit), ..select([col("a")]) }
    };
    check(
        page(Some(10), None),
        expect![[r#"
        SELECT t.a FROM t LIMIT ?
        I64(10): BIGINT"#]],
    );
    check(
        page(None, Some(10)),
        expect![[r#"
        SELECT t.a FROM t LIMIT -1 OFFSET ?
        I64(10): BIGINT"#]],
    );
    check(
        page(Some(0), Some(0)),
        expect![[r#"
        SELECT t.a FROM t LIMIT ? OFFSET ?
        I64(0): BIGINT, I64(0): BIGINT"#]],
    );
    check(
        page(Some(u64::MAX), Some(u64::MAX)),
        expect![[r#"
        SELECT t.a FROM t LIMIT ? OFFSET ?
        I64(9223372036854775807): BIGINT, I64(9223372036854775807): BIGINT"#]],
    );
}

#[test]
fn orders() {
    let by = |order_by| Select { order_by, ..select([col("a")]) };
    let order = |descending, nulls| OrderBy { expr: col("a"), descending, nulls };
    check(
        by(vec![
            order(false, None),
            order(true, None),
            order(true, Some(NullsOrder::First)),
            order(false, Some(NullsOrder::Last)),
        ]),
        expect!["SELECT t.a FROM t ORDER BY t.a, t.a DESC, t.a DESC NULLS FIRST, t.a NULLS LAST"],
    );
    check(
        by(vec![Expr::Ordered(Box::new(order(true, None))).into()]),
        expect!["SELECT t.a FROM t ORDER BY t.a DESC"],
    );
    check(
        by(vec![OrderBy { descending: true, ..Expr::Ordered(Box::new(order(true, None))).into() }]),
        expect!["error: this statement cannot be compiled: an expression is ordered twice"],
    );
    check(
        by(vec![col("a").binary(BinaryOperator::Eq, int(1)).into()]),
        expect![[r#"
        SELECT t.a FROM t ORDER BY t.a = ?
        I32(1): INTEGER"#]],
    );
}

#[test]
fn locks() {
    let lock = Lock { strength: LockStrength::Update, of: vec![], wait: LockWait::SkipLocked };
    check(
        Select { lock: Some(lock), ..select([col("a")]) },
        expect![
            "error: sqlite has no FOR UPDATE or FOR SHARE; a transaction that has written locks the whole database; `?transaction=immediate` locks it from BEGIN on"
        ],
    );
}

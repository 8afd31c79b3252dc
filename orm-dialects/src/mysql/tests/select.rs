use expect_test::expect;
use orm_query::tree::{
    Distinct, InQuery, Limit, Lock, LockStrength, LockWait, NullsOrder, Quantified, Quantifier,
};

use super::*;

fn join(kind: JoinKind) -> Select {
    let on = col("id").binary(BinaryOperator::Eq, column_of("u", "t_id", DataType::Integer));
    let on = (kind != JoinKind::Cross).then_some(on);
    Select { joins: vec![Join { kind, to: table("u"), on }], ..select([col("a")]) }
}

#[test]
fn every_clause() {
    let count = || call("count", [Expr::Star], DataType::BigInt);
    check(
        Select {
            distinct: Some(Distinct::Rows),
            columns: vec![col("a").into(), label(count(), "n")],
            filter: Some(col("a").binary(BinaryOperator::Gt, int(1))),
            group_by: vec![col("a"), col("b").binary(BinaryOperator::Add, int(2))],
            having: Some(count().binary(BinaryOperator::Gt, int(3))),
            order_by: vec![OrderBy { descending: true, ..Expr::Label("n".into()).into() }, col("a").into()],
            limit: Some(Limit {
                count: Some(Limit::rows(10)),
                offset: Some(Limit::rows(20)),
                ..Limit::default()
            }),
            ..join(JoinKind::Left)
        },
        expect![[r#"
            SELECT DISTINCT t.a, count(*) AS n FROM t LEFT OUTER JOIN u ON t.id = u.t_id WHERE t.a > ? GROUP BY t.a, t.b + ? HAVING count(*) > ? ORDER BY n DESC, t.a LIMIT ? OFFSET ?
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I64(10): BIGINT, I64(20): BIGINT"#]],
    );
}

#[test]
fn joins() {
    check(join(JoinKind::Inner), expect!["SELECT t.a FROM t JOIN u ON t.id = u.t_id"]);
    check(join(JoinKind::Cross), expect!["SELECT t.a FROM t CROSS JOIN u"]);
    check(join(JoinKind::Full), expect!["error: the database has no FULL JOIN; use two outer joins"]);
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
        SELECT t.a FROM t LIMIT 4611686018427387904 OFFSET ?
        I64(10): BIGINT"#]],
    );
}

#[test]
fn null_is_the_least_value() {
    let by = |order_by| Select { order_by, ..select([col("a")]) };
    let order = |descending, nulls| OrderBy { expr: col("a"), descending, nulls };
    check(
        by(vec![order(false, None), order(true, None)]),
        expect!["SELECT t.a FROM t ORDER BY t.a, t.a DESC"],
    );
    check(
        by(vec![order(false, Some(NullsOrder::First)), order(true, Some(NullsOrder::Last))]),
        expect!["SELECT t.a FROM t ORDER BY t.a, t.a DESC"],
    );
    check(
        by(vec![order(false, Some(NullsOrder::Last)), order(true, Some(NullsOrder::First))]),
        expect!["SELECT t.a FROM t ORDER BY t.a IS NULL, t.a, t.a IS NOT NULL, t.a DESC"],
    );
    let sum = OrderBy {
        expr: col("a").binary(BinaryOperator::Eq, int(1)),
        descending: false,
        nulls: Some(NullsOrder::Last),
    };
    check(
        by(vec![Expr::Ordered(Box::new(sum)).into()]),
        expect![[r#"
        SELECT t.a FROM t ORDER BY (t.a = ?) IS NULL, t.a = ?
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    let name = OrderBy { expr: Expr::Label("n".into()), descending: true, nulls: Some(NullsOrder::First) };
    check(
        Select { columns: vec![label(col("a"), "n")], ..by(vec![name]) },
        expect!["SELECT t.a AS n FROM t ORDER BY n IS NOT NULL, n DESC"],
    );
    check(
        by(vec![typed("a", DataType::Interval).into()]),
        expect!["error: the database has no order of intervals; keep a number of seconds or days"],
    );
}

#[test]
fn locks() {
    let lock = |strength, of: &[&'static str], wait| {
        let of = of.iter().map(|name| SourceRef::named(*name)).collect();
        Select { lock: Some(Lock { strength, of, wait }), ..select([col("a")]) }
    };
    use LockStrength::*;
    use LockWait::*;
    check(lock(Share, &[], Wait), expect!["SELECT t.a FROM t LOCK IN SHARE MODE"]);
    check(lock(Update, &[], Wait), expect!["SELECT t.a FROM t FOR UPDATE"]);
    check(lock(Update, &[], SkipLocked), expect!["SELECT t.a FROM t FOR UPDATE SKIP LOCKED"]);
    check(
        lock(Share, &[], NoWait),
        expect![[r#"
        mysql:   SELECT t.a FROM t FOR SHARE NOWAIT
        mariadb: SELECT t.a FROM t LOCK IN SHARE MODE NOWAIT"#]],
    );
    check(
        lock(Share, &["t"], Wait),
        expect![[r#"
        mysql:   SELECT t.a FROM t FOR SHARE OF t
        mariadb: error: the database has no FOR UPDATE OF; it locks the rows of all tables"#]],
    );
}

#[test]
fn subqueries_with_a_limit() {
    let limited = |filter| Select {
        limit: Some(Limit { count: Some(Limit::rows(2)), ..Limit::default() }),
        filter,
        ..select([col("b")])
    };
    let within = |query| {
        Expr::InQuery(Box::new(InQuery {
            operand: column_of("u", "a", DataType::Integer),
            query,
            negated: true,
        }))
    };
    check_expr(within(select([col("b")]).into()), expect!["SELECT u.a NOT IN (SELECT t.b FROM t) FROM t, u"]);
    check_expr(
        within(limited(None).into()),
        expect![[r#"
        SELECT u.a NOT IN (SELECT * FROM (SELECT t.b FROM t LIMIT ?) AS derived_rows) FROM t, u
        I64(2): BIGINT"#]],
    );
    let outer = column_of("u", "a", DataType::Integer).binary(BinaryOperator::Eq, col("a"));
    check_expr(
        within(limited(Some(outer)).into()),
        expect![
            "error: the database has no LIMIT in such a subquery; a query with LIMIT behind IN, ANY or ALL cannot read the outer query's columns"
        ],
    );
    let all =
        Expr::Quantified(Box::new(Quantified { quantifier: Quantifier::All, query: limited(None).into() }));
    check_expr(
        col("a").binary(BinaryOperator::Gt, all),
        expect![[r#"
        SELECT t.a > ALL (SELECT * FROM (SELECT t.b FROM t LIMIT ?) AS derived_rows) FROM t, u
        I64(2): BIGINT"#]],
    );
}

#[test]
fn derived_tables() {
    let query = select([col("a")]);
    let columns = vec![column_of("x", "a", DataType::Integer).into()];
    let from = vec![From::query(query, "x")];
    check(Select { columns, from, ..Select::default() }, expect!["SELECT x.a FROM (SELECT t.a FROM t) AS x"]);
}

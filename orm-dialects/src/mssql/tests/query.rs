use orm_query::tree::{Compound, Cte, InQuery, Values};
use orm_query::tree::{SetOperation, SetOperator};

use super::*;

const UNION: SetOperator = SetOperator { kind: SetOperation::Union, all: false };
const UNION_ALL: SetOperator = SetOperator { kind: SetOperation::Union, all: true };

fn compound(operator: SetOperator, queries: Vec<Query>) -> Compound {
    Compound { with: With::default(), operator, queries, order_by: vec![], limit: None }
}

fn a() -> Query {
    select([col("a")]).into()
}

fn first() -> Query {
    let order_by = vec![col("b").into()];
    Select { order_by, limit: rows(Some(1), None), ..select([col("a")]) }.into()
}

#[test]
fn compounds() {
    let ordered = |limit| Compound {
        order_by: vec![Expr::Label("a".into()).into()],
        limit,
        ..compound(UNION, vec![a(), a()])
    };
    check(
        compound(UNION_ALL, vec![a(), a(), a()]),
        expect!["SELECT t.a FROM t UNION ALL SELECT t.a FROM t UNION ALL SELECT t.a FROM t"],
    );
    check(
        compound(SetOperator { kind: SetOperation::Except, all: true }, vec![a(), a()]),
        expect!["error: mssql has no EXCEPT ALL and INTERSECT ALL; leave ALL out, or number the rows"],
    );
    check(
        compound(
            SetOperator { kind: SetOperation::Intersect, all: false },
            vec![compound(UNION, vec![a(), a()]).into(), a()],
        ),
        expect!["(SELECT t.a FROM t UNION SELECT t.a FROM t) INTERSECT SELECT t.a FROM t"],
    );
    check(ordered(None), expect!["SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY a"]);
    check(
        ordered(rows(Some(2), Some(1))),
        expect![[r#"
        SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY a OFFSET @P1 ROWS FETCH FIRST @P2 ROWS ONLY
        I64(1): BIGINT, I64(2): BIGINT"#]],
    );
    check(
        ordered(rows(Some(2), None)),
        expect![[r#"
        SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY a OFFSET 0 ROWS FETCH FIRST @P1 ROWS ONLY
        I64(2): BIGINT"#]],
    );
    check(
        ordered(rows(Some(0), None)),
        expect!["SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY a OFFSET 9223372036854775807 ROWS"],
    );
    check(
        Compound { limit: rows(Some(2), None), ..compound(UNION, vec![a(), a()]) },
        expect![[r#"
        SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY 1 OFFSET 0 ROWS FETCH FIRST @P1 ROWS ONLY
        I64(2): BIGINT"#]],
    );
    let ties = Limit { count: Some(Limit::rows(1)), with_ties: true, ..Limit::default() };
    check(
        ordered(Some(ties)),
        expect!["error: mssql has no UNION with PERCENT or WITH TIES; limit a query around it"],
    );
    check(
        compound(UNION, vec![first(), first()]),
        expect![
            "SELECT q.c1 AS a FROM (SELECT TOP 1 t.a FROM t ORDER BY t.b) AS q (c1) UNION SELECT q.c1 AS a FROM (SELECT TOP 1 t.a FROM t ORDER BY t.b) AS q (c1)"
        ],
    );
    let limited = Compound { limit: rows(Some(2), None), ..compound(UNION, vec![a(), a()]) };
    check(
        compound(UNION, vec![limited.into(), a()]),
        expect![[r#"
        SELECT q.c1 AS a FROM (SELECT t.a FROM t UNION SELECT t.a FROM t ORDER BY 1 OFFSET 0 ROWS FETCH FIRST @P1 ROWS ONLY) AS q (c1) UNION SELECT t.a FROM t
        I64(2): BIGINT"#]],
    );
    let values = Values { rows: vec![vec![int(1)], vec![int(2)]] };
    check(
        compound(UNION, vec![a(), values.into()]),
        expect![[r#"
        SELECT t.a FROM t UNION SELECT v.c1 FROM (VALUES (@P1), (@P2)) AS v (c1)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

#[test]
fn compounds_inside() {
    let ordered =
        || Compound { order_by: vec![Expr::Label("a".into()).into()], ..compound(UNION, vec![a(), a()]) };
    check(
        Select {
            from: vec![From::query(ordered(), "x")],
            ..select([column_of("x", "a", DataType::Integer)])
        },
        expect!["SELECT x.a FROM (SELECT t.a FROM t UNION SELECT t.a FROM t) AS x"],
    );
    let within = |query| Expr::InQuery(Box::new(InQuery { operand: col("a"), query, negated: false }));
    check_where(
        within(ordered().into()),
        expect!["SELECT t.id FROM t WHERE t.a IN (SELECT t.a FROM t UNION SELECT t.a FROM t)"],
    );
    let values = Values { rows: vec![vec![int(1)], vec![int(2)]] };
    check_where(
        within(values.into()),
        expect![[r#"
        SELECT t.id FROM t WHERE t.a IN (SELECT v.c1 FROM (VALUES (@P1), (@P2)) AS v (c1))
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

fn cte(name: &'static str, statement: Statement) -> Cte {
    Cte {
        name: name.into(),
        columns: vec![],
        statement: Box::new(statement),
        recursive: false,
        materialized: None,
    }
}

fn reads(name: &'static str) -> From {
    From::Cte { name: name.into(), alias: None }
}

#[test]
fn with() {
    let one = cte("one", Statement::Select(select([col("a")])));
    let top = cte(
        "top",
        Statement::Select(Select {
            from: vec![reads("one")],
            ..select([column_of("one", "a", DataType::Integer)])
        }),
    );
    let outer = |ctes| Select {
        with: With { ctes },
        from: vec![reads("top")],
        ..select([column_of("top", "a", DataType::Integer)])
    };
    check(
        outer(vec![one.clone(), top]),
        expect![
            "WITH one AS (SELECT t.a FROM t), [top] AS (SELECT one.a FROM one) SELECT [top].a FROM [top]"
        ],
    );
    check(
        outer(vec![one.clone()]),
        expect![
            "error: this statement cannot be compiled: `top` is a derived table, and nothing says what it holds: add `.with(query.cte(top))`, or take it from `query.subquery(top)`"
        ],
    );
    check(
        outer(vec![Cte { materialized: Some(true), ..cte("top", Statement::Select(select([col("a")]))) }]),
        expect!["error: mssql has no MATERIALIZED; leave it to the planner"],
    );
    let inner = Select { with: With { ctes: vec![one] }, ..select([col("a")]) };
    check(
        Select { from: vec![From::query(inner, "x")], ..select([column_of("x", "a", DataType::Integer)]) },
        expect![
            "error: mssql has no WITH inside of a query; give it to the outermost statement, or use a subquery"
        ],
    );
}

#[test]
fn recursive() {
    let n = || column_of("numbers", "n", DataType::Integer);
    let start = Select { columns: vec![label(int(1), "n")], ..Select::default() };
    let next = Select {
        from: vec![reads("numbers")],
        filter: Some(is(n(), BinaryOperator::Lt, int(5))),
        ..select([is(n(), BinaryOperator::Add, int(1))])
    };
    let numbers = |operator| Cte {
        columns: vec!["n".into()],
        recursive: true,
        ..cte(
            "numbers",
            Statement::Compound(compound(operator, vec![start.clone().into(), next.clone().into()])),
        )
    };
    let q = |operator| Select {
        with: With { ctes: vec![numbers(operator)] },
        from: vec![reads("numbers")],
        ..select([n()])
    };
    check(
        q(UNION_ALL),
        expect![[r#"
        WITH numbers(n) AS (SELECT @P1 AS n UNION ALL SELECT numbers.n + @P2 FROM numbers WHERE numbers.n < @P3) SELECT numbers.n FROM numbers
        I32(1): INTEGER, I32(1): INTEGER, I32(5): INTEGER"#]],
    );
    check(
        q(UNION),
        expect![
            "error: mssql has no recursive WITH by UNION; use UNION ALL, and leave out what was there already by its condition"
        ],
    );
}

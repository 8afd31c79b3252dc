use orm_query::tree::{
    Distinct, Hint, Joined, Lock, LockStrength, LockWait, NullsOrder, Phrase, Sample, TableFunction, Values,
};

use super::*;

fn by_id() -> Select {
    Select { order_by: vec![col("id").into()], ..select([col("id")]) }
}

#[test]
fn every_clause() {
    let count = || call("count", [Expr::Star], DataType::BigInt);
    check(
        Select {
            distinct: Some(Distinct::Rows),
            columns: vec![col("a").into(), label(count(), "n")],
            joins: vec![Join { kind: JoinKind::Left, to: table("u"), on: Some(one()) }],
            filter: Some(is(col("a"), BinaryOperator::Gt, int(1))),
            group_by: vec![col("a"), is(col("b"), BinaryOperator::Add, int(2))],
            having: Some(is(count(), BinaryOperator::Gt, int(3))),
            order_by: vec![OrderBy { descending: true, ..Expr::Label("n".into()).into() }, col("a").into()],
            limit: rows(Some(10), Some(20)),
            ..select([])
        },
        expect![[r#"
            SELECT DISTINCT t.a, count(*) AS n FROM t LEFT OUTER JOIN u ON t.id = @P1 WHERE t.a > @P2 GROUP BY t.a, t.b + @P3 HAVING count(*) > @P4 ORDER BY n DESC, t.a OFFSET @P5 ROWS FETCH FIRST @P6 ROWS ONLY
            I32(1): INTEGER, I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I64(20): BIGINT, I64(10): BIGINT"#]],
    );
}

#[test]
fn pages() {
    let page = |count, offset| Select { limit: rows(count, offset), ..by_id() };
    check(page(Some(3), None), expect!["SELECT TOP 3 t.id FROM t ORDER BY t.id"]);
    check(page(Some(0), None), expect!["SELECT TOP 0 t.id FROM t ORDER BY t.id"]);
    check(
        page(Some(3), Some(4)),
        expect![[r#"
        SELECT t.id FROM t ORDER BY t.id OFFSET @P1 ROWS FETCH FIRST @P2 ROWS ONLY
        I64(4): BIGINT, I64(3): BIGINT"#]],
    );
    check(
        page(None, Some(4)),
        expect![[r#"
        SELECT t.id FROM t ORDER BY t.id OFFSET @P1 ROWS
        I64(4): BIGINT"#]],
    );
    check(page(Some(0), Some(4)), expect!["SELECT TOP 0 t.id FROM t ORDER BY t.id"]);
    let unordered = |q: Select| Select { order_by: vec![], ..q };
    check(unordered(page(Some(3), None)), expect!["SELECT TOP 3 t.id FROM t"]);
    check(
        unordered(page(Some(3), Some(4))),
        expect![[r#"
        SELECT t.id FROM t ORDER BY (SELECT NULL) OFFSET @P1 ROWS FETCH FIRST @P2 ROWS ONLY
        I64(4): BIGINT, I64(3): BIGINT"#]],
    );
    let distinct = |q: Select| Select { distinct: Some(Distinct::Rows), ..q };
    check(distinct(unordered(page(Some(3), None))), expect!["SELECT DISTINCT TOP 3 t.id FROM t"]);
    check(
        distinct(unordered(page(Some(3), Some(4)))),
        expect![[r#"
        SELECT DISTINCT t.id FROM t ORDER BY 1 OFFSET @P1 ROWS FETCH FIRST @P2 ROWS ONLY
        I64(4): BIGINT, I64(3): BIGINT"#]],
    );
    let limited = |limit| Select { limit: Some(limit), ..by_id() };
    let sum = || Some(is(int(1), BinaryOperator::Add, int(1)));
    check(
        limited(Limit { count: sum(), ..Limit::default() }),
        expect![[r#"
        SELECT t.id FROM t ORDER BY t.id OFFSET 0 ROWS FETCH FIRST @P1 + @P2 ROWS ONLY
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        unordered(limited(Limit { count: sum(), ..Limit::default() })),
        expect![[r#"
        SELECT t.id FROM t ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH FIRST @P1 + @P2 ROWS ONLY
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    let three = || Limit { count: Some(Limit::rows(3)), ..Limit::default() };
    check(
        limited(Limit { fetch: true, ..three() }),
        expect![[r#"
        SELECT t.id FROM t ORDER BY t.id OFFSET 0 ROWS FETCH FIRST @P1 ROWS ONLY
        I64(3): BIGINT"#]],
    );
    check(
        limited(Limit { with_ties: true, ..three() }),
        expect!["SELECT TOP 3 WITH TIES t.id FROM t ORDER BY t.id"],
    );
    check(
        limited(Limit { with_ties: true, percent: true, count: sum(), ..three() }),
        expect![[r#"
        SELECT TOP (@P1 + @P2) PERCENT WITH TIES t.id FROM t ORDER BY t.id
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        unordered(limited(Limit { with_ties: true, ..three() })),
        expect!["error: this statement cannot be compiled: WITH TIES needs an ORDER BY"],
    );
    check(
        limited(Limit { with_ties: true, offset: Some(Limit::rows(1)), ..three() }),
        expect![
            "error: mssql has no OFFSET … FETCH with PERCENT or WITH TIES; leave the offset out, or compare `rank()` or `percent_rank()`"
        ],
    );
}

#[test]
fn orders() {
    let by = |descending, nulls| OrderBy { expr: col("a"), descending, nulls };
    let order_by = |order_by| Select { order_by, ..select([col("a")]) };
    check(
        order_by(vec![
            by(false, Some(NullsOrder::First)),
            by(true, Some(NullsOrder::First)),
            by(false, Some(NullsOrder::Last)),
            by(true, Some(NullsOrder::Last)),
            by(true, None),
        ]),
        expect![
            "SELECT t.a FROM t ORDER BY t.a, CASE WHEN t.a IS NULL THEN 0 ELSE 1 END, t.a DESC, CASE WHEN t.a IS NULL THEN 1 ELSE 0 END, t.a, t.a DESC, t.a DESC"
        ],
    );
    let label = OrderBy { nulls: Some(NullsOrder::Last), ..Expr::Label("n".into()).into() };
    check(
        order_by(vec![label]),
        expect!["error: mssql has no NULLS FIRST and NULLS LAST of a label; order by the expression itself"],
    );
    let distinct = Some(Distinct::Rows);
    check(
        Select { distinct, ..order_by(vec![by(false, Some(NullsOrder::Last))]) },
        expect!["error: mssql has no DISTINCT ordered by NULLS FIRST or NULLS LAST; order a query around it"],
    );
    let from = vec![From::query(by_id(), "x")];
    check(
        Select { from, columns: vec![column_of("x", "id", DataType::Integer).into()], ..Select::default() },
        expect!["SELECT x.id FROM (SELECT t.id FROM t) AS x"],
    );
    let limited = Select { limit: rows(Some(3), None), ..by_id() };
    let from = vec![From::query(limited, "x")];
    check(
        Select { from, columns: vec![column_of("x", "id", DataType::Integer).into()], ..Select::default() },
        expect!["SELECT x.id FROM (SELECT TOP 3 t.id FROM t ORDER BY t.id) AS x"],
    );
}

#[test]
fn groups() {
    let key = || is(col("a"), BinaryOperator::Add, int(1));
    check(
        Select { group_by: vec![key()], ..select([key()]) },
        expect![
            "error: mssql has no GROUP BY of an expression with values that is selected too; write the values by `literal`, or group a subquery by its column"
        ],
    );
    check(
        Select { group_by: vec![key()], ..select([call("count", [Expr::Star], DataType::BigInt)]) },
        expect![[r#"
            SELECT count(*) FROM t GROUP BY t.a + @P1
            I32(1): INTEGER"#]],
    );
    check(
        Select { group_by: vec![Expr::Label("n".into())], ..select([col("a")]) },
        expect!["error: mssql has no GROUP BY of a label; group by the expression itself"],
    );
    check(
        Select { distinct: Some(Distinct::On(vec![col("a")])), ..by_id() },
        expect![
            "error: mssql has no DISTINCT ON; number the rows of each group by `row_number()`, and take the first"
        ],
    );
}

#[test]
fn joins() {
    let join = |kind, to, on| Join { kind, to, on };
    let nested = From::Joined(Box::new(Joined {
        from: table("u"),
        joins: vec![join(JoinKind::Inner, table("v"), Some(raw("u.a = v.a")))],
    }));
    check(
        Select { joins: vec![join(JoinKind::Full, nested, Some(one()))], ..select([col("a")]) },
        expect![[r#"
        SELECT t.a FROM t FULL OUTER JOIN (u JOIN v ON u.a = v.a) ON t.id = @P1
        I32(1): INTEGER"#]],
    );
    let cross = vec![join(JoinKind::Cross, From::Table(named("u").alias("o")), None)];
    check(
        Select { joins: cross, from: vec![table("s"), table("t")], ..select([col("a")]) },
        expect!["SELECT t.a FROM s, t CROSS JOIN u AS o"],
    );
}

#[test]
fn lateral() {
    let latest = || From::Query {
        query: Box::new(
            Select {
                limit: rows(Some(1), None),
                filter: Some(raw("u.t_id = t.id")),
                from: vec![table("u")],
                ..by_id()
            }
            .into(),
        ),
        alias: "latest".into(),
        columns: vec![],
        lateral: true,
    };
    let on = |kind, on| Select { joins: vec![Join { kind, to: latest(), on }], ..select([col("a")]) };
    check(
        on(JoinKind::Inner, Some(Expr::And(vec![]))),
        expect![
            "SELECT t.a FROM t CROSS APPLY (SELECT TOP 1 t.id FROM u WHERE u.t_id = t.id ORDER BY t.id) AS latest"
        ],
    );
    check(
        on(JoinKind::Left, Some(bind(Value::Bool(true), DataType::Boolean))),
        expect![
            "SELECT t.a FROM t OUTER APPLY (SELECT TOP 1 t.id FROM u WHERE u.t_id = t.id ORDER BY t.id) AS latest"
        ],
    );
    check(
        on(JoinKind::Cross, None),
        expect![
            "SELECT t.a FROM t CROSS APPLY (SELECT TOP 1 t.id FROM u WHERE u.t_id = t.id ORDER BY t.id) AS latest"
        ],
    );
    check(
        on(JoinKind::Left, Some(one())),
        expect![
            "error: mssql has no LATERAL with a condition; put the condition into the subquery, and join it on true"
        ],
    );
    check(on(JoinKind::Full, Some(one())), expect!["error: mssql has no FULL JOIN of LATERAL"]);
    check(
        Select { from: vec![table("s"), table("t"), latest()], ..select([col("a")]) },
        expect![
            "SELECT t.a FROM s CROSS JOIN t CROSS APPLY (SELECT TOP 1 t.id FROM u WHERE u.t_id = t.id ORDER BY t.id) AS latest"
        ],
    );
}

#[test]
fn sources() {
    let of = |from, column| Select { from: vec![from], ..select([column]) };
    let numbers = |columns, ordinality| {
        From::Function(Box::new(TableFunction {
            function: function("generate_series", [int(1), int(3)], DataType::Integer),
            alias: "g".into(),
            columns,
            ordinality,
            lateral: false,
        }))
    };
    let value = || column_of("g", "value", DataType::Integer);
    check(
        of(numbers(vec![], false), value()),
        expect![[r#"
        SELECT g.value FROM generate_series(@P1, @P2) AS g
        I32(1): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        of(numbers(vec!["value".into()], false), value()),
        expect![[r#"
        SELECT g.value FROM (SELECT * FROM generate_series(@P1, @P2) AS f) AS g (value)
        I32(1): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        of(numbers(vec![], true), value()),
        expect!["error: mssql has no WITH ORDINALITY; number the rows by `row_number()`"],
    );
    let sample = |method: &'static str, seed| {
        From::Sample(Box::new(Sample {
            table: named("t").alias("s"),
            method: method.into(),
            argument: bind(Value::F64(2.5), DataType::Double),
            seed,
        }))
    };
    check(
        of(sample("system", Some(int(7))), column_of("s", "a", DataType::Integer)),
        expect!["SELECT s.a FROM t AS s TABLESAMPLE SYSTEM (2.5 PERCENT) REPEATABLE (7)"],
    );
    check(
        of(sample("bernoulli", None), col("a")),
        expect![
            "error: `t` is not in the FROM clause of this query, which reads `t.a`; join it, or correlate it in a subquery"
        ],
    );
    let values = || Values { rows: vec![vec![int(1), string("one")], vec![int(2), string("two")]] };
    let from = |columns| From::Query {
        query: Box::new(values().into()),
        alias: "v".into(),
        columns,
        lateral: false,
    };
    check(
        of(from(vec!["k".into(), "v".into()]), column_of("v", "k", DataType::Integer)),
        expect![[r#"
        SELECT v.k FROM (VALUES (@P1, @P2), (@P3, @P4)) AS v (k, v)
        I32(1): INTEGER, Text("one"): TEXT, I32(2): INTEGER, Text("two"): TEXT"#]],
    );
    check(
        of(from(vec![]), column_of("v", "k", DataType::Integer)),
        expect!["error: this statement cannot be compiled: the columns of the VALUES `v` have no names"],
    );
}

#[test]
fn locks() {
    let lock = |strength, wait, of| Select { lock: Some(Lock { strength, of, wait }), ..select([col("id")]) };
    check(
        lock(LockStrength::Update, LockWait::Wait, vec![]),
        expect!["SELECT t.id FROM t WITH (UPDLOCK, ROWLOCK)"],
    );
    check(
        lock(LockStrength::Update, LockWait::SkipLocked, vec![]),
        expect!["SELECT t.id FROM t WITH (UPDLOCK, ROWLOCK, READPAST)"],
    );
    check(
        lock(LockStrength::Share, LockWait::NoWait, vec![]),
        expect!["SELECT t.id FROM t WITH (REPEATABLEREAD, ROWLOCK, NOWAIT)"],
    );
    check(
        lock(LockStrength::KeyShare, LockWait::Wait, vec![]),
        expect!["SELECT t.id FROM t WITH (REPEATABLEREAD, ROWLOCK)"],
    );
    let two = |of| Select {
        from: vec![table("t"), From::Table(named("u").alias("o"))],
        ..lock(LockStrength::Update, LockWait::Wait, of)
    };
    check(two(vec![SourceRef::named("o")]), expect!["SELECT t.id FROM t, u AS o WITH (UPDLOCK, ROWLOCK)"]);
    check(
        two(vec![SourceRef::named("x")]),
        expect!["error: this statement cannot be compiled: `x`, whose rows are to be locked, is not in FROM"],
    );
    let inner = From::query(by_id(), "x");
    check(
        Select { from: vec![inner], ..lock(LockStrength::Update, LockWait::Wait, vec![]) },
        expect!["error: mssql has no FOR UPDATE of a subquery; name the tables to be locked by `of`"],
    );
    let nested = orm_query::tree::InQuery { operand: col("id"), query: by_id().into(), negated: false };
    check(
        Select {
            filter: Some(Expr::InQuery(Box::new(nested))),
            ..lock(LockStrength::Update, LockWait::Wait, vec![])
        },
        expect!["SELECT t.id FROM t WITH (UPDLOCK, ROWLOCK) WHERE t.id IN (SELECT t.id FROM t)"],
    );
}

#[test]
fn hints_and_phrases() {
    let hint = |source, sql| Hint { dialect: "mssql".into(), source, sql };
    let hints = vec![
        hint(Some(SourceRef::named("t")), "WITH (NOLOCK)".into()),
        hint(None, "OPTION (MAXDOP 1)".into()),
        Hint { dialect: "mysql".into(), source: None, sql: "x".into() },
    ];
    check(
        Select { hints, ..by_id() },
        expect!["SELECT t.id FROM t WITH (NOLOCK) ORDER BY t.id OPTION (MAXDOP 1)"],
    );
    let phrase = |sql: &'static str| Phrase { dialect: None, sql: sql.into() };
    check(
        Select {
            prefixes: vec![phrase("ALL")],
            suffixes: vec![phrase("-- end")],
            limit: rows(Some(1), None),
            ..by_id()
        },
        expect![[r#"
            SELECT ALL TOP 1 t.id FROM t ORDER BY t.id -- end
        "#]],
    );
}

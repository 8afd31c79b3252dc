use expect_test::expect;
use orm_query::tree::{
    Compound, Cte, Distinct, Hint, Lock, LockStrength, LockWait, Sample, SetOperation, SetOperator,
    TableFunction, With,
};

use super::*;

fn limited(limit: Limit) -> Select {
    Select { order_by: vec![col("a").into()], limit: Some(limit), ..select([col("a")]) }
}

#[test]
fn nothing_is_read_from_dual() {
    check(
        Select { from: Vec::new(), ..select([int(1)]) },
        expect![[r#"
        SELECT :1 FROM DUAL
        I32(1): INTEGER"#]],
    );
}

#[test]
fn limits() {
    let rows = |count: Option<u64>, offset: Option<u64>| Limit {
        count: count.map(Limit::rows),
        offset: offset.map(Limit::rows),
        ..Limit::default()
    };
    check(limited(rows(Some(2), None)), expect!["SELECT t.a FROM t ORDER BY t.a FETCH FIRST 2 ROWS ONLY"]);
    check(
        limited(rows(Some(2), Some(3))),
        expect!["SELECT t.a FROM t ORDER BY t.a OFFSET 3 ROWS FETCH FIRST 2 ROWS ONLY"],
    );
    check(limited(rows(None, Some(3))), expect!["SELECT t.a FROM t ORDER BY t.a OFFSET 3 ROWS"]);
    let sum = int(1).binary(BinaryOperator::Add, int(1));
    check(
        limited(Limit { count: Some(sum), ..Limit::default() }),
        expect![[r#"
        SELECT t.a FROM t ORDER BY t.a FETCH FIRST :1 + :2 ROWS ONLY
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        limited(Limit { with_ties: true, ..rows(Some(2), None) }),
        expect!["SELECT t.a FROM t ORDER BY t.a FETCH FIRST 2 ROWS WITH TIES"],
    );
    check(
        limited(Limit { percent: true, ..rows(Some(20), None) }),
        expect!["SELECT t.a FROM t ORDER BY t.a FETCH FIRST 20 PERCENT ROWS ONLY"],
    );
}

#[test]
fn locks() {
    let lock = |of: Vec<SourceRef>, strength, wait| Some(Lock { strength, of, wait });
    let t = || vec![SourceRef::named("t")];
    let plain = || select([col("a")]);
    check(
        Select { lock: lock(vec![], LockStrength::Update, LockWait::NoWait), ..plain() },
        expect!["SELECT t.a FROM t FOR UPDATE NOWAIT"],
    );
    check(
        Select { lock: lock(vec![], LockStrength::KeyShare, LockWait::SkipLocked), ..plain() },
        expect!["SELECT t.a FROM t FOR UPDATE SKIP LOCKED"],
    );
    check(
        Select { lock: lock(t(), LockStrength::Update, LockWait::Wait), ..plain() },
        expect!["SELECT t.a FROM t FOR UPDATE OF t.a"],
    );
    let of_another = lock(vec![SourceRef::named("u")], LockStrength::Update, LockWait::Wait);
    check(
        Select { lock: of_another, ..plain() },
        expect!["error: oracle has no FOR UPDATE OF a table without a column; select one of its columns"],
    );
    let one = Limit { count: Some(Limit::rows(1)), ..Limit::default() };
    let update = lock(vec![], LockStrength::Update, LockWait::Wait);
    check(
        Select { lock: update, ..limited(one) },
        expect![
            "error: oracle has no FOR UPDATE of limited, distinct or grouped rows; lock the rows whose keys a subquery finds"
        ],
    );
}

#[test]
fn hints() {
    let hint = |dialect: &'static str, source: Option<SourceRef>, sql: &'static str| Hint {
        dialect: dialect.into(),
        source,
        sql: sql.into(),
    };
    let of_t = Some(SourceRef::named("t"));
    let hints = vec![
        hint("oracle", of_t, "INDEX(t ix_t)"),
        hint("oracle", None, "PARALLEL(2)"),
        hint("mysql", None, "NO_CACHE"),
    ];
    check(
        Select { hints, ..select([col("a")]) },
        expect!["SELECT /*+ INDEX(t ix_t) PARALLEL(2) */ t.a FROM t"],
    );
    check(
        Select { hints: vec![hint("oracle", None, "X */ y")], ..select([col("a")]) },
        expect![
            "error: this statement cannot be compiled: the hint `X */ y` ends the comment that it stands in"
        ],
    );
}

#[test]
fn groups_take_the_binds_of_the_select_list() {
    let next = |name| col(name).binary(BinaryOperator::Add, int(1));
    let grouped = Select {
        group_by: vec![next("a"), next("b"), col("c")],
        order_by: vec![next("b").into(), next("d").into()],
        ..select([next("a"), next("b"), col("c")])
    };
    check(
        grouped,
        expect![[r#"
        SELECT t.a + :1, t.b + :2, t.c FROM t GROUP BY t.a + :1, t.b + :2, t.c ORDER BY t.b + :2, t.d + :3
        I32(1): INTEGER, I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        Select { group_by: vec![Expr::Label("n".into())], ..select([col("a")]) },
        expect!["error: oracle has no label in GROUP BY; repeat the expression"],
    );
    check_23(
        Select { group_by: vec![Expr::Label("n".into())], ..select([col("a")]) },
        expect!["SELECT t.a FROM t GROUP BY n"],
    );
    let distinct = Some(Distinct::Rows);
    check(
        Select { distinct: distinct.clone(), ..select([typed("note", DataType::Json)]) },
        expect!["error: oracle has no DISTINCT of a LOB; leave the column out, or give it a length"],
    );
    check(
        Select { order_by: vec![typed("note", DataType::Json).into()], ..select([col("a")]) },
        expect![
            "error: oracle has no comparison or order of a LOB; give the column a length, or use LIKE or DBMS_LOB.COMPARE"
        ],
    );
    check(
        Select { distinct: Some(Distinct::On(vec![col("a")])), ..select([col("a")]) },
        expect![
            "error: oracle has no DISTINCT ON; number the rows of each group by `row_number()`, and take the first"
        ],
    );
}

#[test]
fn sources() {
    let from = |from: From| Select { from: vec![from], ..select([column_of("x", "a", DataType::Integer)]) };
    let values = Values { rows: vec![vec![int(1), string("one")], vec![int(2), string("two")]] };
    let query = |query: Query, columns: &[&'static str], lateral| From::Query {
        query: Box::new(query),
        alias: "x".into(),
        columns: columns.iter().map(|name| Name::Borrowed(name)).collect(),
        lateral,
    };
    check(
        from(query(select([col("a")]).into(), &[], false)),
        expect!["SELECT x.a FROM (SELECT t.a FROM t) x"],
    );
    check(
        from(query(select([col("a")]).into(), &["b"], true)),
        expect!["SELECT x.a FROM LATERAL (SELECT t.a AS b FROM t) x"],
    );
    check(
        from(query(values.clone().into(), &["k", "v"], false)),
        expect!["error: oracle has no VALUES as a query; unite queries of the values by `union_all`"],
    );
    check_23(
        from(query(values.into(), &["k", "v"], false)),
        expect![[r#"
        SELECT x.a FROM (VALUES (:1, :2), (:3, :4)) x (k, v)
        I32(1): INTEGER, Text("one"): VARCHAR(20), I32(2): INTEGER, Text("two"): VARCHAR(20)"#]],
    );
    let sample = |method: &'static str| {
        From::Sample(Box::new(Sample {
            table: named("t").alias("x"),
            method: method.into(),
            argument: int(10),
            seed: Some(sql("1")),
        }))
    };
    check(from(sample("bernoulli")), expect!["SELECT x.a FROM t SAMPLE (10) SEED (1) x"]);
    check(from(sample("system")), expect!["SELECT x.a FROM t SAMPLE BLOCK (10) SEED (1) x"]);
    check(
        from(sample("other")),
        expect!["error: oracle has no this method of TABLESAMPLE; `bernoulli` or `system`"],
    );
    let function = |columns: &[&'static str]| {
        From::Function(Box::new(TableFunction {
            function: Function::new("numbers", vec![int(3)], DataType::Integer),
            alias: "x".into(),
            columns: columns.iter().map(|name| Name::Borrowed(name)).collect(),
            ordinality: false,
            lateral: false,
        }))
    };
    check(
        from(function(&[])),
        expect![[r#"
        SELECT x.a FROM TABLE(numbers(:1)) x
        I32(3): INTEGER"#]],
    );
    check(
        from(function(&["a"])),
        expect![[r#"
        SELECT x.a FROM (SELECT COLUMN_VALUE AS a FROM TABLE(numbers(:1))) x
        I32(3): INTEGER"#]],
    );
    check(
        from(function(&["a", "b"])),
        expect!["error: oracle has no names for the columns of a function; take its own names"],
    );
}

fn cte(name: &'static str, statement: impl Into<Said>, recursive: bool) -> Cte {
    Cte {
        name: name.into(),
        columns: Vec::new(),
        statement: Box::new(statement.into().0),
        recursive,
        materialized: None,
    }
}

fn union(queries: impl IntoIterator<Item = Select>, kind: SetOperation, all: bool) -> Compound {
    Compound {
        with: With::default(),
        operator: SetOperator { kind, all },
        queries: queries.into_iter().map(Query::from).collect(),
        order_by: Vec::new(),
        limit: None,
    }
}

#[test]
fn ctes() {
    let read = |name: &'static str| From::Cte { name: name.into(), alias: None };
    let of = |name: &'static str| column_of(name, "n", DataType::Integer);
    let with = |cte: Cte| With { ctes: vec![cte] };
    let plain = Select { columns: vec![label(col("a"), "n")], ..select([]) };
    let outer = |with: With| Select { with, from: vec![read("x")], ..select([of("x")]) };
    check(
        outer(with(cte("x", plain.clone(), false))),
        expect!["WITH x AS (SELECT t.a AS n FROM t) SELECT x.n FROM x"],
    );
    let first = Select { columns: vec![label(int(1), "n")], from: Vec::new(), ..Select::default() };
    let next = Select {
        from: vec![read("x")],
        filter: Some(of("x").binary(BinaryOperator::Lt, int(5))),
        ..select([of("x").binary(BinaryOperator::Add, int(1))])
    };
    let numbers = union([first, next.clone()], SetOperation::Union, true);
    check(
        outer(with(cte("x", numbers, true))),
        expect![[r#"
        WITH x(n) AS (SELECT :1 AS n FROM DUAL UNION ALL SELECT x.n + :2 FROM x WHERE x.n < :3) SELECT x.n FROM x
        I32(1): INTEGER, I32(1): INTEGER, I32(5): INTEGER"#]],
    );
    check(
        outer(with(cte("x", union([select([int(1)]), next], SetOperation::Union, true), true))),
        expect!["error: this statement cannot be compiled: the recursive `x` names its columns"],
    );
    check(
        outer(with(cte("x", outer(with(cte("x", plain.clone(), false))), false))),
        expect!["error: oracle has no WITH inside of WITH; put the queries side by side"],
    );
    let kept = Cte { materialized: Some(true), ..cte("x", plain.clone(), false) };
    check(outer(with(kept)), expect!["error: oracle has no MATERIALIZED; leave it to the planner"]);
    let mut insert = Insert::new(
        named("u"),
        vec!["n".into()],
        InsertSource::Query(Select { from: vec![read("x")], ..select([of("x")]) }.into()),
    );
    insert.with = with(cte("x", plain.clone(), false));
    check(insert.clone(), expect!["INSERT INTO u (n) WITH x AS (SELECT t.a AS n FROM t) SELECT x.n FROM x"]);
    insert.source = InsertSource::Values(vec![vec![int(1)]]);
    check(insert, expect!["error: oracle has no WITH before INSERT … VALUES; insert a query"]);
    let mut update = Update::new(named("t"));
    update.set = vec![("a".into(), int(1))];
    update.with = with(cte("x", plain, false));
    check(update, expect!["error: oracle has no WITH before UPDATE; put the query into a subquery"]);
}

#[test]
fn set_operations() {
    let two = || [select([col("a")]), select([col("b")])];
    check(union(two(), SetOperation::Except, false), expect!["SELECT t.a FROM t MINUS SELECT t.b FROM t"]);
    check(
        union(two(), SetOperation::Except, true),
        expect!["error: oracle has no EXCEPT ALL and INTERSECT ALL; leave ALL out, or number the rows"],
    );
    check_23(
        union(two(), SetOperation::Except, true),
        expect!["SELECT t.a FROM t MINUS ALL SELECT t.b FROM t"],
    );
    check(
        union(two(), SetOperation::Intersect, true),
        expect!["error: oracle has no EXCEPT ALL and INTERSECT ALL; leave ALL out, or number the rows"],
    );
    let one = Limit { count: Some(Limit::rows(1)), ..Limit::default() };
    let [first, second] = two();
    let limited = Select { limit: Some(one.clone()), ..first };
    let mut both = union([limited, second], SetOperation::Union, false);
    both.order_by = vec![OrderBy { descending: true, ..Expr::Label("a".into()).into() }];
    both.limit = Some(one);
    check(
        both,
        expect![
            "(SELECT t.a FROM t FETCH FIRST 1 ROWS ONLY) UNION SELECT t.b FROM t ORDER BY a DESC FETCH FIRST 1 ROWS ONLY"
        ],
    );
}

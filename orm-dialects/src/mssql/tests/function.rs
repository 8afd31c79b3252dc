use orm_query::tree::{Frame, FrameBound, FrameUnit, Grouping, GroupingKind, NullTreatment, Window};

use super::*;

fn over(function: Function, over: Window) -> Expr {
    Expr::Function(Box::new(Function { over: Some(over), ..function }))
}

fn ordered() -> Window {
    Window { order_by: vec![col("id").into()], ..Window::default() }
}

#[test]
fn the_clock() {
    let now = |name, data_type| call(name, [], data_type);
    check(
        select([
            now("now", DataType::Timestamp),
            now("now", DataType::TimestampTz),
            now("current_date", DataType::Date),
            now("current_time", DataType::Time),
            now("localtimestamp", DataType::Timestamp),
            now("session_user", DataType::Text),
        ]),
        expect![
            "SELECT CURRENT_TIMESTAMP, SYSDATETIMEOFFSET(), CAST(GETDATE() AS DATE), CAST(SYSDATETIME() AS TIME), SYSDATETIME(), SESSION_USER FROM t"
        ],
    );
}

#[test]
fn other_names() {
    let name = || typed("name", DataType::Text);
    let text = DataType::Text;
    check(
        select([
            call("length", [name()], DataType::BigInt),
            call("length", [typed("b", DataType::Bytes)], DataType::BigInt),
            call("substr", [name(), int(2)], text.clone()),
            call("substr", [name(), int(2), int(3)], text.clone()),
            call("strpos", [name(), string("x")], DataType::Integer),
            call("ceil", [typed("n", DataType::NUMERIC)], DataType::NUMERIC),
            call("round", [typed("n", DataType::NUMERIC)], DataType::NUMERIC),
            call("trunc", [typed("n", DataType::NUMERIC)], DataType::NUMERIC),
            call("mod", [is(col("a"), BinaryOperator::Add, int(1)), int(2)], DataType::Integer),
            call("random", [], DataType::Double),
            call("dbo.f", [col("a")], DataType::Integer),
        ]),
        expect![[r#"
            SELECT LEN(t.name), DATALENGTH(t.b), SUBSTRING(t.name, @P1, 2147483647), SUBSTRING(t.name, @P2, @P3), CHARINDEX(@P4, t.name), CEILING(t.n), ROUND(t.n, 0), ROUND(t.n, 0, 1), ((t.a + @P5) % @P6), RAND(CHECKSUM(NEWID())), dbo.f(t.a) FROM t
            I32(2): INTEGER, I32(2): INTEGER, I32(3): INTEGER, Text("x"): TEXT, I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        call("char_length", [name()], DataType::Integer),
        expect!["error: mssql has no char_length(); use `length`, which is LEN here"],
    );
    check_expr(
        call("a b", [name()], DataType::Integer),
        expect![
            "error: `a b` cannot be an identifier: a function's name is made of letters, digits, `_` and `$`"
        ],
    );
}

#[test]
fn aggregates() {
    check(
        select([
            call("count", [Expr::Star], DataType::BigInt),
            call("sum", [col("a")], DataType::BigInt),
            call("sum", [typed("n", DataType::NUMERIC)], DataType::NUMERIC),
            call("avg", [col("a")], DataType::Double),
            call("stddev", [col("a")], DataType::Double),
        ]),
        expect![
            "SELECT count(*), sum(CAST(t.a AS BIGINT)), sum(t.n), avg(CAST(t.a AS FLOAT)), STDEV(t.a) FROM t"
        ],
    );
    let distinct = Function { distinct: true, ..function("avg", [col("a")], DataType::Double) };
    check_expr(Expr::Function(Box::new(distinct)), expect!["SELECT avg(DISTINCT CAST(t.a AS FLOAT)) FROM t"]);
    let name = || typed("name", DataType::Text);
    let agg = function("string_agg", [name(), string(", ")], DataType::Text);
    let order_by = vec![OrderBy { descending: true, ..name().into() }];
    check_expr(
        Expr::Function(Box::new(Function { order_by, ..agg.clone() })),
        expect![[r#"
        SELECT STRING_AGG(t.name, @P1) WITHIN GROUP (ORDER BY t.name DESC) FROM t
        Text(", "): TEXT"#]],
    );
    check_expr(
        Expr::Function(Box::new(agg.clone())),
        expect![[r#"
        SELECT string_agg(t.name, @P1) FROM t
        Text(", "): TEXT"#]],
    );
    check_expr(
        Expr::Function(Box::new(Function { distinct: true, ..agg })),
        expect!["error: mssql has no string_agg(DISTINCT …); select DISTINCT rows first"],
    );
    let filtered = Function { filter: Some(one()), ..function("count", [Expr::Star], DataType::BigInt) };
    check_expr(
        Expr::Function(Box::new(filtered)),
        expect![
            "error: mssql has no FILTER of an aggregate; put the condition into CASE inside of its argument"
        ],
    );
    check_expr(
        call("max", [active()], DataType::Boolean),
        expect!["error: mssql has no min() and max() of booleans; use CASE inside of its argument"],
    );
}

#[test]
fn windows() {
    let row_number = || function("row_number", [], DataType::BigInt);
    check_expr(over(row_number(), ordered()), expect!["SELECT row_number() OVER (ORDER BY t.id) FROM t"]);
    check_expr(
        over(row_number(), Window::default()),
        expect!["SELECT row_number() OVER (ORDER BY (SELECT NULL)) FROM t"],
    );
    check_expr(
        call("row_number", [], DataType::BigInt),
        expect![
            "error: this statement cannot be compiled: `row_number` is a window function, and needs OVER"
        ],
    );
    let sum = || function("sum", [typed("n", DataType::NUMERIC)], DataType::NUMERIC);
    check_expr(
        over(sum(), Window { partition_by: vec![col("a")], ..Window::default() }),
        expect!["SELECT sum(t.n) OVER (PARTITION BY t.a) FROM t"],
    );
    let framed =
        |unit, start, end| Window { frame: Some(Frame { unit, start, end, exclude: None }), ..ordered() };
    check_expr(
        over(sum(), framed(FrameUnit::Rows, FrameBound::Preceding(int(1)), FrameBound::CurrentRow)),
        expect!["SELECT sum(t.n) OVER (ORDER BY t.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t"],
    );
    check_expr(
        over(sum(), framed(FrameUnit::Range, FrameBound::UnboundedPreceding, FrameBound::UnboundedFollowing)),
        expect![
            "SELECT sum(t.n) OVER (ORDER BY t.id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM t"
        ],
    );
    check_expr(
        over(sum(), framed(FrameUnit::Range, FrameBound::Preceding(int(1)), FrameBound::CurrentRow)),
        expect!["error: mssql has no window frame of RANGE with an offset; use ROWS, or a subquery"],
    );
    check_expr(
        over(sum(), framed(FrameUnit::Groups, FrameBound::Preceding(int(1)), FrameBound::CurrentRow)),
        expect!["error: mssql has no window frame of GROUPS"],
    );
    let unordered = Window {
        order_by: vec![],
        ..framed(FrameUnit::Rows, FrameBound::UnboundedPreceding, FrameBound::CurrentRow)
    };
    check_expr(
        over(sum(), unordered),
        expect![
            "SELECT sum(t.n) OVER (ORDER BY (SELECT NULL) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t"
        ],
    );
    check_expr(
        over(Function { distinct: true, ..sum() }, ordered()),
        expect!["error: mssql has no DISTINCT in a window function"],
    );
}

#[test]
fn within_groups() {
    let part = bind(Value::F64(0.5), DataType::Double);
    let percentile = Function {
        within_group: vec![OrderBy { descending: true, ..col("a").into() }],
        ..function("percentile_cont", [part], DataType::Double)
    };
    check_expr(
        Expr::Function(Box::new(percentile.clone())),
        expect![
            "error: mssql has no aggregate WITHIN GROUP; there are `percentile_cont` and `percentile_disc` over a window only"
        ],
    );
    check_expr(
        over(percentile, Window { partition_by: vec![col("b")], ..Window::default() }),
        expect![
            "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY t.a DESC) OVER (PARTITION BY t.b) FROM t"
        ],
    );
    let lead =
        || Function { nulls: Some(NullTreatment::Ignore), ..function("lead", [col("a")], DataType::Integer) };
    check_expr(
        over(lead(), ordered()),
        expect!["error: mssql has no IGNORE NULLS; it came with SQL Server 2022"],
    );
    check_expr(
        over(Function { nulls: Some(NullTreatment::Respect), ..lead() }, ordered()),
        expect!["SELECT lead(t.a) OVER (ORDER BY t.id) FROM t"],
    );
    check_expr(
        call("bool_and", [active()], DataType::Boolean),
        expect!["SELECT min(CAST(t.active AS INTEGER)) FROM t"],
    );
    check_expr(
        call("bool_or", [one()], DataType::Boolean),
        expect![[r#"
        SELECT max(CAST(CASE WHEN t.id = @P1 THEN 1 WHEN NOT t.id = @P2 THEN 0 END AS INTEGER)) FROM t
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
}

#[test]
fn sets_of_groups() {
    let grouping = |kind, list| Expr::Grouping(Box::new(Grouping { kind, list }));
    let sets = vec![Expr::Tuple(vec![col("a"), col("b")]), Expr::Tuple(vec![])];
    for (kind, list, expected) in [
        (
            GroupingKind::Rollup,
            vec![col("a"), col("b")],
            expect!["SELECT t.a FROM t GROUP BY ROLLUP(t.a, t.b)"],
        ),
        (GroupingKind::Cube, vec![col("a"), col("b")], expect!["SELECT t.a FROM t GROUP BY CUBE(t.a, t.b)"]),
        (GroupingKind::Sets, sets, expect!["SELECT t.a FROM t GROUP BY GROUPING SETS((t.a, t.b), ())"]),
    ] {
        check(Select { group_by: vec![grouping(kind, list)], ..select([col("a")]) }, expected);
    }
}

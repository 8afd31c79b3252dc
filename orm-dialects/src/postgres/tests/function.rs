use expect_test::expect;
use orm_query::tree::Window;

use super::*;

const PRICE: DataType = DataType::Numeric { precision: Some(10), scale: Some(2) };

#[test]
fn sums_and_averages_are_of_the_promised_type() {
    let of = |name, from, to| call(name, [typed("n", from)], to);
    use DataType::*;
    check_expr(of("sum", SmallInt, BigInt), expect!["sum(t.n)"]);
    check_expr(of("sum", Integer, BigInt), expect!["sum(t.n)"]);
    check_expr(of("sum", BigInt, BigInt), expect!["CAST(sum(t.n) AS BIGINT)"]);
    check_expr(of("sum", UnsignedBigInt, UnsignedBigInt), expect!["CAST(sum(t.n) AS NUMERIC(20))"]);
    check_expr(of("sum", Real, Double), expect!["sum(CAST(t.n AS DOUBLE PRECISION))"]);
    check_expr(of("sum", Double, Double), expect!["sum(t.n)"]);
    check_expr(of("sum", PRICE, DataType::NUMERIC), expect!["sum(t.n)"]);
    check_expr(of("sum", Interval, Interval), expect!["sum(t.n)"]);
    check_expr(of("avg", Integer, Double), expect!["CAST(avg(t.n) AS DOUBLE PRECISION)"]);
    check_expr(of("avg", Real, Double), expect!["avg(CAST(t.n AS DOUBLE PRECISION))"]);
    check_expr(of("avg", PRICE, DataType::NUMERIC), expect!["avg(t.n)"]);
    check_expr(of("avg", Integer, DataType::NUMERIC), expect!["avg(t.n)"]);
    check_expr(of("avg", Double, PRICE), expect!["CAST(avg(t.n) AS NUMERIC)"]);
}

#[test]
fn with_all_that_an_aggregate_takes() {
    let mut sum = Function::new("sum", vec![typed("n", DataType::BigInt)], DataType::BigInt);
    sum.distinct = true;
    sum.filter = Some(col("a").binary(BinaryOperator::Gt, int(1)));
    check_expr(
        Expr::Function(Box::new(sum.clone())),
        expect![[r#"
        CAST(sum(DISTINCT t.n) FILTER (WHERE t.a > $1) AS BIGINT)
        I32(1): INTEGER"#]],
    );
    sum.distinct = false;
    sum.over = Some(Window { partition_by: vec![col("b")], order_by: vec![col("c").into()], frame: None });
    check_expr(
        Expr::Function(Box::new(sum)),
        expect![[r#"
        CAST(sum(t.n) FILTER (WHERE t.a > $1) OVER (PARTITION BY t.b ORDER BY t.c) AS BIGINT)
        I32(1): INTEGER"#]],
    );
    let mut list =
        Function::new("string_agg", vec![typed("x", DataType::Text), string(", ")], DataType::Text);
    list.order_by = vec![OrderBy { descending: true, ..col("a").into() }];
    check_expr(
        Expr::Function(Box::new(list)),
        expect![[r#"
        string_agg(t.x, $1 ORDER BY t.a DESC)
        Text(", "): TEXT"#]],
    );
}

#[test]
fn rounding() {
    let of = |data_type: DataType| call("round", [typed("n", data_type.clone()), int(2)], data_type);
    check_expr(
        of(PRICE),
        expect![[r#"
        round(t.n, $1)
        I32(2): INTEGER"#]],
    );
    check_expr(
        of(DataType::Double),
        expect![[r#"
        CAST(round(CAST(CAST(t.n AS TEXT) AS NUMERIC), $1) AS DOUBLE PRECISION)
        I32(2): INTEGER"#]],
    );
    check_expr(
        of(DataType::Real),
        expect![[r#"
        CAST(round(CAST(CAST(t.n AS TEXT) AS NUMERIC), $1) AS REAL)
        I32(2): INTEGER"#]],
    );
    check_expr(
        of(DataType::BigInt),
        expect![[r#"
        CAST(round(t.n, $1) AS BIGINT)
        I32(2): INTEGER"#]],
    );
    check_expr(call("round", [typed("n", DataType::Double)], DataType::Double), expect!["round(t.n)"]);
}

#[test]
fn least_and_greatest() {
    let of = |name, data_type: DataType| call(name, [typed("n", data_type.clone())], data_type);
    check_expr(of("min", DataType::Boolean), expect!["bool_and(t.n)"]);
    check_expr(of("max", DataType::Boolean), expect!["bool_or(t.n)"]);
    check_expr(of("max", DataType::Date), expect!["max(t.n)"]);
    check_expr(
        of("max", DataType::Uuid),
        expect!["error: postgres has no min and max of UUID; order by it and take the first row"],
    );
}

#[test]
fn clocks() {
    for name in ["now", "CURRENT_TIMESTAMP"] {
        let sql = |data_type| {
            said(&Statement::Select(Select { from: vec![], ..select([call(name, [], data_type)]) }))
        };
        assert_eq!(sql(DataType::TimestampTz), "SELECT CURRENT_TIMESTAMP");
        assert_eq!(sql(DataType::Timestamp), "SELECT LOCALTIMESTAMP");
    }
    check_expr(call("current_date", [], DataType::Date), expect!["CURRENT_DATE"]);
    check_expr(call("current_time", [], DataType::Time), expect!["LOCALTIME"]);
}

#[test]
fn others_are_called_as_they_are() {
    check_expr(
        call("coalesce", [typed("x", DataType::Text), string("y")], DataType::Text),
        expect![[r#"
        coalesce(t.x, $1)
        Text("y"): TEXT"#]],
    );
    check_expr(
        call("pg_catalog.length", [typed("x", DataType::Text)], DataType::BigInt),
        expect!["pg_catalog.length(t.x)"],
    );
    check_expr(
        call("x; drop", [], DataType::Text),
        expect![
            "error: `x; drop` cannot be an identifier: a function's name is made of letters, digits, `_` and `$`"
        ],
    );
    check_expr(call("count", [Expr::Star], DataType::BigInt), expect!["count(*)"]);
}

//! Decimals are text; what is compared or ordered must be numbers.

use expect_test::expect;
use orm_query::tree::{Between, Delete, InList, InQuery, Insert, InsertSource, Subquery, Update, Window};

use super::*;

const PRICE: DataType = DataType::Numeric { precision: Some(10), scale: Some(2) };

fn price() -> Expr {
    typed("price", PRICE)
}

fn dec(cents: i64) -> Expr {
    bind(Value::Decimal(rust_decimal::Decimal::new(cents, 2)), PRICE)
}

fn sum() -> Expr {
    call("sum", [price()], PRICE)
}

use BinaryOperator::*;

#[test]
fn a_column_has_its_collation() {
    check_expr(
        price().binary(Gt, dec(150)),
        expect![[r#"
        t.price > ?
        Decimal(1.50): NUMERIC(10, 2)"#]],
    );
    check_expr(
        dec(150).binary(Eq, price()),
        expect![[r#"
        ? = t.price
        Decimal(1.50): NUMERIC(10, 2)"#]],
    );
    check_expr(price().binary(Lt, typed("cost", PRICE)), expect!["t.price < t.cost"]);
    check_expr(
        Expr::Between(Box::new(Between { operand: price(), low: dec(1), high: dec(2), negated: false })),
        expect![[r#"
            t.price BETWEEN ? AND ?
            Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::InList(Box::new(InList { operand: price(), list: vec![dec(1), dec(2)], negated: false })),
        expect![[r#"
            t.price IN (?, ?)
            Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::InQuery(Box::new(InQuery {
            operand: price(),
            query: select([price()]).into(),
            negated: false,
        })),
        expect!["t.price IN (SELECT t.price FROM t)"],
    );
}

#[test]
fn nothing_else_has() {
    check_expr(
        sum().binary(Gt, dec(150)),
        expect![[r#"
            sum(t.price) > CAST(? AS DOUBLE)
            Decimal(1.50): NUMERIC(10, 2)"#]],
    );
    check_expr(price().binary(Gt, sum()), expect!["CAST(t.price AS DOUBLE) > sum(t.price)"]);
    check_expr(
        dec(1).binary(IsDistinctFrom, dec(2)),
        expect![[r#"
        CAST(? AS DOUBLE) IS NOT CAST(? AS DOUBLE)
        Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    check_expr(
        price().binary(Multiply, int(2)).binary(Ge, col("n")),
        expect![[r#"
            t.price * ? >= t.n
            I32(2): INTEGER"#]],
    );
    check_expr(
        col("n").binary(Multiply, price()).binary(Ge, dec(5)),
        expect![[r#"
            t.n * t.price >= CAST(? AS DOUBLE)
            Decimal(0.05): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::Between(Box::new(Between { operand: dec(1), low: price(), high: sum(), negated: false })),
        expect![[r#"
            CAST(? AS DOUBLE) BETWEEN CAST(t.price AS DOUBLE) AND sum(t.price)
            Decimal(0.01): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::InList(Box::new(InList { operand: price(), list: vec![dec(1), sum()], negated: true })),
        expect![[r#"
            CAST(t.price AS DOUBLE) NOT IN (CAST(? AS DOUBLE), sum(t.price))
            Decimal(0.01): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::InQuery(Box::new(InQuery { operand: sum(), query: select([price()]).into(), negated: false })),
        expect!["sum(t.price) IN (SELECT t.price FROM t)"],
    );
    check_expr(
        Expr::Between(Box::new(Between { operand: dec(1), low: price(), high: dec(2), negated: false })),
        expect![[r#"
            CAST(? AS DOUBLE) BETWEEN CAST(t.price AS DOUBLE) AND CAST(? AS DOUBLE)
            Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    check_expr(
        Expr::InList(Box::new(InList { operand: dec(1), list: vec![price(), dec(2)], negated: false })),
        expect![[r#"
            CAST(? AS DOUBLE) IN (CAST(t.price AS DOUBLE), CAST(? AS DOUBLE))
            Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    let scalar = Expr::Subquery(Box::new(Subquery { query: select([sum()]).into(), data_type: PRICE }));
    check_expr(
        price().binary(Eq, scalar),
        expect!["CAST(t.price AS DOUBLE) = CAST((SELECT sum(t.price) FROM t) AS DOUBLE)"],
    );
    let case = Case { operand: Some(sum()), branches: vec![(dec(1), int(1))], otherwise: None };
    check_expr(
        Expr::Case(Box::new(case)),
        expect![[r#"
            CASE sum(t.price) WHEN CAST(? AS DOUBLE) THEN ? END
            Decimal(0.01): NUMERIC(10, 2), I32(1): INTEGER"#]],
    );
}

#[test]
fn a_column_of_a_subquery_is_no_column_of_a_table() {
    let from = From::query(Select { columns: vec![label(sum(), "total")], ..select([]) }, "x");
    let total = || column_of("x", "total", PRICE);
    check(
        Select {
            columns: vec![total().into()],
            from: vec![from],
            filter: Some(total().binary(Gt, dec(150))),
            order_by: vec![total().into()],
            ..Select::default()
        },
        expect![[r#"
            SELECT x.total FROM (SELECT sum(t.price) AS total FROM t) AS x WHERE CAST(x.total AS DOUBLE) > CAST(? AS DOUBLE) ORDER BY CAST(x.total AS DOUBLE)
            Decimal(1.50): NUMERIC(10, 2)"#]],
    );
}

#[test]
fn order_and_groups() {
    let coalesce = || call("coalesce", [price(), dec(0)], PRICE);
    check(
        Select {
            group_by: vec![price(), coalesce()],
            order_by: vec![price().into(), OrderBy { descending: true, ..coalesce().into() }],
            ..select([call("max", [price()], PRICE), call("min", [coalesce()], PRICE)])
        },
        expect![[r#"
            SELECT max(t.price), min(CAST(coalesce(t.price, ?) AS DOUBLE)) FROM t GROUP BY t.price, CAST(coalesce(t.price, ?) AS DOUBLE) ORDER BY t.price, CAST(coalesce(t.price, ?) AS DOUBLE) DESC
            Decimal(0.00): NUMERIC(10, 2), Decimal(0.00): NUMERIC(10, 2), Decimal(0.00): NUMERIC(10, 2)"#]],
    );
    let mut rank = Function::new("rank", vec![], DataType::BigInt);
    rank.over = Some(Window { partition_by: vec![coalesce()], order_by: vec![sum().into()], frame: None });
    check_expr(
        Expr::Function(Box::new(rank)),
        expect![[r#"
            rank() OVER (PARTITION BY CAST(coalesce(t.price, ?) AS DOUBLE) ORDER BY sum(t.price))
            Decimal(0.00): NUMERIC(10, 2)"#]],
    );
}

#[test]
fn arithmetic() {
    check_expr(
        price().binary(Divide, dec(200)),
        expect![[r#"
        t.price / (? + 0.0)
        Decimal(2.00): NUMERIC(10, 2)"#]],
    );
    check_expr(
        price().binary(Divide, int(2)),
        expect![[r#"
        t.price / (? + 0.0)
        I32(2): INTEGER"#]],
    );
    check_expr(
        price().binary(Modulo, int(2)),
        expect!["error: sqlite has no remainder of fractions; cast both sides to integers"],
    );
}

#[test]
fn what_is_computed_and_stored_is_rounded() {
    let set = vec![("price".into(), price().binary(Multiply, dec(110))), ("cost".into(), price())];
    check(
        Update {
            from: Vec::new(),
            prefixes: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            set,
            filter: None,
            returning: vec![price().into()],
        },
        expect![[r#"
        UPDATE t SET price = round(t.price * ?, 2), cost = t.price RETURNING price
        Decimal(1.10): NUMERIC(10, 2)"#]],
    );
    let rows = vec![vec![dec(1), dec(1).binary(Add, dec(2))]];
    check(
        Insert {
            prefixes: Vec::new(),
            or: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            columns: vec!["a".into(), "b".into()],
            source: InsertSource::Values(rows),
            on_conflict: None,
            returning: vec![],
        },
        expect![[r#"
            INSERT INTO t (a, b) VALUES (?, round(? + ?, 2))
            Decimal(0.01): NUMERIC(10, 2), Decimal(0.01): NUMERIC(10, 2), Decimal(0.02): NUMERIC(10, 2)"#]],
    );
    let filter = Some(price().binary(Lt, bind(Value::Decimal(rust_decimal::Decimal::new(1005, 3)), PRICE)));
    check(
        Delete {
            using: Vec::new(),
            prefixes: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            filter,
            returning: vec![],
        },
        expect![[r#"
        DELETE FROM t WHERE t.price < ?
        Decimal(1.005): NUMERIC(10, 2)"#]],
    );
}

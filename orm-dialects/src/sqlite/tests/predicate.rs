use expect_test::expect;
use orm_query::tree::{Between, InList, InQuery, InRows, Like, Quantified, Quantifier, Rows};

use super::*;

fn like(pattern: Expr) -> Like {
    Like {
        operand: typed("a", DataType::Text),
        pattern,
        before: false,
        after: false,
        escape: None,
        negated: false,
        ignore_case: false,
    }
}

fn in_list(operand: Expr, list: Vec<Expr>, negated: bool) -> Expr {
    Expr::InList(Box::new(InList { operand, list, negated }))
}

#[test]
fn between() {
    let between = |negated| {
        let low = col("b").binary(BinaryOperator::Add, int(1));
        let high = col("c").and(col("d"));
        Expr::Between(Box::new(Between { operand: col("a"), low, high, negated }))
    };
    check_expr(
        between(false),
        expect![[r#"
        t.a BETWEEN t.b + ? AND (t.c AND t.d)
        I32(1): INTEGER"#]],
    );
    check_expr(
        between(true).and(col("e")),
        expect![[r#"
        t.a NOT BETWEEN t.b + ? AND (t.c AND t.d) AND t.e
        I32(1): INTEGER"#]],
    );
}

#[test]
fn in_lists() {
    check_expr(
        in_list(col("a"), vec![int(1), int(2)], false),
        expect![[r#"
        t.a IN (?, ?)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        in_list(col("a"), vec![col("b").binary(BinaryOperator::Eq, int(2))], true),
        expect![[r#"
        t.a NOT IN ((t.b = ?))
        I32(2): INTEGER"#]],
    );
    check_expr(in_list(col("a"), vec![], false), expect!["t.a IN (SELECT 1 FROM (SELECT 1) WHERE 1 != 1)"]);
    check_expr(
        in_list(col("a"), vec![], true),
        expect!["t.a NOT IN (SELECT 1 FROM (SELECT 1) WHERE 1 != 1)"],
    );
    check_expr(
        in_list(col("a"), vec![], false).binary(BinaryOperator::Eq, col("b")),
        expect!["(t.a IN (SELECT 1 FROM (SELECT 1) WHERE 1 != 1)) = t.b"],
    );
}

#[test]
fn in_lists_of_tuples() {
    let pair = || Expr::Tuple(vec![col("a"), col("b")]);
    let values = |n| Expr::Tuple(vec![int(n), int(n + 1)]);
    check_expr(
        in_list(pair(), vec![values(1), values(3)], false),
        expect![[r#"
        (t.a, t.b) IN (VALUES (?, ?), (?, ?))
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check_expr(
        in_list(pair(), vec![values(1)], true),
        expect![[r#"
        (t.a, t.b) NOT IN (VALUES (?, ?))
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        in_list(pair(), vec![], false),
        expect!["(t.a, t.b) IN (SELECT 1, 1 FROM (SELECT 1, 1) WHERE 1 != 1)"],
    );
}

#[test]
fn in_queries() {
    let query = |operand, negated| {
        Expr::InQuery(Box::new(InQuery { operand, query: select([col("b")]).into(), negated }))
    };
    check_expr(query(col("a"), false), expect!["t.a IN (SELECT t.b FROM t)"]);
    check_expr(
        query(col("a").binary(BinaryOperator::Eq, int(1)), true),
        expect![[r#"
            (t.a = ?) NOT IN (SELECT t.b FROM t)
            I32(1): INTEGER"#]],
    );
}

#[test]
fn like_patterns() {
    check_expr(
        Expr::Like(Box::new(like(string("x%")))),
        expect![[r#"
        t.a LIKE ?
        Text("x%"): TEXT"#]],
    );
    check_expr(
        Expr::Like(Box::new(Like { negated: true, escape: Some('/'), ..like(string("x/%")) })),
        expect![[r#"
            t.a NOT LIKE ? ESCAPE '/'
            Text("x/%"): TEXT"#]],
    );
    check_expr(
        Expr::Like(Box::new(Like { escape: Some('\''), ..like(string("x")) })),
        expect![[r#"
        t.a LIKE ? ESCAPE ''''
        Text("x"): TEXT"#]],
    );
    check_expr(
        Expr::Like(Box::new(Like { escape: Some('\0'), ..like(string("x")) })),
        expect![[r#"error: this statement cannot be compiled: the literal "\0" has a NUL character"#]],
    );
    check_expr(
        Expr::Like(Box::new(Like { ignore_case: true, ..like(string("X%")) })),
        expect![[r#"
        lower(t.a) LIKE lower(?)
        Text("X%"): TEXT"#]],
    );
    let concat = string("%").binary(BinaryOperator::Concat, typed("b", DataType::Text));
    check_expr(
        Expr::Like(Box::new(like(concat))),
        expect![[r#"
        t.a LIKE ? || t.b
        Text("%"): TEXT"#]],
    );
}

#[test]
fn quantified() {
    let all = Expr::Quantified(Box::new(Quantified {
        quantifier: Quantifier::All,
        query: select([col("b")]).into(),
    }));
    check_expr(
        col("a").binary(BinaryOperator::Gt, all),
        expect!["error: sqlite has no ANY (…) and ALL (SELECT …); use IN, EXISTS, or min() and max()"],
    );
}

#[test]
fn in_rows() {
    let rows = |operands: Vec<Expr>, rows: Vec<Vec<Value>>| {
        let types = vec![DataType::Integer; operands.len()];
        Expr::InRows(Box::new(InRows { operands, rows: Rows::new(types, rows) }))
    };
    check_expr(
        rows(vec![col("a")], vec![vec![Value::I32(1)], vec![Value::I32(2)]]),
        expect![[r#"
        t.a IN (?, ?)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        rows(vec![col("a"), col("b")], vec![vec![Value::I32(1), Value::I32(2)]]),
        expect![[r#"
        (t.a, t.b) IN (VALUES (?, ?))
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(rows(vec![col("a")], vec![]), expect!["t.a IN (SELECT 1 FROM (SELECT 1) WHERE 1 != 1)"]);
}

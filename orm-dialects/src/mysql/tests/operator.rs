use expect_test::expect;
use orm_query::tree::{Between, InList, InRows, Like, Rows};

use super::*;

fn binary(operator: BinaryOperator) -> Expr {
    col("a").binary(operator, col("b"))
}

#[test]
fn comparisons() {
    check_expr(binary(BinaryOperator::Ne), expect!["SELECT t.a != t.b FROM t, u"]);
    check_expr(binary(BinaryOperator::IsDistinctFrom), expect!["SELECT (NOT t.a <=> t.b) FROM t, u"]);
    check_expr(binary(BinaryOperator::IsNotDistinctFrom), expect!["SELECT t.a <=> t.b FROM t, u"]);
    check_expr(
        binary(BinaryOperator::IsDistinctFrom).and(col("c")),
        expect!["SELECT (NOT t.a <=> t.b) AND t.c FROM t, u"],
    );
    let regexp = || typed("a", DataType::Text).regexp(string("^x"));
    check_expr(
        regexp(),
        expect![[r#"
        SELECT t.a REGEXP ? FROM t, u
        Text("^x"): TEXT"#]],
    );
    check_expr(
        regexp().negated(),
        expect![[r#"
        SELECT t.a NOT REGEXP ? FROM t, u
        Text("^x"): TEXT"#]],
    );
}

#[test]
fn fractions() {
    check_expr(binary(BinaryOperator::Divide), expect!["SELECT t.a / (t.b + 0e0) FROM t, u"]);
    let sum = binary(BinaryOperator::Add).binary(BinaryOperator::Divide, binary(BinaryOperator::Subtract));
    check_expr(sum, expect!["SELECT (t.a + t.b) / (t.a - t.b + 0e0) FROM t, u"]);
    check_expr(
        typed("a", DataType::NUMERIC).binary(BinaryOperator::Divide, col("b")),
        expect!["SELECT t.a / t.b FROM t, u"],
    );
    check_expr(binary(BinaryOperator::Modulo), expect!["SELECT t.a % t.b FROM t, u"]);
}

#[test]
fn texts() {
    let text = |name| typed(name, DataType::Text);
    let concat = text("a").binary(BinaryOperator::Concat, binary(BinaryOperator::Add));
    check_expr(
        concat.binary(BinaryOperator::Concat, text("c")),
        expect!["SELECT concat(t.a, t.a + t.b, t.c) FROM t, u"],
    );
    let like = Like {
        operand: text("a"),
        pattern: string(r"x\%"),
        before: false,
        after: false,
        escape: Some('\\'),
        negated: true,
        ignore_case: true,
    };
    check_expr(
        Expr::Like(Box::new(like)),
        expect![[r#"
        SELECT lower(t.a) NOT LIKE lower(?) ESCAPE '\' FROM t, u
        Text("x\\%"): TEXT"#]],
    );
}

#[test]
fn a_backslash_is_no_escape() {
    let like = |pattern| {
        let operand = typed("a", DataType::Text);
        Expr::Like(Box::new(Like {
            operand,
            pattern,
            before: false,
            after: false,
            escape: None,
            negated: false,
            ignore_case: false,
        }))
    };
    check_expr(
        like(string("x%")),
        expect![[r#"
        SELECT t.a LIKE ? FROM t, u
        Text("x%"): TEXT"#]],
    );
    check_expr(
        like(string(r"x\_")),
        expect![[r#"
        mysql:   SELECT t.a LIKE ? FROM t, u
        Text("x\\_"): TEXT
        mariadb: SELECT t.a LIKE ? ESCAPE x'00' FROM t, u
        Text("x\\_"): TEXT"#]],
    );
    check_expr(
        like(typed("b", DataType::Text)),
        expect![[r#"
        mysql:   SELECT t.a LIKE t.b FROM t, u
        mariadb: SELECT t.a LIKE t.b ESCAPE x'00' FROM t, u"#]],
    );
}

#[test]
fn lists() {
    let pair = || Expr::Tuple(vec![col("a"), col("b")]);
    let values = |n| Expr::Tuple(vec![int(n), int(n + 1)]);
    let list = |list| Expr::InList(Box::new(InList { operand: pair(), list, negated: false }));
    check_expr(
        list(vec![values(1), values(3)]),
        expect![[r#"
        SELECT (t.a, t.b) IN ((?, ?), (?, ?)) FROM t, u
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check_expr(list(vec![]), expect!["SELECT ((t.a, t.b) IN ((NULL, NULL)) AND (1 != 1)) FROM t, u"]);
}

#[test]
fn documents_are_no_texts() {
    let json = bind(Value::Json(serde_json::json!([1])), DataType::Json);
    check_expr(
        typed("a", DataType::Json).binary(BinaryOperator::Eq, json),
        expect![[r#"
        mysql:   SELECT t.a = CAST(? AS JSON) FROM t, u
        Json(Array [Number(1)]): JSON
        mariadb: SELECT t.a = ? FROM t, u
        Json(Array [Number(1)]): JSON"#]],
    );
}

#[test]
fn intervals_are_equal_or_not() {
    let interval = || typed("a", DataType::Interval);
    check_expr(interval().binary(BinaryOperator::Eq, interval()), expect!["SELECT t.a = t.a FROM t, u"]);
    check_expr(
        interval().binary(BinaryOperator::Lt, interval()),
        expect!["error: the database has no order of intervals; keep a number of seconds or days"],
    );
    let between = Between { operand: interval(), low: interval(), high: interval(), negated: false };
    check_expr(
        Expr::Between(Box::new(between)),
        expect!["error: the database has no order of intervals; keep a number of seconds or days"],
    );
    check_expr(
        call("max", [interval()], DataType::Interval),
        expect!["error: the database has no order of intervals; keep a number of seconds or days"],
    );
}

#[test]
fn rows_of_several_columns_are_tuples() {
    let rows = |operands: Vec<Expr>, rows: Vec<Vec<Value>>| {
        let types = vec![DataType::Integer; operands.len()];
        Expr::InRows(Box::new(InRows { operands, rows: Rows::new(types, rows) }))
    };
    let row = |n| vec![Value::I32(n), Value::I32(n + 1)];
    check_expr(
        rows(vec![col("a"), col("b")], vec![row(1), row(3)]),
        expect![[r#"
        SELECT (t.a, t.b) IN ((?, ?), (?, ?)) FROM t, u
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check_expr(
        rows(vec![col("a")], vec![vec![Value::I32(1)], vec![Value::I32(2)]]),
        expect![[r#"
        SELECT t.a IN (?, ?) FROM t, u
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        rows(vec![col("a"), col("b")], Vec::new()),
        expect!["SELECT ((t.a, t.b) IN ((NULL, NULL)) AND (1 != 1)) FROM t, u"],
    );
}

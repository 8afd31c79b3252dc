use expect_test::expect;
use orm_query::tree::{Between, InList, InQuery, InRows, Like, Quantified, Quantifier, Rows};

use super::*;

use BinaryOperator::*;

fn txt(name: &'static str) -> Expr {
    typed(name, DataType::Text)
}

#[test]
fn comparisons() {
    check_expr(
        col("a").binary(Ne, int(1)),
        expect![[r#"
        t.a != $1
        I32(1): INTEGER"#]],
    );
    check_expr(
        col("a").binary(IsDistinctFrom, int(1)),
        expect![[r#"
        t.a IS DISTINCT FROM $1
        I32(1): INTEGER"#]],
    );
    check_expr(
        col("a").binary(IsNotDistinctFrom, col("b")).unary(UnaryOperator::Not),
        expect!["NOT t.a IS NOT DISTINCT FROM t.b"],
    );
    let red = bind(Value::Text("red".into()), enum_of(&["red"]));
    check_expr(
        typed("color", enum_of(&["red"])).binary(Eq, red),
        expect![[r#"
        t.color = $1
        Text("red"): ENUM color"#]],
    );
    let json = |data_type| bind(Value::Json(serde_json::json!({"a": 1})), data_type);
    check_expr(
        typed("j", DataType::Jsonb).binary(Eq, json(DataType::Jsonb)),
        expect![[r#"
        t.j = $1
        Json(Object {"a": Number(1)}): JSONB"#]],
    );
    check_expr(
        typed("j", DataType::Json).binary(Eq, json(DataType::Json)),
        expect!["error: postgres has no comparison of JSON; compare JSONB, which a column of `Jsonb` is"],
    );
}

#[test]
fn regular_expressions() {
    check_expr(
        txt("a").regexp(string("^x")),
        expect![[r#"
        t.a ~ $1
        Text("^x"): TEXT"#]],
    );
    check_expr(
        txt("a").regexp(txt("b").binary(Concat, string("$"))).negated(),
        expect![[r#"
        t.a !~ (t.b || $1)
        Text("$"): TEXT"#]],
    );
    check_expr(
        txt("a").binary(Concat, txt("b")).regexp(string("x")).unary(UnaryOperator::Not),
        expect![[r#"
        NOT t.a || t.b ~ $1
        Text("x"): TEXT"#]],
    );
}

#[test]
fn like() {
    let like = |pattern, escape, negated, ignore_case| {
        Expr::Like(Box::new(Like {
            operand: txt("a"),
            pattern,
            before: false,
            after: false,
            escape,
            negated,
            ignore_case,
        }))
    };
    check_expr(
        like(string("x%"), None, false, false),
        expect![[r#"
        t.a LIKE $1
        Text("x%"): TEXT"#]],
    );
    check_expr(
        like(string("x\\%"), None, true, false),
        expect![[r#"
        t.a NOT LIKE $1 ESCAPE ''
        Text("x\\%"): TEXT"#]],
    );
    check_expr(
        like(string("x/%"), Some('/'), false, true),
        expect![[r#"
        t.a ILIKE $1 ESCAPE '/'
        Text("x/%"): TEXT"#]],
    );
    check_expr(
        like(string("x"), Some('\\'), true, true),
        expect![[r#"
        t.a NOT ILIKE $1 ESCAPE E'\\'
        Text("x"): TEXT"#]],
    );
    check_expr(like(txt("b"), None, false, false), expect!["t.a LIKE t.b ESCAPE ''"]);
    check_expr(
        like(string("%").binary(Concat, txt("b")), None, false, false),
        expect![[r#"
        t.a LIKE $1 || t.b ESCAPE ''
        Text("%"): TEXT"#]],
    );
    check_expr(
        like(string("%").binary(Concat, string("b")), None, false, false),
        expect![[r#"
        t.a LIKE $1 || $2
        Text("%"): TEXT, Text("b"): TEXT"#]],
    );
}

#[test]
fn lists_and_queries() {
    let in_list = |operand, list, negated| Expr::InList(Box::new(InList { operand, list, negated }));
    check_expr(
        in_list(col("a"), vec![int(1), int(2)], true),
        expect![[r#"
        t.a NOT IN ($1, $2)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(in_list(col("a"), vec![], false), expect!["(t.a IN (NULL) AND (1 != 1))"]);
    let pair = |a, b| Expr::Tuple(vec![a, b]);
    check_expr(
        in_list(pair(col("a"), txt("b")), vec![pair(int(1), string("x")), pair(int(2), string("y"))], false),
        expect![[r#"
            (t.a, t.b) IN (($1, $2), ($3, $4))
            I32(1): INTEGER, Text("x"): TEXT, I32(2): INTEGER, Text("y"): TEXT"#]],
    );
    check_expr(
        in_list(typed("j", DataType::Json), vec![string("x")], false),
        expect!["error: postgres has no comparison of JSON; compare JSONB, which a column of `Jsonb` is"],
    );
    let query = select([col("b")]);
    check_expr(
        Expr::InQuery(Box::new(InQuery { operand: col("a"), query: query.clone().into(), negated: false })),
        expect!["t.a IN (SELECT t.b FROM t)"],
    );
    let all = Expr::Quantified(Box::new(Quantified { quantifier: Quantifier::All, query: query.into() }));
    check_expr(col("a").binary(Ge, all), expect!["t.a >= ALL (SELECT t.b FROM t)"]);
    let (low, high) = (int(1), int(2));
    check_expr(
        Expr::Between(Box::new(Between { operand: col("a"), low, high, negated: true })),
        expect![[r#"
        t.a NOT BETWEEN $1 AND $2
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

/// Rows whose columns are of these types.
fn in_rows(operands: Vec<Expr>, types: &[DataType], rows: Vec<Vec<Value>>) -> Expr {
    Expr::InRows(Box::new(InRows { operands, rows: Rows::new(types.to_vec(), rows) }))
}

#[test]
fn rows_are_arrays() {
    let numbers = |count| (1..=count).map(|n| vec![Value::I32(n)]).collect();
    check_expr(
        in_rows(vec![col("a")], &[DataType::Integer], numbers(3)),
        expect![[r#"
            t.a = ANY ($1)
            Array([I32(1), I32(2), I32(3)]): INTEGER ARRAY"#]],
    );
    check_expr(
        in_rows(vec![col("a")], &[DataType::Integer], numbers(0)),
        expect![[r#"
            t.a = ANY ($1)
            Array([]): INTEGER ARRAY"#]],
    );
    let types = [DataType::Integer, DataType::Text];
    check_expr(
        in_rows(vec![col("a"), txt("b")], &types, vec![vec![Value::I32(1), Value::Text("x".into())]]),
        expect![[r#"
            (t.a, t.b) IN (SELECT * FROM UNNEST($1, $2))
            Array([I32(1)]): INTEGER ARRAY, Array([Text("x")]): TEXT ARRAY"#]],
    );
    check_expr(
        in_rows(vec![typed("h", DataType::Hstore)], &[DataType::Hstore], vec![vec![Value::Null]]),
        expect![[r#"
            t.h IN ($1)
            Null: HSTORE"#]],
    );
    check_expr(
        in_rows(vec![col("a")], &types, vec![vec![Value::I32(1), Value::Null]]),
        expect![
            "error: this statement cannot be compiled: IN looks for 1 value(s) together in rows of 2 value(s)"
        ],
    );
    check_expr(
        in_rows(vec![col("a")], &[DataType::Integer], numbers(1)).negated(),
        expect![[r#"
            NOT t.a = ANY ($1)
            Array([I32(1)]): INTEGER ARRAY"#]],
    );
}

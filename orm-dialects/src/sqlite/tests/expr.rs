use expect_test::expect;
use orm_query::tree::{Collate, Exists, Subquery};

use super::*;

fn is(name: &'static str) -> Expr {
    col(name).binary(BinaryOperator::Eq, col("z"))
}

fn not(e: Expr) -> Expr {
    e.unary(UnaryOperator::Not)
}

#[test]
fn junctions() {
    check_expr(is("a").and(is("b")).and(is("c")), expect!["t.a = t.z AND t.b = t.z AND t.c = t.z"]);
    check_expr(is("a").or(is("b")), expect!["t.a = t.z OR t.b = t.z"]);
    check_expr(
        is("a").and(is("b")).or(is("c").and(is("d"))),
        expect!["t.a = t.z AND t.b = t.z OR t.c = t.z AND t.d = t.z"],
    );
    check_expr(is("a").and(is("b").or(is("c"))), expect!["t.a = t.z AND (t.b = t.z OR t.c = t.z)"]);
    check_expr(
        Expr::And(vec![is("a"), Expr::And(vec![is("b"), is("c")])]),
        expect!["t.a = t.z AND t.b = t.z AND t.c = t.z"],
    );
    check_expr(Expr::And(vec![]), expect!["1"]);
    check_expr(Expr::Or(vec![]), expect!["0"]);
    check_expr(not(Expr::Or(vec![])), expect!["0 = 0"]);
    check_expr(Expr::And(vec![is("a"), Expr::And(vec![])]), expect!["t.a = t.z AND 1 = 1"]);
    check_expr(
        Expr::And(vec![Expr::Or(vec![is("a")]), Expr::Or(vec![is("b"), is("c")])]),
        expect!["t.a = t.z AND (t.b = t.z OR t.c = t.z)"],
    );
    check_expr(
        is("a").and(is("b")).binary(BinaryOperator::Eq, Expr::Or(vec![col("c")])),
        expect!["(t.a = t.z AND t.b = t.z) = t.c"],
    );
}

#[test]
fn not_binds_less_than_a_comparison() {
    check_expr(not(is("a")), expect!["NOT t.a = t.z"]);
    check_expr(not(not(is("a"))), expect!["NOT NOT t.a = t.z"]);
    check_expr(not(is("a").and(is("b"))), expect!["NOT (t.a = t.z AND t.b = t.z)"]);
    check_expr(not(is("a")).and(is("b")), expect!["NOT t.a = t.z AND t.b = t.z"]);
    check_expr(not(is("a")).unary(UnaryOperator::IsNull), expect!["(NOT t.a = t.z) IS NULL"]);
    check_expr(not(col("a").unary(UnaryOperator::IsNotNull)), expect!["NOT t.a IS NOT NULL"]);
}

#[test]
fn nulls() {
    check_expr(col("a").unary(UnaryOperator::IsNull), expect!["t.a IS NULL"]);
    check_expr(
        col("a").binary(BinaryOperator::Add, col("b")).unary(UnaryOperator::IsNotNull),
        expect!["t.a + t.b IS NOT NULL"],
    );
}

#[test]
fn long_junctions_are_no_deep_trees() {
    let said = said(&Statement::Select(Select {
        filter: Some(Expr::Or((0..250).map(|_| is("a")).collect())),
        ..select([col("a")])
    }));
    assert_eq!(said.matches(" OR ").count(), 249);
    assert_eq!(said.matches(") OR (").count(), 2);
}

#[test]
fn trees_without_end_are_errors() {
    let deep = (0..1_000).fold(col("a"), |e, _| e.binary(BinaryOperator::Add, int(1)));
    check_expr(
        deep,
        expect!["error: this statement cannot be compiled: expressions are nested deeper than 400 levels"],
    );
}

#[test]
fn subqueries_without_end_are_errors() {
    let deep = (0..1_000).fold(col("a"), |e, _| {
        let query = Select { filter: Some(e), ..select([col("b")]) };
        Expr::Exists(Box::new(Exists { query: query.into() })).and(call("f", [col("c")], DataType::Boolean))
    });
    check_expr(
        deep,
        expect!["error: this statement cannot be compiled: expressions are nested deeper than 400 levels"],
    );
}

#[test]
fn case() {
    let branches = vec![(is("a").or(is("b")), string("x")), (is("c"), string("y"))];
    check_expr(
        Expr::Case(Box::new(Case { operand: None, branches, otherwise: Some(string("z")) })),
        expect![[r#"
            CASE WHEN t.a = t.z OR t.b = t.z THEN ? WHEN t.c = t.z THEN ? ELSE ? END
            Text("x"): TEXT, Text("y"): TEXT, Text("z"): TEXT"#]],
    );
    let branches = vec![(int(1), col("b")), (is("x"), col("c"))];
    let case = Expr::Case(Box::new(Case { operand: Some(col("a")), branches, otherwise: None }));
    check_expr(
        case.binary(BinaryOperator::Eq, int(2)),
        expect![[r#"
        CASE t.a WHEN ? THEN t.b WHEN (t.x = t.z) THEN t.c END = ?
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        Expr::Case(Box::new(Case { operand: None, branches: vec![], otherwise: None })),
        expect!["error: this statement cannot be compiled: CASE has at least one branch"],
    );
}

#[test]
fn casts() {
    let cast = |from: DataType, to: DataType| {
        Expr::Cast(Box::new(Cast { operand: typed("a", from), data_type: to }))
    };
    use DataType::*;
    check_expr(cast(Text, Integer), expect!["CAST(t.a AS INTEGER)"]);
    check_expr(cast(Integer, Double), expect!["CAST(t.a AS DOUBLE)"]);
    check_expr(cast(Integer, Text), expect!["CAST(t.a AS TEXT)"]);
    check_expr(cast(Text, Varchar(3)), expect!["substr(CAST(t.a AS VARCHAR(3)), 1, 3)"]);
    check_expr(cast(Text, Bytes), expect!["CAST(t.a AS BLOB)"]);
    check_expr(cast(Integer, Boolean), expect!["(t.a != 0)"]);
    check_expr(cast(Boolean, Boolean), expect!["(t.a)"]);
    check_expr(
        cast(Text, Boolean),
        expect!["error: sqlite has no CAST of anything but an integer to BOOLEAN"],
    );
    check_expr(cast(Text, DataType::NUMERIC), expect!["CAST(t.a AS NUMERIC)"]);
    check_expr(
        cast(Double, Numeric { precision: Some(10), scale: Some(2) }),
        expect!["round(CAST(t.a AS NUMERIC), 2)"],
    );
    check_expr(cast(Text, Json), expect!["json(t.a)"]);
    check_expr(cast(Text, Uuid), expect!["replace(lower(t.a), '-', '')"]);
    check_expr(cast(Timestamp, Date), expect!["date(t.a)"]);
    check_expr(cast(Timestamp, Time), expect!["substr(t.a, 12)"]);
    check_expr(cast(Date, Timestamp), expect!["(t.a || ' 00:00:00.000000')"]);
    check_expr(cast(Timestamp, TimestampTz), expect!["(t.a || '+00:00')"]);
    check_expr(cast(TimestampTz, Timestamp), expect!["substr(t.a, 1, 26)"]);
    check_expr(
        cast(Text, Timestamp),
        expect![
            "error: sqlite has no CAST between these types; convert the value in Rust, or use SQLite's own functions"
        ],
    );
    check_expr(cast(Date, Date), expect!["(t.a)"]);
    check_expr(
        cast(Integer, Uuid),
        expect![
            "error: sqlite has no CAST between these types; convert the value in Rust, or use SQLite's own functions"
        ],
    );
}

#[test]
fn collations() {
    let collate = |e| Expr::Collate(Box::new(Collate { operand: e, collation: "NOCASE".into() }));
    check_expr(
        collate(typed("a", DataType::Text)).binary(BinaryOperator::Eq, string("x")),
        expect![[r#"
        t.a COLLATE "NOCASE" = ?
        Text("x"): TEXT"#]],
    );
    check_expr(
        collate(string("x").binary(BinaryOperator::Concat, string("y"))),
        expect![[r#"
        (? || ?) COLLATE "NOCASE"
        Text("x"): TEXT, Text("y"): TEXT"#]],
    );
}

#[test]
fn subqueries() {
    let query = || Select {
        filter: Some(col("a").binary(BinaryOperator::Eq, column_of("u", "a", DataType::Integer))),
        ..select([col("b")])
    };
    let scalar = Expr::Subquery(Box::new(Subquery { query: query().into(), data_type: DataType::Integer }));
    check_expr(
        scalar.binary(BinaryOperator::Gt, int(1)),
        expect![[r#"
            (SELECT t.b FROM t WHERE t.a = u.a) > ?
            I32(1): INTEGER"#]],
    );
    check_expr(
        not(Expr::Exists(Box::new(Exists { query: query().into() }))),
        expect!["NOT EXISTS (SELECT t.b FROM t WHERE t.a = u.a)"],
    );
}

#[test]
fn tuples_labels_and_what_stands_nowhere() {
    check_expr(Expr::Tuple(vec![col("a"), is("b")]), expect!["(t.a, t.b = t.z)"]);
    check_expr(
        Expr::Tuple(vec![]),
        expect!["error: this statement cannot be compiled: a tuple has at least one element"],
    );
    check_expr(Expr::Label("Total Sum".into()), expect![[r#""Total Sum""#]]);
    check_expr(
        Expr::Star,
        expect![
            "error: this statement cannot be compiled: `*` stands for the rows inside `count(*)`, and nowhere else"
        ],
    );
    check_expr(
        Expr::Ordered(Box::new(col("a").into())),
        expect![
            "error: this statement cannot be compiled: an expression with `asc()` or `desc()` stands in ORDER BY or among the arguments of an aggregate"
        ],
    );
}

use expect_test::expect;
use orm_query::tree::{FullText, InRows, Like, Regexp, RegexpReplace};

use super::*;

fn binary(left: Expr, operator: BinaryOperator, right: Expr) -> Expr {
    left.binary(operator, right)
}

#[test]
fn names_are_quoted_where_they_must_be() {
    let order = column_of("order", "Id", DataType::Integer);
    check(
        Select { from: vec![table("order")], ..select([order]) },
        expect![[r#"SELECT "order"."Id" FROM "order""#]],
    );
    check_expr(column_of("t", "_a", DataType::Integer), expect![[r#"t."_a""#]]);
    check_expr(column_of("t", "naïve", DataType::Integer), expect![[r#"t."naïve""#]]);
    check_expr(
        column_of("t", "a\"b", DataType::Integer),
        expect![[
            r#"error: `a\"b` cannot be an identifier: it has a double quote, which Oracle has in no name"#
        ]],
    );
    check(select([col("a")]), expect!["SELECT t.a FROM t"]);
    let long: &'static str = Box::leak("x".repeat(129).into_boxed_str());
    check(
        Select { columns: vec![label(col("a"), long)], ..select([col("a")]) },
        expect![
            "error: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` cannot be an identifier: it has more than 128 bytes, and Oracle takes no more"
        ],
    );
}

#[test]
fn truth_is_a_number() {
    let active = || typed("active", DataType::Boolean);
    let adult = || binary(col("age"), BinaryOperator::Gt, int(17));
    check_filter(active(), expect!["t.active = 1"]);
    check_filter(active().unary(UnaryOperator::Not), expect!["t.active = 0"]);
    check_filter(
        active().and(adult()).or(adult().unary(UnaryOperator::Not)),
        expect![[r#"
        t.active = 1 AND t.age > :1 OR NOT t.age > :2
        I32(17): INTEGER, I32(17): INTEGER"#]],
    );
    check_expr(
        adult(),
        expect![[r#"
        CASE WHEN t.age > :1 THEN 1 WHEN NOT t.age > :2 THEN 0 END
        I32(17): INTEGER, I32(17): INTEGER"#]],
    );
    check_expr(active(), expect!["t.active"]);
    check_expr(col("a").unary(UnaryOperator::IsNull), expect!["CASE WHEN t.a IS NULL THEN 1 ELSE 0 END"]);
    check_filter(
        binary(adult(), BinaryOperator::Eq, active()),
        expect![[r#"
        (CASE WHEN t.age > :1 THEN 1 WHEN NOT t.age > :2 THEN 0 END) = t.active
        I32(17): INTEGER, I32(17): INTEGER"#]],
    );
    check_filter(
        binary(active(), BinaryOperator::Eq, bind(Value::Bool(true), DataType::Boolean)),
        expect![[r#"
        t.active = :1
        Bool(true): BOOLEAN"#]],
    );
    let case = Case { operand: None, branches: vec![(active(), int(1))], otherwise: Some(int(0)) };
    check_expr(
        Expr::Case(Box::new(case)),
        expect![[r#"
        CASE WHEN t.active = 1 THEN :1 ELSE :2 END
        I32(1): INTEGER, I32(0): INTEGER"#]],
    );
    check_filter(Expr::And(Vec::new()), expect!["1 = 1"]);
    check_filter(Expr::Or(Vec::new()), expect!["0 = 1"]);
}

#[test]
fn comparisons() {
    use BinaryOperator::*;
    check_filter(
        binary(col("a"), Ne, int(1)),
        expect![[r#"
        t.a != :1
        I32(1): INTEGER"#]],
    );
    check_filter(
        binary(col("a"), IsDistinctFrom, int(1)),
        expect![[r#"
        DECODE(t.a, :1, 0, 1) = 1
        I32(1): INTEGER"#]],
    );
    check_filter(
        binary(col("a"), IsNotDistinctFrom, bind(Value::Null, DataType::Integer)),
        expect![[r#"
        DECODE(t.a, :1, 0, 1) = 0
        Null: INTEGER"#]],
    );
    check_expr(
        binary(col("a"), IsNotDistinctFrom, col("b")),
        expect!["CASE WHEN DECODE(t.a, t.b, 0, 1) = 0 THEN 1 ELSE 0 END"],
    );
    let name = || typed("name", DataType::Varchar(20));
    let regexp = |flags: Option<&str>, negated| {
        let (operand, pattern) = (name(), string("^a"));
        Expr::Regexp(Box::new(Regexp { operand, pattern, flags: flags.map(Into::into), negated }))
    };
    check_filter(
        regexp(None, false),
        expect![[r#"
        REGEXP_LIKE(t.name, :1)
        Text("^a"): VARCHAR(20)"#]],
    );
    check_filter(
        regexp(Some("i"), true),
        expect![[r#"
        (NOT REGEXP_LIKE(t.name, :1, 'i'))
        Text("^a"): VARCHAR(20)"#]],
    );
    check_filter(
        binary(name(), Eq, string("")),
        expect![
            "error: oracle has no comparison with the empty text; the empty text is NULL: ask `is_null()` or `is_not_null()`"
        ],
    );
    check_filter(
        binary(typed("note", DataType::Json), Eq, string("x")),
        expect![
            "error: oracle has no comparison or order of a LOB; give the column a length, or use LIKE or DBMS_LOB.COMPARE"
        ],
    );
    let tuple = || Expr::Tuple(vec![col("a"), col("b")]);
    check_filter(
        binary(tuple(), Gt, Expr::Tuple(vec![int(1), int(2)])),
        expect!["error: oracle has no comparison of tuples; compare the elements, joined by AND and OR"],
    );
    let list = vec![Expr::Tuple(vec![int(1), int(2)])];
    check_filter(
        Expr::InList(Box::new(InList { operand: tuple(), list, negated: false })),
        expect![[r#"
        (t.a, t.b) IN ((:1, :2))
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

#[test]
fn a_list_has_a_thousand_values() {
    let list = InList { operand: col("a"), list: (0..1001).map(|_| sql("1")).collect(), negated: true };
    let filter = Some(Expr::InList(Box::new(list)));
    let compiled =
        Oracle::default().compile(&Statement::Select(Select { filter, ..select([col("a")]) })).unwrap();
    assert!(compiled.sql.starts_with("SELECT t.a FROM t WHERE (t.a NOT IN ((1), (1), "), "{}", compiled.sql);
    assert!(compiled.sql.ends_with(", (1)) AND t.a NOT IN ((1)))"), "{}", compiled.sql);
}

#[test]
fn arithmetic() {
    use BinaryOperator::*;
    check_expr(
        binary(binary(col("a"), Add, int(1)), Divide, int(2)),
        expect![[r#"
        (t.a + :1) / :2
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        binary(col("a"), Modulo, binary(col("b"), Add, int(1))),
        expect![[r#"
        MOD(t.a, t.b + :1)
        I32(1): INTEGER"#]],
    );
    check_expr(
        binary(typed("name", DataType::Varchar(20)), Concat, string("!")),
        expect![[r#"
        t.name || :1
        Text("!"): VARCHAR(20)"#]],
    );
    check_expr(col("a").unary(UnaryOperator::Negate), expect!["-t.a"]);
}

#[test]
fn bits() {
    use BinaryOperator::*;
    check_expr(
        binary(col("a"), BitAnd, int(3)),
        expect![[r#"
        BITAND(t.a, :1)
        I32(3): INTEGER"#]],
    );
    check_expr(
        binary(col("a"), BitOr, int(3)),
        expect![[r#"
        t.a + :1 - BITAND(t.a, :2)
        I32(3): INTEGER, I32(3): INTEGER"#]],
    );
    check_expr(binary(col("a"), BitXor, col("b")), expect!["t.a + t.b - 2 * BITAND(t.a, t.b)"]);
    check_expr(
        binary(col("a"), ShiftLeft, int(3)),
        expect!["error: oracle has no shift of bits; multiply or divide by a power of two"],
    );
    check_expr(
        col("a").unary(UnaryOperator::BitNot),
        expect!["error: oracle has no NOT of bits; subtract from -1"],
    );
}

#[test]
fn texts_are_searched() {
    let name = || typed("name", DataType::Varchar(20));
    let replace = RegexpReplace {
        operand: name(),
        pattern: string("[A]"),
        replacement: string("*"),
        flags: Some("i".into()),
    };
    check_expr(
        Expr::RegexpReplace(Box::new(replace)),
        expect![[r#"
        REGEXP_REPLACE(t.name, :1, :2, 1, 0, 'i')
        Text("[A]"): VARCHAR(20), Text("*"): VARCHAR(20)"#]],
    );
    let search = FullText { operand: name(), query: string("alice"), config: None };
    check_filter(
        Expr::FullText(Box::new(search)),
        expect![[r#"
        CONTAINS(t.name, :1) > 0
        Text("alice"): VARCHAR(20)"#]],
    );
    let like = |before, ignore_case| {
        let (operand, pattern, escape) = (name(), string("a/%"), Some('/'));
        Expr::Like(Box::new(Like {
            operand,
            pattern,
            before,
            after: true,
            escape,
            negated: false,
            ignore_case,
        }))
    };
    check_filter(
        like(true, false),
        expect![[r#"
        t.name LIKE '%' || :1 || '%' ESCAPE '/'
        Text("a/%"): VARCHAR(20)"#]],
    );
    check_filter(
        like(false, true),
        expect![[r#"
        lower(t.name) LIKE lower(:1) || '%' ESCAPE '/'
        Text("a/%"): VARCHAR(20)"#]],
    );
}

#[test]
fn truth_is_tested() {
    let active = || typed("active", DataType::Boolean);
    check_filter(
        active().unary(UnaryOperator::IsTrue),
        expect!["CASE WHEN t.active = 1 THEN 1 ELSE 0 END = 1"],
    );
    check_filter(
        active().unary(UnaryOperator::IsNotFalse),
        expect!["CASE WHEN t.active = 0 THEN 1 ELSE 0 END = 0"],
    );
    check_filter(active().negated(), expect!["t.active = 0"]);
    check_filter(Expr::Bool(false), expect!["0 = 1"]);
    check_expr(Expr::Bool(true), expect!["1"]);
}

#[test]
fn casts() {
    let cast = |from: DataType, to: DataType| {
        Expr::Cast(Box::new(Cast { operand: typed("a", from), data_type: to }))
    };
    let text = || DataType::Varchar(20);
    check_expr(cast(DataType::Integer, DataType::Boolean), expect!["SIGN(ABS(t.a))"]);
    check_expr(
        cast(text(), DataType::Boolean),
        expect!["error: oracle has no CAST of anything but an integer to BOOLEAN"],
    );
    check_expr(cast(text(), DataType::Integer), expect!["CAST(t.a AS INTEGER)"]);
    check_expr(cast(DataType::Integer, DataType::Double), expect!["CAST(t.a AS BINARY_DOUBLE)"]);
    check_expr(
        cast(DataType::Integer, DataType::Numeric { precision: Some(10), scale: Some(2) }),
        expect!["CAST(t.a AS NUMERIC(10, 2))"],
    );
    check_expr(cast(DataType::Integer, text()), expect!["CAST(t.a AS VARCHAR2(20 CHAR))"]);
    check_expr(
        cast(DataType::Integer, DataType::Text),
        expect!["error: oracle has no CAST to CLOB; cast to a VARCHAR with a length"],
    );
    check_expr(cast(DataType::Timestamp, DataType::Date), expect!["TRUNC(t.a)"]);
    check_expr(cast(text(), DataType::Date), expect!["TO_DATE(t.a, 'YYYY-MM-DD')"]);
    check_expr(cast(DataType::Date, DataType::Timestamp), expect!["CAST(t.a AS TIMESTAMP)"]);
    check_expr(cast(DataType::Timestamp, DataType::TimestampTz), expect!["FROM_TZ(t.a, 'UTC')"]);
    check_expr(cast(DataType::TimestampTz, DataType::Timestamp), expect!["SYS_EXTRACT_UTC(t.a)"]);
    check_expr(cast(text(), DataType::Uuid), expect!["REPLACE(LOWER(t.a), '-')"]);
    check_expr(
        cast(text(), DataType::Time),
        expect!["error: oracle has no TIME; keep it as an interval, a number or a text"],
    );
    check_expr(
        cast(text(), DataType::Interval),
        expect!["error: oracle has no CAST to such a type; convert the value in Rust"],
    );
}

#[test]
fn rows_of_several_columns() {
    let rows = |operands: Vec<Expr>, rows: Vec<Vec<Value>>| {
        let types = vec![DataType::Integer; operands.len()];
        Expr::InRows(Box::new(InRows { operands, rows: Rows::new(types, rows) }))
    };
    let row = |n| vec![Value::I32(n), Value::I32(n + 1)];
    check_filter(
        rows(vec![col("a"), col("b")], vec![row(1), row(3)]),
        expect![[r#"
        (t.a, t.b) IN ((:1, :2), (:3, :4))
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check_filter(
        rows(vec![col("a")], vec![vec![Value::I32(1)], vec![Value::I32(2)]]),
        expect![[r#"
        t.a IN (:1, :2)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_filter(
        rows(vec![col("a"), col("b")], Vec::new()),
        expect!["((t.a, t.b) IN ((NULL, NULL)) AND (1 != 1))"],
    );
}

use expect_test::expect;
use orm_query::tree::Collate;

use super::*;

use BinaryOperator::*;

fn cast(operand: Expr, data_type: DataType) -> Expr {
    Expr::Cast(Box::new(Cast { operand, data_type }))
}

#[test]
fn placeholders_are_numbered() {
    check_expr(
        col("a").binary(Add, int(1)).binary(Gt, int(2)),
        expect![[r#"
        t.a + $1 > $2
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

#[test]
fn arithmetic() {
    let (small, real, double) =
        (|| typed("s", DataType::SmallInt), || typed("r", DataType::Real), || typed("d", DataType::Double));
    check_expr(col("a").binary(Add, col("b")).binary(Multiply, col("c")), expect!["(t.a + t.b) * t.c"]);
    check_expr(real().binary(Add, small()), expect!["t.r + CAST(t.s AS REAL)"]);
    check_expr(
        small().binary(Add, small()).binary(Multiply, real()),
        expect!["CAST(t.s + t.s AS REAL) * t.r"],
    );
    check_expr(
        real().binary(Subtract, real().binary(Add, small())),
        expect!["t.r - (t.r + CAST(t.s AS REAL))"],
    );
    check_expr(real().binary(Add, col("a")), expect!["t.r + t.a"]);
    check_expr(double().binary(Add, small()), expect!["t.d + t.s"]);
    check_expr(col("a").unary(UnaryOperator::Negate).unary(UnaryOperator::Negate), expect!["-(-t.a)"]);
}

#[test]
fn division_keeps_its_fraction() {
    let decimal = || typed("p", DataType::NUMERIC);
    check_expr(
        col("a").binary(Divide, int(2)),
        expect![[r#"
        CAST(t.a AS DOUBLE PRECISION) / $1
        I32(2): INTEGER"#]],
    );
    check_expr(
        col("a").binary(Divide, col("b").binary(Divide, col("c"))),
        expect!["t.a / (CAST(t.b AS DOUBLE PRECISION) / t.c)"],
    );
    check_expr(
        col("a").binary(Add, col("b")).binary(Divide, col("b").binary(Add, col("c"))),
        expect!["CAST(t.a + t.b AS DOUBLE PRECISION) / (t.b + t.c)"],
    );
    check_expr(
        col("a").binary(Multiply, col("b").binary(Divide, col("c"))),
        expect!["t.a * (CAST(t.b AS DOUBLE PRECISION) / t.c)"],
    );
    check_expr(decimal().binary(Divide, col("a")), expect!["t.p / t.a"]);
    check_expr(
        typed("r", DataType::Real).binary(Divide, typed("s", DataType::SmallInt)),
        expect!["t.r / CAST(t.s AS REAL)"],
    );
    check_expr(
        col("a").binary(Modulo, int(2)),
        expect![[r#"
        t.a % $1
        I32(2): INTEGER"#]],
    );
    check_expr(decimal().binary(Modulo, col("a")), expect!["t.p % t.a"]);
    check_expr(
        typed("d", DataType::Double).binary(Modulo, col("a")),
        expect!["error: postgres has no remainder of floats; cast both sides to decimals or integers"],
    );
}

#[test]
fn casts() {
    check_expr(cast(col("a"), DataType::Text), expect!["CAST(t.a AS TEXT)"]);
    check_expr(cast(col("a"), DataType::Boolean), expect!["CAST(t.a AS BOOLEAN)"]);
    check_expr(
        cast(typed("n", DataType::BigInt).binary(Add, col("a")), DataType::Boolean),
        expect!["(t.n + t.a != 0)"],
    );
    check_expr(
        cast(typed("b", DataType::Boolean), DataType::BigInt),
        expect!["CAST(CAST(t.b AS INTEGER) AS BIGINT)"],
    );
    check_expr(cast(typed("b", DataType::Boolean), DataType::Integer), expect!["CAST(t.b AS INTEGER)"]);
    check_expr(
        cast(typed("x", DataType::Bytes), DataType::Varchar(3)),
        expect!["CAST(convert_from(t.x, 'UTF8') AS VARCHAR(3))"],
    );
    check_expr(
        cast(string("x"), DataType::Bytes),
        expect![[r#"
        convert_to($1, 'UTF8')
        Text("x"): TEXT"#]],
    );
    check_expr(
        cast(string("red"), enum_of(&["red"])),
        expect![[r#"
        CAST($1 AS color)
        Text("red"): TEXT"#]],
    );
    check_expr(
        cast(string("1.5"), DataType::Numeric { precision: Some(5), scale: Some(1) }),
        expect![[r#"
        CAST($1 AS NUMERIC(5, 1))
        Text("1.5"): TEXT"#]],
    );
    check_expr(
        cast(string("{1}"), DataType::Array(DataType::Integer.into())),
        expect![[r#"
        CAST($1 AS INTEGER[])
        Text("{1}"): TEXT"#]],
    );
}

#[test]
fn cases() {
    let case = |results: [Expr; 2]| {
        let [then, otherwise] = results;
        let branches = vec![(col("a").binary(Eq, int(1)), then)];
        Expr::Case(Box::new(Case { operand: None, branches, otherwise: Some(otherwise) }))
    };
    check_expr(
        case([string("x"), string("y")]),
        expect![[r#"
        CASE WHEN t.a = $1 THEN $2 ELSE $3 END
        I32(1): INTEGER, Text("x"): TEXT, Text("y"): TEXT"#]],
    );
    let red = || bind(Value::Text("red".into()), enum_of(&["red"]));
    check_expr(
        case([red(), red()]),
        expect![[r#"
        CASE WHEN t.a = $1 THEN CAST($2 AS color) ELSE CAST($3 AS color) END
        I32(1): INTEGER, Text("red"): ENUM color, Text("red"): ENUM color"#]],
    );
    check_expr(
        case([red(), typed("color", enum_of(&["red"]))]),
        expect![[r#"
        CASE WHEN t.a = $1 THEN $2 ELSE t.color END
        I32(1): INTEGER, Text("red"): ENUM color"#]],
    );
}

#[test]
fn other() {
    check_expr(
        Expr::Collate(Box::new(Collate { operand: typed("x", DataType::Text), collation: "C".into() })),
        expect![[r#"t.x COLLATE "C""#]],
    );
    check_expr(
        raw("x || $1"),
        expect![
            "error: this statement cannot be compiled: the SQL text `x || $1` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check_expr(
        raw("x ? 'a' -- b").and(raw("'$1' = $$ $1 $$")),
        expect![[r#"
        (x ? 'a' -- b
        ) AND ('$1' = $$ $1 $$)"#]],
    );
}

#[test]
fn binds_that_are_sent_as_texts() {
    let eq = |data_type: DataType, value| typed("x", data_type.clone()).binary(Eq, bind(value, data_type));
    check_expr(
        eq(DataType::Other("tsvector".into()), Value::Text("a".into())),
        expect![[r#"
        t.x = CAST($1 AS tsvector)
        Text("a"): tsvector"#]],
    );
    check_expr(
        eq(DataType::Other("tsvector".into()), Value::Null),
        expect![[r#"
        t.x = CAST($1 AS tsvector)
        Null: tsvector"#]],
    );
    check_expr(
        eq(DataType::Array(enum_of(&["red"]).into()), Value::Array(vec![])),
        expect![[r#"
        t.x = CAST($1 AS color[])
        Array([]): ENUM color ARRAY"#]],
    );
    check_expr(
        eq(DataType::Array(DataType::Text.into()), Value::Array(vec![])),
        expect![[r#"
        t.x = $1
        Array([]): TEXT ARRAY"#]],
    );
    let long = EnumType::new("n".repeat(64).into(), vec!["red".into()].into());
    check_expr(
        eq(DataType::Array(DataType::Enum(long).into()), Value::Null),
        expect![
            "error: `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` cannot be an identifier: it has more than 63 bytes, and PostgreSQL would cut it off"
        ],
    );
}

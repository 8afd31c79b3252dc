use BinaryOperator::*;
use expect_test::expect;

use super::*;

fn double(name: &'static str) -> Expr {
    typed(name, DataType::Double)
}

fn txt(name: &'static str) -> Expr {
    typed(name, DataType::Text)
}

#[test]
fn comparisons() {
    check_expr(col("a").binary(Eq, int(1)), expect!["t.a = ?\nI32(1): INTEGER"]);
    check_expr(col("a").binary(Ne, col("b")), expect!["t.a != t.b"]);
    check_expr(col("a").binary(Lt, col("b")), expect!["t.a < t.b"]);
    check_expr(col("a").binary(Le, col("b")), expect!["t.a <= t.b"]);
    check_expr(col("a").binary(Gt, col("b")), expect!["t.a > t.b"]);
    check_expr(col("a").binary(Ge, col("b")), expect!["t.a >= t.b"]);
    check_expr(col("a").binary(IsDistinctFrom, col("b")), expect!["t.a IS NOT t.b"]);
    check_expr(col("a").binary(IsNotDistinctFrom, int(1)), expect!["t.a IS ?\nI32(1): INTEGER"]);
    check_expr(
        txt("a").regexp(string("^x")),
        expect![[r#"
        t.a REGEXP ?
        Text("^x"): TEXT"#]],
    );
    check_expr(txt("a").regexp(txt("b")).negated(), expect!["t.a NOT REGEXP t.b"]);
}

#[test]
fn comparisons_do_not_chain() {
    check_expr(
        col("a").binary(Eq, col("b")).binary(Eq, col("c").binary(Lt, col("d"))),
        expect!["(t.a = t.b) = (t.c < t.d)"],
    );
    check_expr(col("a").binary(Eq, col("b")).unary(UnaryOperator::IsNull), expect!["(t.a = t.b) IS NULL"]);
    check_expr(col("a").binary(Eq, col("b").and(col("c"))), expect!["t.a = (t.b AND t.c)"]);
    check_expr(col("a").binary(Eq, col("b").unary(UnaryOperator::Not)), expect!["t.a = (NOT t.b)"]);
}

#[test]
fn arithmetic_reads_from_the_left() {
    check_expr(
        double("a").binary(Subtract, double("b")).binary(Subtract, double("c")),
        expect!["t.a - t.b - t.c"],
    );
    check_expr(
        double("a").binary(Subtract, double("b").binary(Subtract, double("c"))),
        expect!["t.a - (t.b - t.c)"],
    );
    check_expr(double("a").binary(Add, double("b").binary(Add, double("c"))), expect!["t.a + (t.b + t.c)"]);
    check_expr(
        double("a").binary(Add, double("b")).binary(Multiply, double("c")),
        expect!["(t.a + t.b) * t.c"],
    );
    check_expr(
        double("a").binary(Add, double("b").binary(Multiply, double("c"))),
        expect!["t.a + t.b * t.c"],
    );
    check_expr(
        double("a").binary(Divide, double("b").binary(Multiply, double("c"))),
        expect!["t.a / (t.b * t.c)"],
    );
    check_expr(
        double("a").binary(Divide, double("b")).binary(Multiply, double("c")),
        expect!["t.a / t.b * t.c"],
    );
    check_expr(
        col("a").binary(Add, int(1)).binary(Gt, col("b").binary(Multiply, int(2))),
        expect![[r#"
        t.a + ? > t.b * ?
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
}

#[test]
fn minus_is_no_comment() {
    check_expr(col("a").unary(UnaryOperator::Negate), expect!["-t.a"]);
    check_expr(col("a").unary(UnaryOperator::Negate).unary(UnaryOperator::Negate), expect!["-(-t.a)"]);
    check_expr(
        col("a").binary(Subtract, int(-1)),
        expect![[r#"
        t.a - ?
        I32(-1): INTEGER"#]],
    );
    check_expr(col("a").binary(Subtract, col("b").unary(UnaryOperator::Negate)), expect!["t.a - -t.b"]);
    check_expr(col("a").binary(Add, col("b")).unary(UnaryOperator::Negate), expect!["-(t.a + t.b)"]);
    check_expr(col("a").unary(UnaryOperator::Negate).binary(Multiply, col("b")), expect!["-t.a * t.b"]);
}

#[test]
fn division_keeps_its_fraction() {
    check_expr(col("a").binary(Divide, col("b")), expect!["t.a / (t.b + 0.0)"]);
    check_expr(
        col("a").binary(Divide, col("b").binary(Subtract, int(1))),
        expect![[r#"
        t.a / (t.b - ? + 0.0)
        I32(1): INTEGER"#]],
    );
    check_expr(
        col("a").binary(Divide, col("b")).binary(Divide, col("c")),
        expect!["t.a / (t.b + 0.0) / t.c"],
    );
    check_expr(col("a").binary(Divide, double("b")), expect!["t.a / t.b"]);
    check_expr(raw("a").binary(Divide, col("b")), expect!["(a) / t.b"]);
}

#[test]
fn remainders() {
    check_expr(
        col("a").binary(Modulo, int(2)),
        expect![[r#"
        t.a % ?
        I32(2): INTEGER"#]],
    );
    check_expr(
        col("a").binary(Modulo, double("b")),
        expect!["error: sqlite has no remainder of fractions; cast both sides to integers"],
    );
    check_expr(
        col("a").binary(Divide, col("b")).binary(Modulo, col("c")),
        expect!["error: sqlite has no remainder of fractions; cast both sides to integers"],
    );
}

#[test]
fn concatenation_and_arithmetic_are_kept_apart() {
    check_expr(txt("a").binary(Concat, txt("b")).binary(Concat, txt("c")), expect!["t.a || t.b || t.c"]);
    check_expr(txt("a").binary(Concat, txt("b").binary(Concat, txt("c"))), expect!["t.a || t.b || t.c"]);
    check_expr(txt("a").binary(Concat, col("b").binary(Add, col("c"))), expect!["t.a || (t.b + t.c)"]);
    check_expr(txt("a").binary(Concat, txt("b")).binary(Multiply, col("c")), expect!["(t.a || t.b) * t.c"]);
    check_expr(txt("a").binary(Concat, col("b").unary(UnaryOperator::Negate)), expect!["t.a || -t.b"]);
    check_expr(
        txt("a").binary(Concat, txt("b")).binary(Eq, string("c")),
        expect![[r#"
        t.a || t.b = ?
        Text("c"): TEXT"#]],
    );
    check_expr(txt("a").binary(Concat, txt("b").binary(Eq, txt("c"))), expect!["t.a || (t.b = t.c)"]);
}

use expect_test::expect;

use super::*;

fn text(parts: &[TextPart], binds: &[(&'static str, i32)]) -> Text {
    let binds = binds.iter().map(|(n, v)| (Name::Borrowed(*n), Bind::new(Value::I32(*v), DataType::Integer)));
    Text { parts: parts.to_vec(), binds: binds.collect() }
}

fn part(part: &str) -> TextPart {
    match part.strip_prefix(':') {
        Some(name) => TextPart::Parameter(name.to_owned().into()),
        None => TextPart::Sql(part.into()),
    }
}

#[test]
fn parameters() {
    let parts = [
        part("SELECT a FROM t WHERE a > "),
        part(":x"),
        part(" OR b IN ("),
        part(":y"),
        part(", "),
        part(":x"),
        part(")"),
    ];
    check(
        text(&parts, &[("y", 2), ("x", 1)]),
        expect![[r#"
        SELECT a FROM t WHERE a > ? OR b IN (?, ?)
        I32(1): INTEGER, I32(2): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        text(&parts, &[("x", 1)]),
        expect![[r#"error: the parameter `y` was not bound; add `.bind("y", …)`"#]],
    );
    check(
        text(&parts, &[("x", 1), ("y", 2), ("z", 3)]),
        expect![
            "error: the parameter `z` was bound, and the statement names no such parameter that is still without a value"
        ],
    );
}

#[test]
fn placeholders_of_the_users_own_would_shift_the_others() {
    check(
        text(&[part("SELECT ?, "), part(":x")], &[("x", 1)]),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT ?, ` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check(
        text(&[part("SELECT '?', "), part(":x")], &[("x", 1)]),
        expect![[r#"
        SELECT '?', ?
        I32(1): INTEGER"#]],
    );
    check(
        text(&[part("SELECT @a")], &[]),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT @a` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check(
        text(&[part("SELECT 1\0; DROP TABLE t")], &[]),
        expect!["error: this statement cannot be compiled: the SQL text has a NUL character"],
    );
}

#[test]
fn as_an_expression() {
    check_expr(
        raw("a OR b").and(raw("c -- why")),
        expect![[r#"
        (a OR b) AND (c -- why
        )"#]],
    );
    check_expr(raw("a OR b"), expect!["a OR b"]);
    check_expr(
        raw("a").binary(BinaryOperator::Eq, int(1)),
        expect![[r#"
        (a) = ?
        I32(1): INTEGER"#]],
    );
}

use expect_test::expect;

use super::*;

fn text(parts: &[&str], binds: &[(&'static str, i32)]) -> Text {
    let part = |part: &&str| match part.strip_prefix(':') {
        Some(name) => TextPart::Parameter(name.to_owned().into()),
        None => TextPart::Sql((*part).into()),
    };
    let binds = binds.iter().map(|(n, v)| (Name::Borrowed(*n), Bind::new(Value::I32(*v), DataType::Integer)));
    Text { parts: parts.iter().map(part).collect(), binds: binds.collect() }
}

#[test]
fn parameters() {
    check(
        text(&["SELECT ", ":x", " + ", ":y", " + ", ":x"], &[("y", 2), ("x", 1)]),
        expect![[r#"
        SELECT $1 + $2 + $3
        I32(1): INTEGER, I32(2): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        text(&["SELECT j ? 'a' FROM t WHERE a = ", ":x"], &[("x", 1)]),
        expect![[r#"
        SELECT j ? 'a' FROM t WHERE a = $1
        I32(1): INTEGER"#]],
    );
}

#[test]
fn placeholders_of_the_users_own_would_take_the_value_of_another() {
    check(
        text(&["SELECT $1, ", ":x"], &[("x", 1)]),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT $1, ` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
    check(
        text(&["SELECT '$1', \"$2\", a$3, $$ $4 $$, E'\\'$5' -- $6"], &[]),
        expect![[r#"
        SELECT '$1', "$2", a$3, $$ $4 $$, E'\'$5' -- $6
    "#]],
    );
}

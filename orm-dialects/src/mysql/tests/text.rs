use expect_test::expect;

use super::*;

fn text(sql: &str) -> Text {
    Text { parts: vec![TextPart::Sql(sql.into())], binds: Vec::new() }
}

#[test]
fn parameters() {
    let parts = vec![TextPart::Sql("SELECT * FROM t WHERE a = ".into()), TextPart::Parameter("a".into())];
    let binds = vec![("a".into(), Bind::new(Value::I32(1), DataType::Integer))];
    check(
        Text { parts, binds },
        expect![[r#"
        SELECT * FROM t WHERE a = ?
        I32(1): INTEGER"#]],
    );
}

#[test]
fn placeholders_of_ones_own() {
    check(
        text("SELECT '?' # ?"),
        expect![[r#"
        SELECT '?' # ?
    "#]],
    );
    check(
        text("SELECT ?"),
        expect![
            "error: this statement cannot be compiled: the SQL text `SELECT ?` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
}

#[test]
fn what_the_server_writes_otherwise() {
    for (told, written) in [
        (
            "`e` not between 1 and 2 and octet_length(`a`) MOD 2 <> 1",
            "e NOT BETWEEN 1 AND 2 and length(a) % 2 != 1",
        ),
        ("concat(concat(`a`,`b`),'q''')", "a || b || 'q'''"),
        ("lcase(`a`)", "LOWER(a)"),
        ("(`a` in (_utf8mb4'x',_utf8mb4'Y'))", "a IN ('x', 'Y')"),
        ("current_timestamp(6)", "now()"),
        ("utc_timestamp(6)", "CURRENT_TIMESTAMP"),
        ("curdate()", "(CURRENT_DATE)"),
        ("curtime(6)", "current_time"),
        ("1", "TRUE"),
        ("0.00", "0"),
        ("cast(`a` as char charset utf8mb4)", "CAST(a AS CHAR)"),
        ("10", "10"),
    ] {
        let normalized = |sql| MySql::mariadb().normalized_sql(sql);
        assert_eq!(normalized(told), normalized(written));
    }
    let normalized = |sql| MySql::mysql().normalized_sql(sql);
    assert_ne!(normalized("a = 'X'"), normalized("a = 'x'"));
    assert_ne!(normalized("a = 10"), normalized("a = 1"));
}

use super::*;

#[track_caller]
fn alike(a: &str, b: &str) {
    let normalized = |sql| Postgres::default().normalized_sql(sql);
    assert_eq!(normalized(a), normalized(b));
}

#[track_caller]
fn unlike(a: &str, b: &str) {
    let normalized = |sql| Postgres::default().normalized_sql(sql);
    assert_ne!(normalized(a), normalized(b));
}

/// What was written, and what PostgreSQL 15 gave back.
#[test]
fn what_postgres_rewrites() {
    alike("'x'", "'x'::character varying");
    alike("'it''s'", "'it''s'::character varying(10)");
    alike("-1", "'-1'::integer");
    alike("-1", "(-1)");
    alike("-1.5", "'-1.5'::numeric");
    alike("'{}'", "'{}'::text[]");
    alike("NULL", "NULL::timestamp without time zone");
    alike("now()", "CURRENT_TIMESTAMP");
    alike("INTERVAL '1 day'", "'1 day'::interval");
    alike("TRUE", "true");
    alike("nextval('s')", "nextval('s'::regclass)");
    alike("n != 1", "(n <> 1)");
    alike("\"Name\" > 'a'", "(\"Name\" > 'a'::text)");
    alike(
        "w IN ('good', 'it''s')",
        "((w)::text = ANY ((ARRAY['good'::character varying, 'it''s'::character varying])::text[]))",
    );
    alike("w = 'a' OR w IN ('b')", "((w = 'a'::text) OR (w = 'b'::text))");
    alike("n NOT IN (1, 2)", "(n <> ALL (ARRAY[1, 2]))");
    alike("n NOT IN (1)", "(n <> 1)");
    alike("w IN ('a\\b', 'c')", "(w = ANY (ARRAY['a\\b'::text, 'c'::text]))");
    alike("w IN (E'a\\\\b', 'c')", "w IN ('a\\b', 'c')");
    alike(
        "w LIKE 'a%' OR w IS NULL OR length(w) >= 2",
        "(((w)::text ~~ 'a%'::text) OR (w IS NULL) OR (length((w)::text) >= 2))",
    );
    alike("w NOT LIKE 'a%' AND w ILIKE 'b'", "((w !~~ 'a%'::text) AND (w ~~* 'b'::text))");
    alike(
        "ua BETWEEN 1 AND 5 AND w <> 'a' AND NOT flag",
        "(((ua >= 1) AND (ua <= 5)) AND ((w)::text <> 'a'::text) AND (NOT flag))",
    );
    alike(
        "lower(a) BETWEEN 'a' AND f(b, c) OR d",
        "(((lower(a) >= 'a'::text) AND (lower(a) <= f(b, c))) OR d)",
    );
    alike("a + b NOT BETWEEN 1 AND 2", "(((a + b) < 1) OR ((a + b) > 2))");
    alike("NOT a BETWEEN 1 AND 2", "(NOT ((a >= 1) AND (a <= 2)))");
    alike("CAST(n AS text) = '1'", "((n)::text = '1'::text)");
    alike("cast(a AS numeric(5, 2)) > 1", "((a)::numeric(5,2) > (1)::numeric)");
    alike("pg_catalog.lower(a)", "lower(a)");
    alike("t > timestamp '2020-01-01 00:00:00'", "(t > '2020-01-01 00:00:00'::timestamp without time zone)");
    alike("number * 2 -- twice", "(number * 2)");
}

#[test]
fn what_differs() {
    unlike("'x'", "'y'");
    unlike("'1'", "1");
    unlike("'a  b'", "'a b'");
    unlike("n IN (1, 2)", "n NOT IN (1, 2)");
    unlike("n > 1", "n >= 1");
    unlike("a AND b", "a OR b");
    unlike("a NOT LIKE 'x'", "a LIKE 'x'");
    unlike("a BETWEEN 1 AND 2", "a BETWEEN 1 AND 3");
    unlike("ab", "a b");
}

#[test]
fn no_text_panics() {
    for sql in [
        "",
        ")",
        "((",
        "a BETWEEN",
        "BETWEEN 1 AND",
        "a BETWEEN 1 AND 2 BETWEEN",
        "x IN (",
        "= ANY",
        "= ANY (ARRAY[",
        "::",
        "a::",
        "a::b.",
        "CAST(",
        "CAST(a AS",
        "cast(as)",
        "'",
        "E'",
        "not between and",
        "<> ALL (ARRAY[])",
        "in ()",
    ] {
        Postgres::default().normalized_sql(sql);
    }
}

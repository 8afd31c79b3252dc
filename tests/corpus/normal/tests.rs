use std::collections::BTreeMap;

use super::*;
use crate::core::{self, Said};

fn text(sql: &str) -> String {
    form(sql, "postgresql", "", false).text
}

fn form(sql: &str, dialect: &str, source: &str, theirs: bool) -> Normal {
    normal(sql, dialect, source, theirs, &|_| None)
}

#[track_caller]
fn same(a: &str, b: &str) {
    assert_eq!(text(a), text(b));
}

#[track_caller]
fn differ(a: &str, b: &str) {
    assert_ne!(text(a), text(b));
}

#[test]
fn white_space() {
    same("SELECT  a ,b\nFROM t", "SELECT a, b FROM t");
    same("UPDATE t SET a=1", "UPDATE t SET a = 1");
    differ("SELECT 'a  b'", "SELECT 'a b'");
    differ("SELECT \"a  b\"", "SELECT \"a b\"");
}

#[test]
fn placeholders() {
    let binds = |sql, dialect| form(sql, dialect, "", false);
    let ours = binds("SELECT ?, ?, ?", "sqlite");
    assert_eq!(ours.binds, [0, 1, 2]);
    assert_eq!(
        binds("SELECT $1, $2, $1", "postgresql"),
        Normal { binds: vec![0, 1, 0], ..binds("SELECT ?, ?, ?", "sqlite") }
    );
    assert_eq!(binds("SELECT :1, :2, :3", "oracle"), ours);
    assert_eq!(binds("SELECT @P1, @P2, @P3", "mssql"), ours);
    // An operator of PostgreSQL's, a slice, a question in a text.
    assert_eq!(binds("a ? $1", "postgresql").binds, [0]);
    assert_eq!(binds("a ? $1", "postgresql").text, "a ? ?");
    assert_eq!(binds("a[$1:$2]", "postgresql").binds, [0, 1]);
    assert_eq!(binds("SELECT '?', ?", "mysql").binds, [0]);
    assert_eq!(binds("SELECT ':1', :1", "oracle").binds, [0]);
}

#[test]
fn ascending() {
    same("ORDER BY a ASC NULLS FIRST", "ORDER BY a NULLS FIRST");
    differ("ORDER BY a DESC", "ORDER BY a");
    differ("ORDER BY t.asc", "ORDER BY t");
}

#[test]
fn limits() {
    same("SELECT a LIMIT ALL OFFSET $1", "SELECT a OFFSET $1");
    differ("SELECT a LIMIT 1 OFFSET $1", "SELECT a OFFSET $1");
    let pair = form("SELECT a LIMIT ?, ?", "mysql", "", true);
    assert_eq!(pair, Normal { binds: vec![1, 0], ..form("SELECT a LIMIT ? OFFSET ?", "mysql", "", false) });
}

#[test]
fn numbers_of_rows() {
    let of = |sql, dialect| {
        normal(sql, dialect, "", false, &|place| [Some(2), Some(0), None].get(place).copied().flatten())
    };
    assert_eq!(of("SELECT a LIMIT ?", "sqlite"), of("SELECT a LIMIT 2", "sqlite"));
    assert_ne!(of("SELECT a LIMIT ?", "sqlite"), of("SELECT a LIMIT 3", "sqlite"));
    assert_eq!(of("SELECT a LIMIT ? OFFSET ?", "sqlite"), of("SELECT a LIMIT 2", "sqlite"));
    assert_eq!(
        of("SELECT a FETCH FIRST (:1) ROWS ONLY", "oracle"),
        of("SELECT a FETCH FIRST 2 ROWS ONLY", "oracle")
    );
    assert_eq!(of("SELECT TOP (@P1) a", "mssql"), of("SELECT TOP 2 a", "mssql"));
    assert_eq!(of("SELECT a OFFSET 0 ROWS", "mssql").text, "SELECT a OFFSET 0 ROWS");
    assert_eq!(of("SELECT a LIMIT $1 + $2", "postgresql").text, "SELECT a LIMIT ? + ?");
    assert_eq!(of("SELECT ? LIMIT ?", "sqlite").binds, [0]);
    assert_eq!(of("SELECT a, $3 LIMIT $1", "postgresql").binds, [2]);
}

#[test]
fn booleans() {
    let of = |sql| form(sql, "sqlite", "", false).text;
    assert_eq!(of("WHERE t.is_active = 1 AND t.a"), of("WHERE t.is_active AND t.a"));
    assert_eq!(of("WHERE t.is_active = 0"), of("WHERE NOT t.is_active"));
    assert_ne!(of("WHERE t.is_active = 2"), of("WHERE t.is_active"));
    assert_ne!(of("WHERE t.age = 1"), of("WHERE t.age"));
    assert_ne!(of("WHERE t.is_active = 1 + 1"), of("WHERE t.is_active + 1"));
    assert_eq!(of("UPDATE t SET is_active = 1"), "UPDATE t SET is_active = 1");
    differ("WHERE t.is_active = 1", "WHERE t.is_active");
}

#[test]
fn joins() {
    same("FROM a INNER JOIN b ON c", "FROM a JOIN b ON c");
    same("FROM a LEFT OUTER JOIN b ON c", "FROM a LEFT JOIN b ON c");
    differ("FROM a LEFT JOIN b ON c", "FROM a JOIN b ON c");
    differ("FROM a CROSS JOIN b", "FROM a JOIN b");
}

#[test]
fn case_of_keywords() {
    same("select a from t where a is null", "SELECT a FROM t WHERE a IS NULL");
    same("SELECT COALESCE(a, b)", "SELECT coalesce(a, b)");
    same("CAST(a AS integer)", "CAST(a AS INTEGER)");
    same("SELECT a.B FROM C", "SELECT A.b FROM c");
    let of = |sql| form(sql, "sqlite", "", false).text;
    assert_ne!(of("SELECT a"), of("SELECT A"));
    differ("SELECT 'a'", "SELECT 'A'");
}

#[test]
fn quotes() {
    same("SELECT \"a\" FROM \"t\"", "SELECT a FROM t");
    differ("SELECT \"A\"", "SELECT A");
    differ("SELECT \"order\"", "SELECT order");
    differ("SELECT \"a b\"", "SELECT \"a c\"");
    differ("SELECT \"a\"", "SELECT 'a'");
    let of = |sql, dialect| form(sql, dialect, "", false).text;
    assert_eq!(of("SELECT `MixedCase`", "mysql"), of("SELECT MixedCase", "mysql"));
    assert_eq!(of("SELECT [a b]]c]", "mssql"), "SELECT \"a b]c\"");
    assert_eq!(of("SELECT \"ID\"", "oracle"), of("SELECT id", "oracle"));
    assert_ne!(of("SELECT \"id\"", "oracle"), of("SELECT id", "oracle"));
}

#[test]
fn inequality() {
    same("a != 1", "a <> 1");
    differ("a != 1", "a = 1");
}

#[test]
fn made_up_labels() {
    same("SELECT count(*) AS count_1 FROM t", "SELECT count(*) FROM t");
    same("SELECT a.id, b.id AS id_1 FROM a, b", "SELECT a.id, b.id FROM a, b");
    differ("SELECT a AS b", "SELECT a");
    // Named elsewhere, or by the statement itself.
    differ("SELECT s.n_1 FROM (SELECT count(*) AS n_1) AS s", "SELECT s.n_1 FROM (SELECT count(*)) AS s");
    let given = |sql| form(sql, "postgresql", "select(u.id.label('n_1'))", true).text;
    assert_ne!(given("SELECT id AS n_1"), given("SELECT id"));
    same("SELECT t.id AS id FROM t", "SELECT t.id FROM t");
    same("SELECT CAST(t.id AS TEXT) AS id FROM t", "SELECT CAST(t.id AS TEXT) FROM t");
    differ("SELECT CAST(t.id + 1 AS TEXT) AS id FROM t", "SELECT CAST(t.id + 1 AS TEXT) FROM t");
    differ(
        "SELECT x.id FROM (SELECT CAST(t.id AS TEXT) AS id) x",
        "SELECT x.id FROM (SELECT CAST(t.id AS TEXT)) x",
    );
}

#[test]
fn returning() {
    same("DELETE FROM t WHERE t.a = 1 RETURNING t.a, u.b", "DELETE FROM t WHERE t.a = 1 RETURNING a, u.b");
    differ("DELETE FROM t WHERE t.a = 1", "DELETE FROM t WHERE a = 1");
    differ("UPDATE t SET a = 1 RETURNING u.a", "UPDATE t SET a = 1 RETURNING a");
    let of = |sql, dialect, source| form(sql, dialect, source, true).text;
    let plain = "INSERT INTO t (a) VALUES (?)";
    for (sql, dialect) in [
        ("INSERT INTO t (a) VALUES ($1) RETURNING t.id", "postgresql"),
        ("INSERT INTO t (a) VALUES (:1) RETURNING t.id INTO :2", "oracle"),
        ("INSERT INTO t (a) OUTPUT inserted.id VALUES (?)", "mssql"),
    ] {
        assert_eq!(of(sql, dialect, "insert(t)"), text(plain), "{sql}");
        assert_ne!(of(sql, dialect, "insert(t).returning(t.c.id)"), text(plain), "{sql}");
        assert_ne!(form(sql, dialect, "insert(t)", false).text, text(plain), "{sql}");
    }
}

#[test]
fn needless_parentheses() {
    same("WHERE ((a = 1)) AND (b = 2)", "WHERE a = 1 AND b = 2");
    same("WHERE (a = 1 AND b = 2) OR c = 3", "WHERE a = 1 AND b = 2 OR c = 3");
    same("WHERE (a OR b) OR c", "WHERE a OR (b OR c)");
    same("SELECT (a * b) + c", "SELECT a * b + c");
    same("SELECT (a - b) - c", "SELECT a - b - c");
    same("WHERE (a || b) = c", "WHERE a || b = c");
    same("WHERE NOT (a = b)", "WHERE NOT a = b");
    same("WHERE NOT (EXISTS (SELECT 1))", "WHERE NOT EXISTS (SELECT 1)");
    same("CASE WHEN (a = 1) THEN (2) END", "CASE WHEN a = 1 THEN 2 END");
    same("SELECT f((a + b)), (x) AS y", "SELECT f(a + b), x AS y");
    same("WHERE (a NOT IN (1, 2))", "WHERE a NOT IN (1, 2)");
    same("WHERE (a IS DISTINCT FROM b) AND c", "WHERE a IS DISTINCT FROM b AND c");
    same("FETCH FIRST ($1) ROWS ONLY", "FETCH FIRST $1 ROWS ONLY");
    same("SELECT -(a)", "SELECT -a");
    same("WHERE a = ((SELECT 1))", "WHERE a = (SELECT 1)");
}

#[test]
fn parentheses_that_mean_something_stay() {
    for sql in [
        "SELECT ( a + b ) * c",
        "SELECT a - ( b - c )",
        "SELECT a - ( b + c )",
        "SELECT a / ( b * c )",
        "SELECT - ( a + b )",
        "SELECT ( a || b ) + c",
        "SELECT ( a -> b ) -> c",
        "SELECT ( a & b ) || c",
        "WHERE ( a OR b ) AND c",
        "WHERE a AND ( b OR c )",
        "WHERE NOT ( a AND b )",
        "WHERE ( NOT a ) = b",
        "WHERE ( a = b ) = c",
        "WHERE a = ( b = c )",
        "WHERE ( a = b ) IS NULL",
        "WHERE ( a = b ) IN ( 1 )",
        "WHERE a BETWEEN b AND ( c = d )",
        "WHERE a BETWEEN ( b AND c ) AND d",
        "WHERE a LIKE ( b LIKE c )",
        "WHERE a IN ( 1 )",
        "WHERE a IN ( SELECT 1 )",
        "WHERE a = ( SELECT 1 )",
        "WHERE a = ANY ( b )",
        "WHERE ( a , b ) = ( 1 , 2 )",
        "WHERE ( a , b ) IN ( ( 1 , 2 ) )",
        "SELECT f ( a )",
        "SELECT ( a ) . b",
        "SELECT ( a ) [ 1 ]",
        "SELECT ( a + b ) :: TEXT",
        "SELECT ( a || b ) COLLATE c",
        "SELECT count ( * ) OVER ( ORDER BY a )",
        "SELECT DISTINCT ON ( a ) a",
        "INSERT INTO t ( a ) VALUES ( 1 ) , ( 2 )",
        "CREATE INDEX i ON t ( ( a + b ) )",
        "SELECT a UNION ( SELECT b LIMIT 1 )",
        "FROM a LEFT JOIN ( b JOIN c ON d ) ON e",
    ] {
        assert_eq!(text(sql), sql);
    }
}

/// An expression, to be written with all its parentheses.
#[derive(Debug, Clone, PartialEq)]
enum Tree {
    Leaf(char),
    Not(Box<Tree>),
    Minus(Box<Tree>),
    Two(&'static str, Box<Tree>, Box<Tree>),
}

impl Tree {
    fn written(&self) -> String {
        match self {
            Tree::Leaf(name) => name.to_string(),
            Tree::Not(a) => format!("(NOT {})", a.written()),
            Tree::Minus(a) => format!("(- {})", a.written()),
            Tree::Two(op, a, b) => format!("({} {op} {})", a.written(), b.written()),
        }
    }

    /// As it is written, but that AND and OR in a row are one.
    fn meaning(&self) -> String {
        match self {
            Tree::Two(op @ ("AND" | "OR"), a, b) => {
                format!("[{}]", [a.flat(op), b.flat(op)].concat().join(op))
            }
            Tree::Two(op, a, b) => format!("({} {op} {})", a.meaning(), b.meaning()),
            Tree::Not(a) => format!("(NOT {})", a.meaning()),
            Tree::Minus(a) => format!("(- {})", a.meaning()),
            Tree::Leaf(name) => name.to_string(),
        }
    }

    fn flat(&self, of: &str) -> Vec<String> {
        match self {
            Tree::Two(op, a, b) if *op == of => [a.flat(of), b.flat(of)].concat(),
            other => vec![other.meaning()],
        }
    }

    /// All of a depth.
    fn all(depth: usize) -> Vec<Tree> {
        if depth == 0 {
            return vec![Tree::Leaf('a'), Tree::Leaf('b')];
        }
        let below = Tree::all(depth - 1);
        let mut all = below.clone();
        for a in &below {
            all.push(Tree::Not(Box::new(a.clone())));
            all.push(Tree::Minus(Box::new(a.clone())));
            for b in &below {
                for op in ["OR", "AND", "=", "LIKE", "||", "+", "-", "*", "->"] {
                    all.push(Tree::Two(op, Box::new(a.clone()), Box::new(b.clone())));
                }
            }
        }
        all
    }
}

/// No two expressions of different meaning have one form, whatever is around them.
#[test]
fn no_difference_is_removed() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for tree in Tree::all(2) {
        let meaning = tree.meaning();
        let form = text(&format!("SELECT {}", tree.written()));
        let before = seen.entry(form.clone()).or_insert_with(|| meaning.clone());
        assert_eq!(*before, meaning, "both are {form}");
    }
    assert!(seen.len() > 10_000, "{}", seen.len());
}

/// Every statement of the corpus changes its form when a word, a sign or a literal of it changes.
#[test]
fn every_mutation_of_the_corpus_shows() {
    let mut mutations = 0;
    for line in core::lines() {
        for (dialect, said) in &line.dialects {
            let Said::One(page) = said else { continue };
            if dialect == "postgresql+asyncpg" {
                continue;
            }
            let list = tokens(&page.sql, dialect);
            let form_of = |list: &[Token]| {
                let words: Vec<String> = list.iter().map(written).collect();
                form(&words.join(" "), dialect, &line.source, false).text
            };
            let before = form_of(&list);
            for i in 0..list.len() {
                let other = match &list[i] {
                    // A made-up label and its mutation are both made up, or say nothing.
                    Token::Word(_) | Token::Quoted(_) if i > 0 && list[i - 1].is("AS") => continue,
                    Token::Word(word) if word.eq_ignore_ascii_case("as") => continue,
                    Token::Word(word) if word == "AND" => Token::Word("OR".into()),
                    Token::Word(_) => Token::Word("mutant".into()),
                    Token::Quoted(_) => Token::Quoted("Mu tant".into()),
                    Token::Literal(_) => Token::Literal("'mutant'".into()),
                    Token::Bind(_) => Token::Literal("4711".into()),
                    Token::Comment(_) => continue,
                    Token::Sign(sign) => match sign.as_str() {
                        "(" | ")" | "[" | "]" => continue,
                        "+" => Token::Sign("-".into()),
                        "," => Token::Sign("+".into()),
                        _ => Token::Sign("/".into()),
                    },
                };
                if other == list[i]
                    || list[i].is("ALL")
                    || ["ASC", "INNER", "OUTER"].iter().any(|word| list[i].is(word))
                {
                    continue;
                }
                let mut mutant = list.clone();
                mutant[i] = other;
                mutations += 1;
                assert_ne!(
                    form_of(&mutant),
                    before,
                    "{} on {dialect}: token {i} ({}) of {}",
                    line.name,
                    list[i],
                    page.sql
                );
            }
        }
    }
    assert!(mutations > 20_000, "{mutations}");
}

/// A token as a text that is cut into it again; a placeholder is a word, so that no dialect counts it.
fn written(token: &Token) -> String {
    match token {
        Token::Quoted(name) => format!("\"{}\"", name.replace('"', "\"\"")),
        Token::Bind(_) => "NULL".to_owned(),
        other => other.to_string(),
    }
}

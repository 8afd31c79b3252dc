//! A column without a boolean type where a condition stands: SQLAlchemy says it as it is behind `WHEN`, and tests it by `IS 1`.
//! Oracle and SQL Server refuse both; ours compares it with 1.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Token;

static TRUTH: AtomicUsize = AtomicUsize::new(0);

pub(super) fn words(words: &[&str]) -> Vec<Token> {
    words.iter().map(|word| Token::Word((*word).to_owned())).collect()
}

/// Theirs as the databases take it.
pub(super) fn fold(list: &mut Vec<Token>) {
    let is_column = |w: &[Token]| matches!(w, [Token::Word(_), dot, Token::Word(_)] if dot.is("."));
    let digit = |token: &Token| match token.to_string().as_str() {
        "0" => Some("0"),
        "1" => Some("1"),
        _ => None,
    };
    let one = || [Token::Sign("=".to_owned()), Token::Literal("1".to_owned())];
    let condition = |w: &[Token]| w[0].is("WHEN") && is_column(&w[1..4]) && w[4].is("THEN");
    while let Some(at) = list.windows(5).position(condition) {
        TRUTH.fetch_add(1, Ordering::Relaxed);
        list.splice(at + 4..at + 4, one());
    }
    let test = |w: &[Token]| is_column(&w[..3]) && w[3].is("IS") && digit(&w[4]).is_some();
    while let Some(at) = list.windows(5).position(test) {
        TRUTH.fetch_add(1, Ordering::Relaxed);
        let digit = Token::Literal(digit(&list[at + 4]).unwrap_or_default().to_owned());
        let mut tested = words(&["CASE", "WHEN"]);
        tested.extend_from_slice(&list[at..at + 3]);
        tested.extend([Token::Sign("=".to_owned()), digit]);
        tested.extend(words(&["THEN"]));
        tested.push(Token::Literal("1".to_owned()));
        tested.extend(words(&["ELSE"]));
        tested.push(Token::Literal("0".to_owned()));
        tested.extend(words(&["END"]));
        tested.extend(one());
        list.splice(at..at + 5, tested);
    }
}

/// How often it was needed so far.
pub(crate) fn counts() -> String {
    format!("Oracle and SQL Server: truth compared with 1: {}", TRUTH.load(Ordering::Relaxed))
}

#[test]
fn it_stands_for_the_same_and_for_nothing_else() {
    for dialect in ["oracle", "mssql"] {
        let same = |ours: &str, theirs: &str| {
            super::normal(ours, dialect, "", false, &|_| None).text
                == super::normal(theirs, dialect, "", true, &|_| None).text
        };
        let theirs = "SELECT CASE WHEN t.a THEN 2 END FROM t";
        assert!(same("SELECT CASE WHEN t.a = 1 THEN 2 END FROM t", theirs));
        assert!(!same("SELECT CASE WHEN t.a = 0 THEN 2 END FROM t", theirs));
        let ours = "SELECT t.b FROM t WHERE CASE WHEN t.a = 0 THEN 1 ELSE 0 END = 1";
        assert!(same(ours, "SELECT t.b FROM t WHERE t.a IS 0"));
        assert!(!same(ours, "SELECT t.b FROM t WHERE t.a IS 1"));
    }
}

//! What SQLAlchemy says otherwise for SQL Server in every statement of a kind: one rule for each, and how often it was needed.
//!
//! - A row lock is left out without a word; ours is `WITH (UPDLOCK, ROWLOCK)` behind the table.
//! - `CASE JSON_VALUE(a) WHEN NULL THEN NULL ELSE b END` is `b`, as nothing equals NULL.
//! - The clock: a moment with its zone is `SYSDATETIMEOFFSET()`, one without `SYSDATETIME()` (`LOCALTIMESTAMP` is refused), and a
//!   date `CAST(GETDATE() AS DATE)`.
//! - A date in the text is a bare text, which a column's type makes a date; ours says its type, `CAST('…' AS DATE)`.
//! - A double in the text is a decimal; ours has its exponent, `2.5e0`.
//! - A sum of integers has as many bits as they; ours has 64.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Token;

static HINTS: AtomicUsize = AtomicUsize::new(0);
static WHEN_NULL: AtomicUsize = AtomicUsize::new(0);
static CLOCK: AtomicUsize = AtomicUsize::new(0);
static DATES: AtomicUsize = AtomicUsize::new(0);
static DOUBLE: AtomicUsize = AtomicUsize::new(0);
static SUM: AtomicUsize = AtomicUsize::new(0);

pub(super) fn fold(list: &mut Vec<Token>, theirs: bool) {
    if theirs {
        when_null(list);
    } else {
        hints(list);
        clock(list);
        dates(list);
        double(list);
        sum(list);
    }
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(text) if text.eq_ignore_ascii_case(word))
}

/// `WITH (UPDLOCK, ROWLOCK)` behind a table.
fn hints(list: &mut Vec<Token>) {
    let is_lock = |w: &[Token]| {
        w[0].is("WITH") && w[1].is("(") && (is_word(&w[2], "UPDLOCK") || is_word(&w[2], "REPEATABLEREAD"))
    };
    while let Some(at) = list.windows(3).position(is_lock) {
        HINTS.fetch_add(1, Ordering::Relaxed);
        let end = list[at..].iter().position(|t| t.is(")")).map_or(list.len(), |end| at + end + 1);
        list.drain(at..end);
    }
}

fn when_null(list: &mut Vec<Token>) {
    const WORDS: [&str; 5] = ["WHEN", "NULL", "THEN", "NULL", "ELSE"];
    let starts = |w: &[Token]| w[0].is("CASE") && is_word(&w[1], "json_value") && w[2].is("(");
    while let Some(case) = list.windows(3).position(starts) {
        let Some(close) = closing(&list[case + 2..], "(", ")").map(|at| case + 2 + at) else { return };
        let words = list.get(close + 1..close + 6).unwrap_or_default();
        let Some(end) = closing(&list[case..], "CASE", "END").map(|at| case + at) else { return };
        if words.is_empty() || !words.iter().zip(WORDS).all(|(token, word)| token.is(word)) {
            return;
        }
        WHEN_NULL.fetch_add(1, Ordering::Relaxed);
        list.remove(end);
        list.drain(case..close + 6);
    }
}

/// Where what the first token opens is closed.
fn closing(list: &[Token], open: &str, close: &str) -> Option<usize> {
    let mut depth = 0_usize;
    list.iter().position(|token| {
        depth += usize::from(token.is(open));
        depth = depth.saturating_sub(usize::from(token.is(close)));
        depth == 0
    })
}

fn clock(list: &mut Vec<Token>) {
    for (ours, theirs) in [("sysdatetimeoffset", "CURRENT_TIMESTAMP"), ("sysdatetime", "LOCALTIMESTAMP")] {
        let is = |w: &[Token]| is_word(&w[0], ours) && w[1].is("(") && w[2].is(")");
        while let Some(at) = list.windows(3).position(is) {
            CLOCK.fetch_add(1, Ordering::Relaxed);
            list.splice(at..at + 3, [Token::Word(theirs.to_owned())]);
        }
    }
    let is =
        |w: &[Token]| w[0].is("CAST") && w[1].is("(") && is_word(&w[2], "getdate") && is_word(&w[6], "DATE");
    while let Some(at) = list.windows(8).position(is) {
        CLOCK.fetch_add(1, Ordering::Relaxed);
        list.drain(at + 5..at + 8);
        list.drain(at..at + 2);
    }
}

/// `CAST('2024-02-29' AS DATE)`
fn dates(list: &mut Vec<Token>) {
    let is = |w: &[Token]| {
        w[0].is("CAST")
            && w[1].is("(")
            && matches!(&w[2], Token::Literal(text) if text.starts_with('\''))
            && w[3].is("AS")
            && ["DATE", "DATETIME2"].iter().any(|word| is_word(&w[4], word))
            && w[5].is(")")
    };
    while let Some(at) = list.windows(6).position(is) {
        DATES.fetch_add(1, Ordering::Relaxed);
        list.drain(at + 3..at + 6);
        list.drain(at..at + 2);
    }
}

fn double(list: &mut [Token]) {
    for token in list {
        if let Token::Literal(digits) = token
            && digits.contains('e')
            && let Ok(number) = digits.parse::<f64>()
        {
            DOUBLE.fetch_add(1, Ordering::Relaxed);
            *digits = number.to_string();
        }
    }
}

/// `SUM(CAST(a AS BIGINT))`
fn sum(list: &mut Vec<Token>) {
    let opens = |w: &[Token]| is_word(&w[0], "sum") && w[1].is("(") && w[2].is("CAST") && w[3].is("(");
    let mut from = 0;
    while let Some(at) = list[from..].windows(4).position(opens).map(|at| from + at) {
        from = at + 4;
        let Some(end) = closing(&list[at + 3..], "(", ")").map(|end| at + 3 + end) else { return };
        if list[end - 2].is("AS") && is_word(&list[end - 1], "BIGINT") {
            SUM.fetch_add(1, Ordering::Relaxed);
            list.drain(end - 2..=end);
            list.drain(at + 2..at + 4);
        }
    }
}

/// How often each was needed so far.
pub(crate) fn counts() -> String {
    format!(
        "SQL Server: row locks that SQLAlchemy leaves out: {}; its CASE … WHEN NULL: {}; the clock: {}; dates: {}; doubles: {}; sums in 64 bits: {}",
        HINTS.load(Ordering::Relaxed),
        WHEN_NULL.load(Ordering::Relaxed),
        CLOCK.load(Ordering::Relaxed),
        DATES.load(Ordering::Relaxed),
        DOUBLE.load(Ordering::Relaxed),
        SUM.load(Ordering::Relaxed)
    )
}

#[test]
fn each_stands_for_the_same_and_for_nothing_else() {
    let same = |ours: &str, theirs: &str| {
        super::normal(ours, "mssql", "", false, &|_| None).text
            == super::normal(theirs, "mssql", "", true, &|_| None).text
    };
    let theirs = "SELECT a FROM t AS x WHERE a = ?";
    assert!(same("SELECT a FROM t AS x WITH (UPDLOCK, ROWLOCK, READPAST) WHERE a = @P1", theirs));
    assert!(!same("SELECT a FROM t AS x WITH (NOLOCK) WHERE a = @P1", theirs));
    let theirs =
        "SELECT CASE JSON_VALUE(a, ?) WHEN NULL THEN NULL ELSE CASE WHEN b THEN JSON_VALUE(a, ?) END END, c";
    let normal = super::normal(theirs, "mssql", "", true, &|_| None);
    assert_eq!(normal.binds, [1]);
    assert!(same("SELECT CASE WHEN b THEN JSON_VALUE(a, @P1) END, c", theirs));
    assert!(!same("SELECT JSON_VALUE(a, @P1), c", theirs));
    let other = "SELECT CASE JSON_VALUE(a, ?) WHEN 1 THEN NULL ELSE b END";
    assert!(!same("SELECT b", other));
    assert!(same("SELECT SYSDATETIMEOFFSET()", "SELECT CURRENT_TIMESTAMP"));
    assert!(same("SELECT SYSDATETIME()", "SELECT LOCALTIMESTAMP"));
    assert!(!same("SELECT SYSDATETIME()", "SELECT CURRENT_TIMESTAMP"));
    assert!(same("SELECT CAST(GETDATE() AS DATE), 1", "SELECT GETDATE(), 1"));
    assert!(!same("SELECT CAST(GETDATE() AS TIME), 1", "SELECT GETDATE(), 1"));
    assert!(same("SELECT CAST('2024-02-29' AS DATE)", "SELECT '2024-02-29'"));
    assert!(!same("SELECT CAST('2024-02-29' AS DATE)", "SELECT '2024-02-28'"));
    assert!(!same("SELECT CAST('2024-02-29' AS TIME)", "SELECT '2024-02-29'"));
    assert!(!same("SELECT CAST(a AS DATE)", "SELECT a"));
    assert!(same("SELECT 2.5e0", "SELECT 2.5"));
    assert!(!same("SELECT 2.5e0", "SELECT 2.51"));
    assert!(same("SELECT sum(CAST(a + (b) AS BIGINT)), c", "SELECT sum(a + b), c"));
    assert!(!same("SELECT avg(CAST(a AS BIGINT))", "SELECT avg(a)"));
    assert!(!same("SELECT sum(CAST(a AS INTEGER))", "SELECT sum(a)"));
}

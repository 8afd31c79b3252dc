//! What a SQL text does to its connection, told by its first words.

/// What kind of statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It reads, and no more.
    Read,
    /// It changes rows.
    Write,
    /// It sets, releases or goes back to a savepoint.
    Savepoint,
    /// It may end the transaction: DDL, which commits it, and COMMIT itself.
    Ends,
    /// It may end a transaction or begin one, or change the connection for whoever comes next.
    Changes,
}

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) kind: Kind,
    /// Whether it leaves something behind on the connection: a variable, a lock, a temporary table.
    pub(super) lasts: bool,
    /// Whether it is worth preparing, or can be.
    pub(super) is_prepared: bool,
    /// The bytes `?`: the placeholders, and those in literals and names.
    pub(super) question_marks: usize,
}

pub(super) fn scan(sql: &str) -> Scan {
    let mut words = Words(sql);
    let first = words.next().unwrap_or("");
    let kind = kind(first, &mut words);
    let lasts = match kind {
        Kind::Changes => true,
        Kind::Read | Kind::Write => assigns(sql) || locks(sql),
        Kind::Savepoint | Kind::Ends => is_temporary(sql),
    };
    let is_prepared = match kind {
        Kind::Read | Kind::Write => !is_any(first, &["SHOW", "DESCRIBE", "DESC", "HELP"]),
        Kind::Savepoint | Kind::Ends => false,
        // Its results come with all their digits only so.
        Kind::Changes => is_any(first, &["CALL"]),
    };
    Scan { kind, lasts, is_prepared, question_marks: sql.bytes().filter(|b| *b == b'?').count() }
}

fn is_any(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn kind(first: &str, words: &mut Words<'_>) -> Kind {
    if is_any(first, &["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "HELP"]) {
        return Kind::Read;
    }
    if is_any(first, &["INSERT", "UPDATE", "DELETE", "REPLACE"]) {
        return Kind::Write;
    }
    if is_any(first, &["SAVEPOINT", "RELEASE"]) {
        return Kind::Savepoint;
    }
    if is_any(first, &["ROLLBACK"]) {
        return match words.any(|word| is_any(word, &["TO"])) {
            true => Kind::Savepoint,
            false => Kind::Ends,
        };
    }
    const ENDS: [&str; 12] = [
        "CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "GRANT", "REVOKE", "ANALYZE", "CHECK", "OPTIMIZE",
        "REPAIR", "COMMIT",
    ];
    if is_any(first, &ENDS) { Kind::Ends } else { Kind::Changes }
}

/// `@name := …` and `INTO @name`; system variables are `@@name`.
fn assigns(sql: &str) -> bool {
    sql.contains('@') && sql.replace("@@", "").contains('@')
}

/// `GET_LOCK(…)`
fn locks(sql: &str) -> bool {
    const NAME: &[u8] = b"get_lock";
    sql.as_bytes().windows(NAME.len()).any(|window| window.eq_ignore_ascii_case(NAME))
}

/// `CREATE TEMPORARY TABLE`, `CREATE OR REPLACE TEMPORARY TABLE`
fn is_temporary(sql: &str) -> bool {
    Words(sql).take(4).any(|word| word.eq_ignore_ascii_case("TEMPORARY"))
}

/// The words at the beginning of a text, without comments, up to the first other thing.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.0 = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '(' || c == ';');
            if let Some(comment) = self.0.strip_prefix("/*") {
                // What stands in `/*! … */` and `/*M! … */` is not a comment but a part of the statement.
                self.0 = match comment.strip_prefix('!').or_else(|| comment.strip_prefix("M!")) {
                    Some(own) => own.trim_start_matches(|c: char| c.is_ascii_digit()),
                    None => comment.split_once("*/").map_or("", |(_, rest)| rest),
                };
            } else if self.0.starts_with("-- ")
                || self.0.starts_with("--\t")
                || self.0.starts_with("--\n")
                || self.0.starts_with('#')
            {
                self.0 = self.0.split_once('\n').map_or("", |(_, rest)| rest);
            } else {
                break;
            }
        }
        let end = self.0.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, kind: Kind, lasts: bool) {
        let found = scan(sql);
        assert_eq!((found.kind, found.lasts), (kind, lasts), "{sql}");
    }

    #[test]
    fn kinds() {
        check("SELECT 1", Kind::Read, false);
        check(" /* a */ ( ( select 1)", Kind::Read, false);
        check("-- a\n# b\nWITH x AS (SELECT 1) SELECT 1", Kind::Read, false);
        check("insert INTO t VALUES (?)", Kind::Write, false);
        check("SAVEPOINT a", Kind::Savepoint, false);
        check("ROLLBACK TO a", Kind::Savepoint, false);
        check("ROLLBACK WORK TO SAVEPOINT a", Kind::Savepoint, false);
        check("ROLLBACK", Kind::Ends, false);
        check("/*!40101 CREATE */ TABLE t (a INT)", Kind::Ends, false);
        check("BEGIN", Kind::Changes, true);
        check("SET autocommit = 0", Kind::Changes, true);
        check("CALL p()", Kind::Changes, true);
        check("XA START 'a'", Kind::Changes, true);
        check("", Kind::Changes, true);
    }

    #[test]
    fn what_lasts() {
        check("CREATE TEMPORARY TABLE t (a INT)", Kind::Ends, true);
        check("CREATE OR REPLACE TEMPORARY TABLE t (a INT)", Kind::Ends, true);
        check("CREATE TABLE temporary (a INT)", Kind::Ends, true);
        check("SELECT @a := 1", Kind::Read, true);
        check("SELECT @@version", Kind::Read, false);
        check("SELECT Get_Lock('a', 1)", Kind::Read, true);
        assert_eq!(scan("SELECT '?', ?").question_marks, 2);
    }
}

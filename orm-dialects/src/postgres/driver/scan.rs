//! A look over SQL text: what stands outside of quotes and comments.

use crate::postgres::lexer::{Lexer, Token};

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// The values that the text takes: the greatest `$n`.
    pub(super) placeholders: usize,
    /// There is more than one statement.
    pub(super) several: bool,
    /// A query that a cursor can be declared for.
    pub(super) reads: bool,
    /// Its number of rows is one of changed rows.
    pub(super) changes: bool,
    /// BEGIN, COMMIT, SAVEPOINT and the like, at the start of a statement.
    pub(super) transacts: bool,
    /// SET, temporary tables, locks of the session and the like, which outlast the transaction.
    pub(super) lasts: bool,
    /// DISCARD or DEALLOCATE, which take prepared statements away.
    pub(super) forgets: bool,
    /// LISTEN, whose messages would come between the answers.
    pub(super) listens: bool,
    /// COPY from or to the client.
    pub(super) copies: bool,
    /// There is a NUL character.
    pub(super) nul: bool,
}

/// Looks over `sql`.
pub(super) fn scan(sql: &str) -> Scan {
    let mut seen = Seen { nul: sql.contains('\0'), ..Seen::default() };
    for token in Lexer::new(sql) {
        seen.token(token);
    }
    seen.end()
}

#[derive(Default)]
struct Seen<'a> {
    found: Scan,
    nul: bool,
    /// The first word of the text.
    first: Option<&'a str>,
    /// The word before, where there is one in the same statement.
    before: Option<&'a str>,
    /// Something stands before in the same statement.
    inside: bool,
    /// A statement was ended by `;`.
    ended: bool,
    /// INSERT, UPDATE, DELETE, MERGE or INTO, anywhere.
    writes: bool,
}

impl<'a> Seen<'a> {
    fn token(&mut self, token: Token<'a>) {
        match token {
            Token::Comment { .. } => return,
            Token::Sign(";") => {
                self.ended |= self.inside;
                (self.inside, self.before) = (false, None);
                return;
            }
            Token::Placeholder(number) => {
                // No statement has more, and the binds will not match.
                let number = number[1..].parse().unwrap_or(usize::MAX);
                self.found.placeholders = self.found.placeholders.max(number);
            }
            Token::Word(word) => {
                self.word(word);
                self.first = self.first.or(Some(word));
            }
            _ => {}
        }
        self.found.several |= self.ended;
        self.inside = true;
        self.before = if let Token::Word(word) = token { Some(word) } else { None };
    }

    fn word(&mut self, word: &str) {
        let found = &mut self.found;
        if !self.inside {
            found.transacts |= is_one(word, TRANSACTS);
            found.lasts |= is_one(word, LASTS);
            found.forgets |= is_one(word, &["discard", "deallocate"]);
            found.listens |= is_one(word, &["listen"]);
        }
        found.lasts |= is_one(word, LASTS_ANYWHERE);
        found.copies |= is_one(word, &["stdin", "stdout"])
            && self.before.is_some_and(|before| is_one(before, &["from", "to"]))
            && self.first.is_some_and(|first| is_one(first, &["copy"]));
        self.writes |= is_one(word, &["insert", "update", "delete", "merge", "into"]);
    }

    fn end(mut self) -> Scan {
        let starts = |words: &[&str]| self.first.is_some_and(|first| is_one(first, words));
        self.found.nul = self.nul;
        self.found.reads =
            !self.found.several && !self.writes && starts(&["select", "values", "table", "with"]);
        self.found.changes = self.writes && !starts(&["select", "values", "table", "explain", "show"]);
        self.found
    }
}

const TRANSACTS: &[&str] =
    &["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare"];
const LASTS: &[&str] =
    &["set", "reset", "discard", "deallocate", "load", "do", "prepare", "listen", "unlisten"];
const LASTS_ANYWHERE: &[&str] = &[
    "temp",
    "temporary",
    "hold",
    "set_config",
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
];

fn is_one(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::{Scan, scan};

    #[test]
    fn placeholders_are_counted_outside_of_quotes_and_comments() {
        for (sql, placeholders) in [
            ("", 0),
            ("a = $1", 1),
            ("a = $2 AND b IN ($1,$10)", 10),
            ("a = '$1' AND b = \"$2\" AND c$3 = 1", 0),
            ("a = 'it''s $1' AND b = $1", 1),
            ("a = 'it\\' AND b = $1 --'", 1),
            ("a = E'it\\'s $2' AND b = $1", 1),
            ("-- $2\n $1 /* $3 /* $4 */ $5 */ - $1 -- $6", 1),
            ("$$ $1 $$ || $1", 1),
            ("$a$ $1 $$ $2 $b$ $a$ || $1", 1),
            ("$a$ $1", 0),
            ("$99999999999999999999999", usize::MAX),
            ("'$1", 0),
            ("/* $1", 0),
            ("E'\\", 0),
            ("$", 0),
            ("é$1 'ü$2' $3", 3),
        ] {
            assert_eq!(scan(sql).placeholders, placeholders, "{sql}");
        }
    }

    #[test]
    fn the_other_findings() {
        let none = Scan::default();
        let reads = Scan { reads: true, ..none };
        let changes = Scan { changes: true, ..none };
        for (sql, found) in [
            ("", none),
            (" ; -- a", none),
            ("SELECT 1", reads),
            ("(SELECT 1) UNION (SELECT 2);", reads),
            ("/* x */ with a as (select 1) select * from a", reads),
            ("WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", changes),
            ("SELECT * INTO t FROM u", none),
            ("INSERT INTO t SELECT 1", changes),
            ("SELECT 1; SELECT 2", Scan { several: true, ..none }),
            ("UPDATE t SET a = 1", changes),
            ("SET search_path = a", Scan { lasts: true, ..none }),
            ("SELECT set_config('a', 'b', false)", Scan { lasts: true, ..reads }),
            ("SELECT pg_advisory_lock(1)", Scan { lasts: true, ..reads }),
            ("SELECT pg_advisory_xact_lock(1)", reads),
            ("CREATE TEMP TABLE t (a int)", Scan { lasts: true, ..none }),
            ("BEGIN", Scan { transacts: true, ..none }),
            ("SELECT 1; commit", Scan { transacts: true, several: true, ..none }),
            ("SELECT 'x' AS begin", reads),
            ("DISCARD ALL", Scan { lasts: true, forgets: true, ..none }),
            ("LISTEN a", Scan { lasts: true, listens: true, ..none }),
            ("COPY t FROM STDIN", Scan { copies: true, ..none }),
            ("COPY t FROM '/stdin'", none),
            ("SELECT '\0'", Scan { nul: true, ..reads }),
            ("SELECT \0", Scan { nul: true, ..reads }),
        ] {
            assert_eq!(scan(sql), found, "{sql}");
        }
    }
}

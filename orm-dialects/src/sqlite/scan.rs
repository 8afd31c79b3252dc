//! A look over SQL of the user's own: what stands outside of quotes and comments.

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// The values that the text takes: `?`, or the greatest `?NNN`.
    pub(super) placeholders: usize,
    /// `:name`, `@name` or `$name`, which sqlx does not bind.
    pub(super) named: bool,
    /// `*` in a select list, whose columns change with the table's.
    pub(super) star: bool,
    /// BEGIN or SAVEPOINT, at the start of a statement.
    pub(super) begins: bool,
    /// PRAGMA, ATTACH, DETACH or CREATE TEMP, which outlast the transaction; but not PRAGMA defer_foreign_keys.
    pub(super) lasts: bool,
    /// INSERT, UPDATE, DELETE, REPLACE or WITH, at the start of a statement.
    pub(super) changes: bool,
    /// There is nothing but spaces, comments and semicolons.
    pub(super) empty: bool,
    /// The text ends in a comment, which would swallow what comes next.
    pub(super) open_comment: bool,
}

/// Looks over `sql`.
pub(super) fn scan(sql: &str) -> Scan {
    let mut found = Scan { empty: true, ..Scan::default() };
    let mut rest = sql.as_bytes();
    // The word or sign before the current one; a statement starts after `;`.
    let mut before: &[u8] = b";";
    while let [first, tail @ ..] = rest {
        let length = match first {
            b' ' | b'\t' | b'\n' | b'\r' => {
                rest = tail;
                continue;
            }
            b'\'' | b'"' | b'`' => quoted(rest, *first),
            b'[' => quoted(rest, b']'),
            b'-' if tail.first() == Some(&b'-') => match rest.iter().position(|b| *b == b'\n') {
                Some(end) => {
                    rest = &rest[end..];
                    continue;
                }
                None => {
                    found.open_comment = true;
                    break;
                }
            },
            b'/' if tail.first() == Some(&b'*') => {
                rest = match rest[2..].windows(2).position(|pair| pair == b"*/") {
                    Some(end) => &rest[end + 4..],
                    None => &[],
                };
                continue;
            }
            b'?' => {
                let digits = word(tail, u8::is_ascii_digit);
                found.placeholders = match std::str::from_utf8(&tail[..digits]).map(str::parse) {
                    Ok(Ok(number)) => found.placeholders.max(number),
                    _ => found.placeholders + 1,
                };
                1 + digits
            }
            b':' | b'@' | b'$' | b'#' => {
                let length = word(tail, is_word);
                found.named |= length > 0;
                1 + length
            }
            b'*' => {
                let list = [&b"select"[..], b"distinct", b"all", b"returning", b",", b"."];
                found.star |= list.iter().any(|word| before.eq_ignore_ascii_case(word));
                1
            }
            b if is_word(b) => {
                let length = word(rest, is_word);
                found.word(before, &rest[..length], &rest[length..]);
                length
            }
            _ => 1,
        };
        before = &rest[..length];
        found.empty &= before == b";";
        rest = &rest[length..];
    }
    found
}

impl Scan {
    fn word(&mut self, before: &[u8], word: &[u8], rest: &[u8]) {
        let is = |words: &[&str]| words.iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()));
        if before == b";" {
            self.begins |= is(&["begin", "savepoint"]);
            self.lasts |= is(&["attach", "detach"]) || is(&["pragma"]) && !starts_with(rest, DEFERS);
            self.changes |= is(&["insert", "update", "delete", "replace", "with"]);
        }
        self.lasts |= before.eq_ignore_ascii_case(b"create") && is(&["temp", "temporary"]);
    }
}

/// The PRAGMA that ends with its transaction.
const DEFERS: &[u8] = b"defer_foreign_keys";

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.trim_ascii_start().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The length up to and with the closing quote; a doubled quote reads as two texts side by side.
fn quoted(text: &[u8], close: u8) -> usize {
    text.iter().skip(1).position(|b| *b == close).map_or(text.len(), |end| end + 2)
}

fn word(text: &[u8], is_part: fn(&u8) -> bool) -> usize {
    text.iter().position(|b| !is_part(b)).unwrap_or(text.len())
}

fn is_word(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || *b == b'_' || *b == b'$' || !b.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{Scan, scan};

    #[test]
    fn placeholders_are_counted_outside_of_quotes_and_comments() {
        for (sql, placeholders) in [
            ("", 0),
            ("a = ?", 1),
            ("a = ? AND b IN (?,?)", 3),
            ("a = '?' AND b = \"?\" AND c = `?` AND d = [?]", 0),
            ("a = 'it''s ?' AND b = ?", 1),
            ("-- ?\n ? /* ? */ ? -- ?", 2),
            ("a = ?2 AND b = ?1", 2),
            ("a = ?99999999999999999999999", 1),
            ("'?", 0),
            ("/* ?", 0),
            ("a - ? -- b", 1),
            ("é? 'ü?'", 1),
        ] {
            assert_eq!(scan(sql).placeholders, placeholders, "{sql}");
        }
    }

    #[test]
    fn the_other_findings() {
        let none = Scan::default();
        for (sql, found) in [
            ("a = :b", Scan { named: true, ..none }),
            ("a = @b", Scan { named: true, ..none }),
            ("a = $1", Scan { named: true, ..none }),
            ("a$b = ':c'", none),
            ("SELECT * FROM t", Scan { star: true, ..none }),
            ("SELECT a, * FROM t", Scan { star: true, ..none }),
            ("SELECT t . * FROM t", Scan { star: true, ..none }),
            ("select count(*), a * b, 2 * (c) from t", none),
            ("  insert into t values (1) returning *", Scan { star: true, changes: true, ..none }),
            ("/* x */ begin immediate", Scan { begins: true, ..none }),
            ("SELECT 1; SAVEPOINT a", Scan { begins: true, ..none }),
            ("SELECT 'begin'; SELECT begin, pragma", none),
            ("PRAGMA foreign_keys = OFF", Scan { lasts: true, ..none }),
            ("PRAGMA defer_foreign_keys = ON", none),
            ("PRAGMA \"journal_mode\" = off", Scan { lasts: true, ..none }),
            ("SELECT 1; attach 'a' AS b", Scan { lasts: true, ..none }),
            ("CREATE TEMP TABLE t (a)", Scan { lasts: true, ..none }),
            ("CREATE TABLE temp (a)", none),
            (" ; -- a\n", Scan { empty: true, ..none }),
            ("", Scan { empty: true, ..none }),
            ("a --b", Scan { open_comment: true, ..none }),
            ("a --b\n", none),
        ] {
            assert_eq!(scan(sql), found, "{sql}");
        }
    }
}
